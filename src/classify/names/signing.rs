//! Keys that sign sessions, cookies and JSON Web Tokens, told from keys that encrypt and from secrets that a vendor issues.

use super::NameClass;
use super::lexicon::Lexicon;
use crate::classify::identifier::Words;

/// No phrase of `signing` is longer.
const LONGEST_PHRASE: usize = 5;

impl Lexicon {
    /// Whether an operator makes it up to sign with. The name is the words `start..end`; before `leaf` stand those of its parent, and a
    /// public prefix may stand between.
    pub(super) fn signs(
        &self,
        class: NameClass,
        words: &Words,
        leaf: usize,
        start: usize,
        end: usize,
    ) -> bool {
        let source = &self.source;
        let foreign = |at| {
            let word = words.word(at);
            source.vendors.contains(word) || source.not_signing.contains(word)
        };
        if class != NameClass::Secret || (0..leaf).chain(start..end).any(foreign) {
            return false;
        }
        let beside = |at| source.signing_beside.contains(words.word(at));
        let longest = |from: usize| {
            (1..=LONGEST_PHRASE.min(end - from))
                .rev()
                .map(|n| end - n)
                .find(|&at| source.signing.contains(words.slice(at, end)))
        };
        // A prefix would part the words of the parent from those of the name.
        let first = if start == leaf { 0 } else { start };
        // `JWT_ORDERS_SECRET`, `ORDERS_SESSION_SECRET`, `jwt: { secret }`
        let two = words.slice(end.saturating_sub(2), end);
        let kind = words.word(end - 1) == "secret" || matches!(two, "secret key" | "signing key");
        let of = |at| match words.word(at) {
            "jwt" => true,
            "session" | "cookie" | "nextauth" => at >= start,
            _ => false,
        };
        if kind && (first..end).any(of) {
            return true;
        }
        if let Some(at) = longest(first) {
            return (start..at).all(beside);
        }
        (start..end).any(|at| {
            source.signing_bare.contains(words.slice(at, end))
                && (start..at).all(beside)
                && (first..leaf).all(beside)
        })
    }
}
