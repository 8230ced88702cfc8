//! Names and paths, each kept once and known by a number.

use foldhash::HashMap;

use crate::model::RelPath;

/// Folders in one another.
const DEEPEST: u32 = 1000;

/// A path of one history: a number that takes less room. Paths are numbered in the order in which they are met.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PathId(pub(super) u32);

/// The root of every tree.
pub(super) const ROOT: PathId = PathId(0);

/// The last parts of paths.
#[derive(Default)]
pub(super) struct Names {
    names: Vec<Box<[u8]>>,
    by_name: HashMap<Box<[u8]>, u32>,
}

impl Names {
    /// The number of a name.
    pub(super) fn number(&mut self, name: &[u8]) -> u32 {
        if let Some(&known) = self.by_name.get(name) {
            return known;
        }
        let new = self.names.len() as u32;
        self.names.push(name.into());
        self.by_name.insert(name.into(), new);
        new
    }

    /// All names, by number.
    pub(super) fn all(&self) -> impl Iterator<Item = &[u8]> {
        self.names.iter().map(|name| &**name)
    }

    /// The name of a number.
    pub(super) fn name(&self, number: u32) -> &[u8] {
        &self.names[number as usize]
    }
}

/// A name in a folder, which is a path itself.
struct Step {
    dir: PathId,
    name: u32,
    /// How many folders are around it.
    depth: u32,
}

/// Paths, each as a name in a folder.
pub(super) struct Paths {
    steps: Vec<Step>,
    by_step: HashMap<(PathId, u32), PathId>,
}

impl Paths {
    /// Only the root.
    pub(super) fn new() -> Self {
        Self {
            steps: vec![Step {
                dir: ROOT,
                name: 0,
                depth: 0,
            }],
            by_step: HashMap::default(),
        }
    }

    /// The path of a name in a folder; none where that would be too deep.
    pub(super) fn enter(&mut self, dir: PathId, name: u32) -> Option<PathId> {
        if let Some(&known) = self.by_step.get(&(dir, name)) {
            return Some(known);
        }
        let depth = self.steps[dir.0 as usize].depth + 1;
        if depth > DEEPEST {
            return None;
        }
        let new = PathId(u32::try_from(self.steps.len()).ok()?);
        self.steps.push(Step { dir, name, depth });
        self.by_step.insert((dir, name), new);
        Some(new)
    }

    /// The number of its last name.
    pub(super) fn last(&self, path: PathId) -> u32 {
        self.steps[path.0 as usize].name
    }

    /// The path in letters.
    pub(super) fn path(&self, path: PathId, names: &Names) -> RelPath {
        let mut parts = Vec::new();
        let mut at = path;
        while at != ROOT {
            let step = &self.steps[at.0 as usize];
            parts.push(names.name(step.name));
            at = step.dir;
        }
        parts.reverse();
        RelPath::from(&*parts.join(&b'/'))
    }
}
