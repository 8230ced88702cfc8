//! GitLab's report of secret detection, schema 15: one vulnerability a place.
//!
//! Takes no time from a clock: start and end are the beginning of the report's date, so that the same scan gives the same bytes. What is
//! accepted is no vulnerability, or GitLab would open one for it; where it was asked for it is among the messages, as notices are.
//!
//! Source: "Report format for GitLab Secret Detection", in security-report-schemas of gitlab-org/security-products.

use std::io::{self, Write};

use jiff::civil::Date;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::{Style, is_here, json::write_pretty, reason, spot};
use crate::model::{Finding, Notice, Origin, Place, Report, Severity};

/// The version of the schema: an early one of 15, so that older servers read it too. Nothing that is written here is of a later one.
const SCHEMA: &str = "15.0.4";
/// What GitLab's own scanner writes for what is in no commit, or not looked for in one.
const NO_COMMIT: &str = "0000000";
/// Characters that the schema allows.
const LONGEST_NAME: usize = 255;
const LONGEST_SOLUTION: usize = 7_000;

pub(super) fn write(report: &Report, style: &Style<'_>, out: &mut dyn Write) -> io::Result<()> {
    let tool = json!({
        "id": "keyward",
        "name": "keyward",
        "version": env!("CARGO_PKG_VERSION"),
        "vendor": { "name": "keyward" },
    });
    let mut messages: Vec<_> = report.notices.iter().map(message).collect();
    if style.show_suppressed {
        messages.extend(report.suppressed.iter().flat_map(allowed));
    }
    let places = |f: &Finding| -> Vec<_> { f.places.iter().map(|p| vulnerability(f, p)).collect() };
    let mut document = json!({
        "version": SCHEMA,
        "scan": {
            "analyzer": tool,
            "scanner": tool,
            "type": "secret_detection",
            "start_time": midnight(report.today),
            "end_time": midnight(report.today),
            "status": if report.complete() { "success" } else { "failure" },
            "messages": messages,
        },
        "vulnerabilities": report.findings.iter().flat_map(places).collect::<Vec<_>>(),
    });
    document.sort_all_objects();
    write_pretty(&document, out)
}

fn vulnerability(finding: &Finding, place: &Place) -> Value {
    let check = &finding.check;
    let links = check.links.iter().filter(|url| is_web(url));
    let mut identifier = json!({
        "type": "keyward",
        "name": format!("keyward {}", check.id),
        "value": check.id,
    });
    if let Some(url) = check.links.iter().find(|url| is_web(url)) {
        identifier["url"] = url.as_str().into();
    }
    json!({
        "id": id(place),
        "name": cut(&check.title, LONGEST_NAME),
        "description": format!("{} ({})", check.why, spot(place)),
        "severity": severity(place.severity),
        "solution": cut(&check.fix, LONGEST_SOLUTION),
        "identifiers": [identifier],
        "links": links.map(|url| json!({ "url": url })).collect::<Vec<_>>(),
        "location": location(place),
        "details": details(place),
    })
}

/// The commit is that which brought the value where only the history has it.
fn location(place: &Place) -> Value {
    let past = place.past.as_ref().filter(|_| !is_here(place));
    let commit = match past {
        None => json!({ "sha": NO_COMMIT }),
        Some(past) => json!({
            "sha": past.first.id,
            "author": past.first.author,
            "date": past.first.date,
        }),
    };
    let mut location = json!({
        "commit": commit,
        "start_line": place.line,
        "end_line": place.end_line,
    });
    if place.origin != Origin::Message {
        location["file"] = place.path.display().into();
    }
    location
}

/// What else is known, as fields that GitLab shows.
fn details(place: &Place) -> Value {
    let field = |name: &str, value: &str| json!({ "name": name, "type": "text", "value": value });
    let mut fields = Map::new();
    let context: Vec<_> = place.contexts.iter().map(|c| c.as_str()).collect();
    let known = [
        ("confidence", place.confidence.to_string()),
        ("context", context.join(", ")),
    ];
    let known = known.iter().chain(&place.details);
    for (name, value) in known.filter(|(_, value)| !value.is_empty()) {
        fields.insert((*name).to_owned(), field(name, value));
    }
    fields.into()
}

/// The same for the same place of the same value, and for no other: a UUID of version 8, made of a hash.
fn id(place: &Place) -> String {
    let origin = place.past.as_ref().map_or("", |past| &past.first.id);
    let mut hash = Sha256::new();
    for part in [&place.fingerprint.0[..], place.path.as_bytes()] {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    for number in [place.line, place.column] {
        hash.update((number as u64).to_le_bytes());
    }
    hash.update(&place.check.id);
    hash.update(origin);
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hash.finalize()[..16]);
    bytes[6] = bytes[6] & 0x0f | 0x80;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let hex: String = bytes.iter().map(|b| format!("{b:02x}")).collect();
    let parts = [0..8, 8..12, 12..16, 16..20, 20..32].map(|part| &hex[part]);
    parts.join("-")
}

fn message(notice: &Notice) -> Value {
    let level = if notice.kind.incomplete() {
        "warn"
    } else {
        "info"
    };
    json!({ "level": level, "value": notice.to_string() })
}

fn allowed(finding: &Finding) -> impl Iterator<Item = Value> {
    finding.places.iter().map(|place| {
        let why = place.suppression.as_ref().map(reason).unwrap_or_default();
        let told = format!("{}: {} ({why})", spot(place), finding.message_at(place));
        json!({ "level": "info", "value": format!("allowed: {told}") })
    })
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "Critical",
        Severity::High => "High",
        Severity::Medium => "Medium",
        Severity::Low => "Low",
        Severity::Info => "Info",
    }
}

fn midnight(date: Date) -> String {
    format!("{date}T00:00:00")
}

/// What the schema takes for a link.
fn is_web(url: &str) -> bool {
    let rest = url.strip_prefix("https://");
    let rest = rest.or_else(|| url.strip_prefix("http://"));
    rest.is_some_and(|rest| !rest.is_empty())
}

fn cut(text: &str, most: usize) -> String {
    text.chars().take(most).collect()
}
