//! Objects that no git makes: names that lead out of the tree, trees without end, commits that say odd things.

use super::*;

#[test]
fn names_of_files_are_only_names() {
    let outside = Tree::new();
    let mark = outside.file("a.txt", "x\n");
    let tree = Tree::repository();
    let blob = token(&tree);
    let names: [&[u8]; 10] = [
        b"..",
        b".",
        b".git",
        b".GIT",
        b"a/../../b",
        b"/etc/passwd",
        b"line\nbreak",
        b"\x1b[31mred\x07",
        b"caf\xe9\xff",
        b"\xe2\x80\xaemoc.exe",
    ];
    let lines: Vec<Vec<u8>> = names.map(|name| entry("100644", name, &blob)).to_vec();
    let root = object(&tree, "tree", &lines.concat());
    main_is(&tree, &root);
    for format in formats() {
        let run = tree.keyward(&["scan", "--format", format]);
        assert_eq!(run.code, 1, "{format}: {}{}", run.stdout, run.stderr);
        let shown = [run.stdout, run.stderr].concat();
        let raw = |c: char| c.is_control() && c != '\n' || c == '\u{202e}';
        assert!(!shown.contains(raw), "{format}: {shown:?}");
    }
    let run = scan(&tree);
    assert_eq!(run.places().len(), names.len(), "{}", run.stdout);
    assert!(mark.exists());
}

#[test]
fn trees_that_are_no_trees_are_told() {
    for bytes in [
        &b"garbage"[..],
        b"100644 a",
        b"100644 a\0short",
        b"\0\0\0\0",
        b"99999999999999999999 a\0aaaaaaaaaaaaaaaaaaaa",
    ] {
        let tree = leaky();
        let root = object(&tree, "tree", bytes);
        let commit = object(&tree, "commit", &commit_of(&root));
        tree.bytes(".git/refs/heads/odd", format!("{commit}\n").as_bytes());
        let run = scan(&tree);
        assert_gap(&run, "unreadable", "object");
        assert!(finds(&run, GONE), "{bytes:?}: {}", run.stdout);
    }
}

// It takes more than a minute where nothing is optimized: `cargo test --release -- --ignored`.
#[test]
#[ignore = "slow without optimization"]
fn a_tree_of_more_folders_than_atoms_comes_to_an_end() {
    let tree = leaky();
    let blob = object(&tree, "blob", b"x\n");
    let mut id = object(&tree, "tree", &entry("100644", b"f", &blob));
    for _ in 0..30 {
        let lines: Vec<_> = (b'a'..=b'j')
            .map(|name| entry("40000", &[name], &id))
            .collect();
        id = object(&tree, "tree", &lines.concat());
    }
    let commit = object(&tree, "commit", &commit_of(&id));
    tree.bytes(".git/refs/heads/bomb", format!("{commit}\n").as_bytes());
    let run = scan(&tree);
    assert_gap(&run, "unreadable", "more folders than are followed");
    assert!(finds(&run, GONE), "{} places", run.places().len());
}

#[test]
fn folders_may_lie_deeper_than_a_path_is_long() {
    let tree = Tree::repository();
    let mut id = object(&tree, "tree", &entry("100644", b"f", &token(&tree)));
    for _ in 0..1500 {
        id = object(&tree, "tree", &entry("40000", b"folder", &id));
    }
    main_is(&tree, &id);
    let run = scan(&tree);
    // Either it is followed to its end or it is told that it was not.
    assert!(run.code == 2 || run.places().len() == 1, "{}", run.stdout);
}

#[test]
fn odd_commits_are_read_as_far_as_they_go() {
    let tree = Tree::repository();
    let root = object(&tree, "tree", &entry("100644", b"gone.txt", &token(&tree)));
    for (name, head) in [
        (
            "plain",
            "author a <a@b> 1 +0000\ncommitter a <a@b> 1 +0000\n",
        ),
        ("none", ""),
        (
            "latin",
            "author J\u{e9} <a@b> 1700000000 +0000\ncommitter a <a@b> 1700000000 +0000\nencoding ISO-8859-1\n",
        ),
        (
            "early",
            "author a <a@b> -99999999999 -9999\ncommitter a <a@b> -99999999999 -9999\n",
        ),
        (
            "late",
            "author a <a@b> 99999999999999999999 +9999\ncommitter a <a@b> 99999999999999999999 +9999\n",
        ),
        (
            "escape",
            "author \u{1b}[31m <\u{7}> 1 +0000\ncommitter a <a@b> x y\n",
        ),
        (
            "signed",
            "author a <a@b> 1 +0000\ncommitter a <a@b> 1 +0000\ngpgsig -----BEGIN\n tree 0\n parent 0\n",
        ),
        (
            "mergetag",
            "author a <a@b> 1 +0000\ncommitter a <a@b> 1 +0000\nmergetag object 0\n type commit\n",
        ),
    ] {
        let text = format!("tree {root}\n{head}\nx\n");
        let commit = object(&tree, "commit", text.as_bytes());
        tree.bytes(
            &format!(".git/refs/heads/{name}"),
            format!("{commit}\n").as_bytes(),
        );
    }
    for format in formats() {
        let run = tree.keyward(&["scan", "--format", format]);
        assert_eq!(run.code, 1, "{format}: {}{}", run.stdout, run.stderr);
        assert!(!run.stdout.contains('\u{1b}') && !run.stdout.contains('\u{7}'));
    }
    assert!(finds(&scan(&tree), GONE));
}

