//! What the formats in XML share: a writer that cannot fail, and text that XML 1.0 allows.

use super::visible;
use quick_xml::Writer;
use std::io;

/// The first line of a document.
pub(super) const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

/// What a closure writes: a part of a document.
pub(super) fn part(write: impl FnOnce(&mut Writer<Vec<u8>>) -> io::Result<()>) -> String {
    let mut writer = Writer::new_with_indent(Vec::new(), b' ', 2);
    // Writing to memory does not fail.
    let _ = write(&mut writer);
    let mut text = String::from_utf8(writer.into_inner()).unwrap_or_default();
    if !text.is_empty() {
        text.push('\n');
    }
    text
}

/// Text as XML may hold it, in one line; escaping is the writer's.
pub(super) fn line(text: &str) -> String {
    visible(text).replace(['\u{fffe}', '\u{ffff}'], "\u{fffd}")
}

/// Texts as XML may hold them, a line each.
pub(super) fn lines(texts: &[String]) -> String {
    texts.iter().map(|text| line(text)).collect::<Vec<_>>().join("\n")
}
