//! Stub until the merge.
use crate::model::words;
/// How a secret is weak.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Weakness {
    /// On a list.
    Listed,
}
words!(Weakness { Listed = "listed" });
/// How strong it is.
pub struct Strength {
    /// Bytes as used.
    pub bytes: usize,
    /// What is wrong with it.
    pub weakness: Option<Weakness>,
}
/// Judges.
pub fn strength(value: &[u8], _key: &[u8]) -> Strength {
    Strength {
        bytes: value.len(),
        weakness: None,
    }
}
