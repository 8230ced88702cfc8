//! What a pattern implies: the literals of which every match holds one, and how long a match can be.
//!
//! `build.rs` includes this file and [`places`](super::places) to derive it of the built-in rules once: reading a pattern takes longer than
//! a small file does. The loader calls it for users' rules. It names nothing but regex-syntax and serde.

use regex_syntax::ParserBuilder;
use regex_syntax::hir::literal::{ExtractKind, Extractor, Seq};
use regex_syntax::hir::{Class, Hir, HirKind};
use serde::{Deserialize, Serialize};

use super::places;

/// A keyword shorter than this wakes its rule all the time.
pub const SHORTEST: usize = 3;
/// More alternatives than this are not a keyword but a class.
pub const MOST: usize = 40;
/// A pattern without an upper bound is given windows of this many bytes; the window grows when a match touches its end.
pub const UNBOUNDED: usize = 4096;

/// What is known of a pattern before it is compiled.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shape {
    /// Every match contains one of them, with the pattern's own case. What wakes a rule is known before the rest is asked for, so it is kept
    /// elsewhere.
    #[serde(skip)]
    pub keywords: Vec<String>,
    /// At most so many bytes of a match come before the first byte of its keyword, be it given or implied; nothing where that is not known.
    pub before: Option<usize>,
    /// Bytes of which every match holds each, and which its keywords do not.
    pub demands: Vec<u8>,
    /// A match is at most so long, in bytes; [`UNBOUNDED`] where it has no bound.
    pub longest: usize,
    /// Whether and how a match may go over the end of a line.
    pub lines: Lines,
    /// The bytes that the pattern's last element matches: a token does not end before one of them.
    pub tail: Vec<(u8, u8)>,
    /// For each of a match's first bytes, as far as every match has them, those that it can be.
    pub head: Vec<Vec<(u8, u8)>>,
}

impl Shape {
    /// What `pattern` implies; `given` are the keywords that wake it, where they are not to be derived from it.
    ///
    /// # Errors
    /// What regex-syntax says of a pattern that it cannot read.
    pub fn of(pattern: &str, given: &[String]) -> Result<Self, String> {
        let hir = parse(pattern)?;
        let (before, keywords) = match (given, best(&hir)) {
            ([], None) => (None, Vec::new()),
            ([], Some((before, keywords))) => (Some(before), keywords),
            (given, _) => (places::before(&hir, given), given.to_vec()),
        };
        let longest = hir.properties().maximum_len().unwrap_or(UNBOUNDED);
        let demanded = demands(&hir);
        let in_keywords = |b: u8| keywords.iter().any(|k| k.as_bytes().contains(&b));
        let demands = (0..=u8::MAX).filter(|&b| demanded[usize::from(b)] && !in_keywords(b));
        Ok(Self {
            demands: demands.collect(),
            keywords,
            before,
            longest,
            lines: lines(&hir),
            tail: tail(&hir),
            head: {
                let mut bytes = Vec::new();
                head(&hir, &mut bytes);
                bytes
            },
        })
    }
}

/// Reads `pattern` as ASCII over bytes.
///
/// # Errors
/// What regex-syntax says of a pattern that it cannot read.
pub fn parse(pattern: &str) -> Result<Hir, String> {
    ParserBuilder::new()
        .unicode(false)
        .utf8(false)
        .build()
        .parse(pattern)
        .map_err(|e| told(&e))
}

/// Which bytes every match of `hir` holds.
fn demands(hir: &Hir) -> [bool; 256] {
    let mut demanded = [false; 256];
    match hir.kind() {
        HirKind::Literal(literal) => literal
            .0
            .iter()
            .for_each(|&b| demanded[usize::from(b)] = true),
        HirKind::Capture(capture) => demanded = demands(&capture.sub),
        HirKind::Repetition(repetition) if repetition.min > 0 => {
            demanded = demands(&repetition.sub)
        }
        HirKind::Concat(parts) => {
            for part in parts.iter().map(demands) {
                demanded
                    .iter_mut()
                    .zip(part)
                    .for_each(|(all, one)| *all |= one);
            }
        }
        HirKind::Alternation(ways) => {
            demanded = [!ways.is_empty(); 256];
            for way in ways.iter().map(demands) {
                demanded
                    .iter_mut()
                    .zip(way)
                    .for_each(|(all, one)| *all &= one);
            }
        }
        _ => {}
    }
    demanded
}

/// What is wrong with a pattern, and where; not the pattern itself, which may hold what somebody pasted.
fn told(error: &regex_syntax::Error) -> String {
    let (kind, span) = match error {
        regex_syntax::Error::Parse(e) => (e.kind().to_string(), e.span()),
        regex_syntax::Error::Translate(e) => (e.kind().to_string(), e.span()),
        _ => return "the pattern cannot be read".to_owned(),
    };
    format!("{kind}, at column {} of the pattern", span.start.column)
}

