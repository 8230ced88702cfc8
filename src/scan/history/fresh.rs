//! Which parts of a text have to be read again, where the rest is a copy of a text that was read.

use crate::git::pack::Op;
use crate::model::Span;

/// How far what stands around a value is looked at to judge it, in bytes: names that a rule wants near, the lines around a pair.
const AROUND: usize = 512;
/// How far what was changed can reach by a word alone: what a rule wants near a match stands at most so far before it.
const NEAR: usize = 128;
/// A line is followed so far, in bytes: a file of one line is not read whole for each change.
const LINE: usize = 8 << 10;

/// A part of a text to read again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Region {
    /// What may have changed its meaning: what is found here counts, and what was known here does not.
    pub changed: Span,
    /// That, with what stands around it.
    pub read: Span,
}

/// The parts of `text` that were added to what it was made of, or stand where something was taken away. `base` is how long that was.
/// In order, none touching the next.
pub(super) fn regions(ops: &[Op], base: usize, text: &[u8]) -> Vec<Region> {
    let mut regions: Vec<Region> = Vec::new();
    let mut add = |start: usize, end: usize| {
        let changed = widen(text, Span::new(start, end), NEAR);
        let read = widen(text, changed, AROUND);
        match regions.last_mut() {
            Some(last) if last.read.end >= read.start => {
                last.changed.end = changed.end;
                last.read.end = read.end;
            }
            _ => regions.push(Region { changed, read }),
        }
    };
    let mut at = 0;
    // Where the base goes on, if what stands before was copied.
    let mut next = Some(0);
    for op in ops {
        match *op {
            Op::Copy { from, length } => {
                if next.is_some_and(|next| next != from) {
                    add(at, at);
                }
                at += length;
                next = Some(from + length);
            }
            Op::Add { length } => {
                add(at, at + length);
                at += length;
                next = None;
            }
        }
    }
    if next.is_some_and(|next| next != base) {
        add(at, at);
    }
    regions
}

/// The span with so many bytes on both sides, and the lines that it then begins and ends in.
fn widen(text: &[u8], span: Span, by: usize) -> Span {
    let (start, end) = (span.start.saturating_sub(by), text.len().min(span.end + by));
    let low = start.saturating_sub(LINE);
    let high = text.len().min(end + LINE);
    Span::new(
        memchr::memrchr(b'\n', &text[low..start]).map_or(low, |i| low + i + 1),
        memchr::memchr(b'\n', &text[end..high]).map_or(high, |i| end + i + 1),
    )
}

/// Every place at which all of `span` of the base stands in what `ops` made of it.
pub(super) fn moved(ops: &[Op], span: Span) -> impl Iterator<Item = Span> {
    copies(ops).filter_map(move |(at, from, length)| {
        let inside = from <= span.start && span.end <= from + length;
        inside.then(|| Span::new(at + span.start - from, at + span.end - from))
    })
}

