//! Checks and rules of a file's own, with the lines they stand on.

use std::path::PathBuf;

use crate::model::Pack;

/// The file that rules come from.
#[derive(Clone, Debug, Default)]
pub struct RuleSource {
    /// The file.
    pub file: PathBuf,
    /// Its whole text.
    pub text: String,
}

/// The `[[check]]` and `[[rule]]` tables of one file.
#[derive(Clone, Debug, Default)]
pub struct OwnRules {
    /// Where they come from.
    pub source: RuleSource,
    /// What they say.
    pub pack: Pack,
    pub(super) check_lines: Vec<usize>,
    pub(super) rule_lines: Vec<usize>,
}

impl OwnRules {
    /// The line of the pack's rule `index`, from 1; 1 for one that is not there.
    pub fn line_of(&self, index: usize) -> usize {
        self.rule_lines.get(index).copied().unwrap_or(1)
    }

    /// The line of the pack's check `index`, from 1; 1 for one that is not there.
    pub fn line_of_check(&self, index: usize) -> usize {
        self.check_lines.get(index).copied().unwrap_or(1)
    }
}
