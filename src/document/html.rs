//! HTML as a reader sees it in a browser: what is shown apart is a block, chrome is left out, and careless markup (unclosed tags,
//! Word exports, `<br>` for everything) reads as it looks.
//!
//! Two linear passes: [`page`] balances and measures the elements, so that [`chrome`] and [`tables`] can judge each before its text is
//! read; the second pass, here, hands blocks to the builder. Between two blocks text is kept as pieces (see [`lines`]) until the block
//! ends, since only then can it be told from a heading or a list item.

mod chrome;
mod lines;
mod page;
mod references;
mod tables;
mod tag;
mod templates;

use self::lines::{Line, Piece, What};
use self::page::{Event, Page};
use self::tag::Kind;
use super::BlockKind;
use super::builder::Builder;
use std::ops::Range;

/// Adds a page to the document.
pub(super) fn parse(builder: &mut Builder) {
    let mut page = Page::read(builder.source(), 0..builder.source().len());
    let has_heading = chrome::mark(&mut page);
    let mut reader = Reader::new(builder, &page, false);
    if let Some(title) = page.title.clone().filter(|_| !has_heading) {
        reader.title(title);
    }
    reader.read();
}

/// Adds a stretch of HTML that stands inside other markup. Blocks, lists and tables that are open stay so, unless a block begins or
/// ends inside the stretch.
pub(super) fn fragment(builder: &mut Builder, range: Range<usize>) {
    let page = Page::read(builder.source(), range);
    Reader::new(builder, &page, true).read();
}

/// The second pass.
struct Reader<'a, 's> {
    builder: &'a mut Builder<'s>,
    page: &'a Page,
    fragment: bool,
    /// Is the text at hand still part of a block that was open before the fragment?
    continues: bool,
    pieces: Vec<Piece>,
    /// Where the open link leads.
    link: Option<u32>,
    /// Open headings, lists and items, by element; an item comes with whether text was read in it.
    heading: Option<usize>,
    lists: Vec<usize>,
    items: Vec<usize>,
    /// The open table of data, and whether a cell of it is open.
    table: Option<usize>,
    cell: bool,
    first_row: bool,
    header_rows: Option<usize>,
    /// The open `dt` or `summary`.
    term: Option<usize>,
    preformatted: usize,
    /// How many elements styled as headings are open.
    styled: usize,
    /// Is a list of lines with bullets open?
    bullets: bool,
    /// Did the last block end with a colon?
    led_in: bool,
    /// Level of the last heading that a tag made.
    level: u8,
    title: String,
    any_heading: bool,
    any_text: bool,
    /// Is so much of the page bold that it means nothing?
    all_bold: bool,
}

impl<'a, 's> Reader<'a, 's> {
    fn new(builder: &'a mut Builder<'s>, page: &'a Page, fragment: bool) -> Self {
        Self {
            builder,
            page,
            fragment,
            continues: fragment,
            pieces: Vec::new(),
            link: None,
            heading: None,
            lists: Vec::new(),
            items: Vec::new(),
            table: None,
            cell: false,
            first_row: false,
            header_rows: None,
            term: None,
            preformatted: 0,
            styled: 0,
            bullets: false,
            led_in: false,
            level: 0,
            title: String::new(),
            any_heading: false,
            any_text: false,
            all_bold: page.holds.bold * 2 > page.holds.text,
        }
    }

    /// A page without headings is headed by its `title`.
    fn title(&mut self, range: Range<usize>) {
        lines::cut(self.builder.source(), range, false, false, &mut self.pieces);
        let text = lines::lines(&self.pieces, self.builder.source(), self.page)
            .into_iter()
            .map(|line| line.text);
        self.title = text.collect();
        if !self.title.is_empty() {
            self.builder.open_heading(1);
            lines::write(self.builder, &self.pieces, self.page, 0);
            self.builder.close();
            self.level = 1;
            self.any_heading = true;
        }
        self.pieces.clear();
    }

    fn read(mut self) {
        let page = self.page;
        let mut at = 0;
        while let Some(event) = page.events.get(at) {
            match event {
                Event::Start(number) if page.elements[*number].chrome => {
                    let element = &page.elements[*number];
                    if !element.kind.is_inline() {
                        self.boundary();
                    }
                    at = element.events.end;
                }
                Event::Start(number) => self.start(*number),
                Event::End(number) => self.end(*number),
                Event::Text { range, bold } => {
                    let source = self.builder.source();
                    lines::cut(
                        source,
                        range.clone(),
                        *bold || self.styled > 0,
                        self.preformatted > 0,
                        &mut self.pieces,
                    );
                }
                Event::Break(byte) => self.piece(What::Break(*byte)),
                Event::Boundary => self.boundary(),
                Event::EndLink => self.piece(What::EndLink),
            }
            at += 1;
        }
        if self.fragment {
            self.leave();
        } else {
            self.boundary();
            self.end_bullets();
        }
    }

