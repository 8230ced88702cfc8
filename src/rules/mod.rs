//! Rules: loaded, compiled, matched.
//!
//! Takes packs of checks and rules (the built-in ones, and users') and documents; gives hits. Knows nothing of context, severity
//! by place, or ignores: `scan` judges what comes out of here.

mod code;
mod compiled;
pub mod examples;
mod globs;
mod load;
mod merge;
mod pair;
mod reading;
mod ruleset;
#[cfg(test)]
mod schema;
pub mod shown;
mod text;
mod wrapped;

pub use load::{Loaded, folder, packs};
pub use pair::Stated;
pub use ruleset::{Anchor, Choice, Cost, Costs, Part, Ruleset, Scratch};

use crate::classify::Setting;
use crate::classify::kinds::Kind;
use crate::model::{Contexts, Hit, RelPath, Span};
use crate::text::Syntax;

/// A text to hold the rules against.
#[derive(Clone, Copy)]
pub struct Document<'a> {
    /// Its path, for rules that look at some files only.
    pub path: &'a RelPath,
    /// How it writes values down.
    pub syntax: Syntax,
    /// The text, or a window of it.
    pub text: &'a [u8],
    /// The text is the whole file, so that a reader of its format may be asked.
    pub whole: bool,
    /// How the file begins that the text is of, which tells what the file is.
    pub beginning: &'a [u8],
    /// Where it stands.
    pub setting: &'a Setting<'a>,
}

impl Document<'_> {
    fn kind(&self) -> Option<Kind> {
        self.setting.kind(self.beginning)
    }

    fn contexts(&self) -> Contexts {
        self.setting.contexts(self.beginning)
    }
}

/// What was read of a document.
#[derive(Default)]
pub struct Reading {
    /// What the rules found, in the order of the text; then what silent ones found.
    pub hits: Vec<Hit>,
    /// What would be found if the file were client code, as it may be; silent ones among them.
    pub dormant: Vec<Hit>,
    /// The names that mean a secret or say whose it is, with their values.
    pub stated: Vec<Stated>,
    /// Values that are secrets by their place, whatever they are called: nothing is found in them, and nothing of them is shown.
    pub hidden: Vec<Span>,
    /// Names and values of any sort, where all of them were read.
    pub settings: usize,
    /// What is a fault only beside what stands in other files.
    pub evidence: Vec<Hit>,
    /// Variables of the environment that the program looks at before it uses them, as far as a line tells.
    pub checked: Vec<Span>,
    /// It is a program that rules on code asked for, and it was not read to its end.
    pub unparsed: bool,
}

impl Reading {
    /// Whether nobody has to be told of anything in it.
    pub fn is_empty(&self) -> bool {
        self.hits.is_empty()
            && self.stated.is_empty()
            && self.evidence.is_empty()
            && self.checked.is_empty()
            && self.dormant.is_empty()
    }
}
