//! The index as a source: what the commit brings, whatever the disk says.

use std::fs;
use std::path::PathBuf;

use keyward::git::Discover;
use keyward::model::NoticeKind;
use keyward::source::Staged;

use crate::repo::{Repo, count, git_command, git_in, globs, see, see_with, text};

#[test]
fn the_blob_is_read_and_not_the_file() {
    let repo = Repo::new();
    repo.write("a", "staged");
    repo.git(&["add", "a"]);
    repo.write("a", "clean again").write("b", "untracked");
    assert_eq!(see(&repo.staged()).blobs, ["a = staged"]);
    fs::remove_file(repo.join("a")).expect("it was there");
    assert_eq!(see(&repo.staged()).blobs, ["a = staged"]);
}

#[test]
fn nothing_staged_is_told_and_is_whole() {
    let repo = Repo::new();
    let seen = see(&repo.staged());
    assert_eq!(
        seen.notices,
        ["nothing-staged nothing is staged: `git add` files first"]
    );
    repo.write("a", "1").commit();
    repo.git(&["rm", "--quiet", "a"]);
    let seen = see(&repo.staged());
    assert_eq!(count(&seen, NoticeKind::NothingStaged), 1);
    assert!(seen.complete);
}

#[test]
fn links_submodules_exclusions_and_missing_blobs_are_told() {
    let inner = Repo::new();
    inner.write("x", "1").commit();
    let repo = Repo::new();
    repo.write("a", "1")
        .write("lost", "2")
        .write("gen/b", "3")
        .write("gen.c", "4");
    #[cfg(unix)]
    std::os::unix::fs::symlink("/etc/passwd", repo.join("link")).expect("a link");
    repo.git(&["add", "--all"]);
    repo.submodule(&inner);
    repo.lose(":lost");
    let mut staged = repo.staged();
    staged.exclude = globs(&["gen"]);
    let seen = see(&staged);
    assert_eq!(seen.blobs, ["a = 1", "gen.c = 4"]);
    assert_eq!(seen.excluded, ["gen/b"]);
    assert_eq!(count(&seen, NoticeKind::Link), usize::from(cfg!(unix)));
    assert_eq!(count(&seen, NoticeKind::Submodule), 1);
    assert_eq!(count(&seen, NoticeKind::Unreadable), 1);
    assert!(!seen.complete);
}

#[test]
fn paths_restrict() {
    let repo = Repo::new();
    repo.write("a/b", "1")
        .write("a/c", "2")
        .write("ab", "3")
        .write("d", "4");
    repo.git(&["add", "--all"]);
    let mut staged = repo.staged();
    let mut only = |paths: &[PathBuf]| {
        staged.paths = paths.to_vec();
        see(&staged)
    };
    assert_eq!(only(&[repo.join("a")]).paths(), ["a/b", "a/c"]);
    assert_eq!(
        only(&[repo.join("a/../d"), repo.join("./a/b"), repo.join("d")]).paths(),
        ["a/b", "d"]
    );
    assert_eq!(only(&[repo.path().to_owned()]).paths().len(), 4);
    fs::remove_dir_all(repo.join("a")).expect("it was there");
    assert_eq!(only(&[repo.join("a/c")]).paths(), ["a/c"]);
    let seen = only(&[repo.join("gone"), repo.join("../elsewhere")]);
    assert_eq!(count(&seen, NoticeKind::Missing), 2);
    assert_eq!(count(&seen, NoticeKind::NothingStaged), 1);
}

#[test]
fn a_linked_worktree_has_its_own_index() {
    let repo = Repo::new();
    repo.write("a", "1").commit();
    let linked = Repo::plain();
    let path = linked.join("wt");
    repo.git(&[
        "worktree",
        "add",
        "--quiet",
        "--detach",
        &path.to_string_lossy(),
    ]);
    linked.write("wt/b", "here");
    git_in(&path, &["add", "b"]);
    assert!(see(&repo.staged()).blobs.is_empty());
    let found = keyward::git::Repository::discover(&path, &Discover::default());
    let mut staged = repo.staged();
    staged.repository = found.expect("usable").expect("a repository").into();
    assert_eq!(see(&staged).blobs, ["b = here"]);
}

