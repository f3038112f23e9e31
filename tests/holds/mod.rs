//! What holds whatever the bytes are: of a decoded file, of the document that is parsed from it, of what is judged of it and of every
//! report. The tests of properties and the fuzz targets ask it of all that they make up.

#![allow(dead_code, unreachable_pub)] // nobody uses all of it, and the fuzz targets are another crate
#![allow(clippy::unwrap_used)] // a test that cannot go on fails

use clauselint::document::{Block, BlockKind, Document, Section};
use clauselint::lint::Linted;
use clauselint::report::{Format, Output, Report, Reporter, Tally, Terminal, View};
use clauselint::rule::Packs;
use clauselint::source::{SourceFile, Span};
use clauselint::verdict::{Confidence, Evidence, Judged, Severity, Verdict};
use clauselint::visible::visible;
use serde_json::Value;
use std::ops::Range;
use std::path::Path;

/// Every byte of the text has its line, its column and its place on disk, in order.
pub fn decoded(source: &SourceFile, bytes: &[u8]) {
    let text = source.text();
    let as_it_lies = std::str::from_utf8(bytes).ok().filter(|whole| whole.strip_prefix('\u{feff}').unwrap_or(whole) == text);
    let mut last = 0;
    for offset in text.char_indices().map(|(offset, _)| offset).chain([text.len()]) {
        let disk = source.disk_offset(u32::try_from(offset).unwrap());
        assert!(last <= disk && disk <= bytes.len() as u64, "{offset} is at {disk}, after {last}");
        assert!(as_it_lies.is_none_or(|whole| disk == (whole.len() - text.len() + offset) as u64), "{offset} is at {disk}");
        last = disk;
    }
    let lines: Vec<Span> = (1..).map_while(|number| source.line(number)).collect();
    for (number, line) in lines.iter().enumerate() {
        assert!(!source.slice(*line).contains(['\n', '\r']), "line {} is one line", number + 1);
        assert_eq!(source.line_column(line.start), (number + 1, 1));
        assert_eq!(source.line_column(line.end), (number + 1, source.slice(*line).chars().count() + 1));
        let end = lines.get(number + 1).map_or(text.len(), |next| next.start as usize);
        let line_break = &text[line.end as usize..end];
        assert!(["\n", "\r", "\r\n"].contains(&line_break) || number + 1 == lines.len() && line_break.is_empty(), "{line_break:?}");
    }
}

/// Does the span lie in the file, between characters?
fn inside(source: &SourceFile, span: Span) -> bool {
    source.text().get(span.range()).is_some()
}

/// Ranges of numbers follow one another without a gap, from 0 to `end`.
fn in_a_row(ranges: impl IntoIterator<Item = Range<usize>>, end: usize) {
    let last = ranges.into_iter().fold(0, |last, range| {
        assert!(range.start == last && range.start <= range.end, "{range:?} follows {last}");
        range.end
    });
    assert_eq!(last, end);
}

/// Sentences stand in blocks, blocks in sections, all in order, and each leads to its place in the file.
pub fn parsed(source: &SourceFile, document: &Document) {
    in_a_row(document.sections.iter().map(Section::blocks), document.blocks.len());
    in_a_row(document.blocks.iter().map(Block::sentences), document.sentences.len());
    for (number, section) in document.sections.iter().enumerate() {
        assert_eq!(section.level == 0, number == 0, "section {number} has level {}", section.level);
        assert!(section.level <= 6);
        assert!(
            section
                .heading()
                .is_none_or(|heading| heading == section.blocks().start && document.blocks[heading].kind == BlockKind::Heading)
        );
        assert!(section.parent().is_none_or(|parent| parent < number && document.sections[parent].level < section.level));
    }
    for (number, section) in document.sections.iter().enumerate() {
        assert!(document.blocks[section.blocks()].iter().all(|block| block.section() == number), "section {number} has its blocks");
    }
    for (number, block) in document.blocks.iter().enumerate() {
        assert!(!block.sentences().is_empty(), "block {number} has a sentence");
        assert!(document.sentences[block.sentences()].iter().all(|sentence| sentence.block() == number));
        assert!(block.lead_ins.iter().all(|lead_in| lead_in < block.sentences().start), "block {number} is led in by what comes before");
    }
    let (mut prose_end, mut source_start) = (0, 0);
    for (number, sentence) in document.sentences.iter().enumerate() {
        let before = document.prose.get(prose_end..sentence.range().start).unwrap();
        assert!(!before.contains(char::is_alphanumeric), "{before:?} before sentence {number} is of no sentence");
        let text = document.sentence_text(number);
        assert!(text == text.trim() && text.contains(char::is_alphanumeric), "{text:?} is a sentence");
        assert!(!text.contains(['\n', '\r', '\t', '\u{ad}', '\u{200b}', '\u{a0}']) && !text.contains("  "), "{text:?} is clean");
        let span = document.sentence_span(number);
        assert!(inside(source, span) && span.start < span.end, "sentence {number} at {span:?}");
        assert!(span.start >= source_start, "sentence {number} at {span:?} comes after {source_start}");
        assert!(document.prose_of(span).contains(text), "{text:?} is at {span:?}");
        (prose_end, source_start) = (sentence.range().end, span.start);
    }
    assert!(!document.prose[prose_end..].contains(char::is_alphanumeric), "the rest is of no sentence");
    for link in &document.links {
        assert!(document.prose.get(link.range.clone()).is_some() && inside(source, document.span(link.range.clone())), "{link:?}");
    }
    assert!(document.links.is_sorted_by_key(|link| link.range.start));
    for comment in &document.comments {
        assert!(inside(source, comment.span) && comment.block.is_none_or(|block| block < document.blocks.len()), "{comment:?}");
    }
    assert!(document.comments.is_sorted_by_key(|comment| comment.span.start));
    assert!(document.title.is_none_or(|title| title < document.blocks.len()));
}

