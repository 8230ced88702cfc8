//! What a range of commits brings, against git.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt::Write as _;
use std::fs;
use std::sync::Arc;

use keyward::git::{Gap, Oid, Range};
use keyward::model::{Item, NoticeKind, Origin, Standing};
use keyward::source::{self, Source};

use crate::repo::{Dice, Repo, count, globs, see};

fn read(repo: &Repo, range: &str) -> Range {
    repo.repository().range(range).expect("a range")
}

fn source(repo: &Repo, range: &str) -> source::Range {
    source::Range {
        repository: repo.repository(),
        range: Arc::new(read(repo, range)),
        exclude: Box::new(|_| false),
    }
}

/// The new blobs as `path commit`, the commit by its subject, with ` -` where the end has them no more.
fn told(repo: &Repo, range: &str) -> Vec<String> {
    let repository = repo.repository();
    let range = repository.range(range).expect("a range");
    assert_eq!(range.gaps, []);
    let blobs = range.blobs.iter().map(|new| {
        let head = repository.commit(range.commits[new.commit]);
        let subject = head.expect("a commit").message;
        let subject = String::from_utf8_lossy(&subject).trim().to_owned();
        format!(
            "{} {subject}{}",
            new.path,
            if new.at_tip { "" } else { " -" }
        )
    });
    let mut blobs: Vec<_> = blobs.collect();
    blobs.sort();
    blobs
}

fn commit(repo: &Repo, subject: &str) {
    repo.git(&["add", "--all"]);
    let message = format!("--message={subject}");
    repo.git(&[
        "commit",
        "--quiet",
        "--no-verify",
        "--allow-empty",
        &message,
    ]);
}

#[test]
fn what_commits_bring_is_new_and_what_they_bring_back_is_not() {
    let repo = Repo::new();
    repo.write("keep", "1")
        .write("old", "1")
        .write("dir/a", "1")
        .write("dir/b", "1");
    commit(&repo, "base");
    repo.git(&["tag", "base"]);
    repo.write("passing", "1").write("old", "2");
    commit(&repo, "one");
    repo.git(&["rm", "--quiet", "passing"]);
    repo.write("old", "1").write("dir/a", "2");
    commit(&repo, "two");
    repo.git(&["mv", "dir", "moved"]);
    commit(&repo, "three");
    repo.write("keep", "1").write("again", "1");
    commit(&repo, "four");
    let wanted = [
        "again four",
        "dir/a two -",
        "moved/a three",
        "moved/b three",
        "old one -",
        "passing one -",
    ];
    assert_eq!(told(&repo, "base..HEAD"), wanted);
    for same in ["base..", "base", "base...main", "HEAD~4.."] {
        assert_eq!(told(&repo, same), wanted, "{same}");
    }
    assert_eq!(told(&repo, "..base"), [""; 0]);
    assert!(read(&repo, "HEAD..base").commits.is_empty());
}

#[test]
fn a_merge_is_asked_what_it_brings_itself() {
    let repo = Repo::new();
    repo.write("a", "1").write("b", "1");
    commit(&repo, "base");
    repo.git(&["checkout", "--quiet", "-b", "side"]);
    repo.write("a", "side").write("from-side", "1");
    commit(&repo, "side");
    repo.git(&["checkout", "--quiet", "main"]);
    repo.write("b", "main").write("from-main", "1");
    commit(&repo, "main");
    repo.git(&["merge", "--quiet", "--no-commit", "side"]);
    repo.write("evil", "1").write("a", "evil");
    commit(&repo, "merge");
    // What the side brings is told for the side, not for the merge.
    let all = ["a merge", "a side -", "evil merge", "from-side side"];
    assert_eq!(told(&repo, "HEAD^1..HEAD"), all);
    assert_eq!(
        told(&repo, "side..HEAD"),
        ["a merge", "b main", "evil merge", "from-main main"]
    );
    // Merged before: only what is beyond counts.
    repo.git(&["checkout", "--quiet", "side"]);
    repo.git(&["merge", "--quiet", "main"]);
    repo.write("later", "1");
    commit(&repo, "later");
    assert_eq!(told(&repo, "main..side"), ["later later"]);
    assert_eq!(told(&repo, "main...side"), ["later later"]);
}

