//! What a line looks like to a reader who skims: a title, a sentence, a part of an address, a word of a menu. Only looks are judged
//! here; what stands around the line is the caller's business.

/// How many words are counted.
const MANY: usize = 40;

/// What a line ends with, closing quotes and brackets apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ends {
    /// `.` or `!`
    Stop,
    /// `?`
    Question,
    /// `:`
    Colon,
    /// `,` or `;`, or a word such as "and" that wants another.
    Separator,
    /// A word.
    Open,
}

/// How the words of a line are capitalised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Case {
    /// All letters.
    Upper,
    /// All words, small ones apart.
    Title,
    /// The first word.
    Sentence,
    /// Not even that.
    Lower,
}

/// The looks of a line.
#[derive(Clone, Copy, Debug)]
#[allow(clippy::struct_excessive_bools)] // looks are independent of each other
pub(super) struct Shape {
    /// Words, up to a bound.
    pub(super) words: usize,
    /// Bytes.
    pub(super) length: usize,
    pub(super) ends: Ends,
    pub(super) case: Case,
    /// Does it state something ("We never sell data"), though perhaps without a full stop?
    pub(super) statement: bool,
    /// Is it a way to reach someone, or a date: e-mail, URL, telephone, postal address, "Last updated"?
    pub(super) fact: bool,
    /// Is it a part of a postal address?
    pub(super) postal: bool,
    /// Does it name a topic of privacy policies?
    pub(super) topic: bool,
    /// Does it begin as a copyright line does?
    pub(super) copyright: bool,
}

impl Shape {
    /// Judges a text.
    pub(super) fn of(text: &str) -> Self {
        let words = text.split_whitespace().take(MANY).count();
        let short = words <= 20 && text.len() <= 160;
        let copyright = text.starts_with(['©', '\u{a9}']) || starts_with_ignoring_case(text, "copyright") || text.starts_with("(c) ");
        let postal = short && is_postal(text);
        Self {
            words,
            length: text.len(),
            ends: ends(text),
            case: case(text),
            statement: short && is_statement(text),
            fact: short && (postal || is_contact(text) || is_date(text)),
            postal,
            topic: short && text.split(|letter: char| !letter.is_alphanumeric()).any(is_topic),
            copyright,
        }
    }

    /// Could it be a heading, for all its looks?
    pub(super) fn is_title(&self) -> bool {
        self.words <= 12
            && self.length <= 100
            && matches!(self.ends, Ends::Open | Ends::Colon)
            && self.case != Case::Lower
            && !self.statement
            && !self.fact
            && !self.copyright
    }

    /// Is it running text?
    pub(super) fn is_prose(&self) -> bool {
        !self.copyright
            && (self.words >= 13 || (self.words >= 5 && self.ends == Ends::Stop) || (self.words >= 4 && self.ends == Ends::Colon))
    }

    /// Is it a full sentence?
    pub(super) fn is_sentence(&self) -> bool {
        self.words >= 6 && matches!(self.ends, Ends::Stop | Ends::Question) && self.case != Case::Lower
    }

    /// Is it as short as a word of a menu?
    pub(super) fn is_tiny(&self) -> bool {
        self.words <= 4 && self.length <= 36 && matches!(self.ends, Ends::Open | Ends::Stop) && !self.copyright
    }
}

/// Has a line neither letter nor digit?
pub(super) fn is_ruler(text: &str) -> bool {
    !text.contains(char::is_alphanumeric)
}

/// The character that a line is drawn with, if it may underline a heading.
pub(super) fn underline(text: &str) -> Option<char> {
    let first = text.chars().next().filter(|&first| "=-~*_#^+\"'`.:".contains(first))?;
    (text.len() >= 3 && text.chars().all(|other| other == first)).then_some(first)
}

/// Can a line be a heading when it is underlined?
pub(super) fn is_underlined(text: &str) -> bool {
    text.len() <= 120 && text.split_whitespace().take(16).count() <= 15 && !text.ends_with(',')
}

