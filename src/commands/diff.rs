//! What `diff` and `check --since` do: two versions of a policy, or what git knows as such, are linted alike and compared.

use super::{Error, FINDINGS, TROUBLE, apart, packs_of, say, today};
use crate::cli::{Check, Diff};
use clauselint::config::{self, Config, Configs, Terms};
use clauselint::diff::compare;
use clauselint::engine::Readers;
use clauselint::git::{History, Since};
use clauselint::lint::{Linted, Outcome, PassedOver, Settings, guarded, in_order, lint};
use clauselint::plan::{Plan, Task};
use clauselint::report::{DifferenceReporter, DifferenceTally, Format, Output, Terminal, Writer};
use clauselint::rule::Packs;
use clauselint::visible::visible;
use clauselint::walk::{Input, Origin, Part, may_hold_a_policy};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

/// Compares two files.
pub(super) fn diff(arguments: &Diff) -> Result<ExitCode, Error> {
    let is_stdin = |path: &Path| path.as_os_str() == "-";
    if is_stdin(&arguments.old) && is_stdin(&arguments.new) {
        return Err(Error::Usage("standard input cannot be both versions of a policy".to_owned()));
    }
    let mut configs = Configs::new(arguments.layer(), arguments.config.as_deref(), arguments.no_config)?;
    let path = config::absolute(if is_stdin(&arguments.new) { Path::new(&arguments.stdin_filename) } else { &arguments.new });
    let config = configs.of(&path)?;
    let packs = packs_of(std::slice::from_ref(&config))?;
    let outputs = outputs(&arguments.format)?;
    let reporters = reporters(&outputs, packs, arguments.quiet)?;
    let readers = Readers::new(packs);
    let settings = Settings { readers: &readers, today: today(), no_waivers: true, max_size: config.max_size().0.0, only_policies: false };
    let input = |path: &Path| {
        if is_stdin(path) {
            Input::new(Origin::Stdin, arguments.stdin_filename.clone(), true)
        } else {
            Input::new(Origin::File(path.to_owned()), path.to_string_lossy(), true)
        }
    };
    let old = input(&arguments.old).parts.into_iter().map(Version::Now).collect();
    let pair = Pair { old, new: Some(input(&arguments.new)), named: true, config, path };
    run(&[pair], &reporters, &outputs, "", arguments.exit_zero, 1, |pair| work(pair, &settings, None, &reporters))
}

/// Compares the policies of a plan with what they were at a revision.
pub(super) fn since(
    revision: &str,
    paths: &[PathBuf],
    plan: Plan,
    configs: &mut Configs,
    arguments: &Check,
    settings: &Settings<'_>,
) -> Result<ExitCode, Error> {
    let outputs = outputs(&arguments.format)?;
    let reporters = reporters(&outputs, settings.readers.packs(), arguments.quiet)?;
    let nothing = format!("no policy changed since {}", visible(revision));
    // A hook may have been handed nothing.
    let Some(first) = paths.first() else {
        return run(&[], &reporters, &outputs, &nothing, arguments.exit_zero, 1, |pair| work(pair, settings, None, &reporters));
    };
    let since = Since::new(folder(first), revision)?;
    let threads = plan.here.threads().0;
    let pairs = pairs(&since, paths, plan.tasks, configs)?;
    run(&pairs, &reporters, &outputs, &nothing, arguments.exit_zero, threads, |pair| work(pair, settings, Some(&since), &reporters))
}

/// The folder that a path is or lies in; it need not exist any more.
fn folder(path: &Path) -> &Path {
    let folder = path.ancestors().find(|folder| folder.is_dir());
    folder.unwrap_or(Path::new("."))
}

/// Two versions of a policy, not read yet.
struct Pair {
    /// The files of the old version; none where there was none.
    old: Vec<Version>,
    new: Option<Input>,
    /// Was it named by the user?
    named: bool,
    config: Arc<Config>,
    /// The absolute path that the configuration knows it by.
    path: PathBuf,
}

/// Where a file of an old version is.
enum Version {
    /// Where it can be read now: it did not change.
    Now(Part),
    /// In the history, at this path from the root of the repository on.
    Held(PathBuf),
}

