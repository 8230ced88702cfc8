//! What a value looks like: reference, placeholder, data of some kind, a weak password, or something nobody could guess.
//!
//! The order of the questions is the judgement: what is fetched at run time or encrypted first, then what has a shape of its
//! own (hashes, images, URLs, paths), then wording, and only then randomness. Vendor formats are no concern of this module.

mod code;
mod data;
mod entropy;
mod lexicon;
mod place;
mod reference;
mod sample;
mod wording;

use std::cell::RefCell;
use std::hash::BuildHasher;

use entropy::measure;
use foldhash::HashMap;
use foldhash::quality::RandomState;

use super::names::{self, NameClass};
use crate::model::Why;

/// What a value looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ValueClass {
    /// Nothing, or blanks.
    Empty,
    /// Fetched at run time: `${X}`, `process.env.X`, `op://…`, a call.
    Reference,
    /// Ciphertext: SOPS, Ansible Vault, Jasypt and their like.
    Encrypted,
    /// Tells the reader to put something else here, or is masked, or is a published sample.
    Placeholder,
    /// A common password or a single word: weak, but it may be in use.
    Dictionary,
    /// A number, date, version, duration, size.
    Number,
    /// `true`, `no` and the like.
    Boolean,
    /// A file or folder.
    Path,
    /// An address without a password in it: URL, host, port.
    Url,
    /// A UUID; whether it opens something, only its name can tell.
    Uuid,
    /// A digest, by its prefix or its name.
    Hash,
    /// A name of something: words joined, code, a header, a class, a colour.
    Identifier,
    /// Text for people.
    Prose,
    /// The public half of a key pair, a certificate, a key made to be published.
    PublicKey,
    /// What a password store keeps: bcrypt, Argon2, crypt.
    PasswordHash,
    /// An image, font or archive in base64.
    Media,
    /// Nothing that explains it: a credential, if its name says so. [`Value::bits`] tells how strong.
    Opaque,
}

crate::model::words!(ValueClass {
    Empty = "empty",
    Reference = "reference",
    Encrypted = "encrypted",
    Placeholder = "placeholder",
    Dictionary = "dictionary",
    Number = "number",
    Boolean = "boolean",
    Path = "path",
    Url = "url",
    Uuid = "uuid",
    Hash = "hash",
    Identifier = "identifier",
    Prose = "prose",
    PublicKey = "public-key",
    PasswordHash = "password-hash",
    Media = "media",
    Opaque = "opaque",
});

/// A judged value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Value {
    /// What it looks like.
    pub class: ValueClass,
    /// What it takes to guess the whole, in bits: words count some 10 each, characters that nothing explains 3 to 6. Passwords that people make up
    /// begin at 20, machine-made tokens at 40. 0 where no bytes of the value are secret (empty, reference).
    pub bits: f32,
}

impl Value {
    /// What it looks like, as a step of a judgement.
    pub fn told(self) -> Why {
        // Bits are a guess themselves: a whole number of them says enough.
        Why::Value(self.class.as_str(), self.bits.max(0.0) as u32)
    }
}

/// Longer values are judged by their beginning; whatever they are, it shows there.
const LONGEST: usize = 16 * 1024;
/// How deep a value may hold another: `Bearer ${X:-default}`.
const DEEPEST: u8 = 3;

/// What the questions need to know beside the text.
#[derive(Clone, Copy)]
struct Under<'a> {
    key: &'a [u8],
    name: NameClass,
    depth: u8,
}

thread_local! {
    /// What was judged, by a seeded hash of name and value: a history has the same ones over and over.
    static JUDGED: RefCell<(RandomState, HashMap<u64, Value>)> = RefCell::default();
}
/// Values that a thread keeps: some 500 KB.
const KEPT: usize = 16384;

/// Judges `text` as it stands under the name `key`, which may be empty: then nothing is taken for a digest because of
/// what it stands under, and nothing weak for a password.
pub fn value(text: &[u8], key: &[u8]) -> Value {
    let (hash, known) = JUDGED.with_borrow(|(seed, judged)| {
        let hash = seed.hash_one((key, text));
        (hash, judged.get(&hash).copied())
    });
    if let Some(value) = known {
        return value;
    }
    let name = names::name(key).class;
    let value = judge(
        text,
        Under {
            key,
            name,
            depth: 0,
        },
    );
    JUDGED.with_borrow_mut(|(_, judged)| {
        if judged.len() >= KEPT {
            judged.clear();
        }
        judged.insert(hash, value);
    });
    value
}

/// Whether a `<<hole>>` of a template stands in the value: nobody knows what it will be.
pub fn has_hole(text: &[u8]) -> bool {
    let open = memchr::memmem::find(text, b"<<");
    open.is_some_and(|at| memchr::memmem::find(&text[at..], b">>").is_some())
}

/// The literal that stands in for a missing variable: `x` of `${NAME:-x}`.
pub fn default(text: &[u8]) -> Option<&[u8]> {
    reference::default(text)
}

/// Whether what stands under `name`, however deep, is ciphertext: the `encryptedData` of a SealedSecret.
pub fn is_sealed(name: &[u8]) -> bool {
    let sealed = &lexicon::LEXICON.sealed;
    sealed
        .iter()
        .any(|s| name.eq_ignore_ascii_case(s.as_bytes()))
}

/// Judges the text of a match of a vendor's format: only `Reference`, `Encrypted`, `Placeholder` and `Opaque` come out.
/// A random token that holds `test` or `xxx` by chance stays `Opaque`.
pub fn token(body: &[u8]) -> Value {
    let body = &body[..body.len().min(LONGEST)];
    if code::angled(body) {
        return Value {
            class: ValueClass::Placeholder,
            bits: 0.0,
        };
    }
    sample::token(body)
}

