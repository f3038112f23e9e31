//! The part of a file that a diagnostic shows: the marked passages with a little around them, however long their lines are, in rows
//! that fit the terminal, with every control character made visible. A passage that runs over several rows is underlined in each, and
//! the words that hedge are underlined apart. What is cut out leaves an ellipsis.
//!
//! miette draws it. Handing miette the file itself would not do: it scans its source from the start for every label, draws lines
//! as long as they are, writes escape sequences as they come, and cannot underline one passage inside another.

use crate::source::SourceFile;
use crate::visible::visible_char;
use miette::{LabeledSpan, MietteError, SourceCode, SourceSpan, SpanContents};
use std::fmt::Write as _;
use std::ops::Range;
use unicode_width::UnicodeWidthChar;

/// A passage longer than this many bytes is shown in part.
const LONG: usize = 900;
/// A passage of more lines than this is shown in part.
const TALL: usize = 12;
/// How much is shown of the beginning of a long passage, in bytes and lines.
const HEAD: (usize, usize) = (450, 6);
/// How much is shown of its end.
const TAIL: (usize, usize) = (150, 3);
/// How much is shown around hedging words in the part that is cut out.
const AROUND: usize = 60;
/// White space in a row is not wider than this: indented markup keeps its shape, but not its depth.
const INDENT: usize = 4;

/// A passage to point at, in bytes of the file's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mark {
    /// The passage.
    pub(super) span: Range<usize>,
    /// What is said of it.
    pub(super) label: String,
    /// Words inside it that hedge.
    pub(super) hedges: Vec<Range<usize>>,
}

/// What stands under a stretch of a row.
#[derive(Clone, Debug)]
struct Label {
    /// In bytes of the excerpt's text.
    range: Range<usize>,
    /// In bytes of the file's text.
    source: usize,
    row: usize,
    mark: usize,
    /// Which of the mark's hedges these words are, if they are one.
    hedge: Option<usize>,
    text: Option<String>,
}

/// Rows of neighbouring lines.
#[derive(Clone, Debug, Default)]
struct Piece {
    /// In bytes of the excerpt's text.
    range: Range<usize>,
    /// For each row the number of its line, if it is the line's first.
    numbers: Vec<Option<usize>>,
}

/// What is shown of a file.
#[derive(Debug)]
pub(super) struct Excerpt<'a> {
    source: &'a SourceFile,
    name: String,
    text: String,
    pieces: Vec<Piece>,
    labels: Vec<Label>,
    primary: usize,
}

/// A character of a row, and where it stands in the file; an ellipsis stands nowhere.
#[derive(Clone, Copy)]
struct Cell {
    character: char,
    source: Option<usize>,
}

impl<'a> Excerpt<'a> {
    /// Cuts out what the marks need, in rows of a number of columns. The first mark is the one that matters most; a later one that
    /// overlaps an earlier one is left out.
    pub(super) fn new(source: &'a SourceFile, marks: Vec<Mark>, columns: usize) -> Self {
        let text = source.text();
        let mut chosen: Vec<Mark> = Vec::new();
        for mut mark in marks {
            mark.span = trim(text, mark.span);
            let apart = |other: &Mark| mark.span.end <= other.span.start || other.span.end <= mark.span.start;
            if !mark.span.is_empty() && chosen.iter().all(apart) {
                chosen.push(mark);
            }
        }
        let first = chosen.first().map_or(0, |mark| mark.span.start);
        chosen.sort_by_key(|mark| mark.span.start);
        let mut excerpt = Self {
            source,
            name: super::visible(source.name()),
            text: String::new(),
            pieces: Vec::new(),
            labels: Vec::new(),
            primary: chosen.iter().position(|mark| mark.span.start == first).unwrap_or_default(),
        };
        let mut shown: Vec<Range<usize>> = Vec::new();
        for range in chosen.iter().flat_map(|mark| parts(text, mark)) {
            let range = widen(text, range, columns);
            match shown.last_mut() {
                Some(last) if range.start <= last.end + 3 => last.end = last.end.max(range.end),
                _ => shown.push(range),
            }
        }
        excerpt.fill(&chosen, &shown, columns);
        excerpt.name_labels(&chosen);
        excerpt
    }

