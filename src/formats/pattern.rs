//! One token format: compiled when it is first needed, run on a byte window, its edges seen to.

use std::sync::OnceLock;

use regex::bytes::{Regex, RegexBuilder};

use super::gate::common;
use super::literals::{Lines, Shape, UNBOUNDED};
use crate::model::Span;

/// The part of a match that is the secret, where a pattern names one.
const SECRET: &str = "secret";
/// How many reaches are read at once where keywords stand close.
const DENSE: usize = 8;
/// Bytes of the longest escape that a token may stand behind.
const LONGEST_ESCAPE: usize = 12;
/// A window that a match keeps touching grows to this at the most.
const WIDEST: usize = 64 * 1024;

/// A byte that every match holds is looked for so far from a keyword, on its line.
const BESIDE: usize = 512;

/// A token format.
pub struct Pattern {
    source: String,
    bounded: bool,
    implied: Implied,
    /// Boxed: most of many hundreds never wake.
    compiled: OnceLock<Result<Box<Compiled>, String>>,
}

/// Where it is known from what a pattern implies.
#[derive(Clone, Debug)]
pub enum Implied {
    /// It is to be read; these keywords wake it, if they are not derived from it.
    Unread(Vec<String>),
    /// The build read it: a [`Shape`], as JSON.
    Built(&'static str),
}

impl Implied {
    fn shape(&self, pattern: &str) -> Result<Shape, String> {
        match self {
            Self::Unread(keywords) => Shape::of(pattern, keywords),
            Self::Built(json) => serde_json::from_str(json).map_err(|e| e.to_string()),
        }
    }
}

struct Compiled {
    open: Search,
    /// The same, at the window's first byte only: for keywords that begin their token. An unanchored search would read the
    /// whole window each time a keyword is not followed by its token.
    anchored: Option<Search>,
    /// How far into a match its keyword may stand.
    before: usize,
    longest: usize,
    lines: Lines,
    /// A byte that stands on the line of every match's keyword.
    demanded: Option<u8>,
    /// Which bytes must not follow a match.
    tail: Bytes,
    /// Which bytes a match begins with, as far as that is known.
    head: Vec<Bytes>,
}

/// A set of bytes: a bit for each, as hundreds of patterns hold some.
#[derive(Default)]
struct Bytes([u64; 4]);

impl Bytes {
    fn insert(&mut self, byte: u8) {
        self.0[usize::from(byte >> 6)] |= 1 << (byte & 63);
    }

    fn has(&self, byte: u8) -> bool {
        self.0[usize::from(byte >> 6)] >> (byte & 63) & 1 == 1
    }
}

impl FromIterator<u8> for Bytes {
    fn from_iter<T: IntoIterator<Item = u8>>(bytes: T) -> Self {
        let mut all = Self::default();
        bytes.into_iter().for_each(|byte| all.insert(byte));
        all
    }
}

struct Search {
    source: String,
    /// Compiled when it is first run: a rule needs one of its two searches, and compiling is most of what a small scan does.
    regex: OnceLock<Option<Regex>>,
    /// How far behind the last possible start the window ends.
    reach: usize,
}

/// What one rule has seen of a text, so that it reads each stretch once however often it is woken there.
#[derive(Clone, Copy, Debug, Default)]
pub struct Seen {
    /// A token that starts before here was found, or there is none.
    pub starts: usize,
    /// The end of what was read.
    read: usize,
}

/// Where a token stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Match {
    /// The whole match.
    pub span: Span,
    /// The secret in it.
    pub secret: Span,
}

impl Pattern {
    /// Takes a pattern without looking at it: built-in ones are proved by tests and compiled when they first wake.
    pub fn new(source: &str, bounded: bool, implied: Implied) -> Self {
        Self {
            source: source.to_owned(),
            bounded,
            implied,
            compiled: OnceLock::new(),
        }
    }

    /// Compiles now.
    ///
    /// # Errors
    /// What the regex crate says of the pattern.
    pub fn compile(&self) -> Result<(), String> {
        let compiled = self.compiled().as_ref().map_err(Clone::clone)?;
        build(&compiled.open.source).map(|_| ())
    }

    /// How far from its keyword a match of several lines can reach, in bytes before and behind; nothing where a match stands on one line.
    pub fn reach_over_lines(&self) -> Option<(usize, usize)> {
        /// Blanks between the parts of a match, where they are no more than that.
        const GAPS: usize = 256;
        let compiled = self.compiled().as_ref().ok()?;
        let most = match compiled.lines {
            Lines::One => return None,
            Lines::Gaps => GAPS,
            Lines::Body => usize::MAX,
        };
        let longest = compiled.longest.min(most);
        Some((compiled.before.min(longest), longest))
    }

