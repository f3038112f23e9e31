//! Packs of rules as used: compiled, ready to match. How they are written is `schema`'s, how one becomes the other `compile`'s.
//!
//! Every phrase of every pack becomes part of one [`Program`]: words are classes of forms, terms are nodes in topological order, and
//! every alternative of a node knows the rarest symbol that it needs. The build script compiles the built-in packs with this very
//! module; a user's pack is compiled when it is asked for.

pub mod compile;
pub mod condition;
pub mod digest;
pub mod forms;
pub mod lists;
pub mod measured;
pub mod nearest;
pub mod packed;
pub mod phrase;
pub mod positions;
pub mod quantity;
pub mod regexes;
pub mod schema;
pub mod words;

use super::verdict::Severity;
use condition::Condition;
use lists::Lists;
use measured::Measured;
use packed::Table;
use quantity::{Answer, Operator, Quantity};
use regexes::Regexes;
use schema::Scope;
use serde::{Deserialize, Serialize};
use std::ops::{BitOr, Range};
use words::Words;

/// A class of words, a capture or a node: anything that a phrase can ask for. Captures come first, then classes, then nodes.
pub type Symbol = u32;

/// Something that is found by its shape rather than by its words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Capture {
    /// "ten (10) business days", "24 hours", "a year".
    Duration,
    /// "31 January 2024", "01/31/2024", "May 2018".
    Date,
    /// An e-mail address.
    Email,
    /// A telephone number.
    Phone,
    /// A postal address: street, PO box, or town with its code.
    Address,
    /// A web address or domain.
    Url,
    /// The text of a link.
    Link,
    /// Years of age: "13", "thirteen (13) years of age", "under 13".
    Age,
    /// "$5", "20 euros".
    Money,
    /// A number, in digits or words.
    Number,
    /// A proper name: capitalised words, "Acme Inc."
    Name,
    /// The colon that the sentence ends with, or the word that stands for it: "the following".
    Colon,
    /// The end of the sentence.
    End,
    /// The start of the sentence.
    Start,
}

impl Capture {
    /// Every capture, in the order of their symbols.
    pub const ALL: [Self; 14] = [
        Self::Duration,
        Self::Date,
        Self::Email,
        Self::Phone,
        Self::Address,
        Self::Url,
        Self::Link,
        Self::Age,
        Self::Money,
        Self::Number,
        Self::Name,
        Self::Colon,
        Self::End,
        Self::Start,
    ];

    /// The capture's name in phrases; the start and the end of a sentence have signs of their own.
    pub fn name(self) -> &'static str {
        match self {
            Self::Duration => "duration",
            Self::Date => "date",
            Self::Email => "email",
            Self::Phone => "phone",
            Self::Address => "address",
            Self::Url => "url",
            Self::Link => "link",
            Self::Age => "age",
            Self::Money => "money",
            Self::Number => "number",
            Self::Name => "name",
            Self::Colon => "colon",
            Self::End => "$",
            Self::Start => "^",
        }
    }

    /// Its symbol.
    pub fn symbol(self) -> Symbol {
        self as Symbol
    }
}

/// One symbol of an alternative.
#[derive(Clone, Copy, Debug)]
pub struct Item {
    /// What must stand here.
    pub symbol: Symbol,
    /// May it be absent?
    pub optional: bool,
    /// How many words may stand between it and the item before it.
    pub gap: u8,
}

/// One way to match a node.
#[derive(Clone, Copy, Debug)]
pub struct Alternative {
    /// The node that it matches.
    pub node: Symbol,
    /// Of the symbols that it cannot do without, the one that fewest alternatives need.
    pub rarest: Symbol,
    /// Its place among the node's alternatives as written.
    pub index: u16,
}

/// Terms that the engine itself asks for. Their phrases are vocabulary like any other.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub struct Reserved {
    /// "do not", "never": what follows in the clause is denied.
    pub negation: Option<Symbol>,
    /// "not only", "no later than": no denial.
    pub no_negation: Option<Symbol>,
    /// "without": denies the few words that follow.
    pub brief_negation: Option<Symbol>,
    /// Where a new clause begins and a denial ends.
    pub clause_start: Option<Symbol>,
    /// "may", "where practical": weakens a commitment.
    pub hedge: Option<Symbol>,
    /// "you may": no hedge.
    pub no_hedge: Option<Symbol>,
    /// "COPPA requires operators to": restates a law.
    pub law_restated: Option<Symbol>,
    /// "As COPPA requires, we": restates none.
    pub no_law_restated: Option<Symbol>,
    /// How privacy policies speak.
    pub privacy_speech: Option<Symbol>,
    /// What privacy policies are called.
    pub policy_title: Option<Symbol>,
    /// What other documents are called.
    pub other_title: Option<Symbol>,
}

