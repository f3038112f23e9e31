//! The project's configuration: which requirements are asked for of which files, and how severe they are; what is known of the policies;
//! what fails; how results are written. The closest `clauselint.yaml` above a file holds for it, with those that it extends; the command
//! line is a layer on top of it. Every value knows where it comes from.

mod init;
mod patterns;
mod show;
mod written;

pub use init::init;
pub use patterns::Patterns;
pub use written::{FailOn, Show, Size, WrittenConfig, WrittenOverride, WrittenPolicy, WrittenWaiver, schema};

use crate::packs;
use crate::read;
use crate::rule::Packs;
use crate::rule::positions::Positions;
use crate::rule::schema::{self as yaml, OneOrMany, PackFile, Problem};
use crate::selection::{Unknown, select};
use crate::verdict::{Confidence, Severity};
use crate::waiver::{self, Configured};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, OnceLock};

/// What a configuration is called, the more usual name first.
pub const NAMES: [&str; 2] = ["clauselint.yaml", ".clauselint.yaml"];
/// The lists of selectors; the first layer that has one decides.
const SELECT: fn(&WrittenConfig) -> &OneOrMany = |written| &written.select;
const IGNORE: fn(&WrittenConfig) -> &OneOrMany = |written| &written.ignore;
/// More configurations than this do not extend one another.
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

/// A configuration file, or the command line, with its patterns ready.
#[derive(Debug)]
struct Layer {
    /// Its name as shown and its text; none for the command line.
    file: Option<PackFile>,
    /// Where its keys stand; read when a place is asked for.
    positions: OnceLock<Positions>,
    /// The absolute folder that its paths are relative to.
    folder: PathBuf,
    written: WrittenConfig,
    include: Patterns,
    exclude: Patterns,
    /// The files of its overrides.
    overrides: Vec<Patterns>,
    /// Its waivers and their files.
    waivers: Vec<(Patterns, Configured)>,
}

/// A configuration in use: the command line, a file, and those that the file extends; what comes first wins.
#[derive(Clone, Debug, Default)]
pub struct Config {
    layers: Vec<Arc<Layer>>,
}

/// The configurations that extend one another, while they are read.
#[derive(Debug, Default)]
struct Chain {
    /// Those that led to the one at hand.
    open: Vec<PathBuf>,
    /// All of them: what stands first wins, so that none says anything a second time.
    done: BTreeSet<PathBuf>,
}

/// A fact or a severity that a layer sets.
#[derive(Debug)]
struct Set<'c, T> {
    name: &'c String,
    value: T,
    layer: &'c Arc<Layer>,
    /// Its path in the layer's YAML.
    at: String,
}