/// Does a line break off after a word that cannot end anything: "please see our"?
pub(super) fn ends_open(text: &str) -> bool {
    let word = text.rsplit(char::is_whitespace).next().unwrap_or_default();
    matches!(word, "our" | "the" | "The" | "a" | "an" | "your" | "of" | "with" | "this" | "see" | "visit")
}

/// Are there letters, and all of them capitals?
pub(super) fn is_upper(text: &str) -> bool {
    !text.contains(char::is_lowercase) && text.chars().filter(|letter| letter.is_uppercase()).take(3).count() == 3
}

/// The first word, without what stands around it.
pub(super) fn first_word(text: &str) -> &str {
    let text = text.trim_start_matches(|letter: char| !letter.is_alphanumeric());
    let end = text.find(|letter: char| !letter.is_alphanumeric()).unwrap_or(text.len());
    &text[..end]
}

/// Does a sentence that begins with this word begin a new thought?
pub(super) fn is_opener(word: &str) -> bool {
    matches!(
        word,
        "We" | "You"
            | "Our"
            | "If"
            | "This"
            | "These"
            | "The"
            | "It"
            | "Please"
            | "However"
            | "In"
            | "When"
            | "Although"
            | "All"
            | "Any"
            | "By"
            | "For"
            | "Your"
            | "As"
            | "They"
            | "There"
            | "Except"
            | "Note"
            | "Once"
            | "Such"
            | "Some"
            | "No"
            | "Unless"
            | "While"
            | "I"
    )
}

/// Does a question or a title of a question begin with this word?
pub(super) fn is_question_word(word: &str) -> bool {
    const WORDS: [&str; 18] = [
        "are", "can", "do", "does", "has", "have", "how", "is", "may", "should", "what", "when", "where", "which", "who", "whom", "why",
        "will",
    ];
    lower(word).is_in(&WORDS)
}

/// Does it name the document itself: "Privacy Policy", "Acme Privacy Notice"?
pub(super) fn names_policy(text: &str) -> bool {
    let mut words = text.split(|letter: char| !letter.is_alphabetic()).filter(|word| !word.is_empty()).map(lower);
    words.any(|word| word.as_str() == "privacy")
        && words.any(|word| matches!(word.as_str(), "policy" | "notice" | "statement" | "policies"))
}

/// Does a word belong to the menus of sites?
pub(super) fn is_menu(text: &str) -> bool {
    const WORDS: [&str; 47] = [
        "about",
        "account",
        "blog",
        "careers",
        "cart",
        "checkout",
        "close",
        "contact",
        "events",
        "facebook",
        "faq",
        "faqs",
        "forum",
        "gallery",
        "google",
        "help",
        "home",
        "instagram",
        "jobs",
        "linkedin",
        "links",
        "login",
        "logout",
        "map",
        "menu",
        "news",
        "newsletter",
        "partners",
        "pinterest",
        "press",
        "products",
        "register",
        "resources",
        "rss",
        "search",
        "services",
        "shop",
        "sitemap",
        "store",
        "subscribe",
        "support",
        "team",
        "terms",
        "testimonials",
        "top",
        "twitter",
        "youtube",
    ];
    text.split(|letter: char| !letter.is_alphanumeric()).any(|word| lower(word).is_in(&WORDS))
}

/// Cells of a menu on one line: `Home | About | Contact`.
pub(super) fn is_menu_line(text: &str) -> bool {
    text.len() <= 400
        && ['|', '·', '•', '»'].into_iter().any(|bar| {
            let cells = text.split(bar).filter(|cell| !cell.trim().is_empty());
            cells.clone().count() >= 3 && cells.clone().all(|cell| cell.split_whitespace().count() <= 4)
        })
}

