//! Which commits one end of a range reaches and the other does not, by a walk that stops once nothing is left to find.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap, HashSet};

use git2::Oid;

use super::Gap;
use crate::git::Repository;
use crate::git::commit::Links;

/// Commits that are looked at beyond the point where honest clocks would let the walk stop. git looks at 5.
const SLOP: usize = 64;

/// A commit that the walk has met.
struct Met {
    links: Links,
    /// The beginning of the range reaches it.
    excluded: bool,
    /// Its parents are met too.
    done: bool,
    /// It has parents that were left behind.
    cut: bool,
}

/// Commits, each read once.
pub(super) struct Walk<'r> {
    repository: &'r Repository,
    shallow: HashSet<Oid>,
    /// `None` for one that cannot be read.
    met: HashMap<Oid, Option<Met>>,
    queue: BinaryHeap<(i64, Oid)>,
    /// How many in the queue are not excluded.
    open: usize,
    gaps: &'r mut Vec<Gap>,
}

impl<'r> Walk<'r> {
    pub(super) fn new(repository: &'r Repository, gaps: &'r mut Vec<Gap>) -> Self {
        Self {
            repository,
            shallow: repository.shallow(),
            met: HashMap::new(),
            queue: BinaryHeap::new(),
            open: 0,
            gaps,
        }
    }

    /// The commits that `to` reaches and none of `from` does, parents before children, else by time, else by id.
    ///
    /// The latest commit goes first, so that what both reach is mostly known to be excluded before it is met from the other side. Where
    /// clocks were wrong it is not: a commit that turns out to be excluded then hands that on to all that it reaches, and the walk goes
    /// on for [`SLOP`] commits. What might still be missed makes the range larger, never smaller.
    pub(super) fn between(&mut self, from: &[Oid], to: Oid) -> Vec<Oid> {
        for oid in from {
            self.meet(*oid, true);
        }
        self.meet(to, false);
        let mut found = Vec::new();
        let mut oldest = i64::MAX;
        let mut slop = SLOP;
        while let Some((time, oid)) = self.queue.pop() {
            if self.open > 0 || time >= oldest {
                slop = SLOP;
            } else if found.is_empty() || slop == 0 {
                break;
            } else {
                slop -= 1;
            }
            let Some(Some(met)) = self.met.get_mut(&oid) else {
                continue;
            };
            met.done = true;
            let (excluded, parents) = (met.excluded, met.links.parents.clone());
            if !excluded {
                self.open -= 1;
                oldest = oldest.min(time);
                found.push(oid);
            }
            for parent in parents {
                self.meet(parent, excluded);
            }
        }
        found.retain(|oid| matches!(self.met.get(oid), Some(Some(met)) if !met.excluded));
        for oid in &found {
            if matches!(self.met.get(oid), Some(Some(met)) if met.cut) {
                self.gaps.push(Gap::Shallow(*oid));
            }
        }
        self.in_order(&found)
    }

    /// Reads a commit and puts it into the queue, or hands on that it is excluded.
    fn meet(&mut self, oid: Oid, excluded: bool) {
        if self.met.contains_key(&oid) {
            if excluded {
                self.exclude(oid);
            }
            return;
        }
        let met = match self.repository.links(oid) {
            Ok(mut links) => {
                let cut = self.shallow.contains(&oid) && !links.parents.is_empty();
                if cut {
                    links.parents.clear();
                }
                self.queue.push((links.time, oid));
                self.open += usize::from(!excluded);
                Some(Met {
                    links,
                    excluded,
                    done: false,
                    cut,
                })
            }
            Err(e) => {
                self.gaps.push(Gap::Unread {
                    path: None,
                    reason: e.to_string(),
                });
                None
            }
        };
        self.met.insert(oid, met);
    }

    /// Excludes a commit and all that it is known to reach.
    fn exclude(&mut self, oid: Oid) {
        let mut open = vec![oid];
        while let Some(oid) = open.pop() {
            if let Some(Some(met)) = self.met.get_mut(&oid)
                && !met.excluded
            {
                met.excluded = true;
                if met.done {
                    open.extend(&met.links.parents);
                } else {
                    self.open -= 1;
                }
            }
        }
    }

