//! XML: configuration of .NET, Java, Maven and Android, property lists.
//!
//! Takes text, gives a pair for each attribute and for the text of each element that holds no other, with the elements around it as
//! scopes. Where a name and a value are attributes, or elements side by side, they make a pair of their own. Tolerates what breaks the
//! grammar: a tag that closes nothing is passed over, an element that is not closed ends with the one around it. Reads no document type
//! and knows no entities but the five and numbers, so that no text grows.

mod content;

#[cfg(test)]
mod tests;

use memchr::{memchr, memchr2, memmem};

use super::{Facts, Pair, Scope, Via};
use crate::model::Span;

/// Elements that are open at once; deeper ones are counted only.
const DEEPEST: usize = Facts::DEEPEST * 4;
/// Elements that a closing tag may leave unclosed.
const UNCLOSED: usize = 8;

/// XML of any kind.
pub(super) fn read(text: &[u8]) -> Facts {
    let mut reader = Reader {
        text,
        at: 0,
        facts: Facts::default(),
        open: Vec::new(),
        beyond: 0,
        full: false,
    };
    while !reader.full {
        match memchr(b'<', &text[reader.at..]) {
            Some(i) => {
                reader.at += i;
                reader.markup();
            }
            None => break,
        }
    }
    reader.facts.cut |= !reader.open.is_empty() || reader.beyond > 0;
    while !reader.full && !reader.open.is_empty() {
        reader.pop(text.len());
    }
    // A name and a value that are elements are known at the second only.
    reader.facts.pairs.sort_by_key(|pair| pair.key.start);
    reader.facts
}

/// An element that is open.
struct Element {
    name: Span,
    /// Where it stands, and what its own scope is called.
    outer: Scope,
    called: Span,
    /// Its own scope, once something lies in it.
    scope: Option<Scope>,
    /// Where its text begins.
    start: usize,
    /// Another element lies in it.
    parent: bool,
    /// What its attribute or element `name` or `key` says, which a `value` follows.
    label: Option<Span>,
    /// In a property list: what the element before said, which names this one.
    key: Option<Span>,
    /// In a property list: what names the next element.
    next: Option<Span>,
}

struct Reader<'a> {
    text: &'a [u8],
    at: usize,
    facts: Facts,
    open: Vec<Element>,
    /// Elements that are open and not in `open`.
    beyond: usize,
    full: bool,
}

