//! What a change of a policy does to its disclosures: two versions, compared requirement by requirement. The verdicts are compared, not the
//! words, so a policy may be rewritten from its first line to its last without a change that counts.
//!
//! What the change of a verdict is called:
//!
//! | before \ after | satisfied | weak | contradicted | missing | not applicable |
//! |---|---|---|---|---|---|
//! | **satisfied** | - | weakened | lost | lost | no longer applies |
//! | **weak** | strengthened | - | lost | lost | no longer applies |
//! | **contradicted** | gained | gained | - | strengthened | no longer applies |
//! | **missing** | gained | gained | weakened | - | no longer applies |
//! | **not applicable** | now applies | now applies | now applies | now applies | - |
//!
//! The table is its own mirror: when the versions change places, lost and gained do too, and so do weakened and strengthened. Only what is
//! lost or weakened counts. A requirement that now applies and is not met has lost nothing, for nothing was stated before: it is shown, since it is
//! a finding that the change brings about, but whether it fails a build is for `check` to say. The same holds for one that no longer applies:
//! the fact that made it so is named beside it, with the passages that showed it, and can be declared where it was inferred wrongly.

use crate::lint::Linted;
use crate::source::Span;
use crate::verdict::{FactValue, Judgement, Role, Verdict};
use rustc_hash::FxHashSet;

/// What happened to a requirement between two versions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Change {
    /// It was stated, if weakly, and is not any more.
    Lost,
    /// It is stated less well, or the opposite is stated where nothing was.
    Weakened,
    /// It was not asked of the policy before.
    NowApplies,
    /// It is not asked of the policy any more.
    NoLongerApplies,
    /// It is stated, and was not.
    Gained,
    /// It is stated better, or the opposite is not stated any more.
    Strengthened,
    /// The verdict is the same; the passage that decides it has other words.
    Reworded,
    /// Verdict and passage are the same.
    Unchanged,
}

impl Change {
    /// Every change, the gravest first.
    pub const ALL: [Self; 8] = [
        Self::Lost,
        Self::Weakened,
        Self::NowApplies,
        Self::NoLongerApplies,
        Self::Gained,
        Self::Strengthened,
        Self::Reworded,
        Self::Unchanged,
    ];

    /// The change as formats for programs write it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Lost => "lost",
            Self::Weakened => "weakened",
            Self::NowApplies => "now-applies",
            Self::NoLongerApplies => "no-longer-applies",
            Self::Gained => "gained",
            Self::Strengthened => "strengthened",
            Self::Reworded => "reworded",
            Self::Unchanged => "unchanged",
        }
    }

    /// From one verdict to the other. A version without a verdict is none at all: what a new policy states is gained, and what it
    /// fails to state is asked of it for the first time; what a deleted policy stated is lost.
    fn between(old: Option<Verdict>, new: Option<Verdict>) -> Self {
        use Verdict::{Contradicted, Missing, NotApplicable, Satisfied, Weak};
        match (old, new) {
            (None | Some(NotApplicable), None | Some(NotApplicable)) => Self::Unchanged,
            (None, Some(Satisfied | Weak)) => Self::Gained,
            (Some(Satisfied | Weak), None) => Self::Lost,
            (None | Some(NotApplicable), Some(_)) => Self::NowApplies,
            (Some(_), None | Some(NotApplicable)) => Self::NoLongerApplies,
            (Some(old), Some(new)) if old == new => Self::Unchanged,
            (Some(Satisfied), Some(Weak)) | (Some(Missing), Some(Contradicted)) => Self::Weakened,
            (Some(Weak), Some(Satisfied)) | (Some(Contradicted), Some(Missing)) => Self::Strengthened,
            (Some(Satisfied | Weak), Some(_)) => Self::Lost,
            (Some(_), Some(_)) => Self::Gained,
        }
    }
}

/// A requirement in both versions.
#[derive(Clone, Copy, Debug)]
pub struct Compared<'a> {
    /// Index of the rule in [`Packs::rules`](crate::rule::Packs::rules).
    pub rule: usize,
    /// What happened to it.
    pub change: Change,
    /// As it was; none where there was no policy.
    pub old: Option<Side<'a>>,
    /// As it is; none where the policy is gone.
    pub new: Option<Side<'a>>,
}

/// A requirement in one version.
#[derive(Clone, Copy, Debug)]
pub struct Side<'a> {
    /// What was judged.
    pub judgement: &'a Judgement,
    /// The passage to quote: the one that decided, or came closest, or near which the statement belongs. Of a reworded requirement the one
    /// that has other words in the other version. None where the requirement does not apply.
    pub passage: Option<Span>,
}

