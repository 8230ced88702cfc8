//! Tokens of all languages: names, numbers, brackets, operators, comments.
//!
//! One pass, in which every byte is looked at a bounded number of times. Text and its holes are `text`'s, the ways to begin one `literal`'s.

use memchr::{memchr, memchr2, memmem};

use super::grammar::{Escapes, Grammar, Holes, is_before_operand};
use super::letters::{is_name, names};
use super::text::Mode;
use crate::facts::language::Language;
use crate::model::Span;

/// What a stretch of text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A name or a word of the language.
    Name,
    /// A number.
    Number,
    /// A string without holes, or a part of one with holes; the span leaves the quotes out.
    Text(Escapes),
    /// A regular expression, a list of words: yields nothing that is read.
    Opaque,
    /// Text with holes begins.
    Join,
    /// Text with holes ends.
    JoinEnd,
    /// A hole begins.
    Hole,
    /// A hole ends.
    HoleEnd,
    /// One of `(`, `[`, `{`.
    Open(u8),
    /// One of `)`, `]`, `}`.
    Close(u8),
    /// Any other punctuation.
    Op,
}

/// A word of the text. Positions are `u32`: no text is longer.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token {
    pub start: u32,
    pub end: u32,
    pub kind: Kind,
    /// A line ends between the token before and this one.
    pub newline: bool,
    /// Something blank stands before it.
    pub space: bool,
    /// The column of a token that begins a line.
    pub indent: u16,
}

impl Token {
    pub fn span(&self) -> Span {
        Span::new(self.start as usize, self.end as usize)
    }
}

/// Cuts a text into tokens.
pub(super) struct Lexer<'a> {
    pub text: &'a [u8],
    pub grammar: &'static Grammar,
    pub at: usize,
    pub tokens: Vec<Token>,
    pub cut: bool,
    pub modes: Vec<Mode>,
    pub newline: bool,
    pub space: bool,
    /// Where the line begins.
    line: usize,
    /// No regular expression begins before this.
    pub no_regex: usize,
    /// Nor one that goes on behind its line.
    pub no_long_regex: usize,
    /// A place, and where its line ends.
    pub known_line: (usize, usize),
    /// From the end of this line on, a body of a heredoc that was read: where it ends.
    pub bodies: Option<(usize, usize)>,
    /// Heredocs whose end was not found.
    pub endless: usize,
}

/// The tokens of `text`, and whether a text or comment was still open at the end.
pub(super) fn tokens(text: &[u8], grammar: &'static Grammar) -> (Vec<Token>, bool) {
    let mut lexer = Lexer {
        text,
        grammar,
        at: 0,
        tokens: Vec::with_capacity(text.len() / 5),
        cut: false,
        modes: Vec::new(),
        newline: true,
        space: true,
        line: 0,
        no_regex: 0,
        no_long_regex: 0,
        known_line: (1, 0),
        bodies: None,
        endless: 0,
    };
    if text.starts_with(b"\xef\xbb\xbf") {
        lexer.at = 3;
    }
    if lexer.rest().starts_with(b"#!") && !lexer.rest().starts_with(b"#![") {
        lexer.at = lexer.line_end(lexer.at);
    }
    if grammar.language == Language::Php {
        lexer.outside();
    }
    while lexer.at < text.len() {
        match lexer.modes.last_mut() {
            Some(Mode { hole: None, .. }) => lexer.part(),
            Some(mode) if lexer.at >= mode.quote.limit => {
                mode.hole = None;
                lexer.push(Kind::HoleEnd, lexer.at, lexer.at);
            }
            _ => lexer.token(),
        }
    }
    lexer.cut |= !lexer.modes.is_empty();
    (lexer.tokens, lexer.cut)
}

