//! Long lists of numbers, written into the blob as they lie in memory: a start reads them all at once, where serde would look at each of
//! a million numbers by itself.

use super::{Alternative, Item};
use serde::{Deserialize, Deserializer, Serializer};

/// What such a list consists of: a few numbers of 32 bits.
pub trait Packed: Copy {
    /// As bytes.
    type Bytes: Copy + Default + AsRef<[u8]> + for<'b> TryFrom<&'b [u8]>;

    /// Writes it.
    fn pack(self) -> Self::Bytes;

    /// Reads what was written.
    fn unpack(bytes: Self::Bytes) -> Self;
}

impl Packed for u32 {
    type Bytes = [u8; 4];

    fn pack(self) -> [u8; 4] {
        self.to_le_bytes()
    }

    fn unpack(bytes: [u8; 4]) -> Self {
        Self::from_le_bytes(bytes)
    }
}

impl Packed for Alternative {
    type Bytes = [u8; 10];

    fn pack(self) -> [u8; 10] {
        let ([a, b, c, d], [e, f, g, h], [i, j]) = (self.node.to_le_bytes(), self.rarest.to_le_bytes(), self.index.to_le_bytes());
        [a, b, c, d, e, f, g, h, i, j]
    }

    fn unpack([a, b, c, d, e, f, g, h, i, j]: [u8; 10]) -> Self {
        let number = u32::from_le_bytes;
        Self { node: number([a, b, c, d]), rarest: number([e, f, g, h]), index: u16::from_le_bytes([i, j]) }
    }
}

impl Packed for Item {
    type Bytes = [u8; 6];

    fn pack(self) -> [u8; 6] {
        let [a, b, c, d] = self.symbol.to_le_bytes();
        [a, b, c, d, u8::from(self.optional), self.gap]
    }

    fn unpack([a, b, c, d, optional, gap]: [u8; 6]) -> Self {
        Self { symbol: u32::from_le_bytes([a, b, c, d]), optional: optional != 0, gap }
    }
}

/// Writes a list.
pub fn serialize<T: Packed, S: Serializer>(list: &[T], serializer: S) -> Result<S::Ok, S::Error> {
    let mut bytes = Vec::with_capacity(size_of_val(list));
    list.iter().for_each(|one| bytes.extend_from_slice(one.pack().as_ref()));
    serializer.serialize_bytes(&bytes)
}

/// Reads a list.
pub fn deserialize<'de, T: Packed, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<T>, D::Error> {
    let bytes = <&[u8]>::deserialize(deserializer)?;
    // The chunks are as long as they must be: the default is for the compiler.
    Ok(bytes.chunks_exact(size_of::<T::Bytes>()).map(|one| T::unpack(T::Bytes::try_from(one).unwrap_or_default())).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Serialize;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Lists {
        #[serde(with = "super")]
        numbers: Vec<u32>,
        #[serde(with = "super")]
        none: Vec<u32>,
        last: String,
    }

    #[test]
    fn what_was_written_is_read() {
        let lists = Lists { numbers: vec![0, 1, 300, u32::MAX], none: Vec::new(), last: "x".to_owned() };
        let bytes = postcard::to_stdvec(&lists).unwrap();
        assert_eq!(postcard::from_bytes::<Lists>(&bytes).unwrap(), lists);
        let item = Item { symbol: 70_000, optional: true, gap: 9 };
        let read = Item::unpack(item.pack());
        assert_eq!((read.symbol, read.optional, read.gap), (70_000, true, 9));
        let alternative = Alternative::unpack(Alternative { node: 70_000, rarest: 80_000, index: 300 }.pack());
        assert_eq!((alternative.node, alternative.rarest, alternative.index), (70_000, 80_000, 300));
    }
}
