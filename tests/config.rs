//! The configuration as the command heeds it: where it is found, what it decides, and how its mistakes are shown.

#![allow(clippy::unwrap_used)] // a test that cannot go on fails

mod scratch;

use scratch::{code, err, folder, out};
use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

const POLICY: &str = "\
# Privacy Policy of Wren & Larch

We collect your name and e-mail address when you order a cup, and we use them to send the order to you.

If you unsubscribe, please allow up to 30 days for your request to take effect.
";
const COOKIES: &str = "\
# Cookies

We use cookies to remember your basket. You may refuse cookies in your browser.

If you unsubscribe, we will remove you from our mailing list within 10 business days.
";

fn run(dir: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_clauselint"));
    command.env_clear().env("HOME", dir).current_dir(dir).stdin(Stdio::null()).args(arguments).output().unwrap()
}

/// The report of a run in JSON.
#[track_caller]
fn json(dir: &Path, arguments: &[&str]) -> Value {
    let output = run(dir, &[&["check", "--format", "json"], arguments].concat());
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", err(&output)))
}

/// The path of each policy and how many requirements it was asked for.
fn asked(report: &Value) -> Vec<(&str, usize)> {
    let policies = report["policies"].as_array().unwrap().iter();
    policies.map(|policy| (policy["path"].as_str().unwrap(), policy["results"].as_array().unwrap().len())).collect()
}

/// What a schema finds wrong.
fn mistakes(yaml: &str) -> Vec<String> {
    let schema: Value = serde_json::from_str(&fs::read_to_string(root().join(SCHEMA)).unwrap()).unwrap();
    let value: Value = serde_yaml::from_str(yaml).unwrap();
    let value = if value.is_null() { Value::Object(serde_json::Map::new()) } else { value };
    jsonschema::validator_for(&schema).unwrap().iter_errors(&value).map(|error| error.to_string()).collect()
}

const SCHEMA: &str = "schemas/clauselint-config.schema.json";

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn the_closest_configuration_holds() {
    let dir = folder(&[
        ("privacy.md", POLICY),
        ("clauselint.yaml", "select: can-spam/opt-out-deadline\n"),
        ("shop/privacy.md", POLICY),
        ("shop/.clauselint.yaml", "select: [can-spam/opt-out-deadline, can-spam/opt-out-offered]\n"),
        ("shop/deep/er/privacy.md", POLICY),
        ("other/privacy.md", POLICY),
        ("other/three.yaml", "select: [can-spam/opt-out-deadline, can-spam/opt-out-offered, can-spam/email-purpose]\n"),
    ]);
    let counts = |arguments: &[&str]| -> Vec<(String, usize)> {
        let report = json(dir.path(), arguments);
        asked(&report).into_iter().map(|(path, count)| (path.to_owned(), count)).collect()
    };
    let all = ["other/privacy.md", "privacy.md", "shop/deep/er/privacy.md", "shop/privacy.md"];
    let with = |numbers: [usize; 4]| all.iter().zip(numbers).map(|(path, number)| ((*path).to_owned(), number)).collect::<Vec<_>>();
    assert_eq!(counts(&[]), with([1, 1, 2, 2]));
    assert_eq!(counts(&["--config", "other/three.yaml"]), with([3; 4]));
    assert_eq!(counts(&["--select", "can-spam/email-purpose"]), with([1; 4]), "the command line wins");
    assert!(counts(&["--no-config"]).iter().all(|(_, count)| *count > 3));
    let from_below = json(&dir.path().join("shop"), &["../privacy.md", "deep/er/privacy.md"]);
    assert_eq!(asked(&from_below), [("../privacy.md", 1), ("deep/er/privacy.md", 2)]);
    let listed = run(dir.path(), &["check", "--show-files"]);
    let list = "other/privacy.md (clauselint.yaml)\nprivacy.md (clauselint.yaml)\nshop/deep/er/privacy.md (shop/.clauselint.yaml)\n\
                shop/privacy.md (shop/.clauselint.yaml)\n";
    assert_eq!((code(&listed), out(&listed)), (0, list));
}

