//! What the beginning of a file says of it.

use std::sync::LazyLock;

use memchr::memmem;
use regex::bytes::{Regex, RegexBuilder};

use super::{LEXICON, in_comment};
use crate::model::{Context, Contexts};

/// How much of a file is looked at.
const HEAD: usize = 16 * 1024;

/// What the first bytes of a file say of it: generated, minified, client code.
pub fn of_content(head: &[u8]) -> Contexts {
    let head = &head[..head.len().min(HEAD)];
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    let found = [
        (is_generated(head), Context::Generated),
        (is_minified(head), Context::Minified),
        (is_client(head), Context::Client),
    ];
    found
        .into_iter()
        .filter_map(|(yes, context)| yes.then_some(context))
        .collect()
}

/// A comment near the top says so. In a string it says nothing.
fn is_generated(head: &[u8]) -> bool {
    const LINES: usize = 40;
    const LONGEST: usize = 400;
    let end = memchr::memchr_iter(b'\n', head).nth(LINES - 1);
    let head = &head[..end.unwrap_or(head.len())];
    MARKS.find_iter(head).any(|mark| {
        let start = memchr::memrchr(b'\n', &head[..mark.start()]).map_or(0, |i| i + 1);
        let before = &head[start..mark.start()];
        before.len() < LONGEST && (in_comment(before) || is_opening(before))
    })
}

/// The words of generators, in any case: one pass for all of them, as every file is asked.
static MARKS: LazyLock<Regex> = LazyLock::new(|| {
    let marks = LEXICON.content.generated.iter();
    let marks: Vec<_> = marks.map(|mark| regex::escape(mark)).collect();
    RegexBuilder::new(&marks.join("|"))
        .unicode(false)
        .case_insensitive(true)
        .build()
        .expect("words of contexts.toml, escaped")
});

/// Nothing but the sign of a comment stands before: `/**`, `"""`, `{#`, `%`, `--`.
fn is_opening(before: &[u8]) -> bool {
    let signs = before.trim_ascii();
    !signs.is_empty()
        && signs.len() <= 4
        && signs.iter().all(|b| {
            matches!(
                b,
                b'/' | b'*' | b'#' | b'-' | b'%' | b'{' | b'"' | b'!' | b';'
            )
        })
}

/// Lines that no one wrote by hand: long, with few blanks and many signs. JSON is data, however it is laid out, and base64 has no signs.
fn is_minified(head: &[u8]) -> bool {
    const LONG_LINE: usize = 2000;
    const LONG_MEAN: usize = 400;
    let text = head.trim_ascii_start();
    if matches!(text, [b'{', b'"' | b'\n' | b' ' | b'\r', ..] | [b'[', ..]) {
        return false;
    }
    let dense = |line: &[u8]| {
        let blanks = line.iter().filter(|b| b.is_ascii_whitespace()).count();
        let signs = line
            .iter()
            .filter(|b| matches!(b, b'{' | b'}' | b';' | b',' | b'(' | b')' | b':' | b'='))
            .count();
        blanks * 10 < line.len() && signs * 25 > line.len()
    };
    let mean = head.len() / (memchr::memchr_iter(b'\n', head).count() + 1);
    longer_lines(head, LONG_LINE).any(dense)
        || (head.len() > 2 * LONG_MEAN && mean > LONG_MEAN && dense(head))
}

/// The lines of more than `length` bytes. Of the others most are passed by without a look.
fn longer_lines(mut rest: &[u8], length: usize) -> impl Iterator<Item = &[u8]> {
    std::iter::from_fn(move || {
        while let Some(reach) = rest.get(..=length) {
            if let Some(last) = memchr::memrchr(b'\n', reach) {
                rest = &rest[last + 1..];
                continue;
            }
            let (line, behind) = rest.split_at(memchr::memchr(b'\n', rest).unwrap_or(rest.len()));
            rest = behind.get(1..).unwrap_or_default();
            return Some(line);
        }
        None
    })
}

/// The directive, or a browser's globals in a script that says nothing of a server.
fn is_client(head: &[u8]) -> bool {
    directives(head).any(|d| d == b"use client") || (uses_browser(head) && !says_server(head))
}

fn says_server(head: &[u8]) -> bool {
    LEXICON
        .content
        .server
        .iter()
        .any(|mark| memmem::find(head, mark.as_bytes()).is_some())
}

fn uses_browser(head: &[u8]) -> bool {
    let lists = &LEXICON.content;
    let is_script = || {
        let mut marks = lists.script.iter();
        marks.any(|mark| memmem::find(head, mark.as_bytes()).is_some())
    };
    let used = |mark: &str, member: &dyn Fn(&[u8]) -> bool| {
        memmem::find_iter(head, mark.as_bytes()).take(64).any(|at| {
            let fresh = at == 0
                || !(head[at - 1].is_ascii_alphanumeric()
                    || matches!(
                        head[at - 1],
                        b'_' | b'$' | b'.' | b'"' | b'\'' | b'`' | b'/' | b'-'
                    ));
            let start = head[..at]
                .iter()
                .rposition(|&b| b == b'\n')
                .map_or(0, |i| i + 1);
            let line = &head[start.max(at.saturating_sub(400))..at];
            fresh && member(&head[at + mark.len()..]) && !in_comment(line)
        })
    };
    let any_member = |rest: &[u8]| {
        rest.first()
            .is_some_and(|b| b.is_ascii_alphabetic() || *b == b'_')
    };
    let of_document = |rest: &[u8]| {
        lists
            .document
            .iter()
            .any(|m| rest.starts_with(m.as_bytes()))
    };
    let uses = |mark: &String| used(mark, &any_member);
    (lists.globals.iter().any(uses) || used("document.", &of_document)) && is_script()
}

/// The string statements that a script begins with, comments and blanks before and between them passed over.
fn directives(head: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = head;
    std::iter::from_fn(move || {
        rest = after_comments(rest);
        let (&quote, body) = rest
            .split_first()
            .filter(|(q, _)| matches!(q, b'"' | b'\''))?;
        let end = body.iter().take(80).position(|&b| b == quote)?;
        let after = body[end + 1..].trim_ascii_start();
        rest = after.strip_prefix(b";").unwrap_or(after);
        Some(&body[..end])
    })
}

fn after_comments(mut rest: &[u8]) -> &[u8] {
    loop {
        rest = rest.trim_ascii_start();
        let end = if rest.starts_with(b"//") || rest.starts_with(b"#!") {
            memchr::memchr(b'\n', rest)
        } else if rest.starts_with(b"/*") {
            memmem::find(&rest[2..], b"*/").map(|i| i + 4)
        } else {
            return rest;
        };
        match end {
            Some(end) => rest = &rest[end..],
            None => return b"",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_longer_by_one_byte_or_not() {
        let told = |text: &[u8]| longer_lines(text, 3).map(<[u8]>::len).collect::<Vec<_>>();
        assert_eq!(told(b""), [0; 0]);
        assert_eq!(told(b"abc\nabc"), [0; 0]);
        assert_eq!(told(b"abcd\nabc\nabcde"), [4, 5]);
        assert_eq!(told(b"\n\nab\nabcdefgh\n"), [8]);
    }
}
