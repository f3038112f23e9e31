//! Words: how text is cut into tokens and how a token finds the words of the phrases that it is a form of.
//!
//! Every phrase word is a *class* of spellings and inflections, worked out when packs are compiled. A text is cut once; each token
//! is looked up once in an open-addressing table (FNV-1a over the folded bytes), whatever the number of rules.

use super::packed::{self, Packed, Table};
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// A word, number or address of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// First byte in the text.
    pub start: u32,
    /// The byte after the last. The halves of "cannot" share their bytes.
    pub end: u32,
    /// Index of the form in [`Words`], or [`Token::UNKNOWN`].
    pub form: u32,
    /// What it is.
    pub kind: TokenKind,
    /// Does it begin with a capital letter?
    pub capital: bool,
    /// What stands between it and the token before.
    pub before: Before,
}

impl Token {
    /// No phrase has the word.
    pub const UNKNOWN: u32 = u32::MAX;

    /// Its bytes in the text.
    pub fn range(&self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// A word.
    Word,
    /// Digits, also with separators inside: 10, 1,000, 2024-01-31, 13th.
    Number,
    /// An e-mail address.
    Email,
    /// A web address or domain name.
    Url,
}

/// What stands before a token, the strongest mark first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Before {
    /// A semicolon: phrases do not reach across it.
    Semicolon,
    /// A bracket, colon, dash or slash.
    Mark,
    /// A comma.
    Comma,
    /// White space, a hyphen, nothing.
    Nothing,
}

/// Sort of an ASCII byte.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sort {
    Letter,
    Digit,
    Space,
    Other,
    NonAscii,
}

#[allow(clippy::cast_possible_truncation)] // the index of 256 sorts is a byte
const SORTS: [Sort; 256] = {
    let mut sorts = [Sort::Other; 256];
    let mut byte = 0;
    while byte < 256 {
        sorts[byte] = match byte as u8 {
            b'a'..=b'z' | b'A'..=b'Z' => Sort::Letter,
            b'0'..=b'9' => Sort::Digit,
            b' ' | b'\t' | b'\n' | b'\r' | 0x0c => Sort::Space,
            0x80.. => Sort::NonAscii,
            _ => Sort::Other,
        };
        byte += 1;
    }
    sorts
};

/// Endings that make a dotted word a domain name.
const DOMAINS: [&str; 28] = [
    "com", "org", "net", "edu", "gov", "mil", "int", "io", "co", "uk", "us", "ca", "au", "nz", "de", "eu", "info", "biz", "app", "dev",
    "me", "tv", "fr", "in", "example", "invalid", "test", "online",
];

/// The longest word that is looked up, in bytes.
const LONGEST: usize = 40;

/// One spelling.
#[derive(Clone, Copy, Debug)]
struct Form {
    text: (u32, u32),
    classes: (u32, u32),
    /// Forms that stand in its place: "cannot" is "can" and "not".
    parts: (u32, u32),
    filler: bool,
}

impl Packed for Form {
    type Bytes = [u8; 28];

    fn pack(self) -> [u8; 28] {
        let Self { text, classes, parts, filler } = self;
        packed::from_numbers([text.0, text.1, classes.0, classes.1, parts.0, parts.1, u32::from(filler)])
    }

    fn unpack(bytes: [u8; 28]) -> Self {
        let [text, text_end, classes, classes_end, parts, parts_end, filler] = packed::to_numbers(bytes);
        Self { text: (text, text_end), classes: (classes, classes_end), parts: (parts, parts_end), filler: filler != 0 }
    }

    fn split(list: &[u8]) -> (&[[u8; 28]], &[u8]) {
        list.as_chunks()
    }
}

/// Every spelling that some phrase can match.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(bound(deserialize = "'de: 'static"))]
pub struct Words {
    /// The letters of all.
    text: Table<u8>,
    forms: Table<Form>,
    classes: Table<u32>,
    parts: Table<u32>,
    slots: Table<u32>,
}

/// What is said of one spelling when [`Words`] is built.
#[derive(Clone, Debug, Default)]
pub struct Spelling {
    /// The classes it belongs to.
    pub classes: Vec<u32>,
    /// The words that stand in its place.
    pub parts: Vec<String>,
    /// May a phrase pass over it?
    pub filler: bool,
}

