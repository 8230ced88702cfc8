//! Cuts the line that a report shows, with every secret of the document masked in it.

use crate::classify::values::{self, ValueClass};
use crate::model::{Excerpt, Secret, Span, is_invisible};

/// Characters shown at the most; of a minified line the stretch around the fault.
const WIDEST: usize = 160;
/// Characters shown before the fault when the line is cut.
const LEAD: usize = 60;
/// Blanks that are taken for indentation at the most.
const DEEPEST: usize = 1024;
/// A value shorter than this is masked where it was found, not wherever its letters occur.
const SHORTEST_ELSEWHERE: usize = 6;

/// The values that must not be shown, wherever they stand.
struct Values<'a> {
    /// Sorted, no two alike, none shorter than [`SHORTEST_ELSEWHERE`].
    sorted: Vec<&'a [u8]>,
    /// For each the longest other one that it begins with.
    shorter: Vec<Option<u32>>,
    /// Which hashes their first bytes have: most places of a text are told by one look.
    heads: Vec<bool>,
}

/// Bits of a hash of a value's first bytes.
const HEAD_BITS: u32 = 16;

impl<'a> Values<'a> {
    fn new(values: impl Iterator<Item = &'a [u8]>) -> Self {
        let mut sorted: Vec<_> = values.filter(|v| v.len() >= SHORTEST_ELSEWHERE).collect();
        sorted.sort_unstable();
        sorted.dedup();
        let mut heads = vec![false; if sorted.is_empty() { 0 } else { 1 << HEAD_BITS }];
        let mut shorter = Vec::with_capacity(sorted.len());
        // Those that the current one begins with, the longest last.
        let mut open: Vec<u32> = Vec::new();
        for (i, value) in (0..).zip(&sorted) {
            heads[head(value)] = true;
            while open
                .last()
                .is_some_and(|&o| !value.starts_with(sorted[o as usize]))
            {
                open.pop();
            }
            shorter.push(open.last().copied());
            open.push(i);
        }
        Self {
            sorted,
            shorter,
            heads,
        }
    }

    /// Where they stand in `text`: sorted, disjoint. One pass, however many there are: a file can hold a million.
    fn spans(&self, text: &[u8]) -> Vec<Span> {
        let mut spans: Vec<Span> = Vec::new();
        if self.sorted.is_empty() {
            return spans;
        }
        for (at, first) in text.windows(SHORTEST_ELSEWHERE).enumerate() {
            if !self.heads[head(first)] {
                continue;
            }
            if let Some(len) = self.longest(&text[at..]) {
                let span = Span::new(at, at + len);
                match spans.last_mut() {
                    Some(last) if span.start < last.end => last.end = last.end.max(span.end),
                    _ => spans.push(span),
                }
            }
        }
        spans
    }

    /// The length of the longest that `text` begins with.
    fn longest(&self, text: &[u8]) -> Option<usize> {
        // All that `text` begins with come before it, and the last one before it begins with each of them.
        let before = self.sorted.partition_point(|value| *value <= text);
        let mut found = before.checked_sub(1);
        while let Some(i) = found {
            let value = self.sorted[i];
            if text.starts_with(value) {
                return Some(value.len());
            }
            found = self.shorter[i].map(|i| i as usize);
        }
        None
    }
}

/// A hash of the first four bytes (Knuth, TAOCP 6.4).
fn head(bytes: &[u8]) -> usize {
    let first = bytes.first_chunk().copied().map_or(0, u32::from_le_bytes);
    (first.wrapping_mul(0x9E37_79B1) >> (u32::BITS - HEAD_BITS)) as usize
}

/// What must not be shown of a text.
pub(super) struct Mask<'a> {
    text: &'a [u8],
    /// Where secrets and their copies stand, sorted, disjoint.
    spans: Vec<Span>,
    values: Values<'a>,
    off: bool,
}

impl<'a> Mask<'a> {
    /// A mask of everything in `secrets`, there and wherever else its text stands, of `values` where they stand, and of whatever else a
    /// shown line holds that nothing but chance explains; `off` shows all (`--show-secrets`).
    pub(super) fn new(
        text: &'a [u8],
        secrets: impl IntoIterator<Item = Span>,
        values: impl IntoIterator<Item = Span>,
        off: bool,
    ) -> Self {
        let mut spans: Vec<Span> = secrets
            .into_iter()
            .filter(|s| !s.is_empty() && !off)
            .collect();
        // What many secrets are wrapped in is hidden for each of them.
        spans.sort_unstable();
        spans.dedup();
        let elsewhere = Values::new(spans.iter().map(|s| &text[s.range()]));
        spans.extend(elsewhere.spans(text));
        spans.extend(values.into_iter().filter(|s| !s.is_empty() && !off));
        spans.sort_unstable();
        Self {
            text,
            spans: disjoint(spans),
            values: elsewhere,
            off,
        }
    }

