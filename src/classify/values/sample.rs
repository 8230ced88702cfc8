//! Masks, sequences and published samples: texts that have a token's shape and open nothing.

use std::fmt::Write;

use sha2::{Digest, Sha256};

use super::entropy::{hump, measure, period};
use super::lexicon::{LEXICON, Lexicon};
use super::{Value, ValueClass, reference};

/// Judges the text of a match of a vendor's format.
pub(super) fn token(text: &[u8]) -> Value {
    let text = text.trim_ascii();
    let body = body(text);
    let class = if Lexicon::begins(&LEXICON.encrypted, text) {
        ValueClass::Encrypted
    } else if has_hole(text) {
        ValueClass::Reference
    } else if is_sample(text) || is_masked(body) || is_patterned(body) || is_spelled(text, body) {
        ValueClass::Placeholder
    } else {
        ValueClass::Opaque
    };
    Value {
        class,
        bits: measure(text).bits,
    }
}

/// Whether a vendor publishes this very value, or it ends as the samples of AWS do.
pub(super) fn is_sample(text: &[u8]) -> bool {
    if text.ends_with(b"EXAMPLE") || text.ends_with(b"EXAMPLEKEY") {
        return true;
    }
    // The shortest listed sample has 16 bytes; tokens of a kilobyte are not published.
    if !(16..=1024).contains(&text.len()) {
        return false;
    }
    let digest = Sha256::digest(text);
    let mut hex = String::with_capacity(64);
    for byte in digest.iter() {
        // Writing to a string cannot fail.
        let _ = write!(hex, "{byte:02x}");
    }
    LEXICON.samples.contains(hex.as_str())
}

/// Masks, ellipses, sequences and repetitions that make up the value.
pub(super) fn masked(text: &[u8]) -> Option<ValueClass> {
    let tail = body(text);
    (is_masked(text) || is_masked(tail) || (tail.len() >= 4 && is_patterned(tail)))
        .then_some(ValueClass::Placeholder)
}

/// What follows the vendor's prefix: leading segments of 8 characters at most with a letter in them are cut, the last one never.
fn body(text: &[u8]) -> &[u8] {
    const LONGEST_SEGMENT: usize = 8;
    const MOST_SEGMENTS: usize = 4;
    let mut rest = text;
    for _ in 0..MOST_SEGMENTS {
        let Some(end) = rest.iter().position(|b| matches!(b, b'_' | b'-')) else {
            break;
        };
        let segment = &rest[..end];
        let prefix = (1..=LONGEST_SEGMENT).contains(&end)
            && segment.iter().all(u8::is_ascii_alphanumeric)
            && segment.iter().any(u8::is_ascii_alphabetic)
            && !is_patterned(segment)
            && rest.len() > end + 1;
        if !prefix {
            break;
        }
        rest = &rest[end + 1..];
    }
    rest
}

fn has_hole(text: &[u8]) -> bool {
    [&b"${"[..], b"{{", b"$(", b"#{", b"<%"]
        .iter()
        .any(|open| memchr::memmem::find(text, open).is_some())
        && reference::reference(text).is_some()
}

/// At least 60 % of the characters hide something: one mask character, or any of them together.
fn is_masked(body: &[u8]) -> bool {
    const DOTS: [&[u8]; 3] = ["…".as_bytes(), "•".as_bytes(), "●".as_bytes()];
    if DOTS
        .iter()
        .any(|dot| memchr::memmem::find(body, dot).is_some())
    {
        return true;
    }
    // `../..` is a path, everything else with three dots was cut by hand.
    if memchr::memmem::find(body, b"...").is_some() && !body.contains(&b'/') {
        return true;
    }
    if body.is_empty() {
        return false;
    }
    let mut counts = [0usize; 256];
    body.iter()
        .for_each(|b| counts[usize::from(b.to_ascii_lowercase())] += 1);
    let enough = |n: usize| n * 5 >= body.len() * 3;
    let masks: usize = b"x*.?#".iter().map(|&b| counts[usize::from(b)]).sum();
    let one = counts.iter().copied().max().unwrap_or(0);
    let least = if body.iter().all(u8::is_ascii_digit) {
        3
    } else {
        4
    };
    (body.len() >= least && enough(one)) || (body.len() >= 3 && enough(masks))
}

/// At least 60 % of the characters belong to sequences, runs or repetitions.
fn is_patterned(body: &[u8]) -> bool {
    // A block that comes twice: in 12 hexadecimal digits once in 16 million by chance.
    const LEAST: usize = 12;
    let lower = body.to_ascii_lowercase();
    let measured = measure(&lower);
    let repeats = body.len() >= LEAST && period(&lower) < body.len();
    !body.is_empty() && (repeats || measured.pattern * 5 >= body.len() * 3)
}

/// Words that no machine writes: told apart by separators or humps, or too long to come up by chance (7 letters of 62
/// come up once in some 10^12).
fn is_spelled(text: &[u8], body: &[u8]) -> bool {
    const LONG: [&[u8]; 8] = [
        b"example",
        b"placeholder",
        b"redacted",
        b"changeme",
        b"yourtoken",
        b"replaceme",
        b"notareal",
        b"yoursecret",
    ];
    let lower = body.to_ascii_lowercase();
    if LONG
        .iter()
        .any(|word| memchr::memmem::find(&lower, word).is_some())
    {
        return true;
    }
    let telling = |word: &[u8]| {
        const TELLING: [&[u8]; 11] = [
            b"your", b"here", b"insert", b"fake", b"dummy", b"sample", b"xxxx", b"todo",
            b"replace", b"masked", b"goes",
        ];
        TELLING.contains(&word.to_ascii_lowercase().as_slice())
    };
    let segments = || text.split(|b| !b.is_ascii_alphanumeric());
    if segments().any(telling) || segments().any(|s| camel(s).any(telling)) {
        return true;
    }
    // Nothing but words: `xoxb-not-a-real-token`.
    const LEAST: usize = 8;
    let measured = measure(text);
    text.len() >= LEAST
        && measured.noise * 3 <= text.len()
        && measured.words >= 2
        && !text.iter().any(u8::is_ascii_digit)
}

/// The humps of `YourTokenHere`: a capital and three letters at least.
fn camel(segment: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = segment.get(at..)?;
        let &first = rest.first()?;
        let run = if first.is_ascii_alphabetic() {
            hump(rest)
        } else {
            &rest[..1]
        };
        at += run.len();
        Some(run)
    })
    .filter(|run| run.len() > 3 && run[0].is_ascii_uppercase() && run[1].is_ascii_lowercase())
}
