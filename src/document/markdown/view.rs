//! What the Markdown parser gets to see of a file: the source with front matter, template tags and JSX cut out or put as Markdown,
//! and the way back from every byte of that to the source.

use std::borrow::Cow;
use std::ops::Range;

/// A stretch of the source and what the parser sees in its place.
#[derive(Debug)]
pub(super) struct Cut {
    pub(super) source: Range<usize>,
    pub(super) instead: &'static str,
}

/// See the module.
#[derive(Debug)]
pub(super) struct View<'s> {
    text: Cow<'s, str>,
    /// Sorted, and covering the text.
    pieces: Vec<Piece>,
}

#[derive(Clone, Debug)]
struct Piece {
    /// Where it starts in the view; it ends where the next starts.
    view: usize,
    source: Range<usize>,
    /// Is it the source's own text?
    literal: bool,
}

impl<'s> View<'s> {
    /// The source from a byte on, with the cuts (sorted, apart, behind that byte) made.
    pub(super) fn new(source: &'s str, from: usize, cuts: &[Cut]) -> Self {
        if cuts.is_empty() {
            let whole = Piece { view: 0, source: from..source.len(), literal: true };
            return Self { text: with_line_feeds(&source[from..]), pieces: vec![whole] };
        }
        let mut view = View::empty();
        let mut at = from;
        for cut in cuts {
            view.push(&source[at..cut.source.start], at..cut.source.start, true);
            view.push(cut.instead, cut.source.clone(), false);
            at = cut.source.end;
        }
        view.push(&source[at..], at..source.len(), true);
        view.text = Cow::Owned(with_line_feeds(&view.text).into_owned());
        view
    }

    /// Parts of this view, put together.
    pub(super) fn of_parts(&self, parts: &[Range<usize>]) -> View<'static> {
        let mut view = View::empty();
        for part in parts {
            for (text, source, literal) in self.pieces(part.clone()) {
                view.push(text, source, literal);
            }
        }
        view
    }

    /// What the parser sees.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// The source of a range of the view, from its first byte to its last.
    pub(super) fn source(&self, range: Range<usize>) -> Range<usize> {
        let mut pieces = self.pieces(range);
        let Some((_, first, _)) = pieces.next() else { return 0..0 };
        let end = pieces.last().map_or(first.end, |(_, last, _)| last.end);
        first.start..end.max(first.start)
    }

    /// A range of the view as (its text, the source of that, whether the source says the same).
    pub(super) fn pieces(&self, range: Range<usize>) -> impl Iterator<Item = (&str, Range<usize>, bool)> {
        let first = self.pieces.partition_point(|piece| piece.view <= range.start).saturating_sub(1);
        let end = range.end;
        self.pieces[first..].iter().enumerate().map_while(move |(number, piece)| {
            let next = self.pieces.get(first + number + 1).map_or(self.text.len(), |next| next.view);
            let view = piece.view.max(range.start)..next.min(end);
            if view.start > view.end || view.is_empty() && number > 0 {
                return None;
            }
            let source = if piece.literal {
                piece.source.start + (view.start - piece.view)..piece.source.start + (view.end - piece.view)
            } else {
                piece.source.clone()
            };
            Some((&self.text[view], source, piece.literal))
        })
    }

    fn empty() -> View<'static> {
        View { text: Cow::Owned(String::new()), pieces: Vec::new() }
    }

    fn push(&mut self, text: &str, source: Range<usize>, literal: bool) {
        if text.is_empty() {
            return;
        }
        self.pieces.push(Piece { view: self.text.len(), source, literal });
        self.text.to_mut().push_str(text);
    }
}

/// Line breaks as the parser knows them: of an old Mac's file it would make one line. Every byte keeps its place.
fn with_line_feeds(text: &str) -> Cow<'_, str> {
    let bytes = text.as_bytes();
    let lone = |at: usize| bytes[at] == b'\r' && bytes.get(at + 1) != Some(&b'\n');
    if memchr::memchr_iter(b'\r', bytes).any(lone) {
        let character = |(at, character)| if character == '\r' && lone(at) { '\n' } else { character };
        Cow::Owned(text.char_indices().map(character).collect())
    } else {
        Cow::Borrowed(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_leads_back() {
        let source = "ab{x}cd<p>ef";
        let cuts = [Cut { source: 2..5, instead: "" }, Cut { source: 7..10, instead: "\n\n" }];
        let view = View::new(source, 0, &cuts);
        assert_eq!(view.text(), "abcd\n\nef");
        assert_eq!(view.source(0..2), 0..2);
        assert_eq!(view.source(1..3), 1..6);
        assert_eq!(view.source(6..8), 10..12);
        assert_eq!(view.source(4..5), 7..10);
        let pieces = view.pieces(1..3).collect::<Vec<_>>();
        assert_eq!(pieces, [("b", 1..2, true), ("c", 5..6, true)]);
        let part = view.of_parts(&[1..3, 6..8]);
        assert_eq!((part.text(), part.source(2..4)), ("bcef", 10..12));
    }
}
