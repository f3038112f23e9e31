//! The baseline: a file of the findings that were there before, so that only new ones fail. It is made to live in a repository: sorted,
//! one entry a line and nothing that changes by itself (no counts, dates or line numbers), so that two branches merge cleanly; paths
//! are relative to its own folder, so that it does not matter where the command is run.
//!
//! A run sees a part of the files and asks for a part of the rules. What it did not look at it neither reports as stale nor removes.

use crate::fingerprint;
use crate::lint::BASELINE as HEADER;
use crate::policy::Policy;
use crate::read;
use crate::report::{OutputError, write_whole};
use crate::rule::Packs;
use crate::verdict::{Excuse, Judged, Judgement, Verdict};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io;
use std::path::{Component, Path, PathBuf};

/// The version that is written.
const VERSION: u32 = 1;
/// For whoever opens the file; comments are not kept.
const REMARK: &str = "# Findings that were there before. Written by clauselint check --update-baseline.";

/// A finding that was there before.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    /// The policy: its first file, relative to the folder of the baseline, with forward slashes.
    pub path: String,
    /// The rule's id.
    pub rule: String,
    /// What the finding was.
    pub verdict: Verdict,
    /// See [`fingerprint`].
    pub fingerprint: String,
}

/// A baseline, as read from its file.
#[derive(Clone, Debug, Default)]
pub struct Baseline {
    place: PathBuf,
    /// Absolute.
    folder: PathBuf,
    entries: BTreeSet<Entry>,
    /// Is it written anew, so that every finding counts as known?
    update: bool,
}

/// A baseline could not be read.
#[derive(Debug, thiserror::Error)]
pub enum BaselineError {
    /// The file is not there.
    #[error("there is no baseline {0}; --update-baseline writes one")]
    Missing(String),
    /// The file cannot be read.
    #[error("cannot read the baseline {0}: {1}")]
    Unreadable(String, io::Error),
    /// A line is not understood.
    #[error("{place}:{line}: {what}")]
    Line {
        /// The file.
        place: String,
        /// The line's number, from 1.
        line: usize,
        /// What is wrong with it.
        what: &'static str,
    },
}

impl Baseline {
    /// Reads a baseline. With `update` it will be written anew: then the file may be absent, and all findings count as known.
    pub fn open(place: &Path, update: bool) -> Result<Self, BaselineError> {
        let name = || place.display().to_string();
        let unreadable = |error| BaselineError::Unreadable(name(), error);
        let entries = match read::bytes(place, read::LIST) {
            Ok(bytes) => parse(&bytes).map_err(|(line, what)| BaselineError::Line { place: name(), line, what })?,
            Err(error) if error.kind() == io::ErrorKind::NotFound && update => BTreeSet::new(),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(BaselineError::Missing(name())),
            Err(error) => return Err(unreadable(error)),
        };
        let mut folder = plain(&std::path::absolute(place).map_err(unreadable)?);
        folder.pop();
        Ok(Self { place: place.to_owned(), folder, entries, update })
    }

    /// Marks the findings on a policy that are known, by any passage that decides them: each then has the fingerprint that it is known
    /// by. One that is excused already stays so.
    pub fn excuse(&self, packs: &Packs, policy: &Policy, judged: &mut Judged) {
        let path = self.relative(policy.name());
        for judgement in judged.judgements.iter_mut().filter(|judgement| judgement.verdict.is_finding()) {
            let mut fingerprints = vec![judgement.fingerprint.clone()];
            fingerprints.extend(fingerprint::all(packs, policy.document(), judgement));
            let mut old = entry(&path, packs, judgement);
            let known = fingerprints.into_iter().any(|fingerprint| {
                old.fingerprint = fingerprint;
                self.entries.contains(&old)
            });
            if known {
                judgement.fingerprint = old.fingerprint;
            }
            if judgement.excuse.is_none() && (known || self.update) {
                judgement.excuse = Some(Excuse::Known);
            }
        }
    }

