//! What stands in every text that a rule on programs can hit: asked before the text is parsed.

use std::hash::{Hash, Hasher};

use foldhash::HashMap;
use memchr::memmem;

use super::place::At;
use super::wake::{before, is_plain, lasts, longest};
use crate::classify::names::NameClass;
use crate::formats::literals::Shape;
use crate::model::{Condition, Rule, Subject};

/// A shorter word stands everywhere.
const SHORTEST: usize = 3;

/// A word that stands in the text.
#[derive(Clone, Debug)]
pub(super) struct Needle {
    /// In lower case where case matters not.
    pub text: String,
    pub any_case: bool,
    whole: Whole,
    /// What finds it: made once, as a short text takes less time than that.
    finder: memmem::Finder<'static>,
}

/// What a word is wholly, so that no letter, digit or `_` stands beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Whole {
    /// It may be a part of anything.
    No,
    Name,
    /// The name of a member, or of one that a method sets: `setName`.
    Member,
    /// The name of an argument, which is given something there: `name: x`, `"name" => x`, `name = x`, `setName(x)`.
    Argument,
}

impl PartialEq for Needle {
    fn eq(&self, other: &Self) -> bool {
        (&self.text, self.any_case, self.whole) == (&other.text, other.any_case, other.whole)
    }
}

impl Eq for Needle {}

impl Hash for Needle {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (&self.text, self.any_case, self.whole).hash(state);
    }
}

impl Needle {
    fn new(text: String, any_case: bool) -> Self {
        Self {
            finder: memmem::Finder::new(&text).into_owned(),
            text,
            any_case,
            whole: Whole::No,
        }
    }

    /// The same as a whole, if it is a name.
    fn whole(self, whole: Whole) -> Self {
        match self.text.bytes().all(is_letter) {
            true => Self { whole, ..self },
            false => self,
        }
    }

    fn exact(text: impl Into<String>) -> Self {
        Self::new(text.into(), false)
    }

    fn in_any_case(text: &str) -> Self {
        Self::new(text.to_ascii_lowercase(), true)
    }

    /// Whether it stands in `text`, which is in lower case where case matters not.
    pub(super) fn stands_in(&self, text: &[u8]) -> bool {
        if self.whole == Whole::No {
            return self.finder.find(text).is_some();
        }
        self.finder.find_iter(text).any(|at| {
            let (before, behind) = (&text[..at], &text[at + self.text.len()..]);
            let alone = !before.last().is_some_and(|&b| is_letter(b));
            !behind.first().is_some_and(|&b| is_letter(b))
                && match self.whole {
                    Whole::No => true,
                    Whole::Name => alone,
                    Whole::Member => alone || is_set(before),
                    Whole::Argument => alone && may_be_given(behind) || is_set(before),
                }
        })
    }

    /// Whether it stands in `part`.
    pub(super) fn is_in(&self, part: &[u8]) -> bool {
        match self.any_case {
            true => self.stands_in(&part.to_ascii_lowercase()),
            false => self.stands_in(part),
        }
    }
}

/// Whether a byte is one that names have in every language: what lies beyond ASCII may be a blank.
fn is_letter(b: u8) -> bool {
    b.is_ascii_alphanumeric() || b == b'_'
}

/// Whether the name of an argument, which ends where `behind` begins, may be given something there, be it in an assignment behind the call.
/// A guess that errs to yes: what follows words of a sentence is none.
fn may_be_given(behind: &[u8]) -> bool {
    let is_between = |b: &&u8| b.is_ascii_whitespace() || b"\"'`])".contains(b);
    let next = behind.iter().find(|b| !is_between(b));
    next.is_some_and(|&b| !is_letter(b) && !b"(.;}".contains(&b))
}

/// Whether a name that stands behind `before` is one that a method sets or a property asks for: `setName`, `addName`, `isName`.
fn is_set(before: &[u8]) -> bool {
    [&b"set"[..], b"add", b"is"].iter().any(|prefix| {
        let start = before.len().saturating_sub(prefix.len());
        before[start..].eq_ignore_ascii_case(prefix)
    })
}

/// Of these one is true of the text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Clause {
    /// One of them stands in it.
    pub words: Vec<Needle>,
    /// A name in it means a secret.
    pub name: bool,
    /// The same, outside of what is only said: the words of a message are no names.
    pub bare: bool,
    /// A literal text stands in it.
    pub literal: bool,
}

impl Clause {
    /// Whether only the name of a secret makes it true.
    fn is_by_name(&self) -> bool {
        (self.name || self.bare) && self.words.is_empty()
    }

    /// Whether a text can be one; `stands` says whether a word does in it, `names_a_secret` is told whether the words of messages are left
    /// out.
    pub(super) fn fits<'a>(
        &'a self,
        stands: &dyn Fn(&'a Needle) -> bool,
        names_a_secret: &dyn Fn(bool) -> bool,
    ) -> bool {
        self.words.iter().any(stands)
            || self.name && names_a_secret(false)
            || self.bare && names_a_secret(true)
    }
}

