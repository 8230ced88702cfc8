//! Where instructions begin and end: continued lines, comments between these, heredocs.

use super::super::lines::{line, past_blanks, past_ending, past_mark, trim};
use crate::model::Span;

/// Heredocs that are searched for in vain before `<<` means nothing any more, so that hostile text is read so many times at the most.
const TRIES: u8 = 4;

/// One instruction.
pub(super) struct Instruction {
    /// Its first word; `ONBUILD` is passed over.
    pub(super) name: Span,
    /// What stands behind, over all the lines that were continued, without heredocs.
    pub(super) rest: Span,
    /// The texts of its heredocs.
    pub(super) bodies: Vec<Span>,
    /// Where it ends, heredocs counted in.
    pub(super) end: usize,
}

/// The instructions of a text, in order.
pub(super) struct Instructions<'a> {
    text: &'a [u8],
    at: usize,
    tries: u8,
    /// What continues a line.
    pub(super) escape: u8,
}

impl<'a> Instructions<'a> {
    pub(super) fn new(text: &'a [u8]) -> Self {
        let at = past_mark(text);
        Self {
            text,
            at,
            tries: TRIES,
            escape: escape(text, at),
        }
    }

    /// The end of the line at the cursor and of those that continue it, and where the next one begins.
    fn logical(&self) -> (usize, usize) {
        let (mut last, mut next) = line(self.text, self.at, self.text.len());
        while self.text[trim(self.text, last).range()].last() == Some(&self.escape)
            && next < self.text.len()
        {
            (last, next) = line(self.text, next, self.text.len());
            // Comments between are taken out, and lines that are empty.
            while next < self.text.len() && is_passed(self.text, last) {
                (last, next) = line(self.text, next, self.text.len());
            }
        }
        (last.end, next)
    }

    /// The bodies of the heredocs that `rest` announces; they begin at the cursor, which is moved behind them.
    fn heredocs(&mut self, rest: Span) -> Vec<Span> {
        let mut bodies = Vec::new();
        let marks = memchr::memmem::find_iter(&self.text[rest.range()], b"<<");
        for mark in marks.map(|at| rest.start + at) {
            let Some(until) = delimiter(self.text, mark + 2, rest.end) else {
                continue;
            };
            let mut from = self.at;
            let mut found = false;
            while from < self.text.len() && self.tries > 0 && !found {
                let (whole, next) = line(self.text, from, self.text.len());
                if self.text[trim(self.text, whole).range()] == self.text[until.range()] {
                    bodies.push(Span::new(self.at, whole.start));
                    self.at = next;
                    found = true;
                }
                from = next;
            }
            self.tries = self.tries.saturating_sub(u8::from(!found));
        }
        bodies
    }
}

impl Iterator for Instructions<'_> {
    type Item = Instruction;

    fn next(&mut self) -> Option<Instruction> {
        while self.at < self.text.len() {
            let (first, behind) = line(self.text, self.at, self.text.len());
            if is_passed(self.text, first) {
                self.at = behind;
                continue;
            }
            let (end, next) = self.logical();
            let mut name = word(self.text, self.at, end);
            if self.text[name.range()].eq_ignore_ascii_case(b"onbuild") {
                name = word(self.text, name.end, end);
            }
            let rest = Span::new(name.end, end);
            self.at = next;
            let takes: [&[u8]; 3] = [b"run", b"copy", b"add"];
            let takes = takes
                .iter()
                .any(|n| self.text[name.range()].eq_ignore_ascii_case(n));
            let bodies = if takes {
                self.heredocs(rest)
            } else {
                Vec::new()
            };
            let end = if bodies.is_empty() { end } else { self.at };
            return Some(Instruction {
                name,
                rest,
                bodies,
                end,
            });
        }
        None
    }
}

/// Whether `line` is empty or a comment.
fn is_passed(text: &[u8], line: Span) -> bool {
    let start = past_blanks(text, line.start, line.end);
    start == line.end || text[start] == b'#'
}

fn word(text: &[u8], from: usize, end: usize) -> Span {
    let start = past_blanks(text, from, end);
    let len = text[start..end]
        .iter()
        .take_while(|b| b.is_ascii_alphabetic());
    Span::new(start, start + len.count())
}

/// The word that ends a heredoc whose `<<` ends at `at`.
fn delimiter(text: &[u8], mut at: usize, end: usize) -> Option<Span> {
    if text[at..end].first() == Some(&b'-') {
        at += 1;
    }
    let quote = text[at..end].first().filter(|b| matches!(b, b'"' | b'\''));
    at += usize::from(quote.is_some());
    let len = text[at..end]
        .iter()
        .take_while(|b| b.is_ascii_alphanumeric() || **b == b'_')
        .count();
    (len > 0).then_some(Span::new(at, at + len))
}

/// What the directive `# escape=` says, if the text begins with directives.
fn escape(text: &[u8], mut from: usize) -> u8 {
    while from < text.len() {
        let (whole, next) = line(text, from, text.len());
        from = next;
        let Some(directive) = text[trim(text, whole).range()].strip_prefix(b"#") else {
            break;
        };
        let Some(sign) = memchr::memchr(b'=', directive) else {
            break;
        };
        let (name, value) = (
            directive[..sign].trim_ascii(),
            directive[sign + 1..].trim_ascii(),
        );
        if name.eq_ignore_ascii_case(b"escape") && value == b"`" {
            return b'`';
        }
    }
    b'\\'
}

/// Behind blanks, continued lines and the comments between them.
pub(super) fn past_gap(text: &[u8], from: usize, end: usize, escape: u8) -> usize {
    let mut at = from;
    // A comment is one at the start of a line only.
    let mut fresh = false;
    loop {
        at = past_blanks(text, at, end);
        let Some(&byte) = text[..end].get(at) else {
            return end;
        };
        let behind = past_ending(text, at, end);
        if behind > at {
            fresh = true;
            at = behind;
        } else if byte == escape && is_ending(text, at + 1, end) {
            at += 1;
        } else if byte == b'#' && fresh {
            at = line(text, at, end).1;
        } else {
            return at;
        }
    }
}

/// Whether only blanks stand between `from` and the end of its line.
fn is_ending(text: &[u8], from: usize, end: usize) -> bool {
    let at = past_blanks(text, from, end);
    matches!(text[..end].get(at), Some(b'\n' | b'\r'))
}
