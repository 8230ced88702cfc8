//! What a call's arguments reach in the languages that are read by their tokens.
//!
//! Takes text, its language and where a name ends, gives the rest of the statement: whatever the language, the arguments are in it, in
//! brackets or none, in braces behind them, in a chain. So it is more than the arguments, never less; where quotes or comments may hide
//! where it ends, it says that it cannot tell.

use std::ops::Range;

use crate::facts::Language::{self, CSharp, Go, Java, JavaScript, Php, Python, Ruby, Rust, Swift};

/// A statement that goes on for longer is not looked through.
const LONGEST: usize = 8 << 10;
/// Bytes of the longest character between quotes: `'\u{10FFFF}'`.
const CHARACTER: usize = 12;

/// Words of the languages, which are given nothing.
const WORDS: &[&[u8]] = &[
    b"and", b"as", b"do", b"else", b"end", b"false", b"for", b"if", b"in", b"let", b"mut", b"new",
    b"nil", b"not", b"null", b"or", b"return", b"self", b"this", b"true", b"unless", b"var",
];

/// Where the statement ends that the byte at `at` lies in; nothing where that cannot be told.
pub(super) fn end(text: &[u8], at: usize, language: Language) -> Option<usize> {
    let limit = text.len().min(at + LONGEST);
    let mut depth = 0usize;
    let mut i = at;
    while i < limit {
        match text[i] {
            b'(' | b'[' => depth += 1,
            b'{' if depth == 0 && is_body(text, at, i, language) => return Some(i),
            b'{' => depth += 1,
            b')' | b']' | b'}' if depth == 0 => return Some(i),
            b')' | b']' | b'}' => depth -= 1,
            b';' if depth == 0 => return Some(i),
            b'\n' if depth == 0 && ends_with_line(text, at, i, language) => {
                let before = text[at..i].trim_ascii_end();
                let opens = before.ends_with(b" do") || before.ends_with(b"|");
                return (language != Ruby || !opens).then_some(i);
            }
            _ if is_opaque(text, i, language) => return None,
            _ => match quoted(text, i, language) {
                Some(end) => i = end,
                None => i = comment(text, i, language).unwrap_or(i),
            },
        }
        i += 1;
    }
    (limit == text.len()).then_some(limit)
}

/// Whether a name that ends at `at` is given no arguments, neither in brackets nor without.
pub(super) fn is_bare(text: &[u8], at: usize, language: Language) -> bool {
    let rest = &text[at..];
    let blanks = rest.iter().take_while(|b| b" \t".contains(b)).count();
    match &rest[blanks..] {
        [b'.', b'(', ..] => false,
        [b'\n' | b'\r', ..] => matches!(language, Python | Ruby),
        [first, ..] => b".,)]};=".contains(first),
        [] => true,
    }
}

/// Whether the brace at `at` begins the body of what stands before it, which began at `start`.
fn is_body(text: &[u8], start: usize, at: usize, language: Language) -> bool {
    matches!(language, Go | Java | Php | Rust) && text[start..at].trim_ascii_end().ends_with(b")")
}

/// Whether a line that ends at `at` ends its statement too.
fn ends_with_line(text: &[u8], start: usize, at: usize, language: Language) -> bool {
    if matches!(language, CSharp | Java | Php | Rust) {
        return false;
    }
    let before = text[start..at].trim_ascii_end();
    let goes_on = before
        .last()
        .is_none_or(|b| b",\\+-*/%|&=<([{?:.!".contains(b));
    let next = text[at..].trim_ascii_start();
    !goes_on && !next.first().is_some_and(|b| b".?{(&|+-*/:,=".contains(b))
}

/// Whether text without plain quotes begins here, or what may be taken for it: nothing behind it can be told.
fn is_opaque(text: &[u8], at: usize, language: Language) -> bool {
    let rest = &text[at..];
    match (rest, language) {
        ([b'"', b'"', b'"', ..] | [b'\'', b'\'', b'\'', ..], _) => true,
        ([b'`', ..], Go | Ruby | Php) => true,
        ([b'@', b'"', ..] | [b'@', b'$', b'"', ..] | [b'$', b'@', b'"', ..], CSharp) => true,
        ([b'r', b'"' | b'#', ..], Rust) => true,
        ([b'#', b'"', ..], Swift) => true,
        ([b'<', b'<', b'<', ..], Php) => true,
        ([b'<', b'<', b'~' | b'-' | b'"' | b'\'' | b'A'..=b'Z', ..], Ruby) => true,
        // A regular expression, or a text of another kind; or else a division.
        ([b'/' | b'%', next, ..], Ruby) if !next.is_ascii_whitespace() => {
            let line = memchr::memchr(b'\n', rest).map_or(rest, |end| &rest[..end]);
            memchr::memchr2(b'"', b'\'', line).is_some()
        }
        _ => false,
    }
}

