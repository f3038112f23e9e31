//! What rules and facts ask for, gathered: cases are put together here, and each of their phrases becomes an [`Ask`].

use super::super::schema::Scope;
use super::super::{Ask, AskNumber, Case, Comparison, Element, Even, Packs, Purpose, Symbol};
use super::Sign;
use std::collections::HashMap;

/// An element before symbols are numbered.
#[derive(Clone)]
pub(super) struct DraftElement {
    pub(super) name: String,
    pub(super) sign: Sign,
    pub(super) unless: Option<Sign>,
    pub(super) even: Even,
}

/// A case before symbols are numbered.
pub(super) struct DraftCase {
    pub(super) case: Case,
    pub(super) even: Even,
    pub(super) comparisons: Vec<Comparison>,
    pub(super) anchors: Vec<DraftElement>,
    pub(super) all: Vec<DraftElement>,
    pub(super) of: Vec<DraftElement>,
    pub(super) under: Option<Sign>,
    pub(super) unless_under: Option<Sign>,
    pub(super) unless: Option<Sign>,
    pub(super) unless_nearby: Option<Sign>,
    pub(super) unless_anywhere: Option<Sign>,
}

/// The asks so far, and the symbol of each sign.
pub(super) struct Asks<'a> {
    list: Vec<Ask>,
    of_node: HashMap<Symbol, Vec<AskNumber>>,
    symbol: &'a dyn Fn(Sign) -> Symbol,
}

impl<'a> Asks<'a> {
    pub(super) fn new(symbol: &'a dyn Fn(Sign) -> Symbol) -> Self {
        Self { list: Vec::new(), of_node: HashMap::new(), symbol }
    }

    /// The number of an ask; who asks the same shares it.
    fn add(&mut self, ask: Ask) -> AskNumber {
        let numbers = self.of_node.entry(ask.node).or_default();
        if let Some(known) = numbers.iter().find(|&&number| self.list[number as usize] == ask) {
            return *known;
        }
        let number = AskNumber::try_from(self.list.len()).unwrap_or(AskNumber::MAX);
        numbers.push(number);
        self.list.push(ask);
        number
    }

    /// Where a missing statement belongs.
    pub(super) fn place(&mut self, sign: Sign) -> AskNumber {
        self.add(Ask { node: (self.symbol)(sign), purpose: Purpose::Place, even: Even::ALL, ..Ask::default() })
    }

    /// Cases, with an ask for everything in them.
    pub(super) fn cases(&mut self, drafts: Vec<DraftCase>) -> Vec<Case> {
        drafts.into_iter().map(|draft| self.case(draft)).collect()
    }

    /// A case, with an ask for everything in it.
    fn case(&mut self, draft: DraftCase) -> Case {
        let symbol = self.symbol;
        let anchors: Vec<Symbol> = draft.anchors.iter().map(|anchor| symbol(anchor.sign)).collect();
        let barred = draft.unless.map(symbol);
        let element = |asks: &mut Self, element: DraftElement, ask: Ask| {
            let mut unless = ask.unless;
            unless.extend(element.unless.map(symbol));
            let ask = Ask { node: symbol(element.sign), even: draft.even | element.even, unless, ..ask };
            Element { name: element.name, ask: asks.add(ask) }
        };
        let statement = || Ask { unless: barred.into_iter().collect(), comparisons: draft.comparisons.clone(), ..Ask::default() };
        let say: Vec<Element> = draft.anchors.into_iter().map(|anchor| element(self, anchor, statement())).collect();
        let beside = if draft.case.within == Scope::Sentence { anchors.as_slice() } else { &[] };
        let further = |purpose: Purpose| Ask { purpose, beside: beside.to_vec(), ..Ask::default() };
        let all = draft.all.into_iter().map(|one| element(self, one, further(Purpose::Context))).collect();
        // Of several elements it counts which are there; of a single one, which of its phrases.
        let counted = if draft.of.len() == 1 { Purpose::Kinds } else { Purpose::Context };
        let of = draft.of.into_iter().map(|one| element(self, one, further(counted))).collect();
        let mut any = |sign: Option<Sign>, ask: Ask| sign.map(|sign| self.add(Ask { node: symbol(sign), ..ask }));
        let context = || Ask { purpose: Purpose::Context, even: Even::ALL, ..Ask::default() };
        Case {
            say,
            all,
            of,
            under: any(draft.under, context()),
            unless_under: any(draft.unless_under, context()),
            unless: any(draft.unless, Ask { purpose: Purpose::Refusal, even: Even::ALL, beside: anchors, ..Ask::default() }),
            unless_nearby: any(draft.unless_nearby, context()),
            unless_anywhere: any(draft.unless_anywhere, Ask::default()),
            ..draft.case
        }
    }

    /// Puts the asks into the program, in the order of their nodes, and their new numbers into rules and facts.
    pub(super) fn finish(self, packs: &mut Packs) {
        let mut order: Vec<usize> = (0..self.list.len()).collect();
        order.sort_by_key(|&number| self.list[number].node);
        let mut numbers = vec![AskNumber::MAX; order.len()];
        for (new, &old) in (0..).zip(&order) {
            numbers[old] = new;
        }
        let renumber = |ask: &mut AskNumber| *ask = numbers[*ask as usize];
        let renumber_all = |cases: &mut [Case]| {
            for case in cases {
                let elements = case.say.iter_mut().chain(&mut case.all).chain(&mut case.of).map(|element| &mut element.ask);
                let bars = [&mut case.under, &mut case.unless_under, &mut case.unless, &mut case.unless_nearby, &mut case.unless_anywhere];
                elements.chain(bars.into_iter().flatten()).for_each(renumber);
            }
        };
        for rule in &mut packs.rules {
            renumber(&mut rule.place);
            for cases in [&mut rule.satisfied, &mut rule.contradicted, &mut rule.weak] {
                renumber_all(cases);
            }
        }
        for fact in &mut packs.facts {
            for cases in [&mut fact.no, &mut fact.yes] {
                renumber_all(cases);
            }
        }
        let mut list: Vec<Option<Ask>> = self.list.into_iter().map(Some).collect();
        packs.program.asks = order.into_iter().filter_map(|number| list[number].take()).collect();
    }
}
