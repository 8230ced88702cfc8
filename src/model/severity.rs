//! How bad a finding is, and how sure keyward is of it.

use serde::{Deserialize, Serialize};

/// Gives a closed set of lower-case words its `ALL`, `as_str`, `Display` and `FromStr`.
macro_rules! words {
    ($type:ident { $($variant:ident = $word:literal),+ $(,)? }) => {
        impl $type {
            /// Every value, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word that configuration, the command line and reports use.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }

        impl std::fmt::Display for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl std::str::FromStr for $type {
            type Err = String;

            fn from_str(word: &str) -> std::result::Result<Self, String> {
                Self::ALL.iter().copied().find(|v| v.as_str() == word).ok_or_else(|| {
                    let known: Vec<_> = Self::ALL.iter().map(|v| v.as_str()).collect();
                    format!("not one of {}", known.join(", "))
                })
            }
        }
    };
}
pub(crate) use words;

/// How bad it is when the finding is true.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Advice; shown on request, never fails a run.
    Info,
    /// Hardening, or a finding in a place where it weighs little.
    Low,
    /// Weakens; needs a second fault.
    Medium,
    /// A real credential committed, or a missing control that leaks one.
    High,
    /// A usable credential in public reach, or one that is proven.
    Critical,
}

words!(Severity { Info = "info", Low = "low", Medium = "medium", High = "high", Critical = "critical" });

impl Severity {
    /// One step less, `Info` at the least.
    pub fn lowered(self) -> Self {
        match self {
            Self::Critical => Self::High,
            Self::High => Self::Medium,
            Self::Medium => Self::Low,
            Self::Low | Self::Info => Self::Info,
        }
    }

    /// One step more, `Critical` at the most.
    pub fn raised(self) -> Self {
        match self {
            Self::Info => Self::Low,
            Self::Low => Self::Medium,
            Self::Medium => Self::High,
            Self::High | Self::Critical => Self::Critical,
        }
    }
}

/// How sure keyward is that the finding is true.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Confidence {
    /// A guess: shown on request.
    Low,
    /// Name and value agree.
    Medium,
    /// The format or a checksum proves it.
    High,
}

words!(Confidence { Low = "low", Medium = "medium", High = "high" });

impl Confidence {
    /// One step less, `Low` at the least.
    pub fn lowered(self) -> Self {
        match self {
            Self::High => Self::Medium,
            Self::Medium | Self::Low => Self::Low,
        }
    }
}
