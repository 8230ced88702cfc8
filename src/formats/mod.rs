//! Provider formats, compiled: what wakes a rule, what a token looks like, what its structure proves.
//!
//! Takes bytes and patterns, gives spans. Knows no severity, no path and no report.

pub mod gate;
pub mod literals;
pub mod pattern;
mod places;
pub mod verify;

pub use gate::{Gate, Literal};
pub use pattern::{Implied, Match, Pattern, Seen};
