//! For programs: version 1 of the JSON contract, as one document or as lines. Its types are its own and frozen: a domain type may change,
//! this may not. Their schema is `schemas/clauselint-output.schema.json`, pinned by a test.

use super::tally::{Counts, Tally};
use super::{Reporter, escape};
use crate::lint::{Linted, PassedOver};
use crate::policy;
use crate::rule::Packs;
use crate::source;
use crate::verdict::{self, Excuse, Judgement, Severity};
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

/// The version of the contract.
const VERSION: u32 = 1;

/// What `check --format json-lines` writes: a line of each kind that follows, one `run` first, one `summary` last.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
#[cfg_attr(test, derive(schemars::JsonSchema))]
enum Line<'a> {
    /// Who speaks.
    Run {
        /// The version of this contract.
        schema_version: u32,
        tool: Tool,
    },
    /// A policy.
    Policy(Policy<'a>),
    /// The counts of the run.
    Summary(Summary<'a>),
}

/// The program that wrote this.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct Tool {
    name: &'static str,
    version: &'static str,
}

pub(super) const TOOL: Tool = Tool { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") };

/// A policy that was linted.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Policy<'a> {
    /// The file, or the first of several.
    path: &'a str,
    /// What is known of the policy, by the name of the fact.
    facts: Map<&'a str, Fact<'a>>,
    /// Every requirement that was asked for, whatever its verdict.
    results: Vec<Outcome<'a>>,
    /// Things to say that are no verdicts: a waiver that waives nothing, say.
    notices: Vec<Notice<'a>>,
}

/// A fact about a policy, on which it hangs which requirements apply.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Fact<'a> {
    value: bool,
    /// Who says so.
    #[cfg_attr(test, schemars(extend("enum" = ["policy", "config", "default"])))]
    source: &'static str,
    /// The passages that showed it.
    evidence: Vec<Evidence<'a>>,
}

/// The verdict on a requirement.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct Outcome<'a> {
    /// The requirement's id: `can-spam/opt-out-deadline`.
    rule: &'a str,
    #[cfg_attr(test, schemars(extend("enum" = ["satisfied", "weak", "contradicted", "missing", "not-applicable"])))]
    verdict: &'static str,
    /// How much a build should mind; null where the verdict is no finding.
    #[cfg_attr(test, schemars(extend("enum" = ["error", "warning", "note", null])))]
    severity: Option<&'static str>,
    /// How far the verdict can be trusted.
    #[cfg_attr(test, schemars(extend("enum" = ["high", "medium", "low"])))]
    confidence: &'static str,
    /// What speaks against trusting it, a clause each.
    doubts: &'a [String],
    /// One sentence: what is not stated, what is vague, or what is stated.
    message: &'a str,
    /// What would mend a finding.
    help: &'a str,
    /// The fact behind not-applicable.
    because: Option<&'a str>,
    /// The passages that decided, the most telling first.
    evidence: Vec<Evidence<'a>>,
    /// Where a missing statement belongs.
    place: Option<Place<'a>>,
    /// Set where the project has accepted the finding, which then does not count.
    waiver: Option<Waiver<'a>>,
    /// Stands the finding in the baseline? Then it does not count.
    baseline: bool,
    /// The day from which the requirement is in force, where that is still to come; until then a finding does not count.
    in_force: Option<&'a str>,
    /// Tells a finding from every other one of the policy, and survives moved and reflowed text.
    fingerprint: Option<&'a str>,
}

/// A passage that decided something.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct Evidence<'a> {
    /// What the passage does.
    #[cfg_attr(test, schemars(extend("enum" = ["satisfies", "weakens", "contradicts", "near-miss", "trigger"])))]
    role: &'static str,
    /// The passage as it stands in the file.
    text: &'a str,
    span: Span,
    /// The file, where it is not the policy's first.
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<&'a str>,
}

/// Where a missing statement belongs.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Place<'a> {
    /// How the place was found: the passage that came closest, a heading, a passage that speaks of the matter, or but the title.
    #[cfg_attr(test, schemars(extend("enum" = ["near-miss", "heading", "trigger", "title"])))]
    kind: &'static str,
    span: Span,
    /// The file, where it is not the policy's first.
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<&'a str>,
}

