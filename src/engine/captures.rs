//! Finds what has a shape rather than words: durations, dates, addresses, telephone numbers, names. Works on tokens, in one pass.

use super::tokens::Tokens;
use crate::document::Ending;
use crate::rule::Capture;
use crate::rule::quantity::{Quantity, Unit, number_word, unit};
use crate::rule::words::{Before, TokenKind};

/// Something found: the tokens, half-open, and the quantity that they state.
#[derive(Clone, Copy, Debug)]
pub(super) struct Found {
    pub(super) capture: Capture,
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) quantity: Option<Quantity>,
}

const MONTHS: [&str; 12] =
    ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"];

/// What a street is called, sorted.
const STREETS: [&str; 50] = [
    "ave",
    "avenue",
    "blvd",
    "boulevard",
    "broadway",
    "building",
    "cir",
    "circle",
    "close",
    "court",
    "crescent",
    "ct",
    "dr",
    "drive",
    "esplanade",
    "expressway",
    "floor",
    "freeway",
    "gardens",
    "grove",
    "highway",
    "house",
    "hwy",
    "lane",
    "ln",
    "mews",
    "parade",
    "park",
    "parkway",
    "pike",
    "pkwy",
    "pl",
    "place",
    "plaza",
    "quay",
    "rd",
    "road",
    "row",
    "sq",
    "square",
    "st",
    "ste",
    "street",
    "suite",
    "terr",
    "terrace",
    "trail",
    "turnpike",
    "walk",
    "way",
];

/// States and provinces as addresses abbreviate them, sorted.
const STATES: [&str; 66] = [
    "ab", "act", "ak", "al", "ar", "az", "bc", "ca", "co", "ct", "dc", "de", "fl", "ga", "hi", "ia", "id", "il", "in", "ks", "ky", "la",
    "ma", "mb", "md", "me", "mi", "mn", "mo", "ms", "mt", "nb", "nc", "nd", "ne", "nh", "nj", "nl", "nm", "ns", "nsw", "nv", "ny", "oh",
    "ok", "on", "or", "pa", "pe", "qc", "qld", "ri", "sc", "sd", "sk", "tas", "tn", "tx", "ut", "va", "vic", "vt", "wa", "wi", "wv", "wy",
];

/// Words that begin a sentence with a capital letter or stand for the reader and are no names, sorted.
const NO_NAMES: [&str; 158] = [
    "a",
    "accordingly",
    "additionally",
    "after",
    "again",
    "all",
    "also",
    "although",
    "always",
    "an",
    "and",
    "any",
    "anybody",
    "anyone",
    "are",
    "as",
    "at",
    "because",
    "before",
    "besides",
    "both",
    "but",
    "by",
    "can",
    "certain",
    "consequently",
    "cookies",
    "could",
    "currently",
    "data",
    "despite",
    "do",
    "does",
    "during",
    "each",
    "even",
    "every",
    "everybody",
    "everyone",
    "except",
    "few",
    "finally",
    "for",
    "from",
    "further",
    "furthermore",
    "generally",
    "hence",
    "here",
    "how",
    "however",
    "i",
    "if",
    "in",
    "information",
    "instead",
    "is",
    "it",
    "its",
    "just",
    "less",
    "let",
    "likewise",
    "many",
    "meanwhile",
    "might",
    "more",
    "moreover",
    "most",
    "much",
    "must",
    "my",
    "neither",
    "never",
    "nevertheless",
    "no",
    "nobody",
    "none",
    "nonetheless",
    "nor",
    "not",
    "nothing",
    "nowhere",
    "occasionally",
    "of",
    "often",
    "on",
    "once",
    "only",
    "or",
    "other",
    "otherwise",
    "our",
    "personal",
    "please",
    "policy",
    "privacy",
    "rather",
    "regardless",
    "section",
    "several",
    "shall",
    "should",
    "similarly",
    "since",
    "so",
    "some",
    "someone",
    "sometimes",
    "specifically",
    "such",
    "terms",
    "that",
    "the",
    "their",
    "then",
    "there",
    "therefore",
    "these",
    "they",
    "this",
    "those",
    "through",
    "throughout",
    "thus",
    "to",
    "today",
    "together",
    "typically",
    "under",
    "unless",
    "until",
    "upon",
    "us",
    "use",
    "usually",
    "we",
    "what",
    "when",
    "whenever",
    "where",
    "wherever",
    "whether",
    "which",
    "while",
    "who",
    "whom",
    "whose",
    "why",
    "will",
    "with",
    "within",
    "without",
    "would",
    "yes",
    "yet",
    "you",
    "your",
];

