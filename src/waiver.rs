//! Waivers: findings that a project has accepted, each with a reason, written in a comment of the policy or in the configuration.
//!
//! A waiver waives what it clearly says and nothing else: one without a reason, with a rule that no pack knows, or with a date that is
//! past or no date waives nothing and is reported, and so is one that no finding needs any more. The library has no clock: the caller
//! says what day it is.

use crate::document::{BlockKind, Comment, Document};
use crate::policy::Policy;
use crate::rule::Packs;
use crate::selection::{Unknown, select};
use crate::source::Span;
use crate::verdict::{Excuse, Judged, Judgement, Notice, Waiver, Written};
use jiff::civil::Date;
use rustc_hash::FxHashSet;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// The word that makes a comment a waiver.
const WORD: &str = "clauselint-ignore";

/// A waiver of the configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Configured {
    /// Selectors of rules, as [`select`] takes them.
    pub rules: Vec<String>,
    /// Why the findings are accepted.
    pub reason: String,
    /// The last day on which it holds.
    pub until: Option<Date>,
    /// Where it is written: `clauselint.yaml:12`.
    pub origin: String,
}

/// The waivers that hold for policies, apart from those in their comments.
#[derive(Clone, Copy, Debug)]
pub struct Waivers<'a> {
    /// Those of the configuration.
    pub configured: &'a [Configured],
    /// The day on which the policies are judged.
    pub today: Date,
}

impl Waivers<'_> {
    /// Excuses the findings on a policy that are waived, and tells which of its comments waive nothing. `selected` says for each rule
    /// of the packs whether it was asked for; of a rule that was not, no finding is expected.
    pub fn apply(&self, packs: &Packs, selected: &[bool], policy: &Policy, judged: &mut Judged) -> Vec<Notice> {
        let comments = policy.document().comments.iter();
        let mut waivers: Vec<_> = comments.filter_map(|comment| Inline::read(comment, policy, packs, self.today)).collect();
        if waivers.is_empty() && self.configured.is_empty() {
            return Vec::new();
        }
        let passages = passages(policy.document());
        for inline in &mut waivers {
            if let Ok(ready) = &mut inline.waiver {
                let reach = Reach::of(inline.comment, policy, &passages);
                ready.waive(judged, &Written::Inline(inline.span), |judgement| reach.holds(judgement));
            }
        }
        for configured in self.configured {
            if let Ok(mut ready) = configured.ready(packs, self.today) {
                ready.waive(judged, &Written::Configured(configured.origin.clone()), |_| true);
            }
        }
        waivers.iter().flat_map(|inline| inline.notices(selected, policy, judged)).collect()
    }

    /// What there is to say of the waivers of the configuration at the end of a run. `met` tells which findings they met, where the run
    /// saw all files that they may be for; else nothing is said of those that met none.
    pub fn review(&self, packs: &Packs, selected: &[bool], met: Option<&Met>) -> Vec<Notice> {
        let mut notices = Vec::new();
        for configured in self.configured {
            let before = format!("{}: ", configured.origin);
            match configured.ready(packs, self.today) {
                Err(mistake) => notices.push(mistake.notice(None, &before)),
                Ok(mut ready) => {
                    let Some(met) = met else { continue };
                    for rule in met.0.get(&configured.origin).into_iter().flatten() {
                        ready.met[*rule] = true;
                    }
                    notices.extend(ready.unmet(selected).map(|selector| idle(selector, None, &before)));
                }
            }
        }
        notices
    }
}

/// Which rules the waivers of the configuration have waived findings of, in the policies of a run so far.
#[derive(Clone, Debug, Default)]
pub struct Met(BTreeMap<String, BTreeSet<usize>>);

impl Met {
    /// Takes note of a policy.
    pub fn add(&mut self, judged: &Judged) {
        for judgement in &judged.judgements {
            if let Some(Excuse::Waived(Waiver { written: Written::Configured(origin), .. })) = &judgement.excuse {
                self.0.entry(origin.clone()).or_default().insert(judgement.rule);
            }
        }
    }
}

