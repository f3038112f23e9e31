//! Reads a document with a program: every sentence's tokens are matched once, and what rules ask for is kept as hits.

use super::captures::{self, Found};
use super::matcher::{Details, Matcher};
use super::sieve::{BATCH, Sieve};
use super::tokens::Tokens;
use crate::document::{BlockKind, Document, Ending};
use crate::rule::schema::Scope;
use crate::rule::words::{Token, TokenKind, Words};
use crate::rule::{Ask, AskNumber, Even, Packs, Program, Purpose};
use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;
use std::sync::{Mutex, PoisonError};

/// How many tokens of a lead-in its items inherit.
const LEAD_IN: usize = 50;

/// What an ask takes in a sentence. There are many of them: what few have is apart, as [`Details`].
#[derive(Clone, Copy, Debug)]
pub(super) struct Hit {
    sentence: u32,
    /// Index of its details.
    details: u32,
    /// Which of the node's phrases.
    pub(super) index: u16,
    /// Where the words begin that matched, in bytes behind the beginning of the sentence.
    start: u16,
    /// How long they are, in bytes.
    length: u16,
    /// A hedge weakens it.
    pub(super) hedged: bool,
    /// How many matches in the sentence are as this one, and itself; no more than 255.
    pub(super) count: u8,
}

impl Hit {
    /// The number of the sentence.
    pub(super) fn sentence(&self) -> usize {
        self.sentence as usize
    }
}

/// A document with everything that the phrases of packs matched in it.
pub struct Reading<'r> {
    document: &'r Document,
    /// For each ask what it takes, by sentence, then by place.
    hits: Vec<Vec<Hit>>,
    /// The first is that of hits which have none.
    details: Vec<Details>,
    /// The sentences that restate a law, and the words that tell.
    laws: Vec<(usize, Range<usize>)>,
    /// For each ask the first sentence where it would take what a phrase nearly matched.
    nearly: BTreeMap<AskNumber, usize>,
    /// For each question with an answer, the end of the answer: a reader takes them as one.
    answers: Vec<(usize, usize)>,
    /// For each group of blocks its sentences.
    groups: Vec<Range<usize>>,
    /// For each section the number of the next that is not its sub-section.
    section_ends: Vec<usize>,
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

/// Reads documents with the phrases of packs, on any number of threads; what it takes to read is made once for each and used again.
pub struct Readers<'p> {
    packs: &'p Packs,
    idle: Mutex<Vec<Reader<'p>>>,
}

impl<'p> Readers<'p> {
    /// Readers that have read nothing yet.
    pub fn new(packs: &'p Packs) -> Self {
        Self { packs, idle: Mutex::new(Vec::new()) }
    }

    /// The packs that they read with.
    pub fn packs(&self) -> &'p Packs {
        self.packs
    }

    /// Reads a document.
    pub fn read<'r>(&self, document: &'r Document) -> Reading<'r>
    where
        'p: 'r,
    {
        let idle = || self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        let reader = idle().pop();
        let mut reader = reader.unwrap_or_else(|| Reader::new(self.packs));
        let reading = reader.read(document);
        idle().push(reader);
        reading
    }
}

impl fmt::Debug for Readers<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.debug_struct("Readers").finish_non_exhaustive()
    }
}

/// Reads documents one after the other.
struct Reader<'p> {
    program: &'p Program,
    sieve: Sieve<'p>,
    matcher: Matcher<'p>,
    answers: Answers,
    cut: Cut,
    /// The tokens that the sentences of a batch are matched as, and what has a shape among them.
    tokens: Vec<Token>,
    captures: Vec<Found>,
    statements: Vec<Statement>,
    memory: Vec<u8>,
    /// For each place the best heading, and the best of other sentences.
    places: BTreeMap<(AskNumber, bool), Hit>,
    /// Is everything kept that matched, whether it counts or not?
    explains: bool,
}

/// The tokens of a batch of sentences, as they are cut, and of those that it takes to understand them.
#[derive(Default)]
struct Cut {
    tokens: Vec<Token>,
    /// The sentences that are cut, in their order, each with its tokens.
    sentences: Vec<(usize, Range<usize>)>,
}

impl Cut {
    /// Cuts the sentences of a batch, their lead-ins, and the sentence behind the last, which may answer it.
    fn batch(&mut self, words: &Words, document: &Document, batch: &Range<usize>) {
        self.tokens.clear();
        self.sentences.clear();
        let lead_ins = |sentence: usize| document.blocks[document.sentences[sentence].block].lead_ins.iter().copied();
        let mut before: Vec<usize> = batch.clone().flat_map(lead_ins).filter(|&lead_in| lead_in < batch.start).collect();
        before.sort_unstable();
        before.dedup();
        for number in before.into_iter().chain(batch.start..document.sentences.len().min(batch.end + 1)) {
            let start = self.tokens.len();
            words.cut(&document.prose, document.sentences[number].range.clone(), &mut self.tokens);
            self.sentences.push((number, start..self.tokens.len()));
        }
    }

