//! Plain text, which has no markup but what a reader makes of its lines: headings, lists, addresses, menus. [`lines`] says which
//! lines belong together, [`shape`] what each looks like; here their neighbours are weighed. Where it is unsure, text is kept, and a
//! line that might state something is no heading, because headings are no evidence. reStructuredText and `AsciiDoc` have modules
//! of their own.

mod asciidoc;
#[cfg(test)]
mod dump;
mod inline;
mod lines;
mod marker;
mod restructured;
mod shape;

use super::BlockKind;
use super::builder::Builder;
use crate::source::Format;
use lines::Entry;
use marker::Style;
use shape::{Case, Ends, Shape};
use std::ops::Range;

/// Adds a file to the document.
pub(super) fn parse(builder: &mut Builder, format: Format) {
    match format {
        Format::ReStructuredText => restructured::parse(builder),
        Format::AsciiDoc => asciidoc::parse(builder),
        _ => Plain::new(builder).parse(),
    }
}

/// Adds a stretch of source text, folding its line breaks and indents.
fn add(builder: &mut Builder, range: Range<usize>) {
    let source = builder.source();
    let mut at = range.start;
    for line in source[range].split_inclusive(['\n', '\r']) {
        let text = line.trim();
        let start = at + (line.len() - line.trim_start().len());
        if start > at {
            builder.space(at);
        }
        if !text.is_empty() {
            builder.text(start..start + text.len());
        }
        at += line.len();
        if start + text.len() < at {
            builder.space(start + text.len());
        }
    }
}

/// An open list.
struct List {
    /// None where the items have no bullets.
    style: Option<Style>,
    /// Columns before its items.
    indent: usize,
    /// The entry that is its first item.
    first: usize,
    /// The label of the last item.
    label: String,
    /// Do blank lines stand between its items?
    loose: bool,
}

/// A plain text being read.
struct Plain<'b, 's> {
    builder: &'b mut Builder<'s>,
    source: &'s str,
    entries: Vec<Entry>,
    shapes: Vec<Shape>,
    /// By entry: how many title-like lines stand together from here on, and whether running text follows the last of them.
    titles: Vec<(usize, bool)>,
    lists: Vec<List>,
    /// Has a heading been met?
    titled: bool,
    /// The entry that the last heading is.
    last_heading: Option<usize>,
}

impl<'b, 's> Plain<'b, 's> {
    fn new(builder: &'b mut Builder<'s>) -> Self {
        let source = builder.source();
        let mut plain = Self {
            builder,
            source,
            entries: lines::entries(source),
            shapes: Vec::new(),
            titles: Vec::new(),
            lists: Vec::new(),
            titled: false,
            last_heading: None,
        };
        plain.judge();
        let chrome = plain.chrome();
        let mut keep = chrome.iter().map(|chrome| !chrome);
        plain.entries.retain(|_| keep.next().unwrap_or(true));
        plain.judge();
        plain
    }

    /// Judges all entries by their looks.
    fn judge(&mut self) {
        self.shapes = self.entries.iter().map(|entry| Shape::of(entry.text(self.source))).collect();
        self.titles = vec![(0, false); self.entries.len()];
        let mut below = (0, false);
        for at in (0..self.entries.len()).rev() {
            let shape = &self.shapes[at];
            if self.entries[at].marker.is_none() && shape.is_title() {
                below.0 += 1;
            } else {
                let dated = shape.fact && shape.words <= 6 && !shape.postal;
                below = (0, shape.is_prose() || self.entries[at].marker.is_some() || (dated && below.1));
            }
            self.titles[at] = below;
        }
    }

    fn parse(mut self) {
        let mut at = 0;
        while at < self.entries.len() {
            at = self.entry(at);
        }
        self.end_lists(0);
    }

