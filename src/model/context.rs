//! Where a finding stands, as far as it matters for its weight.

use std::fmt;

use serde::{Serialize, Serializer};

use super::severity::words;

/// A trait of a file or of a place in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Context {
    /// Tests, fixtures, mocks, recorded cassettes.
    Test,
    /// Documentation and prose.
    Docs,
    /// A template of a real file: `.env.example`, `settings.sample.yml`.
    Example,
    /// Other people's code inside the tree.
    Vendored,
    /// One long line made by a bundler.
    Minified,
    /// Says of itself that a program wrote it.
    Generated,
    /// Pinned dependencies with their digests.
    Lockfile,
    /// Code or configuration that reaches the browser.
    Client,
    /// An environment file.
    EnvFile,
    /// The place is in a comment.
    Comment,
    /// Git ignores the file: it is on this machine only.
    Local,
    /// Configuration of the production environment, by its path.
    Production,
    /// Git tracks the file, or is about to.
    Tracked,
    /// Git neither tracks nor ignores the file.
    Untracked,
}

words!(Context {
    Test = "test",
    Docs = "docs",
    Example = "example",
    Vendored = "vendored",
    Minified = "minified",
    Generated = "generated",
    Lockfile = "lockfile",
    Client = "client",
    EnvFile = "env-file",
    Comment = "comment",
    Local = "local",
    Production = "production",
    Tracked = "tracked",
    Untracked = "untracked",
});

/// A set of contexts.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Contexts(u16);

impl Contexts {
    /// The set with `context` added.
    #[must_use]
    pub fn with(self, context: Context) -> Self {
        Self(self.0 | 1 << context as u16)
    }

    /// All that are in either set.
    #[must_use]
    pub fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether `context` is in the set.
    pub fn has(self, context: Context) -> bool {
        self.0 & 1 << context as u16 != 0
    }

    /// Whether one of `contexts` is in the set.
    pub fn any(self, contexts: &[Context]) -> bool {
        contexts.iter().any(|&c| self.has(c))
    }

    /// The contexts of the set, in their fixed order.
    pub fn iter(self) -> impl Iterator<Item = Context> {
        Context::ALL.iter().copied().filter(move |&c| self.has(c))
    }

    /// Whether the set is empty.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }
}

impl FromIterator<Context> for Contexts {
    fn from_iter<I: IntoIterator<Item = Context>>(contexts: I) -> Self {
        contexts.into_iter().fold(Self::default(), Self::with)
    }
}

impl fmt::Debug for Contexts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

impl Serialize for Contexts {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter().map(Context::as_str))
    }
}