    /// The tokens of a sentence that was cut.
    fn tokens(&self, sentence: usize) -> &[Token] {
        let found = self.sentences.binary_search_by_key(&sentence, |(number, _)| *number);
        found.map_or(&[], |found| &self.tokens[self.sentences[found].1.clone()])
    }
}

/// A sentence as it is matched: with its lead-ins, or with its answer.
struct Statement {
    tokens: Range<usize>,
    /// How many of the tokens are lead-ins'.
    own: usize,
    captures: Range<usize>,
}

impl<'p> Reader<'p> {
    fn new(packs: &'p Packs) -> Self {
        let program = &packs.program;
        Self {
            program,
            sieve: Sieve::new(program),
            matcher: Matcher::new(program),
            answers: Answers::new(&program.words),
            cut: Cut::default(),
            tokens: Vec::new(),
            captures: Vec::new(),
            statements: Vec::new(),
            memory: Vec::new(),
            places: BTreeMap::new(),
            explains: false,
        }
    }

    fn read<'r>(&mut self, document: &'r Document) -> Reading<'r>
    where
        'p: 'r,
    {
        let mut reading = Reading {
            document,
            hits: vec![Vec::new(); self.program.asks.len()],
            details: vec![Details::default()],
            laws: Vec::new(),
            nearly: BTreeMap::new(),
            answers: Vec::new(),
            groups: groups(document),
            section_ends: section_ends(document),
            words: 0,
            english: 0,
            genre: Vec::with_capacity(document.sentences.len()),
        };
        for first in (0..document.sentences.len()).step_by(BATCH) {
            self.read_batch(first..document.sentences.len().min(first + BATCH), &mut reading);
        }
        for ((ask, _), hit) in std::mem::take(&mut self.places) {
            reading.hits[ask as usize].push(hit);
        }
        reading
    }

    fn read_batch(&mut self, sentences: Range<usize>, reading: &mut Reading) {
        let document = reading.document;
        self.tokens.clear();
        self.captures.clear();
        self.statements.clear();
        self.sieve.clear();
        self.cut.batch(&self.program.words, document, &sentences);
        for (place, number) in sentences.clone().enumerate() {
            reading.count_english(self.cut.tokens(number));
            let start = self.tokens.len();
            let own = self.put_together(number, reading);
            let first = self.captures.len();
            let tokens = view(document, number, &self.tokens[start..]);
            captures::find(&tokens, own, |found| {
                self.sieve.found(place, found.capture.symbol());
                self.captures.push(found);
            });
            self.sieve.see(place, tokens.list);
            let text = &document.prose[document.sentences[number].range.clone()];
            self.program.regexes.candidates(text, &mut self.memory, |regex| self.sieve.found(place, regex.node));
            self.statements.push(Statement { tokens: start..self.tokens.len(), own, captures: first..self.captures.len() });
        }
        self.sieve.run();
        for (place, number) in sentences.enumerate() {
            let statement = &self.statements[place];
            let tokens = view(document, number, &self.tokens[statement.tokens.clone()]);
            let text = document.sentences[number].range.clone();
            self.matcher.run(&self.sieve, place, &tokens, statement.own, text, &self.captures[statement.captures.clone()]);
            let speech = reading.hear(self.program, &self.matcher, &tokens, statement, number);
            self.collect(place, number, speech, reading);
        }
    }

    /// Keeps what asks take of the matches in a sentence.
    fn collect(&mut self, place: usize, sentence: usize, speech: Even, reading: &mut Reading) {
        let Statement { own, ref tokens, .. } = self.statements[place];
        let tokens = view(reading.document, sentence, &self.tokens[tokens.clone()]);
        let matcher = &self.matcher;
        let first_details = reading.details.len();
        let refuses = |ask: &Ask| !ask.even.covers(speech) || matcher.has_any(&ask.unless);
        for (asks, matches) in matcher.answered() {
            for number in asks {
                let ask = &self.program.asks[number as usize];
                let out_of_place = !ask.beside.is_empty() && !matcher.has_any(&ask.beside) || ask.purpose == Purpose::Refusal;
                if !self.explains && (refuses(ask) || out_of_place) {
                    continue;
                }
                let first = reading.hits[number as usize].len();
                for &found in matches {
                    let inherited = own > 0 && found.end as usize <= own;
                    let counts = (ask.even.negated || matcher.negation(found).is_none())
                        && (!inherited || matches!(ask.purpose, Purpose::Context | Purpose::Kinds))
                        && (ask.comparisons.iter().all(|comparison| comparison.holds(matcher.quantities(found))));
                    if !self.explains && !counts {
                        continue;
                    }
                    let hedge = matcher.hedge(found);
                    let details = if self.explains {
                        Details { inherited, ..matcher.details(&tokens, found) }
                    } else {
                        Details { hedge: hedge.map(|hedge| tokens.words(0, hedge.start, hedge.end)), ..Details::default() }
                    };
                    let words = tokens.words(own, found.start, found.end);
                    let hedged = hedge.is_some() && !ask.even.hedged;
                    let details = reading.keep(details, first_details);
                    let hit = reading.hit(sentence, found.index, words, hedged, details);
                    if ask.purpose != Purpose::Place || self.explains {
                        reading.add(number, first, hit, ask.purpose, self.explains);
                    } else if !reading.is_title(sentence) {
                        let best = self.places.entry((number, speech.heading)).or_insert(hit);
                        // The phrases of a place are in the order of their weight.
                        if hit.index < best.index {
                            *best = hit;
                        }
                    }
                }
                reading.hits[number as usize][first..].sort_by_key(|hit| hit.start);
            }
        }
        if speech == Even::default() {
            for &node in matcher.nearly() {
                for number in matcher.asks(node) {
                    let ask = &self.program.asks[number as usize];
                    if ask.purpose == Purpose::Statement && !refuses(ask) {
                        reading.nearly.entry(number).or_insert(sentence);
                    }
                }
            }
        }
    }

    /// Appends the tokens that a sentence is matched as: how many are its lead-ins'.
    fn put_together(&mut self, number: usize, reading: &mut Reading) -> usize {
        let document = reading.document;
        let sentence = &document.sentences[number];
        let answer =
            (sentence.ending == Ending::Question).then(|| self.answers.join(document, &self.cut, number, &mut self.tokens)).flatten();
        if let Some(end) = answer {
            reading.answers.push((number, end));
            return 0;
        }
        let start = self.tokens.len();
        for &lead_in in document.blocks[sentence.block].lead_ins.iter().filter(|&&lead_in| lead_in < number) {
            let lead_in = self.cut.tokens(lead_in);
            self.tokens.extend_from_slice(&lead_in[lead_in.len().saturating_sub(LEAD_IN)..]);
        }
        let own = self.tokens.len() - start;
        self.tokens.extend_from_slice(self.cut.tokens(number));
        own
    }
}

