//! Packs that no git writes: deltas that stand on themselves, and few bytes that ask for very many.

use super::*;

/// An entry: its kind, what stands between its head and its bytes, its bytes, and its id.
type Entry<'a> = (u8, &'a [u8], &'a [u8], [u8; 20]);

fn write_pack(tree: &Tree, entries: &[Entry<'_>]) {
    let mut packer = libdeflater::Compressor::new(libdeflater::CompressionLvl::fastest());
    let mut pack = b"PACK\0\0\0\x02".to_vec();
    pack.extend((entries.len() as u32).to_be_bytes());
    let mut order = Vec::new();
    for (kind, base, bytes, id) in entries {
        order.push((*id, pack.len() as u32));
        let mut size = bytes.len() >> 4;
        pack.push(kind << 4 | bytes.len() as u8 & 15 | u8::from(size > 0) << 7);
        while size > 0 {
            pack.push(size as u8 & 127 | u8::from(size > 127) << 7);
            size >>= 7;
        }
        pack.extend(*base);
        let mut packed = vec![0; packer.zlib_compress_bound(bytes.len())];
        let length = packer.zlib_compress(bytes, &mut packed);
        pack.extend(&packed[..length.expect("there is room")]);
    }
    pack.extend([0; 20]);
    order.sort_unstable();
    let mut index = b"\xfftOc\0\0\0\x02".to_vec();
    for byte in 0..=255 {
        let count = order.iter().filter(|(id, _)| id[0] <= byte).count();
        index.extend((count as u32).to_be_bytes());
    }
    index.extend(order.iter().flat_map(|(id, _)| *id));
    index.extend(vec![0; 4 * order.len()]);
    index.extend(order.iter().flat_map(|(_, offset)| offset.to_be_bytes()));
    index.extend([0; 40]);
    tree.bytes(".git/objects/pack/pack-1.idx", &index);
    tree.bytes(".git/objects/pack/pack-1.pack", &pack);
}

/// The id of such bytes, as it is written.
fn hex(id: [u8; 20]) -> String {
    id.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// One byte copied of one.
const COPY: &[u8] = b"\x01\x01\x90\x01";

/// Each by a delta on itself: by way of others, by an id that two entries have, and by what stands on such a one.
fn rings() -> [(Tree, Vec<String>); 3] {
    let (a, b, c) = ([0xaa; 20], [0xbb; 20], [0xcc; 20]);
    let all: [&[Entry<'_>]; 3] = [
        &[(7, &b, COPY, a), (7, &a, COPY, b), (7, &a, COPY, c)],
        &[(7, &a, COPY, a), (6, b"\x20", COPY, b), (7, &b, COPY, c)],
        &[
            (3, b"", COPY, b),
            (7, &c, COPY, c),
            (7, &c, COPY, c),
            (7, &c, COPY, a),
        ],
    ];
    all.map(|entries| {
        let tree = Tree::repository();
        tree.file("stays.txt", "one\n");
        commit(&tree);
        write_pack(&tree, entries);
        let rings = entries.iter().filter(|entry| entry.0 != 3);
        (tree, rings.map(|entry| hex(entry.3)).collect())
    })
}

/// The scan ended, found nothing and named the object.
#[track_caller]
fn assert_names(tree: &Tree, args: &[&str], id: &str) {
    let run = tree.keyward(&[&["scan"], args].concat());
    let told = [run.stdout, run.stderr].concat();
    assert_eq!(run.code, 2, "{args:?}: {told}");
    assert!(told.contains(id), "{args:?}, {id}: {told}");
}

const OF_RANGES: [&[&str]; 3] = [&[], &["--range", "HEAD~1"], &["--since", "HEAD~1"]];

/// Found by fuzzing: libgit2 follows such deltas until the memory is full.
#[test]
fn deltas_that_stand_on_themselves_have_an_end() {
    for (tree, ids) in rings() {
        let before = tree.git(&["rev-parse", "HEAD"]);
        let commit_of = |root: &str| {
            let commit = String::from_utf8(commit_of(root)).expect("text");
            let text = commit.replacen("author", &format!("parent {}author", before), 1);
            object(&tree, "commit", text.as_bytes())
        };
        let main_is = |commit: &str| {
            tree.bytes(".git/refs/heads/main", format!("{commit}\n").as_bytes());
        };
        for id in &ids {
            main_is(&commit_of(&object(
                &tree,
                "tree",
                &entry("100644", b"f", id),
            )));
            for args in OF_RANGES {
                assert_names(&tree, args, id);
            }
            main_is(&commit_of(id));
            for args in OF_RANGES.into_iter().chain([&["--staged"][..]]) {
                assert_names(&tree, args, id);
            }
            main_is(id);
            assert_names(&tree, &["--staged"], id);
            assert_names(&tree, &["--range", before.trim()], id);
            main_is(before.trim());
            assert_names(&tree, &["--range", id], id);
            let staged = format!("100644,{id},ring.txt");
            tree.git(&["update-index", "--add", "--cacheinfo", &staged]);
            assert_names(&tree, &["--staged"], id);
            tree.git(&["reset", "-q"]);
        }
    }
}

/// A chain that is longer than git makes one: each object of it could ask for all before it to be made.
#[test]
fn chains_that_are_too_long_have_an_end() {
    let id = |at: u32| {
        let mut id = [0x11; 20];
        id[..4].copy_from_slice(&at.to_be_bytes());
        id
    };
    let tree = Tree::repository();
    let bases: Vec<_> = (0..5000).map(|at| id(at + 1)).collect();
    let deltas = bases.iter().zip(0..);
    let mut entries: Vec<Entry<'_>> = deltas
        .map(|(base, at)| (7, &base[..], COPY, id(at)))
        .collect();
    entries.push((3, b"", b"x", id(5000)));
    write_pack(&tree, &entries);
    let stage = |at: u32| {
        let staged = format!("100644,{},chain.txt", hex(id(at)));
        tree.git(&["update-index", "--add", "--cacheinfo", &staged]);
    };
    stage(0);
    assert_names(&tree, &["--staged"], &hex(id(0)));
    stage(5000 - 4095);
    assert_eq!(tree.keyward(&["scan", "--staged"]).code, 0);
}

/// Of 16 MiB, and 200 times 31 copies of them: 100 GiB of a pack of some 20 kB.
fn copies_of(kind: u8, whole: Vec<u8>) -> (Tree, Vec<[u8; 20]>) {
    const MIB: usize = 1 << 20;
    const TIMES: usize = 31;
    let size = |mut size: usize| {
        let mut bytes = Vec::new();
        while size > 127 {
            bytes.push(size as u8 | 128);
            size >>= 7;
        }
        bytes.push(size as u8);
        bytes
    };
    let mut delta = [size(16 * MIB), size(16 * MIB * TIMES)].concat();
    // The two lengths are 0xff0000 and 0x010000.
    (0..TIMES).for_each(|_| delta.extend(b"\xf0\0\0\xff\xf0\0\0\x01"));
    let tree = Tree::repository();
    let ids: Vec<[u8; 20]> = (0..200).map(|at| [at as u8 + 1; 20]).collect();
    let root = [0xee; 20];
    let mut entries: Vec<Entry<'_>> = vec![(kind, b"", &whole, root)];
    entries.extend(ids.iter().map(|id| (7, &root[..], &delta[..], *id)));
    write_pack(&tree, &entries);
    (tree, ids)
}

/// As often as it takes to fill 16 MiB.
fn repeated(line: &[u8]) -> Vec<u8> {
    line.iter().copied().cycle().take(16 << 20).collect()
}

// They take a minute each where nothing is optimized: `cargo test --release -- --ignored`.
#[test]
#[ignore = "slow without optimization"]
fn few_bytes_that_ask_for_very_many_have_an_end() {
    let commit = commit_of(&"1".repeat(40));
    let start = |line: &[u8]| [line, &repeated(b" ")[line.len()..]].concat();
    for (kind, whole) in [
        (1, start(&commit)),
        (2, start(&entry("100644", b"f", &"33".repeat(20)))),
        (3, start(b"x\n")),
    ] {
        let (tree, ids) = copies_of(kind, whole);
        let named = hex(ids[190]);
        match kind {
            1 => drop(tree.bytes(".git/refs/heads/main", format!("{named}\n").as_bytes())),
            2 => main_is(&tree, &named),
            _ => {
                let lines = ids.iter().map(|id| entry("100644", &id[..1], &hex(*id)));
                let lines: Vec<_> = lines.collect();
                main_is(&tree, &object(&tree, "tree", &lines.concat()));
            }
        };
        assert_gap(&scan(&tree), "unreadable", "asks for more to be made");
    }
}

/// Each line of a folder is kept, so they are counted as well as the bytes.
#[test]
#[ignore = "slow without optimization"]
fn few_bytes_that_ask_for_very_many_names_have_an_end() {
    // Of a line's length there are as many as fit, and 31 times of 16 MiB begin with a line.
    let line = entry("100644", b"f2345", &"33".repeat(20));
    let (tree, ids) = copies_of(2, repeated(&line));
    main_is(&tree, &hex(ids[190]));
    assert_gap(&scan(&tree), "unreadable", "more folders than are followed");
}
