//! Completions and the manual: written for every shell and command, and accepted by those shells and readers that are installed.

#![cfg(unix)]
#![allow(clippy::print_stdout, clippy::unwrap_used)] // a skipped test says so; one that cannot go on fails

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

fn clauselint(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_clauselint")).args(arguments).stdin(Stdio::null()).output().unwrap()
}

/// What a program says of a file, on both streams; nothing, said aloud, where it is not installed.
fn verdict(program: &str, arguments: &[&str], file: &Path) -> Option<(bool, String)> {
    match Command::new(program).args(arguments).arg(file).stdin(Stdio::null()).output() {
        Ok(output) => {
            let said = [output.stdout, output.stderr].concat();
            Some((output.status.success(), String::from_utf8_lossy(&said).into_owned()))
        }
        Err(error) => {
            println!("skipped: {program}: {error}");
            None
        }
    }
}

#[test]
fn every_shell_is_given_completions_that_it_can_read() {
    let dir = tempfile::tempdir().unwrap();
    for (shell, syntax) in [("bash", "-n"), ("zsh", "-n"), ("fish", "--no-execute"), ("elvish", "-compileonly"), ("powershell", "")] {
        let output = clauselint(&["completions", shell]);
        assert!(output.status.success() && output.stderr.is_empty(), "{shell}");
        let script = String::from_utf8(output.stdout).unwrap();
        for word in ["check", "diff", "explain", "completions", "only-policies", "fail-on", "baseline"] {
            assert!(script.contains(word), "{shell}: {word}");
        }
        if !syntax.is_empty() {
            let file = dir.path().join(shell);
            // What completions of elvish are put into is there in its interactive shell alone.
            let editor = if shell == "elvish" { "var edit: = (ns [&'completion:'=(ns [&arg-completer=[&]])])\n" } else { "" };
            fs::write(&file, format!("{editor}{script}")).unwrap();
            if let Some((accepted, said)) = verdict(shell, &[syntax], &file) {
                assert!(accepted && said.is_empty(), "{shell}: {said}");
            }
        }
    }
    assert_eq!(clauselint(&["completions", "command.com"]).status.code(), Some(2));
}

#[test]
fn bash_completes_commands_and_options() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("clauselint.bash");
    let script = String::from_utf8(clauselint(&["completions", "bash"]).stdout).unwrap();
    let ask = "COMP_WORDS=(clauselint \"$@\"); COMP_CWORD=$#; _clauselint clauselint \"${@: -1}\" \"${COMP_WORDS[$# - 1]}\"; printf '%s\\n' \"${COMPREPLY[@]}\"";
    fs::write(&file, format!("{script}\n{ask}\n")).unwrap();
    for (words, expected) in
        [(&["che"][..], "check"), (&["check", "--only"], "--only-policies"), (&["check", "--fail-on", "warn"], "warning")]
    {
        let output = Command::new("bash").args(["--norc", "--noprofile"]).arg(&file).args(words).output().unwrap();
        assert_eq!(String::from_utf8(output.stdout).unwrap().trim(), expected, "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
    }
}

#[test]
fn the_manual_has_a_page_for_every_command() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("share/man1");
    assert!(clauselint(&["man", "--out", &folder.to_string_lossy()]).status.success());
    let mut names: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    for name in [
        "clauselint.1",
        "clauselint-check.1",
        "clauselint-diff.1",
        "clauselint-pack-test.1",
        "clauselint-config-show.1",
        "clauselint-man.1",
    ] {
        assert!(names.iter().any(|known| known == name), "{name} is not among {names:?}");
    }
    assert_eq!(fs::read(folder.join("clauselint.1")).unwrap(), clauselint(&["man"]).stdout, "the first page is that of the program");
    for name in &names {
        let page = folder.join(name);
        if let Some((_, said)) = verdict("mandoc", &["-T", "lint", "-W", "error"], &page) {
            assert!(said.is_empty(), "{name}: {said}");
        }
        if let Some((read, said)) = verdict("man", &["-l", "--warnings"], &page) {
            assert!(read && said.contains("clauselint"), "{name}: {said}");
        }
    }
}
