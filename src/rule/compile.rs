//! Packs as written become packs as used. Every problem is found, not only the first, each at its place in the YAML.
//!
//! Here terms and phrases become nodes; `rules` compiles what asks for them, and `program` numbers everything.

mod asks;
mod program;
mod rules;

use super::forms::Forms;
use super::measured;
use super::nearest::nearest;
use super::phrase::{self, Part, Phrase, What};
use super::positions::Positions;
use super::schema::{self, OneOrMany, PackFile, Problem, WrittenFact, WrittenMeasurements, WrittenPack, WrittenRule, WrittenVocabulary};
use super::{Capture, Pack, Packs};
use program::DraftFact;
use std::collections::{BTreeMap, BTreeSet};

/// Compiles the files of packs, vocabulary and facts together.
pub fn compile(files: &[PackFile]) -> Result<Packs, Vec<Problem>> {
    let mut problems = Vec::new();
    let mut written = Files::default();
    for file in files {
        if let Some(read) = schema::read(file, &mut problems) {
            written.add(&file.path, read);
        }
    }
    let mut compiler = Compiler::new(&written);
    let mut packs = compiler.packs(&written);
    problems.append(&mut compiler.located(files));
    if problems.is_empty() {
        if let Some(measurements) = &written.measured {
            let fingerprints = measured::Fingerprints::new(files);
            for rule in &mut packs.rules {
                rule.measured = measured::of(measurements, &rule.id, &fingerprints);
            }
        }
        return Ok(packs);
    }
    problems.sort_by(|one, other| (&one.path, one.range.start, &one.message).cmp(&(&other.path, other.range.start, &other.message)));
    problems.dedup();
    Err(problems)
}

/// What was read, by kind, with the path of its file.
#[derive(Default)]
struct Files {
    packs: Vec<(String, WrittenPack)>,
    rules: Vec<(String, WrittenRule)>,
    facts: Vec<(String, WrittenFact)>,
    vocabulary: Vec<(String, WrittenVocabulary)>,
    measured: Option<WrittenMeasurements>,
}

impl Files {
    fn add(&mut self, path: &str, written: schema::Written) {
        let path = path.to_owned();
        match written {
            schema::Written::Pack(pack) => self.packs.push((path, pack)),
            schema::Written::Rule(rule) => self.rules.push((path, *rule)),
            schema::Written::Fact(fact) => self.facts.push((path, *fact)),
            schema::Written::Measurements(measured) => self.measured = Some(measured),
            schema::Written::Vocabulary(vocabulary) => self.vocabulary.push((path, vocabulary)),
        }
    }
}

/// Where something is written: a file, and a path inside its YAML.
#[derive(Clone, Debug, PartialEq, Eq)]
struct At {
    file: String,
    yaml: String,
}

impl At {
    fn new(file: &str, yaml: impl Into<String>) -> Self {
        Self { file: file.to_owned(), yaml: yaml.into() }
    }
}

/// A term's phrases and where they stand.
struct Term<'a> {
    phrases: &'a OneOrMany,
    at: At,
}

/// A symbol while the number of classes is not yet known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Sign {
    Capture(Capture),
    Class(u32),
    Node(u32),
}

impl PartialOrd for Capture {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Capture {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.symbol().cmp(&other.symbol())
    }
}

/// An item while its sign is no symbol yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Draft {
    sign: Sign,
    optional: bool,
    gap: u8,
}

impl Draft {
    fn new(sign: Sign, optional: bool, gap: u8) -> Self {
        Self { sign, optional, gap }
    }
}

/// Terms are not made of terms through more hands than this.
const DEEPEST: usize = 64;

/// A term that is being compiled or is done.
enum State {
    Open,
    Done(Sign),
}

/// The owner of local terms: a rule's or fact's path. Shared vocabulary has none.
type Owner<'a> = Option<&'a str>;

