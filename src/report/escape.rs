//! Makes text from policies, packs and file names harmless in what reports are written in: JSON, URIs and Markdown. XML and workflow
//! commands have their own rules beside the formats that speak them.

use crate::visible::{visible, visible_char};
use percent_encoding::{AsciiSet, CONTROLS, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;
use serde_json::ser::{CompactFormatter, Formatter, Serializer};
use std::io;

/// What may stand in a path of a URI as it is.
const PATH: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'.').remove(b'_').remove(b'~');
/// What may not stand in a URI, and what would end it where it stands in Markdown.
const URI: &AsciiSet =
    &CONTROLS.add(b' ').add(b'"').add(b'<').add(b'>').add(b'\\').add(b'^').add(b'`').add(b'{').add(b'|').add(b'}').add(b'(').add(b')');

/// JSON in one line. Nothing in it speaks to a terminal or ends the script of a page: what `visible` would change is escaped.
pub(super) fn json(value: &impl Serialize) -> String {
    let mut written = Vec::new();
    // Writing to memory cannot fail, nor can values whose keys are strings.
    let _ = value.serialize(&mut Serializer::with_formatter(&mut written, Harmless(CompactFormatter)));
    String::from_utf8(written).unwrap_or_default()
}

struct Harmless(CompactFormatter);

impl Formatter for Harmless {
    fn write_string_fragment<W: ?Sized + io::Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        let mut written = 0;
        for (at, character) in fragment.char_indices() {
            let after = at + character.len_utf8();
            let harmful = match character {
                '<' => fragment[after..].starts_with(['/', '!']),
                other => visible_char(other) != Some(other),
            };
            if harmful {
                self.0.write_string_fragment(writer, &fragment[written..at])?;
                write!(writer, "\\u{:04x}", u32::from(character))?;
                written = after;
            }
        }
        self.0.write_string_fragment(writer, &fragment[written..])
    }
}

/// The name of a file as programs expect a path: with slashes, and without a dot that leads nowhere.
pub(super) fn path(name: &str) -> String {
    let path = if cfg!(windows) { name.replace('\\', "/") } else { name.to_owned() };
    let plain = path.trim_start_matches("./");
    if plain.is_empty() { path } else { plain.to_owned() }
}

/// The name of a file as a URI reference: relative, as long as the name is.
pub(super) fn file_uri(name: &str) -> String {
    let path = path(name);
    let encoded = utf8_percent_encode(&path, PATH);
    if path.starts_with('/') {
        format!("file://{encoded}")
    } else if cfg!(windows) && path.get(1..3) == Some(":/") {
        format!("file:///{encoded}")
    } else {
        encoded.to_string()
    }
}

/// The address of a page as a URI; none for what is no page, so that no pack can make a link do something else.
pub(super) fn page(url: &str) -> Option<String> {
    let page = ["https://", "http://"].iter().any(|scheme| url.get(..scheme.len()).is_some_and(|head| head.eq_ignore_ascii_case(scheme)));
    page.then(|| utf8_percent_encode(url, URI).to_string())
}

/// Text as text in a line of Markdown, wherever it stands: no markup, no links, no formulas, and nobody is called.
pub(super) fn markdown(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    let mut before = ' ';
    let text = visible(text);
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '$' => escaped.extend(['\\', character]),
            ':' if characters.peek() == Some(&'/') => escaped.push_str("\\:"),
            // @name calls someone and #1 speaks of an issue, unless something invisible stands between.
            '@' | '#' if !before.is_alphanumeric() && characters.peek().is_some_and(|next| next.is_alphanumeric()) => {
                escaped.push(character);
                escaped.push_str("&#8203;");
            }
            other => escaped.push(other),
        }
        before = character;
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;
    use percent_encoding::percent_decode_str;
    use proptest::prelude::*;

    #[test]
    fn json_is_harmless() {
        let text = "a</script><!-- \u{9b}2J\u{202e}\u{7f}\n\"é<p>日本\u{2028}";
        let written = json(&text);
        assert_eq!(written, "\"a\\u003c/script>\\u003c!-- \\u009b2J\\u202e\\u007f\\n\\\"é<p>日本\\u2028\"");
        assert_eq!(serde_json::from_str::<String>(&written).unwrap(), text);
    }

    #[test]
    fn files_become_relative_uris() {
        assert_eq!(file_uri("./docs/a b#1%:é.md"), "docs/a%20b%231%25%3A%C3%A9.md");
        assert_eq!(file_uri("../x.md"), "../x.md");
        assert_eq!(file_uri("/tmp/x.md"), "file:///tmp/x.md");
        assert_eq!(file_uri("<stdin>"), "%3Cstdin%3E");
        assert_eq!(path("./"), "./");
    }

    #[test]
    fn only_pages_are_linked() {
        assert_eq!(page("https://law.example/a(1)?q=\"x y\"#z"), Some("https://law.example/a%281%29?q=%22x%20y%22#z".to_owned()));
        assert_eq!((page("javascript:alert(1)"), page("C:\\x"), page("")), (None, None, None));
    }

    #[test]
    fn markdown_is_text() {
        assert_eq!(markdown("a|b\n*c* <script> [d](https://e.example) @all me@f.example #1 $x$"), {
            "a\\|b \\*c\\* &lt;script&gt; \\[d\\](https\\://e.example) @&#8203;all me@f.example #&#8203;1 \\$x\\$"
        });
    }

    proptest! {
        #[test]
        fn every_string_survives_json_and_uris(text in any::<String>()) {
            let written = json(&text);
            prop_assert!(!written.contains(char::is_control));
            prop_assert_eq!(serde_json::from_str::<String>(&written).unwrap(), text.clone());
            let uri = file_uri(&text);
            prop_assert!(uri.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/-._~%:".contains(&byte)));
            let decoded = percent_decode_str(uri.strip_prefix("file://").unwrap_or(&uri)).decode_utf8().unwrap().into_owned();
            prop_assert_eq!(decoded, path(&text));
        }
    }
}
