//! For people: a heading for each policy, a diagnostic for each finding, the checklist where it was asked for, and a summary.

use super::diagnostic::{Diagnostic, theme};
use super::excerpt::Mark;
use super::finding::{Finding, NOTICE, doubts, findings, notices};
use super::tally::{self, Counts, Tally};
use super::{Reporter, Terminal, count, list, named, visible};
use crate::lint::{Linted, PassedOver};
use crate::policy::Site;
use crate::rule::Packs;
use crate::source::{SourceFile, Span};
use crate::verdict::{Evidence, Excuse, Judgement, Notice, PlaceKind, Role, Severity, Verdict};
use std::fmt::Write as _;

/// No more passages than these are shown of a finding.
const PASSAGES: usize = 4;

/// What is said of a policy.
pub(super) fn policy(reporter: &Reporter<'_>, linted: &Linted) -> String {
    let view = reporter.view;
    let mut text = String::new();
    for finding in findings(reporter, linted).filter(|finding| finding.judgement.excuse.is_none()) {
        text.push_str(&diagnosed(reporter, linted, &finding));
        text.push('\n');
    }
    for (notice, site) in notices(reporter, linted) {
        text.push_str(&noticed(reporter, linted, notice, site));
        text.push('\n');
    }
    text.push_str(&excused(reporter, linted));
    if view.all {
        text.push_str(&checklist(reporter, linted));
    }
    if view.quiet {
        return text;
    }
    let name = theme(reporter.terminal).styles.link.style(named(linted.policy.name()));
    format!("{name}: {}\n\n{text}", tally::all_words(tally::of(&linted.judged), tally::excused(&linted.judged)))
}

fn diagnosed(reporter: &Reporter<'_>, linted: &Linted, finding: &Finding<'_>) -> String {
    let (rule, judgement, source) = (finding.rule, finding.judgement, finding.site.source);
    let marks = marks(linted, judgement, source);
    let code = format!("{}[{}]", finding.severity.as_str(), rule.id);
    let mut diagnostic = Diagnostic::new(finding.severity, &code, &judgement.message, source, marks, reporter.terminal);
    let help = [rule.help.clone(), format!("{}, {}", rule.cite, rule.url)].into_iter().chain(doubts(judgement));
    diagnostic.help = Some(help.map(|line| visible(&line)).collect::<Vec<_>>().join("\n"));
    diagnostic.url = Some(visible(&rule.url));
    diagnostic.draw(reporter.terminal)
}

fn noticed(reporter: &Reporter<'_>, linted: &Linted, notice: &Notice, site: Option<Site<'_>>) -> String {
    let source = site.map_or(&linted.policy.sources()[0], |site| site.source);
    let marks = site.map(|site| Mark { span: site.span.range(), label: "here".to_owned(), hedges: Vec::new() });
    let marks = marks.into_iter().collect();
    let mut diagnostic =
        Diagnostic::new(Severity::Warning, &format!("warning[{NOTICE}]"), &notice.message, source, marks, reporter.terminal);
    diagnostic.help = Some(visible(&notice.help)).filter(|help| !help.is_empty());
    diagnostic.draw(reporter.terminal)
}

/// The findings that do not count, a line or two each; those of the baseline, which may be many, only in the whole checklist.
fn excused(reporter: &Reporter<'_>, linted: &Linted) -> String {
    let mut text = String::new();
    let width = "announced".len();
    for finding in findings(reporter, linted) {
        let shown = reporter.view.all || finding.judgement.excuse != Some(Excuse::Known);
        let Some(excuse) = finding.judgement.excuse.as_ref().filter(|_| shown) else { continue };
        let _ = writeln!(text, "  {:width$}  {}: {}", excuse.as_str(), visible(&finding.rule.id), visible(&finding.judgement.message));
        let detail = visible(&excuse.detail());
        if !detail.is_empty() {
            // A job's log takes what begins a line so for a command.
            let mark = if detail.trim_start().starts_with("::") { "- " } else { "" };
            let _ = writeln!(text, "  {:width$}  {mark}{detail}", "");
        }
    }
    if !text.is_empty() {
        text.push('\n');
    }
    text
}