#[test]
fn mistakes_are_shown_at_their_line() {
    for (text, place, said) in [
        ("select: coppa\nselekt: fipps\n", ":2:1", "did you mean \"select\"?"),
        ("overrides:\n  - files: x\n    fail_on: note\n", ":3:5", "did you mean \"fail-on\"?"),
        ("colour: red\n", ":1:1", "README.md lists the keys of a configuration"),
        ("\nthreads: many\n", ":2:", "threads: invalid type: string \"many\""),
        ("fail-on: erorr\n", ":1:", "expected one of `error`, `warning`, `note`, `never`"),
        ("facts:\n  sends-commercial-email: yes\n", ":2:", "expected a boolean"),
        ("max-size: 5 miles\n", ":1:", "a size is a number of bytes, KiB, MiB or GiB"),
        ("facts:\n  sends-comercial-email: true\n", ":2:3", "did you mean \"sends-commercial-email\"?"),
        ("ignore:\n  - coppa\n  - can-spam/opt-out-dedline\n", ":3:5", "no pack or rule is called \"can-spam/opt-out-dedline\""),
        ("severity: {16 CFR 999: note}\n", ":1:12", "no pack or rule is called \"16 CFR 999\""),
        ("waivers:\n  - rule: coppa\n    until: 2027-02-30\n", ":3:12", "\"2027-02-30\" is a day that does not exist"),
        ("exclude: [ok, \"a{b\"]\n", ":1:15", "is no pattern"),
        ("facts:\n  a: true\n  a: false\n", ":3:3", "the key \"a\" is there already"),
        ("threads: 1\nthreads: 2\n", ":2:1", "the key \"threads\" is there already"),
        ("extends: none.yaml\n", ":1:10", "\"none.yaml\" cannot be read"),
        ("policies: [{files: []}]\n", ":1:", "a policy has a file at least"),
        ("policies:\n  - files: [a.md]\n  - files: [b.md, ./a.md]\n", ":3:", "\"./a.md\" belongs to a policy already"),
        ("select: [\n", ":", "flow"),
    ] {
        let dir = folder(&[("privacy.md", POLICY), ("clauselint.yaml", text)]);
        let output = run(dir.path(), &["check", "privacy.md"]);
        assert_eq!((code(&output), out(&output)), (2, ""), "{text}");
        // Lines that are wrapped are one.
        let words = err(&output).split_whitespace().filter(|word| *word != "│").collect::<Vec<_>>().join(" ");
        assert!(words.contains(&format!("clauselint.yaml{place}")) && words.contains(said), "{text}\n{}", err(&output));
    }
    let dir = folder(&[("privacy.md", POLICY), ("clauselint.yaml", "format: [human, sarfi]\n")]);
    let output = run(dir.path(), &["check"]);
    assert_eq!(code(&output), 2);
    assert!(err(&output).contains("clauselint.yaml:1: \"sarfi\": ") && err(&output).contains("did you mean sarif?"), "{}", err(&output));
    assert_eq!(code(&run(dir.path(), &["check", "--config", "none.yaml"])), 2);
    assert_eq!(code(&run(dir.path(), &["check", "--exclude", "a{b"])), 2);
}

#[test]
fn includes_and_excludes_decide_in_walks_and_hooks() {
    let dir = folder(&[
        ("clauselint.yaml", "select: can-spam/opt-out-deadline\nfail-on: never\nexclude: archive/\n"),
        ("privacy.md", POLICY),
        ("archive/privacy.md", POLICY),
        ("site/clauselint.yaml", "select: can-spam/opt-out-deadline\nfail-on: never\ninclude: \"*.tpl\"\n"),
        ("site/privacy.tpl", POLICY),
        ("site/privacy.md", POLICY),
    ]);
    let walk = json(dir.path(), &[]);
    assert_eq!(asked(&walk), [("privacy.md", 1), ("site/privacy.tpl", 1)]);
    assert_eq!(walk["summary"]["passed_over"]["excluded"], 2);
    assert_eq!(asked(&json(dir.path(), &["archive/privacy.md"])), [("archive/privacy.md", 1)], "a named file is linted all the same");
    let hook = json(dir.path(), &["archive/privacy.md", "privacy.md", "--only-policies"]);
    assert_eq!((asked(&hook), &hook["summary"]["passed_over"]["excluded"]), (vec![("privacy.md", 1)], &Value::from(1)));
    assert_eq!(asked(&json(dir.path(), &["--exclude", "site", "--exclude", "/privacy.md", "--exclude", "!x"])), []);
    assert_eq!(asked(&json(dir.path(), &["--include", "/archive/**", "--no-config"])), [("archive/privacy.md", 60)]);
}

