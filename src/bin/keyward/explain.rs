//! `keyward explain`: what a check is about, or why one finding was reported.

mod check;
mod finding;
mod rule;

use std::io::{self, Write};

use anyhow::{Result, bail};
use keyward::config::nearest;
use keyward::report::{Role, clean, wrap};

use crate::args::{Sources, When};
use crate::{catalogue, links, output, paint, scan};

const EXAMPLES: &str = "\
Examples:
  keyward explain stripe-secret-key-live    what it finds, how, and what to do
  keyward explain 3f2a9c1b                  why that finding was reported
  keyward explain src/app.js:4              the same of those on that line

A finding is looked for by a scan as `keyward scan` does it here,
quicker with --no-history. `keyward scan --format json` shows fingerprints.";

/// `keyward explain`.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Explain {
    /// A check by its id; or a finding by its fingerprint, of which eight digits do, or by its place, as the report names it.
    #[arg(value_name = "ID|FINGERPRINT|PATH:LINE")]
    pub what: String,
    /// Look for a finding in the tree alone, without the history of its repository.
    #[arg(long, help_heading = "What to scan")]
    pub no_history: bool,
    #[command(flatten)]
    pub sources: Sources,
}

/// Digits of a fingerprint that tell findings apart.
const FEWEST_DIGITS: usize = 8;

/// A finding, as the user names it.
enum Named {
    /// The beginning of its fingerprint, in small letters.
    Fingerprint(String),
    /// `path:line` or `path:line:column`, as reports write it.
    Place(String),
}

/// Runs the command.
pub fn run(args: &Explain, color: When) -> Result<u8> {
    let what = args.what.as_str();
    let (rules, packs) = catalogue::load_with(&args.sources)?;
    if let Some(check) = rules.check(what) {
        let told = keyward::rules::shown::rules(&check.id, &packs)?;
        let painter = paint::painter(paint::wanted(color));
        output::stdout(|out| {
            let mut page = Page::new(out, &painter, color);
            check::tell(&mut page, check, catalogue::worst(&rules, check), &told)
        })?;
        return Ok(0);
    }
    if let Some(named) = named(what) {
        return finding::run(&named, args, color);
    }
    let known = rules.checks().iter().map(|check| check.id.as_str());
    let hint = match nearest(what, known) {
        Some(near) => format!("did you mean `{near}`?"),
        None if is_hex(what) => {
            format!("a fingerprint is told by {FEWEST_DIGITS} of its digits or more")
        }
        None => "`keyward rules list` names all checks".to_owned(),
    };
    bail!("there is no check `{what}`\n  hint: {hint}")
}

fn named(what: &str) -> Option<Named> {
    if is_hex(what) && (FEWEST_DIGITS..=32).contains(&what.len()) {
        return Some(Named::Fingerprint(what.to_ascii_lowercase()));
    }
    let (before, last) = what.rsplit_once(':')?;
    (is_number(last) && !before.is_empty()).then(|| Named::Place(scan::slashed(what)))
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

fn is_hex(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_hexdigit())
}

/// Text for people, in colours and within the terminal.
struct Page<'a> {
    out: &'a mut dyn Write,
    paint: &'a dyn Fn(Role, &str) -> String,
    width: usize,
    links: bool,
}

impl<'a> Page<'a> {
    fn new(out: &'a mut dyn Write, paint: &'a dyn Fn(Role, &str) -> String, color: When) -> Self {
        Self {
            out,
            paint,
            links: links::wanted(color),
            width: paint::width(),
        }
    }

    /// `  label: text`, wrapped under its own beginning; nothing where there is no text.
    fn line(&mut self, label: &str, text: &str) -> io::Result<()> {
        if text.is_empty() {
            return Ok(());
        }
        let label = format!("{label}:");
        let shown = (self.paint)(Role::Label, &label);
        let indent = 2 + label.chars().count() + 1;
        write!(self.out, "  {shown} ")?;
        self.hanging(indent, indent, text)
    }

    /// `  label: url`, the URL a link to itself where the terminal takes links.
    fn link(&mut self, label: &str, url: &str) -> io::Result<()> {
        let url = clean(url);
        let shown = match self.links {
            true => links::to_page(&url, &url),
            false => url,
        };
        let label = (self.paint)(Role::Label, &format!("{label}:"));
        writeln!(self.out, "  {label} {shown}")
    }

    /// The text on a line of which so many columns are `used`, and what does not fit there `indent` columns from the left.
    fn hanging(&mut self, used: usize, indent: usize, text: &str) -> io::Result<()> {
        writeln!(self.out, "{}", wrap(&clean(text), used, indent, self.width))
    }

    /// An empty line, and what the lines below it are about.
    fn heading(&mut self, text: &str) -> io::Result<()> {
        let text = (self.paint)(Role::Path, &clean(text));
        writeln!(self.out, "\n{text}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_for_is_told_apart() {
        let is_fingerprint = |text| matches!(named(text), Some(Named::Fingerprint(_)));
        let is_place = |text| matches!(named(text), Some(Named::Place(_)));
        assert!(is_fingerprint("3f2a9c1b") && is_fingerprint("3F2A9C1B00"));
        assert!(!is_fingerprint("3f2a9c1") && !is_fingerprint(&"a".repeat(33)));
        assert!(is_place("a b/c.js:4") && is_place("c.js:4:12"));
        assert!(!is_place("c.js:") && !is_place(":4") && !is_place("c.js") && !is_place("c:x"));
    }
}
