//! The walk from entry points through modules: which statements of which files come to the browser, and by which way.

use std::collections::VecDeque;
use std::rc::Rc;

use super::entries::{self, Entry};
use super::resolve::Resolver;
use super::server::{is_server, is_taken_out};
use crate::checks::{File, Tree};
use crate::facts::Module;
use crate::facts::modules::{By, Taken, Use};
use foldhash::{HashMap, HashSet};

/// How often a name is looked for in modules that are handed on as a whole: a thousand barrels of a thousand files, asked for four names.
const MOST_STEPS: usize = 4_000_000;

/// Where a walk is, and how it came there: an index into [`Walk::trails`].
type Trail = usize;

/// A module on a way.
struct Came {
    file: usize,
    /// The trail before, and the line of its file that takes in this one.
    from: Option<(Trail, usize)>,
    /// The file that the way began in, and how many lie between it and this one.
    entry: usize,
    depth: usize,
}

/// The way to a statement.
pub(super) struct Way {
    /// The file that it begins in.
    pub entry: usize,
    /// How many files behind that are left out.
    pub left: usize,
    /// The last files before the one that it leads to, each with the line that takes in the next; of a short way all.
    pub steps: Vec<(usize, usize)>,
}

/// A statement that was reached.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reached {
    pub trail: Trail,
    pub sure: bool,
}

/// What is to be followed next.
enum Item {
    Part(usize),
    Used(Use),
    Name(Box<[u8]>),
    /// All that a module hands out.
    All,
    /// What is run with it.
    Entered,
}

/// Numbers of a walk, for its tests and for measuring.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Counts {
    pub entries: usize,
    pub files: usize,
    pub resolved: usize,
    pub unresolved: usize,
}

/// What was reached in a tree.
pub(super) struct Walk<'t> {
    tree: &'t Tree<'t>,
    resolver: Resolver<'t>,
    trails: Vec<Came>,
    parts: HashMap<(usize, usize), Reached>,
    entered: HashSet<usize>,
    used: HashSet<(usize, Use)>,
    named: HashSet<(usize, Box<[u8]>)>,
    whole: HashSet<usize>,
    /// By file: what its names stand for, of files that are asked.
    exports: HashMap<usize, HashMap<&'t [u8], Option<Use>>>,
    /// By file: what it hands on as a whole.
    stars: HashMap<usize, Rc<[(usize, usize)]>>,
    /// How often a name was looked for in such.
    steps: usize,
    /// Which files never leave the server.
    servers: Vec<bool>,
    queue: VecDeque<(Trail, Item)>,
    /// What names do not tell, for when all that they tell was followed.
    unsure: VecDeque<(Trail, Item)>,
    sure: bool,
    pub counts: Counts,
}

impl<'t> Walk<'t> {
    /// Walks all of `tree`.
    pub(super) fn of(tree: &'t Tree<'t>) -> Self {
        let is_server = |file: &File| {
            let module = file.module.as_ref();
            module.is_some_and(|module| is_server(&file.path, module))
        };
        let mut walk = Self {
            servers: tree.files.iter().map(is_server).collect(),
            stars: HashMap::default(),
            steps: 0,
            tree,
            resolver: Resolver::of(tree),
            trails: Vec::new(),
            parts: HashMap::default(),
            entered: HashSet::default(),
            used: HashSet::default(),
            named: HashSet::default(),
            whole: HashSet::default(),
            exports: HashMap::default(),
            queue: VecDeque::new(),
            unsure: VecDeque::new(),
            sure: true,
            counts: Counts::default(),
        };
        walk.begin();
        walk.run();
        walk.sure = false;
        std::mem::swap(&mut walk.queue, &mut walk.unsure);
        walk.run();
        if walk.steps == MOST_STEPS {
            let gap = "modules hand on so many others that not all imports were followed";
            tree.gaps.borrow_mut().push(gap);
        }
        let files: HashSet<_> = walk.parts.keys().map(|(file, _)| file).collect();
        walk.counts.files = files.len();
        walk
    }

    /// Whether a statement of a file was reached.
    pub(super) fn reached(&self, file: usize, part: usize) -> Option<Reached> {
        self.parts.get(&(file, part)).copied()
    }

    /// The way to `trail`. Of a long one the last `most` steps: ways of ten thousand files would be told for each fault at their end.
    pub(super) fn way(&self, trail: Trail, most: usize) -> Way {
        let mut steps = Vec::new();
        let mut at = trail;
        while let Some((before, line)) = self.trails[at].from
            && steps.len() < most
        {
            steps.push((self.trails[before].file, line));
            at = before;
        }
        steps.reverse();
        Way {
            entry: self.trails[at].entry,
            left: self.trails[at].depth.saturating_sub(1),
            steps,
        }
    }

