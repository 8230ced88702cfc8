//! Credentials that a range of commits brings: each told once for a path, with the commit that brought it.
//!
//! Takes the places of all versions of the files that the range touches. A value that the end of the range still has is told where it
//! stands there, one that is gone by then where it first stood: whoever has the commits has it. What a file held before the range is told
//! where the end has it too, as for what is staged, but of no commit; where the end has it no more the range takes it out, and it is
//! not told.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::asked::Ranged;
use super::{Plan, document, history};
use crate::git::{self, Kind, New, Oid, Repository};
use crate::model::{Commit, Identity, Notice, Origin, Past, Place, RelPath};

/// Notes of each credential which version showed it.
pub(super) fn stamp(range: &git::Range, new: &New, places: &mut [Place]) {
    let commit = Commit {
        id: range.commits[new.commit].to_string(),
        author: String::new(),
        date: String::new(),
    };
    let credentials = places.iter_mut().filter(|p| p.check.is_credential());
    credentials.for_each(|place| {
        place.past = Some(Box::new(Past {
            first: commit.clone(),
            last: commit.clone(),
            in_head: new.at_tip,
            of_range: true,
            held_by: 0,
            references: Vec::new(),
            pushed: false,
        }));
    });
}

/// Leaves one version of each value under each path, and says when it came and went, and who has it. Gives what of messages was not told.
pub(super) fn settle(plan: &Plan, ranged: &Ranged, places: &mut Vec<Place>) -> Vec<Notice> {
    let mut pasts = Pasts::new(ranged);
    let (stamped, mut settled): (Vec<Place>, Vec<Place>) =
        places.drain(..).partition(|place| place.past.is_some());
    let mut by_path: BTreeMap<RelPath, BTreeMap<Identity, Vec<Place>>> = BTreeMap::new();
    for place in stamped {
        let of_path = by_path.entry(place.path.clone()).or_default();
        of_path.entry(place.identity).or_default().push(place);
    }
    for (path, values) in by_path {
        let before = pasts.before(plan, &path);
        for (value, places) in values {
            let is_old = before.contains(&value);
            settled.extend(pasts.settled(places, is_old));
        }
    }
    let Ranged { repository, range } = ranged;
    let (of_messages, notices) = history::messages_of_range(plan, repository, &range.commits);
    for mut place in of_messages {
        if let Some(past) = &mut place.past {
            past.of_range = true;
            let at = pasts.order.get(&past.first.id).copied();
            tell(past, at.map(|at| pasts.holders(at)).unwrap_or_default());
        }
        settled.push(place);
    }
    *places = settled;
    notices
}

/// Says which references hold it.
fn tell(past: &mut Past, mut references: Vec<String>) {
    past.pushed = references.iter().any(|name| history::is_remote(name));
    past.held_by = references.len();
    references.truncate(Past::MOST);
    past.references = references;
}

/// What is known of the commits of a range, read when it is asked for.
struct Pasts<'a> {
    ranged: &'a Ranged,
    /// Where each commit stands in the range.
    order: HashMap<String, usize>,
    heads: HashMap<String, Commit>,
    /// The references that name a commit of the range, each with the commits of the range that it reaches.
    references: Option<Vec<(String, HashSet<usize>)>>,
}

impl<'a> Pasts<'a> {
    fn new(ranged: &'a Ranged) -> Self {
        let commits = ranged.range.commits.iter().map(Oid::to_string);
        Self {
            ranged,
            order: commits.zip(0..).collect(),
            heads: HashMap::new(),
            references: None,
        }
    }

    /// The values that the file held before the range.
    fn before(&self, plan: &Plan, path: &RelPath) -> HashSet<Identity> {
        let Ranged { repository, range } = self.ranged;
        // What cannot be read of the beginning makes the range larger, not smaller.
        let files = range.bases.iter().filter_map(|base| {
            let found = repository.file_at(*base, path.as_bytes()).ok().flatten();
            let (oid, _) = found.filter(|(_, kind)| *kind == Kind::File)?;
            repository.read(oid).ok()
        });
        let places = files.flat_map(|bytes| {
            document::credentials(plan, path, Origin::History, &mut &*bytes, |_| true).places
        });
        places.map(|place| place.identity).collect()
    }

    /// The places that are told of one value under one path.
    fn settled(&mut self, mut places: Vec<Place>, is_old: bool) -> Vec<Place> {
        let order = |place: &Place| {
            let past = place.past.as_deref();
            past.and_then(|past| self.order.get(&past.first.id).copied())
                .unwrap_or_default()
        };
        places.sort_by_key(|place| (order(place), place.line, place.column));
        let is_there = |place: &Place| place.past.as_ref().is_some_and(|past| past.in_head);
        let in_head = places.iter().any(is_there);
        let (first, last) = match &places[..] {
            [first, .., last] => (order(first), order(last)),
            [one] => (order(one), order(one)),
            [] => return places,
        };
        match in_head {
            true => places.retain(is_there),
            false if is_old => places.clear(),
            false => places.truncate(1),
        }
        if is_old {
            places.iter_mut().for_each(|place| place.past = None);
            return places;
        }
        let mut past = Past {
            first: self.head(first),
            last: self.head(last),
            in_head,
            of_range: true,
            pushed: false,
            held_by: 0,
            references: Vec::new(),
        };
        tell(&mut past, self.holders(first));
        for place in &mut places {
            place.past = Some(Box::new(past.clone()));
        }
        places
    }

    fn head(&mut self, at: usize) -> Commit {
        let Ranged { repository, range } = self.ranged;
        let oid = range.commits[at];
        let head = self.heads.entry(oid.to_string());
        head.or_insert_with(|| history::head(repository, oid))
            .clone()
    }

    /// The references that name a commit of the range and have this one in their history.
    fn holders(&mut self, commit: usize) -> Vec<String> {
        let ranged = self.ranged;
        let references = self.references.get_or_insert_with(|| reaching(ranged));
        let holds = references
            .iter()
            .filter(|(_, reached)| reached.contains(&commit));
        holds.map(|(name, _)| name.clone()).collect()
    }
}

/// The references that name a commit of the range, each with the commits of the range that it reaches.
fn reaching(ranged: &Ranged) -> Vec<(String, HashSet<usize>)> {
    let Ranged { repository, range } = ranged;
    let places: HashMap<Oid, usize> = range.commits.iter().copied().zip(0..).collect();
    // A range is told without them rather than not at all.
    let (references, _) = repository.references().unwrap_or_default();
    let named = references
        .into_iter()
        .filter_map(|reference| Some((reference.name, *places.get(&reference.oid)?)));
    named
        .map(|(name, head)| (name, reached(repository, range, &places, head)))
        .collect()
}

/// The commits of the range that one of them stands on, itself among them.
fn reached(
    repository: &Repository,
    range: &git::Range,
    places: &HashMap<Oid, usize>,
    head: usize,
) -> HashSet<usize> {
    let mut reached = HashSet::from([head]);
    let mut open = vec![head];
    while let Some(at) = open.pop() {
        let commit = repository.commit(range.commits[at]);
        let parents = commit.map(|commit| commit.parents).unwrap_or_default();
        let inside = parents
            .iter()
            .filter_map(|parent| places.get(parent).copied());
        open.extend(inside.filter(|parent| reached.insert(*parent)));
    }
    reached
}
