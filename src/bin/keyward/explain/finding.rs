//! Why one finding was reported: found once more by a scan, and told with the steps of its judgement.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use anyhow::{Result, bail};
use keyward::model::{Confidence, Finding, Place, Report, Severity, Step, Suppression, Why};
use keyward::report::{self, Format, Role, clean};
use keyward::scan::{History, Plan};

use super::{Explain, Named, Page};
use crate::args::{Judgement, When};
use crate::scan::Shown;
use crate::{output, paint, scan, target};

/// Of findings that a fingerprint could mean so many are named.
const MOST: usize = 10;

/// Scans, and tells of what is `named`.
///
/// # Errors
/// What keeps a scan from its work; nothing that has this name, or several things.
pub fn run(named: &Named, args: &Explain, color: When) -> Result<u8> {
    // What is hidden without being asked for can be asked after.
    let judgement = Judgement {
        pedantic: true,
        confidence: Some(Confidence::Low),
        ..Judgement::default()
    };
    let mut options = scan::options(&judgement, &args.sources)?;
    if args.no_history {
        options.history = History::Not;
    }
    let plan = Plan::new(options)?;
    let report = scan::watched(&plan, true)?;
    let all = || report.findings.iter().chain(&report.suppressed);
    let meant = |named: &Named| all().filter(|f| is_meant(f, named)).collect();
    let mut found: Vec<_> = meant(named);
    if found.is_empty()
        && let Named::Place(_) = named
        && let Some(here) = from_here(&args.what, plan.root())
    {
        found = meant(&here);
    }
    if found.is_empty() {
        scan::tell_gaps(&report);
        bail!(
            "no finding here is `{}`\n  hint: `keyward scan --format json` shows those that there are; what --staged, --range or a scan elsewhere finds is not looked for",
            args.what
        );
    }
    one_of(named, &found)?;
    let painter = paint::painter(paint::wanted(color));
    output::stdout(|out| {
        for (i, finding) in found.iter().enumerate() {
            if i > 0 {
                writeln!(out)?;
            }
            block(out, finding, &report, &plan, color)?;
            judged(&mut Page::new(out, &painter, color), finding, &plan)?;
        }
        Ok(())
    })?;
    Ok(0)
}

fn is_meant(finding: &Finding, named: &Named) -> bool {
    finding.places.iter().any(|place| match named {
        Named::Fingerprint(start) => place.fingerprint.to_string().starts_with(start),
        Named::Place(at) => [at_line(place), at_column(place)]
            .iter()
            .any(|known| known == at),
    })
}

/// A place as shells complete it, from the current folder or from the root of all.
fn from_here(what: &str, root: &Path) -> Option<Named> {
    let (mut file, _) = what.rsplit_once(':')?;
    if let Some((before, line)) = file.rsplit_once(':')
        && super::is_number(line)
    {
        file = before;
    }
    let at = &what[file.len()..];
    let file = Path::new(file);
    // The file may be a link itself, which reports call by its own name.
    let folder = Path::new(".").join(file.parent()?);
    let below = target::below(root, &folder).ok()??.join(file.file_name()?);
    let place = format!("{}{at}", below.display());
    Some(Named::Place(scan::slashed(&place)))
}

fn at_line(place: &Place) -> String {
    format!("{}:{}", place.path, place.line)
}

fn at_column(place: &Place) -> String {
    format!("{}:{}", at_line(place), place.column)
}

/// Some digits can be those of several fingerprints.
fn one_of(named: &Named, found: &[&Finding]) -> Result<()> {
    let Named::Fingerprint(start) = named else {
        return Ok(());
    };
    let mut known = BTreeMap::new();
    for finding in found {
        for place in &finding.places {
            let fingerprint = place.fingerprint.to_string();
            if fingerprint.starts_with(start) {
                known
                    .entry(fingerprint)
                    .or_insert((&finding.check.id, place));
            }
        }
    }
    if known.len() < 2 {
        return Ok(());
    }
    let list: Vec<_> = known
        .iter()
        .take(MOST)
        .map(|(fingerprint, (id, place))| format!("\n    {fingerprint} {id} at {}", at_line(place)))
        .collect();
    bail!(
        "`{start}` is the beginning of {} fingerprints\n  hint: give more digits:{}",
        known.len(),
        list.concat()
    );
}

