//! The command line: the only file that knows clap.

use clap::{Args, Parser, Subcommand, ValueEnum};
use clauselint::report::Output;
use clauselint::verdict::Severity;
use clauselint::waiver;
use jiff::civil::Date;
use std::path::PathBuf;
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
    /// Explain a requirement: law, reason, phrases, examples
    Rule(Rule),
    /// Show what each rule saw in a passage, and why it did or did not count
    Explain(Explain),
    /// Verify a pack of one's own
    #[command(subcommand)]
    Pack(Pack),
}

#[derive(Debug, Args)]
#[allow(clippy::struct_excessive_bools)] // each is a switch of its own
pub(crate) struct Check {
    /// Files and folders; `-` is standard input [default: the current folder]
    pub(crate) paths: Vec<PathBuf>,
    /// How to write results, to standard output or a file; may be given several times. Names: human, concise, json, json-lines, sarif,
    /// github, gitlab, junit, checkstyle, rdjson, markdown
    #[arg(long, value_name = "NAME[=FILE]")]
    pub(crate) format: Vec<Output>,
    /// Check only these packs or requirements: a name, an id, or the beginning of ids
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
    /// The least severity that makes the exit code 1
    #[arg(long, value_name = "SEVERITY", default_value = "error")]
    pub(crate) fail_on: FailOn,
    /// Exit with 1 when there are more warnings than this
    #[arg(long, value_name = "N")]
    pub(crate) max_warnings: Option<usize>,
    /// Exit with 0 in spite of findings
    #[arg(long)]
    pub(crate) exit_zero: bool,
    /// The least severity that is shown; what fails stays the same
    #[arg(long, value_name = "SEVERITY", default_value = "note")]
    pub(crate) min_severity: Level,
    /// Show findings, or the whole checklist
    #[arg(long, value_name = "WHAT", default_value = "findings")]
    pub(crate) show: Show,
    /// Pass over files that do not read as a privacy policy, even where they are named (for hooks)
    #[arg(long)]
    pub(crate) only_policies: bool,
    /// Read paths from a file, separated by NUL; `-` is standard input
    #[arg(long, value_name = "FILE")]
    pub(crate) files_from: Option<PathBuf>,
    /// How many threads to use; 0 means as many as there are processors
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) threads: usize,
    /// The largest file that is linted
    #[arg(long, value_name = "SIZE", default_value = "16MiB", value_parser = size)]
    pub(crate) max_size: u64,
    /// Show findings alone: no headings, no summary, no progress
    #[arg(long, short)]
    pub(crate) quiet: bool,
    /// Show counts by requirement and pack in the place of findings
    #[arg(long)]
    pub(crate) statistics: bool,
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

impl FailOn {
    /// The least severity that fails.
    pub(crate) fn severity(self) -> Option<Severity> {
        match self {
            Self::Error => Some(Severity::Error),
            Self::Warning => Some(Severity::Warning),
            Self::Note => Some(Severity::Note),
            Self::Never => None,
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
pub(crate) enum Show {
    Findings,
    All,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum RuleFormat {
    Text,
    Json,
}

/// Reads the command line; what ends the program at once (help, a mistake) is already written and comes as its exit code.
pub(crate) fn parse() -> Result<Arguments, ExitCode> {
    Arguments::try_parse().map_err(|error| {
        // Whoever closed the stream does not want to read it.
        let _ = error.print();
        if error.use_stderr() { ExitCode::from(2) } else { ExitCode::SUCCESS }
    })
}

/// "2027-01-31".
fn date(text: &str) -> Result<Date, String> {
    waiver::date(text).map_err(|why| format!("it {why}; a date is written as in 2027-01-31"))
}

/// "NAME=true".
fn fact(text: &str) -> Result<(String, bool), String> {
    match text.split_once('=') {
        Some((name, "true")) => Ok((name.to_owned(), true)),
        Some((name, "false")) => Ok((name.to_owned(), false)),
        _ => Err("a fact is declared as NAME=true or NAME=false".to_owned()),
    }
}

/// "16MiB", "500 KiB", "1000000".
fn size(text: &str) -> Result<u64, String> {
    let digits = text.trim_end_matches(|character: char| !character.is_ascii_digit());
    let unit = match text[digits.len()..].trim().to_ascii_lowercase().as_str() {
        "" | "b" => 1,
        "k" | "kb" | "kib" => 1 << 10,
        "m" | "mb" | "mib" => 1 << 20,
        "g" | "gb" | "gib" => 1 << 30,
        _ => return Err("a size is a number of bytes, KiB, MiB or GiB, such as 16MiB".to_owned()),
    };
    let number: u64 = digits.parse().map_err(|_| "a size begins with a number, such as 16MiB".to_owned())?;
    // Positions in a file are numbers of 32 bits.
    let bytes = number.checked_mul(unit).filter(|bytes| *bytes <= 1 << 30);
    bytes.ok_or_else(|| "no more than 1 GiB is linted".to_owned())
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
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_sound() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn values_are_read() {
        assert_eq!(size("16MiB"), Ok(16 << 20));
        assert_eq!(size("500 KiB"), Ok(500 << 10));
        assert_eq!(size("12"), Ok(12));
        for wrong in ["", "MiB", "1 mile", "99999999999GiB", "-1", "1.5MiB", "2GiB"] {
            assert!(size(wrong).is_err(), "{wrong}");
        }
        assert_eq!(fact("sends-mail=true"), Ok(("sends-mail".to_owned(), true)));
        assert!(fact("sends-mail").is_err() && fact("sends-mail=yes").is_err());
        assert_eq!(place("C:\\a.md:3"), Ok((PathBuf::from("C:\\a.md"), 3)));
        assert!(place("a.md").is_err() && place("a.md:0").is_err() && place(":3").is_err());
    }
}
