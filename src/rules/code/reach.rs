//! What the arguments of a call reach, told without parsing: asked before a file is parsed, which costs ten times what all else does.
//!
//! Takes the text and where a name is called, gives stretches of text: what stands between the brackets, and what the names in it are
//! given elsewhere in the file. Knows no scopes and no grammar, so it gives more than a program would, and says so where it cannot tell.
//! Of the languages that are read by their tokens it is the rest of the statement, see [`statement`].

pub(super) mod statement;

use std::cell::RefCell;
use std::ops::Range;
use std::rc::Rc;

use super::demand::Needle;
use crate::facts::Language;
use foldhash::{HashMap, HashSet};
use memchr::memmem;

/// Brackets that hold more are not looked through.
const LONGEST_CALL: usize = 8 << 10;
/// What a name is given is looked through so far.
const LONGEST_VALUE: usize = 600;
/// Names that are followed from one call.
const NAMES: usize = 24;
/// Places of a name that are looked at.
const PLACES: usize = 200;
/// Words between a name in a pattern and the end of the pattern.
const LONGEST_PATTERN: usize = 200;

/// Where a stretch of text begins and ends.
type Stretch = (usize, usize);

/// What one name is given; nothing where that is more than can be looked at.
type Given = Option<Rc<[Stretch]>>;

/// Whether a byte can stand in a name.
pub(super) fn is_part(b: u8) -> bool {
    b.is_ascii_alphanumeric() || b == b'_' || b == b'$' || b >= 0x80
}

/// What is called.
#[derive(Clone, Copy)]
pub(super) struct Called<'a> {
    pub name: &'a [u8],
    /// Nothing of a name stands before it.
    pub whole: bool,
    /// How the name ends of what it is a member of, if that is known.
    pub owners: Option<&'a [Needle]>,
}

/// What is asked of one call: so many questions, whether the stretch of text at a place answers one, and whether those that are answered
/// are enough.
#[derive(Clone, Copy)]
pub(super) struct Questions<'a> {
    pub count: usize,
    pub answers: &'a dyn Fn(usize, &[u8], usize) -> bool,
    pub enough: &'a dyn Fn(&[bool]) -> bool,
}

/// A text, with what its names are given as far as somebody asked: many calls are given the same few.
pub(super) struct Values<'a> {
    text: &'a [u8],
    language: Language,
    /// By name.
    known: RefCell<HashMap<&'a [u8], Given>>,
}

impl<'a> Values<'a> {
    pub(super) fn of(text: &'a [u8], language: Language) -> Self {
        Self {
            text,
            language,
            known: RefCell::default(),
        }
    }

    /// Where `name` is given something.
    fn given(&self, name: &'a [u8]) -> Given {
        let mut known = self.known.borrow_mut();
        let values = || values(self.text, self.language, name);
        known.entry(name).or_insert_with(values).clone()
    }
}

/// Whether the stretches that the arguments of the call at `at` reach answer enough questions, or that cannot be told.
pub(super) fn is_call(
    values: &Values<'_>,
    called: Called<'_>,
    at: usize,
    questions: Questions<'_>,
) -> bool {
    let &Values { text, language, .. } = values;
    let end = at + called.name.len();
    let part = |b: Option<&u8>| b.is_some_and(|&b| is_part(b));
    let before = at.checked_sub(1).and_then(|i| text.get(i));
    if part(text.get(end)) || called.whole && part(before) {
        return false;
    }
    if language == Language::JavaScript {
        return match arguments(text, end) {
            Arguments::None => false,
            Arguments::Unknown => true,
            Arguments::Between(start, end) => reaches(values, vec![(start, end)], questions),
        };
    }
    if is_defined(text, at) || called.owners.is_some_and(|on| is_of_another(text, at, on)) {
        return false;
    }
    let mut left = Vec::new();
    if !statement::is_bare(text, end, language) {
        match statement::end(text, end, language) {
            Some(last) => left.push((end, last)),
            None => return true,
        }
    }
    !made(text, at, language, &mut left) || reaches(values, left, questions)
}