    fn piece(&mut self, what: What) {
        self.pieces.push(Piece { what, bold: false });
    }

    fn start(&mut self, number: usize) {
        let page = self.page;
        let element = &page.elements[number];
        let kind = element.kind;
        if !kind.is_inline() {
            self.boundary();
        }
        self.styled += usize::from(element.hint == chrome::Hint::Heading);
        match kind {
            Kind::Link => {
                if let Some(target) = element.target {
                    self.link = Some(target);
                    self.piece(What::Link(target));
                }
            }
            Kind::Heading => self.heading = Some(number),
            Kind::Term | Kind::Summary => self.term = Some(number),
            Kind::Pre => self.preformatted += 1,
            // A list that holds headings numbers the sections of a policy.
            Kind::List if !self.cell && element.holds.headings == 0 && element.holds.text > 0 => {
                self.end_bullets();
                self.builder.start_list();
                self.lists.push(number);
            }
            Kind::Item => {
                self.end_bullets();
                self.items.push(number);
            }
            Kind::Table => {
                self.end_bullets();
                if !self.fragment && self.table.is_none() && tables::is_data(page, element)
                    || self.fragment && element.holds.text > 0 && tables::is_data(page, element)
                {
                    self.builder.start_table();
                    self.table = Some(number);
                    self.first_row = true;
                }
            }
            Kind::TableHead if self.table.is_some() => self.header_rows = Some(number),
            Kind::Row if self.table.is_some() => {
                let header = self.header_rows.is_some() || tables::is_header(page, element, self.first_row);
                self.first_row &= element.holds.text == 0;
                self.builder.start_row(header);
            }
            Kind::Cell | Kind::HeaderCell if self.table.is_some() => {
                self.builder.start_cell();
                self.cell = true;
            }
            _ => {}
        }
    }

    fn end(&mut self, number: usize) {
        let element = &self.page.elements[number];
        let kind = element.kind;
        if !kind.is_inline() {
            self.boundary();
        }
        if element.hint == chrome::Hint::Heading {
            self.styled = self.styled.saturating_sub(1);
        }
        match kind {
            Kind::Link => {
                // In Markdown the end tag of a link stands in a later fragment.
                if self.link.is_some() && !(self.fragment && element.unclosed) {
                    self.piece(What::EndLink);
                }
                self.link = None;
            }
            Kind::Heading if self.heading == Some(number) => self.heading = None,
            Kind::Term | Kind::Summary if self.term == Some(number) => self.term = None,
            Kind::Pre => self.preformatted = self.preformatted.saturating_sub(1),
            Kind::List if self.lists.last() == Some(&number) => {
                self.end_bullets();
                self.lists.pop();
                self.builder.end_list();
                self.led_in = false;
            }
            Kind::Item if self.items.last() == Some(&number) => {
                self.end_bullets();
                self.items.pop();
            }
            Kind::Table => {
                self.end_bullets();
                if self.table.take_if(|table| *table == number).is_some() {
                    self.end_cell(1);
                    self.builder.end_table();
                    self.header_rows = None;
                }
            }
            Kind::TableHead if self.header_rows == Some(number) => self.header_rows = None,
            Kind::Cell | Kind::HeaderCell => self.end_cell(element.columns),
            _ => {}
        }
    }

    fn end_cell(&mut self, columns: u8) {
        if std::mem::take(&mut self.cell) {
            for _ in 0..columns {
                self.builder.end_cell();
            }
        }
    }

    fn end_bullets(&mut self) {
        if std::mem::take(&mut self.bullets) {
            self.builder.end_list();
        }
    }

    /// A block begins or ends: what was read so far is complete.
    fn boundary(&mut self) {
        let pieces = std::mem::take(&mut self.pieces);
        if self.continues {
            self.go_on(&pieces);
            self.continues = false;
            self.builder.close();
        } else if !pieces.is_empty() {
            let lines = lines::lines(&pieces, self.builder.source(), self.page);
            if lines.iter().any(|line| !line.is_blank()) {
                self.block(&pieces, &lines);
                if !self.cell {
                    self.builder.close();
                }
            }
        }
        self.pieces = pieces;
        self.pieces.clear();
        if let Some(target) = self.link {
            self.piece(What::Link(target));
        }
    }

