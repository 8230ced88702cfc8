//! What a range of commits brings: the commits that its end reaches and its beginning does not, and the blobs that they add.
//!
//! Takes a range as `git log` or `git diff` takes one, gives plain data. Reads no more than the commits around the range and, of their
//! trees, the folders that differ. Nothing of a blob is read here. Grafts and replaced objects are not obeyed.
//!
//! What is cut off, missing, broken or too much is told in [`Range::gaps`], never left out in silence. What cannot be read of the
//! beginning makes the range larger, not smaller.

mod added;
mod walk;

use std::collections::HashSet;
use std::fmt;

use git2::Oid;

use super::revision::DEEPEN;
use super::{Kind, Repository};
use crate::model::{Error, RelPath, Result};

use added::Trees;
use walk::Walk;

/// Blobs that are listed, and bytes of their paths. Beyond is a gap.
const MOST: usize = 4_000_000;
const MOST_BYTES: usize = 512 << 20;

/// A range of commits, and what they add.
#[derive(Debug)]
pub struct Range {
    /// The commit at its end.
    pub tip: Oid,
    /// The commits that its blobs are held against: its beginning, or for `A...B` the best common ancestors.
    pub bases: Vec<Oid>,
    /// The commits that the end reaches and the beginning does not: parents before children, else by time, else by id.
    pub commits: Vec<Oid>,
    /// What they add, each blob under each of its paths once, in the order of the commits.
    pub blobs: Vec<New>,
    /// What is not in it.
    pub gaps: Vec<Gap>,
}

/// A blob that a commit of the range has at a path, and none of the commit's parents nor of the bases has there. What only a merge
/// brings is new, what it takes from one of its sides is not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct New {
    /// The path, from the root of the commit's tree.
    pub path: RelPath,
    /// The blob; a submodule's commit.
    pub oid: Oid,
    /// What it is.
    pub kind: Kind,
    /// The first commit of the range that brings it: a place in [`Range::commits`].
    pub commit: usize,
    /// Whether the end of the range still has it at this path. These are the end's versions of the files that the range touches.
    pub at_tip: bool,
}

/// Something of a range that is not there, or could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Gap {
    /// The parents of this commit of the range were left behind when the repository was cloned.
    Shallow(Oid),
    /// A commit or a tree that cannot be read.
    Unread {
        /// The folder, where it is a tree; empty for a whole one.
        path: Option<RelPath>,
        /// Which object, and why.
        reason: String,
    },
    /// There are more files or trees than are followed.
    TooMany,
}

impl fmt::Display for Gap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Shallow(commit) => write!(
                f,
                "the range may be cut off before commit {commit}\n  hint: {DEEPEN}"
            ),
            Self::Unread { reason, .. } => f.write_str(reason),
            Self::TooMany => f.write_str("the range has more trees or files than are followed"),
        }
    }
}

/// What a range is asked for by.
struct Ends<'a> {
    from: &'a str,
    to: &'a str,
    /// `A...B`: from where the two parted.
    parted: bool,
}

impl<'a> Ends<'a> {
    /// Reads `A..B`, `A...B`, and either with one side left out; a single name is where the range begins.
    fn parse(range: &'a str) -> Self {
        let sides = |dots| range.split_once(dots);
        let (from, to) = match sides("...").or_else(|| sides("..")) {
            Some((from, to)) => (from.trim(), to.trim()),
            None => (range.trim(), ""),
        };
        let (from, to) = match (from, to) {
            // Nothing at all is no range: it may stand for a variable that was not set.
            ("", "") => ("", ""),
            ("", to) => ("HEAD", to),
            (from, "") => (from, "HEAD"),
            both => both,
        };
        Self {
            from,
            to,
            parted: range.contains("..."),
        }
    }
}

