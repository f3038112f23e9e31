//! The life of a baseline, as the command reads and writes it.

#![allow(clippy::unwrap_used)] // a test that cannot go on fails

mod scratch;

use scratch::{err, folder};
use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

const LATE: &str = "Please allow up to 30 days for your unsubscribe request to take effect.";
const VAGUE: &str = "We keep personal information for as long as necessary.";

fn policy(parts: &[&str]) -> String {
    let intro = "We collect your name and your e-mail address when you subscribe, and we send you our newsletter by e-mail.";
    format!("# Privacy Policy of Wren & Larch\n\n{intro}\n\n{}\n", parts.join("\n\n"))
}

fn check(dir: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_clauselint"));
    command.env_clear().env("HOME", dir).current_dir(dir).stdin(Stdio::null());
    command.args(["check", "--fail-on", "note", "--select", "can-spam/opt-out-deadline,fipps/retention"]);
    command.args(arguments).output().unwrap()
}

fn code(output: &Output) -> Option<i32> {
    output.status.code()
}

/// The entries of a baseline without their fingerprints.
fn entries(place: &Path) -> Vec<String> {
    let text = fs::read_to_string(place).unwrap();
    text.lines().filter(|line| !line.starts_with('#')).map(|line| line[..line.rfind(' ').unwrap()].to_owned()).collect()
}

#[test]
fn only_new_findings_fail_and_fixed_ones_are_reported_and_pruned() {
    let dir = folder(&[("docs/privacy.md", &policy(&[LATE]))]);
    let arguments = ["docs/privacy.md", "--baseline", "baseline.txt"];
    let run = || check(dir.path(), &arguments);
    let update = || check(dir.path(), &[&arguments[..], &["--update-baseline"]].concat());
    let rewrite = |parts: &[&str]| fs::write(dir.path().join("docs/privacy.md"), policy(parts)).unwrap();
    let place = dir.path().join("baseline.txt");

    assert_eq!(code(&run()), Some(2));
    assert_eq!(err(&run()), "clauselint: there is no baseline baseline.txt; --update-baseline writes one\n");
    assert_eq!(code(&update()), Some(0));
    let late = "docs/privacy.md can-spam/opt-out-deadline contradicted";
    assert_eq!(entries(&place), [late, "docs/privacy.md fipps/retention missing"]);
    assert_eq!(code(&run()), Some(0));

    // Moved and reflowed, it is the same finding; as a vague sentence in the place of none, it is another.
    rewrite(&["We like tea.", &LATE.replace(" for your", "\nfor **your**"), "We like coffee."]);
    assert_eq!(code(&run()), Some(0), "{}", err(&run()));
    rewrite(&[VAGUE, LATE]);
    let new = run();
    assert_eq!(code(&new), Some(1));
    let stale = "clauselint: stale entries of the baseline, which --update-baseline removes: 1\n  docs/privacy.md fipps/retention\n";
    assert_eq!(err(&new), stale);
    assert_eq!(err(&check(dir.path(), &[&arguments[..], &["-q"]].concat())), "");

    let updated = update();
    assert_eq!(code(&updated), Some(0));
    let said = "clauselint: findings in the baseline: 2; new: 1; stale and removed: 1\n  docs/privacy.md fipps/retention\n";
    assert_eq!(err(&updated), said);
    assert_eq!(entries(&place), [late, "docs/privacy.md fipps/retention weak"]);
    let before = fs::read(&place).unwrap();
    update();
    assert_eq!(fs::read(&place).unwrap(), before, "writing it again changes nothing");
}

#[test]
fn what_a_run_does_not_look_at_stays_and_the_folder_does_not_matter() {
    let dir = folder(&[("docs/a.md", &policy(&[LATE])), ("docs/b c.md", &policy(&[LATE])), ("docs/d.md", &policy(&[LATE]))]);
    let place = dir.path().join("baseline.txt");
    assert_eq!(code(&check(dir.path(), &["docs", "--baseline", "baseline.txt", "--update-baseline"])), Some(0));
    assert_eq!(entries(&place).len(), 6);
    let below = dir.path().join("docs");
    for path in ["b c.md", "../docs/b c.md", below.join("b c.md").to_str().unwrap()] {
        assert_eq!(code(&check(&below, &[path, "--baseline", "../baseline.txt"])), Some(0), "{path}");
    }
    fs::write(below.join("a.md"), policy(&[VAGUE])).unwrap();
    fs::remove_file(below.join("d.md")).unwrap();
    let narrowed = check(&below, &["a.md", "--ignore", "fipps", "--baseline", "../baseline.txt", "--update-baseline"]);
    assert_eq!(code(&narrowed), Some(0));
    assert_eq!(
        entries(&place),
        [
            "docs/a.md can-spam/opt-out-deadline missing",
            "docs/a.md fipps/retention missing",
            "docs/b%20c.md can-spam/opt-out-deadline contradicted",
            "docs/b%20c.md fipps/retention missing",
        ]
    );
}

