//! Policies as people write them who have never seen a checklist: plain, telegraphic, in tables, with jokes. They are ours, about companies
//! that do not exist; `tests/written/labels.yaml` says what a careful reader finds in each. No change may lose more of them than it wins.

#![allow(clippy::unwrap_used)] // a test that cannot go on fails

use clauselint::engine::{self, Reading};
use clauselint::packs;
use clauselint::policy::Policy;
use clauselint::source::SourceFile;
use clauselint::verdict::Verdict;
use std::collections::BTreeMap;
use std::path::Path;

/// What share of the verdicts is right, in thousandths. Raise it when rules get better.
const LEAST: usize = 970;

/// What a policy states, by verdict; `also` is the other verdict of a requirement where two are defensible.
#[derive(Default, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Label {
    satisfied: Vec<String>,
    weak: Vec<String>,
    contradicted: Vec<String>,
    missing: Vec<String>,
    also: BTreeMap<String, String>,
}

impl Label {
    fn allows(&self, id: &String, verdict: Verdict) -> bool {
        let listed = match verdict {
            Verdict::Satisfied => self.satisfied.contains(id),
            Verdict::Weak => self.weak.contains(id),
            Verdict::Contradicted => self.contradicted.contains(id),
            Verdict::Missing => self.missing.contains(id),
            Verdict::NotApplicable => {
                [&self.satisfied, &self.weak, &self.contradicted, &self.missing].iter().all(|list| !list.contains(id))
            }
        };
        listed || self.also.get(id).is_some_and(|other| other == verdict.as_str())
    }
}

#[test]
fn most_verdicts_are_those_of_a_careful_reader() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/written");
    let labels: BTreeMap<String, Label> = serde_yaml::from_str(&std::fs::read_to_string(folder.join("labels.yaml")).unwrap()).unwrap();
    let packs = packs::built_in();
    let (mut right, mut wrong) = (0, Vec::new());
    for (name, label) in &labels {
        let policy = Policy::of(SourceFile::decode(name.clone(), std::fs::read(folder.join(name)).unwrap()).unwrap());
        for judgement in engine::check(&packs, &Reading::new(&packs, policy.document()), &[]).judgements {
            let (id, verdict) = (&packs.rules[judgement.rule].id, judgement.verdict);
            if label.allows(id, verdict) {
                right += 1;
            } else {
                wrong.push(format!("{name}: {id} is {}", verdict.as_str()));
            }
        }
    }
    let share = right * 1000 / (right + wrong.len());
    assert!(share >= LEAST, "{share} of 1000 verdicts are right, {LEAST} were:\n{}", wrong.join("\n"));
}
