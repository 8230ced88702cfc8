//! Texts inside a text: what base64, hexadecimal digits, percent-encoding and escapes write down.
//!
//! Takes a text and the part of it that is asked for, and shows every stretch there that is another text in one of these forms: decoded,
//! with the way back from its bytes to those of the source. What is no text inside (an image, a key, a digest) is told by its first bytes
//! and passed over. One level at a time: what is shown is a text that can be asked again. Judges nothing.
//!
//! A text that holds nothing of the kind costs one look at each sixteen bytes. What is decoded is never longer than what it was decoded
//! from, and no byte is decoded twice into the same form, so all of this is linear.

mod find;

pub use find::marks;
use find::{LEAST, SIGNS, escape, is_sign, is_text, next_core, nibble, signs, words};

use crate::model::Span;

/// How a text is written down.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Wrapping {
    /// RFC 4648, either alphabet, padded or not, on one line or in lines of one length.
    #[default]
    Base64,
    /// Two digits a byte.
    Hex,
    /// `%2F`: RFC 3986.
    Percent,
    /// `\u002f` and `\x2f`: JSON, properties, most languages.
    Escapes,
}

impl Wrapping {
    /// What people call it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Base64 => "base64",
            Self::Hex => "hex",
            Self::Percent => "percent-encoding",
            Self::Escapes => "escape sequences",
        }
    }

    /// Whether a reader sees what it says: most signs stand for themselves, and names and values around it are read as they are.
    pub fn is_legible(self) -> bool {
        matches!(self, Self::Percent | Self::Escapes)
    }
}

/// A text that stands in another one.
#[derive(Debug, Default)]
pub struct Wrapped {
    /// Its form.
    pub wrapping: Wrapping,
    /// Where it stands in the source.
    pub span: Span,
    /// What it says, up to the first byte that is no text.
    pub text: Vec<u8>,
    /// It is text to its end.
    pub whole: bool,
    /// It stands on one line, and is not longer than 4 KiB.
    pub near: bool,
    /// Where its bytes came from, in order.
    pieces: Vec<Piece>,
}

/// From here on so many bytes of the text come from each so many of the source.
#[derive(Debug)]
struct Piece {
    text: usize,
    source: usize,
    bytes: usize,
    signs: usize,
}

/// Digits that are a run: 20 bytes.
const LEAST_DIGITS: usize = 40;
/// Signs that tell whether it is text that they stand for.
const HEAD: usize = LEAST;
/// Of a longer stretch only so many bytes are decoded: what a person wraps is shorter.
const LONGEST: usize = 64 << 10;
/// So far a stretch reaches that is known wherever one looks at a byte of it and some around, in bytes.
const NEAR: usize = 4 << 10;
/// A line of base64 that goes on in the next one has so many signs at the least: tools write 64 or 76.
const LINE: usize = 60;

/// Shows what is wrapped in `text` and begins in `part`, runs of base64 and digits first. `marks`: where those of escapes stand, sorted.
pub fn each(text: &[u8], part: Span, marks: &[usize], mut visit: impl FnMut(&Wrapped)) {
    let mut wrapped = Wrapped::default();
    let mut at = part.start;
    // What begins before belongs to another part.
    if at > 0 && is_sign(text[at - 1]) {
        at += signs(&text[at..]);
    }
    while let Some(core) = next_core(text, at, part.end) {
        let end = wrapped
            .hex(text, core.start)
            .or_else(|| wrapped.base64(text, core.start));
        at = end.unwrap_or(core.end);
        if end.is_some() && !wrapped.text.is_empty() {
            visit(&wrapped);
        }
    }
    words(text, part, marks, |word, form| {
        wrapped.word(text, word, form);
        visit(&wrapped);
    });
}

impl Wrapped {
    /// The bytes of the source that those at `span` of the text came from.
    pub fn source(&self, span: Span) -> Span {
        let Some(last) = span.end.checked_sub(1) else {
            return Span::new(self.span.start, self.span.start);
        };
        let (first, last) = (self.source_of(span.start), self.source_of(last));
        Span::new(first.start, last.end.max(first.start))
    }

    /// The signs that the byte at `at` came from.
    fn source_of(&self, at: usize) -> Span {
        let next = self.pieces.partition_point(|piece| piece.text <= at);
        let Some(piece) = next.checked_sub(1).map(|last| &self.pieces[last]) else {
            return self.span;
        };
        let from = at - piece.text;
        let start = piece.source + from * piece.signs / piece.bytes;
        let end = piece.source + ((from + 1) * piece.signs).div_ceil(piece.bytes);
        Span::new(start.min(self.span.end), end.min(self.span.end))
    }

    fn begin(&mut self, wrapping: Wrapping) {
        self.wrapping = wrapping;
        self.text.clear();
        self.pieces.clear();
        self.whole = true;
    }

    fn end(&mut self, span: Span, lines: usize) {
        self.span = span;
        self.near = lines == 1 && span.len() <= NEAR;
    }

    /// What follows came so from the source.
    fn piece(&mut self, source: usize, bytes: usize, signs: usize) {
        self.pieces.push(Piece {
            text: self.text.len(),
            source,
            bytes,
            signs,
        });
    }

