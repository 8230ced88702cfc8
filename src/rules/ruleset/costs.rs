//! What rules take: for those who write them.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use super::{CODE, ESCAPES, NAMES, Ruleset};
use crate::facts::{self, Language};
use crate::rules::reading::{Relevant, facts_of};
use crate::rules::{Document, code, pair, text};

/// What one rule took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cost {
    /// How often something woke it.
    pub woken: u64,
    /// What it took then.
    pub time: Duration,
    /// What it found, before it is weighed.
    pub hits: u64,
}

/// What texts took, by what is done with them. Rules on text and on programs are told one by one; of those on settings, of which
/// the first that fits speaks, all together.
#[derive(Clone, Debug, Default)]
pub struct Costs {
    /// Bytes that were read.
    pub bytes: u64,
    /// To look for the words that wake rules.
    pub gate: Duration,
    /// To read settings, and to judge them.
    pub settings: Duration,
    /// To read programs, for all rules on them.
    pub programs: Duration,
    /// Rules by name; those that nothing woke are left out.
    pub rules: HashMap<String, Cost>,
}

impl Ruleset {
    /// Adds to `costs` what these rules take for a text. Slower than [`Ruleset::read`], and finds no more: for measuring alone.
    pub fn measure(&self, document: &Document<'_>, costs: &mut Costs) {
        let language = Language::of_path(document.path);
        let gate = language.map_or(&self.gate, |language| self.program_gate(language));
        let mut wakes = Vec::new();
        costs.bytes += document.text.len() as u64;
        costs.gate += time(|| gate.each(document.text, |what, at| wakes.push((what, at))));
        let (mut names, mut words) = (Vec::new(), Vec::new());
        let mut rules: HashMap<usize, Vec<usize>> = HashMap::new();
        for (what, at) in wakes {
            if what == NAMES {
                names.push(at);
            } else if (CODE..ESCAPES).contains(&what) {
                let word = (what - CODE) as usize;
                if self.words[word].0.stands(document.text, at, language) {
                    words.push((word, at));
                }
            } else if what < CODE {
                for rule in self.woken_with(what as usize) {
                    rules.entry(rule).or_default().push(at);
                }
            }
        }
        names.sort_unstable();
        words.sort_unstable();
        for (rule, places) in rules {
            let (mut seen, mut hits) = (Vec::new(), Vec::new());
            // Room for what is seen is made once a text for all rules, so it is not this one's.
            text::hits(
                &self.rules,
                rule,
                document,
                document.text.len(),
                &mut seen,
                &mut hits,
            );
            let took = time(|| {
                for &at in &places {
                    text::hits(&self.rules, rule, document, at, &mut seen, &mut hits);
                }
            });
            self.add(costs, rule, places.len(), took, hits.len());
        }
        costs.settings += time(|| {
            let (facts, format) = facts_of(document, &names);
            let judged = Relevant::of(document, &names, format);
            let mut hits = Vec::new();
            for pair in facts.pairs.iter().filter(|pair| judged.is(&facts, pair)) {
                pair::judge(self, document, (&facts, format), pair, &mut hits);
            }
        });
        if let Some(language) = language {
            self.measure_code(document, language, &words, &names, costs);
        }
    }

    fn measure_code(
        &self,
        document: &Document<'_>,
        language: Language,
        words: &[(usize, usize)],
        names: &[usize],
        costs: &mut Costs,
    ) {
        let begun = Instant::now();
        let woken = self.woken(document, language, words, names);
        let program = (!woken.is_empty())
            .then(|| facts::program(document.path, document.text))
            .flatten();
        costs.programs += begun.elapsed();
        let Some(program) = program else { return };
        for rule in woken {
            let mut hits = Vec::new();
            let took = time(|| code::hits(&[rule], document, &program, &mut hits));
            let at = self
                .rules
                .iter()
                .position(|known| std::ptr::eq(known, rule));
            if let Some(at) = at {
                self.add(costs, at, 1, took, hits.len());
            }
        }
    }

    fn add(&self, costs: &mut Costs, rule: usize, woken: usize, took: Duration, hits: usize) {
        let name = self.rules[rule].rule.name().to_owned();
        let cost = costs.rules.entry(name).or_default();
        cost.woken += woken as u64;
        cost.time += took;
        cost.hits += hits as u64;
    }
}

fn time(work: impl FnOnce()) -> Duration {
    let begun = Instant::now();
    work();
    begun.elapsed()
}
