//! What a name promises: identifiers are cut into words, and the head noun is looked for from the right.
//!
//! Never a substring: `monkey`, `author` and `tokenizer` hold no secret. A word that makes it a thing *about* a secret
//! (`_URL`, `_TTL`, `Field`, `Header`) ends the matter; words that only say which one (`_PROD`, `_2`, `.value`) are cut.

mod compound;
mod lexicon;

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
    /// Carries a prefix that puts it into a browser bundle.
    pub public: bool,
    /// A self-chosen key that signs.
    pub signing: bool,
}

/// Judges a name as it is written: any case style, or a path whose last part is the name.
pub fn name(key: &[u8]) -> Name {
    let lexicon = &*LEXICON;
    let parts = segments(key);
    let Some((words, leaf)) = lexicon.words(&parts) else {
        return OTHER;
    };
    let start = leaf + lexicon.public_prefix(&words, leaf);
    let (start, public) = if start < words.len() {
        (start, start > leaf)
    } else {
        (leaf, false)
    };
    let end = lexicon.without_neutral(&words, start);
    let class = lexicon.class(&words, start, end);
    let open = class.holds_secret() || class == NameClass::PublicKey;
    Name {
        class,
        self_chosen: class.holds_secret() && lexicon.self_chosen(class, &words, end),
        client_safe: open && lexicon.client_safe(class, &words, start, end, public),
        public,
        signing: false,
    }
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
