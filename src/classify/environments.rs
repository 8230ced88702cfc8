//! Stub until the merge.
use crate::model::RelPath;
/// An environment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Environment {
    /// Production.
    Production,
}
/// Of a path.
pub fn environment(_path: &RelPath) -> Option<Environment> {
    None
}
