//! Turns hits into verdicts: which cases of a rule hold, which of them wins, and where a missing statement belongs.

use super::reading::{Hit, LONG, Reading};
use crate::document::narrow;
use crate::rule::schema::Scope;
use crate::rule::{AskNumber, Case, Element, Fact, Packs, Rule};
use crate::source::Span;
use crate::verdict::{Confidence, Evidence, FactSource, FactValue, Judgement, Place, PlaceKind, Role, Verdict};
use std::cmp::Reverse;
use std::ops::Range;

/// How many passages a verdict shows.
const SHOWN: usize = 5;
/// The longest stretch of sentences that is shown as one passage, in bytes of prose.
const STRETCH: usize = 1000;

/// A hit, and the ask that took it.
#[derive(Clone, Copy)]
struct Taken {
    ask: AskNumber,
    hit: Hit,
}

/// A case that holds, by its deciding hit.
struct Holding<'r> {
    case: &'r Case,
    /// The case's place among those that were looked at.
    order: u32,
    taken: Taken,
}

impl Holding<'_> {
    fn sentence(&self) -> usize {
        self.taken.hit.sentence()
    }
}

/// A hit that decides a case but for the elements that are absent.
struct Near {
    taken: Taken,
    lacks: Vec<String>,
}

/// Whether the further elements of a case are in a stretch of the policy. Hits that follow one another mostly share theirs: a long
/// paragraph is looked through once, not once for each of its sentences.
struct Around {
    sentences: Range<usize>,
    complete: bool,
}

/// Judges with what was read.
pub(super) struct Judge<'r> {
    packs: &'r Packs,
    reading: &'r Reading<'r>,
}

impl<'r> Judge<'r> {
    pub(super) fn new(packs: &'r Packs, reading: &'r Reading<'r>) -> Self {
        Self { packs, reading }
    }

    /// The value of a fact: what is declared, else false where a passage shows it false, true where one shows it true, else the default.
    pub(super) fn fact(&self, number: usize, fact: &'r Fact, declared: Option<bool>) -> FactValue {
        if let Some(value) = declared {
            return FactValue { fact: number, value, source: FactSource::Config, evidence: Vec::new() };
        }
        for (value, cases) in [(false, &fact.no), (true, &fact.yes)] {
            let holding = self.holding(cases, &|_| false, &mut None);
            if !holding.is_empty() {
                let evidence = self.evidence(Role::Trigger, &holding);
                return FactValue { fact: number, value, source: FactSource::Policy, evidence };
            }
        }
        FactValue { fact: number, value: fact.default, source: FactSource::Default, evidence: Vec::new() }
    }

    /// The verdict on a rule.
    pub(super) fn rule(&self, number: usize, rule: &'r Rule, facts: &[FactValue]) -> Judgement {
        let holds = |fact: usize| facts[fact].value;
        if rule.applies.holds(&holds) {
            return self.applicable_rule(number, rule, facts);
        }
        let failing = rule.applies.failing(&holds);
        let named = failing.iter().map(|&fact| format!("{} is {}", self.packs.facts[fact].name, facts[fact].value));
        let assumed = failing.iter().filter(|&&fact| facts[fact].source == FactSource::Default);
        let doubts: Vec<String> =
            assumed.map(|&fact| format!("nothing tells whether {} is true", self.packs.facts[fact].name)).take(1).collect();
        Judgement {
            confidence: Confidence::after(doubts.len()),
            doubts,
            because: Some(named.collect::<Vec<_>>().join(", ")),
            evidence: failing.first().map(|&fact| facts[fact].evidence.clone()).unwrap_or_default(),
            ..Judgement::new(number, Verdict::NotApplicable, rule.title.clone())
        }
    }

