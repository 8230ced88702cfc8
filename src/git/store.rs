//! Single objects, wherever they lie: in a pack, or in a file of their own.
//!
//! Takes ids, gives bytes. libgit2 could do so too, but goes round in deltas that stand on themselves until the memory is full.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use git2::Oid;

use super::loose;
use super::pack::{Bases, Kind, Single};

/// The objects of a repository and of those that it borrows from. May be asked from many threads.
pub(super) struct Store {
    folders: Vec<PathBuf>,
    packs: Vec<Single>,
    bases: Bases,
    /// The pack that had the last object: it mostly has the next one.
    last: AtomicUsize,
    /// Packs that cannot be used, and why: an object that is found nowhere else may be in one of them.
    broken: Vec<String>,
}

impl Store {
    /// The objects in these folders.
    pub(super) fn open(folders: &[PathBuf]) -> Self {
        let (mut packs, mut broken) = (Vec::new(), Vec::new());
        for index in folders.iter().flat_map(|folder| indices(folder)) {
            match Single::open(&index, packs.len()) {
                Ok(pack) => packs.push(pack),
                Err(e) => broken.push(e.to_string()),
            }
        }
        Self {
            folders: folders.to_owned(),
            packs,
            bases: Bases::default(),
            last: AtomicUsize::new(0),
            broken,
        }
    }

    /// An object; `None` where it is nowhere. Of several copies the first that can be read.
    ///
    /// # Errors
    /// It is there, or may be, and cannot be read.
    pub(super) fn read(&self, oid: Oid) -> Result<Option<(Kind, Vec<u8>)>, String> {
        let mut fault = None;
        let last = self.last.load(Ordering::Relaxed);
        let others = (0..self.packs.len()).filter(|at| *at != last);
        for at in Some(last).into_iter().chain(others) {
            let Some(pack) = self.packs.get(at) else {
                continue;
            };
            if let Some(offset) = pack.find(oid) {
                match pack.read(offset, &self.bases) {
                    Ok(object) => {
                        self.last.store(at, Ordering::Relaxed);
                        return Ok(Some(object));
                    }
                    Err(e) => fault = fault.or(Some(e)),
                }
            }
        }
        let hex = oid.to_string();
        for folder in &self.folders {
            match loose::read(&folder.join(&hex[..2]).join(&hex[2..])) {
                Ok(None) => {}
                Ok(object) => return Ok(object),
                Err(e) => fault = fault.or(Some(e)),
            }
        }
        match fault.or_else(|| self.broken.first().cloned()) {
            Some(fault) => Err(fault),
            None => Ok(None),
        }
    }
}

/// The indices of the packs in a folder of objects, sorted.
pub(super) fn indices(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder.join("pack"));
    let paths = entries.into_iter().flatten().flatten().map(|e| e.path());
    let mut found: Vec<_> = paths
        .filter(|path| path.extension().is_some_and(|e| e == "idx"))
        .collect();
    found.sort();
    found
}
