//! The file as it lies on disk: its text, and where every byte of that text stands. Lines, columns and offsets into the file
//! are computed here and nowhere else; all other modules speak of [`Span`]s.

mod span;

use std::sync::OnceLock;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, MACINTOSH, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

pub use span::Span;

/// The markup that a file is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// `CommonMark` with tables.
    Markdown,
    /// Markdown with JSX.
    Mdx,
    /// HTML, also inside other templates.
    Html,
    /// Plain text.
    Text,
    /// reStructuredText.
    ReStructuredText,
    /// `AsciiDoc`.
    AsciiDoc,
}

impl Format {
    /// The format that a file's name and text speak for.
    fn of(name: &str, text: &str) -> Self {
        match Self::by_name(name) {
            // Pages are saved under such names too.
            Some(Self::Text | Self::Markdown) if is_page(text) => Self::Html,
            Some(format) => format,
            None => Self::by_content(text),
        }
    }

    fn by_name(name: &str) -> Option<Self> {
        let file = name.rsplit(['/', '\\']).next().unwrap_or(name);
        // `privacy.html.erb` is HTML inside a template: the ending before the template's own says so.
        let mut endings = file.split('.').skip(1).collect::<Vec<_>>();
        while let Some(ending) = endings.pop() {
            return Some(match ending.to_ascii_lowercase().as_str() {
                "md" | "markdown" | "mdown" | "mkd" | "mkdn" | "mdwn" | "qmd" | "rmd" => Self::Markdown,
                "mdx" => Self::Mdx,
                "html" | "htm" | "xhtml" | "xht" | "shtml" | "php" | "phtml" | "asp" | "aspx" | "jsp" | "cfm" | "vue" | "svelte"
                | "astro" | "hbs" | "mustache" | "ejs" | "twig" | "njk" | "jsx" | "tsx" => Self::Html,
                "txt" | "text" => Self::Text,
                "rst" | "rest" => Self::ReStructuredText,
                "adoc" | "asciidoc" | "asc" => Self::AsciiDoc,
                "erb" | "liquid" | "j2" | "jinja" | "jinja2" | "tmpl" | "tpl" | "in" | "template" => continue,
                _ => return None,
            });
        }
        None
    }

    fn by_content(text: &str) -> Self {
        let head = &text[..text.floor_char_boundary(16 * 1024)];
        if is_page(head) || ["</p>", "</div>", "<br", "<p>", "</li>", "</h"].iter().map(|tag| head.matches(tag).count()).sum::<usize>() >= 4
        {
            return Self::Html;
        }
        let lines = || head.split(['\n', '\r']);
        let count = |prefix: fn(&str) -> bool| lines().filter(|line| prefix(line)).count();
        if count(|line| line.starts_with(".. ") && line.contains("::") || line.starts_with(".. _")) > 0 {
            return Self::ReStructuredText;
        }
        if lines().next().is_some_and(|line| line.starts_with("= ")) || count(|line| line.starts_with("== ")) > 1 {
            return Self::AsciiDoc;
        }
        let marks = count(|line| {
            let level = line.bytes().take_while(|&byte| byte == b'#').count();
            (1..=6).contains(&level) && line[level..].starts_with(' ')
        }) + count(|line| line.starts_with("===") || line.starts_with("---"))
            + count(|line| line.contains("](") || line.trim_start().starts_with("**"));
        if marks > 0 { Self::Markdown } else { Self::Text }
    }
}

/// Is the text a whole HTML page?
fn is_page(text: &str) -> bool {
    let mut rest = text.trim_start();
    while let Some(end) = rest.strip_prefix("<!--").and_then(|comment| comment.split_once("-->")) {
        rest = end.1.trim_start();
    }
    let starts = |rest: &str, prefix: &str| rest.get(..prefix.len()).is_some_and(|head| head.eq_ignore_ascii_case(prefix));
    if starts(rest, "<?xml")
        && let Some((_, after)) = rest.split_once("?>")
    {
        rest = after.trim_start();
    }
    ["<!doctype html", "<html", "<head>", "<body"].iter().any(|prefix| starts(rest, prefix))
}