    /// The verdict on a rule whose requirement applies.
    pub(super) fn applicable_rule(&self, number: usize, rule: &'r Rule, facts: &[FactValue]) -> Judgement {
        let holds = |fact: usize| facts[fact].value;
        let mut near = None;
        let mut satisfied = self.holding(&rule.satisfied, &holds, &mut near);
        let is_hedged = satisfied.iter().all(|one| self.is_weakened(one));
        let hedged = if is_hedged { std::mem::take(&mut satisfied) } else { Vec::new() };
        satisfied.retain(|one| !self.is_weakened(one));
        let contradicted = self.holding(&rule.contradicted, &holds, &mut None);
        let takes_back = contradicted.iter().any(|holding| holding.case.takes_back);
        if takes_back || satisfied.is_empty() && !contradicted.is_empty() {
            return Judgement {
                severity: rule.severity.of(Verdict::Contradicted),
                evidence: self.evidence(Role::Contradicts, &contradicted),
                ..Judgement::new(number, Verdict::Contradicted, format!("The opposite is stated: {}", wrong(contradicted[0].case)))
            };
        }
        if !satisfied.is_empty() {
            let evidence = self.evidence(Role::Satisfies, &satisfied);
            return Judgement { evidence, ..Judgement::new(number, Verdict::Satisfied, rule.title.clone()) };
        }
        let mut weak = hedged;
        let behind = narrow(rule.satisfied.len());
        let vague = self.holding(&rule.weak, &holds, &mut None);
        weak.extend(vague.into_iter().map(|one| Holding { order: one.order + behind, ..one }));
        if let Some(first) = weak.first() {
            let wrong = match self.reading.hedge(first.taken.hit) {
                Some(hedge) if self.is_weakened(first) => format!("hedged by \"{}\"", &self.reading.document().prose[hedge]),
                _ => wrong(first.case),
            };
            let doubts: Vec<String> = errs(rule, Verdict::Weak).into_iter().collect();
            return Judgement {
                severity: rule.severity.of(Verdict::Weak),
                confidence: Confidence::after(doubts.len()),
                doubts,
                lacks: first.case.lacks.clone(),
                evidence: self.evidence(Role::Weakens, &weak),
                ..Judgement::new(number, Verdict::Weak, format!("Stated weakly: {wrong}"))
            };
        }
        let closest = near.as_ref();
        let nearly = closest.map_or_else(|| self.nearly(rule), |_| None);
        let close = (closest.is_some() || nearly.is_some()).then(|| "a passage comes close".to_owned());
        let doubts: Vec<String> = close.into_iter().chain(errs(rule, Verdict::Missing)).collect();
        Judgement {
            severity: rule.severity.of(Verdict::Missing),
            confidence: Confidence::after(doubts.len()),
            doubts,
            lacks: closest.map(|closest| closest.lacks.clone()).unwrap_or_default(),
            evidence: closest.map(|closest| self.passage(Role::NearMiss, closest.taken)).or(nearly).into_iter().collect(),
            place: self.place(rule, closest),
            ..Judgement::new(number, Verdict::Missing, rule.missing.clone())
        }
    }

    /// The first passage that has all that a satisfying phrase is made of, and nothing that bars it, but is not put as the phrase asks.
    fn nearly(&self, rule: &Rule) -> Option<Evidence> {
        // Where a case asks for more than a phrase, its words alone say little.
        let plain = |case: &&Case| case.all.is_empty() && case.of.is_empty() && case.under.is_none();
        let close = |case: &Case| {
            let compared = |ask: AskNumber| !self.packs.program.asks[ask as usize].comparisons.is_empty();
            case.say.iter().filter(|anchor| !compared(anchor.ask)).find_map(|anchor| self.reading.nearly(anchor.ask))
        };
        let close = rule.satisfied.iter().filter(plain).find_map(close)?;
        Some(self.shown(Role::NearMiss, &(close..close + 1)))
    }

