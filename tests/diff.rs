//! `diff` and `check --since` as others call them, and the walk through a pull request in `docs/`: what it shows is what is printed.

#![allow(clippy::unwrap_used, clippy::print_stderr)] // a test that cannot go on fails, one that cannot run says so

mod scratch;

use scratch::{code, err, folder, out};
use serde_json::Value;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;

const BEFORE: &str = include_str!("../examples/pull-request/before.md");
const AFTER: &str = include_str!("../examples/pull-request/after.md");
const OTHER: &str = include_str!("../examples/fernhill-outfitters.md");

fn command(dir: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_clauselint"));
    let path = std::env::var_os("PATH").unwrap_or_default();
    command.env_clear().env("HOME", dir).env("PATH", path).env("LC_ALL", "C.UTF-8").env("COLUMNS", "100");
    command.current_dir(dir).args(arguments).stdin(Stdio::null());
    command
}

fn run(dir: &Path, arguments: &[&str]) -> Output {
    command(dir, arguments).output().unwrap()
}

fn write(dir: &Path, name: &str, text: &str) {
    let path = dir.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// Runs git on the user's behalf, with settings of nobody.
fn git(dir: &Path, arguments: &[&str]) -> Option<Output> {
    let settings = ["-c", "user.name=Ida", "-c", "user.email=ida@marrow-and-thyme.example", "-c", "init.defaultBranch=main"];
    let output =
        Command::new("git").arg("-C").arg(dir).args(settings).args(arguments).env("HOME", dir).env("GIT_CONFIG_NOSYSTEM", "1").output();
    output.ok().inspect(|output| assert!(output.status.success(), "{arguments:?}: {}", err(output)))
}

/// A repository whose first revision, called "v1", holds these files; none where there is no git.
fn repository(files: &[(&str, &str)]) -> Option<TempDir> {
    let dir = folder(files);
    if git(dir.path(), &["init", "--quiet"]).is_none() {
        eprintln!("skipped: there is no git");
        return None;
    }
    commit(dir.path());
    git(dir.path(), &["tag", "v1"]);
    Some(dir)
}

fn commit(dir: &Path) {
    git(dir, &["add", "--all"]);
    git(dir, &["commit", "--quiet", "--allow-empty", "--message", "A change"]);
}

/// The names of two versions.
type Pair = (Option<String>, Option<String>);

/// For each pair of versions their names, then how many requirements changed how.
fn json(output: &Output) -> (Vec<Pair>, Value) {
    let report: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {} {}", out(output), err(output)));
    let name = |version: &Value| version["path"].as_str().map(str::to_owned);
    let pairs = report["differences"].as_array().unwrap().iter().map(|one| (name(&one["old"]), name(&one["new"])));
    (pairs.collect(), report["summary"]["changes"].clone())
}

fn pair(old: Option<&str>, new: Option<&str>) -> Pair {
    (old.map(str::to_owned), new.map(str::to_owned))
}

#[test]
fn what_is_lost_or_weakened_fails() {
    let dir = folder(&[("before.md", BEFORE), ("after.md", AFTER)]);
    let output = run(dir.path(), &["diff", "before.md", "after.md"]);
    assert_eq!((code(&output), err(&output)), (1, ""));
    let heads: Vec<_> = out(&output).lines().filter(|line| line.contains('[') && !line.starts_with(' ')).collect();
    assert_eq!(&heads[..3], ["lost[can-spam/opt-out-deadline]", "lost[fipps/security-in-transit]", "weakened[fipps/retention]"]);
    for passage in ["before.md:21:82", "after.md:25:1", "We keep your orders for as long as necessary"] {
        assert!(out(&output).contains(passage), "{passage} is quoted");
    }
    assert_eq!(code(&run(dir.path(), &["diff", "before.md", "after.md", "--exit-zero"])), 0);
    assert_eq!(code(&run(dir.path(), &["diff", "before.md", "after.md", "--ignore", "can-spam,fipps"])), 0);
    assert_eq!(code(&run(dir.path(), &["diff", "before.md", "after.md", "--select", "fipps/retention"])), 1);
    let declared = run(dir.path(), &["diff", "before.md", "after.md", "--select", "can-spam", "--fact", "sends-commercial-email=false"]);
    assert_eq!(code(&declared), 0, "what does not apply is not lost");
}

#[test]
fn versions_that_change_places_mirror_and_equal_ones_do_not_differ() {
    let dir = folder(&[("before.md", BEFORE), ("after.md", AFTER)]);
    let output = run(dir.path(), &["diff", "before.md", "before.md"]);
    assert_eq!((code(&output), out(&output).lines().nth(2)), (0, Some("No disclosure changed.")));
    let there = json(&run(dir.path(), &["diff", "before.md", "after.md", "--format", "json"])).1;
    let output = run(dir.path(), &["diff", "after.md", "before.md", "--format", "json"]);
    let back = json(&output).1;
    for (one, other) in [("lost", "gained"), ("weakened", "strengthened"), ("reworded", "reworded")] {
        assert_eq!((&there[one], &there[other]), (&back[other], &back[one]), "{one} and {other}");
    }
    assert_eq!(code(&output), 1, "the way back drops what the change brought");
}

#[test]
fn a_version_may_be_standard_input_and_in_another_format() {
    let html = format!("<p>{}</p>", BEFORE.replace("\n\n", "</p>\n<p>"));
    let dir = folder(&[("before.md", BEFORE), ("privacy.html", &html)]);
    let mut child = command(
        dir.path(),
        &["diff", "-", "privacy.html", "--stdin-filename", "old.md", "--format", "json", "--select", "fipps/retention"],
    )
    .stdin(Stdio::piped())
    .stdout(Stdio::piped())
    .spawn()
    .unwrap();
    child.stdin.take().unwrap().write_all(BEFORE.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(code(&output), 0);
    let (pairs, changes) = json(&output);
    assert_eq!(pairs, [pair(Some("old.md"), Some("privacy.html"))]);
    assert_eq!(changes["unchanged"], 1, "another markup is no other wording");
}

#[test]
fn trouble_exits_2() {
    let dir = folder(&[("before.md", BEFORE), ("empty.md", "")]);
    for (arguments, message) in [
        (&["diff", "-", "-"][..], "clauselint: standard input cannot be both versions of a policy\n"),
        (&["diff", "empty.md", "before.md"], "clauselint: empty.md: the file is empty\n"),
        (
            &["diff", "before.md", "before.md", "--format", "concise"],
            "clauselint: differences are not written as concise, only as human, json, markdown\n",
        ),
        (
            &["diff", "before.md", "before.md", "--select", "fips"],
            "clauselint: no pack or rule is called \"fips\"; did you mean \"fipps\"?\n",
        ),
    ] {
        let output = run(dir.path(), arguments);
        assert_eq!((code(&output), err(&output), out(&output)), (2, message, ""), "{arguments:?}");
    }
    let output = run(dir.path(), &["diff", "before.md", "none.md", "--format", "json=out.json"]);
    assert!(code(&output) == 2 && err(&output).starts_with("clauselint: none.md: cannot be read: "), "{}", err(&output));
    assert_eq!(code(&run(dir.path(), &["diff", "before.md"])), 2);
}

#[test]
fn only_what_changed_since_a_revision_is_compared() {
    let files = [
        ("docs/privacy.md", BEFORE),
        ("site/old.md", BEFORE),
        ("same.md", BEFORE),
        ("gone/gone.md", OTHER),
        ("notes.md", "# Notes\n\nTea.\n"),
    ];
    let Some(dir) = repository(&files) else { return };
    let (at, since) = (dir.path(), &["check", "--since", "v1", "--format", "json"][..]);
    let output = run(at, since);
    assert_eq!((code(&output), json(&output).0.len()), (0, 0));
    assert_eq!(out(&run(at, &["check", "--since", "v1"])), "no policy changed since v1\n");

    // One change is committed, one staged, one neither, one not tracked.
    write(at, "docs/privacy.md", AFTER);
    commit(at);
    git(at, &["mv", "site/old.md", "site/new.md"]);
    fs::remove_dir_all(at.join("gone")).unwrap();
    write(at, "fresh.md", BEFORE);
    write(at, "notes.md", "# Notes\n\nCoffee.\n");
    let output = run(at, since);
    let expected = [
        pair(Some("v1:docs/privacy.md"), Some("docs/privacy.md")),
        pair(None, Some("fresh.md")),
        pair(Some("v1:site/old.md"), Some("site/new.md")),
        pair(Some("v1:gone/gone.md"), None),
    ];
    assert_eq!((code(&output), json(&output).0), (1, expected.to_vec()));

    let only = |paths: &[&str]| {
        let output = run(at, &[since, paths].concat());
        (code(&output), json(&output).0)
    };
    assert_eq!(only(&["docs"]), (1, expected[..1].to_vec()));
    assert_eq!(only(&["./docs/privacy.md", "same.md"]), (1, vec![pair(Some("v1:docs/privacy.md"), Some("./docs/privacy.md"))]));
    assert_eq!(only(&["fresh.md"]), (0, expected[1..2].to_vec()), "what is new has lost nothing");
    assert_eq!(only(&["site/new.md"]), (0, expected[2..3].to_vec()), "a new name is no change");
    assert_eq!(only(&["gone/gone.md"]), (1, expected[3..].to_vec()), "what was deleted has lost everything");
    assert_eq!(only(&["gone"]), (1, expected[3..].to_vec()));
    let below = command(&at.join("docs"), since).output().unwrap();
    assert_eq!(json(&below).0, [pair(Some("v1:docs/privacy.md"), Some("privacy.md"))], "paths begin where one stands");
}

#[test]
fn a_policy_that_is_none_any_more_is_lost() {
    let Some(dir) = repository(&[("privacy.md", BEFORE), ("terms.md", "")]) else { return };
    write(dir.path(), "privacy.md", "# Soon\n\nThis page is being rewritten.\n");
    write(dir.path(), "terms.md", BEFORE);
    let output = run(dir.path(), &["check", "--since", "HEAD"]);
    assert_eq!(code(&output), 1);
    assert!(out(&output).starts_with("HEAD:privacy.md -> privacy.md (not a policy)\n\nlost["), "{}", out(&output));
    assert!(out(&output).contains("\nnew -> terms.md\n"), "an empty file is no old version");
    let output = run(dir.path(), &["check", "--since", "HEAD", "--only-policies", "privacy.md", "--format", "json"]);
    assert_eq!((code(&output), json(&output).0), (1, vec![pair(Some("HEAD:privacy.md"), None)]), "in a hook too");
}

#[test]
fn a_policy_is_followed_to_its_new_place() {
    let Some(dir) = repository(&[("privacy.md", BEFORE)]) else { return };
    fs::create_dir(dir.path().join("legal")).unwrap();
    fs::rename(dir.path().join("privacy.md"), dir.path().join("legal/privacy.md")).unwrap();
    let output = run(dir.path(), &["check", "--since", "v1", "--format", "json"]);
    assert_eq!((code(&output), json(&output).0), (0, vec![pair(Some("v1:privacy.md"), Some("legal/privacy.md"))]));
    let output = run(dir.path(), &["check", "--since", "v1", "--format", "json", "privacy.md"]);
    assert_eq!(code(&output), 2, "it is not there any more, and was not deleted either");
}

#[test]
fn names_may_hold_anything() {
    let name = "a \"b\"\n-> {c} \u{e4}.md";
    let Some(dir) = repository(&[(name, BEFORE), ("-x.md", BEFORE)]) else { return };
    write(dir.path(), name, AFTER);
    write(dir.path(), "-x.md", AFTER);
    let output = run(dir.path(), &["check", "--since", "v1", "--format", "json"]);
    assert_eq!(json(&output).0, [pair(Some("v1:-x.md"), Some("-x.md")), pair(Some(&format!("v1:{name}")), Some(name))]);
}

#[test]
fn what_git_cannot_say_exits_2() {
    let Some(dir) = repository(&[("privacy.md", BEFORE)]) else { return };
    let root = dir.path().canonicalize().unwrap();
    let outside = folder(&[("privacy.md", BEFORE)]);
    let said = |at: &Path, arguments: &[&str]| {
        let output = run(at, &[&["check"], arguments].concat());
        assert_eq!((code(&output), out(&output)), (2, ""), "{arguments:?}");
        err(&output).to_owned()
    };
    let root_name = root.display();
    let message = |revision: &str| format!("clauselint: {root_name} has no revision \"{revision}\"\n");
    assert_eq!(said(dir.path(), &["--since", "v2"]), message("v2"));
    assert_eq!(said(dir.path(), &["--since", ""]), message(""));
    assert_eq!(said(dir.path(), &["--since", "v1; true"]), message("v1; true"));
    assert_eq!(said(dir.path(), &["--since=--help"]), "clauselint: a revision does not begin with a hyphen: --help\n");
    let other = outside.path().join("privacy.md");
    let other = other.to_str().unwrap();
    assert_eq!(
        said(dir.path(), &["--since", "v1", "privacy.md", other]),
        format!("clauselint: {other} is outside of the git repository {root_name}\n")
    );
    assert_eq!(said(outside.path(), &["--since", "v1"]), "clauselint: . is in no git repository, which --since needs\n");
    assert_eq!(said(dir.path(), &["--since", "v1", "-"]), "clauselint: standard input has no history to compare it with\n");
    assert!(said(dir.path(), &["--since", "v1", "none.md"]).starts_with("clauselint: none.md: cannot be read: "));
    assert!(said(dir.path(), &["--since", "v1", "--statistics"]).contains("cannot be used with"));
    let written = said(dir.path(), &["--since", "v1", "--format", "concise"]);
    assert_eq!(written, "clauselint: differences are not written as concise, only as human, json, markdown\n");
    let no_git = command(dir.path(), &["check", "--since", "v1"]).env("PATH", "/nowhere").output().unwrap();
    assert!(code(&no_git) == 2 && err(&no_git).starts_with("clauselint: git could not be run, which --since needs: "), "{}", err(&no_git));

    write(dir.path(), "privacy.md", AFTER);
    commit(dir.path());
    let clone = outside.path().join("clone");
    let url = format!("file://{root_name}");
    git(outside.path(), &["clone", "--quiet", "--depth=1", "--no-tags", &url, clone.to_str().unwrap()]);
    assert!(said(&clone, &["--since", "v1"]).ends_with("has no revision \"v1\"; it is a shallow clone: fetch its history first\n"));
}

/// The fenced blocks of the walk: language and text.
fn blocks(page: &str) -> Vec<(&str, &str)> {
    let fenced = page.split("\n```").skip(1).step_by(2);
    fenced.map(|block| block.split_once('\n').unwrap()).collect()
}

#[test]
fn the_walk_through_a_pull_request_shows_what_is_printed() {
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/pull-request.md")).unwrap();
    let Some(dir) = repository(&[("privacy.md", BEFORE)]) else { return };
    git(dir.path(), &["branch", "--move", "main"]);
    write(dir.path(), "privacy.md", AFTER);
    write(dir.path(), "before.md", BEFORE);
    write(dir.path(), "after.md", AFTER);
    let blocks = blocks(&page);
    let mut shown = 0;
    for (at, (language, text)) in blocks.iter().enumerate().filter(|(_, (language, _))| *language == "console") {
        let line = text.trim().strip_prefix("$ clauselint ").unwrap();
        let (line, with_code) = line.strip_suffix("; echo $?").map_or((line, false), |line| (line, true));
        let output = run(dir.path(), &line.split(' ').collect::<Vec<_>>());
        let code = if with_code { format!("{}\n", code(&output)) } else { String::new() };
        let printed = format!("{}{code}", out(&output));
        assert_eq!(printed.trim(), blocks[at + 1].1.trim(), "{language} {line}");
        shown += 1;
    }
    assert!(shown >= 3);
    let diff = blocks.iter().find(|(language, _)| *language == "diff").unwrap().1;
    let lines = |sign: char| diff.lines().filter_map(move |line| line.strip_prefix(sign)).collect::<Vec<_>>();
    assert!(lines('-').iter().all(|line| BEFORE.contains(line)) && lines('+').iter().all(|line| AFTER.contains(line)));
    assert!(lines('-').len() == 4 && lines('+').len() == 4, "the whole change is shown");
}
