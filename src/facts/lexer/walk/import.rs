//! Imports.

use super::Walk;
use crate::facts::code::{Expr, Import};
use crate::facts::language::Language::{
    CSharp, Go, Java, JavaScript, Kotlin, Php, Python, Ruby, Rust, Scala, Swift,
};
use crate::facts::lexer::tokens::Kind;
use crate::model::Span;

impl Walk<'_> {
    /// Whether an import begins here, and reads it.
    pub(super) fn import(&mut self) -> bool {
        let name = self.kind(1) == Some(Kind::Name);
        match (self.grammar.language, self.word(0)) {
            (Python, b"import") if name => self.python_modules(),
            (Python, b"from") if name || matches!(self.op(1), b"." | b"..." | b"..") => {
                self.python_names()
            }
            (Go, b"import") => self.go_imports(),
            (Java | Kotlin | Scala | Swift, b"import") if name => self.dotted(1),
            (CSharp, b"using") if name && !self.is_declaration() => self.dotted(1),
            (Rust, b"use") if name || self.op(1) == b"::" => self.tree(),
            (Php, b"use") if name || self.op(1) == b"\\" => self.tree(),
            (JavaScript, b"import" | b"export") if self.names_module() => self.script_names(),
            (Ruby, b"require" | b"require_relative")
            | (Php, b"require" | b"require_once" | b"include" | b"include_once") => {
                self.required();
                return false;
            }
            _ => return false,
        }
        true
    }

    fn push_import(
        &mut self,
        module: Span,
        names: Vec<(Option<Span>, Span)>,
        type_only: bool,
        exported: bool,
    ) {
        self.program.imports.push(Import {
            module,
            names: names.into(),
            type_only,
            exported,
        });
    }

    /// Past a path with dots; all of it, and its last name.
    fn dots(&mut self) -> (Span, Option<Span>) {
        let start = self.here();
        let mut last = None;
        while self.at < self.end {
            let begun = self.here() != start;
            match (self.kind(0), self.op(0)) {
                (Some(Kind::Name), _)
                    if last.is_none()
                        || matches!(
                            self.text.get(self.here().wrapping_sub(1)),
                            Some(b'.' | b':' | b'\\')
                        ) =>
                {
                    if begun && self.broke() {
                        break;
                    }
                    last = Some(self.at_span(self.at));
                    self.at += 1;
                }
                (_, b"." | b"::" | b"\\" | b"..." | b"..") if !(begun && self.broke()) => {
                    self.at += 1
                }
                _ => break,
            }
            if self.word(0) == b"import" {
                break;
            }
        }
        (self.since(start), last)
    }

    fn python_modules(&mut self) {
        self.at += 1;
        loop {
            let first = self.at_span(self.at);
            let (module, _) = self.dots();
            let mut here = first;
            if self.eat_word(b"as") {
                here = self.at_span(self.at);
                self.at += 1;
            }
            self.push_import(module, vec![(None, here)], false, false);
            if self.broke() || !self.eat(b",") || self.kind(0) != Some(Kind::Name) {
                return;
            }
        }
    }

    fn python_names(&mut self) {
        self.at += 1;
        let (module, _) = self.dots();
        if !self.eat_word(b"import") {
            return;
        }
        let names = match self.is_open(0, b'(') {
            true => self.within(false, Self::aliased).unwrap_or_default(),
            false => self.aliased(),
        };
        self.push_import(module, names, false, false);
    }

    /// `a as b, c`.
    fn aliased(&mut self) -> Vec<(Option<Span>, Span)> {
        let mut names = Vec::new();
        while self.at < self.end && !self.broke() {
            match self.kind(0) {
                Some(Kind::Name) => {
                    let there = self.at_span(self.at);
                    self.at += 1;
                    let mut here = there;
                    if self.word(0) == b"as" && self.kind(1) == Some(Kind::Name) {
                        here = self.at_span(self.at + 1);
                        self.at += 2;
                    }
                    names.push((Some(there), here));
                }
                Some(Kind::Op) if self.op(0) == b"," => self.at += 1,
                _ => break,
            }
        }
        names
    }

    fn go_imports(&mut self) {
        self.at += 1;
        if self.is_open(0, b'(') {
            self.within(true, |walk| {
                while walk.at < walk.end {
                    walk.go_import();
                }
            });
        } else {
            self.go_import();
        }
    }

    fn go_import(&mut self) {
        let alias = (self.kind(0) == Some(Kind::Name)).then(|| self.at_span(self.at));
        self.at += usize::from(alias.is_some());
        if let Some(Kind::Text(_)) = self.kind(0) {
            let module = self.at_span(self.at);
            let path = self.slice(module);
            let slash = path.iter().rposition(|&b| b == b'/').map_or(0, |i| i + 1);
            let last = Span::new(module.start + slash, module.end);
            self.push_import(module, vec![(None, alias.unwrap_or(last))], false, false);
        }
        self.at += usize::from(self.at < self.end);
    }

    /// C#: `using var x = …`, `using T x = …`.
    fn is_declaration(&self) -> bool {
        let line = (2..16).find(|&i| matches!(self.op(i), b";" | b"=") || self.kind(i).is_none());
        let equals = line.is_some_and(|i| self.op(i) == b"=");
        self.word(1) == b"var" || equals && line != Some(2)
    }

    /// `import a.b.C`, `import a.b.C as D`, `import a.b.{C, D => E}`, `using D = a.b.C`.
    fn dotted(&mut self, words: usize) {
        self.at += words;
        let mut here = None;
        let is_kind = self.kind(1) == Some(Kind::Name)
            && matches!(
                self.word(0),
                b"static" | b"class" | b"struct" | b"func" | b"enum"
            );
        self.at += usize::from(is_kind);
        if self.op(1) == b"=" {
            here = Some(self.at_span(self.at));
            self.at += 2;
        }
        let (module, last) = self.dots();
        if self.eat(b"*") || last.is_some_and(|last| self.slice(last) == b"_") {
            return self.push_import(module, Vec::new(), false, false);
        }
        if self.is(&[Scala]) && self.is_open(0, b'{') {
            let names = self.within(false, Self::leaves).unwrap_or_default();
            return self.push_import(module, names, false, false);
        }
        if self.is(&[Kotlin]) && self.eat_word(b"as") {
            here = Some(self.at_span(self.at));
            self.at += 1;
        }
        let names = last.map(|last| match self.is(&[CSharp, Swift]) {
            true => (None, here.unwrap_or(last)),
            false => (Some(last), here.unwrap_or(last)),
        });
        self.push_import(module, names.into_iter().collect(), false, false);
    }

    /// `use a::b::{c, d as e};`, `use A\B as C;`.
    fn tree(&mut self) {
        self.at += 1;
        if self.is(&[Php]) && matches!(self.word(0), b"function" | b"const") {
            self.at += 1;
        }
        let (module, last) = self.dots();
        let names = if self.is_open(0, b'{') {
            self.within(false, Self::leaves).unwrap_or_default()
        } else if let Some(last) = last {
            let mut here = last;
            if self.eat_word(b"as") {
                here = self.at_span(self.at);
                self.at += 1;
            }
            vec![(Some(last), here)]
        } else {
            Vec::new()
        };
        self.push_import(module, names, false, false);
    }

    /// The names that the branches of a tree end with.
    fn leaves(&mut self) -> Vec<(Option<Span>, Span)> {
        let mut names = Vec::new();
        while self.at < self.end {
            if self.is_open(0, b'{') {
                names.extend(self.within(false, Self::leaves).unwrap_or_default());
                continue;
            }
            if self.kind(0) != Some(Kind::Name) || matches!(self.op(1), b"::" | b"\\") {
                self.at += 1;
                continue;
            }
            let there = self.at_span(self.at);
            self.at += 1;
            let mut here = there;
            let renamed = self.word(0) == b"as" || self.is(&[Scala]) && self.op(0) == b"=>";
            if renamed && self.kind(1) == Some(Kind::Name) {
                here = self.at_span(self.at + 1);
                self.at += 2;
            }
            names.push((Some(there), here));
        }
        names
    }

    /// JavaScript: whether a module's name follows.
    fn names_module(&self) -> bool {
        const FAR: usize = 4;
        if matches!(self.kind(1), Some(Kind::Text(_))) {
            return self.word(0) == b"import";
        }
        let mut ahead = 1;
        for _ in 0..FAR + 4 {
            match self.kind(ahead) {
                Some(Kind::Open(b'{')) => ahead = self.past(self.at + ahead) - self.at,
                Some(Kind::Name) if self.word(ahead) == b"from" => {
                    return matches!(self.kind(ahead + 1), Some(Kind::Text(_)));
                }
                Some(Kind::Name) => ahead += 1,
                Some(Kind::Op) if matches!(self.op(ahead), b"," | b"*") => ahead += 1,
                _ => return false,
            }
        }
        false
    }

    fn script_names(&mut self) {
        let exported = self.word(0) == b"export";
        self.at += 1;
        let type_only = self.word(0) == b"type" && self.op(1) != b",";
        self.at += usize::from(type_only);
        let mut names = Vec::new();
        loop {
            match self.kind(0) {
                Some(Kind::Text(_)) | None => break,
                Some(Kind::Open(_)) => {
                    names.extend(self.within(false, Self::leaves).unwrap_or_default())
                }
                Some(Kind::Name) if !matches!(self.word(0), b"from" | b"as") => {
                    names.push((None, self.at_span(self.at)));
                    self.at += 1;
                }
                _ => self.at += 1,
            }
        }
        if self.at < self.end {
            let module = self.at_span(self.at);
            self.at += 1;
            self.push_import(module, names, type_only, exported);
        }
    }

    /// `require "x"`: an import that is a call as well.
    fn required(&mut self) {
        let ahead = 1 + usize::from(self.is_open(1, b'('));
        if let Some(Kind::Text(_)) = self.kind(ahead) {
            let module = self.at_span(self.at + ahead);
            self.push_import(module, Vec::new(), false, false);
        }
    }

    /// JavaScript: `const x = require("m")`.
    pub(super) fn required_as(&mut self, target: &[Span], value: crate::facts::code::ExprId) {
        if !self.is(&[JavaScript]) {
            return;
        }
        let Expr::Call(index) = *self.expr(value) else {
            return;
        };
        let call = &self.program.calls[index];
        let ([callee], [module], [name]) = (&call.callee[..], &call.args[..], target) else {
            return;
        };
        if self.slice(*callee) == b"require" && matches!(self.expr(*module), Expr::Text(_)) {
            let module = self.span(*module);
            self.push_import(module, vec![(None, *name)], false, false);
        }
    }
}
