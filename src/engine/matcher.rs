//! Runs a [`Program`] over the tokens of one sentence: which terms and phrases match, and where.
//!
//! Words and captures are put down as symbols. Which alternatives can match is found bottom up by the symbols that they need, an
//! alternative waiting for the rarest of its own; which of these anything asks for, top down; and only those are matched, in topological
//! order, so that a term is complete before what is made of it. Terms that tell of negation come first,
//! because no gap reaches across one.

use super::bits::Bits;
use super::captures;
use super::tokens::Tokens;
use crate::rule::quantity::Quantity;
use crate::rule::words::Before;
use crate::rule::{Alternative, Capture, Item, Program, Symbol};
use std::ops::Range;

/// How many fillers ("the", "also") a phrase passes over where it asks for no gap.
const FILLERS: u32 = 3;
/// How many ends a match from one place may have.
const ENDS: usize = 6;
/// A phrase of fewer parts is not nearly matched by their being there: two words meet by chance.
const TELLING: usize = 3;
/// How many words a brief negation ("without") denies.
const BRIEF: u32 = 4;

/// A match: tokens, half-open, and the alternative's place among those written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Match {
    pub(super) start: u32,
    pub(super) end: u32,
    pub(super) index: u16,
}

/// What every symbol of a program matches in the sentence at hand. Kept between sentences, to reuse its memory.
pub(super) struct Matcher<'p> {
    program: &'p Program,
    matches: Vec<Vec<Match>>,
    /// By symbol: can it match, as far as the symbols that it needs are there?
    possible: Bits,
    /// By symbol: does a phrase that can match ask for it, or a rule?
    demanded: Bits,
    /// By symbol: were its words put down?
    placed: Bits,
    unsorted: Vec<bool>,
    touched: Vec<Symbol>,
    /// Alternatives whose rarest need can match.
    pending: Bits,
    /// Alternatives whose needs can all match.
    live: Bits,
    quantities: Vec<(Capture, Range<usize>, Quantity)>,
    // By token, running counts up to and including it, with a zero in front.
    content: Vec<u32>,
    denials: Vec<u32>,
    semicolons: Vec<u32>,
    /// The negation in force at a token, as an index into `negations` plus one.
    denied: Vec<u32>,
    negations: Vec<Match>,
    /// The first token of the clause that a token stands in.
    clause: Vec<u32>,
    hedges: Vec<Match>,
    found: Vec<Match>,
    visited: Vec<(usize, u32)>,
    ends: Vec<u32>,
    /// What rules ask for and a phrase nearly matched: all that it is made of is there, but not as it asks.
    nearly: Vec<Symbol>,
}

impl<'p> Matcher<'p> {
    pub(super) fn new(program: &'p Program) -> Self {
        Self {
            program,
            matches: vec![Vec::new(); program.symbols],
            possible: Bits::new(program.symbols),
            demanded: Bits::new(program.symbols),
            placed: Bits::new(program.symbols),
            unsorted: vec![false; program.symbols],
            touched: Vec::new(),
            pending: Bits::new(program.alternatives.len()),
            live: Bits::new(program.alternatives.len()),
            quantities: Vec::new(),
            content: Vec::new(),
            denials: Vec::new(),
            semicolons: Vec::new(),
            denied: Vec::new(),
            negations: Vec::new(),
            clause: Vec::new(),
            hedges: Vec::new(),
            found: Vec::new(),
            visited: Vec::new(),
            ends: Vec::new(),
            nearly: Vec::new(),
        }
    }

    /// Matches a sentence whose own tokens begin at `own`, after those of its lead-ins. `text` is the sentence's own prose.
    pub(super) fn run(&mut self, tokens: &Tokens, own: usize, text: Range<usize>) {
        self.clear();
        self.count(tokens);
        for token in tokens.list {
            for &class in self.program.words.classes(token.form) {
                self.announce(class);
            }
        }
        captures::find(tokens, own, |found| {
            self.put(found.capture.symbol(), found.start, found.end, 0);
            if let Some(quantity) = found.quantity {
                self.quantities.push((found.capture, found.start..found.end, quantity));
            }
        });
        let (reserved, all) = (self.program.reserved_alternatives, self.program.alternatives.len());
        self.find_possible(0, reserved);
        self.drop_undemanded(0, reserved);
        self.place_words(tokens);
        self.match_live(0, reserved);
        self.clauses(tokens);
        self.match_regexes(tokens, own, text);
        self.find_possible(reserved, all);
        self.drop_undemanded(reserved, all);
        self.place_words(tokens);
        self.match_live(reserved, all);
    }

