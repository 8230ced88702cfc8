//! The examples that `keyward rules check` asks of a rule, made up from its pattern. None of them holds a token: macros stand for what is random.

use std::collections::BTreeSet;

use keyward::classify::Setting;
use keyward::formats::literals::{self, Shape};
use keyward::model::{Hit, Pack, RelPath, Rule, Standing};
use keyward::rules::examples::expand;
use keyward::rules::{Choice, Document, Loaded, Ruleset};
use keyward::text::Syntax;
use regex_syntax::hir::{Class, Hir, HirKind};

use super::super::carried::Own;

/// Lengths of what has no length of its own, the likeliest first.
const LENGTHS: [usize; 3] = [24, 36, 12];
/// Characters of a value that is made of any.
const SHORTEST: usize = 16;
/// What rules about private keys find, and no text that is made up from their patterns is.
const KEYS: [&str; 2] = ["<<pem:RSA PRIVATE KEY>>", "<<pem:OPENSSH PRIVATE KEY>>"];
/// Bytes of an example.
const LONGEST: usize = 2000;
/// Rules that all examples together may wake: a rule costs each time, and there may be many that wake by the same word.
const MOST_WOKEN: usize = 20_000;
/// Ways of a pattern, such as the prefixes of several tokens, that are tried.
const MOST_WAYS: usize = 8;
/// Macros of rules/README.md, with their characters, the widest first that fit most classes.
const MACROS: [(&str, &str); 8] = [
    (
        "an",
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
    ),
    ("lan", "0123456789abcdefghijklmnopqrstuvwxyz"),
    ("uan", "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
    ("hex", "0123456789abcdef"),
    ("HEX", "0123456789ABCDEF"),
    ("lc", "abcdefghijklmnopqrstuvwxyz"),
    ("uc", "ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
    ("dg", "0123456789"),
];
/// Characters that stand for a class of signs, where it has them.
const SIGNS: &[u8] = b"=:\"'_- ./+,;";

/// Gives each rule a text that it hits and one that it misses, both tried beside all others; where none can be made up, its notes say so.
/// Rules that do not load have none: whoever writes them down notices. What `builtin` rules know by its format is no example.
pub fn give(own: &mut [Own], builtin: &Ruleset) {
    if own.is_empty() {
        return;
    }
    let pack = Pack {
        checks: own.iter().map(|own| own.check.clone()).collect(),
        rules: own.iter().map(|own| own.rule.clone()).collect(),
        ..Pack::default()
    };
    let loaded = Loaded::embedded("keyward.toml".as_ref(), "", pack);
    let loaded = Ruleset::load(vec![loaded]);
    let Ok(rules) = loaded.and_then(|rules| rules.choose(&Choice::default())) else {
        return;
    };
    let mut cost = Cost::of(own);
    for own in own {
        match of((&rules, builtin), &own.rule, &mut cost) {
            Some((hit, miss)) => (own.rule.hit, own.rule.miss) = (vec![hit], vec![miss]),
            None => own.notes.push("no example could be made up: add `hit` and `miss`, which `keyward rules check` asks for".to_owned()),
        }
    }
}

/// What examples may still cost, and the words that wake the rules.
struct Cost {
    words: Vec<Vec<String>>,
    left: usize,
}

impl Cost {
    fn of(own: &[Own]) -> Self {
        let words = |own: &Own| {
            let shape = || Shape::of(own.rule.pattern.as_deref()?, &[]).ok();
            let keywords = || shape().map_or_else(Vec::new, |shape| shape.keywords);
            let words = match &own.rule.near[..] {
                [] => keywords(),
                near => near.to_vec(),
            };
            words.iter().map(|word| word.to_ascii_lowercase()).collect()
        };
        Self {
            words: own.iter().map(words).collect(),
            left: MOST_WOKEN,
        }
    }

    /// Whether an example can be tried still.
    fn affords(&mut self, example: &str) -> bool {
        let example = example.to_ascii_lowercase();
        let wakes = |words: &&Vec<String>| words.iter().any(|word| example.contains(&**word));
        let woken = self.words.iter().filter(wakes).count();
        let left = self.left.checked_sub(woken);
        self.left = left.unwrap_or(0);
        left.is_some()
    }
}

/// What built-in rules know of what a rule finds.
pub struct Known {
    /// Their checks.
    pub ids: BTreeSet<String>,
    /// They know all of it.
    pub whole: bool,
}

/// What of a rule the `builtin` ones find by formats of their own: each way that its pattern has is made up and tried.
pub fn known(builtin: &Ruleset, rule: &Rule) -> Known {
    let mut known = Known {
        ids: BTreeSet::new(),
        whole: false,
    };
    let pattern = rule.pattern.as_deref().unwrap_or_default();
    let Ok(hir) = literals::parse(pattern) else {
        return known;
    };
    let (path, count) = (path_of(rule), ways(&hir));
    known.whole = count <= MOST_WAYS;
    for way in 0..count.min(MOST_WAYS) {
        let mut all = LENGTHS.iter().filter_map(|length| {
            let text = text(rule, &hir, way, *length)?;
            Some(by_format(builtin, &path, &text)).filter(|ids| !ids.is_empty())
        });
        match all.next() {
            Some(ids) => known.ids.extend(ids),
            None => known.whole = false,
        }
    }
    let regex = regex::Regex::new(pattern);
    let is_found = |key: &String| regex.as_ref().is_ok_and(|regex| regex.is_match(key));
    for key in KEYS {
        if expand(key).as_ref().is_some_and(is_found) {
            let ids = by_format(builtin, &path, key);
            known.whole |= !ids.is_empty();
            known.ids.extend(ids);
        }
    }
    known
}

/// The checks that find a credential in a text by its format.
fn by_format(rules: &Ruleset, path: &RelPath, example: &str) -> Vec<String> {
    let hits = hits(rules, path, example).unwrap_or_default().into_iter();
    let hits = hits.filter(|hit| !hit.by_name && hit.evidence.is_none());
    hits.filter(|hit| hit.check.is_credential())
        .map(|hit| hit.check.id.clone())
        .collect()
}

fn of(
    (rules, builtin): (&Ruleset, &Ruleset),
    rule: &Rule,
    cost: &mut Cost,
) -> Option<(String, String)> {
    let hir = literals::parse(rule.pattern.as_deref()?).ok()?;
    let path = path_of(rule);
    let mut found = |example: &str| {
        let found = || found(rules, &path, &rule.check, example);
        cost.affords(example).then(found).flatten()
    };
    let ways = 0..ways(&hir).min(MOST_WAYS);
    let hit = ways
        .flat_map(|way| LENGTHS.map(|length| (way, length)))
        .find_map(|(way, length)| {
            let text = text(rule, &hir, way, length)?;
            let is_hit = found(&text) == Some((true, false));
            (is_hit && by_format(builtin, &path, &text).is_empty()).then_some(text)
        })?;
    let miss = [placeholder(&hit), "nothing of the kind".to_owned()];
    let is_miss = |text: &String| found(text).is_some_and(|(own, _)| !own);
    Some((hit, miss.into_iter().find(is_miss)?))
}

/// What a rule finds, with a word that wakes it where it needs one.
fn text(rule: &Rule, hir: &Hir, way: usize, length: usize) -> Option<String> {
    let word = rule.near.first().map(|word| format!("{word} "));
    let mut text = word.unwrap_or_default();
    write(hir, way, length, &mut text)?;
    Some(text)
}

/// The file that the examples of a rule stand in, as `keyward rules check` has it.
fn path_of(rule: &Rule) -> RelPath {
    let name = |glob: &String| glob.replace("**/", "").replace('*', "x");
    RelPath::from(
        rule.paths
            .first()
            .map_or_else(|| "example".to_owned(), name)
            .as_str(),
    )
}

/// Whether a check is found in an example, and whether others are by their formats.
fn found(rules: &Ruleset, path: &RelPath, id: &str, example: &str) -> Option<(bool, bool)> {
    let hits = hits(rules, path, example)?;
    let own = hits.iter().any(|hit| hit.check.id == id);
    let others = hits.iter().any(|hit| hit.check.id != id && !hit.by_name);
    Some((own, others))
}

fn hits(rules: &Ruleset, path: &RelPath, example: &str) -> Option<Vec<Hit>> {
    let text = expand(example)?;
    Some(rules.hits(&Document {
        path,
        syntax: Syntax::of_path(path),
        text: text.as_bytes(),
        beginning: text.as_bytes(),
        whole: true,
        setting: &Setting::new(path, Standing::Tracked),
    }))
}

/// How many texts it takes for each alternative of an expression to stand in one of them.
fn ways(hir: &Hir) -> usize {
    let most = |parts: &[Hir]| parts.iter().map(ways).max().unwrap_or(1);
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) | HirKind::Literal(_) => 1,
        HirKind::Class(class) => choices(class).len().max(1),
        HirKind::Capture(capture) => ways(&capture.sub),
        HirKind::Repetition(repetition) => match repetition.sub.kind() {
            HirKind::Class(_) => 1,
            _ => ways(&repetition.sub),
        },
        HirKind::Concat(parts) => most(parts),
        HirKind::Alternation(parts) => parts.len().max(most(parts)),
    }
}

