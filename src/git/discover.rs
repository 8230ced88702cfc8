//! Finds the repository that a path lies in.
//!
//! By hand, not through libgit2: its `open` refuses a repository of another owner, and reads configuration first.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
#[cfg(feature = "git")]
use std::sync::OnceLock;

use crate::model::{Error, Result};

use super::error;
#[cfg(feature = "git")]
use super::{Tracked, store::Store};

/// More than any of git's one-line files holds.
pub(super) const SMALL: u64 = 64 * 1024;

/// What the environment of a hook says, read by the program.
#[derive(Clone, Debug, Default)]
pub struct Discover {
    /// `GIT_INDEX_FILE`: `git commit -a` and `git commit -- PATH` stage into an index of their own. A relative path is
    /// meant from the work tree's root.
    pub index_file: Option<PathBuf>,
    /// `GIT_DIR`: the git directory, found no other way. Relative to where the search starts.
    pub git_dir: Option<PathBuf>,
    /// `GIT_WORK_TREE`: the work tree of `git_dir`.
    pub work_tree: Option<PathBuf>,
    /// `GIT_OBJECT_DIRECTORY` and `GIT_ALTERNATE_OBJECT_DIRECTORIES`: where a server's hook finds what was pushed.
    pub object_dirs: Vec<PathBuf>,
}

/// A repository, found but not trusted. Opening it reads nothing; each question reads what it needs, once.
pub struct Repository {
    root: PathBuf,
    git_dir: PathBuf,
    common_dir: PathBuf,
    index_file: PathBuf,
    #[cfg(feature = "git")]
    pub(super) object_dirs: Vec<PathBuf>,
    bare: bool,
    #[cfg(feature = "git")]
    pub(super) tracked: OnceLock<Vec<Tracked>>,
    #[cfg(feature = "git")]
    pub(super) objects: OnceLock<git2::Odb<'static>>,
    #[cfg(feature = "git")]
    pub(super) folders: OnceLock<Vec<PathBuf>>,
    #[cfg(feature = "git")]
    pub(super) store: OnceLock<Store>,
    #[cfg(feature = "git")]
    pub(super) packed: OnceLock<Vec<u8>>,
}

impl Repository {
    /// The repository that `start` lies in, a file or a folder, or `None` where there is none up to the file system's root.
    ///
    /// # Errors
    /// A `.git` that is there but unusable: a file that points nowhere, a folder without its HEAD. To scan on as if there
    /// were no repository would leave its history out in silence.
    pub fn discover(start: &Path, how: &Discover) -> Result<Option<Self>> {
        let start = real(start).map_err(|source| Error::Read {
            path: start.to_owned(),
            source,
        })?;
        if let Some(git_dir) = &how.git_dir {
            return Self::named(&start, git_dir, how).map(Some);
        }
        for folder in start.ancestors() {
            let dot_git = folder.join(".git");
            if dot_git.is_dir() {
                if is_git_dir(&dot_git) {
                    return Ok(Some(Self::new(folder.to_owned(), dot_git, false, how)));
                }
                if ["HEAD", "objects", "refs"]
                    .iter()
                    .any(|part| dot_git.join(part).exists())
                {
                    return Err(error(
                        format!("cannot use {}", dot_git.display()),
                        "HEAD, objects or refs is missing\n  hint: `git fsck` tells more; a fresh clone mends it",
                    ));
                }
            } else if dot_git.is_file() {
                let git_dir = pointed(&dot_git)?;
                return Ok(Some(Self::new(folder.to_owned(), git_dir, false, how)));
            } else if folder.file_name().is_none_or(|name| name != ".git") && is_git_dir(folder) {
                return Ok(Some(Self::new(
                    folder.to_owned(),
                    folder.to_owned(),
                    true,
                    how,
                )));
            }
        }
        Ok(None)
    }

    /// The repository that the environment names.
    fn named(start: &Path, git_dir: &Path, how: &Discover) -> Result<Self> {
        let folder = if start.is_dir() {
            start
        } else {
            start.parent().unwrap_or(start)
        };
        let unusable = |why: &str| {
            error(
                format!("cannot use {}", git_dir.display()),
                format!("{why}\n  hint: GIT_DIR names it; unset it or correct it"),
            )
        };
        let mut found = real(&folder.join(git_dir)).map_err(|e| unusable(&e.to_string()))?;
        if found.is_file() {
            found = pointed(&found)?;
        }
        if !is_git_dir(&found) {
            return Err(unusable("it is not a git directory"));
        }
        let root = match &how.work_tree {
            Some(root) => real(&folder.join(root)).map_err(|e| unusable(&e.to_string()))?,
            None => work_tree_of(&found).unwrap_or_else(|| folder.to_owned()),
        };
        Ok(Self::new(root, found, false, how))
    }

    /// Whether it was cloned without some of its objects, which git fetches when they are asked for.
    pub fn is_partial(&self) -> bool {
        let packs = std::fs::read_dir(self.common_dir.join("objects/pack"));
        let mut files = packs.into_iter().flatten().flatten();
        files.any(|file| file.path().extension().is_some_and(|e| e == "promisor"))
    }

