//! The project's configuration: which requirements are asked for of which files, and how severe they are; what is known of the policies;
//! what fails; how results are written. The closest `clauselint.yaml` above a file holds for it, with those that it extends; the command
//! line is a layer on top of it. Every value knows where it comes from.

mod layer;
mod patterns;
mod show;
mod written;

pub use patterns::Patterns;
pub use written::{FailOn, Show, Size, WrittenConfig, WrittenOverride, WrittenPolicy, WrittenWaiver, schema};

use crate::read;
use crate::rule::Packs;
use crate::rule::schema::{OneOrMany, PackFile, Problem};
use crate::selection::{Unknown, select};
use crate::verdict::{Confidence, Severity};
use crate::waiver::Configured;
use layer::{Layer, Section, Whose};
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

/// What a configuration is called, the more usual name first.
pub const NAMES: [&str; 2] = ["clauselint.yaml", ".clauselint.yaml"];
/// No chain of configurations that extend one another is longer.
const DEEPEST: usize = 16;

/// A configuration that is of no use.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A file could not be read.
    #[error("cannot read {}: {error}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// There are mistakes in it. Each problem's path is that of a file in `files`.
    #[error("the configuration has {} problem{}", problems.len(), if problems.len() == 1 { "" } else { "s" })]
    Mistakes {
        /// What is wrong, in the order of the file.
        problems: Vec<Problem>,
        /// The files that problems point into.
        files: Vec<PackFile>,
    },
    /// An option names what no pack knows.
    #[error(transparent)]
    Unknown(#[from] Unknown),
}

/// Where a value comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Nobody set it.
    Default,
    /// A line of a configuration: "clauselint.yaml:4".
    File(String),
    /// An option of the command line.
    CommandLine,
}

impl std::fmt::Display for Origin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File(place) => f.write_str(place),
            Self::CommandLine => f.write_str("command line"),
        }
    }
}

/// A configuration in use: the command line, a file, and those that the file extends; what comes first wins.
#[derive(Clone, Debug, Default)]
pub struct Config {
    layers: Vec<Arc<Layer>>,
}

/// What holds for one policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terms {
    /// For each rule of the packs: is it asked for?
    pub selected: Vec<bool>,
    /// For each rule: the severity of a missing statement, where it is not the rule's own.
    pub severity: Vec<Option<Severity>>,
    /// Facts that were declared, by their index.
    pub facts: Vec<(usize, bool)>,
    /// The least severity that fails.
    pub fail_on: FailOn,
    /// Waivers that concern it.
    pub waivers: Vec<Configured>,
}

impl Config {
    /// Reads a configuration with those that it extends. `shown` is its name in messages.
    ///
    /// # Errors
    /// A file that cannot be read, or everything that is wrong in it and in those that it extends, except for names that only packs
    /// can tell: see [`Config::verify`].
    pub fn load(path: &Path, shown: &str) -> Result<Self, ConfigError> {
        let mut config = Self::default();
        let mut reading = Read::default();
        let read = config.read(path, shown, &mut reading);
        read.map_err(|error| ConfigError::Unreadable { path: PathBuf::from(shown), error })?;
        if reading.problems.is_empty() { Ok(config) } else { Err(config.mistakes(reading.problems)) }
    }

