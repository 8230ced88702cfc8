//! Text, with and without holes.

use super::Walk;
use crate::facts::code::{Expr, ExprId};
use crate::facts::language::Language::{Python, Ruby};
use crate::facts::lexer::grammar::Escapes;
use crate::facts::lexer::letters::is_name;
use crate::facts::lexer::tokens::Kind;
use crate::facts::object;
use crate::model::Span;

impl Walk<'_> {
    /// The text that begins here, with the ones right behind it where a language puts those together.
    pub(super) fn literal(&mut self) -> ExprId {
        let start = self.here();
        let first = self.piece();
        let more = |walk: &Self| {
            walk.is(&[Python, Ruby])
                && !walk.broke()
                && matches!(walk.kind(0), Some(Kind::Text(_) | Kind::Join))
                && walk.text.get(walk.here().wrapping_sub(1)) != Some(&b':')
        };
        if !more(self) {
            return first;
        }
        let mut parts = vec![first];
        while more(self) {
            parts.push(self.piece());
        }
        self.add(self.since(start), Expr::Join(parts.into()))
    }

    fn piece(&mut self) -> ExprId {
        let Some(token) = self.token(0) else {
            return self.unknown();
        };
        match token.kind {
            Kind::Text(escapes) => {
                self.at += 1;
                self.text_node(token.span(), escapes)
            }
            _ => self.template(),
        }
    }

    pub(super) fn text_node(&mut self, span: Span, escapes: Escapes) -> ExprId {
        let raw = self.slice(span);
        let said = match escapes {
            Escapes::None => None,
            Escapes::All => raw.contains(&b'\\').then(|| object::unescape(raw)),
            Escapes::Quote => raw.contains(&b'\\').then(|| quotes_only(raw)),
            Escapes::Doubled => memchr::memmem::find(raw, b"\"\"").map(|_| {
                let mut said = raw.to_vec();
                let mut doubled = false;
                said.retain(|&b| {
                    doubled = b == b'"' && !doubled;
                    b != b'"' || doubled
                });
                said.into()
            }),
        };
        self.add(span, Expr::Text(said))
    }

    /// Text with holes: its parts, and what is in the holes.
    fn template(&mut self) -> ExprId {
        let start = self.here();
        let parts = self.within(false, |walk| {
            let mut parts = Vec::new();
            while let Some(token) = walk.token(0) {
                match token.kind {
                    Kind::Text(escapes) => {
                        walk.at += 1;
                        parts.push(walk.text_node(token.span(), escapes));
                    }
                    Kind::Hole => {
                        let items = walk.within(false, Self::listed).unwrap_or_default();
                        parts.extend(items.first());
                    }
                    _ => walk.at += 1,
                }
            }
            parts
        });
        self.add(
            self.since(start),
            Expr::Join(parts.unwrap_or_default().into()),
        )
    }

    /// What a macro of Rust makes of `text`: names in braces are holes.
    pub(super) fn captured(&mut self, id: ExprId) -> ExprId {
        let span = self.span(id);
        if !matches!(self.expr(id), Expr::Text(_)) {
            return id;
        }
        let raw = self.slice(span);
        let mut parts = Vec::new();
        let mut at = 0;
        while let Some(open) = memchr::memchr(b'{', &raw[at..]).map(|i| at + i) {
            let names = raw[open + 1..].iter().take_while(|&&b| is_name(b)).count();
            let close = open + 1 + names;
            at = close;
            if raw.get(close) == Some(&b'{') && names == 0 {
                at = close + 1;
            } else if names > 0
                && !raw[open + 1].is_ascii_digit()
                && matches!(raw.get(close), Some(b'}' | b':'))
            {
                let name = Span::new(span.start + open + 1, span.start + close);
                let path = Expr::Path {
                    parts: [name].into(),
                    on: None,
                };
                parts.push(self.add(name, path));
            }
        }
        if parts.is_empty() {
            return id;
        }
        parts.insert(0, id);
        self.add(span, Expr::Join(parts.into()))
    }
}

/// The text that `raw` writes where a backslash only saves a quote and itself.
fn quotes_only(raw: &[u8]) -> Box<[u8]> {
    let mut said = Vec::with_capacity(raw.len());
    let mut rest = raw.iter().copied().peekable();
    while let Some(b) = rest.next() {
        match rest.peek() {
            Some(&next @ (b'\\' | b'\'')) if b == b'\\' => {
                said.push(next);
                rest.next();
            }
            _ => said.push(b),
        }
    }
    said.into()
}
