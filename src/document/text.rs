//! To be written.

use super::builder::Builder;
use crate::source::Format;

/// Adds a file to the document.
pub(super) fn parse(builder: &mut Builder, format: Format) {
    let _ = (builder.source(), format);
}
