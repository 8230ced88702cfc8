//! What was asked for beside what was found of it: which documents that makes, and what git is asked about them.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use crate::classify::contexts;
use crate::config::Config;
#[cfg(feature = "git")]
use crate::git;
use crate::git::{Ignores, Repository};
#[cfg(feature = "git")]
use crate::model::Error;
use crate::model::{Origin, Result};
use crate::source::{Exclude, Nothing, Source, Stdin, Worktree};
#[cfg(feature = "git")]
use crate::source::{Range, Staged};

#[cfg(feature = "git")]
use super::options::History;
use super::options::{Mode, Options};

/// A range of commits, and whose they are.
#[cfg(feature = "git")]
#[derive(Clone)]
pub(super) struct Ranged {
    pub repository: Arc<Repository>,
    pub range: Arc<git::Range>,
}

/// What was asked for, and what was found of it.
pub(super) struct Asked<'a> {
    options: &'a Options,
    root: &'a Path,
    repository: Option<&'a Arc<Repository>>,
    /// The range of commits that is asked for, if one is.
    #[cfg(feature = "git")]
    pub(super) range: Option<Ranged>,
}

impl<'a> Asked<'a> {
    /// # Errors
    /// A range of commits that cannot be read.
    pub(super) fn new(
        options: &'a Options,
        root: &'a Path,
        repository: Option<&'a Arc<Repository>>,
    ) -> Result<Self> {
        Ok(Self {
            options,
            root,
            repository,
            #[cfg(feature = "git")]
            range: ranged(&options.mode, repository)?,
        })
    }

    /// Where the bytes come from.
    pub(super) fn origin(&self) -> Origin {
        match self.options.mode {
            Mode::Worktree => Origin::Worktree,
            #[cfg(feature = "git")]
            Mode::Staged => Origin::Index,
            #[cfg(feature = "git")]
            Mode::Range(_) | Mode::Pushed { .. } => Origin::History,
            Mode::Stdin { .. } | Mode::Given => Origin::Stdin,
        }
    }

    /// The repository whose history is scanned, if it is; `whole` where all of its tree is.
    ///
    /// # Errors
    /// It is asked for where there is none, or of a part.
    #[cfg(feature = "git")]
    pub(super) fn past(&self, whole: bool) -> Result<Option<Arc<Repository>>> {
        match (self.options.history, self.repository) {
            (History::Only, None) => Err(Error::Usage {
                message: "--history-only needs a git repository, and there is none here".to_owned(),
                hint: "run it inside the repository".to_owned(),
            }),
            (History::Only, Some(_)) if !whole => Err(Error::Usage {
                message: "--history-only scans all of a repository's history".to_owned(),
                hint: "name no PATH, or scan that without it".to_owned(),
            }),
            (History::Not, _) => Ok(None),
            (_, repository) => Ok(repository.cloned().filter(|_| whole)),
        }
    }

    /// What git makes of paths, where files of a tree are read.
    pub(super) fn ignores(&self) -> Option<Ignores> {
        match (&self.options.mode, self.repository) {
            (Mode::Stdin { .. } | Mode::Given, _) => None,
            #[cfg(feature = "git")]
            (Mode::Staged, Some(repository)) => Some(Ignores::of_index(repository.clone())),
            #[cfg(feature = "git")]
            (Mode::Range(_) | Mode::Pushed { .. }, _) => self
                .range
                .as_ref()
                .map(|ranged| Ignores::of_commit(Arc::clone(&ranged.repository), ranged.range.tip)),
            (_, Some(repository)) => Some(Ignores::of_worktree(repository.clone())),
            (_, None) => Some(Ignores::of_folder(self.root)),
        }
    }

    /// Where the documents come from.
    ///
    /// # Errors
    /// There is no index to read.
    pub(super) fn source(&self, config: &Arc<Config>) -> Result<Box<dyn Source>> {
        let options = self.options;
        let paths: Vec<PathBuf> = options
            .paths
            .iter()
            .map(|path| options.cwd.join(path))
            .collect();
        let config = Arc::clone(config);
        let exclude: Exclude = if config.exclude.is_empty() {
            Box::new(|_| false)
        } else {
            Box::new(move |path: &[u8]| config.excludes(path))
        };
        Ok(match &options.mode {
            Mode::Worktree => Box::new(Worktree {
                root: self.root.to_owned(),
                paths,
                repository: self.repository.cloned(),
                read_ignored: options.ignored,
                ignored_but_read: |path| contexts::is_credential_file(path.name(), path),
                exclude,
            }),
            #[cfg(feature = "git")]
            Mode::Staged => Box::new(Staged {
                repository: self.repository.cloned().ok_or_else(|| Error::Usage {
                    message: "--staged needs a git repository, and there is none here".to_owned(),
                    hint:
                        "run it inside the repository, or scan the folder with `keyward scan PATH`"
                            .to_owned(),
                })?,
                paths,
                exclude,
            }),
            #[cfg(feature = "git")]
            Mode::Range(_) | Mode::Pushed { .. } => match self.range.clone() {
                Some(Ranged { repository, range }) => Box::new(Range {
                    repository,
                    range,
                    exclude,
                }),
                None => Box::new(Nothing),
            },
            Mode::Stdin { name } => Box::new(Stdin {
                name: name.clone(),
                reader: Mutex::new(Box::new(std::io::stdin())),
            }),
            Mode::Given => Box::new(Nothing),
        })
    }
}

/// The range that was asked for, read.
#[cfg(feature = "git")]
fn ranged(mode: &Mode, repository: Option<&Arc<Repository>>) -> Result<Option<Ranged>> {
    let needed = || {
        repository.ok_or_else(|| Error::Usage {
            message: "a range of commits needs a git repository, and there is none here".to_owned(),
            hint: "run it inside the repository, or scan the folder with `keyward scan PATH`"
                .to_owned(),
        })
    };
    let (repository, range) = match mode {
        Mode::Range(range) => (needed()?, needed()?.range(range)?),
        Mode::Pushed { tip, known } => (needed()?, needed()?.beyond(*tip, known)?),
        Mode::Worktree | Mode::Staged | Mode::Stdin { .. } | Mode::Given => return Ok(None),
    };
    Ok(Some(Ranged {
        repository: Arc::clone(repository),
        range: Arc::new(range),
    }))
}
