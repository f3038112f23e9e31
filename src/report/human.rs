//! For people: a heading for each policy, a diagnostic for each finding, the checklist where it was asked for, and a summary.

use super::diagnostic::{Diagnostic, theme};
use super::excerpt::Mark;
use super::tally::{self, Counts, Tally};
use super::{Reporter, Terminal, count, list, visible};
use crate::lint::{Linted, PassedOver};
use crate::rule::Packs;
use crate::source::Span;
use crate::verdict::{Evidence, Judgement, PlaceKind, Role, Severity, Verdict};
use std::fmt::Write as _;

/// No more passages than these are shown of a finding.
const PASSAGES: usize = 4;

/// What is said of a policy.
pub(super) fn policy(reporter: &Reporter<'_>, linted: &Linted) -> String {
    let view = &reporter.view;
    let mut text = String::new();
    for judgement in &linted.judged.judgements {
        if let Some(severity) = view.shows(judgement) {
            text.push_str(&finding(reporter, linted, judgement, severity));
            text.push('\n');
        }
    }
    if view.all {
        text.push_str(&checklist(reporter, linted));
    }
    if view.quiet && text.is_empty() {
        return text;
    }
    let name = theme(reporter.terminal).styles.link.style(visible(linted.source.name()));
    format!("{name}: {}\n\n{text}", tally::words(tally::of(&linted.judged)))
}

fn finding(reporter: &Reporter<'_>, linted: &Linted, judgement: &Judgement, severity: Severity) -> String {
    let rule = &reporter.packs.rules[judgement.rule];
    let marks = marks(judgement);
    let mut diagnostic = Diagnostic::new(severity, &rule.id, &judgement.message, &linted.source, marks, reporter.terminal);
    diagnostic.help = Some(format!("{}\n{}, {}", visible(&rule.help), visible(&rule.cite), visible(&rule.url)));
    diagnostic.url = Some(visible(&rule.url));
    diagnostic.draw(reporter.terminal)
}

/// The passages that a finding points at, the most telling first.
fn marks(judgement: &Judgement) -> Vec<Mark> {
    let lacks = if judgement.lacks.is_empty() {
        String::new()
    } else {
        format!("lacks {}", list(&judgement.lacks))
    };
    let mark = |span: Span, label: String, hedges: &[Span]| Mark {
        span: span.range(),
        label,
        hedges: hedges.iter().map(|hedge| hedge.range()).collect(),
    };
    let with_lacks = |word: &str| {
        if lacks.is_empty() {
            word.to_owned()
        } else {
            format!("{word}: {lacks}")
        }
    };
    let mut marks: Vec<Mark> = (judgement.evidence.iter().take(PASSAGES))
        .map(|Evidence { role, span, hedges }| {
            let label = match role {
                Role::Weakens => with_lacks("vague"),
                Role::NearMiss => with_lacks("closest"),
                Role::Contradicts => "says the opposite".to_owned(),
                Role::Satisfies => "stated here".to_owned(),
                Role::Trigger => "speaks of it".to_owned(),
            };
            mark(*span, label, hedges)
        })
        .collect();
    if let Some(place) = judgement.place {
        let label = match place.kind {
            PlaceKind::NearMiss => with_lacks("closest"),
            PlaceKind::Heading => "would belong here".to_owned(),
            PlaceKind::Trigger => "would belong near this".to_owned(),
            PlaceKind::Title => "not stated in this policy".to_owned(),
        };
        // The place comes first; it is most often a passage of the evidence, which is not shown twice.
        marks.retain(|mark| mark.span != place.span.range());
        let known = judgement.evidence.iter().find(|evidence| evidence.span == place.span);
        marks.insert(0, mark(place.span, label, known.map_or(&[], |evidence| &evidence.hedges)));
    }
    marks
}

/// The verdicts that are no findings, with what decided them.
fn checklist(reporter: &Reporter<'_>, linted: &Linted) -> String {
    let mut text = String::new();
    let width = Verdict::NotApplicable.as_str().len();
    for judgement in linted.judged.judgements.iter().filter(|judgement| judgement.severity.is_none()) {
        let rule = &reporter.packs.rules[judgement.rule];
        let verdict = judgement.verdict.as_str();
        let _ = writeln!(text, "  {verdict:width$}  {}: {}", rule.id, visible(&rule.title));
        if let Some(because) = &judgement.because {
            let _ = writeln!(text, "  {:width$}  {}", "", visible(because));
        }
        for evidence in judgement.evidence.iter().take(PASSAGES) {
            let (line, column) = linted.source.line_column(evidence.span.start);
            let place = format!("{line}:{column}");
            let room = reporter.terminal.width.saturating_sub(width + place.len() + 7);
            let passage = shortened(linted.source.slice(evidence.span), room);
            let _ = writeln!(text, "  {:width$}  {place} \"{passage}\"", "");
        }
    }
    if !text.is_empty() {
        text.push('\n');
    }
    text
}

/// A passage in one line of at most so many characters.
fn shortened(passage: &str, room: usize) -> String {
    let mut words = String::new();
    // What is cut off need not be looked at.
    let some = &passage[..passage.floor_char_boundary(16 * room)];
    for word in some.split_whitespace() {
        let word = visible(word);
        if words.chars().count() + word.chars().count() + 4 > room && !words.is_empty() {
            return words + "...";
        }
        if !words.is_empty() {
            words.push(' ');
        }
        words.push_str(&word);
    }
    words
}