    fn read(&mut self, path: &Path, shown: &str, reading: &mut Read) -> std::io::Result<()> {
        let text = read::yaml(path)?;
        let text = text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text);
        let whole = absolute(path);
        let folder = whole.parent().unwrap_or(&whole);
        let layer = Arc::new(Layer::read(PackFile { path: shown.to_owned(), text }, folder, &mut reading.problems));
        self.layers.push(layer.clone());
        reading.seen.push(path.canonicalize()?);
        reading.open.push(path.canonicalize()?);
        let extends = &layer.written.extends;
        // The last one named counts most.
        for (number, name) in extends.items.iter().enumerate().rev() {
            let base = layer.place(name);
            let known = base.canonicalize().unwrap_or_default();
            let mistake = if reading.open.contains(&known) {
                Some(format!("\"{name}\" extends this configuration in turn"))
            } else if reading.seen.contains(&known) {
                // It counts for more where it was read.
                None
            } else if known.exists() && !known.is_file() {
                // A FIFO or a device would be waited for.
                Some(format!("\"{name}\" is no file"))
            } else if reading.open.len() >= DEEPEST {
                Some(format!("no more than {DEEPEST} configurations extend one another"))
            } else {
                self.read(&base, &self::shown(&normal(&base)), reading).err().map(|error| format!("\"{name}\" cannot be read: {error}"))
            };
            reading.problems.extend(mistake.map(|message| layer.problem(&extends.path("extends", number), message)));
        }
        reading.open.pop();
        Ok(())
    }

    /// Puts the options of a command line on top; their paths are relative to the current folder.
    #[must_use]
    pub fn under(&self, command_line: WrittenConfig) -> Self {
        let layer = Arc::new(Layer::command_line(command_line));
        Self { layers: std::iter::once(layer).chain(self.layers.iter().cloned()).collect() }
    }

    /// The name of its file as shown, if it has one.
    pub fn name(&self) -> Option<&str> {
        self.layers.iter().find_map(|layer| layer.file.as_ref()).map(|file| file.path.as_str())
    }

    /// The value of a key in the first layer that has it, made ready by `ready`, and where it was set.
    fn first<T>(&self, key: &str, ready: impl Fn(&Layer) -> Option<T>) -> Option<(T, Origin)> {
        self.layers.iter().find_map(|layer| Some((ready(layer)?, layer.origin(key))))
    }

    fn scalar<T>(&self, key: &str, default: T, value: impl Fn(&WrittenConfig) -> Option<T>) -> (T, Origin) {
        self.first(key, |layer| value(&layer.written)).unwrap_or((default, Origin::Default))
    }

    /// The least severity that fails where no override says otherwise.
    pub fn fail_on(&self) -> FailOn {
        fail_on(&self.sections(Whose::Nobodys)).0
    }

    /// How many warnings may be.
    pub fn max_warnings(&self) -> (Option<usize>, Origin) {
        self.scalar("max-warnings", None, |written| written.max_warnings.map(Some))
    }

    /// The least severity that is shown.
    pub fn min_severity(&self) -> (Severity, Origin) {
        self.scalar("min-severity", Severity::Note, |written| written.min_severity)
    }

    /// The least confidence that is shown and that fails.
    pub fn min_confidence(&self) -> (Confidence, Origin) {
        self.scalar("min-confidence", Confidence::Low, |written| written.min_confidence)
    }

    /// What is shown.
    pub fn shown(&self) -> (Show, Origin) {
        self.scalar("show", Show::Findings, |written| written.show)
    }

    /// Is passed over what does not read as a policy, even where it is named?
    pub fn only_policies(&self) -> (bool, Origin) {
        self.scalar("only-policies", false, |written| written.only_policies)
    }

    /// How many threads to use; 0 means as many as there are processors.
    pub fn threads(&self) -> (usize, Origin) {
        self.scalar("threads", 0, |written| written.threads)
    }

    /// The largest file that is linted.
    pub fn max_size(&self) -> (Size, Origin) {
        self.scalar("max-size", Size(16 << 20), |written| written.max_size)
    }

    /// How results are written. A file that is named in a configuration is relative to it.
    pub fn format(&self) -> (Vec<String>, Origin) {
        let found = self.first("format", |layer| {
            let placed = |format: &String| match format.split_once('=') {
                Some((name, file)) if !file.is_empty() => format!("{name}={}", layer.place(file).display()),
                _ => format.clone(),
            };
            let formats = &layer.written.format.items;
            (!formats.is_empty()).then(|| formats.iter().map(placed).collect())
        });
        found.unwrap_or_else(|| (vec!["human".to_owned()], Origin::Default))
    }

    /// The file of findings that are known.
    pub fn baseline(&self) -> (Option<PathBuf>, Origin) {
        let found = self.first("baseline", |layer| Some(Some(layer.place(layer.written.baseline.as_ref()?))));
        found.unwrap_or((None, Origin::Default))
    }

    /// The folders of packs of one's own.
    pub fn packs(&self) -> impl Iterator<Item = &Path> {
        self.layers.iter().flat_map(|layer| &layer.packs).map(|(folder, _)| folder.as_path())
    }

    /// The patterns of files to lint, if there are any: those of the first layer that has some.
    pub fn include(&self) -> Option<&Patterns> {
        self.layers.iter().map(|layer| &layer.include).find(|include| !include.is_empty())
    }

    /// Is a file to be linted, given by its absolute path, as far as includes and excludes go? Every layer's excludes hold.
    pub fn takes(&self, file: &Path) -> bool {
        self.include().is_none_or(|include| include.fit(file)) && !self.layers.iter().any(|layer| layer.exclude.fit(file))
    }

    /// The absolute paths of the files that make one policy with a file, itself among them; none where it is a policy of its own.
    pub fn policy_of(&self, file: &Path) -> Option<&[PathBuf]> {
        self.layers.iter().find_map(|layer| layer.policy_of(file))
    }

    /// What holds for the policy that a file, given by its absolute path, is or belongs to. Names that the packs do not know are passed
    /// over: see [`Config::verify`].
    pub fn terms(&self, file: &Path, packs: &Packs) -> Terms {
        let alone = [file.to_owned()];
        let files = self.policy_of(file).unwrap_or(&alone);
        let sections = self.sections(Whose::Of(files));
        let meant = |selectors: &[String]| select(packs, selectors, &[]).unwrap_or_else(|_| vec![false; packs.rules.len()]);
        let mut selected = match selecting(&sections) {
            Some(section) => meant(&section.rules.select.items),
            None => vec![true; packs.rules.len()],
        };
        for section in ignoring(&sections) {
            selected.iter_mut().zip(meant(&section.rules.ignore.items)).for_each(|(selected, ignored)| *selected &= !ignored);
        }
        // Of the packs in folders only those that this configuration names.
        let names = |name: &String| self.layers.iter().flat_map(|layer| &layer.packs).any(|(_, own)| own == name);
        for pack in packs.packs.iter().filter(|pack| packs.added.contains(&pack.name) && !names(&pack.name)) {
            selected[pack.rules.clone()].fill(false);
        }
        let mut severity: Vec<Option<Severity>> = vec![None; packs.rules.len()];
        for section in &sections {
            let mut sets: Vec<_> =
                section.rules.severity.iter().map(|(name, severity)| (meant(std::slice::from_ref(name)), *severity)).collect();
            // Of several that mean a rule, the one that means the fewest counts.
            sets.sort_by_key(|(meant, _)| Reverse(meant.iter().filter(|meant| **meant).count()));
            for (meant, set) in sets {
                severity.iter_mut().zip(meant).filter(|(_, meant)| *meant).for_each(|(severity, _)| *severity = Some(set));
            }
        }
        let mut facts = BTreeMap::new();
        for (name, value) in sections.iter().flat_map(|section| section.facts) {
            facts.extend(packs.fact(name).map(|fact| (fact, *value)));
        }
        let waivers = self.layers.iter().rev().flat_map(|layer| layer.waivers_of(files)).cloned().collect();
        Terms { selected, severity, facts: facts.into_iter().collect(), fail_on: fail_on(&sections).0, waivers }
    }

    /// Checks every name in it, whatever file it is meant for.
    ///
    /// # Errors
    /// Names that the packs do not know, located if they stand in a file.
    pub fn verify(&self, packs: &Packs) -> Result<(), ConfigError> {
        let mut problems = Vec::new();
        for section in self.sections(Whose::Everyones) {
            let mut unknown: Vec<(String, Unknown)> = Vec::new();
            let selector = |name: &String| select(packs, std::slice::from_ref(name), &[]).err();
            for (key, list) in [("select", section.rules.select), ("ignore", section.rules.ignore)] {
                for (number, name) in list.items.iter().enumerate() {
                    unknown.extend(selector(name).map(|unknown| (list.path(&section.at(key), number), unknown)));
                }
            }
            for name in section.rules.severity.keys() {
                unknown.extend(selector(name).map(|unknown| (section.at(&format!("severity.{name}")), unknown)));
            }
            for name in section.facts.keys().filter(|name| packs.fact(name).is_none()) {
                let known = packs.facts.iter().map(|fact| fact.name.as_str());
                unknown.push((section.at(&format!("facts.{name}")), Unknown::new("fact", name, known)));
            }
            for (at, unknown) in unknown {
                if section.layer.file.is_none() {
                    return Err(unknown.into());
                }
                problems.push(section.layer.problem_of_key(&at, unknown.to_string()));
            }
        }
        if problems.is_empty() { Ok(()) } else { Err(self.mistakes(problems)) }
    }

    /// What all layers say, from what counts least to what counts most.
    fn sections(&self, whose: Whose<'_>) -> Vec<Section<'_>> {
        self.layers.iter().rev().flat_map(|layer| layer.sections(whose)).collect()
    }

    fn mistakes(&self, mut problems: Vec<Problem>) -> ConfigError {
        let files: Vec<PackFile> = self.layers.iter().filter_map(|layer| layer.file.clone()).collect();
        let number = |problem: &Problem| files.iter().position(|file| file.path == problem.path);
        problems.sort_by_key(|problem| (number(problem), problem.range.start));
        ConfigError::Mistakes { problems, files }
    }
}

