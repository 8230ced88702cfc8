//! What is no YAML, read line by line.
//!
//! Takes templates (Helm, Jinja, ERB), tabs and broken indentation: keys are ordered by their columns, template directives are passed over,
//! `{{ … }}` stays the text of its value. Does not read flow collections, and joins no lines but those of block scalars.

mod block;
mod line;

use super::super::{Facts, Pair, Scope, Via, shell};
use super::words::{Named, is_command, item};
use super::{Level, Rest};
use crate::model::Span;

use line::{Written, key, written};

/// Reads from where the parser stopped to the end.
pub(super) fn read(text: &[u8], rest: Rest, facts: &mut Facts) {
    let mut lines = Lines {
        text,
        at: rest.at,
        levels: rest.levels,
        manifest: rest.manifest,
        beside: (0, Named::default()),
        facts,
    };
    if lines.at == 0 && text.starts_with(b"\xef\xbb\xbf") {
        lines.at = 3;
    }
    while lines.at < text.len() && lines.line() {}
    lines.manifest.end(text, lines.facts);
}

struct Lines<'a> {
    text: &'a [u8],
    /// The start of the next line.
    at: usize,
    levels: Vec<Level>,
    manifest: super::words::Manifest,
    /// The column of the keys that stand in one mapping with the last, and what they name.
    beside: (usize, Named),
    facts: &'a mut Facts,
}

/// The end of the line that `at` is in, without its line break.
fn end_of_line(text: &[u8], at: usize) -> usize {
    let end = memchr::memchr(b'\n', &text[at..]).map_or(text.len(), |i| at + i);
    end - usize::from(end > at && text[end - 1] == b'\r')
}

/// The first byte from `at` to `end` that is no blank.
fn past_blanks(text: &[u8], at: usize, end: usize) -> usize {
    let blanks = text[at..end]
        .iter()
        .take_while(|b| matches!(b, b' ' | b'\t'))
        .count();
    at + blanks
}

/// Whether nothing of a document stands there: a comment, the end of the line, a directive of a template.
fn is_passed_over(line: &[u8]) -> bool {
    match line {
        [] | [b'#', ..] | [b'{', b'%' | b'#', ..] | [b'<', b'%', ..] => true,
        [b'{', b'{', ..] => key(line, 0, line.len()).is_none(),
        _ => false,
    }
}

impl Lines<'_> {
    /// Reads one line, and the block that it begins; false where there is no room for more.
    fn line(&mut self) -> bool {
        let text = self.text;
        let begin = self.at;
        let end = end_of_line(text, begin);
        self.at = memchr::memchr(b'\n', &text[end..]).map_or(text.len(), |i| end + i + 1);
        let mut at = past_blanks(text, begin, end);
        if matches!(
            &text[begin..end],
            [b'-', b'-', b'-'] | [b'-', b'-', b'-', b' ', ..] | b"..."
        ) {
            self.levels.clear();
            self.manifest.end(text, self.facts);
            return true;
        }
        if is_passed_over(&text[at..end]) {
            return true;
        }
        let mut dash = None;
        while text[at] == b'-' && (at + 1 == end || matches!(text[at + 1], b' ' | b'\t')) {
            dash = Some(at - begin);
            at = past_blanks(text, at + 1, end);
            if at == end {
                break;
            }
        }
        if let Some(column) = dash {
            while self.levels.last().is_some_and(|l| l.after > column) {
                self.levels.pop();
            }
            self.beside = (at - begin, Named::default());
        }
        if at == end || text[at] == b'#' {
            return true;
        }
        match key(text, at, end) {
            Some((name, after)) => self.pair(name, at - begin, past_blanks(text, after, end), end),
            None => dash.is_none_or(|column| self.element(column, at, end)),
        }
    }

    /// A key in `column` whose value begins at `at`, if the line has one.
    fn pair(&mut self, name: Span, column: usize, at: usize, end: usize) -> bool {
        while self.levels.last().is_some_and(|l| l.after >= column) {
            self.levels.pop();
        }
        let within = self.scope();
        let mut found = self.value(column, at, end);
        let Some(pair) = found.as_mut() else {
            return true;
        };
        if pair.value.is_empty() && !pair.quoted && self.holds_more(column) {
            let scope = self.facts.enter(within, name);
            self.levels.push(Level {
                after: column,
                scope,
                key: name,
            });
            return true;
        }
        pair.key = name;
        pair.within = within;
        let pair = pair.clone();
        if self.beside.0 != column {
            self.beside = (column, Named::default());
        }
        let twin = self.beside.1.see(self.text, &pair);
        if self.levels.len() < 2 {
            let outer = self.levels.first().map(|l| l.key);
            self.manifest.see(self.text, outer, &pair, self.facts);
        }
        let value = pair.value;
        let mut room = self.facts.add(pair);
        if let Some(twin) = twin {
            room = self.facts.add(twin);
        }
        if room && is_command(&self.text[name.range()]) && self.text.get(value.start) != Some(&b'!')
        {
            let scope = self.facts.enter(within, name);
            shell::commands(self.text, value, scope, self.facts);
        }
        room
    }

    /// An element of a list whose dash stands in `column`.
    fn element(&mut self, column: usize, at: usize, end: usize) -> bool {
        let Some(mut pair) = self.value(column, at, end).filter(|p| !p.value.is_empty()) else {
            return true;
        };
        let inner = self.scope();
        let outer = match self.levels.len() {
            0 | 1 => Scope::TOP,
            n => self.levels[n - 2].scope,
        };
        pair.key = self.levels.last().map_or(Span::new(at, at), |l| l.key);
        item(self.text, pair, (outer, inner), self.facts)
    }

    fn scope(&self) -> Scope {
        self.levels.last().map_or(Scope::TOP, |l| l.scope)
    }

    /// The value at `at`, its key yet to be told; none where an alias stands for it.
    fn value(&mut self, column: usize, at: usize, end: usize) -> Option<Pair> {
        let nowhere = Span::new(at, at);
        let pair = |value, quoted, read| {
            Some(Pair {
                read,
                ..Pair::new(nowhere, value, quoted, Via::Assignment)
            })
        };
        match written(self.text, at, end) {
            Written::Alias => None,
            Written::Plain(value) => pair(value, false, None),
            Written::Quoted(value, read) => pair(value, true, read),
            Written::Block { tag, folded } => {
                let body = block::lines(self.text, self.at, column);
                self.at = body.next;
                if let Some(start) = tag {
                    return pair(Span::new(start, body.span.end.max(end)), false, None);
                }
                if body.span.is_empty() {
                    return pair(nowhere, false, None);
                }
                let read = block::decoded(&self.text[body.whole.range()], folded);
                let read = (*read != self.text[body.span.range()]).then_some(read);
                pair(body.span, false, read)
            }
        }
    }

    /// Whether the lines that follow a key in `column` are its value.
    fn holds_more(&self, column: usize) -> bool {
        let mut at = self.at;
        while at < self.text.len() {
            let end = end_of_line(self.text, at);
            let first = past_blanks(self.text, at, end);
            let line = &self.text[first..end];
            if !is_passed_over(line) {
                let here = first - at;
                let dash = line == b"-" || line.starts_with(b"- ");
                return here > column || here == column && dash;
            }
            at = memchr::memchr(b'\n', &self.text[end..]).map_or(self.text.len(), |i| end + i + 1);
        }
        false
    }
}