#[test]
fn a_policy_in_several_files_is_linted_as_one() {
    let config = "select: [can-spam/opt-out-deadline, fipps/choice-tracking]\npolicies:\n  - files: [legal/privacy.md, legal/cookies.md]\n    facts: {sends-commercial-email: true}\n";
    let dir = folder(&[("clauselint.yaml", config), ("legal/privacy.md", POLICY), ("legal/cookies.md", COOKIES), ("a/privacy.md", POLICY)]);
    for arguments in [&["legal/privacy.md"][..], &["legal/cookies.md"], &["legal/cookies.md", "legal/privacy.md"], &["legal"]] {
        let report = json(dir.path(), arguments);
        assert_eq!(asked(&report), [("legal/privacy.md", 2)], "{arguments:?}");
        let policy = &report["policies"][0];
        assert_eq!(policy["facts"]["sends-commercial-email"]["source"], "config");
        assert_eq!(policy["results"][0]["verdict"], "satisfied", "the other file says so: {}", policy["results"][0]);
        assert!(policy["results"][0].to_string().contains("legal/cookies.md"), "{}", policy["results"][0]);
    }
    assert_eq!(asked(&json(dir.path(), &[])), [("a/privacy.md", 2), ("legal/privacy.md", 2)]);
    let excluding = json(dir.path(), &["--exclude", "cookies.md"]);
    assert_eq!(asked(&excluding), [("a/privacy.md", 2), ("legal/privacy.md", 2)], "any file brings in the whole");
    let listed = run(dir.path(), &["check", "--show-files", "legal"]);
    assert_eq!(out(&listed), "legal/privacy.md + legal/cookies.md (clauselint.yaml)\n");
    fs::remove_file(dir.path().join("legal/cookies.md")).unwrap();
    let output = run(dir.path(), &["check"]);
    assert_eq!(code(&output), 2);
    assert!(
        err(&output).contains("clauselint: legal/privacy.md: legal/cookies.md, a file of this policy, cannot be read"),
        "{}",
        err(&output)
    );
    assert!(out(&output).contains("a/privacy.md"), "the others are linted");
}

#[test]
fn what_changed_in_one_file_is_what_changed_in_its_policy() {
    let config = "select: can-spam/opt-out-deadline\nfacts: {sends-commercial-email: true}\npolicies:\n  - files: [privacy.md, cookies.md]\nformat: [concise, json=out.json]\n";
    let dir = folder(&[("clauselint.yaml", config), ("privacy.md", POLICY), ("cookies.md", COOKIES)]);
    let git = |arguments: &[&str]| {
        let identity = ["-c", "user.name=W", "-c", "user.email=w@wren.example", "-c", "commit.gpgsign=false"];
        let done = Command::new("git").args(identity).args(arguments).current_dir(dir.path()).env("HOME", dir.path()).output().unwrap();
        assert!(done.status.success(), "{}", err(&done));
    };
    git(&["init", "-q"]);
    git(&["add", "."]);
    git(&["commit", "-qm", "first"]);
    fs::write(dir.path().join("cookies.md"), COOKIES.replace("within 10 business days", "when we can")).unwrap();
    let output = run(dir.path(), &["check", "--since", "HEAD"]);
    assert_eq!(code(&output), 1, "{}{}", out(&output), err(&output));
    assert!(out(&output).contains("can-spam/opt-out-deadline"), "{}", out(&output));
    assert!(!dir.path().join("out.json").exists(), "the formats of the configuration are for findings");
}

