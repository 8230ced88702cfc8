//! The index: what git tracks.

use std::io::ErrorKind;

use git2::{Index, Oid};

use crate::model::{RelPath, Result};

use super::discover::demand_file;
use super::{Repository, error};

/// Set on entries of `git add -N`: the path is known, its content is not staged.
const INTENT_TO_ADD: u16 = 1 << 13;
/// Set on entries that a sparse checkout leaves out of the work tree.
const SKIP_WORKTREE: u16 = 1 << 14;
const STAGE_MASK: u16 = 0x3000;
const STAGE_SHIFT: u16 = 12;

/// What an entry is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A regular file, executable or not.
    File,
    /// A symbolic link: the blob is its target's path.
    Symlink,
    /// A commit of another repository.
    Submodule,
}

impl Kind {
    fn of_mode(mode: u32) -> Self {
        match mode & 0o170_000 {
            0o120_000 => Self::Symlink,
            0o160_000 => Self::Submodule,
            _ => Self::File,
        }
    }

    /// The kind that a tree's mode says; `None` for a folder.
    pub(super) fn of_octal(mode: &[u8]) -> Option<Self> {
        let mode = mode.iter().fold(0u32, |n, &b| n << 3 | u32::from(b & 7));
        (mode & 0o170_000 != 0o040_000).then(|| Self::of_mode(mode))
    }
}

/// One entry of the index.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Tracked {
    /// Its path, relative to the work tree's root.
    pub path: RelPath,
    /// 0, or 1 to 3 where a merge left a conflict: base, ours, theirs.
    pub stage: u8,
    /// What it is.
    pub kind: Kind,
    /// Its blob; a submodule's commit.
    pub oid: Oid,
    /// The path was announced with `git add -N`, and no content is staged.
    pub intent_only: bool,
    /// A sparse checkout leaves it out of the work tree.
    pub left_out: bool,
}

impl Repository {
    /// Everything in the index, sorted by path and stage. Read once, then kept.
    ///
    /// # Errors
    /// An index that is corrupt or of a form that libgit2 does not read: split, sparse, SHA-256.
    pub fn tracked(&self) -> Result<&[Tracked]> {
        if let Some(tracked) = self.tracked.get() {
            return Ok(tracked);
        }
        self.demand_sha1()?;
        let what = || format!("cannot read {}", self.index_file().display());
        match demand_file(self.index_file()) {
            // A repository in which nothing was ever added.
            Err(e) if e.kind() == ErrorKind::NotFound => {
                return Ok(self.tracked.get_or_init(Vec::new));
            }
            read => read.map_err(|e| error(what(), e))?,
        }
        let index = Index::open(self.index_file()).map_err(|e| {
            let message = e.message();
            let hint = if message.contains("'link'") {
                "\n  hint: the index is split; `git update-index --no-split-index` makes it whole"
            } else if message.contains("'sdir'") {
                "\n  hint: the index is sparse; `git sparse-checkout reapply --no-sparse-index` makes it whole"
            } else {
                ""
            };
            error(what(), format!("{message}{hint}"))
        })?;
        let mut tracked: Vec<_> = index
            .iter()
            .map(|entry| Tracked {
                kind: Kind::of_mode(entry.mode),
                stage: ((entry.flags & STAGE_MASK) >> STAGE_SHIFT) as u8,
                oid: entry.id,
                intent_only: entry.flags_extended & INTENT_TO_ADD != 0,
                left_out: entry.flags_extended & SKIP_WORKTREE != 0,
                path: RelPath::new(entry.path),
            })
            .collect();
        // Git writes it sorted; a forged one may not be, and look-ups rely on the order.
        tracked.sort_unstable();
        Ok(self.tracked.get_or_init(|| tracked))
    }
}

/// The entries from this path on.
pub(crate) fn since<'t>(tracked: &'t [Tracked], path: &[u8]) -> &'t [Tracked] {
    &tracked[tracked.partition_point(|t| t.path.as_bytes() < path)..]
}
