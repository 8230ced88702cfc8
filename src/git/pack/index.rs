//! `*.idx`, version 2: the ids of a pack's objects, sorted, and where each lies.

use git2::Oid;

use super::Fault;

const MAGIC: &[u8; 8] = b"\xfftOc\0\0\0\x02";
/// How many ids begin with no greater byte, for each byte.
const FANOUT: usize = 256 * 4;
/// An id. Packs of SHA-256 repositories have longer ones, and are told by their index's length.
const ID: usize = 20;
const TABLES: usize = MAGIC.len() + FANOUT;
/// The checksums of pack and index at the end.
const TRAILER: usize = 2 * ID;
/// An offset with this bit is a place in the table of longer ones.
const LONG: u32 = 1 << 31;

/// Where the bytes of an index are.
pub(super) trait Source {
    /// The bytes from `at`; nothing where there are not so many.
    fn part<const N: usize>(&self, at: usize) -> Option<[u8; N]>;
}

impl Source for Vec<u8> {
    fn part<const N: usize>(&self, at: usize) -> Option<[u8; N]> {
        self.get(at..)?.first_chunk().copied()
    }
}

/// The index of a pack.
pub(super) struct Index<S = Vec<u8>> {
    bytes: S,
    /// How many bytes there are.
    length: usize,
    count: usize,
}

impl<S: Source> Index<S> {
    /// Reads the index in `bytes`, of which there are `length`.
    pub(super) fn parse(bytes: S, length: usize) -> Result<Self, Fault> {
        if bytes.part(0) != Some(*MAGIC) {
            return Err("it is no index of version 2");
        }
        let count = word(&bytes, TABLES - 4).ok_or("it is cut short")? as usize;
        // Id, checksum and offset of each.
        let shortest = count
            .checked_mul(ID + 8)
            .and_then(|tables| tables.checked_add(TABLES + TRAILER))
            .ok_or("it counts more objects than there can be")?;
        if length < shortest {
            return Err("it is cut short");
        }
        // What is left are longer offsets; ids of SHA-256 would leave other lengths, and a table far too long.
        let rest = length - shortest;
        if !rest.is_multiple_of(8) || rest / 8 > count {
            return Err("its length is none of an index with SHA-1 ids");
        }
        Ok(Self {
            bytes,
            length,
            count,
        })
    }

    /// How many objects there are.
    pub(super) fn len(&self) -> usize {
        self.count
    }

    /// The id at a place.
    pub(super) fn oid(&self, at: u32) -> Oid {
        Oid::from_bytes(&self.id(at as usize)).unwrap_or(Oid::ZERO_SHA1)
    }

    fn id(&self, at: usize) -> [u8; ID] {
        self.bytes.part(TABLES + at * ID).unwrap_or_default()
    }

    /// Where the object lies in the pack, if that is said at all.
    pub(super) fn offset(&self, at: usize) -> Option<u64> {
        let offsets = TABLES + self.count * (ID + 4);
        let short = word(&self.bytes, offsets + at * 4)?;
        if short & LONG == 0 {
            return Some(u64::from(short));
        }
        let long = offsets + self.count * 4 + (short & !LONG) as usize * 8;
        let end = self.length - TRAILER;
        if long + 8 > end {
            return None;
        }
        let high = word(&self.bytes, long)?;
        let low = word(&self.bytes, long + 4)?;
        Some(u64::from(high) << 32 | u64::from(low))
    }

    /// The place of an id.
    pub(super) fn find(&self, id: &[u8]) -> Option<u32> {
        // Of a broken table no more than the search is spoilt.
        let bound = |byte: u8| {
            let at = MAGIC.len() + usize::from(byte) * 4;
            word(&self.bytes, at).map_or(self.count, |n| (n as usize).min(self.count))
        };
        let byte = *id.first()?;
        let mut low = byte.checked_sub(1).map_or(0, bound);
        let mut high = bound(byte);
        // Ids are spread evenly, so that one lies about where its bytes say. Of ids that were chosen to lie elsewhere the rest is
        // halved after some guesses.
        let wanted = behind_first(id)?;
        let (mut least, mut most) = (0, 1 << 32);
        let mut guesses = 4;
        while low < high {
            let middle = if guesses > 0 {
                guesses -= 1;
                let part = wanted.saturating_sub(least) * (high - low) as u64 / (most - least);
                low + (part as usize).min(high - low - 1)
            } else {
                low.midpoint(high)
            };
            let met = self.id(middle);
            match met[..].cmp(id) {
                std::cmp::Ordering::Less => {
                    low = middle + 1;
                    least = behind_first(&met)?.min(most - 1);
                }
                std::cmp::Ordering::Greater => {
                    high = middle;
                    most = behind_first(&met)?.max(least) + 1;
                }
                std::cmp::Ordering::Equal => return u32::try_from(middle).ok(),
            }
        }
        None
    }
}

fn word(bytes: &impl Source, at: usize) -> Option<u32> {
    bytes.part(at).map(u32::from_be_bytes)
}

/// The four bytes of an id behind its first.
fn behind_first(id: &[u8]) -> Option<u64> {
    let bytes = id.get(1..)?.first_chunk()?;
    Some(u64::from(u32::from_be_bytes(*bytes)))
}
