//! One blob: read in windows, held against the rules, judged.

use std::cell::OnceCell;
use std::io;
#[cfg(feature = "git")]
use std::io::Read;

use super::Plan;
use super::judge::{self, Scene};
#[cfg(feature = "git")]
use super::range;
use super::summary::{self, Ledger};
use crate::checks::{self, File};
use crate::classify::environments::environment;
use crate::classify::{Setting, contexts};
use crate::model::{Blob, Notice, NoticeKind, Place, RelPath};
#[cfg(feature = "git")]
use crate::model::{Hit, Origin, Standing};
use crate::rules::Document;
use crate::suppress::inline::{self, Marks};
use crate::text::{Encoding, Syntax, Windows};

/// Places of one file that a report lists: each takes a kilobyte, and a file of 40 MB can hold a million. What is left out may be worse
/// than what is listed, or not suppressed while all of that is, so the scan counts as incomplete then.
pub(super) const MOST_PLACES: usize = 10_000;

/// What came of one blob.
#[derive(Default)]
pub(super) struct Audited {
    pub places: Vec<Place>,
    pub notices: Vec<Notice>,
    /// What is kept of it for the checks over the tree, if it says anything to them.
    pub file: Option<File>,
    /// It was text, and read to its end.
    pub read: bool,
    /// It is a program that rules on code asked for, and it was not read to its end.
    pub unparsed: bool,
    /// It is a pointer of Git LFS, its content elsewhere.
    pub pointer: bool,
    pub bytes: u64,
}

/// Whether a text is what Git LFS leaves in place of a file; see its specification.
pub(super) fn is_pointer(text: &[u8]) -> bool {
    const LONGEST: usize = 1024;
    text.len() < LONGEST && text.starts_with(b"version https://git-lfs.github.com/spec/v")
}

/// Reads and judges one blob: of a range of commits the version that its end has in full, every other one for credentials alone.
#[cfg(feature = "git")]
pub(super) fn audit(plan: &Plan, ledger: &Ledger, mut blob: Blob<'_>) -> Audited {
    let version = plan.version(blob.version);
    let mut audited = match version {
        Some(new) if !new.at_tip => {
            credentials(plan, &blob.path, blob.origin, &mut *blob.reader, |_| true)
        }
        _ => whole(plan, ledger, blob),
    };
    if let (Some(ranged), Some(new)) = (&plan.range, version) {
        range::stamp(&ranged.range, new, &mut audited.places);
    }
    audited
}

/// Reads and judges one blob.
#[cfg(not(feature = "git"))]
pub(super) fn audit(plan: &Plan, ledger: &Ledger, blob: Blob<'_>) -> Audited {
    whole(plan, ledger, blob)
}

/// Reads a text for credentials alone: no program is parsed, nothing is kept for the checks over the tree, and no mark is told of that
/// suppresses nothing.
#[cfg(feature = "git")]
pub(super) fn credentials(
    plan: &Plan,
    path: &RelPath,
    origin: Origin,
    reader: &mut dyn Read,
    wanted: impl Fn(&Hit) -> bool,
) -> Audited {
    let mut audited = Audited::default();
    let setting = Setting::new(path, Standing::Tracked);
    let mut more = 0;
    let result = Windows::read(reader, &mut |window| {
        audited.pointer = window.whole && is_pointer(window.text);
        if !window.whole {
            // The first window decides for all.
            setting.contexts(window.text);
            setting.kind(window.text);
        }
        let mut reading = plan.rules.credentials(&Document {
            path,
            syntax: Syntax::of_path(path),
            text: window.text,
            beginning: window.text,
            whole: window.whole,
            setting: &setting,
        });
        if !reading.hits.iter().any(&wanted) {
            return;
        }
        let scene = Scene {
            path,
            origin,
            contexts: setting.contexts(window.text),
            window: &window,
            marks: &Marks::of(window.text),
            plan,
            digest: OnceCell::new(),
        };
        let mask = scene.mask(&reading);
        reading.hits.retain(&wanted);
        let room = MOST_PLACES - audited.places.len();
        let (places, left) = judge::places(reading.hits, &scene, &mask, room);
        audited
            .places
            .extend(places.into_iter().map(|(_, place)| place));
        more += left;
    });
    audited.end(path, result, more);
    audited
}

