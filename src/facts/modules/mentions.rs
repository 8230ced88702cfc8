//! Which names a statement mentions, and the modules that it takes in while it runs.
//!
//! Takes a script whose statements and names are known, gives each statement its uses. Passes strings, comments and regular expressions
//! over; what stands in the holes of templates counts. A word behind a dot is a member, and no name.

use memchr::{memchr, memmem};

use super::cursor::{Cursor, string_end};
use super::{By, Reader, Taken, Use};

/// What a byte may begin.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sort {
    Other,
    Blank,
    Word,
    Quote,
    Template,
    Slash,
    Open,
    Close,
}

const SORTS: [Sort; 256] = {
    let mut sorts = [Sort::Other; 256];
    let mut i = 0;
    while i < 256 {
        let b = i as u8;
        sorts[i] = match b {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_' | b'$' | 0x80.. => Sort::Word,
            b' ' | b'\t' | b'\n' | b'\r' => Sort::Blank,
            b'"' | b'\'' => Sort::Quote,
            b'`' => Sort::Template,
            b'/' => Sort::Slash,
            b'{' => Sort::Open,
            b'}' => Sort::Close,
            _ => Sort::Other,
        };
        i += 1;
    }
    sorts
};

/// Templates within the holes of templates; what lies deeper is passed over.
const DEEPEST: usize = 32;
/// Blanks between a key and its colon.
const LONGEST_GAP: usize = 8;

/// Whether a script may take in modules while it runs: a cheap look for the words.
pub(super) fn loads_late(text: &[u8]) -> bool {
    [&b"import("[..], b"import (", b"require("]
        .iter()
        .any(|word| memmem::find(text, word).is_some())
}

/// Tells most words that are no name of the file by one look.
struct Filter([u64; 16]);

impl Filter {
    fn slot(word: &[u8]) -> (usize, u64) {
        let (first, last) = (word[0], word[word.len() - 1]);
        let hash = usize::from(first) * 31 + usize::from(last) * 7 + word.len() * 131;
        (hash >> 6 & 15, 1 << (hash & 63))
    }

    fn add(&mut self, word: &[u8]) {
        if !word.is_empty() {
            let (i, bit) = Self::slot(word);
            self.0[i] |= bit;
        }
    }

    fn may_hold(&self, word: &[u8]) -> bool {
        let (i, bit) = Self::slot(word);
        self.0[i] & bit != 0
    }
}

