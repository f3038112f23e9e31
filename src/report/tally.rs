//! The counts of a run: all that is kept of a policy once it is written.

use crate::lint::PassedOver;
use crate::rule::{Pack, Packs};
use crate::verdict::{Excuse, Judged, Severity, Verdict};

/// How often each verdict was given, in the order of [`Verdict::ALL`].
pub(super) type Counts = [usize; 5];

/// How many findings do not count, in the order of [`EXCUSES`].
pub(super) type Excused = [usize; 3];

/// How the summary calls findings that do not count.
const EXCUSES: [&str; 3] = ["waived", "in the baseline", "not yet in force"];

/// The counts of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// How many policies were linted.
    pub policies: usize,
    /// How many inputs could not be linted.
    pub failed: usize,
    /// How many inputs were passed over, in the order of [`PassedOver::ALL`].
    pub passed_over: [usize; 6],
    /// For each rule, how often each verdict was given.
    pub(super) rules: Vec<Counts>,
    findings: [usize; 3],
    /// Findings that do not count.
    pub(super) excused: Excused,
}

impl Tally {
    /// Counts a policy.
    pub fn add(&mut self, judged: &Judged) {
        self.policies += 1;
        for judgement in &judged.judgements {
            if self.rules.len() <= judgement.rule {
                self.rules.resize(judgement.rule + 1, Counts::default());
            }
            self.rules[judgement.rule][judgement.verdict as usize] += 1;
            if let Some(severity) = judgement.counting() {
                self.findings[severity as usize] += 1;
            }
        }
        self.excused.iter_mut().zip(excused(judged)).for_each(|(sum, count)| *sum += count);
    }

    /// Counts an input that was passed over.
    pub fn pass_over(&mut self, why: PassedOver) {
        self.passed_over[why as usize] += 1;
    }

    /// Findings of this severity that count.
    pub fn findings(&self, severity: Severity) -> usize {
        self.findings[severity as usize]
    }

    /// Are there findings of this severity, or a higher one, that count?
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
    let mut excused = Excused::default();
    for excuse in judged.judgements.iter().filter_map(|judgement| judgement.excuse.as_ref()) {
        excused[match excuse {
            Excuse::Waived(_) => 0,
            Excuse::Known => 1,
            Excuse::Announced(_) => 2,
        }] += 1;
    }
    excused
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

/// The same, with what of it does not count: "... (1 waived, 3 in the baseline)".
pub(super) fn all_words(counts: Counts, excused: Excused) -> String {
    let excused: Vec<String> =
        (excused.iter().zip(EXCUSES)).filter(|(count, _)| **count > 0).map(|(count, word)| format!("{count} {word}")).collect();
    let words = words(counts);
    if excused.is_empty() { words } else { format!("{words} ({})", excused.join(", ")) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

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
        let mut linted = sample::linted();
        linted.judged.judgements[1].excuse = Some(Excuse::Known);
        tally.add(&linted.judged);
        assert_eq!((tally.excused, tally.findings(Severity::Error)), ([0, 1, 0], 2));
        assert!(all_words(tally.total(), tally.excused).ends_with("not applicable (1 in the baseline)"));
        assert!(Verdict::ALL.iter().enumerate().all(|(at, verdict)| at == *verdict as usize));
        assert!(PassedOver::ALL.iter().enumerate().all(|(at, why)| at == *why as usize));
    }
}
