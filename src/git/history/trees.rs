//! The trees of a repository, in little room: versions of a folder share all but what changed between them.
//!
//! A tree is a list of chunks, a chunk a list of lines, a line a name and an object. Each different line and each different chunk is kept
//! once. Where a chunk ends is said by the name of its last line, so that a change moves no border but those beside it. Most trees of
//! a pack are deltas of another version: the chunks that a delta copies whole are taken from its base and not looked into again.

use std::hash::{BuildHasher, Hasher};
use std::ops::Range;

use foldhash::HashMap;
use foldhash::fast::RandomState;
use git2::{ObjectType, Oid};

use super::paths::Names;
use super::{Gaps, ObjectId, Objects};
use crate::git::objects::{Entry, entries};
use crate::git::pack::{Kind, Object, Op, Pack, Visit};
use crate::git::{Kind as FileKind, Repository};

/// Chunks of all trees and lines of all chunks, together: the largest repositories have some 200 million.
const MOST: usize = 400_000_000;
/// As many may have any repository, however small its packs; beyond, one for each [`BYTES`] of them. Repositories have one in 10 to 100
/// bytes, those whose one folder holds all one in 3; a pack that is made to fill the memory has a thousand a byte.
const ANY: usize = 1 << 26;
const BYTES: u64 = 2;
/// Lines of a chunk: one name in eight ends one, and none has more.
const LONGEST: usize = 32;
/// No tree, or one that was not read.
const NONE: u32 = u32::MAX;

/// What a tree says of one name.
#[derive(Clone, Copy)]
pub(super) struct Line {
    pub name: u32,
    /// The number of the object in [`Objects`]; from its length on, of one that is named and not there. Known when all packs are read.
    pub object: u32,
    /// Bytes of a tree that it takes.
    length: u32,
    /// `None` is a folder.
    pub kind: Option<FileKind>,
}

/// A chunk of a tree, and the byte at which it ends there.
#[derive(Clone, Copy)]
pub(super) struct Cut {
    /// No object has more than 512 MiB.
    end: u32,
    chunk: u32,
}

/// Lists in one another: the parts of the list at `i` begin where those of the one before end.
struct Lists {
    ends: Vec<u32>,
    parts: Vec<u32>,
}

impl Lists {
    /// With room for so many parts: to make it later costs more than to have it in vain, which takes no memory.
    fn with_capacity(parts: usize) -> Self {
        Self {
            ends: vec![0],
            parts: Vec::with_capacity(parts),
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

    fn range(&self, at: u32) -> Range<usize> {
        self.ends[at as usize] as usize..self.ends[at as usize + 1] as usize
    }
}

/// All trees that were read.
pub(super) struct Trees<'a> {
    objects: &'a Objects,
    repository: &'a Repository,
    pub names: Names,
    pub lines: Vec<Line>,
    /// The id of each line's object.
    oids: Vec<[u8; 20]>,
    /// How many lines know their object's number.
    numbered: usize,
    /// Lines by a seeded hash of name and id. What is found is compared: of two lines with one hash one may be kept twice.
    by_entry: HashMap<u32, u32>,
    chunks: Lists,
    /// Chunks by a hash of their lines, which are compared as well.
    by_lines: HashMap<u32, u32>,
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
    /// How many chunks and lines there may be.
    most: usize,
    /// There are more.
    pub too_many: bool,
}

impl<'a> Trees<'a> {
    /// Reads the trees of all packs.
    pub(super) fn read(objects: &'a Objects, repository: &'a Repository) -> Self {
        let size: u64 = objects.packs().map(Pack::size).sum();
        let mut trees = Self {
            objects,
            repository,
            names: Names::default(),
            lines: Vec::with_capacity(objects.len()),
            oids: Vec::with_capacity(objects.len()),
            numbered: 0,
            by_entry: HashMap::with_capacity_and_hasher(objects.len(), RandomState::default()),
            chunks: Lists::with_capacity(objects.len() * 4),
            by_lines: HashMap::with_capacity_and_hasher(objects.len() / 2, RandomState::default()),
            trees: Lists::with_capacity(0),
            numbers: vec![NONE; objects.len()],
            by_absent: HashMap::default(),
            hasher: RandomState::default(),
            first: 0,
            open: Vec::new(),
            broken: Vec::new(),
            most: MOST.min(ANY.saturating_add((size / BYTES) as usize)),
            too_many: false,
        };
        for (first, pack) in objects.numbered_packs() {
            trees.first = first;
            pack.walk(&pack.roots(Kind::Tree), &mut trees);
        }
        trees.number_lines();
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
        self.number_lines();
        Some(self.numbers[object as usize])
    }

    /// The places of a tree's chunks in the list that [`Trees::chunk`] reads.
    pub(super) fn chunks(&self, tree: u32) -> Range<usize> {
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
        let (base, ops) = from.unwrap_or_default();
        let mut new = New {
            data,
            done: 0,
            cuts: Vec::with_capacity(base.len() + 4),
        };
        let mut at = 0;
        for op in ops {
            match *op {
                Op::Copy { from, length } => {
                    self.copy(&mut new, base, from..from + length, at);
                    at += length;
                }
                Op::Add { length } => at += length,
            }
        }
        self.read_to(&mut new, data.len());
        if !self.open.is_empty() {
            self.close(&mut new);
        }
        if new.done < data.len() {
            self.broken.push(object);
        }
        let mut cuts = new.cuts;
        if self.trees.parts.len() + self.chunks.parts.len() + cuts.len() > self.most {
            self.too_many = true;
            cuts.clear();
        }
        self.numbers[object as usize] = self.trees.push(cuts.iter().map(|cut| cut.chunk));
        cuts
    }

