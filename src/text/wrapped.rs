//! Texts inside a text: what base64, hexadecimal digits, percent-encoding and escapes write down.
//!
//! Takes a text and the part of it that is asked for, and shows every stretch there that is another text in one of these forms: decoded,
//! with the way back from its bytes to those of the source. What is no text inside (an image, a key, a digest) is told by its first bytes
//! and passed over. One level at a time: what is shown is a text that can be asked again. Judges nothing.
//!
//! A text that holds nothing of the kind costs one look at each sixteen bytes. What is decoded is never longer than what it was decoded
//! from, and no byte is decoded twice into the same form, so all of this is linear.

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
    /// It stands on one line, and is not longer than [`NEAR`].
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

/// Letters and digits in a row that are looked at: 24 bytes in base64. Few tokens are shorter.
const LEAST: usize = 32;
/// Digits that are a run: 20 bytes.
const LEAST_DIGITS: usize = 40;
/// Signs that tell whether it is text that they stand for.
const HEAD: usize = LEAST;
/// A word with escapes that is shorter holds no token.
const LEAST_WORD: usize = 16;
/// Of a longer stretch only so many bytes are decoded: what a person wraps is shorter.
const LONGEST: usize = 64 << 10;
/// So far a stretch reaches that is known wherever one looks at a byte of it and some around, in bytes.
const NEAR: usize = 4 << 10;
/// A line of base64 that goes on in the next one has so many signs at the least: tools write 64 or 76.
const LINE: usize = 60;

/// The value of each sign of base64, in both alphabets; [`NO_SIGN`] elsewhere.
const SIGNS: [u8; 256] = {
    let mut signs = [NO_SIGN; 256];
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut i = 0;
    while i < alphabet.len() {
        signs[alphabet[i] as usize] = i as u8;
        i += 1;
    }
    signs[b'-' as usize] = 62;
    signs[b'_' as usize] = 63;
    signs
};
const NO_SIGN: u8 = 0xff;

/// What escapes of text begin with, in whatever case: [`each`] is told where these stand.
pub fn marks() -> impl Iterator<Item = Vec<u8>> {
    let percent = (0..=u8::MAX).filter(|b| is_text(*b));
    let percent = percent.map(|byte| format!("%{byte:02x}"));
    let high = (0..8).map(|high| format!("\\x{high}"));
    let marks = percent.chain(high).chain(["\\u00".to_owned()]);
    marks.map(String::into_bytes)
}

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

/// The next run of letters and digits that begins in `from..to`, [`LEAST`] of them or more, and may begin with text; one may begin at `from`.
/// Text of ASCII has the other signs of base64 for `>`, `?` and `~` at the end of four alone, so that what follows one is read as well.
fn next_core(text: &[u8], from: usize, to: usize) -> Option<Span> {
    // The head of a run holds one of these blocks whole, wherever it begins.
    const BLOCK: usize = 16;
    const STEP: usize = LEAST - BLOCK;
    let mut at = from;
    while at < to.saturating_add(STEP) {
        let block: &[u8; BLOCK] = text.get(at..)?.first_chunk()?;
        let (low, high) = block.split_at(8);
        if has_less(low, b'0') | has_less(high, b'0') || !may_be_text(block) {
            at += STEP;
            continue;
        }
        let is_plain = |b: &&u8| b.is_ascii_alphanumeric();
        let start = at - text[from..at].iter().rev().take_while(is_plain).count();
        let end = at + text[at..].iter().take_while(is_plain).count();
        if start >= to {
            return None;
        }
        if end - start >= LEAST {
            return Some(Span::new(start, end));
        }
        at = end;
    }
    None
}

