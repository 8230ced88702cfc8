//! What the walk is in the middle of.

use super::token::{Kind, Token};
use crate::facts::Scope;
use crate::model::Span;

/// A bracket that is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Open {
    /// An object, a table, a type that is written like one; the body of a block of HCL.
    Object,
    /// The body of a function or a class, statements; a pattern that takes an object apart.
    Block,
    /// A list.
    Array,
    /// The arguments of a call.
    Call,
    /// Any other round bracket.
    Group,
    /// `[index]` behind a value, or a key that is computed.
    Index,
}

impl Open {
    /// The closing bracket.
    pub fn close(self) -> u8 {
        match self {
            Self::Object | Self::Block => b'}',
            Self::Array | Self::Index => b']',
            Self::Call | Self::Group => b')',
        }
    }
}

/// What the value of an item is so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Shape {
    #[default]
    Empty,
    /// One string and nothing else.
    Text { inner: Span, escaped: bool },
    /// One object or list and nothing else.
    Composite,
    /// Anything else.
    Expression,
    /// A function or class: no value, whatever stands around it.
    Body,
}

/// A member of an object, an element, an argument, a statement.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Item {
    pub key: Option<Span>,
    /// The word that becomes the key should `:` or `=` follow, the callee should `(` follow.
    pub head: Option<Span>,
    /// What `head` was before `<`: type arguments stand between a callee and its bracket.
    pub generic: Option<Span>,
    /// The value, from its first token to its last.
    pub value: Option<Span>,
    pub shape: Shape,
    /// Type arguments that are open.
    pub angles: usize,
    /// Behind the name stands its type, or a label: `head` stays as it is.
    pub typed: bool,
    /// Behind the value stands its type: the value is complete.
    pub complete: bool,
}

impl Item {
    /// One that has a key and waits for its value.
    pub fn of(key: Span) -> Self {
        Self {
            key: Some(key),
            ..Self::default()
        }
    }

    /// Whether a token was seen.
    pub fn begun(&self) -> bool {
        self.key.is_some() || self.value.is_some()
    }

    /// Makes the value end with `span`.
    pub fn extend(&mut self, span: Span) {
        if !self.complete {
            let start = self.value.map_or(span.start, |value| value.start);
            self.value = Some(Span::new(start, span.end));
        }
    }

    /// Adds a part of the value.
    pub fn add(&mut self, part: Shape) {
        if !self.complete {
            self.shape = match (self.shape, part) {
                (Shape::Empty, part) => part,
                (Shape::Body, _) | (_, Shape::Body) => Shape::Body,
                _ => Shape::Expression,
            };
        }
    }

    /// Adds a token that is no bracket and separates nothing.
    pub fn take(&mut self, token: &Token) {
        self.extend(token.span);
        match token.kind {
            Kind::Text { escaped } => self.add(Shape::Text {
                inner: token.inner,
                escaped,
            }),
            _ => self.add(Shape::Expression),
        }
        if self.typed {
            match token.kind {
                Kind::Less => self.angles += 1,
                Kind::More => self.angles = self.angles.saturating_sub(1),
                _ => {}
            }
            return;
        }
        match token.kind {
            Kind::Name | Kind::Keyword | Kind::Text { .. } => self.head = Some(token.inner),
            Kind::Less => self.generic = self.head.take(),
            Kind::More => self.head = self.generic.take(),
            // `const key!: string`, `key?: string`, `a.b`
            Kind::Dot | Kind::Operator if token.span.len() == 1 => {}
            _ => self.head = None,
        }
    }
}

/// A bracket that is open, and the item within it that is being read.
#[derive(Clone, Debug)]
pub(super) struct Frame {
    pub open: Open,
    /// Where the pairs of its items lie.
    pub scope: Scope,
    /// Where the pairs of a list lie that is an argument; otherwise `scope`.
    pub outer: Scope,
    /// What an object or a list directly within is called: the key of a list, the callee of a call.
    pub name: Option<Span>,
    pub item: Item,
    /// The value of the member called `name` or `key`, a string.
    pub label: Option<Span>,
    /// Which pair is the member called `value`.
    pub valued: Option<usize>,
    /// Elements of a list that were given and are no strings.
    pub bare: u16,
    /// The values are commands.
    pub commands: bool,
}

impl Frame {
    pub fn new(open: Open, scope: Scope, name: Option<Span>) -> Self {
        Self {
            open,
            scope,
            outer: scope,
            name,
            item: Item::default(),
            label: None,
            valued: None,
            bare: 0,
            commands: false,
        }
    }
}
