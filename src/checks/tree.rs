//! What is kept of a tree for the checks: of each file its standing and its settings, never its text unless it governs others.

use std::cell::RefCell;

use jiff::civil::Date;

use crate::classify::environments::Environment;
use crate::classify::kinds::Kind;
use crate::classify::names::Name;
use crate::classify::strength::Strength;
use crate::classify::values::Value;
use crate::facts::Module;
use crate::git::Ignores;
use crate::model::{
    Confidence, Contexts, Digest, Edit, Excerpt, Fix, Identity, Place, RelPath, Related, Secret,
    Severity, Span, Standing,
};

/// All that was looked at.
pub struct Tree<'a> {
    /// The files that say something, by path.
    pub files: Vec<File>,
    /// What git makes of paths, in a repository or a plain folder; `None` where there is no tree around what was read.
    pub git: Option<&'a Ignores>,
    /// The root is that of a git repository.
    pub versioned: bool,
    /// Everything was looked at, so that what was not seen is not there.
    pub whole: bool,
    /// Whether the configuration leaves a path out.
    pub excludes: &'a dyn Fn(&[u8]) -> bool,
    /// What a check left undone, for the report to say.
    pub gaps: RefCell<Vec<&'static str>>,
    /// The date that expiries are held against.
    pub today: Date,
}

impl Tree<'_> {
    /// The file at `path`, if it says something.
    pub fn file(&self, path: &[u8]) -> Option<&File> {
        let at = self
            .files
            .binary_search_by(|file| file.path.as_bytes().cmp(path));
        at.ok().map(|i| &self.files[i])
    }
}

/// What is kept of one file.
pub struct File {
    /// Its path.
    pub path: RelPath,
    /// What git says of it.
    pub standing: Standing,
    /// Its Unix permission bits, if they matter.
    pub mode: Option<u32>,
    /// Where it stands.
    pub contexts: Contexts,
    /// What it is for.
    pub kind: Option<Kind>,
    /// The environment whose settings it holds.
    pub environment: Option<Environment>,
    /// Names and values of any sort in it, where all of them were read.
    pub settings: usize,
    /// The names that mean a secret or say whose it is, with what is known of their values; as many as the whole tree leaves room for.
    pub entries: Vec<Entry>,
    /// The JWTs in it, and places of credentials by their check.
    pub tokens: Vec<Token>,
    /// What rules saw in it that is a fault only beside what stands in other files.
    pub uses: Vec<Use>,
    /// Verifications in it that can be mended where the tree says what is signed with.
    pub signed: Vec<Signed>,
    /// What tells the text of a template of an environment file from others, if that can be changed.
    pub digest: Option<Digest>,
    /// Variables of the environment that it looks at before it uses them, each once.
    pub checked: Vec<String>,
    /// Of a file that browsers are sent: hashes of what may be secrets in it, with their lines.
    pub stretches: Vec<(u64, u32)>,
    /// The checks that found a credential in it, each with the worst severity that its rules gave.
    pub found: Vec<(String, Severity)>,
    /// The checks whose findings about the file as a whole a comment in it accepts, with its reason.
    pub accepted: Vec<(&'static str, String)>,
    /// What it takes from other scripts and hands to them, if it is one.
    pub module: Option<Module>,
    /// Where credentials stand in it, if it is a script that client code may import: byte, line and column.
    pub held: Vec<(usize, usize, usize)>,
    /// What is a fault if the file is client code, each with where it begins in the text.
    pub dormant: Vec<(usize, Place)>,
    /// The text of a file that says what becomes of others: ignore files, manifests, recipes of images, hooks and pipelines.
    pub text: Option<Secret>,
}

impl File {
    /// A file of which nothing is known but where it stands.
    pub fn new(path: RelPath, standing: Standing, contexts: Contexts) -> Self {
        Self {
            path,
            standing,
            mode: None,
            contexts,
            kind: None,
            environment: None,
            settings: 0,
            entries: Vec::new(),
            tokens: Vec::new(),
            uses: Vec::new(),
            signed: Vec::new(),
            digest: None,
            checked: Vec::new(),
            stretches: Vec::new(),
            found: Vec::new(),
            accepted: Vec::new(),
            module: None,
            held: Vec::new(),
            dormant: Vec::new(),
            text: None,
        }
    }

