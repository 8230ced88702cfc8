//! One folder after the other: what is in it, and what becomes of each entry.
//!
//! One pass sees visible and ignored files alike, so that the few ignored ones that matter cost no second walk. No path is
//! resolved and nothing is asked of the system per file but to open it.

use std::collections::HashSet;
use std::ffi::OsString;
use std::fs::{self, FileType};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::git::{Rules, real};
use crate::model::{Blob, Item, Notice, NoticeKind, Origin, RelPath, Standing};

use super::ground::Ground;
use super::pool::Pool;
use super::{Worktree, reason};

/// Files that are handed to another thread at once: few enough to share a large folder, many enough to pay for the lock.
const BATCH: usize = 16;

/// Ignored folders that hold what tools fetched or computed: nobody's own credentials, and very many files.
const FETCHED: &[&str] = &[
    "node_modules",
    "bower_components",
    "jspm_packages",
    "target",
    ".venv",
    "venv",
    "site-packages",
    "__pycache__",
    ".tox",
    ".nox",
    ".mypy_cache",
    ".pytest_cache",
    ".ruff_cache",
    ".gradle",
    ".pnpm-store",
    "Pods",
    "DerivedData",
    ".hg",
    ".svn",
    ".jj",
];

/// Why a folder is entered.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Stance {
    /// Git does not ignore it.
    Visible,
    /// Git ignores it, the user named it: everything in it is read.
    Asked,
    /// Git ignores it, and some of its files are read all the same.
    Ignored,
    /// Git ignores it, and its tracked files alone are read.
    Tracked,
}

/// A folder to read.
pub(super) struct Folder {
    pub(super) path: PathBuf,
    /// Its path from the scan's root on, with a closing `/`; empty for the root.
    pub(super) rel: Vec<u8>,
    /// Its path from the repository's root on, likewise.
    pub(super) key: Vec<u8>,
    pub(super) ground: Option<Arc<Ground>>,
    /// The rules that hold around it; its own are read with it.
    pub(super) rules: Option<Arc<Rules>>,
    /// What git says of the folder; [`Standing::Untracked`] where it is not ignored, [`Standing::Unversioned`] where no
    /// repository is around it.
    pub(super) standing: Standing,
    pub(super) stance: Stance,
    pub(super) excluded: bool,
}

/// A file to read.
pub(super) struct File {
    pub(super) path: PathBuf,
    pub(super) rel: RelPath,
    pub(super) standing: Standing,
}

pub(super) enum Job {
    Folder(Box<Folder>),
    Files(Vec<File>),
}

/// What all jobs share.
pub(super) struct Walk<'s> {
    pub(super) source: &'s Worktree,
    /// The source's root without links.
    pub(super) root: &'s Path,
    /// The paths that have a job of their own, where they are several.
    pub(super) asked: HashSet<PathBuf>,
    pub(super) sink: &'s (dyn for<'a> Fn(Item<'a>) + Sync),
}

