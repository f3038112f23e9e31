//! Splits the prose of a block into sentences as a careful reader would: a full stop ends a sentence only where what stands around
//! it says so. One pass; every look back or ahead is bounded, so a page that is one line costs what its length says.

use super::Ending;
use std::ops::Range;

/// A sentence longer than this is split at semicolons: a page without full stops is no sentence.
const LONG: usize = 1_500;

/// What has no semicolon either is cut between words here: else a page of one sentence would take as much memory as all that matches in it.
const LONGEST: usize = 6_000;

/// How far a word before a full stop, or after it, is looked at.
const WORD: usize = 24;

/// Calls `each` with every sentence of a block's prose (bytes of `prose`, trimmed, never empty) and how it ends. What has no letter
/// or digit in it is no sentence.
pub(super) fn split(prose: &str, mut each: impl FnMut(Range<usize>, Ending)) {
    let bytes = prose.as_bytes();
    let mut start = 0;
    // Has the run of characters at hand an `@` or a slash: is it an e-mail address, a URL or a path?
    let mut address = false;
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b' ' => address = false,
            b'@' | b'/' | b'\\' => address = true,
            b'.' | b'!' | b'?' => {
                let mark = Mark::read(prose, start, at);
                if mark.ends_sentence(address) {
                    emit(prose, start..mark.close, &mut each);
                    start = mark.close;
                    address = false;
                }
                at = mark.close;
                continue;
            }
            0x80.. => {
                if let Some(length) = bullet(prose, at) {
                    emit(prose, start..at, &mut each);
                    at += length;
                    start = at;
                    address = false;
                    continue;
                }
            }
            _ => {}
        }
        at += 1;
    }
    emit(prose, start..prose.len(), &mut each);
}

/// One or more of `.`, `!` and `?`, with the quotes and brackets that close after it.
struct Mark<'p> {
    prose: &'p str,
    /// Where the sentence at hand starts.
    sentence: usize,
    /// The first of the marks.
    start: usize,
    /// After the last of the marks.
    end: usize,
    /// After the closing quotes and brackets.
    close: usize,
}

impl<'p> Mark<'p> {
    fn read(prose: &'p str, sentence: usize, start: usize) -> Self {
        let bytes = prose.as_bytes();
        let after = |from: usize, is: fn(&u8) -> bool| from + bytes[from..].iter().take_while(|byte| is(byte)).count();
        let end = after(start, |byte| matches!(byte, b'.' | b'!' | b'?'));
        let close = after(end, |byte| matches!(byte, b'"' | b'\'' | b')' | b']' | b'}'));
        Self { prose, sentence, start, end, close }
    }

    fn ends_sentence(&self, address: bool) -> bool {
        let bytes = self.prose.as_bytes();
        if bytes.get(self.close) != Some(&b' ') {
            return self.close < bytes.len() && self.lacks_a_space(address);
        }
        let rest = self.prose[self.close..].trim_start();
        let next = word_after(rest);
        let question = bytes[self.start..self.end].iter().any(|&mark| mark != b'.');
        if !opens_sentence(rest) {
            // Careless writers begin sentences in lower case; a few words say so beyond doubt.
            let word = self.word_before();
            return !question
                && self.end - self.start == 1
                && matches!(next, "we" | "you" | "our" | "if" | "this" | "please" | "it")
                && word.len() > 2
                && word.bytes().all(|byte| byte.is_ascii_lowercase())
                && abbreviation(word).is_none();
        }
        if question {
            return !self.word_before().eq_ignore_ascii_case("yahoo") || is_starter(next);
        }
        if self.end - self.start > 1 {
            return is_starter(next); // an ellipsis
        }
        let word = self.word_before();
        if self.is_enumerator(word) {
            return false;
        }
        // `Acme Inc. (we, us)`: a bracket goes on, whatever it holds.
        let starter = || !rest.starts_with(['(', '[']) && is_starter(next);
        match abbreviation(word) {
            None => true,
            Some(Abbreviation::Inside) => false,
            Some(Abbreviation::BeforeNumber) => !rest.starts_with(|first: char| first.is_ascii_digit() || matches!(first, '#' | '(' | '§')),
            Some(Abbreviation::MayEnd) => starter(),
        }
    }

