//! `keyward hook install` and `uninstall`: what is written where, and that nothing of anybody else's is lost.

use std::fs;
use std::path::Path;

use crate::tree::{Run, Tree, git, keyward};

const HOOK: &str = ".git/hooks/pre-commit";
const LEAK: &str = "t = 'ghp_<<an36>>'\n";

fn read(tree: &Tree, name: &str) -> String {
    fs::read_to_string(tree.path().join(name)).expect("it is there")
}

fn exists(tree: &Tree, name: &str) -> bool {
    fs::symlink_metadata(tree.path().join(name)).is_ok()
}

/// A file that git would run.
fn script(tree: &Tree, name: &str, text: &str) {
    let path = tree.bytes(name, text.as_bytes());
    set_executable(&path, true);
}

#[cfg(unix)]
fn set_executable(path: &Path, is: bool) {
    use std::os::unix::fs::PermissionsExt;
    let mode = if is { 0o755 } else { 0o644 };
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("it is ours");
}

#[cfg(not(unix))]
fn set_executable(_: &Path, _: bool) {}

/// Runs keyward and demands its exit code; gives what it said.
fn said(tree: &Tree, args: &[&str], code: i32) -> String {
    let run = tree.keyward(&[&["hook"], args].concat());
    assert_eq!(run.code, code, "{args:?}: {}{}", run.stdout, run.stderr);
    assert_eq!(run.stdout, "", "what is done is told on stderr");
    run.stderr
}

fn commit(tree: &Tree, args: &[&str]) -> (bool, String) {
    let out = git(tree.path(), &[&["commit", "-m", "m"], args].concat()).output();
    let out = out.expect("git runs");
    let said = [&out.stdout[..], &out.stderr].concat();
    let said = String::from_utf8_lossy(&said).into_owned();
    (out.status.success(), said)
}

#[test]
fn it_is_installed_once_and_taken_away_whole() {
    let tree = Tree::repository();
    let first = said(&tree, &["install"], 0);
    assert!(first.contains("installed .git/hooks/pre-commit"), "{first}");
    let text = read(&tree, HOOK);
    let again = said(&tree, &["install"], 0);
    assert!(again.contains("installed already"), "{again}");
    assert_eq!(read(&tree, HOOK), text);
    let gone = said(&tree, &["uninstall"], 0);
    assert!(gone.contains("took away"), "{gone}");
    assert!(!exists(&tree, HOOK) && !exists(&tree, ".git/hooks/pre-commit.before-keyward"));
    let none = said(&tree, &["uninstall"], 0);
    assert!(none.contains("no hook of keyward's"), "{none}");
}

#[test]
fn an_older_hook_of_ours_is_brought_up_to_date() {
    let tree = Tree::repository();
    said(&tree, &["install"], 0);
    let text = read(&tree, HOOK);
    let older = text.replace("exit 2", "exit 9").replace('\n', "\r\n");
    script(&tree, HOOK, &older);
    let told = said(&tree, &["install"], 0);
    assert!(told.contains("installed .git/hooks"), "{told}");
    assert_eq!(read(&tree, HOOK), text);
    assert!(!exists(&tree, ".git/hooks/pre-commit.before-keyward"));
}

#[test]
fn both_hooks_are_installed_and_one_is_taken_away() {
    let tree = Tree::repository();
    said(&tree, &["install", "--type", "pre-commit,pre-push"], 0);
    said(&tree, &["uninstall", "--type", "pre-commit"], 0);
    assert!(!exists(&tree, HOOK) && exists(&tree, ".git/hooks/pre-push"));
}

#[cfg(unix)]
#[test]
fn git_runs_it() {
    let tree = Tree::repository();
    said(&tree, &["install"], 0);
    tree.file("a.js", LEAK);
    tree.git(&["add", "-A"]);
    let (done, told) = commit(&tree, &[]);
    assert!(!done && told.contains("a.js:1:6: critical"), "{told}");
    tree.file("a.js", "t = ask()\n");
    tree.git(&["add", "-A"]);
    let (done, told) = commit(&tree, &[]);
    assert!(done, "{told}");
    let (done, told) = commit(&tree, &["--amend"]);
    assert!(done && told.contains("nothing is staged"), "{told}");
}

