//! Tags of template languages (Liquid, Jinja, Hugo, kramdown, directives) inside Markdown. A tag that steers is cut out; a variable
//! inside a sentence stays, as the word it stands for, so that the sentence keeps its shape.

use super::view::Cut;

/// What to cut from a source, from a byte on.
pub(super) fn cuts(source: &str, from: usize) -> Vec<Cut> {
    let mut cuts = Vec::new();
    let mut comments = true;
    let mut at = from;
    while let Some(found) = memchr::memchr2(b'{', b':', &source.as_bytes()[at..]) {
        let start = at + found;
        let rest = &source[start..];
        let end = if let Some(tag) = rest.strip_prefix("{%") {
            let comment = comments && tag.trim_start_matches(['-', ' ']).starts_with("comment");
            let comment_end = comment.then(|| rest.find("endcomment %}")).flatten();
            // Searched for in vain only once, lest a file of openings cost quadratic time.
            comments &= !comment || comment_end.is_some();
            comment_end.map(|end| start + end + "endcomment %}".len()).or_else(|| close(source, start, "%}"))
        } else if rest.starts_with("{{%") {
            close(source, start, "%}}")
        } else if rest.starts_with("{{") {
            match close(source, start, "}}") {
                // It stays, and is no Markdown.
                Some(end) if !alone(source, start, end) => {
                    at = end;
                    continue;
                }
                end => end,
            }
        } else if ["{: ", "{:.", "{:#", "{:t"].iter().any(|opener| rest.starts_with(opener)) {
            close(source, start, "}")
        } else if rest.starts_with("{# ") {
            close(source, start, " #}")
        } else if rest.starts_with(":::") && opens_its_line(source, start) {
            Some(line_end(source, start))
        } else {
            None
        };
        at = end.unwrap_or(start + 1);
        if let Some(end) = end {
            cuts.push(Cut { source: start..end, instead: "" });
        }
    }
    cuts
}

/// The byte after what closes a tag. A tag is short and has no blank line in it.
fn close(source: &str, start: usize, closer: &str) -> Option<usize> {
    let near = &source[start..source.floor_char_boundary(start + 1000)];
    let end = near.find(closer)? + closer.len();
    (!near[..end].contains("\n\n")).then_some(start + end)
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
        assert_eq!(seen("{% if x %}\nWe at {{ site.name }} care.\n{% endif %}\n"), "\nWe at {{ site.name }} care.\n\n");
        assert_eq!(seen("a {% comment %}secret{% endcomment %} b"), "a  b");
        assert_eq!(seen("{{ content }}\n\n{{< toc >}}\n{{% note %}}We{{% /note %}}"), "\n\n\nWe");
        assert_eq!(seen("## Rights {#rights}\n{: .big}\n:::note\nWe: a ::: b\n:::"), "## Rights {#rights}\n\n\nWe: a ::: b\n");
        assert_eq!(seen("{% open {{ open {# open"), "{% open {{ open {# open");
    }
}
