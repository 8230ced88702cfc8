//! Object notation, whatever language it is written in: JSON and its relatives, the object literals of JavaScript and TypeScript.
//!
//! Takes text, gives a pair for each member of an object, with the keys, variables and callees around it as scopes. One walk over tokens
//! serves all languages, because their objects differ in words and not in shape; `hcl` brings tokens of its own. Does not follow
//! variables, evaluates nothing, and reads types as if they were values. Numbers of lists within lists, and the text of functions, are
//! no pairs.

mod escapes;
mod frame;
mod lexer;
mod token;
mod walk;

#[cfg(test)]
pub(super) mod tests;

pub(super) use escapes::read as unescape;
pub(super) use token::{Kind, Lexer, Token};
pub(super) use walk::walk;

use super::Facts;

/// What the walk has to know of a language beyond its tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialect {
    /// A brace opens an object; a missing comma is one.
    Json,
    /// Braces open statements too; calls name what they are given.
    Script,
    /// The end of a line ends an item of a body; words before a brace name it.
    Hcl,
}

/// JSON, JSON with comments, JSON5, and what is broken of them.
pub(super) fn json(text: &[u8]) -> Facts {
    walk(text, Dialect::Json, lexer::Source::new(text, false))
}

/// The object literals and calls of a module in JavaScript or TypeScript.
pub(super) fn script(text: &[u8]) -> Facts {
    walk(text, Dialect::Script, lexer::Source::new(text, true))
}
