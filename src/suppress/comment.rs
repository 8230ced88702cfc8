//! What on a line is a comment, in any language.
//!
//! A judgement by the opening characters alone: enough to tell a mark in a comment from one in prose or in an error message, and
//! the same for every file, so that nobody has to know how keyward reads a language.

use memchr::memmem;

/// What opens a comment wherever it stands.
const OPENERS: [&[u8]; 9] = [b"#", b"//", b"/*", b"<!--", b"--", b";", b"%", b"{-", b"(*"];
/// What opens one, or goes on with one, where nothing stands before.
const LINE_OPENERS: [&[u8]; 6] = [b"*", b"'", b"rem ", b"REM ", b"!", b"::"];
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

/// How the comment stands that `before`, the line up to a mark, opens; nothing where it opens none.
pub(super) fn stand(before: &[u8]) -> Option<Stand> {
    // JSX and templates put a comment in braces of its own.
    let mut inner = before.trim_ascii_start();
    for brace in [&b"<%"[..], b"{", b"{"] {
        inner = inner.strip_prefix(brace).unwrap_or(inner);
    }
    let inner = inner.trim_ascii_start();
    let starts = |opener: &&[u8]| inner.starts_with(opener);
    if OPENERS.iter().chain(&LINE_OPENERS).any(starts) {
        return Some(Stand::Alone);
    }
    let holds = |opener: &&[u8]| memmem::find(before, opener).is_some();
    OPENERS.iter().any(holds).then_some(Stand::Behind)
}

/// The text without what closes its comment.
pub(super) fn opened(text: &str) -> &str {
    let mut text = text.trim();
    while let Some(rest) = CLOSERS.iter().find_map(|closer| text.strip_suffix(closer)) {
        text = rest.trim_end();
    }
    text
}
