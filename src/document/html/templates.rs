//! Finds what a template engine would run or drop before a browser sees the page: PHP, ASP, JSP and ERB blocks, Jinja and Liquid
//! statements. The tokenizer knows nothing of them and would end `<?php if ($a > 1) ?>` at the first `>`, so they are blanked
//! byte for byte, which keeps every offset. `{{ name }}` stays: it stands for a word of the text.

use memchr::{memchr2, memmem};
use std::borrow::Cow;
use std::ops::Range;

/// What opens a stretch, what closes it, what becomes of one that nothing closes, and is what stands between text.
struct Mark {
    open: &'static str,
    close: &'static str,
    /// PHP code runs to the end of the file unless it is closed; other openings are then no openings.
    to_end: bool,
    /// Only the marks themselves go.
    keeps_inside: bool,
}

const MARKS: [Mark; 9] = [
    mark("<?php", "?>", true),
    mark("<?=", "?>", true),
    mark("<? ", "?>", false),
    mark("<?\n", "?>", false),
    mark("<%", "%>", false),
    mark("{%", "%}", false),
    mark("{#", "#}", false),
    mark("{{!--", "--}}", false),
    Mark { keeps_inside: true, ..mark("<![CDATA[", "]]>", false) },
];

const fn mark(open: &'static str, close: &'static str, to_end: bool) -> Mark {
    Mark { open, close, to_end, keeps_inside: false }
}

/// The text with spaces in place of template code, and the stretches that were blanked, in order.
pub(super) fn blank(text: &str) -> (Cow<'_, str>, Vec<Range<usize>>) {
    let blanks = stretches(text.as_bytes());
    if blanks.is_empty() {
        return (Cow::Borrowed(text), blanks);
    }
    let mut blanked = String::with_capacity(text.len());
    let mut from = 0;
    for blank in &blanks {
        blanked.push_str(&text[from..blank.start]);
        blanked.extend(std::iter::repeat_n(' ', blank.len()));
        from = blank.end;
    }
    blanked.push_str(&text[from..]);
    (Cow::Owned(blanked), blanks)
}

fn stretches(text: &[u8]) -> Vec<Range<usize>> {
    let mut blanks = Vec::new();
    // A closing mark that was looked for in vain is not looked for again: that would be quadratic.
    let mut hopeless = [false; MARKS.len()];
    let mut cdata_end = None;
    let mut at = 0;
    while let Some(found) = memchr2(b'<', b'{', &text[at..]) {
        let start = at + found;
        at = start + 1;
        let Some(number) = MARKS.iter().position(|mark| opens(&text[start..], mark.open)) else {
            continue;
        };
        let mark = &MARKS[number];
        if hopeless[number] {
            continue;
        }
        let inside = start + mark.open.len();
        let close = memmem::find(&text[inside..], mark.close.as_bytes()).map(|close| inside + close);
        if let Some(end) = cdata_end.take_if(|end: &mut usize| *end <= start) {
            blanks.push(end..end + 3);
        }
        match close {
            Some(close) if mark.keeps_inside => {
                if cdata_end.is_none() {
                    blanks.push(start..inside);
                    cdata_end = Some(close);
                }
                at = inside;
            }
            Some(close) => {
                let end = close + mark.close.len();
                // Code that reaches over the end of a CDATA section takes the mark with it.
                cdata_end = cdata_end.filter(|&cdata| cdata >= end);
                blanks.push(start..end);
                at = end;
            }
            None if mark.to_end => {
                cdata_end = None;
                blanks.push(start..text.len());
                break;
            }
            None => hopeless[number] = true,
        }
    }
    if let Some(end) = cdata_end {
        blanks.push(end..end + 3);
    }
    blanks
}

fn opens(text: &[u8], mark: &str) -> bool {
    text.get(..mark.len()).is_some_and(|start| start.eq_ignore_ascii_case(mark.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::blank;

    #[test]
    fn code_is_blanked_byte_for_byte() {
        let (text, _) = blank("a<?php if ($é > 1) { ?>b<% x %>c{% if y %}d{{ name }}");
        assert_eq!(text, format!("a{}b{}c{}d{{{{ name }}}}", " ".repeat(23), " ".repeat(7), " ".repeat(10)));
    }

    #[test]
    fn php_that_nothing_closes_runs_to_the_end_and_other_openings_do_not() {
        assert_eq!(blank("a<?php b").0, "a       ");
        assert_eq!(blank("a <% b {% c <? d").0, "a <% b {% c <? d");
        assert_eq!(blank("<?xml:namespace prefix = o />x").0, "<?xml:namespace prefix = o />x");
    }

    #[test]
    fn a_cdata_section_loses_its_marks_only() {
        assert_eq!(blank("x<![CDATA[y<b>z</b><% 1 %>]]>w").0, "x         y<b>z</b>          w");
    }

    #[test]
    fn many_openings_take_linear_time() {
        assert_eq!(blank(&"<%{%<![CDATA[".repeat(50_000)).1.len(), 0);
    }
}
