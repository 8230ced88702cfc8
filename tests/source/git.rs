//! Finding repositories, and reading index and HEAD of odd ones.

use std::fs;

use keyward::git::{Discover, Kind, Repository};
use keyward::model::Result;

use crate::repo::{Repo, git_in};

fn root_from(path: &std::path::Path) -> Option<std::path::PathBuf> {
    let found = Repository::discover(path, &Discover::default()).expect("usable");
    found.map(|r| r.root().to_owned())
}

fn message<T>(result: Result<T>) -> String {
    result.err().map(|e| e.to_string()).unwrap_or_default()
}

fn staged(repo: &Repo) -> Vec<String> {
    let repository = repo.repository();
    let staged = repository.staged().expect("readable");
    staged.iter().map(|t| t.path.display()).collect()
}

#[test]
fn a_repository_is_found_from_below_and_none_is_no_error() {
    let repo = Repo::new();
    repo.write("a/b/c", "1");
    let root = repo.path().canonicalize().expect("exists");
    for from in ["", "a/b", "a/b/c", ".git", ".git/refs"] {
        assert_eq!(root_from(&repo.join(from)), Some(root.clone()), "{from}");
    }
    assert_eq!(root_from(Repo::plain().path()), None);
}

#[test]
fn a_bare_repository_is_one() {
    let repo = Repo::plain();
    repo.git(&["init", "--quiet", "--bare", "x.git"]);
    let found = Repository::discover(&repo.join("x.git"), &Discover::default());
    assert!(found.expect("usable").expect("a repository").is_bare());
}

#[test]
fn a_git_folder_that_is_unusable_is_told() {
    let repo = Repo::new();
    fs::remove_file(repo.join(".git/HEAD")).expect("it was there");
    let error = message(Repository::discover(repo.path(), &Discover::default()));
    assert!(
        error.contains("HEAD, objects or refs is missing"),
        "{error}"
    );

    let pointing = Repo::plain();
    pointing.write(".git", "gitdir: ../nowhere\n");
    let error = message(Repository::discover(pointing.path(), &Discover::default()));
    assert!(error.contains("points to no git directory"), "{error}");
}

#[test]
fn the_environment_names_git_directory_and_work_tree() {
    let repo = Repo::new();
    repo.write("a", "1").commit();
    let elsewhere = Repo::plain();
    let mut how = Discover {
        git_dir: Some(repo.join(".git")),
        ..Discover::default()
    };
    let found = |how: &Discover| {
        let found = Repository::discover(elsewhere.path(), how).expect("usable");
        found.expect("a repository").root().to_owned()
    };
    assert_eq!(found(&how), repo.path().canonicalize().expect("exists"));
    how.work_tree = Some(elsewhere.path().to_owned());
    assert_eq!(
        found(&how),
        elsewhere.path().canonicalize().expect("exists")
    );
    how.git_dir = Some(elsewhere.join("nowhere"));
    assert!(Repository::discover(elsewhere.path(), &how).is_err());
}

#[cfg(unix)]
#[test]
fn the_owner_does_not_matter() {
    let repo = Repo::new();
    repo.write("a", "1").commit();
    repo.write("a", "2").git(&["add", "a"]);
    // Only root can give a file away; for others the test is of the ordinary case.
    let _ = std::os::unix::fs::chown(repo.join(".git"), Some(12345), Some(12345));
    let _ = std::os::unix::fs::chown(repo.path(), Some(12345), Some(12345));
    assert_eq!(staged(&repo), ["a"]);
}

#[test]
fn staged_is_what_head_does_not_have() {
    let repo = Repo::new();
    repo.write("same", "1")
        .write("dir/changed", "1")
        .write("moved", "m");
    repo.write("gone", "g")
        .write("dir.x", "d")
        .write("dir/sub/s", "s")
        .commit();
    assert!(staged(&repo).is_empty());
    repo.write("dir/changed", "2")
        .write("new", "n")
        .write("announced", "x");
    repo.git(&["add", "dir/changed", "new"]);
    repo.git(&["add", "--intent-to-add", "announced"]);
    repo.git(&["mv", "moved", "dir/moved"]);
    repo.git(&["rm", "--quiet", "gone"]);
    repo.write("same", "not staged");
    assert_eq!(staged(&repo), ["dir/changed", "dir/moved", "new"]);
    let repository = repo.repository();
    let tracked = repository.tracked().expect("readable");
    let announced = tracked.iter().find(|t| t.path.display() == "announced");
    assert!(announced.is_some_and(|t| t.intent_only && t.kind == Kind::File));
}

#[cfg(unix)]
#[test]
fn a_changed_type_is_staged_and_a_changed_mode_alone_is_not() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let repo = Repo::new();
    repo.write("mode", "1").write("type", "target").commit();
    let open = fs::Permissions::from_mode(0o755);
    fs::set_permissions(repo.join("mode"), open).expect("its owner");
    fs::remove_file(repo.join("type")).expect("it was there");
    symlink("target", repo.join("type")).expect("a link");
    repo.git(&["add", "--all"]);
    assert_eq!(staged(&repo), ["type"]);
}