/// The passages of a file that a finding points at, the most telling first.
pub(super) fn marks(linted: &Linted, judgement: &Judgement, file: &SourceFile) -> Vec<Mark> {
    let lacks = if judgement.lacks.is_empty() { String::new() } else { format!("lacks {}", list(&judgement.lacks)) };
    let range = |span: Span| linted.policy.at(span).span.range();
    let mark = |span: Span, label: String, hedges: &[Span]| Mark {
        span: range(span),
        label,
        hedges: hedges.iter().map(|hedge| range(*hedge)).collect(),
    };
    let here = |span: Span| std::ptr::eq(linted.policy.at(span).source, file);
    let with_lacks = |word: &str| {
        if lacks.is_empty() { word.to_owned() } else { format!("{word}: {lacks}") }
    };
    let mut marks: Vec<Mark> = (judgement.evidence.iter().filter(|evidence| here(evidence.span)).take(PASSAGES))
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
        marks.retain(|mark| mark.span != range(place.span));
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
        let _ = writeln!(text, "  {verdict:width$}  {}: {}", visible(&rule.id), visible(&rule.title));
        if let Some(doubts) = doubts(judgement) {
            let _ = writeln!(text, "  {:width$}  {}", "", visible(&doubts));
        }
        if let Some(because) = &judgement.because {
            let _ = writeln!(text, "  {:width$}  {}", "", visible(because));
        }
        for evidence in judgement.evidence.iter().take(PASSAGES) {
            let site = linted.policy.at(evidence.span);
            let (line, column) = site.start();
            let place = if site.name() == linted.policy.name() { String::new() } else { visible(site.name()) + ":" };
            let place = format!("{place}{line}:{column}");
            let room = reporter.terminal.width.saturating_sub(width + place.len() + 7);
            let passage = shortened(site.text(), room);
            let _ = writeln!(text, "  {:width$}  {place} \"{passage}\"", "");
        }
    }
    if !text.is_empty() {
        text.push('\n');
    }
    text
}

