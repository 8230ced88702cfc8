//! Repositories with something missing or damaged: what can be read is scanned, the rest is named.

use super::*;

/// A leaky repository in one pack.
fn one_pack() -> Tree {
    let tree = leaky();
    tree.git(&["gc", "-q", "--prune=now"]);
    tree
}

#[test]
fn a_detached_head_is_one() {
    let tree = leaky();
    tree.git(&["checkout", "-q", "--detach", "HEAD~1"]);
    tree.git(&["branch", "-q", "-D", "main"]);
    let run = scan(&tree);
    // What was checked out is in the tree again.
    assert_eq!(run.code, 1, "{}", run.stdout);
    assert!(finds(&run, GONE));
}

#[test]
fn a_branch_without_a_commit_hides_no_other() {
    let tree = leaky();
    tree.git(&["checkout", "-q", "--orphan", "empty"]);
    assert_whole(&scan(&tree));
}

#[test]
fn a_repository_without_a_commit_is_clean() {
    let tree = Tree::repository();
    let run = scan(&tree);
    assert_eq!((run.code, notices(&run).len()), (0, 0), "{}", run.stdout);
    tree.file("a.txt", "t = ghp_<<an36>>\n");
    assert_eq!(scan(&tree).code, 1, "what is not committed is read");
    let only = tree.keyward(&["scan", "--history-only"]);
    assert_eq!(only.code, 0, "{}{}", only.stdout, only.stderr);
}

#[test]
fn objects_that_nothing_names_are_no_history() {
    let tree = one_pack();
    std::fs::remove_file(tree.path().join(".git/packed-refs")).expect("a file");
    let _ = std::fs::remove_file(tree.path().join(".git/logs/HEAD"));
    let run = scan(&tree);
    assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
}

#[test]
fn a_head_that_cannot_be_read_is_told_and_the_rest_scanned() {
    for text in [
        &b"garbage"[..],
        b"ref: ../../../etc/passwd",
        b"ref: refs/heads/\x1b[31m",
        b"\xff\xfe\0\0",
        b"0123456789012345678901234567890123456789",
        b"",
    ] {
        let tree = leaky();
        tree.bytes(".git/HEAD", text);
        let run = scan(&tree);
        assert_gap(&run, "unreadable", "HEAD");
        assert!(finds(&run, GONE), "{text:?}: {}", run.stdout);
    }
}

#[test]
fn references_may_name_one_another_in_a_ring() {
    let tree = leaky();
    tree.bytes(".git/refs/heads/a", b"ref: refs/heads/b\n");
    tree.bytes(".git/refs/heads/b", b"ref: refs/heads/a\n");
    let run = scan(&tree);
    assert!(finds(&run, GONE));
    tree.bytes(".git/HEAD", b"ref: refs/heads/a\n");
    let run = scan(&tree);
    assert_gap(&run, "unreadable", "HEAD");
    assert!(finds(&run, GONE), "{}", run.stdout);
}

#[test]
fn what_a_reference_is_called_does_nothing_to_a_terminal() {
    let tree = leaky();
    let id = tree.git(&["rev-parse", "HEAD"]);
    let id = id.trim();
    let missing = "1".repeat(40);
    let packed = [
        b"# pack-refs with: peeled fully-peeled sorted \n".as_slice(),
        format!("{id} refs/heads/\x1b[31m\r\x07\n").as_bytes(),
        id.as_bytes(),
        b" refs/heads/\xff\xfe/../../x\n",
        format!("{missing} refs/heads/\x1b]0;evil\x07\n").as_bytes(),
        b"zz\n",
        b"\n",
    ]
    .concat();
    tree.bytes(".git/packed-refs", &packed);
    for format in formats() {
        let run = tree.keyward(&["scan", "--format", format]);
        assert_eq!(run.code, 1, "{format}: {}{}", run.stdout, run.stderr);
        let shown = [run.stdout, run.stderr].concat();
        let raw = |c: char| c.is_control() && c != '\n';
        assert!(!shown.contains(raw), "{format}: {shown:?}");
    }
    assert_gap(&scan(&tree), "unreadable", "refs/heads/");
}

