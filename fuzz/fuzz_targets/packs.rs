//! The YAML of packs: any file is a part of a pack or has located mistakes. The last byte chooses which part.
#![no_main]

use clauselint::report::{requirements, requirements_json};
use clauselint::rule::compile::compile;
use clauselint::rule::positions::Positions;
use clauselint::rule::schema::{PackFile, traps};
use clauselint::selfcheck;
use clauselint_fuzz::{chosen, little_files, located};

const PARTS: [(u8, &str); 5] = [
    (b'r', "own/rule.yaml"),
    (b'p', "own/pack.yaml"),
    (b'v', "vocabulary/words.yaml"),
    (b'f', "facts/collects.yaml"),
    (b'm', "measured.yaml"),
];

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let Some((path, text)) = chosen(data, &PARTS) else { return };
    let Ok(text) = std::str::from_utf8(text) else { return };
    let file = PackFile { path: (*path).to_owned(), text: text.to_owned() };
    let mut files = little_files();
    files.retain(|other| other.path != file.path);
    files.push(file.clone());
    // As packs are loaded: what YAML takes without a word first.
    let traps = traps(&file, &Positions::of(&file.text));
    if !traps.is_empty() {
        return located(&traps, &files);
    }
    match compile(&files) {
        Ok(packs) => {
            for failure in selfcheck::run(&packs, &files) {
                let file = files.iter().find(|file| file.path == failure.path).expect("the file of a failure");
                assert!(file.text.get(failure.range.clone()).is_some(), "{failure:?}");
            }
            let requirements = requirements(&files);
            let all: Vec<_> = requirements.iter().collect();
            serde_json::from_str::<serde_json::Value>(&requirements_json(&all)).expect("JSON");
        }
        Err(problems) => {
            located(&problems, &files);
            assert_eq!(compile(&files).err(), Some(problems));
        }
    }
});
