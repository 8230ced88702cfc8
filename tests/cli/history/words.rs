//! What people are told of a history beside its places: who has it, what to do, and what was not read.

use super::*;

#[test]
fn what_was_never_pushed_is_taken_out_by_a_rebase() {
    let (tree, first, _) = removed();
    let text = tree.keyward(&["scan"]).stdout;
    assert!(
        text.contains(&format!("git rebase --interactive {}^", &first[..12])),
        "{text}"
    );
}

/// Adds a commit in which `path` is brought and one in which it is gone; gives the first.
fn pass(tree: &Tree, path: &str, number: usize) -> String {
    leak(tree, path, number);
    let first = commit(tree, "leak");
    tree.git(&["rm", "-q", path]);
    commit(tree, "mend");
    first
}

fn notices(run: &Run) -> Vec<String> {
    let report = run.json();
    let notices = report["notices"].as_array().expect("notices").iter();
    let message = |notice: &Value| format!("{}: {}", notice["kind"], notice["message"]);
    notices.map(message).collect()
}

#[test]
fn each_way_to_take_a_value_out_is_told_once() {
    let tree = Tree::repository();
    tree.file("README", "nothing\n");
    commit(&tree, "begin");
    pass(&tree, "a.js", 1);
    pass(&tree, "b.js", 2);
    tree.git(&["update-ref", "refs/remotes/origin/main", "HEAD"]);
    pass(&tree, "c.js", 3);
    pass(&tree, "d.js", 4);
    let text = tree.keyward(&["scan", "--only", ONLY]).stdout;
    for (said, times) in [
        ("then: revoke it", 1),
        ("--replace-text FILE", 1),
        ("git rebase --interactive", 1),
        ("past:", 4),
    ] {
        assert_eq!(text.matches(said).count(), times, "{said}: {text}");
    }
}

#[test]
fn what_a_range_has_is_told_of_its_end_and_not_of_head() {
    let tree = Tree::repository();
    tree.file("README", "nothing\n");
    commit(&tree, "begin");
    tree.git(&["checkout", "-qb", "topic"]);
    pass(&tree, "gone.js", 1);
    leak(&tree, "stays.js", 2);
    commit(&tree, "leak");
    tree.file("other.js", "let a;\n");
    commit(&tree, "more");
    tree.git(&["checkout", "-q", "main"]);
    let range = ["scan", "--only", ONLY, "--range", "main..topic"];
    let text = tree.keyward(&range).stdout;
    assert!(text.contains("not at the end of the range"), "{text}");
    assert!(text.contains("still at the end of the range"), "{text}");
    assert!(!text.contains("HEAD"), "{text}");
    // The commit that brought it is not the newest.
    assert!(!text.contains("--amend"), "{text}");
}

#[test]
fn the_newest_stash_has_one_name() {
    let tree = Tree::repository();
    tree.file("README", "nothing\n");
    commit(&tree, "begin");
    for number in 1..3 {
        leak(&tree, "README", number);
        tree.git(&["stash", "push", "-q"]);
    }
    let refs = || -> Vec<String> {
        let report = scan(&tree, &[]).json();
        let findings = report["findings"].as_array().expect("findings").iter();
        let refs = findings.map(|finding| finding["places"][0]["refs"].to_string());
        refs.collect()
    };
    let mut told = refs();
    told.sort();
    assert_eq!(told, [r#"["refs/stash"]"#, r#"["stash@{1}"]"#]);
    // A log that does not follow the reference is read as it is.
    std::fs::copy(
        tree.path().join(".git/refs/heads/main"),
        tree.path().join(".git/refs/stash"),
    )
    .expect("a reference");
    let mut told = refs();
    told.sort();
    assert_eq!(told, [r#"["stash@{0}"]"#, r#"["stash@{1}"]"#]);
}

#[test]
fn pointers_of_lfs_that_only_history_holds_are_counted() {
    let tree = Tree::repository();
    let pointer = |number: usize| {
        let text = format!(
            "version https://git-lfs.github.com/spec/v1\noid sha256:{number:064}\nsize 12\n"
        );
        tree.bytes("big.bin", text.as_bytes());
        tree.bytes("copy.bin", text.as_bytes());
        commit(&tree, "big");
    };
    pointer(1);
    pointer(2);
    pointer(3);
    let of_history = "\"lfs\": \"2 objects of the history are pointers of Git LFS";
    let told = notices(&scan(&tree, &[]));
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(
        told.iter().any(|notice| notice.starts_with(of_history)),
        "{told:?}"
    );
    assert!(
        told.iter()
            .any(|notice| notice.starts_with("\"lfs\": \"2 files are")),
        "{told:?}"
    );
    let run = scan(&tree, &["--history-only"]);
    assert!(
        notices(&run)[0].contains("3 objects"),
        "{:?}",
        notices(&run)
    );
    assert_eq!(run.code, 0);
    tree.file("keyward.toml", "[scan]\nexclude = [\"*.bin\"]\n");
    assert_eq!(notices(&scan(&tree, &[])), [""; 0]);
    let range = scan(&tree, &["--since", "HEAD~1", "--no-repo-config"]);
    assert!(
        notices(&range)[0].contains("pointer"),
        "{:?}",
        notices(&range)
    );
}
