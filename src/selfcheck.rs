//! Runs the examples that rules and facts carry, one rule at a time: the same check for our own tests and for a user's packs.

use crate::document::Document;
use crate::engine::{self, Reading};
use crate::rule::Packs;
use crate::rule::positions::Positions;
use crate::rule::schema::{self, PackFile, Written};
use crate::source::SourceFile;
use crate::verdict::Verdict;
use std::ops::Range;

/// An example that is judged otherwise than its file says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The file's [`PackFile::path`].
    pub path: String,
    /// The example's place in the file's text.
    pub range: Range<usize>,
    /// What was expected and what came.
    pub message: String,
}

/// Judges every example of the files that `packs` were compiled from, with every other rule out of the way and the requirement taken
/// to apply.
pub fn run(packs: &Packs, files: &[PackFile]) -> Vec<Failure> {
    let mut failures = Vec::new();
    for file in files {
        match schema::read(file, &mut Vec::new()) {
            Some(Written::Rule(rule)) => {
                let examples = &rule.examples;
                for (verdict, list) in [
                    (Verdict::Satisfied, &examples.satisfied),
                    (Verdict::Weak, &examples.weak),
                    (Verdict::Contradicted, &examples.contradicted),
                    (Verdict::Missing, &examples.missing),
                ] {
                    let judged = |text: &str| judge_rule(packs, &rule.id, text);
                    check(file, verdict.as_str(), list, verdict.as_str(), &judged, &mut failures);
                }
                let denied = |text: &str| match judge_rule(packs, &rule.id, text) {
                    satisfied if satisfied == Verdict::Satisfied.as_str() => satisfied,
                    _ => "denied".to_owned(),
                };
                check(file, "denied", &examples.denied, "denied", &denied, &mut failures);
            }
            Some(Written::Fact(fact)) => {
                for (value, list) in [("true", &fact.examples.yes), ("false", &fact.examples.no)] {
                    let judged = |text: &str| judge_fact(packs, &fact.fact, text);
                    check(file, value, list, value, &judged, &mut failures);
                }
            }
            Some(Written::Pack(_) | Written::Vocabulary(_) | Written::Measurements(_)) | None => {}
        }
    }
    failures
}

fn check(file: &PackFile, key: &str, examples: &[String], wanted: &str, judged: &dyn Fn(&str) -> String, failures: &mut Vec<Failure>) {
    for (number, example) in examples.iter().enumerate() {
        let got = judged(example);
        if got != wanted {
            let range = Positions::of(&file.text).value(&format!("examples.{key}[{number}]"));
            failures.push(Failure { path: file.path.clone(), range, message: format!("declared {wanted}, judged {got}") });
        }
    }
}

/// The verdict of one rule on a little Markdown document, the requirement taken to apply.
fn judge_rule(packs: &Packs, id: &str, text: &str) -> String {
    let Some((number, _)) = packs.rule(id) else {
        return "unknown".to_owned();
    };
    with_reading(packs, text, |reading| engine::judge_as_applicable(packs, reading, number).verdict.as_str().to_owned())
}

fn judge_fact(packs: &Packs, name: &str, text: &str) -> String {
    let Some(number) = packs.fact(name) else {
        return "unknown".to_owned();
    };
    with_reading(packs, text, |reading| engine::check(packs, reading, &[]).facts[number].value.to_string())
}

fn with_reading(packs: &Packs, text: &str, judge: impl FnOnce(&Reading) -> String) -> String {
    match SourceFile::decode("example.md", text.as_bytes().to_vec()) {
        Ok(source) => judge(&Reading::new(packs, &Document::parse(&source))),
        Err(error) => error.to_string(),
    }
}
