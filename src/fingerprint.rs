//! What tells a finding from every other one and stays the same while a policy is edited around it: a baseline knows findings by it,
//! and so do the programs that follow them over time. Rule, verdict and the words of the deciding passage go into it; where the
//! passage stands, how it is wrapped, quoted or marked up does not.

use crate::document::Document;
use crate::rule::Packs;
use crate::rule::digest::digest;
use crate::verdict::{Judged, Judgement, Verdict};

/// Gives every finding its fingerprint, by the passage that tells most. `judged` is what the packs say of the document.
pub fn fill(packs: &Packs, document: &Document, judged: &mut Judged) {
    for judgement in &mut judged.judgements {
        if let Some(fingerprint) = all(packs, document, judgement).into_iter().next() {
            judgement.fingerprint = fingerprint;
        }
    }
}

/// The fingerprints of a finding by each of its deciding passages, its own first; none where the verdict is no finding. Passages that
/// tell as much as each other stand in the order of the policy, so that another comes first when sections move or come in between:
/// who keeps fingerprints over time looks for all of them.
pub fn all(packs: &Packs, document: &Document, judgement: &Judgement) -> Vec<String> {
    if !judgement.verdict.is_finding() {
        return Vec::new();
    }
    let first = judgement.evidence.first().filter(|_| judgement.verdict != Verdict::Missing).map(|first| first.role);
    // A missing statement has no passage.
    let nothing = first.is_none().then_some("");
    let deciding = judgement.evidence.iter().filter(|evidence| Some(evidence.role) == first);
    let passages = deciding.map(|evidence| document.prose_of(evidence.span)).chain(nothing);
    passages.map(|passage| of(&packs.rules[judgement.rule].id, judgement.verdict, passage)).collect()
}

/// What tells a finding, by [`digest`]: it stands in baselines, and a change here breaks them all.
fn of(rule: &str, verdict: Verdict, passage: &str) -> String {
    let words: String = passage.chars().filter(|character| character.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    digest(&format!("{rule}\0{}\0{words}", verdict.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::Policy;
    use crate::report::sample;
    use crate::source::SourceFile;
    use crate::verdict::{Evidence, Role};
    use proptest::prelude::*;

    fn fingerprints(linted: &crate::lint::Linted) -> Vec<String> {
        let mut judged = linted.judged.clone();
        fill(&sample::packs(), linted.policy.document(), &mut judged);
        judged.judgements.into_iter().map(|judgement| judgement.fingerprint).collect()
    }

    /// Of a weak finding on some words of a text.
    fn on(name: &str, text: &str, words: &str) -> String {
        let evidence = vec![Evidence { role: Role::Weakens, span: sample::span(text, words), hedges: Vec::new() }];
        let weak = Judgement { evidence, ..sample::judgement(0, Verdict::Weak, "Vague.") };
        fingerprints(&sample::linted_text(name, text, vec![weak])).concat()
    }

    #[test]
    fn findings_have_one_and_other_verdicts_none() {
        let found = fingerprints(&sample::linted());
        // Baselines hold these: they may not change.
        assert_eq!(found, ["07a50ff0226c21c1", "ff7f16ceb04b90c5", ""]);
    }

    #[test]
    fn a_missing_statement_is_known_by_its_rule_alone() {
        let nothing = Policy::of(SourceFile::decode("p.md", b"Nothing.".to_vec()).unwrap());
        let mut judged = sample::linted().judged;
        judged.judgements[1].evidence.clear();
        fill(&sample::packs(), nothing.document(), &mut judged);
        assert_eq!(judged.judgements[1].fingerprint, fingerprints(&sample::linted())[1]);
        assert_ne!(of("a/b", Verdict::Missing, ""), of("a/b", Verdict::Weak, ""));
        assert_ne!(of("a/b", Verdict::Missing, ""), of("a/c", Verdict::Missing, ""));
    }

    #[test]
    fn markup_quotes_and_line_breaks_do_not_matter_and_words_do() {
        let plain = on("p.md", "We'll honour \"opt-outs\" promptly, R&D too.", "We'll honour \"opt-outs\" promptly, R&D too.");
        for (name, text) in [
            ("p.md", "# New\n\nWe’ll **honour** “opt-outs”\npromptly, R&D too."),
            ("p.md", "> We'll [honour](/x) \"opt-outs\"\n> promptly, R&amp;D too."),
            ("p.html", "<p>We&rsquo;ll <b>hon</b>our<br>&ldquo;opt&#45;outs&rdquo; promptly,\n R&amp;D too."),
            ("p.txt", "WE'LL HONOUR OPT-OUTS\nPROMPTLY, R&D TOO."),
        ] {
            let words = &text[text.find(['W']).unwrap()..];
            assert_eq!(on(name, text, words), plain, "{text}");
        }
        assert_ne!(on("p.md", "We'll honour requests soon.", "We'll honour requests soon."), plain);
    }

    #[test]
    fn a_part_of_a_sentence_is_its_own_passage() {
        let text = "<p>We keep <b>names</b> &amp; ages, and we <i>may</i> sell both.";
        assert_eq!(on("p.html", text, "we <i>may</i> sell both"), on("p.md", "We may sell both.", "We may sell both."));
    }

    proptest! {
        #[test]
        fn no_span_of_any_text_panics(text in any::<String>(), start in 0_u32..99, len in 0_u32..99) {
            for name in ["p.md", "p.html", "p.mdx", "p.txt"] {
                if let Ok(source) = SourceFile::decode(name, text.clone().into_bytes()) {
                    let document = Document::parse(&source);
                    let prose = document.prose_of(crate::source::Span { start, end: start + len });
                    prop_assert!(document.prose.contains(prose));
                    for number in 0..document.sentences.len() {
                        prop_assert_eq!(document.prose_of(document.sentence_span(number)), document.sentence_text(number));
                    }
                }
            }
        }
    }
}
