//! All rules of a scan, compiled behind one gate.

mod credentials;

pub use credentials::{Anchor, Part, Scratch};

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{Arc, OnceLock};

use super::code::{self, Word};
use super::compiled::{Compiled, IN_TESTS, compile};
use super::load::from_build;
use super::merge::merge;
use super::reading::{Relevant, facts_of};
use super::{Document, Loaded, Reading, pair, text, wrapped};
use crate::classify::kinds::Kind;
use crate::facts::{self, Language};
use crate::formats::{Gate, Literal};
use crate::model::{
    Check, Context, Contexts, Error, Hit, Pack, Result, Rule, Severity, Span, Subject, Why,
};

/// What a gate keyword wakes when it is a word of names.
const NAMES: u32 = u32::MAX;
/// What it wakes when an escape begins with it.
const ESCAPES: u32 = u32::MAX - 2;
/// What it wakes when it is a word of rules on programs: this and the word's number.
const CODE: u32 = 1 << 31;

/// Where what is found is mostly made up.
const MADE_UP: &[Context] = &[Context::Test, Context::Docs, Context::Example];

/// A text of more bytes is long.
const LONG: usize = 64 << 10;

/// What helps with a kind of files.
const KINDS: &str = "rules/kinds.toml names the kinds";

/// What helps with an id.
const ALL: &str = "`keyward rules list` names all";

/// Which checks run, and with which severity.
#[derive(Clone, Debug, Default)]
pub struct Choice {
    /// If not empty, only these.
    pub only: Vec<String>,
    /// Not these.
    pub skip: Vec<String>,
    /// These, with another severity.
    pub severity: Vec<(String, Severity)>,
    /// Advice too: habits in tests and docs, which weigh as info there and cost a parse each.
    pub advice: bool,
}

/// Checks and rules, compiled.
pub struct Ruleset {
    checks: Vec<Arc<Check>>,
    /// How many of them are keyward's own; they come first.
    own: usize,
    rules: Vec<Compiled>,
    gate: Gate,
    /// The same with the words of rules on programs, for files that are read as such: for each language its own, as those of another
    /// would only cost.
    program_gates: [OnceLock<Gate>; Language::ALL.len()],
    /// The same for the rules alone that find credentials, for what is read of history.
    credential_gate: OnceLock<Gate>,
    /// Indices of the rules that look at pairs.
    pairs: Vec<usize>,
    /// Those of them that ask for other names than such as mean a secret.
    named: Vec<usize>,
    /// Words that wake rules on programs, with the indices of those rules.
    words: Vec<(Word, Vec<usize>)>,
    /// Indices of the rules on programs that only names of secrets wake.
    by_name: Vec<usize>,
    ids: HashMap<String, Arc<Check>>,
    /// By family: what a credential is called in files of a kind.
    kinds: HashMap<String, Vec<(Kind, Arc<Check>)>>,
    /// Checks that are not wanted.
    silent: HashSet<String>,
    advice: bool,
    /// The severities that the user gave.
    severity: HashMap<String, Severity>,
}

impl Ruleset {
    /// The built-in rules, all of them.
    ///
    /// # Errors
    /// None but a defect of the build: built-in rules are proved by tests.
    pub fn builtin() -> Result<Self> {
        Self::load(Vec::new())?.choose(&Choice::default())
    }

    /// The built-in rules and `packs`. Nothing is found before [`Ruleset::choose`].
    ///
    /// # Errors
    /// An id that is taken or unknown, a pattern that does not compile or has no keyword; with file, line and remedy.
    pub fn load(packs: Vec<Loaded>) -> Result<Self> {
        let mut set = Self {
            checks: Vec::new(),
            own: 0,
            rules: Vec::new(),
            gate: Gate::new([]),
            program_gates: Default::default(),
            credential_gate: OnceLock::new(),
            pairs: Vec::new(),
            named: Vec::new(),
            words: Vec::new(),
            by_name: Vec::new(),
            ids: HashMap::new(),
            kinds: HashMap::new(),
            silent: HashSet::new(),
            advice: false,
            severity: HashMap::new(),
        };
        let own = builtin_packs()?;
        own.iter().try_for_each(|loaded| set.add_checks(loaded))?;
        set.own = set.checks.len();
        packs.iter().try_for_each(|loaded| set.add_checks(loaded))?;
        // A rule may serve a check of another file.
        let all = own.iter().chain(&packs);
        all.clone().try_for_each(|loaded| set.add_rules(loaded))?;
        Ok(set)
    }

