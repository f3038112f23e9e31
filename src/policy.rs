//! A policy: one file, or several that are read as one, such as a notice, its page for children and its page on cookies. Spans of a
//! policy count through its files; [`Policy::at`] leads back to the file.

use crate::document::Document;
use crate::source::{SourceError, SourceFile, Span};

/// A policy with its files.
#[derive(Debug)]
pub struct Policy {
    /// Never empty; the first gives the policy its name.
    sources: Vec<SourceFile>,
    /// For each file the span's start of its first byte.
    starts: Vec<u32>,
    document: Document,
}

/// A stretch of one of a policy's files.
#[derive(Clone, Copy, Debug)]
pub struct Site<'p> {
    /// The file.
    pub source: &'p SourceFile,
    /// In bytes of the file's text.
    pub span: Span,
}

impl Policy {
    /// Parses a file as a whole policy.
    pub fn of(source: SourceFile) -> Self {
        Self { document: Document::parse(&source), sources: vec![source], starts: vec![0] }
    }

    /// Puts another file behind those that are there.
    ///
    /// # Errors
    /// [`SourceError::TooLarge`] when the policy would grow beyond 4 GiB.
    pub fn add(&mut self, source: SourceFile) -> Result<(), SourceError> {
        let end = self.starts.last().copied().unwrap_or_default() as usize + self.sources.last().map_or(0, |last| last.text().len()) + 1;
        match u32::try_from(end) {
            Ok(start) if u32::try_from(end + source.text().len()).is_ok() => {
                self.document.append(Document::parse(&source), start);
                self.sources.push(source);
                self.starts.push(start);
                Ok(())
            }
            _ => Err(SourceError::TooLarge),
        }
    }

    /// The policy as a reader sees it.
    pub fn document(&self) -> &Document {
        &self.document
    }

    /// The name of its first file.
    pub fn name(&self) -> &str {
        self.sources[0].name()
    }

    /// Its files.
    pub fn sources(&self) -> &[SourceFile] {
        &self.sources
    }

    /// The whole file that a span lies in, as a span of the policy.
    pub fn file_of(&self, span: Span) -> Span {
        let number = self.number_of(span);
        let start = self.starts[number];
        Span::new(start as usize, start as usize + self.sources[number].text().len())
    }

    /// The file of a span, and the span in it.
    pub fn at(&self, span: Span) -> Site<'_> {
        let number = self.number_of(span);
        let (source, start) = (&self.sources[number], self.starts[number]);
        Site { source, span: Span { start: span.start - start, end: span.end.saturating_sub(start) } }
    }

    fn number_of(&self, span: Span) -> usize {
        self.starts.partition_point(|start| *start <= span.start).saturating_sub(1)
    }
}

impl<'p> Site<'p> {
    /// The file's name.
    pub fn name(&self) -> &'p str {
        self.source.name()
    }

    /// The text that stands there.
    pub fn text(&self) -> &'p str {
        self.source.slice(self.span)
    }

    /// Line and column of its first character, from 1.
    pub fn start(&self) -> (usize, usize) {
        self.source.line_column(self.span.start)
    }

    /// Line and column behind its last character, from 1.
    pub fn end(&self) -> (usize, usize) {
        self.source.line_column(self.span.end)
    }

    /// The bytes of the file on disk, half-open.
    pub fn disk(&self) -> (u64, u64) {
        (self.source.disk_offset(self.span.start), self.source.disk_offset(self.span.end))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Block;

    fn source(name: &str, text: &str) -> SourceFile {
        SourceFile::decode(name, text.as_bytes().to_vec()).unwrap()
    }

    #[test]
    fn every_sentence_of_several_files_leads_to_its_own() {
        let texts =
            ["# Privacy\n\nWe collect:\n\n- names\n- ages\n", "<h1>Children</h1><p>Parents may &amp; can ask.</p>", "# Cookies\n\nNone."];
        let mut policy = Policy::of(source("privacy.md", texts[0]));
        policy.add(source("children.html", texts[1])).unwrap();
        policy.add(source("cookies.md", texts[2])).unwrap();
        let document = policy.document();
        let found: Vec<_> = (0..document.sentences.len())
            .map(|number| {
                let site = policy.at(document.sentence_span(number));
                (site.name(), site.start().0, site.text(), document.sentence_text(number))
            })
            .collect();
        assert_eq!(
            found,
            [
                ("privacy.md", 1, "Privacy", "Privacy"),
                ("privacy.md", 3, "We collect:", "We collect:"),
                ("privacy.md", 5, "names", "names"),
                ("privacy.md", 6, "ages", "ages"),
                ("children.html", 1, "Children", "Children"),
                ("children.html", 1, "Parents may &amp; can ask.", "Parents may & can ask."),
                ("cookies.md", 1, "Cookies", "Cookies"),
                ("cookies.md", 3, "None.", "None."),
            ]
        );
        let groups: Vec<usize> = document.blocks.iter().map(Block::group).collect();
        assert_eq!(groups, [0, 1, 1, 1, 2, 3, 4, 5], "no group reaches over two files");
        for (number, block) in document.blocks.iter().enumerate() {
            assert!(document.sections[block.section()].blocks().contains(&number), "a block stands in its section");
        }
        assert_eq!(document.title, Some(0));
    }
}
