//! Which parts of a page are no part of the policy: navigation, banners, footers, forms, what is hidden. Names (of tags, classes,
//! roles) raise the suspicion, measures (how much text, how much of it links, whether there are sentences) confirm it; what holds a
//! large part of the page's text is never dropped, and in doubt the text is kept.

use super::hint::Hint;
use super::page::{Element, Event, Page};
use super::tag::Kind;

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
