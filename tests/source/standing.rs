//! What git says of each blob, and of paths that need not exist.

use std::sync::Mutex;

use keyward::git::Ignores;
use keyward::model::{Item, RelPath, Standing};
use keyward::source::{Source, Worktree};

use crate::repo::{Repo, is_env};

/// `path: standing` of each blob, sorted; of those that have one, with the mode.
fn standings(source: &dyn Source) -> Vec<String> {
    let seen = Mutex::new(Vec::new());
    source
        .push(2, &|item| {
            if let Item::Blob(blob) = item {
                let mode = blob.mode.map(|mode| format!(" {mode:o}"));
                let line = format!(
                    "{}: {:?}{}",
                    blob.path,
                    blob.standing,
                    mode.unwrap_or_default()
                );
                seen.lock().expect("no panic").push(line);
            }
        })
        .expect("a source that can be read");
    let mut seen = seen.into_inner().expect("no panic");
    seen.sort();
    seen
}

/// Every standing there is, by rules at every place but the user's.
fn all_kinds() -> Repo {
    let repo = Repo::new();
    repo.write(".gitignore", ".env\n*.key\n")
        .write("pkg/.gitignore", "own.env\n!.env\n")
        .write(".git/info/exclude", "here.env\n/mine/\n*.env.local\n")
        .write(".env", "x")
        .write("tracked.key", "x")
        .write("other.key", "x")
        .write("plain", "x")
        .write("here.env", "x")
        .write("pkg/.env", "x")
        .write("pkg/own.env", "x")
        .write("pkg/plain", "x")
        .write("mine/.gitignore", "deep.env\n!taken.env\n")
        .write("mine/a.env", "x")
        .write("mine/b.key", "x")
        .write("mine/deep.env", "x")
        .write("mine/taken.env", "x")
        .write("mine/kept.env", "x")
        .write("mine/in/deep.env", "x");
    repo.git(&[
        "add",
        "--force",
        "tracked.key",
        "plain",
        "mine/kept.env",
        "pkg/.gitignore",
    ]);
    repo
}

const ALL_KINDS: &[&str] = &[
    ".env: Ignored",
    ".gitignore: Untracked",
    "here.env: IgnoredHere",
    "mine/.gitignore: IgnoredHere",
    "mine/a.env: IgnoredHere",
    "mine/b.key: Ignored",
    "mine/deep.env: Ignored",
    "mine/in/deep.env: Ignored",
    "mine/kept.env: Tracked",
    "mine/taken.env: IgnoredHere",
    "other.key: Ignored",
    "pkg/.env: Untracked",
    "pkg/.gitignore: Tracked",
    "pkg/own.env: Ignored",
    "pkg/plain: Untracked",
    "plain: Tracked",
    "tracked.key: Tracked",
];

#[test]
fn each_blob_says_what_git_says_of_it() {
    let repo = all_kinds();
    let mut worktree = repo.worktree();
    worktree.read_ignored = true;
    assert_eq!(standings(&worktree), ALL_KINDS);
    // By name they are the same, file by file and folder by folder.
    let paths = |of: &[&str]| of.iter().map(|path| repo.join(path)).collect::<Vec<_>>();
    let names: Vec<_> = (ALL_KINDS.iter())
        .map(|line| line.split(": ").next().expect("a path"))
        .collect();
    worktree.read_ignored = false;
    worktree.paths = paths(&names);
    assert_eq!(standings(&worktree), ALL_KINDS);
    worktree.paths = paths(&["mine"]);
    assert_eq!(standings(&worktree), ALL_KINDS[3..10]);
    worktree.paths = paths(&["mine/in"]);
    assert_eq!(standings(&worktree), ["mine/in/deep.env: Ignored"]);
}