    /// Adds an entry, and returns the next.
    fn entry(&mut self, at: usize) -> usize {
        if let Some(level) = self.heading(at) {
            self.add_heading(level, self.title_range(at));
            self.last_heading = Some(at);
            return at + 1;
        }
        if self.entries[at].marker.is_some() {
            self.item(at);
            return at + 1;
        }
        if let Some(end) = self.address(at) {
            self.add_address(at..end);
            return end;
        }
        match self.lists.last() {
            Some(List { style: Some(_), .. }) => {
                if self.continues_item(at) {
                    self.builder.start_item();
                    add(self.builder, self.entries[at].range.clone());
                    return at + 1;
                }
                if self.shapes[at].ends != Ends::Colon && self.lead_in_before(at) && self.opens_list(at) {
                    self.start_list(None, at);
                    self.add_item(at);
                    return at + 1;
                }
                self.end_lists(0);
            }
            Some(_) => {
                if !self.ends_list(at) {
                    self.add_item(at);
                    return at + 1;
                }
                self.end_lists(0);
            }
            None => {}
        }
        if self.lead_in_before(at) && self.opens_list(at) {
            self.start_list(None, at);
            self.add_item(at);
            return at + 1;
        }
        self.paragraph(at)
    }

    fn paragraph(&mut self, at: usize) -> usize {
        let entry = &self.entries[at];
        if let Some((end, start)) = shape::run_in(entry.text(self.source), false) {
            let range = entry.range.clone();
            self.add_heading(4, range.start..range.start + end);
            self.builder.open(BlockKind::Paragraph);
            add(self.builder, range.start + start..range.end);
            return at + 1;
        }
        // A few short lines in a row: nobody says what they are, but they belong together.
        let short = |at: usize| {
            self.entries
                .get(at)
                .is_some_and(|entry| entry.marker.is_none() && entry.underline.is_none())
                && self.shapes[at].words <= 6
                && matches!(self.shapes[at].ends, Ends::Open | Ends::Separator)
                && !self.shapes[at].fact
        };
        if short(at) && short(at + 1) && self.heading(at + 1).is_none() {
            self.start_list(None, at);
            self.add_item(at);
            return at + 1;
        }
        self.builder.open(BlockKind::Paragraph);
        add(self.builder, entry.range.clone());
        at + 1
    }

    fn add_heading(&mut self, level: u8, range: Range<usize>) {
        self.end_lists(0);
        let level = if self.titled {
            level.max(2)
        } else {
            1.max(if shape::names_policy(&self.source[range.clone()]) {
                1
            } else {
                level
            })
        };
        self.titled = true;
        self.builder.open_heading(level);
        add(self.builder, range);
        self.builder.close();
    }

    /// The level of the heading that an entry is.
    fn heading(&self, at: usize) -> Option<u8> {
        let (entry, shape) = (&self.entries[at], &self.shapes[at]);
        let text = entry.text(self.source);
        match entry.underline {
            Some('=' | '*' | '#') => return Some(2),
            Some(_) => return Some(3),
            None => {}
        }
        if let Some((level, _)) = ornament(&self.source[entry.range.clone()]) {
            return Some(level);
        }
        if shape.words > 16 || shape.fact || shape.copyright || shape.ends == Ends::Separator || at + 1 == self.entries.len() {
            return None;
        }
        let next = &self.entries[at + 1];
        if let Some(marker) = entry.marker.as_ref() {
            return (marker.is_ordered() && self.is_numbered_heading(at)).then_some(match marker.style {
                Style::Outline(numbers) => u8::try_from(numbers + 1).unwrap_or(6),
                Style::Number(_) | Style::UpperRoman(_) => 2,
                _ => 3,
            });
        }
        if shape.ends == Ends::Question {
            let fits = self.lists.last().is_none_or(|list| {
                list.style.is_some() || self.shapes[list.first].ends != Ends::Question && self.shapes[at + 1].is_prose()
            });
            let question = fits && shape.case != Case::Lower && shape::is_question_word(shape::first_word(text));
            let answered = self.shapes[at + 1].ends != Ends::Question || self.shapes[at + 1].is_prose() && self.shapes[at + 1].words > 16;
            return (question && answered && next.marker.is_none()).then_some(3);
        }
        let upper = shape.case == Case::Upper;
        if upper && shape.ends == Ends::Stop && shape.words <= 5 && !shape.statement && self.shapes[at + 1].is_prose() {
            return Some(2);
        }
        if !shape.is_title() {
            return None;
        }
        if shape.ends == Ends::Colon {
            return (self.is_label(at) && self.may_end_list(at)).then_some(if upper { 2 } else { 4 });
        }
        if next.marker.is_none() && self.shapes[at + 1].case == Case::Lower {
            return None;
        }
        let (run, leads) = self.titles[at];
        let numbered = is_section_word(text);
        let names = shape::names_policy(text) && !self.titled;
        // Of a longer run of short lines only the last can be trusted to be a heading.
        let near = leads && (run == 1 || (run <= 3 && !self.in_run(at)) || upper && run <= 3);
        if !(near || numbered && leads || names && leads && run <= 4) || !self.may_end_list(at) {
            return None;
        }
        Some(if upper || numbered { 2 } else { 3 })
    }

