//! The phrase language: any line is a phrase or a located mistake; a phrase matches passages of any text behind it.
#![no_main]

use clauselint::document::Document;
use clauselint::engine::{self, Reading};
use clauselint::rule::compile::compile;
use clauselint::rule::phrase;
use clauselint::rule::schema::PackFile;
use clauselint::source::{SourceFile, Span};
use clauselint_fuzz::{holds, little_files, located};

/// Text as a string of YAML that may hold any character.
fn quoted(text: &str) -> String {
    let plain = |one: char| (one == ' ' || one.is_ascii_graphic()) && !matches!(one, '"' | '\\');
    let escaped = text.chars().map(|one| if plain(one) { one.to_string() } else { format!("\\U{:08X}", u32::from(one)) });
    format!("\"{}\"", escaped.collect::<String>())
}

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let Ok(input) = std::str::from_utf8(data) else { return };
    let (line, text) = input.split_once('\n').unwrap_or((input, "We may collect your name within 10 days, but we never sell it."));
    let mut files = little_files();
    files.push(PackFile {
        path: "own/phrase.yaml".to_owned(),
        text: format!(
            "id: own/phrase\ntitle: Says it\nseverity: error\ncite: Own 1\nurl: https://law.example/1\napplies: always\nwhy: Because.\n\
             satisfied:\n  - say: {}\nplace: [it]\nmissing: Nothing says it.\nhelp: Say it.\nexamples: {{satisfied: [x], missing: [y]}}\n",
            quoted(line)
        ),
    });
    let parsed = phrase::parse(line);
    assert_eq!(parsed, phrase::parse(line));
    let packs = match compile(&files) {
        Ok(packs) => packs,
        Err(problems) => {
            if let Err(message) = parsed {
                assert!(problems.iter().any(|problem| problem.message == message), "{message} is told");
            }
            return located(&problems, &files);
        }
    };
    let Ok(source) = SourceFile::decode("p.md", text.as_bytes().to_vec()) else { return };
    let document = Document::parse(&source);
    let reading = Reading::new(&packs, &document);
    let judged = engine::check(&packs, &reading, &[]);
    assert_eq!(judged, engine::check(&packs, &Reading::new(&packs, &document), &[]));
    holds::judged(&packs, &source, &judged);
    for seen in engine::explain(&packs, &document, Span::new(0, source.text().len())) {
        assert!(source.text().get(seen.span.range()).is_some(), "{seen:?}");
    }
});
