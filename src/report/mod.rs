//! From a [`Report`] to bytes: one file per output format.
//!
//! Takes the report as plain data, already judged, masked, sorted; gives bytes to a writer. It decides no severity, hides no
//! finding that it was given, opens no file, and knows no terminal: colour comes in through [`Style::paint`].
//! The same report gives the same bytes, and no format lets a control character of the scanned tree through.

mod github;
mod gitlab;
mod json;
mod jsonl;
mod junit;
mod markdown;
mod sarif;
#[cfg(test)]
mod tests;
mod text;

use std::io::Write;
use std::path::Path;

use unicode_width::UnicodeWidthStr;

use crate::model::{
    Check, Notice, Origin, Place, RelPath, Report, Result, Severity, Suppression, is_invisible,
};
use text::{counted, findings};

/// How a report is written down. A new one is a file in this room, a variant, and its word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// For people and for editors: `path:line:column: severity: title [id]`, the masked line, what to do.
    Text,
    /// One JSON document.
    Json,
    /// One JSON object a line: findings, then notices, then a summary.
    Jsonl,
    /// SARIF 2.1.0, for code hosts and viewers.
    Sarif,
    /// Workflow commands: annotations in GitHub Actions.
    Github,
    /// GitLab's report of secret detection.
    Gitlab,
    /// JUnit XML, for the test views of CI systems.
    Junit,
    /// A comment on a pull request.
    Markdown,
}

crate::model::words!(Format {
    Text = "text",
    Json = "json",
    Jsonl = "jsonl",
    Sarif = "sarif",
    Github = "github",
    Gitlab = "gitlab",
    Junit = "junit",
    Markdown = "markdown",
});

/// What a piece of text is, so that a program can colour it. The words carry the meaning without it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// The word `critical`.
    Critical,
    /// The word `high`.
    High,
    /// The word `medium`.
    Medium,
    /// The word `low`.
    Low,
    /// The word `info`.
    Info,
    /// A path, with its line and column.
    Path,
    /// What only guides the eye: the gutter, what is allowed.
    Dim,
    /// The line under the fault.
    Caret,
    /// `why:`, `fix:` and their like.
    Label,
    /// The id of a check.
    Id,
}

impl From<Severity> for Role {
    fn from(severity: Severity) -> Self {
        match severity {
            Severity::Critical => Self::Critical,
            Severity::High => Self::High,
            Severity::Medium => Self::Medium,
            Severity::Low => Self::Low,
            Severity::Info => Self::Info,
        }
    }
}

/// Where a piece of text leads, so that a program can make a link of it.
#[derive(Clone, Copy, Debug)]
pub enum Target<'a> {
    /// A file that is there, by its path in the report.
    File(&'a RelPath),
    /// What a check says of itself elsewhere.
    Check(&'a Check),
}

/// How much is told, and how it looks.
pub struct Style<'a> {
    /// Gives a piece of text its colour; the text formats call it, on text that is safe for a terminal.
    pub paint: &'a dyn Fn(Role, &str) -> String,
    /// Makes a link of a piece of text; the text format calls it, on text that has its colour.
    pub link: &'a dyn Fn(Target<'_>, &str) -> String,
    /// List what is suppressed, with the reasons, in every format.
    pub show_suppressed: bool,
    /// List what was passed over, in the text format; the others always do.
    pub show_skipped: bool,
    /// End the text format with notices and the summary; the others always do.
    pub summary: bool,
    /// Columns of the terminal, 0 where there is none: nothing is wrapped or cut then.
    pub width: usize,
    /// The folder that the report's paths are relative to, as a whole path: SARIF names by it what lies outside of that folder.
    pub root: Option<&'a Path>,
}

impl Style<'_> {
    /// No colour, no links, no width, nothing suppressed or skipped listed, with the summary.
    pub fn plain() -> Style<'static> {
        Style {
            paint: &|_, text| text.to_owned(),
            link: &|_, text| text.to_owned(),
            show_suppressed: false,
            show_skipped: false,
            summary: true,
            width: 0,
            root: None,
        }
    }
}

/// Writes the report.
///
/// # Errors
/// [`Error::Write`](crate::model::Error::Write) where the writer refuses: a closed pipe, a full disk. The writer is flushed, so that a buffered one cannot hide it.
pub fn write(
    format: Format,
    report: &Report,
    style: &Style<'_>,
    out: &mut dyn Write,
) -> Result<()> {
    match format {
        Format::Text => text::write(report, style, out)?,
        Format::Json => json::write(report, style, out)?,
        Format::Jsonl => jsonl::write(report, style, out)?,
        Format::Sarif => sarif::write(report, style, out)?,
        Format::Github => github::write(report, style, out)?,
        Format::Gitlab => gitlab::write(report, style, out)?,
        Format::Junit => junit::write(report, style, out)?,
        Format::Markdown => markdown::write(report, style, out)?,
    }
    Ok(out.flush()?)
}

/// The text with each character that could steer a terminal replaced by one that cannot, so that columns stay: for whatever else a
/// program tells that comes from files.
pub fn clean(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\n' | '\r' | '\t' => ' ',
            c if is_unsafe(c) => char::REPLACEMENT_CHARACTER,
            c => c,
        })
        .collect()
}

/// The text broken between words into lines of at most `width` columns, one line where that is 0: the first begins behind `used` columns,
/// the others are indented.
pub fn wrap(text: &str, used: usize, indent: usize, width: usize) -> String {
    let mut out = String::with_capacity(text.len());
    let mut column = used;
    for (i, word) in text.split(' ').enumerate() {
        let length = word.width();
        if i > 0 && (width == 0 || column + 1 + length <= width) {
            out.push(' ');
            column += 1;
        } else if i > 0 {
            out.push('\n');
            out.extend(std::iter::repeat_n(' ', indent));
            column = indent;
        }
        out.push_str(word);
        column += length;
    }
    out
}

/// What could not be done.
fn gaps(report: &Report) -> impl Iterator<Item = &Notice> {
    report.notices.iter().filter(|n| n.kind.incomplete())
}

/// Whether it stands at its line in the files as they are now, or as the end of the scanned range has them.
fn is_here(place: &Place) -> bool {
    match place.origin {
        Origin::Worktree | Origin::Index | Origin::Stdin => true,
        Origin::History => place
            .past
            .as_ref()
            .is_none_or(|past| past.of_range && past.in_head),
        Origin::Message => false,
    }
}

/// `path:line`, and of what is past the commit that has it there.
fn spot(place: &Place) -> String {
    let at = format!("{}:{}", place.path, place.line);
    match &place.past {
        Some(past) if place.origin == Origin::History && !is_here(place) => {
            format!("{at} in commit {}", past.first.short())
        }
        _ => at,
    }
}

/// Why something is not reported, in words.
fn reason(suppression: &Suppression) -> String {
    let (what, reason) = match suppression {
        Suppression::Inline { reason } => ("comment in the file", reason.as_str()),
        Suppression::Allow { reason } => ("allow entry", reason.as_str()),
        Suppression::Baseline => return "in the baseline".to_owned(),
    };
    match reason.trim() {
        "" => format!("{what}, with no reason given"),
        reason => format!("{what}: {reason}"),
    }
}

/// Whether a character could steer a terminal, or make text read other than it is.
fn is_unsafe(c: char) -> bool {
    c.is_control() || is_invisible(c)
}
