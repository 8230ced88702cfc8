//! What git would say of a path, whether it exists or not.
//!
//! Takes paths relative to a root, gives their standing and the rule that decides. For checks that ask about names that a
//! repository should ignore; a walk, which meets every path once and from the root down, carries its rules along instead
//! (see [`Rules`]). Other repositories inside the root are not told apart: their paths are judged by the rules of this one.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use crate::model::{RelPath, Standing};

#[cfg(feature = "git")]
use super::Oid;
use super::discover::path_of_bytes;
use super::ignore::{self, linkless};
use super::index::since;
use super::{Kind, Repository, Rules, Tracked};

/// No file system opens a longer path, but a forged index may name one, made to have endless folders.
const LONGEST: usize = 4096;

/// The ignore rules of a root, read when they are asked for and then kept.
pub struct Ignores {
    from: From,
    repository: Option<Arc<Repository>>,
    /// The rules of this machine.
    here: Option<Arc<Rules>>,
    folders: Mutex<Known>,
}

/// Rules that are kept because the next path is mostly a neighbour.
#[derive(Default)]
struct Known {
    folders: HashMap<Box<[u8]>, Folder>,
    /// Bytes of the `.gitignore` files that they were made of: as rules these take a hundred times as much.
    bytes: usize,
}

/// `.gitignore` files of more bytes together are forgotten and read again.
const MOST_BYTES: usize = 512 << 10;

/// Where the `.gitignore` files lie.
enum From {
    Disk(PathBuf),
    #[cfg(feature = "git")]
    Index(Arc<Repository>),
    /// In the tree of this commit.
    #[cfg(feature = "git")]
    Commit(Arc<Repository>, Oid),
}

impl From {
    /// Whether nothing counts as tracked.
    fn has_no_index(&self) -> bool {
        match self {
            Self::Disk(_) => false,
            #[cfg(feature = "git")]
            Self::Index(_) => false,
            #[cfg(feature = "git")]
            Self::Commit(..) => true,
        }
    }
}

/// What holds in a folder.
#[derive(Clone)]
struct Folder {
    rules: Option<Arc<Rules>>,
    standing: Standing,
    /// What decided that the folder is ignored.
    decision: Option<Decision>,
}

/// The rule that decided about a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// The file that it stands in: relative to the root, absolute where it lies elsewhere.
    pub file: RelPath,
    /// Its line, from 1 on.
    pub line: usize,
    /// The line itself, without the blanks at its end that git cuts off. With a `!` at its start it says that the path is not
    /// ignored.
    pub pattern: String,
}

impl Ignores {
    /// By the `.gitignore` files of the work tree, tracked or not, and this machine's own rules.
    pub fn of_worktree(repository: Arc<Repository>) -> Self {
        let from = From::Disk(repository.root().to_owned());
        Self::new(from, Some(repository))
    }

    /// By the `.gitignore` files as they are staged, and this machine's own rules: what the next commit will say.
    #[cfg(feature = "git")]
    pub fn of_index(repository: Arc<Repository>) -> Self {
        Self::new(From::Index(repository.clone()), Some(repository))
    }

    /// By the `.gitignore` files of a commit, and this machine's own rules. Which files the commit holds is not asked: nothing counts as
    /// tracked.
    #[cfg(feature = "git")]
    pub fn of_commit(repository: Arc<Repository>, commit: Oid) -> Self {
        Self::new(From::Commit(repository.clone(), commit), Some(repository))
    }

    /// By the `.gitignore` files of a folder that is in no repository: what git would say if it became one. Nothing is tracked
    /// there, and this machine's own rules are not asked.
    pub fn of_folder(root: &Path) -> Self {
        Self::new(From::Disk(root.to_owned()), None)
    }

    fn new(from: From, repository: Option<Arc<Repository>>) -> Self {
        let no_index = from.has_no_index();
        Self {
            from,
            here: repository.as_deref().and_then(Rules::of),
            // An index that cannot be read would be read again at each question.
            repository: repository.filter(|r| no_index || r.tracked().is_ok()),
            folders: Mutex::default(),
        }
    }

    /// What the ignore rules say of a path relative to the root: [`Standing::Ignored`], [`Standing::IgnoredHere`] or
    /// [`Standing::Untracked`]. Whether it is tracked all the same says [`tracks`](Self::tracks). A path that is longer than
    /// any file's counts as not ignored.
    pub fn standing(&self, path: &RelPath, is_dir: bool) -> Standing {
        let bytes = path.as_bytes();
        if bytes.len() > LONGEST {
            return Standing::Untracked;
        }
        let folder = self.folder(parent(bytes));
        let path = path_of_bytes(bytes);
        Rules::standing(folder.rules.as_deref(), folder.standing, &path, is_dir)
    }

    /// The rule by which [`standing`](Self::standing) says what it says, of a folder above if that one is ignored; `None` where
    /// no rule is about the path.
    pub fn decided_by(&self, path: &RelPath, is_dir: bool) -> Option<Decision> {
        let bytes = path.as_bytes();
        if bytes.len() > LONGEST {
            return None;
        }
        let folder = self.folder(parent(bytes));
        self.decision(&folder, &path_of_bytes(bytes), is_dir)
    }

