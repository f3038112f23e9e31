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