/// For each place modulo four and each letter or digit there the phases that it leaves possible if all is text: four of base64, two of digits.
const PHASES: [[u8; 256]; 4] = {
    let mut phases = [[0; 256]; 4];
    let mut sign = 0;
    while sign < 256 {
        let mut at = 0;
        while at < 4 && (sign as u8).is_ascii_alphanumeric() {
            let mut phase = 0;
            while phase < 4 {
                // ASCII has no high bit, and of control characters text has those at 9 to 13.
                let fits = match (at + phase) % 4 {
                    0 => matches!(SIGNS[sign], 2 | 3 | 8..32),
                    1 => SIGNS[sign] & 8 == 0,
                    2 => SIGNS[sign] & 2 == 0,
                    _ => true,
                };
                phases[at][sign] |= (fits as u8) << phase;
                phase += 1;
            }
            while phase < 6 {
                let fits = match (at + phase) % 2 {
                    0 => matches!(sign as u8, b'0' | b'2'..=b'7'),
                    _ => (sign as u8).is_ascii_hexdigit(),
                };
                phases[at][sign] |= (fits as u8) << phase;
                phase += 1;
            }
            at += 1;
        }
        sign += 1;
    }
    phases
};

/// Whether the block can be of a text in base64 or digits, wherever that begins.
fn may_be_text(block: &[u8]) -> bool {
    let signs = block.iter().enumerate();
    signs.fold(u8::MAX, |phases, (at, sign)| {
        phases & PHASES[at & 3][usize::from(*sign)]
    }) != 0
}

/// Whether one of eight bytes is less than `least`, which is at most 128, in one look (Anderson, "Bit Twiddling Hacks").
fn has_less(eight: &[u8], least: u8) -> bool {
    const ONES: u64 = u64::MAX / 0xff;
    let eight = eight.first_chunk().copied().map_or(0, u64::from_le_bytes);
    eight.wrapping_sub(ONES * u64::from(least)) & !eight & (ONES << 7) != 0
}

fn is_sign(b: u8) -> bool {
    SIGNS[usize::from(b)] != NO_SIGN
}

/// How many signs of base64 a text begins with.
fn signs(text: &[u8]) -> usize {
    text.iter().take_while(|b| is_sign(**b)).count()
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
    if full < LINE || full % 4 != 0 {
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

/// Calls `found` for each word that begins in `part` and has escapes in it, with the form of the first one.
fn words(text: &[u8], part: Span, marks: &[usize], mut found: impl FnMut(Span, Wrapping)) {
    let is_word = |b: &&u8| **b > b' ' && !matches!(**b, b'"' | b'\'' | b'`' | b'<' | b'>');
    let mut done = part.start;
    for &at in marks {
        if at < done {
            continue;
        }
        let Some((form, ..)) = escape(&text[at..]) else {
            continue;
        };
        let before = text[done..at].iter().rev().take_while(is_word).count();
        let start = at - before;
        let end = at + text[at..].iter().take_while(is_word).count();
        let is_cut = start == part.start && text[..start].last().is_some_and(|b| is_word(&b));
        if !is_cut && end - start >= LEAST_WORD {
            found(Span::new(start, end), form);
        }
        done = end;
    }
}

/// The character that `text` begins with an escape of, if it is one of text, and how long that is.
fn escape(text: &[u8]) -> Option<(Wrapping, u8, usize)> {
    let (form, digits, length) = match text {
        [b'%', digits @ ..] => (Wrapping::Percent, digits, 3),
        [b'\\', b'u', b'0', b'0', digits @ ..] => (Wrapping::Escapes, digits, 6),
        [b'\\', b'x', digits @ ..] => (Wrapping::Escapes, digits, 4),
        _ => return None,
    };
    let [high, low, ..] = digits else { return None };
    let byte = nibble(*high)? << 4 | nibble(*low)?;
    is_text(byte).then_some((form, byte, length))
}

fn nibble(b: u8) -> Option<u8> {
    char::from(b).to_digit(16).map(|digit| digit as u8)
}

fn is_text(b: u8) -> bool {
    matches!(b, b'\t' | b'\n' | b'\r' | b' '..=b'~')
}

#[cfg(test)]
mod tests;
