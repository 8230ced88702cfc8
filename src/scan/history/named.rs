//! Credentials in what references name beside commits: files and folders that no commit holds.

use std::collections::HashSet;

use crate::git::Repository;
use crate::git::history::History;
use crate::model::{Notice, NoticeKind, Origin, Place};
use crate::scan::{Plan, document};

/// Adds to `places` what such files hold, under the reference's name. Gives what could not be read.
pub(super) fn audit(
    plan: &Plan,
    repository: &Repository,
    history: &History,
    places: &mut Vec<Place>,
) -> Vec<Notice> {
    let mut notices = Vec::new();
    let mut seen = HashSet::new();
    for reference in history.without_commit() {
        let files = match repository.named_files(reference) {
            Ok(files) => files,
            // Two notices of one reference say no more than one.
            Err(_) if history.gaps.references.contains(&reference.name) => continue,
            Err(error) => {
                notices.push(Notice::new(NoticeKind::Unreadable, error.to_string()));
                continue;
            }
        };
        for (path, oid) in files {
            let id = history.objects.find(oid);
            let is_read = id.is_some_and(|id| !history.placed(id).is_empty());
            if is_read || !seen.insert(oid) || plan.passes_by(path.as_bytes()) {
                continue;
            }
            match repository.read(oid) {
                Ok(bytes) => {
                    let bytes = &mut &*bytes;
                    let found =
                        document::credentials(plan, &path, Origin::History, bytes, |_| true);
                    places.extend(found.places);
                    notices.extend(found.notices);
                }
                Err(error) => {
                    notices.push(Notice::at(NoticeKind::Unreadable, path, error.to_string()));
                }
            }
        }
    }
    // A file that no rule can read is passed over in a history, as everywhere.
    notices.retain(|notice| notice.kind != NoticeKind::Binary);
    notices
}
