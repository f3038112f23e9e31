//! Markdown and MDX as a reader sees them on the page: `pulldown-cmark` says what stands where, this module what it means in a
//! policy. Authors make headings of bold lines, numbered lines and capitals, so those are headings here too.

mod front_matter;
mod mdx;
mod template;
mod view;

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, LinkType, Options, Parser, Tag, TagEnd};

use super::BlockKind;
use super::builder::{Builder, Mark};
use super::html;
use crate::source::Format;
use view::View;

/// Adds a file to the document.
pub(super) fn parse(builder: &mut Builder, format: Format) {
    let source = builder.source();
    let front = front_matter::read(source);
    let cuts = match format {
        Format::Mdx => {
            let (cuts, comments) = mdx::cuts(source, front.end);
            for comment in comments {
                builder.comment(comment);
            }
            cuts
        }
        _ => template::cuts(source, front.end),
    };
    let view = View::new(source, front.end, &cuts);
    let mut reader = Reader::new(builder, &view, format);
    let title = front.title.filter(|title| !repeats(view.text(), &source[title.clone()]));
    let dates = front.dates.into_iter().map(|date| (date, BlockKind::Paragraph));
    let mut lines: Vec<_> = title.into_iter().map(|title| (title, BlockKind::Heading)).chain(dates).collect();
    // All that is prose stands in the order of the file.
    lines.sort_by_key(|(line, _)| line.start);
    for (line, kind) in lines {
        if kind == BlockKind::Heading {
            reader.builder.open_heading(1);
            reader.level = 1;
        } else {
            reader.builder.open(kind);
        }
        reader.builder.text(line);
        reader.builder.close();
    }
    reader.builder.begin_text();
    reader.read();
}

/// Does the text open with a heading that says what the front matter's title says?
fn repeats(text: &str, title: &str) -> bool {
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let first = lines.next().unwrap_or_default();
    let heading = first.starts_with("# ") || lines.next().is_some_and(|second| second.starts_with("==="));
    let heading = if heading { first.to_lowercase() } else { return false };
    title.to_lowercase().split(|next: char| !next.is_alphabetic()).any(|word| word.len() > 3 && heading.contains(word))
}

/// Reads one view into a builder.
struct Reader<'r, 'b, 's> {
    builder: &'r mut Builder<'b>,
    view: &'r View<'s>,
    format: Format,
    /// Is the view the inside of an indented block?
    nested: bool,
    /// The level of the last heading that is marked as one.
    level: u8,
    /// Elements whose text is not prose, open at the moment: images, code, deletions.
    hidden: usize,
    /// An inline HTML element whose content is not prose.
    hidden_html: Option<String>,
    line: Line,
    /// Where the paragraph at hand ends in the view.
    paragraph_end: usize,
    /// Line breaks since the last text.
    breaks: usize,
    /// Where the list items that are open end.
    items: Vec<usize>,
    lists: Vec<List>,
    /// Is a table open?
    in_table: bool,
    menu: Option<Menu>,
    /// Block quotes that are open, with what the document was before.
    quotes: Vec<Option<Mark>>,
    in_link: bool,
    /// Raw HTML that has not been handed on yet, in the source: neighbouring blocks are one.
    html: Option<Range<usize>>,
    /// Lines of the indented block at hand, in the view.
    indented: Option<Vec<Range<usize>>>,
}

/// The line of a paragraph at hand.
#[derive(Default)]
struct Line {
    /// Emphasised elements that are open.
    emphasis: usize,
    /// Has it text inside emphasis?
    inside: bool,
    /// Has it text outside emphasis?
    outside: bool,
}

/// A list that is open.
struct List {
    /// Or else a heading in its guise.
    real: bool,
    /// Where it ends in the view.
    end: usize,
    /// The number of the last item, as written.
    number: Option<usize>,
}

/// What speaks for the outermost list being a menu, which is no prose.
struct Menu {
    mark: Mark,
    /// Where it stands makes it likely.
    likely: bool,
    /// It follows a lead-in.
    led_in: bool,
    links: usize,
    /// Links to a place on the page.
    anchors: usize,
    /// It has other text.
    other: bool,
}

impl<'r, 'b, 's> Reader<'r, 'b, 's> {
    fn new(builder: &'r mut Builder<'b>, view: &'r View<'s>, format: Format) -> Self {
        Self {
            builder,
            view,
            format,
            nested: false,
            level: 0,
            hidden: 0,
            hidden_html: None,
            line: Line::default(),
            paragraph_end: 0,
            breaks: 0,
            items: Vec::new(),
            lists: Vec::new(),
            in_table: false,
            menu: None,
            quotes: Vec::new(),
            in_link: false,
            html: None,
            indented: None,
        }
    }

    fn read(mut self) {
        let view = self.view;
        let options = Options::ENABLE_TABLES
            | Options::ENABLE_STRIKETHROUGH
            | Options::ENABLE_TASKLISTS
            | Options::ENABLE_FOOTNOTES
            | Options::ENABLE_HEADING_ATTRIBUTES;
        for (event, range) in Parser::new_ext(view.text(), options).into_offset_iter() {
            match event {
                Event::Start(Tag::HtmlBlock) | Event::Html(_) | Event::End(TagEnd::HtmlBlock) => self.raw_html(range),
                Event::Start(tag) => {
                    self.hand_on_html();
                    self.start(tag, range);
                }
                Event::End(tag) => {
                    self.hand_on_html();
                    self.end(tag, range);
                }
                Event::Text(text) => self.text(&text, range),
                Event::Code(_) | Event::InlineMath(_) | Event::DisplayMath(_) => self.code(range),
                Event::InlineHtml(tag) => self.inline_html(&tag, &range),
                Event::SoftBreak => self.line_break(&range, false),
                Event::HardBreak => self.line_break(&range, true),
                Event::Rule => {
                    self.hand_on_html();
                    self.builder.close();
                }
                Event::FootnoteReference(_) | Event::TaskListMarker(_) => {}
            }
        }
        self.hand_on_html();
        self.builder.close();
    }