struct Compiler<'a> {
    vocabulary: BTreeMap<&'a str, Term<'a>>,
    local: BTreeMap<&'a str, BTreeMap<&'a str, Term<'a>>>,
    forms: Forms,
    fillers: BTreeSet<String>,
    /// Spellings and the words that stand in their place.
    parts: BTreeMap<String, Vec<String>>,
    problems: Vec<(At, String, Option<String>)>,
    states: BTreeMap<(Owner<'a>, &'a str), State>,
    /// How many terms are being compiled, one inside the other.
    depth: usize,
    /// Words and whether they are exact, by class.
    classes: BTreeMap<Vec<(String, bool)>, u32>,
    /// The same the other way round.
    class_words: Vec<Vec<(String, bool)>>,
    /// By node, in topological order: its alternatives with their place among those written.
    nodes: Vec<Vec<(u16, Vec<Draft>)>>,
    /// The same the other way round: what several rules write alike is matched once.
    numbers: BTreeMap<Vec<(u16, Vec<Draft>)>, u32>,
    regexes: Vec<(u32, u16, String)>,
    kept: BTreeMap<Sign, Vec<String>>,
}

impl<'a> Compiler<'a> {
    fn new(files: &'a Files) -> Self {
        let mut compiler = Self {
            vocabulary: BTreeMap::new(),
            local: BTreeMap::new(),
            forms: Forms::default(),
            fillers: BTreeSet::new(),
            parts: BTreeMap::new(),
            problems: Vec::new(),
            states: BTreeMap::new(),
            depth: 0,
            classes: BTreeMap::new(),
            class_words: Vec::new(),
            nodes: Vec::new(),
            numbers: BTreeMap::new(),
            regexes: Vec::new(),
            kept: BTreeMap::new(),
        };
        let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        for (path, vocabulary) in &files.vocabulary {
            compiler.forms.fixed.extend(vocabulary.fixed.items.iter().flat_map(|line| words(line)));
            compiler.fillers.extend(vocabulary.fillers.items.iter().flat_map(|line| words(line)));
            compiler.forms.irregular.extend(vocabulary.irregular.iter().map(|(base, forms)| (base.clone(), words(forms))));
            compiler.forms.variants.extend(vocabulary.variants.iter().map(|(base, forms)| (base.clone(), words(forms))));
            compiler.parts.extend(vocabulary.spellings.iter().map(|(spelling, parts)| (spelling.clone(), words(parts))));
            for (name, phrases) in &vocabulary.terms {
                let at = At::new(path, format!("terms.{name}"));
                compiler.refuse_capture(name, &at);
                if let Some(other) = compiler.vocabulary.insert(name, Term { phrases, at: at.clone() }) {
                    compiler.problem(at, format!("the term \"{name}\" is already in {}", other.at.file), None);
                }
            }
        }
        let terms =
            files.rules.iter().map(|(path, rule)| (path, &rule.terms)).chain(files.facts.iter().map(|(path, fact)| (path, &fact.terms)));
        for (path, terms) in terms {
            for (name, phrases) in terms {
                let at = At::new(path, format!("terms.{name}"));
                compiler.refuse_capture(name, &at);
                compiler.local.entry(path).or_default().insert(name, Term { phrases, at });
            }
        }
        compiler
    }

    fn problem(&mut self, at: At, message: impl Into<String>, help: Option<String>) {
        self.problems.push((at, message.into(), help));
    }

    /// A term with the name of a capture could never be meant.
    fn refuse_capture(&mut self, name: &str, at: &At) {
        if Capture::ALL.iter().any(|capture| capture.name() == name) {
            self.problem(at.clone(), format!("\"{name}\" is the name of a capture"), Some("give the term another name".to_owned()));
        }
    }

    /// The problems with their places.
    fn located(&mut self, files: &[PackFile]) -> Vec<Problem> {
        let mut positions: BTreeMap<&str, Positions> = BTreeMap::new();
        let mut located = Vec::new();
        for (at, message, help) in std::mem::take(&mut self.problems) {
            let Some(file) = files.iter().find(|file| file.path == at.file) else {
                continue;
            };
            let places = positions.entry(&file.path).or_insert_with(|| Positions::of(&file.text));
            located.push(Problem { path: file.path.clone(), range: places.value(&at.yaml), message, help });
        }
        located
    }

