//! What a document states, in words that no language owns.
//!
//! Takes text and its syntax, gives facts with byte spans. A reader never fails: it gives what it found so far.
//! Judges nothing: whether a name means a secret is `classify`'s to say.

mod assignment;

pub use assignment::{WORDS, pairs};

use crate::model::Span;

/// How a pair was written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Via {
    /// `key = value`, `key: value`, `key => value`.
    Assignment,
    /// `f("key", "value")`.
    Argument,
    /// `key("value")`.
    Call,
    /// `--key value`.
    Option,
    /// `<key>value</key>`.
    Element,
}

/// A name and the value it is given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    /// The name, quotes left out.
    pub key: Span,
    /// The value, quotes left out.
    pub value: Span,
    /// The value is a quoted literal.
    pub quoted: bool,
    /// How it was written down.
    pub via: Via,
}
