//! What stands below the findings: the notices, and the line that counts.

use std::io;

use unicode_width::UnicodeWidthStr;

use super::{DOT, Text};
use crate::model::{Notice, Report, Severity};
use crate::report::{Role, clean, wrap};

impl Text<'_> {
    /// What could not be done, then what else is to be known, then what was passed over where it was asked for.
    pub(super) fn notices(&mut self, report: &Report) -> io::Result<()> {
        let show_skipped = self.style.show_skipped;
        let mut notices: Vec<&Notice> = report
            .notices
            .iter()
            .filter(|n| show_skipped || !n.kind.is_skip())
            .collect();
        notices.sort_by_key(|n| (!n.kind.incomplete(), n.kind.is_skip()));
        if !notices.is_empty() {
            self.gap()?;
        }
        notices.into_iter().try_for_each(|n| self.notice(n))
    }

    fn notice(&mut self, notice: &Notice) -> io::Result<()> {
        let mut used = 0;
        if let Some(path) = &notice.path {
            let path = path.display();
            used = path.width() + 2;
            write!(self.out, "{}: ", self.paint(Role::Path, &path))?;
        }
        let message = wrap(&clean(&notice.message), used, 2, self.style.width);
        writeln!(self.out, "{message}")
    }

    pub(super) fn summary(&mut self, report: &Report) -> io::Result<()> {
        let mut parts = Vec::new();
        let missed = report
            .notices
            .iter()
            .filter(|n| n.kind.incomplete())
            .count() as u64;
        if missed > 0 {
            parts.push(format!(
                "incomplete: {} could not be read",
                counted(missed, "thing")
            ));
        }
        let allowed = report.suppressed_places() as u64;
        if allowed > 0 {
            parts.push(format!("{} allowed", grouped(allowed)));
        }
        let stats = &report.stats;
        let files = counted(stats.files, "file");
        parts.push(match stats.files {
            0 => files,
            _ => format!("{files}, {}", size(stats.bytes)),
        });
        if stats.commits > 0 {
            let versions = counted(stats.blobs, "version");
            parts.push(format!("{}, {versions}", counted(stats.commits, "commit")));
        }
        for (count, word, hint) in [
            (
                stats.skipped,
                "skipped",
                (!self.style.show_skipped).then_some("--show-skipped"),
            ),
            (stats.excluded, "excluded", None),
            (stats.hidden, "hidden", Some("--pedantic, --confidence low")),
        ] {
            if count > 0 {
                let hint = hint.map_or_else(String::new, |h| format!(" ({h})"));
                parts.push(format!("{} {word}{hint}", grouped(count)));
            }
        }
        let mut line = tally(report, self.style.paint);
        let mut column = findings(report).width();
        for part in parts {
            let is_long =
                self.style.width > 0 && column + DOT.width() + part.width() > self.style.width;
            let gap = if is_long { "\n  " } else { DOT };
            column = if is_long { 2 } else { column + DOT.width() } + part.width();
            line += gap;
            line += &part;
        }
        writeln!(self.out, "{line}")
    }
}

/// `3 findings: 1 critical, 2 high`, without colour.
pub(in crate::report) fn findings(report: &Report) -> String {
    tally(report, &|_, text| text.to_owned())
}

fn tally(report: &Report, paint: &dyn Fn(Role, &str) -> String) -> String {
    if report.findings.is_empty() {
        return "no findings".to_owned();
    }
    let by_severity: Vec<_> = Severity::ALL
        .iter()
        .rev()
        .map(|&severity| (severity, report.count(severity) as u64))
        .filter(|&(_, count)| count > 0)
        .map(|(severity, count)| paint(severity.into(), &format!("{} {severity}", grouped(count))))
        .collect();
    let total = counted(report.findings.len() as u64, "finding");
    format!("{total}: {}", by_severity.join(", "))
}

/// `1 file`, `2 files`, `1,216 files`.
pub(in crate::report) fn counted(count: u64, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{} {noun}{plural}", grouped(count))
}

/// `1,216`.
fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut out = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// Bytes in powers of 1000, two digits or more: `812 B`, `4.2 KB`, `48 MB`.
fn size(bytes: u64) -> String {
    const UNITS: [&str; 5] = ["B", "KB", "MB", "GB", "TB"];
    let mut value = bytes as f64;
    let mut unit = 0;
    while value >= 999.5 && unit + 1 < UNITS.len() {
        value /= 1000.0;
        unit += 1;
    }
    let digits = usize::from(unit > 0 && value < 9.95);
    format!("{value:.digits$} {}", UNITS[unit])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_at_a_glance() {
        let counts = [0, 7, 999, 1_000, 99_429, 1_234_567].map(grouped);
        assert_eq!(counts, ["0", "7", "999", "1,000", "99,429", "1,234,567"]);
        let sizes = [
            0,
            812,
            999,
            1_000,
            9_949,
            9_950,
            999_499,
            999_500,
            48_213_007,
            u64::MAX,
        ]
        .map(size);
        let expected = [
            "0 B",
            "812 B",
            "999 B",
            "1.0 KB",
            "9.9 KB",
            "10 KB",
            "999 KB",
            "1.0 MB",
            "48 MB",
            "18446744 TB",
        ];
        assert_eq!(sizes, expected);
    }
}
