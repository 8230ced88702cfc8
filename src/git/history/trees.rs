//! The trees of a repository, in little room: versions of a folder share all but what changed between them.
//!
//! A tree is a list of chunks, a chunk a list of lines, a line a name and an object. Each different line and each different chunk is kept
//! once. Where a chunk ends is said by the name of its last line, so that a change moves no border but those beside it. Most trees of
//! a pack are deltas of another version: the chunks that a delta copies whole are taken from its base and not looked into again.

use std::hash::{BuildHasher, Hasher};

use foldhash::HashMap;
use foldhash::fast::RandomState;
use git2::{ObjectType, Oid};

use super::paths::Names;
use super::{Gaps, ObjectId, Objects};
use crate::git::objects::entries;
use crate::git::pack::{Kind, Object, Op, Visit};
use crate::git::{Kind as FileKind, Repository};

/// Chunks of all trees and lines of all chunks, together: the largest repositories have some 200 million.
const MOST: usize = 400_000_000;
/// Lines of a chunk: one name in four ends one, and none has more.
const LONGEST: usize = 16;
/// No tree, or one that was not read.
const NONE: u32 = u32::MAX;

/// What a tree says of one name.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Line {
    pub name: u32,
    /// The number of the object in [`Objects`]; from its length on, of one that is named and not there.
    pub object: u32,
    /// Whether it is a folder.
    pub tree: bool,
}

/// A chunk of a tree, or [`NONE`] for lines that do not count, and the byte at which it ends there.
#[derive(Clone, Copy)]
pub(super) struct Cut {
    end: usize,
    chunk: u32,
}

/// Lists in one another: the parts of the list at `i` begin where those of the one before end.
struct Lists {
    ends: Vec<u32>,
    parts: Vec<u32>,
}

impl Lists {
    fn new() -> Self {
        Self {
            ends: vec![0],
            parts: Vec::new(),
        }
    }

    fn len(&self) -> usize {
        self.ends.len() - 1
    }

    fn push(&mut self, parts: impl Iterator<Item = u32>) -> u32 {
        let new = self.len() as u32;
        self.parts.extend(parts);
        self.ends.push(self.parts.len() as u32);
        new
    }

    fn range(&self, at: u32) -> std::ops::Range<usize> {
        self.ends[at as usize] as usize..self.ends[at as usize + 1] as usize
    }
}

/// All trees that were read.
pub(super) struct Trees<'a> {
    objects: &'a Objects,
    repository: &'a Repository,
    pub names: Names,
    pub lines: Vec<Line>,
    /// Lines by a hash of name and id. Seeded, and what is found is compared.
    by_entry: HashMap<u64, u32>,
    chunks: Lists,
    /// Chunks by a hash of their lines, which are compared as well.
    by_lines: HashMap<u64, u32>,
    trees: Lists,
    /// The tree of each object, if it is one and was read.
    numbers: Vec<u32>,
    /// Objects that are named and not there, each with how many of them were before it.
    by_absent: HashMap<Oid, u32>,
    hasher: RandomState,
    /// The number of the first object of the pack that is read.
    first: u32,
    /// The lines of the chunk that is being read.
    open: Vec<u32>,
    /// Trees with a line that git would not write: what comes before it is read.
    pub broken: Vec<u32>,
    /// There are more than [`MOST`].
    pub too_many: bool,
}

impl<'a> Trees<'a> {
    /// Reads the trees of all packs.
    pub(super) fn read(objects: &'a Objects, repository: &'a Repository) -> Self {
        let mut trees = Self {
            objects,
            repository,
            names: Names::default(),
            lines: Vec::new(),
            by_entry: HashMap::default(),
            chunks: Lists::new(),
            by_lines: HashMap::default(),
            trees: Lists::new(),
            numbers: vec![NONE; objects.len()],
            by_absent: HashMap::default(),
            hasher: RandomState::default(),
            first: 0,
            open: Vec::new(),
            broken: Vec::new(),
            too_many: false,
        };
        for (first, pack) in objects.numbered_packs() {
            trees.first = first;
            pack.walk(&pack.roots(Kind::Tree), &mut trees);
        }
        trees
    }

    /// Tells what could not be read.
    pub(super) fn tell(&self, gaps: &mut Gaps) {
        gaps.too_many |= self.too_many;
        gaps.broken.extend(self.broken.iter().map(|&object| {
            let oid = self.objects.oid(ObjectId(object));
            (oid, "it has a line that git would not write".to_owned())
        }));
    }

    /// The tree that an object is: read from a pack before, or now from a file of its own. None where it is not there.
    pub(super) fn tree(&mut self, object: u32, gaps: &mut Gaps) -> Option<u32> {
        let known = *self.numbers.get(object as usize)?;
        if known != NONE {
            return Some(known);
        }
        let oid = self.objects.oid(ObjectId(object));
        let data = match self.repository.object(oid, ObjectType::Tree) {
            Ok(data) => data,
            Err(e) => {
                gaps.broken.push((oid, e.to_string()));
                Vec::new()
            }
        };
        // Told once: what could not be read is an empty tree from now on.
        self.add(object, &data, None);
        Some(self.numbers[object as usize])
    }

    /// The places of a tree's chunks in the list that [`Trees::chunk`] reads.
    pub(super) fn chunks(&self, tree: u32) -> std::ops::Range<usize> {
        self.trees.range(tree)
    }

    /// A chunk of a tree.
    pub(super) fn chunk(&self, at: usize) -> u32 {
        self.trees.parts[at]
    }

    /// The lines of a chunk.
    pub(super) fn lines(&self, chunk: u32) -> &[u32] {
        &self.chunks.parts[self.chunks.range(chunk)]
    }

    /// How many chunks there are.
    pub(super) fn len(&self) -> usize {
        self.chunks.len()
    }

