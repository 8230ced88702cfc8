//! Commits: which a reference reaches, and in which order they were made.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::ops::Range;

use foldhash::{HashMap, HashSet};
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
    oid: Oid,
    tree: Oid,
    /// Where its parents stand in the list of all.
    parents: Range<usize>,
    time: i64,
}

/// Tags of tags: git itself makes one level.
const TAGS: usize = 16;
/// No commit.
const NONE: u32 = u32::MAX;

/// The commits that `references` reach: parents before children, else by time, else by id. And the commit of each reference, as a place
/// in that list; none of one that names no commit. `watch` is shown every commit that is read, also those that none reaches.
pub(super) fn reached(
    objects: &Objects,
    repository: &Repository,
    references: &[Reference],
    watch: &mut dyn FnMut(Oid, &[u8]),
    gaps: &mut Gaps,
) -> (Vec<Commit>, Vec<Option<u32>>) {
    let mut all = All {
        repository,
        watch,
        gaps,
        commits: Vec::new(),
        parents: Vec::new(),
        by_oid: HashMap::default(),
        tags: HashMap::default(),
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
    let found = all.follow(peeled.iter().flatten().copied().collect());
    let commits = in_order(&all.commits, found);
    let places: HashMap<Oid, u32> = commits.iter().map(|commit| commit.oid).zip(0..).collect();
    let heads = peeled
        .iter()
        .map(|commit| places.get(&all.commits[(*commit)? as usize].oid).copied())
        .collect();
    (commits, heads)
}

/// Commits by number, each with the numbers of its parents; put in order: parents before children, else by time, else by id. A ring,
/// which no honest repository has, is cut where it is latest.
fn in_order(all: &[Raw], mut found: Vec<(u32, Vec<u32>)>) -> Vec<Commit> {
    found.sort_unstable_by_key(|(number, _)| {
        let raw = &all[*number as usize];
        (raw.time, raw.oid)
    });
    let mut places = vec![NONE; all.len()];
    for ((number, _), place) in found.iter().zip(0..) {
        places[*number as usize] = place;
    }
    let mut waits = vec![0u32; found.len()];
    let mut children = Vec::with_capacity(found.len());
    for ((_, parents), child) in found.iter_mut().zip(0u32..) {
        for parent in parents.iter_mut() {
            *parent = places[*parent as usize];
            children.push((*parent, child));
        }
        waits[child as usize] = parents.len() as u32;
    }
    children.sort_unstable();
    // Places are by time already.
    let mut ready: BinaryHeap<Reverse<usize>> = (0..found.len())
        .filter(|&at| waits[at] == 0)
        .map(Reverse)
        .collect();
    let mut order = vec![NONE; found.len()];
    let mut sorted = Vec::with_capacity(found.len());
    let mut rest = 0;
    while sorted.len() < found.len() {
        let at = match ready.pop() {
            Some(Reverse(at)) => at,
            None => {
                while order[rest] != NONE {
                    rest += 1;
                }
                rest
            }
        };
        if order[at] != NONE {
            continue;
        }
        order[at] = sorted.len() as u32;
        let (number, parents) = &mut found[at];
        let mut parents = std::mem::take(parents);
        parents
            .iter_mut()
            .for_each(|parent| *parent = order[*parent as usize]);
        parents.retain(|&parent| parent != NONE);
        let raw = &all[*number as usize];
        sorted.push(Commit {
            oid: raw.oid,
            tree: raw.tree,
            parents,
            time: raw.time,
        });
        let first = children.partition_point(|&(parent, _)| (parent as usize) < at);
        for &(_, child) in children[first..]
            .iter()
            .take_while(|(parent, _)| *parent as usize == at)
        {
            let child = child as usize;
            waits[child] -= 1;
            if waits[child] == 0 {
                ready.push(Reverse(child));
            }
        }
    }
    sorted
}

/// The commits and tags of all packs, and of other files what was asked for.
struct All<'a> {
    repository: &'a Repository,
    watch: &'a mut dyn FnMut(Oid, &[u8]),
    gaps: &'a mut Gaps,
    commits: Vec<Raw>,
    /// The parents of all commits.
    parents: Vec<Oid>,
    by_oid: HashMap<Oid, u32>,
    /// What each tag names.
    tags: HashMap<Oid, Oid>,
    kind: Kind,
}

