//! Files that mean harm, or were made by accident: whatever is in them, a run ends soon, says in one line what is wrong, exits as it
//! should, and writes its output whole or not at all.

#![cfg(unix)]
#![allow(clippy::unwrap_used)] // a test that cannot go on fails
#![allow(clippy::format_collect)] // what is made here is long, not frequent

mod scratch;

use scratch::{folder_of_bytes as folder, out};
use serde_json::Value;
use std::fs;
use std::io::Write;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

const POLICY: &str = "\
# Privacy Policy of Wren & Larch

We collect your name and e-mail address when you order a cup, and we use them to send the order to you.

We share your personal information with the carrier who brings it.
";

/// The formats that a report can have.
const FORMATS: [&str; 11] =
    ["human", "concise", "json", "json-lines", "sarif", "github", "gitlab", "junit", "checkstyle", "rdjson", "markdown"];

fn command(dir: &Path, arguments: &[&str]) -> Command {
    in_environment(Command::new(env!("CARGO_BIN_EXE_clauselint")), dir, arguments)
}

fn in_environment(mut command: Command, dir: &Path, arguments: &[&str]) -> Command {
    command.env_clear().env("HOME", dir).env("PATH", "/usr/bin:/bin").env("COLUMNS", "100");
    command.current_dir(dir).args(arguments).stdin(Stdio::null());
    command
}

fn run(dir: &Path, arguments: &[&str]) -> Output {
    command(dir, arguments).output().unwrap()
}

/// Runs the command by a line of shell, in which it is `"$@"`.
fn shell(dir: &Path, line: &str, arguments: &[&str]) -> Output {
    let mut shell = Command::new("sh");
    shell.args(["-c", line, "sh", env!("CARGO_BIN_EXE_clauselint")]);
    in_environment(shell, dir, arguments).output().unwrap()
}

/// The exit code and standard error.
fn said(output: &Output) -> (Option<i32>, &str) {
    (output.status.code(), std::str::from_utf8(&output.stderr).unwrap())
}

/// What is wrong in YAML, and where, as the diagnostics on standard error tell it; their last line is the last one.
fn mistakes(output: &Output) -> Vec<String> {
    let (code, text) = said(output);
    assert_eq!(code, Some(2), "{text}");
    assert!(out(output).is_empty(), "{}", out(output));
    let told = |line: &str| line.strip_prefix("  x ").map(str::to_owned);
    let place = |line: &str| line.trim_start().strip_prefix(",-[").map(|rest| rest.trim_end_matches(']').to_owned());
    let found = text.lines().filter_map(|line| told(line).or_else(|| place(line)));
    found.chain(text.lines().last().map(str::to_owned)).collect()
}

/// The paths of the policies in a report in JSON.
fn paths(output: &Output) -> Vec<String> {
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    report["policies"].as_array().unwrap().iter().map(|policy| policy["path"].as_str().unwrap().to_owned()).collect()
}

/// A pack `own` with one rule, in which `more` and `say` stand.
fn pack(more: &str, say: &str) -> TempDir {
    let rule = format!(
        "id: own/rule\ntitle: Says it\nseverity: warning\ncite: Own 1\nurl: https://law.example/1\napplies: always\nwhy: Because.\n{more}\n\
         satisfied:\n  - say: {say}\nplace: [it]\nmissing: Nothing says it.\nhelp: Say it.\nexamples:\n  satisfied: [\"We say it.\"]\n  \
         missing: [\"We do.\"]\n"
    );
    folder(&[("own/pack.yaml", b"name: own\ntitle: Own\nauthority: Own\n"), ("own/rule.yaml", rule.as_bytes())])
}

fn pack_mistakes(more: &str, say: &str) -> Vec<String> {
    mistakes(&run(pack(more, say).path(), &["pack", "check", "own"]))
}

fn config_mistakes(text: &[u8]) -> Vec<String> {
    let dir = folder(&[("p.md", POLICY.as_bytes()), ("clauselint.yaml", text)]);
    mistakes(&run(dir.path(), &["check", "p.md"]))
}

fn mkfifo(path: &Path) {
    assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
}