#[test]
fn three_dots_hold_against_where_the_sides_parted() {
    let repo = Repo::new();
    repo.write("a", "1");
    commit(&repo, "base");
    repo.git(&["checkout", "--quiet", "-b", "side"]);
    repo.write("same", "1").write("mine", "1");
    commit(&repo, "side");
    repo.git(&["checkout", "--quiet", "main"]);
    repo.write("same", "1").write("theirs", "1");
    commit(&repo, "main");
    // Both sides brought `same`: against main it is nothing new.
    assert_eq!(told(&repo, "main..side"), ["mine side"]);
    assert_eq!(told(&repo, "main...side"), ["mine side", "same side"]);

    repo.git(&["checkout", "--quiet", "--orphan", "apart"]);
    commit(&repo, "apart");
    let error = repo.repository().range("main...apart").err();
    let error = error.map(|e| e.to_string()).unwrap_or_default();
    assert!(error.contains("`main..apart` holds one side"), "{error}");
    assert_eq!(read(&repo, "main..apart").commits.len(), 1);
}

#[test]
fn a_root_brings_all_it_has() {
    let repo = Repo::new();
    repo.write("a", "1");
    commit(&repo, "base");
    repo.git(&["checkout", "--quiet", "--orphan", "other"]);
    repo.git(&["rm", "-r", "--quiet", "--force", "."]);
    repo.write("b", "1").write("a", "1");
    commit(&repo, "root");
    repo.git(&["checkout", "--quiet", "main"]);
    repo.git(&[
        "merge",
        "--quiet",
        "--allow-unrelated-histories",
        "--no-edit",
        "other",
    ]);
    assert_eq!(told(&repo, "HEAD^1.."), ["b root"]);
}

#[test]
fn a_path_may_change_what_it_is() {
    let repo = Repo::new();
    repo.write("a", "1").write("b/c", "1").write("run", "1");
    commit(&repo, "base");
    fs::remove_file(repo.join("a")).expect("it was there");
    fs::remove_dir_all(repo.join("b")).expect("it was there");
    repo.write("a/x", "1")
        .write("b", "1")
        .write("a.b", "2")
        .write("a-b", "3");
    repo.git(&["add", "--all"]);
    repo.git(&["update-index", "--chmod=+x", "run"]);
    repo.git(&["commit", "--quiet", "--message=turn"]);
    // Another mode of the same file brings nothing.
    assert_eq!(
        told(&repo, "HEAD~1.."),
        ["a-b turn", "a.b turn", "a/x turn", "b turn"]
    );
}

fn oid(hex: &str) -> Oid {
    Oid::from_str(hex.trim()).expect("an id")
}

#[test]
fn what_is_pushed_is_held_against_what_is_there() {
    let repo = Repo::new();
    repo.write("a", "1");
    commit(&repo, "one");
    repo.git(&["tag", "-am", "t", "one"]);
    repo.write("b", "1");
    commit(&repo, "two");
    repo.git(&["tag", "-am", "t", "two"]);
    let repository = repo.repository();
    let id = |name: &str| oid(&repo.git(&["rev-parse", name]));
    let brought = |tip: &str, known: &[Oid]| {
        let range = repository.beyond(id(tip), known).expect("a range");
        let paths = range.blobs.iter().map(|new| new.path.display());
        paths.collect::<Vec<_>>()
    };
    let absent = oid(&"1".repeat(40));
    assert_eq!(brought("two", &[]), ["a", "b"]);
    assert_eq!(brought("HEAD", &[absent, id("HEAD:a")]), ["a", "b"]);
    assert_eq!(brought("two", &[absent, id("one")]), ["b"]);
    assert_eq!(brought("one", &[id("main")]), [""; 0]);
    assert!(repository.beyond(absent, &[]).is_err());
    assert!(repository.beyond(id("HEAD:a"), &[]).is_err());
}

#[derive(Clone, Copy, PartialEq)]
enum Clocks {
    Right,
    /// All the same.
    Stopped,
    /// Up to some commits off.
    Off,
    Wild,
}