/// A policy in several files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Where it is written: "clauselint.yaml:7".
    pub origin: String,
    /// The absolute paths of its files.
    pub files: Vec<PathBuf>,
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
    pub fn load(path: &Path, shown: &str) -> Result<Self, ConfigError> {
        let mut config = Self::default();
        let mut problems = Vec::new();
        config.read(path, shown, &mut Chain::default(), &mut problems)?;
        if problems.is_empty() { Ok(config) } else { Err(config.mistakes(problems)) }
    }

    fn read(&mut self, path: &Path, shown: &str, chain: &mut Chain, problems: &mut Vec<Problem>) -> Result<(), ConfigError> {
        let unreadable = |error| ConfigError::Unreadable { path: PathBuf::from(shown), error };
        let whole = path.canonicalize().map_err(unreadable)?;
        let text = read::yaml(path).map_err(unreadable)?;
        let file = PackFile { path: shown.to_owned(), text };
        let folder = whole.parent().unwrap_or(Path::new("/")).to_owned();
        let keys = "README.md lists the keys of a configuration under \"Configuration\"";
        // A file of nothing but comments says nothing.
        let empty = file.text.lines().all(|line| line.trim().is_empty() || line.trim_start().starts_with('#'));
        let written = if empty { Some(WrittenConfig::default()) } else { yaml::read_as::<WrittenConfig>(&file, keys, problems) };
        let layer = Layer::new(Some(file), &folder, written.unwrap_or_default(), problems);
        let extends = layer.written.extends.clone();
        let layer = Arc::new(layer);
        self.layers.push(layer.clone());
        chain.done.insert(whole.clone());
        chain.open.push(whole);
        for (number, base) in extends.items.iter().enumerate() {
            let at = extends.path("extends", number);
            let path = folder.join(base);
            let shown = beside(shown, base);
            // A FIFO or a device would be waited for.
            let known = path.canonicalize().ok().filter(|known| known.is_file());
            let Some(known) = known else {
                problems.push(layer.problem(&at, format!("\"{base}\" cannot be read")));
                continue;
            };
            if chain.open.contains(&known) || chain.open.len() >= DEEPEST {
                problems.push(layer.problem(&at, format!("\"{base}\" extends this configuration in turn")));
            } else if !chain.done.contains(&known) {
                self.read(&path, &shown, chain, problems)?;
            }
        }
        chain.open.pop();
        Ok(())
    }

    /// Puts the options of a command line on top; their paths are relative to the current folder.
    #[must_use]
    pub fn under(&self, command_line: WrittenConfig) -> Self {
        let layer = Layer::new(None, &absolute(Path::new(".")), command_line, &mut Vec::new());
        Self { layers: std::iter::once(Arc::new(layer)).chain(self.layers.iter().cloned()).collect() }
    }

    /// The name of its file as shown, if it has one.
    pub fn name(&self) -> Option<&str> {
        self.layers.iter().find_map(|layer| layer.file.as_ref()).map(|file| file.path.as_str())
    }

    /// The first layer's value of a key, and where it was set.
    fn first<T>(&self, key: &str, value: impl Fn(&WrittenConfig) -> Option<T>) -> Option<(T, Origin)> {
        self.layers.iter().find_map(|layer| Some((value(&layer.written)?, layer.origin(key))))
    }

    fn scalar<T>(&self, key: &str, default: T, value: impl Fn(&WrittenConfig) -> Option<T>) -> (T, Origin) {
        self.first(key, value).unwrap_or((default, Origin::Default))
    }

    /// The least severity that fails, where no override says otherwise.
    pub fn fail_on(&self) -> (FailOn, Origin) {
        self.scalar("fail-on", FailOn::Error, |written| written.fail_on)
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
        let found = self.layers.iter().find_map(|layer| Some((layer, list(&layer.written.format)?)));
        let Some((layer, formats)) = found else {
            return (vec!["human".to_owned()], Origin::Default);
        };
        let placed = |format: String| match format.split_once('=') {
            Some((name, file)) if layer.file.is_some() => format!("{name}={}", layer.folder.join(file).display()),
            _ => format,
        };
        (formats.into_iter().map(placed).collect(), layer.origin("format"))
    }

    /// The file of findings that are known.
    pub fn baseline(&self) -> (Option<PathBuf>, Origin) {
        let found = self.layers.iter().find_map(|layer| {
            let name = layer.written.baseline.as_ref()?;
            // As it was written on the command line; else so that it is found from anywhere.
            let path = if layer.file.is_some() { layer.folder.join(name) } else { PathBuf::from(name) };
            Some((Some(path), layer.origin("baseline")))
        });
        found.unwrap_or((None, Origin::Default))
    }

    fn selectors(&self) -> (Vec<String>, Origin) {
        self.scalar("select", Vec::new(), |written| list(&written.select))
    }

    fn ignored(&self) -> (Vec<String>, Origin) {
        self.scalar("ignore", Vec::new(), |written| list(&written.ignore))
    }

    fn included(&self) -> (Vec<String>, Origin) {
        self.scalar("include", Vec::new(), |written| list(&written.include))
    }

    /// Every layer's excludes hold.
    fn excluded(&self) -> Vec<(Vec<String>, Origin)> {
        let excluding = self.layers.iter().filter_map(|layer| Some((list(&layer.written.exclude)?, layer.origin("exclude"))));
        let found: Vec<_> = excluding.collect();
        if found.is_empty() { vec![(Vec::new(), Origin::Default)] } else { found }
    }

    /// The folders of packs of one's own.
    pub fn packs(&self) -> Vec<PathBuf> {
        let mut folders = Vec::new();
        for layer in &self.layers {
            folders.extend(
                layer.written.packs.items.iter().map(
                    |folder| {
                        if layer.file.is_some() { layer.folder.join(folder) } else { PathBuf::from(folder) }
                    },
                ),
            );
        }
        folders
    }

    /// Is a file to be linted, given by its absolute path, as far as includes and excludes go?
    pub fn takes(&self, file: &Path) -> bool {
        let include = self.layers.iter().map(|layer| &layer.include).find(|include| !include.is_empty());
        include.is_none_or(|include| include.fit(file)) && !self.layers.iter().any(|layer| layer.exclude.fit(file))
    }

    /// Are there includes?
    pub fn has_includes(&self) -> bool {
        self.layers.iter().any(|layer| !layer.include.is_empty())
    }

    /// Does an include name a file, given by its absolute path?
    pub fn includes(&self, file: &Path) -> bool {
        self.layers.iter().any(|layer| layer.include.fit(file))
    }

    /// The policy in several files that a file belongs to, given by its absolute path.
    pub fn group(&self, file: &Path) -> Option<Group> {
        self.layers.iter().find_map(|layer| {
            layer.written.policies.iter().enumerate().find_map(|(number, policy)| {
                let files: Vec<PathBuf> = layer.members(policy).collect();
                let origin = || layer.origin(&format!("policies[{number}]")).to_string();
                files.iter().any(|member| member == file).then(|| Group { origin: origin(), files })
            })
        })
    }

    /// What holds for a policy whose first file has this absolute path. Names that the packs do not know are passed over: see
    /// [`Config::verify`].
    pub fn terms(&self, file: &Path, packs: &Packs) -> Terms {
        let meant = |selectors: &OneOrMany| select(packs, &selectors.items, &[]).unwrap_or_default();
        let mut selected = vec![true; packs.rules.len()];
        let mut narrow = |selectors: &OneOrMany, keep: bool| {
            if !selectors.items.is_empty() {
                selected.iter_mut().zip(meant(selectors)).for_each(|(selected, meant)| *selected &= meant == keep);
            }
        };
        for (key, keep) in [(SELECT, true), (IGNORE, false)] {
            if let Some(layer) = self.layers.iter().find(|layer| !key(&layer.written).items.is_empty()) {
                narrow(key(&layer.written), keep);
            }
        }
        let (mut fail_on, origin) = self.fail_on();
        let mut waivers = Vec::new();
        for layer in self.layers.iter().rev() {
            for (_, over) in layer.overrides_of(file) {
                fail_on = over.fail_on.filter(|_| origin != Origin::CommandLine).unwrap_or(fail_on);
                narrow(&over.select, true);
                narrow(&over.ignore, false);
            }
            let concerning = layer.waivers.iter().filter(|(files, _)| files.is_empty() || files.fit(file));
            waivers.extend(concerning.map(|(_, waiver)| waiver.clone()));
        }
        // Of the packs in folders only those that this configuration names.
        let own: Vec<String> = self.packs().iter().map(|folder| packs::name_of(folder)).collect();
        for pack in packs.packs.iter().filter(|pack| packs.added.contains(&pack.name) && !own.contains(&pack.name)) {
            selected[pack.rules.clone()].fill(false);
        }
        let mut severity: Vec<Option<Severity>> = vec![None; packs.rules.len()];
        for set in self.severities(Some(file)) {
            let meant = select(packs, std::slice::from_ref(set.name), &[]).unwrap_or_default();
            severity.iter_mut().zip(meant).filter(|(_, meant)| *meant).for_each(|(severity, _)| *severity = Some(set.value));
        }
        let facts = self.facts(Some(file)).into_iter().filter_map(|set| Some((packs.fact(set.name)?, set.value)));
        // Of two values for one fact the last counts.
        let facts: BTreeMap<usize, bool> = facts.collect();
        Terms { selected, severity, facts: facts.into_iter().collect(), fail_on, waivers }
    }

    /// Checks every name in it, whatever file it is meant for.
    ///
    /// # Errors
    /// Names that the packs do not know, located if they stand in a file.
    pub fn verify(&self, packs: &Packs) -> Result<(), ConfigError> {
        let mut problems = Vec::new();
        for layer in &self.layers {
            let written = &layer.written;
            let mut lists = vec![("select".to_owned(), &written.select), ("ignore".to_owned(), &written.ignore)];
            let mut severities = vec![("severity".to_owned(), &written.severity)];
            let mut facts = vec![("facts".to_owned(), &written.facts)];
            for (number, policy) in written.policies.iter().enumerate() {
                facts.push((format!("policies[{number}].facts"), &policy.facts));
            }
            for (number, over) in written.overrides.iter().enumerate() {
                let at = |key: &str| format!("overrides[{number}].{key}");
                lists.extend([(at("select"), &over.select), (at("ignore"), &over.ignore)]);
                severities.push((at("severity"), &over.severity));
                facts.push((at("facts"), &over.facts));
            }
            let each = |(at, list): &(String, &OneOrMany)| -> Vec<(String, String)> {
                list.items.iter().enumerate().map(|(number, selector)| (list.path(at, number), selector.clone())).collect()
            };
            let keys = severities.iter().flat_map(|(at, map)| map.keys().map(move |name| (format!("{at}.{name}"), name.clone())));
            let unknown_selectors =
                (lists.iter().flat_map(each).chain(keys)).filter_map(|(at, selector)| Some((at, select(packs, &[selector], &[]).err()?)));
            let known = || packs.facts.iter().map(|fact| fact.name.as_str());
            let unknown_facts = (facts.iter().flat_map(|(at, map)| map.keys().map(move |name| (format!("{at}.{name}"), name))))
                .filter(|(_, name)| packs.fact(name).is_none())
                .map(|(at, name)| (at, Unknown::new("fact", name, known())));
            for (at, unknown) in unknown_selectors.chain(unknown_facts) {
                if layer.file.is_none() {
                    return Err(unknown.into());
                }
                problems.push(layer.problem(&at, unknown.to_string()));
            }
        }
        if problems.is_empty() { Ok(()) } else { Err(self.mistakes(problems)) }
    }

    /// The facts that are declared, of a file or in general; of several with one name the last counts.
    fn facts(&self, file: Option<&Path>) -> Vec<Set<'_, bool>> {
        self.sets(file, "facts", |written| &written.facts, |policy| Some(&policy.facts), |over| &over.facts)
    }

    /// The severities that are set, of a file or in general; of several that concern a rule the last counts.
    fn severities(&self, file: Option<&Path>) -> Vec<Set<'_, Severity>> {
        self.sets(file, "severity", |written| &written.severity, |_| None, |over| &over.severity)
    }

    fn sets<'c, T: Copy + 'c>(
        &'c self,
        file: Option<&Path>,
        key: &str,
        all: impl Fn(&'c WrittenConfig) -> &'c BTreeMap<String, T>,
        policy: impl Fn(&'c WrittenPolicy) -> Option<&'c BTreeMap<String, T>>,
        over: impl Fn(&'c WrittenOverride) -> &'c BTreeMap<String, T>,
    ) -> Vec<Set<'c, T>> {
        let mut sets = Vec::new();
        // From the layer that counts least to the one that counts most.
        for layer in self.layers.iter().rev() {
            let mut add = |at: &str, map: &'c BTreeMap<String, T>| {
                sets.extend(map.iter().map(|(name, value)| Set { name, value: *value, layer, at: format!("{at}.{name}") }));
            };
            add(key, all(&layer.written));
            let Some(file) = file else { continue };
            for (number, one) in layer.written.policies.iter().enumerate() {
                if let Some(map) = policy(one).filter(|_| layer.members(one).any(|member| member == file)) {
                    add(&format!("policies[{number}].{key}"), map);
                }
            }
            for (number, one) in layer.overrides_of(file) {
                add(&format!("overrides[{number}].{key}"), over(one));
            }
        }
        sets
    }

    fn mistakes(&self, mut problems: Vec<Problem>) -> ConfigError {
        problems.sort_by_key(|problem| (problem.path.clone(), problem.range.start));
        problems.dedup();
        ConfigError::Mistakes { problems, files: self.layers.iter().filter_map(|layer| layer.file.clone()).collect() }
    }
}

