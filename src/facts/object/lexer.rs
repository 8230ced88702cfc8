//! Tokens of JSON and its relatives, and of JavaScript and TypeScript.
//!
//! Every byte is looked at a bounded number of times: a string ends with its line at the latest, a template is one token with all that
//! its holes hold, and a slash that turned out to begin no regular expression is not tried again on that line.

use memchr::{memchr, memchr2, memchr3, memmem};

use super::token::{Kind, Lexer, Token};
use crate::model::Span;

/// Words before which no operand stands.
const KEYWORDS: &[&[u8]] = &[
    b"async",
    b"await",
    b"case",
    b"catch",
    b"class",
    b"const",
    b"default",
    b"delete",
    b"do",
    b"else",
    b"export",
    b"extends",
    b"finally",
    b"for",
    b"function",
    b"if",
    b"import",
    b"in",
    b"instanceof",
    b"let",
    b"new",
    b"of",
    b"return",
    b"switch",
    b"throw",
    b"try",
    b"typeof",
    b"var",
    b"void",
    b"while",
    b"with",
    b"yield",
];

/// Templates within holes of templates.
const NESTED: usize = 32;

/// Of [`super::json`] and [`super::script`].
pub(super) struct Source<'a> {
    text: &'a [u8],
    at: usize,
    /// JavaScript, not JSON.
    script: bool,
    /// No regular expression begins before this.
    no_regex: usize,
    cut: bool,
}

impl<'a> Source<'a> {
    pub(super) fn new(text: &'a [u8], script: bool) -> Self {
        let bom = if text.starts_with(b"\xef\xbb\xbf") {
            3
        } else {
            0
        };
        let mut source = Self {
            text,
            at: bom,
            script,
            no_regex: 0,
            cut: false,
        };
        if script && text[bom..].starts_with(b"#!") {
            source.at = source.line_end(bom);
        }
        source
    }

    fn peek(&self, ahead: usize) -> u8 {
        self.text.get(self.at + ahead).copied().unwrap_or_default()
    }

    fn line_end(&self, from: usize) -> usize {
        memchr2(b'\n', b'\r', &self.text[from..]).map_or(self.text.len(), |i| from + i)
    }

    /// Past blanks and comments; whether a line ended.
    fn blanks(&mut self) -> bool {
        let mut newline = false;
        while let Some(&b) = self.text.get(self.at) {
            match b {
                b'\n' | b'\r' => {
                    newline = true;
                    self.at += 1;
                }
                b' ' | b'\t' | 0x0b | 0x0c => self.at += 1,
                b'/' if self.peek(1) == b'/' => self.at = self.line_end(self.at),
                b'/' if self.peek(1) == b'*' => {
                    let body = self.at + 2;
                    let end = memmem::find(&self.text[body..], b"*/").map(|i| body + i + 2);
                    self.cut |= end.is_none();
                    let end = end.unwrap_or(self.text.len());
                    newline |= memchr(b'\n', &self.text[self.at..end]).is_some();
                    self.at = end;
                }
                _ => break,
            }
        }
        newline
    }

    /// Past a string that begins here: its contents, and whether they hold escapes.
    fn string(&mut self, quote: u8) -> (Span, bool) {
        let start = self.at + 1;
        let (mut at, mut escaped) = (start, false);
        while let Some(i) = memchr3(quote, b'\\', b'\n', &self.text[at..]) {
            at += i;
            match self.text[at] {
                b'\\' => {
                    escaped = true;
                    let crlf = self.text[at..].starts_with(b"\\\r\n");
                    at = (at + 2 + usize::from(crlf)).min(self.text.len());
                }
                b if b == quote => {
                    self.at = at + 1;
                    return (Span::new(start, at), escaped);
                }
                _ => {
                    self.at = at;
                    return (Span::new(start, at), escaped);
                }
            }
        }
        self.cut = true;
        self.at = self.text.len();
        (Span::new(start, self.at), escaped)
    }

    /// Past a template that begins here: whether it has holes, and whether it holds escapes.
    fn template(&mut self) -> (bool, bool) {
        let (mut holes, mut escaped) = (false, false);
        // Of each template that is open, the braces that are open in its hole; none while its text is read.
        let mut open: Vec<Option<usize>> = vec![None];
        self.at += 1;
        while let Some(&b) = self.text.get(self.at) {
            let room = open.len() < NESTED;
            let Some(state) = open.last_mut() else {
                return (holes, escaped);
            };
            let mut step = 1;
            match (state, b) {
                (None, b'\\') => (escaped, step) = (true, 2),
                (None, b'`') => _ = open.pop(),
                (state @ None, b'$') if self.text.get(self.at + 1) == Some(&b'{') => {
                    *state = Some(0);
                    (holes, step) = (true, 2);
                }
                (Some(_), b'"' | b'\'') => {
                    self.string(b);
                    step = 0;
                }
                (Some(braces), b'{') => *braces += 1,
                (Some(braces @ 1..), b'}') => *braces -= 1,
                (state @ Some(0), b'}') => *state = None,
                (Some(_), b'`') if room => open.push(None),
                _ => {}
            }
            self.at = (self.at + step).min(self.text.len());
        }
        self.cut |= !open.is_empty();
        (holes, escaped)
    }