    fn start(&mut self, tag: Tag, range: Range<usize>) {
        match tag {
            Tag::Paragraph => {
                self.open_paragraph();
                self.paragraph_end = range.end;
            }
            Tag::Heading { .. } => {
                self.other_than_menu();
                self.builder.open_heading(1);
            }
            Tag::BlockQuote(_) => {
                let first = self.builder.last_block().is_none() && !self.builder.in_list();
                let mark = first.then(|| self.builder.mark());
                self.quotes.push(mark);
            }
            Tag::CodeBlock(CodeBlockKind::Fenced(_)) => {
                self.builder.close();
                self.hidden += 1;
            }
            Tag::CodeBlock(CodeBlockKind::Indented) => self.indented = Some(Vec::new()),
            Tag::List(number) => self.start_list(number.is_some(), range),
            Tag::Item => self.start_item(range),
            Tag::FootnoteDefinition(_) => self.builder.close(),
            Tag::Table(_) => {
                self.other_than_menu();
                self.builder.start_table();
                self.in_table = true;
            }
            Tag::TableHead => self.builder.start_row(true),
            Tag::TableRow => self.builder.start_row(false),
            Tag::TableCell => self.builder.start_cell(),
            Tag::Emphasis | Tag::Strong => {
                if self.opens_a_titled_line(&range) {
                    self.open_paragraph();
                }
                self.line.emphasis += 1;
            }
            Tag::Strikethrough if self.view.text()[range.clone()].starts_with("~~") => self.hidden += 1,
            Tag::Link { link_type, dest_url, .. } => self.start_link(link_type, &dest_url, &range),
            Tag::Image { .. } => self.hidden += 1,
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd, range: Range<usize>) {
        match tag {
            TagEnd::Paragraph => self.end_paragraph(range.end),
            TagEnd::Heading(level) => self.end_heading(level as u8),
            TagEnd::BlockQuote(_) => {
                let mark = self.quotes.pop().flatten();
                self.builder.close();
                // The note that archives of policies open with.
                let note = |text: &str| text.starts_with("The following text is extracted and transformed from");
                if let Some(mark) = mark.filter(|_| self.builder.last_block().is_some_and(|(_, text)| note(text))) {
                    self.builder.drop_since(&mark);
                }
            }
            TagEnd::CodeBlock => match self.indented.take() {
                Some(lines) => self.read_indented(&lines),
                None => self.hidden = self.hidden.saturating_sub(1),
            },
            TagEnd::List(_) => self.end_list(),
            TagEnd::Item => {
                self.items.pop();
                self.end_item();
            }
            TagEnd::FootnoteDefinition => self.builder.close(),
            TagEnd::Table => {
                self.builder.end_table();
                self.in_table = false;
            }
            TagEnd::TableCell => self.builder.end_cell(),
            TagEnd::Emphasis | TagEnd::Strong => self.line.emphasis = self.line.emphasis.saturating_sub(1),
            TagEnd::Strikethrough if self.view.text()[range.clone()].starts_with("~~") => self.hidden = self.hidden.saturating_sub(1),
            TagEnd::Link => self.end_link(),
            TagEnd::Image => self.hidden = self.hidden.saturating_sub(1),
            _ => {}
        }
    }

    fn open_paragraph(&mut self) {
        if self.in_table {
            self.builder.start_cell();
        } else if self.builder.in_list() {
            self.builder.start_item();
        } else {
            self.builder.open(BlockKind::Paragraph);
        }
        self.line = Line::default();
        self.breaks = 0;
    }

    fn end_paragraph(&mut self, end: usize) {
        // A titled item of a list is a heading only if more than a list follows in the item.
        let more = self.items.last().is_none_or(|&item| {
            let rest = self.view.text()[end.min(item)..item].trim_start();
            !rest.is_empty() && !rest.starts_with(['*', '-', '+']) && !rest.starts_with(|first: char| first.is_ascii_digit())
        });
        // Capitals at the very end are the last line of an address.
        let last = || !self.line.inside && self.view.text()[end..].trim_start().is_empty();
        let lone = self.lists.last().is_some_and(|list| !list.real);
        let titled = || more && !(self.nested && self.builder.in_list()) && self.is_titled_line() && !last();
        if self.is_document_title() {
            self.builder.turn_into_heading(1);
            self.level = 1;
        } else if lone || titled() {
            self.builder.turn_into_heading(self.level + 1);
        }
        self.builder.close();
    }

    fn end_heading(&mut self, level: u8) {
        let text = self.builder.open_text();
        // A rule right below a paragraph makes a heading of it, and so does a `#` that somebody liked the size of.
        if text.split_whitespace().nth(20).is_some() && text.ends_with('.') {
            self.builder.turn_into_paragraph();
        } else {
            self.builder.turn_into_heading(level);
            if self.builder.has_text() {
                self.level = level;
            }
        }
        self.builder.close();
    }

    /// Is what stands in the open block, or in its line, a heading that is not marked as one?
    fn is_titled_line(&self) -> bool {
        let text = self.builder.open_text();
        if self.line.inside && !self.line.outside { is_emphasised_title(text) } else { is_plain_title(text) }
    }

    /// Does the document open with a line that names it?
    fn is_document_title(&self) -> bool {
        let text = self.builder.open_text();
        if self.builder.last_block().is_some() || self.builder.in_list() || text.len() > 80 || text.ends_with(['.', ':', ',', ';']) {
            return false;
        }
        let text = text.to_lowercase();
        text.contains("privacy") && ["policy", "notice", "statement"].iter().any(|kind| text.contains(kind))
    }

    /// Does an emphasised range open a line within a paragraph, and fill it, so that it is a heading there?
    fn opens_a_titled_line(&self, range: &Range<usize>) -> bool {
        let text = self.view.text();
        let rest = text[range.end..self.paragraph_end.max(range.end)].trim_start_matches([' ', '\t', ':', '\\']);
        self.breaks > 0
            && range.len() <= MOST
            && self.builder.has_text()
            && !self.builder.in_list()
            && (rest.is_empty() || rest.starts_with(['\n', '\r', '<']))
            && is_emphasised_title(text[range.clone()].trim_matches(['*', '_']))
    }

    fn line_break(&mut self, range: &Range<usize>, hard: bool) {
        if self.hidden > 0 {
            return;
        }
        let at = self.view.source(range.clone()).start;
        self.breaks += usize::from(hard || self.breaks == 0);
        let emphasised = self.line.inside && !self.line.outside && self.line.emphasis == 0;
        let titled = self.is_titled_line() && self.is_followed_by_text(range.end, emphasised);
        if self.is_document_title() && !self.in_table && self.is_followed_by_text(range.end, true) {
            self.builder.turn_into_heading(1);
            self.level = 1;
            self.open_paragraph();
        } else if self.builder.in_list() && emphasised && hard {
            self.builder.start_item();
            self.line = Line::default();
        } else if titled && !self.builder.in_list() && !self.in_table {
            self.builder.turn_into_heading(self.level + 1);
            self.open_paragraph();
        } else if hard && self.breaks > 1 {
            self.open_paragraph();
        } else {
            self.builder.space(at);
        }
    }

    /// Does a line follow in the paragraph and, below a title that is not emphasised, one that is no title or address?
    fn is_followed_by_text(&self, end: usize, emphasised: bool) -> bool {
        let text = self.view.text();
        let rest = &text[end..self.paragraph_end.max(end)];
        let near = rest[..rest.floor_char_boundary(MOST)].trim_start();
        let next = near.split(['\n', '\r']).next().unwrap_or_default();
        let wordy = || next.split_whitespace().nth(7).is_some() && next.contains(char::is_lowercase);
        !next.is_empty() && (emphasised || wordy())
    }

    fn text(&mut self, text: &str, range: Range<usize>) {
        if let Some(lines) = &mut self.indented {
            lines.push(range);
            return;
        }
        if self.hidden > 0 || self.hidden_html.is_some() || self.is_stray_mark(text, &range) {
            return;
        }
        if text.contains(char::is_alphanumeric) {
            self.breaks = 0;
            if self.line.emphasis > 0 {
                self.line.inside = true;
            } else {
                self.line.outside = true;
            }
            if !self.in_link {
                self.other_than_menu();
            }
        }
        if self.view.text()[range.clone()] != *text {
            self.builder.instead(text, self.view.source(range));
            return;
        }
        for (piece, source, literal) in self.view.pieces(range) {
            if literal {
                self.builder.text(source);
            } else {
                self.builder.instead(piece, source);
            }
        }
    }

    /// Marks of emphasis that do not pair (`**Access****:**`) are litter.
    fn is_stray_mark(&self, text: &str, range: &Range<usize>) -> bool {
        let bytes = self.view.text().as_bytes();
        let star = |at: Option<usize>| at.and_then(|at| bytes.get(at)) == Some(&b'*');
        text.bytes().all(|byte| byte == b'*') && (star(range.start.checked_sub(1)) || star(Some(range.end)))
    }

    /// Inline code is prose: names of cookies, addresses.
    fn code(&mut self, range: Range<usize>) {
        let text = &self.view.text()[range.clone()];
        let inner = text.trim_matches(['`', '$']);
        let start = range.start + (text.len() - text.trim_start_matches(['`', '$']).len());
        let range = if inner.is_empty() { range } else { start..start + inner.len() };
        let text = self.view.text()[range.clone()].to_owned();
        self.text(&text, range);
    }

    fn start_link(&mut self, link_type: LinkType, target: &str, range: &Range<usize>) {
        let text = &self.view.text()[range.clone()];
        let sign =
            target.starts_with('#') && text.starts_with('[') && !text.split(']').next().unwrap_or_default().contains(char::is_alphanumeric);
        if sign || self.hidden > 0 {
            // The mark at a heading that links to itself.
            self.hidden += 1;
            return;
        }
        if let Some(menu) = &mut self.menu {
            menu.links += 1;
            menu.anchors += usize::from(target.starts_with('#'));
            menu.other |= ["mailto:", "tel:"].iter().any(|scheme| target.starts_with(scheme)) || matches!(link_type, LinkType::Email);
        }
        self.in_link = true;
        if matches!(link_type, LinkType::Email) && !target.starts_with("mailto:") {
            self.builder.start_link(&format!("mailto:{target}"));
        } else {
            self.builder.start_link(target);
        }
    }

    fn end_link(&mut self) {
        if self.in_link {
            self.in_link = false;
            self.builder.end_link();
        } else {
            self.hidden = self.hidden.saturating_sub(1);
        }
    }

    fn start_list(&mut self, ordered: bool, range: Range<usize>) {
        let end = range.end;
        self.builder.close();
        let last = self.builder.last_block();
        let led_in = last.is_some_and(|(_, text)| text.ends_with(':'));
        if self.lists.is_empty() && !led_in && !self.nested && is_lone_title(&self.view.text()[range], ordered) {
            self.lists.push(List { real: false, end, number: None });
            return;
        }
        if self.lists.is_empty() {
            let likely = match last {
                None => true,
                Some((BlockKind::Paragraph, text)) => !led_in && !text.ends_with(['.', '!', '?', ')', '"']),
                Some((BlockKind::Heading, text)) => {
                    let words = text.to_lowercase();
                    ["contents", "menu", "navigation", "skip to"].iter().any(|name| words.contains(name))
                }
                Some((BlockKind::Item | BlockKind::Cell, _)) => false,
            };
            self.menu = Some(Menu {
                mark: self.builder.mark(),
                likely,
                led_in: led_in && last_is_long(self.builder),
                links: 0,
                anchors: 0,
                other: false,
            });
        }
        self.builder.start_list();
        self.lists.push(List { real: true, end, number: None });
    }

    fn start_item(&mut self, range: Range<usize>) {
        self.items.push(range.end);
        self.paragraph_end = range.end;
        self.line = Line::default();
        let text = &self.view.text()[range.clone()];
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        let number = text[..digits].parse().ok();
        let outermost = self.lists.len() == 1;
        let Some(list) = self.lists.last_mut().filter(|list| list.real) else {
            return;
        };
        // A table of contents and the first heading below it are one list by the letter.
        let restarts = number == Some(1) && list.number.is_some_and(|number| number > 1);
        list.number = number;
        if outermost
            && restarts
            && self.view.text()[range.end..list.end.max(range.end)].trim_start().is_empty()
            && is_lone_title(text, true)
        {
            list.real = false;
            self.builder.end_list();
            self.menu = None;
        } else {
            self.builder.start_item();
        }
    }

    fn end_item(&mut self) {
        if self.lists.last().is_some_and(|list| !list.real) {
            self.builder.turn_into_heading(self.level + 1);
        }
        self.builder.close();
    }

    fn end_list(&mut self) {
        if self.lists.pop().is_some_and(|list| list.real) {
            self.builder.end_list();
        }
        if self.lists.is_empty()
            && let Some(menu) = self.menu.take()
        {
            let contents = menu.links == menu.anchors && !menu.led_in;
            if !menu.other && menu.links > 1 && (menu.likely && menu.links > 2 || contents) {
                self.builder.drop_since(&menu.mark);
            }
        }
    }

    fn other_than_menu(&mut self) {
        if let Some(menu) = &mut self.menu {
            menu.other = true;
        }
    }

    /// An indented block is code by the letter; in policies it is mostly text that somebody has moved in.
    fn read_indented(&mut self, lines: &[Range<usize>]) {
        let text = self.view.text();
        let blank = |range: &&Range<usize>| text[(*range).clone()].trim().is_empty();
        let all = lines.iter().map(|line| &text[line.clone()]);
        if self.nested || self.format != Format::Mdx && !all.clone().any(is_prose) {
            if self.nested {
                for line in lines {
                    self.builder.open(BlockKind::Paragraph);
                    for (_, source, _) in self.view.pieces(line.clone()) {
                        self.builder.text(source);
                    }
                    self.builder.close();
                }
            }
            return;
        }
        let indent = |range: &Range<usize>| text[range.clone()].len() - text[range.clone()].trim_start_matches([' ', '\t']).len();
        let least = lines.iter().filter(|line| !blank(line)).map(indent).min().unwrap_or(0);
        let parts = lines.iter().map(|line| line.start + least.min(indent(line))..line.end).collect::<Vec<_>>();
        let inside = self.view.of_parts(&parts);
        self.builder.close();
        let led_in = !self.builder.in_list() && self.builder.last_block().is_some_and(|(_, text)| text.ends_with(':'));
        if led_in {
            self.builder.start_list();
        }
        let mut reader = Reader::new(self.builder, &inside, self.format);
        reader.nested = true;
        reader.level = self.level;
        reader.read();
        if led_in {
            self.builder.end_list();
        }
    }

    fn raw_html(&mut self, range: Range<usize>) {
        let source = self.view.source(range);
        let html = self.html.get_or_insert(source.clone());
        html.end = html.end.max(source.end);
    }

    fn hand_on_html(&mut self) {
        if let Some(range) = self.html.take() {
            self.other_than_menu();
            let comments = html::fragment(self.builder, range);
            // An indented block may be read as prose, but its page shows it as code.
            if !self.nested {
                for comment in comments {
                    self.builder.comment(comment);
                }
            }
        }
    }

    fn inline_html(&mut self, tag: &str, range: &Range<usize>) {
        let closing = tag.starts_with("</");
        let name = tag.trim_start_matches(['<', '/']);
        let name = name.split(|next: char| !next.is_ascii_alphanumeric()).next().unwrap_or_default().to_ascii_lowercase();
        if let Some(hidden) = &self.hidden_html {
            if closing && *hidden == name {
                self.hidden_html = None;
            }
            return;
        }
        if let Some(inside) = html::inside_comment(tag) {
            let start = self.view.source(range.clone()).start;
            if !self.nested {
                self.builder.comment(start + inside.start..start + inside.end);
            }
            return;
        }
        match name.as_str() {
            "script" | "style" | "noscript" | "template" | "svg" if !closing && !tag.ends_with("/>") => self.hidden_html = Some(name),
            "br" => self.line_break(range, true),
            "p" | "div" | "li" | "ul" | "ol" | "section" | "hr" | "blockquote" if self.hidden == 0 => self.open_paragraph(),
            "b" | "strong" | "em" | "i" | "u" if closing => self.line.emphasis = self.line.emphasis.saturating_sub(1),
            "b" | "strong" | "em" | "i" | "u" => self.line.emphasis += 1,
            "a" | "link" if closing && self.in_link => self.end_link(),
            "a" | "link" if !closing => {
                if let Some(target) = html_target(tag) {
                    self.start_link(LinkType::Inline, &htmlize::unescape_attribute(target), range);
                }
            }
            _ => {}
        }
    }
}

/// No heading is longer, in bytes; so a long block costs nothing to look at, line after line.
const MOST: usize = 200;

fn last_is_long(builder: &Builder) -> bool {
    builder.last_block().is_some_and(|(_, text)| text.split_whitespace().nth(3).is_some())
}

/// The `href` (or, of JSX, `to`) of a tag.
fn html_target(tag: &str) -> Option<&str> {
    let lower = tag.to_ascii_lowercase();
    let at = [" href=", "\nhref=", " to="].iter().find_map(|name| lower.find(name).map(|at| at + name.len()))?;
    let value = &tag[at..];
    match value.chars().next()? {
        quote @ ('"' | '\'') => value[1..].split(quote).next(),
        _ => value.split([' ', '\n', '>']).next(),
    }
}

/// Is a wholly emphasised line a heading, and not a sentence that somebody wanted noticed?
fn is_emphasised_title(text: &str) -> bool {
    let text = text.trim();
    if text.len() > MOST {
        return false;
    }
    let words = text.split_whitespace().count();
    if words == 0 || words > 14 || says_a_date(text) || text.contains('@') || has_inner_sentence(text) {
        return false;
    }
    match text.chars().next_back() {
        Some('.' | '!' | ';') => words <= 3 || words <= 12 && is_title_case(text),
        Some(',') => false,
        _ => true,
    }
}

/// Is a line without any emphasis a heading: numbered, or in capitals?
fn is_plain_title(text: &str) -> bool {
    let text = text.trim();
    if text.len() > MOST {
        return false;
    }
    let words = text.split_whitespace().count();
    if words == 0
        || words > 16
        || says_a_date(text)
        || text.contains('@')
        || text.ends_with(['.', ',', ';', '!'])
        || has_inner_sentence(text)
    {
        return false;
    }
    let letters = text.chars().filter(|character| character.is_alphabetic()).count();
    let capitals = letters >= 4 && !text.contains(char::is_lowercase) && !text.contains(['[', '{', '_']);
    // A name or an abbreviation alone ("ACME LLC") is more likely to be part of an address.
    let company = ["LLC", "LTD", "INC", "GMBH", "USA", "UK"].iter().any(|tail| text.ends_with(tail));
    capitals && !company && !text.ends_with(|last: char| last.is_ascii_digit()) || !text.ends_with(':') && words <= 12 && is_numbered(text)
}

/// `1. Scope`, `2.3 Cookies`, `Section 4 - Children`.
fn is_numbered(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let named = ["section ", "article ", "part "].iter().find(|name| lower.starts_with(**name)).map_or(0, |name| name.len());
    let rest = &text[named..];
    let number = rest.bytes().take_while(|byte| byte.is_ascii_digit() || *byte == b'.').count();
    let digits = rest[..number].trim_end_matches('.');
    if digits.is_empty() || digits.split('.').any(|part| part.len() > 2) {
        return false;
    }
    let tail = rest[number..].trim_start();
    let marked = named > 0 || digits.contains('.') || number > digits.len() || tail.starts_with([')', ':', '-', '–', '—']);
    let title = tail.trim_start_matches([')', ':', '-', '–', '—', ' ']);
    marked && title.starts_with(char::is_uppercase)
}

/// Is a list, as written, one line that is a heading: `1. Cookies`?
fn is_lone_title(list: &str, ordered: bool) -> bool {
    let line = list.trim_end();
    if line.contains(['\n', '\r']) || line.len() > 120 {
        return false;
    }
    let text = line.trim_start_matches(|first: char| first.is_ascii_digit() || " \t.)*+-".contains(first) && first != '*');
    let bare = text.trim_matches(['*', '_', ' ']);
    let strong = text.starts_with("**") && text.ends_with("**") || text.starts_with("__") && text.ends_with("__");
    let plain = ordered
        && bare.starts_with(char::is_uppercase)
        && !bare.ends_with(['.', ',', ';', '!'])
        && bare.split_whitespace().nth(8).is_none();
    if strong { is_emphasised_title(bare) } else { is_plain_title(bare) || plain && is_emphasised_title(bare) && !bare.contains("](") }
}

/// "Last updated: ..." is no heading; with a colon and a date behind it, nor is anything else.
fn says_a_date(text: &str) -> bool {
    let lower = text.to_lowercase();
    let opener = ["last", "effective", "updated", "revised", "version", "date", "posted", "modified", "as of"];
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    digits >= 2 && opener.iter().any(|word| lower.starts_with(word)) || digits >= 5 && text.contains(':')
}

/// Does a sentence end inside a text?
fn has_inner_sentence(text: &str) -> bool {
    let words = text.split_whitespace().collect::<Vec<_>>();
    words.windows(2).any(|pair| {
        let bare = pair[0].trim_end_matches(['"', '\'', ')', '”', '’']);
        bare.len() > 4 && bare.ends_with(['.', '!', '?']) && pair[1].starts_with(char::is_uppercase)
    })
}

/// Do all longer words start with a capital?
fn is_title_case(text: &str) -> bool {
    text.split_whitespace().filter(|word| word.len() > 4).all(|word| !word.starts_with(char::is_lowercase))
}

/// Is a line more like prose (or the markup of prose) than like code?
fn is_prose(line: &str) -> bool {
    let line = line.trim();
    let odd = line.bytes().filter(|byte| b"{}=;$\\|".contains(byte)).count();
    line.starts_with('<') || line.split_whitespace().nth(2).is_some() && odd * 20 <= line.len() && !line.starts_with(['$', '{'])
}

#[cfg(test)]
mod tests {
    use super::super::{BlockKind, Document};
    use crate::source::SourceFile;
    use proptest::prelude::*;

