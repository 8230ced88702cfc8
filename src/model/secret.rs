//! A value that must not be seen.

use std::fmt;

use serde::{Serialize, Serializer};

/// Characters that stand for hidden ones, however many there were: a count would tell the length of a password.
const MASK: &str = "••••••••";
/// A value shorter than this shows nothing of itself.
const SHOWS_PREFIX_FROM: usize = 16;
/// How many characters of a long value are shown, enough to tell two keys apart.
const PREFIX: usize = 4;

/// A secret as it was found. `Debug`, `Display` and `Serialize` give the masked form; the bytes themselves leave only through
/// [`Secret::expose`], so that every place where they can is found by that one name.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Secret(Box<[u8]>);

impl Secret {
    /// Takes the value as it stands in the text.
    pub fn new(value: impl Into<Box<[u8]>>) -> Self {
        Self(value.into())
    }

    /// The raw value. Callers judge it, hash it or cut it out of an excerpt; nobody writes it anywhere.
    pub fn expose(&self) -> &[u8] {
        &self.0
    }

    /// What stands in its place in every report: the first 4 characters of a value of 16 bytes or more (they are mostly the
    /// vendor's prefix), then 8 dots whatever the length.
    pub fn masked(&self) -> String {
        let mut out = String::new();
        if self.0.len() >= SHOWS_PREFIX_FROM {
            out.extend(
                self.0
                    .iter()
                    .take(PREFIX)
                    .take_while(|b| b.is_ascii_graphic())
                    .map(|&b| b as char),
            );
        }
        out + MASK
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Secret({})", self.masked())
    }
}

impl Serialize for Secret {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.masked())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_form_of_a_secret_shows_it() {
        let long = Secret::new(*b"abcdefghijklmnop");
        assert_eq!(long.to_string(), "abcd••••••••");
        assert_eq!(format!("{long:?}"), "Secret(abcd••••••••)");
        assert_eq!(
            serde_json::to_string(&long).expect("plain string"),
            "\"abcd••••••••\""
        );
        assert_eq!(
            Secret::new(*b"hunter2").to_string(),
            Secret::new(*b"abcdefghijklmno").to_string()
        );
    }
}
