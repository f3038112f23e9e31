//! What the rule language can say, one power at a time: a tiny rule beside the built-in vocabulary, and policies that it must judge.

#![allow(clippy::unwrap_used)] // a test that cannot go on fails

use clauselint::document::Document;
use clauselint::engine::{self, Reading};
use clauselint::packs;
use clauselint::rule::Packs;
use clauselint::rule::compile::compile;
use clauselint::rule::schema::PackFile;
use clauselint::source::SourceFile;
use clauselint::verdict::{Judgement, PlaceKind, Verdict};

/// The built-in vocabulary with one pack of one rule, whose cases are given.
fn rule(cases: &str) -> Packs {
    let mut files: Vec<PackFile> = packs::built_in_files().into_iter().filter(|file| file.path.starts_with("vocabulary/")).collect();
    let fixed = "id: own/rule\ntitle: Says it\nseverity: warning\ncite: none\nurl: https://example.invalid\napplies: always\nwhy: Because.\n\
                 place: [parting]\nmissing: Nothing says it.\nhelp: Say it.\nexamples: {satisfied: [x], missing: [y]}\n";
    files.push(PackFile { path: "own/pack.yaml".into(), text: "name: own\ntitle: Own\nauthority: ours\n".into() });
    files.push(PackFile { path: "own/rule.yaml".into(), text: format!("{fixed}{cases}") });
    compile(&files).unwrap_or_else(|problems| panic!("{problems:#?}"))
}

fn judge(packs: &Packs, policy: &str) -> Judgement {
    let source = SourceFile::decode("policy.md", policy.as_bytes().to_vec()).unwrap();
    let document = Document::parse(&source);
    let reading = Reading::new(packs, &document);
    engine::check(packs, &reading, &[]).judgements.remove(0)
}

/// Every policy gets its verdict.
fn judged(cases: &str, policies: &[(&str, Verdict)]) {
    let packs = rule(cases);
    for (policy, verdict) in policies {
        let got = judge(&packs, policy);
        assert_eq!(got.verdict, *verdict, "{policy}: {got:#?}");
    }
}

use Verdict::{Contradicted, Missing, Satisfied, Weak};

#[test]
fn words_match_in_their_inflections_and_spellings() {
    judged(
        "satisfied: [{say: [organization honor opt-out email]}]",
        &[
            ("Our organisations honoured the opt out e-mails.", Satisfied),
            ("Our organization honors any optout email.", Satisfied),
            ("The organ honors opt-out e-mail.", Missing),
        ],
    );
}

#[test]
fn a_part_that_may_be_absent_is_found_wherever_its_ways_stand() {
    // The ways of a term are found one after the other, not in the order of the text.
    judged(
        "terms: {way: [by post now, by, for long]}\nsatisfied: [{say: ['write ...12 ({way})? today']}]",
        &[("Write for long by hand by post now today.", Satisfied), ("Write today.", Satisfied), ("Write by post.", Missing)],
    );
}

#[test]
fn a_gap_does_not_reach_across_a_negation_or_a_semicolon() {
    judged(
        "satisfied: [{say: [we ... sell your data]}]",
        &[
            ("We gladly and often sell your data.", Satisfied),
            ("We do not sell your data.", Missing),
            ("We never rent or sell your data.", Missing),
            ("We rest; others sell your data.", Missing),
        ],
    );
}

#[test]
fn a_phrase_can_stand_at_the_end_of_its_sentence() {
    judged(
        "satisfied: [{say: [write to us at $]}]",
        &[
            ("You may write to us at any time.", Missing),
            ("Please write to us at.", Satisfied),
            ("Please write to us at: 1 Elm Street", Missing),
            ("- write to us at", Satisfied),
        ],
    );
    judged(
        "satisfied: [{say: [^ access $]}]",
        &[("## Rights\n\n- Access", Satisfied), ("- Access for all", Missing), ("No access.", Missing)],
    );
}

#[test]
fn a_phrase_can_lead_in_what_follows() {
    judged(
        "satisfied: [{say: ['we collect ...3 {colon}']}]",
        &[
            ("We collect the following data:\n\n- names", Satisfied),
            ("We collect data as follows:\n\n- names", Satisfied),
            ("We collect the following\n\n- names", Satisfied),
            ("We collect data.\n\n- names", Missing),
            ("We collect data: names and addresses", Missing),
            ("We collect what you write, draw or say to us here:\n\n- names", Missing),
        ],
    );
}