    fn new(root: PathBuf, git_dir: PathBuf, bare: bool, how: &Discover) -> Self {
        let index_file = match &how.index_file {
            Some(file) => root.join(file),
            None => git_dir.join("index"),
        };
        Self {
            common_dir: common_dir(&git_dir),
            #[cfg(feature = "git")]
            object_dirs: how.object_dirs.iter().map(|dir| root.join(dir)).collect(),
            root,
            git_dir,
            index_file,
            bare,
            #[cfg(feature = "git")]
            tracked: OnceLock::new(),
            #[cfg(feature = "git")]
            objects: OnceLock::new(),
            #[cfg(feature = "git")]
            folders: OnceLock::new(),
            #[cfg(feature = "git")]
            store: OnceLock::new(),
            #[cfg(feature = "git")]
            packed: OnceLock::new(),
        }
    }

    /// The work tree's root, without symbolic links; the git directory itself where the repository is bare.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The git directory: a linked worktree's own one, with its HEAD and its index.
    pub fn git_dir(&self) -> &Path {
        &self.git_dir
    }

    /// The git directory that all worktrees share, with objects and refs.
    pub fn common_dir(&self) -> &Path {
        &self.common_dir
    }

    /// The index that is read: the repository's own, or the one that a hook was told to look at.
    pub fn index_file(&self) -> &Path {
        &self.index_file
    }

    /// Whether there is no work tree.
    pub fn is_bare(&self) -> bool {
        self.bare
    }

    #[cfg(feature = "git")]
    /// Refuses what neither libgit2 nor keyward reads. The configuration is looked at for this one word and nothing else.
    pub(super) fn demand_sha1(&self) -> Result<()> {
        let config = small(&self.common_dir.join("config")).unwrap_or_default();
        let config = String::from_utf8_lossy(&config).to_ascii_lowercase();
        let sha256 = config
            .lines()
            .filter_map(|line| line.split_once('='))
            .any(|(key, value)| key.contains("objectformat") && value.contains("sha256"));
        if sha256 {
            return Err(error(
                format!("cannot read {}", self.git_dir.display()),
                "its objects are named by SHA-256, which is not supported\n  hint: the files themselves can be scanned; \
                 index and history cannot",
            ));
        }
        Ok(())
    }
}

/// The path without symbolic links and `..`; on Windows without the verbatim prefix, which libgit2 does not take.
pub(crate) fn real(path: &Path) -> std::io::Result<PathBuf> {
    let path = fs::canonicalize(path)?;
    if cfg!(windows)
        && let Some(plain) = path.to_str().and_then(|text| text.strip_prefix(r"\\?\"))
        && plain.as_bytes().get(1) == Some(&b':')
    {
        return Ok(PathBuf::from(plain));
    }
    Ok(path)
}

/// The first [`SMALL`] bytes of a file.
pub(super) fn small(path: &Path) -> std::io::Result<Vec<u8>> {
    demand_file(path)?;
    let mut bytes = Vec::new();
    fs::File::open(path)?.take(SMALL).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Only regular files are opened: a named pipe would block for ever.
pub(super) fn demand_file(path: &Path) -> std::io::Result<()> {
    if fs::metadata(path)?.is_file() {
        Ok(())
    } else {
        Err(std::io::Error::other("not a regular file"))
    }
}

/// The one path that a file of git's holds, after `prefix`, relative to the file's folder.
fn path_in(file: &Path, prefix: &str) -> Option<PathBuf> {
    let bytes = small(file).ok()?;
    let line = bytes.trim_ascii().strip_prefix(prefix.as_bytes())?;
    let line = line.trim_ascii();
    (!line.is_empty()).then(|| {
        file.parent()
            .unwrap_or(Path::new(""))
            .join(path_of_bytes(line))
    })
}

#[cfg(unix)]
pub(super) fn path_of_bytes(bytes: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStrExt;
    PathBuf::from(std::ffi::OsStr::from_bytes(bytes))
}

#[cfg(not(unix))]
pub(super) fn path_of_bytes(bytes: &[u8]) -> PathBuf {
    PathBuf::from(String::from_utf8_lossy(bytes).into_owned())
}

/// The git directory that a `.git` file points to, as linked worktrees and submodules have one.
fn pointed(dot_git: &Path) -> Result<PathBuf> {
    path_in(dot_git, "gitdir:")
        .and_then(|dir| real(&dir).ok())
        .filter(|dir| is_git_dir(dir))
        .ok_or_else(|| {
            error(
                format!("cannot use {}", dot_git.display()),
                "it points to no git directory\n  hint: `git worktree repair` or `git submodule update --init` mends it; \
                 without the file the folder is scanned as a plain one",
            )
        })
}

/// `commondir` leads from a linked worktree's git directory to the shared one.
fn common_dir(git_dir: &Path) -> PathBuf {
    path_in(&git_dir.join("commondir"), "")
        .and_then(|dir| real(&dir).ok())
        .unwrap_or_else(|| git_dir.to_owned())
}

/// The work tree that a git directory belongs to by its place. `core.worktree` is not asked: it could send the scan anywhere.
fn work_tree_of(git_dir: &Path) -> Option<PathBuf> {
    let dot_git = path_in(&git_dir.join("gitdir"), "")
        .and_then(|path| real(&path).ok())
        .or_else(|| {
            git_dir
                .file_name()
                .is_some_and(|name| name == ".git")
                .then(|| git_dir.to_owned())
        })?;
    dot_git.parent().map(Path::to_owned)
}

/// What git itself demands of one: HEAD, objects and refs.
fn is_git_dir(dir: &Path) -> bool {
    // HEAD may be a symbolic link to a branch that has no commit yet.
    fs::symlink_metadata(dir.join("HEAD")).is_ok_and(|head| !head.is_dir()) && {
        let common = common_dir(dir);
        common.join("objects").is_dir() && common.join("refs").is_dir()
    }
}
