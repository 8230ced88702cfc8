//! Values: templates lose theirs, weak keys get new ones, and nobody sees either.

use super::{ids, mends, set_mode, snapshot, text};
use crate::tree::{Run, Tree, expand};

const WEAK: &str = "keyboard cat";

/// A repository with a weak key in an environment file that git ignores.
fn weak(name: &str, line: &str) -> Tree {
    let tree = Tree::repository();
    tree.file(".gitignore", ".env*\n!.env.example\n");
    set_mode(&tree.bytes(name, line.as_bytes()), 0o600);
    tree
}

/// The value of `SESSION_SECRET`.
fn key(text: &str) -> &str {
    let line = text
        .lines()
        .find_map(|line| line.split_once("SESSION_SECRET="));
    line.expect("it is set").1.trim_matches(['"', '\''])
}

fn assert_hides(run: &Run, values: &[&str]) {
    for value in values {
        for said in [&run.stdout, &run.stderr] {
            assert!(!said.contains(value), "{said}");
        }
    }
}

#[test]
fn a_weak_key_gets_a_new_value_that_nobody_is_shown() {
    let tree = weak(
        ".env",
        &format!("PORT=1\r\nSESSION_SECRET=\"{WEAK}\"\r\nA=b\r\n"),
    );
    let (shown, applied) = mends(&tree, "jwt-secret-weak", &[]);
    let diff = "-SESSION_SECRET=••••••••\n+SESSION_SECRET=••••••••\n";
    assert!(shown.stdout.contains(diff), "{}", shown.stdout);
    assert!(
        shown.stdout.contains(" PORT=••••••••\n"),
        "{}",
        shown.stdout
    );
    assert!(
        shown
            .stdout
            .contains("what it signed (sessions, tokens) ends")
    );
    let after = text(&tree, ".env");
    let new = key(&after);
    assert!(new.len() == 64 && new.bytes().all(|b| b.is_ascii_hexdigit()));
    assert_eq!(
        after,
        format!("PORT=1\r\nSESSION_SECRET=\"{new}\"\r\nA=b\r\n")
    );
    assert_hides(&shown, &[WEAK, &new[..8]]);
    assert_hides(&applied, &[WEAK, &new[..8]]);
    let status = tree.git(&["status", "--porcelain", "--ignored"]);
    assert!(
        !status.contains(".new"),
        "nothing is left beside it: {status}"
    );
}

#[test]
fn a_diff_shows_no_value_of_an_environment_file_whatever_it_is_called() {
    let hidden = ["plain-text", "of two", "bottom", "was-it", "next to it"];
    let [a, b, c, d, e] = hidden;
    let tree = weak(
        ".env",
        &format!("A='{a}'\nB=\"{b}\n{c}=x\"\nSESSION_SECRET={WEAK}\n#C={d}\nexport F={e} # x\n"),
    );
    // All of it is shown as changed, or around a change.
    let run = tree.keyward(&["fix"]);
    assert!(run.stdout.contains("+SESSION_SECRET=•"), "{}", run.stdout);
    assert_hides(&run, &hidden);
    assert_hides(&run, &[WEAK]);
}

#[cfg(unix)]
#[test]
fn a_new_value_is_as_private_as_the_old_one() {
    let tree = weak(".env", &format!("SESSION_SECRET={WEAK}\n"));
    tree.keyward(&["fix", "--apply", "--only", "jwt-secret-weak"]);
    let there = std::fs::metadata(tree.path().join(".env")).expect("it is there");
    assert_eq!(super::mode(&there), 0o600);
    assert_ne!(key(&text(&tree, ".env")), WEAK);
}

#[test]
fn two_runs_make_two_values() {
    let made = || {
        let tree = weak(".env", &format!("SESSION_SECRET={WEAK}\n"));
        tree.keyward(&["fix", "--apply"]);
        key(&text(&tree, ".env")).to_owned()
    };
    assert_ne!(made(), made());
}

