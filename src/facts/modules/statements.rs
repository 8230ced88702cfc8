//! The head of a script and the first words of its statements.
//!
//! Takes a script, gives its directives, its imports and where each statement begins with what it declares and hands out. Reads of a
//! statement no more than that.

use memchr::memchr_iter;

use super::cursor::{Cursor, is_word};
use super::{By, MOST, Reader, Taken, Use, mentions};
use crate::model::Span;

/// A name in braces: there, here.
type Listed = (Span, Span);

/// No statement: the name was not mentioned yet.
const NOWHERE: usize = usize::MAX;
/// How deep patterns nest that names are read from.
const DEEPEST: usize = 4;
/// Comments in the first words of a statement. What looks like a statement may stand in a comment itself, and each would read all of it.
const LONGEST_COMMENT: usize = 512;

impl<'a> Reader<'a> {
    /// Reads a file that is all script.
    pub(super) fn script(&mut self) {
        let start = if self.text.starts_with(b"\xef\xbb\xbf") {
            3
        } else {
            0
        };
        let end = self.text.len();
        let body = self.head(start, end);
        self.statements(body, end);
        if self.module.client && !mentions::loads_late(&self.text[body..end]) {
            // All of it is shipped: what each statement mentions would tell no more.
            self.use_all(0, 0);
        } else {
            self.mentions(body, end);
        }
    }

    /// Has the statement at index `part` use all that the links from `first` on take in.
    pub(super) fn use_all(&mut self, first: usize, part: usize) {
        if self.module.parts.is_empty() {
            self.part(0, true);
        }
        let links = self.module.links.iter().enumerate().skip(first);
        let new = links.flat_map(|(i, link)| (0..link.names.len()).map(move |n| Use::Link(i, n)));
        let uses = &mut self.module.parts[part].uses;
        uses.extend(new);
        uses.sort_unstable();
        uses.dedup();
    }

    /// Directives and imports at the head of what stands in `from..end`; where they end.
    pub(super) fn head(&mut self, from: usize, end: usize) -> usize {
        let mut cursor = Cursor::new(self.text, from, end);
        if cursor.rest().starts_with(b"#!") {
            cursor.at += memchr::memchr(b'\n', cursor.rest()).unwrap_or(cursor.rest().len());
        }
        loop {
            cursor.trivia();
            let mut ahead = cursor;
            if let Some(directive) = ahead.literal() {
                match self.word(directive) {
                    b"use client" => self.module.client = true,
                    b"use server" => self.module.server = true,
                    _ => {}
                }
                ahead.eat(b';');
            } else if ahead.eat_word(b"import") && self.import(&mut ahead) {
                ahead.eat(b';');
            } else {
                return cursor.at;
            }
            cursor = ahead;
        }
    }

    /// An import declaration whose first word is passed; not `import(…)`, and not `import.meta`.
    fn import(&mut self, cursor: &mut Cursor<'a>) -> bool {
        cursor.trivia();
        if let Some(module) = cursor.literal() {
            self.link(module, By::Import, Vec::new());
            return true;
        }
        if matches!(cursor.peek(), b'(' | b'.') {
            return false;
        }
        let types = self.is_of_types(cursor);
        let mut names: Vec<(Taken, Span)> = Vec::new();
        let mut listed = 0;
        loop {
            if cursor.eat(b'{') {
                for (there, here) in self.list(cursor, &mut listed) {
                    let there = self.keep(there);
                    names.push((Taken::Name(there), here));
                }
            } else if cursor.eat(b'*') {
                if !cursor.eat_word(b"as") {
                    return false;
                }
                let Some(here) = cursor.word() else {
                    return false;
                };
                listed += 1;
                names.push((Taken::All, here));
            } else {
                let Some(here) = cursor.word() else {
                    return false;
                };
                listed += 1;
                names.push((Taken::Default, here));
            }
            if !cursor.eat(b',') {
                break;
            }
        }
        let by = if cursor.eat(b'=') {
            if !cursor.eat_word(b"require") || !cursor.eat(b'(') {
                return false;
            }
            names.iter_mut().for_each(|(there, _)| *there = Taken::All);
            By::Require
        } else if cursor.eat_word(b"from") {
            By::Import
        } else {
            return false;
        };
        let Some(module) = cursor.literal() else {
            return false;
        };
        if by == By::Require {
            cursor.eat(b')');
        }
        if cursor.eat_word(b"with") && cursor.eat(b'{') {
            self.list(cursor, &mut 0);
        }
        // `import {} from "x"` runs x, `import { type T } from "x"` may not.
        if !types && (!names.is_empty() || listed == 0) {
            self.take(module, by, names);
        }
        true
    }

