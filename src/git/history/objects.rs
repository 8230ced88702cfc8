//! All object files of a repository under one numbering.

use std::fs;
use std::path::Path;

use foldhash::HashMap;
use git2::Oid;

use super::Gaps;
use crate::git::Repository;
use crate::git::pack::Pack;
use crate::git::store::indices;
use crate::model::Result;

/// An object of one [`Objects`]: a number that takes less room than its id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectId(pub u32);

/// The packs and loose objects of a repository and of those that it borrows from.
pub struct Objects {
    /// The packs, each with the number of its first object.
    packs: Vec<(u32, Pack)>,
    /// Objects in files of their own.
    loose: Vec<Oid>,
    by_loose: HashMap<Oid, u32>,
    first_loose: u32,
}

impl Objects {
    pub(super) fn open(repository: &Repository, gaps: &mut Gaps) -> Result<Self> {
        repository.demand_objects()?;
        let mut packs = Vec::new();
        let mut loose = Vec::new();
        let mut next = 0u32;
        for folder in repository.folders() {
            for index in indices(folder) {
                match Pack::open(&index) {
                    Ok(pack) => {
                        let count = u32::try_from(pack.len()).unwrap_or(u32::MAX);
                        let first = next;
                        next = next.saturating_add(count);
                        packs.push((first, pack));
                    }
                    Err(e) => gaps.broken.push((Oid::ZERO_SHA1, e.to_string())),
                }
            }
            loose.extend(loose_in(folder));
        }
        loose.sort_unstable();
        loose.dedup();
        let by_loose = loose.iter().copied().zip(next..).collect();
        Ok(Self {
            packs,
            loose,
            by_loose,
            first_loose: next,
        })
    }

    /// The number of an id, if it is here.
    pub fn find(&self, oid: Oid) -> Option<ObjectId> {
        let packed = self.packs.iter().find_map(|(first, pack)| {
            let place = pack.find(oid)?;
            Some(first + place)
        });
        packed
            .or_else(|| self.by_loose.get(&oid).copied())
            .map(ObjectId)
    }

    /// The id of a number.
    pub fn oid(&self, id: ObjectId) -> Oid {
        if id.0 >= self.first_loose {
            return self.loose[(id.0 - self.first_loose) as usize];
        }
        let at = self.packs.partition_point(|(first, _)| *first <= id.0) - 1;
        let (first, pack) = &self.packs[at];
        pack.oid(id.0 - first)
    }

    /// How many numbers there are.
    pub fn len(&self) -> usize {
        self.first_loose as usize + self.loose.len()
    }

    /// Whether there is no object.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The packs, each with the number of its first object: the others follow in the order of its index.
    pub fn numbered_packs(&self) -> impl Iterator<Item = (u32, &Pack)> {
        self.packs.iter().map(|(first, pack)| (*first, pack))
    }

    /// The packs.
    pub fn packs(&self) -> impl Iterator<Item = &Pack> {
        self.packs.iter().map(|(_, pack)| pack)
    }

    /// Objects in files of their own, by id.
    pub fn loose(&self) -> &[Oid] {
        &self.loose
    }
}

/// The ids of the files below `xx/`.
fn loose_in(folder: &Path) -> Vec<Oid> {
    let mut found = Vec::new();
    for byte in 0..=255u8 {
        let start = format!("{byte:02x}");
        for entry in fs::read_dir(folder.join(&start))
            .into_iter()
            .flatten()
            .flatten()
        {
            // A named pipe would block whoever opens it.
            if entry.file_type().is_ok_and(|kind| !kind.is_file()) {
                continue;
            }
            let name = entry.file_name();
            let hex = name.to_str().filter(|name| name.len() == 38);
            found.extend(hex.and_then(|rest| Oid::from_str(&format!("{start}{rest}")).ok()));
        }
    }
    found
}