    /// Writes the rows of the stretches that are shown.
    fn fill(&mut self, marks: &[Mark], shown: &[Range<usize>], columns: usize) {
        let text = self.source.text();
        let mut cells: Vec<Cell> = Vec::new();
        let mut last: Option<usize> = None;
        for (at, range) in shown.iter().enumerate() {
            let mut number = self.line(range.start);
            let starts_line = range.start == 0 || text[..range.start].ends_with(['\n', '\r']);
            // A gap inside of a line has had its ellipsis.
            if cells.is_empty() {
                if last.is_none_or(|last| number > last + 1) {
                    self.pieces.push(Piece::default());
                }
                if !starts_line {
                    ellipsis(&mut cells);
                    cells.push(BLANK);
                }
            }
            let mut characters = text[range.clone()].char_indices().peekable();
            while let Some((offset, character)) = characters.next() {
                if character == '\r' && characters.next_if(|(_, next)| *next == '\n').is_some() || matches!(character, '\r' | '\n') {
                    self.write_line(marks, &mut cells, number, columns);
                    number += 1;
                } else if let Some(character) = visible_char(character) {
                    let blanks = cells.iter().rev().take_while(|cell| cell.character == ' ').count();
                    if character != ' ' || blanks < INDENT {
                        cells.push(Cell { character, source: Some(range.start + offset) });
                    }
                }
            }
            last = Some(number);
            let ends_line = range.end == text.len() || text[range.end..].starts_with(['\n', '\r']);
            if !ends_line {
                cells.push(BLANK);
                ellipsis(&mut cells);
                cells.push(BLANK);
            }
            let same_line = shown.get(at + 1).is_some_and(|next| self.line(next.start) == number);
            if !same_line {
                self.write_line(marks, &mut cells, number, columns);
            }
        }
    }

    fn line(&self, offset: usize) -> usize {
        self.source.line_column(crate::source::Span::new(offset, offset).start).0
    }

    /// Writes a line in as many rows as it takes.
    fn write_line(&mut self, marks: &[Mark], cells: &mut Vec<Cell>, number: usize, columns: usize) {
        let mut rest = cells.as_slice();
        let mut number = Some(number);
        while rest.iter().any(|cell| cell.character != ' ') {
            let fitting = fitting(rest, columns);
            let (row, after) = rest.split_at(fitting);
            let end = row.iter().rposition(|cell| cell.character != ' ').map_or(0, |at| at + 1);
            // An ellipsis alone says no more than the end of the excerpt does.
            if number.is_some() || row.iter().any(|cell| cell.source.is_some()) {
                self.write_row(marks, &row[..end], number.take());
            }
            rest = after;
        }
        cells.clear();
    }

    fn write_row(&mut self, marks: &[Mark], row: &[Cell], number: Option<usize>) {
        let Some(piece) = self.pieces.last_mut() else { return };
        if piece.numbers.is_empty() {
            piece.range.start = self.text.len();
        } else {
            self.text.push('\n');
        }
        let index = piece.numbers.len();
        piece.numbers.push(number);
        let mut open: Option<(usize, Option<usize>)> = None;
        for cell in row {
            let class = cell.source.and_then(|offset| class(marks, offset));
            let start = self.text.len();
            self.text.push(cell.character);
            // A blank neither opens a label nor is its last: gaps show where one label ends and the next begins.
            if cell.character == ' ' && class.is_some() {
                continue;
            }
            match (class, self.labels.last_mut()) {
                (Some(class), Some(label)) if open == Some(class) => {
                    label.range.end = self.text.len();
                }
                // Nor does the comma after a hedge open one.
                (Some((mark, _)), _) if open.is_some_and(|open| open.0 == mark) && cell.character.is_ascii_punctuation() => continue,
                (Some((mark, hedge)), _) => self.labels.push(Label {
                    range: start..self.text.len(),
                    source: cell.source.unwrap_or_default(),
                    row: index,
                    mark,
                    hedge,
                    text: None,
                }),
                (None, _) => {}
            }
            open = class;
        }
        piece.range.end = self.text.len();
    }

