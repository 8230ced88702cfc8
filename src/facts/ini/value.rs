//! The value of a key, quotes taken off, lines joined and escapes resolved.

use super::super::lines::{is_blank, is_escaped, line, trim};
use super::super::value::Value;
use crate::model::Span;

/// The value in `rest`: what stands behind the sign, and the lines that continue it.
pub(super) fn value(text: &[u8], rest: Span) -> Value {
    let parts = |b: &u8| is_blank(*b) || matches!(b, b'\n' | b'\r');
    let front = text[rest.range()].iter().take_while(|b| parts(b)).count();
    let span = Span::new(rest.start + front, rest.end);
    if span.is_empty() {
        return Value::bare(Span::new(rest.start, rest.start));
    }
    let back = text[span.range()].iter().rev().take_while(|b| parts(b));
    let span = Span::new(span.start, span.end - back.count());
    let (span, quoted) = match quoted(text, span) {
        Some(inside) => (inside, true),
        None => (span, false),
    };
    Value {
        span,
        quoted,
        read: resolved(&text[span.range()], quoted),
    }
}

/// What stands in the quotes that `span` begins with, if only a comment is behind them.
fn quoted(text: &[u8], span: Span) -> Option<Span> {
    let quote = *text[span.range()]
        .first()
        .filter(|b| matches!(b, b'"' | b'\''))?;
    let start = span.start + 1;
    let mut at = start;
    let close = loop {
        at += memchr::memchr(quote, text.get(at..span.end)?)?;
        if !is_escaped(text, start, at) {
            break at;
        }
        at += 1;
    };
    let behind = trim(text, Span::new(close + 1, span.end));
    let is_last = behind.is_empty() || matches!(text[behind.start], b'#' | b';');
    is_last.then_some(Span::new(start, close))
}

/// `value` with its lines joined and its escapes resolved, where that differs.
///
/// Lines end up joined as they were continued: a backslash leaves nothing, an indentation leaves the line ending.
fn resolved(value: &[u8], quoted: bool) -> Option<Box<[u8]>> {
    memchr::memchr3(b'\\', b'\n', b'\r', value)?;
    let mut out = Vec::with_capacity(value.len());
    let mut from = 0;
    while from < value.len() {
        let (whole, next) = line(value, from, value.len());
        let more = next > whole.end;
        let joins = more && is_escaped(value, whole.start, whole.end);
        let part = match (from, more) {
            (0, false) => whole,
            _ => trim(
                value,
                Span::new(whole.start, whole.end - usize::from(joins)),
            ),
        };
        unescape(&value[part.range()], quoted, &mut out);
        if more && !joins {
            out.push(b'\n');
        }
        from = next;
    }
    (out != value).then(|| out.into())
}

/// Adds one line: git's escapes in quotes, those of Java properties elsewhere.
///
/// A doubled backslash stays outside of quotes: in properties it is one, in INI a path of Windows.
fn unescape(part: &[u8], quoted: bool, out: &mut Vec<u8>) {
    let mut rest = part;
    while let [first, tail @ ..] = rest {
        rest = tail;
        let escaped = match (quoted, first, tail.first()) {
            (true, b'\\', Some(b'n')) => Some(b'\n'),
            (true, b'\\', Some(b't')) => Some(b'\t'),
            (true, b'\\', Some(&b @ (b'"' | b'\\'))) => Some(b),
            (false, b'\\', Some(&b @ (b':' | b'=' | b'#' | b'!'))) => Some(b),
            (false, b'\\', Some(b'\\')) => {
                out.extend_from_slice(b"\\\\");
                rest = &tail[1..];
                continue;
            }
            _ => None,
        };
        match escaped {
            Some(byte) => {
                out.push(byte);
                rest = &tail[1..];
            }
            None => match (!quoted && *first == b'\\')
                .then(|| unicode(tail))
                .flatten()
            {
                Some((c, behind)) => {
                    out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
                    rest = behind;
                }
                None => out.push(*first),
            },
        }
    }
}

/// The character that `rest` of an escape begins with, written `uXXXX` or as two of these, and what is behind it.
fn unicode(rest: &[u8]) -> Option<(char, &[u8])> {
    let (first, behind) = unit(rest)?;
    let second = behind.strip_prefix(b"\\").and_then(unit);
    if let Some((second, after)) = second
        && let Some(Ok(c)) = char::decode_utf16([first, second]).next()
        && c.len_utf16() == 2
    {
        return Some((c, after));
    }
    char::decode_utf16([first])
        .next()?
        .ok()
        .map(|c| (c, behind))
}

fn unit(rest: &[u8]) -> Option<(u16, &[u8])> {
    let digits = rest.strip_prefix(b"u")?;
    let (digits, behind) = digits.split_at_checked(4)?;
    let text = std::str::from_utf8(digits)
        .ok()
        .filter(|_| digits.iter().all(u8::is_ascii_hexdigit))?;
    Some((u16::from_str_radix(text, 16).ok()?, behind))
}
