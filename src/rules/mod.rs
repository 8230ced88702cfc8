//! Rules: loaded, compiled, matched.
//!
//! Takes packs of checks and rules (the built-in ones, and users') and documents; gives hits. Knows nothing of context, severity
//! by place, or ignores: `scan` judges what comes out of here.

mod compiled;
pub mod examples;
mod load;
mod merge;
mod pair;
mod ruleset;
mod text;

pub use load::{Loaded, folder, packs};
pub use ruleset::{Choice, Ruleset};

use crate::model::RelPath;
use crate::text::Syntax;

/// A text to hold the rules against.
pub struct Document<'a> {
    /// Its path, for rules that look at some files only.
    pub path: &'a RelPath,
    /// How it writes values down.
    pub syntax: Syntax,
    /// The text, or a window of it.
    pub text: &'a [u8],
}
