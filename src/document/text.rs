//! Plain text, which has no markup but what a reader makes of its lines: headings, lists, addresses, menus. [`lines`] says which
//! lines belong together, [`shape`] what each looks like; here their neighbours are weighed. Where it is unsure, text is kept, and a
//! line that might state something is no heading, because headings are no evidence. reStructuredText and `AsciiDoc` have modules
//! of their own.

mod asciidoc;
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
    /// Has the title been met?
    titled: bool,
    /// Headings so far.
    headings: usize,
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
            headings: 0,
            last_heading: None,
        };
        plain.shapes = plain.entries.iter().map(|entry| Shape::of(entry.text(source))).collect();
        plain.find_titles();
        let chrome = plain.chrome();
        if chrome.contains(&true) {
            plain.entries = without(plain.entries, &chrome);
            plain.shapes = without(plain.shapes, &chrome);
            plain.find_titles();
        }
        plain
    }

    /// Finds which entries look like titles together.
    fn find_titles(&mut self) {
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
            self.entries.get(at).is_some_and(|entry| entry.marker.is_none() && entry.underline.is_none())
                && self.shapes[at].words <= 6
                && matches!(self.shapes[at].ends, Ends::Open | Ends::Separator)
                && !self.shapes[at].fact
        };
        // One that follows an unfinished line would take it for its lead-in.
        let free = at
            .checked_sub(1)
            .is_none_or(|before| self.last_heading == Some(before) || matches!(self.shapes[before].ends, Ends::Stop | Ends::Question));
        if free && short(at) && short(at + 1) && self.heading(at + 1).is_none() {
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
        // The title is one of the first headings; later ones ("Changes to this privacy policy") only name it.
        let title = !self.titled && (level == 1 || (self.headings < 3 && shape::names_policy(&self.source[range.clone()])));
        let level = if title { 1 } else { level.max(2) };
        self.titled |= title;
        self.headings += 1;
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
        if text.contains(": ") && !numbered && !shape.topic {
            return None; // "Name: Ann"
        }
        let names = shape::names_policy(text) && !self.titled;
        // Of a longer run of short lines only the last can be trusted to be a heading.
        let contact = shape.topic && self.address(at + 1).is_some();
        let near = contact || leads && (run == 1 || (run <= 3 && !self.in_run(at)) || upper && run <= 3);
        if !(near || numbered && leads || names && leads && run <= 4) || !self.may_end_list(at) {
            return None;
        }
        Some(if upper || numbered { 2 } else { 3 })
    }

    /// Is an entry one of more than three title-like lines?
    fn in_run(&self, at: usize) -> bool {
        let above = (at.saturating_sub(3)..at).rev().take_while(|&above| self.titles[above].0 > self.titles[at].0).count();
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
                (Style::Lower(one), Style::LowerRoman(other)) | (Style::Upper(one), Style::UpperRoman(other)) => {
                    one == other && is_next_letter(&list.label, &marker.label)
                }
                (one, other) => one == other,
            })
        };
        if let Some(depth) = self.lists.iter().rposition(same) {
            self.end_lists(depth + 1);
        } else {
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
        self.lists.push(List { style, indent: self.entries[at].indent, first: at, label: String::new(), loose: false });
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
        let Some(List { style: Some(style), indent, .. }) = self.lists.last() else {
            return false;
        };
        let hangs = self.entries[at].indent > *indent;
        let between = self.entries.get(at + 1).is_some_and(|next| next.marker.as_ref().is_some_and(|next| next.style == *style));
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
        let last = (0..self.entries.len()).rev().find(prose).map_or(self.entries.len(), |last| last + 1);
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
                    for (entry, chrome) in chrome.iter_mut().enumerate().take(at).skip(start) {
                        let heading = entry + 1 == first && self.shapes[entry].is_title();
                        *chrome = !heading && !self.is_kept(entry);
                    }
                } else {
                    for (entry, chrome) in chrome.iter_mut().enumerate().take(at).skip(start) {
                        *chrome = shape::is_menu_line(text(entry)) && !self.is_kept(entry);
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

/// The items whose place is not marked.
fn without<T>(items: Vec<T>, marked: &[bool]) -> Vec<T> {
    items.into_iter().zip(marked).filter(|(_, marked)| !**marked).map(|(item, _)| item).collect()
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
            !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'I' | b'V' | b'X' | b'.'))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Document, Ending};
    use proptest::prelude::*;
    use std::fmt::Write;

    pub(super) fn read(source: &str, format: Format) -> Document {
        let mut builder = Builder::new(source);
        parse(&mut builder, format);
        builder.finish()
    }

    /// Every block on a line: `#`s, `P` or `-`, its sentences, and `<` its lead-ins.
    pub(super) fn outline(document: &Document) -> String {
        let mut outline = String::new();
        for block in &document.blocks {
            let kind = match block.kind {
                BlockKind::Heading => "#".repeat(document.sections[block.section()].level.into()),
                BlockKind::Paragraph => "P".to_owned(),
                BlockKind::Item => "-".to_owned(),
                BlockKind::Cell => "C".to_owned(),
            };
            let sentences: Vec<&str> = block.sentences().map(|at| document.sentence_text(at)).collect();
            write!(outline, "{kind} {}", sentences.join(" / ")).unwrap();
            for lead_in in block.lead_ins.iter() {
                write!(outline, " < {}", document.sentence_text(lead_in)).unwrap();
            }
            outline.push('\n');
        }
        outline
    }

    fn text(source: &str) -> String {
        outline(&read(source, Format::Text))
    }

    #[test]
    fn one_line_a_paragraph() {
        let policy = "Privacy Policy\nLast updated: May 2, 2024\n\
            Pebble Toys makes wooden toys and runs this site. We respect the privacy of our visitors.\n\
            Information we collect\n\
            When you order a toy we ask for what we need to send it to you, such as:\n\
            Your name\nYour address\nYour telephone number\n\
            We keep it for as long as the law asks us to. Then it is deleted.\n\
            How do we use cookies?\nWe use none.\n";
        assert_eq!(
            text(policy),
            "# Privacy Policy\nP Last updated: May 2, 2024\n\
             P Pebble Toys makes wooden toys and runs this site. / We respect the privacy of our visitors.\n\
             ### Information we collect\n\
             P When you order a toy we ask for what we need to send it to you, such as:\n\
             - Your name < When you order a toy we ask for what we need to send it to you, such as:\n\
             - Your address < When you order a toy we ask for what we need to send it to you, such as:\n\
             - Your telephone number < When you order a toy we ask for what we need to send it to you, such as:\n\
             P We keep it for as long as the law asks us to. / Then it is deleted.\n\
             ### How do we use cookies?\nP We use none.\n"
        );
    }

    #[test]
    fn hard_wrapped_lines_are_joined_and_their_spans_are_exact() {
        let policy = "COOKIES\n\n\
            Our site uses cookies to remember what is in your basket, and for nothing\n\
            else. A cookie is a small file that your browser keeps. You can refuse non-\n\
            essential cookies in the settings of your browser, or ask us to do it for\n\
            you.\n\n\
            SECURITY\n\n\
            We keep your data safe:\n\n\
            \x20 * servers are locked away, and only two of our people have the key to\n\
            \x20   the room in which they stand\n\
            \x20 * pages are encrypted\n";
        let document = read(policy, Format::Text);
        assert_eq!(
            outline(&document),
            "## COOKIES\n\
             P Our site uses cookies to remember what is in your basket, and for nothing else. / \
             A cookie is a small file that your browser keeps. / \
             You can refuse non- essential cookies in the settings of your browser, or ask us to do it for you.\n\
             ## SECURITY\nP We keep your data safe:\n\
             - servers are locked away, and only two of our people have the key to the room in which they stand < We keep your data safe:\n\
             - pages are encrypted < We keep your data safe:\n"
        );
        let span = document.sentence_span(1);
        assert_eq!(&policy[span.range()], "Our site uses cookies to remember what is in your basket, and for nothing\nelse.");
    }

    #[test]
    fn wrapped_lines_without_blank_lines_between() {
        let policy = "Acme Kites Privacy\n\
            This site is run by people who fly kites, and all that it knows about you is\n\
            what you tell it on the form for orders. We ask for a name and an address and\n\
            for nothing else. Whoever does not want to tell us can order by telephone, as\n\
            people did before there were forms.\n\
            Cookies\n\
            There are no cookies on this site, apart from the one that remembers that you\n\
            do not want any.\n";
        assert_eq!(text(policy).lines().map(|line| &line[..3]).collect::<Vec<_>>(), ["###", "P T", "###", "P T"]);
    }

    #[test]
    fn headings_of_many_kinds() {
        let body = "We tell you here what we do with what you tell us, and why we do it at all.";
        for (heading, outlined) in [
            ("Cookies\n-------", "### Cookies"),
            ("Cookies\n=======", "## Cookies"),
            ("*** Cookies ***", "## Cookies"),
            ("## Cookies", "## Cookies"),
            ("COOKIES AND BEACONS", "## COOKIES AND BEACONS"),
            ("1. Cookies", "## 1. Cookies"),
            ("3.2 Children", "### 3.2 Children"),
            ("II. USE", "## II. USE"),
            ("Section 4 - Security", "## Section 4 - Security"),
            ("Security of your data", "### Security of your data"),
            ("What do we collect?", "### What do we collect?"),
            ("Cookies:", "#### Cookies:"),
            ("Information we may collect", "### Information we may collect"),
        ] {
            assert_eq!(text(&format!("{heading}\n{body}\n")), format!("{outlined}\nP {body}\n"));
        }
    }

    #[test]
    fn statements_dates_and_addresses_are_no_headings() {
        let body = "We tell you here what we do with what you tell us, and why we do it at all.";
        for line in [
            "We never sell your data",
            "Acme will not share your address",
            "WE DO NOT SELL YOUR DATA",
            "Updated: January 22, 2020",
            "privacy@acme.example",
            "(555) 010-4477",
            "Copyright 2009 Acme Kites",
        ] {
            assert_eq!(text(&format!("{line}\n{body}\n")), format!("P {line}\nP {body}\n"));
        }
    }

    #[test]
    fn run_in_headings() {
        assert_eq!(
            text("COOKIES: We use cookies to count visits.\nLog Files - We keep logs for a week and no longer."),
            "#### COOKIES:\nP We use cookies to count visits.\n#### Log Files\nP We keep logs for a week and no longer.\n"
        );
        assert_eq!(
            text("1. SECURITY. We lock our doors at night.\n\nNote: We also have a dog that barks."),
            "## 1. SECURITY\nP We lock our doors at night.\nP Note: We also have a dog that barks.\n"
        );
    }

    #[test]
    fn lists_with_marks_nest() {
        let policy = "We do the following:\n(a) we collect:\n   - names\n   - addresses\n(b) we delete\n(i) early\n(c) we tell you.\nThat is all there is to say.";
        assert_eq!(
            text(policy),
            "P We do the following:\n- we collect: < We do the following:\n- names < We do the following: < we collect:\n\
             - addresses < We do the following: < we collect:\n- we delete < We do the following:\n\
             - early < We do the following: < we delete\n- we tell you. < We do the following:\nP That is all there is to say.\n"
        );
    }

    #[test]
    fn letters_that_are_also_numbers_stay_letters() {
        let policy = "We delete:\n(g) names;\n(h) ages;\n(i) sizes;\n(j) dates.";
        let document = read(policy, Format::Text);
        assert!(document.blocks[1..].iter().all(|block| block.lead_ins.iter().eq([0])), "{}", outline(&document));
    }

    #[test]
    fn a_paragraph_between_two_bullets_belongs_to_the_first() {
        let policy = "We collect data for these purposes:\n- To improve service\nWhat you tell us helps us answer your questions.\n- To pay\nThe end of the policy is here.";
        assert_eq!(
            text(policy),
            "P We collect data for these purposes:\n- To improve service < We collect data for these purposes:\n\
             - What you tell us helps us answer your questions. < We collect data for these purposes:\n\
             - To pay < We collect data for these purposes:\nP The end of the policy is here.\n"
        );
    }

    #[test]
    fn an_address_is_one_passage() {
        let policy = "If you have questions, please write to us at:\nAcme Kites Inc.\n12 Windy Hill Road\nSpringfield, IL 62701\ninfo@acme.example\n\
            Changes to this policy\nWe may change this policy, and will say so here when we do.";
        let address = "Acme Kites Inc. 12 Windy Hill Road Springfield, IL 62701 info@acme.example";
        assert_eq!(
            text(policy),
            format!(
                "P If you have questions, please write to us at:\n- {address} < If you have questions, please write to us at:\n\
                 ### Changes to this policy\nP We may change this policy, and will say so here when we do.\n"
            )
        );
        assert_eq!(
            text("Contact Us\nAcme Kites\n12 Windy Hill Road\nSpringfield, IL 62701\n"),
            "### Contact Us\nP Acme Kites 12 Windy Hill Road Springfield, IL 62701\n"
        );
    }

    #[test]
    fn menus_go_but_what_may_be_policy_stays() {
        let policy = "Home\nShop\nAbout us\nPrivacy\nContact\nHome | Shop | About\nPrivacy Policy\n\
            Acme Kites does not collect anything, and so it has nothing to tell you here.\n\
            Home\nShop\nBlog\nCareers\nFacebook\nTwitter\nCopyright 2009 Acme Kites. All rights reserved.";
        assert_eq!(
            text(policy),
            "### Privacy\n# Privacy Policy\nP Acme Kites does not collect anything, and so it has nothing to tell you here.\n\
             P Copyright 2009 Acme Kites. / All rights reserved.\n"
        );
    }

    #[test]
    fn short_lines_that_list_data_at_the_end_are_kept() {
        let policy = "Acme Kites asks for little when you order a kite from us.\nWe collect:\nName\nAge\nStreet\nCity\nCountry\nColour";
        assert_eq!(text(policy).matches(" < We collect:").count(), 6);
    }

    #[test]
    fn rulers_are_no_prose_and_files_of_nothing_are_empty() {
        assert_eq!(text("----------\n* * *\n::\n"), "");
        assert_eq!(text(""), "");
        assert_eq!(text("\u{feff}\r\n \t\r\n"), "");
    }

    #[test]
    fn a_question_and_its_answer() {
        let document = read("Do you sell my data?\nNo. We never do.", Format::Text);
        assert_eq!(document.sentences[0].ending, Ending::Question);
        assert_eq!(outline(&document), "### Do you sell my data?\nP No. / We never do.\n");
    }

    /// What must hold whatever the bytes.
    fn check(document: &Document) {
        let mut end = 0;
        for sentence in &document.sentences {
            let text = &document.prose[sentence.range()];
            assert!(sentence.range().start >= end && !text.is_empty() && text == text.trim());
            end = sentence.range().end;
            let _ = document.span(sentence.range());
        }
    }

    proptest! {
        #[test]
        fn no_text_is_too_odd(source in "(?s).{0,200}") {
            for format in [Format::Text, Format::ReStructuredText, Format::AsciiDoc] {
                check(&read(&source, format));
            }
        }

        #[test]
        fn no_markup_is_too_odd(parts in proptest::collection::vec(prop_oneof![
            Just("\n"), Just("\n\n"), Just("  "), Just("a"), Just("We collect"), Just("**"), Just("*"), Just("`"), Just("``"), Just("`_"), Just("<x>"),
            Just("|"), Just("|==="), Just("::"), Just(".. "), Just(".. note::"), Just("- "), Just("1. "), Just("(a) "), Just("====\n"), Just("----\n"),
            Just("https://x["), Just("link:"), Just("["), Just("]"), Just("[["), Just("]]"), Just("<<"), Just(">>"), Just("{a}"), Just(":a: b\n"), Just("é"),
            Just("_"), Just("\\"), Just(":"), Just("."), Just("?"), Just("== "), Just("+\n"), Just("&amp;"), Just("I. "), Just("\r\n"),
        ], 0..60)) {
            let source = parts.concat();
            for format in [Format::Text, Format::ReStructuredText, Format::AsciiDoc] {
                check(&read(&source, format));
            }
        }
    }

    #[test]
    fn long_inputs_take_time_in_proportion() {
        let inputs = [
            "We collect what you tell us, and more. ".repeat(50_000),
            "x".repeat(2_000_000),
            "Short line\n".repeat(200_000),
            "a. ".repeat(100_000),
        ];
        let odd = [
            "a.\n",
            "*a _b `c ",
            "`a <b `_ |c :d:` [e ",
            "link:a[ <<b {c [[d https://e ",
            "(a) b:\n",
            "* a\n ** b\n  - c\n   1. d\n",
            "Contact:\n12 Main Street\n",
            "((((\"\"\"\"....",
            "----\n",
            "**a ",
        ];
        let clock = std::time::Instant::now();
        for input in &inputs {
            check(&read(input, Format::Text));
        }
        for part in odd {
            let input = part.repeat(10_000);
            for format in [Format::Text, Format::ReStructuredText, Format::AsciiDoc] {
                check(&read(&input, format));
            }
        }
        // A few seconds without optimisation; anything quadratic takes minutes.
        assert!(clock.elapsed().as_secs() < 60, "{:?}", clock.elapsed());
    }
}