impl Walk<'_> {
    /// Does a job; what it leads to is done now or added to the pool.
    pub(super) fn run(&self, job: Job, pool: &Pool<Job>) {
        match job {
            Job::Folder(folder) => self.enter(*folder, pool),
            Job::Files(files) => files.into_iter().for_each(|file| self.open(file)),
        }
    }

    fn enter(&self, mut folder: Folder, pool: &Pool<Job>) {
        let entries = self.list(&mut folder);
        let mut folders = Vec::new();
        let mut files = Vec::new();
        let (mut rel, mut key) = (folder.rel.clone(), folder.key.clone());
        for (name, kind) in entries {
            rel.truncate(folder.rel.len());
            key.truncate(folder.key.len());
            extend(&mut rel, &name);
            extend(&mut key, &name);
            let path = folder.path.join(&name);
            if self.asked.contains(&path) {
                continue;
            }
            if kind.is_dir() {
                folders.extend(self.subfolder(&folder, path, &name, &rel, &key));
            } else if let Some(standing) = self.wanted(&folder, &path, &rel, &key) {
                let rel = RelPath::new(&rel[..]);
                if folder.excluded || self.excludes(rel.as_bytes()) {
                    (self.sink)(Item::Excluded(rel));
                } else if kind.is_file() {
                    files.push(File {
                        path,
                        rel,
                        standing,
                    });
                } else if kind.is_symlink() {
                    self.link(&path, rel);
                } else {
                    let message = format!("{} is not opened", special(kind));
                    self.tell(NoticeKind::Link, rel, message);
                }
            }
        }
        // The folders first, so that the files lie above them on the stack: a folder is done before the walk goes deeper.
        pool.add(folders.into_iter().map(|f| Job::Folder(Box::new(f))));
        while files.len() > BATCH {
            let batch = files.split_off(files.len() - BATCH);
            pool.add([Job::Files(batch)]);
        }
        files.into_iter().for_each(|file| self.open(file));
    }

    /// The entries of a folder but `.git`; brings the folder's rules up to date with what is in it.
    fn list(&self, folder: &mut Folder) -> Vec<(OsString, FileType)> {
        let mut entries = Vec::new();
        let (mut has_git, mut has_rules) = (false, false);
        let mut problem = None;
        match fs::read_dir(&folder.path) {
            Ok(listing) => {
                for entry in listing {
                    match entry.and_then(|e| e.file_type().map(|kind| (e.file_name(), kind))) {
                        Ok((name, _)) if name == ".git" => has_git = true,
                        Ok((name, kind)) => {
                            has_rules |= name == ".gitignore";
                            entries.push((name, kind));
                        }
                        Err(error) => problem = Some(error),
                    }
                }
            }
            Err(error) => problem = Some(error),
        }
        if let Some(error) = problem {
            let path = folder.rel.strip_suffix(b"/").unwrap_or(&folder.rel);
            let path = RelPath::new(path);
            if folder.excluded {
                (self.sink)(Item::Excluded(path));
            } else {
                let message = format!("the folder cannot be read: {}", reason(&error));
                self.tell(NoticeKind::Unreadable, path, message);
            }
        }
        if folder.stance == Stance::Visible {
            let is_root = |ground: &Arc<Ground>| ground.root() == folder.path;
            if has_git
                && !folder.ground.as_ref().is_some_and(is_root)
                && let Some(ground) = Ground::at(&folder.path)
            {
                let at = folder.rel.strip_suffix(b"/").unwrap_or(&folder.rel);
                let problem = ground.notice(at.to_owned()).into_iter();
                let told = problem.chain(ground.absent(at, b""));
                told.for_each(|notice| (self.sink)(Item::Notice(notice)));
                folder.key.clear();
                folder.rules = ground.rules.clone();
                folder.standing = Standing::Untracked;
                folder.ground = Some(Arc::new(ground));
            }
        }
        // Below a rule that ignores for all nothing is taken back; below one of this machine others may ignore more.
        if has_rules && folder.ground.is_some() && folder.standing != Standing::Ignored {
            folder.rules = Rules::within(&folder.path, folder.rules.take());
        }
        entries
    }

    /// The folder to enter, or `None` where it is left out.
    fn subfolder(
        &self,
        outer: &Folder,
        path: PathBuf,
        name: &OsString,
        rel: &[u8],
        key: &[u8],
    ) -> Option<Folder> {
        let ground = outer.ground.as_deref();
        if ground.is_some_and(|g| g.is_submodule(key)) {
            // Those that are not there were counted.
            if fs::symlink_metadata(path.join(".git")).is_ok() {
                self.tell(NoticeKind::Submodule, RelPath::new(rel), SUBMODULE);
            }
            return None;
        }
        let key = [key, b"/"].concat();
        let standing = by_rules(outer, &path, true);
        let stance = match outer.stance {
            Stance::Asked => Stance::Asked,
            Stance::Visible if !standing.is_ignored() => Stance::Visible,
            _ if self.source.read_ignored => Stance::Ignored,
            Stance::Visible | Stance::Ignored if !is_fetched(outer, name) => Stance::Ignored,
            _ if ground.is_some_and(|g| g.tracks_below(&key)) => Stance::Tracked,
            _ => return None,
        };
        Some(Folder {
            excluded: outer.excluded || self.excludes(rel),
            path,
            rel: [rel, b"/"].concat(),
            key,
            ground: outer.ground.clone(),
            rules: outer.rules.clone(),
            standing,
            stance,
        })
    }

    /// What git says of an entry that is no folder; `None` where it is not to be read.
    fn wanted(&self, folder: &Folder, path: &Path, rel: &[u8], key: &[u8]) -> Option<Standing> {
        let by_rules = by_rules(folder, path, false);
        let standing = match &folder.ground {
            Some(ground) => ground.standing(key, by_rules),
            None => by_rules,
        };
        let read = match folder.stance {
            _ if !standing.is_ignored() => true,
            Stance::Asked => true,
            Stance::Tracked => false,
            Stance::Visible | Stance::Ignored => {
                self.source.read_ignored || (self.source.ignored_but_read)(&RelPath::new(rel))
            }
        };
        read.then_some(standing)
    }

    fn open(&self, file: File) {
        match fs::File::open(&file.path) {
            Ok(reader) => (self.sink)(Item::Blob(Blob {
                mode: if (self.source.ignored_but_read)(&file.rel) {
                    mode_of(&reader)
                } else {
                    None
                },
                path: file.rel,
                origin: Origin::Worktree,
                standing: file.standing,
                version: None,
                reader: Box::new(reader),
            })),
            Err(error) => {
                let message = match error.kind() {
                    ErrorKind::NotFound => "it vanished while the tree was being read".to_owned(),
                    _ => format!("cannot be opened: {}", reason(&error)),
                };
                self.tell(NoticeKind::Unreadable, file.rel, message);
            }
        }
    }

    /// Tells of a link unless its target is inside the root, where it is read under its own name.
    fn link(&self, path: &Path, rel: RelPath) {
        let message = match real(path) {
            Ok(target) if target.starts_with(self.root) => return,
            Ok(_) => "a symbolic link that leads out of the tree is not followed".to_owned(),
            Err(error) => format!("a symbolic link leads nowhere: {}", reason(&error)),
        };
        self.tell(NoticeKind::Link, rel, message);
    }

    fn excludes(&self, rel: &[u8]) -> bool {
        (self.source.exclude)(rel)
    }

    fn tell(&self, kind: NoticeKind, path: RelPath, message: impl Into<String>) {
        (self.sink)(Item::Notice(Notice::at(kind, path, message)));
    }
}

