//! README.md tells the truth: its commands run, what they print is what it shows, and the rule it shows is the one in `examples/`.

#![allow(clippy::unwrap_used)] // a test that cannot go on fails

use std::path::Path;
use std::process::{Command, Output};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn readme() -> String {
    std::fs::read_to_string(root().join("README.md")).unwrap()
}

fn run(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_clauselint"))
        .args(arguments)
        .current_dir(root())
        .env_clear()
        .env("NO_COLOR", "1")
        .env("COLUMNS", "100")
        .env("LC_ALL", "C.UTF-8")
        .output()
        .unwrap()
}

/// The fenced blocks of a language, in their order.
fn blocks(language: &str) -> Vec<String> {
    let readme = readme();
    let fence = format!("```{language}\n");
    readme.split(fence.as_str()).skip(1).map(|rest| rest.split("```").next().unwrap().to_owned()).collect()
}

#[test]
fn the_command_for_newcomers_lints_the_examples() {
    assert!(readme().contains("    cargo run --release -- check examples\n"));
    let output = run(&["check", "examples"]);
    let said = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(1), "the examples have findings: {said}");
    for policy in [
        "fernhill-outfitters.md",
        "tidewater-weekly.md",
        "pebble-and-pip.md",
        "starter-template.mdx",
        "pocket-abacus.txt",
        "hollow-oak-inn.html",
    ] {
        assert!(said.contains(policy), "{policy} is linted: {said}");
    }
}

#[test]
fn the_run_that_it_shows_is_what_is_printed() {
    let commands = blocks("console");
    let shown = blocks("text");
    assert_eq!(commands.len(), shown.len());
    for (command, shown) in commands.iter().zip(shown) {
        let arguments: Vec<&str> = command.trim().strip_prefix("$ clauselint ").unwrap().split(' ').collect();
        let said = String::from_utf8(run(&arguments).stdout).unwrap();
        assert_eq!(said.trim(), shown.trim(), "{command}");
    }
}

#[test]
fn the_rule_that_it_shows_is_the_one_in_the_examples() {
    let rule = std::fs::read_to_string(root().join("examples/house-style/reading-time.yaml")).unwrap();
    assert!(blocks("yaml").contains(&rule));
}

#[test]
fn its_other_commands_run() {
    let policy = "examples/fernhill-outfitters.md";
    for arguments in [
        &["check", "--show", "all", policy][..],
        &["explain", "examples/fernhill-outfitters.md:12"],
        &["rule", "can-spam/opt-out-deadline"],
        &["rule", "coppa/parental-rights"],
        &["check", "--format", "json", policy],
        &["check", "--statistics", "examples"],
        &["pack", "check", "examples/house-style"],
        &["pack", "test", "examples/house-style"],
        &["check", "--pack", "examples/house-style", policy],
    ] {
        let output = run(arguments);
        let code = output.status.code();
        assert!(matches!(code, Some(0 | 1)), "{arguments:?}: {code:?} {}", String::from_utf8_lossy(&output.stderr));
        assert!(!output.stdout.is_empty() || !output.stderr.is_empty(), "{arguments:?} prints something");
    }
}