#[cfg(unix)]
#[test]
fn a_hook_that_is_there_runs_first_and_comes_back() {
    let tree = Tree::repository();
    let text = "#!/bin/sh\necho other: $0 \"$@\"\ntest ! -e stop || exit 3\n";
    script(&tree, HOOK, text);
    let told = said(&tree, &["install"], 0);
    assert!(
        told.contains("pre-commit.before-keyward and runs first"),
        "{told}"
    );
    tree.file("a.js", LEAK);
    tree.git(&["add", "a.js"]);
    let (done, told) = commit(&tree, &[]);
    assert!(
        !done && told.contains("other: ") && told.contains("critical"),
        "{told}"
    );
    tree.file("a.js", "x\n");
    tree.git(&["add", "a.js"]);
    tree.file("stop", "");
    let (done, told) = commit(&tree, &[]);
    assert!(!done && !told.contains("findings"), "{told}");
    fs::remove_file(tree.path().join("stop")).expect("it was written");
    let (done, told) = commit(&tree, &[]);
    assert!(done, "{told}");
    said(&tree, &["install"], 0);
    said(&tree, &["uninstall"], 0);
    assert_eq!(read(&tree, HOOK), text);
    assert!(!exists(&tree, ".git/hooks/pre-commit.before-keyward"));
    let (_, told) = commit(&tree, &["--amend"]);
    assert!(
        told.contains("other: .git/hooks/pre-commit\n"),
        "it is executable again: {told}"
    );
}

#[cfg(unix)]
#[test]
fn a_hook_that_git_does_not_run_is_kept_and_not_run() {
    let tree = Tree::repository();
    let path = tree.bytes(HOOK, b"#!/bin/sh\nexit 1\n");
    set_executable(&path, false);
    said(&tree, &["install"], 0);
    tree.file("a.js", "x\n");
    tree.git(&["add", "a.js"]);
    let (done, told) = commit(&tree, &[]);
    assert!(done, "{told}");
    said(&tree, &["uninstall"], 0);
    use std::os::unix::fs::PermissionsExt;
    let mode = fs::metadata(path).expect("it is back").permissions().mode();
    assert_eq!(mode & 0o777, 0o644);
}

#[test]
fn two_hooks_that_are_not_ours_are_both_left() {
    let tree = Tree::repository();
    script(&tree, HOOK, "#!/bin/sh\n# one\n");
    said(&tree, &["install"], 0);
    script(&tree, HOOK, "#!/bin/sh\n# two\n");
    let told = said(&tree, &["install"], 2);
    assert!(told.contains("is there too"), "{told}");
    let told = said(&tree, &["uninstall"], 0);
    assert!(told.contains("not keyward's any more"), "{told}");
    assert!(read(&tree, HOOK).contains("two"));
    assert!(read(&tree, ".git/hooks/pre-commit.before-keyward").contains("one"));
}

#[cfg(unix)]
#[test]
fn without_keyward_a_commit_is_refused_with_what_to_do() {
    let tree = Tree::repository();
    said(&tree, &["install"], 0);
    tree.file("a.js", "x\n");
    tree.git(&["add", "a.js"]);
    let mut git = git(tree.path(), &["commit", "-m", "m"]);
    git.env("HOME", tree.path());
    let path = std::env::var_os("PATH").unwrap_or_default();
    let others = std::env::split_paths(&path).filter(|p| !p.join("keyward").exists());
    git.env("PATH", std::env::join_paths(others).expect("no colons"));
    let out = git.output().expect("git runs");
    let told = String::from_utf8_lossy(&out.stderr);
    assert!(!out.status.success(), "{told}");
    for word in ["not found in PATH", "cargo install", "--no-verify"] {
        assert!(told.contains(word), "{word}: {told}");
    }
}

#[test]
fn a_linked_worktree_shares_the_hooks() {
    let tree = Tree::repository();
    tree.file("a.txt", "x\n");
    tree.git(&["add", "-A"]);
    tree.git(&["commit", "-qm", "m"]);
    tree.git(&["worktree", "add", "-q", "linked"]);
    let out = keyward(&tree.path().join("linked"))
        .args(["hook", "install"])
        .output();
    let run = Run::of(out.expect("keyward runs"));
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(exists(&tree, HOOK));
}

#[test]
fn hooks_path_in_the_work_tree_is_told() {
    let tree = Tree::repository();
    tree.git(&["config", "core.hooksPath", "tools/hooks"]);
    let told = said(&tree, &["install"], 0);
    assert!(
        told.contains("installed tools/hooks/pre-commit") && told.contains("in the work tree"),
        "{told}"
    );
    assert!(exists(&tree, "tools/hooks/pre-commit") && !exists(&tree, HOOK));
    said(&tree, &["uninstall"], 0);
    assert!(!exists(&tree, "tools/hooks/pre-commit"));
}

#[test]
fn hooks_path_elsewhere_is_asked_for() {
    let (tree, shared) = (Tree::repository(), Tree::new());
    let path = shared.path().join("hooks");
    tree.git(&["config", "core.hooksPath", path.to_str().expect("UTF-8")]);
    let told = said(&tree, &["install"], 2);
    assert!(told.contains("--shared"), "{told}");
    assert!(!path.exists());
    said(&tree, &["install", "--shared"], 0);
    assert!(path.join("pre-commit").exists());
    said(&tree, &["uninstall"], 0);
    assert!(!path.join("pre-commit").exists());
}

