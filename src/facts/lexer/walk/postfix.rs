//! What may stand behind an operand: members, calls, indices.

use super::Walk;
use crate::facts::code::{Expr, ExprId};
use crate::facts::language::Language::{
    CSharp, Go, Java, JavaScript, Kotlin, Php, Python, Ruby, Rust, Scala, Swift,
};
use crate::facts::lexer::tokens::Kind;
use crate::model::Span;

/// Tokens within a bracket of types.
const TYPES: usize = 32;
/// Characters of a credential that may be shown.
const SHOWN: usize = 8;

impl Walk<'_> {
    /// Members, calls and indices behind what came; `parts` are the names so far, on `on`.
    pub(super) fn postfix(&mut self, parts: Vec<Span>, on: Option<ExprId>, start: usize) -> ExprId {
        let (mut parts, mut on) = (parts, on);
        let (mut computed, mut shown) = (false, false);
        while let Some(token) = self.token(0) {
            let broke = self.broke();
            let op = self.op(0);
            let member = match op {
                b"." => !(self.is(&[Php]) || broke && self.is(&[Go, Python])),
                b"?." | b"&." | b"::" | b"?->" => true,
                b"->" | b"\\" => self.is(&[Php]),
                _ => false,
            };
            if member {
                if op == b"::" && self.op(1) == b"<" {
                    self.at += 1;
                    self.generics();
                    continue;
                }
                match self.kind(1) {
                    Some(Kind::Name) => parts.push(self.at_span(self.at + 1)),
                    // Rust's `x.0`, Go's `x.(T)`, Ruby's `x.()`.
                    Some(Kind::Number) => {}
                    Some(Kind::Open(b'(')) if self.is(&[Go]) => {
                        self.at += 1;
                        self.step();
                        continue;
                    }
                    Some(Kind::Open(b'(' | b'{')) => {
                        self.at += 1;
                        if self.is_open(0, b'{') {
                            self.step();
                        }
                        continue;
                    }
                    _ => break,
                }
                self.at += 2;
                continue;
            }
            let (name, apart) = (!parts.is_empty(), token.space);
            if self.command(&parts, token.kind, apart, broke) {
                let id = self.command_call(std::mem::take(&mut parts), on, start);
                on = Some(id);
                break;
            }
            match token.kind {
                Kind::Open(b'(') if !broke && (name || !self.is(&[Ruby, Go]) || !apart) => {
                    let id = self.call(std::mem::take(&mut parts), on, start, false);
                    on = Some(id);
                }
                // Types alone stand in these brackets.
                Kind::Open(b'[') if self.is(&[Scala]) && !broke => self.step(),
                Kind::Open(b'[') if !(broke || apart && self.is(&[Ruby, Swift])) => {
                    match self.index() {
                        Index::Name(span) => parts.push(span),
                        Index::Start => shown = true,
                        Index::Other => computed = true,
                        Index::None => {}
                    }
                    if self.is(&[Go]) && self.is_map(&parts) {
                        self.map_type();
                        if self.is_open(0, b'{') && !self.header {
                            let id = self.collection();
                            (parts, on) = (Vec::new(), Some(id));
                        }
                    }
                }
                Kind::Open(b'{') if !broke && !self.header && self.braced(&parts, on) => {
                    let id = self.behind_brace(std::mem::take(&mut parts), on, start);
                    on = Some(id);
                }
                Kind::Op if !broke => match op {
                    b"<" if self.grammar.angles && name && self.generics() => {}
                    b"!" if self.is(&[Rust])
                        && name
                        && matches!(self.kind(1), Some(Kind::Open(_))) =>
                    {
                        self.at += 1;
                        let id = self.call(std::mem::take(&mut parts), on, start, false);
                        on = Some(id);
                    }
                    b"!!" | b"!" if !apart && self.is(&[Kotlin, Swift, JavaScript, CSharp]) => {
                        self.at += 1;
                        let id = self.finish(std::mem::take(&mut parts), on, start, computed);
                        self.guarded(id);
                        on = Some(id);
                    }
                    b"?" if !apart && self.is(&[Rust, Swift]) => {
                        self.at += 1;
                        let id = self.finish(std::mem::take(&mut parts), on, start, computed);
                        if self.is(&[Rust]) {
                            self.guarded(id);
                        }
                        on = Some(id);
                    }
                    b"++" | b"--" if !apart => self.at += 1,
                    _ => break,
                },
                _ => break,
            }
        }
        if shown {
            return self.add(self.since(start), Expr::Flag);
        }
        self.finish(parts, on, start, computed)
    }

    fn is_map(&self, parts: &[Span]) -> bool {
        matches!(parts, [name] if self.slice(*name) == b"map")
    }

    /// The path or the call that came.
    fn finish(
        &mut self,
        parts: Vec<Span>,
        on: Option<ExprId>,
        start: usize,
        computed: bool,
    ) -> ExprId {
        let mut parts = parts;
        if self.is(&[Ruby]) && !computed {
            let given = |part: &Span| is_same(self.slice(*part));
            let same = parts.iter().rev().take_while(|part| given(part)).count();
            // What they are called on stays: a name, or what came before.
            let kept = parts.len() - same;
            parts.truncate(kept.max(usize::from(on.is_none())));
        }
        let id = match on {
            Some(id) if parts.is_empty() => id,
            _ => self.named(parts, on, start),
        };
        if computed {
            self.computed = Some(id);
        }
        id
    }

    fn named(&mut self, parts: Vec<Span>, on: Option<ExprId>, start: usize) -> ExprId {
        let span = self.since(start);
        let member = parts.len() > 1 || on.is_some();
        let last = parts.last().map_or(&b""[..], |part| self.slice(*part));
        if member && is_flag(last) {
            return self.add(span, Expr::Flag);
        }
        if self.condition && on.is_none() {
            self.looked.insert(last);
        }
        let read = self.variable(&parts, on);
        let id = self.add(
            span,
            Expr::Path {
                parts: parts.into(),
                on,
            },
        );
        if let Some((name, guarded)) = read {
            self.reads_env(id, name, None, guarded);
        } else if let Some(on) = on
            && self.is(&[Ruby, Kotlin, Scala, Swift, Rust, Python])
        {
            // `ENV["X"].presence || …`
            self.same_read(on, id);
        }
        id
    }

    /// Past `<T, U>`, should that be types: nothing of an expression in it, and nothing behind it that compares.
    pub(super) fn generics(&mut self) -> bool {
        if self.op(0) != b"<" {
            return false;
        }
        let (mut depth, mut ahead) = (0usize, 0);
        while ahead < TYPES {
            match (self.kind(ahead), self.op(ahead)) {
                (_, b"<") => depth += 1,
                (_, b">") => depth -= 1,
                (Some(Kind::Name | Kind::Opaque), _) => {}
                (
                    _,
                    b"," | b"." | b"?" | b"::" | b"&" | b"*" | b":" | b"=" | b"|" | b"->" | b"@",
                ) => {}
                (Some(Kind::Open(b'[' | b'(')), _) => {
                    ahead = self.past(self.at + ahead) - self.at;
                    continue;
                }
                _ => return false,
            }
            ahead += 1;
            if depth == 0 {
                break;
            }
        }
        let behind = match self.kind(ahead) {
            None | Some(Kind::Open(_) | Kind::Close(_)) => true,
            Some(Kind::Name) => {
                self.is(&[Java, CSharp]) || self.token(ahead).is_some_and(|t| t.newline)
            }
            Some(Kind::Op) => !matches!(self.op(ahead), b"-" | b"+" | b"!" | b"&"),
            _ => false,
        };
        if depth == 0 && behind {
            self.at += ahead;
        }
        depth == 0 && behind
    }

    /// What is in the square brackets behind a value.
    fn index(&mut self) -> Index {
        let inner = (self.kind(1), self.kind(2), self.mate(self.at) - self.at);
        match inner {
            (Some(Kind::Text(_)), _, 2) => {
                let span = self.at_span(self.at + 1);
                self.step();
                return Index::Name(span);
            }
            (Some(Kind::Name), _, 2) => {
                let span = self.at_span(self.at + 1);
                let constant = self.slice(span).first().is_some_and(u8::is_ascii_uppercase);
                self.step();
                return if constant {
                    Index::Name(span)
                } else {
                    Index::Other
                };
            }
            (_, _, 1) => {
                self.step();
                return Index::None;
            }
            _ => {}
        }
        let start = self.is_start();
        self.within(false, Self::listed);
        if start { Index::Start } else { Index::Other }
    }

    /// `[:4]`, `[0:4]`, `[..4]`, `[0..4]`, `[0, 4]`: so little of a text that it gives nothing away.
    fn is_start(&self) -> bool {
        let mut ahead = 1;
        let number = |ahead: usize| match self.kind(ahead) {
            Some(Kind::Number) => std::str::from_utf8(self.slice(self.at_span(self.at + ahead)))
                .ok()
                .and_then(|n| n.parse::<usize>().ok()),
            _ => None,
        };
        if number(ahead) == Some(0) {
            ahead += 1;
        }
        let slices = matches!(self.op(ahead), b":" | b".." | b"..." | b"..=" | b"..<")
            || self.op(ahead) == b"," && self.is(&[Ruby]);
        let ends = matches!(self.kind(ahead + 2), Some(Kind::Close(_)));
        slices && ends && number(ahead + 1).is_some_and(|n| n <= SHOWN)
    }

    /// Whether the brace that comes belongs to the value before it.
    fn braced(&self, parts: &[Span], on: Option<ExprId>) -> bool {
        let last = parts.last().map_or(&b""[..], |part| self.slice(*part));
        let upper = last.first().is_some_and(u8::is_ascii_uppercase);
        match self.grammar.language {
            Go => !parts.is_empty(),
            Rust => upper && on.is_none(),
            Kotlin | Swift => !parts.is_empty() && !upper || on.is_some(),
            // `Future { … }`, `Action { request => … }`
            Scala => !parts.is_empty() || on.is_some(),
            Ruby => !parts.is_empty() || on.is_some(),
            _ => false,
        }
    }

    fn behind_brace(&mut self, parts: Vec<Span>, on: Option<ExprId>, start: usize) -> ExprId {
        match self.grammar.language {
            Go | Rust => self.call(parts, on, start, true),
            _ if parts.is_empty() => {
                // A block behind a call that is complete.
                let block = self.closure_in_braces();
                let id = on.unwrap_or(block);
                self.add_argument(id, block);
                id
            }
            _ => self.called_with_block(parts, on, start),
        }
    }

    /// Whether a call of Ruby without brackets begins with the next token.
    fn command(&self, parts: &[Span], kind: Kind, apart: bool, broke: bool) -> bool {
        let Some(last) = parts.last() else {
            return false;
        };
        if !self.is(&[Ruby]) || !apart || broke {
            return false;
        }
        let last = self.slice(*last);
        if !last
            .first()
            .is_some_and(|b| b.is_ascii_lowercase() || *b == b'_')
        {
            return false;
        }
        // A blank before and none behind: `puts -x`, `f *args`, `p [1]`, `f ::X`.
        let tight = self.token(1).is_some_and(|t| !t.space && !t.newline);
        match kind {
            Kind::Text(_) | Kind::Join | Kind::Number => true,
            Kind::Opaque => true,
            Kind::Name => !matches!(
                self.word(0),
                b"if"
                    | b"unless"
                    | b"while"
                    | b"until"
                    | b"do"
                    | b"and"
                    | b"or"
                    | b"then"
                    | b"rescue"
                    | b"in"
                    | b"end"
                    | b"else"
            ),
            Kind::Open(b'[') => parts.len() == 1 || tight,
            Kind::Op => {
                tight && matches!(self.op(0), b"-" | b"*" | b"**" | b"&" | b"::" | b"!")
                    || self.op(0) == b"->"
            }
            _ => false,
        }
    }
}

