//! One rule, ready to run: its words known, its globs and its pattern built.

use std::str::FromStr;
use std::sync::Arc;

use super::Document;
use super::code::{self, Code};
use super::globs::Globs;
use super::load::Derived;
use crate::classify::kinds::Kind;
use crate::classify::names::{self, NameClass};
use crate::classify::strength::Weakness;
use crate::classify::values::ValueClass;
use crate::facts::{Language, Via};
use crate::formats::literals::Shape;
use crate::formats::verify::Verifier;
use crate::formats::{Implied, Pattern};
use crate::model::{Check, Context, Hit, Pack, RelPath, Rule, Severity, Subject, Why};

/// What helps with a pattern that does not compile.
pub(super) const SYNTAX: &str = "patterns are Rust regex syntax: https://docs.rs/regex/#syntax";
/// The list of `rules/names.toml` that `near` may name.
const SERVICES: &str = "@services";
/// The severity in tests and docs, where neither rule nor file says.
pub(super) const IN_TESTS: Severity = Severity::Medium;

/// A rule, ready to run.
pub(super) struct Compiled {
    pub check: Arc<Check>,
    pub rule: Rule,
    pub pattern: Option<Pattern>,
    /// The names of services wake it.
    pub of_services: bool,
    pub verifier: Option<Verifier>,
    /// The rule's own severity, where the configuration gives its check another.
    pub stated: Option<Severity>,
    pub keys: Vec<NameClass>,
    pub values: Vec<ValueClass>,
    /// Its check is switched off: what it finds is hidden all the same.
    pub silent: bool,
    /// Globs of the key, and of the names around it; empty where nothing is demanded.
    pub named: Globs,
    pub within: Globs,
    pub weak: Vec<Weakness>,
    pub via: Vec<Via>,
    /// What it asks of a program, if it is about one, and in which languages that may be written.
    pub code: Option<Code>,
    pub languages: Vec<Language>,
    kinds: Vec<Kind>,
    when: Vec<Context>,
    unless: Vec<Context>,
    paths: Globs,
    /// Paths that it passes by.
    passed: Globs,
}

impl Compiled {
    /// Whether the rule looks at this file.
    pub fn wants(&self, document: &Document<'_>) -> bool {
        self.would_want(document, None)
    }

    /// Whether it looks at the file, or would if that were client code and may be some.
    pub fn may_want(&self, document: &Document<'_>) -> bool {
        let awaited = document.setting.is_perhaps_client();
        self.would_want(document, awaited.then_some(Context::Client))
    }

    /// Whether what it finds in tests and docs is advice and nothing more: a secret must be known wherever its line is shown.
    pub fn is_advice_in_tests(&self) -> bool {
        let rule = &self.rule;
        !rule.secret && !rule.evidence && rule.in_tests == Some(Severity::Info)
    }

    /// Whether it speaks of client code alone.
    pub fn is_on_client(&self) -> bool {
        self.when.contains(&Context::Client)
    }

    /// Whether it looks at files of that path, where it does not look at all.
    pub fn asks_for_path(&self, path: &RelPath) -> Option<bool> {
        let asks = !(self.paths.is_empty() && self.passed.is_empty());
        asks.then(|| self.wants_path(path))
    }

    /// Whether the rule looks at files of this kind: the cheapest of its questions.
    pub fn wants_kind(&self, document: &Document<'_>) -> bool {
        let is_one = |kind| self.kinds.contains(&kind);
        self.kinds.is_empty() || document.kind().is_some_and(is_one)
    }

    fn wants_path(&self, path: &RelPath) -> bool {
        let fits = |globs: &Globs| globs.is_match(path.as_bytes());
        (self.paths.is_empty() || fits(&self.paths))
            && (self.passed.is_empty() || !fits(&self.passed))
    }

