//! What a commit would change: index against HEAD.
//!
//! Not libgit2's diff: that one compares paths without case where the repository's configuration says so, and a change
//! could hide there.

use git2::{ObjectType, Oid};

use crate::model::Result;

use super::objects::entries;
use super::{Repository, Tracked};

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
            self.mark_known(self.tree_of(commit)?, tracked, &mut known)?;
        }
        Ok(tracked
            .iter()
            .zip(known)
            .filter(|(entry, known)| !known && !entry.intent_only)
            .map(|(entry, _)| entry)
            .collect())
    }

    /// Marks the entries that the tree has too. Goes only into folders that the index has, so that a tree made to be endless
    /// costs no more than the index is long.
    fn mark_known(&self, root: Oid, tracked: &[Tracked], known: &mut [bool]) -> Result<()> {
        let mut folders = vec![(Vec::new(), root, 0..tracked.len())];
        while let Some((prefix, oid, range)) = folders.pop() {
            let tree = self.object(oid, ObjectType::Tree)?;
            let inside = &tracked[range.clone()];
            for entry in entries(&tree) {
                let mut path: Vec<u8> = prefix.clone();
                path.extend_from_slice(entry.name);
                if entry.kind.is_none() {
                    path.push(b'/');
                }
                let start = inside.partition_point(|t| t.path.as_bytes() < path.as_slice());
                let count = inside[start..]
                    .iter()
                    .take_while(|t| match entry.kind {
                        None => t.path.as_bytes().starts_with(&path),
                        Some(_) => t.path.as_bytes() == path,
                    })
                    .count();
                let found = range.start + start..range.start + start + count;
                match entry.kind {
                    None if !found.is_empty() => folders.push((path, entry.oid, found)),
                    None => {}
                    Some(kind) => {
                        for at in found {
                            known[at] = tracked[at].oid == entry.oid && tracked[at].kind == kind;
                        }
                    }
                }
            }
        }
        Ok(())
    }
}