    /// The name of a policy as the baseline has it.
    fn relative(&self, name: &str) -> String {
        let path = plain(&std::path::absolute(name).unwrap_or_else(|_| PathBuf::from(name)));
        let shared = self.folder.components().zip(path.components()).take_while(|(one, other)| one == other).count();
        let text = |component: Component<'_>| component.as_os_str().to_string_lossy().into_owned();
        if shared == 0 {
            // On another drive there is no way from here to there.
            return path.to_string_lossy().replace('\\', "/");
        }
        let up = self.folder.components().skip(shared).map(|_| "..".to_owned());
        up.chain(path.components().skip(shared).map(text)).collect::<Vec<_>>().join("/")
    }

    /// Is the file of an entry gone? Where that cannot be told, it is not.
    fn is_gone(&self, path: &str) -> bool {
        // A name that is no UTF-8 is not written as it is.
        !path.contains(char::REPLACEMENT_CHARACTER) && !self.folder.join(path).try_exists().unwrap_or(true)
    }
}

fn entry(path: &str, packs: &Packs, judgement: &Judgement) -> Entry {
    Entry {
        path: path.to_owned(),
        rule: packs.rules[judgement.rule].id.clone(),
        verdict: judgement.verdict,
        fingerprint: judgement.fingerprint.clone(),
    }
}

/// What becomes of a baseline in a run: policy by policy, what is still found, what is new, what is fixed.
#[derive(Debug)]
pub struct Ledger<'a> {
    baseline: &'a Baseline,
    packs: &'a Packs,
    linted: BTreeSet<String>,
    stale: BTreeSet<Entry>,
    next: BTreeSet<Entry>,
}

impl<'a> Ledger<'a> {
    /// A ledger of what is known before the run.
    pub fn new(baseline: &'a Baseline, packs: &'a Packs) -> Self {
        Self { baseline, packs, linted: BTreeSet::new(), stale: BTreeSet::new(), next: baseline.entries.clone() }
    }

    /// Takes note of what was found in a policy.
    pub fn add(&mut self, policy: &str, judged: &Judged) {
        let path = self.baseline.relative(policy);
        let findings = || judged.judgements.iter().filter(|judgement| judgement.verdict.is_finding());
        let found: BTreeSet<Entry> = findings().map(|judgement| entry(&path, self.packs, judgement)).collect();
        let judged_rules: BTreeSet<&str> = judged.judgements.iter().map(|one| self.packs.rules[one.rule].id.as_str()).collect();
        let start = Entry { path: path.clone(), rule: String::new(), verdict: Verdict::Satisfied, fingerprint: String::new() };
        for old in self.baseline.entries.range(start..).take_while(|old| old.path == path) {
            // A rule that its pack has no more is as good as judged.
            let pack = self.packs.packs.iter().find(|pack| old.rule.strip_prefix(&pack.name).is_some_and(|rest| rest.starts_with('/')));
            let dropped = pack.is_some() && self.packs.rule(&old.rule).is_none();
            if dropped || judged_rules.contains(old.rule.as_str()) {
                self.next.remove(old);
                if !found.contains(old) {
                    self.stale.insert(old.clone());
                }
            }
        }
        let known = findings().filter(|judgement| judgement.excuse == Some(Excuse::Known));
        self.next.extend(known.map(|judgement| entry(&path, self.packs, judgement)));
        self.linted.insert(path);
    }

    /// Ends the run: an entry of a file that was not linted is stale only where the file is gone.
    pub fn close(mut self) -> Closed<'a> {
        let mut last: Option<(&str, bool)> = None;
        for old in self.baseline.entries.iter().filter(|old| !self.linted.contains(&old.path)) {
            let gone = match last {
                Some((path, gone)) if path == old.path => gone,
                _ => self.baseline.is_gone(&old.path),
            };
            last = Some((&old.path, gone));
            if gone {
                self.next.remove(old);
                self.stale.insert(old.clone());
            }
        }
        Closed { baseline: self.baseline, stale: self.stale, next: self.next }
    }
}

