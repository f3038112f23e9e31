//! What a change of policies did to their disclosures, for people, programs and pull requests. As with other reports, a format is a few
//! functions of plain data, and each policy is written as its turn comes.

mod human;
mod json;
mod markdown;

use super::{Format, Terminal, count, visible};
use crate::diff::{Change, Compared, Difference, Side};
use crate::lint::Linted;
use crate::rule::Packs;
use crate::source::Span;
use crate::verdict::Excuse;

/// Writes differences in one format.
#[derive(Clone, Copy, Debug)]
pub struct DifferenceReporter<'a> {
    /// The format: human, json or markdown.
    format: Format,
    packs: &'a Packs,
    terminal: Terminal,
    /// No titles and no summary?
    quiet: bool,
}

/// The counts of a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DifferenceTally {
    /// How many policies were compared.
    pub policies: usize,
    /// How many requirements count for the exit code.
    pub counting: usize,
    /// In the order of [`Change::ALL`].
    changes: [usize; 8],
}

impl DifferenceTally {
    /// Counts a policy.
    pub fn add(&mut self, difference: &Difference<'_>) {
        self.policies += 1;
        for compared in &difference.requirements {
            self.changes[compared.change as usize] += 1;
            self.counting += usize::from(compared.counts());
        }
    }

    /// Adds what was counted elsewhere.
    pub fn merge(&mut self, other: &Self) {
        self.policies += other.policies;
        self.counting += other.counting;
        self.changes.iter_mut().zip(other.changes).for_each(|(sum, count)| *sum += count);
    }

    /// How many requirements changed in this way.
    pub fn changed(&self, change: Change) -> usize {
        self.changes[change as usize]
    }

    /// "2 lost, 1 weakened, ...", with what has an excuse at its end.
    fn words(&self) -> String {
        let words: Vec<String> =
            Change::ALL.iter().zip(self.changes).map(|(change, count)| format!("{count} {}", words(*change, count))).collect();
        let excused = self.changed(Change::Lost) + self.changed(Change::Weakened) - self.counting;
        let excused = if excused == 0 { String::new() } else { format!(" ({excused} excused)") };
        words.join(", ") + &excused
    }

    /// One line, without its end.
    fn line(&self) -> String {
        let policies = count(self.policies, "policy", "policies");
        let requirements = count(self.changes.iter().sum(), "requirement", "requirements");
        format!("{policies} compared, {requirements}: {}", self.words())
    }
}

impl<'a> DifferenceReporter<'a> {
    /// The formats that differences are written in.
    pub const FORMATS: [Format; 3] = [Format::Human, Format::Json, Format::Markdown];

    /// A reporter; none where differences are not written in this format.
    pub fn new(format: Format, packs: &'a Packs, terminal: Terminal, quiet: bool) -> Option<Self> {
        Self::FORMATS.contains(&format).then_some(Self { format, packs, terminal, quiet })
    }

    /// What stands before the first policy.
    pub fn begin(&self) -> String {
        if self.format == Format::Json { json::begin() } else { String::new() }
    }

    /// What is said of a policy. The title names the versions: "before.md -> after.md".
    pub fn difference(&self, title: &str, difference: &Difference<'_>) -> String {
        match self.format {
            Format::Json => json::difference(self.packs, difference),
            Format::Markdown => markdown::difference(self.packs, title, difference),
            _ => human::difference(self, title, difference),
        }
    }

    /// What stands between two policies.
    pub fn between(&self) -> &'static str {
        if self.format == Format::Json { "," } else { "" }
    }

    /// What stands after the last policy; `nothing`, if anything, is said where there was none.
    pub fn end(&self, tally: &DifferenceTally, nothing: &str) -> String {
        match self.format {
            Format::Json => json::end(tally),
            _ if self.quiet => String::new(),
            _ if tally.policies == 0 && nothing.is_empty() => String::new(),
            _ if tally.policies == 0 => format!("{nothing}\n"),
            Format::Markdown if tally.policies == 1 => String::new(),
            _ => tally.line() + "\n",
        }
    }
}

