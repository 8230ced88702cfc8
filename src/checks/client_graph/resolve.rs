//! Which file of the tree a module's name stands for.
//!
//! Takes the name and the file that says it. Looks only at paths of the tree: relative ones with the endings that bundlers try, what the compiler's
//! configuration says, packages of the workspace by their manifests, and what frameworks mean by `@/`, `~/` and `$lib/`. Everything
//! else is a dependency, and none of ours.

use std::cell::RefCell;

use foldhash::HashMap;
use serde_json::Value;

use super::aliases::Aliases;
use crate::checks::{Tree, env_files, folders, manifests};

/// Endings that bundlers try, the likeliest first.
const ENDINGS: &[&[u8]] = &[
    b".ts", b".tsx", b".js", b".jsx", b".mjs", b".cjs", b".mts", b".cts", b".vue", b".svelte",
    b".astro",
];
/// What a name in TypeScript means by the ending that the file will have: `./a.js` is written `a.ts`.
const WRITTEN: &[(&[u8], &[&[u8]])] = &[
    (b".js", &[b".ts", b".tsx"]),
    (b".jsx", &[b".tsx"]),
    (b".mjs", &[b".mts"]),
    (b".cjs", &[b".cts"]),
];
/// Folders of what is built, and where it is built from.
const BUILT: &[&[u8]] = &[b"dist/", b"build/", b"lib/", b"out/", b"es/", b"esm/"];
/// What frameworks mean by these, from the folder of the package.
const DEFAULTS: &[(&[u8], &[&[u8]])] = &[
    (b"@/", &[b"src", b"", b"app"]),
    (b"~/", &[b"app", b"src", b""]),
    (b"$lib/", &[b"src/lib"]),
];
/// Conditions of a manifest within one another.
const DEEPEST: usize = 6;
/// Targets of one name in a manifest.
const MOST: usize = 32;

/// `name` as it is meant in `folder`: a path from the root without dots, if it lies below that.
pub(super) fn clean(folder: &[u8], name: &[u8]) -> Option<Vec<u8>> {
    let mut parts: Vec<&[u8]> = Vec::new();
    for part in folder
        .split(|&b| b == b'/')
        .chain(name.split(|&b| b == b'/'))
    {
        match part {
            b"" | b"." => {}
            b".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join(&b'/'))
}

/// A package of the workspace.
pub(super) struct Package {
    pub folder: Vec<u8>,
    manifest: Value,
}

/// The packages of a workspace.
#[derive(Default)]
pub(super) struct Packages {
    by_name: HashMap<Vec<u8>, Package>,
    /// By folder: the names of what it depends on.
    dependencies: HashMap<Vec<u8>, Vec<String>>,
}

impl Packages {
    pub(super) fn of(tree: &Tree<'_>) -> Self {
        let mut all = Self::default();
        for file in tree
            .files
            .iter()
            .filter(|file| file.path.name() == b"package.json")
        {
            let folder = folders::folder(file.path.as_bytes()).to_vec();
            let Some(manifest) = manifests::json(env_files::text(file)) else {
                continue;
            };
            all.dependencies
                .insert(folder.clone(), manifests::dependencies(file));
            if let Some(name) = manifest.get("name").and_then(Value::as_str) {
                let name = name.as_bytes().to_vec();
                all.by_name
                    .entry(name)
                    .or_insert(Package { folder, manifest });
            }
        }
        all
    }

    /// The package that `name` is in, and what of it that names.
    pub(super) fn named<'n>(&self, name: &'n [u8]) -> Option<(&Package, &'n [u8])> {
        let slashes = usize::from(name.starts_with(b"@"));
        let end = memchr::memchr_iter(b'/', name)
            .nth(slashes)
            .unwrap_or(name.len());
        let package = self.by_name.get(&name[..end])?;
        Some((package, name[end..].strip_prefix(b"/").unwrap_or_default()))
    }

    /// The folder of the package around a file of `folder`, and what it depends on.
    pub(super) fn around<'f>(&self, folder: &'f [u8]) -> Option<(&'f [u8], &[String])> {
        folders::upwards(folder)
            .find_map(|folder| Some((folder, &self.dependencies.get(folder)?[..])))
    }
}

/// A folder, and a name that a file of it says.
type Said<'t> = (&'t [u8], Vec<u8>);

/// Names to files.
pub(super) struct Resolver<'t> {
    /// Every script of the tree, by its path.
    scripts: HashMap<&'t [u8], usize>,
    aliases: Aliases,
    pub packages: Packages,
    /// Names that are no path, by the folder of who says them: they are said again and again.
    known: RefCell<HashMap<Said<'t>, Option<usize>>>,
    tree: &'t Tree<'t>,
}

impl<'t> Resolver<'t> {
    pub(super) fn of(tree: &'t Tree<'t>) -> Self {
        let packages = Packages::of(tree);
        let scripts = tree.files.iter().enumerate();
        let scripts = scripts.filter(|(_, file)| file.module.is_some());
        Self {
            scripts: scripts.map(|(i, file)| (file.path.as_bytes(), i)).collect(),
            aliases: Aliases::of(tree, &packages),
            packages,
            known: RefCell::default(),
            tree,
        }
    }