    /// The names that stand for no file of the tree though they look like it, each with a file that says it.
    #[cfg(test)]
    pub(super) fn told_unresolved(&self) -> String {
        let mut lines = std::collections::BTreeMap::new();
        for &(file, used) in &self.used {
            let Use::Link(link, _) = used else { continue };
            let Some(module) = self.module(file) else {
                continue;
            };
            let name = module.word(module.links[link].module);
            let is_own = [&b"."[..], b"@/", b"~/", b"#", b"$"]
                .iter()
                .any(|start| name.starts_with(start));
            if is_own && self.resolver.resolve(file, name).is_none() {
                let name = String::from_utf8_lossy(name).into_owned();
                lines
                    .entry(name)
                    .or_insert(self.tree.files[file].path.display());
            }
        }
        lines
            .iter()
            .map(|(name, file)| format!("{name} in {file}\n"))
            .collect()
    }

    fn module(&self, file: usize) -> Option<&'t Module> {
        self.tree.files[file].module.as_ref()
    }

    fn begin(&mut self) {
        for (i, file) in self.tree.files.iter().enumerate() {
            let Some(module) = &file.module else { continue };
            let Some(entry) = entries::entry(file, module, &self.resolver.packages) else {
                continue;
            };
            if self.servers[i] && !module.client {
                continue;
            }
            self.counts.entries += 1;
            let trail = self.came(i, None);
            match entry {
                Entry::Whole => {
                    self.queue
                        .extend((0..module.parts.len()).map(|part| (trail, Item::Part(part))));
                    // What a barrel of client code hands on is loaded with it.
                    let handed_on = module.exports.iter().filter_map(|export| export.to);
                    self.queue
                        .extend(handed_on.map(|to| (trail, Item::Used(to))));
                    self.queue.push_back((trail, Item::Entered));
                }
                Entry::Exports(names) => {
                    self.queue
                        .extend(names.iter().map(|&name| (trail, Item::Name(name.into()))));
                }
                Entry::Loads(uses) => {
                    self.queue
                        .extend(uses.into_iter().map(|used| (trail, Item::Used(used))));
                }
            }
        }
    }

    fn came(&mut self, file: usize, from: Option<(Trail, usize)>) -> Trail {
        let (entry, depth) = from.map_or((file, 0), |(before, _)| {
            let before = &self.trails[before];
            (before.entry, before.depth + 1)
        });
        self.trails.push(Came {
            file,
            from,
            entry,
            depth,
        });
        self.trails.len() - 1
    }

    fn run(&mut self) {
        while let Some((trail, item)) = self.queue.pop_front() {
            let file = self.trails[trail].file;
            let Some(module) = self.module(file) else {
                continue;
            };
            match item {
                Item::Part(part) => self.part(trail, file, module, part),
                Item::Used(Use::Part(part)) => self.queue.push_front((trail, Item::Part(part))),
                Item::Used(Use::Link(link, name)) => {
                    if self.used.insert((file, Use::Link(link, name))) {
                        self.link(trail, file, module, link, Some(name));
                    }
                }
                Item::Name(name) => self.name(trail, file, module, name),
                Item::All => self.all(trail, file, module),
                Item::Entered => self.enter(trail, file, module),
            }
        }
    }

    fn part(&mut self, trail: Trail, file: usize, module: &'t Module, part: usize) {
        let reached = Reached {
            trail,
            sure: self.sure,
        };
        if self.parts.contains_key(&(file, part)) {
            return;
        }
        let Some(statement) = module.parts.get(part) else {
            return;
        };
        if is_taken_out(module, statement) {
            return;
        }
        self.parts.insert((file, part), reached);
        for &used in &statement.uses {
            self.queue.push_front((trail, Item::Used(used)));
        }
    }

    /// Follows what a link takes of its module; of one without names that is what is run with it.
    fn link(
        &mut self,
        trail: Trail,
        file: usize,
        module: &'t Module,
        link: usize,
        name: Option<usize>,
    ) {
        let Some(link) = module.links.get(link) else {
            return;
        };
        let word = module.word(link.module);
        let found = match link.by {
            By::Source => self.resolver.source(file, word),
            _ => self.resolver.resolve(file, word),
        };
        let Some(target) = found else {
            self.counts.unresolved += 1;
            return;
        };
        self.counts.resolved += 1;
        if self.servers[target] {
            return;
        }
        let trail = self.came(target, Some((trail, link.line)));
        let items = match name.and_then(|name| link.names.get(name)) {
            None => vec![Item::Entered],
            Some(Taken::Name(span)) => vec![Item::Name(module.word(*span).into())],
            Some(Taken::Default) => vec![Item::Name(b"default"[..].into())],
            Some(Taken::All) if link.by == By::Source => vec![Item::All, Item::Entered],
            Some(Taken::All) => {
                // Which of them is used is not told; most that is loaded late is the default.
                self.unsure.push_back((trail, Item::All));
                match link.by {
                    By::Dynamic => vec![Item::Name(b"default"[..].into())],
                    _ => vec![Item::Entered],
                }
            }
        };
        self.queue
            .extend(items.into_iter().map(|item| (trail, item)));
    }

    fn name(&mut self, trail: Trail, file: usize, module: &'t Module, name: Box<[u8]>) {
        if !self.named.insert((file, name.clone())) {
            return;
        }
        let known = self.exports(file, module).get(&name[..]).copied();
        match known {
            Some(Some(to)) => {
                self.queue.push_front((trail, Item::Used(to)));
                if matches!(to, Use::Part(_)) {
                    self.queue.push_front((trail, Item::Entered));
                }
            }
            // A type.
            Some(None) => {}
            None if module.open => {
                // A component is its default; of `module.exports` it is not known what the name is.
                let whole = if &name[..] == b"default" && module.exports.is_empty() {
                    &mut self.queue
                } else {
                    &mut self.unsure
                };
                whole.push_back((trail, Item::All));
            }
            None if &name[..] == b"default" => {}
            None => self.stars(trail, file, &name),
        }
    }

    /// Looks for `name` in the modules that are handed on as a whole.
    fn stars(&mut self, trail: Trail, file: usize, name: &[u8]) {
        for &(target, line) in &*self.star_targets(file) {
            if self.steps == MOST_STEPS {
                return;
            }
            self.steps += 1;
            let Some(there) = self.module(target) else {
                continue;
            };
            let is_stop = there.links.iter().all(|link| link.by != By::Star) && !there.open;
            if is_stop && !self.exports(target, there).contains_key(name) {
                continue;
            }
            if !self.named.contains(&(target, name.into())) {
                let trail = self.came(target, Some((trail, line)));
                self.queue.push_back((trail, Item::Name(name.into())));
            }
        }
    }

    /// The files that a file hands on as a whole, each with the line that says so.
    fn star_targets(&mut self, file: usize) -> Rc<[(usize, usize)]> {
        if let Some(known) = self.stars.get(&file) {
            return Rc::clone(known);
        }
        let links = self.module(file).map_or(&[][..], |module| &module.links);
        let mut targets = Vec::new();
        for link in links.iter().filter(|link| link.by == By::Star) {
            let name = self
                .module(file)
                .map_or(&[][..], |module| module.word(link.module));
            let target = self.resolver.resolve(file, name);
            targets.extend(
                target
                    .filter(|&target| !self.servers[target])
                    .map(|target| (target, link.line)),
            );
        }
        let targets: Rc<[_]> = targets.into();
        self.stars.insert(file, Rc::clone(&targets));
        targets
    }

    fn exports(&mut self, file: usize, module: &'t Module) -> &HashMap<&'t [u8], Option<Use>> {
        self.exports.entry(file).or_insert_with(|| {
            let exports = module.exports.iter();
            exports
                .map(|export| (module.word(export.name), export.to))
                .collect()
        })
    }

    /// Everything that a module hands out.
    fn all(&mut self, trail: Trail, file: usize, module: &'t Module) {
        if !self.whole.insert(file) {
            return;
        }
        self.queue.push_back((trail, Item::Entered));
        let exported = module.exports.iter().filter_map(|export| export.to);
        self.queue
            .extend(exported.map(|to| (trail, Item::Used(to))));
        if module.open {
            self.queue
                .extend((0..module.parts.len()).map(|part| (trail, Item::Part(part))));
        }
        for &(target, line) in &*self.star_targets(file) {
            if !self.whole.contains(&target) {
                let trail = self.came(target, Some((trail, line)));
                self.queue.push_back((trail, Item::All));
            }
        }
    }

    /// What is run with a module, whatever is taken of it.
    fn enter(&mut self, trail: Trail, file: usize, module: &'t Module) {
        if !self.entered.insert(file) {
            return;
        }
        let always = module
            .parts
            .iter()
            .enumerate()
            .filter(|(_, part)| part.always);
        self.queue
            .extend(always.map(|(part, _)| (trail, Item::Part(part))));
        for (i, link) in module.links.iter().enumerate() {
            if link.by == By::Import && link.names.is_empty() {
                self.link(trail, file, module, i, None);
            }
        }
    }
}
