//! SARIF 2.1.0: one result per place, and of the rules only those that have a result.
//!
//! Suppressed places are results only where they were asked for: GitHub does not read `suppressions` and would open an alert for each
//! finding that a team has accepted. No commit, author or line goes into a fingerprint, and no path of the machine anywhere but of what was
//! scanned outside of the root: no base that a consumer knows leads there. There are no `fixes`: edits are known by bytes of a text, which may
//! have a byte order mark before it, and a consumer that counts otherwise would change something else.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::{MAIN_SEPARATOR, Path};

use serde_json::{Map, Value, json};

use super::{Style, json::write_pretty};
use crate::model::{
    Check, Finding, Notice, Place, RelPath, Related, Report, Severity, Suppression,
};

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
/// What file paths are relative to; whoever reads the file knows where that is.
const ROOT: &str = "%SRCROOT%";

pub(super) fn write(report: &Report, style: &Style<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut findings: Vec<&Finding> = report.findings.iter().collect();
    if style.show_suppressed {
        findings.extend(&report.suppressed);
    }
    let rules = Rules::of(&findings);
    let results: Vec<_> = findings
        .iter()
        .flat_map(|f| {
            let result = |place| result(f, place, &rules, style.root);
            f.places.iter().map(result)
        })
        .collect();
    let mut log = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": driver(&rules) },
            "columnKind": "unicodeCodePoints",
            "results": results,
            "invocations": [{
                "executionSuccessful": report.complete(),
                "toolExecutionNotifications": report.notices.iter().map(|notice| notification(notice, style.root)).collect::<Vec<_>>(),
            }],
            "properties": { "date": report.today },
        }],
    });
    // Or the order of keys would hang on a feature of serde_json that any dependency can switch on.
    log.sort_all_objects();
    write_pretty(&log, out)
}

