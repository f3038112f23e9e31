//! The built-in rules: every example inside them is judged as its file says, there are enough of them, and the packs are those of the
//! catalogue of requirements that the project was founded on.

#![allow(clippy::unwrap_used, clippy::print_stderr)] // a test that cannot go on fails, and one that is skipped says so

use clauselint::rule::schema::{self, Written, WrittenRule};
use clauselint::verdict::Severity;
use clauselint::{packs, selfcheck};
use std::collections::BTreeMap;
use std::path::Path;

/// The rules as written.
fn rules() -> Vec<WrittenRule> {
    let files = packs::built_in_files();
    let read = files.iter().filter_map(|file| schema::read(file, &mut Vec::new()));
    read.filter_map(|written| match written {
        Written::Rule(rule) => Some(*rule),
        _ => None,
    })
    .collect()
}

#[test]
fn every_example_is_judged_as_declared() {
    let failures = selfcheck::run(&packs::built_in(), &packs::built_in_files());
    let lines: Vec<String> = failures.iter().map(|failure| format!("{}: {}", failure.path, failure.message)).collect();
    assert!(lines.is_empty(), "{} examples are judged otherwise:\n{}", lines.len(), lines.join("\n"));
}

#[test]
fn every_verdict_that_can_occur_has_its_examples() {
    for rule in rules() {
        let examples = &rule.examples;
        for (name, list) in [("satisfied", &examples.satisfied), ("weak", &examples.weak), ("missing", &examples.missing)] {
            assert!(list.len() >= 3, "{} has {} examples of {name}", rule.id, list.len());
        }
        assert!(examples.denied.len() >= 2, "{} has {} examples of denied", rule.id, examples.denied.len());
        assert_eq!(rule.contradicted.is_empty(), examples.contradicted.is_empty(), "{}: contradicted", rule.id);
        assert!(rule.url.starts_with("https://"), "{}: {}", rule.id, rule.url);
        for text in [&rule.title, &rule.missing, &rule.help] {
            let lower = text.to_lowercase();
            for claim in ["violat", "illegal", "unlawful", "non-compl", "noncompl", "breach of law"] {
                assert!(!lower.contains(claim), "{} claims a violation of law: {text}", rule.id);
            }
        }
    }
}

#[test]
fn the_packs_are_those_of_the_catalogue() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/catalogue.yaml");
    let Ok(text) = std::fs::read_to_string(&path) else {
        eprintln!("skipped: {} is not there", path.display());
        return;
    };
    let catalogue: serde_yaml::Value = serde_yaml::from_str(&text).unwrap();
    let ours: BTreeMap<String, WrittenRule> = rules().into_iter().map(|rule| (rule.id.clone(), rule)).collect();
    let mut count = 0;
    for (_, pack) in catalogue["packs"].as_mapping().unwrap() {
        for requirement in pack["requirements"].as_sequence().unwrap() {
            let field = |name: &str| requirement[name].as_str().unwrap_or_default();
            let rule = ours.get(field("id")).unwrap_or_else(|| panic!("{} is missing", field("id")));
            assert_eq!(rule.severity, severity(field("severity")), "{}", rule.id);
            assert_eq!(rule.applies, field("applies"), "{}", rule.id);
            let plain = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(plain(field("cite")).starts_with(&plain(&rule.cite)), "{}: {}", rule.id, rule.cite);
            if field("contradicted").is_empty() {
                assert!(rule.contradicted.is_empty(), "{} cannot be contradicted", rule.id);
            } else {
                assert!(!rule.contradicted.is_empty(), "{} can be contradicted", rule.id);
            }
            count += 1;
        }
    }
    assert_eq!(count, ours.len());
}

fn severity(name: &str) -> Severity {
    match name {
        "error" => Severity::Error,
        "warning" => Severity::Warning,
        "note" => Severity::Note,
        other => panic!("no severity: {other}"),
    }
}