    /// Whether a token may stand around a keyword at `at`: most words that are keywords wake a rule in vain, and a search costs fifty
    /// times this.
    pub fn may_stand(&self, text: &[u8], at: usize) -> bool {
        let Ok(compiled) = self.compiled() else {
            return false;
        };
        let begins = || compiled.may_begin(text, at) && (!self.bounded || starts_token(text, at));
        (compiled.anchored.is_none() || begins()) && compiled.holds_demanded(text, at)
    }

    /// Finds the tokens that a keyword at `at` belongs to, where one [may stand](Self::may_stand), and that start where nothing was `seen` yet.
    pub fn around(&self, text: &[u8], at: usize, seen: &mut Seen, found: &mut Vec<Match>) {
        let Ok(compiled) = self.compiled() else {
            return;
        };
        match &compiled.anchored {
            Some(anchored) => {
                let range = Span::new(at.max(seen.starts), at + 1);
                self.run(compiled, anchored, text, range, 0, found);
            }
            None => {
                let start = at.saturating_sub(compiled.before).max(seen.starts);
                // Woken again where it has read already: keywords stand close, and to read a whole reach for each of them would
                // read the text a thousand times.
                let ahead = if start < seen.read {
                    compiled.open.reach.saturating_mul(DENSE)
                } else {
                    0
                };
                let range = Span::new(start, at + 1);
                let (cleared, read) = self.run(compiled, &compiled.open, text, range, ahead, found);
                seen.starts = seen.starts.max(cleared);
                seen.read = read;
            }
        }
    }

    /// Finds the tokens that start in `range`.
    pub fn within(&self, text: &[u8], range: Span, found: &mut Vec<Match>) {
        if let Ok(compiled) = self.compiled() {
            self.run(compiled, &compiled.open, text, range, 0, found);
        }
    }

    /// Whether the whole of `value` is such a token.
    pub fn is_whole(&self, value: &[u8]) -> bool {
        let mut found = Vec::new();
        self.within(value, Span::new(0, 1), &mut found);
        found.iter().any(|m| m.span == Span::new(0, value.len()))
    }

    /// All tokens that start in `range`, read up to `ahead` bytes further than they need. Gives up to where no other token starts, and
    /// what was read.
    fn run(
        &self,
        compiled: &Compiled,
        search: &Search,
        text: &[u8],
        range: Span,
        ahead: usize,
        found: &mut Vec<Match>,
    ) -> (usize, usize) {
        let last = range.end.saturating_add(ahead);
        let read = text.len().min(last.saturating_add(search.reach));
        // What starts later may go on beyond what was read.
        let sure = if read == text.len() { read } else { last };
        let mut from = range.start;
        while from < range.end.min(text.len()) {
            let Some(m) = search.find(text, from, last) else {
                return (sure.max(range.end), read);
            };
            if m.span.start >= range.end {
                return (sure.min(m.span.start).max(range.end), read);
            }
            let begins = !self.bounded || starts_token(text, m.span.start);
            let ends = !self.bounded || text.get(m.span.end).is_none_or(|&b| !compiled.tail.has(b));
            if begins && ends {
                from = m.span.end.max(from + 1);
                found.push(m);
            } else if begins && m.span.len() >= WIDEST {
                // It has no end that a token could have, and what starts within it has the same.
                from = m.span.end;
            } else {
                from = next_start(text, m.span.start + 1);
            }
        }
        (from.max(range.end), read)
    }

    fn compiled(&self) -> &Result<Box<Compiled>, String> {
        self.compiled.get_or_init(|| {
            let shape = self.implied.shape(&self.source)?;
            let ends_with = |b: u8| {
                shape
                    .tail
                    .iter()
                    .any(|&(low, high)| (low..=high).contains(&b))
            };
            // A pattern that ends in quotes or blanks has its edge in it.
            let open_ended = shape.tail.is_empty()
                || (b'0'..=b'z').any(|b| b.is_ascii_alphanumeric() && ends_with(b));
            let ends = |b: &u8| b.is_ascii_alphanumeric() || *b == b'_' || ends_with(*b);
            let tail = (0..=u8::MAX).filter(|b| open_ended && ends(b)).collect();
            let on_its_line = shape.before.is_some() && shape.lines == Lines::One;
            let anchored = shape.before == Some(0);
            let demands = shape.demands.iter().copied().filter(|_| on_its_line);
            Ok(Box::new(Compiled {
                demanded: demands.min_by_key(|&b| common(b)),
                open: Search::new(self.source.clone(), shape.longest.saturating_add(1)),
                // Such a search ends at the first byte that does not fit, so a wide window costs nothing.
                anchored: anchored.then(|| {
                    let bounded = shape.longest != UNBOUNDED;
                    let reach = if bounded {
                        shape.longest.saturating_add(1).min(WIDEST)
                    } else {
                        WIDEST
                    };
                    Search::new(format!(r"\A(?:{})", self.source), reach)
                }),
                before: shape.before.unwrap_or(shape.longest),
                longest: shape.longest,
                lines: shape.lines,
                tail,
                head: shape.head.iter().map(|ranges| among(ranges)).collect(),
            }))
        })
    }
}

