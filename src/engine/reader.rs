//! Reads documents with a program: every sentence is matched once, together with what it inherits or what answers it, and what rules
//! ask for is kept.

use super::captures::{self, Found};
use super::matcher::{Details, Matcher};
use super::reading::{Hit, Reading};
use super::sieve::{BATCH, Sieve};
use super::tokens::{Match, Tokens};
use crate::document::{Document, Ending, Link, narrow};
use crate::rule::regexes::RegexAlternative;
use crate::rule::words::{Token, Words};
use crate::rule::{Ask, AskNumber, Even, Packs, Program, Purpose};
use std::collections::BTreeMap;
use std::ops::Range;

/// How many tokens of a lead-in its items inherit.
const LEAD_IN: usize = 50;

/// Cuts a range into so many parts, as even as can be.
pub(super) fn evenly(range: Range<usize>, parts: usize) -> impl Iterator<Item = Range<usize>> {
    let border = move |number| range.start + range.len() * number / parts;
    (0..parts).map(move |number| border(number)..border(number + 1))
}

/// What was read of a part of a document.
pub(super) struct Part<'r> {
    reading: Reading<'r>,
    /// For each place the best heading, and the best of other sentences.
    places: Places,
}

/// By ask, and by whether it is a heading: the best hit, with its words.
type Places = BTreeMap<(AskNumber, bool), (Range<usize>, Hit)>;

/// Keeps the better hit of a place: its phrases are in the order of their weight.
fn keep(places: &mut Places, place: (AskNumber, bool), new: (Range<usize>, Hit)) {
    let best = places.entry(place).or_insert_with(|| new.clone());
    if new.1.index < best.1.index {
        *best = new;
    }
}

impl<'r> Part<'r> {
    /// With what was read of the part that follows.
    pub(super) fn before(mut self, other: Self) -> Self {
        self.reading.append(other.reading);
        for (place, hit) in other.places {
            keep(&mut self.places, place, hit);
        }
        self
    }

    /// All that was read, if this is the whole document.
    pub(super) fn finish(mut self) -> Reading<'r> {
        for ((ask, _), (words, hit)) in self.places {
            let is_long = self.reading.is_long(hit.sentence());
            self.reading.add(ask, hit, &words, is_long);
        }
        self.reading.shrink();
        self.reading
    }
}

/// Reads documents one after the other.
pub(super) struct Reader<'p> {
    program: &'p Program,
    sieve: Sieve<'p>,
    matcher: Matcher<'p>,
    answers: Answers,
    cut: Cut,
    /// The tokens that the sentences of a batch are matched as, and what has a shape among them.
    tokens: Vec<Token>,
    captures: Vec<Found>,
    /// The regular expressions that may match.
    regexes: Vec<&'p RegexAlternative>,
    statements: Vec<Statement>,
    memory: Vec<u8>,
    /// What the ask at hand takes of the sentence at hand, each with its words.
    found: Vec<(Range<usize>, Hit)>,
    /// The sentences of which all is told that matched, instead of what counts.
    explains: Range<usize>,
    explained: Vec<Explained>,
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
        let lead_ins = |sentence: usize| document.blocks[document.sentences[sentence].block()].lead_ins.iter();
        let mut before: Vec<usize> = batch.clone().flat_map(lead_ins).filter(|&lead_in| lead_in < batch.start).collect();
        before.sort_unstable();
        before.dedup();
        for number in before.into_iter().chain(batch.start..document.sentences.len().min(batch.end + 1)) {
            let start = self.tokens.len();
            words.cut(&document.prose, document.sentences[number].range(), &mut self.tokens);
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
    regexes: Range<usize>,
}

/// A match in a sentence that is explained.
#[derive(Debug)]
pub(super) struct Explained {
    /// What asks for it.
    pub(super) ask: AskNumber,
    pub(super) sentence: usize,
    /// Which of the node's phrases.
    pub(super) index: u16,
    /// The words that matched, in bytes of prose.
    pub(super) words: Range<usize>,
    pub(super) details: Details,
}

