//! The baseline: findings that were there when it was written.
//!
//! One sorted line a finding, its fingerprint and its check's id. No time, line number, path or count, so that nothing but a new
//! or a mended finding changes the file, and two branches merge by keeping the lines of both (`merge=union`). It holds nothing from
//! which a value could be guessed: see [`Fingerprint`].

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use crate::config::{self, At, Config};
use crate::model::{Error, Fingerprint, Notice, NoticeKind, Place, RelPath, Result, Suppression};

/// Bytes of a baseline: half a million findings.
const LONGEST: u64 = 32 << 20;
/// What the file says of itself.
const HEADER: &str = "\
# keyward baseline: accepted findings, one a line (fingerprint, check). Merge by keeping the lines of both sides.
# `keyward baseline write` adds what a scan finds now, `keyward baseline prune` drops what it finds no more.
";

/// A line: the finding, and its check's id, which is there for readers alone.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Line {
    /// What the finding is known by.
    pub fingerprint: Fingerprint,
    /// The check's id.
    pub id: String,
}

impl Line {
    /// The line of a place.
    pub fn of(place: &Place) -> Self {
        Self {
            fingerprint: place.fingerprint.clone(),
            id: place.check.id.clone(),
        }
    }
}

/// A baseline that was read, and which of its lines were of use.
#[derive(Debug, Default)]
pub struct Baseline {
    path: PathBuf,
    shown: String,
    lines: BTreeMap<Fingerprint, (String, AtomicBool)>,
    /// The configuration names a file that is not there.
    absent: Option<At>,
}

impl Baseline {
    /// The baseline of a scan: the one that was `named` on the command line, or the configuration's, or, where the scanned tree
    /// is trusted, the one that lies in its root under the usual name.
    ///
    /// # Errors
    /// As [`Baseline::read`]. Only a named one must exist: without the others more is reported, not less.
    pub fn find(named: Option<&Path>, config: &Config, root: &Path, trusted: bool) -> Result<Self> {
        if let Some(path) = named {
            return Self::read(path, &path.to_string_lossy());
        }
        let said = config.baseline.as_ref();
        let usual = || root.join(config::BASELINE);
        let path = said.map_or_else(usual, |said| said.value.clone());
        let shown = shown(&path, root);
        if path.exists() && (said.is_some() || trusted) {
            return Self::read(&path, &shown);
        }
        let absent = said.map(|said| said.at.clone());
        Ok(Self {
            path,
            shown,
            absent,
            ..Self::default()
        })
    }

    /// Reads a file; `shown` is its name in the report.
    ///
    /// # Errors
    /// [`Error::Read`] where it cannot be read, [`Error::Config`] with the line of what is no baseline.
    pub fn read(path: &Path, shown: &str) -> Result<Self> {
        Self::parse(path, shown, &config::text(path, LONGEST)?)
    }

    /// Reads the text of a file.
    ///
    /// # Errors
    /// [`Error::Config`] with the line of what is no baseline.
    pub fn parse(path: &Path, shown: &str, text: &str) -> Result<Self> {
        let mut lines = BTreeMap::new();
        for (i, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let mut words = line.split_whitespace();
            let fingerprint = words.next().and_then(config::fingerprint).ok_or_else(|| {
                let (message, hint) = fault(line);
                Error::Config {
                    file: path.to_owned(),
                    line: i + 1,
                    message: message.to_owned(),
                    hint: hint.to_owned(),
                }
            })?;
            let id = words.next().unwrap_or_default().to_owned();
            lines.insert(fingerprint, (id, AtomicBool::new(false)));
        }
        Ok(Self {
            path: path.to_owned(),
            shown: shown.to_owned(),
            lines,
            absent: None,
        })
    }

    /// The text of a baseline of these lines.
    pub fn text(lines: &BTreeSet<Line>) -> String {
        let mut out = HEADER.to_owned();
        for Line { fingerprint, id } in lines {
            out += &format!("{fingerprint} {id}\n");
        }
        out
    }

    /// The file that was read, or that would be written.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Its lines.
    pub fn lines(&self) -> BTreeSet<Line> {
        let line = |(fingerprint, (id, _)): (&Fingerprint, &(String, AtomicBool))| Line {
            fingerprint: fingerprint.clone(),
            id: id.clone(),
        };
        self.lines.iter().map(line).collect()
    }

    /// Whether it knows the place. Remembers the line that does.
    pub fn suppression(&self, place: &Place) -> Option<Suppression> {
        let (_, used) = self.lines.get(&place.fingerprint)?;
        used.store(true, Ordering::Relaxed);
        Some(Suppression::Baseline)
    }

    /// One notice that counts the lines that covered nothing, or says that there is no file.
    pub fn unused(&self) -> Option<Notice> {
        if let Some(at) = &self.absent {
            let message = format!(
                "there is no baseline {}: `keyward baseline write` makes it",
                self.shown
            );
            return Some(at.notice(NoticeKind::UnusedIgnore, &message));
        }
        let unused = |(_, used): &&(String, AtomicBool)| !used.load(Ordering::Relaxed);
        let count = self.lines.values().filter(unused).count();
        let lines = if count == 1 {
            "line suppresses"
        } else {
            "lines suppress"
        };
        (count > 0).then(|| {
            Notice::at(
                NoticeKind::UnusedIgnore,
                RelPath::from(self.shown.as_str()),
                format!("{count} {lines} nothing any more: `keyward baseline prune` drops what is of no use"),
            )
        })
    }
}

/// A path as reports name it.
fn shown(path: &Path, root: &Path) -> String {
    let inner = path.strip_prefix(root).unwrap_or(path);
    inner
        .to_string_lossy()
        .replace(std::path::MAIN_SEPARATOR, "/")
}

/// Message and hint for a line that is none of a baseline.
fn fault(line: &str) -> (&'static str, &'static str) {
    if ["<<<<<<<", "=======", ">>>>>>>", "|||||||"]
        .iter()
        .any(|mark| line.starts_with(mark))
    {
        return (
            "a merge conflict was left in the baseline",
            "keep the lines of both sides and remove the marks; `merge=union` in .gitattributes does so by itself",
        );
    }
    (
        "this is no line of a baseline",
        "a line holds 32 hexadecimal digits and a check's id; `keyward baseline write` makes the file",
    )
}
