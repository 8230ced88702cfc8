//! What a tree has and other trees have not.

use std::cmp::Ordering;
use std::collections::{HashMap, HashSet};
use std::iter::Peekable;
use std::rc::Rc;

use git2::{ObjectType, Oid};

use super::{Gap, New};
use crate::git::objects::{Entry, entries};
use crate::git::staged::{File, mark_known};
use crate::git::{Kind, Repository};
use crate::model::RelPath;

/// Trees that are looked at: some hundred times what an ordinary range needs.
const MOST: usize = 10_000_000;
/// Folders in one another.
const DEEPEST: usize = 4096;
/// Bytes of trees that are kept for the next commit, which has most of them too.
const KEPT: usize = 64 << 20;

/// Trees, kept while they may be asked for again.
pub(super) struct Trees<'r> {
    repository: &'r Repository,
    kept: HashMap<Oid, Option<Rc<[u8]>>>,
    bytes: usize,
    left: usize,
    /// Trees that end before their end, as far as that is told.
    malformed: HashSet<Oid>,
    too_many: bool,
    gaps: &'r mut Vec<Gap>,
}

/// A folder to be compared.
struct Folder {
    /// Its path, with a closing `/`; empty for the root.
    path: Vec<u8>,
    depth: usize,
    tree: Oid,
    /// What stands at the same path in the other trees.
    known: Vec<Oid>,
}

impl<'r> Trees<'r> {
    pub(super) fn new(repository: &'r Repository, gaps: &'r mut Vec<Gap>) -> Self {
        Self {
            repository,
            kept: HashMap::new(),
            bytes: 0,
            left: MOST,
            malformed: HashSet::new(),
            too_many: false,
            gaps,
        }
    }

    /// Gives every file, link and submodule of `tree` that none of `known` has at the same path, until `found` says no more. Goes only
    /// into folders that differ from all of `known`.
    pub(super) fn added(
        &mut self,
        tree: Oid,
        known: &[Oid],
        found: &mut impl FnMut(RelPath, Oid, Kind) -> bool,
    ) {
        let mut open = Vec::new();
        if !known.contains(&tree) {
            open.push(Folder {
                path: Vec::new(),
                depth: 0,
                tree,
                known: known.to_owned(),
            });
        }
        while let Some(mut folder) = open.pop() {
            folder.known.sort_unstable();
            folder.known.dedup();
            let cost = 1 + folder.known.len();
            if self.left < cost {
                return self.too_many();
            }
            self.left -= cost;
            if folder.depth == DEEPEST {
                self.too_many();
                continue;
            }
            let Some(tree) = self.read(folder.tree, &folder.path) else {
                continue;
            };
            let known: Vec<_> = (folder.known.iter())
                .filter_map(|oid| self.read(*oid, &folder.path))
                .collect();
            let mut known: Vec<_> = known.iter().map(|tree| entries(tree).peekable()).collect();
            let mut end = 0;
            for entry in entries(&tree) {
                end = entry.end;
                let mut same = false;
                let mut below = Vec::new();
                for known in &mut known {
                    match beside(known, &entry) {
                        Some(other) if other == entry.oid => same = true,
                        Some(other) if entry.kind.is_none() => below.push(other),
                        _ => {}
                    }
                }
                if same {
                    continue;
                }
                let mut path = [&folder.path, entry.name].concat();
                match entry.kind {
                    None => {
                        path.push(b'/');
                        open.push(Folder {
                            path,
                            depth: folder.depth + 1,
                            tree: entry.oid,
                            known: below,
                        });
                    }
                    Some(kind) => {
                        if !found(RelPath::new(path), entry.oid, kind) {
                            return self.too_many();
                        }
                    }
                }
            }
            if end != tree.len() && self.malformed.insert(folder.tree) {
                self.unread(
                    &folder.path,
                    format!(
                        "cannot read tree {} to its end: it is malformed",
                        folder.tree
                    ),
                );
            }
        }
    }

    /// Marks the blobs that the tree at the end of the range has.
    pub(super) fn mark_at_tip(&mut self, tip: Oid, blobs: &mut [New]) {
        let mut order: Vec<usize> = (0..blobs.len()).collect();
        order.sort_by(|&a, &b| blobs[a].path.cmp(&blobs[b].path));
        let files: Vec<File> = order
            .iter()
            .map(|&at| (blobs[at].path.as_bytes(), blobs[at].oid, blobs[at].kind))
            .collect();
        let mut known = vec![false; files.len()];
        // What cannot be read has nothing: it is a gap by now, or will be one.
        let read = |oid| Ok(self.read(oid, b"").unwrap_or_default());
        let _ = mark_known(tip, &files, &mut known, read);
        for (at, known) in order.into_iter().zip(known) {
            blobs[at].at_tip = known;
        }
    }

    /// The bytes of a tree; `None` where it cannot be read, which is told once.
    fn read(&mut self, oid: Oid, path: &[u8]) -> Option<Rc<[u8]>> {
        if let Some(kept) = self.kept.get(&oid) {
            return kept.clone();
        }
        let tree = match self.repository.object(oid, ObjectType::Tree) {
            Ok(tree) => Some(Rc::from(tree)),
            Err(e) => {
                self.unread(path, e.to_string());
                None
            }
        };
        self.bytes += tree.as_ref().map_or(0, |tree: &Rc<[u8]>| tree.len());
        if self.bytes > KEPT {
            self.kept.retain(|_, tree| tree.is_none());
            self.bytes = tree.as_ref().map_or(0, |tree| tree.len());
        }
        self.kept.insert(oid, tree.clone());
        tree
    }