/// What must be true of a text that a rule hits.
#[derive(Debug, Default)]
pub(super) struct Demand {
    /// All of these.
    pub all: Vec<Clause>,
    /// All of one of these; empty where nothing is known of one of them.
    pub any: Vec<Vec<Clause>>,
}

impl Demand {
    fn new(mut all: Vec<Clause>, mut any: Vec<Vec<Clause>>) -> Self {
        let told = !any.iter().any(Vec::is_empty);
        // Where names of secrets stand is known before the text is searched for any word.
        all.sort_by_key(|clause| !clause.is_by_name());
        any.iter_mut()
            .for_each(|one| one.sort_by_key(|clause| !clause.is_by_name()));
        Self {
            all,
            any: if told { any } else { Vec::new() },
        }
    }

    /// Whether it is met, where `fits` says whether a clause is.
    pub(super) fn is_met<'a>(&'a self, fits: impl Fn(&'a Clause) -> bool) -> bool {
        self.all.iter().all(&fits)
            && (self.any.is_empty() || self.any.iter().any(|one| one.iter().all(&fits)))
    }

    /// Nothing is asked.
    pub(super) fn is_empty(&self) -> bool {
        self.all.is_empty() && self.any.is_empty()
    }

    /// All that may be asked.
    pub(super) fn clauses(&self) -> Vec<&Clause> {
        self.all.iter().chain(self.any.iter().flatten()).collect()
    }

    /// Whether it is met where of [`Demand::clauses`] those are true that `met` says.
    pub(super) fn is_met_by(&self, met: &[bool]) -> bool {
        let (all, mut rest) = met.split_at(self.all.len());
        let mut ways = self.any.iter().map(|one| {
            let (one, more) = rest.split_at(one.len());
            rest = more;
            one.iter().all(|met| *met)
        });
        all.iter().all(|met| *met) && (self.any.is_empty() || ways.any(|way| way))
    }

    /// Whether the name of a secret stands in every such text.
    pub(super) fn is_by_name(&self) -> bool {
        let by_name = |one: &Vec<Clause>| one.iter().any(Clause::is_by_name);
        by_name(&self.all) || !self.any.is_empty() && self.any.iter().all(by_name)
    }
}

/// What must be true of a text that `rule` hits.
pub(super) fn of_text(rule: &Rule) -> Demand {
    let mut all: Vec<Clause> = rule.all.iter().flat_map(of).collect();
    all.extend(clause(
        rule.imports.iter().map(|glob| longest(glob)).collect(),
    ));
    Demand::new(all, rule.any.iter().map(of).collect())
}

/// What must be true of what a rule on calls or bindings hits.
#[derive(Debug, Default)]
pub(super) struct Reached {
    /// One of these stands in the text: what is called is a member of it, or the module that it is from.
    pub on: Option<Clause>,
    /// Of what is called or given a value by a word, one of these ends what it is a member of, or that has another name here: of
    /// `*Error.new` it is `Error`. Words of which that is not known are missing.
    pub owners: HashMap<Vec<u8>, Vec<Needle>>,
    /// What must be true of what the arguments of one call reach.
    pub demand: Demand,
}

/// What the path and the conditions on arguments ask of a rule on calls, and the path of one on bindings.
pub(super) fn reached(rule: &Rule) -> Reached {
    if rule.on != Subject::Call {
        // Of `cookies.*` any member is given a value.
        let globs = rule.callee.iter().map(|glob| glob.trim_end_matches(".*"));
        return Reached {
            owners: owners(globs),
            ..Reached::default()
        };
    }
    let of_argument = |c: &Condition| -> Vec<Clause> {
        if !At::parse(&c.at).is_some_and(|at| at.is_argument()) {
            return Vec::new();
        }
        let mut clauses = of(c);
        if c.is == ["literal"] {
            clauses.push(Clause {
                literal: true,
                ..Clause::default()
            });
        }
        clauses
    };
    Reached {
        on: clause(
            rule.callee
                .iter()
                .flat_map(|glob| qualifier(glob))
                .collect(),
        ),
        owners: owners(rule.callee.iter().map(String::as_str)),
        demand: Demand::new(
            rule.all.iter().flat_map(of_argument).collect(),
            rule.any.iter().map(of_argument).collect(),
        ),
    }
}

/// What the words that `globs` end in are members of.
fn owners<'g>(globs: impl Iterator<Item = &'g str>) -> HashMap<Vec<u8>, Vec<Needle>> {
    let mut known: HashMap<Vec<u8>, Option<Vec<Needle>>> = HashMap::default();
    for glob in globs {
        let on: Option<Vec<Needle>> = before(glob).and_then(|path| {
            let ends = lasts(path).into_iter();
            let ends = ends.map(|part| part.trim_start_matches('*').to_owned());
            let mut ends = ends.map(|end| (!end.is_empty() && is_plain(&end)).then_some(end));
            ends.try_fold(Vec::new(), |mut all, end| {
                all.push(Needle::exact(end?));
                Some(all)
            })
        });
        for last in lasts(glob) {
            let of = known
                .entry(longest(&last).into_bytes())
                .or_insert(Some(Vec::new()));
            match (&mut *of, &on) {
                (Some(of), Some(on)) => of.extend(on.iter().cloned()),
                _ => *of = None,
            }
        }
    }
    let known = known.into_iter();
    known.filter_map(|(word, on)| Some((word, on?))).collect()
}

