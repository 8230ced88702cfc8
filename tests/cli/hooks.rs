//! As a pre-commit hook: what git is about to commit is what is judged.

use crate::tree::{Tree, git};

/// A repository whose pre-commit hook is keyward; `hook` is run by git itself.
fn hooked() -> Tree {
    let tree = Tree::repository();
    tree.file("seed.txt", "x\n");
    tree.git(&["add", "-A"]);
    tree.git(&["commit", "-qm", "seed"]);
    let hook = format!(
        "#!/bin/sh\nexec '{}' scan --staged --no-progress\n",
        env!("CARGO_BIN_EXE_keyward")
    );
    let path = tree.bytes(".git/hooks/pre-commit", hook.as_bytes());
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).expect("it is ours");
    }
    tree
}

/// Commits and gives whether git did, and what the hook said.
fn commit(tree: &Tree, args: &[&str]) -> (bool, String) {
    let out = git(tree.path(), &[&["commit", "-m", "m"], args].concat())
        .output()
        .expect("git runs");
    (
        out.status.success(),
        format!(
            "{}{}",
            String::from_utf8_lossy(&out.stdout),
            String::from_utf8_lossy(&out.stderr)
        ),
    )
}

const LEAK: &str = "t = 'ghp_<<an36>>'\n";

#[cfg(unix)]
#[test]
fn a_plain_commit_is_refused_and_a_clean_one_passes() {
    let tree = hooked();
    tree.file("a.js", LEAK);
    tree.git(&["add", "a.js"]);
    let (done, said) = commit(&tree, &[]);
    assert!(!done && said.contains("a.js:1:6: critical"), "{said}");
    tree.file("a.js", "t = process.env.T\n");
    tree.git(&["add", "a.js"]);
    let (done, said) = commit(&tree, &[]);
    assert!(done, "{said}");
}

#[cfg(unix)]
#[test]
fn commit_all_is_judged_by_its_own_index() {
    let tree = hooked();
    tree.file("seed.txt", LEAK);
    let (done, said) = commit(&tree, &["-a"]);
    assert!(!done && said.contains("seed.txt:1:6: critical"), "{said}");
}

#[cfg(unix)]
#[test]
fn commit_of_a_path_is_judged_by_what_it_commits() {
    let tree = hooked();
    tree.file("seed.txt", "y\n");
    tree.file("b.js", LEAK);
    tree.git(&["add", "b.js"]);
    let (done, said) = commit(&tree, &["--", "seed.txt"]);
    assert!(done, "b.js is staged but not part of this commit: {said}");
    let (done, said) = commit(&tree, &["--", "b.js"]);
    assert!(!done && said.contains("b.js:1:6: critical"), "{said}");
}

#[cfg(unix)]
#[test]
fn a_linked_worktree_has_its_own_index() {
    let tree = hooked();
    let other = Tree::new();
    let path = other.path().join("wt");
    tree.git(&[
        "worktree",
        "add",
        "-q",
        path.to_str().expect("UTF-8"),
        "-b",
        "other",
    ]);
    other.file("wt/c.js", LEAK);
    git(&path, &["add", "c.js"]).status().expect("git runs");
    let out = git(&path, &["commit", "-m", "m"])
        .output()
        .expect("git runs");
    let said =
        String::from_utf8_lossy(&out.stdout).into_owned() + &String::from_utf8_lossy(&out.stderr);
    assert!(
        !out.status.success() && said.contains("c.js:1:6: critical"),
        "{said}"
    );
}

#[test]
fn the_first_commit_of_a_repository_is_judged() {
    let tree = Tree::repository();
    tree.file("a.js", LEAK);
    tree.git(&["add", "-A"]);
    assert_eq!(tree.keyward(&["scan", "--staged"]).code, 1);
}

#[test]
fn nothing_that_a_repository_configures_is_run() {
    let tree = Tree::repository();
    let marker = tree.path().join("ran");
    let run = format!("touch '{}'", marker.display());
    for key in [
        "core.fsmonitor",
        "diff.x.textconv",
        "filter.x.clean",
        "filter.x.smudge",
        "core.pager",
        "core.sshCommand",
    ] {
        tree.git(&["config", key, &run]);
    }
    tree.git(&["config", "core.hooksPath", "hooks"]);
    tree.bytes(
        "hooks/post-index-change",
        format!("#!/bin/sh\n{run}\n").as_bytes(),
    );
    tree.file(".gitattributes", "* diff=x filter=x\n");
    tree.file("a.js", LEAK);
    std::fs::remove_file(&marker).ok();
    assert_eq!(tree.keyward(&["scan", "."]).code, 1);
    tree.keyward(&["scan", "--staged"]);
    assert!(!marker.exists(), "a program of the repository was run");
}