/// Commits with up to three parents among the latest before them, each with a few files changed, added or taken away. Trees of merges
/// are those of the first parent with such changes, so that they take over nothing or what happens to be the same.
fn random(dice: &mut Dice, commits: usize, clocks: Clocks) -> Repo {
    let repo = Repo::new();
    let mut stream = String::new();
    for at in 1..=commits {
        let time = 1_000_000
            + 100
                * match clocks {
                    Clocks::Right => at,
                    Clocks::Stopped => 0,
                    Clocks::Off => at + dice.below(12),
                    Clocks::Wild => dice.below(1000),
                };
        writeln!(stream, "commit refs/heads/c{at}\nmark :{at}").expect("text");
        writeln!(stream, "committer t <t> {time} +0000\ndata 1\nx").expect("text");
        let mut parents = BTreeSet::new();
        if at > 1 && dice.below(15) > 0 {
            for _ in 0..[1, 1, 2, 2, 3][dice.below(5)] {
                parents.insert(at - 1 - dice.below(6.min(at - 1)));
            }
        }
        for (i, parent) in parents.iter().enumerate() {
            let word = if i == 0 { "from" } else { "merge" };
            writeln!(stream, "{word} :{parent}").expect("text");
        }
        for _ in 0..dice.below(4) {
            let path = ["a", "b/c", "b/d", "b/e/f", "b-c", "e/f"][dice.below(6)];
            match dice.below(4) {
                0 => writeln!(stream, "D {path}").expect("text"),
                _ => {
                    let text = dice.below(4);
                    writeln!(stream, "M 100644 inline {path}\ndata 1\n{text}").expect("text");
                }
            }
        }
    }
    repo.import(&stream);
    repo
}

/// All commits with their parents and files, as git lists them.
struct Truth {
    parents: HashMap<String, Vec<String>>,
    files: HashMap<String, BTreeSet<(String, String)>>,
}

impl Truth {
    fn of(repo: &Repo) -> Self {
        let list = repo.git(&["rev-list", "--all", "--parents"]);
        let words = list.lines().map(|line| {
            let mut words = line.split(' ').map(str::to_owned);
            (words.next().expect("an id"), words.collect())
        });
        let parents: HashMap<String, Vec<String>> = words.collect();
        let files = parents.keys().map(|commit| {
            let list = repo.git(&["ls-tree", "-r", commit]);
            let files = list.lines().map(|line| {
                let (head, path) = line.split_once('\t').expect("a path");
                (path.to_owned(), head[12..].to_owned())
            });
            (commit.clone(), files.collect())
        });
        Self {
            files: files.collect(),
            parents,
        }
    }

    fn reached(&self, from: &str) -> BTreeSet<&str> {
        let mut seen = BTreeSet::new();
        let mut open = vec![from];
        while let Some(commit) = open.pop() {
            let (commit, parents) = self.parents.get_key_value(commit).expect("listed");
            if seen.insert(commit.as_str()) {
                open.extend(parents.iter().map(String::as_str));
            }
        }
        seen
    }

    /// Holds what was read against what every commit lists.
    fn hold(&self, from: &[&String], range: &Range) {
        let tip = range.tip.to_string();
        let before = from.iter().flat_map(|from| self.reached(from)).collect();
        let all = self.reached(&tip);
        let wanted: BTreeSet<_> = all.difference(&before).map(|s| (*s).to_owned()).collect();
        let commits: Vec<_> = range.commits.iter().map(Oid::to_string).collect();
        assert_eq!(commits.iter().cloned().collect::<BTreeSet<_>>(), wanted);
        assert_eq!(commits.len(), wanted.len());
        let mut first: BTreeMap<&(String, String), usize> = BTreeMap::new();
        for (at, commit) in commits.iter().enumerate() {
            let parents = &self.parents[commit];
            for parent in parents {
                assert!(!commits[at..].contains(parent), "a child before its parent");
            }
            for file in &self.files[commit] {
                let bases = range.bases.iter().map(Oid::to_string);
                let mut known = parents.iter().cloned().chain(bases);
                if !known.any(|known| self.files[&known].contains(file)) {
                    first.entry(file).or_insert(at);
                }
            }
        }
        let told: BTreeMap<_, _> = (range.blobs.iter())
            .map(|new| {
                let file = (new.path.display(), new.oid.to_string());
                assert_eq!(new.at_tip, self.files[&tip].contains(&file), "{file:?}");
                (file, new.commit)
            })
            .collect();
        assert_eq!(told.len(), range.blobs.len(), "each is told once");
        assert!(told.iter().eq(first.iter().map(|(file, at)| (*file, at))));
    }
}

