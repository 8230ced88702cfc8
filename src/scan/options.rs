//! What can be asked for.

use std::path::PathBuf;

use jiff::civil::Date;

use crate::git::Discover;
#[cfg(feature = "git")]
use crate::git::Oid;
use crate::model::{Confidence, RelPath};

/// Where the documents come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mode {
    /// The files of the working tree.
    Worktree,
    /// The blobs of the index that differ from HEAD.
    #[cfg(feature = "git")]
    Staged,
    /// The blobs that the commits of a range add, as [`Repository::range`](crate::git::Repository::range) takes one.
    #[cfg(feature = "git")]
    Range(String),
    /// The blobs that the commits add which `tip` has beyond all of `known`, as [`Repository::beyond`](crate::git::Repository::beyond) finds them: a push.
    #[cfg(feature = "git")]
    Pushed {
        /// What is pushed: a commit, or a tag of one.
        tip: Oid,
        /// What those who it is pushed to have.
        known: Vec<Oid>,
    },
    /// Standard input, under this name.
    Stdin {
        /// The path it is judged by.
        name: RelPath,
    },
    /// What the caller hands over, see [`Scanner`](super::Scanner): no repository is looked for and no repository's configuration is read.
    Given,
}

/// Whether the history of a repository is scanned, where its whole tree is.
#[cfg(feature = "git")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum History {
    /// No.
    Not,
    /// Beside the tree.
    #[default]
    Too,
    /// Without the tree.
    Only,
}

/// What the user asked for. Nothing here is checked yet.
#[derive(Clone, Debug)]
pub struct Options {
    /// Files and folders; all of the root where empty.
    pub paths: Vec<PathBuf>,
    /// Where the documents come from.
    pub mode: Mode,
    /// Whether the history is scanned.
    #[cfg(feature = "git")]
    pub history: History,
    /// Read each version of a file as a whole, whatever it was made of: slow, and what the quick way is held against.
    #[cfg(feature = "git")]
    pub plain_history: bool,
    /// Read and judge what git ignores as well.
    pub ignored: bool,
    /// This configuration file instead of the ones that would be found.
    pub config: Option<PathBuf>,
    /// The user's own configuration, below the repository's.
    pub user_config: Option<PathBuf>,
    /// Do not read the repository's configuration.
    pub no_repo_config: bool,
    /// Files and folders of rules.
    pub rules: Vec<PathBuf>,
    /// If not empty, only these checks.
    pub only: Vec<String>,
    /// Not these checks.
    pub skip: Vec<String>,
    /// Report info as well.
    pub pedantic: bool,
    /// The least confidence to report.
    pub confidence: Option<Confidence>,
    /// The baseline.
    pub baseline: Option<PathBuf>,
    /// Gaps that are no reason to fail.
    pub accept: Vec<String>,
    /// Show secrets unmasked.
    pub show_secrets: bool,
    /// How many threads; at least one.
    pub jobs: usize,
    /// The date that expiries are held against.
    pub today: Date,
    /// What a hook's environment says of the repository.
    pub discover: Discover,
    /// The folder that relative paths are meant from.
    pub cwd: PathBuf,
}

impl Options {
    /// The working tree at `cwd`, and with the feature `git` its whole history, as `keyward scan` there takes them on this date: on one
    /// thread, secrets masked, without the configuration of a user.
    pub fn new(cwd: PathBuf, today: Date) -> Self {
        Self {
            paths: Vec::new(),
            mode: Mode::Worktree,
            #[cfg(feature = "git")]
            history: History::Too,
            #[cfg(feature = "git")]
            plain_history: false,
            ignored: false,
            config: None,
            user_config: None,
            no_repo_config: false,
            rules: Vec::new(),
            only: Vec::new(),
            skip: Vec::new(),
            pedantic: false,
            confidence: None,
            baseline: None,
            accept: Vec::new(),
            show_secrets: false,
            jobs: 1,
            today,
            discover: Discover::default(),
            cwd,
        }
    }
}

#[cfg(feature = "git")]
impl Options {
    pub(super) fn takes_tree(&self) -> bool {
        self.history != History::Only
    }

    pub(super) fn takes_history(&self) -> bool {
        self.history != History::Not
    }
}

#[cfg(not(feature = "git"))]
impl Options {
    pub(super) fn takes_tree(&self) -> bool {
        true
    }

    pub(super) fn takes_history(&self) -> bool {
        false
    }
}
