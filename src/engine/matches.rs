//! What matched in the sentence at hand, by symbol. Of the many symbols that there are, few match in one sentence: their lists lie
//! close together, and those of the sentence before are used again.

use super::tokens::Match;
use crate::document::narrow;
use crate::rule::Symbol;

/// See the module.
pub(super) struct Matches {
    /// By symbol: the number of its list, from 1; 0 where nothing matched.
    slots: Vec<u32>,
    /// The symbols that matched, in the order of their lists.
    symbols: Vec<Symbol>,
    /// Their lists, and behind them empty ones.
    lists: Vec<Vec<Match>>,
}

impl Matches {
    /// For so many symbols; nothing has matched yet.
    pub(super) fn new(symbols: usize) -> Self {
        Self { slots: vec![0; symbols], symbols: Vec::new(), lists: Vec::new() }
    }

    /// Begins another sentence.
    pub(super) fn clear(&mut self) {
        for (symbol, list) in self.symbols.drain(..).zip(&mut self.lists) {
            self.slots[symbol as usize] = 0;
            list.clear();
        }
    }

    /// The matches of a symbol.
    pub(super) fn of(&self, symbol: Symbol) -> &[Match] {
        self.slots[symbol as usize].checked_sub(1).map_or(&[], |slot| &self.lists[slot as usize])
    }

    /// Does a symbol match?
    pub(super) fn has(&self, symbol: Symbol) -> bool {
        self.slots[symbol as usize] != 0
    }

    /// Adds a match of a symbol.
    pub(super) fn put(&mut self, symbol: Symbol, found: Match) {
        self.list(symbol).push(found);
    }

    /// Puts the matches of a symbol in the place of those that it has; there is one.
    pub(super) fn set(&mut self, symbol: Symbol, found: &[Match]) {
        let list = self.list(symbol);
        list.clear();
        list.extend_from_slice(found);
    }

    /// The symbols that match, each with its matches.
    pub(super) fn iter(&self) -> impl Iterator<Item = (Symbol, &[Match])> {
        self.symbols.iter().copied().zip(self.lists.iter().map(Vec::as_slice))
    }

    fn list(&mut self, symbol: Symbol) -> &mut Vec<Match> {
        let slot = &mut self.slots[symbol as usize];
        if *slot == 0 {
            self.symbols.push(symbol);
            *slot = narrow(self.symbols.len());
            if self.lists.len() < self.symbols.len() {
                self.lists.push(Vec::new());
            }
        }
        &mut self.lists[*slot as usize - 1]
    }
}