    fn add_checks(&mut self, loaded: &Loaded) -> Result<()> {
        for (i, check) in loaded.pack.checks.iter().enumerate() {
            if self.ids.contains_key(&check.id) {
                let hint = "give it another id; to change a built-in check use [checks.ID]";
                return Err(loaded.fault_of_check(
                    i,
                    format!("check `{}` exists already", check.id),
                    hint,
                ));
            }
            let check = Arc::new(check.clone());
            for word in &check.kinds {
                let kind = word.parse().map_err(|known| {
                    loaded.fault_of_check(i, format!("kind `{word}` is not known: {known}"), KINDS)
                })?;
                let told = self.kinds.entry(check.family.clone()).or_default();
                told.push((kind, check.clone()));
            }
            for id in std::iter::once(&check.id).chain(&check.was) {
                self.ids.insert(id.clone(), check.clone());
            }
            self.checks.push(check);
        }
        Ok(())
    }

    fn add_rules(&mut self, loaded: &Loaded) -> Result<()> {
        for (i, rule) in loaded.pack.rules.iter().enumerate() {
            let fault = |message, hint: &str| loaded.fault_of_rule(i, message, hint);
            let Some(check) = self.ids.get(&rule.check) else {
                let hint = "add a [[check]] with this id, or name an existing one";
                return Err(fault(format!("there is no check `{}`", rule.check), hint));
            };
            let compiled = compile(
                rule,
                check.clone(),
                &loaded.pack,
                loaded.derived.get(i).map(Vec::as_slice),
            )
            .map_err(|(message, hint)| fault(message, hint))?;
            // Built-in rules are proved by tests, and built as far as a scan needs them; a mistake of a user's shows at once.
            if !loaded.builtin {
                compiled
                    .check()
                    .map_err(|(message, hint)| fault(message, hint))?;
            }
            self.rules.push(compiled);
        }
        Ok(())
    }

    /// Silences the rules that `choice` does not want, and readies all: a line that is shown for another finding must not show what a silent
    /// one knows.
    ///
    /// # Errors
    /// An id that names no check.
    pub fn choose(mut self, choice: &Choice) -> Result<Self> {
        let asked = choice
            .only
            .iter()
            .chain(&choice.skip)
            .chain(choice.severity.iter().map(|(id, _)| id));
        asked.clone().try_for_each(|id| self.exists(id))?;
        let ids = &self.ids;
        let is = |id: &String, check: &Check| ids.get(id).is_some_and(|named| named.id == check.id);
        let of_family = |id: &String, check: &Check| *id == check.family;
        // A family can be asked for as one, but not switched off as one: it may be all there is.
        for check in &self.checks {
            let only = &choice.only;
            let wanted =
                only.is_empty() || only.iter().any(|id| is(id, check) || of_family(id, check));
            if !wanted || choice.skip.iter().any(|id| is(id, check)) {
                self.silent.insert(check.id.clone());
            }
            if let Some((_, severity)) = choice.severity.iter().find(|(id, _)| is(id, check)) {
                self.severity.insert(check.id.clone(), *severity);
            }
        }
        for rule in &mut self.rules {
            rule.silent = self.silent.contains(&rule.check.id);
            if let Some(severity) = self.severity.get(&rule.check.id) {
                rule.stated = Some(std::mem::replace(&mut rule.rule.severity, *severity));
                rule.rule.in_tests = Some(rule.rule.in_tests.unwrap_or(IN_TESTS).min(*severity));
            }
        }
        self.advice = choice.advice;
        self.wake_by_code();
        self.gate = gate(&self.rules, &[], None);
        self.pairs = (0..self.rules.len())
            .filter(|&i| self.rules[i].rule.on == Subject::Pair)
            .collect();
        // The first that fits speaks: none that is silent before one that is not, and what knows more of the place before what knows less.
        self.pairs.sort_by_key(|&i| {
            let rule = &self.rules[i];
            (rule.silent, !rule.check.leads, !rule.is_particular())
        });
        let by_name = |&i: &usize| self.rules[i].looks_beyond_secrets();
        self.named = self.pairs.iter().copied().filter(by_name).collect();
        Ok(self)
    }

    /// The rule at `first`, and those behind it that the names of services wake where they wake that one.
    fn woken_with(&self, first: usize) -> std::ops::RangeInclusive<usize> {
        let behind = &self.rules[first + 1..];
        let more = match self.rules[first].of_services {
            true => behind.iter().take_while(|rule| rule.of_services).count(),
            false => 0,
        };
        first..=first + more
    }

