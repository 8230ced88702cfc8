//! What other scanners were told: their files, read.
//!
//! One module a scanner; [`globs`] and [`lines`] turn their paths into ours, [`ids`] their rules' names, [`example`] makes the examples that a rule of ours
//! needs, [`letters`] reads TOML in which the letters of keys may be large or small, [`yaml`] reads what is no TOML and no JSON.

mod detect_secrets;
mod example;
mod gitleaks;
mod globs;
mod ids;
mod letters;
mod lines;
mod rules;
mod secretlint;
pub mod yaml;

pub use globs::Work;

use std::fs;

use anyhow::{Result, bail};
use keyward::config;

use super::Scanner;
use super::carried::Carried;
use super::guard::Guard;
use super::place::{Place, There};

/// Bytes of a file that is read.
const LONGEST: u64 = 8 << 20;

/// A file of another scanner.
pub struct File<'a> {
    /// Its path below the root.
    pub name: &'a str,
    /// What it says.
    pub text: String,
    /// Where its lines end.
    ends: Vec<usize>,
}

impl<'a> File<'a> {
    fn new(name: &'a str, text: String) -> Self {
        let ends = memchr::memchr_iter(b'\n', text.as_bytes()).collect();
        Self { name, text, ends }
    }

    /// The place of a byte in it, as it is told.
    pub fn at(&self, offset: usize) -> String {
        let line = self.ends.partition_point(|end| *end < offset) + 1;
        format!("{}:{line}", self.name)
    }
}

impl Scanner {
    /// All of them.
    const ALL: [Self; 3] = [Self::Gitleaks, Self::DetectSecrets, Self::Secretlint];

    /// The word for it, as `--from` takes it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Gitleaks => "gitleaks",
            Self::DetectSecrets => "detect-secrets",
            Self::Secretlint => "secretlint",
        }
    }

    /// The files that it reads, of which one is enough.
    fn files(self) -> &'static [&'static str] {
        match self {
            Self::Gitleaks => &gitleaks::FILES,
            Self::DetectSecrets => &detect_secrets::FILES,
            Self::Secretlint => &secretlint::FILES,
        }
    }

    /// Those of its files that are there.
    pub fn present(self, place: &Place) -> Vec<&'static str> {
        let files = self.files().iter().copied();
        files
            .filter(|name| place.there(name) != There::Nothing)
            .collect()
    }
}

/// The scanners that have files here.
pub fn found(place: &Place) -> Vec<Scanner> {
    let all = Scanner::ALL.into_iter();
    all.filter(|scanner| !scanner.present(place).is_empty())
        .collect()
}

/// Reads what these scanners were told.
pub fn read<'g>(place: &Place, scanners: &[Scanner], guard: &'g Guard) -> Result<Carried<'g>> {
    let mut carried = Carried::new(guard);
    for scanner in scanners {
        if scanner.present(place).is_empty() {
            bail!(
                "there is nothing of {} here: no {}\n  hint: --from takes over what lies in {}",
                scanner.word(),
                scanner.files().join(", no "),
                place.root.display()
            );
        }
        match scanner {
            Scanner::Gitleaks => gitleaks::read(place, &mut carried)?,
            Scanner::DetectSecrets => detect_secrets::read(place, &mut carried)?,
            Scanner::Secretlint => secretlint::read(place, &mut carried)?,
        }
    }
    example::give(&mut carried.own, guard.rules());
    Ok(carried)
}

/// A file below the root, if it is there. A link may lead to another file of the same repository, and nowhere else.
fn file<'a>(place: &Place, name: &'a str) -> Result<Option<File<'a>>> {
    let path = place.root.join(name);
    match place.there(name) {
        There::Nothing => return Ok(None),
        There::Link => {
            let inside = |path| {
                Some(
                    fs::canonicalize(path)
                        .ok()?
                        .starts_with(fs::canonicalize(&place.root).ok()?),
                )
            };
            if inside(&path) != Some(true) {
                bail!(
                    "{} is a link that leads out of the repository: it is not read\n  hint: put the file itself there",
                    place.shown(name)
                );
            }
        }
        There::File | There::Other => {}
    }
    let text = config::text(&path, LONGEST)?;
    let text = text
        .strip_prefix('\u{feff}')
        .map_or_else(|| text.clone(), str::to_owned);
    Ok(Some(File::new(name, text)))
}
