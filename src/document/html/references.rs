//! Character references (`&amp;`, `&#8217;`, `&nbsp` without its semicolon) in raw text, decoded one by one so that each keeps its
//! place in the source.

use memchr::memchr;
use std::borrow::Cow;
use std::ops::Range;

/// The longest name in the standard has 31 letters; numbers may be padded with zeros, but not for ever.
const LONGEST: usize = 40;

/// Calls `each` with consecutive stretches that cover the text: as they stand (`None`) or what they stand for.
pub(super) fn split(text: &str, mut each: impl FnMut(Range<usize>, Option<&str>)) {
    let mut plain = 0;
    let mut at = 0;
    while let Some(found) = memchr(b'&', &text.as_bytes()[at..]) {
        let start = at + found;
        at = start + 1;
        let candidate = candidate(&text[start..]);
        let decoded = htmlize::unescape(candidate);
        if let Cow::Owned(decoded) = decoded {
            // `&ampc` decodes to `&c`: the reference ends where the rest stands as it was.
            let rest = common_end(candidate, &decoded);
            let end = start + candidate.len() - rest;
            if plain < start {
                each(plain..start, None);
            }
            each(start..end, Some(&decoded[..decoded.len() - rest]));
            plain = end;
            at = end;
        }
    }
    if plain < text.len() {
        each(plain..text.len(), None);
    }
}

/// What may be a reference at the start of a text: the ampersand, letters and digits, a semicolon.
fn candidate(text: &str) -> &str {
    let bytes = text.as_bytes();
    let number = usize::from(bytes.get(1) == Some(&b'#'));
    let name = bytes[1 + number..].iter().take(LONGEST).take_while(|byte| byte.is_ascii_alphanumeric()).count();
    let end = 1 + number + name;
    &text[..end + usize::from(bytes.get(end) == Some(&b';'))]
}

/// How many bytes both end with, short of all of the decoded text.
fn common_end(candidate: &str, decoded: &str) -> usize {
    let first = decoded.chars().next().map_or(0, char::len_utf8);
    let pairs = candidate.bytes().rev().zip(decoded[first..].bytes().rev());
    pairs.take_while(|(a, b)| a == b).count()
}

#[cfg(test)]
mod tests {
    use super::split;

    fn decoded(text: &str) -> Vec<(&str, Option<String>)> {
        let mut all = Vec::new();
        split(text, |range, decoded| all.push((&text[range], decoded.map(str::to_owned))));
        all
    }

    #[test]
    fn references_are_decoded_and_the_rest_is_left() {
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(decoded("a &amp; b"), [("a ", None), ("&amp;", some("&")), (" b", None)]);
        assert_eq!(decoded("&#8217;&#x2019;"), [("&#8217;", some("\u{2019}")), ("&#x2019;", some("\u{2019}"))]);
        assert_eq!(decoded("&ampc;"), [("&amp", some("&")), ("c;", None)]);
        assert_eq!(decoded("&copy2026"), [("&copy", some("\u{a9}")), ("2026", None)]);
        assert_eq!(decoded("&semi;"), [("&semi;", some(";"))]);
        assert_eq!(decoded("Q&A & R&D; &#; &#zz"), [("Q&A & R&D; &#; &#zz", None)]);
    }
}
