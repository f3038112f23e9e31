//! Which requirements a run asks for. A selector is the name of a pack, the id of a rule, the beginning of ids, or a citation or its
//! beginning ("16 CFR 312.4"); one that names nothing is a mistake, and the answer says what was probably meant.

use crate::rule::Packs;
use crate::rule::nearest::nearest;

/// A selector, rule or fact that no pack knows.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no {kind} is called \"{name}\"{}", suggestion(.nearest.as_deref()))]
pub struct Unknown {
    /// "rule", "fact", ...
    pub kind: &'static str,
    /// What was asked for.
    pub name: String,
    /// What was probably meant.
    pub nearest: Option<String>,
}

impl Unknown {
    /// A name that is none of the candidates.
    pub fn new<'a>(kind: &'static str, name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Self {
        Self { kind, name: name.to_owned(), nearest: nearest(name, candidates).map(str::to_owned) }
    }
}

fn suggestion(nearest: Option<&str>) -> String {
    nearest.map_or_else(String::new, |name| format!("; did you mean \"{name}\"?"))
}

/// For each rule of the packs: is it asked for? Without `select`, all are; `ignore` wins.
pub fn select(packs: &Packs, select: &[String], ignore: &[String]) -> Result<Vec<bool>, Unknown> {
    let chosen = matches(packs, select)?;
    let ignored = matches(packs, ignore)?;
    Ok(chosen.iter().zip(ignored).map(|(chosen, ignored)| (*chosen || select.is_empty()) && !ignored).collect())
}

/// Does a citation name the law of a selector, among others? "16 CFR 312.2, 312.3" names two sections; "312.4" is no part of "312.40".
fn cited(cite: &str, selector: &str) -> bool {
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    let selector = words(selector);
    let begins = |law: &str| {
        let rest = law.strip_prefix(selector.as_str());
        rest.is_some_and(|rest| !rest.starts_with(|next: char| next.is_alphanumeric()))
    };
    selector.len() > 2
        && cite.split(';').any(|laws| {
            let laws = words(laws);
            // What a section that follows a comma belongs to: "16 cfr ".
            let code = laws.match_indices(' ').nth(1).map_or("", |(end, _)| &laws[..=end]);
            let sections = laws.split(", ").skip(1).filter(|section| section.starts_with(|first: char| first.is_ascii_digit()));
            begins(&laws) || sections.map(|section| format!("{code}{section}")).any(|law| begins(&law))
        })
}

fn matches(packs: &Packs, selectors: &[String]) -> Result<Vec<bool>, Unknown> {
    let mut chosen = vec![false; packs.rules.len()];
    for selector in selectors {
        let pack = packs.packs.iter().position(|pack| pack.name == *selector);
        // A whole id means that rule, not also those whose ids are longer.
        let whole = packs.rule(selector).is_some();
        let mut known = pack.is_some();
        for (chosen, rule) in chosen.iter_mut().zip(&packs.rules) {
            let asked = match pack {
                Some(pack) => rule.pack == pack,
                None if whole => rule.id == *selector,
                None => !selector.is_empty() && rule.id.starts_with(selector.as_str()) || cited(&rule.cite, selector),
            };
            known |= asked;
            *chosen |= asked;
        }
        if !known {
            let names = packs.packs.iter().map(|pack| pack.name.as_str());
            return Err(Unknown::new("pack or rule", selector, names.chain(packs.rules.iter().map(|rule| rule.id.as_str()))));
        }
    }
    Ok(chosen)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    fn strings(words: &[&str]) -> Vec<String> {
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    #[test]
    fn selectors_are_packs_ids_and_prefixes() {
        let packs = sample::packs();
        let all = |chosen: &[&str], ignored: &[&str]| select(&packs, &strings(chosen), &strings(ignored)).unwrap();
        assert_eq!(all(&[], &[]), [true, true, true]);
        assert_eq!(all(&["mail"], &[]), [true, true, false]);
        assert_eq!(all(&["mail/opt-out-w"], &[]), [false, true, false]);
        assert_eq!(all(&[], &["mail/opt-out-deadline"]), [false, true, true]);
        assert_eq!(all(&["mail"], &["mail"]), [false, false, false]);
    }

    #[test]
    fn an_unknown_selector_says_what_was_meant() {
        let unknown = select(&sample::packs(), &strings(&["mail/opt-out-dedline"]), &[]).unwrap_err();
        assert_eq!(unknown.to_string(), "no pack or rule is called \"mail/opt-out-dedline\"; did you mean \"mail/opt-out-deadline\"?");
        let unknown = select(&sample::packs(), &[], &strings(&["quite-something-else"])).unwrap_err();
        assert_eq!(unknown.to_string(), "no pack or rule is called \"quite-something-else\"");
        assert!(select(&sample::packs(), &strings(&[""]), &[]).is_err());
    }

    #[test]
    fn a_citation_selects_the_rules_of_a_law() {
        let mut packs = sample::packs();
        packs.rules[1].cite = "15 U.S.C. 7704(a); 16 CFR 1.20".to_owned();
        packs.rules[2].cite = "16 CFR 1.1, 1.2(b)(1)".to_owned();
        let all = |selector: &str| select(&packs, &strings(&[selector]), &[]).ok();
        assert_eq!(all("16 cfr  1.2"), Some(vec![false, false, true]));
        assert_eq!(all("16 CFR 1.20"), Some(vec![false, true, false]));
        assert_eq!(all("16 CFR 1.1"), Some(vec![true, false, true]));
        assert_eq!(all("16 CFR"), Some(vec![true, true, true]));
        assert_eq!(all("15 U.S.C. 7704(a)"), Some(vec![false, true, false]));
        assert_eq!(all("17 CFR"), None);
    }

    #[test]
    fn a_whole_id_is_that_rule_alone() {
        let mut packs = sample::packs();
        packs.rules[1].id = format!("{}-and-more", packs.rules[0].id);
        let id = packs.rules[0].id.clone();
        assert_eq!(select(&packs, &[id], &[]).unwrap(), [true, false, false]);
    }
}
