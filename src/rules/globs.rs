//! Globs of rules, built when they are first asked: of a thousand rules a scan asks some tens, and to build them all takes longer than to
//! scan a small repository.

use std::path::Path;
use std::sync::OnceLock;

use globset::{Glob, GlobSet, GlobSetBuilder};

use super::compiled::Fault;

/// Some globs; none of them fits anything where there are none.
pub(super) struct Globs {
    globs: Box<[String]>,
    any_case: bool,
    set: OnceLock<GlobSet>,
}

impl Globs {
    pub(super) fn new(globs: impl IntoIterator<Item = String>, any_case: bool) -> Self {
        Self {
            globs: globs.into_iter().collect(),
            any_case,
            set: OnceLock::new(),
        }
    }

    /// Builds them now, so that a mistake of a user's shows at once. Tests prove the built-in ones.
    pub(super) fn check(&self) -> Result<(), Fault> {
        self.build().map(drop)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.globs.is_empty()
    }

    /// Whether one of them fits.
    pub(super) fn is_match(&self, path: impl AsRef<Path>) -> bool {
        if self.is_empty() {
            return false;
        }
        let set = self.set.get_or_init(|| self.build().unwrap_or_default());
        match self.any_case {
            // Plain words are looked up, where they are not asked in any case: then each is an expression.
            true => set.is_match(path.as_ref().to_string_lossy().to_ascii_lowercase()),
            false => set.is_match(path),
        }
    }

    fn build(&self) -> Result<GlobSet, Fault> {
        let mut set = GlobSetBuilder::new();
        for glob in &self.globs {
            let glob = match self.any_case {
                true => Glob::new(&glob.to_ascii_lowercase()),
                false => Glob::new(glob),
            };
            set.add(glob.map_err(|e| {
                (
                    format!("this is not a glob: {}", e.kind()),
                    "globs are written as in .gitignore: `**/*.tfvars`",
                )
            })?);
        }
        set.build()
            .map_err(|e| (e.kind().to_string(), "write fewer globs"))
    }
}
