//! How a place came by its severity and confidence: each step as the code that took it says it.

use std::fmt;

use super::{Confidence, Context, Severity};

/// One step of a judgement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// What was weighed.
    pub why: Why,
    /// The severity from here on.
    pub severity: Severity,
    /// The confidence from here on.
    pub confidence: Confidence,
}

/// What was weighed. [`Display`](fmt::Display) gives it in words for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// The rule of this name saw it, and says how bad that is and how sure it is.
    Rule(String),
    /// The check over all files says how bad it is here.
    Check,
    /// The check's values are made to be published.
    Published,
    /// The configuration gives the check a severity.
    Configured,
    /// A checksum or structure, by the name of what proves it, holds.
    Proved(&'static str),
    /// It does not hold.
    Disproved(&'static str),
    /// The value looks like one of this class, and takes so many bits to guess.
    Value(&'static str, u32),
    /// It is weak, or repeats what stands before it: what everybody would try first.
    Guessable,
    /// It stands under this name.
    Named(String),
    /// No vendor and no generator issues such values.
    MadeByHand,
    /// A password in a comment of code shows how a thing is called.
    Sample,
    /// Where it stands credentials are mostly made up.
    MadeUp(Context),
    /// A token that says of itself that it works is made up nowhere but in tests.
    Live,
    /// What the token says of itself: that it is out of date, or public.
    Claims,
    /// Git ignores the file, so it is on this machine alone.
    Local,
    /// Git does not know the file, and the check weighs less there.
    Untracked,
    /// It reaches the browser.
    Client,
    /// Whether it reaches the browser is not sure.
    PerhapsClient,
    /// Another check at the same place weighs more.
    Beside(String),
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = match self {
            Self::Rule(name) => return write!(f, "the rule {name} saw it"),
            Self::Check => "the check over all files says so",
            Self::Published => "values of this kind are made to be published",
            Self::Configured => "the configuration gives this check a severity",
            Self::Proved(name) => return write!(f, "its checksum or structure holds ({name})"),
            Self::Disproved(name) => {
                return write!(f, "its checksum or structure does not hold ({name})");
            }
            Self::Value("opaque", bits) => {
                return write!(
                    f,
                    "the value looks random: some {bits} bits have to be guessed"
                );
            }
            Self::Value(class, 0) => return write!(f, "the value looks like this: {class}"),
            Self::Value(class, bits) => {
                return write!(
                    f,
                    "the value looks like this: {class}; some {bits} bits have to be guessed"
                );
            }
            Self::Guessable => "the value is what everybody would try first",
            Self::Named(name) => return write!(f, "the name {name} says what the value is"),
            Self::MadeByHand => "no vendor and no generator issues values with such signs in them",
            Self::Sample => {
                "a password in a comment of code is mostly a sample that shows how a thing is called"
            }
            Self::MadeUp(context) => {
                let place = match context {
                    Context::Docs => "documentation",
                    Context::Example => "an example file",
                    _ => "test code",
                };
                return write!(
                    f,
                    "it stands in {place}, where credentials are mostly made up"
                );
            }
            Self::Live => "the token says of itself that it works today, so it is none made up",
            Self::Claims => "the token says of itself what it is still worth",
            Self::Local => "git ignores the file, so it is on this machine alone",
            Self::Untracked => "git does not know the file",
            Self::Client => "it reaches the browser, where everybody can read it",
            Self::PerhapsClient => "whether it reaches the browser is not sure",
            Self::Beside(id) => return write!(f, "what {id} finds at the same place weighs more"),
        };
        f.write_str(words)
    }
}
