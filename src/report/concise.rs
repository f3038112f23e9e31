//! One line a finding, as compilers and editors write and read it.

use super::finding::{NOTICE, doubts, notices};
use super::{Reporter, named, pointed, visible};
use crate::lint::Linted;
use crate::verdict::Excuse;
use std::fmt::Write as _;

/// `path:line:column: severity[rule] message`, for every finding that is shown. With the whole checklist asked for, the other
/// verdicts stand where findings have their severity; an excused finding has its excuse there, and one of the baseline is shown only
/// then. What speaks against trusting a finding stands behind its message. Notices follow, as warnings.
pub(super) fn policy(reporter: &Reporter<'_>, linted: &Linted) -> String {
    let mut lines = String::new();
    for judgement in &linted.judged.judgements {
        let word = match reporter.view.shows(judgement) {
            Some(_) if judgement.excuse == Some(Excuse::Known) && !reporter.view.all => continue,
            Some(_) if let Some(excuse) = &judgement.excuse => excuse.as_str(),
            Some(severity) => severity.as_str(),
            None if reporter.view.all && judgement.severity.is_none() => judgement.verdict.as_str(),
            None => continue,
        };
        let site = linted.policy.at(pointed(linted, judgement));
        let (path, (line, column)) = (named(site.name()), site.start());
        let rule = visible(&reporter.packs.rules[judgement.rule].id);
        let message = visible(&judgement.message);
        let doubts = doubts(judgement).map_or_else(String::new, |doubts| format!(" ({})", visible(&doubts)));
        let detail = judgement.excuse.as_ref().map(Excuse::detail).filter(|detail| !detail.is_empty());
        let detail = detail.map_or_else(String::new, |detail| format!(" - {}", visible(&detail)));
        let _ = writeln!(lines, "{path}:{line}:{column}: {word}[{rule}] {message}{doubts}{detail}");
    }
    for (notice, site) in notices(reporter, linted) {
        let place = match site {
            Some(site) => format!("{}:{}:{}", named(site.name()), site.start().0, site.start().1),
            None => named(linted.policy.name()),
        };
        let _ = writeln!(lines, "{place}: warning[{NOTICE}] {}", visible(&notice.message));
    }
    lines
}

#[cfg(test)]
mod tests {
    use crate::report::{Format, sample};
    use crate::verdict::{Confidence, Excuse, Notice, Waiver, Written};
    use proptest::prelude::*;

    #[test]
    fn an_excuse_stands_where_the_severity_does_and_notices_are_warnings() {
        let mut linted = sample::linted();
        let until = Some("2027-01-31".to_owned());
        let waiver = Waiver { reason: "no mail".to_owned(), until, written: Written::Configured("c.yaml:1".to_owned()) };
        linted.judged.judgements[0].excuse = Some(Excuse::Known);
        linted.judged.judgements[1].excuse = Some(Excuse::Waived(waiver));
        let notice = |span| Notice { message: "It waives nothing.".to_owned(), help: String::new(), span };
        linted.notices = vec![notice(Some(sample::span(sample::TEXT, "Write"))), notice(None)];
        let lines = |all| sample::reporter(&sample::packs(), Format::Concise, all).policy(&linted).text;
        let excused = "docs/privacy.md:5:1: waived[mail/opt-out-way] Nothing says how to opt out. - no mail (until 2027-01-31)\n";
        let notices = "docs/privacy.md:5:1: warning[waiver] It waives nothing.\ndocs/privacy.md: warning[waiver] It waives nothing.\n";
        assert_eq!(lines(false), format!("{excused}{notices}"));
        assert!(lines(true).starts_with("docs/privacy.md:3:1: baseline[mail/opt-out-deadline] Says"), "{}", lines(true));
    }

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
    fn doubts_stand_behind_the_message() {
        let mut linted = sample::linted();
        linted.judged.judgements.remove(0);
        linted.judged.judgements[0].confidence = Confidence::Medium;
        linted.judged.judgements[0].doubts = vec!["a near miss".to_owned()];
        assert_eq!(
            sample::report(Format::Concise, &linted),
            "docs/privacy.md:5:1: error[mail/opt-out-way] Nothing says how to opt out. (confidence medium: a near miss)\n"
        );
    }

    proptest! {
        #[test]
        fn a_line_stays_a_line(linted in sample::hostile()) {
            let text = sample::hostile_report(Format::Concise, &linted);
            sample::harmless(&text)?;
            let findings = linted.judged.judgements.iter().filter(|judgement| judgement.severity.is_some());
            let shown = findings.filter(|judgement| judgement.excuse != Some(Excuse::Known)).count();
            prop_assert_eq!(text.lines().count(), shown + linted.notices.len());
            prop_assert!(text.lines().all(|line| !line.trim_start().starts_with("::")));
        }
    }
}
