//! How much of a text nobody could guess.
//!
//! A text is cut into what a guesser would try as a whole (words, runs of one character, sequences, years) and the rest,
//! which is noise. Shannon's measure alone cannot tell `getUserAccountByName` from a token of its length; this can.

use super::lexicon::{LEXICON, Lexicon};

/// What a text is made of.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Measure {
    /// What it takes to guess the whole, in bits.
    pub bits: f32,
    /// Bytes that belong to nothing guessable.
    pub noise: usize,
    /// Runs of letters that read like words.
    pub words: usize,
    /// Bytes in runs of one character, sequences and repetitions.
    pub pattern: usize,
    /// All bytes.
    pub len: usize,
}

impl Measure {
    /// Whether it looks made by a machine, or by someone who hits keys with care.
    pub(super) fn is_random(self) -> bool {
        const LEAST_NOISE: usize = 6;
        self.noise >= LEAST_NOISE && self.noise * 5 >= self.len * 2 && self.bits >= 20.0
    }
}

/// More than this of one value is not looked at: it is strong by then, or a document.
const LONGEST: usize = 2048;

/// Measures `text`, in linear time.
pub(super) fn measure(text: &[u8]) -> Measure {
    let text = &text[..text.len().min(LONGEST)];
    let period = period(text);
    if period < text.len() {
        let unit = cut(&text[..period]);
        return Measure {
            bits: unit.bits + 2.0,
            pattern: text.len() - period + unit.pattern,
            len: text.len(),
            ..unit
        };
    }
    cut(text)
}

/// The length of the block that the text repeats at least twice; its own length if it repeats none.
pub(in crate::classify) fn period(text: &[u8]) -> usize {
    // The prefix function of Knuth, Morris and Pratt.
    let mut border = vec![0; text.len()];
    let mut k = 0;
    for i in 1..text.len() {
        while k > 0 && text[i] != text[k] {
            k = border[k - 1];
        }
        if text[i] == text[k] {
            k += 1;
        }
        border[i] = k;
    }
    let period = text.len() - border.last().copied().unwrap_or(0);
    if period * 2 <= text.len() {
        period
    } else {
        text.len()
    }
}

fn cut(text: &[u8]) -> Measure {
    let lexicon = &*LEXICON;
    let mut out = Measure {
        len: text.len(),
        ..Measure::default()
    };
    let mut noise = Noise::default();
    let mut at = 0;
    while let Some(&b) = text.get(at) {
        let rest = &text[at..];
        let pattern = run_of_one(rest).max(sequence(rest)).max(interleaved(rest));
        if pattern > 0 {
            out.pattern += pattern;
            out.bits += 5.0 + (pattern as f32).log2();
            at += pattern;
            continue;
        }
        if let Some(len) = short_piece(text, at, lexicon) {
            out.bits += 3.0 * len as f32;
            at += len;
            continue;
        }
        if b.is_ascii_alphabetic() {
            let run = before_run_of_one(hump(rest));
            let beside_digit = |i: Option<&u8>| i.is_some_and(u8::is_ascii_digit);
            let torn = run.len() < 4
                && (beside_digit(at.checked_sub(1).and_then(|i| text.get(i)))
                    || beside_digit(rest.get(run.len())));
            if !torn && lexicon.is_word(run) {
                out.words += 1;
                out.bits += (1.9 * run.len() as f32).max(8.0);
            } else {
                run.iter().for_each(|&b| noise.push(b));
            }
            at += run.len();
        } else if b >= 0x80 {
            let len = rest.iter().take_while(|b| **b >= 0x80).count();
            out.bits += 2.0 * len as f32;
            at += len;
        } else if let Some(len) = year(text, at) {
            out.bits += 8.0;
            at += len;
        } else {
            if is_separator(b) {
                out.bits += 1.0;
            } else {
                noise.push(b);
            }
            at += 1;
        }
    }
    out.noise = noise.len;
    out.bits += noise.bits();
    out
}