#[test]
fn references_to_nothing_are_told() {
    let tree = leaky();
    tree.bytes(
        ".git/refs/heads/lost",
        format!("{}\n", "1".repeat(40)).as_bytes(),
    );
    tree.bytes(".git/refs/heads/garbled", b"not an id\n");
    let run = scan(&tree);
    assert_gap(&run, "unreadable", "refs/heads/lost");
    assert_gap(&run, "unreadable", "refs/heads/garbled");
    assert!(finds(&run, GONE));
}

#[test]
fn missing_objects_are_counted_and_the_rest_scanned() {
    for (what, found) in [
        ("HEAD~1:stays.txt", true),
        ("HEAD~1:gone.txt", false),
        ("HEAD~1^{tree}", false),
        ("HEAD~1", false),
        ("HEAD^{tree}", true),
    ] {
        let tree = leaky();
        let id = tree.git(&["rev-parse", what]);
        std::fs::remove_file(loose(&tree, id.trim())).expect("a file");
        let run = scan(&tree);
        assert_gap(&run, "unreadable", "1 object of the history");
        assert_eq!(finds(&run, GONE), found, "{what}: {}", run.stdout);
    }
}

#[test]
fn loose_objects_may_hold_anything() {
    for bytes in [&b""[..], b"garbage", &[0x78, 0x9c, 0xff, 0xff], &[0; 4096]] {
        let tree = leaky();
        let id = tree.git(&["rev-parse", "HEAD~1:stays.txt"]);
        let id = id.trim();
        std::fs::write(loose(&tree, id), bytes).expect("a file");
        let run = scan(&tree);
        assert_gap(&run, "unreadable", id);
        assert!(finds(&run, GONE), "{}", run.stdout);
    }
}

#[test]
fn one_object_under_the_id_of_another_kind_is_told() {
    let tree = leaky();
    let (blob, root) = (
        tree.git(&["rev-parse", "HEAD~1:stays.txt"]),
        tree.git(&["rev-parse", "HEAD~1^{tree}"]),
    );
    let bytes = std::fs::read(loose(&tree, blob.trim())).expect("a file");
    std::fs::write(loose(&tree, root.trim()), bytes).expect("a file");
    assert_gap(&scan(&tree), "unreadable", root.trim());
}

#[test]
fn every_flipped_byte_of_a_pack_is_survived() {
    let sound = one_pack();
    let pack = packed(&sound, "pack");
    let bytes = std::fs::read(&pack).expect("a pack");
    // Behind the head, before the checksum, which says nothing that is needed.
    for at in (12..bytes.len() - 20).step_by(7) {
        let mut bytes = bytes.clone();
        bytes[at] ^= 0x55;
        std::fs::write(&pack, bytes).expect("a pack");
        let run = scan(&sound);
        assert!((0..=2).contains(&run.code), "{at}: {}", run.stderr);
        // Either it was told that something is wrong, or what came out is what is there: never fewer in silence.
        assert!(run.code == 2 || finds(&run, GONE), "{at}: {}", run.stdout);
    }
}

#[test]
fn a_pack_that_was_cut_off_is_told() {
    let tree = one_pack();
    let pack = packed(&tree, "pack");
    let bytes = std::fs::read(&pack).expect("a pack");
    for length in [0, 4, 12, 40, bytes.len() / 2, bytes.len() - 40] {
        std::fs::write(&pack, &bytes[..length]).expect("a pack");
        let run = scan(&tree);
        assert_gap(&run, "unreadable", "");
    }
}

