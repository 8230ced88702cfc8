//! Rule packs from files, with the place of every mistake.

use std::fs;
use std::path::{Path, PathBuf};

use crate::config::{self, Config};
use crate::model::{Error, Pack, Result};

/// Bytes of a pack: all of keyward's own have less than one MiB together.
const LONGEST: u64 = 4 << 20;

/// A pack and where it comes from.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The file, as messages name it.
    pub file: PathBuf,
    /// Its checks and rules.
    pub pack: Pack,
    /// It is one of keyward's own.
    pub builtin: bool,
    /// Of keyward's own: what the build derived from each rule's pattern.
    pub(super) derived: Vec<Derived>,
    text: String,
}

/// What the build derived from a rule's pattern.
#[derive(Clone, Debug)]
pub(super) struct Derived {
    /// What wakes the rule, where it names no keywords.
    pub keywords: Vec<String>,
    /// The pattern's [`Shape`](crate::formats::literals::Shape) as JSON, read when the rule first wakes.
    pub shape: &'static str,
}

impl Loaded {
    pub(super) fn builtin(file: String, pack: Pack, derived: Vec<Derived>) -> Self {
        Self {
            file: file.into(),
            pack,
            builtin: true,
            derived,
            text: String::new(),
        }
    }

    /// Reads a pack from `text`.
    ///
    /// # Errors
    /// What TOML or the schema says of it, with its line.
    pub fn parse(file: &Path, text: &str) -> Result<Self> {
        let pack = toml::from_str(text).map_err(|e| config::toml_fault(file, text, &e))?;
        Ok(Self {
            file: file.to_owned(),
            pack,
            builtin: false,
            derived: Vec::new(),
            text: text.to_owned(),
        })
    }

    /// A pack that another file holds, `text` being that file's.
    pub fn embedded(file: &Path, text: &str, pack: Pack) -> Self {
        Self {
            file: file.to_owned(),
            pack,
            builtin: false,
            derived: Vec::new(),
            text: text.to_owned(),
        }
    }

    /// An error about the pack's check `index`.
    pub fn fault_of_check(&self, index: usize, message: String, hint: &str) -> Error {
        self.fault("[[check]]", index, message, hint)
    }

    /// An error about the pack's rule `index`.
    pub fn fault_of_rule(&self, index: usize, message: String, hint: &str) -> Error {
        self.fault("[[rule]]", index, message, hint)
    }

    /// The line of the `index`th table that begins with `header`, from 1; 1 where it is written another way.
    pub fn line_of(&self, header: &str, index: usize) -> usize {
        let mut headers = self
            .text
            .lines()
            .enumerate()
            .filter(|(_, l)| l.trim_start().replace(' ', "").starts_with(header));
        headers.nth(index).map_or(1, |(i, _)| i + 1)
    }

    fn fault(&self, header: &str, index: usize, message: String, hint: &str) -> Error {
        Error::Config {
            file: self.file.clone(),
            line: self.line_of(header, index),
            message,
            hint: hint.to_owned(),
        }
    }
}

/// All packs of a folder: every `*.toml` below it, in the order of their paths; or the one file, if it is one. Of a keyward.toml those that it
/// holds.
///
/// # Errors
/// A folder or file that cannot be read, a pack that is not one.
pub fn folder(path: &Path) -> Result<Vec<Loaded>> {
    let read = |path: &Path, source| Error::Read {
        path: path.to_owned(),
        source,
    };
    if path.is_file() {
        let text = config::text(path, LONGEST)?;
        if !config::is_config(path) {
            return Ok(vec![Loaded::parse(path, &text)?]);
        }
        let folder = path.parent().unwrap_or(Path::new(""));
        return Ok(embedded(&Config::parse(path, &text, folder)?));
    }
    let mut entries: Vec<PathBuf> = fs::read_dir(path)
        .and_then(|entries| entries.map(|e| e.map(|e| e.path())).collect())
        .map_err(|e| read(path, e))?;
    entries.sort();
    let mut packs = Vec::new();
    for entry in entries {
        // A link could lead back to this folder.
        let kind = fs::symlink_metadata(&entry).map_err(|e| read(&entry, e))?;
        if kind.is_dir() || kind.is_file() && entry.extension().is_some_and(|e| e == "toml") {
            packs.extend(folder(&entry)?);
        }
    }
    Ok(packs)
}

/// The packs that the configuration holds or names, and those in `more`; relative paths are meant from `cwd`.
///
/// # Errors
/// As [`folder`].
pub fn packs(config: &Config, more: &[PathBuf], cwd: &Path) -> Result<Vec<Loaded>> {
    let mut packs = embedded(config);
    for path in config.rules.iter().map(|said| &said.value).chain(more) {
        packs.extend(folder(&cwd.join(path))?);
    }
    Ok(packs)
}

/// The packs that the configuration holds.
fn embedded(config: &Config) -> Vec<Loaded> {
    let own = config.own.iter();
    own.map(|own| Loaded::embedded(&own.source.file, &own.source.text, own.pack.clone()))
        .collect()
}

/// What the build made of the rules.
///
/// # Errors
/// None but a defect of the build.
pub(super) fn from_build<T: serde::de::DeserializeOwned>(json: &str) -> Result<T> {
    serde_json::from_str(json).map_err(|e| Error::Config {
        file: "rules".into(),
        line: 0,
        message: e.to_string(),
        hint: "this is a defect of the build: please report it".to_owned(),
    })
}