#[test]
fn what_a_negation_denies_is_not_said() {
    judged(
        "satisfied: [{say: [sell your data]}]",
        &[
            ("We sell your data.", Satisfied),
            ("We do not rent, trade or sell your data.", Missing),
            ("Under no circumstances will we sell your data.", Missing),
            ("We do not write letters, but we sell your data.", Satisfied),
            ("If you do not object, we sell your data.", Satisfied),
            ("We not only sell your data.", Satisfied),
            ("Without delay or regret, sell your data.", Satisfied),
            ("We do not, without your consent, sell your data.", Missing),
            ("If they object, Acme will sell your data.", Satisfied),
            ("If we do not hear from you, Acme will sell your data.", Satisfied),
            ("Never do we sell your data.", Missing),
            ("At no time will we sell your data.", Missing),
            ("Not once did we sell your data.", Missing),
            ("Nowhere on our site do we sell your data.", Missing),
        ],
    );
    // The subject behind the verb begins no clause, and is denied too.
    judged(
        "satisfied: [{say: [we sell your data]}]",
        &[("Never do we sell your data.", Missing), ("Nowhere do we sell your data.", Missing)],
    );
    judged("satisfied: [{say: [sell your data], even: negated}]", &[("We do not sell your data.", Satisfied)]);
}

#[test]
fn a_question_and_its_answer_are_one_statement() {
    judged(
        "satisfied: [{say: [we sell your data]}]\ncontradicted: [{say: ['we {do-not} sell your data'], but: it is denied}]",
        &[
            ("Do we sell your data? Yes.", Satisfied),
            ("Do you sell my data? No, never.", Contradicted),
            ("Do we sell your data?", Missing),
            ("## Do you sell my data?\n\nNo.", Contradicted),
        ],
    );
}

#[test]
fn an_item_is_read_with_its_lead_in() {
    judged(
        "satisfied: [{say: [we agree ... honor requests]}]",
        &[
            ("We agree to the following:\n\n- send little\n- honor requests", Satisfied),
            ("We agree to the following:\n\nHonor requests.", Missing),
            ("We do not agree to:\n\n- honor requests", Missing),
        ],
    );
}

#[test]
fn a_hedge_weakens_what_it_governs_only() {
    judged(
        "satisfied: [{say: [delete your data, unsubscribe]}]",
        &[
            ("We delete your data.", Satisfied),
            ("Where practical, we delete your data.", Weak),
            ("We try to delete your data.", Weak),
            ("You may unsubscribe.", Satisfied),
            ("We may write letters, but we delete your data.", Satisfied),
        ],
    );
    judged("satisfied: [{say: [delete your data], even: hedged}]", &[("We may delete your data.", Satisfied)]);
}

#[test]
fn a_law_that_is_named_as_the_reason_is_not_restated() {
    judged(
        "satisfied: [{say: [delete data]}]",
        &[
            ("As COPPA requires, we delete data.", Satisfied),
            ("Wherever a privacy law so demands, we delete data.", Satisfied),
            ("We delete data from children, as the law requires.", Satisfied),
            ("COPPA requires operators to delete data.", Missing),
            ("As COPPA requires consent, a privacy law requires operators to delete data.", Missing),
        ],
    );
}

#[test]
fn a_law_that_is_restated_a_question_and_a_heading_are_no_evidence() {
    judged(
        "satisfied: [{say: [delete data]}]",
        &[
            ("COPPA requires operators to delete data.", Missing),
            ("As COPPA asks, we delete data.", Satisfied),
            ("When do we delete data?", Missing),
            ("# We delete data", Missing),
        ],
    );
    judged("satisfied: [{say: [delete data], even: [law, question, heading]}]", &[("# We delete data", Satisfied)]);
}

#[test]
fn a_telephone_number_shows_by_its_groups_or_its_plus() {
    let packs = rule("satisfied: [{say: ['call {phone}']}]");
    for call in ["+441632960961", "01632 960961", "(212) 555-0123", "1-800-555-0199", "212.555.0123"] {
        assert_eq!(judge(&packs, &format!("Call {call}.")).verdict, Satisfied, "{call}");
    }
    for other in ["441632960961", "12345-6789", "2024-01-31", "12,000,000", "555"] {
        assert_eq!(judge(&packs, &format!("Call {other}.")).verdict, Missing, "{other}");
    }
}

#[test]
fn a_date_in_figures_has_a_month() {
    judged(
        "satisfied: [{say: ['on {date}']}]",
        &[
            ("We wrote this on 31.12.2024.", Satisfied),
            ("We wrote this on 12/31/24.", Satisfied),
            ("We wrote this on 12.45.2024.", Missing),
            ("We wrote this on 13.14.2024.", Missing),
            ("We wrote this on 2024-12.", Satisfied),
            ("We wrote this on 2024-13.", Missing),
            ("We wrote this on 12-2024.", Missing),
        ],
    );
}

