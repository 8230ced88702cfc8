//! Where names stand in the files that a plan looks at: what a rename has to change.

use std::sync::Mutex;

use super::Plan;
use crate::edit;
use crate::model::{Digest, Item, RelPath, Result, Span};
use crate::text::Windows;

/// A file in which a name stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mention {
    /// The file.
    pub path: RelPath,
    /// Where the name stands in its text, the byte order mark left out.
    pub spans: Vec<Span>,
    /// What tells the text from others; nothing where it is too long to be changed.
    pub of: Option<Digest>,
}

/// The files in which each of the `words` stands as a name of its own, by path. Only what can be read is looked at, of what the plan looks at.
///
/// # Errors
/// Nothing could be read at all.
pub fn mentions(plan: &Plan, words: &[&str]) -> Result<Vec<Vec<Mention>>> {
    let found: Mutex<Vec<Vec<Mention>>> = Mutex::new(vec![Vec::new(); words.len()]);
    plan.source.push(plan.jobs, &|item| {
        let Item::Blob(mut blob) = item else { return };
        // What cannot be read to its end was told by the scan.
        let _ = Windows::read(&mut *blob.reader, &mut |window| {
            for (i, word) in words.iter().enumerate() {
                let spans = spans(window.text, word.as_bytes());
                if spans.is_empty() {
                    continue;
                }
                let mention = Mention {
                    path: blob.path.clone(),
                    spans,
                    of: window.whole.then(|| edit::digest(window.text)),
                };
                match found.lock() {
                    Ok(mut found) => found[i].push(mention),
                    Err(poisoned) => poisoned.into_inner()[i].push(mention),
                }
            }
        });
    })?;
    let mut found = match found.into_inner() {
        Ok(found) => found,
        Err(poisoned) => poisoned.into_inner(),
    };
    for mentions in &mut found {
        mentions.sort_by(|a, b| a.path.cmp(&b.path));
        mentions.dedup_by(|a, b| a.path == b.path);
    }
    Ok(found)
}

/// Where `word` stands and is no part of another.
fn spans(text: &[u8], word: &[u8]) -> Vec<Span> {
    let is_part = |b: Option<&u8>| {
        b.is_some_and(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'$') || !b.is_ascii())
    };
    // `${NAME}` and `$NAME` are the name.
    let opens = |at: usize| match at.checked_sub(1).and_then(|at| text.get(at)) {
        Some(b'$') => true,
        before => !is_part(before),
    };
    memchr::memmem::find_iter(text, word)
        .map(|at| Span::new(at, at + word.len()))
        .filter(|span| opens(span.start) && !is_part(text.get(span.end)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_no_part_of_another() {
        let text = b"A_KEY=1 $A_KEY ${A_KEY} MY_A_KEY A_KEY2 x.A_KEY; A_KEY_ID";
        let starts: Vec<_> = spans(text, b"A_KEY").iter().map(|s| s.start).collect();
        assert_eq!(starts, [0, 9, 17, 42]);
    }
}
