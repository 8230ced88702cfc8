//! Packs held against git, object by object.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use keyward::git::Oid;
use keyward::git::pack::{Kind, Object, Op, Pack, Visit};

use crate::repo::{Repo, git_command};

const KINDS: [Kind; 4] = [Kind::Commit, Kind::Tree, Kind::Blob, Kind::Tag];

/// A repository with many versions of some files, all of them in one pack.
fn packed(options: &[&str]) -> Repo {
    let repo = Repo::new();
    let mut lines: Vec<String> = (0..300).map(|i| format!("line {i} {}", i * 7919)).collect();
    for version in 0..40 {
        lines[version * 7] = format!("version {version}");
        if version % 3 == 0 {
            lines.insert(version, format!("new {version}"));
            lines.remove(200);
        }
        repo.write("a.txt", &lines.join("\n"));
        repo.write(
            &format!("d/{}.txt", version % 4),
            &lines[version..].join("\r\n"),
        );
        repo.write("empty", "");
        repo.commit();
    }
    repo.git(&["tag", "--annotate", "--message=x", "v1"]);
    let repack = [
        "repack",
        "-a",
        "-d",
        "-f",
        "--depth=50",
        "--window=50",
        "--quiet",
    ];
    repo.git(&[options, &repack].concat());
    repo
}

fn indices(repo: &Repo) -> Vec<PathBuf> {
    let folder = fs::read_dir(repo.join(".git/objects/pack")).expect("packs");
    let mut found: Vec<_> = folder.map(|e| e.expect("an entry").path()).collect();
    found.retain(|path| path.extension().is_some_and(|e| e == "idx"));
    found
}

/// All objects as git gives them.
fn told_by_git(repo: &Repo) -> BTreeMap<String, Vec<u8>> {
    let mut git = git_command(
        repo.path(),
        &["cat-file", "--batch-all-objects", "--batch", "--unordered"],
    );
    let out = git.output().expect("git runs").stdout;
    let mut rest = &out[..];
    let mut objects = BTreeMap::new();
    while !rest.is_empty() {
        let end = rest.iter().position(|&b| b == b'\n').expect("a head");
        let head = String::from_utf8_lossy(&rest[..end]).into_owned();
        let mut parts = head.split(' ');
        let oid = parts.next().expect("an id").to_owned();
        let size: usize = parts.nth(1).expect("a size").parse().expect("a number");
        objects.insert(oid, rest[end + 1..end + 1 + size].to_vec());
        rest = &rest[end + 2 + size..];
    }
    objects
}

/// Keeps all objects, and proves each delta by its base.
#[derive(Default)]
struct Seen {
    objects: BTreeMap<String, Vec<u8>>,
    deltas: usize,
    lost: Vec<String>,
}

impl Visit for Seen {
    type State = Vec<u8>;

    fn object(&mut self, object: Object<'_, Vec<u8>>) -> Vec<u8> {
        if let Some((base, ops)) = object.from {
            self.deltas += 1;
            let mut at = 0;
            for op in ops {
                match *op {
                    Op::Copy { from, length } => {
                        assert_eq!(object.data[at..at + length], base[from..from + length]);
                        at += length;
                    }
                    Op::Add { length } => at += length,
                }
            }
            assert_eq!(at, object.data.len());
        }
        let again = self
            .objects
            .insert(object.oid().to_string(), object.data.to_vec());
        assert_eq!(again, None, "{} was made twice", object.oid());
        object.data.to_vec()
    }

    fn lost(&mut self, oid: Oid, why: &str) {
        self.lost.push(format!("{oid}: {why}"));
    }
}

fn seen(pack: &Pack) -> Seen {
    let mut seen = Seen::default();
    for kind in KINDS {
        pack.walk(&pack.roots(kind), &mut seen);
    }
    seen
}

#[test]
fn every_object_is_what_git_says() {
    for options in [&[][..], &["-c", "repack.useDeltaBaseOffset=false"]] {
        let repo = packed(options);
        let truth = told_by_git(&repo);
        let [index] = &indices(&repo)[..] else {
            panic!("one pack")
        };
        let pack = Pack::open(index).expect("a pack");
        let seen = seen(&pack);
        assert!(seen.deltas > 60, "{} deltas", seen.deltas);
        assert_eq!(seen.lost, [""; 0]);
        assert_eq!(pack.strays(), []);
        assert_eq!(pack.len(), truth.len());
        assert!(seen.objects == truth, "{options:?}");
    }
}

#[test]
fn parts_of_the_roots_can_be_walked_at_once() {
    let repo = packed(&[]);
    let [index] = &indices(&repo)[..] else {
        panic!("one pack")
    };
    let pack = Pack::open(index).expect("a pack");
    let roots = KINDS.map(|kind| pack.roots(kind)).concat();
    let (left, right) = roots.split_at(roots.len() / 2);
    let walk = |roots: &[u32]| {
        let mut seen = Seen::default();
        pack.walk(roots, &mut seen);
        seen.objects
    };
    let both = std::thread::scope(|threads| {
        let left = threads.spawn(|| walk(left));
        let right = walk(right);
        let mut both = left.join().expect("no panic");
        both.extend(right);
        both
    });
    assert!(both == told_by_git(&repo));
}