#[test]
fn a_key_of_production_ends_sessions_of_others_and_is_unsafe() {
    let tree = weak(".env.production", &format!("SESSION_SECRET={WEAK}\n"));
    let before = snapshot(tree.path());
    let run = tree.keyward(&["fix", "--apply"]);
    assert_eq!(snapshot(tree.path()), before, "{}", run.stdout);
    assert!(
        run.stdout.contains(".env.production: unsafe: edit"),
        "{}",
        run.stdout
    );
    assert!(
        run.stderr
            .contains("1 change is unsafe and needs --apply --unsafe")
    );
    assert_eq!(run.code, 1);
    mends(&tree, "jwt-secret-weak", &["--unsafe"]);
}

#[test]
fn programs_that_share_a_key_go_on_sharing_it() {
    let tree = weak("api/.env", &format!("SESSION_SECRET={WEAK}\n"));
    set_mode(
        &tree.file("web/.env", &format!("SESSION_SECRET={WEAK}\n")),
        0o600,
    );
    let run = tree.keyward(&["fix", "--apply", "--only", "jwt-secret-weak"]);
    assert!(
        run.stderr.contains("2 changes are unsafe"),
        "{}",
        run.stderr
    );
    assert_eq!(key(&text(&tree, "api/.env")), WEAK);
    tree.keyward(&["fix", "--apply", "--unsafe", "--only", "jwt-secret-weak"]);
    let (api, web) = (text(&tree, "api/.env"), text(&tree, "web/.env"));
    assert_ne!(key(&api), WEAK);
    assert_eq!(key(&api), key(&web));
}

#[test]
fn a_key_that_a_committed_file_has_too_is_for_people() {
    let tree = weak(".env", &format!("SESSION_SECRET={WEAK}\n"));
    tree.file(
        "docker-compose.yml",
        &format!("services:\n  api:\n    environment:\n      SESSION_SECRET: {WEAK}\n"),
    );
    tree.git(&["add", "-A"]);
    let before = snapshot(tree.path());
    let run = tree.keyward(&["fix", "--apply", "--unsafe", "--only", "jwt-secret-weak"]);
    assert_eq!(snapshot(tree.path()), before, "{}", run.stdout);
    assert_eq!(run.code, 1);
}

#[test]
fn a_tracked_file_gets_no_secret_before_git_ignores_it() {
    let tree = Tree::repository();
    set_mode(
        &tree.file(".env", &format!("SESSION_SECRET={WEAK}\n")),
        0o600,
    );
    tree.git(&["add", "-A"]);
    tree.git(&["commit", "-qm", "seed"]);
    let shown = tree.keyward(&["fix"]);
    assert!(
        !shown.stdout.contains("SESSION_SECRET=•"),
        "{}",
        shown.stdout
    );
    let run = tree.keyward(&["fix", "--apply"]);
    assert_eq!(tree.git(&["ls-files"]), "", "{}", run.stdout);
    assert_ne!(key(&text(&tree, ".env")), WEAK, "{}", run.stdout);
}

#[test]
fn a_template_loses_its_values_and_keeps_their_names() {
    let value = expand("<<an40>>");
    let tree = Tree::repository();
    tree.bytes(
        ".env.example",
        format!("# copy me\r\nPORT=1\r\nJWT_SECRET=\"{value}\"\r\nexport API_TOKEN={value}")
            .as_bytes(),
    );
    tree.git(&["add", "-A"]);
    let (shown, applied) = mends(&tree, "env-example-real-value", &[]);
    assert_eq!(
        text(&tree, ".env.example"),
        "# copy me\r\nPORT=1\r\nJWT_SECRET=\"\"\r\nexport API_TOKEN="
    );
    assert_hides(&shown, &[&value[..12]]);
    assert_hides(&applied, &[&value[..12]]);
    assert!(applied.stdout.contains("1. revoke"), "{}", applied.stdout);
}

#[test]
fn a_template_that_has_what_is_in_use_loses_it() {
    let tree = weak(".env", "SESSION_SECRET=correct-horse\n");
    tree.file(".env.example", "SESSION_SECRET=correct-horse\n");
    tree.git(&["add", "-A"]);
    mends(&tree, "env-example-real-value", &[]);
    assert_eq!(text(&tree, ".env.example"), "SESSION_SECRET=\n");
    assert_eq!(text(&tree, ".env"), "SESSION_SECRET=correct-horse\n");
    assert!(ids(&tree).contains(&"jwt-secret-too-short".to_owned()));
}