/// Of the parts of a glob those of which one surely stands in a text where something fits it: one before the last where that can be told.
fn qualifier(glob: &str) -> Vec<String> {
    let glob = glob.strip_prefix("new ").unwrap_or(glob);
    let (mut depth, mut parts) = (0usize, vec![String::new()]);
    for c in glob.chars() {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        match parts.last_mut() {
            Some(last) if depth > 0 || c != '.' => last.push(c),
            _ => parts.push(String::new()),
        }
    }
    parts.pop();
    let known = parts.iter().map(|part| lasts(part));
    known
        .filter(|words| words.iter().all(|w| w.len() >= SHORTEST && is_plain(w)))
        .max_by_key(|words| words.iter().map(String::len).min())
        .unwrap_or_else(|| lasts(glob).iter().map(|last| longest(last)).collect())
}

/// What must be true of a text in which `condition` holds.
fn of(condition: &Condition) -> Vec<Clause> {
    let may_be_missing = |word: &String| matches!(&**word, "absent" | "present" | "unknown");
    // What is asked of more than its kind must be there.
    let asks = !(condition.name.is_empty()
        && condition.yields.is_empty()
        && condition.value.is_empty()
        && condition.callee.is_empty())
        || condition.text.is_some()
        || condition.mentions.is_some();
    if !asks && condition.is.iter().any(may_be_missing) {
        return Vec::new();
    }
    let mut clauses = Vec::new();
    let at = At::parse(&condition.at);
    if at.as_ref().is_some_and(At::is_elsewhere) {
        return clauses;
    }
    if let Some(at) = &at {
        let names = at.names().into_iter();
        clauses.extend(
            names.filter_map(|name| any_of(vec![Needle::exact(name).whole(Whole::Member)])),
        );
        let named = at
            .named()
            .map(|name| Needle::in_any_case(name).whole(Whole::Argument));
        clauses.extend(named.and_then(|named| any_of(vec![named])));
    }
    for globs in [&condition.callee, &condition.calls] {
        let lasts = globs.iter().flat_map(|glob| lasts(glob));
        let needle = |last: String| {
            let needle = Needle::exact(longest(&last));
            if is_plain(&last) {
                needle.whole(Whole::Name)
            } else {
                needle
            }
        };
        clauses.extend(any_of(lasts.map(needle).collect()));
    }
    clauses.extend(condition.text.as_ref().and_then(|text| {
        // Parts of a path may stand in brackets, or on lines of their own; all else is matched as it is written.
        let path = at.as_ref().is_some_and(At::is_path);
        any_of(literals(text, path))
    }));
    let secret = |classes: &[String]| {
        let holds = |class: &String| class.parse().is_ok_and(NameClass::holds_secret);
        !classes.is_empty() && classes.iter().all(holds)
    };
    let asks = condition.mentions == Some(true) || condition.reads == Some(true);
    let name = secret(&condition.name) || asks;
    let bare = secret(&condition.yields);
    if name || bare {
        clauses.push(Clause {
            words: Vec::new(),
            name: !bare,
            bare,
            literal: false,
        });
    }
    clauses
}

/// That one of `words` stands in the text, if all are long enough to tell.
fn clause(words: Vec<String>) -> Option<Clause> {
    let tells = words.iter().all(|word| is_plain(word));
    any_of(words.into_iter().map(Needle::exact).collect()).filter(|_| tells)
}

/// The same of words that are written as they are meant.
fn any_of(words: Vec<Needle>) -> Option<Clause> {
    let tells = !words.is_empty() && words.iter().all(|w| w.text.len() >= SHORTEST);
    tells.then(|| Clause {
        words,
        ..Clause::default()
    })
}

/// Words of which one stands in all that the expression `text` fits; none where that cannot be told. Of a path, parts of it.
fn literals(text: &str, path: bool) -> Vec<Needle> {
    // What fits in any case fits, in some case, without the sign that says so.
    let any_case = text.contains("(?i");
    let in_case = text.replace("(?i)", "").replace("(?i:", "(?:");
    let Some(shape) = Shape::of(&in_case, &[])
        .ok()
        .filter(|_| !in_case.contains("(?i"))
    else {
        return Vec::new();
    };
    let is_part = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
    let longest = |keyword: &str| {
        let pieces = keyword.split(|c: char| !is_part(c));
        pieces.max_by_key(|piece| piece.len()).map(str::to_owned)
    };
    let words = shape.keywords.into_iter().map(|keyword| match path {
        true => longest(&keyword).unwrap_or_default(),
        false => keyword,
    });
    words
        .map(|word| match any_case {
            true => Needle::in_any_case(&word),
            false => Needle::exact(word),
        })
        .collect()
}
