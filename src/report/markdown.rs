//! For people who look at a change: a checklist in Markdown, fit for a comment or a job summary. What counts comes first, the worst at the
//! top; what is excused, satisfied or does not apply is folded. Text of others is only ever text in it: no markup, no links, no mentions.

use super::finding::{Finding, findings, notices, placed, remarks, told};
use super::human::shortened;
use super::tally::{self, Tally};
use super::{Reporter, count, escape};
use crate::lint::Linted;
use crate::policy::Site;
use crate::rule::Rule;
use crate::source::Span;
use crate::verdict::{Excuse, Judgement, PlaceKind, Severity, Verdict};
use std::fmt::Write as _;

/// Passages are quoted up to so many characters: the file is there for the rest.
const QUOTED: usize = 200;

/// What stands before the first policy.
pub(super) fn begin() -> String {
    "## Privacy policy checklist\n".to_owned()
}

/// The checklist of a policy.
pub(super) fn policy(reporter: &Reporter<'_>, linted: &Linted) -> String {
    let words = tally::all_words(tally::of(&linted.judged), tally::excused(&linted.judged));
    let mut text = format!("\n### {}\n\n{words}\n", escape::markdown(linted.policy.name()));
    let (mut counting, excused): (Vec<Finding<'_>>, Vec<_>) =
        findings(reporter, linted).partition(|finding| finding.judgement.excuse.is_none());
    counting.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    if !counting.is_empty() {
        text.push('\n');
        text.push_str("| | Requirement | What was found | Where |\n|---|---|---|---|\n");
        for finding in &counting {
            row(&mut text, linted, finding, mark(finding.severity));
        }
    }
    let mut said = notices(reporter, linted).peekable();
    if said.peek().is_some() {
        text.push('\n');
    }
    for (notice, site) in said {
        let place = site.map_or_else(String::new, |site| format!(" ({})", place(linted, site)));
        // Four blanks after the hyphen would make code of it.
        let _ = writeln!(text, "- {}{place}", escape::markdown(told(notice).trim()));
    }
    if !excused.is_empty() {
        fold(&mut text, &count(excused.len(), "finding that does not count", "findings that do not count"));
        text.push_str("| | Requirement | What was found | Where |\n|---|---|---|---|\n");
        for finding in &excused {
            row(&mut text, linted, finding, finding.judgement.excuse.as_ref().map_or("", Excuse::as_str));
        }
        text.push_str("\n</details>\n");
    }
    let of = |verdict: Verdict| linted.judged.judgements.iter().filter(move |judgement| judgement.verdict == verdict);
    let folded = |text: &mut String, verdict: Verdict, mark: &str, head: &str, what: &dyn Fn(&Judgement) -> String| {
        let number = of(verdict).count();
        if number > 0 {
            fold(text, &format!("{number} {}", verdict.as_str().replace('-', " ")));
            let _ = writeln!(text, "| | Requirement | {head} |\n|---|---|---|");
            for judgement in of(verdict) {
                let _ = writeln!(text, "| {mark} | {} | {} |", requirement(&reporter.packs.rules[judgement.rule]), what(judgement));
            }
            text.push_str("\n</details>\n");
        }
    };
    folded(&mut text, Verdict::Satisfied, "✅", "Where", &|judgement| {
        let quoted = judgement.evidence.first().map(|evidence| quoted(linted, evidence.span, ""));
        quoted.into_iter().chain(remarks(judgement).iter().map(|remark| escape::markdown(remark))).collect::<Vec<_>>().join("<br>")
    });
    folded(&mut text, Verdict::NotApplicable, "➖", "Because", &|judgement| {
        escape::markdown(judgement.because.as_deref().unwrap_or(&judgement.message))
    });
    text
}

/// What stands after the last policy.
pub(super) fn end(tally: &Tally) -> String {
    match tally.policies {
        0 => "\nNo policy was linted.\n".to_owned(),
        1 => String::new(),
        many => {
            let counts = tally.total();
            let all = count(counts.iter().sum(), "requirement", "requirements");
            format!("\n**{}**, {all}: {}\n", count(many, "policy", "policies"), tally::all_words(counts, tally.excused))
        }
    }
}

/// What stands after a report that had to stay small.
pub(super) fn left_out(policies: usize) -> String {
    format!("\n{} not shown here: the report would be too long.\n", count(policies, "policy is", "policies are"))
}

fn row(text: &mut String, linted: &Linted, finding: &Finding<'_>, mark: &str) {
    let judgement = finding.judgement;
    let remarks = remarks(judgement).into_iter().map(|remark| format!("<br>{}", escape::markdown(&remark)));
    let passage = match (judgement.place, judgement.evidence.first()) {
        (Some(at), _) if at.kind == PlaceKind::Title => placed(at.kind).to_owned(),
        (Some(at), _) => quoted(linted, at.span, &format!(" ({})", placed(at.kind))),
        (None, Some(evidence)) => quoted(linted, evidence.span, ""),
        (None, None) => place(linted, finding.site),
    };
    let _ = writeln!(
        text,
        "| {} | {} | **{}**: {}<br>*{}*{} | {} |",
        escape::markdown(mark),
        requirement(finding.rule),
        judgement.verdict.as_str(),
        escape::markdown(&judgement.message),
        // What begins or ends with a space is not set in italics.
        escape::markdown(finding.rule.help.trim()),
        remarks.collect::<String>(),
        passage,
    );
}

fn mark(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "❌ error",
        Severity::Warning => "⚠️ warning",
        Severity::Note => "ℹ️ note",
    }
}