impl Compiled {
    /// Whether a match may begin at `at`.
    fn may_begin(&self, text: &[u8], at: usize) -> bool {
        let here = text.get(at..).unwrap_or_default();
        here.len() >= self.head.len() && here.iter().zip(&self.head).all(|(&b, is)| is.has(b))
    }
}

impl Compiled {
    /// Whether the byte that a match demands is on the line of the keyword at `at`, or the line is long.
    fn holds_demanded(&self, text: &[u8], at: usize) -> bool {
        let Some(byte) = self.demanded else {
            return true;
        };
        let behind = &text[at..text.len().min(at.saturating_add(BESIDE))];
        let is = match memchr::memchr2(byte, b'\n', behind) {
            Some(i) => behind[i] == byte,
            None => behind.len() == BESIDE,
        };
        if is {
            return true;
        }
        let before = &text[at.saturating_sub(self.before.min(BESIDE))..at];
        match memchr::memrchr2(byte, b'\n', before) {
            Some(i) => before[i] == byte,
            None => before.len() == BESIDE,
        }
    }
}

/// Which bytes lie in one of `ranges`.
fn among(ranges: &[(u8, u8)]) -> Bytes {
    ranges.iter().flat_map(|&(low, high)| low..=high).collect()
}

fn build(source: &str) -> Result<Regex, String> {
    RegexBuilder::new(source)
        .unicode(false)
        .size_limit(4 << 20)
        .dfa_size_limit(1 << 20)
        .build()
        .map_err(|e| e.to_string())
}

impl Search {
    fn new(source: String, reach: usize) -> Self {
        Self {
            source,
            regex: OnceLock::new(),
            reach,
        }
    }

    /// The regex; nothing for a pattern that does not compile, which [`Pattern::compile`] has told of.
    fn regex(&self) -> Option<&Regex> {
        self.regex.get_or_init(|| build(&self.source).ok()).as_ref()
    }

    /// The first match that starts at `from` or after it, looked for in a window that ends `reach` bytes after `last`; a
    /// match that touches the window's end is looked for again in the widest.
    fn find(&self, text: &[u8], from: usize, last: usize) -> Option<Match> {
        let mut reach = self.reach;
        loop {
            let end = text.len().min(last.saturating_add(reach)).max(from);
            let window = &text[from..end];
            let m = first(self.regex()?, window)?;
            if m.span.end < window.len() || end == text.len() || reach >= WIDEST {
                let moved = |span: Span| Span::new(span.start + from, span.end + from);
                return Some(Match {
                    span: moved(m.span),
                    secret: moved(m.secret),
                });
            }
            reach = WIDEST;
        }
    }
}

fn first(regex: &Regex, window: &[u8]) -> Option<Match> {
    let span = |m: regex::bytes::Match<'_>| Span::new(m.start(), m.end());
    if regex.captures_len() == 1 {
        let whole = span(regex.find(window)?);
        return Some(Match {
            span: whole,
            secret: whole,
        });
    }
    let captures = regex.captures(window)?;
    let whole = span(captures.get(0)?);
    Some(Match {
        span: whole,
        secret: captures.name(SECRET).map_or(whole, span),
    })
}

/// Whether a token may begin at `at`: after no letter or digit, or after the last character of an escape. A token glued to
/// `\n` in a JSON string, or to `%22` in a URL, is a token all the same.
fn starts_token(text: &[u8], at: usize) -> bool {
    let before = &text[..at];
    match before {
        [.., b] if !b.is_ascii_alphanumeric() => true,
        [] | [.., b'\\', b'n' | b'r' | b't' | b'b' | b'f'] => true,
        [.., b'%', a, b] | [.., b'\\', b'x', a, b] => {
            a.is_ascii_hexdigit() && b.is_ascii_hexdigit()
        }
        [.., b'\\', b'u', a, b, c, d] => [a, b, c, d].iter().all(|b| b.is_ascii_hexdigit()),
        _ => ends_colour(before),
    }
}

