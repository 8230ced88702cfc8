//! The whole history of a repository: every commit that a reference reaches, and every blob with its paths, when it came there and when
//! it went.
//!
//! Takes a repository, gives plain data in the order of time. One pass over commits, one over trees: each is made once, by
//! [`super::pack`], and of a tree that is a delta only what it adds is looked at. Trees under the same path are one thing whatever
//! commit they belong to, so the work is that of what changed, not that of commits times files. Nothing of a blob is read here.
//!
//! What is missing, broken or too much is counted in [`History::gaps`], never left out in silence. A hostile repository can make a tree
//! that holds itself many times over: the number of trees by path is bounded.

mod commits;
mod objects;
mod paths;
mod sweep;
mod trees;

use git2::Oid;

use super::{Reference, Repository};
use crate::model::{RelPath, Result};

pub use commits::Commit;
pub use objects::{ObjectId, Objects};
pub use paths::PathId;
pub use sweep::Placed;

/// What is not there, or could not be read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Gaps {
    /// References that name nothing that can be read.
    pub references: Vec<String>,
    /// Objects that are named and not there.
    pub missing: usize,
    /// Objects that are there and cannot be read, each with the reason.
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
    /// The blobs of those commits, each under each of its paths once, by blob and path.
    pub blobs: Vec<Placed>,
    /// The references, by name.
    pub references: Vec<Reference>,
    /// What is not in it.
    pub gaps: Gaps,
    /// The commit of each reference.
    heads: Vec<Option<u32>>,
    /// By object, how many of `blobs` are of those before it.
    before: Vec<u32>,
    names: paths::Names,
    paths: paths::Paths,
}

impl History {
    /// Reads commits and trees.
    ///
    /// # Errors
    /// The references or the object database as a whole cannot be read.
    pub fn read(repository: &Repository) -> Result<Self> {
        Self::read_with(repository, &mut |_, _| {})
    }

    /// The same. `watch` is shown every commit as it is read, also those that no reference reaches: its id and its bytes.
    ///
    /// # Errors
    /// As [`History::read`].
    pub fn read_with(repository: &Repository, watch: &mut dyn FnMut(Oid, &[u8])) -> Result<Self> {
        let mut gaps = Gaps::default();
        let (references, broken) = repository.references()?;
        gaps.references = broken;
        let objects = Objects::open(repository, &mut gaps)?;
        let (commits, heads) =
            commits::reached(&objects, repository, &references, watch, &mut gaps);
        let head = repository.head().unwrap_or_else(|_| {
            // One that names what is not there was told with the references.
            if !gaps.references.iter().any(|name| name == "HEAD") {
                gaps.references.push("HEAD".to_owned());
            }
            None
        });
        let mut trees = trees::Trees::read(&objects, repository);
        let mut paths = paths::Paths::new();
        let blobs = sweep::placed(&mut trees, &mut paths, &commits, head, &mut gaps);
        trees.tell(&mut gaps);
        let names = trees.names;
        let mut before = vec![0; objects.len() + 1];
        for placed in &blobs {
            before[placed.blob.0 as usize + 1] += 1;
        }
        let mut sum = 0;
        for count in &mut before {
            sum += *count;
            *count = sum;
        }
        Ok(Self {
            objects,
            commits,
            blobs,
            references,
            gaps,
            heads,
            before,
            names,
            paths,
        })
    }

    /// The paths of a blob; none where no commit holds it.
    pub fn placed(&self, blob: ObjectId) -> &[Placed] {
        let at = blob.0 as usize;
        &self.blobs[self.before[at] as usize..self.before[at + 1] as usize]
    }

    /// The blobs whose file has a name that is `wanted`, each under each of those paths. Names are asked for once, whatever holds them.
    pub fn called(&self, wanted: impl Fn(&[u8]) -> bool) -> impl Iterator<Item = &Placed> {
        let wanted = self.names.all().map(wanted).collect::<Vec<bool>>();
        let last = |path| self.paths.last(path);
        self.blobs
            .iter()
            .filter(move |placed| wanted[last(placed.place) as usize])
    }

    /// A path, from the root of a commit's tree.
    pub fn path(&self, path: PathId) -> RelPath {
        self.paths.path(path, &self.names)
    }

    /// The references that lead to no commit.
    pub fn without_commit(&self) -> impl Iterator<Item = &Reference> {
        let references = self.references.iter().zip(&self.heads);
        references
            .filter(|(_, head)| head.is_none())
            .map(|(reference, _)| reference)
    }

    /// For each of `commits`, which are places in the list of commits, the references whose history holds it, as places in the list of
    /// references.
    pub fn holders(&self, commits: &[u32]) -> Vec<Vec<usize>> {
        let mut holders = Vec::with_capacity(commits.len());
        let mut held = vec![0u64; self.commits.len()];
        for asked in commits.chunks(64) {
            held.fill(0);
            for (bit, &commit) in asked.iter().enumerate() {
                held[commit as usize] |= 1 << bit;
            }
            for (at, commit) in self.commits.iter().enumerate() {
                let parents = commit.parents.iter();
                held[at] = parents.fold(held[at], |mask, &parent| mask | held[parent as usize]);
            }
            holders.extend((0..asked.len()).map(|bit| {
                let heads = self.heads.iter().enumerate();
                let holds = heads.filter(|(_, head)| {
                    head.is_some_and(|head| held[head as usize] >> bit & 1 != 0)
                });
                holds.map(|(reference, _)| reference).collect()
            }));
        }
        holders
    }
}
