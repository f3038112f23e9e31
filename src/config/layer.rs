//! One layer of configuration: a file, or the options of the command line. It knows where its keys stand, and has its patterns, dates and
//! paths ready for use.

use super::written::{WrittenConfig, WrittenOverride, keys};
use super::{Origin, Patterns, absolute};
use crate::packs;
use crate::rule::nearest::nearest;
use crate::rule::positions::Positions;
use crate::rule::schema::{self as yaml, OneOrMany, PackFile, Problem};
use crate::verdict::Severity;
use crate::waiver::{self, Configured};
use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// A layer.
#[derive(Debug)]
pub(super) struct Layer {
    /// Its name as shown and its text; none for the command line.
    pub(super) file: Option<PackFile>,
    /// The absolute folder that its paths are relative to.
    folder: PathBuf,
    pub(super) written: WrittenConfig,
    pub(super) include: Patterns,
    pub(super) exclude: Patterns,
    /// The folders of its packs, and what the packs are called.
    pub(super) packs: Vec<(PathBuf, String)>,
    /// The absolute paths of each policy's files.
    pub(super) policies: Vec<Vec<PathBuf>>,
    /// Which of them a file belongs to.
    members: BTreeMap<PathBuf, usize>,
    /// The files of its overrides.
    overrides: Vec<Patterns>,
    /// Its waivers and their files; where there are no patterns, it concerns all.
    waivers: Vec<(Patterns, Configured)>,
    places: OnceLock<Places>,
}

/// What a layer says of all policies, of one, or of some files.
#[derive(Clone, Debug)]
pub(super) struct Section<'c> {
    pub(super) layer: &'c Layer,
    /// Its path, to be followed by a key: "", "policies\[0\].", "overrides\[2\].".
    at: String,
    pub(super) facts: &'c BTreeMap<String, bool>,
    /// What else it says; nothing in a policy.
    pub(super) rules: Rules<'c>,
}

/// What a section says of rules.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rules<'c> {
    pub(super) select: &'c OneOrMany,
    pub(super) ignore: &'c OneOrMany,
    pub(super) severity: &'c BTreeMap<String, Severity>,
    pub(super) fail_on: Option<super::FailOn>,
}

/// Whose sections are asked for.
#[derive(Clone, Copy, Debug)]
pub(super) enum Whose<'p> {
    /// Every section, whatever it is for.
    Everyones,
    /// What is not for certain files.
    Nobodys,
    /// What holds for a policy of these files.
    Of(&'p [PathBuf]),
}

/// What a policy's section says of rules.
static SILENCE: WrittenOverride = WrittenOverride {
    files: OneOrMany { items: Vec::new(), list: false },
    select: OneOrMany { items: Vec::new(), list: false },
    ignore: OneOrMany { items: Vec::new(), list: false },
    severity: BTreeMap::new(),
    facts: BTreeMap::new(),
    fail_on: None,
};

impl<'c> Section<'c> {
    /// The path of one of its keys.
    pub(super) fn at(&self, key: &str) -> String {
        format!("{}{key}", self.at)
    }

    /// Is it for all files?
    pub(super) fn is_general(&self) -> bool {
        self.at.is_empty()
    }

    fn of(layer: &'c Layer, at: String, over: &'c WrittenOverride) -> Self {
        let WrittenOverride { files: _, select, ignore, severity, facts, fail_on } = over;
        Self { layer, at, facts, rules: Rules { select, ignore, severity, fail_on: *fail_on } }
    }
}

impl Layer {
    /// Reads a file; `folder` is the absolute one that its paths are relative to.
    pub(super) fn read(file: PackFile, folder: &Path, problems: &mut Vec<Problem>) -> Self {
        let places = Places::of(&file.text);
        // A file of nothing but comments says nothing.
        let empty = file.text.lines().all(|line| line.trim().is_empty() || line.trim_start().starts_with('#'));
        let traps = yaml::traps(&file, &places.positions);
        let written = if !traps.is_empty() {
            problems.extend(traps);
            None
        } else if empty {
            None
        } else {
            yaml::read_as::<WrittenConfig>(&file, help, problems)
        };
        Self::new(Some(file), folder, written.unwrap_or_default(), places.into(), problems)
    }

    /// The options of a command line; their paths are relative to the current folder.
    pub(super) fn command_line(written: WrittenConfig) -> Self {
        // Options have no policies, waivers or overrides, and bad patterns among them were refused when they were read.
        Self::new(None, &absolute(Path::new(".")), written, OnceLock::new(), &mut Vec::new())
    }