/// Whether what the name at `at` is a member of is a type that has none of the names `owners`, and no other name here: `Vec::new` is no
/// `*Error.new`.
fn is_of_another(text: &[u8], at: usize, owners: &[Needle]) -> bool {
    let before = text[..at]
        .strip_suffix(b"::")
        .or(text[..at].strip_suffix(b"."));
    let Some(before) = before else { return false };
    let length = before.iter().rev().take_while(|&&b| is_part(b)).count();
    let owner = &before[before.len() - length..];
    owner.first().is_some_and(u8::is_ascii_uppercase)
        && !owners
            .iter()
            .any(|one| owner.ends_with(one.text.as_bytes()))
        && places(text, owner).all(|end| {
            let named = |word: &[u8]| text[..end - length].trim_ascii_end().ends_with(word);
            let given = text[end..].trim_ascii_start().starts_with(b"=");
            !given && !named(b" as") && !named(b" type")
        })
}

/// Whether the name at `at` is that of a function that is defined there.
fn is_defined(text: &[u8], at: usize) -> bool {
    const WORDS: &[&[u8]] = &[b"def ", b"fn ", b"func ", b"fun ", b"function "];
    WORDS.iter().any(|word| text[..at].ends_with(word))
}

/// Collects what the object that is made at `at` is given later: it may stand under the name of it. False where that is more than can be
/// looked at.
fn made(text: &[u8], at: usize, language: Language, found: &mut Vec<(usize, usize)>) -> bool {
    statement::receivers(text, at).into_iter().all(|name| {
        let mut places = places(text, name).enumerate();
        places.all(|(count, end)| {
            let last = statement::end(text, end, language);
            found.extend(last.map(|last| (end, last)));
            last.is_some() && count < PLACES
        })
    })
}

/// Where the name ends at each of its places, nothing of a name beside it.
fn places<'a>(text: &'a [u8], name: &'a [u8]) -> impl Iterator<Item = usize> + 'a {
    memmem::find_iter(text, name).filter_map(move |at| {
        let end = at + name.len();
        let before = at.checked_sub(1).and_then(|i| text.get(i));
        let beside = [before, text.get(end)];
        (!beside
            .into_iter()
            .flatten()
            .any(|&b| b != b'$' && is_part(b)))
        .then_some(end)
    })
}

enum Arguments {
    /// It is not called.
    None,
    Between(usize, usize),
    Unknown,
}

/// What stands between the brackets behind a name that ends at `at`.
fn arguments(text: &[u8], at: usize) -> Arguments {
    let rest = &text[at..];
    let blank = rest.iter().take_while(|b| b.is_ascii_whitespace()).count();
    match &rest[blank..] {
        [b'(', ..] => match closing(text, at + blank) {
            Some(end) => Arguments::Between(at + blank + 1, end),
            None => Arguments::Unknown,
        },
        [b'`' | b'<', ..] | [b'?', b'.', ..] | [b'"' | b'\'', ..] | [b':', ..] => {
            Arguments::Unknown
        }
        rest if rest.starts_with(b"as ") => Arguments::Unknown,
        // `<Form.Password …>` and its like are no calls with brackets.
        [b'/' | b'>', ..] => Arguments::Unknown,
        _ if blank > 0 && is_element(text, at) => Arguments::Unknown,
        _ => Arguments::None,
    }
}

/// Whether the name that ends at `at` is that of an element: `<Form.Password`.
fn is_element(text: &[u8], at: usize) -> bool {
    const LONGEST: usize = 64;
    let before = &text[at.saturating_sub(LONGEST)..at];
    let mut before = before.iter().rev();
    before.find(|&&b| !(is_part(b) || b == b'.')) == Some(&b'<')
}

