//! A policy as a reader sees it: sections, blocks and sentences of plain prose that know their place in the file. Parsing never
//! fails: where it is unsure, it keeps the text.

mod builder;
mod clean;
mod html;
mod markdown;
mod sentences;
mod text;

use std::num::NonZeroU32;
use std::ops::Range;

use crate::source::{Format, SourceFile, Span};

/// A parsed policy.
///
/// `prose` is the policy's text with the markup gone, entities decoded, mojibake and ligatures repaired, soft hyphens and
/// zero-width characters removed and white space inside a block folded to single spaces; blocks are separated by newlines.
/// Every range below is in bytes of `prose`; [`Document::span`] leads back to the file.
#[derive(Debug, Default)]
pub struct Document {
    /// The plain text.
    pub prose: String,
    /// Section 0 holds what stands before the first heading.
    pub sections: Vec<Section>,
    /// In the order of the file.
    pub blocks: Vec<Block>,
    /// In the order of the file; those of a block are consecutive.
    pub sentences: Vec<Sentence>,
    /// Links, in the order of the file.
    pub links: Vec<Link>,
    /// The block that is the policy's title, if it has one: the first heading (or the front matter's or `<title>`'s text).
    pub title: Option<usize>,
    /// Comments in the markup, in the order of the file; what stands in a block of code is none.
    pub comments: Vec<Comment>,
    map: Vec<Run>,
}

/// A heading and what stands under it, up to the next heading of any level. As blocks and sentences are, it is kept small: a policy may
/// have as many as words.
#[derive(Debug, Default)]
pub struct Section {
    /// 1 to 6; 0 for the part before any heading.
    pub level: u8,
    parent: u32,
    blocks: Stretch,
}

impl Section {
    /// The heading's block: the first.
    pub fn heading(&self) -> Option<usize> {
        (self.level > 0).then(|| self.blocks().start)
    }

    /// The section that encloses this one.
    pub fn parent(&self) -> Option<usize> {
        (self.level > 0).then_some(self.parent as usize)
    }

    /// Its blocks, the heading first.
    pub fn blocks(&self) -> Range<usize> {
        self.blocks.range()
    }
}

/// What a block is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BlockKind {
    /// A heading; its text opens a section.
    Heading,
    /// A paragraph.
    Paragraph,
    /// A list item (or one paragraph of it).
    Item,
    /// A cell of a table.
    Cell,
}

/// A paragraph, heading, list item or cell.
#[derive(Debug)]
pub struct Block {
    /// What it is.
    pub kind: BlockKind,
    /// Sentences that this block continues: the lead-in of a list item, the header (and row header) of a cell.
    pub lead_ins: LeadIns,
    section: u32,
    group: u32,
    sentences: Stretch,
}

impl Block {
    /// The section it stands in; for a heading the one it opens.
    pub fn section(&self) -> usize {
        self.section as usize
    }

    /// Blocks that a reader takes as one passage (a lead-in paragraph and its list, the rows of a table) share a number.
    pub fn group(&self) -> usize {
        self.group as usize
    }

    /// Its sentences.
    pub fn sentences(&self) -> Range<usize> {
        self.sentences.range()
    }
}

/// The sentences that a block continues, outermost first. A careless export nests lists by the hundred: what a reader inherits is the
/// nearest few.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LeadIns {
    /// Their numbers, from 1: every block has this list, and most are empty.
    nearest: [Option<NonZeroU32>; 3],
}

impl LeadIns {
    /// Their numbers.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = usize> {
        self.nearest.iter().flatten().map(|number| number.get() as usize - 1)
    }

    /// Is there none?
    pub fn is_empty(&self) -> bool {
        self.nearest[0].is_none()
    }

    /// Adds the innermost.
    fn push(&mut self, sentence: usize) {
        let free = self.nearest.iter().position(Option::is_none).unwrap_or_else(|| {
            self.nearest.rotate_left(1);
            self.nearest.len() - 1
        });
        self.nearest[free] = NonZeroU32::MIN.checked_add(narrow(sentence));
    }
}