impl Compared<'_> {
    /// Does it fail a build? What was lost or weakened does, unless the finding that is left has an excuse.
    pub fn counts(&self) -> bool {
        matches!(self.change, Change::Lost | Change::Weakened) && self.new.is_none_or(|new| new.judgement.excuse.is_none())
    }
}

/// A fact whose value is not the same in both versions.
#[derive(Clone, Copy, Debug)]
pub struct FactChange<'a> {
    /// As it was.
    pub old: &'a FactValue,
    /// As it is.
    pub new: &'a FactValue,
}

/// Two versions of a policy, compared.
#[derive(Clone, Debug)]
pub struct Difference<'a> {
    /// As it was; none where the policy is new.
    pub old: Option<&'a Linted>,
    /// As it is; none where the policy is gone.
    pub new: Option<&'a Linted>,
    /// The facts that changed; they explain what now applies and what no longer does.
    pub facts: Vec<FactChange<'a>>,
    /// Every requirement that was judged, in the order of the packs.
    pub requirements: Vec<Compared<'a>>,
}

/// Compares two versions that were judged by the same packs. Takes time linear in their lengths.
pub fn compare<'a>(old: Option<&'a Linted>, new: Option<&'a Linted>) -> Difference<'a> {
    let mut difference = Difference { old, new, facts: Vec::new(), requirements: Vec::new() };
    let (Some(old), Some(new)) = (old, new) else {
        let judged = |linted: Option<&'a Linted>| linted.map_or(&[][..], |linted| &linted.judged.judgements);
        let sides = judged(old).iter().map(|old| (Some(old), None)).chain(judged(new).iter().map(|new| (None, Some(new))));
        difference.requirements.extend(sides.map(|(old, new)| compared(old, new)));
        return difference;
    };
    let facts = old.judged.facts.iter().zip(&new.judged.facts).filter(|(old, new)| old.value != new.value);
    difference.facts.extend(facts.map(|(old, new)| FactChange { old, new }));
    let (old_text, new_text) = (Text::new(old), Text::new(new));
    // Both stand in the order of the packs; what only one of them was asked for cannot be compared.
    let mut rest = new.judged.judgements.iter().peekable();
    for before in &old.judged.judgements {
        while rest.next_if(|after| after.rule < before.rule).is_some() {}
        let Some(after) = rest.next_if(|after| after.rule == before.rule) else { continue };
        let mut compared = compared(Some(before), Some(after));
        if compared.change == Change::Unchanged
            && let Some((gone, come)) = old_text.without(before, &new_text).zip(new_text.without(after, &old_text))
        {
            compared.change = Change::Reworded;
            compared.old = Some(Side { judgement: before, passage: Some(gone) });
            compared.new = Some(Side { judgement: after, passage: Some(come) });
        }
        difference.requirements.push(compared);
    }
    difference
}

fn compared<'a>(old: Option<&'a Judgement>, new: Option<&'a Judgement>) -> Compared<'a> {
    let verdict = |judgement: Option<&Judgement>| judgement.map(|judgement| judgement.verdict);
    let side = |judgement: &'a Judgement| Side { judgement, passage: passage(judgement) };
    Compared {
        rule: old.or(new).map_or(0, |judgement| judgement.rule),
        change: Change::between(verdict(old), verdict(new)),
        old: old.map(side),
        new: new.map(side),
    }
}

/// The passage to quote of a judgement.
fn passage(judgement: &Judgement) -> Option<Span> {
    let evidence = judgement.evidence.first().map(|evidence| evidence.span);
    let place = judgement.place.map(|place| place.span);
    match judgement.verdict {
        Verdict::Satisfied | Verdict::Weak | Verdict::Contradicted => evidence.or(place),
        Verdict::Missing => place.or(evidence),
        Verdict::NotApplicable => None,
    }
}

/// The sentences of a version, to be found in the other one.
struct Text<'a> {
    linted: &'a Linted,
    sentences: FxHashSet<String>,
}

impl<'a> Text<'a> {
    fn new(linted: &'a Linted) -> Self {
        let document = linted.policy.document();
        Self { linted, sentences: (0..document.sentences.len()).map(|at| words(document.sentence_text(at))).collect() }
    }

