//! What was read of a document: for every ask what it takes, sentence by sentence, and how far the scopes of the rules reach.

use super::matcher::Matcher;
use super::tokens::Tokens;
use crate::document::{BlockKind, Document, Ending, Stretch, narrow};
use crate::rule::schema::Scope;
use crate::rule::words::{Token, TokenKind};
use crate::rule::{AskNumber, Even, Program};
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;
use std::ops::Range;

/// Of passages that are longer than this, in bytes, it is kept where in them the words of a hit stand.
pub(super) const LONG: usize = 600;

/// Lists of more hits than this are long.
const MANY: usize = 1000;

/// What an ask takes in a sentence. There are many of them: what few have is apart.
#[derive(Clone, Copy, Debug)]
pub(super) struct Hit {
    sentence: u32,
    /// Which of the node's phrases.
    pub(super) index: u16,
    /// Which of the sentence's hedges governs the words, from 1; 0 where none does.
    hedge: u8,
    /// How many matches in the sentence are as this one, and itself; no more than 255.
    pub(super) count: u8,
}

impl Hit {
    pub(super) fn new(sentence: usize, index: u16, hedge: u8) -> Self {
        Self { sentence: narrow(sentence), index, hedge, count: 1 }
    }

    /// The number of the sentence.
    pub(super) fn sentence(self) -> usize {
        self.sentence as usize
    }

    /// Does a hedge govern the words?
    pub(super) fn is_hedged(self) -> bool {
        self.hedge > 0
    }

    /// Do both say the same, of one sentence?
    pub(super) fn is_as(self, other: Self) -> bool {
        self.hedge == other.hedge
    }
}

/// A document with everything that the phrases of packs matched in it.
pub struct Reading<'r> {
    document: &'r Document,
    /// For each ask what it takes, by sentence, then by place.
    hits: Vec<Vec<Hit>>,
    /// Hedges that govern a hit, by sentence.
    hedges: Vec<(u32, Stretch)>,
    /// Where the words of a hit stand, in long passages.
    spots: FxHashMap<(AskNumber, u32), Stretch>,
    /// The sentences that restate a law, and the words that tell.
    laws: Vec<(usize, Range<usize>)>,
    /// For each ask the first sentence where it would take what a phrase nearly matched.
    pub(super) nearly: BTreeMap<AskNumber, usize>,
    /// For each question with an answer, the end of the answer: a reader takes them as one.
    pub(super) answers: Vec<(u32, u32)>,
    /// For each group of blocks its sentences.
    groups: Vec<Stretch>,
    /// For each section the number of the next that is not its sub-section.
    section_ends: Vec<u32>,
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

impl<'r> Reading<'r> {
    /// A document of which nothing is read yet, for so many asks.
    pub(super) fn begin(document: &'r Document, asks: usize) -> Self {
        Self {
            document,
            hits: vec![Vec::new(); asks],
            hedges: Vec::new(),
            spots: FxHashMap::default(),
            laws: Vec::new(),
            nearly: BTreeMap::new(),
            answers: Vec::new(),
            groups: groups(document),
            section_ends: section_ends(document),
            words: 0,
            english: 0,
            genre: Vec::with_capacity(document.sentences.len()),
        }
    }

    /// Notes what a sentence tells of the kind of document, and says what speech it is, apart from negations and hedges.
    pub(super) fn hear(&mut self, program: &Program, matcher: &Matcher, tokens: &Tokens, sentence: usize) -> Even {
        let reserved = program.reserved;
        self.genre.push(Genre {
            privacy: !matcher.of(reserved.privacy_speech).is_empty(),
            policy_title: !matcher.of(reserved.policy_title).is_empty(),
            other_title: !matcher.of(reserved.other_title).is_empty(),
        });
        let law = matcher.law().map(|found| tokens.words(found));
        self.laws.extend(law.clone().map(|words| (sentence, words)));
        Even { law: law.is_some(), question: self.is_question(sentence), heading: self.is_heading(sentence), ..Even::default() }
    }