/// Calls `each` with everything found in the tokens of a sentence that ends so.
pub(super) fn find(tokens: &Tokens, ending: Ending, mut each: impl FnMut(Found)) {
    let mut put = |capture, start, end, quantity| {
        each(Found { capture, start, end, quantity });
    };
    put(Capture::Start, tokens.own, tokens.own, None);
    if tokens.own > 0 {
        put(Capture::Start, 0, 0, None);
    }
    put(Capture::End, tokens.len(), tokens.len(), None);
    if ending == Ending::Colon {
        put(Capture::Colon, tokens.len(), tokens.len(), None);
    }
    let mut name: Option<usize> = None;
    let mut phone_until = 0;
    for at in 0..tokens.len() {
        let token = &tokens[at];
        let named = is_name(tokens, at);
        if let Some(start) = name.filter(|_| !named || token.before != Before::Nothing) {
            put(Capture::Name, start, at, None);
            name = None;
        }
        if named {
            name.get_or_insert(at);
        }
        match token.kind {
            TokenKind::Email => put(Capture::Email, at, at + 1, None),
            TokenKind::Url => {
                put(Capture::Url, at, at + 1, None);
                // "example at example.com", "example [at] example.com"
                if at >= 2 && tokens.is(at - 1, "at") && tokens[at - 1].before == Before::Mark {
                    put(Capture::Email, at - 2, at + 1, None);
                }
            }
            TokenKind::Number => number(tokens, at, &mut phone_until, &mut put),
            TokenKind::Word => word(tokens, at, &mut put),
        }
    }
    if let Some(start) = name {
        put(Capture::Name, start, tokens.len(), None);
    }
    tokens.links(|start, end| put(Capture::Link, start, end, None));
}

/// Is the token part of a proper name?
fn is_name(tokens: &Tokens, at: usize) -> bool {
    let token = &tokens[at];
    token.kind == TokenKind::Word && token.capital && {
        let text = tokens.text(at);
        text.len() > 1 && !listed(&NO_NAMES, text)
    }
}

/// Is a word in a sorted list, blind to case?
fn listed(list: &[&str], word: &str) -> bool {
    let lower = |byte: u8| byte.to_ascii_lowercase();
    list.binary_search_by(|other| other.bytes().cmp(word.bytes().map(lower))).is_ok()
}

type Put<'a> = dyn FnMut(Capture, usize, usize, Option<Quantity>) + 'a;

fn number(tokens: &Tokens, at: usize, phone_until: &mut usize, put: &mut Put) {
    let text = tokens.text(at);
    let plain = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    // "4-6 weeks" promise no more than six.
    let last = plain.rsplit('-').next().filter(|last| plain.len() <= last.len() + 4).unwrap_or(plain);
    let value: Option<f64> = last.replace(',', "").parse().ok();
    put(Capture::Number, at, at + 1, value.map(Quantity::Number));
    if let Some(value) = value {
        if text.len() == plain.len() || text.ends_with("th") || text.ends_with("st") {
            counted(tokens, at, at + 1, value, put);
        }
        if tokens.byte_before(at).is_some_and(|ch| matches!(ch, '$' | '€' | '£')) {
            put(Capture::Money, at, at + 1, Some(Quantity::Number(value)));
        }
    }
    date(tokens, at, put);
    phone(tokens, at, phone_until, put);
    address(tokens, at, put);
}