    /// The excerpt of the line `start..end` for a fault at `span`.
    pub(super) fn excerpt(&self, start: usize, end: usize, span: Span) -> Excerpt {
        let fault = Span::new(span.start.clamp(start, end), span.end.clamp(start, end));
        let (shown, (from, to)) = self.cut(start, end, fault);
        let first = self.spans.partition_point(|s| s.end <= from);
        let known = self.spans[first..].iter().take_while(|s| s.start < to);
        // A habit is shown on its line, beside values that no rule has a word for.
        let mut spans: Vec<Span> = known.copied().collect();
        if !self.off {
            spans.extend(random(self.text, from, to));
            spans.sort_unstable();
        }
        let mut out = Writer::default();
        let mut at = from;
        for secret in &disjoint(spans) {
            out.text(self.text, at, secret.start.max(at), fault);
            out.secret(&self.text[secret.range()], *secret, fault);
            at = secret.end.min(to).max(at);
        }
        out.text(self.text, at, to, fault);
        out.finish(from > shown, to < end)
    }

    /// The line `start..end` for a diff: all of it, as it is set in.
    pub(super) fn line(&self, start: usize, end: usize) -> String {
        let first = self.spans.partition_point(|s| s.end <= start);
        let known = self.spans[first..].iter().take_while(|s| s.start < end);
        let mut spans: Vec<Span> = known
            .copied()
            .chain(random(self.text, start, end))
            .collect();
        spans.sort_unstable();
        let nowhere = Span::new(end, end);
        let mut out = Writer::default();
        let mut at = start;
        for secret in &disjoint(spans) {
            out.text(self.text, at, secret.start.max(at), nowhere);
            // Of a secret of many lines no line begins with the vendor's prefix.
            let whole = secret.start >= start && secret.end <= end;
            let value = if whole { secret.range() } else { 0..0 };
            out.secret(&self.text[value], *secret, nowhere);
            at = secret.end.min(end).max(at);
        }
        out.text(self.text, at, end, nowhere);
        out.out
    }

    /// `text`, which came out of the same document, with every secret of it masked. Cut to an excerpt's width: a reason is no place
    /// for a novel.
    pub(super) fn conceal(&self, text: &str) -> String {
        let mask = Mask {
            text: text.as_bytes(),
            spans: self.values.spans(text.as_bytes()),
            values: Values::new(std::iter::empty()),
            off: self.off,
        };
        mask.excerpt(0, text.len(), Span::new(0, 0)).text
    }

    /// Where a line begins behind its indentation, and the part of it that is shown: all, or a stretch around the fault.
    fn cut(&self, start: usize, end: usize, fault: Span) -> (usize, (usize, usize)) {
        // Of a line that begins with a megabyte of blanks each fault would read them all.
        let line = &self.text[start..end.min(start + DEEPEST)];
        let indent = line
            .iter()
            .take_while(|b| b.is_ascii_whitespace())
            .count()
            .min(fault.start - start);
        let start = start + indent;
        if end - start <= WIDEST {
            return (start, (start, end));
        }
        let from = self.boundary(fault.start.saturating_sub(LEAD).max(start), start);
        let to = self.boundary((from + WIDEST).min(end), from);
        (start, (from, to))
    }

    /// The start of the character that `at` stands in.
    fn boundary(&self, mut at: usize, least: usize) -> usize {
        while at > least && self.text.get(at).is_some_and(|b| b & 0xc0 == 0x80) {
            at -= 1;
        }
        at
    }
}

/// The runs of letters and digits in `from..to` that look like a machine made them up; one that reaches out of it is looked at whole, as
/// far as an excerpt is wide.
fn random(text: &[u8], from: usize, to: usize) -> Vec<Span> {
    let is_run = |b: &u8| b.is_ascii_alphanumeric() || b"+/_-".contains(b);
    let low = from.saturating_sub(WIDEST);
    let high = text.len().min(to + WIDEST);
    let mut found = Vec::new();
    let mut at = low;
    while at < high {
        let length = text[at..high].iter().take_while(|b| is_run(b)).count();
        let run = Span::new(at, at + length);
        at = run.end + 1;
        if run.end > from && run.start < to && is_random(&text[run.range()]) {
            found.push(run);
        }
    }
    found
}

fn is_random(run: &[u8]) -> bool {
    let digits = run.iter().any(u8::is_ascii_digit);
    let letters = run.iter().any(u8::is_ascii_alphabetic);
    digits
        && letters
        && values::is_strong(run)
        && values::value(run, b"").class == ValueClass::Opaque
}

fn disjoint(sorted: Vec<Span>) -> Vec<Span> {
    let mut out: Vec<Span> = Vec::with_capacity(sorted.len());
    for span in sorted {
        match out.last_mut() {
            Some(last) if span.start < last.end => last.end = last.end.max(span.end),
            _ => out.push(span),
        }
    }
    out
}

/// Builds the text and keeps count of where the fault comes to stand in it.
#[derive(Default)]
struct Writer {
    out: String,
    chars: usize,
    caret: Option<usize>,
    caret_end: usize,
}

