//! What `check` does: lints the policies of a plan, writes reports while it goes on, and comes to an exit code.

use super::{Error, FINDINGS, TROUBLE, diff, outputs, packs_of, print, say, today, trip};
use crate::cli::Check;
use clauselint::baseline::{Baseline, Ledger};
use clauselint::config::{Configs, Show};
use clauselint::engine::Readers;
use clauselint::lint::{Outcome, PassedOver, Settings, guarded, in_order, lint};
use clauselint::plan::{Plan, Task};
use clauselint::read;
use clauselint::report::{Format, Output, Part, Report, Reporter, Tally, Terminal, View};
use clauselint::rule::Packs;
use clauselint::verdict::{Judged, Severity};
use clauselint::visible::visible;
use clauselint::waiver::{Configured, Met, Waivers};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::fmt::Write as _;
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Below this many inputs, progress is not worth showing.
const MANY: usize = 20;

/// What a worker hands back of one input: the policy is gone by then.
struct Done {
    /// For each report, what is said of the policy.
    parts: Vec<Part>,
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
        /// The least severity that fails.
        fail_on: Option<Severity>,
        /// The waivers of its configuration.
        waivers: Vec<Configured>,
        /// For each rule: was it asked for?
        selected: Vec<bool>,
    },
    PassedOver(PassedOver),
    /// A line for standard error.
    Failed(String),
}

pub(super) fn check(arguments: &Check) -> Result<ExitCode, Error> {
    let mut configs = Configs::new(arguments.layer(), arguments.config.as_deref(), arguments.no_config)?;
    let paths = paths(arguments)?;
    let plan = Plan::new(&paths, &arguments.stdin_filename, &mut configs)?;
    if arguments.show_files {
        return show_files(&plan);
    }
    let here = &plan.here;
    let packs = packs_of(&plan.configs())?;
    // Many policies keep every thread busy; one alone is shared among them.
    let readers = Readers::new(packs).together(if plan.tasks.len() > 1 { 1 } else { here.threads().0 });
    let settings = Settings {
        readers: &readers,
        today: arguments.as_of.unwrap_or_else(today),
        no_waivers: arguments.no_waivers,
        max_size: here.max_size().0.0,
        only_policies: here.only_policies().0,
    };
    if let Some(revision) = &arguments.since {
        return diff::since(revision, &paths, plan, &mut configs, arguments, &settings);
    }
    let outputs = outputs(here)?;
    let baseline = baseline(arguments, here.baseline().0.as_deref())?;
    let view = View {
        min_severity: here.min_severity().0,
        min_confidence: here.min_confidence().0,
        all: here.shown().0 == Show::All,
        quiet: arguments.quiet,
        statistics: arguments.statistics,
    };
    let reporters: Vec<Reporter<'_>> = outputs.iter().map(|output| reporter(output, packs, view)).collect();
    let mut reports =
        outputs.iter().zip(&reporters).map(|(output, reporter)| Report::open(output, *reporter)).collect::<Result<Vec<_>, _>>()?;
    reports.extend(job_summary(&reporters));
    let reporters: Vec<Reporter<'_>> = reports.iter().map(Report::reporter).collect();

    let bar = progress(plan.tasks.len(), arguments.quiet);
    let mut tally = Tally::trusting(view.min_confidence);
    let mut ledger = baseline.as_ref().map(|baseline| Ledger::new(baseline, packs));
    let mut review = Review::default();
    let (mut failed, mut findings) = (false, false);
    let mut written = Ok(());
    in_order(
        &plan.tasks,
        here.threads().0,
        |task| {
            let done = work(task, &settings, baseline.as_ref(), &reporters);
            bar.inc(1);
            done
        },
        |done| match done.outcome {
            Brief::Linted { name, judged, notices, fail_on, waivers, selected } => {
                let mut own = Tally::trusting(view.min_confidence);
                for tally in [&mut own, &mut tally] {
                    tally.add(&judged);
                    tally.notice(notices);
                }
                findings |= fail_on.is_some_and(|least| own.has_findings(least));
                review.add(&judged, waivers, &selected);
                if let Some(ledger) = &mut ledger {
                    ledger.add(&name, &judged);
                }
                if written.is_ok() {
                    written = bar.suspend(|| reports.iter_mut().zip(done.parts).try_for_each(|(report, part)| report.add(part)));
                }
            }
            Brief::PassedOver(why) => tally.pass_over(why),
            Brief::Failed(line) => {
                failed = true;
                tally.failed += 1;
                bar.suspend(|| say(&line));
            }
        },
    );
    bar.finish_and_clear();
    written?;
    if !arguments.no_waivers {
        // A hook hands over the files of a commit: other files may have the findings that a waiver is for.
        let notices = review.notices(packs, settings.today, plan.walked || !settings.only_policies);
        tally.notice(notices.len());
        findings |= !notices.is_empty() && here.fail_on().severity().is_some_and(|least| least <= Severity::Warning);
        for notice in notices {
            say(&format!("clauselint: warning: {}\n", visible(&notice)));
        }
    }
    for report in reports {
        report.finish(&tally)?;
    }
    if let Some(ledger) = ledger {
        close(ledger, arguments)?;
    }
    if plan.walked && tally.policies == 0 && !failed {
        say("clauselint: no policy was found\n");
        failed = true;
    }
    let warnings = here.max_warnings().0.is_some_and(|most| tally.findings(Severity::Warning) > most);
    let code = if failed { TROUBLE } else { u8::from((findings || warnings) && !arguments.exit_zero) * FINDINGS };
    Ok(ExitCode::from(code))
}

