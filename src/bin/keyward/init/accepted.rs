//! Single findings that another scanner accepts: keyward's own findings at their places go into the baseline.
//!
//! What another baseline names by place is taken by place, what it names by its value by the value, wherever that stands now. A value is read
//! where its finding stands, held against what is known of it, and forgotten.

mod values;

use std::collections::{BTreeSet, HashMap};
use std::path::Component;

use anyhow::Result;
use keyward::git::Repository;
use keyward::model::{Place as Found, RelPath, Suppression};
use keyward::scan::Plan;
use keyward::suppress::{Baseline, Line};
use memchr::memmem;
use sha1::{Digest, Sha1};

use crate::args::{Judgement, Sources};
use crate::say;
use crate::scan::{options, tell_gaps, watched};

use super::Outcome;
use super::place::{Place, There};
use values::Values;

/// Bytes that are read of the history for the lines that fingerprints name.
const MOST_READ: usize = 2 << 30;
/// Bytes that are looked through for values of files that were renamed.
const MOST_SEARCHED: usize = 1 << 30;
/// A value that is known again in whatever file.
const UNMISTAKABLE: usize = 16;
/// What nothing was found of is told so many times.
const MOST_TOLD: usize = 20;

/// A finding that another scanner accepts. `at`: where it says so.
#[derive(Debug, PartialEq, Eq)]
pub enum Accepted {
    /// The one on a line: of the tree, or as a commit had it.
    Line {
        /// Where it says so.
        at: String,
        /// The commit, by its whole id.
        commit: Option<String>,
        /// The file.
        path: String,
        /// The line, from 1.
        line: usize,
    },
    /// The one of a value in a file.
    Value {
        /// Where it says so.
        at: String,
        /// The file.
        path: String,
        /// The SHA-1 of the value.
        hash: [u8; 20],
    },
    /// All that a commit brought.
    Commit {
        /// Where it says so.
        at: String,
        /// The commit, by its whole id.
        commit: String,
    },
}

impl Accepted {
    fn at(&self) -> &str {
        match self {
            Self::Line { at, .. } | Self::Value { at, .. } | Self::Commit { at, .. } => at,
        }
    }
}

/// Scans, and accepts in the baseline what is accepted elsewhere.
pub fn write(place: &Place, accepted: &[Accepted], outcome: &mut Outcome) -> Result<()> {
    if accepted.is_empty() {
        return Ok(());
    }
    let entries = accepted.len();
    if place.dry_run {
        say(&format!(
            "would scan, and accept in the baseline what {entries} entries name"
        ));
        return Ok(());
    }
    let mut options = options(&Judgement::default(), &Sources::default())?;
    options.cwd.clone_from(&place.root);
    let plan = Plan::new(options)?;
    let report = watched(&plan, true)?;
    let mut found: Vec<&Found> = report
        .findings
        .iter()
        .chain(&report.suppressed)
        .flat_map(|finding| &finding.places)
        .collect();
    // Habits, and faults of whole files, are nothing that another scanner knows.
    let is_open = |f: &Found| matches!(f.suppression, None | Some(Suppression::Baseline));
    found.retain(|f| f.check.is_credential() && is_open(f));
    let matched = matched(place, accepted, &found);
    let lines: BTreeSet<Line> = matched
        .iter()
        .flatten()
        .map(|at| Line::of(found[*at]))
        .collect();
    store(place, &plan, &lines, outcome)?;
    tell(accepted, &matched);
    if !report.complete() {
        tell_gaps(&report);
        outcome.fail();
    }
    Ok(())
}

/// For each that is accepted the findings that it is about.
fn matched(place: &Place, accepted: &[Accepted], found: &[&Found]) -> Vec<Vec<usize>> {
    let values = Values::read(place, found);
    let mut by_path: HashMap<&[u8], Vec<usize>> = HashMap::new();
    for (at, found) in found.iter().enumerate() {
        by_path.entry(found.path.as_bytes()).or_default().push(at);
    }
    let hashes = hashes(accepted, &by_path, &values);
    let mut past = Past {
        repository: place.repository.as_deref(),
        last: None,
        left: MOST_READ,
        search: MOST_SEARCHED,
    };
    let here = |path: &str| by_path.get(path.as_bytes()).map_or(&[][..], Vec::as_slice);
    let of = |accepted: &Accepted| match accepted {
        Accepted::Line {
            commit: None,
            path,
            line,
            ..
        } => {
            let is_there = |at: &&usize| {
                let found = found[**at];
                found.past.as_ref().is_none_or(|past| past.in_head)
                    && (found.line..=found.end_line).contains(line)
            };
            here(path).iter().filter(is_there).copied().collect()
        }
        Accepted::Line {
            commit: Some(commit),
            path,
            line,
            ..
        } => past.on_line(commit, path, *line, here(path), &values),
        Accepted::Value { path, hash, .. } => {
            let known = hashes.get(&(path.as_str(), *hash));
            known.cloned().unwrap_or_default()
        }
        Accepted::Commit { commit, .. } => {
            let brought = |at: &usize| {
                found[*at]
                    .past
                    .as_ref()
                    .is_some_and(|past| past.first.id == *commit)
            };
            (0..found.len()).filter(brought).collect()
        }
    };
    accepted.iter().map(of).collect()
}

