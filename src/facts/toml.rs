//! Pairs of a TOML file.
//!
//! Takes bytes, gives facts. A text that a TOML parser takes is read as it reads it; any other is read as far as its lines tell: a template,
//! a duplicate key or a forgotten quote does not hide the rest. Comments are not read, values are not judged.

mod lines;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{Facts, Pair, Scope, Via};
use crate::model::Span;

/// Longer texts are read by lines: the parser keeps 60 bytes for each token, and a token may be one byte.
const LONGEST: usize = 2 << 20;

/// What `text` states.
pub(super) fn read(text: &[u8]) -> Facts {
    let parsed = std::str::from_utf8(text)
        .ok()
        .filter(|s| s.len() <= LONGEST)
        .and_then(|s| DeTable::parse(s).ok());
    match parsed {
        Some(table) => of_table(text, table.get_ref()),
        None => lines::read(text),
    }
}

/// A value that is yet to be read: its key, what it lies in, how it is part of that.
struct Open<'a, 'i> {
    key: Span,
    value: &'a Spanned<DeValue<'i>>,
    within: Scope,
    via: Via,
}

fn of_table(text: &[u8], top: &DeTable<'_>) -> Facts {
    let mut facts = Facts::default();
    let mut open: Vec<Open<'_, '_>> = Vec::new();
    push(text, &mut open, top, Scope::TOP);
    while let Some(Open {
        key,
        value,
        within,
        via,
    }) = open.pop()
    {
        match value.get_ref() {
            DeValue::Table(table) => {
                let scope = facts.enter(within, key);
                push(text, &mut open, table, scope);
            }
            DeValue::Array(values) => {
                open.extend(values.iter().rev().map(|value| Open {
                    key,
                    value,
                    within,
                    via: Via::Item,
                }));
            }
            scalar => {
                let span = Span::new(value.span().start, value.span().end);
                let pair = match scalar {
                    DeValue::String(decoded) => string(text, key, span, decoded.as_bytes(), via),
                    _ => Pair::new(key, span, false, via),
                };
                if !facts.add(Pair { within, ..pair }) {
                    break;
                }
            }
        }
    }
    // A table may be continued after others.
    facts.pairs.sort_by_key(|p| p.value.start);
    facts
}

fn push<'a, 'i>(text: &[u8], open: &mut Vec<Open<'a, 'i>>, table: &'a DeTable<'i>, within: Scope) {
    let from = open.len();
    open.extend(table.iter().map(|(key, value)| Open {
        key: bare(text, Span::new(key.span().start, key.span().end)),
        value,
        within,
        via: Via::Assignment,
    }));
    open[from..].reverse();
}

/// A key without its quotes.
fn bare(text: &[u8], key: Span) -> Span {
    match &text[key.range()] {
        [b'"', .., b'"'] | [b'\'', .., b'\''] => Span::new(key.start + 1, key.end - 1),
        _ => key,
    }
}

/// The pair of `key` and the string whose literal is at `whole`, which a program gets as `decoded`.
fn string(text: &[u8], key: Span, whole: Span, decoded: &[u8], via: Via) -> Pair {
    let literal = &text[whole.range()];
    let long = literal.starts_with(b"\"\"\"") || literal.starts_with(b"'''");
    let marks = if long && literal.len() >= 6 { 3 } else { 1 };
    let mut value = Span::new(whole.start + marks, whole.end.saturating_sub(marks));
    value.end = value.end.max(value.start);
    if long {
        // The line break behind the opening quotes is none of the value.
        for skip in [&b"\r\n"[..], b"\n"] {
            if text[value.range()].starts_with(skip) {
                value.start += skip.len();
            }
        }
    }
    let read = (text[value.range()] != *decoded).then(|| decoded.into());
    Pair {
        read,
        ..Pair::new(key, value, true, via)
    }
}

#[cfg(test)]
mod tests;
