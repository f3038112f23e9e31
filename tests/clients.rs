//! The files by which others run clauselint - hooks for pre-commit, an action for GitHub, a template for GitLab - with the real clients where there are
//! any, and their scripts run as written. Where a client is not installed its test is skipped; `.ci/run` installs them and sets `CLAUSELINT_CLIENTS` to
//! `required`, and then it fails.

#![cfg(unix)]
#![allow(clippy::print_stdout, clippy::unwrap_used)] // a skipped test says so; one that cannot go on fails

mod scratch;

use scratch::code;
use serde_yaml::Value;
use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;

const PROJECT: &str = env!("CARGO_MANIFEST_DIR");
const GOOD: &str = include_str!("../examples/fernhill-outfitters.md");
const README: &str = "# Fernhill tools\n\nScripts of the shop. Run `make` to build them, and `make test` to test them.\n";

/// The good policy without what it says of safeguards, which is an error.
fn dropped() -> String {
    let text: String = GOOD.split_inclusive("\n\n").filter(|block| !block.contains("locked") && !block.contains("encrypt")).collect();
    assert_ne!(text, GOOD);
    text
}

/// The `PATH` of the tests, after a folder with clauselint and others.
fn path(first: &[&Path]) -> std::ffi::OsString {
    let tested = Path::new(env!("CARGO_BIN_EXE_clauselint")).parent().unwrap();
    let others = std::env::var_os("PATH").unwrap_or_default();
    std::env::join_paths(first.iter().copied().chain([tested]).map(Path::to_owned).chain(std::env::split_paths(&others))).unwrap()
}

/// Is there such a client? Says so if not.
fn has(client: &str) -> bool {
    let found =
        Command::new(client).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|status| status.success());
    if !found {
        assert!(std::env::var_os("CLAUSELINT_CLIENTS").is_none_or(|value| value != "required"), "there is no {client}");
        println!("skipped: there is no {client}");
    }
    found
}

/// A git repository for a test, with a home and a temporary folder outside of it.
struct Scratch {
    dir: TempDir,
}

impl Scratch {
    fn new(files: &[(&str, &str)]) -> Self {
        let scratch = Self { dir: tempfile::tempdir().unwrap() };
        for name in ["home", "temp", "work"] {
            fs::create_dir(scratch.at(name)).unwrap();
        }
        fs::write(scratch.at("home/.gitconfig"), "[user]\nname = Fern\nemail = fern@fernhill.example\n[init]\ndefaultBranch = main\n")
            .unwrap();
        scratch.git(&["init", "--quiet"]);
        for (name, text) in files {
            scratch.write(name, text);
        }
        scratch.commit("First");
        scratch
    }