/// Not a test of its own: what the hook below runs, in git's environment.
#[test]
#[ignore = "run by a hook"]
fn inside_a_hook() {
    let Some(out) = std::env::var_os("KEYWARD_TEST_OUT") else {
        return;
    };
    let var = |name| std::env::var_os(name).map(PathBuf::from);
    let how = Discover {
        index_file: var("GIT_INDEX_FILE"),
        git_dir: var("GIT_DIR"),
        work_tree: var("GIT_WORK_TREE"),
        ..Discover::default()
    };
    let here = std::env::current_dir().expect("a folder");
    let found = keyward::git::Repository::discover(&here, &how);
    let staged = Staged {
        repository: found.expect("usable").expect("a repository").into(),
        paths: Vec::new(),
        exclude: Box::new(|_| false),
    };
    fs::write(out, see_with(&staged, 2).blobs.join("\n")).expect("a file");
}

/// Commits in `folder` under a hook that records what `Staged` sees.
#[cfg(unix)]
fn commit_under_hook(repo: &Repo, folder: &std::path::Path, args: &[&str]) -> String {
    use std::os::unix::fs::PermissionsExt;
    let this = std::env::current_exe().expect("the test program");
    let hook = repo.join(".git/hooks/pre-commit");
    let script = format!(
        "#!/bin/sh\nexec '{}' --exact staged::inside_a_hook --ignored --quiet\n",
        this.display()
    );
    fs::create_dir_all(repo.join(".git/hooks")).expect("a folder");
    fs::write(&hook, script).expect("a hook");
    fs::set_permissions(&hook, fs::Permissions::from_mode(0o755)).expect("its owner");
    let out = repo.join(".git/seen");
    let commit = git_command(folder, &[&["commit", "--message=x"], args].concat())
        .env("KEYWARD_TEST_OUT", &out)
        .output()
        .expect("git runs");
    assert!(commit.status.success(), "{}", text(&commit));
    fs::read_to_string(out).expect("the hook ran")
}

#[cfg(unix)]
#[test]
fn a_hook_sees_what_this_commit_brings() {
    let repo = Repo::new();
    repo.write("a", "1").write("b", "1").write("sub/c", "1");
    repo.git(&["add", "--all"]);
    assert_eq!(
        commit_under_hook(&repo, repo.path(), &[]),
        "a = 1\nb = 1\nsub/c = 1"
    );
    repo.write("a", "2");
    assert_eq!(commit_under_hook(&repo, repo.path(), &["--all"]), "a = 2");
    repo.write("a", "3").write("b", "3").write("sub/c", "3");
    repo.git(&["add", "a"]);
    assert_eq!(commit_under_hook(&repo, repo.path(), &["--", "b"]), "b = 3");
    assert_eq!(
        commit_under_hook(&repo, &repo.join("sub"), &["--all"]),
        "a = 3\nsub/c = 3"
    );

    let linked = Repo::plain();
    let path = linked.join("wt");
    repo.git(&[
        "worktree",
        "add",
        "--quiet",
        "-b",
        "other",
        &path.to_string_lossy(),
    ]);
    linked.write("wt/a", "4").write("wt/b", "4");
    assert_eq!(commit_under_hook(&repo, &path, &["--", "b"]), "b = 4");
    assert_eq!(commit_under_hook(&repo, &path, &["--all"]), "a = 4");
}

#[test]
fn an_index_given_by_name_is_the_one_that_is_read() {
    let repo = Repo::new();
    repo.write("a", "1").commit();
    fs::copy(repo.join(".git/index"), repo.join(".git/next-index-1.lock")).expect("a copy");
    repo.write("a", "2").git(&["add", "a"]);
    let mut staged = repo.staged();
    for (index, count) in [(".git/index", 1), (".git/next-index-1.lock", 0)] {
        staged.repository = repo.repository_with(&Discover {
            index_file: Some(index.into()),
            ..Discover::default()
        });
        assert_eq!(see(&staged).blobs.len(), count, "{index}");
    }
}
