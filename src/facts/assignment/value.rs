//! The value of a pair: a quoted literal, or what is bare up to where the syntax ends it.

use super::between::annotation;
use super::cursor::Cursor;
use crate::facts::Via;
use crate::model::Span;
use crate::text::Syntax;

/// A value is at most so long.
pub(super) const LONGEST_VALUE: usize = 4096;

/// A quoted literal, its quotes and prefixes stepped over. Ends on its own line.
pub(super) fn literal(cursor: &mut Cursor<'_>) -> Option<Span> {
    let text = cursor.text;
    let mut at = cursor.at;
    // A type annotation that came after a colon: `key: &str = "…"`, `key: String = …`.
    if let Some(end) = annotation(&text[at..]) {
        at += end;
    }
    // `@"…"`, `b"…"`, `r'…'`, `L"…"`, `[]byte("…")`, `new String("…")`: the literal is what counts.
    let prefix = text[at..]
        .iter()
        .take(2)
        .take_while(|b| {
            matches!(
                b,
                b'@' | b'b' | b'r' | b'u' | b'B' | b'R' | b'U' | b'L' | b'N' | b'\\'
            )
        })
        .count();
    let prefix = if matches!(text.get(at + prefix), Some(b'"' | b'\'' | b'`')) {
        prefix
    } else {
        0
    };
    let escaped = prefix > 0 && text[at + prefix - 1] == b'\\';
    at += prefix;
    let quote = *text.get(at)?;
    if !matches!(quote, b'"' | b'\'' | b'`') {
        return None;
    }
    let triple = text[at..].starts_with(&[quote; 3]);
    let start = at + if triple { 3 } else { 1 };
    let mut end = start;
    while end < text.len().min(start + LONGEST_VALUE) {
        match text[end] {
            b'\n' => return None,
            b'\\' if escaped && text.get(end + 1) == Some(&quote) => break,
            b'\\' => end += 2,
            b if b == quote => break,
            _ => end += 1,
        }
    }
    if end >= text.len().min(start + LONGEST_VALUE) {
        return None;
    }
    cursor.at = end;
    Some(Span::new(start, end))
}

/// A quoted literal on the next line, where formatters put long ones: `key =⏎ "…"`, `key = (⏎ "…"`. What is followed by a colon is a name of its own.
pub(super) fn literal_below(cursor: &mut Cursor<'_>) -> Option<Span> {
    let text = cursor.text;
    let mut below = Cursor {
        text,
        at: cursor.at,
    };
    if !below.eat(b'(') {
        below.eat(b'\\');
    }
    let line = below.at;
    below.lines();
    if !text[line..below.at].contains(&b'\n') {
        return None;
    }
    let value = literal(&mut below)?;
    let mut behind = Cursor {
        text,
        at: value.end + 1,
    };
    behind.blanks();
    if behind.peek() == Some(b':') {
        return None;
    }
    cursor.at = below.at;
    Some(value)
}

/// A value without quotes, where the syntax has such.
pub(super) fn bare(
    cursor: &Cursor<'_>,
    syntax: Syntax,
    via: Via,
    quoted_key: bool,
) -> Option<Span> {
    let text = cursor.text;
    let start = cursor.at;
    let line = &text[start..text.len().min(start + LONGEST_VALUE)];
    let line = &line[..memchr::memchr2(b'\n', b'\r', line).unwrap_or(line.len())];
    let stop: &[u8] = match (syntax, via) {
        (_, Via::Argument | Via::Call) => return None,
        (_, Via::Element) => b"<",
        (Syntax::Code | Syntax::Json, _) => return None,
        (_, Via::Option) | (Syntax::Shell, _) => b" \t;|&\"'`)",
        (Syntax::Lines, _) => b"",
        (Syntax::Yaml, _) => b"",
        (Syntax::Markup, _) => b" \t\"'<>;&",
        // A backslash begins the `\n` of a text within a string.
        (Syntax::Prose | Syntax::Unknown, _) => b" \t\"'`,;<>)(&|\\",
    };
    if quoted_key && syntax != Syntax::Yaml {
        return None;
    }
    let mut end = line
        .iter()
        .position(|b| stop.contains(b))
        .unwrap_or(line.len());
    if stop.is_empty() {
        // A comment behind the value begins after a blank.
        end = line
            .windows(2)
            .position(|w| matches!(w[0], b' ' | b'\t') && w[1] == b'#')
            .unwrap_or(end);
    }
    if text[..start].ends_with(b"=") {
        end = before_next_variable(&line[..end]);
    }
    while end > 0 && matches!(line[end - 1], b' ' | b'\t') {
        end -= 1;
    }
    (end > 0).then(|| Span::new(start, start + end))
}

/// Where a value ends that other variables follow: in `A=x B=y` behind `x`. Passwords hold blanks, but none before a name in capitals and its sign.
fn before_next_variable(line: &[u8]) -> usize {
    const LEAST: usize = 2;
    let begins = |rest: &[u8]| {
        let name = rest
            .iter()
            .take_while(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || **b == b'_')
            .count();
        name >= LEAST && rest.get(name) == Some(&b'=')
    };
    memchr::memchr_iter(b' ', line)
        .find(|&at| begins(&line[at + 1..]))
        .unwrap_or(line.len())
}

/// `Authorization: Bearer x`: the scheme is no part of the credential (RFC 9110, 11.4). A bare value ended at the blank behind it.
pub(in crate::facts) fn past_scheme(text: &[u8], value: Span, quoted: bool) -> Span {
    const SCHEMES: &[&[u8]] = &[
        b"bearer", b"basic", b"token", b"key", b"apikey", b"api-key", b"bot",
    ];
    let word = &text[value.range()];
    let word = &word[..memchr::memchr(b' ', word).unwrap_or(word.len())];
    let behind = value.start + word.len();
    let is_scheme = SCHEMES.iter().any(|s| word.eq_ignore_ascii_case(s))
        || word.to_ascii_lowercase().ends_with(b"-key");
    if !is_scheme || text.get(behind) != Some(&b' ') {
        return value;
    }
    let start = behind + 1;
    if quoted || value.end > start {
        return Span::new(start, value.end.max(start));
    }
    let rest = &text[start..text.len().min(start + LONGEST_VALUE)];
    let end = rest
        .iter()
        .position(|b| b.is_ascii_whitespace() || b"\"'`,;<>)(&|".contains(b))
        .unwrap_or(rest.len());
    Span::new(start, start + end)
}
