//! Masks, sequences and published samples: texts that have a token's shape and open nothing.

use std::fmt::Write;

use sha2::{Digest, Sha256};

use super::entropy::{hump, measure, period};
use super::lexicon::{LEXICON, Lexicon};
use super::{Value, ValueClass, reference};
use crate::classify::names::NameClass;

/// Judges the text of a match of a vendor's format.
pub(super) fn token(text: &[u8]) -> Value {
    let text = text.trim_ascii();
    let body = body(text);
    let class = if Lexicon::begins(&LEXICON.encrypted, text) {
        ValueClass::Encrypted
    } else if has_hole(text) {
        ValueClass::Reference
    } else if is_sample(text)
        || is_masked(body)
        || is_part_masked(text)
        || is_patterned(body)
        || is_counted(body)
        || is_spelled(text, body)
        || is_elided(text)
    {
        ValueClass::Placeholder
    } else {
        ValueClass::Opaque
    };
    Value {
        class,
        bits: measure(text).bits,
    }
}

/// Whether a line of it is dots: a key that was cut for a guide.
fn is_elided(text: &[u8]) -> bool {
    let dots = |line: &[u8]| matches!(line.trim_ascii(), b"..." | b"[...]" | b"\xe2\x80\xa6");
    memchr::memchr(b'\n', text).is_some() && text.split(|&b| b == b'\n').any(dots)
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
    LEXICON.samples.contains(digest(text).as_str()) || is_edited_sample(text)
}

/// The secret key of AWS' documentation is the model of many: cut by a letter, with other words at its ends.
fn is_edited_sample(text: &[u8]) -> bool {
    let core = match text.len() {
        36..=44 => &text[8..30],
        _ => return false,
    };
    memchr::memchr_iter(b'/', core).count() == 2
        && LEXICON.sample_cores.contains(digest(core).as_str())
}

fn digest(text: &[u8]) -> String {
    let mut hex = String::with_capacity(64);
    for byte in Sha256::digest(text).iter() {
        // Writing to a string cannot fail.
        let _ = write!(hex, "{byte:02x}");
    }
    hex
}

/// Values under a name that were written, cut or changed by hand, whatever noise is left in them.
pub(super) fn edited(text: &[u8], name: NameClass) -> Option<ValueClass> {
    const LEAST: usize = 8;
    if text.len() < LEAST {
        return None;
    }
    // People do choose `example` as a part of a password, and it is a word of hosts.
    let issued =
        name.holds_secret() && !matches!(name, NameClass::Password | NameClass::Credential);
    (is_part_masked(text)
        || is_counted(text)
        || is_broken_jwt(text)
        || is_entity(text)
        || has_slot(text)
        || (issued && is_telling(&text.to_ascii_lowercase()))
        || begins_as_sample(text))
    .then_some(ValueClass::Placeholder)
}

/// `abc==:xxxxxxxxxxxx`, `T00000000/B00000000/…`: one group of mask characters, or two of a single character.
fn is_part_masked(text: &[u8]) -> bool {
    const LEAST: usize = 8;
    let mut uniform = 0;
    for group in text.split(|b| matches!(b, b':' | b'/' | b'-' | b'_' | b'.' | b'@' | b'=')) {
        // A vendor's letter may stand before: `T00000000`.
        let body = match group {
            [b'A'..=b'Z', rest @ ..] if rest.len() >= LEAST => rest,
            _ => group,
        };
        let Some((first, rest)) = body.split_first() else {
            continue;
        };
        if body.len() < LEAST || rest.iter().any(|b| b != first) {
            continue;
        }
        if matches!(first, b'x' | b'X' | b'*' | b'#' | b'?') {
            return true;
        }
        uniform += 1;
    }
    uniform >= 2
}