impl Configured {
    fn ready(&self, packs: &Packs, today: Date) -> Result<Ready, Mistake> {
        let rules: Vec<&str> = self.rules.iter().map(String::as_str).collect();
        Ready::new(packs, &rules, &self.reason, self.until, today)
    }
}

/// A date as waivers and the command line write it: `2027-01-31`.
///
/// # Errors
/// What is wrong with it, to follow its text: "is no date", "is a day that does not exist".
pub fn date(text: &str) -> Result<Date, &'static str> {
    let shape = |(at, byte): (usize, u8)| if at == 4 || at == 7 { byte == b'-' } else { byte.is_ascii_digit() };
    if text.len() != 10 || !text.bytes().enumerate().all(shape) {
        return Err("is no date");
    }
    text.parse().map_err(|_| "is a day that does not exist")
}

/// Why a waiver waives nothing.
#[derive(Debug)]
enum Mistake {
    Instruction(String),
    NoRule,
    NoReason(String),
    Unknown(Unknown),
    NoDate { rules: String, date: String, why: &'static str },
    Past { rules: String, until: Date },
}

impl Mistake {
    fn notice(&self, span: Option<Span>, before: &str) -> Notice {
        let (message, help) = match self {
            Self::Instruction(word) => (format!("\"{word}\" is no instruction"), format!("a waiver is written {WORD} RULE: REASON")),
            Self::NoRule => {
                ("the waiver names no rule, so it waives nothing".to_owned(), format!("a waiver is written {WORD} RULE: REASON"))
            }
            Self::NoReason(rules) => (
                format!("the waiver of {rules} gives no reason, so it waives nothing"),
                "say behind a colon why the finding is accepted".to_owned(),
            ),
            Self::Unknown(unknown) => (
                format!("no {} is called \"{}\", so the waiver waives nothing", unknown.kind, shortened(&unknown.name)),
                match &unknown.nearest {
                    Some(nearest) => format!("did you mean \"{nearest}\"?"),
                    None => "several rules are separated by commas; clauselint rule --all shows them".to_owned(),
                },
            ),
            Self::NoDate { rules, date, why } => (
                format!("the waiver of {rules} waives nothing, since \"{date}\" {why}"),
                "write the last day on which it holds as in: until 2027-01-31".to_owned(),
            ),
            Self::Past { rules, until } => (
                format!("the waiver of {rules} held until {until} and waives nothing any more"),
                "state what the requirement asks for, or give the waiver a later date".to_owned(),
            ),
        };
        Notice { message: format!("{before}{message}"), help, span }
    }
}

/// A waiver that stands in a comment.
struct Inline<'d> {
    comment: &'d Comment,
    /// What the comment says, without the white space around it.
    span: Span,
    waiver: Result<Ready, Mistake>,
}

impl<'d> Inline<'d> {
    /// Reads a comment; most say nothing to us.
    fn read(comment: &'d Comment, policy: &Policy, packs: &Packs, today: Date) -> Option<Self> {
        let inside = policy.at(comment.span).text();
        let start = comment.span.start as usize + (inside.len() - inside.trim_start().len());
        let text = inside.trim();
        let waiver = parse(text)?.and_then(|Words { rules, reason, until }| {
            let read = |until| date(until).map_err(|why| Mistake::NoDate { rules: all(&rules), date: shortened(until), why });
            let until = until.map(read).transpose()?;
            Ready::new(packs, &rules, reason, until, today)
        });
        Some(Self { comment, span: Span::new(start, start + text.len()), waiver })
    }

