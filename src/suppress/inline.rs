//! Comments that accept a finding where it stands: `keyward:allow ID[,ID] reason`, and the marks of other scanners.
//!
//! A comment that has a line to itself speaks of its own line and of the next; one behind code speaks of that code alone, or two
//! secrets on neighbouring lines would be accepted by one comment. A reason is demanded, of keyward's own mark: it is what the next
//! reader needs. Other scanners' marks count as they are, on the line, so that a switch costs nothing.

use std::cell::OnceCell;
use std::collections::{BTreeSet, HashMap};
use std::sync::LazyLock;

use memchr::memmem;

use super::comment::{self, Stand};
use crate::model::{Notice, NoticeKind, Place, RelPath, Secret, Span, Suppression};
use crate::text::Window;

/// keyward's own mark.
const MARK: &[u8] = b"keyward:allow";
/// Marks of others that speak of their own line.
const FOREIGN: [&str; 7] = [
    "gitleaks:allow",
    "betterleaks:allow",
    "trufflehog:ignore",
    "kingfisher:ignore",
    "pragma: allowlist secret",
    // What detect-secrets called it before.
    "pragma: whitelist secret",
    // secretlint's, whatever rules it names; its `secretlint-disable`, which speaks of all that follows, is not obeyed.
    "secretlint-disable-line",
];
/// Marks of others that speak of the next line.
const FOREIGN_ABOVE: [&str; 3] = [
    "pragma: allowlist nextline secret",
    "pragma: whitelist nextline secret",
    "secretlint-disable-next-line",
];
/// How far from a hit a mark is looked for: a line of a bundle has megabytes, and each hit on it would read them all.
const REACH: usize = 4096;
/// Marks of one line that are asked; nobody writes more of them behind one another, but a line can be made of nothing else.
const MOST_ON_A_LINE: usize = 16;
/// Bytes behind a mark that are read as its ids and its reason.
const LONGEST: usize = 512;
/// Ids longer than this are not repeated; the longest of a check is shorter.
const LONGEST_SHOWN: usize = 80;
/// Notices about the marks of one window; of more than these the number is told.
const MOST_TOLD: usize = 20;

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

/// Where one of keyward's own marks stands; what it says is read when it is asked for.
#[derive(Clone, Copy)]
struct Spot {
    at: usize,
    line: usize,
    stand: Stand,
}

/// All marks of a text, found in one pass: a hit then looks up those of its line, however many there are elsewhere.
pub struct Marks<'a> {
    text: &'a [u8],
    own: Vec<Spot>,
    /// Others' marks, by place: whether each speaks of the next line, and its words. Found when the first hit asks.
    foreign: OnceCell<Vec<(usize, bool, &'static str)>>,
}

impl<'a> Marks<'a> {
    /// Finds the marks of `text`.
    pub fn of(text: &'a [u8]) -> Self {
        Self {
            text,
            own: spots(text),
            foreign: OnceCell::new(),
        }
    }

    /// All of keyward's own marks, in their order, so that those of no use can be told.
    pub fn own(&self) -> impl Iterator<Item = Mark> {
        self.own.iter().map(|spot| self.read(spot))
    }

    /// Why the hit at `span`, known by `ids`, is accepted by a comment, if it is. Of a hit of many lines the first and the last count.
    pub fn suppression(&self, span: Span, ids: &[&str]) -> Option<Suppression> {
        if self.own.is_empty() && self.foreign().is_empty() {
            return None;
        }
        let text = self.text;
        let start = span.start.min(text.len());
        let end = span.end.clamp(start, text.len());
        let first = line_around(text, start);
        let last = line_around(text, end.saturating_sub(1).max(start));
        let above = line_above(text, first);
        let own = |line: Span| self.reason(line, ids, Stand::Behind);
        let reason = own(first)
            .or_else(|| own(last))
            .or_else(|| self.reason(above?, ids, Stand::Alone))
            .or_else(|| self.others(first, false))
            .or_else(|| self.others(last, false))
            .or_else(|| self.others(above?, true))?;
        Some(Suppression::Inline {
            reason: masked(reason, &text[start..end]),
        })
    }