    fn unread(&mut self, path: &[u8], reason: String) {
        let path = path.strip_suffix(b"/").map(RelPath::from);
        self.gaps.push(Gap::Unread { path, reason });
    }

    fn too_many(&mut self) {
        if !std::mem::replace(&mut self.too_many, true) {
            self.gaps.push(Gap::TooMany);
        }
    }
}

/// What a tree that is read on from where it stands has under an entry's name, if it is of the same kind. Trees are sorted; in one that
/// is not, entries may be taken for absent, which makes others new.
fn beside<'t>(
    known: &mut Peekable<impl Iterator<Item = Entry<'t>>>,
    entry: &Entry<'_>,
) -> Option<Oid> {
    while let Some(other) = known.peek() {
        match order(other, entry) {
            Ordering::Less => known.next(),
            Ordering::Equal => {
                let same = other.kind == entry.kind && other.name == entry.name;
                return same.then_some(other.oid);
            }
            Ordering::Greater => return None,
        };
    }
    None
}

/// The order of git's trees: by name, the name of a folder with a closing `/`.
fn order(a: &Entry<'_>, b: &Entry<'_>) -> Ordering {
    let shorter = a.name.len().min(b.name.len());
    let next = |entry: &Entry<'_>| match entry.name.get(shorter) {
        Some(&byte) => byte,
        None if entry.kind.is_none() => b'/',
        None => 0,
    };
    a.name[..shorter]
        .cmp(&b.name[..shorter])
        .then_with(|| next(a).cmp(&next(b)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::git::Discover;

    /// A repository that holds the objects of one tree after another; each has the entries given, of whatever was made before.
    struct Made {
        dir: tempfile::TempDir,
        objects: git2::Repository,
    }

    impl Made {
        fn new() -> Self {
            let dir = tempfile::tempdir().expect("a folder");
            let objects = git2::Repository::init_bare(dir.path()).expect("a repository");
            Self { dir, objects }
        }

        fn write(&self, kind: ObjectType, bytes: &[u8]) -> Oid {
            let objects = self.objects.odb().expect("objects");
            objects.write(kind, bytes).expect("written")
        }

        fn tree(&self, entries: &[(&str, Oid)]) -> Oid {
            let entries = entries
                .iter()
                .map(|(entry, oid)| [entry.as_bytes(), b"\0", oid.as_bytes()].concat());
            self.write(ObjectType::Tree, &entries.collect::<Vec<_>>().concat())
        }

        /// What is added, and the gaps, with so many trees looked at.
        fn added(&self, left: usize, tree: Oid, known: &[Oid]) -> (Vec<String>, Vec<Gap>) {
            let repository = Repository::discover(self.dir.path(), &Discover::default());
            let repository = repository.expect("usable").expect("a repository");
            let (mut found, mut gaps) = (Vec::new(), Vec::new());
            let mut trees = Trees::new(&repository, &mut gaps);
            trees.left = left;
            for _ in 0..2 {
                found.clear();
                trees.added(tree, known, &mut |path, _, _| {
                    found.push(path.display());
                    true
                });
            }
            (found, gaps)
        }
    }

    #[test]
    fn a_tree_that_multiplies_itself_has_an_end() {
        let made = Made::new();
        let blob = made.write(ObjectType::Blob, b"x");
        let mut tree = made.tree(&[("100644 f", blob)]);
        for _ in 0..30 {
            tree = made.tree(&[("40000 a", tree), ("40000 b", tree)]);
        }
        let (found, gaps) = made.added(1000, tree, &[]);
        assert!(found.len() < 1000);
        assert_eq!(gaps, [Gap::TooMany]);
        assert_eq!(made.added(0, tree, &[tree]), (Vec::new(), Vec::new()));
    }

    #[test]
    fn a_tree_that_goes_too_deep_has_an_end() {
        let made = Made::new();
        let blob = made.write(ObjectType::Blob, b"x");
        let mut tree = made.tree(&[("100644 f", blob)]);
        for _ in 0..DEEPEST {
            tree = made.tree(&[("100644 f", blob), ("40000 t", tree)]);
        }
        let (found, gaps) = made.added(MOST, tree, &[]);
        assert_eq!((found.len(), gaps), (DEEPEST, vec![Gap::TooMany]));
    }

    #[test]
    fn trees_that_git_would_not_write_hide_nothing() {
        let made = Made::new();
        let [one, two] = [b"1", b"2"].map(|text| made.write(ObjectType::Blob, text));
        let known = made.tree(&[("100644 b", one), ("100644 a", one), ("100644 c", one)]);
        let told = |tree| made.added(MOST, tree, &[known]).0;
        // The wrong order, a name twice, a name of a path.
        assert_eq!(
            told(made.tree(&[("100644 a", one), ("100644 b", two)])),
            ["a", "b"]
        );
        assert_eq!(
            told(made.tree(&[("100644 b", one), ("100644 b", two)])),
            ["b"]
        );
        let folder = made.tree(&[("40000 a", known)]);
        let odd = made.tree(&[("40000 a/x", known)]);
        assert_eq!(
            made.added(MOST, odd, &[folder]).0,
            ["a/x/b", "a/x/a", "a/x/c"]
        );

        let mut cut = b"100644 a\0".to_vec();
        cut.extend(two.as_bytes());
        cut.extend(b"100644 cut\0 ");
        let cut = made.write(ObjectType::Tree, &cut);
        let (found, gaps) = made.added(MOST, cut, &[known]);
        assert_eq!(found, ["a"]);
        assert!(matches!(&gaps[..], [Gap::Unread { reason, .. }] if reason.contains("malformed")));
    }
}