/// The rarest set of required literals, and how far into a match it may begin.
fn best(hir: &Hir) -> Option<(usize, Vec<String>)> {
    let whole = prefixes(hir);
    let inner = match hir.kind() {
        HirKind::Capture(capture) => best(&capture.sub),
        HirKind::Concat(parts) => (1..parts.len())
            .filter_map(|at| {
                let before = parts[..at]
                    .iter()
                    .try_fold(0, |sum, p| Some(sum + p.properties().maximum_len()?));
                let (inside, keywords) = match parts[at].kind() {
                    HirKind::Capture(capture) => best(&capture.sub)?,
                    _ => (0, prefixes(&Hir::concat(parts[at..].to_vec()))?),
                };
                Some((before.unwrap_or(UNBOUNDED) + inside, keywords))
            })
            .max_by_key(|(_, keywords)| shortest(keywords)),
        _ => None,
    };
    match (whole, inner) {
        (Some(whole), Some(inner)) if shortest(&inner.1) > shortest(&whole) + 2 => Some(inner),
        (Some(whole), _) => Some((0, whole)),
        (None, inner) => inner,
    }
}

/// The literals that a match of `hir` begins with, if they are few and long enough.
fn prefixes(hir: &Hir) -> Option<Vec<String>> {
    let mut seq = Extractor::new()
        .kind(ExtractKind::Prefix)
        .limit_class(8)
        .limit_total(MOST)
        .extract(hir);
    seq.make_inexact();
    minimal(&mut seq)
}

fn minimal(seq: &mut Seq) -> Option<Vec<String>> {
    seq.keep_first_bytes(24);
    seq.dedup();
    let mut found: Vec<String> = seq
        .literals()?
        .iter()
        .map(|l| String::from_utf8(l.as_bytes().to_vec()).ok())
        .collect::<Option<_>>()?;
    found.sort();
    found.dedup();
    (!found.is_empty() && found.len() <= MOST && shortest(&found) >= SHORTEST).then_some(found)
}

fn shortest(keywords: &[String]) -> usize {
    keywords.iter().map(String::len).min().unwrap_or(0)
}

/// How a pattern goes over the end of a line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Lines {
    /// It does not.
    #[default]
    One,
    /// In blanks between its parts.
    Gaps,
    /// In what it matches: a body of several lines.
    Body,
}

/// How the pattern goes over the end of a line.
fn lines(hir: &Hir) -> Lines {
    let of_ranges = |ranges: &mut dyn Iterator<Item = (u32, u32)>| {
        let (mut end, mut other) = (false, false);
        for (low, high) in ranges {
            end |= (low..=high).contains(&0x0a);
            other |= (low..=high).any(|c| c > 0x20 && c != 0x7f);
        }
        match (end, other) {
            (false, _) => Lines::One,
            (true, false) => Lines::Gaps,
            (true, true) => Lines::Body,
        }
    };
    match hir.kind() {
        HirKind::Literal(literal) if literal.0.contains(&b'\n') => Lines::Gaps,
        HirKind::Class(Class::Bytes(class)) => of_ranges(
            &mut class
                .ranges()
                .iter()
                .map(|r| (r.start().into(), r.end().into())),
        ),
        HirKind::Class(Class::Unicode(class)) => of_ranges(
            &mut class
                .ranges()
                .iter()
                .map(|r| (r.start().into(), r.end().into())),
        ),
        HirKind::Capture(capture) => lines(&capture.sub),
        HirKind::Repetition(repetition) => lines(&repetition.sub),
        HirKind::Concat(parts) | HirKind::Alternation(parts) => {
            parts.iter().map(lines).max().unwrap_or_default()
        }
        HirKind::Literal(_) | HirKind::Look(_) | HirKind::Empty => Lines::One,
    }
}

/// The byte ranges of what a match ends with.
fn tail(hir: &Hir) -> Vec<(u8, u8)> {
    match hir.kind() {
        HirKind::Class(Class::Bytes(class)) => class
            .ranges()
            .iter()
            .map(|r| (r.start(), r.end()))
            .collect(),
        HirKind::Class(Class::Unicode(class)) => class
            .ranges()
            .iter()
            .filter_map(|r| {
                Some((
                    u8::try_from(r.start()).ok()?,
                    u8::try_from(r.end()).unwrap_or(0x7f),
                ))
            })
            .collect(),
        HirKind::Capture(capture) => tail(&capture.sub),
        HirKind::Repetition(repetition) => tail(&repetition.sub),
        HirKind::Concat(parts) => parts.last().map(tail).unwrap_or_default(),
        HirKind::Alternation(parts) => parts.iter().flat_map(tail).collect(),
        HirKind::Literal(_) | HirKind::Look(_) | HirKind::Empty => Vec::new(),
    }
}

/// Adds what the bytes can be that a match of `hir` begins with; whether it has no others, so that what follows it may be added.
fn head(hir: &Hir, bytes: &mut Vec<Vec<(u8, u8)>>) -> bool {
    /// So many settle nearly every place.
    const LONGEST: usize = 16;
    if bytes.len() >= LONGEST {
        return false;
    }
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => true,
        HirKind::Literal(literal) => {
            bytes.extend(literal.0.iter().map(|&b| vec![(b, b)]));
            true
        }
        HirKind::Class(Class::Bytes(class)) => {
            let ranges = class.ranges().iter().map(|r| (r.start(), r.end()));
            bytes.push(ranges.collect());
            true
        }
        HirKind::Class(Class::Unicode(_)) | HirKind::Alternation(_) => false,
        HirKind::Capture(capture) => head(&capture.sub, bytes),
        HirKind::Concat(parts) => parts.iter().all(|part| head(part, bytes)),
        HirKind::Repetition(repetition) => {
            (0..repetition.min).all(|_| head(&repetition.sub, bytes))
                && repetition.max == Some(repetition.min)
        }
    }
}