    /// The reason of a mark of keyward's own on `line`, if it may stand so.
    fn reason(&self, line: Span, ids: &[&str], stand: Stand) -> Option<String> {
        let from = self.own.partition_point(|spot| spot.at < line.start);
        self.own[from..]
            .iter()
            .take_while(|spot| spot.at < line.end)
            .take(MOST_ON_A_LINE)
            .filter(|spot| spot.stand == Stand::Alone || stand == Stand::Behind)
            .map(|spot| self.read(spot))
            .filter(|mark| mark.names(ids))
            .find_map(|mark| mark.reason)
    }

    /// What a mark says.
    fn read(&self, spot: &Spot) -> Mark {
        let behind = spot.at + MARK.len();
        let rest = &self.text[behind..self.text.len().min(behind + LONGEST)];
        let rest = &rest[..memchr::memchr(b'\n', rest).unwrap_or(rest.len())];
        let said = String::from_utf8_lossy(rest);
        let (ids, reason) = ids_and_reason(comment::opened(&said));
        Mark {
            span: Span::new(spot.at, behind + rest.len()),
            line: spot.line,
            ids,
            reason: reason.map(str::to_owned),
            alone: spot.stand == Stand::Alone,
        }
    }

    fn foreign(&self) -> &[(usize, bool, &'static str)] {
        self.foreign.get_or_init(|| foreign(self.text))
    }

    /// The first of others' marks on `line`, as a reason.
    fn others(&self, line: Span, above: bool) -> Option<String> {
        let all = self.foreign();
        let from = all.partition_point(|(at, ..)| *at < line.start);
        let (_, _, words) = all[from..]
            .iter()
            .take_while(|(at, _, words)| at + words.len() <= line.end)
            .take(MOST_ON_A_LINE)
            .find(|(_, speaks_of_next, _)| *speaks_of_next == above)?;
        Some(format!("marked `{words}`"))
    }
}

/// Built once: every file is searched.
static FINDER: LazyLock<memmem::Finder<'static>> = LazyLock::new(|| memmem::Finder::new(MARK));

/// Where keyward's own marks stand that are in a comment and are not the front of a longer word. Each byte is read once or twice,
/// even where one line holds them all.
fn spots(text: &[u8]) -> Vec<Spot> {
    let mut spots = Vec::new();
    let mut line = comment::Line::default();
    let (mut number, mut start, mut counted) = (1, 0, 0);
    for at in FINDER.find_iter(text) {
        let passed = &text[counted..at];
        if let Some(last) = memchr::memrchr(b'\n', passed) {
            number += memchr::memchr_iter(b'\n', passed).count();
            start = counted + last + 1;
            line = comment::Line::default();
        }
        counted = at;
        let next = text.get(at + MARK.len());
        if next.is_some_and(|&b| b.is_ascii_alphanumeric() || b"-_:.".contains(&b)) {
            continue;
        }
        spots.extend(line.stand(&text[start..at]).map(|stand| Spot {
            at,
            line: number,
            stand,
        }));
    }
    spots
}

fn foreign(text: &[u8]) -> Vec<(usize, bool, &'static str)> {
    let marks = FOREIGN.map(|mark| (mark, false));
    let above = FOREIGN_ABOVE.map(|mark| (mark, true));
    let mut found: Vec<_> = marks
        .into_iter()
        .chain(above)
        .flat_map(|(mark, above)| memmem::find_iter(text, mark).map(move |at| (at, above, mark)))
        .collect();
    found.sort_unstable();
    found
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
/// honoured, and with `whole` those that name a check and cover none. Of marks that name one of `later`, which are looked for when
/// every file was read, it is not known yet.
pub fn notices(
    path: &RelPath,
    window: &Window<'_>,
    marks: &Marks<'_>,
    places: &[Place],
    whole: bool,
    later: &[&str],
) -> Vec<Notice> {
    let mut notices = Vec::new();
    if marks.own.is_empty() {
        return notices;
    }
    let beside = Beside::of(places, window.first.line);
    let mut more = 0;
    for mark in marks.own() {
        if !(window.from..window.to).contains(&mark.span.start) {
            continue;
        }
        // What the last line of a window covers may be in the next one, which is not read yet.
        let sure = (window.whole || mark.span.end + 1 < window.to)
            && !mark.ids.iter().any(|id| later.contains(&id.as_str()));
        let line = window.first.line + mark.line - 1;
        let Some(message) = told(&mark, line, &beside, whole && sure) else {
            continue;
        };
        if notices.len() == MOST_TOLD {
            more += 1;
            continue;
        }
        let message = format!("line {line}: {message}");
        notices.push(Notice::at(NoticeKind::UnusedIgnore, path.clone(), message));
    }
    if more > 0 {
        let message = format!("{more} more keyward:allow marks are of no use or not honoured");
        notices.push(Notice::at(NoticeKind::UnusedIgnore, path.clone(), message));
    }
    notices
}

/// The checks that were found, by the line on which their places begin or end.
#[derive(Default)]
struct Beside<'a> {
    begins: HashMap<usize, Found<'a>>,
    ends: HashMap<usize, Found<'a>>,
}

#[derive(Default)]
struct Found<'a> {
    /// The id of the first place.
    first: &'a str,
    /// All names that a mark may call the checks by.
    names: BTreeSet<&'a str>,
}

