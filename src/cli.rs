//! The command line: the only file that knows clap.

use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use clauselint::config::{self, Patterns, Size, WrittenConfig};
use clauselint::report::Output;
use clauselint::rule::schema::OneOrMany;
use clauselint::verdict::{Confidence, Severity};
use clauselint::waiver;
use jiff::civil::Date;
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// A linter for privacy policies.
#[derive(Debug, Parser)]
#[command(name = "clauselint", version, about, max_term_width = 100)]
#[command(after_help = "Exit codes: 0 nothing at or above --fail-on; 1 findings; 2 something could not be read, linted or understood.")]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Lint files and folders
    Check(Box<Check>),
    /// Compare the disclosures of two versions of a policy
    Diff(Diff),
    /// Explain a requirement: law, reason, phrases, examples
    Rule(Rule),
    /// Show what each rule saw in a passage, and why it did or did not count
    Explain(Explain),
    /// Verify a pack of one's own
    #[command(subcommand)]
    Pack(Pack),
    /// Write a commented configuration with the facts that the policies here show
    Init(Init),
    /// Look at the configuration
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Print what a shell needs to complete command lines
    Completions {
        /// The shell
        shell: Shell,
    },
    /// Print the manual page
    Man {
        /// Write the pages of all commands into this folder, in the place of the first one to standard output
        #[arg(long, value_name = "DIR")]
        out: Option<PathBuf>,
    },
}

