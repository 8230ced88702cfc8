//! One audit from beginning to end: sources, documents, places, report.
//!
//! Takes a [`Plan`], gives a [`Report`]. Everything that depends on the world outside (paths, date, configuration) was settled when the
//! plan was made; everything that depends on the order of threads is settled here by sorting.

mod asked;
mod document;
mod excerpt;
mod group;
#[cfg(feature = "git")]
mod history;
mod judge;
mod masked;
mod mentions;
mod names;
mod options;
mod plan;
#[cfg(feature = "git")]
mod range;
mod scanner;
mod summary;
mod tree;

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

#[cfg(feature = "git")]
use document::MOST_PLACES;
pub use masked::masked;
pub use mentions::{Mention, mentions};
pub use names::concealed;
#[cfg(feature = "git")]
pub use options::History;
pub use options::{Mode, Options};
pub use plan::Plan;
pub use scanner::Scanner;

use crate::checks::{self, File};
use crate::model::{
    Fix, Item, Notice, NoticeKind, Place, RelPath, Report, Result, Severity, Stats, Why,
};

/// Counters that a progress line reads while a scan runs.
#[derive(Debug, Default)]
pub struct Progress {
    /// Files read to their end.
    pub files: AtomicU64,
    /// Their bytes.
    pub bytes: AtomicU64,
    /// Versions of files that were read of the history.
    pub blobs: AtomicU64,
    /// Their bytes.
    pub blob_bytes: AtomicU64,
}

/// Runs the audit.
///
/// # Errors
/// Nothing could be read at all. What only makes it incomplete is a notice of the report.
pub fn scan(plan: &Plan, progress: &Progress) -> Result<Report> {
    let gathering = Gathering::new(plan, progress);
    plan.source.push(plan.jobs, &|item| gathering.take(item))?;
    Ok(gathering.report())
}

/// What the threads bring together.
#[derive(Default)]
struct Gathered {
    places: Vec<Place>,
    notices: Vec<Notice>,
    files: Vec<File>,
}

/// An audit that takes what a source hands out.
struct Gathering<'a> {
    plan: &'a Plan,
    progress: &'a Progress,
    ledger: summary::Ledger,
    gathered: Mutex<Gathered>,
    excluded: AtomicU64,
    unparsed: AtomicU64,
    lfs: AtomicU64,
}

impl<'a> Gathering<'a> {
    fn new(plan: &'a Plan, progress: &'a Progress) -> Self {
        Self {
            plan,
            progress,
            ledger: summary::Ledger::default(),
            gathered: Mutex::default(),
            excluded: AtomicU64::new(0),
            unparsed: AtomicU64::new(0),
            lfs: AtomicU64::new(0),
        }
    }

    /// Reads and judges what a source hands out; from any thread.
    fn take(&self, item: Item<'_>) {
        match item {
            Item::Excluded(_) => {
                self.excluded.fetch_add(1, Ordering::Relaxed);
            }
            Item::Notice(notice) => self.with(|g| g.notices.push(notice)),
            Item::Blob(blob) => {
                let audited = document::audit(self.plan, &self.ledger, blob);
                if audited.read {
                    self.progress.files.fetch_add(1, Ordering::Relaxed);
                    let bytes = &self.progress.bytes;
                    bytes.fetch_add(audited.bytes, Ordering::Relaxed);
                }
                let count = |counter: &AtomicU64, counts: bool| {
                    counter.fetch_add(u64::from(counts), Ordering::Relaxed);
                };
                count(&self.unparsed, audited.unparsed);
                count(&self.lfs, audited.pointer);
                if !audited.places.is_empty()
                    || !audited.notices.is_empty()
                    || audited.file.is_some()
                {
                    self.with(|g| {
                        g.places.extend(audited.places);
                        g.notices.extend(audited.notices);
                        g.files.extend(audited.file);
                    });
                }
            }
        }
    }

    fn with(&self, f: impl FnOnce(&mut Gathered)) {
        // Where another thread panicked, its panic goes on when the threads are joined.
        f(&mut self.gathered.lock().unwrap_or_else(PoisonError::into_inner));
    }

    /// What is to be told of all together.
    fn report(self) -> Report {
        let Self { plan, progress, .. } = self;
        let gathered = self.gathered.into_inner();
        let Gathered {
            mut places,
            mut notices,
            files,
        } = gathered.unwrap_or_else(PoisonError::into_inner);
        notices.extend(self.ledger.notices());
        notices.extend(not_parsed(self.unparsed.into_inner()));
        notices.extend(pointers(self.lfs.into_inner()));
        let excludes = |path: &[u8]| plan.excludes(path);
        let tree = tree::of(plan, files, &excludes);
        if plan.in_tree {
            tree::audit(plan, &tree, &mut places, &mut notices);
        }
        let past = past(plan, &tree, progress, &mut places, &mut notices);
        let stats = Stats {
            files: progress.files.load(Ordering::Relaxed),
            bytes: progress.bytes.load(Ordering::Relaxed),
            excluded: self.excluded.into_inner(),
            ..past
        };
        report(plan, places, notices, stats)
    }
}

