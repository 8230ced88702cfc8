//! What names of modules stand for by the configuration of the TypeScript compiler.
//!
//! Takes `tsconfig*.json` and `jsconfig*.json` of a tree, gives the `paths` and the `baseUrl` of a folder. What a file extends is followed
//! where it is in the tree, and passed over where it is not: dependencies need not be installed.

use foldhash::HashMap;
use serde_json::Value;

use crate::checks::{File, Tree, env_files, folders};

use super::resolve::{Packages, clean};

/// Files that extend one another.
const DEEPEST: usize = 8;
/// Patterns of one file, and targets of one pattern.
const MOST: usize = 200;
/// Paths that one name may stand for.
const MOST_CANDIDATES: usize = 64;
/// Bytes of configuration that are read in all: a thousand files may extend the same one, and one of them itself eight times.
const MOST_BYTES: usize = 32 << 20;

/// Whether a file of this name configures the compiler.
pub fn is_config(name: &[u8]) -> bool {
    name.ends_with(b".json") && (name.starts_with(b"tsconfig") || name.starts_with(b"jsconfig"))
}

/// One line of `paths`, or a `baseUrl`, which fits all names.
struct Alias {
    before: Vec<u8>,
    /// What stands behind the star; none where the pattern has no star.
    behind: Option<Vec<u8>>,
    /// Paths from the root, with a star where the pattern has one.
    targets: Vec<Vec<u8>>,
}

impl Alias {
    /// The paths that `name` stands for.
    fn fits(&self, name: &[u8]) -> Option<Vec<Vec<u8>>> {
        let Some(behind) = &self.behind else {
            return (name == self.before).then(|| self.targets.clone());
        };
        let star = name
            .strip_prefix(&self.before[..])?
            .strip_suffix(&behind[..])?;
        let fill = |target: &Vec<u8>| match memchr::memchr(b'*', target) {
            Some(at) => [&target[..at], star, &target[at + 1..]].concat(),
            None => target.clone(),
        };
        Some(self.targets.iter().map(fill).collect())
    }
}

/// The configuration of a tree.
#[derive(Default)]
pub(super) struct Aliases {
    /// By folder, the longest pattern first.
    folders: HashMap<Vec<u8>, Vec<Alias>>,
}

impl Aliases {
    /// That of `tree`; `packages` tells where the packages of the workspace are.
    pub(super) fn of(tree: &Tree<'_>, packages: &Packages) -> Self {
        let mut all = Self::default();
        let mut left = MOST_BYTES;
        for file in tree.files.iter().filter(|file| is_config(file.path.name())) {
            let folder = folders::folder(file.path.as_bytes());
            let aliases = all.folders.entry(folder.to_vec()).or_default();
            let mut read = Read {
                tree,
                packages,
                aliases,
                left: &mut left,
            };
            read.file(file, [true; 2], DEEPEST);
        }
        for aliases in all.folders.values_mut() {
            aliases.sort_by_key(|alias| {
                std::cmp::Reverse((alias.behind.is_none(), alias.before.len()))
            });
        }
        all
    }

    /// The paths that `name` may stand for in a file of `folder`, the likeliest first: those of the nearest configuration, then those above.
    pub(super) fn candidates(&self, folder: &[u8], name: &[u8]) -> Vec<Vec<u8>> {
        let above = folders::upwards(folder).filter_map(|folder| self.folders.get(folder));
        above
            .flatten()
            .filter_map(|alias| alias.fits(name))
            .flatten()
            .take(MOST_CANDIDATES)
            .collect()
    }
}

/// Reads one configuration with what it extends.
struct Read<'a> {
    tree: &'a Tree<'a>,
    packages: &'a Packages,
    aliases: &'a mut Vec<Alias>,
    /// Bytes that may still be read.
    left: &'a mut usize,
}

