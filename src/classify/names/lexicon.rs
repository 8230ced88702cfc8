//! `rules/names.toml`, turned round for look-up, and the reading of a name by it.

use std::sync::LazyLock;

use foldhash::{HashMap, HashSet};
use serde::Deserialize;

use super::NameClass;
use crate::classify::identifier::Words;

/// More words than this are a sentence.
const MOST_WORDS: usize = 10;
/// Shorter names of vendors stand in other words: `monkey`.
const LEAST_JOINED: usize = 5;
/// No phrase of the lists is longer.
const LONGEST_PHRASE: usize = 4;

type Set = HashSet<&'static str>;
type Lists = HashMap<&'static str, Vec<&'static str>>;

/// `names.toml` as it is written.
#[derive(Deserialize)]
#[serde(bound(deserialize = "'de: 'static"))]
pub(super) struct Source {
    pub(super) public_prefixes: Vec<&'static str>,
    pub(super) public_openers: Set,
    pub(super) neutral: Set,
    inherit: Set,
    pub(super) openers: Set,
    meta: Set,
    identifier: Set,
    pub(super) plain: Set,
    pub(super) vendors: Set,
    pub(super) services: Vec<&'static str>,
    glue: Vec<&'static str>,
    phrases: Lists,
    heads: Lists,
    keys: Lists,
    index_keys: Set,
    not_tokens: Set,
    public_names: Vec<&'static str>,
    server_only: Vec<&'static str>,
    never_public: Set,
    self_chosen: Set,
    issued: Set,
    pub(super) signing: Set,
    pub(super) signing_bare: Set,
    pub(super) signing_beside: Set,
    pub(super) not_signing: Set,
}

/// The lists, turned round for look-up.
pub(super) struct Lexicon {
    pub(super) source: Source,
    phrases: HashMap<&'static str, NameClass>,
    pub(super) heads: HashMap<&'static str, NameClass>,
    keys: HashMap<&'static str, NameClass>,
    pub(super) parts: Set,
}

pub(super) static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| {
    // The text is embedded and its shape is tested; were it broken, every name would be `Other`.
    let mut source: Source =
        serde_json::from_str(include_str!(concat!(env!("OUT_DIR"), "/names.json")))
            .expect("rules/names.toml has the shape that names.rs reads");
    source.vendors.extend(source.services.iter().copied());
    let phrases = turned(&source.phrases);
    let heads = turned(&source.heads);
    let keys = turned(&source.keys);
    let parts = heads
        .keys()
        .chain(keys.keys())
        .chain(source.meta.iter().filter(|w| w.len() > 2))
        .chain(&source.identifier)
        .chain(&source.glue)
        .chain(&["key"])
        .flat_map(|words| words.split(' '))
        .filter(|w| w.len() > 1)
        .chain(
            source
                .vendors
                .iter()
                .copied()
                .filter(|w| w.len() >= LEAST_JOINED),
        )
        .collect();
    Lexicon {
        source,
        phrases,
        heads,
        keys,
        parts,
    }
});

/// From lists by class to the class of each word. A list is called `password-words`: one called `password` would be a finding of keyward's own.
fn turned(lists: &Lists) -> HashMap<&'static str, NameClass> {
    let mut out = HashMap::default();
    for (class, words) in lists {
        let class = class.strip_suffix("-words").unwrap_or(class);
        if let Ok(class) = class.parse() {
            out.extend(words.iter().map(|&w| (w, class)));
        }
    }
    out
}

impl Lexicon {
    /// The words of the last two parts, and where those of the last part begin.
    pub(super) fn words(&self, parts: &[&[u8]]) -> Option<(Words, usize)> {
        let mut last = parts.len().checked_sub(1)?;
        let mut leaf = Words::default();
        leaf.extend(parts[last], self);
        // `password.value`, `variable.master_password.default`
        while last > 0 && self.source.inherit.contains(leaf.slice(0, leaf.len())) {
            last -= 1;
            leaf = Words::default();
            leaf.extend(parts[last], self);
        }
        if leaf.len() == 0 || leaf.len() > MOST_WORDS {
            return None;
        }
        if last == 0 {
            return Some((leaf, 0));
        }
        let mut words = Words::default();
        words.extend(parts[last - 1], self);
        let start = words.len();
        words.extend(parts[last], self);
        Some((words, start))
    }