/// What is in a folder, hidden or not, in order.
fn names(dir: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn no_nesting_takes_long() {
    const N: usize = 10_000;
    let many = |text: &str| text.repeat(N);
    let cases: Vec<(&str, String)> = vec![
        ("lists.md", many("- ") + "We share it"),
        ("quotes.md", many("> ") + "We share it"),
        ("curly.md", many("\u{201c}") + "We share it" + &many("\u{201d}")),
        ("parentheses.md", many("(") + "We share it" + &many(")")),
        ("brackets.md", many("[") + "We share it" + &many("](x)")),
        ("links.md", many("[We](x) share it ").repeat(10)),
        ("images.md", many("![") + "We share it"),
        ("emphasis.md", many("*a **a ")),
        ("fences.md", many("```\n")),
        ("tags.md", many("<div>") + "We share it"),
        ("references.md", (0..N).map(|at| format!("[a{at}]: x\n")).collect::<String>() + &many("[a1] ")),
        ("footnotes.md", many("[^a]: [^a]\n")),
        ("table.md", many("|a") + "\n" + &many("|-") + "\n" + &many("|a")),
        ("waivers.md", many("<!-- clauselint-ignore x: y -->\n")),
        ("lists.html", "<html>".to_owned() + &many("<ul><li>") + "We share it"),
        ("tables.html", "<html>".to_owned() + &many("<table><tr><td>") + "We share it"),
        ("quotes.html", "<html>".to_owned() + &many("<blockquote>") + "We share it"),
        ("links.html", "<html>".to_owned() + &many("<a href=x>") + "We share it"),
        ("unclosed.html", "<html><p>We share <a href='x <!-- <script> \"".to_owned() + &many("<")),
        ("comments.html", "<html><p>We share".to_owned() + &many("<!--")),
        ("scripts.html", "<html><p>We share".to_owned() + &many("<script>")),
        ("jsx.mdx", many("<A>") + "We share it"),
        ("braces.mdx", many("{") + "We share it" + &many("}")),
        ("templates.mdx", many("{`${") + "We share it"),
        ("imports.mdx", many("import {\n")),
        ("lists.txt", (0..1000).map(|at| "1.".repeat(at) + " We share it\n").collect()),
        ("stops.txt", "We share. ".to_owned() + &many(".")),
        ("addresses.txt", many("a@")),
        ("numbers.txt", many("(10) ten ")),
        ("inline.rst", many("*") + &many("We share `")),
        ("blocks.adoc", many("====\n")),
    ];
    for (name, text) in cases {
        let dir = folder(&[(name, (POLICY.to_owned() + "\n" + &text).as_bytes())]);
        let begun = Instant::now();
        let output = run(dir.path(), &["check", name, "--format", "json", "--exit-zero"]);
        let took = begun.elapsed();
        assert_eq!(said(&output), (Some(0), ""), "{name}");
        assert_eq!(paths(&output), [name]);
        assert!(took < Duration::from_secs(2), "{name} took {took:?}");
    }
}

#[test]
fn entities_stand_for_one_character_each() {
    let entities: String = (1..30).map(|at| format!("<!ENTITY e{at} '{}'>", format!("&e{};", at - 1).repeat(10))).collect();
    let text = format!(
        "<!DOCTYPE html [<!ENTITY e0 'boom'>{entities}]><html><p>We share &e29; &#x110000;&#0;&#xD800; your data with &amp;{}</p>",
        "&".repeat(10_000)
    );
    let dir = folder(&[("p.html", text.as_bytes())]);
    let output = run(dir.path(), &["check", "p.html", "--format", "json", "--exit-zero"]);
    assert_eq!(said(&output), (Some(0), ""));
    assert!(output.stdout.len() < 1 << 20);
}

#[test]
fn any_encoding_is_read_and_binary_is_named() {
    let wide = |bom: &[u8], big: bool| -> Vec<u8> {
        let unit = |unit: u16| if big { unit.to_be_bytes() } else { unit.to_le_bytes() };
        let units = POLICY.encode_utf16().chain([0xD800, 0x0041, 0xDC00, 0xDBFF]);
        bom.iter().copied().chain(units.flat_map(unit)).collect()
    };
    let latin = [POLICY.as_bytes(), b"\nCaf\xe9 \xff\xfe\x80 names are kept.\n"].concat();
    let nuls = [POLICY.as_bytes(), &[0; 3]].concat();
    let dir = folder(&[
        ("latin.md", &latin),
        ("lone.md", &wide(b"\xff\xfe", false)),
        ("lone-be.md", &wide(b"\xfe\xff", true)),
        ("nuls.md", &nuls),
        ("only-nuls.md", &[0; 5000]),
        ("wide-nul.md", b"\xff\xfea\0\0\0b\0"),
        ("odd.md", b"\xff\xfea"),
    ]);
    let files = ["latin.md", "lone.md", "lone-be.md", "nuls.md", "only-nuls.md", "wide-nul.md", "odd.md"];
    let output = run(dir.path(), &[&["check", "--format", "json", "--exit-zero"], &files[..]].concat());
    assert_eq!(
        said(&output),
        (Some(2), "clauselint: only-nuls.md: the file is binary, not text\nclauselint: wide-nul.md: the file is binary, not text\n")
    );
    assert_eq!(paths(&output), ["latin.md", "lone.md", "lone-be.md", "nuls.md", "odd.md"]);
}

#[test]
fn yaml_is_utf_8_without_control_characters() {
    assert_eq!(config_mistakes(b"fail-on: error\n# caf\xe9\n"), ["clauselint: cannot read clauselint.yaml: line 2 is not UTF-8"]);
    assert_eq!(config_mistakes(b"\xff\xfef\0"), ["clauselint: cannot read clauselint.yaml: line 1 is not UTF-8"]);
    assert_eq!(
        config_mistakes(b"threads: 1\nfail-on: \x1b[31merror\n"),
        ["control characters are not allowed at position 20", "clauselint.yaml:2:10", "clauselint: the configuration has 1 problem"]
    );
    let dir = folder(&[("p.md", POLICY.as_bytes()), ("clauselint.yaml", b"fail-on: \0error\n")]);
    assert_eq!(
        said(&run(dir.path(), &["check", "p.md"])),
        (
            Some(2),
            "error: clauselint.yaml: control characters are not allowed at position 9\n\nclauselint: the configuration has 1 problem\n"
        )
    );
    let dir = pack("", "we say it");
    fs::write(dir.path().join("own/other.yaml"), b"id: own/other\ntitle: caf\xe9\n").unwrap();
    for arguments in [["pack", "check", "own"], ["pack", "test", "own"], ["check", "--pack", "own"]] {
        assert_eq!(said(&run(dir.path(), &arguments)), (Some(2), "clauselint: cannot read own/other.yaml: line 2 is not UTF-8\n"));
    }
}

#[test]
fn a_baseline_is_utf_8() {
    let dir = folder(&[("p.md", POLICY.as_bytes()), ("known", b"# clauselint baseline, version 1\ncaf\xe9 x weak 0\n")]);
    let output = run(dir.path(), &["check", "p.md", "--baseline", "known"]);
    assert_eq!(said(&output), (Some(2), "clauselint: known:2: this is not UTF-8\n"));
}

#[test]
fn names_are_shown_as_well_as_they_can_be() {
    let dir = folder(&[("list", b"caf\xe9.md\0b\n\x1b[31m::error::.md\0")]);
    let output = run(dir.path(), &["check", "--files-from", "list"]);
    let none = "cannot be read: No such file or directory (os error 2)";
    let told = format!("clauselint: caf\u{fffd}.md: {none}\nclauselint: b \u{241b}[31m::error::.md: {none}\n");
    assert_eq!(said(&output), (Some(2), told.as_str()));
    fs::write(dir.path().join(std::ffi::OsStr::from_bytes(b"caf\xe9.md")), POLICY).unwrap();
    let output = run(dir.path(), &["check", ".", "--format", "json", "--exit-zero"]);
    assert_eq!((said(&output), paths(&output)), ((Some(0), ""), vec!["caf\u{fffd}.md".to_owned()]));
}

#[test]
fn no_message_speaks_to_the_terminal() {
    let dir = folder(&[("p.md", POLICY.as_bytes()), ("\u{1b}[31m/x.yaml", b"name: x\n")]);
    let escape = "\u{1b}[31m";
    for arguments in [
        &["check", "--config", "\u{1b}[31m\n.yaml", "p.md"][..],
        &["check", "--select", escape, "p.md"],
        &["check", "--baseline", escape, "p.md"],
        &["check", "--pack", escape, "p.md"],
        &["check", "--pack", "no\u{1b}[31m", "p.md"],
        &["check", "--files-from", "no\u{1b}[31m"],
        &["check", "--format", "json=\u{1b}[31m/no/x", "p.md"],
        &["check", "--since", escape, "p.md"],
        &["check", escape],
        &["pack", "check", escape],
        &["rule", escape],
        &["explain", "\u{1b}[31m:1"],
        &["config", "show", "--config", escape],
    ] {
        let output = run(dir.path(), arguments);
        let (code, text) = said(&output);
        assert_eq!(code, Some(2), "{arguments:?}");
        assert!(!text.is_empty() && !text.contains('\u{1b}') && !out(&output).contains('\u{1b}'), "{arguments:?}: {text}");
    }
    let escaped = b"select: [\"\\e[31mq\"]\n\"\\e[31mkey\": 1\n";
    assert_eq!(
        config_mistakes(escaped),
        ["unknown key \"\u{241b}[31mkey\"", "clauselint.yaml:2:1", "clauselint: the configuration has 1 problem"]
    );
}

#[test]
fn no_format_can_be_broken_out_of() {
    let name = "a\n::error::b|c\"<d>&'\u{1b}[31m.txt";
    let evil = "</script><script>alert(1)</script> <!-- ]]> | a || b ` \\ \" ' & ::error file=x,line=1::gone%0A \u{1b}[31m \u{9b}2J \u{7f} \u{8} \u{202e}";
    let text = format!(
        "Privacy Policy of Wren & Larch\n\nWe may share your personal information with {evil} partners.\n\nPlease allow up to 30 days for \
         your unsubscribe {evil} request to take effect.\n\n::error::We sell your data to {evil}.\n"
    );
    let dir = folder(&[(name, text.as_bytes())]);
    let findings = {
        let report: Value = serde_json::from_slice(&run(dir.path(), &["check", name, "--format", "json"]).stdout).unwrap();
        let results = report["policies"][0]["results"].as_array().unwrap().clone();
        assert!(results.iter().any(|result| result.to_string().contains("<script>alert")), "the harmful text is shown at all");
        results.iter().filter(|result| !result["severity"].is_null()).count()
    };
    for format in FORMATS {
        let output = run(dir.path(), &["check", name, "--format", format]);
        assert_eq!(said(&output), (Some(1), ""), "{format}");
        let report = out(&output);
        let speaks = |character: char| character.is_control() && character != '\n' || ('\u{202a}'..='\u{202e}').contains(&character);
        assert!(!report.contains(speaks), "{format}: {report}");
        match format {
            "json" | "sarif" | "gitlab" | "rdjson" => {
                assert!(serde_json::from_str::<Value>(report).is_ok(), "{format}");
                assert!(!report.contains("</script"), "{format}");
            }
            "json-lines" => assert!(report.lines().all(|line| serde_json::from_str::<Value>(line).is_ok())),
            "junit" | "checkstyle" => assert!(roxmltree::Document::parse(report).is_ok(), "{format}: {report}"),
            "github" => {
                assert_eq!(report.lines().count(), findings);
                let begins =
                    |line: &str| ["::error file=a", "::warning file=a", "::notice file=a"].iter().any(|start| line.starts_with(start));
                assert!(report.lines().all(begins), "{report}");
            }
            "concise" => assert_eq!(report.lines().count(), findings, "{report}"),
            "markdown" => {
                assert!(!report.contains("<script") && !report.contains("</script") && !report.contains("<!--"), "{report}");
                let bars = |line: &str| line.replace("\\|", "").matches('|').count();
                let tables = report.split("\n\n").filter(|part| part.starts_with('|'));
                for table in tables {
                    let first = table.lines().next().map(bars);
                    assert!(table.lines().all(|row| Some(bars(row)) == first), "{table}");
                }
            }
            _ => assert!(!report.lines().any(|line| line.trim_start().starts_with("::")), "{report}"),
        }
    }
}

#[test]
fn a_device_is_read_to_the_limit() {
    let dir = folder(&[("p.md", POLICY.as_bytes())]);
    let at_limit = |name: &str, limit: &str| format!("clauselint: {name}: the file is larger than {limit}; --max-size raises the limit\n");
    for device in ["/dev/zero", "/dev/full"] {
        let output = run(dir.path(), &["check", device, "p.md", "--format", "json"]);
        assert_eq!(said(&output), (Some(2), at_limit(device, "16 MiB").as_str()));
        assert_eq!(paths(&output), ["p.md"], "the others are linted");
    }
    assert_eq!(said(&run(dir.path(), &["check", "/dev/null"])), (Some(2), "clauselint: /dev/null: the file is empty\n"));
    // Its size is said to be 0: like a file that grows while it is read.
    if Path::new("/proc/version").exists() {
        let output = run(dir.path(), &["check", "/proc/version", "--max-size", "8"]);
        assert_eq!(said(&output), (Some(2), at_limit("/proc/version", "8 bytes").as_str()));
    }
    for (arguments, told) in [
        (&["check", "p.md", "--config", "/dev/zero"][..], "cannot read /dev/zero: it is larger than 16 MiB"),
        (&["check", "p.md", "--baseline", "/dev/zero"], "cannot read the baseline /dev/zero: it is larger than 256 MiB"),
        (&["check", "--files-from", "/dev/zero"], "cannot read /dev/zero: it is larger than 256 MiB"),
        (&["check", "p.md", "--pack", "/dev/zero"], "cannot read /dev/zero: not a directory"),
    ] {
        assert_eq!(said(&run(dir.path(), arguments)), (Some(2), format!("clauselint: {told}\n").as_str()));
    }
}

#[test]
fn nobody_waits_for_a_fifo_that_was_not_named() {
    let dir =
        folder(&[("p.md", POLICY.as_bytes()), ("sub/q.md", POLICY.as_bytes()), ("own/pack.yaml", b"name: own\ntitle: O\nauthority: O\n")]);
    for name in ["pipe.md", "own/pipe.yaml", "pipe"] {
        mkfifo(&dir.path().join(name));
    }
    let output = run(dir.path(), &["check", ".", "--pack", "own", "--format", "json", "--exit-zero"]);
    assert_eq!((said(&output), paths(&output)), ((Some(0), ""), vec!["p.md".to_owned(), "sub/q.md".to_owned()]));

    let config = dir.path().join("clauselint.yaml");
    fs::write(&config, "policies:\n  - files: [p.md, pipe]\n").unwrap();
    let output = run(dir.path(), &["check", "p.md"]);
    assert_eq!(said(&output), (Some(2), "clauselint: p.md: pipe, a file of this policy, is a device or a FIFO\n"));
    fs::write(&config, "extends: pipe\n").unwrap();
    assert_eq!(
        mistakes(&run(dir.path(), &["check", "p.md"])),
        ["\"pipe\" is no file", "clauselint.yaml:1:10", "clauselint: the configuration has 1 problem"]
    );
    fs::remove_file(config).unwrap();

    // Git heeds no list of this kind either.
    symlink("/dev/zero", dir.path().join("sub/.gitignore")).unwrap();
    let output = run(dir.path(), &["check", ".", "--format", "json", "--exit-zero"]);
    assert_eq!((said(&output), paths(&output)), ((Some(0), ""), vec!["p.md".to_owned()]));
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["summary"]["passed_over"]["unreadable"], 1);
    let output = run(dir.path(), &["check", "sub"]);
    let list = dir.path().canonicalize().unwrap().join("sub/.gitignore");
    assert_eq!(said(&output), (Some(2), format!("clauselint: sub: {} is a device or a FIFO\n", list.display()).as_str()));
}

