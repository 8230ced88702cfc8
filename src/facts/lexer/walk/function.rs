//! Functions: their names, parameters and bodies.

use super::Walk;
use crate::facts::code::{Binding, Expr, ExprId, Function, FunctionId};
use crate::facts::language::Language::{
    CSharp, Go, Java, JavaScript, Kotlin, Php, Python, Ruby, Scala, Swift,
};
use crate::facts::lexer::tokens::Kind;
use crate::model::Span;

/// Tokens before the arrow of a function literal in braces.
const HEAD: usize = 24;

impl Walk<'_> {
    /// Goes on in a new function; gives the one around it.
    fn enter(
        &mut self,
        name: Option<Span>,
        params: Vec<Span>,
        start: usize,
        exported: bool,
    ) -> FunctionId {
        let outer = self.function;
        self.function = self.program.enter(Function {
            span: Span::new(start, start),
            name,
            params: params.into(),
            outer,
            exported,
        });
        outer
    }

    /// Goes on in `outer`.
    fn leave(&mut self, outer: FunctionId) -> FunctionId {
        let inner = std::mem::replace(&mut self.function, outer);
        let behind = self.behind();
        let function = &mut self.program.functions[inner.0 as usize];
        if inner != outer {
            function.span.end = behind.max(function.span.start);
        }
        inner
    }

    /// Leaves the functions that end before a line at `column`.
    pub(super) fn dedent(&mut self, column: u16) {
        while let Some(&(indent, outer)) = self.indents.last()
            && indent >= column
        {
            self.indents.pop();
            self.leave(outer);
        }
    }

    /// A function with a name, whose keyword was `words` tokens long and began at `start`.
    pub(super) fn definition(&mut self, start: usize, exported: bool) {
        let column = self.line_column(start);
        if self.is(&[Ruby]) {
            self.dedent(column);
        }
        if self.is(&[Go]) && self.is_open(0, b'(') {
            self.step();
        }
        self.generics();
        let mut name = None;
        loop {
            match self.kind(0) {
                Some(Kind::Name | Kind::Text(_)) => {
                    name = Some(self.at_span(self.at));
                    self.at += 1;
                    self.generics();
                }
                Some(Kind::Op)
                    if matches!(self.op(0), b"." | b"&" | b"?." | b"?") && !self.broke() =>
                {
                    self.at += 1
                }
                Some(Kind::Op) if name.is_none() && !self.broke() => self.at += 1,
                _ => break,
            }
            if self.broke() || self.is(&[Ruby]) && self.op(0) != b"." {
                break;
            }
        }
        if self.is(&[Go, Scala]) && self.is_open(0, b'[') {
            self.step();
        }
        let exported = exported
            || self.is(&[Go])
                && name.is_some_and(|n| self.slice(n).first().is_some_and(u8::is_ascii_uppercase));
        let outer = self.enter(name, Vec::new(), start, exported);
        let params = if self.is_open(0, b'(') && !self.broke() {
            self.params()
        } else if self.is(&[Ruby]) && !self.broke() && self.op(0) != b"=" && self.op(0) != b";" {
            self.params_of_line()
        } else {
            Vec::new()
        };
        self.program.functions[self.function.0 as usize].params = params.into();
        match self.grammar.language {
            Python => {
                while self.at < self.end && self.op(0) != b":" && !self.broke() {
                    self.step();
                }
                self.eat(b":");
                self.indents.push((column, outer));
            }
            Ruby if self.op(0) == b"=" && !self.broke() => {
                self.at += 1;
                self.expression();
                self.leave(outer);
            }
            Ruby => self.indents.push((column, outer)),
            _ => {
                self.body();
                self.leave(outer);
            }
        }
    }

    /// The column at which the line begins that `start` lies on.
    fn line_column(&self, start: usize) -> u16 {
        const LONGEST: usize = 512;
        let from = start.saturating_sub(LONGEST);
        let line = memchr::memrchr(b'\n', &self.text[from..start]).map_or(from, |i| from + i + 1);
        let blanks = self.text[line..]
            .iter()
            .take(LONGEST)
            .take_while(|b| b" \t".contains(b))
            .count();
        u16::try_from(blanks).unwrap_or(u16::MAX)
    }

    /// What stands behind the parameters: types, conditions, then a body in braces or an expression.
    fn body(&mut self) {
        while self.at < self.end {
            match self.kind(0) {
                Some(Kind::Open(b'{')) => {
                    self.block();
                    return;
                }
                Some(Kind::Op) if matches!(self.op(0), b"=" | b"=>") => {
                    self.at += 1;
                    self.expression();
                    return;
                }
                Some(Kind::Op) if self.op(0) == b";" => return,
                Some(Kind::Name) if self.broke() && self.word(0) != b"where" => return,
                Some(Kind::Op) if self.broke() => return,
                Some(Kind::Close(_)) => return,
                // `interface{}` as a type of Go.
                Some(Kind::Name)
                    if self.is(&[Go]) && matches!(self.word(0), b"interface" | b"struct") =>
                {
                    self.at += 1;
                    if self.is_open(0, b'{') {
                        self.step();
                    }
                }
                _ => self.step(),
            }
        }
    }

    /// The names in the brackets that come next; defaults are bound.
    pub(super) fn params(&mut self) -> Vec<Span> {
        self.within(false, |walk| {
            let mut names = Vec::new();
            while walk.at < walk.end {
                let before = walk.at;
                walk.param(&mut names);
                walk.at += usize::from(walk.op(0) == b"," || walk.at == before);
            }
            names
        })
        .unwrap_or_default()
    }

    /// Ruby: parameters without brackets.
    fn params_of_line(&mut self) -> Vec<Span> {
        let mut names = Vec::new();
        while self.at < self.end && !self.broke() && self.op(0) != b";" {
            let before = self.at;
            self.param(&mut names);
            self.at += usize::from(self.op(0) == b"," || self.at == before);
        }
        names
    }

    /// One parameter: its name is the last word, or the one before its type.
    fn param(&mut self, names: &mut Vec<Span>) {
        let mut name = None;
        let mut typed = false;
        while self.at < self.end && self.op(0) != b"," {
            match self.kind(0) {
                Some(Kind::Name) if !typed => {
                    name = Some(self.at_span(self.at));
                    self.at += 1;
                    if self.is(&[Java, CSharp]) {
                        self.generics();
                    }
                    // Go: the name comes first.
                    typed = self.is(&[Go]);
                }
                Some(Kind::Op) if self.op(0) == b":" => {
                    typed = !self.is(&[Ruby]);
                    self.at += 1;
                    if self.is(&[Ruby])
                        && !matches!(self.op(0), b",")
                        && self.at < self.end
                        && !self.broke()
                    {
                        self.default(name);
                    }
                    if self.grammar.angles && self.kind(0) == Some(Kind::Name) {
                        self.at += 1;
                        self.generics();
                    }
                }
                Some(Kind::Op) if self.op(0) == b"=" => {
                    self.at += 1;
                    self.default(name);
                }
                Some(Kind::Op) if self.op(0) == b"@" || self.op(0) == b"#" => {
                    if self.op(0) == b"#" {
                        self.at += 1;
                        if self.is_open(0, b'[') {
                            self.attributes();
                        }
                    } else {
                        self.annotation();
                    }
                }
                Some(Kind::Open(b'[')) if self.is(&[CSharp]) && name.is_none() => self.attributes(),
                Some(Kind::Open(b'{' | b'[')) if self.is(&[JavaScript]) && !typed => {
                    names.extend(self.params());
                }
                _ => self.step(),
            }
            if self.broke() {
                break;
            }
        }
        names.extend(name);
    }

    fn default(&mut self, name: Option<Span>) {
        let value = self.expression();
        if let Some(name) = name {
            self.push_binding([name].into(), value, false);
        }
    }

    /// A function literal whose parameters are read: its body comes next.
    pub(super) fn closure(&mut self, params: Vec<Span>) -> ExprId {
        let start = params
            .first()
            .map_or(self.here(), |p| p.start)
            .min(self.here());
        let outer = self.enter(None, params, start, false);
        let value = match self.kind(0) {
            Some(Kind::Open(b'{')) => self.block(),
            _ if self.word(0) == b"do" => None,
            _ => Some(self.expression()),
        };
        self.function_value(outer, value, start)
    }

    fn function_value(&mut self, outer: FunctionId, value: Option<ExprId>, start: usize) -> ExprId {
        let inner = self.leave(outer);
        self.yielded = value;
        self.add(self.since(start), Expr::Function(inner))
    }

    /// `{ a, b -> … }`, `{ (a) in … }`, `{ |a| … }`.
    pub(super) fn closure_in_braces(&mut self) -> ExprId {
        let start = self.here();
        let outer = self.enter(None, Vec::new(), start, false);
        let value = self.within(true, |walk| {
            let names = walk.head_of_closure();
            walk.program.functions[walk.function.0 as usize].params = names.into();
            walk.statements()
        });
        self.function_value(outer, value.flatten(), start)
    }

    /// The parameters at the head of a function literal in braces; nothing is read where there are none.
    fn head_of_closure(&mut self) -> Vec<Span> {
        let mut names = Vec::new();
        // Of Scala the arrow is read where it stands, as in brackets.
        if self.is(&[Scala]) {
            return names;
        }
        if self.is(&[Ruby]) {
            self.block_params();
            return names;
        }
        let ends = |walk: &Self, i: usize| match walk.is(&[Kotlin]) {
            true => walk.op(i) == b"->",
            false => walk.word(i) == b"in",
        };
        let simple = |walk: &Self, i: usize| {
            matches!(
                walk.kind(i),
                Some(Kind::Name | Kind::Open(b'(' | b'[') | Kind::Close(_))
            ) || matches!(
                walk.op(i),
                b"," | b":" | b"." | b"?" | b"<" | b">" | b"->" | b"@"
            )
        };
        let mut length = 0;
        while length < HEAD && simple(self, length) && !ends(self, length) {
            length += 1;
        }
        if !ends(self, length) {
            return names;
        }
        let mut typed = false;
        for ahead in 0..length {
            match (self.kind(ahead), self.op(ahead)) {
                (Some(Kind::Name), _) if !typed => names.push(self.at_span(self.at + ahead)),
                (_, b":" | b"->") => typed = true,
                (_, b",") => typed = false,
                _ => {}
            }
        }
        self.at += length + 1;
        names
    }

    /// Past `|a, b|` of Ruby.
    pub(super) fn block_params(&mut self) {
        if self.op(0) == b"||" {
            self.at += 1;
        } else if self.op(0) == b"|" {
            self.bars();
        }
    }

    /// The names in `|a, b|`.
    pub(super) fn bars(&mut self) -> Vec<Span> {
        let mut names = Vec::new();
        if self.eat(b"||") {
            return names;
        }
        self.at += 1;
        let mut typed = false;
        while self.at < self.end && !self.eat(b"|") {
            match self.op(0) {
                b":" => typed = true,
                b"," => typed = false,
                _ if !typed && self.kind(0) == Some(Kind::Name) && self.word(0) != b"mut" => {
                    names.push(self.at_span(self.at));
                }
                _ => {}
            }
            self.step();
        }
        names
    }

    /// Python's `lambda x: x`.
    pub(super) fn lambda(&mut self) -> ExprId {
        self.at += 1;
        let mut names = Vec::new();
        while self.at < self.end && self.op(0) != b":" {
            if self.kind(0) == Some(Kind::Name) {
                names.push(self.at_span(self.at));
            }
            self.step();
        }
        self.eat(b":");
        self.closure(names)
    }

    /// `function (a) { … }`, whose words are `words` tokens.
    pub(super) fn function_literal(&mut self, words: usize) -> ExprId {
        let start = self.here();
        self.at += words;
        let mut name = None;
        while self.at < self.end && !self.is_open(0, b'(') && !self.is_open(0, b'{') {
            if self.kind(0) == Some(Kind::Name) {
                name = Some(self.at_span(self.at));
            }
            self.at += 1;
        }
        let outer = self.enter(name, Vec::new(), start, false);
        if self.is_open(0, b'(') {
            let params = self.params();
            self.program.functions[self.function.0 as usize].params = params.into();
        }
        if self.is(&[Php]) && self.word(0) == b"use" {
            self.at += 1;
        }
        self.body();
        self.function_value(outer, None, start)
    }

    /// Java, C#, JavaScript: whether the name that comes next is that of a method and its body follows.
    pub(super) fn is_method(&self) -> bool {
        if !self.is(&[CSharp, Java, JavaScript])
            || self.kind(0) != Some(Kind::Name)
            || !self.is_open(1, b'(')
        {
            return false;
        }
        let ahead = self.past(self.at + 1) - self.at;
        match self.kind(ahead) {
            Some(Kind::Open(b'{')) => true,
            Some(Kind::Name) => matches!(self.word(ahead), b"throws" | b"where"),
            Some(Kind::Op) => self.op(ahead) == b"=>" && self.is(&[CSharp]),
            _ => false,
        }
    }

    /// Whether the word names nothing but what a language begins a function with.
    pub(super) fn begins_function(&self) -> bool {
        let names = matches!(self.kind(1), Some(Kind::Name | Kind::Text(_)));
        match (self.grammar.language, self.word(0)) {
            (Scala, b"def") => names || self.kind(1) == Some(Kind::Op),
            (Python | Ruby, b"def") => names || self.kind(1).is_some(),
            (Go, b"func") if self.is_open(1, b'(') => {
                let ahead = self.past(self.at + 1) - self.at;
                self.kind(ahead) == Some(Kind::Name) && self.is_open(ahead + 1, b'(')
            }
            (Go, b"func") => names,
            (Swift, b"func") | (Kotlin, b"fun") => {
                names || self.op(1) == b"<" || self.kind(1) == Some(Kind::Op)
            }
            (crate::facts::language::Language::Rust, b"fn") => names,
            (Php | JavaScript, b"function") => names || matches!(self.op(1), b"&" | b"*"),
            _ => false,
        }
    }
}

impl Walk<'_> {
    pub(super) fn push_binding(&mut self, target: Box<[Span]>, value: ExprId, constant: bool) {
        if target.is_empty() || self.program.bindings.len() >= crate::facts::code::Program::MOST {
            return;
        }
        self.program.bindings.push(Binding {
            target,
            value,
            constant,
            function: self.function,
        });
    }
}