/// The reading of a configuration and of those that it extends.
#[derive(Default)]
struct Read {
    /// Those on the way from the first to the one that is being read.
    open: Vec<PathBuf>,
    /// All that were read.
    seen: Vec<PathBuf>,
    problems: Vec<Problem>,
}

/// The least severity that fails by some sections, and where that is set.
fn fail_on(sections: &[Section<'_>]) -> (FailOn, Origin) {
    let found = sections.iter().rev().find_map(|section| Some((section.rules.fail_on?, section.layer.origin(&section.at("fail-on")))));
    found.unwrap_or((FailOn::Error, Origin::Default))
}

/// The section that decides what is checked.
fn selecting<'s, 'c>(sections: &'s [Section<'c>]) -> Option<&'s Section<'c>> {
    sections.iter().rfind(|section| !section.rules.select.items.is_empty())
}

/// The sections that leave something out: the one that counts most of those for all files, and each that is for some.
fn ignoring<'s, 'c>(sections: &'s [Section<'c>]) -> impl Iterator<Item = &'s Section<'c>> {
    let has = |section: &Section<'_>| !section.rules.ignore.items.is_empty();
    let general = sections.iter().rposition(|section| section.is_general() && has(section));
    let counts = move |number: usize, section: &Section<'_>| has(section) && (!section.is_general() || Some(number) == general);
    sections.iter().enumerate().filter(move |(number, section)| counts(*number, section)).map(|(_, section)| section)
}

