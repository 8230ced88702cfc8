//! The index as libgit2 reads it.

use std::io::ErrorKind;

use git2::Index;

use crate::model::{RelPath, Result};

use super::super::discover::demand_file;
use super::super::{Repository, error};
use super::{Kind, Tracked};

/// Set on entries of `git add -N`: the path is known, its content is not staged.
const INTENT_TO_ADD: u16 = 1 << 13;
/// Set on entries that a sparse checkout leaves out of the work tree.
const SKIP_WORKTREE: u16 = 1 << 14;
const STAGE_MASK: u16 = 0x3000;
const STAGE_SHIFT: u16 = 12;

impl Repository {
    /// Everything in the index, sorted by path and stage. Read once, then kept.
    ///
    /// # Errors
    /// An index that is corrupt or of a form that libgit2 does not read: split, sparse, SHA-256.
    pub fn tracked(&self) -> Result<&[Tracked]> {
        if let Some(tracked) = self.tracked.get() {
            return Ok(tracked);
        }
        self.demand_sha1()?;
        let what = || format!("cannot read {}", self.index_file().display());
        match demand_file(self.index_file()) {
            // A repository in which nothing was ever added.
            Err(e) if e.kind() == ErrorKind::NotFound => {
                return Ok(self.tracked.get_or_init(Vec::new));
            }
            read => read.map_err(|e| error(what(), e))?,
        }
        let index = Index::open(self.index_file()).map_err(|e| {
            let message = e.message();
            let hint = if message.contains("'link'") {
                "\n  hint: the index is split; `git update-index --no-split-index` makes it whole"
            } else if message.contains("'sdir'") {
                "\n  hint: the index is sparse; `git sparse-checkout reapply --no-sparse-index` makes it whole"
            } else {
                ""
            };
            error(what(), format!("{message}{hint}"))
        })?;
        let mut tracked: Vec<_> = index
            .iter()
            .map(|entry| Tracked {
                kind: Kind::of_mode(entry.mode),
                stage: ((entry.flags & STAGE_MASK) >> STAGE_SHIFT) as u8,
                oid: entry.id,
                intent_only: entry.flags_extended & INTENT_TO_ADD != 0,
                left_out: entry.flags_extended & SKIP_WORKTREE != 0,
                path: RelPath::new(entry.path),
            })
            .collect();
        // Git writes it sorted; a forged one may not be, and look-ups rely on the order.
        tracked.sort_unstable();
        Ok(self.tracked.get_or_init(|| tracked))
    }
}
