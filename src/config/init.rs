//! The configuration that `init` writes: what there is to set, explained, with the facts that the policies show.

use crate::lint::Linted;
use crate::rule::Packs;
use crate::verdict::FactSource;
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// A commented configuration for some policies. A fact on which they agree is proposed with the passage that showed it, and stays
/// inferred until someone takes the mark of a comment away.
pub fn init(packs: &Packs, policies: &[Linted]) -> String {
    let mut text = "\
# What clauselint checks here, and how. `clauselint config show` prints what is in force, and from where.
# A line that begins with # is a proposal, not in force.

# Only these packs and requirements: names, ids, beginnings of ids, citations.
"
    .to_owned();
    let names: Vec<&str> = packs.packs.iter().map(|pack| pack.name.as_str()).collect();
    let _ = writeln!(text, "# select: [{}]", names.join(", "));
    text.push_str(
        "# ignore: []

# The least severity that fails: error, warning, note or never.
fail-on: error

# The severity of a requirement where it is not its own.
# severity:
#   fipps/retention: error

# Files that are passed over, with patterns as in .gitignore.
# exclude: [archive/]

# A policy in several files is linted as one.
# policies:
#   - files: [privacy.md, cookies.md]

# Findings that are accepted, each with its reason.
# waivers:
#   - rule: coppa/child-retention
#     until: 2027-01-31
#     reason: It stands in the notice to parents.

# Facts decide which requirements apply. These are inferred from the policies; declare one to be sure of it.
",
    );
    text.push_str(if policies.is_empty() { "# No policy was found here.\n# facts:\n" } else { "# facts:\n" });
    for (number, fact) in packs.facts.iter().enumerate() {
        let values: BTreeSet<bool> = policies.iter().map(|linted| linted.judged.facts[number].value).collect();
        let shown = policies.iter().find_map(|linted| {
            let fact = &linted.judged.facts[number];
            let evidence = fact.evidence.first().filter(|_| fact.source == FactSource::Policy)?;
            let site = linted.policy.at(evidence.span);
            Some(format!("{}:{}", crate::report::visible(site.name()), site.start().0))
        });
        let why = match (values.len(), shown) {
            (0, _) => fact.asks.clone(),
            (1, Some(place)) => format!("{place} shows it"),
            (1, None) => "nothing speaks for or against it".to_owned(),
            _ => "the policies differ: declare it for each, under policies or overrides".to_owned(),
        };
        let value = if values.len() > 1 { fact.default } else { values.first().copied().unwrap_or(fact.default) };
        let _ = writeln!(text, "#   {}: {value}    # {}", fact.name, why.lines().next().unwrap_or_default());
    }
    text
}