/// The tokens of a sentence with what they are cut from.
fn view<'a>(document: &'a Document, sentence: usize, tokens: &'a [Token]) -> Tokens<'a> {
    Tokens { list: tokens, prose: &document.prose, links: links(document, &document.sentences[sentence].range) }
}

impl<'r> Reading<'r> {
    /// Reads a document with the phrases of packs. For many documents [`Readers`] are faster.
    pub fn new(packs: &'r Packs, document: &'r Document) -> Self {
        Reader::new(packs).read(document)
    }

    /// Reads a document and keeps all that phrases matched, whether it counts or not, for explanations.
    pub(super) fn explaining(packs: &'r Packs, document: &'r Document) -> Self {
        let mut reader = Reader::new(packs);
        reader.explains = true;
        reader.read(document)
    }

    /// Notes what a sentence tells of the kind of document, and says what speech it is, apart from negations and hedges.
    fn hear(&mut self, program: &Program, matcher: &Matcher, tokens: &Tokens, statement: &Statement, sentence: usize) -> Even {
        let reserved = program.reserved;
        self.genre.push(Genre {
            privacy: !matcher.of(reserved.privacy_speech).is_empty(),
            policy_title: !matcher.of(reserved.policy_title).is_empty(),
            other_title: !matcher.of(reserved.other_title).is_empty(),
        });
        let law = matcher.of(reserved.law_restated).first().map(|found| tokens.words(statement.own, found.start, found.end));
        self.laws.extend(law.clone().map(|words| (sentence, words)));
        Even { law: law.is_some(), question: self.is_question(sentence), heading: self.is_heading(sentence), ..Even::default() }
    }

    /// A hit on some words in a sentence.
    #[allow(clippy::cast_possible_truncation)] // a document has fewer than 2^32 sentences
    fn hit(&self, sentence: usize, index: u16, words: Range<usize>, hedged: bool, details: u32) -> Hit {
        let start = words.start.saturating_sub(self.document.sentences[sentence].range.start);
        // The splitter sees to it that a sentence, and so one with its answer, is shorter than that.
        let [start, length] = [start, words.len()].map(|bytes| u16::try_from(bytes).unwrap_or(u16::MAX));
        Hit { sentence: sentence as u32, details, index, start, length, hedged, count: 1 }
    }

