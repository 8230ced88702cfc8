//! Commits: which a reference reaches, and in which order they were made.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap, HashSet};

use git2::{ObjectType, Oid};

use super::{Gaps, Objects};
use crate::git::pack::{Kind, Object, Visit};
use crate::git::{Reference, Repository};

/// What of a commit the order of history needs. The rest is read when it is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Commit {
    /// Its id.
    pub oid: Oid,
    /// Its tree.
    pub tree: Oid,
    /// The commits before it, as places in the list of commits; those that are cut off or missing are left out.
    pub parents: Vec<u32>,
    /// When it was committed, in seconds since 1970.
    pub time: i64,
}

/// A commit as its bytes say.
struct Raw {
    tree: Oid,
    parents: Vec<Oid>,
    time: i64,
}

/// Tags of tags: git itself makes one level.
const TAGS: usize = 16;

/// The commits that `references` reach: parents before children, else by time, else by id. And the commit of each reference, as a place
/// in that list; none of one that names no commit.
pub(super) fn reached(
    objects: &Objects,
    repository: &Repository,
    references: &[Reference],
    gaps: &mut Gaps,
) -> (Vec<Commit>, Vec<Option<u32>>) {
    let mut all = All {
        repository,
        gaps,
        commits: HashMap::new(),
        tags: HashMap::new(),
        kind: Kind::Commit,
    };
    for pack in objects.packs() {
        for kind in [Kind::Commit, Kind::Tag] {
            all.kind = kind;
            pack.walk(&pack.roots(kind), &mut all);
        }
    }
    let mut peeled = Vec::with_capacity(references.len());
    for reference in references {
        let commit = all.peel(reference.oid);
        if commit.is_none() {
            all.gaps.references.push(reference.name.clone());
        }
        peeled.push(commit.flatten());
    }
    let mut seen: HashSet<Oid> = peeled.iter().flatten().copied().collect();
    let shallow = repository.shallow();
    let mut open: Vec<Oid> = seen.iter().copied().collect();
    let mut found = Vec::new();
    while let Some(oid) = open.pop() {
        let Some(raw) = all.commit(oid) else {
            all.gaps.missing += 1;
            continue;
        };
        if shallow.contains(&oid) {
            all.gaps.shallow += 1;
        } else {
            let new = raw.parents.iter().filter(|parent| seen.insert(**parent));
            open.extend(new);
        }
        found.push((oid, raw));
    }
    let commits = in_order(found);
    let places: HashMap<Oid, u32> = commits.iter().map(|commit| commit.oid).zip(0..).collect();
    let heads = peeled
        .iter()
        .map(|oid| places.get(oid.as_ref()?).copied())
        .collect();
    (commits, heads)
}

/// Parents before children, else by time, else by id. A ring, which no honest repository has, is cut where it is latest.
fn in_order(mut found: Vec<(Oid, Raw)>) -> Vec<Commit> {
    found.sort_unstable_by_key(|(oid, raw)| (raw.time, *oid));
    let places: HashMap<Oid, usize> = found
        .iter()
        .enumerate()
        .map(|(at, (oid, _))| (*oid, at))
        .collect();
    let parents: Vec<Vec<usize>> = found
        .iter()
        .map(|(_, raw)| {
            raw.parents
                .iter()
                .filter_map(|oid| places.get(oid).copied())
                .collect()
        })
        .collect();
    let mut children = vec![Vec::new(); found.len()];
    let mut waits: Vec<usize> = parents.iter().map(Vec::len).collect();
    for (child, parents) in parents.iter().enumerate() {
        parents
            .iter()
            .for_each(|&parent| children[parent].push(child));
    }
    // Places are by time already.
    let mut ready: BinaryHeap<Reverse<usize>> = (0..found.len())
        .filter(|&at| waits[at] == 0)
        .map(Reverse)
        .collect();
    let mut order = vec![u32::MAX; found.len()];
    let mut sorted = Vec::with_capacity(found.len());
    let mut rest = 0;
    while sorted.len() < found.len() {
        let at = match ready.pop() {
            Some(Reverse(at)) => at,
            None => {
                while order[rest] != u32::MAX {
                    rest += 1;
                }
                rest
            }
        };
        if order[at] != u32::MAX {
            continue;
        }
        order[at] = u32::try_from(sorted.len()).unwrap_or(u32::MAX);
        let before = parents[at].iter().map(|&parent| order[parent]);
        sorted.push(Commit {
            oid: found[at].0,
            tree: found[at].1.tree,
            parents: before.filter(|&parent| parent != u32::MAX).collect(),
            time: found[at].1.time,
        });
        for &child in &children[at] {
            waits[child] -= 1;
            if waits[child] == 0 {
                ready.push(Reverse(child));
            }
        }
    }
    sorted
}

