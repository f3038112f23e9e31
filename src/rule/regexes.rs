//! Regular expressions, the way out of the phrase language: tried only on a text that holds a word which they cannot do without. Small
//! ones are compiled with the packs, others on first use.

use super::Symbol;
use super::packed::Table;
use aho_corasick::{AhoCorasick, AhoCorasickKind};
use regex_automata::Input;
use regex_automata::dfa::{Automaton as _, dense, regex::Regex as Automaton, sparse};
use regex_automata::meta::{Config, Regex};
use regex_automata::nfa::thompson::{self, WhichCaptures};
use regex_automata::util::syntax;
use regex_syntax::hir::{Class, Hir, HirKind};
use serde::{Deserialize, Serialize};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::OnceLock;

/// Texts of which one is found.
type Texts = BTreeSet<String>;

/// A set of more texts than this tells little.
const MOST: usize = 32;
/// How many bytes a compiled expression may take.
const LARGEST: usize = 1 << 20;
/// How many bytes the automaton of an expression may take that is compiled with the packs, in one direction.
const SMALL: usize = 1 << 15;
/// No more sets of texts are looked for.
const SETS: usize = 2;

/// Compiles a regular expression of a phrase: blind to case, of bounded size, over ASCII (what Unicode's classes cost is paid at every
/// start; other characters are matched by what is not a class). Or says what is wrong with it.
pub fn compile(text: &str) -> Result<Regex, String> {
    // Texts without the words that it needs are left out by `candidates`: what else would find a place to begin takes longer to build
    // than it saves.
    let engines = Config::new().auto_prefilter(false).onepass(false).backtrack(false).which_captures(WhichCaptures::Implicit);
    let built = Regex::builder().configure(engines.nfa_size_limit(Some(LARGEST))).syntax(syntax()).build(text);
    built.map_err(|error| match (error.syntax_error(), error.size_limit()) {
        (Some(error), _) => error.to_string(),
        (None, Some(limit)) => format!("it takes more than {limit} bytes"),
        (None, None) => error.to_string(),
    })
}

fn syntax() -> syntax::Config {
    syntax::Config::new().case_insensitive(true).unicode(false).utf8(false)
}

/// The automata of an expression, forwards and backwards, unless they are large.
fn automata(text: &str) -> Option<[Table<u8>; 2]> {
    let limits = dense::Config::new().minimize(true).dfa_size_limit(Some(8 * SMALL)).determinize_size_limit(Some(16 * SMALL));
    let built = Automaton::builder().syntax(syntax()).thompson(thompson::Config::new().utf8(false)).dense(limits).build(text).ok()?;
    let sparse = |automaton: &dense::DFA<Vec<u32>>| {
        let bytes = automaton.to_sparse().ok()?.to_bytes_little_endian();
        (bytes.len() <= SMALL).then(|| bytes.into_iter().collect())
    };
    Some([sparse(built.forward())?, sparse(built.reverse())?])
}

/// What finds an expression in a text.
#[derive(Clone, Debug)]
enum Engine {
    /// Automata that find where it ends, and, read when first it is found anywhere, where it begins.
    Small(Box<Direction>, OnceLock<Option<Box<Direction>>>),
    Large(Box<Regex>),
}

/// An automaton that finds an expression from one side.
type Direction = sparse::DFA<Vec<u8>>;

/// A regular expression that matches a node.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(bound(deserialize = "'de: 'static"))]
pub struct RegexAlternative {
    /// The node that it matches.
    pub node: Symbol,
    /// Its place among the node's alternatives as written.
    pub index: u16,
    /// The expression, blind to case.
    regex: String,
    /// In small letters: of each of these sets, one is in every text that it matches.
    literals: Vec<Vec<String>>,
    /// What finds it, forwards and backwards, unless that is large.
    automata: Option<[Table<u8>; 2]>,
    #[serde(skip)]
    engine: OnceLock<Option<Engine>>,
}

impl RegexAlternative {
    /// An expression that [`compile`] takes.
    pub fn new(node: Symbol, index: u16, regex: String) -> Self {
        let hir = regex_syntax::ParserBuilder::new().unicode(false).utf8(false).build().parse(&regex).ok();
        let mut literals = hir.map(|hir| required(&hir)).unwrap_or_default();
        literals.sort();
        literals.dedup();
        literals.sort_by_key(|set| (Reverse(shortest(set)), set.len()));
        literals.truncate(SETS);
        let literals = literals.into_iter().map(|set| set.into_iter().collect()).collect();
        Self { node, index, automata: automata(&regex), regex, literals, engine: OnceLock::new() }
    }

    /// Where it matches in a text, in bytes, from left to right.
    pub fn find(&self, text: &str) -> Vec<Range<usize>> {
        match self.engine.get_or_init(|| self.engine()) {
            Some(Engine::Small(forwards, backwards)) => {
                let ends = forwards.try_search_fwd(&Input::new(text).earliest(true));
                if ends.is_ok_and(|end| end.is_none()) {
                    return Vec::new();
                }
                let Some(backwards) = backwards.get_or_init(|| self.direction(1)) else { return Vec::new() };
                let both = Automaton::builder().build_from_dfas(&**forwards, &**backwards);
                both.find_iter(text).map(|found| found.range()).collect()
            }
            Some(Engine::Large(regex)) => regex.find_iter(text).map(|found| found.range()).collect(),
            // Packs with a bad one are refused; one that grows too large matches nothing.
            None => Vec::new(),
        }
    }