/// A change as it stands behind a number, or before a requirement.
fn words(change: Change, count: usize) -> &'static str {
    match change {
        Change::NowApplies if count == 1 => "now applies",
        Change::NowApplies => "now apply",
        Change::NoLongerApplies if count == 1 => "no longer applies",
        Change::NoLongerApplies => "no longer apply",
        other => other.as_str(),
    }
}

/// Is it a finding that the change brings about? Those are drawn.
fn is_new_finding(compared: &Compared<'_>) -> bool {
    match compared.change {
        Change::Lost | Change::Weakened => true,
        Change::NowApplies => compared.new.is_some_and(|new| new.judgement.verdict.is_finding()),
        _ => false,
    }
}

/// Why a finding does not count.
fn excuse(side: Option<Side<'_>>) -> Option<String> {
    Some(match side?.judgement.excuse.as_ref()? {
        Excuse::Waived(waiver) => format!("waived: {}", visible(&waiver.reason)),
        Excuse::Known => "in the baseline".to_owned(),
        Excuse::Announced(day) => format!("in force from {}", visible(day)),
    })
}

/// "privacy.md:31:1", of a passage.
fn place(linted: &Linted, span: Span) -> String {
    let site = linted.policy.at(span);
    let (line, column) = site.start();
    format!("{}:{line}:{column}", visible(site.name()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diff::compare;
    use crate::report::sample;
    use crate::verdict::{Judgement, Role, Verdict, Waiver};

    const OLD: &str = "# Privacy | @all\n\nWe stop within 5 days | <b>promptly</b>, ask @wren or hello@wren.example.\n";
    const NEW: &str = "# Privacy\n\nWe stop when we can.\n";

    fn old() -> Linted {
        let passage = "We stop within 5 days | <b>promptly</b>, ask @wren or hello@wren.example.";
        let stated = |rule| Judgement {
            evidence: vec![sample::evidence(Role::Satisfies, sample::span(OLD, passage))],
            ..sample::judgement(rule, Verdict::Satisfied, "Says when.")
        };
        sample::linted_text("old.md", OLD, vec![stated(0), stated(1), sample::judgement(2, Verdict::Missing, "Nothing.")])
    }

    fn new() -> Linted {
        let weak = Judgement {
            evidence: vec![sample::evidence(Role::Weakens, sample::span(NEW, "We stop when we can."))],
            ..sample::judgement(0, Verdict::Weak, "Says when, but vaguely.")
        };
        let waived = Judgement {
            excuse: Some(Excuse::Waived(Waiver {
                reason: "said | elsewhere".to_owned(),
                until: None,
                written: crate::verdict::Written::Configured("clauselint.yaml:3".to_owned()),
            })),
            ..sample::judgement(1, Verdict::Missing, "Nothing says how.")
        };
        sample::linted_text("new.md", NEW, vec![weak, waived, sample::judgement(2, Verdict::Missing, "Nothing.")])
    }

    fn written(format: Format, old: Option<&Linted>, new: Option<&Linted>) -> String {
        let packs = sample::packs();
        let terminal = Terminal { width: 60, colour: false, unicode: false, hyperlinks: false };
        let reporter = DifferenceReporter::new(format, &packs, terminal, false).unwrap();
        let mut tally = DifferenceTally::default();
        let difference = compare(old, new);
        tally.add(&difference);
        reporter.begin() + &reporter.difference("old.md -> new.md", &difference) + &reporter.end(&tally, "")
    }

    #[test]
    fn both_passages_are_drawn_and_excuses_are_named() {
        let text = written(Format::Human, Some(&old()), Some(&new()));
        assert_eq!(
            text,
            "\
old.md -> new.md

lost[mail/opt-out-way] (waived: said | elsewhere)

  x before, satisfied: Says when.
   ,-[old.md:3:1]
 3 | We stop within 5 days | <b>promptly</b>, ask @wren
   : ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
   | or hello@wren.example.
   : ^^^^^^^^^^^|^^^^^^^^^^
   :            `-- stated here
   `----

new.md

  x now, missing: Nothing says how.
  help: State a limit of 10 business days or less.
        16 CFR 1.1(a), https://law.example/1

weakened[mail/opt-out-deadline]

  ! before, satisfied: Says when.
   ,-[old.md:3:1]
 3 | We stop within 5 days | <b>promptly</b>, ask @wren
   : ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
   | or hello@wren.example.
   : ^^^^^^^^^^^|^^^^^^^^^^
   :            `-- stated here
   `----

  ! now, weak: Says when, but vaguely.
   ,-[new.md:3:1]
 3 | We stop when we can.
   : ^^^^^^^^^^|^^^^^^^^^
   :           `-- vague
   `----
  help: State a limit of 10 business days or less.
        16 CFR 1.1(a), https://law.example/1

1 policy compared, 3 requirements: 1 lost, 1 weakened, 0 now apply, 0 no longer apply, 0 gained, 0 strengthened, 0 reworded, 1 unchanged (1 excused)
"
        );
    }

    #[test]
    fn nothing_in_a_policy_leaves_its_cell() {
        let text = written(Format::Markdown, Some(&old()), Some(&new()));
        let quote = "\"We stop within 5 days \\| &lt;b&gt;promptly&lt;/b&gt;, ask @<!-- -->wren or hello@wren.example.\" `old.md:3:1`";
        let rows: Vec<_> = text.lines().filter(|line| line.starts_with("| ") && !line.contains("requirement")).collect();
        assert_eq!(
            rows,
            [
                format!(
                    "| lost (waived: said \\| elsewhere) | `mail/opt-out-way`<br>Title of mail/opt-out-way | satisfied: {quote} | missing: Nothing says how. |"
                ),
                format!(
                    "| **weakened** | `mail/opt-out-deadline`<br>Title of mail/opt-out-deadline | satisfied: {quote} | weak: \"We stop when we can.\" `new.md:3:1` |"
                ),
            ]
        );
    }

    #[test]
    fn a_policy_that_is_gone_is_a_list() {
        let text = written(Format::Human, Some(&old()), None);
        assert!(
            text.contains("lost[mail/opt-out-way]: Title of mail/opt-out-way\n  before satisfied, old.md:3:1\n         \"We stop"),
            "{text}"
        );
        assert!(text.contains("2 lost, 0 weakened, 0 now apply, 1 no longer applies,"), "{text}");
        let text = written(Format::Markdown, None, Some(&new()));
        assert!(text.contains("| gained | `mail/opt-out-deadline`<br>Title of mail/opt-out-deadline | no policy | weak:"), "{text}");
    }

    #[test]
    fn programs_read_every_requirement() {
        let json: serde_json::Value = serde_json::from_str(&written(Format::Json, Some(&old()), Some(&new()))).unwrap();
        assert_eq!(
            (&json["schema_version"], &json["summary"]["counting"], &json["summary"]["changes"]["lost"]),
            (&1.into(), &1.into(), &1.into())
        );
        let requirements = json["differences"][0]["requirements"].as_array().unwrap();
        let changes: Vec<_> = requirements.iter().map(|one| (one["change"].as_str().unwrap(), one["counts"].as_bool().unwrap())).collect();
        assert_eq!(changes, [("weakened", true), ("lost", false), ("unchanged", false)]);
        assert_eq!(requirements[0]["old"]["evidence"][0]["span"]["line"], 3);
        let gone: serde_json::Value = serde_json::from_str(&written(Format::Json, Some(&old()), None)).unwrap();
        assert_eq!((&gone["differences"][0]["old"]["path"], &gone["differences"][0]["new"]), (&"old.md".into(), &serde_json::Value::Null));
    }

    #[test]
    fn differences_are_not_written_in_every_format() {
        assert!(DifferenceReporter::new(Format::Concise, &sample::packs(), Terminal::file(), false).is_none());
    }
}
