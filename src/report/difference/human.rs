//! For people: what was lost and weakened is drawn, the passage as it was above the passage as it is; the rest is listed.

use super::{DifferenceReporter, excuse, is_new_finding, place, words};
use crate::diff::{Change, Compared, Difference, FactChange, Side};
use crate::lint::Linted;
use crate::report::diagnostic::Diagnostic;
use crate::report::human::{marks, shortened, strong};
use crate::report::{pointed, visible};
use crate::source::Span;
use crate::verdict::{FactSource, Severity, Verdict};
use std::fmt::Write as _;

/// A quotation is not longer than this.
const QUOTE: usize = 300;
/// What stands before one.
const INDENT: &str = "         ";

/// What is said of a policy.
pub(super) fn difference(reporter: &DifferenceReporter<'_>, title: &str, difference: &Difference<'_>) -> String {
    let mut text = String::new();
    for fact in &difference.facts {
        text.push_str(&changed_fact(reporter, difference, fact));
    }
    // Nothing is left to draw an excerpt of where the policy is gone: a list says it sooner.
    let drawn = |compared: &Compared<'_>| difference.new.is_some() && is_new_finding(compared);
    for change in Change::ALL.into_iter().filter(|change| *change != Change::Unchanged) {
        for compared in difference.requirements.iter().filter(|compared| compared.change == change) {
            text.push_str(&if drawn(compared) { draw(reporter, difference, compared) } else { list(reporter, difference, compared) });
        }
    }
    if reporter.quiet {
        return text;
    }
    if text.is_empty() {
        text.push_str("No disclosure changed.\n\n");
    }
    format!("{}\n\n{text}", strong(&visible(title), reporter.terminal))
}

/// The diagnostic of a requirement as it was, and below it the one as it is.
fn draw(reporter: &DifferenceReporter<'_>, difference: &Difference<'_>, compared: &Compared<'_>) -> String {
    let severity = match compared.change {
        Change::Lost => Severity::Error,
        Change::Weakened => Severity::Warning,
        _ => compared.new.and_then(|new| new.judgement.severity).unwrap_or(Severity::Note),
    };
    let was = compared.old.filter(|old| old.judgement.verdict != Verdict::NotApplicable);
    let mut head = head(reporter, compared);
    let mut text = String::new();
    let sides = [("before", was, difference.old), ("now", compared.new, difference.new)];
    for (when, side, linted) in sides {
        let (Some(Side { judgement, .. }), Some(linted)) = (side, linted) else { continue };
        let source = linted.policy.at(pointed(linted, judgement)).source;
        let message = format!("{when}, {}: {}", judgement.verdict.as_str(), judgement.message);
        let marks = marks(linted, judgement, source);
        let mut diagnostic = Diagnostic::new(severity, &std::mem::take(&mut head), &message, source, marks, reporter.terminal);
        if when == "now" {
            let rule = &reporter.packs.rules[compared.rule];
            diagnostic.help = Some(format!("{}\n{}, {}", visible(&rule.help), visible(&rule.cite), visible(&rule.url)));
        }
        text.push_str(&diagnostic.draw(reporter.terminal));
        text.push('\n');
    }
    text
}

/// "lost[can-spam/opt-out-deadline]".
fn head(reporter: &DifferenceReporter<'_>, compared: &Compared<'_>) -> String {
    let excuse = excuse(compared.new).map_or_else(String::new, |excuse| format!(" ({excuse})"));
    format!("{}[{}]{excuse}", words(compared.change, 1), reporter.packs.rules[compared.rule].id)
}

/// A requirement in a few lines.
fn list(reporter: &DifferenceReporter<'_>, difference: &Difference<'_>, compared: &Compared<'_>) -> String {
    let mut text = format!("{}: {}\n", head(reporter, compared), visible(&reporter.packs.rules[compared.rule].title));
    for (when, side, linted) in [("before", compared.old, difference.old), ("now", compared.new, difference.new)] {
        let (Some(Side { judgement, passage }), Some(linted)) = (side, linted) else { continue };
        let _ = write!(text, "  {when:6} {}", judgement.verdict.as_str());
        match (passage, &judgement.because) {
            (Some(span), _) if judgement.verdict != Verdict::Missing => text.push_str(&quoted(reporter, linted, span)),
            (_, Some(because)) => text = text + ": " + &visible(because) + "\n",
            _ => text.push('\n'),
        }
    }
    text + "\n"
}

/// A fact, and the passages that showed it.
fn changed_fact(reporter: &DifferenceReporter<'_>, difference: &Difference<'_>, change: &FactChange<'_>) -> String {
    let name = &reporter.packs.facts[change.new.fact].name;
    let mut text = strong(&format!("fact[{name}]"), reporter.terminal) + "\n";
    for (when, value, linted) in [("before", change.old, difference.old), ("now", change.new, difference.new)] {
        let _ = write!(text, "  {when:6} {}", value.value);
        match (value.evidence.first().zip(linted), value.source) {
            (Some((evidence, linted)), _) => text.push_str(&quoted(reporter, linted, evidence.span)),
            (None, FactSource::Config) => text.push_str(", as declared\n"),
            (None, _) => text.push_str(", as nothing shows otherwise\n"),
        }
    }
    text + "\n"
}

/// ", privacy.md:31:1", and below it the passage.
fn quoted(reporter: &DifferenceReporter<'_>, linted: &Linted, span: Span) -> String {
    let mut text = format!(", {}", place(linted, span));
    let passage = format!("\"{}\"", shortened(linted.policy.at(span).text(), QUOTE));
    let mut column = usize::MAX;
    for word in passage.split(' ') {
        let width = word.chars().count();
        if column.saturating_add(width + 1) > reporter.terminal.width {
            text = text + "\n" + INDENT + word;
            column = INDENT.len() + width;
        } else {
            text = text + " " + word;
            column += 1 + width;
        }
    }
    text + "\n"
}
