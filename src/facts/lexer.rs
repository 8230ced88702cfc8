//! Programs in any language, read by their tokens.
//!
//! Takes text and its [`Language`], gives a [`Program`]: calls, names and what they are given, reads of the environment, imports,
//! functions. One lexer with a row of a table for each language, and one walk over tokens that knows what expressions look like in all of
//! them. It knows no scopes but functions, no types, no grammar of any one language: what it does not know it steps over, so a broken
//! file gives the facts around the break. Indentation of many-line strings is kept, where languages take it off.

mod grammar;
mod letters;
mod literal;
mod settle;
mod text;
mod tokens;
mod walk;

#[cfg(test)]
mod tests;

use super::code::Program;
use super::language::Language;

/// What the program `text` states, written in `language`.
pub(super) fn read(text: &[u8], language: Language) -> Program {
    walk::walk(text, grammar::Grammar::of(language))
}
