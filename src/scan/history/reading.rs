//! One text of the history under one path: which credentials stand where.

use super::fresh;
use crate::classify::Setting;
use crate::facts::Format;
use crate::git::pack::Op;
use crate::model::{Identity, RelPath, Span, Standing};
use crate::rules::{Anchor, Document, Part, Ruleset, Scratch};
use crate::scan::judge;
use crate::text::{Syntax, Window, Windows};

/// Values of one text that are kept, and anchors.
const MOST: usize = 10_000;
/// So much of a script is read around a change, in bytes: a command can go over several lines.
const AROUND: usize = 512;

/// A path, and what rules ask of it.
pub(super) struct Place {
    pub path: RelPath,
    syntax: Syntax,
    format: Option<Format>,
    /// Equal for paths under which a text reads the same.
    pub class: u64,
    /// The configuration leaves it out.
    pub excluded: bool,
}

impl Place {
    pub(super) fn new(path: RelPath, rules: &Ruleset, excluded: bool) -> Self {
        Self {
            syntax: Syntax::of_path(&path),
            format: Format::of_path(&path),
            class: rules.class_of(&path),
            excluded,
            path,
        }
    }

    fn document<'a>(
        &'a self,
        text: &'a [u8],
        setting: &'a Setting<'a>,
        whole: bool,
    ) -> Document<'a> {
        Document {
            path: &self.path,
            syntax: self.syntax,
            text,
            whole,
            beginning: text,
            setting,
        }
    }

    /// Whether a reader of the format needs all of a file; what it finds stands under names of secrets then.
    fn is_read_as_a_whole(&self) -> bool {
        self.format.is_some_and(|format| format != Format::Shell)
    }
}

/// Where a value stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Sighting {
    pub span: Span,
    pub value: Identity,
}

/// What was read of a text.
#[derive(Clone, Debug, Default)]
pub(super) struct Reading {
    /// In the order of the text.
    pub sightings: Vec<Sighting>,
    /// Where something may begin that goes over several lines: changes near it are read with all of that.
    anchors: Vec<Anchor>,
    /// A text made of this one has to be read as a whole, as its format demands.
    whole: bool,
    /// More values stand in it than are kept.
    pub cut: bool,
}

/// What texts are read with.
pub(super) struct Reader<'a> {
    rules: &'a Ruleset,
    /// Texts are read as those of the tree are, so that the quick way can be held against that.
    plain: bool,
    scratch: Scratch,
}

impl<'a> Reader<'a> {
    pub(super) fn new(rules: &'a Ruleset, plain: bool) -> Self {
        Self {
            rules,
            plain,
            scratch: Scratch::default(),
        }
    }

    /// Reads all of `text`.
    pub(super) fn whole(&mut self, place: &Place, text: &[u8]) -> Reading {
        let all = Span::new(0, text.len());
        let setting = Setting::new(&place.path, Standing::Tracked);
        let document = place.document(text, &setting, true);
        let part = match self.plain {
            true => Part {
                hits: self.rules.credentials(&document).hits,
                ..Part::default()
            },
            false => self.rules.credentials_at(&document, all, &mut self.scratch),
        };
        let mut reading = Reading {
            whole: part.names && place.is_read_as_a_whole() || part.anchors.len() > MOST,
            ..Reading::default()
        };
        reading.add(part, all);
        reading.sort();
        reading
    }

