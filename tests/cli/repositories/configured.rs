//! Repositories that configure something to be run, or to be read elsewhere.

use std::path::Path;

use super::*;
use crate::tree::keyward;

/// A command that leaves a mark when it is run.
fn trap(mark: &Path) -> String {
    format!("sh -c 'touch \"{}\"; cat'", mark.display())
}

/// Every way of looking at a repository; each has to end by itself.
fn look(tree: &Tree) {
    for args in [
        &["scan"][..],
        &["scan", "--history-only"],
        &["scan", "--staged"],
        &["scan", "--no-history"],
        &["scan", "stays.txt"],
    ] {
        let run = tree.keyward(args);
        assert!(run.code <= 1, "{args:?}: {}{}", run.stdout, run.stderr);
    }
}

#[test]
fn what_the_configuration_wants_run_is_not_run() {
    let tree = leaky();
    tree.bytes(".gitattributes", b"* filter=evil diff=evil merge=evil\n");
    commit(&tree);
    let marks = Tree::new();
    let mark = marks.path().join("ran");
    for key in [
        "alias.log",
        "core.alternateRefsCommand",
        "core.askPass",
        "core.editor",
        "core.fsmonitor",
        "core.gitProxy",
        "core.hooksPath",
        "core.pager",
        "core.sshCommand",
        "credential.helper",
        "diff.evil.command",
        "diff.evil.textconv",
        "diff.external",
        "filter.evil.clean",
        "filter.evil.process",
        "filter.evil.smudge",
        "gpg.program",
        "merge.evil.driver",
        "pager.log",
        "remote.origin.uploadpack",
        "uploadpack.packObjectsHook",
    ] {
        tree.git(&["config", key, &trap(&mark)]);
    }
    tree.bytes("stays.txt", b"two\n");
    // Git itself obeys, which shows that the trap is live.
    let _ = git(tree.path(), &["log", "-p"]).output();
    assert!(std::fs::remove_file(&mark).is_ok());
    look(&tree);
    assert_whole(&scan(&tree));
    assert!(!mark.exists());
}

#[test]
fn configuration_that_is_included_is_not_run_either() {
    let tree = leaky();
    let marks = Tree::new();
    let mark = marks.path().join("ran");
    let evil = marks.path().join("evil");
    let path = evil.to_str().expect("UTF-8");
    for key in ["diff.external", "core.fsmonitor"] {
        tree.git(&["config", "--file", path, key, &trap(&mark)]);
    }
    tree.git(&["config", "include.path", path]);
    tree.git(&["config", "includeIf.onbranch:main.path", path]);
    tree.bytes("stays.txt", b"two\n");
    let _ = git(tree.path(), &["diff"]).output();
    assert!(std::fs::remove_file(&mark).is_ok(), "the trap is live");
    look(&tree);
    assert_whole(&scan(&tree));
    assert!(!mark.exists());
}

#[cfg(unix)]
#[test]
fn hooks_are_not_run() {
    use std::os::unix::fs::PermissionsExt;
    let tree = leaky();
    let mark = tree.path().join(".git/ran");
    for name in [
        "post-index-change",
        "reference-transaction",
        "post-checkout",
    ] {
        let text = format!("#!/bin/sh\ntouch '{}'\n", mark.display());
        let hook = tree.bytes(&format!(".git/hooks/{name}"), text.as_bytes());
        let mode = std::fs::Permissions::from_mode(0o755);
        std::fs::set_permissions(hook, mode).expect("it is ours");
    }
    tree.git(&["update-ref", "refs/heads/other", "HEAD"]);
    assert!(std::fs::remove_file(&mark).is_ok(), "the trap is live");
    look(&tree);
    assert_whole(&scan(&tree));
    assert!(!mark.exists());
}

#[test]
fn nothing_is_fetched_into_a_partial_clone() {
    let origin = leaky();
    origin.git(&["config", "uploadpack.allowFilter", "true"]);
    let outer = Tree::new();
    let url = format!("file://{}", origin.path().display());
    outer.git(&["clone", "-q", "--filter=blob:none", &url, "clone"]);
    let mark = outer.path().join("ran");
    let clone = outer.path().join("clone");
    let command = format!("touch '{}'; git-upload-pack", mark.display());
    let set = git(&clone, &["config", "remote.origin.uploadpack", &command]).output();
    assert!(set.expect("git runs").status.success());
    let run = |args: &[&str]| {
        let out = keyward(&clone).args(args).output();
        Run::of(out.expect("keyward runs"))
    };
    let cut = run(&["scan", "--format", "json"]);
    assert_told(&cut, 2, "partial", "1 object");
    let accepted = run(&["scan", "--format", "json", "--accept", "partial"]);
    assert_told(&accepted, 0, "accepted", "1 object");
    assert!(!mark.exists(), "it was fetched");
    let _ = git(&clone, &["log", "-p"]).output();
    assert!(mark.exists(), "git fetches it");
}

#[test]
fn configuration_that_cannot_be_read_stops_nothing() {
    let tree = leaky();
    tree.bytes(
        ".git/config",
        b"[core\n\0repositoryformatversion = 99\n[extensions]\nunheard = of\n[include]\npath = /dev/zero\n",
    );
    assert_whole(&scan(&tree));
}

/// Puts a named pipe in the place of a file.
#[cfg(unix)]
fn pipe(tree: &Tree, name: &str) {
    let path = tree.path().join(name);
    let _ = std::fs::remove_file(&path);
    std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    let made = std::process::Command::new("mkfifo").arg(path).status();
    assert!(made.expect("mkfifo runs").success());
}

