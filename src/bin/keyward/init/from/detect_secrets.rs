//! `.secrets.baseline`: a list of findings by file and by the SHA-1 of their values, as detect-secrets' README says that it is written.

use std::collections::BTreeMap;

use anyhow::{Result, bail};
use serde::Deserialize;
use serde_json::Value;

use super::super::accepted::{Accepted, What};
use super::super::carried::{Carried, count};
use super::super::place::Place;
use super::gitleaks::paths;
use super::{File, file};

/// The file.
pub const FILES: [&str; 1] = [".secrets.baseline"];

#[derive(Deserialize)]
struct Baseline {
    results: BTreeMap<String, Vec<Entry>>,
    #[serde(default)]
    filters_used: Vec<Value>,
    /// Of versions before 1.0.
    #[serde(default)]
    exclude: Value,
    #[serde(default)]
    plugins_used: Vec<Value>,
}

#[derive(Deserialize)]
struct Entry {
    hashed_secret: String,
    #[serde(default)]
    line_number: usize,
    #[serde(default)]
    is_verified: bool,
    #[serde(default)]
    is_secret: Option<bool>,
}

/// Takes the file over.
pub fn read(place: &Place, carried: &mut Carried<'_>) -> Result<()> {
    let Some(file) = file(place, FILES[0])? else {
        return Ok(());
    };
    // What serde says repeats what is written there.
    let Ok(baseline) = serde_json::from_str::<Baseline>(&file.text) else {
        bail!(
            "{} is no baseline of detect-secrets\n  hint: `detect-secrets scan --baseline .secrets.baseline` mends it; or leave it out of --from",
            place.shown(FILES[0])
        );
    };
    filters(&file, &baseline, carried)?;
    let mut real = 0;
    for (path, entries) in baseline.results {
        let path = path.replace('\\', "/");
        let path = path.trim_start_matches("./");
        let name = carried.words(path);
        for entry in entries {
            carried.fits()?;
            real += usize::from(entry.is_secret == Some(true) || entry.is_verified);
            let at = format!(
                "{}: {}",
                file.name,
                shown(name.as_deref(), entry.line_number)
            );
            match sha1(&entry.hashed_secret) {
                Some(hash) => {
                    let path = path.to_owned();
                    let what = What::Value { path, hash };
                    carried.accepted.push(Accepted { at, what });
                }
                None => carried.leave(
                    &at,
                    "no SHA-1 stands there",
                    "`keyward baseline write` accepts all there is",
                ),
            }
        }
    }
    if real > 0 {
        carried.leave(
            file.name,
            format!(
                "{} marked as real: to accept what is real makes it no safer",
                count(real, "secret")
            ),
            "revoke them, then take their lines out with `keyward baseline prune`",
        );
    }
    Ok(())
}

/// A place as it may be told.
fn shown(path: Option<&str>, line: usize) -> String {
    path.map_or_else(
        || "(not repeated)".to_owned(),
        |path| format!("{path}:{line}"),
    )
}

fn filters(file: &File<'_>, baseline: &Baseline, carried: &mut Carried<'_>) -> Result<()> {
    let name = file.name;
    for filter in &baseline.filters_used {
        carried.fits()?;
        let path = filter["path"].as_str().unwrap_or_default();
        let patterns = texts(&filter["pattern"]);
        if path.ends_with(".should_exclude_file") {
            let globs = paths(name, &patterns, carried);
            carried.exclude(name, globs);
        } else if path.ends_with(".should_exclude_line") || path.ends_with(".should_exclude_secret")
        {
            values(name, patterns.len(), carried);
        } else if path.starts_with("file://") {
            carried.leave(
                name,
                "a filter of one's own in Python",
                "`keyward:allow ID reason` on the line, or an [[allow]], accepts what it passed by",
            );
        }
    }
    let files = texts(&baseline.exclude["files"]);
    let globs = paths(name, &files, carried);
    carried.exclude(name, globs);
    values(name, texts(&baseline.exclude["lines"]).len(), carried);
    let own = baseline
        .plugins_used
        .iter()
        .filter(|plugin| plugin["path"].is_string())
        .count();
    if own > 0 {
        carried.leave(
            name,
            format!("{}, written in Python", count(own, "plugin of its own")),
            "write rules: rules/README.md tells how",
        );
    }
    Ok(())
}

fn values(name: &str, patterns: usize, carried: &mut Carried<'_>) {
    if patterns > 0 {
        let some = count(patterns, "pattern");
        carried.leave(
            name,
            format!("{some} of lines or values to pass by, not repeated here: keyward accepts findings, not values"),
            "accept those findings with `keyward baseline write`, or with `keyward:allow ID reason` on the line",
        );
    }
}

/// One text, or a list of them.
fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) if !text.is_empty() => vec![text.clone()],
        Value::Array(list) => list
            .iter()
            .filter_map(|v| v.as_str().map(str::to_owned))
            .collect(),
        _ => Vec::new(),
    }
}

fn sha1(text: &str) -> Option<[u8; 20]> {
    data_encoding::HEXLOWER_PERMISSIVE
        .decode(text.as_bytes())
        .ok()?
        .try_into()
        .ok()
}