#[test]
fn captures_are_compared_in_three_ways() {
    judged(
        "satisfied: [{say: ['remove you within {duration}'], where: duration <= 10 business days}]\n\
         contradicted: [{say: ['remove you within {duration}'], where: duration > 10 business days, but: it is longer}]\n\
         weak: [{say: ['remove you within {duration}'], where: duration maybe <= 10 business days, but: it may be longer}]",
        &[
            ("We remove you within ten (10) business days.", Satisfied),
            ("We remove you within 48 hours.", Satisfied),
            ("We remove you within 14 days.", Weak),
            ("We remove you within thirty days.", Contradicted),
            ("We remove you within a month.", Contradicted),
            ("We remove you within reason.", Missing),
        ],
    );
}

#[test]
fn elements_are_looked_for_in_their_scope_and_named_when_absent() {
    let cases = "elements: {the right: [you may leave], a way: [click the link]}\n\
                 satisfied: [{all: [the right, a way], within: paragraph}]";
    judged(
        cases,
        &[
            ("You may leave. Click the link.", Satisfied),
            ("You may leave:\n\n- click the link", Satisfied),
            ("You may leave.\n\nClick the link.", Missing),
        ],
    );
    let missing = judge(&rule(cases), "# Policy\n\nYou may leave.");
    assert_eq!(missing.lacks, ["a way"]);
    assert_eq!(missing.place.map(|place| place.kind), Some(PlaceKind::NearMiss));
    judged(
        &cases.replace("paragraph", "section"),
        &[
            ("# Policy\n\n## Leaving\n\nYou may leave.\n\nClick the link.", Satisfied),
            ("# Policy\n\n## Leaving\n\nYou may leave.\n\n## More\n\nClick the link.", Missing),
        ],
    );
}

#[test]
fn kinds_are_counted() {
    judged(
        "elements: {kinds: [name, address, birthday]}\nsatisfied: [{of: kinds, least: 2, within: document}]",
        &[("We ask for your name. We ask for your birthday.", Satisfied), ("Your name and your names.", Missing)],
    );
}

#[test]
fn headings_above_give_context() {
    judged(
        "satisfied: [{say: [delete it], under: [child]}]",
        &[("# Policy\n\n## Children\n\n### Discovery\n\nWe delete it.", Satisfied), ("# Policy\n\n## Cookies\n\nWe delete it.", Missing)],
    );
}

#[test]
fn unless_bars_a_case_in_four_scopes() {
    judged(
        "satisfied: [{say: [never share], unless: [partner]}]",
        &[("We never share, but with a partner.", Missing), ("We never share. A partner.", Satisfied)],
    );
    judged(
        "satisfied: [{say: [never share], unless-nearby: [partner]}]",
        &[("We never share. A partner.", Missing), ("We never share.\n\nA partner.", Satisfied)],
    );
    judged("satisfied: [{say: [never share], unless-anywhere: [partner]}]", &[("We never share.\n\nA partner.", Missing)]);
    judged(
        "satisfied: [{say: [never share], unless-under: [partner]}]",
        &[
            ("# Policy\n\n## Partners\n\n### Data\n\nWe never share.", Missing),
            ("# Policy\n\n## Partners\n\nA.\n\n## Data\n\nWe never share. A partner.", Satisfied),
        ],
    );
}

#[test]
fn verdicts_have_their_precedence() {
    let cases = "satisfied: [{say: [good]}]\ncontradicted: [{say: [bad], but: x}, {say: [awful], takes-back: true, but: y}]\nweak: [{say: [vague], but: z}]";
    judged(
        cases,
        &[
            ("Good. Bad. Vague.", Satisfied),
            ("Bad. Vague.", Contradicted),
            ("Vague.", Weak),
            ("Good. Awful.", Contradicted),
            ("Else.", Missing),
        ],
    );
}

#[test]
fn a_contradiction_across_passages_shows_both() {
    let packs = rule(
        "elements: {denial: ['we never share data'], affirmation: [we share data ...4 partner]}\nsatisfied: [{say: [fine]}]\n\
         contradicted: [{all: [denial, affirmation], within: document, but: both are said}]",
    );
    let judgement = judge(&packs, "We never share data.\n\nElsewhere, we share data with any partner.");
    assert_eq!(judgement.verdict, Contradicted);
    assert_eq!(judgement.evidence.len(), 2);
}

