//! Pairs of a YAML file, and of templates of one.
//!
//! Takes bytes, gives facts. The text goes through a YAML parser as long as it is YAML, and line by line from where it stops being it:
//! Helm, Jinja and ERB templates and files with broken indentation are read too. An alias is never expanded, so a file that doubles itself a
//! hundred times costs nothing; what it stands for was read at its anchor. Comments are not read, values are not judged.

mod events;
mod lines;
mod offsets;
mod words;

use memchr::memmem;

use super::{Facts, Scope};
use crate::model::Span;

use words::Manifest;

/// A `%TAG` line may be this long: the parser writes its prefix out at each tag that uses it.
const DIRECTIVE: usize = 512;

/// What a block of keys lies in.
struct Level {
    /// Its keys stand right of this column.
    after: usize,
    scope: Scope,
    /// The key that the block is the value of.
    key: Span,
}

/// Where the reader of lines goes on.
#[derive(Default)]
struct Rest {
    at: usize,
    levels: Vec<Level>,
    manifest: Manifest,
}

/// What `text` states.
pub(super) fn read(text: &[u8]) -> Facts {
    let mut facts = Facts::default();
    let rest = if long_directive(text) {
        Some(Rest::default())
    } else {
        events::read(text, &mut facts)
    };
    if let Some(rest) = rest {
        lines::read(text, rest, &mut facts);
    }
    facts
}

fn long_directive(text: &[u8]) -> bool {
    memmem::find_iter(text, "%TAG")
        .any(|at| memchr::memchr(b'\n', &text[at..]).unwrap_or(text.len() - at) > DIRECTIVE)
}

#[cfg(test)]
mod tests;