    /// `type` behind `import` or `export`, where it is no name itself: `import type from "x"`, `import type, { a } from "x"`.
    fn is_of_types(&self, cursor: &mut Cursor<'a>) -> bool {
        let mut ahead = *cursor;
        if !(ahead.eat_word(b"type") || ahead.eat_word(b"typeof")) {
            return false;
        }
        let mut name = ahead;
        let is = match name.word() {
            Some(word) => {
                // `import type from from "x"` takes a type that is called from.
                self.word(word) != b"from" || name.eat_word(b"from")
            }
            None => matches!(name.peek(), b'{' | b'*'),
        };
        if is {
            *cursor = ahead;
        }
        is
    }

    /// The names up to `}`, those of types left out; `count` is how many stood there with them.
    fn list(&mut self, cursor: &mut Cursor<'a>, count: &mut usize) -> Vec<Listed> {
        let mut names = Vec::new();
        while !cursor.eat(b'}') {
            let before = cursor.at;
            let types = {
                let mut ahead = *cursor;
                let typed = ahead.eat_word(b"type") || ahead.eat_word(b"typeof");
                // `{ type, b }` and `{ type as c }` take what is called type.
                typed && ahead.word().is_some_and(|w| self.word(w) != b"as")
            };
            if types {
                cursor.word();
            }
            let Some(there) = cursor.literal().or_else(|| cursor.word()) else {
                if cursor.at >= cursor.end {
                    break;
                }
                // A colon of `with { type: "json" }`, a comma, or no list at all.
                cursor.at += 1;
                continue;
            };
            let here = if cursor.eat_word(b"as") {
                cursor.literal().or_else(|| cursor.word())
            } else {
                None
            };
            *count += 1;
            if !types && names.len() < MOST {
                names.push((there, here.unwrap_or(there)));
            }
            cursor.eat(b',');
            if cursor.at == before {
                break;
            }
        }
        names
    }

    /// Links `module`, and the names here to what they are there.
    fn take(&mut self, module: Span, by: By, names: Vec<(Taken, Span)>) -> Option<usize> {
        let there = names.iter().map(|(there, _)| *there).collect();
        let link = self.link(module, by, there)?;
        for (i, (_, here)) in names.iter().enumerate() {
            self.locals
                .insert(self.word(*here), (Use::Link(link, i), NOWHERE));
        }
        Some(link)
    }

    /// Where the statements of `from..end` begin, and what they declare.
    pub(super) fn statements(&mut self, from: usize, end: usize) {
        let mut exported = Vec::new();
        let mut owned = Vec::new();
        let mut done = from;
        let text = self.text;
        let lines = memchr_iter(b'\n', &text[from..end]).map(|i| from + i + 1);
        for at in std::iter::once(from).chain(lines) {
            let begins = text.get(at).is_some_and(|&b| {
                at < end && (is_word(b) || matches!(b, b'@' | b'(' | b'[' | b'!' | b'+' | b';'))
            });
            if at < done || !begins {
                continue;
            }
            let mut cursor = Cursor::new(text, at, end).with_comments_of(LONGEST_COMMENT);
            self.statement(&mut cursor, &mut exported, &mut owned);
            done = cursor.at;
        }
        for (name, local) in exported {
            let to = self.locals.get(self.word(local)).map(|(to, _)| *to);
            self.export(name, to);
        }
        // `Button.displayName = "Button"` is run for nobody but those who take the button.
        for (name, part) in owned {
            if let Some(&(Use::Part(of), _)) = self.locals.get(self.word(name))
                && of != part
            {
                self.module.parts[part].always = false;
                self.module.parts[of].uses.push(Use::Part(part));
            }
        }
    }

