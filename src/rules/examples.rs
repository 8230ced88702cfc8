//! Rules prove themselves: every example of every rule, run through all rules.
//!
//! Examples hold macros (`<<an36>>`) instead of tokens, because a token-shaped text in a repository is refused by hosts' push protection
//! and found by keyward itself. [`expand`] makes them, the same ones each time.

use std::path::PathBuf;

use data_encoding::{BASE64, BASE64URL_NOPAD};
use sha2::{Digest, Sha256};

use super::load::from_build;
use super::{Choice, Document, Loaded, Ruleset, folder};
use crate::classify::Setting;
use crate::model::{Hit, Pack, RelPath, Result, Rule, Standing};
use crate::text::Syntax;

/// An example that does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The file of the rule.
    pub file: PathBuf,
    /// The line of the rule, 0 where it is not known.
    pub line: usize,
    /// The rule's name.
    pub rule: String,
    /// What does not hold.
    pub message: String,
}

/// How many rules and examples were run, and what did not hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Rules.
    pub rules: usize,
    /// Examples of both kinds.
    pub examples: usize,
    /// What did not hold.
    pub faults: Vec<Fault>,
}

/// Runs the examples of the built-in rules and of the packs in `paths` (files or folders) through all of them.
///
/// # Errors
/// A pack that cannot be read or loaded.
pub fn check(paths: &[PathBuf]) -> Result<Outcome> {
    let mut packs = builtin()?;
    let mut users = Vec::new();
    for path in paths {
        users.extend(folder(path)?);
    }
    let ruleset = Ruleset::load(users.clone())?.choose(&Choice::default())?;
    packs.extend(users);
    let mut outcome = Outcome::default();
    for loaded in &packs {
        for (i, rule) in loaded.pack.rules.iter().enumerate() {
            outcome.rules += 1;
            outcome.examples += rule.hit.len() + rule.miss.len();
            outcome
                .faults
                .extend(faults(&ruleset, rule).into_iter().map(|message| Fault {
                    file: loaded.file.clone(),
                    line: if loaded.builtin {
                        0
                    } else {
                        loaded.line_of("[[rule]]", i)
                    },
                    rule: rule.name().to_owned(),
                    message,
                }));
        }
    }
    Ok(outcome)
}

pub(super) fn builtin() -> Result<Vec<Loaded>> {
    const EXAMPLES: &str = include_str!(concat!(env!("OUT_DIR"), "/examples.json"));
    let packs: Vec<(String, Pack)> = from_build(EXAMPLES)?;
    Ok(packs
        .into_iter()
        .map(|(file, pack)| Loaded::builtin(file, pack, Vec::new()))
        .collect())
}

fn faults(ruleset: &Ruleset, rule: &Rule) -> Vec<String> {
    let mut faults = Vec::new();
    if rule.hit.is_empty() || rule.miss.is_empty() {
        faults.push("has no example that must hit, or none that must miss".to_owned());
    }
    for example in &rule.hit {
        let Some(text) = expand(example) else {
            faults.push(format!("`{example}` holds a macro that is not known"));
            continue;
        };
        let hits = run(ruleset, rule, &text);
        // A credential by name is told under the id of its kind of file.
        let is_own = |h: &Hit| {
            h.check.id == rule.check || h.check.family == rule.check && !h.check.kinds.is_empty()
        };
        if !hits.iter().any(is_own) {
            faults.push(format!("does not hit `{example}`"));
        }
        // A name in the example may hold another value beside the token.
        let others = hits
            .iter()
            .filter(|h| h.check.id != rule.check && !h.by_name && !rule.also.contains(&h.check.id));
        faults.extend(others.map(|h| {
            format!(
                "`{example}` is found as `{}`: mend one of the two, or declare also = [\"{}\"]",
                h.check.id, h.check.id
            )
        }));
    }
    for example in &rule.miss {
        match expand(example) {
            None => faults.push(format!("`{example}` holds a macro that is not known")),
            Some(text)
                if run(ruleset, rule, &text)
                    .iter()
                    .any(|h| h.check.id == rule.check) =>
            {
                faults.push(format!("hits `{example}`, which it must miss"));
            }
            Some(_) => {}
        }
    }
    faults.sort();
    faults.dedup();
    faults
}

