//! Reading ahead: entries that are asked for one after the other often lie so as well, and a call of the system costs more than a page.

use std::fs::File;
use std::io;

use super::read_at;

/// A part of a pack's file.
pub(super) struct Window<'a> {
    file: &'a File,
    /// Where the last entry ends.
    end: u64,
    /// How much is read at a time, if no more is asked for.
    ahead: usize,
    start: u64,
    bytes: Vec<u8>,
}

impl<'a> Window<'a> {
    pub(super) fn new(file: &'a File, end: u64, ahead: usize) -> Self {
        Self {
            file,
            end,
            ahead,
            start: 0,
            bytes: Vec::new(),
        }
    }

    /// The bytes at `offset`: at least `length`, or all there are.
    pub(super) fn at(&mut self, offset: u64, length: usize) -> io::Result<&[u8]> {
        let rest = usize::try_from(self.end.saturating_sub(offset)).unwrap_or(usize::MAX);
        let length = length.min(rest);
        let inside = offset
            .checked_sub(self.start)
            .and_then(|at| usize::try_from(at).ok())
            .filter(|at| at.saturating_add(length) <= self.bytes.len());
        if let Some(at) = inside {
            return Ok(&self.bytes[at..]);
        }
        self.bytes.resize(length.max(self.ahead).min(rest), 0);
        self.start = offset;
        let read = read_at(self.file, &mut self.bytes, offset);
        if read.is_err() {
            self.bytes.clear();
        }
        read.map(|()| &self.bytes[..])
    }
}