    /// The cases that hold, in the order of the cases, each with its deciding hits in the order of the policy; and the first hit that only
    /// lacks elements.
    fn holding(&self, cases: &'r [Case], facts: &dyn Fn(usize) -> bool, near: &mut Option<Near>) -> Vec<Holding<'r>> {
        let mut holding = Vec::new();
        for (order, case) in (0..).zip(cases).filter(|(_, case)| case.when.holds(facts)) {
            if case.unless_anywhere.is_some_and(|ask| !self.reading.of(ask).is_empty()) {
                continue;
            }
            let mut around = None;
            let taken = |anchor: &Element| {
                let ask = anchor.ask;
                self.reading.of(ask).iter().map(move |&hit| Taken { ask, hit })
            };
            for taken in case.say.iter().flat_map(taken).filter(|taken| self.decides(case, taken.hit)) {
                if self.is_complete(case, taken.hit, &mut around) {
                    holding.push(Holding { case, order, taken });
                } else {
                    near.get_or_insert_with(|| Near { taken, lacks: self.lacks(case, taken.hit) });
                }
            }
        }
        holding
    }

    /// Does a hedge weaken the passage that decides a case?
    fn is_weakened(&self, holding: &Holding) -> bool {
        holding.taken.hit.is_hedged() && !self.packs.program.asks[holding.taken.ask as usize].even.hedged
    }

    /// Does a hit decide a case by where it stands, its elements aside?
    fn decides(&self, case: &Case, hit: Hit) -> bool {
        let is_near = |ask: AskNumber| !self.reading.within(ask, &self.reading.scope(hit.sentence(), Scope::Paragraph)).is_empty();
        let is_under = |ask: AskNumber| self.reading.is_under(ask, hit.sentence());
        case.under.is_none_or(is_under) && !case.unless_under.is_some_and(is_under) && !case.unless_nearby.is_some_and(is_near)
    }

    /// Are the further elements of a case there, around a hit? `last` is what was around the hit before.
    fn is_complete(&self, case: &Case, hit: Hit, last: &mut Option<Around>) -> bool {
        if case.all.is_empty() && case.of.is_empty() {
            return true;
        }
        let sentences = self.reading.scope(hit.sentence(), case.within);
        match last {
            Some(around) if around.sentences == sentences => around.complete,
            _ => {
                let all = case.all.iter().all(|element| self.counting(element, &sentences).next().is_some());
                let complete = all && self.has_enough(case, &sentences);
                *last = Some(Around { sentences, complete });
                complete
            }
        }
    }

    /// The hits of a case's further element in some sentences, in their order.
    fn counting(&self, element: &Element, sentences: &Range<usize>) -> impl Iterator<Item = &'r Hit> + use<'r> {
        self.reading.within(element.ask, sentences).iter()
    }

    /// Are as many elements of a case there as it asks for?
    fn has_enough(&self, case: &Case, sentences: &Range<usize>) -> bool {
        let there = if let [only] = case.of.as_slice() {
            let mut kinds: Vec<u16> = self.counting(only, sentences).map(|hit| hit.index).collect();
            kinds.sort_unstable();
            kinds.dedup();
            kinds.len()
        } else {
            case.of.iter().filter(|element| self.counting(element, sentences).next().is_some()).count()
        };
        there >= case.least
    }

    /// The names of the elements that are absent around a hit.
    fn lacks(&self, case: &Case, hit: Hit) -> Vec<String> {
        let sentences = self.reading.scope(hit.sentence(), case.within);
        let absent = case.all.iter().filter(|element| self.counting(element, &sentences).next().is_none());
        let too_few = if self.has_enough(case, &sentences) { &[] } else { case.of.as_slice() };
        absent.chain(too_few).map(|element| element.name.clone()).collect()
    }

    /// What the further elements of a case take around a hit, in other sentences.
    fn others(&self, case: &Case, hit: Hit) -> Vec<Taken> {
        let sentences = self.reading.scope(hit.sentence(), case.within);
        let counting = |element: &Element| {
            let ask = element.ask;
            self.counting(element, &sentences).map(move |&hit| Taken { ask, hit })
        };
        // The nearest passage tells most.
        let nearest = |element| counting(element).min_by_key(|other| other.hit.sentence().abs_diff(hit.sentence()));
        let all = case.all.iter().filter_map(nearest);
        let of = case.of.iter().filter_map(|element| counting(element).next());
        all.chain(of).filter(|other| other.hit.sentence() != hit.sentence()).collect()
    }

    /// The passages of cases that hold, each sentence once: in the order of the cases; of one case those first that most phrases of the
    /// rule speak in, for they are to the point; and behind the first those of its further elements.
    fn evidence(&self, role: Role, holding: &[Holding]) -> Vec<Evidence> {
        let mut phrases = vec![0_u32; self.reading.document().sentences.len()];
        for one in holding {
            phrases[one.sentence()] += u32::from(one.taken.hit.count);
        }
        let mut seen: Vec<Range<usize>> = Vec::new();
        let mut evidence: Vec<Evidence> = Vec::new();
        let mut show = |role: Role, taken: Taken| {
            let sentence = taken.hit.sentence();
            if evidence.len() < SHOWN && !seen.iter().any(|range| range.contains(&sentence)) {
                // A finding points at its words; what satisfies is shown with the list that it stands in.
                let stretch = if role == Role::Satisfies { self.list(sentence) } else { sentence..sentence + 1 };
                let shown = if stretch.len() > 1 { self.shown(role, &stretch) } else { self.passage(role, taken) };
                let part = seen.iter().position(|range| stretch.start <= range.start && range.end <= stretch.end);
                if let Some(part) = part {
                    (evidence[part], seen[part]) = (shown, stretch);
                } else {
                    evidence.push(shown);
                    seen.push(stretch);
                }
            }
        };
        let to_the_point = |one: &Holding| {
            // Where kinds are counted, a sentence with many of them is a list, not the statement.
            if one.case.of.is_empty() { phrases[one.sentence()] } else { 0 }
        };
        let mut ranked: Vec<&Holding> = holding.iter().collect();
        ranked.sort_by_key(|one| (one.order, Reverse(to_the_point(one))));
        if let Some(first) = ranked.first() {
            show(role, first.taken);
            // Two passages of a policy contradict each other; nearby ones only tell what the first speaks of.
            let context = role == Role::Contradicts && first.case.within != Scope::Document;
            for other in self.others(first.case, first.taken.hit) {
                show(if context { Role::Trigger } else { role }, other);
            }
        }
        for one in ranked.iter().skip(1) {
            show(role, one.taken);
        }
        evidence
    }

    /// A sentence with the items that it leads in, or an item with what leads it in and the items that follow, as far as a passage
    /// reaches.
    fn list(&self, sentence: usize) -> Range<usize> {
        let document = self.reading.document();
        let lead_ins = |sentence: usize| document.blocks[document.sentences[sentence].block()].lead_ins;
        let top = lead_ins(sentence).iter().next_back().unwrap_or(sentence);
        let first = if self.reaches(&(top..sentence + 1)) { top } else { sentence };
        let belongs = |&other: &usize| lead_ins(other).iter().any(|lead_in| lead_in == top) && self.reaches(&(first..other + 1));
        let last = (sentence + 1..document.sentences.len()).take_while(belongs).last();
        first..last.unwrap_or(sentence) + 1
    }

    /// Is a stretch of sentences short enough to be shown as one passage?
    fn reaches(&self, stretch: &Range<usize>) -> bool {
        let sentences = &self.reading.document().sentences;
        sentences[stretch.end - 1].range().end - sentences[stretch.start].range().start <= STRETCH
    }

    /// Whole sentences.
    fn shown(&self, role: Role, sentences: &Range<usize>) -> Evidence {
        let document = self.reading.document();
        let range = document.sentences[sentences.start].range().start..document.sentences[sentences.end - 1].range().end;
        Evidence { role, span: document.span(range), hedges: Vec::new() }
    }

    /// The sentence of a hit, or of a long one the part around the words.
    fn passage(&self, role: Role, Taken { ask, hit }: Taken) -> Evidence {
        let document = self.reading.document();
        let whole = self.reading.passage(hit.sentence());
        let range = match self.reading.words(ask, hit) {
            Some(words) => around(&document.prose, whole, &words),
            None => whole,
        };
        let hedge = self.reading.hedge(hit).filter(|hedge| range.start <= hedge.start && hedge.end <= range.end);
        Evidence { role, span: document.span(range), hedges: hedge.map(|hedge| document.span(hedge)).into_iter().collect() }
    }

    /// Where a missing statement belongs.
    fn place(&self, rule: &Rule, near: Option<&Near>) -> Option<Place> {
        let document = self.reading.document();
        let span = |sentence: usize| -> Span { document.sentence_span(sentence) };
        if let Some(near) = near {
            return Some(Place { kind: PlaceKind::NearMiss, span: self.passage(Role::NearMiss, near.taken).span });
        }
        let title = document.title.map(|title| document.blocks[title].sentences());
        let best =
            |heading: bool| self.reading.of(rule.place).iter().copied().find(|hit| self.reading.is_heading(hit.sentence()) == heading);
        if let Some(hit) = best(true) {
            return Some(Place { kind: PlaceKind::Heading, span: span(hit.sentence()) });
        }
        if let Some(hit) = best(false) {
            return Some(Place { kind: PlaceKind::Trigger, span: self.passage(Role::Trigger, Taken { ask: rule.place, hit }).span });
        }
        title.map(|title| Place { kind: PlaceKind::Title, span: span(title.start) })
    }
}

/// What is said of a verdict that a rule often gives in vain.
fn errs(rule: &Rule, verdict: Verdict) -> Option<String> {
    let share = rule.measured.as_ref()?.poor(verdict)?;
    Some(format!("where policies were labelled, {} of {} that this rule called {} were so", share.part, share.of, verdict.as_str()))
}

/// What is wrong with the passage of a case.
fn wrong(case: &Case) -> String {
    if case.but.is_empty() { format!("lacks {}", case.lacks.join(" and ")) } else { case.but.clone() }
}

/// The part of a long passage around some words, cut between words.
fn around(prose: &str, whole: Range<usize>, words: &Range<usize>) -> Range<usize> {
    let room = LONG.saturating_sub(words.len()) / 2;
    let mut start = words.start.saturating_sub(room).max(whole.start);
    let mut end = (words.end + room).min(whole.end);
    if end - start > LONG * 2 {
        end = start + LONG * 2;
    }
    while start > whole.start && !(prose.is_char_boundary(start) && prose[..start].ends_with(' ')) {
        start -= 1;
    }
    while end < whole.end && !(prose.is_char_boundary(end) && prose[end..].starts_with(' ')) {
        end += 1;
    }
    start..end
}
