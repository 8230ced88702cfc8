//! Rules on programs: calls, names that are given values, variables that are read.
//!
//! Takes what a program states, gives hits. Knows no language. A program is asked for only where a word of a rule stands in the text as
//! the rule needs it, and where the names that it asks for do.

mod condition;
mod demand;
mod duration;
mod grams;
mod mend;
mod place;
mod reach;
mod source;
#[cfg(test)]
mod tests;
mod wake;
mod yields;

use std::cell::{OnceCell, RefCell};
use std::sync::OnceLock;

use super::Document;
use super::compiled::{Compiled, Fault};
use super::globs::Globs;
use crate::facts::Language;
use crate::facts::code::Program;
use crate::model::{Context, Contexts, Evidence, Hit, Rule, Secret, Span, Subject};
use condition::Condition;
use demand::{Clause, Demand, Needle, Reached};
use foldhash::HashMap;
use grams::Grams;
use mend::Mend;
use place::{At, Target, What};
use source::{Source, Thing};
pub(super) use wake::Word;
use wake::names_a_secret;

/// What a condition may ask for with `is`.
#[cfg(test)]
pub(super) const KINDS_OF_THINGS: &[condition::Kind] = condition::Kind::ALL;

/// Files that nobody wrote by hand, or not here: habits are not told of them.
const NOT_READ: &[Context] = &[
    Context::Vendored,
    Context::Minified,
    Context::Generated,
    Context::Lockfile,
];

/// What a rule asks of a program.
pub(super) struct Code {
    callee: Globs,
    /// The last parts of paths that `callee` can fit; none where that may be any.
    lasts: Option<Vec<String>>,
    imports: Globs,
    /// Modules of which the file imports none.
    shuns: Globs,
    all: Vec<Condition>,
    any: Vec<Condition>,
    none: Vec<Condition>,
    show: Option<Show>,
    mend: Option<Mend>,
    /// Words of which one stands in every text that it can hit; none where only names of secrets do.
    pub words: Vec<Word>,
    /// What else must be true of such a text.
    demand: OnceLock<Demand>,
    /// What else must be true of what the arguments of one call reach.
    reached: OnceLock<Reached>,
}

/// Where the fault stands.
enum Show {
    /// At a place.
    At(At),
    /// At what the condition of `any` spoke of that holds.
    Any,
}

/// What `rule` asks of a program, if it is about one.
pub(super) fn compile(rule: &Rule) -> Result<Option<Code>, Fault> {
    let parts = [&rule.all, &rule.any, &rule.none];
    let asks = parts.iter().any(|p| !p.is_empty()) || rule.show.is_some();
    if !rule.on.is_code() {
        let asks = asks || !rule.callee.is_empty() || !rule.imports.is_empty();
        return match asks {
            true => Err((
                "`callee`, `imports`, `all`, `any`, `none` and `show` are for rules on programs"
                    .to_owned(),
                "say on = \"call\", \"binding\" or \"read\"",
            )),
            false => Ok(None),
        };
    }
    if rule.on == Subject::Call && rule.callee.is_empty() {
        return Err((
            "a rule on calls needs `callee`".to_owned(),
            "name what is called, e.g. callee = [\"localStorage.setItem\"]",
        ));
    }
    let conditions = |of: &[crate::model::Condition]| -> Result<Vec<_>, Fault> {
        of.iter().map(|c| Condition::new(c, rule.on)).collect()
    };
    let (all, any) = (conditions(&rule.all)?, conditions(&rule.any)?);
    let show = rule.show.as_deref().map(|place| {
        if place == "any" && !any.is_empty() {
            return Ok(Show::Any);
        }
        At::parse(place)
            .filter(|at| at.suits(rule.on))
            .map(Show::At)
            .ok_or_else(|| {
                let message = format!("place `{place}` is not known");
                (message, "rules/README.md lists the known ones")
            })
    });
    let words = wake::words(rule);
    let by_name = || demand::of_text(rule).is_by_name();
    if words.iter().any(|word| !word.is_long_enough()) || words.is_empty() && !by_name() {
        return Err((
            "no literal of 3 bytes stands in every text that it looks at, so nothing can wake the rule".to_owned(),
            "end each `callee` in a name, or ask for the name of a secret",
        ));
    }
    let lasts: Vec<_> = rule
        .callee
        .iter()
        .flat_map(|glob| wake::lasts(glob))
        .collect();
    let (shuns, imports) = super::compiled::refused(&rule.imports);
    Ok(Some(Code {
        callee: Globs::new(rule.callee.iter().cloned(), false),
        lasts: lasts.iter().all(|l| wake::is_plain(l)).then_some(lasts),
        imports: Globs::new(imports, false),
        shuns: Globs::new(shuns, false),
        all,
        any,
        none: conditions(&rule.none)?,
        show: show.transpose()?,
        mend: match &rule.mend {
            Some(mend) => Some(Mend::new(mend, rule.on)?),
            None => None,
        },
        words,
        demand: OnceLock::new(),
        reached: OnceLock::new(),
    }))
}