#[test]
fn a_loop_of_links_ends() {
    let dir = folder(&[("p.md", POLICY.as_bytes())]);
    symlink("loop.md", dir.path().join("loop.md")).unwrap();
    symlink(".", dir.path().join("again")).unwrap();
    let told = "clauselint: loop.md: cannot be read: Too many levels of symbolic links (os error 40)\n";
    if cfg!(target_os = "linux") {
        assert_eq!(said(&run(dir.path(), &["check", "loop.md"])), (Some(2), told));
    }
    let output = run(dir.path(), &["check", ".", "--format", "json", "--exit-zero"]);
    assert_eq!((said(&output), paths(&output)), ((Some(0), ""), vec!["p.md".to_owned()]));
}

#[test]
fn a_file_that_vanishes_is_named_or_passed_over() {
    let dir = folder(&[("gone.md", POLICY.as_bytes()), ("site/gone.md", POLICY.as_bytes()), ("z.md", POLICY.as_bytes())]);
    let pipe = dir.path().join("pipe");
    mkfifo(&pipe);
    let arguments = ["check", "pipe", "gone.md", "site", "z.md", "--threads", "1", "--format", "json", "--exit-zero"];
    let child = command(dir.path(), &arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // It opens once the run knows its files and reads the first of them.
    let mut writer = fs::File::options().write(true).open(&pipe).unwrap();
    fs::remove_file(dir.path().join("gone.md")).unwrap();
    fs::remove_file(dir.path().join("site/gone.md")).unwrap();
    writer.write_all(POLICY.as_bytes()).unwrap();
    drop(writer);
    let output = child.wait_with_output().unwrap();
    assert_eq!(said(&output), (Some(2), "clauselint: gone.md: cannot be read: No such file or directory (os error 2)\n"));
    assert_eq!(paths(&output), ["pipe", "z.md"]);
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["summary"]["passed_over"]["unreadable"], 1);
}

