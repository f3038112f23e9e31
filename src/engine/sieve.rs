//! Tells which alternatives of a [`Program`] are worth trying in which sentences: 64 sentences at a time, a bit of a number for each.
//!
//! Going up, in topological order, an alternative can match where all that it needs can; going down, it is worth the trouble where a
//! rule asks for its node, or an alternative that can match. Most phrases fall out in the first step, most terms in the second, and
//! what they cost is shared by all sentences of a batch.

use crate::document::narrow;
use crate::rule::words::Token;
use crate::rule::{Program, Purpose, Symbol};

/// How many sentences fit in a batch.
pub(super) const BATCH: usize = 64;

/// See the module. Kept between batches and documents, to reuse its memory.
pub(super) struct Sieve<'p> {
    program: &'p Program,
    /// By form: its number among those that some sentence has, from 1; 0 if none has it.
    numbers: Vec<u32>,
    seen: Vec<Seen>,
    /// By symbol: the sentences where it can match, as far as what it needs is there.
    possible: Vec<u64>,
    /// By symbol: the sentences where something asks for it.
    demanded: Vec<u64>,
    /// Alternatives worth trying somewhere, in topological order, and the sentences.
    live: Vec<(u32, u64)>,
    /// By sentence: the alternatives worth trying.
    worth: Vec<Vec<u32>>,
    classes: Vec<Symbol>,
}

/// A form that some sentence of the batch has.
struct Seen {
    form: u32,
    sentences: u64,
    /// Its classes that are asked for, as a range of [`Sieve::classes`].
    classes: (u32, u32),
}

impl<'p> Sieve<'p> {
    pub(super) fn new(program: &'p Program) -> Self {
        Self {
            program,
            numbers: vec![0; program.words.forms()],
            seen: Vec::new(),
            possible: vec![0; program.symbols],
            demanded: vec![0; program.symbols],
            // Memory that is not touched costs nothing; growing does.
            live: Vec::with_capacity(program.alternatives.length()),
            worth: vec![Vec::new(); BATCH],
            classes: Vec::new(),
        }
    }

    /// Begins another batch.
    pub(super) fn clear(&mut self) {
        for seen in self.seen.drain(..) {
            self.numbers[seen.form as usize] = 0;
        }
        self.possible.fill(0);
    }

    /// Puts down the words of a sentence of the batch.
    pub(super) fn see(&mut self, sentence: usize, tokens: &[Token]) {
        for token in tokens {
            if let Some(number) = self.numbers.get_mut(token.form as usize) {
                if *number == 0 {
                    self.seen.push(Seen { form: token.form, sentences: 0, classes: (0, 0) });
                    *number = narrow(self.seen.len());
                }
                self.seen[*number as usize - 1].sentences |= 1 << sentence;
            }
        }
    }

    /// Puts down a symbol that was found in a sentence of the batch.
    pub(super) fn found(&mut self, sentence: usize, symbol: Symbol) {
        self.possible[symbol as usize] |= 1 << sentence;
    }

    /// Sifts, once all is put down.
    pub(super) fn run(&mut self) {
        self.go_up();
        self.go_down();
        self.classes.clear();
        for seen in &mut self.seen {
            let start = self.classes.len();
            let asked = |class: &Symbol| self.demanded[*class as usize] & seen.sentences != 0;
            self.classes.extend(self.program.words.classes(seen.form).filter(asked));
            seen.classes = (narrow(start), narrow(self.classes.len()));
        }
    }

    /// Where can alternatives match?
    fn go_up(&mut self) {
        let program = self.program;
        for seen in &self.seen {
            for class in program.words.classes(seen.form) {
                self.possible[class as usize] |= seen.sentences;
            }
        }
        self.live.clear();
        for (number, alternative) in program.alternatives.iter().enumerate() {
            // There is none of the rarest need in most batches.
            let mut sentences = self.possible[alternative.rarest as usize];
            if sentences == 0 {
                continue;
            }
            for need in program.needs.get(number) {
                sentences &= self.possible[need as usize];
            }
            if sentences != 0 {
                self.possible[alternative.node as usize] |= sentences;
                self.live.push((narrow(number), sentences));
            }
        }
    }

    /// Where is anything made of what they match?
    fn go_down(&mut self) {
        let program = self.program;
        self.demanded.fill(0);
        for symbol in program.reserved.all() {
            self.demanded[symbol as usize] = u64::MAX;
        }
        for ask in program.asks.iter().filter(|ask| ask.purpose != Purpose::Refusal) {
            let any = ask.beside.iter().fold(0, |sentences, &other| sentences | self.possible[other as usize]);
            let sentences = if ask.beside.is_empty() { u64::MAX } else { any };
            self.demanded[ask.node as usize] |= sentences;
            for &refused in &ask.unless {
                self.demanded[refused as usize] |= sentences & self.possible[ask.node as usize];
            }
        }
        for worth in &mut self.worth {
            worth.clear();
        }
        for (number, sentences) in self.live.iter_mut().rev() {
            *sentences &= self.demanded[program.alternatives.at(*number as usize).node as usize];
            if *sentences != 0 {
                for item in program.items.get(*number as usize) {
                    self.demanded[item.symbol as usize] |= *sentences;
                }
            }
        }
        for &(number, mut sentences) in &self.live {
            while sentences != 0 {
                self.worth[sentences.trailing_zeros() as usize].push(number);
                sentences &= sentences - 1;
            }
        }
    }

    /// The alternatives worth trying in a sentence, in topological order.
    pub(super) fn worth_trying(&self, sentence: usize) -> &[u32] {
        &self.worth[sentence]
    }

    /// Can a symbol match in a sentence, and does anything ask for it?
    pub(super) fn is_worth_trying(&self, symbol: Symbol, sentence: usize) -> bool {
        self.possible[symbol as usize] >> sentence & 1 == 1 && self.asks(symbol, sentence)
    }

    /// Does anything ask for a symbol in a sentence?
    pub(super) fn asks(&self, symbol: Symbol, sentence: usize) -> bool {
        self.demanded[symbol as usize] >> sentence & 1 == 1
    }

    /// The classes of a form that something asks for in some sentence of the batch.
    pub(super) fn classes(&self, form: u32) -> &[Symbol] {
        let number = self.numbers.get(form as usize).and_then(|number| number.checked_sub(1));
        number.map_or(&[], |number| {
            let (start, end) = self.seen[number as usize].classes;
            &self.classes[start as usize..end as usize]
        })
    }
}
