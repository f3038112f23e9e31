//! What names say of an element before anything is known of its content: classes, ids and roles.

/// What an element's attributes say about it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Hint {
    #[default]
    None,
    /// Styled as a heading.
    Heading,
    /// Perhaps chrome: it depends on what it holds.
    Suspect,
    /// A page's header.
    Banner,
    /// Chrome by its name.
    Chrome,
    /// Not shown.
    Hidden,
}

/// Words that name chrome wherever they stand in a class: `main-nav`, `footer__links`, `no-print sidebar`.
const CHROME_WORDS: [&str; 17] = [
    "nav",
    "navbar",
    "navigation",
    "navmenu",
    "menu",
    "menubar",
    "submenu",
    "sidebar",
    "sidenav",
    "breadcrumb",
    "breadcrumbs",
    "footer",
    "topbar",
    "offcanvas",
    "newsletter",
    "testimonial",
    "testimonials",
];

/// Classes and ids that name chrome as a whole.
const CHROME_NAMES: [&str; 22] = [
    "back-to-top",
    "cookie-bar",
    "cookie-banner",
    "cookie-consent",
    "cookie-modal",
    "cookie-notice",
    "cookie-popup",
    "cookiebanner",
    "cookieconsent",
    "gdpr-banner",
    "consent-banner",
    "newsletter-signup",
    "quick-links",
    "quick-links2",
    "quicklinks",
    "screen-reader-text",
    "skip-link",
    "skip-to-content",
    "sr-only",
    "visually-hidden",
    "visuallyhidden",
    "print-only",
];

/// Words that also name parts of a policy ("how we share", "comments"), so that the content decides.
const SUSPECT_WORDS: [&str; 19] = [
    "share",
    "sharing",
    "social",
    "comments",
    "toc",
    "links",
    "copyright",
    "related",
    "pagination",
    "widget",
    "search",
    "login",
    "signup",
    "subscribe",
    "banner",
    "masthead",
    "header",
    "logo",
    "languages",
];

const HEADING_WORDS: [&str; 4] = ["title", "heading", "headline", "subtitle"];

/// What a `class` attribute says.
pub(super) fn class(value: &str) -> Hint {
    value.split_ascii_whitespace().map(name).max().unwrap_or_default()
}

/// What an `id` says: ids also name the sections of a policy, so that most words are a suspicion only.
pub(super) fn id(value: &str) -> Hint {
    let hint = name(value.trim());
    let plain = CHROME_WORDS.iter().any(|word| value.trim().eq_ignore_ascii_case(word));
    if hint == Hint::Chrome && !plain && !is_one_of(value.trim(), &CHROME_NAMES) { Hint::Suspect } else { hint }
}

/// What a `role` says.
pub(super) fn role(value: &str) -> Hint {
    match value.trim().to_ascii_lowercase().as_str() {
        "navigation" | "contentinfo" | "search" | "dialog" | "alertdialog" | "menu" | "menubar" => Hint::Chrome,
        "banner" => Hint::Banner,
        "complementary" => Hint::Suspect,
        "heading" => Hint::Heading,
        _ => Hint::None,
    }
}

fn name(name: &str) -> Hint {
    let mut words = name.split(['-', '_']).filter(|word| !word.is_empty());
    // `has-sidebar` and `no-nav` stand on what is not the sidebar.
    if is_one_of(words.clone().next().unwrap_or_default(), &["has", "with", "no", "without", "is"]) {
        return Hint::None;
    }
    if is_one_of(name, &CHROME_NAMES) || words.clone().any(|word| is_one_of(word, &CHROME_WORDS)) {
        Hint::Chrome
    } else if words.clone().any(|word| is_one_of(word, &SUSPECT_WORDS)) {
        Hint::Suspect
    } else if words.next_back().is_some_and(|word| is_one_of(word, &HEADING_WORDS)) {
        Hint::Heading
    } else {
        Hint::None
    }
}

fn is_one_of(word: &str, list: &[&str]) -> bool {
    list.iter().any(|listed| listed.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::{Hint, class, id};

    #[test]
    fn whole_words_count() {
        assert_eq!(class("site-footer dark"), Hint::Chrome);
        assert_eq!(class("wrapper has-sidebar"), Hint::None);
        assert_eq!(class("navy unavailable"), Hint::None);
        assert_eq!(class("cookie-banner"), Hint::Chrome);
        assert_eq!(class("cookie-policy"), Hint::None);
        assert_eq!(class("section-title"), Hint::Heading);
        assert_eq!(id("how-we-share"), Hint::Suspect);
        assert_eq!(id("mobile-menu-settings"), Hint::Suspect);
        assert_eq!(id("footer"), Hint::Chrome);
    }
}