    /// The tree of a commit that was met.
    pub(super) fn tree(&self, oid: Oid) -> Option<Oid> {
        self.met.get(&oid)?.as_ref().map(|met| met.links.tree)
    }

    /// The tree of a commit of the range, and those of its parents.
    pub(super) fn step(&self, oid: Oid) -> (Oid, Vec<Oid>) {
        match self.met.get(&oid) {
            Some(Some(met)) => {
                let parents = met.links.parents.iter();
                let known = parents.filter_map(|parent| self.tree(*parent)).collect();
                (met.links.tree, known)
            }
            _ => (Oid::ZERO_SHA1, Vec::new()),
        }
    }

    /// Where a range parted from the rest: the excluded parents of its commits, without those that another one reaches. Where clocks
    /// were wrong one of the latter may stay.
    pub(super) fn bases(&mut self, commits: &[Oid]) -> Vec<Oid> {
        let mut bases: HashMap<Oid, i64> = HashMap::new();
        for commit in commits {
            if let Some(Some(met)) = self.met.get(commit) {
                for parent in &met.links.parents {
                    if let Some(Some(parent_met)) = self.met.get(parent)
                        && parent_met.excluded
                    {
                        bases.insert(*parent, parent_met.links.time);
                    }
                }
            }
        }
        let mut queue: BinaryHeap<(i64, Oid)> = BinaryHeap::new();
        let mut seen = HashSet::new();
        let mut below: Vec<Oid> = bases.keys().copied().collect();
        // Excluded commits may not be met as far back as the oldest of the bases.
        while bases.len() > 1 {
            for oid in below.drain(..) {
                let parents = match self.met.get(&oid) {
                    Some(Some(met)) => met.links.parents.clone(),
                    _ => Vec::new(),
                };
                for parent in parents {
                    self.meet(parent, true);
                    if let Some(Some(met)) = self.met.get(&parent)
                        && seen.insert(parent)
                    {
                        queue.push((met.links.time, parent));
                    }
                }
            }
            let oldest = bases.values().min().copied().unwrap_or(i64::MAX);
            let Some((_, oid)) = queue.pop().filter(|(time, _)| *time >= oldest) else {
                break;
            };
            bases.remove(&oid);
            below.push(oid);
        }
        let mut bases: Vec<Oid> = bases.into_keys().collect();
        bases.sort_unstable();
        bases
    }

    /// Parents before children, else by time, else by id.
    fn in_order(&self, commits: &[Oid]) -> Vec<Oid> {
        let mut children: HashMap<Oid, Vec<Oid>> = HashMap::new();
        let mut waits: HashMap<Oid, usize> = commits.iter().map(|oid| (*oid, 0)).collect();
        let links = |oid: &Oid| self.met.get(oid).and_then(Option::as_ref).map(|m| &m.links);
        for commit in commits {
            for parent in links(commit).into_iter().flat_map(|links| &links.parents) {
                if waits.contains_key(parent) {
                    children.entry(*parent).or_default().push(*commit);
                    *waits.entry(*commit).or_default() += 1;
                }
            }
        }
        let key = |oid: &Oid| Reverse((links(oid).map_or(0, |links| links.time), *oid));
        let mut ready: BinaryHeap<_> = waits
            .iter()
            .filter(|(_, waits)| **waits == 0)
            .map(|(oid, _)| key(oid))
            .collect();
        let mut order = Vec::with_capacity(commits.len());
        while let Some(Reverse((_, oid))) = ready.pop() {
            order.push(oid);
            for child in children.remove(&oid).unwrap_or_default() {
                if let Some(waits) = waits.get_mut(&child) {
                    *waits -= 1;
                    if *waits == 0 {
                        ready.push(key(&child));
                    }
                }
            }
        }
        order
    }
}
