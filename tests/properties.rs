//! What holds of any bytes, and of made-up policies in every format and encoding: see `holds`. The fuzz targets ask the same of bytes
//! that look for trouble; here a few hundred are tried with every run of the tests.

#![allow(clippy::unwrap_used)] // a test that cannot go on fails

mod holds;

use clauselint::config::Config;
use clauselint::engine::Readers;
use clauselint::lint::{Linted, Outcome, Settings, lint};
use clauselint::packs;
use clauselint::report::Format;
use clauselint::rule::Packs;
use clauselint::source::SourceFile;
use clauselint::walk::{Input, Origin};
use proptest::prelude::*;
use std::fmt::Write;
use std::path::Path;
use std::process::Command;
use std::sync::LazyLock;

static PACKS: LazyLock<Packs> = LazyLock::new(packs::built_in);
static READERS: LazyLock<Readers> = LazyLock::new(|| Readers::new(&PACKS));

/// A name for each way of reading a file.
const NAMES: [&str; 7] = ["p.md", "p.mdx", "p.html", "p.txt", "p.rst", "p.adoc", "p"];

/// Statements of many kinds, some of them with what is hard on places: entities to be, other scripts, ligatures, mojibake, numbers.
const STATEMENTS: [&str; 24] = [
    "We collect your name and e-mail address when you order a cup.",
    "We may share your personal information with carriers, where practical.",
    "We never sell your personal information.",
    "We sell your data to our partners.",
    "You can unsubscribe at any time: follow the link in any e-mail.",
    "Please allow up to 30 days for your request to take effect.",
    "We honour opt-out requests within ten (10) business days.",
    "Our service is directed to children under 13, and we ask a parent for consent first.",
    "Parents may review & delete what we hold: write to parents@wren.example or call +1 (617) 555-0100.",
    "Wren & Larch Ltd., 12 Larch Street, Boston, MA 02101, U.S.A.",
    "Do we use cookies?",
    "No.",
    "We do not use cookies, e.g. for ads; we never did...",
    "COPPA requires operators to post a notice.",
    "We keep your data for 2 years, then delete it.",
    "The \u{201c}caf\u{e9}\u{201d} app doesn\u{2019}t record \u{fb01}les \u{2013} na\u{ef}ve, isn\u{2019}t it?",
    "Nous gardons vos donn\u{e9}es \u{2026} \u{c3}\u{a9}t\u{c3}\u{a9}.",
    "\u{65e5}\u{672c}\u{306e}\u{500b}\u{4eba}\u{60c5}\u{5831}\u{3002} \u{1f512}\u{200d}\u{1f5dd}",
    "We disclose it to:",
    "Last updated: January 31, 2026.",
    "a\u{a0}b\u{ad}c\u{200b}d",
    "Read https://wren.example/privacy#more (or <a> | b).",
    "*We* ask `for` _your_ age {and} [nothing](https://wren.example) else",
    "All data is encrypted in transit and at rest!",
];

const HEADINGS: [&str; 6] = ["Privacy Policy", "Children", "What we collect", "Your choices & rights", "Contact us", "COOKIES"];

#[derive(Clone, Debug)]
enum Block {
    Heading(u8, String),
    Paragraph(Vec<String>),
    List(Vec<String>),
}

fn statement() -> impl Strategy<Value = String> {
    prop_oneof![9 => prop::sample::select(&STATEMENTS[..]).prop_map(str::to_owned), 1 => "\\PC{1,40}"]
}

fn blocks() -> impl Strategy<Value = Vec<Block>> {
    let block = prop_oneof![
        2 => (1..4_u8, prop::sample::select(&HEADINGS[..])).prop_map(|(level, text)| Block::Heading(level, text.to_owned())),
        4 => prop::collection::vec(statement(), 1..5).prop_map(Block::Paragraph),
        2 => prop::collection::vec(statement(), 1..4).prop_map(Block::List),
    ];
    prop::collection::vec(block, 1..14)
}

/// Writes blocks down as a file of this name has them.
fn text(name: &str, blocks: &[Block]) -> String {
    let escaped = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;");
    let mut out = String::new();
    for block in blocks {
        match (name, block) {
            ("p.html", Block::Heading(level, text)) => writeln!(out, "<h{level}>{}</h{level}>", escaped(text)),
            ("p.html", Block::Paragraph(texts)) => writeln!(out, "<p>{}</p>", escaped(&texts.join(" "))),
            ("p.html", Block::List(texts)) => writeln!(out, "<ul><li>{}</ul>", escaped(&texts.join("\0")).replace('\0', "\n<li>")),
            ("p.txt", Block::Heading(_, text)) => writeln!(out, "{}\n", text.to_uppercase()),
            ("p.rst", Block::Heading(_, text)) => writeln!(out, "{text}\n{}\n", "=".repeat(text.len())),
            ("p.adoc", Block::Heading(level, text)) => writeln!(out, "{} {text}\n", "=".repeat(usize::from(*level))),
            (_, Block::Heading(level, text)) => writeln!(out, "{} {text}\n", "#".repeat(usize::from(*level))),
            (_, Block::Paragraph(texts)) => writeln!(out, "{}\n", texts.join(" ")),
            (_, Block::List(texts)) => writeln!(out, "- {}\n", texts.join("\n- ")),
        }
        .unwrap();
    }
    out
}