    /// Is an entry one of more than three title-like lines?
    fn in_run(&self, at: usize) -> bool {
        let above = (at.saturating_sub(3)..at)
            .rev()
            .take_while(|&above| self.titles[above].0 > self.titles[at].0)
            .count();
        above + self.titles[at].0 > 3
    }

    /// "Cookies:" above running text.
    fn is_label(&self, at: usize) -> bool {
        let (shape, next) = (&self.shapes[at], &self.shapes[at + 1]);
        let text = self.entries[at].text(self.source).trim_end_matches(':').trim_end();
        let last = text.rsplit(char::is_whitespace).next().unwrap_or_default();
        let leads_in = matches!(
            last,
            "following"
                | "by"
                | "at"
                | "to"
                | "include"
                | "includes"
                | "including"
                | "are"
                | "as"
                | "below"
                | "for"
                | "us"
                | "on"
                | "from"
                | "of"
        );
        let marked = self.entries[at + 1].marker.is_some();
        shape.words <= 7 && !leads_in && (shape.case == Case::Upper || !marked && next.is_sentence() && next.words >= 8)
    }

    /// May a title-like entry end the list that is open?
    fn may_end_list(&self, at: usize) -> bool {
        let Some(list) = self.lists.last() else {
            return !self.lead_in_before(at) || self.shapes[at].case == Case::Upper;
        };
        let (entry, shape, before) = (&self.entries[at], &self.shapes[at], &self.shapes[at - 1]);
        let (run, leads) = self.titles[at];
        let text = entry.text(self.source);
        let titled = shape.topic && (shape.case == Case::Title || shape::is_question_word(shape::first_word(text)));
        list.style.is_some()
            || shape.case == Case::Upper
            || (entry.after_blank && !list.loose && list.first + 1 < at)
            || (run == 1 && leads && (titled || matches!(before.ends, Ends::Stop) || before.words > 12))
    }

    /// Is "1. Cookies" a heading, not an item?
    fn is_numbered_heading(&self, at: usize) -> bool {
        let (entry, shape) = (&self.entries[at], &self.shapes[at]);
        let question = shape.ends == Ends::Question && shape.words <= 14;
        let upper_stop = shape.case == Case::Upper && shape.ends == Ends::Stop && !shape.statement && shape.words <= 8;
        if !(shape.is_title() || question || upper_stop) {
            return false;
        }
        let (Some(marker), next) = (&entry.marker, &self.entries[at + 1]) else {
            return false;
        };
        let sibling = next.marker.as_ref().is_some_and(|next| next.style == marker.style);
        let in_list = self.lists.iter().any(|list| list.style == Some(marker.style));
        let after_lead_in = self.lead_in_before(at) && shape.case != Case::Upper;
        !sibling && !in_list && !after_lead_in && !matches!(marker.style, Style::Lower(_) | Style::LowerRoman(_))
    }

