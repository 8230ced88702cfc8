//! What is left when a program has done what it can, and what only people can do.

use std::collections::BTreeSet;
use std::io::{self, Write};

use keyward::model::{Finding, Report};
use keyward::report::{Role, clean, wrap};

use super::Changed;

/// The detail of a finding that names what has to be replaced.
const ROTATE: &str = "rotate";

/// What is said of a finding that a scan has no more.
const GONE: &str = "gone";
/// Values to be revoked that are listed.
const MOST: usize = 20;

/// What is gone between two scans and what is left.
pub fn difference(
    out: &mut dyn Write,
    first: &Report,
    last: &Report,
    paint: &dyn Fn(Role, &str) -> String,
) -> io::Result<()> {
    let key = |finding: &Finding| (finding.check.id.clone(), finding.fingerprint.clone());
    let left: BTreeSet<_> = last.findings.iter().map(key).collect();
    let gone = first.findings.iter().filter(|f| !left.contains(&key(f)));
    let mut any = false;
    let left = last.findings.iter().map(|finding| (finding, "left"));
    for (finding, word) in gone.map(|finding| (finding, GONE)).chain(left) {
        let Some(place) = finding.places.first() else {
            continue;
        };
        let more = match finding.places.len() {
            1 => String::new(),
            n => format!(" (and {} more)", n - 1),
        };
        let at = paint(Role::Path, &format!("{}:{}", place.path, place.line));
        let id = paint(Role::Id, &format!("[{}]", finding.check.id));
        let severity = paint(finding.severity.into(), finding.severity.as_str());
        let message = clean(&finding.check.title);
        let still = match word == GONE && is_exposed(finding) {
            true => "; to be revoked all the same",
            false => "",
        };
        writeln!(out, "{word}: {at}: {severity}: {message} {id}{more}{still}")?;
        any = true;
    }
    if any { writeln!(out) } else { Ok(()) }
}

/// The steps for what was written down, in their order, in lines of `width` columns as [`wrap`] takes them. Nobody but its owner can make a value
/// worthless, so none is said to be mended.
pub fn by_hand(
    out: &mut dyn Write,
    first: &Report,
    made: &BTreeSet<Changed>,
    width: usize,
) -> io::Result<()> {
    let exposed: Vec<_> = first.findings.iter().filter(|f| is_exposed(f)).collect();
    if exposed.is_empty() {
        return Ok(());
    }
    let mut item = |lead: &str, text: &str| {
        let indent = lead.len();
        writeln!(out, "{lead}{}", wrap(text, indent, indent, width))
    };
    item(
        "",
        "By hand, in this order; keyward has done none of it, and no edit takes back what others have read:",
    )?;
    item("  1. ", "revoke what was written down, and make new ones")?;
    for finding in exposed.iter().take(MOST) {
        let Some(place) = finding.places.first() else {
            continue;
        };
        let names = finding.details.iter().find(|(name, _)| *name == ROTATE);
        let what = match names {
            Some((_, names)) => clean(names),
            None => clean(&format!("{}: {}", finding.check.title, finding.check.fix)),
        };
        item("     ", &format!("{}:{}: {what}", place.path, place.line))?;
    }
    if exposed.len() > MOST {
        let more = exposed.len() - MOST;
        item(
            "     ",
            &format!("and {more} more, as `keyward scan` lists them"),
        )?;
    }
    item(
        "  2. ",
        "put the new ones where the program reads them (a secret store, the environment), and deploy it",
    )?;
    item(
        "  3. ",
        "look through the logs of each service for uses of the old ones that nobody of yours made",
    )?;
    let commit = match made.is_empty() {
        true => "take the old ones out of the files",
        false => "commit what was changed here, take what is left out of the files",
    };
    item(
        "  4. ",
        &format!(
            "{commit}; then the history, if it is worth it: `keyward scan` says which commits hold what, and how to take it out"
        ),
    )?;
    writeln!(out)
}

/// Whether a value was where others could read it.
fn is_exposed(finding: &Finding) -> bool {
    let names = finding.details.iter().any(|(name, _)| *name == ROTATE);
    names || finding.check.is_credential()
}
