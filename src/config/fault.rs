//! From a place in a file's text to an error that says line, fault and remedy.

use std::ops::Range;
use std::path::Path;

use super::nearest;
use crate::model::Error;

/// What the TOML reader says of `file`, in the words of this program: with its line, and without what was written there, which may
/// be anything, a secret that was pasted too.
pub fn toml_fault(file: &Path, text: &str, error: &toml::de::Error) -> Error {
    Text { file, text }.toml_fault(error)
}

/// A file's text, for errors about it.
#[derive(Clone, Copy)]
pub(super) struct Text<'a> {
    pub file: &'a Path,
    pub text: &'a str,
}

impl Text<'_> {
    /// The line that holds the byte at `offset`, from 1. An offset beyond the text is on its last line.
    pub fn line(&self, offset: usize) -> usize {
        let before = &self.text.as_bytes()[..offset.min(self.text.len())];
        memchr::memchr_iter(b'\n', before).count() + 1
    }

    /// An error about what stands at `span`.
    pub fn fault(&self, span: Range<usize>, message: String, hint: impl Into<String>) -> Error {
        Error::Config {
            file: self.file.to_owned(),
            line: self.line(span.start),
            message,
            hint: hint.into(),
        }
    }

    /// What the TOML reader says, in the words of this program.
    pub fn toml_fault(&self, error: &toml::de::Error) -> Error {
        // Without a span the text ended too early.
        let span = error.span().unwrap_or(self.text.len()..self.text.len());
        let written = self.text.get(span.clone()).unwrap_or_default();
        let (message, hint) = reword(error.message(), written);
        self.fault(span, message, hint)
    }
}

/// Message and hint for a message of serde or of the TOML reader; `written` is what it is about.
fn reword(message: &str, written: &str) -> (String, String) {
    if let Some(rest) = message.strip_prefix("unknown field ") {
        let (word, known) = quoted(rest);
        return (
            format!("there is no key `{word}` here"),
            suggestion(&word, &known, "the keys here are"),
        );
    }
    if let Some(rest) = message.strip_prefix("unknown variant ") {
        let (word, known) = quoted(rest);
        return (
            "this word is not known".to_owned(),
            suggestion(&word, &known, "the words here are"),
        );
    }
    if let Some(rest) = message.strip_prefix("missing field ") {
        let (word, _) = quoted(rest);
        let message = format!("the key `{word}` is missing");
        return (message, missing(&word));
    }
    if ["invalid type", "invalid value", "invalid length"]
        .iter()
        .any(|m| message.starts_with(m))
    {
        return wrong_type(message, written);
    }
    let hint = match message {
        "duplicate key" => "a key or table is written once; put both into one",
        _ => "this is not TOML: https://toml.io/en/v1.0.0 shows how it is written",
    };
    (message.to_owned(), hint.to_owned())
}

/// The words between backticks: the first, and those after it.
fn quoted(text: &str) -> (String, Vec<String>) {
    let mut words = text.split('`').skip(1).step_by(2).map(str::to_owned);
    (words.next().unwrap_or_default(), words.collect())
}

fn suggestion(word: &str, known: &[String], otherwise: &str) -> String {
    match nearest(word, known.iter().map(String::as_str)) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("{otherwise} {}", known.join(", ")),
    }
}

fn missing(key: &str) -> String {
    match key {
        "reason" => {
            "say why it is accepted: reason = \"…\", for whoever reads this a year from now"
                .to_owned()
        }
        _ => format!("add {key} = …; rules/README.md shows a whole check and a whole rule"),
    }
}

fn wrong_type(message: &str, written: &str) -> (String, String) {
    let header = written.trim_matches(['[', ']']);
    // A list in a list begins like a header, and holds values.
    let is_header = header
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b));
    if is_header && written.starts_with("[[") {
        let message = format!("`{written}` stands for one of many, but there is one");
        return (message, format!("write [{header}]"));
    }
    if is_header && written.starts_with('[') && message.ends_with("expected a sequence") {
        let message = format!("`{written}` stands for the only one, but there can be many");
        return (message, format!("write [[{header}]]"));
    }
    let expected = message.rsplit("expected ").next().unwrap_or_default();
    let hint = match expected {
        "a sequence" => "write a list: [\"…\", \"…\"]",
        "a boolean" => "write true or false, without quotes",
        "a string" | "string or table" => "put it in quotes",
        _ => "see rules/README.md and the example in the documentation of [scan]",
    };
    let expected = match expected {
        "a sequence" => "a list",
        "a boolean" => "true or false",
        "a string" => "text in quotes",
        other if other.starts_with("struct ") => "a table",
        other => other,
    };
    // What was written is not repeated: it may be anything, in a file that is no configuration at all.
    (format!("{expected} is expected here"), hint.to_owned())
}
