//! What a commit would change: index against HEAD.
//!
//! Not libgit2's diff: that one compares paths without case where the repository's configuration says so, and a change
//! could hide there.

use std::rc::Rc;

use git2::{ObjectType, Oid};

use crate::model::Result;

use super::objects::entries;
use super::{Kind, Repository, Tracked};

impl Repository {
    /// The entries whose content or type HEAD does not have at that path: added, modified, renamed, changed in type, all
    /// versions of a conflict but ours. Everything where HEAD has no commit yet. A changed mode alone brings no content and
    /// is left out, as are deletions and paths that were only announced (`git add -N`).
    ///
    /// # Errors
    /// Index, HEAD or one of HEAD's trees cannot be read.
    pub fn staged(&self) -> Result<Vec<&Tracked>> {
        let tracked = self.tracked()?;
        let mut known = vec![false; tracked.len()];
        if let Some(commit) = self.head()? {
            let files: Vec<File> = tracked
                .iter()
                .map(|entry| (entry.path.as_bytes(), entry.oid, entry.kind))
                .collect();
            mark_known(self.tree_of(commit)?, &files, &mut known, |oid| {
                Ok(self.object(oid, ObjectType::Tree)?.into())
            })?;
        }
        Ok(tracked
            .iter()
            .zip(known)
            .filter(|(entry, known)| !known && !entry.intent_only)
            .map(|(entry, _)| entry)
            .collect())
    }
}

/// A path, and what is there.
pub(super) type File<'a> = (&'a [u8], Oid, Kind);

/// Marks the files that the tree has too; they are sorted by path, which may be there more than once. Goes only into folders that some of
/// them lie in, so that a tree made to be endless costs no more than the list is long. `read` gives the bytes of a tree.
pub(super) fn mark_known(
    root: Oid,
    files: &[File],
    known: &mut [bool],
    mut read: impl FnMut(Oid) -> Result<Rc<[u8]>>,
) -> Result<()> {
    let mut folders = vec![(Vec::new(), root, 0..files.len())];
    while let Some((prefix, oid, range)) = folders.pop() {
        let tree = read(oid)?;
        let inside = &files[range.clone()];
        for entry in entries(&tree) {
            let mut path: Vec<u8> = prefix.clone();
            path.extend_from_slice(entry.name);
            if entry.kind.is_none() {
                path.push(b'/');
            }
            let start = inside.partition_point(|(file, ..)| *file < path.as_slice());
            let count = inside[start..].partition_point(|(file, ..)| match entry.kind {
                None => file.starts_with(&path),
                Some(_) => *file == path,
            });
            let found = range.start + start..range.start + start + count;
            match entry.kind {
                None if !found.is_empty() => folders.push((path, entry.oid, found)),
                None => {}
                Some(kind) => {
                    for at in found {
                        known[at] = (files[at].1, files[at].2) == (entry.oid, kind);
                    }
                }
            }
        }
    }
    Ok(())
}
