//! A value before it has a name.

use super::{Pair, Scope, Via};
use crate::model::Span;

/// The part of a [`Pair`] that says what is given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Value {
    pub(super) span: Span,
    pub(super) quoted: bool,
    pub(super) read: Option<Box<[u8]>>,
}

impl Value {
    /// What stands at `span`, without quotes and as it is written.
    pub(super) fn bare(span: Span) -> Self {
        Self {
            span,
            quoted: false,
            read: None,
        }
    }

    /// This value given to `key` in `within`.
    pub(super) fn of(self, key: Span, via: Via, within: Scope) -> Pair {
        Pair {
            within,
            read: self.read,
            ..Pair::new(key, self.span, self.quoted, via)
        }
    }
}
