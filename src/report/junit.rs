//! JUnit XML: a failed case a place, for the test views of CI systems.
//!
//! What could not be done is a case in error, what is accepted a skipped one where that was asked for, and a scan that found nothing one
//! case that passed: several readers refuse a suite without cases. Times are left out, the date is the report's.
//!
//! There is no one schema; elements and attributes are those that Jenkins, GitLab, Azure Pipelines and CircleCI read.

use std::io::{self, Write};

use super::{Style, clean, findings, gaps, reason, spot};
use crate::model::{Finding, Place, Report};

/// One `testcase`.
struct Case {
    /// The id of the check.
    class: String,
    name: String,
    file: String,
    outcome: Outcome,
}

enum Outcome {
    Passed,
    /// Its message, severity and text.
    Failed(String, &'static str, String),
    Error(String),
    Skipped(String),
}

pub(super) fn write(report: &Report, style: &Style<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut cases: Vec<Case> = report.findings.iter().flat_map(failed).collect();
    cases.extend(gaps(report).map(|notice| Case {
        class: notice.kind.to_string(),
        name: notice.to_string(),
        file: String::new(),
        outcome: Outcome::Error(notice.to_string()),
    }));
    if style.show_suppressed {
        cases.extend(report.suppressed.iter().flat_map(skipped));
    }
    if cases.is_empty() {
        cases.push(Case {
            class: "keyward".to_owned(),
            name: "no findings".to_owned(),
            file: String::new(),
            outcome: Outcome::Passed,
        });
    }
    let count = |is: fn(&Outcome) -> bool| cases.iter().filter(|c| is(&c.outcome)).count();
    let counts = format!(
        "tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\"",
        cases.len(),
        count(|o| matches!(o, Outcome::Failed(..))),
        count(|o| matches!(o, Outcome::Error(_))),
        count(|o| matches!(o, Outcome::Skipped(_))),
    );
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
    writeln!(out, "<testsuites name=\"keyward\" {counts}>")?;
    let date = report.today;
    writeln!(
        out,
        "  <testsuite name=\"keyward\" {counts} timestamp=\"{date}T00:00:00\">"
    )?;
    cases.iter().try_for_each(|case| case.write(out))?;
    writeln!(out, "    <system-out>{}", text(&findings(report)))?;
    for notice in report.notices.iter().filter(|n| !n.kind.incomplete()) {
        writeln!(out, "{}", text(&notice.to_string()))?;
    }
    writeln!(out, "</system-out>\n  </testsuite>\n</testsuites>")
}

fn failed(finding: &Finding) -> impl Iterator<Item = Case> {
    finding.places.iter().map(|place| {
        let check = &finding.check;
        let text = format!(
            "{}: {}: {} [{}]\n{}\nwhy: {}\nfix: {}",
            spot(place),
            place.severity,
            finding.message_at(place),
            check.id,
            place.excerpt.text,
            check.why,
            check.fix
        );
        let message = finding.message_at(place);
        let outcome = Outcome::Failed(message, place.severity.as_str(), text);
        case(finding, place, outcome)
    })
}

fn skipped(finding: &Finding) -> impl Iterator<Item = Case> {
    finding.places.iter().map(|place| {
        let why = place.suppression.as_ref().map(reason).unwrap_or_default();
        case(finding, place, Outcome::Skipped(why))
    })
}

fn case(finding: &Finding, place: &Place, outcome: Outcome) -> Case {
    Case {
        class: finding.check.id.clone(),
        name: format!("{}: {}", spot(place), finding.check.title),
        file: place.path.display(),
        outcome,
    }
}

impl Case {
    fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        let (class, name) = (text(&self.class), text(&self.name));
        write!(out, "    <testcase classname=\"{class}\" name=\"{name}\"")?;
        if !self.file.is_empty() {
            write!(out, " file=\"{}\"", text(&self.file))?;
        }
        match &self.outcome {
            Outcome::Passed => return writeln!(out, "/>"),
            Outcome::Failed(message, severity, body) => {
                writeln!(
                    out,
                    ">\n      <failure message=\"{}\" type=\"{severity}\">{}</failure>",
                    text(message),
                    lines(body)
                )?;
            }
            Outcome::Error(message) => {
                let message = text(message);
                writeln!(
                    out,
                    ">\n      <error message=\"{message}\" type=\"incomplete\"/>"
                )?;
            }
            Outcome::Skipped(message) => {
                writeln!(out, ">\n      <skipped message=\"{}\"/>", text(message))?;
            }
        }
        writeln!(out, "    </testcase>")
    }
}

fn lines(body: &str) -> String {
    body.lines().map(text).collect::<Vec<_>>().join("\n")
}

/// Text between tags or quotes, on one line. Two characters are none in XML although no terminal minds them.
fn text(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    for c in clean(raw).chars() {
        match c {
            '&' => out += "&amp;",
            '<' => out += "&lt;",
            '>' => out += "&gt;",
            '"' => out += "&quot;",
            '\'' => out += "&apos;",
            '\u{fffe}' | '\u{ffff}' => out.push(char::REPLACEMENT_CHARACTER),
            c => out.push(c),
        }
    }
    out
}
