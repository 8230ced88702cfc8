//! The index: what git tracks.

#[cfg(feature = "git")]
mod read;

use crate::model::RelPath;

#[cfg(not(feature = "git"))]
use super::Repository;

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

#[cfg(feature = "git")]
impl Kind {
    fn of_mode(mode: u32) -> Self {
        match mode & 0o170_000 {
            0o120_000 => Self::Symlink,
            0o160_000 => Self::Submodule,
            _ => Self::File,
        }
    }

    /// The kind that a tree's mode says; `None` for a folder.
    pub(in crate::git) fn of_octal(mode: &[u8]) -> Option<Self> {
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
    #[cfg(feature = "git")]
    pub oid: super::Oid,
    /// The path was announced with `git add -N`, and no content is staged.
    pub intent_only: bool,
    /// A sparse checkout leaves it out of the work tree.
    pub left_out: bool,
}

#[cfg(not(feature = "git"))]
impl Repository {
    /// What git tracks is not known to a build without the feature `git`.
    ///
    /// # Errors
    /// Always.
    pub fn tracked(&self) -> crate::model::Result<&[Tracked]> {
        Err(super::error(
            format!("cannot read {}", self.index_file().display()),
            "keyward was built without the feature `git`",
        ))
    }
}

/// The entries from this path on.
pub(crate) fn since<'t>(tracked: &'t [Tracked], path: &[u8]) -> &'t [Tracked] {
    &tracked[tracked.partition_point(|t| t.path.as_bytes() < path)..]
}