impl Words {
    /// Builds the table; parts that are no spelling of their own are added without classes.
    #[allow(clippy::cast_possible_truncation)] // a vocabulary is smaller than 4 GiB
    pub fn new(spellings: &std::collections::BTreeMap<String, Spelling>) -> Self {
        let mut all = spellings.clone();
        for spelling in spellings.values() {
            for part in &spelling.parts {
                all.entry(part.clone()).or_default();
            }
        }
        let index: std::collections::BTreeMap<&str, u32> = all.keys().enumerate().map(|(at, text)| (text.as_str(), at as u32)).collect();
        let (mut text, mut classes, mut parts) = (0, 0, 0);
        let form = |(letters, spelling): (&String, &Spelling)| {
            let range = |end: &mut u32, length: usize| {
                *end += length as u32;
                (*end - length as u32, *end)
            };
            Form {
                text: range(&mut text, letters.len()),
                classes: range(&mut classes, spelling.classes.len()),
                parts: range(&mut parts, spelling.parts.len()),
                filler: spelling.filler,
            }
        };
        let size = (all.len() * 2).next_power_of_two().max(2);
        let mut slots = vec![0; size];
        for (at, text) in all.keys().enumerate() {
            let mut slot = hash(text.as_bytes()) as usize & (size - 1);
            while slots[slot] != 0 {
                slot = (slot + 1) & (size - 1);
            }
            slots[slot] = at as u32 + 1;
        }
        Self {
            text: all.keys().flat_map(|text| text.bytes()).collect(),
            forms: all.iter().map(form).collect(),
            classes: all.values().flat_map(|spelling| spelling.classes.iter().copied()).collect(),
            parts: all.values().flat_map(|spelling| spelling.parts.iter().map(|part| index[part.as_str()])).collect(),
            slots: slots.into_iter().collect(),
        }
    }

    /// The form that folded text is, if a phrase knows it.
    fn find(&self, folded: &[u8]) -> Option<u32> {
        let mask = self.slots.length().checked_sub(1)?;
        let mut slot = hash(folded) as usize & mask;
        loop {
            let form = self.slots.get(slot)?.checked_sub(1)?;
            let (start, end) = self.forms.get(form as usize)?.text;
            if self.text.bytes().get(start as usize..end as usize)? == folded {
                return Some(form);
            }
            slot = (slot + 1) & mask;
        }
    }

    /// How many forms there are.
    pub fn forms(&self) -> usize {
        self.forms.length()
    }

    /// The classes of a form; none of an unknown one.
    pub fn classes(&self, form: u32) -> impl Iterator<Item = u32> {
        let (from, until) = self.forms.get(form as usize).map_or((0, 0), |form| form.classes);
        self.classes.range(from, until)
    }

    /// May a phrase pass over the form?
    pub fn is_filler(&self, form: u32) -> bool {
        self.forms.get(form as usize).is_some_and(|form| form.filler)
    }

    /// Cuts a stretch of text into tokens, appending them.
    pub fn cut(&self, text: &str, range: Range<usize>, tokens: &mut Vec<Token>) {
        Cutter { words: self, text, end: range.end, at: range.start, tokens, before: Before::Nothing, chunk: None }.run();
    }
}

fn hash(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0x811c_9dc5, |hash: u32, &byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

/// One run over a text.
struct Cutter<'a> {
    words: &'a Words,
    text: &'a str,
    end: usize,
    at: usize,
    tokens: &'a mut Vec<Token>,
    before: Before,
    /// Since the last white space: the byte and the number of tokens then.
    chunk: Option<(usize, usize, Before)>,
}

