//! One command: which of its words belong together.
//!
//! Takes the words, gives pairs: `X=v` before a command lies where the command lies, what stands behind its name lies in a scope called so.

use super::super::value::Value;
use super::super::{Facts, Scope, Via};
use super::tables::{
    CARRIERS, DECLARATIONS, GLUED, LETTERS, OPENSSL, SETTERS, SHELLS, TREES, taken_by,
};
use super::word::{Word, is_identifier, name_len};
use crate::model::Span;

/// Adds what the command of `words` states. Gives the scripts that it hands to a shell.
pub(in super::super) fn command(
    text: &[u8],
    words: &[Word],
    outer: Scope,
    facts: &mut Facts,
) -> Vec<Span> {
    let from = past_prefix(text, words, outer, facts);
    let Some(first) = words.get(from) else {
        return Vec::new();
    };
    let rest = &words[from + 1..];
    if declared(text, *first, rest, outer, facts) {
        return Vec::new();
    }
    let mut reader = Reader {
        text,
        name: program(text, *first),
        rest,
        outer,
        scope: None,
        scripts: Vec::new(),
        facts,
    };
    reader.read();
    reader.scripts
}

/// Passes what stands before the command: labels, assignments, and commands that run it.
fn past_prefix(text: &[u8], words: &[Word], outer: Scope, facts: &mut Facts) -> usize {
    let mut at = 0;
    while let Some(word) = words.get(at) {
        let part = word.text(text);
        // `web: command` of a Procfile.
        let label =
            at == 0 && part.len() > 1 && part.ends_with(b":") && name_len(part) + 1 == part.len();
        if label {
            at += 1;
        } else if let Some((key, value)) = word.assigned(text)
            && is_identifier(&text[key.range()])
        {
            facts.add(value.of(key, Via::Assignment, outer));
            at += 1;
        } else if let Some(taking) = taken_by(&text[program(text, *word).range()]) {
            at += 1;
            while let Some([b'-', letters @ ..]) = words.get(at).map(|w| w.text(text)) {
                at += 1;
                if matches!(letters, [letter] if taking.contains(letter)) {
                    at += 1;
                }
            }
        } else {
            break;
        }
    }
    at
}

/// Where the name of a program stands in the path of it.
fn program(text: &[u8], word: Word) -> Span {
    let part = word.text(text);
    let last = part.iter().rposition(|&b| matches!(b, b'/' | b'\\'));
    let start = last.map_or(word.span.start, |at| word.span.start + at + 1);
    Span::new(start, word.span.end)
}

/// Whether the command gives a variable its value, and what: `export X=v`, `setenv X v`, `set -gx X v`, `$X = v`, `X := v`.
fn declared(text: &[u8], first: Word, rest: &[Word], outer: Scope, facts: &mut Facts) -> bool {
    let mut add = |key: Span, value: Value| facts.add(value.of(key, Via::Assignment, outer));
    let name = first.text(text);
    if DECLARATIONS.contains(&name) {
        for word in rest {
            if let Some((key, value)) = word.assigned(text) {
                add(key, value);
            }
        }
        return true;
    }
    let pair = match name {
        b"setenv" => match rest {
            [key, value, ..] => Some((key, value)),
            _ => None,
        },
        b"set" => {
            let options = rest.iter().take_while(|w| w.text(text).starts_with(b"-"));
            let options = options.count();
            let exports = rest[..options].iter().any(|w| is_scope(w.text(text)));
            match &rest[options..] {
                [key, value, ..] if exports => Some((key, value)),
                _ => None,
            }
        }
        _ => return powershell(text, first, rest).is_some_and(|(key, value)| add(key, value)),
    };
    match pair {
        Some((key, value)) if is_identifier(key.text(text)) => add(key.span, value.value(text)),
        _ => false,
    }
}

/// Whether an option of fish's `set` says where a variable is known.
fn is_scope(option: &[u8]) -> bool {
    let long: [&[u8]; 4] = [b"--export", b"--global", b"--universal", b"--local"];
    let letters = &option[1..];
    long.contains(&option) || (!letters.is_empty() && letters.iter().all(|b| b"gxUluf".contains(b)))
}

