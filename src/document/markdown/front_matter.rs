//! The block of keys (`---` YAML or `+++` TOML) that a site generator reads from the top of a file. The page shows its title and,
//! mostly, its date; the rest is nobody's prose.

use std::ops::Range;

/// What stands at the top of a file.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct FrontMatter {
    /// The title's text, without quotes.
    pub(super) title: Option<Range<usize>>,
    /// Keys that say a date, with it.
    pub(super) dates: Vec<Range<usize>>,
    /// Where the Markdown starts.
    pub(super) end: usize,
}

/// Reads the front matter of a source; one without has an empty one.
pub(super) fn read(source: &str) -> FrontMatter {
    let mut lines = lines(source);
    let Some(fence) = lines.next().map(|(_, line, _)| line.trim_end()).filter(|line| matches!(*line, "---" | "+++")) else {
        return FrontMatter::default();
    };
    let mut found = FrontMatter::default();
    for (start, line, end) in lines {
        let trimmed = line.trim_end();
        if trimmed == fence || fence == "---" && trimmed == "..." {
            found.end = end;
            return found;
        }
        let Some((key, value)) = trimmed.split_once(if fence == "---" { ':' } else { '=' }) else {
            // Two rules around a paragraph look alike.
            if looks_like_prose(trimmed) {
                break;
            }
            continue;
        };
        if key.starts_with([' ', '\t', '#', '-']) {
            continue;
        }
        let key = key.trim_end();
        if key.split_whitespace().count() > 2 {
            break;
        }
        let value = value.trim_start();
        let unquoted = |quote| value.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote));
        let bare = unquoted('"').or_else(|| unquoted('\'')).unwrap_or(value);
        let from = start + trimmed.len() - value.len() + usize::from(bare.len() < value.len());
        if key.eq_ignore_ascii_case("title") && !bare.is_empty() && !bare.starts_with(['{', '|', '>']) {
            found.title.get_or_insert(from..from + bare.len());
        } else if says_a_date(key) && value.bytes().any(|byte| byte.is_ascii_digit()) {
            found.dates.push(start..start + trimmed.len());
        }
    }
    FrontMatter::default()
}

/// The lines of a text: where each begins, its text, where the next begins.
fn lines(text: &str) -> impl Iterator<Item = (usize, &str, usize)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = text.get(at..).filter(|rest| !rest.is_empty())?;
        let end = memchr::memchr2(b'\n', b'\r', rest.as_bytes()).unwrap_or(rest.len());
        let wide = if rest[end..].starts_with("\r\n") { 2 } else { 1 };
        let start = at;
        at = (at + end + wide).min(text.len());
        Some((start, &rest[..end], at))
    })
}

fn looks_like_prose(line: &str) -> bool {
    !line.starts_with([' ', '\t', '#', '-', '[', ']', '{', '}']) && line.split_whitespace().count() > 4
}

fn says_a_date(key: &str) -> bool {
    let key = key.to_ascii_lowercase().replace(['-', '_', ' '], "");
    let names = ["date", "updated", "modified", "effective", "lastmod", "revised", "published"];
    // A picture's or a comment's date is not the policy's.
    names.iter().any(|name| key == *name || key.starts_with(name) || key.ends_with(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn yaml_and_toml_are_read() {
        let source = "---\r\ntitle: \"Our Policy\"\r\nnav:\r\n  title: No\r\nlast_updated: 2024-01-02\r\n---\r\nText";
        let found = read(source);
        assert_eq!(&source[found.title.clone().unwrap()], "Our Policy");
        assert_eq!(found.dates.iter().map(|date| &source[date.clone()]).collect::<Vec<_>>(), ["last_updated: 2024-01-02"]);
        assert_eq!(&source[found.end..], "Text");
        let source = "+++\ntitle = 'Policy'\n+++\nText";
        let found = read(source);
        assert_eq!((&source[found.title.unwrap()], &source[found.end..]), ("Policy", "Text"));
    }

    #[test]
    fn rules_and_unclosed_blocks_are_text() {
        for source in [
            "---\nWe never sell your personal data.\n---\n",
            "---\ntitle: x\n",
            "Text\n---\n",
            "",
            "---",
            "---\nOur policy on data: none\n---\n",
        ] {
            assert_eq!(read(source), FrontMatter::default(), "{source}");
        }
        assert_eq!(read("---\n---\nText").end, 8);
    }
}