/// The counts of the whole run: for each pack, and together.
pub(super) fn summary(packs: &Packs, tally: &Tally) -> String {
    let mut text = String::new();
    let line = |counts: Counts| {
        let all = counts.iter().sum();
        format!("{}: {}", count(all, "requirement", "requirements"), tally::words(counts))
    };
    let judged: Vec<_> = tally.packs(packs).collect();
    if judged.len() > 1 {
        for (pack, counts) in judged {
            let _ = writeln!(text, "{}: {}", pack.name, line(counts));
        }
    }
    let _ = writeln!(text, "{}", line(tally.total()));
    let passed: Vec<String> = (PassedOver::ALL.iter().zip(tally.passed_over))
        .filter(|(_, number)| *number > 0)
        .map(|(why, number)| format!("{number} {}", why.phrase()))
        .collect();
    let _ = write!(text, "{}", count(tally.policies, "policy", "policies"));
    if !passed.is_empty() {
        let _ = write!(text, ", {} passed over ({})", tally.passed_over.iter().sum::<usize>(), passed.join(", "));
    }
    text + "\n"
}

/// Text that is set off, where there are colours.
pub(super) fn strong(text: &str, terminal: Terminal) -> String {
    theme(terminal).styles.link.style(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{Format, sample};
    use crate::verdict::Place;

    fn drawn(linted: &Linted, terminal: impl Fn(&mut Terminal)) -> String {
        let packs = sample::packs();
        let mut reporter = sample::reporter(&packs, Format::Human, false);
        terminal(&mut reporter.terminal);
        reporter.policy(linted)
    }

    fn weak(text: &str, words: &str, hedges: &[&str]) -> Linted {
        let judgement = Judgement {
            evidence: vec![Evidence {
                role: Role::Weakens,
                span: sample::span(text, words),
                hedges: hedges.iter().map(|hedge| sample::span(text, hedge)).collect(),
            }],
            ..sample::judgement(0, Verdict::Weak, "No time limit is given.")
        };
        sample::linted_text("p.md", text, vec![judgement])
    }

    #[test]
    fn tryout() {
        let mut out = drawn(&sample::linted(), |_| ());
        out += &drawn(&sample::linted(), |t| t.colour = true).replace('\u{1b}', "^");
        out += &drawn(&sample::linted(), |t| t.unicode = false);
        let filler = "Lorem ipsum dolor sit amet, consectetur elit. ".repeat(60);
        let text = format!("# Title\n\n{filler}Please note that we may, where practical and in our sole discretion, honour the requests of people who write to us to unsubscribe as soon as we reasonably can, 日本語日本語日本語日本語 and so on. {filler}\n\nend\n");
        let words = "Please note that we may, where practical and in our sole discretion, honour the requests of people who write to us to unsubscribe as soon as we reasonably can, 日本語日本語日本語日本語 and so on.";
        out += &drawn(&weak(&text, words, &["may", "where practical", "as soon as we reasonably can"]), |_| ());
        out += &drawn(&weak(&text, "Please note that we may", &["may"]), |_| ());
        let crlf = "One line.\r\n\tWe may\tdo\r\n  \u{1b}[31mso \u{ad}promptly if we\r\ncan. Then more.\r\n";
        out += &drawn(&weak(crlf, "We may\tdo\r\n  \u{1b}[31mso \u{ad}promptly if we\r\ncan.", &["may\tdo\r\n  \u{1b}[31mso"]), |_| ());
        let big = format!("{}.", "We may share data with others, ".repeat(300));
        let mut linted = weak(&big, &big, &[]);
        linted.judged.judgements[0].evidence[0].hedges = vec![Span::new(5003, 5006)];
        out += &drawn(&linted, |_| ());
        let two = format!("# Title\n\n{filler} We never sell data. {filler}\n\n\nBut we do sell it to partners.\n");
        let contradicted = Judgement {
            evidence: vec![sample::evidence(Role::Contradicts, sample::span(&two, "But we do sell it to partners.")),
               sample::evidence(Role::Satisfies, sample::span(&two, "We never sell data."))],
            ..sample::judgement(0, Verdict::Contradicted, "Says that data is sold.")
        };
        out += &drawn(&sample::linted_text("p.md", &two, vec![contradicted]), |_| ());
        let two = format!("# Title\n\n{filler} We never sell data. {filler} But we do sell it to partners.\n");
        let contradicted = Judgement {
            evidence: vec![sample::evidence(Role::Contradicts, sample::span(&two, "But we do sell it to partners.")),
               sample::evidence(Role::Satisfies, sample::span(&two, "We never sell data."))],
            ..sample::judgement(0, Verdict::Contradicted, "Says that data is sold.")
        };
        let missing = sample::judgement(1, Verdict::Missing, "Nothing \u{1b}[2J is said.");
        let placed = Judgement { place: Some(Place { kind: PlaceKind::Title, span: Span::new(2, 7)}), ..missing.clone()};
        out += &drawn(&sample::linted_text("p\u{1b}.md", &two, vec![contradicted, missing, placed]), |_| ());
        println!("{out}");
    }
}
