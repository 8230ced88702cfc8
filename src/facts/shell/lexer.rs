//! From a script to the words of its commands.
//!
//! Takes a stretch of a text, gives words, ends of commands and the bodies of heredocs. A quote that is never closed costs its line.

use memchr::{memmem, memrchr2};

use super::super::lines::{is_blank, line, past_ending, trim};
use super::word::{ends, past_escape, scan};
use crate::model::Span;

/// How often something open is searched for to the end of the text in vain. After that it must be closed on its own line,
/// so that hostile text is read so many times at the most.
const TRIES: u8 = 4;
/// Heredocs that one line may begin.
const HEREDOCS: usize = 16;

/// A piece of a script.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token {
    /// A word, quotes and all.
    Word(Span),
    /// What parts two commands.
    End,
    /// The text of a heredoc, and the `<<` that announced it.
    Heredoc(Span, Span),
}

struct Announced {
    mark: Span,
    until: Span,
}

/// Reads one stretch of a text.
pub(super) struct Lexer<'a> {
    text: &'a [u8],
    at: usize,
    end: usize,
    /// A comment between two lines of one command is no end of it, as in a Dockerfile.
    joins: bool,
    tries: u8,
    line_end: usize,
    announced: Vec<Announced>,
    /// Bodies of heredocs not given yet, the next one last.
    bodies: Vec<(Span, Span)>,
    /// What stands in `$(…)` and backticks of the words since this was emptied last.
    pub(super) substitutions: Vec<Span>,
}

impl<'a> Lexer<'a> {
    pub(super) fn new(text: &'a [u8], at: Span, joins: bool) -> Self {
        let end = at.end.min(text.len());
        Self {
            text,
            at: at.start.min(end),
            end,
            joins,
            tries: TRIES,
            line_end: 0,
            announced: Vec::new(),
            bodies: Vec::new(),
            substitutions: Vec::new(),
        }
    }

    fn peek(&self, ahead: usize) -> Option<u8> {
        self.text[..self.end].get(self.at + ahead).copied()
    }

    /// Behind blanks and joined lines; whether lines were joined.
    fn blanks(&mut self) -> bool {
        let mut joined = false;
        while let Some(byte) = self.peek(0) {
            if is_blank(byte) {
                self.at += 1;
                continue;
            }
            if !matches!(byte, b'\\' | b'`') {
                break;
            }
            let next = past_ending(self.text, (self.at + 1).min(self.end), self.end);
            if next == self.at + 1 {
                break;
            }
            joined = true;
            self.at = next;
        }
        joined
    }

    fn word(&mut self) -> Span {
        let start = self.at;
        let limit = if self.tries > 0 {
            self.end
        } else {
            self.line_end()
        };
        self.at = match scan(self.text, start, limit, &mut self.substitutions) {
            Some(end) => end,
            None => {
                self.tries = self.tries.saturating_sub(1);
                self.line_end()
            }
        };
        Span::new(start, self.at)
    }

    /// Where the line of the cursor ends.
    fn line_end(&mut self) -> usize {
        if self.line_end <= self.at {
            self.line_end = line(self.text, self.at, self.end).0.end;
        }
        self.line_end
    }

    /// The operator of a redirection at the cursor is passed, and its word.
    fn redirection(&mut self) {
        let start = self.at;
        while matches!(self.peek(0), Some(b'<' | b'>' | b'&' | b'|')) {
            self.at += 1;
        }
        let operator = Span::new(start, self.at);
        let heredoc = &self.text[operator.range()] == b"<<";
        if heredoc && self.peek(0) == Some(b'-') {
            self.at += 1;
        }
        self.blanks();
        if self
            .peek(0)
            .is_none_or(|b| ends(b) || (heredoc && b == b'#'))
        {
            return;
        }
        let word = self.word();
        if heredoc && self.announced.len() < HEREDOCS {
            let raw = &self.text[word.range()];
            let quoted =
                raw.len() > 1 && matches!(raw[0], b'"' | b'\'') && raw.last() == raw.first();
            let inside = usize::from(quoted);
            self.announced.push(Announced {
                mark: operator,
                until: Span::new(word.start + inside, word.end - inside),
            });
        }
    }

