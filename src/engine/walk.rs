//! Goes along the items of a phrase: where it may end that has come to a token, and how far its gaps reach.

use super::matches::Matches;
use super::tokens::Tokens;
use crate::rule::Item;
use crate::rule::words::{Before, Words};

/// How many fillers ("the", "also") a phrase passes over where it asks for no gap.
const FILLERS: u32 = 3;
/// How many ends a match from one place may have.
const ENDS: usize = 6;

/// How far gaps reach in the sentence at hand.
#[derive(Default)]
pub(super) struct Gaps {
    // By token, running counts up to and including it, with a zero in front.
    /// Words that are no fillers.
    pub(super) content: Vec<u32>,
    /// Words of negations, which no gap reaches across.
    pub(super) denials: Vec<u32>,
    semicolons: Vec<u32>,
}

impl Gaps {
    /// Counts the words of another sentence, as yet without negations.
    pub(super) fn count(&mut self, tokens: &Tokens, words: &Words) {
        self.content.clear();
        self.semicolons.clear();
        self.denials.clear();
        self.content.push(0);
        self.semicolons.push(0);
        let (mut content, mut semicolons) = (0, 0);
        for token in tokens.list {
            content += u32::from(!words.is_filler(token.form));
            semicolons += u32::from(token.before == Before::Semicolon);
            self.content.push(content);
            self.semicolons.push(semicolons);
        }
        self.denials.resize(tokens.len() + 1, 0);
    }

    /// May a phrase go on at a token, from where it has come to? Before the first token no semicolon counts.
    fn reaches(&self, from: u32, to: u32, gap: u8) -> bool {
        let words = to - from;
        let (from, to, gap) = (from as usize, to as usize, u32::from(gap));
        let content = self.content[to] - self.content[from];
        content <= gap
            && words - content <= FILLERS + gap
            && self.denials[to] == self.denials[from]
            && (from == 0 || self.semicolons[(to + 1).min(self.semicolons.len() - 1)] <= self.semicolons[from])
    }
}

/// Memory for walks.
#[derive(Default)]
pub(super) struct Walk {
    /// Where the items so far may end, and the gap that absent items have left open.
    here: Vec<(u32, u8)>,
    next: Vec<(u32, u8)>,
}

impl Walk {
    /// Every end of the items from a token on, by what the symbols match.
    pub(super) fn ends(
        &mut self,
        matches: &Matches,
        gaps: &Gaps,
        items: impl Iterator<Item = Item>,
        from: u32,
    ) -> impl Iterator<Item = u32> {
        self.here.clear();
        self.here.push((from, 0));
        for item in items {
            self.next.clear();
            let matches = matches.of(item.symbol);
            for &(at, open) in &self.here {
                let gap = open.max(item.gap);
                let behind = &matches[matches.partition_point(|next| next.start < at)..];
                for next in behind.iter().take_while(|next| gaps.reaches(at, next.start, gap)) {
                    add(&mut self.next, (next.end, 0));
                }
                if item.optional {
                    add(&mut self.next, (at, gap));
                }
            }
            std::mem::swap(&mut self.here, &mut self.next);
        }
        self.here.iter().take(ENDS).map(|(end, _)| *end)
    }
}

/// Adds what is not there yet.
fn add(places: &mut Vec<(u32, u8)>, place: (u32, u8)) {
    if !places.contains(&place) {
        places.push(place);
    }
}
