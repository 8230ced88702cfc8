//! What a source hands out.

use std::io::Read;

use serde::Serialize;

use super::{Notice, RelPath, severity::words};

/// Where a blob's bytes come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Origin {
    /// A file of the working tree.
    Worktree,
    /// A staged file: the index's blob, never the file on disk.
    Index,
    /// A commit's blob, whether HEAD still has it or not.
    History,
    /// What a commit or a tag says: no file, its path is `commit:ID` or `tag:NAME`.
    Message,
    /// Standard input.
    Stdin,
}

words!(Origin {
    Worktree = "worktree",
    Index = "index",
    History = "history",
    Message = "message",
    Stdin = "stdin",
});

/// What git says of a file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Standing {
    /// There is no repository around it, or git was not asked.
    #[default]
    Unversioned,
    /// In the index, whatever the ignore rules say.
    Tracked,
    /// Neither tracked nor ignored: the next `git add .` takes it.
    Untracked,
    /// Ignored by a rule that stands in the repository, so for everybody.
    Ignored,
    /// Ignored by this machine's own rules alone (`.git/info/exclude`, the user's ignore file): for nobody else.
    IgnoredHere,
}

impl Standing {
    /// Whether git leaves the file on this machine.
    pub fn is_ignored(self) -> bool {
        matches!(self, Self::Ignored | Self::IgnoredHere)
    }
}

/// One version of one file, to be read once.
pub struct Blob<'a> {
    /// Its path, relative to the scan's root.
    pub path: RelPath,
    /// Where its bytes come from.
    pub origin: Origin,
    /// What git says of it, by the index and the ignore rules of the repository that it lies in. A file of the working tree
    /// that is not ignored is [`Standing::Unversioned`] also where the repository's index cannot be read, as nobody knows then
    /// whether it is tracked. Always [`Standing::Tracked`] for a staged file and for one of a commit, [`Standing::Unversioned`] for standard input.
    pub standing: Standing,
    /// Its Unix permission bits (up to `0o7777`), of files of the working tree that are kept for the credentials in them,
    /// ignored or not; `None` elsewhere and on other systems.
    pub mode: Option<u32>,
    /// Which of its path's versions it is, where the source has several: its place in the list of blobs of a range of commits. `None` elsewhere.
    pub version: Option<usize>,
    /// The bytes. An error while reading makes the scan incomplete, and the rest of the file unread.
    pub reader: Box<dyn Read + 'a>,
}

/// What a source pushes, in no order.
pub enum Item<'a> {
    /// Something to scan.
    Blob(Blob<'a>),
    /// Something that the reader of the report has to know.
    Notice(Notice),
    /// A path that the configuration leaves out.
    Excluded(RelPath),
}
