//! Repositories of every shape that git makes: all of their history is read, or it is told that it was not.

use super::*;
use crate::tree::keyward;

fn in_folder(folder: &Path, args: &[&str]) -> Run {
    let out = keyward(folder).args(args).output();
    Run::of(out.expect("keyward runs"))
}

#[test]
fn of_a_bare_repository_the_history_is_scanned_and_no_file_of_git() {
    let origin = leaky();
    let outer = Tree::new();
    let url = origin.path().to_str().expect("UTF-8");
    outer.git(&["clone", "-q", "--bare", url, "bare.git"]);
    let bare = outer.path().join("bare.git");
    // A description is text, as are hooks: none of them is a file of the project.
    let text = expand("t = ghp_<<an36>>\n");
    std::fs::write(bare.join("description"), text).expect("a file");
    for run in [
        in_folder(&bare, &["scan", "--format", "json"]),
        in_folder(&bare, &["scan", ".", "--format", "json"]),
        in_folder(outer.path(), &["scan", "bare.git", "--format", "json"]),
        in_folder(&bare.join("refs"), &["scan", "--format", "json"]),
        in_folder(&bare, &["scan", "--history-only", "--format", "json"]),
    ] {
        assert_whole(&run);
        assert_eq!(run.places(), [GONE]);
        assert_eq!(run.json()["stats"]["files"], 0);
    }
}

#[test]
fn a_bare_repository_without_its_history_is_nothing_to_scan() {
    let outer = Tree::new();
    outer.git(&["init", "-q", "--bare", "."]);
    let none = outer.keyward(&["scan", "--no-history"]);
    assert_eq!(none.code, 2, "{}", none.stdout);
    assert!(none.stderr.contains("bare"), "{}", none.stderr);
    let empty = scan(&outer);
    assert_eq!(empty.code, 0, "{}{}", empty.stdout, empty.stderr);
}

#[test]
fn a_linked_worktree_has_the_history_of_all() {
    let tree = leaky();
    let outer = Tree::new();
    let linked = outer.path().join("linked");
    let path = linked.to_str().expect("UTF-8");
    tree.git(&["worktree", "add", "-q", path]);
    assert_whole(&in_folder(&linked, &["scan", "--format", "json"]));
    // What is checked out there alone is history of the other.
    std::fs::write(linked.join("there.txt"), expand("u = ghp_<<an36>>\n")).expect("a file");
    let git = |args: &[&str]| {
        let out = git(&linked, args).output().expect("git runs");
        assert!(out.status.success(), "{args:?}");
    };
    git(&["checkout", "-q", "--detach"]);
    git(&["add", "--all"]);
    git(&["commit", "-q", "-m", "x"]);
    let run = scan(&tree);
    assert!(run.stdout.contains("there.txt"), "{}", run.stdout);
}

#[test]
fn stashes_notes_and_replaced_objects_are_history() {
    let tree = Tree::repository();
    tree.file("stays.txt", "one\n");
    commit(&tree);
    tree.file("stays.txt", "one\nt = ghp_<<an36>>\n");
    tree.git(&["stash", "-q"]);
    tree.file("stays.txt", "one\ntwo\n");
    tree.git(&["stash", "-q"]);
    let old = scan(&tree);
    assert!(
        finds(&old, "github-pat-classic critical stays.txt:2"),
        "{}",
        old.stdout
    );
    tree.git(&["stash", "clear"]);
    tree.git(&["gc", "-q", "--prune=now"]);
    assert_eq!(scan(&tree).code, 0, "nothing has it any more");

    tree.git(&["notes", "add", "-m", &expand("t = ghp_<<an36>>"), "HEAD"]);
    let note = scan(&tree);
    assert_eq!(note.code, 1, "{}", note.stdout);
    tree.git(&["notes", "remove", "HEAD"]);
    tree.git(&["update-ref", "-d", "refs/notes/commits"]);
    assert_eq!(scan(&tree).code, 0);

    let blob = token(&tree);
    let root = object(&tree, "tree", &entry("100644", b"gone.txt", &blob));
    let other = object(&tree, "commit", &commit_of(&root));
    tree.git(&["replace", "HEAD", &other]);
    assert_whole(&scan(&tree));
}

#[test]
fn what_was_replaced_or_grafted_away_is_history() {
    let replaced = leaky();
    let clean = object(&replaced, "blob", b"clean\n");
    let id = replaced.git(&["rev-parse", "HEAD~1:gone.txt"]);
    replaced.git(&["replace", id.trim(), &clean]);
    assert_whole(&scan(&replaced));

    let grafted = leaky();
    let head = grafted.git(&["rev-parse", "HEAD"]);
    grafted.bytes(".git/info/grafts", head.as_bytes());
    assert_whole(&scan(&grafted));
}

