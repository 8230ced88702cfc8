//! What stands in every text that a rule on programs can hit: asked before the text is parsed.

use super::place::At;
use super::wake::{is_plain, lasts, longest};
use crate::classify::names::NameClass;
use crate::formats::literals::Shape;
use crate::model::{Condition, Rule};

/// A shorter word stands everywhere.
const SHORTEST: usize = 3;

/// Of these one is true of the text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Clause {
    /// One of them stands in it.
    pub words: Vec<String>,
    /// A name in it means a secret.
    pub name: bool,
}

impl Clause {
    /// Whether the text can be one.
    pub(super) fn fits(&self, text: &[u8], names_a_secret: &dyn Fn() -> bool) -> bool {
        let stands = |word: &String| memchr::memmem::find(text, word.as_bytes()).is_some();
        self.words.iter().any(stands) || self.name && names_a_secret()
    }
}

/// All that must be true of a text that `rule` hits.
pub(super) fn clauses(rule: &Rule) -> Vec<Clause> {
    let mut clauses: Vec<Clause> = rule.all.iter().flat_map(of).collect();
    let any: Option<Vec<Clause>> = rule
        .any
        .iter()
        .map(|c| of(c).into_iter().max_by_key(weight))
        .collect();
    if let Some(any) = any.filter(|any| !any.is_empty()) {
        clauses.push(Clause {
            words: any.iter().flat_map(|c| c.words.clone()).collect(),
            name: any.iter().any(|c| c.name),
        });
    }
    clauses.extend(clause(
        rule.imports.iter().map(|glob| longest(glob)).collect(),
    ));
    clauses
}

/// The clause that fits the fewest texts, as far as its words tell.
fn weight(clause: &Clause) -> (bool, usize) {
    let shortest = clause.words.iter().map(String::len).min();
    (!clause.name, shortest.unwrap_or(0))
}

fn of(condition: &Condition) -> Vec<Clause> {
    let may_be_missing = |word: &String| matches!(&**word, "absent" | "present" | "unknown");
    if condition.is.iter().any(may_be_missing) {
        return Vec::new();
    }
    let mut clauses = Vec::new();
    let at = At::parse(&condition.at);
    if at.as_ref().is_some_and(At::is_elsewhere) {
        return clauses;
    }
    if let Some(at) = at {
        clauses.extend(
            at.names()
                .into_iter()
                .filter_map(|name| clause(vec![name.to_owned()])),
        );
    }
    for globs in [&condition.callee, &condition.calls] {
        let lasts = globs.iter().flat_map(|glob| lasts(glob));
        clauses.extend(clause(lasts.map(|last| longest(&last)).collect()));
    }
    let shape = condition
        .text
        .as_ref()
        .and_then(|text| Shape::of(text).ok());
    // Parts of a path may stand in brackets, or on lines of their own.
    let piece = |keyword: &String| {
        let pieces = keyword.split(|c: char| !c.is_alphanumeric() && c != '_' && c != '-');
        pieces
            .max_by_key(|piece| piece.len())
            .unwrap_or_default()
            .to_owned()
    };
    clauses.extend(shape.and_then(|shape| clause(shape.keywords.iter().map(piece).collect())));
    let secret = |classes: &[String]| {
        let holds = |class: &String| class.parse().is_ok_and(NameClass::holds_secret);
        !classes.is_empty() && classes.iter().all(holds)
    };
    let asks = condition.mentions == Some(true) || condition.reads == Some(true);
    if secret(&condition.name) || secret(&condition.yields) || asks {
        clauses.push(Clause {
            words: Vec::new(),
            name: true,
        });
    }
    clauses
}

/// That one of `words` stands in the text, if all are long enough to tell.
fn clause(words: Vec<String>) -> Option<Clause> {
    let tells = !words.is_empty() && words.iter().all(|w| w.len() >= SHORTEST && is_plain(w));
    tells.then_some(Clause { words, name: false })
}