    fn notices(&self, selected: &[bool], policy: &Policy, judged: &Judged) -> Vec<Notice> {
        let ready = match &self.waiver {
            Ok(ready) => ready,
            Err(mistake) => return vec![mistake.notice(Some(self.span), "")],
        };
        let here = policy.at(self.span).name();
        let unmet = ready.unmet(selected).map(|selector| {
            let mut notice = idle(selector, Some(self.span), "");
            // What stands elsewhere may well be what was meant.
            let meant = |one: &&Judgement| one.counting().is_some() && selector.rules[one.rule];
            if let Some(span) = judged.judgements.iter().find(meant).and_then(Judgement::pointed) {
                let site = policy.at(span);
                let file = if site.name() == here { String::new() } else { format!(" of {}", site.name()) };
                notice.help = format!("the finding is at line {}{file}; place the waiver right before that passage", site.start().0);
            }
            notice
        });
        unmet.collect()
    }
}

/// A waiver as written.
struct Words<'t> {
    rules: Vec<&'t str>,
    reason: &'t str,
    until: Option<&'t str>,
}

/// Reads the text of a comment: `clauselint-ignore RULE, RULE until DATE: REASON`. None where it is no waiver at all.
fn parse(text: &str) -> Option<Result<Words<'_>, Mistake>> {
    let Some(rest) =
        text.strip_prefix(WORD).filter(|rest| rest.is_empty() || rest.starts_with(|next: char| next == ':' || next.is_whitespace()))
    else {
        let word = text.split_whitespace().next()?;
        let start = word.get(.."clauselint-".len())?.to_ascii_lowercase();
        return matches!(start.as_str(), "clauselint-" | "clauselint:").then(|| Err(Mistake::Instruction(shortened(word))));
    };
    let (head, reason) = rest.split_once(':').unwrap_or((rest, ""));
    let apart = |next: Option<char>| next.is_none_or(char::is_whitespace);
    let until = head.match_indices("until").find(|(at, word)| {
        let (before, behind) = (&head[..*at], &head[at + word.len()..]);
        apart(before.chars().next_back()) && apart(behind.chars().next())
    });
    let (rules, until) = match until {
        Some((at, word)) => (&head[..at], Some(head[at + word.len()..].trim())),
        None => (head, None),
    };
    Some(Ok(Words { rules: rules.split(',').map(str::trim).filter(|rule| !rule.is_empty()).collect(), reason, until }))
}

/// A waiver that can waive.
struct Ready {
    selectors: Vec<Selector>,
    reason: String,
    until: Option<Date>,
    /// For each rule of the packs: has it waived a finding of it?
    met: Vec<bool>,
}

/// A name in a waiver and the rules that it selects.
struct Selector {
    name: String,
    /// For each rule of the packs: is it meant?
    rules: Vec<bool>,
}

impl Ready {
    fn new(packs: &Packs, rules: &[&str], reason: &str, until: Option<Date>, today: Date) -> Result<Self, Mistake> {
        if rules.is_empty() {
            return Err(Mistake::NoRule);
        }
        if !reason.contains(char::is_alphanumeric) {
            return Err(Mistake::NoReason(all(rules)));
        }
        let mut seen = FxHashSet::default();
        let named = rules.iter().filter(|name| seen.insert(**name)).map(|name| {
            let rules = select(packs, &[(*name).to_owned()], &[])?;
            Ok(Selector { name: (*name).to_owned(), rules })
        });
        let selectors = named.collect::<Result<_, _>>().map_err(Mistake::Unknown)?;
        if let Some(until) = until.filter(|until| today > *until) {
            return Err(Mistake::Past { rules: all(rules), until });
        }
        let reason = reason.split_whitespace().collect::<Vec<_>>().join(" ");
        Ok(Self { selectors, reason, until, met: vec![false; packs.rules.len()] })
    }

    /// Excuses the findings that it is for and that lie in its reach; one that another waiver has excused stays as it is.
    fn waive(&mut self, judged: &mut Judged, written: &Written, in_reach: impl Fn(&Judgement) -> bool) {
        for judgement in &mut judged.judgements {
            let meant = self.selectors.iter().any(|selector| selector.rules[judgement.rule]);
            if !meant || !judgement.verdict.is_finding() || !in_reach(judgement) {
                continue;
            }
            self.met[judgement.rule] = true;
            if !matches!(judgement.excuse, Some(Excuse::Waived(_))) {
                let until = self.until.map(|until| until.to_string());
                judgement.excuse = Some(Excuse::Waived(Waiver { reason: self.reason.clone(), until, written: written.clone() }));
            }
        }
    }

