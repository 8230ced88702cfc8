//! The words of object notation: what a lexer hands to the walk.

use crate::model::Span;

/// What a stretch of text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::facts) enum Kind {
    /// A name, number or other bare word.
    Name,
    /// A word after which an expression or a statement begins, so that a slash is no division and a bracket no call.
    Keyword,
    /// A string without holes; its contents may hold escapes.
    Text { escaped: bool },
    /// A template with holes, a regular expression.
    Opaque,
    /// One of `{`, `[`, `(`.
    Open(u8),
    /// One of `}`, `]`, `)`.
    Close(u8),
    /// `:`
    Colon,
    /// `,`
    Comma,
    /// `;`
    Semicolon,
    /// `=` and the assignments that keep a value that is there.
    Assign,
    /// `.` and `?.`
    Dot,
    /// `=>`
    Arrow,
    /// `<`
    Less,
    /// `>`
    More,
    /// Any other punctuation.
    Operator,
    /// No more text.
    End,
}

/// A word of the text.
#[derive(Clone, Copy, Debug)]
pub(in crate::facts) struct Token {
    /// What it is.
    pub kind: Kind,
    /// All of it, quotes too.
    pub span: Span,
    /// What stands between the quotes of a string; otherwise all of it.
    pub inner: Span,
    /// A line ends between the token before and this one.
    pub newline: bool,
}

impl Kind {
    /// Whether an expression may end with it.
    pub fn ends_value(self) -> bool {
        matches!(
            self,
            Self::Name | Self::Text { .. } | Self::Opaque | Self::Close(_)
        )
    }
}

/// Cuts a text into tokens; past the last one it gives [`Kind::End`] for ever.
pub(in crate::facts) trait Lexer {
    /// The next token, given the one before.
    fn next(&mut self, before: Kind) -> Token;
    /// Whether a string or comment was still open at the end.
    fn cut(&self) -> bool;
}
