//! Names of commits, against `git rev-parse`.

use std::collections::BTreeMap;
use std::fs;

use keyward::git::Repository;
use keyward::model::Error;

use crate::repo::{Repo, git_command, git_in};

/// What git takes a name for, as a commit; `None` where it refuses.
fn by_git(folder: &std::path::Path, name: &str) -> Option<String> {
    let name = format!("{name}^{{commit}}");
    let out = git_command(folder, &["rev-parse", "--verify", "--quiet", &name]).output();
    let out = out.expect("git runs");
    let text = String::from_utf8_lossy(&out.stdout).trim().to_owned();
    out.status.success().then_some(text)
}

fn by_us(repository: &Repository, name: &str) -> Option<String> {
    repository.revision(name).ok().map(|oid| oid.to_string())
}

/// Why a name is refused, and the hint.
fn refused(repository: &Repository, name: &str) -> (String, String) {
    match repository.revision(name) {
        Err(Error::Usage { message, hint }) => (message, hint),
        other => panic!("{name}: {other:?}"),
    }
}

/// A merge on main, names of all kinds, one of them twice.
fn named() -> Repo {
    let repo = Repo::new();
    repo.write("a", "1").commit();
    repo.write("a", "2").commit();
    repo.git(&["checkout", "--quiet", "-b", "side/one", "HEAD~1"]);
    repo.write("b", "1").commit();
    repo.git(&["checkout", "--quiet", "main"]);
    repo.git(&["merge", "--quiet", "--no-edit", "side/one"]);
    repo.git(&["tag", "--annotate", "--message=x", "v1", "HEAD~1"]);
    repo.git(&["tag", "--annotate", "--message=x", "v1-again", "v1"]);
    repo.git(&["tag", "light", "side/one"]);
    repo.git(&["tag", "of-a-file", "HEAD:a"]);
    repo.git(&["tag", "both", "HEAD~2"]);
    repo.git(&["branch", "both", "HEAD"]);
    repo.git(&["branch", "at@work", "HEAD~1"]);
    repo.git(&["branch", "abcdef", "HEAD~1"]);
    repo.git(&["update-ref", "refs/remotes/origin/main", "HEAD~1"]);
    repo.git(&["update-ref", "refs/remotes/origin/side/one", "side/one"]);
    repo.git(&["update-ref", "refs/pull/7/head", "side/one"]);
    repo.git(&[
        "symbolic-ref",
        "refs/remotes/origin/HEAD",
        "refs/remotes/origin/main",
    ]);
    repo.git(&["update-ref", "ORIG_HEAD", "HEAD~2"]);
    repo.git(&["fetch", "--quiet", ".", "side/one"]);
    repo
}

#[test]
fn names_mean_what_they_mean_to_git() {
    let repo = named();
    let head = repo.git(&["rev-parse", "HEAD"]);
    let tag = repo.git(&["rev-parse", "v1"]);
    let described = repo.git(&["describe", "--long"]);
    let upper = head[..9].to_ascii_uppercase();
    let mut names = vec![
        &head,
        &head[..4],
        &head[..11],
        &upper,
        &tag,
        &tag[..8],
        &described,
        "v9-3-gzzzz",
        "HEAD",
        "@",
        "main",
        "heads/main",
        "refs/heads/main",
        "side/one",
        "v1",
        "tags/v1",
        "v1-again",
        "light",
        "both",
        "heads/both",
        "at@work",
        "abcdef",
        "origin",
        "origin/main",
        "remotes/origin/main",
        "origin/side/one",
        "origin/HEAD",
        "refs/pull/7/head",
        "pull/7/head",
        "ORIG_HEAD",
        "FETCH_HEAD",
        "MERGE_HEAD",
        "of-a-file",
        "HEAD:a",
        "config",
        "nothing",
        "main.lock",
        "../main",
        "refs/heads/../heads/main",
        "refs/heads",
        "side",
        "",
        "0000",
        "head~1",
    ];
    let suffixed: Vec<_> = [
        "HEAD",
        "@",
        "main",
        "v1-again",
        &head[..7],
        "origin",
        "both",
    ]
    .iter()
    .flat_map(|name| {
        let suffixes = [
            "~",
            "^",
            "~1",
            "~2",
            "~3",
            "^0",
            "^1",
            "^2",
            "^3",
            "^2~1",
            "^^",
            "~1^1",
            "^{}",
            "^{commit}",
            "^{}~1",
            "~0",
            "^2^2",
            "~99999999999",
            "^x",
            "~1x",
            "^{",
            "é",
        ];
        suffixes.map(|suffix| format!("{name}{suffix}"))
    })
    .collect();
    names.extend(suffixed.iter().map(String::as_str));
    for packed in [false, true] {
        if packed {
            repo.git(&["gc", "--quiet"]);
            assert!(!repo.join(".git/refs/heads/main").exists());
        }
        let repository = repo.repository();
        let mut known = 0;
        for name in &names {
            let wanted = by_git(repo.path(), name);
            known += usize::from(wanted.is_some());
            assert_eq!(by_us(&repository, name), wanted, "{name}");
        }
        assert!(known > 80, "{known}");
    }
}

