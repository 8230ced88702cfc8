//! Which files there are.

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::{Owner, Wanted};
use crate::model::{Error, Result};

/// The names that a file may have; the first that a folder holds wins.
const NAMES: [&str; 2] = ["keyward.toml", ".keyward.toml"];
/// A repository chooses the size of its file; nobody writes one that is larger.
const LONGEST: u64 = 1 << 20;

/// Whether a file has a name that configurations have.
pub fn is_config(path: &Path) -> bool {
    NAMES
        .iter()
        .any(|name| path.file_name().is_some_and(|file| file == *name))
}

/// The files to read, the farthest first.
pub(super) fn files(wanted: &Wanted<'_>) -> Result<Vec<(PathBuf, Owner)>> {
    let mut files = Vec::new();
    if let Some(user) = wanted.user.filter(|u| u.exists()) {
        files.push((user.to_owned(), Owner::User));
    }
    match wanted.file {
        Some(file) => files.push((file.to_owned(), Owner::Named)),
        None if wanted.no_repo => {}
        None => files.extend(nearest(wanted).map(|file| (file, Owner::Repository))),
    }
    Ok(files)
}

/// The first file from the scanned path up to the root.
fn nearest(wanted: &Wanted<'_>) -> Option<PathBuf> {
    // Without links and `..` in them, or a path below the root might not look like one.
    let (start, root) = (real(wanted.start), real(wanted.root));
    start
        .strip_prefix(root)
        .unwrap_or(Path::new(""))
        .ancestors()
        .flat_map(|way| NAMES.map(|name| wanted.root.join(way).join(name)))
        // Whatever has the name counts, a broken link too: to pass over it would be to pass over what it says.
        .find(|file| fs::symlink_metadata(file).is_ok())
}

/// The path without links and `..`; as it is where there is nothing.
pub(super) fn real(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_owned())
}

/// The text of a configuration file.
pub(super) fn read(path: &Path) -> Result<String> {
    text(path, LONGEST)
}

/// The text of a file that a repository may have put there: a regular file of at most `longest` bytes, a multiple of 1 MiB.
///
/// # Errors
/// [`Error::Read`] where it cannot be read, is no regular file (a pipe or device of that name would hold the scan up for ever) or is
/// longer; [`Error::Config`] with the line of what is not UTF-8.
pub fn text(path: &Path, longest: u64) -> Result<String> {
    let fault = |source| Error::Read {
        path: path.to_owned(),
        source,
    };
    if !fs::metadata(path).map_err(fault)?.is_file() {
        return Err(fault(io::Error::other("it is not a file")));
    }
    let mut bytes = Vec::new();
    let file = fs::File::open(path).map_err(fault)?;
    file.take(longest + 1)
        .read_to_end(&mut bytes)
        .map_err(fault)?;
    if bytes.len() as u64 > longest {
        let message = format!("it is larger than {} MiB", longest >> 20);
        return Err(fault(io::Error::other(message)));
    }
    String::from_utf8(bytes).map_err(|e| {
        let good = &e.as_bytes()[..e.utf8_error().valid_up_to()];
        Error::Config {
            file: path.to_owned(),
            line: memchr::memchr_iter(b'\n', good).count() + 1,
            message: "this is not UTF-8".to_owned(),
            hint: "save the file as UTF-8".to_owned(),
        }
    })
}