    fn engine(&self) -> Option<Engine> {
        let small = self.direction(0).map(|forwards| Engine::Small(forwards, OnceLock::new()));
        small.or_else(|| Some(Engine::Large(Box::new(compile(&self.regex).ok()?))))
    }

    /// Reads an automaton that was compiled with the packs.
    fn direction(&self, number: usize) -> Option<Box<Direction>> {
        let bytes = self.automata.as_ref()?[number].bytes();
        Some(Box::new(sparse::DFA::from_bytes(bytes).ok()?.0.to_owned()))
    }
}

/// The regular expressions of a program.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(bound(deserialize = "'de: 'static"))]
pub struct Regexes {
    list: Vec<RegexAlternative>,
    #[serde(skip)]
    finder: OnceLock<Option<Finder>>,
}

/// Finds the words of all expressions in one pass.
#[derive(Debug)]
struct Finder {
    words: AhoCorasick,
    /// For each word the expressions that look for it, and the place of its set among an expression's sets.
    owners: Vec<Vec<(usize, usize)>>,
}

impl Regexes {
    /// Those of a list.
    pub fn new(list: Vec<RegexAlternative>) -> Self {
        Self { list, finder: OnceLock::new() }
    }

    /// Calls `each` with the expressions that may match in a text, in the order of their nodes. `memory` is used and needs no care.
    pub fn candidates<'r>(&'r self, text: &str, memory: &mut Vec<u8>, mut each: impl FnMut(&'r RegexAlternative)) {
        let Some(finder) = self.finder.get_or_init(|| Finder::new(&self.list)) else {
            self.list.iter().for_each(each);
            return;
        };
        // For each expression a bit for each of its sets.
        memory.clear();
        memory.resize(self.list.len(), 0);
        for found in finder.words.find_overlapping_iter(text) {
            for &(owner, set) in &finder.owners[found.pattern().as_usize()] {
                memory[owner] |= 1 << set;
            }
        }
        for (regex, found) in self.list.iter().zip(memory) {
            if found.count_ones() as usize == regex.literals.len() {
                each(regex);
            }
        }
    }
}

impl Finder {
    fn new(list: &[RegexAlternative]) -> Option<Self> {
        let mut owners: BTreeMap<&str, Vec<(usize, usize)>> = BTreeMap::new();
        for (owner, regex) in list.iter().enumerate() {
            for (set, literals) in regex.literals.iter().enumerate() {
                for literal in literals {
                    owners.entry(literal).or_default().push((owner, set));
                }
            }
        }
        // There are few starts to leave out, and each run builds it anew: what speeds up long searches costs more than it saves.
        let words = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .prefilter(false)
            .dense_depth(1)
            .kind(Some(AhoCorasickKind::ContiguousNFA))
            .build(owners.keys())
            .ok()?;
        Some(Self { words, owners: owners.into_values().collect() })
    }
}

/// Sets of texts: of each set one is in whatever an expression matches, in small letters.
fn required(hir: &Hir) -> Vec<Texts> {
    if let Some(texts) = texts(hir) {
        return telling(texts).into_iter().collect();
    }
    match hir.kind() {
        HirKind::Repetition(repetition) if repetition.min > 0 => required(&repetition.sub),
        HirKind::Capture(capture) => required(&capture.sub),
        HirKind::Alternation(sides) => {
            let best = |side: &Hir| required(side).into_iter().max_by_key(shortest);
            let all: Option<Vec<Texts>> = sides.iter().map(best).collect();
            all.map(|all| all.into_iter().flatten().collect()).filter(|all: &Texts| all.len() <= MOST).into_iter().collect()
        }
        HirKind::Concat(parts) => {
            let mut sets = Vec::new();
            let mut run = Texts::from([String::new()]);
            for part in parts {
                let texts = texts(part);
                let longer = texts.as_ref().and_then(|texts| product(&run, texts));
                if let Some(longer) = longer {
                    run = longer;
                } else {
                    sets.extend(telling(std::mem::replace(&mut run, texts.unwrap_or_else(|| Texts::from([String::new()])))));
                    sets.extend(required(part));
                }
            }
            sets.extend(telling(run));
            sets
        }
        _ => Vec::new(),
    }
}

/// A set without the texts that another of it is part of; none if nearly every text has one.
fn telling(mut texts: Texts) -> Option<Texts> {
    let all = texts.clone();
    texts.retain(|text| !all.iter().any(|other| other != text && text.contains(other.as_str())));
    texts.iter().all(|text| !text.trim().is_empty()).then_some(texts)
}

