//! `rules/measured.yaml`: how often each rule errs on labelled policies. With `UPDATE_MEASURED=1` this test takes the figures anew and writes
//! them there and into the README; without, it checks that they are what the labelled policies say. The policies lie outside of the
//! project: where they are absent, the test says that it was skipped.

#![allow(clippy::unwrap_used, clippy::print_stderr)] // a test that cannot go on fails, and one that is skipped says so

use clauselint::engine::{self, Reading};
use clauselint::packs;
use clauselint::policy::Policy;
use clauselint::rule::measured::Fingerprints;
use clauselint::rule::schema::{self, Counts, Errors, Written, WrittenMeasurement, WrittenMeasurements};
use clauselint::source::SourceFile;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};

const HEAD: &str = "\
# How often each rule errs on labelled policies: \"right\" were given and labelled so, \"wrong\" were given and labelled otherwise, \"overlooked\"
# were labelled so and not given. \"of\" tells the rule as it was measured from what it became. Written by:
#   UPDATE_MEASURED=1 cargo test --release --test measured
";
const BEGIN: &str = "<!-- The table below is written by tests/measured.rs. -->\n";
const END: &str = "<!-- End of the table. -->\n";

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Counts one policy for one rule.
fn count(errors: &mut Errors, got: &str, label: &serde_json::Value) {
    let given = |key: &str| label[key].as_str().unwrap_or_default();
    // Where two verdicts are defensible, either is right.
    let wanted = if given("alt") == got { got } else { given("verdict") };
    for (verdict, counts) in [("missing", &mut errors.missing), ("weak", &mut errors.weak)] {
        counts.right += usize::from(got == verdict && wanted == verdict);
        counts.wrong += usize::from(got == verdict && wanted != verdict);
        counts.overlooked += usize::from(got != verdict && wanted == verdict);
    }
}

fn measure(set: &Path) -> WrittenMeasurements {
    let (packs, files) = (packs::built_in(), packs::built_in_files());
    let fingerprints = Fingerprints::new(&files);
    let held_out = std::fs::read_to_string(root().join("tests/held-out.txt")).unwrap();
    let mut measured = WrittenMeasurements::default();
    let mut labels: Vec<_> = std::fs::read_dir(set.join("labels")).unwrap().map(|entry| entry.unwrap().path()).collect();
    labels.sort();
    for path in labels {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let label: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
        let kept_apart = held_out.lines().any(|line| line == name);
        let source = SourceFile::decode(name.clone(), std::fs::read(set.join("policies").join(&name)).unwrap()).unwrap();
        let policy = Policy::of(source);
        let judged = engine::check(&packs, &Reading::new(&packs, policy.document()), &[]);
        measured.policies += 1;
        measured.held_out += usize::from(kept_apart);
        for judgement in &judged.judgements {
            let id = &packs.rules[judgement.rule].id;
            let entry = measured
                .rules
                .entry(id.clone())
                .or_insert_with(|| WrittenMeasurement { of: fingerprints.of(id).unwrap(), ..WrittenMeasurement::default() });
            count(&mut entry.all, judgement.verdict.as_str(), &label["verdicts"][id]);
            if kept_apart {
                count(&mut entry.held_out, judgement.verdict.as_str(), &label["verdicts"][id]);
            }
        }
    }
    measured
}

fn yaml(measured: &WrittenMeasurements) -> String {
    let counts = |of: Counts| format!("{{ right: {}, wrong: {}, overlooked: {} }}", of.right, of.wrong, of.overlooked);
    let errors = |of: Errors| format!("{{ missing: {}, weak: {} }}", counts(of.missing), counts(of.weak));
    let mut text = format!("{HEAD}policies: {}\nheld-out: {}\nrules:\n", measured.policies, measured.held_out);
    for (id, rule) in &measured.rules {
        let (all, held_out) = (errors(rule.all), errors(rule.held_out));
        writeln!(text, "  {id}:\n    of: \"{}\"\n    all: {all}\n    held-out: {held_out}", rule.of).unwrap();
    }
    text
}

