//! The counts of a run: all that is kept of a policy once it is written.

use crate::lint::PassedOver;
use crate::rule::{Pack, Packs};
use crate::verdict::{Confidence, Excuse, Judged, Severity, Verdict};

/// How often each verdict was given, in the order of [`Verdict::ALL`].
pub(super) type Counts = [usize; 5];

/// The counts of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// How many policies were linted.
    pub policies: usize,
    /// How many inputs could not be linted.
    pub failed: usize,
    /// How many inputs were passed over, in the order of [`PassedOver::ALL`].
    pub passed_over: [usize; 7],
    /// For each rule, how often each verdict was given.
    pub(super) rules: Vec<Counts>,
    findings: [usize; 3],
    /// Findings that are trusted less do not count.
    min_confidence: Option<Confidence>,
    /// Findings that do not count.
    pub(super) excused: Excused,
}

/// How many findings are waived, in the baseline, and of requirements that are not in force yet.
pub(super) type Excused = [usize; 3];

impl Tally {
    /// Counts only findings of this confidence or a higher one; verdicts are counted all.
    pub fn trusting(min_confidence: Confidence) -> Self {
        Self { min_confidence: Some(min_confidence), ..Self::default() }
    }

    /// Counts a policy.
    pub fn add(&mut self, judged: &Judged) {
        self.policies += 1;
        for judgement in &judged.judgements {
            if self.rules.len() <= judgement.rule {
                self.rules.resize(judgement.rule + 1, Counts::default());
            }
            self.rules[judgement.rule][judgement.verdict as usize] += 1;
            let trusted = self.min_confidence.is_none_or(|least| judgement.confidence >= least);
            if let Some(severity) = judgement.counting().filter(|_| trusted) {
                self.findings[severity as usize] += 1;
            }
        }
        self.excused.iter_mut().zip(excused(judged)).for_each(|(sum, count)| *sum += count);
    }

    /// Counts notices, each of which is a warning.
    pub fn notice(&mut self, count: usize) {
        self.findings[Severity::Warning as usize] += count;
    }

    /// Counts an input that was passed over.
    pub fn pass_over(&mut self, why: PassedOver) {
        self.passed_over[why as usize] += 1;
    }

    /// Findings of this severity that are not excused; notices are warnings.
    pub fn findings(&self, severity: Severity) -> usize {
        self.findings[severity as usize]
    }

    /// Are there findings of this severity, or a higher one, that are not excused?
    pub fn has_findings(&self, least: Severity) -> bool {
        self.findings[least as usize..].iter().any(|count| *count > 0)
    }

    /// All verdicts on a rule.
    pub(super) fn rule(&self, rule: usize) -> Counts {
        self.rules.get(rule).copied().unwrap_or_default()
    }

    /// All verdicts on the rules of a pack.
    pub(super) fn pack(&self, pack: &Pack) -> Counts {
        sum(pack.rules.clone().map(|rule| self.rule(rule)))
    }

    /// All verdicts.
    pub(super) fn total(&self) -> Counts {
        sum(self.rules.iter().copied())
    }

    /// The packs that gave a verdict, with their counts.
    pub(super) fn packs<'a>(&self, packs: &'a Packs) -> impl Iterator<Item = (&'a Pack, Counts)> {
        packs.packs.iter().map(|pack| (pack, self.pack(pack))).filter(|(_, counts)| counts.iter().any(|count| *count > 0))
    }
}

/// The verdicts of one policy.
pub(super) fn of(judged: &Judged) -> Counts {
    let mut counts = Counts::default();
    for judgement in &judged.judgements {
        counts[judgement.verdict as usize] += 1;
    }
    counts
}

/// The findings of one policy that do not count.
pub(super) fn excused(judged: &Judged) -> Excused {
    let mut counts = Excused::default();
    for excuse in judged.judgements.iter().filter_map(|judgement| judgement.excuse.as_ref()) {
        let which = match excuse {
            Excuse::Waived(_) => 0,
            Excuse::Known => 1,
            Excuse::Announced(_) => 2,
        };
        counts[which] += 1;
    }
    counts
}

