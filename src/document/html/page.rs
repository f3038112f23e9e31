//! The first pass over a page: tags become elements that begin and end where a browser would have them begin and end, however
//! careless the markup, and each is measured (how much text, how much of it in links, headings, tables), so that the second pass
//! can judge an element before it reads its text. This is the only file that knows html5gum.
//!
//! The spans that html5gum gives to strings are exact, references, carriage returns and lone `<` included, with one exception: it
//! drops `</>` without ending the string, so that text is split there. Text is always taken from the source, never from the
//! tokenizer.

use super::hint::{self, Hint};
use super::tag::Kind;
use super::templates;
use html5gum::emitters::callback::{CallbackEmitter, CallbackEvent};
use html5gum::{Span, Tokenizer};
use rustc_hash::FxHashMap;
use std::convert::Infallible;
use std::ops::Range;

/// What a page consists of, in its order.
#[derive(Clone, Debug)]
pub(super) enum Event {
    /// An element begins.
    Start(usize),
    /// An element ends. An inline element that is closed inside a younger block ends there; all others nest.
    End(usize),
    /// Raw text of the source, and how many of its bytes are visible.
    Text { range: Range<usize>, visible: usize, bold: bool },
    /// `br`, at this byte.
    Break(usize),
    /// `hr`, or the end of a block that is not open.
    Boundary,
    /// The end of a link that is not open.
    EndLink,
}

/// An element and its measures.
#[derive(Clone, Debug)]
#[allow(clippy::struct_excessive_bools)] // independent facts, not states
pub(super) struct Element {
    pub(super) kind: Kind,
    /// Of a heading.
    pub(super) level: u8,
    /// Columns that a cell spans.
    pub(super) columns: u8,
    /// What its attributes say.
    pub(super) hint: Hint,
    /// Did the text before it end with a colon?
    pub(super) led_in: bool,
    /// Is it without an end tag of its own?
    pub(super) unclosed: bool,
    /// Does it hold no text of the policy?
    pub(super) chrome: bool,
    /// Where a link leads, as an index into [`Page::targets`].
    pub(super) target: Option<u32>,
    /// The events of its beginning and end.
    pub(super) events: Range<usize>,
    /// What stands inside it.
    pub(super) holds: Measures,
    was_bold: bool,
    name: usize,
}

/// Counts of what stands in a stretch of a page.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Measures {
    /// Bytes of text that are not white space.
    pub(super) text: usize,
    /// Those in links.
    pub(super) linked: usize,
    /// Those that are emphasised.
    pub(super) bold: usize,
    /// What looks like the end of a sentence, outside of links.
    pub(super) sentences: usize,
    /// Headings with text outside of links.
    pub(super) headings: usize,
    pub(super) tables: usize,
    pub(super) links: usize,
    /// Links into the page itself.
    pub(super) anchors: usize,
}

impl Measures {
    fn since(self, earlier: Self) -> Self {
        Self {
            text: self.text - earlier.text,
            linked: self.linked - earlier.linked,
            bold: self.bold - earlier.bold,
            sentences: self.sentences - earlier.sentences,
            headings: self.headings - earlier.headings,
            tables: self.tables - earlier.tables,
            links: self.links - earlier.links,
            anchors: self.anchors - earlier.anchors,
        }
    }
}

/// A page, ready to be read.
#[derive(Debug, Default)]
pub(super) struct Page {
    pub(super) events: Vec<Event>,
    pub(super) elements: Vec<Element>,
    /// Where links lead, as written but for references.
    pub(super) targets: Vec<String>,
    /// The text of `title`.
    pub(super) title: Option<Range<usize>>,
    /// The insides of comments.
    pub(super) comments: Vec<Range<usize>>,
    /// The whole page's.
    pub(super) holds: Measures,
}