    /// The statement at `cursor`, which is left where its first words end.
    fn statement(
        &mut self,
        cursor: &mut Cursor<'a>,
        exported: &mut Vec<Listed>,
        owned: &mut Vec<(Span, usize)>,
    ) {
        let start = cursor.at;
        let Some(first) = cursor.word() else {
            self.part(start, true);
            cursor.at = start;
            return;
        };
        match self.word(first) {
            b"import" => {
                let mut ahead = *cursor;
                let declares = self.import(&mut ahead);
                if declares {
                    self.inert(start);
                } else {
                    self.part(start, true);
                }
                // A list without an end is read once.
                *cursor = ahead;
            }
            b"export" => self.exported(start, cursor, exported),
            b"type" | b"interface" | b"declare" if is_declaration(*cursor) => self.inert(start),
            _ => {
                let behind = *cursor;
                cursor.at = start;
                if self.declaration(cursor, start).is_some() {
                    return;
                }
                cursor.at = cursor.at.max(behind.at);
                let part = self.part(start, true);
                if behind.peek() == b'.' {
                    owned.push((first, part));
                }
                self.module.open |= matches!(self.word(first), b"module" | b"exports")
                    && matches!(behind.peek(), b'.' | b'[' | b' ');
            }
        }
    }

    fn exported(&mut self, start: usize, cursor: &mut Cursor<'a>, exported: &mut Vec<Listed>) {
        let mut types = *cursor;
        let of_types = self.is_of_types(&mut types) && {
            types.trivia();
            matches!(types.peek(), b'{' | b'*')
        };
        if of_types {
            *cursor = types;
        }
        if cursor.eat(b'{') {
            let names = self.list(cursor, &mut 0);
            self.inert(start);
            let mut ahead = *cursor;
            let module = if ahead.eat_word(b"from") {
                ahead.literal()
            } else {
                None
            };
            let Some(module) = module else {
                exported.extend(
                    names
                        .into_iter()
                        .filter(|_| !of_types)
                        .map(|(here, there)| (there, here)),
                );
                return;
            };
            *cursor = ahead;
            if of_types || names.is_empty() {
                return;
            }
            let there: Vec<_> = names
                .iter()
                .map(|(there, _)| Taken::Name(self.keep(*there)))
                .collect();
            if let Some(link) = self.link(module, By::Export, there) {
                for (i, (_, name)) in names.into_iter().enumerate() {
                    self.export(name, Some(Use::Link(link, i)));
                }
            }
            return;
        }
        if cursor.eat(b'*') {
            self.inert(start);
            let name = if cursor.eat_word(b"as") {
                cursor.literal().or_else(|| cursor.word())
            } else {
                None
            };
            let module = if cursor.eat_word(b"from") {
                cursor.literal()
            } else {
                None
            };
            let Some(module) = module.filter(|_| !of_types) else {
                return;
            };
            match name {
                Some(name) => {
                    if let Some(link) = self.link(module, By::Export, vec![Taken::All]) {
                        self.export(name, Some(Use::Link(link, 0)));
                    }
                }
                None => {
                    self.link(module, By::Star, Vec::new());
                }
            }
            return;
        }
        let mut ahead = *cursor;
        if let Some(default) = ahead.word().filter(|&w| self.word(w) == b"default") {
            *cursor = ahead;
            let part = match self.declaration(cursor, start) {
                Some((part, _)) => part,
                None => self.part(start, false),
            };
            self.export(default, Some(Use::Part(part)));
            return;
        }
        let typed = {
            let mut ahead = *cursor;
            let word = ahead.word().map_or(&b""[..], |w| self.word(w));
            matches!(word, b"type" | b"interface" | b"declare") && is_declaration(ahead)
        };
        if typed {
            self.inert(start);
            return;
        }
        match self.declaration(cursor, start) {
            Some((part, names)) => {
                for name in names {
                    self.export(name, Some(Use::Part(part)));
                }
            }
            // `export = x`: all that it is.
            None => {
                self.part(start, true);
                self.module.open = true;
            }
        }
    }

