//! What is not prose in MDX: imports and exports, JSX tags and `{expressions}`. They are cut out or put as Markdown (`<li>` as a
//! list item), so that one Markdown parser serves both; the MDX-aware parsers are slow and give up on what real files hold.

use std::ops::Range;

use super::template::{alone, line_end, opens_its_line};
use super::view::Cut;

/// What to cut from a source, from a byte on, and the insides of the comments in it.
pub(super) fn cuts(source: &str, from: usize) -> (Vec<Cut>, Vec<Range<usize>>) {
    let mut scanner = Scanner { source, cuts: Vec::new(), comments: Vec::new(), broken: false };
    scanner.scan(from);
    (scanner.cuts, scanner.comments)
}

struct Scanner<'s> {
    source: &'s str,
    cuts: Vec<Cut>,
    comments: Vec<Range<usize>>,
    /// A bracket has been found open to the end of the file: from now on, only what closes at once is looked at, lest a file of
    /// openings cost quadratic time.
    broken: bool,
}

impl Scanner<'_> {
    fn scan(&mut self, from: usize) {
        let bytes = self.source.as_bytes();
        let mut at = from;
        let mut at_line_start = true;
        while at < bytes.len() {
            if at_line_start {
                at_line_start = false;
                if let Some(end) = self.fence(at).or_else(|| self.module_code(at)) {
                    at = end;
                    at_line_start = true;
                    continue;
                }
            }
            at = match bytes[at] {
                b'\n' | b'\r' => {
                    at_line_start = true;
                    at + 1
                }
                b'\\' if bytes.get(at + 1).is_some_and(u8::is_ascii_punctuation) => at + 2,
                b'`' => self.code(at),
                b'{' => self.expression(at),
                b'<' => self.tag(at),
                _ => at + 1,
            };
        }
    }

    fn cut(&mut self, source: Range<usize>, instead: &'static str) {
        self.cuts.push(Cut { source, instead });
    }

    /// A fenced code block at a line's start: the end of it.
    fn fence(&self, at: usize) -> Option<usize> {
        let indent = self.source[at..].bytes().take_while(|&byte| byte == b' ').count();
        let opening = &self.source[at + indent..];
        let mark = opening.chars().next().filter(|first| matches!(first, '`' | '~'))?;
        // What closes it is as long, or longer: so a block of code can show one.
        let fence = &opening[..opening.len() - opening.trim_start_matches(mark).len()];
        if fence.len() < 3 {
            return None;
        }
        let mut line = line_end(self.source, at);
        while line < self.source.len() {
            let start = line + 1;
            line = line_end(self.source, start);
            if self.source[start..line].trim_start().starts_with(fence) {
                break;
            }
        }
        Some((line + 1).min(self.source.len()))
    }

    /// An import or export at a line's start: cuts it out, and tells where it ends.
    fn module_code(&mut self, at: usize) -> Option<usize> {
        let rest = &self.source[at..];
        let import = rest.strip_prefix("import").is_some_and(|rest| {
            let line = rest.split(['\n', '\r']).next().unwrap_or(rest).trim_start();
            line.starts_with(['{', '*', '"', '\'']) || rest.starts_with(' ') && line.contains(" from ") && line.contains(['"', '\''])
        });
        let export = rest.strip_prefix("export ").is_some_and(|rest| {
            let next = rest.trim_start();
            let words = ["const ", "let ", "var ", "function", "default ", "class ", "async ", "type ", "interface "];
            next.starts_with(['{', '*']) || words.iter().any(|word| next.starts_with(word))
        });
        if !import && !export {
            return None;
        }
        let mut end = line_end(self.source, at);
        // The statement goes on while a bracket is open; then up to a blank line.
        let mut from = at;
        while let Some(code_end) = self.balanced(from, end) {
            end = line_end(self.source, code_end);
            let next = (end + 1).min(self.source.len());
            let line = self.source[next..line_end(self.source, next)].trim();
            if line.is_empty() || line.starts_with(['#', '<']) || line.starts_with("import ") || line.starts_with("export ") {
                break;
            }
            from = next;
            end = line_end(self.source, next);
        }
        self.cut(at..end, "");
        Some((end + 1).min(self.source.len()))
    }

    /// Reads code to `end` and beyond, until no bracket is open: where that is.
    fn balanced(&mut self, from: usize, end: usize) -> Option<usize> {
        let bytes = self.source.as_bytes();
        let mut at = from;
        while at < end {
            at = match bytes[at] {
                b'{' | b'(' | b'[' => {
                    let close = self.close(at)?;
                    if close >= end {
                        return Some(close);
                    }
                    close
                }
                _ => after_token(self.source, at),
            };
        }
        Some(end.max(at))
    }

    /// The byte after the bracket that closes the one at `at`.
    fn close(&mut self, at: usize) -> Option<usize> {
        let bytes = self.source.as_bytes();
        if self.broken {
            let next = bytes[at + 1..].iter().position(|byte| b"{}()[]\n".contains(byte))?;
            return b"})]".contains(&bytes[at + 1 + next]).then_some(at + next + 2);
        }
        let mut depth = 0_usize;
        let mut next = at;
        while next < bytes.len() {
            match bytes[next] {
                b'{' | b'(' | b'[' => depth += 1,
                b'}' | b')' | b']' => {
                    depth -= 1;
                    if depth == 0 {
                        return Some(next + 1);
                    }
                }
                _ => {}
            }
            next = after_token(self.source, next);
        }
        self.broken = true;
        None
    }

    /// A code span: the byte after it, or after its opening backticks if they are not closed on the line.
    fn code(&self, at: usize) -> usize {
        let ticks = self.source[at..].bytes().take_while(|&byte| byte == b'`').count();
        let after = at + ticks;
        let line = &self.source[after..line_end(self.source, after).min(self.source.floor_char_boundary(after + 1000))];
        line.find(&self.source[at..after]).map_or(after, |found| after + found + ticks)
    }

    /// An expression in braces: one that names a value stays in a sentence as a word, a string stays as text, all else is cut out.
    fn expression(&mut self, at: usize) -> usize {
        let Some(end) = self.close(at) else { return at + 1 };
        let inner = &self.source[at + 1..end - 1];
        let trimmed = inner.trim();
        if let Some(comment) = trimmed.strip_prefix("/*").and_then(|rest| rest.strip_suffix("*/")).filter(|inside| !inside.contains("*/")) {
            let start = at + 1 + (inner.len() - inner.trim_start().len()) + "/*".len();
            self.comments.push(start..start + comment.len());
            self.cut(at..end, "");
            return end;
        }
        let quote = trimmed.chars().next().filter(|first| matches!(first, '"' | '\'' | '`'));
        if let Some(quote) = quote
            && trimmed.len() >= 2
            && trimmed.ends_with(quote)
            && trimmed.matches(quote).count() == 2
        {
            if trimmed[1..trimmed.len() - 1].trim().is_empty() {
                self.cut(at..end, " ");
                return end;
            }
            let start = at + 1 + (inner.len() - inner.trim_start().len());
            self.cut(at..start + 1, "");
            self.cut(start + trimmed.len() - 1..end, "");
            return end;
        }
        let names_a_value = trimmed.starts_with(|first: char| first.is_alphabetic() || first == '_')
            && trimmed.chars().all(|character| character.is_alphanumeric() || "_.?()[]'".contains(character));
        if !names_a_value || alone(self.source, at, end) {
            self.cut(at..end, "");
        }
        end
    }

    /// A JSX tag. Those that Markdown has a word for are put so; links and line breaks stay.
    fn tag(&mut self, at: usize) -> usize {
        let rest = &self.source[at..];
        if rest.starts_with("<!--") {
            let Some(end) = rest.find("-->").filter(|_| !self.broken) else {
                self.broken = true;
                return at + 4;
            };
            if end >= "<!--".len() {
                self.comments.push(at + "<!--".len()..at + end);
            }
            self.cut(at..at + end + 3, "");
            return at + end + 3;
        }
        let closing = rest.starts_with("</");
        let name = &rest[1 + usize::from(closing)..];
        let name = &name[..name.find(|next: char| !(next.is_ascii_alphanumeric() || ".-_".contains(next))).unwrap_or(name.len())];
        let after = at + 1 + usize::from(closing) + name.len();
        let fragment = name.is_empty() && self.source[after..].starts_with('>');
        let separated = self.source[after..].starts_with(|next: char| next.is_whitespace() || "/>".contains(next));
        if !fragment && (!name.starts_with(|first: char| first.is_ascii_alphabetic()) || !separated) {
            // Less than; an autolink.
            return at + 1;
        }
        let Some(end) = self.tag_end(after) else { return at + 1 };
        self.put(at..end, name, closing);
        end
    }

    /// The byte after the `>` of a tag.
    fn tag_end(&mut self, from: usize) -> Option<usize> {
        let bytes = self.source.as_bytes();
        let mut at = from;
        while at < bytes.len() {
            at = match bytes[at] {
                b'>' => return Some(at + 1),
                b'<' => return None,
                b'{' => self.close(at)?,
                quote @ (b'"' | b'\'') if !self.broken => match memchr::memchr(quote, &bytes[at + 1..]) {
                    Some(found) => at + found + 2,
                    None => break,
                },
                _ if self.broken && bytes[at] == b'\n' => return None,
                _ => at + 1,
            };
        }
        self.broken = true;
        None
    }

    fn put(&mut self, tag: Range<usize>, name: &str, closing: bool) {
        let text = &self.source[tag.clone()];
        let alone = alone(self.source, tag.start, tag.end);
        let stays = matches!(name, "a" | "Link" | "br" | "strong" | "b" | "em" | "i");
        if stays && !alone && !text.contains('{') {
            return;
        }
        if matches!(name, "a" | "Link")
            && !alone
            && let Some(target) = template_target(text)
        {
            // `href={`mailto:${contact.email}`}`: without braces and quotes it is HTML.
            self.cut(tag.start + 1 + name.len()..tag.start + target.start, " href=");
            self.cut(tag.start + target.end..tag.end, ">");
            return;
        }
        let own_line = opens_its_line(self.source, tag.start);
        let instead = match (name, closing) {
            _ if alone && name != "li" => "",
            ("li", false) => "\n- ",
            ("h1", false) => "\n\n# ",
            ("h2", false) => "\n\n## ",
            ("h3", false) => "\n\n### ",
            ("h4" | "h5" | "h6", false) => "\n\n#### ",
            ("p", false) if own_line => "",
            ("li", true) => "\n",
            (
                "p" | "div" | "section" | "article" | "main" | "ul" | "ol" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "table" | "tr"
                | "td" | "th" | "dt" | "dd" | "dl" | "blockquote" | "header" | "footer" | "details" | "summary",
                _,
            ) => "\n\n",
            ("br", _) => " ",
            _ => "",
        };
        self.cut(tag, instead);
    }
}

