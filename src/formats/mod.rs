//! formats
pub mod literals;
