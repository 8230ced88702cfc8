//! Where a document stands, judged when it is first asked: most documents hold nothing that anybody asks about.

use std::cell::{Cell, OnceCell};

use super::contexts;
use super::kinds::{self, Kind};
use crate::model::{Context, Contexts, RelPath, Standing};

/// Contexts and kind of one file.
pub struct Setting<'a> {
    path: &'a RelPath,
    standing: Standing,
    perhaps_client: Cell<bool>,
    of_path: OnceCell<Contexts>,
    contexts: OnceCell<Contexts>,
    kind: OnceCell<Option<Kind>>,
}

impl<'a> Setting<'a> {
    /// The setting of the file at `path`; git says `standing` of it.
    pub fn new(path: &'a RelPath, standing: Standing) -> Self {
        Self {
            path,
            standing,
            perhaps_client: Cell::default(),
            of_path: OnceCell::new(),
            contexts: OnceCell::new(),
            kind: OnceCell::new(),
        }
    }

    /// Says that client code may import the file: what is a fault in client code is looked for in it, and kept until that is known.
    pub fn may_be_client(&self) {
        self.perhaps_client.set(true);
    }

    /// Whether client code may import the file.
    pub fn is_perhaps_client(&self) -> bool {
        self.perhaps_client.get()
    }

    /// Where the file stands, as far as its path says.
    pub fn of_path(&self) -> Contexts {
        *self.of_path.get_or_init(|| contexts::of_path(self.path))
    }

    /// Where the file stands, judged by `beginning` unless it is already: of a file that is read in windows the first counts.
    pub fn contexts(&self, beginning: &[u8]) -> Contexts {
        *self.contexts.get_or_init(|| {
            let contexts = self.of_path().union(contexts::of_content(beginning));
            let private = || {
                contexts::is_credential_file(self.path.name(), self.path)
                    || self.kind(beginning) == Some(Kind::Log)
            };
            match self.standing {
                Standing::Ignored | Standing::IgnoredHere => contexts.with(Context::Local),
                // Of other files it is no news.
                Standing::Tracked if private() => contexts.with(Context::Tracked),
                Standing::Untracked if private() => contexts.with(Context::Untracked),
                _ => contexts,
            }
        })
    }

    /// What the file is for, judged likewise.
    pub fn kind(&self, beginning: &[u8]) -> Option<Kind> {
        *self.kind.get_or_init(|| kinds::kind(self.path, beginning))
    }

    /// What git says of the file.
    pub fn standing(&self) -> Standing {
        self.standing
    }
}
