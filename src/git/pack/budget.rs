//! How much may be made of one pack: a delta of some bytes can ask for half a gigabyte to be copied, and a megabyte holds many.

use std::sync::atomic::{AtomicU64, Ordering};

use super::Fault;

/// Bytes that are made of each byte of a pack. Repositories make 5 to 50, those that change long lists a line at a time some hundreds; zlib
/// alone can make 1,032.
const TIMES: u64 = 1032;
/// What may be made of any pack, however small: a long file that a machine changes a little every hour takes some bytes each time.
const ANY: u64 = 16 << 30;

/// What is left to be made. Counts for all threads together.
pub(super) struct Budget {
    most: u64,
    made: AtomicU64,
}

impl Budget {
    /// That of a pack of so many bytes.
    pub(super) fn of(size: u64) -> Self {
        Self::new(size.saturating_mul(TIMES).saturating_add(ANY))
    }

    pub(super) fn new(most: u64) -> Self {
        Self {
            most,
            made: AtomicU64::new(0),
        }
    }

    /// Takes note that so many bytes are made.
    pub(super) fn spend(&self, bytes: usize) -> Result<(), Fault> {
        let made = self.made.fetch_add(bytes as u64, Ordering::Relaxed);
        if made > self.most {
            return Err("its pack asks for more to be made than any that git writes");
        }
        Ok(())
    }
}