#[cfg(unix)]
#[test]
fn git_files_that_are_pipes_hang_nothing() {
    for name in [
        "config",
        "commondir",
        "info/exclude",
        "info/grafts",
        "logs/refs/stash",
        "shallow",
        "refs/replace/x",
        "FETCH_HEAD",
    ] {
        let tree = leaky();
        pipe(&tree, &format!(".git/{name}"));
        let run = scan(&tree);
        assert!(finds(&run, GONE), "{name}: {}{}", run.stdout, run.stderr);
    }
    for (name, message) in [
        ("refs/heads/pipe", "refs/heads/pipe"),
        ("objects/info/alternates", "alternates"),
        ("objects/pack/pack-1.idx", "pack-1.idx"),
        ("objects/aa/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", ""),
        ("index", "index"),
        ("packed-refs", "packed-refs"),
    ] {
        let tree = leaky();
        pipe(&tree, &format!(".git/{name}"));
        let run = scan(&tree);
        if message.is_empty() {
            assert_eq!(run.code, 1, "{name}: {}", run.stdout);
        } else {
            assert_gap(&run, "unreadable", message);
        }
    }
}

#[cfg(unix)]
#[test]
fn objects_that_are_pipes_hang_nothing() {
    for name in ["HEAD", "HEAD^{tree}", "HEAD:stays.txt", "HEAD~1:gone.txt"] {
        let tree = leaky();
        let id = tree.git(&["rev-parse", name]);
        let (folder, file) = id.trim().split_at(2);
        pipe(&tree, &format!(".git/objects/{folder}/{file}"));
        let run = scan(&tree);
        assert_gap(&run, "unreadable", "");
        tree.keyward(&["scan", "--staged"]);
    }
}

#[cfg(unix)]
#[test]
fn pipes_of_lenders_hang_nothing() {
    let lender = |name: &str| {
        let other = leaky();
        pipe(&other, name);
        other
    };
    for name in [
        "pack/pack-1.idx",
        "pack/pack-1.pack",
        "pack/multi-pack-index",
        "info/alternates",
    ] {
        let other = lender(&format!(".git/objects/{name}"));
        let tree = leaky();
        let objects = other.path().join(".git/objects");
        let line = format!("{}\n", objects.display());
        tree.bytes(".git/objects/info/alternates", line.as_bytes());
        assert_gap(&scan(&tree), "unreadable", name);
    }
    // As libgit2 reads it: a blank is of the name, and what begins with no dot is taken from where the program runs.
    let tree = leaky();
    for (line, name) in [("odd \n", "odd "), ("here\r", "here")] {
        pipe(&tree, &format!("{name}/pack/pack-1.idx"));
        tree.bytes(".git/objects/info/alternates", line.as_bytes());
        assert_gap(&scan(&tree), "unreadable", "pack-1.idx");
    }
    let long = "# nothing\n".repeat(10_000);
    tree.bytes(".git/objects/info/alternates", long.as_bytes());
    assert_gap(&scan(&tree), "unreadable", "too long");
}

#[test]
fn a_work_tree_elsewhere_is_not_gone_to() {
    let outside = Tree::new();
    outside.file("theirs.txt", "t = ghp_<<an36>>\n");
    let tree = leaky();
    let path = outside.path().to_str().expect("UTF-8");
    tree.git(&["config", "core.worktree", path]);
    let run = scan(&tree);
    assert_whole(&run);
    assert!(!run.stdout.contains("theirs.txt"));
}

#[test]
fn attributes_hide_nothing() {
    let tree = Tree::repository();
    tree.bytes(".gitattributes", b"* -diff -text binary\n");
    leak(&tree);
    assert_whole(&scan(&tree));
}

#[test]
fn objects_that_are_borrowed_are_read() {
    let origin = leaky();
    let outer = Tree::new();
    let url = origin.path().to_str().expect("UTF-8");
    outer.git(&["clone", "-q", "--shared", url, "."]);
    assert_whole(&scan(&outer));
    // Without them there is no history.
    std::fs::remove_file(outer.path().join(".git/objects/info/alternates")).expect("a file");
    assert_eq!(scan(&outer).code, 2);
}

#[test]
fn lenders_may_stand_in_a_ring_or_nowhere() {
    let tree = leaky();
    let own = tree.path().join(".git/objects");
    let other = leaky();
    let others = other.path().join(".git/objects");
    let lines = format!(
        "{}\n{}\n/no/such/folder\n/dev/zero\n../../../../../../../../etc\n\n# none\n",
        own.display(),
        others.display()
    );
    tree.bytes(".git/objects/info/alternates", lines.as_bytes());
    let back = format!("{}\n", own.display());
    other.bytes(".git/objects/info/alternates", back.as_bytes());
    let run = scan(&tree);
    assert!(finds(&run, GONE), "{}", run.stdout);
    assert!(run.code == 1, "{}", run.stdout);
}

#[cfg(unix)]
#[test]
fn a_repository_of_another_owner_is_read() {
    let tree = leaky();
    let owned = std::process::Command::new("chown")
        .args(["-R", "12345:12345"])
        .arg(tree.path())
        .output();
    if !owned.expect("chown runs").status.success() {
        // Only root gives files away.
        return;
    }
    let refused = git(tree.path(), &["status"]).output().expect("git runs");
    assert!(!refused.status.success(), "git refuses it");
    assert_whole(&scan(&tree));
}