    fn new(file: Option<PackFile>, folder: &Path, written: WrittenConfig, places: OnceLock<Places>, problems: &mut Vec<Problem>) -> Self {
        let mut layer = Self {
            file,
            folder: folder.to_owned(),
            written,
            include: Patterns::default(),
            exclude: Patterns::default(),
            packs: Vec::new(),
            policies: Vec::new(),
            members: BTreeMap::new(),
            overrides: Vec::new(),
            waivers: Vec::new(),
            places,
        };
        let written = std::mem::take(&mut layer.written);
        layer.include = layer.patterns("include", &written.include, problems);
        layer.exclude = layer.patterns("exclude", &written.exclude, problems);
        layer.packs = (written.packs.items.iter())
            .map(|pack| {
                let pack = layer.place(pack);
                let name = packs::name_of(&pack);
                (pack, name)
            })
            .collect();
        for (number, policy) in written.policies.iter().enumerate() {
            if policy.files.is_empty() {
                problems.push(layer.problem(&format!("policies[{number}].files"), "a policy has a file at least".to_owned()));
            }
            let files: Vec<PathBuf> = policy.files.iter().map(|name| absolute(&layer.folder.join(name))).collect();
            for (at, path) in files.iter().enumerate() {
                if layer.members.insert(path.clone(), number).is_some() {
                    let message = format!("\"{}\" belongs to a policy already", policy.files[at]);
                    problems.push(layer.problem(&format!("policies[{number}].files[{at}]"), message));
                }
            }
            layer.policies.push(files);
        }
        for (number, over) in written.overrides.iter().enumerate() {
            let at = format!("overrides[{number}].files");
            if over.files.items.is_empty() {
                problems.push(layer.problem(&at, "an override has a pattern of files at least".to_owned()));
            }
            let patterns = layer.patterns(&at, &over.files, problems);
            layer.overrides.push(patterns);
        }
        for (number, waiver) in written.waivers.iter().enumerate() {
            let at = format!("waivers[{number}]");
            let files = layer.patterns(&format!("{at}.files"), &waiver.files, problems);
            let until = waiver.until.as_deref().and_then(|text| match waiver::date(text) {
                Ok(until) => Some(until),
                Err(why) => {
                    let message = format!("\"{text}\" {why}; a date is written as in 2027-01-31");
                    problems.push(layer.problem(&format!("{at}.until"), message));
                    None
                }
            });
            let origin = layer.origin(&at).to_string();
            let configured = Configured { rules: waiver.rule.items.clone(), reason: waiver.reason.clone(), until, origin };
            layer.waivers.push((files, configured));
        }
        layer.written = written;
        layer
    }

    fn patterns(&self, at: &str, written: &OneOrMany, problems: &mut Vec<Problem>) -> Patterns {
        Patterns::new(&self.folder, &written.items).unwrap_or_else(|(number, why)| {
            problems.push(self.problem(&written.path(at, number), why));
            Patterns::default()
        })
    }

    /// A path that stands in it: from a file it is found from anywhere, on the command line it is left as it was written.
    pub(super) fn place(&self, path: &str) -> PathBuf {
        if self.file.is_some() { self.folder.join(path) } else { PathBuf::from(path) }
    }

    /// The files of the policy that a file belongs to, if it is one of several.
    pub(super) fn policy_of(&self, file: &Path) -> Option<&[PathBuf]> {
        self.members.get(file).map(|number| self.policies[*number].as_slice())
    }

