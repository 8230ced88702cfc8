//! What checks ask git, as a trait, so that their tests can say what git knows.

use crate::git::{Decision, Ignores};
use crate::model::{RelPath, Standing};

/// What git knows of paths, whether files are there or not.
pub(super) trait Ground {
    /// What the ignore rules say of a file: `Ignored`, `IgnoredHere` or `Untracked`, whether it is tracked or not.
    fn standing(&self, path: &RelPath) -> Standing;
    /// The rule that says so, if one does.
    fn decided_by(&self, path: &RelPath) -> Option<Decision>;
    /// The regular files of the index.
    fn tracked(&self) -> Box<dyn Iterator<Item = &RelPath> + '_>;
}

impl Ground for Ignores {
    fn standing(&self, path: &RelPath) -> Standing {
        Self::standing(self, path, false)
    }

    fn decided_by(&self, path: &RelPath) -> Option<Decision> {
        Self::decided_by(self, path, false)
    }

    fn tracked(&self) -> Box<dyn Iterator<Item = &RelPath> + '_> {
        Box::new(Self::tracked(self))
    }
}
