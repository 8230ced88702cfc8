//! From byte offsets to lines and columns.

/// A position for people: both from 1, the column in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineColumn {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
}

/// The lines of one window. Built only where something was found.
pub struct Lines<'a> {
    text: &'a [u8],
    /// Offset of each line's first byte.
    starts: Vec<usize>,
    first: LineColumn,
}

impl<'a> Lines<'a> {
    /// Indexes `text`, whose first byte stands at `first` in its file.
    pub fn new(text: &'a [u8], first: LineColumn) -> Self {
        let starts = std::iter::once(0)
            .chain(memchr::memchr_iter(b'\n', text).map(|i| i + 1))
            .collect();
        Self {
            text,
            starts,
            first,
        }
    }

    /// Where the byte at `offset` stands.
    pub fn position(&self, offset: usize) -> LineColumn {
        let row = self.row(offset);
        let start = self.starts[row];
        let column = count_chars(&self.text[start..offset.min(self.text.len())]);
        LineColumn {
            line: self.first.line + row,
            column: column + if row == 0 { self.first.column } else { 1 },
        }
    }

    /// First byte of the line that holds `offset`.
    pub fn start(&self, offset: usize) -> usize {
        self.starts[self.row(offset)]
    }

    /// One past the last byte of the line that holds `offset`, its line ending left out.
    pub fn end(&self, offset: usize) -> usize {
        let end = self
            .starts
            .get(self.row(offset) + 1)
            .map_or(self.text.len(), |next| next - 1);
        if end > 0 && self.text.get(end - 1) == Some(&b'\r') && end > self.start(offset) {
            end - 1
        } else {
            end
        }
    }

    fn row(&self, offset: usize) -> usize {
        self.starts.partition_point(|&start| start <= offset) - 1
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
}
