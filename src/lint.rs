//! The pipeline for one input, from bytes to verdicts, and for many: in parallel, with results in the order of the inputs and no more
//! than a handful of documents held at a time. What cannot be linted is an outcome like any other, never a stop.

use crate::config::{Size, Terms};
use crate::engine::{self, Readers, Unfit};
use crate::fingerprint;
use crate::policy::Policy;
use crate::source::{SourceError, SourceFile};
use crate::verdict::{Excuse, Judged, Notice};
use crate::waiver::Waivers;
use crate::walk::{Input, Origin};
use jiff::civil::Date;
use rayon::prelude::*;
use std::fs::File;
use std::io::Read;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// How a baseline begins; its version follows. It names a disclosure in every line, and is no policy.
pub(crate) const BASELINE: &str = "# clauselint baseline, version ";

/// How inputs are linted.
#[derive(Clone, Copy, Debug)]
pub struct Settings<'a> {
    /// What reads with the packs to judge by.
    pub readers: &'a Readers<'a>,
    /// The day on which the policy is judged.
    pub today: Date,
    /// Does no waiver hold?
    pub no_waivers: bool,
    /// No file of more bytes is linted.
    pub max_size: u64,
    /// Pass over what does not read as a policy, even where it was named.
    pub only_policies: bool,
}

/// A policy and what the engine says of it.
#[derive(Debug)]
pub struct Linted {
    /// The policy.
    pub policy: Policy,
    /// The verdicts on the requirements that were asked for.
    pub judged: Judged,
    /// What else there is to say of it.
    pub notices: Vec<Notice>,
}

/// Why an input was passed over; nothing that a walk meets is an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PassedOver {
    /// It does not read as a privacy policy.
    NotAPolicy,
    /// It is in another language than English.
    OtherLanguage,
    /// It could not be read.
    Unreadable,
    /// It is over the size limit.
    TooLarge,
    /// It is binary.
    Binary,
    /// It is empty.
    Empty,
    /// The configuration excludes it.
    Excluded,
}

impl PassedOver {
    /// Every reason, in the order of the summary.
    pub const ALL: [Self; 7] =
        [Self::NotAPolicy, Self::OtherLanguage, Self::Unreadable, Self::TooLarge, Self::Binary, Self::Empty, Self::Excluded];

    /// The reason as formats for programs write it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NotAPolicy => "not-a-policy",
            Self::OtherLanguage => "other-language",
            Self::Unreadable => "unreadable",
            Self::TooLarge => "too-large",
            Self::Binary => "binary",
            Self::Empty => "empty",
            Self::Excluded => "excluded",
        }
    }

    /// The reason as it follows a number in the summary.
    pub fn phrase(self) -> &'static str {
        match self {
            Self::NotAPolicy => "not a policy",
            Self::OtherLanguage => "in another language",
            Self::Unreadable => "unreadable",
            Self::TooLarge => "too large",
            Self::Binary => "binary",
            Self::Empty => "empty",
            Self::Excluded => "excluded",
        }
    }
}

/// What became of an input.
#[derive(Debug)]
pub enum Outcome {
    /// It was linted.
    Linted(Box<Linted>),
    /// It was passed over, as was right.
    PassedOver(PassedOver),
    /// It was named and could not be linted, for this reason.
    Failed(String),
}

/// Lints one input by the terms that hold for it. Never panics: a bug that one policy brings to light does not cost the verdicts on the others.
pub fn lint(input: &Input, terms: &Terms, settings: &Settings<'_>) -> Outcome {
    guarded(|| judge(input, terms, settings)).unwrap_or_else(Outcome::Failed)
}

/// Calls a function; should it panic, says so in a line that asks for a report.
pub fn guarded<T>(call: impl FnOnce() -> T) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(call)).map_err(|payload| {
        let what = (payload.downcast_ref::<String>().map(String::as_str))
            .or_else(|| payload.downcast_ref::<&str>().copied())
            .unwrap_or("no more is known");
        format!("this is a bug in clauselint ({what}); please report it with the file")
    })
}

