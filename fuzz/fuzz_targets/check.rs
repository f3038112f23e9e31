//! The whole check: any bytes are linted alike twice, and a report on them is what its format says. The last byte chooses the
//! format of the policy.
#![no_main]

use clauselint::report::Format;
use clauselint_fuzz::{BUILT_IN, BUILT_IN_READERS, chosen, folder, holds, linted, no_terms};
use std::sync::LazyLock;
use tempfile::TempDir;

static FOLDER: LazyLock<TempDir> = LazyLock::new(folder);

const NAMES: [(u8, &str); 7] =
    [(b'm', "p.md"), (b'x', "p.mdx"), (b'h', "p.html"), (b't', "p.txt"), (b'r', "p.rst"), (b'a', "p.adoc"), (b'-', "p")];

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let Some((name, text)) = chosen(data, &NAMES) else { return };
    let Some(linted) = linted(&BUILT_IN_READERS, &no_terms(&BUILT_IN), name, text) else { return };
    let source = &linted.policy.sources()[0];
    holds::decoded(source, text);
    holds::parsed(source, linted.policy.document());
    // To write all of them takes ten times as long as to lint: the length of the text, which nearly every mutation changes, chooses one.
    let format = Format::ALL[text.len() % Format::ALL.len()];
    holds::reported(&BUILT_IN, &linted, &[format], &FOLDER.path().join("report"));
});