#[test]
fn hooks_that_are_switched_off_are_told() {
    let tree = Tree::repository();
    tree.file("none", "");
    for nowhere in ["", "none"] {
        tree.git(&["config", "core.hooksPath", nowhere]);
        let told = said(&tree, &["install"], 2);
        assert!(told.contains("git runs no hooks"), "{nowhere}: {told}");
    }
}

#[test]
fn an_included_configuration_counts() {
    let tree = Tree::repository();
    tree.file("more.ini", "[core]\n\thooksPath = ours\n");
    tree.git(&["config", "include.path", "../more.ini"]);
    said(&tree, &["install"], 0);
    assert!(exists(&tree, "ours/pre-commit"));
}

#[test]
fn husky_is_told_and_appended_to() {
    let tree = Tree::repository();
    tree.file(".husky/pre-commit", "npm test");
    tree.git(&["config", "core.hooksPath", ".husky/_"]);
    let told = said(&tree, &["install", "--type", "pre-commit,pre-push"], 2);
    for word in [
        "husky",
        "keyward hook run pre-commit\n",
        ".husky/pre-push",
        "--append",
    ] {
        assert!(told.contains(word), "{word}: {told}");
    }
    assert_eq!(read(&tree, ".husky/pre-commit"), "npm test");
    let append = ["install", "--append", "--type", "pre-commit,pre-push"];
    said(&tree, &append, 0);
    let text = read(&tree, ".husky/pre-commit");
    assert!(
        text.starts_with("npm test\nkeyward hook run pre-commit"),
        "{text}"
    );
    assert!(read(&tree, ".husky/pre-push").starts_with("#!/bin/sh\n"));
    let again = said(&tree, &append, 0);
    assert!(again.contains("calls keyward already"), "{again}");
    assert_eq!(read(&tree, ".husky/pre-commit"), text);
    said(&tree, &["uninstall"], 0);
    assert_eq!(read(&tree, ".husky/pre-commit"), "npm test");
    assert!(!exists(&tree, ".husky/pre-push") && !exists(&tree, ".husky/_/pre-commit"));
}

#[test]
fn husky_is_known_before_it_has_set_itself_up() {
    let tree = Tree::repository();
    tree.file(".husky/pre-commit", "npm test\n");
    assert!(said(&tree, &["install"], 2).contains("husky"));
    assert!(!exists(&tree, HOOK));
    // Where something else was configured, a folder of that name says nothing.
    tree.git(&["config", "core.hooksPath", "ours"]);
    said(&tree, &["install"], 0);
    assert!(exists(&tree, "ours/pre-commit"));
}

#[test]
fn lefthook_is_told_its_stanza() {
    let tree = Tree::repository();
    tree.file("lefthook.yml", "pre-commit:\n  commands: {}\n");
    let told = said(&tree, &["install", "--type", "pre-commit,pre-push"], 2);
    for word in [
        "lefthook.yml",
        "run: keyward hook run pre-commit\n",
        "use_stdin: true",
    ] {
        assert!(told.contains(word), "{word}: {told}");
    }
    assert!(!exists(&tree, HOOK));
    tree.file("lefthook.yml", "      run: keyward hook run pre-commit\n");
    let told = said(&tree, &["install"], 0);
    assert!(told.contains("calls keyward already"), "{told}");
    fs::remove_file(tree.path().join("lefthook.yml")).expect("it was written");
    script(&tree, HOOK, "#!/bin/sh\ncall_lefthook run pre-commit\n");
    assert!(said(&tree, &["install"], 2).contains("lefthook"));
}

#[test]
fn outside_of_a_repository_there_are_no_hooks() {
    let told = said(&Tree::new(), &["install"], 2);
    assert!(told.contains("need a git repository"), "{told}");
}

#[cfg(unix)]
#[test]
fn installing_runs_nothing_that_the_repository_configures() {
    let tree = Tree::repository();
    let marker = tree.path().join("ran");
    let run = format!("touch '{}'", marker.display());
    let keys = [
        "core.fsmonitor",
        "core.pager",
        "pager.config",
        "core.editor",
        "alias.config",
    ];
    for key in keys {
        tree.git(&["config", key, &run]);
    }
    tree.git(&["config", "alias.config", &format!("!{run}")]);
    said(&tree, &["install"], 0);
    said(&tree, &["uninstall"], 0);
    assert!(!marker.exists(), "a program of the repository was run");
}
