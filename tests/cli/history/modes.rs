//! A history beside the tree, alone, in part, and not at all; of repositories of other shapes.

use super::*;
use crate::tree::{git, keyward};

#[test]
fn the_history_can_be_left_out_and_can_be_all() {
    let (tree, first, _) = removed();
    leak(&tree, "now.js", 2);
    commit(&tree, "again");
    let gone = format!("a.js:1 history false {}", seven(&first));
    let paths = |args: &[&str]| -> Vec<String> {
        let told = told(&scan(&tree, args)).into_iter();
        told.map(|place| place.split(' ').next().expect("a path").to_owned())
            .collect()
    };
    assert_eq!(paths(&[]), ["a.js:1", "now.js:1"]);
    assert_eq!(paths(&["--no-history"]), ["now.js:1"]);
    assert_eq!(paths(&["--history-only"]), ["a.js:1", "now.js:1"]);
    assert!(told(&scan(&tree, &["--history-only"])).contains(&gone));
    // A path inside is the path alone.
    assert_eq!(paths(&["a.js"]), [""; 0]);
    assert_eq!(paths(&["."]), ["a.js:1", "now.js:1"]);
}

#[test]
fn a_range_is_what_a_pull_request_brings() {
    let tree = Tree::repository();
    leak(&tree, "old.js", 1);
    leak(&tree, "touched.js", 2);
    leak(&tree, "mended.js", 3);
    commit(&tree, "begin");
    tree.git(&["checkout", "-qb", "topic"]);
    leak(&tree, "passing.js", 4);
    let passing = commit(&tree, "leak");
    tree.file("passing.js", "let t;\n");
    commit(&tree, "mend");
    leak(&tree, "stays.js", 5);
    let stays = commit(&tree, "leak again");
    let more = format!("// more\nconst t = '{}';\n", token(2));
    tree.bytes("touched.js", more.as_bytes());
    let more = format!("// more\nconst t = '{}';\n", token(3));
    tree.bytes("mended.js", more.as_bytes());
    commit(&tree, "touch");
    tree.file("mended.js", "let t;\n");
    commit(&tree, "mend what was there");
    // The main branch goes on with a leak of its own.
    tree.git(&["checkout", "-q", "main"]);
    leak(&tree, "main.js", 6);
    commit(&tree, "main");
    tree.git(&["checkout", "-q", "topic"]);
    // Neither disk nor index counts.
    leak(&tree, "untracked.js", 7);
    let expected = [
        format!("passing.js:1 history false {}", seven(&passing)),
        format!("stays.js:1 history true {}", seven(&stays)),
        // It was there before, so no commit of the range brought it.
        "touched.js:2 history null -".to_owned(),
    ];
    for args in [
        ["--range", "main..topic"],
        ["--range", "main...topic"],
        ["--range", "main.."],
        ["--since", "main"],
    ] {
        let run = scan(&tree, &args);
        assert_eq!(run.code, 1, "{}", run.stderr);
        assert_eq!(told(&run), expected, "{args:?}");
    }
    let run = scan(&tree, &["--since", "main"]);
    let report = run.json();
    let stays = report["findings"]
        .as_array()
        .expect("findings")
        .iter()
        .map(|finding| &finding["places"][0])
        .find(|place| place["path"] == "stays.js");
    assert_eq!(
        stays.expect("a place")["refs"],
        serde_json::json!(["refs/heads/topic"])
    );
    assert_eq!(report["stats"]["commits"], 5);
}

#[test]
fn practices_are_judged_as_the_end_of_a_range_has_them() {
    let tree = Tree::repository();
    tree.file(".gitignore", "node_modules/\n");
    commit(&tree, "begin");
    let habit = "console.log(process.env.API_SECRET);\n";
    tree.file("gone.js", habit);
    tree.file("stays.js", habit);
    commit(&tree, "habits");
    tree.file("gone.js", "let a;\n");
    tree.file(".env", "API_TOKEN=<<an32>>\n");
    commit(&tree, "more");
    let report = tree.keyward(&["scan", "--format", "json", "--since", "HEAD~2"]);
    let places = report.places();
    assert!(
        places.iter().any(|place| place.contains("stays.js")),
        "{places:?}"
    );
    assert!(
        !places.iter().any(|place| place.contains("gone.js")),
        "{places:?}"
    );
    assert!(
        places.iter().any(|p| p.starts_with("env-file-tracked")),
        "{places:?}"
    );
}

