//! Calls and their arguments; lists and objects.

use super::Walk;
use super::postfix::is_flag;
use crate::facts::code::{Call, Expr, ExprId, Program};
use crate::facts::language::Language::{
    CSharp, Go, Java, JavaScript, Kotlin, Php, Python, Ruby, Rust, Scala, Swift,
};
use crate::facts::lexer::tokens::Kind;
use crate::model::Span;

/// Methods of Ruby's loggers: they write down what their block yields.
const LOGS: &[&[u8]] = &[b"debug", b"info", b"warn", b"error", b"fatal", b"unknown"];

/// Values by place and by name, and what is spread among them.
#[derive(Default)]
pub(super) struct Items {
    pub placed: Vec<ExprId>,
    pub named: Vec<(Span, ExprId)>,
    pub spread: Vec<ExprId>,
    /// What is spread are names with values: `**options`.
    pub hashes: bool,
}

impl Walk<'_> {
    /// A call whose bracket comes next, or `new T` without one.
    pub(super) fn call(
        &mut self,
        parts: Vec<Span>,
        on: Option<ExprId>,
        start: usize,
        is_new: bool,
    ) -> ExprId {
        let index = self.reserve();
        let mut items = match self.kind(0) {
            Some(Kind::Open(bracket))
                if bracket != b'{' || !is_new || !self.is(&[Java, JavaScript, Php, CSharp]) =>
            {
                self.within(false, Self::items).unwrap_or_default()
            }
            _ => Items::default(),
        };
        if is_new && self.is_open(0, b'{') && !self.header {
            match self.grammar.language {
                CSharp => {
                    let more = self.within(false, Self::items).unwrap_or_default();
                    items.placed.extend(more.placed);
                    items.named.extend(more.named);
                }
                Java | Php | JavaScript => _ = self.block(),
                _ => {}
            }
        }
        self.place_spread(&mut items);
        self.filled(index, parts, on, start, (items.placed, items.named), is_new)
    }

    /// A call of Ruby without brackets.
    pub(super) fn command_call(
        &mut self,
        parts: Vec<Span>,
        on: Option<ExprId>,
        start: usize,
    ) -> ExprId {
        let index = self.reserve();
        let items = self.deeper(|walk| {
            let mut items = Items::default();
            loop {
                walk.item(&mut items);
                if walk.op(0) != b"," {
                    break;
                }
                walk.at += 1;
            }
            items
        });
        let mut items = items.unwrap_or_default();
        self.place_spread(&mut items);
        self.filled(index, parts, on, start, (items.placed, items.named), false)
    }

    /// Makes arguments of what is spread: `**options` is an object of which only that is known.
    fn place_spread(&mut self, items: &mut Items) {
        let spread = std::mem::take(&mut items.spread);
        match spread.first() {
            Some(&first) if items.hashes => {
                let span = self.span(first);
                let object = Expr::Object {
                    members: Box::default(),
                    spread: spread.into(),
                };
                items.placed.push(self.add(span, object));
            }
            _ => items.placed.extend(spread),
        }
    }

    /// A call without arguments.
    pub(super) fn called(&mut self, parts: Vec<Span>, start: usize) -> ExprId {
        let index = self.reserve();
        self.filled(index, parts, None, start, Default::default(), false)
    }

    /// A call whose only argument is the block that comes next.
    pub(super) fn called_with_block(
        &mut self,
        parts: Vec<Span>,
        on: Option<ExprId>,
        start: usize,
    ) -> ExprId {
        let index = self.reserve();
        let block = self.closure_in_braces();
        let mut args = vec![block];
        let last = parts.last().map_or(&b""[..], |part| self.slice(*part));
        if self.is(&[Ruby]) && LOGS.contains(&last) {
            args.extend(self.yielded);
        }
        self.filled(index, parts, on, start, (args, Vec::new()), false)
    }

    /// A place among the calls, so that they stand in the order of the text.
    fn reserve(&mut self) -> Option<usize> {
        let calls = &mut self.program.calls;
        if calls.len() >= Program::MOST {
            self.program.cut = true;
            return None;
        }
        calls.push(Call {
            span: Span::new(0, 0),
            callee: Box::default(),
            on: None,
            args: Box::default(),
            named: Box::default(),
            is_new: false,
            function: self.function,
        });
        Some(calls.len() - 1)
    }

    fn filled(
        &mut self,
        index: Option<usize>,
        parts: Vec<Span>,
        on: Option<ExprId>,
        start: usize,
        (args, named): (Vec<ExprId>, Vec<(Span, ExprId)>),
        is_new: bool,
    ) -> ExprId {
        let span = self.since(start);
        let last = parts.last().map_or(&b""[..], |part| self.slice(*part));
        let macros = self.is(&[Rust])
            && parts
                .last()
                .is_some_and(|p| self.text.get(p.end) == Some(&b'!'));
        let mut args = args;
        if macros {
            for arg in &mut args {
                *arg = self.captured(*arg);
            }
        }
        // `new(http.Cookie)` makes one, as `http.Cookie{}` does.
        let mut is_new = is_new;
        let mut parts = parts;
        if self.is(&[Go])
            && last == b"new"
            && let [of] = args[..]
            && let Expr::Path {
                parts: of,
                on: None,
            } = self.expr(of)
        {
            parts = of.to_vec();
            args.clear();
            is_new = true;
        }
        let expr = match index {
            _ if is_flag(last) && !is_new => Expr::Flag,
            _ if macros && last == b"format" => Expr::Join(args.clone().into()),
            Some(index) => Expr::Call(index),
            None => Expr::Unknown,
        };
        let id = self.add(span, expr);
        let call = Call {
            span,
            callee: parts.into(),
            on,
            args: args.into(),
            named: named.into(),
            is_new,
            function: self.function,
        };
        self.asked(id, &call);
        if let Some(index) = index {
            self.program.calls[index] = call;
        }
        id
    }

    /// One more argument for the call at `id`: a block behind its bracket.
    pub(super) fn add_argument(&mut self, id: ExprId, block: ExprId) {
        if let Expr::Call(index) = *self.expr(id) {
            let call = &mut self.program.calls[index];
            let mut args = std::mem::take(&mut call.args).into_vec();
            args.push(block);
            call.args = args.into();
        }
        if let (Some(&read), Some(value)) = (self.reads.get(&id), self.yielded)
            && self.is(&[Ruby])
        {
            // ENV.fetch("X") { "d" }
            let read = &mut self.program.reads[read];
            read.fallback.get_or_insert(value);
            read.guarded = false;
        }
    }

    /// A list, or an object where its members have names.
    pub(super) fn collection(&mut self) -> ExprId {
        let start = self.here();
        let items = self.within(false, Self::items).unwrap_or_default();
        let expr =
            if items.named.is_empty() && (items.spread.is_empty() || !items.placed.is_empty()) {
                let shorthand = self.is(&[JavaScript]) && self.text.get(start) == Some(&b'{');
                if shorthand {
                    Expr::Object {
                        members: self.shorthand(&items.placed),
                        spread: items.spread.into(),
                    }
                } else {
                    let mut items = items;
                    items.placed.extend(items.spread);
                    Expr::List(items.placed.into())
                }
            } else {
                let mut members = items.named;
                members.extend(self.shorthand(&items.placed));
                Expr::Object {
                    members: members.into(),
                    spread: items.spread.into(),
                }
            };
        self.add(self.since(start), expr)
    }

    /// Members that are named like their values.
    fn shorthand(&self, placed: &[ExprId]) -> Box<[(Span, ExprId)]> {
        let name = |id: &ExprId| match self.expr(*id) {
            Expr::Path { parts, .. } => Some((*parts.last()?, *id)),
            _ => None,
        };
        placed.iter().filter_map(name).collect()
    }

    /// Everything in a bracket, by place and by name.
    fn items(&mut self) -> Items {
        let mut items = Items::default();
        while self.at < self.end {
            let before = self.at;
            self.item(&mut items);
            let mut stray = false;
            while self.at < self.end && !matches!(self.op(0), b"," | b";") {
                // What follows an item without a comma: a comprehension, a type, what is not known; on a line of its own, an item.
                if self.token(0).is_some_and(|t| t.newline)
                    && self.is(&[Kotlin, Swift, Go])
                    && !stray
                {
                    break;
                }
                stray = true;
                let here = self.at;
                match self.kind(0) {
                    Some(Kind::Op | Kind::Close(_)) => self.at += 1,
                    _ => _ = self.expression(),
                }
                self.at += usize::from(self.at == here);
            }
            if matches!(self.op(0), b"," | b";") {
                self.at += 1;
            }
            self.at += usize::from(self.at == before);
        }
        items
    }

    /// One argument, element or member.
    fn item(&mut self, items: &mut Items) {
        while matches!(self.op(0), b"@") && self.kind(1) == Some(Kind::Name) && !self.is(&[Php]) {
            self.annotation();
        }
        let key = self.token(0);
        let named = match self.op(1) {
            b":" => match key.map(|k| k.kind) {
                Some(Kind::Name | Kind::Number) => !self.is(&[Kotlin, Scala]) || self.header,
                Some(Kind::Text(_)) => true,
                _ => false,
            },
            b"=" | b":=" => {
                self.kind(0) == Some(Kind::Name)
                    || self.kind(0).is_some_and(|k| matches!(k, Kind::Text(_)))
            }
            _ => false,
        };
        if let (true, Some(key)) = (named, key) {
            self.at += 2;
            let empty = self.at >= self.end || self.op(0) == b",";
            let value = match empty {
                // Ruby's `f(x:)`.
                true => self.add(
                    key.span(),
                    Expr::Path {
                        parts: [key.span()].into(),
                        on: None,
                    },
                ),
                false => self.expression(),
            };
            items.named.push((key.span(), value));
            return;
        }
        if matches!(self.op(0), b"..." | b"**" | b"..") && !self.is(&[Swift, Kotlin]) {
            items.hashes |= self.op(0) == b"**";
            self.at += 1;
            let value = self.expression();
            items.spread.push(value);
            return;
        }
        // C#: `["k"] = v`, JavaScript: `["k"]: v`; C#: `{ "k", v }`.
        if self.is_open(0, b'[') && self.is(&[CSharp, JavaScript]) {
            let ahead = self.past(self.at) - self.at;
            if matches!(self.op(ahead), b"=" | b":") {
                let inner = self.at_span(self.at + 1);
                self.within(false, Self::listed);
                self.at += 1;
                let value = self.expression();
                items.named.push((inner, value));
                return;
            }
        }
        let id = self.expression();
        if self.method_behind(id) {
            return;
        }
        match self.op(0) {
            b"=>" if self.is(&[Php, Ruby, Rust]) => self.value_of(id, items),
            b":" if self.is(&[Python, Go, Swift, Ruby, JavaScript]) => self.value_of(id, items),
            b"=" | b":=" if !self.is(&[Python]) || self.op(0) == b":=" => {
                self.at += 1;
                let value = self.expression();
                self.bind(id, value, false);
                items.placed.push(value);
            }
            _ => match self.expr(id) {
                Expr::List(pair)
                    if self.is(&[CSharp])
                        && pair.len() == 2
                        && self.text.get(self.span(id).start) == Some(&b'{') =>
                {
                    let (key, value) = (self.span(pair[0]), pair[1]);
                    items.named.push((key, value));
                }
                _ => items.placed.push(id),
            },
        }
    }

    /// The value of a member whose key was read as `key`.
    fn value_of(&mut self, key: ExprId, items: &mut Items) {
        self.at += 1;
        let value = self.expression();
        items.named.push((self.span(key), value));
    }

    /// JavaScript: the body of a method in an object, of which `id` is what was read as a call.
    fn method_behind(&mut self, id: ExprId) -> bool {
        let method = self.is(&[JavaScript])
            && self.is_open(0, b'{')
            && matches!(self.expr(id), Expr::Call(_) | Expr::Flag);
        if method {
            self.block();
        }
        method
    }
}
