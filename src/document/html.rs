//! HTML as browsers see it.

use super::builder::Builder;

/// Adds a page to the document.
pub(super) fn parse(builder: &mut Builder) {
    let _ = builder.source();
}

/// Adds raw HTML inside Markdown to the document.
pub(super) fn fragment(builder: &mut Builder, range: std::ops::Range<usize>) {
    let mut at = range.start;
    for part in builder.source()[range].split_inclusive(['<', '>']) {
        if !part.ends_with('>') {
            builder.text(at..at + part.trim_end_matches('<').len());
        }
        at += part.len();
    }
    builder.close();
}
