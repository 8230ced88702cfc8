//! What a range of commits brings.

use std::io::Cursor;
use std::sync::Arc;

use crate::git::{self, Gap, Kind, New, Repository};
use crate::model::{Blob, Item, Notice, NoticeKind, Origin, RelPath, Result, Standing};

use super::pool::Pool;
use super::walk::SUBMODULE;
use super::{Exclude, Source, excluded};

/// Blobs that a thread takes at once.
const BATCH: usize = 16;

/// The blobs that the commits of a range add, each under each of its paths once. What was added and is gone again by the end of the range
/// is among them: whoever has the commits has it. Neither the index nor the files on disk are looked at.
pub struct Range {
    /// Whose objects.
    pub repository: Arc<Repository>,
    /// What to read, as [`Repository::range`] found it. [`Blob::version`] is a place in its list of blobs, which says the commit.
    pub range: Arc<git::Range>,
    /// What to leave out.
    pub exclude: Exclude,
}

impl Source for Range {
    fn push(&self, jobs: usize, sink: &(dyn for<'a> Fn(Item<'a>) + Sync)) -> Result<()> {
        let tell = |kind, path: &RelPath, message: &str| {
            sink(Item::Notice(Notice::at(kind, path.clone(), message)));
        };
        for gap in &self.range.gaps {
            sink(Item::Notice(notice(gap)));
        }
        if self.range.blobs.is_empty() {
            let message = match self.range.commits.len() {
                0 => "the range has no commit: its end adds nothing to its beginning",
                _ => "the commits of the range bring no file",
            };
            sink(Item::Notice(Notice::new(NoticeKind::EmptyRange, message)));
        }
        let blobs: Vec<_> = self.range.blobs.iter().enumerate().collect();
        let batches = blobs.chunks(BATCH).rev().collect();
        Pool::run(jobs, batches, |batch: &[(usize, &New)], _| {
            for (version, new) in batch {
                if excluded(&self.exclude, new.path.as_bytes()) {
                    sink(Item::Excluded(new.path.clone()));
                    continue;
                }
                match new.kind {
                    Kind::Submodule => tell(NoticeKind::Submodule, &new.path, SUBMODULE),
                    Kind::Symlink => tell(
                        NoticeKind::Link,
                        &new.path,
                        "a symbolic link is in the range; it is not followed",
                    ),
                    Kind::File => match self.repository.read(new.oid) {
                        Ok(bytes) => sink(Item::Blob(Blob {
                            path: new.path.clone(),
                            origin: Origin::History,
                            standing: Standing::Tracked,
                            mode: None,
                            version: Some(*version),
                            reader: Box::new(Cursor::new(bytes)),
                        })),
                        Err(error) => {
                            tell(NoticeKind::Unreadable, &new.path, &error.to_string());
                        }
                    },
                }
            }
        });
        Ok(())
    }
}

/// A gap as the report tells it.
fn notice(gap: &Gap) -> Notice {
    let kind = match gap {
        Gap::Shallow(_) => NoticeKind::Shallow,
        Gap::Unread { .. } | Gap::TooMany => NoticeKind::Unreadable,
    };
    match gap {
        Gap::Unread {
            path: Some(path), ..
        } => Notice::at(kind, path.clone(), gap.to_string()),
        _ => Notice::new(kind, gap.to_string()),
    }
}
