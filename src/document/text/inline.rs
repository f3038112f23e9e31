//! Markup inside a paragraph of reStructuredText or `AsciiDoc`: markers go, text stays, links keep their targets. Marks that are
//! never closed are text. Every search for a closing mark is made once for the stretch it crosses, so all stays linear.

use crate::document::builder::Builder;
use std::ops::Range;

/// What the document defines: `:company: Acme`, `.. |company| replace:: Acme`, `.. _site: https://...`.
#[derive(Default)]
pub(super) struct Names<'s> {
    values: rustc_hash::FxHashMap<String, &'s str>,
}

impl<'s> Names<'s> {
    /// Defines a name; how it is written otherwise (case, spaces) does not matter.
    pub(super) fn define(&mut self, name: &str, value: &'s str) {
        self.values.insert(folded(name), value.trim());
    }

    fn get(&self, name: &str) -> Option<&'s str> {
        self.values.get(&folded(name)).copied()
    }
}

fn folded(name: &str) -> String {
    name.split_whitespace().flat_map(|word| [word, " "]).collect::<String>().trim_end().to_lowercase()
}

/// The markup language.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Dialect {
    ReStructuredText,
    AsciiDoc,
}

impl Dialect {
    /// Marks that come in pairs, the longest first.
    fn pairs(self) -> &'static [&'static str] {
        match self {
            Self::ReStructuredText => &["``", "**", "*"],
            Self::AsciiDoc => &["``", "**", "__", "##", "`", "*", "_", "#"],
        }
    }
}

/// Adds a stretch of the source that holds markup.
pub(super) fn add<'s>(builder: &mut Builder<'s>, dialect: Dialect, names: &Names<'s>, range: Range<usize>) {
    let mut scanner = Scanner {
        source: builder.source(),
        builder,
        dialect,
        names,
        closers: [None; 8],
        unclosed: [false; 8],
        no_backtick: false,
        no_bracket: false,
    };
    scanner.scan(range, true);
}

struct Scanner<'b, 's> {
    source: &'s str,
    builder: &'b mut Builder<'s>,
    dialect: Dialect,
    names: &'b Names<'s>,
    /// By pair: where the one that is open closes.
    closers: [Option<usize>; 8],
    /// By pair: is none closed from here on?
    unclosed: [bool; 8],
    no_backtick: bool,
    no_bracket: bool,
}

impl Scanner<'_, '_> {
    fn scan(&mut self, range: Range<usize>, links: bool) {
        let bytes = self.source.as_bytes();
        let mut plain = range.start;
        let mut at = range.start;
        while at < range.end {
            if bytes[at].is_ascii_alphanumeric() && !matches!(bytes[at], b'l' | b'h' | b'm' | b'x' | b'i' | b'f') || bytes[at] == b' ' {
                at += 1;
                continue;
            }
            if let Some(pair) = self.closers.iter().position(|&closer| closer == Some(at)) {
                super::add(self.builder, plain..at);
                at += self.dialect.pairs()[pair].len();
                self.closers[pair] = None;
                plain = at;
                continue;
            }
            let rest = at..range.end;
            let found = if !self.source.is_char_boundary(at) {
                None
            } else if self.dialect == Dialect::ReStructuredText {
                self.restructured(&rest, plain, links)
            } else {
                self.asciidoc(&rest, plain, links)
            };
            if let Some(end) = found {
                at = end;
                plain = end;
            } else if let Some(length) = self.opens_pair(at, &range) {
                super::add(self.builder, plain..at);
                at += length;
                plain = at;
            } else {
                // A mark that opens nothing is text, and so is the rest of a doubled one.
                let mark = bytes[at];
                let run =
                    bytes[at..range.end].iter().take_while(|&&byte| byte == mark && matches!(byte, b'*' | b'_' | b'`' | b'#')).count();
                at += run.max(1);
            }
        }
        super::add(self.builder, plain..range.end);
    }

