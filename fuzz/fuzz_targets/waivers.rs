//! Waivers: whatever a comment says, a finding is waived with a reason and up to a day that has not passed, or not at all; and a
//! comment that waives nothing is told of. The last byte chooses the markup.
#![no_main]

use clauselint::verdict::{Excuse, Written};
use clauselint_fuzz::{LITTLE, LITTLE_READERS, TODAY, chosen, linted, no_terms};
use std::collections::BTreeSet;

/// A name, what stands before the comment, and what stands behind it.
const MARKUP: [(u8, (&str, &str, &str)); 5] = [
    (b'm', ("p.md", "# Privacy policy\n\n<!-- clauselint-ignore ", "-->\n\nWe gather the personal data.\n")),
    (b'x', ("p.mdx", "# Privacy policy\n\n{/* clauselint-ignore ", "*/}\n\nWe gather the personal data.\n")),
    (b'h', ("p.html", "<html><h1>Privacy policy</h1><!-- clauselint-ignore ", "--><p>We sell your personal data.</p>")),
    (b'r', ("p.rst", "Privacy policy\n==============\n\n.. clauselint-ignore ", "\n\nWe gather it.\n")),
    (b'a', ("p.adoc", "= Privacy policy\n\n// clauselint-ignore ", "\n\nWe gather it.\n")),
];

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let Some(((name, before, behind), comment)) = chosen(data, &MARKUP) else { return };
    let text = [before.as_bytes(), comment, behind.as_bytes()].concat();
    let Some(linted) = linted(&LITTLE_READERS, &no_terms(&LITTLE), name, &text) else { return };
    let source = &linted.policy.sources()[0];
    let mut heard = BTreeSet::new();
    for judgement in &linted.judged.judgements {
        if let Some(Excuse::Waived(waiver)) = &judgement.excuse {
            assert!(judgement.verdict.is_finding() && !waiver.reason.trim().is_empty(), "{waiver:?}");
            assert!(waiver.until.as_ref().is_none_or(|until| clauselint::waiver::date(until).expect("a date") >= TODAY), "{waiver:?}");
            let Written::Inline(span) = waiver.written else { panic!("no configuration has a waiver: {waiver:?}") };
            assert!(source.slice(span).starts_with("clauselint-ignore"));
            heard.insert(span.start);
        }
    }
    for notice in &linted.notices {
        let span = notice.span.expect("the place of a comment");
        source.slice(span);
        heard.insert(span.start);
    }
    for comment in &linted.policy.document().comments {
        let inside = source.slice(comment.span);
        let text = inside.trim_start();
        let start = comment.span.start + u32::try_from(inside.len() - text.len()).expect("a small file");
        assert!(!text.starts_with("clauselint-ignore ") || heard.contains(&start), "{text:?} is neither heeded nor told of");
    }
});
