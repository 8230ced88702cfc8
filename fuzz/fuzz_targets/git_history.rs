//! Any commits, tags and trees, in a pack with deltas and in one without: no panic, one history, and each object by itself the same.

#![no_main]

use std::fs;
use std::path::Path;

use keyward::git::history::History;
use keyward::git::{Discover, Oid, Repository};
use keyward_fuzz::{Entry, Truth};

/// Each blob with its paths, the commits, and what is told of what is not there; ids and paths alone, as numbers may differ.
type Told = (
    Vec<(String, String, u32, u32, bool)>,
    Vec<String>,
    Vec<String>,
    usize,
    usize,
);

/// What is told of `entries` where the commits and tags of `named` have references.
fn told(folder: &Path, entries: &[Entry], named: &[Entry]) -> Told {
    let (index, pack) = keyward_fuzz::files(entries);
    let packs = folder.join("objects/pack");
    fs::create_dir_all(&packs).expect("a folder");
    fs::create_dir_all(folder.join("refs")).expect("a folder");
    fs::write(packs.join("pack-1.idx"), index).expect("an index");
    fs::write(packs.join("pack-1.pack"), pack).expect("a pack");
    let hex = |entry: &Entry| entry.id.map(|byte| format!("{byte:02x}")).concat();
    let named = named.iter().filter(|entry| matches!(entry.kind(), 1 | 4));
    let refs = named
        .enumerate()
        .map(|(i, entry)| format!("{} refs/heads/b{i}\n", hex(entry)));
    fs::write(folder.join("packed-refs"), refs.collect::<String>()).expect("references");
    fs::write(folder.join("HEAD"), "ref: refs/heads/b0\n").expect("a head");
    let repository = Repository::discover(folder, &Discover::default());
    let repository = repository.expect("usable").expect("a repository");
    let history = History::read(&repository).expect("a history");
    let mut blobs: Vec<_> = (history.blobs.iter())
        .map(|placed| {
            let (oid, path) = (history.objects.oid(placed.blob), history.path(placed.place));
            (
                oid.to_string(),
                path.to_string(),
                placed.first,
                placed.last,
                placed.in_head,
            )
        })
        .collect();
    blobs.sort();
    let commits = history
        .commits
        .iter()
        .map(|commit| format!("{} {}", commit.oid, commit.tree));
    let mut gaps = history.gaps.references;
    gaps.sort();
    (
        blobs,
        commits.collect(),
        gaps,
        history.gaps.missing,
        history.gaps.broken.len(),
    )
}

/// Each blob by itself is what an independent reading makes of it, and nothing else comes to no end.
fn singly(folder: &Path, entries: &[Entry], truth: &Truth) {
    let repository = Repository::discover(folder, &Discover::default());
    let repository = repository.expect("usable").expect("a repository");
    for entry in entries {
        let oid = Oid::from_bytes(&entry.id).expect("an id");
        let read = repository.read(oid);
        if let Some(Some((3, data))) = truth.get(&entry.id) {
            assert_eq!(read.as_ref().ok(), Some(data));
        }
    }
}

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let entries = keyward_fuzz::entries(data);
    let truth = keyward_fuzz::truth(&entries);
    let whole = entries.iter().map(|entry| {
        let (how, data) = truth.get(&entry.id)?.clone()?;
        Some(Entry {
            how,
            data,
            ..*entry
        })
    });
    let folder = keyward_fuzz::folder();
    let deltas = folder.join("deltas");
    match whole.collect::<Option<Vec<_>>>() {
        Some(whole) => {
            let of_deltas = told(&deltas, &entries, &whole);
            assert_eq!(of_deltas, told(&folder.join("whole"), &whole, &whole));
        }
        // What cannot be made in the one way may be made in the other.
        None => drop(told(&deltas, &entries, &entries)),
    }
    singly(&deltas, &entries, &truth);
});