/// What was copied: where it stands, where it stood and how long it is. Steps that go on where the one before ended are one: git makes
/// none longer than 16 MiB, and most tools none longer than 64 KiB.
fn copies(ops: &[Op]) -> impl Iterator<Item = (usize, usize, usize)> {
    let (mut at, mut ops) = (0, ops.iter().copied().peekable());
    std::iter::from_fn(move || {
        loop {
            match ops.next()? {
                Op::Add { length } => at += length,
                Op::Copy { from, mut length } => {
                    let start = at;
                    while let Some(&Op::Copy { from: next, length: more }) = ops.peek()
                        && next == from + length
                    {
                        length += more;
                        ops.next();
                    }
                    at += length;
                    return Some((start, from, length));
                }
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const COPY: fn(usize, usize) -> Op = |from, length| Op::Copy { from, length };
    const ADD: fn(usize) -> Op = |length| Op::Add { length };

    /// A text of `lines` lines of ten bytes.
    fn text(lines: usize) -> Vec<u8> {
        b"123456789\n".repeat(lines)
    }

    fn changed(ops: &[Op], base: usize, text: &[u8]) -> Vec<(usize, usize)> {
        let regions = regions(ops, base, text);
        regions.iter().map(|r| (r.changed.start, r.changed.end)).collect()
    }

    #[test]
    fn what_is_added_is_read_with_the_lines_around_it() {
        let text = text(1000);
        let ops = [COPY(0, 5003), ADD(2), COPY(5003, 4995)];
        let [region] = regions(&ops, 9998, &text)[..] else {
            panic!("one region")
        };
        assert_eq!(region.changed, Span::new(4870, 5140));
        assert_eq!(region.read, Span::new(4350, 5660));
    }

    #[test]
    fn nothing_is_read_of_a_mere_copy() {
        let text = text(1000);
        assert_eq!(regions(&[COPY(0, 10_000)], 10_000, &text), []);
        let in_steps = [COPY(0, 4000), COPY(4000, 6000)];
        assert_eq!(regions(&in_steps, 10_000, &text), []);
    }

    #[test]
    fn a_cut_is_read_wherever_it_was_made() {
        let text = text(900);
        let cut = [COPY(0, 5000), COPY(6000, 4000)];
        assert_eq!(changed(&cut, 10_000, &text), [(4870, 5130)]);
        assert_eq!(changed(&[COPY(1000, 9000)], 10_000, &text), [(0, 130)], "at the start");
        assert_eq!(changed(&[COPY(0, 9000)], 10_000, &text), [(8870, 9000)], "at the end");
    }

    #[test]
    fn what_stands_close_is_one_region() {
        let text = text(1000);
        let ops = [ADD(10), COPY(0, 1500), ADD(10), COPY(1500, 8480)];
        assert_eq!(changed(&ops, 9980, &text), [(0, 140), (1390, 1660)].map(|_| (0, 1660))[..1]);
    }

    #[test]
    fn a_long_line_is_not_followed_for_ever() {
        let text = vec![b'x'; 1 << 20];
        let [region] = regions(&[COPY(0, 500_000), ADD(1), COPY(500_000, 548_575)], 1_048_575, &text)[..] else {
            panic!("one region")
        };
        assert!(region.read.len() < 6 * LINE, "{region:?}");
    }

    #[test]
    fn what_was_copied_has_moved() {
        let ops = [COPY(100, 30), COPY(130, 20), ADD(7), COPY(0, 200)];
        let places = |start, end| moved(&ops, Span::new(start, end)).collect::<Vec<_>>();
        assert_eq!(places(120, 140), [Span::new(20, 40), Span::new(177, 197)]);
        assert_eq!(places(90, 110), [Span::new(147, 167)]);
        assert_eq!(places(190, 210), []);
    }

    proptest::proptest! {
        /// What no region touches stands in the base, with as much around it as rules look at.
        #[test]
        fn what_is_not_read_is_a_copy_with_all_around_it(base in "[ab\n]{0,4000}", steps in proptest::collection::vec((0usize..4000, 0usize..900, proptest::bool::ANY), 0..6)) {
            let base = base.as_bytes();
            let (mut text, mut ops) = (Vec::new(), Vec::new());
            for (from, length, copy) in steps {
                let from = from.min(base.len());
                let length = length.min(base.len() - from);
                if copy && length > 0 {
                    text.extend_from_slice(&base[from..from + length]);
                    ops.push(COPY(from, length));
                } else {
                    text.extend(std::iter::repeat_n(b'+', length));
                    ops.push(ADD(length));
                }
            }
            let regions = regions(&ops, base.len(), &text);
            let touched = |at: usize| regions.iter().any(|r| r.changed.start <= at && at < r.changed.end);
            for (at, &byte) in text.iter().enumerate() {
                proptest::prop_assert!(byte != b'+' || touched(at));
                if !touched(at) {
                    let (low, high) = (at.saturating_sub(NEAR), text.len().min(at + NEAR));
                    let around = &text[low..high];
                    proptest::prop_assert!(memchr::memmem::find(base, around).is_some());
                    proptest::prop_assert!(low > 0 || base.starts_with(around));
                    proptest::prop_assert!(high < text.len() || base.ends_with(around));
                }
            }
        }
    }
}