    /// The number of an object, also of one that is not there.
    pub(super) fn number(&mut self, oid: Oid) -> u32 {
        if let Some(ObjectId(number)) = self.objects.find(oid) {
            return number;
        }
        let next = self.by_absent.len();
        let absent = *self.by_absent.entry(oid).or_insert(next as u32);
        (self.objects.len() as u32).saturating_add(absent)
    }

    /// Whether a number is that of an object that is not there.
    pub(super) fn is_absent(&self, object: u32) -> bool {
        object as usize >= self.objects.len()
    }

    /// Adds a tree, read whole or made of a base by `ops`.
    fn add(&mut self, object: u32, data: &[u8], from: Option<(&[Cut], &[Op])>) -> Vec<Cut> {
        let mut cuts = Vec::with_capacity(from.map_or(0, |(base, _)| base.len() + 4));
        let mut at = 0;
        let (base, ops) = from.unwrap_or_default();
        for op in ops {
            match *op {
                Op::Copy { from, length } => {
                    self.copy(data, &mut cuts, base, from..from + length, at);
                    at += length;
                }
                Op::Add { length } => at += length,
            }
        }
        if !self.cut(data, &mut cuts, data.len()) {
            self.broken.push(object);
        }
        if self.trees.parts.len() + self.chunks.parts.len() + cuts.len() > MOST {
            self.too_many = true;
            cuts.clear();
        }
        self.numbers[object as usize] = self.trees.push(
            cuts.iter()
                .map(|cut| cut.chunk)
                .filter(|&chunk| chunk != NONE),
        );
        cuts
    }

    /// Takes over those chunks of `base` that lie within the bytes `from`, which are copied to `at`.
    fn copy(
        &mut self,
        data: &[u8],
        cuts: &mut Vec<Cut>,
        base: &[Cut],
        from: std::ops::Range<usize>,
        at: usize,
    ) {
        // A chunk begins where the one before it ends.
        let first = match from.start {
            0 => 0,
            start => base.partition_point(|cut| cut.end < start) + 1,
        };
        let last = base.partition_point(|cut| cut.end <= from.end);
        let Some(whole) = base.get(first..last).filter(|whole| !whole.is_empty()) else {
            return;
        };
        let begin = first.checked_sub(1).map_or(0, |before| base[before].end);
        if self.cut(data, cuts, at + (begin - from.start)) {
            cuts.extend(whole.iter().map(|cut| Cut {
                end: at + (cut.end - from.start),
                chunk: cut.chunk,
            }));
        }
    }

    /// Reads `data` from the last cut on and cuts it, up to `end`; false where no line ends just there.
    fn cut(&mut self, data: &[u8], cuts: &mut Vec<Cut>, end: usize) -> bool {
        let begin = cuts.last().map_or(0, |cut| cut.end);
        if begin >= end {
            return begin == end;
        }
        let mut done = begin;
        for entry in entries(&data[begin..]) {
            done = begin + entry.end;
            let mut ends = done >= end;
            if entry.kind != Some(FileKind::Submodule) {
                let line = self.line(entry.name, entry.oid, entry.kind.is_none());
                self.open.push(line);
                ends |= is_end(self.lines[line as usize].name) || self.open.len() == LONGEST;
            }
            if ends {
                self.close(cuts, done);
            }
            if done >= end {
                break;
            }
        }
        if !self.open.is_empty() {
            self.close(cuts, done);
        }
        done == end
    }

    /// The number of a line.
    fn line(&mut self, name: &[u8], oid: Oid, tree: bool) -> u32 {
        let mut hasher = self.hasher.build_hasher();
        hasher.write(oid.as_bytes());
        hasher.write(name);
        let hash = hasher.finish();
        if let Some(&known) = self.by_entry.get(&hash) {
            let line = self.lines[known as usize];
            if line.tree == tree && self.names.name(line.name) == name && self.is(line.object, oid)
            {
                return known;
            }
        }
        let line = Line {
            name: self.names.number(name),
            object: self.number(oid),
            tree,
        };
        let new = self.lines.len() as u32;
        self.lines.push(line);
        self.by_entry.insert(hash, new);
        new
    }

    /// Whether a number is that of an id.
    fn is(&self, object: u32, oid: Oid) -> bool {
        if self.is_absent(object) {
            let absent = object - self.objects.len() as u32;
            return self.by_absent.get(&oid) == Some(&absent);
        }
        self.objects.oid(ObjectId(object)) == oid
    }

    /// Ends the open chunk at a byte of its tree.
    fn close(&mut self, cuts: &mut Vec<Cut>, end: usize) {
        let chunk = self.chunk_of_open();
        self.open.clear();
        cuts.push(Cut { end, chunk });
    }

    fn chunk_of_open(&mut self) -> u32 {
        if self.open.is_empty() {
            return NONE;
        }
        let hash = self.hasher.hash_one(&self.open[..]);
        if let Some(&known) = self.by_lines.get(&hash)
            && self.lines(known) == self.open
        {
            return known;
        }
        let new = self.chunks.push(self.open.iter().copied());
        self.by_lines.insert(hash, new);
        new
    }
}

/// Whether a name is the last of its chunk: one in four is.
fn is_end(name: u32) -> bool {
    name.wrapping_mul(0x9e37_79b1) >> 30 == 0
}

impl Visit for Trees<'_> {
    type State = Vec<Cut>;

    fn object(&mut self, object: Object<'_, Vec<Cut>>) -> Vec<Cut> {
        let from = object.from.map(|(base, ops)| (&base[..], ops));
        self.add(self.first + object.place, object.data, from)
    }

    /// Told when a commit needs it, and only if libgit2 cannot read it either.
    fn lost(&mut self, _: Oid, _: &str) {}
}
