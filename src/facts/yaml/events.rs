//! The events of the parser, turned into pairs and the scopes around them.

mod frame;
mod scalar;

use std::borrow::Cow;

use saphyr_parser::{Event, Parser, ScalarStyle, Tag};

use super::super::{Facts, Pair, Scope, Via, shell};
use super::offsets::{Offsets, Watch};
use super::words::{Manifest, is_command, item};
use super::{Level, Rest};
use crate::model::Span;

use frame::{Frame, Kind};
use scalar::Scalar;

/// Collections in one another; the lines are read instead where there are more.
const DEEPEST: usize = 200;

/// Tags of CloudFormation whose lists hold text that is used as it is; the elements of every other tagged list are names of things.
const OF_TEXT: &[&str] = &["Join", "Sub", "If", "Select", "Split", "Base64"];

/// Reads documents until the text ends (then there is no rest) or is no YAML.
pub(super) fn read(text: &[u8], facts: &mut Facts) -> Option<Rest> {
    let watch = Watch::default();
    let offsets = Offsets::new(text);
    let mut walk = Walk {
        text,
        facts,
        frames: Vec::new(),
        manifest: Manifest::default(),
        done: 0,
        plain: None,
    };
    // After its first error the parser gives errors for ever: it is left at once.
    for event in Parser::new_from_iter(watch.over(text)) {
        let (event, span) = match event {
            Ok(told) => told,
            Err(error) => {
                walk.undo(offsets.byte(error.marker().index()));
                return Some(walk.rest());
            }
        };
        if watch.cut.get() {
            return Some(walk.rest());
        }
        watch.told();
        let at = Span::new(
            offsets.byte(span.start.index()),
            offsets.byte(span.end.index()),
        );
        match walk.event(event, at, span.start.col()) {
            Next::Event => {}
            Next::Lines => return Some(walk.rest()),
            Next::Nothing => return None,
        }
    }
    walk.manifest.end(text, walk.facts);
    None
}

enum Next {
    Event,
    /// The rest is read by lines.
    Lines,
    /// There is no room for more.
    Nothing,
}

impl Next {
    fn where_room(room: bool) -> Self {
        if room { Self::Event } else { Self::Nothing }
    }
}

struct Walk<'a> {
    text: &'a [u8],
    facts: &'a mut Facts,
    frames: Vec<Frame>,
    manifest: Manifest,
    /// The end of what was understood.
    done: usize,
    /// The last value, where it is plain: from it on is read by lines where its last line breaks.
    plain: Option<Span>,
}

