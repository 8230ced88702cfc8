//! Trees: under which paths each blob stood, and which commit brought it there first.
//!
//! A tree is followed under each of its paths once, commits in the order of time, so that the first commit to hold a tree under a path
//! is the first to come by. Most trees are deltas of another version of themselves: what they copy stands under the same path, and is
//! not looked at again.

use std::collections::{HashMap, HashSet};

use git2::{ObjectType, Oid};

use super::{Commit, Gaps, ObjectId, Objects};
use crate::git::objects::entries;
use crate::git::pack::{Kind, Object, Op, Visit};
use crate::git::{Kind as FileKind, Repository};
use crate::model::RelPath;

/// Trees by path that are followed: the largest repositories have some ten million.
const MOST: usize = 40_000_000;
/// Folders in one another.
const DEEPEST: u32 = 1000;
/// The root, and no object.
const ROOT: u32 = 0;
const NONE: u32 = u32::MAX;

/// A blob under one of its paths.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Placed {
    /// The blob.
    pub blob: ObjectId,
    dir: u32,
    name: u32,
}

/// Folders and names, each told once.
pub(super) struct Dirs {
    /// The folder around each, its name and how deep it lies. The first is the root.
    dirs: Vec<(u32, u32, u32)>,
    by_place: HashMap<(u32, u32), u32>,
    names: Vec<Box<[u8]>>,
    by_name: HashMap<Box<[u8]>, u32>,
}

impl Dirs {
    fn new() -> Self {
        Self {
            dirs: vec![(ROOT, 0, 0)],
            by_place: HashMap::new(),
            names: vec![Box::default()],
            by_name: HashMap::new(),
        }
    }

    fn name(&mut self, name: &[u8]) -> u32 {
        if let Some(&known) = self.by_name.get(name) {
            return known;
        }
        let new = u32::try_from(self.names.len()).unwrap_or(NONE);
        self.names.push(name.into());
        self.by_name.insert(name.into(), new);
        new
    }

    /// A folder in another; none where that would be too deep.
    fn enter(&mut self, dir: u32, name: u32) -> Option<u32> {
        if let Some(&known) = self.by_place.get(&(dir, name)) {
            return Some(known);
        }
        let depth = self.dirs[dir as usize].2 + 1;
        if depth > DEEPEST {
            return None;
        }
        let new = u32::try_from(self.dirs.len()).ok()?;
        self.dirs.push((dir, name, depth));
        self.by_place.insert((dir, name), new);
        Some(new)
    }

    pub(super) fn path(&self, placed: &Placed) -> RelPath {
        let mut parts = vec![&*self.names[placed.name as usize]];
        let mut dir = placed.dir;
        while dir != ROOT {
            let (outer, name, _) = self.dirs[dir as usize];
            parts.push(&self.names[name as usize]);
            dir = outer;
        }
        parts.reverse();
        RelPath::from(&*parts.join(&b'/'))
    }
}

/// A line of a tree.
#[derive(Clone, Copy)]
struct Line {
    name: u32,
    object: u32,
}

/// What is known of one tree.
#[derive(Default)]
struct Tree {
    /// The trees in it, all of them.
    trees: Box<[Line]>,
    /// The blobs in it; of a delta those that it does not copy.
    blobs: Box<[Line]>,
    /// The tree that it is a delta of.
    base: Option<u32>,
}

/// Finds the blobs that `commits` hold, each under each of its paths.
pub(super) fn placed(
    objects: &Objects,
    repository: &Repository,
    commits: &[Commit],
    gaps: &mut Gaps,
) -> (Vec<Placed>, Dirs) {
    let mut reader = Reader {
        objects,
        gaps,
        dirs: Dirs::new(),
        trees: Vec::new(),
        numbers: vec![NONE; objects.len()],
        first: 0,
    };
    reader.read_packs();
    let followed = reader.follow(repository, commits);
    let mut found = HashSet::new();
    let again = reader.place(&followed, &mut found);
    reader.place_again(&again, &mut found);
    let mut found: Vec<Placed> = found.into_iter().collect();
    found.sort_unstable();
    (found, reader.dirs)
}

