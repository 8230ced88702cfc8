//! The `[[allow]]` entries, and which of them were of use.

use std::sync::atomic::{AtomicBool, Ordering};

use jiff::civil::Date;

use crate::config::{Allow, Config, Owner};
use crate::model::{Notice, NoticeKind, Place, Suppression};

/// All allow entries of a scan.
#[derive(Debug)]
pub struct Allows {
    live: Vec<(Allow, AtomicBool)>,
    expired: Vec<Allow>,
}

impl Allows {
    /// The entries of the configuration, parted by whether they still hold on `today`.
    pub fn new(config: &Config, today: Date) -> Self {
        let (expired, live): (Vec<_>, Vec<_>) = config
            .allow
            .iter()
            .cloned()
            .partition(|allow| allow.expired(today));
        Self {
            live: live
                .into_iter()
                .map(|a| (a, AtomicBool::new(false)))
                .collect(),
            expired,
        }
    }

    /// Why the place is accepted: the first entry that covers it says so. All that do are of use, so that what is told of them
    /// does not hang on their order.
    pub fn suppression(&self, place: &Place) -> Option<Suppression> {
        let mut first = None;
        for (allow, used) in self.live.iter().filter(|(a, _)| a.covers(place)) {
            used.store(true, Ordering::Relaxed);
            first.get_or_insert(allow);
        }
        first.map(|allow| Suppression::Allow {
            reason: allow.reason.clone(),
        })
    }

    /// The entries that covered nothing. The user's own are left out: they are for other repositories too.
    pub fn unused(&self) -> Vec<Notice> {
        let unused = |(allow, used): &&(Allow, AtomicBool)| {
            allow.at.owner != Owner::User && !used.load(Ordering::Relaxed)
        };
        let message = "this [[allow]] suppresses nothing: remove it, or mend what it names";
        self.live
            .iter()
            .filter(unused)
            .map(|(allow, _)| allow.at.notice(NoticeKind::UnusedIgnore, message))
            .collect()
    }

    /// The entries whose date is past.
    pub fn expired(&self) -> Vec<Notice> {
        let notice = |allow: &Allow| {
            let until = allow.until?;
            let message = format!(
                "this [[allow]] held until {until} and suppresses nothing any more: mend what it accepts, or give it a new date"
            );
            Some(allow.at.notice(NoticeKind::ExpiredIgnore, &message))
        };
        self.expired.iter().filter_map(notice).collect()
    }
}
