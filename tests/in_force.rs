//! Requirements that come into force on a day: announced before it, judged from then on.

#![allow(clippy::unwrap_used)] // a test that cannot go on fails

use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;

const PACK: &str = "name: soon\ntitle: Rules to come\nauthority: An act of ours\nin-force: 2027-03-01\n";

fn rule(name: &str, more: &str) -> String {
    format!(
        "id: soon/{name}
title: Says {name}
severity: error
cite: Act of ours
url: https://law.example/{name}
applies: always
why: A reader wants to know.
{more}satisfied:
  - say: we have a {name}
place: [{name}]
missing: Nothing says whether there is a {name}.
help: Say it.
examples:
  satisfied: [We have a {name}.]
  missing: [We have none.]
"
    )
}

fn folder() -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join("soon")).unwrap();
    let files = [
        ("soon/pack.yaml", PACK.to_owned()),
        ("soon/garden.yaml", rule("garden", "")),
        ("soon/kettle.yaml", rule("kettle", "in-force: 2026-04-22\n")),
        ("privacy.md", "# Privacy Policy of Wren & Larch\n\nWe collect your name to send you your cups.\n".to_owned()),
    ];
    for (name, text) in files {
        fs::write(dir.path().join(name), text).unwrap();
    }
    dir
}

fn run(dir: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_clauselint"));
    command.env_clear().env("HOME", dir).current_dir(dir).stdin(Stdio::null()).args(arguments).output().unwrap()
}

fn check(dir: &Path, day: &str, arguments: &[&str]) -> Output {
    run(dir, &[&["check", "privacy.md", "--pack", "soon", "--select", "soon", "--as-of", day], arguments].concat())
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

#[test]
fn a_requirement_is_announced_until_its_day_has_come() {
    let dir = folder();
    let lines = |day: &str| {
        let output = check(dir.path(), day, &["--format", "concise"]);
        (
            output.status.code(),
            text(&output.stdout)
                .lines()
                .map(|line| line.split(": ").nth(1).unwrap().split(' ').next().unwrap().to_owned())
                .collect::<Vec<_>>(),
        )
    };
    let (announced, failing) = ("announced[soon/garden]".to_owned(), "error[soon/kettle]".to_owned());
    assert_eq!(lines("2026-04-21"), (Some(0), vec![announced.clone(), "announced[soon/kettle]".to_owned()]));
    assert_eq!(lines("2026-04-22"), (Some(1), vec![announced.clone(), failing.clone()]));
    assert_eq!(lines("2027-02-28"), (Some(1), vec![announced, failing.clone()]));
    assert_eq!(lines("2027-03-01"), (Some(1), vec!["error[soon/garden]".to_owned(), failing]));
}

#[test]
fn reports_say_from_when_it_is_in_force() {
    let dir = folder();
    let output = check(dir.path(), "2026-11-22", &["--format", "json"]);
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let results = report["policies"][0]["results"].as_array().unwrap();
    let days: Vec<&Value> = results.iter().map(|result| &result["in_force"]).collect();
    assert_eq!(days, [&Value::from("2027-03-01"), &Value::Null]);
    let human = check(dir.path(), "2026-11-22", &[]);
    assert!(text(&human.stdout).contains("(1 not in force yet)"), "{}", text(&human.stdout));
    let all = check(dir.path(), "2026-11-22", &["--show", "all"]);
    assert!(text(&all.stdout).contains("in force from 2027-03-01"), "{}", text(&all.stdout));
}

#[test]
fn what_is_satisfied_before_its_day_is_satisfied() {
    let dir = folder();
    fs::write(dir.path().join("privacy.md"), "# Privacy Policy\n\nWe have a garden. We have a kettle.\n").unwrap();
    let output = check(dir.path(), "2026-01-01", &[]);
    assert!(text(&output.stdout).contains("2 satisfied") && !text(&output.stdout).contains("not in force yet"), "{}", text(&output.stdout));
}

#[test]
fn a_day_that_is_none_is_a_mistake_at_its_line() {
    let dir = folder();
    for wrong in ["2027-02-30", "soon", "20270301", "2027-03-01T12:00"] {
        fs::write(dir.path().join("soon/pack.yaml"), PACK.replace("2027-03-01", wrong)).unwrap();
        let output = run(dir.path(), &["pack", "check", "soon"]);
        assert_eq!(output.status.code(), Some(2), "{wrong}");
        let said = text(&output.stderr);
        assert!(said.contains("soon/pack.yaml:4:") && said.contains("a day is written 2027-01-31"), "{said}");
    }
}

#[test]
fn without_a_date_it_is_today() {
    let dir = folder();
    let output = run(dir.path(), &["check", "privacy.md", "--pack", "soon", "--select", "soon/kettle"]);
    assert_eq!(output.status.code(), Some(1), "2026-04-22 is past");
}
