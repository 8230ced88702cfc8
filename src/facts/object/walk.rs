//! From tokens to pairs: which names lie around a value.
//!
//! One pass with a bounded stack of open brackets. A closing bracket closes what was left open within its pair; one that closes nothing
//! is passed over.

mod brackets;

use super::Dialect;
use super::escapes;
use super::frame::{Frame, Item, Open, Shape};
use super::token::{Kind, Lexer, Token};
use crate::facts::{Facts, Pair, Scope, Via, shell};
use crate::model::Span;

/// Brackets of code that are open at once: several stand around each scope.
const DEEPEST: usize = Facts::DEEPEST * 4;
/// Elements of one list that are given though they are no strings: numbers come by the million.
const BARE: u16 = 256;
/// Words before the brace of a block of HCL.
const WORDS: usize = 8;

struct Walk<'a> {
    text: &'a [u8],
    dialect: Dialect,
    facts: Facts,
    /// Never empty: the first is the document.
    frames: Vec<Frame>,
    /// How many frames each closing bracket could close, by [`class`].
    waiting: [usize; 3],
    /// Brackets that are open and have no frame: nothing is read in them.
    beyond: usize,
    /// The words of the header of a block of HCL.
    words: Vec<Span>,
    before: Token,
    full: bool,
}

/// What `text` states, whose tokens `lexer` gives.
pub(in crate::facts) fn walk(text: &[u8], dialect: Dialect, mut lexer: impl Lexer) -> Facts {
    let root = match dialect {
        Dialect::Script => Open::Block,
        Dialect::Json | Dialect::Hcl => Open::Object,
    };
    let start = Span::new(0, 0);
    let mut walk = Walk {
        text,
        dialect,
        facts: Facts::default(),
        frames: vec![Frame::new(root, Scope::TOP, None)],
        waiting: [0; 3],
        beyond: 0,
        words: Vec::new(),
        before: Token {
            kind: Kind::Semicolon,
            span: start,
            inner: start,
            newline: false,
        },
        full: false,
    };
    while !walk.full {
        let token = lexer.next(walk.before.kind);
        if token.kind == Kind::End {
            break;
        }
        walk.token(&token);
        walk.before = token;
    }
    walk.facts.cut |= lexer.cut() || walk.beyond > 0 || walk.frames.len() > 1;
    while walk.frames.len() > 1 {
        walk.pop();
    }
    walk.finish();
    // A pair of an object's `name` and `value` is known at its end only.
    walk.facts.pairs.sort_by_key(|pair| pair.key.start);
    walk.facts
}

