//! Every output format, as the command writes it of `examples/`: golden files in `tests/formats`, which `UPDATE_EXPECTED=1` writes anew,
//! and what the readers of each format hold it to, by their own schemas and parsers.

#![allow(clippy::unwrap_used)] // a test that cannot go on fails

use serde_json::Value;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The formats and the endings of their golden files.
const FORMATS: [(&str, &str); 11] = [
    ("human", "txt"),
    ("concise", "txt"),
    ("json", "json"),
    ("json-lines", "jsonl"),
    ("sarif", "sarif"),
    ("github", "txt"),
    ("gitlab", "json"),
    ("junit", "xml"),
    ("checkstyle", "xml"),
    ("rdjson", "json"),
    ("markdown", "md"),
];

/// What the golden files show: few enough rules and policies to read, and every verdict.
const SAMPLE: [&str; 4] = [
    "--select",
    "can-spam/email-purpose,can-spam/opt-out-deadline,can-spam/opt-out-offered,coppa/parental-rights",
    "examples/tidewater-weekly.md",
    "examples/hollow-oak-inn.html",
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_clauselint"));
    command.arg("check").args(arguments).current_dir(root()).env_clear().env("LC_ALL", "C.UTF-8").env("COLUMNS", "100");
    command
}

fn report(format: &str, arguments: &[&str]) -> String {
    let output: Output = command(arguments).args(["--format", format]).output().unwrap();
    assert!(matches!(output.status.code(), Some(0 | 1)), "{format}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn json(format: &str, arguments: &[&str]) -> Value {
    serde_json::from_str(&report(format, arguments)).unwrap()
}

/// How often a verdict was given in all examples, and how many findings there are of a severity, as JSON tells it.
fn results() -> Vec<Value> {
    let report = json("json", &["examples"]);
    let policies = report["policies"].as_array().unwrap();
    policies.iter().flat_map(|policy| policy["results"].as_array().unwrap().clone()).collect()
}

fn findings() -> usize {
    results().iter().filter(|result| !result["severity"].is_null()).count()
}

/// What a schema finds wrong.
fn mistakes(schema: &Value, value: &Value) -> Vec<String> {
    let validator = jsonschema::options().should_validate_formats(true).build(schema).unwrap();
    validator.iter_errors(value).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

/// A report as its golden file has it: JSON is laid out, and SARIF describes only the rules that results name, so that a new rule
/// changes nothing here.
fn readable(format: &str, said: String) -> String {
    if !["json", "sarif", "gitlab", "rdjson"].contains(&format) {
        return said;
    }
    let mut value: Value = serde_json::from_str(&said).unwrap();
    if let Some(run) = value.pointer_mut("/runs/0") {
        let named: BTreeSet<String> =
            run["results"].as_array().unwrap().iter().map(|result| result["ruleId"].as_str().unwrap().to_owned()).collect();
        run["tool"]["driver"]["rules"].as_array_mut().unwrap().retain(|rule| named.contains(rule["id"].as_str().unwrap()));
        for result in run["results"].as_array_mut().unwrap() {
            result.as_object_mut().unwrap().remove("ruleIndex");
        }
    }
    serde_json::to_string_pretty(&value).unwrap() + "\n"
}

#[test]
fn every_format_is_written_as_its_golden_file_shows() {
    let mut differing = Vec::new();
    for (format, ending) in FORMATS {
        let said = readable(format, report(format, &SAMPLE));
        let golden: PathBuf = root().join(format!("tests/formats/{format}.{ending}"));
        if !golden.exists() || std::env::var_os("UPDATE_EXPECTED").is_some() {
            std::fs::write(&golden, &said).unwrap();
        }
        if std::fs::read_to_string(&golden).unwrap() != said {
            differing.push(golden.display().to_string());
        }
    }
    assert!(differing.is_empty(), "these are written anew under UPDATE_EXPECTED=1: {differing:#?}");
}

#[test]
fn json_is_what_its_schema_says() {
    let schema = std::fs::read_to_string(root().join("schemas/clauselint-output.schema.json")).unwrap();
    let schema: Value = serde_json::from_str(&schema).unwrap();
    for arguments in [&["examples"][..], &["examples", "--statistics"]] {
        assert_eq!(mistakes(&schema, &json("json", arguments)), [""; 0]);
    }
    let mut wrong = json("json", &["examples"]);
    wrong["policies"][0]["results"][0]["verdict"] = "fine".into();
    assert_eq!(mistakes(&schema, &wrong).len(), 1, "the schema holds something to it");
}

#[test]
fn json_lines_say_what_json_says() {
    let text = report("json-lines", &["examples"]);
    let mut lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let whole = json("json", &["examples"]);
    let summary = lines.pop().unwrap();
    let run = lines.remove(0);
    assert_eq!((&run["type"], &run["schema_version"], &run["tool"]), (&"run".into(), &whole["schema_version"], &whole["tool"]));
    for line in &mut lines {
        assert_eq!(line.as_object_mut().unwrap().remove("type"), Some("policy".into()));
    }
    assert_eq!(Value::from(lines), whole["policies"]);
    assert_eq!(summary["requirements"], whole["summary"]["requirements"]);
}

#[test]
fn sarif_is_what_its_schema_says() {
    let report = json("sarif", &["examples"]);
    let place = root().join("../shared/schemas/sarif-schema-2.1.0.json");
    match std::fs::read_to_string(place) {
        Ok(schema) => assert_eq!(mistakes(&serde_json::from_str(&schema).unwrap(), &report), [""; 0]),
        Err(_) => println!("skipped: the schema of SARIF is not at hand"),
    }
    assert_eq!(report["version"], "2.1.0");
    let run = &report["runs"][0];
    assert_eq!(run["columnKind"], "unicodeCodePoints");
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    for rule in rules {
        for text in ["/shortDescription/text", "/fullDescription/text", "/help/text", "/help/markdown", "/helpUri"] {
            assert!(rule.pointer(text).and_then(Value::as_str).is_some_and(|text| !text.is_empty()), "{rule}");
        }
        assert!(rule["properties"]["tags"].as_array().unwrap().len() <= 10, "code scanning shows no more tags");
    }
    let files: BTreeSet<&str> = run["artifacts"].as_array().unwrap().iter().map(|file| file["location"]["uri"].as_str().unwrap()).collect();
    assert_eq!(files.len(), json("json", &["examples"])["policies"].as_array().unwrap().len());
    let results = run["results"].as_array().unwrap();
    assert_eq!(results.len(), self::results().len());
    for (result, told) in results.iter().zip(self::results()) {
        let rule = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!((&result["ruleId"], &result["ruleId"]), (&rules[rule]["id"], &told["rule"]));
        let kind = match told["verdict"].as_str().unwrap() {
            "satisfied" => "pass",
            "not-applicable" => "notApplicable",
            _ if told["confidence"] == "low" => "review",
            _ => "fail",
        };
        assert_eq!(result["kind"], kind);
        assert_eq!(result["level"], if kind == "fail" { told["severity"].as_str().unwrap() } else { "none" });
        let place = &result["locations"][0]["physicalLocation"];
        assert!(files.contains(place["artifactLocation"]["uri"].as_str().unwrap()));
        let at = |key: &str| place["region"][key].as_u64().unwrap();
        assert!(at("startLine") >= 1 && at("startColumn") >= 1, "{place}");
        assert!((at("startLine"), at("startColumn")) < (at("endLine"), at("endColumn")), "a region holds something: {place}");
    }
}

#[test]
fn code_quality_has_what_gitlab_asks_for() {
    let report = json("gitlab", &["examples"]);
    let issues = report.as_array().unwrap();
    assert_eq!(issues.len(), findings());
    let prints: BTreeSet<&str> = issues.iter().map(|issue| issue["fingerprint"].as_str().unwrap()).collect();
    assert_eq!(prints.len(), issues.len(), "each is one of its own");
    for issue in issues {
        assert!(issue["description"].is_string() && issue["check_name"].is_string(), "{issue}");
        assert!(["info", "minor", "major", "critical", "blocker"].contains(&issue["severity"].as_str().unwrap()));
        let path = issue["location"]["path"].as_str().unwrap();
        assert!(path.starts_with("examples/") && issue["location"]["lines"]["begin"].as_u64().unwrap() >= 1, "{issue}");
    }
}

#[test]
fn junit_and_checkstyle_are_xml() {
    let results = results();
    let junit = report("junit", &["examples"]);
    let document = roxmltree::Document::parse(&junit).unwrap();
    let number = |node: roxmltree::Node<'_, '_>, name: &str| node.attribute(name).unwrap().parse::<usize>().unwrap();
    let mut cases = 0;
    for suite in document.root_element().children().filter(|node| node.has_tag_name("testsuite")) {
        let of = |name: &str| suite.descendants().filter(|node| node.has_tag_name(name)).count();
        assert_eq!(
            (number(suite, "tests"), number(suite, "failures"), number(suite, "skipped")),
            (of("testcase"), of("failure"), of("skipped"))
        );
        cases += of("testcase");
    }
    assert_eq!(cases, results.len());
    let failures = document.descendants().filter(|node| node.has_tag_name("failure")).count();
    assert_eq!(failures, findings());
    let strict = report("junit", &["examples", "--min-severity", "error"]);
    let strict = roxmltree::Document::parse(&strict).unwrap();
    let failures = strict.descendants().filter(|node| node.has_tag_name("failure")).count();
    assert_eq!(failures, results.iter().filter(|result| result["severity"] == "error").count());

    let checkstyle = report("checkstyle", &["examples"]);
    let document = roxmltree::Document::parse(&checkstyle).unwrap();
    let errors: Vec<_> = document.descendants().filter(|node| node.has_tag_name("error")).collect();
    assert_eq!(errors.len(), findings());
    assert!(errors.iter().all(|error| ["error", "warning", "info"].contains(&error.attribute("severity").unwrap())));
}

#[test]
fn annotations_come_with_a_job_summary() {
    let dir = tempfile::tempdir().unwrap();
    let page = dir.path().join("summary.md");
    std::fs::write(&page, "What a step before wrote.\n").unwrap();
    let output = command(&["examples", "--format", "github"]).env("GITHUB_STEP_SUMMARY", &page).output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert_eq!(said.lines().count(), findings());
    assert!(said.lines().all(|line| {
        ["::error file=examples/", "::warning file=examples/", "::notice file=examples/"].iter().any(|start| line.starts_with(start))
    }));
    let summary = std::fs::read_to_string(&page).unwrap();
    assert_eq!(summary, "What a step before wrote.\n".to_owned() + &report("markdown", &["examples"]));

    let nowhere = dir.path().join("no/such/folder.md");
    let output = command(&["examples", "--format", "github"]).env("GITHUB_STEP_SUMMARY", &nowhere).output().unwrap();
    assert_eq!(String::from_utf8(output.stdout).unwrap(), said, "annotations do not hang on the summary");
    assert_eq!(output.status.code(), Some(1));
    let output = command(&["examples", "--format", "concise"]).env("GITHUB_STEP_SUMMARY", &page).output().unwrap();
    assert!(output.status.code() == Some(1) && std::fs::read_to_string(&page).unwrap() == summary, "only annotations bring a summary");
}

#[test]
fn reviewdog_finds_the_bytes() {
    let report = json("rdjson", &["examples"]);
    let diagnostics = report["diagnostics"].as_array().unwrap();
    assert_eq!(diagnostics.len(), findings());
    for diagnostic in diagnostics {
        let path = diagnostic["location"]["path"].as_str().unwrap();
        let text = std::fs::read_to_string(root().join(path)).unwrap();
        let at = |end: &str, key: &str| usize::try_from(diagnostic["location"]["range"][end][key].as_u64().unwrap()).unwrap();
        let line = text.lines().nth(at("start", "line") - 1).unwrap();
        assert!(line.is_char_boundary(at("start", "column") - 1) && at("start", "column") <= line.len(), "{diagnostic}");
        assert!(["ERROR", "WARNING", "INFO"].contains(&diagnostic["severity"].as_str().unwrap()));
    }
}

#[test]
fn formats_hold_together_when_nothing_was_linted() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("todo.md"), "# To do\n\nWater the plants.\n").unwrap();
    for (format, _) in FORMATS {
        let output = command(&["--only-policies", "todo.md", "--format", format]).current_dir(dir.path()).output().unwrap();
        let said = String::from_utf8(output.stdout).unwrap();
        assert_eq!(output.status.code(), Some(0), "{format}");
        match format {
            "junit" | "checkstyle" => assert!(roxmltree::Document::parse(&said).is_ok(), "{said}"),
            "json" | "sarif" | "gitlab" | "rdjson" => assert!(serde_json::from_str::<Value>(&said).is_ok(), "{format}: {said}"),
            _ => assert!(!said.contains("todo.md"), "{said}"),
        }
    }
}

#[test]
fn several_formats_are_written_in_one_run() {
    let dir = tempfile::tempdir().unwrap();
    let mut arguments: Vec<String> = Vec::new();
    for (format, ending) in FORMATS {
        arguments.extend(["--format".to_owned(), format!("{format}={}", dir.path().join(format!("{format}.{ending}")).display())]);
    }
    let output = command(&SAMPLE).args(&arguments).output().unwrap();
    assert!(output.stdout.is_empty() && matches!(output.status.code(), Some(0 | 1)), "{}", String::from_utf8_lossy(&output.stderr));
    for (format, ending) in FORMATS.into_iter().skip(1) {
        let written = std::fs::read_to_string(dir.path().join(format!("{format}.{ending}"))).unwrap();
        assert_eq!(written, report(format, &SAMPLE), "{format}");
    }
}
