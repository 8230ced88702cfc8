//! Writes what fuzzing of git's formats begins with: `cargo run --bin seeds`, in `fuzz/`, makes small repositories with git and fills
//! `corpus/git_delta`, `corpus/git_pack` and `corpus/git_history` with their packs.

use std::fs;
use std::path::Path;
use std::process::Command;

use keyward_fuzz::{Entry, OF_ID, OF_OFFSET, truth};

fn git(folder: &Path, args: &[&str]) {
    let mut git = Command::new("git");
    git.current_dir(folder)
        .args(["-c", "user.name=a", "-c", "user.email=a@example.com"]);
    git.env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_SYSTEM", "/dev/null");
    assert!(
        git.args(args).status().expect("git runs").success(),
        "git {args:?}"
    );
}

/// A repository whose files, folders, commits and tags are versions of one another, in one pack.
fn repository(folder: &Path, commits: usize, options: &[&str]) {
    git(folder, &["init", "--quiet", "--initial-branch=main"]);
    let mut lines: Vec<String> = (0..24).map(|i| format!("line {i} {}", i * 7919)).collect();
    for version in 0..commits {
        lines[version % 24] = format!("version {version}");
        fs::create_dir_all(folder.join("d/e")).expect("folders");
        fs::write(folder.join("a.txt"), lines.join("\n")).expect("a file");
        for name in 0..12 {
            let text = format!("{}\n", version / (name + 1));
            fs::write(folder.join(format!("d/{name}.txt")), &text).expect("a file");
            fs::write(folder.join("d/e/f"), text).expect("a file");
        }
        git(folder, &["add", "--all"]);
        git(
            folder,
            &[
                "commit",
                "--quiet",
                "--message",
                &format!(
                    "{}{version}",
                    "a message that is long enough to be a base ".repeat(3)
                ),
            ],
        );
        if version % 3 == 0 {
            git(
                folder,
                &["tag", "--annotate", "--message=x", &format!("v{version}")],
            );
        }
    }
    git(folder, &["checkout", "--quiet", "-b", "side", "HEAD~1"]);
    fs::write(folder.join("side"), "").expect("a file");
    git(folder, &["add", "--all"]);
    git(folder, &["commit", "--quiet", "--message=side"]);
    git(folder, &["merge", "--quiet", "--message=merge", "main"]);
    let repack = [
        "repack",
        "-a",
        "-d",
        "-f",
        "--depth=50",
        "--window=50",
        "--quiet",
    ];
    git(folder, &[options, &repack].concat());
}

/// The only pack of a repository: its index and itself.
fn pack(folder: &Path) -> (Vec<u8>, Vec<u8>) {
    let packs = fs::read_dir(folder.join(".git/objects/pack")).expect("packs");
    let paths = packs.map(|entry| entry.expect("an entry").path());
    let pack = paths
        .filter(|path| path.extension().is_some_and(|e| e == "pack"))
        .next()
        .expect("a pack");
    let read = |path: &Path| fs::read(path).expect("a file");
    (read(&pack.with_extension("idx")), read(&pack))
}

/// The entries of an honest pack, in the order of the file.
fn entries(index: &[u8], pack: &[u8]) -> Vec<Entry> {
    let word =
        |at: usize| u32::from_be_bytes(*index[at..].first_chunk().expect("four bytes")) as usize;
    let count = word(8 + 255 * 4);
    let id = |at: usize| *index[1032 + 20 * at..].first_chunk::<20>().expect("an id");
    let mut order: Vec<_> = (0..count)
        .map(|at| (word(1032 + 24 * count + 4 * at), id(at)))
        .collect();
    order.sort_unstable();
    let mut inflater = libdeflater::Decompressor::new();
    let mut entries = Vec::new();
    for (at, &(offset, id)) in order.iter().enumerate() {
        let mut rest = pack[offset..].iter();
        let mut next = || *rest.next().expect("a byte");
        let first = next();
        let (mut size, mut shift, mut byte) = (usize::from(first & 15), 4, first);
        while byte & 128 != 0 {
            byte = next();
            size |= usize::from(byte & 127) << shift;
            shift += 7;
        }
        let kind = first >> 4 & 7;
        let base = match kind {
            OF_OFFSET => {
                let mut byte = next();
                let mut back = usize::from(byte & 127);
                while byte & 128 != 0 {
                    byte = next();
                    back = (back + 1) << 7 | usize::from(byte & 127);
                }
                order.iter().position(|&(base, _)| base == offset - back)
            }
            OF_ID => {
                let base = [(); 20].map(|()| next());
                order.iter().position(|&(_, id)| id == base)
            }
            _ => None,
        };
        let mut data = vec![0; size];
        inflater
            .zlib_decompress(rest.as_slice(), &mut data)
            .expect("it inflates");
        let back = base.map_or(0, |base| (at + count - base) % count);
        let back = u8::try_from(back).expect("few entries");
        entries.push(Entry {
            how: kind,
            back,
            id,
            data,
        });
    }
    entries
}

fn main() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    let write = |target: &str, name: String, seed: Vec<u8>| {
        fs::create_dir_all(corpus.join(target)).expect("a folder");
        fs::write(corpus.join(target).join(name), seed).expect("a seed");
    };
    let by_id = ["-c", "repack.useDeltaBaseOffset=false"];
    for (i, (commits, options)) in [
        (2, &[][..]),
        (3, &by_id[..]),
        (5, &[]),
        (8, &by_id),
        (9, &[]),
    ]
    .into_iter()
    .enumerate()
    {
        let folder = tempfile::tempdir().expect("a folder");
        repository(folder.path(), commits, options);
        let (index, pack) = pack(folder.path());
        let entries = entries(&index, &pack);
        let truth = truth(&entries);
        let made = |entry: &Entry| truth[&entry.id].clone().expect("an honest pack");

        let mut of_files = vec![1];
        of_files.extend((index.len() as u16).to_le_bytes());
        of_files.extend([index, pack].concat());
        write("git_pack", format!("files-{i}"), of_files);

        let mut of_entries = vec![0];
        entries
            .iter()
            .for_each(|entry| entry.write(&mut of_entries));
        write(
            "git_history",
            format!("all-{i}"),
            of_entries[1..].to_owned(),
        );
        write("git_pack", format!("entries-{i}"), of_entries);

        let mut of_delta = 0;
        for (at, entry) in entries
            .iter()
            .enumerate()
            .filter(|(_, entry)| entry.kind() > 4)
        {
            let base = &entries[(at + entries.len() - usize::from(entry.back)) % entries.len()];
            let base = made(base).1;
            let mut seed = (base.len() as u16).to_le_bytes().to_vec();
            seed.extend([&base[..], &entry.data].concat());
            write("git_delta", format!("{i}-{at}"), seed);
            of_delta += 1;
        }
        println!("{} entries, {of_delta} deltas", entries.len());
    }
}