    /// Collects the words that wake rules on programs; a silent one that would hide nothing is left out.
    fn wake_by_code(&mut self) {
        let mut words: BTreeMap<Word, Vec<usize>> = BTreeMap::new();
        self.by_name.clear();
        for (i, rule) in self.rules.iter().enumerate() {
            let Some(code) = &rule.code else { continue };
            if rule.silent && !rule.rule.secret {
                continue;
            }
            if code.words.is_empty() {
                self.by_name.push(i);
            }
            for word in &code.words {
                words.entry(word.clone()).or_default().push(i);
            }
        }
        self.words = words.into_iter().collect();
    }

    /// A misspelt id would scan nothing and pass.
    fn exists(&self, id: &str) -> Result<()> {
        if self.ids.contains_key(id) {
            return Ok(());
        }
        let near = crate::config::nearest(id, self.ids.keys().map(String::as_str));
        Err(Error::Usage {
            message: format!("there is no check `{id}`"),
            hint: near.map_or_else(
                || ALL.to_owned(),
                |near| format!("did you mean `{near}`? {ALL}"),
            ),
        })
    }

    /// keyward's own checks.
    pub fn own(&self) -> &[Arc<Check>] {
        &self.checks[..self.own]
    }

    /// The checks that came with users' packs.
    pub fn users(&self) -> &[Arc<Check>] {
        &self.checks[self.own..]
    }

    /// All checks, in the order of their files.
    pub fn checks(&self) -> &[Arc<Check>] {
        &self.checks
    }

    /// The check with this id, or that once had it.
    pub fn check(&self, id: &str) -> Option<&Arc<Check>> {
        self.ids.get(id)
    }

    /// The rules that serve a check.
    pub fn rules_of<'a>(&'a self, id: &'a str) -> impl Iterator<Item = &'a Rule> {
        self.rules
            .iter()
            .filter(move |r| r.check.id == id)
            .map(|r| &r.rule)
    }

    /// Whether no rule is left to report anything.
    pub fn is_silent(&self) -> bool {
        self.silent.len() == self.checks.len()
    }

    /// Holds all rules against `document`.
    pub fn read(&self, document: &Document<'_>) -> Reading {
        self.read_as(document, Language::of_path(document.path))
    }

    /// Holds the rules against `document`, those on programs as one in `language`.
    fn read_as(&self, document: &Document<'_>, language: Option<Language>) -> Reading {
        let (mut hits, mut names) = (Vec::new(), Vec::new());
        let mut seen = Vec::new();
        let (mut woken, mut escapes) = (Vec::new(), Vec::new());
        let gate = language.map_or(&self.gate, |language| self.program_gate(language));
        gate.each(document.text, |wakes, at| {
            if wakes == NAMES {
                names.push(at);
            } else if wakes == ESCAPES {
                escapes.push(at);
            } else if wakes >= CODE {
                let word = (wakes - CODE) as usize;
                if self.words[word].0.stands(document.text, at, language) {
                    woken.push((word, at));
                }
            } else {
                for rule in self.woken_with(wakes as usize) {
                    text::hits(&self.rules, rule, document, at, &mut seen, &mut hits);
                }
            }
        });
        let mut reading = Reading::default();
        names.sort_unstable();
        if let Some(language) = language {
            woken.sort_unstable();
            reading.unparsed = !self.read_code(document, language, &woken, &names, &mut hits);
        }
        if !self.pairs.is_empty() {
            let (facts, format) = facts_of(document, &names);
            reading.settings = facts.pairs.len();
            let by_place = facts.pairs.iter().filter(|pair| pair.role.is_some());
            reading.hidden.extend(by_place.map(|pair| pair.value));
            let judged = Relevant::of(document, &names, format);
            for pair in facts.pairs.iter().filter(|p| judged.is(&facts, p)) {
                let stated = pair::judge(self, document, (&facts, format), pair, &mut hits);
                reading.stated.extend(stated);
            }
        }
        let all = Span::new(0, document.text.len());
        wrapped::hits(self, document, all, escapes, &mut hits);
        for hit in &mut hits {
            self.rename(document, hit);
        }
        if language.is_some() {
            reading.checked = facts::checked(document.text, &names);
        }
        let (evidence, hits): (Vec<_>, Vec<_>) =
            hits.into_iter().partition(|hit| hit.evidence.is_some());
        reading.evidence = evidence;
        let (dormant, hits) = hits.into_iter().partition(|hit| hit.dormant);
        reading.dormant = dormant;
        let (silent, hits): (Vec<_>, Vec<_>) = hits.into_iter().partition(|hit| hit.silent);
        reading.hits = merge(hits);
        reading.hits.extend(silent);
        reading
    }

