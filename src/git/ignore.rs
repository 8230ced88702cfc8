//! What git ignores, by the rules that travel with a repository and those of this machine.
//!
//! The matching is the `ignore` crate's, which agrees with git where libgit2 does not (a nested `.gitignore` that takes a
//! parent's rule back). The reading is not: that crate opens whatever is called `.gitignore`, and a link to an endless
//! device would hang the scan. Git does not obey a linked one either. Nor are the lines taken as that crate takes them, see
//! `pattern`.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder, Glob, gitconfig_excludes_path};

use crate::model::Standing;

use super::Repository;
use super::pattern::{translate, trimmed};

/// File systems of these platforms mostly do not tell case, and `git init` sets `core.ignoreCase` there.
const IGNORE_CASE: bool = cfg!(any(windows, target_os = "macos"));

/// Bytes of an ignore file: each line of it costs some hundred times its length once it is compiled.
const LONGEST: usize = 256 << 10;

/// The ignore rules that hold in one folder: its own, then those of the folders above, then `.git/info/exclude`, then the
/// user's. Folders without rules share their parent's.
pub struct Rules {
    matcher: Gitignore,
    /// The file that they stand in.
    file: PathBuf,
    text: Vec<u8>,
    /// They hold on this machine alone.
    only_here: bool,
    next: Option<Arc<Rules>>,
}

/// The rule that decided about a path.
pub(super) struct Decision<'a> {
    pub(super) file: &'a Path,
    /// From 1 on.
    pub(super) line: usize,
    /// As it stands in the file, without the blanks that git cuts off.
    pub(super) pattern: String,
}

impl Rules {
    /// The rules that hold in all of a repository: this clone's own, over the user's. Links are followed here as git does:
    /// neither file comes with a clone.
    pub fn of(repository: &Repository) -> Option<Arc<Self>> {
        let files = [
            gitconfig_excludes_path(),
            Some(repository.common_dir().join("info/exclude")),
        ];
        files.into_iter().flatten().fold(None, |next, file| {
            let is_file = fs::metadata(&file).is_ok_and(|meta| meta.is_file());
            let text = if is_file { read(&file) } else { Vec::new() };
            Self::over(repository.root(), file, text, true, next)
        })
    }

    /// The rules inside `folder`, where `outer` hold around it. Reads its `.gitignore`, if it is a regular file; lines that
    /// are no globs are passed over, as git does.
    pub fn within(folder: &Path, outer: Option<Arc<Self>>) -> Option<Arc<Self>> {
        let file = folder.join(".gitignore");
        let text = linkless(&file);
        Self::over(folder, file, text, false, outer)
    }

    /// The rules inside `folder` by the text of its `.gitignore`, come from wherever. Paths are asked for as `folder` is
    /// given: from the same place on.
    pub(super) fn of_text(
        folder: &Path,
        text: Vec<u8>,
        outer: Option<Arc<Self>>,
    ) -> Option<Arc<Self>> {
        Self::over(folder, folder.join(".gitignore"), text, false, outer)
    }

    /// What git says of a path directly inside the folder, of which it says `folder`: what is in an ignored folder is ignored,
    /// whatever the rules say. Never [`Standing::Tracked`].
    pub fn standing(rules: Option<&Self>, folder: Standing, path: &Path, is_dir: bool) -> Standing {
        // What one machine's rules leave out, all others judge by the rules that they have too.
        let shared = folder == Standing::IgnoredHere;
        match folder {
            Standing::Ignored => Standing::Ignored,
            _ => match rules.and_then(|rules| rules.deciding(shared, path, is_dir)) {
                Some((rules, glob)) if !glob.is_whitelist() => {
                    if rules.only_here {
                        Standing::IgnoredHere
                    } else {
                        Standing::Ignored
                    }
                }
                _ if shared => Standing::IgnoredHere,
                _ => Standing::Untracked,
            },
        }
    }

    /// The rule that [`standing`](Self::standing) goes by, where it is not the folder's.
    pub(super) fn decision(&self, shared: bool, path: &Path, is_dir: bool) -> Option<Decision<'_>> {
        let (rules, glob) = self.deciding(shared, path, is_dir)?;
        // Lines that translate alike decide alike, and of those the last one counts.
        let (at, line) = (lines(&rules.text).enumerate())
            .filter(|(_, line)| translate(line).is_some_and(|line| line == glob.original()))
            .last()?;
        Some(Decision {
            file: &rules.file,
            line: at + 1,
            pattern: trimmed(line).to_owned(),
        })
    }

    /// The last rule that matches, of the innermost file that has one.
    fn deciding(&self, shared: bool, path: &Path, is_dir: bool) -> Option<(&Self, &Glob)> {
        let mut rules = Some(self);
        while let Some(here) = rules {
            if !(shared && here.only_here)
                && let Match::Ignore(glob) | Match::Whitelist(glob) =
                    here.matcher.matched(path, is_dir)
            {
                return Some((here, glob));
            }
            rules = here.next.as_deref();
        }
        None
    }

    fn over(
        root: &Path,
        file: PathBuf,
        text: Vec<u8>,
        only_here: bool,
        next: Option<Arc<Self>>,
    ) -> Option<Arc<Self>> {
        let matcher = compiled(&text, root);
        if matcher.is_empty() {
            next
        } else {
            Some(Arc::new(Self {
                matcher,
                file,
                text,
                only_here,
                next,
            }))
        }
    }
}

/// The text of a `.gitignore`; empty where it is no regular file.
pub(super) fn linkless(file: &Path) -> Vec<u8> {
    if fs::symlink_metadata(file).is_ok_and(|meta| meta.is_file()) {
        read(file)
    } else {
        Vec::new()
    }
}

/// The bytes of a file; a longer one than is compiled comes cut, one byte too long.
fn read(file: &Path) -> Vec<u8> {
    let mut bytes = Vec::new();
    let read =
        fs::File::open(file).and_then(|f| f.take(LONGEST as u64 + 1).read_to_end(&mut bytes));
    if read.is_err() {
        bytes.clear();
    }
    bytes
}

/// The rules of a text; none where it is made to be endless, so that too much is scanned and not too little.
fn compiled(text: &[u8], root: &Path) -> Gitignore {
    if text.is_empty() || text.len() > LONGEST {
        return Gitignore::empty();
    }
    let mut builder = GitignoreBuilder::new(root);
    // The crate returns a Result here for an error that cannot occur.
    let _ = builder.case_insensitive(IGNORE_CASE);
    for line in lines(text).filter_map(translate) {
        let _ = builder.add_line(None, &line);
    }
    builder.build().unwrap_or_else(|_| Gitignore::empty())
}

/// The lines of an ignore file without their ends; empty where one is not UTF-8, which counts as no rule.
fn lines(text: &[u8]) -> impl Iterator<Item = &str> {
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    text.split(|&b| b == b'\n').map(|line| {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        std::str::from_utf8(line).unwrap_or_default()
    })
}
