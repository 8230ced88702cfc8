//! keyward.toml: found, read, layered.
//!
//! Takes folders and files; gives one [`Config`] in which every statement remembers the file and the line it came from, so that
//! whoever acts on it can name them. It does not know which checks exist until [`Config::settle`] is told, compiles no rule, and
//! walks no tree.
//!
//! What a repository's file may do is limited on purpose, because whoever can commit can write it: it adds rules, it switches
//! single checks off by name (each is told in the report), it accepts single findings with a reason; it can neither switch all
//! of it off nor make a run pass whatever it finds.

mod accept;
mod allow;
mod discover;
mod fault;
mod file;
mod globs;
mod packs;
#[cfg(test)]
pub(crate) mod schema;
mod suggest;
mod switch;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};

pub use accept::Accept;
pub use allow::{Allow, fingerprint};
pub use discover::{is_config, text};
pub use fault::toml_fault;
pub use globs::Globs;
pub use packs::{OwnRules, RuleSource};
pub use suggest::nearest;
pub use switch::Switch;

use crate::model::{Confidence, Notice, NoticeKind, RelPath, Result, Severity};

/// Where a baseline lies when nobody names one: in the root of what is scanned.
pub const BASELINE: &str = ".keyward-baseline";

/// Which files to read.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// The scanned path, where the search begins; absolute.
    pub start: &'a Path,
    /// The root that paths of the report are relative to, and where the search ends; absolute.
    pub root: &'a Path,
    /// `--config`: this file in place of the search.
    pub file: Option<&'a Path>,
    /// The user's own file, which lies below the repository's. It need not exist.
    pub user: Option<&'a Path>,
    /// `--no-repo-config`: what the scanned tree says does not count.
    pub no_repo: bool,
}

/// Whose a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Owner {
    /// The user's own, for all repositories.
    User,
    /// The repository's, found in the tree.
    Repository,
    /// Named with `--config`.
    Named,
}

/// Where a statement stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct At {
    /// The file.
    pub file: PathBuf,
    /// The file as reports name it: relative to the root, and never with the user's home in it.
    pub shown: String,
    /// The line, from 1.
    pub line: usize,
    /// Whose file it is.
    pub owner: Owner,
}

impl At {
    /// A notice about the statement.
    pub fn notice(&self, kind: NoticeKind, message: &str) -> Notice {
        match self.owner {
            Owner::Repository => Notice::at(
                kind,
                RelPath::from(self.shown.as_str()),
                format!("line {}: {message}", self.line),
            ),
            Owner::User | Owner::Named => {
                Notice::new(kind, format!("{}:{}: {message}", self.shown, self.line))
            }
        }
    }
}

/// Something that was said, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said<T> {
    /// What.
    pub value: T,
    /// Where.
    pub at: At,
}

/// Everything that the files say, the nearer ones over the farther ones.
#[derive(Debug, Default)]
pub struct Config {
    /// The files that were read, the farthest first.
    pub files: Vec<PathBuf>,
    /// What is not scanned: one entry a file.
    pub exclude: Vec<Globs>,
    /// Gaps that do not make a scan incomplete.
    pub accept: Vec<Accept>,
    /// The severity from which a run fails.
    pub fail_on: Option<Said<Severity>>,
    /// The least confidence that is shown.
    pub confidence: Option<Said<Confidence>>,
    /// The baseline's file.
    pub baseline: Option<Said<PathBuf>>,
    /// Folders of rule packs.
    pub rules: Vec<Said<PathBuf>>,
    /// Single checks that are set otherwise.
    pub checks: Vec<Switch>,
    /// Findings that are accepted.
    pub allow: Vec<Allow>,
    /// Checks and rules of the files' own.
    pub own: Vec<OwnRules>,
}

impl Config {
    /// Finds and reads the files, and lays them over one another.
    ///
    /// # Errors
    /// [`Error::Config`](crate::model::Error::Config) for what a file says wrongly, with its line and what to do;
    /// [`Error::Read`](crate::model::Error::Read) for a file that cannot be read.
    pub fn load(wanted: &Wanted<'_>) -> Result<Self> {
        let mut config = Self::default();
        for (path, owner) in discover::files(wanted)? {
            let text = discover::read(&path)?;
            config.lay_over(file::parse(&path, &text, owner, wanted.root)?);
            config.files.push(path);
        }
        Ok(config)
    }

    /// Reads the text of one file alone, that of a repository, which need not be written yet; `root` as in [`Wanted`].
    ///
    /// # Errors
    /// As [`Config::load`], for what the text says wrongly.
    pub fn parse(file: &Path, text: &str, root: &Path) -> Result<Self> {
        file::parse(file, text, Owner::Repository, root)
    }

    /// Puts a nearer file over what is there: lists add up, scalars of the nearer win.
    fn lay_over(&mut self, nearer: Self) {
        self.exclude.extend(nearer.exclude);
        self.accept.extend(nearer.accept);
        self.rules.extend(nearer.rules);
        self.allow.extend(nearer.allow);
        self.own.extend(nearer.own);
        self.fail_on = nearer.fail_on.or(self.fail_on.take());
        self.confidence = nearer.confidence.or(self.confidence.take());
        self.baseline = nearer.baseline.or(self.baseline.take());
        for switch in nearer.checks {
            match self.checks.iter_mut().find(|s| s.id == switch.id) {
                Some(farther) => farther.lay_over(switch),
                None => self.checks.push(switch),
            }
        }
    }

    /// Whether the files leave this path out of the scan; in the form that a walk has it in.
    pub fn excludes(&self, path: &[u8]) -> bool {
        self.exclude.iter().any(|globs| globs.matches(path))
    }
}