    /// Whether nothing was kept of it.
    pub fn says_nothing(&self) -> bool {
        self.entries.is_empty()
            && self.tokens.is_empty()
            && self.uses.is_empty()
            && self.signed.is_empty()
            && self.checked.is_empty()
            && self.stretches.is_empty()
            && self.found.is_empty()
            && self.text.is_none()
            && self.module.is_none()
    }
}

/// A name with its value.
pub struct Entry {
    /// The names around it and its own, joined by dots.
    pub path: String,
    /// The last part of it, as it is written.
    pub key: String,
    /// What the name means.
    pub name: Name,
    /// What the value looks like.
    pub value: Value,
    /// Bytes of the value.
    pub length: usize,
    /// Equal for equal values, and to that of a place that shows the value.
    pub identity: Identity,
    /// Of an environment file: hashes of what the value is known by in files that browsers are sent.
    pub stretches: Vec<u64>,
    /// The value of a name that says whose something is, where it is short: no secret.
    pub shown: Option<String>,
    /// How strong it is, of a key that signs.
    pub strength: Option<Strength>,
    /// The value of a key that signs, or of another that can be tried on a token.
    pub secret: Option<Secret>,
    /// Where the value stands, or the name where there is none.
    pub spot: Spot,
}

/// What a rule saw.
pub struct Use {
    /// The check that the rule serves.
    pub check: String,
    /// The rule's name.
    pub rule: String,
    /// What it is about: the variable of the environment, where one is read.
    pub name: String,
    /// The program looks whether that is there.
    pub guarded: bool,
    /// Where it stands.
    pub spot: Spot,
}

/// A verification that can be mended.
pub struct Signed {
    /// The check that speaks of it.
    pub check: String,
    /// The variable of the environment that holds its key.
    pub variable: String,
    /// The line of the fault, from 1.
    pub line: usize,
    /// Its column, from 1.
    pub column: usize,
    /// The edit, with `{}` for the algorithm.
    pub edit: Edit,
    /// What tells the text that it is of from others.
    pub of: Digest,
}

/// A JWT.
pub struct Token {
    /// The token.
    pub secret: Secret,
    /// Where it stands.
    pub spot: Spot,
}

/// A place in a file that can be shown when its text is gone.
#[derive(Clone, Debug)]
pub struct Spot {
    /// Its bytes in the document.
    pub span: Span,
    /// First line, from 1.
    pub line: usize,
    /// First column in characters, from 1.
    pub column: usize,
    /// Last line.
    pub end_line: usize,
    /// One past the last column.
    pub end_column: usize,
    /// The line, masked.
    pub excerpt: Excerpt,
    /// The checks whose findings a comment accepts here, with its reason.
    pub accepted: Vec<(&'static str, String)>,
}

/// Where a fault stands in its file.
#[derive(Clone, Debug)]
pub enum Where {
    /// The file itself is the fault.
    File,
    /// This line of it, from 1.
    Line(usize),
    /// A place in it.
    Spot(Box<Spot>),
}

/// What a check found.
pub struct Fault {
    /// The check.
    pub check: &'static str,
    /// How bad it is here.
    pub severity: Severity,
    /// How sure.
    pub confidence: Confidence,
    /// The file.
    pub path: RelPath,
    /// Where it stands there.
    pub at: Where,
    /// What tells it apart from others of its check in the same file: the name of a key, another file.
    pub subject: String,
    /// What there is to know, in the order in which a reader asks.
    pub details: Vec<(&'static str, String)>,
    /// Other places that it has to do with.
    pub related: Vec<Related>,
    /// What a program could do about it.
    pub fixes: Vec<Fix>,
}

impl Fault {
    /// A fault of `check` in `file`, to be told more of.
    pub(super) fn new(check: &'static str, file: &File, at: Where) -> Self {
        Self {
            check,
            severity: Severity::Medium,
            confidence: Confidence::Medium,
            path: file.path.clone(),
            at,
            subject: String::new(),
            details: Vec::new(),
            related: Vec::new(),
            fixes: Vec::new(),
        }
    }

    /// Advice of `check` about a variable of the environment: at the first of `places`, the next ones told beside it as `what` they are.
    pub(super) fn of_variable(
        check: &'static str,
        name: &str,
        places: &[(&File, &Spot)],
        what: &str,
    ) -> Option<Self> {
        /// Other places that are told.
        const MOST: usize = 3;
        let ((file, spot), others) = places.split_first()?;
        let related = others.iter().take(MOST).map(|(file, spot)| Related {
            path: file.path.clone(),
            line: spot.line,
            what: what.to_owned(),
        });
        Some(Self {
            severity: Severity::Info,
            details: vec![("variable", name.to_owned())],
            related: related.collect(),
            ..Self::new(check, file, Where::Spot(Box::new((*spot).clone()))).about(name)
        })
    }

    /// The fault with what it is about.
    #[must_use]
    pub(super) fn about(self, subject: impl Into<String>) -> Self {
        Self {
            subject: subject.into(),
            ..self
        }
    }

    /// The fault with how sure it is.
    #[must_use]
    pub(super) fn sure(self, confidence: Confidence) -> Self {
        Self { confidence, ..self }
    }
}