impl<'a> Beside<'a> {
    /// The places that a mark on line `from`, or further down, may speak of.
    fn of(places: &'a [Place], from: usize) -> Self {
        let mut beside = Self::default();
        for place in places.iter().filter(|place| place.end_line >= from) {
            let id = place.check.id.as_str();
            let also = place.also.iter().chain(&place.check.was);
            for (lines, line) in [
                (&mut beside.begins, place.line),
                (&mut beside.ends, place.end_line),
            ] {
                let found = lines.entry(line).or_insert_with(|| Found {
                    first: id,
                    names: BTreeSet::new(),
                });
                found.names.insert(id);
                found.names.extend(also.clone().map(String::as_str));
            }
        }
        beside
    }

    /// What stands beside a mark.
    fn mark(&self, mark: &Mark, line: usize) -> impl Iterator<Item = &Found<'a>> {
        let next = if mark.alone {
            self.begins.get(&(line + 1))
        } else {
            None
        };
        let own = [self.begins.get(&line), self.ends.get(&line)];
        own.into_iter().chain([next]).flatten()
    }
}

fn told(mark: &Mark, line: usize, beside: &Beside<'_>, whole: bool) -> Option<String> {
    let ids = mark.ids.join(",");
    let mut beside = beside.mark(mark, line);
    if mark.ids.is_empty() {
        let id = beside.next()?.first;
        let message = "keyward:allow names no check and is not honoured: write keyward:allow";
        return Some(format!("{message} {id} REASON"));
    }
    let of_use = beside.any(|found| mark.ids.iter().any(|id| found.names.contains(id.as_str())));
    match (&mark.reason, of_use) {
        (None, true) => Some(format!(
            "keyward:allow {ids} gives no reason and is not honoured: say why behind it"
        )),
        // What names no check may be anything, a secret that slipped into the comment too.
        (_, false) if whole && ids.len() > LONGEST_SHOWN => Some(
            "this keyward:allow suppresses nothing: remove it, or mend what it names".to_owned(),
        ),
        (_, false) if whole => Some(format!(
            "keyward:allow {ids} suppresses nothing: remove it, or mend what it names"
        )),
        _ => None,
    }
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