#[test]
fn a_question_gives_what_the_walk_gives() {
    let repo = all_kinds();
    let ignores = Ignores::of_worktree(repo.repository());
    for line in ALL_KINDS {
        let (path, said) = line.split_once(": ").expect("a standing");
        let standing = match ignores.tracks(path.as_bytes()) {
            true => Standing::Tracked,
            false => ignores.standing(&RelPath::from(path), false),
        };
        assert_eq!(format!("{standing:?}"), said, "{path}");
    }
    let tracked: Vec<_> = ignores.tracked().map(RelPath::display).collect();
    assert_eq!(
        tracked,
        ["mine/kept.env", "pkg/.gitignore", "plain", "tracked.key"]
    );
    let by = |path: &str| {
        let by = ignores.decided_by(&RelPath::from(path), false);
        by.map(|d| format!("{}:{} {}", d.file, d.line, d.pattern))
            .unwrap_or_default()
    };
    assert_eq!(by("pkg/.env"), "pkg/.gitignore:2 !.env");
    assert_eq!(by("pkg/own.env"), "pkg/.gitignore:1 own.env");
    assert_eq!(by("not/there.key"), ".gitignore:2 *.key");
    assert_eq!(by("here.env"), ".git/info/exclude:1 here.env");
    assert_eq!(by("mine/a.env"), ".git/info/exclude:2 /mine/");
    assert_eq!(by("mine/taken.env"), ".git/info/exclude:2 /mine/");
    assert_eq!(by("mine/in/deep.env"), "mine/.gitignore:1 deep.env");
    assert_eq!(by("plain"), "");
}

#[test]
fn the_index_answers_by_what_is_staged_and_a_folder_by_its_own_files() {
    let repo = all_kinds();
    repo.git(&["add", ".gitignore"]);
    repo.write(".gitignore", "")
        .write("pkg/.gitignore", "")
        .write("new/.gitignore", ".env\n");
    let index = Ignores::of_index(repo.repository());
    let disk = Ignores::of_worktree(repo.repository());
    let folder = Ignores::of_folder(repo.path());
    let said = |path: &str| {
        let said = |of: &Ignores| format!("{:?}", of.standing(&RelPath::from(path), false));
        [said(&index), said(&disk), said(&folder)].join(" ")
    };
    assert_eq!(said(".env"), "Ignored Untracked Untracked");
    assert_eq!(said("pkg/.env"), "Untracked Untracked Untracked");
    assert_eq!(said("pkg/own.env"), "Ignored Untracked Untracked");
    assert_eq!(said("new/.env"), "Ignored Ignored Ignored");
    assert_eq!(said("here.env"), "IgnoredHere IgnoredHere Untracked");
    assert!(!folder.tracks(b"plain") && folder.tracked().next().is_none());
}

#[test]
fn a_path_made_to_be_endless_is_not_followed() {
    let ignores = Ignores::of_folder(Repo::plain().path());
    let path = RelPath::new("a/".repeat(1 << 20).into_bytes());
    assert_eq!(ignores.standing(&path, false), Standing::Untracked);
    assert_eq!(ignores.decided_by(&path, false), None);
}

#[test]
fn outside_a_repository_and_without_an_index_nothing_is_said_of_visible_files() {
    let tree = Repo::plain();
    tree.write(".gitignore", ".env\n").write(".env", "x");
    let mut expected = vec![".env: Unversioned", ".gitignore: Unversioned"];
    assert_eq!(standings(&tree.worktree()), expected);
    tree.git(&["init", "--quiet"]);
    tree.write(".git/index", "DIRC no index at all");
    expected[0] = ".env: Ignored";
    let mut worktree = Worktree::new(tree.path().to_owned(), Some(tree.repository()));
    worktree.read_ignored = true;
    assert_eq!(standings(&worktree), expected);
    let ignores = Ignores::of_worktree(tree.repository());
    assert!(!ignores.tracks(b".env") && ignores.tracked().next().is_none());
}

#[test]
fn staged_blobs_are_tracked() {
    let repo = all_kinds();
    assert_eq!(
        standings(&repo.staged()),
        [
            "mine/kept.env: Tracked",
            "pkg/.gitignore: Tracked",
            "plain: Tracked",
            "tracked.key: Tracked"
        ]
    );
}

#[cfg(unix)]
#[test]
fn credential_files_alone_have_a_mode() {
    use std::os::unix::fs::PermissionsExt;
    let repo = Repo::new();
    repo.write(".gitignore", "/.env\n")
        .write(".env", "x")
        .write("sub/.env", "x")
        .write("plain", "x");
    let chmod = |path: &str, mode| {
        let mode = std::fs::Permissions::from_mode(mode);
        std::fs::set_permissions(repo.join(path), mode).expect("my own file");
    };
    chmod(".env", 0o600);
    chmod("sub/.env", 0o4644);
    let mut worktree = repo.worktree();
    worktree.ignored_but_read = is_env;
    assert_eq!(
        standings(&worktree),
        [
            ".env: Ignored 600",
            ".gitignore: Untracked",
            "plain: Untracked",
            "sub/.env: Untracked 4644"
        ]
    );
}
