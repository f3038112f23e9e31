//! Runs a [`Program`] over the tokens of one sentence: which terms and phrases match, and where.
//!
//! Words and captures are put down as symbols; the alternatives that the [`Sieve`] lets through are matched in topological order, so
//! that a term is complete before what is made of it. Terms that tell of negation come first, because no gap reaches across one.

use super::captures::Found;
use super::matches::Matches;
use super::sieve::Sieve;
use super::tokens::{Match, Tokens};
use super::walk::{Gaps, Walk};
use crate::rule::quantity::Quantity;
use crate::rule::regexes::RegexAlternative;
use crate::rule::words::Before;
use crate::rule::{Alternative, AskNumber, Capture, Item, Program, Symbol};
use rustc_hash::FxHashMap;
use std::ops::Range;

/// A phrase of fewer parts is not nearly matched by their being there: two words meet by chance.
const TELLING: usize = 3;
/// How many words a brief negation ("without") denies.
const BRIEF: u32 = 4;

/// What few matches have beside their words.
#[derive(Clone, Debug)]
pub(super) struct Details {
    /// The negation outside of the phrase that denies it.
    pub(super) negation: Option<Range<usize>>,
    /// The hedge that governs it.
    pub(super) hedge: Option<Range<usize>>,
    /// Captures with a quantity inside the match.
    pub(super) quantities: Vec<(Capture, Quantity)>,
}

/// What some matches cover: by their starts, and the farthest end of those up to each.
struct Cover(Vec<(u32, u32)>);

impl Cover {
    fn of(matches: &[Match]) -> Self {
        let mut spans: Vec<(u32, u32)> = matches.iter().map(|one| (one.start, one.end)).collect();
        spans.sort_unstable();
        let mut farthest = 0;
        for (_, end) in &mut spans {
            farthest = farthest.max(*end);
            *end = farthest;
        }
        Self(spans)
    }

    /// The farthest end of the matches with a start that is early enough; 0 where there is none.
    fn reach(&self, early: impl Fn(u32) -> bool) -> u32 {
        let count = self.0.partition_point(|(start, _)| early(*start));
        count.checked_sub(1).map_or(0, |last| self.0[last].1)
    }

    /// Does any of the matches share a word with another?
    fn overlaps(&self, other: &Match) -> bool {
        self.reach(|start| start < other.end) > other.start
    }
}

/// What every symbol of a program matches in the sentence at hand. Kept between sentences, to reuse its memory.
pub(super) struct Matcher<'p> {
    program: &'p Program,
    matches: Matches,
    /// The matches of the node at hand.
    found: Vec<Match>,
    /// What asks for a symbol, as a range of [`Program::asks`].
    asked: FxHashMap<Symbol, Range<AskNumber>>,
    quantities: Vec<(Capture, Range<usize>, Quantity)>,
    gaps: Gaps,
    /// The negation in force at a token, as an index into `negations` plus one.
    denied: Vec<u32>,
    negations: Vec<Match>,
    /// The first token of the clause that a token stands in.
    clause: Vec<u32>,
    /// In the order of their starts, and of their ends.
    hedges: Vec<Match>,
    hedge_ends: Vec<Match>,
    walk: Walk,
    /// What rules ask for and a phrase nearly matched: all that it is made of is there, but not as it asks.
    nearly: Vec<Symbol>,
}

impl<'p> Matcher<'p> {
    pub(super) fn new(program: &'p Program) -> Self {
        let mut asked: FxHashMap<Symbol, Range<AskNumber>> = FxHashMap::default();
        for (number, ask) in (0..).zip(&program.asks) {
            asked.entry(ask.node).or_insert(number..number).end = number + 1;
        }
        Self {
            program,
            matches: Matches::new(program.symbols),
            found: Vec::new(),
            asked,
            quantities: Vec::new(),
            gaps: Gaps::default(),
            denied: Vec::new(),
            negations: Vec::new(),
            clause: Vec::new(),
            hedges: Vec::new(),
            hedge_ends: Vec::new(),
            walk: Walk::default(),
            nearly: Vec::new(),
        }
    }

