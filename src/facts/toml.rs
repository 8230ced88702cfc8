//! TOML.
use super::Facts;
pub(super) fn read(text: &[u8]) -> Facts {
    let _ = text;
    Facts::default()
}
