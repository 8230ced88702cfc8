//! From what was seen in the history to places: each with when it came, when it went, and who has it.

use std::collections::{BTreeMap, HashMap};
use std::mem;

use git2::Oid;

use super::sweep::Trace;
use crate::git::Repository;
use crate::git::history::{History, ObjectId, PathId};
use crate::model::{Commit, Identity, Notice, NoticeKind, Origin, Past, Place, RelPath, Result};
use crate::scan::Plan;
use crate::scan::document::{self, Audited};

/// Values under paths that are told of one history: each is read once more, and a hostile repository has one file under a million names.
const MOST: usize = 100_000;

/// One value under one path.
struct Seen {
    path: RelPath,
    value: Identity,
    trace: Trace,
}

/// Adds to `places` what `traces` saw and the tree does not hold, and tells of what both hold when it came. Gives what could not be read.
pub(super) fn tell(
    plan: &Plan,
    repository: &Repository,
    history: &History,
    traces: impl IntoIterator<Item = ((Identity, PathId), Trace)>,
    places: &mut Vec<Place>,
) -> Vec<Notice> {
    let mut open: Vec<Seen> = traces
        .into_iter()
        .map(|((value, path), trace)| Seen {
            path: history.path(path),
            value,
            trace,
        })
        .collect();
    open.sort_unstable_by(|a, b| (&a.path, a.value).cmp(&(&b.path, b.value)));
    let mut notices = Vec::new();
    if open.len() > MOST {
        open.truncate(MOST);
        let message = "the history holds more values than are told";
        notices.push(Notice::new(NoticeKind::Unreadable, message));
    }
    let mut told = beside(places, &mut open);
    let reader = Reader {
        plan,
        repository,
        history,
    };
    // The earliest version is told in which a reading of the whole finds the value.
    for round in 0.. {
        let mut blobs: BTreeMap<(ObjectId, RelPath), Vec<Seen>> = BTreeMap::new();
        for seen in mem::take(&mut open) {
            // What no version holds by itself was seen because something around it was cut off.
            if let Some(&(_, blob)) = seen.trace.earliest.get(round) {
                let key = (blob, seen.path.clone());
                blobs.entry(key).or_default().push(seen);
            }
        }
        if blobs.is_empty() {
            break;
        }
        for ((blob, path), wanted) in blobs {
            match reader.read(blob, &path) {
                Ok(found) => {
                    let (of_blob, rest) = take(found.places, wanted, places);
                    notices.extend(found.notices);
                    told.extend(of_blob);
                    open.extend(rest);
                }
                Err(error) => {
                    notices.push(Notice::at(NoticeKind::Unreadable, path, error.to_string()))
                }
            }
        }
    }
    date(repository, history, told, places);
    notices
}

/// What a trace is told at, as places in a list.
pub(super) type Told = (Vec<usize>, Trace);

/// Takes from `open` what stands in `places` already.
fn beside(places: &[Place], open: &mut Vec<Seen>) -> Vec<Told> {
    let mut held: HashMap<(&RelPath, Identity), Vec<usize>> = HashMap::new();
    for (i, place) in places.iter().enumerate() {
        held.entry((&place.path, place.identity))
            .or_default()
            .push(i);
    }
    let mut told = Vec::new();
    open.retain_mut(|seen| match held.get(&(&seen.path, seen.value)) {
        Some(at) => {
            told.push((at.clone(), seen.trace.clone()));
            false
        }
        None => true,
    });
    told
}

/// Moves the first of `found` that shows each wanted value to `places`; gives those, and what was not found.
fn take(found: Vec<Place>, wanted: Vec<Seen>, places: &mut Vec<Place>) -> (Vec<Told>, Vec<Seen>) {
    let mut by_value: HashMap<Identity, Place> = HashMap::new();
    for place in found {
        by_value.entry(place.identity).or_insert(place);
    }
    let (mut told, mut rest) = (Vec::new(), Vec::new());
    for seen in wanted {
        match by_value.remove(&seen.value) {
            Some(place) => {
                told.push((vec![places.len()], seen.trace));
                places.push(place);
            }
            None => rest.push(seen),
        }
    }
    (told, rest)
}

/// Reads versions of files as a whole.
struct Reader<'a> {
    plan: &'a Plan,
    repository: &'a Repository,
    history: &'a History,
}

impl Reader<'_> {
    /// The credentials of one version, and what of it is not told.
    fn read(&self, blob: ObjectId, path: &RelPath) -> Result<Audited> {
        let bytes = self.repository.read(self.history.objects.oid(blob))?;
        let bytes = &mut &*bytes;
        Ok(document::credentials(
            self.plan,
            path,
            Origin::History,
            bytes,
            |_| true,
        ))
    }
}

/// Says of each place when its value came and went, and who has it.
pub(super) fn date(
    repository: &Repository,
    history: &History,
    told: Vec<Told>,
    places: &mut [Place],
) {
    let mut firsts: Vec<u32> = told.iter().map(|(_, trace)| trace.first).collect();
    firsts.sort_unstable();
    firsts.dedup();
    let holders = history.holders(&firsts);
    let holders: HashMap<u32, Vec<usize>> = firsts.into_iter().zip(holders).collect();
    let mut commits: HashMap<u32, Commit> = HashMap::new();
    let mut commit = |at: u32| {
        let new = || head(repository, history.commits[at as usize].oid);
        commits.entry(at).or_insert_with(new).clone()
    };
    for (at, trace) in told {
        let holders = holders.get(&trace.first).map_or(&[][..], Vec::as_slice);
        let names = holders.iter().map(|&i| &history.references[i].name);
        let pushed = names.clone().any(|name| super::is_remote(name));
        let past = Past {
            first: commit(trace.first),
            last: commit(trace.last),
            in_head: trace.in_head,
            of_range: false,
            pushed,
            held_by: holders.len(),
            references: names.take(Past::MOST).cloned().collect(),
        };
        for i in at {
            places[i].past = Some(Box::new(past.clone()));
        }
    }
}

/// Who made a commit, and when.
pub(in crate::scan) fn head(repository: &Repository, oid: Oid) -> Commit {
    // What cannot be read was told when the history was.
    let author = repository
        .commit(oid)
        .map(|head| head.author)
        .unwrap_or_default();
    Commit {
        id: oid.to_string(),
        author: author.name,
        date: author.date.map(|date| date.to_string()).unwrap_or_default(),
    }
}
