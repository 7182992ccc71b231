//! Chance that is the same in every run, so that a failure can be repeated.

/// A stream of numbers by xorshift.
pub(crate) struct Chance(u64);

impl Chance {
    pub(crate) fn new() -> Self {
        Self(0x9e37_79b9_7f4a_7c15)
    }

    /// A number under a limit.
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        // The upper half is the better mixed.
        usize::try_from(self.0 >> 33).unwrap() % limit
    }

    pub(crate) fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    pub(crate) fn pick<'t>(&mut self, of: &[&'t str]) -> &'t str {
        of[self.below(of.len())]
    }

    /// Between one and `most` characters of an alphabet.
    pub(crate) fn word(&mut self, alphabet: &str, most: usize) -> String {
        let bytes = alphabet.as_bytes();
        let length = 1 + self.below(most);
        (0..length)
            .map(|_| char::from(bytes[self.below(bytes.len())]))
            .collect()
    }
}
