//! What the fuzz targets share: the properties that they ask for (the same as the tests'), a little pack, and what an input is cut into.

#[path = "../../tests/holds/mod.rs"]
pub mod holds;

use clauselint::config::{Config, Terms};
use clauselint::document::Document;
use clauselint::engine::Readers;
use clauselint::lint::{Linted, Outcome, Settings, lint};
use clauselint::report::{Terminal, mistakes};
use clauselint::rule::schema::{PackFile, Problem};
use clauselint::rule::{Packs, compile};
use clauselint::source::SourceFile;
use clauselint::verdict::Judgement;
use clauselint::walk::{Input, Origin};
use jiff::civil::{Date, date};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use tempfile::TempDir;

/// The day on which everything is judged.
pub const TODAY: Date = date(2026, 11, 22);

/// Cuts an input in two: what its last byte chooses, and the rest. Mutations seldom move an end.
pub fn chosen<'a, T>(data: &'a [u8], choices: &'a [(u8, T)]) -> Option<(&'a T, &'a [u8])> {
    let (last, rest) = data.split_last()?;
    let named = choices.iter().find(|(byte, _)| byte == last).or_else(|| choices.get(usize::from(*last) % choices.len()));
    named.map(|(_, choice)| (choice, rest))
}

/// Decodes and parses a file, and asks of it what must hold.
pub fn parse(name: &str, bytes: &[u8]) -> Option<(SourceFile, Document)> {
    let source = SourceFile::decode(name, bytes.to_vec()).ok()?;
    holds::decoded(&source, bytes);
    let document = Document::parse(&source);
    holds::parsed(&source, &document);
    Some((source, document))
}

/// Lints bytes twice, with readers that have read before and with others, and asks of the result what must hold. None where they are
/// no policy.
pub fn linted<'p>(readers: &'p Readers<'p>, terms: &Terms, name: &str, bytes: &[u8]) -> Option<Linted> {
    let (packs, others) = (readers.packs(), Readers::new(readers.packs()));
    let (first, second) = (read(readers, terms, name, bytes)?, read(&others, terms, name, bytes)?);
    assert_eq!((&first.judged, &first.notices), (&second.judged, &second.notices), "what was read before changes what is said");
    holds::judged(packs, &first.policy.sources()[0], &first.judged);
    let named = |judgement: &Judgement| judgement.verdict.is_finding() == (judgement.fingerprint.len() == 16);
    assert!(first.judged.judgements.iter().all(named), "findings have a fingerprint");
    Some(first)
}

fn read<'p>(readers: &'p Readers<'p>, terms: &Terms, name: &str, bytes: &[u8]) -> Option<Linted> {
    let settings = Settings { readers, today: TODAY, no_waivers: false, max_size: u64::MAX >> 1, only_policies: false };
    match lint(&Input::new(Origin::Memory(bytes.to_vec()), name, true), terms, &settings) {
        Outcome::Linted(linted) => Some(*linted),
        Outcome::PassedOver(why) => panic!("{why:?}, although it was named"),
        Outcome::Failed(reason) => {
            assert!(!reason.contains("please report it"), "{reason}");
            None
        }
    }
}

/// Nothing is declared, everything is asked for.
pub fn no_terms(packs: &Packs) -> Terms {
    Config::default().terms(Path::new("/policy"), packs)
}

/// A folder in memory, where the system has that.
pub fn folder() -> TempDir {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() { TempDir::new_in(memory) } else { TempDir::new() }.expect("a folder for files")
}

/// Writes a file of the folder anew and tells its path.
pub fn written(folder: &TempDir, name: &str, bytes: &[u8]) -> PathBuf {
    let place = folder.path().join(name);
    std::fs::write(&place, bytes).expect("a file in the folder");
    place
}

/// Problems stand in their files, between characters, and can be shown.
pub fn located(problems: &[Problem], files: &[PackFile]) {
    assert!(!problems.is_empty(), "there is a problem, and none is told");
    for problem in problems {
        let file = files.iter().find(|file| file.path == problem.path).expect("the file of a problem");
        assert!(file.text.get(problem.range.clone()).is_some(), "{problem:?}");
    }
    for line in mistakes(problems, files, Terminal::file()).lines() {
        assert_eq!(clauselint::visible::visible(line), line);
    }
}

/// A vocabulary with everything that the engine asks for by name.
const WORDS: &str = "\
terms:
  negation: [(not|never|no)]
  no-negation: [not only]
  brief-negation: [without]
  clause-start: [(and|but) (we|you)]
  hedge: [(may|might), where practical]
  no-hedge: [you (may|might)]
  law-restated: [the law (require|requires)]
  privacy-speech: [we collect, personal data]
  policy-title: [privacy policy]
  other-title: [terms of use]
  collect: [(collect|gather|ask for)]
  data: ['(personal)? (data|information|details)', '{email}', your name]
fixed: [via]
irregular: {keep: keeps keeping kept}
variants: {email: mail}
spellings: {cannot: can not, e-mail: email}
fillers: [a an the your any]
";

const PACK: &str = "name: own\ntitle: Own\nauthority: Ours\n";

/// A rule that has everything a rule can have, or nearly.
const RULE: &str = "\
id: own/rule
title: Says what is collected
severity: warning
cite: Ours, 1
url: https://law.example/1
applies: collects
why: A reader must know.
elements:
  what it is: {say: '{data}'}
  that it is collected: {say: '{collect}'}
satisfied:
  - all: [that it is collected, what it is]
    unless: we sell
  - say: 'within {duration}'
    where: duration <= 10 business days
contradicted:
  - say: 'we ... sell ... {data}'
    takes-back: true
    but: it is said that it is sold
weak:
  - say: '{collect}'
    but: it is not said what
place: [(collect|data)]
missing: Nothing says what is collected.
help: Say what you collect.
examples:
  satisfied: [We collect your name.]
  weak: [We collect things.]
  contradicted: [We sell data.]
  missing: [We sing.]
";

const FACT: &str = "\
fact: collects
asks: Does it collect data?
default: true
false:
  - say: we collect nothing
true:
  - say: 'we ... {collect}'
examples:
  'true': [We collect names.]
  'false': [We collect nothing.]
";

/// The files of a little pack.
pub fn little_files() -> Vec<PackFile> {
    let files = [("facts/collects.yaml", FACT), ("own/pack.yaml", PACK), ("own/rule.yaml", RULE), ("vocabulary/words.yaml", WORDS)];
    files.map(|(path, text)| PackFile { path: path.to_owned(), text: text.to_owned() }).into()
}

/// The little pack, compiled: it is quick where the rules do not matter.
pub static LITTLE: LazyLock<Packs> = LazyLock::new(|| compile::compile(&little_files()).expect("a pack without mistakes"));

/// Readers with the little pack.
pub static LITTLE_READERS: LazyLock<Readers> = LazyLock::new(|| Readers::new(&LITTLE));

/// The packs that the binary carries.
pub static BUILT_IN: LazyLock<Packs> = LazyLock::new(clauselint::packs::built_in);

/// Readers with them.
pub static BUILT_IN_READERS: LazyLock<Readers> = LazyLock::new(|| Readers::new(&BUILT_IN));