    fn parse(name: &str, text: &str) -> (SourceFile, Document) {
        let source = SourceFile::decode(name, text.into()).unwrap();
        let document = Document::parse(&source);
        (source, document)
    }

    /// Blocks as `# heading`, `paragraph`, `- item`, `| cell`; lead-ins follow after `<`.
    fn blocks_of(name: &str, text: &str) -> Vec<String> {
        let (_, document) = parse(name, text);
        let blocks = document.blocks.iter().map(|block| {
            let text = |sentence: usize| document.sentence_text(sentence);
            let prose = block.sentences().map(text).collect::<Vec<_>>().join(" ");
            let sign = match block.kind {
                BlockKind::Heading => "#".repeat(document.sections[block.section()].level.into()) + " ",
                BlockKind::Paragraph => String::new(),
                BlockKind::Item => "- ".to_owned(),
                BlockKind::Cell => "| ".to_owned(),
            };
            let lead_ins = block.lead_ins.iter().flat_map(|lead_in| [" < ", text(lead_in)]).collect::<String>();
            sign + &prose + &lead_ins
        });
        blocks.collect()
    }

    fn blocks(text: &str) -> Vec<String> {
        blocks_of("policy.md", text)
    }

    /// What the file says where the sentences are.
    fn sentences(name: &str, text: &str) -> Vec<String> {
        let (source, document) = parse(name, text);
        let spans = (0..document.sentences.len()).map(|sentence| document.sentence_span(sentence));
        spans.map(|span| source.slice(span).to_owned()).collect()
    }