/// `1a2b3c4d-5e6f-7g8h`: the digits alone count, and so do the letters alone.
fn is_counted(text: &[u8]) -> bool {
    const LEAST: usize = 6;
    let letters = steps(text.iter().filter(|b| b.is_ascii_alphabetic()), b'z', b'a');
    let digits = steps(text.iter().filter(|b| b.is_ascii_digit()), b'9', b'0');
    let counts = |(even, all): (usize, usize)| all >= LEAST && even * 4 >= all * 3;
    counts(letters) && counts(digits)
}

/// How many of the bytes follow their predecessor in order, and how many there are.
fn steps<'a>(bytes: impl Iterator<Item = &'a u8>, last: u8, first: u8) -> (usize, usize) {
    let mut before = None;
    let (mut even, mut all) = (0, 0);
    for b in bytes {
        let b = b.to_ascii_lowercase();
        let follows = before.is_some_and(|a: u8| a + 1 == b || (a == last && b == first));
        even += usize::from(follows);
        all += 1;
        before = Some(b);
    }
    (even, all)
}

/// The three parts of a JWT, the first of which is no JSON, or the second none in base64: one letter changed, and nothing verifies it.
fn is_broken_jwt(text: &[u8]) -> bool {
    if !text.starts_with(b"eyJ") || memchr::memchr_iter(b'.', text).count() != 2 {
        return false;
    }
    let mut parts = text.split(|&b| b == b'.');
    let head = parts.next().unwrap_or_default();
    // An object begins with `{"` or `{ `.
    if parts
        .next()
        .is_some_and(|claims| !claims.is_empty() && !claims.starts_with(b"ey"))
    {
        return true;
    }
    let json = data_encoding::BASE64URL_NOPAD
        .decode(head)
        .or_else(|_| data_encoding::BASE64.decode(head));
    !json.is_ok_and(|json| serde_json::from_slice::<serde::de::IgnoredAny>(&json).is_ok())
}

/// `&lt;YOUR PASSWORD&gt;`: angle brackets as a page writes them.
fn is_entity(text: &[u8]) -> bool {
    text.strip_prefix(b"&lt;")
        .is_some_and(|rest| memchr::memmem::find(rest, b"&gt;").is_some())
}

/// `acme_<<an32>>`, `<<TOKEN>>`: a template fills it in.
fn has_slot(text: &[u8]) -> bool {
    const LONGEST: usize = 40;
    let Some(open) = memchr::memmem::find(text, b"<<") else {
        return false;
    };
    let rest = &text[open + 2..text.len().min(open + 2 + LONGEST)];
    let name = rest
        .iter()
        .take_while(|b| b.is_ascii_alphanumeric() || b"_-.:+ ".contains(b))
        .count();
    name > 0 && rest[name..].starts_with(b">>")
}

/// In capitals before noise: `SAMPLEIvYXdz`.
fn begins_as_sample(text: &[u8]) -> bool {
    [
        &b"SAMPLE"[..],
        b"EXAMPLE",
        b"DUMMY",
        b"REDACTED",
        b"PLACEHOLDER",
    ]
    .iter()
    .any(|word| text.starts_with(word))
}

/// Words too long to come up by chance (7 letters of 62 come up once in some 10^12), or short ones three times. Takes lower case.
fn is_telling(lower: &[u8]) -> bool {
    const LONG: [&[u8]; 10] = [
        b"example",
        b"placeholder",
        b"redacted",
        b"changeme",
        b"yourtoken",
        b"replaceme",
        b"notareal",
        b"yoursecret",
        b"-not-a-",
        b"_not_a_",
    ];
    const SHORT: [&[u8]; 5] = [b"fake", b"dummy", b"sample", b"your", b"test"];
    LONG.iter()
        .any(|word| memchr::memmem::find(lower, word).is_some())
        || SHORT
            .iter()
            .any(|word| memchr::memmem::find_iter(lower, word).nth(2).is_some())
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
    if memchr::memmem::find(body, b"[...]").is_some() {
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

/// Words that no machine writes: told apart by separators or humps, or too long to come up by chance.
fn is_spelled(text: &[u8], body: &[u8]) -> bool {
    if is_telling(&body.to_ascii_lowercase()) {
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
