//! Policies of any size and of every shape that might cost more than others, for what is timed.

#![allow(dead_code, clippy::unwrap_used)] // no target uses all of it, and one that cannot go on fails

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

/// What policies say.
pub(crate) const SENTENCES: [&str; 10] = [
    "We collect your name and e-mail address when you order a kite from us.",
    "We may share your personal information with service providers who help us run our shop.",
    "You can unsubscribe from our newsletter at any time by following the link in each message.",
    "We keep your data no longer than we need it, and delete it within 30 days of your request.",
    "Our shop is not directed to children under 13, and we do not knowingly collect personal information from them.",
    "If you have questions, write to privacy@kites.example or to 12 Mill Lane, Springfield, IL 62701.",
    "We use cookies to remember what is in your basket, where practical.",
    "Do we sell your data? No.",
    "We protect what you tell us with encryption, in transit and at rest.",
    "We will tell you of material changes to this policy by e-mail 30 days before they take effect.",
];

const HEADINGS: [&str; 6] = ["What we collect", "How we use it", "Sharing", "Your choices", "Children", "Contact us"];

/// Text that goes on as long as it is asked to.
pub(crate) struct Shape {
    /// The file's name.
    pub(crate) name: &'static str,
    /// What stands before it.
    opens: &'static str,
    /// Its next part.
    part: fn(usize) -> String,
}

fn sentence(at: usize) -> &'static str {
    // No period that a cache could learn: the steps differ from round to round.
    SENTENCES[(at * 7 + at / 10 + at / 100) % SENTENCES.len()]
}

fn heading(at: usize) -> &'static str {
    HEADINGS[(at + at / 6) % HEADINGS.len()]
}

fn paragraph(at: usize) -> String {
    (0..4).map(|next| sentence(at + next)).collect::<Vec<_>>().join(" ")
}

fn items(mark: &str, at: usize) -> String {
    (0..4).fold(String::new(), |text, next| text + mark + sentence(at + next) + "\n")
}

/// Sentences without their stops, word for word.
fn words(at: usize) -> String {
    format!(" {}", sentence(at).trim_end_matches(['.', '?']).replace(". ", " ").replace("? ", " "))
}