    #[test]
    fn spans_are_exact() {
        let text = "# Our *Policy*\r\n\r\nWe &amp; you\\. Don\u{2019}t **sell**\r\nit. Ask [us](mailto:a@b.example)!\r\n";
        assert_eq!(
            sentences("p.md", text),
            ["Our *Policy", "We &amp; you\\.", "Don\u{2019}t **sell**\r\nit.", "Ask [us](mailto:a@b.example)!"]
        );
        let (_, document) = parse("p.md", text);
        assert_eq!(document.prose, "Our Policy\nWe & you. Don't sell it. Ask us!\n");
        assert_eq!(document.links.len(), 1);
        assert_eq!(document.links[0].target, "mailto:a@b.example");
        assert_eq!(&document.prose[document.links[0].range.clone()], "us");
        assert_eq!(document.span(0..document.prose.len()).range().end, text.len() - 2);
    }

    #[test]
    fn line_ends_of_all_systems_are_the_same() {
        let text = "# Policy\n\nWe sell\nnothing.\n\n- One\n- Two\n";
        let expected = ["# Policy", "We sell nothing.", "- One", "- Two"];
        for ends in ["\n", "\r\n", "\r"] {
            assert_eq!(blocks(&text.replace('\n', ends)), expected, "{ends:?}");
        }
    }

