//! Reads a document with a program: every sentence's tokens are matched once, and what rules ask for is kept as hits.

use super::matcher::{Match, Matcher};
use super::tokens::Tokens;
use crate::document::{BlockKind, Document, Ending};
use crate::rule::quantity::Quantity;
use crate::rule::schema::Scope;
use crate::rule::words::{Token, TokenKind, Words};
use crate::rule::{Capture, Packs, Program, Symbol};
use std::ops::Range;

/// How many tokens of a lead-in its items inherit.
const LEAD_IN: usize = 50;

/// A phrase that matched in a sentence.
#[derive(Clone, Debug)]
pub(super) struct Hit {
    pub(super) node: Symbol,
    /// Which of the node's phrases.
    pub(super) index: u16,
    pub(super) sentence: usize,
    /// It stands in the lead-in of the sentence alone.
    pub(super) inherited: bool,
    /// The words that matched, in bytes of prose; the sentence's own, not its lead-in's.
    pub(super) words: Range<usize>,
    /// The negation outside of the phrase that denies it.
    pub(super) negation: Option<Range<usize>>,
    /// The hedge that governs it.
    pub(super) hedge: Option<Range<usize>>,
    /// The words that make the sentence a restatement of a law.
    pub(super) law: Option<Range<usize>>,
    pub(super) question: bool,
    pub(super) heading: bool,
    /// Captures with a quantity inside the match.
    pub(super) quantities: Vec<(Capture, Quantity)>,
}

/// A document with everything that the phrases of packs matched in it.
pub struct Reading<'d> {
    document: &'d Document,
    /// By node, then by sentence, then by place.
    hits: Vec<Hit>,
    /// Node and sentence where a phrase nearly matched, sorted.
    nearly: Vec<(Symbol, usize)>,
    /// For each sentence the prose that a reader takes as one with it: a question has its answer.
    passages: Vec<Range<usize>>,
    /// For each group of blocks its sentences.
    groups: Vec<Range<usize>>,
    /// Words of the prose, and how many of them are the commonest of English.
    pub(super) words: usize,
    pub(super) english: usize,
    /// For each sentence: what it tells of the kind of document.
    pub(super) genre: Vec<Genre>,
}

/// What a sentence tells of the kind of document.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Genre {
    /// It speaks as privacy policies do.
    pub(super) privacy: bool,
    /// It holds what a privacy policy is called.
    pub(super) policy_title: bool,
    /// It holds what another document is called.
    pub(super) other_title: bool,
}

/// The commonest words of English that other languages do not share.
const ENGLISH: [&str; 16] = ["the", "of", "and", "to", "your", "we", "you", "our", "is", "for", "that", "this", "with", "are", "be", "or"];

impl<'d> Reading<'d> {
    /// Reads a document with the phrases of packs.
    pub fn new(packs: &Packs, document: &'d Document) -> Self {
        let program = &packs.program;
        let mut cut = Vec::new();
        let mut ranges = Vec::with_capacity(document.sentences.len());
        for sentence in &document.sentences {
            let start = cut.len();
            program.words.cut(&document.prose, sentence.range.clone(), &mut cut);
            ranges.push(start..cut.len());
        }
        let mut reading = Self {
            document,
            hits: Vec::new(),
            nearly: Vec::new(),
            passages: document.sentences.iter().map(|sentence| sentence.range.clone()).collect(),
            groups: groups(document),
            words: 0,
            english: 0,
            genre: Vec::with_capacity(document.sentences.len()),
        };
        reading.count_english(&cut);
        let answers = Answers::new(&program.words);
        let mut matcher = Matcher::new(program);
        let mut tokens = Vec::new();
        for (number, sentence) in document.sentences.iter().enumerate() {
            let block = &document.blocks[sentence.block];
            tokens.clear();
            let answered =
                if sentence.ending == Ending::Question { answers.join(document, &cut, &ranges, number, &mut tokens) } else { None };
            let mut own = 0;
            if let Some(answer) = answered {
                reading.passages[number].end = answer;
            } else {
                for &lead_in in block.lead_ins.iter().filter(|&&lead_in| lead_in < number) {
                    let lead_in = ranges[lead_in].clone();
                    tokens.extend_from_slice(&cut[lead_in.start.max(lead_in.end.saturating_sub(LEAD_IN))..lead_in.end]);
                }
                own = tokens.len();
                tokens.extend_from_slice(&cut[ranges[number].clone()]);
            }
            let view = Tokens { list: &tokens, prose: &document.prose, links: links(document, &sentence.range) };
            matcher.run(&view, own, sentence.range.clone());
            reading.collect(program, &matcher, &view, own, number, answered.is_some());
        }
        reading.nearly.sort_unstable();
        reading.hits.sort_by_key(|one| (one.node, one.sentence, one.words.start));
        reading
    }