/// The text inside a template or string literal that is a tag's target, if it can stand in HTML without quotes.
fn template_target(tag: &str) -> Option<Range<usize>> {
    let start = tag.find("href={").map(|at| at + 6).or_else(|| tag.find("to={").map(|at| at + 4))?;
    let quote = tag[start..].chars().next()?;
    let literal = matches!(quote, '`' | '"' | '\'');
    let start = start + usize::from(literal);
    let len = tag[start..].find(if literal { quote } else { '}' })?;
    let target = &tag[start..start + len];
    let plain = !target.is_empty() && !target.contains([' ', '\n', '\t', '"', '\'', '=', '<', '>', '`']);
    plain.then_some(start..start + len)
}

/// The byte after a token of code: strings, templates and comments are one, all else is byte by byte.
fn after_token(source: &str, at: usize) -> usize {
    let bytes = source.as_bytes();
    let rest = &source.as_bytes()[at..];
    match bytes[at] {
        quote @ (b'"' | b'\'') => quoted(bytes, at, quote, true),
        b'`' => quoted(bytes, at, b'`', false),
        b'/' if rest.starts_with(b"//") && (at == 0 || bytes[at - 1] != b':') => line_end(source, at),
        b'/' if rest.starts_with(b"/*") => memchr::memmem::find(&rest[2..], b"*/").map_or(source.len(), |end| at + 2 + end + 2),
        _ => at + 1,
    }
}

