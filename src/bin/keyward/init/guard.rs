//! What another scanner was told may hold the very secrets that it was told to pass by. Nothing is written out that keyward itself would
//! report, or that looks as if a machine had made it.

use anyhow::Result;
use keyward::classify::{Setting, values};
use keyward::model::{RelPath, Standing};
use keyward::rules::{Document, Ruleset};
use keyward::text::Syntax;
use regex_syntax::hir::{Hir, HirKind};

/// Bytes of a text that is looked at; what is longer is repeated nowhere.
const LONGEST: usize = 64 << 10;

/// What stands between words, in a regular expression too.
const SEPARATORS: &str = "\"'`/:=,;()<>[]{}|^$?*\\";

/// Looks at words before they are written.
pub struct Guard {
    rules: Ruleset,
}

impl Guard {
    /// By the built-in rules.
    pub fn new() -> Result<Self> {
        Ok(Self {
            rules: Ruleset::builtin()?,
        })
    }

    /// The rules it goes by.
    pub fn rules(&self) -> &Ruleset {
        &self.rules
    }

    /// Whether the text holds what looks like a credential.
    pub fn hides(&self, text: &str) -> bool {
        if text.len() > LONGEST {
            return true;
        }
        let path = RelPath::from("keyward.toml");
        let hits = self.rules.hits(&Document {
            path: &path,
            syntax: Syntax::Prose,
            text: text.as_bytes(),
            beginning: text.as_bytes(),
            whole: false,
            setting: &Setting::new(&path, Standing::Unversioned),
        });
        let words = text.split(|c: char| c.is_whitespace() || SEPARATORS.contains(c));
        !hits.is_empty() || words.map(str::as_bytes).any(is_made)
    }

    /// Whether a regular expression spells a credential out, which its own text may hide behind escapes.
    pub fn hides_in(&self, pattern: &str, hir: &Hir) -> bool {
        let mut literals = Vec::new();
        spelt(hir, &mut literals);
        self.hides(pattern)
            || literals
                .iter()
                .any(|text| is_made(text) || self.hides(&String::from_utf8_lossy(text)))
    }
}

/// Whether nobody made the word up who wanted to be understood.
fn is_made(word: &[u8]) -> bool {
    let digits = word.iter().any(u8::is_ascii_digit);
    let letters = word.iter().any(u8::is_ascii_alphabetic);
    digits && letters && values::is_strong(word)
}

/// The stretches that every match has letter for letter.
fn spelt(hir: &Hir, literals: &mut Vec<Vec<u8>>) {
    match hir.kind() {
        HirKind::Literal(literal) => literals.push(literal.0.to_vec()),
        HirKind::Capture(capture) => spelt(&capture.sub, literals),
        HirKind::Repetition(repetition) => spelt(&repetition.sub, literals),
        HirKind::Concat(parts) | HirKind::Alternation(parts) => {
            parts.iter().for_each(|part| spelt(part, literals));
        }
        HirKind::Empty | HirKind::Class(_) | HirKind::Look(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use keyward::rules::examples::expand;

    fn hides(text: &str) -> bool {
        let text = expand(text).expect("known macros");
        Guard::new().expect("built-in rules").hides(&text)
    }

    #[test]
    fn credentials_are_hidden_and_words_are_not() {
        for text in [
            "the old token ghp_<<an36>> of the bot",
            "db_password = \"<<an14>>\"",
            "see <<an40>>",
            "<<hex64>>",
        ] {
            assert!(hides(text), "{text}");
        }
        for text in [
            "Acme deploy tokens",
            "test fixtures, reviewed 2024-05-01",
            "src/**/fixtures/**/*.json",
            "acme-corp-internal-api-key-v2",
            "acme_[A-Za-z0-9]{32}",
            "",
        ] {
            assert!(!hides(text), "{text}");
        }
    }

    #[test]
    fn a_pattern_that_is_a_value_is_one() {
        let guard = Guard::new().expect("built-in rules");
        let value = expand("<<an28>>").expect("a known macro");
        let (first, second) = value.split_at(14);
        let hides = |pattern: &str| {
            let hir = keyward::formats::literals::parse(pattern).expect("a pattern");
            guard.hides_in(pattern, &hir)
        };
        assert!(hides(&format!("{first}(?:){second}")));
        assert!(hides(&format!("^({value})$")));
        assert!(!hides("acme_[A-Za-z0-9]{32}"));
    }
}
