//! What a history holds, against git.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::Stdio;

use keyward::git::history::History;
use keyward::git::{Oid, Repository};

use crate::repo::{Dice, Repo, git_command, git_in};

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

/// When a blob came to a path and when it went, and whether it is in HEAD.
type Stay = (u32, u32, bool);

/// The same from the slowest walk there is: all files of every commit, in the order of `history`.
fn stays_by_git(folder: &Path, history: &History) -> BTreeMap<String, Stay> {
    let head = git_in(folder, &["rev-parse", "HEAD"]);
    let mut stays = BTreeMap::new();
    for (commit, at) in history.commits.iter().zip(0..) {
        let oid = commit.oid.to_string();
        let list = ["ls-tree", "-r", "--full-tree", &oid];
        let list = git_in(
            folder,
            &[&["-c", "core.quotePath=false"], &list[..]].concat(),
        );
        for line in list.lines().filter(|line| line.contains(" blob ")) {
            let (mode, rest) = line.split_once(" blob ").expect("a blob");
            assert_eq!(mode.len(), 6);
            let stay: &mut Stay = stays
                .entry(rest.replace('\t', " "))
                .or_insert((at, at, false));
            stay.1 = at;
            stay.2 |= oid == head;
        }
    }
    stays
}

fn stays(history: &History) -> BTreeMap<String, Stay> {
    let blobs = history.blobs.iter();
    let stays = blobs.map(|placed| {
        let oid = history.objects.oid(placed.blob);
        let stay = (placed.first, placed.last, placed.in_head);
        (format!("{oid} {}", history.path(placed.place)), stay)
    });
    let stays: BTreeMap<_, _> = stays.collect();
    assert_eq!(stays.len(), history.blobs.len(), "each is told once");
    stays
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
    let shallow = Repo::cloned(&whole, &["--depth=1", "--no-tags"]);
    let gaps = read(&shallow).gaps;
    assert_eq!((gaps.shallow, gaps.missing), (1, 0));

    let broken = branched();
    broken.lose("HEAD:top");
    broken.lose("HEAD:app/src");
    let gaps = read(&broken).gaps;
    assert!(gaps.missing >= 2, "{gaps:?}");
    broken.write(".git/refs/heads/odd", "no id");
    assert_eq!(read(&broken).gaps.references, ["refs/heads/odd"]);
}

#[test]
fn it_is_known_when_each_blob_came_and_went() {
    for pack in [
        &[][..],
        &["gc", "--quiet"],
        &["repack", "-a", "-d", "-f", "--quiet", "--depth=40"],
    ] {
        let repo = branched();
        // Deleted and restored; another blob and the older one again; one blob under two paths; a folder that moves and comes back.
        repo.git(&["rm", "--quiet", "top"]);
        repo.git(&["commit", "--quiet", "--message=gone"]);
        repo.write("top", "11").write("twice/top", "11").commit();
        repo.write("top", "other").commit();
        repo.write("top", "11").commit();
        repo.git(&["mv", "app/src", "moved"]);
        repo.git(&["commit", "--quiet", "--message=moved"]);
        repo.git(&["revert", "--no-edit", "HEAD"]);
        // A second root, which is merged and brings a folder with it.
        repo.git(&["checkout", "--quiet", "--orphan", "root"]);
        repo.git(&["rm", "-r", "-f", "--quiet", "."]);
        repo.write("app/src/0.txt", "of another root")
            .write("app/other/top", "11")
            .commit();
        repo.git(&["checkout", "--quiet", "main"]);
        let merge = [
            "merge",
            "--quiet",
            "--allow-unrelated-histories",
            "-X",
            "ours",
        ];
        repo.git(&[&merge[..], &["--message=roots", "root"]].concat());
        if !pack.is_empty() {
            repo.git(pack);
        }
        repo.write("late", "in a file of its own").commit();
        let history = read(&repo);
        assert_eq!(
            stays(&history),
            stays_by_git(repo.path(), &history),
            "{pack:?}"
        );

        let middle = repo.git(&["rev-parse", "HEAD~6"]);
        repo.git(&["checkout", "--quiet", "--detach", &middle]);
        let history = read(&repo);
        assert_eq!(
            stays(&history),
            stays_by_git(repo.path(), &history),
            "{pack:?}"
        );
        let gone = |placed: &keyward::git::history::Placed| !placed.in_head;
        assert!(history.blobs.iter().any(gone));
    }
}

