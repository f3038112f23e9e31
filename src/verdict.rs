//! What the engine says of a policy: for every requirement a verdict, the passages that decided it, and the place where a
//! missing statement belongs. Plain data; nothing here knows how it is reached or shown.

use serde::{Deserialize, Serialize};

use super::source::Span;

/// What a policy does with one requirement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Verdict {
    /// Stated, specifically enough to hold the publisher to it.
    Satisfied,
    /// Touched, but vaguely, conditionally or incompletely.
    Weak,
    /// The opposite is stated openly.
    Contradicted,
    /// Not stated.
    Missing,
    /// The requirement does not apply to this policy.
    NotApplicable,
}

impl Verdict {
    /// Every verdict, in the order of the summary line.
    pub const ALL: [Self; 5] = [Self::Satisfied, Self::Weak, Self::Contradicted, Self::Missing, Self::NotApplicable];

    /// The verdict as the JSON contract writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Satisfied => "satisfied",
            Self::Weak => "weak",
            Self::Contradicted => "contradicted",
            Self::Missing => "missing",
            Self::NotApplicable => "not-applicable",
        }
    }

    /// Does it deserve a diagnostic? (missing, weak or contradicted)
    pub fn is_finding(self) -> bool {
        matches!(self, Self::Weak | Self::Contradicted | Self::Missing)
    }
}

/// How much a build should mind a finding; ordered from the least.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Good practice.
    Note,
    /// What a careful sender or publisher states.
    Warning,
    /// What a notice must say.
    Error,
}

impl Severity {
    /// The severity as every format writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }

    /// The severity of a finding under a rule of this severity: missing keeps it, weak is one step lower, contradicted one
    /// step higher; the others have none.
    pub fn of(self, verdict: Verdict) -> Option<Self> {
        match verdict {
            Verdict::Missing => Some(self),
            Verdict::Weak => Some(if self == Self::Error { Self::Warning } else { Self::Note }),
            Verdict::Contradicted => Some(if self == Self::Note { Self::Warning } else { Self::Error }),
            Verdict::Satisfied | Verdict::NotApplicable => None,
        }
    }
}

/// How far a verdict can be trusted; ordered from the least. About error, not about taste.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Confidence {
    /// Two things or more speak against it.
    Low,
    /// One thing speaks against it: a near miss, a fact that nothing showed, a rule that errs.
    Medium,
    /// Nothing speaks against it.
    High,
}

impl Confidence {
    /// The confidence that is left after some doubts.
    pub fn after(doubts: usize) -> Self {
        match doubts {
            0 => Self::High,
            1 => Self::Medium,
            _ => Self::Low,
        }
    }

    /// The confidence as every format writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
}

/// What a passage does for a verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// States the requirement.
    Satisfies,
    /// States it vaguely or in part.
    Weakens,
    /// States the opposite.
    Contradicts,
    /// Came closest to a statement that is missing.
    NearMiss,
    /// Shows what another passage speaks of, or why a requirement applies.
    Trigger,
}

impl Role {
    /// The role as the JSON contract writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Satisfies => "satisfies",
            Self::Weakens => "weakens",
            Self::Contradicts => "contradicts",
            Self::NearMiss => "near-miss",
            Self::Trigger => "trigger",
        }
    }
}

/// A passage that decided something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// What the passage does.
    pub role: Role,
    /// The passage: a sentence, the part of a very long one that matters, or what satisfies together with the list that it stands in.
    pub span: Span,
    /// The words inside it that hedge, if any.
    pub hedges: Vec<Span>,
}

/// How the place of a missing statement was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PlaceKind {
    /// The passage that came closest.
    NearMiss,
    /// A heading under which the statement belongs.
    Heading,
    /// A passage that speaks of the matter.
    Trigger,
    /// Nothing but the policy's title.
    Title,
}

impl PlaceKind {
    /// The kind as the JSON contract writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NearMiss => "near-miss",
            Self::Heading => "heading",
            Self::Trigger => "trigger",
            Self::Title => "title",
        }
    }
}

/// Where a missing statement belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// How it was found.
    pub kind: PlaceKind,
    /// The passage or heading.
    pub span: Span,
}

/// Why a finding does not count. It stays in every report all the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Excuse {
    /// The project has accepted it.
    Waived(Waiver),
    /// It stands in the baseline: it was there before.
    Known,
    /// Its requirement is in force only from this day on (`2027-01-31`).
    Announced(String),
}

