//! The same policy gets the same verdicts, however it is written down: as Markdown, as HTML, as text with a line a paragraph or wrapped
//! hard, with other quotes, line endings, cases of headings and orders of sections, and with a section added that has nothing to do with
//! it; its findings get the same fingerprints, and keep them when sections move. And what satisfies a requirement is what is shown:
//! without it, nothing does.

#![allow(clippy::unwrap_used)] // a test that cannot go on fails

use clauselint::document::{BlockKind, Document};
use clauselint::engine::{self, Reading};
use clauselint::fingerprint;
use clauselint::packs;
use clauselint::rule::Packs;
use clauselint::source::SourceFile;
use clauselint::verdict::{Judgement, Verdict};
use proptest::prelude::*;
use std::fmt::Write;
use std::path::Path;

/// The examples that are plain prose: no layout that only their own format has.
const POLICIES: [&str; 4] = ["fernhill-outfitters.md", "tidewater-weekly.md", "pebble-and-pip.md", "pocket-abacus.txt"];

fn parse(name: &str, text: &str) -> Document {
    Document::parse(&SourceFile::decode(name, text.as_bytes().to_vec()).unwrap())
}

/// Id, verdict and fingerprints of every requirement.
fn verdicts(packs: &Packs, name: &str, text: &str) -> Vec<(String, Verdict, Vec<String>)> {
    let document = parse(name, text);
    let judged = engine::check(packs, &Reading::new(packs, &document), &[]);
    let one = |judgement: Judgement| {
        let fingerprints = fingerprint::all(packs, &document, &judgement);
        (packs.rules[judgement.rule].id.clone(), judgement.verdict, fingerprints)
    };
    judged.judgements.into_iter().map(one).collect()
}

/// Writes a document down anew; `block` gets the kind, the level of a heading, and the text of a block and its place in a list.
fn rewrite(document: &Document, mut block: impl FnMut(&mut String, BlockKind, u8, &str, bool, bool)) -> String {
    let mut out = String::new();
    for (number, one) in document.blocks.iter().enumerate() {
        let sentences = one.sentences();
        let text = &document.prose[document.sentences[sentences.start].range().start..document.sentences[sentences.end - 1].range().end];
        let item = |other: usize| document.blocks.get(other).is_some_and(|other| other.kind == BlockKind::Item);
        let first = number == 0 || !item(number - 1);
        block(&mut out, one.kind, document.sections[one.section()].level, text, first, !item(number + 1));
    }
    out
}

fn html(document: &Document) -> String {
    rewrite(document, |out, kind, level, text, first, last| {
        let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;");
        match kind {
            BlockKind::Heading => writeln!(out, "<h{level}>{text}</h{level}>").unwrap(),
            BlockKind::Item => {
                let (open, close) = (if first { "<ul>\n" } else { "" }, if last { "</ul>\n" } else { "" });
                writeln!(out, "{open}<li>{text}{close}").unwrap();
            }
            BlockKind::Paragraph | BlockKind::Cell => writeln!(out, "<p>{text}").unwrap(),
        }
    })
}

/// Plain text, wrapped at a width.
fn text(document: &Document, width: usize) -> String {
    rewrite(document, |out, kind, _, text, first, last| {
        let gap = if kind == BlockKind::Item && !last { "\n" } else { "\n\n" };
        let _ = first;
        let (mark, indent) = if kind == BlockKind::Item { ("- ", "  ") } else { ("", "") };
        let text = if kind == BlockKind::Heading { text.to_uppercase() } else { text.to_owned() };
        let mut column = mark.len();
        out.push_str(mark);
        for (number, word) in text.split(' ').enumerate() {
            if number > 0 && column + word.len() >= width {
                write!(out, "\n{indent}").unwrap();
                column = indent.len();
            } else if number > 0 {
                out.push(' ');
                column += 1;
            }
            out.push_str(word);
            column += word.len();
        }
        out.push_str(gap);
    })
}

/// The sections of a policy in the opposite order, the part before the first heading below the title left in its place.
fn sections_reversed(original: &str) -> String {
    let mut sections: Vec<String> = vec![String::new()];
    for line in original.lines() {
        if line.starts_with("## ") {
            sections.push(String::new());
        }
        let section = sections.last_mut().unwrap();
        section.push_str(line);
        section.push('\n');
    }
    sections[1..].reverse();
    sections.join("\n")
}

#[test]
fn the_order_of_sections_and_the_case_of_headings_carry_no_meaning() {
    let packs = packs::built_in();
    let mut differing = Vec::new();
    for name in POLICIES.iter().filter(|name| !name.contains("abacus")) {
        let original = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("examples").join(name)).unwrap();
        let reversed = sections_reversed(&original);
        assert_ne!(original, reversed, "{name} has sections");
        let shout = |line: &str| if line.starts_with('#') { line.to_uppercase() } else { line.to_owned() };
        let upper: Vec<String> = original.lines().map(shout).collect();
        let lower: Vec<String> =
            original.lines().map(|line| if line.starts_with('#') { line.to_lowercase() } else { line.to_owned() }).collect();
        let wanted = verdicts(&packs, name, &original);
        for (way, text) in [("sections reversed", reversed), ("upper headings", upper.join("\n")), ("lower headings", lower.join("\n"))] {
            for ((id, wanted, _), (_, got, _)) in wanted.iter().zip(verdicts(&packs, name, &text)) {
                if *wanted != got {
                    differing.push(format!("{name} with {way}: {id} is {}, not {}", got.as_str(), wanted.as_str()));
                }
            }
        }
    }
    assert!(differing.is_empty(), "{}", differing.join("\n"));
}

