//! What each language states, in one notation: calls, bindings, reads, imports, functions.

mod compiled;
mod scripts;
mod sound;
mod values;

use crate::facts::code::{Expr, ExprId, Program};
use crate::facts::language::Language;
use crate::model::Span;

/// A program as lines: outermost calls, bindings, reads of the environment, imports, functions.
struct Told<'a> {
    program: &'a Program,
    text: &'a [u8],
}

impl Told<'_> {
    fn slice(&self, span: Span) -> String {
        String::from_utf8_lossy(&self.text[span.range()]).into_owned()
    }

    fn path(&self, on: Option<ExprId>, parts: &[Span]) -> String {
        let on = on.map(|id| self.expr(id));
        let parts = parts.iter().map(|part| self.slice(*part));
        on.into_iter().chain(parts).collect::<Vec<_>>().join(".")
    }

    fn all(&self, ids: &[ExprId], between: &str) -> String {
        let all: Vec<_> = ids.iter().map(|id| self.expr(*id)).collect();
        all.join(between)
    }

    fn named(&self, members: &[(Span, ExprId)]) -> impl Iterator<Item = String> {
        members
            .iter()
            .map(|(name, value)| format!("{}: {}", self.slice(*name), self.expr(*value)))
    }

    fn expr(&self, id: ExprId) -> String {
        let node = self.program.node(id);
        match &node.expr {
            Expr::Text(None) => format!("\"{}\"", self.slice(node.span)),
            Expr::Text(Some(said)) => format!("\"{}\"", String::from_utf8_lossy(said)),
            Expr::Number => self.slice(node.span),
            Expr::Bool(value) => value.to_string(),
            Expr::Null => "null".into(),
            Expr::Path { parts, on } => self.path(*on, parts),
            Expr::Call(index) => self.call(*index),
            Expr::Join(parts) => format!("({})", self.all(parts, " + ")),
            Expr::Either(parts) => format!("({})", self.all(parts, " | ")),
            Expr::Object { members, spread } => {
                let spread = spread.iter().map(|id| format!("...{}", self.expr(*id)));
                let all: Vec<_> = self.named(members).chain(spread).collect();
                format!("{{{}}}", all.join(", "))
            }
            Expr::List(items) => format!("[{}]", self.all(items, ", ")),
            Expr::Function(_) => "fn".into(),
            Expr::Flag => "?".into(),
            Expr::Unknown => "_".into(),
        }
    }

    fn call(&self, index: usize) -> String {
        let call = &self.program.calls[index];
        let new = if call.is_new { "new " } else { "" };
        let args = call.args.iter().map(|id| self.expr(*id));
        let args: Vec<_> = args.chain(self.named(&call.named)).collect();
        format!(
            "{new}{}({})",
            self.path(call.on, &call.callee),
            args.join(", ")
        )
    }

    fn lines(&self) -> Vec<String> {
        let program = self.program;
        let values = program
            .bindings
            .iter()
            .map(|b| (program.node(b.value).span, b.function));
        let around: Vec<_> = values
            .chain(program.calls.iter().map(|c| (c.span, c.function)))
            .collect();
        let within = |span: Span, function| {
            let holds = |outer: Span| outer.start <= span.start && span.end <= outer.end;
            around
                .iter()
                .any(|(outer, f)| *f == function && holds(*outer) && *outer != span)
                || program
                    .bindings
                    .iter()
                    .any(|b| program.node(b.value).span == span)
        };
        let mut lines = Vec::new();
        for (i, call) in program.calls.iter().enumerate() {
            if !within(call.span, call.function) {
                lines.push(self.call(i));
            }
        }
        for binding in &program.bindings {
            let constant = if binding.constant { "const " } else { "" };
            lines.push(format!(
                "{constant}{} = {}",
                self.path(None, &binding.target),
                self.expr(binding.value)
            ));
        }
        for read in &program.reads {
            let fallback = read.fallback.map(|id| format!(" or {}", self.expr(id)));
            let guarded = if read.guarded { " guarded" } else { "" };
            lines.push(format!(
                "env {}{}{guarded}",
                self.slice(read.name),
                fallback.unwrap_or_default()
            ));
        }
        for import in &program.imports {
            let name = |(there, here): &(Option<Span>, Span)| match there {
                Some(there) if there != here => {
                    format!("{} as {}", self.slice(*there), self.slice(*here))
                }
                Some(there) => self.slice(*there),
                None => format!("* as {}", self.slice(*here)),
            };
            let names: Vec<_> = import.names.iter().map(name).collect();
            lines.push(format!(
                "import {} ({})",
                self.slice(import.module),
                names.join(", ")
            ));
        }
        for function in &program.functions[1..] {
            let name = function.name.map_or("_".into(), |name| self.slice(name));
            let params: Vec<_> = function.params.iter().map(|p| self.slice(*p)).collect();
            let outer = self.program.function(function.outer).name;
            let outer = outer.map_or(String::new(), |name| format!("{}/", self.slice(name)));
            lines.push(format!("fn {outer}{name}({})", params.join(", ")));
        }
        lines
    }
}

fn told(language: Language, text: &str) -> Vec<String> {
    let text = text.as_bytes();
    let program = super::read(text, language);
    Told {
        program: &program,
        text,
    }
    .lines()
}

/// Asserts that each source states its facts and no others; tells all that do not.
fn state(language: Language, table: &[(&str, &[&str])]) {
    let mut wrong = Vec::new();
    for (text, facts) in table {
        let told = told(language, text);
        if told != *facts {
            wrong.push(format!(
                "{text}\n  told     {told:#?}\n  expected {facts:#?}"
            ));
        }
    }
    assert!(wrong.is_empty(), "{language:?}\n{}", wrong.join("\n\n"));
}