/// What is there to compare: the policies of which a file changed, and those that were deleted.
fn pairs(since: &Since, paths: &[PathBuf], tasks: Vec<Task>, configs: &mut Configs) -> Result<Vec<Pair>, Error> {
    let mut pairs = Vec::new();
    let mut deleted = BTreeSet::new();
    for Task { input, config, path, .. } in tasks.into_iter().filter(|task| !task.excluded) {
        let mut old = Vec::new();
        let mut changed = false;
        for part in &input.parts {
            match &part.origin {
                Origin::Stdin => return Err(Error::Usage("standard input has no history to compare it with".to_owned())),
                Origin::File(file) if file.exists() => match since.history(file)? {
                    History::Unchanged => old.push(Version::Now(part.clone())),
                    History::New => changed = true,
                    History::Was(path) => {
                        old.push(Version::Held(path.to_owned()));
                        changed = true;
                    }
                },
                // What was deleted is found below; what never was fails as it would without a revision.
                Origin::File(file) if input.parts.len() == 1 && !since.deleted(file)?.is_empty() => {}
                Origin::File(_) | Origin::Memory(_) | Origin::Nowhere(_) => changed = true,
            }
        }
        if changed {
            pairs.push(Pair { old, named: input.named, new: Some(input), config, path });
        }
    }
    for path in paths {
        for old in since.deleted(path)? {
            // A folder that is gone was no file.
            let named = !path.is_dir() && old.file_name() == path.file_name();
            let place = config::absolute(Path::new(&since.name(old)));
            let config = configs.of(&place)?;
            if (named || may_hold_a_policy(old) && config.takes(&place)) && deleted.insert(old) {
                pairs.push(Pair { old: vec![Version::Held(old.to_owned())], new: None, named, config, path: place });
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
        let terms = pair.config.terms(&pair.path, settings.readers.packs());
        let old = old(pair, &terms, settings, since)?;
        let new = pair.new.as_ref().map_or(Ok(Err(None)), |input| linted(input, &terms, settings))?;
        if old.is_err() && new.is_err() {
            return Ok(Done::PassedOver);
        }
        let path = pair.new.as_ref().map(Input::name).unwrap_or_default();
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
    let name = pair.new.as_ref().map(|input| input.name().to_owned()).unwrap_or_default();
    let bug = |reason: String| Ok(Done::Failed(line(&name, &reason)));
    compared.unwrap_or_else(bug).unwrap_or_else(Done::Failed)
}

/// A version that is a policy, or why it is none; or a line that says why this cannot be known.
type Found = Result<Result<Box<Linted>, Option<PassedOver>>, String>;

/// The old version. One that cannot be linted is as good as none where the history holds it: nobody can mend it there.
fn old(pair: &Pair, terms: &Terms, settings: &Settings<'_>, since: Option<&Since>) -> Found {
    let mut parts = Vec::new();
    let mut historical = false;
    for version in &pair.old {
        match (version, since) {
            (Version::Now(part), _) => parts.push(part.clone()),
            (Version::Held(path), Some(since)) => {
                let name = since.name(path);
                let held = since.held(path, settings.max_size).map_err(|error| line(&name, &error.to_string()))?;
                let Some(bytes) = held else { return Ok(Err(Some(PassedOver::TooLarge))) };
                parts.push(Part { origin: Origin::Memory(bytes), name });
                historical = true;
            }
            (Version::Held(_), None) => {}
        }
    }
    if parts.is_empty() {
        return Ok(Err(None));
    }
    let found = linted(&Input { parts, named: pair.named }, terms, settings);
    if historical { Ok(found.unwrap_or(Err(None))) } else { found }
}

fn linted(input: &Input, terms: &Terms, settings: &Settings<'_>) -> Found {
    match lint(input, terms, settings) {
        Outcome::Linted(linted) => Ok(Ok(linted)),
        Outcome::PassedOver(why) => Ok(Err(Some(why))),
        Outcome::Failed(reason) => Err(line(input.name(), &reason)),
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

/// The outputs that were asked for; the formats of a configuration are meant for findings.
fn outputs(asked: &[Output]) -> Result<Vec<Output>, Error> {
    if asked.is_empty() { Ok(vec![Output { format: Format::Human, file: None }]) } else { apart(asked.to_vec()) }
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
