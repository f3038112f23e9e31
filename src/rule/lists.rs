//! Many short lists in one piece of memory: read at once from the blob, and near each other when they are run through.

use super::packed::{self, Packed};
use serde::{Deserialize, Serialize};

/// Lists by number, from 0.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(bound = "T: Packed")]
pub struct Lists<T> {
    #[serde(with = "packed")]
    ends: Vec<u32>,
    #[serde(with = "packed")]
    items: Vec<T>,
}

impl<T> Default for Lists<T> {
    fn default() -> Self {
        Self { ends: Vec::new(), items: Vec::new() }
    }
}

impl<T> Lists<T> {
    /// Adds a list behind the last.
    ///
    /// # Panics
    /// When the lists have 2^32 items.
    pub fn push(&mut self, list: impl IntoIterator<Item = T>) {
        self.items.extend(list);
        self.ends.push(u32::try_from(self.items.len()).expect("fewer than 2^32 items"));
    }

    /// A list by its number; empty where there is none.
    pub fn get(&self, number: usize) -> &[T] {
        let start = number.checked_sub(1).map_or(Some(0), |before| self.ends.get(before).copied());
        match (start, self.ends.get(number)) {
            (Some(start), Some(&end)) => &self.items[start as usize..end as usize],
            _ => &[],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_keep_their_number() {
        let mut lists = Lists::default();
        lists.push([1, 2]);
        lists.push([]);
        lists.push([3]);
        assert_eq!((lists.get(0), lists.get(1), lists.get(2), lists.get(3)), (&[1, 2][..], &[][..], &[3][..], &[][..]));
    }
}