/// What is told of every submodule.
pub(super) const SUBMODULE: &str = "a repository of its own: run `keyward scan` on it";

fn extend(path: &mut Vec<u8>, name: &OsString) {
    path.extend_from_slice(name.as_encoded_bytes());
}

/// What the ignore rules say of an entry of this folder.
fn by_rules(folder: &Folder, path: &Path, is_dir: bool) -> Standing {
    match folder.standing {
        Standing::Unversioned => Standing::Unversioned,
        standing => Rules::standing(folder.rules.as_deref(), standing, path, is_dir),
    }
}

/// The permission bits of an open file.
#[cfg(unix)]
fn mode_of(file: &fs::File) -> Option<u32> {
    use std::os::unix::fs::PermissionsExt;
    let meta = file.metadata().ok()?;
    Some(meta.permissions().mode() & 0o7777)
}

/// The permission bits of an open file.
#[cfg(not(unix))]
fn mode_of(_: &fs::File) -> Option<u32> {
    None
}

fn is_fetched(outer: &Folder, name: &OsString) -> bool {
    FETCHED.iter().any(|fetched| name == fetched)
        || (name == "bundle" && (outer.rel == b"vendor/" || outer.rel.ends_with(b"/vendor/")))
}

/// What an entry is that is neither file, folder nor link.
#[cfg(unix)]
pub(super) fn special(kind: FileType) -> &'static str {
    use std::os::unix::fs::FileTypeExt;
    if kind.is_fifo() {
        "a named pipe"
    } else if kind.is_socket() {
        "a socket"
    } else {
        "a device"
    }
}

/// What an entry is that is neither file, folder nor link.
#[cfg(not(unix))]
pub(super) fn special(_: FileType) -> &'static str {
    "a special file"
}