/// The finding as a report has it.
fn block(
    out: &mut dyn io::Write,
    finding: &Finding,
    report: &Report,
    plan: &Plan,
    color: When,
) -> io::Result<()> {
    let alone = Report {
        findings: vec![finding.clone()],
        suppressed: Vec::new(),
        ..report.clone()
    };
    let shown = Shown {
        suppressed: false,
        skipped: false,
        summary: false,
    };
    scan::in_style(&shown, plan, color, |style| {
        report::write(Format::Text, &alone, style, out).map_err(output::fault)
    })
}

fn judged(page: &mut Page<'_>, finding: &Finding, plan: &Plan) -> io::Result<()> {
    let Some(worst) = finding.places.first() else {
        return Ok(());
    };
    page.heading(&format!(
        "why {} severity and {} confidence",
        worst.severity, worst.confidence
    ))?;
    let mut before = None;
    for step in &worst.steps {
        told(page, step, before, &reason(step, finding, plan))?;
        before = Some(step);
    }
    hidden(page, worst)?;
    page.heading("where it stands")?;
    for place in &finding.places {
        let at = (page.paint)(Role::Path, &clean(&at_column(place)));
        let word = (page.paint)(place.severity.into(), place.severity.as_str());
        let past = match &place.past {
            Some(past) => format!(", first in commit {}", past.first.short()),
            None => String::new(),
        };
        writeln!(page.out, "  {at} {word}{}", clean(&past))?;
    }
    page.heading("how it is accepted")?;
    page.line("fingerprint", &worst.fingerprint.to_string())?;
    accepted(page, finding, plan)
}

/// A step: what it made of severity and confidence, and why.
fn told(page: &mut Page<'_>, step: &Step, before: Option<&Step>, reason: &str) -> io::Result<()> {
    let severity = (page.paint)(step.severity.into(), step.severity.as_str());
    let (mut shown, mut plain) = (String::new(), String::new());
    if before.is_none_or(|before| before.severity != step.severity) {
        shown += &severity;
        plain += step.severity.as_str();
    }
    if before.is_none_or(|before| before.confidence != step.confidence) {
        let comma = if plain.is_empty() { "" } else { ", " };
        let word = format!("{comma}{} confidence", step.confidence);
        shown += &word;
        plain += &word;
    }
    if plain.is_empty() {
        shown += "and";
        plain += "and";
    }
    write!(page.out, "  {shown}: ")?;
    page.hanging(plain.chars().count() + 4, 6, reason)
}

/// Why, in words, and for what the configuration says the line that says it.
fn reason(step: &Step, finding: &Finding, plan: &Plan) -> String {
    let switch = plan.switch(&finding.check);
    match (&step.why, switch) {
        (Why::Configured, Some(switch)) => format!(
            "{}:{} says so: [checks.{}]",
            switch.at.shown, switch.at.line, switch.id
        ),
        (why, _) => why.to_string(),
    }
}

/// What has to be asked for to see it in a report.
fn hidden(page: &mut Page<'_>, worst: &Place) -> io::Result<()> {
    if worst.severity == Severity::Info {
        page.line("hidden", "it is advice: reports show it with --pedantic")?;
    }
    if worst.confidence == Confidence::Low {
        page.line(
            "hidden",
            "it may be none: reports show it with --confidence low",
        )?;
    }
    Ok(())
}

fn accepted(page: &mut Page<'_>, finding: &Finding, plan: &Plan) -> io::Result<()> {
    let Some(suppression) = finding.suppression() else {
        let id = &finding.check.id;
        return page.line(
            "accept",
            &format!(
                "keyward:allow {id} REASON in a comment on its line or the line above; an [[allow]] in keyward.toml with its fingerprint and a reason; or keyward baseline write"
            ),
        );
    };
    let by = match suppression {
        Suppression::Inline { reason } => format!("by a comment in the file: {reason}"),
        Suppression::Allow { reason } => {
            let allow = finding.places.first().and_then(|place| plan.allow(place));
            let at = allow.map(|allow| format!("{}:{}", allow.at.shown, allow.at.line));
            let at = at.as_deref().unwrap_or("of the configuration");
            format!("by the [[allow]] {at}: {reason}")
        }
        Suppression::Baseline => "by the baseline".to_owned(),
    };
    page.line("accepted", &by)
}
