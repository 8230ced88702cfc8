//! Which parts of a text have to be read again, where the rest is a copy of a text that was read.

use crate::git::pack::Op;
use crate::model::Span;
use crate::rules::Anchor;

/// So far before a change a name may stand whose value was changed, in bytes; with the line that this then begins in. What reaches further
/// is told by its anchor.
const NEAR: usize = Anchor::NEAR;
/// A line is followed so far, in bytes: a file of one line is not read whole for each change.
const LINE: usize = 8 << 10;

/// The parts of `text` that were added to what it was made of, or stand where something was taken away, with the lines that they stand in
/// and the one before. `base` is how long that was. In order, none touching the next.
pub(super) fn changes(ops: &[Op], base: usize, text: &[u8]) -> Vec<Span> {
    let mut changes: Vec<Span> = Vec::new();
    let mut add = |start: usize, end: usize| {
        if let Some(last) = changes.last_mut().filter(|last| start <= last.end) {
            // The line of one change is most often that of the next: where it is long, it is not followed anew for each.
            if last.end < end + LINE / 2 {
                last.end = last.end.max(line_end(text, end));
            }
            return;
        }
        let change = Span::new(line_start(text, start, NEAR), line_end(text, end));
        match changes.last_mut() {
            Some(last) if last.end >= change.start => last.end = change.end,
            _ => changes.push(change),
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
    changes
}

/// Whether a span overlaps one of `changes`, which are in order and apart.
pub(super) fn touches(changes: &[Span], span: Span) -> bool {
    let next = changes.partition_point(|change| change.end <= span.start);
    changes
        .get(next)
        .is_some_and(|change| change.start < span.end)
}

/// Takes in those of `spans` that overlap one of `changes`, and makes one of those that touch then.
pub(super) fn grow(changes: &mut Vec<Span>, spans: impl Iterator<Item = Span>) {
    let known = changes.len();
    for span in spans {
        if touches(&changes[..known], span) {
            changes.push(span);
        }
    }
    if changes.len() == known {
        return;
    }
    changes.sort_unstable();
    changes.dedup_by(|next, last| {
        let touch = next.start <= last.end;
        if touch {
            last.end = last.end.max(next.end);
        }
        touch
    });
}

/// The change with `by` bytes on both sides and the lines that it then stands in.
pub(super) fn with_lines(change: Span, text: &[u8], by: usize) -> Span {
    let end = text.len().min(change.end + by);
    Span::new(line_start(text, change.start, by), line_end(text, end))
}

/// Where the line begins that holds the byte so many before `at`.
fn line_start(text: &[u8], at: usize, before: usize) -> usize {
    // What ends the line before is not of the line.
    let at = at.saturating_sub(before);
    let low = at.saturating_sub(LINE);
    memchr::memrchr(b'\n', &text[low..at]).map_or(low, |i| low + i + 1)
}

/// Where the line ends that holds the byte at `at`, its end with it.
fn line_end(text: &[u8], at: usize) -> usize {
    let high = text.len().min(at + LINE);
    memchr::memchr(b'\n', &text[at..high]).map_or(high, |i| at + i + 1)
}

/// Where `spans` of the base, sorted by their start, stand in what `ops` made of it, with the place of each in the list. One that was cut
/// stands nowhere, one that was copied twice at two places.
pub(super) fn moved(ops: &[Op], spans: &[Span]) -> Vec<(usize, Span)> {
    let mut moved = Vec::new();
    if spans.is_empty() {
        return moved;
    }
    for (at, from, length) in copies(ops) {
        let first = spans.partition_point(|span| span.start < from);
        let here = spans[first..]
            .iter()
            .take_while(|span| span.start < from + length);
        for (i, span) in here
            .enumerate()
            .filter(|(_, span)| span.end <= from + length)
        {
            let span = Span::new(at + span.start - from, at + span.end - from);
            moved.push((first + i, span));
        }
    }
    moved
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
                    while let Some(&Op::Copy {
                        from: next,
                        length: more,
                    }) = ops.peek()
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
        let changes = changes(ops, base, text).into_iter();
        changes.map(|change| (change.start, change.end)).collect()
    }

    #[test]
    fn what_is_added_is_read_with_its_line_and_those_before() {
        let text = text(1000);
        let ops = [COPY(0, 5003), ADD(2), COPY(5003, 4995)];
        assert_eq!(changed(&ops, 9998, &text), [(4930, 5010)]);
    }

    #[test]
    fn nothing_is_read_of_a_mere_copy() {
        let text = text(1000);
        assert_eq!(changed(&[COPY(0, 10_000)], 10_000, &text), []);
        let in_steps = [COPY(0, 4000), COPY(4000, 6000)];
        assert_eq!(changed(&in_steps, 10_000, &text), []);
    }

    #[test]
    fn a_cut_is_read_wherever_it_was_made() {
        let text = text(900);
        let cut = [COPY(0, 5000), COPY(6000, 4000)];
        assert_eq!(changed(&cut, 10_000, &text), [(4930, 5010)]);
        assert_eq!(
            changed(&[COPY(1000, 9000)], 10_000, &text),
            [(0, 10)],
            "at the start"
        );
        assert_eq!(
            changed(&[COPY(0, 9000)], 10_000, &text),
            [(8930, 9000)],
            "at the end"
        );
    }

    #[test]
    fn what_touches_is_one_change() {
        let text = text(1000);
        let ops = [ADD(10), COPY(0, 60), ADD(10), COPY(60, 9920)];
        assert_eq!(changed(&ops, 9980, &text), [(0, 90)]);
    }

    #[test]
    fn a_long_line_is_not_followed_for_ever() {
        let text = vec![b'x'; 1 << 20];
        let ops = [COPY(0, 500_000), ADD(1), COPY(500_000, 548_575)];
        let [(start, end)] = changed(&ops, 1_048_575, &text)[..] else {
            panic!("one change")
        };
        assert!(end - start < 3 * LINE);
    }

    #[test]
    fn many_changes_in_a_long_line_are_one_and_reach_as_far_as_each() {
        let text = vec![b'x'; 1 << 20];
        let ops: Vec<Op> = (0..10_000)
            .flat_map(|at| [COPY(at * 2, 1), ADD(1)])
            .collect();
        let [(start, end)] = changed(&ops, 20_000, &text)[..] else {
            panic!("one change")
        };
        assert!(
            start == 0 && (20_000 + LINE / 2..20_000 + 2 * LINE).contains(&end),
            "{end}"
        );
    }

    #[test]
    fn what_was_copied_has_moved() {
        let ops = [COPY(100, 30), COPY(130, 20), ADD(7), COPY(0, 200)];
        let spans = [(90, 110), (120, 140), (190, 210)].map(|(start, end)| Span::new(start, end));
        assert_eq!(
            moved(&ops, &spans),
            [
                (1, Span::new(20, 40)),
                (0, Span::new(147, 167)),
                (1, Span::new(177, 197))
            ]
        );
    }

    proptest::proptest! {
        /// What no change touches stands in the base, with as much before it as a name may.
        #[test]
        fn what_is_not_read_is_a_copy_with_all_before_it(base in "[ab\n]{0,4000}", steps in proptest::collection::vec((0usize..4000, 0usize..900, proptest::bool::ANY), 0..6)) {
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
            let changes = changes(&ops, base.len(), &text);
            let touched = |at: usize| changes.iter().any(|c| c.start <= at && at < c.end);
            for at in (0..text.len()).filter(|&at| !touched(at)) {
                let (low, high) = (line_start(&text, at, 0), line_end(&text, at));
                let line = &text[low..high];
                proptest::prop_assert!(memchr::memmem::find(base, line).is_some());
                proptest::prop_assert!(low > 0 || base.starts_with(line));
                proptest::prop_assert!(high < text.len() || base.ends_with(line));
            }
        }
    }
}
