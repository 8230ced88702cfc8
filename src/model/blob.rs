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
    /// Standard input.
    Stdin,
}

words!(Origin { Worktree = "worktree", Index = "index", Stdin = "stdin" });

/// One version of one file, to be read once.
pub struct Blob<'a> {
    /// Its path, relative to the scan's root.
    pub path: RelPath,
    /// Where its bytes come from.
    pub origin: Origin,
    /// Git ignores it: it is on this machine only.
    pub local: bool,
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
