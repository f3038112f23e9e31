//! Builds a [`Document`] from what a parser meets, in the order of the file. The parsers say what a piece of text is; this module
//! owns how text is cleaned, how prose maps back to the source, what a list item inherits, and where sections begin.

use super::{Block, BlockKind, Comment, Document, Ending, LeadIns, Link, Run, Section, Sentence, Stretch, clean, narrow, sentences};
use crate::source::Span;
use std::ops::Range;

/// An open list: what its items inherit.
struct List {
    lead_ins: LeadIns,
    /// The passage that the list belongs to.
    group: usize,
}

/// An open table.
struct Table {
    /// The sentences of the header row's cells, by column.
    header: Vec<Option<usize>>,
    /// The first cell of the row at hand.
    row_header: Option<usize>,
    /// Column of the next cell, from 0.
    column: usize,
    /// Is the row at hand the header row?
    in_header: bool,
    group: usize,
}

/// An end that the document once had; see [`Builder::drop_since`].
#[derive(Clone, Copy, Debug)]
pub(super) struct Mark {
    prose: usize,
    map: usize,
    sections: usize,
    blocks: usize,
    sentences: usize,
    links: usize,
}

/// The block that text goes to.
struct Open {
    kind: BlockKind,
    /// Of a heading.
    level: u8,
    /// Where its prose starts.
    start: usize,
}

/// See the module.
pub(super) struct Builder<'s> {
    source: &'s str,
    document: Document,
    open: Option<Open>,
    /// A space is due before the next visible character; it stands for this byte of the source.
    space: Option<usize>,
    lists: Vec<List>,
    tables: Vec<Table>,
    groups: usize,
    link: Option<(usize, String)>,
    /// The insides of comments.
    comments: Vec<Range<usize>>,
    /// How many blocks there were before the text began.
    preamble: usize,
}

impl<'s> Builder<'s> {
    /// A builder over the text that all offsets below refer to.
    pub(super) fn new(source: &'s str) -> Self {
        let mut document = Document::default();
        document.sections.push(Section::default());
        Self {
            source,
            document,
            open: None,
            space: None,
            lists: Vec::new(),
            tables: Vec::new(),
            groups: 0,
            link: None,
            comments: Vec::new(),
            preamble: 0,
        }
    }

