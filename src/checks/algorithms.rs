//! `jwt-verify-no-algorithms`, mended: the algorithms that the tree itself signs with by the very same key.
//!
//! Never a guess: where one call signs with that key otherwise, or where it is not seen how, nothing is proposed.

use std::collections::{BTreeSet, HashMap};

use super::{Signed, Tree};
use crate::model::{Edit, Fix, RelPath};

/// The check whose rules see signatures, as evidence.
const ID: &str = "jwt-verify-no-algorithms";
/// What the names of rules on calls that say their algorithm begin with.
const KNOWN: &str = "signed-with-";

/// Where a fault stands: file, line, column.
pub type At<'a> = (&'a RelPath, usize, usize);

/// The fixes of verifications whose keys the tree signs with, each with the id of the check and where its fault stands.
pub fn algorithms<'a>(tree: &'a Tree<'_>) -> Vec<(&'a str, At<'a>, Fix)> {
    if !tree.whole {
        return Vec::new();
    }
    let mut rules: HashMap<&str, BTreeSet<&str>> = HashMap::new();
    let uses = tree.files.iter().flat_map(|file| &file.uses);
    for seen in uses.filter(|seen| seen.check == ID) {
        rules.entry(&seen.name).or_default().insert(&seen.rule);
    }
    let waiting = tree.files.iter().flat_map(|file| {
        let signed = file.signed.iter();
        signed.map(move |signed| (&file.path, signed))
    });
    let fix = |(path, signed): (&'a RelPath, &'a Signed)| {
        let rules = rules.get(&*signed.variable)?;
        let names: Option<Vec<_>> = rules
            .iter()
            .map(|rule| Some(rule.strip_prefix(KNOWN)?.to_ascii_uppercase()))
            .collect();
        let [name] = &names?[..] else { return None };
        let edit = Edit {
            text: signed.edit.text.replace("{}", name),
            ..signed.edit.clone()
        };
        let fix = Fix::Edit {
            path: path.clone(),
            edits: vec![edit],
            of: signed.of,
        };
        Some((&*signed.check, (path, signed.line, signed.column), fix))
    };
    waiting.filter_map(fix).collect()
}