/// Why bytes are no policy text. The message is for a reader, without the file's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SourceError {
    /// Nothing but white space.
    #[error("the file is empty")]
    Empty,
    /// NUL bytes that are no UTF-16, or a known binary format.
    #[error("the file is binary, not text")]
    Binary,
    /// A format that holds text, but not as text.
    #[error("{0} is not supported yet: save it as HTML or text")]
    Unsupported(&'static str),
    /// The decoded text would take 4 GiB or more.
    #[error("the file is too large")]
    TooLarge,
}

/// A text file: its name, its text, and the way from that text back to the bytes on disk.
#[derive(Debug)]
pub struct SourceFile {
    name: String,
    text: String,
    format: Format,
    disk: Disk,
    lines: OnceLock<Vec<u32>>,
    characters: OnceLock<Counts>,
}

/// How the text's bytes stand on disk.
#[derive(Debug)]
enum Disk {
    /// Byte for byte, apart from jumps; the list is sorted. UTF-8, and encodings whose characters vary in length.
    Jumps(Vec<Jump>),
    /// Every character takes one byte.
    SingleByte,
    /// Every UTF-16 unit takes two bytes; text starts after `bom` bytes of `len`.
    Utf16 { bom: u64, len: u64, units: OnceLock<Counts> },
}

/// From `text` on (up to the next jump), a byte of text stands as many bytes behind `disk` on disk as behind `text` here.
#[derive(Clone, Copy, Debug)]
struct Jump {
    text: u32,
    disk: u32,
}

/// How many units (characters, UTF-16 units) stand before every 4 KiB of a text, so that counting takes a short scan.
#[derive(Debug)]
struct Counts(Vec<u32>);

const STEP: usize = 4096;

impl Counts {
    #[allow(clippy::cast_possible_truncation)] // a text has fewer than 4 Gi units
    fn new(text: &str, count: fn(&str) -> usize) -> Self {
        let (mut before, mut from) = (0, 0);
        let counts = (0..=text.len() / STEP).map(|step| {
            let to = text.floor_char_boundary(step * STEP);
            before += count(&text[from..to]);
            from = to;
            before as u32
        });
        Self(counts.collect())
    }

    fn before(&self, text: &str, offset: usize, count: fn(&str) -> usize) -> usize {
        let step = offset / STEP;
        self.0[step] as usize + count(&text[text.floor_char_boundary(step * STEP)..offset])
    }
}

fn characters(text: &str) -> usize {
    text.chars().count()
}

fn utf16_units(text: &str) -> usize {
    text.chars().map(char::len_utf16).sum()
}

impl SourceFile {
    /// Decodes a file. `name` is shown in reports, and its ending tells the format.
    pub fn decode(name: impl Into<String>, bytes: Vec<u8>) -> Result<Self, SourceError> {
        let name = name.into();
        if u32::try_from(bytes.len()).is_err() {
            return Err(SourceError::TooLarge);
        }
        let (text, disk) = decode(bytes)?;
        if text.trim().is_empty() {
            return Err(SourceError::Empty);
        }
        if u32::try_from(text.len()).is_err() {
            return Err(SourceError::TooLarge);
        }
        Ok(Self { format: Format::of(&name, &text), name, text, disk, lines: OnceLock::new(), characters: OnceLock::new() })
    }

    /// The name that reports show.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The decoded text, without a byte order mark.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text of a span.
    ///
    /// # Panics
    /// When the span is of another file.
    pub fn slice(&self, span: Span) -> &str {
        &self.text[span.range()]
    }

    /// The markup that the file is written in.
    pub fn format(&self) -> Format {
        self.format
    }

