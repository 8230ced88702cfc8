//! A variable that builds publish, under a name that they do not: in every file that says it, or in none.

use std::path::Path;

use anyhow::Result;
use keyward::model::{Edit, Fix, Joint, RelPath};
use keyward::scan::{Mention, Plan, mentions};

use super::file::Text;

/// The edits of all files by which `from` is called `to`, or the file that stands in the way, and why.
///
/// # Errors
/// The tree cannot be read.
pub fn edits(plan: &Plan, from: &str, to: &str) -> Result<std::result::Result<Vec<Fix>, String>> {
    let found = mentions(plan, &[from, to])?;
    let [old, new] = &found[..] else {
        return Ok(Ok(Vec::new()));
    };
    if let Some(taken) = new.first() {
        return Ok(Err(format!(
            "{} has a {to} already, and the two would become one",
            taken.path
        )));
    }
    let fixes = old.iter().map(|mention| edit(plan.root(), mention, to));
    Ok(fixes.collect())
}

/// The edit of one file, if it can be made.
fn edit(root: &Path, mention: &Mention, to: &str) -> std::result::Result<Fix, String> {
    let stands = |reason: &str| format!("{} says it too, and {reason}", mention.path);
    let edits = mention.spans.iter().map(|&span| Edit {
        span,
        text: to.to_owned(),
        joint: Joint::default(),
    });
    let fix = Fix::Edit {
        path: RelPath::new(mention.path.as_bytes()),
        edits: edits.collect(),
        of: mention.of.ok_or_else(|| stands("it is too long"))?,
    };
    match Text::new(root, &mention.path, std::iter::once((&fix, None))) {
        Ok(_) => Ok(fix),
        Err(reason) => Err(stands(&reason)),
    }
}