/// Writes a text down in an encoding: 0 to 4.
fn encoded(text: &str, encoding: usize) -> Vec<u8> {
    let units = |bom: u16| [bom].into_iter().chain(text.encode_utf16());
    match encoding {
        0 => text.as_bytes().to_vec(),
        1 => format!("\u{feff}{}", text.replace('\n', "\r\n")).into_bytes(),
        2 => units(0xFEFF).flat_map(u16::to_le_bytes).collect(),
        3 => units(0xFEFF).flat_map(u16::to_be_bytes).collect(),
        // What is not in Latin-1 becomes some other byte, of which many encodings make something.
        _ => text.chars().map(|character| u32::from(character).to_le_bytes()[0]).collect(),
    }
}

fn linted<'p>(readers: &'p Readers<'p>, name: &str, bytes: &[u8]) -> Option<Linted> {
    let settings = Settings { readers, today: jiff::civil::date(2026, 11, 22), no_waivers: false, max_size: 1 << 30, only_policies: false };
    let terms = Config::default().terms(Path::new("/p"), &PACKS);
    match lint(&Input::new(Origin::Memory(bytes.to_vec()), name, true), &terms, &settings) {
        Outcome::Linted(linted) => Some(*linted),
        Outcome::PassedOver(why) => panic!("{why:?}, although it was named"),
        Outcome::Failed(reason) => {
            assert!(!reason.contains("please report it"), "{reason}");
            None
        }
    }
}

/// Asks everything of a file, twice: with readers that have read before, and with others.
fn check(name: &str, bytes: &[u8]) {
    if let Ok(source) = SourceFile::decode(name, bytes.to_vec()) {
        holds::decoded(&source, bytes);
    }
    let Some(first) = linted(&READERS, name, bytes) else { return };
    holds::parsed(&first.policy.sources()[0], first.policy.document());
    holds::judged(&PACKS, &first.policy.sources()[0], &first.judged);
    let others = Readers::new(&PACKS);
    let second = linted(&others, name, bytes).unwrap();
    assert_eq!((&first.judged, &first.notices), (&second.judged, &second.notices));
    let dir = tempfile::tempdir().unwrap();
    let place = dir.path().join("report");
    let reports = |linted| holds::reported(&PACKS, linted, &Format::ALL, &place);
    assert_eq!(reports(&first), reports(&second));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_bytes_are_linted(bytes in prop::collection::vec(any::<u8>(), 0..600), name in 0..NAMES.len()) {
        check(NAMES[name], &bytes);
    }

    #[test]
    fn any_policy_is_linted(blocks in blocks(), name in 0..NAMES.len(), encoding in 0..5_usize) {
        check(NAMES[name], &encoded(&text(NAMES[name], &blocks), encoding));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2))]

    #[test]
    fn readers_of_one_policy_say_together_what_one_of_them_says(parts in prop::collection::vec(blocks(), 60), together in 2..9_usize) {
        let bytes = text("p.md", &parts.concat()).into_bytes();
        let alone = linted(&READERS, "p.md", &bytes).unwrap();
        prop_assert!(alone.policy.document().sentences.len() > 200, "long enough that there is something to share");
        let readers = Readers::new(&PACKS).together(together);
        prop_assert_eq!(&linted(&readers, "p.md", &bytes).unwrap().judged, &alone.judged);
    }

    #[test]
    fn the_number_of_threads_changes_nothing(policies in prop::collection::vec((blocks(), 0..NAMES.len(), 0..5_usize), 140)) {
        let dir = tempfile::tempdir().unwrap();
        for (number, (blocks, name, encoding)) in policies.iter().enumerate() {
            let name = NAMES[*name];
            let bytes = encoded(&text(name, blocks), *encoding);
            std::fs::write(dir.path().join(format!("{number:03}{}", &name[1..])), bytes).unwrap();
        }
        let names: Vec<_> = std::fs::read_dir(dir.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        let run = |threads: &str| {
            let mut command = Command::new(env!("CARGO_BIN_EXE_clauselint"));
            command.env_clear().current_dir(dir.path()).args(["check", "--no-config", "--exit-zero", "--as-of", "2026-11-22"]);
            command.args(["--format", "json", "--threads", threads]).args(&names).output().unwrap()
        };
        let one = run("1");
        prop_assert!(!one.stdout.is_empty());
        for threads in ["2", "3"] {
            let other = run(threads);
            prop_assert_eq!(one.status, other.status);
            prop_assert!(one.stdout == other.stdout && one.stderr == other.stderr, "{} threads change what is said", threads);
        }
    }
}
