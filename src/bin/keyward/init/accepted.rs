//! Single findings that another scanner accepts: keyward's own findings at their places go into the baseline.
//!
//! What another baseline names by place is taken by place, what it names by its value by the value, wherever that stands now. A value is read
//! where its finding stands, held against what is known of it, and forgotten.

mod matched;
mod past;
mod values;

use std::collections::{BTreeSet, HashSet};
use std::path::Component;
use std::sync::Arc;

use anyhow::Result;
use keyward::model::{Place as Found, RelPath, Suppression};
use keyward::scan::Plan;
use keyward::suppress::{Baseline, Line};

use crate::args::{Judgement, Sources};
use crate::say;
use crate::scan::{options, tell_gaps, watched};

use super::Outcome;
use super::place::{Place, There};
use matched::{Fate, Matched, matched};

/// Entries of one kind are named so many times.
const MOST_TOLD: usize = 20;

/// A finding that another scanner accepts.
#[derive(Debug, PartialEq, Eq)]
pub struct Accepted {
    /// Where it says so.
    pub at: String,
    /// What it is about.
    pub what: What,
}

/// What is accepted.
#[derive(Debug, PartialEq, Eq)]
pub enum What {
    /// Those on a line: of the tree, or as a commit had it.
    Line {
        /// The commit, by its whole id.
        commit: Option<String>,
        /// The file.
        path: String,
        /// The line, from 1.
        line: usize,
        /// The checks that find them; all on credentials where nobody knows.
        checks: Arc<[String]>,
    },
    /// The one of a value in a file.
    Value {
        /// The file.
        path: String,
        /// The SHA-1 of the value.
        hash: [u8; 20],
    },
    /// All that a commit brought, by its whole id.
    Commit(String),
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
    let pairs = found.iter().zip(&matched.found);
    let lines: BTreeSet<Line> = pairs
        .filter(|(_, accepted)| **accepted)
        .map(|(found, _)| Line::of(found))
        .collect();
    store(place, &plan, &lines, outcome)?;
    tell(accepted, &matched, outcome);
    if !report.complete() {
        tell_gaps(&report);
        outcome.fail();
    }
    Ok(())
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
    let known: HashSet<_> = before.iter().map(|line| &line.fingerprint).collect();
    let is_new = |line: &&Line| !known.contains(&line.fingerprint);
    let new: Vec<Line> = lines.iter().filter(is_new).cloned().collect();
    if !new.is_empty() {
        let (some, was, is) = match new.len() {
            1 => ("1 finding".to_owned(), "was", "is"),
            more => (format!("{more} findings"), "were", "are"),
        };
        let all: BTreeSet<Line> = before.into_iter().chain(new).collect();
        place.replace(&name, &Baseline::text(&all))?;
        say(&format!(
            "{}: {some} that {was} accepted elsewhere {is} accepted",
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

/// Tells of the entries that are not what one would think.
fn tell(accepted: &[Accepted], matched: &Matched, outcome: &mut Outcome) {
    let all = accepted.len();
    let of = |fate: Fate| {
        let pairs = accepted.iter().zip(&matched.fates);
        pairs
            .filter(move |(_, of)| **of == fate)
            .map(|(accepted, _)| accepted)
    };
    let vague = of(Fate::Accepted).filter(|accepted| accepted.is_vague());
    if let Some((number, list)) = listed(vague) {
        let (entries, are) = match number {
            1 => ("entry", "is about a rule that is"),
            _ => ("entries", "are about rules that are"),
        };
        say(&format!(
            "{number} {entries} {are} no check here, so every credential on the line is accepted:{list}\n  hint: `keyward scan --show-suppressed` shows them"
        ));
    }
    if let Some((number, list)) = listed(of(Fate::Unread)) {
        say(&format!(
            "{number} of {all} that were accepted elsewhere could not be looked for: too much of the history would have to be read or searched:{list}\n  hint: `keyward baseline write` accepts all there is"
        ));
        outcome.fail();
    }
    if let Some((number, list)) = listed(of(Fate::Nothing)) {
        say(&format!(
            "{number} of {all} that were accepted elsewhere are no findings here, so there is nothing to accept:{list}"
        ));
    }
}

impl Accepted {
    /// Whether nobody knows what finding it is about.
    fn is_vague(&self) -> bool {
        matches!(&self.what, What::Line { checks, .. } if checks.is_empty())
    }
}

/// How many there are, if any, and where the first of them stand, a line each.
fn listed<'a>(entries: impl Iterator<Item = &'a Accepted>) -> Option<(usize, String)> {
    let all: Vec<&str> = entries.map(|accepted| &accepted.at[..]).collect();
    let shown = all.iter().take(MOST_TOLD);
    let mut list: String = shown.map(|at| format!("\n  {at}")).collect();
    if all.len() > MOST_TOLD {
        list += &format!("\n  and {} more", all.len() - MOST_TOLD);
    }
    (!all.is_empty()).then_some((all.len(), list))
}

/// The path of a finding below the root, where it is text.
fn path_of(path: &RelPath) -> Option<&str> {
    std::str::from_utf8(path.as_bytes()).ok()
}
