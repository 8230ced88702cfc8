//! What git ignores, by the rules that travel with a repository and those of this machine.
//!
//! The matching is the `ignore` crate's, which agrees with git where libgit2 does not (a nested `.gitignore` that takes a
//! parent's rule back). The reading is not: that crate opens whatever is called `.gitignore`, and a link to an endless
//! device would hang the scan. Git does not obey a linked one either.

use std::fs;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};

use super::Repository;

/// File systems of these platforms mostly do not tell case, and `git init` sets `core.ignoreCase` there.
const IGNORE_CASE: bool = cfg!(any(windows, target_os = "macos"));

/// Bytes of an ignore file: each line of it costs some hundred times its length once it is compiled.
const LONGEST: u64 = 256 << 10;

/// The ignore rules that hold in one folder: its own, then those of the folders above, then `.git/info/exclude`, then the
/// user's. Folders without rules share their parent's.
pub struct Rules {
    matcher: Gitignore,
    next: Option<Arc<Rules>>,
}

impl Rules {
    /// The rules that hold in all of a repository: this clone's own, over the user's.
    pub fn of(repository: &Repository) -> Option<Arc<Self>> {
        let root = repository.root();
        let (user, _) = GitignoreBuilder::new(root).build_global();
        let user = Self::over(user, None);
        let exclude = repository.common_dir().join("info/exclude");
        Self::over(read(&exclude, root), user)
    }

    /// The rules inside `folder`, where `outer` hold around it. Reads its `.gitignore`, if it is a regular file; lines that
    /// are no globs are passed over, as git does.
    pub fn within(folder: &Path, outer: Option<Arc<Self>>) -> Option<Arc<Self>> {
        Self::over(read(&folder.join(".gitignore"), folder), outer)
    }

    /// Whether a path directly inside the folder is ignored. Whether one of its parents is, the caller knows.
    pub fn ignores(&self, path: &Path, is_dir: bool) -> bool {
        let mut rules = Some(self);
        while let Some(here) = rules {
            match here.matcher.matched(path, is_dir) {
                Match::Ignore(_) => return true,
                Match::Whitelist(_) => return false,
                Match::None => rules = here.next.as_deref(),
            }
        }
        false
    }

    fn over(matcher: Gitignore, next: Option<Arc<Self>>) -> Option<Arc<Self>> {
        if matcher.is_empty() {
            next
        } else {
            Some(Arc::new(Self { matcher, next }))
        }
    }
}

/// The rules of one file; none where it cannot be read or is made to be endless, so that too much is scanned and not too little.
fn read(file: &Path, root: &Path) -> Gitignore {
    if !fs::symlink_metadata(file).is_ok_and(|meta| meta.is_file()) {
        return Gitignore::empty();
    }
    let mut bytes = Vec::new();
    let read = fs::File::open(file).and_then(|f| f.take(LONGEST + 1).read_to_end(&mut bytes));
    if read.is_err() || bytes.len() as u64 > LONGEST {
        return Gitignore::empty();
    }
    let mut builder = GitignoreBuilder::new(root);
    // The crate returns a Result here for an error that cannot occur.
    let _ = builder.case_insensitive(IGNORE_CASE);
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
    for line in bytes.split(|&b| b == b'\n') {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if let Ok(line) = std::str::from_utf8(line) {
            let _ = builder.add_line(None, line);
        }
    }
    builder.build().unwrap_or_else(|_| Gitignore::empty())
}
