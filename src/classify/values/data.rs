//! Values with a shape of their own: keys, hashes, images, numbers.

use super::ValueClass;
use super::entropy::measure;
use super::lexicon::{LEXICON, Lexicon};
use crate::classify::identifier::{humps, segments};
use crate::classify::names::NameClass;

/// PEM blocks tell what they are.
pub(super) fn pem(text: &[u8]) -> Option<ValueClass> {
    let begin = memchr::memmem::find(text, b"-----BEGIN ")?;
    let rest = &text[begin + 11..];
    let label = &rest[..memchr::memmem::find(rest, b"-----")?.min(64)];
    let holds = |word: &[u8]| memchr::memmem::find(label, word).is_some();
    if holds(b"PRIVATE KEY") {
        // A marker without a body is a parser's or a placeholder.
        const LEAST_BODY: usize = 64;
        let noise = measure(&rest[label.len()..]).noise;
        Some(if noise >= LEAST_BODY {
            ValueClass::Opaque
        } else {
            ValueClass::Placeholder
        })
    } else if holds(b"ENCRYPTED") || holds(b"MESSAGE") {
        Some(ValueClass::Encrypted)
    } else {
        Some(ValueClass::PublicKey)
    }
}

/// Ciphertext by its first bytes.
pub(super) fn encrypted(text: &[u8]) -> Option<ValueClass> {
    let sealed = text.len() >= 64
        && (text.starts_with(b"AgA") || text.starts_with(b"AgB"))
        && is_base64(text);
    (sealed || Lexicon::begins(&LEXICON.encrypted, text)).then_some(ValueClass::Encrypted)
}

/// Public halves; an anonymous JWT, whose claims say so.
pub(super) fn public(text: &[u8]) -> Option<ValueClass> {
    const LEAST: usize = 24;
    let known = text.len() >= LEAST && Lexicon::begins(&LEXICON.public, text);
    (known || is_anonymous_jwt(text)).then_some(ValueClass::PublicKey)
}

