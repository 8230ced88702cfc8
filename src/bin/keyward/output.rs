//! Which reports a scan writes, and where they go.

use std::ffi::OsString;
use std::fs;
use std::io::{self, BufWriter, ErrorKind, Write};
use std::path::{Component, Path, PathBuf};

use anyhow::{Context, Result, bail};
use clap::ArgMatches;
use keyward::model::{Error, Report};
use keyward::report::{self, Format, Style};

/// Folders of the system whose links are no files of anybody's: `/dev/stdout`, `/proc/self/fd/1`.
const SYSTEM: [&str; 2] = ["/dev", "/proc"];

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
    for (i, output) in outputs.iter().enumerate() {
        if let Some(file) = &output.file
            && outputs[..i].iter().any(|o| o.file.as_ref() == Some(file))
        {
            bail!(
                "two reports would be written to {}\n  hint: name a file for each: --format {} --output FILE",
                file.display(),
                output.format
            );
        }
    }
    Ok(outputs)
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
    /// That the report is written to where its name says, and not to where a link in the tree at `root` leads: whoever wrote what is
    /// scanned would choose the file that is written. What lies above the tree, and what the system itself offers, is the user's own.
    ///
    /// # Errors
    /// Such a link, with a hint.
    pub fn check(&self, root: &Path) -> Result<()> {
        let Some(file) = &self.file else {
            return Ok(());
        };
        if let Some(link) = link_below(root, file)? {
            bail!(
                "cannot write {}: {} is a symbolic link in the tree that is scanned, and would choose where the report goes\n  hint: name the file that is meant, or one outside of the tree",
                file.display(),
                link.display()
            );
        }
        Ok(())
    }

    /// Writes the report.
    ///
    /// # Errors
    /// What the file or stdout says; not that the reader of a pipe went away, who has seen what it wanted.
    pub fn write(&self, report: &Report, style: &Style<'_>) -> Result<()> {
        let write = |out: &mut dyn Write| match report::write(self.format, report, style, out) {
            Err(Error::Write(error)) => Err(error),
            Err(other) => Err(io::Error::other(other)),
            Ok(()) => Ok(()),
        };
        match &self.file {
            None => stdout(write),
            Some(file) => {
                store(file, write).with_context(|| format!("cannot write {}", file.display()))
            }
        }
    }
}

/// The first link on the way to a file that lies below `root`, if there is one. Links from elsewhere are followed.
fn link_below(root: &Path, file: &Path) -> io::Result<Option<PathBuf>> {
    let file = std::path::absolute(file)?;
    if SYSTEM.iter().any(|folder| file.starts_with(folder)) {
        return Ok(None);
    }
    let root = fs::canonicalize(root)?;
    let mut here = PathBuf::new();
    for part in file.components() {
        match part {
            Component::ParentDir => drop(here.pop()),
            part => here.push(part),
        }
        let Ok(there) = fs::symlink_metadata(&here) else {
            continue;
        };
        if there.is_symlink()
            && here
                .parent()
                .is_some_and(|folder| folder.starts_with(&root))
        {
            return Ok(Some(here));
        }
        // From here on without links, so that `..` and what lies below the root can be seen.
        here = fs::canonicalize(&here).unwrap_or(here);
    }
    Ok(None)
}

/// Writes a file whole or not at all: into a new one beside it, which then takes its name. What is no file, such as a pipe or
/// `/dev/stderr`, is written as it is.
///
/// # Errors
/// What the system says; the file is as it was then.
pub fn store(file: &Path, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    // A link stays one: what it leads to is written.
    let file = &fs::canonicalize(file).unwrap_or_else(|_| file.to_owned());
    if fs::metadata(file).is_ok_and(|before| !before.is_file()) {
        return through(fs::OpenOptions::new().write(true).open(file)?, write);
    }
    New::write(file, write)?.take_over()
}

fn through(file: fs::File, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    let mut out = BufWriter::new(file);
    write(&mut out)?;
    // Or a full disk would be noticed when it is dropped, by nobody.
    out.into_inner()
        .map(drop)
        .map_err(io::IntoInnerError::into_error)
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
