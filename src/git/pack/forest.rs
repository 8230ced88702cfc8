//! Which entry of a pack stands on which: trees whose roots are whole objects.

use std::fs::File;

use super::entry::{self, Head, Kind, LONGEST, Stands};
use super::index::Index;
use super::window::Window;
use super::{HEAD, TRAILER};

/// No entry.
pub(super) const NONE: u32 = u32::MAX;
/// So much of the pack is read at a time for the heads of entries.
const AHEAD: usize = 1 << 20;
/// What an entry is that is no whole object: a delta of one; or one that makes no sense, has its base nowhere or stands on itself, and what
/// stands on it.
const DELTA: u8 = 5;
const LOST: u8 = 6;

/// The entries of a pack by their order in the file.
pub(super) struct Forest {
    /// Where each begins; and the end of the last.
    offsets: Vec<u64>,
    /// The place of each in the index.
    places: Vec<u32>,
    /// What each is: a kind of object, or one of the above.
    kinds: Vec<u8>,
    /// The first delta that stands on each, and the next one that stands where this does.
    firsts: Vec<u32>,
    nexts: Vec<u32>,
}

impl Forest {
    /// Reads the heads of all entries.
    pub(super) fn grow(file: &File, size: u64, index: &Index) -> Self {
        let end = size.saturating_sub(TRAILER);
        let mut order: Vec<(u64, u32)> = (0..index.len())
            .map(|at| (index.offset(at).unwrap_or(u64::MAX), at as u32))
            .collect();
        order.sort_unstable();
        let count = order.len();
        let mut forest = Self {
            offsets: order.iter().map(|&(offset, _)| offset.min(end)).collect(),
            places: order.iter().map(|&(_, at)| at).collect(),
            kinds: vec![LOST; count],
            firsts: vec![NONE; count],
            nexts: vec![NONE; count],
        };
        forest.offsets.push(end);
        drop(order);
        let mut by_place = vec![0; count];
        for (entry, &place) in forest.places.iter().enumerate() {
            by_place[place as usize] = entry as u32;
        }
        let mut window = Window::new(file, end, AHEAD);
        let mut deltas = Vec::new();
        for entry in 0..count {
            let offset = forest.offsets[entry];
            if offset < HEAD || offset >= forest.offsets[entry + 1] {
                continue;
            }
            let Ok(bytes) = window.at(offset, LONGEST) else {
                continue;
            };
            let Ok(Head { stands, .. }) = entry::head(bytes) else {
                continue;
            };
            let base = match stands {
                Stands::Whole(kind) => {
                    forest.kinds[entry] = kind as u8 + 1;
                    continue;
                }
                Stands::OnOffset(back) => offset
                    .checked_sub(back)
                    .and_then(|base| before(&forest.offsets[..entry], base)),
                Stands::OnId(id) => {
                    let place = index.find(id);
                    place.map(|place| by_place[place as usize] as usize)
                }
            };
            if let Some(base) = base {
                deltas.push((entry as u32, base as u32));
            }
        }
        // The last comes first in its list, so that lists are in the order of the file.
        for &(entry, base) in deltas.iter().rev() {
            forest.nexts[entry as usize] = forest.firsts[base as usize];
            forest.firsts[base as usize] = entry;
        }
        forest.reach();
        forest
    }

    /// Marks what stands on whole objects.
    fn reach(&mut self) {
        let mut open: Vec<u32> = (0..self.kinds.len() as u32)
            .filter(|&entry| self.kinds[entry as usize] < DELTA)
            .collect();
        while let Some(entry) = open.pop() {
            let mut child = self.firsts[entry as usize];
            while child != NONE {
                self.kinds[child as usize] = DELTA;
                open.push(child);
                child = self.nexts[child as usize];
            }
        }
    }

    pub(super) fn roots(&self, kind: Kind) -> Vec<u32> {
        (0..self.kinds.len() as u32)
            .filter(|&entry| self.kinds[entry as usize] == kind as u8 + 1)
            .collect()
    }

    /// Places in the index of what no walk reaches.
    pub(super) fn strays(&self) -> Vec<u32> {
        let lost = (0..self.kinds.len()).filter(|&entry| self.kinds[entry] == LOST);
        lost.map(|entry| self.places[entry]).collect()
    }

    /// The place of an entry in the index.
    pub(super) fn place(&self, entry: u32) -> u32 {
        self.places[entry as usize]
    }

    /// Where an entry begins, and where the next does.
    pub(super) fn extent(&self, entry: u32) -> (u64, u64) {
        let entry = entry as usize;
        (self.offsets[entry], self.offsets[entry + 1])
    }

    /// Where the last entry ends.
    pub(super) fn end(&self) -> u64 {
        self.offsets.last().copied().unwrap_or(0)
    }

    /// The first delta that stands on an entry, or [`NONE`].
    pub(super) fn first(&self, entry: u32) -> u32 {
        self.firsts[entry as usize]
    }

    /// The next delta on the same base, or [`NONE`].
    pub(super) fn next(&self, entry: u32) -> u32 {
        self.nexts[entry as usize]
    }
}

/// Where `offset` stands in `offsets`, which is searched from its end: most bases lie near.
fn before(offsets: &[u64], offset: u64) -> Option<usize> {
    let mut reach = 1;
    while reach < offsets.len() && offsets[offsets.len() - reach] > offset {
        reach *= 2;
    }
    let from = offsets.len().saturating_sub(reach);
    let found = offsets[from..].binary_search(&offset);
    found.ok().map(|at| from + at)
}
