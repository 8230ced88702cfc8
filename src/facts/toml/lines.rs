//! What is no TOML, read line by line.
//!
//! Takes templates, duplicate keys, forgotten quotes: a header or a key begins a line, and where its value breaks the grammar the next line is
//! read as if nothing had been. Dates and numbers are the text up to the next mark.

use toml::de::DeValue;

use super::{bare, string};
use crate::facts::{Facts, Pair, Scope, Via};
use crate::model::Span;

/// Brackets and braces in one another.
const DEEPEST: usize = 32;

/// What the lines of `text` state.
pub(super) fn read(text: &[u8]) -> Facts {
    let mut lines = Lines {
        text,
        at: if text.starts_with(b"\xef\xbb\xbf") {
            3
        } else {
            0
        },
        facts: Facts::default(),
    };
    let mut table = Scope::TOP;
    while lines.at < text.len() && !lines.facts.cut {
        lines.skip(true);
        let begun = lines.at;
        let understood = if lines.eat(b'[') {
            lines.eat(b'[');
            let header = lines.key(Scope::TOP);
            if let Some((scope, name)) = header {
                table = lines.facts.enter(scope, name);
            }
            header.is_some()
        } else {
            lines.assignment(table, 0).is_some()
        };
        if !understood {
            // What broke it may be the next key: its line is read anew.
            let line = memchr::memrchr(b'\n', &text[..lines.at]).map_or(0, |i| i + 1);
            if line > begun {
                lines.at = line;
                continue;
            }
        }
        lines.at +=
            memchr::memchr(b'\n', &text[lines.at..]).map_or(text.len() - lines.at, |i| i + 1);
    }
    lines.facts
}

struct Lines<'a> {
    text: &'a [u8],
    at: usize,
    facts: Facts,
}

impl Lines<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    fn eat(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    /// Past blanks; past line breaks and comments too where they are `free`.
    fn skip(&mut self, free: bool) {
        while let Some(b) = self.peek() {
            match b {
                b' ' | b'\t' => self.at += 1,
                b'\n' | b'\r' if free => self.at += 1,
                b'#' if free => {
                    let rest = &self.text[self.at..];
                    self.at += memchr::memchr(b'\n', rest).unwrap_or(rest.len());
                }
                _ => break,
            }
        }
    }

    /// `a.b."c"`: the scope of its last part, and that part.
    fn key(&mut self, mut within: Scope) -> Option<(Scope, Span)> {
        let mut last = None;
        loop {
            self.skip(false);
            let start = self.at;
            if let Some(quote @ (b'"' | b'\'')) = self.peek() {
                self.at = self.closing(quote)?;
            } else {
                let named =
                    |b: &&u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | 0x80..);
                self.at += self.text[start..].iter().take_while(named).count();
            }
            let part = bare(self.text, Span::new(start, self.at));
            if self.at == start {
                return None;
            }
            if let Some(outer) = last.replace(part) {
                within = self.facts.enter(within, outer);
            }
            self.skip(false);
            if !self.eat(b'.') {
                return Some((within, part));
            }
        }
    }

    /// `key = value`; none where it is neither, or the value does not end.
    fn assignment(&mut self, table: Scope, depth: usize) -> Option<()> {
        let (within, key) = self.key(table)?;
        if !self.eat(b'=') {
            return None;
        }
        self.skip(false);
        self.value(key, within, Via::Assignment, depth)
    }

    fn value(&mut self, key: Span, within: Scope, via: Via, depth: usize) -> Option<()> {
        let start = self.at;
        match self.peek() {
            Some(b'[') if depth < DEEPEST => {
                self.members(b']', |lines| lines.value(key, within, Via::Item, depth + 1))
            }
            Some(b'{') if depth < DEEPEST => {
                let scope = self.facts.enter(within, key);
                self.members(b'}', |lines| lines.assignment(scope, depth + 1))
            }
            Some(b'[' | b'{') => None,
            Some(quote @ (b'"' | b'\'')) => {
                let Some(end) = self.closing(quote) else {
                    let marks = if self.text[start..].starts_with(&[quote; 3]) {
                        3
                    } else {
                        1
                    };
                    return self.bare(key, within, via, start + marks, depth);
                };
                self.at = end;
                let whole = Span::new(start, end);
                let literal = std::str::from_utf8(&self.text[whole.range()]).ok();
                let decoded = match literal
                    .and_then(|s| DeValue::parse(s).ok())
                    .map(toml::Spanned::into_inner)
                {
                    Some(DeValue::String(decoded)) => Some(decoded),
                    _ => None,
                };
                let mut pair = string(
                    self.text,
                    key,
                    whole,
                    decoded.as_deref().unwrap_or_default().as_bytes(),
                    via,
                );
                if decoded.is_none() {
                    pair.read = None;
                }
                self.facts.add(Pair { within, ..pair }).then_some(())
            }
            _ => self.bare(key, within, via, start, depth),
        }
    }

    /// A value up to the next mark that ends one.
    fn bare(
        &mut self,
        key: Span,
        within: Scope,
        via: Via,
        start: usize,
        depth: usize,
    ) -> Option<()> {
        let ends = |b: &u8| match b {
            b'\n' | b'#' => true,
            b',' | b']' | b'}' | b'=' => depth > 0,
            _ => false,
        };
        let rest = &self.text[start..];
        let length = rest.iter().position(ends).unwrap_or(rest.len());
        let value = Span::new(start, start + rest[..length].trim_ascii_end().len());
        self.at = start + length;
        let pair = Pair {
            within,
            ..Pair::new(key, value, false, via)
        };
        let broken = depth > 0 && self.peek() == Some(b'=');
        (!broken && self.facts.add(pair)).then_some(())
    }

    /// The members of an array or an inline table, up to what closes it.
    fn members(
        &mut self,
        close: u8,
        mut member: impl FnMut(&mut Self) -> Option<()>,
    ) -> Option<()> {
        self.at += 1;
        loop {
            self.skip(true);
            if self.eat(close) {
                return Some(());
            }
            member(self)?;
            self.skip(true);
            if !self.eat(b',') && self.peek() != Some(close) {
                return None;
            }
        }
    }

    /// Behind the string that begins here; none where it does not end on its line, or with its three quotes. That is looked for to the end
    /// of the text at most once: three quotes that are not the last ones are closed by the next.
    fn closing(&self, quote: u8) -> Option<usize> {
        let rest = &self.text[self.at..];
        let long = rest.starts_with(&[quote; 3]);
        let mut i = if long { 3 } else { 1 };
        while let Some(&b) = rest.get(i) {
            match b {
                b'\\' if quote == b'"' => i += 1,
                b'\n' if !long => return None,
                b if b == quote && !long => return Some(self.at + i + 1),
                b if b == quote && rest[i..].starts_with(&[quote; 3]) => {
                    // One or two quotes may stand before the three.
                    let more = rest[i + 3..].iter().take(2).take_while(|&&b| b == quote);
                    return Some(self.at + i + 3 + more.count());
                }
                _ => {}
            }
            i += 1;
        }
        None
    }
}
