//! One line a finding, as compilers and editors write and read it.

use super::finding::{message, notices, told};
use super::{Reporter, named, pointed, visible};
use crate::lint::Linted;
use std::fmt::Write as _;

/// `path:line:column: severity[rule] message`, for every finding that is shown. With the whole checklist asked for, the other
/// verdicts stand where findings have their severity. Why a finding does not count, and what speaks against trusting it, follows in
/// parentheses.
pub(super) fn policy(reporter: &Reporter<'_>, linted: &Linted) -> String {
    let mut lines = String::new();
    for judgement in &linted.judged.judgements {
        let word = match reporter.view.shows(judgement) {
            Some(severity) => severity.as_str(),
            None if reporter.view.all && judgement.severity.is_none() => judgement.verdict.as_str(),
            None => continue,
        };
        let site = linted.policy.at(pointed(linted, judgement));
        let (path, (line, column)) = (named(site.name()), site.start());
        let rule = visible(&reporter.packs.rules[judgement.rule].id);
        let message = visible(&message(judgement));
        let _ = writeln!(lines, "{path}:{line}:{column}: {word}[{rule}] {message}");
    }
    for (notice, site) in notices(linted) {
        let (line, column) = site.map_or((1, 1), |site| site.start());
        let path = named(site.map_or(linted.policy.name(), |site| site.name()));
        let _ = writeln!(lines, "{path}:{line}:{column}: notice: {}", visible(&told(notice)));
    }
    lines
}

#[cfg(test)]
mod tests {
    use crate::report::{Format, sample};
    use crate::verdict::{Confidence, Excuse, Notice};
    use proptest::prelude::*;

    #[test]
    fn a_finding_is_a_line() {
        let linted = sample::linted();
        assert_eq!(
            sample::reporter(&sample::packs(), Format::Concise, false).policy(&linted).text,
            "docs/privacy.md:3:1: note[mail/opt-out-deadline] Says when opt-outs are honoured, but vaguely: no time limit is given.\n\
             docs/privacy.md:5:1: error[mail/opt-out-way] Nothing says how to opt out.\n"
        );
        let all = sample::reporter(&sample::packs(), Format::Concise, true).policy(&linted).text;
        assert!(all.ends_with("docs/privacy.md:5:1: satisfied[notice/contact] Says how to write to us.\n"), "{all}");
    }

    #[test]
    fn excuses_doubts_and_notices_are_told_in_a_line() {
        let mut linted = sample::linted();
        linted.judged.judgements.remove(0);
        linted.judged.judgements[0].excuse = Some(Excuse::Known);
        linted.judged.judgements[0].confidence = Confidence::Medium;
        linted.judged.judgements[0].doubts = vec!["a near miss".to_owned()];
        let span = Some(sample::span(sample::TEXT, "Write"));
        linted.notices = vec![Notice { message: "A waiver waives nothing".to_owned(), help: "remove it".to_owned(), span }];
        assert_eq!(
            sample::report(Format::Concise, &linted),
            "docs/privacy.md:5:1: error[mail/opt-out-way] Nothing says how to opt out. (in the baseline) (confidence medium: a near miss)\n\
             docs/privacy.md:5:1: notice: A waiver waives nothing (remove it)\n"
        );
    }

    proptest! {
        #[test]
        fn a_line_stays_a_line(linted in sample::hostile()) {
            let text = sample::hostile_report(Format::Concise, &linted);
            sample::harmless(&text)?;
            let findings = linted.judged.judgements.iter().filter(|judgement| judgement.severity.is_some()).count();
            prop_assert_eq!(text.lines().count(), findings + linted.notices.len());
            prop_assert!(text.lines().all(|line| !line.trim_start().starts_with("::")));
        }
    }
}