fn word(tokens: &Tokens, at: usize, put: &mut Put) {
    let text = tokens.text(at);
    let first = text.as_bytes()[0].to_ascii_lowercase();
    // Number words begin with these letters; most words do not get further.
    if matches!(first, b'o' | b't' | b'f' | b's' | b'e' | b'n' | b'z')
        && let Some(mut value) = number_word(text)
    {
        let mut end = at + 1;
        if value >= 20
            && let Some(units) = tokens.get(end).and_then(|_| number_word(tokens.text(end))).filter(|&units| units < 10)
        {
            value += units;
            end += 1;
        }
        put(Capture::Number, at, end, Some(Quantity::Number(f64::from(value))));
        counted(tokens, at, end, f64::from(value), put);
    }
    if matches!(first, b'a') && matches!(text.len(), 1 | 2) && (text.eq_ignore_ascii_case("a") || text.eq_ignore_ascii_case("an")) {
        let led = at > 0
            && ["within", "for", "after", "every", "of", "than", "to", "about", "least", "take", "takes", "in"]
                .iter()
                .any(|word| tokens.is(at - 1, word));
        if led {
            counted(tokens, at, at + 1, 1.0, put);
        }
    }
    if tokens[at].capital && is_month(text) {
        // January 31, 2024; 31 January 2024; January 2024. "May" is a month only beside a number.
        let before = at.checked_sub(1).filter(|&before| is_day(tokens, before));
        let before = before.or_else(|| at.checked_sub(2).filter(|&before| tokens.is(at - 1, "of") && is_day(tokens, before)));
        let mut after = at + 1;
        if tokens.get(after).is_some() && is_day(tokens, after) && !is_year(tokens, after) {
            after += 1;
        }
        if tokens.get(after).is_some() && is_year(tokens, after) {
            put(Capture::Date, before.unwrap_or(at), after + 1, None);
        } else if at > 0 && is_year(tokens, at - 1) && after > at + 1 {
            // 2024 January 31
            put(Capture::Date, at - 1, after, None);
        }
    }
    if text.eq_ignore_ascii_case("box")
        && tokens.get(at + 1).is_some_and(|next| next.kind == TokenKind::Number)
        && at > 0
        && ["o", "po", "office", "postal", "mail"].iter().any(|word| tokens.is(at - 1, word))
    {
        put(Capture::Address, at - 1, at + 2, None);
    }
    if tokens[at].capital {
        // A street and its number: Rosenstrasse 12
        let street = ["strasse", "straße", "gasse", "str"].iter().any(|ending| text.len() > ending.len() + 2 && text.ends_with(ending));
        if street && tokens.get(at + 1).is_some_and(|next| next.kind == TokenKind::Number) {
            put(Capture::Address, at, at + 2, None);
        }
        postcode(tokens, at, put);
    }
}

/// What a number counts: a unit of time, or years of age.
fn counted(tokens: &Tokens, start: usize, end: usize, value: f64, put: &mut Put) {
    let mut at = end;
    // ten (10) business days
    if tokens.get(at).is_some_and(|next| next.kind == TokenKind::Number && next.before == Before::Mark) {
        at += 1;
    }
    let business = ["business", "working", "work", "banking"].iter().any(|word| tokens.is(at, word));
    if business || ["calendar", "consecutive", "full", "more", "additional"].iter().any(|word| tokens.is(at, word)) {
        at += 1;
    }
    let unit = tokens.get(at).and_then(|_| unit(tokens.text(at)));
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // within the bounds that are checked
    if let Some(unit) = unit.filter(|_| (0.0..1e6).contains(&value)) {
        let unit = if business && unit == Unit::Day { Unit::BusinessDay } else { unit };
        put(Capture::Duration, start, at + 1, Some(Quantity::Duration(value as u32, unit)));
    }
    if (3.0..=21.0).contains(&value) {
        let led = (start.saturating_sub(3)..start).any(|before| {
            ["under", "below", "younger", "less", "age", "ages", "aged", "over", "above", "older", "least"]
                .iter()
                .any(|word| tokens.is(before, word))
        });
        let bounded = |at: usize| {
            (tokens.is(at, "or") || tokens.is(at, "and"))
                && ["under", "younger", "older", "over", "below", "above", "up"].iter().any(|word| tokens.is(at + 1, word))
        };
        let years = unit == Some(Unit::Year)
            && (tokens.is(at + 1, "of") && tokens.is(at + 2, "age") || tokens.is(at + 1, "old") || bounded(at + 1) || led);
        let bounded = bounded(at);
        if years {
            put(Capture::Age, start, at + 1, Some(Quantity::Number(value)));
        } else if unit.is_none() && (led || bounded) {
            put(Capture::Age, start, at.max(end), Some(Quantity::Number(value)));
        }
    }
}

/// A month, whole or cut to three or four letters.
fn is_month(text: &str) -> bool {
    MONTHS.iter().any(|month| {
        month.eq_ignore_ascii_case(text)
            || matches!(text.len(), 3 | 4) && month.get(..text.len()).is_some_and(|start| start.eq_ignore_ascii_case(text))
    })
}

fn is_year(tokens: &Tokens, at: usize) -> bool {
    let text = tokens.text(at);
    text.len() == 4 && text.parse().is_ok_and(|year: u32| (1980..2100).contains(&year))
}

fn is_day(tokens: &Tokens, at: usize) -> bool {
    let text = tokens.text(at).trim_end_matches(|c: char| c.is_ascii_alphabetic());
    tokens[at].kind == TokenKind::Number && text.parse().is_ok_and(|day: u32| (1..=31).contains(&day))
}