#[test]
fn a_missing_statement_is_placed_by_heading_then_topic_then_title() {
    let packs = rule("satisfied: [{say: [never there]}]");
    let kind = |policy: &str| judge(&packs, policy).place.map(|place| place.kind);
    assert_eq!(kind("# Policy\n\nText.\n\n## Parting\n\nText."), Some(PlaceKind::Heading));
    assert_eq!(kind("# Policy\n\nText on parting."), Some(PlaceKind::Trigger));
    assert_eq!(kind("# Policy\n\nText."), Some(PlaceKind::Title));
    assert_eq!(kind("Text."), None);
}

/// The verdict and the passages that are shown for it.
fn shown(cases: &str, policy: &str) -> (Verdict, Vec<String>) {
    let judgement = judge(&rule(cases), policy);
    (judgement.verdict, judgement.evidence.iter().map(|evidence| policy[evidence.span.range()].to_owned()).collect())
}

#[test]
fn what_satisfies_is_shown_with_its_list() {
    let list = "We collect:\n\n- names\n- ages\n- sizes\n\nWe sing. We dance.";
    let passages = |say: &str| shown(&format!("satisfied: [{{say: ['{say}']}}]"), list).1;
    assert_eq!(passages("we collect"), ["We collect:\n\n- names\n- ages\n- sizes"]);
    assert_eq!(passages("we collect ... ages"), ["We collect:\n\n- names\n- ages\n- sizes"], "an item is nothing without its lead-in");
    assert_eq!(passages("we sing"), ["We sing."]);
    let (verdict, passages) = shown("satisfied: [{say: [fine]}]\nweak: [{say: [we collect], but: x}]", list);
    assert_eq!((verdict, passages), (Weak, vec!["We collect:".to_owned()]), "a finding points at its words");
    let item = "names ".repeat(70);
    let long = format!("We collect:\n\n- {item}\n- {item}\n- {item}\n");
    let (_, passages) = shown("satisfied: [{say: [we collect]}]", &long);
    assert_eq!(passages, [format!("We collect:\n\n- {item}\n- {}", item.trim_end())], "no further than a passage reaches");
}

#[test]
fn a_passage_that_holds_another_takes_its_place() {
    let policy = "We sell:\n\n- plates:\n  - blue plates\n- cups\n\nAnd tea.";
    assert_eq!(shown("satisfied: [{say: [blue plate]}]", policy).1, ["plates:\n  - blue plates"]);
    assert_eq!(
        shown("satisfied: [{say: [blue plate]}, {say: [tea]}, {say: [we sell]}]", policy).1,
        ["We sell:\n\n- plates:\n  - blue plates\n- cups", "And tea."]
    );
}

#[test]
fn a_long_sentence_is_shown_around_its_words() {
    let words: Vec<String> = (100..300).map(|number| format!("word{number}")).collect();
    let sentence = |say: &str| format!("Here {} {say} {}.", words[..100].join(" "), words[100..].join(" "));
    let (_, passages) = shown("satisfied: [{say: [sell cups]}]", &sentence("sell cups"));
    let [passage] = passages.as_slice() else { panic!("one passage: {passages:?}") };
    // Room for 600 bytes, and no word is cut.
    assert!((600..620).contains(&passage.len()) && passage.contains("word199 sell cups word200"), "{}: {passage}", passage.len());
    assert!(passage.split(' ').all(|word| word.len() == 7 || ["sell", "cups"].contains(&word)), "{passage}");
    let early = shown("satisfied: [{say: [here word100]}]", &sentence("sell cups")).1.remove(0);
    assert!(early.starts_with("Here word100 ") && (300..330).contains(&early.len()), "{}: {early}", early.len());
    let late = shown("satisfied: [{say: [word299]}]", &sentence("sell cups")).1.remove(0);
    assert!(late.ends_with(" word299.") && (300..330).contains(&late.len()), "{}: {late}", late.len());
    let gaps = format!("We {} sell.", vec!["a".repeat(45); 39].join(" "));
    let wide = shown("satisfied: [{say: ['we ...40 sell']}]", &gaps).1.remove(0);
    assert!(wide.starts_with("We ") && (1200..1250).contains(&wide.len()) && wide.ends_with('a'), "{}: {wide}", wide.len());
    let short = shown("satisfied: [{say: [sell cups]}]", "We sell cups, and we say so.").1;
    assert_eq!(short, ["We sell cups, and we say so."]);
}

