//! The judgement that all rules share: what a name promises, what a value looks like, where it stands.
//!
//! Takes bytes as they stand in a text and gives plain words. It knows no rule and no vendor format, reads no file, and
//! decides nothing about severity: rules and checks weigh what is said here. Its words live in `rules/names.toml`,
//! `rules/values.toml`, `rules/weak-secrets.toml`, `rules/kinds.toml` and `rules/contexts.toml`. All input is hostile; every function is linear in it and never panics.

pub mod contexts;
pub mod environments;
mod identifier;
pub mod kinds;
pub mod names;
mod setting;
pub mod strength;
pub mod values;

pub use setting::Setting;