    /// The end of a fragment: its last line may go on behind it.
    fn leave(&mut self) {
        let pieces = std::mem::take(&mut self.pieces);
        if !self.continues && pieces.iter().any(|piece| !matches!(piece.what, What::EndLink | What::Break(_))) {
            self.boundary();
            self.open_plain();
        }
        self.go_on(&pieces);
        self.end_bullets();
    }

    /// Hands pieces over as part of the block that is open.
    fn go_on(&mut self, pieces: &[Piece]) {
        let mut broken = false;
        for piece in pieces {
            match &piece.what {
                What::Break(_) if broken => self.builder.close(),
                What::Break(_) => broken = true,
                What::Text(range) => broken &= self.builder.source()[range.clone()].trim().is_empty(),
                What::Instead(text, _) => broken &= text.trim().is_empty(),
                _ => {}
            }
            lines::write(self.builder, std::slice::from_ref(piece), self.page, 0);
        }
    }

    /// The text between two boundaries.
    fn block(&mut self, pieces: &[Piece], lines: &[Line]) {
        let whole = lines.first().map_or(0, |line| line.pieces.start)..lines.last().map_or(0, |line| line.pieces.end);
        if self.cell {
            return self.cell_text(pieces, lines);
        }
        if let Some(heading) = self.heading {
            let words: usize = lines.iter().map(|line| line.text.split_whitespace().count()).sum();
            let ends = lines
                .iter()
                .rfind(|line| !line.is_blank())
                .is_some_and(|line| line.text.ends_with('.'));
            if words <= 40 && !(ends && words > 12) {
                self.level = self.page.elements[heading].level;
                self.open_heading(self.level);
                return lines::write(self.builder, &pieces[whole], self.page, 0);
            }
        } else if self.term.is_some() && lines.iter().filter(|line| !line.is_blank()).all(Line::reads_as_heading) {
            let level = match self.term.map(|term| self.page.elements[term].kind) {
                Some(Kind::Summary) => self.level + 1,
                _ => 6,
            };
            self.open_heading(level);
            return lines::write(self.builder, &pieces[whole], self.page, 0);
        }
        self.lines(pieces, lines);
    }

    /// A cell of a table of data: its paragraphs and bullets are blocks of the cell.
    fn cell_text(&mut self, pieces: &[Piece], lines: &[Line]) {
        let mut apart = true;
        for line in lines {
            let marker = line.marker().filter(|marker| !marker.numbered);
            if line.is_blank() {
                apart = true;
                continue;
            }
            if apart || marker.is_some() {
                self.builder.start_cell();
            } else {
                self.builder.space(self.gap(line, pieces));
            }
            apart = false;
            lines::write(
                self.builder,
                &pieces[line.pieces.clone()],
                self.page,
                marker.map_or(0, |marker| marker.len),
            );
        }
    }

    /// The byte of the break before a line.
    fn gap(&self, line: &Line, pieces: &[Piece]) -> usize {
        match line.pieces.start.checked_sub(1).map(|at| &pieces[at].what) {
            Some(What::Break(at)) => *at,
            _ => 0,
        }
    }

    fn lines(&mut self, pieces: &[Piece], lines: &[Line]) {
        let numbered = lines
            .iter()
            .filter(|line| line.marker().is_some_and(|marker| marker.numbered))
            .count()
            > 1;
        let mut at = 0;
        while at < lines.len() {
            let line = &lines[at];
            at += 1;
            if line.is_blank() || !self.fragment && !self.led_in && line.is_navigation() || line.text == self.title && line.bold {
                continue;
            }
            if let Some(level) = self.heading_level(line, lines, at - 1) {
                self.open_heading(level);
                lines::write(self.builder, &pieces[line.pieces.clone()], self.page, 0);
                self.builder.close();
                continue;
            }
            if let Some(marker) = line
                .marker()
                .filter(|marker| !marker.numbered || numbered || self.led_in || self.bullets)
            {
                self.open_item();
                lines::write(self.builder, &pieces[line.pieces.clone()], self.page, marker.len);
                while let Some(next) = lines.get(at).filter(|next| next.starts_lower() && next.marker().is_none()) {
                    self.builder.space(self.gap(next, pieces));
                    lines::write(self.builder, &pieces[next.pieces.clone()], self.page, 0);
                    at += 1;
                }
                continue;
            }
            let listed = lines[at - 1..]
                .iter()
                .take_while(|line| self.led_in && line.reads_as_listed() && !line.is_blank() && !line.bold);
            let listed = listed.count();
            let run = &lines[at - 1..at - 1 + listed];
            if listed >= 2 && run.iter().all(|line| line.starts_lower() == run[0].starts_lower()) {
                for line in run {
                    self.open_item();
                    lines::write(self.builder, &pieces[line.pieces.clone()], self.page, 0);
                }
                self.end_bullets();
                self.led_in = false;
                at += listed - 1;
                continue;
            }
            self.open_plain();
            let mut last = line;
            lines::write(self.builder, &pieces[line.pieces.clone()], self.page, 0);
            while let Some(next) = lines.get(at).filter(|next| {
                !last.text.ends_with(':') && !next.is_blank() && next.marker().is_none() && self.heading_level(next, lines, at).is_none()
            }) {
                self.builder.space(self.gap(next, pieces));
                lines::write(self.builder, &pieces[next.pieces.clone()], self.page, 0);
                last = next;
                at += 1;
            }
            self.led_in = last.text.ends_with(':');
        }
    }