impl FromIterator<usize> for LeadIns {
    fn from_iter<I: IntoIterator<Item = usize>>(sentences: I) -> Self {
        let mut lead_ins = Self::default();
        sentences.into_iter().for_each(|sentence| lead_ins.push(sentence));
        lead_ins
    }
}

/// How a sentence ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// With a full stop, or with nothing (a bullet, a heading).
    Plain,
    /// With a question mark.
    Question,
    /// With a colon: it leads in what follows.
    Colon,
}

/// A sentence of prose.
#[derive(Debug)]
pub struct Sentence {
    /// How it ends.
    pub ending: Ending,
    range: Stretch,
    block: u32,
}

impl Sentence {
    /// Its bytes in [`Document::prose`], white space trimmed.
    pub fn range(&self) -> Range<usize> {
        self.range.range()
    }

    /// The block it stands in.
    pub fn block(&self) -> usize {
        self.block as usize
    }
}

/// A range of bytes, sentences or blocks. A source is smaller than 4 GiB, and has no more of anything.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Stretch {
    start: u32,
    end: u32,
}

impl Stretch {
    pub(crate) fn of(range: &Range<usize>) -> Self {
        Self { start: narrow(range.start), end: narrow(range.end) }
    }

    pub(crate) fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// The same, so much farther on.
    fn moved(self, by: usize) -> Self {
        Self { start: self.start + narrow(by), end: self.end + narrow(by) }
    }
}

/// A count of what there are fewer than 2^32 of: bytes, sentences or blocks of a source, and parts of a program.
#[allow(clippy::cast_possible_truncation)] // see above
pub(crate) fn narrow(count: usize) -> u32 {
    count as u32
}

/// A link in the prose.
#[derive(Debug)]
pub struct Link {
    /// The link's text, in bytes of [`Document::prose`].
    pub range: Range<usize>,
    /// Where it leads, as written.
    pub target: String,
}

/// A comment in the markup, which a reader does not see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Comment {
    /// What stands between its marks, in the source.
    pub span: Span,
    /// The block that it stands in, or else before; none behind the last.
    pub block: Option<usize>,
    /// Does it stand at the top of its file, before any text but front matter and the `<title>` of a page?
    pub top: bool,
}

/// A stretch of prose and where it stands in the source.
#[derive(Clone, Copy, Debug)]
struct Run {
    /// First byte in the prose; the run ends where the next begins.
    prose: u32,
    /// First byte in the source.
    source: u32,
    /// The byte after the last in the source; of use only where the run is not literal.
    source_end: u32,
    /// Is the prose the source's own text, byte for byte? Else the whole run stands for the whole stretch of the source.
    literal: bool,
}

impl Document {
    /// Parses a policy in the format that its source has.
    pub fn parse(source: &SourceFile) -> Self {
        let mut builder = builder::Builder::new(source.text());
        match source.format() {
            Format::Markdown | Format::Mdx => markdown::parse(&mut builder, source.format()),
            Format::Html => html::parse(&mut builder),
            Format::Text | Format::ReStructuredText | Format::AsciiDoc => text::parse(&mut builder, source.format()),
        }
        builder.finish()
    }