/// Every requirement has its verdict, and every passage that is shown lies in the file.
pub fn judged(packs: &Packs, source: &SourceFile, judged: &Judged) {
    let passage = |evidence: &Evidence| {
        assert!(inside(source, evidence.span) && evidence.span.start < evidence.span.end, "{evidence:?}");
        let within = |hedge: &Span| evidence.span.start <= hedge.start && hedge.start <= hedge.end && hedge.end <= evidence.span.end;
        assert!(evidence.hedges.iter().all(|hedge| inside(source, *hedge) && within(hedge)), "{evidence:?}");
    };
    assert!(judged.facts.iter().map(|fact| fact.fact).eq(0..packs.facts.len()));
    judged.facts.iter().flat_map(|fact| &fact.evidence).for_each(passage);
    assert!(judged.judgements.iter().map(|judgement| judgement.rule).eq(0..packs.rules.len()));
    for judgement in &judged.judgements {
        let rule = &packs.rules[judgement.rule];
        judgement.evidence.iter().for_each(passage);
        assert!(judgement.place.is_none_or(|place| inside(source, place.span)), "{judgement:?}");
        assert_eq!(judgement.severity, rule.severity.of(judgement.verdict));
        assert_eq!(judgement.because.is_some(), judgement.verdict == Verdict::NotApplicable, "{judgement:?}");
        let shown = matches!(judgement.verdict, Verdict::Satisfied | Verdict::Weak | Verdict::Contradicted);
        assert!(!shown || !judgement.evidence.is_empty(), "{judgement:?} is shown by nothing");
    }
}

/// Reports in these formats are what the formats say, and nothing in them speaks to a terminal. `place` is a file that may be written.
pub fn reported(packs: &Packs, linted: &Linted, formats: &[Format], place: &Path) -> Vec<String> {
    let view = View { min_severity: Severity::Note, min_confidence: Confidence::Low, all: true, quiet: false, statistics: false };
    let mut tally = Tally::default();
    tally.add(&linted.judged);
    let write = |&format: &Format| {
        let reporter = Reporter { format, packs, view, terminal: Terminal::file() };
        let mut report = Report::open(&Output { format, file: Some(place.to_owned()) }, reporter).unwrap();
        report.add(reporter.policy(linted)).unwrap();
        report.finish(&tally).unwrap();
        let text = std::fs::read_to_string(place).unwrap();
        for line in text.lines() {
            assert_eq!(visible(line), line, "{format:?}");
        }
        let read = |text: &str| serde_json::from_str::<Value>(text).unwrap_or_else(|error| panic!("{format:?}: {error} in {text}"));
        match format {
            Format::Json => evidence_as_it_stands(linted, &read(&text)),
            Format::JsonLines => assert!(text.lines().all(|line| read(line).is_object())),
            Format::Sarif | Format::Gitlab | Format::Rdjson => assert!(!read(&text).is_null()),
            Format::Junit | Format::Checkstyle => assert!(roxmltree::Document::parse(&text).is_ok(), "{text}"),
            Format::Human | Format::Concise | Format::Github | Format::Markdown => {}
        }
        text
    };
    formats.iter().map(write).collect()
}

/// The text of evidence is the file's own at its span, and its lines and columns are those that a reader counts.
fn evidence_as_it_stands(linted: &Linted, report: &Value) {
    let source = &linted.policy.sources()[0];
    let place = |offset: usize| {
        let lines = source.text()[..offset].replace("\r\n", "\n").replace('\r', "\n");
        // Between the two characters of a line break a line has not ended yet.
        let within = source.text()[..offset].ends_with('\r') && source.text()[offset..].starts_with('\n');
        let lines = if within { &lines[..lines.len() - 1] } else { &lines };
        let column = lines.rsplit('\n').next().unwrap().chars().count() + 1 + usize::from(within);
        (lines.matches('\n').count() + 1, column)
    };
    let number = |span: &Value, key: &str| usize::try_from(span[key].as_u64().unwrap()).unwrap();
    let results = report["policies"][0]["results"].as_array().unwrap();
    assert_eq!(results.len(), linted.judged.judgements.len());
    for (result, judgement) in results.iter().zip(&linted.judged.judgements) {
        let shown = result["evidence"].as_array().unwrap();
        assert_eq!(shown.len(), judgement.evidence.len());
        for (shown, evidence) in shown.iter().zip(&judgement.evidence) {
            let (span, text) = (&shown["span"], source.slice(evidence.span));
            assert_eq!(shown["text"], text);
            let range = evidence.span.range();
            assert_eq!((number(span, "line"), number(span, "column")), place(range.start), "{span} of {text:?}");
            assert_eq!((number(span, "end_line"), number(span, "end_column")), place(range.end), "{span} of {text:?}");
            assert_eq!(number(span, "start") as u64, source.disk_offset(evidence.span.start));
            assert_eq!(number(span, "end") as u64, source.disk_offset(evidence.span.end));
        }
    }
}
