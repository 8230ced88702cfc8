//! Two thousand files with settings: a thousand with one fault each, and for each of them a twin without it.
//!
//! The tree is the same each time: a small generator of numbers with a fixed seed, no clock. Every fault must be found on its line, and
//! nothing may be found in a twin. What the repository as a whole is told (an env file is tracked) is not looked at: a twin has the name of its faulty brother.

mod format;
mod formats;
mod made;
pub mod random;

use std::collections::BTreeMap;

use crate::tree::Tree;
use made::tree;

/// What is said of a file by its name or of the whole repository.
const OF_THE_REPOSITORY: &[&str] = &[
    "env-file-tracked",
    "env-file-not-ignored",
    "env-file-shipped",
    "env-file-permissions",
    "gitignore-missing-env",
    "no-secret-scanning",
];

#[test]
fn every_fault_is_found_on_its_line_and_nothing_in_the_twins() {
    let files = tree();
    assert_eq!(files.len(), 2000);
    let repository = Tree::repository();
    for file in &files {
        repository.bytes(&file.path, file.text.as_bytes());
    }
    repository.git(&["add", "-A", "-f"]);
    repository.git(&["commit", "-q", "-m", "two thousand files"]);
    let run = repository.keyward(&[
        "scan",
        ".",
        "--no-history",
        "--confidence",
        "medium",
        "--fail-on",
        "never",
        "--format",
        "json",
    ]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let report = run.json();
    assert_eq!(report["stats"]["files"], 2000, "every file is read");

    let mut found: BTreeMap<&str, Vec<(u64, String)>> = BTreeMap::new();
    for finding in report["findings"].as_array().expect("findings") {
        let id = finding["id"].as_str().expect("an id");
        if OF_THE_REPOSITORY.contains(&id) {
            continue;
        }
        for place in finding["places"].as_array().expect("places") {
            let severity = place["severity"].as_str().expect("a severity");
            let path = place["path"].as_str().expect("a path");
            if severity != "info" {
                let line = place["line"].as_u64().expect("a line");
                let what = format!("{id} {severity} on line {line}");
                found.entry(path).or_default().push((line, what));
            }
        }
    }

    let mut wrong: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    let mut all: BTreeMap<&str, usize> = BTreeMap::new();
    for file in &files {
        *all.entry(&file.kind).or_default() += 1;
        let here = found.get(file.path.as_str()).map_or(&[][..], Vec::as_slice);
        let [first, last] = file.lines.map(|l| l as u64);
        let held = if file.faulty {
            here.iter().any(|(line, _)| (first..=last).contains(line))
        } else {
            here.is_empty()
        };
        if !held {
            let setting: Vec<&str> = file
                .text
                .lines()
                .skip(file.lines[0] - 1)
                .take(file.lines[1] - file.lines[0] + 1)
                .collect();
            let there: Vec<&str> = here.iter().map(|(_, what)| what.as_str()).collect();
            wrong.entry(&file.kind).or_default().push(format!(
                "    {}:{first} `{}`, found: [{}]",
                file.path,
                setting.join(" ").trim(),
                there.join(", ")
            ));
        }
    }
    let (missed, raised): (Vec<_>, Vec<_>) = wrong
        .iter()
        .partition(|(kind, _)| files.iter().any(|f| f.faulty && f.kind == **kind));
    let list = |groups: &[(&&str, &Vec<String>)]| -> String {
        groups
            .iter()
            .map(|(kind, lines)| {
                let some = lines[..lines.len().min(3)].join("\n");
                format!("  {kind}: {} of {}\n{some}\n", lines.len(), all[**kind])
            })
            .collect()
    };
    let count =
        |groups: &[(&&str, &Vec<String>)]| groups.iter().map(|(_, l)| l.len()).sum::<usize>();
    assert!(
        wrong.is_empty(),
        "{} of 1000 faults are not found\n{}{} of 1000 twins are reported\n{}",
        count(&missed),
        list(&missed),
        count(&raised),
        list(&raised),
    );
}