    /// The number of a hedge among those of a sentence, which is the last that has any.
    pub(super) fn hedge_number(&mut self, sentence: usize, words: &Range<usize>) -> u8 {
        let words = Stretch::of(words);
        let first = self.hedges.partition_point(|(number, _)| (*number as usize) < sentence);
        let known = self.hedges[first..].iter().position(|(_, known)| *known == words);
        let number = known.unwrap_or_else(|| {
            self.hedges.push((narrow(sentence), words));
            self.hedges.len() - 1 - first
        });
        // No sentence has so many.
        u8::try_from(number + 1).unwrap_or(u8::MAX)
    }

    /// Keeps a hit of an ask, behind those of earlier sentences; and where its words stand, if the passage is long.
    pub(super) fn add(&mut self, ask: AskNumber, hit: Hit, words: &Range<usize>, is_long: bool) {
        self.hits[ask as usize].push(hit);
        if is_long {
            self.spots.entry((ask, hit.sentence)).or_insert_with(|| Stretch::of(words));
        }
    }

    /// Takes in what was read of the sentences that follow.
    pub(super) fn append(&mut self, other: Self) {
        for (hits, others) in self.hits.iter_mut().zip(other.hits) {
            hits.reserve_exact(others.len());
            hits.extend(others);
        }
        self.hedges.extend(other.hedges);
        self.spots.extend(other.spots);
        self.laws.extend(other.laws);
        for (ask, sentence) in other.nearly {
            self.nearly.entry(ask).or_insert(sentence);
        }
        self.answers.extend(other.answers);
        self.words += other.words;
        self.english += other.english;
        self.genre.extend(other.genre);
    }

    /// Gives back memory that long lists do not use, before verdicts take some of their own.
    pub(super) fn shrink(&mut self) {
        self.hits.iter_mut().filter(|hits| hits.len() > MANY).for_each(Vec::shrink_to_fit);
    }

    /// Is the passage of a sentence too long to be shown whole?
    pub(super) fn is_long(&self, sentence: usize) -> bool {
        self.passage(sentence).len() > LONG
    }

    /// Is a sentence a question, without an answer?
    pub(super) fn is_question(&self, sentence: usize) -> bool {
        self.document.sentences[sentence].ending == Ending::Question && self.answer(sentence).is_none()
    }

    /// Is a sentence a heading? A question with an answer is none.
    pub(super) fn is_heading(&self, sentence: usize) -> bool {
        self.document.blocks[self.document.sentences[sentence].block()].kind == BlockKind::Heading && self.answer(sentence).is_none()
    }

    /// The end of a question's answer.
    fn answer(&self, sentence: usize) -> Option<usize> {
        let found = self.answers.binary_search_by_key(&narrow(sentence), |(number, _)| *number).ok()?;
        Some(self.answers[found].1 as usize)
    }

    /// The part of a long passage to show of a hit: the words that matched, in bytes of prose. None where the passage is short.
    pub(super) fn words(&self, ask: AskNumber, hit: Hit) -> Option<Range<usize>> {
        self.spots.get(&(ask, hit.sentence)).map(|words| words.range())
    }

    /// Is a sentence the document's title?
    pub(super) fn is_title(&self, sentence: usize) -> bool {
        self.document.title.is_some_and(|title| self.document.blocks[title].sentences().contains(&sentence))
    }

    /// Counts the words of a sentence, and the English ones among them.
    pub(super) fn count_english(&mut self, tokens: &[Token]) {
        for token in tokens.iter().filter(|token| token.kind == TokenKind::Word) {
            self.words += 1;
            let text = &self.document.prose[token.range()];
            self.english += usize::from(text.len() < 5 && ENGLISH.iter().any(|word| word.eq_ignore_ascii_case(text)));
        }
    }

    /// What an ask takes, by sentence.
    pub(super) fn of(&self, ask: AskNumber) -> &[Hit] {
        &self.hits[ask as usize]
    }

    /// What an ask takes in a range of sentences.
    pub(super) fn within(&self, ask: AskNumber, sentences: &Range<usize>) -> &[Hit] {
        let hits = self.of(ask);
        let start = hits.partition_point(|hit| hit.sentence() < sentences.start);
        let length = hits[start..].partition_point(|hit| hit.sentence() < sentences.end);
        &hits[start..start + length]
    }