    fn packs(&mut self, files: &'a Files) -> Packs {
        // The terms that the engine asks for come first: what they find decides how the others match.
        let reserved =
            ["negation", "no-negation", "brief-negation", "clause-start", "hedge", "no-hedge", "law-restated", "no-law-restated"]
                .map(|name| self.shared(name));
        let reserved_nodes = self.nodes.len();
        let genre = ["privacy-speech", "policy-title", "other-title"].map(|name| self.shared(name));
        let names: Vec<&str> = self.vocabulary.keys().copied().collect();
        for name in names {
            self.term(None, name);
        }
        let owned: Vec<(&str, &str)> = self.local.iter().flat_map(|(&owner, terms)| terms.keys().map(move |&name| (owner, name))).collect();
        for (owner, name) in owned {
            self.term(Some(owner), name);
        }

        let mut facts: Vec<&(String, WrittenFact)> = files.facts.iter().collect();
        facts.sort_by_key(|(_, fact)| &fact.fact);
        let fact_names: Vec<&str> = facts.iter().map(|(_, fact)| fact.fact.as_str()).collect();
        let facts: Vec<DraftFact> = facts.iter().map(|(path, fact)| self.fact(path, fact)).collect();

        let mut packs: Vec<&(String, WrittenPack)> = files.packs.iter().collect();
        packs.sort_by_key(|(_, pack)| &pack.name);
        let mut rules: Vec<program::DraftRule> = Vec::new();
        let mut used = Vec::new();
        for (number, (path, pack)) in packs.iter().enumerate() {
            let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
            if folder != pack.name {
                self.problem(At::new(path, "name"), format!("the pack's name is that of its folder, \"{folder}\""), None);
            }
            let first = rules.len();
            let mut own: Vec<&(String, WrittenRule)> =
                files.rules.iter().filter(|(path, _)| path.split('/').next() == Some(folder)).collect();
            own.sort_by_key(|(path, _)| path);
            for (path, rule) in own {
                let condition = self.condition(At::new(path, "applies"), &rule.applies, &fact_names);
                rules.push(self.rule(path, rule, number, condition, &fact_names));
            }
            if let Some(day) = self.day(path, pack.in_force.as_ref()) {
                for draft in &mut rules[first..] {
                    draft.rule.in_force.get_or_insert_with(|| day.to_string());
                }
            }
            used.push(Pack {
                name: pack.name.clone(),
                title: pack.title.clone(),
                authority: pack.authority.clone(),
                rules: first..rules.len(),
            });
        }
        for (path, rule) in &files.rules {
            let folder = path.split('/').next().unwrap_or_default();
            if !packs.iter().any(|(path, _)| path.split('/').next() == Some(folder)) {
                self.problem(At::new(path, "id"), format!("{folder}/ has no pack.yaml, so \"{}\" belongs to no pack", rule.id), None);
            }
        }
        self.finish(reserved, reserved_nodes, genre, used, rules, facts)
    }

    /// The sign of a term of the vocabulary that the engine asks for by name.
    fn shared(&mut self, name: &str) -> Option<Sign> {
        let (&name, _) = self.vocabulary.get_key_value(name)?;
        self.term(None, name)
    }

    /// The sign of a term; none where it has a problem.
    fn term(&mut self, owner: Owner<'a>, name: &'a str) -> Option<Sign> {
        let key = (owner, name);
        match self.states.get(&key) {
            Some(State::Done(sign)) => return Some(*sign),
            Some(State::Open) => {
                let at = self.found(owner, name)?.at.clone();
                self.problem(at, format!("the term \"{name}\" is made of itself"), Some("break the circle of terms".to_owned()));
                return None;
            }
            None => {}
        }
        let term = self.found(owner, name)?;
        let (phrases, at) = (term.phrases, term.at.clone());
        if self.depth >= DEEPEST {
            self.problem(at, format!("the term \"{name}\" stands too deep inside of other terms"), None);
            return None;
        }
        self.states.insert(key, State::Open);
        self.depth += 1;
        let sign = self.phrases(owner, phrases, &at, false);
        self.depth -= 1;
        self.states.insert(key, State::Done(sign));
        Some(sign)
    }