/// The next place from `from` on where [`starts_token`] can hold: behind a byte that is no letter or digit, or behind an escape, which
/// is not searched for: from its first byte on every place is one.
fn next_start(text: &[u8], from: usize) -> usize {
    let rest = text.get(from..).unwrap_or_default();
    let word = rest
        .iter()
        .take_while(|b| b.is_ascii_alphanumeric())
        .count();
    let before = from.saturating_sub(LONGEST_ESCAPE);
    let escaped = text[before..from.min(text.len())]
        .iter()
        .any(|b| !b.is_ascii_alphanumeric());
    if escaped { from } else { from + word }
}

/// Whether `before` ends with a terminal's colour sequence, `ESC [ … m`: logs have tokens behind one.
fn ends_colour(before: &[u8]) -> bool {
    let tail = &before[before.len().saturating_sub(12)..];
    tail.ends_with(b"m")
        && memchr::memrchr(0x1b, tail).is_some_and(|esc| {
            tail[esc..].get(1) == Some(&b'[')
                && tail[esc + 2..tail.len() - 1]
                    .iter()
                    .all(|&b| b.is_ascii_digit() || b == b';')
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(pattern: &str, bounded: bool, text: &[u8]) -> Vec<(usize, usize)> {
        let mut out = Vec::new();
        let pattern = Pattern::new(pattern, bounded, Implied::Unread(Vec::new()));
        for at in memchr::memmem::find_iter(text, b"key") {
            pattern.around(text, at, &mut Seen::default(), &mut out);
        }
        out.iter().map(|m| (m.secret.start, m.secret.end)).collect()
    }

    #[test]
    fn what_a_match_begins_with_is_told_from_the_pattern() {
        let begins = |pattern: &str, text: &str| {
            let pattern = Pattern::new(pattern, true, Implied::Unread(Vec::new()));
            let compiled = pattern.compiled().as_ref().expect("a pattern");
            compiled.may_begin(text.as_bytes(), 0)
        };
        assert!(begins("key[0-9]{3}", "key123"));
        assert!(!begins("key[0-9]{3}", "key12x"));
        assert!(!begins("key[0-9]{3}", "key12"));
        assert!(
            begins("key(?:a|bb)c[0-9]", "keyx"),
            "one of several is not looked at"
        );
        assert!(
            begins("key[0-9]{1,3}x", "key1"),
            "nor what follows one of several lengths"
        );
        assert!(begins("(?i)key", "KEY"));
    }

    #[test]
    fn a_token_stands_alone() {
        let p = "key_[a-z0-9]{4}";
        assert_eq!(found(p, true, b"x = key_ab12;"), [(4, 12)]);
        assert_eq!(found(p, true, b"monkey_ab12"), []);
        assert_eq!(found(p, true, b"key_ab123"), [], "longer than the format");
        assert_eq!(found(p, true, b"key_ab12_x"), []);
        assert_eq!(
            found(p, true, b"A_key_ab12"),
            [(2, 10)],
            "a name may be glued on by an underscore"
        );
        assert_eq!(found(p, false, b"monkey_ab123"), [(3, 11)]);
    }

    #[test]
    fn the_tail_of_an_escape_is_no_part_of_the_token() {
        let p = "key_[a-z0-9]{4}";
        for before in [
            r"\n",
            r"\t",
            "%22",
            r"\u003d",
            r"\x1b",
            "\x1b[31m",
            "\x1b[1;31m",
        ] {
            let text = format!("{before}key_ab12");
            assert_eq!(
                found(p, true, text.as_bytes()),
                [(before.len(), before.len() + 8)],
                "{before}"
            );
        }
        assert_eq!(found(p, true, b"31mkey_ab12"), []);
    }

    #[test]
    fn a_class_that_ends_a_token_may_not_follow_it() {
        assert_eq!(found("key-[a-z-]{4}", true, b"key-ab-c-"), []);
        assert_eq!(found("key-[a-z-]{4}", true, b"key-ab-- "), [(0, 8)]);
        assert_eq!(found("key:[a-z]{4}==", true, b"key:abcd=="), [(0, 10)]);
        assert_eq!(
            found("key '[a-z]{4}['\"]", true, b"\"key 'abcd'\""),
            [(1, 11)],
            "a quote is an edge already"
        );
    }

    #[test]
    fn the_secret_is_the_named_part_and_inner_keywords_reach_back() {
        assert_eq!(
            found(
                "[a-z]{2,9}://(?<secret>[a-z]+)@key",
                false,
                b"url ab://pw@key"
            ),
            [(9, 11)]
        );
    }

    #[test]
    fn an_unbounded_match_is_not_cut_at_a_window() {
        let text = format!("key{}", "a".repeat(5_000));
        assert_eq!(found("key[a-z]+", true, text.as_bytes()), [(0, 5_003)]);
    }
}
