//! From a rule's hit to what a report tells: hit, place, finding.

use std::fmt;
use std::sync::Arc;

use serde::{Serialize, Serializer};

use super::{
    Check, Confidence, Contexts, Fix, Origin, Proposal, RelPath, Related, Secret, Severity, Span,
    Step, Why,
};

/// A rule fired. Lives no longer than the document it was found in.
#[derive(Clone, Debug)]
pub struct Hit {
    /// What was found.
    pub check: Arc<Check>,
    /// The rule's severity, before context.
    pub severity: Severity,
    /// The rule's confidence with evidence weighed, before context.
    pub confidence: Confidence,
    /// Where the fault stands; hits of one family merge on it.
    pub span: Span,
    /// The value, if the problem is one.
    pub secret: Option<Secret>,
    /// What must not be shown: the secret, and those of hits that were merged into this one.
    pub hidden: Vec<Span>,
    /// The name that holds the value, if one does: weak values are told apart by it.
    pub key: Option<String>,
    /// What was decoded from the value and is no secret: account, issuer, expiry.
    pub details: Vec<(&'static str, String)>,
    /// Its severity in tests, docs and examples, if that is less.
    pub in_tests: Severity,
    /// Its check is switched off: it is hidden in what is shown, and not reported.
    pub silent: bool,
    /// It is a fault in client code alone, and whether the file is some is not known yet.
    pub dormant: bool,
    /// It was found by a name, not by the value's own format.
    pub by_name: bool,
    /// Its structure was proved.
    pub proved: bool,
    /// It is no fault by itself: what a check over the tree makes of it is.
    pub evidence: Option<Evidence>,
    /// What its rule would do about it.
    pub proposal: Option<Proposal>,
    /// Checks that give way to this one on the same place.
    pub outranks: Vec<String>,
    /// Ids that were merged into this one.
    pub also: Vec<String>,
    /// How it came by its severity and confidence.
    pub steps: Vec<Step>,
}

impl Hit {
    /// Has it weigh `severity` at most, and remembers why if it weighed more.
    pub fn lower(&mut self, severity: Severity, why: Why) {
        if severity < self.severity {
            self.severity = severity;
            self.because(why);
        }
    }

    /// Remembers what was weighed for the severity and the confidence that it has now.
    pub fn because(&mut self, why: Why) {
        self.steps.push(Step {
            why,
            severity: self.severity,
            confidence: self.confidence,
        });
    }
}

/// What a rule saw that is a fault only beside what stands in other files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// The name of the rule.
    pub rule: String,
    /// The program looks whether the variable is there.
    pub guarded: bool,
}

/// A hit, judged and masked: what one line of one file shows.
#[derive(Clone, Debug)]
pub struct Place {
    /// What was found.
    pub check: Arc<Check>,
    /// Severity, context weighed.
    pub severity: Severity,
    /// Confidence, context weighed.
    pub confidence: Confidence,
    /// Where it stands, as far as that matters.
    pub contexts: Contexts,
    /// The file.
    pub path: RelPath,
    /// First line, from 1.
    pub line: usize,
    /// First column in characters, from 1.
    pub column: usize,
    /// Last line.
    pub end_line: usize,
    /// One past the last column, in characters.
    pub end_column: usize,
    /// The line with every secret masked.
    pub excerpt: Excerpt,
    /// Where the bytes came from.
    pub origin: Origin,
    /// Ids that were merged into this one.
    pub also: Vec<String>,
    /// What was decoded from the value and is no secret.
    pub details: Vec<(&'static str, String)>,
    /// Other places that it has to do with.
    pub related: Vec<Related>,
    /// What a program could do about it.
    pub fixes: Vec<Fix>,
    /// What the history of the repository knows of it, where that was read and holds it.
    pub past: Option<Box<Past>>,
    /// What baselines and allow entries know it by.
    pub fingerprint: Fingerprint,
    /// Equal for places that show one value: groups them, is never written anywhere.
    pub identity: Identity,
    /// Why it is not reported, if it is not.
    pub suppression: Option<Suppression>,
    /// How it came by its severity and confidence, in the order in which they were weighed.
    pub steps: Vec<Step>,
}

impl Place {
    /// Remembers what was weighed for the severity and the confidence that it has now.
    pub fn because(&mut self, why: Why) {
        self.steps.push(Step {
            why,
            severity: self.severity,
            confidence: self.confidence,
        });
    }

