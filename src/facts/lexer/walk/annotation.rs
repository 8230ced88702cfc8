//! Annotations, decorators, attributes: calls that say something of what they stand before.

use super::Walk;
use crate::facts::language::Language::Kotlin;
use crate::facts::lexer::tokens::Kind;
use crate::model::Span;

impl Walk<'_> {
    /// `@name(…)` before what it says something of: a call, with or without brackets.
    pub(super) fn annotation(&mut self) {
        self.at += 1;
        if self.kind(0) != Some(Kind::Name) {
            return;
        }
        if self.op(1) == b":" && self.is(&[Kotlin]) {
            self.at += 2;
        }
        let start = self.here();
        let mut parts = Vec::new();
        while self.kind(0) == Some(Kind::Name) {
            parts.push(self.at_span(self.at));
            self.at += 1;
            if self.op(0) != b"." {
                break;
            }
            self.at += 1;
        }
        self.applied(parts, start);
    }

    /// The call of an annotation, and what a framework makes of it.
    fn applied(&mut self, parts: Vec<Span>, start: usize) {
        let id = if self.is_open(0, b'(') && !self.broke() {
            self.call(parts, None, start, false)
        } else {
            self.called(parts, start)
        };
        self.injected(id);
    }

    /// `[A("x"), B]`, `#[a(x)]`.
    pub(super) fn attributes(&mut self) {
        self.within(false, |walk| {
            while walk.at < walk.end {
                let before = walk.at;
                if walk.kind(0) == Some(Kind::Name) && walk.op(1) == b":" {
                    walk.at += 2;
                }
                let start = walk.here();
                let mut parts = Vec::new();
                while walk.kind(0) == Some(Kind::Name) {
                    parts.push(walk.at_span(walk.at));
                    walk.at += 1;
                    if !matches!(walk.op(0), b"." | b"::" | b"\\") {
                        break;
                    }
                    walk.at += 1;
                }
                if !parts.is_empty() {
                    walk.applied(parts, start);
                }
                while walk.at < walk.end && walk.op(0) != b"," {
                    walk.step();
                }
                walk.at += usize::from(walk.at < walk.end);
                walk.at += usize::from(walk.at == before);
            }
        });
    }
}
