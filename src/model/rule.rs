//! Checks and rules: the shape they have in TOML.
//!
//! `build.rs` reads the built-in ones with these very types, so this file names nothing but serde and its neighbours. What the
//! comments say of the keys is what an editor tells: tests make `docs/schema` of them.

use serde::{Deserialize, Serialize};

use super::{Confidence, Severity};

/// The family of a check that names none.
const CREDENTIAL: &str = "hardcoded-credential";

/// What a user sees: one kind of problem.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Check {
    /// A problem noun in kebab-case, stable for ever.
    pub id: String,
    /// What it is, for a heading.
    pub title: String,
    /// Why it matters: lower case, one sentence.
    pub why: String,
    /// What to do, in order.
    pub fix: String,
    /// Where the facts come from.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<String>,
    /// Hits of one family on one place are one finding.
    #[serde(default = "credential")]
    pub family: String,
    /// Wider checks that it is one case of; a finding lists them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<String>,
    /// Where a hit by name of its family stands in a file of these kinds, it is told under this id.
    #[serde(default, rename = "in", skip_serializing_if = "Vec::is_empty")]
    pub kinds: Vec<String>,
    /// Its severity in a file that git does not know, if that is less.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub untracked: Option<Severity>,
    /// It speaks for all others of its family at its place.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub leads: bool,
    /// It judges what a secret is worth or where it goes, not where it lies, so it speaks of files that git leaves on this machine too.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub private: bool,
    /// The value is made to be published: reported as info, under the name of what it is.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub client_safe: bool,
    /// Ids this check had before; configuration and ignores that name them go on working.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub was: Vec<String>,
}

impl Check {
    /// Whether it is about a credential that is written down, which is a fault in history too.
    pub fn is_credential(&self) -> bool {
        self.family == CREDENTIAL
    }
}

fn credential() -> String {
    CREDENTIAL.to_owned()
}

/// What a rule looks at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Subject {
    /// The bytes of the text, with `pattern`.
    #[default]
    Text,
    /// The key/value pairs that the text states, with `key` and `value`.
    Pair,
    /// The calls of a program, with `callee`.
    Call,
    /// The names that a program gives values, with `callee` as the path that is given one.
    Binding,
    /// The variables that a program reads from its environment.
    Read,
}

impl Subject {
    /// Whether it is what a program states, so that a reader of its language must be asked.
    pub fn is_code(self) -> bool {
        matches!(self, Self::Call | Self::Binding | Self::Read)
    }
}

/// What must be true of something at a place in a call, a binding or a read; all that is said must be true of one thing there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Condition {
    /// The place: `1`, `*`, `2.expiresIn`, `*.httpOnly`, `@secure`, `0.*`, `value`, `target`, `name`, `fallback`, `on`.
    pub at: String,
    /// What kind of thing it is, one of these: `literal`, `absent`, `true` …
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub is: Vec<String>,
    /// Name classes of the literal's own text, of the last part of a path, of a member's key.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub name: Vec<String>,
    /// Name classes of what it would print or send.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub yields: Vec<String>,
    /// A regular expression that fits the literal's text somewhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Value classes of the literal.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub value: Vec<String>,
    /// A duration that it is longer than.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub over: Option<String>,
    /// A duration that it is shorter than.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub under: Option<String>,
    /// The literal has fewer bytes, as the program uses it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bytes_under: Option<usize>,
    /// Globs of the call that it is.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub callee: Vec<String>,
    /// Whether a name in its text, variables of the environment among them, means a secret.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mentions: Option<bool>,
    /// Whether it is a variable of the environment that nothing stands in for, and whose name means a secret.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reads: Option<bool>,
    /// Globs of calls of which one stands in the function that it is.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub calls: Vec<String>,
}

/// What a program can do about a hit.
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mend {
    /// The member that is given a value, `2.httpOnly`, or the argument, `@httponly`; where the fault stands where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
    /// What is put there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub put: Option<String>,
    /// The place of the key: the algorithms that the tree signs with by it are put there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signed: Option<String>,
    /// A new random value is put there (rules on pairs).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub random: bool,
    /// The variable gets a name without the prefix that has builds publish it (rules on pairs).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unpublished: bool,
}

