//! What git knows, read without git: where a repository is, what its index and its HEAD hold, what its ignore files say.
//!
//! Takes paths, gives plain data and the bytes of objects. Two things set it apart from a thin wrapper of libgit2.
//! No configuration of a repository is read, so nothing in it can be obeyed: no fsmonitor, no filter, no textconv, no replaced
//! objects; extensions that libgit2 refuses (partial clones, reftable) do not stand in the way either. And the owner of a
//! repository does not matter, because nothing of it is trusted. libgit2 serves for two things that are worth it and that hostile bytes cannot draw out: the
//! index, and finding an id by its beginning. No object is read by it.
//!
//! Does not run programs, does not reach the network, and writes nothing but the index that [`Repository::untrack`] takes files out of. Does not read the environment either, but for the
//! user's own ignore file, which the `ignore` crate finds; what a hook's environment says comes in through [`Discover`].

// What reads objects needs the feature `git`. Without it a repository is found and its ignore files are obeyed.
mod absent;
#[cfg(feature = "git")]
mod commit;
mod discover;
#[cfg(feature = "git")]
mod head;
#[cfg(feature = "git")]
pub mod history;
mod ignore;
mod ignores;
mod index;
#[cfg(feature = "git")]
mod lenders;
#[cfg(feature = "git")]
mod loose;
#[cfg(feature = "git")]
mod named;
#[cfg(feature = "git")]
mod objects;
#[cfg(feature = "git")]
pub mod pack;
mod pattern;
#[cfg(feature = "git")]
mod range;
#[cfg(feature = "git")]
mod refs;
#[cfg(feature = "git")]
mod revision;
#[cfg(feature = "git")]
mod staged;
#[cfg(feature = "git")]
mod store;
#[cfg(feature = "git")]
mod untrack;

pub use absent::Absent;
#[cfg(feature = "git")]
pub use commit::{CommitHead, Moment, Person, TagHead, message};
pub(crate) use discover::real;
pub use discover::{Discover, Repository};
#[cfg(feature = "git")]
pub use git2::Oid;
pub use ignore::Rules;
pub use ignores::{Decision, Ignores};
pub(crate) use index::since;
pub use index::{Kind, Tracked};
#[cfg(feature = "git")]
pub use range::{Gap, New, Range};
#[cfg(feature = "git")]
pub use refs::Reference;

use crate::model::Error;

/// An [`Error::Git`]: what was tried, what came of it and, where one is known, what to do.
fn error(what: impl Into<String>, message: impl std::fmt::Display) -> Error {
    Error::Git {
        what: what.into(),
        message: message.to_string(),
    }
}