/// A text that many rules ask the same of.
pub(super) struct Asked<'a> {
    text: &'a [u8],
    /// Where words of secrets stand, sorted.
    names: &'a [usize],
    named: OnceCell<bool>,
    grams: OnceCell<Grams>,
    /// All of it in lower case.
    lower: OnceCell<Vec<u8>>,
    words: RefCell<HashMap<&'a Needle, bool>>,
    values: reach::Values<'a>,
}

impl<'a> Asked<'a> {
    pub(super) fn new(text: &'a [u8], language: Language, names: &'a [usize]) -> Self {
        Self {
            values: reach::Values::of(text, language),
            text,
            names,
            named: OnceCell::new(),
            grams: OnceCell::new(),
            lower: OnceCell::new(),
            words: RefCell::default(),
        }
    }

    /// Whether a word stands in it.
    fn stands(&self, word: &'a Needle) -> bool {
        let grams = self.grams.get_or_init(|| Grams::of(self.text));
        if !grams.may_hold(word.text.as_bytes()) {
            return false;
        }
        if let Some(&known) = self.words.borrow().get(word) {
            return known;
        }
        let text = match word.any_case {
            true => self.lower.get_or_init(|| self.text.to_ascii_lowercase()),
            false => self.text,
        };
        let stands = word.stands_in(text);
        self.words.borrow_mut().insert(word, stands);
        stands
    }

    /// Whether a name in it means a secret.
    fn names_a_secret(&self) -> bool {
        *self
            .named
            .get_or_init(|| names_a_secret(self.text, self.names))
    }
}

/// Whether rules on programs look at the document at all, which stands in `contexts`.
pub(super) fn is_read(document: &Document<'_>, contexts: Contexts) -> bool {
    document.whole && !contexts.any(NOT_READ)
}

/// Holds `rules` against `program`, which `document` states.
pub(super) fn hits(
    rules: &[&Compiled],
    document: &Document<'_>,
    program: &Program,
    hits: &mut Vec<Hit>,
) {
    let source = Source::new(document.path, document.text, program);
    let rules: Vec<(&Compiled, &Code)> = rules
        .iter()
        .filter_map(|rule| Some((*rule, rule.code.as_ref()?)))
        .filter(|(_, code)| code.is_imported(&source))
        .collect();
    let mut hold = |thing: Thing<'_>, (rule, code): (&Compiled, &Code)| {
        hits.extend(code.judge(rule, &source, thing).map(|hit| Hit {
            dormant: !rule.wants(document),
            ..hit
        }));
    };
    let of = |on: Subject| {
        rules
            .iter()
            .copied()
            .filter(move |(rule, _)| rule.rule.on == on)
    };
    for call in &program.calls {
        let lasts = source.lasts(call);
        let mut called = None;
        for (rule, code) in of(Subject::Call) {
            if code.may_be(lasts) {
                let called = called.get_or_insert_with(|| source.called(call));
                if called
                    .iter()
                    .flatten()
                    .any(|path| code.callee.is_match(path))
                {
                    hold(Thing::Call(call), (rule, code));
                }
            }
        }
    }
    for binding in &program.bindings {
        for (rule, code) in of(Subject::Binding) {
            if code.callee.is_empty() || code.fits_path(&source, &binding.target) {
                hold(Thing::Binding(binding), (rule, code));
            }
        }
    }
    for read in &program.reads {
        of(Subject::Read).for_each(|rule| hold(Thing::Read(read), rule));
    }
}

