//! What is done is decided by a flag, by who sits at the terminal, or by nobody.

use std::io::{self, BufRead, IsTerminal, Read, Write};

use anyhow::{Context, Result};

/// Bytes of an answer; nobody writes more than a word.
const LONGEST: u64 = 256;

/// Whether something is to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It is.
    Yes,
    /// It is not.
    No,
    /// Nobody said and nobody could be asked.
    Open,
}

/// Asks, where somebody is there to answer.
pub struct Asker {
    yes: bool,
    terminal: bool,
}

/// What a pair of flags says.
pub fn said(yes: bool, no: bool) -> Option<bool> {
    match (yes, no) {
        (true, _) => Some(true),
        (_, true) => Some(false),
        _ => None,
    }
}

impl Asker {
    /// Asks at a terminal; nobody with `--yes`, or where nothing is written.
    pub fn new(yes: bool, dry_run: bool) -> Self {
        let terminal = io::stdin().is_terminal() && io::stderr().is_terminal();
        Self {
            yes,
            terminal: terminal && !yes && !dry_run,
        }
    }

    /// Decides; `alone` is the answer where nobody can be asked.
    pub fn decide(&mut self, said: Option<bool>, question: &str, alone: Answer) -> Result<Answer> {
        if let Some(said) = said {
            return Ok(if said { Answer::Yes } else { Answer::No });
        }
        if self.yes {
            return Ok(Answer::Yes);
        }
        if !self.terminal {
            return Ok(alone);
        }
        let answer = ask(question, &mut io::stdin().lock(), &mut io::stderr().lock());
        answer.context("cannot ask at this terminal\n  hint: say it by flags, or --yes")
    }
}

/// Asks until it is answered; who goes away has said no, who hits return has said yes.
fn ask(question: &str, from: &mut impl BufRead, to: &mut impl Write) -> io::Result<Answer> {
    loop {
        write!(to, "{question} [Y/n] ")?;
        to.flush()?;
        let mut line = Vec::new();
        if from.by_ref().take(LONGEST).read_until(b'\n', &mut line)? == 0 {
            writeln!(to)?;
            return Ok(Answer::No);
        }
        match line.trim_ascii().to_ascii_lowercase().as_slice() {
            b"" | b"y" | b"yes" => return Ok(Answer::Yes),
            b"n" | b"no" => return Ok(Answer::No),
            _ => writeln!(to, "y or n")?,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answered(text: &str) -> (Answer, String) {
        let mut said = Vec::new();
        let answer = ask("Well?", &mut text.as_bytes(), &mut said).expect("a buffer");
        (answer, String::from_utf8(said).expect("text"))
    }

    #[test]
    fn return_is_yes_and_an_end_is_no() {
        assert_eq!(answered("\n").0, Answer::Yes);
        assert_eq!(answered("Yes\r\n").0, Answer::Yes);
        assert_eq!(answered("n\n").0, Answer::No);
        assert_eq!(answered("").0, Answer::No);
        let (answer, said) = answered("perhaps\ny\n");
        assert_eq!(answer, Answer::Yes);
        assert_eq!(said.matches("Well? [Y/n]").count(), 2);
    }

    #[test]
    fn a_flag_is_stronger_than_yes_to_all() {
        let mut asker = Asker::new(true, false);
        let mut decide = |said| {
            asker
                .decide(said, "Well?", Answer::Open)
                .expect("no terminal")
        };
        assert_eq!(decide(None), Answer::Yes);
        assert_eq!(decide(Some(false)), Answer::No);
        assert_eq!(said(false, false), None);
    }
}