    /// The bytes of a heading, without ornaments.
    fn title_range(&self, at: usize) -> Range<usize> {
        let range = self.entries[at].range.clone();
        let text = &self.source[range.clone()];
        match ornament(text) {
            Some((_, inner)) => range.start + inner.start..range.start + inner.end,
            None => range,
        }
    }

    /// Adds an entry with a bullet or number.
    fn item(&mut self, at: usize) {
        let Some(marker) = self.entries[at].marker.clone() else { return };
        let indent = self.entries[at].indent;
        let same = |list: &List| {
            list.style.is_some_and(|style| match (style, marker.style) {
                (Style::Bullet(one), Style::Bullet(other)) => {
                    one == other && indent <= list.indent + 1 || indent == list.indent && !self.lead_in_before(at)
                }
                // `(h)`, `(i)`: a letter, not a number.
                (Style::Lower(one), Style::LowerRoman(other)) | (Style::LowerRoman(one), Style::Lower(other)) => {
                    one == other && is_next_letter(&list.label, &marker.label)
                }
                (one, other) => one == other,
            })
        };
        match self.lists.iter().rposition(same) {
            Some(depth) => self.end_lists(depth + 1),
            None => {
                // An unmarked list, or a deeper one, ends before another kind of list.
                while self.lists.last().is_some_and(|list| list.indent > indent) {
                    self.end_lists(self.lists.len() - 1);
                }
                if self.lists.last().is_some_and(|list| list.style.is_none()) && !self.lead_in_before(at) {
                    self.end_lists(0);
                }
                if self.lists.len() >= 6 {
                    self.end_lists(0);
                }
                self.start_list(Some(marker.style), at);
            }
        }
        if let Some(list) = self.lists.last_mut() {
            list.label.clone_from(&marker.label);
        }
        let entry = &self.entries[at];
        if marker.is_ordered()
            && self.lists.len() == 1
            && self.lists[0].first == at
            && !self.lead_in_before(at)
            && let Some((end, start)) = shape::run_in(entry.text(self.source), true)
        {
            let (range, body) = (entry.range.clone(), entry.body());
            let depth = if let Style::Outline(numbers) = marker.style { numbers } else { 1 };
            self.add_heading(u8::try_from(depth + 1).unwrap_or(6), range.start..body.start + end);
            self.builder.open(BlockKind::Paragraph);
            add(self.builder, body.start + start..body.end);
            return;
        }
        self.add_item(at);
    }

    fn start_list(&mut self, style: Option<Style>, at: usize) {
        self.builder.start_list();
        self.lists.push(List {
            style,
            indent: self.entries[at].indent,
            first: at,
            label: String::new(),
            loose: false,
        });
    }

    fn add_item(&mut self, at: usize) {
        let entry = &self.entries[at];
        if let Some(list) = self.lists.last_mut() {
            list.loose |= entry.after_blank && at > list.first;
        }
        self.builder.start_item();
        add(self.builder, entry.body());
    }

    fn end_lists(&mut self, depth: usize) {
        while self.lists.len() > depth {
            self.builder.end_list();
            self.lists.pop();
        }
    }

    /// Does the entry before lead in what follows?
    fn lead_in_before(&self, at: usize) -> bool {
        let Some(before) = at.checked_sub(1) else { return false };
        let text = self.entries[before].text(self.source);
        self.shapes[before].ends == Ends::Colon || text.ends_with(":-") || text.ends_with("following")
    }

    /// Can an entry without a bullet be the first item below a lead-in?
    fn opens_list(&self, at: usize) -> bool {
        let shape = &self.shapes[at];
        let first = shape::first_word(self.entries[at].text(self.source));
        if shape.is_sentence() && at.checked_sub(1) == self.last_heading {
            return false; // "Cookies:" above its text
        }
        !(shape.is_sentence() && shape.words >= 25 && shape::is_opener(first)) || self.lists.is_empty() && shape.ends == Ends::Separator
    }