/// Takes the passages away that satisfy a requirement, until it is not satisfied any more: each round must leave fewer, and none of those
/// that were taken away may come back.
#[test]
fn without_its_evidence_nothing_is_satisfied() {
    let packs = packs::built_in();
    let mut satisfied = 0;
    for name in POLICIES {
        let original = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("examples").join(name)).unwrap();
        for rule in 0..packs.rules.len() {
            let mut text = original.clone();
            let id = &packs.rules[rule].id;
            for round in 0.. {
                assert!(round < 40, "{name}: {id} stays satisfied: {text}");
                let document = parse(name, &text);
                let reading = Reading::new(&packs, &document);
                let judgement = engine::judge_as_applicable(&packs, &reading, rule);
                if judgement.verdict != Verdict::Satisfied {
                    break;
                }
                satisfied += 1;
                assert!(!judgement.evidence.is_empty(), "{name}: {id} is satisfied by nothing");
                // From the last to the first, so that the others stay where they are.
                let mut ranges: Vec<_> = judgement.evidence.iter().map(|evidence| evidence.span.range()).collect();
                ranges.sort_by_key(|range| std::cmp::Reverse(range.start));
                for range in ranges {
                    let gone = "-".repeat(range.len());
                    assert!(text[range.clone()] != gone, "{name}: {id} is satisfied by what was taken away");
                    text.replace_range(range, &gone);
                }
            }
        }
    }
    assert!(satisfied > 60, "the examples satisfy many requirements: {satisfied}");
}

#[test]
fn every_way_of_writing_a_policy_down_gets_the_same_verdicts() {
    let packs = packs::built_in();
    let mut differing = Vec::new();
    for name in POLICIES {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples").join(name);
        let original = std::fs::read_to_string(path).unwrap();
        let document = parse(name, &original);
        let wanted = verdicts(&packs, name, &original);
        let curly = original.replace(" \"", " \u{201c}").replace("\" ", "\u{201d} ").replace('\'', "\u{2019}");
        let added =
            format!("{original}\n\n{}\n\nOur shop is painted green.\n", if name.ends_with("txt") { "OUR PAINT" } else { "## Our paint" });
        let ways = [
            ("HTML", "policy.html", html(&document)),
            ("long lines", "policy.txt", text(&document, usize::MAX)),
            ("wrapped lines", "policy.txt", text(&document, 72)),
            ("CRLF", name, original.replace('\n', "\r\n")),
            ("curly quotes", name, curly),
            ("non-breaking spaces", name, original.replace("personal information", "personal\u{a0}information")),
            ("a byte order mark", name, format!("\u{feff}{original}")),
            ("an unrelated section", name, added),
        ];
        for (way, file, text) in ways {
            for ((id, wanted, fingerprints), (_, got, others)) in wanted.iter().zip(verdicts(&packs, file, &text)) {
                if *wanted != got {
                    differing.push(format!("{name} as {way}: {id} is {}, not {}", got.as_str(), wanted.as_str()));
                } else if fingerprints.first() != others.first() {
                    differing.push(format!("{name} as {way}: {id} is {} by another passage", got.as_str()));
                }
            }
        }
    }
    assert!(differing.is_empty(), "{}", differing.join("\n"));
}

/// The sections of a policy in Markdown, each with its heading; the first holds the title and what stands below it.
fn sections(text: &str) -> Vec<&str> {
    let starts: Vec<usize> = std::iter::once(0).chain(text.match_indices("\n## ").map(|(at, _)| at + 1)).collect();
    let ends = starts.iter().skip(1).copied().chain([text.len()]);
    starts.iter().zip(ends).map(|(start, end)| &text[*start..end]).collect()
}

/// Breaks lines at other spaces: those of paragraphs, which alone have none before or behind them that means something.
fn reflowed(section: &str, width: usize) -> String {
    let paragraph = |text: &str| !text.starts_with(['#', '-', '>', '|', ' ', '*']) && !text.contains("\n-");
    let paragraphs = section.split("\n\n").map(|text| if paragraph(text) { wrapped(text, width) } else { text.to_owned() });
    paragraphs.collect::<Vec<_>>().join("\n\n")
}

fn wrapped(text: &str, width: usize) -> String {
    let mut out = String::new();
    let mut column = 0;
    for word in text.split_whitespace() {
        // A line that begins with a number or a dash would become a list.
        let safe = word.starts_with(char::is_alphabetic);
        if column > 0 {
            out.push(if column + word.len() >= width && safe { '\n' } else { ' ' });
            column = if out.ends_with('\n') { 0 } else { column + 1 };
        }
        out.push_str(word);
        column += word.len();
    }
    out
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn fingerprints_survive_moved_sections_and_reflowed_lines(
        policy in 0..3_usize,
        order in prop::collection::vec(any::<u32>(), 40),
        width in 30..160_usize,
    ) {
        let packs = packs::built_in();
        let original = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("examples").join(POLICIES[policy])).unwrap();
        let mut parts = sections(&original);
        let mut moved: Vec<_> = parts.split_off(1).into_iter().zip(order).collect();
        moved.sort_by_key(|(_, key)| *key);
        parts.extend(moved.into_iter().map(|(section, _)| section));
        let text: Vec<String> = parts.into_iter().map(|section| reflowed(section.trim_end(), width)).collect();
        let moved = verdicts(&packs, "policy.md", &text.join("\n\n"));
        for ((id, wanted, fingerprints), (_, got, others)) in verdicts(&packs, "policy.md", &original).iter().zip(&moved) {
            prop_assert_eq!((wanted, fingerprints.is_empty()), (got, others.is_empty()), "{}", id);
            prop_assert!(fingerprints.first().is_none_or(|first| others.contains(first)), "{} is no more known", id);
        }
    }
}
