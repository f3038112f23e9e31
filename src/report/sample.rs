//! Packs and verdicts that tests of reports share, written by hand.

use super::{Format, Reporter, Tally, Terminal, View};
use crate::lint::Linted;
use crate::policy::Policy;
use crate::rule::{Fact, Pack, Packs, Rule};
use crate::source::{SourceFile, Span};
use crate::verdict::{
    Confidence, Evidence, Excuse, FactSource, FactValue, Judged, Judgement, Notice, Place, PlaceKind, Role, Severity, Verdict, Waiver,
    Written,
};
use proptest::prelude::*;

/// The text of the sample policy.
pub(crate) const TEXT: &str = "\
# Privacy at Wren & Larch

Where practical, we honour unsubscribe requests promptly.

Write to hello@wren-and-larch.example.
";

/// Two packs, three rules, one fact.
pub(crate) fn packs() -> Packs {
    let pack = |name: &str, rules| Pack { name: name.to_owned(), title: format!("The {name} pack"), authority: "A law".to_owned(), rules };
    Packs {
        packs: vec![pack("mail", 0..2), pack("notice", 2..3)],
        rules: vec![
            rule("mail/opt-out-deadline", 0, Severity::Warning),
            rule("mail/opt-out-way", 0, Severity::Error),
            rule("notice/contact", 1, Severity::Error),
        ],
        facts: vec![Fact {
            name: "sends-mail".to_owned(),
            asks: "Does the publisher send mail?".to_owned(),
            default: false,
            no: Vec::new(),
            yes: Vec::new(),
        }],
        ..Packs::default()
    }
}

fn rule(id: &str, pack: usize, severity: Severity) -> Rule {
    Rule {
        id: id.to_owned(),
        pack,
        title: format!("Title of {id}"),
        severity,
        cite: "16 CFR 1.1(a)".to_owned(),
        url: "https://law.example/1".to_owned(),
        why: "A reader must know.".to_owned(),
        applies: crate::rule::condition::Condition::default(),
        satisfied: Vec::new(),
        contradicted: Vec::new(),
        weak: Vec::new(),
        place: 0,
        missing: "Nothing is said.".to_owned(),
        help: "State a limit of 10 business days or less.".to_owned(),
        in_force: None,
        measured: None,
    }
}

/// The span of some words of a text.
pub(crate) fn span(text: &str, words: &str) -> Span {
    let start = text.find(words).expect("words of the text");
    Span::new(start, start + words.len())
}

/// A judgement without passages.
pub(crate) fn judgement(rule: usize, verdict: Verdict, message: &str) -> Judgement {
    Judgement {
        rule,
        verdict,
        severity: packs().rules[rule].severity.of(verdict),
        confidence: Confidence::High,
        doubts: Vec::new(),
        message: message.to_owned(),
        lacks: Vec::new(),
        because: None,
        evidence: Vec::new(),
        place: None,
        excuse: None,
        fingerprint: String::new(),
    }
}

/// A passage without hedges.
pub(crate) fn evidence(role: Role, span: Span) -> Evidence {
    Evidence { role, span, hedges: Vec::new() }
}

/// Judgements on a text of one's own.
pub(crate) fn linted_text(name: &str, text: &str, judgements: Vec<Judgement>) -> Linted {
    Linted {
        policy: Policy::of(SourceFile::decode(name, text.as_bytes().to_vec()).expect("a text")),
        judged: Judged { facts: Vec::new(), judgements },
        notices: Vec::new(),
    }
}

/// The sample policy: one weak, one missing, one satisfied.
pub(crate) fn linted() -> Linted {
    let weak = Judgement {
        evidence: vec![Evidence {
            role: Role::Weakens,
            span: span(TEXT, "Where practical, we honour unsubscribe requests promptly."),
            hedges: vec![span(TEXT, "Where practical")],
        }],
        lacks: vec!["a time limit".to_owned()],
        ..judgement(0, Verdict::Weak, "Says when opt-outs are honoured, but vaguely: no time limit is given.")
    };
    let contact = span(TEXT, "Write to hello@wren-and-larch.example.");
    let missing = Judgement {
        place: Some(Place { kind: PlaceKind::NearMiss, span: contact }),
        evidence: vec![evidence(Role::NearMiss, contact)],
        lacks: vec!["a way to opt out".to_owned()],
        ..judgement(1, Verdict::Missing, "Nothing says how to opt out.")
    };
    let satisfied =
        Judgement { evidence: vec![evidence(Role::Satisfies, contact)], ..judgement(2, Verdict::Satisfied, "Says how to write to us.") };
    let mut linted = linted_text("docs/privacy.md", TEXT, vec![weak, missing, satisfied]);
    linted.judged.facts = vec![FactValue {
        fact: 0,
        value: true,
        source: FactSource::Policy,
        evidence: vec![evidence(Role::Trigger, span(TEXT, "unsubscribe"))],
    }];
    linted
}