    /// Gives every mark its words: under the longest stretch of its last row. Hedges have their own.
    fn name_labels(&mut self, marks: &[Mark]) {
        for (at, mark) in marks.iter().enumerate() {
            let longest = (self.labels.iter_mut())
                .filter(|label| label.mark == at)
                .max_by_key(|label| (label.hedge.is_none(), label.row, label.range.len()));
            if let Some(label) = longest {
                label.text = Some(super::visible(&mark.label));
            }
        }
        let mut last = None;
        for label in self.labels.iter_mut().filter(|label| label.hedge.is_some()) {
            // A hedge that is broken over two rows is named once.
            if label.text.is_none() && last != Some((label.mark, label.hedge)) {
                label.text = Some("hedge".to_owned());
            }
            last = Some((label.mark, label.hedge));
        }
    }

    /// For each label: is it under words that hedge?
    pub(super) fn hedges(&self) -> impl Iterator<Item = bool> {
        self.labels.iter().map(|label| label.hedge.is_some())
    }

    /// Does it show anything?
    pub(super) fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }

    /// The labels as miette wants them, in their order.
    pub(super) fn labeled_spans(&self) -> Vec<LabeledSpan> {
        let primary = self.labels.iter().position(|label| label.mark == self.primary);
        let span = |(at, label): (usize, &Label)| {
            let span = SourceSpan::from(label.range.clone());
            if Some(at) == primary {
                LabeledSpan::new_primary_with_span(label.text.clone(), span)
            } else {
                LabeledSpan::new_with_span(label.text.clone(), span)
            }
        };
        self.labels.iter().enumerate().map(span).collect()
    }

    /// Mends what miette draws: the numbers of the file's lines go into the place of its own, which count rows, and the bars go that
    /// it hangs below stretches without words.
    pub(super) fn mend(&self, drawn: &str) -> String {
        let mut rows = self.pieces.iter().flat_map(|piece| {
            let starts = self.row_starts(piece);
            piece.numbers.iter().zip(starts)
        });
        let mut wordless: Vec<usize> = Vec::new();
        let mut text = String::with_capacity(drawn.len());
        for line in drawn.split_inclusive('\n') {
            match row_number(line).and_then(|digits| Some((digits, rows.next()?))) {
                Some((digits, (number, row))) => {
                    let width = digits.len();
                    let number = number.map_or_else(String::new, |number| number.to_string());
                    text.push_str(&line[..digits.start]);
                    let _ = write!(text, "{number:>width$}");
                    text.push_str(&line[digits.end..]);
                    wordless = self.wordless(&row);
                }
                None => text.push_str(&without_bars(line, &wordless)),
            }
        }
        text
    }

    /// The rows of a piece, in bytes of the excerpt's text.
    fn row_starts(&self, piece: &Piece) -> Vec<Range<usize>> {
        let mut start = piece.range.start;
        let rows = self.text[piece.range.clone()].split('\n').map(|row| {
            let range = start..start + row.len();
            start = range.end + 1;
            range
        });
        rows.collect()
    }

    /// The columns below which miette hangs a bar although there are no words.
    fn wordless(&self, row: &Range<usize>) -> Vec<usize> {
        let columns = |end: usize| self.text[row.start..end].chars().filter_map(UnicodeWidthChar::width).sum::<usize>();
        (self.labels.iter())
            .filter(|label| label.text.is_none() && row.start <= label.range.start && label.range.end <= row.end)
            .map(|label| usize::midpoint(columns(label.range.start), columns(label.range.end)))
            .collect()
    }
}

/// A line below a row, without the bars in these columns.
fn without_bars(line: &str, columns: &[usize]) -> String {
    let Some(gutter) = line.find(" · ").map(|at| at + " · ".len()).or_else(|| line.find(" : ").map(|at| at + " : ".len())) else {
        return line.to_owned();
    };
    if columns.is_empty() || !line[..gutter].trim_end_matches([' ', '·', ':']).is_empty() {
        return line.to_owned();
    }
    let mut text = line[..gutter].to_owned();
    let (mut column, mut styled, mut words) = (0, false, false);
    for character in line[gutter..].chars() {
        words |= matches!(character, '╰' | '`');
        let bar = matches!(character, '│' | '|') && !styled && !words && columns.contains(&column);
        text.push(if bar { ' ' } else { character });
        if character == '\u{1b}' {
            styled = true;
        } else if styled {
            styled = character != 'm';
        } else {
            column += 1;
        }
    }
    text
}