#[test]
fn a_run_goes_as_the_configuration_of_the_current_folder_says() {
    let config = "select: can-spam/opt-out-deadline\nfacts: {sends-commercial-email: true}\nfail-on: never\nmin-severity: error\nformat: [concise, json=reports/out.json]\nthreads: 1\n";
    let dir = folder(&[("clauselint.yaml", config), ("privacy.md", POLICY), ("reports/.keep", ""), ("sub/.keep", "")]);
    let sub = dir.path().join("sub");
    let output = run(&sub, &["check", "../privacy.md"]);
    assert_eq!(code(&output), 0, "{}", err(&output));
    assert!(
        out(&output).starts_with("../privacy.md:5:") && out(&output).contains(": error[can-spam/opt-out-deadline]"),
        "{}",
        out(&output)
    );
    assert!(dir.path().join("reports/out.json").exists(), "a file is relative to the configuration");
    assert_eq!(code(&run(&sub, &["check", "../privacy.md", "--fail-on", "error"])), 1);
    assert!(out(&run(&sub, &["check", "../privacy.md", "--format", "json"])).starts_with('{'));
    let all = |arguments: &[&str]| out(&run(&sub, &[&["check", "../privacy.md", "--format", "concise"], arguments].concat())).to_owned();
    assert!(all(&["--fact", "sends-commercial-email=false"]).is_empty());
    fs::write(dir.path().join("clauselint.yaml"), format!("{config}max-size: 10\n")).unwrap();
    let output = run(&sub, &["check", "../privacy.md"]);
    assert!(code(&output) == 2 && err(&output).contains("larger than 10 bytes"), "{}", err(&output));
    assert_eq!(code(&run(&sub, &["check", "../privacy.md", "--max-size", "1MiB"])), 0);
    fs::write(
        dir.path().join("clauselint.yaml"),
        format!("{config}severity: {{can-spam: note}}\nmax-warnings: 0\nmin-confidence: high\nshow: all\nonly-policies: false\n"),
    )
    .unwrap();
    assert_eq!(code(&run(&sub, &["check", "../privacy.md"])), 1, "a contradicted note is a warning");
    assert_eq!(code(&run(&sub, &["check", "../privacy.md", "--max-warnings", "1"])), 0);
}

#[test]
fn a_baseline_is_relative_to_the_configuration() {
    let config = "select: can-spam/opt-out-deadline\nfacts: {sends-commercial-email: true}\nbaseline: known.txt\n";
    let dir = folder(&[("clauselint.yaml", config), ("privacy.md", POLICY), ("sub/.keep", "")]);
    let sub = dir.path().join("sub");
    assert_eq!(code(&run(&sub, &["check", "../privacy.md", "--update-baseline"])), 0);
    assert!(fs::read_to_string(dir.path().join("known.txt")).unwrap().contains("privacy.md"));
    assert_eq!(code(&run(dir.path(), &["check"])), 0);
    assert_eq!(
        code(&run(dir.path(), &["check", "--no-config", "--select", "can-spam/opt-out-deadline", "--fact", "sends-commercial-email=true"])),
        1
    );
}

#[test]
fn overrides_hold_for_their_files() {
    let config = "select: can-spam/opt-out-deadline\nfacts: {sends-commercial-email: true}\noverrides:\n  - files: drafts/\n    fail-on: never\n  - files: notes/\n    ignore: can-spam\n  - files: [shop/*.md]\n    severity: {can-spam: note}\n    select: [can-spam/opt-out-deadline, can-spam/email-purpose]\n";
    let dir = folder(&[
        ("clauselint.yaml", config),
        ("privacy.md", POLICY),
        ("drafts/a.md", POLICY),
        ("notes/a.md", POLICY),
        ("shop/a.md", POLICY),
    ]);
    let code_of = |file: &str| code(&run(dir.path(), &["check", file]));
    assert_eq!(["privacy.md", "drafts/a.md", "notes/a.md", "shop/a.md"].map(code_of), [1, 0, 0, 0]);
    let report = json(dir.path(), &["notes/a.md", "shop/a.md"]);
    assert_eq!(asked(&report), [("notes/a.md", 0), ("shop/a.md", 2)]);
    assert!(out(&run(dir.path(), &["check", "shop/a.md", "--format", "concise"])).contains(": warning[can-spam/opt-out-deadline]"));
    assert_eq!(code(&run(dir.path(), &["check", "drafts/a.md", "--fail-on", "error"])), 1, "the command line wins");
}

