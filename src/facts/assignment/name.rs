//! The name of a pair: how far it reaches, and what its surroundings make of it.

use super::between::LONGEST_TYPE;
use crate::model::Span;
use crate::text::Syntax;

/// A name is at most so long.
pub(super) const LONGEST_KEY: usize = 100;

/// The name that holds the byte at `at`.
pub(in crate::facts) fn key_around(text: &[u8], at: usize) -> Span {
    let low = at.saturating_sub(LONGEST_KEY);
    let mut start = at;
    while start > low && in_key(text[start - 1]) {
        start -= 1;
    }
    let high = text.len().min(at + LONGEST_KEY);
    let mut end = at;
    while end < high && in_key(text[end]) {
        end += 1;
    }
    // `password:-x`, `key--`, `token.`: what ends a name is no part of it, what begins an option is.
    while end > at && matches!(text[end - 1], b'-' | b'.') {
        end -= 1;
    }
    while start < at && text[start] == b'.' {
        start += 1;
    }
    Span::new(start, end)
}

/// Whether what stands before a quoted name, its quote included, ends with an opening bracket.
pub(super) fn is_first(before: &[u8]) -> bool {
    let before = before[..before.len().saturating_sub(1)].trim_ascii_end();
    matches!(before, [.., b'(' | b'[' | b'{'])
}

pub(super) fn in_key(b: u8) -> bool {
    b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.' | b'$')
}

/// `key` alone is an index; in text for people the words before it say whose: `access key`, `Using Key=`.
pub(super) fn with_words_before(text: &[u8], syntax: Syntax, key: Span) -> Span {
    const MOST_WORDS: usize = 2;
    if !is_loose(syntax) || !text[key.range()].eq_ignore_ascii_case(b"key") {
        return key;
    }
    let low = key.start.saturating_sub(LONGEST_TYPE);
    let mut start = key.start;
    for _ in 0..MOST_WORDS {
        let Some(end) = start.checked_sub(1).filter(|&i| text[i] == b' ') else {
            break;
        };
        let mut at = end;
        while at > low && text[at - 1].is_ascii_alphanumeric() {
            at -= 1;
        }
        if at == end || at == low {
            break;
        }
        start = at;
    }
    Span::new(start, key.end)
}

/// Text for people and output of programs, in which a pair may be written in any way.
pub(super) fn is_loose(syntax: Syntax) -> bool {
    matches!(syntax, Syntax::Prose | Syntax::Unknown)
}

/// Whether the key is itself the value of a `name` or `key`: `- name: API_TOKEN`, `<add key="ApiKey"`.
pub(super) fn is_named(text: &[u8], key: Span) -> bool {
    let before = &text[..key.start];
    let before = match before {
        [rest @ .., b'"' | b'\''] => rest,
        _ => before,
    };
    let before = before.trim_ascii_end();
    let Some(before) = before
        .strip_suffix(b":")
        .or_else(|| before.strip_suffix(b"="))
    else {
        return false;
    };
    let before = before.trim_ascii_end();
    let before = match before {
        [rest @ .., b'"' | b'\''] => rest,
        _ => before,
    };
    let tail = &before[before.len().saturating_sub(4)..];
    let longer = before.len().checked_sub(tail.len() + 1).map(|i| before[i]);
    (tail.eq_ignore_ascii_case(b"name") && !longer.is_some_and(in_key))
        || (tail.to_ascii_lowercase().ends_with(b"key")
            && !tail.first().is_some_and(|&b| in_key(b)))
}
