//! The last step: symbols get their numbers, alternatives the rarest symbol that they need, and words their table.

use super::super::regexes::{RegexAlternative, Regexes};
use super::super::words::{Spelling, Words};
use super::super::{Alternative, Capture, Fact, Item, Pack, Packs, Program, Reserved, Rule, Symbol};
use super::asks::{Asks, DraftCase};
use super::{Compiler, Draft, Sign};
use std::collections::{BTreeMap, BTreeSet};

/// A rule before symbols are numbered.
pub(super) struct DraftRule {
    pub(super) rule: Rule,
    pub(super) satisfied: Vec<DraftCase>,
    pub(super) contradicted: Vec<DraftCase>,
    pub(super) weak: Vec<DraftCase>,
    pub(super) place: Sign,
}

/// A fact before symbols are numbered.
pub(super) struct DraftFact {
    pub(super) name: String,
    pub(super) asks: String,
    pub(super) default: bool,
    pub(super) no: Vec<DraftCase>,
    pub(super) yes: Vec<DraftCase>,
}

impl Compiler<'_> {
    /// Numbers the symbols and puts everything together.
    #[allow(clippy::cast_possible_truncation)] // there are fewer symbols than bytes of YAML
    pub(super) fn finish(
        &mut self,
        reserved: [Option<Sign>; 8],
        reserved_nodes: usize,
        genre: [Option<Sign>; 3],
        packs: Vec<Pack>,
        rules: Vec<DraftRule>,
        facts: Vec<DraftFact>,
    ) -> Packs {
        let captures = Capture::ALL.len() as u32;
        let classes = self.classes.len() as u32;
        let symbol = |sign: Sign| match sign {
            Sign::Capture(capture) => capture.symbol(),
            Sign::Class(class) => captures + class,
            Sign::Node(node) => captures + classes + node,
        };
        let symbols = (captures + classes) as usize + self.nodes.len();
        let mut phrases = vec![Vec::new(); symbols];
        for (&sign, texts) in &self.kept {
            phrases[symbol(sign) as usize].clone_from(texts);
        }
        let regex = |(node, index, regex): &(u32, u16, String)| RegexAlternative::new(symbol(Sign::Node(*node)), *index, regex.clone());
        let [negation, no_negation, brief_negation, clause_start, hedge, no_hedge, law_restated, no_law_restated] =
            reserved.map(|sign| sign.map(symbol));
        let [privacy_speech, policy_title, other_title] = genre.map(|sign| sign.map(symbol));
        let mut program = Program {
            words: self.words(captures),
            symbols,
            regexes: Regexes::new(self.regexes.iter().map(regex).collect()),
            reserved: Reserved {
                negation,
                no_negation,
                brief_negation,
                clause_start,
                hedge,
                no_hedge,
                law_restated,
                no_law_restated,
                privacy_speech,
                policy_title,
                other_title,
            },
            ..Program::default()
        };
        self.add_alternatives(&mut program, &symbol, reserved_nodes);
        let mut asks = Asks::new(&symbol);
        let rule = |asks: &mut Asks, draft: DraftRule| Rule {
            satisfied: asks.cases(draft.satisfied),
            contradicted: asks.cases(draft.contradicted),
            weak: asks.cases(draft.weak),
            place: asks.place(draft.place),
            ..draft.rule
        };
        let fact = |asks: &mut Asks, draft: DraftFact| Fact {
            name: draft.name,
            asks: draft.asks,
            default: draft.default,
            no: asks.cases(draft.no),
            yes: asks.cases(draft.yes),
        };
        let rules: Vec<Rule> = rules.into_iter().map(|draft| rule(&mut asks, draft)).collect();
        let facts: Vec<Fact> = facts.into_iter().map(|draft| fact(&mut asks, draft)).collect();
        let mut packs = Packs { added: Vec::new(), packs, rules, facts, program, phrases };
        asks.finish(&mut packs);
        packs
    }

    /// Puts every alternative into the program, in the order of its node.
    #[allow(clippy::cast_possible_truncation)] // there are fewer symbols than bytes of YAML
    fn add_alternatives(&self, program: &mut Program, symbol: &dyn Fn(Sign) -> Symbol, reserved_nodes: usize) {
        let captures = Capture::ALL.len() as u32;
        let mut asked = vec![0_u32; program.symbols];
        let mut alternatives: Vec<Alternative> = Vec::new();
        let mut all_needs: Vec<Vec<Symbol>> = Vec::new();
        for (node, sides) in self.nodes.iter().enumerate() {
            for (index, drafts) in sides {
                let item = |draft: &Draft| Item { symbol: symbol(draft.sign), optional: draft.optional, gap: draft.gap };
                let mut needs: Vec<Symbol> = drafts.iter().filter(|draft| !draft.optional).map(|draft| symbol(draft.sign)).collect();
                needs.sort_unstable();
                needs.dedup();
                for &need in &needs {
                    asked[need as usize] += 1;
                }
                alternatives.push(Alternative { node: symbol(Sign::Node(node as u32)), rarest: 0, index: *index });
                program.items.push(drafts.iter().map(item));
                all_needs.push(needs);
            }
            if node + 1 == reserved_nodes {
                program.reserved_alternatives = alternatives.len();
            }
        }
        // What fewest ask for decides soonest that an alternative cannot match: what many rules speak of is what most sentences have.
        for (alternative, needs) in alternatives.iter_mut().zip(&mut all_needs) {
            needs.sort_unstable_by_key(|&need| (need < captures, asked[need as usize], need));
            let others = needs.split_off(needs.len().min(1));
            alternative.rarest = needs.first().copied().unwrap_or_default();
            program.needs.push(others);
        }
        program.alternatives = alternatives.into_iter().collect();
    }

    /// The table of spellings.
    fn words(&self, captures: u32) -> Words {
        let mut spellings: BTreeMap<String, Spelling> = BTreeMap::new();
        for (words, class) in &self.classes {
            for (word, exact) in words {
                let forms = if *exact { BTreeSet::from([word.clone()]) } else { self.forms.of(word) };
                for form in forms {
                    let classes = &mut spellings.entry(form).or_default().classes;
                    if !classes.contains(&(captures + class)) {
                        classes.push(captures + class);
                    }
                }
            }
        }
        for filler in &self.fillers {
            spellings.entry(filler.clone()).or_default().filler = true;
        }
        for (spelling, parts) in &self.parts {
            spellings.entry(spelling.clone()).or_default().parts.clone_from(parts);
        }
        Words::new(&spellings)
    }
}
