//! Packs, read by themselves: where each object lies, and all objects of a kind, each made once.
//!
//! Takes the two files of a pack (`*.idx` version 2, `*.pack` version 2), gives objects to a [`Visit`] in the order in which they are
//! cheapest to make: a base before its deltas, each base made once. A visitor is told what a delta copies and what it adds, so that what
//! it knows of the base need not be found again. Formats: git's `gitformat-pack` manual page.
//!
//! Both files are hostile input: every length and offset is checked against what it counts or points into, sizes and the memory that a
//! chain of deltas holds are bounded, and what cannot be read is told to the visitor by its id. Checksums are not verified: who can
//! change a pack can change them, and a scan proves nothing about identity. How much is made of one pack is bounded too. Reads no loose
//! objects, no alternates, no multi-pack index (its packs have indices of their own) and no SHA-256.

mod blocks;
mod budget;
mod delta;
mod entry;
mod forest;
mod index;
mod single;
mod walk;
mod window;

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use git2::Oid;

pub use delta::Op;
#[doc(hidden)]
pub use delta::apply;
pub use entry::Kind;
pub(super) use single::{Bases, Single};
pub use walk::{Object, Visit, Walker};

use super::discover::demand_file;
use crate::model::Result;
use budget::Budget;
use forest::Forest;
use index::Index;

/// Bytes of one object, and of all that one chain of deltas holds at a time. git makes no delta of what is longer than 512 MiB.
const MOST: usize = 512 << 20;
/// A pack's own head, and the checksum at its end.
const HEAD: u64 = 12;
const TRAILER: u64 = 20;

/// Why something of a pack cannot be read: a phrase that follows a colon.
type Fault = &'static str;

/// One pack, its objects found but not read.
pub struct Pack {
    path: PathBuf,
    file: File,
    size: u64,
    index: Index,
    forest: Forest,
    budget: Budget,
}

impl Pack {
    /// Opens the pack whose index is `path`; the pack lies beside it under the same name. Reads the head of every entry.
    ///
    /// # Errors
    /// A file is missing, or is no index or pack of version 2. Entries that make no sense are no error: they are told when they are asked for.
    pub fn open(path: &Path) -> Result<Self> {
        let fault = |file: &Path, message: &dyn std::fmt::Display| {
            super::error(format!("cannot read {}", file.display()), message)
        };
        demand_file(path).map_err(|e| fault(path, &e))?;
        let bytes = fs::read(path).map_err(|e| fault(path, &e))?;
        let length = bytes.len();
        let index = Index::parse(bytes, length).map_err(|e| fault(path, &e))?;
        let path = path.with_extension("pack");
        let (file, size) = demand_pack(&path).map_err(|e| fault(&path, &e))?;
        Ok(Self {
            forest: Forest::grow(&file, size, &index),
            budget: Budget::of(size),
            path,
            file,
            size,
            index,
        })
    }

    /// Lets no more than about so many bytes be made of it, of all objects and deltas together. Without this the bound is one that no pack
    /// of git's meets.
    pub fn bounded(mut self, most: u64) -> Self {
        self.budget = Budget::new(most);
        self
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Bytes of the file.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// How many objects it holds, deltas among them.
    pub fn len(&self) -> usize {
        self.index.len()
    }

    /// Whether it holds none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The place of an object in the index.
    pub fn find(&self, oid: Oid) -> Option<u32> {
        self.index.find(oid.as_bytes())
    }

    /// The id at a place in the index.
    pub fn oid(&self, at: u32) -> Oid {
        self.index.oid(at)
    }

    /// The places of the objects of a kind that are no deltas: what [`Pack::walk`] begins at. In the order of the file.
    pub fn roots(&self, kind: Kind) -> Vec<u32> {
        self.forest.roots(kind)
    }

    /// The objects that no walk reaches: deltas whose base lies in no pack of its own, or that stand on one another in a ring, and entries
    /// that make no sense.
    pub fn strays(&self) -> Vec<Oid> {
        let strays = self.forest.strays();
        strays.into_iter().map(|at| self.index.oid(at)).collect()
    }

    /// Makes the object at each of `roots` and all deltas that stand on it, and shows them to `visit`.
    pub fn walk<V: Visit>(&self, roots: &[u32], visit: &mut V) {
        self.walker().walk(roots, visit);
    }

    /// What makes objects, to be asked many times.
    pub fn walker(&self) -> Walker<'_> {
        Walker::new(self)
    }
}

/// Opens a pack, and tells how long it is.
fn demand_pack(path: &Path) -> std::result::Result<(File, u64), String> {
    demand_file(path).map_err(|e| e.to_string())?;
    let file = File::open(path).map_err(|e| e.to_string())?;
    let size = file.metadata().map_err(|e| e.to_string())?.len();
    let mut head = [0; HEAD as usize];
    read_at(&file, &mut head, 0).map_err(|_| "it is cut short")?;
    if !head.starts_with(b"PACK\0\0\0\x02") {
        return Err("it is no pack of version 2".to_owned());
    }
    Ok((file, size))
}

/// Reads all of `bytes` at `offset`, wherever the file stands.
#[cfg(unix)]
fn read_at(file: &File, bytes: &mut [u8], offset: u64) -> std::io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, bytes, offset)
}

/// Reads all of `bytes` at `offset`.
#[cfg(windows)]
fn read_at(file: &File, bytes: &mut [u8], offset: u64) -> std::io::Result<()> {
    use std::os::windows::fs::FileExt;
    let mut done = 0;
    while done < bytes.len() {
        match file.seek_read(&mut bytes[done..], offset + done as u64)? {
            0 => return Err(std::io::ErrorKind::UnexpectedEof.into()),
            read => done += read,
        }
    }
    Ok(())
}