    /// Where the regular expression that may begin here ends.
    fn regex(&mut self) -> Option<usize> {
        if self.at < self.no_regex {
            return None;
        }
        let (mut at, mut class) = (self.at + 1, false);
        while let Some(&b) = self.text.get(at) {
            match b {
                b'\n' | b'\r' => break,
                b'\\' => at += 1,
                b'[' => class = true,
                b']' => class = false,
                b'/' if !class => {
                    let flags = self.text[at + 1..].iter();
                    return Some(at + 1 + flags.take_while(|b| b.is_ascii_alphabetic()).count());
                }
                _ => {}
            }
            at += 1;
        }
        self.no_regex = at;
        None
    }

    fn bare(&mut self) {
        let ends = |b: &u8| {
            if self.script {
                !is_name(*b)
            } else {
                b.is_ascii_whitespace()
                    || matches!(
                        b,
                        b',' | b':' | b'{' | b'}' | b'[' | b']' | b'"' | b'\'' | 0x0b
                    )
            }
        };
        let rest = &self.text[self.at..];
        self.at += rest.iter().position(ends).unwrap_or(rest.len()).max(1);
    }

    fn punctuation(&mut self, before: Kind) -> Kind {
        let (kind, length) = match (self.peek(0), self.peek(1), self.peek(2)) {
            (b @ (b'{' | b'['), ..) => (Kind::Open(b), 1),
            (b @ (b'}' | b']'), ..) => (Kind::Close(b), 1),
            (b':', ..) => (Kind::Colon, 1),
            (b',', ..) => (Kind::Comma, 1),
            _ if !self.script => {
                self.bare();
                return Kind::Name;
            }
            (b'(', ..) => (Kind::Open(b'('), 1),
            (b')', ..) => (Kind::Close(b')'), 1),
            (b';', ..) => (Kind::Semicolon, 1),
            (b'=', b'>', _) => (Kind::Arrow, 2),
            (b'=' | b'!', b'=', _) => (Kind::Operator, 2),
            (b'=', ..) => (Kind::Assign, 1),
            (b'|', b'|', b'=') | (b'?', b'?', b'=') => (Kind::Assign, 3),
            (b'.', b'.', b'.') => (Kind::Operator, 3),
            (b'?', b'.', b) if !b.is_ascii_digit() => (Kind::Dot, 2),
            (b'.', ..) => (Kind::Dot, 1),
            (b'<' | b'>' | b'+' | b'-' | b'*' | b'%', b'=', _) => (Kind::Operator, 2),
            (b'<', ..) => (Kind::Less, 1),
            (b'>', ..) => (Kind::More, 1),
            (b'/', ..) if !before.ends_value() => match self.regex() {
                Some(end) => {
                    self.at = end;
                    return Kind::Opaque;
                }
                None => (Kind::Operator, 1),
            },
            (b, ..) if is_name(b) => {
                let start = self.at;
                self.bare();
                let keyword = before != Kind::Dot && KEYWORDS.contains(&&self.text[start..self.at]);
                return if keyword { Kind::Keyword } else { Kind::Name };
            }
            _ => (Kind::Operator, 1),
        };
        self.at += length;
        kind
    }
}

fn is_name(b: u8) -> bool {
    b.is_ascii_alphanumeric() || matches!(b, b'_' | b'$' | b'#' | b'\\') || b >= 0x80
}

impl Lexer for Source<'_> {
    fn next(&mut self, before: Kind) -> Token {
        let newline = self.blanks();
        let start = self.at;
        let (kind, inner) = match self.text.get(start) {
            None => (Kind::End, None),
            Some(&quote @ (b'"' | b'\'')) => {
                let (inner, escaped) = self.string(quote);
                (Kind::Text { escaped }, Some(inner))
            }
            Some(b'`') if self.script => {
                let cut = self.cut;
                let (holes, escaped) = self.template();
                let closed = usize::from(cut == self.cut);
                let end = self.at.saturating_sub(closed).max(start + 1);
                let inner = Span::new(start + 1, end);
                let kind = if holes {
                    Kind::Opaque
                } else {
                    Kind::Text { escaped }
                };
                (kind, (!holes).then_some(inner))
            }
            Some(_) => (self.punctuation(before), None),
        };
        let span = Span::new(start, self.at);
        Token {
            kind,
            span,
            inner: inner.unwrap_or(span),
            newline,
        }
    }

    fn cut(&self) -> bool {
        self.cut
    }
}