#[test]
fn waivers_of_the_configuration_hold_and_are_reviewed() {
    let config = |waivers: &str| format!("select: can-spam/opt-out-deadline\nfacts: {{sends-commercial-email: true}}\nwaivers:\n{waivers}");
    let dir = folder(&[("privacy.md", POLICY), ("sub/privacy.md", POLICY)]);
    let check = |waivers: &str, arguments: &[&str]| {
        fs::write(dir.path().join("clauselint.yaml"), config(waivers)).unwrap();
        run(dir.path(), &[&["check", "--as-of", "2026-12-01", "--format", "concise"], arguments].concat())
    };
    let good = "  - rule: can-spam/opt-out-deadline\n    reason: the newsletter ends\n    until: 2027-01-31\n";
    let waived = check(good, &[]);
    assert_eq!((code(&waived), err(&waived)), (0, ""), "{}", out(&waived));
    assert_eq!(out(&waived).matches("waived[can-spam/opt-out-deadline]").count(), 2);
    assert!(out(&waived).contains("the newsletter ends (until 2027-01-31)"));
    assert_eq!(code(&check(good, &["--no-waivers"])), 1);
    assert_eq!(code(&check(&format!("{good}    files: /privacy.md\n"), &[])), 1);
    assert_eq!(code(&check(&format!("{good}    files: /privacy.md\n"), &["privacy.md"])), 0);
    for (waiver, said) in [
        ("  - {rule: can-spam/opt-out-deadline, until: 2027-01-31}\n", "gives no reason, so it waives nothing"),
        ("  - {rule: can-spam/opt-out-dedline, reason: so}\n", "no pack or rule is called \"can-spam/opt-out-dedline\""),
        ("  - {rule: can-spam/opt-out-deadline, reason: so, until: 2026-11-30}\n", "held until 2026-11-30 and waives nothing any more"),
    ] {
        let output = check(waiver, &[]);
        assert_eq!(code(&output), 1, "{waiver}");
        assert!(err(&output).starts_with("clauselint: warning: clauselint.yaml:4: ") && err(&output).contains(said), "{}", err(&output));
        assert_eq!(err(&output).lines().count(), 1, "once a run");
        assert_eq!(code(&check(waiver, &["--fail-on", "never", "--max-warnings", "0"])), 1);
    }
    fs::write(dir.path().join("privacy.md"), COOKIES).unwrap();
    let idle = check(good, &["privacy.md"]);
    assert_eq!(code(&idle), 0);
    assert_eq!(err(&idle), "clauselint: warning: clauselint.yaml:4: the waiver of can-spam/opt-out-deadline matches no finding\n");
    assert_eq!(code(&check(good, &["privacy.md", "--fail-on", "warning"])), 1);
    assert_eq!(err(&check(good, &["privacy.md", "--only-policies"])), "", "a hook does not see all files");
}

#[test]
fn packs_are_found_beside_the_configuration() {
    let dir = folder(&[
        ("privacy.md", POLICY),
        ("sub/clauselint.yaml", "packs: ../house-style\nselect: house-style\n"),
        ("sub/privacy.md", POLICY),
    ]);
    fs::create_dir(dir.path().join("house-style")).unwrap();
    for file in ["pack.yaml", "reading-time.yaml"] {
        fs::copy(root().join("examples/house-style").join(file), dir.path().join("house-style").join(file)).unwrap();
    }
    let report = json(dir.path(), &[]);
    let [(_, all), (_, own)] = asked(&report)[..] else { panic!("there are two policies") };
    assert_eq!((all, own), (60, 1), "a configuration has the packs that it names");
    assert!(out(&run(&dir.path().join("sub"), &["config", "show"])).contains("packs:\n  - "));
}

