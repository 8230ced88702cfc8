//! All rules held against one text: the gate wakes them, settings and programs are read where one asks for them.

use super::{CODE, ESCAPES, NAMES, Ruleset, gate};
use crate::facts::{self, Language};
use crate::formats::Gate;
use crate::model::{Context, Contexts, Hit, Severity, Span, Why};
use crate::rules::compiled::Compiled;
use crate::rules::merge::merge;
use crate::rules::reading::{Relevant, facts_of};
use crate::rules::{Document, Reading, code, pair, text, wrapped};

/// Where what is found is mostly made up.
const MADE_UP: &[Context] = &[Context::Test, Context::Docs, Context::Example];

/// A text of more bytes is long.
const LONG: usize = 64 << 10;

impl Ruleset {
    /// Holds all rules against `document`.
    pub fn read(&self, document: &Document<'_>) -> Reading {
        self.read_as(document, Language::of_path(document.path))
    }

    /// Holds the rules against `document`, those on programs as one in `language`.
    pub(super) fn read_as(&self, document: &Document<'_>, language: Option<Language>) -> Reading {
        let (mut hits, mut names) = (Vec::new(), Vec::new());
        let mut seen = Vec::new();
        let (mut woken, mut escapes) = (Vec::new(), Vec::new());
        let gate = language.map_or(&self.gate, |language| self.program_gate(language));
        gate.each(document.text, |wakes, at| {
            if wakes == NAMES {
                names.push(at);
            } else if wakes == ESCAPES {
                escapes.push(at);
            } else if wakes >= CODE {
                let word = (wakes - CODE) as usize;
                if self.words[word].0.stands(document.text, at, language) {
                    woken.push((word, at));
                }
            } else {
                for rule in self.woken_with(wakes as usize) {
                    text::hits(&self.rules, rule, document, at, &mut seen, &mut hits);
                }
            }
        });
        let mut reading = Reading::default();
        names.sort_unstable();
        if let Some(language) = language {
            woken.sort_unstable();
            reading.unparsed = !self.read_code(document, language, &woken, &names, &mut hits);
        }
        if !self.pairs.is_empty() {
            let (facts, format) = facts_of(document, &names);
            reading.settings = facts.pairs.len();
            let by_place = facts.pairs.iter().filter(|pair| pair.role.is_some());
            reading.hidden.extend(by_place.map(|pair| pair.value));
            let judged = Relevant::of(document, &names, format);
            for pair in facts.pairs.iter().filter(|p| judged.is(&facts, p)) {
                let stated = pair::judge(self, document, (&facts, format), pair, &mut hits);
                reading.stated.extend(stated);
            }
        }
        let all = Span::new(0, document.text.len());
        wrapped::hits(self, document, all, escapes, &mut hits);
        for hit in &mut hits {
            self.rename(document, hit);
        }
        if language.is_some() {
            reading.checked = facts::checked(document.text, &names);
        }
        let (evidence, hits): (Vec<_>, Vec<_>) =
            hits.into_iter().partition(|hit| hit.evidence.is_some());
        reading.evidence = evidence;
        let (dormant, hits) = hits.into_iter().partition(|hit| hit.dormant);
        reading.dormant = dormant;
        let (silent, hits): (Vec<_>, Vec<_>) = hits.into_iter().partition(|hit| hit.silent);
        reading.hits = merge(hits);
        reading.hits.extend(silent);
        reading
    }

    pub(super) fn program_gate(&self, language: Language) -> &Gate {
        self.program_gates[language as usize]
            .get_or_init(|| gate(&self.rules, &self.words, Some(language)))
    }

    /// Holds the rules on programs against `document`, if it may hold what one of them looks for: `woken` tells which words stand in it and
    /// where, sorted, `names` where words of secrets do. Whether all of it was read that they asked for.
    fn read_code(
        &self,
        document: &Document<'_>,
        language: Language,
        woken: &[(usize, usize)],
        names: &[usize],
        hits: &mut Vec<Hit>,
    ) -> bool {
        let rules = self.woken(document, language, woken, names);
        if rules.is_empty() {
            return true;
        }
        // Documents hold pieces of programs, which need not be whole.
        let pieces = document.contexts().has(Context::Docs);
        match facts::program(document.path, document.text) {
            Some(program) => {
                code::hits(&rules, document, &program, hits);
                !program.cut || pieces
            }
            None => pieces,
        }
    }