    /// Is an entry without a bullet a further paragraph of the item before it?
    fn continues_item(&self, at: usize) -> bool {
        let Some(List {
            style: Some(style),
            indent,
            ..
        }) = self.lists.last()
        else {
            return false;
        };
        let hangs = self.entries[at].indent > *indent;
        let between = self
            .entries
            .get(at + 1)
            .is_some_and(|next| next.marker.as_ref().is_some_and(|next| next.style == *style));
        hangs || (between && self.shapes[at].is_prose() && self.shapes[at].ends != Ends::Colon)
    }

    /// Does an entry without a bullet end the list of such entries that is open?
    fn ends_list(&self, at: usize) -> bool {
        let Some(list) = self.lists.last() else { return true };
        let (entry, shape) = (&self.entries[at], &self.shapes[at]);
        let first = &self.shapes[list.first];
        if entry.after_blank && !list.loose && (list.first + 1 < at || !self.entries[list.first].after_blank) {
            return true;
        }
        let word = shape::first_word(entry.text(self.source));
        let first_word = shape::first_word(self.entries[list.first].text(self.source));
        if shape.is_sentence() && shape::is_opener(word) && word != first_word {
            return true;
        }
        let closed = at >= list.first + 2 && self.shapes[at - 1].ends == Ends::Stop && self.shapes[at - 2].ends == Ends::Separator;
        let outgrown = shape.is_sentence() && shape.words >= 40 && (first.words < 13 || first.ends != Ends::Stop);
        let leads_in = shape.ends == Ends::Colon && shape.words >= 4 && first.ends != Ends::Colon;
        closed || outgrown || leads_in || shape.copyright
    }

    /// Where an address over several lines ends, if one starts here.
    fn address(&self, at: usize) -> Option<usize> {
        let after_lead_in = self.lead_in_before(at);
        let mut postal = None;
        let mut end = at;
        while end < self.entries.len().min(at + 9) {
            let (entry, shape) = (&self.entries[end], &self.shapes[end]);
            if entry.marker.is_some() || entry.underline.is_some() || shape.words > 12 || shape.length > 90 || shape.ends == Ends::Colon {
                break;
            }
            if end > at && entry.after_blank && !(after_lead_in && end == at) {
                break;
            }
            if shape.postal {
                postal.get_or_insert(end);
            } else if !shape.fact {
                // Names stand above the street; below it only a country, or the name of what can be called.
                let below = postal.is_some();
                let reach = self.shapes.get(end + 1).is_some_and(|next| next.fact)
                    && !self.entries.get(end + 1).is_some_and(|next| next.after_blank);
                let name = shape.ends == Ends::Open || shape.words <= 5 && shape.ends != Ends::Question;
                if !name || shape.statement || (below && !(shape.words <= 4 && (reach || is_country(entry.text(self.source))))) {
                    break;
                }
                if !below && !after_lead_in && (end > at + 1 || shape.topic || shape.words > 6) {
                    break;
                }
            }
            end += 1;
        }
        (postal.is_some() && end > at + 1).then_some(end)
    }

    fn add_address(&mut self, entries: Range<usize>) {
        if self.lead_in_before(entries.start) {
            if self.lists.last().is_none_or(|list| list.style.is_some()) {
                self.start_list(None, entries.start);
            }
            self.builder.start_item();
        } else {
            self.end_lists(0);
            self.builder.open(BlockKind::Paragraph);
        }
        for at in entries.clone() {
            let range = self.entries[at].range.clone();
            if at > entries.start {
                self.builder.space(range.start - 1);
            }
            add(self.builder, range);
        }
        self.end_lists(0);
    }

