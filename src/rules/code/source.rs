//! One program as conditions see it: its text, what its names stand for, how what is called is called.

use std::cell::{Cell, OnceCell};

use crate::facts::code::{Binding, Call, EnvRead, Expr, ExprId, FunctionId, Given, Node, Program};
use crate::facts::{Route, routes};
use crate::model::{RelPath, Span};
use foldhash::HashMap;

/// What one document may cost: a look at an expression is one step, to follow a name more. Real files stay below 100,000.
const STEPS: usize = 4_000_000;
/// Bindings, calls or routes that are passed in the time of one step.
const BINDINGS: usize = 16;
/// Calls of a chain that take part in the path of the last.
const CHAIN: usize = 12;

/// What a rule is held against.
#[derive(Clone, Copy)]
pub(super) enum Thing<'p> {
    Call(&'p Call),
    Binding(&'p Binding),
    Read(&'p EnvRead),
}

impl Thing<'_> {
    /// The function it stands in.
    pub(super) fn function(self) -> FunctionId {
        match self {
            Self::Call(call) => call.function,
            Self::Binding(binding) => binding.function,
            Self::Read(read) => read.function,
        }
    }
}

/// A module, and the name in it if it is not all of it.
type Module<'p> = (&'p [u8], Option<&'p [u8]>);

/// A program with its text.
pub(super) struct Source<'p> {
    pub text: &'p [u8],
    pub program: &'p Program,
    /// Where the names of this file are from that are imported.
    modules: HashMap<&'p [u8], Module<'p>>,
    path: &'p RelPath,
    /// Asked for by few rules, so read when it is.
    routes: OnceCell<Vec<Route>>,
    /// The bindings that results of calls are given in.
    results: OnceCell<HashMap<Span, usize>>,
    left: Cell<usize>,
}

impl<'p> Source<'p> {
    pub(super) fn new(path: &'p RelPath, text: &'p [u8], program: &'p Program) -> Self {
        let word = |span: Span| text.get(span.range()).unwrap_or_default();
        let mut modules = HashMap::default();
        for import in program.imports.iter().filter(|i| !i.type_only) {
            for &(there, here) in &import.names {
                let there = there.map(word).filter(|&there| there != b"default");
                modules.insert(word(here), (without_scheme(word(import.module)), there));
            }
        }
        // `const { JWT } = jose`, `const sign = jwt.sign`.
        for binding in &program.bindings {
            if let ([here], Expr::Path { parts, on: None }) =
                (&binding.target[..], &program.node(binding.value).expr)
                && let [module, there] = parts[..]
                && let Some(&(module, None)) = modules.get(word(module))
            {
                modules
                    .entry(word(*here))
                    .or_insert((module, Some(word(there))));
            }
        }
        Self {
            text,
            program,
            modules,
            path,
            routes: OnceCell::new(),
            results: OnceCell::new(),
            left: Cell::new(STEPS),
        }
    }

