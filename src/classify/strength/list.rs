//! `rules/weak-secrets.toml`, read once: the keys that everybody knows, and those that can be made of their parts.

use std::sync::LazyLock;

use foldhash::{HashMap, HashSet};
use serde::Deserialize;

use crate::classify::values;

/// The lists as they are written; what each is for stands in the TOML.
#[derive(Deserialize)]
#[serde(bound(deserialize = "'de: 'static"))]
struct Source {
    published: Vec<(&'static str, &'static str)>,
    beginnings: Vec<&'static str>,
    telling: Vec<&'static str>,
    written: Vec<&'static str>,
    numbers: Vec<&'static str>,
    parts: Parts,
}

#[derive(Deserialize)]
#[serde(bound(deserialize = "'de: 'static"))]
struct Parts {
    before: Vec<&'static str>,
    nouns: Vec<&'static str>,
    after: Vec<&'static str>,
}

struct List {
    source: Source,
    published: HashMap<&'static [u8], &'static str>,
    /// Every key as [`fold`] and as [`unmask`] leave it.
    folded: HashSet<String>,
    /// The same of what can be made of the parts, without ends.
    made: HashSet<String>,
}

static LIST: LazyLock<List> = LazyLock::new(|| {
    // Embedded text, whose shape a test holds.
    let source: Source =
        serde_json::from_str(include_str!(concat!(env!("OUT_DIR"), "/weak-secrets.json")))
            .expect("rules/weak-secrets.toml has the shape that list.rs reads");
    let folded = written(&source)
        .flat_map(|key| {
            let folded = fold(key.as_bytes());
            [unmask(&folded), folded]
        })
        .filter(|key| !key.is_empty())
        .collect();
    let made = joined(&source.parts)
        .map(|words| fold(words.as_bytes()))
        .collect();
    let published = source
        .published
        .iter()
        .map(|&(key, place)| (key.as_bytes(), place))
        .collect();
    List {
        source,
        published,
        folded,
        made,
    }
});

/// What people join of the parts, with blanks between the words.
fn joined(parts: &Parts) -> impl Iterator<Item = String> {
    parts.before.iter().flat_map(|before| {
        parts
            .nouns
            .iter()
            .map(move |noun| format!("{before} {noun}").trim_start().to_owned())
    })
}

/// All keys of the lists, as they are written.
fn written(source: &Source) -> impl Iterator<Item = &'static str> {
    source
        .published
        .iter()
        .map(|(key, _)| *key)
        .chain(source.written.iter().copied())
        .chain(source.numbers.iter().copied())
}

/// Where `key` is published as a sample or a demo, byte for byte: `jwt.io: the sample token`. Nothing for words that many take, as `secret`.
pub fn published(key: &[u8]) -> Option<&'static str> {
    LIST.published.get(key).copied()
}

/// Lower case, without separators.
pub(super) fn fold(text: &[u8]) -> String {
    String::from_utf8_lossy(text)
        .chars()
        .filter(|c| {
            !matches!(
                c,
                '-' | '_' | '.' | ' ' | ':' | '/' | ',' | '\t' | '\'' | '"'
            )
        })
        .flat_map(char::to_lowercase)
        .collect()
}

/// `s3cr3t` is `secret`.
fn unmask(folded: &str) -> String {
    folded
        .chars()
        .map(|c| match c {
            '0' => 'o',
            '1' => 'i',
            '3' => 'e',
            '4' | '@' => 'a',
            '5' | '$' => 's',
            '7' => 't',
            c => c,
        })
        .collect()
}

/// Without the digits and marks that people put at the end.
pub(super) fn stem(folded: &str) -> &str {
    folded.trim_end_matches(|c: char| c.is_ascii_digit() || c.is_ascii_punctuation())
}

/// Whether `text` is a key of the lists, in one of its disguises, once or repeated, or tells that it is none to keep.
pub(super) fn is_listed(text: &[u8], words: &[String]) -> bool {
    let begins = |start: &&str| text.starts_with(start.as_bytes());
    if LIST.source.beginnings.iter().any(begins) || values::is_common(text) {
        return true;
    }
    let folded = fold(text);
    let unit = folded
        .get(..values::period(folded.as_bytes()))
        .unwrap_or(&folded);
    let listed = values::is_common(folded.as_bytes())
        || [folded.as_str(), unit].into_iter().any(|text| {
            [text, stem(text)]
                .into_iter()
                .any(|text| LIST.folded.contains(text) || LIST.folded.contains(&unmask(text)))
        });
    listed || (!values::is_random(text) && tells(words))
}

/// Whether `text` is joined of the parts that people join, in one of its disguises.
pub(super) fn is_made(text: &[u8]) -> bool {
    let folded = fold(text);
    let stem = stem(&folded);
    LIST.made.contains(stem) || LIST.made.contains(unmask(stem).as_str())
}

/// Whether the words say that the value is to be replaced.
fn tells(words: &[String]) -> bool {
    let text = words.join(" ");
    LIST.source
        .telling
        .iter()
        .any(|phrase| values::holds(&text, phrase))
}

/// Keys to try on a token, the likeliest first and each once: the lists, the common passwords, and what people join of `secret`, `jwt`, `my` …,
/// in the usual cases and with the usual ends. The same on every call; less than 20,000.
pub fn candidates() -> impl Iterator<Item = Vec<u8>> {
    static ALL: LazyLock<Vec<Vec<u8>>> = LazyLock::new(made);
    ALL.iter().cloned()
}

fn made() -> Vec<Vec<u8>> {
    let source = &LIST.source;
    let mut all = Candidates::default();
    written(source).for_each(|key| all.add(key.to_owned()));
    for key in values::common() {
        all.add(key.to_owned());
        if key.bytes().all(|b| b.is_ascii_alphabetic()) {
            all.add(format!("{key}1"));
            all.add(format!("{key}123"));
        }
    }
    for key in written(source).filter(|key| key.contains(' ')) {
        all.add(key.replace(' ', ""));
        all.add(key.replace(' ', "-"));
        all.add(key.replace(' ', "_"));
        all.add(camel(key));
    }
    for words in joined(&source.parts) {
        for after in &source.parts.after {
            all.add(format!("{}{after}", words.replace(' ', "")));
            all.add(format!("{}{after}", camel(&words)));
        }
        for after in ["", "1", "123", "!"] {
            all.add(format!("{}{after}", words.replace(' ', "-")));
            all.add(format!("{}{after}", words.replace(' ', "_")));
            all.add(format!("{}{after}", capital(&camel(&words))));
        }
        all.add(words.replace(' ', "_").to_ascii_uppercase());
        all.add(words);
    }
    all.list
}

#[derive(Default)]
struct Candidates {
    list: Vec<Vec<u8>>,
    seen: HashSet<String>,
}

impl Candidates {
    fn add(&mut self, key: String) {
        if !key.is_empty() && !self.seen.contains(&key) {
            self.list.push(key.clone().into_bytes());
            self.seen.insert(key);
        }
    }
}

/// `my secret key` is `mySecretKey`.
fn camel(words: &str) -> String {
    let mut parts = words.split(' ');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |joined, word| joined + &capital(word))
}

fn capital(word: &str) -> String {
    let mut chars = word.chars();
    match chars.next() {
        Some(first) => first.to_uppercase().chain(chars).collect(),
        None => String::new(),
    }
}