    /// Which entries are the menus of the site around the policy?
    fn chrome(&self) -> Vec<bool> {
        let mut chrome = vec![false; self.entries.len()];
        let prose = |at: &usize| self.shapes[*at].is_prose();
        let first = (0..self.entries.len()).find(prose).unwrap_or(0);
        let last = (0..self.entries.len())
            .rev()
            .find(prose)
            .map_or(self.entries.len(), |last| last + 1);
        for (range, at_least, menu_words) in [(0..first, 4, 0), (last..self.entries.len(), 6, 2)] {
            let mut at = range.start;
            while at < range.end {
                let start = at;
                while at < range.end && self.is_menu_entry(at) {
                    at += 1;
                }
                let text = |at: usize| self.entries[at].text(self.source);
                let run = at - start;
                // Short lines after "We collect:" are what is collected.
                let led_in = start > 0 && self.shapes[start - 1].ends == Ends::Colon;
                if run >= at_least && !led_in && (start..at).filter(|&at| shape::is_menu(text(at))).count() >= menu_words {
                    for entry in start..at {
                        let heading = entry + 1 == first && self.shapes[entry].is_title();
                        chrome[entry] = !heading && !self.is_kept(entry);
                    }
                } else {
                    for entry in start..at {
                        chrome[entry] = shape::is_menu_line(text(entry)) && !self.is_kept(entry);
                    }
                }
                at = at.max(start + 1);
            }
        }
        chrome
    }

    fn is_menu_entry(&self, at: usize) -> bool {
        let entry = &self.entries[at];
        let bullet = entry.marker.as_ref().is_none_or(|marker| !marker.is_ordered());
        entry.underline.is_none()
            && bullet
            && (self.shapes[at].is_tiny() || shape::is_menu_line(entry.text(self.source)) || self.is_kept(at) && self.shapes[at].words <= 6)
    }

    /// May a line be part of the policy, though it stands in a menu?
    fn is_kept(&self, at: usize) -> bool {
        let text = self.entries[at].text(self.source).to_lowercase();
        self.shapes[at].fact || text.contains("privacy") || text.contains("policy") || text.contains("policies")
    }
}

/// The level and the inner text of a heading in ornaments: `# Cookies`, `== Cookies ==`, `**Cookies**`, `//Cookies//`.
fn ornament(text: &str) -> Option<(u8, Range<usize>)> {
    let first = text.chars().next().filter(|&first| "#=*~-_/+".contains(first))?;
    if text.len() > 120 || text.contains(['.', ',']) {
        return None;
    }
    let inner = text.trim_start_matches(first);
    let depth = text.len() - inner.len();
    let trimmed = inner.trim_end_matches(first);
    let closed = inner.len() - trimmed.len();
    let inner = depth + (trimmed.len() - trimmed.trim_start().len())..depth + trimmed.trim_end().len();
    let hashes = first == '#' && depth <= 6 && text[depth..].starts_with(' ');
    let enclosed = depth >= 2 && closed >= 2 || (matches!(first, '*' | '_' | '=') && depth == closed && depth >= 1);
    if !(hashes || enclosed)
        || inner.is_empty()
        || text[inner.clone()].split_whitespace().count() > 14
        || text[inner.clone()].contains(first)
    {
        return None;
    }
    let level = if hashes { u8::try_from(depth).unwrap_or(6) } else { 2 };
    Some((level, inner))
}

/// "Section 4 - Security", "Article V"
fn is_section_word(text: &str) -> bool {
    let mut words = text.split_whitespace();
    let word = words.next().unwrap_or_default().to_lowercase();
    matches!(word.as_str(), "section" | "article" | "part" | "chapter")
        && words.next().is_some_and(|number| {
            let number = number.trim_end_matches([':', '.', '-', ')']);
            !number.is_empty()
                && number
                    .bytes()
                    .all(|byte| byte.is_ascii_digit() || matches!(byte, b'I' | b'V' | b'X' | b'.'))
        })
}

fn is_next_letter(before: &str, label: &str) -> bool {
    matches!((before.as_bytes(), label.as_bytes()), ([before], [next]) if before + 1 == *next)
}

fn is_country(text: &str) -> bool {
    let text = text.trim_end_matches('.').to_lowercase().replace('.', "");
    matches!(
        text.as_str(),
        "usa"
            | "us"
            | "united states"
            | "united states of america"
            | "canada"
            | "uk"
            | "united kingdom"
            | "england"
            | "australia"
            | "new zealand"
            | "ireland"
            | "scotland"
            | "wales"
            | "germany"
            | "france"
            | "india"
    )
}
