//! reStructuredText as a reader of the page sees it: sections, lists, notes and paragraphs; code, comments and targets are not there.

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
    let names = names(source, &lines);
    let mut reader = Reader { builder, source, lines, names, adornments: Vec::new(), lists: Vec::new() };
    let mut at = 0;
    while at < reader.lines.len() {
        at = reader.block(at);
    }
    reader.end_lists(0);
}

/// The targets and substitutions that a document defines.
fn names<'s>(source: &'s str, lines: &[Line]) -> Names<'s> {
    let mut names = Names::default();
    for line in lines {
        let Some(text) = line.text(source).strip_prefix(".. ") else {
            continue;
        };
        if let Some((name, value)) = text.strip_prefix('_').and_then(|text| text.split_once(": ")) {
            names.define(name.trim_matches('`'), value);
        } else if let Some((name, value)) = text.strip_prefix('|').and_then(|text| text.split_once("| replace::")) {
            names.define(name, value);
        }
    }
    names
}

struct Reader<'b, 's> {
    builder: &'b mut Builder<'s>,
    source: &'s str,
    lines: Vec<Line>,
    names: Names<'s>,
    /// Characters of headings (and whether they are overlined), in the order they are first met: that is their level.
    adornments: Vec<(char, bool)>,
    /// Columns before the items of the open lists.
    lists: Vec<usize>,
}