fn quoted(bytes: &[u8], at: usize, quote: u8, one_line: bool) -> usize {
    let mut next = at + 1;
    while let Some(&byte) = bytes.get(next) {
        next += match byte {
            b'\\' => 2,
            _ if byte == quote => return next + 1,
            // An apostrophe in text, not a string.
            b'\n' if one_line => return at + 1,
            _ => 1,
        };
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::super::view::View;
    use super::*;

    fn seen(source: &str) -> String {
        View::new(source, 0, &cuts(source, 0).0).text().to_owned()
    }

    #[test]
    fn modules_go() {
        let source = "import A from './a';\nimport {\n  b,\n} from 'b';\n\nexport const c = d([\n  { e: '}' },\n\n]);\n\n# Policy\n\nexport your data, or\nimport it.";
        assert_eq!(seen(source).trim_start(), "# Policy\n\nexport your data, or\nimport it.");
    }

    #[test]
    fn expressions_stay_where_they_name_a_value() {
        assert_eq!(seen("We at {NAME}, {/* don't } */}write{\" \"}to {'you'} {a && <b/>}."), "We at {NAME}, write to you .");
        assert_eq!(seen("{body}\n`{code}` {open"), "\n`{code}` {open");
    }

    #[test]
    fn tags_become_markdown() {
        assert_eq!(seen("<Card a=\"x > y\" b={{c: '>'}}>\n  We\n</Card>"), "\n  We\n");
        assert_eq!(seen("<ul><li>One</li><li>Two</li></ul>"), "\n\n\n- One\n\n- Two\n\n\n");
        assert_eq!(
            seen("<h2>Who</h2> <https://x.example> 1 < 2 <me@x.example>"),
            "\n\n## Who\n\n <https://x.example> 1 < 2 <me@x.example>"
        );
        assert_eq!(seen("By <a href={`mailto:${c.mail}`}>mail</a>."), "By <a href=mailto:${c.mail}>mail</a>.");
        assert_eq!(seen("<open a=\"\n<x {"), "<open a=\"\n<x {");
    }
}
