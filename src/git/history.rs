//! The whole history of a repository: every commit that a reference reaches, and every blob with the paths and the commit that brought it.
//!
//! Takes a repository, gives plain data in the order of time. One pass over commits, one over trees: each is made once, by
//! [`super::pack`], and of a tree that is a delta only what it adds is looked at. Trees under the same path are one thing whatever
//! commit they belong to, so the work is that of what changed, not that of commits times files. Nothing of a blob is read here.
//!
//! What is missing, broken or too much is counted in [`History::gaps`], never left out in silence. A hostile repository can make a tree
//! that holds itself many times over: the number of trees by path is bounded.

mod commits;
mod objects;
mod trees;

use git2::Oid;

use super::{Reference, Repository};
use crate::model::{RelPath, Result};

pub use commits::Commit;
pub use objects::{ObjectId, Objects};
pub use trees::Placed;

/// What is not there, or could not be read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Gaps {
    /// References that name nothing that can be read.
    pub references: Vec<String>,
    /// Objects that are named and not there.
    pub missing: usize,
    /// Objects that are there and cannot be read, each with the reason; the first of them.
    pub broken: Vec<(Oid, String)>,
    /// Commits whose parents were cut off when the repository was cloned.
    pub shallow: usize,
    /// There are more trees by path than are followed.
    pub too_many: bool,
}

/// The history of a repository.
pub struct History {
    /// Where its objects are.
    pub objects: Objects,
    /// The commits that a reference reaches, parents before children, else by time.
    pub commits: Vec<Commit>,
    /// The blobs of those commits, each under each of its paths once.
    pub blobs: Vec<Placed>,
    /// The references, by name.
    pub references: Vec<Reference>,
    /// What is not in it.
    pub gaps: Gaps,
    dirs: trees::Dirs,
}

impl History {
    /// Reads commits and trees.
    ///
    /// # Errors
    /// The references or the object database as a whole cannot be read.
    pub fn read(repository: &Repository) -> Result<Self> {
        let mut gaps = Gaps::default();
        let (references, broken) = repository.references()?;
        gaps.references = broken;
        let objects = Objects::open(repository, &mut gaps)?;
        let commits = commits::reached(&objects, repository, &references, &mut gaps);
        let (blobs, dirs) = trees::placed(&objects, repository, &commits, &mut gaps);
        Ok(Self {
            objects,
            commits,
            blobs,
            references,
            gaps,
            dirs,
        })
    }

    /// The path of a placed blob, from the root of its commit's tree.
    pub fn path(&self, placed: &Placed) -> RelPath {
        self.dirs.path(placed)
    }
}
