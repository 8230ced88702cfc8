//! Where names stand in the files that a plan looks at: what a rename has to change.

use std::sync::Mutex;

use aho_corasick::AhoCorasick;

use super::Plan;
use crate::edit;
use crate::model::{Digest, Error, Item, RelPath, Result, Span};
use crate::text::Windows;

/// A file in which names stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mention {
    /// The file.
    pub path: RelPath,
    /// Which name stands where in its text, the byte order mark left out.
    pub names: Vec<(usize, Span)>,
    /// What tells the text from others; nothing where it is too long to be changed.
    pub of: Option<Digest>,
}

/// The files in which one of `names` stands as a name of its own, by path. Only what can be read is looked at, of what the plan looks at.
///
/// # Errors
/// Nothing could be read at all, or the names are more than can be looked for.
pub fn mentions(plan: &Plan, names: &[&str]) -> Result<Vec<Mention>> {
    let finder = AhoCorasick::new(names).map_err(|error| Error::Usage {
        message: format!("these names cannot be looked for: {error}"),
        hint: "name fewer of them".to_owned(),
    })?;
    let found = Mutex::new(Vec::new());
    plan.source.push(plan.jobs, &|item| {
        let Item::Blob(mut blob) = item else { return };
        // What cannot be read to its end was told by the scan.
        let _ = Windows::read(&mut *blob.reader, &mut |window| {
            let names = places(&finder, window.text);
            if names.is_empty() {
                return;
            }
            let mention = Mention {
                path: blob.path.clone(),
                names,
                of: window.whole.then(|| edit::digest(window.text)),
            };
            match found.lock() {
                Ok(mut found) => found.push(mention),
                Err(poisoned) => poisoned.into_inner().push(mention),
            }
        });
    })?;
    let mut found: Vec<Mention> = match found.into_inner() {
        Ok(found) => found,
        Err(poisoned) => poisoned.into_inner(),
    };
    found.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(found)
}

/// Where names stand and are no part of others.
fn places(finder: &AhoCorasick, text: &[u8]) -> Vec<(usize, Span)> {
    let is_part = |b: Option<&u8>| {
        b.is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'_' || !b.is_ascii())
    };
    finder
        .find_overlapping_iter(text)
        .map(|found| {
            (
                found.pattern().as_usize(),
                Span::new(found.start(), found.end()),
            )
        })
        .filter(|(_, span)| {
            let before = span.start.checked_sub(1).and_then(|at| text.get(at));
            !is_part(before) && !is_part(text.get(span.end))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_no_part_of_another() {
        let text = b"A_KEY=1 $A_KEY ${A_KEY} MY_A_KEY A_KEY2 x.A_KEY; A_KEY_ID";
        let finder = AhoCorasick::new(["A_KEY", "A_KEY_ID"]).expect("two names");
        let found = places(&finder, text);
        let starts: Vec<_> = found.iter().map(|(i, span)| (*i, span.start)).collect();
        assert_eq!(starts, [(0, 0), (0, 9), (0, 17), (0, 42), (1, 49)]);
    }
}
