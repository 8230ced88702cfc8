//! Words: where they end, and what a program gets of them.
//!
//! Takes a text and a place in it. Runs nothing and expands nothing: a word that needs either is kept as it is written.

use super::super::lines::past_ending;
use super::super::value::Value;
use crate::model::Span;

/// Quotes and substitutions inside one another. What is deeper is read as text.
const DEEPEST: usize = 64;

/// What ends a word outside of quotes.
pub(super) fn ends(byte: u8) -> bool {
    matches!(
        byte,
        b' ' | b'\t' | b'\n' | b'\r' | 0x0b | 0x0c | b';' | b'&' | b'|' | b'(' | b')' | b'<' | b'>'
    )
}

/// What is part of a word wherever it stands.
fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'/' | b'=' | b':' | b',')
}

/// One past the word that begins at `from`; none where a quote or a substitution is still open at `end`.
/// The bodies of its outermost command substitutions are added to `bodies`.
pub(super) fn scan(text: &[u8], from: usize, end: usize, bodies: &mut Vec<Span>) -> Option<usize> {
    let mut open: Vec<(u8, Option<usize>)> = Vec::new();
    let known = bodies.len();
    let mut at = from;
    while at < end {
        let plain = text[at..end].iter().take_while(|&&b| is_plain(b)).count();
        if plain > 0 {
            at += plain;
            continue;
        }
        let top = open.last().map(|&(close, _)| close);
        let next = text[..end].get(at + 1).copied();
        let push = match (top, text[at]) {
            (top, b'\\') => {
                let behind = past_escape(text, at, end);
                let joins = matches!(next, Some(b'\n' | b'\r'));
                // A joined line that begins with blanks goes on with another word.
                if top.is_none() && joins && text[..end].get(behind).is_none_or(|&b| ends(b)) {
                    break;
                }
                at = behind;
                continue;
            }
            // PowerShell continues a line so; elsewhere it means nothing.
            (None, b'`') if matches!(next, Some(b'\n' | b'\r')) => break,
            (Some(close), b) if b == close => {
                if let Some((_, Some(start))) = open.pop()
                    && open.iter().all(|(_, start)| start.is_none())
                {
                    bodies.push(Span::new(start, at));
                }
                None
            }
            // In double quotes, and in the `${…}` of these, it is a byte like any other.
            (Some(b'"' | b'}'), b'\'') if is_in_double(&open) => None,
            (_, b'\'') => {
                let ansi = at > from && text[at - 1] == b'$';
                match closing(text, at + 1, end, ansi) {
                    Some(close) => at = close,
                    None => {
                        bodies.truncate(known);
                        return None;
                    }
                }
                None
            }
            (_, b'"') => Some((b'"', None)),
            (_, b'`') => Some((b'`', Some(at + 1))),
            (_, b'$') if next == Some(b'(') => {
                at += 1;
                Some((b')', Some(at + 1)))
            }
            (_, b'$') if next == Some(b'{') => {
                at += 1;
                Some((b'}', None))
            }
            (Some(b')'), b'(') => Some((b')', None)),
            (None, b) if ends(b) => break,
            _ => None,
        };
        if let Some(push) = push
            && open.len() < DEEPEST
        {
            open.push(push);
        }
        at += 1;
    }
    if open.is_empty() {
        return Some(at.min(end));
    }
    bodies.truncate(known);
    None
}

fn is_in_double(open: &[(u8, Option<usize>)]) -> bool {
    let around = open.iter().rev().find(|&&(close, _)| close != b'}');
    around.is_some_and(|&(close, _)| close == b'"')
}

/// Behind the backslash at `at` and what it escapes; a line ending is one thing.
pub(super) fn past_escape(text: &[u8], at: usize, end: usize) -> usize {
    let next = (at + 1).min(end);
    let behind = past_ending(text, next, end);
    if behind > next {
        behind
    } else {
        (next + 1).min(end)
    }
}