    fn program_gate(&self, language: Language) -> &Gate {
        self.program_gates[language as usize]
            .get_or_init(|| gate(&self.rules, &self.words, Some(language)))
    }

    /// Holds the rules on programs against `document`, if it may hold what one of them looks for: `woken` tells which words stand in it and
    /// where, sorted, `names` where words of secrets do. Whether all of it was read that they asked for.
    fn read_code(
        &self,
        document: &Document<'_>,
        language: Language,
        woken: &[(usize, usize)],
        names: &[usize],
        hits: &mut Vec<Hit>,
    ) -> bool {
        let rules = self.woken(document, language, woken, names);
        if rules.is_empty() {
            return true;
        }
        // Documents hold pieces of programs, which need not be whole.
        let pieces = document.contexts().has(Context::Docs);
        match facts::program(document.path, document.text) {
            Some(program) => {
                code::hits(&rules, document, &program, hits);
                !program.cut || pieces
            }
            None => pieces,
        }
    }

    /// The rules on programs that may hit something in `document`.
    fn woken(
        &self,
        document: &Document<'_>,
        language: Language,
        woken: &[(usize, usize)],
        names: &[usize],
    ) -> Vec<&Compiled> {
        // Each rule with the places of its words, word by word.
        let mut called: Vec<(usize, &[(usize, usize)])> = Vec::new();
        for places in woken.chunk_by(|a, b| a.0 == b.0) {
            let rules = &self.words[places[0].0].1;
            called.extend(rules.iter().map(|&rule| (rule, places)));
        }
        if !names.is_empty() {
            called.extend(self.by_name.iter().map(|&rule| (rule, &[][..])));
        }
        called.retain(|&(rule, _)| self.rules[rule].languages.contains(&language));
        called.sort_unstable_by_key(|&(rule, places)| (rule, places.first().copied()));
        // What a text says of where it stands takes longer to tell than what a short one may hold.
        let of_path = document.setting.of_path();
        let is_long = document.text.len() > LONG;
        if called.is_empty()
            || !code::is_read(document, of_path)
            || is_long && !code::is_read(document, document.contexts())
        {
            return Vec::new();
        }
        let asked = code::Asked::new(document.text, language, names);
        let made_up = |contexts: Contexts| !self.advice && contexts.any(MADE_UP);
        let in_tests = made_up(of_path);
        let mut rules: Vec<&Compiled> = called
            .chunk_by(|a, b| a.0 == b.0)
            .map(|called| (&self.rules[called[0].0], called))
            .filter(|(rule, _)| !(in_tests && rule.is_advice_in_tests()))
            .filter(|(rule, called)| {
                let words = called.iter().filter_map(|(_, places)| {
                    let (word, _) = places.first()?;
                    Some((&self.words[*word].0, *places))
                });
                let code = rule.code.as_ref();
                code.is_some_and(|code| code.may_hit(&rule.rule, language, &asked, words))
            })
            .map(|(rule, _)| rule)
            .collect();
        if rules.is_empty() || !code::is_read(document, document.contexts()) {
            return Vec::new();
        }
        let made_up = made_up(document.contexts());
        rules.retain(|rule| !(made_up && rule.is_advice_in_tests()) && rule.may_want(document));
        rules
    }

    /// Whether a rule on programs wakes at a text, so that it is parsed.
    #[cfg(test)]
    pub(super) fn wakes(&self, path: &crate::model::RelPath, text: &[u8]) -> bool {
        let (mut names, mut woken) = (Vec::new(), Vec::new());
        let language = Language::of_path(path).expect("a program");
        self.program_gate(language).each(text, |wakes, at| {
            if wakes == NAMES {
                names.push(at);
            } else if (CODE..ESCAPES).contains(&wakes) {
                let word = (wakes - CODE) as usize;
                if self.words[word].0.stands(text, at, Some(language)) {
                    woken.push((word, at));
                }
            }
        });
        names.sort_unstable();
        woken.sort_unstable();
        let document = Document {
            path,
            syntax: crate::text::Syntax::of_path(path),
            text,
            beginning: text,
            whole: true,
            setting: &crate::classify::Setting::new(path, crate::model::Standing::Tracked),
        };
        !self.woken(&document, language, &woken, &names).is_empty()
    }