#[test]
fn what_asks_for_too_much_to_be_made_is_told() {
    let repo = packed(&[]);
    let open = |most| {
        Pack::open(&indices(&repo)[0])
            .expect("a pack")
            .bounded(most)
    };
    let made: usize = told_by_git(&repo).values().map(Vec::len).sum();
    let half = seen(&open(made as u64 / 2));
    assert!(!half.objects.is_empty());
    assert_eq!(half.objects.len() + half.lost.len(), open(0).len());
    assert!(half.lost.iter().all(|lost| lost.contains("asks for more")));
    // The deltas themselves count too.
    assert_eq!(seen(&open(made as u64 * 2)).lost, [""; 0]);
}

#[test]
fn offsets_of_64_bits_are_followed() {
    let repo = packed(&[]);
    let [index] = &indices(&repo)[..] else {
        panic!("one pack")
    };
    // All offsets of more than a byte are written into the table of long ones.
    let pack = index.with_extension("pack");
    fs::remove_file(index).expect("an index");
    repo.git(&[
        "index-pack",
        "--index-version=2,0x100",
        pack.to_str().expect("a plain path"),
    ]);
    let seen = seen(&Pack::open(index).expect("a pack"));
    assert!(seen.objects == told_by_git(&repo));
}

#[test]
fn what_stands_on_an_object_elsewhere_is_a_stray() {
    let repo = packed(&["-c", "repack.useDeltaBaseOffset=false"]);
    let index = indices(&repo)[0].clone();
    let pack = index.with_extension("pack");
    let mut bytes = fs::read(&pack).expect("a pack");
    let truth = told_by_git(&repo);
    let named = truth.keys().find_map(|oid| {
        let oid = Oid::from_str(oid).expect("an id");
        bytes.windows(20).position(|part| part == oid.as_bytes())
    });
    // A delta names its base; now it names one that is not here.
    bytes[named.expect("a delta with an id")] ^= 0x55;
    fs::remove_file(&pack).expect("a pack");
    fs::write(&pack, &bytes).expect("a pack");
    let opened = Pack::open(&index).expect("a pack");
    let left = seen(&opened);
    assert!(!opened.strays().is_empty());
    assert_eq!(left.lost, [""; 0]);
    assert_eq!(left.objects.len() + opened.strays().len(), truth.len());
    let gone = |oid: &Oid| !left.objects.contains_key(&oid.to_string());
    assert!(opened.strays().iter().all(gone));
}

#[test]
fn broken_packs_give_what_is_left_of_them() {
    let repo = packed(&[]);
    let index = indices(&repo)[0].clone();
    let pack = index.with_extension("pack");
    let truth = told_by_git(&repo);
    let whole = fs::read(&pack).expect("a pack");
    let mut broken = whole.clone();
    let middle = broken.len() / 2;
    broken[middle..middle + 8].fill(0xff);
    fs::remove_file(&pack).expect("a pack");
    fs::write(&pack, &broken).expect("a pack");
    let opened = Pack::open(&index).expect("its heads are there");
    let left = seen(&opened);
    let gone = left.lost.len() + opened.strays().len();
    assert!(gone > 0 && left.objects.len() + gone == truth.len());
    assert!(left.objects.len() > truth.len() / 4);
    // A byte that is wrong inside is found by zlib's checksum, so that nothing false is given.
    assert!(left.objects.iter().all(|(oid, data)| truth[oid] == *data));
}

#[test]
fn files_that_are_no_packs_are_told() {
    let repo = packed(&[]);
    let index = indices(&repo)[0].clone();
    let good = fs::read(&index).expect("an index");
    let message = |bytes: &[u8]| {
        fs::remove_file(&index).expect("an index");
        fs::write(&index, bytes).expect("an index");
        Pack::open(&index)
            .err()
            .map(|e| e.to_string())
            .unwrap_or_default()
    };
    assert!(message(b"").contains("no index of version 2"));
    assert!(message(&[&good[..], b"1234"].concat()).contains("its length"));
    assert!(message(&good[..good.len() - 4]).contains("cut short"));
    assert!(message(&good[..900]).contains("cut short"));
    let mut many = good.clone();
    many[8 + 1020..8 + 1024].fill(0xff);
    assert!(message(&many).contains("cut short"));
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig { cases: 48, ..Default::default() })]

    #[test]
    fn no_byte_can_do_harm(at in 0.0..1.0f64, byte: u8, of_index: bool) {
        static REPO: std::sync::LazyLock<Repo> = std::sync::LazyLock::new(|| packed(&[]));
        let from = indices(&REPO)[0].clone();
        let folder = tempfile::tempdir().expect("a folder");
        let index = folder.path().join("p.idx");
        let mut bytes = [
            fs::read(&from).expect("an index"),
            fs::read(from.with_extension("pack")).expect("a pack"),
        ];
        let hit = &mut bytes[usize::from(!of_index)];
        let place = (at * hit.len() as f64) as usize;
        hit[place] = byte;
        fs::write(&index, &bytes[0]).expect("an index");
        fs::write(index.with_extension("pack"), &bytes[1]).expect("a pack");
        if let Ok(pack) = Pack::open(&index) {
            let seen = seen(&pack);
            proptest::prop_assert!(seen.objects.len() + seen.lost.len() <= pack.len());
        }
    }
}