/// The checks that have a result, by id, with the worst severity of each: hosts rank an alert by its rule.
struct Rules<'a>(BTreeMap<&'a str, (&'a Check, Severity)>);

impl<'a> Rules<'a> {
    fn of(findings: &[&'a Finding]) -> Self {
        let mut rules = BTreeMap::new();
        for finding in findings {
            let (_, worst) = rules
                .entry(finding.check.id.as_str())
                .or_insert((&*finding.check, finding.severity));
            *worst = finding.severity.max(*worst);
        }
        Self(rules)
    }

    /// Where the check stands in the list of rules.
    fn index(&self, id: &str) -> usize {
        self.0.range(..id).count()
    }
}

fn driver(rules: &Rules<'_>) -> Value {
    let mut driver = json!({
        "name": "keyward",
        "semanticVersion": env!("CARGO_PKG_VERSION"),
        "rules": rules.0.values().map(|&(check, worst)| rule(check, worst)).collect::<Vec<_>>(),
    });
    let home = env!("CARGO_PKG_REPOSITORY");
    if !home.is_empty() {
        driver["informationUri"] = home.into();
    }
    driver
}

fn rule(check: &Check, worst: Severity) -> Value {
    let Check { why, fix, .. } = check;
    let mut markdown = format!("**Why:** {why}\n\n**Fix:** {fix}\n");
    for link in &check.links {
        markdown += &format!("\n* <{link}>");
    }
    let mut rule = json!({
        "id": check.id,
        "name": pascal_case(&check.id),
        "shortDescription": { "text": check.title },
        "fullDescription": { "text": why },
        "help": { "text": format!("why: {why}\nfix: {fix}"), "markdown": markdown },
        "defaultConfiguration": { "level": level(worst) },
        "properties": {
            "security-severity": security_severity(worst),
            "tags": ["security", check.family],
        },
    });
    if let Some(link) = check.links.first() {
        rule["helpUri"] = link.as_str().into();
    }
    rule
}

fn result(finding: &Finding, place: &Place, rules: &Rules<'_>, root: Option<&Path>) -> Value {
    let mut result = json!({
        "ruleId": finding.check.id,
        "ruleIndex": rules.index(&finding.check.id),
        "level": level(place.severity),
        "message": { "text": finding.message_at(place) },
        "locations": [{ "physicalLocation": {
            "artifactLocation": artifact(&place.path, root),
            "region": region(place),
        }}],
        "partialFingerprints": { "keyward/v1": place.fingerprint },
        "properties": {
            "severity": place.severity,
            "confidence": place.confidence,
            "context": place.contexts,
            "also": place.also,
        },
    });
    if let Some(wrapping) = place.inside() {
        result["properties"]["inside"] = wrapping.into();
    }
    if let Some(past) = &place.past {
        result["properties"]["commit"] = past.first.id.as_str().into();
        result["properties"]["inHead"] = past.in_head.into();
    }
    if !place.related.is_empty() {
        result["relatedLocations"] = place
            .related
            .iter()
            .map(|other| related(other, root))
            .collect();
    }
    if let Some(suppression) = &place.suppression {
        result["suppressions"] = json!([suppressed(suppression)]);
    }
    result
}

fn related(related: &Related, root: Option<&Path>) -> Value {
    json!({
        "physicalLocation": {
            "artifactLocation": artifact(&related.path, root),
            "region": { "startLine": related.line },
        },
        "message": { "text": related.what },
    })
}

fn region(place: &Place) -> Value {
    let mut region = json!({
        "startLine": place.line,
        "startColumn": place.column,
        "endLine": place.end_line,
        "endColumn": place.end_column,
    });
    if !place.excerpt.text.is_empty() {
        region["snippet"] = json!({ "text": place.excerpt.text });
    }
    region
}

fn suppressed(suppression: &Suppression) -> Value {
    match suppression {
        Suppression::Inline { reason } => json!({ "kind": "inSource", "justification": reason }),
        Suppression::Allow { reason } => json!({ "kind": "external", "justification": reason }),
        Suppression::Baseline => json!({ "kind": "external", "justification": "in the baseline" }),
    }
}

fn notification(notice: &Notice, root: Option<&Path>) -> Value {
    let level = match notice.kind {
        kind if kind.incomplete() => "error",
        kind if kind.is_skip() => "note",
        _ => "warning",
    };
    let mut out = Map::new();
    out.insert("descriptor".to_owned(), json!({ "id": notice.kind }));
    out.insert("level".to_owned(), level.into());
    out.insert("message".to_owned(), json!({ "text": notice.to_string() }));
    if let Some(path) = &notice.path {
        let location = json!({ "physicalLocation": { "artifactLocation": artifact(path, root) } });
        out.insert("locations".to_owned(), json!([location]));
    }
    Value::Object(out)
}

fn artifact(path: &RelPath, root: Option<&Path>) -> Value {
    let path = path.as_bytes();
    let is_outside = path == b".." || path.starts_with(b"../");
    match root.filter(|_| is_outside) {
        Some(root) => json!({ "uri": file_uri(root, path) }),
        None => json!({ "uri": relative_uri(path), "uriBaseId": ROOT }),
    }
}

/// A `file` URI (RFC 8089) of a path as seen from a folder.
fn file_uri(root: &Path, path: &[u8]) -> String {
    let root = root.as_os_str().as_encoded_bytes().iter();
    let root: Vec<u8> = root
        .map(|&b| if b == MAIN_SEPARATOR as u8 { b'/' } else { b })
        .collect();
    let mut parts: Vec<&[u8]> = Vec::new();
    for part in [&root[..], path]
        .into_iter()
        .flat_map(|p| p.split(|&b| b == b'/'))
    {
        match part {
            b"" | b"." => {}
            // As Windows begins a path that is as long as it likes.
            b"?" if cfg!(windows) && parts.is_empty() => {}
            b".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    let mut uri = "file://".to_owned();
    for (at, part) in parts.iter().enumerate() {
        let escaped = relative_uri(part);
        let is_drive = cfg!(windows) && at == 0 && part.len() == 2;
        let escaped = if is_drive {
            escaped.replace("%3A", ":")
        } else {
            escaped
        };
        uri += "/";
        uri += &escaped;
    }
    uri
}

/// A relative reference of RFC 3986. The colon is escaped too, although a path may hold one: in its first part it would end a scheme.
fn relative_uri(path: &[u8]) -> String {
    let mut uri = String::with_capacity(path.len());
    for &byte in path {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => uri.push(byte.into()),
            byte if b"-._~!$&'()*+,;=@/".contains(&byte) => uri.push(byte.into()),
            byte => uri += &format!("%{byte:02X}"),
        }
    }
    uri
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low | Severity::Info => "note",
    }
}

/// In the middle of the bands that code hosts read: above 9.0 critical, from 7.0 high, from 4.0 medium, below low.
fn security_severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "9.5",
        Severity::High => "8.0",
        Severity::Medium => "5.5",
        Severity::Low => "3.0",
        Severity::Info => "0.5",
    }
}

fn pascal_case(id: &str) -> String {
    let mut words = String::with_capacity(id.len());
    for word in id.split('-') {
        let mut chars = word.chars();
        words.extend(chars.next().map(|c| c.to_ascii_uppercase()));
        words.push_str(chars.as_str());
    }
    words
}