/// The rule's id, linked to the law behind it, and its title.
fn requirement(rule: &Rule) -> String {
    let id = escape::markdown(&rule.id);
    let linked = escape::page(&rule.url).map_or_else(|| id.clone(), |page| format!("[{id}]({page})"));
    format!("{linked}<br>{}", escape::markdown(&rule.title))
}

/// "line 5", with the file where it is not the policy's first.
fn place(linted: &Linted, site: Site<'_>) -> String {
    let file = if site.name() == linted.policy.name() { String::new() } else { escape::markdown(site.name()) + ", " };
    format!("{file}line {}", site.start().0)
}

/// "line 5 (came closest): “Write to us.”".
fn quoted(linted: &Linted, span: Span, remark: &str) -> String {
    let site = linted.policy.at(span);
    format!("{}{remark}: “{}”", place(linted, site), escape::markdown(&shortened(site.text(), QUOTED)))
}

fn fold(text: &mut String, summary: &str) {
    let _ = write!(text, "\n<details><summary>{summary}</summary>\n\n");
}

#[cfg(test)]
mod tests {
    use crate::report::{Format, sample};
    use crate::verdict::{Confidence, Excuse, Notice};
    use proptest::prelude::*;
    use pulldown_cmark::{Event, Options, Parser, Tag};

    #[test]
    fn a_checklist_shows_what_counts_and_folds_the_rest() {
        let mut linted = sample::linted();
        linted.judged.judgements[0].excuse = Some(Excuse::Known);
        linted.judged.judgements[1].confidence = Confidence::Medium;
        linted.judged.judgements[1].doubts = vec!["a passage came | near".to_owned()];
        linted.notices = vec![Notice { message: "A waiver waives nothing".to_owned(), help: String::new(), span: None }];
        assert_eq!(
            sample::report(Format::Markdown, &linted),
            "\
## Privacy policy checklist

### docs/privacy.md

1 satisfied, 1 weak, 0 contradicted, 1 missing, 0 not applicable (1 in the baseline)

| | Requirement | What was found | Where |
|---|---|---|---|
| ❌ error | [mail/opt-out-way](https://law.example/1)<br>Title of mail/opt-out-way | **missing**: Nothing says how to opt out.<br>*State a \
limit of 10 business days or less.*<br>confidence medium: a passage came \\| near | line 5 (came closest): “Write to hello@wren-and-larch.example.” |

- A waiver waives nothing

<details><summary>1 finding that does not count</summary>

| | Requirement | What was found | Where |
|---|---|---|---|
| baseline | [mail/opt-out-deadline](https://law.example/1)<br>Title of mail/opt-out-deadline | **weak**: Says when opt-outs are \
honoured, but vaguely: no time limit is given.<br>*State a limit of 10 business days or less.*<br>in the baseline | line 3: “Where \
practical, we honour unsubscribe requests promptly.” |

</details>

<details><summary>1 satisfied</summary>

| | Requirement | Where |
|---|---|---|
| ✅ | [notice/contact](https://law.example/1)<br>Title of notice/contact | line 5: “Write to hello@wren-and-larch.example.” |

</details>
"
        );
    }

    proptest! {
        #[test]
        fn text_of_others_is_only_text(linted in sample::hostile()) {
            let text = sample::hostile_report(Format::Markdown, &linted);
            sample::harmless(&text)?;
            let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_MATH | Options::ENABLE_FOOTNOTES;
            let mut rows = 0;
            let mut cells = 0;
            for event in Parser::new_ext(&text, options) {
                match event {
                    Event::InlineHtml(html) => prop_assert_eq!(&*html, "<br>"),
                    Event::Html(html) => {
                        prop_assert!(html.starts_with("<details><summary>") || html.starts_with("</details>"), "{}", html);
                        prop_assert_eq!(html.matches('<').count(), if html.starts_with("</") { 1 } else { 3 });
                    }
                    Event::Start(Tag::Link { dest_url, .. }) => prop_assert!(dest_url.starts_with("https://law.example/"), "{}", dest_url),
                    Event::Start(Tag::TableRow) => {
                        prop_assert!(rows == 0 || cells >= 3, "{}", text);
                        rows += 1;
                        cells = 0;
                    }
                    Event::Start(Tag::TableCell) => cells += 1,
                    Event::Start(Tag::Image { .. } | Tag::CodeBlock(_) | Tag::BlockQuote(_) | Tag::Strikethrough)
                    | Event::Code(_) | Event::InlineMath(_) | Event::DisplayMath(_) | Event::FootnoteReference(_) | Event::Rule => {
                        prop_assert!(false, "{:?} in {}", event, text);
                    }
                    _ => {}
                }
            }
            prop_assert_eq!(rows, linted.judged.judgements.len(), "{}", text);
        }
    }
}
