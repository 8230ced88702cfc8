//! The report: plain data, sorted, the same whatever the threads did.

use jiff::civil::Date;
use serde::Serialize;

use super::{Finding, Notice, Severity};

/// Everything that a scan has to say.
#[derive(Clone, Debug)]
pub struct Report {
    /// What was found, worst first, then by path and line.
    pub findings: Vec<Finding>,
    /// What was found and is suppressed, in the same order.
    pub suppressed: Vec<Finding>,
    /// What could not be done, and what else is to be known.
    pub notices: Vec<Notice>,
    /// What was done.
    pub stats: Stats,
    /// The date that expiries were held against.
    pub today: Date,
}

/// What a scan did.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Stats {
    /// Files read to their end.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Commits of the history.
    pub commits: u64,
    /// Versions of files that were read of it.
    pub blobs: u64,
    /// Binary files and links that were passed over.
    pub skipped: u64,
    /// Files that the configuration left out.
    pub excluded: u64,
    /// Places below the asked confidence, or info without `--pedantic`.
    pub hidden: u64,
}

impl Report {
    /// Whether all the work was done.
    pub fn complete(&self) -> bool {
        !self.notices.iter().any(|n| n.kind.incomplete())
    }

    /// How many findings have this severity.
    pub fn count(&self, severity: Severity) -> usize {
        self.findings
            .iter()
            .filter(|f| f.severity == severity)
            .count()
    }

    /// How many places are suppressed.
    pub fn suppressed_places(&self) -> usize {
        self.suppressed.iter().map(|f| f.places.len()).sum()
    }
}