    /// Takes over what of `base` lies within the bytes `from`, which are copied to `at`: chunks, and at both ends lines.
    fn copy(&mut self, new: &mut New, base: &[Cut], from: Range<usize>, at: usize) {
        let mut next = base.partition_point(|cut| cut.end as usize <= from.start);
        while let Some(cut) = base.get(next) {
            let before = next.checked_sub(1).map(|before| base[before].end);
            let mut begin = before.unwrap_or(0) as usize;
            if begin >= from.start && self.open.is_empty() && new.done == at + begin - from.start {
                let last = base.partition_point(|cut| cut.end as usize <= from.end);
                if let Some(whole) = base.get(next..last).filter(|whole| !whole.is_empty()) {
                    new.cuts.extend(whole.iter().map(|cut| Cut {
                        end: (at + cut.end as usize - from.start) as u32,
                        chunk: cut.chunk,
                    }));
                    new.done = new.cuts.last().map_or(0, |cut| cut.end as usize);
                    next = last;
                    continue;
                }
            }
            for i in self.chunks.range(cut.chunk) {
                let line = self.chunks.parts[i];
                let end = begin + self.lines[line as usize].length as usize;
                if end > from.end {
                    return;
                }
                if begin >= from.start {
                    let wanted = at + begin - from.start;
                    self.read_to(new, wanted);
                    if new.done == wanted {
                        new.done += end - begin;
                        self.push(new, line);
                    }
                }
                begin = end;
            }
            next += 1;
        }
    }

    /// Reads lines until `end` or, where none ends there, beyond it.
    fn read_to(&mut self, new: &mut New, end: usize) {
        if new.done >= end {
            return;
        }
        let begin = new.done;
        for entry in entries(&new.data[begin..]) {
            let length = begin + entry.end - new.done;
            let line = self.line(&entry, length as u32);
            new.done += length;
            self.push(new, line);
            if new.done >= end {
                return;
            }
        }
    }

    /// The number of a line.
    fn line(&mut self, entry: &Entry, length: u32) -> u32 {
        let oid = entry
            .oid
            .as_bytes()
            .first_chunk()
            .copied()
            .unwrap_or_default();
        let mut hasher = self.hasher.build_hasher();
        hasher.write(&oid);
        hasher.write(entry.name);
        let hash = hasher.finish() as u32;
        if let Some(&known) = self.by_entry.get(&hash) {
            let line = self.lines[known as usize];
            if self.oids[known as usize] == oid
                && line.kind == entry.kind
                && line.length == length
                && self.names.name(line.name) == entry.name
            {
                return known;
            }
        }
        let new = self.lines.len() as u32;
        self.lines.push(Line {
            name: self.names.number(entry.name),
            object: NONE,
            length,
            kind: entry.kind,
        });
        self.oids.push(oid);
        self.by_entry.insert(hash, new);
        new
    }

    /// Finds the objects of new lines, in the order of their ids: so one search ends near where the next begins.
    fn number_lines(&mut self) {
        let begin = std::mem::replace(&mut self.numbered, self.lines.len());
        let mut order = Vec::with_capacity(self.lines.len() - begin);
        for line in begin..self.lines.len() {
            // Commits of other repositories are no objects of this one.
            if self.lines[line].kind != Some(FileKind::Submodule) {
                let start = self.oids[line].first_chunk().copied().unwrap_or_default();
                order.push((u64::from_be_bytes(start), line as u32));
            }
        }
        order.sort_unstable();
        for (_, line) in order {
            let line = line as usize;
            if let Ok(oid) = Oid::from_bytes(&self.oids[line]) {
                self.lines[line].object = self.number(oid);
            }
        }
    }

    /// Adds a line that ends where reading stands.
    fn push(&mut self, new: &mut New, line: u32) {
        self.open.push(line);
        if is_end(self.lines[line as usize].name) || self.open.len() == LONGEST {
            self.close(new);
        }
    }

    /// Ends the open chunk.
    fn close(&mut self, new: &mut New) {
        let hash = self.hasher.hash_one(&self.open[..]) as u32;
        let known = self.by_lines.get(&hash).copied();
        let chunk = match known.filter(|&known| self.lines(known) == self.open) {
            Some(known) => known,
            None => {
                let chunk = self.chunks.push(self.open.iter().copied());
                self.by_lines.insert(hash, chunk);
                chunk
            }
        };
        self.open.clear();
        new.cuts.push(Cut {
            end: new.done as u32,
            chunk,
        });
    }
}

/// A tree that is being read.
struct New<'a> {
    data: &'a [u8],
    /// How far it is read.
    done: usize,
    cuts: Vec<Cut>,
}

/// Whether a name is the last of its chunk: one in eight is.
fn is_end(name: u32) -> bool {
    name.wrapping_mul(0x9e37_79b1) >> 29 == 0
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
