//! Text between two blocks, as pieces that know their place, and the lines that `<br>` makes of them: what starts with a bullet,
//! what is a heading though no tag says so, what only leads elsewhere.

use super::page::Page;
use super::references;
use crate::document::builder::Builder;
use std::ops::Range;

/// How a line begins that says when the policy was written.
const DATE_STARTS: [&str; 8] = ["last updated", "last modified", "last revised", "effective", "updated", "revised", "date", "version"];

/// How a line ends that leads in what follows, however short it is.
const OPEN_ENDS: [&str; 12] =
    ["following:", "include:", "including:", "includes:", "are:", "to:", "by:", "for:", "may:", "will:", "cannot:", "as:"];

/// A piece of a paragraph.
#[derive(Debug)]
pub(super) enum What {
    /// As it stands in the source.
    Text(Range<usize>),
    /// A character reference.
    Instead(String, Range<usize>),
    /// `br`, or a line break in `pre`.
    Break(usize),
    /// A link begins, to [`Page::targets`].
    Link(u32),
    /// The link ends.
    EndLink,
}

/// What a piece is, and whether it is emphasised.
#[derive(Debug)]
pub(super) struct Piece {
    pub(super) what: What,
    pub(super) bold: bool,
}

/// Cuts raw text into pieces; in `pre` its line breaks count.
pub(super) fn cut(source: &str, range: Range<usize>, bold: bool, preformatted: bool, pieces: &mut Vec<Piece>) {
    let start = range.start;
    references::split(&source[range], |stretch, decoded| {
        let stretch = start + stretch.start..start + stretch.end;
        if let Some(decoded) = decoded {
            let what = What::Instead(decoded.to_owned(), stretch);
            return pieces.push(Piece { what, bold });
        }
        let mut from = stretch.start;
        if preformatted {
            for (at, _) in source[stretch.clone()].match_indices('\n') {
                let at = stretch.start + at;
                let what = What::Text(from..at);
                pieces.push(Piece { what, bold });
                let what = What::Break(at);
                pieces.push(Piece { what, bold });
                from = at + 1;
            }
        }
        if from < stretch.end {
            let what = What::Text(from..stretch.end);
            pieces.push(Piece { what, bold });
        }
    });
}

/// What stands between two breaks.
#[derive(Debug, Default)]
#[allow(clippy::struct_excessive_bools)] // observations, not states
pub(super) struct Line {
    /// Its pieces, without the break.
    pub(super) pieces: Range<usize>,
    /// Its text, white space folded and trimmed (no-break spaces are kept inside).
    pub(super) text: String,
    /// Is all of it emphasised?
    pub(super) bold: bool,
    /// How many links it holds.
    links: usize,
    /// Letters and digits outside of links.
    unlinked: usize,
    /// Does it start with a link that an arrow follows?
    breadcrumb: bool,
    /// Does a link lead to a mailbox or a telephone?
    reaches_someone: bool,
    /// Do all links lead nowhere else?
    stays: bool,
}

/// Splits pieces into lines.
pub(super) fn lines(pieces: &[Piece], source: &str, page: &Page) -> Vec<Line> {
    let mut all = Vec::new();
    let mut from = 0;
    // A link may run over several lines.
    let mut open_link = None;
    for at in 0..=pieces.len() {
        if pieces.get(at).is_none_or(|piece| matches!(piece.what, What::Break(_))) {
            all.push(line(from..at, pieces, source, page, &mut open_link));
            from = at + 1;
        }
    }
    all
}

fn line(range: Range<usize>, pieces: &[Piece], source: &str, page: &Page, open_link: &mut Option<u32>) -> Line {
    let mut line = Line { pieces: range.clone(), bold: true, stays: true, links: usize::from(open_link.is_some()), ..Line::default() };
    let mut between = false;
    for piece in &pieces[range] {
        let text = match &piece.what {
            What::Text(range) => &source[range.clone()],
            What::Instead(text, _) => text,
            What::Link(target) => {
                *open_link = Some(*target);
                line.links += 1;
                let target = page.targets.get(*target as usize).map_or("", String::as_str);
                line.reaches_someone |= ["mailto:", "tel:"].iter().any(|scheme| starts_with(target, scheme));
                line.stays &= target.starts_with('#') || starts_with(target, "javascript:");
                continue;
            }
            What::EndLink => {
                between = open_link.take().is_some();
                continue;
            }
            What::Break(_) => continue,
        };
        for c in text.chars() {
            if c.is_whitespace() && c != '\u{a0}' {
                if !line.text.is_empty() && !line.text.ends_with(' ') {
                    line.text.push(' ');
                }
                continue;
            }
            if c == '\u{a0}' && line.text.is_empty() {
                continue;
            }
            line.text.push(c);
            if c == '\u{a0}' {
                continue;
            }
            line.bold &= piece.bold;
            if std::mem::take(&mut between) && line.unlinked == 0 && line.links == 1 && matches!(c, '>' | '»' | '›' | '→') {
                line.breadcrumb = true;
            }
            if open_link.is_none() && c.is_alphanumeric() {
                line.unlinked += 1;
            }
        }
    }
    let visible = line.text.trim_end_matches([' ', '\u{a0}']).len();
    line.text.truncate(visible);
    line
}

