//! What a misspelt name was probably meant to be.

/// The candidate that differs least from a word, if it is near enough to have been meant. A rule's id may be meant without its pack.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let near_enough = word.chars().count().div_ceil(3);
    candidates
        .into_iter()
        .map(|candidate| {
            let name = candidate.rsplit('/').next().unwrap_or(candidate);
            (distance(word, candidate).min(distance(word, name)), candidate)
        })
        .min_by_key(|(distance, _)| *distance)
        .filter(|(distance, _)| *distance <= near_enough)
        .map(|(_, candidate)| candidate)
}

/// How many characters must be added, dropped or replaced to make one word of the other.
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (i, letter) in one.chars().take(100).enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, wanted) in other.iter().enumerate() {
            let replaced = diagonal + usize::from(letter != *wanted);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_found_if_it_is_near() {
        assert_eq!(nearest("childern", ["parents", "children"]), Some("children"));
        assert_eq!(nearest("cookies", ["parents", "children"]), None);
    }

    #[test]
    fn a_rule_is_found_without_its_pack() {
        assert_eq!(nearest("opt-out-way", ["mail/opt-out-way", "mail"]), Some("mail/opt-out-way"));
        assert_eq!(nearest("", ["mail"]), None);
    }
}