    /// The first deciding passage that does not stand in the other version.
    fn without(&self, judgement: &Judgement, other: &Text<'_>) -> Option<Span> {
        let role = match judgement.verdict {
            Verdict::Satisfied => Role::Satisfies,
            Verdict::Weak => Role::Weakens,
            Verdict::Contradicted => Role::Contradicts,
            Verdict::Missing | Verdict::NotApplicable => return None,
        };
        let mut deciding = judgement.evidence.iter().filter(|evidence| evidence.role == role).map(|evidence| evidence.span);
        deciding.find(|span| self.at(*span).any(|sentence| !other.sentences.contains(&sentence)))
    }

    /// The sentences that a passage is made of, or is a part of.
    fn at(&self, span: Span) -> impl Iterator<Item = String> + use<'a> {
        let document = self.linted.policy.document();
        let count = document.sentences.len();
        let first = partition_point(count, |at| document.sentence_span(at).end <= span.start);
        (first..count).take_while(move |at| document.sentence_span(*at).start < span.end).map(|at| words(document.sentence_text(at)))
    }
}

/// The first of so many numbers for which the predicate does not hold.
fn partition_point(count: usize, before: impl Fn(usize) -> bool) -> usize {
    let (mut low, mut high) = (0, count);
    while low < high {
        let middle = usize::midpoint(low, high);
        if before(middle) { low = middle + 1 } else { high = middle }
    }
    low
}

