//! What objects are given once they are made.
//!
//! `c := http.Cookie{…}; c.Secure = true`, `cookie.setSecure(true)`, `Cookie(…).apply { secure = true }` say what the literal or the
//! constructor could have said, so they count as its arguments by name. Followed within the function that the object is made in and the
//! functions in it, by its name alone: an object that is handed to another function, or made by one, is not.

use crate::facts::code::{Call, Expr, ExprId, FunctionId, Program};
use crate::model::Span;
use foldhash::HashMap;

/// Settings of one object: more than people write.
const MOST: usize = 100;

/// An object with a name: the call that makes it, and the function whose name it is.
type Made = (usize, FunctionId);

/// Something that happens at a place of the text.
enum Event {
    Binding(usize),
    Call(usize),
}

/// Adds to the calls of `program` that make an object what it is given after. Bindings and calls stand in the order of the text.
pub(super) fn settle(program: &mut Program, text: &[u8]) {
    let given = settings(program, text);
    let mut calls: Vec<usize> = given.keys().copied().collect();
    calls.sort_unstable();
    for index in calls {
        let settings = &given[&index];
        let mut named = program.calls[index].named.to_vec();
        for &(name, value) in settings.iter().take(MOST) {
            let same = |&&mut (other, _): &&mut (Span, ExprId)| {
                text[other.range()].eq_ignore_ascii_case(&text[name.range()])
            };
            match named.iter_mut().find(same) {
                // Which of them it has in the end is not followed.
                Some((_, before)) => {
                    let span = program.node(value).span;
                    *before = program.add(span, Expr::Either([*before, value].into()));
                }
                None => named.push((name, value)),
            }
        }
        program.calls[index].named = named.into();
    }
}

/// What each call that makes an object is given after, by the call.
fn settings(program: &Program, text: &[u8]) -> HashMap<usize, Vec<(Span, ExprId)>> {
    let bindings = program.bindings.iter().enumerate();
    let calls = program.calls.iter().enumerate();
    let mut events: Vec<(usize, Event)> = bindings
        .map(|(i, b)| (b.target[0].start, Event::Binding(i)))
        .chain(calls.map(|(i, c)| (c.span.start, Event::Call(i))))
        .collect();
    events.sort_by_key(|&(at, _)| at);

    let word = |span: &Span| &text[span.range()];
    let mut made: HashMap<Vec<&[u8]>, Made> = HashMap::default();
    // Functions that say what their object is given without its name.
    let mut applied: HashMap<FunctionId, usize> = HashMap::default();
    let mut given: HashMap<usize, Vec<(Span, ExprId)>> = HashMap::default();
    for (_, event) in events {
        let (path, name, value, function) = match event {
            Event::Binding(i) => {
                let binding = &program.bindings[i];
                let path: Vec<&[u8]> = binding.target.iter().map(word).collect();
                if let Some(index) = making(program, text, binding.value) {
                    made.insert(path.clone(), (index, binding.function));
                } else {
                    made.remove(&path);
                }
                let Some(&name) = binding.target.last() else {
                    continue;
                };
                (
                    path,
                    unprefixed(text, name, b"is"),
                    binding.value,
                    binding.function,
                )
            }
            Event::Call(i) => {
                let call = &program.calls[i];
                if let Some((function, index)) = applying(program, text, call) {
                    applied.insert(function, index);
                }
                let (Some(&name), None, &[value]) = (call.callee.last(), call.on, &call.args[..])
                else {
                    continue;
                };
                let setting = match unprefixed(text, name, b"set") {
                    same if same == name => unprefixed(text, name, b"add"),
                    setting => setting,
                };
                if setting == name {
                    continue;
                }
                let path = call.callee.iter().map(word).collect();
                (path, setting, value, call.function)
            }
        };
        let object = match path.split_last() {
            Some((_, [])) => applied.get(&function).copied(),
            Some((_, object)) => made
                .get(object)
                .filter(|(_, outer)| program.encloses(*outer, function))
                .map(|&(index, _)| index),
            None => None,
        };
        if let Some(index) = object {
            given.entry(index).or_default().push((name, value));
        }
    }
    given
}

/// The call that makes the object at `id`.
fn making(program: &Program, text: &[u8], id: ExprId) -> Option<usize> {
    let Expr::Call(index) = program.node(id).expr else {
        return None;
    };
    let call = program.calls.get(index)?;
    if let Some((_, index)) = applying(program, text, call) {
        return Some(index);
    }
    makes(call, text).then_some(index)
}

/// Whether a call makes an object: where there is no `new`, a type is called, and types begin with a capital; or a function says so.
fn makes(call: &Call, text: &[u8]) -> bool {
    const MAKING: &[&[u8]] = &[b"New", b"Default", b"new", b"create"];
    let Some(last) = call.callee.last() else {
        return false;
    };
    let last = &text[last.range()];
    let capital = last.first().is_some_and(u8::is_ascii_uppercase);
    let says = MAKING.iter().any(|verb| last.starts_with(verb));
    call.is_new || call.on.is_none() && (says || capital && call.callee.len() == 1)
}

/// `Cookie(…).apply { … }`: the function in braces, and the call that makes the object.
fn applying(program: &Program, text: &[u8], call: &Call) -> Option<(FunctionId, usize)> {
    let [name] = call.callee[..] else { return None };
    let Expr::Call(index) = program.node(call.on?).expr else {
        return None;
    };
    let &[id] = &call.args[..] else { return None };
    let Expr::Function(function) = program.node(id).expr else {
        return None;
    };
    let made = program.calls.get(index)?;
    (&text[name.range()] == b"apply" && makes(made, text)).then_some((function, index))
}

/// The name without a `prefix` that the next letter shows to be one: of `setSecure` it is `Secure`.
fn unprefixed(text: &[u8], name: Span, prefix: &[u8]) -> Span {
    let word = &text[name.range()];
    match word.strip_prefix(prefix) {
        Some(rest) if rest.first().is_some_and(u8::is_ascii_uppercase) => {
            Span::new(name.start + prefix.len(), name.end)
        }
        _ => name,
    }
}
