//! What a run says, in the formats that people and programs read. A format is three functions of plain data (how it begins, what it
//! says of one policy, how it ends), so that each policy is written as soon as its turn comes and nothing of it is kept but counts.

mod checkstyle;
mod concise;
mod diagnostic;
mod difference;
mod escape;
mod excerpt;
mod explain;
mod finding;
mod github;
mod gitlab;
mod human;
mod json;
mod junit;
mod markdown;
mod mistakes;
mod output;
mod rdjson;
mod requirement;
#[cfg(test)]
pub(crate) mod sample;
mod sarif;
mod statistics;
mod tally;
mod terminal;
mod xml;

pub use difference::{DifferenceReporter, DifferenceTally};
pub use explain::explain;
pub use mistakes::mistakes;
pub use output::{Output, OutputError, Writer, abandon, write_whole};
pub use requirement::{Requirement, requirements, requirements_json};
pub use tally::Tally;
pub use terminal::Terminal;

use crate::lint::Linted;
use crate::rule::Packs;
use crate::source::{SourceFile, Span};
use crate::verdict::{Confidence, Judgement, Severity};
use crate::visible::visible;
use std::collections::BTreeSet;
use std::path::Path;

/// A way to write results.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Diagnostics with excerpts, for people.
    Human,
    /// One line a finding.
    Concise,
    /// Everything, for programs.
    Json,
    /// The same, a policy a line.
    JsonLines,
    /// Everything, for code scanning.
    Sarif,
    /// Annotations of a change on GitHub.
    Github,
    /// GitLab Code Quality.
    Gitlab,
    /// A test a requirement.
    Junit,
    /// Findings as checkstyle writes them.
    Checkstyle,
    /// Findings for reviewdog.
    Rdjson,
    /// A checklist for comments and job summaries.
    Markdown,
}

impl Format {
    /// Every format.
    pub const ALL: [Self; 11] = [
        Self::Human,
        Self::Concise,
        Self::Json,
        Self::JsonLines,
        Self::Sarif,
        Self::Github,
        Self::Gitlab,
        Self::Junit,
        Self::Checkstyle,
        Self::Rdjson,
        Self::Markdown,
    ];

    /// The name that the command line knows.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Human => "human",
            Self::Concise => "concise",
            Self::Json => "json",
            Self::JsonLines => "json-lines",
            Self::Sarif => "sarif",
            Self::Github => "github",
            Self::Gitlab => "gitlab",
            Self::Junit => "junit",
            Self::Checkstyle => "checkstyle",
            Self::Rdjson => "rdjson",
            Self::Markdown => "markdown",
        }
    }
}

/// What of the results is shown. Of these the confidence alone changes what fails too: see [`Tally`].
#[derive(Clone, Copy, Debug)]
pub struct View {
    /// Findings below it are not shown; formats for programs keep them.
    pub min_severity: Severity,
    /// Findings that are trusted less are not shown; formats for programs keep them.
    pub min_confidence: Confidence,
    /// Show the whole checklist, what is satisfied and what does not apply too?
    pub all: bool,
    /// Show findings alone, without headings and summary?
    pub quiet: bool,
    /// Show counts by requirement in the place of findings?
    pub statistics: bool,
}

impl View {
    /// Is this judgement shown as a finding?
    fn shows(self, judgement: &Judgement) -> Option<Severity> {
        judgement.severity.filter(|severity| *severity >= self.min_severity && judgement.confidence >= self.min_confidence)
    }
}

/// Writes results in one format.
#[derive(Clone, Copy, Debug)]
pub struct Reporter<'a> {
    /// The format.
    pub format: Format,
    /// The packs that judged.
    pub packs: &'a Packs,
    /// What is shown.
    pub view: View,
    /// Where it is shown.
    pub terminal: Terminal,
}

impl Reporter<'_> {
    /// What stands before the first policy.
    fn begin(&self) -> String {
        match self.format {
            Format::Human | Format::Concise | Format::Github => String::new(),
            Format::Json => json::begin(),
            Format::JsonLines => json::first_line(),
            Format::Sarif => sarif::begin(self.packs),
            Format::Gitlab => "[\n".to_owned(),
            Format::Junit => junit::begin(),
            Format::Checkstyle => checkstyle::begin(),
            Format::Rdjson => rdjson::begin(),
            Format::Markdown => markdown::begin(),
        }
    }

    /// What is said of a policy.
    pub fn policy(&self, linted: &Linted) -> Part {
        let text = match self.format {
            Format::Human | Format::Concise if self.view.statistics => String::new(),
            Format::Human => human::policy(self, linted),
            Format::Concise => concise::policy(self, linted),
            Format::Json => json::policy(self.packs, linted),
            Format::JsonLines => json::line(self.packs, linted),
            Format::Sarif => sarif::policy(self.packs, linted),
            Format::Github => github::policy(self, linted),
            Format::Gitlab => gitlab::policy(self, linted),
            Format::Junit => junit::policy(self, linted),
            Format::Checkstyle => checkstyle::policy(self, linted),
            Format::Rdjson => rdjson::policy(self, linted),
            Format::Markdown => markdown::policy(self, linted),
        };
        let later = if self.format == Format::Sarif { sarif::later(linted) } else { Vec::new() };
        Part { text, later }
    }

    /// What stands between the texts of two policies.
    fn between(&self) -> &'static str {
        match self.format {
            Format::Json | Format::Sarif | Format::Gitlab | Format::Rdjson => ",",
            _ => "",
        }
    }

    /// What stands after the last policy.
    fn end(&self, tally: &Tally, later: &BTreeSet<Later>) -> String {
        let statistics = || {
            if self.view.statistics { statistics::table(self.packs, tally) } else { String::new() }
        };
        match self.format {
            Format::Human if self.view.quiet => statistics(),
            Format::Human => statistics() + &human::summary(self.packs, tally),
            Format::Concise => statistics(),
            Format::Json => json::end(self, tally),
            Format::JsonLines => json::last_line(self, tally),
            Format::Sarif => sarif::end(tally, later),
            Format::Github => String::new(),
            Format::Gitlab => "]\n".to_owned(),
            Format::Junit => junit::end(),
            Format::Checkstyle => checkstyle::end(),
            Format::Rdjson => rdjson::end(),
            Format::Markdown => markdown::end(tally),
        }
    }
}

