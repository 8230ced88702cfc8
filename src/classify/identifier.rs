//! Identifiers cut into words: `spring.datasource.dbPassword` is `spring datasource db password`.

/// A name longer than this is no name; its end is what says what it holds.
const LONGEST: usize = 256;
/// A longer run of letters is no compound of known words.
const LONGEST_COMPOUND: usize = 40;

/// Lower-case words, joined by single spaces so that phrases can be looked up as slices.
#[derive(Debug, Default)]
pub(super) struct Words {
    text: String,
    starts: Vec<usize>,
}

impl Words {
    pub(super) fn len(&self) -> usize {
        self.starts.len()
    }

    /// The words `from..to`, joined; empty where there are none.
    pub(super) fn slice(&self, from: usize, to: usize) -> &str {
        let start = self.starts.get(from).copied().unwrap_or(self.text.len());
        // One space stands between two words.
        let end = match self.starts.get(to) {
            Some(next) => next - 1,
            None => self.text.len(),
        };
        self.text.get(start..end.max(start)).unwrap_or_default()
    }

    /// The word at `at`; empty past the end.
    pub(super) fn word(&self, at: usize) -> &str {
        self.slice(at, at + 1)
    }

    /// Whether the words of `phrase` stand in `from..to`, in order and whole.
    pub(super) fn holds(&self, from: usize, to: usize, phrase: &str) -> bool {
        let text = self.slice(from, to);
        text.match_indices(phrase).any(|(at, _)| {
            let end = at + phrase.len();
            (at == 0 || text.as_bytes().get(at - 1) == Some(&b' '))
                && (end == text.len() || text.as_bytes().get(end) == Some(&b' '))
        })
    }

    fn push(&mut self, word: &str) {
        if word.is_empty() {
            return;
        }
        if !self.text.is_empty() {
            self.text.push(' ');
        }
        self.starts.push(self.text.len());
        self.text.push_str(word);
    }

    /// Adds the words of one name (no path). `vocabulary` knows single words, and cuts compounds.
    pub(super) fn extend(&mut self, name: &[u8], vocabulary: &impl Vocabulary) {
        for chunk in name.split(|b| !is_word_byte(*b)) {
            let lower = lower(chunk);
            // `APIkey` and `PassWord` read better as a whole than by their humps.
            if lower.len() <= LONGEST_COMPOUND && vocabulary.knows(&lower) {
                self.push(&lower);
                continue;
            }
            let humps = humps(chunk);
            if (humps.iter().any(|h| h.len() == 1) || humps.len() == 1)
                && let Some(parts) = vocabulary.compound(trim_digits(&lower))
            {
                parts.iter().for_each(|part| self.push(part));
                continue;
            }
            for hump in humps {
                let hump = self::lower(hump);
                let bare = trim_digits(&hump);
                if vocabulary.knows(&hump) || bare.is_empty() {
                    self.push(&hump);
                } else if let Some(parts) = vocabulary.compound(bare) {
                    parts.iter().for_each(|part| self.push(part));
                } else {
                    self.push(bare);
                }
            }
        }
    }
}

/// What the cutter has to know of the language.
pub(super) trait Vocabulary {
    /// Whether `word` is to be kept as it is.
    fn knows(&self, word: &str) -> bool;
    /// The known words that `word` is made of, where it is made of nothing else.
    fn compound(&self, word: &str) -> Option<Vec<&'static str>>;
}

/// The parts of a path: `a.b["c"]`, `a::b`, `//host/:_token`, the last [`LONGEST`] bytes of it.
pub(super) fn segments(key: &[u8]) -> Vec<&[u8]> {
    let key = &key[key.len().saturating_sub(LONGEST)..];
    key.split(|&b| !(is_word_byte(b) || matches!(b, b'_' | b'-' | b' ' | b'$')))
        .filter(|part| part.iter().any(|b| b.is_ascii_alphabetic() || *b >= 0x80))
        .collect()
}

/// Letters and digits; bytes beyond ASCII count as letters, whatever they encode.
fn is_word_byte(b: u8) -> bool {
    b.is_ascii_alphanumeric() || b >= 0x80
}

fn lower(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).to_ascii_lowercase()
}

fn trim_digits(word: &str) -> &str {
    word.trim_matches(|c: char| c.is_ascii_digit())
}

/// Cuts `parseHTTPResponse2` before capitals that begin a word.
pub(super) fn humps(chunk: &[u8]) -> Vec<&[u8]> {
    let mut out = Vec::new();
    let mut start = 0;
    for i in 1..chunk.len() {
        let (before, here) = (chunk[i - 1], chunk[i]);
        let next_is_lower = chunk.get(i + 1).is_some_and(u8::is_ascii_lowercase);
        let begins = here.is_ascii_uppercase()
            && (!before.is_ascii_uppercase() || (next_is_lower && !is_plural(&chunk[i..])));
        if begins {
            out.push(&chunk[start..i]);
            start = i;
        }
    }
    out.push(&chunk[start..]);
    out
}

/// The plural of an abbreviation: in `APIs` the `I` begins no word.
fn is_plural(rest: &[u8]) -> bool {
    rest.get(1) == Some(&b's') && !rest.get(2).is_some_and(u8::is_ascii_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Few;

    impl Vocabulary for Few {
        fn knows(&self, word: &str) -> bool {
            ["api", "key", "password", "db"].contains(&word)
        }

        fn compound(&self, word: &str) -> Option<Vec<&'static str>> {
            (word == "dbpassword").then(|| vec!["db", "password"])
        }
    }

    fn words(name: &str) -> String {
        let mut words = Words::default();
        words.extend(name.as_bytes(), &Few);
        words.slice(0, words.len()).to_owned()
    }

    #[test]
    fn names_are_cut_into_words() {
        for (name, expected) in [
            ("AWSSecretKey", "aws secret key"),
            ("x-api-key", "x api key"),
            ("PassWord", "password"),
            ("dbpassword2", "db password"),
            ("parseHTTPResponse", "parse http response"),
            ("userAPIs", "user apis"),
            ("passwd1", "passwd"),
            ("", ""),
            ("__", ""),
        ] {
            assert_eq!(words(name), expected, "{name}");
        }
    }

    #[test]
    fn paths_are_cut_into_parts() {
        let parts: Vec<_> = segments(br#"app.config["SECRET_KEY"]"#);
        assert_eq!(parts, [&b"app"[..], b"config", b"SECRET_KEY"]);
        assert_eq!(segments(b"a.b.0"), [&b"a"[..], b"b"]);
    }
}
