//! Where scripts stand in documents of other languages.
//!
//! Takes text, gives the places of scripts and what they are written in. Reads no markup but `<script>`: an element within a comment or
//! a string counts, and code in attributes and templates is left out.

use memchr::{memchr, memchr_iter, memmem};

use super::Dialect;
use crate::model::Span;

/// The scripts of a document, in the order of the text.
pub(in crate::facts) fn parts(text: &[u8], dialect: Dialect) -> Vec<(Span, Dialect)> {
    match dialect {
        Dialect::Markdown => fences(text),
        Dialect::Astro => {
            let mut parts: Vec<_> = front(text).into_iter().collect();
            let end = parts.last().map_or(0, |(span, _)| span.end);
            parts.extend(elements(text, end));
            parts
        }
        _ => elements(text, 0),
    }
}

/// The code between lines of `---` at the head of an Astro file; it is TypeScript.
fn front(text: &[u8]) -> Option<(Span, Dialect)> {
    let start = text.iter().position(|b| !b.is_ascii_whitespace())?;
    let body = start + text[start..].strip_prefix(b"---").map(|_| 3)?;
    let end = memmem::find(&text[body..], b"\n---").map(|i| body + i + 1)?;
    Some((Span::new(body, end), Dialect::TypeScript))
}

/// What stands in `<script>` elements from `from` on.
fn elements(text: &[u8], from: usize) -> Vec<(Span, Dialect)> {
    const OPEN: &[u8] = b"<script";
    let mut found = Vec::new();
    let mut at = from;
    while let Some(i) = memchr(b'<', text.get(at..).unwrap_or_default()) {
        let tag = at + i;
        let name_end = tag + OPEN.len();
        let is_script = text
            .get(tag..name_end)
            .is_some_and(|name| name.eq_ignore_ascii_case(OPEN))
            && !text.get(name_end).is_some_and(u8::is_ascii_alphanumeric);
        if !is_script {
            at = tag + 1;
            continue;
        }
        let Some(body) = tag_end(text, name_end) else {
            break;
        };
        let end = close(text, body);
        if let Some(dialect) = script_dialect(&text[name_end..body]) {
            found.push((Span::new(body, end), dialect));
        }
        at = end;
    }
    found
}

/// Where `<script src="…">` says its script stands, in the order of the text.
pub(in crate::facts) fn sources(text: &[u8]) -> Vec<Span> {
    const OPEN: &[u8] = b"<script";
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(i) = memchr(b'<', text.get(at..).unwrap_or_default()) {
        let tag = at + i;
        at = tag + 1;
        let name = text.get(tag..tag + OPEN.len());
        if !name.is_some_and(|name| name.eq_ignore_ascii_case(OPEN)) {
            continue;
        }
        let Some(body) = tag_end(text, tag + OPEN.len()) else {
            break;
        };
        if let Some(source) = attribute(&text[tag + OPEN.len()..body], b"src") {
            let start = source.as_ptr().addr() - text.as_ptr().addr();
            found.push(Span::new(start, start + source.len()));
        }
        at = body;
    }
    found
}

/// Past the `>` of a tag whose attributes begin at `from`.
fn tag_end(text: &[u8], from: usize) -> Option<usize> {
    let mut quote = None;
    for (i, &b) in text.iter().enumerate().skip(from) {
        match quote {
            Some(q) if q == b => quote = None,
            Some(_) => {}
            None if b == b'"' || b == b'\'' => quote = Some(b),
            None if b == b'>' => return Some(i + 1),
            None => {}
        }
    }
    None
}

/// Where `</script` stands behind `from`, or the end.
fn close(text: &[u8], from: usize) -> usize {
    const CLOSE: &[u8] = b"</script";
    let found = memchr_iter(b'<', &text[from..])
        .map(|i| from + i)
        .find(|&i| {
            text.get(i..i + CLOSE.len())
                .is_some_and(|tag| tag.eq_ignore_ascii_case(CLOSE))
        });
    found.unwrap_or(text.len())
}

/// The dialect that the attributes of a `<script>` tell; none for data and templates.
fn script_dialect(attributes: &[u8]) -> Option<Dialect> {
    if let Some(lang) = attribute(attributes, b"lang") {
        return match lang {
            b"ts" | b"typescript" => Some(Dialect::TypeScript),
            b"tsx" => Some(Dialect::Tsx),
            b"js" | b"javascript" | b"jsx" => Some(Dialect::JavaScript),
            _ => None,
        };
    }
    let kind = attribute(attributes, b"type").unwrap_or_default();
    let script = kind.is_empty()
        || [
            &b"module"[..],
            b"javascript",
            b"ecmascript",
            b"babel",
            b"jsx",
        ]
        .iter()
        .any(|word| memmem::find(kind, word).is_some());
    script.then_some(Dialect::JavaScript)
}

/// The value of `name=` among attributes.
fn attribute<'a>(attributes: &'a [u8], name: &[u8]) -> Option<&'a [u8]> {
    for at in memmem::find_iter(attributes, name) {
        let before = at.checked_sub(1).map(|i| attributes[i]);
        if !before.is_some_and(|b| b.is_ascii_whitespace()) {
            continue;
        }
        let Some(rest) = attributes[at + name.len()..]
            .trim_ascii_start()
            .strip_prefix(b"=")
        else {
            continue;
        };
        let rest = rest.trim_ascii_start();
        let (rest, end) = match rest.first() {
            Some(&quote @ (b'"' | b'\'')) => (&rest[1..], memchr(quote, &rest[1..])),
            _ => (
                rest,
                rest.iter()
                    .position(|b| b.is_ascii_whitespace() || *b == b'>'),
            ),
        };
        return Some(&rest[..end.unwrap_or(rest.len())]);
    }
    None
}

/// The fenced blocks of Markdown whose info string names a dialect.
fn fences(text: &[u8]) -> Vec<(Span, Dialect)> {
    let mut found = Vec::new();
    // The mark that closes the block that is open, its length, where the block begins, and its dialect.
    let mut open: Option<(u8, usize, usize, Option<Dialect>)> = None;
    let mut at = 0;
    while at < text.len() {
        let end = memchr(b'\n', &text[at..]).map_or(text.len(), |i| at + i + 1);
        let line = text[at..end].trim_ascii();
        let mark = line.first().copied().unwrap_or_default();
        let run = line.iter().take_while(|&&b| b == mark).count();
        let fence = matches!(mark, b'`' | b'~') && run >= 3;
        match open {
            Some((m, length, start, dialect))
                if fence && m == mark && run >= length && run == line.len() =>
            {
                found.extend(dialect.map(|d| (Span::new(start, at), d)));
                open = None;
            }
            None if fence => open = Some((mark, run, end, fence_dialect(&line[run..]))),
            _ => {}
        }
        at = end;
    }
    if let Some((_, _, start, Some(dialect))) = open {
        found.push((Span::new(start, text.len()), dialect));
    }
    found
}

fn fence_dialect(info: &[u8]) -> Option<Dialect> {
    let info = info.trim_ascii_start();
    let end = info.iter().position(|b| !b.is_ascii_alphanumeric());
    match &info[..end.unwrap_or(info.len())].to_ascii_lowercase()[..] {
        b"js" | b"javascript" | b"jsx" | b"mjs" | b"cjs" | b"node" => Some(Dialect::JavaScript),
        b"ts" | b"typescript" | b"mts" | b"cts" => Some(Dialect::TypeScript),
        b"tsx" => Some(Dialect::Tsx),
        _ => None,
    }
}