/// The place of the bracket that closes the one at `open`; quotes are passed over.
fn closing(text: &[u8], open: usize) -> Option<usize> {
    let end = text.len().min(open + LONGEST_CALL);
    let mut depth = 0usize;
    let mut at = open;
    while at < end {
        match text[at] {
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return Some(at);
                }
            }
            quote @ (b'"' | b'\'') => at = past_quote(text, at, quote, end),
            _ => {}
        }
        at += 1;
    }
    None
}

/// The end of the quoted text at `at`, or `at` where it does not end on its line: then it was no quote.
fn past_quote(text: &[u8], at: usize, quote: u8, end: usize) -> usize {
    let mut i = at + 1;
    while i < end {
        match text[i] {
            b'\\' => i += 1,
            b'\n' => return at,
            b if b == quote => return i,
            _ => {}
        }
        i += 1;
    }
    at
}

/// Whether the stretches `left`, and what the names in them are given, answer enough questions.
fn reaches(given: &Values<'_>, mut left: Vec<Stretch>, questions: Questions<'_>) -> bool {
    let &Values { text, language, .. } = given;
    let mut answered = vec![false; questions.count];
    let mut seen: HashSet<&[u8]> = HashSet::default();
    while let Some((start, end)) = left.pop() {
        let part = &text[start..end.min(text.len())];
        for (question, answered) in answered.iter_mut().enumerate() {
            *answered = *answered || (questions.answers)(question, part, start);
        }
        if (questions.enough)(&answered) {
            return true;
        }
        let names = match language {
            Language::JavaScript => names(part),
            _ => statement::names(part, language),
        };
        for name in names {
            if !seen.insert(name) {
                continue;
            }
            if seen.len() > NAMES {
                return true;
            }
            match given.given(name) {
                Some(stretches) => left.extend_from_slice(&stretches),
                None => return true,
            }
        }
    }
    false
}

/// The names in `part`, texts between plain quotes and calls left out.
fn names(part: &[u8]) -> Vec<&[u8]> {
    let mut names = Vec::new();
    let mut at = 0;
    while at < part.len() {
        match part[at] {
            quote @ (b'"' | b'\'') => at = past_quote(part, at, quote, part.len()) + 1,
            b if is_part(b) => {
                let length = part[at..].iter().take_while(|&&b| is_part(b)).count();
                let name = &part[at..at + length];
                at += length;
                if !b.is_ascii_digit() && !WORDS.contains(&name) {
                    names.push(name);
                }
            }
            _ => at += 1,
        }
    }
    names
}

/// Words of the language, and names of what every program has.
const WORDS: &[&[u8]] = &[
    b"Error",
    b"JSON",
    b"Object",
    b"String",
    b"as",
    b"async",
    b"await",
    b"catch",
    b"console",
    b"const",
    b"else",
    b"err",
    b"error",
    b"false",
    b"for",
    b"function",
    b"if",
    b"in",
    b"instanceof",
    b"length",
    b"let",
    b"message",
    b"name",
    b"new",
    b"null",
    b"of",
    b"return",
    b"status",
    b"stringify",
    b"this",
    b"throw",
    b"true",
    b"try",
    b"typeof",
    b"undefined",
    b"var",
    b"void",
];

/// Where `name` is given something.
fn values(text: &[u8], language: Language, name: &[u8]) -> Given {
    let mut found = Vec::new();
    for (count, end) in places(text, name).enumerate() {
        let start = match language {
            Language::JavaScript => given(text, end),
            _ => statement::given(text, end),
        };
        if let Some(start) = start {
            let last = match language {
                Language::JavaScript => statement(text, start),
                _ => statement::end(text, start, language)?,
            };
            found.push((start, last));
        }
        if count >= PLACES {
            return None;
        }
    }
    Some(found.into())
}

