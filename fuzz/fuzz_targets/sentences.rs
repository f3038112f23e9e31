//! The splitter of sentences: whatever one paragraph holds, no letter of it is lost, and a line break in it changes nothing.
#![no_main]

use clauselint::document::{BlockKind, Document, Ending};
use clauselint_fuzz::parse;

/// The sentences of a document that is one paragraph.
fn sentences(document: &Document) -> Option<Vec<(&str, Ending)>> {
    let [block] = document.blocks.as_slice() else { return None };
    let sentence = |number: usize| (document.sentence_text(number), document.sentences[number].ending);
    (block.kind == BlockKind::Paragraph).then(|| block.sentences().map(sentence).collect())
}

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    // HTML in which nothing is markup: the paragraph stays one, whatever its words are.
    let escaped = |text: &str| format!("<html><p>{}</p>", text.replace('&', "&amp;").replace('<', "&lt;").replace(['{', '}'], "|"));
    let Some((_, document)) = parse("p.html", escaped(text).as_bytes()) else { return };
    let wrapped = escaped(&text.replace(' ', "\n"));
    let Some((_, other)) = parse("p.html", wrapped.as_bytes()) else { panic!("the wrapped text is no document") };
    if let (Some(one), Some(two)) = (sentences(&document), sentences(&other)) {
        assert_eq!(one, two);
    }
});