#[test]
fn all_versions_of_a_conflict_but_ours_are_staged() {
    let repo = Repo::new();
    repo.write("f", "base").commit();
    repo.git(&["checkout", "--quiet", "-b", "theirs"]);
    repo.write("f", "theirs").commit();
    repo.git(&["checkout", "--quiet", "main"]);
    repo.write("f", "ours").commit();
    let merge = crate::repo::git_command(repo.path(), &["merge", "theirs"]).output();
    assert!(!merge.expect("git runs").status.success());
    let repository = repo.repository();
    let staged = repository.staged().expect("readable");
    let read: Vec<_> = (staged.iter())
        .map(|t| (t.stage, repository.read(t.oid).expect("a blob")))
        .collect();
    assert_eq!(read, [(1, b"base".to_vec()), (3, b"theirs".to_vec())]);
}

#[test]
fn head_is_read_packed_detached_and_linked() {
    let repo = Repo::new();
    assert_eq!(repo.repository().head().expect("unborn"), None);
    repo.write("a", "1").commit();
    let commit = repo.git(&["rev-parse", "HEAD"]);
    let head = || {
        let head = repo.repository().head().expect("readable");
        head.expect("born").to_string()
    };
    assert_eq!(head(), commit);
    repo.git(&["pack-refs", "--all"]);
    repo.git(&["gc", "--quiet"]);
    assert_eq!(head(), commit);
    assert!(staged(&repo).is_empty());
    repo.git(&["checkout", "--quiet", "--detach"]);
    assert_eq!(head(), commit);
    for garbage in [
        "garbage",
        "ref: ../../etc/passwd",
        "ref: refs/../../x",
        "ref: HEAD",
        "",
    ] {
        repo.write(".git/HEAD", garbage);
        let error = message(repo.repository().staged());
        assert!(error.contains("cannot read HEAD"), "{garbage}: {error}");
    }
}

#[test]
fn alternates_are_followed() {
    let repo = Repo::new();
    repo.write("a", "1").commit();
    let clone = Repo::plain();
    clone.git(&[
        "clone",
        "--quiet",
        "--shared",
        &repo.path().to_string_lossy(),
        "c",
    ]);
    fs::write(clone.join("c/a"), "2").expect("a file");
    git_in(&clone.join("c"), &["add", "a"]);
    let found = Repository::discover(&clone.join("c"), &Discover::default());
    let found = found.expect("usable").expect("a repository");
    assert_eq!(found.staged().expect("readable").len(), 1);
}

#[test]
fn forms_of_the_index_are_read_or_told() {
    let repo = Repo::new();
    repo.write("a/b", "1").write("c", "2").commit();
    repo.write("a/b", "2").git(&["add", "a/b"]);
    repo.git(&["update-index", "--index-version=4"]);
    assert_eq!(staged(&repo), ["a/b"]);
    repo.git(&[
        "-c",
        "index.skipHash=true",
        "update-index",
        "--force-write-index",
    ]);
    assert_eq!(staged(&repo), ["a/b"]);

    repo.git(&["update-index", "--split-index"]);
    let error = message(repo.repository().tracked());
    assert!(error.contains("--no-split-index"), "{error}");
    repo.git(&["update-index", "--no-split-index"]);

    repo.commit();
    repo.git(&["sparse-checkout", "set", "--cone", "--sparse-index", "none"]);
    let error = message(repo.repository().tracked());
    assert!(error.contains("--no-sparse-index"), "{error}");
}

#[test]
fn sha256_and_reftables_are_told() {
    let repo = Repo::plain();
    repo.git(&["init", "--quiet", "--object-format=sha256"]);
    repo.write("a", "1").commit();
    for error in [
        message(repo.repository().tracked()),
        message(repo.repository().staged()),
    ] {
        assert!(error.contains("SHA-256"), "{error}");
    }
    let repo = Repo::plain();
    repo.git(&["init", "--quiet", "--ref-format=reftable"]);
    repo.write("a", "1").commit();
    assert_eq!(repo.repository().tracked().expect("readable").len(), 1);
    let error = message(repo.repository().staged());
    assert!(error.contains("reftable"), "{error}");
}

#[test]
fn a_partial_clone_opens_and_what_it_lacks_is_an_error() {
    let repo = Repo::new();
    repo.write("a", "1").commit();
    let old = repo.git(&["rev-parse", "HEAD:a"]);
    repo.write("a", "2").commit();
    repo.git(&["config", "uploadpack.allowFilter", "true"]);
    let clone = Repo::cloned(&repo, &["--filter=blob:none"]);
    let found = clone.repository();
    assert!(found.staged().expect("readable").is_empty());
    let tracked = found.tracked().expect("readable");
    assert_eq!(found.read(tracked[0].oid).expect("checked out"), b"2");
    let missing = keyward::git::Oid::from_str(&old).expect("an id");
    assert!(message(found.read(missing)).contains("cannot read blob"));
}
