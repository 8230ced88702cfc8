//! `rules/values.toml`, read once.

use std::sync::LazyLock;

use foldhash::{HashMap, HashSet};
use serde::Deserialize;

type Set = HashSet<&'static str>;
type List = Vec<&'static str>;

/// The lists as they are written; what each is for stands in the TOML.
#[derive(Deserialize)]
#[serde(bound(deserialize = "'de: 'static"))]
pub(super) struct Lexicon {
    pub nothing: Set,
    pub booleans: Set,
    pub instructions: Set,
    pub instruction_phrases: List,
    pub test_words: Set,
    pub weak: Set,
    pub weak_exact: Set,
    pub sentence_words: Set,
    pub words: Set,
    pub references: List,
    pub roots: Set,
    pub encrypted: List,
    pub sealed: List,
    pub media: List,
    pub public: List,
    pub password_hashes: List,
    pub digest_names: Set,
    pub extensions: Set,
    pub samples: Set,
    pub sample_cores: Set,
    letters: HashMap<&'static str, &'static str>,
    #[serde(skip)]
    cost: Vec<u8>,
}

pub(super) static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| {
    // Embedded text, whose shape a test holds.
    let mut lexicon: Lexicon =
        serde_json::from_str(include_str!(concat!(env!("OUT_DIR"), "/values.json")))
            .expect("rules/values.toml has the shape that lexicon.rs reads");
    lexicon.cost = lexicon.letter_costs();
    lexicon
});

const LETTERS: usize = 26;
/// The row of letters that begin a word.
const START: usize = LETTERS;

impl Lexicon {
    /// The table of the TOML as one array of half bits.
    fn letter_costs(&self) -> Vec<u8> {
        let mut cost = vec![20; (LETTERS + 1) * LETTERS];
        for (name, row) in &self.letters {
            let at = match name.as_bytes() {
                [letter @ b'a'..=b'z'] => usize::from(letter - b'a'),
                _ => START,
            };
            for (i, c) in row.chars().take(LETTERS).enumerate() {
                cost[at * LETTERS + i] = c.to_digit(36).unwrap_or(20) as u8;
            }
        }
        cost
    }

    /// How much the letters of `run` tell on average, in bits: some 3.5 for an English word, 6 for random letters.
    fn letter_bits(&self, run: &[u8]) -> f32 {
        let mut before = START;
        let mut sum = 0u32;
        for b in run {
            let here = usize::from(b.to_ascii_lowercase().wrapping_sub(b'a')).min(LETTERS - 1);
            sum += u32::from(self.cost[before * LETTERS + here]);
            before = here;
        }
        sum as f32 / 2.0 / run.len().max(1) as f32
    }

    /// Whether letters of one case, or with a capital before, read like a word. Measured on words of documentation and on random letters:
    /// at these bounds some 90 % of the words pass, and 5 to 10 % of random runs of 4 to 6 letters, 1 to 3 % of longer ones.
    pub(super) fn is_word(&self, run: &[u8]) -> bool {
        let bound = match run.len() {
            0..=3 => return self.is_listed(run),
            4 => 4.4,
            5..=6 => 4.7,
            7..=9 => 4.6,
            _ => 4.5,
        };
        self.letter_bits(run) <= bound || self.is_listed(run)
    }

    fn is_listed(&self, run: &[u8]) -> bool {
        let Ok(run) = str::from_utf8(run) else {
            return false;
        };
        let lower = run.to_ascii_lowercase();
        self.words.contains(lower.as_str())
            || (lower.len() > 3 && self.weak.contains(lower.as_str()))
    }

    /// Whether it is a common password, or the word `secret` in one of its disguises.
    pub(super) fn is_weak(&self, text: &[u8]) -> bool {
        const LONGEST: usize = 64;
        const MOST_CUT: usize = 5;
        if text.is_empty() || text.len() > LONGEST {
            return false;
        }
        let spaced: String = text
            .iter()
            .map(|&b| {
                if matches!(b, b'-' | b'_') {
                    ' '
                } else {
                    b.to_ascii_lowercase() as char
                }
            })
            .collect();
        if self.weak_exact.contains(spaced.as_str()) {
            // `SECRET_KEY` is the name of a variable.
            return !text.contains(&b'_') || !text.iter().any(u8::is_ascii_uppercase);
        }
        let end = text
            .iter()
            .rposition(u8::is_ascii_alphabetic)
            .map_or(0, |i| i + 1);
        let (stem, tail) = text.split_at(end);
        // `accessToken` and `auth_token` are names; folding would make them `accesstoken`.
        let one_word = stem
            .iter()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'@' | b'$' | b'!'))
            // `localhost:8080` and `user_2` are no passwords with an appendix.
            && !tail
                .iter()
                .any(|b| matches!(b, b':' | b'_' | b'-' | b'/' | b' '))
            && !stem
                .windows(2)
                .any(|w| w[0].is_ascii_lowercase() && w[1].is_ascii_uppercase());
        one_word
            && (self.weak.contains(folded(text).as_str())
                || (tail.len() <= MOST_CUT && self.weak.contains(folded(stem).as_str())))
    }

    /// Whether one of `list` begins `text`.
    pub(super) fn begins(list: &[&str], text: &[u8]) -> bool {
        list.iter().any(|p| text.starts_with(p.as_bytes()))
    }
}

/// Lower case, disguises undone, everything but letters dropped.
fn folded(text: &[u8]) -> String {
    text.iter()
        .filter_map(|b| match b {
            b'0' => Some('o'),
            b'1' => Some('i'),
            b'3' => Some('e'),
            b'4' | b'@' => Some('a'),
            b'5' | b'$' => Some('s'),
            b'7' => Some('t'),
            b if b.is_ascii_alphabetic() => Some(b.to_ascii_lowercase() as char),
            _ => None,
        })
        .collect()
}
