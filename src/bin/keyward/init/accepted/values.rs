//! The values of findings, read where they stand, and the findings that other scanners know by their values.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fs;
use std::io::Read;

use keyward::git::{Oid, Repository};
use keyward::model::{Origin, Place as Found};
use sha1::{Digest, Sha1};

use super::super::place::{Place, There};
use super::{Accepted, What, path_of};

/// Bytes of a file that is read again.
const LONGEST: u64 = 64 << 20;
/// Bytes of a value that is looked at, and of its line around it.
const WIDEST: usize = 16 << 10;
/// Ways to cut a value out that are tried.
const MOST: usize = 256;
/// What stands between the values of a line, as other scanners cut them out: quotes and blanks; signs as well; the dashes of a PEM block.
const CUTS: [&str; 3] = ["\"'` \t\r\n", "\"'` \t\r\n:=,;@/?&()[]{}<>|", "-\r\n"];

/// The SHA-1 of a value.
type Hash = [u8; 20];

/// The SHA-1s that are asked for, by file.
#[derive(Default)]
pub struct Asked<'a>(HashMap<&'a str, HashSet<Hash>>);

impl<'a> Asked<'a> {
    /// What these entries ask for.
    pub fn of(accepted: &'a [Accepted]) -> Self {
        let mut asked = Self::default();
        for accepted in accepted {
            if let What::Value { path, hash } = &accepted.what {
                asked.0.entry(path).or_default().insert(*hash);
            }
        }
        asked
    }
}

/// What is known of the values of findings, in their order.
pub struct Values<'a> {
    first: Vec<Vec<u8>>,
    by_hash: HashMap<&'a str, HashMap<Hash, Vec<usize>>>,
}

impl<'a> Values<'a> {
    /// Reads them, each file once.
    pub fn read(place: &Place, found: &[&'a Found], asked: &Asked<'_>) -> Self {
        let mut values = Self {
            first: vec![Vec::new(); found.len()],
            by_hash: HashMap::new(),
        };
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
        let nothing = HashSet::new();
        for ((path, commit), places) in files {
            let text = match commit {
                None => of_tree(place, path),
                Some(commit) => place
                    .repository
                    .as_deref()
                    .and_then(|r| of_commit(r, commit, path)),
            };
            let Some(text) = text else { continue };
            let mut lines = Lines::of(&text);
            let asked = asked.0.get(path).unwrap_or(&nothing);
            for at in places {
                let found = found[at];
                let from = (found.line, found.column);
                let to = (found.end_line, found.end_column);
                if let Some(value) = lines.value(from, to) {
                    values.learn(at, &value, path, asked);
                }
            }
        }
        values
    }

    fn learn(&mut self, at: usize, value: &Value<'_>, path: &'a str, asked: &HashSet<Hash>) {
        self.first[at] = value.first_line().to_vec();
        if asked.is_empty() {
            return;
        }
        for candidate in value.candidates() {
            let hash: Hash = Sha1::digest(candidate).into();
            if asked.contains(&hash) {
                let file = self.by_hash.entry(path).or_default();
                let known = file.entry(hash).or_default();
                if known.last() != Some(&at) {
                    known.push(at);
                }
            }
        }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.first.len()
    }

    /// The first line of a value; empty where it could not be read.
    pub fn first_line(&self, at: usize) -> &[u8] {
        &self.first[at]
    }

    /// The findings in a file whose value has this SHA-1, of those that were asked for.
    pub fn of_hash(&self, path: &str, hash: Hash) -> &[usize] {
        let file = self.by_hash.get(path);
        file.and_then(|file| file.get(&hash))
            .map_or(&[], Vec::as_slice)
    }
}

/// A value in the lines that it stands on.
struct Value<'a> {
    lines: &'a [u8],
    start: usize,
    end: usize,
}