impl Writer {
    fn text(&mut self, text: &[u8], from: usize, to: usize, fault: Span) {
        // Split where the fault begins and ends, so that the caret can be set between.
        let cuts = [
            from,
            fault.start.clamp(from, to.max(from)),
            fault.end.clamp(from, to.max(from)),
            to.max(from),
        ];
        for pair in cuts.windows(2) {
            let inside = pair[0] >= fault.start && pair[1] <= fault.end && pair[0] < pair[1];
            if inside || pair[0] == fault.start {
                self.caret.get_or_insert(self.chars);
            }
            for c in String::from_utf8_lossy(&text[pair[0]..pair[1]]).chars() {
                self.push(printable(c));
            }
            if inside {
                self.caret_end = self.chars;
            }
        }
    }

    fn secret(&mut self, value: &[u8], span: Span, fault: Span) {
        let inside = span.overlaps(fault) || span.start == fault.start;
        if inside {
            self.caret.get_or_insert(self.chars);
        }
        for c in Secret::new(value).masked().chars() {
            self.push(c);
        }
        if inside {
            self.caret_end = self.chars;
        }
    }

    fn push(&mut self, c: char) {
        self.out.push(c);
        self.chars += 1;
    }

    fn finish(self, cut_before: bool, cut_after: bool) -> Excerpt {
        let shift = usize::from(cut_before);
        let caret = self.caret.unwrap_or(0).min(self.chars) + shift;
        let width = (self.caret_end + shift).saturating_sub(caret).max(1);
        let mut text = self.out;
        if cut_before {
            text.insert(0, '…');
        }
        if cut_after {
            text.push('…');
        }
        Excerpt { text, caret, width }
    }
}

/// Tabs become a blank, so that the caret stands right; whatever steers a terminal becomes U+FFFD.
fn printable(c: char) -> char {
    match c {
        '\t' => ' ',
        c if c.is_control() || is_invisible(c) => char::REPLACEMENT_CHARACTER,
        c => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn excerpt(text: &str, secrets: &[&str], fault: &str) -> (String, String) {
        let span = |needle: &str| {
            let at = text.find(needle).expect("the needle is there");
            Span::new(at, at + needle.len())
        };
        let mask = Mask::new(text.as_bytes(), secrets.iter().map(|s| span(s)), [], false);
        let e = mask.excerpt(0, text.len(), span(fault));
        let under = e.text.chars().skip(e.caret).take(e.width).collect();
        (e.text, under)
    }

    #[test]
    fn the_caret_stands_under_the_masked_value() {
        let (text, under) = excerpt(
            "  key = 'abcdefghijklmnop1234';",
            &["abcdefghijklmnop1234"],
            "abcdefghijklmnop1234",
        );
        assert_eq!(text, "key = 'abcd••••••••';");
        assert_eq!(under, "abcd••••••••");
    }

    #[test]
    fn what_only_chance_explains_is_masked_and_the_name_before_it_is_not() {
        let value = ["k3T9vQ2m", "Zr7wLx4p", "B8nJ5sHd"].concat();
        for known in [&[&*value][..], &[]] {
            let (text, _) = excerpt(&format!("APP2_SECRET={value}"), known, "APP2");
            assert!(
                text.starts_with("APP2_SECRET=") && text.ends_with("••••"),
                "{text}"
            );
        }
    }

    #[test]
    fn other_secrets_and_other_copies_on_the_line_are_masked_too() {
        let (text, under) = excerpt(
            "p='first1' q='second2' r='first1'",
            &["first1", "second2"],
            "second2",
        );
        assert_eq!(text, "p='••••••••' q='••••••••' r='••••••••'");
        assert_eq!(under, "••••••••");
    }

    #[test]
    fn a_long_line_is_cut_and_a_secret_at_the_cut_stays_hidden() {
        let secret = "s3cr3tvalue".repeat(20);
        let line = format!(
            "{}{secret}{} fault {}",
            "a".repeat(300),
            "b".repeat(30),
            "c".repeat(300)
        );
        let (text, under) = excerpt(&line, &[&secret], "fault");
        assert!(
            text.chars().count() <= WIDEST + 20 && text.starts_with('…') && text.ends_with('…'),
            "{text}"
        );
        assert!(!text.contains("s3cr3tvalue"), "{text}");
        assert_eq!(under, "fault");
    }

    #[test]
    fn control_characters_never_reach_the_excerpt() {
        let (text, _) = excerpt("\u{1b}[31mkey\u{202e}=\u{7}'x' fault", &["x"], "fault");
        assert!(
            text.chars().all(|c| !c.is_control() && c != '\u{202e}'),
            "{text:?}"
        );
    }

    proptest::proptest! {
        #[test]
        fn any_text_gives_an_excerpt_without_its_secret(before in ".{0,200}", after in ".{0,200}") {
            let secret = concat!("Zq7Rw1Kp", "9LtX3vBn");
            let text = format!("{before}{secret}{after}").replace('\n', " ");
            let at = text.find(secret).expect("it was put there");
            let span = Span::new(at, at + secret.len());
            let e = Mask::new(text.as_bytes(), [span], [], false).excerpt(0, text.len(), span);
            proptest::prop_assert!(!e.text.contains(&secret[..6]));
            proptest::prop_assert!(e.caret + e.width <= e.text.chars().count());
        }
    }
}