    /// Matches a sentence of the batch that was sifted, with the captures found in it and the regular expressions that may match.
    pub(super) fn run(&mut self, sieve: &Sieve, sentence: usize, tokens: &Tokens, captures: &[Found], regexes: &[&RegexAlternative]) {
        self.clear();
        self.gaps.count(tokens, &self.program.words);
        for found in captures {
            let symbol = found.capture.symbol();
            if sieve.asks(symbol, sentence) {
                self.put(symbol, found.start, found.end, 0);
            }
            if let Some(quantity) = found.quantity {
                self.quantities.push((found.capture, found.start..found.end, quantity));
            }
        }
        self.quantities.sort_by_key(|(_, range, _)| range.start);
        for (at, token) in tokens.list.iter().enumerate() {
            for &class in sieve.classes(token.form) {
                if sieve.asks(class, sentence) {
                    self.put(class, at, at + 1, 0);
                }
            }
        }
        let worth_trying = sieve.worth_trying(sentence);
        let reserved = worth_trying.partition_point(|&number| (number as usize) < self.program.reserved_alternatives);
        let (reserved, others) = worth_trying.split_at(reserved);
        self.match_all(reserved);
        self.clauses(tokens);
        let asked = |regex: &&&RegexAlternative| sieve.is_worth_trying(regex.node, sentence);
        regexes.iter().filter(asked).for_each(|regex| self.match_regex(regex, tokens));
        self.match_all(others);
    }

    /// The asks of which something matched, by their nodes, and what it is.
    pub(super) fn answered(&self) -> impl Iterator<Item = (Range<AskNumber>, &[Match])> {
        let asks = |symbol: Symbol| Some(self.asks(symbol)).filter(|asks| !asks.is_empty());
        self.matches.iter().filter_map(move |(symbol, matches)| Some((asks(symbol)?, matches)))
    }

    /// What asks for a symbol.
    pub(super) fn asks(&self, symbol: Symbol) -> Range<AskNumber> {
        self.asked.get(&symbol).cloned().unwrap_or_default()
    }

    /// Does any of some symbols match?
    pub(super) fn has_any(&self, symbols: &[Symbol]) -> bool {
        symbols.iter().any(|&symbol| self.matches.has(symbol))
    }

    /// What rules ask for and phrases nearly matched; a symbol may come more than once.
    pub(super) fn nearly(&self) -> &[Symbol] {
        &self.nearly
    }

    /// What a symbol matched.
    pub(super) fn of(&self, symbol: Option<Symbol>) -> &[Match] {
        symbol.map_or(&[], |symbol| self.matches.of(symbol))
    }

    /// What restates a law, apart from what names one as a reason.
    pub(super) fn law(&self) -> Option<Match> {
        let reserved = self.program.reserved;
        let named = Cover::of(self.of(reserved.no_law_restated));
        self.of(reserved.law_restated).iter().find(|law| !named.overlaps(law)).copied()
    }

    /// What a match has beside its words.
    pub(super) fn details(&self, tokens: &Tokens, found: Match) -> Details {
        let words = |found: Match| tokens.all_words(found);
        let (negation, hedge) = (self.negation(found).map(words), self.hedge(found).map(words));
        Details { negation, hedge, quantities: self.quantities(found).collect() }
    }

    /// The negation outside of a match that denies it.
    pub(super) fn negation(&self, found: Match) -> Option<Match> {
        let negation = self.negations[self.denied.get(found.start as usize).copied()?.checked_sub(1)? as usize];
        // A phrase that begins with a negation of its own goes on with a denial: "not sold, nor do we rent it".
        let same_start = &self.negations[self.negations.partition_point(|own| own.start < found.start)..];
        let own = same_start.iter().take_while(|own| own.start == found.start).any(|own| own.end <= found.end);
        (!own && (negation.start < found.start || negation.end > found.end)).then_some(negation)
    }

    /// The hedge in the clause of a match, or one that is a clause of its own right before or behind it ("where practical, we ...").
    pub(super) fn hedge(&self, found: Match) -> Option<Match> {
        let clause = |token: u32| self.clause.get(token as usize).copied();
        let first = clause(found.start)?;
        let last = clause(found.end.max(1) - 1)?.max(first);
        let before = || self.hedge_ends.binary_search_by_key(&first, |hedge| hedge.end).ok().map(|at| self.hedge_ends[at]);
        let next = self.hedges.get(self.hedges.partition_point(|hedge| hedge.start < first));
        before().or_else(|| {
            let hedge = next.copied()?;
            let inside = clause(hedge.start)? <= last;
            let behind = clause(hedge.start) == Some(hedge.start) && hedge.start >= found.end && clause(hedge.start - 1) == Some(last);
            (inside || behind).then_some(hedge)
        })
    }

    /// The quantities of captures inside a match.
    pub(super) fn quantities(&self, found: Match) -> impl Iterator<Item = (Capture, Quantity)> {
        let first = self.quantities.partition_point(|(_, range, _)| range.start < found.start as usize);
        let near = self.quantities[first..].iter().take_while(move |(_, range, _)| range.start < found.end as usize);
        near.filter(move |(_, range, _)| range.end <= found.end as usize).map(|(capture, _, quantity)| (*capture, *quantity))
    }

    fn clear(&mut self) {
        self.matches.clear();
        self.quantities.clear();
        self.negations.clear();
        self.hedges.clear();
        self.hedge_ends.clear();
        self.nearly.clear();
    }