    /// Whether its steps lead to the severity and the confidence that it has.
    pub fn is_accounted_for(&self) -> bool {
        let last = self.steps.last();
        last.is_some_and(|s| s.severity == self.severity && s.confidence == self.confidence)
    }

    /// The detail that says in what encoding a value was found, the innermost first: `base64`, `hex in base64`.
    pub const INSIDE: &str = "inside";

    /// In what encoding the value stands there, if in one.
    pub fn inside(&self) -> Option<&str> {
        let mut details = self.details.iter();
        let (_, said) = details.find(|(name, _)| *name == Self::INSIDE)?;
        Some(said)
    }
}

/// When a value came into the history of a repository under one path, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Past {
    /// The first commit that holds it there, in the order of time, of all that a reference reaches.
    pub first: Commit,
    /// The last.
    pub last: Commit,
    /// HEAD still holds it there; of a range of commits its end.
    pub in_head: bool,
    /// A range of commits was scanned, not the whole history.
    pub of_range: bool,
    /// The references whose history holds it, by name; of many the first [`Past::MOST`].
    pub references: Vec<String>,
    /// How many they are.
    pub held_by: usize,
    /// One of them is a remote's: others have it.
    pub pushed: bool,
}

impl Past {
    /// References that are named.
    pub const MOST: usize = 20;
}

/// A commit, as far as a report tells it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Commit {
    /// Its id in hexadecimal digits.
    pub id: String,
    /// Who wrote it: a name.
    pub author: String,
    /// When, as RFC 3339 has it, in the author's own time zone.
    pub date: String,
}

impl Commit {
    /// Enough of the id for people.
    pub fn short(&self) -> &str {
        self.id.get(..12).unwrap_or(&self.id)
    }

    /// The day of its date.
    pub fn day(&self) -> &str {
        self.date.split('T').next().unwrap_or_default()
    }
}

/// Tells values apart without holding them. Not serialisable on purpose: a short hash of a weak password can be guessed.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Identity(pub u128);

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Identity(…)")
    }
}

/// A stretch of one line with its secrets masked and its control characters replaced.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Excerpt {
    /// The text, at most some 160 characters of it.
    pub text: String,
    /// Characters of `text` before the fault.
    pub caret: usize,
    /// Characters of `text` that the fault takes, 1 at least.
    pub width: usize,
}

/// What an accepted finding is known by, across edits and renames: 32 hexadecimal digits.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint(pub [u8; 16]);

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|b| write!(f, "{b:02x}"))
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Fingerprint {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Why a place is not reported.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase", tag = "by")]
pub enum Suppression {
    /// A comment on the line or above it.
    Inline {
        /// What the comment says.
        reason: String,
    },
    /// An `[[allow]]` entry of the configuration.
    Allow {
        /// What the entry says.
        reason: String,
    },
    /// The baseline.
    Baseline,
}

/// One problem with all its places: what a report tells.
#[derive(Clone, Debug)]
pub struct Finding {
    /// What was found.
    pub check: Arc<Check>,
    /// The severity of its worst place.
    pub severity: Severity,
    /// The confidence of its worst place.
    pub confidence: Confidence,
    /// The contexts of its worst place.
    pub contexts: Contexts,
    /// Ids that were merged into it at any place.
    pub also: Vec<String>,
    /// What was decoded from the value and is no secret.
    pub details: Vec<(&'static str, String)>,
    /// What baselines and allow entries know it by.
    pub fingerprint: Fingerprint,
    /// Where it stands; never empty, the worst first, then by path and line.
    pub places: Vec<Place>,
}

impl Finding {
    /// One line for people: the title, and what was decoded at its worst place.
    pub fn message(&self) -> String {
        self.message_of(&self.details)
    }

    /// The same for one of its places.
    pub fn message_at(&self, place: &Place) -> String {
        self.message_of(&place.details)
    }

    fn message_of(&self, details: &[(&'static str, String)]) -> String {
        let mut out = self.check.title.clone();
        if !details.is_empty() {
            let parts: Vec<_> = details
                .iter()
                .map(|(name, value)| format!("{name} {value}"))
                .collect();
            out += &format!(" ({})", parts.join(", "));
        }
        out
    }

    /// Why none of it is reported, if none is: all its places are suppressed then.
    pub fn suppression(&self) -> Option<&Suppression> {
        self.places.first().and_then(|p| p.suppression.as_ref())
    }
}
