//! Sets of small numbers, for people and teams: a big roster is compared word by word.

/// A set of small numbers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Bits {
    words: Vec<u64>,
}

impl Bits {
    /// Puts a number in.
    pub fn insert(&mut self, number: u32) {
        let (word, bit) = (number as usize / 64, number % 64);
        if self.words.len() <= word {
            self.words.resize(word + 1, 0);
        }
        self.words[word] |= 1 << bit;
    }

    /// Is the number in it?
    #[must_use]
    pub fn has(&self, number: u32) -> bool {
        self.words.get(number as usize / 64).is_some_and(|word| word >> (number % 64) & 1 == 1)
    }

    /// How many there are.
    #[must_use]
    pub fn count(&self) -> u32 {
        self.words.iter().map(|word| word.count_ones()).sum()
    }

    /// Those in both.
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        Self { words: self.words.iter().zip(&other.words).map(|(a, b)| a & b).collect() }
    }

    /// How many are in either.
    #[must_use]
    pub fn count_with(&self, other: &Self) -> u32 {
        self.count() + other.count() - self.and(other).count()
    }

    /// Each of them, in order.
    pub fn iter(&self) -> impl Iterator<Item = u32> {
        self.words
            .iter()
            .zip(0u32..)
            .flat_map(|(word, place)| (0..64).filter(move |bit| word >> bit & 1 == 1).map(move |bit| place * 64 + bit))
    }
}

impl FromIterator<u32> for Bits {
    fn from_iter<T: IntoIterator<Item = u32>>(numbers: T) -> Self {
        let mut bits = Self::default();
        numbers.into_iter().for_each(|number| bits.insert(number));
        bits
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_gives_back_what_was_put_in_and_compares_by_word() {
        let (a, b): (Bits, Bits) = ([3, 200, 64].into_iter().collect(), [64, 3, 1].into_iter().collect());
        assert_eq!(a.iter().collect::<Vec<_>>(), [3, 64, 200]);
        assert_eq!(a.and(&b).iter().collect::<Vec<_>>(), [3, 64]);
        assert_eq!((a.count(), a.count_with(&b), a.has(200), b.has(200)), (3, 4, true, false));
    }
}