    #[test]
    fn front_matter_gives_title_and_date() {
        let text = "---\ntitle: \"Privacy at Quillmoor\"\nlayout: page\nlastUpdated: 2024-01-02\n---\n\n## Scope\n\nAll.\n";
        assert_eq!(blocks(text), ["# Privacy at Quillmoor", "lastUpdated: 2024-01-02", "## Scope", "All."]);
        assert_eq!(sentences("p.md", text)[..2], ["Privacy at Quillmoor", "lastUpdated: 2024-01-02"]);
        assert_eq!(blocks("---\ntitle: Privacy\n---\n# Privacy Policy\n\nAll.\n"), ["# Privacy Policy", "All."]);
        assert_eq!(blocks("+++\ntitle = 'Privacy'\n+++\nAll.\n"), ["# Privacy", "All."]);
        let date_first = "---\ndate: 2024-01-02\ntitle: Privacy\n---\nAll.\n";
        assert_eq!(blocks(date_first), ["date: 2024-01-02", "# Privacy", "All."]);
        let (_, document) = parse("p.md", date_first);
        assert_eq!((document.title, document.prose_of(document.sentence_span(1))), (Some(1), "Privacy"));
    }

    #[test]
    fn lists_inherit_their_lead_in() {
        let text = "We collect:\n\n1. Contact data:\n   - your name\n   - your e-mail\n\n2. Usage data\n\n   For a year.\n";
        assert_eq!(
            blocks(text),
            [
                "We collect:",
                "- Contact data: < We collect:",
                "- your name < We collect: < Contact data:",
                "- your e-mail < We collect: < Contact data:",
                "- Usage data < We collect:",
                "- For a year. < We collect:",
            ]
        );
    }