    /// Adds bytes up to the first that is no text; whether all are.
    fn add(&mut self, bytes: &[u8]) -> bool {
        let texty = bytes.iter().take_while(|b| is_text(**b) || **b >= 0x80);
        let count = texty.count();
        self.text.extend_from_slice(&bytes[..count]);
        self.whole &= count == bytes.len();
        self.whole
    }

    /// Reads what begins at `start` as digits, if it begins with text in digits. Gives its end.
    fn hex(&mut self, text: &[u8], start: usize) -> Option<usize> {
        let mark = usize::from(matches!(&text[start..], [b'0', b'x' | b'X', ..])) * 2;
        let digits = &text[start + mark..];
        let byte = |pair: &[u8]| Some(nibble(pair[0])? << 4 | nibble(pair[1])?);
        let mut head = digits.get(..HEAD)?.chunks_exact(2).map(byte);
        if !head.all(|byte| byte.is_some_and(is_text)) {
            return None;
        }
        let count = digits.iter().take_while(|b| b.is_ascii_hexdigit()).count();
        if count < LEAST_DIGITS {
            return None;
        }
        self.begin(Wrapping::Hex);
        self.piece(start + mark, 1, 2);
        let bytes = digits[..count.min(LONGEST)].chunks_exact(2);
        let mut bytes = bytes.filter_map(byte).map(|byte| [byte]);
        while let Some(byte) = bytes.next()
            && self.add(&byte)
        {}
        let end = start + mark + count;
        self.end(Span::new(start, end), 1);
        Some(end)
    }

    /// Reads what begins at `start`, and the lines that go on with it, as base64, if it begins with text. Gives its end.
    fn base64(&mut self, text: &[u8], start: usize) -> Option<usize> {
        let mut head = text.get(start..start + HEAD)?.chunks_exact(4);
        if !head.all(|four| quantum(four).into_iter().all(is_text)) {
            return None;
        }
        self.begin(Wrapping::Base64);
        let run = Span::new(start, start + signs(&text[start..]));
        if is_part_of_jwt(text, run) {
            return Some(run.end);
        }
        let (mut line, mut lines) = (run, 1);
        loop {
            self.piece(line.start, 3, 4);
            let room = LONGEST.saturating_sub(line.start - run.start);
            let signs = &text[line.start..line.end.min(line.start + room)];
            for four in signs.chunks(4) {
                // Of four signs the last may be missing, or the last two.
                if !self.add(&quantum(four)[..four.len() * 3 / 4]) {
                    break;
                }
            }
            match next_line(text, line) {
                Some(next) if self.whole && room > 0 => line = next,
                _ => break,
            }
            lines += 1;
        }
        self.end(Span::new(run.start, line.end), lines);
        Some(line.end)
    }

    /// Reads a word that escapes of one form stand in.
    fn word(&mut self, text: &[u8], word: Span, form: Wrapping) {
        self.begin(form);
        let end = word.end.min(word.start + LONGEST);
        let mut at = word.start;
        self.piece(at, 1, 1);
        while at < end {
            match escape(&text[at..end]).filter(|(of, ..)| *of == form) {
                Some((_, byte, length)) => {
                    self.piece(at, 1, length);
                    self.text.push(byte);
                    at += length;
                    self.piece(at, 1, 1);
                }
                None => {
                    self.text.push(text[at]);
                    at += 1;
                }
            }
        }
        self.end(word, 1);
    }
}

/// Three bytes of four signs; a missing one counts as zero.
fn quantum(four: &[u8]) -> [u8; 3] {
    let value = |at: usize| {
        let sign = four.get(at).map_or(0, |b| SIGNS[usize::from(*b)]);
        u32::from(sign & 63) << (18 - 6 * at)
    };
    let [_, bytes @ ..] = (value(0) | value(1) | value(2) | value(3)).to_be_bytes();
    bytes
}

/// Whether a run is a segment of a token that has dots between them and says itself what it holds.
fn is_part_of_jwt(text: &[u8], run: Span) -> bool {
    text[run.range()].starts_with(b"eyJ")
        && (text[..run.start].ends_with(b".") || text[run.end..].starts_with(b"."))
}

/// The line that goes on with the base64 of `line`: that is full, and the next holds no more and nothing else.
fn next_line(text: &[u8], line: Span) -> Option<Span> {
    const DEEPEST: usize = 64;
    let full = line.len();
    if full < LINE || !full.is_multiple_of(4) {
        return None;
    }
    let rest = &text[line.end..];
    let past = rest
        .strip_prefix(b"\r\n")
        .or_else(|| rest.strip_prefix(b"\n"))?;
    let blanks = past.iter().take(DEEPEST);
    let blanks = blanks.take_while(|b| matches!(b, b' ' | b'\t')).count();
    let past = &past[blanks..];
    let length = past.iter().take(full + 1).take_while(|b| is_sign(**b));
    let length = length.count();
    let padding = past[length..].iter().take(2).take_while(|b| **b == b'=');
    let behind = past.get(length + padding.count());
    let ends = behind.is_none_or(|b| matches!(b, b'\n' | b'\r' | b' ' | b'"' | b'\'' | b'`'));
    let start = text.len() - past.len();
    (ends && (1..=full).contains(&length)).then(|| Span::new(start, start + length))
}

#[cfg(test)]
mod tests;