    /// The rules on programs that may hit something in `document`.
    pub(super) fn woken(
        &self,
        document: &Document<'_>,
        language: Language,
        woken: &[(usize, usize)],
        names: &[usize],
    ) -> Vec<&Compiled> {
        if woken.is_empty() && names.is_empty() {
            return Vec::new();
        }
        let Some(parts) = facts::scripts(document.path, document.text) else {
            return self.woken_by(document, language, woken, names);
        };
        // What stands outside of the scripts of a page says nothing of them.
        let in_parts = |at: usize| {
            let behind = parts.partition_point(|part| part.end <= at);
            parts.get(behind).is_some_and(|part| part.start <= at)
        };
        let woken: Vec<_> = woken.iter().copied().filter(|w| in_parts(w.1)).collect();
        let names: Vec<_> = names.iter().copied().filter(|&at| in_parts(at)).collect();
        self.woken_by(document, language, &woken, &names)
    }

    fn woken_by(
        &self,
        document: &Document<'_>,
        language: Language,
        woken: &[(usize, usize)],
        names: &[usize],
    ) -> Vec<&Compiled> {
        // Each rule with the places of its words, word by word.
        let mut called: Vec<(usize, &[(usize, usize)])> = Vec::new();
        for places in woken.chunk_by(|a, b| a.0 == b.0) {
            let rules = &self.words[places[0].0].1;
            called.extend(rules.iter().map(|&rule| (rule, places)));
        }
        if !names.is_empty() {
            called.extend(self.by_name.iter().map(|&rule| (rule, &[][..])));
        }
        called.retain(|&(rule, _)| self.rules[rule].languages.contains(&language));
        called.sort_unstable_by_key(|&(rule, places)| (rule, places.first().copied()));
        // What a text says of where it stands takes longer to tell than what a short one may hold.
        let of_path = document.setting.of_path();
        let is_long = document.text.len() > LONG;
        if called.is_empty()
            || !code::is_read(document, of_path)
            || is_long && !code::is_read(document, document.contexts())
        {
            return Vec::new();
        }
        let asked = code::Asked::new(document.text, language, names);
        let made_up = |contexts: Contexts| !self.advice && contexts.any(MADE_UP);
        let in_tests = made_up(of_path);
        let mut rules: Vec<&Compiled> = called
            .chunk_by(|a, b| a.0 == b.0)
            .map(|called| (&self.rules[called[0].0], called))
            .filter(|(rule, _)| !(in_tests && rule.is_advice_in_tests()))
            .filter(|(rule, called)| {
                let words = called.iter().filter_map(|(_, places)| {
                    let (word, _) = places.first()?;
                    Some((&self.words[*word].0, *places))
                });
                let code = rule.code.as_ref();
                code.is_some_and(|code| code.may_hit(&rule.rule, language, &asked, words))
            })
            .map(|(rule, _)| rule)
            .collect();
        if rules.is_empty() || !code::is_read(document, document.contexts()) {
            return Vec::new();
        }
        let made_up = made_up(document.contexts());
        rules.retain(|rule| !(made_up && rule.is_advice_in_tests()) && rule.may_want(document));
        rules
    }

    /// Whether a rule on programs wakes at a text, so that it is parsed.
    #[cfg(test)]
    pub(in crate::rules) fn wakes(&self, path: &crate::model::RelPath, text: &[u8]) -> bool {
        let (mut names, mut woken) = (Vec::new(), Vec::new());
        let language = Language::of_path(path).expect("a program");
        self.program_gate(language).each(text, |wakes, at| {
            if wakes == NAMES {
                names.push(at);
            } else if (CODE..ESCAPES).contains(&wakes) {
                let word = (wakes - CODE) as usize;
                if self.words[word].0.stands(text, at, Some(language)) {
                    woken.push((word, at));
                }
            }
        });
        names.sort_unstable();
        woken.sort_unstable();
        let document = Document {
            path,
            syntax: crate::text::Syntax::of_path(path),
            text,
            beginning: text,
            whole: true,
            setting: &crate::classify::Setting::new(path, crate::model::Standing::Tracked),
        };
        !self.woken(&document, language, &woken, &names).is_empty()
    }

    /// What the rules find in `document`, evidence among it.
    pub fn hits(&self, document: &Document<'_>) -> Vec<Hit> {
        let mut reading = self.read(document);
        reading.hits.append(&mut reading.evidence);
        reading.hits
    }

    /// A credential in a pipeline is told as one: by that name where its own name is all that is known of it, and beside its kind else.
    pub(super) fn rename(&self, document: &Document<'_>, hit: &mut Hit) {
        if hit.severity == Severity::Info || !self.kinds.contains_key(&hit.check.family) {
            return;
        }
        let kind = document.kind();
        let told = self.kinds[&hit.check.family]
            .iter()
            .find(|(of, _)| Some(*of) == kind);
        let Some((_, check)) = told else { return };
        if hit.check.id == hit.check.family {
            hit.check = check.clone();
            hit.silent = !self.wants(&check.id);
            if let Some(severity) = self.severity(&check.id) {
                hit.severity = severity;
                hit.because(Why::Configured);
            }
        } else if hit.check.id != check.id {
            hit.also.push(check.id.clone());
        }
    }
}
