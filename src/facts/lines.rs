//! Lines and blanks, as every reader of line-wise formats needs them.
//!
//! Takes a text and where to look, gives spans. A line ends at `\n`, `\r\n` or a lone `\r`. Knows no format.

use crate::model::Span;

/// The line that begins at `from`, its ending left out, and where the next one begins. Nothing at `end` or behind it is looked at.
pub(super) fn line(text: &[u8], from: usize, end: usize) -> (Span, usize) {
    let end = end.min(text.len());
    let from = from.min(end);
    match memchr::memchr2(b'\n', b'\r', &text[from..end]) {
        None => (Span::new(from, end), end),
        Some(at) => {
            let stop = from + at;
            (Span::new(from, stop), past_ending(text, stop, end))
        }
    }
}

/// Behind the line ending at `at`; `at` itself where there is none.
pub(super) fn past_ending(text: &[u8], at: usize, end: usize) -> usize {
    match text[at.min(end)..end] {
        [b'\r', b'\n', ..] => at + 2,
        [b'\r' | b'\n', ..] => at + 1,
        _ => at,
    }
}

/// Where the text begins behind a byte order mark.
pub(super) fn past_mark(text: &[u8]) -> usize {
    if text.starts_with(b"\xef\xbb\xbf") {
        3
    } else {
        0
    }
}

/// Whether `byte` parts words and ends no line.
pub(super) fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | 0x0b | 0x0c)
}

/// The first byte at `from` or behind it that is no blank.
pub(super) fn past_blanks(text: &[u8], from: usize, end: usize) -> usize {
    let rest = text.get(from..end).unwrap_or_default();
    from + rest.iter().take_while(|&&b| is_blank(b)).count()
}

/// `span` without the blanks at its ends; empty at its start where there is nothing else.
pub(super) fn trim(text: &[u8], span: Span) -> Span {
    let start = past_blanks(text, span.start, span.end);
    if start == span.end {
        return Span::new(span.start, span.start);
    }
    let back = text[start..span.end]
        .iter()
        .rev()
        .take_while(|&&b| is_blank(b))
        .count();
    Span::new(start, span.end - back)
}

/// Whether the byte before `at` is escaped by an odd number of backslashes, none of them before `from`.
pub(super) fn is_escaped(text: &[u8], from: usize, at: usize) -> bool {
    let marks = text[from..at].iter().rev().take_while(|&&b| b == b'\\');
    marks.count() % 2 == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_ending_is_one() {
        let text = b"a\nb\r\nc\rd";
        let (mut at, mut found) = (0, Vec::new());
        while at < text.len() {
            let (span, next) = line(text, at, text.len());
            found.push(&text[span.range()]);
            at = next;
        }
        assert_eq!(found, [b"a", b"b", b"c", b"d"]);
    }

    #[test]
    fn nothing_behind_the_end_is_seen() {
        assert_eq!(line(b"ab\ncd", 0, 1), (Span::new(0, 1), 1));
        assert_eq!(line(b"ab\ncd", 9, 9), (Span::new(5, 5), 5));
        assert_eq!(past_blanks(b"   x", 0, 2), 2);
    }

    #[test]
    fn trimming_blanks_leaves_an_empty_span_in_front() {
        assert_eq!(trim(b" a b\t", Span::new(0, 5)), Span::new(1, 4));
        assert_eq!(trim(b"=   ", Span::new(1, 4)), Span::new(1, 1));
    }
}