/// One way to see a problem.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// The check it serves.
    pub check: String,
    /// Its own name, where several rules serve one check.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What it looks at.
    #[serde(default)]
    pub on: Subject,
    /// How bad a hit is in a committed source file.
    pub severity: Severity,
    /// How sure a hit is before evidence and context are weighed.
    #[serde(default = "high")]
    pub confidence: Confidence,
    /// What the token looks like (`on = "text"`), or what the value must look like (`on = "pair"`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pattern: Option<String>,
    /// Whether the engine demands that the token stands alone.
    #[serde(default = "yes")]
    pub bounded: bool,
    /// Literals of which every match holds one; derived from the pattern where absent.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub keywords: Vec<String>,
    /// Words of which one stands around the match or on its line.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub near: Vec<String>,
    /// Whether a word of `near` stands in the match before the secret, or ends where the match begins.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub beside: bool,
    /// Globs of the files it looks at, all where empty, and, with `!` before them, of those it passes by.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub paths: Vec<String>,
    /// Kinds of the files it looks at; all where empty.
    #[serde(default, rename = "in", skip_serializing_if = "Vec::is_empty")]
    pub kinds: Vec<String>,
    /// Contexts that must all hold.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub when: Vec<String>,
    /// Contexts of which none may hold.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unless: Vec<String>,
    /// Globs of the names around the pair, joined by dots (`on = "pair"`): `services.*.environment`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub within: Vec<String>,
    /// Globs of the name itself, in any case (`on = "pair"`); takes the place of `key`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub named: Vec<String>,
    /// Ways of writing a pair down that count; all where empty (`on = "pair"`).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub via: Vec<String>,
    /// Whether the name carries a prefix that puts it into a browser bundle (`on = "pair"`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub public: Option<bool>,
    /// Whether it is a key that signs sessions or tokens, made up by the operator (`on = "pair"`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signing: Option<bool>,
    /// Weaknesses of which the value has one (`on = "pair"`).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub weak: Vec<String>,
    /// Fewer bytes than this, as the program uses the value (`on = "pair"`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shorter: Option<usize>,
    /// Whether the value read as a name means a secret (`on = "pair"`): a list of variables, the name in a reference.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mentions: Option<bool>,
    /// Whether what it finds is a secret, to be masked; a habit is shown as it is written.
    #[serde(default = "yes")]
    pub secret: bool,
    /// What stands here is in use as it stands, so a placeholder is a key that everybody knows (`on = "text"`).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub sink: bool,
    /// Name classes of the key (`on = "pair"`).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub key: Vec<String>,
    /// Value classes (`on = "pair"`).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub value: Vec<String>,
    /// The least randomness of the value, in bits (`on = "pair"`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bits: Option<f32>,
    /// Whether only quoted literals count, or only bare values (`on = "pair"`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quoted: Option<bool>,
    /// Globs of the path that is called, or given a value (`on = "call"`, `on = "binding"`).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub callee: Vec<String>,
    /// Languages that the program may be written in; the file's where absent, JavaScript where that says none (rules on programs).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub languages: Vec<String>,
    /// Globs of modules of which the file imports one, and, with `!` before them, of which it imports none (rules on programs).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub imports: Vec<String>,
    /// Conditions that all hold (rules on programs).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub all: Vec<Condition>,
    /// Conditions of which one holds, if there are any (rules on programs).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub any: Vec<Condition>,
    /// Conditions of which none holds (rules on programs).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub none: Vec<Condition>,
    /// The place where the fault stands; the path that is called where absent (rules on programs).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub show: Option<String>,
    /// What it finds is no fault by itself, but kept for the check of the same id over the tree (rules on programs).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub evidence: bool,
    /// What a program can do about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mend: Option<Mend>,
    /// The severity of a hit in tests, docs and examples, if that is less.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_tests: Option<Severity>,
    /// What adds evidence to a hit: the name of a checksum or structure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verify: Option<String>,
    /// Other checks that hit its examples too, as their own kind.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<String>,
    /// The file that the examples stand in, where that matters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// Examples that must hit, with macros for the random parts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hit: Vec<String>,
    /// Examples that must not.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub miss: Vec<String>,
}

impl Rule {
    /// Its own name, or its check's.
    pub fn name(&self) -> &str {
        self.name.as_deref().unwrap_or(&self.check)
    }
}

fn high() -> Confidence {
    Confidence::High
}

fn yes() -> bool {
    true
}

/// Checks and rules as one file holds them.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Pack {
    /// The `in_tests` of the file's rules that name none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_tests: Option<Severity>,
    /// The `languages` of the file's rules on programs that name none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub languages: Vec<String>,
    /// The checks.
    #[serde(default, rename = "check")]
    pub checks: Vec<Check>,
    /// The rules.
    #[serde(default, rename = "rule")]
    pub rules: Vec<Rule>,
}