/// A finding that the project has accepted.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Waiver<'a> {
    reason: &'a str,
    /// The last day on which it holds.
    until: Option<&'a str>,
}

/// Something to say of a policy that is no verdict.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Notice<'a> {
    message: &'a str,
    /// What would mend it.
    help: &'a str,
    /// Where, in the policy; what stands elsewhere names its place in the message.
    span: Option<Span>,
    /// The file, where it is not the policy's first.
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<&'a str>,
}

/// A stretch of a file. Lines and columns are counted from 1, columns in Unicode characters.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Span {
    /// The first byte in the file as it lies on disk.
    start: u64,
    /// The byte behind the last.
    end: u64,
    line: usize,
    column: usize,
    end_line: usize,
    /// The column behind the last character.
    end_column: usize,
}

/// The counts of a run.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Summary<'a> {
    /// How many policies were linted.
    policies: usize,
    /// How many files were not, by the reason.
    passed_over: Map<&'static str, usize>,
    /// How often each verdict was given.
    requirements: Numbers,
    /// The same, pack by pack.
    packs: Map<&'a str, Numbers>,
    findings: Findings,
    /// The same as `requirements`, requirement by requirement, under `--statistics`.
    #[serde(skip_serializing_if = "Option::is_none")]
    statistics: Option<Map<&'a str, Numbers>>,
}

/// How often each verdict was given.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Numbers {
    satisfied: usize,
    weak: usize,
    contradicted: usize,
    missing: usize,
    not_applicable: usize,
}

/// How many findings count, by severity (a notice counts as a warning), and how many do not.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Findings {
    error: usize,
    warning: usize,
    note: usize,
    waived: usize,
    baseline: usize,
    /// The requirement is not in force yet.
    announced: usize,
}

/// Pairs, written as an object in their order.
struct Map<K, V>(Vec<(K, V)>);

impl<K: Serialize, V: Serialize> Serialize for Map<K, V> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (key, value) in &self.0 {
            map.serialize_entry(key, value)?;
        }
        map.end()
    }
}

#[cfg(test)]
impl<K, V: schemars::JsonSchema> schemars::JsonSchema for Map<K, V> {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        format!("MapOf{}", V::schema_name()).into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        std::collections::BTreeMap::<String, V>::json_schema(generator)
    }

    fn inline_schema() -> bool {
        true
    }
}

/// What stands before the first policy.
pub(super) fn begin() -> String {
    format!("{{\"schema_version\":{VERSION},\"tool\":{},\"policies\":[\n", escape::json(&TOOL))
}

/// A policy, in one line.
pub(super) fn policy(packs: &Packs, linted: &Linted) -> String {
    escape::json(&written(packs, linted)) + "\n"
}

/// What stands after the last policy.
pub(super) fn end(reporter: &Reporter<'_>, tally: &Tally) -> String {
    format!("],\"summary\":{}}}\n", escape::json(&summary(reporter, tally)))
}

/// The line before the first policy.
pub(super) fn first_line() -> String {
    escape::json(&Line::Run { schema_version: VERSION, tool: TOOL }) + "\n"
}

/// A policy as a line.
pub(super) fn line(packs: &Packs, linted: &Linted) -> String {
    escape::json(&Line::Policy(written(packs, linted))) + "\n"
}

/// The line after the last policy.
pub(super) fn last_line(reporter: &Reporter<'_>, tally: &Tally) -> String {
    escape::json(&Line::Summary(summary(reporter, tally))) + "\n"
}

fn written<'a>(packs: &'a Packs, linted: &'a Linted) -> Policy<'a> {
    let policy = &linted.policy;
    let facts = (linted.judged.facts.iter()).map(|fact| {
        let value = Fact { value: fact.value, source: fact.source.as_str(), evidence: evidence(policy, &fact.evidence) };
        (packs.facts[fact.fact].name.as_str(), value)
    });
    let results = linted.judged.judgements.iter().map(|judgement| outcome(packs, policy, judgement));
    let notices = linted.notices.iter().map(|notice| Notice {
        message: &notice.message,
        help: &notice.help,
        span: notice.span.map(|place| span(policy, place)),
        path: notice.span.and_then(|span| path(policy, span)),
    });
    Policy { path: policy.name(), facts: Map(facts.collect()), results: results.collect(), notices: notices.collect() }
}