impl Reader<'_> {
    /// Gives the statements of `from..end` what they mention.
    pub(super) fn mentions(&mut self, from: usize, end: usize) {
        let text = self.text;
        let end = end.min(text.len());
        let mut filter = Filter([0; 16]);
        self.locals.keys().for_each(|name| filter.add(name));
        filter.add(b"import");
        filter.add(b"require");
        let mut templates = Templates::default();
        let mut at = from;
        // Where a line ends on which a quote or an expression is not closed: they are not looked for again there.
        let mut unclosed = [0; 2];
        // The last byte that is no blank, with `a` for every word.
        let mut before = b';';
        while at < end {
            let b = text[at];
            match SORTS[b as usize] {
                Sort::Blank => {
                    at += 1;
                    continue;
                }
                Sort::Word => {
                    let start = at;
                    let rest = &text[start..end];
                    let is_end = |b: &u8| SORTS[*b as usize] != Sort::Word;
                    at += rest.iter().position(is_end).unwrap_or(rest.len());
                    let word = &text[start..at];
                    let is_member = before == b'.' && !text[..start].ends_with(b"...");
                    if filter.may_hold(word) && !is_member && !is_key(text, before, at) {
                        self.mention(start, at, end);
                    }
                    before = if word == b"return" { b';' } else { b'a' };
                    continue;
                }
                Sort::Quote if at >= unclosed[0] => match string_end(text, at + 1, end, b) {
                    Some(close) => at = close,
                    None => unclosed[0] = line_end(text, at),
                },
                Sort::Slash => match text.get(at + 1) {
                    Some(b'/') => {
                        at += memchr(b'\n', &text[at..end]).unwrap_or(end - at);
                        continue;
                    }
                    Some(b'*') => {
                        at += 2;
                        at += memmem::find(&text[at..end], b"*/").map_or(end - at, |i| i + 2);
                        continue;
                    }
                    _ if is_operator(before) && at >= unclosed[1] => {
                        match expression_end(text, at + 1, end) {
                            Some(close) => at = close,
                            None => unclosed[1] = line_end(text, at),
                        }
                    }
                    _ => {}
                },
                Sort::Template => at = templates.text(text, at + 1, end),
                Sort::Open => {
                    if let Some(open) = templates.holes.last_mut() {
                        *open += 1;
                    }
                }
                Sort::Close => match templates.holes.last_mut() {
                    Some(0) => {
                        templates.holes.pop();
                        at = templates.text(text, at + 1, end);
                    }
                    Some(open) => *open -= 1,
                    None => {}
                },
                Sort::Quote | Sort::Other => {}
            }
            before = b;
            at += 1;
        }
    }

    /// Notes the word at `start..at`.
    fn mention(&mut self, start: usize, at: usize, end: usize) {
        let word = &self.text[start..at];
        let Some(part) = self.module.part_at(start) else {
            return;
        };
        let used = match word {
            b"import" | b"require" => self.taken_in(word, at, end),
            _ => self.locals.get_mut(word).and_then(|(used, last)| {
                let known = std::mem::replace(last, part) == part;
                (!known).then_some(*used)
            }),
        };
        let Some(used) = used else { return };
        if used != Use::Part(part) && self.inert.binary_search(&part).is_err() {
            self.module.parts[part].uses.push(used);
        }
    }

    /// `import("x")` and `require("x")`.
    fn taken_in(&mut self, word: &[u8], at: usize, end: usize) -> Option<Use> {
        let mut cursor = Cursor::new(self.text, at, end);
        if !cursor.eat(b'(') {
            return None;
        }
        let module = cursor.literal()?;
        if !matches!(cursor.peek(), b')' | b',' | b'\n' | b' ') {
            return None;
        }
        let by = if word == b"import" {
            By::Dynamic
        } else {
            By::Require
        };
        // A declaration told more of what it requires.
        if let Some(&link) = self.required.get(&module.start) {
            return Some(Use::Link(link, 0));
        }
        let link = self.link(module, by, vec![Taken::All])?;
        Some(Use::Link(link, 0))
    }
}

/// What templates are open.
#[derive(Default)]
struct Templates {
    /// For each hole that is open the braces within it.
    holes: Vec<usize>,
    /// One is not closed, so no sign is taken for the beginning of another.
    broken: bool,
}

impl Templates {
    /// Reads the text of a template from `from`: where the quote stands that ends it, or the brace that opens a hole.
    fn text(&mut self, text: &[u8], from: usize, end: usize) -> usize {
        let mut at = if self.broken { end } else { from };
        while at < end {
            match text[at] {
                b'\\' => at += 1,
                b'`' => return at,
                b'$' if text.get(at + 1) == Some(&b'{') && self.holes.len() < DEEPEST => {
                    self.holes.push(0);
                    return at + 1;
                }
                _ => {}
            }
            at += 1;
        }
        // It was none, but a sign in a text between tags.
        self.broken = true;
        from - 1
    }
}

/// Whether the word that ends at `at` is the key of a member: `{ token: …`.
fn is_key(text: &[u8], before: u8, at: usize) -> bool {
    let blanks = text[at..]
        .iter()
        .take(LONGEST_GAP)
        .take_while(|b| b.is_ascii_whitespace());
    matches!(before, b'{' | b',') && text.get(at + blanks.count()) == Some(&b':')
}

fn line_end(text: &[u8], at: usize) -> usize {
    memchr(b'\n', &text[at..]).map_or(text.len(), |i| at + i)
}

/// Whether a slash behind this byte begins a regular expression.
fn is_operator(before: u8) -> bool {
    b"(,=:[!&|?{};+-*%~^".contains(&before)
}

/// Where the slash stands that closes a regular expression whose text begins at `from`; none where its line ends before.
fn expression_end(text: &[u8], from: usize, end: usize) -> Option<usize> {
    let mut at = from;
    let mut class = false;
    while at < end {
        match text[at] {
            b'\\' => at += 1,
            b'\n' => return None,
            b'[' => class = true,
            b']' => class = false,
            b'/' if !class => return Some(at),
            _ => {}
        }
        at += 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::modules::cursor::is_word;

    #[test]
    fn sorts_agree_with_what_a_word_is() {
        for b in 0..=u8::MAX {
            assert_eq!(SORTS[b as usize] == Sort::Word, is_word(b), "{b}");
        }
    }
}
