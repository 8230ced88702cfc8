//! Expressions: operators and what they yield.

use super::Walk;
use crate::facts::code::{Expr, ExprId};
use crate::facts::language::Language::{
    Go, JavaScript, Kotlin, Php, Python, Ruby, Rust, Scala, Swift,
};
use crate::facts::lexer::tokens::Kind;
use crate::model::Span;

/// What an operator makes of its sides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Yield {
    /// One of both.
    Either,
    /// The right side.
    Last,
    /// The left side: `x as T`.
    First,
    Flag,
    Join,
    /// Python and Ruby fill text: `"%s" % x`. Numbers otherwise.
    Fill,
    /// `"key" to value`.
    Pair,
    Unknown,
}

/// Words of Scala that no operand stands before, and those that begin a declaration behind its modifier.
const SCALA_WORDS: &[&[u8]] = &[
    b"case",
    b"catch",
    b"class",
    b"def",
    b"do",
    b"else",
    b"extends",
    b"finally",
    b"for",
    b"given",
    b"if",
    b"import",
    b"lazy",
    b"new",
    b"object",
    b"override",
    b"private",
    b"protected",
    b"return",
    b"then",
    b"trait",
    b"type",
    b"using",
    b"val",
    b"var",
    b"while",
    b"with",
    b"yield",
];

/// How tightly the operand of `not` binds.
const COMPARISON: u8 = 3;

