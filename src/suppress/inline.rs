//! Comments that accept a finding where it stands: `keyward:allow ID[,ID] reason`, and the marks of other scanners.
//!
//! A comment that has a line to itself speaks of its own line and of the next; one behind code speaks of that code alone, or two
//! secrets on neighbouring lines would be accepted by one comment. A reason is demanded, of keyward's own mark: it is what the next
//! reader needs. Other scanners' marks count as they are, on the line, so that a switch costs nothing.

use std::sync::LazyLock;

use memchr::memmem;

use super::comment::{self, Stand};
use crate::model::{Notice, NoticeKind, Place, RelPath, Secret, Span, Suppression};
use crate::text::Window;

/// keyward's own mark.
const MARK: &[u8] = b"keyward:allow";
/// Marks of others that speak of their own line.
const FOREIGN: [&str; 6] = [
    "gitleaks:allow",
    "betterleaks:allow",
    "trufflehog:ignore",
    "kingfisher:ignore",
    "pragma: allowlist secret",
    // What detect-secrets called it before.
    "pragma: whitelist secret",
];
/// Marks of others that speak of the next line.
const FOREIGN_ABOVE: [&str; 2] = [
    "pragma: allowlist nextline secret",
    "pragma: whitelist nextline secret",
];
/// How far from a hit a mark is looked for: a line of a bundle has megabytes, and each hit on it would read them all.
const REACH: usize = 4096;

/// One `keyward:allow` of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// From `keyward` to the end of the reason.
    pub span: Span,
    /// Its line in the text, from 1.
    pub line: usize,
    /// The checks that it names.
    pub ids: Vec<String>,
    /// Why. Without it the mark is not honoured.
    pub reason: Option<String>,
    /// It speaks of the next line too.
    pub alone: bool,
}

impl Mark {
    /// Whether it names one of `ids`.
    fn names(&self, ids: &[&str]) -> bool {
        self.ids.iter().any(|id| ids.contains(&id.as_str()))
    }
}

/// Why the hit at `span`, known by `ids`, is accepted by a comment, if it is. Of a hit of many lines the first and the last count.
pub fn suppression(text: &[u8], span: Span, ids: &[&str]) -> Option<Suppression> {
    let start = span.start.min(text.len());
    let end = span.end.clamp(start, text.len());
    let first = line_around(text, start);
    let last = line_around(text, end.saturating_sub(1).max(start));
    let above = line_above(text, first);
    let own = |line: Span| own(text, line, ids, Stand::Behind);
    let reason = own(first)
        .or_else(|| own(last))
        .or_else(|| self::own(text, above?, ids, Stand::Alone))
        .or_else(|| foreign(text, first, &FOREIGN))
        .or_else(|| foreign(text, last, &FOREIGN))
        .or_else(|| foreign(text, above?, &FOREIGN_ABOVE))?;
    Some(Suppression::Inline {
        reason: masked(reason, &text[start..end]),
    })
}

/// Built once: every file is searched.
static FINDER: LazyLock<memmem::Finder<'static>> = LazyLock::new(|| memmem::Finder::new(MARK));

/// All of keyward's own marks, in their order, so that those of no use can be told.
pub fn marks(text: &[u8]) -> Vec<Mark> {
    let mut marks = Vec::new();
    let (mut line, mut counted) = (1, 0);
    for at in FINDER.find_iter(text) {
        line += memchr::memchr_iter(b'\n', &text[counted..at]).count();
        counted = at;
        marks.extend(mark(text, line_around(text, at), at, line));
    }
    marks
}

/// A reason that repeats the value it is about would show it in the report.
fn masked(reason: String, value: &[u8]) -> String {
    match std::str::from_utf8(value) {
        Ok(shown) if !shown.trim().is_empty() => {
            reason.replace(shown, &Secret::new(value).masked())
        }
        _ => reason,
    }
}

/// What is to be told of the marks of one window, given the places that were found in it: those that cover one and are not
/// honoured, and with `whole` those that name a check and cover none.
pub fn notices(path: &RelPath, window: &Window<'_>, places: &[Place], whole: bool) -> Vec<Notice> {
    let mut notices = Vec::new();
    for mark in marks(window.text) {
        if !(window.from..window.to).contains(&mark.span.start) {
            continue;
        }
        // What the last line of a window covers may be in the next one, which is not read yet.
        let sure = window.whole || mark.span.end + 1 < window.to;
        let line = window.first.line + mark.line - 1;
        if let Some(message) = told(&mark, line, places, whole && sure) {
            let message = format!("line {line}: {message}");
            notices.push(Notice::at(NoticeKind::UnusedIgnore, path.clone(), message));
        }
    }
    notices
}

