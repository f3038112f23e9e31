//! Packs with mistakes: each folder of `tests/bad_rules` holds a pack and what `pack check` says of it. A file `expected.txt` that is
//! absent is written; one that differs fails, and is written anew under `UPDATE_EXPECTED=1`.

#![allow(clippy::unwrap_used)] // a test that cannot go on fails

use std::path::Path;
use std::process::Command;

#[test]
fn every_mistake_is_shown_at_its_place() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bad_rules");
    let mut cases = 0;
    let mut differing = Vec::new();
    for entry in walkdir::WalkDir::new(&root).min_depth(1).max_depth(1).sort_by_file_name() {
        let folder = entry.unwrap().into_path();
        let output = Command::new(env!("CARGO_BIN_EXE_clauselint"))
            .args(["pack", "check", "own"])
            .current_dir(&folder)
            .env_clear()
            .env("NO_COLOR", "1")
            .env("COLUMNS", "100")
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(2), "{}", folder.display());
        assert!(output.stdout.is_empty(), "mistakes go to standard error: {}", folder.display());
        let said = String::from_utf8(output.stderr).unwrap();
        let expected = folder.join("expected.txt");
        if !expected.exists() || std::env::var_os("UPDATE_EXPECTED").is_some() {
            std::fs::write(&expected, &said).unwrap();
        }
        if std::fs::read_to_string(&expected).unwrap() != said {
            differing.push(format!("{}:\n{said}", folder.display()));
        }
        cases += 1;
    }
    assert!(cases >= 7, "the folder of cases is there");
    assert!(differing.is_empty(), "{}", differing.join("\n"));
}