    /// The names that met no finding though all of their rules were asked for.
    fn unmet(&self, selected: &[bool]) -> impl Iterator<Item = &Selector> {
        let asked = |rule: usize| selected.get(rule).is_none_or(|selected| *selected);
        self.selectors.iter().filter(move |selector| {
            let mut rules = selector.rules.iter().enumerate().filter(|(_, meant)| **meant).map(|(rule, _)| rule);
            rules.all(|rule| asked(rule) && !self.met[rule])
        })
    }
}

/// The notice of a name that met no finding.
fn idle(selector: &Selector, span: Option<Span>, before: &str) -> Notice {
    Notice {
        message: format!("{before}the waiver of {} matches no finding", shortened(&selector.name)),
        help: "remove it".to_owned(),
        span,
    }
}

/// The names of a waiver, for a message.
fn all(rules: &[&str]) -> String {
    shortened(&rules.join(", "))
}

/// Text of a file, short enough for a message.
fn shortened(text: &str) -> String {
    const MOST: usize = 80;
    if text.len() <= MOST { text.to_owned() } else { format!("{}...", &text[..text.floor_char_boundary(MOST)]) }
}

/// Where the findings lie that a comment waives.
struct Reach {
    span: Span,
    /// Has it also those that lie nowhere?
    nowhere: bool,
}

impl Reach {
    /// Of a comment at the top of a file the whole file, of any other the passage that it stands in or before.
    fn of(comment: &Comment, policy: &Policy, passages: &[Range<usize>]) -> Self {
        let document = policy.document();
        if comment.top {
            return Self { span: policy.file_of(comment.span), nowhere: policy.at(comment.span).name() == policy.name() };
        }
        let passage = comment.block.and_then(|block| {
            let blocks = passages.get(passages.partition_point(|passage| passage.end <= block))?;
            let first = document.blocks[blocks.clone()].first()?.sentences().start;
            let last = document.blocks[blocks.clone()].last()?.sentences().end.checked_sub(1)?;
            Some(Span { start: document.sentence_span(first).start, end: document.sentence_span(last).end })
        });
        // Behind the last block it reaches nothing.
        Self { span: passage.unwrap_or(Span { start: u32::MAX, end: u32::MAX }), nowhere: false }
    }

    fn holds(&self, judgement: &Judgement) -> bool {
        match judgement.pointed() {
            Some(at) => at.start < self.span.end && at.end > self.span.start,
            None => self.nowhere,
        }
    }
}

