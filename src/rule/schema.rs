//! Packs as written: the only file that knows their YAML. Reads the files of packs, vocabulary and facts, with every error at its
//! line; what the pieces mean together is worked out in `compile`.

use super::Severity;
use super::positions::Positions;
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize as DeriveDeserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;

/// A file of a pack: its path inside the rules folder, with forward slashes ("can-spam/opt-out-deadline.yaml"), and its text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, DeriveDeserialize)]
pub struct PackFile {
    /// "pack/file.yaml", "vocabulary/file.yaml" or "facts/file.yaml".
    pub path: String,
    /// The YAML.
    pub text: String,
}

/// Something wrong in a file of a pack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The file's [`PackFile::path`].
    pub path: String,
    /// Where, in bytes of the file's text.
    pub range: Range<usize>,
    /// What is wrong.
    pub message: String,
    /// How to mend it, where that is known.
    pub help: Option<String>,
}

/// One string or several, or none where nothing follows the key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OneOrMany {
    /// The strings.
    pub items: Vec<String>,
    /// Was a list written? A path to an item then has its index.
    pub list: bool,
}

impl OneOrMany {
    /// Where an item stands, below the path of the whole.
    pub fn path(&self, at: &str, index: usize) -> String {
        if self.list { format!("{at}[{index}]") } else { at.to_owned() }
    }
}

impl<'de> Deserialize<'de> for OneOrMany {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Read;
        impl<'de> Visitor<'de> for Read {
            type Value = OneOrMany;
            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("a string or a list of strings")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<OneOrMany, E> {
                Ok(OneOrMany { items: vec![text.to_owned()], list: false })
            }
            fn visit_unit<E: de::Error>(self) -> Result<OneOrMany, E> {
                Ok(OneOrMany::default())
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<OneOrMany, A::Error> {
                let mut items = Vec::new();
                while let Some(item) = seq.next_element()? {
                    items.push(item);
                }
                Ok(OneOrMany { items, list: true })
            }
        }
        deserializer.deserialize_any(Read)
    }
}

/// A named part of a complete statement: its phrases, or a mapping that also says when they do not count.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WrittenElement {
    /// Phrases, one of which a sentence matches.
    pub say: OneOrMany,
    /// Phrases that must not stand in that sentence.
    pub unless: OneOrMany,
    /// Speech that counts although it is no commitment, as in a case.
    pub even: OneOrMany,
    /// Was a mapping written? A path to a phrase then names its key.
    pub mapping: bool,
}

impl WrittenElement {
    /// Where its phrases stand, below the path of the whole.
    pub fn say_path(&self, at: &str) -> String {
        if self.mapping { format!("{at}.say") } else { at.to_owned() }
    }
}

impl<'de> Deserialize<'de> for WrittenElement {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(DeriveDeserialize)]
        struct Mapping {
            say: OneOrMany,
            #[serde(default)]
            unless: OneOrMany,
            #[serde(default)]
            even: OneOrMany,
        }
        struct Read;
        impl<'de> Visitor<'de> for Read {
            type Value = WrittenElement;
            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("a phrase, a list of phrases, or a mapping with \"say\"")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<WrittenElement, E> {
                let say = OneOrMany { items: vec![text.to_owned()], list: false };
                Ok(WrittenElement { say, ..WrittenElement::default() })
            }
            fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<WrittenElement, A::Error> {
                let say = OneOrMany::deserialize(SeqAccessDeserializer::new(seq))?;
                Ok(WrittenElement { say, ..WrittenElement::default() })
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<WrittenElement, A::Error> {
                let Mapping { say, unless, even } = Mapping::deserialize(MapAccessDeserializer::new(map))?;
                Ok(WrittenElement { say, unless, even, mapping: true })
            }
        }
        deserializer.deserialize_any(Read)
    }
}

/// How far apart the elements of a case may stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, DeriveDeserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// In one sentence (a list item with its lead-in is one).
    #[default]
    Sentence,
    /// In the sentence, the one before or the two after it.
    Neighbours,
    /// In the paragraph with its list.
    Paragraph,
    /// Under the same heading.
    Section,
    /// Anywhere in the policy.
    Document,
}

