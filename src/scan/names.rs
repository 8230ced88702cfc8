//! Secrets in the names of files and of settings: the place is told, the secret is not.

use std::collections::HashMap;
use std::sync::OnceLock;

use crate::classify::Setting;
use crate::model::{RelPath, Secret, Span, Standing};
use crate::rules::{Document, Ruleset};
use crate::text::Syntax;

/// Masks what vendors' formats find in paths and in what is said of a place; each text is looked at once.
pub(super) struct Names<'a> {
    rules: &'a Ruleset,
    known: HashMap<RelPath, RelPath>,
    said: HashMap<String, String>,
}

impl<'a> Names<'a> {
    /// Names as these rules see them.
    pub(super) fn new(rules: &'a Ruleset) -> Self {
        Self {
            rules,
            known: HashMap::new(),
            said: HashMap::new(),
        }
    }

    /// What a check says of a place, as it may be shown: the names of keys and files and the lines of ignore files that it repeats are the
    /// repository's words.
    pub(super) fn conceal_words(&mut self, words: &mut String) {
        if !self.said.contains_key(words) {
            let shown = masked(&RelPath::new(words.as_bytes()), self.rules);
            let shown = String::from_utf8_lossy(shown.as_bytes()).into_owned();
            self.said.insert(words.clone(), shown);
        }
        if let Some(shown) = self.said.get(words) {
            words.clone_from(shown);
        }
    }

    /// The path as it may be shown.
    pub(super) fn conceal(&mut self, path: &mut RelPath) {
        if !self.known.contains_key(path) {
            self.known.insert(path.clone(), masked(path, self.rules));
        }
        if let Some(shown) = self.known.get(path) {
            *path = shown.clone();
        }
    }
}

/// A message as it may be shown where there is no report to conceal it: what the built-in formats of vendors find in it is masked. It may
/// repeat what a file, a branch or a variable is called.
pub fn concealed(message: &str) -> String {
    static RULES: OnceLock<Option<Ruleset>> = OnceLock::new();
    match RULES.get_or_init(|| Ruleset::builtin().ok()) {
        Some(rules) => {
            let shown = masked(&RelPath::from(message), rules);
            String::from_utf8_lossy(shown.as_bytes()).into_owned()
        }
        None => message.to_owned(),
    }
}

fn masked(path: &RelPath, rules: &Ruleset) -> RelPath {
    let text = path.as_bytes();
    let hits = rules.hits(&Document {
        path,
        syntax: Syntax::Prose,
        text,
        beginning: text,
        whole: false,
        setting: &Setting::new(path, Standing::Unversioned),
    });
    // What only its name gives away is no secret in a path: `token-list`, `password=reset`.
    let mut spans: Vec<Span> = hits
        .into_iter()
        .filter(|h| !h.by_name)
        .flat_map(|h| h.hidden)
        .collect();
    if spans.is_empty() {
        return path.clone();
    }
    spans.sort();
    let mut out = Vec::with_capacity(text.len());
    let mut at = 0;
    for span in spans {
        if span.end <= at {
            continue;
        }
        let start = span.start.max(at);
        out.extend_from_slice(&text[at..start]);
        out.extend_from_slice(Secret::new(&text[start..span.end]).masked().as_bytes());
        at = span.end;
    }
    out.extend_from_slice(&text[at..]);
    RelPath::new(out)
}