impl Line {
    /// Has it nothing to read? An icon or a rule of dashes is nothing.
    pub(super) fn is_blank(&self) -> bool {
        !self.text.contains(char::is_alphanumeric)
    }

    /// Is it one short link and no more?
    pub(super) fn is_link(&self) -> bool {
        self.links > 0 && self.unlinked == 0 && !self.reaches_someone && self.words() <= 4
    }

    /// Does it lead in an address?
    pub(super) fn asks_to_write(&self) -> bool {
        let start = self.text.char_indices().rev().nth(80).map_or(0, |(at, _)| at);
        let end = self.text[start..].to_ascii_lowercase();
        end.ends_with(':') && ["write", "mail", "contact", "address", "reach"].iter().any(|word| end.contains(word))
    }

    fn words(&self) -> usize {
        self.text.split_whitespace().filter(|word| word.contains(char::is_alphanumeric)).count()
    }

    /// A row of links, a breadcrumb, a line of a table of contents, "back to top": nothing but ways to elsewhere.
    pub(super) fn is_navigation(&self) -> bool {
        if self.links == 0 || self.reaches_someone || self.text.ends_with(['.', '?', '!']) && self.words() > 8 {
            return false;
        }
        self.breadcrumb && self.words() <= 15 && !self.text.ends_with('.')
            || self.unlinked == 0 && (self.links >= 2 || self.stays && self.words() <= if self.bold { 4 } else { 14 })
    }

    /// Would a reader take this emphasised line for a heading?
    pub(super) fn is_bold_heading(&self) -> bool {
        self.bold && self.reads_as_heading() && (self.links == 0 || self.unlinked > 0 || self.stays)
    }

    /// Is it short, and no sentence, date or address?
    pub(super) fn reads_as_heading(&self) -> bool {
        let words = self.words();
        let letters = self.text.chars().filter(|c| c.is_alphabetic()).count();
        let open_end = OPEN_ENDS.iter().any(|end| self.text.ends_with(end));
        let most = match self.text.chars().next_back() {
            Some('?') => 25,
            Some(':') => 5,
            Some('.' | ',' | ';' | '!') => 0,
            _ => 14,
        };
        letters >= 3 && words <= most && !open_end && self.text.len() <= 200 && !self.text.contains('@') && !self.is_date_line()
    }

    fn is_date_line(&self) -> bool {
        self.text.contains(|c: char| c.is_ascii_digit()) && DATE_STARTS.iter().any(|start| starts_with(&self.text, start))
    }

    /// Is it the first line of a page that has no other title?
    pub(super) fn reads_as_title(&self) -> bool {
        let names_itself = ["privacy", "policy", "notice", "statement", "coppa"];
        let text = self.text.to_ascii_lowercase();
        self.text.len() <= 120 && self.reads_as_heading() && self.words() <= 10 && names_itself.iter().any(|word| text.contains(word))
    }

    /// May it be one of the lines that list what a colon led in, without bullets?
    pub(super) fn reads_as_listed(&self) -> bool {
        self.words() <= 20 && self.text.len() <= 160 && !self.text.contains(|c: char| c.is_ascii_digit() || c == '@' || c == ':')
    }

    pub(super) fn starts_lower(&self) -> bool {
        self.text.chars().next().is_some_and(char::is_lowercase)
    }