/// Lists what would be linted, with the configuration that holds for it.
fn show_files(plan: &Plan) -> Result<ExitCode, Error> {
    let mut text = String::new();
    for task in plan.tasks.iter().filter(|task| !task.excluded) {
        let names: Vec<String> = task.input.parts.iter().map(|part| visible(&part.name)).collect();
        text += &names.join(" + ");
        if let Some(config) = task.config.name() {
            text += " (";
            text += &visible(config);
            text.push(')');
        }
        text.push('\n');
    }
    print(&text)?;
    Ok(ExitCode::SUCCESS)
}

/// The waivers of configurations, and which findings they met.
#[derive(Default)]
struct Review {
    waivers: Vec<Configured>,
    met: Met,
    /// For each rule: was it asked for of any policy?
    selected: Vec<bool>,
}

impl Review {
    fn add(&mut self, judged: &Judged, waivers: Vec<Configured>, selected: &[bool]) {
        self.met.add(judged);
        for waiver in waivers {
            if !self.waivers.contains(&waiver) {
                self.waivers.push(waiver);
            }
        }
        self.selected.resize(selected.len(), false);
        self.selected.iter_mut().zip(selected).for_each(|(any, selected)| *any |= selected);
    }

    /// What there is to say of them; were all files there?
    fn notices(&self, packs: &Packs, today: jiff::civil::Date, whole: bool) -> Vec<String> {
        let waivers = Waivers { configured: &self.waivers, today };
        waivers.review(packs, &self.selected, whole.then_some(&self.met)).into_iter().map(|notice| notice.message).collect()
    }
}

/// The baseline that was asked for.
fn baseline(arguments: &Check, place: Option<&Path>) -> Result<Option<Baseline>, Error> {
    if arguments.update_baseline && place.is_none() {
        return Err(Error::Usage("--update-baseline needs --baseline FILE".to_owned()));
    }
    Ok(place.map(|place| Baseline::open(place, arguments.update_baseline)).transpose()?)
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
    for entry in &closed.stale {
        let _ = writeln!(text, "  {} {}", visible(&entry.path), visible(&entry.rule));
    }
    if !arguments.quiet {
        say(&text);
    }
    Ok(())
}

/// Lints a policy and writes what the reports say of it. A bug that it brings to light does not cost what is said of the others.
fn work(task: &Task, settings: &Settings<'_>, baseline: Option<&Baseline>, reporters: &[Reporter<'_>]) -> Done {
    let failed = |reason: String| Done {
        parts: Vec::new(),
        outcome: Brief::Failed(format!("clauselint: {}: {}\n", visible(task.input.name()), visible(&reason))),
    };
    guarded(|| judge(task, settings, baseline, reporters)).and_then(|done| done).unwrap_or_else(failed)
}

/// The work itself, or why it failed.
fn judge(task: &Task, settings: &Settings<'_>, baseline: Option<&Baseline>, reporters: &[Reporter<'_>]) -> Result<Done, String> {
    if task.excluded {
        return Ok(Done { parts: Vec::new(), outcome: Brief::PassedOver(PassedOver::Excluded) });
    }
    let terms = task.config.terms(&task.path, settings.readers.packs());
    match lint(&task.input, &terms, settings) {
        Outcome::Linted(mut linted) => {
            if let Some(baseline) = baseline {
                baseline.excuse(settings.readers.packs(), &linted.policy, &mut linted.judged);
            }
            trip(task.input.name());
            let parts = reporters.iter().map(|reporter| reporter.policy(&linted)).collect();
            let outcome = Brief::Linted {
                name: linted.policy.name().to_owned(),
                judged: linted.judged,
                notices: linted.notices.len(),
                fail_on: terms.fail_on.severity(),
                waivers: terms.waivers,
                selected: terms.selected,
            };
            Ok(Done { parts, outcome })
        }
        Outcome::PassedOver(why) => Ok(Done { parts: Vec::new(), outcome: Brief::PassedOver(why) }),
        Outcome::Failed(reason) => Err(reason),
    }
}

/// Beside annotations on GitHub, the summary of the job. It is an extra: where it cannot be written, the rest goes on.
fn job_summary<'a>(reporters: &[Reporter<'a>]) -> Option<Report<'a>> {
    let reporter = reporters.iter().find(|reporter| reporter.format == Format::Github)?;
    let page = std::env::var_os("GITHUB_STEP_SUMMARY").filter(|page| !page.is_empty())?;
    Report::append(Path::new(&page), *reporter).map_err(|error| say(&format!("clauselint: {}\n", visible(&error.to_string())))).ok()
}

fn reporter<'a>(output: &Output, packs: &'a Packs, view: View) -> Reporter<'a> {
    let terminal = if output.file.is_some() { Terminal::file() } else { Terminal::stdout() };
    Reporter { format: output.format, packs, view, terminal }
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
    let read = if list.as_os_str() == "-" {
        if paths.iter().any(|path| path.as_os_str() == "-") {
            return Err(Error::Usage("standard input cannot be both a policy and the list of files".to_owned()));
        }
        read::all(io::stdin().lock(), read::LIST)
    } else {
        read::bytes(list, read::LIST)
    };
    let bytes = read.map_err(|error| Error::Usage(format!("cannot read {}: {error}", list.display())))?;
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