/// One way to reach a verdict, as written.
#[derive(Clone, Debug, Default, DeriveDeserialize)]
#[serde(default, rename_all = "kebab-case")]
pub struct WrittenCase {
    /// Phrases, one of which the deciding sentence matches.
    pub say: OneOrMany,
    /// Elements that must all be there. Without `say`, the first of them is the deciding one.
    pub all: OneOrMany,
    /// Elements of which `least` must be there; the alternatives of a single element count one by one.
    pub of: OneOrMany,
    /// How many `of` them.
    pub least: usize,
    /// How far the elements may be from the deciding sentence.
    pub within: Scope,
    /// "duration <= 10 business days", "duration maybe <= 10 business days", "age >= 13".
    #[serde(rename = "where")]
    pub where_: OneOrMany,
    /// Phrases that must stand in a heading above.
    pub under: OneOrMany,
    /// Phrases that must not stand in a heading above.
    pub unless_under: OneOrMany,
    /// Phrases that must not stand in the deciding sentence.
    pub unless: OneOrMany,
    /// Phrases that must not stand in the paragraph.
    pub unless_nearby: OneOrMany,
    /// Phrases that must not stand anywhere in the policy.
    pub unless_anywhere: OneOrMany,
    /// Facts that must hold for this case.
    pub when: String,
    /// Speech that counts here although it is no commitment: law, question, heading, negated, hedged.
    pub even: OneOrMany,
    /// Contradicted even where another passage satisfies.
    pub takes_back: bool,
    /// What is vague about a weak passage, or said by a contradicting one; follows a colon.
    pub but: String,
    /// Elements that a weak passage lacks.
    pub lacks: OneOrMany,
}

/// Examples of a rule, by verdict; each is a little Markdown document.
#[derive(Clone, Debug, Default, DeriveDeserialize)]
#[serde(default)]
pub struct WrittenExamples {
    /// Judged satisfied.
    pub satisfied: Vec<String>,
    /// Judged weak.
    pub weak: Vec<String>,
    /// Judged contradicted.
    pub contradicted: Vec<String>,
    /// Judged missing.
    pub missing: Vec<String>,
    /// The opposite of a satisfied one, word for word: judged anything but satisfied.
    pub denied: Vec<String>,
}

/// A requirement, as written.
#[derive(Clone, Debug, DeriveDeserialize)]
#[serde(rename_all = "kebab-case")]
pub struct WrittenRule {
    /// "pack/name"; the file's path without its ending.
    pub id: String,
    /// What the policy does when all is well: "Says how soon an opt-out is honoured".
    pub title: String,
    /// Severity of a missing statement.
    pub severity: Severity,
    /// The law or principle.
    pub cite: String,
    /// Where to read it.
    pub url: String,
    /// "always", or facts with and, or, not and brackets.
    pub applies: String,
    /// Why the requirement exists, for the reader of a finding.
    pub why: String,
    /// The day from which it is in force, if that is not long ago: 2026-04-22.
    pub in_force: Option<String>,
    /// The rule's own terms.
    #[serde(default)]
    pub terms: BTreeMap<String, OneOrMany>,
    /// Named parts of a complete statement; the names appear in findings.
    #[serde(default)]
    pub elements: BTreeMap<String, WrittenElement>,
    /// Ways to satisfy the requirement.
    pub satisfied: Vec<WrittenCase>,
    /// Ways to contradict it.
    #[serde(default)]
    pub contradicted: Vec<WrittenCase>,
    /// Ways to state it weakly.
    #[serde(default)]
    pub weak: Vec<WrittenCase>,
    /// Headings and topics near which a missing statement belongs.
    pub place: OneOrMany,
    /// The message of a missing statement.
    pub missing: String,
    /// What would mend it.
    pub help: String,
    /// Examples.
    pub examples: WrittenExamples,
}

/// Examples of a fact.
#[derive(Clone, Debug, Default, DeriveDeserialize)]
#[serde(default)]
pub struct WrittenFactExamples {
    /// Policies of which it holds.
    #[serde(rename = "true")]
    pub yes: Vec<String>,
    /// Policies of which it does not.
    #[serde(rename = "false")]
    pub no: Vec<String>,
}

