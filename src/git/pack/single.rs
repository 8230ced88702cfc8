//! One object by its id, without a look at the rest of its pack: its entry, and those that it stands on.
//!
//! Nothing is read beforehand, so that a few objects of a large repository cost no more than themselves. Deltas that stand on themselves,
//! by way of others or because two entries have one id, come to an end at the length that git gives no chain.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use foldhash::HashMap;
use git2::Oid;
use libdeflater::{DecompressionError, Decompressor};

use super::budget::Budget;
use super::entry::{self, Kind, Stands};
use super::index::{Index, Source};
use super::{Fault, HEAD, MOST, TRAILER, delta, demand_pack, read_at};
use crate::git::discover::demand_file;

/// Deltas on one another: git keeps the number in 12 bits.
const DEEPEST: usize = 4095;
/// What is read of an entry at first. Most are not longer.
const PAGE: usize = 4 << 10;
/// What deflate adds to bytes that it cannot make shorter, and more.
const SLACK: usize = 64 << 10;
/// An index that is no longer is read as a whole: so repositories of very many small packs need few open files.
const SHORT: u64 = 256 << 10;
/// Bytes of bases that are kept, and of one that is.
const KEPT: usize = 32 << 20;
const LONG: usize = 1 << 20;

/// A pack that is asked for single objects, from many threads.
pub struct Single {
    /// Among those that share [`Bases`].
    number: usize,
    path: PathBuf,
    index: Index<Bytes>,
    entries: OnceLock<Entries>,
}

/// The bytes of an index.
enum Bytes {
    Read(Vec<u8>),
    Lying(File),
}

impl Source for Bytes {
    fn part<const N: usize>(&self, at: usize) -> Option<[u8; N]> {
        match self {
            Self::Read(bytes) => bytes.part(at),
            Self::Lying(file) => {
                let mut part = [0; N];
                read_at(file, &mut part, at as u64).ok().map(|()| part)
            }
        }
    }
}

impl Single {
    /// Opens the pack whose index is `path`; the pack lies beside it under the same name, and is opened when an object of it is asked for.
    /// Packs that share [`Bases`] have a `number` each.
    ///
    /// # Errors
    /// The index is missing or none of version 2.
    pub fn open(path: &Path, number: usize) -> crate::model::Result<Self> {
        let fault = |message: &dyn std::fmt::Display| {
            crate::git::error(format!("cannot read {}", path.display()), message)
        };
        demand_file(path).map_err(|e| fault(&e))?;
        let file = File::open(path).map_err(|e| fault(&e))?;
        let length = file.metadata().map_err(|e| fault(&e))?.len();
        let bytes = if length > SHORT {
            Bytes::Lying(file)
        } else {
            Bytes::Read(fs::read(path).map_err(|e| fault(&e))?)
        };
        let length = match &bytes {
            Bytes::Read(bytes) => bytes.len(),
            Bytes::Lying(_) => usize::try_from(length).unwrap_or(usize::MAX),
        };
        Ok(Self {
            number,
            path: path.with_extension("pack"),
            index: Index::parse(bytes, length).map_err(|e| fault(&e))?,
            entries: OnceLock::new(),
        })
    }

    /// Where an object lies, if this pack has it.
    pub fn find(&self, oid: Oid) -> Option<u64> {
        self.offset(oid.as_bytes())
    }

    /// Makes the object that lies at `offset`, with bases of `known` where they are there.
    ///
    /// # Errors
    /// The pack cannot be read, or an entry on the way makes no sense.
    pub fn read(&self, offset: u64, known: &Bases) -> Result<(Kind, Vec<u8>), String> {
        let entries = self.entries()?;
        let made = self.make(entries, offset, known);
        made.map(|(kind, data)| (kind, Arc::unwrap_or_clone(data)))
            .map_err(str::to_owned)
    }

    fn make(&self, entries: &Entries, mut offset: u64, known: &Bases) -> Result<Made, Fault> {
        let mut inflater = Decompressor::new();
        let mut deltas = Vec::new();
        let mut held = 0;
        let (kind, mut data) = loop {
            if let Some(base) = known.find(self, offset) {
                break base;
            }
            if deltas.len() > DEEPEST {
                return Err("its chain of deltas has no end");
            }
            let (under, bytes) = self.entry(entries, offset, &mut inflater)?;
            held += bytes.len();
            if held > MOST {
                return Err("its chain of deltas takes too much memory");
            }
            match under {
                Under::Nothing(kind) => {
                    let data = Arc::new(bytes);
                    if !deltas.is_empty() {
                        known.keep(self, offset, kind, &data);
                    }
                    break (kind, data);
                }
                Under::Entry(base) => {
                    deltas.push((offset, bytes));
                    offset = base;
                }
            }
        };
        let mut ops = Vec::new();
        while let Some((offset, delta)) = deltas.pop() {
            let mut made = Vec::new();
            delta::apply(&data, &delta, &mut made, &mut ops)?;
            entries.budget.spend(made.len())?;
            data = Arc::new(made);
            known.keep(self, offset, kind, &data);
        }
        Ok((kind, data))
    }

