//! For code scanning: SARIF 2.1.0. Every judgement is a result, what is satisfied or does not apply too, and every result has a region,
//! since hosts drop those without. What is known only at the end of a run (files, notices) stands behind the results.
//!
//! | judgement | `kind` | `level` |
//! |---|---|---|
//! | a finding | `fail` | its severity |
//! | a finding of low confidence | `review` | `none` |
//! | a finding on what is not yet in force | `informational` | `none` |
//! | satisfied | `pass` | `none` |
//! | not applicable | `notApplicable` | `none` |
//!
//! SARIF allows a level other than `none` for `fail` alone; the severity stands in `properties` as well. A waiver is a suppression, a
//! finding of the baseline is `unchanged`.

use super::finding::{message, placed, told};
use super::tally::Tally;
use super::{Later, escape, pointed};
use crate::lint::Linted;
use crate::policy::Site;
use crate::rule::{self, Packs};
use crate::source::{Format, SourceFile};
use crate::verdict::{self, Confidence, Excuse, Judgement, Role, Severity, Verdict, Written};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
/// The root of the repository, whatever it is called where the report is read.
const ROOT: &str = "%SRCROOT%";
/// The name and version of our fingerprints.
const FINGERPRINT: &str = "clauselint/v1";
/// The name under which code scanning on GitHub looks for one.
const GITHUB_FINGERPRINT: &str = "primaryLocationLineHash";

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Driver<'a> {
    name: &'static str,
    version: &'static str,
    semantic_version: &'static str,
    rules: Vec<Rule<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Rule<'a> {
    id: &'a str,
    short_description: Message,
    full_description: Message,
    help: Message,
    #[serde(skip_serializing_if = "Option::is_none")]
    help_uri: Option<String>,
    default_configuration: Configuration,
    properties: RuleProperties<'a>,
}

#[derive(Serialize)]
struct RuleProperties<'a> {
    tags: [&'a str; 2],
    cite: &'a str,
}

#[derive(Serialize)]
struct Configuration {
    level: &'static str,
}

#[derive(Serialize)]
struct Message {
    text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    markdown: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Outcome<'a> {
    rule_id: &'a str,
    rule_index: usize,
    kind: &'static str,
    level: &'static str,
    message: Message,
    locations: [Location; 1],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<Location>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    partial_fingerprints: BTreeMap<&'static str, &'a str>,
    suppressions: Vec<Suppression<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    baseline_state: Option<&'static str>,
    properties: Properties<'a>,
}

#[derive(Serialize)]
struct Properties<'a> {
    verdict: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    severity: Option<&'static str>,
    confidence: &'static str,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    doubts: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    because: Option<&'a str>,
    /// How the place of a missing statement was found.
    #[serde(skip_serializing_if = "Option::is_none")]
    place: Option<&'static str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(clippy::struct_field_names)] // SARIF's name for it
