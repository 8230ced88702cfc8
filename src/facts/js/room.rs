//! Stack for the parser.
//!
//! oxc descends once for each level of nesting and has no bound of its own; a stack that overflows ends the process and cannot be
//! caught. How deep a text nests cannot be told for certain without parsing it (what is a string depends on what is a regular
//! expression or markup), but a level costs at least one token that opens it. So the tokens that can are counted, and the parser runs
//! on a thread whose stack holds as many levels: the caller's own, if it said that it has one. A stack is address space: memory is
//! taken only as deep as a text really nests.

use std::cell::{Cell, RefCell};
use std::panic::{self, AssertUnwindSafe};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

use super::Dialect;
use crate::facts::code::Program;

/// What the parser may take for one token that opens a level. The most that was measured is 1,152 bytes, for `[...[...[`.
const LEVEL: usize = 4 << 10;
/// What it takes besides, our own walk included: that is bounded.
const BASE: usize = 4 << 20;
/// Stack of the thread that stands by: enough for 15,000 tokens that could nest, a file of 60 KiB.
const USUAL: usize = 64 << 20;
/// A text that may need more is not read: 260,000 tokens that could nest are a megabyte of what people write.
const MOST: usize = 1 << 30;

type Reading = fn(&str, Dialect) -> Program;
type Read = thread::Result<Program>;

/// A thread that reads one text after the other: to begin a new one costs as much as to read a small file.
struct Helper {
    texts: Sender<(String, Dialect, Reading)>,
    programs: Receiver<Read>,
}

thread_local! {
    /// What the thread was begun with, as far as it was said.
    static STANDING: Cell<usize> = const { Cell::new(0) };
    static HELPER: RefCell<Option<Helper>> = const { RefCell::new(None) };
}

/// Says that this thread was begun with a stack of so many bytes, and that little of it is in use where programs are read: to hand a text
/// to another thread costs as much as to read a small one.
pub(in crate::facts) fn stand_on(bytes: usize) {
    STANDING.set(bytes);
}

/// Runs `read` with stack for any nesting of `text`; none where that is too much, or the system gives no thread.
pub(super) fn with_room(text: &str, dialect: Dialect, read: Reading) -> Option<Program> {
    let stack = levels(text.as_bytes())
        .checked_mul(LEVEL)?
        .checked_add(BASE)?;
    if stack > MOST {
        return None;
    }
    if stack <= STANDING.get() {
        return Some(read(text, dialect));
    }
    let read = if stack <= USUAL {
        HELPER.with_borrow_mut(|helper| {
            let standing = helper.take().or_else(Helper::new)?;
            standing.texts.send((text.to_owned(), dialect, read)).ok()?;
            let read = standing.programs.recv().ok()?;
            *helper = Some(standing);
            Some(read)
        })?
    } else {
        thread::scope(|scope| {
            let thread = thread::Builder::new().stack_size(stack);
            let thread = thread.spawn_scoped(scope, || read(text, dialect)).ok()?;
            Some(thread.join())
        })?
    };
    match read {
        Ok(program) => Some(program),
        Err(cause) => panic::resume_unwind(cause),
    }
}

impl Helper {
    fn new() -> Option<Self> {
        let (texts, inbox) = channel::<(String, Dialect, Reading)>();
        let (outbox, programs) = channel();
        let work = move || {
            for (text, dialect, read) in inbox {
                let read = panic::catch_unwind(AssertUnwindSafe(|| read(&text, dialect)));
                if outbox.send(read).is_err() {
                    break;
                }
            }
        };
        let thread = thread::Builder::new().stack_size(USUAL);
        thread.spawn(work).ok()?;
        Some(Self { texts, programs })
    }
}

/// Tokens that can open a level: each word that a keyword could be, and each mark but those that only end or separate.
fn levels(text: &[u8]) -> usize {
    let mut before = OTHER;
    let mut count = 0;
    for &b in text {
        let kind = KINDS[usize::from(b)];
        count += usize::from(kind == OPENS || (kind == LOWER && before < LOWER));
        before = kind;
    }
    count
}

/// Kinds of bytes: what matters not, what can open a level, small letters, what else words are made of.
const OTHER: u8 = 0;
const OPENS: u8 = 1;
const LOWER: u8 = 2;
const WORD: u8 = 3;
const KINDS: [u8; 256] = {
    let mut kinds = [OTHER; 256];
    let mut b = 0;
    while b < 128 {
        kinds[b as usize] = match b {
            b')' | b']' | b'}' | b';' | b',' | b'.' | b'\'' | b'"' | b'\\' => OTHER,
            b'a'..=b'z' => LOWER,
            b'A'..=b'Z' | b'0'..=b'9' | b'_' | b'$' => WORD,
            33..=126 => OPENS,
            _ => OTHER,
        };
        b += 1;
    }
    kinds
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_token_that_can_open_a_level_counts() {
        for (text, wanted) in [
            ("typeof await new x", 4),
            ("a=>b=>c", 7),
            ("(([{`${<!~-+*?:@", 15),
            ("x2_y.Z, 'A' + 12;", 2),
            ("\u{a0}typeof\u{a0}new", 2),
        ] {
            assert_eq!(levels(text.as_bytes()), wanted, "{text}");
        }
    }

    #[test]
    fn a_thread_with_room_reads_by_itself() {
        static BY: std::sync::Mutex<Option<thread::ThreadId>> = std::sync::Mutex::new(None);
        let read: Reading = |_, _| {
            *BY.lock().expect("no panic") = Some(thread::current().id());
            Program::new(0)
        };
        for (room, own) in [(0, false), (BASE - 1, false), (USUAL, true)] {
            stand_on(room);
            with_room("", Dialect::JavaScript, read);
            let by = *BY.lock().expect("no panic");
            assert_eq!(by == Some(thread::current().id()), own, "{room}");
        }
        stand_on(0);
    }

    #[test]
    fn a_panic_of_the_reader_is_the_callers() {
        let read: Reading = |_, _| panic!("as it must");
        let caught = panic::catch_unwind(|| with_room("a", Dialect::JavaScript, read));
        assert!(caught.is_err());
    }
}