impl Walk<'_> {
    /// An expression: steps over at least one token unless that ends or separates.
    pub(super) fn expression(&mut self) -> ExprId {
        match self.deeper(Self::conditional) {
            Some(id) => id,
            None => {
                let id = self.unknown();
                self.step();
                id
            }
        }
    }

    /// Past a token, or a bracket with all that is in it.
    pub(super) fn step(&mut self) {
        match self.kind(0) {
            Some(Kind::Open(_) | Kind::Join | Kind::Hole) => self.at = self.past(self.at),
            Some(_) => self.at += 1,
            None => {}
        }
    }

    fn conditional(&mut self) -> ExprId {
        let start = self.here();
        let first = self.binary(0);
        let newline = self.broke() && !self.is(&[JavaScript, Swift]);
        if self.op(0) == b"?" && !newline && !self.is(&[Python, Kotlin, Rust, Go]) {
            self.at += 1;
            let then = self.expression();
            if !self.eat(b":") {
                return then;
            }
            let other = self.expression();
            self.falls_back(then, other);
            return self.either(vec![then, other], start);
        }
        if self.is(&[Python]) && self.word(0) == b"if" && !self.broke() {
            self.at += 1;
            let outer = std::mem::replace(&mut self.condition, true);
            self.binary(0);
            self.condition = outer;
            if self.eat_word(b"else") {
                let other = self.expression();
                return self.either(vec![first, other], start);
            }
        }
        first
    }

    fn binary(&mut self, least: u8) -> ExprId {
        let start = self.here();
        let mut left = self.unary();
        let mut parts: Vec<ExprId> = Vec::new();
        let mut run = Yield::Unknown;
        while let Some((length, binds, yields)) = self.infix()
            && binds >= least
        {
            let filled = matches!(self.expr(left), Expr::Text(_) | Expr::Join(_));
            self.at += length;
            let thrown = self.throws();
            if yields != run && !parts.is_empty() {
                left = self.fold(run, std::mem::take(&mut parts), start);
            }
            let right = if yields == Yield::First {
                self.cast()
            } else {
                self.binary(binds + 1)
            };
            if thrown && yields == Yield::Either {
                self.guarded(left);
                continue;
            }
            run = yields;
            let joins = yields == Yield::Join || yields == Yield::Fill && filled;
            left = match yields {
                _ if joins || yields == Yield::Either => {
                    if joins {
                        run = Yield::Join;
                    }
                    if parts.is_empty() {
                        parts.push(left);
                    }
                    parts.push(right);
                    left
                }
                Yield::First => left,
                Yield::Last => right,
                Yield::Flag => self.add(self.since(start), Expr::Flag),
                Yield::Pair => {
                    let members = [(self.span(left), right)].into();
                    let spread = Box::default();
                    self.add(self.since(start), Expr::Object { members, spread })
                }
                _ => self.add(self.since(start), Expr::Unknown),
            };
        }
        match parts.is_empty() {
            true => left,
            false => self.fold(run, parts, start),
        }
    }

    fn fold(&mut self, run: Yield, parts: Vec<ExprId>, start: usize) -> ExprId {
        match run {
            Yield::Either => self.either(parts, start),
            _ => self.add(self.since(start), Expr::Join(parts.into())),
        }
    }

    /// One of several; what is read from the environment takes the second where it is missing.
    pub(super) fn either(&mut self, parts: Vec<ExprId>, start: usize) -> ExprId {
        let (first, second) = (parts[0], parts[1]);
        let id = self.add(self.since(start), Expr::Either(parts.into()));
        self.falls_back(first, second);
        self.same_read(first, id);
        id
    }

    /// Whether what comes next ends the program's way: `?? throw`, `or raise`, `?: return`.
    fn throws(&self) -> bool {
        matches!(
            self.word(0),
            b"throw"
                | b"raise"
                | b"return"
                | b"die"
                | b"exit"
                | b"abort"
                | b"error"
                | b"fatalError"
                | b"panic"
                | b"fail"
        )
    }

    /// The operator that comes next: its tokens, how tightly it binds, what it makes.
    fn infix(&self) -> Option<(usize, u8, Yield)> {
        let newline = self.broke();
        let token = self.token(0)?;
        let (binds, yields) = match (token.kind, self.slice(token.span())) {
            (Kind::Op, b"||" | b"??" | b"?:") => (1, Yield::Either),
            (Kind::Op, b"&&") => (2, Yield::Last),
            (Kind::Op, _) if newline && !self.is(&[JavaScript, Swift]) => return None,
            (Kind::Name, _) if newline => return None,
            (
                Kind::Op,
                b"==" | b"!=" | b"===" | b"!==" | b"<" | b">" | b"<=" | b">=" | b"<=>" | b"=~"
                | b"!~",
            ) => (COMPARISON, Yield::Flag),
            (Kind::Op, b"+") => (5, Yield::Join),
            (Kind::Op, b".") if self.is(&[Php]) => (5, Yield::Join),
            (Kind::Op, b"%") if self.is(&[Python, Ruby]) => (6, Yield::Fill),
            (Kind::Op, b"|") if self.is(&[Rust, Ruby]) && self.op(1) == b"|" => return None,
            (Kind::Op, b"|" | b"&" | b"^" | b"<<" | b".." | b"..." | b"..=" | b"..<") => {
                (4, Yield::Unknown)
            }
            (Kind::Op, b"-" | b"*" | b"/" | b"%" | b"**") => (6, Yield::Unknown),
            (Kind::Name, b"or") if self.is(&[Python, Ruby, Php]) => (1, Yield::Either),
            (Kind::Name, b"and") if self.is(&[Python, Ruby, Php]) => (2, Yield::Last),
            (Kind::Name, b"to") if self.is(&[Kotlin]) => (4, Yield::Pair),
            (Kind::Op, b"->") if self.is(&[Scala]) => (4, Yield::Pair),
            // `a getOrElse b`, `x match { … }`: a method between its operands.
            (Kind::Name, word) if self.is(&[Scala]) && !SCALA_WORDS.contains(&word) => {
                (4, Yield::Unknown)
            }
            (Kind::Name, b"as") => (7, Yield::First),
            (Kind::Name, b"not") if self.word(1) == b"in" => {
                return Some((2, COMPARISON, Yield::Flag));
            }
            (Kind::Name, b"is") if self.is(&[Python]) && self.word(1) == b"not" => {
                return Some((2, COMPARISON, Yield::Flag));
            }
            (Kind::Name, b"is" | b"instanceof") => (COMPARISON, Yield::Flag),
            (Kind::Name, b"in") if self.is(&[Python, Kotlin, JavaScript]) => {
                (COMPARISON, Yield::Flag)
            }
            _ => return None,
        };
        let words = yields == Yield::Last && self.is(&[Php, Go, Rust, Scala, Swift, Kotlin]);
        Some((1, binds, if words { Yield::Flag } else { yields }))
    }

    /// The type that a value is taken for.
    fn cast(&mut self) -> ExprId {
        if matches!(self.op(0), b"?" | b"!") {
            self.at += 1;
        }
        let outer = std::mem::replace(&mut self.header, true);
        let id = self.deeper(Self::operand);
        self.header = outer;
        id.unwrap_or_else(|| self.unknown())
    }

    pub(super) fn unary(&mut self) -> ExprId {
        let start = self.here();
        let (mut flag, mut number) = (false, false);
        loop {
            let op = self.op(0);
            let word = self.word(0);
            match op {
                b"!" | b"!!" => flag = true,
                b"-" | b"+" | b"~" | b"--" | b"++" => number = true,
                b"&" | b"*" | b"&&" | b"**" | b"..." | b"<-" | b"^" | b".." => {}
                b"@" if self.is(&[Php]) => {}
                // `info!(%name, token = ?token)`
                b"%" | b"?" if self.is(&[Rust]) => {}
                _ => match word {
                    b"not" if self.is(&[Python, Ruby]) => {
                        self.at += 1;
                        let _ = self.deeper(|walk| walk.binary(COMPARISON));
                        return self.add(self.since(start), Expr::Flag);
                    }
                    b"typeof" | b"sizeof" => flag = true,
                    b"range" if self.is(&[Go]) => {}
                    b"await" | b"try" | b"ref" | b"out" | b"mut" | b"move" | b"delete"
                    | b"void" | b"yield" | b"defer"
                        if self.kind(1) == Some(Kind::Name)
                            || !self.is(&[Python, Ruby])
                                && self.op(1).is_empty()
                                && !self.is_open(1, b'{') => {}
                    b"try" if matches!(self.op(1), b"!" | b"?") => self.at += 1,
                    _ => break,
                },
            }
            self.at += 1;
        }
        let id = self.operand();
        if flag {
            self.add(self.since(start), Expr::Flag)
        } else if number {
            let expr = match self.expr(id) {
                Expr::Number => Expr::Number,
                _ => Expr::Unknown,
            };
            self.add(self.since(start), expr)
        } else {
            id
        }
    }

    /// Expressions with commas between, to the end of what is read.
    pub(super) fn listed(&mut self) -> Vec<ExprId> {
        let mut items = Vec::new();
        while self.at < self.end {
            let before = self.at;
            items.push(self.expression());
            if matches!(self.op(0), b"=" | b":=") {
                self.assign_to(items[items.len() - 1]);
            }
            while self.at < self.end && self.op(0) != b"," {
                // `for x in xs` of a comprehension, types, what is not known.
                let here = self.at;
                if matches!(self.kind(0), Some(Kind::Op | Kind::Close(_)))
                    || self.kind(0) == Some(Kind::Name) && self.is_filler()
                {
                    self.at += 1;
                } else {
                    self.expression();
                }
                self.at += usize::from(self.at == here);
            }
            self.at += usize::from(self.at < self.end);
            debug_assert!(self.at > before || self.at >= self.end);
        }
        items
    }

    /// Words between expressions that are none.
    fn is_filler(&self) -> bool {
        matches!(
            self.word(0),
            b"for"
                | b"in"
                | b"if"
                | b"else"
                | b"async"
                | b"of"
                | b"do"
                | b"end"
                | b"then"
                | b"unless"
        )
    }

    /// `id = value` within an expression.
    fn assign_to(&mut self, id: ExprId) {
        self.at += 1;
        let value = self.expression();
        self.bind(id, value, false);
    }

    pub(super) fn at_span(&self, at: usize) -> Span {
        self.tokens.get(at).map_or(Span::new(0, 0), |t| t.span())
    }
}