/// Which trees stand under which paths.
#[derive(Default)]
struct Followed {
    /// By tree, its first folder.
    first: Vec<u32>,
    /// Its others: most have none.
    others: HashMap<u32, Vec<u32>>,
    pairs: HashSet<(u32, u32)>,
    /// How many there are in all.
    count: usize,
}

impl Followed {
    /// Adds a folder; false where it is known.
    fn add(&mut self, tree: u32, dir: u32) -> bool {
        if self.has(tree, dir) {
            return false;
        }
        let at = tree as usize;
        if at >= self.first.len() {
            self.first.resize(at + 1, NONE);
        }
        if self.first[at] == NONE {
            self.first[at] = dir;
        } else {
            self.others.entry(tree).or_default().push(dir);
            self.pairs.insert((tree, dir));
        }
        self.count += 1;
        true
    }

    fn has(&self, tree: u32, dir: u32) -> bool {
        self.first.get(tree as usize) == Some(&dir) || self.pairs.contains(&(tree, dir))
    }

    fn dirs(&self, tree: u32) -> impl Iterator<Item = u32> {
        let first = self.first.get(tree as usize).copied();
        let others = self.others.get(&tree).into_iter().flatten().copied();
        first.filter(|&dir| dir != NONE).into_iter().chain(others)
    }
}

struct Reader<'a> {
    objects: &'a Objects,
    gaps: &'a mut Gaps,
    dirs: Dirs,
    trees: Vec<Tree>,
    /// The tree of each object, if it is one and was read.
    numbers: Vec<u32>,
    /// The number of the first object of the pack that is read.
    first: u32,
}

impl Reader<'_> {
    fn read_packs(&mut self) {
        for (first, pack) in self.objects.numbered_packs() {
            self.first = first;
            pack.walk(&pack.roots(Kind::Tree), self);
        }
    }

    /// Follows the trees of all commits, the first commit first.
    fn follow(&mut self, repository: &Repository, commits: &[Commit]) -> Followed {
        let mut followed = Followed::default();
        let mut open = Vec::new();
        for commit in commits {
            match self.objects.find(commit.tree) {
                Some(ObjectId(tree)) => open.push((tree, ROOT)),
                None => self.gaps.missing += 1,
            }
            while let Some((object, dir)) = open.pop() {
                let Some(tree) = self.tree(repository, object) else {
                    continue;
                };
                if !followed.add(tree, dir) {
                    continue;
                }
                if followed.count > MOST {
                    self.gaps.too_many = true;
                    return followed;
                }
                for line in &self.trees[tree as usize].trees {
                    match self.dirs.enter(dir, line.name) {
                        Some(inner) => open.push((line.object, inner)),
                        None => self.gaps.too_many = true,
                    }
                }
            }
        }
        followed
    }

    /// The tree of an object: read from a pack before, or now from a file of its own.
    fn tree(&mut self, repository: &Repository, object: u32) -> Option<u32> {
        let known = self.numbers[object as usize];
        if known != NONE {
            return Some(known);
        }
        let oid = self.objects.oid(ObjectId(object));
        match repository.object(oid, ObjectType::Tree) {
            Ok(data) => Some(self.add(object, &data, None)),
            Err(e) => {
                // Told once: what could not be read is an empty tree from now on.
                self.gaps.broken.push((oid, e.to_string()));
                Some(self.add(object, &[], None))
            }
        }
    }

    /// Adds a tree, read whole or made of a base by `ops`.
    fn add(&mut self, object: u32, data: &[u8], from: Option<(u32, &[Op])>) -> u32 {
        let mut copied = from.map(|(_, ops)| Copied::new(ops));
        let mut tree = Tree {
            base: from.map(|(base, _)| base),
            ..Tree::default()
        };
        let (mut trees, mut blobs) = (Vec::new(), Vec::new());
        let mut at = 0;
        for entry in entries(data) {
            let begin = at;
            at = entry.end;
            let is_copied = copied
                .as_mut()
                .is_some_and(|copied| copied.holds(begin, at));
            let wanted = match entry.kind {
                None => true,
                Some(FileKind::Submodule) => false,
                Some(_) => !is_copied,
            };
            if !wanted {
                continue;
            }
            let Some(ObjectId(found)) = self.objects.find(entry.oid) else {
                self.gaps.missing += 1;
                continue;
            };
            let line = Line {
                name: self.dirs.name(entry.name),
                object: found,
            };
            match entry.kind {
                None => trees.push(line),
                Some(_) => blobs.push(line),
            }
        }
        tree.trees = trees.into();
        tree.blobs = blobs.into();
        let number = u32::try_from(self.trees.len()).unwrap_or(NONE);
        self.trees.push(tree);
        self.numbers[object as usize] = number;
        number
    }

    /// Places the blobs of the trees that were followed; gives the trees of which a delta copies some that stand under another path there.
    fn place(&self, followed: &Followed, found: &mut HashSet<Placed>) -> HashMap<u32, Vec<u32>> {
        let mut again: HashMap<u32, Vec<u32>> = HashMap::new();
        for (tree, number) in self.trees.iter().zip(0..) {
            for dir in followed.dirs(number) {
                found.extend(tree.blobs.iter().map(|line| Placed {
                    blob: ObjectId(line.object),
                    dir,
                    name: line.name,
                }));
                if tree.base.is_some_and(|base| !followed.has(base, dir)) {
                    again.entry(number).or_default().push(dir);
                }
            }
        }
        again
    }

    /// Reads the trees of `again` once more, for all of their blobs.
    fn place_again(&mut self, again: &HashMap<u32, Vec<u32>>, found: &mut HashSet<Placed>) {
        if again.is_empty() {
            return;
        }
        let objects = self.objects;
        let (first, dirs, numbers) = (&mut self.first, &mut self.dirs, &self.numbers);
        for (number, pack) in objects.numbered_packs() {
            *first = number;
            let mut whole = Whole {
                objects,
                numbers,
                first: number,
                dirs,
                again,
                found,
            };
            pack.walk(&pack.roots(Kind::Tree), &mut whole);
        }
    }
}

