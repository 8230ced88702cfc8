//! Every blob of the history, read once: whole where it stands for itself, and where it is a delta only what it adds.
//!
//! Takes a plan and a history, gives for each value the paths it ever stood under, with the first and the last commit of each. What a
//! delta copies is not read again: what was known of it has moved with it. That holds as long as a match and what it is judged by stand
//! close together: what may go over many lines leaves an anchor, near which a change is read with all of that, and formats that are read as a
//! whole are read so each time.

use std::collections::BTreeMap;
use std::collections::hash_map::Entry;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, PoisonError};

use foldhash::{HashMap, HashMapExt};
use git2::Oid;

use super::fresh;
use super::reading::{self, Place, Reader, Reading};
use crate::facts::Format;
use crate::git::Repository;
use crate::git::history::{History, ObjectId, PathId, Placed};
use crate::git::pack::{Kind, Object, Op, Pack, Visit, Walker};
use crate::model::{Identity, Span};
use crate::scan::{Plan, Progress};
use crate::source::Pool;
use crate::text::{Encoding, HEAD, sniff};

/// Roots that a thread takes at once; each brings all that stands on it.
const BATCH: usize = 256;
/// A longer text is read in windows, each time as a whole.
const LONGEST: usize = Format::LONGEST;
/// Values under paths that are kept of one history: each takes some 100 bytes.
const MOST_TRACES: usize = 200_000;
/// Blobs that are kept of one value under one path, the earliest: the first in which a whole reading finds it is told.
const EARLIEST: usize = 4;

/// What was seen of one value under one path.
#[derive(Clone, Debug)]
pub(super) struct Trace {
    /// The first commit that holds it there.
    pub first: u32,
    /// The last.
    pub last: u32,
    /// It is there in HEAD.
    pub in_head: bool,
    /// The earliest versions of the file that hold it, each with the commit that brought it.
    pub earliest: Vec<(u32, ObjectId)>,
}

impl Trace {
    fn new(placed: &Placed) -> Self {
        Self {
            first: placed.first,
            last: placed.last,
            in_head: placed.in_head,
            earliest: vec![(placed.first, placed.blob)],
        }
    }

    fn join(&mut self, other: Self) {
        self.first = self.first.min(other.first);
        self.last = self.last.max(other.last);
        self.in_head |= other.in_head;
        self.earliest.extend(other.earliest);
        self.earliest.sort_unstable();
        self.earliest.truncate(EARLIEST);
    }
}

/// What came of a sweep.
#[derive(Default)]
pub(super) struct Swept {
    /// By value and path.
    pub traces: HashMap<(Identity, PathId), Trace>,
    /// Blobs that could not be made, with the reason.
    pub lost: BTreeMap<Oid, String>,
    /// More values were found than are kept.
    pub too_many: bool,
}

impl Swept {
    fn join(&mut self, sweeper: Sweeper<'_>) {
        for (key, trace) in sweeper.traces {
            if let Some(known) = self.traces.get_mut(&key) {
                known.join(trace);
            } else if self.traces.len() < MOST_TRACES {
                self.traces.insert(key, trace);
            } else {
                self.too_many = true;
            }
        }
        self.lost.extend(sweeper.lost);
        self.too_many |= sweeper.too_many;
    }
}

/// Reads every blob that a commit of the history holds.
pub(super) fn sweep(
    plan: &Plan,
    repository: &Repository,
    history: &History,
    progress: &Progress,
) -> Swept {
    let swept = Mutex::new(Swept::default());
    let mut batches = Vec::new();
    for (first, pack) in history.objects.numbered_packs() {
        let roots = pack.roots(Kind::Blob);
        let packed = |roots: &[u32]| Batch::Packed(first, pack, roots.to_owned());
        batches.extend(roots.chunks(BATCH).map(packed));
        let strays = pack.strays();
        batches.extend(
            strays
                .chunks(BATCH)
                .map(|oids| Batch::Single(oids.to_owned())),
        );
    }
    let loose = history.objects.loose().chunks(BATCH);
    batches.extend(loose.map(|oids| Batch::Single(oids.to_owned())));
    // The last is taken first, and the file is read from its beginning.
    batches.reverse();
    let start = || Thread {
        sweeper: Sweeper {
            plan,
            history,
            progress,
            first: 0,
            reader: Reader::new(&plan.rules, plan.plain_history),
            places: HashMap::new(),
            traces: HashMap::new(),
            lost: BTreeMap::new(),
            too_many: false,
        },
        walker: None,
    };
    Pool::run_with(
        plan.jobs,
        batches,
        start,
        |thread, batch, _| thread.read(repository, batch),
        |thread| {
            let mut swept = swept.lock().unwrap_or_else(PoisonError::into_inner);
            swept.join(thread.sweeper);
        },
    );
    swept.into_inner().unwrap_or_else(PoisonError::into_inner)
}

/// Blobs that one thread reads.
enum Batch<'a> {
    /// What stands on these roots of a pack whose first object has this number.
    Packed(u32, &'a Pack, Vec<u32>),
    /// Objects in files of their own, or that their pack alone cannot make.
    Single(Vec<Oid>),
}

/// What a thread reads batches with.
struct Thread<'a> {
    sweeper: Sweeper<'a>,
    /// Of the pack whose first object has this number.
    walker: Option<(u32, Walker<'a>)>,
}

