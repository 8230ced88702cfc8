//! What is accepted: inline, by entry, by baseline; and what a repository's configuration can and cannot do.

use crate::tree::Tree;

const TOKEN: &str = "const t = 'ghp_<<an36>>';\n";

fn text(tree: &Tree, args: &[&str]) -> (i32, String) {
    let run = tree.keyward(&[&["scan", "."], args].concat());
    assert_eq!(run.stderr, "");
    (run.code, run.stdout)
}

#[test]
fn an_inline_mark_needs_a_reason_and_the_right_id() {
    let tree = Tree::new();
    let with = |mark: &str| {
        tree.file("a.js", &TOKEN.replace(";\n", &format!("; // {mark}\n")));
        text(&tree, &[])
    };
    let (code, out) = with("keyward:allow github-pat-classic a recorded sample");
    assert!(code == 0 && out.contains("1 allowed"), "{out}");
    let (code, out) = with("keyward:allow github-pat-classic");
    assert!(code == 1 && out.contains("reason"), "{out}");
    let (code, out) = with("keyward:allow slack-bot-token wrong one");
    assert!(code == 1 && out.contains("suppresses nothing"), "{out}");
    assert_eq!(with("gitleaks:allow").0, 0, "others' marks are honoured");
    assert_eq!(with("pragma: allowlist secret").0, 0);
}

#[test]
fn a_finding_about_a_whole_file_is_accepted_by_a_comment_in_it() {
    let tree = Tree::repository();
    let with = |mark: &str| {
        tree.file(".env", &format!("PORT=3000\n# {mark}\n"));
        tree.git(&["add", "-f", ".env"]);
        text(&tree, &["--only", "env-file-tracked"])
    };
    let (code, out) = with("settings of the demo");
    assert!(code == 1 && out.contains("[env-file-tracked]"), "{out}");
    let (code, out) = with("keyward:allow env-file-tracked settings of the demo");
    assert!(code == 0 && out.contains("1 allowed"), "{out}");
    assert_eq!(with("keyward:allow env-file-tracked").0, 1, "no reason");
    assert_eq!(with("keyward:allow env-file-shipped another").0, 1);
}

#[test]
fn an_allow_entry_ends_on_its_date_and_is_told_when_it_is_of_no_use() {
    let tree = Tree::new();
    tree.file("src/a.js", TOKEN);
    let entry = "[[allow]]\nids = [\"github-pat-classic\"]\npaths = [\"src/**\"]\nreason = \"revoked\"\nuntil = 2027-01-31\n";
    tree.file("keyward.toml", entry);
    assert_eq!(
        text(&tree, &["--now", "2027-01-31"]).0,
        0,
        "the day itself still counts"
    );
    let (code, out) = text(&tree, &["--now", "2027-02-01"]);
    assert!(code == 1 && out.contains("keyward.toml: line 1:"), "{out}");
    std::fs::remove_file(tree.path().join("src/a.js")).expect("it is there");
    tree.file("src/b.js", "x\n");
    let (code, out) = text(&tree, &["--now", "2027-01-01"]);
    assert!(code == 0 && out.contains("keyward.toml: line 1:"), "{out}");
}

#[test]
fn a_baseline_holds_through_edits_renames_and_copies_and_lets_new_findings_through() {
    let tree = Tree::new();
    tree.file("src/a.js", TOKEN);
    assert_eq!(tree.keyward(&["baseline", "write"]).code, 0);
    let line = std::fs::read_to_string(tree.path().join("src/a.js")).expect("it is there");
    tree.bytes("lib/moved.js", format!("\n\n\n  {line}").as_bytes());
    std::fs::remove_file(tree.path().join("src/a.js")).expect("it is there");
    assert_eq!(text(&tree, &[]).0, 0, "moved, renamed, indented");
    tree.file("lib/new.js", "const other = 'ghp_<<an36>>'; // another\n");
    let (code, out) = text(&tree, &[]);
    assert!(
        code == 1 && out.contains("lib/new.js:1") && !out.contains("moved.js:"),
        "{out}"
    );
    for name in ["lib/new.js", "lib/moved.js"] {
        std::fs::remove_file(tree.path().join(name)).expect("it is there");
    }
    tree.file("x.js", "x\n");
    let (code, out) = text(&tree, &[]);
    assert!(
        code == 0 && out.contains("baseline prune"),
        "a line of no use is told: {out}"
    );
    assert_eq!(tree.keyward(&["baseline", "prune"]).code, 0);
    assert!(!text(&tree, &[]).1.contains("baseline"));
}

#[test]
fn a_repository_switches_off_single_checks_loudly_and_never_all() {
    let tree = Tree::new();
    tree.file("a.js", TOKEN);
    tree.file("keyward.toml", "[checks.github-pat-classic]\noff = true\n");
    let (_, out) = text(&tree, &[]);
    assert!(
        out.contains("github-pat-classic") && out.contains("off"),
        "it is told: {out}"
    );
    tree.file(
        "keyward.toml",
        "[checks.github-pat-classic]\nseverity = \"low\"\n",
    );
    let (code, out) = text(&tree, &[]);
    assert!(code == 0 && out.contains("a.js:1:12: low:"), "{out}");
    assert_eq!(text(&tree, &["--no-repo-config"]).0, 1);
    for all in [
        "[checks.\"*\"]\noff = true\n",
        "[[allow]]\npaths = [\"**\"]\nreason = \"all\"\n",
    ] {
        tree.file("keyward.toml", all);
        assert_eq!(tree.keyward(&["scan", "."]).code, 2, "{all}");
    }
}