/// Every format first, then what is large in another way.
pub(crate) const SHAPES: &[Shape] = &[
    Shape {
        name: "markdown.md",
        opens: "# Privacy policy\n\n",
        part: |at| {
            let (heading, paragraph, items) = (heading(at), paragraph(at), items("- ", at));
            format!(
                "## {heading}\n\n{paragraph}\n\nWe use *[what you tell us](https://kites.example/{at})*:\n\n{items}\n|Data|Use|\n|-|-|\n|name|orders|\n\n"
            )
        },
    },
    Shape {
        name: "mdx.mdx",
        opens: "import { Note } from './note'\n\n# Privacy policy\n\n",
        part: |at| format!("## {}\n\n<Note at={{{at}}}>{}</Note>\n\n{}\n", heading(at), paragraph(at), items("- ", at)),
    },
    Shape {
        name: "html.html",
        opens: "<!doctype html><html><title>Privacy policy</title><body><h1>Privacy policy</h1>",
        part: |at| {
            let items = items("<li>", at);
            format!("<h2>{}</h2><p>{} See <a href='/{at}'>here</a> &amp; there.</p><ul>{items}</ul>\n", heading(at), paragraph(at))
        },
    },
    Shape {
        name: "text.txt",
        opens: "Privacy policy\n\n",
        part: |at| format!("{}\n\n{}\n\nWe use it to:\n\n{}\n", heading(at).to_uppercase(), paragraph(at), items("(1) ", at)),
    },
    Shape {
        name: "structured.rst",
        opens: "Privacy policy\n==============\n\n",
        part: |at| format!("{}\n---------------\n\n{}\n\n{}\n", heading(at), paragraph(at), items("* ", at)),
    },
    Shape {
        name: "asciidoc.adoc",
        opens: "= Privacy policy\n\n",
        part: |at| format!("== {}\n\n{}\n\n{}\n", heading(at), paragraph(at), items("* ", at)),
    },
    Shape { name: "paragraph.md", opens: "# Privacy policy\n\n", part: |at| format!("{} ", sentence(at)) },
    Shape { name: "paragraph.html", opens: "<html><h1>Privacy policy</h1><p>", part: |at| format!("{} ", sentence(at)) },
    Shape { name: "line.txt", opens: "", part: |at| format!("{} ", sentence(at)) },
    Shape { name: "lines.txt", opens: "Privacy policy\n", part: |at| paragraph(at) + "\n" },
    Shape { name: "list.md", opens: "# Privacy policy\n\nWe collect:\n\n", part: |at| format!("- {}\n", sentence(at)) },
    Shape {
        name: "list.html",
        opens: "<html><h1>Privacy policy</h1><p>We collect:</p><ul>",
        part: |at| format!("<li>{}</li>", sentence(at)),
    },
    Shape { name: "list.txt", opens: "Privacy policy\n\nWe collect:\n\n", part: |at| format!("- {}\n", sentence(at)) },
    Shape { name: "headings.md", opens: "# Privacy policy\n\n", part: |at| format!("## {}\n\n", heading(at)) },
    Shape {
        name: "sections.md",
        opens: "# Privacy policy\n\n## We collect\n\n",
        part: |at| format!("### {}\n\n{}\n\n", heading(at), sentence(at)),
    },
    Shape {
        name: "headings.html",
        opens: "<html><h1>Privacy policy</h1>",
        part: |at| format!("<h3>{}</h3><p>{}</p>", heading(at), sentence(at)),
    },
    Shape { name: "headings.txt", opens: "Privacy policy\n\n", part: |at| format!("{at}. {}\n\n{}\n\n", heading(at), sentence(at)) },
    Shape { name: "sentence.md", opens: "# Privacy policy\n\nWe collect", part: words },
    Shape {
        name: "hedges.md",
        opens: "# Privacy policy\n\n",
        part: |_| "we may share your personal information with partners and ".to_owned(),
    },
    Shape {
        name: "table.md",
        opens: "# Privacy policy\n\n| What we collect | What we use it for |\n|-|-|\n",
        part: |at| format!("| {} | {} |\n", sentence(at), sentence(at + 1)),
    },
    Shape { name: "questions.md", opens: "# Privacy policy\n\n", part: |_| "Do we share your data with partners? Yes. ".to_owned() },
    Shape { name: "links.md", opens: "# Privacy policy\n\n", part: |at| format!("[our partners](https://kites.example/{at}) ") },
    Shape {
        name: "waivers.md",
        opens: "# Privacy policy\n\n",
        part: |at| format!("<!-- clauselint-ignore coppa/audio-files: {at} -->\n{}\n\n", sentence(at)),
    },
];

impl Shape {
    /// A text of at least so many bytes, part by part.
    fn parts(&self, bytes: usize) -> impl Iterator<Item = String> {
        let parts = std::iter::once(self.opens.to_owned()).chain((0..).map(self.part));
        parts.scan(0, move |size, part| {
            let go_on = *size < bytes;
            *size += part.len();
            go_on.then_some(part)
        })
    }

    /// A text of at least so many bytes.
    pub(crate) fn text(&self, bytes: usize) -> String {
        self.parts(bytes).collect()
    }

    /// Writes a file of at least so many bytes; how many it has. It is never whole in memory.
    pub(crate) fn write_to(&self, place: &Path, bytes: usize) -> usize {
        let mut writer = BufWriter::new(File::create(place).unwrap());
        let mut size = 0;
        for part in self.parts(bytes) {
            writer.write_all(part.as_bytes()).unwrap();
            size += part.len();
        }
        writer.flush().unwrap();
        size
    }
}
