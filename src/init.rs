//! The configuration that `clauselint init` writes: what there is to set, explained, with the facts that the policies show. What is
//! proposed begins with `#` and nothing between it and the key, so that taking the mark away puts it in force.

use crate::lint::Linted;
use crate::rule::Packs;
use crate::verdict::FactSource;
use crate::visible::visible;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Component, Path};

/// The facts of some policies.
#[derive(Debug, Default)]
pub struct Survey {
    policies: Vec<Surveyed>,
}

/// The facts of one policy.
#[derive(Debug)]
struct Surveyed {
    /// A pattern for its file, relative to the configuration.
    pattern: String,
    /// For each fact its value, and the place that shows it.
    facts: Vec<(bool, Option<String>)>,
}

impl Survey {
    /// Takes note of a policy whose file is to be found at a path from the folder of the configuration on.
    pub fn add(&mut self, path: &Path, linted: &Linted) {
        let facts = linted.judged.facts.iter().map(|fact| {
            let shown = fact.evidence.first().filter(|_| fact.source == FactSource::Policy).map(|evidence| {
                let site = linted.policy.at(evidence.span);
                format!("{}:{}", visible(site.name()), site.start().0)
            });
            (fact.value, shown)
        });
        self.policies.push(Surveyed { pattern: pattern(path), facts: facts.collect() });
    }

    /// A commented configuration. A fact on which the policies agree is proposed for all of them, one on which they differ for each,
    /// and both stay inferred until someone takes the mark of a comment away.
    pub fn configuration(&self, packs: &Packs) -> String {
        let names: Vec<&str> = packs.packs.iter().map(|pack| pack.name.as_str()).collect();
        let mut text = format!(
            "\
# What clauselint checks here, and how. `clauselint config show` prints what is in force, and from where.
# A line that begins with # and a key is a proposal: take the # away to put it in force.

# Only these packs and requirements: names, ids, beginnings of ids, citations.
#select: [{}]

# Not these.
#ignore: [can-spam/email-purpose]

# The least severity that fails: error, warning, note or never.
fail-on: error

# The severity of a requirement where it is not its own.
#severity:
#  fipps/breach-notification: warning

# Files that are passed over, with patterns as in .gitignore.
#exclude: [/archive/]

# A policy in several files is linted as one.
#policies:
#  - files: [privacy.md, cookies.md]

# Findings that are accepted, each with its reason.
#waivers:
#  - rule: coppa/child-retention
#    until: 2027-01-31
#    reason: It stands in the notice to parents.

# Facts decide which requirements apply. These are inferred from the policies; declare one to be sure of it.
",
            names.join(", ")
        );
        let mut facts = String::new();
        for (number, fact) in packs.facts.iter().enumerate().filter(|(number, _)| !self.differ(*number)) {
            let (value, place) = self.policies.first().map_or((fact.default, None), |first| {
                (first.facts[number].0, self.policies.iter().find_map(|policy| policy.facts[number].1.as_deref()))
            });
            let _ = writeln!(facts, "#  {}: {value} # {}", fact.name, because(place, &fact.asks));
        }
        if !facts.is_empty() {
            text += "#facts:\n";
            text += &facts;
        }
        self.overrides(packs, &mut text);
        text
    }

    /// The facts on which the policies differ, for each group of policies that agree.
    fn overrides(&self, packs: &Packs, text: &mut String) {
        let differing: Vec<usize> = (0..packs.facts.len()).filter(|number| self.differ(*number)).collect();
        if differing.is_empty() {
            return;
        }
        let mut groups: BTreeMap<Vec<bool>, Vec<&Surveyed>> = BTreeMap::new();
        for policy in &self.policies {
            groups.entry(differing.iter().map(|number| policy.facts[*number].0).collect()).or_default().push(policy);
        }
        text.push_str("\n# On these the policies differ.\n#overrides:\n");
        for (values, policies) in groups {
            text.push_str("#  - files:\n");
            for policy in &policies {
                // A string of JSON is one of YAML.
                let _ = writeln!(text, "#      - {}", serde_json::to_string(&policy.pattern).unwrap_or_default());
            }
            text.push_str("#    facts:\n");
            for (number, value) in differing.iter().zip(values) {
                let fact = &packs.facts[*number];
                let place = policies.iter().find_map(|policy| policy.facts[*number].1.as_deref());
                let _ = writeln!(text, "#      {}: {value} # {}", fact.name, because(place, &fact.asks));
            }
        }
    }

