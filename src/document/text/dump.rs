use super::*;
use crate::document::BlockKind;
#[test]
fn dump() {
    let Ok(list) = std::env::var("DUMP") else { return };
    for name in list.split_whitespace() {
        let bytes = std::fs::read(name).unwrap();
        let text = String::from_utf8(bytes).unwrap_or_else(|e| encoding_rs::WINDOWS_1252.decode(e.as_bytes()).0.into_owned());
        let text: String = text
            .replace(['\u{2018}', '\u{2019}'], "'")
            .replace(['\u{201c}', '\u{201d}'], "\"")
            .replace("\u{a0}", " ")
            .replace(['–', '—'], "-");
        let format = if name.ends_with(".rst") {
            Format::ReStructuredText
        } else if name.ends_with(".adoc") {
            Format::AsciiDoc
        } else {
            Format::Text
        };
        let mut builder = Builder::new(&text);
        let clock = std::time::Instant::now();
        parse(&mut builder, format);
        let d = builder.finish();
        println!("\n######## {name} {:?}", clock.elapsed());
        for b in &d.blocks {
            let k = match b.kind {
                BlockKind::Heading => "#".repeat(d.sections[b.section].level as usize),
                BlockKind::Paragraph => "P".into(),
                BlockKind::Item => "  -".into(),
                BlockKind::Cell => "C".into(),
            };
            let lead: Vec<_> = b
                .lead_ins
                .iter()
                .map(|&l| {
                    let t = d.sentence_text(l);
                    t.chars().skip(t.chars().count().saturating_sub(25)).collect::<String>()
                })
                .collect();
            print!(
                "{k} g{} {}",
                b.group,
                if lead.is_empty() { String::new() } else { format!("{lead:?} ") }
            );
            let full = std::env::var("FULL").is_ok();
            for s in b.sentences.clone() {
                let t = d.sentence_text(s).replace('\n', " ");
                let n = t.chars().count();
                if n > 110 && !full {
                    print!(
                        "⟦{} … {}⟧",
                        t.chars().take(70).collect::<String>(),
                        t.chars().skip(n - 30).collect::<String>()
                    );
                } else {
                    print!("⟦{t}⟧");
                }
            }
            println!();
        }
        for l in &d.links {
            println!("LINK {:?} -> {}", &d.prose[l.range.clone()], l.target);
        }
    }
}