impl Cutter<'_> {
    fn run(mut self) {
        let bytes = self.text.as_bytes();
        while self.at < self.end {
            let byte = bytes[self.at];
            match SORTS[byte as usize] {
                Sort::Space => {
                    self.chunk = None;
                    self.at += 1;
                }
                Sort::Letter | Sort::Digit => self.word(),
                Sort::NonAscii => {
                    let ch = self.text[self.at..].chars().next().unwrap_or(' ');
                    if ch.is_alphanumeric() {
                        self.word();
                    } else {
                        self.at += ch.len_utf8();
                    }
                }
                Sort::Other => self.mark(byte),
            }
        }
    }

    /// A mark between words; "@", "://" and the dot of a domain name make an address of what stands around them.
    fn mark(&mut self, byte: u8) {
        let bytes = self.text.as_bytes();
        let next_is_word = bytes.get(self.at + 1).is_some_and(u8::is_ascii_alphanumeric);
        let address = match byte {
            b'@' if next_is_word => Some(TokenKind::Email),
            b':' if self.text[self.at..self.end].starts_with("://") => Some(TokenKind::Url),
            b'.' if next_is_word && self.is_domain() => Some(TokenKind::Url),
            _ => None,
        };
        if let (Some(kind), Some((start, count, before))) = (address, self.chunk) {
            self.address(kind, start, count, before);
            return;
        }
        self.before = self.before.min(match byte {
            b';' => Before::Semicolon,
            b',' => Before::Comma,
            b'(' | b')' | b'[' | b']' | b':' | b'/' => Before::Mark,
            // A hyphen inside a word joins it; a dash between words does not.
            b'-' if !next_is_word || self.chunk.is_none() => Before::Mark,
            _ => Before::Nothing,
        });
        self.at += 1;
    }

    /// Does the dot at hand stand inside a domain name ("www.", ".com")?
    fn is_domain(&self) -> bool {
        let Some((start, _, _)) = self.chunk else { return false };
        let chunk = &self.text.as_bytes()[start..self.end];
        let chunk =
            &chunk[..chunk.iter().position(|&b| !(b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_'))).unwrap_or(chunk.len())];
        if chunk.get(..4).is_some_and(|www| www.eq_ignore_ascii_case(b"www.")) {
            return true;
        }
        let chunk = std::str::from_utf8(chunk).unwrap_or_default().trim_end_matches('.');
        // "information.We" is two sentences; a name's ending is written in one case.
        let Some((name, ending)) = chunk.rsplit_once('.') else {
            return false;
        };
        !name.is_empty()
            && DOMAINS.iter().any(|domain| ending.eq_ignore_ascii_case(domain))
            && !(ending.starts_with(|c: char| c.is_ascii_uppercase()) && name.ends_with(|c: char| c.is_ascii_lowercase()))
    }

    /// Makes one token of the chunk that the address stands in.
    fn address(&mut self, kind: TokenKind, start: usize, count: usize, before: Before) {
        let bytes = &self.text.as_bytes()[..self.end];
        let length = bytes[self.at..]
            .iter()
            .position(|&b| b.is_ascii_whitespace() || matches!(b, b'<' | b'>' | b'(' | b')' | b'[' | b']' | b'"' | b'|' | b',' | b';'));
        let mut end = length.map_or(self.end, |length| self.at + length);
        while end > self.at + 1 && matches!(bytes[end - 1], b'.' | b':' | b'!' | b'?' | b'\'' | b'*' | b'-') {
            end -= 1;
        }
        let kind = if bytes[start..end].contains(&b'@') { TokenKind::Email } else { kind };
        let start = if self.tokens.len() > count { start } else { self.at };
        self.tokens.truncate(count);
        self.before = before;
        self.push(start, end, Token::UNKNOWN, kind);
        self.chunk = None;
        // A character that is cut in half here would be one that no address holds.
        while !self.text.is_char_boundary(end) {
            end += 1;
        }
        self.at = end;
    }

    /// A word or number from here on.
    fn word(&mut self) {
        let bytes = self.text.as_bytes();
        let start = self.at;
        if self.chunk.is_none() {
            self.chunk = Some((start, self.tokens.len(), self.before));
        }
        let end = self.word_end(start);
        self.at = end;
        if bytes[start].is_ascii_digit() {
            self.number(start);
            return;
        }
        // A hyphenated or dotted spelling that the vocabulary knows as such: e-mail.
        if bytes.get(end) == Some(&b'-') && end + 1 < self.end && bytes[end + 1].is_ascii_alphabetic() {
            let whole = self.word_end(end + 1);
            if let Some(form) = self.look_up(start..whole) {
                self.at = whole;
                self.push_form(start, whole, form);
                return;
            }
        }
        let form = self.look_up(start..end).or_else(|| {
            let stem = self.text[start..end].strip_suffix("'s").or_else(|| self.text[start..end].strip_suffix("'S"))?;
            self.look_up(start..start + stem.len())
        });
        match form {
            Some(form) => self.push_form(start, end, form),
            None => self.push(start, end, Token::UNKNOWN, TokenKind::Word),
        }
    }

    /// The end of the letters and digits from here on, apostrophes between letters included.
    fn word_end(&self, start: usize) -> usize {
        let bytes = self.text.as_bytes();
        let mut at = start;
        while at < self.end {
            match SORTS[bytes[at] as usize] {
                Sort::Letter | Sort::Digit => at += 1,
                Sort::NonAscii => {
                    let ch = self.text[at..].chars().next().unwrap_or(' ');
                    if !ch.is_alphanumeric() {
                        break;
                    }
                    at += ch.len_utf8();
                }
                Sort::Other if bytes[at] == b'\'' && at > start && at + 1 < self.end && bytes[at + 1].is_ascii_alphabetic() => at += 1,
                _ => break,
            }
        }
        at
    }

    /// A number with what belongs to it: 1,000 2.5 2024-01-31 555-0100.
    fn number(&mut self, start: usize) {
        let bytes = self.text.as_bytes();
        while self.at + 1 < self.end && matches!(bytes[self.at], b',' | b'.' | b'-' | b'/') && bytes[self.at + 1].is_ascii_digit() {
            self.at = self.word_end(self.at + 1);
        }
        match self.look_up(start..self.at) {
            Some(form) => self.push(start, self.at, form, TokenKind::Number),
            None => self.push(start, self.at, Token::UNKNOWN, TokenKind::Number),
        }
    }

    fn look_up(&self, range: Range<usize>) -> Option<u32> {
        let word = &self.text.as_bytes()[range.clone()];
        if word.len() > LONGEST {
            return None;
        }
        if word.is_ascii() {
            let mut folded = [0; LONGEST];
            let folded = &mut folded[..word.len()];
            folded.copy_from_slice(word);
            folded.make_ascii_lowercase();
            self.words.find(folded)
        } else {
            self.words.find(self.text[range].to_lowercase().as_bytes())
        }
    }

    fn push_form(&mut self, start: usize, end: usize, form: u32) {
        let (first, last) = self.words.forms.get(form as usize).map_or((0, 0), |form| form.parts);
        if first == last {
            self.push(start, end, form, TokenKind::Word);
        }
        let words = self.words;
        for part in words.parts.range(first, last) {
            self.push(start, end, part, TokenKind::Word);
        }
    }

    #[allow(clippy::cast_possible_truncation)] // prose is smaller than 4 GiB
    fn push(&mut self, start: usize, end: usize, form: u32, kind: TokenKind) {
        let first = self.text.as_bytes()[start];
        let capital = if first < 0x80 { first.is_ascii_uppercase() } else { self.text[start..].starts_with(char::is_uppercase) };
        self.tokens.push(Token { start: start as u32, end: end as u32, form, kind, capital, before: self.before });
        self.before = Before::Nothing;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    /// A vocabulary; the place of a word in the list is its class.
    fn words() -> Words {
        let all = ["e-mail", "child", "data", "can", "\u{e9}t\u{e9}", "don't", "13th", "opt-out"];
        let class = |(class, word): (usize, &&str)| {
            ((*word).to_owned(), Spelling { classes: vec![u32::try_from(class).unwrap()], ..Spelling::default() })
        };
        let mut spellings: BTreeMap<String, Spelling> = all.iter().enumerate().map(class).collect();
        spellings.insert("cannot".to_owned(), Spelling { parts: vec!["can".to_owned(), "not".to_owned()], ..Spelling::default() });
        spellings.insert("the".to_owned(), Spelling { filler: true, ..Spelling::default() });
        Words::new(&spellings)
    }

    fn cut(text: &str) -> Vec<Token> {
        let mut tokens = Vec::new();
        words().cut(text, 0..text.len(), &mut tokens);
        tokens
    }

    /// What the tokens of a text are, each with its text.
    fn kinds(text: &str) -> Vec<(&str, TokenKind)> {
        cut(text).iter().map(|token| (&text[token.range()], token.kind)).collect()
    }

    /// The classes of each token of a text.
    fn classes(text: &str) -> Vec<Vec<u32>> {
        let words = words();
        cut(text).iter().map(|token| words.classes(token.form).collect()).collect()
    }

    #[test]
    fn words_numbers_and_addresses_are_told_apart() {
        use TokenKind::{Email, Number, Url, Word};
        assert_eq!(
            kinds("We kept 1,000-2 na\u{ef}ve caf\u{e9}s."),
            [("We", Word), ("kept", Word), ("1,000-2", Number), ("na\u{ef}ve", Word), ("caf\u{e9}s", Word)]
        );
        assert_eq!(kinds("on 2024-01-31, 13th, 2."), [("on", Word), ("2024-01-31", Number), ("13th", Number), ("2", Number)]);
        assert_eq!(kinds("4, 5 or 6.x"), [("4", Number), ("5", Number), ("or", Word), ("6", Number), ("x", Word)]);
        assert_eq!(kinds("to a.b-c@d.example."), [("to", Word), ("a.b-c@d.example", Email)]);
        assert_eq!(kinds("see (https://wren.example/a?b=c), or"), [("see", Word), ("https://wren.example/a?b=c", Url), ("or", Word)]);
        assert_eq!(
            kinds("wren.example; WWW.wren.zz and Wren.Com"),
            [("wren.example", Url), ("WWW.wren.zz", Url), ("and", Word), ("Wren", Word), ("Com", Word)]
        );
        assert_eq!(kinds("kept.We @home a:b"), [("kept", Word), ("We", Word), ("home", Word), ("a", Word), ("b", Word)]);
        assert_eq!(kinds("@ .com ://x"), [("com", Word), ("x", Word)]);
        assert_eq!(kinds("\u{201c}a\u{201d}\u{2014}b\u{65e5}"), [("a", Word), ("b\u{65e5}", Word)]);
    }

    #[test]
    fn forms_are_found_in_any_case_and_behind_marks() {
        assert_eq!(classes("E-Mail e-mails child's CHILD'S children"), [vec![0], vec![], vec![], vec![1], vec![1], vec![]]);
        assert_eq!(
            classes("\u{c9}T\u{c9} Don't 13TH data-child opt-out opt-"),
            [vec![4], vec![5], vec![6], vec![2], vec![1], vec![7], vec![]]
        );
        assert_eq!(classes(&format!("data{} data", "x".repeat(LONGEST))), [vec![], vec![2]]);
        assert_eq!(classes(&"x".repeat(LONGEST + 1)), [Vec::<u32>::new()]);
    }

    #[test]
    fn some_words_are_two() {
        let text = "We cannot";
        let tokens = cut(text);
        let words = words();
        assert_eq!(kinds(text), [("We", TokenKind::Word), ("cannot", TokenKind::Word), ("cannot", TokenKind::Word)]);
        assert_eq!((Some(tokens[1].form), words.classes(tokens[1].form).collect()), (words.find(b"can"), vec![3]));
        assert_eq!(Some(tokens[2].form), words.find(b"not"));
    }

    #[test]
    fn fillers_and_capitals_are_known() {
        let words = words();
        let filler = |text: &str| cut(text).iter().map(|token| words.is_filler(token.form)).collect::<Vec<_>>();
        assert_eq!(filler("The data is"), [true, false, false]);
        let capitals = |text: &str| cut(text).iter().map(|token| token.capital).collect::<Vec<_>>();
        assert_eq!(capitals("We iPhone \u{c9}t\u{e9} \u{e9}t\u{e9} 13"), [true, false, true, false, false]);
    }

    #[test]
    fn the_strongest_mark_before_a_token_is_kept() {
        use Before::{Comma, Mark, Nothing, Semicolon};
        let before = |text: &str| cut(text).iter().map(|token| token.before).collect::<Vec<_>>();
        assert_eq!(before("a b, c; d (e) f: g"), [Nothing, Nothing, Comma, Semicolon, Mark, Mark, Mark]);
        assert_eq!(before("a, (b ,; c .d"), [Nothing, Mark, Semicolon, Nothing]);
        assert_eq!(before("a - b -c d-e f- g/h [i]"), [Nothing, Mark, Mark, Nothing, Nothing, Nothing, Mark, Mark, Mark]);
        assert_eq!(before("a; x@y.example b"), [Nothing, Semicolon, Nothing]);
    }

    #[test]
    fn a_stretch_of_a_text_is_cut_as_if_nothing_stood_around_it() {
        let text = "one, two@three.example, four";
        let mut tokens = Vec::new();
        words().cut(text, 5..8, &mut tokens);
        assert_eq!(tokens.iter().map(|token| (&text[token.range()], token.before)).collect::<Vec<_>>(), [("two", Before::Nothing)]);
    }
}