    #[test]
    fn tables_inherit_their_headers() {
        let text = "| Data | Kept for |\n|---|---|\n| E-mail | 2 years |\n";
        assert_eq!(blocks(text), ["| Data", "| Kept for", "| E-mail < Data", "| 2 years < Kept for < E-mail"]);
    }

    #[test]
    fn bold_lines_are_headings() {
        assert_eq!(blocks("# P\n\n**1. Cookies:**\n\nNone.\n"), ["# P", "## 1. Cookies:", "None."]);
        assert_eq!(blocks("**Cookies**  \nWe use none.\n"), ["# Cookies", "We use none."]);
        assert_eq!(blocks("**Cookies**\nWe use none.\n**Data**\nNone too.\n"), ["# Cookies", "We use none.", "# Data", "None too."]);
        assert_eq!(blocks("<b>Cookies</b><br>We use none.\n"), ["# Cookies", "We use none."]);
        assert_eq!(blocks("**Last updated: May 2024**\n"), ["Last updated: May 2024"]);
        assert_eq!(blocks("**We do not sell data.**\n"), ["We do not sell data."]);
        assert_eq!(blocks("**Note** that we do.\n"), ["Note that we do."]);
        assert_eq!(blocks("- **Name**\n- **E-mail**\n"), ["- Name", "- E-mail"]);
        assert_eq!(blocks("- **Name**  \n  We ask for it.\n"), ["- Name", "- We ask for it."]);
    }

