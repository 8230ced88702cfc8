//! Reads of the environment: which paths they are, what is taken where the variable is missing, whether the program looks.

use super::reader::Reader;
use crate::facts::code::{EnvRead, Expr, ExprId, FunctionId};
use crate::model::Span;
use foldhash::{HashMap, HashSet};

/// Functions that fail where what they are given is missing, by the last part of their path: `assert.ok`, `z.object(…).parse`,
/// `createEnv` of t3-env, `cleanEnv` of envalid.
const DEMANDING: &[&[u8]] = &[
    b"assert",
    b"cleanEnv",
    b"createEnv",
    b"invariant",
    b"ok",
    b"parse",
    b"parseAsync",
    b"safeParse",
];

/// What is known of the environment in one text.
#[derive(Default)]
pub(super) struct Environment<'t> {
    /// The read that an expression is.
    read: HashMap<ExprId, usize>,
    /// Names that stand for the environment itself: `const env = process.env`.
    names: HashSet<&'t [u8]>,
    /// Reads that a name was given.
    given: Vec<(Span, FunctionId, usize)>,
    /// Names that stand in conditions, with the last place.
    tested: HashMap<(&'t [u8], FunctionId), usize>,
}

impl Reader<'_> {
    /// Of a path the index of the part that names a variable: in `process.env.X.length` it is 2.
    pub(super) fn variable(&self, parts: &[Span]) -> Option<usize> {
        let root = self.environment_root(parts)?;
        (root < parts.len()).then_some(root)
    }

    /// How many parts of a path are the environment itself.
    fn environment_root(&self, parts: &[Span]) -> Option<usize> {
        let word = |i: usize| parts.get(i).map_or(&b""[..], |&part| self.word(part));
        let global = matches!(word(0), b"globalThis" | b"global" | b"window" | b"self");
        let first = usize::from(global);
        match (word(first), word(first + 1)) {
            (b"process" | b"Bun", b"env") => Some(first + 2),
            (b"import", b"meta") if word(2) == b"env" => Some(3),
            (name, _) if self.environment.names.contains(name) => Some(first + 1),
            _ => None,
        }
    }

    /// The expression at `id` reads the variable called `name`.
    pub(super) fn note_read(&mut self, id: ExprId, name: Span, span: Span) {
        if name.is_empty() {
            return;
        }
        self.environment.read.insert(id, self.program.reads.len());
        if self.deciding > 0 {
            self.program.set_deciding(span.start);
        }
        self.program.reads.push(EnvRead {
            name,
            span,
            fallback: None,
            guarded: self.testing > 0,
            function: self.function,
        });
    }

    /// `Deno.env.get("X")`: the call at `id`, if it is that.
    pub(super) fn note_call(&mut self, id: ExprId, span: Span, callee: &[Span], args: &[ExprId]) {
        if let ([root, env, get], [first, ..]) = (callee, args)
            && (self.word(*root), self.word(*env), self.word(*get)) == (b"Deno", b"env", b"get")
            && let first = self.program.node(*first)
            && matches!(first.expr, Expr::Text(_))
        {
            self.note_read(id, first.span, span);
        }
    }

    /// `import { X } from "$env/static/private"` of SvelteKit is a read; `env` of its dynamic modules, of Node's `process` and of
    /// Cloudflare's workers is the environment.
    pub(super) fn note_import(&mut self, module: Span, there: Span, here: Span, span: Span) {
        match self.word(module) {
            b"$env/static/private" | b"$env/static/public" => {
                let path = Expr::Path {
                    parts: [here].into(),
                    on: None,
                };
                let id = self.add(here, path);
                self.note_read(id, there, span);
                let read = self.program.reads.len() - 1;
                self.environment.given.push((here, self.function, read));
            }
            b"$env/dynamic/private"
            | b"$env/dynamic/public"
            | b"process"
            | b"node:process"
            | b"cloudflare:workers"
                if self.word(there) == b"env" =>
            {
                self.environment.names.insert(self.word(here));
            }
            _ => {}
        }
    }

    /// `fallback` is taken where the read at `id` finds nothing.
    pub(super) fn note_fallback(&mut self, id: ExprId, fallback: ExprId) {
        if let Some(&read) = self.environment.read.get(&id)
            && self.program.node(fallback).expr != Expr::Null
        {
            self.program.reads[read].fallback = Some(fallback);
        }
    }

    /// `name` is given what is at `value`.
    pub(super) fn note_given(&mut self, name: Span, value: ExprId) {
        let word = self.word(name);
        let reads = |id: &ExprId| self.environment.read.get(id).copied();
        let given: Vec<usize> = match &self.program.node(value).expr {
            Expr::Either(several) => several.iter().filter_map(reads).collect(),
            _ => reads(&value).into_iter().collect(),
        };
        let whole = match &self.program.node(value).expr {
            Expr::Path { parts, on: None } => self.environment_root(parts) == Some(parts.len()),
            _ => false,
        };
        if whole {
            self.environment.names.insert(word);
        }
        let function = self.function;
        self.environment
            .given
            .extend(given.into_iter().map(|read| (name, function, read)));
    }

    /// A plain name that stands in a condition.
    pub(super) fn note_tested(&mut self, name: Span) {
        let key = (self.word(name), self.function);
        self.environment.tested.insert(key, name.start);
    }

    pub(super) fn demands(&self, callee: &[Span]) -> bool {
        let last = callee.last().map(|&part| self.word(part));
        last.is_some_and(|last| DEMANDING.contains(&last))
    }

    /// Marks reads whose names are looked at further down in the same function.
    pub(super) fn mark_guarded(&mut self) {
        for &(name, function, read) in &self.environment.given {
            let tested = self.environment.tested.get(&(self.word(name), function));
            self.program.reads[read].guarded |= tested.is_some_and(|&at| at > name.start);
        }
    }
}
