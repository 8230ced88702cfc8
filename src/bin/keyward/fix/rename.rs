//! Variables that builds publish, under names that they do not: each in every file that says it, or in none.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Result;
use keyward::classify::contexts;
use keyward::model::{Context, Edit, Fix, Joint};
use keyward::scan::{Mention, Plan, mentions};

use super::file::Text;

/// Renames of one run.
const MOST: usize = 200;
/// What programs make of other files, or others have written, says what those say when it is made anew.
const MADE: &[Context] = &[
    Context::Vendored,
    Context::Minified,
    Context::Generated,
    Context::Lockfile,
];

/// What a variable is called, and what it is to be called.
pub type Name = (String, String);

/// For each of the names the edits by which it is changed wherever it stands; or what stands in the way, in words.
///
/// # Errors
/// The tree cannot be read.
pub fn edits(plan: &Plan, names: &[Name]) -> Result<Vec<Result<Vec<Fix>, String>>> {
    let taken = &names[..names.len().min(MOST)];
    let words: Vec<&str> = taken
        .iter()
        .flat_map(|(from, to)| [&**from, &**to])
        .collect();
    let mut found = mentions(plan, &words)?;
    found.retain(|mention| !contexts::of_path(&mention.path).any(MADE));
    let mut all = Vec::with_capacity(names.len());
    for (i, (from, to)) in taken.iter().enumerate() {
        let other = names.iter().find(|(other, new)| new == to && other != from);
        all.push(match other {
            Some((other, _)) => Err(format!(
                "{other} would be called {to} as well, and the two would become one"
            )),
            None => edits_of(plan.root(), &found, i, to),
        });
    }
    let later = || Err("more than can be renamed at once: run it again".to_owned());
    all.resize_with(names.len(), later);
    Ok(all)
}

/// The edits of one rename, the `i`th.
fn edits_of(root: &Path, found: &[Mention], i: usize, to: &str) -> Result<Vec<Fix>, String> {
    if !to.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') {
        return Err("the name cannot be shown, so it is not written".to_owned());
    }
    let says =
        |word: usize| move |mention: &&Mention| mention.names.iter().any(|(name, _)| *name == word);
    if let Some(taken) = found.iter().find(says(2 * i + 1)) {
        return Err(format!(
            "{} has a {to} already, and the two would become one",
            taken.path
        ));
    }
    let mut fixes = BTreeMap::new();
    for mention in found.iter().filter(says(2 * i)) {
        let fix = edit(root, mention, 2 * i, to)?;
        fixes.insert(mention.path.clone(), fix);
    }
    Ok(fixes.into_values().collect())
}

/// The edit of one file, if it can be made.
fn edit(root: &Path, mention: &Mention, word: usize, to: &str) -> Result<Fix, String> {
    let stands = |reason: &str| format!("{} says it too, and {reason}", mention.path);
    let here = mention.names.iter().filter(|(name, _)| *name == word);
    let edits = here.map(|&(_, span)| Edit {
        span,
        text: to.to_owned(),
        joint: Joint::default(),
    });
    let fix = Fix::Edit {
        path: mention.path.clone(),
        edits: edits.collect(),
        of: mention.of.ok_or_else(|| stands("it is too long"))?,
    };
    match Text::new(root, &mention.path, std::iter::once((&fix, None))) {
        Ok(_) => Ok(fix),
        Err(reason) => Err(stands(&reason)),
    }
}
