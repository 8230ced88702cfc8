//! The judgement that all rules share: what a name promises, what a value looks like, where it stands.
//!
//! Takes bytes as they stand in a text and gives plain words. It knows no rule and no vendor format, reads no file, and
//! decides nothing about severity: rules and checks weigh what is said here. Its words live in `rules/names.toml`,
//! `rules/values.toml` and `rules/contexts.toml`. All input is hostile; every function is linear in it and never panics.

pub mod contexts;
mod identifier;
pub mod names;
pub mod values;

/// Gives a closed set of kebab-case words its `ALL`, `as_str`, `Display` and `FromStr`, so that rules can name them.
macro_rules! words {
    ($type:ident { $($variant:ident = $word:literal),+ $(,)? }) => {
        impl $type {
            /// Every value, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word that rules use.
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

            fn from_str(word: &str) -> Result<Self, String> {
                Self::ALL.iter().copied().find(|v| v.as_str() == word).ok_or_else(|| {
                    let known: Vec<_> = Self::ALL.iter().map(|v| v.as_str()).collect();
                    format!("not one of {}", known.join(", "))
                })
            }
        }
    };
}
use words;
