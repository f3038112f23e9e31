//! The command as others call it: arguments, streams, files and exit codes, in an environment of which nothing leaks in.

#![allow(clippy::unwrap_used)] // a test that cannot go on fails

mod scratch;

use scratch::{code, err, folder, out};
use serde_json::Value;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

const POLICY: &str = "\
# Privacy Policy of Wren & Larch

We collect your name and e-mail address when you order a cup, and we use them to send the order to you.

We share your personal information with the carrier who brings it.

## Contact

Write to hello@wren-and-larch.example about this privacy policy.
";

fn command(dir: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_clauselint"));
    command.env_clear().env("HOME", dir).current_dir(dir).args(arguments).stdin(Stdio::null());
    command
}

fn run(dir: &Path, arguments: &[&str]) -> Output {
    command(dir, arguments).output().unwrap()
}

fn run_with_stdin(dir: &Path, arguments: &[&str], stdin: &[u8]) -> Output {
    let mut child = command(dir, arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // The program may end before it has read everything.
    let _ = child.stdin.take().unwrap().write_all(stdin);
    child.wait_with_output().unwrap()
}

fn paths(output: &Output) -> Vec<String> {
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let policies = report["policies"].as_array().unwrap();
    policies.iter().map(|policy| policy["path"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn exit_codes_follow_the_findings() {
    let dir = folder(&[("privacy.md", POLICY)]);
    let report: Value = serde_json::from_slice(&run(dir.path(), &["check", "privacy.md", "--format", "json"]).stdout).unwrap();
    let results = report["policies"][0]["results"].as_array().unwrap();
    let of = |severity: &str| results.iter().filter(|result| result["severity"] == severity).count();
    let (errors, warnings, notes) = (of("error"), of("warning"), of("note"));
    let exits = |arguments: &[&str]| code(&run(dir.path(), &[&["check", "privacy.md"], arguments].concat()));
    assert_eq!(exits(&[]), i32::from(errors > 0));
    assert_eq!(exits(&["--fail-on", "warning"]), i32::from(errors + warnings > 0));
    assert_eq!(exits(&["--fail-on", "note"]), i32::from(errors + warnings + notes > 0));
    assert_eq!(exits(&["--fail-on", "never"]), 0);
    assert_eq!(exits(&["--fail-on", "note", "--exit-zero"]), 0);
    assert_eq!(exits(&["--fail-on", "never", "--max-warnings", "0"]), i32::from(warnings > 0));
    assert_eq!(exits(&["--fail-on", "never", "--max-warnings", "1000"]), 0);
    assert_eq!(exits(&["--min-severity", "error"]), exits(&[]), "what is shown does not change what fails");
    assert_eq!(exits(&["--format", "concise"]), exits(&[]), "nor does the format");
}

#[test]
fn mistakes_in_arguments_exit_2() {
    let dir = folder(&[("privacy.md", POLICY)]);
    for arguments in [
        &["check", "--format", "jsn"][..],
        &["check", "--fact", "x"],
        &["check", "--fact", "no-such-fact=true"],
        &["check", "--select", "no-such-pack"],
        &["check", "--ignore", "no-such-pack/rule"],
        &["check", "--max-size", "huge"],
        &["check", "--pack", "no/such/folder"],
        &["check", "--files-from", "no-such-list"],
        &["check", "--format", "json", "--format", "concise"],
        &["check", "--no-such-option"],
        &["rule", "no-such/rule"],
        &["rule"],
        &["explain", "privacy.md"],
        &["explain", "privacy.md:999"],
        &["explain", "nothing.md:1"],
        &["pack", "check", "no/such/folder"],
        &["nonsense"],
    ] {
        let output = run(dir.path(), arguments);
        assert_eq!(code(&output), 2, "{arguments:?}");
        assert!(out(&output).is_empty() && !err(&output).is_empty(), "{arguments:?}");
    }
    assert_eq!(code(&run(dir.path(), &["--help"])), 0);
}

#[test]
fn what_cannot_be_linted_is_one_line_and_the_rest_is_linted() {
    let dir = folder(&[("a.md", POLICY), ("z.md", POLICY), ("empty.md", " \n"), ("large.md", &POLICY.repeat(9))]);
    fs::write(dir.path().join("binary.md"), b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\xff\xfe\0").unwrap();
    let files = ["a.md", "none.md", "empty.md", "binary.md", "large.md", "z.md"];
    let output = run(dir.path(), &[&["check", "--format", "json", "--max-size", "1KiB", "--exit-zero"], &files[..]].concat());
    assert_eq!(code(&output), 2);
    assert_eq!(paths(&output), ["a.md", "z.md"]);
    let lines: Vec<_> = err(&output).lines().collect();
    assert_eq!(lines.len(), 4, "{lines:?}");
    for (line, name) in lines.iter().zip(["none.md", "empty.md", "binary.md", "large.md"]) {
        assert!(line.starts_with(&format!("clauselint: {name}: ")), "{line}");
    }
    assert!(lines[3].contains("larger than 1 KiB"));
}

#[test]
fn a_walk_counts_what_it_passes_over() {
    let dir = folder(&[
        ("site/privacy.md", POLICY),
        ("site/empty.md", ""),
        ("site/style.css", "a {}"),
        ("site/.draft/privacy.md", POLICY),
        ("site/build/privacy.html", "<p>Built</p>"),
        (".gitignore", "build/\n"),
    ]);
    let output = run(dir.path(), &["check", "--format", "json", "--exit-zero"]);
    assert_eq!((code(&output), err(&output)), (0, ""));
    assert_eq!(paths(&output), ["site/privacy.md"]);
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["summary"]["passed_over"]["empty"], 1);
    let output = run(dir.path(), &["check", "--exit-zero"]);
    assert!(out(&output).ends_with("1 policy, 1 passed over (1 empty)\n"), "{}", out(&output));
}

#[test]
fn a_walk_without_a_policy_exits_2_and_a_hook_without_files_0() {
    let dir = folder(&[("main.rs", "fn main() {}"), ("list", "")]);
    let output = run(dir.path(), &["check"]);
    assert_eq!((code(&output), err(&output)), (2, "clauselint: no policy was found\n"));
    assert_eq!(code(&run(dir.path(), &["check", "--files-from", "list"])), 0);
    assert_eq!(code(&run_with_stdin(dir.path(), &["check", "--only-policies", "--files-from", "-"], b"")), 0);
}

#[test]
fn only_policies_passes_over_what_a_hook_hands_in() {
    let dir = folder(&[("empty.md", "")]);
    assert_eq!(code(&run(dir.path(), &["check", "--only-policies", "empty.md"])), 0);
    assert_eq!(code(&run(dir.path(), &["check", "--only-policies", "none.md"])), 2);
}

#[test]
fn another_language_and_other_documents_are_named_not_judged() {
    let german = "# Datenschutzerklärung\n\nWir verarbeiten Ihre personenbezogenen Daten nur, soweit dies zur Erfüllung des Vertrages \
                  erforderlich ist, und löschen sie, sobald sie nicht mehr gebraucht werden. Ihre Daten werden nicht an Dritte \
                  weitergegeben, es sei denn, dass wir gesetzlich dazu verpflichtet sind.\n";
    let readme = "# Teapot\n\nA library that boils water. Run `make` and then `make install`. The kettle must be full.\n";
    let dir = folder(&[("privacy.md", POLICY), ("datenschutz.md", german), ("README.md", readme)]);
    let output = run(dir.path(), &["check", "--exit-zero", "--format", "json"]);
    assert_eq!(paths(&output), ["privacy.md"]);
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let passed_over = &report["summary"]["passed_over"];
    assert_eq!((&passed_over["other-language"], &passed_over["not-a-policy"]), (&1.into(), &1.into()));
    let output = run(dir.path(), &["check", "--exit-zero", "--format", "json", "datenschutz.md", "README.md"]);
    assert_eq!(code(&output), 2);
    assert_eq!(err(&output), "clauselint: datenschutz.md: the policy is in German; only English is linted\n");
    assert_eq!(paths(&output), ["README.md"], "what was named is linted");
    let output = run(dir.path(), &["check", "--only-policies", "--format", "json", "datenschutz.md", "README.md"]);
    assert_eq!((code(&output), err(&output)), (0, ""));
    assert!(paths(&output).is_empty());
}

#[cfg(unix)]
#[test]
fn a_walk_reads_no_fifo() {
    let dir = folder(&[("privacy.md", POLICY)]);
    let made = Command::new("mkfifo").arg(dir.path().join("pipe.md")).status().unwrap();
    assert!(made.success());
    assert_eq!(paths(&run(dir.path(), &["check", "--format", "json"])), ["privacy.md"]);
}

#[cfg(target_os = "linux")]
#[test]
fn a_name_that_is_no_unicode_is_shown_as_well_as_it_can_be() {
    use std::os::unix::ffi::OsStrExt;
    let dir = tempfile::tempdir().unwrap();
    let name = std::ffi::OsStr::from_bytes(b"caf\xe9.md");
    fs::write(dir.path().join(name), POLICY).unwrap();
    assert_eq!(paths(&run(dir.path(), &["check", "--format", "json"])), ["caf\u{fffd}.md"]);
    let output = run_with_stdin(dir.path(), &["check", "--format", "json", "--files-from", "-"], b"caf\xe9.md\0");
    assert_eq!(paths(&output), ["caf\u{fffd}.md"]);
}

#[test]
fn standard_input_has_a_name() {
    let dir = tempfile::tempdir().unwrap();
    let output = run_with_stdin(dir.path(), &["check", "-", "--format", "json"], POLICY.as_bytes());
    assert_eq!(paths(&output), ["<stdin>"]);
    let arguments = ["check", "-", "--stdin-filename", "docs/privacy.md", "--format", "json"];
    assert_eq!(paths(&run_with_stdin(dir.path(), &arguments, POLICY.as_bytes())), ["docs/privacy.md"]);
    let output = run_with_stdin(dir.path(), &["check", "-"], b"");
    assert_eq!(code(&output), 2);
    assert!(err(&output).starts_with("clauselint: <stdin>: "));
}

#[test]
fn files_from_names_files() {
    let dir = folder(&[("a b.md", POLICY), ("c.md", POLICY), ("d.md", POLICY)]);
    let output = run_with_stdin(dir.path(), &["check", "d.md", "--format", "json", "--files-from", "-"], b"c.md\0a b.md\0c.md\0");
    assert_eq!(paths(&output), ["d.md", "c.md", "a b.md"]);
    assert_eq!(code(&run_with_stdin(dir.path(), &["check", "-", "--files-from", "-"], b"")), 2);
}

#[test]
fn a_run_may_write_several_formats() {
    let dir = folder(&[("privacy.md", POLICY)]);
    let output = run(dir.path(), &["check", "privacy.md", "--format", "concise", "--format", "json=out.json", "--format", "human=out.txt"]);
    let report: Value = serde_json::from_slice(&fs::read(dir.path().join("out.json")).unwrap()).unwrap();
    let findings = report["policies"][0]["results"].as_array().unwrap();
    let findings = findings.iter().filter(|result| !result["severity"].is_null()).count();
    assert_eq!(out(&output).lines().count(), findings);
    assert!(out(&output).lines().all(|line| line.starts_with("privacy.md:")));
    assert!(fs::read_to_string(dir.path().join("out.txt")).unwrap().starts_with("privacy.md: "));
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 3, "nothing is left beside them");
}

#[test]
fn an_output_file_is_written_whole_or_not_at_all() {
    let dir = folder(&[("privacy.md", POLICY), ("out.json", "old")]);
    assert_eq!(code(&run(dir.path(), &["check", "--select", "nothing", "--format", "json=out.json"])), 2);
    assert_eq!(fs::read_to_string(dir.path().join("out.json")).unwrap(), "old");
    let output = run(dir.path(), &["check", "privacy.md", "--format", "json=no/such/folder/out.json"]);
    assert_eq!(code(&output), 2);
    assert!(err(&output).contains("cannot write no/such/folder/out.json"), "{}", err(&output));
    // A file that could not be linted does not keep the others out of the report.
    run(dir.path(), &["check", "privacy.md", "none.md", "--format", "json=out.json"]);
    let report: Value = serde_json::from_slice(&fs::read(dir.path().join("out.json")).unwrap()).unwrap();
    assert_eq!(report["summary"]["policies"], 1);
}

#[test]
fn json_is_version_1_and_the_same_for_any_number_of_threads() {
    let names: Vec<String> = (0..40).map(|number| format!("{number:02}.md")).collect();
    let files: Vec<_> = names.iter().map(|name| (name.as_str(), POLICY)).collect();
    let dir = folder(&files);
    let one = run(dir.path(), &["check", "--format", "json", "--threads", "1"]);
    let many = run(dir.path(), &["check", "--format", "json", "--threads", "4"]);
    assert_eq!(out(&one), out(&many));
    assert_eq!(paths(&many), names);
    let report: Value = serde_json::from_slice(&one.stdout).unwrap();
    let keys = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(keys(&report), ["policies", "schema_version", "summary", "tool"]);
    assert_eq!(report["schema_version"], 1);
    assert_eq!(report["tool"]["name"], "clauselint");
    assert_eq!(report["summary"]["policies"], 40);
    assert_eq!(keys(&report["policies"][0]), ["facts", "notices", "path", "results"]);
    for result in report["policies"][0]["results"].as_array().unwrap() {
        assert_eq!(
            keys(result),
            [
                "baseline",
                "because",
                "confidence",
                "doubts",
                "evidence",
                "fingerprint",
                "help",
                "in_force",
                "message",
                "place",
                "rule",
                "severity",
                "verdict",
                "waiver"
            ]
        );
        for evidence in result["evidence"].as_array().unwrap() {
            let at = |key: &str| usize::try_from(evidence["span"][key].as_u64().unwrap()).unwrap();
            assert_eq!(&POLICY[at("start")..at("end")], evidence["text"].as_str().unwrap());
        }
    }
}

#[test]
fn a_closed_pipe_is_no_error() {
    let names: Vec<String> = (0..300).map(|number| format!("{number:03}.md")).collect();
    let files: Vec<_> = names.iter().map(|name| (name.as_str(), POLICY)).collect();
    let dir = folder(&files);
    let whole = run(dir.path(), &["check", "--format", "json"]);
    let mut child = command(dir.path(), &["check", "--format", "json"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((code(&output), err(&output)), (code(&whole), ""));
}

#[test]
fn colour_is_used_where_it_is_wished() {
    let dir = folder(&[("privacy.md", POLICY)]);
    let coloured = |variables: &[(&str, &str)]| {
        let mut command = command(dir.path(), &["check", "privacy.md"]);
        let output = command.envs(variables.iter().copied()).output().unwrap();
        out(&output).contains('\u{1b}')
    };
    assert!(!coloured(&[]));
    assert!(coloured(&[("FORCE_COLOR", "1")]));
    assert!(coloured(&[("CLICOLOR_FORCE", "1")]));
    assert!(!coloured(&[("NO_COLOR", "1")]));
    assert!(!coloured(&[("CLICOLOR_FORCE", "0")]));
}

#[test]
fn quiet_says_nothing_but_findings() {
    let dir = folder(&[("privacy.md", POLICY)]);
    let output = run(dir.path(), &["check", "privacy.md", "--quiet"]);
    assert!(!out(&output).contains(" requirements: "));
    assert!(out(&run(dir.path(), &["check", "privacy.md"])).ends_with("1 policy\n"));
}

#[test]
fn statistics_count_verdicts() {
    let dir = folder(&[("privacy.md", POLICY)]);
    let output = run(dir.path(), &["check", "privacy.md", "--statistics"]);
    assert!(out(&output).starts_with("requirement"), "{}", out(&output));
    let output = run(dir.path(), &["check", "privacy.md", "--statistics", "--format", "json"]);
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(report["summary"]["statistics"].is_object());
}

#[test]
fn mistakes_in_a_pack_are_shown_at_their_line() {
    let dir = folder(&[
        ("mine/pack.yaml", "name: mine\ntitle: Mine\nauthority: Me\nauthor: Someone\n"),
        ("mine/rule.yaml", "id: mine/rule\ntitel: A rule\n"),
        ("privacy.md", POLICY),
    ]);
    for arguments in [&["check", "privacy.md", "--pack", "mine"][..], &["pack", "check", "mine"], &["pack", "test", "mine"]] {
        let output = run(dir.path(), arguments);
        assert_eq!(code(&output), 2, "{arguments:?}");
        assert!(out(&output).is_empty());
        assert!(err(&output).contains("mine/pack.yaml:4:1"), "{}", err(&output));
        assert!(err(&output).contains("mine/rule.yaml:"), "{}", err(&output));
    }
}

#[test]
fn requirements_are_explained() {
    let dir = tempfile::tempdir().unwrap();
    let output = run(dir.path(), &["rule", "--all", "--format", "json"]);
    assert_eq!(code(&output), 0);
    let all: Value = serde_json::from_slice(&output.stdout).unwrap();
    for requirement in all.as_array().unwrap() {
        let id = requirement["id"].as_str().unwrap();
        let output = run(dir.path(), &["rule", id]);
        assert_eq!(code(&output), 0);
        assert!(out(&output).starts_with(id));
    }
}
