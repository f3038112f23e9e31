//! Lines of a file, and which of them make one paragraph. Plain text comes in two shapes, one line a paragraph and hard-wrapped,
//! and often in both at once; a line is joined to the next only where its margin, its indent or the words at the break say so. Where
//! a text was taken from a page and lost its line breaks, a line is cut at the seams.

use super::marker::{self, Marker};
use super::shape;
use std::ops::Range;

/// A line with something on it.
pub(super) struct Line {
    /// Its bytes in the source, white space trimmed.
    pub(super) range: Range<usize>,
    /// Columns of white space before it.
    pub(super) indent: usize,
    /// The column after its last character.
    pub(super) width: usize,
    /// Does a blank line stand before it?
    pub(super) after_blank: bool,
    /// Was it cut from what stands before it?
    after_seam: bool,
}

impl Line {
    /// Its text.
    pub(super) fn text<'s>(&self, source: &'s str) -> &'s str {
        &source[self.range.clone()]
    }
}

/// The lines that are not blank.
pub(super) fn lines(source: &str) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut after_blank = true;
    let mut start = 0;
    while start < source.len() {
        let rest = &source[start..];
        let length = memchr::memchr2(b'\n', b'\r', rest.as_bytes()).unwrap_or(rest.len());
        let line = &rest[..length];
        let text = line.trim_start();
        let indent = columns(&line[..line.len() - text.len()]);
        let from = start + (line.len() - text.len());
        let text = text.trim_end();
        if text.is_empty() {
            after_blank = true;
        } else {
            lines.push(Line {
                range: from..from + text.len(),
                indent,
                width: indent + text.chars().count(),
                after_blank,
                after_seam: false,
            });
            after_blank = false;
        }
        start += length + if rest[length..].starts_with("\r\n") { 2 } else { 1 };
    }
    lines
}

/// Cuts lines where a line break was lost: "How we use itWe use it to ...".
fn cut_at_seams(source: &str, lines: Vec<Line>) -> Vec<Line> {
    let mut cut = Vec::with_capacity(lines.len());
    for mut line in lines {
        while let Some(seam) = seam(line.text(source)) {
            let behind = line.range.start + seam;
            let before = source[line.range.start..behind].chars().count();
            cut.push(Line { range: line.range.start..behind, width: line.indent + before, ..line });
            line = Line { range: behind..line.range.end, width: line.width - before, after_blank: false, after_seam: true, ..line };
        }
        cut.push(line);
    }
    cut
}

/// Where the first word stands that begins a new thought right behind the last letter of another word, and is no part of a name.
fn seam(text: &str) -> Option<usize> {
    const LONGEST: usize = 10; // no opener has more letters, and a text may be one endless word
    let bytes = text.as_bytes();
    let is_end = |at: usize| match bytes[at] {
        b'a'..=b'z' | b'0'..=b'9' | b')' => true,
        b'A'..=b'Z' => at > 0 && bytes[at - 1].is_ascii_uppercase(),
        _ => false,
    };
    (1..bytes.len()).filter(|&at| bytes[at].is_ascii_uppercase() && is_end(at - 1)).find(|&at| {
        let length = bytes[at..].iter().take(LONGEST).position(|&byte| byte == b' ');
        length.and_then(|length| text.get(at..at + length)).is_some_and(|word| {
            // "LinkedIn", "FixIt".
            let is_name = matches!(word, "In" | "It" | "I" | "No");
            shape::is_opener(word) && !is_name && starts_lower(&text[at + word.len() + 1..])
        })
    })
}

fn columns(space: &str) -> usize {
    space.chars().fold(0, |column, space| if space == '\t' { column / 4 * 4 + 4 } else { column + 1 })
}

/// One or more lines that make one paragraph, heading or item.
pub(super) struct Entry {
    /// From its first character (of a marker, if it has one) to its last.
    pub(super) range: Range<usize>,
    /// Columns of white space before it.
    pub(super) indent: usize,
    /// Does a blank line stand before it?
    pub(super) after_blank: bool,
    /// Its bullet or number.
    pub(super) marker: Option<Marker>,
    /// The character that a line below it is drawn with.
    pub(super) underline: Option<char>,
}

impl Entry {
    /// Its text behind the marker; line breaks inside it stand as they are.
    pub(super) fn text<'s>(&self, source: &'s str) -> &'s str {
        &source[self.body()]
    }

    /// Its bytes behind the marker.
    pub(super) fn body(&self) -> Range<usize> {
        self.range.start + self.marker.as_ref().map_or(0, |marker| marker.length)..self.range.end
    }
}

/// The entries of a plain text.
pub(super) fn entries(source: &str) -> Vec<Entry> {
    let lines = cut_at_seams(source, lines(source));
    let margin = margin(source, &lines);
    let mut entries: Vec<Entry> = Vec::with_capacity(lines.len());
    let mut last: Option<usize> = None; // the line that the last entry ends with, if the next may continue it
    let mut after_lead_in = false;
    for (at, line) in lines.iter().enumerate() {
        let text = line.text(source);
        if shape::is_ruler(text) {
            if let (Some(entry), Some(_)) = (entries.last_mut(), last)
                && !line.after_blank
                && shape::is_underlined(&source[entry.range.clone()])
            {
                entry.underline = shape::underline(text);
            }
            last = None;
            continue;
        }
        let marker = marker::read(text);
        if let (Some(entry), Some(before)) = (entries.last_mut(), last)
            && marker.as_ref().is_none_or(|marker| !marker.is_sure())
            && joins(source, &lines[before], line, entry, margin, after_lead_in)
        {
            entry.range.end = line.range.end;
        } else {
            if let Some(entry) = entries.last() {
                let ended = &source[entry.range.clone()];
                after_lead_in = ended.ends_with(':') || (after_lead_in && !line.after_blank && !ended.ends_with('.'));
            }
            entries.push(Entry { range: line.range.clone(), indent: line.indent, after_blank: line.after_blank, marker, underline: None });
        }
        last = Some(at);
    }
    entries
}