fn summary<'a>(reporter: &Reporter<'a>, tally: &Tally) -> Summary<'a> {
    let packs = reporter.packs;
    let passed_over = PassedOver::ALL.iter().map(|why| why.as_str()).zip(tally.passed_over);
    let rules = packs.rules.iter().enumerate().map(|(at, rule)| (rule.id.as_str(), tally.rule(at)));
    let [waived, baseline, announced] = tally.excused;
    Summary {
        policies: tally.policies,
        passed_over: Map(passed_over.collect()),
        requirements: counts(tally.total()),
        packs: Map(tally.packs(packs).map(|(pack, of)| (pack.name.as_str(), counts(of))).collect()),
        findings: Findings {
            error: tally.findings(Severity::Error),
            warning: tally.findings(Severity::Warning),
            note: tally.findings(Severity::Note),
            waived,
            baseline,
            announced,
        },
        statistics: (reporter.view.statistics).then(|| {
            let judged = rules.filter(|(_, of)| of.iter().any(|count| *count > 0));
            Map(judged.map(|(id, of)| (id, counts(of))).collect())
        }),
    }
}

fn counts([satisfied, weak, contradicted, missing, not_applicable]: Counts) -> Numbers {
    Numbers { satisfied, weak, contradicted, missing, not_applicable }
}

/// A requirement with its verdict.
pub(super) fn outcome<'a>(packs: &'a Packs, policy: &'a policy::Policy, judgement: &'a Judgement) -> Outcome<'a> {
    let rule = &packs.rules[judgement.rule];
    Outcome {
        rule: &rule.id,
        verdict: judgement.verdict.as_str(),
        severity: judgement.severity.map(verdict::Severity::as_str),
        confidence: judgement.confidence.as_str(),
        doubts: &judgement.doubts,
        message: &judgement.message,
        help: &rule.help,
        because: judgement.because.as_deref(),
        evidence: evidence(policy, &judgement.evidence),
        place: judgement.place.map(|place| Place {
            kind: place.kind.as_str(),
            span: span(policy, place.span),
            path: path(policy, place.span),
        }),
        waiver: match &judgement.excuse {
            Some(Excuse::Waived(waiver)) => Some(Waiver { reason: &waiver.reason, until: waiver.until.as_deref() }),
            _ => None,
        },
        baseline: judgement.excuse == Some(Excuse::Known),
        in_force: match &judgement.excuse {
            Some(Excuse::Announced(day)) => Some(day),
            _ => None,
        },
        fingerprint: Some(judgement.fingerprint.as_str()).filter(|fingerprint| !fingerprint.is_empty()),
    }
}

/// Passages with their places.
pub(super) fn evidence<'a>(policy: &'a policy::Policy, evidence: &[verdict::Evidence]) -> Vec<Evidence<'a>> {
    let one = |evidence: &verdict::Evidence| Evidence {
        role: evidence.role.as_str(),
        text: policy.at(evidence.span).text(),
        span: span(policy, evidence.span),
        path: path(policy, evidence.span),
    };
    evidence.iter().map(one).collect()
}

fn span(policy: &policy::Policy, span: source::Span) -> Span {
    let site = policy.at(span);
    let ((line, column), (end_line, end_column), (start, end)) = (site.start(), site.end(), site.disk());
    Span { start, end, line, column, end_line, end_column }
}