    /// `information.We collect`: a space was lost, unless what was read is an address or the name of a site or a file.
    fn lacks_a_space(&self, address: bool) -> bool {
        if address || self.end - self.start > 1 {
            return false;
        }
        let rest = &self.prose[self.close..];
        if !rest.starts_with(|first: char| first.is_ascii_uppercase()) {
            return false;
        }
        let next = word_after(rest);
        if next.bytes().skip(1).any(|byte| byte.is_ascii_uppercase()) || is_name_ending(next) {
            return false;
        }
        let after = rest[next.len()..].bytes().next();
        if matches!(after, Some(b'@' | b'/' | b'_' | b'.')) && !is_starter(next) {
            return false;
        }
        let before = self.prose[..self.start].bytes().next_back();
        match before {
            Some(b'a'..=b'z') => {
                let word = self.word_before();
                word.len() > 1 && !word.starts_with("www.") && abbreviation(word).is_none()
            }
            Some(b')' | b'"' | b'0'..=b'9') => is_starter(next),
            _ => false,
        }
    }

    /// The word that the marks follow: letters, digits and the full stops inside it.
    fn word_before(&self) -> &'p str {
        let bytes = self.prose.as_bytes();
        let floor = self.sentence.max(self.start.saturating_sub(WORD));
        let mut start = self.start;
        while start > floor && (bytes[start - 1].is_ascii_alphanumeric() || bytes[start - 1] == b'.') {
            start -= 1;
        }
        &self.prose[start..self.start]
    }

    /// `1.`, `3.1.`, `a.` or `II.` where a sentence begins or after a colon, semicolon or comma: it numbers what follows.
    fn is_enumerator(&self, word: &str) -> bool {
        let numbers = word.len() <= 8 && !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
        let letter = word.len() == 1 || (word.len() <= 3 && word.starts_with(|first: char| first.is_ascii_digit())); // `a`, `11a`
        let roman = word.len() <= 5 && !word.is_empty() && word.bytes().all(|byte| matches!(byte.to_ascii_lowercase(), b'i' | b'v' | b'x'));
        if !(numbers || letter || roman) {
            return false;
        }
        let before = self.prose[self.sentence..self.start - word.len()].trim_end();
        let next_number = || {
            let first = self.prose[self.sentence..].trim_start().bytes().take_while(u8::is_ascii_digit).count();
            let number = |text: &str| text.parse::<u32>().ok();
            number(word).is_some()
                && number(&self.prose[self.sentence..].trim_start()[..first.min(3)]).map(|first| first + 1) == number(word)
        };
        before.is_empty() || next_number() || ((word.len() <= 2 || roman) && before.ends_with([':', ';', ',']))
    }
}

/// What a full stop after a known abbreviation can mean.
enum Abbreviation {
    /// Something always follows: `Mr.`, `e.g.`
    Inside,
    /// An abbreviation only before a number: `No. 5`, but `No. We never do.`
    BeforeNumber,
    /// It may end a sentence too; a word that typically begins one decides.
    MayEnd,
}