#[test]
fn what_a_reference_names_beside_commits_is_read() {
    for name in ["blob", "tree", "tag of a blob"] {
        let tree = Tree::repository();
        tree.file("README", "nothing\n");
        commit(&tree);
        let blob = token(&tree);
        let mut id = blob.clone();
        let mut place = "github-pat-classic critical refs/tags/odd:1";
        match name {
            "tree" => {
                let inner = object(&tree, "tree", &entry("100644", b"a.js", &blob));
                id = object(&tree, "tree", &entry("40000", b"src", &inner));
                place = "github-pat-classic critical refs/tags/odd/src/a.js:1";
            }
            "tag of a blob" => {
                let tag =
                    format!("object {blob}\ntype blob\ntag odd\ntagger A <a@b> 1 +0000\n\nx\n");
                id = object(&tree, "tag", tag.as_bytes());
            }
            _ => {}
        }
        assert_eq!(scan(&tree).code, 0, "{name}: nothing names it");
        tree.git(&["update-ref", "refs/tags/odd", &id]);
        let run = scan(&tree);
        assert_eq!(run.code, 1, "{name}: {}", run.stderr);
        assert!(finds(&run, place), "{name}: {}", run.stdout);
    }
}

#[test]
fn a_key_under_a_name_of_its_own_is_found_in_a_script() {
    let tree = Tree::repository();
    tree.file("a.py", "STEAM_KEY = '<<an32>>'\n");
    commit(&tree);
    let id = |run: &Run| run.json()["findings"][0]["id"].clone();
    let there = id(&scan(&tree));
    assert_eq!(there, "hardcoded-credential");
    tree.file("a.py", "");
    commit(&tree);
    assert_eq!(id(&scan(&tree)), there);
}

#[test]
fn a_token_in_the_name_of_a_branch_is_not_shown() {
    let tree = leaky();
    let secret = expand("<<an36>>");
    let branch = ["refs/heads/gh", "p_", &secret].concat();
    tree.git(&["update-ref", &branch, "HEAD"]);
    for format in ["json", "text"] {
        let run = tree.keyward(&["scan", "--format", format]);
        assert_eq!(run.code, 1, "{}", run.stderr);
        assert!(!run.stdout.contains(&secret) && !run.stderr.contains(&secret));
    }
}

#[test]
fn what_a_merge_alone_brings_is_found() {
    let tree = Tree::repository();
    tree.file("stays.txt", "one\n");
    commit(&tree);
    tree.git(&["checkout", "-q", "-b", "side"]);
    tree.file("side.txt", "two\n");
    commit(&tree);
    tree.git(&["checkout", "-q", "main"]);
    tree.file("main.txt", "three\n");
    commit(&tree);
    tree.git(&["merge", "-q", "--no-commit", "side"]);
    tree.file("gone.txt", "t = ghp_<<an36>>\n");
    commit(&tree);
    tree.git(&["rm", "-q", "gone.txt"]);
    commit(&tree);
    assert_whole(&scan(&tree));
}

#[test]
fn objects_may_be_loose_packed_or_in_many_packs() {
    let tree = leaky();
    assert_whole(&scan(&tree));
    tree.git(&["repack", "-q", "-d"]);
    for text in ["one", "two", "three"] {
        tree.file("stays.txt", text);
        commit(&tree);
        tree.git(&["repack", "-q", "-d"]);
    }
    assert!(files(&tree.path().join(".git/objects/pack")).len() >= 8);
    assert_whole(&scan(&tree));
    tree.git(&["multi-pack-index", "write", "--bitmap"]);
    assert_whole(&scan(&tree));
    tree.git(&["commit-graph", "write", "--reachable"]);
    tree.git(&["pack-refs", "--all"]);
    assert_whole(&scan(&tree));
    // What the multi-pack index says is not needed.
    let index = tree.path().join(".git/objects/pack/multi-pack-index");
    writable(&index);
    std::fs::write(index, b"garbage").expect("a file");
    assert_whole(&scan(&tree));
    tree.git(&["gc", "-q", "--cruft"]);
    assert_whole(&scan(&tree));
}

#[test]
fn references_that_cannot_be_read_are_told() {
    let tree = Tree::new();
    tree.git(&["init", "-q", "-b", "main", "--ref-format=reftable"]);
    leak(&tree);
    tree.file("here.txt", "t = ghp_<<an36>>\n");
    let run = scan(&tree);
    assert_gap(&run, "unreadable", "reftable");
    assert!(finds(&run, "github-pat-classic critical here.txt:1"));
}

#[test]
fn objects_by_sha256_are_told() {
    let tree = Tree::new();
    tree.git(&["init", "-q", "-b", "main", "--object-format=sha256"]);
    leak(&tree);
    tree.file("here.txt", "t = ghp_<<an36>>\n");
    let run = scan(&tree);
    assert_gap(&run, "unreadable", "SHA-256");
    assert!(finds(&run, "github-pat-classic critical here.txt:1"));
}

