//! What a history holds, against git.

use std::collections::BTreeSet;
use std::fs;

use keyward::git::history::History;

use crate::repo::{Repo, git_in};

/// All blobs that a reference reaches with all their paths, as git lists them commit by commit: `id path`.
fn told_by_git(repo: &Repo, more: &[&str]) -> BTreeSet<String> {
    let commits = repo.git(&[&["rev-list", "--all"], more].concat());
    let mut found = BTreeSet::new();
    for commit in commits.lines() {
        let list = repo.git(&["-c", "core.quotePath=false", "ls-tree", "-r", commit]);
        let lines = list.lines().filter(|line| line.contains(" blob "));
        found.extend(lines.map(|line| {
            let (head, path) = line.split_once('\t').expect("a path");
            format!("{} {path}", head.rsplit(' ').next().expect("an id"))
        }));
    }
    found
}

fn read(repo: &Repo) -> History {
    History::read(&repo.repository()).expect("a history")
}

fn told(history: &History) -> BTreeSet<String> {
    let blobs = history.blobs.iter();
    let told: Vec<_> = blobs
        .map(|placed| {
            format!(
                "{} {}",
                history.objects.oid(placed.blob),
                history.path(placed.place)
            )
        })
        .collect();
    let set: BTreeSet<_> = told.iter().cloned().collect();
    assert_eq!(set.len(), told.len(), "each is told once");
    set
}

/// Branches, a merge that brings what neither side had, renamed and copied folders, deletions, a link, odd names.
fn branched() -> Repo {
    let repo = Repo::new();
    for i in 0..12 {
        repo.write(
            &format!("app/src/{i}.txt"),
            &format!("one {i}\n").repeat(40),
        );
        repo.write(
            &format!("app/lib/x{}.txt", i % 3),
            &format!("lib {i}\n").repeat(60),
        );
        repo.write("top", &format!("{i}"));
        repo.commit();
    }
    repo.git(&["checkout", "--quiet", "-b", "side", "HEAD~4"]);
    repo.git(&["mv", "app", "web"]);
    repo.write("web/a b é.txt", "odd").commit();
    repo.git(&["mv", "web/lib", "web/src/lib"]);
    repo.write("web/src/1.txt", "changed").commit();
    repo.git(&["checkout", "--quiet", "main"]);
    repo.git(&["merge", "--quiet", "--no-commit", "-s", "ours", "side"]);
    repo.write("only-the-merge", "brings this");
    repo.git(&["add", "--all"]);
    repo.git(&["commit", "--quiet", "--message=merge"]);
    repo.git(&["rm", "-r", "--quiet", "app/lib"]);
    repo.git(&["commit", "--quiet", "--message=gone"]);
    repo.git(&["tag", "--annotate", "--message=x", "v1", "side"]);
    repo.git(&["branch", "--quiet", "-D", "side"]);
    repo
}

#[test]
fn every_blob_is_told_under_every_path() {
    for pack in [
        &[][..],
        &["gc", "--quiet"],
        &["repack", "-a", "-d", "-f", "--quiet", "--depth=40"],
    ] {
        let repo = branched();
        if !pack.is_empty() {
            repo.git(pack);
        }
        let history = read(&repo);
        assert_eq!(told(&history), told_by_git(&repo, &[]), "{pack:?}");
        assert_eq!(history.gaps, Default::default());
    }
}

#[test]
fn commits_come_after_their_parents() {
    let repo = branched();
    repo.git(&["gc", "--quiet"]);
    repo.write("late", "x").commit();
    let history = read(&repo);
    let all = repo.git(&["rev-list", "--all"]);
    let wanted: BTreeSet<_> = all.lines().map(str::to_owned).collect();
    let told: BTreeSet<_> = history.commits.iter().map(|c| c.oid.to_string()).collect();
    assert_eq!(told, wanted);
    for (at, commit) in history.commits.iter().enumerate() {
        let list = repo.git(&["rev-list", "--parents", "-1", &commit.oid.to_string()]);
        assert_eq!(list.split(' ').count() - 1, commit.parents.len());
        assert!(commit.parents.iter().all(|&parent| (parent as usize) < at));
    }
}

#[test]
fn stashes_notes_and_worktrees_count() {
    let repo = branched();
    for text in ["older", "newer"] {
        repo.write("top", text);
        repo.git(&["stash", "push", "--quiet"]);
    }
    repo.write("top", "noted");
    repo.git(&["notes", "add", "--message=a note"]);
    let elsewhere = Repo::plain();
    let tree = elsewhere.join("linked");
    repo.git(&[
        "worktree",
        "add",
        "--quiet",
        "--detach",
        tree.to_str().expect("a plain path"),
        "HEAD",
    ]);
    fs::write(tree.join("detached"), "only here").expect("a file");
    git_in(&tree, &["add", "detached"]);
    git_in(&tree, &["commit", "--quiet", "--message=detached"]);
    let detached = git_in(&tree, &["rev-parse", "HEAD"]);
    let stash = repo.git(&["rev-parse", "stash@{1}"]);
    let history = read(&repo);
    assert_eq!(told(&history), told_by_git(&repo, &[&stash, &detached]));
    let names: Vec<_> = history.references.iter().map(|r| &*r.name).collect();
    for name in [
        "refs/notes/commits",
        "stash@{1}",
        "refs/stash",
        "refs/tags/v1",
        "refs/heads/main",
    ] {
        assert!(names.contains(&name), "{name}: {names:?}");
    }
}

#[test]
fn what_is_borrowed_is_read() {
    let lender = branched();
    lender.git(&["gc", "--quiet"]);
    let borrower = Repo::plain();
    let from = lender.path().to_str().expect("a plain path");
    borrower.git(&["clone", "--quiet", "--shared", "--no-checkout", from, "b"]);
    let history = History::read(
        &keyward::git::Repository::discover(&borrower.join("b"), &Default::default())
            .expect("usable")
            .expect("a repository"),
    );
    assert_eq!(
        told(&history.expect("a history")),
        told_by_git(&lender, &[])
    );
}

#[test]
fn what_is_cut_off_or_missing_is_counted() {
    let whole = branched();
    let from = format!("file://{}", whole.path().display());
    let shallow = Repo::plain();
    shallow.git(&["clone", "--quiet", "--depth=1", "--no-tags", &from, "."]);
    let gaps = read(&shallow).gaps;
    assert_eq!((gaps.shallow, gaps.missing), (1, 0));

    let broken = branched();
    let blob = broken.git(&["rev-parse", "HEAD:top"]);
    let tree = broken.git(&["rev-parse", "HEAD:app/src"]);
    for oid in [&blob, &tree] {
        let file = broken.join(&format!(".git/objects/{}/{}", &oid[..2], &oid[2..]));
        fs::remove_file(file).expect("a loose object");
    }
    let gaps = read(&broken).gaps;
    assert!(gaps.missing >= 2, "{gaps:?}");
    broken.write(".git/refs/heads/odd", "no id");
    assert_eq!(read(&broken).gaps.references, ["refs/heads/odd"]);
}
