//! Making objects: a root, then all that stands on it, deepest first, each base held only while something still stands on it.

use git2::Oid;

use super::blocks::Blocks;
use super::delta::{self, Op};
use super::entry;
use super::forest::NONE;
use super::index::Index;
use super::{Fault, MOST, Pack};

/// An object as it was made.
pub struct Object<'a, S> {
    index: &'a Index,
    /// Its place in the index.
    pub place: u32,
    /// Its bytes.
    pub data: &'a [u8],
    /// Of a delta: what the visitor gave for the base, and how this was made of it.
    pub from: Option<(&'a S, &'a [Op])>,
}

impl<S> Object<'_, S> {
    /// Its id, as the index has it. To look it up costs as much as to make a small object.
    pub fn oid(&self) -> Oid {
        self.index.oid(self.place)
    }
}

/// Who is shown objects.
pub trait Visit {
    /// What the visitor knows of an object as long as others may stand on it.
    type State;

    /// Looks at an object.
    fn object(&mut self, object: Object<'_, Self::State>) -> Self::State;

    /// An object cannot be made, for this reason; nor can those that stand on it, each of which is told.
    fn lost(&mut self, oid: Oid, why: &str);
}

/// An object that others may stand on.
struct Base<S> {
    data: Vec<u8>,
    state: S,
    /// The next delta on it.
    next: u32,
}

/// Makes objects of one pack, with memory that serves for all that it is asked for.
pub struct Walker<'a>(Maker<'a>);

impl<'a> Walker<'a> {
    pub(super) fn new(pack: &'a Pack) -> Self {
        Self(Maker::new(pack))
    }

    /// Makes the object at each of `roots` and all deltas that stand on it, and shows them to `visit`.
    pub fn walk<V: Visit>(&mut self, roots: &[u32], visit: &mut V) {
        walk(&mut self.0, roots, visit);
    }
}

fn walk<V: Visit>(maker: &mut Maker<'_>, roots: &[u32], visit: &mut V) {
    let pack = maker.pack;
    let mut chain: Vec<Base<V::State>> = Vec::new();
    for &root in roots {
        let mut data = maker.spare.pop().unwrap_or_default();
        if let Err(why) = maker.inflate(root, &mut data) {
            lose(pack, root, why, visit);
            continue;
        }
        let state = visit.object(Object {
            index: &pack.index,
            place: pack.forest.place(root),
            data: &data,
            from: None,
        });
        maker.held = data.len();
        let next = pack.forest.first(root);
        chain.push(Base { data, state, next });
        while let Some(base) = chain.last_mut() {
            let entry = base.next;
            if entry == NONE {
                maker.held -= base.data.len();
                maker
                    .spare
                    .extend(chain.pop().map(|base| base.data).filter(is_small));
                continue;
            }
            base.next = pack.forest.next(entry);
            let mut data = maker.spare.pop().unwrap_or_default();
            if let Err(why) = maker.make(entry, &base.data, &mut data) {
                lose(pack, entry, why, visit);
                continue;
            }
            let state = visit.object(Object {
                index: &pack.index,
                place: pack.forest.place(entry),
                data: &data,
                from: Some((&base.state, &maker.ops)),
            });
            let next = pack.forest.first(entry);
            if next == NONE {
                maker.spare.extend(Some(data).filter(is_small));
            } else {
                maker.held += data.len();
                chain.push(Base { data, state, next });
            }
        }
    }
}

/// Whether a buffer is worth keeping for the next object.
fn is_small(data: &Vec<u8>) -> bool {
    data.capacity() <= 1 << 20
}

/// Tells that `entry` cannot be made, and all that stands on it.
fn lose<V: Visit>(pack: &Pack, entry: u32, why: Fault, visit: &mut V) {
    let mut open = vec![entry];
    while let Some(entry) = open.pop() {
        visit.lost(pack.index.oid(pack.forest.place(entry)), why);
        let mut child = pack.forest.first(entry);
        while child != NONE {
            open.push(child);
            child = pack.forest.next(child);
        }
    }
}

struct Maker<'a> {
    pack: &'a Pack,
    inflater: libdeflater::Decompressor,
    blocks: Blocks<'a>,
    delta: Vec<u8>,
    ops: Vec<Op>,
    /// Buffers that can be used again.
    spare: Vec<Vec<u8>>,
    /// Bytes that the chain of bases holds.
    held: usize,
}

impl<'a> Maker<'a> {
    fn new(pack: &'a Pack) -> Self {
        Self {
            pack,
            inflater: libdeflater::Decompressor::new(),
            blocks: Blocks::new(&pack.file, pack.forest.end()),
            delta: Vec::new(),
            ops: Vec::new(),
            spare: Vec::new(),
            held: 0,
        }
    }

    /// Makes the delta at `entry` of its base.
    fn make(&mut self, entry: u32, base: &[u8], data: &mut Vec<u8>) -> Result<(), Fault> {
        let mut delta = std::mem::take(&mut self.delta);
        let made = self
            .inflate(entry, &mut delta)
            .and_then(|()| delta::apply(base, &delta, data, &mut self.ops));
        self.delta = delta;
        made?;
        self.pack.budget.spend(data.len())?;
        if self.held.saturating_add(data.len()) > MOST {
            return Err("its chain of deltas takes too much memory");
        }
        Ok(())
    }

    /// Inflates what `entry` holds: an object, or a delta.
    fn inflate(&mut self, entry: u32, into: &mut Vec<u8>) -> Result<(), Fault> {
        /// What deflate adds to bytes that it cannot make shorter, and more.
        const SLACK: usize = 64 << 10;
        let (start, end) = self.pack.forest.extent(entry);
        let longest = (MOST + MOST / 1000 + SLACK) as u64;
        let read = self
            .blocks
            .read(start, end.min(start.saturating_add(longest)));
        let packed = read.map_err(|_| "it cannot be read")?;
        let head = entry::head(packed)?;
        let size = usize::try_from(head.size).unwrap_or(usize::MAX);
        if size > MOST {
            return Err("it is too long");
        }
        // A size that its bytes cannot reach must not take memory: deflate makes at most 1,032 of one.
        if size / 1032 > packed.len() {
            return Err("it says that it is longer than it can be");
        }
        self.pack.budget.spend(size)?;
        // All of it is written over, so what it holds need not be zeroes.
        into.resize(size, 0);
        match self.inflater.zlib_decompress(&packed[head.length..], into) {
            Ok(made) if made == size => Ok(()),
            _ => Err("it does not inflate"),
        }
    }
}