/// What a report says of one policy.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Part {
    text: String,
    later: Vec<Later>,
}

/// What is known of a policy's turn but has its place at the end of a report, ready to be written there.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Later {
    /// A file that was read.
    File(String),
    /// A notice.
    Notice(String),
}

/// A report in the making: one format on its way to one place.
#[derive(Debug)]
pub struct Report<'a> {
    reporter: Reporter<'a>,
    writer: Writer,
    /// Was anything said of a policy?
    begun: bool,
    later: BTreeSet<Later>,
    /// How many bytes may still be written of policies.
    room: usize,
    /// How many policies found no room.
    left_out: usize,
}

/// No more than this is written of policies where a page is added to: GitHub shows no job summary over 1 MiB.
const PAGE: usize = 1_000_000;

impl<'a> Report<'a> {
    /// Begins a report.
    pub fn open(output: &Output, reporter: Reporter<'a>) -> Result<Self, OutputError> {
        Self::begin(Writer::open(output)?, reporter, usize::MAX)
    }

    /// Begins a report in Markdown that is added to a page, such as the summary of a job.
    pub fn append(page: &Path, reporter: Reporter<'a>) -> Result<Self, OutputError> {
        Self::begin(Writer::append(page)?, Reporter { format: Format::Markdown, ..reporter }, PAGE)
    }

    fn begin(mut writer: Writer, reporter: Reporter<'a>, room: usize) -> Result<Self, OutputError> {
        writer.write(&reporter.begin())?;
        Ok(Self { reporter, writer, begun: false, later: BTreeSet::new(), room, left_out: 0 })
    }

    /// Who says what of a policy in this report.
    pub fn reporter(&self) -> Reporter<'a> {
        self.reporter
    }

    /// Writes what was said of the next policy.
    pub fn add(&mut self, part: Part) -> Result<(), OutputError> {
        self.later.extend(part.later);
        let Some(room) = self.room.checked_sub(part.text.len()) else {
            self.left_out += 1;
            return Ok(());
        };
        self.room = room;
        if part.text.is_empty() {
            return Ok(());
        }
        if self.begun {
            self.writer.write(self.reporter.between())?;
        }
        self.begun = true;
        self.writer.write(&part.text)?;
        self.writer.flush()
    }

    /// Ends the report: only now is a file in its place.
    pub fn finish(mut self, tally: &Tally) -> Result<(), OutputError> {
        if self.left_out > 0 {
            self.writer.write(&markdown::left_out(self.left_out))?;
        }
        self.writer.write(&self.reporter.end(tally, &self.later))?;
        self.writer.finish()
    }
}

/// Where a judgement is shown: at what decided it, or where the statement belongs, or at the first sentence of the policy, or its first
/// line of text.
fn pointed(linted: &Linted, judgement: &Judgement) -> Span {
    let document = linted.policy.document();
    let first = || (!document.sentences.is_empty()).then(|| document.sentence_span(0));
    let first_line = || first_line(linted.policy.sources().first().map_or("", SourceFile::text));
    judgement.pointed().or_else(first).unwrap_or_else(first_line)
}

/// The span of a text's first line that is not empty.
fn first_line(text: &str) -> Span {
    let begun = text.trim_start();
    let start = text.len() - begun.len();
    Span::new(start, start + begun.lines().next().unwrap_or_default().trim_end().len())
}

/// The name of a file where it begins a line: a job's log must not take it for a command.
fn named(name: &str) -> String {
    let shown = visible(name);
    if shown.trim_start().starts_with("::") || shown.trim_start().starts_with("##[") { format!("./{shown}") } else { shown }
}

/// "1 policy", "2 policies".
fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// "a, b and c".
fn list(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_is_a_command() {
        assert_eq!((named("::error::x.md"), named("a::b.md")), ("./::error::x.md".to_owned(), "a::b.md".to_owned()));
    }

    #[test]
    fn a_page_that_is_full_says_what_is_missing() {
        let dir = tempfile::tempdir().unwrap();
        let page = dir.path().join("summary.md");
        std::fs::write(&page, "before\n").unwrap();
        let packs = sample::packs();
        let mut report = Report::append(&page, sample::reporter(&packs, Format::Github, false)).unwrap();
        let part = report.reporter().policy(&sample::linted());
        report.room = part.text.len();
        report.add(part.clone()).unwrap();
        report.add(part).unwrap();
        report.finish(&Tally::default()).unwrap();
        let written = std::fs::read_to_string(&page).unwrap();
        assert!(written.starts_with("before\n## Privacy policy checklist\n"), "{written}");
        assert!(written.contains("1 policy is not shown here"), "{written}");
    }

    #[test]
    fn lists_are_read_aloud() {
        let items = |items: &[&str]| list(&items.iter().map(|item| (*item).to_owned()).collect::<Vec<_>>());
        assert_eq!((items(&["a"]), items(&["a", "b", "c"])), ("a".into(), "a, b and c".into()));
    }
}