#[test]
fn what_may_not_be_read_is_named_or_passed_over() {
    let dir = folder(&[("p.md", POLICY.as_bytes()), ("secret.md", POLICY.as_bytes()), ("closed/x.md", POLICY.as_bytes())]);
    let set = |path: &str, mode| fs::set_permissions(dir.path().join(path), fs::Permissions::from_mode(mode)).unwrap();
    for (path, mode) in [("", 0o755), ("p.md", 0o644), ("secret.md", 0), ("closed", 0)] {
        set(path, mode);
    }
    let is_root = fs::read(dir.path().join("secret.md")).is_ok();
    let binary = env!("CARGO_BIN_EXE_clauselint");
    let unprivileged = |arguments: &[&str]| {
        if !is_root {
            return run(dir.path(), arguments);
        }
        let mut setpriv = Command::new("setpriv");
        setpriv.args(["--reuid=65534", "--regid=65534", "--clear-groups", "--", binary]);
        in_environment(setpriv, dir.path(), arguments).output().unwrap()
    };
    if is_root
        && !Command::new("setpriv")
            .args(["--reuid=65534", "--regid=65534", "--clear-groups", "--", binary, "--version"])
            .output()
            .is_ok_and(|output| output.status.success())
    {
        println!("skipped: this is root, and setpriv cannot run the command as anyone else");
        return;
    }
    let output = unprivileged(&["check", "secret.md", "p.md", "--format", "json", "--exit-zero"]);
    assert_eq!(said(&output), (Some(2), "clauselint: secret.md: cannot be read: Permission denied (os error 13)\n"));
    assert_eq!(paths(&output), ["p.md"]);
    let output = unprivileged(&["check", ".", "--format", "json", "--exit-zero"]);
    assert_eq!((said(&output), paths(&output)), ((Some(0), ""), vec!["p.md".to_owned()]));
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["summary"]["passed_over"]["unreadable"], 2);
    let output = unprivileged(&["check", "p.md", "--format", "json=out.json"]);
    assert_eq!(said(&output), (Some(2), "clauselint: cannot write out.json: Permission denied (os error 13)\n"));
    set("closed", 0o755);
}

