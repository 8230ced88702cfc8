//! One audit from beginning to end: sources, documents, places, report.
//!
//! Takes a [`Plan`], gives a [`Report`]. Everything that depends on the world outside (paths, date, configuration) was settled when the
//! plan was made; everything that depends on the order of threads is settled here by sorting.

mod document;
mod excerpt;
mod group;
mod history;
mod judge;
mod masked;
mod mentions;
mod names;
mod plan;
mod range;
mod summary;
mod tree;

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use document::MOST_PLACES;
pub use masked::masked;
pub use mentions::{Mention, mentions};
pub use plan::{History, Mode, Options, Plan};

use crate::checks::File;
use crate::model::{
    Fix, Item, Notice, NoticeKind, Place, RelPath, Report, Result, Severity, Stats,
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

/// What the threads bring together.
#[derive(Default)]
struct Gathered {
    places: Vec<Place>,
    notices: Vec<Notice>,
    files: Vec<File>,
}

/// Runs the audit.
///
/// # Errors
/// Nothing could be read at all. What only makes it incomplete is a notice of the report.
pub fn scan(plan: &Plan, progress: &Progress) -> Result<Report> {
    let gathered = Mutex::new(Gathered::default());
    let (excluded, unparsed, lfs): (AtomicU64, AtomicU64, AtomicU64) = Default::default();
    let ledger = summary::Ledger::default();
    let with = |f: &mut dyn FnMut(&mut Gathered)| match gathered.lock() {
        Ok(mut gathered) => f(&mut gathered),
        // Another thread panicked; its panic goes on when the threads are joined.
        Err(poisoned) => f(&mut poisoned.into_inner()),
    };
    plan.source.push(plan.jobs, &|item| match item {
        Item::Excluded(_) => {
            excluded.fetch_add(1, Ordering::Relaxed);
        }
        Item::Notice(notice) => with(&mut |g| g.notices.push(notice.clone())),
        Item::Blob(blob) => {
            let audited = document::audit(plan, &ledger, blob);
            if audited.read {
                progress.files.fetch_add(1, Ordering::Relaxed);
                progress.bytes.fetch_add(audited.bytes, Ordering::Relaxed);
            }
            unparsed.fetch_add(u64::from(audited.unparsed), Ordering::Relaxed);
            lfs.fetch_add(u64::from(audited.pointer), Ordering::Relaxed);
            if !audited.places.is_empty() || !audited.notices.is_empty() || audited.file.is_some() {
                let mut audited = Some(audited);
                with(&mut |g| {
                    if let Some(audited) = audited.take() {
                        g.places.extend(audited.places);
                        g.notices.extend(audited.notices);
                        g.files.extend(audited.file);
                    }
                });
            }
        }
    })?;
    let Gathered {
        mut places,
        mut notices,
        files,
    } = match gathered.into_inner() {
        Ok(gathered) => gathered,
        Err(poisoned) => poisoned.into_inner(),
    };
    notices.extend(ledger.notices());
    notices.extend(not_parsed(unparsed.into_inner()));
    notices.extend(pointers(lfs.into_inner()));
    let excludes = |path: &[u8]| plan.excludes(path);
    let tree = tree::of(plan, files, &excludes);
    if plan.in_tree {
        tree::audit(plan, &tree, &mut places, &mut notices);
    }
    let mut commits = 0;
    if let Some(ranged) = &plan.range {
        commits = ranged.range.commits.len() as u64;
        notices.extend(range::settle(plan, ranged, &mut places));
    }
    if let Some(repository) = &plan.past {
        let told = history::audit(plan, repository, &tree, progress, &mut places);
        notices.extend(told.notices);
        commits = told.commits;
    }
    let stats = Stats {
        commits,
        blobs: match &plan.range {
            Some(ranged) => ranged.range.blobs.len() as u64,
            None => progress.blobs.load(Ordering::Relaxed),
        },
        files: progress.files.load(Ordering::Relaxed),
        bytes: progress.bytes.load(Ordering::Relaxed),
        excluded: excluded.into_inner(),
        ..Stats::default()
    };
    Ok(report(plan, places, notices, stats))
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
    details.chain(lines).chain(related).chain(past)
}