    /// The symbols that matched something and that rules ask for.
    pub(super) fn kept(&self) -> impl Iterator<Item = (Symbol, &[Match])> {
        let kept = |symbol: &&Symbol| self.program.kept[**symbol as usize];
        self.touched.iter().filter(kept).map(|&symbol| (symbol, self.matches[symbol as usize].as_slice()))
    }

    /// What rules ask for and phrases nearly matched; a symbol may come more than once.
    pub(super) fn nearly(&self) -> &[Symbol] {
        &self.nearly
    }

    /// What a symbol matched.
    pub(super) fn of(&self, symbol: Option<Symbol>) -> &[Match] {
        symbol.map_or(&[], |symbol| &self.matches[symbol as usize])
    }

    /// The negation outside of a match that denies it.
    pub(super) fn negation(&self, found: Match) -> Option<Match> {
        let negation = self.negations[self.denied.get(found.start as usize).copied()?.checked_sub(1)? as usize];
        // A phrase that begins with a negation of its own goes on with a denial: "not sold, nor do we rent it".
        let own = self.negations.iter().any(|own| own.start == found.start && own.end <= found.end);
        (!own && (negation.start < found.start || negation.end > found.end)).then_some(negation)
    }

    /// The hedge in the clause of a match, or one that is a clause of its own right before or behind it ("where practical, we ...").
    pub(super) fn hedge(&self, found: Match) -> Option<Match> {
        let clause = |token: u32| self.clause.get(token as usize).copied();
        let first = clause(found.start)?;
        let last = clause(found.end.max(1) - 1)?.max(first);
        self.hedges.iter().copied().find(|hedge| {
            let own = clause(hedge.start);
            let inside = own.is_some_and(|own| (first..=last).contains(&own));
            let before = hedge.end == first;
            let behind = own == Some(hedge.start) && hedge.start >= found.end && clause(hedge.start - 1) == Some(last);
            inside || before || behind
        })
    }

    /// The quantities of captures inside a match.
    pub(super) fn quantities(&self, found: Match) -> impl Iterator<Item = (Capture, Quantity)> {
        let inside = move |range: &Range<usize>| range.start >= found.start as usize && range.end <= found.end as usize;
        self.quantities.iter().filter(move |(_, range, _)| inside(range)).map(|(capture, _, quantity)| (*capture, *quantity))
    }

    fn clear(&mut self) {
        for &symbol in &self.touched {
            self.matches[symbol as usize].clear();
            self.unsorted[symbol as usize] = false;
        }
        self.touched.clear();
        self.possible.clear();
        self.demanded.clear();
        self.placed.clear();
        self.pending.clear();
        self.live.clear();
        self.quantities.clear();
        self.negations.clear();
        self.hedges.clear();
        self.nearly.clear();
    }

    #[allow(clippy::cast_possible_truncation)] // a sentence has fewer than 2^32 tokens
    fn put(&mut self, symbol: Symbol, start: usize, end: usize, index: u16) {
        self.announce(symbol);
        let matches = &mut self.matches[symbol as usize];
        if matches.is_empty() {
            self.touched.push(symbol);
        } else if matches.last().is_some_and(|last| last.start as usize > start) {
            self.unsorted[symbol as usize] = true;
        }
        matches.push(Match { start: start as u32, end: end as u32, index });
    }

    /// The running counts that gaps are measured with.
    fn count(&mut self, tokens: &Tokens) {
        self.content.clear();
        self.semicolons.clear();
        self.denials.clear();
        self.content.push(0);
        self.semicolons.push(0);
        let (mut content, mut semicolons) = (0, 0);
        for token in tokens.list {
            content += u32::from(!self.program.words.is_filler(token.form));
            semicolons += u32::from(token.before == Before::Semicolon);
            self.content.push(content);
            self.semicolons.push(semicolons);
        }
        self.denials.resize(tokens.len() + 1, 0);
    }

    /// A symbol can match: what waits for it may be able to.
    fn announce(&mut self, symbol: Symbol) {
        if self.possible.add(symbol) {
            for &alternative in self.program.waiting.get(symbol as usize) {
                self.pending.add(alternative);
            }
        }
    }