impl<'a> Read<'a> {
    /// `wanted`: whether `paths` and `baseUrl` are; what a file says hides what it extends.
    fn file(&mut self, file: &File, wanted: [bool; 2], depth: usize) {
        let folder = folders::folder(file.path.as_bytes());
        let text = env_files::text(file);
        let Some(left) = self.left.checked_sub(text.len()) else {
            return;
        };
        *self.left = left;
        let Some(config) = relaxed(text) else {
            return;
        };
        let options = config.get("compilerOptions");
        let option = |name: &str| options.and_then(|options| options.get(name));
        let base = option("baseUrl").and_then(Value::as_str);
        let base = base.and_then(|base| clean(folder, base.as_bytes()));
        let paths = option("paths").and_then(Value::as_object);
        let [paths_wanted, base_wanted] = wanted;
        if let Some(paths) = paths.filter(|_| paths_wanted) {
            let from = base.as_deref().unwrap_or(folder);
            for (pattern, targets) in paths.iter().take(MOST) {
                let targets = targets
                    .as_array()
                    .into_iter()
                    .flatten()
                    .filter_map(Value::as_str);
                let targets = targets
                    .take(MOST)
                    .filter_map(|target| clean(from, target.as_bytes()));
                let (before, behind) = match pattern.split_once('*') {
                    Some((before, behind)) => (before, Some(behind.as_bytes().to_vec())),
                    None => (&pattern[..], None),
                };
                self.aliases.push(Alias {
                    before: before.as_bytes().to_vec(),
                    behind,
                    targets: targets.collect(),
                });
            }
        }
        if let Some(base) = base.as_ref().filter(|_| base_wanted) {
            let target = if base.is_empty() {
                b"*".to_vec()
            } else {
                [base, &b"/*"[..]].concat()
            };
            self.aliases.push(Alias {
                before: Vec::new(),
                behind: Some(Vec::new()),
                targets: vec![target],
            });
        }
        let wanted = [
            paths_wanted && paths.is_none(),
            base_wanted && base.is_none(),
        ];
        if depth == 0 || wanted == [false; 2] {
            return;
        }
        let extended = match config.get("extends") {
            Some(Value::String(name)) => vec![name.as_str()],
            Some(Value::Array(names)) => names
                .iter()
                .filter_map(Value::as_str)
                .take(DEEPEST)
                .collect(),
            _ => Vec::new(),
        };
        for name in extended {
            if let Some(file) = self.extended(folder, name.as_bytes()) {
                self.file(file, wanted, depth - 1);
            }
        }
    }

    /// The file that `name` is in a configuration of `folder`, if it is in the tree.
    fn extended(&self, folder: &[u8], name: &[u8]) -> Option<&'a File> {
        let path = if name.starts_with(b".") {
            clean(folder, name)?
        } else {
            let (package, rest) = self.packages.named(name)?;
            let rest = if rest.is_empty() {
                b"tsconfig.json"
            } else {
                rest
            };
            clean(&package.folder, rest)?
        };
        let endings = [&b""[..], b".json", b"/tsconfig.json"];
        endings
            .iter()
            .find_map(|ending| self.tree.file(&[&path[..], ending].concat()))
    }
}

/// JSON with comments and commas behind the last element, as the compiler reads it.
fn relaxed(text: &[u8]) -> Option<Value> {
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    let mut out: Vec<u8> = Vec::with_capacity(text.len());
    let mut at = 0;
    while at < text.len() {
        match text[at] {
            b'"' => {
                let mut end = at + 1;
                while end < text.len() && text[end] != b'"' {
                    end += if text[end] == b'\\' { 2 } else { 1 };
                }
                let end = (end + 1).min(text.len());
                out.extend_from_slice(&text[at..end]);
                at = end;
                continue;
            }
            b'/' if text.get(at + 1) == Some(&b'/') => {
                at += memchr::memchr(b'\n', &text[at..]).unwrap_or(text.len() - at);
                continue;
            }
            b'/' if text.get(at + 1) == Some(&b'*') => {
                let end = memchr::memmem::find(&text[at + 2..], b"*/");
                at = end.map_or(text.len(), |end| at + 2 + end + 2);
                continue;
            }
            b'}' | b']' => {
                let kept = out.trim_ascii_end();
                if kept.ends_with(b",") {
                    let length = kept.len() - 1;
                    out.truncate(length);
                }
            }
            _ => {}
        }
        out.push(text[at]);
        at += 1;
    }
    serde_json::from_slice(&out).ok()
}
