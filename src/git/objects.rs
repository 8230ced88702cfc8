//! Objects by their id: blobs whole, trees as entries.

use git2::{ObjectType, Odb, Oid};

use crate::model::Result;

use super::store::Store;
use super::{Kind, Repository, error, pack};

/// One line of a tree.
pub(super) struct Entry<'a> {
    pub(super) name: &'a [u8],
    pub(super) oid: Oid,
    /// `None` is a folder.
    pub(super) kind: Option<Kind>,
    /// Where the line ends in the tree's bytes.
    pub(super) end: usize,
}

impl Repository {
    /// The bytes of a blob. May be called from many threads.
    ///
    /// # Errors
    /// The object is missing (a partial clone does not fetch it here), corrupt or no blob.
    pub fn read(&self, oid: Oid) -> Result<Vec<u8>> {
        self.object(oid, ObjectType::Blob)
    }

    /// What a commit has at a path; `None` where there is nothing, or a folder.
    ///
    /// # Errors
    /// The commit or a tree on the way cannot be read.
    pub fn file_at(&self, commit: Oid, path: &[u8]) -> Result<Option<(Oid, Kind)>> {
        let mut tree = self.tree_of(commit)?;
        let mut parts = path.split(|&b| b == b'/').peekable();
        while let Some(part) = parts.next() {
            let bytes = self.object(tree, ObjectType::Tree)?;
            let found = entries(&bytes).find(|entry| entry.name == part);
            match found.map(|entry| (entry.oid, entry.kind)) {
                Some((oid, None)) if parts.peek().is_some() => tree = oid,
                Some((oid, Some(kind))) if parts.peek().is_none() => return Ok(Some((oid, kind))),
                _ => break,
            }
        }
        Ok(None)
    }

    /// The tree of a commit.
    pub(super) fn tree_of(&self, commit: Oid) -> Result<Oid> {
        let bytes = self.object(commit, ObjectType::Commit)?;
        bytes
            .strip_prefix(b"tree ")
            .and_then(|rest| rest.get(..40))
            .and_then(|hex| std::str::from_utf8(hex).ok())
            .and_then(|hex| Oid::from_str(hex).ok())
            .ok_or_else(|| error(format!("cannot read commit {commit}"), "it has no tree"))
    }

    /// The bytes of an object that has to be of this type.
    pub(super) fn object(&self, oid: Oid, kind: ObjectType) -> Result<Vec<u8>> {
        let what = || format!("cannot read {kind} {oid}");
        let (found, data) = self.found(oid, &what)?;
        if found != kind {
            return Err(error(what(), format!("it is a {found}")));
        }
        Ok(data)
    }

    /// The bytes of an object, whatever it is.
    pub(super) fn any(&self, oid: Oid) -> Result<(ObjectType, Vec<u8>)> {
        self.found(oid, &|| format!("cannot read {oid}"))
    }

    fn found(&self, oid: Oid, what: &dyn Fn() -> String) -> Result<(ObjectType, Vec<u8>)> {
        let found = self.store()?.read(oid);
        match found.map_err(|e| error(what(), e))? {
            Some((kind, data)) => Ok((kind.into(), data)),
            None => Err(error(what(), self.missing())),
        }
    }

    /// What to do about an object that is not here, which may have been left behind on purpose.
    fn missing(&self) -> &'static str {
        if self.is_partial() {
            "it is not in this partial clone\n  hint: clone without `--filter`; nothing is fetched here"
        } else {
            "it is missing"
        }
    }

    /// Refuses folders of objects that cannot be read, or not safely.
    pub(super) fn demand_objects(&self) -> Result<()> {
        self.demand_sha1()?;
        self.demand_files()
    }

    /// What gives single objects.
    fn store(&self) -> Result<&Store> {
        if let Some(store) = self.store.get() {
            return Ok(store);
        }
        self.demand_objects()?;
        let store = Store::open(self.folders());
        Ok(self.store.get_or_init(|| store))
    }

    /// libgit2's object database alone, without the repository around it: no configuration is read, so that partial clones open
    /// too and nothing is obeyed. Alternates are part of it. Serves to find ids; objects are read by [`Store`].
    pub(super) fn objects(&self) -> Result<&Odb<'static>> {
        if let Some(objects) = self.objects.get() {
            return Ok(objects);
        }
        self.demand_objects()?;
        let own = self.common_dir().join("objects");
        let objects = Odb::new().map_err(|e| error("cannot read objects", e.message()))?;
        for dir in self.object_dirs.iter().chain([&own]) {
            let what = || format!("cannot read {}", dir.display());
            let path = dir.to_str().ok_or_else(|| {
                error(
                    what(),
                    "its path is not UTF-8, which libgit2's object database demands\n  hint: scan a copy in another folder",
                )
            })?;
            objects
                .add_disk_alternate(path)
                .map_err(|e| error(what(), e.message()))?;
        }
        Ok(self.objects.get_or_init(|| objects))
    }
}

impl From<pack::Kind> for ObjectType {
    fn from(kind: pack::Kind) -> Self {
        match kind {
            pack::Kind::Commit => Self::Commit,
            pack::Kind::Tree => Self::Tree,
            pack::Kind::Blob => Self::Blob,
            pack::Kind::Tag => Self::Tag,
        }
    }
}

/// The entries of a tree's bytes; stops at the first that is malformed.
pub(super) fn entries(tree: &[u8]) -> impl Iterator<Item = Entry<'_>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let line = &tree[at..];
        let space = memchr::memchr(b' ', line)?;
        let nul = space + 1 + memchr::memchr(0, &line[space + 1..])?;
        let oid = Oid::from_bytes(line.get(nul + 1..nul + 21)?).ok()?;
        at += nul + 21;
        Some(Entry {
            name: &line[space + 1..nul],
            oid,
            kind: Kind::of_octal(&line[..space]),
            end: at,
        })
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_tree_is_its_entries() {
        let mut tree = b"40000 dir\0".to_vec();
        tree.extend([1; 20]);
        tree.extend(b"120000 a b\0");
        tree.extend([2; 20]);
        tree.extend(b"100644 cut\0");
        let read: Vec<_> = entries(&tree).map(|e| (e.name, e.kind)).collect();
        assert_eq!(
            read,
            [(&b"dir"[..], None), (&b"a b"[..], Some(Kind::Symlink))]
        );
    }

    proptest! {
        #[test]
        fn no_tree_makes_it_panic(tree: Vec<u8>) {
            entries(&tree).for_each(drop);
        }
    }
}