/// The last byte of the quoted text that begins at `at`, if one does.
fn quoted(text: &[u8], at: usize, language: Language) -> Option<usize> {
    let end = match (text[at], language) {
        (b'"', _) | (b'\'', Php | Python | Ruby | JavaScript) => text.len(),
        // Of these a single quote is that of a character, or no quote: Rust's lifetimes.
        (b'\'', _) => match text.get(at + 1)? {
            b'\\' => text.len().min(at + CHARACTER),
            first if first.is_ascii() => text.len().min(at + 3),
            _ => text.len().min(at + 6),
        },
        _ => return None,
    };
    let end = super::past_quote(text, at, text[at], end);
    (end > at).then_some(end)
}

/// The last byte of the comment that begins at `at`, if one does.
fn comment(text: &[u8], at: usize, language: Language) -> Option<usize> {
    let rest = &text[at..];
    let slashes = !matches!(language, Python | Ruby);
    let hash = matches!(language, Python | Ruby | Php);
    let line = || memchr::memchr(b'\n', rest).map_or(text.len() - 1, |end| at + end - 1);
    match rest {
        [b'/', b'/', ..] if slashes => Some(line()),
        [b'/', b'*', ..] if slashes => {
            Some(memchr::memmem::find(rest, b"*/").map_or(text.len() - 1, |end| at + end + 1))
        }
        [b'#', ..] if hash => Some(line()),
        _ => None,
    }
}

/// What is only said in `part`, the rest of a statement: texts between quotes without holes that are no keys.
pub(super) fn said(part: &[u8], language: Language) -> Vec<Range<usize>> {
    let mut said = Vec::new();
    let mut at = 0;
    while at < part.len() {
        if let Some(end) = quoted(part, at, language) {
            if !has_hole(&part[at..end]) && !is_key(part, at, end) {
                said.push(at..end);
            }
            at = end;
        }
        at += 1;
    }
    said
}

/// Whether a quoted text may hold more than what is written.
fn has_hole(text: &[u8]) -> bool {
    text.iter().any(|b| b"{$".contains(b)) || memchr::memmem::find(text, b"\\(").is_some()
}

/// Whether the quoted text from `at` to `end` names something: `x["key"]`, `get("key")`, `get "key"`, `"key" => v`. The first one in the
/// brackets of the call itself does not.
fn is_key(part: &[u8], at: usize, end: usize) -> bool {
    let (before, behind) = (part[..at].trim_ascii_end(), &part[end..]);
    let behind = behind.get(1..).unwrap_or_default().trim_ascii_start();
    let asked = match before {
        [] | [b'('] | [b'!', b'('] => false,
        [.., last] => b"([".contains(last) || super::is_part(*last),
    };
    asked || matches!(behind, [b':' | b'=', ..])
}

/// The names in `part`, the rest of a statement: those in texts with holes among them.
pub(super) fn names(part: &[u8], language: Language) -> Vec<&[u8]> {
    let mut names = Vec::new();
    let mut at = 0;
    while at < part.len() {
        match quoted(part, at, language) {
            Some(end) if !has_hole(&part[at..end]) => at = end + 1,
            _ if super::is_part(part[at]) && part[at] != b'$' => {
                let is_part = |b: &&u8| super::is_part(**b);
                let length = part[at..].iter().take_while(is_part).count();
                let name = &part[at..at + length];
                at += length;
                if !name[0].is_ascii_digit() && !WORDS.contains(&name) {
                    names.push(name);
                }
            }
            _ => at += 1,
        }
    }
    names
}

/// Where what the name that ends at `at` is given begins, if it is given something: on its line, behind `=`.
pub(in crate::rules::code) fn given(text: &[u8], at: usize) -> Option<usize> {
    /// Between a name and what it is given stand other names, an index, a type.
    const LONGEST: usize = 200;
    let rest = &text[at..text.len().min(at + LONGEST)];
    let mut i = rest.iter().take_while(|b| b.is_ascii_whitespace()).count();
    while i < rest.len() {
        let before = i.checked_sub(1).map_or(b' ', |before| rest[before]);
        match &rest[i..] {
            [b'=', b'=' | b'~', ..] => i += 1,
            [b'=', ..] if !b"!<>=".contains(&before) => return Some(at + i + 1),
            [b';', ..] => return None,
            [b'\n', ..] if !rest[..i].trim_ascii_end().ends_with(b",") => return None,
            _ => {}
        }
        i += 1;
    }
    None
}

/// The names that stand before `=` on the line of the call at `at`: what it makes goes by one of them.
pub(super) fn receivers(text: &[u8], at: usize) -> Vec<&[u8]> {
    /// A longer line tells nothing.
    const LONGEST: usize = 200;
    let before = &text[at.saturating_sub(LONGEST)..at];
    let mut start = memchr::memrchr(b'\n', before).map_or(0, |end| end + 1);
    if before[start..].trim_ascii().is_empty() {
        start = memchr::memrchr(b'\n', before[..start].trim_ascii_end()).map_or(0, |end| end + 1);
    }
    let line = &before[start..];
    let Some(sign) = memchr::memrchr(b'=', line) else {
        return Vec::new();
    };
    names(&line[..sign], JavaScript)
}
