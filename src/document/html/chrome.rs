//! Which parts of a page are no part of the policy: navigation, banners, footers, forms, what is hidden. Names (of tags, classes,
//! roles) raise the suspicion, measures (how much text, how much of it links, whether there are sentences) confirm it; what holds a
//! large part of the page's text is never dropped, and in doubt the text is kept.

use super::page::{Element, Event, Page};
use super::tag::Kind;

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

/// Marks the elements that are chrome, and says whether a heading heads what remains: an `h1`, or one that no text stands before.
pub(super) fn mark(page: &mut Page) -> bool {
    let mut headed = false;
    let mut text = 0;
    let mut main: usize = 0;
    let mut at = 0;
    while at < page.events.len() {
        match page.events[at] {
            Event::Start(number) => {
                let chrome = is_chrome(&page.elements[number], page, main > 0);
                let element = &mut page.elements[number];
                if chrome {
                    element.chrome = true;
                    at = element.events.end;
                } else if element.kind == Kind::Main {
                    main += 1;
                } else if element.kind == Kind::Heading && element.holds.text > 0 {
                    headed |= element.level == 1 || text < 150;
                }
            }
            Event::Text { visible, .. } => text += visible,
            Event::End(number) if page.elements[number].kind == Kind::Main => main = main.saturating_sub(1),
            _ => {}
        }
        at += 1;
    }
    headed
}

fn is_chrome(element: &Element, page: &Page, in_main: bool) -> bool {
    let holds = &element.holds;
    let shares = |of: usize| holds.text * of > page.holds.text;
    if holds.text == 0 || shares(2) || matches!(element.kind, Kind::Root | Kind::Main) {
        return false;
    }
    let mostly_links = holds.linked * 5 >= holds.text * 3;
    let has_sentence = holds.sentences > 0;
    // "Last updated: May 3" without a link is worth keeping, whatever it stands in.
    let only_leads = holds.links > 0 && !has_sentence && holds.headings == 0;
    match element.hint {
        Hint::Hidden => return true,
        Hint::Chrome if is_area(element.kind) && (mostly_links || !shares(4)) => return true,
        Hint::Suspect if is_area(element.kind) && (mostly_links || only_leads && holds.text < 200) => return true,
        Hint::Banner => return mostly_links || only_leads,
        _ => {}
    }
    match element.kind {
        Kind::Nav | Kind::Control | Kind::Footer => !(element.kind == Kind::Control && in_a_heading(element, page)),
        Kind::Header => mostly_links || only_leads,
        Kind::Aside => mostly_links || !has_sentence || !in_main,
        Kind::Form => !has_sentence && holds.text < 300,
        Kind::List => holds.links >= 2 && holds.linked * 10 >= holds.text * 9 && (holds.anchors == holds.links || !element.led_in),
        _ => false,
    }
}

/// May its name say that it is chrome? What stands in a `span class="menu"` is part of its sentence, and a heading that is called
/// "share" says what its section is about.
fn is_area(kind: Kind) -> bool {
    !matches!(kind, Kind::Inline | Kind::Bold | Kind::Link | Kind::Heading)
}

/// Is it a button that opens a section ("accordion"), right inside its heading?
fn in_a_heading(element: &Element, page: &Page) -> bool {
    let before = element.events.start.checked_sub(1).map(|at| &page.events[at]);
    let before = match before {
        Some(Event::Text { .. }) => element.events.start.checked_sub(2).map(|at| &page.events[at]),
        other => other,
    };
    matches!(before, Some(&Event::Start(outer)) if page.elements[outer].kind == Kind::Heading)
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
