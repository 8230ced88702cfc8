//! Where one more element goes between brackets, and what has to stand around it there.

use crate::model::{Joint, Span};

/// What encloses a list of elements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Brackets {
    /// `{ a: 1 }`: blanks stand inside.
    Object,
    /// `(a)`: none do.
    Call,
}

/// The place for a new last element between the brackets around `inner`, where the `first` element begins and the `last` ends. Nothing where
/// something else stands behind that one than its quote, a comma and blanks: in a comment an element would be lost.
pub fn slot(
    text: &[u8],
    inner: Span,
    elements: Option<(usize, usize)>,
    brackets: Brackets,
) -> Option<(usize, Joint)> {
    let Some((first, last)) = elements else {
        return empty(text.get(inner.range())?, inner.start, brackets);
    };
    let tail = text.get(last..inner.end)?;
    let closed = tail.iter().take_while(|b| b"'\"`)".contains(b)).count();
    let (end, rest) = (last + closed, &tail[closed..]);
    let comma = rest.iter().position(|&b| b == b',');
    let only_blanks = |part: &[u8]| part.iter().all(u8::is_ascii_whitespace);
    let (before, behind) = rest.split_at(comma.map_or(rest.len(), |at| at + 1));
    if !only_blanks(behind) || !only_blanks(before.strip_suffix(b",").unwrap_or(before)) {
        return None;
    }
    let lines = indentation(text, first).filter(|_| rest.contains(&b'\n'));
    let new = lines.map(|blanks| {
        let at = rest.iter().position(|&b| b == b'\n').unwrap_or_default();
        let end = match rest[..at].ends_with(b"\r") {
            true => "\r\n",
            false => "\n",
        };
        format!("{end}{blanks}")
    });
    let new = new.as_deref().unwrap_or(" ");
    let joint = |open: String, close: &str| Joint {
        open,
        between: format!(",{new}"),
        close: close.to_owned(),
    };
    Some(match comma {
        Some(at) => (end + at + 1, joint(new.to_owned(), ",")),
        None => (end, joint(format!(",{new}"), "")),
    })
}

/// The place between brackets with nothing but blanks of one line in them.
fn empty(inner: &[u8], start: usize, brackets: Brackets) -> Option<(usize, Joint)> {
    if !inner.iter().all(|b| matches!(b, b' ' | b'\t')) {
        return None;
    }
    let blank = match (brackets, inner.is_empty()) {
        (Brackets::Object, true) => (" ", " "),
        (Brackets::Object, false) => (" ", ""),
        (Brackets::Call, _) => ("", ""),
    };
    let joint = Joint {
        open: blank.0.to_owned(),
        between: ", ".to_owned(),
        close: blank.1.to_owned(),
    };
    Some((start, joint))
}

/// The blanks before the byte at `at`, where nothing else stands before it on its line.
fn indentation(text: &[u8], at: usize) -> Option<String> {
    /// Deeper is no indentation.
    const DEEPEST: usize = 400;
    let low = at.saturating_sub(DEEPEST);
    // A key may stand in quotes.
    let before = &text[low..at];
    let before = before
        .strip_suffix(b"'")
        .or(before.strip_suffix(b"\""))
        .unwrap_or(before);
    let start = memchr::memrchr(b'\n', before)? + 1;
    let blanks = &before[start..];
    let is_blank = blanks.iter().all(|b| matches!(b, b' ' | b'\t'));
    is_blank.then(|| String::from_utf8_lossy(blanks).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edit::change;
    use crate::model::Edit;

    /// The object in `text` with two more members; `a` is its first and `b` ends its last element.
    fn with(text: &str) -> Option<String> {
        let inner = Span::new(text.find('{')? + 1, text.rfind('}')?);
        let elements = text.find('a').zip(text.rfind('b').map(|at| at + 1));
        let (at, joint) = slot(text.as_bytes(), inner, elements, Brackets::Object)?;
        let edits = ["x: 1", "y: 2"].map(|text| Edit {
            span: Span::new(at, at),
            text: text.to_owned(),
            joint: joint.clone(),
        });
        let (out, left) = change(text.as_bytes(), &edits);
        assert_eq!(left, 0);
        Some(String::from_utf8(out).expect("it was UTF-8"))
    }

    #[test]
    fn members_keep_the_style_of_the_object() {
        for (text, expected) in [
            ("f({})", "f({ x: 1, y: 2 })"),
            ("f({ })", "f({ x: 1, y: 2 })"),
            ("f({ a: b })", "f({ a: b, x: 1, y: 2 })"),
            ("f({a:'b'})", "f({a:'b', x: 1, y: 2})"),
            ("f({ a: b, })", "f({ a: b, x: 1, y: 2, })"),
            ("f({\n  a: 'b'\n})", "f({\n  a: 'b',\n  x: 1,\n  y: 2\n})"),
            (
                "f({\r\n\ta: 'b',\r\n})",
                "f({\r\n\ta: 'b',\r\n\tx: 1,\r\n\ty: 2,\r\n})",
            ),
            ("f({ a: b\n})", "f({ a: b, x: 1, y: 2\n})"),
            ("f({\n  'a': b,\n})", "f({\n  'a': b,\n  x: 1,\n  y: 2,\n})"),
        ] {
            assert_eq!(with(text).as_deref(), Some(expected), "{text:?}");
        }
    }

    #[test]
    fn a_comment_is_no_place_for_a_member() {
        for text in [
            "f({ a: b // why\n})",
            "f({ a: b /* why */ })",
            "f({ a: b, ...c })",
            "f({ a: b as string })",
            "f({ // nothing\n})",
        ] {
            assert_eq!(with(text), None, "{text:?}");
        }
    }
}
