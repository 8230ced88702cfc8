//! Text, plain and with holes, to its closing quotes.
//!
//! Text with holes becomes a bracket of its own: [`Kind::Join`], parts and holes, [`Kind::JoinEnd`]; what is in a hole are tokens like any
//! others. Nesting has a limit, beyond which holes are text; a heredoc ends where its closing word stands, whatever is open in it.

use super::grammar::{Escapes, Holes};
use super::letters::is_name;
use super::tokens::{Kind, Lexer};
use crate::facts::language::Language;

/// How a text ends, and what may stand in it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Quote {
    /// The byte it ends with.
    pub close: u8,
    /// How many of them.
    pub count: usize,
    /// How many `#` behind them.
    pub hashes: usize,
    /// The byte that opens another level within, should there be one.
    pub nest: Option<u8>,
    pub escapes: Escapes,
    pub holes: Holes,
    /// How many braces open a hole.
    pub braces: usize,
    /// It goes on behind the end of the line.
    pub lines: bool,
    /// It ends here at the latest; of a heredoc exactly.
    pub limit: usize,
    /// Where to read on behind a heredoc.
    pub resume: Option<usize>,
}

impl Quote {
    pub fn new(close: u8, escapes: Escapes, limit: usize) -> Self {
        Self {
            close,
            count: 1,
            hashes: 0,
            nest: None,
            escapes,
            holes: Holes::None,
            braces: 1,
            lines: false,
            limit,
            resume: None,
        }
    }
}

/// Text that is open, and whether one of its holes is.
pub(super) struct Mode {
    pub quote: Quote,
    /// Levels of `nest` that are open.
    pub level: usize,
    /// Brackets that are open in the hole; none while the text itself is read.
    pub hole: Option<usize>,
}

/// Texts within holes of texts.
const NESTED: usize = 24;

