//! `AsciiDoc` as a reader of the page sees it: sections, lists, tables and paragraphs; attributes, comments and code are not there.

use super::inline::{self, Dialect, Names};
use super::lines::{self, Line};
use super::{marker, shape};
use crate::document::BlockKind;
use crate::document::builder::Builder;
use std::ops::Range;

/// Adds a file to the document.
pub(super) fn parse(builder: &mut Builder) {
    let source = builder.source();
    let lines = lines::lines(source);
    let mut names = Names::default();
    for line in &lines {
        if let Some((name, value)) = attribute(line.text(source)) {
            names.define(name, value);
        }
    }
    let mut reader = Reader { builder, source, lines, names, lists: Vec::new(), in_table: false, continues: false };
    let mut at = reader.front_matter();
    while at < reader.lines.len() {
        at = reader.block(at);
    }
    if reader.in_table {
        reader.builder.end_table();
    }
    reader.end_lists(0);
}

struct Reader<'b, 's> {
    builder: &'b mut Builder<'s>,
    source: &'s str,
    lines: Vec<Line>,
    names: Names<'s>,
    /// The marks and indents of the open lists.
    lists: Vec<(String, usize)>,
    in_table: bool,
    /// Does a lone `+` say that the next block belongs to the item?
    continues: bool,
}