struct Location {
    /// Tells related locations of a result apart.
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<usize>,
    physical_location: PhysicalLocation,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<Message>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PhysicalLocation {
    artifact_location: ArtifactLocation,
    region: Region,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ArtifactLocation {
    uri: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    uri_base_id: Option<&'static str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: usize,
    start_column: usize,
    end_line: usize,
    end_column: usize,
    snippet: Message,
}

#[derive(Serialize)]
struct Suppression<'a> {
    kind: &'static str,
    status: &'static str,
    justification: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    location: Option<Location>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Artifact {
    location: ArtifactLocation,
    mime_type: &'static str,
    roles: [&'static str; 1],
}

#[derive(Serialize)]
struct Notification {
    level: &'static str,
    message: Message,
    #[serde(skip_serializing_if = "Option::is_none")]
    locations: Option<[Location; 1]>,
}

/// What stands before the first result: the tool with all rules.
pub(super) fn begin(packs: &Packs) -> String {
    let version = env!("CARGO_PKG_VERSION");
    let rules = packs.rules.iter().map(|rule| described(packs, rule)).collect();
    let driver = Driver { name: env!("CARGO_PKG_NAME"), version, semantic_version: version, rules };
    let driver = escape::json(&driver);
    format!(
        "{{\"$schema\":\"{SCHEMA}\",\"version\":\"2.1.0\",\"runs\":[{{\"tool\":{{\"driver\":{driver}}},\
         \"columnKind\":\"unicodeCodePoints\",\"originalUriBaseIds\":{{\"{ROOT}\":{{\"description\":{{\"text\":\"The root of the \
         repository.\"}}}}}},\"results\":[\n"
    )
}

/// The results of a policy, one a line.
pub(super) fn policy(packs: &Packs, linted: &Linted) -> String {
    let results = linted.judged.judgements.iter().map(|judgement| escape::json(&outcome(packs, linted, judgement)) + "\n");
    results.collect::<Vec<_>>().join(",")
}

/// What stands behind the results: the files of a policy, and what was noticed in them.
pub(super) fn later(linted: &Linted) -> Vec<Later> {
    let files = linted.policy.sources().iter().map(|file| Later::File(escape::json(&artifact(file))));
    let notices = linted.notices.iter().map(|notice| {
        let locations = notice.span.map(|span| [location(linted.policy.at(span))]);
        Later::Notice(escape::json(&Notification { level: "warning", message: text(&told(notice)), locations }))
    });
    files.chain(notices).collect()
}

/// What stands after the last result.
pub(super) fn end(tally: &Tally, later: &BTreeSet<Later>) -> String {
    let files: Vec<&str> =
        (later.iter()).filter_map(|later| if let Later::File(file) = later { Some(file.as_str()) } else { None }).collect();
    let notices: Vec<&str> =
        (later.iter()).filter_map(|later| if let Later::Notice(notice) = later { Some(notice.as_str()) } else { None }).collect();
    format!(
        "],\"artifacts\":[{}],\"invocations\":[{{\"executionSuccessful\":{},\"toolConfigurationNotifications\":[{}]}}]}}]}}\n",
        files.join(","),
        tally.failed == 0,
        notices.join(",")
    )
}

fn described<'a>(packs: &'a Packs, rule: &'a rule::Rule) -> Rule<'a> {
    let page = escape::page(&rule.url);
    let cite = escape::markdown(&rule.cite);
    let cited = page.as_ref().map_or_else(|| cite.clone(), |page| format!("[{cite}]({page})"));
    let markdown =
        format!("**{}**\n\n{}\n\n{}\n\n{cited}", escape::markdown(&rule.title), escape::markdown(&rule.why), escape::markdown(&rule.help));
    Rule {
        id: &rule.id,
        short_description: text(&rule.title),
        full_description: text(&rule.why),
        help: Message {
            text: format!("{}\n\n{}\n\n{}\n\n{}, {}", rule.title, rule.why, rule.help, rule.cite, rule.url),
            markdown: Some(markdown),
        },
        help_uri: page,
        default_configuration: Configuration { level: level(rule.severity) },
        properties: RuleProperties { tags: ["privacy-policy", &packs.packs[rule.pack].name], cite: &rule.cite },
    }
}

fn outcome<'a>(packs: &'a Packs, linted: &'a Linted, judgement: &'a Judgement) -> Outcome<'a> {
    let kind = kind(judgement);
    let pointed = pointed(linted, judgement);
    let others = judgement.evidence.iter().filter(|evidence| evidence.span != pointed);
    let related = others.enumerate().map(|(at, evidence)| Location {
        id: Some(at + 1),
        message: Some(text(match evidence.role {
            Role::Satisfies => "states it",
            Role::Weakens => "states it vaguely or in part",
            Role::Contradicts => "states the opposite",
            Role::NearMiss => "came closest",
            Role::Trigger => "speaks of it",
        })),
        ..location(linted.policy.at(evidence.span))
    });
    let fingerprint = Some(judgement.fingerprint.as_str()).filter(|fingerprint| !fingerprint.is_empty());
    Outcome {
        rule_id: &packs.rules[judgement.rule].id,
        rule_index: judgement.rule,
        kind,
        level: judgement.severity.filter(|_| kind == "fail").map_or("none", level),
        message: text(&message(judgement)),
        locations: [Location {
            message: judgement.place.filter(|_| judgement.verdict.is_finding()).map(|place| text(placed(place.kind))),
            ..location(linted.policy.at(pointed))
        }],
        related_locations: related.collect(),
        partial_fingerprints: fingerprint.into_iter().flat_map(|print| [(FINGERPRINT, print), (GITHUB_FINGERPRINT, print)]).collect(),
        suppressions: match &judgement.excuse {
            Some(Excuse::Waived(waiver)) => {
                let (kind, location) = match waiver.written {
                    Written::Inline(span) => ("inSource", Some(location(linted.policy.at(span)))),
                    Written::Configured(_) => ("external", None),
                };
                vec![Suppression { kind, status: "accepted", justification: &waiver.reason, location }]
            }
            _ => Vec::new(),
        },
        baseline_state: (judgement.excuse == Some(Excuse::Known)).then_some("unchanged"),
        properties: Properties {
            verdict: judgement.verdict.as_str(),
            severity: judgement.severity.map(Severity::as_str),
            confidence: judgement.confidence.as_str(),
            doubts: &judgement.doubts,
            because: judgement.because.as_deref(),
            place: judgement.place.map(|place| place.kind.as_str()),
        },
    }
}

fn kind(judgement: &Judgement) -> &'static str {
    match judgement.verdict {
        Verdict::Satisfied => "pass",
        Verdict::NotApplicable => "notApplicable",
        _ if matches!(judgement.excuse, Some(Excuse::Announced(_))) => "informational",
        _ if judgement.confidence == Confidence::Low => "review",
        _ => "fail",
    }
}