impl Reader<'_> {
    fn peek(&self) -> u8 {
        self.text.get(self.at).copied().unwrap_or_default()
    }

    /// Moves behind the next `close`, or to the end.
    fn past(&mut self, close: &[u8]) {
        match memmem::find(&self.text[self.at..], close) {
            Some(i) => self.at += i + close.len(),
            None => {
                self.facts.cut = true;
                self.at = self.text.len();
            }
        }
    }

    /// What begins with the `<` that stands here.
    fn markup(&mut self) {
        let rest = &self.text[self.at..];
        match rest {
            [b'<', b'!', b'-', b'-', ..] => {
                self.at += 4;
                self.past(b"-->");
            }
            _ if rest.starts_with(b"<![CDATA[") => self.past(b"]]>"),
            [b'<', b'!', ..] => self.declaration(),
            [b'<', b'?', ..] => self.past(b"?>"),
            [b'<', b'/', ..] => self.close(),
            [b'<', b, ..] if is_name(*b) => self.tag(),
            _ => self.at += 1,
        }
    }

    /// Past a document type with the declarations within its square brackets.
    fn declaration(&mut self) {
        let mut depth = 0usize;
        while let Some(&b) = self.text.get(self.at) {
            self.at += 1;
            match b {
                b'<' => depth += 1,
                b'>' => depth -= 1,
                b'"' | b'\'' => self.past(&[b]),
                _ => {}
            }
            if depth == 0 {
                return;
            }
        }
        self.facts.cut = true;
    }

    fn name(&mut self) -> Span {
        let start = self.at;
        let rest = &self.text[start..];
        self.at += rest.iter().position(|&b| !is_name(b)).unwrap_or(rest.len());
        Span::new(start, self.at)
    }

    fn blanks(&mut self) {
        let rest = &self.text[self.at..];
        self.at += rest.len() - rest.trim_ascii_start().len();
    }

    fn add(&mut self, key: Span, value: Span, via: Via, within: Scope, escaped: bool) {
        let pair = Pair {
            within,
            read: escaped.then(|| content::read(&self.text[value.range()])),
            ..Pair::new(key, value, via == Via::Assignment, via)
        };
        self.full |= !self.facts.add(pair);
    }

    /// The scope of what lies in `element`.
    fn scope(facts: &mut Facts, element: &mut Element) -> Scope {
        *element
            .scope
            .get_or_insert_with(|| facts.enter(element.outer, element.called))
    }

    /// An element that begins here.
    fn tag(&mut self) {
        self.at += 1;
        let name = self.name();
        let (mut outer, mut key) = (Scope::TOP, None);
        let mut called = name;
        if self.beyond == 0
            && let Some(parent) = self.open.last_mut()
        {
            parent.parent = true;
            outer = Self::scope(&mut self.facts, parent);
            key = parent.next.take();
            called = key.unwrap_or(name);
            // What lies in a list is called what the list is.
            if is(self.text, parent.name, b"array") && parent.key.is_some() {
                (outer, key, called) = (parent.outer, parent.key, parent.called);
            }
        }
        let mut element = Element {
            name,
            outer,
            called,
            scope: None,
            start: 0,
            parent: false,
            label: None,
            key,
            next: None,
        };
        let closed = self.attributes(&mut element);
        element.start = self.at;
        match () {
            () if closed => {}
            () if self.beyond > 0 || self.open.len() >= DEEPEST => {
                self.beyond += 1;
                self.facts.cut = true;
            }
            () => self.open.push(element),
        }
    }

    /// Reads up to the end of a tag; whether it closes its element.
    fn attributes(&mut self, element: &mut Element) -> bool {
        let mut value = None;
        let closed = loop {
            self.blanks();
            match self.peek() {
                b'>' => {
                    self.at += 1;
                    break false;
                }
                b'/' if self.text.get(self.at + 1) == Some(&b'>') => {
                    self.at += 2;
                    break true;
                }
                // The tag is broken: what follows is another.
                b'<' => break false,
                b if is_name(b) => {
                    let name = self.name();
                    self.blanks();
                    if self.peek() != b'=' {
                        continue;
                    }
                    self.at += 1;
                    self.blanks();
                    let said = self.attribute();
                    if self.beyond > 0 {
                        continue;
                    }
                    let escaped = content::is_escaped(&self.text[said.range()]);
                    let scope = Self::scope(&mut self.facts, element);
                    self.add(name, said, Via::Assignment, scope, escaped);
                    if is(self.text, name, b"name") || is(self.text, name, b"key") {
                        element.label = element.label.or(Some(said).filter(|s| !s.is_empty()));
                    } else if is(self.text, name, b"value") {
                        value = Some((said, escaped));
                    }
                }
                _ if self.at >= self.text.len() => {
                    self.facts.cut = true;
                    break false;
                }
                _ => self.at += 1,
            }
        };
        if let (Some(label), Some((value, escaped))) = (element.label, value) {
            element.label = None;
            self.add(label, value, Via::Assignment, element.outer, escaped);
        }
        closed
    }

    /// The value of an attribute, which ends before the next tag at the latest.
    fn attribute(&mut self) -> Span {
        let quote = self.peek();
        let rest = &self.text[self.at..];
        if !matches!(quote, b'"' | b'\'') {
            let ends = |b: &u8| b.is_ascii_whitespace() || matches!(b, b'>' | b'<');
            let length = rest.iter().position(ends).unwrap_or(rest.len());
            self.at += length;
            return Span::new(self.at - length, self.at);
        }
        let start = self.at + 1;
        let length = memchr2(quote, b'<', &rest[1..]);
        self.facts.cut |= length.is_none();
        let end = length.map_or(self.text.len(), |i| start + i);
        self.at = end + usize::from(self.text.get(end) == Some(&quote));
        Span::new(start, end)
    }

    /// A closing tag.
    fn close(&mut self) {
        let end = self.at;
        self.at += 2;
        let name = self.name();
        let rest = &self.text[self.at..];
        self.at += match memchr2(b'>', b'<', rest) {
            Some(i) => i + usize::from(rest[i] == b'>'),
            None => rest.len(),
        };
        if self.beyond > 0 {
            self.beyond -= 1;
            return;
        }
        let closes = |e: &Element| self.text[e.name.range()] == self.text[name.range()];
        let Some(depth) = self.open.iter().rev().take(UNCLOSED).position(closes) else {
            return;
        };
        for _ in 0..=depth {
            self.pop(end);
        }
    }

    /// Ends the last element before `end`.
    fn pop(&mut self, end: usize) {
        let Some(element) = self.open.pop() else {
            return;
        };
        if element.parent || element.start > end {
            return;
        }
        let text = self.text;
        let (value, escaped) = content::trimmed(text, Span::new(element.start, end));
        let word = |word| is(text, element.name, word);
        let mut around = None;
        if let Some(parent) = self.open.last_mut() {
            if word(b"key") && is(text, parent.name, b"dict") {
                parent.next = Some(value).filter(|v| !v.is_empty());
                return;
            }
            if word(b"name") || word(b"key") {
                parent.label = Some(value).filter(|v| !v.is_empty());
            } else if word(b"value") {
                around = parent.label.map(|label| (label, parent.outer));
            }
        }
        if value.is_empty() {
            return;
        }
        match element.key {
            Some(key) if element.called == key => {
                let listed = self.open.last().is_some_and(|p| p.key == Some(key));
                let via = if listed { Via::Item } else { Via::Element };
                self.add(key, value, via, element.outer, escaped);
            }
            _ => self.add(element.name, value, Via::Element, element.outer, escaped),
        }
        if let Some(label) = element.label {
            self.add(label, value, Via::Element, element.outer, escaped);
        }
        if let Some((label, scope)) = around {
            self.add(label, value, Via::Element, scope, escaped);
        }
    }
}

/// Whether what stands at `name`, behind a prefix or not, is `word` in any case.
fn is(text: &[u8], name: Span, word: &[u8]) -> bool {
    let name = &text[name.range()];
    let local = name.rsplit(|&b| b == b':').next().unwrap_or_default();
    local.eq_ignore_ascii_case(word)
}

fn is_name(b: u8) -> bool {
    b.is_ascii_alphanumeric() || matches!(b, b'_' | b':' | b'-' | b'.') || b >= 0x80
}
