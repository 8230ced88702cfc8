//! The parts of one line: a key, a value.

use super::super::words::is_null;
use super::past_blanks;
use crate::model::Span;

/// A value as a line writes it.
pub(super) enum Written {
    /// `*name`.
    Alias,
    /// As it stands; empty for nothing and for null.
    Plain(Span),
    /// What is between the quotes, and what that says where it is not the same.
    Quoted(Span, Option<Box<[u8]>>),
    /// The lines that follow; where its tag begins.
    Block { tag: Option<usize>, folded: bool },
}

/// The key that begins at `at`, and what comes after its colon.
pub(super) fn key(text: &[u8], at: usize, end: usize) -> Option<(Span, usize)> {
    let (name, mut next) = match text.get(at)? {
        b'"' | b'\'' => {
            let close = closing(text, at, end)?;
            (Span::new(at + 1, close), close + 1)
        }
        b'{' if text.get(at + 1) != Some(&b'{') => return None,
        b'[' | b']' | b'}' | b'|' | b'>' | b'%' | b'@' | b'`' | b',' => return None,
        _ => {
            let mut i = at;
            loop {
                match text[i..end] {
                    [] => return None,
                    [b'{', b'{', ..] => i = past_template(text, i, end),
                    [b':'] | [b':', b' ' | b'\t', ..] => break,
                    [b' ' | b'\t', b'#', ..] => return None,
                    _ => i += 1,
                }
            }
            let name = text[at..i].trim_ascii_end();
            (Span::new(at, at + name.len()), i)
        }
    };
    next = past_blanks(text, next, end);
    let colon = text[next..end].first() == Some(&b':');
    (colon && !name.is_empty()).then_some((name, next + 1))
}

/// The value from `at` on, where the rest of the line ends at `end`.
pub(super) fn written(text: &[u8], mut at: usize, end: usize) -> Written {
    let mut tag = None;
    // An anchor and a tag, in either order.
    for _ in 0..2 {
        match text[at..end] {
            [b'!', ..] => tag = Some(at),
            [b'&', ..] => {}
            _ => break,
        }
        let name = text[at..end]
            .iter()
            .take_while(|b| !b.is_ascii_whitespace());
        at = past_blanks(text, at + name.count(), end);
    }
    let first = text[at..end].first();
    if let Some(&indicator @ (b'|' | b'>')) = first
        && is_header(&text[at + 1..end])
    {
        let folded = indicator == b'>';
        return Written::Block { tag, folded };
    }
    if let Some(start) = tag {
        return Written::Plain(plain(text, start, end));
    }
    match first {
        Some(b'*') => Written::Alias,
        Some(&quote @ (b'"' | b'\'')) => match closing(text, at, end) {
            Some(close) => {
                let span = Span::new(at + 1, close);
                Written::Quoted(span, unescaped(&text[span.range()], quote))
            }
            None => Written::Plain(plain(text, at + 1, end)),
        },
        _ => {
            let span = plain(text, at, end);
            Written::Plain(if is_null(&text[span.range()]) {
                Span::new(at, at)
            } else {
                span
            })
        }
    }
}

/// Chomping, indentation and a comment.
fn is_header(text: &[u8]) -> bool {
    let rest = text
        .iter()
        .position(|b| !matches!(b, b'+' | b'-' | b'1'..=b'9'));
    let rest = rest.map_or(&text[text.len()..], |i| &text[i..]);
    rest.is_empty()
        || rest[0].is_ascii_whitespace() && matches!(rest.trim_ascii_start(), [] | [b'#', ..])
}

/// Up to a comment.
fn plain(text: &[u8], at: usize, end: usize) -> Span {
    let mut i = at;
    while i < end {
        i = match text[i..end] {
            [b'{', b'{', ..] => past_template(text, i, end),
            [b' ' | b'\t', b'#', ..] => break,
            _ => i + 1,
        };
    }
    let i = if text[at..end].first() == Some(&b'#') {
        at
    } else {
        i
    };
    Span::new(at, at + text[at..i].trim_ascii_end().len())
}

/// Behind the `}}` of the `{{` at `at`; behind the braces themselves where the line does not close them.
fn past_template(text: &[u8], at: usize, end: usize) -> usize {
    memchr::memmem::find(&text[at..end], b"}}").map_or(end, |i| at + i + 2)
}

/// Where the quote that opens at `at` closes.
fn closing(text: &[u8], at: usize, end: usize) -> Option<usize> {
    let quote = text[at];
    let mut i = at + 1;
    while i < end {
        match text[i] {
            b'\\' if quote == b'"' => i += 2,
            b if b == quote && quote == b'\'' && i + 1 < end && text[i + 1] == quote => i += 2,
            b if b == quote => return Some(i),
            _ => i += 1,
        }
    }
    None
}

/// What quoted text says, where it has escapes; an escape that is none stays.
fn unescaped(text: &[u8], quote: u8) -> Option<Box<[u8]>> {
    let escape = if quote == b'"' { b'\\' } else { b'\'' };
    memchr::memchr(escape, text)?;
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((&first, after)) = rest.split_first() {
        rest = after;
        let Some((&second, after)) = after.split_first().filter(|_| first == escape) else {
            out.push(first);
            continue;
        };
        rest = after;
        let digits = match second {
            b'x' => 2,
            b'u' => 4,
            b'U' => 8,
            _ => 0,
        };
        let code = rest
            .get(..digits)
            .filter(|d| !d.is_empty() && d.iter().all(u8::is_ascii_hexdigit))
            .and_then(|d| u32::from_str_radix(std::str::from_utf8(d).ok()?, 16).ok())
            .and_then(char::from_u32);
        if let Some(c) = code {
            rest = &rest[digits..];
            out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
            continue;
        }
        match second {
            b'n' => out.push(b'\n'),
            b't' => out.push(b'\t'),
            b'r' => out.push(b'\r'),
            b'0' => out.push(0),
            b'"' | b'\\' | b'/' | b'\'' | b' ' => out.push(second),
            _ => out.extend_from_slice(&[first, second]),
        }
    }
    Some(out.into())
}