impl<'s> Reader<'_, 's> {
    fn text(&self, at: usize) -> &'s str {
        self.lines.get(at).map_or("", |line| line.text(self.source))
    }

    fn follows(&self, at: usize) -> bool {
        self.lines.get(at).is_some_and(|line| !line.after_blank)
    }

    fn front_matter(&self) -> usize {
        let fence = self.text(0);
        if !matches!(fence, "---" | "+++") {
            return 0;
        }
        (1..self.lines.len()).find(|&at| self.text(at) == fence).map_or(0, |end| end + 1)
    }

    /// Reads the block that starts at a line, and returns the line after it.
    fn block(&mut self, at: usize) -> usize {
        let text = self.text(at);
        if text == "|===" || text == "!===" {
            self.end_lists(0);
            if self.in_table {
                self.builder.end_table();
            } else {
                self.builder.start_table();
            }
            self.in_table = !self.in_table;
            return at + 1;
        }
        if self.in_table {
            return self.table_line(at);
        }
        if let Some(next) = self.invisible(at) {
            return next;
        }
        if let Some(next) = self.heading(at) {
            return next;
        }
        if shape::is_ruler(text) {
            self.continues = text == "+";
            return at + 1;
        }
        if let Some((mark, skip)) = list_mark(text) {
            return self.item(at, mark, skip);
        }
        if let Some(colons) = term(text) {
            return self.definition(at, colons);
        }
        let hangs = self.lists.last().is_some_and(|&(_, indent)| self.lines[at].indent > indent);
        if self.lists.is_empty() || !(self.continues || hangs) {
            self.end_lists(0);
            self.builder.open(BlockKind::Paragraph);
        } else {
            self.builder.start_item();
        }
        self.continues = false;
        let label = ["NOTE: ", "TIP: ", "IMPORTANT: ", "WARNING: ", "CAUTION: "].into_iter().find(|label| text.starts_with(label));
        let title = text.starts_with('.') && text[1..].starts_with(char::is_alphanumeric);
        let start = self.lines[at].range.start + label.map_or(usize::from(title), str::len);
        let end = if title { at + 1 } else { self.paragraph_end(at) };
        self.add(start..self.lines[end - 1].range.end);
        end
    }

    fn paragraph_end(&self, at: usize) -> usize {
        let mut end = at + 1;
        let item = list_mark(self.text(at));
        let numbered = |mark: &str| mark.starts_with(|first: char| first.is_ascii_alphanumeric());
        while self.follows(end) {
            let (before, text) = (self.text(end - 1), self.text(end));
            // Careless writers leave no blank line below a list; the next thought does not hang.
            let fresh = self.lines[end].indent <= self.lines[at].indent && text.starts_with(char::is_uppercase);
            if item.is_some() && fresh && (before.ends_with('.') || shape::Shape::of(before).is_title()) {
                break;
            }
            let begins = |mark: &str| {
                !numbered(mark) || item.is_some_and(|(mark, _)| numbered(mark)) || (mark == "1." && before.ends_with(['.', ':']))
            };
            if list_mark(text).is_some_and(|(mark, _)| begins(mark))
                || attribute(text).is_some()
                || text.starts_with("//")
                || shape::is_ruler(text)
                || (text.starts_with('=') && section(text).is_some())
                || (text.starts_with('[') && text.ends_with(']'))
            {
                break;
            }
            end += 1;
        }
        end
    }

    /// What is on no page: attributes, comments, code, directives.
    fn invisible(&mut self, at: usize) -> Option<usize> {
        let text = self.text(at);
        if text.starts_with("//") && !text.starts_with("////") || attribute(text).is_some() {
            return Some(at + 1);
        }
        let fence = ["----", "....", "++++", "////"].into_iter().any(|fence| text.starts_with(fence)) && shape::underline(text).is_some()
            || text.len() >= 4 && text.bytes().all(|byte| byte == b'/')
            || text.starts_with("```");
        if fence {
            let close = if text.starts_with("```") { "```" } else { text };
            // One that is never closed hides nothing.
            let end = (at + 1..self.lines.len()).find(|&end| self.text(end) == close);
            return Some(end.map_or(at, |end| end) + 1);
        }
        if text.starts_with('[') && text.ends_with(']') && !text.contains("](") {
            let style = text[1..].split(|end: char| !end.is_ascii_alphanumeric()).next().unwrap_or_default();
            let code = matches!(style, "source" | "listing" | "literal" | "stem" | "latexmath");
            if code && self.follows(at + 1) && !shape::is_ruler(self.text(at + 1)) {
                return Some(self.paragraph_end(at + 1));
            }
            return Some(at + 1);
        }
        let (name, rest) = text.split_once("::")?;
        let directive = matches!(name, "include" | "image" | "video" | "audio" | "toc" | "ifdef" | "ifndef" | "ifeval" | "endif");
        (directive && rest.ends_with(']')).then_some(at + 1)
    }

    fn heading(&mut self, at: usize) -> Option<usize> {
        let text = self.text(at);
        let range = self.lines[at].range.clone();
        let (level, inner, next) = if let Some((level, inner)) = section(text) {
            (level, range.start + inner.start..range.start + inner.end, at + 1)
        } else {
            let under = shape::underline(self.text(at + 1)).filter(|_| self.follows(at + 1))?;
            let level = "=-~^+".find(under)? + 1;
            let (title, line) = (text.chars().count(), self.text(at + 1).chars().count());
            if title.abs_diff(line) > 3 || !shape::is_underlined(text) || shape::is_ruler(text) {
                return None;
            }
            (u8::try_from(level).unwrap_or(6), range, at + 2)
        };
        self.end_lists(0);
        self.builder.open_heading(level);
        self.add(inner);
        Some(next)
    }

    fn item(&mut self, at: usize, mark: &str, skip: usize) -> usize {
        let indent = self.lines[at].indent;
        let mark = if mark.starts_with(|first: char| first.is_ascii_alphanumeric()) { "1." } else { mark };
        let same = |(open, column): &(String, usize)| open == mark && (*column == indent || mark != "-");
        if let Some(depth) = self.lists.iter().rposition(same) {
            self.end_lists(depth + 1);
        } else {
            let deeper = self.lists.last().is_none_or(|(open, column)| indent > *column || *open != mark);
            if !deeper {
                self.end_lists(self.lists.len() - 1);
            }
            if self.lists.len() < 6 {
                self.builder.start_list();
                self.lists.push((mark.to_owned(), indent));
            }
        }
        self.continues = false;
        self.builder.start_item();
        let end = self.paragraph_end(at);
        self.add(self.lines[at].range.start + skip..self.lines[end - 1].range.end);
        end
    }

    /// A term, and its definition behind it or below it.
    fn definition(&mut self, at: usize, colons: Range<usize>) -> usize {
        self.end_lists(0);
        let range = self.lines[at].range.clone();
        self.builder.open(BlockKind::Paragraph);
        self.add(range.start..range.start + colons.start);
        self.builder.start_list();
        self.lists.push(("::".to_owned(), self.lines[at].indent));
        let rest = range.start + colons.end..range.end;
        let below = self.source[rest.clone()].trim().is_empty();
        let first = at + usize::from(below);
        if below && (first >= self.lines.len() || list_mark(self.text(first)).is_some() || term(self.text(first)).is_some()) {
            return first;
        }
        let end = self.paragraph_end(first);
        let start = if below { self.lines[first].range.start } else { rest.start };
        self.builder.start_item();
        self.add(start..self.lines[end - 1].range.end);
        end
    }

    fn table_line(&mut self, at: usize) -> usize {
        let range = self.lines[at].range.clone();
        let text = &self.source[range.clone()];
        // The first row is the header if a blank line sets it off.
        let header = self.text(at.saturating_sub(1)) == "|===" && self.lines.get(at + 1).is_some_and(|next| next.after_blank);
        if text.starts_with('|') || !self.builder.has_text() {
            self.builder.start_row(header);
        }
        let mut start = range.start;
        for cell in text.split('|') {
            let cell_range = start..start + cell.len();
            start += cell.len() + 1;
            if !cell.trim().is_empty() {
                self.builder.start_cell();
                inline::add(self.builder, Dialect::AsciiDoc, &self.names, cell_range);
                self.builder.end_cell();
            }
        }
        at + 1
    }

    fn add(&mut self, range: Range<usize>) {
        inline::add(self.builder, Dialect::AsciiDoc, &self.names, range);
        self.builder.close();
    }

    fn end_lists(&mut self, depth: usize) {
        while self.lists.len() > depth {
            self.builder.end_list();
            self.lists.pop();
        }
    }
}