/// Finds the configuration of every file: the closest above it, unless one was named or none is wanted.
#[derive(Debug)]
pub struct Configs {
    command_line: WrittenConfig,
    /// What holds for every file, if that is given.
    fixed: Option<Arc<Config>>,
    /// By folder.
    found: BTreeMap<PathBuf, Arc<Config>>,
}

impl Configs {
    /// With a configuration for all files, or none at all where that is asked for; else each file has the closest above it.
    ///
    /// # Errors
    /// Those of the configuration for all files.
    pub fn new(command_line: WrittenConfig, named: Option<&Path>, none: bool) -> Result<Self, ConfigError> {
        let fixed = match named {
            Some(path) => Some(Config::load(path, &path.to_string_lossy())?),
            None => none.then(Config::default),
        };
        let fixed = fixed.map(|config| Arc::new(config.under(command_line.clone())));
        Ok(Self { command_line, fixed, found: BTreeMap::new() })
    }

    /// The configuration of the run: that of the current folder.
    pub fn here(&mut self) -> Result<Arc<Config>, ConfigError> {
        self.of_folder(&absolute(Path::new(".")))
    }

    /// The configuration of a file, given by its absolute path.
    pub fn of(&mut self, file: &Path) -> Result<Arc<Config>, ConfigError> {
        self.of_folder(file.parent().unwrap_or(file))
    }