fn abbreviation(word: &str) -> Option<Abbreviation> {
    if word.len() > 7 {
        return None;
    }
    // `U.S`, `a.m`, and an initial: single letters with full stops between.
    if word.bytes().next_back().is_some_and(|byte| byte.is_ascii_alphabetic()) && word.split('.').all(|part| part.len() == 1) {
        let inside = word.eq_ignore_ascii_case("e.g") || word.eq_ignore_ascii_case("i.e");
        return Some(if inside { Abbreviation::Inside } else { Abbreviation::MayEnd });
    }
    let mut lower = [0; 7];
    let lower = &mut lower[..word.len()];
    lower.copy_from_slice(word.as_bytes());
    lower.make_ascii_lowercase();
    match &*lower {
        b"mr" | b"mrs" | b"ms" | b"dr" | b"prof" | b"vs" | b"cf" | b"viz" | b"eg" | b"ie" | b"messrs" | b"hon" | b"attn" | b"approx" => {
            Some(Abbreviation::Inside)
        }
        b"no" | b"nos" | b"sec" | b"secs" | b"sect" | b"art" | b"arts" | b"ch" | b"vol" | b"pp" | b"fig" | b"reg" | b"para" | b"paras"
        | b"ext" | b"tel" | b"ph" | b"cl" | b"subd" => Some(Abbreviation::BeforeNumber),
        b"inc" | b"ltd" | b"co" | b"corp" | b"llc" | b"bros" | b"assn" | b"dept" | b"bldg" | b"univ" | b"ph.d" | b"pty" | b"plc"
        | b"pvt" | b"jr" | b"sr" | b"rev" | b"st" | b"ave" | b"rd" | b"blvd" | b"ste" | b"apt" | b"hwy" | b"pkwy" | b"ln" | b"jan"
        | b"feb" | b"mar" | b"apr" | b"jun" | b"jul" | b"aug" | b"sep" | b"sept" | b"oct" | b"nov" | b"dec" | b"cal" | b"civ" | b"bus"
        | b"stat" | b"ann" | b"fed" | b"cir" | b"seq" | b"al" | b"gov" | b"sen" | b"rep" | b"ft" | b"mt" => Some(Abbreviation::MayEnd),
        _ => None,
    }
}

/// Does a word typically begin a sentence?
fn is_starter(word: &str) -> bool {
    const STARTERS: [&str; 56] = [
        "A", "After", "All", "Also", "Although", "An", "And", "Any", "As", "At", "Because", "But", "By", "Cookies", "Do", "Each", "Either",
        "Except", "For", "From", "He", "How", "However", "I", "If", "In", "It", "Many", "No", "Nothing", "On", "Once", "Our", "Please",
        "Should", "Some", "Such", "That", "The", "Their", "There", "These", "They", "This", "Those", "To", "Under", "Unless", "We", "What",
        "When", "Where", "While", "With", "You", "Your",
    ];
    let capitals = word.len() > 1 && word.len() <= 8 && word.bytes().all(|byte| byte.is_ascii_uppercase());
    if capitals {
        let word = format!("{}{}", &word[..1], word[1..].to_ascii_lowercase());
        return STARTERS.binary_search(&word.as_str()).is_ok();
    }
    STARTERS.binary_search(&word).is_ok()
}

/// Do these letters end the name of a site or a file: `Example.Com`, `ASP.Net`, `Policy.Pdf`?
fn is_name_ending(word: &str) -> bool {
    const ENDINGS: [&str; 26] = [
        "app", "asp", "aspx", "au", "biz", "ca", "co", "com", "doc", "docx", "edu", "eu", "exe", "gov", "htm", "html", "info", "io", "js",
        "me", "net", "org", "pdf", "php", "txt", "uk",
    ];
    word.len() <= 4 && ENDINGS.binary_search(&word.to_ascii_lowercase().as_str()).is_ok()
}

/// The word at the start of a text, behind opening quotes and brackets.
fn word_after(text: &str) -> &str {
    let text = text.trim_start_matches(['"', '\'', '(', '[']);
    let length = text.bytes().take(WORD).take_while(u8::is_ascii_alphabetic).count();
    &text[..length]
}

/// May a sentence begin so: with a capital, a digit, a bullet, or one of them in quotes or brackets?
fn opens_sentence(text: &str) -> bool {
    let mut chars = text.trim_start_matches(['"', '\'', '(', '[']).chars();
    match chars.next() {
        Some(first) if first.is_lowercase() => chars.next().is_some_and(char::is_uppercase), // iPhone
        Some('*' | '-' | '$' | '#' | '©' | '§' | '<') => true,
        Some(first) => first.is_alphanumeric() || is_bullet(first),
        None => false,
    }
}

