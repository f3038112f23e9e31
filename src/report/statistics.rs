//! Counts of the verdicts by requirement and pack, as a table.

use super::tally::{Counts, Tally};
use crate::rule::Packs;
use crate::verdict::Verdict;
use std::fmt::Write as _;

/// The table: the rules of a pack, then the pack, at last all packs.
pub(super) fn table(packs: &Packs, tally: &Tally) -> String {
    let mut rows: Vec<(&str, Counts)> = Vec::new();
    for (pack, counts) in tally.packs(packs) {
        let rules = packs.rules.iter().enumerate().skip(pack.rules.start).take(pack.rules.len());
        let judged = rules.map(|(at, rule)| (rule.id.as_str(), tally.rule(at)));
        rows.extend(judged.filter(|(_, counts)| counts.iter().any(|count| *count > 0)));
        rows.push((&pack.name, counts));
    }
    rows.push(("all", tally.total()));
    let width = rows.iter().map(|(name, _)| name.len()).max().unwrap_or_default().max("requirement".len());
    let mut text = format!("{:width$}", "requirement");
    for verdict in Verdict::ALL {
        let _ = write!(text, "  {}", verdict.as_str());
    }
    for (name, counts) in rows {
        let _ = write!(text, "\n{name:width$}");
        for (verdict, count) in Verdict::ALL.iter().zip(counts) {
            let _ = write!(text, "  {count:>width$}", width = verdict.as_str().len());
        }
    }
    text + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn the_table_counts_by_requirement_and_pack() {
        let mut tally = Tally::default();
        tally.add(&sample::linted().judged);
        assert_eq!(
            table(&sample::packs(), &tally),
            "\
requirement            satisfied  weak  contradicted  missing  not-applicable
mail/opt-out-deadline          0     1             0        0               0
mail/opt-out-way               0     0             0        1               0
mail                           0     1             0        1               0
notice/contact                 1     0             0        0               0
notice                         1     0             0        0               0
all                            1     1             0        1               0
"
        );
    }
}
