//! Where it is written, and how: new files alone, whole or not at all, and never through a link.

use std::fs;
use std::io::{ErrorKind, Write};
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use keyward::git::{Discover, Repository};

use crate::{output, say, world};

/// The folder that is set up.
pub struct Place {
    /// The root of the repository, or the folder one is in.
    pub root: PathBuf,
    /// The repository, if it is one.
    pub repository: Option<Arc<Repository>>,
    /// Nothing is written.
    pub dry_run: bool,
}

/// What stands at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum There {
    /// Nothing.
    Nothing,
    /// A file.
    File,
    /// A link, or something below one: whatever it leads to is not ours to write.
    Link,
    /// A folder, a pipe, whatever else.
    Other,
}

impl Place {
    /// The repository one is in, else the folder.
    pub fn find(dry_run: bool) -> Result<Self> {
        let cwd = world::cwd()?;
        let repository = Repository::discover(&cwd, &Discover::default())?;
        if repository.as_ref().is_some_and(Repository::is_bare) {
            bail!(
                "a bare repository has no files to set up\n  hint: run it in a clone; `keyward hook install --type pre-receive` is for servers"
            );
        }
        Ok(Self {
            root: repository
                .as_ref()
                .map_or(cwd, |repository| repository.root().to_owned()),
            repository: repository.map(Arc::new),
            dry_run,
        })
    }

    /// What stands at a path below the root. A folder on the way that is a link makes a link of it.
    pub fn there(&self, name: &str) -> There {
        let mut path = self.root.clone();
        let parts: Vec<&str> = name.split('/').collect();
        for (at, part) in parts.iter().enumerate() {
            path.push(part);
            let Ok(meta) = fs::symlink_metadata(&path) else {
                return There::Nothing;
            };
            let is_last = at + 1 == parts.len();
            match meta.file_type() {
                kind if kind.is_symlink() => return There::Link,
                kind if kind.is_file() && is_last => return There::File,
                kind if kind.is_dir() && !is_last => {}
                _ => return There::Other,
            }
        }
        There::Nothing
    }

    /// Writes a file that is not there, with the folders above it; says so. With `--dry-run` it is shown instead.
    pub fn create(&self, name: &str, text: &str) -> Result<()> {
        if self.dry_run {
            return show(name, "would write", text);
        }
        let path = self.root.join(name);
        let fault = || format!("cannot write {}", self.shown(name));
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).with_context(fault)?;
        }
        // Whatever came to stand there meanwhile, a link too, is an error here.
        let mut file = fs::File::create_new(&path).with_context(fault)?;
        if let Err(error) = file.write_all(text.as_bytes()) {
            drop(file);
            // The first fault is the one to tell.
            let _ = fs::remove_file(&path);
            return Err(error).with_context(fault);
        }
        say(&format!("wrote {}", self.shown(name)));
        Ok(())
    }

    /// Appends to a file that is there, or makes it; what is `before` in it stays to the byte.
    pub fn append(&self, name: &str, before: Option<&str>, more: &str) -> Result<()> {
        let Some(before) = before else {
            return self.create(name, more);
        };
        if self.dry_run {
            return show(name, "would append to", more);
        }
        self.replace(name, &format!("{before}{more}"))?;
        say(&format!("appended to {}", self.shown(name)));
        Ok(())
    }

    /// Writes a file anew, whole or not at all.
    pub fn replace(&self, name: &str, text: &str) -> Result<()> {
        let fault = || format!("cannot write {}", self.shown(name));
        if !matches!(self.there(name), There::File | There::Nothing) {
            let error = std::io::Error::new(ErrorKind::AlreadyExists, "it is no plain file");
            return Err(error).with_context(fault);
        }
        output::store(&self.root.join(name), |out| out.write_all(text.as_bytes()))
            .with_context(fault)
    }

    /// The name of a file as it is told: from the folder one is in.
    pub fn shown(&self, name: &str) -> String {
        let cwd = world::cwd().unwrap_or_default();
        let path = self.root.join(name);
        let short = path.strip_prefix(&cwd).unwrap_or(&path);
        short.display().to_string()
    }

    /// Says that something is left as it is, and why.
    pub fn leave(&self, name: &str, there: There) {
        let name = self.shown(name);
        match there {
            There::Link => say(&format!(
                "{name} is a link, or lies behind one: left as it is"
            )),
            There::Other => say(&format!("{name} is no file: left as it is")),
            There::File | There::Nothing => say(&format!("{name} is there: left as it is")),
        }
    }
}

/// Shows on stdout what would be written.
fn show(name: &str, what: &str, text: &str) -> Result<()> {
    output::stdout(|out| {
        writeln!(out, "# {what} {name}:")?;
        out.write_all(text.as_bytes())?;
        writeln!(out)
    })
}

/// The end of lines that a text has.
pub fn line_end(text: &str) -> &'static str {
    let first = text.find('\n');
    match first {
        Some(at) if text[..at].ends_with('\r') => "\r\n",
        _ => "\n",
    }
}