#[test]
fn a_linked_worktree_has_a_head_of_its_own() {
    let repo = branched();
    let elsewhere = Repo::plain();
    let tree = elsewhere.join("linked");
    let path = tree.to_str().expect("a plain path");
    repo.git(&["worktree", "add", "--quiet", "--detach", path, "HEAD~5"]);
    let history = History::read(
        &Repository::discover(&tree, &Default::default())
            .expect("usable")
            .expect("a repository"),
    );
    let history = history.expect("a history");
    assert_eq!(stays(&history), stays_by_git(&tree, &history));
    assert_ne!(stays(&history), stays_by_git(repo.path(), &history));
}

/// A repository of commits that nobody thought of: some 60 names in folders three deep, few different blobs, merges, roots, moved and
/// copied folders, links, other repositories, and times that do not grow.
fn random(seed: u64, commits: u64) -> Repo {
    let mut dice = Dice(seed);
    let mut below = move |bound: u64| dice.below(bound as usize) as u64;
    let mut script = String::new();
    for blob in 1..=20 {
        script += &format!("blob\nmark :{blob}\ndata <<E\ntext {blob}\nE\n\n");
    }
    for commit in 100..100 + commits {
        let time = 1_700_000_000 + below(5000);
        script += &format!(
            "commit refs/heads/b{commit}\nmark :{commit}\ncommitter t <t@localhost> {time} +0000\ndata 0\n"
        );
        if commit > 100 && below(25) > 0 {
            // Mostly one of the last few.
            let near = |below: &mut dyn FnMut(u64) -> u64| {
                100 + (commit - 100).saturating_sub(1 + below(6))
            };
            script += &format!("from :{}\n", near(&mut below));
            if below(4) == 0 {
                script += &format!("merge :{}\n", near(&mut below));
            }
        }
        for _ in 0..=below(5) {
            let folder = ["", "a/", "a/b/", "c/", "a/b/d/"][below(5) as usize];
            let path = format!("{folder}name{}", below(60));
            script += &match below(12) {
                0..=1 => format!("D {path}\n"),
                2 => format!("M 120000 :{} {path}\n", 1 + below(20)),
                3 => format!("M 100755 :{} {path}\n", 1 + below(20)),
                4 => format!("M 160000 {:040x} {path}\n", 1 + below(9)),
                _ => format!("M 100644 :{} {path}\n", 1 + below(20)),
            };
        }
        if below(12) == 0 {
            // Fails where it is not there: so it is made before.
            script += &format!(
                "M 100644 :1 a/b/x\n{} a/b c\n",
                ["R", "C"][below(2) as usize]
            );
        }
        script.push('\n');
    }
    let repo = Repo::new();
    let mut git = git_command(repo.path(), &["fast-import", "--quiet", "--force"])
        .stdin(Stdio::piped())
        .spawn()
        .expect("git runs");
    let mut input = git.stdin.take().expect("a pipe");
    input.write_all(script.as_bytes()).expect("it reads");
    drop(input);
    assert!(git.wait().expect("git ends").success());
    let head = format!("refs/heads/b{}", 100 + below(commits));
    repo.git(&["update-ref", "--no-deref", "HEAD", &head]);
    repo
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig { cases: 4, ..Default::default() })]

    #[test]
    fn no_history_is_told_otherwise_than_git_does(seed: u64) {
        let repo = random(seed, 150);
        let history = read(&repo);
        let wanted = stays_by_git(repo.path(), &history);
        proptest::prop_assert_eq!(&stays(&history), &wanted);
        repo.git(&["repack", "-a", "-d", "-f", "--quiet", "--depth=50", "--window=50"]);
        let again = read(&repo);
        proptest::prop_assert_eq!(&stays(&again), &wanted);
        proptest::prop_assert_eq!(&again.commits, &history.commits);
        proptest::prop_assert_eq!(&again.gaps, &Default::default());
        for placed in &again.blobs {
            proptest::prop_assert!(again.placed(placed.blob).contains(placed));
        }
    }
}