/// `$env:X = "v"`, `[string]$X = "v"`, and `X = v`, `X := v` of make.
fn powershell(text: &[u8], first: Word, rest: &[Word]) -> Option<(Span, Value)> {
    let part = first.text(text);
    let mut at = 0;
    if part.starts_with(b"[") {
        at = part.windows(2).position(|w| w == b"]$")? + 1;
    }
    let variable = part[at..].starts_with(b"$");
    if variable {
        at += 1;
        let env = part[at..]
            .get(..4)
            .is_some_and(|p| p.eq_ignore_ascii_case(b"env:"));
        at += if env { 4 } else { 0 };
    }
    let assigns = |sign: &Word| {
        sign.is_bare() && matches!(sign.text(text), b"=" | b":=" | b"?=" | b"+=" | b"::=")
    };
    if !variable && !rest.first().is_some_and(assigns) {
        return None;
    }
    let len = name_len(&part[at..]);
    let start = first.span.start + at;
    let key = Span::new(start, start + len);
    if len == 0 || !first.is_bare() {
        return None;
    }
    match (&part[at + len..], rest) {
        ([b'=', _, ..], _) if variable => Some((key, first.tail(text, key.end + 1))),
        (b"=", [value, ..]) if variable => Some((key, value.value(text))),
        (b"", [sign, value, ..]) if assigns(sign) => Some((key, value.value(text))),
        _ => None,
    }
}

/// The words behind the name of a command.
struct Reader<'a> {
    text: &'a [u8],
    name: Span,
    rest: &'a [Word],
    outer: Scope,
    /// Entered with the first pair: most commands have none.
    scope: Option<Scope>,
    scripts: Vec<Span>,
    facts: &'a mut Facts,
}