/// What an index says of a path.
enum Index {
    /// Another part.
    Name(Span),
    /// The value is cut to its first characters.
    Start,
    Other,
    /// There is none: `T[]`.
    None,
}

/// Whether a method of Ruby, called without brackets, gives what it is called on, or its text.
fn is_same(name: &[u8]) -> bool {
    matches!(
        name,
        b"chomp"
            | b"dup"
            | b"freeze"
            | b"html_safe"
            | b"inspect"
            | b"presence"
            | b"strip"
            | b"to_json"
            | b"to_s"
            | b"to_str"
            | b"to_sym"
    )
}

/// Whether a member or a function of this name tells of its owner no more than a number or a truth.
pub(super) fn is_flag(name: &[u8]) -> bool {
    if name.ends_with(b"?") {
        return true;
    }
    matches!(
        name,
        b"length"
            | b"Length"
            | b"size"
            | b"count"
            | b"Count"
            | b"len"
            | b"isEmpty"
            | b"is_empty"
            | b"isNullOrEmpty"
            | b"IsNullOrEmpty"
            | b"IsNullOrWhiteSpace"
            | b"isNullOrBlank"
            | b"isBlank"
            | b"isNotEmpty"
            | b"isNotBlank"
            | b"strlen"
            | b"isset"
            | b"empty"
            | b"isinstance"
            | b"bool"
            | b"boolval"
            | b"is_null"
            | b"is_none"
            | b"is_some"
            | b"is_ok"
            | b"is_err"
            | b"equals"
            | b"Equals"
            | b"contains"
            | b"Contains"
            | b"containsKey"
            | b"ContainsKey"
            | b"includes"
            | b"startsWith"
            | b"StartsWith"
            | b"starts_with"
            | b"startswith"
            | b"HasPrefix"
            | b"hasPrefix"
            | b"endsWith"
            | b"EndsWith"
            | b"ends_with"
            | b"endswith"
            | b"isPresent"
            | b"hash_equals"
            | b"compare_digest"
    )
}
