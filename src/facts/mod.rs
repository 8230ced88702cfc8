//! What a document states, in words that no language owns.
//!
//! Takes text and its format, gives facts with byte spans. A reader never fails: it gives what it found so far, and says whether it came
//! to the end. Judges nothing: whether a name means a secret is `classify`'s to say.
//!
//! Two kinds of readers stand side by side. [`pairs`] reads outwards from a word, in any language, one line at a time: it is cheap, and
//! knows nothing of what a pair lies in. [`read`] reads a whole file of a known [`Format`], with the path of names around each value and
//! the value as the program gets it. Beside them [`program`] reads source: the calls, names and reads of the environment that
//! [`code`] describes; and [`module`] tells, without parsing it, what a script takes from others.

mod assignment;
mod checked;
pub mod code;
mod dockerfile;
mod dotenv;
mod format;
mod hcl;
mod ini;
mod js;
mod language;
mod lexer;
mod lines;
pub mod modules;
mod object;
mod records;
mod routes;
mod shell;
#[cfg(test)]
mod told;
mod toml;
mod value;
mod xml;
mod yaml;

pub use assignment::{WORDS, key_at, pairs};
pub use checked::checked;
pub use format::{Format, read};
pub use language::{Language, program, scripts, stand_on};
pub use modules::{Module, module};
pub use routes::{Route, routes};
pub use shell::nameless;

use crate::model::Span;

/// How a pair was written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
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
    /// `${key:-value}`: what stands in where the variable is missing.
    Default,
    /// `key == "value"`: the program asks whether it is.
    Comparison,
    /// An element of a list, a word of a command, an instruction of a Dockerfile: the key is what it belongs to.
    Item,
}

crate::model::words!(Via {
    Assignment = "assignment",
    Argument = "argument",
    Call = "call",
    Option = "option",
    Element = "element",
    Default = "default",
    Comparison = "comparison",
    Item = "item",
});

/// A name and the value it is given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    /// The name, quotes left out.
    pub key: Span,
    /// The value, quotes left out; empty where none is given, at the place where it would stand.
    pub value: Span,
    /// The value is a quoted literal.
    pub quoted: bool,
    /// How it was written down.
    pub via: Via,
    /// What it lies in: asked of the [`Facts`] that it is one of.
    pub within: Scope,
    /// What the value is where its format says so by place, and no name does: `password`.
    pub role: Option<&'static str>,
    /// The value as the program that reads the file gets it, where that is not the text of `value`: escapes resolved, lines joined, base64 taken off.
    pub read: Option<Box<[u8]>>,
}

impl Pair {
    /// A pair at the top of its document, whose value is what the text says.
    pub fn new(key: Span, value: Span, quoted: bool, via: Via) -> Self {
        Self {
            key,
            value,
            quoted,
            via,
            within: Scope::TOP,
            role: None,
            read: None,
        }
    }

    /// The value as the program gets it.
    pub fn value<'a>(&'a self, text: &'a [u8]) -> &'a [u8] {
        self.read
            .as_deref()
            .unwrap_or_else(|| &text[self.value.range()])
    }
}

/// A block, table, object, element or command that pairs lie in; a number that means something to the [`Facts`] it came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scope(u32);

impl Scope {
    /// The document itself.
    pub const TOP: Self = Self(0);
}

/// What a document states.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// Names and values, in the order of the text.
    pub pairs: Vec<Pair>,
    /// The name of each scope but the top, and the scope around it.
    scopes: Vec<(Span, Scope)>,
    /// The reader did not come to the end: the text breaks its grammar, or a limit was met. What follows is unread.
    pub cut: bool,
}

impl Facts {
    /// Pairs of one document: 100 times what people write, and no more memory than the text itself takes.
    pub const MOST: usize = 100_000;
    /// Scopes around one pair. What lies deeper is read as if it lay in the last one.
    pub const DEEPEST: usize = 64;

    /// A scope called what stands at `name`, in `outer`. At the deepest level it is `outer` itself.
    pub fn enter(&mut self, outer: Scope, name: Span) -> Scope {
        if self.path(outer).count() >= Self::DEEPEST || self.scopes.len() >= Self::MOST {
            return outer;
        }
        self.scopes.push((name, outer));
        Scope(u32::try_from(self.scopes.len()).unwrap_or_default())
    }

    /// Adds a pair; false where there is no room, and the reader should stop.
    pub fn add(&mut self, pair: Pair) -> bool {
        let room = self.pairs.len() < Self::MOST;
        if room {
            self.pairs.push(pair);
        } else {
            self.cut = true;
        }
        room
    }

    /// The names around a pair, the nearest first.
    pub fn path(&self, mut scope: Scope) -> impl Iterator<Item = Span> + '_ {
        std::iter::from_fn(move || {
            let (name, outer) = *self.scopes.get((scope.0 as usize).checked_sub(1)?)?;
            scope = outer;
            Some(name)
        })
    }

    /// The names around `pair` and its own, joined by dots, as `text` writes them.
    pub fn dotted(&self, pair: &Pair, text: &[u8]) -> Vec<u8> {
        let mut spans: Vec<_> = self.path(pair.within).collect();
        spans.reverse();
        spans.push(pair.key);
        let parts: Vec<_> = spans.into_iter().map(|s| &text[s.range()]).collect();
        parts.join(&b'.')
    }
}

/// The name that the byte at `at` is part of, as far as letters, digits and what joins them go.
pub fn name_at(text: &[u8], at: usize) -> Span {
    assignment::name_at(text, at)
}

/// The value without the authentication scheme that it begins with: `Bearer x` is `x` (RFC 9110, 11.4).
pub fn past_scheme(text: &[u8], value: Span) -> Span {
    assignment::past_scheme(text, value, true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_path_of_a_pair_is_told_from_the_outside_in() {
        let text = b"a b key v";
        let mut facts = Facts::default();
        let a = facts.enter(Scope::TOP, Span::new(0, 1));
        let b = facts.enter(a, Span::new(2, 3));
        let pair = Pair {
            within: b,
            ..Pair::new(Span::new(4, 7), Span::new(8, 9), false, Via::Assignment)
        };
        assert_eq!(facts.dotted(&pair, text), b"a.b.key");
        assert_eq!(pair.value(text), b"v");
    }

    #[test]
    fn depth_ends_somewhere() {
        let mut facts = Facts::default();
        let mut scope = Scope::TOP;
        for _ in 0..1000 {
            scope = facts.enter(scope, Span::new(0, 1));
        }
        assert_eq!(facts.path(scope).count(), Facts::DEEPEST);
    }
}