impl Reserved {
    /// Those that there are.
    pub fn all(&self) -> impl Iterator<Item = Symbol> {
        let negations = [self.negation, self.no_negation, self.brief_negation, self.clause_start];
        let others = [self.hedge, self.no_hedge, self.law_restated, self.no_law_restated];
        let genre = [self.privacy_speech, self.policy_title, self.other_title];
        negations.into_iter().chain(others).chain(genre).flatten()
    }
}

/// All phrases of all packs, compiled.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(bound(deserialize = "'de: 'static"))]
pub struct Program {
    /// The spellings that matter.
    pub words: Words,
    /// How many symbols there are.
    pub symbols: usize,
    /// In topological order of their nodes.
    pub alternatives: Table<Alternative>,
    /// For each alternative its symbols in their order; the first is not optional.
    pub items: Lists<Item>,
    /// For each alternative the other symbols that must be in the sentence.
    pub needs: Lists<Symbol>,
    /// Regular expressions.
    pub regexes: Regexes,
    /// What rules and facts ask for, in the order of the nodes.
    pub asks: Vec<Ask>,
    /// Terms that the engine asks for; their alternatives come first.
    pub reserved: Reserved,
    /// How many alternatives the reserved terms take.
    pub reserved_alternatives: usize,
}

/// A comparison of a captured quantity.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    /// The capture.
    pub capture: Capture,
    /// Does it hold where the answer is "maybe", or where it is "yes"?
    pub maybe: bool,
    /// The operator.
    pub operator: Operator,
    /// What it is compared with.
    pub quantity: Quantity,
}

impl Comparison {
    /// Does any of some quantities compare so?
    pub fn holds(&self, mut quantities: impl Iterator<Item = (Capture, Quantity)>) -> bool {
        let wanted = if self.maybe { Answer::Maybe } else { Answer::Yes };
        quantities.any(|(capture, quantity)| capture == self.capture && quantity.compare(self.operator, self.quantity) == wanted)
    }
}

/// A named part of a complete statement.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Element {
    /// Its name, as findings show it.
    pub name: String,
    /// What matches it.
    pub ask: AskNumber,
}

/// The place of an [`Ask`] in [`Program::asks`].
pub type AskNumber = u32;

/// What a case asks for, and what it takes of that: all that one sentence decides.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Ask {
    /// What matches it.
    pub node: Symbol,
    /// What a match is for.
    pub purpose: Purpose,
    /// Speech that counts.
    pub even: Even,
    /// None of these may stand in the sentence.
    pub unless: Vec<Symbol>,
    /// One of these must stand in it too; none where it matters everywhere.
    pub beside: Vec<Symbol>,
    /// Comparisons of what was captured inside the match.
    pub comparisons: Vec<Comparison>,
}

/// What the matches of an [`Ask`] are for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Purpose {
    /// They decide a case: statements in the sentence's own words, not its lead-in's.
    #[default]
    Statement,
    /// They complete a case, or bar it, from somewhere near: that one is in a sentence is enough.
    Context,
    /// They complete a case by how many phrases there are.
    Kinds,
    /// A missing statement belongs there.
    Place,
    /// They bar a case in their own sentence, where statements are refused beside them; told of in explanations.
    Refusal,
}

/// Speech that a case takes although it is no commitment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[allow(clippy::struct_excessive_bools)] // five independent permissions
pub struct Even {
    /// A restatement of a law.
    pub law: bool,
    /// A bare question.
    pub question: bool,
    /// A heading.
    pub heading: bool,
    /// What a negation outside of the phrase denies.
    pub negated: bool,
    /// What is hedged.
    pub hedged: bool,
}

impl Even {
    /// Any speech.
    pub const ALL: Self = Self { law: true, question: true, heading: true, negated: true, hedged: true };

    /// Does it take all that a speech is?
    pub fn covers(self, speech: Self) -> bool {
        self | speech == self
    }
}

impl BitOr for Even {
    type Output = Self;

