//! Baselines: any file is a baseline or has a located mistake; what is written of it is read back, and only known findings are excused.
#![no_main]

use clauselint::baseline::{Baseline, BaselineError, Ledger};
use clauselint::verdict::Excuse;
use clauselint_fuzz::{LITTLE, LITTLE_READERS, folder, linted, no_terms, written};
use std::sync::LazyLock;
use tempfile::TempDir;

static FOLDER: LazyLock<TempDir> = LazyLock::new(folder);

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let place = written(&FOLDER, "known", data);
    let baseline = match Baseline::open(&place, false) {
        Ok(baseline) => baseline,
        Err(BaselineError::Line { line, .. }) => {
            assert!(line >= 1 && line <= data.split(|byte| *byte == b'\n').count());
            return;
        }
        Err(error) => panic!("{error}"),
    };
    let name = FOLDER.path().join("p.md");
    let policy = b"# Privacy policy\n\nWe gather things.\n";
    let Some(mut linted) = linted(&LITTLE_READERS, &no_terms(&LITTLE), &name.to_string_lossy(), policy) else { panic!("a policy") };
    let before = linted.judged.clone();
    baseline.excuse(&LITTLE, &linted.policy, &mut linted.judged);
    for (judgement, before) in linted.judged.judgements.iter().zip(&before.judgements) {
        let known = judgement.excuse == Some(Excuse::Known);
        assert!(!known || data.windows(16).any(|digits| digits == judgement.fingerprint.as_bytes()), "{judgement:?}");
        assert!(known || judgement == before);
    }
    let mut ledger = Ledger::new(&baseline, &LITTLE);
    ledger.add(linted.policy.name(), &linted.judged);
    let closed = ledger.close();
    closed.write().expect("the baseline is written");
    let again = Baseline::open(&place, false).expect("what was written is read back");
    let mut ledger = Ledger::new(&again, &LITTLE);
    ledger.add(linted.policy.name(), &linted.judged);
    let other = ledger.close();
    assert!(other.stale.is_empty(), "{:?}", other.stale);
    assert_eq!((other.counts().0, other.counts().1), (closed.counts().0, 0));
});
