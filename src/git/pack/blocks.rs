//! Parts of a pack that were read, kept for a while: what lies near is asked for soon, though not always next, and a call of the system
//! costs more than the page that it brings.

use std::fs::File;
use std::io;

use super::read_at;

/// Bytes of a block, and how many are kept at most: 8 MiB. Larger blocks and more of them spare calls but cost as much in copying.
const BLOCK: usize = 4 << 10;
const KEPT: usize = 2048;
/// What is longer is read by itself.
const LONG: usize = 4 * BLOCK;

/// A pack's file, read in blocks.
pub(super) struct Blocks<'a> {
    file: &'a File,
    /// Where the last entry ends.
    end: u64,
    /// Which block each place holds: one more than its number.
    held: Vec<u64>,
    bytes: Vec<u8>,
    /// What lies in more than one block.
    joined: Vec<u8>,
}

impl<'a> Blocks<'a> {
    pub(super) fn new(file: &'a File, end: u64) -> Self {
        let count = usize::try_from(end / BLOCK as u64 + 1).unwrap_or(KEPT);
        let kept = count.min(KEPT);
        Self {
            file,
            end,
            held: vec![0; kept],
            bytes: vec![0; kept * BLOCK],
            joined: Vec::new(),
        }
    }

    /// The bytes from `start` to `end`.
    pub(super) fn read(&mut self, start: u64, end: u64) -> io::Result<&[u8]> {
        let length = usize::try_from(end - start).unwrap_or(usize::MAX);
        if length > LONG || end > self.end {
            self.joined.resize(length, 0);
            read_at(self.file, &mut self.joined, start)?;
            return Ok(&self.joined);
        }
        let block = start / BLOCK as u64;
        let inside = (start % BLOCK as u64) as usize;
        if inside + length <= BLOCK {
            let place = self.hold(block)?;
            return Ok(&self.bytes[place + inside..place + inside + length]);
        }
        self.joined.clear();
        let mut inside = inside;
        for block in block.. {
            let place = self.hold(block)?;
            let part = (BLOCK - inside).min(length - self.joined.len());
            let part = &self.bytes[place + inside..place + inside + part];
            self.joined.extend_from_slice(part);
            inside = 0;
            if self.joined.len() == length {
                break;
            }
        }
        Ok(&self.joined)
    }

    /// Where the bytes of a block stand, which is read if it is not held.
    fn hold(&mut self, block: u64) -> io::Result<usize> {
        let slot = (block % self.held.len() as u64) as usize;
        let place = slot * BLOCK;
        if self.held[slot] != block + 1 {
            let start = block * BLOCK as u64;
            let length = (self.end - start).min(BLOCK as u64) as usize;
            self.held[slot] = 0;
            read_at(self.file, &mut self.bytes[place..place + length], start)?;
            self.held[slot] = block + 1;
        }
        Ok(place)
    }
}