    /// Keeps details, where there are any, those of a sentence from `first` on: their index.
    #[allow(clippy::cast_possible_truncation)] // a document has fewer than 2^32 bytes
    fn keep(&mut self, details: Details, first: usize) -> u32 {
        if details == Details::default() {
            return 0;
        }
        // Many phrases of a sentence stand below the same hedge.
        let known = self.details[first..].iter().position(|known| *known == details);
        known.map_or_else(
            || {
                self.details.push(details);
                self.details.len() - 1
            },
            |known| first + known,
        ) as u32
    }

    /// Keeps a hit of an ask, whose hits in this sentence begin at `first`; those that are alike as one, unless all are asked for.
    fn add(&mut self, ask: AskNumber, first: usize, hit: Hit, purpose: Purpose, all: bool) {
        let alike = |known: &&mut Hit| match purpose {
            Purpose::Context => true,
            Purpose::Kinds => known.index == hit.index,
            _ => (known.hedged, known.details) == (hit.hedged, hit.details),
        };
        let hits = &mut self.hits[ask as usize];
        match hits[first..].iter_mut().find(alike).filter(|_| !all) {
            Some(known) => {
                let count = known.count.saturating_add(1);
                *known = Hit { count, ..if hit.start < known.start { hit } else { *known } };
            }
            None => hits.push(hit),
        }
    }

    /// Is a sentence a question, without an answer?
    pub(super) fn is_question(&self, sentence: usize) -> bool {
        self.document.sentences[sentence].ending == Ending::Question && self.answer(sentence).is_none()
    }

    /// Is a sentence a heading? A question with an answer is none.
    pub(super) fn is_heading(&self, sentence: usize) -> bool {
        self.document.blocks[self.document.sentences[sentence].block].kind == BlockKind::Heading && self.answer(sentence).is_none()
    }

    /// The end of a question's answer.
    fn answer(&self, sentence: usize) -> Option<usize> {
        let found = self.answers.binary_search_by_key(&sentence, |(number, _)| *number).ok()?;
        Some(self.answers[found].1)
    }

    /// The words that matched, in bytes of prose; the sentence's own, not its lead-in's.
    pub(super) fn words(&self, hit: &Hit) -> Range<usize> {
        let start = self.document.sentences[hit.sentence()].range.start + usize::from(hit.start);
        start..start + usize::from(hit.length)
    }

    /// Is a sentence the document's title?
    fn is_title(&self, sentence: usize) -> bool {
        self.document.title.is_some_and(|title| self.document.blocks[title].sentences.contains(&sentence))
    }

    fn count_english(&mut self, tokens: &[Token]) {
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

    /// What more there is to say of a hit.
    pub(super) fn details(&self, hit: &Hit) -> &Details {
        &self.details[hit.details as usize]
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
        let own = self.document.sentences[sentence].range.clone();
        own.start..self.answer(sentence).unwrap_or(own.end)
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
                let end = self.section_ends[above];
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

    /// Does an ask take anything in a heading above a sentence?
    pub(super) fn is_under(&self, ask: AskNumber, sentence: usize) -> bool {
        let document = self.document;
        let mut section = Some(document.blocks[document.sentences[sentence].block].section);
        while let Some(at) = section {
            if let Some(heading) = document.sections[at].heading
                && !self.within(ask, &document.blocks[heading].sentences).is_empty()
            {
                return true;
            }
            section = document.sections[at].parent;
        }
        false
    }
}

/// The links that may touch a range of prose.
fn links<'d>(document: &'d Document, range: &Range<usize>) -> &'d [crate::document::Link] {
    let start = document.links.partition_point(|link| link.range.end <= range.start);
    let length = document.links[start..].partition_point(|link| link.range.start < range.end);
    &document.links[start..start + length]
}

/// For each section the number of the next one on its level or above.
fn section_ends(document: &Document) -> Vec<usize> {
    let sections = &document.sections;
    let mut ends = vec![sections.len(); sections.len()];
    let mut open: Vec<usize> = Vec::new();
    for (number, section) in sections.iter().enumerate() {
        while let Some(inner) = open.pop_if(|open| sections[*open].level >= section.level) {
            ends[inner] = number;
        }
        open.push(number);
    }
    ends
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
    fn join(&self, document: &Document, cut: &Cut, number: usize, tokens: &mut Vec<Token>) -> Option<usize> {
        let answer = document.sentences.get(number + 1)?;
        let same_block = answer.block == document.sentences[number].block;
        if !same_block && answer.block != document.sentences[number].block + 1 {
            return None;
        }
        let text = |token: &Token| &document.prose[token.range()];
        let answer_tokens = cut.tokens(number + 1);
        let first = text(answer_tokens.first()?);
        let denied = first.eq_ignore_ascii_case("no") || first.eq_ignore_ascii_case("never");
        if !denied && !first.eq_ignore_ascii_case("yes") {
            return None;
        }
        let question = cut.tokens(number);
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