/// A baseline at the end of a run.
#[derive(Debug)]
pub struct Closed<'a> {
    baseline: &'a Baseline,
    /// Entries whose finding is fixed, or whose file is gone.
    pub stale: BTreeSet<Entry>,
    next: BTreeSet<Entry>,
}

impl Closed<'_> {
    /// How many entries the baseline will have, and how many of them are new.
    pub fn counts(&self) -> (usize, usize) {
        (self.next.len(), self.next.difference(&self.baseline.entries).count())
    }

    /// Writes the baseline anew, whole or not at all.
    pub fn write(&self) -> Result<(), OutputError> {
        write_whole(&self.baseline.place, &text(&self.next))
    }
}

/// The file of some entries.
fn text(entries: &BTreeSet<Entry>) -> String {
    let mut text = format!("{HEADER}{VERSION}\n{REMARK}\n");
    for Entry { path, rule, verdict, fingerprint } in entries {
        let _ = writeln!(text, "{} {} {} {fingerprint}", escaped(path), escaped(rule), verdict.as_str());
    }
    text
}

/// Reads the file; else the line, from 1, and what is wrong with it. An empty file is an empty baseline.
fn parse(bytes: &[u8]) -> Result<BTreeSet<Entry>, (usize, &'static str)> {
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    let mut entries = BTreeSet::new();
    let mut headed = false;
    for (number, line) in bytes.split(|byte| *byte == b'\n').enumerate() {
        let wrong = |what| (number + 1, what);
        let line = std::str::from_utf8(line).map_err(|_| wrong("this is not UTF-8"))?.trim_end();
        if ["<<<<<<<", "=======", ">>>>>>>", "|||||||"].iter().any(|marker| line.starts_with(marker)) {
            return Err(wrong(
                "a merge conflict: remove the lines with its marks and keep the entries of both sides; \
                 --update-baseline then removes what is fixed",
            ));
        }
        if line.is_empty() {
            continue;
        }
        if !headed {
            let version = line.strip_prefix(HEADER).and_then(|version| version.parse::<u32>().ok());
            match version {
                Some(VERSION) => headed = true,
                Some(_) => return Err(wrong("this baseline is of another version of clauselint")),
                None => return Err(wrong("this is no baseline, which begins with the line \"# clauselint baseline, version 1\"")),
            }
        }
        if !line.starts_with('#') {
            entries.insert(parse_entry(line).map_err(wrong)?);
        }
    }
    Ok(entries)
}

fn parse_entry(line: &str) -> Result<Entry, &'static str> {
    let fields: Vec<&str> = line.split_ascii_whitespace().collect();
    let &[path, rule, verdict, fingerprint] = fields.as_slice() else {
        return Err("an entry is a path, a rule, a verdict and a fingerprint, with a space in between");
    };
    let text = |field| unescaped(field).ok_or("a % stands before two hexadecimal digits, and together they are UTF-8");
    let (path, rule) = (text(path)?, text(rule)?);
    let verdict = Verdict::ALL.into_iter().find(|known| known.is_finding() && known.as_str() == verdict);
    let verdict = verdict.ok_or("the verdict of a finding is missing, weak or contradicted")?;
    if fingerprint.len() != 16 || !fingerprint.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')) {
        return Err("a fingerprint is 16 hexadecimal digits in lower case");
    }
    Ok(Entry { path, rule, verdict, fingerprint: fingerprint.to_owned() })
}

/// Text as one field of a line that is neither a comment nor the mark of a conflict.
fn escaped(text: &str) -> String {
    let mut field = String::with_capacity(text.len());
    for character in text.chars() {
        if character.is_whitespace() || character.is_control() || "%#<=>|".contains(character) {
            for byte in character.encode_utf8(&mut [0; 4]).bytes() {
                let _ = write!(field, "%{byte:02X}");
            }
        } else {
            field.push(character);
        }
    }
    field
}

