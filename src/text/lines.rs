//! From byte offsets to lines and columns.

/// A position for people: both from 1, the column in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineColumn {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
}

/// Bytes between two rows of the index. A list of all lines would take eight times a file of empty lines, and to count from the
/// start of its line for each hit of a bundle would read the bundle once a hit; this takes a fiftieth and reads one block.
const BLOCK: usize = 1024;

/// What comes before a block.
#[derive(Clone, Copy)]
struct Row {
    /// Line endings.
    lines: usize,
    /// Characters.
    chars: usize,
    /// Where the line that holds the block's first byte starts.
    start: usize,
}

/// The lines of one window. Built only where something was found.
pub struct Lines<'a> {
    text: &'a [u8],
    rows: Vec<Row>,
    /// For each block the first line ending in it or behind it.
    ends: Vec<usize>,
    first: LineColumn,
}

impl<'a> Lines<'a> {
    /// Indexes `text`, whose first byte stands at `first` in its file.
    pub fn new(text: &'a [u8], first: LineColumn) -> Self {
        let mut row = Row {
            lines: 0,
            chars: 0,
            start: 0,
        };
        let mut rows = Vec::with_capacity(text.len() / BLOCK + 1);
        let mut ends = Vec::with_capacity(rows.capacity());
        for (i, block) in text.chunks(BLOCK).enumerate() {
            rows.push(row);
            ends.push(memchr::memchr(b'\n', block).map(|at| i * BLOCK + at));
            row.lines += memchr::memchr_iter(b'\n', block).count();
            row.chars += count_chars(block);
            if let Some(last) = memchr::memrchr(b'\n', block) {
                row.start = i * BLOCK + last + 1;
            }
        }
        // What stands behind the last byte is looked up too.
        rows.push(row);
        let mut next = text.len();
        let mut ends: Vec<usize> = ends
            .into_iter()
            .rev()
            .map(|end| {
                next = end.unwrap_or(next);
                next
            })
            .collect();
        ends.reverse();
        Self {
            text,
            rows,
            ends,
            first,
        }
    }

    /// Where the byte at `offset` stands.
    pub fn position(&self, offset: usize) -> LineColumn {
        let offset = offset.min(self.text.len());
        let (row, block) = self.before(offset);
        let line = row.lines + memchr::memchr_iter(b'\n', block).count();
        LineColumn {
            line: self.first.line + line,
            column: self.chars(offset) - self.chars(self.start(offset))
                + if line == 0 { self.first.column } else { 1 },
        }
    }

    /// First byte of the line that holds `offset`.
    pub fn start(&self, offset: usize) -> usize {
        let offset = offset.min(self.text.len());
        let (row, block) = self.before(offset);
        memchr::memrchr(b'\n', block).map_or(row.start, |at| offset - block.len() + at + 1)
    }

    /// One past the last byte of the line that holds `offset`, its line ending left out.
    pub fn end(&self, offset: usize) -> usize {
        let offset = offset.min(self.text.len());
        let block = offset / BLOCK;
        let here = &self.text[offset..self.text.len().min((block + 1) * BLOCK)];
        let end = match memchr::memchr(b'\n', here) {
            Some(at) => offset + at,
            None => self.ends.get(block + 1).copied().unwrap_or(self.text.len()),
        };
        if end > self.start(offset) && self.text[end - 1] == b'\r' {
            end - 1
        } else {
            end
        }
    }

    /// Characters of the text before `offset`.
    fn chars(&self, offset: usize) -> usize {
        let (row, block) = self.before(offset);
        row.chars + count_chars(block)
    }

    /// What comes before the block of `offset`, and the block's bytes before it.
    fn before(&self, offset: usize) -> (Row, &'a [u8]) {
        let block = offset / BLOCK;
        (self.rows[block], &self.text[block * BLOCK..offset])
    }
}

/// Characters of `bytes` as UTF-8; a stray byte counts as one, like in an editor that shows it as U+FFFD.
pub(super) fn count_chars(bytes: &[u8]) -> usize {
    bytes.iter().filter(|&&b| b & 0xc0 != 0x80).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_lines_and_characters() {
        let lines = Lines::new(
            "a\r\nb\u{e9}c\n".as_bytes(),
            LineColumn { line: 1, column: 1 },
        );
        assert_eq!(lines.position(0), LineColumn { line: 1, column: 1 });
        assert_eq!(lines.position(6), LineColumn { line: 2, column: 3 });
        assert_eq!((lines.start(6), lines.end(6)), (3, 7));
        assert_eq!(lines.end(0), 1);
        assert_eq!(lines.position(8), LineColumn { line: 3, column: 1 });
    }

    #[test]
    fn a_window_in_the_middle_of_a_line_goes_on_counting() {
        let lines = Lines::new(
            b"xyz\nq",
            LineColumn {
                line: 7,
                column: 100,
            },
        );
        assert_eq!(
            lines.position(2),
            LineColumn {
                line: 7,
                column: 102
            }
        );
        assert_eq!(lines.position(4), LineColumn { line: 8, column: 1 });
    }

    proptest::proptest! {
        #[test]
        fn the_index_agrees_with_plain_counting(
            parts in proptest::collection::vec("(\\r?\\n|[a\u{e9}]{0,900}|\\n{0,9})", 0..9),
            at in 0usize..9_000,
        ) {
            let text = parts.concat().into_bytes();
            let at = at.min(text.len());
            let lines = Lines::new(&text, LineColumn { line: 5, column: 7 });
            let start = memchr::memrchr(b'\n', &text[..at]).map_or(0, |i| i + 1);
            let end = memchr::memchr(b'\n', &text[at..]).map_or(text.len(), |i| at + i);
            let end = if end > start && text[end - 1] == b'\r' { end - 1 } else { end };
            let line = memchr::memchr_iter(b'\n', &text[..at]).count();
            let column = count_chars(&text[start..at]) + if line == 0 { 7 } else { 1 };
            proptest::prop_assert_eq!((lines.start(at), lines.end(at)), (start, end));
            proptest::prop_assert_eq!(lines.position(at), LineColumn { line: 5 + line, column });
        }
    }
}