    /// Finds the alternatives whose needs are all there, without looking where.
    #[allow(clippy::cast_possible_truncation)] // alternatives are numbered by u32
    fn find_possible(&mut self, from: usize, until: usize) {
        let mut next = from;
        while let Some(number) = self.pending.next(next, until) {
            if self.program.needs.get(number).iter().all(|&need| self.possible.has(need)) {
                self.live.add(number as u32);
                self.announce(self.program.alternatives[number].node);
            }
            next = number + 1;
        }
    }

    /// Drops the alternatives of terms that no phrase asks for which can match itself; most terms of a sentence are such.
    #[allow(clippy::cast_possible_truncation)] // alternatives are numbered by u32
    fn drop_undemanded(&mut self, from: usize, until: usize) {
        let program = self.program;
        let reserved = program.reserved;
        let denials = [reserved.negation, reserved.no_negation, reserved.brief_negation, reserved.clause_start];
        let others = [reserved.hedge, reserved.no_hedge, reserved.law_restated];
        let genre = [reserved.privacy_speech, reserved.policy_title, reserved.other_title];
        for symbol in denials.into_iter().chain(others).chain(genre).flatten() {
            self.demanded.add(symbol);
        }
        let mut last = until;
        while let Some(number) = self.live.last_below(last).filter(|&number| number >= from) {
            let node = program.alternatives[number].node;
            // What the reserved terms are made of comes before anything else can ask for it.
            if number < program.reserved_alternatives || program.kept[node as usize] || self.demanded.has(node) {
                for item in program.items.get(number) {
                    self.demanded.add(item.symbol);
                }
            } else {
                self.live.remove(number as u32);
            }
            last = number;
        }
    }

    /// Puts down the words that are asked for, and were not yet.
    fn place_words(&mut self, tokens: &Tokens) {
        for (at, token) in tokens.list.iter().enumerate() {
            for &class in self.program.words.classes(token.form) {
                if self.demanded.has(class) && !self.placed.has(class) {
                    self.put(class, at, at + 1, 0);
                }
            }
        }
        self.placed.copy(&self.demanded);
    }

    /// Matches the live alternatives, terms before what is made of them.
    fn match_live(&mut self, from: usize, until: usize) {
        let mut next = from;
        while let Some(number) = self.live.next(next, until) {
            let program = self.program;
            if program.needs.get(number).iter().all(|&need| !self.matches[need as usize].is_empty()) {
                self.attempt(program.alternatives[number], program.items.get(number));
            }
            next = number + 1;
        }
    }

    fn attempt(&mut self, alternative: Alternative, items: &[Item]) {
        for item in items {
            if std::mem::take(&mut self.unsorted[item.symbol as usize]) {
                let matches = &mut self.matches[item.symbol as usize];
                matches.sort_unstable();
                matches.dedup_by_key(|found| (found.start, found.end));
            }
        }
        let mut found = std::mem::take(&mut self.found);
        let mut ends = std::mem::take(&mut self.ends);
        let mut visited = std::mem::take(&mut self.visited);
        let (first, rest) = items.split_first().expect("an alternative has items");
        for &start in &self.matches[first.symbol as usize] {
            visited.clear();
            ends.clear();
            self.extend(rest, start.end, 0, &mut visited, &mut ends);
            found.extend(ends.iter().map(|&end| Match { start: start.start, end, index: alternative.index }));
        }
        if found.is_empty() && items.len() >= TELLING && self.program.kept[alternative.node as usize] {
            self.nearly.push(alternative.node);
        }
        for one in &found {
            self.put(alternative.node, one.start as usize, one.end as usize, one.index);
        }
        found.clear();
        (self.found, self.ends, self.visited) = (found, ends, visited);
    }

    /// Every end of the items from a token on.
    fn extend(&self, items: &[Item], at: u32, gap: u8, visited: &mut Vec<(usize, u32)>, ends: &mut Vec<u32>) {
        let Some((item, rest)) = items.split_first() else {
            if !ends.contains(&at) && ends.len() < ENDS {
                ends.push(at);
            }
            return;
        };
        if visited.contains(&(items.len(), at)) || ends.len() >= ENDS {
            return;
        }
        visited.push((items.len(), at));
        let gap = gap.max(item.gap);
        let matches = &self.matches[item.symbol as usize];
        for next in &matches[matches.partition_point(|next| next.start < at)..] {
            if !self.reaches(at, next.start, gap) {
                break;
            }
            self.extend(rest, next.end, 0, visited, ends);
        }
        if item.optional {
            self.extend(rest, at, gap, visited, ends);
        }
    }

