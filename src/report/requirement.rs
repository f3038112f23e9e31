//! Requirements explained: the law, the reason, the phrases and the examples, straight from the files that define them.

use super::visible;
use crate::rule::measured::{self, Measured};
use crate::rule::schema::{self, Errors, PackFile, Written, WrittenCase, WrittenRule};
use serde::Serialize;
use std::fmt::Write as _;

/// A requirement as `rule` explains it. What programs read is these fields.
#[derive(Clone, Debug, Serialize)]
pub struct Requirement {
    /// "can-spam/opt-out-deadline".
    pub id: String,
    /// What the policy does when all is well.
    pub title: String,
    /// The pack's name.
    pub pack: String,
    /// Severity of a missing statement.
    pub severity: &'static str,
    /// The law or principle.
    pub cite: String,
    /// Where to read it.
    pub url: String,
    /// When it applies, as facts.
    pub applies: String,
    /// Why it exists.
    pub why: String,
    /// What would mend a finding.
    pub help: String,
    /// What satisfies it, as phrases.
    pub satisfied: Vec<String>,
    /// What states it weakly.
    pub weak: Vec<String>,
    /// What contradicts it.
    pub contradicted: Vec<String>,
    /// Named parts of a complete statement.
    pub elements: Vec<Element>,
    /// How often it errs, if that was measured as it is now.
    pub measured: Option<Measured>,
    /// Was it measured before it changed?
    pub changed_since_measured: bool,
    /// Examples by verdict.
    pub examples: Vec<Example>,
}

/// A named part of a statement.
#[derive(Clone, Debug, Serialize)]
pub struct Element {
    /// "a way to opt out".
    pub name: String,
    /// Its phrases.
    pub phrases: Vec<String>,
}

/// A passage and its verdict.
#[derive(Clone, Debug, Serialize)]
pub struct Example {
    /// The verdict.
    pub verdict: &'static str,
    /// A little Markdown document.
    pub text: String,
}

/// The requirements of some files, in the order of their ids.
pub fn requirements(files: &[PackFile]) -> Vec<Requirement> {
    let mut found = Vec::new();
    let mut measurements = None;
    for file in files {
        match schema::read(file, &mut Vec::new()) {
            Some(Written::Rule(rule)) => found.push(requirement(*rule)),
            Some(Written::Measurements(read)) => measurements = Some(read),
            _ => {}
        }
    }
    if let Some(measurements) = &measurements {
        let fingerprints = measured::Fingerprints::new(files);
        for requirement in &mut found {
            requirement.measured = measured::of(measurements, &requirement.id, &fingerprints);
            requirement.changed_since_measured = requirement.measured.is_none() && measurements.rules.contains_key(&requirement.id);
        }
    }
    found.sort_by(|one, other| one.id.cmp(&other.id));
    found
}

fn requirement(rule: WrittenRule) -> Requirement {
    let cases = |cases: &[WrittenCase]| cases.iter().map(case).collect();
    let examples = [
        ("satisfied", rule.examples.satisfied),
        ("weak", rule.examples.weak),
        ("contradicted", rule.examples.contradicted),
        ("missing", rule.examples.missing),
        ("denied", rule.examples.denied),
    ];
    Requirement {
        pack: rule.id.split('/').next().unwrap_or_default().to_owned(),
        id: rule.id,
        title: rule.title,
        severity: rule.severity.as_str(),
        cite: rule.cite,
        url: rule.url,
        applies: rule.applies,
        why: rule.why,
        help: rule.help,
        satisfied: cases(&rule.satisfied),
        weak: cases(&rule.weak),
        contradicted: cases(&rule.contradicted),
        elements: (rule.elements.into_iter()).map(|(name, phrases)| Element { name, phrases: phrases.say.items }).collect(),
        measured: None,
        changed_since_measured: false,
        examples: examples.into_iter().flat_map(|(verdict, texts)| texts.into_iter().map(move |text| Example { verdict, text })).collect(),
    }
}

/// A case in one line.
fn case(case: &WrittenCase) -> String {
    let quoted = |phrases: &[String]| phrases.iter().map(|phrase| format!("\"{phrase}\"")).collect::<Vec<_>>().join(" or ");
    let mut parts = Vec::new();
    if !case.say.items.is_empty() {
        parts.push(quoted(&case.say.items));
    }
    if !case.all.items.is_empty() {
        parts.push(format!("all of: {}", case.all.items.join(", ")));
    }
    if !case.of.items.is_empty() {
        parts.push(format!("at least {} of: {}", case.least.max(1), case.of.items.join(", ")));
    }
    let conditions = [
        ("where", case.where_.items.join(" and ")),
        ("under a heading with", quoted(&case.under.items)),
        ("not under a heading with", quoted(&case.unless_under.items)),
        ("unless it says", quoted(&case.unless.items)),
        ("unless nearby", quoted(&case.unless_nearby.items)),
        ("unless anywhere", quoted(&case.unless_anywhere.items)),
        ("when", case.when.clone()),
    ];
    let conditions = conditions.iter().filter(|(_, what)| !what.is_empty());
    parts.extend(conditions.map(|(word, what)| format!("{word} {what}")));
    let mut line = parts.join("; ");
    if !case.but.is_empty() {
        let _ = write!(line, " ({})", case.but);
    }
    line
}