#[test]
fn ranges_of_random_histories_are_what_git_says() {
    let mut dice = Dice(7);
    let (mut merges, mut several, mut new) = (0, 0, 0);
    for clocks in [Clocks::Right, Clocks::Stopped, Clocks::Off, Clocks::Wild].repeat(2) {
        let repo = random(&mut dice, 40, clocks);
        if dice.below(2) == 0 {
            repo.git(&["gc", "--quiet"]);
        }
        let truth = Truth::of(&repo);
        let mut commits: Vec<_> = truth.parents.keys().cloned().collect();
        commits.sort();
        let repository = repo.repository();
        merges += truth.parents.values().filter(|p| p.len() > 1).count();
        for _ in 0..150 {
            let known: Vec<_> = (0..dice.below(4))
                .map(|_| &commits[dice.below(commits.len())])
                .collect();
            let to = &commits[dice.below(commits.len())];
            let ids: Vec<_> = known.iter().map(|id| oid(id)).collect();
            let range = repository.beyond(oid(to), &ids).expect("a range");
            assert_eq!(range.gaps, []);
            truth.hold(&known, &range);
            let from = &commits[dice.below(commits.len())];
            let range = repository.range(&format!("{from}..{to}")).expect("a range");
            assert_eq!(range.gaps, []);
            truth.hold(&[from], &range);
            new += range.blobs.len();
            let Ok(range) = repository.range(&format!("{from}...{to}")) else {
                assert!(truth.reached(from).is_disjoint(&truth.reached(to)));
                continue;
            };
            truth.hold(&[from], &range);
            if range.commits.is_empty() {
                continue;
            }
            let bases: BTreeSet<_> = range.bases.iter().map(Oid::to_string).collect();
            let common: BTreeSet<_> = (truth.reached(from).intersection(&truth.reached(to)))
                .map(|s| (*s).to_owned())
                .collect();
            let best: BTreeSet<_> = (common.iter())
                .filter(|one| {
                    let mut others = common.iter().filter(|other| other != one);
                    !others.any(|other| truth.reached(other).contains(one.as_str()))
                })
                .cloned()
                .collect();
            several += usize::from(best.len() > 1);
            if clocks == Clocks::Off || clocks == Clocks::Wild {
                assert!(bases.is_superset(&best) && bases.is_subset(&common));
            } else {
                assert_eq!(bases, best);
            }
        }
    }
    assert!(
        merges > 50 && several > 10 && new > 1000,
        "{merges} {several} {new}"
    );
}

#[test]
fn a_clock_that_was_wrong_hides_nothing_and_adds_nothing() {
    // Main goes on, with one commit from 1970 in it; the side branch is from before that.
    let repo = Repo::new();
    let mut stream = String::new();
    for at in 1..=300 {
        let time = if at == 200 { 5 } else { 1_000_000 + at };
        writeln!(
            stream,
            "commit refs/heads/main\nmark :{at}\ncommitter t <t> {time} +0000\ndata 1\nx"
        )
        .expect("text");
        writeln!(stream, "M 100644 inline f\ndata 3\n{at:03}").expect("text");
    }
    writeln!(
        stream,
        "commit refs/heads/side\ncommitter t <t> 1000400 +0000\ndata 1\nx\nfrom :100"
    )
    .expect("text");
    writeln!(stream, "M 100644 inline g\ndata 1\n1").expect("text");
    repo.import(&stream);
    assert_eq!(read(&repo, "main..side").commits.len(), 1);
    assert_eq!(read(&repo, "side..main").commits.len(), 200);
    assert_eq!(repo.git(&["rev-list", "--count", "side..main"]), "200");
}

#[test]
fn the_source_gives_each_blob_with_its_commit() {
    let inner = Repo::new();
    inner.write("x", "1").commit();
    let repo = Repo::new();
    repo.write("a", "1").commit();
    repo.write("a", "2")
        .write("gen/b", "1")
        .write("gone", "g")
        .commit();
    repo.git(&["rm", "--quiet", "gone"]);
    repo.write("a", "3");
    #[cfg(unix)]
    std::os::unix::fs::symlink("/etc/passwd", repo.join("link")).expect("a link");
    repo.submodule(&inner);
    repo.commit();
    repo.write("a", "4 on disk");
    let mut range = source(&repo, "HEAD~2..");
    range.exclude = globs(&["gen"]);
    let seen = see(&range);
    assert_eq!(seen.blobs, ["a = 2", "a = 3", "gone = g"]);
    assert_eq!(seen.excluded, ["gen/b"]);
    assert_eq!(count(&seen, NoticeKind::Link), usize::from(cfg!(unix)));
    assert_eq!(count(&seen, NoticeKind::Submodule), 1);
    assert!(seen.complete);

    let list = Arc::clone(&range.range);
    let last = list.commits[1];
    let versions = std::sync::Mutex::new(Vec::new());
    let sink = |item: Item<'_>| {
        if let Item::Blob(blob) = item {
            assert_eq!(
                (blob.origin, blob.standing),
                (Origin::History, Standing::Tracked)
            );
            let new = &list.blobs[blob.version.expect("a version")];
            assert_eq!(new.path, blob.path);
            let mut text = String::new();
            let mut reader = blob.reader;
            reader.read_to_string(&mut text).expect("text");
            let line = format!("{text} {} {}", list.commits[new.commit] == last, new.at_tip);
            versions.lock().expect("no panic").push(line);
        }
    };
    range.push(2, &sink).expect("a source");
    let mut versions = versions.into_inner().expect("no panic");
    versions.sort();
    assert_eq!(versions, ["2 false false", "3 true true", "g false false"]);

    let seen = see(&source(&repo, "HEAD..HEAD~1"));
    assert_eq!(count(&seen, NoticeKind::EmptyRange), 1);
    assert!(seen.complete);
}

