//! What is read from the environment, and what a program does where it is missing.

use super::Walk;
use crate::facts::code::{Call, EnvRead, Expr, ExprId};
use crate::facts::language::Language::{
    Go, Java, JavaScript, Kotlin, Php, Python, Ruby, Rust, Scala, Swift,
};
use crate::facts::lexer::grammar::Escapes;
use crate::model::Span;
use foldhash::HashMap;

impl Walk<'_> {
    /// The variable that a path reads: `os.environ["X"]`; whether the read fails where it is missing.
    pub(super) fn variable(&self, parts: &[Span], on: Option<ExprId>) -> Option<(Span, bool)> {
        let (name, before) = parts.split_last()?;
        if matches!(self.op(0), b"=" | b"||=" | b"??=") && !self.broke() {
            return None;
        }
        let text = |i: usize| before.get(i).map_or(&b""[..], |part| self.slice(*part));
        let quoted = name.start > 0 && b"\"'".contains(&self.text[name.start - 1]);
        let last = before.last().map_or(&b""[..], |part| self.slice(*part));
        let (reads, guarded) = match self.grammar.language {
            Python => (quoted && last == b"environ", true),
            Ruby => (quoted && before.len() == 1 && last == b"ENV", false),
            Php => (
                quoted && before.len() == 1 && matches!(last, b"_ENV" | b"_SERVER"),
                false,
            ),
            Swift => (quoted && last == b"environment", false),
            JavaScript => {
                let process = before.len() == 2 && text(0) == b"process" && text(1) == b"env";
                let meta = before.len() == 3 && text(1) == b"meta" && text(2) == b"env";
                (process || meta, false)
            }
            Java | Kotlin => {
                // System.getenv()["X"]
                let call = on.and_then(|on| match self.expr(on) {
                    Expr::Call(index) => self.program.calls[*index].callee.last(),
                    _ => None,
                });
                let getenv = call.is_some_and(|name| self.slice(*name) == b"getenv");
                (quoted && before.is_empty() && getenv, false)
            }
            _ => (false, false),
        };
        reads.then_some((*name, guarded))
    }

    /// Notes that `id` yields the variable `name`.
    pub(super) fn reads_env(
        &mut self,
        id: ExprId,
        name: Span,
        fallback: Option<ExprId>,
        guarded: bool,
    ) {
        self.reads.insert(id, self.program.reads.len());
        self.program.reads.push(EnvRead {
            name,
            span: self.span(id),
            fallback,
            guarded: guarded || self.condition,
            function: self.function,
        });
    }

    /// Notes that `id` yields what `from` does, should that be read from the environment.
    pub(super) fn same_read(&mut self, from: ExprId, id: ExprId) {
        if let Some(&read) = self.reads.get(&from) {
            self.reads.insert(id, read);
        }
    }

    /// Notes that `second` is taken where what `first` reads is missing.
    pub(super) fn falls_back(&mut self, first: ExprId, second: ExprId) {
        if let Some(&read) = self.reads.get(&first) {
            self.program.reads[read].fallback.get_or_insert(second);
        }
    }

    /// Notes that the program looks at what `id` reads, or fails.
    pub(super) fn guarded(&mut self, id: ExprId) {
        if let Some(&read) = self.reads.get(&id) {
            self.program.reads[read].guarded = true;
        }
    }

    /// What the call at `id` says of the environment: it reads from it, or handles what was read.
    pub(super) fn asked(&mut self, id: ExprId, call: &Call) {
        let Some(last) = call.callee.last() else {
            return;
        };
        let last = self.slice(*last);
        let before = call.callee.len().checked_sub(2).map(|i| call.callee[i]);
        let before = before.map_or(&b""[..], |part| self.slice(part));
        let alone = call.callee.len() == 1 && call.on.is_none();
        let fallback = call
            .named
            .iter()
            .find(|(name, _)| self.slice(*name) == b"default");
        let fallback = call
            .args
            .get(1)
            .copied()
            .or(fallback.map(|(_, value)| *value));
        // Fails where the variable is missing and nothing is to be taken.
        let (reads, fails) = match (last, self.grammar.language) {
            (b"getenv" | b"Getenv" | b"GetEnvironmentVariable", _) => (true, false),
            (b"LookupEnv", Go) => (true, true),
            (b"get", Python) => (before == b"environ", false),
            (b"fetch", Ruby) => (before == b"ENV", true),
            (b"var" | b"var_os", Rust) => (before == b"env", false),
            (b"env", Rust) => (self.text.get(call.callee[0].end) == Some(&b'!'), true),
            (b"env", Php) => (alone, false),
            (b"env" | b"config", Python) => (alone, true),
            (b"str", Python) => (before == b"env", true),
            // `sys.env("X")`, `sys.env.getOrElse("X", "d")`, `Properties.envOrElse("X", "d")`
            (b"env", Scala) => (before == b"sys", true),
            (b"get" | b"getOrElse", Scala) => (before == b"env", false),
            (b"envOrElse" | b"envOrNone" | b"envOrSome", Scala) => (true, false),
            (b"get", Swift) => (before == b"Environment", false),
            (b"get", JavaScript) => (before == b"env", false),
            _ => (false, false),
        };
        let name = call.args.first().filter(|_| reads);
        if let Some(name) = name.filter(|name| matches!(self.expr(**name), Expr::Text(_))) {
            self.reads_env(id, self.span(*name), fallback, fails && fallback.is_none());
            return;
        }
        self.handles(id, call, last);
    }

    /// `.unwrap_or("d")`, `.expect("…")`, `requireNonNull(…)`, `Optional.ofNullable(…)` of what was read.
    fn handles(&mut self, id: ExprId, call: &Call, name: &[u8]) {
        let Some(read) = call.on.or_else(|| call.args.first().copied()) else {
            return;
        };
        if !self.reads.contains_key(&read) {
            return;
        }
        match name {
            b"unwrap" | b"expect" | b"orElseThrow" | b"requireNonNull" | b"requireNotNull"
            | b"checkNotNull" | b"context" => {
                self.guarded(read);
            }
            b"unwrap_or" | b"orElse" | b"getOrElse" | b"ifBlank" | b"ifEmpty" | b"getOrDefault" => {
                if let Some(&value) = call.args.first() {
                    self.falls_back(read, value);
                }
            }
            b"unwrap_or_else" | b"orElseGet" => {
                if let Some(value) = self.yielded {
                    self.falls_back(read, value);
                }
            }
            b"ofNullable" | b"presence" | b"ok" | b"as_deref" | b"trim" | b"strip" | b"map" => {}
            _ => return,
        }
        self.same_read(read, id);
    }

    /// Spring's `@Value("${name:fallback}")`.
    pub(super) fn injected(&mut self, id: ExprId) {
        let Expr::Call(index) = *self.expr(id) else {
            return;
        };
        let call = &self.program.calls[index];
        let value = call
            .callee
            .last()
            .is_some_and(|name| self.slice(*name) == b"Value");
        let Some(text) = call.args.first().filter(|_| value) else {
            return;
        };
        let span = self.span(*text);
        let raw = self.slice(span);
        // Kotlin writes `\${`.
        let sign = usize::from(raw.starts_with(b"\\"));
        let Some(inner) = raw[sign..]
            .strip_prefix(b"${")
            .and_then(|r| r.strip_suffix(b"}"))
        else {
            return;
        };
        let start = span.start + sign + 2;
        let end = start + inner.len();
        let colon = memchr::memchr(b':', inner).map(|i| start + i);
        let fallback = colon.map(|colon| self.text_node(Span::new(colon + 1, end), Escapes::None));
        self.reads_env(id, Span::new(start, colon.unwrap_or(end)), fallback, false);
    }

    /// Marks what is read into a name that a condition looks at.
    pub(super) fn guard(&mut self) {
        for binding in &self.program.bindings {
            let read = self.reads.get(&binding.value);
            let name = binding.target.last().map(|name| &self.text[name.range()]);
            if let (Some(&read), Some(name)) = (read, name)
                && self.looked.contains(name)
            {
                self.program.reads[read].guarded = true;
            }
        }
        self.filled_in();
    }

    /// `a := os.Getenv("A"); if a == "" { a = "d" }`: what stands in is given to the same name, which a condition looks at.
    fn filled_in(&mut self) {
        let mut read_into = HashMap::default();
        for binding in &self.program.bindings {
            let path: Vec<&[u8]> = binding.target.iter().map(|p| self.slice(*p)).collect();
            let looked = path.last().is_some_and(|name| self.looked.contains(name));
            if let Some(&read) = self.reads.get(&binding.value).filter(|_| looked) {
                read_into.insert(path, (read, binding.function));
            } else if let Some((read, function)) = read_into.remove(&path)
                && function == binding.function
                && matches!(self.expr(binding.value), Expr::Text(_))
            {
                self.program.reads[read]
                    .fallback
                    .get_or_insert(binding.value);
            }
        }
    }
}
