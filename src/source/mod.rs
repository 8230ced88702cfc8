//! Where documents come from: the working tree, the index, a range of commits, standard input.
//!
//! A source takes a place and gives [`Item`]s: each blob once, with its path and a reader, from several threads and in no
//! order. What it could not read it says in a notice, with the path and the reason; a source never drops anything in silence,
//! and never stops at a single file.
//!
//! Does not decode, judge or sort, and follows no symbolic link.

mod ground;
mod pool;
#[cfg(feature = "git")]
mod range;
#[cfg(feature = "git")]
mod staged;
mod start;
mod stdin;
mod walk;
mod worktree;

#[cfg(feature = "git")]
pub(crate) use pool::Pool;
#[cfg(feature = "git")]
pub use range::Range;
#[cfg(feature = "git")]
pub use staged::Staged;
pub use stdin::Stdin;
pub use worktree::Worktree;

use std::path::Path;

use crate::model::{Item, Result};

/// Something that hands out blobs.
pub trait Source: Sync {
    /// Pushes every item to `sink`, from up to `jobs` threads, and returns when all are through.
    ///
    /// # Errors
    /// Nothing at all can be read. What only makes the scan incomplete is pushed as a notice.
    fn push(&self, jobs: usize, sink: &(dyn for<'a> Fn(Item<'a>) + Sync)) -> Result<()>;
}

/// No document at all: where only the history is scanned.
pub struct Nothing;

impl Source for Nothing {
    fn push(&self, _: usize, _: &(dyn for<'a> Fn(Item<'a>) + Sync)) -> Result<()> {
        Ok(())
    }
}

/// Says of the bytes of a path whether it is left out. Asked for folders as well: what is in one that is left out is too.
pub type Exclude = Box<dyn Fn(&[u8]) -> bool + Send + Sync>;

/// Whether the path itself or a folder that it lies in is left out.
pub(crate) fn excluded(exclude: &dyn Fn(&[u8]) -> bool, path: &[u8]) -> bool {
    let folders = path.iter().enumerate().filter(|(_, b)| **b == b'/');
    folders
        .map(|(end, _)| &path[..end])
        .chain([path])
        .any(exclude)
}

/// What the system says, as the rest of a sentence: lower case, without its number.
fn reason(error: &std::io::Error) -> String {
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or(&text);
    let mut chars = text.chars();
    chars
        .next()
        .map(|first| first.to_lowercase().chain(chars).collect())
        .unwrap_or_default()
}

/// The bytes of a path with `/` between its parts.
fn bytes_of(path: &Path) -> Vec<u8> {
    let bytes = path.as_os_str().as_encoded_bytes();
    if cfg!(windows) {
        bytes
            .iter()
            .map(|&b| if b == b'\\' { b'/' } else { b })
            .collect()
    } else {
        bytes.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_lower_case_and_has_no_number() {
        let error = std::io::Error::from_raw_os_error(2);
        let text = reason(&error);
        assert!(!text.contains("os error"), "{text}");
        assert!(text.starts_with(char::is_lowercase), "{text}");
    }

    #[test]
    fn what_lies_in_a_folder_that_is_left_out_is_too() {
        let exclude: Exclude = Box::new(|path| path == b"gen" || path.ends_with(b"/gen"));
        assert!(excluded(&exclude, b"a/gen/deep/x.rs"));
        assert!(excluded(&exclude, b"gen"));
        assert!(!excluded(&exclude, b"a/generated/x.rs"));
    }
}