    /// Whether the index has a file at this path, relative to the root. Nothing is tracked where the index cannot be read.
    pub fn tracks(&self, path: &[u8]) -> bool {
        since(self.entries(), path)
            .first()
            .is_some_and(|t| t.path.as_bytes() == path)
    }

    /// The regular files of the index, sorted; without those that a merge left in conflict.
    pub fn tracked(&self) -> impl Iterator<Item = &RelPath> {
        let files = self.entries().iter().filter(|t| is_whole(t));
        files.map(|t| &t.path)
    }

    fn entries(&self) -> &[Tracked] {
        if self.from.has_no_index() {
            return &[];
        }
        let read = self.repository.as_deref().map(Repository::tracked);
        read.and_then(Result::ok).unwrap_or_default()
    }

    /// What holds in a folder, from the root down.
    fn folder(&self, path: &[u8]) -> Folder {
        let mut known = self.folders.lock().unwrap_or_else(PoisonError::into_inner);
        if known.bytes > MOST_BYTES {
            *known = Known::default();
        }
        let Known { folders, bytes } = &mut *known;
        let mut here = folders
            .entry(Box::default())
            .or_insert_with(|| {
                let text = self.text(b"");
                *bytes += text.len();
                Folder {
                    rules: Rules::of_text(Path::new(""), text, self.here.clone()),
                    standing: Standing::Untracked,
                    decision: None,
                }
            })
            .clone();
        if path.is_empty() {
            return here;
        }
        let slashes = path.iter().enumerate().filter(|(_, b)| **b == b'/');
        for end in slashes.map(|(at, _)| at).chain([path.len()]) {
            let folder = &path[..end];
            if let Some(known) = folders.get(folder) {
                here = known.clone();
            } else {
                here = self.below(here, folder, bytes);
                folders.insert(folder.into(), here.clone());
            }
        }
        here
    }

    fn below(&self, outer: Folder, folder: &[u8], bytes: &mut usize) -> Folder {
        let path = path_of_bytes(folder);
        let standing = Rules::standing(outer.rules.as_deref(), outer.standing, &path, true);
        let decision = if standing.is_ignored() {
            self.decision(&outer, &path, true)
        } else {
            None
        };
        let rules = if standing == Standing::Ignored {
            outer.rules
        } else {
            let text = self.text(folder);
            *bytes += text.len();
            Rules::of_text(&path, text, outer.rules)
        };
        Folder {
            rules,
            standing,
            decision,
        }
    }

    /// The rule that decides about a path in this folder.
    fn decision(&self, folder: &Folder, path: &Path, is_dir: bool) -> Option<Decision> {
        let shared = folder.standing == Standing::IgnoredHere;
        let own = match folder.standing {
            Standing::Ignored => None,
            _ => (folder.rules.as_deref())
                .and_then(|rules| rules.decision(shared, path, is_dir))
                // Nothing is taken back in a folder that is ignored.
                .filter(|own| !(shared && own.pattern.starts_with('!'))),
        };
        match own {
            Some(own) => Some(self.named(&own)),
            None => folder.decision.clone(),
        }
    }

    fn named(&self, own: &ignore::Decision<'_>) -> Decision {
        let root = self.repository.as_ref().map_or(Path::new(""), |r| r.root());
        let file = own.file.strip_prefix(root).unwrap_or(own.file);
        let bytes = file.as_os_str().as_encoded_bytes();
        Decision {
            file: if cfg!(windows) {
                let slashed = bytes.iter().map(|&b| if b == b'\\' { b'/' } else { b });
                RelPath::new(slashed.collect::<Vec<u8>>())
            } else {
                RelPath::new(bytes)
            },
            line: own.line,
            pattern: own.pattern.clone(),
        }
    }

    /// The text of a folder's own `.gitignore`.
    fn text(&self, folder: &[u8]) -> Vec<u8> {
        let mut path = folder.to_vec();
        if !path.is_empty() {
            path.push(b'/');
        }
        path.extend(b".gitignore");
        match &self.from {
            From::Disk(root) => linkless(&root.join(path_of_bytes(&path))),
            #[cfg(feature = "git")]
            From::Index(repository) => since(self.entries(), &path)
                .first()
                .filter(|t| t.path.as_bytes() == path && is_whole(t))
                .and_then(|t| repository.read(t.oid).ok())
                .unwrap_or_default(),
            #[cfg(feature = "git")]
            // A folder that cannot be read is told by whoever reads the files in it.
            From::Commit(repository, commit) => {
                let found = repository.file_at(*commit, &path).ok().flatten();
                found
                    .filter(|(_, kind)| *kind == Kind::File)
                    .and_then(|(oid, _)| repository.read(oid).ok())
                    .unwrap_or_default()
            }
        }
    }
}

/// Whether an entry is a regular file that no merge left in conflict.
fn is_whole(entry: &Tracked) -> bool {
    entry.kind == Kind::File && entry.stage == 0
}

/// The folder that a path lies in; empty for the root.
fn parent(path: &[u8]) -> &[u8] {
    let path = path.strip_suffix(b"/").unwrap_or(path);
    &path[..path.iter().rposition(|&b| b == b'/').unwrap_or(0)]
}
