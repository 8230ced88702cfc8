//! The head of an entry: what kind of object, how long, and what it is a delta of.

use super::Fault;

/// The longest head: a size of 64 bits in groups of 7, and an id or an offset.
pub(super) const LONGEST: usize = 10 + 20;

/// What an object is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A commit.
    Commit,
    /// A folder.
    Tree,
    /// A file's bytes.
    Blob,
    /// An annotated tag.
    Tag,
}

/// What an entry holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stands<'a> {
    /// By itself.
    Whole(Kind),
    /// On the entry so many bytes before it.
    OnOffset(u64),
    /// On the object of this id.
    OnId(&'a [u8]),
}

/// The head of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Head<'a> {
    pub stands: Stands<'a>,
    /// Bytes that follow when they are inflated: of the object, or of the delta.
    pub size: u64,
    /// Bytes of the head itself.
    pub length: usize,
}

/// Reads the head that `bytes` begin with.
pub(super) fn head(bytes: &[u8]) -> Result<Head<'_>, Fault> {
    const CUT: Fault = "an entry is cut short";
    let mut rest = bytes.iter().copied();
    let first = rest.next().ok_or(CUT)?;
    let kind = first >> 4 & 7;
    let mut size = u64::from(first & 15);
    let mut shift = 4;
    let mut more = first & 0x80 != 0;
    while more {
        let byte = rest.next().ok_or(CUT)?;
        let part = u64::from(byte & 0x7f);
        if shift > 63 || part << shift >> shift != part {
            return Err("an entry's size is too great");
        }
        size |= part << shift;
        shift += 7;
        more = byte & 0x80 != 0;
    }
    let at = bytes.len() - rest.len();
    let (stands, length) = match kind {
        1 => (Stands::Whole(Kind::Commit), at),
        2 => (Stands::Whole(Kind::Tree), at),
        3 => (Stands::Whole(Kind::Blob), at),
        4 => (Stands::Whole(Kind::Tag), at),
        6 => {
            let (back, end) = back(bytes, at).ok_or(CUT)?;
            (Stands::OnOffset(back), end)
        }
        7 => {
            let id = bytes.get(at..at + 20).ok_or(CUT)?;
            (Stands::OnId(id), at + 20)
        }
        _ => return Err("an entry is of no known kind"),
    };
    Ok(Head {
        stands,
        size,
        length,
    })
}

/// How far back a base lies: groups of 7 bits, each but the last counting one more than it says.
fn back(bytes: &[u8], at: usize) -> Option<(u64, usize)> {
    let mut back = 0u64;
    for (i, &byte) in bytes.get(at..)?.iter().enumerate() {
        back = back.checked_mul(128)?.checked_add(u64::from(byte & 0x7f))?;
        if byte & 0x80 == 0 {
            return Some((back, at + i + 1));
        }
        back = back.checked_add(1)?;
    }
    None
}
