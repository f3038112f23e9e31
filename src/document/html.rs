//! HTML as browsers see it.

use super::builder::Builder;

/// Adds a page to the document.
pub(super) fn parse(builder: &mut Builder) {
    let _ = builder.source();
}
