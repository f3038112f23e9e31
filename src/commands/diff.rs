//! What `diff` and `check --since` do: two versions of a policy, or what git knows as such, are linted alike and compared.

use super::{Error, FINDINGS, TROUBLE, declared, load, outputs, say};
use crate::cli::{Check, Diff};
use clauselint::diff::compare;
use clauselint::git::{History, Since};
use clauselint::lint::{Linted, Outcome, PassedOver, Settings, guarded, in_order, lint};
use clauselint::report::{DifferenceReporter, DifferenceTally, Format, Output, Terminal, Writer, visible};
use clauselint::rule::Packs;
use clauselint::selection::select;
use clauselint::walk::{Input, Origin, may_hold_a_policy};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Compares two files.
pub(super) fn diff(arguments: &Diff) -> Result<ExitCode, Error> {
    let packs = load(&arguments.pack)?;
    let selected = select(&packs, &arguments.select, &arguments.ignore)?;
    let facts = declared(&packs, &arguments.fact)?;
    let outputs = outputs(&arguments.format)?;
    let reporters = reporters(&outputs, &packs, arguments.quiet)?;
    let settings = Settings { packs: &packs, selected: &selected, facts: &facts, max_size: arguments.max_size, only_policies: false };
    let is_stdin = |path: &Path| path.as_os_str() == "-";
    if is_stdin(&arguments.old) && is_stdin(&arguments.new) {
        return Err(Error::Usage("standard input cannot be both versions of a policy".to_owned()));
    }
    let input = |path: &Path| {
        if is_stdin(path) {
            Input { origin: Origin::Stdin, name: arguments.stdin_filename.clone(), named: true }
        } else {
            Input { origin: Origin::File(path.to_owned()), name: path.to_string_lossy().into_owned(), named: true }
        }
    };
    let pair = Pair { old: Some(Version::At(input(&arguments.old))), new: Some(input(&arguments.new)) };
    run(&[pair], &reporters, &outputs, "", arguments.exit_zero, 1, |pair| work(pair, &settings, None, &reporters))
}

/// Compares files with what they were at a revision.
pub(super) fn since(
    revision: &str,
    paths: &[PathBuf],
    inputs: &[Input],
    outputs: &[Output],
    arguments: &Check,
    settings: &Settings<'_>,
) -> Result<ExitCode, Error> {
    let reporters = reporters(outputs, settings.packs, arguments.quiet)?;
    let nothing = format!("no policy changed since {}", visible(revision));
    // A hook may have been handed nothing.
    let Some(first) = paths.first() else {
        return run(&[], &reporters, outputs, &nothing, arguments.exit_zero, 1, |pair| work(pair, settings, None, &reporters));
    };
    let since = Since::new(folder(first), revision)?;
    let pairs = pairs(&since, paths, inputs)?;
    let threads = arguments.threads;
    run(&pairs, &reporters, outputs, &nothing, arguments.exit_zero, threads, |pair| work(pair, settings, Some(&since), &reporters))
}

/// The folder that a path is or lies in; it need not exist any more.
fn folder(path: &Path) -> &Path {
    let folder = path.ancestors().find(|folder| folder.is_dir());
    folder.unwrap_or(Path::new("."))
}

/// Two versions of a policy, not read yet.
struct Pair {
    old: Option<Version>,
    new: Option<Input>,
}

/// Where an old version is.
enum Version {
    /// In a file.
    At(Input),
    /// In the history, at this path from the root of the repository on.
    Held { path: PathBuf, named: bool },
}

/// What is there to compare: the inputs that changed, and what was deleted.
fn pairs(since: &Since, paths: &[PathBuf], inputs: &[Input]) -> Result<Vec<Pair>, Error> {
    let mut pairs = Vec::new();
    let mut deleted = BTreeSet::new();
    for input in inputs {
        let new = Some(input.clone());
        match &input.origin {
            Origin::Stdin => return Err(Error::Usage("standard input has no history to compare it with".to_owned())),
            // What was deleted is found below; what never was fails as it would without a revision.
            Origin::File(file) if !file.exists() && !since.deleted(file)?.is_empty() => {}
            Origin::File(file) if !file.exists() => pairs.push(Pair { old: None, new }),
            Origin::File(file) => match since.history(file)? {
                History::Unchanged => {}
                History::New => pairs.push(Pair { old: None, new }),
                History::Was(path) => {
                    let old = Version::Held { path: path.to_owned(), named: input.named };
                    pairs.push(Pair { old: Some(old), new });
                }
            },
            Origin::Memory(_) | Origin::Nowhere(_) => pairs.push(Pair { old: None, new }),
        }
    }
    for path in paths {
        for old in since.deleted(path)? {
            // A folder that is gone was no file.
            let named = !path.is_dir() && old.file_name() == path.file_name();
            if (named || may_hold_a_policy(old)) && deleted.insert(old) {
                pairs.push(Pair { old: Some(Version::Held { path: old.to_owned(), named }), new: None });
            }
        }
    }
    Ok(pairs)
}

/// What a worker hands back of a pair.
enum Done {
    /// For each output, what is said of it.
    Compared(Vec<String>, DifferenceTally),
    /// Neither version is a policy.
    PassedOver,
    /// A line for standard error.
    Failed(String),
}