impl Walk<'_> {
    fn top(&mut self) -> &mut Frame {
        let last = self.frames.len() - 1;
        &mut self.frames[last]
    }

    fn token(&mut self, token: &Token) {
        if self.beyond > 0 {
            match token.kind {
                Kind::Open(_) => self.beyond += 1,
                Kind::Close(_) => self.beyond -= 1,
                _ => {}
            }
            return;
        }
        if self.begins_item(token) {
            self.finish();
        }
        match token.kind {
            Kind::Open(bracket) => self.open(bracket, token),
            Kind::Close(bracket) => self.close(bracket, token),
            Kind::Comma if self.top().item.angles == 0 => self.finish(),
            Kind::Semicolon => self.finish(),
            Kind::Colon => self.colon(token),
            Kind::Assign => self.assign(token),
            _ => self.word(token),
        }
    }

    /// Whether an item ends before `token` though nothing separates the two.
    fn begins_item(&mut self, token: &Token) -> bool {
        let ended = self.before.kind.ends_value();
        let (open, begun) = (self.top().open, self.top().item.begun());
        match self.dialect {
            Dialect::Hcl => token.newline && open == Open::Object && begun,
            Dialect::Json => {
                let begins = matches!(token.kind, Kind::Name | Kind::Text { .. } | Kind::Open(_));
                ended && begun && begins
            }
            Dialect::Script => {
                let open = matches!(open, Open::Object | Open::Block | Open::Array);
                let begins = match token.kind {
                    Kind::Name | Kind::Keyword => !matches!(
                        &self.text[token.span.range()],
                        b"in" | b"of" | b"instanceof" | b"as" | b"satisfies"
                    ),
                    Kind::Text { .. } | Kind::Open(b'{') => true,
                    _ => false,
                };
                token.newline && ended && begun && open && begins
            }
        }
    }

    fn word(&mut self, token: &Token) {
        let text = self.text;
        let word = &text[token.span.range()];
        let before = self.before;
        let keyless = self.top().item.key.is_none();
        match self.dialect {
            Dialect::Script if token.kind == Kind::Name => {
                let item = &mut self.top().item;
                if before.kind.ends_value()
                    && item.shape != Shape::Empty
                    && matches!(word, b"as" | b"satisfies")
                {
                    item.complete = true;
                }
            }
            Dialect::Script
                if token.kind == Kind::Keyword
                    && word == b"default"
                    && &text[before.span.range()] == b"export" =>
            {
                self.top().item = Item::of(token.span);
                return;
            }
            Dialect::Hcl if keyless && self.words.len() < WORDS => {
                self.words.push(token.inner);
            }
            _ => {}
        }
        self.top().item.take(token);
    }

    fn colon(&mut self, token: &Token) {
        let before = self.before;
        let case = self.dialect == Dialect::Script && self.is_case();
        let frame = self.top();
        match frame.open {
            Open::Object if frame.item.key.is_none() => {
                frame.item = frame.item.head.map_or_else(Item::default, Item::of);
            }
            Open::Block if case => self.finish(),
            Open::Block | Open::Call | Open::Group
                if frame.item.key.is_none() && before.kind != Kind::Colon =>
            {
                frame.item.typed = true;
            }
            _ => frame.item.take(token),
        }
    }

    /// Whether the item is a `case` or `default` of a switch.
    fn is_case(&mut self) -> bool {
        let text = self.text;
        self.top().item.value.is_some_and(|value| {
            let item = &text[value.range()];
            item.starts_with(b"case") || item == b"default"
        })
    }

    fn assign(&mut self, token: &Token) {
        let hcl = self.dialect == Dialect::Hcl;
        let item = &mut self.top().item;
        match item.head {
            Some(head) if !hcl || item.key.is_none() => *item = Item::of(head),
            _ => item.take(token),
        }
    }

    fn open(&mut self, bracket: u8, token: &Token) {
        if self.frames.len() > DEEPEST {
            self.beyond += 1;
            self.facts.cut = true;
            return;
        }
        let frame = match bracket {
            b'{' => self.brace(),
            b'[' => self.square(token),
            _ => self.round(),
        };
        self.top().item.extend(token.span);
        self.waiting[class(frame.open.close())] += 1;
        self.frames.push(frame);
        self.words.clear();
    }

    fn close(&mut self, bracket: u8, token: &Token) {
        if self.waiting[class(bracket)] == 0 {
            return;
        }
        while self.frames.len() > 1 {
            if self.pop() == bracket {
                break;
            }
        }
        self.top().item.extend(token.span);
    }

    /// Closes the last bracket, and makes of it a part of the item that it stands in. Gives the bracket that closes it.
    fn pop(&mut self) -> u8 {
        self.finish();
        let Some(frame) = self.frames.pop() else {
            return 0;
        };
        let bracket = frame.open.close();
        self.waiting[class(bracket)] -= 1;
        self.named(&frame);
        let parent = self.top();
        let item = &mut parent.item;
        item.head = None;
        match frame.open {
            Open::Object | Open::Array => item.add(Shape::Composite),
            Open::Call | Open::Group => item.add(Shape::Expression),
            Open::Index => {
                item.add(Shape::Expression);
                item.head = frame.name;
            }
            Open::Block if parent.open == Open::Block && item.key.is_none() => {
                *item = Item::default();
            }
            Open::Block => item.add(Shape::Body),
        }
        bracket
    }

    /// The pair that an object makes whose members are a name and a value.
    fn named(&mut self, frame: &Frame) {
        if let (Some(key), Some(valued)) = (frame.label, frame.valued)
            && let Some(pair) = self.facts.pairs.get(valued)
        {
            let pair = Pair {
                key,
                ..pair.clone()
            };
            self.full |= !self.facts.add(pair);
        }
    }

    /// Ends the item, and gives its pair.
    fn finish(&mut self) {
        self.words.clear();
        let (text, dialect) = (self.text, self.dialect);
        let next = self.facts.pairs.len();
        let frame = self.top();
        let item = std::mem::take(&mut frame.item);
        let Some(whole) = item.value else {
            return;
        };
        let (value, quoted, escaped) = match item.shape {
            Shape::Empty | Shape::Composite | Shape::Body => return,
            Shape::Text { inner, escaped } => (inner, true, escaped),
            Shape::Expression => (whole, false, false),
        };
        let (key, via) = match (item.key, frame.open) {
            (Some(key), _) => (key, Via::Assignment),
            (None, Open::Array) => match frame.name {
                Some(name) if quoted => (name, Via::Item),
                Some(name) if dialect == Dialect::Json && frame.bare < BARE => {
                    frame.bare += 1;
                    (name, Via::Item)
                }
                _ => return,
            },
            // `{ key }`
            (None, Open::Object) if dialect == Dialect::Script && item.head == Some(whole) => {
                (whole, Via::Assignment)
            }
            (None, Open::Index) => {
                frame.name = Some(value);
                return;
            }
            _ => return,
        };
        let scope = frame.scope;
        let pair = Pair {
            within: scope,
            read: escaped.then(|| escapes::read(&text[value.range()])),
            ..Pair::new(key, value, quoted, via)
        };
        if frame.open == Open::Object {
            match member(&text[key.range()]) {
                Some(Member::Name) if quoted && !value.is_empty() => {
                    frame.label.get_or_insert(value);
                }
                Some(Member::Value) => frame.valued = Some(next),
                _ => {}
            }
        }
        let commands = frame.commands && quoted;
        self.full |= !self.facts.add(pair);
        if commands && !self.full {
            let scope = self.facts.enter(scope, key);
            shell::commands(text, value, scope, &mut self.facts);
        }
    }
}

/// Which of the three kinds a closing bracket is of.
fn class(bracket: u8) -> usize {
    match bracket {
        b'}' => 0,
        b']' => 1,
        _ => 2,
    }
}

/// The members of an object that stands for a pair.
enum Member {
    Name,
    Value,
}

/// As Postman, HAR, ECS and CloudFormation call them.
fn member(key: &[u8]) -> Option<Member> {
    let is = |words: [&[u8]; 3]| words.iter().any(|word| key.eq_ignore_ascii_case(word));
    match key.len() {
        3..=14 if is([b"name", b"key", b"ParameterKey"]) => Some(Member::Name),
        3..=14 if is([b"value", b"value", b"ParameterValue"]) => Some(Member::Value),
        _ => None,
    }
}
