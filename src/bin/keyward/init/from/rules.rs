//! Rules of one's own in `.gitleaks.toml`, as checks with one rule each.

use keyward::formats::literals::{self, Shape};
use keyward::formats::{Implied, Pattern};
use keyward::model::{self, Check, Confidence, Severity};
use regex_syntax::ast::{self, Ast, GroupKind, Visitor, parse};
use serde::Deserialize;
use toml::Value;

use super::super::carried::{Carried, Own, quoted};
use super::gitleaks::{Allowlist, called, paths};
use super::{example, ids};

/// Rules that are taken over; nobody has written more by hand.
const MOST: usize = 1000;
/// The shortest word that wakes a rule.
const SHORTEST: usize = 3;

/// Words that stand beside every secret: a rule that goes by them alone looks for all of them, which keyward does by itself, and would take
/// the place of whatever knows better.
const GENERAL: [&str; 20] = [
    "access",
    "api",
    "apikey",
    "auth",
    "bearer",
    "client",
    "cred",
    "credential",
    "credentials",
    "key",
    "login",
    "pass",
    "passwd",
    "password",
    "psw",
    "pswd",
    "pwd",
    "secret",
    "token",
    "user",
];

/// A rule of gitleaks'.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Rule {
    pub id: String,
    description: String,
    regex: String,
    path: String,
    keywords: Vec<String>,
    entropy: Option<Value>,
    #[serde(rename = "secretgroup")]
    secret_group: usize,
    required: Option<Value>,
    #[serde(rename = "skipreport")]
    skip_report: bool,
    pub allowlist: Option<Allowlist>,
    pub allowlists: Vec<Allowlist>,
}

/// Takes a rule over; gives the checks that it is here. `allows`: it has allow lists, and may be there for nothing else.
pub fn take(at: &str, rule: Rule, allows: bool, carried: &mut Carried<'_>) -> Vec<String> {
    if rule.regex.is_empty() {
        let same = ids::of_gitleaks(carried.guard.rules(), &rule.id);
        if !rule.path.is_empty() {
            carried.leave(
                at,
                format!("the rule {} finds files by their paths alone", called(carried, &rule.id)),
                "keyward tells of files that hold credentials by itself: `keyward explain credential-file`",
            );
        } else if same.is_empty() || !allows {
            carried.leave(
                at,
                format!(
                    "the rule {} changes a rule that is no check here",
                    called(carried, &rule.id)
                ),
                "`keyward rules list` names the checks that there are",
            );
        }
        return same;
    }
    match own(at, &rule, carried) {
        Ok(own) => keep(at, &rule.id, own, carried),
        Err((why, instead)) => {
            let name = called(carried, &rule.id);
            carried.leave(at, format!("the rule {name}: {why}"), instead);
            Vec::new()
        }
    }
}

/// Keeps a rule for what the built-in ones do not find by themselves: it would take the place of those, and they know what a secret opens
/// and how it is revoked. Gives the checks that find what it does.
fn keep(at: &str, name: &str, mut own: Own, carried: &mut Carried<'_>) -> Vec<String> {
    let mut known = example::known(carried.guard.rules(), &own.rule);
    if known.ids.iter().any(|id| carried.is_off(id)) {
        known.ids.clear();
    }
    let ids: Vec<String> = known.ids.into_iter().collect();
    let all = format!("`{}`", ids.join("`, `"));
    if known.whole && !ids.is_empty() {
        let name = called(carried, name);
        let find = if ids.len() == 1 { "finds" } else { "find" };
        carried.leave(
            at,
            format!("the rule {name} is left out: {all} {find} it"),
            format!("nothing: `keyward explain {}` tells how", ids[0]),
        );
        return ids;
    }
    if !ids.is_empty() {
        own.rule.confidence = Confidence::Medium;
        let note = format!("it gives way to {all}, where that finds the same");
        own.notes.push(note);
    }
    let id = own.check.id.clone();
    carried.take(own);
    std::iter::once(id).chain(ids).collect()
}

type Fault = (&'static str, &'static str);

const BY_HAND: &str = "write it by hand: rules/README.md tells how";
const NO_FORM: Fault = ("it has no form here", BY_HAND);

