//! What each rule saw in a passage, for those who write rules and those who doubt a verdict.

use super::human::strong;
use super::{Terminal, visible};
use crate::engine::Seen;
use crate::source::SourceFile;
use std::fmt::Write as _;

/// Writes what was seen, rule by rule.
pub fn explain(source: &SourceFile, seen: &[Seen], terminal: Terminal) -> String {
    let mut text = String::new();
    let words = |span| visible(source.slice(span));
    let mut owner = None;
    for seen in seen {
        if owner != Some(&seen.owner) {
            let gap = if owner.is_some() { "\n" } else { "" };
            let _ = writeln!(text, "{gap}{}", strong(&visible(&seen.owner), terminal));
            owner = Some(&seen.owner);
        }
        let (line, column) = source.line_column(seen.span.start);
        let _ = writeln!(text, "  {}: {}", visible(&seen.purpose), visible(&seen.phrase));
        let _ = writeln!(text, "    {line}:{column} \"{}\"", words(seen.span));
        for capture in &seen.captures {
            let _ = writeln!(text, "    {}", visible(capture));
        }
        if let Some((why, span)) = &seen.discounted {
            let _ = match span {
                Some(span) => writeln!(text, "    does not count: {why} \"{}\"", words(*span)),
                None => writeln!(text, "    does not count: {why}"),
            };
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{Format, sample};

    #[test]
    fn what_was_seen_is_grouped_by_rule() {
        let linted = sample::linted();
        let seen = |owner: &str, discounted| Seen {
            owner: owner.to_owned(),
            purpose: "weak".to_owned(),
            phrase: "{opt-out} ... {promptly}".to_owned(),
            span: sample::span(sample::TEXT, "unsubscribe requests promptly"),
            captures: vec!["duration 10 business days".to_owned()],
            discounted,
        };
        let hedge = sample::span(sample::TEXT, "Where practical");
        let all = [
            seen("mail/opt-out-deadline", None),
            seen("mail/opt-out-deadline", Some(("hedged by", Some(hedge)))),
            seen("sends-mail", Some(("a heading", None))),
        ];
        let terminal = sample::reporter(&sample::packs(), Format::Human, false).terminal;
        let text = explain(&linted.policy.sources()[0], &all, terminal);
        let one = "  weak: {opt-out} ... {promptly}\n    3:28 \"unsubscribe requests promptly\"\n    duration 10 business days\n";
        assert_eq!(
            text,
            format!(
                "mail/opt-out-deadline\n{one}{one}    does not count: hedged by \"Where practical\"\n\n\
                 sends-mail\n{one}    does not count: a heading\n"
            )
        );
    }
}