/// The length of a set's shortest text, in bytes.
fn shortest(set: &Texts) -> usize {
    set.iter().map(String::len).min().unwrap_or_default()
}

/// Every text that an expression matches, in small letters, if they are few.
fn texts(hir: &Hir) -> Option<Texts> {
    let one = |text: &str| Some(Texts::from([text.to_owned()]));
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => one(""),
        HirKind::Literal(literal) => one(&String::from_utf8(literal.0.to_ascii_lowercase()).ok()?),
        HirKind::Class(Class::Bytes(class)) => {
            let bytes = class.ranges().iter().flat_map(|range| range.start()..=range.end());
            let texts: BTreeSet<u8> = bytes.map(|byte| byte.to_ascii_lowercase()).collect();
            let few = texts.len() <= 10 && texts.iter().all(u8::is_ascii_graphic);
            few.then(|| texts.into_iter().map(|byte| char::from(byte).to_string()).collect())
        }
        HirKind::Capture(capture) => texts(&capture.sub),
        HirKind::Repetition(repetition) if (repetition.min, repetition.max) == (0, Some(1)) => Some(&texts(&repetition.sub)? | &one("")?),
        HirKind::Class(Class::Unicode(_)) | HirKind::Repetition(_) => None,
        HirKind::Concat(parts) => parts.iter().try_fold(one("")?, |all, part| product(&all, &texts(part)?)),
        HirKind::Alternation(sides) => {
            let all = sides.iter().try_fold(Texts::new(), |all, side| Some(&all | &texts(side)?))?;
            (all.len() <= MOST).then_some(all)
        }
    }
}

/// Every text of one set followed by every text of another, if they are few.
fn product(first: &Texts, second: &Texts) -> Option<Texts> {
    let all = || first.iter().flat_map(|first| second.iter().map(move |second| format!("{first}{second}"))).collect();
    (first.len() * second.len() <= MOST).then(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn literals(regex: &str) -> Vec<Vec<String>> {
        RegexAlternative::new(0, 0, regex.to_owned()).literals
    }

    #[test]
    fn what_an_expression_cannot_do_without_is_known() {
        let known = [["cookie notice", "cookie policy", "cookies notice", "cookies policy"]];
        assert_eq!(literals(r"\bcookies? (policy|notice)\W*$"), known);
        assert_eq!(literals(r"(?-i)\b[A-Z]\w+,? (Inc|LLC)[.,]"), [[" inc,", " inc.", " llc,", " llc."]], "the shorter is in the longer");
        assert_eq!(literals(r"(?i:[NS]treet) [12]+"), [vec!["ntreet ", "street "], vec!["1", "2"]]);
        assert_eq!(literals(r"(a\w+bc|de\w+) "), [["bc", "de"]], "the best of each side");
        assert_eq!(literals(r"\w+@\w+"), [["@"]]);
        let digits: Vec<String> = (0..10).map(|digit| digit.to_string()).collect();
        let hours: Vec<String> = digits.iter().map(|digit| format!("{digit}:")).collect();
        assert_eq!(literals(r"\d\d:"), [hours, digits], "a hundred would be too many");
        assert!(literals(r"\w+|box").is_empty() && literals("(box)?").is_empty() && literals(r"[a-z] [^.]").is_empty());
    }

    #[test]
    fn an_expression_finds_the_same_whatever_its_size() {
        for regex in [r"\b(cookie|data) (policy|notice)\W*$", r"(?-i)\b[A-Z]\w+,? (Inc|LLC)\b", r"(?i:\w[ab]{0,40}\w){0,40}x", "é+"] {
            let small = RegexAlternative::new(0, 0, regex.to_owned());
            let large = RegexAlternative { automata: None, engine: OnceLock::new(), ..small.clone() };
            for text in ["our Cookie Notice.", "Acme, Inc or Wyn LLC", "abbabx aax", "éé é", ""] {
                assert_eq!(small.find(text), large.find(text), "{regex} in {text}");
            }
        }
        let large = RegexAlternative::new(0, 0, r"\b(a|b)\b[^.]{0,80}\b(c|d)\b[^.]{0,80}:$".to_owned());
        assert!(large.automata.is_none() && large.find("a b c d:").len() == 1);
        assert!(RegexAlternative::new(0, 0, "bad (".to_owned()).find("bad (").is_empty());
    }

    #[test]
    fn an_expression_is_tried_where_it_may_match() {
        let list = [r"cookies? (policy|notice)", r"\w{5}", "o.c"].map(|regex| RegexAlternative::new(0, 0, regex.to_owned()));
        let regexes = Regexes::new(list.to_vec());
        let tried = |text: &str| {
            let mut tried = Vec::new();
            regexes.candidates(text, &mut Vec::new(), |regex| tried.push(regex.regex.clone()));
            tried
        };
        assert_eq!(tried("Our Cookie Policy"), [r"cookies? (policy|notice)", r"\w{5}", "o.c"]);
        assert_eq!(tried("A cookie menu"), [r"\w{5}", "o.c"]);
        assert_eq!(tried("a menu"), [r"\w{5}"]);
    }
}