fn judge(input: &Input, terms: &Terms, settings: &Settings<'_>) -> Outcome {
    // What a walk or a hook hands over is passed over in silence; what was named on its own is owed a reason.
    let lenient = !input.named || settings.only_policies;
    let refuse = |why, reason: String| {
        if lenient { Outcome::PassedOver(why) } else { Outcome::Failed(reason) }
    };
    let unreadable = |reason: String| {
        if input.named { Outcome::Failed(reason) } else { Outcome::PassedOver(PassedOver::Unreadable) }
    };
    let not_decoded = |error: SourceError| {
        let why = match error {
            SourceError::Empty => PassedOver::Empty,
            SourceError::TooLarge => PassedOver::TooLarge,
            SourceError::Binary | SourceError::Unsupported(_) => PassedOver::Binary,
        };
        refuse(why, error.to_string())
    };
    let mut policy: Option<Policy> = None;
    for part in &input.parts {
        // Nobody named it here: a FIFO that nobody writes to would be waited for.
        if input.parts.len() > 1 && is_special(&part.origin) {
            return Outcome::Failed(format!("{}, a file of this policy, is a device or a FIFO", part.name));
        }
        let bytes = match read(&part.origin, settings.max_size) {
            Ok(Some(bytes)) => bytes,
            Ok(None) => {
                let limit = Size(settings.max_size);
                return refuse(PassedOver::TooLarge, format!("the file is larger than {limit}; --max-size raises the limit"));
            }
            // Half a policy would be found to miss what the other half says.
            Err(reason) if input.parts.len() > 1 => {
                return Outcome::Failed(format!("{}, a file of this policy, {reason}", part.name));
            }
            Err(reason) => return unreadable(reason),
        };
        let source = match SourceFile::decode(part.name.clone(), bytes) {
            Ok(source) => source,
            Err(error) => return not_decoded(error),
        };
        if lenient && source.text().starts_with(BASELINE) {
            return Outcome::PassedOver(PassedOver::NotAPolicy);
        }
        match &mut policy {
            None => policy = Some(Policy::of(source)),
            Some(policy) => {
                if let Err(error) = policy.add(source) {
                    return not_decoded(error);
                }
            }
        }
    }
    let Some(policy) = policy else {
        return not_decoded(SourceError::Empty);
    };
    let reading = settings.readers.read(policy.document());
    let packs = settings.readers.packs();
    match engine::fitness(&reading) {
        Err(Unfit::Language(language)) => {
            return refuse(PassedOver::OtherLanguage, format!("the policy is in {language}; only English is linted"));
        }
        Err(Unfit::NotAPolicy) if lenient => return Outcome::PassedOver(PassedOver::NotAPolicy),
        Err(Unfit::NotAPolicy) | Ok(()) => {}
    }
    let mut judged = engine::check(packs, &reading, &terms.facts);
    judged.judgements.retain(|judgement| terms.selected.get(judgement.rule).is_none_or(|selected| *selected));
    for judgement in &mut judged.judgements {
        if let Some(Some(severity)) = terms.severity.get(judgement.rule) {
            judgement.severity = severity.of(judgement.verdict);
        }
        let in_force = packs.rules[judgement.rule].in_force.as_deref();
        let to_come = in_force.filter(|day| judgement.severity.is_some() && day.parse().is_ok_and(|day: Date| day > settings.today));
        judgement.excuse = to_come.map(|day| Excuse::Announced(day.to_owned()));
    }
    fingerprint::fill(packs, policy.document(), &mut judged);
    let waivers = Waivers { configured: &terms.waivers, today: settings.today };
    let notices = if settings.no_waivers { Vec::new() } else { waivers.apply(packs, &terms.selected, &policy, &mut judged) };
    Outcome::Linted(Box::new(Linted { policy, judged, notices }))
}

/// Is it there, but neither a file nor a folder?
fn is_special(origin: &Origin) -> bool {
    matches!(origin, Origin::File(path) if path.metadata().is_ok_and(|metadata| !metadata.is_file() && !metadata.is_dir()))
}

/// How many bytes a file is believed to have before they are read.
const BELIEVED: u64 = 1 << 24;

