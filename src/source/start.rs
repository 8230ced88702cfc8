//! Where a walk begins: which rules hold there, and whether git ignores the place.

use std::collections::HashMap;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use crate::git::Rules;
use crate::model::{Item, Notice, NoticeKind, RelPath, Standing};

use super::ground::Ground;
use super::walk::{File, Folder, Job, Stance, special};
use super::{Worktree, bytes_of, excluded, reason};

/// What holds at a folder.
#[derive(Clone, Default)]
struct Place {
    ground: Option<Arc<Ground>>,
    /// Its path from the repository's root on, with a closing `/`; empty for the root.
    key: Vec<u8>,
    /// The rules that judge the folder itself.
    around: Option<Arc<Rules>>,
    /// The rules that judge what is in it.
    within: Option<Arc<Rules>>,
    /// What git says of the folder itself, as a walk has it.
    standing: Standing,
}

/// Turns asked-for paths into jobs. Remembers folders, because a hook may name thousands of files in a few of them.
pub(super) struct Starts<'s> {
    source: &'s Worktree,
    root: &'s Path,
    sink: &'s (dyn for<'a> Fn(Item<'a>) + Sync),
    main: Option<Arc<Ground>>,
    known: HashMap<PathBuf, Place>,
}

impl<'s> Starts<'s> {
    /// `root` is the source's, without links.
    pub(super) fn new(
        source: &'s Worktree,
        root: &'s Path,
        sink: &'s (dyn for<'a> Fn(Item<'a>) + Sync),
    ) -> Self {
        let mut starts = Self {
            source,
            root,
            sink,
            main: None,
            known: HashMap::new(),
        };
        let repository = source.repository.as_ref().filter(|r| !r.is_bare());
        starts.main = repository.map(|r| starts.told(Ground::of(r.clone())));
        starts
    }

    /// The job for one path that exists and has no links in it; `None` where a notice says why there is none.
    pub(super) fn job(&mut self, path: &Path) -> Option<Job> {
        let rel = relative(self.root, path);
        let meta = match fs::metadata(path) {
            Ok(meta) => meta,
            Err(error) => {
                self.tell(NoticeKind::Unreadable, rel, reason(&error));
                return None;
            }
        };
        let out = excluded(&self.source.exclude, &rel);
        if meta.is_dir() {
            let here = self.place(path);
            if let Some(ground) = here.ground.as_ref().filter(|_| !out) {
                let absent = ground.absent(&rel, &here.key);
                absent.for_each(|notice| (self.sink)(Item::Notice(notice)));
            }
            let slashed = |mut path: Vec<u8>| {
                if !path.is_empty() {
                    path.push(b'/');
                }
                path
            };
            return Some(Job::Folder(Box::new(Folder {
                path: path.to_owned(),
                rel: slashed(rel),
                key: here.key,
                ground: here.ground,
                rules: here.around,
                standing: here.standing,
                stance: if here.standing.is_ignored() {
                    Stance::Asked
                } else {
                    Stance::Visible
                },
                excluded: out,
            })));
        }
        if !meta.is_file() {
            let what = special(meta.file_type());
            let message = format!("{what} is not opened; `keyward scan -` reads standard input");
            self.tell(NoticeKind::Unreadable, rel, message);
            return None;
        }
        let rel = RelPath::new(rel);
        if out {
            (self.sink)(Item::Excluded(rel));
            return None;
        }
        Some(Job::Files(vec![File {
            standing: self.standing(path),
            path: path.to_owned(),
            rel,
        }]))
    }

    /// Tells of a path that cannot be resolved.
    pub(super) fn missing(&self, path: &Path, error: &io::Error, reason: &str) {
        let cut = path
            .strip_prefix(&self.source.root)
            .or_else(|_| path.strip_prefix(self.root))
            .unwrap_or(path);
        let (kind, message) = match error.kind() {
            ErrorKind::NotFound | ErrorKind::NotADirectory => {
                (NoticeKind::Missing, "does not exist".to_owned())
            }
            _ => (NoticeKind::Unreadable, reason.to_owned()),
        };
        self.tell(kind, bytes_of(cut), message);
    }

    /// What git says of a file.
    fn standing(&mut self, file: &Path) -> Standing {
        let Some(folder) = file.parent() else {
            return Standing::Unversioned;
        };
        let here = self.place(folder);
        let Some(ground) = here.ground else {
            return Standing::Unversioned;
        };
        let by_rules = Rules::standing(here.within.as_deref(), here.standing, file, false);
        let mut key = here.key;
        key.extend(file.file_name().map_or(&[][..], |n| n.as_encoded_bytes()));
        ground.standing(&key, by_rules)
    }

    /// What holds at a folder, from the nearest repository's root downwards.
    fn place(&mut self, folder: &Path) -> Place {
        if let Some(known) = self.known.get(folder) {
            return known.clone();
        }
        let here = if let Some(ground) = self.ground_at(folder) {
            Place {
                around: ground.rules.clone(),
                within: Rules::within(folder, ground.rules.clone()),
                ground: Some(ground),
                standing: Standing::Untracked,
                ..Place::default()
            }
        } else if let Some((parent, name)) = folder.parent().zip(folder.file_name()) {
            let outer = self.place(parent);
            self.below(outer, folder, name.as_encoded_bytes())
        } else {
            Place::default()
        };
        self.known.insert(folder.to_owned(), here.clone());
        here
    }

    fn below(&self, outer: Place, folder: &Path, name: &[u8]) -> Place {
        if outer.ground.is_none() {
            return outer;
        }
        let standing = Rules::standing(outer.within.as_deref(), outer.standing, folder, true);
        let within = if standing == Standing::Ignored {
            outer.within.clone()
        } else {
            Rules::within(folder, outer.within.clone())
        };
        Place {
            key: [&outer.key, name, b"/"].concat(),
            around: outer.within,
            within,
            standing,
            ground: outer.ground,
        }
    }

    /// The repository whose root this folder is.
    fn ground_at(&self, folder: &Path) -> Option<Arc<Ground>> {
        if let Some(main) = self.main.as_ref().filter(|main| main.root() == folder) {
            return Some(main.clone());
        }
        fs::symlink_metadata(folder.join(".git")).ok()?;
        Some(self.told(Ground::at(folder)?))
    }

    /// Tells why a repository's index was not read, if it was not.
    fn told(&self, ground: Ground) -> Arc<Ground> {
        if let Some(notice) = ground.notice(relative(self.root, ground.root())) {
            (self.sink)(Item::Notice(notice));
        }
        Arc::new(ground)
    }

    fn tell(&self, kind: NoticeKind, path: Vec<u8>, message: String) {
        (self.sink)(Item::Notice(Notice::at(kind, RelPath::new(path), message)));
    }
}

/// `path` as seen from `root`, with `../` where it lies elsewhere; as it is where nothing is shared.
fn relative(root: &Path, path: &Path) -> Vec<u8> {
    let mut up = Vec::new();
    for above in root.ancestors() {
        if let Ok(rest) = path.strip_prefix(above) {
            up.extend(bytes_of(rest));
            return up;
        }
        if matches!(above.components().next_back(), Some(Component::Normal(_))) {
            up.extend(b"../");
        }
    }
    bytes_of(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_elsewhere_climbs_out_of_the_root() {
        let seen =
            |path: &str| RelPath::new(relative(Path::new("/a/b"), Path::new(path))).display();
        assert_eq!(seen("/a/b"), "");
        assert_eq!(seen("/a/b/c"), "c");
        assert_eq!(seen("/a/bc/d"), "../bc/d");
        assert_eq!(seen("/x"), "../../x");
    }
}