    /// Line and column (both from 1, the column in Unicode characters) of a byte of the text.
    pub fn line_column(&self, offset: u32) -> (usize, usize) {
        let offset = self.boundary(offset);
        let lines = self.lines();
        let line = lines.partition_point(|&start| start as usize <= offset);
        let counts = self.characters.get_or_init(|| Counts::new(&self.text, characters));
        let before = |offset| counts.before(&self.text, offset, characters);
        (line, before(offset) - before(lines[line - 1] as usize) + 1)
    }

    /// The span of a line (from 1) without its line break; none where the file has fewer lines.
    pub fn line(&self, number: usize) -> Option<Span> {
        let lines = self.lines();
        let start = *lines.get(number.checked_sub(1)?)? as usize;
        let end = lines.get(number).map_or(self.text.len(), |&end| end as usize);
        let line = &self.text[start..end];
        let line = line.strip_suffix('\n').unwrap_or(line);
        let line = line.strip_suffix('\r').unwrap_or(line);
        Some(Span::new(start, start + line.len()))
    }

    /// The offset in the file on disk of a byte of the text.
    pub fn disk_offset(&self, offset: u32) -> u64 {
        let offset = self.boundary(offset);
        match &self.disk {
            Disk::Jumps(jumps) => {
                let next = jumps.partition_point(|jump| jump.text as usize <= offset);
                let jump = next.checked_sub(1).map_or(Jump { text: 0, disk: 0 }, |at| jumps[at]);
                u64::from(jump.disk) + (offset as u64 - u64::from(jump.text))
            }
            Disk::SingleByte => {
                let counts = self.characters.get_or_init(|| Counts::new(&self.text, characters));
                counts.before(&self.text, offset, characters) as u64
            }
            Disk::Utf16 { bom, len, units } => {
                let counts = units.get_or_init(|| Counts::new(&self.text, utf16_units));
                (bom + 2 * counts.before(&self.text, offset, utf16_units) as u64).min(*len)
            }
        }
    }

    fn boundary(&self, offset: u32) -> usize {
        self.text.floor_char_boundary(offset as usize)
    }

    /// Where the lines start.
    #[allow(clippy::cast_possible_truncation)] // a text is smaller than 4 GiB
    fn lines(&self) -> &[u32] {
        self.lines.get_or_init(|| {
            let bytes = self.text.as_bytes();
            let breaks = memchr::memchr2_iter(b'\n', b'\r', bytes);
            let ends = breaks.filter(|&at| bytes[at] == b'\n' || bytes.get(at + 1) != Some(&b'\n'));
            std::iter::once(0).chain(ends.map(|at| at as u32 + 1)).collect()
        })
    }
}

/// The text of a file and where it stands on disk.
fn decode(bytes: Vec<u8>) -> Result<(String, Disk), SourceError> {
    if let Some((encoding, bom)) = Encoding::for_bom(&bytes) {
        if encoding == UTF_8 {
            return Ok(match std::str::from_utf8(&bytes[bom..]) {
                Ok(text) => (text.to_owned(), Disk::Jumps(vec![Jump { text: 0, disk: 3 }])),
                Err(_) => lossy_utf8(&bytes, bom),
            });
        }
        return utf16(encoding, &bytes, bom);
    }
    if let Some(what) = foreign(&bytes) {
        return Err(what);
    }
    if let Some(encoding) = utf16_without_bom(&bytes) {
        return utf16(encoding, &bytes, 0);
    }
    if is_binary(&bytes[..bytes.len().min(8 * 1024)]) {
        return Err(SourceError::Binary);
    }
    let bytes = match String::from_utf8(bytes) {
        Ok(text) => return Ok((text, Disk::Jumps(Vec::new()))),
        Err(error) => error.into_bytes(),
    };
    let encoding = legacy_encoding(&bytes);
    Ok(if encoding == UTF_8 {
        lossy_utf8(&bytes, 0)
    } else if encoding.is_single_byte() {
        (encoding.decode_without_bom_handling(&bytes).0.into_owned(), Disk::SingleByte)
    } else {
        multi_byte(encoding, &bytes)
    })
}

