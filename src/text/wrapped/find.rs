//! Where something may be wrapped: runs that may be base64 or digits of text, and words with escapes. Cheap, as it looks at every text.

use super::Wrapping;
use crate::model::Span;

/// Letters and digits in a row that are looked at: 24 bytes in base64. Few tokens are shorter.
pub(super) const LEAST: usize = 32;
/// A word with escapes that is shorter holds no token.
const LEAST_WORD: usize = 16;

/// The value of each sign of base64, in both alphabets; [`NO_SIGN`] elsewhere.
pub(super) const SIGNS: [u8; 256] = {
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

/// What escapes of text begin with, in whatever case: [`super::each`] is told where these stand.
pub fn marks() -> impl Iterator<Item = Vec<u8>> {
    let percent = (0..=u8::MAX).filter(|b| is_text(*b));
    let percent = percent.map(|byte| format!("%{byte:02x}"));
    let high = (0..8).map(|high| format!("\\x{high}"));
    let marks = percent.chain(high).chain(["\\u00".to_owned()]);
    marks.map(String::into_bytes)
}

/// The next run of letters and digits that begins in `from..to`, [`LEAST`] of them or more, and may begin with text; one may begin at `from`.
/// Text of ASCII has the other signs of base64 for `>`, `?` and `~` at the end of four alone, so that what follows one is read as well.
pub(super) fn next_core(text: &[u8], from: usize, to: usize) -> Option<Span> {
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

pub(super) fn is_sign(b: u8) -> bool {
    SIGNS[usize::from(b)] != NO_SIGN
}

/// How many signs of base64 a text begins with.
pub(super) fn signs(text: &[u8]) -> usize {
    text.iter().take_while(|b| is_sign(**b)).count()
}

/// Calls `found` for each word that begins in `part` and has escapes in it, with the form of the first one.
pub(super) fn words(
    text: &[u8],
    part: Span,
    marks: &[usize],
    mut found: impl FnMut(Span, Wrapping),
) {
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
pub(super) fn escape(text: &[u8]) -> Option<(Wrapping, u8, usize)> {
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

pub(super) fn nibble(b: u8) -> Option<u8> {
    char::from(b).to_digit(16).map(|digit| digit as u8)
}

pub(super) fn is_text(b: u8) -> bool {
    matches!(b, b'\t' | b'\n' | b'\r' | b' '..=b'~')
}
