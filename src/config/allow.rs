//! What an `[[allow]]` accepts.

use jiff::civil::Date;

use super::{At, Globs};
use crate::model::{Check, Fingerprint, Place};

/// Findings that someone accepts, and why. What it names must all agree: an id *and* a path *and* a fingerprint.
#[derive(Clone, Debug)]
pub struct Allow {
    /// Checks, by id or family; all where empty.
    pub ids: Vec<String>,
    /// Paths; all where absent.
    pub paths: Option<Globs>,
    /// Single findings; all where empty.
    pub fingerprints: Vec<Fingerprint>,
    /// The last day on which it holds.
    pub until: Option<Date>,
    /// Why: never empty.
    pub reason: String,
    /// Where it stands.
    pub at: At,
}

impl Allow {
    /// Whether its day is past.
    pub fn expired(&self, today: Date) -> bool {
        self.until.is_some_and(|until| today > until)
    }

    /// Whether neither paths nor fingerprints limit it.
    pub(super) fn everywhere(&self) -> bool {
        self.fingerprints.is_empty() && self.paths.as_ref().is_none_or(Globs::cover_all)
    }

    /// Whether it speaks of this place, were it not expired.
    pub fn covers(&self, place: &Place) -> bool {
        let id = |id: &String| names(&place.check, id) || place.also.contains(id);
        (self.ids.is_empty() || self.ids.iter().any(id))
            && (self.fingerprints.is_empty() || self.fingerprints.contains(&place.fingerprint))
            && self
                .paths
                .as_ref()
                .is_none_or(|p| p.matches(place.path.as_bytes()))
    }
}

/// Whether `id` names the check: now, formerly, or by its family.
fn names(check: &Check, id: &String) -> bool {
    check.id == *id || check.family == *id || check.was.contains(id)
}

/// Reads 32 hexadecimal digits.
pub fn fingerprint(text: &str) -> Option<Fingerprint> {
    let digits = text.as_bytes();
    if digits.len() != 32 {
        return None;
    }
    let mut out = [0; 16];
    for (byte, pair) in out.iter_mut().zip(digits.chunks_exact(2)) {
        let digit = |b: u8| char::from(b).to_digit(16);
        *byte = u8::try_from(digit(pair[0])? << 4 | digit(pair[1])?).ok()?;
    }
    Some(Fingerprint(out))
}