/// Where the label of a run-in heading ends ("COOKIES: We use ...", "Cookies - We use ..."), and where its text begins. After a
/// number the label may also end with a full stop.
pub(super) fn run_in(text: &str, numbered: bool) -> Option<(usize, usize)> {
    let mut head = text.len().min(80);
    while !text.is_char_boundary(head) {
        head -= 1;
    }
    let separators = [": ", " - ", " – ", " — ", ". "];
    let kinds = if numbered { &separators[..] } else { &separators[..4] };
    let (at, separator) = kinds.iter().filter_map(|separator| Some((text[..head].find(separator)?, *separator))).min()?;
    let (label, rest) = (&text[..at], text[at + separator.len()..].trim_start());
    let first = first_word(label);
    let kept = [
        "note",
        "important",
        "warning",
        "example",
        "email",
        "e",
        "phone",
        "telephone",
        "tel",
        "fax",
        "address",
        "mail",
        "attn",
        "updated",
        "date",
        "effective",
        "last",
        "q",
        "a",
        "question",
        "answer",
        "version",
        "from",
        "to",
        "re",
        "ps",
        "please",
        "copyright",
        "http",
        "https",
    ];
    let looks = Shape::of(rest);
    let fits = label.len() >= 3
        && label.split_whitespace().count() <= 8
        && !label.contains([',', '.', '@', '/', '"'])
        && matches!(case(label), Case::Upper | Case::Title)
        && !is_statement(label)
        && !kept.contains(&lower(first).as_str())
        && rest.starts_with(char::is_uppercase)
        && looks.words >= 5
        && matches!(looks.ends, Ends::Stop | Ends::Question | Ends::Colon);
    fits.then(|| (at + usize::from(separator == ": "), text.len() - rest.len()))
}

fn ends(text: &str) -> Ends {
    let bare = text.trim_end_matches(['"', '\'', ')', ']', '”', '’', ' ']);
    match bare.chars().next_back() {
        Some('.' | '!' | '…') => Ends::Stop,
        Some('?') => Ends::Question,
        Some(':') => Ends::Colon,
        Some(',' | ';') => Ends::Separator,
        _ if bare.ends_with(" and") || bare.ends_with(" or") || bare.ends_with("and/or") => Ends::Separator,
        _ => Ends::Open,
    }
}

fn case(text: &str) -> Case {
    if is_upper(text) {
        return Case::Upper;
    }
    let mut words = text.split(|letter: char| letter.is_whitespace() || letter == '/' || letter == '-').filter_map(|word| {
        let word = word.trim_matches(|letter: char| !letter.is_alphanumeric());
        Some((word, word.chars().next()?))
    });
    match words.next() {
        Some((_, first)) if first.is_lowercase() => Case::Lower,
        None => Case::Lower,
        _ if words.take(MANY).all(|(word, first)| word.len() <= 4 || !first.is_lowercase()) => Case::Title,
        _ => Case::Sentence,
    }
}

/// "We respect you", "Acme will not sell data"; but not "How we use data" nor "Information we may collect".
fn is_statement(text: &str) -> bool {
    let mut previous = Lower::default();
    for (at, word) in text.split_whitespace().enumerate() {
        let word = lower(word.trim_matches(|letter: char| !letter.is_alphanumeric()));
        if at == 0 {
            // "It's" begins as "it" does
            let word = word.as_str().split(['\'', '’']).next().unwrap_or_default();
            if is_question_word(word) {
                return false;
            }
            if matches!(
                word,
                "we" | "you" | "i" | "it" | "they" | "this" | "these" | "there" | "if" | "please" | "by" | "click" | "to" | "see" | "call"
            ) && text.split_whitespace().nth(1).is_some()
            {
                return true;
            }
        } else if matches!(
            word.as_str(),
            "will"
                | "is"
                | "are"
                | "was"
                | "were"
                | "does"
                | "do"
                | "may"
                | "can"
                | "must"
                | "shall"
                | "never"
                | "cannot"
                | "should"
                | "has"
                | "have"
        ) && !matches!(
            previous.as_str(),
            "we" | "you" | "that" | "which" | "who" | "they" | "i" | "how" | "what" | "when" | "where" | "why" | "it" | "not" | "and"
        ) {
            return true;
        }
        previous = word;
    }
    false
}

