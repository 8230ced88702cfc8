//! What stops a scan before it starts.

use std::path::PathBuf;

/// Why the work could not be done at all. What only makes it incomplete is a [`Notice`](super::Notice).
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A rule or configuration file says something that cannot be.
    #[error("{}:{line}: {message}\n  hint: {hint}", file.display())]
    Config {
        /// The file.
        file: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What is wrong.
        message: String,
        /// What to do.
        hint: String,
    },
    /// A file that was asked for cannot be read.
    #[error("cannot read {}: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// Git's data cannot be read.
    #[error("{what}: {message}")]
    Git {
        /// What was tried.
        what: String,
        /// What libgit2 says.
        message: String,
    },
    /// Something the user asked for does not exist.
    #[error("{message}\n  hint: {hint}")]
    Usage {
        /// What is wrong.
        message: String,
        /// What to do.
        hint: String,
    },
    /// The report could not be written.
    #[error("cannot write the report: {0}")]
    Write(#[from] std::io::Error),
}

/// What the library's calls give.
pub type Result<T> = std::result::Result<T, Error>;