/// Where the single quote opened before `from` is closed.
fn closing(text: &[u8], from: usize, end: usize, ansi: bool) -> Option<usize> {
    if !ansi {
        return memchr::memchr(b'\'', &text[from..end]).map(|at| from + at);
    }
    let mut at = from;
    while at < end {
        match text[at] {
            b'\'' => return Some(at),
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    None
}

/// How a word is quoted as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Quote {
    /// Not, or in parts.
    None,
    /// `'…'`.
    Single,
    /// `"…"`.
    Double,
    /// `$'…'`.
    Ansi,
}

/// A word of a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) struct Word {
    /// Its text, without the quotes where these are around the whole of it.
    pub(in super::super) span: Span,
    quote: Quote,
}

impl Word {
    /// The word that is written at `raw`.
    pub(in super::super) fn new(text: &[u8], raw: Span) -> Self {
        let (quote, opening) = match &text[raw.range()] {
            [b'\'', ..] => (Quote::Single, 1),
            [b'"', ..] => (Quote::Double, 1),
            [b'$', b'\'', ..] => (Quote::Ansi, 2),
            _ => (Quote::None, 0),
        };
        let inside = raw.start + opening;
        let close = match quote {
            Quote::None => None,
            Quote::Double => closing_double(text, inside, raw.end),
            Quote::Single | Quote::Ansi => closing(text, inside, raw.end, quote == Quote::Ansi),
        };
        match close {
            Some(close) if close + 1 == raw.end => Self {
                span: Span::new(inside, close),
                quote,
            },
            // Never closed: the quote is no part of what was meant.
            None if quote != Quote::None => Self {
                span: Span::new(inside, raw.end),
                quote: Quote::None,
            },
            _ => Self {
                span: raw,
                quote: Quote::None,
            },
        }
    }

    /// The part of `self` at `span`, in the same quotes.
    pub(super) fn within(self, span: Span) -> Self {
        Self { span, ..self }
    }

    /// Its text as it is written.
    pub(in super::super) fn text(self, text: &[u8]) -> &[u8] {
        &text[self.span.range()]
    }

    /// Whether it is written without quotes.
    pub(in super::super) fn is_bare(self) -> bool {
        self.quote == Quote::None
    }

    /// What it is to the program, as the value of something.
    pub(in super::super) fn value(self, text: &[u8]) -> Value {
        self.tail(text, self.span.start)
    }

    /// The same of what stands from `from` on.
    pub(in super::super) fn tail(self, text: &[u8], from: usize) -> Value {
        let span = Span::new(from.min(self.span.end), self.span.end);
        let part = &text[span.range()];
        match self.quote {
            Quote::None if span.is_empty() => Value::bare(span),
            Quote::None if span.start > self.span.start => Self::new(text, span).value(text),
            Quote::None => {
                let read = (!substitutes(part)).then(|| unquoted(part));
                let read = read.filter(|r| r != part).map(Vec::into_boxed_slice);
                Value {
                    read,
                    ..Value::bare(span)
                }
            }
            Quote::Double if substitutes(part) => Value::bare(span),
            quote => {
                let mut out = Vec::with_capacity(part.len());
                unescape(part, quote, &mut out);
                Value {
                    span,
                    quoted: true,
                    read: (out != part).then(|| out.into()),
                }
            }
        }
    }

    /// The name and the value of `name=value`; the name has letters, digits, `_`, `.` and `-`.
    pub(in super::super) fn assigned(self, text: &[u8]) -> Option<(Span, Value)> {
        let part = self.text(text);
        let len = name_len(part);
        let sign = match part.get(len..)? {
            [b'=', ..] => 1,
            [b'+', b'=', ..] => 2,
            _ => return None,
        };
        // `X=(…)` is a list.
        let from = self.span.start + len + sign;
        if len == 0 || (from == self.span.end && text.get(from) == Some(&b'(')) {
            return None;
        }
        let key = Span::new(self.span.start, self.span.start + len);
        Some((key, self.tail(text, from)))
    }
}

