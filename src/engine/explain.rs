//! Tells what every rule saw in a passage, and why it did or did not count.

use super::reader::{Explained, explaining};
use super::reading::Reading;
use crate::document::Document;
use crate::rule::{Ask, AskNumber, Even, Packs};
use crate::source::Span;
use std::ops::Range;

/// What one phrase of a rule saw in a passage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// The rule's id or the fact's name.
    pub owner: String,
    /// What the phrase is for: "satisfied", "weak", "satisfied, \"a way to opt out\"", "satisfied, unless".
    pub purpose: String,
    /// The phrase as written.
    pub phrase: String,
    /// The words that it matched.
    pub span: Span,
    /// The quantities that it captured, in words: "duration 10 business days".
    pub captures: Vec<String>,
    /// Why it does not count ("a negation denies it"), and the words that say so; none where it counts.
    pub discounted: Option<(&'static str, Option<Span>)>,
}

/// What every rule saw in the sentences that touch a span, in the order of the facts and rules. Needs packs with their phrases.
pub fn explain(packs: &Packs, document: &Document, span: Span) -> Vec<Seen> {
    let spans = (0..document.sentences.len()).map(|sentence| document.sentence_span(sentence));
    let first = spans.clone().take_while(|sentence| sentence.end <= span.start).count();
    let touched = first..first + spans.skip(first).take_while(|sentence| sentence.start < span.end).count();
    let (reading, explained) = explaining(packs, document, touched);
    let mut seen = Vec::new();
    for Asked { owner, purpose, ask } in asked(packs) {
        let &Ask { node, even, .. } = &packs.program.asks[ask as usize];
        for one in explained.iter().filter(|one| one.ask == ask) {
            let phrase = packs.phrases.get(node as usize).and_then(|phrases| phrases.get(usize::from(one.index)));
            let quantities = one.details.quantities.iter();
            seen.push(Seen {
                owner: owner.to_owned(),
                purpose: purpose.clone(),
                phrase: phrase.cloned().unwrap_or_default(),
                span: document.span(one.words.clone()),
                captures: quantities.map(|(capture, quantity)| format!("{} {quantity}", capture.name())).collect(),
                discounted: discounted(&reading, one, even).map(|(why, words)| (why, words.map(|words| document.span(words)))),
            });
        }
    }
    // What bars a case matters only where a case might hold; and cases share elements.
    let speaks = |owner: &str| seen.iter().any(|one| one.owner == owner && !one.bars());
    let telling: Vec<bool> = seen.iter().map(|one| !one.bars() || speaks(&one.owner)).collect();
    let mut telling = telling.into_iter();
    seen.retain(|_| telling.next().unwrap_or_default());
    let mut known = Vec::new();
    seen.retain(|one| {
        let key = (one.owner.clone(), one.phrase.clone(), one.span, one.bars(), one.discounted);
        let new = !known.contains(&key);
        if new {
            known.push(key);
        }
        new
    });
    seen
}

impl Seen {
    /// Does the match keep a case from holding?
    fn bars(&self) -> bool {
        self.purpose.ends_with(BARS)
    }
}

/// How the purpose of a phrase ends that keeps a case from holding.
const BARS: &str = ", unless";

/// Why a match does not count where some speech is taken, and the words that say so.
fn discounted(reading: &Reading, one: &Explained, even: Even) -> Option<(&'static str, Option<Range<usize>>)> {
    let Explained { sentence, details, .. } = one;
    let because = |words: &Option<Range<usize>>, allowed: bool, why| words.clone().filter(|_| !allowed).map(|words| (why, Some(words)));
    because(&details.negation, even.negated, "a negation denies it")
        .or_else(|| because(&reading.law(*sentence), even.law, "it restates a law"))
        .or_else(|| (reading.is_question(*sentence) && !even.question).then_some(("it is a question", None)))
        .or_else(|| (reading.is_heading(*sentence) && !even.heading).then_some(("it is a heading", None)))
        .or_else(|| because(&details.hedge, even.hedged, "it is hedged"))
}

/// What a rule or fact asks for.
struct Asked<'p> {
    owner: &'p str,
    purpose: String,
    ask: AskNumber,
}

fn asked(packs: &Packs) -> Vec<Asked<'_>> {
    let facts = packs.facts.iter().map(|fact| (fact.name.as_str(), vec![("false", &fact.no), ("true", &fact.yes)]));
    let rules = packs
        .rules
        .iter()
        .map(|rule| (rule.id.as_str(), vec![("satisfied", &rule.satisfied), ("contradicted", &rule.contradicted), ("weak", &rule.weak)]));
    let mut all = Vec::new();
    for (owner, lists) in facts.chain(rules) {
        for (verdict, cases) in lists {
            for case in cases {
                all.extend(case.say.iter().chain(&case.all).chain(&case.of).map(|element| {
                    let purpose = if element.name.is_empty() { verdict.to_owned() } else { format!("{verdict}, \"{}\"", element.name) };
                    Asked { owner, purpose, ask: element.ask }
                }));
                let bars = [case.unless, case.unless_nearby, case.unless_anywhere].into_iter().flatten();
                all.extend(bars.map(|ask| Asked { owner, purpose: format!("{verdict}{BARS}"), ask }));
            }
        }
    }
    all
}
