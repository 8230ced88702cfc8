//! The values of findings, read where they stand.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read;

use keyward::git::{Oid, Repository};
use keyward::model::{Origin, Place as Found};

use super::super::place::{Place, There};
use super::path_of;

/// Bytes of a file that is read again.
const LONGEST: u64 = 64 << 20;
/// Bytes of a value that is kept, and of its line around it.
const WIDEST: usize = 16 << 10;
/// Ways to cut a value out that are tried.
const MOST: usize = 256;
/// What stands between the values of a line, as other scanners cut them out: quotes and blanks; signs as well; the dashes of a PEM block.
const CUTS: [&str; 3] = ["\"'` \t\r\n", "\"'` \t\r\n:=,;@/?&()[]{}<>|", "-\r\n"];

/// A value in the lines that it stands on.
#[derive(Default)]
struct Value {
    lines: Vec<u8>,
    start: usize,
    end: usize,
}

/// The values of findings, in their order.
pub struct Values(Vec<Value>);

impl Values {
    /// Reads them, each file once.
    pub fn read(place: &Place, found: &[&Found]) -> Self {
        let mut values: Vec<Value> = found.iter().map(|_| Value::default()).collect();
        // One that is past is read as its first commit had it.
        let mut files: BTreeMap<(&str, Option<&str>), Vec<usize>> = BTreeMap::new();
        for (at, found) in found.iter().enumerate() {
            let commit = match (found.origin, &found.past) {
                (Origin::Worktree, _) => None,
                (_, Some(past)) => Some(past.first.id.as_str()),
                _ => continue,
            };
            if let Some(path) = path_of(&found.path) {
                files.entry((path, commit)).or_default().push(at);
            }
        }
        for ((path, commit), places) in files {
            let text = match commit {
                None => of_tree(place, path),
                Some(commit) => place
                    .repository
                    .as_deref()
                    .and_then(|r| of_commit(r, commit, path)),
            };
            let Some(text) = text else { continue };
            let lines = Lines::of(&text);
            for at in places {
                values[at] = lines.value(found[at]).unwrap_or_default();
            }
        }
        Self(values)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// The first line of a value; empty where it could not be read.
    pub fn first_line(&self, at: usize) -> &[u8] {
        let value = &self.0[at];
        let text = &value.lines[value.start..value.end];
        text.split(|b| b"\r\n".contains(b))
            .next()
            .unwrap_or_default()
    }

    /// The value, and what other scanners may have taken for it: whatever overlaps it, cut out otherwise.
    pub fn candidates(&self, at: usize) -> Vec<&[u8]> {
        let Value { lines, start, end } = &self.0[at];
        if start == end {
            return Vec::new();
        }
        let mut all = vec![&lines[*start..*end]];
        for cut in CUTS {
            let mut from = 0;
            for run in lines.split(|b| cut.as_bytes().contains(b)) {
                let to = from + run.len();
                if from < *end && to > *start && !run.is_empty() && all.len() < MOST {
                    all.push(run);
                }
                from = to + 1;
            }
        }
        all
    }
}

fn of_tree(place: &Place, path: &str) -> Option<Vec<u8>> {
    if place.there(path) != There::File {
        return None;
    }
    let file = fs::File::open(place.root.join(path)).ok()?;
    let mut text = Vec::new();
    file.take(LONGEST).read_to_end(&mut text).ok()?;
    Some(text)
}

/// A file as a commit had it.
pub fn of_commit(repository: &Repository, commit: &str, path: &str) -> Option<Vec<u8>> {
    let commit: Oid = commit.parse().ok()?;
    let (blob, _) = repository.file_at(commit, path.as_bytes()).ok()??;
    repository.read(blob).ok()
}

/// Where the lines of a text begin.
struct Lines<'a> {
    text: &'a [u8],
    starts: Vec<usize>,
}

impl<'a> Lines<'a> {
    fn of(text: &'a [u8]) -> Self {
        let ends = memchr::memchr_iter(b'\n', text).map(|at| at + 1);
        Self {
            text,
            starts: std::iter::once(0).chain(ends).collect(),
        }
    }

    /// The value of a finding, which tells its place in lines and characters.
    fn value(&self, found: &Found) -> Option<Value> {
        let start = self.byte(found.line, found.column)?;
        let end = self
            .byte(found.end_line, found.end_column)?
            .clamp(start, start + WIDEST)
            .min(self.text.len());
        let first = (*self.starts.get(found.line - 1)?).max(start.saturating_sub(WIDEST));
        let last = memchr::memchr(b'\n', &self.text[end..]).map_or(self.text.len(), |at| end + at);
        let last = last.min(end + WIDEST);
        Some(Value {
            lines: self.text[first..last].to_vec(),
            start: start - first,
            end: end - first,
        })
    }

    /// The byte of a column, from 1.
    fn byte(&self, line: usize, column: usize) -> Option<usize> {
        let start = *self.starts.get(line.checked_sub(1)?)?;
        let end = self.starts.get(line).copied().unwrap_or(self.text.len());
        let line = &self.text[start..end];
        let column = column.checked_sub(1)?;
        // Almost every line, and those that are long enough to matter.
        let plain = line.get(..column).is_some_and(<[u8]>::is_ascii);
        if plain {
            return Some(start + column);
        }
        if line.len() > WIDEST {
            return None;
        }
        let text = String::from_utf8_lossy(line);
        let before: usize = text.chars().take(column).map(char::len_utf8).sum();
        Some(start + before.min(line.len()))
    }
}