impl Layer {
    fn new(file: Option<PackFile>, folder: &Path, written: WrittenConfig, problems: &mut Vec<Problem>) -> Self {
        let none = || Patterns::new(folder, &[]).unwrap_or_else(|_| unreachable!("no pattern is wrong"));
        let layer = Self {
            include: none(),
            exclude: none(),
            overrides: Vec::new(),
            waivers: Vec::new(),
            file,
            positions: OnceLock::new(),
            folder: folder.to_owned(),
            written: WrittenConfig::default(),
        };
        let mut wrong = Vec::new();
        let mut read = |at: &str, patterns: &[String]| {
            Patterns::new(folder, patterns).unwrap_or_else(|(number, why)| {
                wrong.push(layer.problem(&format!("{at}[{number}]"), why));
                none()
            })
        };
        let include = read("include", &written.include.items);
        let exclude = read("exclude", &written.exclude.items);
        let overrides = (written.overrides.iter().enumerate())
            .map(|(number, over)| read(&format!("overrides[{number}].files"), &over.files.items))
            .collect();
        let mut waivers = Vec::new();
        for (number, waiver) in written.waivers.iter().enumerate() {
            let at = format!("waivers[{number}]");
            let files = read(&format!("{at}.files"), &waiver.files.items);
            let until = waiver.until.as_deref().map(|text| waiver::date(text).map_err(|why| (text, why))).transpose();
            let until = until.unwrap_or_else(|(text, why)| {
                let message = format!("\"{text}\" {why}; a date is written as in 2027-01-31");
                problems.push(layer.problem(&format!("{at}.until"), message));
                None
            });
            let origin = layer.origin(&at).to_string();
            waivers.push((files, Configured { rules: waiver.rule.items.clone(), reason: waiver.reason.clone(), until, origin }));
        }
        problems.append(&mut wrong);
        for (number, policy) in written.policies.iter().enumerate() {
            if policy.files.is_empty() {
                problems.push(layer.problem(&format!("policies[{number}].files"), "a policy has a file at least".to_owned()));
            }
        }
        Self { written, include, exclude, overrides, waivers, ..layer }
    }