/// What joins words and groups.
pub(in crate::classify) fn is_separator(b: u8) -> bool {
    matches!(
        b,
        b'-' | b'_' | b'.' | b'/' | b':' | b' ' | b',' | b'\t' | b'\n' | b'\r'
    )
}

/// What stands before five of one letter: no word holds them.
fn before_run_of_one(letters: &[u8]) -> &[u8] {
    const LEAST: usize = 5;
    let end = (1..letters.len()).find(|&at| run_of_one(&letters[at..]) >= LEAST);
    &letters[..end.unwrap_or(letters.len())]
}

/// A run of one byte, from 3 on; else 0.
fn run_of_one(rest: &[u8]) -> usize {
    let len = rest.iter().take_while(|b| Some(*b) == rest.first()).count();
    if len >= 3 { len } else { 0 }
}

/// `abcd`, `4321`, `qwert`: neighbours in the alphabet or on a keyboard's row, 4 letters or 3 digits; else 0.
fn sequence(rest: &[u8]) -> usize {
    let Some(&first) = rest.first() else { return 0 };
    let least = if first.is_ascii_digit() { 3 } else { 4 };
    if rest.len() < least {
        return 0;
    }
    let runs = [
        run_by(rest, |a, b| alike(a, b) && b == a.wrapping_add(1)),
        run_by(rest, |a, b| alike(a, b) && a == b.wrapping_add(1)),
        run_by(rest, |a, b| row(a).is_some_and(|p| row(b) == Some(p + 1))),
        run_by(rest, |a, b| row(b).is_some_and(|p| row(a) == Some(p + 1))),
    ];
    let longest = runs.into_iter().max().unwrap_or(0);
    if longest >= least { longest } else { 0 }
}

fn run_by(rest: &[u8], follows: impl Fn(u8, u8) -> bool) -> usize {
    1 + rest
        .windows(2)
        .take_while(|w| follows(w[0].to_ascii_lowercase(), w[1].to_ascii_lowercase()))
        .count()
}

fn alike(a: u8, b: u8) -> bool {
    (a.is_ascii_digit() && b.is_ascii_digit())
        || (a.is_ascii_alphabetic() && b.is_ascii_alphabetic())
}

/// The place of a letter on a keyboard; rows are 20 apart, so that none follows another.
fn row(letter: u8) -> Option<u8> {
    const PLACES: [u8; 256] = places();
    match PLACES[usize::from(letter)] {
        0 => None,
        place => Some(place),
    }
}

/// A table, because every byte of every value asks; 0 where there is no place.
const fn places() -> [u8; 256] {
    const ROWS: [&[u8]; 3] = [b"qwertyuiop", b"asdfghjkl", b"zxcvbnm"];
    let mut out = [0; 256];
    let mut n = 0;
    while n < ROWS.len() {
        let mut i = 0;
        while i < ROWS[n].len() {
            out[ROWS[n][i] as usize] = (n * 20 + i + 1) as u8;
            i += 1;
        }
        n += 1;
    }
    out
}

/// `a1b2c3d4`: two sequences in turn, from 6 bytes on; else 0.
fn interleaved(rest: &[u8]) -> usize {
    let next = |b: u8| match b.to_ascii_lowercase() {
        b'9' => Some(b'0'),
        b'z' => Some(b'a'),
        b if b.is_ascii_alphanumeric() => Some(b + 1),
        _ => None,
    };
    let follows = |a: u8, b: u8| {
        next(a) == Some(b.to_ascii_lowercase())
            || (a.eq_ignore_ascii_case(&b'f') && b.eq_ignore_ascii_case(&b'a'))
    };
    let len = 2 + rest.windows(3).take_while(|w| follows(w[0], w[2])).count();
    if len >= 6 { len } else { 0 }
}

