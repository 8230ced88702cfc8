//! Why a place is not reported: a comment beside it, an `[[allow]]` entry, a line of the baseline; in this order.
//!
//! Takes places and the configuration; gives reasons, and notices about ignores that ignore nothing. It hides no place itself:
//! what is suppressed is in the report, with its reason. [`inline`] reads the scanned text and is called while that is at hand;
//! the [`Suppressor`] needs the finished place.

mod allow;
mod baseline;
mod comment;
pub mod inline;
#[cfg(test)]
mod tests;

pub use allow::Allows;
pub use baseline::{Baseline, Line};

use std::path::Path;

use jiff::civil::Date;

use crate::config::Config;
use crate::model::{Notice, Place, Result, Suppression};

/// The ignores that are written down away from the code.
#[derive(Debug)]
pub struct Suppressor {
    allows: Allows,
    baseline: Baseline,
}

impl Suppressor {
    /// The configuration's allow entries, and the baseline that [`Baseline::find`] finds.
    ///
    /// # Errors
    /// Those of [`Baseline::find`].
    pub fn new(
        config: &Config,
        baseline: Option<&Path>,
        root: &Path,
        trusted: bool,
        today: Date,
    ) -> Result<Self> {
        Ok(Self {
            allows: Allows::new(config, today),
            baseline: Baseline::find(baseline, config, root, trusted)?,
        })
    }

    /// The baseline.
    pub fn baseline(&self) -> &Baseline {
        &self.baseline
    }

    /// Why the place is not reported, if it is not. Remembers what was of use; may be called from many threads.
    pub fn suppression(&self, place: &Place) -> Option<Suppression> {
        let allowed = self.allows.suppression(place);
        allowed.or_else(|| self.baseline.suppression(place))
    }

    /// What expired, and with `whole` what was of no use. Only a scan of the whole tree can tell the latter.
    pub fn notices(&self, whole: bool) -> Vec<Notice> {
        let mut notices = self.allows.expired();
        if whole {
            notices.extend(self.allows.unused());
            notices.extend(self.baseline.unused());
        }
        notices
    }
}