/// Reads a file that is there: all rules, and what the checks over the tree ask of it.
fn whole(plan: &Plan, ledger: &Ledger, mut blob: Blob<'_>) -> Audited {
    let mut audited = Audited::default();
    let path = blob.path.clone();
    let setting = Setting::new(&path, blob.standing);
    let syntax = Syntax::of_path(&path);
    let private = contexts::is_credential_file(path.name(), &path);
    let sent = checks::is_sent(&path);
    let mut more = 0;
    let result = Windows::read(&mut *blob.reader, &mut |window| {
        audited.pointer = window.whole && is_pointer(window.text);
        if !window.whole {
            // The first window decides for all.
            setting.contexts(window.text);
            setting.kind(window.text);
        }
        let module = summary::module(&path, &setting, &window, plan, ledger);
        if module
            .as_ref()
            .is_some_and(|module| !checks::is_server(&path, module))
        {
            setting.may_be_client();
        }
        let reading = plan.rules.read(&Document {
            path: &path,
            syntax,
            text: window.text,
            beginning: window.text,
            whole: window.whole,
            setting: &setting,
        });
        audited.unparsed |= reading.unparsed;
        let marks = Marks::of(window.text);
        let governs = summary::governs(&path);
        if reading.is_empty() && !private && !governs && !sent {
            // Where most scripts stand nobody asks: it takes longer to tell than to read them.
            if let Some(module) = module {
                let file = File::new(path.clone(), blob.standing, setting.of_path());
                audited.file = Some(File {
                    module: Some(module),
                    ..file
                });
            }
        } else {
            let (contexts, kind) = (setting.contexts(window.text), setting.kind(window.text));
            let scene = Scene {
                path: &path,
                origin: blob.origin,
                contexts,
                window: &window,
                marks: &marks,
                plan,
                digest: OnceCell::new(),
            };
            let mask = scene.mask(&reading);
            let file = audited.file.get_or_insert_with(|| File {
                mode: blob.mode,
                kind,
                environment: environment(&path),
                ..File::new(path.clone(), blob.standing, contexts)
            });
            file.module = module;
            summary::add(file, &reading, &scene, &mask, ledger);
            let room = MOST_PLACES - audited.places.len();
            let (places, left) = judge::places(reading.hits, &scene, &mask, room);
            audited
                .places
                .extend(places.into_iter().map(|(_, place)| place));
            let (asleep, left_asleep) = judge::places(reading.dormant, &scene, &mask, MOST_PLACES);
            file.dormant = asleep;
            file.dormant.retain(|_| ledger.entry());
            more += left + left_asleep;
        }
        // A mark on what sleeps may be of use.
        let asleep = audited.file.iter().flat_map(|file| &file.dormant);
        let asleep: Vec<_> = asleep.map(|(_, place)| place.check.clone()).collect();
        let mut later: Vec<&str> = checks::ids().collect();
        later.extend(asleep.iter().map(|check| check.id.as_str()));
        audited.notices.extend(inline::notices(
            &path,
            &window,
            &marks,
            &audited.places,
            plan.whole,
            &later,
        ));
    });
    if !private && audited.file.as_ref().is_some_and(File::says_nothing) {
        audited.file = None;
    }
    audited.end(&path, result, more);
    audited
}

impl Audited {
    /// What came of reading to the end, and how many places were not looked at.
    fn end(&mut self, path: &RelPath, result: io::Result<Windows>, more: usize) {
        let mut tell = |kind, message: String| {
            self.notices.push(Notice::at(kind, path.clone(), message));
        };
        if more > 0 {
            tell(
                NoticeKind::Unreadable,
                format!(
                    "{MOST_PLACES} places are listed, and {more} more were found: look at the file itself"
                ),
            );
        }
        match result {
            Ok(Windows {
                encoding: Encoding::Binary,
                ..
            }) => tell(NoticeKind::Binary, "binary".to_owned()),
            Ok(windows) => {
                self.read = true;
                self.bytes = windows.bytes;
            }
            Err(error) => {
                let reason = error.to_string().to_lowercase();
                tell(
                    NoticeKind::Unreadable,
                    format!("could not be read to its end: {reason}"),
                );
            }
        }
    }
}