/// Requirements for programs: an array.
pub fn requirements_json(requirements: &[&Requirement]) -> String {
    // Strings and lists of strings can always be written.
    serde_json::to_string_pretty(requirements).unwrap_or_default() + "\n"
}

impl Requirement {
    /// For programs: an object.
    pub fn json(&self) -> String {
        serde_json::to_string_pretty(self).unwrap_or_default() + "\n"
    }

    /// How often it errs, as text.
    fn errors(&self) -> String {
        let Some(measured) = &self.measured else {
            return format!("\nErrors: {}\n", if self.changed_since_measured { "not measured since it changed" } else { "not measured" });
        };
        let rows = |title: String, errors: &Errors| {
            let rows = [("missing", errors.missing), ("weak", errors.weak)].map(|(verdict, counts)| {
                format!("  {verdict:8}  precision {}, recall {}\n", counts.precision().text(), counts.recall().text())
            });
            format!("\n{title}, with 95% intervals:\n{}", rows.concat())
        };
        rows(format!("Errors on {} labelled policies", measured.policies), &measured.all)
            + &rows(format!("Errors on the {} of them that were held out", measured.held_out_policies), &measured.held_out)
    }

    /// As text for people.
    pub fn text(&self) -> String {
        let mut text = format!(
            "{}: {}\n\n  pack      {}\n  severity  {}\n  law       {}, {}\n  applies   {}\n\n{}\n",
            self.id, self.title, self.pack, self.severity, self.cite, self.url, self.applies, self.why
        );
        for (verdict, cases) in [("Satisfied by", &self.satisfied), ("Weak", &self.weak), ("Contradicted by", &self.contradicted)] {
            if !cases.is_empty() {
                let _ = writeln!(text, "\n{verdict}:");
                for case in cases {
                    let _ = writeln!(text, "  - {case}");
                }
            }
        }
        if !self.elements.is_empty() {
            let _ = writeln!(text, "\nElements:");
            for element in &self.elements {
                let _ = writeln!(text, "  {}: {}", element.name, element.phrases.join(" | "));
            }
        }
        let _ = writeln!(text, "\nHelp: {}", self.help);
        text.push_str(&self.errors());
        if !self.examples.is_empty() {
            let _ = writeln!(text, "\nExamples:");
            for example in &self.examples {
                let mut lines = example.text.trim_end().lines().filter(|line| !line.trim().is_empty());
                let _ = writeln!(text, "  {:12}  {}", example.verdict, lines.next().unwrap_or_default());
                for line in lines {
                    let _ = writeln!(text, "  {:12}  {line}", "");
                }
            }
        }
        text.split_inclusive('\n').map(|line| visible(line.trim_end_matches('\n')) + "\n").collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULE: &str = r##"
id: mail/opt-out
title: Says how to opt out
severity: warning
cite: 16 CFR 1.1
url: https://law.example/1
applies: sends-mail
why: A reader must know.
elements:
  a way: ["{email}", link]
satisfied:
  - say: "unsubscribe ... {duration}"
    where: duration <= 10 business days
weak:
  - say: [unsubscribe, opt out]
    but: no way is given
place: unsubscribe
missing: Nothing says how to opt out.
help: Say how.
examples:
  satisfied: ["Unsubscribe within 2 days."]
  missing: ["# Hello\n\nWe sell cups."]
"##;

    #[test]
    fn a_requirement_is_explained_from_its_file() {
        let files = [PackFile { path: "mail/opt-out.yaml".to_owned(), text: RULE.to_owned() }];
        let found = requirements(&files);
        assert_eq!(found.len(), 1);
        assert_eq!(
            found[0].text(),
            r#"mail/opt-out: Says how to opt out

  pack      mail
  severity  warning
  law       16 CFR 1.1, https://law.example/1
  applies   sends-mail

A reader must know.

Satisfied by:
  - "unsubscribe ... {duration}"; where duration <= 10 business days

Weak:
  - "unsubscribe" or "opt out" (no way is given)

Elements:
  a way: {email} | link

Help: Say how.

Errors: not measured

Examples:
  satisfied     Unsubscribe within 2 days.
  missing       # Hello
                We sell cups.
"#
        );
    }
}