fn run(ruleset: &Ruleset, rule: &Rule, text: &str) -> Vec<Hit> {
    let path = match (&rule.file, rule.paths.first()) {
        (Some(file), _) => RelPath::from(file.as_str()),
        (None, Some(glob)) => RelPath::from(glob.replace("**/", "").replace('*', "x").as_str()),
        (None, None) if rule.on.is_code() => RelPath::from("src/example.js"),
        (None, None) => RelPath::from("example"),
    };
    let mut hits = ruleset.hits(&Document {
        path: &path,
        syntax: Syntax::of_path(&path),
        text: text.as_bytes(),
        beginning: text.as_bytes(),
        whole: true,
        setting: &Setting::new(&path, Standing::Tracked),
    });
    // Evidence is what its own rule saw, and no finding of others.
    let own = |hit: &Hit| {
        hit.evidence
            .as_ref()
            .is_none_or(|seen| seen.rule == rule.name())
    };
    hits.retain(own);
    hits
}

/// Character classes of the macros, as rules/README.md lists them.
const CLASSES: &[(&str, &[&str])] = &[
    ("b64u", &[DIGITS, UPPER, LOWER, "-_"]),
    ("b64", &[DIGITS, UPPER, LOWER, "+/"]),
    ("b32", &[UPPER, "234567"]),
    ("lb32", &[LOWER, "234567"]),
    ("lan", &[DIGITS, LOWER]),
    ("uan", &[DIGITS, UPPER]),
    ("hex", &[DIGITS, "abcdef"]),
    ("HEX", &[DIGITS, "ABCDEF"]),
    ("an", &[DIGITS, UPPER, LOWER]),
    ("al", &[UPPER, LOWER]),
    ("lc", &[LOWER]),
    ("uc", &[UPPER]),
    ("dg", &[DIGITS]),
];
const DIGITS: &str = "0123456789";
const UPPER: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const LOWER: &str = "abcdefghijklmnopqrstuvwxyz";

/// Replaces the macros of `example`; nothing if one of them is not known.
pub fn expand(example: &str) -> Option<String> {
    let mut out = String::new();
    let mut rest = example;
    while let Some(start) = macro_at(rest) {
        let end = start + rest[start..].find(">>")?;
        out.push_str(&rest[..start]);
        let mut random = Random::new(example, out.len());
        out.push_str(&token(&rest[start + 2..end], &mut random)?);
        rest = &rest[end + 2..];
    }
    out.push_str(rest);
    Some(out)
}

/// Where the next macro begins: `<<` and a letter. A quoted here-document is none.
pub(super) fn macro_at(text: &str) -> Option<usize> {
    text.match_indices("<<")
        .map(|(at, _)| at)
        .find(|at| text[at + 2..].starts_with(|c: char| c.is_ascii_alphabetic()))
}