    /// A term by its owner and name.
    fn found(&self, owner: Owner<'a>, name: &str) -> Option<&Term<'a>> {
        match owner {
            Some(owner) => self.local.get(owner)?.get(name),
            None => self.vocabulary.get(name),
        }
    }

    /// The sign that several phrases share. With `apart` every phrase stays an alternative of its own, so that they can be counted.
    fn phrases(&mut self, owner: Owner<'a>, phrases: &'a OneOrMany, at: &At, apart: bool) -> Sign {
        let mut sides = Vec::new();
        let mut regexes = Vec::new();
        for (index, text) in phrases.items.iter().enumerate() {
            let place = u16::try_from(index).unwrap_or(u16::MAX);
            let at = At::new(&at.file, phrases.path(&at.yaml, index));
            match phrase::parse(text) {
                Ok(Phrase::Parts(parts)) => {
                    if let Some(items) = self.sequence(owner, &parts, &at) {
                        sides.push((place, items));
                    }
                }
                Ok(Phrase::Regex(regex)) => regexes.push((place, regex)),
                Err(message) => self.problem(at, message, None),
            }
        }
        if phrases.items.is_empty() {
            self.problem(at.clone(), "there are no phrases here", None);
        }
        // What regular expressions match is a node of its own.
        let sign = if regexes.is_empty() { self.node(sides, apart) } else { self.push_node(without_optional_beginnings(sides)) };
        for (place, regex) in regexes {
            if let Sign::Node(node) = sign {
                self.regexes.push((node, place, regex));
            }
        }
        sign
    }

    /// A node of several alternatives; single words among them become one class, and a lone class or term is itself.
    fn node(&mut self, sides: Vec<(u16, Vec<Draft>)>, apart: bool) -> Sign {
        let lone = |items: &[Draft]| (items.len() == 1 && !items[0].optional).then(|| items[0].sign);
        if !apart {
            let mut words = BTreeSet::new();
            let mut rest = Vec::new();
            for (place, items) in sides {
                match lone(&items) {
                    Some(Sign::Class(class)) => words.extend(self.class_words[class as usize].iter().cloned()),
                    _ => rest.push((place, items)),
                }
            }
            if !words.is_empty() {
                let class = self.class(words.into_iter().collect());
                rest.push((0, vec![Draft { sign: Sign::Class(class), optional: false, gap: 0 }]));
            }
            if let [(_, items)] = rest.as_slice()
                && let Some(sign) = lone(items)
            {
                return sign;
            }
            return self.add_node(rest);
        }
        self.add_node(sides)
    }

    /// A node of these alternatives: the one that there is, if they were written before.
    fn add_node(&mut self, alternatives: Vec<(u16, Vec<Draft>)>) -> Sign {
        let all = without_optional_beginnings(alternatives);
        if let Some(&number) = self.numbers.get(&all) {
            return Sign::Node(number);
        }
        let sign = self.push_node(all.clone());
        if let Sign::Node(number) = sign {
            self.numbers.insert(all, number);
        }
        sign
    }

    #[allow(clippy::cast_possible_truncation)] // there are fewer nodes than bytes of YAML
    fn push_node(&mut self, all: Vec<(u16, Vec<Draft>)>) -> Sign {
        self.nodes.push(all);
        Sign::Node(self.nodes.len() as u32 - 1)
    }

    fn sequence(&mut self, owner: Owner<'a>, parts: &[Part], at: &At) -> Option<Vec<Draft>> {
        let mut items = Vec::new();
        let mut whole = true;
        for part in parts {
            let mut gap = part.gap;
            let mut push = |sign, optional| items.push(Draft::new(sign, optional, std::mem::take(&mut gap)));
            match &part.what {
                What::Start => push(Sign::Capture(Capture::Start), false),
                What::End => push(Sign::Capture(Capture::End), false),
                What::Word(word) | What::Exact(word) => {
                    let exact = matches!(part.what, What::Exact(_));
                    let words = self.split(word);
                    let classes: Vec<u32> = words.into_iter().map(|word| self.class(vec![(word, exact)])).collect();
                    if let ([_, _, ..], true) = (classes.as_slice(), part.optional) {
                        let inner = classes.iter().map(|&class| Draft { sign: Sign::Class(class), optional: false, gap: 0 }).collect();
                        let sign = self.add_node(vec![(0, inner)]);
                        push(sign, true);
                    } else {
                        for class in classes {
                            push(Sign::Class(class), part.optional);
                        }
                    }
                }
                What::Term(name) => match self.named(owner, name, at) {
                    Some(sign) => push(sign, part.optional),
                    None => whole = false,
                },
                What::Choice(sides) => {
                    let drafts: Vec<_> = sides.iter().filter_map(|side| self.sequence(owner, side, at)).map(|items| (0, items)).collect();
                    if drafts.len() < sides.len() {
                        whole = false;
                    } else {
                        let sign = self.node(drafts, false);
                        push(sign, part.optional);
                    }
                }
            }
        }
        whole.then_some(items)
    }

    /// The sign of a name in braces: the rule's own term, a capture, or the vocabulary's.
    fn named(&mut self, owner: Owner<'a>, name: &str, at: &At) -> Option<Sign> {
        if let Some(name) = owner.and_then(|owner| self.local.get(owner)?.get_key_value(name)).map(|(&name, _)| name) {
            return self.term(owner, name);
        }
        if let Some(&capture) = Capture::ALL.iter().find(|capture| capture.name() == name) {
            return Some(Sign::Capture(capture));
        }
        if let Some((&name, _)) = self.vocabulary.get_key_value(name) {
            return self.term(None, name);
        }
        let names = self.vocabulary.keys().copied().chain(Capture::ALL.iter().map(|capture| capture.name()));
        let help = nearest(name, names).map(|other| format!("did you mean {{{other}}}?"));
        self.problem(at.clone(), format!("unknown term \"{name}\""), help);
        None
    }

    /// A phrase word as the words that a text has in its place.
    fn split(&self, word: &str) -> Vec<String> {
        if let Some(parts) = self.parts.get(word) {
            return parts.clone();
        }
        // A text's "child's" is looked up as "child".
        let word = word.strip_suffix("'s").unwrap_or(word);
        let pieces = word.split(['-', '/', '&']).filter(|piece| !piece.is_empty());
        pieces.flat_map(|piece| self.parts.get(piece).cloned().unwrap_or_else(|| vec![piece.to_owned()])).collect()
    }

    #[allow(clippy::cast_possible_truncation)] // there are fewer classes than bytes of YAML
    fn class(&mut self, words: Vec<(String, bool)>) -> u32 {
        if let Some(&class) = self.classes.get(&words) {
            return class;
        }
        let class = self.class_words.len() as u32;
        self.class_words.push(words.clone());
        self.classes.insert(words, class);
        class
    }

    /// A node that rules ask for directly; its matches are kept.
    fn keep(&mut self, owner: &'a str, phrases: &'a OneOrMany, at: &At) -> Sign {
        let sign = self.phrases(Some(owner), phrases, at, true);
        self.kept.insert(sign, phrases.items.clone());
        sign
    }

    /// The same for phrases that need not be there.
    fn keep_any(&mut self, owner: &'a str, phrases: &'a OneOrMany, at: &At) -> Option<Sign> {
        (!phrases.items.is_empty()).then(|| self.keep(owner, phrases, at))
    }
}

/// What is absent at the beginning makes an alternative without it.
fn without_optional_beginnings(alternatives: Vec<(u16, Vec<Draft>)>) -> Vec<(u16, Vec<Draft>)> {
    let mut all = Vec::new();
    for (place, items) in alternatives {
        let mut items = items.as_slice();
        while let Some((first, rest)) = items.split_first() {
            let mut own = items.to_vec();
            own[0].optional = false;
            own[0].gap = 0;
            all.push((place, own));
            if !first.optional {
                break;
            }
            items = rest;
        }
    }
    all
}