impl Page {
    /// Reads a stretch of the source.
    pub(super) fn read(source: &str, range: Range<usize>) -> Self {
        let (text, blanks) = templates::blank(&source[range.clone()]);
        let mut reader = Reader { source, offset: range.start, blanks, ..Reader::default() };
        let mut emitter = CallbackEmitter::new(|event: CallbackEvent<'_>, span: Span<usize>| {
            reader.event(&event, span);
            None::<Infallible>
        });
        emitter.naively_switch_states(true);
        let Ok(()) = Tokenizer::new_with_emitter(&*text, emitter).finish();
        reader.finish()
    }
}

/// The attributes of a start tag that matter.
#[derive(Default)]
struct Attributes {
    hint: Hint,
    bold: Option<bool>,
    target: Option<String>,
    columns: u8,
}

#[derive(Default)]
struct Reader<'s> {
    source: &'s str,
    /// Where the text that is tokenized begins in the source.
    offset: usize,
    /// Template code, relative to the offset.
    blanks: Vec<Range<usize>>,
    next_blank: usize,
    page: Page,
    /// Open elements, the root first.
    stack: Vec<usize>,
    names: FxHashMap<Vec<u8>, usize>,
    /// Positions in the stack, by name and by kind.
    by_name: Vec<Vec<usize>>,
    by_kind: FxHashMap<u8, Vec<usize>>,
    /// Positions in the stack of what is no inline element.
    blocks: Vec<usize>,
    /// How many open elements hold no text at all.
    raw: usize,
    bold: bool,
    /// Was the last visible character a colon?
    colon: bool,
    // The start tag at hand.
    name: Vec<u8>,
    attribute: Vec<u8>,
    attributes: Attributes,
}

