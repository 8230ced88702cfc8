//! Numbers and values that look random and are the same each time.

/// Numbers that look random: splitmix64.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(end.max(1)).expect("fits")).expect("fits")
    }

    pub fn one<'a, T: ?Sized>(&mut self, of: &[&'a T]) -> &'a T {
        of[self.below(of.len())]
    }

    pub fn text(&mut self, alphabet: &str, count: usize) -> String {
        let all = alphabet.as_bytes();
        (0..count)
            .map(|_| char::from(all[self.below(all.len())]))
            .collect()
    }

    pub fn base64(&mut self, count: usize) -> String {
        self.text(&[DIGITS, UPPER, LOWER].concat(), count)
    }

    /// 20 to 40 characters, of one of three alphabets that keys are written in.
    pub fn secret(&mut self) -> String {
        let count = 20 + self.below(21);
        let alphabet = match self.below(4) {
            0 => [DIGITS, "abcdef"].concat(),
            1 => [DIGITS, UPPER, LOWER, "-_"].concat(),
            _ => [DIGITS, UPPER, LOWER].concat(),
        };
        let body = self.text(&alphabet, count - 2);
        // Letters at both ends, for the sake of formats in which a mark would mean something.
        format!("{}{body}{}", self.text("abcdef", 1), self.text("abcdef", 1))
    }

    /// A signing key that nobody should run with.
    pub fn weak(&mut self) -> String {
        match self.below(5) {
            0 => ["sec", "ret"].concat(),
            1 => ["change", "me"].concat(),
            2 => ["super", "secret", "key"].concat(),
            3 => self.text("abc", 1).repeat(32),
            _ => {
                let count = 8 + self.below(8);
                self.base64(count)
            }
        }
    }
}

pub const DIGITS: &str = "0123456789";
const UPPER: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const LOWER: &str = "abcdefghijklmnopqrstuvwxyz";
