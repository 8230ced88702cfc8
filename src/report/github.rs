//! Workflow commands of GitHub Actions: an annotation a finding, at its worst place.
//!
//! GitHub shows ten annotations of each level for a step and drops the others without a word, so the worst ten of each are made and the
//! rest are lines of the log, in a group. A line of the log never begins with what came from a file: it could be a command.
//!
//! Source: "Workflow commands for GitHub Actions" of GitHub's documentation; of actions/toolkit `command.ts` for what is escaped and
//! `docs/problem-matchers.md` for how many are shown.

use std::io::{self, Write};

use super::{Style, clean, counted, findings, gaps, is_here, reason, spot};
use crate::model::{Finding, Place, Report, Severity};

/// Annotations of one level that GitHub shows for a step.
const SHOWN: usize = 10;
/// Further places of a finding that its message names.
const FEW: usize = 5;
/// Characters of one message, far below what the log cuts off.
const LONGEST: usize = 4_000;

pub(super) fn write(report: &Report, style: &Style<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut shown = Vec::new();
    let gaps: Vec<_> = gaps(report).map(ToString::to_string).collect();
    if !gaps.is_empty() {
        shown.push("error");
        let head = counted(gaps.len() as u64, "thing") + " could not be read";
        let place = [("title", "keyward: the scan is not whole".to_owned())];
        annotate(out, "error", &place, &[&[head], &gaps[..]].concat())?;
    }
    let mut rest = Vec::new();
    for finding in &report.findings {
        let level = level(finding.severity);
        match finding.places.first() {
            Some(place) if shown.iter().filter(|l| **l == level).count() < SHOWN => {
                shown.push(level);
                annotate(out, level, &properties(finding, place), &message(finding))?;
            }
            _ => rest.push(line(finding)),
        }
    }
    let annotated = report.findings.len() - rest.len();
    let title = counted(rest.len() as u64, "finding") + " without an annotation";
    group(out, &title, &rest)?;
    let others = report.notices.iter().filter(|n| !n.kind.incomplete());
    let others: Vec<_> = others.map(|n| format!("notice: {n}")).collect();
    group(out, &counted(others.len() as u64, "notice"), &others)?;
    if style.show_suppressed {
        let allowed: Vec<_> = report.suppressed.iter().flat_map(allowed).collect();
        group(out, &format!("{} allowed", allowed.len()), &allowed)?;
    }
    let mut summary = format!("keyward: {}", findings(report));
    if !rest.is_empty() {
        summary += &format!(", {annotated} of them as annotations");
    }
    if !gaps.is_empty() {
        summary += ", and the scan is not whole";
    }
    writeln!(out, "{summary}")
}

/// The level of an annotation.
fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low | Severity::Info => "notice",
    }
}

/// `::error file=…::message`.
fn annotate(
    out: &mut dyn Write,
    level: &str,
    properties: &[(&str, String)],
    message: &[String],
) -> io::Result<()> {
    let properties: Vec<_> = properties
        .iter()
        .map(|(name, value)| format!("{name}={}", property(value)))
        .collect();
    let lines: Vec<_> = message.iter().map(|line| clean(line)).collect();
    let text: String = lines.join("\n").chars().take(LONGEST).collect();
    writeln!(out, "::{level} {}::{}", properties.join(","), data(&text))
}

/// Where GitHub shows it. What only an older version of a file holds stands at no line of a file that it could show.
fn properties(finding: &Finding, place: &Place) -> Vec<(&'static str, String)> {
    let mut out = Vec::new();
    if is_here(place) {
        out.push(("file", place.path.display()));
        out.push(("line", place.line.to_string()));
        out.push(("endLine", place.end_line.to_string()));
        // Columns are refused for a stretch of several lines.
        if place.line == place.end_line {
            let last = place.end_column.saturating_sub(1).max(place.column);
            out.push(("col", place.column.to_string()));
            out.push(("endColumn", last.to_string()));
        }
    }
    let title = format!("{}: {}", finding.severity, finding.check.id);
    out.push(("title", title));
    out
}

fn message(finding: &Finding) -> Vec<String> {
    let mut lines = vec![finding.message()];
    if let Some((worst, further)) = finding.places.split_first() {
        if !is_here(worst) {
            lines.push(format!("at: {}", spot(worst)));
        }
        if !further.is_empty() {
            let mut places: Vec<_> = further.iter().take(FEW).map(spot).collect();
            if further.len() > FEW {
                places.push(format!("and {} more", further.len() - FEW));
            }
            lines.push(format!("also at: {}", places.join(", ")));
        }
    }
    lines.push(format!("why: {}", finding.check.why));
    lines.push(format!("fix: {}", finding.check.fix));
    lines
}

fn line(finding: &Finding) -> String {
    let at = finding.places.first().map(spot).unwrap_or_default();
    format!(
        "{}: {at}: {} [{}]",
        finding.severity,
        finding.message(),
        finding.check.id
    )
}

fn allowed(finding: &Finding) -> impl Iterator<Item = String> {
    finding.places.iter().map(|place| {
        let why = place.suppression.as_ref().map(reason).unwrap_or_default();
        let (at, id) = (spot(place), &finding.check.id);
        format!("allowed: {at}: {} [{id}]: {why}", finding.message_at(place))
    })
}

/// Lines that the log shows when they are asked for; nothing where there are none.
fn group(out: &mut dyn Write, title: &str, lines: &[String]) -> io::Result<()> {
    if lines.is_empty() {
        return Ok(());
    }
    writeln!(out, "::group::{}", data(title))?;
    for line in lines {
        // The older form of a command is one wherever it stands in a line.
        writeln!(out, "{}", clean(line).replace("##[", "# #["))?;
    }
    writeln!(out, "::endgroup::")
}

/// What stands behind the second `::`.
fn data(text: &str) -> String {
    let text = text.replace('%', "%25");
    text.replace('\r', "%0D").replace('\n', "%0A")
}

/// A value of a property.
fn property(text: &str) -> String {
    data(&clean(text)).replace(':', "%3A").replace(',', "%2C")
}
