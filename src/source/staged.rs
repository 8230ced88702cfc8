//! What the next commit would bring.

use std::io::Cursor;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use crate::git::{Kind, Repository, Tracked, real};
use crate::model::{Blob, Item, Notice, NoticeKind, Origin, RelPath, Result, Standing};

use super::pool::Pool;
use super::walk::SUBMODULE;
use super::{Exclude, Source, bytes_of, excluded};

/// Blobs that a thread takes at once.
const BATCH: usize = 16;

/// The staged blobs, as the index has them; the files on disk are not looked at.
pub struct Staged {
    /// Whose index. Under `git commit -a` and `git commit -- PATH` it has to be opened with `GIT_INDEX_FILE`.
    pub repository: Arc<Repository>,
    /// The files and folders to keep to; all where empty. They need not exist on disk. Relative ones are meant from the
    /// current folder.
    pub paths: Vec<PathBuf>,
    /// What to leave out.
    pub exclude: Exclude,
}

impl Source for Staged {
    fn push(&self, jobs: usize, sink: &(dyn for<'a> Fn(Item<'a>) + Sync)) -> Result<()> {
        let tell = |kind, path: &RelPath, message: &str| {
            sink(Item::Notice(Notice::at(kind, path.clone(), message)));
        };
        let mut staged = self.repository.staged()?;
        if !self.paths.is_empty() {
            let wanted = self.prefixes(&tell)?;
            staged.retain(|entry| wanted.iter().any(|p| is_below(entry.path.as_bytes(), p)));
        }
        if staged.is_empty() {
            sink(Item::Notice(Notice::new(
                NoticeKind::NothingStaged,
                "nothing is staged: `git add` files first",
            )));
        }
        let batches = staged.chunks(BATCH).rev().collect();
        Pool::run(jobs, batches, |batch: &[&Tracked], _| {
            for entry in batch {
                if excluded(&self.exclude, entry.path.as_bytes()) {
                    sink(Item::Excluded(entry.path.clone()));
                    continue;
                }
                match entry.kind {
                    Kind::Submodule => tell(NoticeKind::Submodule, &entry.path, SUBMODULE),
                    Kind::Symlink => tell(
                        NoticeKind::Link,
                        &entry.path,
                        "a symbolic link is staged; it is not followed",
                    ),
                    Kind::File => match self.repository.read(entry.oid) {
                        Ok(bytes) => sink(Item::Blob(Blob {
                            path: entry.path.clone(),
                            origin: Origin::Index,
                            standing: Standing::Tracked,
                            mode: None,
                            version: None,
                            reader: Box::new(Cursor::new(bytes)),
                        })),
                        Err(error) => {
                            tell(NoticeKind::Unreadable, &entry.path, &error.to_string());
                        }
                    },
                }
            }
        });
        Ok(())
    }
}

impl Staged {
    /// The asked-for paths as the index would write them. One that neither the index nor the disk has is told of.
    fn prefixes(&self, tell: &impl Fn(NoticeKind, &RelPath, &str)) -> Result<Vec<Vec<u8>>> {
        let tracked = self.repository.tracked()?;
        let mut prefixes = Vec::new();
        for path in &self.paths {
            match self.inside(path) {
                Some(inside) => {
                    let prefix = bytes_of(&inside);
                    let start = tracked.partition_point(|t| t.path.as_bytes() < prefix.as_slice());
                    // Names like `a.b` sort between `a` and `a/`.
                    let known = tracked[start..]
                        .iter()
                        .take_while(|t| t.path.as_bytes().starts_with(&prefix))
                        .any(|t| is_below(t.path.as_bytes(), &prefix));
                    if !known && !self.repository.root().join(&inside).exists() {
                        let message = "neither the index nor the disk has it";
                        tell(NoticeKind::Missing, &RelPath::new(prefix), message);
                    } else {
                        prefixes.push(prefix);
                    }
                }
                None => tell(
                    NoticeKind::Missing,
                    &RelPath::new(bytes_of(path)),
                    "it lies outside the repository",
                ),
            }
        }
        Ok(prefixes)
    }

    /// A path relative to the work tree's root. It may have gone from disk, so only what exists of it is resolved; its last
    /// part is not, because a tracked link is staged under its own name.
    fn inside(&self, path: &Path) -> Option<PathBuf> {
        let path = normal(&std::path::absolute(path).ok()?);
        let root = self.repository.root();
        let by_parent = path
            .parent()
            .zip(path.file_name())
            .map(|(parent, name)| resolved(parent).join(name));
        by_parent
            .into_iter()
            .chain([resolved(&path)])
            .find_map(|path| path.strip_prefix(root).map(Path::to_owned).ok())
    }
}

/// The longest part of a path that exists, without links, and the rest as it is.
fn resolved(path: &Path) -> PathBuf {
    path.ancestors()
        .find_map(|above| Some(real(above).ok()?.join(path.strip_prefix(above).ok()?)))
        .unwrap_or_else(|| path.to_owned())
}

/// The path with `..` taken back by name, as git does it.
fn normal(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => {
                out.pop();
            }
            Component::CurDir => {}
            _ => out.push(part),
        }
    }
    out
}

/// Whether `path` is `prefix` or lies in it; the empty prefix holds everything.
fn is_below(path: &[u8], prefix: &[u8]) -> bool {
    prefix.is_empty()
        || path
            .strip_prefix(prefix)
            .is_some_and(|rest| rest.is_empty() || rest[0] == b'/')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_ends_where_a_name_ends() {
        assert!(is_below(b"a/b", b"a"));
        assert!(is_below(b"a", b"a"));
        assert!(is_below(b"a", b""));
        assert!(!is_below(b"ab", b"a"));
    }
}
