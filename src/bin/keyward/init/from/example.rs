//! The examples that `keyward rules check` asks of a rule, made up from its pattern. None of them holds a token: macros stand for what is random.

use keyward::classify::Setting;
use keyward::formats::literals::{self, Shape};
use keyward::model::{Pack, RelPath, Rule, Standing};
use keyward::rules::examples::expand;
use keyward::rules::{Choice, Document, Loaded, Ruleset};
use keyward::text::Syntax;
use regex_syntax::hir::{Class, Hir, HirKind};

use super::super::carried::Own;

/// Lengths of what has no length of its own, the likeliest first.
const LENGTHS: [usize; 3] = [24, 36, 12];
/// Characters of a value that is made of any.
const SHORTEST: usize = 16;
/// Bytes of an example.
const LONGEST: usize = 2000;
/// Rules that all examples together may wake: a rule costs each time, and there may be many that wake by the same word.
const MOST_WOKEN: usize = 20_000;
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
/// Rules that do not load have none: whoever writes them down notices.
pub fn give(own: &mut [Own]) {
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
        match of(&rules, &own.rule, &mut cost) {
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

fn of(rules: &Ruleset, rule: &Rule, cost: &mut Cost) -> Option<(String, String)> {
    let hir = literals::parse(rule.pattern.as_deref()?).ok()?;
    let path = path_of(rule);
    let mut found = |example: &str| {
        let found = || found(rules, &path, &rule.check, example);
        cost.affords(example).then(found).flatten()
    };
    let word = rule.near.first().map(|word| format!("{word} "));
    let hit = LENGTHS.iter().find_map(|length| {
        let mut text = word.clone().unwrap_or_default();
        write(&hir, *length, &mut text)?;
        Some(text).filter(|text| found(text) == Some((true, false)))
    })?;
    let miss = [placeholder(&hit), "nothing of the kind".to_owned()];
    let is_miss = |text: &String| found(text).is_some_and(|(own, _)| !own);
    Some((hit, miss.into_iter().find(is_miss)?))
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
    let text = expand(example)?;
    let hits = rules.hits(&Document {
        path,
        syntax: Syntax::of_path(path),
        text: text.as_bytes(),
        beginning: text.as_bytes(),
        whole: true,
        setting: &Setting::new(path, Standing::Tracked),
    });
    let own = hits.iter().any(|hit| hit.check.id == id);
    let others = hits.iter().any(|hit| hit.check.id != id && !hit.by_name);
    Some((own, others))
}

/// Writes a text that the expression matches; nothing where it would be too long or cannot be written down.
fn write(hir: &Hir, length: usize, out: &mut String) -> Option<()> {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => {}
        HirKind::Literal(literal) => {
            let text = std::str::from_utf8(&literal.0).ok()?;
            if text.contains("<<") || text.chars().any(char::is_control) {
                return None;
            }
            out.push_str(text);
        }
        HirKind::Class(class) => out.push(sign(class)?),
        HirKind::Capture(capture) => write(&capture.sub, length, out)?,
        HirKind::Concat(parts) => parts.iter().try_for_each(|part| write(part, length, out))?,
        HirKind::Alternation(ways) => write(ways.first()?, length, out)?,
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
                        None => (0..min).try_for_each(|_| write(&repetition.sub, length, out))?,
                    }
                }
                _ => (0..min).try_for_each(|_| write(&repetition.sub, length, out))?,
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
fn sign(class: &Class) -> Option<char> {
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
        write(&literals::parse(pattern).expect("a pattern"), 24, &mut out)?;
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
    fn placeholders_are_of_the_same_length() {
        assert_eq!(placeholder("a_<<an4>>-<<hex2>>"), "a_xxxx-xx");
    }
}
