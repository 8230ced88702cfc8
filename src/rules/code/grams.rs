//! Which three bytes stand in a text: tells of most words that they do not, so that the text is searched for few of them.

/// Bits that are told apart of each byte: those that upper and lower case share.
const BITS: usize = 5;
/// All that is known of three bytes.
const KEYS: usize = 1 << (3 * BITS);

/// The three bytes that stand in a text one behind the other, as far as they are told apart. A byte for each rather than a bit, as it is set
/// in fewer steps.
pub(super) struct Grams(Box<[bool; KEYS]>);

impl Grams {
    /// Those of `text`, in one pass.
    pub(super) fn of(text: &[u8]) -> Self {
        let mut stand = Box::new([false; KEYS]);
        keys(text).for_each(|key| stand[key] = true);
        Self(stand)
    }

    /// Whether `word` may stand in the text, in whatever case.
    pub(super) fn may_hold(&self, word: &[u8]) -> bool {
        // The first two bytes have no two before them.
        keys(word).skip(2).all(|key| self.0[key])
    }
}

/// What is known of each byte of `text` and the two before it.
fn keys(text: &[u8]) -> impl Iterator<Item = usize> {
    let mut key = 0;
    text.iter().map(move |&b| {
        key = ((key << BITS) | (usize::from(b) % (1 << BITS))) % KEYS;
        key
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_what_stands_in_a_text_none_is_denied() {
        let grams = Grams::of(b"jwt.sign(payload)");
        for word in ["jwt", "sign(", "PAYLOAD", "t.s", "a)", ""] {
            assert!(grams.may_hold(word.as_bytes()), "{word}");
        }
        for word in ["verify", "signs", "payloads"] {
            assert!(!grams.may_hold(word.as_bytes()), "{word}");
        }
        assert!(!Grams::of(b"").may_hold(b"abc"));
    }
}
