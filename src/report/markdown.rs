//! Markdown for a comment on a pull request: a table of the findings, and what to do about each, folded away.
//!
//! Paths, titles and lines of code are text whatever is in them: no link, picture, mention or tag of theirs comes to life. Code hosts
//! refuse a comment of more than 65,536 characters, so what does not fit is counted in a note.

use std::io::{self, Write};

use super::{Style, clean, counted, findings, gaps, reason, spot};
use crate::model::{Finding, Notice, Report};

/// What a comment may hold. Counted in bytes, which are never fewer than characters.
const ROOM: usize = 65_536;
/// Of these, what the table may take: a table without a word on what to do helps nobody.
const TABLE: usize = ROOM / 2;
/// What is kept for closing what is open, and for the note.
const RESERVE: usize = 1_024;
/// Gaps that are told before the table.
const GAPS: usize = 20;
/// Further places of a finding that are named.
const FEW: usize = 5;

pub(super) fn write(report: &Report, style: &Style<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut comment = Comment(String::new());
    comment.add(&format!("### keyward: {}\n", findings(report)), RESERVE);
    let gaps: Vec<_> = gaps(report).collect();
    if !gaps.is_empty() {
        comment.add("\n**The scan is not whole:**\n\n", RESERVE);
        let (shown, more) = comment.list(gaps.iter().take(GAPS).map(|n| item(n)), TABLE);
        let more = more + gaps.len() - shown - more;
        if more > 0 {
            comment.add(&format!("* and {more} more\n"), 0);
        }
    }
    let mut untabled = 0;
    if !report.findings.is_empty() {
        comment.add("\n| severity | what | where |\n|---|---|---|\n", RESERVE);
        (_, untabled) = comment.list(report.findings.iter().map(row), ROOM - TABLE);
    }
    let told = comment.folded("What to do", report.findings.iter().map(advice));
    let allowed = style.show_suppressed.then_some(&report.suppressed);
    let allowed = allowed.into_iter().flatten().flat_map(allowed_places);
    let allowed = comment.folded("Allowed", allowed);
    let others = report.notices.iter().filter(|n| !n.kind.incomplete());
    let notices = comment.folded("Notices", others.map(item));
    let left_out = [
        (untabled, "finding of the table", "findings of the table"),
        (told, "explanation", "explanations"),
        (allowed, "allowed place", "allowed places"),
        (notices, "notice", "notices"),
    ];
    let left_out: Vec<_> = left_out
        .iter()
        .filter(|(count, ..)| *count > 0)
        .map(|(count, one, many)| format!("{count} {}", if *count == 1 { one } else { many }))
        .collect();
    if !left_out.is_empty() {
        let note = format!(
            "\nLeft out, because a comment holds 65,536 characters: {}. `keyward scan` tells all.\n",
            left_out.join(", ")
        );
        comment.add(&note, 0);
    }
    out.write_all(comment.0.as_bytes())
}

/// What fits into a comment.
struct Comment(String);

impl Comment {
    /// Adds a piece, if `reserve` bytes are free behind it.
    fn add(&mut self, piece: &str, reserve: usize) -> bool {
        let fits = self.0.len() + piece.len() + reserve <= ROOM;
        if fits {
            self.0 += piece;
        }
        fits
    }

    /// Adds pieces up to the first that does not fit; gives how many were added, and how many were left out.
    fn list(&mut self, pieces: impl Iterator<Item = String>, reserve: usize) -> (usize, usize) {
        let (mut added, mut left_out) = (0, 0);
        for piece in pieces {
            if left_out == 0 && self.add(&piece, reserve.max(RESERVE)) {
                added += 1;
            } else {
                left_out += 1;
            }
        }
        (added, left_out)
    }

    /// Adds a list that is shown on a click, nothing where it is empty; gives how many were left out.
    fn folded(&mut self, title: &str, pieces: impl Iterator<Item = String>) -> usize {
        let mut pieces = pieces.peekable();
        let head = format!("\n<details>\n<summary>{title}</summary>\n\n");
        if pieces.peek().is_none() {
            return 0;
        }
        if !self.add(&head, RESERVE) {
            return pieces.count();
        }
        let (_, left_out) = self.list(pieces, RESERVE);
        self.add("\n</details>\n", 0);
        left_out
    }
}

fn row(finding: &Finding) -> String {
    let at = finding.places.first().map(spot).unwrap_or_default();
    let more = match finding.places.len() {
        0 | 1 => String::new(),
        n => format!(" and {} more", n - 1),
    };
    format!(
        "| {} | {} {} | {}{more} |\n",
        finding.severity,
        text(&finding.message()),
        code(&finding.check.id),
        code(&at)
    )
}

fn advice(finding: &Finding) -> String {
    let check = &finding.check;
    let mut lines = vec![format!(
        "* {}: {} {}",
        finding.severity,
        text(&finding.message()),
        code(&check.id)
    )];
    for place in finding.places.iter().take(FEW + 1) {
        let shown = match place.excerpt.text.trim() {
            "" => String::new(),
            line => format!(": {}", code(line)),
        };
        lines.push(format!("  * {}{shown}", code(&spot(place))));
    }
    if finding.places.len() > FEW + 1 {
        let more = finding.places.len() - FEW - 1;
        lines.push(format!("  * and {}", counted(more as u64, "more place")));
    }
    lines.push(format!("  * why: {}", text(&check.why)));
    lines.push(format!("  * fix: {}", text(&check.fix)));
    let links: Vec<_> = check.links.iter().filter_map(|url| link(url)).collect();
    if !links.is_empty() {
        lines.push(format!("  * more: {}", links.join(", ")));
    }
    lines.join("\n") + "\n"
}

fn allowed_places(finding: &Finding) -> impl Iterator<Item = String> {
    finding.places.iter().map(|place| {
        let why = place.suppression.as_ref().map(reason).unwrap_or_default();
        format!(
            "* {} {}: {}\n",
            code(&spot(place)),
            code(&finding.check.id),
            text(&why)
        )
    })
}

fn item(notice: &Notice) -> String {
    match &notice.path {
        Some(path) => format!("* {}: {}\n", code(&path.display()), text(&notice.message)),
        None => format!("* {}\n", text(&notice.message)),
    }
}

/// Text that stays text: no emphasis, link, table cell, tag, mention or formula. On one line.
fn text(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    for c in clean(raw).chars() {
        match c {
            // A name behind it would be mailed to, or called: a comment parts them where an entity would not.
            '@' => out += "@<!-- -->",
            c if "&<>`*_[]|\\~:#$^\"".contains(c) => out += &format!("&#{};", u32::from(c)),
            c => out.push(c),
        }
    }
    // A host in plain text is made a link by these letters.
    out.replace("www.", "www&#46;")
}

/// The same, in the letters of code. Not between backticks, which cannot hold a `|` in a table, nor all else a path can be.
fn code(raw: &str) -> String {
    format!("<code>{}</code>", text(raw))
}

/// A link that goes where it says; none where it is not of the web.
fn link(url: &str) -> Option<String> {
    let rest = url.strip_prefix("https://")?;
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-._~/?#=&%+,;:".contains(c);
    let shown = text(rest.split(['?', '#']).next().unwrap_or(rest));
    rest.chars()
        .all(is_plain)
        .then(|| format!("[{shown}](<{url}>)"))
}