impl<'p> Reader<'p> {
    pub(super) fn new(packs: &'p Packs) -> Self {
        let program = &packs.program;
        Self {
            program,
            sieve: Sieve::new(program),
            matcher: Matcher::new(program),
            answers: Answers::new(&program.words),
            cut: Cut::default(),
            tokens: Vec::new(),
            captures: Vec::new(),
            regexes: Vec::new(),
            statements: Vec::new(),
            memory: Vec::new(),
            found: Vec::new(),
            explains: 0..0,
            explained: Vec::new(),
        }
    }

    /// Reads some sentences of a document, batch by batch.
    pub(super) fn read<'r>(&mut self, document: &'r Document, sentences: Range<usize>) -> Part<'r>
    where
        'p: 'r,
    {
        let mut part = Part { reading: Reading::begin(document, self.program.asks.len()), places: Places::new() };
        let batches = sentences.len().div_ceil(BATCH);
        for batch in evenly(sentences, batches) {
            self.read_batch(batch, &mut part);
        }
        part
    }

    fn read_batch(&mut self, sentences: Range<usize>, part: &mut Part) {
        let reading = &mut part.reading;
        let document = reading.document();
        self.tokens.clear();
        self.captures.clear();
        self.regexes.clear();
        self.statements.clear();
        self.sieve.clear();
        self.cut.batch(&self.program.words, document, &sentences);
        for (place, number) in sentences.clone().enumerate() {
            reading.count_english(self.cut.tokens(number));
            let start = self.tokens.len();
            let own = self.put_together(number, reading);
            let first_capture = self.captures.len();
            let tokens = view(document, number, &self.tokens[start..], own);
            captures::find(&tokens, document.sentences[number].ending, |found| {
                self.sieve.found(place, found.capture.symbol());
                self.captures.push(found);
            });
            self.sieve.see(place, tokens.list);
            let first_regex = self.regexes.len();
            self.program.regexes.candidates(tokens.own_text(), &mut self.memory, |regex| {
                self.sieve.found(place, regex.node);
                self.regexes.push(regex);
            });
            let captures = first_capture..self.captures.len();
            self.statements.push(Statement { tokens: start..self.tokens.len(), own, captures, regexes: first_regex..self.regexes.len() });
        }
        self.sieve.run();
        for (place, number) in sentences.enumerate() {
            let statement = &self.statements[place];
            let tokens = view(document, number, &self.tokens[statement.tokens.clone()], statement.own);
            let captures = &self.captures[statement.captures.clone()];
            let regexes = &self.regexes[statement.regexes.clone()];
            self.matcher.run(&self.sieve, place, &tokens, captures, regexes);
            let speech = part.reading.hear(self.program, &self.matcher, &tokens, number);
            if self.explains.is_empty() {
                self.collect(place, number, speech, part);
            } else if self.explains.contains(&number) {
                self.explain(place, number, &part.reading);
            }
        }
    }

    /// Keeps what asks take of the matches in a sentence.
    fn collect(&mut self, place: usize, sentence: usize, speech: Even, part: &mut Part) {
        let Part { reading, places } = part;
        let Statement { own, ref tokens, .. } = self.statements[place];
        let tokens = view(reading.document(), sentence, &self.tokens[tokens.clone()], own);
        let matcher = &self.matcher;
        let is_long = reading.is_long(sentence);
        let refuses = |ask: &Ask| !ask.even.covers(speech) || matcher.has_any(&ask.unless);
        for (asks, matches) in matcher.answered() {
            for number in asks {
                let ask = &self.program.asks[number as usize];
                let is_alone = !ask.beside.is_empty() && !matcher.has_any(&ask.beside);
                if ask.purpose == Purpose::Refusal || is_alone || refuses(ask) {
                    continue;
                }
                self.found.clear();
                for &found in matches.iter().filter(|found| takes(ask, matcher, &tokens, **found)) {
                    let hedge = matcher.hedge(found).map(|hedge| tokens.all_words(hedge));
                    let hedge = hedge.map_or(0, |words| reading.hedge_number(sentence, &words));
                    put(&mut self.found, ask.purpose, tokens.words(found), Hit::new(sentence, found.index, hedge));
                }
                self.found.sort_by_key(|(words, _)| words.start);
                if ask.purpose != Purpose::Place {
                    self.found.drain(..).for_each(|(words, hit)| reading.add(number, hit, &words, is_long));
                } else if !reading.is_title(sentence)
                    && let Some(best) = self.found.drain(..).min_by_key(|(_, hit)| hit.index)
                {
                    keep(places, (number, speech.heading), best);
                }
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

    /// Keeps all that matched in a sentence itself, whether it counts or not.
    fn explain(&mut self, place: usize, sentence: usize, reading: &Reading) {
        let Statement { own, ref tokens, .. } = self.statements[place];
        let tokens = view(reading.document(), sentence, &self.tokens[tokens.clone()], own);
        let first = self.explained.len();
        for (asks, matches) in self.matcher.answered() {
            for &found in matches.iter().filter(|found| !tokens.inherits(**found)) {
                let words = tokens.words(found);
                let details = self.matcher.details(&tokens, found);
                let explained = |ask| Explained { ask, sentence, index: found.index, words: words.clone(), details: details.clone() };
                self.explained.extend(asks.clone().map(explained));
            }
        }
        self.explained[first..].sort_by_key(|one| one.words.start);
    }

    /// Appends the tokens that a sentence is matched as: how many are its lead-ins'.
    fn put_together(&mut self, number: usize, reading: &mut Reading) -> usize {
        let document = reading.document();
        let sentence = &document.sentences[number];
        let answer =
            (sentence.ending == Ending::Question).then(|| self.answers.join(document, &self.cut, number, &mut self.tokens)).flatten();
        if let Some(end) = answer {
            reading.answers.push((narrow(number), narrow(end)));
            return 0;
        }
        let start = self.tokens.len();
        for lead_in in document.blocks[sentence.block()].lead_ins.iter() {
            let lead_in = self.cut.tokens(lead_in);
            self.tokens.extend_from_slice(&lead_in[lead_in.len().saturating_sub(LEAD_IN)..]);
        }
        let own = self.tokens.len() - start;
        self.tokens.extend_from_slice(self.cut.tokens(number));
        own
    }
}

/// Does an ask take a match?
fn takes(ask: &Ask, matcher: &Matcher, tokens: &Tokens, found: Match) -> bool {
    (ask.even.negated || matcher.negation(found).is_none())
        && (matches!(ask.purpose, Purpose::Context | Purpose::Kinds) || !tokens.inherits(found))
        && ask.comparisons.iter().all(|comparison| comparison.holds(matcher.quantities(found)))
}

/// Puts a hit of an ask to those of its sentence; of such as are alike, the first words stand for all.
fn put(hits: &mut Vec<(Range<usize>, Hit)>, purpose: Purpose, words: Range<usize>, hit: Hit) {
    let is_alike = |known: Hit| match purpose {
        Purpose::Context => true,
        Purpose::Kinds | Purpose::Place => known.index == hit.index,
        Purpose::Statement | Purpose::Refusal => known.is_as(hit),
    };
    let Some((first, known)) = hits.iter_mut().find(|(_, known)| is_alike(*known)) else {
        hits.push((words, hit));
        return;
    };
    let count = known.count.saturating_add(1);
    if words.start < first.start {
        (*first, *known) = (words, hit);
    }
    known.count = count;
}

/// The tokens of a sentence, of which so many are its lead-ins', with what they are cut from.
fn view<'a>(document: &'a Document, sentence: usize, tokens: &'a [Token], own: usize) -> Tokens<'a> {
    let text = document.sentences[sentence].range();
    Tokens { list: tokens, own, prose: &document.prose, links: links(document, &text), text }
}

/// Reads a document for an explanation of some sentences: all that matched in them.
pub(super) fn explaining<'r>(packs: &'r Packs, document: &'r Document, sentences: Range<usize>) -> (Reading<'r>, Vec<Explained>) {
    let mut reader = Reader::new(packs);
    reader.explains = sentences;
    let part = reader.read(document, 0..document.sentences.len());
    (part.finish(), reader.explained)
}

/// The links that may touch a range of prose.
fn links<'d>(document: &'d Document, range: &Range<usize>) -> &'d [Link] {
    let start = document.links.partition_point(|link| link.range.end <= range.start);
    let length = document.links[start..].partition_point(|link| link.range.start < range.end);
    &document.links[start..start + length]
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
        let same_block = answer.block() == document.sentences[number].block();
        if !same_block && answer.block() != document.sentences[number].block() + 1 {
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
        Some(answer.range().end)
    }
}