/// The letters and digits of a class that is a few of them, as the parser makes one of `p|o`: in one case, where it has both.
fn choices(class: &Class) -> Vec<u8> {
    let mut all: Vec<u8> = Vec::new();
    for b in (0..=u8::MAX).rev().filter(|b| holds(class, *b)) {
        let is_same = |known: &u8| known.eq_ignore_ascii_case(&b);
        if !b.is_ascii_alphanumeric() {
            return Vec::new();
        }
        if !all.iter().any(is_same) {
            all.push(b);
        }
    }
    all.reverse();
    if all.len() > MOST_WAYS {
        all.clear();
    }
    all
}

/// Writes a text that the expression matches, by the `way`th of its alternatives; nothing where it would be too long or cannot be written down.
fn write(hir: &Hir, way: usize, length: usize, out: &mut String) -> Option<()> {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => {}
        HirKind::Literal(literal) => {
            let text = std::str::from_utf8(&literal.0).ok()?;
            if text.contains("<<") || text.chars().any(char::is_control) {
                return None;
            }
            out.push_str(text);
        }
        HirKind::Class(class) => out.push(sign(class, way)?),
        HirKind::Capture(capture) => write(&capture.sub, way, length, out)?,
        HirKind::Concat(parts) => parts
            .iter()
            .try_for_each(|part| write(part, way, length, out))?,
        HirKind::Alternation(ways) => write(ways.get(way % ways.len())?, way, length, out)?,
        HirKind::Repetition(repetition) => {
            let (min, max) = (
                repetition.min as usize,
                repetition.max.map(|max| max as usize),
            );
            match repetition.sub.kind() {
                HirKind::Class(class) => {
                    let count = max.unwrap_or(usize::MAX).min(length).max(min);
                    match signs(class, count) {
                        Some(name) if count > 0 => out.push_str(&format!("<<{name}{count}>>")),
                        Some(_) => {}
                        None => {
                            (0..min).try_for_each(|_| write(&repetition.sub, way, length, out))?
                        }
                    }
                }
                _ => (0..min).try_for_each(|_| write(&repetition.sub, way, length, out))?,
            }
        }
    }
    (out.len() <= LONGEST).then_some(())
}

