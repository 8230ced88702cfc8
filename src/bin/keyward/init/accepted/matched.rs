//! Which findings the entries of another scanner are about. Entries and findings are joined by what both name: nothing is paid or kept for
//! each pair of them, because whoever wrote the files chooses how many there are of both.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use keyward::model::Place as Found;

use super::past::{Exhausted, Past};
use super::values::{Asked, Values};
use super::{Accepted, What};
use crate::init::place::Place;

/// What became of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// A finding is accepted for it.
    Accepted,
    /// There is none that it could be about.
    Nothing,
    /// It was not looked for in all places: that would have cost too much.
    Unread,
}

/// The findings that are accepted, and what became of the entries, both in their order.
pub struct Matched {
    /// For each finding whether it is accepted.
    pub found: Vec<bool>,
    /// For each entry.
    pub fates: Vec<Fate>,
}

/// What an entry asks for. Checks by where their list lies: entries of one rule share it.
#[derive(PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Asks<'a> {
    Line(Option<&'a str>, &'a str, usize, usize),
    Value(&'a str, [u8; 20]),
    Commit(&'a str),
}

/// The entries that ask for the same.
#[derive(Default)]
struct Group<'a> {
    checks: &'a [String],
    entries: Vec<usize>,
}

/// Matches entries and findings.
pub fn matched(place: &Place, accepted: &[Accepted], found: &[&Found]) -> Matched {
    let mut index = Index::of(place, accepted, found);
    let mut out = Matched {
        found: vec![false; found.len()],
        fates: vec![Fate::Nothing; accepted.len()],
    };
    // In order, so that a file of a commit is read once.
    for (asks, group) in groups(accepted) {
        let fate = match index.about(&asks, group.checks) {
            Err(Exhausted) => Fate::Unread,
            Ok(about) if about.is_empty() => Fate::Nothing,
            Ok(about) => {
                about.into_iter().for_each(|at| out.found[at] = true);
                Fate::Accepted
            }
        };
        group.entries.iter().for_each(|at| out.fates[*at] = fate);
    }
    out
}

fn groups(accepted: &[Accepted]) -> BTreeMap<Asks<'_>, Group<'_>> {
    let mut groups: BTreeMap<Asks<'_>, Group<'_>> = BTreeMap::new();
    for (at, accepted) in accepted.iter().enumerate() {
        let (asks, checks) = match &accepted.what {
            What::Line {
                commit,
                path,
                line,
                checks,
            } => {
                let list = Arc::as_ptr(checks).cast::<String>() as usize;
                let asks = Asks::Line(commit.as_deref(), path, *line, list);
                (asks, &**checks)
            }
            What::Value { path, hash } => (Asks::Value(path, *hash), &[][..]),
            What::Commit(commit) => (Asks::Commit(commit), &[][..]),
        };
        let group = groups.entry(asks).or_default();
        group.checks = checks;
        group.entries.push(at);
    }
    groups
}

/// The findings, by all that entries name them by.
struct Index<'a> {
    found: &'a [&'a Found],
    by_path: HashMap<&'a [u8], InFile>,
    by_commit: HashMap<&'a str, Vec<usize>>,
    values: Values<'a>,
    past: Past<'a>,
}

/// The findings in a file by their lines, and the most lines that one of them has beyond its first.
#[derive(Default)]
struct InFile {
    places: Vec<usize>,
    longest: usize,
}

impl<'a> Index<'a> {
    fn of(place: &'a Place, accepted: &[Accepted], found: &'a [&'a Found]) -> Self {
        let mut by_path: HashMap<&[u8], InFile> = HashMap::new();
        let mut by_commit: HashMap<&str, Vec<usize>> = HashMap::new();
        for (at, found) in found.iter().enumerate() {
            let file = by_path.entry(found.path.as_bytes()).or_default();
            file.places.push(at);
            file.longest = file
                .longest
                .max(found.end_line - found.line.min(found.end_line));
            if let Some(past) = &found.past {
                by_commit.entry(&past.first.id).or_default().push(at);
            }
        }
        for file in by_path.values_mut() {
            file.places.sort_by_key(|at| found[*at].line);
        }
        Self {
            found,
            by_path,
            by_commit,
            values: Values::read(place, found, &Asked::of(accepted)),
            past: Past::new(place.repository.as_deref()),
        }
    }

    /// The findings that are asked for, of these checks, or of all where there are none.
    fn about(&mut self, asks: &Asks<'_>, checks: &[String]) -> Result<Vec<usize>, Exhausted> {
        let found = self.found;
        let meant = |at: usize| checks.is_empty() || checks.contains(&found[at].check.id);
        match *asks {
            Asks::Line(None, path, line, _) => {
                let here = self.on_line(path, line);
                Ok(here.filter(|at| meant(*at)).collect())
            }
            Asks::Line(Some(commit), path, line, _) => {
                let here = self.by_path.get(path.as_bytes());
                let here = here.map_or(&[][..], |file| &file.places);
                self.past
                    .on_line((commit, path, line), here, &meant, &self.values)
            }
            Asks::Value(path, hash) => Ok(self.values.of_hash(path, hash).to_vec()),
            Asks::Commit(commit) => Ok(self.by_commit.get(commit).cloned().unwrap_or_default()),
        }
    }

    /// Those on a line of a file of the tree.
    fn on_line(&self, path: &str, line: usize) -> impl Iterator<Item = usize> {
        let (places, longest) = self
            .by_path
            .get(path.as_bytes())
            .map_or((&[][..], 0), |file| (&file.places[..], file.longest));
        let first = places.partition_point(|at| self.found[*at].line + longest < line);
        let behind = places[first..].iter().copied();
        behind
            .take_while(move |at| self.found[*at].line <= line)
            .filter(move |at| {
                let found = self.found[*at];
                found.end_line >= line && found.past.as_ref().is_none_or(|past| past.in_head)
            })
    }
}