/// The blocks of a document by passage: a list with its lead-in is one, a table is one, any other block is one of its own.
fn passages(document: &Document) -> Vec<Range<usize>> {
    let mut passages: Vec<Range<usize>> = Vec::new();
    for (number, block) in document.blocks.iter().enumerate() {
        let before = number.checked_sub(1).map(|before| &document.blocks[before]);
        // The cells of a header row are passages of their own to a rule, but not to whoever writes a table.
        let cells = |before: BlockKind| before == BlockKind::Cell && block.kind == BlockKind::Cell;
        match passages.last_mut() {
            Some(last) if before.is_some_and(|before| before.group() == block.group() || cells(before.kind)) => last.end = number + 1,
            _ => passages.push(number..number + 1),
        }
    }
    passages
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;
    use crate::source::SourceFile;
    use crate::verdict::{Place, PlaceKind, Verdict};
    use proptest::prelude::*;

    const TODAY: Date = Date::constant(2026, 11, 22);

    fn source(name: &str, text: &str) -> SourceFile {
        SourceFile::decode(name, text.as_bytes().to_vec()).unwrap()
    }

    /// Lints with one finding, of `mail/opt-out-way`, at the word "here" of the first file that has it.
    fn applied(policy: &Policy, configured: &[Configured]) -> (Judged, Vec<Notice>) {
        let prose = &policy.document().prose;
        let place = prose.find("here").map(|at| Place { kind: PlaceKind::NearMiss, span: policy.document().span(at..at + 4) });
        let judgements = vec![
            sample::judgement(0, Verdict::Satisfied, "It is stated."),
            Judgement { place, ..sample::judgement(1, Verdict::Missing, "Nothing is said.") },
        ];
        let mut judged = Judged { facts: Vec::new(), judgements };
        let waivers = Waivers { configured, today: TODAY };
        let notices = waivers.apply(&sample::packs(), &[true; 3], policy, &mut judged);
        (judged, notices)
    }

    fn is_waived(judged: &Judged) -> bool {
        matches!(judged.judgements[1].excuse, Some(Excuse::Waived(_)))
    }

    #[track_caller]
    fn assert_waived(name: &str, text: &str, expected: bool) {
        let (judged, notices) = applied(&Policy::of(source(name, text)), &[]);
        assert_eq!((is_waived(&judged), notices.is_empty()), (expected, expected), "{text}\n{notices:?}");
    }

    /// The message and the help for the only notice of a comment, and the text that it stands at.
    fn notice(comment: &str) -> (String, String, String) {
        let policy = Policy::of(source("p.md", &format!("Elsewhere.\n\n<!--\n {comment} -->\n\nWe say so here.\n")));
        let (judged, mut notices) = applied(&policy, &[]);
        assert!(!is_waived(&judged) && notices.len() == 1, "{comment} {notices:?}");
        let notice = notices.remove(0);
        (notice.message, notice.help, policy.at(notice.span.unwrap()).text().to_owned())
    }

    #[test]
    fn a_comment_waives_in_the_next_block() {
        let waiver = "<!-- clauselint-ignore mail/opt-out-way: we do not mail -->";
        for (text, expected) in [
            (format!("One.\n\n{waiver}\n\nIt is here.\n"), true),
            (format!("One.\n\n{waiver}\nIt is here.\n"), true),
            (format!("One.\n{waiver}\nIt is here.\n"), true),
            (format!("One.\n\nIt is {waiver} here.\n"), true),
            (format!("One.\n\nIt is here {waiver}\n"), false),
            (format!("One.\n\n{waiver}\n\nTwo.\n\nIt is here.\n"), false),
            (format!("One.\n\nIt is here.\n\n{waiver}\n"), false),
            (format!("One.\n\n{waiver}\n\n- two\n- three\n\n  - here\n\nFour.\n"), true),
            (format!("One.\n\n{waiver}\n\nTwo:\n\n- three\n- here\n"), true),
            (format!("One:\n\n- two\n- three\n  {waiver}\n- here\n"), true),
            (format!("One.\n\n{waiver}\n\n| a | b |\n|---|---|\n| c | d |\n| e | here |\n"), true),
            (format!("One.\n\n{waiver}\n\n## It is here\n\nTwo.\n"), true),
            (format!("One.\n\n> {waiver}\n>\n> It is here.\n"), true),
        ] {
            assert_waived("p.md", &text, expected);
        }
    }

    #[test]
    fn at_the_top_of_a_file_it_waives_in_all_of_it() {
        let waiver = "<!-- clauselint-ignore mail/opt-out-way: we do not mail -->";
        for text in [
            format!("{waiver}\n\n# One\n\nTwo.\n\nIt is here.\n"),
            format!("---\ntitle: One\ndate: 2026-01-01\n---\n{waiver}\n\nTwo.\n\nIt is here.\n"),
            format!("<!-- Ours -->\n{waiver}\nTwo.\n\nNothing of the kind."),
        ] {
            assert_waived("p.md", &text, true);
        }
        for text in [
            format!("{waiver}<!DOCTYPE html><title>One</title><p>Two.<p>It is here."),
            format!("<html><head>{waiver}<title>One</title></head><body><p>Two.<p>It is here."),
            format!("<title>One</title><body>\n{waiver}\n<p>Two.<p>It is here."),
        ] {
            assert_waived("p.html", &text, true);
        }
        assert_waived("p.html", &format!("<p>One.{waiver}<p>Two.<p>It is here."), false);
    }

    #[test]
    fn mdx_has_comments_of_its_own() {
        let waiver = "{/* clauselint-ignore mail/opt-out-way: we do not mail */}";
        assert_waived("p.mdx", &format!("import A from 'a'\n\n{waiver}\n\n# One\n\nIt is here.\n"), true);
        assert_waived("p.mdx", "One.\n\n<Card>\n{ /* clauselint-ignore mail: no\n * mail */ }\nIt is here.\n</Card>\n", true);
        assert_waived("p.mdx", "One.\n\n<!-- clauselint-ignore mail: no mail -->\nIt is here.\n", true);
        assert_waived("p.mdx", &format!("One.\n\n{waiver}\n\nTwo.\n\nIt is here.\n"), false);
    }

    #[test]
    fn what_stands_in_code_is_no_waiver() {
        let waiver = "<!-- clauselint-ignore mail/opt-out-way: we do not mail -->";
        for text in [
            format!("One.\n\n```html\n{waiver}\n```\n\nIt is here.\n"),
            format!("One.\n\nWrite `{waiver}`.\n\nIt is here.\n"),
            format!("One.\n\n    {waiver}\n\nIt is here.\n"),
            format!("One.\n\n    We collect your name when you write to us.\n    {waiver}\n    It is here.\n"),
            format!("One.\n\n\\{waiver}\n\nIt is here.\n"),
        ] {
            let (judged, notices) = applied(&Policy::of(source("p.md", &text)), &[]);
            assert!(!is_waived(&judged) && notices.is_empty(), "{text} {notices:?}");
        }
        let text =
            "One.\n\n````md\n```\n{/* clauselint-ignore mail: no */}\n```\n{/* clauselint-ignore mail: no */}\n````\n\nIt is here.\n";
        let (judged, notices) = applied(&Policy::of(source("p.mdx", text)), &[]);
        assert!(!is_waived(&judged) && notices.is_empty(), "{notices:?}");
        let text = "One.\n\n.. clauselint-ignore mail: no\n\n<!-- clauselint-ignore mail: no -->\n\nIt is here.\n";
        assert!(!is_waived(&applied(&Policy::of(source("p.rst", text)), &[]).0));
    }

    #[test]
    fn each_file_of_a_policy_has_its_own_waivers() {
        let waiver = "<!-- clauselint-ignore mail/opt-out-way: we do not mail -->\n\n";
        let of = |first: &str, second: &str| {
            let mut policy = Policy::of(source("one.md", first));
            policy.add(source("two.md", second)).unwrap();
            is_waived(&applied(&policy, &[]).0)
        };
        assert!(of("# One\n\nTwo.", &format!("{waiver}# Three\n\nIt is here.")));
        assert!(!of(&format!("{waiver}# One\n\nTwo."), "# Three\n\nIt is here."));
        assert!(of("# One\n\nTwo.", &format!("# Three\n\n{waiver}It is here.")));
        assert!(!of(&format!("# One\n\n{waiver}"), "It is here."));
        // A finding without a place belongs to the policy, which is called by its first file.
        assert!(of(&format!("{waiver}# One"), "# Two"));
        assert!(!of("# One", &format!("{waiver}# Two")));
    }

    #[test]
    fn reason_and_date_are_kept() {
        let text = "<!-- clauselint-ignore mail/opt-out-deadline,\n  mail/opt-out-way until 2026-11-22:\n  kept in: the\tparents' notice -->\nhere";
        let policy = Policy::of(source("p.md", text));
        let (judged, notices) = applied(&policy, &[]);
        let Some(Excuse::Waived(waiver)) = &judged.judgements[1].excuse else { panic!("it is waived") };
        assert_eq!((waiver.reason.as_str(), waiver.until.as_deref()), ("kept in: the parents' notice", Some("2026-11-22")));
        let Written::Inline(span) = waiver.written else { panic!("it is a comment") };
        assert_eq!(policy.at(span).text(), text["<!--".len()..text.len() - "-->\nhere".len()].trim());
        let messages: Vec<_> = notices.iter().map(|notice| notice.message.as_str()).collect();
        assert_eq!(messages, ["the waiver of mail/opt-out-deadline matches no finding"]);
    }

    #[test]
    fn what_waives_nothing_is_reported() {
        let form = "a waiver is written clauselint-ignore RULE: REASON";
        let reason = "say behind a colon why the finding is accepted";
        let date = "write the last day on which it holds as in: until 2027-01-31";
        for (comment, message, help) in [
            ("clauselint-ignore", "the waiver names no rule, so it waives nothing", form),
            ("clauselint-ignore: we do not mail", "the waiver names no rule, so it waives nothing", form),
            ("clauselint-ignore until 2027-01-31: no mail", "the waiver names no rule, so it waives nothing", form),
            ("clauselint-disable mail: no mail", "\"clauselint-disable\" is no instruction", form),
            ("Clauselint-Ignore mail: no mail", "\"Clauselint-Ignore\" is no instruction", form),
            ("clauselint-ignore mail/opt-out-way", "the waiver of mail/opt-out-way gives no reason, so it waives nothing", reason),
            ("clauselint-ignore mail/opt-out-way: --", "the waiver of mail/opt-out-way gives no reason, so it waives nothing", reason),
            (
                "clauselint-ignore mail/opt-out-wey: no mail",
                "no pack or rule is called \"mail/opt-out-wey\", so the waiver waives nothing",
                "did you mean \"mail/opt-out-way\"?",
            ),
            (
                "clauselint-ignore mail/opt-out-way, quite-something-else: no mail",
                "no pack or rule is called \"quite-something-else\", so the waiver waives nothing",
                "several rules are separated by commas; clauselint rule --all shows them",
            ),
            (
                "clauselint-ignore mail/opt-out-way until soon: no mail",
                "the waiver of mail/opt-out-way waives nothing, since \"soon\" is no date",
                date,
            ),
            ("clauselint-ignore mail until: no mail", "the waiver of mail waives nothing, since \"\" is no date", date),
            (
                "clauselint-ignore mail until 2027-02-29: no mail",
                "the waiver of mail waives nothing, since \"2027-02-29\" is a day that does not exist",
                date,
            ),
            (
                "clauselint-ignore mail until 2026-11-21: no mail",
                "the waiver of mail held until 2026-11-21 and waives nothing any more",
                "state what the requirement asks for, or give the waiver a later date",
            ),
            ("clauselint-ignore notice: no mail", "the waiver of notice matches no finding", "remove it"),
            ("clauselint-ignore mail/opt-out-d: no mail", "the waiver of mail/opt-out-d matches no finding", "remove it"),
        ] {
            assert_eq!(notice(comment), (message.to_owned(), help.to_owned(), comment.to_owned()));
        }
        let long = notice(&format!("clauselint-ignore {}: no mail", "é".repeat(9999))).0;
        assert!(long.ends_with("é...\", so the waiver waives nothing") && long.len() < 200, "{long}");
    }

    #[test]
    fn other_comments_are_nobodys_business() {
        for comment in ["", "clauselint found nothing here", "TODO", "é", "[if mso]>"] {
            assert!(parse(comment).is_none(), "{comment}");
        }
        assert!(matches!(parse("clauselint-ignored mail: no mail"), Some(Err(Mistake::Instruction(_)))));
    }

    #[test]
    fn what_was_not_asked_for_is_not_missed() {
        let policy = Policy::of(source("p.md", "One.\n\n<!-- clauselint-ignore mail/opt-out-deadline, mail, notice: no mail -->\n\nTwo."));
        let judged = || Judged { facts: Vec::new(), judgements: vec![sample::judgement(2, Verdict::Satisfied, "Stated.")] };
        let messages = |selected: [bool; 3]| -> Vec<String> {
            let notices = Waivers { configured: &[], today: TODAY }.apply(&sample::packs(), &selected, &policy, &mut judged());
            notices.into_iter().map(|notice| notice.message).collect()
        };
        assert_eq!(messages([false, false, true]), ["the waiver of notice matches no finding"]);
        assert_eq!(
            messages([true, false, false]),
            ["the waiver of mail/opt-out-deadline matches no finding"],
            "of the other mail rule nothing is known"
        );
    }

    #[test]
    fn a_waiver_out_of_place_is_told_where_the_finding_is() {
        let policy = Policy::of(source("p.md", "One.\n\n<!-- clauselint-ignore mail/opt-out-way: no mail -->\n\nTwo.\n\nIt is here."));
        let (_, notices) = applied(&policy, &[]);
        assert_eq!(notices[0].help, "the finding is at line 7; place the waiver right before that passage");
    }

    #[test]
    fn the_configuration_waives_too_and_is_reviewed_at_the_end() {
        let configured = |rule: &str, reason: &str, until: Option<Date>, line: usize| Configured {
            rules: vec![rule.to_owned()],
            reason: reason.to_owned(),
            until,
            origin: format!("clauselint.yaml:{line}"),
        };
        let configured = [
            configured("mail/opt-out-way", "no mail", Some(TODAY), 1),
            configured("mail", "", None, 2),
            configured("male", "no mail", None, 3),
            configured("mail", "no mail", Some(Date::constant(2026, 11, 21)), 4),
            configured("notice", "no notice", None, 5),
        ];
        let (judged, notices) = applied(&Policy::of(source("p.txt", "It is here.")), &configured);
        assert!(is_waived(&judged) && notices.is_empty());
        let mut met = Met::default();
        met.add(&judged);
        let review = |selected: &[bool]| Waivers { configured: &configured, today: TODAY }.review(&sample::packs(), selected, Some(&met));
        let messages: Vec<_> = review(&[true; 3]).into_iter().map(|notice| notice.message).collect();
        assert_eq!(
            messages,
            [
                "clauselint.yaml:2: the waiver of mail gives no reason, so it waives nothing",
                "clauselint.yaml:3: no pack or rule is called \"male\", so the waiver waives nothing",
                "clauselint.yaml:4: the waiver of mail held until 2026-11-21 and waives nothing any more",
                "clauselint.yaml:5: the waiver of notice matches no finding",
            ]
        );
        assert_eq!(review(&[true, true, false]).len(), 3, "nobody asked for the notice pack");
        let mistakes = Waivers { configured: &configured, today: TODAY }.review(&sample::packs(), &[true; 3], None);
        assert_eq!(mistakes.len(), 3, "of some files nothing is known of the others");
    }

    #[test]
    fn dates_are_written_in_one_way() {
        assert_eq!(date("2027-01-31"), Ok(Date::constant(2027, 1, 31)));
        for wrong in ["20270131", "2027-1-31", "2027-01-31T00:00", "+27-01-311", "2027-01-é", ""] {
            assert_eq!(date(wrong), Err("is no date"), "{wrong}");
        }
        assert_eq!(date("2027-13-01"), Err("is a day that does not exist"));
    }

    proptest! {
        #[test]
        fn no_comment_panics(
            bytes in prop::collection::vec(any::<u8>(), 0..60),
            words in prop::collection::vec(
                prop::sample::select(vec!["clauselint-ignore", " mail", ":", ",", " until ", "2027-01-31", "-->", "*/", "é", "<!--", "\n\n", "here "]),
                0..12,
            ),
        ) {
            let text = [b"One.\n\n<!-- {/* clauselint-ignore", bytes.as_slice(), words.concat().as_bytes(), b" --> */}\n\nIt is here."].concat();
            for name in ["p.md", "p.mdx", "p.html"] {
                if let Ok(source) = SourceFile::decode(name, text.clone()) {
                    let policy = Policy::of(source);
                    for notice in applied(&policy, &[]).1 {
                        prop_assert!(!policy.at(notice.span.unwrap()).text().is_empty());
                    }
                }
            }
        }
    }
}