/// Where what the name that ends at `at` is given begins, if it is given something: `x = …`, `x: …`, `x of …`, `{ x } = …`.
fn given(text: &[u8], at: usize) -> Option<usize> {
    let rest = &text[at..text.len().min(at + LONGEST_PATTERN)];
    let blank = rest.iter().take_while(|b| b.is_ascii_whitespace()).count();
    let start = at + blank;
    match &rest[blank..] {
        [b'=', b'=' | b'>', ..] => None,
        [b'=' | b':', ..] => Some(start + 1),
        [b'+' | b'|' | b'&' | b'?', b'=', ..]
        | [b'|' | b'?' | b'&', b'|' | b'?' | b'&', b'=', ..] => Some(start + 1),
        // Members that it is given later, too.
        [b'.' | b'[', more @ ..] => {
            let name = more
                .iter()
                .take_while(|&&b| is_part(b) || b".[]\"'".contains(&b))
                .count();
            let more = more[name..].trim_ascii_start();
            matches!(more, [b'=', next, ..] if !b"=>".contains(next)).then_some(at)
        }
        rest if rest.starts_with(b"of ") => Some(start + 3),
        rest @ [b',' | b'}' | b']', ..] => {
            let in_pattern = |b: &&u8| is_part(**b) || b" \t\r\n,:.{[".contains(*b);
            let until = rest.iter().take_while(in_pattern).count();
            let behind = rest.get(until + 1..)?.trim_ascii_start();
            let closes = matches!(rest.get(until), Some(b'}' | b']'));
            let gives = matches!(behind, [b'=', next, ..] if !b"=>".contains(next))
                || behind.starts_with(b"of ");
            (closes && gives).then_some(start + until + 1)
        }
        _ => None,
    }
}

/// Where the statement that begins at `start` ends at the latest.
fn statement(text: &[u8], start: usize) -> usize {
    let end = text.len().min(start + LONGEST_VALUE);
    let mut depth = 0usize;
    for (i, &b) in text[start..end].iter().enumerate() {
        match b {
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' if depth == 0 => return start + i,
            b')' | b']' | b'}' => depth -= 1,
            b';' | b',' if depth == 0 => return start + i,
            _ => {}
        }
    }
    end
}

/// What is only said in `part`: texts between quotes that are no keys (`x["key"]`, `get("key")`), and those of templates outside of their holes.
pub(super) fn said(part: &[u8], language: Language) -> Vec<Range<usize>> {
    if language != Language::JavaScript {
        return statement::said(part, language);
    }
    let mut said = Vec::new();
    // Brackets that are open in each hole of a template around this place.
    let mut holes: Vec<usize> = Vec::new();
    let mut at = 0;
    while at < part.len() {
        match part[at] {
            quote @ (b'"' | b'\'') => {
                let end = past_quote(part, at, quote, part.len());
                let is_key = matches!(part[..at].trim_ascii_end(), [.., b'(' | b'[']);
                if !is_key && end > at {
                    said.push(at..end);
                }
                at = end;
            }
            b'`' => at = template(part, at + 1, &mut holes, &mut said),
            b'{' => holes.iter_mut().rev().take(1).for_each(|open| *open += 1),
            b'}' => match holes.last_mut() {
                Some(0) => {
                    holes.pop();
                    at = template(part, at + 1, &mut holes, &mut said);
                }
                Some(open) => *open -= 1,
                None => {}
            },
            _ => {}
        }
        at += 1;
    }
    said
}

/// Passes over the text of a template from `at` on; gives its end, or where its next hole begins.
fn template(part: &[u8], at: usize, holes: &mut Vec<usize>, said: &mut Vec<Range<usize>>) -> usize {
    let mut i = at;
    while i < part.len() {
        match part[i] {
            b'\\' => i += 1,
            b'`' => break,
            b'$' if part.get(i + 1) == Some(&b'{') => {
                holes.push(0);
                said.push(at..i);
                return i + 1;
            }
            _ => {}
        }
        i += 1;
    }
    said.push(at..i.min(part.len()));
    i
}