    /// Finds the bodies of the heredocs announced on the line that ends here.
    fn heredocs(&mut self) {
        for heredoc in std::mem::take(&mut self.announced) {
            if let Some((body, behind)) = self.body(heredoc.until) {
                self.bodies.push((heredoc.mark, body));
                self.at = behind;
            }
        }
        self.bodies.reverse();
    }

    /// From the cursor to the line that says `until`, and where the next one begins. Nothing where no line does: it was no heredoc then.
    fn body(&mut self, until: Span) -> Option<(Span, usize)> {
        let word = &self.text[until.range()];
        let finder = memmem::Finder::new(word);
        let mut from = self.at;
        while self.tries > 0 && from < self.end {
            // Most lines do not hold the word.
            let Some(at) = finder.find(&self.text[from..self.end]) else {
                break;
            };
            from += memrchr2(b'\n', b'\r', &self.text[from..from + at]).map_or(0, |i| i + 1);
            let (whole, next) = line(self.text, from, self.end);
            if &self.text[trim(self.text, whole).range()] == word {
                return Some((Span::new(self.at, whole.start), next));
            }
            from = next;
        }
        self.tries = self.tries.saturating_sub(1);
        None
    }

    /// Passes a comment; whether the command goes on behind it.
    fn comment(&mut self, joined: bool) {
        self.at = line(self.text, self.at, self.end).0.end;
        if joined && self.joins {
            self.at = past_ending(self.text, self.at, self.end);
            // Further comments, and lines that are empty, are passed too.
            while self.at < self.end {
                let (whole, next) = line(self.text, self.at, self.end);
                let rest = trim(self.text, whole);
                if !rest.is_empty() && self.text[rest.start] != b'#' {
                    break;
                }
                self.at = next;
            }
        }
    }
}

impl Iterator for Lexer<'_> {
    type Item = Token;

    fn next(&mut self) -> Option<Token> {
        if let Some((mark, body)) = self.bodies.pop() {
            return Some(Token::Heredoc(mark, body));
        }
        loop {
            let joined = self.blanks();
            let next = self.peek(1);
            let stands_alone = next.is_none_or(ends);
            match self.peek(0)? {
                b'\n' | b'\r' => {
                    self.at = past_ending(self.text, self.at, self.end);
                    self.heredocs();
                    return Some(Token::End);
                }
                b'#' => self.comment(joined),
                b'{' | b'}' if stands_alone => {
                    self.at += 1;
                    return Some(Token::End);
                }
                b'<' | b'>' if next != Some(b'(') => self.redirection(),
                byte if ends(byte) => {
                    self.at += 1;
                    return Some(Token::End);
                }
                _ => {
                    let word = self.word();
                    let number = self.text[word.range()].iter().all(u8::is_ascii_digit);
                    // The `2` of `2>`.
                    if number && matches!(self.peek(0), Some(b'<' | b'>')) {
                        continue;
                    }
                    return Some(Token::Word(word));
                }
            }
        }
    }
}

/// One past the word that begins at `from`, where only quotes and escapes mean something: in an instruction of a Dockerfile, in a unit of systemd.
/// A quote that is never closed costs its line.
pub(in super::super) fn plain_word(text: &[u8], from: usize, end: usize, escape: u8) -> usize {
    let mut at = from;
    while at < end {
        match text[at] {
            b if is_blank(b) || matches!(b, b'\n' | b'\r') => break,
            b if b == escape => {
                let next = past_escape(text, at, end);
                let joins = past_ending(text, (at + 1).min(end), end) > at + 1;
                // A joined line that begins with blanks or a comment is another word.
                if joins && text[..end].get(next).is_none_or(|&b| b == b'#' || ends(b)) {
                    break;
                }
                at = next;
            }
            quote @ (b'"' | b'\'') => {
                let mut close = at + 1;
                while close < end && text[close] != quote {
                    close += if text[close] == escape && quote == b'"' {
                        2
                    } else {
                        1
                    };
                }
                if close >= end {
                    return line(text, at, end).0.end;
                }
                at = close + 1;
            }
            _ => at += 1,
        }
    }
    at
}