/// A date in digits: 2024-01-31, 2024-01, 31.01.2024, 1/31/24.
fn date(tokens: &Tokens, at: usize, put: &mut Put) {
    let text = tokens.text(at);
    let parts: Vec<Option<u32>> = text.split(['-', '/', '.']).map(|part| part.parse().ok()).collect();
    let year = |year: u32| (1980..2100).contains(&year);
    let day_and_month = |one: u32, other: u32| (1..=31).contains(&one) && (1..=31).contains(&other) && one.min(other) <= 12;
    let is_date = match *parts.as_slice() {
        [Some(one), Some(two)] => text.len() == 7 && year(one) && (1..=12).contains(&two),
        [Some(one), Some(two), Some(three)] => {
            let short = text.contains('/') && three < 100;
            year(one) && day_and_month(two, three) || (year(three) || short) && day_and_month(one, two)
        }
        _ => false,
    };
    if is_date {
        put(Capture::Date, at, at + 1, None);
    }
}

/// A telephone number: digits in groups, seven to fifteen in all.
fn phone(tokens: &Tokens, at: usize, until: &mut usize, put: &mut Put) {
    if at < *until {
        return;
    }
    let mut end = at;
    let mut digits = 0;
    let mut groups = 0;
    let mut opened = tokens.byte_before(at) == Some('(');
    while let Some(token) = tokens.get(end).filter(|token| token.kind == TokenKind::Number && end < at + 6) {
        if end > at {
            let between = &tokens.prose[tokens[end - 1].end as usize..token.start as usize];
            opened |= between.contains('(');
            if between.contains([',', ';']) || between.contains(" - ") || between.contains(')') && !opened {
                break;
            }
        }
        let text = tokens.text(end);
        if text.contains([',', '/']) || text.bytes().any(|b| b.is_ascii_alphabetic()) {
            break;
        }
        digits += text.bytes().filter(u8::is_ascii_digit).count();
        groups += text.split(['-', '.']).count();
        end += 1;
    }
    let text = if end > at { tokens.text(at) } else { "" };
    let zip = end == at + 1 && text.len() == 10 && text.as_bytes()[5] == b'-';
    let dated = end == at + 1 && groups == 3 && (text.len() == 10 && digits == 8 || digits < 9);
    let plus = tokens.byte_before(at) == Some('+');
    if (7..=15).contains(&digits) && !zip && !dated && (groups >= 2 || plus || digits >= 10 && text.starts_with(['0', '1', '8'])) {
        put(Capture::Phone, at, end, None);
        *until = end;
    }
}

/// A house number and its street, or a town with its code.
fn address(tokens: &Tokens, at: usize, put: &mut Put) {
    let text = tokens.text(at);
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    if digits <= 6 && !is_year(tokens, at) {
        let mut end = at + 1;
        while end < at + 6 && tokens.get(end).is_some_and(|token| token.capital || token.kind == TokenKind::Number) {
            if end > at + 1 && listed(&STREETS, tokens.text(end)) {
                put(Capture::Address, at, end + 1, None);
                break;
            }
            end += 1;
        }
    }
    // Phoenix, AZ 85027; San Jose, California 95110
    let zip = text.len() == 5 && digits == 5 || text.len() == 10 && digits == 9;
    let state = at >= 2 && tokens[at - 1].capital && listed(&STATES, tokens.text(at - 1));
    let place = at >= 3 && tokens[at - 1].capital && tokens[at - 1].before == Before::Comma && tokens[at - 2].capital;
    if zip && (state || place) {
        put(Capture::Address, at - 2, at + 1, None);
    } else if text.len() == 5
        && digits == 5
        && tokens.get(at + 1).is_some_and(|next| next.capital && next.before == Before::Nothing && next.kind == TokenKind::Word)
        && (at == 0 || tokens[at].before != Before::Nothing)
    {
        // 10115 Berlin
        put(Capture::Address, at, at + 2, None);
    }
}

/// A British postcode: SW1A 1AA.
fn postcode(tokens: &Tokens, at: usize, put: &mut Put) {
    let outward = tokens.text(at).as_bytes();
    if !(2..=4).contains(&outward.len()) || !outward[0].is_ascii_uppercase() || !outward.iter().any(u8::is_ascii_digit) {
        return;
    }
    if outward.iter().any(|b| !(b.is_ascii_uppercase() || b.is_ascii_digit())) {
        return;
    }
    if tokens.get(at + 1).is_some()
        && let [digit, one, two] = tokens.text(at + 1).as_bytes()
        && digit.is_ascii_digit()
        && one.is_ascii_uppercase()
        && two.is_ascii_uppercase()
    {
        put(Capture::Address, at, at + 2, None);
    }
}
