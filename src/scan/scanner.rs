//! Documents that a caller holds in memory.

use crate::model::{Blob, Item, Origin, RelPath, Report, Result, Standing};

use super::{Gathering, Mode, Options, Plan, Progress};

/// Scans bytes that the caller hands over, one document at a time. To make one takes some milliseconds, for the rules are compiled: keep it, and
/// let threads share it.
///
/// ```
/// use keyward::scan::{Options, Scanner};
///
/// let today = jiff::civil::date(2026, 1, 31);
/// let scanner = Scanner::new(Options::new(".".into(), today))?;
/// let url = ["postgres://app:", "x7Kq2mVw9Rt4", "@db.internal/shop"].concat();
/// let report = scanner.scan("config/app.yml", format!("url: {url}\n").as_bytes());
/// assert_eq!(report.findings[0].check.id, "postgres-connection-uri");
/// # Ok::<(), keyward::model::Error>(())
/// ```
pub struct Scanner {
    plan: Plan,
}

impl Scanner {
    /// Loads and compiles what the options name: rules, a configuration, a baseline. Of what documents they ask for, nothing counts; neither a
    /// repository nor its configuration is looked for, so that one is obeyed only where [`Options::config`] names it.
    ///
    /// # Errors
    /// A configuration, rule pack or baseline that does not hold, an id that does not exist.
    pub fn new(options: Options) -> Result<Self> {
        let plan = Plan::new(Options {
            paths: Vec::new(),
            mode: Mode::Given,
            ..options
        })?;
        Ok(Self { plan })
    }

    /// What is found in these bytes, as `keyward scan --stdin-path PATH -` finds it: `path` says of what kind they are and where they would
    /// stand, with `/` between its parts. Nothing is opened. Text in UTF-8 or UTF-16 is read; of what is binary a notice says that it was passed over.
    ///
    /// A report that is not [`complete`](Report::complete) has notices of what could not be read.
    pub fn scan(&self, path: &str, bytes: &[u8]) -> Report {
        let progress = Progress::default();
        let gathering = Gathering::new(&self.plan, &progress);
        gathering.take(Item::Blob(Blob {
            path: RelPath::from(path),
            origin: Origin::Stdin,
            standing: Standing::Unversioned,
            mode: None,
            version: None,
            reader: Box::new(bytes),
        }));
        gathering.report()
    }
}