    /// The text that offsets refer to.
    pub(super) fn source(&self) -> &'s str {
        self.source
    }

    /// Is a block open and has it visible text?
    pub(super) fn has_text(&self) -> bool {
        self.open.as_ref().is_some_and(|open| self.document.prose.len() > open.start)
    }

    /// Opens a block (closing the one that is open). Text met while none is open starts a paragraph, or an item inside a list.
    pub(super) fn open(&mut self, kind: BlockKind) {
        self.close();
        self.open = Some(Open { kind, level: 0, start: self.document.prose.len() });
    }

    /// Opens a heading of a level from 1 to 6 (closing the block that is open).
    pub(super) fn open_heading(&mut self, level: u8) {
        self.close();
        self.open = Some(Open { kind: BlockKind::Heading, level: level.clamp(1, 6), start: self.document.prose.len() });
    }

    /// Makes a heading of the block that is open: for a parser that knows only at its end ("**Cookies**" on a line of its own).
    pub(super) fn turn_into_heading(&mut self, level: u8) {
        if let Some(open) = &mut self.open {
            open.kind = BlockKind::Heading;
            open.level = level.clamp(1, 6);
        }
    }

    /// Makes a paragraph (or an item, inside a list) of the heading that is open.
    pub(super) fn turn_into_paragraph(&mut self) {
        if let Some(open) = &mut self.open {
            open.kind = if self.lists.is_empty() { BlockKind::Paragraph } else { BlockKind::Item };
            open.level = 0;
        }
    }

    /// Adds source text as it stands: white space is folded, the rest cleaned (see [`clean`]).
    pub(super) fn text(&mut self, range: Range<usize>) {
        let source = self.source;
        clean::pieces(&source[range.clone()], |at, len, piece| match piece {
            clean::Piece::Same => {
                self.push(&source[range.start + at..range.start + at + len], range.start + at..range.start + at + len, true);
            }
            clean::Piece::Space => self.space(range.start + at),
            clean::Piece::Dash => {
                self.space(range.start + at);
                self.push("-", range.start + at..range.start + at + len, false);
                self.space(range.start + at);
            }
            clean::Piece::Instead(text) => self.push(text, range.start + at..range.start + at + len, false),
            clean::Piece::Character(text) => self.push(text.encode_utf8(&mut [0; 4]), range.start + at..range.start + at + len, false),
            clean::Piece::Nothing => {}
        });
    }

    /// Adds text that stands for a stretch of the source: a decoded entity.
    pub(super) fn instead(&mut self, text: &str, range: Range<usize>) {
        clean::pieces(text, |at, len, piece| match piece {
            clean::Piece::Same => self.push(&text[at..at + len], range.clone(), false),
            clean::Piece::Space => self.space(range.start),
            clean::Piece::Dash => {
                self.space(range.start);
                self.push("-", range.clone(), false);
                self.space(range.start);
            }
            clean::Piece::Instead(other) => self.push(other, range.clone(), false),
            clean::Piece::Character(other) => self.push(other.encode_utf8(&mut [0; 4]), range.clone(), false),
            clean::Piece::Nothing => {}
        });
    }

    /// White space at a byte of the source: a soft break, or the gap that an inline tag leaves.
    pub(super) fn space(&mut self, at: usize) {
        if self.has_text() {
            self.space.get_or_insert(at);
        }
    }

    /// Opens a link; its text is what is added until [`Builder::end_link`].
    pub(super) fn start_link(&mut self, target: &str) {
        self.end_link();
        self.ensure_open();
        self.link = Some((self.document.prose.len() + usize::from(self.space.is_some()), target.to_owned()));
    }

    /// Closes the link, if one is open.
    pub(super) fn end_link(&mut self) {
        if let Some((start, target)) = self.link.take() {
            let end = self.document.prose.len();
            if end > start {
                self.document.links.push(Link { range: start..end, target });
            }
        }
    }

    /// Notes a comment, whose marks are no part of the range, wherever the parser comes to know of it.
    pub(super) fn comment(&mut self, inside: Range<usize>) {
        self.comments.push(inside);
    }

    /// The blocks so far (the title that front matter gives, say) are no part of the text that begins now.
    pub(super) fn begin_text(&mut self) {
        self.close();
        self.preamble = self.document.blocks.len();
    }

    /// The prose of the open block so far.
    pub(super) fn open_text(&self) -> &str {
        self.open.as_ref().map_or("", |open| &self.document.prose[open.start..])
    }

    /// The last block that is closed: what it is and its prose.
    pub(super) fn last_block(&self) -> Option<(BlockKind, &str)> {
        let block = self.document.blocks.last()?;
        let sentences = &self.document.sentences[block.sentences()];
        let prose = sentences.first()?.range().start..sentences.last()?.range().end;
        Some((block.kind, &self.document.prose[prose]))
    }

    /// Closes the block that is open and remembers where the document ends, for [`Builder::drop_since`].
    pub(super) fn mark(&mut self) -> Mark {
        self.close();
        Mark {
            prose: self.document.prose.len(),
            map: self.document.map.len(),
            sections: self.document.sections.len(),
            blocks: self.document.blocks.len(),
            sentences: self.document.sentences.len(),
            links: self.document.links.len(),
        }
    }

    /// Forgets all blocks since a mark: for a parser that knows only at a list's end that it was a menu. No list or table may
    /// have been left open since.
    pub(super) fn drop_since(&mut self, mark: &Mark) {
        self.close();
        self.document.prose.truncate(mark.prose);
        self.document.map.truncate(mark.map);
        self.document.sections.truncate(mark.sections);
        self.document.blocks.truncate(mark.blocks);
        self.document.sentences.truncate(mark.sentences);
        self.document.links.truncate(mark.links);
        self.document.title = self.document.title.filter(|&title| title < mark.blocks);
        if let Some(section) = self.document.sections.last_mut() {
            section.blocks.end = section.blocks.end.min(narrow(mark.blocks));
        }
    }

    /// Opens a list. Its items inherit the sentence that leads them in, if the text before ends with one.
    pub(super) fn start_list(&mut self) {
        self.close();
        let section = self.document.sections.len() - 1;
        let mut lead_ins = self.lists.last().map(|list| list.lead_ins).unwrap_or_default();
        let mut group = None;
        if let Some((number, block)) = self.document.blocks.iter().enumerate().next_back().filter(|(_, block)| block.section() == section) {
            let last = block.sentences().end - 1;
            let sentence = &self.document.sentences[last];
            let open_ended = sentence.ending == Ending::Colon || !ends_a_sentence(&self.document.prose[sentence.range()]);
            match block.kind {
                BlockKind::Paragraph | BlockKind::Item => {
                    // A sibling item before a nested list leads it in; an item of a list that has ended does not.
                    if block.kind == BlockKind::Paragraph || !self.lists.is_empty() {
                        group = Some(self.document.blocks[number].group());
                        if open_ended {
                            lead_ins.push(last);
                        }
                    }
                }
                BlockKind::Heading if sentence.ending == Ending::Colon => lead_ins.push(last),
                BlockKind::Heading | BlockKind::Cell => {}
            }
        }
        let group = group.unwrap_or_else(|| self.new_group());
        self.lists.push(List { lead_ins, group });
    }

    /// Closes the innermost list.
    pub(super) fn end_list(&mut self) {
        self.close();
        self.lists.pop();
    }

    /// Opens an item of the innermost list (closing the block that is open).
    pub(super) fn start_item(&mut self) {
        self.open(BlockKind::Item);
    }

    /// Is a list open?
    pub(super) fn in_list(&self) -> bool {
        !self.lists.is_empty()
    }

    /// Opens a table.
    pub(super) fn start_table(&mut self) {
        self.close();
        let group = self.new_group();
        self.tables.push(Table { header: Vec::new(), row_header: None, column: 0, in_header: false, group });
    }

    /// Opens a row. The cells of a header row are inherited by the cells below them.
    pub(super) fn start_row(&mut self, header: bool) {
        self.close();
        if let Some(table) = self.tables.last_mut() {
            table.column = 0;
            table.row_header = None;
            table.in_header = header;
            if header {
                table.header.clear();
            }
        }
    }

    /// Opens a cell of the row.
    pub(super) fn start_cell(&mut self) {
        self.open(BlockKind::Cell);
    }

    /// Closes the cell.
    pub(super) fn end_cell(&mut self) {
        let before = self.document.blocks.len();
        self.close();
        let sentence = (self.document.blocks.len() > before).then(|| self.document.sentences.len() - 1);
        if let Some(table) = self.tables.last_mut() {
            if table.in_header {
                table.header.push(sentence);
            } else if table.column == 0 {
                table.row_header = sentence;
            }
            table.column += 1;
        }
    }

    /// Closes the table.
    pub(super) fn end_table(&mut self) {
        self.close();
        self.tables.pop();
    }

    /// Closes the block that is open; one without visible text is dropped.
    pub(super) fn close(&mut self) {
        self.end_link();
        self.space = None;
        let Some(open) = self.open.take() else { return };
        let range = open.start..self.document.prose.len();
        if range.is_empty() {
            return;
        }
        let block = self.document.blocks.len();
        let first = self.document.sentences.len();
        sentences::split(&self.document.prose[range.clone()], |sentence, ending| {
            let range = Stretch::of(&sentence).moved(range.start);
            self.document.sentences.push(Sentence { ending, range, block: narrow(block) });
        });
        if self.document.sentences.len() == first {
            self.document.prose.truncate(range.start);
            while self.document.map.last().is_some_and(|run| run.prose as usize >= range.start) {
                self.document.map.pop();
            }
            while self.document.links.last().is_some_and(|link| link.range.end > range.start) {
                self.document.links.pop();
            }
            return;
        }
        // The newline stands for nothing: else a range that ends with it would reach past the block in the source.
        let end = self.document.span(range.clone()).range().end;
        self.append("\n", end..end, false);
        let (group, lead_ins) = self.inherited(open.kind);
        if open.kind == BlockKind::Heading {
            self.start_section(open.level, block);
        }
        let section = self.document.sections.len() - 1;
        self.document.sections[section].blocks.end = narrow(block + 1);
        let sentences = Stretch::of(&(first..self.document.sentences.len()));
        self.document.blocks.push(Block { kind: open.kind, lead_ins, section: narrow(section), group: narrow(group), sentences });
        if open.kind == BlockKind::Heading {
            self.document.title.get_or_insert(block);
        }
    }

    /// The document.
    pub(super) fn finish(mut self) -> Document {
        self.close();
        self.place_comments();
        self.document
    }

    /// Tells of each comment what it stands in or before. Only at the end is that known: text is handed over block by block, and
    /// a menu is forgotten when it ends.
    fn place_comments(&mut self) {
        self.comments.sort_unstable_by_key(|comment| comment.start);
        self.comments.dedup();
        let document = &mut self.document;
        let sentence_end = |block: &Block| block.sentences().end.checked_sub(1).map(|last| document.sentence_span(last).end);
        let mut blocks =
            (self.preamble..document.blocks.len()).filter_map(|number| Some((number, sentence_end(&document.blocks[number])?))).peekable();
        let first = document.blocks.get(self.preamble).map(|block| document.sentence_span(block.sentences().start).start);
        let mut placed = Vec::with_capacity(self.comments.len());
        for comment in &self.comments {
            let span = Span::new(comment.start, comment.end);
            while blocks.next_if(|(_, end)| *end <= span.start).is_some() {}
            let block = blocks.peek().map(|(number, _)| *number);
            placed.push(Comment { span, block, top: first.is_none_or(|first| span.start < first) });
        }
        document.comments = placed;
    }

    fn inherited(&mut self, kind: BlockKind) -> (usize, LeadIns) {
        match kind {
            BlockKind::Item => {
                if let Some(list) = self.lists.last() {
                    return (list.group, list.lead_ins);
                }
            }
            BlockKind::Cell => {
                if let Some(table) = self.tables.last().filter(|table| !table.in_header) {
                    let above = table.header.get(table.column).copied().flatten();
                    return (table.group, above.into_iter().chain(table.row_header).collect());
                }
            }
            BlockKind::Heading | BlockKind::Paragraph => {}
        }
        (self.new_group(), LeadIns::default())
    }

    fn start_section(&mut self, level: u8, block: usize) {
        let sections = &self.document.sections;
        let mut parent = sections.len() - 1;
        while sections[parent].level >= level {
            parent = sections[parent].parent as usize;
        }
        self.document.sections.push(Section { level, parent: narrow(parent), blocks: Stretch::of(&(block..block + 1)) });
    }

    fn new_group(&mut self) -> usize {
        self.groups += 1;
        self.groups - 1
    }

    fn ensure_open(&mut self) {
        if self.open.is_none() {
            let kind = if self.lists.is_empty() { BlockKind::Paragraph } else { BlockKind::Item };
            self.open(kind);
        }
    }

    fn push(&mut self, text: &str, source: Range<usize>, literal: bool) {
        self.ensure_open();
        if let Some(at) = self.space.take() {
            let character = self.source.get(at..).and_then(|rest| rest.chars().next());
            let end = at + character.map_or(0, char::len_utf8);
            self.append(" ", at..end, character == Some(' '));
        }
        self.append(text, source, literal);
    }

    #[allow(clippy::cast_possible_truncation)] // a SourceFile is smaller than 4 GiB
    fn append(&mut self, text: &str, source: Range<usize>, literal: bool) {
        let prose = self.document.prose.len();
        let continues = literal
            && self
                .document
                .map
                .last()
                .is_some_and(|run| run.literal && run.source as usize + (prose - run.prose as usize) == source.start);
        if !continues {
            self.document.map.push(Run { prose: prose as u32, source: source.start as u32, source_end: source.end as u32, literal });
        }
        self.document.prose.push_str(text);
    }
}

/// Does prose end as a sentence ends, apart from closing quotes and brackets?
fn ends_a_sentence(prose: &str) -> bool {
    prose.trim_end_matches(['"', '\'', ')', ']']).ends_with(['.', '!', '?'])
}
