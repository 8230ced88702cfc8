//! Makefiles and justfiles: variables, and recipes that are commands.
//!
//! Takes the text, gives the same facts that a script does. Knows no functions, conditions or targets of make.

use super::super::lines::{is_blank, is_escaped, line, past_blanks, trim};
use super::super::value::Value;
use super::super::{Facts, Scope, Via};
use super::commands;
use super::word::{Word, name_len};
use crate::model::Span;

/// Whether `text` has rules and recipes: a line that begins with a tab behind a `target:`, or a `NAME := v` or `NAME ?= v`, which no shell has.
pub(super) fn is_make(text: &[u8], whole: Span) -> bool {
    let (first, _) = line(text, whole.start, whole.end);
    if text[first.range()].starts_with(b"#!") {
        return memchr::memmem::find(&text[first.range()], b"make").is_some();
    }
    let mut from = whole.start;
    let mut rule = false;
    while from < whole.end {
        let (span, next) = line(text, from, whole.end);
        from = next;
        let part = &text[span.range()];
        if part.starts_with(b"\t") && rule {
            return true;
        }
        if let Some((_, sign)) = assignment(text, span)
            && matches!(text[sign.start], b':' | b'?')
        {
            return true;
        }
        rule = is_rule(part) || (rule && part.first().is_none_or(|b| is_blank(*b) || *b == b'#'));
    }
    false
}

/// Whether `line` reads `targets: …`.
fn is_rule(line: &[u8]) -> bool {
    let is_target = |b: &&u8| b.is_ascii_alphanumeric() || b"_.-%/$(){} ".contains(b);
    let len = line.iter().take_while(is_target).count();
    let starts = line.first().is_some_and(|&b| b != b' ');
    starts && matches!(line[len..], [b':'] | [b':', b' ' | b'\t' | b':', ..])
}

/// The name that `line` gives a value, and the sign behind it: `NAME = `, `NAME := `, `NAME ?= `, `export NAME = `.
fn assignment(text: &[u8], line: Span) -> Option<(Span, Span)> {
    let mut start = line.start;
    for word in [&b"export"[..], b"override"] {
        let behind = past_blanks(text, start + word.len(), line.end);
        if text[start..line.end].starts_with(word) && behind > start + word.len() {
            start = behind;
        }
    }
    let end = start + name_len(&text[start..line.end]);
    let sign = past_blanks(text, end, line.end);
    let len = match text[sign..line.end] {
        [b'=', ..] => 1,
        [b':' | b'?' | b'+', b'=', ..] => 2,
        [b':', b':', b'=', ..] => 3,
        _ => return None,
    };
    (end > start).then_some((Span::new(start, end), Span::new(sign, sign + len)))
}

/// Adds what the makefile at `whole` states.
pub(super) fn rules(text: &[u8], whole: Span, facts: &mut Facts) {
    let mut from = whole.start;
    while from < whole.end && facts.pairs.len() < Facts::MOST {
        let (first, next) = line(text, from, whole.end);
        let (logical, next) = joined(text, first, next, whole.end);
        from = next;
        let indented = text[first.range()].first().is_some_and(|b| is_blank(*b));
        let start = past_blanks(text, logical.start, logical.end);
        let inside = Span::new(start, logical.end);
        if let Some((key, sign)) = assignment(text, inside)
            && (!indented || (text[first.start] != b'\t' && is_blank(text[sign.start - 1])))
        {
            let value = value(text, Span::new(sign.end, logical.end));
            facts.add(value.of(key, Via::Assignment, Scope::TOP));
        } else if indented {
            // `@` hides the command, `-` forgives it, `+` always runs it.
            let marks = text[inside.range()]
                .iter()
                .take_while(|b| b"@-+".contains(b));
            let recipe = Span::new(start + marks.count(), logical.end);
            commands(text, recipe, Scope::TOP, facts);
        }
    }
}

/// A line and those that its backslashes join to it, and where the next one begins.
fn joined(text: &[u8], first: Span, mut next: usize, limit: usize) -> (Span, usize) {
    let mut last = first;
    while next < limit && is_escaped(text, last.start, last.end) {
        (last, next) = line(text, next, limit);
    }
    (Span::new(first.start, last.end), next)
}

/// The rest of an assignment, up to a comment.
fn value(text: &[u8], rest: Span) -> Value {
    let part = &text[rest.range()];
    let comment = part
        .windows(2)
        .position(|w| is_blank(w[0]) && w[1] == b'#')
        .map_or(rest.end, |at| rest.start + at);
    let span = trim(text, Span::new(rest.start, comment));
    let word = Word::new(text, span);
    // Quotes are bytes to make; just takes them off, and so does the shell that most values go to.
    if word.is_bare() {
        Value::bare(span)
    } else {
        word.value(text)
    }
}