fn is_bullet(character: char) -> bool {
    matches!(character, '•' | '·' | '●' | '▪' | '■' | '◦' | '‣' | '○' | '\u{f0b7}')
}

/// The length of the bullet at a byte of the prose, if one stands there with a space on either side.
fn bullet(prose: &str, at: usize) -> Option<usize> {
    let first = prose.get(at..)?.chars().next().filter(|&first| is_bullet(first))?;
    let after = at + first.len_utf8();
    let spaced = at == 0 || prose.as_bytes()[at - 1] == b' ' || prose.as_bytes().get(after) == Some(&b' ');
    spaced.then_some(first.len_utf8())
}

/// Passes a sentence on, in parts where it is too long for one.
fn emit(prose: &str, range: Range<usize>, each: &mut impl FnMut(Range<usize>, Ending)) {
    let mut start = range.start;
    if range.len() > LONG {
        let mut cut = None;
        for (at, _) in prose[range.clone()].match_indices("; ") {
            let after = range.start + at + 1;
            if after - start > LONG
                && let Some(cut) = cut.take()
            {
                emit_words(prose, start..cut, each);
                start = cut;
            }
            cut = Some(after);
        }
        if let Some(cut) = cut.filter(|_| range.end - start > LONG) {
            emit_words(prose, start..cut, each);
            start = cut;
        }
    }
    emit_words(prose, start..range.end, each);
}

fn emit_words(prose: &str, range: Range<usize>, each: &mut impl FnMut(Range<usize>, Ending)) {
    let mut start = range.start;
    while range.end - start > LONGEST {
        let head = prose.floor_char_boundary(start + LONGEST);
        let before = prose[start..head].rfind(' ').map(|space| start + space + 1);
        let Some(cut) = before.or_else(|| prose[head..range.end].find(' ').map(|space| head + space + 1)) else { break };
        emit_part(prose, start..cut, each);
        start = cut;
    }
    emit_part(prose, start..range.end, each);
}

fn emit_part(prose: &str, range: Range<usize>, each: &mut impl FnMut(Range<usize>, Ending)) {
    let text = &prose[range.clone()];
    let start = range.start + (text.len() - text.trim_start().len());
    let text = text.trim();
    if text.contains(char::is_alphanumeric) {
        each(start..start + text.len(), ending(text));
    }
}

fn ending(sentence: &str) -> Ending {
    let bare = sentence.trim_end_matches(['"', '\'', ')', ']', '}']);
    if bare.ends_with('?') || bare.ends_with("?!") {
        return Ending::Question;
    }
    let colon = sentence.trim_end_matches(['-', ' ']).ends_with(':');
    if colon || ends_with_ignoring_case(bare, "following") || ends_with_ignoring_case(bare, " the following.") {
        return Ending::Colon;
    }
    Ending::Plain
}