#[test]
fn indexes_that_cannot_be_read_hide_no_history() {
    let split = leaky();
    split.git(&["update-index", "--split-index"]);
    let run = scan(&split);
    assert_gap(&run, "unreadable", "split");
    assert!(finds(&run, GONE));

    let sparse = leaky();
    sparse.file("a/b/c.txt", "x\n");
    sparse.file("d/e.txt", "x\n");
    commit(&sparse);
    sparse.git(&["sparse-checkout", "set", "--cone", "--sparse-index", "d"]);
    let run = scan(&sparse);
    assert_gap(&run, "unreadable", "sparse");
    assert!(finds(&run, GONE));
}

#[test]
fn what_a_sparse_checkout_leaves_out_is_told_once() {
    let tree = leaky();
    tree.file("a/b.txt", "x\n");
    tree.file("a/c.txt", "t = ghp_<<an36>>\n");
    tree.file("d/e.txt", "x\n");
    commit(&tree);
    tree.git(&["sparse-checkout", "set", "--cone", "--no-sparse-index", "d"]);
    let run = scan(&tree);
    assert_told(&run, 1, "sparse", "2 files");
    // HEAD has it.
    assert!(
        finds(&run, "github-pat-classic critical a/c.txt:1"),
        "{}",
        run.stdout
    );
}

#[test]
fn submodules_that_are_not_there_are_told_once() {
    let tree = leaky();
    for name in ["one", "two"] {
        let info = format!("160000,{},{name}", "1".repeat(40));
        tree.git(&["update-index", "--add", "--cacheinfo", &info]);
    }
    std::fs::create_dir(tree.path().join("one")).expect("a folder");
    tree.git(&["commit", "-q", "-m", "x"]);
    let run = scan(&tree);
    assert_told(&run, 1, "submodule", "2 submodules are not here");
    assert_eq!(notices(&run).len(), 1, "{:?}", notices(&run));
    assert!(finds(&run, GONE));
}

#[test]
fn pointers_of_git_lfs_are_told_once() {
    let tree = leaky();
    for name in ["a.bin", "b.env", "c.pem"] {
        let text = format!(
            "version https://git-lfs.github.com/spec/v1\noid sha256:{}\nsize 123\n",
            "4d".repeat(32)
        );
        tree.bytes(name, text.as_bytes());
    }
    commit(&tree);
    let run = scan(&tree);
    assert_told(&run, 1, "lfs", "3 files");
    assert_eq!(notices(&run).len(), 1, "{:?}", notices(&run));
    assert!(finds(&run, GONE));
}

#[cfg(unix)]
#[test]
fn links_and_pipes_in_the_tree_are_not_followed() {
    use std::os::unix::fs::symlink;
    let tree = leaky();
    for (target, name) in [
        (".", "loop"),
        ("self", "self"),
        ("/dev/zero", "zero"),
        (".git", "inner"),
    ] {
        symlink(target, tree.path().join(name)).expect("a link");
    }
    commit(&tree);
    let made = std::process::Command::new("mkfifo")
        .arg(tree.path().join("pipe"))
        .status();
    assert!(made.expect("mkfifo runs").success());
    let run = scan(&tree);
    assert_eq!(run.code, 1, "{}", run.stdout);
    assert_eq!(run.places(), [GONE]);
    assert!(
        notices(&run)
            .iter()
            .all(|notice| notice.starts_with("link: ")),
        "{}",
        run.stdout
    );
}

#[test]
fn a_repository_in_an_ignored_folder_is_a_scan_of_its_own() {
    let tree = leaky();
    tree.bytes(".gitignore", b"/vendored/\n");
    commit(&tree);
    let inner = tree.path().join("vendored/inner");
    std::fs::create_dir_all(&inner).expect("a folder");
    let run = |args: &[&str]| {
        let out = git(&inner, args).output().expect("git runs");
        assert!(out.status.success(), "{args:?}");
    };
    run(&["init", "-q", "-b", "main"]);
    std::fs::write(inner.join("inner.txt"), expand("u = ghp_<<an36>>\n")).expect("a file");
    run(&["add", "--all"]);
    run(&["commit", "-q", "-m", "x"]);
    run(&["rm", "-q", "inner.txt"]);
    run(&["commit", "-q", "-m", "x"]);
    let outer = scan(&tree);
    assert_eq!(outer.places(), [GONE], "{}", outer.stdout);
    std::fs::create_dir_all(&inner).expect("git takes empty folders away");
    let own = in_folder(&inner, &["scan", "--format", "json"]);
    assert_eq!(own.places(), ["github-pat-classic critical inner.txt:1"]);
}