    /// A path beside the working tree.
    fn at(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.at("work").join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn run(&self, program: &str, arguments: &[&str]) -> Output {
        self.command(program, arguments).output().unwrap()
    }

    /// A command in the working tree, that sees nothing of the project or of its user.
    fn command(&self, program: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new(program);
        for (name, _) in std::env::vars_os() {
            if ["GIT_", "GITHUB_", "CI", "CARGO_", "RUST"].iter().any(|prefix| name.to_string_lossy().starts_with(prefix)) {
                command.env_remove(name);
            }
        }
        // Cargo and rustup live in the real home.
        let home = PathBuf::from(std::env::var_os("HOME").unwrap_or_default());
        for (name, folder) in [("CARGO_HOME", ".cargo"), ("RUSTUP_HOME", ".rustup")] {
            command.env(name, std::env::var_os(name).unwrap_or_else(|| home.join(folder).into()));
        }
        command
            .env("PATH", path(&[]))
            .env("HOME", self.at("home"))
            .env("PRE_COMMIT_HOME", self.at("home/pre-commit"))
            .env("PRE_COMMIT_COLOR", "never");
        command.current_dir(self.at("work")).args(arguments).stdin(Stdio::null());
        command
    }

    fn git(&self, arguments: &[&str]) -> String {
        let output = self.run("git", arguments);
        assert!(output.status.success(), "git {arguments:?}: {}", text(&output));
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    fn commit(&self, message: &str) -> String {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--allow-empty", "--message", message]);
        self.git(&["rev-parse", "HEAD"])
    }

    fn pre_commit(&self, arguments: &[&str]) -> (i32, String) {
        self.git(&["add", "--all"]);
        let output = self.run("pre-commit", arguments);
        (code(&output), text(&output))
    }
}

/// Both streams.
fn text(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

fn yaml(file: &str) -> Value {
    serde_yaml::from_str(&fs::read_to_string(Path::new(PROJECT).join(file)).unwrap()).unwrap()
}

/// A repository that offers the hooks of this one, and its revision.
fn hooks(sources: &[&str]) -> (Scratch, String) {
    let scratch =
        Scratch::new(&[(".pre-commit-hooks.yaml", &fs::read_to_string(Path::new(PROJECT).join(".pre-commit-hooks.yaml")).unwrap())]);
    for source in sources {
        copy(&Path::new(PROJECT).join(source), &scratch.at("work").join(source));
    }
    let revision = scratch.commit("Sources");
    (scratch, revision)
}

fn copy(from: &Path, to: &Path) {
    if from.is_dir() {
        fs::create_dir_all(to).unwrap();
        for entry in fs::read_dir(from).unwrap() {
            let entry = entry.unwrap();
            copy(&entry.path(), &to.join(entry.file_name()));
        }
    } else {
        fs::copy(from, to).unwrap();
    }
}

/// A repository with policies that uses hooks.
fn user(hooks: &(Scratch, String), ids: &[&str]) -> Scratch {
    let ids: String = ids.iter().flat_map(|id| ["      - id: ", id, "\n"]).collect();
    let (repository, revision) = (hooks.0.at("work"), &hooks.1);
    let config = format!("repos:\n  - repo: {}\n    rev: {revision}\n    hooks:\n{ids}", repository.display());
    Scratch::new(&[(".pre-commit-config.yaml", &config)])
}

#[test]
fn pre_commit_lints_policies_and_nothing_else() {
    if !has("pre-commit") {
        return;
    }
    let hooks = hooks(&[]);
    let user = user(&hooks, &["clauselint-system"]);
    user.write("README.md", README);
    let (code, said) = user.pre_commit(&["run"]);
    assert!(code == 0 && said.contains("Passed"), "a README alone: {said}");

    user.write("privacy.md", GOOD);
    let (code, said) = user.pre_commit(&["run", "--verbose"]);
    assert!(code == 0 && said.contains("Passed"), "a good policy: {said}");
    assert!(said.contains("1 policy, 1 passed over (1 not a policy)"), "{said}");

    user.write("privacy.md", &dropped());
    user.write("docs/other.md", GOOD);
    let (code, said) = user.pre_commit(&["run"]);
    assert!(code == 1 && said.contains("exit code: 1"), "a policy that drops a disclosure: {said}");
    assert!(said.contains("error[fipps/security-safeguards]") && said.contains("privacy.md") && !said.contains("README.md:"), "{said}");
    assert!(said.contains("2 policies, 1 passed over"), "one run for all files: {said}");

    user.write("clauselint.yaml", "exclude: privacy.md\n");
    let (code, said) = user.pre_commit(&["run", "--verbose"]);
    assert!(code == 0 && said.contains("1 policy, "), "an excluded policy: {said}");
}

#[test]
fn pre_commit_runs_the_hook_on_what_a_walk_would_look_into() {
    if !has("pre-commit") {
        return;
    }
    let hooks = hooks(&[]);
    let user = user(&hooks, &["clauselint-system"]);
    let names = ["md", "markdown", "mdx", "HTML", "htm", "xhtml", "php", "txt", "text", "rst", "adoc", "asciidoc", "asc"]
        .map(|ending| format!("of.{ending}"));
    for name in &names {
        user.write(name, GOOD);
    }
    for name in ["of.rs", "md", "of.md.orig"] {
        user.write(name, GOOD);
    }
    let walked = text(&user.run("clauselint", &["check", "--show-files"]));
    assert_eq!(walked.lines().count(), names.len(), "{walked}");
    let (_, said) = user.pre_commit(&["run", "--verbose"]);
    assert!(said.contains(&format!("{} policies\n", names.len())), "{said}");
}

#[test]
fn a_commit_that_drops_a_disclosure_is_refused() {
    if !has("pre-commit") {
        return;
    }
    let hooks = hooks(&[]);
    let user = user(&hooks, &["clauselint-system"]);
    user.write("privacy.md", GOOD);
    assert_eq!(user.pre_commit(&["install"]).0, 0);
    let good = user.commit("A policy");
    user.write("privacy.md", &dropped());
    user.git(&["add", "--all"]);
    let refused = user.run("git", &["commit", "--message", "Shorter"]);
    assert!(!refused.status.success() && text(&refused).contains("error[fipps/security-safeguards]"), "{}", text(&refused));
    assert_eq!(user.git(&["rev-parse", "HEAD"]), good);
}

/// What the build needs, as Dockerfile copies it: a pair of source and target each.
fn copied() -> Vec<String> {
    let dockerfile = fs::read_to_string(Path::new(PROJECT).join("Dockerfile")).unwrap();
    let copies = dockerfile.lines().filter_map(|line| line.strip_prefix("COPY ")).filter(|line| !line.starts_with("--"));
    copies.flat_map(|line| line.rsplit_once(' ').unwrap().0.split(' ').map(str::to_owned).collect::<Vec<_>>()).collect()
}

#[test]
fn the_docker_context_holds_what_is_copied() {
    let ignored = fs::read_to_string(Path::new(PROJECT).join(".dockerignore")).unwrap();
    let copied = copied();
    assert!(copied.len() > 3);
    for source in copied {
        assert!(Path::new(PROJECT).join(&source).exists(), "{source}");
        assert!(ignored.lines().any(|line| line == format!("!{source}")), "{source}");
    }
}

/// Quick builds that share what they can: the target folder of this project, and no optimisation across crates.
fn build_settings() -> [(&'static str, String); 5] {
    let target = Path::new(env!("CARGO_BIN_EXE_clauselint")).ancestors().nth(2).unwrap().to_string_lossy().into_owned();
    [
        ("CARGO_TARGET_DIR", target),
        ("CARGO_PROFILE_RELEASE_LTO", "off".to_owned()),
        ("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16".to_owned()),
        ("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1".to_owned()),
        ("CARGO_PROFILE_RELEASE_BUILD_OVERRIDE_OPT_LEVEL", "1".to_owned()),
    ]
}

#[test]
#[ignore = "builds the project anew: .ci/run runs it"]
fn pre_commit_builds_the_hook_from_source() {
    if !has("pre-commit") {
        return;
    }
    let sources = copied();
    let hooks = hooks(&sources.iter().map(String::as_str).collect::<Vec<_>>());
    // Both hooks at once, each on all files.
    let user = user(&hooks, &["clauselint", "clauselint-system"]);
    user.write("privacy.md", GOOD);
    user.write("README.md", README);
    user.git(&["add", "--all"]);
    let run = || {
        let output = user.command("pre-commit", &["run", "--verbose"]).envs(build_settings()).output().unwrap();
        (code(&output), text(&output))
    };
    let (code, said) = run();
    assert!(code == 0 && said.matches("1 policy, 1 passed over").count() == 2, "{said}");
    user.write("privacy.md", &dropped());
    user.git(&["add", "--all"]);
    let (code, said) = run();
    assert!(code == 1 && said.matches("exit code: 1").count() == 2, "{said}");
}

#[test]
fn schemas_hold() {
    if !has("check-jsonschema") || !has("pre-commit") {
        return;
    }
    let scratch = Scratch::new(&[]);
    let project = |name: &str| Path::new(PROJECT).join(name).to_string_lossy().into_owned();
    let holds = |program: &str, arguments: &[&str]| {
        let output = scratch.run(program, arguments);
        assert!(output.status.success(), "{arguments:?}: {}", text(&output));
    };
    let hooks = project(".pre-commit-hooks.yaml");
    let action = project("action.yml");
    holds("pre-commit", &["validate-manifest", &hooks]);
    holds("check-jsonschema", &["--builtin-schema", "vendor.github-actions", &action]);
    holds("check-jsonschema", &["--builtin-schema", "vendor.github-workflows", &project("docs/github-workflow.yml")]);
    holds(
        "check-jsonschema",
        &["--builtin-schema", "vendor.gitlab-ci", "--data-transform", "gitlab-ci", &project("templates/gitlab-ci.yml")],
    );
    for (schema, file) in [("pre-commit-hooks", &hooks), ("github-action", &action)] {
        let schema = project(&format!("../shared/schemas/{schema}.json"));
        if Path::new(&schema).exists() {
            holds("check-jsonschema", &["--schemafile", &schema, file]);
        } else {
            println!("skipped: there is no {schema}");
        }
    }
}

/// Steps of GitHub Actions, run as its runner does: each `run` in bash, with its expressions in `env` and `if` evaluated.
struct Runner<'a> {
    scratch: &'a Scratch,
    /// What expressions may name.
    known: BTreeMap<String, String>,
    /// Folders that steps put on the `PATH`.
    path: Vec<PathBuf>,
    /// More of the environment.
    env: Vec<(&'static str, String)>,
}

impl<'a> Runner<'a> {
    /// A runner with the inputs of the action, where they are not given.
    fn new(scratch: &'a Scratch, given: &[(&str, &str)]) -> Self {
        let mut known = BTreeMap::new();
        for (name, input) in yaml("action.yml")["inputs"].as_mapping().unwrap() {
            known.insert(format!("inputs.{}", name.as_str().unwrap()), input["default"].as_str().unwrap().to_owned());
        }
        for (name, value) in given {
            assert!(known.insert(format!("inputs.{name}"), (*value).to_owned()).is_some(), "there is no input {name}");
        }
        Self { scratch, known, path: Vec::new(), env: Vec::new() }
    }

    fn value(&self, expression: &str) -> String {
        let expression = expression.trim();
        match expression.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\'')) {
            Some(literal) => literal.to_owned(),
            None => self.known.get(expression).cloned().unwrap_or_default(),
        }
    }

    /// Of conditions, those that are used here: `A != B && ...`.
    fn holds(&self, condition: &str) -> bool {
        condition.split("&&").all(|part| part.split_once("!=").is_none_or(|(one, other)| self.value(one) != self.value(other)))
    }

    /// Runs the steps that are scripts until one fails; gives its exit code and everything that was printed.
    fn run(&mut self, steps: &Value) -> (i32, String) {
        let mut said = String::new();
        for step in steps.as_sequence().unwrap() {
            let Some(script) = step["run"].as_str() else { continue };
            assert!(!script.contains("${{"), "an expression in a script is run as a script: {script}");
            if !step["if"].as_str().is_none_or(|condition| self.holds(condition)) {
                continue;
            }
            assert_eq!(step["shell"].as_str(), Some("bash"));
            let file = self.scratch.at("step.sh");
            fs::write(&file, script).unwrap();
            let mut command = self.scratch.command("bash", &["--noprofile", "--norc", "-eo", "pipefail", &file.to_string_lossy()]);
            for (name, value) in step["env"].as_mapping().into_iter().flatten() {
                let expression = value.as_str().unwrap().strip_prefix("${{").unwrap().strip_suffix("}}").unwrap();
                command.env(name.as_str().unwrap(), self.value(expression));
            }
            let folders: Vec<&Path> = self.path.iter().map(PathBuf::as_path).collect();
            command.env("PATH", path(&folders)).envs(self.env.iter().map(|(name, value)| (name, value)));
            command.env("GITHUB_ACTION_PATH", PROJECT).env("RUNNER_TEMP", self.scratch.at("temp")).env("GITHUB_ACTIONS", "true");
            command.env("GITHUB_STEP_SUMMARY", self.scratch.at("summary.md"));
            for (name, file) in [("GITHUB_OUTPUT", "output"), ("GITHUB_PATH", "path")] {
                fs::write(self.scratch.at(file), "").unwrap();
                command.env(name, self.scratch.at(file));
            }
            let output = command.output().unwrap();
            said += &text(&output);
            if let Some(id) = step["id"].as_str() {
                for line in fs::read_to_string(self.scratch.at("output")).unwrap().lines() {
                    let (name, value) = line.split_once('=').unwrap();
                    self.known.insert(format!("steps.{id}.outputs.{name}"), value.to_owned());
                }
            }
            self.path.extend(fs::read_to_string(self.scratch.at("path")).unwrap().lines().map(PathBuf::from));
            if !output.status.success() {
                return (code(&output), said);
            }
        }
        (0, said)
    }
}

/// The action with inputs, as a step with the id "clauselint".
fn action<'a>(scratch: &'a Scratch, inputs: &[(&str, &str)]) -> (Runner<'a>, i32, String) {
    let mut runner = Runner::new(scratch, inputs);
    let (code, said) = runner.run(&yaml("action.yml")["runs"]["steps"]);
    let outputs = yaml("action.yml")["outputs"].clone();
    for (name, output) in outputs.as_mapping().unwrap() {
        let value = runner.value(output["value"].as_str().unwrap().trim_start_matches("${{").trim_end_matches("}}"));
        runner.known.insert(format!("steps.clauselint.outputs.{}", name.as_str().unwrap()), value);
    }
    (runner, code, said)
}

#[test]
fn the_action_says_what_it_found() {
    let scratch = Scratch::new(&[("policies/privacy.md", GOOD), ("policies/with space.md", GOOD), ("README.md", README)]);
    let (runner, code, said) = action(&scratch, &[("version", "system")]);
    assert_eq!((code, runner.value("steps.clauselint.outputs.exit-code").as_str()), (0, "0"), "{said}");
    assert!(!said.contains("::error"), "{said}");

    scratch.write("policies/privacy.md", &dropped());
    let (runner, code, said) = action(&scratch, &[("version", "system")]);
    assert_eq!((code, runner.value("steps.clauselint.outputs.exit-code").as_str()), (1, "1"), "{said}");
    assert!(said.contains("::error file=policies/privacy.md,") && said.contains("fipps/security-safeguards"), "{said}");
    assert!(fs::read_to_string(scratch.at("summary.md")).unwrap().contains("fipps/security-safeguards"));
    let sarif = runner.value("steps.clauselint.outputs.sarif");
    let log: serde_json::Value = serde_json::from_slice(&fs::read(&sarif).unwrap()).unwrap();
    assert_eq!(log["version"], "2.1.0");

    // What the example workflow does with it.
    if has("jq") {
        let mut runner = Runner { scratch: &scratch, known: runner.known, path: Vec::new(), env: Vec::new() };
        let (code, said) = runner.run(&yaml("docs/github-workflow.yml")["jobs"]["clauselint"]["steps"]);
        assert_eq!(code, 0, "{said}");
        let findings: serde_json::Value = serde_json::from_slice(&fs::read(scratch.at("temp/findings.sarif")).unwrap()).unwrap();
        let results = findings["runs"][0]["results"].as_array().unwrap();
        assert!(!results.is_empty() && results.iter().all(|result| result["kind"] == "fail"));
    }
}

#[test]
fn the_action_takes_its_inputs() {
    let scratch = Scratch::new(&[
        ("policies/privacy.md", &dropped()),
        ("policies/with space.md", GOOD),
        ("own.yaml", "ignore: fipps/security-safeguards\n"),
    ]);
    let exits = |inputs: &[(&str, &str)]| action(&scratch, &[&[("version", "system")], inputs].concat()).1;
    assert_eq!(exits(&[]), 1);
    assert_eq!(exits(&[("paths", "policies/with space.md\n")]), 0, "a path is a line");
    assert_eq!(exits(&[("paths", "policies/with space.md\npolicies/privacy.md\n")]), 1);
    assert_eq!(exits(&[("paths", "--exit-zero\npolicies/privacy.md\n")]), 2, "a path is no option");
    assert_eq!(exits(&[("paths", "nothing.md")]), 2);
    assert_eq!(exits(&[("config", "own.yaml")]), 0);
    assert_eq!(exits(&[("fail-on", "never")]), 0);
    assert_eq!(exits(&[("fail-on", "sometimes")]), 2);
    assert_eq!(exits(&[("args", "--select can-spam")]), 0);
    assert_eq!(exits(&[("args", "--ignore\n'fipps/security-safeguards' --quiet")]), 0);
    assert_eq!(exits(&[("args", "--select 'can-spam")]), 2, "a quote that does not end");
    assert_eq!(exits(&[("sarif-file", "a b.sarif")]), 1);
    assert!(scratch.at("work/a b.sarif").exists());
    let base = scratch.run("clauselint", &["check", "--baseline", "known.txt", "--update-baseline"]);
    assert_eq!(code(&base), 0, "{}", text(&base));
    assert_eq!(exits(&[("baseline", "known.txt")]), 0);
}

#[test]
fn readme_tells_of_every_input_and_hook() {
    let readme = fs::read_to_string(Path::new(PROJECT).join("README.md")).unwrap();
    let (_, section) = readme.split_once("## In a repository\n").unwrap();
    let section = section.split("\n## ").next().unwrap();
    let action = yaml("action.yml");
    let named =
        ["inputs", "outputs"].map(|kind| action[kind].as_mapping().unwrap().keys().map(|name| name.as_str().unwrap().to_owned()).collect());
    let hooks = yaml(".pre-commit-hooks.yaml");
    let hooks: Vec<String> = hooks.as_sequence().unwrap().iter().map(|hook| hook["id"].as_str().unwrap().to_owned()).collect();
    for name in named.into_iter().chain([hooks]).flat_map(|names: Vec<String>| names) {
        assert!(section.contains(&format!("`{name}`")), "{name}");
    }
}

#[test]
fn the_action_compares_with_a_revision() {
    let scratch = Scratch::new(&[("privacy.md", GOOD)]);
    let base = scratch.git(&["rev-parse", "HEAD"]);
    scratch.write("privacy.md", &dropped());
    scratch.commit("Shorter");
    // The check itself does not fail here: what was lost does.
    let (runner, code, said) = action(&scratch, &[("version", "system"), ("fail-on", "never"), ("since", &base)]);
    assert_eq!((code, runner.value("steps.clauselint.outputs.exit-code").as_str()), (1, "1"), "{said}");
    assert!(said.contains("lost[fipps/security-safeguards]"), "{said}");
    assert!(fs::read_to_string(scratch.at("summary.md")).unwrap().contains("fipps/security-safeguards"));
    let (_, code, said) = action(&scratch, &[("version", "system"), ("fail-on", "never"), ("since", "no-such-branch")]);
    assert_eq!(code, 2, "{said}");
}

#[test]
fn inputs_are_never_run() {
    let scratch = Scratch::new(&[("privacy.md", GOOD)]);
    let texts = [
        "$(touch run)",
        "`touch run`",
        "\"; touch run; \"",
        "'; touch run; '",
        "x\n$(touch run)\ntouch run",
        "a[$(touch run)]",
        "-- ; touch run",
    ];
    for name in ["paths", "config", "fail-on", "baseline", "since", "args", "sarif-file", "version"] {
        for text in texts {
            let inputs = if name == "version" { vec![(name, text)] } else { vec![("version", "system"), (name, text)] };
            let mut runner = Runner::new(&scratch, &inputs);
            runner.env.push(("PATH", path(&[&fake_cargo(&scratch)]).into_string().unwrap()));
            runner.run(&yaml("action.yml")["runs"]["steps"]);
            assert!(!scratch.at("work/run").exists() && !Path::new(PROJECT).join("run").exists(), "{name}: {text}");
        }
    }
}

/// A folder with a cargo that builds nothing: it takes down its arguments and installs the clauselint of the tests.
fn fake_cargo(scratch: &Scratch) -> PathBuf {
    let folder = scratch.at("fake");
    fs::create_dir_all(&folder).unwrap();
    let script = format!(
        "#!/bin/sh\nprintf '%s\\n' \"$@\" >'{}'\nwhile [ \"$1\" != --root ]; do shift; done\nmkdir -p \"$2/bin\" && ln -sf {} \"$2/bin/clauselint\"\n",
        scratch.at("cargo.txt").display(),
        env!("CARGO_BIN_EXE_clauselint"),
    );
    fs::write(folder.join("cargo"), script).unwrap();
    fs::set_permissions(folder.join("cargo"), fs::Permissions::from_mode(0o755)).unwrap();
    folder
}

/// A `PATH` with the tools that scripts need, but no clauselint.
fn bare(scratch: &Scratch, cargo: &Path) -> String {
    let tools = scratch.at("tools");
    fs::create_dir_all(&tools).unwrap();
    let all = std::env::var_os("PATH").unwrap();
    for tool in ["bash", "sh", "git", "find", "sort", "xargs", "printf", "mkdir", "ln", "cat"] {
        let Some(real) = std::env::split_paths(&all).map(|folder| folder.join(tool)).find(|real| real.exists()) else { continue };
        let _ = symlink(real, tools.join(tool));
    }
    format!("{}:{}", cargo.display(), tools.display())
}

#[test]
fn the_action_builds_what_is_asked_for() {
    let scratch = Scratch::new(&[("privacy.md", GOOD)]);
    let installed = |version: &str| {
        let mut runner = Runner::new(&scratch, &[("version", version)]);
        runner.env.push(("PATH", format!("{}:{}", scratch.at("temp/clauselint/bin").display(), bare(&scratch, &fake_cargo(&scratch)))));
        let (code, said) = runner.run(&yaml("action.yml")["runs"]["steps"]);
        assert_eq!(code, 0, "{said}");
        assert_eq!(runner.path, [scratch.at("temp/clauselint/bin")]);
        (runner.value("steps.build.outputs.key"), fs::read_to_string(scratch.at("cargo.txt")).unwrap())
    };
    let (own, arguments) = installed("");
    assert!(own.len() >= 40 && arguments.ends_with("--path\n.\n"), "{arguments}");
    let (release, arguments) = installed("0.1.0");
    assert!(arguments.ends_with("clauselint@0.1.0\n"), "{arguments}");
    assert_ne!(own, release, "each build has a key of its own in the cache");
    assert_eq!(own, installed("").0, "which stays the same");
}

#[test]
#[ignore = "builds the project anew: .ci/run runs it"]
fn the_action_builds_its_own_source() {
    let scratch = Scratch::new(&[("privacy.md", &dropped())]);
    let mut runner = Runner::new(&scratch, &[]);
    runner.env.extend(build_settings());
    let (code, said) = runner.run(&yaml("action.yml")["runs"]["steps"]);
    assert!(code == 1 && said.contains("::error file=privacy.md,"), "{said}");
    assert!(scratch.at("temp/clauselint/bin/clauselint").exists());
}

#[test]
fn the_template_for_gitlab_reports_and_fails() {
    let template = yaml("templates/gitlab-ci.yml");
    let job = &template["clauselint"];
    // GitLab runs the lines of a script as one, in bash where there is one.
    let script: String = job["script"].as_sequence().unwrap().iter().map(|part| part.as_str().unwrap().to_owned() + "\n").collect();
    let run = |scratch: &Scratch, path: &str, variables: &[(&str, &str)]| {
        let mut outcomes = ["bash", "sh"].map(|shell| {
            let mut command = scratch.command(shell, &["-e", "-c", &script]);
            for (name, value) in template["variables"].as_mapping().unwrap() {
                command.env(name.as_str().unwrap(), value.as_str().unwrap());
            }
            command.envs(variables.iter().copied()).env("CI_PROJECT_DIR", scratch.at("work"));
            let output = if path.is_empty() { command.output() } else { command.env("PATH", path).output() }.unwrap();
            (code(&output), text(&output))
        });
        assert_eq!(outcomes[0].0, outcomes[1].0, "{outcomes:?}");
        std::mem::take(&mut outcomes[0])
    };
    let scratch = Scratch::new(&[("policies/privacy.md", GOOD), ("README.md", README)]);
    let base = scratch.git(&["rev-parse", "HEAD"]);
    assert_eq!(run(&scratch, "", &[]).0, 0);

    scratch.write("policies/privacy.md", &dropped());
    scratch.commit("Shorter");
    let (code, said) = run(&scratch, "", &[]);
    assert!(code == 1 && said.contains("error[fipps/security-safeguards]"), "{said}");
    let reports = &job["artifacts"]["reports"];
    let report = |kind: &str| fs::read_to_string(scratch.at("work").join(reports[kind].as_str().unwrap())).unwrap();
    let quality: serde_json::Value = serde_json::from_str(&report("codequality")).unwrap();
    assert!(quality.as_array().unwrap().iter().any(|finding| finding["location"]["path"] == "policies/privacy.md"));
    assert!(report("junit").contains("fipps/security-safeguards"));

    assert_eq!(run(&scratch, "", &[("CLAUSELINT_ARGS", "--fail-on never --quiet")]).0, 0);
    let (code, said) = run(&scratch, "", &[("CLAUSELINT_ARGS", "--fail-on never"), ("CLAUSELINT_SINCE", &base)]);
    assert!(code == 1 && said.contains("lost[fipps/security-safeguards]"), "{said}");
    for text in ["$(touch run)", "`touch run`", "; touch run", "*"] {
        run(&scratch, "", &[("CLAUSELINT_PATHS", text), ("CLAUSELINT_ARGS", text), ("CLAUSELINT_SINCE", text)]);
        assert!(!scratch.at("work/run").exists(), "{text}");
    }

    // Where there is no clauselint it is built, once.
    let path = bare(&scratch, &fake_cargo(&scratch));
    let from = [("CLAUSELINT_SOURCE", "https://fernhill.example/clauselint.git"), ("CLAUSELINT_REVISION", "v0.1.0")];
    assert_eq!(run(&scratch, &path, &from).0, 1);
    let arguments = fs::read_to_string(scratch.at("cargo.txt")).unwrap();
    assert!(arguments.ends_with("--git\nhttps://fernhill.example/clauselint.git\n--rev\nv0.1.0\nclauselint\n"), "{arguments}");
}
