//! All rules of a scan, compiled behind one gate.

mod costs;
mod credentials;
mod read;

pub use costs::{Cost, Costs};
pub use credentials::{Anchor, Part, Scratch};

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{Arc, OnceLock};

use super::Loaded;
use super::code::Word;
use super::compiled::{Compiled, IN_TESTS, compile};
use super::load::{Derived, from_build};
use crate::classify::kinds::Kind;
use crate::facts::{self, Language};
use crate::formats::{Gate, Literal};
use crate::model::{Check, Error, Pack, Result, Rule, Severity, Subject};

/// What a gate keyword wakes when it is a word of names.
const NAMES: u32 = u32::MAX;
/// What it wakes when an escape begins with it.
const ESCAPES: u32 = u32::MAX - 2;
/// What it wakes when it is a word of rules on programs: this and the word's number.
const CODE: u32 = 1 << 31;

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
        let rules = own
            .iter()
            .chain(&packs)
            .map(|loaded| loaded.pack.rules.len());
        set.rules.reserve_exact(rules.sum());
        let mut all = own.into_iter().chain(packs);
        all.try_for_each(|loaded| set.add_rules(loaded))?;
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

    fn add_rules(&mut self, mut loaded: Loaded) -> Result<()> {
        for (i, rule) in std::mem::take(&mut loaded.pack.rules)
            .into_iter()
            .enumerate()
        {
            let fault = |message, hint: &str| loaded.fault_of_rule(i, message, hint);
            let Some(check) = self.ids.get(&rule.check) else {
                let hint = "add a [[check]] with this id, or name an existing one";
                return Err(fault(format!("there is no check `{}`", rule.check), hint));
            };
            let compiled = compile(rule, check.clone(), &loaded.pack, loaded.derived.get(i))
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

    /// The rules that look at pairs whose name means a secret, or at those that ask for another name; in the order in which they speak.
    pub(super) fn pair_rules(&self, secret: bool) -> impl Iterator<Item = &Compiled> {
        let indices = if secret { &self.pairs } else { &self.named };
        indices.iter().map(|&i| &self.rules[i])
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
    /// A line for each rule.
    const SHAPES: &str = include_str!(concat!(env!("OUT_DIR"), "/shapes.jsonl"));
    let packs: Vec<(String, Pack, Vec<Vec<String>>)> = from_build(PACKS)?;
    let mut shapes = SHAPES.lines();
    let packs = packs.into_iter().map(|(file, pack, keywords)| {
        let derived = keywords.into_iter().zip(&mut shapes);
        let derived = derived.map(|(keywords, shape)| Derived { keywords, shape });
        let derived = derived.collect();
        Loaded::builtin(file, pack, derived)
    });
    Ok(packs.collect())
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
    let is_of = |word: &Word, all: &[usize]| {
        language.is_some_and(|language| {
            let mut all = all.iter();
            word.is_of(language) && all.any(|rule| rules[*rule].languages.contains(&language))
        })
    };
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
            .filter(|((word, rules), _)| is_of(word, rules))
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
