//! Long lists of numbers, written into the blob as they lie in memory: a start does not even look at the list, which stays where the
//! program has it.

use super::{Alternative, Item};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::borrow::Cow;

/// What such a list consists of: a few numbers of 32 bits.
pub trait Packed: Copy {
    /// As bytes.
    type Bytes: Copy + std::fmt::Debug + AsRef<[u8]> + 'static;

    /// Writes it.
    fn pack(self) -> Self::Bytes;

    /// Reads what was written.
    fn unpack(bytes: Self::Bytes) -> Self;

    /// The bytes of a list, one by one, and what is left over.
    fn split(list: &[u8]) -> (&[Self::Bytes], &[u8]);
}

impl Packed for u8 {
    type Bytes = [u8; 1];

    fn pack(self) -> [u8; 1] {
        [self]
    }

    fn unpack([byte]: [u8; 1]) -> Self {
        byte
    }

    fn split(list: &[u8]) -> (&[[u8; 1]], &[u8]) {
        list.as_chunks()
    }
}

impl Packed for u32 {
    type Bytes = [u8; 4];

    fn pack(self) -> [u8; 4] {
        self.to_le_bytes()
    }

    fn unpack(bytes: [u8; 4]) -> Self {
        Self::from_le_bytes(bytes)
    }

    fn split(list: &[u8]) -> (&[[u8; 4]], &[u8]) {
        list.as_chunks()
    }
}

impl Packed for Alternative {
    type Bytes = [u8; 12];

    fn pack(self) -> [u8; 12] {
        from_numbers([self.node, self.rarest, u32::from(self.index)])
    }

    fn unpack(bytes: [u8; 12]) -> Self {
        let [node, rarest, index] = to_numbers(bytes);
        Self { node, rarest, index: u16::try_from(index).unwrap_or(u16::MAX) }
    }

    fn split(list: &[u8]) -> (&[[u8; 12]], &[u8]) {
        list.as_chunks()
    }
}

impl Packed for Item {
    type Bytes = [u8; 8];

    fn pack(self) -> [u8; 8] {
        from_numbers([self.symbol, u32::from_le_bytes([self.gap, u8::from(self.optional), 0, 0])])
    }

    fn unpack(bytes: [u8; 8]) -> Self {
        let [symbol, rest] = to_numbers(bytes);
        let [gap, optional, ..] = rest.to_le_bytes();
        Self { symbol, optional: optional != 0, gap }
    }

    fn split(list: &[u8]) -> (&[[u8; 8]], &[u8]) {
        list.as_chunks()
    }
}

/// The bytes of some numbers.
pub fn from_numbers<const NUMBERS: usize, const BYTES: usize>(numbers: [u32; NUMBERS]) -> [u8; BYTES] {
    let mut bytes = [0; BYTES];
    for (bytes, number) in bytes.as_chunks_mut().0.iter_mut().zip(numbers) {
        *bytes = number.to_le_bytes();
    }
    bytes
}

/// The numbers of some bytes.
pub fn to_numbers<const NUMBERS: usize, const BYTES: usize>(bytes: [u8; BYTES]) -> [u32; NUMBERS] {
    let mut numbers = [0; NUMBERS];
    for (number, bytes) in numbers.iter_mut().zip(bytes.as_chunks().0) {
        *number = u32::from_le_bytes(*bytes);
    }
    numbers
}

/// A list that is read in place, if the program has it, as the built-in packs are.
#[derive(Clone, Debug)]
pub struct Table<T: Packed>(Cow<'static, [T::Bytes]>);

impl<T: Packed> Table<T> {
    /// What stands at a place, if the list is so long.
    pub fn get(&self, at: usize) -> Option<T> {
        self.0.get(at).map(|&one| T::unpack(one))
    }

    /// What stands in a range; nothing where the list does not have all of it.
    pub fn range(&self, from: u32, until: u32) -> impl Iterator<Item = T> + Clone {
        self.0.get(from as usize..until as usize).unwrap_or_default().iter().map(|&one| T::unpack(one))
    }

    /// What stands at a place.
    ///
    /// # Panics
    /// When the list is not so long.
    pub fn at(&self, at: usize) -> T {
        T::unpack(self.0[at])
    }

    /// All of it.
    pub fn iter(&self) -> impl Iterator<Item = T> {
        self.0.iter().map(|&one| T::unpack(one))
    }

    /// Adds what comes next.
    pub fn push(&mut self, one: T) {
        self.0.to_mut().push(one.pack());
    }

    /// How long the list is.
    pub fn length(&self) -> usize {
        self.0.len()
    }
}

impl Table<u8> {
    /// All of them.
    pub fn bytes(&self) -> &[u8] {
        self.0.as_flattened()
    }
}

impl<T: Packed> Default for Table<T> {
    fn default() -> Self {
        Self(Cow::default())
    }
}

impl<T: Packed> FromIterator<T> for Table<T> {
    fn from_iter<I: IntoIterator<Item = T>>(list: I) -> Self {
        Self(list.into_iter().map(T::pack).collect())
    }
}

impl<T: Packed> Serialize for Table<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let bytes: Vec<u8> = self.0.iter().flat_map(|one| one.as_ref().iter().copied()).collect();
        serializer.serialize_bytes(&bytes)
    }
}

impl<'de: 'static, T: Packed> Deserialize<'de> for Table<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match T::split(<&[u8]>::deserialize(deserializer)?) {
            (list, []) => Ok(Self(Cow::Borrowed(list))),
            _ => Err(D::Error::custom("a list is cut off")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_is_read() {
        let mut table: Table<u32> = [0, 1, 300].into_iter().collect();
        table.push(u32::MAX);
        let bytes: &'static [u8] = postcard::to_stdvec(&table).unwrap().leak();
        let read: Table<u32> = postcard::from_bytes(bytes).unwrap();
        assert!(matches!(read.0, Cow::Borrowed(_)), "it stays where it is");
        assert_eq!((read.length(), read.get(3), read.get(4)), (4, Some(u32::MAX), None));
        assert_eq!((read.range(1, 3).collect::<Vec<_>>(), read.range(3, 5).count()), (vec![1, 300], 0));
        let item = Item { symbol: 70_000, optional: true, gap: 9 };
        let read = Item::unpack(item.pack());
        assert_eq!((read.symbol, read.optional, read.gap), (70_000, true, 9));
        let alternative = Alternative::unpack(Alternative { node: 70_000, rarest: 80_000, index: 300 }.pack());
        assert_eq!((alternative.node, alternative.rarest, alternative.index), (70_000, 80_000, 300));
    }
}
