//! Lines of files as commits had them, and the findings whose values stand there.

use keyward::git::Repository;
use memchr::memmem;

use super::values::{self, Values};

/// Bytes that are read of the history for the lines that fingerprints name.
const MOST_READ: usize = 2 << 30;
/// Bytes that are looked through for values of files that were renamed.
const MOST_SEARCHED: usize = 1 << 30;
/// What a look into the history counts at least.
const LEAST_READ: usize = 1 << 10;
/// A value that is known again in whatever file.
const UNMISTAKABLE: usize = 16;

/// The bounds were reached: what was asked for was not looked at, or not in all of its places.
pub struct Exhausted;

/// Files as commits had them, one at a time.
pub struct Past<'a> {
    repository: Option<&'a Repository>,
    /// The last that was read.
    last: Option<Old>,
    /// Bytes that may still be read, and searched.
    left: usize,
    search: usize,
}

/// A file as a commit had it.
struct Old {
    commit: String,
    path: String,
    /// Nothing where the commit has no such file.
    text: Option<Vec<u8>>,
    /// Where its lines begin.
    starts: Vec<usize>,
}

impl<'a> Past<'a> {
    /// Nothing read yet.
    pub fn new(repository: Option<&'a Repository>) -> Self {
        Self {
            repository,
            last: None,
            left: MOST_READ,
            search: MOST_SEARCHED,
        }
    }

    /// The findings that are `meant` and whose value stands on this line of a file as a commit had it: those of the file, which are
    /// `here`, else, where it was renamed since, those of any file whose value cannot be another.
    pub fn on_line(
        &mut self,
        (commit, path, line): (&str, &str, usize),
        here: &[usize],
        meant: &dyn Fn(usize) -> bool,
        values: &Values<'_>,
    ) -> Result<Vec<usize>, Exhausted> {
        let search = self.search;
        let Some(text) = self.line(commit, path, line)? else {
            return Ok(Vec::new());
        };
        let fits = |at: &usize| (1..=text.len()).contains(&values.first_line(*at).len());
        let stands = |at: &usize| memmem::find(text, values.first_line(*at)).is_some();
        let mut left = search;
        let mut pay = |cost: usize| {
            left = left.checked_sub(cost).ok_or(Exhausted)?;
            Ok(())
        };
        // What is not meant is not looked for: it costs a look at its check.
        pay(here.len())?;
        let mut all: Vec<usize> = here.iter().copied().filter(|at| meant(*at)).collect();
        all.retain(fits);
        pay(all.len().saturating_mul(text.len()))?;
        all.retain(stands);
        if all.is_empty() {
            let sure = |at: &usize| values.first_line(*at).len() >= UNMISTAKABLE && fits(at);
            pay(values.len())?;
            all = (0..values.len())
                .filter(sure)
                .filter(|at| meant(*at))
                .collect();
            pay(all.len().saturating_mul(text.len()))?;
            all.retain(stands);
        }
        self.search = left;
        Ok(all)
    }

    fn line(&mut self, commit: &str, path: &str, line: usize) -> Result<Option<&[u8]>, Exhausted> {
        let is_last = |old: &Old| old.commit == commit && old.path == path;
        if !self.last.as_ref().is_some_and(is_last) {
            self.last = None;
            self.last = Some(self.read(commit, path)?);
        }
        Ok(self.last.as_ref().and_then(|old| old.line(line)))
    }

    fn read(&mut self, commit: &str, path: &str) -> Result<Old, Exhausted> {
        if self.left == 0 {
            return Err(Exhausted);
        }
        let read = |repository| values::of_commit(repository, commit, path);
        let text = self.repository.and_then(read);
        let bytes = text.as_deref().unwrap_or_default();
        self.left = self.left.saturating_sub(bytes.len().max(LEAST_READ));
        let ends = memchr::memchr_iter(b'\n', bytes).map(|at| at + 1);
        Ok(Old {
            commit: commit.to_owned(),
            path: path.to_owned(),
            starts: std::iter::once(0).chain(ends).collect(),
            text,
        })
    }
}

impl Old {
    fn line(&self, line: usize) -> Option<&[u8]> {
        let text = self.text.as_deref()?;
        let start = *self.starts.get(line.checked_sub(1)?)?;
        let end = self.starts.get(line).copied().unwrap_or(text.len());
        text.get(start..end)
    }
}
