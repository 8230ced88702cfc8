//! Literals of each language, as they begin: quotes and their prefixes, raw and many-line forms, heredocs, regular expressions.

use memchr::memchr2;

use super::grammar::{Escapes, Holes};
use super::letters::is_name;
use super::text::Quote;
use super::tokens::{Kind, Lexer};
use crate::facts::language::Language;

/// Quotes or `#` in a row that are counted.
const RUN: usize = 8;
/// Letters of an interpolator's name.
const INTERPOLATOR: usize = 16;
/// Heredocs without an end, after which none are looked for.
const ENDLESS: usize = 8;

impl Lexer<'_> {
    /// Reads the literal that begins here, should one.
    pub(super) fn literal(&mut self) -> bool {
        let b = self.peek(0);
        match self.grammar.language {
            Language::CSharp => self.csharp(b),
            Language::Go => self.go(b),
            Language::Java => self.triple(b, true, Holes::None),
            Language::JavaScript => self.javascript(b),
            Language::Kotlin => self.triple(b, false, Holes::Dollar),
            Language::Php => self.php(b),
            Language::Python => self.python(b),
            Language::Ruby => self.ruby(b),
            Language::Rust => self.rust(b),
            Language::Scala => self.scala(b),
            Language::Swift => self.swift(b),
        }
    }

    /// How often `b` stands from `ahead` on.
    fn run(&self, ahead: usize, b: u8) -> usize {
        let rest = self.text.get(self.at + ahead..).unwrap_or_default();
        rest.iter().take(RUN).take_while(|&&c| c == b).count()
    }

    /// A text whose quote stands `prefix` bytes ahead: of one quote, or of three and many lines.
    fn quoted(&mut self, prefix: usize, escapes: Escapes, holes: Holes) -> bool {
        let close = self.peek(prefix);
        let many = self.run(prefix, close) >= 3;
        let count = if many { 3 } else { 1 };
        self.at += prefix + count;
        self.string(Quote {
            count,
            lines: many,
            holes,
            ..Quote::new(close, escapes, self.text.len())
        });
        true
    }

    /// A text of one quote that may go on behind the end of its line.
    fn long(&mut self, prefix: usize, escapes: Escapes, holes: Holes) -> bool {
        let close = self.peek(prefix);
        self.at += prefix + 1;
        self.string(Quote {
            lines: true,
            holes,
            ..Quote::new(close, escapes, self.text.len())
        });
        true
    }

    fn triple(&mut self, b: u8, escaped: bool, holes: Holes) -> bool {
        match b {
            b'"' => {
                let raw = !escaped && self.run(0, b'"') >= 3;
                let escapes = if raw { Escapes::None } else { Escapes::All };
                self.quoted(0, escapes, holes)
            }
            b'\'' => self.character(0),
            b'`' => self.long(0, Escapes::None, Holes::None),
            _ => false,
        }
    }

    fn character(&mut self, prefix: usize) -> bool {
        self.at += prefix + 1;
        self.string(Quote::new(b'\'', Escapes::All, self.text.len()));
        true
    }

    fn csharp(&mut self, b: u8) -> bool {
        let rest = self.rest().iter().take(RUN);
        let prefix = rest.take_while(|b| b"$@".contains(b)).count();
        match (b, self.peek(prefix)) {
            (b'\'', _) => self.character(0),
            (_, b'"') => {
                let signs = &self.text[self.at..self.at + prefix];
                let dollars = signs.iter().filter(|&&b| b == b'$').count();
                let verbatim = signs.contains(&b'@');
                let holes = if dollars > 0 {
                    Holes::Brace
                } else {
                    Holes::None
                };
                let quotes = self.run(prefix, b'"');
                if quotes >= 3 && !verbatim {
                    self.at += prefix + quotes;
                    self.string(Quote {
                        count: quotes,
                        lines: true,
                        holes,
                        braces: dollars.max(1),
                        ..Quote::new(b'"', Escapes::None, self.text.len())
                    });
                    true
                } else if verbatim {
                    self.long(prefix, Escapes::Doubled, holes)
                } else {
                    self.at += prefix + 1;
                    self.string(Quote {
                        holes,
                        ..Quote::new(b'"', Escapes::All, self.text.len())
                    });
                    true
                }
            }
            _ => false,
        }
    }

    fn go(&mut self, b: u8) -> bool {
        match b {
            b'"' => {
                self.at += 1;
                self.string(Quote::new(b'"', Escapes::All, self.text.len()));
                true
            }
            b'\'' => self.character(0),
            b'`' => self.long(0, Escapes::None, Holes::None),
            _ => false,
        }
    }

    fn javascript(&mut self, b: u8) -> bool {
        match b {
            b'"' | b'\'' => {
                self.at += 1;
                self.string(Quote::new(b, Escapes::All, self.text.len()));
                true
            }
            b'`' => self.long(0, Escapes::All, Holes::DollarBrace),
            b'/' if !self.ended() => self.regex(),
            _ => false,
        }
    }

    fn php(&mut self, b: u8) -> bool {
        match b {
            b'\'' => self.long(0, Escapes::Quote, Holes::None),
            b'"' | b'`' => self.long(0, Escapes::All, Holes::Php),
            b'<' if self.rest().starts_with(b"<<<") => self.heredoc(3),
            _ => false,
        }
    }

    fn python(&mut self, b: u8) -> bool {
        if !b"\"'bBfFrRuUtT".contains(&b) {
            return false;
        }
        let rest = self.rest().iter().take(3);
        let prefix = rest.take_while(|b| b.is_ascii_alphabetic()).count();
        let signs = &self.rest()[..prefix];
        if !b"\"'".contains(&self.peek(prefix)) || !signs.iter().all(|b| b"bBfFrRuUtT".contains(b))
        {
            return false;
        }
        let raw = signs.iter().any(|b| b"rR".contains(b));
        let holes = signs.iter().any(|b| b"fFtT".contains(b));
        let escapes = if raw { Escapes::Quote } else { Escapes::All };
        let holes = if holes { Holes::Brace } else { Holes::None };
        self.quoted(prefix, escapes, holes)
    }

    fn rust(&mut self, b: u8) -> bool {
        let prefix = match (b, self.peek(1)) {
            (b'b' | b'c', b'r') => 2,
            (b'b' | b'c' | b'r', _) => 1,
            _ => 0,
        };
        let raw = prefix > 0 && self.peek(prefix - 1) == b'r';
        let hashes = if raw { self.run(prefix, b'#') } else { 0 };
        match self.peek(prefix + hashes) {
            b'"' if raw => {
                self.at += prefix + hashes + 1;
                self.string(Quote {
                    hashes,
                    lines: true,
                    ..Quote::new(b'"', Escapes::None, self.text.len())
                });
                true
            }
            b'"' => self.long(prefix, Escapes::All, Holes::None),
            b'\'' if prefix == 1 && b == b'b' => self.character(1),
            b'\'' if prefix == 0 => self.character_or_name(),
            _ => false,
        }
    }

    /// `'a'` is a character; `'a` alone a lifetime of Rust, a symbol of Scala.
    fn character_or_name(&mut self) -> bool {
        let next = self.peek(1);
        let width = match next {
            0..0x80 => 1,
            0x80..0xe0 => 2,
            0xe0..0xf0 => 3,
            _ => 4,
        };
        if next == b'\\' || self.peek(1 + width) == b'\'' {
            return self.character(0);
        }
        self.at += 1;
        let names = self.rest().iter().take_while(|&&b| is_name(b)).count();
        self.at += names;
        self.push(Kind::Opaque, self.at - names - 1, self.at);
        true
    }

    /// A text has holes where the name of an interpolator stands before its quote: `s"…"`, `sql"""…"""`.
    fn scala(&mut self, b: u8) -> bool {
        match b {
            b'\'' => return self.character_or_name(),
            b'`' => return self.long(0, Escapes::None, Holes::None),
            _ => {}
        }
        let rest = self.rest().iter().take(INTERPOLATOR);
        let prefix = rest.take_while(|b| b.is_ascii_alphabetic()).count();
        if self.peek(prefix) != b'"' {
            return false;
        }
        let raw = self.run(prefix, b'"') >= 3;
        let escapes = if raw { Escapes::None } else { Escapes::All };
        let holes = if prefix > 0 {
            Holes::Dollar
        } else {
            Holes::None
        };
        self.quoted(prefix, escapes, holes)
    }

    fn swift(&mut self, b: u8) -> bool {
        let hashes = if b == b'#' { self.run(0, b'#') } else { 0 };
        if self.peek(hashes) != b'"' {
            if b == b'`' {
                self.at += 1;
                return true;
            }
            return false;
        }
        let escapes = match hashes {
            0 => Escapes::All,
            _ => Escapes::None,
        };
        let many = self.run(hashes, b'"') >= 3;
        let count = if many { 3 } else { 1 };
        self.at += hashes + count;
        self.string(Quote {
            count,
            hashes,
            lines: many,
            holes: Holes::Paren,
            ..Quote::new(b'"', escapes, self.text.len())
        });
        true
    }

    fn ruby(&mut self, b: u8) -> bool {
        if !matches!(
            b,
            b'"' | b'\'' | b'`' | b'/' | b'%' | b'<' | b':' | b'$' | b'?'
        ) {
            return false;
        }
        let next = self.peek(1);
        let ended = self.ended() && !self.newline;
        // `puts %w[a]`, `split /x/`: behind a name an operand has a blank before it, and none behind.
        let operand = !ended
            || self.space
                && !matches!(next, b' ' | b'\t' | b'=' | b'\n')
                && self.tokens.last().is_some_and(|t| t.kind == Kind::Name);
        match b {
            b'"' | b'`' => self.long(0, Escapes::All, Holes::Hash),
            b'\'' => self.long(0, Escapes::Quote, Holes::None),
            b'/' if operand => self.regex(),
            b'%' if operand => self.percent(),
            b'<' if next == b'<' && (!ended || self.space) => self.heredoc(2),
            b':' if next == b'"' => self.long(1, Escapes::All, Holes::Hash),
            b':' if next != b':'
                && is_name(next)
                && !next.is_ascii_digit()
                && (!ended || self.space) =>
            {
                self.at += 1;
                let (start, newline, space) = (self.at, self.newline, self.space);
                self.name();
                self.tokens.pop();
                (self.newline, self.space) = (newline, space);
                self.push(Kind::Text(Escapes::None), start, self.at);
                true
            }
            // `$?`, `$!`, `$"` and their like.
            b'$' if next.is_ascii_punctuation() && next != b'_' => {
                self.push(Kind::Name, self.at, self.at + 2);
                self.at += 2;
                true
            }
            b'?' if !ended && next > b' ' && !is_name(self.peek(2)) => {
                self.at += 2;
                self.push(Kind::Text(Escapes::None), self.at - 1, self.at);
                true
            }
            _ => false,
        }
    }

    /// Ruby's `%q(…)` and its like.
    fn percent(&mut self) -> bool {
        let sign = self.peek(1);
        let prefix = usize::from(sign.is_ascii_alphabetic());
        let open = self.peek(1 + prefix);
        let close = match open {
            b'(' => b')',
            b'[' => b']',
            b'{' => b'}',
            b'<' => b'>',
            b'|' | b'!' | b'/' | b'-' if prefix == 1 => open,
            _ => return false,
        };
        let (escapes, holes) = match sign {
            b'q' | b'w' | b'i' | b's' => (Escapes::Quote, Holes::None),
            _ => (Escapes::All, Holes::Hash),
        };
        let words = matches!(sign, b'w' | b'W' | b'i' | b'I' | b'r');
        self.at += 2 + prefix;
        let (start, count) = (self.at - 2 - prefix, self.tokens.len());
        let (newline, space) = (self.newline, self.space);
        self.string(Quote {
            lines: true,
            holes: if words { Holes::None } else { holes },
            nest: (open != close).then_some(open),
            ..Quote::new(close, escapes, self.text.len())
        });
        if words {
            self.tokens.truncate(count);
            (self.newline, self.space) = (newline, space);
            self.push(Kind::Opaque, start, self.at);
        }
        true
    }

    /// A regular expression, should one begin here: it ends with its line, or soon.
    fn regex(&mut self) -> bool {
        const LONGEST: usize = 4096;
        if self.at < self.no_regex {
            return false;
        }
        // `/x` of Ruby: one that goes on behind its line has nothing else on the first.
        let rest = &self.text[self.at + 1..];
        let blanks = rest
            .iter()
            .take(LONGEST)
            .take_while(|&&b| b == b' ')
            .count();
        let long = self.grammar.language == Language::Ruby
            && rest.get(blanks) == Some(&b'\n')
            && self.at >= self.no_long_regex;
        let furthest = self.at + LONGEST;
        let (mut at, mut class) = (self.at + 1, false);
        while let Some(&b) = self.text.get(at) {
            match b {
                b'\n' | b'\r' if !long => break,
                _ if long && at >= furthest => break,
                b'\\' => at += 1,
                b'[' => class = true,
                b']' => class = false,
                b'/' if !class => {
                    let flags = self.text[at + 1..].iter();
                    let end = at + 1 + flags.take_while(|b| b.is_ascii_alphabetic()).count();
                    self.push(Kind::Opaque, self.at, end);
                    self.at = end;
                    return true;
                }
                _ => {}
            }
            at += 1;
        }
        if long {
            self.no_long_regex = at;
        } else {
            self.no_regex = at.min(self.text.len());
        }
        false
    }

    /// A heredoc whose word stands `prefix` bytes ahead, should one begin here.
    fn heredoc(&mut self, prefix: usize) -> bool {
        const LONGEST: usize = 64;
        let php = self.grammar.language == Language::Php;
        let mut at = self.at + prefix;
        let sign = self.text.get(at).copied().unwrap_or_default();
        let indented = php || matches!(sign, b'~' | b'-');
        if php {
            at += self.text[at..]
                .iter()
                .take(LONGEST)
                .take_while(|&&b| b == b' ')
                .count();
        } else if indented {
            at += 1;
        }
        let quote = self.text.get(at).copied().filter(|b| b"\"'".contains(b));
        at += usize::from(quote.is_some());
        let rest = self.text.get(at..).unwrap_or_default();
        let length = rest
            .iter()
            .take(LONGEST)
            .take_while(|&&b| is_name(b))
            .count();
        let word = &rest[..length];
        // Ruby: `x <<y` is an operation, `x <<Y` most often is not; `class << self` has a blank.
        if word.first().is_none_or(u8::is_ascii_digit)
            || !php && quote.is_none() && !indented && !word[0].is_ascii_uppercase()
            || self.endless >= ENDLESS
        {
            return false;
        }
        let behind = at + length + usize::from(quote.is_some());
        // Many may begin on one line: its end is looked for once.
        let line = match self.known_line {
            (from, end) if (from..=end).contains(&behind) => end,
            _ => self.line_end(behind),
        };
        self.known_line = (behind, line);
        let past = |at: usize| {
            (at + 1 + usize::from(self.text[at..].starts_with(b"\r\n"))).min(self.text.len())
        };
        let body = match self.bodies {
            Some((known, end)) if known == line && !php => end,
            Some((_, end)) if line < end => return false,
            _ => past(line),
        };
        let Some((end, after)) = self.end_of_heredoc(body, word, indented) else {
            self.endless += 1;
            return false;
        };
        let raw = quote == Some(b'\'');
        let holes = match (raw, php) {
            (true, _) => Holes::None,
            (_, true) => Holes::Php,
            _ => Holes::Hash,
        };
        let escapes = if raw { Escapes::None } else { Escapes::All };
        let resume = if php { after } else { behind };
        if !php {
            self.bodies = Some((line, self.line_end(after).max(body)));
        }
        self.at = body;
        self.string(Quote {
            lines: true,
            holes,
            resume: Some(resume),
            ..Quote::new(b'\n', escapes, end.max(body))
        });
        true
    }

    /// Where the text of a heredoc ends, and where its closing word does.
    fn end_of_heredoc(&self, body: usize, word: &[u8], indented: bool) -> Option<(usize, usize)> {
        let mut line = body;
        while line < self.text.len() {
            let rest = &self.text[line..];
            let blanks = rest.iter().take_while(|b| indented && b" \t".contains(b));
            let blanks = blanks.count();
            let behind = rest[blanks..].strip_prefix(word);
            let php = self.grammar.language == Language::Php;
            let ends = |b: &u8| matches!(b, b'\n' | b'\r') || php && !is_name(*b);
            if behind.is_some_and(|b| b.first().is_none_or(ends)) {
                return Some((line.saturating_sub(1).max(body), line + blanks + word.len()));
            }
            line += memchr2(b'\n', b'\n', rest)? + 1;
        }
        None
    }
}