    /// How many words of the name are a public prefix.
    pub(super) fn public_prefix(&self, words: &Words, from: usize) -> usize {
        let prefixes = &self.source.public_prefixes;
        (1..=2)
            .rev()
            .find(|n| prefixes.contains(&words.slice(from, (from + n).min(words.len()))))
            .unwrap_or(0)
    }

    /// The end of the words that matter.
    pub(super) fn without_neutral(&self, words: &Words, start: usize) -> usize {
        let mut end = words.len();
        while end > start + 1 {
            let last = words.word(end - 1);
            let digits = last.bytes().all(|b| b.is_ascii_digit());
            if !(digits || self.source.neutral.contains(last)) || self.phrase(words, end).is_some()
            {
                break;
            }
            end -= 1;
        }
        end
    }

    /// The longest listed phrase that ends at `end` and begins in the name or its parent, and where it begins.
    pub(super) fn phrase(&self, words: &Words, end: usize) -> Option<(NameClass, usize)> {
        (1..=LONGEST_PHRASE.min(end))
            .rev()
            .map(|n| end - n)
            .find_map(|at| {
                let text = words.slice(at, end);
                let class = self
                    .phrases
                    .get(text)
                    .or_else(|| self.phrases.get(singular(text)))?;
                Some((*class, at))
            })
    }

    pub(super) fn class(&self, words: &Words, start: usize, end: usize) -> NameClass {
        let phrase = self.phrase(words, end);
        match phrase {
            Some((class, at)) if at <= start => return class,
            _ if end - start > 1
                && self.is_opener(words.word(start))
                && !self.is_joined_vendor(words, start + 2) =>
            {
                return NameClass::Meta;
            }
            Some((class, _)) => return class,
            None => {}
        }
        let class = self.head(words, start, end);
        if class != NameClass::Other || end - start < 2 {
            return class;
        }
        // `TOKEN_GITHUB`, `passwordDb`: the last word says whose.
        let last = words.word(end - 1);
        if self.source.vendors.contains(last) || self.source.glue.contains(&last) {
            let class = match self.phrase(words, end - 1) {
                Some((class, _)) => class,
                None => self.head(words, start, end - 1),
            };
            if class.holds_secret() && class != NameClass::Credential {
                return class;
            }
        }
        NameClass::Other
    }

    fn is_opener(&self, word: &str) -> bool {
        self.source.openers.contains(word)
    }

    /// What the last word says.
    fn head(&self, words: &Words, start: usize, end: usize) -> NameClass {
        let whole = words.word(end - 1);
        let listed = |w: &str| {
            self.heads.contains_key(w)
                || self.source.meta.contains(w)
                || self.source.plain.contains(w)
        };
        let last = if listed(whole) {
            whole
        } else {
            singular(whole)
        };
        if self.source.plain.contains(last) {
            return NameClass::Other;
        }
        // The shell's word for the folder that one works in.
        let folder = |i| matches!(words.word(i), "dir" | "dirname" | "path" | "folder");
        if last == "pwd" && (start..end - 1).any(folder) {
            return NameClass::Other;
        }
        match self.heads.get(last) {
            Some(NameClass::Token) => return self.token(words, start, end, last != whole),
            Some(&class) => return class,
            None => {}
        }
        if last == "key" {
            return self.key(words, start, end);
        }
        if self.source.identifier.contains(last) {
            return NameClass::Identifier;
        }
        if end > 1 && self.source.meta.contains(last) {
            return NameClass::Meta;
        }
        NameClass::Other
    }

    /// `token` is a word of parsers, pages and language models too.
    fn token(&self, words: &Words, start: usize, end: usize, plural: bool) -> NameClass {
        let before = if end >= 2 { words.word(end - 2) } else { "" };
        if self.source.not_tokens.contains(before) || (start..end).any(|i| words.word(i) == "llm") {
            return NameClass::Identifier;
        }
        let qualified = self.keys.contains_key(before)
            || end >= 2 && self.is_vendor(words, end - 1)
            || matches!(
                before,
                "refresh" | "bearer" | "access" | "oauth" | "personal" | "user"
            );
        // Several tokens are those of a text, and `pat` is a pattern, unless somebody issues them.
        let issued =
            words.word(end - 1) == "pat" && (start + 1..end).any(|i| self.is_vendor(words, i));
        if (plural || words.word(end - 1) == "pat") && !qualified && !issued {
            return NameClass::Other;
        }
        NameClass::Token
    }