#[test]
fn the_paths_of_a_blob_are_found_by_its_number() {
    let repo = branched();
    repo.write("twice/a", "this")
        .write("twice/b", "this")
        .commit();
    repo.git(&["gc", "--quiet"]);
    let history = read(&repo);
    let paths = |oid: &str| {
        let oid = Oid::from_str(oid).expect("an id");
        let blob = history.objects.find(oid).expect("an object");
        let placed = history.placed(blob).iter();
        let mut paths: Vec<_> = placed
            .map(|placed| history.path(placed.place).display())
            .collect();
        paths.sort();
        paths
    };
    assert_eq!(
        paths(&repo.git(&["rev-parse", "HEAD:twice/a"])),
        ["twice/a", "twice/b"]
    );
    assert_eq!(paths(&repo.git(&["rev-parse", "HEAD:twice"])), [""; 0]);
    let all: usize = (history.blobs.iter().map(|placed| placed.blob))
        .collect::<BTreeSet<_>>()
        .into_iter()
        .map(|blob| history.placed(blob).len())
        .sum();
    assert_eq!(all, history.blobs.len());
}

#[test]
fn the_references_that_hold_a_commit_are_known() {
    let repo = random(7, 90);
    repo.git(&["tag", "--annotate", "--message=x", "v1", "b130"]);
    repo.git(&["update-ref", "refs/odd/tree", "b120^{tree}"]);
    let history = read(&repo);
    let asked: Vec<u32> = (0..history.commits.len() as u32).rev().collect();
    assert!(asked.len() > 64);
    let holders = history.holders(&asked);
    let mut wanted = vec![Vec::new(); asked.len()];
    for (at, reference) in history.references.iter().enumerate() {
        if reference.name == "refs/odd/tree" {
            continue;
        }
        let held = repo.git(&["rev-list", &reference.oid.to_string()]);
        let held: BTreeSet<&str> = held.lines().collect();
        for (commit, wanted) in asked.iter().zip(&mut wanted) {
            let oid = history.commits[*commit as usize].oid.to_string();
            if held.contains(&*oid) {
                wanted.push(at);
            }
        }
    }
    assert_eq!(holders, wanted);
}

#[test]
fn a_tree_that_holds_itself_many_times_over_is_given_up() {
    let repo = Repo::new();
    repo.write("file", "v1").commit();
    let mut tree = repo.git(&["rev-parse", "HEAD^{tree}"]);
    for _ in 0..8 {
        let lines: String = (0..9)
            .map(|copy| format!("040000 tree {tree}\t{copy}\n"))
            .collect();
        let file = repo.join(".git/lines");
        fs::write(&file, lines).expect("a file");
        let mut git = git_command(repo.path(), &["mktree"]);
        let out = git.stdin(fs::File::open(&file).expect("a file")).output();
        tree = String::from_utf8_lossy(&out.expect("git runs").stdout)
            .trim()
            .to_owned();
    }
    let commit = repo.git(&["commit-tree", "-m", "x", &tree]);
    repo.git(&["update-ref", "refs/heads/bomb", &commit]);
    let history = read(&repo);
    assert!(history.gaps.too_many);
    assert!(history.blobs.len() < 2_000_000);
}