fn own(at: &str, rule: &Rule, carried: &mut Carried<'_>) -> Result<Own, Fault> {
    if carried.own.len() >= MOST {
        return Err(("it is beyond the first thousand", BY_HAND));
    }
    if rule.skip_report {
        return Err(("it reports nothing and serves others alone", BY_HAND));
    }
    let hir = literals::parse(&rule.regex).map_err(|_| {
        (
            "its expression cannot be read here: look-around, back references and Unicode classes do not exist",
            BY_HAND,
        )
    })?;
    if carried.guard.hides_in(&rule.regex, &hir) {
        let instead = "a pattern that spells out one secret writes that secret down: revoke it, or look for its kind";
        return Err((
            "its expression holds what looks like a credential, and is not repeated",
            instead,
        ));
    }
    let mut notes = vec![format!("carried over from {at}")];
    let pattern = with_secret(rule, &mut notes);
    Pattern::new(&pattern, false, Implied::Unread(Vec::new()))
        .compile()
        .map_err(|_| ("its expression is too large", BY_HAND))?;
    let waking = waking(&pattern, rule, carried)?;
    if !waking.near.is_empty() {
        notes.push("a word of `near` has to stand within 120 bytes or on the line; a keyword of gitleaks' anywhere in the file".to_owned());
    }
    if let Some(entropy) = rule.entropy.as_ref().and_then(number).filter(|e| *e > 0.0) {
        notes.push(format!("entropy = {entropy} is not carried over: keyward passes placeholders, references and words by itself"));
    }
    if rule.required.is_some() {
        notes.push(
            "that other rules must match near it is not carried over: it finds more here"
                .to_owned(),
        );
    }
    let paths = of_path(at, rule, &mut notes, carried);
    let check = check(rule, carried)?;
    // What says nothing of itself gives way to what does.
    let confidence = if waking.particular {
        Confidence::High
    } else {
        Confidence::Medium
    };
    let rule = model::Rule {
        confidence,
        pattern: Some(pattern),
        bounded: false,
        near: waking.near,
        paths,
        ..plain(&check.id)?
    };
    Ok(Own { check, rule, notes })
}

/// The pattern, with the group named that is the secret.
fn with_secret(rule: &Rule, notes: &mut Vec<String>) -> String {
    if rule.secret_group == 0 {
        return rule.regex.clone();
    }
    match group(&rule.regex, rule.secret_group) {
        Some(named) => named,
        None => {
            notes.push(format!(
                "secretGroup = {} is no group that can be named: the whole match is the secret",
                rule.secret_group
            ));
            rule.regex.clone()
        }
    }
}

/// The expression with its group of this number called `secret`.
fn group(pattern: &str, number: usize) -> Option<String> {
    let ast = parse::Parser::new().parse(pattern).ok()?;
    let number = u32::try_from(number).ok()?;
    let found = ast::visit(
        &ast,
        Groups {
            number,
            found: None,
            taken: false,
        },
    )
    .ok()?;
    let (start, end) = found?;
    let named = format!("{}(?<secret>{}", &pattern[..start], &pattern[end..]);
    literals::parse(&named).is_ok().then_some(named)
}

/// Looks for a group by its number: where its opening begins and ends.
struct Groups {
    number: u32,
    found: Option<(usize, usize)>,
    taken: bool,
}

impl Visitor for Groups {
    type Output = Option<(usize, usize)>;
    type Err = ();

    fn visit_pre(&mut self, ast: &Ast) -> Result<(), ()> {
        let Ast::Group(group) = ast else {
            return Ok(());
        };
        let start = group.span.start.offset;
        match &group.kind {
            GroupKind::CaptureIndex(index) if *index == self.number => {
                self.found = Some((start, start + 1));
            }
            GroupKind::CaptureName { name, .. } if name.index == self.number => {
                self.found = Some((start, name.span.end.offset + 1));
            }
            GroupKind::CaptureName { name, .. } => self.taken |= name.name == "secret",
            _ => {}
        }
        Ok(())
    }

    fn finish(self) -> Result<Self::Output, ()> {
        Ok(self.found.filter(|_| !self.taken))
    }
}

/// What wakes a rule.
struct Waking {
    /// Words near a match, where its pattern has none.
    near: Vec<String>,
    /// The pattern says by itself whose secret it is.
    particular: bool,
}