#[test]
fn a_full_disk_leaves_no_half_file() {
    let dir = folder(&[("p.md", POLICY.as_bytes()), ("out.json", b"old")]);
    let limited = |arguments: &[&str]| shell(dir.path(), "ulimit -f 1; exec \"$@\"", arguments);
    let too_large = |place: &str| format!("clauselint: cannot write {place}: File too large (os error 27)\n");
    let output = limited(&["check", "p.md", "--format", "json=out.json"]);
    assert_eq!(said(&output), (Some(2), too_large("out.json").as_str()));
    let output = limited(&["check", "p.md", "--quiet", "--baseline", "known", "--update-baseline", "--format", "json=/dev/null"]);
    assert_eq!(said(&output), (Some(2), too_large("known").as_str()));
    let output = limited(&["init"]);
    assert_eq!(said(&output), (Some(2), too_large("clauselint.yaml").as_str()));
    assert_eq!(names(dir.path()), ["out.json", "p.md"]);
    assert_eq!(fs::read_to_string(dir.path().join("out.json")).unwrap(), "old");
    if Path::new("/dev/full").exists() {
        let full = |place: &str| format!("clauselint: cannot write {place}: No space left on device (os error 28)\n");
        let output = run(dir.path(), &["check", "p.md", "--format", "json=/dev/full"]);
        assert_eq!(said(&output), (Some(2), full("/dev/full").as_str()));
        let output = shell(dir.path(), "exec \"$@\" >/dev/full", &["check", "p.md"]);
        assert_eq!(said(&output), (Some(2), full("standard output").as_str()));
    }
}

