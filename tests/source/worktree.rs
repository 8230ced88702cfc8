//! Which files of a tree are read, and as what.

use keyward::git::Discover;
use keyward::model::NoticeKind;
use keyward::source::Worktree;

use crate::repo::{Repo, count, git_in, globs, is_env, see};

#[test]
fn visible_files_are_read_and_git_is_not_entered() {
    let repo = Repo::new();
    repo.write("a.txt", "1").write(".hidden/b", "2").commit();
    repo.write("untracked", "3");
    let seen = see(&repo.worktree());
    assert_eq!(seen.blobs, [".hidden/b = 2", "a.txt = 1", "untracked = 3"]);
    assert!(seen.notices.is_empty() && seen.complete);
}

#[test]
fn outside_a_repository_nothing_is_ignored() {
    let tree = Repo::plain();
    tree.write(".gitignore", "secret\n").write("secret", "1");
    assert_eq!(see(&tree.worktree()).paths(), [".gitignore", "secret"]);
}

fn ignoring() -> Repo {
    let repo = Repo::new();
    repo.write(".gitignore", ".env\n/build/\nnode_modules/\n*.log\n")
        .write("pkg/.gitignore", "!.env\n/own\n")
        .write(".env", "root")
        .write("pkg/.env", "taken back")
        .write("pkg/own", "x")
        .write("build/.env.prod", "built")
        .write("build/out.js", "x")
        .write("node_modules/dep/.env", "fetched")
        .write("node_modules/dep/kept.js", "tracked in a pruned folder")
        .write("noise.log", "x")
        .write("kept.log", "tracked");
    repo.git(&["add", "--force", "kept.log", "node_modules/dep/kept.js"]);
    repo
}

#[test]
fn of_ignored_files_tracked_and_named_ones_are_read() {
    let repo = ignoring();
    let mut worktree = repo.worktree();
    worktree.ignored_but_read = is_env;
    assert_eq!(
        see(&worktree).blobs,
        [
            ".gitignore = .env\n/build/\nnode_modules/\n*.log",
            "kept.log = tracked",
            "local .env = root",
            "local build/.env.prod = built",
            "node_modules/dep/kept.js = tracked in a pruned folder",
            "pkg/.env = taken back",
            "pkg/.gitignore = !.env\n/own",
        ]
    );
    worktree.repository = Some(repo.repository());
    assert_eq!(see(&worktree).blobs.len(), 7);
}

#[test]
fn all_ignored_files_are_read_on_demand() {
    let repo = ignoring();
    let mut worktree = repo.worktree();
    worktree.read_ignored = true;
    assert_eq!(
        see(&worktree).paths(),
        [
            ".gitignore",
            "kept.log",
            "local .env",
            "local build/.env.prod",
            "local build/out.js",
            "local node_modules/dep/.env",
            "local noise.log",
            "local pkg/own",
            "node_modules/dep/kept.js",
            "pkg/.env",
            "pkg/.gitignore",
        ]
    );
}

#[test]
fn rules_agree_with_git() {
    let repo = Repo::new();
    repo.write(
        ".gitignore",
        "\u{feff}# note\n*.key\n!keep.key\nlogs/**\n/top\ndeep/**/x\nsp ace \n\\#hash\nfoo/*\n!foo/bar/\n",
    )
    .write("sub/.gitignore", "*.tmp\r\n!/special.key\r\n/sub\r\n")
    .write(".git/info/exclude", "mine\n");
    let files = [
        "a.key",
        "keep.key",
        "logs/a",
        "logs/b/c",
        "top",
        "sub/top",
        "deep/x",
        "deep/a/b/x",
        "deep/y",
        "sp ace",
        "#hash",
        "foo/a",
        "foo/bar/b",
        "sub/special.key",
        "sub/other.key",
        "sub/a.tmp",
        "a.tmp",
        "sub/sub/a",
        "mine",
        "sub/mine",
        "sub/keep.key",
    ];
    for file in files {
        repo.write(file, "x");
    }
    let visible = repo.git(&["ls-files", "--others", "--exclude-standard", "-z"]);
    let mut visible: Vec<_> = visible.split_terminator('\0').collect();
    visible.sort_unstable();
    assert_eq!(see(&repo.worktree()).paths(), visible);
}

#[test]
fn paths_that_overlap_give_each_file_once() {
    let repo = ignoring();
    let link = repo.join("link");
    #[cfg(unix)]
    std::os::unix::fs::symlink(repo.join("pkg"), &link).expect("a link");
    let mut worktree = repo.worktree();
    worktree.paths = vec![
        repo.path().to_owned(),
        repo.join("pkg"),
        repo.join("./pkg/../pkg"),
        link,
        repo.join("pkg/.env"),
        repo.join("kept.log"),
        repo.path().to_owned(),
    ];
    let mut expected = see(&repo.worktree()).blobs;
    expected.sort();
    assert_eq!(see(&worktree).blobs, expected);
}

#[test]
fn a_path_that_is_named_is_read_though_git_ignores_it() {
    let repo = ignoring();
    let mut worktree = repo.worktree();
    worktree.paths = vec![
        repo.join("build"),
        repo.join("noise.log"),
        repo.join(".gitignore"),
    ];
    assert_eq!(
        see(&worktree).paths(),
        [
            ".gitignore",
            "local build/.env.prod",
            "local build/out.js",
            "local noise.log"
        ]
    );
    worktree.paths = vec![repo.join("pkg")];
    assert_eq!(see(&worktree).paths(), ["pkg/.env", "pkg/.gitignore"]);
}

