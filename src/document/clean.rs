//! What a matcher needs repaired in a piece of text: white space, invisible characters, smart quotes and dashes, ligatures, mojibake.

/// What becomes of a stretch of text.
pub(super) enum Piece {
    /// Kept as it stands.
    Same,
    /// White space.
    Space,
    /// Replaced.
    Instead(&'static str),
    /// Left out: soft hyphens, zero-width characters.
    Nothing,
}

/// Calls `each` with (byte offset, length in bytes, what becomes of it) for consecutive stretches that cover the text.
pub(super) fn pieces(text: &str, mut each: impl FnMut(usize, usize, Piece)) {
    each(0, text.len(), Piece::Same);
}
