//! For pull requests: a table of what was lost and weakened, and below it, folded, the rest. Nothing that a policy says can leave its cell, open a
//! tag, link or mention anyone.

use super::{DifferenceTally, excuse, is_new_finding, place, words};
use crate::diff::{Change, Compared, Difference, Side};
use crate::lint::Linted;
use crate::report::human::shortened;
use crate::report::visible;
use crate::rule::Packs;
use crate::verdict::{FactValue, Verdict};
use std::fmt::Write as _;

/// A quotation is not longer than this.
const QUOTE: usize = 300;

/// What is said of a policy.
pub(super) fn difference(packs: &Packs, title: &str, difference: &Difference<'_>) -> String {
    let mut tally = DifferenceTally::default();
    tally.add(difference);
    let mut text = format!("### Disclosures: {}\n\n{}\n", code(title), tally.words());
    if !difference.facts.is_empty() {
        text.push_str("\nWhat is taken to be so of this policy has changed:\n\n");
        for change in &difference.facts {
            let (old, new) = (passage(change.old, difference.old), passage(change.new, difference.new));
            let _ = writeln!(text, "- {}: was {old}, is {new}", code(&packs.facts[change.new.fact].name));
        }
    }
    let rows = |wanted: &dyn Fn(&Compared<'_>) -> bool| {
        let mut rows = String::new();
        for change in Change::ALL.into_iter().filter(|change| *change != Change::Unchanged) {
            for compared in difference.requirements.iter().filter(|compared| compared.change == change && wanted(compared)) {
                rows.push_str(&row(packs, difference, compared));
            }
        }
        if rows.is_empty() { rows } else { format!("| | requirement | before | now |\n|---|---|---|---|\n{rows}") }
    };
    let findings = rows(&is_new_finding);
    if !findings.is_empty() {
        let _ = write!(text, "\n{findings}");
    }
    let rest = rows(&|compared| !is_new_finding(compared));
    if !rest.is_empty() {
        let _ = write!(text, "\n<details><summary>What else changed</summary>\n\n{rest}\n</details>\n");
    }
    text + "\n"
}

fn row(packs: &Packs, difference: &Difference<'_>, compared: &Compared<'_>) -> String {
    let rule = &packs.rules[compared.rule];
    let change = words(compared.change, 1);
    let change = if compared.counts() { format!("**{change}**") } else { change.to_owned() };
    let excuse = excuse(compared.new).map_or_else(String::new, |excuse| format!(" ({})", text(&excuse)));
    let (old, new) = (cell(compared.old, difference.old), cell(compared.new, difference.new));
    format!("| {change}{excuse} | {}<br>{} | {old} | {new} |\n", code(&rule.id), text(&rule.title))
}

/// A verdict, and the passage that decided it; of what is missing the message, and the passage near which it belongs.
fn cell(side: Option<Side<'_>>, linted: Option<&Linted>) -> String {
    let (Some(Side { judgement, passage }), Some(linted)) = (side, linted) else { return "no policy".to_owned() };
    let verdict = judgement.verdict.as_str().replace('-', " ");
    let quoted = passage.map(|span| format!("{} {}", quote(linted.policy.at(span).text()), code(&place(linted, span))));
    match (judgement.verdict, quoted) {
        (Verdict::Missing, Some(quoted)) => format!("{verdict}: {}<br>Nearest: {quoted}", text(&judgement.message)),
        (Verdict::Missing, None) => format!("{verdict}: {}", text(&judgement.message)),
        (_, Some(quoted)) => format!("{verdict}: {quoted}"),
        (_, None) => judgement.because.as_ref().map_or_else(|| verdict.clone(), |because| format!("{verdict}: {}", text(because))),
    }
}

/// A fact's value, and the passage that showed it.
fn passage(value: &FactValue, linted: Option<&Linted>) -> String {
    match value.evidence.first().zip(linted) {
        Some((evidence, linted)) => {
            let span = evidence.span;
            format!("{} ({} {})", value.value, quote(linted.policy.at(span).text()), code(&place(linted, span)))
        }
        None => value.value.to_string(),
    }
}

/// A passage between quotation marks.
fn quote(passage: &str) -> String {
    format!("\"{}\"", text(&shortened(passage, QUOTE)))
}

/// Text that stays text: in one line, and with nothing in it that Markdown, HTML or a forge would read as its own.
fn text(written: &str) -> String {
    let mut text = String::with_capacity(written.len());
    let mut before = ' ';
    for character in visible(written).chars() {
        match character {
            '<' => text.push_str("&lt;"),
            '>' => text.push_str("&gt;"),
            '&' => text.push_str("&amp;"),
            // In an address it mentions nobody.
            '@' if !before.is_alphanumeric() => text.push_str("@<!-- -->"),
            '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '#' | '|' | '~' | '!' | '$' => text.extend(['\\', character]),
            other => text.push(other),
        }
        before = character;
    }
    text
}

/// Words in a code span, which knows no escapes.
fn code(words: &str) -> String {
    let words: String = visible(words).chars().map(|character| if matches!(character, '`' | '|') { '?' } else { character }).collect();
    format!("`{words}`")
}