#[test]
fn the_most_telling_passage_comes_first() {
    let cases = "satisfied: [{say: [sell cups, blue cups]}, {say: [sell tea]}]";
    let policy = "We sell tea.\n\nWe sell cups.\n\nWe sell blue cups and sell cups.\n\nWe sell cups too.";
    assert_eq!(shown(cases, policy).1, ["We sell blue cups and sell cups.", "We sell cups.", "We sell cups too.", "We sell tea."]);
    let many = "We sell cups.\n\n".repeat(7);
    assert_eq!(shown(cases, &many).1.len(), 5, "no more than five are shown");
}

#[test]
fn the_nearest_of_several_passages_is_shown_with_what_it_completes() {
    let cases = "elements: {the right: [you may leave], a way: [click the link]}\n\
                 satisfied: [{all: [the right, a way], within: section}]";
    let policy = "Click the link, first.\n\nSome words.\n\nYou may leave.\n\nClick the link, second.\n\nMore.\n\nClick the link, third.";
    assert_eq!(shown(cases, policy).1, ["You may leave.", "Click the link, second."]);
    let contradicted = "elements: {one: [we share], two: [with partners]}\nsatisfied: [{say: [fine]}]\n\
                        contradicted: [{all: [one, two], within: section, but: x}]";
    let judgement = judge(&rule(contradicted), "We share. And so, with partners.");
    let roles: Vec<&str> = judgement.evidence.iter().map(|evidence| evidence.role.as_str()).collect();
    assert_eq!(
        (judgement.verdict, roles),
        (Contradicted, vec!["contradicts", "trigger"]),
        "what stands nearby only tells what is spoken of"
    );
}

#[test]
fn several_kinds_of_elements_are_counted() {
    judged(
        "elements: {name: [your name], birthday: [your birthday], address: [your address]}\n\
         satisfied: [{of: [name, birthday, address], least: 2, within: document}]",
        &[("We ask for your name. We ask for your birthday.", Satisfied), ("Your name, your names, your name.", Missing)],
    );
    let missing = judge(
        &rule("elements: {name: [your name], birthday: [your birthday]}\nsatisfied: [{say: [we ask], of: [name, birthday], least: 1}]"),
        "We ask.",
    );
    assert_eq!(missing.lacks, ["name", "birthday"]);
}

#[test]
fn other_speech_counts_where_case_or_element_takes_it() {
    let cases =
        |case: &str, element: &str| format!("elements: {{what: {{say: [sell cups]{element}}}}}\nsatisfied: [{{all: [what]{case}}}]");
    let denied = "We do not sell cups.";
    judged(&cases("", ""), &[(denied, Missing)]);
    judged(&cases(", even: negated", ""), &[(denied, Satisfied)]);
    judged(&cases("", ", even: negated"), &[(denied, Satisfied)]);
    judged(&cases(", even: negated", ", even: negated"), &[(denied, Satisfied)]);
    let hedged = "We may sell cups.";
    judged(&cases("", ""), &[(hedged, Weak)]);
    judged(&cases(", even: hedged", ", even: hedged"), &[(hedged, Satisfied)]);
}

#[test]
fn a_weak_statement_says_what_is_wrong_with_it() {
    let cases = "elements: {a date: ['by {date}'], a price: ['for {money}']}\nsatisfied: [{say: [sell cups], all: [a date, a price]}, {say: [rent cups]}]\n\
                 weak: [{say: [sell cups], lacks: [a date, a price]}, {say: [lend cups], but: it is lent}]";
    let packs = rule(cases);
    let weak = |policy: &str| {
        let judgement = judge(&packs, policy);
        (judgement.verdict, judgement.message, judgement.lacks)
    };
    assert_eq!(
        weak("We sell cups."),
        (Weak, "Stated weakly: lacks a date and a price".to_owned(), vec!["a date".to_owned(), "a price".to_owned()])
    );
    assert_eq!(
        weak("We lend cups. We may rent cups."),
        (Weak, "Stated weakly: hedged by \"We may\"".to_owned(), Vec::new()),
        "what is hedged first"
    );
    assert_eq!(weak("We lend cups.").1, "Stated weakly: it is lent");
}

#[test]
fn the_place_of_a_missing_statement_is_the_weightiest() {
    let place = |policy: &str| {
        let judgement = judge(&rule("satisfied: [{say: [never there]}]"), policy);
        judgement.place.map(|place| policy[place.span.range()].to_owned())
    };
    assert_eq!(place("# Parting policy\n\nText on parting, and more.\n\nParting."), Some("Text on parting, and more.".to_owned()));
    assert_eq!(place("# Parting policy\n\nText."), Some("Parting policy".to_owned()));
}
