//! What the index has and the work tree lacks on purpose.

use std::fs;

use super::discover::path_of_bytes;
use super::{Kind, Repository, Tracked, since};

/// How much of a work tree was never put there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Absent {
    /// Submodules that were not fetched.
    pub submodules: usize,
    /// Files that a sparse checkout leaves out.
    pub files: usize,
}

impl Repository {
    /// What is absent below a folder, which is given with its closing `/`, or as nothing for all. Nothing is where the index cannot be read.
    pub fn lacks(&self, folder: &[u8]) -> Absent {
        let mut absent = Absent::default();
        let tracked = self.tracked().unwrap_or_default();
        let below = since(tracked, folder).iter();
        for entry in below.take_while(|entry| entry.path.as_bytes().starts_with(folder)) {
            match entry.kind {
                Kind::Submodule if !self.has(entry, Some(".git")) => absent.submodules += 1,
                // The mark alone says nothing: many set it to hide what they changed.
                Kind::File | Kind::Symlink if entry.left_out && !self.has(entry, None) => {
                    absent.files += 1;
                }
                _ => {}
            }
        }
        absent
    }

    fn has(&self, entry: &Tracked, name: Option<&str>) -> bool {
        let mut path = self.root().join(path_of_bytes(entry.path.as_bytes()));
        path.extend(name);
        fs::symlink_metadata(path).is_ok()
    }
}