#[test]
fn a_linked_worktree_has_its_own_head() {
    let repo = named();
    let elsewhere = Repo::plain();
    let path = elsewhere.join("wt");
    repo.git(&[
        "worktree",
        "add",
        "--quiet",
        "--detach",
        &path.to_string_lossy(),
        "v1",
    ]);
    let found = Repository::discover(&path, &Default::default());
    let repository = found.expect("usable").expect("a repository");
    for name in ["HEAD", "main", "HEAD~1", "ORIG_HEAD"] {
        assert_eq!(by_us(&repository, name), by_git(&path, name), "{name}");
    }
    assert_eq!(by_us(&repository, "HEAD"), by_us(&repository, "v1"));
}

#[test]
fn the_beginning_of_an_id_has_to_be_long_enough() {
    let repo = Repo::new();
    let mut stream = String::new();
    for at in 0..800 {
        stream.push_str(&format!(
            "commit refs/heads/main\ncommitter t <t> {at} +0000\ndata 1\nx\nM 100644 inline f\ndata 4\n{at:04}\n"
        ));
    }
    repo.import(&stream);
    let all = repo.git(&[
        "cat-file",
        "--batch-all-objects",
        "--batch-check=%(objectname) %(objecttype)",
    ]);
    let mut starts: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for line in all.lines() {
        starts.entry(&line[..4]).or_default().push(&line[41..]);
    }
    starts.retain(|_, kinds| kinds.len() > 1);
    let repository = repo.repository();
    let (mut one, mut many) = (0, 0);
    for (start, kinds) in &starts {
        let commits = kinds.iter().filter(|kind| **kind == "commit").count();
        assert_eq!(
            by_us(&repository, start),
            by_git(repo.path(), start),
            "{start} {kinds:?}"
        );
        match commits {
            1 => one += 1,
            0 => {}
            _ => {
                many += 1;
                let (message, hint) = refused(&repository, start);
                assert!(message.contains("more than one commit"), "{message}");
                assert_eq!(hint.matches(start).count(), commits, "{hint}");
            }
        }
    }
    assert!(one > 0 && many > 0, "{one} {many}");
}

#[test]
fn what_is_refused_has_a_hint() {
    let repo = named();
    let repository = repo.repository();
    let hint = |name| refused(&repository, name).1;
    assert!(
        hint("mian").contains("did you mean `main`"),
        "{}",
        hint("mian")
    );
    assert!(
        hint("one").contains("`side/one` or `origin/side/one`"),
        "{}",
        hint("one")
    );
    assert!(hint("wholly-else").contains("git fetch"));
    assert!(hint("@{u}").contains("name the branch"));
    assert!(hint("main@{upstream}").contains("name the branch"));
    assert!(hint("main@{yesterday}").contains("git rev-parse 'main@{yesterday}'"));
    assert!(hint("HEAD~50").contains("less far"));
    let zeros = "0".repeat(40);
    assert!(hint(&zeros).contains("a push that makes a branch"));
    let gone = "1".repeat(40);
    assert!(hint(&gone).contains(&format!("git fetch origin {gone}")));
    assert!(refused(&repository, "of-a-file").0.contains("is a blob"));
    let empty = Repo::new();
    assert_eq!(
        refused(&empty.repository(), "HEAD").0,
        "HEAD has no commit yet"
    );
}

#[test]
fn hostile_references_lead_nowhere() {
    let repo = named();
    repo.write(".git/refs/heads/ring", "ref: refs/heads/ring")
        .write(".git/refs/heads/out", "ref: refs/../../outside")
        .write(".git/refs/heads/odd", "no id")
        .write("outside", &repo.git(&["rev-parse", "HEAD"]));
    let repository = repo.repository();
    for name in ["ring", "out", "odd"] {
        let error = repository.revision(name).err().map(|e| e.to_string());
        assert!(error.is_some_and(|e| e.contains("cannot read ")), "{name}");
    }
    fs::remove_file(repo.join(".git/refs/heads/ring")).expect("it was there");
}

#[test]
fn a_shallow_clone_says_what_it_lacks() {
    let whole = named();
    let base = whole.git(&["rev-parse", "HEAD~2"]);
    let shallow = Repo::cloned(&whole, &["--depth=1", "--no-tags"]);
    let repository = shallow.repository();
    for name in [&base, "HEAD~1", "origin/side/one", "v1"] {
        let (message, hint) = refused(&repository, name);
        assert!(hint.contains("fetch-depth: 0"), "{message}: {hint}");
    }
    assert_eq!(
        by_us(&repository, "HEAD"),
        Some(git_in(shallow.path(), &["rev-parse", "HEAD"]))
    );
}
