//! The order of the rooms: a module names only rooms of a lower rank, and rooms of one rank do not know one another.

use std::fs;
use std::path::Path;

/// Rooms by rank, the lowest first; the order of architecture in the crate doc.
const RANKS: &[&[&str]] = &[
    &["model", "text"],
    &["edit", "formats", "git", "config"],
    &["classify", "facts"],
    &["source", "rules", "checks", "suppress", "report"],
    &["scan"],
];
/// `text` is of `model`'s rank and may name it: positions and paths are its words too.
const GRANTED: &[(&str, &str)] = &[("text", "model")];
/// What only the program may name.
const PROGRAM_ONLY: &[&str] = &[
    "clap",
    "anyhow",
    "colored",
    "indicatif",
    "std::env",
    "std::process",
];

fn rank(room: &str) -> usize {
    RANKS
        .iter()
        .position(|rooms| rooms.contains(&room))
        .unwrap_or_else(|| panic!("room `{room}` has no rank: add it to RANKS"))
}

/// The rooms that `source` names through `crate::`.
fn named(source: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (at, _) in source.match_indices("crate::") {
        let rest = &source[at + "crate::".len()..];
        let list = match rest.strip_prefix('{') {
            Some(group) => top_level(&group[..group.find("};").unwrap_or(group.len())]),
            None => vec![rest],
        };
        let word = |s: &str| {
            s.trim_start()
                .chars()
                .take_while(|c| c.is_alphanumeric() || *c == '_')
                .collect::<String>()
        };
        found.extend(
            list.into_iter()
                .map(word)
                .filter(|w| w.starts_with(char::is_lowercase)),
        );
    }
    found
}

/// Splits `a::{b, c}, d` at its outer commas.
fn top_level(group: &str) -> Vec<&str> {
    let (mut depth, mut start, mut parts) = (0, 0, Vec::new());
    for (i, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(&group[start..i]);
                start = i + 1;
            }
            _ => {}
        }
    }
    parts.push(&group[start..]);
    parts
}

fn breaches(room: &str, file: &str, source: &str) -> Vec<String> {
    let mut found: Vec<String> = named(source)
        .into_iter()
        .filter(|other| RANKS.iter().any(|rooms| rooms.contains(&other.as_str())))
        .filter(|other| {
            other != room && rank(other) >= rank(room) && !GRANTED.contains(&(room, other))
        })
        .map(|other| {
            format!(
                "{file}: `{room}` (rank {}) names `{other}` (rank {})",
                rank(room) + 1,
                rank(&other) + 1
            )
        })
        .collect();
    let is_test = file.contains("/tests/") || file.ends_with("tests.rs");
    let code = if is_test {
        ""
    } else {
        source.split("#[cfg(test)]").next().unwrap_or(source)
    };
    let outward = PROGRAM_ONLY
        .iter()
        .filter(|word| code.contains(&format!("{word}::")));
    found.extend(outward.map(|word| format!("{file}: only the program may name `{word}`")));
    found
}

fn walk(dir: &Path, visit: &mut dyn FnMut(&Path)) {
    let mut entries: Vec<_> = fs::read_dir(dir)
        .expect("a folder of src")
        .map(|e| e.expect("an entry").path())
        .collect();
    entries.sort();
    for entry in entries {
        if entry.is_dir() {
            walk(&entry, visit);
        } else if entry.extension().is_some_and(|e| e == "rs") {
            visit(&entry);
        }
    }
}

#[test]
fn rooms_name_only_lower_rooms() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let (mut found, mut files) = (Vec::new(), 0);
    walk(&src, &mut |path| {
        let relative = path.strip_prefix(&src).expect("below src");
        let room = relative
            .iter()
            .next()
            .expect("a first part")
            .to_string_lossy()
            .into_owned();
        if room != "bin" && room != "lib.rs" {
            files += 1;
            let source = fs::read_to_string(path).expect("source is UTF-8");
            found.extend(breaches(&room, &relative.display().to_string(), &source));
        }
    });
    assert!(files > 40, "only {files} files were looked at");
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn a_planted_breach_is_seen() {
    let sees = |room: &str, source: &str| !breaches(room, "planted.rs", source).is_empty();
    assert!(sees("model", "use crate::text::Lines;"));
    assert!(sees("facts", "fn f() { crate::rules::Ruleset::builtin() }"));
    assert!(sees(
        "rules",
        "use crate::{model::{Hit, Span}, report::Format};"
    ));
    assert!(sees("report", "use crate::suppress::inline;"));
    assert!(sees("scan", "let x = std::env::var(\"HOME\");"));
    assert!(!sees("rules", "use crate::{model::{Hit, Span}, facts};"));
    assert!(!sees("text", "use crate::model::RelPath;"));
}