#[test]
fn init_proposes_what_the_policies_show() {
    let news = "# Privacy Policy\n\nWe collect your e-mail address to send you our weekly newsletter with offers.\n";
    let dir = folder(&[
        ("privacy.md", news),
        (
            "inner/privacy.md",
            "# Privacy Policy\n\nWe collect your name and your address to lend you books. We do not share your personal information.\n",
        ),
        ("code.rs", ""),
    ]);
    let output = run(dir.path(), &["init"]);
    assert_eq!((code(&output), out(&output), err(&output)), (0, "", "clauselint: wrote clauselint.yaml\n"));
    let written = fs::read_to_string(dir.path().join("clauselint.yaml")).unwrap();
    assert!(written.contains("sends-commercial-email: true # privacy.md:3 shows it"), "{written}");
    assert!(written.contains("#      - \"/inner/privacy.md\"\n"), "{written}");
    assert_eq!(code(&run(dir.path(), &["init"])), 2, "it overwrites nothing");
    assert_eq!(fs::read_to_string(dir.path().join("clauselint.yaml")).unwrap(), written);
    assert_eq!(out(&run(dir.path(), &["init", "--stdout"])), written);
    let uncommented: String = (written.lines())
        .map(|line| match line.strip_prefix('#') {
            Some(rest) if !rest.starts_with(' ') || rest.starts_with("  ") => format!("{rest}\n"),
            _ => format!("{line}\n"),
        })
        .collect();
    for text in [&written, &uncommented] {
        fs::write(dir.path().join("clauselint.yaml"), text).unwrap();
        let shown = run(dir.path(), &["config", "show", "privacy.md"]);
        assert_eq!(code(&shown), 0, "{text}\n{}", err(&shown));
        assert_eq!(mistakes(text), [""; 0]);
    }
    let shown = run(dir.path(), &["config", "show", "inner/privacy.md"]);
    assert!(out(&shown).contains("  sends-commercial-email: false "), "{}", out(&shown));
    assert_eq!(code(&run(dir.path(), &["init", "none"])), 2);
}

#[test]
fn what_is_in_force_is_shown_with_its_origin() {
    let config =
        "extends: base.yaml\nfail-on: warning\noverrides:\n  - files: legal/\n    fail-on: note\n    facts: {uses-cookies: true}\n";
    let dir = folder(&[("clauselint.yaml", config), ("base.yaml", "show: all\nexclude: [a/, b/]\n"), ("legal/privacy.md", POLICY)]);
    let shown = |arguments: &[&str]| {
        let output = run(dir.path(), &[&["config", "show"], arguments].concat());
        assert_eq!(code(&output), 0, "{}", err(&output));
        assert_eq!(mistakes(out(&output)), [""; 0], "{}", out(&output));
        out(&output).to_owned()
    };
    let here = shown(&[]);
    assert!(
        here.starts_with("# clauselint.yaml, which extends base.yaml\nfail-on: warning                         # clauselint.yaml:2\n"),
        "{here}"
    );
    assert!(here.contains("show: all                                # base.yaml:1\n"), "{here}");
    assert!(here.contains("exclude:\n  - a/                                   # base.yaml:2\n"), "{here}");
    let file = shown(&["legal/privacy.md"]);
    assert!(file.contains("fail-on: note                            # clauselint.yaml:5\n"), "{file}");
    assert!(file.contains("facts:\n  uses-cookies: true                     # clauselint.yaml:6\n"), "{file}");
    assert!(shown(&["--no-config"]).starts_with("# no configuration\nfail-on: error                           # default\n"));
    assert!(shown(&["legal"]).contains("fail-on: warning "), "a folder is not its files");
}