/// The README's table: each pack as a whole, then each rule.
fn table(measured: &WrittenMeasurements) -> String {
    let mut text = format!(
        "\n| requirement | missing: precision | recall | weak: precision | recall |\n|---|---|---|---|---|\n| **all, on the {} held out** |",
        measured.held_out
    );
    let sum = |of: &dyn Fn(&WrittenMeasurement) -> Counts, pack: &str| {
        measured.rules.iter().filter(|(id, _)| id.starts_with(pack)).fold(Counts::default(), |sum, (_, rule)| Counts {
            right: sum.right + of(rule).right,
            wrong: sum.wrong + of(rule).wrong,
            overlooked: sum.overlooked + of(rule).overlooked,
        })
    };
    let row = |text: &mut String, missing: Counts, weak: Counts| {
        let shares = [missing.precision(), missing.recall(), weak.precision(), weak.recall()];
        let cells: Vec<String> = shares.iter().map(|share| share.text().replace(" policies)", ")").replace(" policy)", ")")).collect();
        writeln!(text, " {} |", cells.join(" | ")).unwrap();
    };
    row(&mut text, sum(&|rule| rule.held_out.missing, ""), sum(&|rule| rule.held_out.weak, ""));
    for pack in ["can-spam/", "coppa/", "fipps/"] {
        write!(text, "| **{}, on the {} held out** |", pack.trim_end_matches('/'), measured.held_out).unwrap();
        row(&mut text, sum(&|rule| rule.held_out.missing, pack), sum(&|rule| rule.held_out.weak, pack));
    }
    for (id, rule) in &measured.rules {
        write!(text, "| `{id}` |").unwrap();
        row(&mut text, rule.all.missing, rule.all.weak);
    }
    text + "\n"
}

#[test]
fn the_figures_are_what_the_labelled_policies_say() {
    let set = root().join("../shared/benchmark");
    if !set.is_dir() {
        eprintln!("skipped: {} is not there", set.display());
        return;
    }
    let measured = measure(&set);
    let (path, readme_path) = (root().join("rules/measured.yaml"), root().join("README.md"));
    let readme = std::fs::read_to_string(&readme_path).unwrap();
    let (before, rest) = readme.split_once(BEGIN).expect("the README has a table of errors");
    let (_, after) = rest.split_once(END).expect("the README's table of errors ends");
    let wanted = format!("{before}{BEGIN}{}{END}{after}", table(&measured));
    if std::env::var_os("UPDATE_MEASURED").is_some() {
        std::fs::write(&path, yaml(&measured)).unwrap();
        std::fs::write(&readme_path, wanted).unwrap();
        return;
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(written == yaml(&measured), "{} is not up to date: {HEAD}", path.display());
    assert!(readme == wanted, "the README's table of errors is not up to date: {HEAD}");
}

#[test]
fn every_rule_has_a_figure_and_says_whether_it_still_holds() {
    let files = packs::built_in_files();
    let measured = files.iter().find(|file| file.path == "measured.yaml").expect("rules/measured.yaml");
    let Some(Written::Measurements(measured)) = schema::read(measured, &mut Vec::new()) else { panic!("it holds measurements") };
    let packs = packs::built_in();
    let mut ids: Vec<&str> = packs.rules.iter().map(|rule| rule.id.as_str()).collect();
    ids.sort_unstable();
    assert_eq!(measured.rules.keys().map(String::as_str).collect::<Vec<_>>(), ids);
    let fingerprints = Fingerprints::new(&files);
    let still: BTreeMap<&str, bool> =
        (measured.rules.iter()).map(|(id, rule)| (id.as_str(), fingerprints.of(id).as_deref() == Some(rule.of.as_str()))).collect();
    for rule in &packs.rules {
        assert_eq!(rule.measured.is_some(), still[rule.id.as_str()], "{}", rule.id);
    }
}
