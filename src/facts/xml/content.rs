//! What stands between tags, and what it says.

use memchr::{memchr, memchr2, memmem};

use crate::model::Span;

const CDATA: &[u8] = b"<![CDATA[";

/// The longest reference that is read: `&#x0010ffff;`.
const REFERENCE: usize = 12;

/// Whether `text` says something else than what it is.
pub(super) fn is_escaped(text: &[u8]) -> bool {
    memchr2(b'&', b'<', text).is_some()
}

/// `span` of `text` without the blanks around it, and without the marks of a CDATA section that is all there is; whether it holds
/// markup or references.
pub(super) fn trimmed(text: &[u8], span: Span) -> (Span, bool) {
    let all = &text[span.range()];
    let start = span.start + (all.len() - all.trim_ascii_start().len());
    let bytes = all.trim_ascii();
    let inner = bytes
        .strip_prefix(CDATA)
        .and_then(|b| b.strip_suffix(b"]]>"));
    match inner {
        Some(inner) if memmem::find(inner, b"]]>").is_none() => {
            let start = start + CDATA.len();
            (Span::new(start, start + inner.len()), false)
        }
        _ => (Span::new(start, start + bytes.len()), is_escaped(bytes)),
    }
}

/// What `text` says: comments and instructions left out, CDATA as it stands, the five entities and numbers resolved and no others.
pub(super) fn read(text: &[u8]) -> Box<[u8]> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(i) = memchr2(b'&', b'<', rest) {
        out.extend_from_slice(&rest[..i]);
        rest = &rest[i..];
        let length = if rest.starts_with(CDATA) {
            let body = &rest[CDATA.len()..];
            let end = memmem::find(body, b"]]>").unwrap_or(body.len());
            out.extend_from_slice(&body[..end]);
            CDATA.len() + end + 3
        } else if rest[0] == b'<' {
            past_markup(rest).unwrap_or_else(|| {
                out.push(b'<');
                1
            })
        } else if let Some((c, length)) = reference(rest) {
            out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
            length
        } else {
            out.push(b'&');
            1
        };
        rest = rest.get(length..).unwrap_or_default();
    }
    out.extend_from_slice(rest);
    out.into()
}

/// How long the comment or instruction at the start of `rest` is; all of it where it does not end.
fn past_markup(rest: &[u8]) -> Option<usize> {
    let close: &[u8] = match rest {
        [b'<', b'!', b'-', b'-', ..] => b"-->",
        [b'<', b'?', ..] => b"?>",
        _ => return None,
    };
    Some(memmem::find(rest, close).map_or(rest.len(), |i| i + close.len()))
}

/// The character that the reference at the start of `rest` names, and the length of the reference.
fn reference(rest: &[u8]) -> Option<(char, usize)> {
    let rest = &rest[..rest.len().min(REFERENCE)];
    let end = memchr(b';', rest)?;
    let c = match &rest[1..end] {
        b"amp" => '&',
        b"lt" => '<',
        b"gt" => '>',
        b"quot" => '"',
        b"apos" => '\'',
        [b'#', b'x' | b'X', digits @ ..] => number(digits, 16)?,
        [b'#', digits @ ..] => number(digits, 10)?,
        _ => return None,
    };
    Some((c, end + 1))
}

fn number(digits: &[u8], radix: u32) -> Option<char> {
    if !digits.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    let code = u32::from_str_radix(std::str::from_utf8(digits).ok()?, radix).ok()?;
    char::from_u32(code)
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn only_the_five_entities_and_numbers_are_resolved() {
        for (raw, said) in [
            ("a&amp;&lt;&gt;&quot;&apos;b", "a&<>\"'b"),
            ("&#65;&#x42;&#X43;", "ABC"),
            (
                "&lol; & &#; &#xd800; &#+5; &amp",
                "&lol; & &#; &#xd800; &#+5; &amp",
            ),
            (
                "a<!-- & -->b<?c d?>e<![CDATA[&amp;<f>]]>&amp;",
                "abe&amp;<f>&",
            ),
            ("a<b<!-- open", "a<b"),
            ("a<![CDATA[open", "aopen"),
        ] {
            assert_eq!(&*read(raw.as_bytes()), said.as_bytes(), "{raw}");
        }
    }
}