    #[test]
    fn numbered_and_capital_lines_are_headings() {
        assert_eq!(blocks("CONTACT US\n\nWrite.\n"), ["# CONTACT US", "Write."]);
        assert_eq!(
            blocks("1. Scope\n\nAll.\n\n2. Cookies\n\nNone.\n"),
            ["# 1. Scope", "All.", "# 2. Cookies", "None."].map(|b| b.replace("1. ", "").replace("2. ", ""))
        );
        assert_eq!(blocks("Section 4 - Children\n\nNone.\n"), ["# Section 4 - Children", "None."]);
        assert_eq!(blocks("Quillmoor LLC  \n12 Oak Road  \nSpringfield\n"), ["Quillmoor LLC 12 Oak Road Springfield"]);
        assert_eq!(blocks("Text of a paragraph that somebody put a rule below, so that it is a heading by the letter, and long it is, very long.\n---\n").len(), 1);
        assert!(
            !blocks(
                "Text of a paragraph that somebody put a rule below, so that it is a heading by the letter, and long it is, too.\n---\n"
            )[0]
            .starts_with('#')
        );
    }

    #[test]
    fn contents_and_titles_are_told_apart() {
        assert_eq!(blocks("1. SCOPE\n\n2. COOKIES\n\n1. SCOPE\n\nAll data.\n"), ["- SCOPE", "- COOKIES", "# SCOPE", "All data."]);
        assert_eq!(blocks("Privacy Policy for Quillmoor\n\nWe keep nothing.\n"), ["# Privacy Policy for Quillmoor", "We keep nothing."]);
        assert_eq!(blocks("We keep nothing.\n\nNORWAY\n"), ["We keep nothing.", "NORWAY"]);
        assert_eq!(blocks("| A | B |\n|---|---|\n| c<br><br>d | e |\n"), ["| A", "| B", "| c < A", "| d < A", "| e < B < d"]);
        assert_eq!(blocks("**Access****:** You may ask.\n"), ["Access: You may ask."]);
    }

    #[test]
    fn what_is_no_prose_is_left_out() {
        assert_eq!(blocks("A.\n\n```\ncode\n```\n\n![logo](x.png) We `__ga` <!-- no --> B.\n"), ["A.", "We __ga B."]);
        assert_eq!(blocks("* [Home](/)\n* [Shop](/s)\n* [Help](/h)\n\n# P\n\nWe.\n"), ["# P", "We."]);
        assert_eq!(blocks("We share with:\n\n* [A](/a)\n* [B](/b)\n* [C](/c)\n").len(), 4);
        assert_eq!(blocks("## [#](#x)What\n\n* [One](#a)\n* [Two](#b)\n"), ["## What"]);
        assert_eq!(blocks("> *The following text is extracted and transformed from the x privacy policy.*\n\nWe.\n"), ["We."]);
        assert_eq!(
            blocks("We ~~sell~~ keep {{ site.name }} data.\n\n{% if a %}\nB.\n{% endif %}\n"),
            ["We keep {{ site.name }} data.", "B."]
        );
    }