    /// What the rules find in `document`, evidence among it.
    pub fn hits(&self, document: &Document<'_>) -> Vec<Hit> {
        let mut reading = self.read(document);
        reading.hits.append(&mut reading.evidence);
        reading.hits
    }

    /// The rules that look at pairs whose name means a secret, or at those that ask for another name; in the order in which they speak.
    pub(super) fn pair_rules(&self, secret: bool) -> impl Iterator<Item = &Compiled> {
        let indices = if secret { &self.pairs } else { &self.named };
        indices.iter().map(|&i| &self.rules[i])
    }

    /// A credential in a pipeline is told as one: by that name where its own name is all that is known of it, and beside its kind else.
    fn rename(&self, document: &Document<'_>, hit: &mut Hit) {
        if hit.severity == Severity::Info || !self.kinds.contains_key(&hit.check.family) {
            return;
        }
        let kind = document.kind();
        let told = self.kinds[&hit.check.family]
            .iter()
            .find(|(of, _)| Some(*of) == kind);
        let Some((_, check)) = told else { return };
        if hit.check.id == hit.check.family {
            hit.check = check.clone();
            hit.silent = !self.wants(&check.id);
            if let Some(severity) = self.severity(&check.id) {
                hit.severity = severity;
                hit.because(Why::Configured);
            }
        } else if hit.check.id != check.id {
            hit.also.push(check.id.clone());
        }
    }

    /// Whether a rule speaks that looks at client code alone.
    pub fn asks_for_clients(&self) -> bool {
        let mut rules = self.rules.iter();
        rules.any(|rule| rule.is_on_client() && !rule.silent)
    }

    /// Whether what the check finds is to be told.
    pub fn wants(&self, id: &str) -> bool {
        !self.silent.contains(id)
    }

    /// The severity that the user gave the check.
    pub fn severity(&self, id: &str) -> Option<Severity> {
        self.severity.get(id).copied()
    }
}

fn builtin_packs() -> Result<Vec<Loaded>> {
    const PACKS: &str = include_str!(concat!(env!("OUT_DIR"), "/packs.json"));
    let packs: Vec<(String, Pack, Vec<Vec<String>>)> = from_build(PACKS)?;
    Ok(packs
        .into_iter()
        .map(|(file, pack, derived)| Loaded::builtin(file, pack, derived))
        .collect())
}

/// One gate for all keywords, for the words of names and of `near` in whatever case they are written, and for the words of the rules on
/// programs in `language`.
fn gate(rules: &[Compiled], words: &[(Word, Vec<usize>)], language: Option<Language>) -> Gate {
    Gate::new(literals(rules, |_| true, words, language))
}

fn literals(
    rules: &[Compiled],
    wanted: impl Fn(usize) -> bool,
    words: &[(Word, Vec<usize>)],
    language: Option<Language>,
) -> Vec<Literal> {
    let is_of = |rule: &usize| language.is_some_and(|l| rules[*rule].languages.contains(&l));
    let mut literals = Vec::new();
    for (rule, wakes) in rules.iter().zip(0..).filter(|(_, at)| wanted(*at as usize)) {
        if wakes > 0 && rule.of_services && rules[wakes as usize - 1].of_services {
            continue;
        }
        // The word of a vendor stands more often than a token's own letters.
        let any_case = rule.rule.keywords.is_empty();
        let words = if any_case {
            &rule.rule.near
        } else {
            &rule.rule.keywords
        };
        literals.extend(words.iter().map(|word| Literal {
            bytes: word.clone().into_bytes(),
            any_case,
            wakes,
        }));
    }
    literals.extend(
        words
            .iter()
            .zip(CODE..ESCAPES)
            .filter(|((_, rules), _)| rules.iter().any(is_of))
            .map(|((word, _), wakes)| Literal {
                bytes: word.bytes.clone(),
                any_case: false,
                wakes,
            }),
    );
    if rules.iter().any(|r| r.rule.on != Subject::Text) {
        literals.extend(facts::WORDS.iter().map(|word| Literal {
            bytes: word.as_bytes().to_vec(),
            any_case: true,
            wakes: NAMES,
        }));
    }
    literals.extend(crate::text::wrapped::marks().map(|bytes| Literal {
        bytes,
        any_case: true,
        wakes: ESCAPES,
    }));
    literals.sort();
    literals.dedup();
    literals
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_built_in_rule_can_be_built() {
        let set = Ruleset::builtin().expect("built-in rules");
        for rule in &set.rules {
            let built = rule.check().map_err(|(message, _)| message);
            assert_eq!(built, Ok(()), "{}", rule.rule.name());
        }
    }
}
