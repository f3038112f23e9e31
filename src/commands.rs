//! What each command does: the one place that writes to the terminal and decides on exit codes.

use crate::cli::{Check, Command, Explain, Pack, Rule, RuleFormat, Show};
use clauselint::baseline::{Baseline, BaselineError, Ledger};
use clauselint::document::Document;
use clauselint::engine::{self, Reading};
use clauselint::lint::{Outcome, PassedOver, Settings, guarded, in_order, lint};
use clauselint::packs::{self, LoadError};
use clauselint::report::{self, Format, Output, OutputError, Reporter, Tally, Terminal, View, Writer};
use clauselint::rule::Packs;
use clauselint::rule::schema::{PackFile, Problem};
use clauselint::selection::{Unknown, select};
use clauselint::selfcheck;
use clauselint::source::SourceFile;
use clauselint::verdict::{Judged, Severity};
use clauselint::waiver::Waivers;
use clauselint::walk::{self, Input};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Findings.
const FINDINGS: u8 = 1;
/// Something that could not be read, linted or understood.
const TROUBLE: u8 = 2;
/// Below this many inputs, progress is not worth showing.
const MANY: usize = 20;

/// Why a command came to nothing.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// Arguments that do not go together.
    #[error("{0}")]
    Usage(String),
    /// A name that no pack knows.
    #[error(transparent)]
    Unknown(#[from] Unknown),
    /// Packs that could not be loaded.
    #[error(transparent)]
    Load(#[from] LoadError),
    /// A baseline that could not be read.
    #[error(transparent)]
    Baseline(#[from] BaselineError),
    /// Results that could not be written.
    #[error(transparent)]
    Output(#[from] OutputError),
    /// A panic.
    #[error("{0}")]
    Bug(String),
}

/// Runs a command.
pub(crate) fn run(command: Command) -> Result<ExitCode, Error> {
    match command {
        Command::Check(arguments) => check(&arguments),
        Command::Rule(arguments) => rule(&arguments),
        Command::Explain(arguments) => explain(&arguments),
        Command::Pack(Pack::Check { dir }) => pack_check(&dir),
        Command::Pack(Pack::Test { dir }) => pack_test(&dir),
    }
}

/// Says on standard error why a command came to nothing.
pub(crate) fn complain(error: &Error) -> ExitCode {
    if let Error::Load(LoadError::Mistakes { problems, files }) = error {
        say(&report::mistakes(problems, files, Terminal::stderr()));
    }
    say(&format!("clauselint: {error}\n"));
    ExitCode::from(TROUBLE)
}

/// Writes to standard error; there is nowhere to say that it failed.
fn say(text: &str) {
    let _ = io::stderr().write_all(text.as_bytes());
}

/// Writes the whole result of a command to standard output.
fn print(text: &str) -> Result<(), Error> {
    let mut writer = Writer::open(&Output { format: Format::Human, file: None })?;
    writer.write(text)?;
    Ok(writer.finish()?)
}

/// The built-in packs, alone or with those of folders.
fn load(folders: &[PathBuf]) -> Result<Packs, Error> {
    if folders.is_empty() { Ok(packs::built_in()) } else { Ok(packs::with_folders(folders)?) }
}

/// What a worker hands back of one input: the policy is gone by then.
struct Done {
    /// For each output, what is said of the policy.
    texts: Vec<String>,
    outcome: Brief,
}

/// What became of an input.
enum Brief {
    Linted {
        /// The name of the policy.
        name: String,
        judged: Judged,
        /// How many notices there are.
        notices: usize,
    },
    PassedOver(PassedOver),
    /// A line for standard error.
    Failed(String),
}

fn check(arguments: &Check) -> Result<ExitCode, Error> {
    let packs = load(&arguments.pack)?;
    let selected = select(&packs, &arguments.select, &arguments.ignore)?;
    let facts = declared(&packs, &arguments.fact)?;
    let outputs = outputs(&arguments.format)?;
    let baseline = baseline(arguments)?;
    let paths = paths(arguments)?;
    let found = walk::inputs(&paths, &arguments.stdin_filename);
    let settings = Settings {
        packs: &packs,
        selected: &selected,
        facts: &facts,
        waivers: (!arguments.no_waivers).then(|| Waivers { configured: &[], today: arguments.as_of.unwrap_or_else(today) }),
        max_size: arguments.max_size,
        only_policies: arguments.only_policies,
    };
    let reporters: Vec<Reporter<'_>> = outputs.iter().map(|output| reporter(output, &packs, arguments)).collect();
    let mut writers = outputs.iter().map(Writer::open).collect::<Result<Vec<_>, _>>()?;
    for (writer, reporter) in writers.iter_mut().zip(&reporters) {
        writer.write(&reporter.begin())?;
    }

    let bar = progress(found.inputs.len(), arguments.quiet);
    let mut tally = Tally::default();
    let mut ledger = baseline.as_ref().map(|baseline| Ledger::new(baseline, &packs));
    let mut failed = false;
    let mut written = Ok(());
    in_order(
        &found.inputs,
        arguments.threads,
        |input| {
            let done = work(input, &settings, baseline.as_ref(), &reporters);
            bar.inc(1);
            done
        },
        |done| match done.outcome {
            Brief::Linted { name, judged, notices } => {
                let first = tally.policies == 0;
                tally.add(&judged);
                tally.notice(notices);
                if let Some(ledger) = &mut ledger {
                    ledger.add(&name, &judged);
                }
                if written.is_ok() {
                    written = bar.suspend(|| write(&mut writers, &reporters, &done.texts, first));
                }
            }
            Brief::PassedOver(why) => tally.pass_over(why),
            Brief::Failed(line) => {
                failed = true;
                bar.suspend(|| say(&line));
            }
        },
    );
    bar.finish_and_clear();
    written?;
    for (mut writer, reporter) in writers.into_iter().zip(&reporters) {
        writer.write(&reporter.end(&tally))?;
        writer.finish()?;
    }
    if let Some(ledger) = ledger {
        close(ledger, arguments)?;
    }
    if found.walked && tally.policies == 0 && !failed {
        say("clauselint: no policy was found\n");
        failed = true;
    }
    Ok(ExitCode::from(verdict(arguments, &tally, failed)))
}

/// The baseline that was asked for.
fn baseline(arguments: &Check) -> Result<Option<Baseline>, Error> {
    if arguments.update_baseline && arguments.baseline.is_none() {
        return Err(Error::Usage("--update-baseline needs --baseline FILE".to_owned()));
    }
    Ok(arguments.baseline.as_deref().map(|place| Baseline::open(place, arguments.update_baseline)).transpose()?)
}

/// Writes the baseline, where that was asked for, and says what of it is stale.
fn close(ledger: Ledger<'_>, arguments: &Check) -> Result<(), Error> {
    let closed = ledger.close();
    let stale = closed.stale.len();
    let mut text = String::new();
    if arguments.update_baseline {
        closed.write()?;
        let (all, new) = closed.counts();
        text = format!("clauselint: findings in the baseline: {all}; new: {new}; stale and removed: {stale}\n");
    } else if stale > 0 {
        text = format!("clauselint: stale entries of the baseline, which --update-baseline removes: {stale}\n");
    }
    text.extend(closed.stale.iter().map(|entry| format!("  {} {}\n", report::visible(&entry.path), report::visible(&entry.rule))));
    if !arguments.quiet {
        say(&text);
    }
    Ok(())
}

/// The day on the calendar of Greenwich, so that one commit is judged alike everywhere: the only look at a clock in the program.
fn today() -> Date {
    Timestamp::now().to_zoned(TimeZone::UTC).date()
}

/// Lints an input and writes what the reports say of it.
fn work(input: &Input, settings: &Settings<'_>, baseline: Option<&Baseline>, reporters: &[Reporter<'_>]) -> Done {
    let failed = |reason: String| Done {
        texts: Vec::new(),
        outcome: Brief::Failed(format!("clauselint: {}: {}\n", report::visible(&input.name), report::visible(&reason))),
    };
    match lint(input, settings) {
        Outcome::Linted(mut linted) => {
            if let Some(baseline) = baseline {
                baseline.excuse(settings.packs, &linted.policy, &mut linted.judged);
            }
            let texts = guarded(|| reporters.iter().map(|reporter| reporter.policy(&linted)).collect());
            let name = linted.policy.name().to_owned();
            let outcome = Brief::Linted { name, judged: linted.judged, notices: linted.notices.len() };
            texts.map_or_else(failed, |texts| Done { texts, outcome })
        }
        Outcome::PassedOver(why) => Done { texts: Vec::new(), outcome: Brief::PassedOver(why) },
        Outcome::Failed(reason) => failed(reason),
    }
}

fn write(writers: &mut [Writer], reporters: &[Reporter<'_>], texts: &[String], first: bool) -> Result<(), OutputError> {
    for ((writer, reporter), text) in writers.iter_mut().zip(reporters).zip(texts) {
        if !first {
            writer.write(reporter.between())?;
        }
        writer.write(text)?;
        writer.flush()?;
    }
    Ok(())
}

/// The exit code of `check`.
fn verdict(arguments: &Check, tally: &Tally, failed: bool) -> u8 {
    let findings = arguments.fail_on.severity().is_some_and(|least| tally.has_findings(least));
    let warnings = arguments.max_warnings.is_some_and(|most| tally.findings(Severity::Warning) > most);
    if failed {
        TROUBLE
    } else if (findings || warnings) && !arguments.exit_zero {
        FINDINGS
    } else {
        0
    }
}

/// The facts that were declared, by their index; of two values for one the last counts.
fn declared(packs: &Packs, facts: &[(String, bool)]) -> Result<Vec<(usize, bool)>, Error> {
    let mut declared: Vec<(usize, bool)> = Vec::new();
    for (name, value) in facts {
        let fact = packs.fact(name).ok_or_else(|| {
            let known = packs.facts.iter().map(|fact| fact.name.as_str());
            Unknown::new("fact", name, known)
        })?;
        declared.retain(|(known, _)| *known != fact);
        declared.push((fact, *value));
    }
    Ok(declared)
}

/// The outputs that were asked for; two of them cannot go to one place.
fn outputs(asked: &[Output]) -> Result<Vec<Output>, Error> {
    if asked.is_empty() {
        return Ok(vec![Output { format: Format::Human, file: None }]);
    }
    for (at, output) in asked.iter().enumerate() {
        if asked[..at].iter().any(|other| other.file == output.file) {
            let place = output.file.as_deref().map_or_else(|| "standard output".into(), Path::to_string_lossy);
            return Err(Error::Usage(format!(
                "two formats cannot both be written to {place}; give one of them a file: --format NAME=FILE"
            )));
        }
    }
    Ok(asked.to_vec())
}

fn reporter<'a>(output: &Output, packs: &'a Packs, arguments: &Check) -> Reporter<'a> {
    Reporter {
        format: output.format,
        packs,
        view: View {
            min_severity: arguments.min_severity.into(),
            all: arguments.show == Show::All,
            quiet: arguments.quiet,
            statistics: arguments.statistics,
        },
        terminal: if output.file.is_some() { Terminal::file() } else { Terminal::stdout() },
    }
}

/// The paths to lint: those that were named, then those of the list; the current folder where neither was given.
fn paths(arguments: &Check) -> Result<Vec<PathBuf>, Error> {
    let mut paths = arguments.paths.clone();
    let Some(list) = &arguments.files_from else {
        if paths.is_empty() {
            paths.push(PathBuf::from("."));
        }
        return Ok(paths);
    };
    let mut bytes = Vec::new();
    let read = if list.as_os_str() == "-" {
        if paths.iter().any(|path| path.as_os_str() == "-") {
            return Err(Error::Usage("standard input cannot be both a policy and the list of files".to_owned()));
        }
        io::stdin().lock().read_to_end(&mut bytes).map(drop)
    } else {
        std::fs::read(list).map(|read| bytes = read)
    };
    read.map_err(|error| Error::Usage(format!("cannot read {}: {error}", list.display())))?;
    let named = bytes.split(|byte| *byte == 0).filter(|name| !name.is_empty());
    paths.extend(named.map(path));
    Ok(paths)
}

#[cfg(unix)]
fn path(bytes: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStrExt;
    PathBuf::from(std::ffi::OsStr::from_bytes(bytes))
}

#[cfg(not(unix))]
fn path(bytes: &[u8]) -> PathBuf {
    PathBuf::from(String::from_utf8_lossy(bytes).into_owned())
}

/// Shows how far a long run is, where someone is looking.
fn progress(inputs: usize, quiet: bool) -> ProgressBar {
    if quiet || inputs < MANY {
        return ProgressBar::hidden();
    }
    // Drawn on standard error, and only on a terminal: indicatif sees to that.
    let bar = ProgressBar::with_draw_target(Some(inputs as u64), ProgressDrawTarget::stderr());
    match ProgressStyle::with_template("{bar:40} {pos}/{len} {eta}") {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}

fn rule(arguments: &Rule) -> Result<ExitCode, Error> {
    let all = report::requirements(&packs::built_in_files());
    let chosen: Vec<_> = match &arguments.id {
        None => all.iter().collect(),
        Some(id) => {
            let known = all.iter().map(|requirement| requirement.id.as_str());
            let unknown = || Unknown::new("requirement", id, known);
            vec![all.iter().find(|requirement| requirement.id == *id).ok_or_else(unknown)?]
        }
    };
    let text = match arguments.format {
        RuleFormat::Text => chosen.iter().map(|requirement| requirement.text()).collect::<Vec<_>>().join("\n\n"),
        // An object for one that was asked for, an array for all.
        RuleFormat::Json if arguments.all => report::requirements_json(&chosen),
        RuleFormat::Json => chosen.iter().map(|requirement| requirement.json()).collect(),
    };
    print(&text)?;
    Ok(ExitCode::SUCCESS)
}

fn explain(arguments: &Explain) -> Result<ExitCode, Error> {
    let (path, line) = &arguments.place;
    let name = path.to_string_lossy();
    let bytes = std::fs::read(path).map_err(|error| Error::Usage(format!("cannot read {name}: {error}")))?;
    let source = SourceFile::decode(name.clone(), bytes).map_err(|error| Error::Usage(format!("{name}: {error}")))?;
    let span = (source.line(*line)).ok_or_else(|| Error::Usage(format!("{name} has no line {line}")))?;
    // The built-in packs keep no phrases: they are compiled anew.
    let packs = packs::with_folders(&arguments.pack)?;
    let document = Document::parse(&source);
    let seen = engine::explain(&packs, &Reading::new(&packs, &document), span);
    if seen.is_empty() {
        say(&format!("clauselint: no rule saw anything in line {line} of {name}\n"));
    }
    print(&report::explain(&source, &seen, Terminal::stdout()))?;
    Ok(ExitCode::SUCCESS)
}

fn pack_check(dir: &Path) -> Result<ExitCode, Error> {
    let (name, _, files) = own(dir)?;
    let rules = report::requirements(&files).len();
    print(&format!("{name}: no mistakes in {rules} rules\n"))?;
    Ok(ExitCode::SUCCESS)
}

fn pack_test(dir: &Path) -> Result<ExitCode, Error> {
    let (name, packs, files) = own(dir)?;
    let failures = selfcheck::run(&packs, &files);
    if failures.is_empty() {
        print(&format!("{name}: every example is judged as written\n"))?;
        return Ok(ExitCode::SUCCESS);
    }
    let problems: Vec<Problem> = (failures.into_iter())
        .map(|failure| Problem { path: failure.path, range: failure.range, message: failure.message, help: None })
        .collect();
    print(&report::mistakes(&problems, &files, Terminal::stdout()))?;
    let count = problems.len();
    say(&format!("clauselint: {name}: {count} examples are not judged as written\n"));
    Ok(ExitCode::from(FINDINGS))
}

/// The pack of a folder, compiled with the built-in ones: its name, all packs, and its own files.
fn own(dir: &Path) -> Result<(String, Packs, Vec<PackFile>), Error> {
    let packs = packs::with_folders(&[dir.to_owned()])?;
    let (name, files) = packs::read_folder(dir)?;
    if files.is_empty() {
        return Err(Error::Usage(format!("{} holds no YAML files", dir.display())));
    }
    Ok((name, packs, files))
}
