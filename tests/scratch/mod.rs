//! What tests of the command share: scratch folders, and what a run said.

#![allow(dead_code, clippy::unwrap_used)] // no test uses all of it, and one that cannot go on fails

use std::fs;
use std::process::Output;
use tempfile::TempDir;

/// A folder with files, each with its text.
pub(crate) fn folder(files: &[(&str, &str)]) -> TempDir {
    folder_of_bytes(&files.iter().map(|(name, text)| (*name, text.as_bytes())).collect::<Vec<_>>())
}

/// A folder with files, each with its bytes.
pub(crate) fn folder_of_bytes(files: &[(&str, &[u8])]) -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        let path = dir.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    dir
}

/// The exit code.
pub(crate) fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

/// What was written to standard output.
pub(crate) fn out(output: &Output) -> &str {
    std::str::from_utf8(&output.stdout).unwrap()
}

/// What was written to standard error.
pub(crate) fn err(output: &Output) -> &str {
    std::str::from_utf8(&output.stderr).unwrap()
}