pub(super) fn token(name: &str, random: &mut Random) -> Option<String> {
    if let Some(text) = name.strip_prefix("b64:") {
        return Some(BASE64.encode(text.as_bytes()));
    }
    if let Some(text) = name.strip_prefix("b64u:") {
        return Some(BASE64URL_NOPAD.encode(text.as_bytes()));
    }
    if let Some(text) = name.strip_prefix("is:") {
        return Some(text.to_owned());
    }
    if let Some(label) = name.strip_prefix("pem:") {
        return Some(pem(label, random));
    }
    match name {
        "uuid" => {
            let hex = random.of(&[DIGITS, "abcdef"], 30);
            return Some(format!(
                "{}-{}-4{}-a{}-{}",
                &hex[..8],
                &hex[8..12],
                &hex[12..15],
                &hex[15..18],
                &hex[18..30]
            ));
        }
        "jwt" => {
            let header = BASE64URL_NOPAD.encode(br#"{"alg":"HS256","typ":"JWT"}"#);
            let payload = format!(
                r#"{{"sub":"{}","iat":1700000000}}"#,
                random.of(&[DIGITS], 10)
            );
            return Some(format!(
                "{header}.{}.{}",
                BASE64URL_NOPAD.encode(payload.as_bytes()),
                BASE64URL_NOPAD.encode(&random.bytes(32))
            ));
        }
        _ => {}
    }
    let (class, count) = CLASSES.iter().find_map(|(class, kinds)| {
        Some((
            kinds,
            name.strip_prefix(class)?
                .trim_start_matches('_')
                .parse()
                .ok()?,
        ))
    })?;
    let mut text = random.of(class, count);
    if name.starts_with("dg") && text.starts_with('0') {
        text.replace_range(..1, "7");
    }
    if name.starts_with("b64u") && count > 2 {
        text.replace_range(..1, "K");
        text.replace_range(count - 1.., "w");
    }
    Some(text)
}

/// A PEM block whose DER header has the length of its body.
fn pem(label: &str, random: &mut Random) -> String {
    let mut der = if label.starts_with("OPENSSH") {
        b"openssh-key-v1\0\0\0\0\x04none".to_vec()
    } else {
        vec![0x30, 0x82, 0x02, 0x54]
    };
    let rest = 600 - der.len();
    der.extend(random.bytes(rest));
    let body = BASE64.encode(&der);
    let lines: Vec<&str> = (0..body.len())
        .step_by(64)
        .map(|i| &body[i..body.len().min(i + 64)])
        .collect();
    format!(
        "-----BEGIN {label}-----\n{}\n-----END {label}-----",
        lines.join("\n")
    )
}

/// Bytes that look random and are the same each time: SHA-256 of a counter.
pub(super) struct Random {
    seed: Vec<u8>,
    counter: u64,
    ready: Vec<u8>,
}

impl Random {
    pub(super) fn new(example: &str, at: usize) -> Self {
        Self {
            seed: format!("{at}:{example}").into_bytes(),
            counter: 0,
            ready: Vec::new(),
        }
    }

    fn byte(&mut self) -> u8 {
        if self.ready.is_empty() {
            let mut hasher = Sha256::new();
            hasher.update(&self.seed);
            hasher.update(self.counter.to_le_bytes());
            self.counter += 1;
            self.ready = hasher.finalize().to_vec();
        }
        self.ready.pop().unwrap_or_default()
    }

    fn bytes(&mut self, count: usize) -> Vec<u8> {
        (0..count).map(|_| self.byte()).collect()
    }

    /// `count` characters of all `kinds`, each kind present where there is room.
    fn of(&mut self, kinds: &[&str], count: usize) -> String {
        let all: Vec<u8> = kinds.concat().into_bytes();
        let mut text: Vec<u8> = (0..count)
            .map(|_| all[usize::from(self.byte()) % all.len()])
            .collect();
        for (i, kind) in kinds.iter().enumerate().filter(|_| count > 2 * kinds.len()) {
            if !text.iter().any(|b| kind.as_bytes().contains(b)) {
                text[1 + i] = kind.as_bytes()[usize::from(self.byte()) % kind.len()];
            }
        }
        String::from_utf8_lossy(&text).into_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn macros_expand_to_their_class_and_length_and_always_the_same() {
        let text = expand("x=<<an36>>;<<HEX8>>;<<b64u12>>").expect("known macros");
        assert_eq!(
            text,
            expand("x=<<an36>>;<<HEX8>>;<<b64u12>>").expect("known macros")
        );
        let parts: Vec<&str> = text.trim_start_matches("x=").split(';').collect();
        assert_eq!(
            parts.iter().map(|p| p.len()).collect::<Vec<_>>(),
            [36, 8, 12]
        );
        assert!(
            parts[1]
                .bytes()
                .all(|b| b.is_ascii_hexdigit() && !b.is_ascii_lowercase())
        );
        assert_eq!(expand("<<nonsense4>>"), None);
        assert_eq!(expand("cat <<'EOF'").as_deref(), Some("cat <<'EOF'"));
        assert_eq!(expand("<<uuid>>").expect("known").len(), 36);
    }
}