/// `:name: value`, `:!name:`
fn attribute(text: &str) -> Option<(&str, &str)> {
    let (name, value) = text.strip_prefix(':')?.split_once(':')?;
    let fits =
        !name.is_empty() && name.len() <= 60 && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'!'));
    fits.then_some((name, value))
}

/// The level and title of `== Cookies` or `== Cookies ==`.
fn section(text: &str) -> Option<(u8, Range<usize>)> {
    let first = text.chars().next().filter(|first| matches!(first, '=' | '#'))?;
    let depth = text.len() - text.trim_start_matches(first).len();
    let title = &text[depth..];
    if depth > 6 || !title.starts_with(char::is_whitespace) {
        return None;
    }
    let start = text.len() - title.trim_start().len();
    let end = text.trim_end_matches(first).trim_end().len();
    (start < end).then(|| (u8::try_from(depth).unwrap_or(6), start..end))
}

/// The mark of a list item, and its bytes with the white space behind it.
fn list_mark(text: &str) -> Option<(&str, usize)> {
    let first = text.chars().next()?;
    if matches!(first, '*' | '.' | '-' | '•') {
        let rest = text.trim_start_matches(first);
        let mark = &text[..text.len() - rest.len()];
        let body = rest.trim_start();
        let fits = mark.chars().count() <= if first == '-' || first == '•' { 1 } else { 5 } && body.len() < rest.len() && !body.is_empty();
        // A checklist: `* [x] done`
        let body = ["[x] ", "[*] ", "[ ] "].into_iter().find_map(|mark| body.strip_prefix(mark)).unwrap_or(body);
        return fits.then(|| (mark, text.len() - body.len()));
    }
    let marker = marker::read(text).filter(|marker| marker.is_ordered() && !matches!(marker.style, marker::Style::Outline(_)))?;
    text[..marker.length].ends_with(char::is_whitespace).then(|| (text[..marker.length].trim_end(), marker.length))
}