fn told(mark: &Mark, line: usize, places: &[Place], whole: bool) -> Option<String> {
    let mut beside = places.iter().filter(|place| {
        let lines = [place.line, place.end_line];
        lines.contains(&line) || mark.alone && place.line == line + 1
    });
    let ids = mark.ids.join(",");
    if mark.ids.is_empty() {
        let id = &beside.next()?.check.id;
        let message = "keyward:allow names no check and is not honoured: write keyward:allow";
        return Some(format!("{message} {id} REASON"));
    }
    let of_use = beside.any(|place| {
        let also = place.also.iter().chain(&place.check.was);
        mark.ids.contains(&place.check.id) || also.into_iter().any(|id| mark.ids.contains(id))
    });
    match (&mark.reason, of_use) {
        (None, true) => Some(format!(
            "keyward:allow {ids} gives no reason and is not honoured: say why behind it"
        )),
        (_, false) if whole => Some(format!(
            "keyward:allow {ids} suppresses nothing: remove it, or mend what it names"
        )),
        _ => None,
    }
}

/// The reason of a mark of keyward's own on `line`, if it may stand so.
fn own(text: &[u8], line: Span, ids: &[&str], stand: Stand) -> Option<String> {
    memmem::find_iter(&text[line.range()], MARK)
        .filter_map(|at| mark(text, line, line.start + at, 0))
        .filter(|mark| mark.names(ids) && (mark.alone || stand == Stand::Behind))
        .find_map(|mark| mark.reason)
}

/// The mark at `at`, which stands on `line`; nothing where it is in no comment, or is the front of a longer word.
fn mark(text: &[u8], line: Span, at: usize, number: usize) -> Option<Mark> {
    let stand = comment::stand(&text[line.start..at])?;
    let rest = &text[(at + MARK.len()).min(line.end)..line.end];
    if rest
        .first()
        .is_some_and(|&b| b.is_ascii_alphanumeric() || b"-_:.".contains(&b))
    {
        return None;
    }
    let rest = String::from_utf8_lossy(rest);
    let said = comment::opened(&rest);
    let (ids, reason) = ids_and_reason(said);
    Some(Mark {
        span: Span::new(at, line.end),
        line: number,
        ids,
        reason: reason.map(str::to_owned),
        alone: stand == Stand::Alone,
    })
}

/// `a, b-c why` is two ids and a reason; a first word that is no id is none.
fn ids_and_reason(said: &str) -> (Vec<String>, Option<&str>) {
    let is_of_id = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let mut ids = Vec::new();
    let mut rest = said;
    loop {
        let end = rest.find(|c| !is_of_id(c)).unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        if !word.starts_with(|c: char| c.is_ascii_lowercase()) {
            break;
        }
        ids.push(word.to_owned());
        rest = after.trim_start();
        match rest.strip_prefix(',') {
            Some(next) => rest = next.trim_start(),
            None => break,
        }
    }
    let reason = rest.trim_start_matches(|c: char| !c.is_alphanumeric() && !"\"'`([<".contains(c));
    let says = !ids.is_empty() && reason.chars().any(char::is_alphanumeric);
    (ids, says.then_some(reason))
}

/// The first of `marks` on `line`, as a reason.
fn foreign(text: &[u8], line: Span, marks: &[&str]) -> Option<String> {
    let line = &text[line.range()];
    let found = marks
        .iter()
        .find(|mark| memmem::find(line, mark.as_bytes()).is_some())?;
    Some(format!("marked `{found}`"))
}

/// The line of the byte at `at`, as far as it is in reach, without its ending.
fn line_around(text: &[u8], at: usize) -> Span {
    let from = at.saturating_sub(REACH);
    let to = (at + REACH).min(text.len());
    let start = memchr::memrchr(b'\n', &text[from..at]).map_or(from, |i| from + i + 1);
    let end = memchr::memchr(b'\n', &text[at..to]).map_or(to, |i| at + i);
    Span::new(start, end)
}

/// The line above, if `line` begins one.
fn line_above(text: &[u8], line: Span) -> Option<Span> {
    let ending = line
        .start
        .checked_sub(1)
        .filter(|&i| text.get(i) == Some(&b'\n'))?;
    Some(line_around(text, ending))
}