impl All<'_> {
    /// The commit that an object is or leads to: `Some(None)` where it is a tree or a blob, which some tags name.
    fn peel(&mut self, mut oid: Oid) -> Option<Option<u32>> {
        for _ in 0..TAGS {
            if let Some(&known) = self.by_oid.get(&oid) {
                return Some(Some(known));
            }
            if let Some(&named) = self.tags.get(&oid) {
                oid = named;
                continue;
            }
            let (kind, data) = self.repository.any(oid).ok()?;
            match kind {
                ObjectType::Commit => return self.add(oid, &data).map(Some),
                ObjectType::Tag => oid = named(&data)?,
                _ => return Some(None),
            }
        }
        None
    }

    /// The number of a commit, from a pack or from a file of its own.
    fn commit(&mut self, oid: Oid) -> Option<u32> {
        if let Some(&known) = self.by_oid.get(&oid) {
            return Some(known);
        }
        let data = self.repository.object(oid, ObjectType::Commit).ok()?;
        self.add(oid, &data)
    }

    /// All commits before those of `open` and these, each with the numbers of its parents.
    fn follow(&mut self, mut open: Vec<u32>) -> Vec<(u32, Vec<u32>)> {
        let shallow = self.repository.shallow();
        let mut missing = HashSet::default();
        let mut seen = vec![false; self.commits.len()];
        let mut found = Vec::new();
        while let Some(number) = open.pop() {
            seen.resize(self.commits.len(), false);
            if std::mem::replace(&mut seen[number as usize], true) {
                continue;
            }
            let raw = &self.commits[number as usize];
            let parents = if shallow.contains(&raw.oid) {
                self.gaps.shallow += 1;
                0..0
            } else {
                raw.parents.clone()
            };
            let mut numbers = Vec::with_capacity(parents.len());
            for at in parents {
                let oid = self.parents[at];
                match self.commit(oid) {
                    Some(parent) => numbers.push(parent),
                    None => self.gaps.missing += usize::from(missing.insert(oid)),
                }
            }
            open.extend_from_slice(&numbers);
            found.push((number, numbers));
        }
        found
    }

    /// Adds a commit; none where its bytes are none.
    fn add(&mut self, oid: Oid, data: &[u8]) -> Option<u32> {
        let begin = self.parents.len();
        let (tree, time) = raw(data, &mut self.parents)?;
        (self.watch)(oid, data);
        let number = self.commits.len() as u32;
        self.commits.push(Raw {
            oid,
            tree,
            parents: begin..self.parents.len(),
            time,
        });
        self.by_oid.insert(oid, number);
        Some(number)
    }
}

impl Visit for All<'_> {
    type State = ();

    fn object(&mut self, object: Object<'_, ()>) {
        let read = match self.kind {
            Kind::Tag => named(object.data).map(|named| {
                self.tags.insert(object.oid(), named);
            }),
            _ => self.add(object.oid(), object.data).map(drop),
        };
        if read.is_none() {
            self.lost(object.oid(), "it says nothing that git would write");
        }
    }

    fn lost(&mut self, oid: Oid, why: &str) {
        self.gaps.broken.push((oid, why.to_owned()));
    }
}

/// Reads a commit's head: `tree`, any number of `parent`, `author`, `committer`. Gives the tree and the time.
fn raw(data: &[u8], parents: &mut Vec<Oid>) -> Option<(Oid, i64)> {
    let mut rest = data;
    let tree = oid(line(&mut rest)?.strip_prefix(b"tree ")?)?;
    while let Some(line) = line(&mut rest) {
        if let Some(parent) = line.strip_prefix(b"parent ") {
            parents.push(oid(parent)?);
        } else if let Some(committer) = line.strip_prefix(b"committer ") {
            return Some((tree, time(committer)));
        } else if line.is_empty() {
            break;
        }
    }
    Some((tree, 0))
}

/// Takes the next line off; none at the end.
fn line<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    if rest.is_empty() {
        return None;
    }
    let end = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
    let line = &rest[..end];
    *rest = rest.get(end + 1..).unwrap_or_default();
    Some(line)
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