/// Where a drawn row has its number: after one blank and perhaps a colour, before a bar.
fn row_number(line: &str) -> Option<Range<usize>> {
    let (start, rest) = match line.strip_prefix(" \u{1b}[") {
        Some(styled) => (line.len() - styled.len() + styled.find('m')? + 1, &styled[styled.find('m')? + 1..]),
        None => (1, line.strip_prefix(' ')?),
    };
    let width = rest.find(|character: char| character != ' ' && !character.is_ascii_digit())?;
    let number = rest[..width].trim_end();
    let after = rest[number.len()..].strip_prefix("\u{1b}[0m").unwrap_or(&rest[number.len()..]);
    let is_row = after.starts_with(" │ ") || after.starts_with(" | ");
    (is_row && number.ends_with(|character: char| character.is_ascii_digit())).then(|| start..start + number.len())
}

impl SourceCode for Excerpt<'_> {
    fn read_span<'b>(
        &'b self,
        span: &SourceSpan,
        context_lines_before: usize,
        _: usize,
    ) -> Result<Box<dyn SpanContents<'b> + 'b>, MietteError> {
        let range = span.offset()..span.offset() + span.len();
        let piece = (self.pieces.iter())
            .find(|piece| piece.range.start <= range.start && range.end <= piece.range.end)
            .ok_or(MietteError::OutOfBounds)?;
        // Without context, miette asks for the place that it shows above the rows; with context, for the rows.
        let place = match self.labels.iter().find(|label| label.range.start == range.start) {
            Some(label) if context_lines_before == 0 => self.source.line_column(crate::source::Span::new(label.source, label.source).start),
            _ => (piece.numbers.iter().flatten().next().copied().unwrap_or(1), 1),
        };
        Ok(Box::new(Contents {
            name: &self.name,
            data: &self.text.as_bytes()[piece.range.clone()],
            span: SourceSpan::from(piece.range.clone()),
            place,
            rows: piece.numbers.len(),
        }))
    }
}

/// A piece, as miette reads it.
struct Contents<'a> {
    name: &'a str,
    data: &'a [u8],
    span: SourceSpan,
    place: (usize, usize),
    rows: usize,
}

impl<'a> SpanContents<'a> for Contents<'a> {
    fn data(&self) -> &'a [u8] {
        self.data
    }
    fn span(&self) -> &SourceSpan {
        &self.span
    }
    fn name(&self) -> Option<&str> {
        Some(self.name)
    }
    fn line(&self) -> usize {
        self.place.0.saturating_sub(1)
    }
    fn column(&self) -> usize {
        self.place.1.saturating_sub(1)
    }
    fn line_count(&self) -> usize {
        self.rows
    }
}

const BLANK: Cell = Cell { character: ' ', source: None };

/// Three dots, which any terminal can show.
fn ellipsis(cells: &mut Vec<Cell>) {
    cells.extend([Cell { character: '.', source: None }; 3]);
}

/// How many cells go into a row: as many words as there is room for, or a part of a very long one, but at least one cell.
fn fitting(cells: &[Cell], columns: usize) -> usize {
    let mut used = 0;
    let mut last_word = 0;
    for (at, cell) in cells.iter().enumerate() {
        used += cell.character.width().unwrap_or(0);
        if used > columns && cell.character != ' ' {
            return if last_word > 0 { last_word } else { at.max(1) };
        }
        if cell.character == ' ' && at > 0 {
            last_word = at + 1;
        }
    }
    cells.len()
}

/// Which mark covers a byte of the file, and which of its hedges?
fn class(marks: &[Mark], offset: usize) -> Option<(usize, Option<usize>)> {
    let at = marks.iter().position(|mark| mark.span.contains(&offset))?;
    Some((at, marks[at].hedges.iter().position(|hedge| hedge.contains(&offset))))
}