/// A fact, as written. False cases are looked at first, then true ones, then the default stands.
#[derive(Clone, Debug, DeriveDeserialize)]
#[serde(rename_all = "kebab-case")]
pub struct WrittenFact {
    /// The file's name without its ending.
    pub fact: String,
    /// What it says of a policy.
    pub asks: String,
    /// Its value where nothing speaks for or against it.
    pub default: bool,
    /// The fact's own terms.
    #[serde(default)]
    pub terms: BTreeMap<String, OneOrMany>,
    /// Named groups of phrases.
    #[serde(default)]
    pub elements: BTreeMap<String, WrittenElement>,
    /// Passages that show it false.
    #[serde(default, rename = "false")]
    pub no: Vec<WrittenCase>,
    /// Passages that show it true.
    #[serde(default, rename = "true")]
    pub yes: Vec<WrittenCase>,
    /// Examples.
    pub examples: WrittenFactExamples,
}

/// A pack's own page.
#[derive(Clone, Debug, DeriveDeserialize)]
#[serde(rename_all = "kebab-case")]
pub struct WrittenPack {
    /// The folder's name.
    pub name: String,
    /// The pack's title.
    pub title: String,
    /// The law or principles that it covers.
    pub authority: String,
    /// The day from which its rules are in force, where they do not say so themselves.
    pub in_force: Option<String>,
}

/// A file of vocabulary.
#[derive(Clone, Debug, Default, DeriveDeserialize)]
#[serde(default, rename_all = "kebab-case")]
pub struct WrittenVocabulary {
    /// Terms and their phrases.
    pub terms: BTreeMap<String, OneOrMany>,
    /// Words that have one form.
    pub fixed: OneOrMany,
    /// Irregular forms by base, separated by spaces.
    pub irregular: BTreeMap<String, String>,
    /// Other spellings of a base, separated by spaces.
    pub variants: BTreeMap<String, String>,
    /// Spellings and the words that stand in their place: cannot: can not.
    pub spellings: BTreeMap<String, String>,
    /// Words that a phrase may pass over.
    pub fillers: OneOrMany,
}

/// For one verdict, the policies on which rule and label agree and differ.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, DeriveDeserialize)]
pub struct Counts {
    /// Given, and labelled so.
    pub right: usize,
    /// Given, and labelled otherwise.
    pub wrong: usize,
    /// Labelled so, and not given.
    pub overlooked: usize,
}

/// The errors of a rule, for the two verdicts that most often deserve a diagnostic.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, DeriveDeserialize)]
pub struct Errors {
    /// Where it said missing, or should have.
    pub missing: Counts,
    /// Where it said weak, or should have.
    pub weak: Counts,
}

/// How often rules erred on labelled policies: measured.yaml.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, DeriveDeserialize)]
#[serde(rename_all = "kebab-case")]
pub struct WrittenMeasurements {
    /// How many policies were labelled.
    pub policies: usize,
    /// How many of them nobody looked at who wrote rules.
    pub held_out: usize,
    /// By the rule's id.
    pub rules: BTreeMap<String, WrittenMeasurement>,
}

/// How often a rule erred.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, DeriveDeserialize)]
#[serde(rename_all = "kebab-case")]
pub struct WrittenMeasurement {
    /// What tells the rule as it was then from what it became: see [`super::measured`].
    pub of: String,
    /// On all policies.
    pub all: Errors,
    /// On those that were held out.
    pub held_out: Errors,
}

/// What a file says.
#[derive(Clone, Debug)]
pub enum Written {
    /// measured.yaml
    Measurements(WrittenMeasurements),
    /// pack.yaml
    Pack(WrittenPack),
    /// A requirement.
    Rule(Box<WrittenRule>),
    /// A fact.
    Fact(Box<WrittenFact>),
    /// A file of vocabulary.
    Vocabulary(WrittenVocabulary),
}

/// Where the keys of packs are explained.
fn help(_: &str) -> String {
    "README.md lists the keys of a rule under \"Writing a rule\"".to_owned()
}

