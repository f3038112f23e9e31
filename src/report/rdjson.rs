//! For reviewdog: its diagnostic format, as one JSON document. Its columns count bytes of UTF-8.

use super::finding::{NOTICE, findings, notices, told};
use super::{Reporter, escape, visible};
use crate::lint::Linted;
use crate::policy::Site;
use crate::source::SourceFile;
use crate::verdict::Severity;
use serde::Serialize;

#[derive(Serialize)]
struct Diagnostic<'a> {
    message: String,
    location: Location,
    severity: &'static str,
    code: Code<'a>,
}

#[derive(Serialize)]
struct Code<'a> {
    value: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
}

#[derive(Serialize)]
struct Location {
    path: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    range: Option<Range>,
}

#[derive(Serialize)]
struct Range {
    start: Position,
    end: Position,
}

#[derive(Serialize)]
struct Position {
    line: usize,
    column: usize,
}

/// What stands before the first diagnostic.
pub(super) fn begin() -> String {
    "{\"source\":{\"name\":\"clauselint\"},\"diagnostics\":[\n".to_owned()
}

/// The diagnostics of a policy, one a line.
pub(super) fn policy(reporter: &Reporter<'_>, linted: &Linted) -> String {
    let findings = findings(reporter, linted).map(|finding| Diagnostic {
        message: visible(&format!("{} {}", finding.message(), finding.rule.help)),
        location: location(finding.site),
        severity: severity(finding.level()),
        code: Code { value: &finding.rule.id, url: escape::page(&finding.rule.url) },
    });
    let notices = notices(reporter, linted).map(|(notice, site)| Diagnostic {
        message: visible(&told(notice)),
        location: site.map_or_else(|| Location { path: escape::path(linted.policy.name()), range: None }, location),
        severity: severity(Severity::Warning),
        code: Code { value: NOTICE, url: None },
    });
    findings.chain(notices).map(|diagnostic| escape::json(&diagnostic) + "\n").collect::<Vec<_>>().join(",")
}

/// What stands after the last diagnostic.
pub(super) fn end() -> String {
    "]}\n".to_owned()
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "ERROR",
        Severity::Warning => "WARNING",
        Severity::Note => "INFO",
    }
}

fn location(site: Site<'_>) -> Location {
    let range =
        Range { start: position(site.source, site.start().0, site.span.start), end: position(site.source, site.end().0, site.span.end) };
    Location { path: escape::path(site.name()), range: Some(range) }
}

fn position(file: &SourceFile, line: usize, offset: u32) -> Position {
    let start = file.line(line).map_or(0, |line| line.start);
    Position { line, column: offset.saturating_sub(start) as usize + 1 }
}

#[cfg(test)]
mod tests {
    use crate::report::{Format, sample};
    use crate::verdict::{Judgement, Place, PlaceKind, Verdict};
    use proptest::prelude::*;
    use serde_json::{Value, json};

    #[test]
    fn columns_count_bytes() {
        let text = "# Tea\n\nÉté. We may.\n";
        let judgement = Judgement {
            place: Some(Place { kind: PlaceKind::NearMiss, span: sample::span(text, "We may.") }),
            ..sample::judgement(1, Verdict::Missing, "Nothing is said.")
        };
        let linted = sample::linted_text("p.md", text, vec![judgement]);
        let report: Value = serde_json::from_str(&sample::report(Format::Rdjson, &linted)).unwrap();
        assert_eq!(
            report["diagnostics"][0],
            json!({
                "message": "Nothing is said. State a limit of 10 business days or less.", "severity": "ERROR",
                "location": {"path": "p.md", "range": {"start": {"line": 3, "column": 8}, "end": {"line": 3, "column": 15}}},
                "code": {"value": "mail/opt-out-way", "url": "https://law.example/1"},
            })
        );
    }

    proptest! {
        #[test]
        fn nothing_breaks_out_of_rdjson(linted in sample::hostile()) {
            let text = sample::hostile_report(Format::Rdjson, &linted);
            sample::harmless(&text)?;
            let report: Value = serde_json::from_str(&text).unwrap();
            let findings = linted.judged.judgements.iter().filter(|judgement| judgement.severity.is_some()).count();
            prop_assert_eq!(report["diagnostics"].as_array().unwrap().len(), findings + linted.notices.len());
            for diagnostic in report["diagnostics"].as_array().unwrap() {
                let path = crate::report::escape::path(linted.policy.name());
                prop_assert_eq!(diagnostic["location"]["path"].as_str().unwrap(), path);
            }
        }
    }
}