    /// The bullet or number that it starts with.
    pub(super) fn marker(&self) -> Option<Marker> {
        let text = self.text.as_str();
        let first = text.chars().next()?;
        let rest = &text[first.len_utf8()..];
        let gap = rest.starts_with([' ', '\u{a0}']);
        let bullet = match first {
            '•' | '▪' | '●' | '○' | '◦' | '■' | '□' | '‣' | '⁃' | '►' | '▸' | '✓' | '✔' | '\u{f0b7}' | '\u{f0a7}' => {
                true
            }
            '-' | '–' | '—' | '*' | '·' | '»' | '§' | 'Ø' | 'ü' | '+' | '>' => gap,
            // The bullet of Word's second level.
            'o' => rest.starts_with('\u{a0}'),
            _ => false,
        };
        if bullet {
            return rest.contains(char::is_alphanumeric).then_some(Marker { len: 1, numbered: false });
        }
        let open = usize::from(first == '(');
        let body = &text[open..];
        let number = body.bytes().take(5).take_while(u8::is_ascii_alphanumeric).count();
        let is_number = number > 0
            && (body[..number].bytes().all(|byte| byte.is_ascii_digit()) && number <= 2
                || number == 1
                || body[..number].bytes().all(|byte| matches!(byte.to_ascii_lowercase(), b'i' | b'v' | b'x')));
        let closing = body.as_bytes().get(number).copied();
        let closed = closing == Some(b')') || open == 0 && closing == Some(b'.');
        let after = body.get(number + 1..)?;
        (is_number && closed && after.starts_with([' ', '\u{a0}']) && after.contains(char::is_alphabetic))
            .then_some(Marker { len: open + number + 1, numbered: true })
    }
}

/// A bullet or number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Marker {
    /// Its visible characters.
    pub(super) len: usize,
    pub(super) numbered: bool,
}

/// Hands pieces to the builder, without the first `skip` visible characters.
pub(super) fn write(builder: &mut Builder, pieces: &[Piece], page: &Page, mut skip: usize) {
    let source = builder.source();
    for piece in pieces {
        match &piece.what {
            What::Text(range) => {
                let mut from = range.start;
                if skip > 0 {
                    let mut visible = source[range.clone()].char_indices().filter(|(_, c)| !c.is_whitespace());
                    let left = skip.saturating_sub(visible.clone().count());
                    from = match visible.nth(skip - 1) {
                        Some((at, c)) => range.start + at + c.len_utf8(),
                        None => range.end,
                    };
                    skip = left;
                }
                if from < range.end {
                    builder.text(from..range.end);
                }
            }
            What::Instead(text, range) => {
                let visible = text.chars().filter(|c| !c.is_whitespace()).count();
                if skip == 0 {
                    builder.instead(text, range.clone());
                }
                skip -= skip.min(visible);
            }
            What::Break(at) => builder.space(*at),
            What::Link(target) => {
                if let Some(target) = page.targets.get(*target as usize) {
                    builder.start_link(target);
                }
            }
            What::EndLink => builder.end_link(),
        }
    }
}

fn starts_with(text: &str, start: &str) -> bool {
    text.get(..start.len()).is_some_and(|text| text.eq_ignore_ascii_case(start))
}

#[cfg(test)]
mod tests {
    use super::{Line, Marker};

    fn line(text: &str) -> Line {
        Line { text: text.to_owned(), bold: true, ..Line::default() }
    }

    #[test]
    fn markers() {
        let bullet = Some(Marker { len: 1, numbered: false });
        let number = |len| Some(Marker { len, numbered: true });
        for text in ["• a name", "•a name", "- a name", "o\u{a0} a name"] {
            assert_eq!(line(text).marker(), bullet, "{text}");
        }
        assert_eq!(line("1. A name").marker(), number(2));
        assert_eq!(line("(iv) a name").marker(), number(4));
        assert_eq!(line("12) a name").marker(), number(3));
        for text in ["-5 degrees", "o dear", "2019. The year", "e.g. this", "---", "•", "", "We"] {
            assert_eq!(line(text).marker(), None, "{text}");
        }
    }

    #[test]
    fn headings() {
        for text in ["Cookies", "What do we do with what you tell us when you visit our site or use the app?", "Contact us:"] {
            assert!(line(text).is_bold_heading(), "{text}");
        }
        for text in [
            "We never sell your data.",
            "Last updated: May 3, 2021",
            "In order to be fair to all we agree to the following:",
            "12",
            "hello@willowtoys.example",
        ] {
            assert!(!line(text).is_bold_heading(), "{text}");
        }
    }
}
