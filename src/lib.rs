//! keyward: finds the credentials that are written down in a repository.
pub mod classify;
pub mod config;
pub mod facts;
pub mod formats;
pub mod git;
pub mod model;
pub mod report;
pub mod rules;
pub mod scan;
pub mod source;
pub mod suppress;
pub mod text;