/// The bytes of an input, or none where there are more than the limit. What has no end is not read to its end.
fn read(origin: &Origin, limit: u64) -> Result<Option<Vec<u8>>, String> {
    let up_to_limit = |reader: &mut dyn Read, expected: u64| {
        let mut bytes = Vec::with_capacity(usize::try_from(expected).unwrap_or(0));
        reader.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
        Ok((bytes.len() as u64 <= limit).then_some(bytes))
    };
    let read = match origin {
        Origin::Stdin => up_to_limit(&mut std::io::stdin().lock(), 0),
        Origin::File(path) => File::open(path).and_then(|mut file| match file.metadata() {
            Ok(metadata) if metadata.is_file() && metadata.len() > limit => Ok(None),
            // What a file says of its length spares reading it bit by bit; the byte more tells its end.
            Ok(metadata) => up_to_limit(&mut file, metadata.len().min(BELIEVED) + 1),
            Err(_) => up_to_limit(&mut file, 0),
        }),
        Origin::Memory(bytes) => return Ok((bytes.len() as u64 <= limit).then(|| bytes.clone())),
        Origin::Nowhere(reason) => return Err(reason.clone()),
    };
    read.map_err(|error: std::io::Error| format!("cannot be read: {error}"))
}

/// How many inputs are in work together, for each thread: enough that a long policy does not leave the other threads idle for long,
/// few enough that memory stays flat.
const TOGETHER: usize = 64;

/// Does `work` on every input, in parallel, and hands the results to `take` in the order of the inputs. No threads means as many as
/// the machine has.
pub fn in_order<I: Sync, T: Send>(inputs: &[I], threads: usize, work: impl Fn(&I) -> T + Sync, mut take: impl FnMut(T)) {
    let pool = (inputs.len() > 1 && threads != 1).then(|| rayon::ThreadPoolBuilder::new().num_threads(threads).build().ok()).flatten();
    let Some(pool) = pool else {
        inputs.iter().map(work).for_each(take);
        return;
    };
    for part in inputs.chunks(TOGETHER * pool.current_num_threads()) {
        let done: Vec<T> = pool.install(|| part.par_iter().with_max_len(1).map(&work).collect());
        done.into_iter().for_each(&mut take);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use crate::report::sample;
    use std::path::Path;

    fn outcome(bytes: &[u8], named: bool, max_size: u64) -> Outcome {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("policy.md");
        std::fs::write(&path, bytes).unwrap();
        let packs = sample::packs();
        let input = Input::new(Origin::File(path), "policy.md", named);
        let terms = Config::default().terms(Path::new("/policy.md"), &packs);
        let today = jiff::civil::date(2026, 11, 22);
        let readers = Readers::new(&packs);
        let settings = Settings { readers: &readers, today, no_waivers: false, max_size, only_policies: false };
        lint(&input, &terms, &settings)
    }

    #[test]
    fn what_is_no_text_fails_where_named_and_is_passed_over_in_a_walk() {
        assert!(matches!(outcome(b"", false, 9), Outcome::PassedOver(PassedOver::Empty)));
        assert!(matches!(outcome(b"We may.", false, 3), Outcome::PassedOver(PassedOver::TooLarge)));
        let Outcome::Failed(reason) = outcome(b"We may.", true, 3) else { panic!("it is too large") };
        assert_eq!(reason, "the file is larger than 3 bytes; --max-size raises the limit");
        assert!(matches!(outcome(b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01\0\0", true, 99), Outcome::Failed(_)));
    }

    #[test]
    fn a_panic_becomes_a_line() {
        let line = guarded(|| panic!("no such section")).unwrap_err();
        assert!(line.contains("no such section") && line.contains("please report it"), "{line}");
    }

    #[test]
    fn results_come_in_the_order_of_the_inputs() {
        let inputs: Vec<String> = (0..1000).map(|number| number.to_string()).collect();
        for threads in [1, 3] {
            let mut names = Vec::new();
            in_order(&inputs, threads, Clone::clone, |name| names.push(name));
            assert_eq!(names, inputs);
        }
    }
}