/// A range on character boundaries, inside the text, without white space at its ends.
fn trim(text: &str, range: Range<usize>) -> Range<usize> {
    let start = text.floor_char_boundary(range.start);
    let end = text.ceil_char_boundary(range.end).max(start);
    let passage = &text[start..end];
    let start = start + (passage.len() - passage.trim_start().len());
    start..(start + passage.trim().len())
}

/// The parts of a passage that are shown: all of it, or, of a long one, its beginning, its end and its hedges.
fn parts(text: &str, mark: &Mark) -> Vec<Range<usize>> {
    let span = mark.span.clone();
    let passage = &text[span.clone()];
    if passage.len() <= LONG && passage.matches('\n').count() <= TALL {
        return vec![span];
    }
    let head = text.floor_char_boundary((span.start + HEAD.0).min(span.end));
    let head = text[span.start..head].match_indices('\n').nth(HEAD.1 - 1).map_or(head, |(at, _)| span.start + at);
    let tail = text.ceil_char_boundary(span.end.saturating_sub(TAIL.0).max(head));
    let tail = text[tail..span.end].rmatch_indices('\n').nth(TAIL.1 - 1).map_or(tail, |(at, _)| tail + at + 1);
    let mut parts = vec![trim(text, span.start..word_end(text, head, span.start))];
    let cut = mark.hedges.iter().filter(|hedge| hedge.start >= head && hedge.end <= tail).take(4);
    parts.extend(cut.map(|hedge| {
        let start = hedge.start.saturating_sub(AROUND).max(head);
        let end = (hedge.end + AROUND).min(tail);
        word_start(text, text.floor_char_boundary(start), hedge.start)..word_end(text, text.ceil_char_boundary(end), hedge.end)
    }));
    parts.push(trim(text, word_start(text, tail, span.end)..span.end));
    parts.sort_by_key(|part| part.start);
    parts
}

/// Adds what stands around a stretch on its first and last line, as far as it fits into a row.
fn widen(text: &str, range: Range<usize>, columns: usize) -> Range<usize> {
    let is_break = |character: char| matches!(character, '\n' | '\r');
    let length = text[range.clone()].chars().count();
    let room = if length <= columns { columns - length } else { columns / 3 };
    // A character has four bytes at most.
    let reach = text.floor_char_boundary(range.start.saturating_sub(4 * columns));
    let before = text[reach..range.start].rsplit(is_break).next().unwrap_or_default();
    let reach = text.ceil_char_boundary((range.end + 4 * columns).min(text.len()));
    let after = text[range.end..reach].split(is_break).next().unwrap_or_default();
    let (left, right) = (before.chars().count(), after.chars().count());
    if left + right <= room {
        return range.start - before.len()..range.end + after.len();
    }
    // Room for the ellipses.
    let room = room.saturating_sub(8);
    let right = right.min((room / 2).max(room.saturating_sub(left)));
    let left = left.min(room - right);
    let start = before.char_indices().nth_back(left.wrapping_sub(1)).map_or(before.len(), |(at, _)| at);
    let start = range.start - before.len() + if left == 0 { before.len() } else { start };
    let end = after.char_indices().nth(right).map_or(after.len(), |(at, _)| at) + range.end;
    let whole_left = start == range.start - before.len();
    let whole_right = end == range.end + after.len();
    let start = if whole_left { start } else { word_start(text, start, range.start) };
    let end = if whole_right { end } else { word_end(text, end, range.end) };
    start..end
}

/// The first start of a word at or after an offset, or the limit.
fn word_start(text: &str, from: usize, limit: usize) -> usize {
    if from >= limit || text[..from].ends_with(char::is_whitespace) {
        return from.min(limit);
    }
    let rest = &text[from..limit];
    rest.find(char::is_whitespace).map_or(limit, |at| limit - rest[at..].trim_start().len())
}

/// The last end of a word at or before an offset, or the limit.
fn word_end(text: &str, from: usize, limit: usize) -> usize {
    if from <= limit || text[from..].starts_with(char::is_whitespace) {
        return limit + text[limit..from.max(limit)].trim_end().len();
    }
    let rest = &text[limit..from];
    rest.rfind(char::is_whitespace).map_or(limit, |at| limit + rest[..at].trim_end().len())
}