fn holds(class: &Class, b: u8) -> bool {
    match class {
        Class::Bytes(class) => class
            .iter()
            .any(|range| (range.start()..=range.end()).contains(&b)),
        Class::Unicode(class) => class
            .iter()
            .any(|range| (range.start()..=range.end()).contains(&char::from(b))),
    }
}

/// The widest macro whose characters the class has, all of them.
fn signs(class: &Class, count: usize) -> Option<&'static str> {
    let fits = |(_, signs): &&(&str, &str)| signs.bytes().all(|b| holds(class, b));
    // What holds blanks or quotes and is short stands around a value, and is no part of one.
    let is_around = count < SHORTEST && (holds(class, b' ') || holds(class, b'"'));
    let known = MACROS.iter().find(fits)?;
    (!is_around).then_some(known.0)
}

/// One character of the class.
fn sign(class: &Class, way: usize) -> Option<char> {
    let choices = choices(class);
    if let Some(at) = way.checked_rem(choices.len()) {
        return Some(char::from(choices[at]));
    }
    let plain = (b'0'..=b'9').chain(b'a'..=b'z').chain(b'A'..=b'Z');
    let all = plain.chain(SIGNS.iter().copied()).chain(b' '..=b'~');
    all.filter(|b| *b != b'<')
        .find(|b| holds(class, *b))
        .map(char::from)
}

/// The same text with `x` where it is random: a placeholder, which is no finding.
fn placeholder(example: &str) -> String {
    let mut out = String::new();
    let mut rest = example;
    while let Some((before, behind)) = rest.split_once("<<") {
        let Some((name, behind)) = behind.split_once(">>") else {
            break;
        };
        let count = name
            .trim_start_matches(|c: char| c.is_ascii_alphabetic())
            .parse()
            .unwrap_or(1);
        out.push_str(before);
        out.push_str(&"x".repeat(count));
        rest = behind;
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(pattern: &str) -> Option<String> {
        let mut out = String::new();
        write(
            &literals::parse(pattern).expect("a pattern"),
            0,
            24,
            &mut out,
        )?;
        Some(out)
    }

    #[test]
    fn an_example_is_a_match_without_a_token_in_it() {
        for (pattern, wanted) in [
            ("acme_[A-Za-z0-9]{32}", "acme_<<an32>>"),
            ("acme_(?:live|test)_([a-f0-9]+)", "acme_live_<<hex24>>"),
            (
                r#"acme\s*[:=]\s*["']([0-9a-z_-]{10,20})["']"#,
                "acme=\"<<lan20>>\"",
            ),
            ("[A-Z]{2}x", "<<uc2>>x"),
        ] {
            assert_eq!(written(pattern).as_deref(), Some(wanted), "{pattern}");
        }
        assert_eq!(written("a<<b"), None);
        assert_eq!(written("(?:a{400}){400}"), None);
    }

    #[test]
    fn each_alternative_is_one_of_the_ways() {
        for (pattern, wanted) in [
            ("acme_[a-z]{20}", &["acme_<<lc20>>"][..]),
            ("(?:ghu|ghs)_", &["ghu_", "ghs_"]),
            ("(?i)(?:ab|ac)_", &["ab_", "ac_"]),
            ("(?:akia|b3|c)[xy]", &["akiax", "b3y", "cx"]),
        ] {
            let hir = literals::parse(pattern).expect("a pattern");
            let written = (0..ways(&hir)).map(|way| {
                let mut out = String::new();
                write(&hir, way, 24, &mut out).map(|()| out)
            });
            let written: Vec<String> = written.flatten().collect();
            assert_eq!(written, wanted, "{pattern}");
        }
    }

    #[test]
    fn placeholders_are_of_the_same_length() {
        assert_eq!(placeholder("a_<<an4>>-<<hex2>>"), "a_xxxx-xx");
    }
}