    #[test]
    fn indented_prose_is_kept() {
        assert_eq!(
            blocks("We collect data when you:\n\n    visit our web site\n\n    write to us by mail\n"),
            [
                "We collect data when you:",
                "- visit our web site < We collect data when you:",
                "- write to us by mail < We collect data when you:"
            ]
        );
        assert_eq!(blocks("Code:\n\n    let x = {};\n"), ["Code:"]);
    }

    #[test]
    fn mojibake_is_repaired_in_its_place() {
        assert_eq!(sentences("p.md", "We donâ€™t sell. Never.\n"), ["We donâ€™t sell.", "Never."]);
        assert_eq!(blocks("We donâ€™t&nbsp;sell.\n"), ["We don't sell."]);
    }

    #[test]
    fn mdx_is_markdown_between_tags() {
        let text = "import A from 'a';\n\nexport const b = { c: 1 };\n\n<Layout title=\"x\">\n\n  ## Who we are\n\n  {/* a note */}\n      {NAME} sells\n      <b>nothing</b>.\n\n  <ul>\n    <li>One thing</li>\n    <li>Two things</li>\n  </ul>\n</Layout>\n";
        assert_eq!(blocks_of("p.mdx", text), ["## Who we are", "{NAME} sells nothing.", "- One thing", "- Two things"]);
        assert_eq!(sentences("p.mdx", text)[1], "{NAME} sells\n      <b>nothing</b>.");
        let (_, document) = parse("p.mdx", "Mail <a href={`mailto:${c.mail}`}>{c.mail}</a> now.\n");
        assert_eq!(document.links[0].target, "mailto:${c.mail}");
        assert_eq!(document.prose, "Mail {c.mail} now.\n");
    }

    fn check(name: &str, bytes: Vec<u8>) {
        let Ok(source) = SourceFile::decode(name, bytes) else { return };
        let document = Document::parse(&source);
        let mut sentence = 0;
        let mut last = 0;
        for (number, block) in document.blocks.iter().enumerate() {
            assert_eq!(block.sentences().start, sentence);
            assert!(block.section() < document.sections.len());
            for at in block.sentences() {
                let range = document.sentences[at].range();
                assert!(range.start >= last && range.end > range.start);
                last = range.end;
                assert_eq!(document.sentences[at].block(), number);
                assert!(!document.sentence_text(at).is_empty());
                source.slice(document.sentence_span(at));
            }
            sentence = block.sentences().end;
            assert!(block.lead_ins.iter().all(|lead_in| lead_in < block.sentences().start));
        }
        for (at, _) in document.prose.char_indices() {
            source.slice(document.span(at..document.prose.len()));
            source.slice(document.span(0..at));
        }
        assert!(document.links.iter().all(|link| document.prose.get(link.range.clone()).is_some()));
        assert!(document.sections.iter().all(|section| section.blocks().end <= document.blocks.len()));
        assert!(document.title.is_none_or(|title| title < document.blocks.len()));
    }

    fn scraps() -> impl Strategy<Value = String> {
        let scraps = [
            "\n",
            "\n\n",
            "\r\n",
            "\r",
            "    ",
            "  ",
            "- ",
            "1. ",
            "# ",
            "> ",
            "**",
            "*",
            "~~",
            "`",
            "```\n",
            "|",
            "|-|-|\n",
            "[a](#b)",
            "](",
            "[",
            "<b>",
            "</b>",
            "<br>",
            "<div>",
            "<!--",
            "-->",
            "<a href={`x`}>",
            "</a>",
            "{",
            "}",
            "{{ x }}",
            "{% y %}",
            "{\" \"}",
            "import a from 'b'\n",
            "export const c = {\n",
            "---\n",
            "title: T\n",
            "===\n",
            "We sell.",
            "Cookies",
            "CAPS HERE",
            "é",
            "â€™",
            "\u{a0}",
            "\u{ad}",
            "&amp;",
            "\\",
            ":",
            "'",
            "\"",
            "![i](j)",
            "[^1]",
        ];
        prop::collection::vec(prop::sample::select(scraps.to_vec()), 0..60).prop_map(|scraps| scraps.concat())
    }

    proptest! {
        #[test]
        fn any_bytes_make_a_document(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            check("p.md", bytes.clone());
            check("p.mdx", bytes);
        }

        #[test]
        fn any_scraps_make_a_document(text in scraps()) {
            check("p.md", text.clone().into_bytes());
            check("p.mdx", text.into_bytes());
        }
    }

    #[test]
    fn large_and_hostile_files_take_linear_time() {
        let start = std::time::Instant::now();
        let scraps = [
            "- ",
            "> ",
            "{",
            "<a ",
            "<!--",
            "*a ",
            "[",
            "{{",
            "{%",
            "`",
            "    x\n",
            "**A**\n",
            "import {\n",
            "a  \n",
            "<br>",
            "{a} ",
            "('",
        ];
        for scrap in scraps {
            check_long("p.md", &scrap.repeat(20_000));
            check_long("p.mdx", &scrap.repeat(20_000));
        }
        assert!(start.elapsed().as_secs() < 60, "{:?}", start.elapsed());
    }

    fn check_long(name: &str, text: &str) {
        let start = std::time::Instant::now();
        if let Ok(source) = SourceFile::decode(name, text.into()) {
            Document::parse(&source);
        }
        assert!(start.elapsed().as_secs() < 5, "{name} {:.20} {:?}", text, start.elapsed());
    }
}
