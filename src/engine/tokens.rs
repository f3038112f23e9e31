//! The tokens of one sentence, as the matcher and the captures look at them: after those of its lead-ins, with the text and the links.

use crate::document::Link;
use crate::rule::words::Token;
use std::ops::{Index, Range};

/// The tokens of a sentence with the text that they are cut from.
pub(super) struct Tokens<'a> {
    pub(super) list: &'a [Token],
    /// How many of them are its lead-ins'.
    pub(super) own: usize,
    pub(super) prose: &'a str,
    /// The links that may touch the sentence.
    pub(super) links: &'a [Link],
    /// The sentence without its lead-ins, in bytes of prose.
    pub(super) text: Range<usize>,
}

/// A match: tokens, half-open, and the alternative's place among those written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Match {
    pub(super) start: u32,
    pub(super) end: u32,
    pub(super) index: u16,
}

impl Index<usize> for Tokens<'_> {
    type Output = Token;
    fn index(&self, at: usize) -> &Token {
        &self.list[at]
    }
}

impl Tokens<'_> {
    pub(super) fn len(&self) -> usize {
        self.list.len()
    }

    pub(super) fn get(&self, at: usize) -> Option<&Token> {
        self.list.get(at)
    }

    /// The text of the sentence itself.
    pub(super) fn own_text(&self) -> &str {
        &self.prose[self.text.clone()]
    }

    /// The text of a token.
    pub(super) fn text(&self, at: usize) -> &str {
        &self.prose[self.list[at].range()]
    }

    /// Is there a token with this text, blind to case?
    pub(super) fn is(&self, at: usize, word: &str) -> bool {
        self.list.get(at).is_some_and(|token| self.prose[token.range()].eq_ignore_ascii_case(word))
    }

    /// The character right before a token.
    pub(super) fn byte_before(&self, at: usize) -> Option<char> {
        self.prose[..self.list[at].start as usize].chars().next_back()
    }

    /// Does a match stand in a lead-in alone?
    pub(super) fn inherits(&self, found: Match) -> bool {
        self.own > 0 && found.end as usize <= self.own
    }

    /// The words of a match, in bytes of prose; without a lead-in's where the sentence has some of them.
    pub(super) fn words(&self, found: Match) -> Range<usize> {
        self.words_from(self.own, found)
    }

    /// The words of a match, in bytes of prose.
    pub(super) fn all_words(&self, found: Match) -> Range<usize> {
        self.words_from(0, found)
    }

    fn words_from(&self, from: usize, found: Match) -> Range<usize> {
        let first = (found.start as usize).max(from).min(self.len().saturating_sub(1));
        let last = (found.end as usize).max(first + 1).min(self.len());
        let (Some(first), Some(last)) = (self.get(first), self.get(last.saturating_sub(1))) else {
            return 0..0;
        };
        // The words of an answer are put in the order of a statement.
        (first.start.min(last.start) as usize)..(first.end.max(last.end) as usize)
    }

    /// Calls `each` with the tokens of every link.
    pub(super) fn links(&self, mut each: impl FnMut(usize, usize)) {
        for link in self.links {
            let inside = |token: &Token| token.start as usize >= link.range.start && (token.end as usize) <= link.range.end;
            // Tokens stand in the order of the text, but for the first few of an answered question, which are turned round. So a
            // paragraph of nothing but links takes no longer than others.
            let turned = self.list.iter().take(3).position(inside);
            let start = turned.unwrap_or_else(|| self.list.partition_point(|token| (token.start as usize) < link.range.start));
            let length = self.list[start..].iter().take_while(|token| inside(token)).count();
            if length > 0 {
                each(start, start + length);
            }
        }
    }
}