    /// The absolute paths of a policy's files.
    fn members<'l>(&'l self, policy: &'l WrittenPolicy) -> impl Iterator<Item = PathBuf> + 'l {
        policy.files.iter().map(|name| normal(&self.folder.join(name)))
    }

    /// The overrides that fit a file, in their order.
    fn overrides_of<'l>(&'l self, file: &Path) -> impl Iterator<Item = (usize, &'l WrittenOverride)> {
        let all = self.written.overrides.iter().zip(&self.overrides).enumerate();
        all.filter(|(_, (_, patterns))| patterns.fit(file)).map(|(number, (over, _))| (number, over))
    }

    /// Where a key stands that this layer has.
    fn origin(&self, key: &str) -> Origin {
        let Some(file) = &self.file else {
            return Origin::CommandLine;
        };
        let range = self.positions().value(key);
        Origin::File(format!("{}:{}", file.path, line(&file.text, range.start)))
    }

    fn problem(&self, at: &str, message: String) -> Problem {
        let path = self.file.as_ref().map_or("command line", |file| &file.path);
        Problem { path: path.to_owned(), range: self.positions().value(at), message, help: None }
    }

    fn positions(&self) -> &Positions {
        self.positions.get_or_init(|| Positions::of(self.file.as_ref().map_or("", |file| &file.text)))
    }
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

/// A list that was written, if any was.
fn list(written: &OneOrMany) -> Option<Vec<String>> {
    (!written.items.is_empty()).then(|| written.items.clone())
}

/// The line of an offset, from 1.
fn line(text: &str, offset: usize) -> usize {
    text[..text.floor_char_boundary(offset)].matches('\n').count() + 1
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

/// The name of a file as shown, written relative to another.
fn beside(shown: &str, name: &str) -> String {
    Path::new(shown).with_file_name(name).to_string_lossy().into_owned()
}
