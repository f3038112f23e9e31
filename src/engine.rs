//! Judges a document by packs: facts first, then every requirement. Pure: the same document, packs and facts give the same verdicts.

use crate::document::Document;
use crate::rule::Packs;
use crate::source::Span;
use crate::verdict::Judged;

/// Judges a document. `declared` are the facts that the project states, by their index in [`Packs::facts`]; they win.
pub fn check(packs: &Packs, document: &Document, declared: &[(usize, bool)]) -> Judged {
    let _ = (packs, document, declared);
    Judged {
        facts: Vec::new(),
        judgements: Vec::new(),
    }
}

/// Why a document is not linted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unfit {
    /// In another language than English; its name in English, where it is known.
    Language(Option<&'static str>),
    /// It does not read as a privacy policy. Only `--only-policies` and walks mind.
    NotAPolicy,
}

/// Does the document read as an English privacy policy?
pub fn fitness(packs: &Packs, document: &Document) -> Result<(), Unfit> {
    let _ = (packs, document);
    Ok(())
}

/// What one phrase of a rule saw in a passage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// The rule's id or the fact's name.
    pub owner: String,
    /// What the phrase is for: "satisfied", "weak", "element \"a way to opt out\"", "unless".
    pub purpose: String,
    /// The phrase as written.
    pub phrase: String,
    /// The words that it matched.
    pub span: Span,
    /// What it captured, by name.
    pub captures: Vec<(&'static str, Span)>,
    /// Why it does not count ("denied by this negation"), and the words that say so; none where it counts.
    pub discounted: Option<(&'static str, Option<Span>)>,
}

/// What every rule saw in the sentences that touch a span, in the order of the rules. Needs packs with their phrases.
pub fn explain(packs: &Packs, document: &Document, span: Span) -> Vec<Seen> {
    let _ = (packs, document, span);
    Vec::new()
}
