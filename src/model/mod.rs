//! The words that all rooms share: what is read, what is found, what is told.
//!
//! Plain data and its invariants. No input or output, no matching, no judgement: those live in the rooms above, and this
//! one names none of them.

mod blob;
mod context;
mod error;
mod finding;
mod fix;
mod notice;
mod path;
mod report;
mod rule;
mod secret;
mod severity;
mod span;
mod step;

pub use blob::{Blob, Item, Origin, Standing};
pub use context::{Context, Contexts};
pub use error::{Error, Result};
pub use finding::{
    Commit, Evidence, Excerpt, Finding, Fingerprint, Hit, Identity, Past, Place, Suppression,
};
pub use fix::{Digest, Edit, Fix, Joint, Proposal, Related};
pub use notice::{Notice, NoticeKind};
pub use path::{RelPath, is_invisible};
pub use report::{Report, Stats};
pub use rule::{Check, Condition, Mend, Pack, Rule, Subject};
pub use secret::Secret;
pub(crate) use severity::words;
pub use severity::{Confidence, Severity};
pub use span::Span;
pub use step::{Step, Why};
