//! Is a document a privacy policy in English? A walk lints only what is; a hook is asked to.

use super::reading::Reading;

/// Why a document is not linted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unfit {
    /// In another language than English; its name in English.
    Language(&'static str),
    /// It does not read as a privacy policy. Only `--only-policies` and walks mind.
    NotAPolicy,
}

/// Does the document read as an English privacy policy?
pub fn fitness(reading: &Reading) -> Result<(), Unfit> {
    // Four in ten words of English prose are among its commonest; a twelfth is left by lists of names.
    if reading.words >= 30 && reading.english * 12 < reading.words {
        let sample: String = reading.document().prose.chars().take(4000).collect();
        if let Some(found) = whatlang::detect(&sample).filter(|found| found.lang() != whatlang::Lang::Eng) {
            return Err(Unfit::Language(found.lang().eng_name()));
        }
    }
    Ok(())
}
