//! The pattern language of rules: phrases.
//!
//! ```text
//! we remove you        words, in any inflection and spelling; articles, adverbs and the like may stand between them
//! =mail                this form only
//! (opt out|stop)       one of several
//! from? the list?      may be absent; also (..)? and {term}?
//! {children}           a term of the vocabulary or of the rule
//! {duration}           a capture: duration date email phone address url link age money number name colon
//! ... or ...15         a gap of at most 8, or 15, words inside the sentence; never across a negation or a semicolon
//! ^ $                  at the start, at the end of the sentence
//! /P\.?O\.? Box \d+/   the way out: a regular expression over the sentence's text, blind to case
//! ```

use super::regexes;

/// Words that a gap passes over where no number is given.
const GAP: u8 = 8;
/// A sequence has no more parts: every optional one at its beginning makes another sequence.
const LONGEST: usize = 200;

/// A parsed phrase.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Phrase {
    /// A sequence of parts.
    Parts(Vec<Part>),
    /// A regular expression.
    Regex(String),
}

/// One part of a phrase.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// What it is.
    pub what: What,
    /// May it be absent?
    pub optional: bool,
    /// How many words may stand between it and the part before it.
    pub gap: u8,
}

/// What a part is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// A word in any inflection.
    Word(String),
    /// A word in this form only.
    Exact(String),
    /// A term or capture.
    Term(String),
    /// One of several sequences.
    Choice(Vec<Vec<Part>>),
    /// The start of the sentence.
    Start,
    /// The end of the sentence.
    End,
}