#[test]
fn the_schema_is_the_one_that_is_published() {
    let output = run(root(), &["config", "schema"]);
    let place = root().join(SCHEMA);
    if std::env::var_os("UPDATE_EXPECTED").is_some() {
        fs::write(&place, &output.stdout).unwrap();
    }
    let published = fs::read_to_string(place).unwrap_or_default();
    assert_eq!(out(&output), published, "write it anew with UPDATE_EXPECTED=1 cargo test --test config");
}

#[test]
fn the_schema_takes_what_the_parser_takes() {
    for (text, good) in [
        ("# nothing\n", true),
        ("select: coppa\nignore: [can-spam, 16 CFR 312.4]\n", true),
        ("facts:\nselect:\noverrides:\nmax-warnings:\nseverity:\n", true),
        ("max-size: 1000\nmax-warnings: 0\nthreads: 4\nshow: all\nonly-policies: true\nmin-confidence: high\n", true),
        ("max-size: 16 MiB\nformat: [human]\nbaseline: known.txt\ninclude: a\nexclude: [b]\n", true),
        ("policies:\n  - files: [a.md]\n    facts: {uses-cookies: true}\n", true),
        ("overrides:\n  - files: a\n    fail-on: never\n    severity: {coppa: note}\n", true),
        ("waivers:\n  - rule: coppa\n    reason: so\n    until: 2027-01-31\n    files: [a]\n", true),
        ("colour: red\n", false),
        ("overrides:\n  - {files: a, colour: red}\n", false),
        ("policies:\n  - {files: [a], colour: red}\n", false),
        ("waivers:\n  - {rule: coppa, colour: red}\n", false),
        ("policies:\n  - files: []\n", false),
        ("policies:\n  - facts: {}\n", false),
        ("overrides:\n  - files: []\n", false),
        ("overrides:\n  - fail-on: never\n", false),
        ("waivers:\n  - reason: so\n", false),
        ("max-warnings: -1\n", false),
        ("max-warnings: some\n", false),
        ("fail-on: always\n", false),
        ("severity: {coppa: fatal}\n", false),
        ("facts: {uses-cookies: perhaps}\n", false),
        ("select: {coppa: true}\n", false),
        ("select: [[coppa]]\n", false),
        ("show: [all]\n", false),
    ] {
        let dir = folder(&[("clauselint.yaml", text)]);
        let shown = run(dir.path(), &["config", "show"]);
        assert_eq!(code(&shown) == 0, good, "{text}\n{}", err(&shown));
        assert_eq!(mistakes(text).is_empty(), good, "{text}\n{:?}", mistakes(text));
    }
}

#[test]
fn the_configuration_of_the_readme_holds() {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let section = readme.split("\n## Configuration\n").nth(1).unwrap().split("\n## ").next().unwrap();
    let text = section.split("```yaml\n").nth(1).unwrap().split("```").next().unwrap();
    assert_eq!(mistakes(text), [""; 0]);
    let dir = folder(&[
        ("clauselint.yaml", text),
        ("legal/privacy.md", POLICY),
        ("legal/cookies.md", COOKIES),
        ("archive/privacy.md", POLICY),
        ("blog/privacy.md", POLICY),
    ]);
    let listed = run(dir.path(), &["check", "--show-files"]);
    assert_eq!(
        out(&listed),
        "blog/privacy.md (clauselint.yaml)\nlegal/privacy.md + legal/cookies.md (clauselint.yaml)\n",
        "{}",
        err(&listed)
    );
    let checked = run(dir.path(), &["check", "--as-of", "2026-11-22"]);
    assert_eq!(code(&checked), 1, "{}", err(&checked));
    assert_eq!(err(&checked), "", "its waivers hold");
    // Every key of the configuration is in the table.
    let schema: Value = serde_json::from_str(&fs::read_to_string(root().join(SCHEMA)).unwrap()).unwrap();
    for key in schema["properties"].as_object().unwrap().keys() {
        assert!(section.contains(&format!("`{key}`")), "{key}");
    }
}