    fn of_folder(&mut self, folder: &Path) -> Result<Arc<Config>, ConfigError> {
        if let Some(fixed) = &self.fixed {
            return Ok(fixed.clone());
        }
        if let Some(found) = self.found.get(folder) {
            return Ok(found.clone());
        }
        let here = NAMES.iter().map(|name| folder.join(name)).find(|path| path.is_file());
        let config = match (here, folder.parent()) {
            (Some(path), _) => Arc::new(Config::load(&path, &shown(&path))?.under(self.command_line.clone())),
            (None, Some(above)) => self.of_folder(above)?,
            (None, None) => Arc::new(Config::default().under(self.command_line.clone())),
        };
        self.found.insert(folder.to_owned(), config.clone());
        Ok(config)
    }
}

/// The absolute path of a file that may not exist, with the links in its folder followed.
pub fn absolute(path: &Path) -> PathBuf {
    let whole = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let found = if whole.is_dir() {
        whole.canonicalize().ok()
    } else {
        whole.parent().and_then(|folder| folder.canonicalize().ok()).zip(whole.file_name()).map(|(folder, name)| folder.join(name))
    };
    found.unwrap_or_else(|| normal(&whole))
}

/// A path without `.` and `..`, as far as its text goes.
fn normal(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => drop(plain.pop()),
            part => plain.push(part),
        }
    }
    plain
}