    /// Reads what `ops` added to or took from the text that `base` was read of, and takes over the rest. `changes`: where they did.
    pub(super) fn changed(
        &mut self,
        place: &Place,
        text: &[u8],
        base: &Reading,
        ops: &[Op],
        changes: &[Span],
    ) -> Reading {
        if base.whole {
            return self.whole(place, text);
        }
        let mut reading = Reading::default();
        let anchors: Vec<Span> = base.anchors.iter().map(|a| Span::new(a.at, a.at)).collect();
        for (i, span) in fresh::moved(ops, &anchors) {
            let at = span.start;
            reading.anchors.push(Anchor {
                at,
                ..base.anchors[i]
            });
        }
        let sightings: Vec<Span> = base.sightings.iter().map(|s| s.span).collect();
        let moved = fresh::moved(ops, &sightings);
        // What stood where something was changed is looked for again, with what it may begin by.
        let known = moved
            .iter()
            .map(|(_, span)| fresh::with_lines(*span, text, Anchor::NEAR));
        let reached = reading.anchors.iter().map(|anchor| anchor.span(text));
        let mut grown = Vec::new();
        let changes = match moved.is_empty() && reading.anchors.is_empty() {
            true => changes,
            false => {
                grown.extend_from_slice(changes);
                fresh::grow(&mut grown, known.chain(reached));
                &grown
            }
        };
        let setting = Setting::new(&place.path, Standing::Tracked);
        for change in changes {
            let part = self.part(place, text, *change, &setting);
            if part.names && place.is_read_as_a_whole() {
                return self.whole(place, text);
            }
            // What begins here finds its end by itself; what it takes the place of was known.
            reading.add(part, *change);
        }
        for (i, span) in moved {
            if !fresh::touches(changes, span) {
                let value = base.sightings[i].value;
                reading.sightings.push(Sighting { span, value });
            }
        }
        reading.sort();
        reading.whole = reading.anchors.len() > MOST;
        reading
    }

    /// What stands at `wanted`.
    fn part(&mut self, place: &Place, text: &[u8], wanted: Span, setting: &Setting<'_>) -> Part {
        let mut document = place.document(text, setting, false);
        let part = self
            .rules
            .credentials_at(&document, wanted, &mut self.scratch);
        if place.format != Some(Format::Shell) || !part.names && !part.commands {
            return part;
        }
        // Commands are read by lines: a reader of the format serves a part of them.
        let lines = fresh::with_lines(wanted, text, AROUND);
        document.text = &text[lines.range()];
        document.whole = true;
        let all = Span::new(0, lines.len());
        let mut part = self.rules.credentials_at(&document, all, &mut self.scratch);
        for hit in &mut part.hits {
            hit.span = Span::new(hit.span.start + lines.start, hit.span.end + lines.start);
        }
        for anchor in &mut part.anchors {
            anchor.at += lines.start;
        }
        part
    }
}

/// Reads a text that is long or not in UTF-8 window by window: where its values stand is nobody's concern. Gives them, and whether there are
/// more than are kept.
pub(super) fn windows(rules: &Ruleset, place: &Place, bytes: &[u8]) -> (Vec<Identity>, bool) {
    let mut values = Vec::new();
    let mut cut = false;
    let setting = Setting::new(&place.path, Standing::Tracked);
    // Bytes in memory are read without an error.
    let _ = Windows::read(&mut &*bytes, &mut |window: Window<'_>| {
        let document = place.document(window.text, &setting, window.whole);
        setting.contexts(window.text);
        let hits = rules.credentials(&document).hits.into_iter();
        let hits = hits.filter(|hit| (window.from..window.to).contains(&hit.span.start));
        values.extend(hits.filter_map(|hit| judge::value_of(&hit)));
        values.sort_unstable();
        values.dedup();
        cut |= values.len() > MOST;
        values.truncate(MOST);
    });
    (values, cut)
}

impl Reading {
    /// Adds what was found where `wanted` stands.
    fn add(&mut self, part: Part, wanted: Span) {
        self.anchors.extend(part.anchors);
        let hits = part
            .hits
            .into_iter()
            .filter(|hit| hit.span.overlaps(wanted));
        for hit in hits {
            let span = hit.span;
            if self.sightings.len() < MOST {
                let value = judge::value_of(&hit);
                self.sightings
                    .extend(value.map(|value| Sighting { span, value }));
            } else {
                self.cut = true;
            }
        }
    }

    fn sort(&mut self) {
        self.sightings.sort_unstable();
        self.sightings.dedup();
        self.anchors.sort_unstable();
        self.anchors.dedup();
    }
}