#[test]
fn an_index_that_lies_about_its_pack_is_told() {
    let tree = one_pack();
    let index = packed(&tree, "idx");
    let bytes = std::fs::read(&index).expect("an index");
    let objects =
        u32::from_be_bytes(bytes[8 + 255 * 4..8 + 256 * 4].try_into().expect("four")) as usize;
    let offsets = 8 + 256 * 4 + objects * 24;
    let with = |change: &dyn Fn(&mut Vec<u8>)| {
        let mut bytes = bytes.clone();
        change(&mut bytes);
        std::fs::write(&index, bytes).expect("an index");
        let run = scan(&tree);
        assert_gap(&run, "unreadable", "");
    };
    // A count of all that there can be, offsets beyond the file, all at one place, an entry of the other table, none at all.
    with(&|bytes| bytes[8 + 255 * 4..8 + 256 * 4].fill(0xff));
    with(&|bytes| bytes[offsets..offsets + 4 * objects].fill(0x7f));
    with(&|bytes| bytes[offsets..offsets + 4 * objects].fill(0));
    with(&|bytes| bytes[offsets] = 0xff);
    with(&|bytes| bytes.truncate(8 + 256 * 4));
    with(&|bytes| bytes.clear());
}

#[test]
fn an_index_without_its_pack_and_a_pack_without_its_index_are_told() {
    for ending in ["pack", "idx"] {
        let tree = one_pack();
        std::fs::remove_file(packed(&tree, ending)).expect("a file");
        let run = scan(&tree);
        assert_eq!(run.code, 2, "{ending}: {}{}", run.stdout, run.stderr);
    }
}

#[test]
fn sizes_that_a_pack_claims_are_not_believed() {
    let tree = one_pack();
    let pack = packed(&tree, "pack");
    let mut bytes = std::fs::read(&pack).expect("a pack");
    let sound = bytes.clone();
    // The first entry: its kind, and then a size of 2^60.
    bytes[12] |= 0x8f;
    bytes[13..20].fill(0xff);
    std::fs::write(&pack, &bytes).expect("a pack");
    assert_gap(&scan(&tree), "unreadable", "");
    // As many objects as can be counted.
    bytes = sound;
    bytes[8..12].fill(0xff);
    std::fs::write(&pack, &bytes).expect("a pack");
    let run = scan(&tree);
    assert!(run.code == 2 || finds(&run, GONE), "{}", run.stdout);
}

#[test]
fn a_shallow_clone_is_told_and_may_be_accepted() {
    let origin = leaky();
    let outer = Tree::new();
    let url = format!("file://{}", origin.path().display());
    outer.git(&["clone", "-q", "--depth=1", &url, "."]);
    let run = scan(&outer);
    assert_told(&run, 2, "shallow", "fetch-depth: 0");
    let accepted = outer.keyward(&["scan", "--format", "json", "--accept", "shallow"]);
    assert_told(&accepted, 0, "accepted", "cut off");
    // Nothing of the history is asked for.
    assert_eq!(outer.keyward(&["scan", "--no-history"]).code, 0);
}

#[test]
fn a_git_folder_that_is_half_there_is_an_error() {
    for part in ["HEAD", "objects", "refs"] {
        let tree = leaky();
        let path = tree.path().join(".git").join(part);
        let _ = std::fs::remove_file(&path);
        let _ = std::fs::remove_dir_all(&path);
        let run = tree.keyward(&["scan"]);
        assert_eq!(run.code, 2, "{part}: {}{}", run.stdout, run.stderr);
    }
    let tree = Tree::new();
    tree.bytes(".git", b"gitdir: /no/such/folder\n");
    assert_eq!(tree.keyward(&["scan"]).code, 2);
    tree.bytes(".git", b"gitdir: .git\n");
    assert_eq!(tree.keyward(&["scan"]).code, 2);
}

#[test]
fn an_index_of_git_that_is_damaged_is_told() {
    for bytes in [
        &b""[..],
        b"DIRC",
        b"DIRC\0\0\0\x02\xff\xff\xff\xff",
        &[0xff; 100],
    ] {
        let tree = leaky();
        tree.bytes(".git/index", bytes);
        let run = scan(&tree);
        assert_gap(&run, "unreadable", "index");
        assert!(finds(&run, GONE), "{}", run.stdout);
    }
}
