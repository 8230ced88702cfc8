//! The files of a working tree.

use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::Arc;

use crate::git::{Repository, real};
use crate::model::{Error, Item, RelPath, Result};

use super::pool::Pool;
use super::start::Starts;
use super::walk::{Job, Walk};
use super::{Exclude, Source, reason};

/// The files below a root as they are on disk.
///
/// What is read: every file that git does not ignore, tracked or not; ignored files that are tracked all the same; of the
/// other ignored files those that [`ignored_but_read`](Self::ignored_but_read) names, or all; and every path that was asked
/// for by name. Outside a repository nothing is ignored. `.git` is not entered, a submodule is left to a scan of its own, any
/// other repository inside is entered by its own rules.
///
/// What is told: unreadable and missing paths, links that lead out of the root or nowhere, pipes, sockets and devices (never
/// opened), submodules. A link to a place inside the root is passed over in silence: its target is read under its own name.
pub struct Worktree {
    /// What paths are relative to: the repository's work tree, or the folder to scan.
    pub root: PathBuf,
    /// The files and folders to read, inside the root or not; all of the root where empty. Links are resolved here, so
    /// that no file is read twice however it is spelled. Relative ones are meant from the current folder.
    pub paths: Vec<PathBuf>,
    /// The repository that the root lies in, opened as its caller was told to (see [`crate::git::Discover`]). Where it is
    /// `None`, repositories are found by their `.git`, as are those that other paths lie in.
    pub repository: Option<Arc<Repository>>,
    /// Read every ignored file (`--ignored`).
    pub read_ignored: bool,
    /// Which ignored files are read anyway: those that hold credentials on this machine. Of these files, ignored or not, the
    /// permissions are told too.
    pub ignored_but_read: fn(&RelPath) -> bool,
    /// Paths to leave out. A glob that matches a folder leaves out all that is in it; the folder is walked still, so that
    /// each file counts; one that cannot be read counts as one.
    pub exclude: Exclude,
}

impl Worktree {
    /// All of `root`, with no file left out and no ignored file read.
    pub fn new(root: PathBuf, repository: Option<Arc<Repository>>) -> Self {
        Self {
            root,
            paths: Vec::new(),
            repository,
            read_ignored: false,
            ignored_but_read: |_| false,
            exclude: Box::new(|_| false),
        }
    }
}

impl Source for Worktree {
    fn push(&self, jobs: usize, sink: &(dyn for<'a> Fn(Item<'a>) + Sync)) -> Result<()> {
        let root = real(&self.root).map_err(|source| Error::Read {
            path: self.root.clone(),
            source,
        })?;
        let root = match root.parent() {
            Some(folder) if !root.is_dir() => folder.to_owned(),
            _ => root,
        };
        let mut starts = Starts::new(self, &root, sink);
        let mut first: Vec<Job> = Vec::new();
        let mut asked = HashSet::new();
        let all = [self.root.clone()];
        let paths = if self.paths.is_empty() {
            &all[..]
        } else {
            &self.paths[..]
        };
        for path in paths {
            match real(path) {
                Ok(path) => {
                    if !asked.contains(&path) {
                        first.extend(starts.job(&path));
                        asked.insert(path);
                    }
                }
                Err(error) => starts.missing(path, &error, &reason(&error)),
            }
        }
        let walk = Walk {
            source: self,
            root: &root,
            // One start meets no other.
            asked: if asked.len() > 1 {
                asked
            } else {
                HashSet::new()
            },
            sink,
        };
        Pool::run(jobs, first, |job, pool| walk.run(job, pool));
        Ok(())
    }
}
