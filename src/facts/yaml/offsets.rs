//! The characters that the parser is given, and where each of them stands in the bytes.
//!
//! The parser counts characters. A byte that is no UTF-8, and the NUL that the parser takes for the end of the text, become one `_` each, so that
//! every character but those stands for exactly its own bytes.

use std::cell::Cell;
use std::str::{Chars, Utf8Chunks};

/// One byte offset is kept for so many characters.
const STEP: usize = 64;

/// The characters of a text.
pub(super) struct Characters<'a> {
    chunks: Utf8Chunks<'a>,
    valid: Chars<'a>,
    stray: usize,
}

impl<'a> Characters<'a> {
    pub(super) fn new(text: &'a [u8]) -> Self {
        Self {
            chunks: text.utf8_chunks(),
            valid: "".chars(),
            stray: 0,
        }
    }
}

impl Iterator for Characters<'_> {
    type Item = char;

    fn next(&mut self) -> Option<char> {
        loop {
            match self.valid.next() {
                Some('\0') => return Some('_'),
                Some(c) => return Some(c),
                None => {}
            }
            if self.stray > 0 {
                self.stray -= 1;
                return Some('_');
            }
            let chunk = self.chunks.next()?;
            self.valid = chunk.valid().chars();
            self.stray = chunk.invalid().len();
        }
    }
}

/// Ends the text where the parser would hold too much of it.
///
/// The parser cannot tell a flow collection from a key before it sees its end, and keeps 100 bytes for each character until then.
#[derive(Default)]
pub(super) struct Watch {
    held: Cell<usize>,
    /// The text was ended early.
    pub(super) cut: Cell<bool>,
}

impl Watch {
    /// Characters that the parser may take before it tells of any.
    pub(super) const LONGEST: usize = 256 << 10;

    /// The parser told what it held.
    pub(super) fn told(&self) {
        self.held.set(0);
    }

    /// `text`, or its beginning.
    pub(super) fn over<'a>(&'a self, text: &'a [u8]) -> impl Iterator<Item = char> + 'a {
        Characters::new(text).take_while(|_| {
            self.held.set(self.held.get() + 1);
            let cut = self.held.get() > Self::LONGEST;
            if cut {
                self.cut.set(true);
            }
            !cut
        })
    }
}

/// From characters to bytes.
pub(super) struct Offsets<'a> {
    text: &'a [u8],
    /// Of every [`STEP`]th character; empty where each character is one byte.
    marks: Vec<usize>,
    /// The text is UTF-8 throughout, so that a first byte tells how long its character is.
    valid: bool,
}

impl<'a> Offsets<'a> {
    pub(super) fn new(text: &'a [u8]) -> Self {
        let mut marks = Vec::new();
        if !text.is_ascii() {
            let mut at = 0;
            for (i, c) in Characters::new(text).enumerate() {
                if i % STEP == 0 {
                    marks.push(at);
                }
                at += c.len_utf8();
            }
        }
        let valid = std::str::from_utf8(text).is_ok();
        Self { text, marks, valid }
    }

    /// Where the character begins; the end of the text for one past the last.
    pub(super) fn byte(&self, character: usize) -> usize {
        if self.marks.is_empty() {
            return character.min(self.text.len());
        }
        let Some(&start) = self.marks.get(character / STEP) else {
            return self.text.len();
        };
        if self.valid {
            let step = |at: usize, _| {
                at + match self.text.get(at) {
                    Some(..0x80) => 1,
                    Some(..0xe0) => 2,
                    Some(..0xf0) => 3,
                    Some(_) => 4,
                    None => 0,
                }
            };
            return (0..character % STEP).fold(start, step);
        }
        // Validated anew at each call: no more of it than is walked over.
        let near = &self.text[start..self.text.len().min(start + STEP * 4)];
        let walked: usize = Characters::new(near)
            .take(character % STEP)
            .map(char::len_utf8)
            .sum();
        start + walked
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn every_character_stands_where_it_is_said_to(text in "[a-cäßé€😀\u{0}]{0,300}", stray in 0usize..300) {
            let mut bytes = text.into_bytes();
            if stray < bytes.len() {
                bytes[stray] = 0xe2;
            }
            let offsets = Offsets::new(&bytes);
            let mut at = 0;
            let mut last = 0;
            for (i, c) in Characters::new(&bytes).enumerate() {
                proptest::prop_assert_eq!(offsets.byte(i), at);
                at += c.len_utf8();
                last = i + 1;
            }
            proptest::prop_assert_eq!(at, bytes.len());
            proptest::prop_assert_eq!(offsets.byte(last), bytes.len());
        }
    }
}
