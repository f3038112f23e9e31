//! How often a rule errs, as measured on labelled policies, and how sure that is. The figures are data beside the rules
//! (`measured.yaml`); they hold for the rule as it was when they were taken, which a fingerprint tells.

use super::super::verdict::Verdict;
use super::digest::digest;
use super::schema::{self, Counts, Errors, PackFile, Written, WrittenMeasurements};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// Below this many policies a share says nothing.
const FEW: usize = 10;

/// What is known of a rule's errors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Measured {
    /// How many policies were labelled.
    pub policies: usize,
    /// How many of them nobody looked at who wrote rules.
    pub held_out_policies: usize,
    /// On all of them.
    pub all: Errors,
    /// On those that were held out.
    pub held_out: Errors,
}

impl Measured {
    /// Where the rule often gives a verdict that is not deserved: how often it is. The policies that were held out speak first.
    pub fn poor(&self, verdict: Verdict) -> Option<Share> {
        let precision = |errors: &Errors| match verdict {
            Verdict::Missing => Some(errors.missing.precision()),
            Verdict::Weak => Some(errors.weak.precision()),
            _ => None,
        };
        [(&self.held_out, FEW / 2), (&self.all, FEW)]
            .into_iter()
            .filter_map(|(errors, enough)| precision(errors).filter(|share| share.of >= enough))
            .find(|share| share.part * 5 < share.of * 4)
    }
}

/// A share of some policies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share {
    /// How many.
    pub part: usize,
    /// Of how many.
    pub of: usize,
}

impl Counts {
    /// Of the policies that got the verdict, those that deserve it.
    pub fn precision(self) -> Share {
        Share { part: self.right, of: self.right + self.wrong }
    }

    /// Of the policies that deserve the verdict, those that got it.
    pub fn recall(self) -> Share {
        Share { part: self.right, of: self.right + self.overlooked }
    }
}

#[allow(clippy::cast_precision_loss)] // a few dozen policies
impl Share {
    /// The share, if it is of enough policies to mean anything.
    pub fn value(self) -> Option<f64> {
        (self.of >= FEW).then(|| self.part as f64 / self.of as f64)
    }

    /// The 95% interval of E. B. Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22 (1927).
    pub fn interval(self) -> (f64, f64) {
        const Z: f64 = 1.96;
        let (of, share) = (self.of.max(1) as f64, self.part as f64 / self.of.max(1) as f64);
        let middle = share + Z * Z / (2.0 * of);
        let reach = Z * (share * (1.0 - share) / of + Z * Z / (4.0 * of * of)).sqrt();
        let whole = 1.0 + Z * Z / of;
        (((middle - reach) / whole).max(0.0), ((middle + reach) / whole).min(1.0))
    }

    /// "0.95 (0.77-0.99, 20 policies)", or "too few (4 policies)".
    pub fn text(self) -> String {
        let policies = if self.of == 1 { "policy" } else { "policies" };
        match self.value() {
            None => format!("too few ({} {policies})", self.of),
            Some(value) => {
                let (low, high) = self.interval();
                format!("{value:.2} ({low:.2}-{high:.2}, {} {policies})", self.of)
            }
        }
    }
}

/// What was measured of a rule, unless it was changed since.
pub fn of(measurements: &WrittenMeasurements, id: &str, fingerprints: &Fingerprints) -> Option<Measured> {
    let measured = measurements.rules.get(id)?;
    (fingerprints.of(id)? == measured.of).then_some(Measured {
        policies: measurements.policies,
        held_out_policies: measurements.held_out,
        all: measured.all,
        held_out: measured.held_out,
    })
}

/// Tells rules as they are from what they were.
#[derive(Debug)]
pub struct Fingerprints<'a> {
    files: &'a [PackFile],
    /// The phrases of the vocabulary's terms.
    terms: BTreeMap<String, String>,
    /// The text of facts.
    facts: BTreeMap<String, String>,
}

impl<'a> Fingerprints<'a> {
    /// Looks through the files of packs, vocabulary and facts.
    pub fn new(files: &'a [PackFile]) -> Self {
        let (mut terms, mut facts) = (BTreeMap::new(), BTreeMap::new());
        for file in files {
            match schema::read(file, &mut Vec::new()) {
                Some(Written::Vocabulary(vocabulary)) => {
                    terms.extend(vocabulary.terms.into_iter().map(|(name, phrases)| (name, phrases.items.join("\n"))));
                }
                Some(Written::Fact(fact)) => {
                    facts.insert(fact.fact, without_examples(&file.text));
                }
                _ => {}
            }
        }
        Self { files, terms, facts }
    }

