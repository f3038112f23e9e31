//! What a run says, in the formats that people and programs read. A format is three functions of plain data (how it begins, what it
//! says of one policy, how it ends), so that each policy is written as soon as its turn comes and nothing of it is kept but counts.

mod concise;
mod diagnostic;
mod difference;
mod excerpt;
mod explain;
mod human;
mod json;
mod mistakes;
mod output;
mod requirement;
#[cfg(test)]
pub(crate) mod sample;
mod statistics;
mod tally;
mod terminal;

pub use difference::{DifferenceReporter, DifferenceTally};
pub use explain::explain;
pub use mistakes::mistakes;
pub use output::{Output, OutputError, Writer, write_whole};
pub use requirement::{Requirement, requirements, requirements_json};
pub use tally::Tally;
pub use terminal::Terminal;

use crate::lint::Linted;
use crate::rule::Packs;
use crate::source::Span;
use crate::verdict::{Confidence, Judgement, Severity};

/// A way to write results.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Diagnostics with excerpts, for people.
    Human,
    /// One line a finding.
    Concise,
    /// Everything, for programs.
    Json,
    /// For pull requests.
    Markdown,
}

impl Format {
    /// Every format.
    pub const ALL: [Self; 4] = [Self::Human, Self::Concise, Self::Json, Self::Markdown];

    /// The name that the command line knows.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Human => "human",
            Self::Concise => "concise",
            Self::Json => "json",
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
    pub fn begin(&self) -> String {
        match self.format {
            Format::Human | Format::Concise | Format::Markdown => String::new(),
            Format::Json => json::begin(),
        }
    }

    /// What is said of a policy.
    pub fn policy(&self, linted: &Linted) -> String {
        match self.format {
            Format::Json => json::policy(self.packs, linted),
            Format::Human | Format::Concise | Format::Markdown if self.view.statistics => String::new(),
            Format::Human => human::policy(self, linted),
            Format::Concise | Format::Markdown => concise::policy(self, linted),
        }
    }

    /// What stands between two policies.
    pub fn between(&self) -> &'static str {
        match self.format {
            Format::Human | Format::Concise | Format::Markdown => "",
            Format::Json => ",",
        }
    }

    /// What stands after the last policy.
    pub fn end(&self, tally: &Tally) -> String {
        let statistics = || {
            if self.view.statistics { statistics::table(self.packs, tally) } else { String::new() }
        };
        match self.format {
            Format::Human if self.view.quiet => statistics(),
            Format::Human => statistics() + &human::summary(self.packs, tally),
            Format::Concise | Format::Markdown => statistics(),
            Format::Json => json::end(self, tally),
        }
    }
}

/// Where a judgement is shown: at what decided it, or where the statement belongs, or at the first sentence of the policy.
fn pointed(linted: &Linted, judgement: &Judgement) -> Span {
    let document = linted.policy.document();
    let first = || (!document.sentences.is_empty()).then(|| document.sentence_span(0));
    judgement.pointed().or_else(first).unwrap_or(Span { start: 0, end: 0 })
}

/// Makes text from a policy or a pack fit to be shown in a line: line breaks and tabs become spaces, control characters visible
/// symbols, so that nothing in a file can speak to the terminal.
pub fn visible(text: &str) -> String {
    text.chars().filter_map(visible_char).collect()
}

/// A character as it is shown; none where it is invisible anyhow.
fn visible_char(character: char) -> Option<char> {
    match character {
        '\n' | '\r' | '\t' | '\u{85}' | '\u{2028}' | '\u{2029}' => Some(' '),
        '\u{0}'..='\u{1f}' => char::from_u32(0x2400 + u32::from(character)),
        '\u{7f}' => Some('\u{2421}'),
        '\u{80}'..='\u{9f}' => Some('\u{fffd}'),
        // Soft hyphens, zero-width characters, marks that turn the direction of the text.
        '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' => None,
        other => Some(other),
    }
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
    fn nothing_speaks_to_the_terminal() {
        assert_eq!(visible("a\u{1b}[31mb\tc\r\nd\u{7f}\u{9b}2J\u{202e}e\u{0}"), "a␛[31mb c  d␡�2Je␀");
    }

    #[test]
    fn lists_are_read_aloud() {
        let items = |items: &[&str]| list(&items.iter().map(|item| (*item).to_owned()).collect::<Vec<_>>());
        assert_eq!((items(&["a"]), items(&["a", "b", "c"])), ("a".into(), "a, b and c".into()));
    }
}