    /// The length of the opening mark at a byte, if one stands there and is closed later.
    fn opens_pair(&mut self, at: usize, range: &Range<usize>) -> Option<usize> {
        let bytes = &self.source.as_bytes()[..range.end];
        let (pair, mark) = self.dialect.pairs().iter().enumerate().find(|(_, mark)| bytes[at..].starts_with(mark.as_bytes()))?;
        let is_word = |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte >= 0x80);
        let is_space = |byte: Option<&u8>| byte.is_none_or(u8::is_ascii_whitespace);
        let inside = at + mark.len();
        let before = at.checked_sub(1).filter(|&before| before >= range.start).map(|before| &bytes[before]);
        let free = self.dialect == Dialect::AsciiDoc && mark.len() == 2;
        if self.closers[pair].is_some() || self.unclosed[pair] || is_space(bytes.get(inside)) || (!free && is_word(before)) {
            return None;
        }
        let mut from = inside;
        while let Some(found) = memchr::memmem::find(&bytes[from..], mark.as_bytes()) {
            let close = from + found;
            let after = bytes.get(close + mark.len());
            let doubled = mark.len() == 1 && (after == Some(&mark.as_bytes()[0]) || bytes[close - 1] == mark.as_bytes()[0]);
            if close > inside && !doubled && !is_space(Some(&bytes[close - 1])) && (free || !is_word(after)) {
                self.closers[pair] = Some(close);
                return Some(mark.len());
            }
            from = close + mark.len();
        }
        self.unclosed[pair] = true;
        None
    }

    fn link(&mut self, target: &str, text: Range<usize>) {
        self.builder.start_link(target);
        self.scan(text, false);
        self.builder.end_link();
    }

    /// Text that stands for itself, up to here.
    fn flush(&mut self, plain: usize, at: usize) {
        super::add(self.builder, plain..at);
    }

    fn restructured(&mut self, rest: &Range<usize>, plain: usize, links: bool) -> Option<usize> {
        let (source, at) = (self.source, rest.start);
        let text = &source[rest.clone()];
        match text.as_bytes()[0] {
            b'\\' => {
                let next = text[1..].chars().next()?;
                self.flush(plain, at);
                if next.is_whitespace() {
                    return Some(at + 1 + next.len_utf8());
                }
                self.builder.text(at + 1..at + 1 + next.len_utf8());
                Some(at + 1 + next.len_utf8())
            }
            b':' => {
                // `:doc:`our sites <sites>``
                let name = text[1..]
                    .bytes()
                    .take(24)
                    .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b':' | b'_'))
                    .count();
                if name < 2 || !text[1 + name..].starts_with('`') || !text[..=name].ends_with(':') {
                    return None;
                }
                let open = at + name + 2;
                let close = self.backtick(open, rest.end)?;
                self.flush(plain, at);
                self.reference(open..close, links, false);
                Some(close + 1)
            }
            b'`' if !text.starts_with("``") => {
                let close = self.backtick(at + 1, rest.end)?;
                self.flush(plain, at);
                let after = source[close + 1..rest.end].bytes().take_while(|&byte| byte == b'_').count().min(2);
                self.reference(at + 1..close, links, after > 0);
                Some(close + 1 + after)
            }
            b'|' => {
                let length = text.as_bytes()[1..].iter().take(80).position(|&byte| byte == b'|').filter(|&length| length > 0)?;
                let value = self.names.get(text.get(1..=length)?)?;
                self.flush(plain, at);
                self.builder.instead(value, at..at + length + 2);
                Some(at + length + 2)
            }
            b'[' => {
                // A footnote mark: `[1]_`, `[#]_`
                let length = text.as_bytes().iter().take(24).position(|&byte| byte == b']')?;
                text[length + 1..].starts_with('_').then(|| self.flush(plain, at))?;
                Some(at + length + 2)
            }
            b'_' => {
                // `Acme_`: a reference of one word.
                let before = &source[plain..at];
                let word = before.len() - before.bytes().rev().take(40).take_while(u8::is_ascii_alphanumeric).count();
                let goes_on = text[1..].starts_with(|next: char| next.is_alphanumeric() || next == '_');
                let target = self.names.get(&before[word..]).filter(|_| links && !goes_on && word < before.len())?;
                self.flush(plain, plain + word);
                self.link(target, plain + word..at);
                Some(at + 1)
            }
            _ => None,
        }
    }

    fn backtick(&mut self, from: usize, end: usize) -> Option<usize> {
        if self.no_backtick {
            return None;
        }
        let found = memchr::memchr(b'`', &self.source.as_bytes()[from..end]).map(|found| from + found);
        self.no_backtick = found.is_none();
        found
    }

    /// The inside of backticks: `text <target>`, or text that is the name of a target.
    fn reference(&mut self, inside: Range<usize>, links: bool, named: bool) {
        let text = &self.source[inside.clone()];
        if let Some((label, target)) = text.strip_suffix('>').and_then(|text| text.rsplit_once('<')) {
            let label = inside.start..inside.start + label.trim_end().len();
            let target = target.trim();
            let target = target.strip_suffix('_').and_then(|name| self.names.get(name)).unwrap_or(target);
            if label.is_empty() {
                let start = inside.end - 1 - target.len().min(inside.len() - 1);
                return self.flush(start, inside.end - 1);
            }
            if links {
                return self.link(target, label);
            }
            return self.scan(label, false);
        }
        match self.names.get(text).filter(|_| named && links) {
            Some(target) => self.link(target, inside),
            None => self.flush(inside.start, inside.end),
        }
    }

    fn asciidoc(&mut self, rest: &Range<usize>, plain: usize, links: bool) -> Option<usize> {
        let (source, at) = (self.source, rest.start);
        let text = &source[rest.clone()];
        match text.as_bytes()[0] {
            b'{' => {
                let length = text.as_bytes().iter().take(60).position(|&byte| byte == b'}')?;
                let value = self.names.get(text.get(1..length)?)?;
                self.flush(plain, at);
                self.builder.instead(value, at..at + length + 1);
                Some(at + length + 1)
            }
            b'&' => {
                let length = text.as_bytes().iter().take(10).position(|&byte| byte == b';')? + 1;
                let character = entity(text.get(..length)?)?;
                self.flush(plain, at);
                self.builder.instead(character, at..at + length);
                Some(at + length)
            }
            b'<' if text.starts_with("<<") => {
                let end = text.as_bytes().iter().take(300).position(|&byte| byte == b'>').filter(|&end| text[end..].starts_with(">>"))?;
                self.flush(plain, at);
                let (id, label) = text.get(2..end)?.split_once(',').unwrap_or((text.get(2..end)?, ""));
                let start = if label.is_empty() { at + 2 } else { at + end - label.len() };
                self.label(&format!("#{id}"), start..at + end, links);
                Some(at + end + 2)
            }
            b'[' if text.starts_with("[[") => {
                let end = text.as_bytes().iter().take(100).position(|&byte| byte == b']').filter(|&end| text[end..].starts_with("]]"))?;
                self.flush(plain, at);
                Some(at + end + 2)
            }
            b'[' if text.starts_with("[.") || text.starts_with("[#") => {
                let end = text.as_bytes().iter().take(60).position(|&byte| byte == b']').filter(|&end| text[end + 1..].starts_with('#'))?;
                self.flush(plain, at);
                Some(at + end + 1)
            }
            b'\\' if text[1..].starts_with(['*', '_', '`', '#', '{', '<', 'h', 'l', 'm']) => {
                self.flush(plain, at);
                self.builder.text(at + 1..at + 2);
                Some(at + 2)
            }
            b'l' | b'h' | b'm' | b'x' | b'i' | b'f' => self.macro_call(rest, plain, links),
            _ => None,
        }
    }

    /// `link:url[text]`, `https://url[text]`, `mailto:address[text]`, `xref:id[text]`, `footnote:[text]`, `image:file[alt]`
    fn macro_call(&mut self, rest: &Range<usize>, plain: usize, links: bool) -> Option<usize> {
        let at = rest.start;
        let text = &self.source[rest.clone()];
        let (name, kept) = [("link:", 0), ("https://", 8), ("http://", 7), ("mailto:", 7), ("xref:", 0), ("footnote:", 0), ("image:", 0)]
            .into_iter()
            .find(|(name, _)| text.starts_with(name))?;
        let word = at > plain && self.source.as_bytes()[at - 1].is_ascii_alphanumeric();
        if word || self.no_bracket {
            return None;
        }
        let body = &text[name.len()..];
        let length =
            body.bytes().take(2_000).take_while(|byte| !byte.is_ascii_whitespace() && !matches!(byte, b'[' | b']' | b'<' | b'>')).count();
        // The two-thousandth byte may stand in the middle of a character.
        if body.as_bytes().get(length) != Some(&b'[') {
            return None;
        }
        let open = name.len() + length + 1;
        let Some(close) = memchr::memchr(b']', &text.as_bytes()[open..]).map(|found| open + found) else {
            self.no_bracket = true;
            return None;
        };
        self.flush(plain, at);
        let target = if kept > 0 { &text[..name.len() + length] } else { &body[..length] };
        // `[text,role=external]`, `["text"]`, `[text^]`
        let inner = &text[open..close];
        let inner = inner.split_once(",role=").or_else(|| inner.split_once(",window=")).map_or(inner, |(text, _)| text);
        let inner = inner.trim_end_matches('^');
        let label = at + open..at + open + inner.len();
        match name {
            "image:" => {}
            "footnote:" => {
                self.builder.space(at);
                self.scan(label, links);
            }
            _ if inner.trim().is_empty() => {
                let start = if kept == 0 || name == "mailto:" { at + name.len() } else { at };
                self.label(target, start..at + name.len() + length, links);
            }
            _ => self.label(target, label, links),
        }
        Some(at + close + 1)
    }

    fn label(&mut self, target: &str, label: Range<usize>, links: bool) {
        if links {
            self.link(target, label);
        } else {
            self.flush(label.start, label.end);
        }
    }
}

fn entity(text: &str) -> Option<&'static str> {
    Some(match text {
        "&amp;" => "&",
        "&quot;" | "&#34;" => "\"",
        "&apos;" | "&#39;" | "&#8217;" | "&rsquo;" => "'",
        "&lt;" => "<",
        "&gt;" => ">",
        "&nbsp;" | "&#160;" => " ",
        "&copy;" | "&#169;" => "©",
        "&mdash;" | "&ndash;" | "&#8212;" => "-",
        _ => return None,
    })
}