    pub(super) fn word(&self, span: Span) -> &'p [u8] {
        self.text.get(span.range()).unwrap_or_default()
    }

    pub(super) fn node(&self, id: ExprId) -> &'p Node {
        self.program.node(id)
    }

    /// Where the program answers requests.
    pub(super) fn routes(&self) -> &[Route] {
        self.routes
            .get_or_init(|| routes(self.path, self.text, self.program))
    }

    /// The route whose handler is `function` or lies around it, the nearest.
    pub(super) fn route_around(&self, function: FunctionId) -> Option<usize> {
        let mut at = function;
        for _ in 0..CHAIN {
            if at == FunctionId::default() {
                return None;
            }
            let routes = self.routes();
            let found = routes.iter().position(|r| r.handler == at);
            if found.is_some() || !self.take(1 + routes.len() / BINDINGS) {
                return found;
            }
            at = self.program.function(at).outer;
        }
        None
    }

    /// The name that what `call` gives is given: of a binding, of a member of an object that is handed on, else of the function around it.
    pub(super) fn receives(&self, call: &Call) -> Option<&'p [Span]> {
        let program = self.program;
        if !self.take(1 + (program.bindings.len() + program.calls.len()) / BINDINGS) {
            return None;
        }
        let is = |id: ExprId| match self.node(id).expr {
            Expr::Call(i) => program.calls[i].span == call.span,
            _ => false,
        };
        let member = |id: ExprId| match &self.node(id).expr {
            Expr::Object { members, .. } => {
                let mut members = members.iter();
                members.find(|(_, value)| is(*value)).map(|(key, _)| key)
            }
            _ => None,
        };
        if let Some(target) = self.result(call) {
            return Some(target);
        }
        let values = program.bindings.iter().map(|b| b.value);
        let args = program.calls.iter().flat_map(|c| c.args.iter().copied());
        if let Some(key) = values.chain(args).find_map(member) {
            return Some(std::slice::from_ref(key));
        }
        let mut at = call.function;
        for _ in 0..CHAIN {
            let function = program.function(at);
            match &function.name {
                Some(name) => return Some(std::slice::from_ref(name)),
                None if at == FunctionId::default() => return None,
                None => at = function.outer,
            }
        }
        None
    }

    /// The calls that stand in `function`, in those within it too.
    pub(super) fn calls_in(&self, function: FunctionId) -> impl Iterator<Item = &'p Call> {
        let span = self.program.function(function).span;
        let calls = &self.program.calls;
        calls
            .iter()
            .filter(move |call| span.start <= call.span.start && call.span.end <= span.end)
    }

    /// The read of the environment that the expression at `id` is, which stands in `function`: names followed, and nothing taken where it is missing.
    pub(super) fn read(&self, id: ExprId, function: FunctionId) -> Option<&'p EnvRead> {
        let mut id = self.resolve(id, function);
        // `${process.env.X}` says to a compiler of types that it is a text.
        if let Expr::Join(parts) = &self.node(id).expr
            && let [only] = parts[..]
        {
            id = self.resolve(only, function);
        }
        let span = self.node(id).span;
        let reads = &self.program.reads;
        let first = reads.partition_point(|read| read.span.start < span.start);
        let mut here = reads[first..].iter().take(CHAIN);
        here.find(|read| read.span == span && read.fallback.is_none())
    }

    /// Takes one step; false where the document has cost enough.
    pub(super) fn step(&self) -> bool {
        self.take(1)
    }

    /// Takes several steps; false where the document has cost enough.
    pub(super) fn take(&self, steps: usize) -> bool {
        let left = self.left.get().saturating_sub(steps);
        self.left.set(left);
        left > 0
    }

    /// What the name at `id` was given; `id` itself where it is none.
    pub(super) fn resolve(&self, id: ExprId, function: FunctionId) -> ExprId {
        if !matches!(self.node(id).expr, Expr::Path { .. })
            || !self.take(1 + self.program.bindings.len() / BINDINGS)
        {
            return id;
        }
        self.program.resolve(self.text, id, function)
    }

    /// What the name at `id` may have been given.
    pub(super) fn given(&self, id: ExprId, function: FunctionId) -> Vec<Given> {
        if !matches!(self.node(id).expr, Expr::Path { .. })
            || !self.take(1 + self.program.bindings.len() / BINDINGS)
        {
            return Vec::new();
        }
        self.program.given(self.text, id, function)
    }

    /// What is assigned above `at` to members of the object that `path` names, and to members of theirs.
    pub(super) fn filled(
        &self,
        path: &'p [Span],
        at: usize,
        function: FunctionId,
    ) -> Vec<(&'p [Span], ExprId)> {
        if !self.take(1 + self.program.bindings.len() / BINDINGS) {
            return Vec::new();
        }
        let filled = self.program.filled(self.text, path, at, function);
        filled.map(|(names, b)| (names, b.value)).collect()
    }

    /// All of a function; nothing where the document has cost enough.
    pub(super) fn around(&self, function: FunctionId) -> &'p [Span] {
        /// Bytes that are looked through in the time of one step.
        const BYTES: usize = 256;
        let span = &self.program.function(function).span;
        if self.take(1 + span.len() / BYTES) {
            std::slice::from_ref(span)
        } else {
            &[]
        }
    }

    /// The path that the result of a call is given to.
    fn result(&self, call: &Call) -> Option<&'p [Span]> {
        let results = self.results.get_or_init(|| {
            let bindings = self.program.bindings.iter().enumerate();
            let of = |(at, binding): (usize, &Binding)| match self.node(binding.value).expr {
                Expr::Call(i) => Some((self.program.calls.get(i)?.span, at)),
                _ => None,
            };
            bindings.filter_map(of).collect()
        });
        let binding = self.program.bindings.get(*results.get(&call.span)?)?;
        Some(&binding.target)
    }

    /// What the object of a method was given, where it is a plain name: of `KEY.getBytes()` what `KEY` was.
    pub(super) fn receiver(&self, call: &Call, function: FunctionId) -> Option<ExprId> {
        let (&[name, _], None) = (&call.callee[..], call.on) else {
            return None;
        };
        let cost = 1 + self.program.bindings.len() / BINDINGS;
        self.take(cost)
            .then(|| self.program.held(self.text, name, function))?
    }

    /// The value of a literal.
    pub(super) fn literal(&self, id: ExprId) -> Option<&'p [u8]> {
        let node = self.node(id);
        match &node.expr {
            Expr::Text(Some(value)) => Some(value),
            Expr::Text(None) => Some(self.word(node.span)),
            _ => None,
        }
    }

    /// The variable that the expression at `span` reads from the environment.
    pub(super) fn variable(&self, span: Span) -> Option<&'p [u8]> {
        let reads = &self.program.reads;
        let first = reads.partition_point(|read| read.span.start < span.start);
        let here = reads[first..]
            .iter()
            .take_while(|r| r.span.start == span.start);
        here.take(CHAIN)
            .find(|read| read.span == span)
            .map(|read| self.word(read.name))
    }

    /// Whether a module is imported whose name `fits`.
    pub(super) fn imports(&self, fits: impl Fn(&[u8]) -> bool) -> bool {
        self.program
            .imports
            .iter()
            .any(|import| fits(without_scheme(self.word(import.module))))
    }

    /// The last part of what is called, here and in the module it is from, and the last part of that module's own path.
    pub(super) fn lasts(&self, call: &Call) -> [Option<&'p [u8]>; 3] {
        let last = call.callee.last().map(|&part| self.word(part));
        let there = match &call.callee[..] {
            [only] => self
                .modules
                .get(self.word(*only))
                .and_then(|m| m.1.or(Some(m.0))),
            _ => None,
        };
        let end = there.and_then(|there| there.rsplit(|&b| b == b'/').next());
        [last, there, end.filter(|&end| Some(end) != there)]
    }

    /// What is called: as it is written, with the name of the module it is from (`j.sign` is `jsonwebtoken.sign`, what is the whole of
    /// `jsonwebtoken/sign` too), and on what its name was made by (`const s = crypto.createSign("SHA256")` makes `s.sign` that of
    /// `crypto.createSign.sign`).
    pub(super) fn called(&self, call: &Call) -> [Option<String>; 4] {
        let written = self.chain(call, false, 0);
        let meant = self.chain(call, true, 0);
        let module = match &call.callee[..] {
            [only] if call.on.is_none() => self.modules.get(self.word(*only)),
            _ => None,
        };
        let whole = module.is_some_and(|(module, there)| {
            there.is_none() && module.contains(&b'/') && !module.starts_with(b"@")
        });
        let dotted = whole.then(|| meant.replace('/', "."));
        let made = self.made(call);
        let differs = meant != written;
        [Some(written), differs.then_some(meant), dotted, made]
    }

    /// The path of a call on a name that was given what another call makes.
    fn made(&self, call: &Call) -> Option<String> {
        let (None, [name, rest @ ..]) = (call.on, &call.callee[..]) else {
            return None;
        };
        if rest.is_empty() || self.modules.contains_key(self.word(*name)) {
            return None;
        }
        if !self.take(1 + self.program.bindings.len() / BINDINGS) {
            return None;
        }
        let made = self.program.made(self.text, *name, call.function)?;
        let mut path = self.chain(self.program.calls.get(made)?, true, 1);
        for &part in rest {
            path.push('.');
            path.push_str(&String::from_utf8_lossy(self.word(part)));
        }
        Some(path)
    }

    /// The path of a call, that of the call before it in a chain in front: `new SignJWT.setIssuedAt.sign`.
    fn chain(&self, call: &Call, meant: bool, depth: usize) -> String {
        let path = self.path(&call.callee, call.on, meant, depth);
        if call.is_new {
            format!("new {path}")
        } else {
            path
        }
    }

    fn path(&self, parts: &[Span], on: Option<ExprId>, meant: bool, depth: usize) -> String {
        let mut path = match on {
            _ if depth >= CHAIN => "?".to_owned(),
            None => String::new(),
            Some(on) => match &self.node(on).expr {
                &Expr::Call(i) => self.chain(&self.program.calls[i], meant, depth + 1),
                Expr::Path { parts, on } => self.path(parts, *on, meant, depth + 1),
                _ => "?".to_owned(),
            },
        };
        for (i, &part) in parts.iter().enumerate() {
            let word = self.word(part);
            let module = self
                .modules
                .get(word)
                .filter(|_| meant && i == 0 && on.is_none());
            let mut add = |word: &[u8]| {
                if !path.is_empty() {
                    path.push('.');
                }
                path.push_str(&String::from_utf8_lossy(word));
            };
            match module {
                Some((module, there)) => {
                    add(module);
                    there.iter().for_each(|there| add(there));
                }
                None => add(word),
            }
        }
        path
    }

    /// Names joined by dots.
    pub(super) fn dotted(&self, parts: &[Span]) -> Vec<u8> {
        let words: Vec<_> = parts.iter().map(|&part| self.word(part)).collect();
        words.join(&b'.')
    }
}

/// `node:crypto` is `crypto`.
fn without_scheme(module: &[u8]) -> &[u8] {
    module.strip_prefix(b"node:").unwrap_or(module)
}
