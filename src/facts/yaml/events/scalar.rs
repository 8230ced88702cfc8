//! Where the text of a scalar stands.
//!
//! The parser's span begins at an anchor or a tag, ends behind the blanks after a quote, and holds the indentation of what follows a block.

use saphyr_parser::{ScalarStyle, Tag};

use super::super::words::is_null;
use super::is_quoted;
use crate::model::Span;

/// A scalar as a value.
pub(super) struct Scalar {
    /// Its text without quotes, or from its tag on.
    pub(super) value: Span,
    pub(super) quoted: bool,
    /// It has neither quotes nor a header.
    pub(super) plain: bool,
    /// It has a tag of its own: what stands there is not what the program gets.
    pub(super) tagged: bool,
    pub(super) read: Option<Box<[u8]>>,
}

/// Whether a tag makes something else of its value: not `!!str` and its like, not the bare `!`.
pub(super) fn is_own(tag: &Tag) -> bool {
    !tag.is_yaml_core_schema()
        && !tag.suffix.starts_with("tag:yaml.org,2002:")
        && (tag.handle.as_str(), tag.suffix.as_str()) != ("", "!")
}

impl Scalar {
    /// The scalar that the parser found at `at` and reads as `decoded`.
    pub(super) fn new(
        text: &[u8],
        at: Span,
        decoded: &str,
        style: ScalarStyle,
        anchored: bool,
        tag: Option<&Tag>,
    ) -> Self {
        let body = if anchored || tag.is_some() {
            properties(text, at).0
        } else {
            at.start
        };
        let whole = Span::new(body, at.end.max(body));
        let quoted = is_quoted(style);
        let value = match style {
            ScalarStyle::Plain => plain(text, whole, decoded),
            ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => inside(text, whole),
            ScalarStyle::Literal | ScalarStyle::Folded => {
                // With a tag or an anchor, and without content, the span holds the header.
                let header = anchored || tag.is_some() || decoded.trim().is_empty();
                block(text, whole, header)
            }
        };
        if tag.is_some_and(is_own) {
            let start = properties(text, at).1.unwrap_or(at.start);
            let end = value.end + usize::from(quoted && value.end < whole.end);
            return Self {
                value: Span::new(start, end.max(start)),
                quoted: false,
                plain: false,
                tagged: true,
                read: None,
            };
        }
        let raw = &text[value.range()];
        // Where bytes were replaced for the parser, the text is nearer the truth.
        let exact = || std::str::from_utf8(raw).is_ok_and(|s| !s.contains('\0'));
        let differs = !value.is_empty() && raw != decoded.as_bytes() && exact();
        Self {
            value,
            quoted,
            plain: style == ScalarStyle::Plain,
            tagged: false,
            read: differs.then(|| decoded.as_bytes().into()),
        }
    }
}

/// Where the tag of the node at `at` begins.
pub(super) fn tag_in(text: &[u8], at: Span) -> usize {
    properties(text, at).1.unwrap_or(at.start)
}

/// Where a node's content begins, behind its anchor and its tag, and where its tag does.
fn properties(text: &[u8], at: Span) -> (usize, Option<usize>) {
    let text = &text[..at.end];
    let mut tag = None;
    let mut next = at.start;
    // One of each, in either order.
    for _ in 0..2 {
        match text.get(next) {
            Some(b'!') => tag = Some(next),
            Some(b'&') => {}
            _ => break,
        }
        let verbatim = text[next..].starts_with(b"!<");
        next += text[next..]
            .iter()
            .position(|&b| {
                b.is_ascii_whitespace()
                    || !verbatim && matches!(b, b',' | b'[' | b']' | b'{' | b'}')
            })
            .unwrap_or(text.len() - next);
        loop {
            match text.get(next) {
                Some(b) if b.is_ascii_whitespace() => next += 1,
                Some(b'#') => {
                    next += memchr::memchr(b'\n', &text[next..]).unwrap_or(text.len() - next);
                }
                _ => break,
            }
        }
    }
    (next, tag)
}

fn plain(text: &[u8], whole: Span, decoded: &str) -> Span {
    let written = &text[whole.range()];
    if decoded.is_empty() {
        // The parser puts nothing at the colon before it.
        let start = whole.start + usize::from(text.get(whole.start) == Some(&b':'));
        Span::new(start, start)
    } else if is_null(written) {
        Span::new(whole.start, whole.start)
    } else {
        whole
    }
}

/// Between the quotes.
fn inside(text: &[u8], whole: Span) -> Span {
    let Some(&quote) = text.get(whole.start) else {
        return whole;
    };
    let start = whole.start + 1;
    let mut at = start;
    while at < whole.end && text[at] != quote
        || quote == b'\'' && at < whole.end && text.get(at + 1) == Some(&quote)
    {
        at += if quote == b'"' && text[at] == b'\\' || text[at] == quote {
            2
        } else {
            1
        };
    }
    Span::new(
        start.min(whole.end),
        at.clamp(start.min(whole.end), whole.end),
    )
}

/// From the first to the last character of a block that is no blank.
fn block(text: &[u8], whole: Span, header: bool) -> Span {
    let mut start = whole.start;
    if header && matches!(text.get(start), Some(b'|' | b'>')) {
        start += memchr::memchr(b'\n', &text[whole.range()]).unwrap_or(whole.len());
    }
    let body = &text[start..whole.end];
    start += body.len() - body.trim_ascii_start().len();
    let end = start + body.trim_ascii().len();
    Span::new(start, end)
}
