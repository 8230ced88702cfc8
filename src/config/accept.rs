//! Gaps that someone has accepted: they are told, and do not make a scan incomplete.

use super::globs::{Base, Globs};
use super::nearest;
use crate::model::{Error, Notice, NoticeKind, Result};

/// A gap that is accepted.
#[derive(Clone, Debug)]
pub enum Accept {
    /// Files that cannot be read: `path:GLOB`.
    Path(Globs),
    /// History that a shallow clone does not have: `shallow`.
    Shallow,
    /// Objects that a partial clone does not have: `partial`.
    Partial,
}

impl Accept {
    /// Reads what `--accept` was given; globs are relative to the scan's root.
    ///
    /// # Errors
    /// [`Error::Usage`] for a word that names no gap.
    pub fn parse(word: &str) -> Result<Self> {
        Self::based(word, Base::Root).map_err(|(message, hint)| Error::Usage {
            message: format!("--accept: {message}"),
            hint,
        })
    }

    pub(super) fn based(word: &str, base: Base) -> std::result::Result<Self, (String, String)> {
        match word {
            "shallow" => return Ok(Self::Shallow),
            "partial" => return Ok(Self::Partial),
            _ => {}
        }
        let Some(glob) = word.strip_prefix("path:") else {
            let known = "the gaps are shallow, partial and path:GLOB".to_owned();
            let hint = nearest(word, ["shallow", "partial", "path:"])
                .map_or(known, |near| format!("did you mean `{near}`?"));
            return Err(("this is no gap that can be accepted".to_owned(), hint));
        };
        let globs = Globs::based(&[glob.to_owned()], base).map_err(|(_, m, h)| (m, h))?;
        if globs.cover_all() {
            let hint = "name the files or folders that cannot be read";
            return Err(("this accepts every gap".to_owned(), hint.to_owned()));
        }
        Ok(Self::Path(globs))
    }

    /// Whether it accepts the gap that `notice` tells of.
    pub fn covers(&self, notice: &Notice) -> bool {
        match self {
            Self::Path(globs) => notice
                .path
                .as_ref()
                .is_some_and(|path| globs.matches(path.as_bytes())),
            Self::Shallow => notice.kind == NoticeKind::Shallow,
            Self::Partial => notice.kind == NoticeKind::Partial,
        }
    }
}
