//! Judges a document by packs: facts first, then every requirement. Pure: the same document, packs and facts give the same verdicts.

mod captures;
mod explain;
mod fitness;
mod judge;
mod matcher;
mod matches;
mod reader;
mod readers;
mod reading;
mod sieve;
mod tokens;
mod walk;

pub use explain::{Seen, explain};
pub use fitness::{Unfit, fitness};
pub use readers::Readers;
pub use reading::Reading;

use crate::rule::Packs;
use crate::verdict::{Judged, Judgement};
use judge::Judge;

/// Judges what was read with the same packs. `declared` are the facts that the project states, by their index in [`Packs::facts`]; they win.
pub fn check(packs: &Packs, reading: &Reading, declared: &[(usize, bool)]) -> Judged {
    let judge = Judge::new(packs, reading);
    let declared = |fact: usize| declared.iter().find(|(number, _)| *number == fact).map(|(_, value)| *value);
    let facts: Vec<_> = packs.facts.iter().enumerate().map(|(number, fact)| judge.fact(number, fact, declared(number))).collect();
    let judgements = packs.rules.iter().enumerate().map(|(number, rule)| judge.rule(number, rule, &facts)).collect();
    Judged { facts, judgements }
}

/// Judges one rule as if its requirement applied: for the examples inside rules.
pub fn judge_as_applicable(packs: &Packs, reading: &Reading, rule: usize) -> Judgement {
    let judge = Judge::new(packs, reading);
    let facts: Vec<_> = packs.facts.iter().enumerate().map(|(number, fact)| judge.fact(number, fact, None)).collect();
    judge.applicable_rule(rule, &packs.rules[rule], &facts)
}
