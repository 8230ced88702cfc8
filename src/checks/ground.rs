//! What checks ask git, as a trait, so that their tests can say what git knows.

use crate::git::Ignores;
use crate::model::{RelPath, Standing};

/// The rule of an ignore file by which git decides about a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Decided {
    /// The file that it stands in.
    pub file: RelPath,
    /// Its line, from 1.
    pub line: usize,
    /// The line itself; with a `!` at its start it takes other rules back.
    pub pattern: String,
}

/// What git knows of paths, whether files are there or not.
pub(super) trait Ground {
    /// What the ignore rules say of a file: `Ignored`, `IgnoredHere` or `Untracked`, whether it is tracked or not.
    fn standing(&self, path: &RelPath) -> Standing;
    /// The rule that says so, if one does.
    fn decided_by(&self, path: &RelPath) -> Option<Decided>;
    /// The regular files of the index.
    fn tracked(&self) -> Box<dyn Iterator<Item = &RelPath> + '_>;
}

impl Ground for Ignores {
    fn standing(&self, path: &RelPath) -> Standing {
        Self::standing(self, path, false)
    }

    fn decided_by(&self, path: &RelPath) -> Option<Decided> {
        let (file, line, pattern) = Self::decided_by(self, path, false)?;
        Some(Decided {
            file,
            line,
            pattern,
        })
    }

    fn tracked(&self) -> Box<dyn Iterator<Item = &RelPath> + '_> {
        Box::new(Self::tracked(self))
    }
}
