//! Tags of template languages (Liquid, Jinja, Hugo, kramdown, directives) inside Markdown. A tag that steers is cut out; a variable
//! inside a sentence stays, as the word it stands for, so that the sentence keeps its shape.

use super::view::Cut;

/// What to cut from a source, from a byte on.
pub(super) fn cuts(source: &str, from: usize) -> Vec<Cut> {
    let mut finder = Finder {
        source,
        missing: Vec::new(),
    };
    let mut cuts = Vec::new();
    let mut at = from;
    while let Some(found) = memchr::memchr2(b'{', b':', &source.as_bytes()[at..]) {
        let start = at + found;
        let rest = &source[start..];
        let end = if rest.starts_with("{%") {
            let after = finder.end(start, "%}");
            let name = rest[2..].trim_start_matches(['-', ' ']);
            if name.starts_with("comment") {
                finder.end(start, "endcomment %}").or(after)
            } else {
                after
            }
        } else if rest.starts_with("{{%") {
            finder.end(start, "%}}")
        } else if rest.starts_with("{{") {
            let end = finder.end(start, "}}").filter(|&end| !source[start..end].contains("\n\n"));
            // The expression is no Markdown even where it stays.
            match end {
                Some(end) if !alone(source, start, end) => {
                    at = end;
                    continue;
                }
                end => end,
            }
        } else if rest.starts_with("{: ") || rest.starts_with("{:.") || rest.starts_with("{:#") || rest.starts_with("{:t") {
            finder.end(start, "}").filter(|&end| !source[start..end].contains('\n'))
        } else if rest.starts_with("{# ") {
            finder.end(start, " #}")
        } else if rest.starts_with(":::") && opens_its_line(source, start) {
            Some(line_end(source, start))
        } else {
            None
        };
        let Some(end) = end else {
            at = start + 1;
            continue;
        };
        cuts.push(Cut {
            source: start..end,
            instead: "",
        });
        at = end;
    }
    cuts
}

/// Finds ends of tags, each kind of end searched for in vain only once, lest a file of openings cost quadratic time.
struct Finder<'s> {
    source: &'s str,
    missing: Vec<&'static str>,
}

impl Finder<'_> {
    fn end(&mut self, start: usize, closer: &'static str) -> Option<usize> {
        if self.missing.contains(&closer) {
            return None;
        }
        let found = memchr::memmem::find(&self.source.as_bytes()[start..], closer.as_bytes());
        if found.is_none() {
            self.missing.push(closer);
        }
        found.map(|found| start + found + closer.len())
    }
}

/// Does a stretch stand alone on its lines?
pub(super) fn alone(source: &str, start: usize, end: usize) -> bool {
    let after = source.as_bytes()[end..].iter().find(|byte| !b" \t".contains(byte));
    opens_its_line(source, start) && after.is_none_or(|byte| b"\r\n".contains(byte))
}

/// Is there nothing but white space (and marks of a quotation) before it on its line?
pub(super) fn opens_its_line(source: &str, at: usize) -> bool {
    let before = source.as_bytes()[..at].iter().rfind(|byte| !b"> \t".contains(byte));
    before.is_none_or(|byte| b"\r\n".contains(byte))
}

pub(super) fn line_end(source: &str, at: usize) -> usize {
    memchr::memchr2(b'\n', b'\r', &source.as_bytes()[at..]).map_or(source.len(), |found| at + found)
}

#[cfg(test)]
mod tests {
    use super::super::view::View;
    use super::*;

    fn seen(source: &str) -> String {
        View::new(source, 0, &cuts(source, 0)).text().to_owned()
    }

    #[test]
    fn tags_go_and_variables_stay() {
        assert_eq!(
            seen("{% if x %}\nWe at {{ site.name }} care.\n{% endif %}\n"),
            "\nWe at {{ site.name }} care.\n\n"
        );
        assert_eq!(seen("a {% comment %}secret{% endcomment %} b"), "a  b");
        assert_eq!(seen("{{ content }}\n\n{{< toc >}}\n{{% note %}}We{{% /note %}}"), "\n\n\nWe");
        assert_eq!(
            seen("## Rights {#rights}\n{: .big}\n:::note\nWe: a ::: b\n:::"),
            "## Rights {#rights}\n\n\nWe: a ::: b\n"
        );
        assert_eq!(seen("{% open {{ open {# open"), "{% open {{ open {# open");
    }
}
