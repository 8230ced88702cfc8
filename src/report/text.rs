//! For people, and for editors that read `path:line:column: …`.
//!
//! A block a finding: what it is, the line with the fault underlined, why it matters, what to do, where else it stands. What a check
//! has said once it does not say again. At the end, what could not be done and one line that counts.

mod past;
mod summary;

use std::collections::HashSet;
use std::io::{self, Write};

use unicode_width::UnicodeWidthStr;

use super::{Role, Style, Target, clean, reason, wrap};
use crate::model::{Confidence, Context, Contexts, Excerpt, Finding, Fix, Origin, Place, Report};
use past::Remedy;
pub(super) use summary::{counted, findings};

/// A finding with more places than this shows the first few.
const MANY_PLACES: usize = 20;
/// So many.
const FEW_PLACES: usize = 5;
/// Columns of a line number before ` | `.
const GUTTER: usize = 5;
/// What stands between the parts of a line.
const DOT: &str = " · ";

pub(super) fn write(report: &Report, style: &Style<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut text = Text {
        style,
        out,
        told: HashSet::new(),
        begun: false,
    };
    let mut explained = HashSet::new();
    for finding in &report.findings {
        text.finding(finding, explained.insert(&finding.check.id))?;
    }
    if style.show_suppressed && !report.suppressed.is_empty() {
        text.gap()?;
        for finding in &report.suppressed {
            text.suppressed(finding)?;
        }
    }
    if style.summary {
        text.notices(report)?;
        text.gap()?;
        text.summary(report)?;
    }
    Ok(())
}

struct Text<'a> {
    style: &'a Style<'a>,
    out: &'a mut dyn Write,
    /// The ways of mending history that were told.
    told: HashSet<Remedy>,
    /// Something was written: an empty line parts it from what comes.
    begun: bool,
}

impl Text<'_> {
    fn finding(&mut self, finding: &Finding, first_of_check: bool) -> io::Result<()> {
        let Some((place, further)) = finding.places.split_first() else {
            return Ok(());
        };
        self.gap()?;
        let severity = finding.severity;
        self.heading(finding, place, (severity.into(), severity.as_str()))?;
        self.excerpt(place)?;
        if first_of_check {
            self.labelled("why", &finding.check.why)?;
            self.labelled("fix", &finding.check.fix)?;
        }
        if let Some(past) = &place.past {
            self.labelled("past", &past::told(past))?;
            if matches!(place.origin, Origin::History | Origin::Message) {
                if self.told.is_empty() {
                    self.labelled("then", past::ROTATE)?;
                }
                let remedy = Remedy::of(past, place.origin, &place.path);
                if self.told.insert(remedy) {
                    self.labelled("then", &remedy.told(past, &place.path))?;
                }
            }
        }
        // A command that is copied must stay one line.
        for command in place.fixes.iter().filter_map(Fix::command) {
            self.label("run")?;
            writeln!(self.out, " {}", clean(&command))?;
        }
        if let Some(fix) = place.fixes.iter().find(|fix| fix.command().is_none()) {
            let tier = if fix.is_safe() { "" } else { " --unsafe" };
            let id = clean(&finding.check.id);
            self.label("run")?;
            writeln!(self.out, " keyward fix --apply{tier} --only {id}")?;
        }
        for (what, places) in related(place) {
            self.labelled("with", &format!("{what} at {places}"))?;
        }
        let more = more(finding, further, first_of_check);
        if !more.is_empty() {
            self.labelled("more", &more)?;
        }
        Ok(())
    }

    fn suppressed(&mut self, finding: &Finding) -> io::Result<()> {
        for place in &finding.places {
            let word = format!("allowed ({})", finding.severity);
            self.heading(finding, place, (Role::Dim, &word))?;
            if let Some(suppression) = &place.suppression {
                self.labelled("reason", &reason(suppression))?;
            }
        }
        Ok(())
    }

    fn heading(
        &mut self,
        finding: &Finding,
        place: &Place,
        (role, word): (Role, &str),
    ) -> io::Result<()> {
        let message = clean(&finding.message());
        let id = format!("[{}]", finding.check.id);
        // What a terminal would break somewhere is broken before the id.
        let parts = [&at(place), word, &message, &id];
        let columns: usize = parts.iter().map(|part| part.width()).sum();
        let is_long = self.style.width > 0 && columns + 5 > self.style.width;
        let gap = if is_long { "\n    " } else { " " };
        let mut at = self.paint(Role::Path, &at(place));
        if matches!(place.origin, Origin::Worktree | Origin::Index) {
            at = (self.style.link)(Target::File(&place.path), &at);
        }
        let id = self.paint(Role::Id, &id);
        let word = self.paint(role, word);
        let id = (self.style.link)(Target::Check(&finding.check), &id);
        writeln!(self.out, "{at}: {word}: {message}{gap}{id}")
    }

    fn excerpt(&mut self, place: &Place) -> io::Result<()> {
        if place.excerpt.text.is_empty() {
            return Ok(());
        }
        let number = format!("{:>GUTTER$} |", place.line);
        let blank = format!("{:>1$}", "|", number.len());
        let room = match self.style.width {
            0 => usize::MAX,
            width => width.saturating_sub(number.len() + 1),
        };
        let Excerpt { text, caret, width } = fit(&place.excerpt, room);
        let text = clean(&text);
        // Chinese, Japanese and Korean letters take two columns.
        let before: String = text.chars().take(caret).collect();
        let fault: String = text.chars().skip(caret).take(width).collect();
        let under = fault.width().max(width);
        let carets = format!("{}{}", " ".repeat(before.width()), "^".repeat(under));
        let (number, blank) = (
            self.paint(Role::Dim, &number),
            self.paint(Role::Dim, &blank),
        );
        let carets = self.paint(Role::Caret, &carets);
        writeln!(self.out, "{number} {text}")?;
        writeln!(self.out, "{blank} {carets}")
    }

    /// `  label: text`, wrapped under its own beginning.
    fn labelled(&mut self, label: &str, text: &str) -> io::Result<()> {
        let indent = label.len() + 4;
        let text = wrap(&clean(text), indent, indent, self.style.width);
        self.label(label)?;
        writeln!(self.out, " {text}")
    }

    fn label(&mut self, label: &str) -> io::Result<()> {
        let label = self.paint(Role::Label, &format!("{label}:"));
        write!(self.out, "  {label}")
    }

    /// An empty line, unless nothing stands above it.
    fn gap(&mut self) -> io::Result<()> {
        if std::mem::replace(&mut self.begun, true) {
            writeln!(self.out)?;
        }
        Ok(())
    }

    fn paint(&self, role: Role, text: &str) -> String {
        (self.style.paint)(role, &clean(text))
    }
}