    /// The file that `name` is in the file at index `from`.
    pub(super) fn resolve(&self, from: usize, name: &[u8]) -> Option<usize> {
        let folder = folders::folder(self.tree.files[from].path.as_bytes());
        let query = memchr::memchr(b'?', name).unwrap_or(name.len());
        // `./a.svg?raw` is text.
        let name = &name[..query];
        if name.starts_with(b".") {
            return self.file(&clean(folder, name)?);
        }
        let key = (folder, name.to_vec());
        if let Some(&known) = self.known.borrow().get(&key) {
            return known;
        }
        let found = self.named(folder, name);
        self.known.borrow_mut().insert(key, found);
        found
    }

    /// The file that a page at index `from` means by `name`: a path from its folder or, behind a slash, from that of its project.
    pub(super) fn source(&self, from: usize, name: &[u8]) -> Option<usize> {
        let folder = folders::folder(self.tree.files[from].path.as_bytes());
        let query = memchr::memchr2(b'?', b'#', name).unwrap_or(name.len());
        let name = &name[..query];
        if memchr::memmem::find(name, b"//").is_some() {
            return None;
        }
        self.scripts.get(&clean(folder, name)?[..]).copied()
    }

    fn named(&self, folder: &[u8], name: &[u8]) -> Option<usize> {
        let aliased = self.aliases.candidates(folder, name);
        aliased
            .iter()
            .find_map(|path| self.file(path))
            .or_else(|| self.of_package(name))
            .or_else(|| self.by_default(folder, name))
    }

    /// A package of the workspace, or a file in one.
    fn of_package(&self, name: &[u8]) -> Option<usize> {
        let (package, rest) = self.packages.named(name)?;
        let inside = |path: &[u8]| self.file(&clean(&package.folder, path)?);
        let targets = targets(&package.manifest, rest);
        let told = targets.iter().find_map(|target| {
            let target = target.strip_prefix("./").unwrap_or(target).as_bytes();
            inside(target).or_else(|| {
                let built = BUILT
                    .iter()
                    .find_map(|folder| target.strip_prefix(*folder))?;
                let stem = memchr::memchr(b'.', built).unwrap_or(built.len());
                inside(&[b"src/", &built[..stem]].concat())
            })
        });
        told.or_else(|| inside(&[b"src/", rest].concat()))
            .or_else(|| inside(rest))
    }

    fn by_default(&self, folder: &[u8], name: &[u8]) -> Option<usize> {
        let (rest, folders) = DEFAULTS
            .iter()
            .find_map(|(prefix, folders)| Some((name.strip_prefix(*prefix)?, folders)))?;
        let around = self.packages.around(folder);
        let package = around.map_or(&b""[..], |(package, _)| package);
        folders
            .iter()
            .find_map(|inner| self.file(&clean(&clean(package, inner)?, rest)?))
    }

    /// The script at `path`, or what bundlers take where there is none.
    fn file(&self, path: &[u8]) -> Option<usize> {
        if let Some(&exact) = self.scripts.get(path) {
            return Some(exact);
        }
        let mut candidate = path.to_vec();
        let mut with = |stem: usize, ending: &[u8]| {
            candidate.truncate(stem);
            candidate.extend_from_slice(ending);
            self.scripts.get(&candidate[..]).copied()
        };
        if let Some(found) = ENDINGS.iter().find_map(|ending| with(path.len(), ending)) {
            return Some(found);
        }
        for (built, written) in WRITTEN {
            if path.ends_with(built) {
                return written
                    .iter()
                    .find_map(|ending| with(path.len() - built.len(), ending));
            }
        }
        let index: &[u8] = if path.is_empty() { b"index" } else { b"/index" };
        ENDINGS
            .iter()
            .find_map(|ending| with(path.len(), &[index, ending].concat()))
    }
}

/// What a manifest says `rest` of its package is: paths, the likeliest first.
fn targets(manifest: &Value, rest: &[u8]) -> Vec<String> {
    let mut found = Vec::new();
    let rest = String::from_utf8_lossy(rest);
    let key = if rest.is_empty() {
        ".".to_owned()
    } else {
        format!("./{rest}")
    };
    match manifest.get("exports") {
        Some(Value::Object(map)) if map.keys().any(|key| key.starts_with('.')) => {
            if let Some(told) = map.get(&key) {
                leaves(told, DEEPEST, &mut found);
            }
            for (pattern, told) in map.iter().take(MOST) {
                let star = pattern
                    .split_once('*')
                    .and_then(|(before, behind)| key.strip_prefix(before)?.strip_suffix(behind));
                if let Some(star) = star {
                    let mut targets = Vec::new();
                    leaves(told, DEEPEST, &mut targets);
                    found.extend(
                        targets
                            .into_iter()
                            .map(|target| target.replacen('*', star, 1)),
                    );
                }
            }
        }
        Some(told) if rest.is_empty() => leaves(told, DEEPEST, &mut found),
        _ => {}
    }
    if rest.is_empty() {
        let fields = ["source", "module", "main", "types"].into_iter();
        let told = fields.filter_map(|field| manifest.get(field)?.as_str());
        found.extend(told.map(str::to_owned));
    }
    found
}

/// The paths that `told` holds under whatever conditions.
fn leaves(told: &Value, depth: usize, found: &mut Vec<String>) {
    match told {
        Value::String(path) if found.len() < MOST => found.push(path.clone()),
        Value::Object(conditions) if depth > 0 => {
            conditions
                .values()
                .for_each(|inner| leaves(inner, depth - 1, found));
        }
        Value::Array(list) if depth > 0 => list
            .iter()
            .for_each(|inner| leaves(inner, depth - 1, found)),
        _ => {}
    }
}