/// `HTTP` of `HTTPServer`, `Server` of `ServerName`, `server`.
pub(super) fn hump(rest: &[u8]) -> &[u8] {
    let upper = rest.iter().take_while(|b| b.is_ascii_uppercase()).count();
    let lower = rest[upper..]
        .iter()
        .take_while(|b| b.is_ascii_lowercase())
        .count();
    match (upper, lower) {
        (0 | 1, _) => &rest[..upper + lower],
        (_, 0) => &rest[..upper],
        _ => &rest[..upper - 1],
    }
}

/// `px`, `mt4`, `12` between two separators (one of which may be an end): part of a list, a class name or a date, not of a key. Groups of product
/// keys are longer, or begin with capitals.
fn short_piece(text: &[u8], at: usize, lexicon: &Lexicon) -> Option<usize> {
    let bounded_left = at == 0 || text.get(at - 1).is_some_and(|&b| is_separator(b));
    if !bounded_left {
        return None;
    }
    let rest = &text[at..];
    let letters = rest.iter().take_while(|b| b.is_ascii_alphabetic()).count();
    let digits = rest[letters..]
        .iter()
        .take_while(|b| b.is_ascii_digit())
        .count();
    let len = letters + digits;
    let bounded_right = rest.get(len).is_none_or(|&b| is_separator(b));
    let whole = at == 0 && rest.len() == len;
    let lower = rest[..letters].iter().all(u8::is_ascii_lowercase);
    let upper = rest[..letters].iter().all(u8::is_ascii_uppercase);
    let short = match (letters, digits) {
        (1..=3, 0) => lower || upper,
        (0, 1..=3) => true,
        (1..=3, 1..=2) => lower,
        (4.., 1..=2) => lexicon.is_word(&rest[..letters]) && (lower || upper),
        _ => false,
    };
    (short && bounded_right && !whole && len > 0).then_some(len)
}

/// A year of our time that no digit touches.
fn year(text: &[u8], at: usize) -> Option<usize> {
    let digits = text[at..].iter().take_while(|b| b.is_ascii_digit()).count();
    let fresh = at == 0 || !text[at - 1].is_ascii_digit();
    let century = text[at..].starts_with(b"19") || text[at..].starts_with(b"20");
    (digits == 4 && fresh && century).then_some(4)
}

/// The bytes that nothing explains.
struct Noise {
    counts: [u16; 256],
    len: usize,
}

impl Default for Noise {
    fn default() -> Self {
        Self {
            counts: [0; 256],
            len: 0,
        }
    }
}

impl Noise {
    fn push(&mut self, b: u8) {
        self.counts[usize::from(b)] += 1;
        self.len += 1;
    }

    /// What it takes to guess them when their alphabet is known, but no more than their own variety allows: short samples
    /// show less than they have, hence the allowance.
    fn bits(&self) -> f32 {
        const ALLOWANCE: f32 = 1.5;
        if self.len == 0 {
            return 0.0;
        }
        let any =
            |is: fn(&u8) -> bool| (0..=255u8).any(|b| self.counts[usize::from(b)] > 0 && is(&b));
        let hex = self.len >= 8
            && any(u8::is_ascii_digit)
            && !any(|b| !b.is_ascii_hexdigit())
            && !(any(u8::is_ascii_lowercase) && any(u8::is_ascii_uppercase));
        let alphabet: u32 = if hex {
            16
        } else {
            26 * u32::from(any(u8::is_ascii_lowercase))
                + 26 * u32::from(any(u8::is_ascii_uppercase))
                + 10 * u32::from(any(u8::is_ascii_digit))
                + 20 * u32::from(any(|b| !b.is_ascii_alphanumeric()))
        };
        let n = self.len as f32;
        let shannon: f32 = self
            .counts
            .iter()
            .filter(|&&c| c > 0)
            .map(|&c| f32::from(c) / n)
            .map(|p| -p * p.log2())
            .sum();
        n * (alphabet as f32).log2().min(shannon + ALLOWANCE)
    }
}