    /// Puts another document behind this one; its source lies `base` bytes further on.
    #[allow(clippy::cast_possible_truncation)] // prose is no longer than 4 GiB
    pub(super) fn append(&mut self, other: Self, base: u32) {
        self.prose.push('\n');
        let prose = self.prose.len();
        let (sections, blocks, sentences) = (self.sections.len(), self.blocks.len(), self.sentences.len());
        let groups = self.blocks.iter().map(|block| block.group + 1).max().unwrap_or(0);
        self.prose.push_str(&other.prose);
        self.sections.extend(other.sections.into_iter().map(|section| Section {
            // What stands before the first heading encloses nothing.
            parent: if section.parent == 0 { 0 } else { section.parent + narrow(sections) },
            blocks: section.blocks.moved(blocks),
            ..section
        }));
        self.blocks.extend(other.blocks.into_iter().map(|block| Block {
            section: block.section + narrow(sections),
            group: block.group + groups,
            sentences: block.sentences.moved(sentences),
            lead_ins: block.lead_ins.iter().map(|sentence| sentence + sentences).collect(),
            ..block
        }));
        let sentence = |one: Sentence| Sentence { range: one.range.moved(prose), block: one.block + narrow(blocks), ..one };
        self.sentences.extend(other.sentences.into_iter().map(sentence));
        let moved = |range: Range<usize>, by: usize| range.start + by..range.end + by;
        self.links.extend(other.links.into_iter().map(|link| Link { range: moved(link.range, prose), ..link }));
        self.title = self.title.or(other.title.map(|title| title + blocks));
        self.comments.extend(other.comments.into_iter().map(|comment| Comment {
            span: Span { start: comment.span.start + base, end: comment.span.end + base },
            block: comment.block.map(|block| block + blocks),
            ..comment
        }));
        let run = |run: Run| Run { prose: run.prose + prose as u32, source: run.source + base, source_end: run.source_end + base, ..run };
        self.map.extend(other.map.into_iter().map(run));
    }

    /// The stretch of the source that a range of prose stands for.
    ///
    /// # Panics
    /// When the range does not lie in the prose.
    #[allow(clippy::cast_possible_truncation)] // prose is no longer than 4 GiB
    pub fn span(&self, prose: Range<usize>) -> Span {
        assert!(prose.start <= prose.end && prose.end <= self.prose.len(), "a range of prose");
        let run_at = |offset: usize| {
            let next = self.map.partition_point(|run| run.prose as usize <= offset);
            next.checked_sub(1).map(|at| self.map[at])
        };
        let start =
            run_at(prose.start).map_or(0, |run| if run.literal { run.source + (prose.start as u32 - run.prose) } else { run.source });
        if prose.is_empty() {
            return Span { start, end: start };
        }
        let end = run_at(prose.end - 1)
            .map_or(start, |run| if run.literal { run.source + (prose.end as u32 - run.prose) } else { run.source_end });
        Span { start, end: end.max(start) }
    }

    /// The prose of a stretch of the source: the inverse of [`Document::span`].
    pub fn prose_of(&self, span: Span) -> &str {
        // The stretch of prose that a run stands for ends where the next begins.
        let prose_end = |at: usize| self.map.get(at + 1).map_or(self.prose.len(), |next| next.prose as usize);
        let source_end = |at: usize, run: &Run| {
            if run.literal { run.source as usize + (prose_end(at) - run.prose as usize) } else { run.source_end as usize }
        };
        let Span { start, end } = span;
        let first = self.map.partition_point(|run| run.source < start).saturating_sub(1);
        let touched = self.map.iter().enumerate().skip(first).take_while(|(_, run)| run.source < end);
        let mut touched = touched.filter(|(at, run)| source_end(*at, run) > start as usize);
        let Some((at, run)) = touched.next() else { return "" };
        let prose_start = if run.literal { run.prose + start.saturating_sub(run.source) } else { run.prose } as usize;
        let (last, run) = touched.last().unwrap_or((at, run));
        let prose_end = if run.literal { prose_end(last).min((run.prose + (end - run.source)) as usize) } else { prose_end(last) };
        self.prose.get(prose_start..prose_end).unwrap_or_default()
    }

    /// The plain text of a sentence.
    pub fn sentence_text(&self, sentence: usize) -> &str {
        &self.prose[self.sentences[sentence].range()]
    }

    /// Where a sentence stands in the source.
    pub fn sentence_span(&self, sentence: usize) -> Span {
        self.span(self.sentences[sentence].range())
    }
}