/// " (1 waived, 3 in the baseline)"; nothing where nothing is excused.
pub(super) fn excused_words(excused: Excused) -> String {
    let words = excused.iter().zip(["waived", "in the baseline", "not in force yet"]).filter(|(count, _)| **count > 0);
    let words: Vec<String> = words.map(|(count, what)| format!("{count} {what}")).collect();
    if words.is_empty() { String::new() } else { format!(" ({})", words.join(", ")) }
}

fn sum(counts: impl Iterator<Item = Counts>) -> Counts {
    counts.fold(Counts::default(), |mut sum, counts| {
        sum.iter_mut().zip(counts).for_each(|(sum, count)| *sum += count);
        sum
    })
}

/// "36 satisfied, 6 weak, 1 contradicted, 9 missing, 8 not applicable".
pub(super) fn words(counts: Counts) -> String {
    let words: Vec<String> =
        Verdict::ALL.iter().zip(counts).map(|(verdict, count)| format!("{count} {}", verdict.as_str().replace('-', " "))).collect();
    words.join(", ")
}

/// The same, with what of it does not count.
pub(super) fn all_words(counts: Counts, excused: Excused) -> String {
    words(counts) + &excused_words(excused)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn what_is_excused_does_not_count_and_notices_are_warnings() {
        let mut linted = sample::linted();
        linted.judged.judgements[0].excuse = Some(Excuse::Known);
        linted.judged.judgements[1].excuse = Some(Excuse::Announced("2027-01-31".to_owned()));
        let mut tally = Tally::default();
        tally.add(&linted.judged);
        assert!(!tally.has_findings(Severity::Note));
        assert_eq!(excused_words(tally.excused), " (1 in the baseline, 1 not in force yet)");
        assert_eq!(excused_words([0; 3]), "");
        tally.notice(2);
        assert_eq!(tally.findings(Severity::Warning), 2);
    }

    #[test]
    fn verdicts_are_counted_by_rule_pack_and_severity() {
        let packs = sample::packs();
        let mut tally = Tally::default();
        tally.add(&sample::linted().judged);
        tally.add(&sample::linted().judged);
        assert_eq!(tally.policies, 2);
        assert_eq!(tally.pack(&packs.packs[0]), [0, 2, 0, 2, 0]);
        assert_eq!(tally.total(), [2, 2, 0, 2, 0]);
        assert_eq!((tally.findings(Severity::Note), tally.findings(Severity::Error)), (2, 2));
        assert!(tally.has_findings(Severity::Error));
        assert_eq!(words(tally.total()), "2 satisfied, 2 weak, 0 contradicted, 2 missing, 0 not applicable");
        assert!(Verdict::ALL.iter().enumerate().all(|(at, verdict)| at == *verdict as usize));
        assert!(PassedOver::ALL.iter().enumerate().all(|(at, why)| at == *why as usize));
    }

    #[test]
    fn what_is_excused_or_not_trusted_does_not_count_as_a_finding() {
        let mut linted = sample::linted();
        linted.judged.judgements[0].confidence = Confidence::Medium;
        let counted = |linted: &crate::lint::Linted, least| {
            let mut tally = Tally::trusting(least);
            tally.add(&linted.judged);
            assert_eq!(tally.total(), [1, 1, 0, 1, 0], "every verdict is counted");
            (tally.findings(Severity::Note), tally.findings(Severity::Error))
        };
        assert_eq!(counted(&linted, Confidence::Medium), (1, 1));
        assert_eq!(counted(&linted, Confidence::High), (0, 1));
        linted.judged.judgements[1].excuse = Some(Excuse::Known);
        assert_eq!(counted(&linted, Confidence::High), (0, 0));
    }
}
