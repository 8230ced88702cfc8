//! The collections that are open, and what the values in them belong to.

use super::super::super::{Facts, Scope};
use super::super::words::Named;
use crate::model::Span;

/// A mapping or a sequence that has begun.
pub(super) struct Frame {
    pub(super) kind: Kind,
    /// What its pairs lie in.
    pub(super) scope: Scope,
    /// The column of its first key.
    pub(super) column: usize,
    /// The key of the mapping around it, and the column of that.
    pub(super) entered: Option<(Span, usize)>,
}

pub(super) enum Kind {
    Mapping {
        /// The key whose value comes next.
        key: Option<Span>,
        named: Named,
    },
    Sequence(List),
}

impl Kind {
    pub(super) fn mapping() -> Self {
        Self::Mapping {
            key: None,
            named: Named::default(),
        }
    }
}

pub(super) struct List {
    pub(super) key: Span,
    /// What it lies in.
    pub(super) outer: Scope,
    /// Its elements are no values.
    pub(super) quiet: bool,
    /// The pair whose value it is, where it has a tag.
    pub(super) tagged: Option<usize>,
}

impl Frame {
    /// A sequence that begins at `start` in `around`, or at the top of the document.
    pub(super) fn within(
        around: Option<&mut Self>,
        text: &[u8],
        column: usize,
        start: usize,
        facts: &mut Facts,
    ) -> Self {
        let nameless = Span::new(start, start);
        let mut scope = around.as_ref().map_or(Scope::TOP, |f| f.scope);
        let mut list = List {
            key: nameless,
            outer: scope,
            quiet: false,
            tagged: None,
        };
        let mut entered = None;
        if let Some(around) = around {
            match &mut around.kind {
                Kind::Sequence(outer) => {
                    list.key = outer.key;
                    list.outer = outer.outer;
                    list.quiet = outer.quiet;
                }
                Kind::Mapping { key, .. } => match key.take() {
                    // A collection that is a key.
                    None => *key = Some(nameless),
                    Some(name) => {
                        list.key = name;
                        // What is merged in lies where it is merged.
                        if &text[name.range()] != b"<<" {
                            scope = facts.enter(around.scope, name);
                            entered = Some((name, around.column));
                        }
                    }
                },
            }
        }
        Self {
            kind: Kind::Sequence(list),
            scope,
            column,
            entered,
        }
    }
}