    /// Its sections, from the one that counts least to the one that counts most.
    pub(super) fn sections(&self, whose: Whose<'_>) -> Vec<Section<'_>> {
        let WrittenConfig { select, ignore, severity, facts, fail_on, .. } = &self.written;
        let mut sections =
            vec![Section { layer: self, at: String::new(), facts, rules: Rules { select, ignore, severity, fail_on: *fail_on } }];
        for (number, (policy, paths)) in self.written.policies.iter().zip(&self.policies).enumerate() {
            let is_asked = match whose {
                Whose::Everyones => true,
                Whose::Nobodys => false,
                Whose::Of(files) => files.iter().any(|file| paths.contains(file)),
            };
            if is_asked {
                let at = format!("policies[{number}].");
                sections.push(Section { facts: &policy.facts, ..Section::of(self, at, &SILENCE) });
            }
        }
        for (number, (over, patterns)) in self.written.overrides.iter().zip(&self.overrides).enumerate() {
            let is_asked = match whose {
                Whose::Everyones => true,
                Whose::Nobodys => false,
                Whose::Of(files) => files.iter().any(|file| patterns.fit(file)),
            };
            if is_asked {
                sections.push(Section::of(self, format!("overrides[{number}]."), over));
            }
        }
        sections
    }

    /// Its waivers that concern a policy of some files.
    pub(super) fn waivers_of(&self, files: &[PathBuf]) -> impl Iterator<Item = &Configured> {
        let concerns = |patterns: &Patterns| patterns.is_empty() || files.iter().any(|file| patterns.fit(file));
        self.waivers.iter().filter(move |(patterns, _)| concerns(patterns)).map(|(_, waiver)| waiver)
    }

    /// Where something stands that this layer has, by its path in the YAML.
    pub(super) fn origin(&self, at: &str) -> Origin {
        let Some(file) = &self.file else {
            return Origin::CommandLine;
        };
        let places = self.places();
        Origin::File(format!("{}:{}", file.path, places.line(places.positions.key_or_value(at).start)))
    }

    /// A problem with a value.
    pub(super) fn problem(&self, at: &str, message: String) -> Problem {
        self.problem_at(self.places().positions.value(at), message)
    }

    /// A problem with a name that is a key.
    pub(super) fn problem_of_key(&self, at: &str, message: String) -> Problem {
        self.problem_at(self.places().positions.key_or_value(at), message)
    }

    fn problem_at(&self, range: Range<usize>, message: String) -> Problem {
        let path = self.file.as_ref().map_or("command line", |file| &file.path).to_owned();
        Problem { path, range, message, help: None }
    }

    fn places(&self) -> &Places {
        self.places.get_or_init(|| Places::of(self.file.as_ref().map_or("", |file| &file.text)))
    }
}

/// What helps with a key that is unknown, given by its path.
fn help(path: &str) -> String {
    let (above, key) = path.rsplit_once('.').unwrap_or(("", path));
    let known = keys(above.split('[').next().unwrap_or_default());
    match nearest(key, known.iter().map(String::as_str)) {
        Some(meant) => format!("did you mean \"{meant}\"?"),
        None => "README.md lists the keys of a configuration under \"Configuration\"".to_owned(),
    }
}

/// Where things stand in a file.
#[derive(Debug)]
struct Places {
    positions: Positions,
    /// The offset of each line.
    lines: Vec<usize>,
}

impl Places {
    fn of(text: &str) -> Self {
        let lines = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        Self { positions: Positions::of(text), lines }
    }

    /// The line of an offset, from 1.
    fn line(&self, offset: usize) -> usize {
        self.lines.partition_point(|start| *start <= offset)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (Layer, Vec<Problem>) {
        let mut problems = Vec::new();
        let file = PackFile { path: "clauselint.yaml".to_owned(), text: text.to_owned() };
        (Layer::read(file, Path::new("/site"), &mut problems), problems)
    }

    #[test]
    fn what_helps_with_an_unknown_key_is_a_key_of_its_mapping() {
        assert_eq!(help("fail_on"), "did you mean \"fail-on\"?");
        assert_eq!(help("overrides[3].serverity"), "did you mean \"severity\"?");
        assert!(help("policies[0].severity").starts_with("README.md"));
        assert!(help("").starts_with("README.md") && help("a.b[").starts_with("README.md"));
    }

    #[test]
    fn everything_has_a_line() {
        let (layer, problems) = read("select:\n  - a\n  - b\noverrides:\n  - files: x\n    facts:\n      f: true\n");
        assert!(problems.is_empty());
        for (at, line) in [("select", 1), ("select[1]", 3), ("overrides[0]", 5), ("overrides[0].facts.f", 7), ("nowhere", 1)] {
            assert_eq!(layer.origin(at), Origin::File(format!("clauselint.yaml:{line}")), "{at}");
        }
        assert_eq!(Layer::command_line(WrittenConfig::default()).origin("select"), Origin::CommandLine);
    }

    #[test]
    fn sections_are_those_of_everyone_of_nobody_or_of_some_files() {
        let (layer, _) = read("policies: [{files: [a.md, b.md]}]\noverrides: [{files: b.md}, {files: c.md}]\n");
        let at = |whose: Whose<'_>| layer.sections(whose).iter().map(|section| section.at("x")).collect::<Vec<_>>();
        assert_eq!(at(Whose::Nobodys), ["x"]);
        assert_eq!(at(Whose::Everyones), ["x", "policies[0].x", "overrides[0].x", "overrides[1].x"]);
        assert_eq!(at(Whose::Of(&["/site/a.md".into(), "/site/b.md".into()])), ["x", "policies[0].x", "overrides[0].x"]);
        assert_eq!(at(Whose::Of(&["/elsewhere/a.md".into()])), ["x"]);
    }

    #[test]
    fn a_mistake_does_not_hide_the_others() {
        let (_, problems) =
            read("exclude: [\"a{b\"]\noverrides: [{files: []}]\nwaivers: [{rule: x, until: soon, files: \"a{b\"}]\nshw: all\n");
        assert_eq!(problems.len(), 5, "{problems:?}");
        let (layer, problems) = read("threads: 1\nthreads: 2\nshow: nothing\n");
        assert_eq!((problems.len(), &layer.written), (1, &WrittenConfig::default()));
    }
}