    #[allow(clippy::cast_possible_truncation)] // a sentence has fewer than 2^32 tokens
    fn put(&mut self, symbol: Symbol, start: usize, end: usize, index: u16) {
        self.matches.put(symbol, Match { start: start as u32, end: end as u32, index });
    }

    /// Matches alternatives, terms before what is made of them. Those of a node follow each other.
    fn match_all(&mut self, alternatives: &[u32]) {
        let program = self.program;
        let node = |number: u32| program.alternatives.at(number as usize).node;
        let mut found = std::mem::take(&mut self.found);
        for same in alternatives.chunk_by(|&one, &other| node(one) == node(other)) {
            let node = node(same[0]);
            found.clear();
            // What regular expressions found.
            found.extend_from_slice(self.matches.of(node));
            for &number in same {
                self.attempt(program.alternatives.at(number as usize), program.items.get(number as usize), &mut found);
            }
            if found.is_empty() {
                continue;
            }
            if found.len() > 1 && !found.is_sorted() {
                found.sort_unstable();
            }
            // What is part of a phrase need be there but once; of what rules ask for, each phrase counts.
            let kept = !self.asks(node).is_empty();
            found.dedup_by(|one, other| (one.start, one.end) == (other.start, other.end) && (!kept || one.index == other.index));
            self.matches.set(node, &found);
        }
        self.found = found;
    }

    /// Appends what an alternative matches.
    fn attempt(&mut self, alternative: Alternative, mut items: impl Iterator<Item = Item> + Clone, found: &mut Vec<Match>) {
        if !items.clone().all(|item| item.optional || self.matches.has(item.symbol)) {
            return;
        }
        let Some(first) = items.next() else { return };
        let before = found.len();
        for &Match { start, end, .. } in self.matches.of(first.symbol) {
            let ends = self.walk.ends(&self.matches, &self.gaps, items.clone(), end);
            found.extend(ends.map(|end| Match { start, end, index: alternative.index }));
        }
        if found.len() == before && !self.asks(alternative.node).is_empty() && items.count() + 1 >= TELLING {
            self.nearly.push(alternative.node);
        }
    }

    /// Works out clauses, and what negations and hedges govern.
    #[allow(clippy::cast_possible_truncation)] // a sentence has fewer than 2^32 tokens
    fn clauses(&mut self, tokens: &Tokens) {
        let reserved = self.program.reserved;
        let excused = Cover::of(self.of(reserved.no_negation));
        let inside = |one: &&Match| excused.reach(|start| start <= one.start) >= one.end;
        let mut brief: Vec<Match> = self.of(reserved.brief_negation).iter().filter(|one| !inside(one)).copied().collect();
        brief.sort_unstable();
        let mut negations: Vec<Match> = self.of(reserved.negation).iter().filter(|one| !inside(one)).copied().collect();
        negations.extend(&brief);
        negations.sort_unstable();
        let allowed = Cover::of(self.of(reserved.no_hedge));
        let mut hedges: Vec<Match> = self.of(reserved.hedge).iter().filter(|one| !allowed.overlaps(one)).copied().collect();
        hedges.sort_unstable();
        self.hedge_ends.clone_from(&hedges);
        self.hedge_ends.sort_by_key(|hedge| hedge.end);
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
                if brief.binary_search(&negations[number]).is_ok() {
                    passing = number as u32 + 1;
                    expires = self.gaps.content[at] + BRIEF;
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
            if self.gaps.content[at] >= expires || token.before == Before::Comma {
                passing = 0;
            }
            while negations.get(next_negation).is_some_and(|negation| negation.start <= at32) {
                let Match { start, end, .. } = negations[next_negation];
                if end > at32 {
                    // Of those that begin here the shortest: "never" denies the "we" of "never do we".
                    open = open.filter(|&open| negations[open].start == start).or(Some(next_negation));
                    until = until.max(end);
                }
                next_negation += 1;
            }
            self.denied.push(if passing == 0 { current } else { passing });
            self.clause.push(clause);
            self.gaps.denials[at + 1] = self.gaps.denials[at] + u32::from(at32 < until);
        }
        self.negations = negations;
        self.hedges = hedges;
    }

    fn match_regex(&mut self, regex: &RegexAlternative, tokens: &Tokens) {
        let own = tokens.own;
        for found in regex.find(tokens.own_text()) {
            let (from, until) = (tokens.text.start + found.start, tokens.text.start + found.end);
            let start = own + tokens.list[own..].partition_point(|token| token.end as usize <= from);
            let end = own + tokens.list[own..].partition_point(|token| (token.start as usize) < until);
            if start < end {
                self.put(regex.node, start, end, regex.index);
            }
        }
    }
}