    fn collect(&mut self, program: &Program, matcher: &Matcher, tokens: &Tokens, own: usize, sentence: usize, answered: bool) {
        let reserved = program.reserved;
        self.genre.push(Genre {
            privacy: !matcher.of(reserved.privacy_speech).is_empty(),
            policy_title: !matcher.of(reserved.policy_title).is_empty(),
            other_title: !matcher.of(reserved.other_title).is_empty(),
        });
        let heading = !answered && self.document.blocks[self.document.sentences[sentence].block].kind == BlockKind::Heading;
        let question = self.document.sentences[sentence].ending == Ending::Question && !answered;
        let law = matcher.of(program.reserved.law_restated).first().map(|&found| words(tokens, own, found));
        if !heading && !question && law.is_none() {
            self.nearly.extend(matcher.nearly().iter().map(|&node| (node, sentence)));
        }
        for (node, matches) in matcher.kept() {
            for &found in matches {
                self.hits.push(Hit {
                    node,
                    index: found.index,
                    sentence,
                    inherited: own > 0 && found.end as usize <= own,
                    words: words(tokens, own, found),
                    negation: matcher.negation(found).map(|negation| words(tokens, 0, negation)),
                    hedge: matcher.hedge(found).map(|hedge| words(tokens, 0, hedge)),
                    law: law.clone(),
                    question,
                    heading,
                    quantities: matcher.quantities(found).collect(),
                });
            }
        }
    }

    fn count_english(&mut self, tokens: &[Token]) {
        for token in tokens.iter().filter(|token| token.kind == TokenKind::Word) {
            self.words += 1;
            let text = &self.document.prose[token.range()];
            self.english += usize::from(text.len() < 5 && ENGLISH.iter().any(|word| word.eq_ignore_ascii_case(text)));
        }
    }

    /// The hits of a node, by sentence.
    pub(super) fn of(&self, node: Symbol) -> &[Hit] {
        let start = self.hits.partition_point(|hit| hit.node < node);
        let length = self.hits[start..].partition_point(|hit| hit.node == node);
        &self.hits[start..start + length]
    }

    /// The hits of a node in a range of sentences.
    pub(super) fn within(&self, node: Symbol, sentences: &Range<usize>) -> &[Hit] {
        let hits = self.of(node);
        let start = hits.partition_point(|hit| hit.sentence < sentences.start);
        let length = hits[start..].partition_point(|hit| hit.sentence < sentences.end);
        &hits[start..start + length]
    }

    /// The sentences of publishers' own speech where a phrase of a node nearly matched.
    pub(super) fn nearly(&self, node: Symbol) -> impl Iterator<Item = usize> {
        let start = self.nearly.partition_point(|(other, _)| *other < node);
        self.nearly[start..].iter().take_while(move |(other, _)| *other == node).map(|(_, sentence)| *sentence)
    }

    /// The document that was read.
    pub fn document(&self) -> &'d Document {
        self.document
    }

    /// The prose of a sentence, with its answer if it is a question that has one.
    pub(super) fn passage(&self, sentence: usize) -> Range<usize> {
        self.passages[sentence].clone()
    }

    /// The sentences that a scope around a sentence takes in.
    pub(super) fn scope(&self, sentence: usize, scope: Scope) -> Range<usize> {
        let document = self.document;
        let block = &document.blocks[document.sentences[sentence].block];
        match scope {
            Scope::Sentence => sentence..sentence + 1,
            Scope::Neighbours => {
                let section = self.sentences(&document.sections[block.section].blocks);
                sentence.saturating_sub(1).max(section.start)..(sentence + 3).min(section.end)
            }
            Scope::Paragraph => self.groups[block.group].clone(),
            Scope::Section => {
                let title = document.title.map(|title| document.blocks[title].section);
                let section = &document.sections[block.section];
                // A sub-section belongs to its section; everything belongs to the title's.
                let above = section.parent.filter(|&parent| parent != 0 && Some(parent) != title).unwrap_or(block.section);
                let level = document.sections[above].level;
                let end = document.sections[above + 1..]
                    .iter()
                    .position(|other| other.level <= level)
                    .map_or(document.sections.len(), |next| above + 1 + next);
                let first = document.sections[above].blocks.start;
                self.sentences(&(first..document.sections[end - 1].blocks.end.max(first)))
            }
            Scope::Document => 0..document.sentences.len(),
        }
    }

    /// The sentences of a range of blocks.
    fn sentences(&self, blocks: &Range<usize>) -> Range<usize> {
        let blocks = &self.document.blocks[blocks.clone()];
        blocks.first().map_or(0, |block| block.sentences.start)..blocks.last().map_or(0, |block| block.sentences.end)
    }

    /// Does a node match in a heading above a sentence?
    pub(super) fn is_under(&self, node: Symbol, sentence: usize) -> bool {
        let document = self.document;
        let mut section = Some(document.blocks[document.sentences[sentence].block].section);
        while let Some(at) = section {
            if let Some(heading) = document.sections[at].heading
                && !self.within(node, &document.blocks[heading].sentences).is_empty()
            {
                return true;
            }
            section = document.sections[at].parent;
        }
        false
    }
}

