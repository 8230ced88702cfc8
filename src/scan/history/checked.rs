//! What the checks need of the history, and their faults as places.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap, HashSet};

use super::sweep::Trace;
use super::told;
use crate::checks::{self, Earlier, EnvFile, Tree};
use crate::git::history::{History, ObjectId};
use crate::git::{Repository, Tracked, since};
use crate::model::{Blob, Identity, Notice, NoticeKind, Origin, Place, RelPath, Related, Standing};
use crate::scan::document;
use crate::scan::summary::Ledger;
use crate::scan::{Plan, tree};

/// Versions of environment files that are read: far more than any repository has.
const MOST: usize = 20_000;

/// Runs the checks that ask the history and adds what they find to `places`. Gives what was left undone.
pub(super) fn audit(
    plan: &Plan,
    repository: &Repository,
    history: &History,
    tree: &Tree<'_>,
    places: &mut Vec<Place>,
) -> Option<Notice> {
    let tracked = match plan.in_tree {
        true => repository.tracked().unwrap_or_default(),
        false => &[],
    };
    let (held, left) = held(plan, history, tracked);
    let mut traces: HashMap<RelPath, Trace> = HashMap::new();
    let mut earlier = Earlier {
        env_files: Vec::new(),
        values: values(places, tracked),
    };
    let in_tree = in_tree(places, tracked);
    for (path, Held { trace, blobs }) in held {
        let values = &mut earlier.values;
        let versions = blobs.into_iter();
        let mut versions = versions.filter_map(|(first, blob)| {
            // What cannot be read was told when it was swept.
            let bytes = repository.read(history.objects.oid(blob)).ok()?;
            let blob = Blob {
                path: path.clone(),
                origin: Origin::History,
                standing: Standing::Tracked,
                mode: None,
                version: None,
                reader: Box::new(&*bytes),
            };
            // Each version by itself: one of them is kept.
            let file = document::audit(plan, &Ledger::default(), blob).file?;
            let commit = history.commits[first as usize].oid.to_string();
            for entry in &file.entries {
                if !in_tree.contains(&entry.identity) {
                    values.entry(entry.identity).or_insert_with(|| Related {
                        path: path.clone(),
                        line: entry.spot.line,
                        what: same(&commit[..12]),
                    });
                }
            }
            Some(file)
        });
        if let Some(worst) = versions.next() {
            let mut file = EnvFile { worst };
            versions.for_each(|version| file.meet(version));
            earlier.env_files.push(file);
            traces.insert(path, trace);
        }
    }
    let mut told = Vec::new();
    for fault in checks::faults_of_past(tree, &earlier, |id| plan.rules.wants(id)) {
        let bytes = fault.path.as_bytes();
        let old = |file: &&EnvFile| file.worst.path == fault.path;
        let (file, trace) = match fault.at {
            checks::Where::File => (
                earlier.env_files.iter().find(old).map(|file| &file.worst),
                traces.remove(&fault.path),
            ),
            _ => (tree.file(bytes), None),
        };
        if let Some(mut place) = tree::place(plan, fault, file) {
            if let Some(trace) = trace {
                place.origin = Origin::History;
                told.push((vec![places.len()], trace));
            }
            places.push(place);
        }
    }
    told::date(repository, history, told, places);
    let message = "the history holds more environment files than are read: some are not told";
    left.then(|| Notice::new(NoticeKind::Unreadable, message))
}

/// An environment file under one path.
struct Held {
    trace: Trace,
    /// Its versions, each with the first commit that has it.
    blobs: Vec<(u32, ObjectId)>,
}

/// The environment files of the history by path, but those that the index has, of which the checks over the tree speak; and whether there are
/// more than are read.
fn held(plan: &Plan, history: &History, tracked: &[Tracked]) -> (BTreeMap<RelPath, Held>, bool) {
    let told = |path: &RelPath| plan.passes_by(path.as_bytes()) || is_tracked(tracked, path);
    let mut held: BTreeMap<RelPath, Held> = BTreeMap::new();
    let mut room = MOST;
    for placed in history.called(checks::is_env_name) {
        let path = history.path(placed.place);
        if told(&path) {
            continue;
        }
        let Some(rest) = room.checked_sub(1) else {
            return (held, true);
        };
        room = rest;
        let file = held.entry(path).or_insert_with(|| Held {
            trace: Trace {
                first: placed.first,
                last: placed.last,
                in_head: false,
                earliest: Vec::new(),
            },
            blobs: Vec::new(),
        });
        file.trace.first = file.trace.first.min(placed.first);
        file.trace.last = file.trace.last.max(placed.last);
        file.trace.in_head |= placed.in_head;
        file.blobs.push((placed.first, placed.blob));
    }
    for file in held.values_mut() {
        file.blobs.sort_unstable();
    }
    (held, false)
}

/// The values that history alone holds, each with the first of its places.
fn values(places: &[Place], tracked: &[Tracked]) -> HashMap<Identity, Related> {
    let in_tree = in_tree(places, tracked);
    let mut values = HashMap::new();
    for place in places {
        let Some(past) = place
            .past
            .as_deref()
            .filter(|_| place.origin == Origin::History && !in_tree.contains(&place.identity))
        else {
            continue;
        };
        if let Entry::Vacant(new) = values.entry(place.identity) {
            new.insert(Related {
                path: place.path.clone(),
                line: place.line,
                what: same(past.first.short()),
            });
        }
    }
    values
}

/// The values that files of the tree show which git has: nobody else gets what an ignored one holds.
fn in_tree(places: &[Place], tracked: &[Tracked]) -> HashSet<Identity> {
    let of_tree = places
        .iter()
        .filter(|place| place.origin != Origin::History && is_tracked(tracked, &place.path));
    of_tree.map(|place| place.identity).collect()
}

fn is_tracked(tracked: &[Tracked], path: &RelPath) -> bool {
    let entry = since(tracked, path.as_bytes()).first();
    entry.is_some_and(|entry| entry.path == *path)
}

fn same(commit: &str) -> String {
    format!("the same value, in commit {commit}")
}
