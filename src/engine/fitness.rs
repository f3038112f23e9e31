//! Is a document a privacy policy in English? A walk lints only what is; a hook is asked to.

use super::reading::Reading;
use crate::document::BlockKind;

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
    // A third of the words of English prose are among its commonest, one in twenty of an English menu's, hardly any elsewhere.
    if reading.words >= 30 && reading.english * 30 < reading.words {
        let sample: String = reading.document().prose.chars().take(4000).collect();
        if let Some(found) = whatlang::detect(&sample).filter(|found| found.is_reliable() && found.lang() != whatlang::Lang::Eng) {
            return Err(Unfit::Language(found.lang().eng_name()));
        }
    }
    if reads_as_policy(reading) { Ok(()) } else { Err(Unfit::NotAPolicy) }
}

/// A document whose title names a privacy policy needs some sentences about privacy; one without such a title needs many, and one
/// that is called something else needs most.
fn reads_as_policy(reading: &Reading) -> bool {
    let (about, all, title) = genre(reading);
    let tenths = match title {
        Title::Policy => 1,
        Title::None => 3,
        Title::Other => 6,
    };
    about > 0 && about * 10 >= all * tenths
}

/// What a document calls itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Title {
    Policy,
    None,
    Other,
}

/// How many sentences speak of privacy, of how many, and what the document calls itself.
fn genre(reading: &Reading) -> (usize, usize, Title) {
    let document = reading.document();
    let mut about = 0;
    let mut all = 0;
    let mut title = Title::None;
    for (number, (sentence, genre)) in document.sentences.iter().zip(&reading.genre).enumerate() {
        let heading = document.blocks[sentence.block()].kind == BlockKind::Heading;
        // The words of a menu say nothing of what the page is about.
        let whole = document.prose[sentence.range()].split(' ').nth(3).is_some();
        if !heading && (whole || genre.privacy) {
            all += 1;
            about += usize::from(genre.privacy);
        }
        // The first title wins: "Terms of Service" may have a section called "Privacy Policy".
        if title == Title::None && (heading && number < 40 || number < 3) {
            if genre.policy_title {
                title = Title::Policy;
            } else if genre.other_title {
                title = Title::Other;
            }
        }
    }
    (about, all, title)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Document;
    use crate::packs;
    use crate::source::SourceFile;

    fn fit(text: &str) -> Result<(), Unfit> {
        let packs = packs::built_in();
        let source = SourceFile::decode("page.md", text.as_bytes().to_vec()).unwrap();
        let document = Document::parse(&source);
        fitness(&Reading::new(&packs, &document))
    }

    #[test]
    fn an_english_menu_is_in_no_other_language() {
        let menu = "Kites\n\nBox kites\n\nDelta kites\n\nReels\n\nLine\n\nSpars\n\nTails\n\nCart\n\nWishlist\n\n".repeat(6);
        let policy = "# Privacy policy\n\nWe collect your name and e-mail address. We use cookies.";
        assert_eq!(fit(&format!("{menu}{policy}")), Ok(()));
    }

    #[test]
    fn the_title_tells_how_much_must_be_of_privacy() {
        let said = |title: &str, about: usize, else_: usize| {
            let (privacy, other) = ("We collect your e-mail address. ", "The kite is blue today. ");
            format!("# {title}\n\n{}{}", privacy.repeat(about), other.repeat(else_))
        };
        for (title, about, other, fits) in [
            ("Privacy policy", 1, 9, true),
            ("Privacy policy", 1, 10, false),
            ("Privacy policy", 0, 1, false),
            ("Kites", 3, 7, true),
            ("Kites", 2, 5, false),
            ("Kites", 1, 3, false),
            ("Terms of service", 6, 4, true),
            ("Terms of service", 5, 4, false),
        ] {
            assert_eq!(fit(&said(title, about, other)).is_ok(), fits, "{title}, {about} and {other}");
        }
    }

    #[test]
    fn the_first_title_counts_and_late_ones_do_not() {
        let (one, six) = ("We collect your e-mail address.\n\n", "The kite is blue today.\n\n".repeat(6));
        assert_eq!(fit(&format!("# Privacy policy\n\n## Terms of service\n\n{one}{six}")), Ok(()));
        assert_eq!(fit(&format!("# Terms of service\n\n## Privacy policy\n\n{one}{six}")), Err(Unfit::NotAPolicy));
        let menu = "## Kites\n\n".repeat(45);
        assert_eq!(fit(&format!("{menu}{one}{six}## Privacy policy\n")), Err(Unfit::NotAPolicy), "behind forty sentences");
        assert_eq!(fit(&format!("Kites and cups\n\nPrivacy policy\n\n{one}{six}")), Ok(()), "in the first lines");
        assert_eq!(fit(&format!("Kites\n\nCups\n\nTea\n\n## Privacy policy\n\n{one}{six}")), Ok(()), "a heading, though late");
        assert_eq!(fit(&format!("Kites\n\nCups\n\nTea\n\nPrivacy policy\n\n{one}{six}")), Err(Unfit::NotAPolicy), "no heading, and late");
    }

    #[test]
    fn kinds_of_documents_are_told_apart() {
        assert_eq!(fit("# Privacy\n\nWe collect your e-mail address. The shop is open on Mondays."), Ok(()));
        let terms = "# Terms of Service\n\nYou must not fly kites here. The kite is yours. Fees are due at once. See our privacy policy.";
        assert_eq!(fit(terms), Err(Unfit::NotAPolicy));
        let german = "# Datenschutz\n\nWir erheben Ihren Namen und Ihre Anschrift, damit wir Ihnen Drachen schicken können. \
                      Sie können jederzeit verlangen, dass wir Ihre Angaben löschen. Wir geben sie nicht an Dritte weiter.";
        assert_eq!(fit(german), Err(Unfit::Language("German")));
    }
}
