//! What the arguments of a call reach, told without parsing: asked before a file is parsed, which costs ten times what all else does.
//!
//! Takes the text and where a name is called, gives stretches of text: what stands between the brackets, and what the names in it are
//! given elsewhere in the file. Knows no scopes and no grammar, so it gives more than a program would, and says so where it cannot tell.

use std::ops::Range;

use foldhash::HashSet;
use memchr::memmem;

/// Brackets that hold more are not looked through.
const LONGEST_CALL: usize = 8 << 10;
/// What a name is given is looked through so far.
const LONGEST_VALUE: usize = 600;
/// Names that are followed from one call.
const NAMES: usize = 24;
/// Places of a name that are looked at.
const PLACES: usize = 200;
/// Words between a name in a pattern and the end of the pattern.
const LONGEST_PATTERN: usize = 200;

/// Whether a byte can stand in a name.
pub(super) fn is_part(b: u8) -> bool {
    b.is_ascii_alphanumeric() || b == b'_' || b == b'$' || b >= 0x80
}

/// Whether `fits` says so of a stretch that the arguments of a call of `name` reach, or that cannot be told. `name` is called where it stands
/// with nothing of a name beside it, or only behind it where `whole` says no.
pub(super) fn any_call(
    text: &[u8],
    name: &[u8],
    whole: bool,
    fits: &mut dyn FnMut(&[u8], usize) -> bool,
) -> bool {
    memmem::find_iter(text, name).any(|at| {
        let end = at + name.len();
        let part = |b: Option<&u8>| b.is_some_and(|&b| is_part(b));
        let before = at.checked_sub(1).and_then(|i| text.get(i));
        if part(text.get(end)) || whole && part(before) {
            return false;
        }
        match arguments(text, end) {
            Arguments::None => false,
            Arguments::Unknown => true,
            Arguments::Between(start, end) => reaches(text, start, end, fits),
        }
    })
}

enum Arguments {
    /// It is not called.
    None,
    Between(usize, usize),
    Unknown,
}

/// What stands between the brackets behind a name that ends at `at`.
fn arguments(text: &[u8], at: usize) -> Arguments {
    let rest = &text[at..];
    let blank = rest.iter().take_while(|b| b.is_ascii_whitespace()).count();
    match &rest[blank..] {
        [b'(', ..] => match closing(text, at + blank) {
            Some(end) => Arguments::Between(at + blank + 1, end),
            None => Arguments::Unknown,
        },
        [b'`' | b'<', ..] | [b'?', b'.', ..] | [b'"' | b'\'', ..] | [b':', ..] => {
            Arguments::Unknown
        }
        rest if rest.starts_with(b"as ") => Arguments::Unknown,
        // `<Form.Password …>` and its like are no calls with brackets.
        [b'/' | b'>', ..] => Arguments::Unknown,
        _ if blank > 0 && is_element(text, at) => Arguments::Unknown,
        _ => Arguments::None,
    }
}

/// Whether the name that ends at `at` is that of an element: `<Form.Password`.
fn is_element(text: &[u8], at: usize) -> bool {
    const LONGEST: usize = 64;
    let before = &text[at.saturating_sub(LONGEST)..at];
    let mut before = before.iter().rev();
    before.find(|&&b| !(is_part(b) || b == b'.')) == Some(&b'<')
}

/// The place of the bracket that closes the one at `open`; quotes are passed over.
fn closing(text: &[u8], open: usize) -> Option<usize> {
    let end = text.len().min(open + LONGEST_CALL);
    let mut depth = 0usize;
    let mut at = open;
    while at < end {
        match text[at] {
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return Some(at);
                }
            }
            quote @ (b'"' | b'\'') => at = past_quote(text, at, quote, end),
            _ => {}
        }
        at += 1;
    }
    None
}

/// The end of the quoted text at `at`, or `at` where it does not end on its line: then it was no quote.
fn past_quote(text: &[u8], at: usize, quote: u8, end: usize) -> usize {
    let mut i = at + 1;
    while i < end {
        match text[i] {
            b'\\' => i += 1,
            b'\n' => return at,
            b if b == quote => return i,
            _ => {}
        }
        i += 1;
    }
    at
}

/// Whether `fits` says so of `text[start..end]` or of what the names in it are given.
fn reaches(
    text: &[u8],
    start: usize,
    end: usize,
    fits: &mut dyn FnMut(&[u8], usize) -> bool,
) -> bool {
    let mut seen: HashSet<&[u8]> = HashSet::default();
    let mut left = vec![(start, end)];
    while let Some((start, end)) = left.pop() {
        let part = &text[start..end.min(text.len())];
        if fits(part, start) {
            return true;
        }
        for name in names(part) {
            if !seen.insert(name) {
                continue;
            }
            if seen.len() > NAMES {
                return true;
            }
            if !values(text, name, &mut left) {
                return true;
            }
        }
    }
    false
}

/// The names in `part`, texts between plain quotes and calls left out.
fn names(part: &[u8]) -> Vec<&[u8]> {
    let mut names = Vec::new();
    let mut at = 0;
    while at < part.len() {
        match part[at] {
            quote @ (b'"' | b'\'') => at = past_quote(part, at, quote, part.len()) + 1,
            b if is_part(b) => {
                let length = part[at..].iter().take_while(|&&b| is_part(b)).count();
                let name = &part[at..at + length];
                at += length;
                if !b.is_ascii_digit() && !WORDS.contains(&name) {
                    names.push(name);
                }
            }
            _ => at += 1,
        }
    }
    names
}

