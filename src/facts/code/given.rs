//! What names were given: followed through functions, branches and members, as far as one file shows it.
//!
//! Takes a name or a path of one program, gives the expressions that it may stand for. Of what callers give it knows nothing.

use super::{Binding, Expr, ExprId, FunctionId, Given, Node, Program};
use crate::model::Span;

/// What the object or the class at hand is called.
const OWNERS: &[&[u8]] = &[b"this", b"self", b"static"];

impl Program {
    /// What the name at `id` was given, followed through names that are given names; `id` itself where it is no name, is given nothing
    /// that can be seen, or may be given one of several. Follows a few steps, so a ring of names ends.
    pub fn resolve(&self, text: &[u8], id: ExprId, function: FunctionId) -> ExprId {
        const STEPS: usize = 4;
        let (mut id, mut function) = (id, function);
        for _ in 0..STEPS {
            match &self.given(text, id, function)[..] {
                &[
                    Given {
                        value,
                        within,
                        only: true,
                    },
                ] if value != id => {
                    (id, function) = (value, within);
                }
                _ => break,
            }
        }
        id
    }

    /// What the name or path at `id`, which stands in `function`, may have been given. Of a name the nearest binding above counts, in the
    /// same or an enclosing function, and those before it that it does not surely replace. What callers give to a parameter is not
    /// seen, and its default says nothing of it. Of a path all bindings of that path, and the member of the object that its first name is.
    pub fn given(&self, text: &[u8], id: ExprId, function: FunctionId) -> Vec<Given> {
        match self.node(id) {
            Node {
                expr: Expr::Path { parts, on: None },
                span,
            } => match &parts[..] {
                [name] => self.given_to_name(text, &text[name.range()], span.start, function),
                parts => self.given_to_path(text, parts, span.start, function),
            },
            _ => Vec::new(),
        }
    }