impl Visit for Reader<'_> {
    type State = u32;

    fn object(&mut self, object: Object<'_, u32>) -> u32 {
        let number = self.first + object.place;
        let known = self.numbers[number as usize];
        if known != NONE {
            return known;
        }
        let from = object.from.map(|(base, ops)| (*base, ops));
        self.add(number, object.data, from)
    }

    fn lost(&mut self, oid: Oid, why: &str) {
        self.gaps.broken.push((oid, why.to_owned()));
    }
}

/// Trees of which all blobs are wanted.
struct Whole<'a> {
    objects: &'a Objects,
    numbers: &'a [u32],
    first: u32,
    dirs: &'a mut Dirs,
    again: &'a HashMap<u32, Vec<u32>>,
    found: &'a mut HashSet<Placed>,
}

impl Visit for Whole<'_> {
    type State = ();

    fn object(&mut self, object: Object<'_, ()>) {
        let tree = self.numbers[(self.first + object.place) as usize];
        let Some(dirs) = self.again.get(&tree) else {
            return;
        };
        for entry in entries(object.data) {
            if !matches!(entry.kind, Some(FileKind::File | FileKind::Symlink)) {
                continue;
            }
            if let Some(blob) = self.objects.find(entry.oid) {
                let name = self.dirs.name(entry.name);
                let placed = dirs.iter().map(|&dir| Placed { blob, dir, name });
                self.found.extend(placed);
            }
        }
    }

    fn lost(&mut self, _: Oid, _: &str) {}
}

/// Which parts of an object were copied, asked from front to back.
struct Copied<'a> {
    ops: &'a [Op],
    /// Where the first of them begins in the object.
    at: usize,
}

impl<'a> Copied<'a> {
    fn new(ops: &'a [Op]) -> Self {
        Self { ops, at: 0 }
    }

    /// Whether one step copies all of a range. Ranges are asked in order.
    fn holds(&mut self, start: usize, end: usize) -> bool {
        while let Some((&op, rest)) = self.ops.split_first() {
            let (Op::Copy { length, .. } | Op::Add { length }) = op;
            if start < self.at + length {
                return matches!(op, Op::Copy { .. }) && end <= self.at + length;
            }
            self.at += length;
            self.ops = rest;
        }
        false
    }
}
