//! What on a line is a comment, in any language.
//!
//! A judgement by the opening characters alone: enough to tell a mark in a comment from one in prose or in an error message, and
//! the same for every file, so that nobody has to know how keyward reads a language.

use memchr::memmem;

/// What opens a comment wherever it stands.
const OPENERS: [&[u8]; 9] = [b"#", b"//", b"/*", b"<!--", b"--", b";", b"%", b"{-", b"(*"];
/// What opens one, or goes on with one, where nothing stands before.
const LINE_OPENERS: [&[u8]; 6] = [b"*", b"'", b"rem ", b"REM ", b"!", b"::"];
/// Bytes of the longest of [`OPENERS`].
const LONGEST_OPENER: usize = 4;
/// What closes a comment that opened on the same line.
const CLOSERS: [&str; 10] = [
    "*/}", "*/", "-->", "--%>", "--}}", "%>", "#}", "}}", "-}", "*)",
];

/// How a comment stands on its line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stand {
    /// Nothing but the comment is on the line.
    Alone,
    /// Something stands before it.
    Behind,
}

/// One line, read from left to right, so that the marks of a long one do not each read it from its beginning.
#[derive(Default)]
pub(super) struct Line {
    /// A comment of its own, as the line's beginning says.
    alone: bool,
    /// An opener stands somewhere before what was read.
    opened: bool,
    read: usize,
}

impl Line {
    /// How the comment stands that `before`, the line up to a mark, opens; nothing where it opens none. Each call gives more of the
    /// same line than the last.
    pub(super) fn stand(&mut self, before: &[u8]) -> Option<Stand> {
        // Between two words of a line nothing can come that its beginning did not say.
        if self.read == 0 {
            self.alone = begins(before);
        }
        if !self.alone && !self.opened {
            // An opener may have been cut where the last call ended.
            let fresh = &before[self.read.saturating_sub(LONGEST_OPENER)..];
            self.opened = OPENERS.iter().any(|o| memmem::find(fresh, o).is_some());
        }
        self.read = before.len();
        match (self.alone, self.opened) {
            (true, _) => Some(Stand::Alone),
            (_, opened) => opened.then_some(Stand::Behind),
        }
    }
}

/// Whether a line begins with a comment. JSX and templates put one in braces of its own.
fn begins(line: &[u8]) -> bool {
    let mut inner = line.trim_ascii_start();
    for brace in [&b"<%"[..], b"{", b"{"] {
        inner = inner.strip_prefix(brace).unwrap_or(inner);
    }
    let inner = inner.trim_ascii_start();
    let mut openers = OPENERS.iter().chain(&LINE_OPENERS);
    openers.any(|opener| inner.starts_with(opener))
}

/// The text without what closes its comment.
pub(super) fn opened(text: &str) -> &str {
    let mut text = text.trim();
    while let Some(rest) = CLOSERS.iter().find_map(|closer| text.strip_suffix(closer)) {
        text = rest.trim_end();
    }
    text
}