impl Lexer<'_> {
    pub fn rest(&self) -> &[u8] {
        self.text.get(self.at..).unwrap_or_default()
    }

    pub fn peek(&self, ahead: usize) -> u8 {
        self.text.get(self.at + ahead).copied().unwrap_or_default()
    }

    pub fn line_end(&self, from: usize) -> usize {
        let rest = self.text.get(from..).unwrap_or_default();
        memchr2(b'\n', b'\r', rest).map_or(self.text.len(), |i| from + i)
    }

    /// Adds a token from `start` to `end`; what follows stands right behind it.
    pub fn push(&mut self, kind: Kind, start: usize, end: usize) {
        let small = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        self.tokens.push(Token {
            start: small(start),
            end: small(end),
            kind,
            newline: self.newline,
            space: self.space,
            indent: u16::try_from(start.saturating_sub(self.line)).unwrap_or(u16::MAX),
        });
        (self.newline, self.space) = (false, false);
    }

    /// Whether the last token may end a value: what follows is an operator then, and no operand.
    pub fn ended(&self) -> bool {
        self.tokens.last().is_some_and(|t| match t.kind {
            Kind::Name => !is_before_operand(&self.text[t.span().range()]),
            Kind::Open(_) | Kind::Op | Kind::Hole | Kind::Join => false,
            _ => true,
        })
    }

    /// PHP: past what stands outside of `<?php … ?>`.
    fn outside(&mut self) {
        let begin = memmem::find(self.rest(), b"<?").map(|i| self.at + i);
        self.newline = true;
        self.at = begin.map_or(self.text.len(), |begin| begin + 2);
        if self.rest().starts_with(b"php") {
            self.at += 3;
        } else if self.peek(0) == b'=' {
            self.at += 1;
        }
    }

    fn token(&mut self) {
        let Some(&b) = self.text.get(self.at) else {
            return;
        };
        match b {
            b'\n' | b'\r' => {
                self.at += 1;
                self.line = self.at;
                (self.newline, self.space) = (true, true);
                if let Some((line, end)) = self.bodies
                    && (line..end).contains(&(self.at - 1))
                    && self.modes.iter().all(|m| m.quote.resume.is_none())
                {
                    (self.at, self.line, self.bodies) = (end, end, None);
                } else if b == b'\n' && self.modes.is_empty() {
                    self.line_of_its_own();
                }
            }
            b' ' | b'\t' | 0x0b | 0x0c => {
                self.at += 1;
                self.space = true;
                // Within a hole the text may end between two of them.
                while self.modes.is_empty() && matches!(self.peek(0), b' ' | b'\t') {
                    self.at += 1;
                }
            }
            _ if self.comment() || self.literal() => {}
            _ if is_name(b) || (b == b'@' && self.grammar.language == Language::Ruby) => {
                self.name();
            }
            // Ruby's names keep the sign: it says that they are the same in every function.
            b'$' if self.grammar.language == Language::Ruby && is_name(self.peek(1)) => {
                self.name();
            }
            b'$' if self.grammar.dollar && is_name(self.peek(1)) => {
                self.at += 1;
                self.name();
            }
            b'(' | b'[' | b'{' => {
                if let Some(Mode { hole: Some(n), .. }) = self.modes.last_mut() {
                    *n += 1;
                }
                self.push(Kind::Open(b), self.at, self.at + 1);
                self.at += 1;
            }
            b')' | b']' | b'}' => self.close(b),
            b':' if self.format() => {}
            _ => {
                let length = self.operator().min(self.rest().len());
                self.push(Kind::Op, self.at, self.at + length);
                self.at += length;
            }
        }
    }

    /// Past a line that is no code: a preprocessor's, or a comment of Ruby's that begins with `=begin`.
    fn line_of_its_own(&mut self) {
        match self.grammar.language {
            Language::CSharp => {
                let blanks = self.rest().iter().take_while(|b| b" \t".contains(b));
                let hash = self.at + blanks.count();
                if self.text.get(hash) == Some(&b'#') {
                    self.at = self.line_end(hash);
                }
            }
            Language::Ruby if self.rest().starts_with(b"=begin") => {
                let end = memmem::find(self.rest(), b"\n=end");
                self.cut |= end.is_none();
                let end = end.map_or(self.text.len(), |i| self.at + i + 1);
                self.at = self.line_end(end);
            }
            Language::Ruby if self.rest().starts_with(b"__END__") => self.at = self.text.len(),
            _ => {}
        }
    }

    /// Past a comment, a joined line, an end of PHP.
    fn comment(&mut self) -> bool {
        let (first, second) = (self.peek(0), self.peek(1));
        match first {
            b'/' if self.grammar.slashes && second == b'/' => self.line_comment(),
            b'/' if self.grammar.slashes && second == b'*' => self.block_comment(),
            b'#' if self.grammar.hash
                && !(self.grammar.language == Language::Php && second == b'[') =>
            {
                self.line_comment();
            }
            b'\\' if matches!(second, b'\n' | b'\r') => {
                self.at += 2 + usize::from(self.rest().starts_with(b"\\\r\n"));
                self.space = true;
            }
            b'?' if self.grammar.language == Language::Php && second == b'>' => {
                self.push(Kind::Op, self.at, self.at + 2);
                self.outside();
            }
            _ => return false,
        }
        true
    }

    fn line_comment(&mut self) {
        let end = self.line_end(self.at);
        let php = self.grammar.language == Language::Php;
        let over = php.then(|| memmem::find(&self.text[self.at..end], b"?>"));
        self.at = over.flatten().map_or(end, |i| self.at + i);
    }

    fn block_comment(&mut self) {
        let (begin, mut depth) = (self.at, 1usize);
        self.at += 2;
        while depth > 0 {
            let Some(i) = memchr2(b'*', b'/', self.rest()) else {
                (self.at, self.cut) = (self.text.len(), true);
                break;
            };
            self.at += i;
            match (self.peek(0), self.peek(1)) {
                (b'*', b'/') => {
                    depth -= 1;
                    self.at += 2;
                }
                (b'/', b'*') if self.grammar.nested => {
                    depth += 1;
                    self.at += 2;
                }
                _ => self.at += 1,
            }
        }
        self.space = true;
        self.newline |= memchr(b'\n', &self.text[begin..self.at]).is_some();
    }

    pub fn name(&mut self) {
        let start = self.at;
        let number = self.peek(0).is_ascii_digit();
        while matches!(self.peek(0), b'@' | b'$') {
            self.at += 1;
        }
        let rest = self.rest();
        let dot = |i: usize| number && rest.get(i + 1).is_some_and(u8::is_ascii_digit);
        let mut length = names(rest);
        while rest.get(length) == Some(&b'.') && dot(length) {
            length += 1 + names(&rest[length + 1..]);
        }
        self.at = (self.at + length).max(start + 1);
        let (sign, next) = (self.peek(0), self.peek(1));
        let ruby = self.grammar.language == Language::Ruby;
        if ruby && !number && matches!(sign, b'?' | b'!') && next != b'=' && next != sign {
            self.at += 1;
        }
        let kind = if number { Kind::Number } else { Kind::Name };
        self.push(kind, start, self.at);
    }

    fn close(&mut self, b: u8) {
        let (start, end) = (self.at, self.at + 1);
        self.at = end;
        match self.modes.last_mut() {
            Some(mode)
                if mode.hole == Some(0) && (b == b'}' || mode.quote.holes == Holes::Paren) =>
            {
                mode.hole = None;
                let more = mode.quote.braces - 1;
                let behind = self.text[end..].iter().take(more);
                self.at += behind.take_while(|&&b| b == b'}').count();
                self.push(Kind::HoleEnd, start, end);
            }
            Some(Mode { hole: Some(n), .. }) => {
                *n = n.saturating_sub(1);
                self.push(Kind::Close(b), start, end);
            }
            _ => self.push(Kind::Close(b), start, end),
        }
    }

    /// Past how the value of a hole is to be written: `{x:>8}`.
    fn format(&mut self) -> bool {
        let Some(Mode {
            hole: Some(0),
            quote,
            ..
        }) = self.modes.last()
        else {
            return false;
        };
        if quote.holes != Holes::Brace || !self.ended() {
            return false;
        }
        let (limit, mut depth) = (quote.limit, 0usize);
        while self.at < limit {
            match self.peek(0) {
                b'{' => depth += 1,
                b'}' if depth == 0 => break,
                b'}' => depth -= 1,
                b'\n' => break,
                _ => {}
            }
            self.at += 1;
        }
        true
    }

    /// How long the operator is that begins here.
    fn operator(&self) -> usize {
        use Language::{Go, Kotlin, Php, Python, Ruby};
        let language = self.grammar.language;
        match (self.peek(0), self.peek(1), self.peek(2)) {
            (b'=', b'=', b'=') | (b'!', b'=', b'=') | (b'.', b'.', b'.' | b'=' | b'<') => 3,
            (b'<', b'=', b'>') | (b'*', b'*', b'=') | (b'<', b'<', b'=') => 3,
            (b'?', b'?', b'=') | (b'|', b'|', b'=') | (b'&', b'&', b'=') => 3,
            (b'?', b'-', b'>') if language == Php => 3,
            (b'=', b'=' | b'>', _) | (b'-', b'>' | b'-' | b'=', _) => 2,
            (b'!' | b'<' | b'>' | b'+' | b'*' | b'/' | b'%' | b'^', b'=', _) => 2,
            (b'&', b'&' | b'=', _) | (b'|', b'|' | b'=', _) => 2,
            (b'+', b'+', _) | (b'*', b'*', _) | (b'<', b'<', _) => 2,
            (b':', b':', _) | (b'.', b'.', _) | (b'?', b'?' | b'.', _) => 2,
            (b':', b'=', _) if matches!(language, Go | Python) => 2,
            (b'?', b':', _) if matches!(language, Kotlin | Php) => 2,
            (b'!', b'!', _) if language == Kotlin => 2,
            (b'<', b'-', _) if language == Go => 2,
            (b'.', b'=', _) if language == Php => 2,
            (b'=', b'~', _) | (b'!', b'~', _) | (b'&', b'.', _) if language == Ruby => 2,
            _ => 1,
        }
    }
}