/// Formats that people keep policies in and that are no text.
fn foreign(bytes: &[u8]) -> Option<SourceError> {
    const OFFICE: &str = "a Word or other office document";
    let kinds: [(&[u8], SourceError); 6] = [
        (b"%PDF-", SourceError::Unsupported("a PDF")),
        (b"PK\x03\x04", SourceError::Unsupported("a DOCX, ODT or other ZIP file")),
        (b"{\\rtf", SourceError::Unsupported("an RTF document")),
        (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", SourceError::Unsupported(OFFICE)),
        (b"\x1F\x8B", SourceError::Binary),
        (b"\x89PNG", SourceError::Binary),
    ];
    kinds.into_iter().find(|(magic, _)| bytes.starts_with(magic)).map(|(_, error)| error)
}

/// A saved page may be padded with NULs here or there; in a binary file they and their like are all over the place.
fn is_binary(head: &[u8]) -> bool {
    let control = |byte: u8| byte < b' ' && !byte.is_ascii_whitespace() && !matches!(byte, 0x0B | 0x1B);
    let controls = head.iter().filter(|&&byte| control(byte)).count();
    let runs = head.chunk_by(|&a, &b| control(a) == control(b)).filter(|run| control(run[0])).count();
    head.contains(&0) && (controls * 10 > head.len() || runs * 100 > head.len())
}

/// English in UTF-16 has a NUL in every other byte.
fn utf16_without_bom(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = &bytes[..bytes.len().min(4096) & !1];
    let (even, odd) =
        head.chunks_exact(2).fold((0, 0), |(even, odd), pair| (even + usize::from(pair[0] == 0), odd + usize::from(pair[1] == 0)));
    let pairs = head.len() / 2;
    let most = |nuls: usize| nuls > 0 && nuls * 10 >= pairs * 7;
    let few = |nuls: usize| nuls * 20 <= pairs;
    match () {
        () if most(odd) && few(even) => Some(UTF_16LE),
        () if most(even) && few(odd) => Some(UTF_16BE),
        () => None,
    }
}

fn utf16(encoding: &'static Encoding, bytes: &[u8], bom: usize) -> Result<(String, Disk), SourceError> {
    let (text, _) = encoding.decode_without_bom_handling(&bytes[bom..]);
    if text.contains('\0') {
        return Err(SourceError::Binary);
    }
    let disk = Disk::Utf16 { bom: bom as u64, len: bytes.len() as u64, units: OnceLock::new() };
    Ok((text.into_owned(), disk))
}

/// UTF-8 with invalid bytes, each stretch of which becomes one replacement character.
#[allow(clippy::cast_possible_truncation)] // checked by `SourceFile::decode`
fn lossy_utf8(bytes: &[u8], bom: usize) -> (String, Disk) {
    let mut text = String::with_capacity(bytes.len());
    let mut jumps = vec![Jump { text: 0, disk: bom as u32 }];
    let mut disk = bom;
    for chunk in bytes[bom..].utf8_chunks() {
        text.push_str(chunk.valid());
        disk += chunk.valid().len();
        if !chunk.invalid().is_empty() {
            text.push(char::REPLACEMENT_CHARACTER);
            disk += chunk.invalid().len();
            jumps.push(Jump { text: text.len() as u32, disk: disk as u32 });
        }
    }
    (text, Disk::Jumps(jumps))
}

/// East Asian encodings: fed byte by byte, which shows what each character was made of, invalid ones too.
#[allow(clippy::cast_possible_truncation)] // checked by `SourceFile::decode`
fn multi_byte(encoding: &'static Encoding, bytes: &[u8]) -> (String, Disk) {
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let mut text = String::with_capacity(bytes.len() * 3 / 2 + 16);
    let mut jumps: Vec<Jump> = Vec::new();
    let mut buffer = [0; 16];
    // Where the character at hand began, and how far text and disk had drifted apart before it.
    let (mut start, mut drift) = (0, 0_usize);
    let mut emit = |decoded: &str, start: usize, at: usize| {
        let last = decoded.char_indices().next_back().map_or(0, |(last, _)| last);
        for (offset, character) in decoded.char_indices() {
            let disk = if offset > 0 && offset == last { at } else { start };
            let now = disk.wrapping_sub(text.len());
            if now != drift {
                drift = now;
                jumps.push(Jump { text: text.len() as u32, disk: disk as u32 });
            }
            text.push(character);
        }
    };
    for (at, byte) in bytes.iter().enumerate() {
        let (_, _, written, _) = decoder.decode_to_utf8(std::slice::from_ref(byte), &mut buffer, false);
        if written > 0 {
            emit(&String::from_utf8_lossy(&buffer[..written]), start, at);
            start = at + 1;
        }
    }
    let (_, _, written, _) = decoder.decode_to_utf8(&[], &mut buffer, true);
    emit(&String::from_utf8_lossy(&buffer[..written]), start, bytes.len());
    jumps.push(Jump { text: text.len() as u32, disk: bytes.len() as u32 });
    (text, Disk::Jumps(jumps))
}

/// The encoding of bytes that are not valid UTF-8.
fn legacy_encoding(bytes: &[u8]) -> &'static Encoding {
    let (mut characters, mut errors) = (0, 0);
    for chunk in bytes.utf8_chunks() {
        if !chunk.valid().is_ascii() {
            characters += chunk.valid().chars().filter(|character| !character.is_ascii()).count();
        }
        errors += usize::from(!chunk.invalid().is_empty());
    }
    if characters > errors {
        return UTF_8;
    }
    if let Some(encoding) = declared(bytes).filter(|&encoding| encoding != UTF_8) {
        return encoding;
    }
    let high = |byte: &&u8| !byte.is_ascii();
    let all = bytes.iter().filter(high).count();
    let mac = |byte: &&u8| matches!(byte, 0xA5 | 0xA8..=0xAA | 0xC9 | 0xCA | 0xD0..=0xD5);
    let mac_apostrophe = |window: &[u8]| window[1] == 0xD5 && window[0].is_ascii_lowercase() && window[2].is_ascii_lowercase();
    if bytes.iter().filter(mac).count() == all && bytes.windows(3).any(mac_apostrophe) {
        return MACINTOSH;
    }
    // The punctuation of a word processor and the odd section sign, which statistics take for Shift_JIS or Cyrillic when nothing
    // else stands by.
    let usual = |byte: &&u8| {
        matches!(
            byte,
            0x80 | 0x82 | 0x84 | 0x85 | 0x91..=0x97 | 0x99 | 0xA0 | 0xA2 | 0xA3 | 0xA7 | 0xA9 | 0xAB | 0xAD | 0xAE | 0xB0 | 0xB7 | 0xBB
        )
    };
    if all * 50 <= bytes.len() || bytes.iter().filter(usual).count() * 10 >= all * 9 && all * 10 <= bytes.len() {
        return WINDOWS_1252;
    }
    let first = bytes.iter().position(|byte| !byte.is_ascii()).unwrap_or(0);
    let from = first.saturating_sub(1024);
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(&bytes[from..bytes.len().min(from + 256 * 1024)], true);
    let guess = detector.guess(None, Utf8Detection::Deny);
    if guess == UTF_8 { WINDOWS_1252 } else { guess }
}