impl Lexer<'_> {
    /// Reads a text that begins here, behind its quotes.
    pub fn string(&mut self, quote: Quote) {
        let mut quote = quote;
        if self.modes.len() >= NESTED {
            quote.holes = Holes::None;
        }
        if let Some(outer) = self.modes.last() {
            quote.limit = quote.limit.min(outer.quote.limit);
        }
        let (start, mut level) = (self.at, 0);
        match self.scan(&quote, &mut level) {
            Stop::End => {
                self.push(Kind::Text(quote.escapes), start, self.at);
                self.behind(&quote);
            }
            Stop::Hole => {
                self.push(Kind::Join, start, start);
                if self.at > start {
                    self.push(Kind::Text(quote.escapes), start, self.at);
                }
                self.modes.push(Mode {
                    quote,
                    level,
                    hole: None,
                });
                self.hole();
            }
        }
    }

    /// Goes on with a text behind one of its holes.
    pub fn part(&mut self) {
        let Some(mode) = self.modes.last() else {
            return;
        };
        let (quote, mut level, start) = (mode.quote, mode.level, self.at);
        let stop = self.scan(&quote, &mut level);
        if self.at > start {
            self.push(Kind::Text(quote.escapes), start, self.at);
        }
        match stop {
            Stop::End => {
                self.modes.pop();
                self.push(Kind::JoinEnd, self.at, self.at);
                self.behind(&quote);
            }
            Stop::Hole => {
                if let Some(mode) = self.modes.last_mut() {
                    mode.level = level;
                }
                self.hole();
            }
        }
    }

    /// Past the closing quotes.
    fn behind(&mut self, quote: &Quote) {
        if let Some(resume) = quote.resume {
            let back = self.grammar.language == Language::Ruby;
            self.at = if back { resume } else { resume.max(self.at) };
        } else if self.at < quote.limit && self.text.get(self.at) == Some(&quote.close) {
            self.at = (self.at + quote.count + quote.hashes).min(self.text.len());
        }
    }

    /// To the end of the text or its next hole.
    fn scan(&mut self, quote: &Quote, level: &mut usize) -> Stop {
        while self.at < quote.limit {
            let b = self.text[self.at];
            if is_name(b) || b == b' ' {
                self.at += 1;
                continue;
            }
            if self.opens_hole(quote, b) {
                return Stop::Hole;
            } else if Some(b) == quote.nest {
                *level += 1;
            } else if b == quote.close && *level > 0 {
                *level -= 1;
            } else if b == quote.close && self.closes(quote) || b == b'\n' && !quote.lines {
                return Stop::End;
            } else if let Some(length) = quote.passes(&self.text[self.at..]) {
                self.at = (self.at + length).min(quote.limit);
                continue;
            }
            self.at += 1;
        }
        self.at = self.at.max(quote.limit);
        self.cut |= quote.resume.is_none();
        Stop::End
    }

    fn closes(&self, quote: &Quote) -> bool {
        if quote.count == 1 && quote.hashes == 0 {
            let doubled = quote.escapes == Escapes::Doubled && self.peek(1) == quote.close;
            return quote.resume.is_none() && !doubled;
        }
        let rest = self.rest();
        let quotes = rest.iter().take(quote.count);
        let hashes = rest.iter().skip(quote.count).take(quote.hashes);
        quote.resume.is_none()
            && quotes.take_while(|&&b| b == quote.close).count() == quote.count
            && hashes.take_while(|&&b| b == b'#').count() == quote.hashes
            // The last of more quotes than are needed are the closing ones, for `""""x""""`.
            && (quote.hashes > 0 || quote.count == 1 || rest.get(quote.count) != Some(&quote.close))
    }

    fn opens_hole(&self, quote: &Quote, b: u8) -> bool {
        let next = self.peek(1);
        let names = |b: u8| is_name(b) && !b.is_ascii_digit();
        match quote.holes {
            Holes::None => false,
            Holes::Brace if b == b'{' => {
                let run = self.rest().iter().take(quote.braces.max(2));
                let run = run.take_while(|&&b| b == b'{').count();
                run == quote.braces
            }
            Holes::Hash => b == b'#' && next == b'{',
            Holes::DollarBrace => b == b'$' && next == b'{',
            Holes::Dollar => b == b'$' && (next == b'{' || names(next)),
            Holes::Php => match b {
                b'$' => next == b'{' || names(next),
                b'{' => next == b'$',
                _ => false,
            },
            Holes::Paren => {
                b == b'\\'
                    && self.text[self.at + 1..]
                        .iter()
                        .take(quote.hashes)
                        .all(|&b| b == b'#')
                    && self.peek(1 + quote.hashes) == b'('
            }
            Holes::Brace => false,
        }
    }

    /// Enters the hole that begins here.
    fn hole(&mut self) {
        let Some(quote) = self.modes.last().map(|mode| mode.quote) else {
            return;
        };
        let start = self.at;
        let simple = match (quote.holes, self.peek(0), self.peek(1)) {
            (Holes::Dollar | Holes::Php, b'$', next) => next != b'{',
            _ => false,
        };
        let length = match quote.holes {
            Holes::Paren => 2 + quote.hashes,
            Holes::Brace => quote.braces,
            Holes::Php if self.peek(0) == b'{' => 1,
            _ if simple => 1,
            _ => 2,
        };
        self.at = (self.at + length).min(quote.limit);
        self.push(Kind::Hole, start, self.at);
        if !simple {
            if let Some(mode) = self.modes.last_mut() {
                mode.hole = Some(0);
            }
            return;
        }
        self.simple_name();
        if quote.holes == Holes::Php {
            if self.rest().starts_with(b"->") && is_name(self.peek(2)) {
                self.push(Kind::Op, self.at, self.at + 2);
                self.at += 2;
                self.simple_name();
            } else if self.peek(0) == b'[' {
                self.simple_index();
            }
        }
        self.push(Kind::HoleEnd, self.at, self.at);
    }

    /// A name that is all of a hole.
    fn simple_name(&mut self) {
        let length = self.rest().iter().take_while(|&&b| is_name(b)).count();
        self.push(Kind::Name, self.at, self.at + length);
        self.at += length;
    }

    /// PHP's `"$x[key]"`, whose key has no quotes.
    fn simple_index(&mut self) {
        const LONGEST: usize = 64;
        let rest = self.rest().iter().take(LONGEST);
        let length = rest.skip(1).take_while(|&&b| is_name(b)).count();
        if length == 0 || self.peek(length + 1) != b']' {
            return;
        }
        let start = self.at + 1;
        self.push(Kind::Open(b'['), start - 1, start);
        self.push(Kind::Text(Escapes::None), start, start + length);
        self.push(Kind::Close(b']'), start + length, start + length + 1);
        self.at = start + length + 1;
    }
}

enum Stop {
    End,
    Hole,
}

impl Quote {
    /// How many bytes at the start of `rest` stand for something else than themselves, so that they end nothing.
    fn passes(&self, rest: &[u8]) -> Option<usize> {
        match (rest.first(), rest.get(1)) {
            (Some(b'\\'), Some(b'\r')) => Some(2),
            (Some(b'\\'), Some(_)) => match self.escapes {
                Escapes::None | Escapes::Doubled => None,
                _ if self.hashes > 0 => None,
                _ => Some(2),
            },
            (Some(b'{'), Some(b'{')) if self.holes == Holes::Brace && self.braces == 1 => Some(2),
            (Some(a), Some(b))
                if a == b && *a == self.close && self.escapes == Escapes::Doubled =>
            {
                Some(2)
            }
            _ => None,
        }
    }
}
