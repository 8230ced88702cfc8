//! What a name promises: identifiers are cut into words, and the head noun is looked for from the right.
//!
//! Never a substring: `monkey`, `author` and `tokenizer` hold no secret. A word that makes it a thing *about* a secret
//! (`_URL`, `_TTL`, `Field`, `Header`) ends the matter; words that only say which one (`_PROD`, `_2`, `.value`) are cut.

mod compound;
mod lexicon;
mod signing;

use std::cell::RefCell;

use foldhash::HashMap;

use super::identifier::segments;
use lexicon::LEXICON;

/// What a name says its value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NameClass {
    /// A secret or symmetric key: `jwtSecret`, `ENCRYPTION_KEY`.
    Secret,
    /// A bearer of rights: `access_token`, `jwt`.
    Token,
    /// A password of a person or a service.
    Password,
    /// The private half of a key pair.
    PrivateKey,
    /// A key to an interface: `apiKey`, `STRIPE_KEY`, `accessKey`.
    ApiKey,
    /// Anything else that opens: passphrase, `auth`, connection string, mnemonic.
    Credential,
    /// The public half, or a key that is made to be published.
    PublicKey,
    /// A key of something that no list knows: `STEAM_KEY`. It opens what it is named after, or is an index with a name of its own; the value tells.
    UnknownKey,
    /// Says which one: user name, id, index key, CSRF token.
    Identifier,
    /// Says something about a secret: its length, header, file, policy.
    Meta,
    /// Nothing of the kind.
    Other,
}

crate::model::words!(NameClass {
    Secret = "secret",
    Token = "token",
    Password = "password",
    PrivateKey = "private-key",
    ApiKey = "api-key",
    Credential = "credential",
    PublicKey = "public-key",
    UnknownKey = "unknown-key",
    Identifier = "identifier",
    Meta = "meta",
    Other = "other",
});

impl NameClass {
    /// Whether the value under such a name opens something.
    pub fn holds_secret(self) -> bool {
        self <= Self::Credential
    }
}

/// What a name says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Name {
    /// What the value is.
    pub class: NameClass,
    /// The operator makes it up (`JWT_SECRET`, any password), so that a weak value is a fault, not a placeholder. The other
    /// kind is issued by a vendor (`STRIPE_SECRET_KEY`).
    pub self_chosen: bool,
    /// Made to be published, by vendor and role, or an API key under a public prefix of a vendor that has such keys.
    pub client_safe: bool,
    /// Begins with a prefix that puts its value into a browser bundle, written as bundlers read it: `NEXT_PUBLIC_`, `VITE_`.
    pub public: bool,
    /// A self-chosen key that signs sessions, cookies or JSON Web Tokens: `JWT_SECRET`, `SECRET_KEY_BASE`.
    pub signing: bool,
}

impl Name {
    /// Whether the name alone is a fault: a bundler publishes what must stay on the server. No for API keys of vendors that
    /// we do not know; their values decide.
    pub fn is_never_public(self) -> bool {
        self.public && self.class.holds_secret() && !self.client_safe
    }
}

/// A variable's name without the prefix that has builds publish it, where that leaves one: `NEXT_PUBLIC_API_SECRET` is `API_SECRET`.
pub fn unpublished(key: &[u8]) -> Option<&[u8]> {
    let prefixes = LEXICON.source.public_prefixes.iter();
    let rests = prefixes.filter_map(|words| {
        let prefix = words.to_ascii_uppercase().replace(' ', "_");
        let rest = key.strip_prefix(prefix.as_bytes())?.strip_prefix(b"_")?;
        rest.first()
            .is_some_and(u8::is_ascii_alphabetic)
            .then_some(rest)
    });
    // `PUBLIC_ENV__X` before `PUBLIC_`.
    rests.min_by_key(|rest| rest.len())
}

/// The names of services whose keys have no shape of their own, in lower case; no other word holds one.
pub fn services() -> &'static [&'static str] {
    &LEXICON.source.services
}

thread_local! {
    /// What was judged: the same names stand everywhere, and to judge one takes twenty times as long as to look it up.
    static JUDGED: RefCell<HashMap<Box<[u8]>, Name>> = RefCell::default();
}
/// Names that a thread keeps, and how long they are: some 500 KB.
const KEPT: usize = 8192;
const LONGEST_KEPT: usize = 64;

/// Judges a name as it is written: any case style, or a path whose last part is the name.
pub fn name(key: &[u8]) -> Name {
    if key.len() > LONGEST_KEPT {
        return judge(&segments(key), false);
    }
    if let Some(name) = JUDGED.with_borrow(|judged| judged.get(key).copied()) {
        return name;
    }
    let name = judge(&segments(key), false);
    JUDGED.with_borrow_mut(|judged| {
        if judged.len() >= KEPT {
            judged.clear();
        }
        judged.insert(key.into(), name);
    });
    name
}

/// Judges a name in a project that publishes what begins with one of `prefixes` (Vite's `envPrefix`), beside the prefixes that all know.
pub fn with_prefix(key: &[u8], prefixes: &[&[u8]]) -> Name {
    let mut parts = segments(key);
    let mut cut = false;
    if let Some(leaf) = parts.last_mut() {
        let rest = prefixes
            .iter()
            .filter(|prefix| !prefix.is_empty())
            .filter_map(|prefix| leaf.strip_prefix(*prefix))
            .filter(|rest| rest.iter().any(u8::is_ascii_alphabetic))
            // `APP_PUBLIC_` before `APP_`.
            .min_by_key(|rest| rest.len());
        if let Some(rest) = rest {
            *leaf = rest;
            cut = true;
        }
    }
    judge(&parts, cut)
}

/// `published`: a prefix that publishes has been cut from the last of `parts`.
fn judge(parts: &[&[u8]], published: bool) -> Name {
    let lexicon = &*LEXICON;
    let Some((words, leaf)) = lexicon.words(parts) else {
        return OTHER;
    };
    let prefix = lexicon.public_prefix(&words, leaf);
    let start = leaf + prefix;
    let (start, prefixed) = if prefix > 0 && start < words.len() {
        (start, true)
    } else {
        (leaf, false)
    };
    let end = lexicon.without_neutral(&words, start);
    let mut class = lexicon.class(&words, start, end);
    // `PUBLIC_KEY` is the public half, not a KEY that a prefix publishes.
    let half = prefix == 1
        && lexicon
            .phrase(&words, end)
            .is_some_and(|(class, at)| class == NameClass::PublicKey && at == leaf);
    let public =
        published || (prefixed && !half && is_written_as_prefix(parts, words.slice(leaf, start)));
    if public && end - start > 1 && lexicon.source.public_openers.contains(words.word(start)) {
        class = NameClass::Meta;
    }
    let open = class.holds_secret() || class == NameClass::PublicKey;
    Name {
        class,
        self_chosen: class.holds_secret() && lexicon.self_chosen(class, &words, end),
        client_safe: open && lexicon.client_safe(class, &words, start, end, prefixed || published),
        public,
        signing: lexicon.signs(class, &words, leaf, start, end),
    }
}

/// Whether a part begins with the words of `prefix` in capitals: `vitePassword` is published by nobody.
fn is_written_as_prefix(parts: &[&[u8]], prefix: &str) -> bool {
    let mut written = prefix.replace(' ', "_").to_ascii_uppercase();
    written.push('_');
    parts
        .iter()
        .any(|part| part.starts_with(written.as_bytes()))
}

const OTHER: Name = Name {
    class: NameClass::Other,
    self_chosen: false,
    client_safe: false,
    public: false,
    signing: false,
};

#[cfg(test)]
mod tests;
