//! Steps through the head of a statement: blanks, comments, words, literals.
//!
//! Takes a text and a place in it; never goes back, and never past the end that it was given.

use memchr::{memchr, memmem};

use crate::model::Span;

/// A place in a text.
#[derive(Clone, Copy)]
pub(super) struct Cursor<'a> {
    pub text: &'a [u8],
    pub at: usize,
    pub end: usize,
    /// Longer comments are not passed.
    comment: usize,
}

/// Whether a byte stands in names; every byte of a character beyond ASCII counts as one.
pub(super) fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$') || byte >= 0x80
}

impl<'a> Cursor<'a> {
    pub fn new(text: &'a [u8], at: usize, end: usize) -> Self {
        let end = end.min(text.len());
        Self {
            text,
            at: at.min(end),
            end,
            comment: usize::MAX,
        }
    }

    /// The same, but that passes no longer comments than that.
    pub fn with_comments_of(self, comment: usize) -> Self {
        Self { comment, ..self }
    }

    /// What is left.
    pub fn rest(&self) -> &'a [u8] {
        self.text.get(self.at..self.end).unwrap_or_default()
    }

    /// The next byte; 0 at the end.
    pub fn peek(&self) -> u8 {
        self.rest().first().copied().unwrap_or_default()
    }

    /// Passes blanks, line ends and comments.
    pub fn trivia(&mut self) {
        loop {
            while self.at < self.end && self.text[self.at].is_ascii_whitespace() {
                self.at += 1;
            }
            if self.peek() != b'/' {
                return;
            }
            let all = self.rest();
            let rest = &all[..all.len().min(self.comment)];
            let length = if rest.starts_with(b"//") {
                memchr(b'\n', rest)
            } else if rest.starts_with(b"/*") {
                memmem::find(&rest[2..], b"*/").map(|i| i + 4)
            } else {
                return;
            };
            match length {
                Some(length) => self.at += length,
                None if rest.len() == all.len() => self.at = self.end,
                None => return,
            }
        }
    }

    /// Passes a name, if one stands here behind blanks and comments.
    pub fn word(&mut self) -> Option<Span> {
        self.trivia();
        let length = self.rest().iter().take_while(|&&b| is_word(b)).count();
        let span = Span::new(self.at, self.at + length);
        self.at = span.end;
        (length > 0).then_some(span)
    }

    /// Passes `word`, if it stands here as a whole.
    pub fn eat_word(&mut self, word: &[u8]) -> bool {
        let mut ahead = *self;
        ahead.trivia();
        let rest = ahead.rest();
        let found = rest.starts_with(word) && !rest.get(word.len()).is_some_and(|b| is_word(*b));
        if found {
            self.at = ahead.at + word.len();
        }
        found
    }

    /// Passes `byte`, if it stands here behind blanks and comments.
    pub fn eat(&mut self, byte: u8) -> bool {
        self.trivia();
        let found = self.at < self.end && self.peek() == byte;
        self.at += usize::from(found);
        found
    }

    /// Passes a literal in quotes that ends on its line; what stands between the quotes.
    pub fn literal(&mut self) -> Option<Span> {
        self.trivia();
        let quote = self.peek();
        if !matches!(quote, b'"' | b'\'' | b'`') {
            return None;
        }
        let start = self.at + 1;
        let end = string_end(self.text, start, self.end, quote)?;
        self.at = end + 1;
        Some(Span::new(start, end))
    }
}

/// Where the quote stands that closes a literal whose text begins at `from`; none where its line ends before.
pub(super) fn string_end(text: &[u8], from: usize, end: usize, quote: u8) -> Option<usize> {
    let mut at = from;
    while at < end {
        match text[at] {
            b'\\' => at += 2,
            b'\n' => return None,
            b if b == quote => return Some(at),
            _ => at += 1,
        }
    }
    None
}
