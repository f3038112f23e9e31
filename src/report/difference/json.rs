//! For programs: version 1 of its own contract. A requirement of either version has the shape that it has in the report of `check`.

use super::DifferenceTally;
use crate::diff::{Change, Difference, Side};
use crate::lint::Linted;
use crate::report::escape;
use crate::report::json::{TOOL, evidence, outcome};
use crate::rule::Packs;
use crate::verdict::FactValue;
use serde_json::{Map, Value, json};

/// The version of the contract.
const VERSION: u32 = 1;

/// What stands before the first policy.
pub(super) fn begin() -> String {
    format!("{{\"schema_version\":{VERSION},\"tool\":{},\"differences\":[\n", escape::json(&TOOL))
}

/// A policy, in one line.
pub(super) fn difference(packs: &Packs, difference: &Difference<'_>) -> String {
    let version = |linted: Option<&Linted>| linted.map(|linted| json!({ "path": linted.policy.name() }));
    let fact = |value: &FactValue, linted: Option<&Linted>| {
        let passages = linted.map(|linted| evidence(&linted.policy, &value.evidence));
        json!({ "value": value.value, "source": value.source.as_str(), "evidence": passages.unwrap_or_default() })
    };
    let facts: Vec<Value> = (difference.facts.iter())
        .map(|change| {
            json!({
                "fact": packs.facts[change.new.fact].name,
                "old": fact(change.old, difference.old),
                "new": fact(change.new, difference.new),
            })
        })
        .collect();
    let side = |side: Option<Side<'_>>, linted: Option<&Linted>| {
        side.zip(linted).map(|(side, linted)| json!(outcome(packs, &linted.policy, side.judgement)))
    };
    let requirements: Vec<Value> = (difference.requirements.iter())
        .map(|compared| {
            json!({
                "rule": packs.rules[compared.rule].id,
                "change": compared.change.as_str(),
                "counts": compared.counts(),
                "old": side(compared.old, difference.old),
                "new": side(compared.new, difference.new),
            })
        })
        .collect();
    let written_difference = json!({
        "old": version(difference.old), "new": version(difference.new), "facts": facts, "requirements": requirements,
    });
    escape::json(&written_difference) + "\n"
}

/// What stands after the last policy.
pub(super) fn end(tally: &DifferenceTally) -> String {
    let changes: Map<String, Value> =
        Change::ALL.into_iter().map(|change| (change.as_str().to_owned(), tally.changed(change).into())).collect();
    let summary = json!({ "policies": tally.policies, "counting": tally.counting, "changes": changes });
    format!("],\"summary\":{}}}\n", escape::json(&summary))
}
