//! Tells tables of data from tables that only lay a page out.

use super::page::{Element, Event, Page};
use super::tag::Kind;

/// Is it a table of data? Each event of a page is looked at once at most, since a table that holds tables is none.
pub(super) fn is_data(page: &Page, table: &Element) -> bool {
    // Headings make a page of it.
    if table.holds.tables > 0 || table.holds.headings > 0 {
        return false;
    }
    let mut widths: Vec<usize> = Vec::new();
    let mut headed = false;
    let mut longest = 0;
    let mut lists = false;
    for event in &page.events[table.events.clone()] {
        let Event::Start(number) = event else { continue };
        let element = &page.elements[*number];
        match element.kind {
            Kind::Row => widths.push(0),
            Kind::TableHead => headed = true,
            Kind::Cell | Kind::HeaderCell => {
                headed |= element.kind == Kind::HeaderCell;
                longest = longest.max(element.holds.text);
                if let Some(width) = widths.last_mut() {
                    *width += usize::from(element.columns);
                }
            }
            Kind::List | Kind::Form => lists = true,
            _ => {}
        }
    }
    let widest = widths.iter().copied().max().unwrap_or(0);
    let filled = widths.iter().filter(|&&width| width == widest).count();
    if widest < 2 || widths.len() < 2 {
        return false;
    }
    headed || filled * 4 >= widths.len() * 3 && longest <= 250 && !lists
}

/// Is it the row that names the columns?
pub(super) fn is_header(page: &Page, row: &Element, first: bool) -> bool {
    let mut cells = 0;
    let mut headers = 0;
    for event in &page.events[row.events.clone()] {
        if let Event::Start(number) = event {
            let kind = page.elements[*number].kind;
            cells += usize::from(kind.is_cell());
            headers += usize::from(kind == Kind::HeaderCell);
        }
    }
    cells > 0 && headers == cells || first && row.holds.text > 0 && row.holds.bold == row.holds.text
}