/// What commits have to say, of a range or of the whole history; gives how many commits and versions of files it was.
#[cfg(feature = "git")]
fn past(
    plan: &Plan,
    tree: &checks::Tree<'_>,
    progress: &Progress,
    places: &mut Vec<Place>,
    notices: &mut Vec<Notice>,
) -> Stats {
    let mut stats = Stats::default();
    if let Some(ranged) = &plan.range {
        stats.commits = ranged.range.commits.len() as u64;
        stats.blobs = ranged.range.blobs.len() as u64;
        notices.extend(range::settle(plan, ranged, places));
    }
    if let Some(repository) = &plan.past {
        let told = history::audit(plan, repository, tree, progress, places);
        notices.extend(told.notices);
        stats.commits = told.commits;
        stats.blobs = progress.blobs.load(Ordering::Relaxed);
    }
    stats
}

/// Without the feature `git` nothing is asked of commits.
#[cfg(not(feature = "git"))]
fn past(
    _: &Plan,
    _: &checks::Tree<'_>,
    _: &Progress,
    _: &mut Vec<Place>,
    _: &mut Vec<Notice>,
) -> Stats {
    Stats::default()
}

/// One line for all programs that were not read to their end: a tree may hold hundreds.
fn not_parsed(files: u64) -> Option<Notice> {
    let (programs, them) = match files {
        0 => return None,
        1 => ("1 program", "it"),
        _ => (&*format!("{files} programs"), "them"),
    };
    let message = format!(
        "{programs} could not be read to the end: what rules on code would find in {them} may be missing"
    );
    Some(Notice::new(NoticeKind::Unparsed, message))
}

/// One line for all files that are kept elsewhere.
fn pointers(files: u64) -> Option<Notice> {
    let (what, them) = match files {
        0 => return None,
        1 => ("1 file is a pointer".to_owned(), "its"),
        _ => (format!("{files} files are pointers"), "their"),
    };
    let message = format!(
        "{what} of Git LFS: {them} content is not here and was not scanned; `git lfs pull` brings it"
    );
    Some(Notice::new(NoticeKind::Lfs, message))
}

/// Suppresses, hides, groups and sorts.
fn report(
    plan: &Plan,
    mut places: Vec<Place>,
    mut notices: Vec<Notice>,
    mut stats: Stats,
) -> Report {
    // What weighs without saying why would be explained wrongly.
    debug_assert!(places.iter().all(Place::is_accounted_for));
    for place in &mut places {
        // Asked even where an inline mark has spoken, so that an entry both cover does not count as unused.
        let by_configuration = plan.suppressor.suppression(place);
        place.suppression = place.suppression.take().or(by_configuration);
    }
    let before = places.len();
    places.retain(|p| {
        p.confidence >= plan.confidence && (plan.pedantic || p.severity > Severity::Info)
    });
    stats.hidden = (before - places.len()) as u64;

    notices.extend(plan.notices.iter().cloned());
    notices.extend(plan.suppressor.notices(plan.is_all()));
    stats.skipped = notices.iter().filter(|n| n.kind.is_skip()).count() as u64;
    if stats.files == 0 && stats.excluded > 0 && stats.skipped == 0 {
        notices.push(Notice::new(
            NoticeKind::AllExcluded,
            "every file is excluded, so nothing was scanned: see `exclude` in the configuration",
        ));
    }
    for notice in &mut notices {
        if notice.kind.incomplete() && plan.accepts(notice) {
            notice.kind = NoticeKind::Accepted;
        }
    }
    if !plan.show_secrets {
        let mut names = names::Names::new(&plan.rules);
        places
            .iter_mut()
            .flat_map(paths)
            .for_each(|path| names.conceal(path));
        places
            .iter_mut()
            .flat_map(words)
            .for_each(|words| names.conceal_words(words));
        notices
            .iter_mut()
            .filter_map(|n| n.path.as_mut())
            .for_each(|path| names.conceal(path));
        notices
            .iter_mut()
            .for_each(|n| names.conceal_words(&mut n.message));
    }
    notices.sort();
    notices.dedup();

    let (suppressed, reported): (Vec<_>, Vec<_>) =
        places.into_iter().partition(|p| p.suppression.is_some());
    Report {
        findings: group::findings(reported),
        suppressed: group::findings(suppressed),
        notices,
        stats,
        today: plan.today,
    }
}

/// Every path that a place tells.
fn paths(place: &mut Place) -> impl Iterator<Item = &mut RelPath> {
    let fixes = place.fixes.iter_mut().map(Fix::path_mut);
    let related = place.related.iter_mut().map(|related| &mut related.path);
    std::iter::once(&mut place.path).chain(fixes).chain(related)
}

/// Every text of a place that repeats what a file, a key, a reference or an author is called.
fn words(place: &mut Place) -> impl Iterator<Item = &mut String> {
    let past = place.past.iter_mut().flat_map(|past| {
        let authors = [&mut past.first.author, &mut past.last.author];
        authors.into_iter().chain(&mut past.references)
    });
    let lines = place.fixes.iter_mut().flat_map(Fix::words_mut);
    let details = place.details.iter_mut().map(|(_, said)| said);
    let related = place.related.iter_mut().map(|related| &mut related.what);
    let steps = place
        .steps
        .iter_mut()
        .filter_map(|step| match &mut step.why {
            Why::Named(name) => Some(name),
            _ => None,
        });
    details.chain(lines).chain(related).chain(past).chain(steps)
}
