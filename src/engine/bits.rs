//! A set of small numbers, as bits: which symbols are in a sentence, which alternatives wait.

/// See the module.
#[derive(Clone, Debug)]
pub(super) struct Bits(Vec<u64>);

impl Bits {
    /// A set for numbers below a size, empty.
    pub(super) fn new(size: usize) -> Self {
        Self(vec![0; size.div_ceil(64)])
    }

    pub(super) fn clear(&mut self) {
        self.0.fill(0);
    }

    /// Makes it equal to a set of the same size.
    pub(super) fn copy(&mut self, other: &Self) {
        self.0.copy_from_slice(&other.0);
    }

    pub(super) fn has(&self, number: u32) -> bool {
        self.0[number as usize / 64] >> (number % 64) & 1 == 1
    }

    /// Adds a number; was it new?
    pub(super) fn add(&mut self, number: u32) -> bool {
        let word = &mut self.0[number as usize / 64];
        let bit = 1 << (number % 64);
        let new = *word & bit == 0;
        *word |= bit;
        new
    }

    pub(super) fn remove(&mut self, number: u32) {
        self.0[number as usize / 64] &= !(1 << (number % 64));
    }

    /// The least number from one on and below another.
    #[allow(clippy::cast_possible_truncation)] // numbers are below 2^32
    pub(super) fn next(&self, from: usize, until: usize) -> Option<usize> {
        let mut word = from / 64;
        let mut bits = self.0.get(word)? & (u64::MAX << (from % 64));
        while bits == 0 {
            word += 1;
            if word * 64 >= until {
                return None;
            }
            bits = *self.0.get(word)?;
        }
        let number = word * 64 + bits.trailing_zeros() as usize;
        (number < until).then_some(number)
    }

    /// The greatest number below another.
    pub(super) fn last_below(&self, until: usize) -> Option<usize> {
        let mut word = until / 64;
        let mut bits = self.0.get(word).map_or(0, |bits| bits & ((1_u64 << (until % 64)) - 1));
        while bits == 0 {
            word = word.checked_sub(1)?;
            bits = self.0[word];
        }
        Some(word * 64 + 63 - bits.leading_zeros() as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_found_upwards_and_downwards() {
        let mut bits = Bits::new(200);
        assert!(bits.add(3) && bits.add(64) && bits.add(130) && !bits.add(130));
        assert!(bits.has(64) && !bits.has(65));
        assert_eq!((bits.next(0, 200), bits.next(4, 200), bits.next(65, 130), bits.next(131, 200)), (Some(3), Some(64), None, None));
        assert_eq!(
            (bits.last_below(200), bits.last_below(130), bits.last_below(64), bits.last_below(3)),
            (Some(130), Some(64), Some(3), None)
        );
        bits.remove(64);
        assert_eq!(bits.next(4, 200), Some(130));
        bits.clear();
        assert_eq!(bits.next(0, 200), None);
    }
}
