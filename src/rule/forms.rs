//! Inflections: which spellings a phrase word stands for. A regular word is inflected in every way that English might; forms that do
//! not exist do no harm, because no text has them. What is irregular is data: `forms.yaml` in the vocabulary.

use std::collections::{BTreeMap, BTreeSet};

/// What the vocabulary says of single words.
#[derive(Clone, Debug, Default)]
pub struct Forms {
    /// Words that have one form: the, of, you.
    pub fixed: BTreeSet<String>,
    /// Forms that no rule yields, by base: sell: sold.
    pub irregular: BTreeMap<String, Vec<String>>,
    /// Other spellings of a base, inflected in their turn: honor: honour.
    pub variants: BTreeMap<String, Vec<String>>,
}

impl Forms {
    /// Every spelling of a phrase word given in its base form (an inflected form stands for itself only).
    pub fn of(&self, base: &str) -> BTreeSet<String> {
        let mut all = BTreeSet::from([base.to_owned()]);
        if self.fixed.contains(base) || !base.chars().all(|c| c.is_ascii_lowercase()) {
            return all;
        }
        let mut bases = vec![base.to_owned()];
        bases.extend(self.variants.get(base).into_iter().flatten().cloned());
        for spelling in bases {
            for base in american_and_british(&spelling) {
                inflect(&base, &mut all);
            }
            if let Some(irregular) = self.irregular.get(&spelling) {
                all.extend(irregular.iter().cloned());
            }
        }
        all
    }
}

/// organize and organise, organization and organisation; both are tried, whichever is written.
fn american_and_british(word: &str) -> Vec<String> {
    let mut spellings = vec![word.to_owned()];
    for (one, other) in [("iz", "is"), ("is", "iz"), ("yz", "ys"), ("ys", "yz")] {
        for ending in ["e", "ed", "es", "ing", "ation", "ations", "er", "ers"] {
            if let Some(stem) = word.strip_suffix(&format!("{one}{ending}"))
                && stem.len() > 2
            {
                spellings.push(format!("{stem}{other}{ending}"));
            }
        }
    }
    spellings
}

fn inflect(base: &str, all: &mut BTreeSet<String>) {
    let last = base.chars().next_back().unwrap_or(' ');
    let vowel = |c: char| matches!(c, 'a' | 'e' | 'i' | 'o' | 'u');
    let before = base.chars().rev().nth(1).unwrap_or(' ');
    all.insert(base.to_owned());
    all.insert(format!("{base}s"));
    if matches!(last, 's' | 'x' | 'z' | 'o') || base.ends_with("ch") || base.ends_with("sh") {
        all.insert(format!("{base}es"));
    }
    if last == 'y' && !vowel(before) {
        let stem = &base[..base.len() - 1];
        all.extend([format!("{stem}ies"), format!("{stem}ied"), format!("{base}ing")]);
        return;
    }
    if last == 'e' {
        let stem = &base[..base.len() - 1];
        all.extend([format!("{base}d"), format!("{stem}ing")]);
        // agreeing, seeing, being
        all.insert(format!("{base}ing"));
        return;
    }
    all.extend([format!("{base}ed"), format!("{base}ing")]);
    // stop, stopped; cancel, cancelled: doubling hangs on stress, which spelling does not show
    if !vowel(last) && vowel(before) && !matches!(last, 'w' | 'x' | 'y') {
        all.extend([format!("{base}{last}ed"), format!("{base}{last}ing")]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regular_words_take_every_ending() {
        let forms = Forms::default();
        for (base, form) in [
            ("collect", "collecting"),
            ("stop", "stopped"),
            ("policy", "policies"),
            ("use", "using"),
            ("unsubscribe", "unsubscribed"),
            ("address", "addresses"),
            ("organize", "organised"),
            ("agree", "agreeing"),
            ("organisation", "organizations"),
        ] {
            assert!(forms.of(base).contains(form), "{base}: {form}");
        }
    }

    #[test]
    fn words_take_no_other_endings() {
        let forms = |base: &str| Forms::default().of(base).into_iter().collect::<Vec<_>>().join(" ");
        assert_eq!(forms("stop"), "stop stoped stoping stopped stopping stops");
        assert_eq!(forms("show"), "show showed showing shows");
        assert_eq!(forms("collect"), "collect collected collecting collects");
        assert_eq!(forms("play"), "play played playing plays");
        assert_eq!(forms("copy"), "copied copies copy copying copys");
        assert_eq!(forms("use"), "use used useing uses using");
        assert_eq!(forms("pass"), "pass passed passes passing passs");
        assert_eq!(forms("wish"), "wish wished wishes wishing wishs");
        assert_eq!(forms("teach"), "teach teached teaches teaching teachs");
        assert_eq!(forms("veto"), "veto vetoed vetoes vetoing vetos");
        assert_eq!(forms("analyze"), "analyse analysed analyseing analyses analysing analyze analyzed analyzeing analyzes analyzing");
        assert_eq!(forms("wise"), "wise wised wiseing wises wising", "what is left of it is too short");
        assert_eq!(forms("e-mail"), "e-mail");
        assert_eq!(forms("13th"), "13th");
    }

    #[test]
    fn irregular_forms_and_variants_come_from_the_vocabulary() {
        let forms = Forms {
            fixed: BTreeSet::from(["the".to_owned()]),
            irregular: BTreeMap::from([("sell".to_owned(), vec!["sold".to_owned()])]),
            variants: BTreeMap::from([("honor".to_owned(), vec!["honour".to_owned()])]),
        };
        assert!(forms.of("sell").contains("sold"));
        assert!(forms.of("honor").contains("honoured"));
        assert_eq!(forms.of("the").len(), 1);
    }
}