fn unescaped(field: &str) -> Option<String> {
    let mut parts = field.split('%');
    let mut bytes = parts.next()?.as_bytes().to_vec();
    for part in parts {
        let (digits, rest) = part.split_at_checked(2)?;
        // A sign is no digit, though a number may have one.
        let digits = Some(digits).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
        bytes.push(u8::from_str_radix(digits, 16).ok()?);
        bytes.extend_from_slice(rest.as_bytes());
    }
    String::from_utf8(bytes).ok()
}

/// An absolute path without `..`. Links are not followed: a path is what it is called.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for component in path.components() {
        match component {
            Component::ParentDir => {
                plain.pop();
            }
            Component::CurDir => {}
            other => plain.push(other),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;
    use crate::source::SourceFile;
    use crate::verdict::{Role, Waiver, Written};
    use proptest::prelude::*;

    fn policy(path: &Path) -> Policy {
        Policy::of(SourceFile::decode(path.to_string_lossy(), sample::TEXT.as_bytes().to_vec()).unwrap())
    }

    /// The sample's findings, with fingerprints made up.
    fn judged() -> Judged {
        let mut judged = sample::linted().judged;
        for (number, judgement) in judged.judgements.iter_mut().filter(|judgement| judgement.verdict.is_finding()).enumerate() {
            judgement.fingerprint = format!("{number:016x}");
        }
        judged
    }

    /// Writes a baseline of the sample policy, under some names, into a folder.
    fn written(dir: &Path, names: &[&str]) -> PathBuf {
        let place = dir.join("baseline.txt");
        let packs = sample::packs();
        let baseline = Baseline::open(&place, true).unwrap();
        let mut ledger = Ledger::new(&baseline, &packs);
        for name in names {
            let name = dir.join(name);
            let mut judged = judged();
            baseline.excuse(&packs, &policy(&name), &mut judged);
            ledger.add(&name.to_string_lossy(), &judged);
        }
        ledger.close().write().unwrap();
        place
    }

    /// Lints the files of a folder against its baseline and updates it: the stale entries and the new file.
    fn updated(dir: &Path, names: &[&str], change: impl Fn(&mut Judged)) -> (Vec<String>, String) {
        let place = dir.join("baseline.txt");
        let packs = sample::packs();
        let baseline = Baseline::open(&place, true).unwrap();
        let mut ledger = Ledger::new(&baseline, &packs);
        for name in names {
            let name = dir.join(name);
            let mut judged = judged();
            change(&mut judged);
            baseline.excuse(&packs, &policy(&name), &mut judged);
            ledger.add(&name.to_string_lossy(), &judged);
        }
        let closed = ledger.close();
        closed.write().unwrap();
        let stale = closed.stale.iter().map(|entry| format!("{} {}", entry.path, entry.rule)).collect();
        (stale, std::fs::read_to_string(place).unwrap())
    }

    const WHOLE: &str = "\
# clauselint baseline, version 1
# Findings that were there before. Written by clauselint check --update-baseline.
docs/my%20policy.md mail/opt-out-deadline weak 0000000000000000
docs/my%20policy.md mail/opt-out-way missing 0000000000000001
";

    #[test]
    fn the_file_is_sorted_with_an_entry_a_line() {
        let dir = tempfile::tempdir().unwrap();
        let place = written(dir.path(), &["docs/../docs/my policy.md"]);
        assert_eq!(std::fs::read_to_string(&place).unwrap(), WHOLE);
        let with_carriage_returns = format!("\u{feff}{}\r\n\r\n", WHOLE.replace('\n', "\r\n"));
        assert_eq!(parse(with_carriage_returns.as_bytes()), parse(WHOLE.as_bytes()));
        assert_eq!(parse(b""), Ok(BTreeSet::new()));
    }

    #[test]
    fn what_is_known_is_excused_and_what_is_new_is_not() {
        let dir = tempfile::tempdir().unwrap();
        let place = written(dir.path(), &["a.md"]);
        let baseline = Baseline::open(&place, false).unwrap();
        let excused = |name: &str, change: fn(&mut Judged)| {
            let mut judged = judged();
            change(&mut judged);
            baseline.excuse(&sample::packs(), &policy(&dir.path().join(name)), &mut judged);
            judged.judgements.iter().map(|judgement| judgement.excuse == Some(Excuse::Known)).collect::<Vec<_>>()
        };
        assert_eq!(excused("a.md", |_| ()), [true, true, false]);
        assert_eq!(excused("b/../a.md", |judged| judged.judgements[0].verdict = Verdict::Contradicted), [false, true, false]);
        assert_eq!(excused("a.md", |judged| judged.judgements[1].fingerprint = "f".repeat(16)), [true, false, false]);
        assert_eq!(excused("b.md", |_| ()), [false; 3]);
    }

    #[test]
    fn a_finding_is_known_by_any_of_its_passages() {
        let packs = sample::packs();
        let mut linted = sample::linted();
        fingerprint::fill(&packs, linted.policy.document(), &mut linted.judged);
        let known = linted.judged.judgements[0].fingerprint.clone();
        let folder = std::path::absolute(".").unwrap();
        let entries = [entry("docs/privacy.md", &packs, &linted.judged.judgements[0])].into();
        let baseline = Baseline { folder, entries, ..Baseline::default() };
        let other = sample::evidence(Role::Weakens, sample::span(sample::TEXT, "Write to hello@wren-and-larch.example."));
        linted.judged.judgements[0].evidence.insert(0, other);
        fingerprint::fill(&packs, linted.policy.document(), &mut linted.judged);
        assert_ne!(linted.judged.judgements[0].fingerprint, known);
        baseline.excuse(&packs, &linted.policy, &mut linted.judged);
        let judgement = &linted.judged.judgements[0];
        assert_eq!((&judgement.fingerprint, &judgement.excuse), (&known, &Some(Excuse::Known)));
    }

    #[test]
    fn only_what_was_looked_at_can_be_stale() {
        let dir = tempfile::tempdir().unwrap();
        for name in ["a.md", "b.md", "c.md"] {
            std::fs::write(dir.path().join(name), "Policy.").unwrap();
        }
        written(dir.path(), &["a.md", "b.md", "c.md"]);
        std::fs::remove_file(dir.path().join("c.md")).unwrap();
        let fix = |judged: &mut Judged| judged.judgements[0].verdict = Verdict::Satisfied;
        let (stale, text) = updated(dir.path(), &["a.md"], fix);
        assert_eq!(stale, ["a.md mail/opt-out-deadline", "c.md mail/opt-out-deadline", "c.md mail/opt-out-way"]);
        let entries: Vec<&str> = text.lines().skip(2).map(|line| &line[..line.rfind(' ').unwrap()]).collect();
        assert_eq!(entries, ["a.md mail/opt-out-way missing", "b.md mail/opt-out-deadline weak", "b.md mail/opt-out-way missing"]);
        // Of a rule that was not asked for, nothing is known.
        let (stale, again) = updated(dir.path(), &["a.md", "b.md"], |judged| judged.judgements.truncate(1));
        assert!(stale.is_empty() && again.lines().count() == text.lines().count() + 1, "{stale:?}\n{again}");
    }

    #[test]
    fn what_is_waived_does_not_go_in_and_is_not_stale() {
        let dir = tempfile::tempdir().unwrap();
        written(dir.path(), &["a.md"]);
        let waive = |judged: &mut Judged| {
            let waiver = Waiver { reason: "no mail".to_owned(), until: None, written: Written::Configured("c:1".to_owned()) };
            judged.judgements[0].excuse = Some(Excuse::Waived(waiver));
        };
        let (stale, text) = updated(dir.path(), &["a.md"], waive);
        assert!(stale.is_empty() && !text.contains("opt-out-deadline"), "{text}");
    }

    #[test]
    fn a_rule_that_its_pack_has_no_more_is_stale() {
        let dir = tempfile::tempdir().unwrap();
        let old = format!("{HEADER}1\na.md mail/gone weak 0000000000000000\na.md other/rule weak 0000000000000000\n");
        std::fs::write(dir.path().join("baseline.txt"), old).unwrap();
        let (stale, text) = updated(dir.path(), &["a.md"], |_| ());
        assert_eq!(stale, ["a.md mail/gone"]);
        assert!(text.contains("other/rule"), "its pack is not loaded: {text}");
    }

    #[test]
    fn paths_are_relative_to_the_baseline() {
        let folder = std::path::absolute("x/y").unwrap();
        let baseline = Baseline { folder, ..Baseline::default() };
        assert_eq!(baseline.relative("x/y/docs/./p.md"), "docs/p.md");
        assert_eq!(baseline.relative("x/p.md"), "../p.md");
        assert_eq!(baseline.relative("p.md"), "../../p.md");
    }

    #[test]
    fn a_line_that_is_not_understood_is_named() {
        let wrong = |text: &str| parse(text.as_bytes()).unwrap_err();
        let entry = |entry: &str| wrong(&format!("{WHOLE}{entry}\n"));
        assert!(wrong("\n# Privacy Policy\n").1.starts_with("this is no baseline"));
        assert_eq!(wrong("# clauselint baseline, version 2\n"), (1, "this baseline is of another version of clauselint"));
        assert_eq!(entry("a.md mail/x weak").0, 5);
        assert!(entry("a.md mail/x weak 0000000000000000 x").1.starts_with("an entry is"));
        assert!(entry("a.md mail/x satisfied 0000000000000000").1.starts_with("the verdict"));
        assert!(entry("a.md mail/x weak 000000000000000F").1.starts_with("a fingerprint"));
        for path in ["a%.md", "a%2", "a%+1", "a%é", "a%FF"] {
            assert!(entry(&format!("{path} mail/x weak 0000000000000000")).1.starts_with("a % stands"), "{path}");
        }
        for marker in ["<<<<<<< ours", "=======", ">>>>>>> theirs", "||||||| base"] {
            assert!(entry(marker).1.starts_with("a merge conflict"), "{marker}");
        }
        assert!(parse(b"# clauselint baseline, version 1\n\xff").is_err_and(|(line, what)| line == 2 && what == "this is not UTF-8"));
    }

    proptest! {
        #[test]
        fn no_file_panics(bytes in prop::collection::vec(any::<u8>(), 0..200), headed in any::<bool>()) {
            let head = if headed { WHOLE } else { "" };
            let read = parse(&[head.as_bytes(), bytes.as_slice()].concat());
            if let Ok(entries) = read {
                prop_assert_eq!(parse(text(&entries).as_bytes()), Ok(entries));
            }
        }

        #[test]
        fn what_is_written_is_read_back(
            entries in prop::collection::btree_set((".{1,30}", ".{1,20}", 0..3_usize, "[0-9a-f]{16}"), 0..20),
        ) {
            let verdicts = [Verdict::Missing, Verdict::Weak, Verdict::Contradicted];
            let entry = |(path, rule, verdict, fingerprint)| Entry { path, rule, verdict: verdicts[verdict], fingerprint };
            let entries: BTreeSet<Entry> = entries.into_iter().map(entry).collect();
            let text = text(&entries);
            prop_assert_eq!(text.lines().count(), entries.len() + 2);
            prop_assert_eq!(parse(text.as_bytes()), Ok(entries));
        }
    }
}
