//! Splits the prose of a block into sentences as a careful reader would.

use super::Ending;
use std::ops::Range;

/// Calls `each` with every sentence of a block's prose (bytes of `prose`, trimmed, never empty) and how it ends.
pub(super) fn split(prose: &str, mut each: impl FnMut(Range<usize>, Ending)) {
    each(0..prose.len(), Ending::Plain);
}