/// Parses a phrase; the error is a message for its writer.
pub fn parse(text: &str) -> Result<Phrase, String> {
    if let Some(regex) = text.strip_prefix('/').and_then(|rest| rest.strip_suffix('/')) {
        regexes::compile(regex).map_err(|error| format!("bad regular expression: {error}"))?;
        return Ok(Phrase::Regex(regex.to_owned()));
    }
    let mut reader = Reader { text, at: 0 };
    let parts = reader.sequence(0)?;
    if let Some(ch) = reader.peek() {
        return Err(format!("unexpected \"{ch}\" in the phrase"));
    }
    if parts.iter().all(|part| part.optional || matches!(part.what, What::Start | What::End)) {
        return Err("the phrase has no word that must be there".to_owned());
    }
    Ok(Phrase::Parts(parts))
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<char> {
        self.text[self.at..].chars().next()
    }

    fn take(&mut self, wanted: char) -> bool {
        let there = self.peek() == Some(wanted);
        if there {
            self.at += wanted.len_utf8();
        }
        there
    }

    fn sequence(&mut self, depth: usize) -> Result<Vec<Part>, String> {
        if depth > 8 {
            return Err("choices are nested too deeply".to_owned());
        }
        let mut parts: Vec<Part> = Vec::new();
        let mut gap = 0;
        while let Some(ch) = self.peek() {
            if parts.len() == LONGEST && !matches!(ch, ' ' | '|' | ')') {
                return Err(format!("a phrase has no more than {LONGEST} parts in a row"));
            }
            let what = match ch {
                ' ' => {
                    self.at += 1;
                    continue;
                }
                '|' | ')' => break,
                '.' => {
                    gap = self.gap()?;
                    if parts.is_empty() {
                        return Err("a gap (\"...\") needs a word before it".to_owned());
                    }
                    continue;
                }
                '^' => {
                    self.at += 1;
                    if depth > 0 || !parts.is_empty() {
                        return Err("\"^\" stands only at the beginning of a phrase".to_owned());
                    }
                    parts.push(Part { what: What::Start, optional: false, gap: 0 });
                    continue;
                }
                '$' => {
                    self.at += 1;
                    if depth > 0 || !self.text[self.at..].trim_start().is_empty() {
                        return Err("\"$\" stands only at the end of a phrase".to_owned());
                    }
                    What::End
                }
                '(' => self.choice(depth)?,
                '{' => self.term()?,
                '=' => {
                    self.at += 1;
                    What::Exact(self.word()?)
                }
                _ => What::Word(self.word()?),
            };
            let optional = self.take('?');
            parts.push(Part { what, optional, gap });
            gap = 0;
        }
        if gap > 0 {
            return Err("a gap (\"...\") needs a word after it".to_owned());
        }
        if parts.is_empty() {
            return Err(
                if depth > 0 { "a choice has an empty side; write (..)? for what may be absent" } else { "the phrase is empty" }.to_owned()
            );
        }
        Ok(parts)
    }

    fn gap(&mut self) -> Result<u8, String> {
        if !self.text[self.at..].starts_with("...") {
            return Err("a full stop is no word; a gap is written \"...\"".to_owned());
        }
        self.at += 3;
        let digits = self.text[self.at..].chars().take_while(char::is_ascii_digit).count();
        let number = &self.text[self.at..self.at + digits];
        self.at += digits;
        match number.parse() {
            _ if number.is_empty() => Ok(GAP),
            Ok(gap @ 1..=40) => Ok(gap),
            _ => Err(format!("a gap passes over 1 to 40 words, not {number}")),
        }
    }

    fn choice(&mut self, depth: usize) -> Result<What, String> {
        self.at += 1;
        let mut sides = Vec::new();
        loop {
            let side = self.sequence(depth + 1)?;
            if side.iter().all(|part| part.optional) {
                return Err("a side of a choice has no word that must be there".to_owned());
            }
            sides.push(side);
            if self.take(')') {
                return Ok(What::Choice(sides));
            }
            if !self.take('|') {
                return Err("\"(\" is not closed".to_owned());
            }
        }
    }

    fn term(&mut self) -> Result<What, String> {
        let rest = &self.text[self.at + 1..];
        let end = rest.find('}').ok_or_else(|| "\"{\" is not closed".to_owned())?;
        let name = &rest[..end];
        if name.is_empty() || !name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-') {
            return Err(format!("\"{{{name}}}\": a term's name is of lower-case letters, digits and hyphens"));
        }
        self.at += end + 2;
        Ok(What::Term(name.to_owned()))
    }

    fn word(&mut self) -> Result<String, String> {
        let rest = &self.text[self.at..];
        let end = rest.find(|c: char| !(c.is_alphanumeric() || matches!(c, '\'' | '-' | '/' | '&'))).unwrap_or(rest.len());
        if end == 0 {
            return Err(match self.peek() {
                Some(ch) => format!("unexpected \"{ch}\" in the phrase"),
                None => "a word is missing at the end of the phrase".to_owned(),
            });
        }
        self.at += end;
        Ok(rest[..end].to_lowercase())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phrase_is_read_in_its_parts() {
        let Ok(Phrase::Parts(parts)) = parse("^ we {remove} (you|your address)? ...3 =list") else { panic!("a phrase") };
        assert_eq!(parts.len(), 5);
        assert_eq!(parts[0].what, What::Start);
        assert_eq!(parts[2].what, What::Term("remove".to_owned()));
        assert!(parts[3].optional);
        assert_eq!((parts[4].gap, &parts[4].what), (3, &What::Exact("list".to_owned())));
    }

    #[test]
    fn words_gaps_and_choices_end_where_they_end() {
        let parts = |text: &str| match parse(text) {
            Ok(Phrase::Parts(parts)) => parts,
            other => panic!("{text}: {other:?}"),
        };
        let word = |word: &str, gap| Part { what: What::Word(word.to_owned()), optional: false, gap };
        assert_eq!(parts("We ... SELL ...40 child's"), [word("we", 0), word("sell", GAP), word("child's", 40)]);
        assert_eq!(parts("we...1sell"), [word("we", 0), word("sell", 1)]);
        assert_eq!(parts("r&d/opt-out \u{e9}t\u{e9}"), [word("r&d/opt-out", 0), word("\u{e9}t\u{e9}", 0)]);
        let term = |name: &str, optional| Part { what: What::Term(name.to_owned()), optional, gap: 0 };
        assert_eq!(parts("a{b-1}{c}? d"), [word("a", 0), term("b-1", false), term("c", true), word("d", 0)]);
        let choice = Part { what: What::Choice(vec![vec![word("a", 0), word("b", GAP)], vec![word("c", 0)]]), optional: true, gap: 0 };
        assert_eq!(parts("(a ... b | c)? d"), [choice, word("d", 0)]);
        let end = |gap| Part { what: What::End, optional: false, gap };
        assert_eq!((parts("we $"), parts("we ...2 $ ")), (vec![word("we", 0), end(0)], vec![word("we", 0), end(2)]));
        assert!(parse("((((((((we))))))))").is_ok());
        assert_eq!(parse(&format!("({})", "we ".repeat(200))).map(|_| ()), Ok(()), "what closes a choice is no part");
        assert_eq!(parse("/a{2}/"), Ok(Phrase::Regex("a{2}".to_owned())));
    }

    #[test]
    fn what_is_wrong_is_said() {
        for (text, message) in [
            ("", "the phrase is empty"),
            ("... we", "a gap (\"...\") needs a word before it"),
            ("we ...", "a gap (\"...\") needs a word after it"),
            ("we ...99 sell", "a gap passes over 1 to 40 words, not 99"),
            ("(we|", "a choice has an empty side; write (..)? for what may be absent"),
            ("(we", "\"(\" is not closed"),
            ("{We}", "\"{We}\": a term's name is of lower-case letters, digits and hyphens"),
            ("{we", "\"{\" is not closed"),
            ("we)", "unexpected \")\" in the phrase"),
            ("the?", "the phrase has no word that must be there"),
            ("^", "the phrase has no word that must be there"),
            ("(the?)", "a side of a choice has no word that must be there"),
            ("we ^ sell", "\"^\" stands only at the beginning of a phrase"),
            ("(^ we)", "\"^\" stands only at the beginning of a phrase"),
            ("we $ sell", "\"$\" stands only at the end of a phrase"),
            ("(we $)", "\"$\" stands only at the end of a phrase"),
            ("we $?", "\"$\" stands only at the end of a phrase"),
            ("^ the? $", "the phrase has no word that must be there"),
            ("we sell. it", "a full stop is no word; a gap is written \"...\""),
            ("we ...0 sell", "a gap passes over 1 to 40 words, not 0"),
            ("we ...41 sell", "a gap passes over 1 to 40 words, not 41"),
            ("we ...400 sell", "a gap passes over 1 to 40 words, not 400"),
            ("we =", "a word is missing at the end of the phrase"),
            ("we, sell", "unexpected \",\" in the phrase"),
            ("{}", "\"{}\": a term's name is of lower-case letters, digits and hyphens"),
            ("(((((((((we)))))))))", "choices are nested too deeply"),
        ] {
            assert_eq!(parse(text), Err(message.to_owned()), "{text}");
        }
        assert_eq!(parse(&"we ".repeat(200)).map(|_| ()), Ok(()));
        assert_eq!(parse(&"we? ".repeat(201)).unwrap_err(), "a phrase has no more than 200 parts in a row");
        assert!(parse("/(/").unwrap_err().starts_with("bad regular expression"));
    }
}