/// The column that the text is wrapped at, if enough of its lines are.
fn margin(source: &str, lines: &[Line]) -> Option<usize> {
    let mut widths = Vec::new();
    let mut wrapped = 0_usize;
    for pair in lines.windows(2) {
        let [line, next] = pair else { continue };
        if (45..=120).contains(&line.width) {
            widths.push(line.width);
            let unfinished = !line.text(source).ends_with(['.', '!', '?', ':', ';']);
            wrapped += usize::from(unfinished && !next.after_blank && starts_lower(next.text(source)));
        }
    }
    if wrapped < 3 || wrapped * 4 < widths.len() {
        return None;
    }
    let at = widths.len() * 9 / 10;
    widths.select_nth_unstable(at);
    Some(widths[at])
}

/// Does a line continue the entry before it, whose last line is `before`?
fn joins(source: &str, before: &Line, line: &Line, entry: &Entry, margin: Option<usize>, after_lead_in: bool) -> bool {
    let (last, text) = (before.text(source), line.text(source));
    // The text of a link torn out of its sentence: ", which explains ..."
    if text.starts_with([',', ';', ')']) || text.starts_with(". ") {
        return true;
    }
    if line.after_blank || line.after_seam {
        return false;
    }
    let ended = last.ends_with(['.', '!', '?', ':', ';']);
    let lower = starts_lower(text);
    // Continuation lines of an item hang.
    if entry.marker.is_some() && line.indent > entry.indent && (lower || !last.ends_with(':')) {
        return true;
    }
    if let Some(margin) = margin {
        let first_word = text.split_whitespace().next().map_or(0, |word| word.chars().count());
        let full = before.width <= margin + 40 && before.width + 1 + first_word + 6 > margin;
        if full {
            let heading = ended && text.len() < 60 && !lower && shape::Shape::of(text).is_title();
            let after_heading = shape::is_upper(last) && !shape::is_upper(text) && !lower;
            let item = last.ends_with(':') && text.len() < 60 && !lower;
            return !(heading || after_heading || item);
        }
        if before.width <= margin + 40 && before.width * 2 > margin && !ended && lower && !after_lead_in {
            return true;
        }
    }
    if ended || after_lead_in {
        return false;
    }
    // One line a paragraph: only a sentence that plainly goes on.
    let begun = &source[entry.range.clone()];
    let statement = shape::is_opener(shape::first_word(begun)) || begun.split_whitespace().nth(5).is_some();
    let sentence = begun.starts_with(char::is_uppercase) && statement && last.contains(' ');
    let long = entry.range.len() + last.len() >= 80 && last.contains(' ');
    lower && sentence || long && (lower || shape::ends_open(last))
}

fn starts_lower(text: &str) -> bool {
    text.trim_start_matches('(').starts_with(char::is_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn joined(source: &str) -> Vec<&str> {
        entries(source).into_iter().map(|entry| &source[entry.range]).collect()
    }

    #[test]
    fn lines_know_their_indent_and_the_blank_before_them() {
        let source = "a\r\n\r\n  b \n\tc\u{a0}\rd";
        let lines = lines(source);
        let seen: Vec<_> = lines.iter().map(|line| (line.text(source), line.indent, line.width, line.after_blank)).collect();
        assert_eq!(seen, [("a", 0, 1, true), ("b", 2, 3, true), ("c", 4, 5, false), ("d", 0, 1, false)]);
    }

    #[test]
    fn a_sentence_that_a_link_tore_apart_is_mended() {
        let source =
            "If you would like to know more about the toys that we make, you can always see our\nCatalogue\n, which we print once a year.";
        assert_eq!(joined(source), [source]);
    }

    #[test]
    fn a_sentence_that_goes_on_in_lower_case_is_one_paragraph() {
        let source = "We also continue\nto mend kites (all\nof them) for you.";
        assert_eq!(joined(source), [source]);
        assert_eq!(joined("We ask for a name\n(first name only), as you like.").len(), 1);
        assert_eq!(joined("name of the buyer\nname of the kite").len(), 2);
    }

    #[test]
    fn items_below_a_lead_in_stay_apart() {
        let source =
            "We collect, whenever you order a kite from us or from one of the shops that sell them:\nname of the buyer\nname of the kite";
        assert_eq!(joined(source).len(), 3);
    }

    #[test]
    fn a_line_is_cut_where_a_line_break_was_lost() {
        let lost = "What we collectWe collect your name.\nYOUR RIGHTSIf you write to us (see 5)The rest, on LinkedIn or from CareAll Ltd. FixIt is ours.";
        let seams = ["What we collect", "We collect your name.", "YOUR RIGHTS", "If you write to us (see 5)"];
        assert_eq!(joined(lost)[..4], seams);
        assert_eq!(joined(lost)[4], "The rest, on LinkedIn or from CareAll Ltd. FixIt is ours.");
    }

    #[test]
    fn an_underline_belongs_to_the_line_above() {
        let entries = entries("Cookies\n=======\nText.\n\n=======\n");
        assert_eq!(entries.iter().map(|entry| entry.underline).collect::<Vec<_>>(), [Some('='), None]);
    }
}
