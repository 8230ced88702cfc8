//! Operands: what an expression begins with.

use super::Walk;
use crate::facts::code::{Expr, ExprId};
use crate::facts::language::Language::{
    CSharp, Go, Java, JavaScript, Kotlin, Php, Python, Ruby, Rust, Scala, Swift,
};
use crate::facts::lexer::tokens::Kind;

impl Walk<'_> {
    pub(super) fn operand(&mut self) -> ExprId {
        let start = self.here();
        let Some(kind) = self.kind(0) else {
            return self.unknown();
        };
        let id = match kind {
            Kind::Text(_) | Kind::Join => self.literal(),
            Kind::Number => {
                self.at += 1;
                self.add(self.since(start), Expr::Number)
            }
            Kind::Open(b'(') => return self.group(),
            Kind::Open(b'[') => match self.bracket() {
                Some(id) => id,
                None => return self.unknown(),
            },
            Kind::Open(_) => return self.brace(),
            Kind::Name => return self.worded(),
            Kind::Close(_) => return self.unknown(),
            Kind::Op => return self.signed(),
            Kind::Opaque | Kind::JoinEnd | Kind::Hole | Kind::HoleEnd => {
                self.step();
                self.add(self.since(start), Expr::Unknown)
            }
        };
        self.postfix(Vec::new(), Some(id), start)
    }

    /// An operand that begins with an operator.
    fn signed(&mut self) -> ExprId {
        let start = self.here();
        match self.op(0) {
            b"->" if self.is(&[Ruby]) => {
                self.at += 1;
                let params = if self.is_open(0, b'(') {
                    self.params()
                } else {
                    Vec::new()
                };
                self.closure(params)
            }
            b"|" | b"||" if self.is(&[Rust]) => {
                let params = self.bars();
                self.closure(params)
            }
            b"::" | b"\\" => {
                self.at += 1;
                self.worded()
            }
            b"." if self.is(&[Swift]) && self.kind(1) == Some(Kind::Name) => {
                self.at += 1;
                self.path()
            }
            b"#" if self.is_open(1, b'[') => {
                self.at += 1;
                self.attributes();
                self.unknown()
            }
            b"@" if self.kind(1) == Some(Kind::Name) => {
                self.annotation();
                self.unknown()
            }
            b"," | b";" | b"=" | b"=>" | b":" | b":=" | b"->" => self.unknown(),
            _ => {
                self.at += 1;
                self.add(self.since(start), Expr::Unknown)
            }
        }
    }

    /// A name, or an operand that begins with a word of the language.
    fn worded(&mut self) -> ExprId {
        let start = self.here();
        let plain = |walk: &mut Self, expr| {
            walk.at += 1;
            walk.add(walk.since(start), expr)
        };
        match self.word(0) {
            b"true" | b"True" | b"TRUE" => plain(self, Expr::Bool(true)),
            b"false" | b"False" | b"FALSE" => plain(self, Expr::Bool(false)),
            b"null" | b"nil" | b"None" | b"undefined" | b"NULL" => plain(self, Expr::Null),
            b"new" if self.kind(1) == Some(Kind::Name) && !self.is(&[Go, Python, Rust, Swift]) => {
                self.made()
            }
            b"new" if self.is(&[CSharp]) && matches!(self.kind(1), Some(Kind::Open(_))) => {
                self.made()
            }
            // `new \A\B(…)`
            b"new"
                if self.is(&[Php]) && self.op(1) == b"\\" && self.kind(2) == Some(Kind::Name) =>
            {
                self.made()
            }
            b"array" | b"Array" if self.is(&[Php]) && self.is_open(1, b'(') => {
                self.at += 1;
                let id = self.collection();
                self.postfix(Vec::new(), Some(id), start)
            }
            b"lambda" if self.is(&[Python]) => self.lambda(),
            b"func" if self.is(&[Go]) && self.is_open(1, b'(') => self.function_literal(1),
            b"function" if self.is(&[Php, JavaScript]) => self.function_literal(1),
            b"fn" if self.is(&[Php]) && self.is_open(1, b'(') => self.function_literal(1),
            b"fun" if self.is(&[Kotlin]) && self.is_open(1, b'(') => self.function_literal(1),
            b"async" | b"static" if !self.is(&[Python]) && self.word(1) == b"function" => {
                self.function_literal(2)
            }
            b"async"
                if self.is(&[JavaScript, CSharp])
                    && matches!(self.kind(1), Some(Kind::Name | Kind::Open(b'('))) =>
            {
                self.at += 1;
                self.deeper(Self::operand).unwrap_or_else(|| self.unknown())
            }
            b"if" if self.is(&[Kotlin, Rust, Scala, Swift]) => self.choice(),
            b"match" | b"switch" | b"when" | b"unsafe" | b"loop" | b"try" | b"do"
                if self.is(&[Kotlin, Rust, Scala, Swift, Php]) =>
            {
                self.at += 1;
                self.head();
                self.bodies();
                self.add(self.since(start), Expr::Unknown)
            }
            b"throw" | b"raise" | b"return"
                if self.is(&[CSharp, Java, JavaScript, Kotlin, Php, Rust, Scala, Swift]) =>
            {
                self.at += 1;
                if !self.broke() {
                    self.expression();
                }
                self.add(self.since(start), Expr::Unknown)
            }
            _ if self.arrow(1) => {
                let name = self.at_span(self.at);
                self.at += 2;
                self.closure(vec![name])
            }
            _ => self.path(),
        }
    }

    /// Whether a function literal's arrow stands `ahead`.
    fn arrow(&self, ahead: usize) -> bool {
        match self.op(ahead) {
            b"=>" => self.is(&[CSharp, JavaScript, Scala]),
            b"->" => self.is(&[Java]),
            _ => false,
        }
    }

    fn path(&mut self) -> ExprId {
        let start = self.here();
        let name = self.at_span(self.at);
        self.at += 1;
        self.postfix(vec![name], None, start)
    }

    /// `new T(…)`, `new { … }`, `new[] { … }`.
    fn made(&mut self) -> ExprId {
        let start = self.here();
        self.at += 1;
        self.at += usize::from(self.is(&[Php]) && self.op(0) == b"\\");
        if self.kind(0) != Some(Kind::Name) {
            if self.is_open(0, b'[') {
                self.step();
            }
            if self.is_open(0, b'(') {
                let id = self.call(Vec::new(), None, start, true);
                return self.postfix(Vec::new(), Some(id), start);
            }
            return match self.is_open(0, b'{') {
                true => self.brace(),
                false => self.unknown(),
            };
        }
        let mut parts = vec![self.at_span(self.at)];
        self.at += 1;
        while matches!(self.op(0), b"." | b"::" | b"\\") && self.kind(1) == Some(Kind::Name) {
            parts.push(self.at_span(self.at + 1));
            self.at += 2;
        }
        self.generics();
        let brackets = self.is_open(0, b'[');
        while self.is_open(0, b'[') {
            self.step();
        }
        if brackets && self.is_open(0, b'{') {
            return self.brace();
        }
        if brackets {
            return self.add(self.since(start), Expr::Unknown);
        }
        let id = self.call(parts, None, start, true);
        self.postfix(Vec::new(), Some(id), start)
    }

    /// `(x)`, `(x, y)`, `(T) x`, `(x) => …`.
    fn group(&mut self) -> ExprId {
        let start = self.here();
        let past = self.past(self.at);
        let ahead = past - self.at;
        let typed = self.op(ahead) == b":" && self.is(&[JavaScript]) && {
            let near = (ahead + 2..ahead + 6).any(|i| self.op(i) == b"=>");
            near && !matches!(self.kind(1), Some(Kind::Number | Kind::Text(_)))
        };
        if self.arrow(ahead) || typed {
            let params = self.params();
            while self.at < self.end && self.op(0) != b"=>" && self.op(0) != b"->" {
                self.step();
            }
            self.at += usize::from(self.at < self.end);
            return self.closure(params);
        }
        let mut items = self.within(false, Self::listed).unwrap_or_default();
        let id = match items.len() {
            1 => items.remove(0),
            _ => self.add(self.since(start), Expr::List(items.into())),
        };
        let plain = matches!(self.expr(id), Expr::Path { .. });
        let operand = matches!(
            self.kind(0),
            Some(Kind::Name | Kind::Text(_) | Kind::Join | Kind::Number | Kind::Open(b'('))
        );
        if plain && operand && self.is(&[CSharp, Java, Php]) && !self.is_word_operator() {
            return self.deeper(Self::unary).unwrap_or_else(|| self.unknown());
        }
        self.postfix(Vec::new(), Some(id), start)
    }

    fn is_word_operator(&self) -> bool {
        matches!(
            self.word(0),
            b"is" | b"as" | b"instanceof" | b"and" | b"or" | b"in" | b"throws" | b"where"
        )
    }

    /// `[a, b]`, `[a: b]`, `[a => b]`; `[]T{…}` and `[]T(…)` of Go. None where a type came alone.
    fn bracket(&mut self) -> Option<ExprId> {
        let start = self.here();
        if !self.is(&[Go]) {
            return Some(self.collection());
        }
        while self.is_open(0, b'[') || matches!(self.op(0), b"*") {
            self.step();
        }
        if self.kind(0) != Some(Kind::Name) {
            return None;
        }
        if self.word(0) == b"map" {
            self.at += 1;
            self.map_type();
        } else {
            let mut parts = vec![self.at_span(self.at)];
            self.at += 1;
            while self.op(0) == b"." && self.kind(1) == Some(Kind::Name) {
                parts.push(self.at_span(self.at + 1));
                self.at += 2;
            }
            if self.is_open(0, b'(') {
                return Some(self.call(parts, None, start, false));
            }
            if matches!(parts[..], [name] if self.slice(name) == b"struct") && self.is_open(0, b'{')
            {
                self.step();
            }
        }
        match self.is_open(0, b'{') && !self.header {
            true => Some(self.collection()),
            false => None,
        }
    }

    /// Past the rest of a type `map[K]V` of Go.
    pub(super) fn map_type(&mut self) {
        while self.is_open(0, b'[') || self.op(0) == b"*" {
            self.step();
        }
        while self.kind(0) == Some(Kind::Name) && !self.broke() {
            let inner = matches!(self.word(0), b"interface" | b"struct");
            self.at += 1;
            if inner && self.is_open(0, b'{') {
                self.step();
            }
            if self.op(0) == b"." || self.is_open(0, b'[') {
                self.step();
                continue;
            }
            break;
        }
    }

    /// What begins with a brace where a value is expected.
    fn brace(&mut self) -> ExprId {
        match self.grammar.language {
            Kotlin | Swift => self.closure_in_braces(),
            Rust | Php | Scala => self.block().unwrap_or_else(|| self.unknown()),
            _ => {
                let start = self.here();
                let id = self.collection();
                self.postfix(Vec::new(), Some(id), start)
            }
        }
    }

    /// `if c { a } else { b }` as a value.
    fn choice(&mut self) -> ExprId {
        let start = self.here();
        self.at += 1;
        self.head();
        let mut values = Vec::new();
        values.extend(self.branch());
        if self.word(0) == b"else" {
            self.at += 1;
            if self.word(0) == b"if" {
                values.push(self.expression());
            } else {
                values.extend(self.branch());
            }
        }
        match values.len() {
            2 => self.add(self.since(start), Expr::Either(values.into())),
            _ => self.add(self.since(start), Expr::Unknown),
        }
    }

    fn branch(&mut self) -> Option<ExprId> {
        match self.is_open(0, b'{') {
            true => self.block(),
            false => Some(self.expression()),
        }
    }

    /// Statements in braces; what the last of them yields.
    pub(super) fn block(&mut self) -> Option<ExprId> {
        self.within(true, Self::statements).flatten()
    }

    /// The braces behind a header, and those behind `else` and its like.
    pub(super) fn bodies(&mut self) {
        if self.is_open(0, b'{') {
            self.block();
        }
    }
}