#[test]
fn commits_without_a_tree_are_told() {
    let tree = leaky();
    for (name, text) in [
        ("empty", ""),
        ("prose", "hello\n"),
        ("short", "tree 12\n"),
        ("parent", "parent 1\n"),
    ] {
        let commit = object(&tree, "commit", text.as_bytes());
        tree.bytes(
            &format!(".git/refs/heads/{name}"),
            format!("{commit}\n").as_bytes(),
        );
    }
    assert_gap(&scan(&tree), "unreadable", "refs/heads/prose");
}

#[test]
fn tags_may_hang_on_tags_and_on_files() {
    let tree = Tree::repository();
    let blob = token(&tree);
    let tag = |kind: &str, id: &str, name: &str| {
        let text = format!("object {id}\ntype {kind}\ntag {name}\ntagger a <a@b> 1 +0000\n\nx\n");
        object(&tree, "tag", text.as_bytes())
    };
    let root = object(&tree, "tree", &entry("100644", b"gone.txt", &blob));
    let mut id = tag("commit", &object(&tree, "commit", &commit_of(&root)), "t");
    for i in 0..8 {
        id = tag("tag", &id, &format!("t{i}"));
    }
    tree.bytes(".git/refs/tags/deep", format!("{id}\n").as_bytes());
    assert_whole(&scan(&tree));
    for _ in 0..100 {
        id = tag("tag", &id, "more");
    }
    tree.bytes(".git/refs/tags/deeper", format!("{id}\n").as_bytes());
    assert_gap(&scan(&tree), "unreadable", "refs/tags/deeper");
}

#[test]
fn links_and_submodules_of_the_history_lead_nowhere() {
    let tree = leaky();
    let target = object(&tree, "blob", b"/etc/passwd");
    let lines = [
        entry("120000", b"link", &target),
        entry("160000", b"module", &"1".repeat(40)),
    ];
    let root = object(&tree, "tree", &lines.concat());
    let commit = object(&tree, "commit", &commit_of(&root));
    tree.bytes(".git/refs/heads/odd", format!("{commit}\n").as_bytes());
    assert_whole(&scan(&tree));
}

#[test]
fn a_blob_of_very_many_zeros_is_passed_over() {
    let tree = leaky();
    let file = std::fs::File::create(tree.path().join("zeros")).expect("a file");
    file.set_len(48 << 20).expect("a sparse file");
    commit(&tree);
    std::fs::remove_file(tree.path().join("zeros")).expect("a file");
    commit(&tree);
    let run = scan(&tree);
    assert_whole(&run);
    tree.git(&["gc", "-q"]);
    assert_whole(&scan(&tree));
}

#[test]
fn messages_that_are_not_read_are_told() {
    let tree = leaky();
    // So many control characters make it no text.
    let noise = "\u{1}".repeat(64);
    let said = format!("{noise}\n{}", expand("t = ghp_<<an36>>\n"));
    let root = tree.git(&["rev-parse", "HEAD^{tree}"]);
    let parent = tree.git(&["rev-parse", "HEAD"]);
    let text = format!(
        "tree {}\nparent {}\nauthor a <a@b> 1 +0000\ncommitter a <a@b> 1 +0000\n\n{said}",
        root.trim(),
        parent.trim()
    );
    let commit = object(&tree, "commit", text.as_bytes());
    tree.bytes(".git/refs/heads/main", format!("{commit}\n").as_bytes());
    let text = format!("object {commit}\ntype commit\ntag v1\ntagger a <a@b> 1 +0000\n\n{said}");
    let tag = object(&tree, "tag", text.as_bytes());
    tree.bytes(".git/refs/tags/v1", format!("{tag}\n").as_bytes());
    let of_commit = format!("commit:{}", &commit[..12]);
    let passed_over = |args: &[&str]| -> Vec<String> {
        let run = tree
            .keyward(&[&["scan", "--format", "json"], args].concat())
            .json();
        let notices = run["notices"].as_array().expect("notices").iter();
        let binary = notices.filter(|notice| notice["kind"] == "binary");
        let paths = binary.map(|notice| notice["path"].as_str().unwrap_or_default().to_owned());
        paths.collect()
    };
    assert_eq!(passed_over(&[]), [of_commit.as_str(), "tag:v1"]);
    tree.git(&["gc", "-q"]);
    assert_eq!(passed_over(&[]), [of_commit.as_str(), "tag:v1"]);
    assert_eq!(passed_over(&["--since", "HEAD~1"]), [of_commit.as_str()]);
}
