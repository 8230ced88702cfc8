//! Where each blob stood, from which commit on, and until which.
//!
//! Every chunk of a tree is looked at once under each folder that it stands in, commits in their order: the first commit to come by
//! is the first that holds what is in it. The same the other way round gives the last. So the work is that of what changed, not that of
//! commits times files, and no commit is compared with another: merges, roots and cut off parents are nothing special.

use foldhash::{HashMap, HashSet};
use git2::Oid;

use super::paths::{PathId, Paths, ROOT};
use super::trees::{Line, Trees};
use super::{Commit, Gaps, ObjectId};
use crate::git::Kind;

/// Objects under their paths: the largest repositories have some twenty million.
const MOST: usize = 40_000_000;
/// How many times as many as there are lines of trees: most lines stand in one folder, those of a folder that moved in two. And what a
/// small repository may have whatever it does.
const TIMES: usize = 16;
const ANY: usize = 1_000_000;
/// Chunks that are looked at, ten times what the largest have: a hostile repository has trees that hold themselves many times over.
const STEPS: usize = 4_000_000_000;
const NONE: u32 = u32::MAX;

/// A blob under one of its paths.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Placed {
    /// The blob.
    pub blob: ObjectId,
    /// The path, which [`super::History::path`] tells.
    pub place: PathId,
    /// The first commit that holds it there, in the order of [`super::History::commits`].
    pub first: u32,
    /// The last commit that does.
    pub last: u32,
    /// Whether the commit that HEAD names does.
    pub in_head: bool,
}

/// Finds the blobs that `commits` hold, sorted by blob and path, each under each of its paths once.
pub(super) fn placed(
    trees: &mut Trees<'_>,
    paths: &mut Paths,
    commits: &[Commit],
    head: Option<Oid>,
    gaps: &mut Gaps,
) -> Vec<Placed> {
    let mut sweep = Sweep {
        stands: Vec::with_capacity(trees.lines.len()),
        by_line: vec![(ROOT, NONE); trees.lines.len()],
        trees,
        paths,
        gaps,
        others: HashMap::default(),
        absent: HashSet::default(),
        steps: 0,
    };
    let numbers = 0..u32::try_from(commits.len()).unwrap_or(NONE);
    let roots: Vec<(u32, Option<u32>)> = numbers
        .zip(commits)
        .map(|(number, commit)| (number, sweep.root(commit.tree)))
        .collect();
    let roots = roots
        .into_iter()
        .filter_map(|(number, root)| Some((number, root?)));
    let roots: Vec<(u32, u32)> = roots.collect();
    sweep.all(roots.iter().copied(), |stand, commit| {
        let is_new = stand.first == NONE;
        if is_new {
            stand.first = commit;
        }
        is_new
    });
    sweep.all(roots.iter().rev().copied(), |stand, commit| {
        let is_new = stand.last == NONE;
        if is_new {
            stand.last = commit;
        }
        is_new
    });
    let at_head = roots
        .iter()
        .find(|(number, _)| Some(commits[*number as usize].oid) == head);
    sweep.all(at_head.copied().into_iter(), |stand, _| {
        !std::mem::replace(&mut stand.in_head, true)
    });
    sweep.found()
}

/// A line in a folder.
struct Stand {
    line: u32,
    place: PathId,
    first: u32,
    last: u32,
    in_head: bool,
}

struct Sweep<'a, 'b> {
    trees: &'a mut Trees<'b>,
    paths: &'a mut Paths,
    gaps: &'a mut Gaps,
    stands: Vec<Stand>,
    /// By line, the folder where it was met first, and its stand there. Most lines have no other.
    by_line: Vec<(PathId, u32)>,
    others: HashMap<(u32, PathId), u32>,
    /// Objects that are named and not there, each counted once.
    absent: HashSet<u32>,
    steps: usize,
}

impl Sweep<'_, '_> {
    /// The tree of a commit.
    fn root(&mut self, oid: Oid) -> Option<u32> {
        let object = self.trees.number(oid);
        self.tree(object)
    }

    fn tree(&mut self, object: u32) -> Option<u32> {
        if self.is_absent(object) {
            return None;
        }
        self.trees.tree(object, self.gaps)
    }

    /// Whether an object is not there, which is counted.
    fn is_absent(&mut self, object: u32) -> bool {
        let is_absent = self.trees.is_absent(object);
        if is_absent && self.absent.insert(object) {
            self.gaps.missing += 1;
        }
        is_absent
    }

