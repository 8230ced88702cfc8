//! What git says about the folders that a walk passes: which repository, which rules, what is tracked.

use std::path::Path;
use std::sync::Arc;

use crate::git::{Discover, Kind, Repository, Rules, Tracked, since};
use crate::model::{Error, Notice, NoticeKind, RelPath, Result, Standing};

/// One repository's view of its files.
pub(super) struct Ground {
    repository: Arc<Repository>,
    /// Rules of the whole repository, without its `.gitignore` files.
    pub(super) rules: Option<Arc<Rules>>,
    has_submodules: bool,
    /// Why the index could not be read.
    problem: Option<Error>,
}

impl Ground {
    /// The view of a repository. An index that cannot be read is a problem to be told, and counts as empty.
    pub(super) fn of(repository: Arc<Repository>) -> Self {
        let read = repository.tracked();
        Self {
            has_submodules: read
                .as_ref()
                .is_ok_and(|all| all.iter().any(|t| t.kind == Kind::Submodule)),
            problem: read.err(),
            rules: Rules::of(&repository),
            repository,
        }
    }

    /// The view of the repository whose root `folder` is; `None` where it is no usable one.
    pub(super) fn at(folder: &Path) -> Option<Self> {
        let repository: Result<_> = Repository::discover(folder, &Discover::default());
        let repository = repository.ok().flatten()?;
        (repository.root() == folder && !repository.is_bare())
            .then(|| Self::of(Arc::new(repository)))
    }

    /// The work tree's root.
    pub(super) fn root(&self) -> &Path {
        self.repository.root()
    }

    /// What is to be told of the repository at `path`, if its index could not be read.
    pub(super) fn notice(&self, path: Vec<u8>) -> Option<Notice> {
        // A build without the feature `git` reads no index anywhere, and says so in the documentation of the crate.
        let problem = self.problem.as_ref().filter(|_| cfg!(feature = "git"));
        problem.map(|problem| {
            let message = format!("tracked files that are ignored may be missed: {problem}");
            Notice::at(NoticeKind::Unreadable, RelPath::new(path), message)
        })
    }

    /// What is to be told of what the work tree lacks below a folder: `at` as the scan has it, `key` with its closing `/` as the repository does.
    pub(super) fn absent(&self, at: &[u8], key: &[u8]) -> impl Iterator<Item = Notice> {
        let absent = self.repository.lacks(key);
        let (modules, files) = (absent.submodules, absent.files);
        let modules = (modules > 0).then(|| {
            let what = match modules {
                1 => "1 submodule is".to_owned(),
                _ => format!("{modules} submodules are"),
            };
            (
                NoticeKind::Submodule,
                format!("{what} not here: `git submodule update --init` brings what it names, and each is a repository to scan by itself"),
            )
        });
        let files = (files > 0).then(|| {
            let what = match files {
                1 => "1 file is".to_owned(),
                _ => format!("{files} files are"),
            };
            (
                NoticeKind::Sparse,
                format!("{what} left out of the tree by a sparse checkout: read as far as the history is"),
            )
        });
        let path = RelPath::new(at);
        let told = modules.into_iter().chain(files);
        told.map(move |(kind, message)| match path.as_bytes() {
            b"" => Notice::new(kind, message),
            _ => Notice::at(kind, path.clone(), message),
        })
    }

    /// What git says of a file at this path, relative to the work tree's root, of which the ignore rules say `by_rules`. Where
    /// the index cannot be read nobody knows whether a file is tracked, so that of a visible one nothing is said.
    pub(super) fn standing(&self, path: &[u8], by_rules: Standing) -> Standing {
        if self.tracks(path) {
            Standing::Tracked
        } else if self.problem.is_some() && !by_rules.is_ignored() {
            Standing::Unversioned
        } else {
            by_rules
        }
    }

    /// Whether the index has a file at this path, relative to the work tree's root.
    fn tracks(&self, path: &[u8]) -> bool {
        self.from(path)
            .first()
            .is_some_and(|t| t.path.as_bytes() == path)
    }

    /// Whether the index has anything below this folder, which is given with its closing `/`.
    pub(super) fn tracks_below(&self, folder: &[u8]) -> bool {
        self.from(folder)
            .first()
            .is_some_and(|t| t.path.as_bytes().starts_with(folder))
    }

    /// Whether this path is a submodule's.
    pub(super) fn is_submodule(&self, path: &[u8]) -> bool {
        self.has_submodules
            && self
                .from(path)
                .first()
                .is_some_and(|t| t.path.as_bytes() == path && t.kind == Kind::Submodule)
    }

    /// The entries from this path on.
    fn from(&self, path: &[u8]) -> &[Tracked] {
        if self.problem.is_some() {
            return &[];
        }
        since(self.repository.tracked().unwrap_or_default(), path)
    }
}
