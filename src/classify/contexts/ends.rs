//! Ends of names and paths, sorted by their last byte: every file is asked for all of them, and ends like few.

use foldhash::HashMap;

/// Ends in lower case or as they are written, each with what it says.
pub(super) struct Ends<T>(HashMap<u8, Vec<(&'static str, T)>>);

impl<T: Copy> Ends<T> {
    /// All of `lists`, the ends of one saying the same.
    pub fn new<'a>(lists: impl IntoIterator<Item = (&'a Vec<&'static str>, T)>) -> Self {
        let mut ends: HashMap<u8, Vec<_>> = HashMap::default();
        for (list, says) in lists {
            for &end in list {
                let last = end.as_bytes().last();
                let last = last.copied().unwrap_or_default().to_ascii_lowercase();
                ends.entry(last).or_default().push((end, says));
            }
        }
        Self(ends)
    }

    /// Those that `text` ends in, in any case.
    pub fn of<'a>(&'a self, text: &'a [u8]) -> impl Iterator<Item = &'a (&'static str, T)> {
        let last = text.last().map(u8::to_ascii_lowercase);
        let ends = last.and_then(|last| self.0.get(&last));
        ends.into_iter().flatten().filter(|(end, _)| {
            let from = text.len().checked_sub(end.len());
            from.is_some_and(|from| text[from..].eq_ignore_ascii_case(end.as_bytes()))
        })
    }
}
