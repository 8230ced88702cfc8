//! All references of a repository: what git reaches its history from.
//!
//! Branches, tags, remote-tracking branches, notes, stashes (the older ones stand in the stash's log alone), the HEAD of every linked
//! worktree, and the one-off heads that merges and fetches leave. Reads files only, follows no symbolic links to folders.

use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::path::Path;

use git2::Oid;

use super::discover::{demand_file, small};
use super::{Repository, error};
use crate::model::Result;

/// References of one repository: 100 times what the largest have. What is beyond is an error, not left out in silence.
const MOST: usize = 2_000_000;
/// Folders in one another below `refs/`.
const DEEPEST: usize = 64;
/// Heads that git writes beside HEAD, each with the commits it names on its lines.
const HEADS: &[&str] = &[
    "HEAD",
    "ORIG_HEAD",
    "FETCH_HEAD",
    "MERGE_HEAD",
    "CHERRY_PICK_HEAD",
    "REVERT_HEAD",
];

/// What a reference is, and the object that it names: a commit, a tag, or for odd ones a tree or a blob.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reference {
    /// Its whole name: `refs/heads/main`, `stash@{2}`, `HEAD`.
    pub name: String,
    /// The object that it names.
    pub oid: Oid,
}

impl Repository {
    /// All references, by name. Symbolic ones are left out where what they name is a reference itself; broken ones are told by
    /// name behind the list.
    ///
    /// # Errors
    /// The references are kept as a reftable, are more than anybody has, or their files cannot be read.
    pub fn references(&self) -> Result<(Vec<Reference>, Vec<String>)> {
        let mut found = Found::default();
        let common = self.common_dir();
        if common.join("reftable").is_dir() {
            return Err(error(
                format!("cannot read the references of {}", self.git_dir().display()),
                "they are kept as a reftable, which is not supported\n  hint: `git refs migrate --ref-format=files` turns them into files",
            ));
        }
        let packed = common.join("packed-refs");
        match demand_file(&packed).and_then(|()| fs::read(&packed)) {
            Ok(packed) => packed
                .split(|&b| b == b'\n')
                .for_each(|line| found.packed(line)),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => {}
            Err(e) => {
                let what = format!("cannot read {}", packed.display());
                return Err(error(what, e));
            }
        }
        let mut folders = vec![common.to_owned()];
        if self.git_dir() != common {
            folders.push(self.git_dir().to_owned());
        }
        let worktrees = fs::read_dir(common.join("worktrees")).into_iter().flatten();
        folders.extend(worktrees.flatten().map(|entry| entry.path()));
        folders.dedup();
        for folder in &folders {
            found.folder(&folder.join("refs"), "refs", DEEPEST);
            for head in HEADS {
                found.head(&folder.join(head), head);
            }
        }
        found.stashes(&common.join("logs/refs/stash"));
        if found.oids.len() >= MOST {
            return Err(error(
                format!("cannot read the references of {}", self.git_dir().display()),
                "there are more than two million",
            ));
        }
        let references = found
            .oids
            .into_iter()
            .map(|(name, oid)| Reference { name, oid });
        Ok((references.collect(), found.broken))
    }

    /// Whether part of its history was left behind when it was cloned.
    pub fn is_shallow(&self) -> bool {
        !self.shallow().is_empty()
    }

    /// The commits whose parents were left behind when the repository was cloned.
    pub(super) fn shallow(&self) -> HashSet<Oid> {
        let file = self.common_dir().join("shallow");
        let bytes = demand_file(&file).and_then(|()| fs::read(file));
        let bytes = bytes.unwrap_or_default();
        bytes.split(|&b| b == b'\n').filter_map(oid).collect()
    }
}

#[derive(Default)]
struct Found {
    oids: BTreeMap<String, Oid>,
    broken: Vec<String>,
}

impl Found {
    fn add(&mut self, name: String, oid: Oid) {
        if self.oids.len() < MOST {
            self.oids.insert(name, oid);
        }
    }

    /// A line of `packed-refs`: an id and a name. `#` and `^` begin what is none.
    fn packed(&mut self, line: &[u8]) {
        let Some((id, name)) = line.split_at_checked(40) else {
            return;
        };
        let name = name.strip_prefix(b" ").map(<[u8]>::trim_ascii_end);
        if let (Some(oid), Some(name)) = (oid(id), name) {
            self.add(String::from_utf8_lossy(name).into_owned(), oid);
        }
    }

    /// The references whose files lie below a folder; they go before packed ones.
    fn folder(&mut self, folder: &Path, name: &str, depth: usize) {
        if depth == 0 {
            self.broken.push(name.to_owned());
            return;
        }
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let name = format!("{name}/{}", entry.file_name().to_string_lossy());
            match entry.file_type() {
                Ok(kind) if kind.is_dir() => self.folder(&entry.path(), &name, depth - 1),
                // git writes `main.lock` while it changes `main`.
                Ok(_) if name.ends_with(".lock") => {}
                Ok(_) => match small(&entry.path()).map(|bytes| bytes.trim_ascii().to_vec()) {
                    Ok(value) if value.starts_with(b"ref:") => {}
                    Ok(value) => match oid(&value) {
                        Some(oid) => self.add(name, oid),
                        None => self.broken.push(name),
                    },
                    Err(_) => self.broken.push(name),
                },
                Err(_) => self.broken.push(name),
            }
        }
    }

    /// A head beside the references: the ids that its lines begin with. The first is known by the head's own name.
    fn head(&mut self, file: &Path, name: &str) {
        let bytes = small(file).unwrap_or_default();
        let ids = bytes
            .split(|&b| b == b'\n')
            .filter_map(|line| oid(line.get(..40)?));
        for (i, oid) in ids.enumerate() {
            let name = match i {
                0 => name.to_owned(),
                _ => format!("{name}#{i}"),
            };
            if self.oids.get(&name).is_none_or(|known| *known == oid) {
                self.add(name, oid);
            } else {
                self.add(format!("{name} of {}", file.display()), oid);
            }
        }
    }

    /// The log of the stash, whose second word is what each line put there. The newest, which stands last, is `stash@{0}`.
    fn stashes(&mut self, log: &Path) {
        let Ok(bytes) = demand_file(log).and_then(|()| fs::read(log)) else {
            return;
        };
        let put = bytes
            .split(|&b| b == b'\n')
            .filter_map(|line| oid(line.get(41..81)?));
        let put: Vec<_> = put.take(MOST).collect();
        for (i, oid) in put.iter().rev().enumerate() {
            // The newest is what `refs/stash` names.
            if i == 0 && self.oids.get("refs/stash") == Some(oid) {
                continue;
            }
            self.add(format!("stash@{{{i}}}"), *oid);
        }
    }
}

/// An id in hexadecimal, whole; none of a ref that was deleted.
fn oid(hex: &[u8]) -> Option<Oid> {
    let hex = std::str::from_utf8(hex)
        .ok()
        .filter(|hex| hex.len() == 40)?;
    Oid::from_str(hex).ok().filter(|oid| !oid.is_zero())
}
