//! Which reports a scan writes, and where they go.

use std::ffi::OsString;
use std::fs;
use std::io::{self, BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use clap::ArgMatches;
use keyward::model::{Error, Report};
use keyward::report::{self, Format, Style};

use crate::target::{self, Target};

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
/// without a format takes the one that its name ends in, and text where no format is asked for at all.
///
/// # Errors
/// Two reports for stdout or for one file, or a file beside formats that are not its own.
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

    let has_formats = words
        .iter()
        .any(|(word, _)| matches!(word, Word::Format(_)));
    let mut outputs = Vec::new();
    for (format, file) in pairs(words.into_iter().map(|(word, _)| word)) {
        outputs.push(output(format, file, has_formats)?);
    }
    if outputs.is_empty() {
        outputs.push(Output {
            format: Format::Text,
            file: None,
        });
    }
    apart(&outputs)?;
    Ok(outputs)
}

/// That no two go to one place, by whatever names.
fn apart(outputs: &[Output]) -> Result<()> {
    let targets = outputs
        .iter()
        .map(Output::target)
        .collect::<Result<Vec<_>>>()?;
    let to_stdout: Vec<_> = std::iter::zip(outputs, &targets)
        .filter(|(_, target)| **target == Target::Stdout)
        .map(|(output, _)| output.format.as_str())
        .collect();
    if to_stdout.len() > 1 {
        bail!(
            "{} would all go to stdout\n  hint: name a file for all but one: --format {} --output FILE",
            to_stdout.join(" and "),
            to_stdout[1]
        );
    }
    for (i, output) in outputs.iter().enumerate() {
        if let Some(file) = &output.file
            && targets[..i].contains(&targets[i])
        {
            bail!(
                "two reports would be written to {}\n  hint: name a file for each: --format {} --output FILE",
                file.display(),
                output.format
            );
        }
    }
    Ok(())
}