impl<'a> Value<'a> {
    fn first_line(&self) -> &'a [u8] {
        let text = &self.lines[self.start..self.end];
        let first = text.split(|b| b"\r\n".contains(b)).next();
        first.unwrap_or_default()
    }

    /// The value, and what other scanners may have taken for it: whatever overlaps it, cut out otherwise.
    fn candidates(&self) -> Vec<&'a [u8]> {
        let Self { lines, start, end } = *self;
        if start == end {
            return Vec::new();
        }
        let mut all = vec![&lines[start..end]];
        for cut in CUTS {
            let is_cut = |b: &u8| cut.as_bytes().contains(b);
            let mut from = lines[..start]
                .iter()
                .rposition(is_cut)
                .map_or(0, |at| at + 1);
            let last = lines[end..].iter().position(is_cut);
            let last = last.map_or(lines.len(), |at| end + at);
            for run in lines[from..last].split(is_cut) {
                let to = from + run.len();
                if from < end && to > start && !run.is_empty() && all.len() < MOST {
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
    /// How much of a line is ASCII, of those that were asked for: a line may hold many values, and is looked through once.
    plain: HashMap<usize, usize>,
}

impl<'a> Lines<'a> {
    fn of(text: &'a [u8]) -> Self {
        let ends = memchr::memchr_iter(b'\n', text).map(|at| at + 1);
        Self {
            text,
            starts: std::iter::once(0).chain(ends).collect(),
            plain: HashMap::new(),
        }
    }

    /// The value of a finding, which tells by lines and columns where it begins and ends.
    fn value(&mut self, from: (usize, usize), to: (usize, usize)) -> Option<Value<'a>> {
        let text = self.text;
        let start = self.byte(from)?;
        let end = self.byte(to)?.clamp(start, start + WIDEST).min(text.len());
        let first = (*self.starts.get(from.0 - 1)?).max(start.saturating_sub(WIDEST));
        let last = text.len().min(end + WIDEST);
        let last = memchr::memchr(b'\n', &text[end..last]).map_or(last, |at| end + at);
        Some(Value {
            lines: &text[first..last],
            start: start - first,
            end: end - first,
        })
    }

    /// The byte of a line and its column, both from 1.
    fn byte(&mut self, (line, column): (usize, usize)) -> Option<usize> {
        let at = line.checked_sub(1)?;
        let start = *self.starts.get(at)?;
        let end = self.starts.get(line).copied().unwrap_or(self.text.len());
        let text = &self.text[start..end];
        let column = column.checked_sub(1)?;
        let plain = || {
            text.iter()
                .position(|b| !b.is_ascii())
                .unwrap_or(text.len())
        };
        // Almost every line, and those that are long enough to matter.
        if column <= *self.plain.entry(at).or_insert_with(plain) {
            return Some(start + column);
        }
        if text.len() > WIDEST {
            return None;
        }
        let text = String::from_utf8_lossy(text);
        let before: usize = text.chars().take(column).map(char::len_utf8).sum();
        Some(start + before.min(end - start))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_costs_no_more_on_a_long_line() {
        // To look through the line for each of them would be a terabyte.
        let text = vec![b'x'; 8 << 20];
        let mut lines = Lines::of(&text);
        for at in (1..text.len() - 40).step_by(40) {
            let value = lines.value((1, at), (1, at + 10)).expect("it is there");
            assert_eq!(value.first_line().len(), 10);
            assert!(value.lines.len() <= 10 + 2 * WIDEST);
        }
    }

    #[test]
    fn columns_are_characters() {
        let mut lines = Lines::of("é = 'abc'\r\nx\n".as_bytes());
        let value = lines.value((1, 6), (1, 9)).expect("it is there");
        assert_eq!(value.first_line(), b"abc");
        assert!(lines.value((1, 1), (4, 1)).is_none());
        let value = lines.value((2, 1), (2, 2)).expect("it is there");
        assert_eq!(value.candidates(), [b"x"; 4]);
    }
}