/// Whether a short hash of the text, in a file that all can read, tells nothing: 64 bits and 16 bytes at least.
pub fn is_strong(text: &[u8]) -> bool {
    const LEAST_BYTES: usize = 16;
    const LEAST_BITS: f32 = 64.0;
    text.len() >= LEAST_BYTES && measure(text).bits >= LEAST_BITS
}

/// What `strength` asks of this room's words and measures.
pub(super) use entropy::{is_separator, period};
pub(super) use wording::{holds, words};

/// Whether it is a common password, once or repeated.
pub(super) fn is_common(text: &[u8]) -> bool {
    lexicon::LEXICON.is_weak(text) || lexicon::LEXICON.is_weak(&text[..period(text)])
}

/// The common passwords, sorted.
pub(super) fn common() -> Vec<&'static str> {
    let lists = &*lexicon::LEXICON;
    let mut all: Vec<_> = lists.weak.union(&lists.weak_exact).copied().collect();
    all.sort_unstable();
    all
}

/// Whether it looks made by a machine.
pub(super) fn is_random(text: &[u8]) -> bool {
    measure(text).is_random()
}

/// Bytes in runs of one character, sequences and repetitions.
pub(super) fn pattern(text: &[u8]) -> usize {
    measure(text).pattern
}

/// Whether a word in lower case reads like one.
pub(super) fn is_word(word: &str) -> bool {
    lexicon::LEXICON.is_word(word.as_bytes())
}

/// Whether sentences, names and labels are made of it: `the`, `secret`, `config`.
pub(super) fn is_word_of_labels(word: &str) -> bool {
    lexicon::LEXICON.sentence_words.contains(word)
}

fn judge(text: &[u8], under: Under<'_>) -> Value {
    let text = unquoted(&text[..text.len().min(LONGEST)]);
    let class = |class| Value {
        class,
        bits: bits(class, text),
    };
    if text.is_empty() {
        return class(ValueClass::Empty);
    }
    if under.depth < DEEPEST
        && let Some(inner) = inner(text, under)
    {
        return inner;
    }
    let shape = data::pem(text)
        .or_else(|| data::encrypted(text))
        .or_else(|| sample::is_sample(text).then_some(ValueClass::Placeholder))
        .or_else(|| data::public(text))
        .or_else(|| data::password_hash(text))
        .or_else(|| data::media(text))
        .or_else(|| reference::reference(text))
        .or_else(|| data::uuid(text))
        .or_else(|| data::digest(text, under.key, under.name))
        .or_else(|| wording::nothing(text, under.key))
        .or_else(|| wording::weak(text, under.key, under.name))
        .or_else(|| sample::edited(text, under.name))
        .or_else(|| {
            if under.name.holds_secret() {
                sample::masked(text)
            } else {
                None
            }
        })
        .or_else(|| data::number(text, under.name))
        .or_else(|| sample::masked(text))
        .or_else(|| code::wrapped(text))
        .or_else(|| place::url(text))
        .or_else(|| place::path(text))
        .or_else(|| code::code(text))
        .or_else(|| {
            if under.name == NameClass::Credential {
                code::snake(text)
            } else {
                None
            }
        })
        .or_else(|| wording::instruction(text))
        .or_else(|| reference::to_variable(text))
        .or_else(|| wording::pass_phrase(text, under.name));
    if let Some(shape) = shape {
        return class(shape);
    }
    class(wording::judge(text, under.key, under.name))
}

/// A value within the value decides: the default of a reference, the password of a URL, what follows `Bearer`.
fn inner(text: &[u8], under: Under<'_>) -> Option<Value> {
    let deeper = Under {
        depth: under.depth + 1,
        ..under
    };
    let password = Under {
        name: NameClass::Password,
        key: b"password",
        depth: under.depth + 1,
    };
    if let Some(default) = reference::default(text) {
        let value = judge(default, deeper);
        return Some(match value.class {
            ValueClass::Opaque | ValueClass::Dictionary => value,
            _ => Value {
                class: ValueClass::Reference,
                bits: 0.0,
            },
        });
    }
    if let Some(rest) = place::after_scheme(text) {
        return Some(judge(rest, deeper));
    }
    if let Some(found) = place::password_in_url(text) {
        return Some(judge(found, password));
    }
    if let Some(found) = place::password_in_pairs(text) {
        return Some(judge(found, password));
    }
    if under.name.holds_secret() {
        let members = place::members(text).into_iter();
        let opaque = members
            .map(|member| judge(member, deeper))
            .filter(|value| value.class == ValueClass::Opaque);
        if let Some(strongest) = opaque.max_by(|a, b| a.bits.total_cmp(&b.bits)) {
            return Some(strongest);
        }
    }
    if under.name == NameClass::Credential
        && let Some(found) = place::password_of_pair(text)
    {
        let value = judge(found, password);
        // Anything else with a colon is judged as a whole.
        return matches!(value.class, ValueClass::Opaque | ValueClass::Dictionary).then_some(value);
    }
    None
}

fn bits(class: ValueClass, text: &[u8]) -> f32 {
    match class {
        ValueClass::Empty | ValueClass::Reference | ValueClass::Boolean => 0.0,
        // Common passwords are guessed first, whatever their length.
        ValueClass::Dictionary => measure(text).bits.min(14.0),
        _ => measure(text).bits,
    }
}

/// The text without blanks and without quotes that enclose all of it.
fn unquoted(text: &[u8]) -> &[u8] {
    let text = text.trim_ascii();
    match text {
        [first @ (b'"' | b'\''), inner @ .., last] if first == last => inner.trim_ascii(),
        _ => text,
    }
}

#[cfg(test)]
mod tests;
