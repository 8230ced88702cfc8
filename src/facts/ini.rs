//! `key = value` under `[sections]`: INI, Java properties, the configuration of git, npm, pip and systemd.
//!
//! Takes the text, gives each pair in the scope of its section. The dialects share no grammar; where they differ, what is read is what a
//! value would be in any of them. A `#` or `;` behind a bare value stays in it: only some take it for a comment, and passwords hold both.
//! `key value` with nothing between is not read.

mod value;

use super::lines::{is_blank, is_escaped, line, past_mark, trim};
use super::shell::{Word, plain_word};
use super::{Facts, Scope, Via};
use crate::model::{RelPath, Span};

/// Endings of such files, in lower case; those with more than an ending are whole names too.
const ENDINGS: &[&[u8]] = &[
    b".boto",
    b".cfg",
    b".cnf",
    b".conf",
    b".gitconfig",
    b".gitmodules",
    b".ini",
    b".npmrc",
    b".prefs",
    b".properties",
    b".pypirc",
    b".s3cfg",
    b".service",
    b".yarnrc",
];

/// Whether the file at `path`, whose last part in lower case is `name`, is written so.
pub(super) fn is_named(path: &RelPath, name: &[u8]) -> bool {
    let in_aws = || {
        let path = path.as_bytes().to_ascii_lowercase();
        let dir = path.strip_suffix(name).unwrap_or_default();
        dir == b".aws/" || dir.ends_with(b"/.aws/")
    };
    ENDINGS.iter().any(|end| name.ends_with(end))
        || (matches!(name, b"credentials" | b"config") && in_aws())
}

/// What `text` states.
pub(super) fn read(text: &[u8]) -> Facts {
    let mut facts = Facts::default();
    let mut section = Scope::TOP;
    let mut from = past_mark(text);
    while from < text.len() {
        let (whole, next) = line(text, from, text.len());
        from = next;
        let span = trim(text, whole);
        match text[span.range()].first() {
            None | Some(b'#' | b';' | b'!') => {}
            Some(b'[') if header(text, span).is_some() => {
                section = enter(text, header(text, span), &mut facts);
            }
            Some(_) => {
                let Some((key, sep)) = key(text, span) else {
                    continue;
                };
                let first = Span::new(sep + 1, whole.end);
                let (rest, next) = continued(text, first, next, span.start - whole.start);
                from = next;
                if !add(text, key, rest, section, &mut facts) {
                    return facts;
                }
            }
        }
    }
    facts
}

/// What stands in the brackets that `line` begins with.
fn header(text: &[u8], line: Span) -> Option<Span> {
    let close = memchr::memchr(b']', &text[line.range()])?;
    // A bracket may stand in the quotes of `[url "…"]`.
    let last = memchr::memrchr(b']', &text[line.range()])?;
    let quoted = memchr::memchr(b'"', &text[line.start..line.start + close]).is_some();
    let close = line.start + if quoted { last } else { close };
    Some(trim(text, Span::new(line.start + 1, close)))
}

/// The scope of a section; that of `[a "b"]` is `b` in `a`.
fn enter(text: &[u8], header: Option<Span>, facts: &mut Facts) -> Scope {
    let Some(header) = header else {
        return Scope::TOP;
    };
    let quote = memchr::memchr(b'"', &text[header.range()]).map(|at| header.start + at);
    let Some(quote) = quote else {
        return facts.enter(Scope::TOP, header);
    };
    let outer = facts.enter(Scope::TOP, trim(text, Span::new(header.start, quote)));
    let end = memchr::memrchr(b'"', &text[quote + 1..header.end]);
    facts.enter(
        outer,
        Span::new(quote + 1, end.map_or(header.end, |at| quote + 1 + at)),
    )
}

/// The name that `line` begins with, and where the `=` or `:` behind it stands.
fn key(text: &[u8], line: Span) -> Option<(Span, usize)> {
    // `//host/:_auth=` and `@scope:registry=` of npm, and addresses, hold colons of their own.
    let begins = &text[line.range()];
    let only_equals = begins.starts_with(b"//") || begins[0] == b'@';
    let mut at = line.start;
    let sep = loop {
        at += memchr::memchr2(b'=', b':', &text[at..line.end])?;
        let is_colon = text[at] == b':';
        let is_address = text[at..line.end].starts_with(b"://");
        if !is_escaped(text, line.start, at) && !(is_colon && (only_equals || is_address)) {
            break at;
        }
        at += 1;
    };
    let name = trim(text, Span::new(line.start, sep));
    (!name.is_empty()).then_some((name, sep))
}

/// Adds what `key` and the lines of `rest` state; false where there is no room.
fn add(text: &[u8], key: Span, rest: Span, section: Scope, facts: &mut Facts) -> bool {
    if &text[key.range()] == b"Environment" {
        return environment(text, key, rest, section, facts);
    }
    // `//host/:_authToken`: the host is what the token is for.
    let last = text[key.range()].windows(2).rposition(|w| w == b"/:");
    let (key, within) = match last.filter(|_| text[key.range()].starts_with(b"//")) {
        Some(at) => {
            let host = Span::new(key.start, key.start + at);
            (Span::new(host.end + 2, key.end), facts.enter(section, host))
        }
        None => (key, section),
    };
    facts.add(value::value(text, rest).of(key, Via::Assignment, within))
}

/// The words of systemd's `Environment="A=b" C=d`.
fn environment(text: &[u8], key: Span, rest: Span, section: Scope, facts: &mut Facts) -> bool {
    let within = facts.enter(section, key);
    let mut at = rest.start;
    loop {
        while at < rest.end && (is_blank(text[at]) || matches!(text[at], b'\\' | b'\n' | b'\r')) {
            at += 1;
        }
        if at >= rest.end {
            return true;
        }
        let word = Span::new(at, plain_word(text, at, rest.end, b'\\'));
        at = word.end;
        let assigned = Word::new(text, word).assigned(text);
        if let Some((key, value)) = assigned
            && !facts.add(value.of(key, Via::Assignment, within))
        {
            return false;
        }
    }
}

/// The value that begins with `first`, the rest of its line, and goes on over the lines that continue it, and where the line behind these begins.
///
/// A line continues the one before that ends with a backslash; or it is indented deeper than the name, by `indent`, and gives no name a value.
fn continued(text: &[u8], first: Span, mut next: usize, indent: usize) -> (Span, usize) {
    let mut last = first;
    while next < text.len() {
        let (whole, behind) = line(text, next, text.len());
        let span = trim(text, whole);
        let is_own = match text[span.range()].first() {
            None | Some(b'#' | b';' | b'!' | b'[') => true,
            Some(_) => span.start - whole.start <= indent || key(text, span).is_some(),
        };
        if is_own && !is_escaped(text, last.start, last.end) {
            break;
        }
        last = whole;
        next = behind;
    }
    (Span::new(first.start, last.end), next)
}

#[cfg(test)]
mod tests;