impl<'s> Reader<'_, 's> {
    fn text(&self, at: usize) -> &'s str {
        self.lines.get(at).map_or("", |line| line.text(self.source))
    }

    fn follows(&self, at: usize) -> bool {
        self.lines.get(at).is_some_and(|line| !line.after_blank)
    }

    /// Reads the block that starts at a line, and returns the line after it.
    fn block(&mut self, at: usize) -> usize {
        if let Some(next) = self.heading(at) {
            return next;
        }
        let (text, indent) = (self.text(at), self.lines[at].indent);
        if shape::is_ruler(text) {
            // A lone "::" makes code of what is indented below it.
            return if text == "::" { self.skip_deeper(at + 1, indent) } else { at + 1 };
        }
        if text == ".." || text.starts_with(".. ") || text.starts_with("__ ") {
            return self.explicit(at);
        }
        let bullet = marker_length(text);
        let depth = self.lists.iter().take_while(|&&list| list < indent || (bullet.is_some() && list == indent)).count();
        self.end_lists(depth);
        if let Some(length) = bullet {
            if self.lists.last() != Some(&indent) {
                self.builder.start_list();
                self.lists.push(indent);
            }
            self.builder.start_item();
            return self.paragraph(at, length);
        }
        if let Some(end) = field(text) {
            if text[end..].trim().is_empty() {
                return at + 1; // `:orphan:`
            }
            self.builder.open(BlockKind::Paragraph);
            return self.paragraph(at, 1);
        }
        let bold = text.len() > 4 && text.starts_with("**") && text.find("**").is_some() && text[2..].find("**") == Some(text.len() - 4);
        if bold && self.lists.is_empty() && !self.follows(at + 1) && text.split_whitespace().count() <= 16 && !text.ends_with(".**") {
            self.builder.open_heading(u8::try_from(self.adornments.len().min(4) + 1).unwrap_or(6));
            return self.paragraph(at, 0);
        }
        if self.lists.is_empty() {
            self.builder.open(BlockKind::Paragraph);
        } else {
            self.builder.start_item();
        }
        let next = self.paragraph(at, 0);
        // A term, and its definition indented below it.
        if next == at + 1 && self.follows(next) && self.lines[next].indent > indent && self.lists.len() < 6 {
            self.builder.start_list();
            self.lists.push(indent);
            self.builder.start_item();
            return self.paragraph(next, 0);
        }
        next
    }

    /// Adds the lines of a paragraph, from behind `skip` bytes of the first, and returns the line after it.
    fn paragraph(&mut self, at: usize, skip: usize) -> usize {
        let indent = self.lines[at].indent;
        let hanging = skip > 1;
        let mut end = at + 1;
        while self.follows(end) {
            let line = &self.lines[end];
            let text = line.text(self.source);
            let deeper = line.indent > indent;
            if text.starts_with(".. ") || is_bullet(text) || (hanging && !deeper) || (!hanging && deeper && end == at + 1) {
                break;
            }
            end += 1;
        }
        let mut range = self.lines[at].range.start + skip..self.lines[end - 1].range.end;
        let code = self.source[range.clone()].ends_with("::");
        if code {
            range.end -= 1;
        }
        inline::add(self.builder, Dialect::ReStructuredText, &self.names, range);
        self.builder.close();
        if code { self.skip_deeper(end, indent) } else { end }
    }

    fn heading(&mut self, at: usize) -> Option<usize> {
        let overlined = shape::is_ruler(self.text(at)) && self.follows(at + 1) && self.follows(at + 2);
        let title = at + usize::from(overlined);
        let under = shape::underline(self.text(title + 1)).filter(|_| self.follows(title + 1))?;
        let text = self.text(title);
        let fits = !shape::is_ruler(text) && self.text(title + 1).len() * 2 > text.len() && self.lines[title].indent <= 4;
        if !fits || (overlined && shape::underline(self.text(at)) != Some(under)) || (!overlined && !shape::is_underlined(text)) {
            return None;
        }
        let adornment = (under, overlined);
        let level = self.adornments.iter().position(|&met| met == adornment).unwrap_or_else(|| {
            self.adornments.push(adornment);
            self.adornments.len() - 1
        });
        self.end_lists(0);
        self.builder.open_heading(u8::try_from(level + 1).unwrap_or(6));
        let range = self.lines[title].range.clone();
        inline::add(self.builder, Dialect::ReStructuredText, &self.names, range);
        self.builder.close();
        Some(title + 2)
    }

    /// Directives, targets and comments.
    fn explicit(&mut self, at: usize) -> usize {
        let line = &self.lines[at];
        let (indent, range) = (line.indent, line.range.clone());
        let text = &self.source[range.clone()];
        let body = text.trim_start_matches('.').trim_start();
        if let Some(end) = body.strip_prefix('[').and_then(|body| body.find("] ")) {
            // A footnote is read like any paragraph.
            self.end_lists(0);
            self.builder.open(BlockKind::Paragraph);
            let start = range.end - body.len() + end + 3;
            self.add(start..range.end);
            return at + 1;
        }
        let Some((name, argument)) = body.split_once("::").filter(|(name, _)| !name.contains([' ', '|', '_'])) else {
            return self.skip_deeper(at + 1, indent);
        };
        let note = matches!(
            name,
            "note"
                | "warning"
                | "important"
                | "tip"
                | "attention"
                | "caution"
                | "danger"
                | "error"
                | "hint"
                | "admonition"
                | "topic"
                | "sidebar"
                | "seealso"
                | "epigraph"
                | "highlights"
                | "container"
                | "compound"
                | "pull-quote"
                | "rst-class"
                | "class"
                | "only"
                | "centered"
                | "list-table"
                | "rubric"
                | "versionadded"
                | "versionchanged"
                | "deprecated"
        );
        if !note {
            return self.skip_deeper(at + 1, indent);
        }
        let shown = !matches!(name, "class" | "rst-class" | "only" | "container" | "list-table");
        if shown && !argument.trim().is_empty() {
            let start = range.end - argument.trim_start().len();
            let mut end = at + 1;
            while self.follows(end) && self.lines[end].indent > indent && field(self.text(end)).is_none() {
                end += 1;
            }
            self.end_lists(0);
            self.builder.open(BlockKind::Paragraph);
            self.add(start..self.lines[end - 1].range.end);
            return self.skip_options(end);
        }
        self.skip_options(at + 1)
    }

    fn skip_options(&self, mut at: usize) -> usize {
        while self.follows(at) && field(self.text(at)).is_some() {
            at += 1;
        }
        at
    }

    fn skip_deeper(&self, mut at: usize, indent: usize) -> usize {
        while self.lines.get(at).is_some_and(|line| line.indent > indent) {
            at += 1;
        }
        at
    }

    fn add(&mut self, range: Range<usize>) {
        inline::add(self.builder, Dialect::ReStructuredText, &self.names, range);
        self.builder.close();
    }

    fn end_lists(&mut self, depth: usize) {
        while self.lists.len() > depth {
            self.builder.end_list();
            self.lists.pop();
        }
    }
}

