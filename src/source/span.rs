//! A stretch of a file's text. Apart from the rest of `source`, because the build script needs it without the decoders.

use serde::{Deserialize, Serialize};

/// A half-open range of bytes in the decoded (UTF-8) text of one source file, always on character boundaries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// The byte after the last.
    pub end: u32,
}

impl Span {
    /// The span between two byte offsets.
    ///
    /// # Panics
    /// When an offset is 4 GiB or more; a source file is smaller.
    pub fn new(start: usize, end: usize) -> Self {
        let narrow = |offset: usize| u32::try_from(offset).expect("an offset inside a source file");
        Self { start: narrow(start), end: narrow(end) }
    }

    /// As a range of `usize`.
    pub fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }
}
