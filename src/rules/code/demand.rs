//! What stands in every text that a rule on programs can hit: asked before the text is parsed.

use super::place::At;
use super::wake::{is_plain, lasts, longest};
use crate::classify::names::NameClass;
use crate::formats::literals::Shape;
use crate::model::{Condition, Rule, Subject};

/// A shorter word stands everywhere.
const SHORTEST: usize = 3;

/// Of these one is true of the text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Clause {
    /// One of them stands in it.
    pub words: Vec<String>,
    /// A name in it means a secret.
    pub name: bool,
    /// The same, outside of what is only said: the words of a message are no names.
    pub bare: bool,
}

impl Clause {
    /// Whether a text can be one; `stands` says whether a word does in it, `names_a_secret` is told whether the words of messages are left
    /// out.
    pub(super) fn fits(
        &self,
        stands: &dyn Fn(&str) -> bool,
        names_a_secret: &dyn Fn(bool) -> bool,
    ) -> bool {
        self.words.iter().any(|word| stands(word))
            || self.name && names_a_secret(false)
            || self.bare && names_a_secret(true)
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
    clauses.extend(any.and_then(one_of));
    clauses.extend(clause(
        rule.imports.iter().map(|glob| longest(glob)).collect(),
    ));
    clauses
}

/// What must be true of what the arguments of calls reach that `rule` hits.
#[derive(Debug, Default)]
pub(super) struct Reached {
    /// One of these stands in the text: what is called is a member of it, or the module that it is from.
    pub on: Option<Clause>,
    /// All of these.
    pub all: Vec<Clause>,
    /// All of one of these; empty where nothing is known of one of them.
    pub any: Vec<Vec<Clause>>,
}

/// What the conditions on arguments ask of a rule on calls.
pub(super) fn reached(rule: &Rule) -> Reached {
    if rule.on != Subject::Call {
        return Reached::default();
    }
    let of_argument = |c: &Condition| -> Vec<Clause> {
        if !At::parse(&c.at).is_some_and(|at| at.is_argument()) {
            return Vec::new();
        }
        let mut clauses = of(c);
        if c.is == ["literal"] {
            clauses.push(Clause {
                words: ["\"", "'", "`"].map(str::to_owned).into(),
                ..Clause::default()
            });
        }
        clauses
    };
    let any: Vec<Vec<Clause>> = rule.any.iter().map(of_argument).collect();
    Reached {
        on: clause(
            rule.callee
                .iter()
                .flat_map(|glob| qualifier(glob))
                .collect(),
        ),
        all: rule.all.iter().flat_map(of_argument).collect(),
        any: if any.iter().any(Vec::is_empty) {
            Vec::new()
        } else {
            any
        },
    }
}

/// Of the parts of a glob those of which one surely stands in a text where something fits it: one before the last where that can be told.
fn qualifier(glob: &str) -> Vec<String> {
    let glob = glob.strip_prefix("new ").unwrap_or(glob);
    let (mut depth, mut parts) = (0usize, vec![String::new()]);
    for c in glob.chars() {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        match parts.last_mut() {
            Some(last) if depth > 0 || c != '.' => last.push(c),
            _ => parts.push(String::new()),
        }
    }
    parts.pop();
    let known = parts.iter().map(|part| lasts(part));
    known
        .filter(|words| words.iter().all(|w| w.len() >= SHORTEST && is_plain(w)))
        .max_by_key(|words| words.iter().map(String::len).min())
        .unwrap_or_else(|| lasts(glob).iter().map(|last| longest(last)).collect())
}

/// That one of `clauses` is true.
fn one_of(clauses: Vec<Clause>) -> Option<Clause> {
    (!clauses.is_empty()).then(|| Clause {
        words: clauses.iter().flat_map(|c| c.words.clone()).collect(),
        name: clauses.iter().any(|c| c.name),
        bare: clauses.iter().any(|c| c.bare),
    })
}

/// The clause that fits the fewest texts, as far as its words tell.
fn weight(clause: &Clause) -> (bool, usize) {
    let shortest = clause.words.iter().map(String::len).min();
    (!(clause.name || clause.bare), shortest.unwrap_or(0))
}

fn of(condition: &Condition) -> Vec<Clause> {
    let may_be_missing = |word: &String| matches!(&**word, "absent" | "present" | "unknown");
    // What is asked of more than its kind must be there.
    let asks = !(condition.name.is_empty()
        && condition.yields.is_empty()
        && condition.value.is_empty()
        && condition.callee.is_empty())
        || condition.text.is_some()
        || condition.mentions.is_some();
    if !asks && condition.is.iter().any(may_be_missing) {
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
    // Parts of a path may stand in brackets, or on lines of their own; all else is matched as it is written.
    let path = At::parse(&condition.at).is_some_and(|at| at.is_path());
    let piece = |keyword: &String| {
        if !path {
            return keyword.clone();
        }
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
    let name = secret(&condition.name) || asks;
    let bare = secret(&condition.yields);
    if name || bare {
        clauses.push(Clause {
            words: Vec::new(),
            name: !bare,
            bare,
        });
    }
    clauses
}

/// That one of `words` stands in the text, if all are long enough to tell.
fn clause(words: Vec<String>) -> Option<Clause> {
    let tells = !words.is_empty() && words.iter().all(|w| w.len() >= SHORTEST && is_plain(w));
    tells.then(|| Clause {
        words,
        ..Clause::default()
    })
}