/// Where the colons of `term:: definition` stand.
fn term(text: &str) -> Option<Range<usize>> {
    let at = text.find("::")?;
    let colons = text[at..].bytes().take_while(|&byte| byte == b':').count();
    let after = &text[at + colons..];
    (at > 0 && at <= 120 && (after.is_empty() || after.starts_with(' '))).then_some(at..at + colons)
}

#[cfg(test)]
mod tests {
    use super::super::tests::{outline, read};
    use crate::source::Format;

    fn adoc(source: &str) -> String {
        outline(&read(source, Format::AsciiDoc))
    }

    #[test]
    fn headings_and_paragraphs() {
        let policy = "= Privacy\n:toc: macro\n\n== Use ==\nWe use\ndata.\n\nCookies\n-------\n\nNone.\n\nNOTE: We never sell data.\n";
        assert_eq!(adoc(policy), "# Privacy\n## Use\nP We use data.\n## Cookies\nP None.\nP We never sell data.\n");
    }

    #[test]
    fn an_address_without_end_is_text() {
        let endless = format!("link:{}\u{2014} we use data.", "a".repeat(1_999));
        assert!(adoc(&endless).ends_with("we use data.\n"));
    }

    #[test]
    fn lists_nest_by_their_marks() {
        let policy = "We collect:\n\n* names\n** of people\n* ages\n+\nin years\n\n. first\n. second\n\nCookie:: A small file.\n\nEnd.\n";
        assert_eq!(
            adoc(policy),
            "P We collect:\n- names < We collect:\n- of people < We collect: < names\n- ages < We collect:\n- in years < We collect:\n\
             - first < We collect: < in years\n- second < We collect: < in years\nP Cookie\n- A small file. < Cookie\nP End.\n"
        );
    }

    #[test]
    fn items_without_a_blank_line_around_them() {
        let policy = "We use data:\n- to bill;\n- to ship.\nWe also count visits.\n1. One\n2. Two\n";
        assert_eq!(
            adoc(policy),
            "P We use data:\n- to bill; < We use data:\n- to ship. < We use data:\nP We also count visits.\n- One\n- Two\n"
        );
    }

    #[test]
    fn what_is_on_no_page_is_not_read() {
        let policy = ":name: x\n// a comment\n\n////\nmore\n////\n\n[source,sh]\n----\nrm -r data\n----\n\n++++\n<b>\n++++\n\ninclude::other.adoc[]\n[[top]]\nWe read.\n\n====\nThis too.\n====\n";
        assert_eq!(adoc(policy), "P We read.\nP This too.\n");
    }

    #[test]
    fn tables_are_cells_below_their_header() {
        let policy = "|===\n|Data |Why\n\n|Name |Post\n|===\nEnd.\n";
        assert_eq!(adoc(policy), "C Data\nC Why\nC Name < Data\nC Post < Why < Name\nP End.\n");
    }

    #[test]
    fn marks_go_and_links_stay() {
        let policy = ":company: Acme Kites\n\n{company} *never* sells __data__ &amp; `names`, see link:/terms[our *terms*], https://acme.example[site^] and mailto:a@acme.example[].\n";
        let document = read(policy, Format::AsciiDoc);
        assert_eq!(outline(&document), "P Acme Kites never sells data & names, see our terms, site and a@acme.example.\n");
        let links: Vec<_> = document.links.iter().map(|link| (&document.prose[link.range.clone()], &*link.target)).collect();
        assert_eq!(links, [("our terms", "/terms"), ("site", "https://acme.example"), ("a@acme.example", "mailto:a@acme.example")]);
        let at = document.prose.find("terms").unwrap();
        assert_eq!(&policy[document.span(at..at + 5).range()], "terms");
        assert_eq!(&policy[document.span(0..10).range()], "{company}");
    }
}
