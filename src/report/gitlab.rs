//! For merge requests on GitLab: a Code Quality report. GitLab tells new findings from old ones by their fingerprints, so each is one
//! across all policies.

use super::finding::{NOTICE, findings, notices, told};
use super::{Reporter, escape, visible};
use crate::lint::Linted;
use crate::policy::Site;
use crate::verdict::Severity;
use serde::Serialize;

#[derive(Serialize)]
struct Issue<'a> {
    description: String,
    check_name: &'a str,
    fingerprint: String,
    severity: &'static str,
    location: Location,
}

#[derive(Serialize)]
struct Location {
    path: String,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: usize,
    end: usize,
}

/// The issues of a policy, one a line.
pub(super) fn policy(reporter: &Reporter<'_>, linted: &Linted) -> String {
    let name = linted.policy.name();
    let findings = findings(reporter, linted).map(|finding| Issue {
        description: visible(&format!("{} {}", finding.message(), finding.rule.help)),
        check_name: &finding.rule.id,
        fingerprint: format!("{}:{}:{}", escape::path(name), finding.rule.id, finding.judgement.fingerprint),
        severity: match finding.level() {
            Severity::Error => "major",
            Severity::Warning => "minor",
            Severity::Note => "info",
        },
        location: location(finding.site),
    });
    let notices = notices(reporter, linted).map(|(notice, site)| Issue {
        description: visible(&told(notice)),
        check_name: NOTICE,
        fingerprint: format!("{}:{NOTICE}:{}", escape::path(name), notice.message),
        severity: "minor",
        location: site.map_or_else(|| Location { path: escape::path(name), lines: Lines { begin: 1, end: 1 } }, location),
    });
    findings.chain(notices).map(|issue| escape::json(&issue) + "\n").collect::<Vec<_>>().join(",")
}

fn location(site: Site<'_>) -> Location {
    Location { path: escape::path(site.name()), lines: Lines { begin: site.start().0, end: site.end().0 } }
}

#[cfg(test)]
mod tests {
    use crate::report::{Format, sample};
    use proptest::prelude::*;
    use serde_json::{Value, json};
    use std::collections::BTreeSet;

    #[test]
    fn a_finding_is_an_issue() {
        let issues: Value = serde_json::from_str(&sample::report(Format::Gitlab, &sample::linted())).unwrap();
        assert_eq!(
            issues[1],
            json!({
                "description": "Nothing says how to opt out. State a limit of 10 business days or less.",
                "check_name": "mail/opt-out-way", "fingerprint": "docs/privacy.md:mail/opt-out-way:", "severity": "major",
                "location": {"path": "docs/privacy.md", "lines": {"begin": 5, "end": 5}},
            })
        );
    }

    proptest! {
        #[test]
        fn nothing_breaks_out_of_a_code_quality_report(linted in sample::hostile()) {
            let text = sample::hostile_report(Format::Gitlab, &linted);
            sample::harmless(&text)?;
            let issues: Vec<Value> = serde_json::from_str(&text).unwrap();
            let findings = linted.judged.judgements.iter().filter(|judgement| judgement.severity.is_some()).count();
            prop_assert_eq!(issues.len(), findings + linted.notices.len());
            let prints: BTreeSet<_> = issues.iter().map(|issue| issue["fingerprint"].as_str().unwrap()).collect();
            prop_assert!(prints.len() >= findings, "each finding has its own");
        }
    }
}
