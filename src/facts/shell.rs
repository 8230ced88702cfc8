//! Shell scripts, and files of commands: POSIX shells, fish, csh and PowerShell as far as they look alike, Makefiles, Procfiles, histories.
//!
//! Takes the text, gives what is assigned, and what commands are given by options and words that may be credentials. Runs nothing, follows no
//! variable and no condition. Knows of commands only what is needed to tell which word belongs to which.

mod command;
mod lexer;
mod make;
mod tables;
mod word;

pub(super) use command::command;
pub(super) use lexer::plain_word;
pub(super) use word::Word;

use super::lines::past_mark;
use super::{Facts, Scope, dotenv};
use crate::model::Span;
use lexer::{Lexer, Token};

/// The commands that take credentials behind options without a name. What others take stands behind a name.
pub fn nameless() -> impl Iterator<Item = &'static [u8]> {
    let letters = tables::LETTERS.iter().map(|(command, _)| *command);
    letters.chain([&b"openssl"[..]])
}

/// Commands inside the words of commands: `X=$(…)`, `sh -c "…"`. Each level is read once more.
const DEEPEST: u8 = 4;
/// Words of one command; those behind are read as another one's, so that no command takes more memory than its text.
const LONGEST: usize = 10_000;

/// Endings of such files, in lower case; names that begin with a dot are whole names too.
const ENDINGS: &[&[u8]] = &[
    b".bash",
    b".bash_aliases",
    b".bash_history",
    b".bash_profile",
    b".bashrc",
    b".fish",
    b".ksh",
    b".mk",
    b".profile",
    b".ps1",
    b".psm1",
    b".sh",
    b".zsh",
    b".zsh_history",
    b".zshenv",
    b".zshrc",
];

/// Whether files called `name`, in lower case, are written so.
pub(super) fn is_named(name: &[u8]) -> bool {
    let whole: [&[u8]; 4] = [b"makefile", b"gnumakefile", b"procfile", b"justfile"];
    whole.contains(&name) || ENDINGS.iter().any(|end| name.ends_with(end))
}

/// What `text` states.
pub(super) fn read(text: &[u8]) -> Facts {
    let mut facts = Facts::default();
    let whole = Span::new(past_mark(text), text.len());
    if make::is_make(text, whole) {
        make::rules(text, whole, &mut facts);
    } else {
        commands(text, whole, Scope::TOP, &mut facts);
    }
    facts
}

/// Adds what the script at `at` states, all of it lying in `outer`.
pub(super) fn commands(text: &[u8], at: Span, outer: Scope, facts: &mut Facts) {
    script(text, at, outer, false, facts);
}

/// The same for a script in a Dockerfile, where a comment between the lines of a command is no end of it.
pub(super) fn commands_of_image(text: &[u8], at: Span, outer: Scope, facts: &mut Facts) {
    script(text, at, outer, true, facts);
}

fn script(text: &[u8], at: Span, outer: Scope, joins: bool, facts: &mut Facts) {
    let known = facts.pairs.len();
    run(text, Lexer::new(text, at, joins), outer, 0, facts);
    // What stands inside a word was read behind its command.
    facts.pairs[known..].sort_by_key(|pair| pair.key);
}

fn run(text: &[u8], mut lexer: Lexer<'_>, outer: Scope, depth: u8, facts: &mut Facts) {
    let mut words = Vec::new();
    loop {
        let token = lexer.next();
        if let Some(Token::Word(word)) = token {
            words.push(Word::new(text, word));
            if words.len() < LONGEST {
                continue;
            }
        }
        if !words.is_empty() {
            let mut inside = command(text, &words, outer, facts);
            words.clear();
            inside.append(&mut lexer.substitutions);
            for body in inside {
                if depth < DEEPEST {
                    run(text, Lexer::new(text, body, false), outer, depth + 1, facts);
                }
            }
        }
        match token {
            None => return,
            Some(Token::Heredoc(mark, body)) => {
                let within = facts.enter(outer, mark);
                dotenv::assignments(text, body, within, facts);
            }
            Some(_) => {}
        }
        if facts.pairs.len() >= Facts::MOST {
            facts.cut = true;
            return;
        }
    }
}

#[cfg(test)]
mod tests;
