//! What a scan could not do, or did otherwise than one might think.

use std::fmt;

use serde::Serialize;

use super::{RelPath, severity::words};

/// What kind of thing happened. The kind alone decides whether the scan was whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum NoticeKind {
    /// A file, folder or object could not be read: the scan is not whole.
    Unreadable,
    /// A path that was asked for does not exist: the scan is not whole.
    Missing,
    /// Part of the history is not there: the repository was cloned without it.
    Shallow,
    /// Objects of the history are not there: the repository was cloned without them.
    Partial,
    /// Every file was excluded: nothing was scanned.
    AllExcluded,
    /// A binary file was passed over.
    Binary,
    /// A link that leads out of the tree, or nowhere, was not followed.
    Link,
    /// A submodule is a repository of its own and was left to a scan of its own.
    Submodule,
    /// Files whose content Git LFS keeps elsewhere: a pointer stands in their place.
    Lfs,
    /// Tracked files that a sparse checkout leaves out of the tree.
    Sparse,
    /// Programs that were not read to their end: rules on code may have missed something in them. What looks for credentials has read all of
    /// their text, so the scan is whole.
    Unparsed,
    /// Nothing was staged.
    NothingStaged,
    /// The range that was asked for brings no file.
    EmptyRange,
    /// An allow entry, inline mark or baseline line that suppressed nothing.
    UnusedIgnore,
    /// An allow entry whose date is past.
    ExpiredIgnore,
    /// Something that the configuration switched off.
    SwitchedOff,
    /// A gap that `accept` names: told, and no reason to fail.
    Accepted,
}

words!(NoticeKind {
    Unreadable = "unreadable",
    Missing = "missing",
    Shallow = "shallow",
    Partial = "partial",
    AllExcluded = "all-excluded",
    Binary = "binary",
    Link = "link",
    Submodule = "submodule",
    Lfs = "lfs",
    Sparse = "sparse",
    Unparsed = "unparsed",
    NothingStaged = "nothing-staged",
    EmptyRange = "empty-range",
    UnusedIgnore = "unused-ignore",
    ExpiredIgnore = "expired-ignore",
    SwitchedOff = "switched-off",
    Accepted = "accepted",
});

impl NoticeKind {
    /// Whether work was left undone, so that the run must not exit 0.
    pub fn incomplete(self) -> bool {
        matches!(
            self,
            Self::Unreadable | Self::Missing | Self::Shallow | Self::Partial | Self::AllExcluded
        )
    }

    /// Whether it only counts in the summary and is spelled out with `--show-skipped`.
    pub fn is_skip(self) -> bool {
        matches!(
            self,
            Self::Binary | Self::Link | Self::Submodule | Self::Lfs | Self::Sparse
        )
    }
}

/// One thing that the reader of the report has to know.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Notice {
    /// What kind of thing.
    pub kind: NoticeKind,
    /// The path it is about, if any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<RelPath>,
    /// What happened, lower case, with what to do where something can be done.
    pub message: String,
}

impl Notice {
    /// A notice about a path.
    pub fn at(kind: NoticeKind, path: RelPath, message: impl Into<String>) -> Self {
        Self {
            kind,
            path: Some(path),
            message: message.into(),
        }
    }

    /// A notice about the whole scan.
    pub fn new(kind: NoticeKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            path: None,
            message: message.into(),
        }
    }
}

impl fmt::Display for Notice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.path {
            Some(path) => write!(f, "{path}: {}", self.message),
            None => f.write_str(&self.message),
        }
    }
}