fn is_anonymous_jwt(text: &[u8]) -> bool {
    let mut parts = text.split(|&b| b == b'.');
    let (Some(head), Some(claims), Some(_), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return false;
    };
    head.starts_with(b"eyJ")
        && data_encoding::BASE64URL_NOPAD
            .decode(claims)
            .is_ok_and(|json| memchr::memmem::find(&json, br#""role":"anon""#).is_some())
}

/// What a password store keeps.
pub(super) fn password_hash(text: &[u8]) -> Option<ValueClass> {
    const LEAST: usize = 16;
    let hex = |rest: &[u8], len: usize| rest.len() == len && rest.iter().all(u8::is_ascii_hexdigit);
    let known = text.len() >= LEAST && Lexicon::begins(&LEXICON.password_hashes, text)
        // MySQL and PostgreSQL.
        || text.strip_prefix(b"*").is_some_and(|rest| hex(rest, 40))
        || text.strip_prefix(b"md5").is_some_and(|rest| hex(rest, 32));
    known.then_some(ValueClass::PasswordHash)
}

/// Images, fonts and archives in base64, by their first bytes.
pub(super) fn media(text: &[u8]) -> Option<ValueClass> {
    const LEAST: usize = 64;
    let inline =
        text.starts_with(b"data:") && text.iter().take(128).any(|b| matches!(b, b',' | b';'));
    let magic = text.len() >= LEAST && Lexicon::begins(&LEXICON.media, text) && is_base64(text);
    (inline || magic).then_some(ValueClass::Media)
}

fn is_base64(text: &[u8]) -> bool {
    text.iter().all(|b| {
        b.is_ascii_alphanumeric()
            || matches!(b, b'+' | b'/' | b'=' | b'-' | b'_' | b'\n' | b'\r' | b' ')
    })
}

/// A UUID, with or without braces; one of a pattern is made up.
pub(super) fn uuid(text: &[u8]) -> Option<ValueClass> {
    const LEAST_BITS: f32 = 48.0;
    let text = text.strip_prefix(b"urn:uuid:").unwrap_or(text);
    let text = text
        .strip_prefix(b"{")
        .and_then(|t| t.strip_suffix(b"}"))
        .unwrap_or(text);
    let shaped = text.len() == 36
        && text.iter().enumerate().all(|(i, b)| match i {
            8 | 13 | 18 | 23 => *b == b'-',
            _ => b.is_ascii_hexdigit(),
        });
    if !shaped {
        return None;
    }
    let digits: Vec<u8> = text.iter().copied().filter(|&b| b != b'-').collect();
    let made_up = measure(&digits).bits < LEAST_BITS;
    Some(if made_up {
        ValueClass::Placeholder
    } else {
        ValueClass::Uuid
    })
}

/// Digests: by their own prefix, by the name they stand under, or by their length under a name that holds no secret.
pub(super) fn digest(text: &[u8], key: &[u8], name: NameClass) -> Option<ValueClass> {
    let hex = |t: &[u8]| t.len() >= 7 && t.iter().all(u8::is_ascii_hexdigit);
    let labelled = [
        &b"sha1"[..],
        b"sha224",
        b"sha256",
        b"sha384",
        b"sha512",
        b"md5",
        b"h1",
        b"zh",
    ]
    .iter()
    .any(|label| {
        text.strip_prefix(*label).is_some_and(|rest| match rest {
            [b'-' | b':' | b'=', body @ ..] => body.len() >= 16 && is_base64(body),
            _ => false,
        })
    });
    if labelled {
        return Some(ValueClass::Hash);
    }
    if let Some(body) = text.strip_prefix(b"0x").filter(|body| hex(body)) {
        return match body.len() {
            // An address of a chain, or a number.
            ..=40 => Some(if body.len() <= 16 {
                ValueClass::Number
            } else {
                ValueClass::Identifier
            }),
            64 if name.holds_secret() => None,
            _ => Some(ValueClass::Hash),
        };
    }
    // `ADMIN_SHA256_PASSWORD` says what became of it; a token may be called by how it was made.
    let hashed = name == NameClass::Password && hex(text) && says_digest(key);
    if hashed {
        return Some(ValueClass::Hash);
    }
    if name.holds_secret() || key.is_empty() {
        return None;
    }
    let is_length = matches!(text.len(), 32 | 40 | 56 | 64 | 96 | 128);
    if hex(text) && (is_length || says_digest(key)) {
        return Some(ValueClass::Hash);
    }
    // 20, 32 and 64 bytes in padded base64.
    let encoded = matches!(text.len(), 28 | 44 | 88) && text.ends_with(b"=") && is_base64(text);
    (encoded && says_digest(key)).then_some(ValueClass::Hash)
}

fn says_digest(key: &[u8]) -> bool {
    segments(key).last().is_some_and(|leaf| {
        leaf.split(|b| !b.is_ascii_alphanumeric())
            .flat_map(|chunk| {
                [chunk].into_iter().chain(if chunk.is_empty() {
                    Vec::new()
                } else {
                    humps(chunk)
                })
            })
            .any(|word| {
                LEXICON
                    .digest_names
                    .contains(String::from_utf8_lossy(word).to_ascii_lowercase().as_str())
            })
    })
}

/// Numbers, dates, versions, durations, sizes. Six digits and more under a password's name are a password.
pub(super) fn number(text: &[u8], name: NameClass) -> Option<ValueClass> {
    const LONGEST: usize = 40;
    let all_digits = text.iter().all(u8::is_ascii_digit);
    // Nobody counts so far.
    const LONGEST_COUNT: usize = 20;
    if all_digits
        && (text.len() >= 6 && name == NameClass::Password
            || text.len() > LONGEST_COUNT && name.holds_secret())
    {
        return None;
    }
    if text.len() > LONGEST {
        return None;
    }
    let dated = text.len() >= 10
        && text[..10].iter().enumerate().all(|(i, b)| {
            if matches!(i, 4 | 7) {
                *b == b'-'
            } else {
                b.is_ascii_digit()
            }
        })
        && text.get(10).is_none_or(|b| matches!(b, b'T' | b' '));
    if dated {
        return Some(ValueClass::Number);
    }
    let body = match text {
        [b'v' | b'V', rest @ ..] => rest,
        _ => text,
    };
    let body = body.trim_ascii_start();
    let signs = body
        .iter()
        .take_while(|b| {
            matches!(
                b,
                b'+' | b'-' | b'^' | b'~' | b'>' | b'<' | b'=' | b'.' | b' '
            )
        })
        .count();
    let body = &body[signs..];
    if !body.first().is_some_and(u8::is_ascii_digit) {
        return None;
    }
    // A unit, a time zone, a label of a pre-release; no more than that.
    let unit = body
        .iter()
        .rev()
        .take_while(|b| b.is_ascii_alphabetic() || matches!(b, b'%' | 0xb0))
        .count();
    let (digits, unit) = body.split_at(body.len() - unit);
    let numeric = |b: &u8| {
        b.is_ascii_digit()
            || matches!(
                b,
                b'.' | b',' | b':' | b'-' | b'+' | b'/' | b' ' | b'_' | b'T' | b'(' | b')'
            )
    };
    let apart = digits.last().is_some_and(|b| !b.is_ascii_digit()) || digits.len() <= 4;
    let named = unit.len() <= 3 || (unit.len() <= 8 && apart && LEXICON.is_word(unit));
    let scientific = str::from_utf8(text).is_ok_and(|t| t.parse::<f64>().is_ok());
    ((digits.iter().all(numeric) && named) || scientific).then_some(ValueClass::Number)
}