/// A reporter without colours, 80 columns wide.
pub(crate) fn reporter(packs: &Packs, format: Format, all: bool) -> Reporter<'_> {
    Reporter {
        format,
        packs,
        view: View { min_severity: Severity::Note, min_confidence: Confidence::Low, all, quiet: false, statistics: false },
        terminal: Terminal { width: 80, colour: false, unicode: true, hyperlinks: false },
    }
}

/// A report on one policy under the sample packs.
pub(crate) fn report(format: Format, linted: &Linted) -> String {
    report_under(&packs(), format, linted)
}

/// The same, under packs that are as hostile as the policy.
pub(crate) fn hostile_report(format: Format, linted: &Linted) -> String {
    let mut packs = packs();
    for (number, rule) in packs.rules.iter_mut().enumerate() {
        let nasty = PIECES.concat();
        rule.id = format!("mail/{number}{nasty}");
        rule.url = format!("https://law.example/{nasty}");
        for text in [&mut rule.title, &mut rule.cite, &mut rule.why, &mut rule.help] {
            text.clone_from(&nasty);
        }
    }
    report_under(&packs, format, linted)
}

fn report_under(packs: &Packs, format: Format, linted: &Linted) -> String {
    let reporter = reporter(packs, format, false);
    let mut tally = Tally::default();
    tally.add(&linted.judged);
    let part = reporter.policy(linted);
    reporter.begin() + &part.text + &reporter.end(&tally, &part.later.into_iter().collect())
}

/// Pieces that mean something in some format.
const PIECES: [&str; 44] = [
    "</script>",
    "<!--",
    "]]>",
    "--!>",
    "&amp;",
    "<br>",
    "</details>",
    "\"",
    "'",
    "`",
    "```",
    "|",
    "\\",
    "\\|",
    "*",
    "**",
    "_",
    "~~",
    "$",
    "$$",
    "[x](",
    "](http://evil.example)",
    "![x]",
    "https://evil.example",
    "@everyone",
    "#1",
    "::",
    "::error file=x::",
    "##[error]",
    "%0A",
    "%",
    ",line=9",
    "=",
    "\n",
    "\r\n",
    "\t",
    "\u{1b}[31m",
    "\u{0}",
    "\u{9b}2J",
    "\u{202e}",
    "\u{fffe}",
    "\u{2028}",
    "é日",
    " ",
];

/// A string of pieces, words and anything else.
fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![4 => prop::sample::select(&PIECES[..]).prop_map(str::to_owned), 2 => "[a-z]{1,6} ?", 1 => any::<String>()];
    prop::collection::vec(piece, 0..6).prop_map(|pieces| pieces.concat())
}

/// The sample policy, with a hostile name, text and words everywhere.
pub(crate) fn hostile() -> impl Strategy<Value = Linted> {
    let excuse = prop_oneof![
        Just(None),
        Just(Some(Excuse::Known)),
        text().prop_map(|day| Some(Excuse::Announced(day))),
        (text(), text()).prop_map(|(reason, day)| Some(Excuse::Waived(Waiver {
            reason,
            until: Some(day),
            written: Written::Configured("clauselint.yaml:3".to_owned())
        }))),
    ];
    let words = prop::collection::vec(text(), 8);
    (words, excuse, 0..3_usize).prop_map(|(words, excuse, notices)| {
        // A policy is never empty.
        let policy = format!("x{}", words[0].replace('\0', " "));
        let whole = Span::new(0, policy.len());
        let finding = |rule, verdict| Judgement {
            confidence: Confidence::Low,
            doubts: words[2..4].to_vec(),
            lacks: vec![words[4].clone()],
            evidence: vec![evidence(Role::NearMiss, whole)],
            place: Some(Place { kind: PlaceKind::NearMiss, span: whole }),
            fingerprint: "0123456789abcdef".to_owned(),
            ..judgement(rule, verdict, &words[1])
        };
        let judgements = vec![
            Judgement { excuse, ..finding(0, Verdict::Weak) },
            finding(1, Verdict::Missing),
            Judgement { because: Some(words[5].clone()), ..judgement(2, Verdict::NotApplicable, &words[1]) },
        ];
        let mut linted = linted_text(&words[6], &policy, judgements);
        linted.notices = vec![Notice { message: words[7].clone(), help: words[1].clone(), span: Some(whole) }; notices];
        linted
    })
}

/// Is there nothing in a report that could speak to a terminal?
pub(crate) fn harmless(report: &str) -> Result<(), TestCaseError> {
    let harmful = report.chars().find(|character| *character != '\n' && crate::visible::visible_char(*character) != Some(*character));
    prop_assert!(harmful.is_none(), "{:?} in {:?}", harmful, report);
    Ok(())
}