#[test]
fn a_root_below_the_repository_keeps_its_rules() {
    let repo = ignoring();
    let mut worktree = Worktree::new(repo.join("node_modules"), None);
    worktree.paths = vec![repo.join("pkg"), repo.join("node_modules/dep")];
    assert_eq!(
        see(&worktree).paths(),
        [
            "../pkg/.env",
            "../pkg/.gitignore",
            "dep/kept.js",
            "local dep/.env"
        ]
    );
}

#[test]
fn paths_outside_the_root_follow_their_own_repository() {
    let (here, there) = (Repo::new(), ignoring());
    here.write("a", "1");
    let mut worktree = here.worktree();
    worktree.repository = Some(here.repository());
    worktree.paths = vec![here.join("a"), there.join("pkg")];
    let seen = see(&worktree);
    assert_eq!(seen.blobs.len(), 3);
    assert_eq!(seen.blobs[2], "a = 1");
    assert!(seen.blobs[0].starts_with("../"), "{seen:?}");
    assert!(
        seen.blobs[0].ends_with("/pkg/.env = taken back"),
        "{seen:?}"
    );
}

#[test]
fn missing_paths_are_told() {
    let repo = Repo::new();
    repo.write("a", "1");
    let mut worktree = repo.worktree();
    worktree.paths = vec![repo.join("gone"), repo.join("a/below"), repo.join("a")];
    let seen = see(&worktree);
    assert_eq!(seen.blobs, ["a = 1"]);
    assert_eq!(
        seen.notices,
        [
            "missing a/below: does not exist",
            "missing gone: does not exist"
        ]
    );
    assert!(!seen.complete);
    worktree.root = repo.join("gone");
    worktree.paths.clear();
    let error = keyward::source::Source::push(&worktree, 1, &|_| {});
    assert!(error.is_err());
}

#[test]
fn globs_leave_out_files_and_whole_folders_and_each_file_counts() {
    let repo = ignoring();
    repo.write("gen/a/b.js", "1")
        .write("gen/c.js", "2")
        .write("d.min.js", "3");
    let mut worktree = repo.worktree();
    worktree.exclude = globs(&["gen", "**/*.min.js", "pkg/**"]);
    let seen = see(&worktree);
    assert_eq!(
        seen.excluded,
        [
            "d.min.js",
            "gen/a/b.js",
            "gen/c.js",
            "pkg/.env",
            "pkg/.gitignore"
        ]
    );
    assert_eq!(
        seen.paths(),
        [".gitignore", "kept.log", "node_modules/dep/kept.js"]
    );
    worktree.paths = vec![repo.join("gen/a/b.js"), repo.join("gen/a")];
    let seen = see(&worktree);
    assert_eq!((seen.excluded.len(), seen.blobs.len()), (1, 0));
}

#[test]
fn submodules_are_left_to_themselves_and_other_repositories_entered() {
    let inner = Repo::new();
    inner.write("secret", "inner").commit();
    let repo = Repo::new();
    repo.write("a", "1").commit();
    repo.git(&[
        "submodule",
        "--quiet",
        "add",
        &inner.path().to_string_lossy(),
        "sub",
    ]);
    repo.git(&["commit", "--quiet", "--message=sub"]);
    repo.write("nested/.gitignore", "hidden\n*.txt\n")
        .write("nested/hidden", "x")
        .write("nested/tracked.txt", "t")
        .write("nested/seen", "n");
    git_in(&repo.join("nested"), &["init", "--quiet"]);
    git_in(&repo.join("nested"), &["add", "--force", "tracked.txt"]);
    let seen = see(&repo.worktree());
    assert_eq!(
        seen.paths(),
        [
            ".gitmodules",
            "a",
            "nested/.gitignore",
            "nested/seen",
            "nested/tracked.txt"
        ]
    );
    assert_eq!(
        seen.notices,
        ["submodule sub: a repository of its own: run `keyward scan` on it"]
    );
    assert!(seen.complete);
    let mut worktree = repo.worktree();
    worktree.paths = vec![repo.join("sub")];
    assert_eq!(see(&worktree).blobs, ["sub/secret = inner"]);
    worktree.root = repo.join("sub");
    assert_eq!(see(&worktree).blobs, ["secret = inner"]);
}

#[test]
fn a_linked_worktree_has_its_own_index_and_the_shared_exclude_file() {
    let repo = Repo::new();
    repo.write("a", "1").commit();
    repo.write(".git/info/exclude", "*.log\n");
    let linked = Repo::plain();
    let path = linked.join("wt");
    repo.git(&[
        "worktree",
        "add",
        "--quiet",
        "--detach",
        &path.to_string_lossy(),
    ]);
    linked
        .write("wt/x.log", "noise")
        .write("wt/kept.log", "kept");
    git_in(&path, &["add", "--force", "kept.log"]);
    let seen = see(&Worktree::new(path, None));
    assert_eq!(seen.paths(), ["a", "kept.log"]);
}

#[test]
fn an_index_that_cannot_be_read_is_told_and_the_files_are_read() {
    let repo = ignoring();
    repo.write(".git/index", "DIRC no index at all");
    let mut worktree = repo.worktree();
    worktree.repository = Some(repo.repository_with(&Discover::default()));
    let seen = see(&worktree);
    assert_eq!(seen.paths(), [".gitignore", "pkg/.env", "pkg/.gitignore"]);
    assert_eq!(count(&seen, NoticeKind::Unreadable), 1);
    assert!(!seen.complete);
}