    fn would_want(&self, document: &Document<'_>, awaited: Option<Context>) -> bool {
        self.wants_kind(document)
            && self.wants_path(document.path)
            && self
                .when
                .iter()
                .all(|&c| document.contexts().has(c) || awaited == Some(c))
            && (self.unless.is_empty() || !document.contexts().any(&self.unless))
    }

    /// Builds now what is otherwise built when it is first asked: patterns and globs.
    pub fn check(&self) -> std::result::Result<(), Fault> {
        if let Some(pattern) = &self.pattern {
            pattern.compile().map_err(|message| (message, SYNTAX))?;
        }
        [&self.named, &self.within, &self.paths, &self.passed]
            .into_iter()
            .try_for_each(Globs::check)?;
        self.code.as_ref().map_or(Ok(()), Code::check)
    }

    /// Whether it says where a pair must stand or what must be special about its name.
    pub fn is_particular(&self) -> bool {
        let rule = &self.rule;
        let place = !self.kinds.is_empty() || !self.within.is_empty() || !self.when.is_empty();
        place
            || !self.via.is_empty()
            || !self.named.is_empty()
            || rule.public.is_some()
            || rule.signing.is_some()
    }

    /// Whether it looks at pairs whose name means no secret, or not surely, too.
    pub fn looks_beyond_secrets(&self) -> bool {
        !self.rule.named.is_empty()
            || self.rule.mentions.is_some()
            || self.keys.contains(&NameClass::UnknownKey)
    }

    /// A hit of this rule, before evidence is weighed.
    pub fn hit(&self) -> Hit {
        let mut hit = Hit {
            check: self.check.clone(),
            severity: self.stated.unwrap_or(self.rule.severity),
            confidence: self.rule.confidence,
            span: crate::model::Span::new(0, 0),
            secret: None,
            hidden: Vec::new(),
            key: None,
            details: Vec::new(),
            in_tests: self.rule.in_tests.unwrap_or(IN_TESTS),
            // The name of a service beside a value says no more than any name.
            by_name: self.of_services || self.rule.on != Subject::Text,
            silent: self.silent,
            dormant: false,
            proved: false,
            evidence: None,
            proposal: None,
            outranks: self.rule.also.clone(),
            also: self.check.also.clone(),
            steps: Vec::new(),
        };
        hit.because(Why::Rule(self.rule.name().to_owned()));
        if self.check.client_safe {
            hit.severity = Severity::Info;
            hit.because(Why::Published);
        } else if self.stated.is_some() {
            hit.severity = self.rule.severity;
            hit.because(Why::Configured);
        }
        hit
    }
}