impl Reader<'_> {
    fn read(&mut self) {
        let mut at = self.setting();
        while let Some(&word) = self.rest.get(at) {
            let part = word.text(self.text);
            at += 1;
            if part.starts_with(b"--") {
                at += self.option(word, at);
            } else if part.starts_with(b"-") {
                at += self.short(word, at);
            } else if let Some((key, value)) = word.assigned(self.text) {
                self.add(key, value, Via::Assignment);
            }
        }
    }

    fn add(&mut self, key: Span, value: Value, via: Via) {
        let within = match self.scope {
            Some(scope) => scope,
            None => self.enter(),
        };
        self.scope = Some(within);
        self.facts.add(value.of(key, via, within));
    }

    /// The scope of the command, and of what it is told to do.
    fn enter(&mut self) -> Scope {
        let mut scope = self.facts.enter(self.outer, self.name);
        if TREES.contains(&&self.text[self.name.range()]) {
            for span in self.verbs().into_iter().flatten() {
                scope = self.facts.enter(scope, self.rest[span].span);
            }
        }
        scope
    }

    /// Which two bare words come first; the second stands right behind the first.
    fn verbs(&self) -> [Option<usize>; 2] {
        let bare = |at: &usize| {
            let word = self.rest[*at];
            let part = word.text(self.text);
            word.is_bare() && !part.starts_with(b"-") && word.assigned(self.text).is_none()
        };
        let options = self
            .rest
            .iter()
            .take_while(|w| w.text(self.text).starts_with(b"-"));
        let first = Some(options.count()).filter(|at| *at < self.rest.len() && bare(at));
        let second = first
            .map(|at| at + 1)
            .filter(|at| *at < self.rest.len() && bare(at));
        [first, second]
    }

    /// Reads `config set NAME VALUE`; how many words that took.
    fn setting(&mut self) -> usize {
        let name = &self.text[self.name.range()];
        let is_option = |w: &Word| w.text(self.text).starts_with(b"-");
        let setter = SETTERS.iter().find(|(program, verbs)| {
            let words = || self.rest.iter().zip(verbs.iter());
            *program == name
                && self.rest.len() > verbs.len()
                && words().all(|(w, verb)| w.text(self.text) == *verb)
        });
        let Some((_, verbs)) = setter else { return 0 };
        let options = self.rest[verbs.len()..]
            .iter()
            .take_while(|w| is_option(w))
            .count();
        let at = verbs.len() + options;
        let Some(&key) = self.rest.get(at) else {
            return 0;
        };
        // `npm config set //host/:_authToken=v`
        let part = key.text(self.text);
        let end = memchr::memchr(b'=', part).unwrap_or(part.len());
        let start = memchr::memrchr(b':', &part[..end]).map_or(0, |at| at + 1);
        let span = Span::new(key.span.start + start, key.span.start + end);
        if end < part.len() {
            self.add(span, key.tail(self.text, span.end + 1), Via::Assignment);
            return at + 1;
        }
        match self.rest.get(at + 1) {
            Some(&value) if !is_option(&value) => {
                let value = value.value(self.text);
                self.add(span, value, Via::Assignment);
                at + 2
            }
            _ => 0,
        }
    }

    /// Reads an option whose name has two dashes; 1 if the word at `next` is its value.
    fn option(&mut self, word: Word, next: usize) -> usize {
        let part = word.text(self.text);
        let len = 2 + part[2..]
            .iter()
            .take_while(|&&b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b':'))
            .count();
        let key = Span::new(word.span.start, word.span.start + len);
        let carries = CARRIERS.contains(&&part[..len]);
        match part.get(len) {
            Some(b'=') if len > 2 => {
                let rest = Span::new(key.end + 1, word.span.end);
                let inner = || word.within(rest).assigned(self.text);
                match carries.then(inner).flatten() {
                    Some((key, value)) => self.add(key, value, Via::Assignment),
                    None => self.add(key, word.tail(self.text, rest.start), Via::Option),
                }
                0
            }
            None if len > 2 => match self.rest.get(next) {
                Some(value) if self.is_value(*value, carries) => {
                    let value = value.value(self.text);
                    self.add(key, value, Via::Option);
                    1
                }
                _ => 0,
            },
            _ => 0,
        }
    }

    /// Whether `word` is the value of the option before it: no option itself, and not `NAME=v`, which is a word of the command where the option
    /// takes none; where the option `carries` such, a name in small letters is one too.
    fn is_value(&self, word: Word, carries: bool) -> bool {
        let assigned = word.assigned(self.text);
        let is_pair = assigned.is_some_and(|(key, value)| {
            let name = &self.text[key.range()];
            let is_constant = is_identifier(name) && !name.iter().any(u8::is_ascii_lowercase);
            !value.span.is_empty() && (carries || is_constant)
        });
        !is_pair && !word.text(self.text).starts_with(b"-")
    }

    /// Reads an option with one dash; 1 if the word at `next` is its value.
    fn short(&mut self, word: Word, next: usize) -> usize {
        let name = &self.text[self.name.range()];
        let letters = LETTERS.iter().find(|(n, _)| *n == name);
        let letters = letters.map_or(&b""[..], |(_, letters)| letters);
        let part = word.text(self.text);
        let follows = self.rest.get(next).copied();
        if SHELLS.contains(&name) && part.ends_with(b"c") && part.len() <= 4 {
            self.scripts.extend(follows.map(|w| w.span));
            return usize::from(follows.is_some());
        }
        // Several options may share a dash; the last one of them takes the word.
        let last =
            part.len() > 2 && name == b"curl" && part[1..].iter().all(u8::is_ascii_alphabetic);
        let letter = match part {
            [_, letter] => Some(*letter),
            [_, first, ..] if letters.contains(first) => Some(*first),
            [.., end] if last => Some(*end),
            _ => None,
        };
        let glued = part.len() > 2 && letter == Some(part[1]);
        let takes = letter.is_some_and(|l| letters.contains(&l))
            || (name == b"openssl" && OPENSSL.contains(&part));
        if !takes {
            // `-eK=v`
            if let [_, b'e', ..] = part
                && let Some((key, value)) = word
                    .within(Span::new(word.span.start + 2, word.span.end))
                    .assigned(self.text)
            {
                self.add(key, value, Via::Assignment);
            }
            return 0;
        }
        if glued {
            let key = Span::new(word.span.start, word.span.start + 2);
            self.add(key, word.tail(self.text, key.end), Via::Item);
            return 0;
        }
        let asks = letter == Some(b'p') && GLUED.contains(&name);
        match follows {
            Some(value) if !asks && !value.text(self.text).starts_with(b"-") => {
                let value = value.value(self.text);
                self.add(word.span, value, Via::Item);
                1
            }
            _ => 0,
        }
    }
}
