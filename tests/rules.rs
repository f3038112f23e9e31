//! The examples inside the built-in rules and facts, each judged as its file says.

use clauselint::{packs, selfcheck};

#[test]
fn every_example_is_judged_as_declared() {
    let failures = selfcheck::run(&packs::built_in(), &packs::built_in_files());
    let lines: Vec<String> = failures
        .iter()
        .map(|failure| format!("{}: {}", failure.path, failure.message))
        .collect();
    assert!(
        lines.is_empty(),
        "{} examples are judged otherwise:\n{}",
        lines.len(),
        lines.join("\n")
    );
}