/// A path as it is shown: relative to the current folder where it lies below it.
pub fn shown(path: &Path) -> String {
    let here = absolute(Path::new("."));
    path.strip_prefix(&here).unwrap_or(path).to_string_lossy().into_owned()
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::report::sample;
    use proptest::prelude::*;
    use tempfile::TempDir;

    /// A scratch folder with files, each with its text.
    pub(crate) fn folder(files: &[(&str, &str)]) -> TempDir {
        let dir = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let path = dir.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        dir
    }

    fn load(dir: &TempDir, name: &str) -> Result<Config, ConfigError> {
        Config::load(&dir.path().join(name), name)
    }

    /// The terms of a file of the folder, by a configuration of this text.
    fn terms(text: &str, file: &str) -> Terms {
        let dir = folder(&[("clauselint.yaml", text)]);
        load(&dir, "clauselint.yaml").unwrap().terms(&absolute(dir.path()).join(file), &sample::packs())
    }

    fn problems(result: Result<Config, ConfigError>) -> Vec<(usize, String)> {
        let Err(ConfigError::Mistakes { problems, files }) = result else { panic!("there are mistakes") };
        let text = |problem: &Problem| files.iter().find(|file| file.path == problem.path).unwrap().text.clone();
        let line = |problem: &Problem| text(problem)[..problem.range.start].matches('\n').count() + 1;
        problems.iter().map(|problem| (line(problem), problem.message.clone())).collect()
    }

    #[test]
    fn an_override_selects_anew_and_leaves_out_more() {
        let text = "select: mail\nignore: mail/opt-out-way\noverrides:\n  - files: a.md\n    select: [mail, notice]\n  - files: b.md\n    ignore: mail\n";
        assert_eq!(terms(text, "c.md").selected, [true, false, false]);
        assert_eq!(terms(text, "a.md").selected, [true, false, true]);
        assert_eq!(terms(text, "b.md").selected, [false, false, false]);
    }

    #[test]
    fn of_several_severities_the_narrowest_counts_and_an_override_before_all() {
        let text = "severity:\n  mail: note\n  16 CFR 1.1: error\n  mail/opt-out-way: warning\noverrides:\n  - files: a.md\n    severity: {mail: error}\n";
        let [note, warning, error] = [Severity::Note, Severity::Warning, Severity::Error].map(Some);
        assert_eq!(terms(text, "b.md").severity, [note, warning, error]);
        assert_eq!(terms(text, "a.md").severity, [error, error, error]);
    }

    #[test]
    fn the_last_fact_that_fits_counts_and_the_command_line_before_all() {
        let text = "facts: {sends-mail: true}\npolicies:\n  - files: [a.md, b.md]\n    facts: {sends-mail: false}\noverrides:\n  - files: b.md\n    facts: {sends-mail: true}\n";
        assert_eq!(terms(text, "c.md").facts, [(0, true)]);
        assert_eq!(terms(text, "a.md").facts, [(0, true)], "b.md is a file of the same policy");
        assert_eq!(terms(text.split("overrides").next().unwrap(), "b.md").facts, [(0, false)]);
        assert_eq!(terms("", "a.md").facts, []);
        let dir = folder(&[("clauselint.yaml", text)]);
        let command_line = WrittenConfig { facts: BTreeMap::from([("sends-mail".to_owned(), false)]), ..WrittenConfig::default() };
        let config = load(&dir, "clauselint.yaml").unwrap().under(command_line);
        assert_eq!(config.terms(&absolute(dir.path()).join("c.md"), &sample::packs()).facts, [(0, false)]);
    }

    #[test]
    fn the_least_severity_that_fails_can_be_that_of_an_override() {
        let text = "fail-on: note\noverrides:\n  - files: legal/\n    fail-on: never\n";
        assert_eq!([terms(text, "legal/a.md").fail_on, terms(text, "a.md").fail_on], [FailOn::Never, FailOn::Note]);
        assert_eq!(terms("", "a.md").fail_on, FailOn::Error);
    }

    #[test]
    fn waivers_concern_the_policies_that_have_one_of_their_files() {
        let text = "policies: [{files: [a.md, b.md]}]\nwaivers:\n  - {rule: mail, reason: one}\n  - {rule: mail, reason: two, files: b.md}\n  - rule: [mail, notice]\n    reason: three\n    until: 2027-01-31\n    files: [c.md]\n";
        let reasons = |file: &str| terms(text, file).waivers.into_iter().map(|waiver| waiver.reason).collect::<Vec<_>>();
        assert_eq!(reasons("a.md"), ["one", "two"]);
        assert_eq!(reasons("c.md"), ["one", "three"]);
        let waiver = terms(text, "c.md").waivers.pop().unwrap();
        assert_eq!((waiver.rules.len(), waiver.until.unwrap().to_string()), (2, "2027-01-31".to_owned()));
        assert_eq!(waiver.origin, "clauselint.yaml:5");
    }

    #[test]
    fn what_is_written_counts_before_what_is_extended_and_the_last_base_before_the_first() {
        let dir = folder(&[
            ("clauselint.yaml", "extends: [one.yaml, shared/two.yaml]\nmax-warnings: 1\n"),
            ("one.yaml", "max-warnings: 2\nthreads: 2\nshow: all\nextends: three.yaml\nexclude: one/\n"),
            (
                "shared/two.yaml",
                "max-warnings: 3\nthreads: 3\nextends: ../three.yaml\nbaseline: known.txt\nformat: [human, json=out.json]\nexclude: two/\n",
            ),
            ("three.yaml", "# all\nmin-severity: warning\nexclude: three/\n"),
        ]);
        let config = load(&dir, "clauselint.yaml").unwrap();
        assert_eq!(config.max_warnings(), (Some(1), Origin::File("clauselint.yaml:2".to_owned())));
        assert_eq!(config.threads().0, 3);
        assert_eq!(config.shown().0, Show::All);
        assert!(config.min_severity().1.to_string().ends_with("three.yaml:2"));
        let root = absolute(dir.path());
        assert_eq!(config.baseline().0, Some(root.join("shared/known.txt")));
        assert_eq!(config.format().0, ["human".to_owned(), format!("json={}", root.join("shared/out.json").display())]);
        let taken: Vec<bool> = ["one/a.md", "three/a.md", "shared/two/a.md", "two/a.md"].map(|file| config.takes(&root.join(file))).into();
        assert_eq!(taken, [false, false, false, true], "every layer's patterns hold, in its folder");
        assert_eq!(config.min_confidence(), (Confidence::Low, Origin::Default));
    }

    #[test]
    fn a_circle_a_missing_base_and_a_long_chain_are_located() {
        let dir = folder(&[("a.yaml", "\nextends: b.yaml\n"), ("b.yaml", "extends:\n  - none.yaml\n  - a.yaml\n")]);
        let found = problems(load(&dir, "a.yaml"));
        assert_eq!(found.len(), 2, "{found:?}");
        assert_eq!(found[0].0, 2);
        assert!(found[0].1.starts_with("\"none.yaml\" cannot be read: "));
        assert_eq!(found[1], (3, "\"a.yaml\" extends this configuration in turn".to_owned()));
        let names: Vec<(String, String)> =
            (0..40).map(|n| (format!("{n}.yaml"), format!("extends: [{0}.yaml, {0}.yaml]", n + 1))).collect();
        let files: Vec<(&str, &str)> = names.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
        assert_eq!(problems(load(&folder(&files), "0.yaml"))[0].1, "no more than 16 configurations extend one another");
        assert!(matches!(load(&dir, "none.yaml"), Err(ConfigError::Unreadable { .. })));
    }

    #[test]
    fn a_file_includes_what_the_first_layer_with_patterns_says() {
        let dir = folder(&[("clauselint.yaml", "extends: base.yaml\ninclude: [\"*.tpl\"]\n"), ("base.yaml", "include: \"*.md\"\n")]);
        let config = load(&dir, "clauselint.yaml").unwrap();
        let root = absolute(dir.path());
        assert!(config.takes(&root.join("a/b.tpl")) && !config.takes(&root.join("a.md")));
        assert!(Config::default().takes(&root.join("a.md")) && Config::default().include().is_none());
    }

    #[test]
    fn names_that_no_pack_knows_are_located() {
        let text = "select: [mail, male]\nfacts:\n  send-mail: true\nseverity:\n  notise: note\noverrides:\n  - files: x\n    ignore: nothing-like-it\npolicies:\n  - files: [a.md]\n    facts: {sends-male: true}\n";
        let dir = folder(&[("clauselint.yaml", text)]);
        let config = load(&dir, "clauselint.yaml").unwrap();
        let found = problems(config.verify(&sample::packs()).map(|()| config.clone()));
        let lines: Vec<usize> = found.iter().map(|(line, _)| *line).collect();
        assert_eq!(lines, [1, 3, 5, 8, 11]);
        assert_eq!(found[0].1, "no pack or rule is called \"male\"; did you mean \"mail\"?");
        assert_eq!(found[1].1, "no fact is called \"send-mail\"; did you mean \"sends-mail\"?");
        let unknown = Config::default()
            .under(WrittenConfig { ignore: OneOrMany { items: vec!["male".to_owned()], list: true }, ..WrittenConfig::default() });
        assert!(matches!(unknown.verify(&sample::packs()), Err(ConfigError::Unknown(_))));
    }

    #[test]
    fn what_is_shown_can_be_written_and_says_the_same() {
        let text = "select: [mail]\nfail-on: never\nmax-size: 3 KiB\nexclude: [\"a b/\", no]\nfacts: {sends-mail: true}\nseverity: {16 CFR 1.1: note}\npolicies:\n  - files: [a.md, b.md]\noverrides:\n  - files: a.md\n    facts: {sends-mail: false}\n    fail-on: note\nwaivers:\n  - {rule: mail, reason: \"a: b\", until: 2027-01-31}\n";
        let dir = folder(&[("clauselint.yaml", text), ("base.yaml", "exclude: base/\n")]);
        let config = load(&dir, "clauselint.yaml").unwrap();
        let root = absolute(dir.path());
        let general = config.show(None);
        assert!(general.contains("fail-on: never                           # clauselint.yaml:2\n"), "{general}");
        assert!(general.contains("    fail-on: note                        # clauselint.yaml:10\n"), "{general}");
        let of_one = config.show(Some(&root.join("b.md")));
        assert!(of_one.contains("fail-on: note                            # clauselint.yaml:12\n"), "{of_one}");
        assert!(
            of_one.contains("  sends-mail: false                      # clauselint.yaml:11\n") && !of_one.contains("overrides"),
            "{of_one}"
        );
        for text in [general, of_one] {
            std::fs::write(dir.path().join("shown.yaml"), &text).unwrap();
            let again = load(&dir, "shown.yaml").unwrap();
            let waiver = |config: &Config| {
                let waiver = &config.layers[0].written.waivers[0];
                (waiver.rule.items.clone(), waiver.reason.clone(), waiver.until.clone())
            };
            assert_eq!((again.max_size().0, waiver(&again)), (Size(3 << 10), waiver(&config)), "{text}");
            assert!(again.verify(&sample::packs()).is_ok());
            assert!(!again.takes(&root.join("a b/c.md")) && !again.takes(&root.join("no/c.md")));
        }
    }

    #[test]
    fn paths_are_made_plain() {
        assert_eq!(normal(Path::new("/a/./b/../c")), Path::new("/a/c"));
        assert_eq!(shown(&absolute(Path::new("src/config.rs"))), "src/config.rs");
    }

    proptest! {
        #[test]
        fn no_text_panics(
            noise in ".{0,40}",
            words in prop::collection::vec(
                prop::sample::select(vec![
                    "select", "facts", "severity", "overrides", "policies", "waivers", "files", "until", "extends", "exclude", "max-size",
                    ": ", ":\n  ", "\n", "\n  - ", "[", "]", "{", "}", "mail", "true", "error", "5", "2027-02-30", "a{b", "*.md", "&a ", "*a", "~",
                    "#", "\"", "é", "\u{feff}", "\r\n", "\t", "? ", "!!", "---\n", "- ", ", ",
                ]),
                0..30,
            ),
        ) {
            let dir = folder(&[("clauselint.yaml", &(words.concat() + &noise))]);
            let root = absolute(dir.path());
            let packs = sample::packs();
            match load(&dir, "clauselint.yaml") {
                Ok(config) => {
                    let terms = config.terms(&root.join("a.md"), &packs);
                    prop_assert_eq!(terms.selected.len(), packs.rules.len());
                    prop_assert!(config.show(Some(&root.join("a.md"))).starts_with("# clauselint.yaml"));
                    if let Err(ConfigError::Mistakes { problems, .. }) = config.verify(&packs) {
                        prop_assert!(!problems.is_empty());
                    }
                }
                Err(ConfigError::Mistakes { problems, files }) => {
                    let drawn = crate::report::mistakes(&problems, &files, crate::report::Terminal::file());
                    prop_assert!(drawn.contains("error"));
                }
                Err(error) => prop_assert!(false, "{}", error),
            }
        }
    }
}