/// The encoding that `<meta charset>`, its older form or an XML declaration names.
fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = bytes[..bytes.len().min(4096)].to_ascii_lowercase();
    let label_after = |key: &[u8], opener: &[u8]| {
        memchr::memmem::find_iter(&head, key).find_map(|at| {
            let tag = memchr::memrchr(b'<', &head[..at])?;
            if !head[tag..].starts_with(opener) {
                return None;
            }
            let label = head[at + key.len()..].trim_ascii_start().strip_prefix(b"=")?.trim_ascii_start();
            let label = label.strip_prefix(b"\"").or(label.strip_prefix(b"'")).unwrap_or(label);
            let end = label.iter().position(|byte| !byte.is_ascii_alphanumeric() && !b"-_:.".contains(byte))?;
            Encoding::for_label_no_replacement(&label[..end])
        })
    };
    let encoding = label_after(b"charset", b"<meta").or_else(|| label_after(b"encoding", b"<?xml"))?;
    // A page that could be read as far as this declaration is not UTF-16, and the state of ISO-2022-JP is beyond a byte's.
    Some(if encoding == UTF_16LE || encoding == UTF_16BE { UTF_8 } else { encoding })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn file(bytes: &[u8]) -> SourceFile {
        SourceFile::decode("policy.txt", bytes.to_vec()).unwrap()
    }

    fn at(source: &SourceFile, needle: &str) -> u32 {
        u32::try_from(source.text().find(needle).unwrap()).unwrap()
    }

    #[test]
    fn utf8_is_taken_as_it_stands() {
        let source = file("Naïve café policy".as_bytes());
        assert_eq!(source.text(), "Naïve café policy");
        assert_eq!(source.disk_offset(at(&source, "policy")), 13);
        let marked = file("\u{feff}Naïve policy".as_bytes());
        assert_eq!(marked.text(), "Naïve policy");
        assert_eq!(marked.disk_offset(at(&marked, "policy")), 10);
    }

    #[test]
    fn a_few_bad_bytes_leave_utf8() {
        let source = file(b"\xE2\x80\x9CWe\xE2\x80\x9D don\x92t sell \xE2\x80\x93 ever \xE2\x80\x93 it. End\xFF\xFE");
        assert!(source.text().starts_with("“We” don\u{fffd}t sell – ever"), "{}", source.text());
        assert_eq!(source.disk_offset(at(&source, "t sell")), 13);
        assert_eq!(source.disk_offset(u32::try_from(source.text().len()).unwrap()), 42);
    }

    #[test]
    fn windows_1252_is_the_fallback() {
        let source = file(b"The children\x92s data \x96 all of it \x97 is ours.");
        assert_eq!(source.text(), "The children’s data – all of it — is ours.");
        assert_eq!(source.disk_offset(at(&source, "data")), 15);
        assert_eq!(source.disk_offset(at(&source, "ours")), 37);
        assert_eq!(source.line_column(at(&source, "ours")), (1, 38));
    }

    #[test]
    fn mac_and_declared_encodings() {
        assert_eq!(file(b"The children\xD5s data").text(), "The children’s data");
        let page = SourceFile::decode("p.html", b"<html><meta charset='windows-1251'><p>\xCF\xF0\xE8".to_vec()).unwrap();
        assert!(page.text().ends_with("При"));
        let page =
            SourceFile::decode("p.html", b"<?xml version='1.0' encoding=\"gbk\"?><html>\xC4\xE3, we \xFF\x81 collect".to_vec()).unwrap();
        assert!(page.text().contains("<html>你, we "), "{}", page.text());
        let offset = page.disk_offset(at(&page, "collect"));
        assert_eq!(offset, 52, "{}", page.text());
        assert_eq!(page.disk_offset(u32::try_from(page.text().len()).unwrap()), 59);
    }

    #[test]
    fn utf16_with_and_without_a_mark() {
        let text = "We “never” sell 😀 your data.";
        let little = text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>();
        let big = text.encode_utf16().flat_map(u16::to_be_bytes).collect::<Vec<_>>();
        for (bytes, bom) in [(&little, 0), (&big, 0), (&[&b"\xFF\xFE"[..], &little].concat(), 2), (&[&b"\xFE\xFF"[..], &big].concat(), 2)] {
            let source = file(bytes);
            assert_eq!(source.text(), text);
            assert_eq!(source.disk_offset(at(&source, "your")), bom + 38);
        }
    }

    #[test]
    fn what_is_no_text_is_said() {
        let error = |bytes: &[u8]| SourceFile::decode("x", bytes.to_vec()).unwrap_err();
        assert_eq!(error(b" \n\t"), SourceError::Empty);
        assert_eq!(error(b""), SourceError::Empty);
        assert_eq!(error(b"abc\0\0\x01\x02def"), SourceError::Binary);
        assert_eq!(error(b"%PDF-1.7 ...").to_string(), "a PDF is not supported yet: save it as HTML or text");
        let padded = ["We collect nothing. ".repeat(20), "\0".repeat(30)].concat();
        assert!(SourceFile::decode("x", padded.into_bytes()).is_ok());
        assert!(error(b"PK\x03\x04....").to_string().contains("DOCX"));
        assert!(error(b"{\\rtf1 x}").to_string().contains("RTF"));
    }

    #[test]
    fn lines_end_in_three_ways() {
        let source = file("one\r\ntwö x\rthree\n\nfive".as_bytes());
        assert_eq!(source.line_column(at(&source, "x")), (2, 5));
        assert_eq!(source.line_column(at(&source, "three")), (3, 1));
        assert_eq!(source.line_column(at(&source, "five")), (5, 1));
        let line = |number| source.line(number).map(|span| source.slice(span));
        assert_eq!([line(1), line(2), line(4), line(5)], [Some("one"), Some("twö x"), Some(""), Some("five")]);
        assert_eq!((line(0), line(6)), (None, None));
    }

    #[test]
    fn the_name_or_else_the_text_tells_the_format() {
        let format = |name: &str, text: &str| SourceFile::decode(name, text.into()).unwrap().format();
        assert_eq!(format("a/PRIVACY.MD", "We"), Format::Markdown);
        assert_eq!(format("a.b/privacy", "We collect."), Format::Text);
        assert_eq!(format("privacy.html.erb", "We"), Format::Html);
        assert_eq!(format("privacy.md.liquid", "We"), Format::Markdown);
        assert_eq!(format("privacy.txt", " <!-- saved --><!DOCTYPE HTML><p>We"), Format::Html);
        assert_eq!(format("privacy.md", "<html><p>We"), Format::Html);
        assert_eq!(format("-", "# Privacy\n\nWe"), Format::Markdown);
        assert_eq!(format("-", "Privacy\n\n.. _top:\n"), Format::ReStructuredText);
        assert_eq!(format("-", "= Privacy\n\nWe"), Format::AsciiDoc);
        assert_eq!(format("-", "<p>One</p><p>Two</p><p>Three</p>"), Format::Html);
    }

    proptest! {
        #[test]
        fn any_bytes_have_a_place(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
            if let Ok(source) = SourceFile::decode("x.txt", bytes.clone()) {
                let mut last = 0;
                for (offset, _) in source.text().char_indices() {
                    let offset = u32::try_from(offset).unwrap();
                    let disk = source.disk_offset(offset);
                    prop_assert!(disk >= last && disk <= bytes.len() as u64);
                    last = disk;
                    let (line, column) = source.line_column(offset);
                    prop_assert!(line >= 1 && column >= 1);
                }
            }
        }
    }

    #[test]
    fn long_texts_are_indexed() {
        let line = b"na\xEFve \x93words\x94 ".repeat(5000);
        let source = file(&line);
        let last = u32::try_from(source.text().len()).unwrap();
        assert_eq!(source.disk_offset(last), line.len() as u64);
        assert_eq!(source.line_column(last), (1, line.len() + 1));
    }
}
