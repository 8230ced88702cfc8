//! Where a document stands, judged when it is first asked: most documents hold nothing that anybody asks about.

use std::cell::OnceCell;

use super::contexts;
use super::kinds::{self, Kind};
use crate::model::{Context, Contexts, RelPath, Standing};

/// Contexts and kind of one file.
pub struct Setting<'a> {
    path: &'a RelPath,
    standing: Standing,
    told: OnceCell<(Contexts, Option<Kind>)>,
}

impl<'a> Setting<'a> {
    /// The setting of the file at `path`; git says `standing` of it.
    pub fn new(path: &'a RelPath, standing: Standing) -> Self {
        Self {
            path,
            standing,
            told: OnceCell::new(),
        }
    }

    /// Has the setting judged by `beginning`, unless it is already: of a file that is read in windows the first counts.
    pub fn judge(&self, beginning: &[u8]) -> (Contexts, Option<Kind>) {
        *self.told.get_or_init(|| {
            let mut contexts = contexts::of_path(self.path).union(contexts::of_content(beginning));
            let private = contexts::is_credential_file(self.path.name(), self.path);
            match self.standing {
                Standing::Ignored | Standing::IgnoredHere => {
                    contexts = contexts.with(Context::Local);
                }
                // Of other files it is no news.
                Standing::Tracked if private => contexts = contexts.with(Context::Tracked),
                Standing::Untracked if private => contexts = contexts.with(Context::Untracked),
                _ => {}
            }
            let kind = kinds::kind(self.path, beginning);
            if kind == Some(Kind::Log) && self.standing == Standing::Untracked {
                contexts = contexts.with(Context::Untracked);
            }
            (contexts, kind)
        })
    }

    /// What git says of the file.
    pub fn standing(&self) -> Standing {
        self.standing
    }
}
