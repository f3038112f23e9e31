//! Regular expressions, the way out of the phrase language: compiled on first use, and tried only on a text that holds a word which
//! they cannot do without.

use super::Symbol;
use super::lists::Lists;
use aho_corasick::{AhoCorasick, AhoCorasickKind};
use regex_automata::meta::{Config, Regex};
use regex_automata::nfa::thompson::WhichCaptures;
use regex_automata::util::syntax;
use regex_syntax::hir::{Class, Hir, HirKind};
use serde::{Deserialize, Serialize};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

/// More words than this tell little.
const MOST: usize = 64;
/// How many bytes a compiled expression may take.
const LARGEST: usize = 1 << 20;
/// No more sets of words are looked for.
const SETS: usize = 8;

/// Compiles a regular expression of a phrase: blind to case, of bounded size, over ASCII (what Unicode's classes cost is paid at every
/// start; other characters are matched by what is not a class). Or says what is wrong with it.
pub fn compile(text: &str) -> Result<Regex, String> {
    // Texts without the words that it needs are left out by `candidates`: what else would find a place to begin takes longer to build
    // than it saves.
    let engines = Config::new().auto_prefilter(false).onepass(false).backtrack(false).which_captures(WhichCaptures::Implicit);
    let syntax = syntax::Config::new().case_insensitive(true).unicode(false).utf8(false);
    let built = Regex::builder().configure(engines.nfa_size_limit(Some(LARGEST))).syntax(syntax).build(text);
    built.map_err(|error| match (error.syntax_error(), error.size_limit()) {
        (Some(error), _) => error.to_string(),
        (None, Some(limit)) => format!("it takes more than {limit} bytes"),
        (None, None) => error.to_string(),
    })
}

/// A regular expression that matches a node.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RegexAlternative {
    /// The node that it matches.
    pub node: Symbol,
    /// Its place among the node's alternatives as written.
    pub index: u16,
    /// The expression, blind to case.
    regex: String,
    /// In small letters: of each of these sets, a word is in every text that it matches.
    literals: Vec<Vec<String>>,
    #[serde(skip)]
    compiled: OnceLock<Option<Regex>>,
}

impl RegexAlternative {
    /// An expression that [`compile`] takes.
    pub fn new(node: Symbol, index: u16, regex: String) -> Self {
        let hir = regex_syntax::ParserBuilder::new().unicode(false).utf8(false).build().parse(&regex).ok();
        let mut literals = hir.map(|hir| required(&hir)).unwrap_or_default();
        literals.sort();
        literals.dedup();
        literals.sort_by_key(|set| Reverse(shortest(set)));
        literals.truncate(SETS);
        Self { node, index, regex, literals, compiled: OnceLock::new() }
    }

    /// The compiled expression. Packs with a bad one are refused; one that grows too large matches nothing.
    pub fn compiled(&self) -> Option<&Regex> {
        self.compiled.get_or_init(|| compile(&self.regex).ok()).as_ref()
    }
}

/// The regular expressions of a program.
#[derive(Debug, Default, Serialize, Deserialize)]
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
    owners: Lists<(usize, usize)>,
}

impl Regexes {
    /// Those of a list.
    pub fn new(list: Vec<RegexAlternative>) -> Self {
        Self { list, finder: OnceLock::new() }
    }

    /// In the order of their nodes.
    pub fn iter(&self) -> impl Iterator<Item = &RegexAlternative> {
        self.list.iter()
    }

    /// Calls `each` with the expressions that may match in a text. `memory` is used and needs no care.
    pub fn candidates(&self, text: &str, memory: &mut Vec<u8>, mut each: impl FnMut(&RegexAlternative)) {
        let Some(finder) = self.finder.get_or_init(|| Finder::new(&self.list)) else {
            self.list.iter().for_each(each);
            return;
        };
        // For each expression a bit for each of its sets.
        memory.clear();
        memory.resize(self.list.len(), 0);
        for found in finder.words.find_overlapping_iter(text) {
            for &(owner, set) in finder.owners.get(found.pattern().as_usize()) {
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
        let words =
            AhoCorasick::builder().ascii_case_insensitive(true).kind(Some(AhoCorasickKind::ContiguousNFA)).build(owners.keys()).ok()?;
        let mut lists = Lists::default();
        for list in owners.into_values() {
            lists.push(list);
        }
        Some(Self { words, owners: lists })
    }
}

/// Sets of words: of each set one is in whatever an expression matches.
fn required(hir: &Hir) -> Vec<Vec<String>> {
    match hir.kind() {
        HirKind::Literal(_) | HirKind::Class(_) => one_of(hir).into_iter().collect(),
        HirKind::Repetition(repetition) if repetition.min > 0 => required(&repetition.sub),
        HirKind::Empty | HirKind::Look(_) | HirKind::Repetition(_) => Vec::new(),
        HirKind::Capture(capture) => required(&capture.sub),
        HirKind::Alternation(sides) => {
            let telling = |side: &Hir| required(side).into_iter().max_by_key(|set| shortest(set));
            let all: Option<Vec<Vec<String>>> = sides.iter().map(telling).collect();
            all.map(|all| all.concat()).filter(|all| all.len() <= MOST).into_iter().collect()
        }
        HirKind::Concat(parts) => {
            let mut sets: Vec<Vec<String>> = Vec::new();
            let mut run = String::new();
            for part in parts {
                if let Some([text]) = one_of(part).as_deref() {
                    run.push_str(text);
                } else {
                    sets.push(vec![std::mem::take(&mut run)]);
                    sets.extend(required(part));
                }
            }
            sets.push(vec![run]);
            // Nearly every text has a space.
            sets.retain(|set| set.iter().all(|text| !text.trim().is_empty()));
            sets
        }
    }
}

/// The length of a set's shortest word, in bytes.
fn shortest(set: &[String]) -> usize {
    set.iter().map(String::len).min().unwrap_or_default()
}

/// The few texts of which an expression is one, in small letters: a letter in either case is one, a digit one of ten.
fn one_of(hir: &Hir) -> Option<Vec<String>> {
    match hir.kind() {
        HirKind::Literal(literal) => String::from_utf8(literal.0.to_ascii_lowercase()).ok().map(|text| vec![text]),
        HirKind::Class(Class::Bytes(class)) => {
            let bytes = class.ranges().iter().flat_map(|range| range.start()..=range.end());
            let texts: BTreeSet<u8> = bytes.map(|byte| byte.to_ascii_lowercase()).collect();
            let few = texts.len() <= 10 && texts.iter().all(u8::is_ascii_graphic);
            few.then(|| texts.into_iter().map(|byte| char::from(byte).to_string()).collect())
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn literals(regex: &str) -> Vec<Vec<String>> {
        RegexAlternative::new(0, 0, regex.to_owned()).literals
    }

    #[test]
    fn what_an_expression_cannot_do_without_is_known() {
        assert_eq!(literals(r"\bcookies? (policy|notice)\W*$"), [vec!["cookie"], vec!["policy", "notice"]]);
        assert_eq!(literals(r"(?-i)\b[A-Z]\w+,? (Inc|LLC)\b"), [["inc", "llc"]]);
        assert_eq!(literals(r"(?i:[NS]treet) [12]+"), [vec!["treet "], vec!["1", "2"], vec!["n", "s"]]);
        assert_eq!(literals(r"\w+@\w+"), [["@"]]);
        assert!(literals(r"\w+|box").is_empty() && literals("(box)?").is_empty() && literals(r"[a-z] [^.]").is_empty());
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