fn waking(pattern: &str, rule: &Rule, carried: &Carried<'_>) -> Result<Waking, Fault> {
    let unreadable = |_| ("its expression cannot be read here", BY_HAND);
    let own = Shape::of(pattern, &[]).map_err(unreadable)?.keywords;
    let wakes = |word: &String| word.len() >= SHORTEST;
    let words = rule.keywords.iter().map(|word| word.to_ascii_lowercase());
    let words: Vec<String> = words
        .filter(|word| wakes(word) && !carried.guard.hides(word))
        .collect();
    let is_own = own.iter().any(wakes);
    let particular = is_own && !own.iter().all(|word| is_general(word));
    if !particular && !words.is_empty() && words.iter().all(|word| is_general(word)) {
        return Err((
            "it looks for every secret by its name, as `hardcoded-credential` does here",
            "nothing, or rules for what is your own: `keyward explain hardcoded-credential`",
        ));
    }
    if !is_own && words.is_empty() {
        return Err((
            "nothing can wake it: no three letters stand in every match, and it has no keywords",
            "write it by hand, with words of which one stands near each match: `near` in rules/README.md",
        ));
    }
    Ok(Waking {
        near: if is_own { Vec::new() } else { words },
        particular,
    })
}

/// Whether a keyword, or the beginning of one that is derived from a pattern, is made of such words.
fn is_general(word: &str) -> bool {
    let word = word.to_ascii_lowercase();
    let mut parts = word
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|part| !part.is_empty());
    parts.all(|part| GENERAL.iter().any(|general| general.starts_with(part)))
}

fn of_path(
    at: &str,
    rule: &Rule,
    notes: &mut Vec<String>,
    carried: &mut Carried<'_>,
) -> Vec<String> {
    if rule.path.is_empty() {
        return Vec::new();
    }
    let globs = paths(at, std::slice::from_ref(&rule.path), carried);
    let globs = carried.globs(at, globs);
    if globs.is_empty() {
        notes.push("its `path` is not carried over: it looks at all files here".to_owned());
    }
    globs
}

fn check(rule: &Rule, carried: &Carried<'_>) -> Result<Check, Fault> {
    let id = id(rule, carried);
    let title = carried.words(&rule.description);
    let pack = format!(
        "id = {}\ntitle = {}\nwhy = \"whoever reads it can use what it opens; the file that it was carried over from does not say what that is\"\nfix = \"revoke it where it was issued, issue a new one, and read it from the environment or a secret manager\"\n",
        quoted(&id),
        quoted(title.as_deref().unwrap_or(&id))
    );
    // What a check has beyond these is what the file format says.
    toml::from_str(&pack).map_err(|_| NO_FORM)
}

fn plain(check: &str) -> Result<model::Rule, Fault> {
    let rule = format!(
        "check = {}\nseverity = \"{}\"\n",
        quoted(check),
        Severity::High
    );
    toml::from_str(&rule).map_err(|_| NO_FORM)
}

/// An id in kebab-case that no other check has.
fn id(rule: &Rule, carried: &Carried<'_>) -> String {
    let name = carried.words(&rule.id).unwrap_or_default();
    let parts: Vec<String> = name
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|part| !part.is_empty())
        .map(str::to_ascii_lowercase)
        .collect();
    let name = if parts.is_empty() {
        "gitleaks-rule".to_owned()
    } else {
        parts.join("-")
    };
    let taken = |id: &str| carried.has_check(id);
    if !taken(&name) {
        return name;
    }
    let mut names = (1..).map(|n| {
        if n == 1 {
            format!("own-{name}")
        } else {
            format!("own-{name}-{n}")
        }
    });
    names.find(|id| !taken(id)).unwrap_or(name)
}

fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Float(number) => Some(*number),
        #[allow(clippy::cast_precision_loss)]
        Value::Integer(number) => Some(*number as f64),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_group_of_a_number_gets_the_name() {
        assert_eq!(group("a(b)(c)", 2).as_deref(), Some("a(b)(?<secret>c)"));
        assert_eq!(
            group(r"\((?:x)[(](?P<n>c)", 1).as_deref(),
            Some(r"\((?:x)[(](?<secret>c)")
        );
        assert_eq!(group("(a)", 2), None);
        assert_eq!(group("(?P<secret>a)(b)", 2), None);
        assert_eq!(
            group("(?P<secret>a)(b)", 1).as_deref(),
            Some("(?<secret>a)(b)")
        );
    }
}
