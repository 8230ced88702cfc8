//! The events of the parser, turned into pairs and the scopes around them.

mod scalar;

use std::borrow::Cow;

use saphyr_parser::{Event, Parser, ScalarStyle, Tag};

use super::super::{Facts, Pair, Scope, Via, shell};
use super::offsets::{Offsets, Watch};
use super::words::{Manifest, Named, is_command, item};
use super::{Level, Rest};
use crate::model::Span;

use scalar::Scalar;

/// Collections in one another; the lines are read instead where there are more.
const DEEPEST: usize = 200;

/// Tags of CloudFormation whose lists hold text that is used as it is; the elements of every other tagged list are names of things.
const OF_TEXT: &[&str] = &["Join", "Sub", "If", "Select", "Split", "Base64"];

/// A mapping or a sequence that has begun.
struct Frame {
    kind: Kind,
    /// What its pairs lie in.
    scope: Scope,
    /// The column of its first key.
    column: usize,
    /// The key of the mapping around it, and the column of that.
    entered: Option<(Span, usize)>,
}

enum Kind {
    Mapping {
        /// The key whose value comes next.
        key: Option<Span>,
        named: Named,
    },
    Sequence {
        key: Span,
        /// What the sequence lies in.
        outer: Scope,
        /// Its elements are no values.
        quiet: bool,
        /// The pair whose value it is, where it has a tag.
        tagged: Option<usize>,
    },
}

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
                if let Some(Frame {
                    kind:
                        Kind::Sequence {
                            tagged: Some(i), ..
                        },
                    ..
                }) = self.frames.pop()
                    && let Some(pair) = self.facts.pairs.get_mut(i)
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
        let tag = tag.filter(|t| scalar::is_own(t));
        let mut frame = Frame {
            kind: Kind::Mapping {
                key: None,
                named: Named::default(),
            },
            scope: Scope::TOP,
            column,
            entered: None,
        };
        let mut list = Span::new(at.start, at.start);
        let mut outer = Scope::TOP;
        let mut muted = false;
        if let Some(around) = self.frames.last_mut() {
            frame.scope = around.scope;
            outer = around.scope;
            match &mut around.kind {
                Kind::Sequence {
                    key,
                    outer: o,
                    quiet,
                    ..
                } => {
                    list = *key;
                    outer = *o;
                    muted = *quiet;
                }
                Kind::Mapping { key, .. } => match key.take() {
                    // A collection that is a key.
                    None => *key = Some(list),
                    Some(name) => {
                        list = name;
                        // What is merged in lies where it is merged.
                        if &text[name.range()] != b"<<" {
                            frame.scope = self.facts.enter(around.scope, name);
                            frame.entered = Some((name, around.column));
                        }
                    }
                },
            }
        }
        let mut room = true;
        if sequence {
            let mut tagged = None;
            if let Some(tag) = tag {
                muted = !OF_TEXT.contains(&tag.suffix.as_str());
                tagged = Some(self.facts.pairs.len());
                let value = Span::new(scalar::tag_in(text, at), at.end);
                room = self.facts.add(Pair {
                    within: outer,
                    ..Pair::new(list, value, false, Via::Assignment)
                });
            }
            frame.kind = Kind::Sequence {
                key: list,
                outer,
                quiet: muted,
                tagged,
            };
        }
        self.frames.push(frame);
        Next::where_room(room)
    }

    fn scalar(&mut self, scalar: Scalar) -> Next {
        self.done = self.done.max(scalar.value.end);
        self.plain = scalar.plain.then_some(scalar.value);
        let around: Vec<Span> = self
            .frames
            .iter()
            .take(3)
            .filter_map(|f| Some(f.entered?.0))
            .collect();
        let whole = self.frames.len() == around.len() + 1;
        let Some(frame) = self.frames.last_mut() else {
            return Next::Event;
        };
        match &mut frame.kind {
            Kind::Sequence {
                key, outer, quiet, ..
            } => {
                if *quiet || scalar.value.is_empty() {
                    return Next::Event;
                }
                let scopes = (*outer, frame.scope);
                let pair = scalar.pair(*key, frame.scope);
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
                if whole {
                    self.manifest.see(self.text, &around, &pair, self.facts);
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
            Kind::Sequence { .. } => None,
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