    /// A declaration of values at `cursor`: its part, and the names that it declares. `start` is where the statement begins.
    /// The cursor is moved on where it is none, too, as far as it was looked at.
    fn declaration(&mut self, cursor: &mut Cursor<'a>, start: usize) -> Option<(usize, Vec<Span>)> {
        loop {
            let word = cursor.word()?;
            match self.word(word) {
                b"async" | b"abstract" => {}
                b"const" | b"let" | b"var" => {
                    if cursor.eat_word(b"enum") {
                        let name = cursor.word()?;
                        return Some(self.declare(start, vec![name]));
                    }
                    cursor.trivia();
                    let as_one = is_word(cursor.peek());
                    let names = self.pattern(cursor, DEEPEST);
                    if names.is_empty() {
                        return None;
                    }
                    self.required(cursor, &names, as_one);
                    let names = names.into_iter().map(|(_, here)| here).collect();
                    return Some(self.declare(start, names));
                }
                b"function" => {
                    cursor.eat(b'*');
                    let name = cursor.word();
                    return Some(self.declare(start, name.into_iter().collect()));
                }
                b"class" | b"enum" | b"namespace" | b"module" => {
                    let mut named = *cursor;
                    let name = named
                        .word()
                        .filter(|&w| !matches!(self.word(w), b"extends" | b"implements"));
                    if self.word(word) != b"class" && name.is_none() {
                        return None;
                    }
                    return Some(self.declare(start, name.into_iter().collect()));
                }
                _ => return None,
            }
        }
    }

    /// A part that declares `names`.
    fn declare(&mut self, start: usize, names: Vec<Span>) -> (usize, Vec<Span>) {
        let part = self.part(start, false);
        for name in &names {
            self.locals
                .entry(self.word(*name))
                .or_insert((Use::Part(part), NOWHERE));
        }
        (part, names)
    }

    /// What a pattern binds: for each name what it is called there, and here.
    fn pattern(&mut self, cursor: &mut Cursor<'a>, depth: usize) -> Vec<Listed> {
        cursor.trivia();
        let close = match cursor.peek() {
            b'{' => b'}',
            b'[' => b']',
            _ => return cursor.word().map(|name| (name, name)).into_iter().collect(),
        };
        let mut names = Vec::new();
        cursor.at += 1;
        while depth > 0 && cursor.at < cursor.end && !cursor.eat(close) && names.len() < MOST {
            cursor.trivia();
            if matches!(cursor.peek(), b'{' | b'[') {
                names.extend(self.pattern(cursor, depth - 1));
                continue;
            }
            let Some(there) = cursor.word() else {
                cursor.at += 1;
                continue;
            };
            if cursor.eat(b':') {
                names.extend(
                    self.pattern(cursor, depth - 1)
                        .into_iter()
                        .map(|(_, here)| (there, here)),
                );
            } else {
                names.push((there, there));
            }
            if cursor.eat(b'=') {
                pass_default(cursor);
            }
        }
        names
    }

    /// `= require("x")` behind a pattern: a link whose names those of the pattern are, or which is taken in `as_one`.
    fn required(&mut self, cursor: &mut Cursor<'a>, names: &[Listed], as_one: bool) {
        let mut ahead = *cursor;
        if !(ahead.eat(b'=') && ahead.eat_word(b"require") && ahead.eat(b'(')) {
            return;
        }
        let Some(module) = ahead.literal() else {
            return;
        };
        // Of `require("x").y` it is not known here what is taken: its mention tells.
        if !ahead.eat(b')') || ahead.peek() == b'.' {
            return;
        }
        let names = match names {
            [(_, here)] if as_one => vec![(Taken::All, *here)],
            _ => {
                let names = names.iter();
                names
                    .map(|(there, here)| (Taken::Name(self.keep(*there)), *here))
                    .collect()
            }
        };
        if let Some(link) = self.take(module, By::Require, names) {
            self.required.insert(module.start, link);
        }
        *cursor = ahead;
    }
}

/// Whether a word behind `type`, `interface` or `declare` makes it a declaration.
fn is_declaration(mut cursor: Cursor<'_>) -> bool {
    cursor.peek().is_ascii_whitespace() && cursor.word().is_some()
}

/// Passes the default of a name in a pattern, up to what ends it.
fn pass_default(cursor: &mut Cursor<'_>) {
    let mut depth = 0usize;
    while cursor.at < cursor.end {
        if cursor.literal().is_some() {
            continue;
        }
        match cursor.peek() {
            b'(' | b'[' | b'{' => depth += 1,
            b',' | b')' | b']' | b'}' if depth == 0 => return,
            b')' | b']' | b'}' => depth -= 1,
            _ => {}
        }
        if cursor.at < cursor.end {
            cursor.at += 1;
        }
    }
}
