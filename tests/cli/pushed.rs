//! `keyward hook run pre-push` and `pre-receive`, as git calls them.
#![cfg(unix)]

use std::io::Write;
use std::process::Stdio;

use crate::tree::{Run, Tree, expand, git, keyward};

const LEAK: &str = "t = 'ghp_<<an36>>'\n";
const ZERO: &str = "0000000000000000000000000000000000000000";

/// A repository with a remote `origin`, which `hook` guards; the remote has a leak of old.
fn pair(hook: &str) -> (Tree, Tree) {
    let (tree, remote) = (Tree::repository(), Tree::new());
    remote.git(&["init", "-q", "--bare", "-b", "main"]);
    let url = remote.path().to_str().expect("UTF-8");
    tree.git(&["remote", "add", "origin", url]);
    commit(&tree, "old.js", "o = 'ghp_<<an36>>'\n");
    tree.git(&["push", "-q", "origin", "main"]);
    let guarded = if hook == "pre-push" { &tree } else { &remote };
    let run = guarded.keyward(&["hook", "install", "--type", hook]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    (tree, remote)
}

fn commit(tree: &Tree, name: &str, text: &str) {
    tree.file(name, text);
    tree.git(&["add", "-A"]);
    tree.git(&["commit", "-qnm", "m"]);
}

/// Pushes and gives whether git did, and what was said.
fn push(tree: &Tree, args: &[&str]) -> (bool, String) {
    let out = git(tree.path(), &[&["push"], args].concat()).output();
    let out = out.expect("git runs");
    let said = [&out.stdout[..], &out.stderr].concat();
    let said = String::from_utf8_lossy(&said).into_owned();
    (out.status.success(), said)
}

#[track_caller]
fn passes(tree: &Tree, args: &[&str]) -> String {
    let (done, said) = push(tree, args);
    assert!(done, "{said}");
    said
}

#[track_caller]
fn refused(tree: &Tree, args: &[&str], place: &str) {
    let (done, said) = push(tree, args);
    assert!(!done && said.contains(place), "{said}");
    assert!(!said.contains("old.js"), "what is there was told: {said}");
}

#[test]
fn what_is_new_to_the_remote_is_scanned() {
    let (tree, _remote) = pair("pre-push");
    commit(&tree, "a.js", "a\n");
    passes(&tree, &["origin", "main"]);
    passes(&tree, &["origin", "main:refs/heads/same"]);
    commit(&tree, "b.js", LEAK);
    commit(&tree, "b.js", "gone by the end\n");
    refused(&tree, &["origin", "main"], "b.js:1:6: critical");
    refused(&tree, &["origin", "main:new"], "b.js:1:6: critical");
    tree.git(&["tag", "-am", "t", "v1"]);
    refused(&tree, &["origin", "v1"], "b.js:1:6: critical");
    let said = passes(&tree, &["origin", ":same"]);
    assert!(said.contains("refs/heads/same is deleted"), "{said}");
}

#[test]
fn history_that_was_rewritten_is_held_against_what_the_remote_has() {
    let (tree, _remote) = pair("pre-push");
    commit(&tree, "a.js", "a\n");
    passes(&tree, &["origin", "main"]);
    tree.git(&["commit", "-qn", "--amend", "-m", "other"]);
    passes(&tree, &["--force", "origin", "main"]);
    tree.file("a.js", LEAK);
    tree.git(&["commit", "-qna", "--amend", "-m", "leak"]);
    refused(&tree, &["--force", "origin", "main"], "a.js:1:6: critical");
}

#[test]
fn a_remote_that_has_nothing_is_brought_everything() {
    let (tree, _remote) = pair("pre-push");
    let other = Tree::new();
    other.git(&["init", "-q", "--bare", "-b", "main"]);
    let url = other.path().to_str().expect("UTF-8");
    tree.git(&["remote", "add", "other", url]);
    let (done, said) = push(&tree, &["other", "main"]);
    assert!(!done && said.contains("old.js:1:6: critical"), "{said}");
    // Without a name nothing is known of it; what another remote has is out.
    passes(&tree, &[url, "main"]);
}

#[test]
fn several_are_each_scanned_and_told_once() {
    let (tree, _remote) = pair("pre-push");
    tree.git(&["checkout", "-qb", "one"]);
    commit(&tree, "a.js", LEAK);
    tree.git(&["branch", "two"]);
    tree.git(&["checkout", "-qb", "three", "main"]);
    commit(&tree, "c.js", LEAK);
    let (done, said) = push(&tree, &["origin", "one", "two", "three"]);
    assert!(!done, "{said}");
    for (path, times) in [("a.js:1:6: critical", 1), ("c.js:1:6: critical", 1)] {
        assert_eq!(said.matches(path).count(), times, "{path}: {said}");
    }
}

#[test]
fn a_hook_that_is_there_reads_the_references_too() {
    let (tree, _remote) = pair("pre-push");
    tree.keyward(&["hook", "uninstall"]);
    let hook = tree.bytes(
        ".git/hooks/pre-push",
        b"#!/bin/sh\nread ref rest\necho \"first: $1 $ref\" >&2\n",
    );
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(hook, std::fs::Permissions::from_mode(0o755)).expect("it is ours");
    tree.keyward(&["hook", "install", "--type", "pre-push"]);
    commit(&tree, "a.js", LEAK);
    let (done, said) = push(&tree, &["origin", "main"]);
    assert!(
        !done && said.contains("first: origin refs/heads/main") && said.contains("a.js:1:6"),
        "{said}"
    );
}

#[test]
fn a_server_refuses_what_it_has_not_taken_yet() {
    let (tree, remote) = pair("pre-receive");
    commit(&tree, "a.js", "a\n");
    passes(&tree, &["origin", "main"]);
    commit(&tree, "b.js", LEAK);
    commit(&tree, "b.js", "gone by the end\n");
    refused(&tree, &["origin", "main"], "remote: b.js:1:6: critical");
    refused(&tree, &["origin", "main:new"], "b.js:1:6: critical");
    passes(&tree, &["origin", "main~2:refs/heads/new"]);
    passes(&tree, &["origin", ":new"]);
    assert_eq!(remote.git(&["rev-list", "--count", "main"]).trim(), "2");
    // As many objects as are kept in a pack.
    for i in 0..120 {
        tree.file(&format!("many/{i}.txt"), &format!("{i}\n"));
    }
    commit(&tree, "many/leak.js", "n = 'ghp_<<an36>>'\n");
    refused(&tree, &["origin", "main"], "many/leak.js:1:6: critical");
}

/// Hands `stdin` to `keyward hook run`.
fn run(tree: &Tree, args: &[&str], stdin: &str) -> Run {
    let mut command = keyward(tree.path());
    command.args(["hook", "run"]).args(args);
    command.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.stderr(Stdio::piped()).spawn().expect("it starts");
    let mut pipe = child.stdin.take().expect("a pipe");
    pipe.write_all(stdin.as_bytes()).expect("it is read");
    drop(pipe);
    Run::of(child.wait_with_output().expect("it ends"))
}

#[test]
fn what_cannot_be_scanned_is_no_success() {
    let tree = Tree::repository();
    commit(&tree, "a.js", "a\n");
    let blob = tree.git(&["rev-parse", "HEAD:a.js"]);
    let blob = blob.trim();
    let odd = [
        ("nonsense\n".to_owned(), "stdin is not what git tells"),
        (
            format!("x {} refs/heads/x {ZERO}\n", "1".repeat(40)),
            "is not in this repository",
        ),
        (format!("x {blob} refs/tags/x {ZERO}\n"), "not a commit"),
    ];
    for (stdin, why) in odd {
        let run = run(&tree, &["pre-push", "origin"], &stdin);
        assert_eq!(run.code, 2, "{}{}", run.stdout, run.stderr);
        assert!(run.stderr.contains(why), "{why}: {}", run.stderr);
    }
    let empty = run(&tree, &["pre-push", "origin"], "");
    assert_eq!(empty.code, 0);
    assert!(empty.stderr.contains("nothing to scan"), "{}", empty.stderr);
}

#[test]
fn the_least_severity_is_asked_for() {
    let tree = Tree::repository();
    commit(&tree, "a.js", LEAK);
    let head = tree.git(&["rev-parse", "HEAD"]);
    let stdin = format!("main {} refs/heads/main {ZERO}\n", head.trim());
    assert_eq!(run(&tree, &["pre-push", "origin"], &stdin).code, 1);
    let never = ["pre-push", "origin", "--fail-on", "never"];
    assert_eq!(run(&tree, &never, &stdin).code, 0);
}

#[test]
fn a_branch_that_is_called_as_a_secret_is_not_told() {
    let (tree, _remote) = pair("pre-push");
    let name = expand("ghp_<<an36>>");
    let push_to = |what: &str| passes(&tree, &["origin", &format!("{what}:refs/heads/{name}")]);
    for (what, told) in [("main", "what is there already"), ("", "is deleted")] {
        let said = push_to(what);
        let ours: Vec<_> = said.lines().filter(|l| l.starts_with("keyward:")).collect();
        let ours = ours.join("\n");
        assert!(
            ours.contains(told) && ours.contains("refs/heads/ghp_"),
            "{said}"
        );
        assert!(!ours.contains(&name), "{said}");
    }
    let range = format!("{name}..HEAD");
    let run = tree.keyward(&["scan", "--range", &range]);
    assert_eq!(run.code, 2);
    assert!(!run.stderr.contains(&name), "{}", run.stderr);
}
