//! Dockerfiles and Containerfiles: what is put into an image, and what is run while it is made.
//!
//! Takes the text, gives the variables of `ENV` and `ARG`, the files that `COPY` and `ADD` take from the context, and what the commands state.
//! Each lies in its stage, which is called by its name or else by its image. Destinations are no pairs, nor is what comes from another stage
//! or is mounted. Source: Docker's reference of the format.

mod instruction;

use super::shell::{self, Word, plain_word};
use super::value::Value;
use super::{Facts, Scope, Via};
use crate::model::Span;
use instruction::{Instruction, Instructions};

/// Whether files called `name`, in lower case, are written so.
pub(super) fn is_named(name: &[u8]) -> bool {
    let begins = |whole: &[u8]| {
        name.strip_prefix(whole)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(b"."))
    };
    begins(b"dockerfile") || begins(b"containerfile") || name.ends_with(b".dockerfile")
}

/// What `text` states.
pub(super) fn read(text: &[u8]) -> Facts {
    let mut facts = Facts::default();
    let mut stage = Scope::TOP;
    let instructions = Instructions::new(text);
    let escape = instructions.escape;
    for instruction in instructions {
        if facts.pairs.len() >= Facts::MOST {
            facts.cut = true;
            break;
        }
        let mut reader = Reader {
            text,
            escape,
            instruction,
            stage,
            facts: &mut facts,
        };
        let name = text[reader.instruction.name.range()].to_ascii_uppercase();
        match name.as_slice() {
            b"FROM" => stage = reader.from(),
            b"ENV" => reader.env(),
            b"ARG" => reader.arg(),
            b"COPY" | b"ADD" => reader.copy(),
            b"RUN" | b"CMD" | b"ENTRYPOINT" => reader.run(),
            _ => {}
        }
    }
    facts
}

struct Reader<'a> {
    text: &'a [u8],
    escape: u8,
    instruction: Instruction,
    stage: Scope,
    facts: &'a mut Facts,
}

impl Reader<'_> {
    /// The words behind the name of the instruction, quotes and all.
    fn words(&self) -> Vec<Span> {
        let Span { mut start, end } = self.instruction.rest;
        let mut words = Vec::new();
        loop {
            start = instruction::past_gap(self.text, start, end, self.escape);
            let word = Span::new(start, plain_word(self.text, start, end, self.escape));
            if word.is_empty() {
                return words;
            }
            words.push(word);
            start = word.end;
        }
    }

    fn is_flag(&self, word: Span) -> bool {
        self.text[word.range()].starts_with(b"--")
    }

    /// The scope of the stage that `FROM image AS name` begins.
    fn from(&mut self) -> Scope {
        let words = self.words();
        let mut words = words.iter().filter(|w| !self.is_flag(**w));
        let image = words.next();
        let named = words
            .next()
            .is_some_and(|w| self.text[w.range()].eq_ignore_ascii_case(b"as"));
        match words.next().filter(|_| named).or(image) {
            Some(&name) => self.facts.enter(Scope::TOP, name),
            None => Scope::TOP,
        }
    }

    fn env(&mut self) {
        let words = self.words();
        let Some(&first) = words.first() else { return };
        let within = self.facts.enter(self.stage, self.instruction.name);
        // `ENV key value`: the value is all the rest.
        if memchr::memchr(b'=', &self.text[first.range()]).is_none() {
            let start = words.get(1).map_or(first.end, |w| w.start);
            let end = words.last().map_or(first.end, |w| w.end).max(start);
            let value = Value::bare(Span::new(start, end));
            self.facts.add(value.of(first, Via::Assignment, within));
            return;
        }
        self.assign(&words, within);
    }

    fn arg(&mut self) {
        let words = self.words();
        let within = self.facts.enter(self.stage, self.instruction.name);
        self.assign(&words, within);
    }

    /// Adds each `name=value`, and each name that has none.
    fn assign(&mut self, words: &[Span], within: Scope) {
        for &raw in words {
            let word = Word::new(self.text, raw);
            let (key, mut value) = word.assigned(self.text).unwrap_or_else(|| {
                let end = Span::new(word.span.end, word.span.end);
                (word.span, Value::bare(end))
            });
            // With another escape a backslash is a byte like any other.
            if self.escape != b'\\' {
                value.read = None;
            }
            if !self.facts.add(value.of(key, Via::Assignment, within)) {
                return;
            }
        }
    }

    fn copy(&mut self) {
        let words = self.words();
        let flags = words.iter().take_while(|w| self.is_flag(**w)).count();
        let elsewhere = |w: &Span| self.text[w.range()].starts_with(b"--from=");
        if words[..flags].iter().any(elsewhere) {
            return;
        }
        let words = match words.get(flags).and_then(|w| self.list(w.start)) {
            Some(list) => list,
            None => words[flags..].to_vec(),
        };
        let Some((_, sources)) = words.split_last() else {
            return;
        };
        for &source in sources {
            // `<<EOF` is no file: its text stands below.
            if self.text[source.range()].starts_with(b"<<") {
                continue;
            }
            let value = Word::new(self.text, source).value(self.text);
            let pair = value.of(self.instruction.name, Via::Item, self.stage);
            if !self.facts.add(pair) {
                return;
            }
        }
    }

    fn run(&mut self) {
        let Span { mut start, end } = self.instruction.rest;
        // `--mount=…`, `--network=…`
        loop {
            start = instruction::past_gap(self.text, start, end, self.escape);
            if !self.text[start..end].starts_with(b"--") {
                break;
            }
            start = plain_word(self.text, start, end, self.escape);
        }
        let within = self.facts.enter(self.stage, self.instruction.name);
        if let Some(words) = self.list(start) {
            let words: Vec<_> = words.iter().map(|&w| Word::new(self.text, w)).collect();
            for script in shell::command(self.text, &words, within, self.facts) {
                shell::commands(self.text, script, within, self.facts);
            }
            return;
        }
        // A heredoc that is the whole command is a script itself.
        let is_script = self.text[start..end].starts_with(b"<<");
        if is_script {
            for &body in &self.instruction.bodies {
                shell::commands(self.text, body, within, self.facts);
            }
        } else {
            let end = self.instruction.end;
            shell::commands_of_image(self.text, Span::new(start, end), within, self.facts);
        }
    }

    /// The strings of `["a", "b"]`, quotes and all, if such a list begins at `from`.
    fn list(&self, from: usize) -> Option<Vec<Span>> {
        let text = &self.text[..self.instruction.rest.end];
        let gap = |at| instruction::past_gap(text, at, text.len(), self.escape);
        let mut words = Vec::new();
        if text.get(from) != Some(&b'[') {
            return None;
        }
        let mut at = gap(from + 1);
        while text.get(at) == Some(&b'"') {
            let start = at;
            at += 1;
            while *text.get(at)? != b'"' {
                at += if text[at] == b'\\' { 2 } else { 1 };
            }
            words.push(Span::new(start, at + 1));
            at = gap(at + 1);
            if text.get(at) == Some(&b',') {
                at = gap(at + 1);
            }
        }
        (text.get(at) == Some(&b']')).then_some(words)
    }
}

#[cfg(test)]
mod tests;
