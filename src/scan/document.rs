//! One blob: read in windows, held against the rules, judged.

use super::Plan;
use super::judge::{self, Scene};
use crate::classify::contexts;
use crate::model::{Blob, Context, Contexts, Notice, NoticeKind, Place};
use crate::rules::Document;
use crate::suppress::inline::{self, Marks};
use crate::text::{Encoding, Syntax, Windows};

/// Places of one file that a report lists: each takes a kilobyte, and a file of 40 MB can hold a million. What is left out may be worse
/// than what is listed, or not suppressed while all of that is, so the scan counts as incomplete then.
const MOST_PLACES: usize = 10_000;

/// What came of one blob.
#[derive(Default)]
pub(super) struct Audited {
    pub places: Vec<Place>,
    pub notices: Vec<Notice>,
    /// It was text, and read to its end.
    pub read: bool,
    pub bytes: u64,
}

/// Reads and judges one blob.
pub(super) fn audit(plan: &Plan, mut blob: Blob<'_>) -> Audited {
    let mut audited = Audited::default();
    let path = blob.path.clone();
    let syntax = Syntax::of_path(&path);
    // Contexts are asked for only where something was found: most files have nothing.
    let mut known: Option<Contexts> = None;
    let mut more = 0;
    let result = Windows::read(&mut *blob.reader, &mut |window| {
        let hits = plan.rules.hits(&Document {
            path: &path,
            syntax,
            text: window.text,
        });
        let first = window.whole || window.first.line == 1 && window.first.column == 1;
        if known.is_none() && (!hits.is_empty() || !window.whole) {
            let mut contexts = contexts::of_path(&path);
            if first {
                contexts = contexts.union(contexts::of_content(window.text));
            }
            if blob.standing.is_ignored() {
                contexts = contexts.with(Context::Local);
            }
            known = Some(contexts);
        }
        let marks = Marks::of(window.text);
        if !hits.is_empty() {
            let scene = Scene {
                path: &path,
                origin: blob.origin,
                contexts: known.unwrap_or_default(),
                window: &window,
                marks: &marks,
                judge_local: plan.judge_local,
                show_secrets: plan.show_secrets,
            };
            let room = MOST_PLACES - audited.places.len();
            let (places, left) = judge::places(hits, &scene, room);
            audited.places.extend(places);
            more += left;
        }
        audited.notices.extend(inline::notices(
            &path,
            &window,
            &marks,
            &audited.places,
            plan.whole,
        ));
    });
    if more > 0 {
        let message = format!(
            "{MOST_PLACES} places are listed, and {more} more were found: look at the file itself"
        );
        let kind = NoticeKind::Unreadable;
        audited
            .notices
            .push(Notice::at(kind, path.clone(), message));
    }
    match result {
        Ok(Windows {
            encoding: Encoding::Binary,
            ..
        }) => {
            audited
                .notices
                .push(Notice::at(NoticeKind::Binary, path, "binary"));
        }
        Ok(windows) => {
            audited.read = true;
            audited.bytes = windows.bytes;
        }
        Err(error) => {
            let reason = error.to_string().to_lowercase();
            audited.notices.push(Notice::at(
                NoticeKind::Unreadable,
                path,
                format!("could not be read to its end: {reason}"),
            ));
        }
    }
    audited
}