impl Code {
    /// Builds its regular expressions and globs now.
    pub(super) fn check(&self) -> Result<(), Fault> {
        [&self.callee, &self.imports, &self.shuns]
            .into_iter()
            .try_for_each(Globs::check)?;
        let mut conditions = self.all.iter().chain(&self.any).chain(&self.none);
        conditions.try_for_each(Condition::compile)
    }

    /// Whether a text in `language` that woke `rule`, whose this is, can be one that it hits; `words` are those of the rule that stand in
    /// it, each with its places.
    pub(super) fn may_hit<'a>(
        &'a self,
        rule: &Rule,
        language: Language,
        asked: &Asked<'a>,
        words: impl Iterator<Item = (&'a Word, &'a [(usize, usize)])>,
    ) -> bool {
        let demand = self.demand.get_or_init(|| demand::of_text(rule));
        let fits = |clause: &'a Clause| {
            clause.fits(&|word| asked.stands(word), &|_| asked.names_a_secret())
        };
        demand.is_met(fits) && self.may_reach(rule, language, asked, words)
    }

    /// Whether what is called can be there, and its arguments reach what the conditions on them ask for.
    fn may_reach<'a>(
        &'a self,
        rule: &Rule,
        language: Language,
        asked: &Asked<'a>,
        words: impl Iterator<Item = (&'a Word, &'a [(usize, usize)])>,
    ) -> bool {
        let Asked { text, names, .. } = *asked;
        let reached = self.reached.get_or_init(|| demand::reached(rule));
        // What a word is a member of stands in the text too, or the word means something else.
        let is_member = |word: &Word| {
            let owners = reached.owners.get(&word.bytes).filter(|_| word.is_last());
            owners.is_none_or(|owners| owners.iter().any(|owner| asked.stands(owner)))
        };
        let mut words = words.filter(|(word, _)| is_member(word)).peekable();
        if !self.words.is_empty() && words.peek().is_none() {
            return false;
        }
        // Ruby's symbols are literals without quotes.
        let is_quoted = |part: &[u8]| {
            language == Language::Ruby || memchr::memchr3(b'"', b'\'', b'`', part).is_some()
        };
        let fits = |clause: &Clause, part: &[u8], at: usize| {
            clause.literal && is_quoted(part)
                || clause.fits(&|word| word.is_in(part), &|bare| {
                    let first = names.partition_point(|&name| name < at);
                    let end = at + part.len();
                    let here = names[first..].iter().copied();
                    let mut here: Vec<_> = here.take_while(|&name| name < end).collect();
                    if bare && !here.is_empty() {
                        let said = reach::said(part, language);
                        here.retain(|name| !said.iter().any(|s| s.contains(&(name - at))));
                    }
                    !here.is_empty() && names_a_secret(text, &here)
                })
        };
        // All that is asked is asked of one call.
        let demand = &reached.demand;
        let clauses = demand.clauses();
        let questions = reach::Questions {
            count: clauses.len(),
            answers: &|i, part, at| fits(clauses[i], part, at),
            enough: &|met| demand.is_met_by(met),
        };
        let reaches = |(word, places): (&Word, &[(usize, usize)])| {
            let places = places.iter().map(|(_, at)| *at);
            word.any_call(&asked.values, places, &reached.owners, questions)
        };
        let on = reached.on.as_ref();
        on.is_none_or(|on| on.fits(&|word| asked.stands(word), &|_| false))
            && (demand.is_empty() || words.any(reaches))
    }

    fn is_imported(&self, source: &Source<'_>) -> bool {
        let any = |of: &Globs| {
            !of.is_empty()
                && source.imports(|module| of.is_match(&*String::from_utf8_lossy(module)))
        };
        (self.imports.is_empty() || any(&self.imports)) && !any(&self.shuns)
    }

    fn may_be(&self, lasts: [Option<&[u8]>; 3]) -> bool {
        let fits = |of: &Vec<String>| {
            let mut lasts = lasts.iter().flatten();
            lasts.any(|last| of.iter().any(|l| l.as_bytes() == *last))
        };
        self.lasts.as_ref().is_none_or(fits)
    }

    fn fits_path(&self, source: &Source<'_>, path: &[Span]) -> bool {
        let last = path.last().map(|&part| source.word(part));
        self.may_be([last, None, None])
            && self
                .callee
                .is_match(&*String::from_utf8_lossy(&source.dotted(path)))
    }

    /// The hit that `thing` is, if every condition says so.
    fn judge<'p>(&self, rule: &Compiled, source: &Source<'p>, thing: Thing<'p>) -> Option<Hit> {
        if !source.step() {
            return None;
        }
        let mut held = Vec::new();
        for condition in &self.all {
            held.push((&condition.at, condition.holds(source, thing)?));
        }
        if !self.any.is_empty() {
            let mut any = self.any.iter();
            held.push(any.find_map(|c| Some((&c.at, c.holds(source, thing)?)))?);
        }
        if self.none.iter().any(|c| c.holds(source, thing).is_some()) {
            return None;
        }
        // Of several things at the place it stands at the one that a condition spoke of.
        let shown = self.show.as_ref().and_then(|show| match show {
            Show::Any => held.last().and_then(|(_, target)| *target),
            Show::At(show) => {
                let held = held
                    .iter()
                    .find(|(at, target)| *at == show && target.is_some());
                held.and_then(|(_, target)| *target)
                    .or_else(|| show.find(source, thing).targets.into_iter().next())
            }
        });
        // Evidence is about a variable, wherever in the call it was found.
        let reads = |target: &Target<'p>| match target.what {
            What::Expr(id) => source.read(id, thing.function()).is_some(),
            _ => false,
        };
        let shown = match rule.rule.evidence && shown.is_none() {
            true => held
                .into_iter()
                .filter_map(|(_, target)| target)
                .find(reads),
            false => shown,
        };
        let mend = self.mend.as_ref();
        Some(Hit {
            proposal: mend.and_then(|mend| mend.propose(source, thing, shown)),
            ..hit(rule, source, thing, shown)
        })
    }
}