impl Excuse {
    /// The excuse in a word, as reports mark a finding.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Waived(_) => "waived",
            Self::Known => "baseline",
            Self::Announced(_) => "announced",
        }
    }

    /// What there is to know of it: the reason of a waiver, the day of a requirement.
    pub fn detail(&self) -> String {
        match self {
            Self::Waived(Waiver { reason, until: Some(until), .. }) => format!("{reason} (until {until})"),
            Self::Waived(waiver) => waiver.reason.clone(),
            Self::Known => String::new(),
            Self::Announced(day) => format!("in force from {day}"),
        }
    }
}

/// A finding that the project has accepted, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiver {
    /// The reason that was given.
    pub reason: String,
    /// The last day on which it holds (`2027-01-31`).
    pub until: Option<String>,
    /// Where it is written.
    pub written: Written,
}

/// Where a waiver is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Written {
    /// In a comment of the policy.
    Inline(Span),
    /// In the configuration, at `clauselint.yaml:12`.
    Configured(String),
}

/// Something to say about a policy that is no verdict: a waiver that waives nothing, say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// One sentence.
    pub message: String,
    /// What would mend it.
    pub help: String,
    /// Where, in the policy; what stands elsewhere names its place in the message.
    pub span: Option<Span>,
}

/// The verdict on one requirement, with everything that a report shows of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judgement {
    /// Index of the rule in [`Packs::rules`](super::rule::Packs::rules).
    pub rule: usize,
    /// The verdict.
    pub verdict: Verdict,
    /// Severity of the finding; none where the verdict is no finding.
    pub severity: Option<Severity>,
    /// How far the verdict can be trusted.
    pub confidence: Confidence,
    /// What speaks against trusting it, a clause each; each lowers the confidence by a step.
    pub doubts: Vec<String>,
    /// One sentence: what is not stated, what is vague, or what is stated.
    pub message: String,
    /// The elements that the closest passage lacked, in the rule's own names ("a way to do it").
    pub lacks: Vec<String>,
    /// What decided a not-applicable verdict ("sends-commercial-email is false").
    pub because: Option<String>,
    /// The deciding passages, the most telling first.
    pub evidence: Vec<Evidence>,
    /// Where a missing statement belongs.
    pub place: Option<Place>,
    /// Why this finding does not count.
    pub excuse: Option<Excuse>,
    /// What tells a finding from every other one of the policy and survives moved and reflowed text: 16 hexadecimal digits.
    /// Empty where the verdict is no finding.
    pub fingerprint: String,
}

impl Judgement {
    /// A verdict with a message and nothing else to show for it.
    pub fn new(rule: usize, verdict: Verdict, message: String) -> Self {
        Self {
            rule,
            verdict,
            severity: None,
            confidence: Confidence::High,
            doubts: Vec::new(),
            message,
            lacks: Vec::new(),
            because: None,
            evidence: Vec::new(),
            place: None,
            excuse: None,
            fingerprint: String::new(),
        }
    }

    /// What a finding is shown at: where the statement belongs, or else what decided it; for other verdicts what decided them.
    pub fn pointed(&self) -> Option<Span> {
        let place = self.place.map(|place| place.span);
        let evidence = self.evidence.first().map(|evidence| evidence.span);
        if self.verdict.is_finding() { place.or(evidence) } else { evidence }
    }

    /// The severity that counts for the exit code; none where the verdict is no finding or is excused.
    pub fn counting(&self) -> Option<Severity> {
        self.severity.filter(|_| self.excuse.is_none())
    }
}

/// Where the value of a fact comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FactSource {
    /// Inferred from passages of the policy.
    Policy,
    /// Declared by the project.
    Config,
    /// Nothing spoke for or against it.
    Default,
}

impl FactSource {
    /// The source as the JSON contract writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Policy => "policy",
            Self::Config => "config",
            Self::Default => "default",
        }
    }
}

/// The value of one fact about a policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FactValue {
    /// Index of the fact in [`Packs::facts`](super::rule::Packs::facts).
    pub fact: usize,
    /// Does it hold?
    pub value: bool,
    /// Who says so.
    pub source: FactSource,
    /// The passages that showed it.
    pub evidence: Vec<Evidence>,
}

/// Everything the engine says of one policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judged {
    /// A value for every fact, in the order of the packs.
    pub facts: Vec<FactValue>,
    /// A judgement for every requirement of every selected pack, in the order of the packs.
    pub judgements: Vec<Judgement>,
}
