//! A finding as all formats show it: its place, its severity, and what must be said beside its message - how far it can be trusted,
//! and why it does not count.

use super::{Reporter, pointed};
use crate::lint::Linted;
use crate::policy::Site;
use crate::rule::Rule;
use crate::verdict::{Confidence, Excuse, Judgement, Notice, PlaceKind, Severity};

/// A finding that is shown.
pub(super) struct Finding<'a> {
    /// The rule.
    pub(super) rule: &'a Rule,
    /// The verdict on it.
    pub(super) judgement: &'a Judgement,
    /// Its severity, whether or not it counts.
    pub(super) severity: Severity,
    /// Where it is shown.
    pub(super) site: Site<'a>,
}

/// The findings of a policy that are shown, in the order of the rules.
pub(super) fn findings<'a>(reporter: &'a Reporter<'_>, linted: &'a Linted) -> impl Iterator<Item = Finding<'a>> {
    linted.judged.judgements.iter().filter_map(|judgement| {
        let severity = reporter.view.shows(judgement)?;
        let rule = &reporter.packs.rules[judgement.rule];
        Some(Finding { rule, judgement, severity, site: linted.policy.at(pointed(linted, judgement)) })
    })
}

impl Finding<'_> {
    /// How loudly it is told by a format that knows no excuses: what does not count is a note.
    pub(super) fn level(&self) -> Severity {
        self.judgement.counting().unwrap_or(Severity::Note)
    }

    /// Its message and its remarks, in one line.
    pub(super) fn message(&self) -> String {
        message(self.judgement)
    }

    /// Its message and its remarks, then what would mend it and where the requirement comes from, in a line each.
    pub(super) fn advice(&self) -> String {
        format!("{}\n{}\n{}, {}", self.message(), self.rule.help, self.rule.cite, self.rule.url)
    }
}

/// The message of a judgement and its remarks, in one line.
pub(super) fn message(judgement: &Judgement) -> String {
    remarks(judgement).iter().fold(judgement.message.clone(), |message, remark| format!("{message} ({remark})"))
}

/// What must be said beside the message: why it does not count, and what speaks against trusting it.
pub(super) fn remarks(judgement: &Judgement) -> Vec<String> {
    let excuse = judgement.excuse.as_ref().map(|excuse| match excuse {
        Excuse::Waived(_) => format!("{}: {}", excuse.as_str(), excuse.detail()),
        Excuse::Known => "in the baseline".to_owned(),
        Excuse::Announced(_) => excuse.detail(),
    });
    excuse.into_iter().chain(doubts(judgement)).collect()
}

/// What speaks against trusting a verdict; none where nothing does.
pub(super) fn doubts(judgement: &Judgement) -> Option<String> {
    let confidence = format!("confidence {}", judgement.confidence.as_str());
    (judgement.confidence < Confidence::High)
        .then(|| if judgement.doubts.is_empty() { confidence } else { format!("{confidence}: {}", judgement.doubts.join("; ")) })
}

/// What the place of a missing statement has to do with it.
pub(super) fn placed(kind: PlaceKind) -> &'static str {
    match kind {
        PlaceKind::NearMiss => "came closest",
        PlaceKind::Heading => "would belong here",
        PlaceKind::Trigger => "would belong near this",
        PlaceKind::Title => "not stated in this policy",
    }
}

/// What stands where a finding has its rule: notices speak of waivers.
pub(super) const NOTICE: &str = "waiver";

/// The notices on a policy that are shown, each a warning, with their places; one that stands elsewhere has none.
pub(super) fn notices<'a>(reporter: &Reporter<'_>, linted: &'a Linted) -> impl Iterator<Item = (&'a Notice, Option<Site<'a>>)> {
    let shown = reporter.view.min_severity <= Severity::Warning;
    linted.notices.iter().filter(move |_| shown).map(|notice| (notice, notice.span.map(|span| linted.policy.at(span))))
}

/// A notice in one line; `help` may have nothing to add.
pub(super) fn told(notice: &Notice) -> String {
    if notice.help.is_empty() { notice.message.clone() } else { format!("{} ({})", notice.message, notice.help) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;
    use crate::verdict::{Verdict, Waiver, Written};

    #[test]
    fn excuses_and_doubts_are_told() {
        let mut judgement = sample::judgement(1, Verdict::Missing, "Nothing is said.");
        assert_eq!(message(&judgement), "Nothing is said.");
        judgement.doubts = vec!["a passage came near".to_owned(), "the fact is a guess".to_owned()];
        judgement.confidence = Confidence::after(2);
        judgement.excuse = Some(Excuse::Waived(Waiver {
            reason: "see the app".to_owned(),
            until: Some("2027-01-31".to_owned()),
            written: Written::Configured("clauselint.yaml:3".to_owned()),
        }));
        assert_eq!(
            message(&judgement),
            "Nothing is said. (waived: see the app (until 2027-01-31)) (confidence low: a passage came near; the fact is a guess)"
        );
        judgement.doubts.clear();
        for (excuse, told) in [(Excuse::Known, "in the baseline"), (Excuse::Announced("2027-01-31".to_owned()), "in force from 2027-01-31")]
        {
            judgement.excuse = Some(excuse);
            assert_eq!(remarks(&judgement), [told, "confidence low"]);
        }
    }
}