impl Walk<'_> {
    fn event(&mut self, event: Event<'_>, at: Span, column: usize) -> Next {
        match event {
            Event::Scalar(value, style, anchor, tag) => {
                let scalar = Scalar::new(self.text, at, &value, style, anchor > 0, tag.as_deref());
                return self.scalar(scalar);
            }
            Event::MappingStart(_, tag) => return self.begin(at, column, tag, false),
            Event::SequenceStart(_, tag) => return self.begin(at, column, tag, true),
            Event::MappingEnd => {
                self.frames.pop();
            }
            Event::SequenceEnd => {
                if at.len() == 1 {
                    self.done = self.done.max(at.end);
                }
                if let Some(Kind::Sequence(list)) = self.frames.pop().map(|f| f.kind)
                    && let Some(pair) = list.tagged.and_then(|i| self.facts.pairs.get_mut(i))
                {
                    pair.value.end = pair.value.end.max(self.done);
                }
            }
            Event::Alias(_) => {
                self.done = self.done.max(at.end);
                if let Some(Kind::Mapping { key, .. }) = self.frames.last_mut().map(|f| &mut f.kind)
                {
                    *key = if key.is_some() { None } else { Some(at) };
                }
            }
            Event::DocumentStart(_) | Event::DocumentEnd => {
                self.manifest.end(self.text, self.facts);
                self.frames.clear();
            }
            Event::StreamStart | Event::StreamEnd | Event::Nothing => {}
        }
        Next::Event
    }

    fn begin(
        &mut self,
        at: Span,
        column: usize,
        tag: Option<Cow<'_, Tag>>,
        sequence: bool,
    ) -> Next {
        let text = self.text;
        // No YAML begins so that people write; every template does.
        let template = matches!(text.get(at.start..at.start + 2), Some(b"{{" | b"{%"));
        if template || self.frames.len() >= DEEPEST {
            self.done = self.done.max(line_of(text, at.start).saturating_sub(1));
            return Next::Lines;
        }
        let mut frame = Frame::within(self.frames.last_mut(), text, column, at.start, self.facts);
        let mut room = true;
        if let (Kind::Sequence(list), true) = (&mut frame.kind, sequence) {
            if let Some(tag) = tag.filter(|t| scalar::is_own(t)) {
                list.quiet = !OF_TEXT.contains(&tag.suffix.as_str());
                list.tagged = Some(self.facts.pairs.len());
                let value = Span::new(scalar::tag_in(text, at), at.end);
                room = self.facts.add(Pair {
                    within: list.outer,
                    ..Pair::new(list.key, value, false, Via::Assignment)
                });
            }
        } else {
            frame.kind = Kind::mapping();
        }
        self.frames.push(frame);
        Next::where_room(room)
    }

    fn scalar(&mut self, scalar: Scalar) -> Next {
        self.done = self.done.max(scalar.value.end);
        self.plain = scalar.plain.then_some(scalar.value);
        let depth = self.frames.len();
        let Some(frame) = self.frames.last_mut() else {
            return Next::Event;
        };
        match &mut frame.kind {
            Kind::Sequence(list) => {
                if list.quiet || scalar.value.is_empty() {
                    return Next::Event;
                }
                let scopes = (list.outer, frame.scope);
                let pair = scalar.pair(list.key, frame.scope);
                Next::where_room(item(self.text, pair, scopes, self.facts))
            }
            Kind::Mapping { key, named } => {
                let Some(name) = key.take() else {
                    *key = Some(scalar.value);
                    return Next::Event;
                };
                let tagged = scalar.tagged;
                let pair = scalar.pair(name, frame.scope);
                let twin = named.see(self.text, &pair);
                let outer = frame.entered.map(|(key, _)| key);
                if depth == 1 || depth == 2 && outer.is_some() {
                    self.manifest.see(self.text, outer, &pair, self.facts);
                }
                let value = pair.value;
                let mut room = self.facts.add(pair);
                if let Some(twin) = twin {
                    room = self.facts.add(twin);
                }
                if room && !tagged && is_command(&self.text[name.range()]) {
                    let scope = self.facts.enter(frame.scope, name);
                    shell::commands(self.text, value, scope, self.facts);
                }
                Next::where_room(room)
            }
        }
    }

    /// The key whose value is awaited, if a mapping is open.
    fn pending(&self) -> Option<Option<Span>> {
        match &self.frames.last()?.kind {
            Kind::Mapping { key, .. } => Some(*key),
            Kind::Sequence(_) => None,
        }
    }

    /// Takes a plain value back where the text breaks in its last line, and is not its first: they are no one value.
    fn undo(&mut self, broken: usize) {
        let Some(value) = self.plain else {
            return;
        };
        let behind = value.end..broken.max(value.end);
        if self.text[value.range()].contains(&b'\n') && !self.text[behind].contains(&b'\n') {
            while self.facts.pairs.last().is_some_and(|p| p.value == value) {
                self.facts.pairs.pop();
            }
            self.manifest.forget(self.facts.pairs.len());
            self.done = line_of(self.text, value.start).saturating_sub(1);
        }
    }

    /// What the reader of lines needs in order to go on after the last thing understood.
    fn rest(self) -> Rest {
        let text = self.text;
        let at = match self.pending() {
            Some(Some(key)) => line_of(text, key.start),
            _ if self.done == 0 => 0,
            _ => {
                memchr::memchr(b'\n', &text[self.done..]).map_or(text.len(), |i| self.done + i + 1)
            }
        };
        let levels = self
            .frames
            .iter()
            .filter_map(|f| {
                let (key, after) = f.entered?;
                Some(Level {
                    after,
                    scope: f.scope,
                    key,
                })
            })
            .collect();
        Rest {
            at,
            levels,
            manifest: self.manifest,
        }
    }
}

impl Scalar {
    fn pair(self, key: Span, within: Scope) -> Pair {
        Pair {
            within,
            read: self.read,
            ..Pair::new(key, self.value, self.quoted, Via::Assignment)
        }
    }
}

/// Where the line begins that `at` is in.
fn line_of(text: &[u8], at: usize) -> usize {
    memchr::memrchr(b'\n', &text[..at]).map_or(0, |i| i + 1)
}

fn is_quoted(style: ScalarStyle) -> bool {
    matches!(style, ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted)
}