fn is_topic(word: &str) -> bool {
    const TOPICS: [&str; 68] = [
        "access",
        "accuracy",
        "advertisers",
        "advertising",
        "analytics",
        "california",
        "ccpa",
        "changes",
        "child",
        "children",
        "choice",
        "choices",
        "collect",
        "collected",
        "collection",
        "complaints",
        "compliance",
        "consent",
        "contact",
        "contacting",
        "cookie",
        "cookies",
        "coppa",
        "data",
        "definitions",
        "deletion",
        "disclose",
        "disclosure",
        "disclosures",
        "dispute",
        "email",
        "enforcement",
        "gdpr",
        "general",
        "information",
        "integrity",
        "introduction",
        "links",
        "log",
        "logs",
        "marketing",
        "notice",
        "notification",
        "opt",
        "overview",
        "parties",
        "party",
        "personal",
        "policy",
        "privacy",
        "processing",
        "protect",
        "protection",
        "purpose",
        "purposes",
        "questions",
        "retention",
        "rights",
        "scope",
        "security",
        "share",
        "sharing",
        "statement",
        "tracking",
        "transfer",
        "transfers",
        "updates",
        "use",
    ];
    lower(word).is_in(&TOPICS)
}

fn is_contact(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    text.contains('@') || text.contains("://") || text.contains("www.") || (digits >= 7 && text.len() <= 80)
}

fn is_date(text: &str) -> bool {
    const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    if !has_digit(text) {
        return false;
    }
    let mut said = false;
    let (mut month, mut number) = (false, false);
    for word in text.split(|letter: char| !letter.is_alphanumeric()) {
        number |= word.len() >= 2 && word.len() <= 4 && word.starts_with(|first: char| first.is_ascii_digit());
        let word = lower(word);
        said |= matches!(word.as_str(), "updated" | "effective" | "revised" | "modified" | "revision" | "dated" | "date" | "reviewed");
        month |= word.as_str().get(..3).is_some_and(|start| MONTHS.contains(&start));
    }
    number && (said || month)
}

fn is_postal(text: &str) -> bool {
    const STREETS: [&str; 27] = [
        "ave",
        "avenue",
        "blvd",
        "boulevard",
        "building",
        "court",
        "ct",
        "dr",
        "drive",
        "floor",
        "highway",
        "hwy",
        "lane",
        "ln",
        "parkway",
        "pkwy",
        "place",
        "plaza",
        "rd",
        "road",
        "square",
        "st",
        "ste",
        "street",
        "suite",
        "unit",
        "way",
    ];
    // Most lines have no such letter.
    if text.contains(['x', 'X']) {
        let compact = text.to_ascii_lowercase().replace('.', "");
        if compact.starts_with("po box") || compact.contains(" po box ") || compact.starts_with("p o box") {
            return true;
        }
    }
    let inside = ["suite ", "floor "].iter().any(|start| starts_with_ignoring_case(text, start));
    if !inside && !has_digit(text) {
        return false;
    }
    if is_contact(text) && !text.contains(',') {
        return false;
    }
    let starts_with_number = inside || text.starts_with(|first: char| first.is_ascii_digit());
    let mut previous = "";
    let mut street = false;
    for word in text.split(|letter: char| letter.is_whitespace() || letter == ',').filter(|word| !word.is_empty()) {
        let word = word.trim_end_matches(['.', ';']);
        street |= lower(word).is_in(&STREETS);
        let is_zip = |word: &str| {
            let digits = word.split('-').next().unwrap_or_default();
            digits.len() == 5 && digits.bytes().all(|byte| byte.is_ascii_digit())
        };
        let state = previous.len() == 2 && previous.bytes().all(|byte| byte.is_ascii_uppercase());
        if (is_zip(word) && (state || text.contains(','))) || is_postcode(previous, word) {
            return true;
        }
        previous = word;
    }
    street && starts_with_number
}

