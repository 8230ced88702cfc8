//! Credentials in a repository's whole history: every version of every file that a reference, a stash or a note ever held.
//!
//! Takes a plan and its repository, gives places. What the tree holds as well is no place of its own: the tree's place is told when it
//! came. Each other value is told once for each path that it stood under, as its first version there has it, which is read once more for
//! that: nothing is told that a reading of the whole file does not find.

mod checked;
mod fresh;
mod messages;
mod named;
mod reading;
mod sweep;
mod told;

use super::{Plan, Progress};
use crate::checks::Tree;
use crate::git::Repository;
use crate::git::history::{Gaps, History};
use crate::model::{Notice, NoticeKind, Place};
pub(super) use messages::of_range as messages_of_range;
use sweep::Swept;
pub(super) use told::head;

/// Whether a reference says what a remote holds.
pub(super) fn is_remote(reference: &str) -> bool {
    REMOTE.iter().any(|start| reference.starts_with(start))
}

/// What the history has to say.
#[derive(Default)]
pub(super) struct Told {
    /// Commits that were read.
    pub commits: u64,
    /// What of it could not be read.
    pub notices: Vec<Notice>,
}

/// What the names of references begin with that say what a remote holds: what was fetched of it, and what code hosts keep of other people's
/// changes, which a mirror of them brings (GitHub, GitLab, Gerrit).
const REMOTE: &[&str] = &[
    "refs/remotes/",
    "refs/pull/",
    "refs/merge-requests/",
    "refs/changes/",
];
/// Objects that are named one by one where many cannot be read.
const FEW: usize = 5;

/// Reads the history of `repository`; adds to `places` what it alone holds and what it says of `tree`, and to those that the tree holds when
/// they came.
pub(super) fn audit(
    plan: &Plan,
    repository: &Repository,
    tree: &Tree<'_>,
    progress: &Progress,
    places: &mut Vec<Place>,
) -> Told {
    let mut watch = messages::Watch::new(plan);
    let history = match History::read_with(repository, &mut |oid, commit| watch.see(oid, commit)) {
        Ok(history) => history,
        Err(error) => {
            let message = format!("the history was not read: {error}");
            return Told {
                commits: 0,
                notices: vec![Notice::new(NoticeKind::Unreadable, message)],
            };
        }
    };
    let swept = sweep::sweep(plan, repository, &history, progress);
    let mut notices = gaps(&history.gaps, repository.is_partial());
    notices.extend(lost(&swept));
    notices.extend(told::tell(plan, repository, &history, swept.traces, places));
    notices.extend(named::audit(plan, repository, &history, places));
    notices.extend(messages::audit(plan, repository, &history, &watch, places));
    notices.extend(checked::audit(plan, repository, &history, tree, places));
    Told {
        commits: history.commits.len() as u64,
        notices,
    }
}

/// What of the history is not there.
fn gaps(gaps: &Gaps, partial: bool) -> Vec<Notice> {
    let mut notices = Vec::new();
    let mut tell = |kind, message: String| notices.push(Notice::new(kind, message));
    if gaps.shallow > 0 {
        let commits = counted(gaps.shallow, "commit");
        tell(
            NoticeKind::Shallow,
            format!(
                "the history is cut off at {commits}, because the clone is shallow: what came before was not scanned\n  hint: `git fetch --unshallow`, in a pipeline `fetch-depth: 0`; or --accept shallow"
            ),
        );
    }
    if gaps.missing > 0 {
        let objects = counted(gaps.missing, "object");
        if partial {
            tell(
                NoticeKind::Partial,
                format!(
                    "{objects} of the history are not here, because the clone is partial: they were not scanned\n  hint: `git fetch --refetch --no-filter` brings them; or --accept partial"
                ),
            );
        } else {
            tell(
                NoticeKind::Unreadable,
                format!(
                    "{objects} of the history are missing: they were not scanned\n  hint: `git fsck` tells which; a fresh clone mends it"
                ),
            );
        }
    }
    for name in &gaps.references {
        let message = format!("the reference {name} names nothing that can be read");
        tell(NoticeKind::Unreadable, message);
    }
    if gaps.too_many {
        tell(
            NoticeKind::Unreadable,
            "the history holds more folders than are followed: some of it was not scanned"
                .to_owned(),
        );
    }
    notices.extend(broken(
        gaps.broken
            .iter()
            .map(|(oid, why)| (oid.to_string(), &**why)),
        gaps.broken.len(),
    ));
    notices
}

/// Blobs that could not be read.
fn lost(swept: &Swept) -> Vec<Notice> {
    let mut notices = broken(
        swept
            .lost
            .iter()
            .map(|(oid, why)| (oid.to_string(), &**why)),
        swept.lost.len(),
    );
    if swept.too_many {
        let message = "the history holds more values than are kept: some are not told";
        notices.push(Notice::new(NoticeKind::Unreadable, message));
    }
    notices
}

/// The first of many objects by name, the rest by number.
fn broken<'a>(objects: impl Iterator<Item = (String, &'a str)>, count: usize) -> Vec<Notice> {
    let told = |(oid, why): (String, &str)| {
        // A pack has no id.
        let message = match oid.bytes().all(|digit| digit == b'0') {
            true => why.to_owned(),
            false => format!("object {oid}: {why}"),
        };
        Notice::new(NoticeKind::Unreadable, message)
    };
    let mut notices: Vec<_> = objects.take(FEW).map(told).collect();
    if let Some(more) = count.checked_sub(FEW).filter(|more| *more > 0) {
        let message = format!("{} more cannot be read", counted(more, "object"));
        notices.push(Notice::new(NoticeKind::Unreadable, message));
    }
    notices
}

fn counted(count: usize, what: &str) -> String {
    match count {
        1 => format!("1 {what}"),
        _ => format!("{count} {what}s"),
    }
}