    /// Shows to `mark` all that the trees of commits hold, until it says that it knows it.
    fn all(
        &mut self,
        roots: impl Iterator<Item = (u32, u32)>,
        mark: impl Fn(&mut Stand, u32) -> bool,
    ) {
        let mut seen = Seen::new(self.trees.len());
        let most = MOST.min(ANY + TIMES * self.trees.lines.len());
        let mut roots_seen = HashSet::default();
        let mut open = Vec::new();
        for (commit, root) in roots {
            if roots_seen.insert(root) {
                open.push((root, ROOT));
            }
            while let Some((tree, dir)) = open.pop() {
                self.steps += self.trees.chunks(tree).len();
                if self.steps > STEPS || self.stands.len().max(seen.others.len()) > most {
                    self.gaps.too_many = true;
                    return;
                }
                for at in self.trees.chunks(tree) {
                    let chunk = self.trees.chunk(at);
                    if !seen.add(chunk, dir) {
                        continue;
                    }
                    for i in 0..self.trees.lines(chunk).len() {
                        let line = self.trees.lines(chunk)[i];
                        let Some(at) = self.stand(line, dir) else {
                            self.gaps.too_many = true;
                            continue;
                        };
                        let stand = &mut self.stands[at as usize];
                        if !mark(stand, commit) {
                            continue;
                        }
                        let place = stand.place;
                        let Line { object, kind, .. } = self.trees.lines[line as usize];
                        match kind {
                            None => {
                                let tree = self.tree(object);
                                open.extend(tree.map(|tree| (tree, place)));
                            }
                            Some(Kind::Submodule) => {}
                            Some(_) => {
                                self.is_absent(object);
                            }
                        }
                    }
                }
            }
        }
    }

    /// The number of a line's stand in a folder; none where too many folders are in one another.
    fn stand(&mut self, line: u32, dir: PathId) -> Option<u32> {
        let at = line as usize;
        if at >= self.by_line.len() {
            self.by_line.resize(self.trees.lines.len(), (ROOT, NONE));
        }
        let (known, first) = self.by_line[at];
        if first != NONE && known == dir {
            return Some(first);
        }
        if first != NONE
            && let Some(&known) = self.others.get(&(line, dir))
        {
            return Some(known);
        }
        let place = self.paths.enter(dir, self.trees.lines[at].name)?;
        let new = self.stands.len() as u32;
        self.stands.push(Stand {
            line,
            place,
            first: NONE,
            last: NONE,
            in_head: false,
        });
        if first == NONE {
            self.by_line[at] = (dir, new);
        } else {
            self.others.insert((line, dir), new);
        }
        Some(new)
    }

    /// The blobs among what was found.
    fn found(self) -> Vec<Placed> {
        let trees = self.trees;
        let placed = self.stands.iter().filter_map(|stand| {
            let line = trees.lines[stand.line as usize];
            let is_blob = matches!(line.kind, Some(Kind::File | Kind::Symlink))
                && !trees.is_absent(line.object);
            // Where a sweep was given up, the others may have gone where it did not.
            (is_blob && stand.first != NONE).then_some(Placed {
                blob: ObjectId(line.object),
                place: stand.place,
                first: stand.first,
                last: if stand.last == NONE {
                    stand.first
                } else {
                    stand.last
                },
                in_head: stand.in_head,
            })
        });
        let mut found: Vec<Placed> = placed.collect();
        found.sort_unstable_by_key(|placed| (placed.blob, placed.place));
        // Lines whose hashes are the same may be kept twice.
        found.dedup_by(|again, kept| {
            let is_same = (again.blob, again.place) == (kept.blob, kept.place);
            if is_same {
                kept.first = kept.first.min(again.first);
                kept.last = kept.last.max(again.last);
                kept.in_head |= again.in_head;
            }
            is_same
        });
        found
    }
}

/// Which chunks were seen in which folders.
struct Seen {
    /// By chunk, the first folder. Most have no other.
    first: Vec<u32>,
    others: HashSet<(u32, PathId)>,
}

impl Seen {
    fn new(chunks: usize) -> Self {
        Self {
            first: vec![NONE; chunks],
            others: HashSet::default(),
        }
    }

    /// Adds a folder; false where it is known.
    fn add(&mut self, chunk: u32, dir: PathId) -> bool {
        let at = chunk as usize;
        if at >= self.first.len() {
            self.first.resize(at + 1, NONE);
        }
        let first = self.first[at];
        if first == NONE {
            self.first[at] = dir.0;
            return true;
        }
        first != dir.0 && self.others.insert((chunk, dir))
    }
}