    /// Inflates the entry at `offset`, and tells what it stands on.
    fn entry(
        &self,
        entries: &Entries,
        offset: u64,
        inflater: &mut Decompressor,
    ) -> Result<(Under, Vec<u8>), Fault> {
        let rest = entries.end.checked_sub(offset).filter(|_| offset >= HEAD);
        let rest = rest.ok_or("it lies outside of its pack")?;
        let rest = usize::try_from(rest).unwrap_or(usize::MAX);
        // Each read takes a call of the system, which a chain of empty deltas must pay for too.
        entries.budget.spend(PAGE)?;
        let mut packed = Vec::new();
        let mut length = PAGE.min(rest);
        loop {
            packed.resize(length, 0);
            read_at(&entries.file, &mut packed, offset).map_err(|_| "it cannot be read")?;
            let head = entry::head(&packed)?;
            let size = usize::try_from(head.size).unwrap_or(usize::MAX);
            if size > MOST {
                return Err("it is too long");
            }
            let most = rest.min(head.length + size + size / 8 + SLACK);
            // A size that its bytes cannot reach must not take memory: deflate makes at most 1,032 of one.
            if size / 1032 > most {
                return Err("it says that it is longer than it can be");
            }
            let likely = most.min(head.length + size / 4);
            if length >= likely {
                let mut into = vec![0; size];
                match inflater.zlib_decompress(&packed[head.length..], &mut into) {
                    Ok(made) if made == size => {
                        entries.budget.spend(size)?;
                        return Ok((self.under(head.stands, offset)?, into));
                    }
                    // Its end may not be read yet.
                    Err(DecompressionError::BadData) if length < most => {}
                    _ => return Err("it does not inflate"),
                }
            }
            length = likely.max(4 * length).min(most);
        }
    }

    fn under(&self, stands: Stands<'_>, offset: u64) -> Result<Under, Fault> {
        let base = match stands {
            Stands::Whole(kind) => return Ok(Under::Nothing(kind)),
            Stands::OnOffset(back) => offset.checked_sub(back),
            Stands::OnId(id) => self.offset(id),
        };
        base.map(Under::Entry).ok_or("its base is not in its pack")
    }

    fn offset(&self, id: &[u8]) -> Option<u64> {
        let place = self.index.find(id)?;
        self.index.offset(place as usize)
    }

    fn entries(&self) -> Result<&Entries, String> {
        if let Some(entries) = self.entries.get() {
            return Ok(entries);
        }
        let opened = Entries::open(&self.path);
        let opened = opened.map_err(|e| format!("cannot read {}: {e}", self.path.display()))?;
        Ok(self.entries.get_or_init(|| opened))
    }
}

/// An object, shared with those who keep it as a base.
type Made = (Kind, Arc<Vec<u8>>);

/// What an entry stands on.
enum Under {
    Nothing(Kind),
    /// The entry at this offset.
    Entry(u64),
}

/// The file of a pack.
struct Entries {
    file: File,
    /// Where the last ends.
    end: u64,
    budget: Budget,
}

impl Entries {
    fn open(path: &Path) -> Result<Self, String> {
        let (file, size) = demand_pack(path)?;
        Ok(Self {
            file,
            end: size.saturating_sub(TRAILER),
            budget: Budget::of(size),
        })
    }
}

/// Objects that others stand on, kept for a while: what is asked for next stands mostly on the same.
#[derive(Default)]
pub struct Bases(Mutex<Kept>);

#[derive(Default)]
struct Kept {
    /// By pack and offset.
    objects: HashMap<(usize, u64), Made>,
    bytes: usize,
}

impl Bases {
    fn find(&self, pack: &Single, offset: u64) -> Option<Made> {
        self.kept().objects.get(&(pack.number, offset)).cloned()
    }

    fn keep(&self, pack: &Single, offset: u64, kind: Kind, data: &Arc<Vec<u8>>) {
        if data.len() > LONG {
            return;
        }
        let mut kept = self.kept();
        if kept.bytes > KEPT {
            *kept = Kept::default();
        }
        // What is empty takes room too.
        kept.bytes += data.len() + 128;
        kept.objects
            .insert((pack.number, offset), (kind, Arc::clone(data)));
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
