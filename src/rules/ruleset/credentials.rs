//! What is asked of history: the rules on text and settings that find credentials, in a part of a text, and which paths are alike to them.
//! No program is parsed.

use std::hash::{BuildHasher, Hash, Hasher};

use foldhash::fast::FixedState;

use super::{ESCAPES, NAMES, Ruleset, literals};
use crate::classify::contexts;
use crate::classify::kinds;
use crate::facts::{self, Format};
use crate::formats::{Gate, Literal, Pattern, Seen};
use crate::model::{Hit, RelPath, Span};
use crate::rules::reading::{
    Relevant, facts_of, is_read_anyhow, is_told_by_name, judged, names_a_secret,
};
use crate::rules::{Document, Reading, pair, text, wrapped};
use crate::text::Syntax;

/// What it wakes when it is a command that takes credentials behind options that have no name.
const COMMANDS: u32 = u32::MAX - 1;
/// What [`Ruleset::credentials_at`] finds.
#[derive(Debug, Default)]
pub struct Part {
    /// What the rules found.
    pub hits: Vec<Hit>,
    /// A name that means a secret stands there.
    pub names: bool,
    /// A command stands there that takes credentials behind options that have no name.
    pub commands: bool,
    /// Words of what may go over several lines.
    pub anchors: Vec<Anchor>,
    /// Where escapes begin.
    pub escapes: Vec<usize>,
    /// Something wrapped stands there that goes over several lines, or is longer than what is looked at around a change.
    pub wrapped: bool,
}

/// What [`Ruleset::credentials_at`] works with, to be used again.
#[derive(Default)]
pub struct Scratch {
    names: Vec<usize>,
    seen: Vec<Seen>,
    woken: Vec<usize>,
}

/// Where a word of something stands that may go over several lines, and how far that may reach.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Anchor {
    /// The place of the word in the text.
    pub at: usize,
    /// Bytes before it.
    pub before: usize,
    /// Bytes from it on.
    pub behind: usize,
}

impl Anchor {
    /// What reaches no further than so many bytes is no anchor: so far around a change everything is looked at anew.
    pub const NEAR: usize = 64;

    /// All that it may reach in `text`.
    pub fn span(&self, text: &[u8]) -> Span {
        let end = text.len().min(self.at + self.behind);
        Span::new(self.at.saturating_sub(self.before), end)
    }
}

impl Ruleset {
    /// Holds the rules that find credentials against what stands at `part` of `document`, with what stands around it. What they find need
    /// not stand in it all, and is not merged.
    pub fn credentials_at(
        &self,
        document: &Document<'_>,
        part: Span,
        scratch: &mut Scratch,
    ) -> Part {
        let mut found = self.found_at(document, part, scratch);
        let escapes = std::mem::take(&mut found.escapes);
        found.wrapped = wrapped::hits(self, document, part, escapes, &mut found.hits);
        for hit in &mut found.hits {
            self.rename(document, hit);
        }
        found
            .hits
            .retain(|hit| !hit.silent && hit.check.is_credential());
        found
    }

    /// The same with what is silent or no credential, and without what is wrapped.
    pub(in crate::rules) fn found_at(
        &self,
        document: &Document<'_>,
        part: Span,
        scratch: &mut Scratch,
    ) -> Part {
        let mut found = Part::default();
        let Scratch { names, seen, woken } = scratch;
        names.clear();
        let text = document.text;
        self.credential_gate()
            .each(&text[part.range()], |wakes, at| {
                let at = part.start + at;
                if wakes == NAMES {
                    names.push(at);
                    return;
                }
                if wakes == ESCAPES {
                    found.escapes.push(at);
                    return;
                }
                if wakes == COMMANDS {
                    found.commands = true;
                    return;
                }
                for wakes in self.woken_with(wakes as usize) {
                    let rule = &self.rules[wakes];
                    let reach = rule.pattern.as_ref().and_then(Pattern::reach_over_lines);
                    if let Some((before, behind)) =
                        reach.filter(|(before, behind)| before.max(behind) > &Anchor::NEAR)
                        && rule.wants(document)
                    {
                        found.anchors.push(Anchor { at, before, behind });
                    }
                    woken.push(wakes);
                    text::hits(&self.rules, wakes, document, at, seen, &mut found.hits);
                }
            });
        for rule in woken.drain(..) {
            if let Some(seen) = seen.get_mut(rule) {
                *seen = Seen::default();
            }
        }
        names.sort_unstable();
        found.names = names_a_secret(text, names);
        if found.names || judged(document, names).next().is_some() || is_read_anyhow(document) {
            let (facts, format) = facts_of(document, names);
            let relevant = Relevant::of(document, names, format);
            for pair in facts.pairs.iter().filter(|pair| relevant.is(&facts, pair)) {
                pair::judge(self, document, (&facts, format), pair, &mut found.hits);
            }
        }
        found
    }

    fn credential_gate(&self) -> &Gate {
        self.credential_gate.get_or_init(|| {
            let wanted: Vec<bool> = self
                .rules
                .iter()
                .map(|rule| rule.check.is_credential())
                .collect();
            let mut literals = literals(&self.rules, |rule| wanted[rule], &[], None);
            literals.extend(facts::nameless().map(|command| Literal {
                bytes: command.to_vec(),
                any_case: false,
                wakes: COMMANDS,
            }));
            Gate::new(literals)
        })
    }

    /// Equal for paths under which [`Ruleset::credentials`] finds the same in a text.
    pub fn class_of(&self, path: &RelPath) -> u64 {
        let mut hasher = FixedState::default().build_hasher();
        let format = Format::of_path(path);
        format.hash(&mut hasher);
        format
            .is_some_and(|f| is_told_by_name(f, path))
            .hash(&mut hasher);
        Syntax::of_path(path).hash(&mut hasher);
        contexts::of_path(path).hash(&mut hasher);
        kinds::kind(path, b"").hash(&mut hasher);
        let rules = self
            .rules
            .iter()
            .filter(|rule| rule.check.is_credential() && rule.code.is_none());
        for asked in rules.filter_map(|rule| rule.asks_for_path(path)) {
            asked.hash(&mut hasher);
        }
        hasher.finish()
    }

    /// Holds the rules against `document` that find credentials written down in text or settings; what the others find is silent. No
    /// program is parsed.
    pub fn credentials(&self, document: &Document<'_>) -> Reading {
        let mut reading = self.read_as(document, None);
        for hit in &mut reading.hits {
            hit.silent |= !hit.check.is_credential();
        }
        reading
    }
}