    /// The level of a line that is a heading though no tag says so.
    fn heading_level(&self, line: &Line, lines: &[Line], at: usize) -> Option<u8> {
        if self.fragment {
            return None;
        }
        if !self.any_heading && !self.any_text && line.reads_as_title() {
            return Some(1);
        }
        // An item that is all bold is a heading only if it heads something.
        let item = self.items.last().map(|&item| self.page.elements[item].holds.text);
        let heads = item.is_none_or(|text| text > line.text.len() * 2);
        // Three bold lines in a row are an address or an outcry.
        let neighbours = |line: Option<&Line>| usize::from(line.is_some_and(|line| line.bold && !line.is_blank()));
        let before = at.checked_sub(1).and_then(|at| lines.get(at));
        let alone = neighbours(before) + neighbours(lines.get(at + 1)) == 0;
        let shown = line.bold && !self.all_bold && heads && alone && line.is_bold_heading();
        shown.then_some(if self.any_heading || self.any_text {
            self.level.max(1) + 1
        } else {
            1
        })
    }

    fn open_heading(&mut self, level: u8) {
        self.end_bullets();
        self.builder.open_heading(level);
        self.any_heading = true;
        self.led_in = false;
    }

    fn open_plain(&mut self) {
        self.end_bullets();
        self.any_text = true;
        if self.lists.is_empty() {
            self.builder.open(BlockKind::Paragraph);
        } else {
            self.builder.start_item();
        }
    }

    fn open_item(&mut self) {
        self.any_text = true;
        if !self.bullets && self.lists.is_empty() {
            self.builder.start_list();
            self.bullets = true;
        }
        self.builder.start_item();
    }
}

#[cfg(test)]
mod dump {
    use super::super::builder::Builder;
    #[test]
    #[ignore]
    fn dump() {
        for path in std::env::var("DUMP").unwrap().split(' ') {
            let bytes = std::fs::read(path).unwrap();
            let text = String::from_utf8_lossy(&bytes).into_owned();
            let mut builder = Builder::new(&text);
            super::parse(&mut builder);
            let document = builder.finish();
            println!("=== {path} links {}", document.links.len());
            for block in &document.blocks {
                let text: Vec<&str> = block.sentences.clone().map(|s| document.sentence_text(s)).collect();
                let text = text.join(" | ").split_whitespace().collect::<Vec<_>>().join(" ");
                let kind = match block.kind {
                    crate::document::BlockKind::Heading => format!("H{}", document.sections[block.section].level),
                    other => format!("{other:?}")[..1].to_owned(),
                };
                let lead: Vec<String> = block
                    .lead_ins
                    .iter()
                    .map(|&s| {
                        document
                            .sentence_text(s)
                            .split_whitespace()
                            .collect::<Vec<_>>()
                            .join(" ")
                            .chars()
                            .take(25)
                            .collect()
                    })
                    .collect();
                println!(
                    "{kind} {text}   {}",
                    if lead.is_empty() { String::new() } else { format!("<< {lead:?}") }
                );
            }
        }
    }
}

/// Adds raw HTML inside Markdown to the document.
pub(super) fn fragment(builder: &mut Builder, range: std::ops::Range<usize>) {
    let mut at = range.start;
    for part in builder.source()[range].split_inclusive(['<', '>']) {
        if !part.ends_with('>') {
            builder.text(at..at + part.trim_end_matches('<').len());
        }
        at += part.len();
    }
    builder.close();
}