/// Words of the language, and names of what every program has.
const WORDS: &[&[u8]] = &[
    b"Error",
    b"JSON",
    b"Object",
    b"String",
    b"as",
    b"async",
    b"await",
    b"catch",
    b"console",
    b"const",
    b"else",
    b"err",
    b"error",
    b"false",
    b"for",
    b"function",
    b"if",
    b"in",
    b"instanceof",
    b"length",
    b"let",
    b"message",
    b"name",
    b"new",
    b"null",
    b"of",
    b"return",
    b"status",
    b"stringify",
    b"this",
    b"throw",
    b"true",
    b"try",
    b"typeof",
    b"undefined",
    b"var",
    b"void",
];

/// Collects where `name` is given something; false where that is more than can be looked at.
fn values(text: &[u8], name: &[u8], found: &mut Vec<(usize, usize)>) -> bool {
    for (count, at) in memmem::find_iter(text, name).enumerate() {
        if count >= PLACES {
            return false;
        }
        let end = at + name.len();
        let before = at.checked_sub(1).and_then(|i| text.get(i));
        if before.is_some_and(|&b| is_part(b)) || text.get(end).is_some_and(|&b| is_part(b)) {
            continue;
        }
        if let Some(start) = given(text, end) {
            found.push((start, statement(text, start)));
        }
    }
    true
}

/// Where what the name that ends at `at` is given begins, if it is given something: `x = …`, `x: …`, `x of …`, `{ x } = …`.
fn given(text: &[u8], at: usize) -> Option<usize> {
    let rest = &text[at..text.len().min(at + LONGEST_PATTERN)];
    let blank = rest.iter().take_while(|b| b.is_ascii_whitespace()).count();
    let start = at + blank;
    match &rest[blank..] {
        [b'=', b'=' | b'>', ..] => None,
        [b'=' | b':', ..] => Some(start + 1),
        [b'+' | b'|' | b'&' | b'?', b'=', ..]
        | [b'|' | b'?' | b'&', b'|' | b'?' | b'&', b'=', ..] => Some(start + 1),
        // Members that it is given later, too.
        [b'.' | b'[', more @ ..] => {
            let name = more
                .iter()
                .take_while(|&&b| is_part(b) || b".[]\"'".contains(&b))
                .count();
            let more = more[name..].trim_ascii_start();
            matches!(more, [b'=', next, ..] if !b"=>".contains(next)).then_some(at)
        }
        rest if rest.starts_with(b"of ") => Some(start + 3),
        rest @ [b',' | b'}' | b']', ..] => {
            let in_pattern = |b: &&u8| is_part(**b) || b" \t\r\n,:.{[".contains(*b);
            let until = rest.iter().take_while(in_pattern).count();
            let behind = rest.get(until + 1..)?.trim_ascii_start();
            let closes = matches!(rest.get(until), Some(b'}' | b']'));
            let gives = matches!(behind, [b'=', next, ..] if !b"=>".contains(next))
                || behind.starts_with(b"of ");
            (closes && gives).then_some(start + until + 1)
        }
        _ => None,
    }
}

/// Where the statement that begins at `start` ends at the latest.
fn statement(text: &[u8], start: usize) -> usize {
    let end = text.len().min(start + LONGEST_VALUE);
    let mut depth = 0usize;
    for (i, &b) in text[start..end].iter().enumerate() {
        match b {
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' if depth == 0 => return start + i,
            b')' | b']' | b'}' => depth -= 1,
            b';' | b',' if depth == 0 => return start + i,
            _ => {}
        }
    }
    end
}

/// What is only said in `part`: texts between quotes that are no keys (`x["key"]`, `get("key")`), and those of templates outside of their holes.
pub(super) fn said(part: &[u8]) -> Vec<Range<usize>> {
    let mut said = Vec::new();
    // Brackets that are open in each hole of a template around this place.
    let mut holes: Vec<usize> = Vec::new();
    let mut at = 0;
    while at < part.len() {
        match part[at] {
            quote @ (b'"' | b'\'') => {
                let end = past_quote(part, at, quote, part.len());
                let is_key = matches!(part[..at].trim_ascii_end(), [.., b'(' | b'[']);
                if !is_key && end > at {
                    said.push(at..end);
                }
                at = end;
            }
            b'`' => at = template(part, at + 1, &mut holes, &mut said),
            b'{' => holes.iter_mut().rev().take(1).for_each(|open| *open += 1),
            b'}' => match holes.last_mut() {
                Some(0) => {
                    holes.pop();
                    at = template(part, at + 1, &mut holes, &mut said);
                }
                Some(open) => *open -= 1,
                None => {}
            },
            _ => {}
        }
        at += 1;
    }
    said
}

/// Passes over the text of a template from `at` on; gives its end, or where its next hole begins.
fn template(part: &[u8], at: usize, holes: &mut Vec<usize>, said: &mut Vec<Range<usize>>) -> usize {
    let mut i = at;
    while i < part.len() {
        match part[i] {
            b'\\' => i += 1,
            b'`' => break,
            b'$' if part.get(i + 1) == Some(&b'{') => {
                holes.push(0);
                said.push(at..i);
                return i + 1;
            }
            _ => {}
        }
        i += 1;
    }
    said.push(at..i.min(part.len()));
    i
}