impl Reader<'_> {
    fn event(&mut self, event: &CallbackEvent<'_>, span: Span<usize>) {
        match *event {
            CallbackEvent::OpenStartTag { name } => {
                self.name.clear();
                self.name.extend_from_slice(name);
                self.attributes = Attributes::default();
                self.attribute.clear();
            }
            CallbackEvent::AttributeName { name } => {
                self.attribute.clear();
                self.attribute.extend_from_slice(name);
                if name == b"hidden" {
                    self.attributes.hint = Hint::Hidden;
                }
            }
            CallbackEvent::AttributeValue { value } => self.attribute(&String::from_utf8_lossy(value)),
            CallbackEvent::CloseStartTag { self_closing } => self.start_tag(self_closing, self.offset + span.start),
            CallbackEvent::EndTag { name } => self.end_tag(name, self.offset + span.start),
            CallbackEvent::String { .. } => self.string(span.start..span.end),
            CallbackEvent::Comment { .. } => self.comment(self.offset + span.start..self.offset + span.end),
            CallbackEvent::Doctype { .. } | CallbackEvent::Error(_) => {}
        }
    }

    fn attribute(&mut self, value: &str) {
        let attributes = &mut self.attributes;
        match self.attribute.as_slice() {
            b"href" => attributes.target = Some(value.trim().to_owned()),
            b"colspan" => attributes.columns = value.trim().parse().unwrap_or(1).clamp(1, 20),
            b"class" => attributes.hint = attributes.hint.max(hint::class(value)),
            b"id" => attributes.hint = attributes.hint.max(hint::id(value)),
            b"role" => attributes.hint = attributes.hint.max(hint::role(value)),
            b"aria-hidden" if value.eq_ignore_ascii_case("true") => attributes.hint = Hint::Hidden,
            b"hidden" if value.eq_ignore_ascii_case("until-found") => attributes.hint = Hint::None,
            b"style" => {
                let style: String = value.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_ascii_lowercase();
                if style.contains("display:none") || style.contains("visibility:hidden") || style.contains("mso-hide:all") {
                    attributes.hint = Hint::Hidden;
                }
                if let Some((_, weight)) = style.rsplit_once("font-weight:") {
                    attributes.bold = Some(weight.starts_with("bold") || matches!(weight.as_bytes(), [b'6'..=b'9', b'0', b'0', ..]));
                }
            }
            _ => {}
        }
    }

    fn start_tag(&mut self, self_closing: bool, at: usize) {
        let kind = Kind::of(&self.name);
        if !kind.is_inline() {
            self.make_room(kind);
        }
        match kind {
            Kind::Void => return,
            Kind::Break => return self.line_break(at),
            Kind::Rule => return self.boundary(),
            Kind::Link => {
                // A link inside a link ends the first; one that a block separates has ended already.
                if let Some(open) = self.nearest(&[Kind::Link]) {
                    if self.blocks.last().is_none_or(|&block| block < open) {
                        self.close(open, false);
                    } else {
                        self.end_early(open);
                    }
                }
                if let Some(target) = &self.attributes.target {
                    self.page.holds.links += 1;
                    self.page.holds.anchors += usize::from(target.starts_with('#'));
                }
            }
            Kind::Table => self.page.holds.tables += 1,
            _ => {}
        }
        let level = if kind == Kind::Heading { self.name[1] - b'0' } else { 0 };
        self.push(kind, level);
        // Browsers ignore the slash; XHTML means it.
        if self_closing && !matches!(kind, Kind::Raw | Kind::Title) {
            self.close(self.stack.len() - 1, true);
        }
    }

    /// Closes what a block of this kind cannot stand in.
    fn make_room(&mut self, kind: Kind) {
        if kind.is_void() && kind != Kind::Rule {
            return;
        }
        if let Some(drawing) = self.nearest(&[Kind::Drawing])
            && self.nearest(&[Kind::Foreign]).is_none_or(|foreign| foreign < drawing)
        {
            self.close(drawing, false);
        }
        let table = self.nearest(&[Kind::Table]);
        let cell = self.nearest(&[Kind::Cell, Kind::HeaderCell, Kind::Caption]);
        match kind {
            Kind::Cell | Kind::HeaderCell => {
                self.close_inside(&[Kind::Cell, Kind::HeaderCell, Kind::Caption], table);
                if table.is_some() && self.nearest(&[Kind::Row]) < table {
                    self.push(Kind::Row, 0);
                }
            }
            Kind::Row => self.close_inside(&[Kind::Row, Kind::Caption], table),
            Kind::TableHead | Kind::TableBody => self.close_inside(&[Kind::TableHead, Kind::TableBody, Kind::Row, Kind::Caption], table),
            Kind::Root | Kind::Caption => {}
            _ => {
                self.close_inside(&[Kind::Paragraph], cell.max(table));
                match kind {
                    Kind::Item => self.close_inside(&[Kind::Item], self.nearest(&[Kind::List]).max(cell).max(table)),
                    Kind::Term | Kind::Definition => {
                        let list = self.nearest(&[Kind::DefinitionList]).max(cell).max(table);
                        self.close_inside(&[Kind::Term, Kind::Definition], list);
                    }
                    _ => {}
                }
                // A heading that is never closed would swallow the page.
                if let Some(heading) = self.nearest(&[Kind::Heading])
                    && Some(heading) > cell.max(table)
                    && (kind == Kind::Heading
                        || kind != Kind::Block && self.page.holds.text > self.page.elements[self.stack[heading]].holds.text)
                {
                    self.close(heading, false);
                }
            }
        }
    }

    fn push(&mut self, kind: Kind, level: u8) {
        let name = match kind {
            // Any heading's end tag ends any heading, and so on.
            Kind::Heading => b"h1".as_slice(),
            Kind::HeaderCell => b"td",
            Kind::Row => b"tr",
            _ => &self.name,
        };
        let name = if let Some(&name) = self.names.get(name) {
            name
        } else {
            self.by_name.push(Vec::new());
            self.names.insert(name.to_vec(), self.by_name.len() - 1);
            self.by_name.len() - 1
        };
        let attributes = std::mem::take(&mut self.attributes);
        let number = self.page.elements.len();
        let position = self.stack.len();
        let target = attributes.target.filter(|_| kind == Kind::Link && self.raw == 0).map(|target| {
            self.page.targets.push(target);
            u32::try_from(self.page.targets.len() - 1).unwrap_or(u32::MAX)
        });
        self.page.elements.push(Element {
            kind,
            level,
            columns: attributes.columns.max(1),
            hint: attributes.hint,
            led_in: self.colon,
            unclosed: false,
            chrome: false,
            target,
            events: self.page.events.len()..self.page.events.len(),
            holds: self.page.holds,
            was_bold: self.bold,
            name,
        });
        self.page.events.push(Event::Start(number));
        self.stack.push(number);
        self.by_name[name].push(position);
        self.by_kind.entry(kind as u8).or_default().push(position);
        if !kind.is_inline() {
            self.blocks.push(position);
        }
        self.raw += usize::from(is_raw(kind));
        self.bold = attributes.bold.unwrap_or(self.bold || kind == Kind::Bold);
    }

    fn end_tag(&mut self, name: &[u8], at: usize) {
        let kind = Kind::of(name);
        let known = match kind {
            Kind::Heading => b"h1",
            Kind::HeaderCell => b"td".as_slice(),
            _ => name,
        };
        let position = self.names.get(known).and_then(|&name| self.by_name[name].last().copied());
        if kind == Kind::Break {
            // Browsers read `</br>` as `<br>`.
            return self.line_break(at);
        }
        if kind.is_inline() {
            match position {
                Some(position) if self.blocks.last().is_none_or(|&block| block < position) => self.close(position, true),
                Some(position) => self.end_early(position),
                None if kind == Kind::Link => self.page.events.push(Event::EndLink),
                None => {}
            }
            return;
        }
        let boundary = if kind == Kind::Table {
            None
        } else if kind.is_table_part() {
            self.nearest(&[Kind::Table])
        } else {
            self.nearest(&[Kind::Table, Kind::Cell, Kind::HeaderCell, Kind::Caption])
        };
        match position {
            // What follows the end of the body is shown all the same.
            _ if kind == Kind::Root => self.boundary(),
            Some(position) if Some(position) >= boundary => self.close(position, true),
            _ => self.boundary(),
        }
    }

    fn line_break(&mut self, at: usize) {
        if self.raw == 0 {
            self.page.events.push(Event::Break(at));
        }
    }

    fn boundary(&mut self) {
        if self.raw == 0 {
            self.page.events.push(Event::Boundary);
        }
    }

    fn comment(&mut self, markup: Range<usize>) {
        if let Some(inside) = self.source.get(markup.clone()).and_then(super::inside_comment) {
            self.page.comments.push(markup.start + inside.start..markup.start + inside.end);
        }
    }

    /// The position of the innermost open element of some kinds.
    fn nearest(&self, kinds: &[Kind]) -> Option<usize> {
        let last = |kind: &Kind| self.by_kind.get(&(*kind as u8)).and_then(|open| open.last().copied());
        kinds.iter().filter_map(last).max()
    }

    /// Closes the outermost element of some kinds that is open inside a position.
    fn close_inside(&mut self, kinds: &[Kind], inside: Option<usize>) {
        while let Some(position) = self.nearest(kinds).filter(|&position| Some(position) > inside) {
            self.close(position, false);
        }
    }

    /// Closes the element at a position of the stack and all inside it.
    fn close(&mut self, position: usize, by_tag: bool) {
        while self.stack.len() > position {
            let closed = self.stack.len() - 1;
            let Some(number) = self.stack.pop() else { return };
            let element = &self.page.elements[number];
            let (kind, name) = (element.kind, element.name);
            if self.blocks.last() == Some(&closed) {
                self.blocks.pop();
            }
            // One that has ended early has been taken off already.
            if self.by_name[name].last() == Some(&closed) {
                self.by_name[name].pop();
                if let Some(open) = self.by_kind.get_mut(&(kind as u8)) {
                    // Of inline kinds only links are asked for, and they bear one name.
                    while open.last().is_some_and(|&last| last >= closed) {
                        open.pop();
                    }
                }
                self.end(number, !(by_tag && closed == position));
            }
        }
    }

    /// Ends an inline element inside a block that is younger than it: the block stays open.
    fn end_early(&mut self, position: usize) {
        let number = self.stack[position];
        let element = &self.page.elements[number];
        self.by_name[element.name].pop();
        if let Some(open) = self.by_kind.get_mut(&(element.kind as u8)) {
            open.pop_if(|last| *last == position);
        }
        self.end(number, false);
    }

    fn end(&mut self, number: usize, unclosed: bool) {
        let element = &mut self.page.elements[number];
        element.holds = self.page.holds.since(element.holds);
        element.events.end = self.page.events.len();
        element.unclosed = unclosed;
        self.bold = element.was_bold;
        self.raw -= usize::from(is_raw(element.kind));
        if element.kind == Kind::Heading && element.holds.text > element.holds.linked {
            self.page.holds.headings += 1;
            element.holds.headings += 1;
        }
        self.page.events.push(Event::End(number));
    }

    /// A string of the tokenizer: text between tags, and perhaps template code.
    fn string(&mut self, string: Range<usize>) {
        let mut from = string.start;
        while let Some(blank) = self.blanks.get(self.next_blank).cloned() {
            if blank.end > from {
                if blank.start >= string.end {
                    break;
                }
                self.text(from..blank.start.max(from));
                from = blank.end.min(string.end);
                if blank.end > string.end {
                    break;
                }
            }
            self.next_blank += 1;
        }
        self.text(from..string.end);
    }

    fn text(&mut self, range: Range<usize>) {
        let mut start = self.offset + range.start;
        let end = self.offset + range.end;
        let innermost = self.stack.last().map(|&number| self.page.elements[number].kind);
        if innermost == Some(Kind::Title) {
            // The title of a drawing is a tool tip, and one behind text cannot head it: all stands in the order of the file.
            if self.page.title.is_none() && self.raw == 1 && self.page.holds.text == 0 {
                self.page.title = Some(start..end);
            }
            return;
        }
        if self.raw > 0 {
            return;
        }
        while let Some(text) = self.source.get(start..end).filter(|text| !text.is_empty()) {
            // The one thing that the tokenizer drops silently.
            let len = text.find("</>").unwrap_or(text.len());
            let visible = self.measure(&text[..len]);
            self.page.events.push(Event::Text { range: start..start + len, visible, bold: self.bold });
            start += len + "</>".len();
        }
    }

    /// Counts what a text adds to the measures; returns how much of it is visible.
    fn measure(&mut self, text: &str) -> usize {
        let bytes = text.as_bytes();
        let visible = bytes.iter().filter(|byte| !byte.is_ascii_whitespace()).count();
        let holds = &mut self.page.holds;
        let link = self.by_kind.get(&(Kind::Link as u8)).and_then(|open| open.last());
        let link = link.map(|&position| &self.page.elements[self.stack[position]]);
        // A link that never ends, or that holds a whole card of text, is no link for our purpose.
        if link.is_some_and(|link| link.target.is_some() && holds.text - link.holds.text < 300) {
            holds.linked += visible;
        } else {
            let ends = |at: &usize| {
                matches!(bytes[*at], b'.' | b'!' | b'?')
                    && bytes.get(at + 1).is_none_or(u8::is_ascii_whitespace)
                    && (*at == 0 || bytes[at - 1].is_ascii_lowercase() || matches!(bytes[at - 1], b')' | b'"' | 0x80..))
            };
            holds.sentences += (0..bytes.len()).filter(ends).count();
        }
        holds.text += visible;
        if self.bold {
            holds.bold += visible;
        }
        if let Some(&last) = bytes.iter().rfind(|byte| !byte.is_ascii_whitespace()) {
            self.colon = last == b':';
        }
        visible
    }

    fn finish(mut self) -> Page {
        self.close(0, false);
        self.page
    }
}

/// Is text inside it no text of the page?
fn is_raw(kind: Kind) -> bool {
    matches!(kind, Kind::Raw | Kind::Drawing | Kind::Title)
}