impl Repository {
    /// Reads a range: `A..B` is what B has beyond A, `A...B` what it has beyond the commits where the two parted, as a pull request
    /// shows it. A side that is left out is HEAD, and a name alone stands for `NAME..HEAD`.
    ///
    /// # Errors
    /// A name means no commit, `A...B` have none in common, or the object database as a whole cannot be read.
    pub fn range(&self, range: &str) -> Result<Range> {
        let ends = Ends::parse(range);
        let (from, tip) = (self.revision(ends.from)?, self.revision(ends.to)?);
        let found = self.brought(&[from], tip, ends.parted);
        if found.bases.is_empty() && !found.commits.is_empty() {
            return Err(self.unrelated(range, &ends));
        }
        Ok(found)
    }

    /// What `tip` has beyond all of `known`, held against where it parted from them: what a push brings to those who have `known`. Of
    /// these, what is not here or leads to no commit is left out, which makes the range larger.
    ///
    /// # Errors
    /// `tip` is not here or leads to no commit, or the object database as a whole cannot be read.
    pub fn beyond(&self, tip: Oid, known: &[Oid]) -> Result<Range> {
        let tip = self.commit_behind(tip)?;
        let mut known: Vec<Oid> = known
            .iter()
            .filter_map(|oid| self.commit_behind(*oid).ok())
            .collect();
        known.sort_unstable();
        known.dedup();
        Ok(self.brought(&known, tip, true))
    }

    /// What `tip` has beyond all of `known`; with `parted` held against the commits where they parted.
    fn brought(&self, known: &[Oid], tip: Oid, parted: bool) -> Range {
        let mut gaps = Vec::new();
        let mut walk = Walk::new(self, &mut gaps);
        let commits = walk.between(known, tip);
        let bases = match parted {
            true => walk.bases(&commits),
            false => known.to_vec(),
        };
        let bases_trees: Vec<Oid> = bases.iter().filter_map(|base| walk.tree(*base)).collect();
        let steps: Vec<_> = (commits.iter().map(|commit| walk.step(*commit))).collect();
        let tip_tree = walk.tree(tip);
        let mut trees = Trees::new(self, &mut gaps);
        let mut blobs = Vec::new();
        let (mut seen, mut bytes) = (HashSet::new(), 0);
        for (commit, (tree, mut known)) in steps.into_iter().enumerate() {
            known.extend(&bases_trees);
            trees.added(tree, &known, &mut |path, oid, kind| {
                let file = (path, oid, kind);
                if seen.contains(&file) {
                    return true;
                }
                blobs.push(New {
                    path: file.0.clone(),
                    oid,
                    kind,
                    commit,
                    at_tip: false,
                });
                bytes += file.0.as_bytes().len();
                seen.insert(file);
                blobs.len() < MOST && bytes < MOST_BYTES
            });
        }
        if let Some(tree) = tip_tree {
            trees.mark_at_tip(tree, &mut blobs);
        }
        Range {
            tip,
            bases,
            commits,
            blobs,
            gaps,
        }
    }

    /// Two commits with none in common.
    fn unrelated(&self, range: &str, ends: &Ends) -> Error {
        Error::Usage {
            message: format!("`{range}` has no commit that both sides stand on"),
            hint: if self.shallow().is_empty() {
                format!(
                    "`{}..{}` holds one side against the other",
                    ends.from, ends.to
                )
            } else {
                DEEPEN.to_owned()
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_side_that_is_left_out_is_head() {
        let read = |range| {
            let ends = Ends::parse(range);
            (ends.from, ends.to, ends.parted)
        };
        assert_eq!(read("a..b"), ("a", "b", false));
        assert_eq!(read("a...b"), ("a", "b", true));
        assert_eq!(read("a.."), ("a", "HEAD", false));
        assert_eq!(read("...b"), ("HEAD", "b", true));
        assert_eq!(read("v1.2"), ("v1.2", "HEAD", false));
        assert_eq!(read(".."), ("", "", false));
        assert_eq!(read(" "), ("", "", false));
    }
}