#[derive(Debug, Args)]
pub(crate) struct Init {
    /// The folder that it is for
    #[arg(default_value = ".")]
    pub(crate) folder: PathBuf,
    /// Write to standard output in the place of clauselint.yaml
    #[arg(long)]
    pub(crate) stdout: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ConfigCommand {
    /// Print what is in force, and where each value comes from
    Show {
        /// The file that it is in force for [default: those of the current folder]
        path: Option<PathBuf>,
        /// Use this configuration
        #[arg(long, value_name = "FILE", conflicts_with = "no_config")]
        config: Option<PathBuf>,
        /// Use no configuration
        #[arg(long)]
        no_config: bool,
    },
    /// Print the JSON Schema of the configuration
    Schema,
}

/// Which requirements are asked for, and what is known of the policies.
#[derive(Debug, Args)]
pub(crate) struct Choice {
    /// Check only these packs or requirements: a name, an id, the beginning of ids, or a citation such as "16 CFR 312.4"
    #[arg(long, value_name = "SELECTOR", value_delimiter = ',')]
    pub(crate) select: Vec<String>,
    /// Leave out these packs or requirements
    #[arg(long, value_name = "SELECTOR", value_delimiter = ',')]
    pub(crate) ignore: Vec<String>,
    /// Add the pack of a folder; it replaces a built-in one of the same name
    #[arg(long, value_name = "DIR")]
    pub(crate) pack: Vec<PathBuf>,
    /// Declare a fact about the policies; it wins over what they say
    #[arg(long, value_name = "NAME=true|false", value_parser = fact)]
    pub(crate) fact: Vec<(String, bool)>,
}

#[derive(Debug, Args)]
#[allow(clippy::struct_excessive_bools)] // each is a switch of its own
pub(crate) struct Check {
    /// Files and folders; `-` is standard input [default: the current folder]
    pub(crate) paths: Vec<PathBuf>,
    /// How to write results, to standard output or a file; may be given several times [default: human]. Names: human, concise, json,
    /// json-lines, sarif, github, gitlab, junit, checkstyle, rdjson, markdown
    #[arg(long, value_name = "NAME[=FILE]")]
    pub(crate) format: Vec<Output>,
    #[command(flatten)]
    pub(crate) choice: Choice,
    /// Lint only these files, in folders: patterns as in .gitignore
    #[arg(long, value_name = "PATTERN", value_parser = pattern)]
    pub(crate) include: Vec<String>,
    /// Pass over these files, in folders and under --only-policies: patterns as in .gitignore
    #[arg(long, value_name = "PATTERN", value_parser = pattern)]
    pub(crate) exclude: Vec<String>,
    /// Use this configuration for every file, in the place of the closest clauselint.yaml above each
    #[arg(long, value_name = "FILE", conflicts_with = "no_config")]
    pub(crate) config: Option<PathBuf>,
    /// Use no configuration
    #[arg(long)]
    pub(crate) no_config: bool,
    /// List the files that would be linted, and lint none
    #[arg(long, conflicts_with = "since")]
    pub(crate) show_files: bool,
    /// The day on which the policies are judged [default: today, in UTC]
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub(crate) as_of: Option<Date>,
    /// Let no waiver hold (for auditors)
    #[arg(long)]
    pub(crate) no_waivers: bool,
    /// Let findings that stand in this file not count
    #[arg(long, value_name = "FILE")]
    pub(crate) baseline: Option<PathBuf>,
    /// Write the baseline anew: with the findings there are, without those that are fixed
    #[arg(long)]
    pub(crate) update_baseline: bool,
    /// The least severity that makes the exit code 1 [default: error]
    #[arg(long, value_name = "SEVERITY")]
    pub(crate) fail_on: Option<FailOn>,
    /// Exit with 1 when there are more warnings than this
    #[arg(long, value_name = "N")]
    pub(crate) max_warnings: Option<usize>,
    /// Exit with 0 in spite of findings
    #[arg(long)]
    pub(crate) exit_zero: bool,
    /// The least severity that is shown; what fails stays the same [default: note]
    #[arg(long, value_name = "SEVERITY")]
    pub(crate) min_severity: Option<Level>,
    /// The least confidence that is shown and that fails; formats for programs keep all [default: low]
    #[arg(long, value_name = "CONFIDENCE")]
    pub(crate) min_confidence: Option<Trust>,
    /// Show findings, or the whole checklist [default: findings]
    #[arg(long, value_name = "WHAT")]
    pub(crate) show: Option<Show>,
    /// Pass over files that do not read as a privacy policy, even where they are named (for hooks)
    #[arg(long, value_name = "true|false", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    pub(crate) only_policies: Option<bool>,
    /// Read paths from a file, separated by NUL; `-` is standard input
    #[arg(long, value_name = "FILE")]
    pub(crate) files_from: Option<PathBuf>,
    /// How many threads to use; 0 means as many as there are processors [default: 0]
    #[arg(long, value_name = "N")]
    pub(crate) threads: Option<usize>,
    /// The largest file that is linted [default: 16 MiB]
    #[arg(long, value_name = "SIZE")]
    pub(crate) max_size: Option<Size>,
    /// Show findings alone: no headings, no summary, no progress
    #[arg(long, short)]
    pub(crate) quiet: bool,
    /// Show counts by requirement and pack in the place of findings
    #[arg(long)]
    pub(crate) statistics: bool,
    /// Compare files with what they were at a git revision, in the place of findings
    ///
    /// Only files that changed since then count, with what is not committed or not tracked yet; a renamed file is compared with what it was
    /// under its old name, or with a deleted one of the same name elsewhere. A new policy has lost nothing, a deleted one everything. Exits with 1 when
    /// something was lost or weakened, whatever findings there are. Written as human, json or markdown.
    #[arg(long, value_name = "REV", conflicts_with_all = ["fail_on", "max_warnings", "min_severity", "min_confidence", "show", "statistics", "baseline"])]
    pub(crate) since: Option<String>,
    /// What to call standard input; the ending tells its format
    #[arg(long, value_name = "NAME", default_value = "<stdin>")]
    pub(crate) stdin_filename: String,
}

#[derive(Debug, Args)]
#[command(after_help = "Exit codes: 0 nothing was lost or weakened; 1 something was; 2 something could not be read, linted or understood.")]
pub(crate) struct Diff {
    /// The policy as it was; `-` is standard input
    pub(crate) old: PathBuf,
    /// The policy as it is; `-` is standard input
    pub(crate) new: PathBuf,
    /// How to write differences: human, json or markdown, to standard output or a file; may be given several times
    #[arg(long, value_name = "NAME[=FILE]")]
    pub(crate) format: Vec<Output>,
    #[command(flatten)]
    pub(crate) choice: Choice,
    /// Use this configuration, in the place of the closest clauselint.yaml above the new version
    #[arg(long, value_name = "FILE", conflicts_with = "no_config")]
    pub(crate) config: Option<PathBuf>,
    /// Use no configuration
    #[arg(long)]
    pub(crate) no_config: bool,
    /// Exit with 0 in spite of what was lost or weakened
    #[arg(long)]
    pub(crate) exit_zero: bool,
    /// The largest file that is linted [default: 16 MiB]
    #[arg(long, value_name = "SIZE")]
    pub(crate) max_size: Option<Size>,
    /// Show differences alone: no titles, no summary
    #[arg(long, short)]
    pub(crate) quiet: bool,
    /// What to call standard input; the ending tells its format
    #[arg(long, value_name = "NAME", default_value = "<stdin>")]
    pub(crate) stdin_filename: String,
}

#[derive(Debug, Args)]
pub(crate) struct Rule {
    /// The requirement's id
    #[arg(required_unless_present = "all")]
    pub(crate) id: Option<String>,
    /// Explain every requirement
    #[arg(long, conflicts_with = "id")]
    pub(crate) all: bool,
    /// How to write it
    #[arg(long, value_name = "NAME", default_value = "text")]
    pub(crate) format: RuleFormat,
}

#[derive(Debug, Args)]
pub(crate) struct Explain {
    /// A line of a policy
    #[arg(value_name = "FILE:LINE", value_parser = place)]
    pub(crate) place: (PathBuf, usize),
    /// Add the pack of a folder
    #[arg(long, value_name = "DIR")]
    pub(crate) pack: Vec<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Pack {
    /// Show every mistake in a pack at its line
    Check {
        /// The pack's folder
        dir: PathBuf,
    },
    /// Judge the examples of a pack
    Test {
        /// The pack's folder
        dir: PathBuf,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum FailOn {
    Error,
    Warning,
    Note,
    Never,
}

impl From<FailOn> for config::FailOn {
    fn from(fail_on: FailOn) -> Self {
        match fail_on {
            FailOn::Error => Self::Error,
            FailOn::Warning => Self::Warning,
            FailOn::Note => Self::Note,
            FailOn::Never => Self::Never,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Level {
    Error,
    Warning,
    Note,
}

impl From<Level> for Severity {
    fn from(level: Level) -> Self {
        match level {
            Level::Error => Self::Error,
            Level::Warning => Self::Warning,
            Level::Note => Self::Note,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Trust {
    High,
    Medium,
    Low,
}

impl From<Trust> for Confidence {
    fn from(trust: Trust) -> Self {
        match trust {
            Trust::High => Self::High,
            Trust::Medium => Self::Medium,
            Trust::Low => Self::Low,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Show {
    Findings,
    All,
}

impl From<Show> for config::Show {
    fn from(show: Show) -> Self {
        match show {
            Show::Findings => Self::Findings,
            Show::All => Self::All,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum RuleFormat {
    Text,
    Json,
}

impl Choice {
    /// The choice as a layer of configuration.
    fn layer(&self) -> WrittenConfig {
        let list = |items: Vec<String>| OneOrMany { items, list: true };
        WrittenConfig {
            packs: list(self.pack.iter().map(|folder| folder.to_string_lossy().into_owned()).collect()),
            select: list(self.select.clone()),
            ignore: list(self.ignore.clone()),
            // Of two values for one fact the last counts.
            facts: self.fact.iter().cloned().collect(),
            ..WrittenConfig::default()
        }
    }
}

impl Check {
    /// The options as a layer of configuration, on top of every file's.
    pub(crate) fn layer(&self) -> WrittenConfig {
        let list = |items: Vec<String>| OneOrMany { items, list: true };
        WrittenConfig {
            fail_on: self.fail_on.map(Into::into),
            max_warnings: self.max_warnings,
            min_severity: self.min_severity.map(Into::into),
            min_confidence: self.min_confidence.map(Into::into),
            show: self.show.map(Into::into),
            only_policies: self.only_policies,
            format: list(self.format.iter().map(ToString::to_string).collect()),
            threads: self.threads,
            max_size: self.max_size,
            baseline: self.baseline.as_ref().map(|file| file.to_string_lossy().into_owned()),
            include: list(self.include.clone()),
            exclude: list(self.exclude.clone()),
            ..self.choice.layer()
        }
    }
}

impl Diff {
    /// The options as a layer of configuration.
    pub(crate) fn layer(&self) -> WrittenConfig {
        WrittenConfig { max_size: self.max_size, ..self.choice.layer() }
    }
}

/// Reads the command line; what ends the program at once (help, a mistake) is already written and comes as its exit code.
pub(crate) fn parse() -> Result<Arguments, ExitCode> {
    Arguments::try_parse().map_err(|error| {
        // Whoever closed the stream does not want to read it.
        let _ = error.print();
        if error.use_stderr() { ExitCode::from(2) } else { ExitCode::SUCCESS }
    })
}

/// What a shell needs to complete command lines.
pub(crate) fn completions(shell: Shell) -> String {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "clauselint", &mut script);
    String::from_utf8_lossy(&script).into_owned()
}

/// The manual: the name of each page with its text, that of the program first.
pub(crate) fn manual() -> io::Result<Vec<(String, String)>> {
    let mut program = Arguments::command().disable_help_subcommand(true);
    program.build();
    let mut pages = Vec::new();
    let mut commands = vec![program];
    while let Some(command) = commands.pop() {
        commands.extend(command.get_subcommands().cloned());
        let page = clap_mangen::Man::new(command);
        let mut text = Vec::new();
        page.render(&mut text)?;
        pages.push((page.get_filename(), String::from_utf8_lossy(&text).into_owned()));
    }
    Ok(pages)
}

/// "2027-01-31".
fn date(text: &str) -> Result<Date, String> {
    waiver::date(text).map_err(|why| format!("it {why}; a date is written as in 2027-01-31"))
}

/// A pattern of files.
fn pattern(text: &str) -> Result<String, String> {
    let read = Patterns::new(Path::new("."), &[text.to_owned()]);
    read.map(|_| text.to_owned()).map_err(|(_, why)| why)
}

/// "NAME=true".
fn fact(text: &str) -> Result<(String, bool), String> {
    match text.split_once('=') {
        Some((name, "true")) => Ok((name.to_owned(), true)),
        Some((name, "false")) => Ok((name.to_owned(), false)),
        _ => Err("a fact is declared as NAME=true or NAME=false".to_owned()),
    }
}

/// "<FILE:LINE>".
fn place(text: &str) -> Result<(PathBuf, usize), String> {
    text.rsplit_once(':')
        .filter(|(file, _)| !file.is_empty())
        .and_then(|(file, line)| Some((PathBuf::from(file), line.parse().ok().filter(|line| *line > 0)?)))
        .ok_or_else(|| "a place is a file and the number of a line, such as privacy.md:31".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn values_are_read() {
        assert_eq!(fact("sends-mail=true"), Ok(("sends-mail".to_owned(), true)));
        assert!(fact("sends-mail").is_err() && fact("sends-mail=yes").is_err());
        assert_eq!(place("C:\\a.md:3"), Ok((PathBuf::from("C:\\a.md"), 3)));
        assert!(place("a.md").is_err() && place("a.md:0").is_err() && place(":3").is_err());
    }
}