/// The prose of a match, without a lead-in's tokens where it has others.
fn words(tokens: &Tokens, own: usize, found: Match) -> Range<usize> {
    let first = (found.start as usize).max(own).min(tokens.len().saturating_sub(1));
    let last = (found.end as usize).max(first + 1).min(tokens.len());
    let (Some(first), Some(last)) = (tokens.get(first), tokens.get(last.saturating_sub(1))) else {
        return 0..0;
    };
    // The words of an answer are put in the order of a statement.
    (first.start.min(last.start) as usize)..(first.end.max(last.end) as usize)
}

/// The links that may touch a range of prose.
fn links<'d>(document: &'d Document, range: &Range<usize>) -> &'d [crate::document::Link] {
    let start = document.links.partition_point(|link| link.range.end <= range.start);
    let length = document.links[start..].partition_point(|link| link.range.start < range.end);
    &document.links[start..start + length]
}

/// For each group of blocks the sentences from its first to its last.
fn groups(document: &Document) -> Vec<Range<usize>> {
    let count = document.blocks.iter().map(|block| block.group + 1).max().unwrap_or(0);
    let mut groups: Vec<Option<Range<usize>>> = vec![None; count];
    for block in &document.blocks {
        let group = groups[block.group].get_or_insert_with(|| block.sentences.clone());
        *group = group.start.min(block.sentences.start)..group.end.max(block.sentences.end);
    }
    groups.into_iter().map(Option::unwrap_or_default).collect()
}

/// Makes a statement of a question and its answer: "Do you sell my data? No." says "we do not sell your data".
struct Answers {
    not: Token,
    we: u32,
    you: u32,
    your: u32,
}

impl Answers {
    fn new(words: &Words) -> Self {
        let mut tokens = Vec::new();
        words.cut("not we you your", 0..15, &mut tokens);
        Self { not: tokens[0], we: tokens[1].form, you: tokens[2].form, your: tokens[3].form }
    }

    /// Puts the statement's tokens, if the sentence is a question that the next sentence answers with yes or no; the end of the answer.
    fn join(&self, document: &Document, cut: &[Token], ranges: &[Range<usize>], number: usize, tokens: &mut Vec<Token>) -> Option<usize> {
        let answer = document.sentences.get(number + 1)?;
        let same_block = answer.block == document.sentences[number].block;
        if !same_block && answer.block != document.sentences[number].block + 1 {
            return None;
        }
        let text = |token: &Token| &document.prose[token.range()];
        let answer_tokens = &cut[ranges[number + 1].clone()];
        let first = text(answer_tokens.first()?);
        let denied = first.eq_ignore_ascii_case("no") || first.eq_ignore_ascii_case("never");
        if !denied && !first.eq_ignore_ascii_case("yes") {
            return None;
        }
        let question = &cut[ranges[number].clone()];
        let auxiliary = question.first()?;
        let helps = ["do", "does", "did", "will", "would", "can", "could", "may", "shall", "should", "have", "has", "is", "are"];
        if question.len() < 3 || !helps.iter().any(|word| word.eq_ignore_ascii_case(text(auxiliary))) {
            return None;
        }
        // The reader asks "do you", the publisher "do we": either way the publisher answers.
        let asked_by_reader = question.iter().any(|token| ["my", "i", "me"].iter().any(|word| word.eq_ignore_ascii_case(text(token))))
            || text(&question[1]).eq_ignore_ascii_case("you");
        let turned = |token: &Token| {
            let form = match text(token).to_ascii_lowercase().as_str() {
                "you" if asked_by_reader => self.we,
                "my" => self.your,
                "i" | "me" => self.you,
                _ => token.form,
            };
            Token { form, ..*token }
        };
        tokens.push(turned(&question[1]));
        let empty = ["do", "does", "did"].iter().any(|word| word.eq_ignore_ascii_case(text(auxiliary)));
        if denied || !empty {
            tokens.push(*auxiliary);
        }
        if denied {
            tokens.push(Token { start: auxiliary.start, end: auxiliary.end, ..self.not });
        }
        tokens.extend(question[2..].iter().map(turned));
        tokens.extend_from_slice(&answer_tokens[1..]);
        Some(answer.range.end)
    }
}
