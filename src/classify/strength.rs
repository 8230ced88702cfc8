//! How strong a key is that somebody chose: takes the value and the name of a signing key, gives its length as a library uses it, and why
//! it can be guessed.
//!
//! It does not ask whether the value is one at all: references, blanks and ciphertext are the business of [`super::values`], and which length
//! an algorithm wants is the business of a check. Its words live in `rules/weak-secrets.toml` and `rules/values.toml`.

mod list;

use super::identifier::{humps, segments};
use super::values;

pub use list::{candidates, published};

/// How strong a value is as a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Strength {
    /// Bytes as the library will use them: those of the text, or those that it decodes to where the text or the name says that it is encoded.
    pub bytes: usize,
    /// The worst that can be said of it.
    pub weakness: Option<Weakness>,
}

/// Why a key can be guessed, the worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Weakness {
    /// Published, common, or made of the words that everybody takes.
    Listed,
    /// Its own name again.
    OwnName,
    /// Few different characters, or a short block repeated.
    FewSymbols,
    /// Neighbours in the alphabet or on the keyboard, all of it.
    Sequence,
    /// Fewer than five words, and nothing else.
    Words,
    /// 32 hex digits: 32 bytes, but 128 bits.
    HexShort,
}

crate::model::words!(Weakness {
    Listed = "listed",
    OwnName = "own-name",
    FewSymbols = "few-symbols",
    Sequence = "sequence",
    Words = "words",
    HexShort = "hex-short",
});

/// Longer values are judged by their beginning; they are keys of another kind.
const LONGEST: usize = 1024;

/// Measures `value`, which stands under the name `key`; the name may be empty. PEM blocks and JWKs have no weakness that their text shows.
pub fn strength(value: &[u8], key: &[u8]) -> Strength {
    let decoded = decoded(value, key);
    let head = &value[..value.len().min(LONGEST)];
    let mut weakness = weakness(head, key);
    // A word stays a word in base64.
    if let Some(bytes) = &decoded
        && bytes.iter().all(|b| matches!(b, b' '..=b'~'))
    {
        let inner = self::weakness(&bytes[..bytes.len().min(LONGEST)], key);
        weakness = [weakness, inner].into_iter().flatten().min();
    }
    Strength {
        bytes: decoded.map_or(value.len(), |bytes| bytes.len()),
        weakness,
    }
}

/// What the value decodes to, where it or its name says that it is encoded, and it is.
fn decoded(value: &[u8], key: &[u8]) -> Option<Vec<u8>> {
    if let Some(rest) = value.strip_prefix(b"base64:") {
        return base64(rest);
    }
    let leaf = segments(key).last().copied()?;
    leaf.split(|b| !b.is_ascii_alphanumeric())
        .flat_map(humps)
        .find_map(|word| match word.to_ascii_lowercase().as_slice() {
            b"base64" | b"b64" | b"base64url" => base64(value),
            b"hex" => data_encoding::HEXLOWER_PERMISSIVE.decode(value).ok(),
            _ => None,
        })
}

fn base64(text: &[u8]) -> Option<Vec<u8>> {
    let end = text.iter().rposition(|b| *b != b'=').map_or(0, |i| i + 1);
    let text = &text[..end];
    data_encoding::BASE64_NOPAD
        .decode(text)
        .or_else(|_| data_encoding::BASE64URL_NOPAD.decode(text))
        .ok()
}

fn weakness(text: &[u8], key: &[u8]) -> Option<Weakness> {
    let text = text.trim_ascii();
    if text.is_empty() || is_asymmetric(text) {
        return None;
    }
    let words = values::words(text);
    if list::is_listed(text, &words) {
        Some(Weakness::Listed)
    } else if is_own_name(text, key) {
        Some(Weakness::OwnName)
    } else if has_few_symbols(text) {
        Some(Weakness::FewSymbols)
    } else if is_sequence(text) {
        Some(Weakness::Sequence)
    } else if list::is_made(text) || is_words(text, &words) {
        Some(Weakness::Words)
    } else if text.len() == 32 && text.iter().all(u8::is_ascii_hexdigit) {
        Some(Weakness::HexShort)
    } else {
        None
    }
}

/// A PEM block or a JWK: a key of RSA or of a curve, whose text is no measure.
fn is_asymmetric(text: &[u8]) -> bool {
    text.starts_with(b"-----BEGIN ")
        || (text.starts_with(b"{") && memchr::memmem::find(text, b"\"kty\"").is_some())
}

/// The name, its last part, or its last two, with digits or marks at the end perhaps.
fn is_own_name(text: &[u8], key: &[u8]) -> bool {
    let folded = list::fold(text);
    let parts = segments(key);
    let leaf = parts.last().copied().unwrap_or_default();
    let pair = parts[parts.len().saturating_sub(2)..].concat();
    [leaf, &pair].into_iter().map(list::fold).any(|name| {
        !name.is_empty() && (folded == name || list::stem(&folded) == list::stem(&name))
    })
}

fn has_few_symbols(text: &[u8]) -> bool {
    const FEW: usize = 4;
    const LONG: usize = 16;
    const LEAST_BITS: f32 = 2.5;
    const SHORT_BLOCK: usize = 8;
    let mut counts = [0u16; 256];
    for &b in text {
        counts[usize::from(b)] += 1;
    }
    let distinct = counts.iter().filter(|&&count| count > 0).count();
    let len = text.len() as f32;
    let bits: f32 = counts
        .iter()
        .filter(|&&count| count > 0)
        .map(|&count| f32::from(count) / len)
        .map(|p| -p * p.log2())
        .sum();
    let period = values::period(text);
    distinct <= FEW
        || (text.len() >= LONG && bits < LEAST_BITS)
        || (period < text.len() && period <= SHORT_BLOCK)
}

/// All but a byte in eight belongs to runs and sequences: where one begins anew, a byte is over.
fn is_sequence(text: &[u8]) -> bool {
    const LEAST: usize = 6;
    let joined: Vec<u8> = text
        .iter()
        .copied()
        .filter(|&b| !values::is_separator(b))
        .collect();
    let over = joined.len().saturating_sub(values::pattern(&joined));
    joined.len() >= LEAST && over * 8 <= joined.len()
}

/// Words alone, in camel case or with separators, digits and marks only at the end. Words that every name and label has do not count towards
/// the five that make a pass phrase.
fn is_words(text: &[u8], words: &[String]) -> bool {
    const PASS_PHRASE: usize = 5;
    const LONGEST_TAIL: usize = 6;
    /// Letters of a word, on average: a single run of letters may be several.
    const MEAN: usize = 6;
    let end = text
        .iter()
        .rposition(u8::is_ascii_alphabetic)
        .map_or(0, |i| i + 1);
    let (stem, tail) = text.split_at(end);
    let plain = stem
        .iter()
        .all(|&b| b.is_ascii_alphabetic() || values::is_separator(b));
    if !plain || tail.len() > LONGEST_TAIL || !words.iter().all(|word| values::is_word(word)) {
        return false;
    }
    match words {
        [] => false,
        [one] => one.len() / MEAN < PASS_PHRASE,
        _ => {
            words
                .iter()
                .filter(|word| !values::is_word_of_labels(word))
                .count()
                < PASS_PHRASE
        }
    }
}

#[cfg(test)]
mod tests;