/// Reads one file; its place in the folder tells what it is.
pub fn read(file: &PackFile, problems: &mut Vec<Problem>) -> Option<Written> {
    let (folder, name) = file.path.rsplit_once('/').unwrap_or(("", &file.path));
    if folder == "vocabulary" || folder.ends_with("/vocabulary") || name == "vocabulary.yaml" {
        read_as(file, help, problems).map(Written::Vocabulary)
    } else if folder == "facts" || folder.ends_with("/facts") {
        read_as(file, help, problems).map(|fact| Written::Fact(Box::new(fact)))
    } else if name == "measured.yaml" {
        read_as(file, help, problems).map(Written::Measurements)
    } else if name == "pack.yaml" {
        read_as(file, help, problems).map(Written::Pack)
    } else {
        read_as(file, help, problems).map(|rule| Written::Rule(Box::new(rule)))
    }
}

/// Reads a file as a type; unknown keys are problems, each at its place, and `help` says of the path of one what was probably meant.
pub(crate) fn read_as<T: for<'de> Deserialize<'de>>(
    file: &PackFile,
    help: impl Fn(&str) -> String,
    problems: &mut Vec<Problem>,
) -> Option<T> {
    if let Some(at) = too_deep(&file.text) {
        problems.push(Problem {
            path: file.path.clone(),
            range: at..at + 1,
            message: "brackets are nested too deeply".to_owned(),
            help: None,
        });
        return None;
    }
    let mut unknown = Vec::new();
    let read = serde_ignored::deserialize(serde_yaml::Deserializer::from_str(&file.text), |path| {
        unknown.push(plain_path(&path));
    });
    if !unknown.is_empty() {
        let positions = Positions::of(&file.text);
        for path in unknown {
            let key = path.rsplit('.').next().unwrap_or(&path);
            problems.push(Problem {
                path: file.path.clone(),
                range: positions.key(&path),
                message: format!("unknown key \"{key}\""),
                help: Some(help(&path)),
            });
        }
    }
    match read {
        Ok(value) => Some(value),
        Err(error) => {
            // What is wrong with characters comes without a place.
            let at = error.location().map_or(0, |location| location.index());
            let control = |character: char| character.is_control() && !matches!(character, '\t' | '\n' | '\r' | '\u{85}');
            let at = if at == 0 { file.text.find(control).unwrap_or(0) } else { file.text.floor_char_boundary(at) };
            let end = file.text[at..].find('\n').map_or(file.text.len(), |length| at + length);
            problems.push(Problem { path: file.path.clone(), range: at..end, message: error.to_string(), help: None });
            None
        }
    }
}

/// What YAML would take without a word: keys that are in their mapping already, of which it keeps the last, and aliases that make a
/// flood of a small file.
pub fn traps(file: &PackFile, positions: &Positions) -> Vec<Problem> {
    let problem = |range: &Range<usize>, message| Problem { path: file.path.clone(), range: range.clone(), message, help: None };
    let repeated = positions.repeated().iter().map(|(key, range)| problem(range, format!("the key \"{key}\" is there already")));
    // No alias stands for more than the whole file.
    let flood =
        positions.aliases().get(FLOOD / file.text.len().max(1)).map(|range| problem(range, "there are too many aliases".to_owned()));
    repeated.chain(flood).collect()
}

/// Aliases may stand for so many bytes.
const FLOOD: usize = 16 << 20;

/// Where brackets are open that no file of ours would have, in strings or not: reading them takes time that grows with their square.
fn too_deep(text: &str) -> Option<usize> {
    let mut open = 0_usize;
    text.bytes().position(|byte| {
        match byte {
            b'[' | b'{' => open += 1,
            b']' | b'}' => open = open.saturating_sub(1),
            _ => {}
        }
        open > 1000
    })
}

/// `satisfied[0].say`: the path of a key as [`Positions`] names it.
fn plain_path(path: &serde_ignored::Path) -> String {
    use serde_ignored::Path;
    match path {
        Path::Root => String::new(),
        Path::Seq { parent, index } => format!("{}[{index}]", plain_path(parent)),
        Path::Map { parent, key } => {
            let parent = plain_path(parent);
            if parent.is_empty() { key.clone() } else { format!("{parent}.{key}") }
        }
        Path::Some { parent } | Path::NewtypeStruct { parent } | Path::NewtypeVariant { parent } => plain_path(parent),
    }
}