/// What is compared of a sentence: its words. Another comma, quotation mark or line break is not another wording.
fn words(sentence: &str) -> String {
    let mut words = String::with_capacity(sentence.len());
    for word in sentence.split(|character: char| !character.is_alphanumeric()).filter(|word| !word.is_empty()) {
        words.extend(word.chars().flat_map(char::to_lowercase));
        words.push(' ');
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::packs;
    use crate::report::sample;
    use crate::verdict::{Evidence, Excuse};
    use proptest::prelude::*;

    const OLD: &str = "# Privacy\n\nWe delete it after 6 years. Write to us at any time.\n";
    const NEW: &str = "# Privacy\n\nWe keep it for a while. Write to us, at any time!\n";

    fn stated(rule: usize, verdict: Verdict, text: &str, words: &str) -> Judgement {
        let does = if verdict == Verdict::Weak { Role::Weakens } else { Role::Satisfies };
        Judgement {
            evidence: vec![Evidence { role: does, span: sample::span(text, words), hedges: Vec::new() }],
            ..Judgement::new(rule, verdict, "Said so.".to_owned())
        }
    }

    fn bare(verdict: Verdict) -> Linted {
        sample::linted_text("a.md", OLD, vec![Judgement::new(0, verdict, String::new())])
    }

    fn changes(difference: &Difference<'_>) -> Vec<Change> {
        difference.requirements.iter().map(|compared| compared.change).collect()
    }

    /// What a change is when the versions change places.
    fn mirrored(change: Change) -> Change {
        match change {
            Change::Lost => Change::Gained,
            Change::Gained => Change::Lost,
            Change::Weakened => Change::Strengthened,
            Change::Strengthened => Change::Weakened,
            Change::NowApplies => Change::NoLongerApplies,
            Change::NoLongerApplies => Change::NowApplies,
            Change::Reworded | Change::Unchanged => change,
        }
    }

    #[test]
    fn the_table_is_its_own_mirror() {
        let sides: Vec<_> = Verdict::ALL.into_iter().map(Some).chain([None]).collect();
        for old in &sides {
            for new in &sides {
                assert_eq!(Change::between(*new, *old), mirrored(Change::between(*old, *new)), "{old:?} {new:?}");
            }
            assert_eq!(Change::between(*old, *old), Change::Unchanged);
        }
        assert!(Change::ALL.iter().enumerate().all(|(at, change)| at == *change as usize));
    }

    #[test]
    fn what_is_lost_or_weakened_counts() {
        use Verdict::{Contradicted, Missing, NotApplicable, Satisfied, Weak};
        for (old, new, change, counts) in [
            (Satisfied, Missing, Change::Lost, true),
            (Weak, Contradicted, Change::Lost, true),
            (Satisfied, Weak, Change::Weakened, true),
            (Missing, Contradicted, Change::Weakened, true),
            (Missing, Weak, Change::Gained, false),
            (Weak, Satisfied, Change::Strengthened, false),
            (NotApplicable, Missing, Change::NowApplies, false),
            (Satisfied, NotApplicable, Change::NoLongerApplies, false),
            (Missing, Missing, Change::Unchanged, false),
        ] {
            let (old, mut new) = (bare(old), bare(new));
            let compared = compare(Some(&old), Some(&new)).requirements[0];
            assert_eq!((compared.change, compared.counts()), (change, counts));
            new.judged.judgements[0].excuse = Some(Excuse::Known);
            assert!(!compare(Some(&old), Some(&new)).requirements[0].counts(), "an excuse holds here too");
        }
    }

    #[test]
    fn a_new_policy_loses_nothing_and_a_deleted_one_all_that_it_stated() {
        for (verdict, new, deleted) in [
            (Verdict::Satisfied, Change::Gained, Change::Lost),
            (Verdict::Weak, Change::Gained, Change::Lost),
            (Verdict::Missing, Change::NowApplies, Change::NoLongerApplies),
            (Verdict::Contradicted, Change::NowApplies, Change::NoLongerApplies),
            (Verdict::NotApplicable, Change::Unchanged, Change::Unchanged),
        ] {
            let linted = bare(verdict);
            assert_eq!(changes(&compare(None, Some(&linted))), [new]);
            assert_eq!(changes(&compare(Some(&linted), None)), [deleted]);
        }
        assert!(compare(None, None).requirements.is_empty());
    }

    #[test]
    fn a_passage_with_other_words_is_reworded_and_one_with_other_commas_is_not() {
        let of = |text, words: [&str; 2]| {
            let judgements = vec![stated(0, Verdict::Weak, text, words[0]), stated(1, Verdict::Satisfied, text, words[1])];
            sample::linted_text("a.md", text, judgements)
        };
        let old = of(OLD, ["We delete it after 6 years.", "Write to us at any time."]);
        let new = of(NEW, ["We keep it for a while.", "Write to us, at any time!"]);
        let difference = compare(Some(&old), Some(&new));
        assert_eq!(changes(&difference), [Change::Reworded, Change::Unchanged]);
        let quoted = difference.requirements[0].new.unwrap().passage.unwrap();
        assert_eq!(new.policy.at(quoted).text(), "We keep it for a while.");
    }

    #[test]
    fn another_passage_that_stood_there_before_is_no_rewording() {
        let one = sample::linted_text("a.md", OLD, vec![stated(0, Verdict::Satisfied, OLD, "We delete it after 6 years.")]);
        let other = sample::linted_text("a.md", OLD, vec![stated(0, Verdict::Satisfied, OLD, "Write to us at any time.")]);
        assert_eq!(changes(&compare(Some(&one), Some(&other))), [Change::Unchanged]);
    }

    #[test]
    fn facts_that_changed_are_named() {
        let (old, mut new) = (sample::linted(), sample::linted());
        assert!(compare(Some(&old), Some(&new)).facts.is_empty());
        new.judged.facts[0].value = false;
        let difference = compare(Some(&old), Some(&new));
        assert_eq!(difference.facts.iter().map(|fact| (fact.old.value, fact.new.value)).collect::<Vec<_>>(), [(true, false)]);
    }

    #[test]
    fn what_only_one_version_was_asked_for_is_not_compared() {
        let of = |rules: &[usize]| {
            let judgements = rules.iter().map(|rule| Judgement::new(*rule, Verdict::Missing, String::new())).collect();
            sample::linted_text("a.md", OLD, judgements)
        };
        let (old, new) = (of(&[0, 2]), of(&[1, 2]));
        assert_eq!(compare(Some(&old), Some(&new)).requirements.iter().map(|compared| compared.rule).collect::<Vec<_>>(), [2]);
    }

    /// Lints some of the sentences of a policy.
    fn linted(sentences: &[bool]) -> Linted {
        let policy = include_str!("../examples/fernhill-outfitters.md");
        let lines = policy.lines().zip(sentences.iter().cycle());
        let kept: Vec<&str> = lines.filter(|(line, kept)| **kept || line.starts_with('#')).map(|(line, _)| line).collect();
        let text = kept.join("\n\n");
        let packs = packs::built_in();
        let mut linted = sample::linted_text("a.md", &text, Vec::new());
        linted.judged = crate::engine::check(&packs, &crate::engine::Reading::new(&packs, linted.policy.document()), &[]);
        linted
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        #[test]
        fn no_policy_differs_from_itself_and_swapped_versions_mirror(
            old in prop::collection::vec(any::<bool>(), 1..40),
            new in prop::collection::vec(any::<bool>(), 1..40),
        ) {
            let (old, new) = (linted(&old), linted(&new));
            let same = compare(Some(&old), Some(&old));
            prop_assert!(same.facts.is_empty() && changes(&same).iter().all(|change| *change == Change::Unchanged));
            let there = changes(&compare(Some(&old), Some(&new)));
            let back = changes(&compare(Some(&new), Some(&old)));
            prop_assert_eq!(there.into_iter().map(mirrored).collect::<Vec<_>>(), back);
        }
    }
}
