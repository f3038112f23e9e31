//! Real policies, which are not ours to keep: they lie beside the project where it is developed. Where they are absent, this says so.
//!
//! Nothing panics, and every passage that a verdict shows is the file's own text at its place.

#![allow(clippy::unwrap_used, clippy::print_stderr)] // a test that cannot go on fails, and one that is skipped says so

use clauselint::document::Document;
use clauselint::engine::{self, Reading};
use clauselint::packs;
use clauselint::rule::Packs;
use clauselint::source::SourceFile;
use std::path::{Path, PathBuf};

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = walkdir::WalkDir::new(folder).sort_by_file_name().into_iter().filter_map(Result::ok);
    entries.filter(|entry| entry.file_type().is_file()).map(walkdir::DirEntry::into_path).collect()
}

/// Lints a file; the number of passages that were compared with the bytes on disk.
fn lint(packs: &Packs, path: &Path) -> usize {
    let bytes = std::fs::read(path).unwrap();
    let Ok(source) = SourceFile::decode(path.to_string_lossy(), bytes.clone()) else {
        return 0;
    };
    let document = Document::parse(&source);
    for (number, sentence) in document.sentences.iter().enumerate() {
        let span = document.sentence_span(number);
        assert!(span.start < span.end && span.end as usize <= source.text().len(), "{}: {sentence:?}", path.display());
        assert!(source.text().is_char_boundary(span.start as usize) && source.text().is_char_boundary(span.end as usize));
    }
    let judged = engine::check(packs, &Reading::new(packs, &document), &[]);
    assert_eq!(judged.judgements.len(), packs.rules.len());
    let evidence = judged.judgements.iter().flat_map(|judgement| &judgement.evidence);
    let mut compared = 0;
    for evidence in evidence.chain(judged.facts.iter().flat_map(|fact| &fact.evidence)) {
        let text = source.slice(evidence.span);
        let start = usize::try_from(source.disk_offset(evidence.span.start)).unwrap();
        let end = usize::try_from(source.disk_offset(evidence.span.end)).unwrap();
        let (utf8, _, _) = encoding_rs::UTF_8.decode(&bytes[start..end]);
        let (western, _, _) = encoding_rs::WINDOWS_1252.decode(&bytes[start..end]);
        let (wide, _, _) = encoding_rs::UTF_16LE.decode(&bytes[start..end]);
        assert!(text == utf8 || text == western || text == wide, "{} at {start}: {text:?} is not {utf8:?}", path.display());
        compared += 1;
    }
    compared
}

fn lint_all(name: &str, least: usize) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared").join(name);
    if !folder.exists() {
        eprintln!("skipped: {} is not there", folder.display());
        return;
    }
    let packs = packs::built_in();
    let files = files(&folder);
    assert!(files.len() >= least, "{} has files", folder.display());
    let compared: usize = files.iter().map(|file| lint(&packs, file)).sum();
    assert!(compared >= least, "{compared} passages were compared");
    eprintln!("{}: {} files, {compared} passages", folder.display(), files.len());
}

#[test]
fn policies_in_odd_formats() {
    lint_all("formats", 20);
}

#[test]
fn policies_of_the_labelled_set() {
    lint_all("benchmark/policies", 50);
}

#[test]
fn documents_that_are_no_policies() {
    lint_all("benchmark/not-policies", 50);
}

#[test]
fn policies_from_the_web() {
    let archive = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpora/web-2000.tar.gz");
    if !archive.exists() {
        eprintln!("skipped: {} is not there", archive.display());
        return;
    }
    let scratch = tempfile::tempdir().unwrap();
    let unpacked = std::process::Command::new("tar").arg("xzf").arg(&archive).arg("-C").arg(scratch.path()).status();
    assert!(unpacked.is_ok_and(|status| status.success()), "tar unpacks the corpus");
    let packs = packs::built_in();
    let files = files(scratch.path());
    assert_eq!(files.len(), 2000);
    let compared: usize = files.iter().map(|file| lint(&packs, file)).sum();
    eprintln!("web-2000: {compared} passages");
    assert!(compared >= 2000);
}