fn hit(rule: &Compiled, source: &Source<'_>, thing: Thing<'_>, shown: Option<Target<'_>>) -> Hit {
    let mut hit = rule.hit();
    let name = match thing {
        Thing::Call(call) => path(&call.callee),
        Thing::Binding(binding) => path(&binding.target),
        Thing::Read(read) => Some(read.name),
    };
    let read = match (thing, shown.map(|target| target.what)) {
        (_, Some(What::Expr(id))) => source.read(id, thing.function()),
        (Thing::Read(read), None) => Some(read),
        _ => None,
    };
    // What is evidence is about the variable, however it is used.
    let name = read
        .map(|read| read.name)
        .filter(|_| rule.rule.evidence)
        .or(name);
    hit.evidence = rule.rule.evidence.then(|| Evidence {
        rule: rule.rule.name().to_owned(),
        guarded: read.is_some_and(|read| read.guarded),
    });
    hit.key = name.map(|name| String::from_utf8_lossy(source.word(name)).into_owned());
    hit.span = match (thing, shown.map(|target| target.what)) {
        // A secret stands where it is written; a habit where it is practised.
        (_, Some(What::Expr(id))) => {
            let literal = condition::literal(source, id, thing.function());
            match literal.filter(|_| rule.rule.secret) {
                Some((id, text)) => {
                    let span = source.node(id).span;
                    if !span.is_empty() {
                        hit.hidden = vec![span];
                        hit.secret = Some(Secret::new(text));
                    }
                    span
                }
                None => source.node(id).span,
            }
        }
        (_, Some(What::Names(parts))) => path(parts).unwrap_or(hit.span),
        (_, Some(What::Route(index))) => source.routes()[index].at,
        (_, Some(What::Function(id))) => source.program.function(id).span,
        (Thing::Call(call), None) => name.unwrap_or(call.span),
        (Thing::Binding(_), None) => name.unwrap_or(hit.span),
        (Thing::Read(read), None) => read.span,
    };
    hit
}

/// All of a path.
fn path(parts: &[Span]) -> Option<Span> {
    let (first, last) = (parts.first()?, parts.last()?);
    Some(Span::new(first.start, last.end.max(first.start)))
}
