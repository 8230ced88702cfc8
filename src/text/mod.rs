//! Bytes in, text and positions out.
//!
//! Takes what a source reads and gives windows of UTF-8-like text with their place in the file. Text stays bytes: Latin-1 and stray
//! bytes are kept as they are, because no rule needs more than ASCII around a token. Judges nothing.

mod encoding;
mod language;
mod lines;
mod windows;
pub mod wrapped;

pub use encoding::{Encoding, HEAD, sniff};
pub use language::Syntax;
pub use lines::{LineColumn, Lines};
pub use windows::{Window, Windows};