fn at(place: &Place) -> String {
    format!("{}:{}:{}", place.path, place.line, place.column)
}

/// The places that it has to do with, by what they are; of many the first few.
fn related(place: &Place) -> Vec<(&str, String)> {
    let mut groups: Vec<(&str, Vec<String>)> = Vec::new();
    for related in &place.related {
        let at = format!("{}:{}", related.path, related.line);
        match groups.iter_mut().find(|(what, _)| *what == related.what) {
            Some((_, places)) => places.push(at),
            None => groups.push((&related.what, vec![at])),
        }
    }
    let shown = |mut places: Vec<String>| {
        let more = places.len().saturating_sub(FEW_PLACES);
        places.truncate(FEW_PLACES);
        if more > 0 {
            places.push(format!("and {more} more"));
        }
        places.join(", ")
    };
    groups
        .into_iter()
        .map(|(what, places)| (what, shown(places)))
        .collect()
}

/// What else is to be known of a finding, in the order in which a reader asks.
fn more(finding: &Finding, further: &[Place], first_of_check: bool) -> String {
    let mut parts = Vec::new();
    if first_of_check {
        parts.push(format!("keyward explain {}", finding.check.id));
    }
    if !finding.contexts.is_empty() {
        parts.push(in_words(finding.contexts));
    }
    if finding.confidence < Confidence::High {
        parts.push(format!("{} confidence", finding.confidence));
    }
    let family = &finding.check.family;
    let also: Vec<_> = finding
        .also
        .iter()
        .filter(|id| *id != family)
        .map(String::as_str)
        .collect();
    if !also.is_empty() {
        parts.push(format!("also: {}", also.join(", ")));
    }
    if !further.is_empty() {
        let shown = match finding.places.len() {
            ..=MANY_PLACES => further.len(),
            _ => FEW_PLACES,
        };
        let mut list: Vec<_> = further[..shown]
            .iter()
            .map(|p| match p.inside() {
                Some(wrapping) => format!("{}:{} (inside {wrapping})", p.path, p.line),
                None => format!("{}:{}", p.path, p.line),
            })
            .collect();
        if shown < further.len() {
            let rest = further.len() - shown;
            list.push(format!("and {rest} more (--format json lists them)"));
        }
        parts.push(format!("also at {}", list.join(", ")));
    }
    parts.join(DOT)
}

fn in_words(contexts: Contexts) -> String {
    let words: Vec<_> = contexts
        .iter()
        .map(|context| match context {
            Context::Test => "in test code",
            Context::Docs => "in documentation",
            Context::Example => "in an example file",
            Context::Vendored => "in vendored code",
            Context::Minified => "in minified code",
            Context::Generated => "in generated code",
            Context::Lockfile => "in a lock file",
            Context::Client => "in code that reaches the browser",
            Context::EnvFile => "in an environment file",
            Context::Comment => "in a comment",
            Context::Local => "ignored by git",
            Context::Production => "in configuration of production",
            Context::Tracked => "tracked by git",
            Context::Untracked => "not tracked by git",
        })
        .collect();
    words.join(", ")
}

/// The stretch of an excerpt that `room` columns hold, with the fault in it.
fn fit(excerpt: &Excerpt, room: usize) -> Excerpt {
    const LEAST: usize = 20;
    let total = excerpt.text.chars().count();
    if total <= room || room < LEAST {
        return excerpt.clone();
    }
    let spare = room.saturating_sub(excerpt.width + 2);
    let start = excerpt
        .caret
        .saturating_sub(spare / 2)
        .min(total - room + 1);
    let (head, skip) = if start > 0 { ("…", start) } else { ("", 0) };
    let keep = room - head.chars().count();
    let mut text: String = excerpt.text.chars().skip(skip).take(keep).collect();
    if skip + keep < total {
        text.pop();
        text.push('…');
    }
    let caret = excerpt.caret - skip + head.chars().count();
    Excerpt {
        text: format!("{head}{text}"),
        caret,
        width: excerpt.width.min(room.saturating_sub(caret)),
    }
}
