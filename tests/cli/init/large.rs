//! Files of other scanners that are made to cost. Nothing here goes by the clock: either the bound is told, or a word kept for each pair of
//! things would come to several GiB.

use std::fmt::Write;
use std::fs;

use super::moving::TOKEN;
use super::{is_there, read, says};
use crate::tree::{Tree, expand};

/// Findings on one line.
const FINDINGS: usize = 4_000;

/// So many tokens on one line.
fn tokens(count: usize) -> String {
    // In parts, each of another text: what is made of one text takes longer the longer that is.
    let part = |i: usize| expand(&format!("{i}{}", format!(",'{TOKEN}'").repeat(100)));
    (0..count / 100).map(part).collect()
}

#[test]
fn entries_cost_no_more_for_each_finding_on_their_line() {
    let tree = Tree::repository();
    tree.bytes("a.js", format!("{}\n", tokens(FINDINGS)).as_bytes());
    let entries: String = (0..500_000)
        .map(|i| format!("a.js:r-{}:1\n", i % 1000))
        .collect();
    tree.bytes(".gitleaksignore", entries.as_bytes());
    let run = tree.keyward(&["init", "--from", "gitleaks"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let accepted = format!("{FINDINGS} findings that were accepted elsewhere");
    says(&run, &[&accepted]);
    assert_eq!(tree.keyward(&["scan"]).code, 0);
}

#[test]
fn values_cost_no_more_for_each_finding_of_them() {
    use sha1::{Digest, Sha1};
    let tree = Tree::repository();
    let token = expand(TOKEN);
    let line = format!("'{token}',").repeat(FINDINGS);
    tree.bytes("a.js", format!("{line}\n").as_bytes());
    let hash: String = Sha1::digest(&token)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let entry = format!("{{\"hashed_secret\":\"{hash}\"}}");
    let entries = vec![entry; 120_000].join(",");
    let text = format!("{{\"results\":{{\"a.js\":[{entries}]}}}}");
    tree.bytes(".secrets.baseline", text.as_bytes());
    let run = tree.keyward(&["init", "--from", "detect-secrets"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_eq!(tree.keyward(&["scan"]).code, 0);
}

#[test]
fn rules_and_lists_cost_no_more_for_each_other() {
    let tree = Tree::repository();
    let mut text = "[[rules]]\nid = 'r'\nregex = '''acme_[a-z]{20}'''\n".repeat(1000);
    let targets = "'r',".repeat(500_000);
    let _ = write!(
        text,
        "[[allowlists]]\npaths = ['^docs/']\ntargetRules = [{targets}]\n"
    );
    tree.bytes(".gitleaks.toml", text.as_bytes());
    let run = tree.keyward(&["init", "--from", "gitleaks"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let written = read(&tree, "keyward.toml");
    assert_eq!(written.matches("[[check]]").count(), 1000 + 1);
    let ids = written.lines().find(|line| line.starts_with("ids = "));
    assert_eq!(ids.map(|ids| ids.matches("\"own-r").count()), Some(999));
}

#[test]
fn tables_cost_no_more_for_those_above_them() {
    for table in [
        "[[rules]]\n",
        "[[allowlists]]\nregexes = ['x']\n",
        "[[allowlists]]\ntargetRules = ['github-pat']\npaths = ['^docs/']\n",
    ] {
        let tree = Tree::repository();
        let text = table.repeat((7 << 20) / table.len());
        tree.bytes(".gitleaks.toml", text.as_bytes());
        let run = tree.keyward(&["init", "--from", "gitleaks"]);
        assert_eq!(run.code, 2, "{}", run.stderr);
        says(&run, &["more than the 1 MiB that keyward.toml may have"]);
        assert!(!is_there(&tree, "keyward.toml"));
    }
}

#[test]
fn paths_cost_no_more_than_they_are_worth() {
    // Each stands for as many globs as one may, of as many parts as one may.
    let wide = format!("{}{}$", "(ab|c)".repeat(6), ".".repeat(900));
    let tree = Tree::repository();
    let list: String = (0..4000).map(|i| format!("'''^{i}{wide}''',\n")).collect();
    let text = format!("[allowlist]\npaths = ['^vendor/', {list}]\n");
    tree.bytes(".gitleaks.toml", text.as_bytes());
    let run = tree.keyward(&["init", "--from", "gitleaks"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    says(&run, &["more than are taken over"]);
    assert!(read(&tree, "keyward.toml").contains("\"vendor/**\""));
}

#[test]
fn lines_that_are_ignored_are_looked_at_up_to_a_limit() {
    let tree = Tree::repository();
    tree.bytes(".secretlintignore", "ab\n".repeat(2 << 20).as_bytes());
    let run = tree.keyward(&["init", "--from", "secretlint"]);
    assert_eq!(run.code, 2, "{}", run.stderr);
    says(&run, &["more than the 1 MiB that keyward.toml may have"]);
}

#[test]
fn what_was_not_looked_at_is_told_and_fails() {
    let tree = Tree::repository();
    // A value is looked for on the line as the commit had it: this many bytes, times the findings of the file.
    let line = format!("{}{}\n", tokens(700), " ".repeat(2 << 20));
    tree.bytes("a.js", line.as_bytes());
    tree.git(&["add", "-A"]);
    tree.git(&["commit", "-qm", "one"]);
    let commit = tree.git(&["rev-parse", "HEAD"]).trim().to_owned();
    fs::write(
        tree.path().join("b.js"),
        format!("t = '{}'\n", expand(TOKEN)),
    )
    .expect("written");
    let moved = |rule: &str| {
        let entries = format!("{commit}:a.js:{rule}:1\nb.js:github-pat:1\n");
        tree.file(".gitleaksignore", &entries);
        let run = tree.keyward(&["init", "--from", "gitleaks"]);
        for name in ["keyward.toml", ".keyward-baseline"] {
            fs::remove_file(tree.path().join(name)).expect("it was written");
        }
        run
    };
    let accepted = "1 finding that was accepted elsewhere is accepted";
    let run = moved("github-pat");
    assert_eq!(run.code, 2, "{}", run.stderr);
    says(
        &run,
        &[
            "1 of 2 that were accepted elsewhere could not be looked for",
            ".gitleaksignore:1",
            "hint:",
            accepted,
        ],
    );
    assert!(
        !run.stderr.contains("are no findings here"),
        "{}",
        run.stderr
    );
    // Those of another check are not looked for.
    let run = moved("slack-bot-token");
    assert_eq!(run.code, 0, "{}", run.stderr);
    let none = "1 of 2 that were accepted elsewhere are no findings here";
    says(&run, &[none, accepted]);
}