/// The findings by path and SHA-1, of the files that are asked for.
fn hashes<'a>(
    accepted: &'a [Accepted],
    by_path: &HashMap<&[u8], Vec<usize>>,
    values: &Values,
) -> HashMap<(&'a str, [u8; 20]), Vec<usize>> {
    let mut out: HashMap<(&str, [u8; 20]), Vec<usize>> = HashMap::new();
    let asked = accepted.iter().filter_map(|accepted| match accepted {
        Accepted::Value { path, .. } => Some(path.as_str()),
        _ => None,
    });
    let asked: BTreeSet<&str> = asked.collect();
    for path in asked {
        for at in by_path.get(path.as_bytes()).into_iter().flatten() {
            for candidate in values.candidates(*at) {
                let hash: [u8; 20] = Sha1::digest(candidate).into();
                let known = out.entry((path, hash)).or_default();
                if !known.contains(at) {
                    known.push(*at);
                }
            }
        }
    }
    out
}

/// Files as commits had them, one at a time.
struct Past<'a> {
    repository: Option<&'a Repository>,
    /// The last that was read.
    last: Option<Old>,
    /// Bytes that may still be read, and searched.
    left: usize,
    search: usize,
}

/// A file as a commit had it.
struct Old {
    commit: String,
    path: String,
    text: Vec<u8>,
    /// Where its lines begin.
    starts: Vec<usize>,
}

impl Past<'_> {
    /// The findings whose value stands on this line of a file as a commit had it: those of the file, else, where it was renamed since, those of
    /// any file whose value cannot be another.
    fn on_line(
        &mut self,
        commit: &str,
        path: &str,
        line: usize,
        here: &[usize],
        values: &Values,
    ) -> Vec<usize> {
        let search = self.search;
        let Some(text) = self.line(commit, path, line) else {
            return Vec::new();
        };
        let cost = |values: usize| text.len().saturating_mul(values).max(1);
        let stands = |at: &usize| {
            let value = values.first_line(*at);
            !value.is_empty() && memmem::find(text, value).is_some()
        };
        let mut spent = cost(here.len());
        let mut all = Vec::new();
        if spent <= search {
            all.extend(here.iter().copied().filter(|at| stands(at)));
        }
        if all.is_empty() && spent + cost(values.len()) <= search {
            spent += cost(values.len());
            let sure = |at: &usize| values.first_line(*at).len() >= UNMISTAKABLE && stands(at);
            all.extend((0..values.len()).filter(sure));
        }
        self.search = search.saturating_sub(spent);
        all
    }

    fn line(&mut self, commit: &str, path: &str, line: usize) -> Option<&[u8]> {
        let is_last = |old: &Old| old.commit == commit && old.path == path;
        if !self.last.as_ref().is_some_and(is_last) {
            self.last = None;
            self.last = self.read(commit, path);
        }
        let old = self.last.as_ref()?;
        let start = *old.starts.get(line.checked_sub(1)?)?;
        let end = old.starts.get(line).copied().unwrap_or(old.text.len());
        old.text.get(start..end)
    }

    fn read(&mut self, commit: &str, path: &str) -> Option<Old> {
        if self.left == 0 {
            return None;
        }
        let text = values::of_commit(self.repository?, commit, path)?;
        self.left = self.left.saturating_sub(text.len().max(1 << 10));
        let ends = memchr::memchr_iter(b'\n', &text).map(|at| at + 1);
        Some(Old {
            commit: commit.to_owned(),
            path: path.to_owned(),
            starts: std::iter::once(0).chain(ends).collect(),
            text,
        })
    }
}

/// Adds the lines to the baseline.
fn store(place: &Place, plan: &Plan, lines: &BTreeSet<Line>, outcome: &mut Outcome) -> Result<()> {
    let file = plan.baseline();
    let inside = file.strip_prefix(&place.root).ok();
    let inside = inside.filter(|path| path.components().all(|c| matches!(c, Component::Normal(_))));
    let Some(name) = inside.map(|path| path.to_string_lossy().into_owned()) else {
        say(&format!(
            "{}: the baseline lies outside of the repository: left as it is\n  hint: `keyward baseline write` adds to it",
            file.display()
        ));
        outcome.fail();
        return Ok(());
    };
    let there = place.there(&name);
    if matches!(there, There::Link | There::Other) {
        place.leave(&name, there);
        outcome.fail();
        return Ok(());
    }
    let before = match there {
        There::File => Baseline::read(file, &name)?.lines(),
        _ => BTreeSet::new(),
    };
    let is_new = |line: &&Line| {
        !before
            .iter()
            .any(|known| known.fingerprint == line.fingerprint)
    };
    let new: Vec<Line> = lines.iter().filter(is_new).cloned().collect();
    if !new.is_empty() {
        let count = new.len();
        let all: BTreeSet<Line> = before.into_iter().chain(new).collect();
        place.replace(&name, &Baseline::text(&all))?;
        say(&format!(
            "{}: {count} findings that were accepted elsewhere are accepted",
            place.shown(&name)
        ));
    } else if !lines.is_empty() {
        say(&format!(
            "{} accepts all of them already",
            place.shown(&name)
        ));
    }
    Ok(())
}

/// Tells what keyward has nothing to say of.
fn tell(accepted: &[Accepted], matched: &[Vec<usize>]) {
    let pairs = accepted.iter().zip(matched);
    let nothing: Vec<&str> = pairs
        .filter(|(_, found)| found.is_empty())
        .map(|(a, _)| a.at())
        .collect();
    if nothing.is_empty() {
        return;
    }
    let shown: Vec<_> = nothing
        .iter()
        .take(MOST_TOLD)
        .map(|at| format!("\n  {at}"))
        .collect();
    let more = match nothing.len() - shown.len() {
        0 => String::new(),
        more => format!("\n  and {more} more"),
    };
    say(&format!(
        "{} of {} that were accepted elsewhere are no findings here, so there is nothing to accept:{}{more}",
        nothing.len(),
        accepted.len(),
        shown.concat()
    ));
}

/// The path of a finding below the root, where it is text.
fn path_of(path: &RelPath) -> Option<&str> {
    std::str::from_utf8(path.as_bytes()).ok()
}
