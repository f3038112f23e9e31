//! How fast the steps of the pipeline are on their own: from bytes to a document, from a document to what phrases matched in it, from
//! that to verdicts; and how long the packs take to be there. `bench/run` has the whole, beside ripgrep.

#[path = "../tests/shapes/mod.rs"]
mod shapes;

use clauselint::document::Document;
use clauselint::engine::{self, Readers};
use clauselint::packs;
use clauselint::rule::Packs;
use clauselint::source::SourceFile;
use divan::{Bencher, black_box, counter::BytesCount};
use shapes::{SHAPES, Shape};
use std::sync::LazyLock;

/// As long as a long policy.
const BYTES: usize = 50_000;

static PACKS: LazyLock<Packs> = LazyLock::new(packs::built_in);
static READERS: LazyLock<Readers> = LazyLock::new(|| Readers::new(&PACKS));

fn main() {
    divan::main();
}

/// Names of shapes: every format, and a policy that is one line.
const FORMATS: [&str; 7] = ["markdown.md", "mdx.mdx", "html.html", "text.txt", "structured.rst", "asciidoc.adoc", "line.txt"];

fn shape(name: &str) -> &'static Shape {
    SHAPES.iter().find(|shape| shape.name == name).unwrap_or(&SHAPES[0])
}

fn source(name: &str) -> SourceFile {
    SourceFile::decode(name, shape(name).text(BYTES).into_bytes()).expect("a text of ours")
}

#[divan::bench(args = ["markdown.md"])]
fn decode(bencher: Bencher, name: &str) {
    let bytes = shape(name).text(BYTES).into_bytes();
    bencher.counter(BytesCount::of_slice(&bytes)).with_inputs(|| bytes.clone()).bench_values(|bytes| SourceFile::decode(name, bytes));
}

#[divan::bench(args = FORMATS)]
fn parse(bencher: Bencher, name: &str) {
    let source = source(name);
    bencher.counter(BytesCount::of_str(source.text())).bench(|| Document::parse(black_box(&source)));
}

#[divan::bench(args = FORMATS)]
fn scan(bencher: Bencher, name: &str) {
    let document = Document::parse(&source(name));
    bencher.counter(BytesCount::of_str(&document.prose)).bench(|| READERS.read(black_box(&document)));
}

#[divan::bench(args = FORMATS)]
fn verdicts(bencher: Bencher, name: &str) {
    let document = Document::parse(&source(name));
    let reading = READERS.read(&document);
    bencher.counter(BytesCount::of_str(&document.prose)).bench(|| engine::check(&PACKS, black_box(&reading), &[]));
}

#[divan::bench]
fn built_in_packs() -> Packs {
    packs::built_in()
}