/// Bytes of the name that `part` begins with; 0 for none.
pub(super) fn name_len(part: &[u8]) -> usize {
    if !part
        .first()
        .is_some_and(|&b| b.is_ascii_alphabetic() || b == b'_')
    {
        return 0;
    }
    part.iter()
        .take_while(|&&b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'-'))
        .count()
}

/// Whether `part` is a name that a shell can give a value.
pub(super) fn is_identifier(part: &[u8]) -> bool {
    name_len(part) == part.len()
        && !part.is_empty()
        && !part.contains(&b'.')
        && !part.contains(&b'-')
}

fn closing_double(text: &[u8], from: usize, end: usize) -> Option<usize> {
    // Quotes in its substitutions close nothing.
    let mut depth = 0_usize;
    let mut at = from;
    while at < end {
        match text[at] {
            b'\\' => at += 1,
            b'"' if depth == 0 => return Some(at),
            b'$' if text[..end].get(at + 1) == Some(&b'(') => {
                depth += 1;
                at += 1;
            }
            b'(' if depth > 0 => depth += 1,
            b')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        at += 1;
    }
    None
}

/// Whether `part` holds a command whose output is put there.
fn substitutes(part: &[u8]) -> bool {
    let mut at = 0;
    while at < part.len() {
        match part[at] {
            b'\\' => at += 1,
            b'`' => return true,
            b'$' if part.get(at + 1) == Some(&b'(') => return true,
            _ => {}
        }
        at += 1;
    }
    false
}

/// A word of parts, quotes taken off and escapes resolved.
fn unquoted(part: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(part.len());
    let mut at = 0;
    while at < part.len() {
        let (quote, from) = match part[at..] {
            [b'\'', ..] => (Quote::Single, at + 1),
            [b'"', ..] => (Quote::Double, at + 1),
            [b'$', b'\'', ..] => (Quote::Ansi, at + 2),
            _ => (Quote::None, at),
        };
        let close = match quote {
            Quote::None => None,
            Quote::Double => closing_double(part, from, part.len()),
            Quote::Single | Quote::Ansi => closing(part, from, part.len(), quote == Quote::Ansi),
        };
        if let Some(close) = close {
            unescape(&part[from..close], quote, &mut out);
            at = close + 1;
        } else if quote != Quote::None {
            // Never closed: the rest is text.
            out.extend_from_slice(&part[at..]);
            return out;
        } else if part[at] == b'\\' {
            let behind = past_escape(part, at, part.len());
            if past_ending(part, at + 1, part.len()) != behind || behind == at + 1 {
                out.extend_from_slice(&part[(at + 1).min(behind)..behind]);
            }
            at = behind;
        } else {
            out.push(part[at]);
            at += 1;
        }
    }
    out
}

/// Adds `part`, which stands in `quote`, to `out`.
fn unescape(part: &[u8], quote: Quote, out: &mut Vec<u8>) {
    let mut at = 0;
    while at < part.len() {
        let rest = &part[at..];
        let (bytes, len) = match (quote, rest) {
            (Quote::Double, [b'\\', b @ (b'"' | b'\\' | b'$' | b'`'), ..]) => (Some(*b), 2),
            (Quote::Double, [b'\\', b'\n' | b'\r', ..]) => {
                (None, past_escape(part, at, part.len()) - at)
            }
            (Quote::Ansi, [b'\\', b'x', high, low, ..])
                if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() =>
            {
                let digit = |b: u8| char::from(b).to_digit(16).unwrap_or_default();
                let byte = u8::try_from(digit(*high) * 16 + digit(*low));
                (byte.ok(), 4)
            }
            (Quote::Ansi, [b'\\', b, ..]) if ansi(*b).is_some() => (ansi(*b), 2),
            _ => (Some(rest[0]), 1),
        };
        out.extend(bytes);
        at += len;
    }
}

/// What a backslash and `byte` mean in `$'…'`.
fn ansi(byte: u8) -> Option<u8> {
    Some(match byte {
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        b'e' => 0x1b,
        b'\\' | b'\'' | b'"' => byte,
        _ => return None,
    })
}