/// The commits and tags of all packs.
struct All<'a> {
    repository: &'a Repository,
    gaps: &'a mut Gaps,
    commits: HashMap<Oid, Raw>,
    /// What each tag names.
    tags: HashMap<Oid, Oid>,
    kind: Kind,
}

impl All<'_> {
    /// The commit that an object is or leads to: `Some(None)` where it is a tree or a blob, which some tags name.
    fn peel(&mut self, mut oid: Oid) -> Option<Option<Oid>> {
        for _ in 0..TAGS {
            if self.commits.contains_key(&oid) {
                return Some(Some(oid));
            }
            if let Some(&named) = self.tags.get(&oid) {
                oid = named;
                continue;
            }
            let (kind, data) = self.repository.any(oid).ok()?;
            match kind {
                ObjectType::Commit => {
                    self.commits.insert(oid, raw(&data)?);
                    return Some(Some(oid));
                }
                ObjectType::Tag => oid = named(&data)?,
                _ => return Some(None),
            }
        }
        None
    }

    /// Takes out a commit: from a pack, or from a file of its own.
    fn commit(&mut self, oid: Oid) -> Option<Raw> {
        if let Some(raw) = self.commits.remove(&oid) {
            return Some(raw);
        }
        let data = self.repository.object(oid, ObjectType::Commit).ok()?;
        raw(&data)
    }
}

impl Visit for All<'_> {
    type State = ();

    fn object(&mut self, object: Object<'_, ()>) {
        let read = match self.kind {
            Kind::Tag => named(object.data).map(|named| {
                self.tags.insert(object.oid, named);
            }),
            _ => raw(object.data).map(|raw| {
                self.commits.insert(object.oid, raw);
            }),
        };
        if read.is_none() {
            self.lost(object.oid, "it says nothing that git would write");
        }
    }

    fn lost(&mut self, oid: Oid, why: &str) {
        self.gaps.broken.push((oid, why.to_owned()));
    }
}

/// Reads a commit's head: `tree`, any number of `parent`, `author`, `committer`.
fn raw(data: &[u8]) -> Option<Raw> {
    let mut lines = data.split(|&b| b == b'\n');
    let tree = oid(lines.next()?.strip_prefix(b"tree ")?)?;
    let mut parents = Vec::new();
    for line in lines {
        if let Some(parent) = line.strip_prefix(b"parent ") {
            parents.push(oid(parent)?);
        } else if let Some(committer) = line.strip_prefix(b"committer ") {
            return Some(Raw {
                tree,
                parents,
                time: time(committer),
            });
        } else if line.is_empty() {
            break;
        }
    }
    Some(Raw {
        tree,
        parents,
        time: 0,
    })
}

/// The seconds behind a name and an address: `A <a@b> 1700000000 +0100`. Old tools wrote others, which count as none.
fn time(line: &[u8]) -> i64 {
    let behind = line.rsplit(|&b| b == b'>').next().unwrap_or_default();
    let mut words = behind.split(|&b| b == b' ').filter(|word| !word.is_empty());
    let seconds = words.next().and_then(|word| std::str::from_utf8(word).ok());
    seconds.and_then(|word| word.parse().ok()).unwrap_or(0)
}

/// What a tag names.
fn named(data: &[u8]) -> Option<Oid> {
    oid(data.strip_prefix(b"object ")?.get(..40)?)
}

fn oid(hex: &[u8]) -> Option<Oid> {
    let hex = std::str::from_utf8(hex)
        .ok()
        .filter(|hex| hex.len() == 40)?;
    Oid::from_str(hex).ok()
}
