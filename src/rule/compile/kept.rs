//! What rules and facts ask for directly, and where in a text: what bars a phrase, or completes it in its own sentence, matters only
//! beside it.

use super::super::lists::Lists;
use super::super::schema::Scope;
use super::super::{Case, Element, Fact, Rule, Symbol};
use std::collections::{BTreeMap, BTreeSet};

/// By symbol: those of which one must be able to match in the same sentence; none where it matters everywhere.
#[derive(Default)]
struct Asked(BTreeMap<Symbol, Option<BTreeSet<Symbol>>>);

impl Asked {
    fn everywhere(&mut self, symbol: Symbol) {
        self.0.insert(symbol, None);
    }

    fn beside(&mut self, symbol: Symbol, others: &[Symbol]) {
        if let Some(beside) = self.0.entry(symbol).or_insert_with(|| Some(BTreeSet::new())) {
            beside.extend(others);
        }
    }

    fn case(&mut self, case: &Case) {
        let anchors: Vec<Symbol> = case.say.iter().map(|anchor| anchor.node).collect();
        let further = || case.all.iter().chain(&case.of);
        for Element { node, unless, .. } in case.say.iter().chain(further()) {
            if let Some(unless) = *unless {
                self.beside(unless, &[*node]);
            }
        }
        for element in further() {
            match case.within {
                Scope::Sentence => self.beside(element.node, &anchors),
                _ => self.everywhere(element.node),
            }
        }
        if let Some(unless) = case.unless {
            self.beside(unless, &anchors);
        }
        for &anchor in &anchors {
            self.everywhere(anchor);
        }
        for symbol in [case.under, case.unless_nearby, case.unless_anywhere].into_iter().flatten() {
            self.everywhere(symbol);
        }
    }
}

/// The symbols that rules and facts ask for, sorted, and for each those that must be able to match beside it.
pub(super) fn kept(rules: &[Rule], facts: &[Fact]) -> (Vec<Symbol>, Lists<Symbol>) {
    let mut asked = Asked::default();
    let of_rules = rules.iter().flat_map(|rule| rule.satisfied.iter().chain(&rule.contradicted).chain(&rule.weak));
    for case in of_rules.chain(facts.iter().flat_map(|fact| fact.no.iter().chain(&fact.yes))) {
        asked.case(case);
    }
    for rule in rules {
        asked.everywhere(rule.place);
    }
    let mut lists = Lists::default();
    for beside in asked.0.values() {
        lists.push(beside.iter().flatten().copied());
    }
    (asked.0.into_keys().collect(), lists)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_bars_a_phrase_is_asked_for_beside_it_alone() {
        let case = |say: Symbol, unless| Case {
            say: vec![Element { name: String::new(), node: say, unless: None, even: Default::default() }],
            unless: Some(unless),
            ..Case::default()
        };
        let fact = |cases: Vec<Case>| Fact { name: String::new(), asks: String::new(), default: false, no: Vec::new(), yes: cases };
        let (kept, beside) = kept(&[], &[fact(vec![case(7, 3), case(5, 3), case(9, 5)])]);
        assert_eq!(kept, [3, 5, 7, 9]);
        // What is asked for everywhere by one case is asked for everywhere.
        assert!(beside.iter().eq([&[5, 7][..], &[], &[], &[]]));
    }
}
