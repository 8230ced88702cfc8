//! The gate: finds every keyword of every rule in one pass, so that a pattern runs only where it can match.
//!
//! One table look-up a byte: the hash of each three bytes of the text says whether a keyword may have its rarest three bytes there.
//! Measured against an Aho-Corasick automaton of the same keywords it is about twice as fast, because the table stays in the first-level cache
//! and no state is carried from byte to byte.

use std::sync::LazyLock;

use foldhash::HashMap;

/// Bits of the table's index: 128 KiB of flags, of which the lines that text leads to stay in the nearest caches. Measured beside 13 to 17 bits.
const BITS: u32 = 16;
/// Multiplicative hashing (Knuth, TAOCP 6.4): the golden ratio of 2^32.
const MULTIPLIER: u32 = 0x9E37_79B1;
/// Bytes looked at together.
const GRAM: usize = 3;
/// The bit that tells upper from lower case, in each of four bytes.
const CASE: u32 = 0x2020_2020;
/// Three bytes of four.
const THREE: u32 = 0x00ff_ffff;
/// Whatever byte stands there.
const ANY: u16 = u16::MAX;

struct Keyword {
    bytes: Box<[u8]>,
    /// Upper and lower case are the same to it.
    any_case: bool,
    /// Where its rarest three bytes stand in it.
    at: usize,
    wakes: u32,
}

impl Keyword {
    /// Whether it is these bytes, of which there are as many. Keywords are short: a call that compares costs more than to look.
    fn is(&self, bytes: &[u8]) -> bool {
        let mut pairs = self.bytes.iter().zip(bytes);
        match self.any_case {
            false => pairs.all(|(a, b)| a == b),
            true => pairs.all(|(a, b)| a.eq_ignore_ascii_case(b)),
        }
    }
}

/// A keyword under the hash of its rarest three bytes, with what settles most places without a look at the keyword.
#[derive(Clone, Copy)]
struct Entry {
    hash: u32,
    /// Those three bytes and the one behind them.
    four: u32,
    /// The bits of the four that must be the same.
    mask: u32,
    /// The byte before those three, if the keyword has one.
    before: Option<u8>,
    number: u32,
}

/// All keywords, and what each one wakes.
pub struct Gate {
    /// Where a keyword's rarest three bytes hash to: which bytes may follow.
    behind: Box<[u16; 1 << BITS]>,
    /// And which may stand before: a table of its own, because few places come to ask it.
    before: Box<[u16; 1 << BITS]>,
    /// For each hash where its keywords begin in `entries`; one more than there are hashes.
    starts: Vec<u32>,
    /// Keywords by hash.
    entries: Vec<Entry>,
    keywords: Vec<Keyword>,
}

/// A literal to look for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Literal {
    /// Its bytes, three at the least: a shorter one cannot be gated and is left out.
    pub bytes: Vec<u8>,
    /// Whether case matters not.
    pub any_case: bool,
    /// What [`Gate::each`] gives when it is met.
    pub wakes: u32,
}

impl Gate {
    /// Builds the gate of `literals`.
    pub fn new(literals: impl IntoIterator<Item = Literal>) -> Self {
        let mut keywords: Vec<Keyword> = Vec::new();
        let mut entries: Vec<Entry> = Vec::new();
        for Literal {
            bytes,
            any_case,
            wakes,
        } in literals.into_iter().filter(|l| l.bytes.len() >= GRAM)
        {
            let at = rarest(&bytes);
            let number = keywords.len() as u32;
            let behind = bytes.get(at + GRAM).copied();
            let before = at.checked_sub(1).map(|before| bytes[before]);
            let case = if any_case { CASE } else { 0 };
            let four = gram(&bytes, at) | u32::from(behind.unwrap_or(0)) << 24;
            let mask = !case & if behind.is_some() { !0 } else { THREE };
            entries.push(Entry {
                hash: hash(four),
                four,
                mask,
                before,
                number,
            });
            keywords.push(Keyword {
                bytes: bytes.into(),
                any_case,
                at,
                wakes,
            });
        }
        // By hash, of one hash in the order of the keywords.
        let mut starts = vec![0u32; (1 << BITS) + 1];
        for entry in &entries {
            starts[entry.hash as usize + 1] += 1;
        }
        for i in 1..starts.len() {
            starts[i] += starts[i - 1];
        }
        let (mut next, unsorted) = (starts.clone(), entries);
        let mut entries = unsorted.clone();
        for entry in unsorted {
            let place = &mut next[entry.hash as usize];
            entries[*place as usize] = entry;
            *place += 1;
        }
        let mut behind = Box::new([0; 1 << BITS]);
        let mut before = Box::new([0; 1 << BITS]);
        for entry in &entries {
            let has_behind = entry.mask & !THREE != 0;
            behind[entry.hash as usize] |= if has_behind {
                bit(entry.four >> 24)
            } else {
                ANY
            };
            before[entry.hash as usize] |= entry.before.map_or(ANY, |b| bit(b.into()));
        }
        Self {
            behind,
            before,
            starts,
            entries,
            keywords,
        }
    }

    /// Calls `met(wakes, start)` for every occurrence of every keyword in `text`, in the order of their rarest three bytes.
    pub fn each(&self, text: &[u8], mut met: impl FnMut(u32, usize)) {
        for (i, four) in text.windows(GRAM + 1).enumerate() {
            let word = u32::from_le_bytes([four[0], four[1], four[2], four[3]]);
            let hash = hash(word);
            if self.behind[hash as usize] & bit(word >> 24) != 0 && self.may_begin(hash, text, i) {
                self.verify(text, i, word, &mut met);
            }
        }
        // The last three bytes have none behind them.
        if let Some(last) = text.len().checked_sub(GRAM) {
            self.verify(text, last, gram(text, last), &mut met);
        }
    }

