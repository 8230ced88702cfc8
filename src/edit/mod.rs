//! Texts with edits made in them: bytes in, bytes out.
//!
//! Keeps what it finds: line ends, indentation, a last comma. Knows no language and no file; who proposes an edit and who writes it are elsewhere.

mod slot;

pub use slot::{Brackets, slot};

use sha2::{Digest as _, Sha256};

use crate::model::{Digest, Edit};

/// The byte order mark of UTF-8, which no span counts.
const MARK: &[u8] = b"\xef\xbb\xbf";

/// What tells `text` from every other.
pub fn digest(text: &[u8]) -> Digest {
    Digest(Sha256::digest(text).into())
}

/// Bytes of the byte order mark that `file` begins with.
pub fn mark(file: &[u8]) -> usize {
    match file.starts_with(MARK) {
        true => MARK.len(),
        false => 0,
    }
}

/// What `file` ends its lines with: what its first line does.
pub fn line_end(file: &[u8]) -> &'static str {
    match memchr::memchr(b'\n', file) {
        Some(at) if file[..at].ends_with(b"\r") => "\r\n",
        _ => "\n",
    }
}

/// `file` with those of the `lines` behind it that no line of it is.
pub fn append(file: &[u8], lines: &[String]) -> Vec<u8> {
    let end = line_end(file);
    let known = |line: &str| {
        let mut there = file[mark(file)..].split(|&b| b == b'\n');
        there.any(|there| there.trim_ascii_end() == line.as_bytes())
    };
    let mut out = file.to_vec();
    for line in lines.iter().filter(|line| !known(line)) {
        if out.len() > mark(&out) && !out.ends_with(b"\n") {
            out.extend(end.bytes());
        }
        out.extend(line.bytes());
        out.extend(end.bytes());
    }
    out
}

/// `text` with the `edits` made, and how many were not, since they overlap another. Texts that are put in at one place with the same
/// things around them go in together; an edit that is proposed twice is made once.
pub fn change(text: &[u8], edits: &[Edit]) -> (Vec<u8>, usize) {
    let mut sorted: Vec<&Edit> = Vec::with_capacity(edits.len());
    for edit in edits {
        if !sorted.contains(&edit) {
            sorted.push(edit);
        }
    }
    // Stable, so that what goes in together keeps its order.
    sorted.sort_by_key(|edit| edit.span);
    let (mut out, mut at, mut left) = (Vec::with_capacity(text.len()), 0, 0);
    let mut rest = &sorted[..];
    let mut last = None;
    while let Some((edit, _)) = rest.split_first() {
        let joins = |other: &&Edit| {
            other.span == edit.span && edit.span.is_empty() && other.joint == edit.joint
        };
        let together = 1 + rest[1..].iter().take_while(|other| joins(other)).count();
        let (group, more) = rest.split_at(together);
        rest = more;
        let fits = edit.span.start <= edit.span.end
            && edit.span.end <= text.len()
            && edit.span.start >= at
            && last != Some(edit.span.start);
        if !fits {
            left += group.len();
            continue;
        }
        let texts: Vec<&str> = group.iter().map(|edit| &*edit.text).collect();
        out.extend(&text[at..edit.span.start]);
        out.extend(edit.joint.open.bytes());
        out.extend(texts.join(&edit.joint.between).bytes());
        out.extend(edit.joint.close.bytes());
        (at, last) = (edit.span.end, Some(edit.span.start));
    }
    out.extend(&text[at..]);
    (out, left)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Joint, Span};

    fn edit(start: usize, end: usize, text: &str) -> Edit {
        Edit {
            span: Span::new(start, end),
            text: text.to_owned(),
            joint: Joint::default(),
        }
    }

    fn changed(text: &str, edits: &[Edit]) -> (String, usize) {
        let (out, left) = change(text.as_bytes(), edits);
        (String::from_utf8(out).expect("it was UTF-8"), left)
    }

    #[test]
    fn edits_are_made_whatever_their_order() {
        let edits = [edit(4, 5, "E"), edit(0, 1, "AA"), edit(2, 2, "-")];
        assert_eq!(changed("abcdef", &edits), ("AAb-cdEf".to_owned(), 0));
    }

    #[test]
    fn of_those_that_overlap_the_first_is_made() {
        let edits = [edit(0, 3, "x"), edit(2, 4, "y"), edit(4, 9, "z")];
        assert_eq!(changed("abcdef", &edits), ("xdef".to_owned(), 2));
        let other = Edit {
            joint: Joint {
                open: "-".to_owned(),
                ..Joint::default()
            },
            ..edit(1, 1, "y")
        };
        let edits = [edit(1, 1, "x"), edit(1, 1, "x"), other];
        assert_eq!(changed("ab", &edits), ("axb".to_owned(), 1));
    }

    #[test]
    fn members_of_one_object_go_in_together() {
        let joint = Joint {
            open: ", { ".to_owned(),
            between: ", ".to_owned(),
            close: " }".to_owned(),
        };
        let edits = ["a: 1", "b: 2", "a: 1"].map(|text| Edit {
            joint: joint.clone(),
            ..edit(1, 1, text)
        });
        assert_eq!(changed("x)", &edits), ("x, { a: 1, b: 2 })".to_owned(), 0));
    }

    #[test]
    fn lines_are_appended_once_in_the_way_of_the_file() {
        let lines = [".env", "!.env.example"].map(str::to_owned);
        let appended = |text: &str| String::from_utf8(append(text.as_bytes(), &lines));
        for (text, expected) in [
            ("", ".env\n!.env.example\n"),
            ("a\n", "a\n.env\n!.env.example\n"),
            ("a", "a\n.env\n!.env.example\n"),
            ("a\r\nb", "a\r\nb\r\n.env\r\n!.env.example\r\n"),
            (".env \r\n!.env.example\r\n", ".env \r\n!.env.example\r\n"),
            ("\u{feff}.env", "\u{feff}.env\n!.env.example\n"),
        ] {
            assert_eq!(appended(text).as_deref(), Ok(expected), "{text:?}");
        }
    }
}
