//! One line a finding, as compilers and editors write and read it.

use super::{Reporter, visible};
use crate::lint::Linted;
use crate::verdict::Judgement;
use std::fmt::Write as _;

/// `path:line:column: severity[rule] message`, for every finding that is shown. With the whole checklist asked for, the other
/// verdicts stand where findings have their severity.
pub(super) fn policy(reporter: &Reporter<'_>, linted: &Linted) -> String {
    let path = visible(linted.source.name());
    let mut lines = String::new();
    for judgement in &linted.judged.judgements {
        let word = match reporter.view.shows(judgement) {
            Some(severity) => severity.as_str(),
            None if reporter.view.all && judgement.severity.is_none() => judgement.verdict.as_str(),
            None => continue,
        };
        let (line, column) = linted.source.line_column(start(linted, judgement));
        let rule = &reporter.packs.rules[judgement.rule].id;
        let message = visible(&judgement.message);
        let _ = writeln!(lines, "{path}:{line}:{column}: {word}[{rule}] {message}");
    }
    lines
}

/// Where a judgement is shown: at what decided it, or where the statement belongs, or at the first line of text.
fn start(linted: &Linted, judgement: &Judgement) -> u32 {
    let place = judgement.place.map(|place| place.span);
    let evidence = judgement.evidence.first().map(|evidence| evidence.span);
    let decided = if judgement.verdict.is_finding() { place.or(evidence) } else { evidence };
    let first = || (!linted.document.sentences.is_empty()).then(|| linted.document.sentence_span(0));
    decided.or_else(first).map_or(0, |span| span.start)
}

#[cfg(test)]
mod tests {
    use crate::report::{Format, sample};

    #[test]
    fn a_finding_is_a_line() {
        let linted = sample::linted();
        assert_eq!(
            sample::reporter(&sample::packs(), Format::Concise, false).policy(&linted),
            "docs/privacy.md:3:1: note[mail/opt-out-deadline] Says when opt-outs are honoured, but vaguely: no time limit is given.\n\
             docs/privacy.md:5:1: error[mail/opt-out-way] Nothing says how to opt out.\n"
        );
        let all = sample::reporter(&sample::packs(), Format::Concise, true).policy(&linted);
        assert!(all.ends_with("docs/privacy.md:5:1: satisfied[notice/contact] Says how to write to us.\n"), "{all}");
    }
}
