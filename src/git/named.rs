//! What a reference names that is no commit: a tag can name a file or a folder, as one of git's own repository names a public key.

use std::collections::HashSet;

use git2::{ObjectType, Oid};

use super::objects::entries;
use super::{Kind, Reference, Repository, error};
use crate::model::{RelPath, Result};

/// Tags of tags: git itself makes one level.
const TAGS: usize = 16;
/// Files that are given of one reference.
const MOST: usize = 100_000;

impl Repository {
    /// The files that a reference names where it leads to no commit, each once, with the path that the reference and the folders in it
    /// make. Nothing where it leads to a commit.
    ///
    /// # Errors
    /// An object is missing or cannot be read, or there are more files than anybody would keep so.
    pub fn named_files(&self, reference: &Reference) -> Result<Vec<(RelPath, Oid)>> {
        let mut oid = reference.oid;
        for _ in 0..TAGS {
            match self.any(oid)? {
                (ObjectType::Tag, _) => {
                    let named = self.tag(oid)?.and_then(|tag| tag.object);
                    let what = || format!("cannot read tag {oid}");
                    oid = named.ok_or_else(|| error(what(), "it names nothing"))?;
                }
                (ObjectType::Blob, _) => {
                    return Ok(vec![(RelPath::from(&*reference.name), oid)]);
                }
                (ObjectType::Tree, _) => return self.files_below(&reference.name, oid),
                _ => return Ok(Vec::new()),
            }
        }
        Err(error(
            format!("cannot read {}", reference.name),
            "its tags name one another",
        ))
    }

    /// The files of a tree, and of those in it, each tree and each file once: what holds itself many times over comes to an end.
    fn files_below(&self, name: &str, tree: Oid) -> Result<Vec<(RelPath, Oid)>> {
        let mut seen = HashSet::from([tree]);
        let mut open = vec![(name.as_bytes().to_vec(), tree)];
        let mut files = Vec::new();
        while let Some((path, tree)) = open.pop() {
            for entry in entries(&self.object(tree, ObjectType::Tree)?) {
                if entry.kind == Some(Kind::Submodule) || !seen.insert(entry.oid) {
                    continue;
                }
                let path = [&*path, entry.name].join(&b'/');
                match entry.kind {
                    None => open.push((path, entry.oid)),
                    Some(_) => files.push((RelPath::new(path), entry.oid)),
                }
                if files.len() + open.len() > MOST {
                    let why = format!("it names more than {MOST} files");
                    return Err(error(format!("cannot read {name}"), why));
                }
            }
        }
        Ok(files)
    }
}