    /// Whether the byte before `at` may stand before three bytes of that hash.
    #[inline(always)]
    fn may_begin(&self, hash: u32, text: &[u8], at: usize) -> bool {
        let before = text[..at].last();
        before.is_none_or(|&b| self.before[hash as usize] & bit(b.into()) != 0)
    }

    /// Meets the keywords whose rarest three bytes stand at `gram_at`; `four` are those of the text and the one behind.
    #[inline(never)]
    fn verify(&self, text: &[u8], gram_at: usize, four: u32, met: &mut impl FnMut(u32, usize)) {
        let hash = hash(four) as usize;
        let range = self.starts[hash] as usize..self.starts[hash + 1] as usize;
        for entry in &self.entries[range] {
            // Four bytes settle most of them, without a call.
            if (entry.four ^ four) & entry.mask != 0 {
                continue;
            }
            let keyword = &self.keywords[entry.number as usize];
            let Some(start) = gram_at.checked_sub(keyword.at) else {
                continue;
            };
            let Some(found) = text.get(start..start + keyword.bytes.len()) else {
                continue;
            };
            if keyword.is(found) {
                met(keyword.wakes, start);
            }
        }
    }
}

/// The bit that stands for a byte beside a keyword's rarest three: one for each value of its low four bits, which upper and lower case share.
#[inline(always)]
fn bit(byte: u32) -> u16 {
    1 << (byte & 15)
}

/// Of the low three bytes of a little-endian word, upper and lower case alike; the shift drops the fourth.
#[inline(always)]
fn hash(word: u32) -> u32 {
    ((word | CASE) << 8).wrapping_mul(MULTIPLIER) >> (32 - BITS)
}

fn gram(bytes: &[u8], at: usize) -> u32 {
    u32::from(bytes[at]) | u32::from(bytes[at + 1]) << 8 | u32::from(bytes[at + 2]) << 16
}

/// The commonest three bytes of source code in lower case, the most common first, counted over the trees of some hundred public
/// repositories; of those that a word, a path or an address can hold.
const COMMON: &str = include_str!("common.txt");

/// How common three bytes are, as far as they are in [`COMMON`].
static RANKS: LazyLock<HashMap<[u8; GRAM], u32>> = LazyLock::new(|| {
    let common = COMMON.split_ascii_whitespace().rev();
    let three = common.filter_map(|three| three.as_bytes().first_chunk().copied());
    three.zip(LEAST_COMMON..).collect()
});
/// More than three bytes cost that are not in the list.
const LEAST_COMMON: u32 = 3 * 6 + 1;

/// Where the three bytes of a keyword stand that are the least common in source code.
fn rarest(bytes: &[u8]) -> usize {
    let cost = |at: usize| {
        let mut three = [bytes[at], bytes[at + 1], bytes[at + 2]];
        three.make_ascii_lowercase();
        let rank = RANKS.get(&three).copied();
        rank.unwrap_or_else(|| three.iter().map(|&b| common(b)).sum())
    };
    (0..=bytes.len() - GRAM)
        .min_by_key(|&at| cost(at))
        .unwrap_or(0)
}

/// How common a byte is in source code, roughly in powers of two (counted over the trees of git, redis and rails).
pub(super) fn common(byte: u8) -> u32 {
    match byte {
        b'e' | b't' | b'a' | b's' | b'r' | b'i' | b'n' | b'o' | b' ' => 6,
        b'c' | b'd' | b'l' | b'u' | b'p' | b'f' | b'm' | b'h' | b'_' => 5,
        b'g' | b'b' | b'y' | b'w' | b'k' | b'v' | b'x' | b'-' | b'.' | b'/' | b':' | b'=' => 4,
        b'A'..=b'Z' | b'0' | b'1' => 3,
        b'2'..=b'9' | b'q' | b'z' | b'j' => 2,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn met(keywords: &[&str], text: &str) -> Vec<(u32, usize)> {
        let literal = |(k, wakes): (&&str, u32)| Literal {
            bytes: k.as_bytes().to_vec(),
            any_case: k.starts_with('k'),
            wakes,
        };
        let gate = Gate::new(keywords.iter().zip(0..).map(literal));
        let mut found = Vec::new();
        gate.each(text.as_bytes(), |wakes, at| found.push((wakes, at)));
        found.sort_unstable();
        found
    }

    #[test]
    fn every_occurrence_of_every_keyword_is_met() {
        assert_eq!(
            met(&["abc", "bcd", "abcd"], "abcd_abc"),
            [(0, 0), (0, 5), (1, 1), (2, 0)]
        );
        assert_eq!(met(&["a_live_", "_live_"], "xa_live_"), [(0, 1), (1, 2)]);
        assert_eq!(met(&["abc"], "ab"), []);
        assert_eq!(met(&["://"], "://"), [(0, 0)]);
        assert_eq!(
            met(&["key", "abc"], "KEY Key ABC"),
            [(0, 0), (0, 4)],
            "only the one that says so meets any case"
        );
    }

    proptest::proptest! {
        #[test]
        fn the_gate_agrees_with_a_plain_search(text in "[ab_]{0,60}", keywords in proptest::collection::vec("[ab_]{3,6}", 1..6)) {
            let mut want = Vec::new();
            for (i, keyword) in (0..).zip(&keywords) {
                for at in 0..text.len() {
                    if text[at..].starts_with(keyword.as_str()) {
                        want.push((i, at));
                    }
                }
            }
            let keywords: Vec<&str> = keywords.iter().map(String::as_str).collect();
            proptest::prop_assert_eq!(met(&keywords, &text), want);
        }
    }
}
