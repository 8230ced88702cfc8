//! `keyward baseline`.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use keyward::model::{Confidence, Place, Report, Suppression};
use keyward::scan::Plan;
use keyward::suppress::{Baseline as File, Line};

use crate::args::{Baseline, BaselineCommand, Baselining};
use crate::scan::{options, tell_gaps, watched};
use crate::{FAILED, output, say, target, world};

/// Runs the command.
pub fn run(args: &Baseline) -> Result<u8> {
    match &args.command {
        BaselineCommand::Write(args) => write(args),
        BaselineCommand::Prune(args) => prune(args),
    }
}

/// Adds lines and drops none, so that a scan that sees less than the last one cannot wake what was accepted.
fn write(args: &Baselining) -> Result<u8> {
    let mut options = options(&args.judgement, &args.sources)?;
    // One that is named must exist to be read; here it may be about to be made.
    options.baseline = options.baseline.filter(|path| path.exists());
    let plan = Plan::new(options)?;
    let file = written(args, &plan)?;
    let report = watched(&plan, true)?;
    let before = if file.exists() {
        read(&file)?
    } else {
        BTreeSet::new()
    };
    let found = report
        .findings
        .iter()
        .chain(&report.suppressed)
        .flat_map(|f| &f.places);
    let accepted = |p: &&Place| matches!(p.suppression, None | Some(Suppression::Baseline));
    let mut lines = before.clone();
    for line in found.filter(accepted).map(Line::of) {
        if !before
            .iter()
            .any(|known| known.fingerprint == line.fingerprint)
        {
            lines.insert(line);
        }
    }
    store(&file, &lines)?;
    let new = lines.len() - before.len();
    say(&format!(
        "{}: {new} new, {} in all",
        shown(&file),
        lines.len()
    ));
    Ok(finished(&report))
}

/// Drops the lines of what is found no more, whatever else accepts it.
fn prune(args: &Baselining) -> Result<u8> {
    let mut options = options(&args.judgement, &args.sources)?;
    // A line may be of something that is hidden unless it is asked for.
    options.pedantic = true;
    options.confidence = Some(Confidence::Low);
    let plan = Plan::new(options)?;
    let file = written(args, &plan)?;
    if !file.exists() {
        bail!(
            "there is no baseline {}\n  hint: `keyward baseline write` makes it",
            shown(&file)
        );
    }
    let before = read(&file)?;
    let report = watched(&plan, true)?;
    if !report.complete() {
        tell_gaps(&report);
        bail!(
            "{} is left as it is: what could not be read may be what its lines are about\n  hint: mend what is named above, or accept it in keyward.toml",
            shown(&file)
        );
    }
    let found: BTreeSet<_> = report
        .findings
        .iter()
        .chain(&report.suppressed)
        .flat_map(|f| &f.places)
        .map(|place| &place.fingerprint)
        .collect();
    let mut lines = before.clone();
    lines.retain(|line| found.contains(&line.fingerprint));
    if lines != before {
        store(&file, &lines)?;
    }
    let dropped = before.len() - lines.len();
    say(&format!(
        "{}: {dropped} dropped, {} left",
        shown(&file),
        lines.len()
    ));
    Ok(0)
}

/// The file that is written: the one that is named, or one in the tree. Elsewhere the tree's own `keyward.toml` would choose it.
fn written(args: &Baselining, plan: &Plan) -> Result<PathBuf> {
    let named = args.sources.baseline.clone();
    let is_named = named.is_some();
    let file = named.unwrap_or_else(|| plan.baseline().to_owned());
    target::check(plan.root(), &file)?;
    if !is_named && target::below(plan.root(), &file)?.is_none() {
        let shown = shown(&file);
        bail!(
            "cannot write {shown}: it lies outside of what is scanned, and the command line does not name it\n  hint: if it is meant, say so: --baseline {shown}"
        );
    }
    Ok(file)
}

fn read(file: &Path) -> Result<BTreeSet<Line>> {
    Ok(File::read(file, &file.to_string_lossy())?.lines())
}

fn store(file: &Path, lines: &BTreeSet<Line>) -> Result<()> {
    output::store(file, |out| out.write_all(File::text(lines).as_bytes()))
        .with_context(|| format!("cannot write {}", shown(file)))
}

/// The file by its short name, where it has one.
fn shown(file: &Path) -> String {
    let cwd = world::cwd().unwrap_or_default();
    file.strip_prefix(cwd).unwrap_or(file).display().to_string()
}

fn finished(report: &Report) -> u8 {
    tell_gaps(report);
    if report.complete() { 0 } else { FAILED }
}