    /// What is assigned above `at` to members of the object called `path`, and to members of theirs: `options.cookie.secure = true`.
    /// With the names behind `path`.
    pub fn filled<'a>(
        &'a self,
        text: &'a [u8],
        path: &'a [Span],
        at: usize,
        function: FunctionId,
    ) -> impl Iterator<Item = (&'a [Span], &'a Binding)> {
        let word = |span: &Span| &text[span.range()];
        self.bindings.iter().filter_map(move |binding| {
            let (before, rest) = binding.target.split_at_checked(path.len())?;
            let fits = rest.last()?.start < at
                && before.iter().map(word).eq(path.iter().map(word))
                && self.encloses(binding.function, function);
            fits.then_some((rest, binding))
        })
    }

    /// What the name at `name` was given, if that is one thing.
    pub fn held(&self, text: &[u8], name: Span, function: FunctionId) -> Option<ExprId> {
        let given = self.given_to_name(text, &text[name.range()], name.start, function);
        match given[..] {
            [given] if given.only => Some(given.value),
            _ => None,
        }
    }

    /// The call whose result the name at `name` was given and nothing else.
    pub fn made(&self, text: &[u8], name: Span, function: FunctionId) -> Option<usize> {
        match self.node(self.held(text, name, function)?).expr {
            Expr::Call(call) => Some(call),
            _ => None,
        }
    }

    fn given_to_name(
        &self,
        text: &[u8],
        name: &[u8],
        at: usize,
        function: FunctionId,
    ) -> Vec<Given> {
        /// More values than that tell nothing.
        const MOST: usize = 8;
        // Ruby's `@x` and `$x` are the same in every method.
        let shared = matches!(name.first(), Some(b'@' | b'$'));
        let is_it = |b: &&Binding| {
            matches!(&b.target[..], [target] if &text[target.range()] == name)
                && (shared || self.encloses(b.function, function))
        };
        let above = self.bindings.partition_point(|b| b.target[0].start < at);
        let mut given: Vec<Given> = Vec::new();
        let mut closed = false;
        for binding in self.bindings[..above].iter().rev().filter(is_it) {
            let shadowed = self.parameter(text, name, function, Some(binding.function));
            if shadowed.is_some() {
                return given;
            }
            let target = binding.target[0];
            // A default says nothing of what callers give.
            if self.function(binding.function).params.contains(&target) {
                given.iter_mut().for_each(|g| g.only = false);
                return given;
            }
            let surely = self.reaches(target.start, at);
            // What a block declares is not seen outside of it.
            if !surely && binding.constant {
                continue;
            }
            // A closure runs when others may have given it another value.
            let changes = binding.function != function && !binding.constant;
            let again = || {
                self.bindings.iter().any(|b| {
                    b.target[0] != target
                        && !b.constant
                        && matches!(&b.target[..], [t] if &text[t.range()] == name)
                        && self.encloses(binding.function, b.function)
                })
            };
            let own = self.function(binding.function).params.iter();
            let is_own_parameter = own.clone().any(|p| &text[p.range()] == name);
            given.push(Given {
                value: binding.value,
                within: binding.function,
                only: surely && !(changes && (is_own_parameter || again())),
            });
            closed = surely;
            if closed || given.len() >= MOST {
                break;
            }
        }
        if given.is_empty() && self.parameter(text, name, function, None).is_none() {
            // A constant of the module may stand below the function that uses it.
            let below = self.bindings[above..].iter().find(|b| {
                b.constant && b.function != function && is_it(b) && self.is_open(b.target[0].start)
            });
            given.extend(below.map(|b| Given {
                value: b.value,
                within: b.function,
                only: true,
            }));
            closed = true;
        }
        if given.len() > 1 || !closed {
            given.iter_mut().for_each(|g| g.only = false);
        }
        given
    }

    fn given_to_path(
        &self,
        text: &[u8],
        parts: &[Span],
        at: usize,
        function: FunctionId,
    ) -> Vec<Given> {
        const DEEPEST: usize = 4;
        let word = |span: &Span| &text[span.range()];
        let (Some(first), Some((last, before))) = (parts.first(), parts.split_last()) else {
            return Vec::new();
        };
        let is_owner = |span: &Span| OWNERS.contains(&word(span));
        let this = is_owner(first);
        let mut given: Vec<Given> = if this {
            // A field is bound below the name of its class, or by its own name in the class's body.
            let same = |b: &&Binding| {
                let names = b.target.iter().skip(usize::from(b.target.len() > 1));
                names.map(word).eq(parts[1..].iter().map(word))
                    && (b.target.len() == 2
                        || is_owner(&b.target[0])
                        || b.target.len() == 1 && b.function == FunctionId(0))
            };
            let given = self.bindings.iter().filter(same);
            given
                .map(|b| Given {
                    value: b.value,
                    within: b.function,
                    only: true,
                })
                .collect()
        } else if self.parameter(text, word(first), function, None).is_some() {
            Vec::new()
        } else {
            let filled = self.filled(text, before, at, function);
            let same =
                filled.filter(|(names, _)| matches!(names, [name] if word(name) == word(last)));
            same.map(|(_, b)| Given {
                value: b.value,
                within: b.function,
                only: true,
            })
            .collect()
        };
        if !this && parts.len() <= DEEPEST {
            let mut objects = self.given_to_name(text, word(first), at, function);
            for part in &parts[1..] {
                objects = match &objects[..] {
                    &[
                        Given {
                            value,
                            within,
                            only: true,
                        },
                    ] => {
                        let value = self.resolve_name(text, value, within);
                        self.member(text, value, word(part), within)
                    }
                    _ => Vec::new(),
                };
            }
            given.extend(objects);
        }
        if given.len() > 1 {
            given.iter_mut().for_each(|g| g.only = false);
        }
        given
    }

    /// A plain name followed once more; a path is not, so that paths in paths end.
    fn resolve_name(&self, text: &[u8], id: ExprId, function: FunctionId) -> ExprId {
        let Node {
            expr: Expr::Path { parts, on: None },
            span,
        } = self.node(id)
        else {
            return id;
        };
        let [name] = &parts[..] else { return id };
        match &self.given_to_name(text, &text[name.range()], span.start, function)[..] {
            [given] if given.only => given.value,
            _ => id,
        }
    }

    /// The member `name` of the object literal at `id`; of several the last, and none where others may be spread over it.
    fn member(&self, text: &[u8], id: ExprId, name: &[u8], within: FunctionId) -> Vec<Given> {
        let Expr::Object { members, spread } = &self.node(id).expr else {
            return Vec::new();
        };
        let found = members
            .iter()
            .rev()
            .find(|(key, _)| &text[key.range()] == name);
        let given = found.map(|&(_, value)| Given {
            value,
            within,
            only: spread.is_empty(),
        });
        given.into_iter().collect()
    }

    /// The function from `inner` outwards that has a parameter called `name`, before it comes to `outer`.
    fn parameter(
        &self,
        text: &[u8],
        name: &[u8],
        inner: FunctionId,
        outer: Option<FunctionId>,
    ) -> Option<FunctionId> {
        const DEEPEST: usize = 64;
        let mut at = inner;
        for _ in 0..DEEPEST {
            if Some(at) == outer {
                return None;
            }
            let function = self.function(at);
            if function.params.iter().any(|p| &text[p.range()] == name) {
                return Some(at);
            }
            if at == FunctionId(0) {
                return None;
            }
            at = function.outer;
        }
        None
    }

    /// The innermost branch around the byte at `at`.
    fn branch(&self, at: usize) -> Option<Span> {
        let before = self.branches.partition_point(|(b, _)| b.start <= at);
        let mut index = before.checked_sub(1);
        while let Some((branch, outer)) = index.and_then(|i| self.branches.get(i)) {
            if at < branch.end {
                return Some(*branch);
            }
            index = *outer;
        }
        None
    }

    /// Whether what is done at `from` is surely done before what is done below it at `to`.
    fn reaches(&self, from: usize, to: usize) -> bool {
        self.branch(from).is_none_or(|b| to < b.end)
    }

    /// Whether no branch is around the byte at `at`.
    fn is_open(&self, at: usize) -> bool {
        self.branch(at).is_none()
    }

    /// Whether `inner` is `outer` or lies in it.
    pub(in crate::facts) fn encloses(&self, outer: FunctionId, inner: FunctionId) -> bool {
        const DEEPEST: usize = 64;
        let mut at = inner;
        for _ in 0..DEEPEST {
            if at == outer {
                return true;
            }
            if at == FunctionId(0) {
                return false;
            }
            at = self.function(at).outer;
        }
        false
    }
}