fn work(pair: &Pair, settings: &Settings<'_>, since: Option<&Since>, reporters: &[DifferenceReporter<'_>]) -> Done {
    let compared = guarded(|| {
        let old = pair.old.as_ref().map_or(Ok(Err(None)), |version| old(version, settings, since))?;
        let new = pair.new.as_ref().map_or(Ok(Err(None)), |input| linted(input, settings))?;
        if old.is_err() && new.is_err() {
            return Ok(Done::PassedOver);
        }
        let path = pair.new.as_ref().map(|input| input.name.as_str()).unwrap_or_default();
        let title = match (&old, &new) {
            (Ok(old), Ok(new)) => format!("{} -> {}", old.policy.name(), new.policy.name()),
            (Ok(old), Err(Some(why))) => format!("{} -> {path} ({})", old.policy.name(), why.phrase()),
            (Ok(old), Err(None)) => format!("{} -> deleted", old.policy.name()),
            (Err(_), _) => format!("new -> {path}"),
        };
        let (old, new) = (old.ok(), new.ok());
        let difference = compare(old.as_deref(), new.as_deref());
        let mut tally = DifferenceTally::default();
        tally.add(&difference);
        let texts = reporters.iter().map(|reporter| reporter.difference(&title, &difference)).collect();
        Ok(Done::Compared(texts, tally))
    });
    let name = pair.new.as_ref().map(|input| input.name.clone()).unwrap_or_default();
    let bug = |reason: String| Ok(Done::Failed(line(&name, &reason)));
    compared.unwrap_or_else(bug).unwrap_or_else(Done::Failed)
}

/// A version that is a policy, or why it is none; or a line that says why this cannot be known.
type Found = Result<Result<Box<Linted>, Option<PassedOver>>, String>;

/// The old version. One that cannot be linted is as good as none where the history holds it: nobody can mend it there.
fn old(version: &Version, settings: &Settings<'_>, since: Option<&Since>) -> Found {
    match (version, since) {
        (Version::Held { path, named }, Some(since)) => {
            let name = since.name(path);
            let held = since.held(path, settings.max_size).map_err(|error| line(&name, &error.to_string()))?;
            let Some(bytes) = held else { return Ok(Err(Some(PassedOver::TooLarge))) };
            let input = Input { origin: Origin::Memory(bytes), name, named: *named };
            Ok(linted(&input, settings).unwrap_or(Err(None)))
        }
        (Version::Held { .. }, None) => Ok(Err(None)),
        (Version::At(input), _) => linted(input, settings),
    }
}

fn linted(input: &Input, settings: &Settings<'_>) -> Found {
    match lint(input, settings) {
        Outcome::Linted(linted) => Ok(Ok(linted)),
        Outcome::PassedOver(why) => Ok(Err(Some(why))),
        Outcome::Failed(reason) => Err(line(&input.name, &reason)),
    }
}

fn line(name: &str, reason: &str) -> String {
    format!("clauselint: {}: {}\n", visible(name), visible(reason))
}

/// Works through the pairs, writes what is said of them, and comes to an exit code.
fn run(
    pairs: &[Pair],
    reporters: &[DifferenceReporter<'_>],
    outputs: &[Output],
    nothing: &str,
    exit_zero: bool,
    threads: usize,
    work: impl Fn(&Pair) -> Done + Sync,
) -> Result<ExitCode, Error> {
    let mut writers = outputs.iter().map(Writer::open).collect::<Result<Vec<_>, _>>()?;
    for (writer, reporter) in writers.iter_mut().zip(reporters) {
        writer.write(&reporter.begin())?;
    }
    let mut tally = DifferenceTally::default();
    let (mut failed, mut written) = (false, Ok(()));
    in_order(pairs, threads, work, |done| match done {
        Done::Compared(texts, counts) => {
            let first = tally.policies == 0;
            tally.merge(&counts);
            for ((writer, reporter), text) in writers.iter_mut().zip(reporters).zip(texts) {
                let between = if first { "" } else { reporter.between() };
                if written.is_ok() {
                    written = writer.write(between).and_then(|()| writer.write(&text)).and_then(|()| writer.flush());
                }
            }
        }
        Done::PassedOver => {}
        Done::Failed(line) => {
            failed = true;
            say(&line);
        }
    });
    written?;
    let nothing = if failed { "" } else { nothing };
    for (mut writer, reporter) in writers.into_iter().zip(reporters) {
        writer.write(&reporter.end(&tally, nothing))?;
        writer.finish()?;
    }
    let counting = tally.counting > 0 && !exit_zero;
    Ok(ExitCode::from(if failed { TROUBLE } else { u8::from(counting) * FINDINGS }))
}

fn reporters<'a>(outputs: &[Output], packs: &'a Packs, quiet: bool) -> Result<Vec<DifferenceReporter<'a>>, Error> {
    let reporter = |output: &Output| {
        let terminal = if output.file.is_some() { Terminal::file() } else { Terminal::stdout() };
        DifferenceReporter::new(output.format, packs, terminal, quiet).ok_or_else(|| {
            let known = DifferenceReporter::FORMATS.map(Format::as_str).join(", ");
            Error::Usage(format!("differences are not written as {}, only as {known}", output.format.as_str()))
        })
    };
    outputs.iter().map(reporter).collect()
}