#[test]
fn what_is_asked_for_wrongly_is_told_with_a_hint() {
    let (tree, ..) = removed();
    for (args, said) in [
        (&["--range", "main..nowhere"][..], "nowhere"),
        (&["--range", ""], "hint"),
        (&["--since", ""], "hint"),
        (&["--since", "main..x"], "--range main..x"),
        (&["--range", "a..b", "--staged"], "--staged"),
        (&["--range", "a..b", "--no-history"], "--no-history"),
        (&["--since", "main", "a.js"], "PATH"),
        (&["--history-only", "a.js"], "PATH"),
    ] {
        let run = scan(&tree, args);
        assert_eq!(run.code, 2, "{args:?}: {}", run.stdout);
        assert!(run.stderr.contains(said), "{args:?}: {}", run.stderr);
    }
    let plain = Tree::new();
    for args in [["--since", "main"], ["--range", "a..b"]] {
        let run = scan(&plain, &args);
        assert_eq!(run.code, 2);
        assert!(run.stderr.contains("git repository"), "{}", run.stderr);
    }
    let run = scan(&tree, &["--range", "HEAD..HEAD"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_eq!(run.json()["notices"][0]["kind"], "empty-range");
}

#[test]
fn a_bare_repository_and_a_linked_worktree_have_a_history() {
    let (tree, first, _) = removed();
    let expected = [format!("a.js:1 history false {}", seven(&first))];
    let other = Tree::new();
    let bare = other.path().join("bare.git");
    let to = bare.to_str().expect("a name");
    tree.git(&["clone", "-q", "--bare", ".", to]);
    for args in [&[][..], &["--history-only"], &["--since", "main~2"]] {
        let mut command = keyward(&bare);
        command.args(["scan", "--format", "json", "--only", ONLY]);
        let run = Run::of(command.args(args).output().expect("keyward runs"));
        assert_eq!((run.code, told(&run)), (1, expected.to_vec()), "{args:?}");
    }
    let linked = other.path().join("linked");
    let to = linked.to_str().expect("a name");
    tree.git(&["worktree", "add", "-q", "-b", "linked", to]);
    let mut command = keyward(&linked);
    command.args(["scan", "--format", "json", "--only", ONLY]);
    let run = Run::of(command.output().expect("keyward runs"));
    assert_eq!((run.code, told(&run)), (1, expected.to_vec()));
}

#[test]
fn a_shallow_clone_is_told_and_fails_unless_it_is_accepted() {
    let (tree, ..) = removed();
    let other = Tree::new();
    let from = format!("file://{}", tree.path().display());
    other.git(&["clone", "-q", "--depth", "1", &from, "clone"]);
    let scan = |args: &[&str]| {
        let mut command = keyward(&other.path().join("clone"));
        command.args(["scan", "--format", "json", "--only", ONLY]);
        Run::of(command.args(args).output().expect("keyward runs"))
    };
    let run = scan(&[]);
    assert_eq!((run.code, told(&run)), (2, vec![]));
    assert!(run.stderr.contains("--accept shallow"), "{}", run.stderr);
    assert_eq!(scan(&["--accept", "shallow"]).code, 0);
    assert_eq!(scan(&["--no-history"]).code, 0);
    // The beginning is not there at all, and that is no gap but a mistake.
    let run = scan(&["--since", "HEAD~1"]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("fetch-depth"), "{}", run.stderr);
    // A second depth is there, and it begins behind the cut.
    git(
        &other.path().join("clone"),
        &["fetch", "-q", "--depth", "2"],
    )
    .status()
    .expect("git runs");
    assert_eq!(scan(&["--since", "HEAD~1"]).code, 0);
}