    /// The hedge that governs the words of a hit, in bytes of prose.
    pub(super) fn hedge(&self, hit: Hit) -> Option<Range<usize>> {
        let first = self.hedges.partition_point(|(number, _)| *number < hit.sentence);
        let (_, words) = self.hedges.get(first + usize::from(hit.hedge.checked_sub(1)?))?;
        Some(words.range())
    }

    /// The words that make a sentence a restatement of a law.
    pub(super) fn law(&self, sentence: usize) -> Option<Range<usize>> {
        let found = self.laws.binary_search_by_key(&sentence, |(number, _)| *number).ok()?;
        Some(self.laws[found].1.clone())
    }

    /// The first sentence where an ask would take what a phrase nearly matched.
    pub(super) fn nearly(&self, ask: AskNumber) -> Option<usize> {
        self.nearly.get(&ask).copied()
    }

    /// The document that was read.
    pub fn document(&self) -> &'r Document {
        self.document
    }

    /// The prose of a sentence, with its answer if it is a question that has one.
    pub(super) fn passage(&self, sentence: usize) -> Range<usize> {
        let own = self.document.sentences[sentence].range();
        own.start..self.answer(sentence).unwrap_or(own.end)
    }

    /// The sentences that a scope around a sentence takes in.
    pub(super) fn scope(&self, sentence: usize, scope: Scope) -> Range<usize> {
        let document = self.document;
        let block = &document.blocks[document.sentences[sentence].block()];
        match scope {
            Scope::Sentence => sentence..sentence + 1,
            Scope::Neighbours => {
                let section = self.sentences(&document.sections[block.section()].blocks());
                sentence.saturating_sub(1).max(section.start)..(sentence + 3).min(section.end)
            }
            Scope::Paragraph => self.groups[block.group()].range(),
            Scope::Section => {
                let title = document.title.map(|title| document.blocks[title].section());
                let section = &document.sections[block.section()];
                // A sub-section belongs to its section; everything belongs to the title's.
                let above = section.parent().filter(|&parent| parent != 0 && Some(parent) != title).unwrap_or(block.section());
                let end = self.section_ends[above] as usize;
                let first = document.sections[above].blocks().start;
                self.sentences(&(first..document.sections[end - 1].blocks().end.max(first)))
            }
            Scope::Document => 0..document.sentences.len(),
        }
    }

    /// The sentences of a range of blocks.
    fn sentences(&self, blocks: &Range<usize>) -> Range<usize> {
        let blocks = &self.document.blocks[blocks.clone()];
        blocks.first().map_or(0, |block| block.sentences().start)..blocks.last().map_or(0, |block| block.sentences().end)
    }

    /// Does an ask take anything in a heading above a sentence?
    pub(super) fn is_under(&self, ask: AskNumber, sentence: usize) -> bool {
        let document = self.document;
        let mut section = Some(document.blocks[document.sentences[sentence].block()].section());
        while let Some(at) = section {
            if let Some(heading) = document.sections[at].heading()
                && !self.within(ask, &document.blocks[heading].sentences()).is_empty()
            {
                return true;
            }
            section = document.sections[at].parent();
        }
        false
    }
}

/// For each section the number of the next one on its level or above.
fn section_ends(document: &Document) -> Vec<u32> {
    let sections = &document.sections;
    let mut ends = vec![narrow(sections.len()); sections.len()];
    let mut open: Vec<usize> = Vec::new();
    for (number, section) in sections.iter().enumerate() {
        while let Some(inner) = open.pop_if(|open| sections[*open].level >= section.level) {
            ends[inner] = narrow(number);
        }
        open.push(number);
    }
    ends
}

/// For each group of blocks the sentences from its first to its last.
fn groups(document: &Document) -> Vec<Stretch> {
    let count = document.blocks.iter().map(|block| block.group() + 1).max().unwrap_or(0);
    let mut groups = vec![Stretch::default(); count];
    for block in &document.blocks {
        let (group, own) = (&mut groups[block.group()], block.sentences());
        let known = group.range();
        *group = Stretch::of(&if known.is_empty() { own } else { known.start.min(own.start)..known.end.max(own.end) });
    }
    groups
}