    /// What a rule's verdicts come from, as 16 hexadecimal digits: its own file without the examples, every term of the vocabulary
    /// that it asks for, and the facts that it hangs on with theirs. None where no file has the rule.
    pub fn of(&self, id: &str) -> Option<String> {
        let file = self.files.iter().find(|file| file.path.trim_end_matches(".yaml").trim_end_matches(".yml") == id)?;
        let rule = without_examples(&file.text);
        let mut seen = BTreeSet::new();
        let mut whole = rule.clone();
        let mut open = vec![rule];
        while let Some(text) = open.pop() {
            let asked = text.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| (name, self.terms.get(name)));
            let words = text.split(|character: char| !character.is_alphanumeric() && character != '-');
            for (name, found) in asked.chain(words.map(|word| (word, self.facts.get(word)))) {
                if let Some(found) = found.filter(|_| seen.insert(name.to_owned())) {
                    let _ = write!(whole, "\n{name}: {found}");
                    open.push(found.clone());
                }
            }
        }
        Some(digest(&whole))
    }
}

/// A file's YAML without its examples, comments and blank lines: what decides.
fn without_examples(text: &str) -> String {
    let mut examples = false;
    let mut kept = String::new();
    for line in text.lines() {
        let line = line.trim_end();
        if !line.starts_with([' ', '-', '#']) && !line.is_empty() {
            examples = line.starts_with("examples:");
        }
        if !examples && !line.is_empty() && !line.trim_start().starts_with('#') {
            kept.push_str(line);
            kept.push('\n');
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(rule: &str, vocabulary: &str, fact: &str) -> Vec<PackFile> {
        [("mail/opt-out.yaml", rule), ("vocabulary/core.yaml", vocabulary), ("facts/sends-mail.yaml", fact)]
            .map(|(path, text)| PackFile { path: path.to_owned(), text: text.to_owned() })
            .to_vec()
    }

    #[test]
    fn a_fingerprint_changes_with_what_decides_and_with_nothing_else() {
        let rule = "id: mail/opt-out\napplies: sends-mail\nsatisfied:\n  - say: \"{stop} mail\"\nexamples:\n  missing: [We sell.]\nhelp: Say how.\n";
        let vocabulary = "terms:\n  stop: [\"{end}\", cease]\n  end: [quit]\n  other: [tea]\n";
        let fact = "fact: sends-mail\nasks: Does it?\ndefault: false\ntrue:\n  - say: newsletter\nexamples:\n  true: [A newsletter.]\n";
        let of = |rule: &str, vocabulary: &str, fact: &str| Fingerprints::new(&files(rule, vocabulary, fact)).of("mail/opt-out").unwrap();
        let one = of(rule, vocabulary, fact);
        assert_eq!(one.len(), 16);
        assert_eq!(one, of(&rule.replace("We sell", "We buy"), vocabulary, fact));
        assert_eq!(one, of(&format!("# A note\n\n{rule}"), &vocabulary.replace("tea", "coffee"), fact));
        assert_ne!(one, of(&rule.replace("mail\"", "letters\""), vocabulary, fact));
        assert_ne!(one, of(&rule.replace("Say how", "Say when"), vocabulary, fact));
        assert_ne!(one, of(rule, &vocabulary.replace("quit", "leave"), fact));
        assert_ne!(one, of(rule, vocabulary, &fact.replace("newsletter", "bulletin")));
        assert_eq!(Fingerprints::new(&files(rule, vocabulary, fact)).of("mail/other"), None);
    }

    #[test]
    fn a_rule_is_poor_where_a_fifth_of_its_verdicts_are_not_deserved() {
        let counts = |right, wrong| Counts { right, wrong, overlooked: 50 };
        let measured = |all, held_out| Measured {
            policies: 56,
            held_out_policies: 19,
            all: Errors { missing: all, weak: Counts::default() },
            held_out: Errors { missing: held_out, weak: Counts::default() },
        };
        assert_eq!(measured(counts(40, 2), counts(12, 2)).poor(Verdict::Missing), None);
        assert_eq!(measured(counts(40, 2), counts(3, 2)).poor(Verdict::Missing), Some(Share { part: 3, of: 5 }));
        assert_eq!(measured(counts(40, 2), counts(2, 2)).poor(Verdict::Missing), None, "four policies are too few");
        assert_eq!(measured(counts(7, 3), counts(1, 0)).poor(Verdict::Missing), Some(Share { part: 7, of: 10 }));
        assert_eq!(measured(counts(7, 3), counts(1, 0)).poor(Verdict::Weak), None);
    }

    #[test]
    fn a_share_of_few_policies_is_no_figure() {
        assert_eq!(Share { part: 4, of: 9 }.text(), "too few (9 policies)");
        assert_eq!(Share { part: 1, of: 1 }.text(), "too few (1 policy)");
        // Wilson's interval for 19 of 20, from its formula by hand.
        assert_eq!(Share { part: 19, of: 20 }.text(), "0.95 (0.76-0.99, 20 policies)");
        assert_eq!(Share { part: 10, of: 10 }.text(), "1.00 (0.72-1.00, 10 policies)");
    }
}