/// Each with the neighbour that it has, if it has one.
fn pairs<'a>(words: impl Iterator<Item = Word<'a>>) -> Vec<(Option<Format>, Option<&'a Path>)> {
    let mut outputs = Vec::new();
    let mut pending: Option<Word<'_>> = None;
    for word in words {
        pending = match (pending.take(), word) {
            (Some(Word::Format(format)), Word::Output(file))
            | (Some(Word::Output(file)), Word::Format(format)) => {
                outputs.push((Some(format), Some(file)));
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

fn alone(word: Word<'_>) -> (Option<Format>, Option<&Path>) {
    match word {
        Word::Format(format) => (Some(format), None),
        Word::Output(file) => (None, Some(file)),
    }
}

fn output(format: Option<Format>, file: Option<&Path>, has_formats: bool) -> Result<Output> {
    let format = match (format, file) {
        (Some(format), _) => format,
        (None, file) => match file.and_then(by_name) {
            Some(format) => format,
            None if !has_formats => Format::Text,
            None => {
                let file = file.unwrap_or(Path::new("-")).display();
                bail!(
                    "no --format stands beside --output {file}, and its name does not tell one\n  hint: give them in pairs: --format FORMAT --output {file}"
                );
            }
        },
    };
    Ok(Output {
        format,
        file: file.filter(|f| *f != Path::new("-")).map(Path::to_owned),
    })
}

/// The format that a file's name ends in.
fn by_name(file: &Path) -> Option<Format> {
    match file.extension()?.to_str()? {
        "txt" => Some(Format::Text),
        "md" => Some(Format::Markdown),
        "xml" => Some(Format::Junit),
        word => word.parse().ok(),
    }
}

impl Output {
    /// That no link in the tree at `root` chooses where the report goes.
    ///
    /// # Errors
    /// As [`target::check`].
    pub fn check(&self, root: &Path) -> Result<()> {
        match &self.file {
            Some(file) => target::check(root, file),
            None => Ok(()),
        }
    }

    /// Writes the report.
    ///
    /// # Errors
    /// What the file or stdout says; not that the reader of a pipe went away, who has seen what it wanted.
    pub fn write(&self, report: &Report, style: &Style<'_>) -> Result<()> {
        let write =
            |out: &mut dyn Write| report::write(self.format, report, style, out).map_err(fault);
        match self.target()? {
            Target::Stdout => stdout(write),
            target => put(target, write).with_context(|| self.cannot()),
        }
    }

    fn target(&self) -> Result<Target> {
        match &self.file {
            Some(file) => Target::of(file).with_context(|| self.cannot()),
            None => Ok(Target::Stdout),
        }
    }

    fn cannot(&self) -> String {
        let file = self.file.as_deref().unwrap_or(Path::new("-"));
        format!("cannot write {}", file.display())
    }
}

/// What kept a report from being written, as what it is written to says it.
pub fn fault(error: Error) -> io::Error {
    match error {
        Error::Write(error) => error,
        other => io::Error::other(other),
    }
}

/// Writes a file whole or not at all: into a new one beside it, which then takes its name. A link stays one: what it leads to is
/// written. What is no file, such as a pipe or `/dev/stderr`, is written on as it is.
///
/// # Errors
/// What the system says; the file is as it was then.
pub fn store(file: &Path, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    put(Target::of(file)?, write)
}

fn put(target: Target, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    match target {
        Target::Stdout => through(io::stdout().lock(), write),
        Target::Stderr => through(io::stderr().lock(), write),
        // Opened anew it would be written from its beginning, over what is there.
        Target::Open(file) => through(fs::OpenOptions::new().append(true).open(file)?, write),
        Target::File(file) => New::write(&file, write)?.take_over(),
    }
}

fn through(
    out: impl Write,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    let mut out = BufWriter::new(out);
    write(&mut out)?;
    // Or a full disk would be noticed when it is dropped, by nobody.
    out.flush()
}

/// Gives a new file the owner and group of the one that it is to replace: root in a container must not take a file from its owner.
#[cfg(unix)]
fn keep_owner(new: &fs::File, before: &fs::Metadata) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt, fchown};
    let now = new.metadata()?;
    if (now.uid(), now.gid()) == (before.uid(), before.gid()) {
        return Ok(());
    }
    fchown(new, Some(before.uid()), Some(before.gid())).map_err(|error| {
        let what = "it belongs to another user or group, and would not any more";
        io::Error::new(error.kind(), format!("{what}: {error}"))
    })
}

/// What a file is to hold, written whole beside it, with its permissions and owner. Gone when it is dropped before it takes over.
#[derive(Debug)]
pub struct New {
    file: PathBuf,
    beside: PathBuf,
    taken: bool,
}

impl New {
    /// Writes it.
    ///
    /// # Errors
    /// What the system says; nothing lies there then.
    pub fn write(
        file: &Path,
        write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> io::Result<Self> {
        let before = fs::metadata(file).ok();
        let mut name = OsString::from(".");
        name.push(file.file_name().unwrap_or_default());
        name.push(format!(".{}.new", std::process::id()));
        let beside = file.with_file_name(name);
        let mut how = fs::OpenOptions::new();
        how.write(true).create_new(true);
        #[cfg(unix)]
        if let Some(before) = &before {
            use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
            // Or what only its owner may read could be read by others while it is written.
            how.mode(before.permissions().mode() & 0o777);
        }
        let out = how.open(&beside)?;
        let new = Self {
            file: file.to_owned(),
            beside,
            taken: false,
        };
        #[cfg(unix)]
        if let Some(before) = &before {
            keep_owner(&out, before)?;
        }
        through(out, write)?;
        if let Some(before) = before {
            fs::set_permissions(&new.beside, before.permissions())?;
        }
        Ok(new)
    }

    /// Gives it the name of the file, which is no more.
    ///
    /// # Errors
    /// What the system says; the file is as it was then.
    pub fn take_over(mut self) -> io::Result<()> {
        fs::rename(&self.beside, &self.file)?;
        self.taken = true;
        Ok(())
    }
}

impl Drop for New {
    fn drop(&mut self) {
        if !self.taken {
            // There is a fault to tell already.
            let _ = fs::remove_file(&self.beside);
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

    fn made(words: &[&str]) -> Result<Vec<String>> {
        let has_formats = words.iter().any(|w| w.parse::<Format>().is_ok());
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
        pairs(words)
            .into_iter()
            .map(|(format, file)| output(format, file, has_formats).map(name))
            .collect()
    }

    #[test]
    fn formats_and_files_are_paired_as_they_stand() {
        let made = |words: &[&str]| made(words).expect("pairs");
        assert_eq!(made(&["json", "a"]), ["json a"]);
        assert_eq!(made(&["a", "json"]), ["json a"]);
        assert_eq!(made(&["json", "a", "sarif", "b"]), ["json a", "sarif b"]);
        assert_eq!(made(&["a", "json", "b", "sarif"]), ["json a", "sarif b"]);
        assert_eq!(made(&["text", "sarif", "b"]), ["text -", "sarif b"]);
        assert_eq!(made(&["sarif", "b", "text"]), ["sarif b", "text -"]);
        assert_eq!(made(&["r.sarif", "r.txt"]), ["sarif r.sarif", "text r.txt"]);
        assert_eq!(made(&["r.md", "r.xml"]), ["markdown r.md", "junit r.xml"]);
        assert_eq!(made(&["json", "a", "b.sarif"]), ["json a", "sarif b.sarif"]);
        assert_eq!(made(&["json", "-"]), ["json -"]);
        assert_eq!(made(&["report"]), ["text report"]);
        assert!(made(&[]).is_empty());
    }

    #[test]
    fn a_file_that_no_format_is_for_is_an_error() {
        let error = made(&["json", "a", "b"]).expect_err("b has none");
        assert!(error.to_string().contains("--format FORMAT --output b"));
    }
}