/// `SW1A 1AA`, `M5G 1Z8`
fn is_postcode(out: &str, inward: &str) -> bool {
    let shape = |word: &str| -> String {
        let letter = |byte: u8| match byte {
            b'0'..=b'9' => '9',
            b'A'..=b'Z' => 'A',
            _ => '?',
        };
        word.bytes().take(5).map(letter).collect()
    };
    shape(inward) == "9AA"
        && out.starts_with(|first: char| first.is_ascii_uppercase())
        && (2..=4).contains(&out.len())
        && shape(out).contains('9')
        || (shape(out) == "A9A" && shape(inward) == "9A9")
}

/// A word in lower case, cut where it is too long for any word that is looked for; those are ASCII.
#[derive(Clone, Copy, Default)]
struct Lower {
    bytes: [u8; 16],
    length: usize,
}

impl Lower {
    fn as_str(&self) -> &str {
        std::str::from_utf8(&self.bytes[..self.length]).unwrap_or_default()
    }

    /// Is it one of some words, which are sorted?
    fn is_in(&self, words: &[&str]) -> bool {
        words.binary_search(&self.as_str()).is_ok()
    }
}

fn lower(word: &str) -> Lower {
    let mut lower = Lower { length: word.len().min(16), ..Lower::default() };
    lower.bytes[..lower.length].copy_from_slice(&word.as_bytes()[..lower.length]);
    lower.bytes.make_ascii_lowercase();
    lower
}

fn has_digit(text: &str) -> bool {
    text.bytes().any(|byte| byte.is_ascii_digit())
}

fn starts_with_ignoring_case(text: &str, start: &str) -> bool {
    text.get(..start.len()).is_some_and(|head| head.eq_ignore_ascii_case(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_are_told_from_titles() {
        for text in ["We never sell data", "Acme will not share it", "Your data is safe", "To pay you"] {
            assert!(Shape::of(text).statement, "{text}");
        }
        for text in ["How we use data", "Information we may collect", "Data that is collected", "WHAT WE DO", "Your Rights"] {
            assert!(Shape::of(text).is_title(), "{text}");
        }
    }

    #[test]
    fn ways_to_reach_and_dates_are_facts() {
        for text in ["12 Windy Hill Road", "Springfield, IL 62701", "P.O. Box 7", "London SW1A 1AA", "Toronto ON M5G 1Z8"] {
            assert!(Shape::of(text).postal, "{text}");
        }
        for text in ["a@acme.example", "Phone: (555) 010-4477", "Last updated: 5/2/2024", "Effective May 2, 2024"] {
            let shape = Shape::of(text);
            assert!(shape.fact && !shape.postal, "{text}");
        }
        for text in ["Cookies", "Section 4 - Security", "Our way of working", "3 Ways to Save"] {
            assert!(!Shape::of(text).fact, "{text}");
        }
    }

    #[test]
    fn run_in_labels_end_where_their_text_begins() {
        assert_eq!(run_in("Cookies: We use cookies on this site.", false), Some((8, 9)));
        assert_eq!(run_in("Cookies. We use cookies on this site.", false), None);
        assert_eq!(run_in("Cookies. We use cookies on this site.", true), Some((7, 9)));
        for text in ["Email: Write to us whenever you want.", "We say this: You are safe with us.", "Updated: May 2, 2024", "Cookies: none"]
        {
            assert_eq!(run_in(text, false), None, "{text}");
        }
    }

    #[test]
    fn words_are_looked_up_in_sorted_lists() {
        assert!(is_question_word("Are") && is_question_word("will") && !is_question_word("we"));
        assert!(is_menu("About us") && is_menu("YouTube") && !is_menu("Cookies"));
        assert!(is_topic("Access") && is_topic("use") && is_topic("privacy") && !is_topic("kite"));
    }
}