#[test]
fn a_clone_without_its_history_says_so() {
    let whole = Repo::new();
    whole.write("a", "0").commit();
    whole.write("a", "1").commit();
    whole.write("a", "2").commit();
    whole.git(&["checkout", "--quiet", "-b", "side"]);
    whole.write("b", "1").commit();
    whole.write("b", "2").commit();
    let shallow = Repo::cloned(&whole, &["--depth=1", "--no-single-branch"]);
    // Both ends are there, what is between is not.
    let range = read(&shallow, "origin/main..origin/side");
    assert_eq!(range.gaps, [Gap::Shallow(range.tip)]);
    let seen = see(&source(&shallow, "origin/main..origin/side"));
    assert_eq!(seen.blobs, ["b = 2"]);
    assert_eq!(count(&seen, NoticeKind::Shallow), 1);
    assert!(seen.notices[0].contains("fetch-depth: 0"), "{seen:?}");
    assert!(!seen.complete);
    let error = shallow
        .repository()
        .range("origin/main...origin/side")
        .err();
    assert!(error.is_some_and(|e| e.to_string().contains("fetch-depth: 0")));

    // Cut off before the range begins: nothing is lacking.
    let enough = Repo::cloned(&whole, &["--depth=3", "--no-single-branch"]);
    assert!(enough.join(".git/shallow").exists());
    let seen = see(&source(&enough, "origin/main...origin/side"));
    assert_eq!(seen.blobs, ["b = 1", "b = 2"]);
    assert!(seen.complete, "{seen:?}");
}

#[test]
fn a_partial_clone_says_which_files_it_lacks() {
    let whole = Repo::new();
    whole.git(&["config", "uploadpack.allowFilter", "true"]);
    whole.write("a", "1").write("d/x", "one").commit();
    whole.write("a", "2").write("d/x", "two").commit();
    whole.write("a", "3").commit();
    let blobless = Repo::cloned(&whole, &["--filter=blob:none"]);
    let seen = see(&source(&blobless, "HEAD~2.."));
    assert_eq!(seen.blobs, ["a = 3", "d/x = two"]);
    assert_eq!(count(&seen, NoticeKind::Unreadable), 1);
    assert!(seen.notices[0].starts_with("unreadable a: "), "{seen:?}");
    assert!(
        seen.notices[0].contains("clone without `--filter`"),
        "{seen:?}"
    );
    assert!(!seen.complete);

    let treeless = Repo::cloned(&whole, &["--filter=tree:0"]);
    let seen = see(&source(&treeless, "HEAD~2.."));
    assert!(count(&seen, NoticeKind::Unreadable) > 0);
    assert!(
        seen.notices[0].contains("clone without `--filter`"),
        "{seen:?}"
    );
    assert!(!seen.complete);
}

#[test]
fn missing_commits_and_trees_are_told() {
    let repo = Repo::new();
    repo.write("a", "1").commit();
    repo.write("a", "2")
        .write("lost/b", "1")
        .write("c/d", "1")
        .commit();
    repo.write("a", "3").commit();
    let tree = repo.lose("HEAD:lost");
    let seen = see(&source(&repo, "HEAD~2.."));
    assert_eq!(seen.blobs, ["a = 2", "a = 3", "c/d = 1"]);
    let told = format!("unreadable lost: cannot read tree {tree}: it is missing");
    assert_eq!(seen.notices, [told]);
    let parent = repo.lose("HEAD~1");
    repo.git(&[
        "tag",
        "orphan",
        &repo.git(&["commit-tree", "-m", "x", "HEAD:c"]),
    ]);
    let seen = see(&source(&repo, "orphan..HEAD"));
    let told = format!("unreadable cannot read commit {parent}: it is missing");
    assert!(seen.notices.contains(&told), "{seen:?}");
    assert!(!seen.complete);
}
