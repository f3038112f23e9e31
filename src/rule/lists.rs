//! Many short lists in one piece of memory: read at once from the blob, and near each other when they are run through.

use super::packed::{Packed, Table};
use serde::{Deserialize, Serialize};

/// Lists by number, from 0.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(bound(serialize = "", deserialize = "'de: 'static"))]
pub struct Lists<T: Packed> {
    ends: Table<u32>,
    items: Table<T>,
}

impl<T: Packed> Default for Lists<T> {
    fn default() -> Self {
        Self { ends: Table::default(), items: Table::default() }
    }
}

impl<T: Packed> Lists<T> {
    /// Adds a list behind the last.
    ///
    /// # Panics
    /// When the lists have 2^32 items.
    pub fn push(&mut self, list: impl IntoIterator<Item = T>) {
        list.into_iter().for_each(|item| self.items.push(item));
        self.ends.push(u32::try_from(self.items.length()).expect("fewer than 2^32 items"));
    }

    /// A list by its number; empty where there is none.
    pub fn get(&self, number: usize) -> impl Iterator<Item = T> + Clone {
        let start = number.checked_sub(1).map_or(Some(0), |before| self.ends.get(before));
        let (start, end) = start.zip(self.ends.get(number)).unwrap_or_default();
        self.items.range(start, end)
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
        let get = |number: usize| lists.get(number).collect::<Vec<u32>>();
        assert_eq!((get(0), get(1), get(2), get(3)), (vec![1, 2], vec![], vec![3], vec![]));
    }
}