fn ends_with_ignoring_case(text: &str, end: &str) -> bool {
    let (text, end) = (text.as_bytes(), end.as_bytes());
    text.len() >= end.len() && text[text.len() - end.len()..].eq_ignore_ascii_case(end)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn split_all(prose: &str) -> Vec<(&str, Ending)> {
        let mut all = Vec::new();
        split(prose, |range, ending| all.push((&prose[range], ending)));
        all
    }

    fn sentences(prose: &str) -> Vec<&str> {
        split_all(prose).into_iter().map(|(sentence, _)| sentence).collect()
    }

    #[test]
    fn one_sentence_stays_one() {
        for prose in [
            "Acme Inc. collects names, and Kite Ltd. of St. Ives keeps them.",
            "Acme, Inc. (we, us) collects names.",
            "We use tools (e.g. Counter) and others, i.e. Tally Corp. Services, etc. for this.",
            "See No. 5, Sec. 12 and Art. 6 of the Act, 16 C.F.R. Part 312.",
            "Our U.S. Department and the U.K. Office work with Dr. J. Smith and Mrs. A. B. Jones.",
            "Call from 9 a.m. Monday to 5 p.m. Friday, from Jan. 5 to Feb. 28.",
            "Write to privacy.desk@acme.example or see www.acme.example/a.B/c.Html and Acme.Com today.",
            "Version 2.1.3 of the app weighs 3.5 megabytes.",
            "1. Cookies",
            "3.1. Cookies we set",
            "(a) names; (b) ages; and (c) sizes.",
            "We may: 1. collect; 2. keep.",
            "1. Names 2. Ages",
            "11a. Names of people",
            "Yahoo! Groups is not ours.",
            "We collect... nothing at all.",
            "Read policy.pdf or Node.js for more.",
            "We sell \"Kites!\" and string.",
            "Is this \"Really?\" what you want.",
            "1. names; 2. Ages.",
            "We ask for: a. Names and b, ii. Ages.",
            "12345678. Names of people",
            "1a. Names",
            "iv. Names",
            "We run Yahoo! Answers.",
            "We work with a.b. Larch and e.g. Wren.",
            "See www.wren.Larch and x_y.Html now",
            "Mail us at Wren.Larch@wren.example or Wren.Larch/a please",
            "Mail us at larch@wren.Larch or see tea/cups.Larch or tea\\cups.Larch too",
            "We show No. (5) and \u{a7} 3",
            "We are Wren Co. (We make cups.)",
            "We keep data.json and x.py today",
        ] {
            assert_eq!(sentences(prose), [prose]);
        }
    }

    #[test]
    fn sentences_end_where_a_reader_ends_them() {
        for (prose, expected) in [
            ("We collect names. We keep them.", &["We collect names.", "We keep them."][..]),
            ("It is run by Acme Inc. We collect names.", &["It is run by Acme Inc.", "We collect names."]),
            ("We are in the U.S. If you are not, stop.", &["We are in the U.S.", "If you are not, stop."]),
            ("We collect names, etc. Personal data is safe.", &["We collect names, etc.", "Personal data is safe."]),
            ("Do you sell data? No. We never do.", &["Do you sell data?", "No.", "We never do."]),
            ("He said \"never.\" (So did we.) \"Why?\" Because.", &["He said \"never.\"", "(So did we.)", "\"Why?\"", "Because."]),
            ("We may change this information.We collect names.", &["We may change this information.", "We collect names."]),
            ("What is it?We ask (at times).The end.", &["What is it?", "We ask (at times).", "The end."]),
            ("we get names. we keep them.", &["we get names.", "we keep them."]),
            ("Since 2009. 13 people work here. iPhone users too.", &["Since 2009.", "13 people work here.", "iPhone users too."]),
            ("1. We ask. 2. We keep.", &["1. We ask.", "2. We keep."]),
            ("Wait... We do not.", &["Wait...", "We do not."]),
            ("Home • About · Contact", &["Home", "About", "Contact"]),
            ("We collect: • names • ages", &["We collect:", "names", "ages"]),
            ("We collect: names• ages", &["We collect: names", "ages"]),
            ("We sing in the Pal•ladium.", &["We sing in the Pal•ladium."]),
            ("We do it every day ! Always .", &["We do it every day !", "Always ."]),
            ("We use Yahoo! We like it.", &["We use Yahoo!", "We like it."]),
            ("We keep it for 10. Then we stop.", &["We keep it for 10.", "Then we stop."]),
            ("We live at no. 5. No. We do not.", &["We live at no. 5.", "No.", "We do not."]),
            ("We are many. #1 is Wren. $5 is due. * Star.", &["We are many.", "#1 is Wren.", "$5 is due.", "* Star."]),
            ("WE ARE WREN INC. THE CUPS ARE OURS.", &["WE ARE WREN INC.", "THE CUPS ARE OURS."]),
            ("We ask for names .We keep them.", &["We ask for names .We keep them."]),
            ("We kept (names).We keep 5.We sell.Larch too.", &["We kept (names).", "We keep 5.", "We sell.", "Larch too."]),
            ("we ask. please read. they go on. a. we do.", &["we ask.", "please read. they go on. a. we do."]),
            ("Ask a@b.example. We answer here.Larch asks.", &["Ask a@b.example.", "We answer here.", "Larch asks."]),
            ("Tea/cups are here.Larch asks.", &["Tea/cups are here.", "Larch asks."]),
            ("Some. \u{65e5}\u{672c}. \u{c9}t\u{e9}. \u{e9}t\u{e9}.", &["Some.", "\u{65e5}\u{672c}.", "\u{c9}t\u{e9}. \u{e9}t\u{e9}."]),
            ("a \u{2022}b\u{b7}c \u{25cf} d", &["a", "b\u{b7}c", "d"]),
        ] {
            assert_eq!(sentences(prose), expected, "{prose}");
        }
    }

    #[test]
    fn endings_are_told() {
        for (prose, ending) in [
            ("Do we sell data?", Ending::Question),
            ("(Do we \"sell\"?)", Ending::Question),
            ("We collect:", Ending::Colon),
            ("We collect:-", Ending::Colon),
            ("We collect the following", Ending::Colon),
            ("We collect the following.", Ending::Colon),
            ("We collect in the months following.", Ending::Plain),
            ("We collect.", Ending::Plain),
            ("names", Ending::Plain),
            ("Really?!", Ending::Question),
            ("Really!", Ending::Plain),
            ("FOLLOWING", Ending::Colon),
            ("We say: \"yes\"", Ending::Plain),
        ] {
            assert_eq!(split_all(prose), [(prose, ending)]);
        }
    }

    #[test]
    fn a_page_of_one_sentence_is_cut_between_words() {
        let page = format!("{} {} last word", "we keep \u{e9} ".repeat(3_000), "x".repeat(LONGEST * 2));
        let parts = sentences(&page);
        assert_eq!(parts.join(" "), page.split_whitespace().collect::<Vec<_>>().join(" "));
        assert!(parts.len() > 4 && parts[0].len() > LONGEST - 20 && parts.iter().all(|part| part.len() <= LONGEST || part.ends_with('x')));
        assert_eq!(sentences(&"x".repeat(LONGEST * 3)).len(), 1);
    }

    #[test]
    fn a_page_without_full_stops_is_cut_at_semicolons() {
        let prose = "we collect names and ages and sizes; ".repeat(100);
        let parts = sentences(&prose);
        assert!(parts.len() > 2);
        assert!(parts.iter().all(|part| part.len() <= LONG && part.ends_with(';')));
        assert_eq!(parts.iter().map(|part| part.len() + 1).sum::<usize>(), prose.len());
    }

    #[test]
    fn what_says_nothing_is_no_sentence() {
        assert_eq!(sentences(""), [""; 0]);
        assert_eq!(sentences("* * * ... ?"), [""; 0]);
    }

    #[test]
    fn lists_of_words_are_sorted() {
        for word in ["A", "Cookies", "Your", "We", "If", "However"] {
            assert!(is_starter(word), "{word}");
        }
        for word in ["com", "PDF", "app", "uk"] {
            assert!(is_name_ending(word), "{word}");
        }
    }

    proptest! {
        #[test]
        fn sentences_are_trimmed_in_order_and_inside(prose in "(?s).{0,200}|[a-zA-Z.?!;:•\"() 0-9é]{0,200}") {
            let mut end = 0;
            split(&prose, |range, _| {
                assert!(range.start >= end && range.end <= prose.len() && !range.is_empty());
                assert_eq!(prose[range.clone()].trim(), &prose[range.clone()]);
                end = range.end;
            });
        }
    }
}