impl<'a> Thread<'a> {
    fn read(&mut self, repository: &Repository, batch: Batch<'a>) {
        let sweeper = &mut self.sweeper;
        match batch {
            Batch::Packed(first, pack, roots) => {
                if self.walker.as_ref().is_none_or(|(of, _)| *of != first) {
                    self.walker = Some((first, pack.walker()));
                }
                sweeper.first = first;
                if let Some((_, walker)) = &mut self.walker {
                    walker.walk(&roots, sweeper);
                }
            }
            Batch::Single(oids) => oids
                .into_iter()
                .for_each(|oid| sweeper.single(repository, oid)),
        }
    }
}

/// What is known of a blob as long as others may stand on it.
#[derive(Default)]
struct Known {
    /// It is text, and how long.
    text: Option<usize>,
    /// By class of path.
    readings: Vec<(u64, Reading)>,
}

impl Known {
    fn reading(&self, class: u64) -> Option<&Reading> {
        let mut readings = self.readings.iter();
        readings
            .find(|(of, _)| *of == class)
            .map(|(_, reading)| reading)
    }
}

struct Sweeper<'a> {
    plan: &'a Plan,
    history: &'a History,
    progress: &'a Progress,
    /// The number of the pack's first object.
    first: u32,
    reader: Reader<'a>,
    places: HashMap<PathId, Arc<Place>>,
    traces: HashMap<(Identity, PathId), Trace>,
    lost: BTreeMap<Oid, String>,
    too_many: bool,
}

impl Sweeper<'_> {
    /// Reads a blob that has to be made by itself.
    fn single(&mut self, repository: &Repository, oid: Oid) {
        let Some(id) = self.history.objects.find(oid) else {
            return;
        };
        let placed = self.history.placed(id);
        if placed.is_empty() {
            return;
        }
        match repository.read(oid) {
            Ok(data) => drop(self.read(placed, &data, None)),
            Err(e) => drop(self.lost.insert(oid, e.to_string())),
        }
    }

    /// Reads a blob under all of its paths.
    fn read(&mut self, placed: &[Placed], data: &[u8], from: Option<(&Known, &[Op])>) -> Known {
        let (files, bytes) = (&self.progress.blobs, &self.progress.blob_bytes);
        files.fetch_add(1, Ordering::Relaxed);
        bytes.fetch_add(data.len() as u64, Ordering::Relaxed);
        let from = from.filter(|_| !self.plan.plain_history);
        let base = from.and_then(|(known, ops)| Some((known, known.text?, ops)));
        let encoding = match base {
            Some((_, _, [Op::Copy { from: 0, length }, ..])) if *length >= HEAD => Encoding::Bytes,
            _ => sniff(data),
        };
        if encoding == Encoding::Binary {
            return Known::default();
        }
        let is_plain = encoding == Encoding::Bytes && data.len() <= LONGEST;
        let mut known = Known {
            text: is_plain.then_some(data.len()),
            readings: Vec::new(),
        };
        let mut changes: Option<Vec<Span>> = None;
        let mut told: Vec<(u64, Vec<Identity>)> = Vec::new();
        for placed in placed {
            let place = self.place(placed.place);
            if place.excluded {
                continue;
            }
            if !told.iter().any(|(class, _)| *class == place.class) {
                let mut values: Vec<Identity>;
                if is_plain {
                    let base = base.and_then(|(known, length, ops)| {
                        Some((known.reading(place.class)?, length, ops))
                    });
                    let reading = match base {
                        Some((base, length, ops)) => {
                            let changes =
                                changes.get_or_insert_with(|| fresh::changes(ops, length, data));
                            self.reader.changed(&place, data, base, ops, changes)
                        }
                        None => self.reader.whole(&place, data),
                    };
                    self.too_many |= reading.cut;
                    values = reading.sightings.iter().map(|s| s.value).collect();
                    values.sort_unstable();
                    values.dedup();
                    known.readings.push((place.class, reading));
                } else {
                    let cut;
                    (values, cut) = reading::windows(&self.plan.rules, &place, data);
                    self.too_many |= cut;
                }
                told.push((place.class, values));
            }
            let values = told.iter().find(|(class, _)| *class == place.class);
            for value in values.into_iter().flat_map(|(_, values)| values) {
                let room = self.traces.len() < MOST_TRACES;
                match self.traces.entry((*value, placed.place)) {
                    Entry::Occupied(mut known) => known.get_mut().join(Trace::new(placed)),
                    Entry::Vacant(new) if room => drop(new.insert(Trace::new(placed))),
                    Entry::Vacant(_) => self.too_many = true,
                }
            }
        }
        known
    }

    fn place(&mut self, id: PathId) -> Arc<Place> {
        let (plan, history) = (self.plan, self.history);
        let place = self.places.entry(id).or_insert_with(|| {
            let path = history.path(id);
            let excluded = plan.passes_by(path.as_bytes());
            Arc::new(Place::new(path, &plan.rules, excluded))
        });
        Arc::clone(place)
    }
}

impl Visit for Sweeper<'_> {
    type State = Known;

    fn object(&mut self, object: Object<'_, Known>) -> Known {
        let history = self.history;
        let placed = history.placed(ObjectId(self.first + object.place));
        if placed.is_empty() {
            return Known::default();
        }
        self.read(placed, object.data, object.from)
    }

    fn lost(&mut self, oid: Oid, why: &str) {
        let id = self.history.objects.find(oid);
        if id.is_some_and(|id| !self.history.placed(id).is_empty()) {
            self.lost.insert(oid, why.to_owned());
        }
    }
}
