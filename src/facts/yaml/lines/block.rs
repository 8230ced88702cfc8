//! Block scalars: the lines that stand deeper than their key.

use super::{end_of_line, past_blanks};
use crate::model::Span;

/// The lines of a block.
pub(super) struct Body {
    /// From the start of its first line to the end of its last.
    pub(super) whole: Span,
    /// From its first to its last character that is no blank.
    pub(super) span: Span,
    /// The line after it.
    pub(super) next: usize,
}

/// The block that begins with the line at `at`, under a key in `column`.
pub(super) fn lines(text: &[u8], at: usize, column: usize) -> Body {
    let mut next = at;
    let mut last = at;
    while next < text.len() {
        let end = end_of_line(text, next);
        let first = past_blanks(text, next, end);
        if first < end {
            if first - next <= column {
                break;
            }
            last = end;
        }
        next = memchr::memchr(b'\n', &text[end..]).map_or(text.len(), |i| end + i + 1);
    }
    let body = &text[at..last];
    let start = last - body.trim_ascii_start().len();
    let end = start + text[start..last].trim_ascii_end().len();
    Body {
        whole: Span::new(at, last),
        span: Span::new(start, end),
        next,
    }
}

/// The lines without the indentation of the first, and with one line break at the end; joined by blanks where they are folded.
pub(super) fn decoded(body: &[u8], folded: bool) -> Box<[u8]> {
    let mut out = Vec::with_capacity(body.len() + 1);
    let mut indent = None;
    for line in body.split(|&b| b == b'\n') {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let deep = past_blanks(line, 0, line.len());
        let blank = deep == line.len();
        if indent.is_none() && blank {
            continue;
        }
        let indent = *indent.get_or_insert(deep);
        if folded && !blank && out.last().is_some_and(|&b| b != b'\n') {
            out.push(b' ');
        }
        out.extend_from_slice(&line[deep.min(indent)..]);
        if !folded || blank {
            out.push(b'\n');
        }
    }
    if out.last() != Some(&b'\n') {
        out.push(b'\n');
    }
    out.into()
}