#[test]
fn a_closed_pipe_is_no_error() {
    let dir = folder(&[("p.md", POLICY.as_bytes())]);
    for (line, code) in [("\"$@\" | true", 0), ("\"$@\" >&-; echo $? >&2", 0), ("\"$@\" 2>&- >/dev/null", 2)] {
        let output = shell(dir.path(), line, &["check", "p.md", "no.md", "--exit-zero"]);
        assert_eq!(output.status.code(), Some(code), "{line}: {output:?}");
    }
}

#[test]
fn an_interrupt_leaves_no_half_file() {
    for (signal, code) in [("INT", 130), ("TERM", 143)] {
        let dir = folder(&[("p.md", POLICY.as_bytes()), ("out.json", b"old")]);
        let pipe = dir.path().join("pipe");
        mkfifo(&pipe);
        let arguments = ["check", "p.md", "pipe", "--threads", "1", "--format", "json=out.json", "--format", "human=new.txt"];
        let child = command(dir.path(), &arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        // It opens once the first policy is written.
        let writer = fs::File::options().write(true).open(&pipe).unwrap();
        let begun = [format!(".new.txt.{}.tmp", child.id()), format!(".out.json.{}.tmp", child.id())];
        assert!(begun.iter().all(|name| names(dir.path()).contains(name)), "{:?}", names(dir.path()));
        assert!(Command::new("kill").args([&format!("-{signal}"), &child.id().to_string()]).status().unwrap().success());
        let output = child.wait_with_output().unwrap();
        drop(writer);
        assert_eq!(said(&output), (Some(code), ""));
        assert_eq!(names(dir.path()), ["out.json", "p.md", "pipe"]);
        assert_eq!(fs::read_to_string(dir.path().join("out.json")).unwrap(), "old");
    }
}

#[cfg(debug_assertions)]
#[test]
fn a_bug_in_one_policy_spares_the_others() {
    let dir = folder(&[("a.md", POLICY.as_bytes()), ("b.md", POLICY.as_bytes()), ("c.md", POLICY.as_bytes())]);
    for threads in ["1", "2"] {
        let mut command = command(dir.path(), &["check", "a.md", "b.md", "c.md", "--format", "json", "--threads", threads]);
        let output = command.env("CLAUSELINT_PANIC", "b.md").output().unwrap();
        let told = "clauselint: b.md: this is a bug in clauselint (a test asked for it); please report it with the file\n";
        assert_eq!(said(&output), (Some(2), told));
        assert_eq!(paths(&output), ["a.md", "c.md"]);
    }
    let output = command(dir.path(), &["check", "a.md", "--format", "json=out.json"]).env("CLAUSELINT_PANIC", "packs").output().unwrap();
    let told = "clauselint: this is a bug in clauselint (a test asked for it); please report it with the file\n";
    assert_eq!(said(&output), (Some(2), told));
    assert_eq!(names(dir.path()), ["a.md", "b.md", "c.md"]);
}

#[test]
fn aliases_make_no_flood() {
    let levels: String = (1..12).map(|at| format!("  a{at}: &a{at} [{}]\n", vec![format!("*a{}", at - 1); 10].join(", "))).collect();
    assert_eq!(
        pack_mistakes(&format!("terms:\n  a0: &a0 [x]\n{levels}"), "we say it"),
        [
            "terms.a1[0]: invalid type: sequence, expected a string at line 9 column 7",
            "own/rule.yaml:9:7",
            "clauselint: the packs have 1 problem"
        ]
    );
    let levels: String = (1..3).map(|at| format!("a{at}: &a{at} [{}]\n", vec![format!("*a{}", at - 1); 9].join(", "))).collect();
    assert_eq!(
        config_mistakes(format!("a0: &a0 [x]\n{levels}").as_bytes()).last().unwrap(),
        "clauselint: the configuration has 3 problems"
    );
    // One long string, thousands of times.
    let flood = format!("select: [&a {}{}]\n", "x".repeat(100_000), ", *a".repeat(50_000));
    let told = config_mistakes(flood.as_bytes());
    assert_eq!(
        (told[0].as_str(), told.last().unwrap().as_str()),
        ("there are too many aliases", "clauselint: the configuration has 1 problem")
    );
    let told = pack_mistakes(&format!("terms:\n  a: [&a {}{}]", "x".repeat(100_000), ", *a".repeat(50_000)), "we say it");
    assert_eq!((told[0].as_str(), told.last().unwrap().as_str()), ("there are too many aliases", "clauselint: the packs have 1 problem"));
}

#[test]
fn yaml_is_not_nested_without_end() {
    let deep = "[".repeat(100_000);
    assert_eq!(
        pack_mistakes(&format!("terms: {deep}"), "we say it"),
        ["brackets are nested too deeply", "own/rule.yaml:8:1008", "clauselint: the packs have 1 problem"]
    );
    assert_eq!(
        config_mistakes(format!("select: {deep}").as_bytes()),
        ["brackets are nested too deeply", "clauselint.yaml:1:1009", "clauselint: the configuration has 1 problem"]
    );
    // Lists in lists need no brackets.
    assert_eq!(
        config_mistakes(format!("more:\n{}x", "- ".repeat(100_000)).as_bytes()),
        ["unknown key \"more\"", "clauselint.yaml:1:1", "clauselint: the configuration has 1 problem"]
    );
}

#[test]
fn a_regex_that_grows_too_large_is_refused() {
    assert_eq!(
        pack_mistakes("", "'/(a{1000}){1000}/'"),
        ["bad regular expression: it takes more than 1048576 bytes", "own/rule.yaml:10:10", "clauselint: the packs have 1 problem"]
    );
}

#[test]
fn terms_are_made_of_no_circle_and_no_endless_chain() {
    assert_eq!(
        pack_mistakes("terms:\n  one: [\"{two}\"]\n  two: [\"{one}\"]", "\"{one}\""),
        ["the term \"one\" is made of itself", "own/rule.yaml:9:8", "clauselint: the packs have 1 problem"]
    );
    let chain: String = (0..10_000).map(|at| format!("  t{at:05}: [\"{{t{:05}}} x\"]\n", at + 1)).collect();
    let told = pack_mistakes(&format!("terms:\n{chain}  t10000: [say]"), "\"{t00000}\"");
    assert_eq!(&told[..2], ["the term \"t00064\" stands too deep inside of other terms", "own/rule.yaml:73:11"]);
    let doubled: String = (0..60).map(|at| format!("  t{at:02}: [\"{{t{0:02}}} {{t{0:02}}}\"]\n", at + 1)).collect();
    let dir = pack(&format!("terms:\n{doubled}  t60: [say]"), "\"we say it\"");
    assert_eq!(said(&run(dir.path(), &["pack", "test", "own"])), (Some(0), ""));
    let told = pack_mistakes("", &format!("\"{}say\"", "a? ".repeat(30_000)));
    assert_eq!(told[0], "a phrase has no more than 200 parts in a row");
}

#[test]
fn a_key_stands_once() {
    assert_eq!(
        pack_mistakes("title: Again", "we say it"),
        ["the key \"title\" is there already", "own/rule.yaml:8:1", "clauselint: the packs have 1 problem"]
    );
    assert_eq!(
        pack_mistakes("terms: {a: [x], a: [y]}", "we say it"),
        ["the key \"a\" is there already", "own/rule.yaml:8:17", "clauselint: the packs have 1 problem"]
    );
    assert_eq!(
        config_mistakes(b"facts: {uses-cookies: true, uses-cookies: false}\n"),
        ["the key \"uses-cookies\" is there already", "clauselint.yaml:1:29", "clauselint: the configuration has 1 problem"]
    );
}

#[test]
fn configurations_that_extend_one_another_are_read_once() {
    let dir = folder(&[("p.md", POLICY.as_bytes())]);
    for at in 0..15 {
        let name = if at == 0 { "clauselint.yaml".to_owned() } else { format!("c{at}.yaml") };
        let text = if at == 14 {
            "fail-on: never\n".to_owned()
        } else {
            format!("extends: [{}]\n", vec![format!("c{}.yaml", at + 1); 8].join(", "))
        };
        fs::write(dir.path().join(name), text).unwrap();
    }
    assert_eq!(said(&run(dir.path(), &["check", "p.md"])), (Some(0), ""));
}

#[test]
fn thousands_of_mistakes_take_no_longer_than_their_number() {
    let begun = Instant::now();
    let keys: String = (0..10_000).map(|at| format!("k{at}: 1\n")).collect();
    let told = pack_mistakes(&keys, "we say it");
    assert_eq!((told.len(), told.last().unwrap().as_str()), (20_001, "clauselint: the packs have 10000 problems"));
    let waivers: String = (0..10_000).map(|at| format!("  - {{rule: coppa, reason: none, until: d{at}}}\n")).collect();
    let told = config_mistakes(format!("waivers:\n{waivers}").as_bytes());
    assert_eq!((told.len(), told.last().unwrap().as_str()), (20_001, "clauselint: the configuration has 10000 problems"));
    assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
}

#[test]
fn a_pack_may_be_large() {
    let phrases: String = (0..100_000).map(|at| format!("    - \"we say word{at} (to|for) you\"\n")).collect();
    let dir = pack(&format!("terms:\n  a:\n{phrases}"), "\"we say it\"");
    let begun = Instant::now();
    assert_eq!(said(&run(dir.path(), &["pack", "check", "own"])), (Some(0), ""));
    assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
    fs::write(dir.path().join("own/huge.yaml"), vec![b'#'; (16 << 20) + 1]).unwrap();
    assert_eq!(
        said(&run(dir.path(), &["pack", "check", "own"])),
        (Some(2), "clauselint: cannot read own/huge.yaml: it is larger than 16 MiB\n")
    );
}