/// A passage in one line of at most so many characters.
pub(super) fn shortened(passage: &str, room: usize) -> String {
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
    if tally.policies > 0 {
        let total = tally.total();
        let all = count(total.iter().sum(), "requirement", "requirements");
        let _ = writeln!(text, "{all}: {}", tally::all_words(total, tally.excused));
    }
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
    use crate::verdict::{Confidence, Place, Waiver, Written};
    use proptest::prelude::*;

    fn drawn(linted: &Linted, terminal: impl Fn(&mut Terminal)) -> String {
        let packs = sample::packs();
        let mut reporter = sample::reporter(&packs, Format::Human, false);
        terminal(&mut reporter.terminal);
        reporter.policy(linted).text
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

    fn finding(text: &str) -> &str {
        text.split_once("\n\n").map_or("", |(_, finding)| finding)
    }

    #[test]
    fn a_policy_has_a_heading_and_a_diagnostic_for_each_finding() {
        assert_eq!(
            drawn(&sample::linted(), |_| ()),
            "\
docs/privacy.md: 1 satisfied, 1 weak, 0 contradicted, 1 missing, 0 not applicable

note[mail/opt-out-deadline]

  ☞ Says when opt-outs are honoured, but vaguely: no time limit is given.
   ╭─[docs/privacy.md:3:1]
 3 │ Where practical, we honour unsubscribe requests promptly.
   · ───────┬───────  ────────────────────┬───────────────────
   ·        │                             ╰── vague: lacks a time limit
   ·        ╰── hedge
   ╰────
  help: State a limit of 10 business days or less.
        16 CFR 1.1(a), https://law.example/1

error[mail/opt-out-way]

  × Nothing says how to opt out.
   ╭─[docs/privacy.md:5:1]
 5 │ Write to hello@wren-and-larch.example.
   · ───────────────────┬──────────────────
   ·                    ╰── closest: lacks a way to opt out
   ╰────
  help: State a limit of 10 business days or less.
        16 CFR 1.1(a), https://law.example/1

"
        );
    }

    #[test]
    fn what_does_not_count_is_a_line_and_a_notice_a_warning() {
        let mut linted = sample::linted();
        let waiver = Waiver { reason: "no mail".to_owned(), until: None, written: Written::Configured("c.yaml:1".to_owned()) };
        linted.judged.judgements[0].excuse = Some(Excuse::Known);
        linted.judged.judgements[1].excuse = Some(Excuse::Waived(waiver));
        let span = Some(sample::span(sample::TEXT, "Write to"));
        linted.notices = vec![Notice { message: "It waives nothing".to_owned(), help: "remove it".to_owned(), span }];
        assert_eq!(
            drawn(&linted, |_| ()),
            "\
docs/privacy.md: 1 satisfied, 1 weak, 0 contradicted, 1 missing, 0 not applicable (1 waived, 1 in the baseline)

warning[waiver]

  ⚠ It waives nothing
   ╭─[docs/privacy.md:5:1]
 5 │ Write to hello@wren-and-larch.example.
   · ────┬───
   ·     ╰── here
   ╰────
  help: remove it

  waived     mail/opt-out-way: Nothing says how to opt out.
             no mail

"
        );
    }

    #[test]
    fn a_plain_terminal_gets_plain_characters_and_a_coloured_one_colours() {
        let plain = drawn(&sample::linted(), |terminal| terminal.unicode = false);
        assert!(plain.is_ascii() && plain.contains(" : ^^^^^^^|^^^^^^^  ^^^"), "{plain}");
        let coloured = drawn(&sample::linted(), |terminal| terminal.colour = true);
        let start = "\u{1b}[36mnote[mail/opt-out-deadline]\u{1b}[0m\n\n  \u{1b}[36m☞\u{1b}[0m Says when";
        assert!(finding(&coloured).starts_with(start), "{coloured:?}");
        assert!(coloured.contains("\n \u{1b}[2m3\u{1b}[0m │ Where practical"), "{coloured:?}");
        assert!(!coloured.contains("\u{1b}]8"), "links are for terminals");
        let linked = drawn(&sample::linted(), |terminal| terminal.hyperlinks = true);
        assert!(linked.contains("\u{1b}]8;;https://law.example/1\u{1b}\\note[mail/opt-out-deadline]"), "{linked:?}");
    }

    #[test]
    fn a_passage_in_a_line_of_thousands_of_characters_is_cut_out() {
        let filler = "We sell cups and saucers to people who like tea. ".repeat(51);
        let passage = "Please note that we may, where practical, honour the requests of people who write to us to unsubscribe as soon \
                       as we can, 日本語日本語 and so on.";
        let text = format!("# Tea\n\n{filler}{passage} {filler}\n\nThe end.\n");
        assert!(text.len() > 5000);
        let drawn = drawn(&weak(&text, passage, &["may", "where practical", "as soon as we can"]), |_| ());
        assert_eq!(
            finding(&drawn),
            "\
note[mail/opt-out-deadline]

  ☞ No time limit is given.
   ╭─[p.md:3:2500]
 3 │ ... tea. Please note that we may, where practical, honour the requests
   ·          ─────────────────── ─┬─  ───────┬───────  ───────────────────
   ·                               │          ╰── hedge
   ·                               ╰── hedge
   │ of people who write to us to unsubscribe as soon as we can,
   · ──────────────────────────────────────── ────────┬────────
   ·                                                  ╰── hedge
   │ 日本語日本語 and so on. We ...
   · ───────────┬───────────
   ·            ╰── vague
   ╰────
  help: State a limit of 10 business days or less.
        16 CFR 1.1(a), https://law.example/1

"
        );
    }

    #[test]
    fn a_short_passage_in_a_long_line_keeps_its_surroundings() {
        let filler = "We sell cups and saucers to people who like tea. ".repeat(100);
        let text = format!("{filler}We may honour it. {filler}");
        let drawn = drawn(&weak(&text, "We may honour it.", &["may"]), |_| ());
        assert!(
            drawn.contains(
                "
   ╭─[p.md:1:4901]
 1 │ ... people who like tea. We may honour it. We sell cups and ...
   ·                          ── ─┬─ ─────┬────
   ·                              │       ╰── vague
   ·                              ╰── hedge
   ╰────
"
            ),
            "{drawn}"
        );
    }

    #[test]
    fn a_very_long_passage_is_shown_in_part() {
        let text = format!("{}.", "We share cups with others, ".repeat(20_000).trim_end());
        let mut linted = weak(&text, &text, &[]);
        linted.judged.judgements[0].evidence[0].hedges = vec![Span::new(270_003, 270_008)];
        let drawn = drawn(&linted, |_| ());
        assert!(drawn.lines().count() < 40, "{drawn}");
        assert!(drawn.contains("hedge") && drawn.contains("vague") && drawn.contains("We ... others"), "{drawn}");
        assert!(drawn.lines().all(|line| line.chars().count() <= 80), "{drawn}");
    }

    #[test]
    fn line_breaks_tabs_and_escapes_do_not_move_the_carets() {
        let text = "One line.\r\n\tWe may\tdo\r\n  \u{1b}[31mso \u{ad}promptly if we\r\ncan. Then more.\r\n";
        let passage = "We may\tdo\r\n  \u{1b}[31mso \u{ad}promptly if we\r\ncan.";
        let drawn = drawn(&weak(text, passage, &["may\tdo\r\n  \u{1b}[31mso"]), |_| ());
        assert!(
            drawn.contains(
                "
   ╭─[p.md:2:2]
 2 │  We may do
   ·  ── ───┬──
   ·        ╰── hedge
 3 │   ␛[31mso promptly if we
   ·   ─────── ──────────────
 4 │ can. Then more.
   · ──┬─
   ·   ╰── vague
   ╰────
"
            ),
            "{drawn}"
        );
        assert!(!drawn.contains('\u{1b}'));
    }

    #[test]
    fn a_contradiction_shows_both_places() {
        let text = "# Tea\n\nWe never sell data.\n\nSee below.\n\nWe sell it to partners.\n";
        let judgement = Judgement {
            evidence: vec![
                sample::evidence(Role::Contradicts, sample::span(text, "We sell it to partners.")),
                sample::evidence(Role::Satisfies, sample::span(text, "We never sell data.")),
            ],
            ..sample::judgement(0, Verdict::Contradicted, "Says that data is sold.")
        };
        let drawn = drawn(&sample::linted_text("p.md", text, vec![judgement]), |_| ());
        assert_eq!(
            finding(&drawn),
            "\
error[mail/opt-out-deadline]

  × Says that data is sold.
   ╭─[p.md:3:1]
 3 │ We never sell data.
   · ─────────┬─────────
   ·          ╰── stated here
   ╰────
   ╭─[p.md:7:1]
 7 │ We sell it to partners.
   · ───────────┬───────────
   ·            ╰── says the opposite
   ╰────
  help: State a limit of 10 business days or less.
        16 CFR 1.1(a), https://law.example/1

"
        );
    }

    #[test]
    fn a_finding_without_a_place_names_the_file_and_one_with_a_heading_points_at_it() {
        let missing = sample::judgement(1, Verdict::Missing, "Nothing \u{1b}[2J is said.");
        let placed = Judgement { place: Some(Place { kind: PlaceKind::Heading, span: Span::new(2, 5) }), ..missing.clone() };
        let drawn = drawn(&sample::linted_text("p\u{1b}.md", "# Tea\n", vec![missing, placed]), |_| ());
        assert_eq!(
            finding(&drawn),
            "\
error[mail/opt-out-way] p␛.md

  × Nothing ␛[2J is said.
  help: State a limit of 10 business days or less.
        16 CFR 1.1(a), https://law.example/1

error[mail/opt-out-way]

  × Nothing ␛[2J is said.
   ╭─[p␛.md:1:3]
 1 │ # Tea
   ·   ─┬─
   ·    ╰── would belong here
   ╰────
  help: State a limit of 10 business days or less.
        16 CFR 1.1(a), https://law.example/1

"
        );
    }

    #[test]
    fn the_checklist_shows_what_decided_the_other_verdicts() {
        let packs = sample::packs();
        let mut linted = sample::linted();
        linted.judged.judgements[1] = Judgement {
            because: Some("sends-mail is false".to_owned()),
            ..sample::judgement(1, Verdict::NotApplicable, "Does not apply.")
        };
        let text = sample::reporter(&packs, Format::Human, true).policy(&linted).text;
        let checklist = "  not-applicable  mail/opt-out-way: Title of mail/opt-out-way\n                  sends-mail is false\n  \
                         satisfied       notice/contact: Title of notice/contact\n                  \
                         5:1 \"Write to hello@wren-and-larch.example.\"\n\n";
        assert!(text.ends_with(checklist), "{text}");
    }

    #[test]
    fn the_summary_counts_packs_and_what_was_passed_over() {
        let packs = sample::packs();
        let mut tally = Tally::default();
        tally.add(&sample::linted().judged);
        tally.pass_over(PassedOver::NotAPolicy);
        tally.pass_over(PassedOver::Empty);
        tally.pass_over(PassedOver::NotAPolicy);
        assert_eq!(
            summary(&packs, &tally),
            "\
mail: 2 requirements: 0 satisfied, 1 weak, 0 contradicted, 1 missing, 0 not applicable
notice: 1 requirement: 1 satisfied, 0 weak, 0 contradicted, 0 missing, 0 not applicable
3 requirements: 1 satisfied, 1 weak, 0 contradicted, 1 missing, 0 not applicable
1 policy, 3 passed over (2 not a policy, 1 empty)
"
        );
    }

    #[test]
    fn what_is_below_the_least_severity_is_not_shown() {
        let packs = sample::packs();
        let mut reporter = sample::reporter(&packs, Format::Human, false);
        reporter.view.min_severity = Severity::Error;
        let text = reporter.policy(&sample::linted()).text;
        assert!(text.contains("error[mail/opt-out-way]") && !text.contains("note["), "{text}");
        reporter.view.quiet = true;
        assert!(reporter.policy(&sample::linted()).text.starts_with("error["));
    }

    #[test]
    fn doubts_and_notices_are_told_in_a_diagnostic() {
        let mut linted = sample::linted();
        linted.judged.judgements.remove(0);
        linted.judged.judgements[0].confidence = Confidence::Medium;
        linted.judged.judgements[0].doubts = vec!["a passage came near".to_owned()];
        linted.notices =
            vec![Notice { message: "A waiver of clauselint.yaml waives nothing.".to_owned(), help: String::new(), span: None }];
        let drawn = drawn(&linted, |_| ());
        let help = "        16 CFR 1.1(a), https://law.example/1\n        confidence medium: a passage came near\n\n";
        let notice = "warning[waiver] docs/privacy.md\n\n  ⚠ A waiver of clauselint.yaml waives nothing.\n\n";
        assert!(drawn.ends_with(&format!("{help}{notice}")), "{drawn}");
    }

    proptest! {
        #[test]
        fn nothing_in_a_policy_speaks_to_the_terminal(linted in sample::hostile()) {
            let text = sample::hostile_report(Format::Human, &linted);
            sample::harmless(&text)?;
            prop_assert!(text.lines().all(|line| !line.trim_start().starts_with("::")), "{}", text);
        }
    }
}