fn level(severity: verdict::Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

/// A message of plain text: brackets before a parenthesis would make a link.
fn text(text: &str) -> Message {
    Message { text: text.replace("](", "] ("), markdown: None }
}

fn location(site: Site<'_>) -> Location {
    let ((start_line, start_column), (end_line, end_column)) = (site.start(), site.end());
    let snippet = Message { text: site.text().to_owned(), markdown: None };
    Location {
        id: None,
        physical_location: PhysicalLocation {
            artifact_location: artifact_location(site.name()),
            region: Region { start_line, start_column, end_line, end_column, snippet },
        },
        message: None,
    }
}

fn artifact(file: &SourceFile) -> Artifact {
    let mime_type = match file.format() {
        Format::Markdown => "text/markdown",
        Format::Mdx => "text/mdx",
        Format::Html => "text/html",
        Format::Text => "text/plain",
        Format::ReStructuredText => "text/x-rst",
        Format::AsciiDoc => "text/asciidoc",
    };
    Artifact { location: artifact_location(file.name()), mime_type, roles: ["analysisTarget"] }
}

fn artifact_location(name: &str) -> ArtifactLocation {
    let uri = escape::file_uri(name);
    let uri_base_id = (!uri.starts_with("file:")).then_some(ROOT);
    ArtifactLocation { uri, uri_base_id }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{Format, sample};
    use crate::source::Span;
    use crate::verdict::{Notice, Waiver};
    use proptest::prelude::*;
    use serde_json::{Value, json};

    fn run(linted: &Linted) -> Value {
        let report: Value = serde_json::from_str(&sample::report(Format::Sarif, linted)).unwrap();
        report["runs"][0].clone()
    }

    #[test]
    fn every_judgement_is_a_result_in_a_region() {
        let run = run(&sample::linted());
        let rule = &run["tool"]["driver"]["rules"][1];
        assert_eq!(rule["helpUri"], "https://law.example/1");
        assert_eq!(rule["defaultConfiguration"]["level"], "error");
        assert_eq!(rule["properties"]["tags"], json!(["privacy-policy", "mail"]));
        let results = run["results"].as_array().unwrap();
        let kinds: Vec<_> = results.iter().map(|result| (result["kind"].as_str().unwrap(), result["level"].as_str().unwrap())).collect();
        assert_eq!(kinds, [("fail", "note"), ("fail", "error"), ("pass", "none")]);
        assert_eq!(
            results[1]["locations"][0]["physicalLocation"],
            json!({
                "artifactLocation": {"uri": "docs/privacy.md", "uriBaseId": "%SRCROOT%"},
                "region": {"startLine": 5, "startColumn": 1, "endLine": 5, "endColumn": 39,
                    "snippet": {"text": "Write to hello@wren-and-larch.example."}},
            })
        );
        assert_eq!(results[1]["locations"][0]["message"]["text"], "came closest");
        assert_eq!(run["artifacts"][0]["mimeType"], "text/markdown");
        assert_eq!(run["invocations"][0]["executionSuccessful"], true);
    }

    #[test]
    fn excuses_doubts_and_notices_are_told_in_sarif() {
        let mut linted = sample::linted();
        linted.notices = vec![Notice { message: "A waiver waives nothing".to_owned(), help: "Remove it".to_owned(), span: None }];
        let [weak, missing, _] = &mut linted.judged.judgements[..] else { panic!("there are three") };
        weak.excuse = Some(Excuse::Waived(Waiver { reason: "agreed".to_owned(), until: None, written: Written::Inline(Span::new(2, 9)) }));
        weak.fingerprint = "0123456789abcdef".to_owned();
        missing.excuse = Some(Excuse::Known);
        missing.confidence = Confidence::Low;
        let run = run(&linted);
        let suppression = &run["results"][0]["suppressions"][0];
        assert_eq!((&suppression["kind"], &suppression["justification"]), (&json!("inSource"), &json!("agreed")));
        assert_eq!(suppression["location"]["physicalLocation"]["region"]["snippet"]["text"], "Privacy");
        assert_eq!(run["results"][0]["partialFingerprints"]["clauselint/v1"], "0123456789abcdef");
        assert_eq!((&run["results"][1]["kind"], &run["results"][1]["level"]), (&json!("review"), &json!("none")));
        assert_eq!(run["results"][1]["baselineState"], "unchanged");
        let notice = &run["invocations"][0]["toolConfigurationNotifications"][0];
        assert_eq!(notice["message"]["text"], "A waiver waives nothing (Remove it)");
        linted.judged.judgements[1].excuse = Some(Excuse::Announced("2027-01-31".to_owned()));
        assert_eq!(super::kind(&linted.judged.judgements[1]), "informational");
    }

    #[test]
    fn a_policy_without_sentences_has_a_region_all_the_same() {
        let missing = sample::judgement(1, Verdict::Missing, "Nothing is said.");
        let run = run(&sample::linted_text("p.md", "\n  ***\n", vec![missing]));
        let region = &run["results"][0]["locations"][0]["physicalLocation"]["region"];
        assert_eq!((&region["startLine"], &region["startColumn"], &region["endColumn"]), (&json!(2), &json!(3), &json!(6)));
    }

    proptest! {
        #[test]
        fn nothing_breaks_out_of_sarif(linted in sample::hostile()) {
            let text = sample::hostile_report(Format::Sarif, &linted);
            sample::harmless(&text)?;
            let report: Value = serde_json::from_str(&text).unwrap();
            let results = report["runs"][0]["results"].as_array().unwrap();
            prop_assert_eq!(results.len(), linted.judged.judgements.len());
            for result in results {
                let uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].as_str().unwrap();
                prop_assert!(uri.bytes().all(|byte| byte.is_ascii_graphic()) && !uri.contains(['"', '<', '\\']), "{}", uri);
                prop_assert!(!result["message"]["text"].as_str().unwrap().contains("]("));
            }
        }
    }
}
