//! Folders of objects: the repository's own, and those that it borrows from.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use super::discover::{SMALL, demand_file, path_of_bytes, small};
use super::{Repository, error, real};
use crate::model::Result;

/// Repositories that are borrowed from, one of another: git follows five.
const DEEPEST: usize = 5;

impl Repository {
    /// The folders of objects that its environment names, its own, and those that they borrow from.
    pub(super) fn folders(&self) -> &[PathBuf] {
        self.folders.get_or_init(|| {
            let mut folders = self.object_dirs.clone();
            folders.push(self.common_dir().join("objects"));
            let mut from = 0;
            for _ in 0..DEEPEST {
                let to = folders.len();
                for at in from..to {
                    for folder in alternates(&folders[at]) {
                        if !folders.contains(&folder) {
                            folders.push(folder);
                        }
                    }
                }
                from = to;
            }
            folders
        })
    }

    /// What is found in these folders is opened, by libgit2 too: a named pipe would block it for ever.
    pub(super) fn demand_files(&self) -> Result<()> {
        for folder in self.folders() {
            let packs = fs::read_dir(folder.join("pack"));
            for path in packs.into_iter().flatten().flatten().map(|e| e.path()) {
                demand(&path, u64::MAX)?;
            }
            demand(&folder.join("info/alternates"), SMALL)?;
        }
        Ok(())
    }
}

/// A regular file of no more than so many bytes, or nothing.
fn demand(path: &Path, most: u64) -> Result<()> {
    let told = |e: &dyn std::fmt::Display| error(format!("cannot read {}", path.display()), e);
    match demand_file(path) {
        Err(e) if is_absent(&e) => Ok(()),
        Err(e) => Err(told(&e)),
        Ok(()) if fs::metadata(path).is_ok_and(|file| file.len() > most) => {
            Err(told(&"it is too long"))
        }
        Ok(()) => Ok(()),
    }
}

fn is_absent(e: &io::Error) -> bool {
    matches!(e.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory)
}

/// What `objects/info/alternates` names, a folder on each line; as libgit2 reads it, which takes what does not begin with a dot from where
/// the program runs.
fn alternates(folder: &Path) -> Vec<PathBuf> {
    let bytes = small(&folder.join("info/alternates")).unwrap_or_default();
    let lines = bytes.split(|b| b"\r\n".contains(b));
    let named = lines.filter(|line| !line.is_empty() && !line.starts_with(b"#"));
    let paths = named.map(path_of_bytes);
    let found = paths.flat_map(|path| [real(&folder.join(&path)), real(&path)]);
    found.flatten().filter(|path| path.is_dir()).collect()
}