/// The bytes of a bullet or number at the start of a line.
fn marker_length(text: &str) -> Option<usize> {
    if let Some(rest) = text.strip_prefix("#. ") {
        return Some(text.len() - rest.trim_start().len());
    }
    if let Some(rest) = text.strip_prefix("| ") {
        return Some(text.len() - rest.trim_start().len()); // a line block
    }
    let marker = marker::read(text)?;
    let spaced = text[..marker.length].ends_with(char::is_whitespace);
    (spaced && !matches!(marker.style, marker::Style::Outline(_))).then_some(marker.length)
}

/// Does a line begin with what can only be a bullet, though no blank line stands before it?
fn is_bullet(text: &str) -> bool {
    text.starts_with("* ") || text.starts_with("- ") || text.starts_with("• ") || text.starts_with("#. ") || text.starts_with("| ")
}

/// Where the name of a field ends: `:Date: 2024`.
fn field(text: &str) -> Option<usize> {
    let name = text.strip_prefix(':')?;
    let length = name.bytes().take(40).position(|byte| byte == b':')?;
    let rest = &name[length + 1..];
    (length > 0 && !name.starts_with(' ') && (rest.is_empty() || rest.starts_with(' '))).then_some(length + 2)
}

#[cfg(test)]
mod tests {
    use super::super::tests::{outline, read};
    use crate::source::Format;

    fn rst(source: &str) -> String {
        outline(&read(source, Format::ReStructuredText))
    }

    #[test]
    fn headings_have_the_level_of_their_adornment() {
        let policy = "======\nPolicy\n======\n\n1. Use\n------\n\nWe use data.\n\nMore\n~~~~\n\n**Even more**\n\nYes.\n\n2. End\n------\n";
        assert_eq!(rst(policy), "# Policy\n## 1. Use\nP We use data.\n### More\n#### Even more\nP Yes.\n## 2. End\n");
    }

    #[test]
    fn paragraphs_lists_and_definitions() {
        let policy = "We collect, on our\nsite, these:\n\n* names\n  of people\n\n  and of dogs\n\n#. first\n\n   * inner\n\nCookie\n   A small file.\n\nEnd.\n";
        assert_eq!(
            rst(policy),
            "P We collect, on our site, these:\n- names of people < We collect, on our site, these:\n\
             - and of dogs < We collect, on our site, these:\n- first < We collect, on our site, these:\n\
             - inner < We collect, on our site, these: < first\nP Cookie\n- A small file. < Cookie\nP End.\n"
        );
    }

    #[test]
    fn what_is_on_no_page_is_not_read() {
        let policy = ".. _top:\n\n.. A comment\n   of two lines\n\n.. code-block:: sh\n\n   rm -r data\n\n:orphan:\n\nRun this::\n\n   delete all\n\n\
            .. note:: We never\n   sell data.\n\n.. warning::\n   :class: red\n\n   We keep logs.\n\n----\n\nEnd.\n";
        assert_eq!(rst(policy), "P Run this:\nP We never sell data.\nP We keep logs.\nP End.\n");
    }

    #[test]
    fn marks_go_and_links_stay() {
        let policy = "We *never* sell ``data``, see `our **site** <https://acme.example>`_, Acme_, :doc:`the terms <terms>` and |who| [1]_.\n\n\
            .. _Acme: https://kites.example\n.. |who| replace:: Acme Kites\n";
        let document = read(policy, Format::ReStructuredText);
        assert_eq!(outline(&document), "P We never sell data, see our site, Acme, the terms and Acme Kites .\n");
        let links: Vec<_> = document.links.iter().map(|link| (&document.prose[link.range.clone()], &*link.target)).collect();
        assert_eq!(links, [("our site", "https://acme.example"), ("Acme", "https://kites.example"), ("the terms", "terms")]);
        let span = |word: &str| {
            let at = document.prose.find(word).unwrap();
            &policy[document.span(at..at + word.len()).range()]
        };
        assert_eq!((span("never"), span("site"), span("Acme Kites")), ("never", "site", "|who|"));
    }

    #[test]
    fn marks_that_never_close_are_text() {
        assert_eq!(rst("We * never *sell ``data or `names, |ages.\n"), "P We * never *sell ``data or `names, |ages.\n");
    }
}
