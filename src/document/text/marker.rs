//! Bullets and numbers at the start of a line.

/// A bullet or number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Marker {
    /// What it is; the items of one list share it.
    pub(super) style: Style,
    /// Its bytes, with the white space behind it.
    pub(super) length: usize,
    /// The number or letter as written; empty for a bullet.
    pub(super) label: String,
}

/// Markers that look alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    /// `-`, `•`, ...
    Bullet(char),
    /// `1.`, `1)`, `(1)`: by its last character, `(` for both brackets.
    Number(char),
    /// `a.`, `a)`, `(a)`
    Lower(char),
    /// `A.`, ...
    Upper(char),
    /// `ii.`, ...
    LowerRoman(char),
    /// `II.`, ...
    UpperRoman(char),
    /// `3.2`: how many numbers it has.
    Outline(usize),
}

impl Marker {
    /// Can it not be the start of a line that merely goes on? (`2009.` or `a.` may begin a wrapped line; `- ` may as well.)
    pub(super) fn is_sure(&self) -> bool {
        match self.style {
            Style::Bullet(_) | Style::Number(_) => true,
            Style::Lower(close) | Style::Upper(close) | Style::LowerRoman(close) | Style::UpperRoman(close) => {
                close != '.' || self.label.len() == 1
            }
            Style::Outline(_) => self.label.len() < 6,
        }
    }

    /// Is it a number or letter?
    pub(super) fn is_ordered(&self) -> bool {
        !matches!(self.style, Style::Bullet(_))
    }
}

/// The marker that a line begins with, if something follows it.
pub(super) fn read(text: &str) -> Option<Marker> {
    let marker = bullet(text).or_else(|| ordered(text))?;
    (marker.length < text.len()).then_some(marker)
}

fn bullet(text: &str) -> Option<Marker> {
    let first = text.chars().next()?;
    let rest = &text[first.len_utf8()..];
    let next = rest.chars().next()?;
    let spaced = next.is_whitespace();
    let is_bullet = match first {
        '•' | '·' | '●' | '▪' | '■' | '◦' | '‣' | '○' | '►' | '✓' | '✔' | '»' | '\u{fffd}' | '\u{f0b7}' | '\u{f0a7}' => {
            spaced || next.is_alphabetic()
        }
        '-' | '–' | '—' => spaced || next.is_alphabetic(),
        '*' => spaced || (next.is_alphabetic() && !text.ends_with('*')),
        '+' | '>' | 'o' | '→' => spaced,
        _ => false,
    };
    // `- 4 -` is the number of a page, `-- Cookies --` an ornament.
    if !is_bullet || !rest.contains(char::is_alphabetic) {
        return None;
    }
    let length = text.len() - rest.trim_start().len();
    Some(Marker { style: Style::Bullet(first), length, label: String::new() })
}

fn ordered(text: &str) -> Option<Marker> {
    let bytes = text.as_bytes();
    let open = usize::from(bytes.first() == Some(&b'('));
    let length = bytes[open..].iter().take(12).take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'.').count();
    let end = open + length;
    let (label, closed) = match text[open..end].strip_suffix('.') {
        Some(label) if open == 0 => (label, Some('.')),
        _ => (&text[open..end], bytes.get(end).filter(|&&byte| byte == b')').map(|_| if open == 1 { '(' } else { ')' })),
    };
    let style = match closed {
        Some(close) => style(label, close)?,
        None => match style(label, '.')? {
            outline @ Style::Outline(_) if open == 0 => outline,
            _ => return None,
        },
    };
    let end = end + usize::from(matches!(closed, Some('(' | ')')));
    let rest = &text[end..];
    // `1.Cookies` is a number, `1.5 million` is not.
    let next = rest.chars().next()?;
    if closed.is_none() && !rest.trim_start().starts_with(char::is_uppercase) {
        return None;
    }
    let attached = next.is_uppercase() && matches!(style, Style::Number(_)) || closed == Some('(');
    if !(next.is_whitespace() || attached) {
        return None;
    }
    // The P. of "P. O. Box" and the J. of "J. R. Finch" are initials.
    let initial = |text: &str| text.as_bytes().get(1) == Some(&b'.') && text.starts_with(|first: char| first.is_ascii_uppercase());
    if style == Style::Upper('.') && initial(rest.trim_start()) {
        return None;
    }
    Some(Marker { style, length: text.len() - rest.trim_start().len(), label: label.to_owned() })
}

fn style(label: &str, close: char) -> Option<Style> {
    let all = |is: fn(u8) -> bool| !label.is_empty() && label.bytes().all(is);
    if all(|byte| byte.is_ascii_digit()) {
        return (label.len() <= 2).then_some(Style::Number(close));
    }
    if label.contains('.') {
        let numbers = label.split('.').all(|part| (1..=2).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit()));
        return numbers.then(|| Style::Outline(label.split('.').count()));
    }
    let roman = |byte: u8| matches!(byte.to_ascii_lowercase(), b'i' | b'v' | b'x');
    match label.len() {
        1..=5 if label.bytes().all(roman) => {
            if all(|byte| byte.is_ascii_lowercase()) {
                Some(Style::LowerRoman(close))
            } else {
                all(|byte| byte.is_ascii_uppercase()).then_some(Style::UpperRoman(close))
            }
        }
        1 if all(|byte| byte.is_ascii_lowercase()) => Some(Style::Lower(close)),
        1 if all(|byte| byte.is_ascii_uppercase()) => Some(Style::Upper(close)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_are_no_markers() {
        assert!(read("P. O. Box 52, Elm City").is_none());
        assert!(read("J. R. Finch wrote this.").is_none());
        assert!(read("P. Other matters").is_some());
    }

    fn style_of(text: &str) -> Option<(Style, &str)> {
        read(text).map(|marker| (marker.style, &text[marker.length..]))
    }

    #[test]
    fn bullets_and_numbers_are_told_from_words() {
        assert_eq!(style_of("- names"), Some((Style::Bullet('-'), "names")));
        assert_eq!(style_of("•names"), Some((Style::Bullet('•'), "names")));
        assert_eq!(style_of("o  names"), Some((Style::Bullet('o'), "names")));
        assert_eq!(style_of("1) names"), Some((Style::Number(')'), "names")));
        assert_eq!(style_of("(a) names"), Some((Style::Lower('('), "names")));
        assert_eq!(style_of("(a)names"), Some((Style::Lower('('), "names")));
        assert_eq!(style_of("II. USE"), Some((Style::UpperRoman('.'), "USE")));
        assert_eq!(style_of("3.2 Children"), Some((Style::Outline(2), "Children")));
        assert_eq!(style_of("3.2. Children"), Some((Style::Outline(2), "Children")));
        for text in ["1.5 million", "12 Elm Street", "2019. We", "on", "- 4 -", "-", "*", "a", "(c)", "www.example.com", "iPhone"] {
            assert_eq!(style_of(text), None, "{text}");
        }
    }
}
