//! Stack for the parser.
//!
//! oxc descends once for each level of nesting and has no bound of its own; a stack that overflows ends the process and cannot be
//! caught. How deep a text nests cannot be told without parsing it (what is a string depends on what is a regular expression or
//! markup), but a level costs at least one token that opens it. So the tokens that can are counted, and the parser runs on a thread
//! whose stack holds as many levels. The stack is address space: memory is taken only as deep as a text really nests.

use std::thread;

/// What the parser takes at most for one token that opens a level; the worst that was measured, doubled.
const LEVEL: usize = 4 << 10;
/// What it takes besides, our own walk included: that is bounded.
const BASE: usize = 4 << 20;
/// A text that may need more is not read: more than 250,000 tokens that could nest is what programs write.
const MOST: usize = 1 << 30;

/// Runs `read` with stack for any nesting of `text`; none where that is too much, or the system gives no thread.
pub(super) fn with_room<T: Send>(text: &[u8], read: impl FnOnce() -> T + Send) -> Option<T> {
    let stack = levels(text).checked_mul(LEVEL)?.checked_add(BASE)?;
    if stack > MOST {
        return None;
    }
    thread::scope(|scope| {
        let thread = thread::Builder::new().stack_size(stack);
        thread.spawn_scoped(scope, read).ok()?.join().ok()
    })
}

/// Tokens that can open a level: each word that a keyword could be, and each mark but those that only end or separate.
fn levels(text: &[u8]) -> usize {
    let mut before = b' ';
    let mut count = 0;
    for &b in text {
        let word = b.is_ascii_lowercase() && !is_word(before);
        let ends = matches!(
            b,
            b')' | b']' | b'}' | b';' | b',' | b'.' | b'\'' | b'"' | b'\\' | b'_' | b'$'
        );
        count += usize::from(word || (b.is_ascii_punctuation() && !ends));
        before = b;
    }
    count
}

fn is_word(b: u8) -> bool {
    b.is_ascii_alphanumeric() || b == b'_' || b == b'$'
}
