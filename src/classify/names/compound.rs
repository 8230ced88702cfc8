//! All-lower-case compounds: `mydbpassword` is `my db password`, and `monkey` is no compound.

use super::lexicon::{Lexicon, singular};
use crate::classify::identifier::Vocabulary;

impl Vocabulary for Lexicon {
    fn knows(&self, word: &str) -> bool {
        let known = |w: &str| {
            self.parts.contains(w)
                || self.source.plain.contains(w)
                || self.source.vendors.contains(w)
                || self.source.neutral.contains(w)
                || self.source.openers.contains(w)
        };
        known(word) || known(singular(word))
    }

    /// Fewest words win; nothing is cut that holds no head noun, because nothing depends on it.
    fn compound(&self, word: &str) -> Option<Vec<&'static str>> {
        const MOST_PARTS: usize = 4;
        if !(5..=40).contains(&word.len()) || !word.is_ascii() {
            return None;
        }
        // best[i]: the fewest parts that make up the first i bytes, and the last of them.
        let mut best: Vec<Option<(usize, &'static str)>> = vec![None; word.len() + 1];
        best[0] = Some((0, ""));
        for end in 2..=word.len() {
            for start in 0..end - 1 {
                let Some((count, _)) = best[start] else {
                    continue;
                };
                let Some(&part) = self.parts.get(&word[start..end]) else {
                    continue;
                };
                if best[end].is_none_or(|(other, _)| count + 1 < other) {
                    best[end] = Some((count + 1, part));
                }
            }
        }
        if best[word.len()].is_none() {
            return self.ending(word);
        }
        let mut parts = Vec::new();
        let mut end = word.len();
        while end > 0 {
            let (_, part) = best[end]?;
            parts.push(part);
            end -= part.len();
        }
        parts.reverse();
        let telling = parts
            .iter()
            .any(|p| *p == "key" || self.heads.contains_key(p));
        (telling && (2..=MOST_PARTS).contains(&parts.len())).then_some(parts)
    }
}

impl Lexicon {
    /// The noun that `word` ends in where no other word does, whatever stands before it: `dspassword`.
    fn ending(&self, word: &str) -> Option<Vec<&'static str>> {
        const NOUNS: &[&str] = &["password", "passwd", "passphrase", "apikey"];
        let noun = NOUNS.iter().find(|noun| word.ends_with(**noun))?;
        let before = &word[..word.len() - noun.len()];
        (!before.is_empty() && !self.source.openers.contains(before)).then(|| vec![*noun])
    }
}
