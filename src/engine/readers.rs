//! Readers on any number of threads: many documents side by side, or the parts of a long one.

use super::reader::{Part, Reader, evenly};
use super::reading::Reading;
use super::sieve::BATCH;
use crate::document::Document;
use crate::rule::Packs;
use std::fmt;
use std::num::NonZero;
use std::ops::Range;
use std::panic::resume_unwind;
use std::sync::{Mutex, PoisonError};
use std::thread;

/// Documents of more sentences than this are read by one reader: a thread keeps the memory that it used, and here that is much.
const HUGE: usize = 100_000;

/// Reads documents with the phrases of packs, on any number of threads; what it takes to read is made once for each and used again.
pub struct Readers<'p> {
    packs: &'p Packs,
    /// How many read one document.
    together: usize,
    idle: Mutex<Vec<Reader<'p>>>,
}

impl<'p> Readers<'p> {
    /// Readers that have read nothing yet, each of which reads whole documents.
    pub fn new(packs: &'p Packs) -> Self {
        Self { packs, together: 1, idle: Mutex::new(Vec::new()) }
    }

    /// No more than so many of them, each on a thread of its own, read a document together, if it is long enough; 0 means as many as
    /// there are processors.
    #[must_use]
    pub fn together(self, together: usize) -> Self {
        Self { together, ..self }
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
        let sentences = document.sentences.len();
        let together = match self.together {
            _ if sentences > HUGE => 1,
            0 if sentences > BATCH => thread::available_parallelism().map_or(1, NonZero::get),
            together => together.max(1),
        };
        let mut parts = evenly(0..sentences, together.min(sentences.div_ceil(BATCH)));
        let first = parts.next().unwrap_or_default();
        let part = thread::scope(|scope| {
            let others: Vec<_> = parts.map(|part| scope.spawn(move || self.read_part(document, part))).collect();
            let first = self.read_part(document, first);
            others.into_iter().fold(first, |part, other| part.before(other.join().unwrap_or_else(|panic| resume_unwind(panic))))
        });
        part.finish()
    }

    /// Reads some sentences of a document with an idle reader, or one more.
    fn read_part<'r>(&self, document: &'r Document, sentences: Range<usize>) -> Part<'r>
    where
        'p: 'r,
    {
        let idle = || self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        let reader = idle().pop();
        let mut reader = reader.unwrap_or_else(|| Reader::new(self.packs));
        let part = reader.read(document, sentences);
        idle().push(reader);
        part
    }
}

impl fmt::Debug for Readers<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.debug_struct("Readers").finish_non_exhaustive()
    }
}

impl<'r> Reading<'r> {
    /// Reads a document with the phrases of packs. For many documents [`Readers`] are faster.
    pub fn new(packs: &'r Packs, document: &'r Document) -> Self {
        Readers::new(packs).read(document)
    }
}
