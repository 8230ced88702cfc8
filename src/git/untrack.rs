//! Takes files out of the index: the one thing that this room writes.
//!
//! By libgit2's index alone, which runs no hook and no filter, asks no fsmonitor and reads no configuration. It holds the index's lock while it
//! writes, as git does.

use std::fs;
use std::path::PathBuf;
use std::time::UNIX_EPOCH;

use git2::Index;

use crate::model::{RelPath, Result};

use super::{Repository, error};

/// The bits of an entry's flags that say which side of a conflict it is.
const STAGE_MASK: u16 = 0x3000;

impl Repository {
    /// Takes `paths` out of the index and leaves them on disk. Gives how many of them were in it.
    ///
    /// # Errors
    /// An index that cannot be read (see [`Repository::tracked`]), that another process has locked, or that cannot be written: it is as it
    /// was then.
    pub fn untrack(&self, paths: &[RelPath]) -> Result<usize> {
        // With its hints, and its refusal of what libgit2 does not read.
        let tracked = self.tracked()?;
        let is_tracked = |path: &&RelPath| {
            let at = tracked.partition_point(|t| t.path < **path);
            tracked.get(at).is_some_and(|t| t.path == **path)
        };
        let paths: Vec<_> = paths.iter().filter(is_tracked).collect();
        if paths.is_empty() {
            return Ok(0);
        }
        let file = self.index_file();
        let fault = |e: git2::Error| error(format!("cannot write {}", file.display()), e.message());
        let written = seconds(file);
        let mut index = Index::open(file).map_err(fault)?;
        for path in &paths {
            index.remove_path(&path_of(path)).map_err(fault)?;
        }
        // Git takes an entry that is as young as the index for one that may have changed since; a younger index would hide that, so such
        // entries are marked to be looked at, as git itself does it.
        let is_young = |entry: &git2::IndexEntry| {
            entry.flags & STAGE_MASK == 0
                && written.is_none_or(|at| i64::from(entry.mtime.seconds()) >= at)
        };
        let young: Vec<_> = index.iter().filter(is_young).collect();
        for mut entry in young {
            entry.file_size = 0;
            index.add(&entry).map_err(fault)?;
        }
        index.write().map_err(fault)?;
        Ok(paths.len())
    }
}

/// When the file was written.
fn seconds(file: &std::path::Path) -> Option<i64> {
    let time = fs::metadata(file).ok()?.modified().ok()?;
    let since = time.duration_since(UNIX_EPOCH).ok()?;
    i64::try_from(since.as_secs()).ok()
}

#[cfg(unix)]
fn path_of(path: &RelPath) -> PathBuf {
    use std::os::unix::ffi::OsStrExt;
    PathBuf::from(std::ffi::OsStr::from_bytes(path.as_bytes()))
}

#[cfg(not(unix))]
fn path_of(path: &RelPath) -> PathBuf {
    PathBuf::from(String::from_utf8_lossy(path.as_bytes()).into_owned())
}