    /// Do the policies differ on a fact?
    fn differ(&self, fact: usize) -> bool {
        self.policies.windows(2).any(|two| two[0].facts[fact].0 != two[1].facts[fact].0)
    }
}

/// Why a fact has its value; where nothing shows it, what it asks.
fn because(place: Option<&str>, asks: &str) -> String {
    match place {
        Some(place) => format!("{place} shows it"),
        None => visible(asks.trim()),
    }
}

/// A pattern that fits one file and no other, whatever signs are in its name.
fn pattern(path: &Path) -> String {
    let mut pattern = String::new();
    for part in path.components() {
        if let Component::Normal(name) = part {
            pattern.push('/');
            for character in name.to_string_lossy().chars() {
                if "\\*?[]{}!# ".contains(character) {
                    pattern.push('\\');
                }
                pattern.push(character);
            }
        }
    }
    pattern
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Patterns;
    use crate::report::sample;

    fn uncommented(text: &str) -> String {
        let bare = |line: &str| match line.strip_prefix('#') {
            Some(rest) if !rest.starts_with(' ') || rest.starts_with("  ") => rest.to_owned(),
            _ => line.to_owned(),
        };
        text.lines().map(|line| bare(line) + "\n").collect()
    }

    fn policy(name: &str, value: bool, source: FactSource) -> Linted {
        let mut linted = sample::linted();
        linted.policy = crate::policy::Policy::of(crate::source::SourceFile::decode(name, sample::TEXT.into()).unwrap());
        linted.judged.facts[0].value = value;
        linted.judged.facts[0].source = source;
        linted
    }

    #[test]
    fn a_fact_on_which_all_agree_is_proposed_with_the_passage_that_shows_it() {
        let mut survey = Survey::default();
        survey.add(Path::new("a.md"), &policy("a.md", true, FactSource::Default));
        survey.add(Path::new("b.md"), &policy("docs/b.md", true, FactSource::Policy));
        let text = survey.configuration(&sample::packs());
        assert!(text.ends_with("#facts:\n#  sends-mail: true # docs/b.md:3 shows it\n"), "{text}");
        assert!(uncommented(&text).contains("\nfacts:\n  sends-mail: true "));
    }

    #[test]
    fn facts_on_which_they_differ_are_proposed_for_each() {
        let mut survey = Survey::default();
        for (name, value) in [("a.md", true), ("b.md", false), ("c [1].md", true)] {
            survey.add(Path::new(name), &policy(name, value, FactSource::Policy));
        }
        let text = survey.configuration(&sample::packs());
        assert!(uncommented(&text).contains("\noverrides:\n  - files:\n      - \"/b.md\"\n    facts:\n"));
        assert!(!text.contains("#facts:"), "{text}");
        for line in ["\"/b.md\"", "sends-mail: false # b.md:3 shows it", r#"- "/c\\ \\[1\\].md""#, "sends-mail: true # a.md:3 shows it"] {
            assert!(text.contains(line), "{line}\n{text}");
        }
    }

    #[test]
    fn without_policies_the_defaults_are_proposed() {
        let text = Survey::default().configuration(&sample::packs());
        assert!(text.ends_with("#facts:\n#  sends-mail: false # Does the publisher send mail?\n"), "{text}");
    }

    #[test]
    fn a_pattern_fits_its_file_alone() {
        for name in ["privacy.md", "legal/a b.md", "x[1].md", "!a.md", "#a.md", "a*.md", "a{b}.md", "a\\b.md", "end "] {
            let patterns = Patterns::new(Path::new("/site"), &[pattern(Path::new(name))]).unwrap();
            assert!(patterns.fit(&Path::new("/site").join(name)), "{name}");
            assert!(!patterns.fit(&Path::new("/site/sub").join(name)), "{name}");
        }
        let patterns = Patterns::new(Path::new("/site"), &[pattern(Path::new("a*.md"))]).unwrap();
        assert!(!patterns.fit(Path::new("/site/ab.md")));
    }
}
