//! One text of the history under one path: which credentials stand where.

use super::fresh::{self, Region};
use crate::classify::Setting;
use crate::facts::Format;
use crate::git::pack::Op;
use crate::model::{Identity, RelPath, Span, Standing};
use crate::rules::{Document, Ruleset};
use crate::scan::judge;
use crate::text::{Syntax, Window, Windows};

/// Values of one text that are kept.
const MOST: usize = 10_000;
/// A value that is longer than what is read around a change has to be read as a whole.
const LONG: usize = 256;

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
    /// A text made of this one has to be read as a whole: something stands in it that does not end close to where it begins.
    whole: bool,
}

/// Reads all of `text`.
pub(super) fn whole(rules: &Ruleset, place: &Place, text: &[u8]) -> Reading {
    let stir = rules.stir(text);
    let mut reading = Reading {
        sightings: Vec::new(),
        whole: stir.long || stir.names && place.format.is_some_and(is_read_as_a_whole),
    };
    if stir.any || place.format.is_some_and(|format| !is_read_as_a_whole(format)) {
        reading.add(rules, place, text, Span::new(0, text.len()), Span::new(0, text.len()));
    }
    reading
}

/// Reads what `ops` added to or took from the text that `base` was read of, and takes over the rest.
pub(super) fn changed(
    rules: &Ruleset,
    place: &Place,
    text: &[u8],
    base: &Reading,
    ops: &[Op],
    regions: &[Region],
) -> Reading {
    if base.whole {
        return whole(rules, place, text);
    }
    let mut reading = Reading::default();
    for sighting in &base.sightings {
        let mut places = fresh::moved(ops, sighting.span).peekable();
        if places.peek().is_none() && sighting.span.len() > LONG {
            return whole(rules, place, text);
        }
        let kept = places.filter(|span| !regions.iter().any(|r| r.changed.overlaps(*span)));
        reading.sightings.extend(kept.map(|span| Sighting { span, ..*sighting }));
    }
    let by_lines = place.format.is_some_and(|format| !is_read_as_a_whole(format));
    for region in regions {
        let stir = rules.stir(&text[region.changed.range()]);
        if stir.long || stir.names && place.format.is_some_and(is_read_as_a_whole) {
            return whole(rules, place, text);
        }
        if stir.any || by_lines {
            reading.add(rules, place, text, region.read, region.changed);
        }
    }
    reading.sightings.sort_unstable();
    reading.sightings.dedup();
    reading.sightings.truncate(MOST);
    reading
}

/// Reads a text that is long or not in UTF-8 window by window: where its values stand is nobody's concern.
pub(super) fn windows(rules: &Ruleset, place: &Place, bytes: &[u8]) -> Vec<Identity> {
    let mut values = Vec::new();
    let setting = Setting::new(&place.path, Standing::Tracked);
    // Bytes in memory are read without an error.
    let _ = Windows::read(&mut &*bytes, &mut |window: Window<'_>| {
        let document = Document {
            path: &place.path,
            syntax: place.syntax,
            text: window.text,
            whole: window.whole,
            beginning: window.text,
            setting: &setting,
        };
        setting.contexts(window.text);
        let hits = rules.credentials(&document).hits.into_iter();
        let hits = hits.filter(|hit| (window.from..window.to).contains(&hit.span.start));
        values.extend(hits.filter_map(|hit| judge::value_of(&hit)));
        values.truncate(MOST);
    });
    values.sort_unstable();
    values.dedup();
    values
}

/// Whether a reader of the format needs all of a file; what it finds stands under names of secrets then.
fn is_read_as_a_whole(format: Format) -> bool {
    format != Format::Shell
}

impl Reading {
    /// Adds what stands at `wanted`, read with all of `around`.
    fn add(&mut self, rules: &Ruleset, place: &Place, text: &[u8], around: Span, wanted: Span) {
        let setting = Setting::new(&place.path, Standing::Tracked);
        let all = around.len() == text.len();
        let document = Document {
            path: &place.path,
            syntax: place.syntax,
            text: &text[around.range()],
            whole: all || place.format == Some(Format::Shell),
            beginning: text,
            setting: &setting,
        };
        for hit in rules.credentials(&document).hits {
            let span = Span::new(hit.span.start + around.start, hit.span.end + around.start);
            if span.overlaps(wanted) && self.sightings.len() < MOST {
                let value = judge::value_of(&hit);
                self.sightings.extend(value.map(|value| Sighting { span, value }));
            }
        }
    }
}
