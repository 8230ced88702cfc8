//! One JSON document, and the shapes that JSON Lines shares with it.
//!
//! The keys are an interface: they are added to, never renamed or dropped without a new `version`.

use std::io::{self, Write};

use jiff::civil::Date;
use serde::{Serialize, Serializer};

use super::{Style, is_unsafe};
use crate::model::{
    Commit, Confidence, Contexts, Finding, Fingerprint, Fix, Notice, Origin, Past, Place, RelPath,
    Related, Report, Severity, Stats, Suppression,
};

/// The version of the shape, for readers.
pub(super) const VERSION: u32 = 1;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Document<'a> {
    version: u32,
    complete: bool,
    date: Date,
    findings: Vec<FindingShape<'a>>,
    suppressed: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    suppressed_findings: Option<Vec<FindingShape<'a>>>,
    notices: &'a [Notice],
    stats: &'a Stats,
}

/// A finding, as JSON and JSON Lines tell it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct FindingShape<'a> {
    id: &'a str,
    severity: Severity,
    confidence: Confidence,
    title: &'a str,
    message: String,
    context: Contexts,
    also: &'a [String],
    fingerprint: &'a Fingerprint,
    #[serde(skip_serializing_if = "<[_]>::is_empty", serialize_with = "as_map")]
    details: &'a [(&'static str, String)],
    places: Vec<PlaceShape<'a>>,
    why: &'a str,
    fix: &'a str,
    links: &'a [String],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PlaceShape<'a> {
    path: &'a RelPath,
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
    excerpt: &'a str,
    origin: Origin,
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    past: Option<PastShape<'a>>,
    context: Contexts,
    severity: Severity,
    #[serde(skip_serializing_if = "Option::is_none")]
    inside: Option<&'a str>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    related: &'a [Related],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    fixes: &'a [Fix],
    #[serde(skip_serializing_if = "Option::is_none")]
    suppression: Option<&'a Suppression>,
}

/// When a value came into the history.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PastShape<'a> {
    commit: &'a Commit,
    last_commit: &'a Commit,
    in_head: bool,
    refs: &'a [String],
    ref_count: usize,
    pushed: bool,
}

impl<'a> From<&'a Past> for PastShape<'a> {
    fn from(past: &'a Past) -> Self {
        Self {
            commit: &past.first,
            last_commit: &past.last,
            in_head: past.in_head,
            refs: &past.references,
            ref_count: past.held_by,
            pushed: past.pushed,
        }
    }
}

impl<'a> From<&'a Finding> for FindingShape<'a> {
    fn from(finding: &'a Finding) -> Self {
        Self {
            id: &finding.check.id,
            severity: finding.severity,
            confidence: finding.confidence,
            title: &finding.check.title,
            message: finding.message(),
            context: finding.contexts,
            also: &finding.also,
            fingerprint: &finding.fingerprint,
            details: &finding.details,
            places: finding.places.iter().map(PlaceShape::from).collect(),
            why: &finding.check.why,
            fix: &finding.check.fix,
            links: &finding.check.links,
        }
    }
}

impl<'a> From<&'a Place> for PlaceShape<'a> {
    fn from(place: &'a Place) -> Self {
        Self {
            path: &place.path,
            line: place.line,
            column: place.column,
            end_line: place.end_line,
            end_column: place.end_column,
            excerpt: &place.excerpt.text,
            origin: place.origin,
            past: place.past.as_deref().map(PastShape::from),
            context: place.contexts,
            severity: place.severity,
            inside: place.inside(),
            related: &place.related,
            fixes: &place.fixes,
            suppression: place.suppression.as_ref(),
        }
    }
}

fn as_map<S: Serializer>(
    details: &[(&'static str, String)],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_map(details.iter().map(|(name, value)| (name, value)))
}

pub(super) fn write(report: &Report, style: &Style<'_>, out: &mut dyn Write) -> io::Result<()> {
    let document = Document {
        version: VERSION,
        complete: report.complete(),
        date: report.today,
        findings: shapes(&report.findings),
        suppressed: report.suppressed_places(),
        suppressed_findings: style.show_suppressed.then(|| shapes(&report.suppressed)),
        notices: &report.notices,
        stats: &report.stats,
    };
    write_pretty(&document, out)
}

fn shapes(findings: &[Finding]) -> Vec<FindingShape<'_>> {
    findings.iter().map(FindingShape::from).collect()
}

/// Writes a document with line breaks and a last one.
pub(super) fn write_pretty(value: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    write_escaped(&serde_json::to_string_pretty(value)?, out)
}

/// Writes one line.
pub(super) fn write_line(value: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    write_escaped(&serde_json::to_string(value)?, out)
}

/// JSON asks for escapes below U+0020 only; DEL, the C1 controls and the marks that turn text round stay raw. Outside of strings
/// there are none of them, so that they can be escaped after the fact. All are of the basic plane: 4 digits serve.
fn write_escaped(json: &str, out: &mut dyn Write) -> io::Result<()> {
    let mut rest = json;
    while let Some(at) = rest.find(|c| c != '\n' && is_unsafe(c)) {
        let (before, from) = rest.split_at(at);
        out.write_all(before.as_bytes())?;
        let mut chars = from.chars();
        if let Some(c) = chars.next() {
            write!(out, "\\u{:04x}", u32::from(c))?;
        }
        rest = chars.as_str();
    }
    out.write_all(rest.as_bytes())?;
    out.write_all(b"\n")
}
