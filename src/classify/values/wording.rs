//! Words: values that say nothing, weak passwords, instructions, names, sentences; and what is left when nothing explains a value.

use super::entropy::{Measure, hump, is_separator, measure, period};
use super::lexicon::LEXICON;
use super::{ValueClass, code};
use crate::classify::identifier::segments;
use crate::classify::names::NameClass;

/// `null`, `string`, `true`: types and nothings.
pub(super) fn nothing(text: &[u8], key: &[u8]) -> Option<ValueClass> {
    const LONGEST: usize = 16;
    if text.len() > LONGEST {
        return None;
    }
    let lower = String::from_utf8_lossy(text).to_ascii_lowercase();
    if LEXICON.booleans.contains(lower.as_str()) {
        return Some(ValueClass::Boolean);
    }
    let says_nothing = LEXICON.nothing.contains(lower.as_str())
        // Accents and signs beyond ASCII are as little a value as `***`.
        || !lower.chars().any(char::is_alphanumeric);
    // One or two characters stand for a value in an example.
    let tiny = text.len() < 3 && !key.is_empty();
    (says_nothing || tiny).then_some(ValueClass::Placeholder)
}

/// Common passwords, also repeated. A label that says the name again is none.
pub(super) fn weak(text: &[u8], key: &[u8], name: NameClass) -> Option<ValueClass> {
    let unit = &text[..period(text)];
    if !LEXICON.is_weak(text) && !LEXICON.is_weak(unit) {
        return is_keyboard_walk(text, name).then_some(ValueClass::Dictionary);
    }
    let words = words(text);
    let capital = text[0].is_ascii_uppercase() && !text.iter().any(u8::is_ascii_digit);
    let joined = words.len() > 1 || capital;
    Some(if joined && says_key(&words, key) {
        ValueClass::Identifier
    } else {
        ValueClass::Dictionary
    })
}

/// `123456`, `qwertyuiop`: people do use them as passwords; under other names they are placeholders.
fn is_keyboard_walk(text: &[u8], name: NameClass) -> bool {
    const LONGEST: usize = 16;
    name == NameClass::Password
        && (5..=LONGEST).contains(&text.len())
        && text.iter().all(u8::is_ascii_alphanumeric)
        && measure(text).pattern == text.len()
}

/// `your-api-key`, `replace_me`, `my-secret`: tells the reader what to put here, and nothing strong stands beside it.
pub(super) fn instruction(text: &[u8]) -> Option<ValueClass> {
    const STRONG: f32 = 45.0;
    let words = words(text);
    // A sentence that says `your` is a label.
    if words.len() > 3 && text.iter().filter(|b| b.is_ascii_whitespace()).count() > 2 {
        return None;
    }
    let joined = words.join(" ");
    let told = words
        .iter()
        .any(|w| LEXICON.instructions.contains(w.as_str()))
        || LEXICON
            .instruction_phrases
            .iter()
            .any(|p| holds(&joined, p));
    let measured = measure(text);
    let invented = words.len() > 1
        && words
            .iter()
            .any(|w| LEXICON.test_words.contains(w.as_str()))
        && measured.noise == 0
        && !text.iter().any(u8::is_ascii_digit);
    let strong = measured.is_random() && measured.bits >= STRONG;
    // `mySecretKey123` is in use somewhere; `my_secret_key` is a form to fill in.
    let bare = !text.iter().any(u8::is_ascii_digit)
        || words
            .iter()
            .any(|w| LEXICON.instructions.contains(w.as_str()));
    ((told && bare && !strong) || invented).then_some(ValueClass::Placeholder)
}

/// What is left: a name, a sentence, a word, or something opaque.
pub(super) fn judge(text: &[u8], key: &[u8], name: NameClass) -> ValueClass {
    let measured = measure(text);
    let words = words(text);
    let blanks = text.iter().filter(|b| b.is_ascii_whitespace()).count();
    if blanks > 0 && is_prose(text, measured, blanks) {
        return ValueClass::Prose;
    }
    if is_gibberish(text, measured, name) {
        return ValueClass::Opaque;
    }
    let named =
        is_abbreviation(text, name) || code::is_joined_name(text) || is_worded(text, &words, name);
    if measured.is_random() && !named {
        return ValueClass::Opaque;
    }
    if says_key(&words, key) {
        return ValueClass::Identifier;
    }
    if is_made_up(text, measured, name) {
        return ValueClass::Opaque;
    }
    let short = name == NameClass::Password && text.len() < LEAST_PASSWORD;
    let word = words.len() == 1 && text.iter().all(u8::is_ascii_lowercase);
    if word || (short && text.iter().all(u8::is_ascii_alphanumeric)) {
        return ValueClass::Dictionary;
    }
    ValueClass::Identifier
}