#[test]
fn a_baseline_is_no_policy() {
    let dir = folder(&[("docs/privacy.md", &policy(&[LATE]))]);
    assert_eq!(code(&check(dir.path(), &["--baseline", "known.txt", "--update-baseline", "."])), Some(0));
    assert!(!entries(&dir.path().join("known.txt")).is_empty());
    let output = check(dir.path(), &["--baseline", "known.txt", "--format", "concise", "."]);
    assert_eq!((code(&output), String::from_utf8_lossy(&output.stdout).into_owned()), (Some(0), String::new()), "{}", err(&output));
    let output = check(dir.path(), &["--only-policies", "known.txt"]);
    assert_eq!(code(&output), Some(0), "{}", err(&output));
}

#[test]
fn a_waived_finding_does_not_go_into_the_baseline() {
    let waived = format!("<!-- clauselint-ignore can-spam/opt-out-deadline: it ends soon -->\n{LATE}");
    let dir = folder(&[("privacy.md", &policy(&[&waived]))]);
    assert_eq!(code(&check(dir.path(), &["privacy.md", "--baseline", "b.txt", "--update-baseline"])), Some(0));
    assert_eq!(entries(&dir.path().join("b.txt")), ["privacy.md fipps/retention missing"]);
    assert_eq!(code(&check(dir.path(), &["privacy.md", "--baseline", "b.txt"])), Some(0));
    assert_eq!(code(&check(dir.path(), &["privacy.md", "--baseline", "b.txt", "--no-waivers"])), Some(1));
}

#[test]
fn what_is_no_baseline_is_an_error_at_its_line_and_stays() {
    let header = "# clauselint baseline, version 1\n";
    let files = [
        ("privacy.md", policy(&[LATE])),
        ("bad.txt", format!("{header}\nprivacy.md can-spam/opt-out-deadline\n")),
        ("merge.txt", format!("{header}<<<<<<< HEAD\n=======\n>>>>>>> topic\n")),
    ];
    let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (*name, text.as_str())).collect();
    let dir = folder(&files);
    for (place, said) in [
        ("bad.txt", "clauselint: bad.txt:3: an entry is a path, a rule, a verdict and a fingerprint, with a space in between\n"),
        (
            "merge.txt",
            "clauselint: merge.txt:2: a merge conflict: remove the lines with its marks and keep the entries of both sides; \
             --update-baseline then removes what is fixed\n",
        ),
        ("privacy.md", "clauselint: privacy.md:1: this is no baseline, which begins with the line \"# clauselint baseline, version 1\"\n"),
    ] {
        let before = fs::read(dir.path().join(place)).unwrap();
        for arguments in [&["privacy.md", "--baseline", place][..], &["privacy.md", "--baseline", place, "--update-baseline"]] {
            let output = check(dir.path(), arguments);
            assert_eq!((code(&output), err(&output)), (Some(2), said));
        }
        assert_eq!(fs::read(dir.path().join(place)).unwrap(), before, "nothing is overwritten that is no baseline");
    }
    let alone = check(dir.path(), &["privacy.md", "--update-baseline"]);
    assert_eq!((code(&alone), err(&alone)), (Some(2), "clauselint: --update-baseline needs --baseline FILE\n"));
    assert_eq!(code(&check(dir.path(), &["privacy.md", "--baseline", "none/b.txt", "--update-baseline"])), Some(2));
}

#[test]
fn two_branches_merge_cleanly() {
    let dir = folder(&[("a.md", &policy(&[LATE])), ("m.md", &policy(&[LATE])), ("z.md", &policy(&[LATE]))]);
    for (place, policies) in [("base.txt", &["m.md"][..]), ("ours.txt", &["a.md", "m.md"]), ("theirs.txt", &["m.md", "z.md"])] {
        check(dir.path(), &[policies, &["--baseline", place, "--update-baseline"]].concat());
    }
    let merge = Command::new("git").args(["merge-file", "-p", "ours.txt", "base.txt", "theirs.txt"]).current_dir(dir.path()).output();
    let Ok(merged) = merge else {
        println!("skipped: there is no git here");
        return;
    };
    assert!(merged.status.success());
    fs::write(dir.path().join("merged.txt"), merged.stdout).unwrap();
    assert_eq!(code(&check(dir.path(), &["a.md", "m.md", "z.md", "--baseline", "merged.txt"])), Some(0));
}