pub(super) type Fault = (String, &'static str);

pub(super) fn compile(
    mut rule: Rule,
    check: Arc<Check>,
    pack: &Pack,
    derived: Option<&Derived>,
) -> std::result::Result<Compiled, Fault> {
    rule.in_tests = rule.in_tests.or(pack.in_tests);
    (rule.hit, rule.miss) = Default::default();
    // One list serves the judgement of names and the waking of rules.
    let of_services = matches!(&rule.near[..], [list] if list == SERVICES);
    if of_services {
        rule.near = names::services().iter().map(|w| (*w).to_owned()).collect();
    }
    let unknown = |kind: &str, word: &str| {
        (
            format!("{kind} `{word}` is not known"),
            "rules/README.md lists the known ones",
        )
    };
    let verifier = match &rule.verify {
        Some(name) => Some(Verifier::parse(name).ok_or_else(|| unknown("verify", name))?),
        None => None,
    };
    let keys = words(&rule.key, |word| unknown("key", word))?;
    let values = words(&rule.value, |word| unknown("value", word))?;
    let weak = words(&rule.weak, |word| unknown("weakness", word))?;
    let via = words(&rule.via, |word| unknown("via", word))?;
    let kinds = words(&rule.kinds, |word| unknown("kind", word))?;
    let when = words(&rule.when, |word| unknown("context", word))?;
    let unless = words(&rule.unless, |word| unknown("context", word))?;
    let by_name = !rule.key.is_empty() || !rule.named.is_empty() || rule.mentions.is_some();
    if rule.on == Subject::Pair && !by_name {
        return Err((
            "a rule on pairs needs `key`, `named` or `mentions`".to_owned(),
            "name the name classes it looks at, e.g. key = [\"password\"]",
        ));
    }
    if rule.on == Subject::Text && rule.pattern.is_none() {
        return Err((
            "a rule on text needs `pattern`".to_owned(),
            "say what the token looks like, or use on = \"pair\"",
        ));
    }
    let code = code::compile(&rule)?;
    if let Some(mend) = &rule.mend {
        let is_of_value = mend.at.is_none() && mend.signed.is_none();
        let fits = match rule.on {
            Subject::Text => false,
            Subject::Pair => {
                is_of_value && {
                    let said = [mend.random, mend.unpublished, mend.put.is_some()];
                    said.iter().filter(|said| **said).count() == 1
                }
            }
            Subject::Call | Subject::Binding | Subject::Read => true,
        };
        if !fits {
            return Err((
                "`mend` says nothing that can be done here".to_owned(),
                "rules/README.md shows the forms for rules on pairs and on calls",
            ));
        }
    }
    let languages = if rule.languages.is_empty() {
        &pack.languages
    } else {
        &rule.languages
    };
    let mut languages = words(languages, |word| unknown("language", word))?;
    if languages.is_empty() {
        languages.push(Language::JavaScript);
    }
    let (passed, paths) = refused(&rule.paths);
    let (paths, passed) = (Globs::new(paths, false), Globs::new(passed, false));
    let named = Globs::new(rule.named.iter().cloned(), true);
    let within = Globs::new(rule.within.iter().cloned(), true);
    let given = rule.keywords.clone();
    if rule.on == Subject::Text && given.is_empty() {
        rule.keywords = match derived {
            Some(derived) => derived.keywords.clone(),
            None => {
                let pattern = rule.pattern.as_deref().unwrap_or_default();
                Shape::of(pattern, &[]).map_err(|e| (e, SYNTAX))?.keywords
            }
        };
    }
    let wakes = |words: &[String]| words.iter().any(|word| word.len() >= 3);
    if rule.on == Subject::Text && !wakes(&rule.keywords) && !wakes(&rule.near) {
        return Err((
            "no literal of 3 bytes stands in every match, so nothing can wake the rule".to_owned(),
            "begin the pattern with a literal, or give `keywords` or `near`",
        ));
    }
    let implied = match derived {
        Some(derived) => Implied::Built(derived.shape),
        None => Implied::Unread(given),
    };
    let pattern = rule.pattern.as_deref().filter(|_| !rule.on.is_code());
    let bounded = rule.bounded && rule.on == Subject::Text;
    let pattern = pattern.map(|source| Pattern::new(source, bounded, implied));
    Ok(Compiled {
        silent: false,
        stated: None,
        of_services,
        check,
        pattern,
        verifier,
        keys,
        values,
        named,
        within,
        weak,
        via,
        code,
        languages,
        kinds,
        when,
        unless,
        paths,
        passed,
        rule,
    })
}

/// Of globs those that are refused, written `!glob`, without their mark, and the others.
pub(super) fn refused(globs: &[String]) -> (Vec<String>, Vec<String>) {
    let (refused, wanted): (Vec<_>, Vec<_>) = globs.iter().partition(|glob| glob.starts_with('!'));
    let refused = refused.iter().map(|glob| glob[1..].to_owned()).collect();
    (refused, wanted.into_iter().cloned().collect())
}

pub(super) fn words<T: FromStr>(
    words: &[String],
    unknown: impl Fn(&str) -> Fault,
) -> std::result::Result<Vec<T>, Fault> {
    words
        .iter()
        .map(|word| word.parse().map_err(|_| unknown(word)))
        .collect()
}
