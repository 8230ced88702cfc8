//! What an opening bracket opens, told from what stands before it.

use super::super::Dialect;
use super::super::frame::{Frame, Open};
use super::super::token::{Kind, Token};
use super::{BARE, Walk};
use crate::facts::Scope;

impl Walk<'_> {
    /// The scope of an object or a call that begins here.
    fn inner(&mut self) -> Scope {
        let frame = self.top();
        let inherited = match frame.open {
            Open::Array | Open::Group => frame.name,
            _ => None,
        };
        let (scope, name) = (frame.scope, frame.item.key.or(inherited));
        name.map_or(scope, |name| self.facts.enter(scope, name))
    }

    pub(super) fn brace(&mut self) -> Frame {
        if self.dialect == Dialect::Script && self.opens_block() {
            return Frame::new(Open::Block, self.top().scope, None);
        }
        let mut scope = self.inner();
        if self.top().item.key.is_none() && self.top().open == Open::Object {
            for &word in &self.words {
                scope = self.facts.enter(scope, word);
            }
        }
        let text = self.text;
        let mut frame = Frame::new(Open::Object, scope, None);
        frame.commands = self.dialect == Dialect::Json
            && self.frames.len() == 2
            && (self.top().item.key).is_some_and(|key| &text[key.range()] == b"scripts");
        frame
    }

    /// Whether a brace behind the last token opens statements; otherwise it opens an object.
    fn opens_block(&mut self) -> bool {
        let before = &self.text[self.before.span.range()];
        let item = self.top().item;
        match self.before.kind {
            Kind::Semicolon | Kind::Open(b'{') | Kind::Arrow | Kind::More => true,
            Kind::Keyword => !matches!(
                before,
                b"return"
                    | b"default"
                    | b"typeof"
                    | b"yield"
                    | b"await"
                    | b"throw"
                    | b"of"
                    | b"in"
                    | b"case"
            ),
            Kind::Name => !matches!(before, b"as" | b"satisfies"),
            Kind::Colon => self.top().open == Open::Block && item.key.is_none() && !item.typed,
            kind => kind.ends_value(),
        }
    }

    pub(super) fn square(&mut self, token: &Token) -> Frame {
        let frame = self.top();
        let (scope, outer, item) = (frame.scope, frame.outer, frame.item);
        let computed = frame.open == Open::Object && !item.begun();
        let indexed = item.value.is_some() && !token.newline;
        match self.dialect {
            Dialect::Script if computed => Frame::new(Open::Index, scope, None),
            Dialect::Script | Dialect::Hcl if indexed && self.before.kind.ends_value() => {
                Frame::new(Open::Index, scope, None)
            }
            _ => match (item.key, self.top().open) {
                (Some(key), _) => Frame::new(Open::Array, scope, Some(key)),
                (None, Open::Call) => Frame::new(Open::Array, outer, self.top().name),
                (None, Open::Array | Open::Group) => {
                    let mut frame = Frame::new(Open::Array, scope, self.top().name);
                    frame.bare = BARE;
                    frame
                }
                (None, _) => Frame::new(Open::Array, scope, None),
            },
        }
    }

    pub(super) fn round(&mut self) -> Frame {
        let frame = self.top();
        let (scope, head, key) = (frame.scope, frame.item.head, frame.item.key);
        let name = match frame.open {
            Open::Array | Open::Group => key.or(frame.name),
            _ => key,
        };
        let callable = matches!(
            self.before.kind,
            Kind::Name | Kind::More | Kind::Close(b']')
        );
        match head {
            Some(callee) if self.dialect == Dialect::Script && callable => {
                let outer = self.inner();
                let mut frame =
                    Frame::new(Open::Call, self.facts.enter(outer, callee), Some(callee));
                frame.outer = outer;
                frame
            }
            _ => Frame::new(Open::Group, scope, name),
        }
    }
}