    /// `key` alone is an index, and so is the key of a word that names a thing of programs.
    fn key(&self, words: &Words, start: usize, end: usize) -> NameClass {
        let before = end - 1;
        let listed = (1..=3.min(before))
            .rev()
            .find_map(|n| self.keys.get(words.slice(before - n, before)));
        if let Some(&class) = listed {
            return class;
        }
        let vendor = before > 0
            && (self.is_vendor(words, before)
                || self.source.server_only.contains(&words.word(0))
                    && self.source.vendors.contains(words.word(0)));
        let of = words.word(before.max(1) - 1);
        let digits = of.bytes().all(|b| b.is_ascii_digit());
        if vendor {
            NameClass::ApiKey
        } else if before != start + 1
            || words.word(end - 1) != "key"
            || digits
            || of.len() < 3
            || self.source.index_keys.contains(of)
            || crate::classify::identifier::Vocabulary::knows(self, of)
        {
            NameClass::Identifier
        } else {
            NameClass::UnknownKey
        }
    }

    /// Whether the words before `end` end with a vendor's name.
    fn is_vendor(&self, words: &Words, end: usize) -> bool {
        self.source.vendors.contains(words.word(end - 1)) || self.is_joined_vendor(words, end)
    }

    /// Whether the two words before `end` are a vendor's name that is written as one: `bitBar`, `message-bird`.
    fn is_joined_vendor(&self, words: &Words, end: usize) -> bool {
        const LONGEST: usize = 32;
        let Some(first) = end.checked_sub(2) else {
            return false;
        };
        let (one, two) = (words.word(first), words.word(end - 1));
        let mut joined = [0; LONGEST];
        let len = one.len() + two.len();
        if len > LONGEST {
            return false;
        }
        joined[..one.len()].copy_from_slice(one.as_bytes());
        joined[one.len()..len].copy_from_slice(two.as_bytes());
        str::from_utf8(&joined[..len]).is_ok_and(|name| self.source.vendors.contains(name))
    }

    pub(super) fn self_chosen(&self, class: NameClass, words: &Words, end: usize) -> bool {
        if class == NameClass::Password {
            return true;
        }
        if (1..=end).any(|i| self.is_vendor(words, i)) {
            return false;
        }
        let ends_in = |set: &Set| (1..=3.min(end)).any(|n| set.contains(words.slice(end - n, end)));
        let signs =
            (0..end).any(|i| matches!(words.word(i), "jwt" | "session" | "cookie" | "nextauth"));
        ends_in(&self.source.self_chosen) && (signs || !ends_in(&self.source.issued))
    }

    pub(super) fn client_safe(
        &self,
        class: NameClass,
        words: &Words,
        start: usize,
        end: usize,
        public: bool,
    ) -> bool {
        let hidden = ["secret", "private", "service role", "admin"];
        if !matches!(
            class,
            NameClass::ApiKey | NameClass::Token | NameClass::PublicKey
        ) || hidden.iter().any(|w| words.holds(0, end, w))
        {
            return false;
        }
        class == NameClass::PublicKey
            || self
                .source
                .public_names
                .iter()
                .any(|n| words.holds(0, end, n))
            || (public
                && class == NameClass::ApiKey
                && !self.source.never_public.contains(words.slice(start, end))
                && !self
                    .source
                    .server_only
                    .iter()
                    .any(|v| words.holds(start, end, v)))
    }
}

/// `tokens` without its `s`; `pass`, `access` and `aws` keep theirs because they are looked up whole first.
pub(super) fn singular(word: &str) -> &str {
    match word.strip_suffix('s') {
        Some(stem) if stem.len() > 2 && !stem.ends_with('s') => stem,
        _ => word,
    }
}