/// The name of a span's file, where it is not the policy's own.
fn path(policy: &policy::Policy, span: source::Span) -> Option<&str> {
    Some(policy.at(span).name()).filter(|name| *name != policy.name())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{Format, sample};
    use proptest::prelude::*;
    use serde_json::{Value, json};
    use std::path::Path;

    /// What `check --format json` writes.
    // It is written in parts: nothing but the schema needs the whole.
    #[derive(schemars::JsonSchema)]
    #[allow(dead_code)]
    struct Output<'a> {
        /// The version of this contract.
        #[schemars(extend("const" = VERSION))]
        schema_version: u32,
        tool: Tool,
        policies: Vec<Policy<'a>>,
        summary: Summary<'a>,
    }

    #[test]
    fn the_published_schema_is_that_of_the_types() {
        let settings = schemars::generate::SchemaSettings::draft2020_12().for_serialize();
        let mut schema = settings.into_generator().into_root_schema_for::<Output<'_>>();
        schema.insert("title".to_owned(), format!("The JSON output of clauselint, version {VERSION}").into());
        let schema = serde_json::to_string_pretty(&schema).unwrap() + "\n";
        let place = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas/clauselint-output.schema.json");
        if std::env::var_os("UPDATE_EXPECTED").is_some() {
            std::fs::write(&place, &schema).unwrap();
        }
        assert_eq!(std::fs::read_to_string(&place).unwrap(), schema, "UPDATE_EXPECTED=1 writes it anew");
    }

    #[test]
    fn lines_are_a_run_its_policies_and_a_summary() {
        let text = sample::report(Format::JsonLines, &sample::linted());
        let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let types: Vec<_> = lines.iter().map(|line| line["type"].as_str().unwrap()).collect();
        assert_eq!(types, ["run", "policy", "summary"]);
        assert_eq!(lines[0]["schema_version"], 1);
        assert_eq!(lines[1]["results"].as_array().unwrap().len(), 3);
        assert_eq!(lines[2]["findings"]["error"], 1);
    }

    proptest! {
        #[test]
        fn nothing_breaks_out_of_json(linted in sample::hostile()) {
            let text = sample::hostile_report(Format::Json, &linted);
            sample::harmless(&text)?;
            let report: Value = serde_json::from_str(&text).unwrap();
            prop_assert_eq!(report["policies"][0]["path"].as_str().unwrap(), linted.policy.name());
            let lines = sample::hostile_report(Format::JsonLines, &linted);
            sample::harmless(&lines)?;
            prop_assert_eq!(lines.lines().count(), 3);
            let line: Value = serde_json::from_str(lines.lines().nth(1).unwrap()).unwrap();
            prop_assert_eq!(&line["results"], &report["policies"][0]["results"]);
        }
    }

    #[test]
    fn the_contract_is_kept() {
        let packs = sample::packs();
        let linted = sample::linted();
        let reporter = sample::reporter(&packs, Format::Json, false);
        let mut tally = Tally::default();
        tally.add(&linted.judged);
        tally.pass_over(PassedOver::Binary);
        let text = begin() + &policy(&packs, &linted) + &end(&reporter, &tally);
        let value: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(value["schema_version"], 1);
        assert_eq!(value["tool"], json!({"name": "clauselint", "version": env!("CARGO_PKG_VERSION")}));
        let policy = &value["policies"][0];
        assert_eq!(policy["path"], "docs/privacy.md");
        assert_eq!(policy["facts"]["sends-mail"]["source"], "policy");
        let contact = json!({"start": 86, "end": 124, "line": 5, "column": 1, "end_line": 5, "end_column": 39});
        assert_eq!(
            policy["results"][1],
            json!({
                "rule": "mail/opt-out-way", "verdict": "missing", "severity": "error", "confidence": "high",
                "doubts": [], "message": "Nothing says how to opt out.", "help": "State a limit of 10 business days or less.", "because": null,
                "evidence": [{"role": "near-miss", "text": "Write to hello@wren-and-larch.example.", "span": contact}],
                "place": {"kind": "near-miss", "span": contact}, "waiver": null, "baseline": false, "in_force": null, "fingerprint": null,
            })
        );
        assert_eq!(policy["results"][2]["severity"], json!(null));
        assert_eq!(
            value["summary"],
            json!({
                "policies": 1,
                "passed_over": {"not-a-policy": 0, "other-language": 0, "unreadable": 0, "too-large": 0, "binary": 1, "empty": 0, "excluded": 0},
                "requirements": {"satisfied": 1, "weak": 1, "contradicted": 0, "missing": 1, "not-applicable": 0},
                "packs": {
                    "mail": {"satisfied": 0, "weak": 1, "contradicted": 0, "missing": 1, "not-applicable": 0},
                    "notice": {"satisfied": 1, "weak": 0, "contradicted": 0, "missing": 0, "not-applicable": 0},
                },
                "findings": {"error": 1, "warning": 0, "note": 1, "waived": 0, "baseline": 0, "announced": 0},
            })
        );
    }
}