    /// What either takes.
    fn bitor(self, other: Self) -> Self {
        Self {
            law: self.law || other.law,
            question: self.question || other.question,
            heading: self.heading || other.heading,
            negated: self.negated || other.negated,
            hedged: self.hedged || other.hedged,
        }
    }
}

/// One way to reach a verdict.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Case {
    /// The deciding sentence matches one of these: the case's own phrases, under no name, or elements.
    pub say: Vec<Element>,
    /// Elements that must all be there too.
    pub all: Vec<Element>,
    /// Elements (or, of a single one, alternatives) of which `least` must be there.
    pub of: Vec<Element>,
    /// How many.
    pub least: usize,
    /// How far from the deciding sentence.
    pub within: Scope,
    /// Must stand in a heading above.
    pub under: Option<AskNumber>,
    /// Must not stand in a heading above.
    pub unless_under: Option<AskNumber>,
    /// Must not stand in the deciding sentence.
    pub unless: Option<AskNumber>,
    /// Must not stand in the paragraph.
    pub unless_nearby: Option<AskNumber>,
    /// Must not be stated in the policy.
    pub unless_anywhere: Option<AskNumber>,
    /// Facts that must hold.
    pub when: Condition,
    /// Contradicted even where another passage satisfies.
    pub takes_back: bool,
    /// What is vague or opposite about the passage.
    pub but: String,
    /// What the passage lacks.
    pub lacks: Vec<String>,
}

/// A requirement.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Rule {
    /// "can-spam/opt-out-deadline".
    pub id: String,
    /// Index of its pack.
    pub pack: usize,
    /// "Says how soon an opt-out is honoured".
    pub title: String,
    /// Severity of a missing statement.
    pub severity: Severity,
    /// The law or principle.
    pub cite: String,
    /// Where to read it.
    pub url: String,
    /// Why it exists.
    pub why: String,
    /// When it applies.
    pub applies: Condition,
    /// Ways to satisfy it.
    pub satisfied: Vec<Case>,
    /// Ways to contradict it.
    pub contradicted: Vec<Case>,
    /// Ways to state it weakly.
    pub weak: Vec<Case>,
    /// Matches headings and topics near which a missing statement belongs.
    pub place: AskNumber,
    /// The message of a missing statement.
    pub missing: String,
    /// What would mend it.
    pub help: String,
    /// The day from which it is in force (`2026-04-22`), where that is of interest.
    pub in_force: Option<String>,
    /// How often it erred on labelled policies, if that was measured as it is now.
    pub measured: Option<Measured>,
}

/// Something that is true or false of a policy and decides which requirements apply.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Fact {
    /// "sends-commercial-email".
    pub name: String,
    /// What it says of a policy.
    pub asks: String,
    /// Its value where nothing speaks for or against it.
    pub default: bool,
    /// Passages that show it false; looked at first.
    pub no: Vec<Case>,
    /// Passages that show it true.
    pub yes: Vec<Case>,
}

/// A law or a set of principles: the rules of one folder.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Pack {
    /// The folder's name: "can-spam".
    pub name: String,
    /// "CAN-SPAM Act".
    pub title: String,
    /// The law or principles that it covers.
    pub authority: String,
    /// Its rules, as indices into [`Packs::rules`].
    pub rules: Range<usize>,
}

/// Packs, facts and vocabulary, compiled together.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(bound(deserialize = "'de: 'static"))]
#[allow(clippy::struct_field_names)] // packs are what Packs has, beside rules and facts
pub struct Packs {
    /// In the order of their names.
    pub packs: Vec<Pack>,
    /// In the order of their packs and ids.
    pub rules: Vec<Rule>,
    /// In the order of their names.
    pub facts: Vec<Fact>,
    /// Names of those that came from folders and replace no built-in one.
    #[serde(skip)]
    pub added: Vec<String>,
    /// What the rules match with.
    pub program: Program,
    /// For each symbol that rules ask for: its phrases as written. Empty in the built-in blob; `explain` compiles the packs anew.
    #[serde(skip)]
    pub phrases: Vec<Vec<String>>,
}

impl Packs {
    /// A rule by its id.
    pub fn rule(&self, id: &str) -> Option<(usize, &Rule)> {
        self.rules.iter().enumerate().find(|(_, rule)| rule.id == id)
    }

    /// A fact by its name.
    pub fn fact(&self, name: &str) -> Option<usize> {
        self.facts.iter().position(|fact| fact.name == name)
    }
}
