//! Which reports a scan writes, and where they go.

use std::fs::File;
use std::io::{self, BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use clap::ArgMatches;
use keyward::model::{Error, Report};
use keyward::report::{self, Format, Style};

/// One report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Output {
    /// Its form.
    pub format: Format,
    /// Its file, or stdout.
    pub file: Option<PathBuf>,
}

/// A `--format` or an `--output`, with its place on the command line.
enum Word<'a> {
    Format(Format),
    Output(&'a Path),
}

/// The reports that were asked for. Pairs are made of neighbours, in either order; a format without a file goes to stdout, a file
/// without a format takes the one that its name ends in, else text.
pub fn all(
    formats: &[Format],
    files: &[PathBuf],
    order: Option<&ArgMatches>,
) -> Result<Vec<Output>> {
    let places = |name| order.and_then(|o| o.indices_of(name)).into_iter().flatten();
    let formats = formats
        .iter()
        .map(|&f| Word::Format(f))
        .zip(places("format"));
    let files = files.iter().map(|f| Word::Output(f)).zip(places("output"));
    let mut words: Vec<_> = formats.chain(files).collect();
    words.sort_by_key(|&(_, place)| place);

    let mut outputs = pairs(words.into_iter().map(|(word, _)| word));
    if outputs.is_empty() {
        outputs.push(Output {
            format: Format::Text,
            file: None,
        });
    }
    let to_stdout: Vec<_> = outputs
        .iter()
        .filter(|o| o.file.is_none())
        .map(|o| o.format.as_str())
        .collect();
    if to_stdout.len() > 1 {
        bail!(
            "{} would all go to stdout\n  hint: name a file for all but one: --format {} --output FILE",
            to_stdout.join(" and "),
            to_stdout[1]
        );
    }
    Ok(outputs)
}

fn pairs<'a>(words: impl Iterator<Item = Word<'a>>) -> Vec<Output> {
    let mut outputs = Vec::new();
    let mut pending: Option<Word<'_>> = None;
    for word in words {
        pending = match (pending.take(), word) {
            (Some(Word::Format(format)), Word::Output(file))
            | (Some(Word::Output(file)), Word::Format(format)) => {
                outputs.push(output(Some(format), Some(file)));
                None
            }
            (before, word) => {
                outputs.extend(before.map(alone));
                Some(word)
            }
        };
    }
    outputs.extend(pending.map(alone));
    outputs
}

fn alone(word: Word<'_>) -> Output {
    match word {
        Word::Format(format) => output(Some(format), None),
        Word::Output(file) => output(None, Some(file)),
    }
}

fn output(format: Option<Format>, file: Option<&Path>) -> Output {
    let by_name = || file?.extension()?.to_str()?.parse().ok();
    Output {
        format: format.or_else(by_name).unwrap_or(Format::Text),
        file: file.filter(|f| *f != Path::new("-")).map(Path::to_owned),
    }
}

impl Output {
    /// Writes the report.
    ///
    /// # Errors
    /// What the file or stdout says; not that the reader of a pipe went away, who has seen what it wanted.
    pub fn write(&self, report: &Report, style: &Style<'_>) -> Result<()> {
        let Some(file) = &self.file else {
            return stdout(|out| match report::write(self.format, report, style, out) {
                Err(Error::Write(error)) => Err(error),
                Err(other) => Err(io::Error::other(other)),
                Ok(()) => Ok(()),
            });
        };
        let fault = |error: &dyn std::fmt::Display| {
            anyhow::anyhow!("cannot write {}: {error}", file.display())
        };
        let mut out = BufWriter::new(File::create(file).map_err(|e| fault(&e))?);
        match report::write(self.format, report, style, &mut out) {
            Err(Error::Write(error)) => Err(fault(&error)),
            other => Ok(other?),
        }
    }
}

/// Hands stdout to `write`, and takes a reader that went away for one that has seen enough.
///
/// # Errors
/// Whatever else stdout says.
pub fn stdout(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<()> {
    let mut out = BufWriter::new(io::stdout().lock());
    match write(&mut out).and_then(|()| out.flush()) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => {
            // What is left in the buffer would be tried again when it is dropped.
            let _ = out.into_parts();
            Ok(())
        }
        Err(error) => bail!("cannot write to stdout: {error}"),
        Ok(()) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(words: &[&str]) -> Vec<String> {
        let words = words.iter().map(|w| match w.parse() {
            Ok(format) => Word::Format(format),
            Err(_) => Word::Output(Path::new(w)),
        });
        let name = |o: Output| {
            let file = o
                .file
                .map_or_else(|| "-".to_owned(), |f| f.display().to_string());
            format!("{} {file}", o.format)
        };
        pairs(words).into_iter().map(name).collect()
    }

    #[test]
    fn formats_and_files_are_paired_as_they_stand() {
        assert_eq!(made(&["json", "a"]), ["json a"]);
        assert_eq!(made(&["a", "json"]), ["json a"]);
        assert_eq!(made(&["json", "a", "sarif", "b"]), ["json a", "sarif b"]);
        assert_eq!(made(&["a", "json", "b", "sarif"]), ["json a", "sarif b"]);
        assert_eq!(made(&["text", "sarif", "b"]), ["text -", "sarif b"]);
        assert_eq!(made(&["sarif", "b", "text"]), ["sarif b", "text -"]);
        assert_eq!(made(&["r.sarif", "r.txt"]), ["sarif r.sarif", "text r.txt"]);
        assert_eq!(made(&["json", "-"]), ["json -"]);
        assert!(made(&[]).is_empty());
    }
}