    /// May a phrase go on at a token, from where it has come to?
    fn reaches(&self, at: u32, next: u32, gap: u8) -> bool {
        let (from, to) = (at as usize, next as usize);
        if from > 0 && self.semicolons[(to + 1).min(self.semicolons.len() - 1)] > self.semicolons[from] {
            return false;
        }
        let content = self.content[to] - self.content[from];
        let gap = u32::from(gap);
        content <= gap && (next - at) - content <= FILLERS + gap && self.denials[to] == self.denials[from]
    }

    /// Works out clauses, and what negations and hedges govern.
    #[allow(clippy::cast_possible_truncation)] // a sentence has fewer than 2^32 tokens
    fn clauses(&mut self, tokens: &Tokens) {
        let reserved = self.program.reserved;
        let inside = |one: &Match, others: &[Match]| others.iter().any(|other| other.start <= one.start && one.end <= other.end);
        let overlap = |one: &Match, others: &[Match]| others.iter().any(|other| other.start < one.end && one.start < other.end);
        let excused = self.of(reserved.no_negation);
        let mut negations: Vec<Match> = self.of(reserved.negation).iter().copied().filter(|one| !inside(one, excused)).collect();
        let brief: Vec<Match> = self.of(reserved.brief_negation).iter().copied().filter(|one| !inside(one, excused)).collect();
        negations.extend(&brief);
        negations.sort_unstable();
        let allowed = self.of(reserved.no_hedge);
        let hedges: Vec<Match> = self.of(reserved.hedge).iter().copied().filter(|one| !overlap(one, allowed)).collect();
        let mut starts: Vec<u32> = self.of(reserved.clause_start).iter().map(|one| one.start).collect();
        starts.sort_unstable();

        self.denied.clear();
        self.clause.clear();
        let (mut clause, mut current, mut passing, mut expires) = (0, 0, 0, 0);
        let (mut next_start, mut next_negation) = (0, 0);
        let mut until = 0;
        let mut open: Option<usize> = None;
        for (at, token) in tokens.list.iter().enumerate() {
            let at32 = at as u32;
            // A negation takes effect behind its last word.
            if let Some(number) = open.filter(|&number| negations[number].end <= at32) {
                if brief.contains(&negations[number]) {
                    passing = number as u32 + 1;
                    expires = self.content[at] + BRIEF;
                } else {
                    current = number as u32 + 1;
                }
                open = None;
            }
            while starts.get(next_start).is_some_and(|&start| start < at32) {
                next_start += 1;
            }
            let starts_clause = starts.get(next_start) == Some(&at32) && at32 >= until;
            if starts_clause || token.before == Before::Semicolon {
                clause = at32;
                current = 0;
                passing = 0;
            }
            // "We do not, without your consent, sell": behind its comma the brief one is over, and the other goes on.
            if self.content[at] >= expires || token.before == Before::Comma {
                passing = 0;
            }
            while negations.get(next_negation).is_some_and(|negation| negation.start <= at32) {
                if negations[next_negation].end > at32 {
                    open = Some(next_negation);
                    until = until.max(negations[next_negation].end);
                }
                next_negation += 1;
            }
            self.denied.push(if passing == 0 { current } else { passing });
            self.clause.push(clause);
            self.denials[at + 1] = self.denials[at] + u32::from(at32 < until);
        }
        self.negations = negations;
        self.hedges = hedges;
    }

    fn match_regexes(&mut self, tokens: &Tokens, own: usize, text: Range<usize>) {
        let program = self.program;
        for alternative in &program.regexes {
            let Some(regex) = alternative.compiled() else { continue };
            let ranges: Vec<Range<usize>> = regex
                .find_iter(&tokens.prose.as_bytes()[text.clone()])
                .map(|found| text.start + found.start()..text.start + found.end())
                .collect();
            for range in ranges {
                let start = own + tokens.list[own..].partition_point(|token| token.end as usize <= range.start);
                let end = own + tokens.list[own..].partition_point(|token| (token.start as usize) < range.end);
                if start < end {
                    self.put(alternative.node, start, end, alternative.index);
                }
            }
        }
    }
}
