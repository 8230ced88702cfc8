//! Reads a file of any size in windows that overlap, so that memory is bounded and no match is lost at a seam.

use std::cell::RefCell;
use std::io::{self, Read};

use super::encoding::{HEAD, Utf16Reader, sniff};
use super::lines::count_chars;
use super::{Encoding, LineColumn};

/// A file longer than this is read in several windows.
const LARGEST: usize = 8 * 1024 * 1024;
/// What two windows share. Half of it is context behind, half ahead, so a match of up to half of it is never cut.
const OVERLAP: usize = 128 * 1024;
/// What a thread's buffer starts with.
const SMALLEST: usize = 256 * 1024;

thread_local! {
    /// One buffer a thread, kept between files: an allocation of this size costs more than reading a small file.
    static BUFFER: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// A stretch of text and its place in the file.
pub struct Window<'a> {
    /// The text, context on both sides included.
    pub text: &'a [u8],
    /// Where `text[0]` stands.
    pub first: LineColumn,
    /// Hits that start below belong to the window before.
    pub from: usize,
    /// Hits that start here or later belong to the window after.
    pub to: usize,
    /// Whether the window is the whole file.
    pub whole: bool,
}

/// What was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Windows {
    /// What the file is.
    pub encoding: Encoding,
    /// Bytes of text that were handed out; of a binary file what was looked at.
    pub bytes: u64,
}

impl Windows {
    /// Reads `reader` to its end and hands each window to `visit`. A binary file is judged by its head and not read on.
    ///
    /// # Errors
    /// Whatever the reader says; the windows before it were handed out.
    pub fn read(reader: &mut dyn Read, visit: &mut dyn FnMut(Window<'_>)) -> io::Result<Self> {
        BUFFER.with(|buffer| match buffer.try_borrow_mut() {
            Ok(mut buffer) => read(reader, &mut buffer, visit),
            Err(_) => read(reader, &mut Vec::new(), visit),
        })
    }
}

fn read(
    reader: &mut dyn Read,
    buffer: &mut Vec<u8>,
    visit: &mut dyn FnMut(Window<'_>),
) -> io::Result<Windows> {
    if buffer.len() < SMALLEST {
        buffer.resize(SMALLEST, 0);
    }
    let mut filled = fill(reader, buffer, 0, HEAD)?;
    let encoding = sniff(&buffer[..filled]);
    let mut transcoder;
    let mut skip = 0;
    let head;
    let reader: &mut dyn Read = match encoding {
        Encoding::Binary => {
            return Ok(Windows {
                encoding,
                bytes: filled as u64,
            });
        }
        Encoding::Bytes => reader,
        Encoding::Utf8Bom => {
            skip = 3;
            reader
        }
        Encoding::Utf16Le { bom } | Encoding::Utf16Be { bom } => {
            head = buffer[bom.min(filled)..filled].to_vec();
            filled = 0;
            let big = matches!(encoding, Encoding::Utf16Be { .. });
            transcoder = Utf16Reader::new(head.as_slice().chain(reader), big);
            &mut transcoder
        }
    };
    buffer.copy_within(skip..filled, 0);
    filled -= skip;

    let mut first = LineColumn { line: 1, column: 1 };
    let mut from = 0;
    let mut bytes = 0;
    loop {
        filled = fill(reader, buffer, filled, LARGEST)?;
        let last = filled < LARGEST;
        let text = &buffer[..filled];
        let to = if last {
            filled + 1
        } else {
            filled - OVERLAP / 2
        };
        visit(Window {
            text,
            first,
            from,
            to,
            whole: last && bytes == 0,
        });
        if last {
            bytes += filled as u64;
            return Ok(Windows { encoding, bytes });
        }
        let keep = filled - OVERLAP;
        first = advance(first, &buffer[..keep]);
        buffer.copy_within(keep..filled, 0);
        bytes += keep as u64;
        filled = OVERLAP;
        from = OVERLAP / 2;
    }
}

/// Reads until `buffer[..at_least]` is full, whatever more comes along, or the file ends. Gives how much is filled.
fn fill(
    reader: &mut dyn Read,
    buffer: &mut Vec<u8>,
    mut filled: usize,
    at_least: usize,
) -> io::Result<usize> {
    while filled < at_least {
        if filled == buffer.len() {
            buffer.resize((buffer.len() * 2).min(LARGEST), 0);
        }
        match reader.read(&mut buffer[filled..]) {
            Ok(0) => break,
            Ok(n) => filled += n,
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            Err(e) => return Err(e),
        }
    }
    Ok(filled)
}

fn advance(first: LineColumn, text: &[u8]) -> LineColumn {
    match memchr::memrchr(b'\n', text) {
        Some(last) => LineColumn {
            line: first.line + memchr::memchr_iter(b'\n', text).count(),
            column: 1 + count_chars(&text[last + 1..]),
        },
        None => LineColumn {
            line: first.line,
            column: first.column + count_chars(text),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Lines;

    fn positions(input: &[u8], needle: &[u8]) -> Vec<LineColumn> {
        let mut found = Vec::new();
        Windows::read(&mut &input[..], &mut |window| {
            let lines = Lines::new(window.text, window.first);
            for at in memchr::memmem::find_iter(window.text, needle) {
                if (window.from..window.to).contains(&at) {
                    found.push(lines.position(at));
                }
            }
        })
        .expect("a slice reads");
        found
    }

    #[test]
    fn a_needle_at_every_seam_is_found_once() {
        let mut input = vec![b'x'; LARGEST * 2 + 77];
        let seams = [
            0,
            LARGEST - OVERLAP,
            LARGEST - OVERLAP / 2 - 2,
            LARGEST - 3,
            LARGEST + 10,
            LARGEST * 2 - OVERLAP - 1,
        ];
        for at in seams {
            input[at..at + 6].copy_from_slice(b"needle");
        }
        let want: Vec<_> = seams
            .iter()
            .map(|&at| LineColumn {
                line: 1,
                column: at + 1,
            })
            .collect();
        assert_eq!(positions(&input, b"needle"), want);
    }

    #[test]
    fn lines_go_on_counting_over_windows() {
        let mut input = b"0123456789\n".repeat(LARGEST / 11 + 5_000);
        let lines = memchr::memchr_iter(b'\n', &input).count();
        input.extend_from_slice(b"ab needle");
        assert_eq!(
            positions(&input, b"needle"),
            [LineColumn {
                line: lines + 1,
                column: 4
            }]
        );
    }

    #[test]
    fn a_mark_at_the_start_shifts_no_column() {
        assert_eq!(
            positions(b"\xef\xbb\xbfneedle", b"needle"),
            [LineColumn { line: 1, column: 1 }]
        );
        assert_eq!(
            positions(b"\xff\xfen\0\n\0n\0", b"n"),
            [
                LineColumn { line: 1, column: 1 },
                LineColumn { line: 2, column: 1 }
            ]
        );
    }
}
