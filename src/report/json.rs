//! For programs: version 1 of the JSON contract. Its types are its own and frozen: a domain type may change, this may not.

use super::Reporter;
use super::tally::{Counts, Tally};
use crate::lint::{Linted, PassedOver};
use crate::policy;
use crate::rule::Packs;
use crate::source;
use crate::verdict::{self, Excuse, Judgement, Verdict};
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

/// The version of the contract.
const VERSION: u32 = 1;

#[derive(Serialize)]
struct Tool {
    name: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
struct Policy<'a> {
    path: &'a str,
    facts: Map<&'a str, Fact<'a>>,
    results: Vec<Outcome<'a>>,
    notices: Vec<Notice<'a>>,
}

#[derive(Serialize)]
struct Fact<'a> {
    value: bool,
    source: &'static str,
    evidence: Vec<Evidence<'a>>,
}

#[derive(Serialize)]
pub(super) struct Outcome<'a> {
    rule: &'a str,
    verdict: &'static str,
    severity: Option<&'static str>,
    confidence: &'static str,
    doubts: &'a [String],
    message: &'a str,
    help: &'a str,
    because: Option<&'a str>,
    evidence: Vec<Evidence<'a>>,
    place: Option<Place<'a>>,
    waiver: Option<Waiver<'a>>,
    /// Stands the finding in the baseline?
    baseline: bool,
    /// The day from which the requirement is in force, where that is still to come.
    in_force: Option<&'a str>,
    fingerprint: Option<&'a str>,
}

#[derive(Serialize)]
pub(super) struct Evidence<'a> {
    role: &'static str,
    text: &'a str,
    span: Span,
    /// The file, where it is not the policy's first.
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<&'a str>,
}

#[derive(Serialize)]
struct Place<'a> {
    kind: &'static str,
    span: Span,
    /// The file, where it is not the policy's first.
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<&'a str>,
}

#[derive(Serialize)]
struct Waiver<'a> {
    reason: &'a str,
    until: Option<&'a str>,
}

#[derive(Serialize)]
struct Notice<'a> {
    message: &'a str,
    help: &'a str,
    span: Option<Span>,
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<&'a str>,
}

#[derive(Serialize)]
struct Span {
    start: u64,
    end: u64,
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
}

#[derive(Serialize)]
struct Summary<'a> {
    policies: usize,
    passed_over: Map<&'static str, usize>,
    requirements: Numbers,
    packs: Map<&'a str, Numbers>,
    #[serde(skip_serializing_if = "Option::is_none")]
    statistics: Option<Map<&'a str, Numbers>>,
}

/// Pairs, written as an object in their order.
struct Map<K, V>(Vec<(K, V)>);

/// How often each verdict was given.
type Numbers = Map<&'static str, usize>;

impl<K: Serialize, V: Serialize> Serialize for Map<K, V> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (key, value) in &self.0 {
            map.serialize_entry(key, value)?;
        }
        map.end()
    }
}

/// Nothing here can fail to be written: keys are strings, and a string is no file.
pub(super) fn written(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

/// What stands before the first policy.
pub(super) fn begin() -> String {
    format!("{{\"schema_version\":{VERSION},\"tool\":{},\"policies\":[\n", written(&tool()))
}

/// Who wrote the report.
pub(super) fn tool() -> impl Serialize {
    Tool { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") }
}

/// A policy, in one line.
pub(super) fn policy(packs: &Packs, linted: &Linted) -> String {
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
    let written_policy =
        Policy { path: policy.name(), facts: Map(facts.collect()), results: results.collect(), notices: notices.collect() };
    written(&written_policy) + "\n"
}

/// What stands after the last policy.
pub(super) fn end(reporter: &Reporter<'_>, tally: &Tally) -> String {
    let packs = reporter.packs;
    let passed_over = PassedOver::ALL.iter().map(|why| why.as_str()).zip(tally.passed_over);
    let rules = packs.rules.iter().enumerate().map(|(at, rule)| (rule.id.as_str(), tally.rule(at)));
    let summary = Summary {
        policies: tally.policies,
        passed_over: Map(passed_over.collect()),
        requirements: counts(tally.total()),
        packs: Map(tally.packs(packs).map(|(pack, of)| (pack.name.as_str(), counts(of))).collect()),
        statistics: (reporter.view.statistics).then(|| {
            let judged = rules.filter(|(_, of)| of.iter().any(|count| *count > 0));
            Map(judged.map(|(id, of)| (id, counts(of))).collect())
        }),
    };
    format!("],\"summary\":{}}}\n", written(&summary))
}

fn counts(counts: Counts) -> Numbers {
    Map(Verdict::ALL.iter().map(|verdict| verdict.as_str()).zip(counts).collect())
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
    use serde_json::json;

    #[test]
    fn the_contract_is_kept() {
        let packs = sample::packs();
        let linted = sample::linted();
        let reporter = sample::reporter(&packs, Format::Json, false);
        let mut tally = Tally::default();
        tally.add(&linted.judged);
        tally.pass_over(PassedOver::Binary);
        let text = reporter.begin() + &reporter.policy(&linted) + &reporter.end(&tally);
        let value: serde_json::Value = serde_json::from_str(&text).unwrap();
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
            })
        );
    }
}
