//! What each command does: the one place that writes to the terminal and decides on exit codes.

mod check;
mod config;
mod diff;

use crate::cli::{self, Command, ConfigCommand, Explain, Pack, Rule, RuleFormat};
use clauselint::baseline::BaselineError;
use clauselint::config::{Config, ConfigError};
use clauselint::document::Document;
use clauselint::engine;
use clauselint::git::GitError;
use clauselint::packs::{self, LoadError};
use clauselint::read;
use clauselint::report::{self, Format, Output, OutputError, Terminal, Writer};
use clauselint::rule::Packs;
use clauselint::rule::schema::{PackFile, Problem};
use clauselint::selection::Unknown;
use clauselint::selfcheck;
use clauselint::source::SourceFile;
use clauselint::visible::visible;
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

/// Findings.
const FINDINGS: u8 = 1;
/// Something that could not be read, linted or understood.
const TROUBLE: u8 = 2;
/// No larger file is explained, nor linted, whatever the settings are.
const LARGEST: u64 = 1 << 30;

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
    /// A revision that git could not show.
    #[error(transparent)]
    Git(#[from] GitError),
    /// A configuration that is of no use.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// A panic.
    #[error("{0}")]
    Bug(String),
}

/// Runs a command.
pub(crate) fn run(command: Command) -> Result<ExitCode, Error> {
    match command {
        Command::Check(arguments) => check::check(&arguments),
        Command::Diff(arguments) => diff::diff(&arguments),
        Command::Rule(arguments) => rule(&arguments),
        Command::Explain(arguments) => explain(&arguments),
        Command::Init(arguments) => config::init(&arguments),
        Command::Config(ConfigCommand::Show { path, config, no_config }) => config::show(path.as_deref(), config.as_deref(), no_config),
        Command::Config(ConfigCommand::Schema) => config::schema(),
        Command::Completions { shell } => print(&cli::completions(shell)).map(|()| ExitCode::SUCCESS),
        Command::Man { out } => man(out.as_deref()),
        Command::Pack(Pack::Check { dir }) => pack_check(&dir),
        Command::Pack(Pack::Test { dir }) => pack_test(&dir),
    }
}

/// Says on standard error why a command came to nothing.
pub(crate) fn complain(error: &Error) -> ExitCode {
    if let Error::Load(LoadError::Mistakes { problems, files }) | Error::Config(ConfigError::Mistakes { problems, files }) = error {
        say(&report::mistakes(problems, files, Terminal::stderr()));
    }
    say(&format!("clauselint: {}\n", visible(&error.to_string())));
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

/// Panics where a test of a debug build asks for it, to see what becomes of a bug.
fn trip(place: &str) {
    let asked = || std::env::var_os("CLAUSELINT_PANIC").is_some_and(|asked| asked == place);
    assert!(!(cfg!(debug_assertions) && asked()), "a test asked for it");
}

/// The packs that some configurations ask for; every name in them is known. They serve to the end of the process: to take them apart
/// would only hold it up.
fn packs_of(configs: &[Arc<Config>]) -> Result<&'static Packs, Error> {
    let mut folders: Vec<PathBuf> = Vec::new();
    for folder in configs.iter().flat_map(|config| config.packs()) {
        if !folders.iter().any(|known| known == folder) {
            folders.push(folder.to_owned());
        }
    }
    trip("packs");
    let packs = if folders.is_empty() { packs::built_in() } else { packs::with_folders(&folders)? };
    for config in configs {
        config.verify(&packs)?;
    }
    Ok(Box::leak(Box::new(packs)))
}

/// The outputs that a configuration asks for.
fn outputs(config: &Config) -> Result<Vec<Output>, Error> {
    let (asked, origin) = config.format();
    let read = asked.iter().map(|one| one.parse().map_err(|why| Error::Usage(format!("{origin}: \"{one}\": {why}"))));
    apart(read.collect::<Result<_, _>>()?)
}

/// Outputs as they are, since no two of them go to one place.
fn apart(outputs: Vec<Output>) -> Result<Vec<Output>, Error> {
    for (number, output) in outputs.iter().enumerate() {
        if outputs[..number].iter().any(|other| other.file == output.file) {
            let place = output.file.as_deref().map_or_else(|| "standard output".into(), Path::to_string_lossy);
            return Err(Error::Usage(format!(
                "two formats cannot both be written to {place}; give one of them a file: --format NAME=FILE"
            )));
        }
    }
    Ok(outputs)
}

/// The day on the calendar of Greenwich, so that one commit is judged alike everywhere: the only look at a clock in the program.
fn today() -> Date {
    Timestamp::now().to_zoned(TimeZone::UTC).date()
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

/// Prints the first page of the manual, or writes all of them.
fn man(folder: Option<&Path>) -> Result<ExitCode, Error> {
    let pages = cli::manual().map_err(|error| Error::Usage(format!("cannot write the manual: {error}")))?;
    match folder {
        None => pages.first().map_or(Ok(()), |(_, page)| print(page))?,
        Some(folder) => {
            let failed = |error| Error::Usage(format!("cannot write to {}: {error}", folder.display()));
            std::fs::create_dir_all(folder).map_err(failed)?;
            for (name, page) in &pages {
                report::write_whole(&folder.join(name), page)?;
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn explain(arguments: &Explain) -> Result<ExitCode, Error> {
    let (path, line) = &arguments.place;
    let name = path.to_string_lossy();
    let bytes = read::bytes(path, LARGEST).map_err(|error| Error::Usage(format!("cannot read {name}: {error}")))?;
    let source = SourceFile::decode(name.clone(), bytes).map_err(|error| Error::Usage(format!("{name}: {error}")))?;
    let span = (source.line(*line)).ok_or_else(|| Error::Usage(format!("{name} has no line {line}")))?;
    // The built-in packs keep no phrases: they are compiled anew.
    let packs = packs::with_folders(&arguments.pack)?;
    let document = Document::parse(&source);
    let seen = engine::explain(&packs, &document, span);
    if seen.is_empty() {
        say(&format!("clauselint: no rule saw anything in line {line} of {}\n", visible(&name)));
    }
    print(&report::explain(&source, &seen, Terminal::stdout()))?;
    Ok(ExitCode::SUCCESS)
}

fn pack_check(dir: &Path) -> Result<ExitCode, Error> {
    let (name, _, files) = own(dir)?;
    let rules = report::requirements(&files).len();
    print(&format!("{}: no mistakes in {rules} rules\n", visible(&name)))?;
    Ok(ExitCode::SUCCESS)
}

fn pack_test(dir: &Path) -> Result<ExitCode, Error> {
    let (name, packs, files) = own(dir)?;
    let failures = selfcheck::run(&packs, &files);
    if failures.is_empty() {
        print(&format!("{}: every example is judged as written\n", visible(&name)))?;
        return Ok(ExitCode::SUCCESS);
    }
    let problems: Vec<Problem> = (failures.into_iter())
        .map(|failure| Problem { path: failure.path, range: failure.range, message: failure.message, help: None })
        .collect();
    print(&report::mistakes(&problems, &files, Terminal::stdout()))?;
    let count = problems.len();
    say(&format!("clauselint: {}: {count} examples are not judged as written\n", visible(&name)));
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