/// Three words and more, none of a sentence or a name of code: `correct-horse-battery`.
pub(super) fn pass_phrase(text: &[u8], name: NameClass) -> Option<ValueClass> {
    let least = match name {
        NameClass::Password | NameClass::Credential => 3,
        NameClass::Secret if text.contains(&b' ') => 4,
        NameClass::Secret => 5,
        _ => return None,
    };
    let measured = measure(text);
    let words = words(text);
    let yes = words.len() >= least
        && measured.noise == 0
        && measured.words >= least
        && text
            .iter()
            .all(|&b| b.is_ascii_lowercase() || is_separator(b))
        && words
            .iter()
            .all(|w| w.len() > 2 && !LEXICON.sentence_words.contains(w.as_str()));
    yes.then_some(ValueClass::Opaque)
}

/// Words with blanks between; a password with a blank in it has noise.
fn is_prose(text: &[u8], measured: Measure, blanks: usize) -> bool {
    let letters = text
        .iter()
        .filter(|b| b.is_ascii_alphabetic() || **b >= 0x80)
        .count();
    measured.noise * 3 <= text.len() && letters * 2 >= text.len() && blanks * 2 < text.len()
}

/// Letters of one case that no word explains: `zaphod`, `TCSAFLUSH`, and longer ones where the name promises nothing.
fn is_abbreviation(text: &[u8], name: NameClass) -> bool {
    let longest = if name.holds_secret() { 9 } else { 16 };
    let all = |of: fn(&u8) -> bool| text.iter().all(|b| of(b) || is_separator(*b));
    text.len() <= longest && (all(u8::is_ascii_lowercase) || all(u8::is_ascii_uppercase))
}

/// `xkqzvb`: small letters that no word explains, where a person or a program chose them. Names, places and pet words read like words; the
/// abbreviations of the trade are listed among them, and capitals are labels.
fn is_gibberish(text: &[u8], measured: Measure, name: NameClass) -> bool {
    const LEAST: usize = 5;
    let chosen = matches!(
        name,
        NameClass::Password | NameClass::Credential | NameClass::Secret
    );
    let small = text.iter().all(u8::is_ascii_lowercase);
    chosen && small && text.len() >= LEAST && measured.noise == text.len()
}

/// `acme-too-short`: small letters in three groups or more, at least half of them in words. Vendors issue no such keys; people choose such passwords.
fn is_worded(text: &[u8], words: &[String], name: NameClass) -> bool {
    const LEAST_WORDS: usize = 3;
    let chosen = matches!(name, NameClass::Password | NameClass::Credential);
    let known: usize = words
        .iter()
        .filter(|w| LEXICON.is_word(w.as_bytes()))
        .map(String::len)
        .sum();
    !chosen
        && words.len() >= LEAST_WORDS
        && known * 2 >= words.iter().map(String::len).sum::<usize>()
        && text
            .iter()
            .all(|b| b.is_ascii_lowercase() || matches!(b, b'-' | b'_'))
}

/// Shorter ones are not worth a finding of their own.
const LEAST_PASSWORD: usize = 5;

/// Weak, but made up by someone as a password: words with digits or marks, under a name that holds one.
fn is_made_up(text: &[u8], measured: Measure, name: NameClass) -> bool {
    if !name.holds_secret()
        || text.len() < LEAST_PASSWORD
        || text.iter().any(u8::is_ascii_whitespace)
    {
        return false;
    }
    let digits = text.iter().filter(|b| b.is_ascii_digit()).count();
    let marks = text
        .iter()
        .filter(|&&b| b.is_ascii_punctuation() && !is_separator(b))
        .count();
    let joined = text.iter().any(|&b| is_separator(b));
    match name {
        // `summer_22` is a password; `user_2` under a token's name is a name.
        NameClass::Password => {
            digits + marks > 0 && (digits + marks > 1 || measured.noise > 2 || measured.words > 1)
        }
        _ if joined => digits > 0 && (marks > 0 || (measured.noise >= 4 && digits > 1)),
        _ => (digits > 1 || marks > 0) && measured.bits >= 16.0,
    }
}

/// Whether the value is the name again: `jwtSecret: "jwt_secret"`.
fn says_key(words: &[String], key: &[u8]) -> bool {
    let Some(leaf) = segments(key).last().copied() else {
        return false;
    };
    !words.is_empty() && self::words(leaf) == words
}

/// Lower-case words, cut at everything but letters and at humps.
pub(in crate::classify) fn words(text: &[u8]) -> Vec<String> {
    const MOST: usize = 64;
    let mut out = Vec::new();
    for chunk in text
        .split(|b| !b.is_ascii_alphabetic())
        .filter(|c| !c.is_empty())
    {
        let mut rest = chunk;
        while !rest.is_empty() && out.len() < MOST {
            let run = hump(rest);
            out.push(String::from_utf8_lossy(run).to_ascii_lowercase());
            rest = &rest[run.len()..];
        }
    }
    out
}

/// Whether `phrase` stands in `text` as whole words.
pub(in crate::classify) fn holds(text: &str, phrase: &str) -> bool {
    text.match_indices(phrase).any(|(at, _)| {
        let end = at + phrase.len();
        (at == 0 || text.as_bytes()[at - 1] == b' ')
            && (end == text.len() || text.as_bytes()[end] == b' ')
    })
}
