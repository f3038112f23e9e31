//! HTML as a reader sees it in a browser: what is shown apart is a block, chrome is left out, and careless markup (unclosed tags,
//! Word exports, `<br>` for everything) reads as it looks.
//!
//! Two linear passes: [`page`] balances and measures the elements, so that [`chrome`] and [`tables`] can judge each before its text is
//! read; the second pass, here, hands blocks to the builder. Between two blocks text is kept as pieces (see [`lines`]) until the block
//! ends, since only then can it be told from a heading or a list item.

mod chrome;
mod hint;
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
    let headed = chrome::mark(&mut page);
    for comment in &page.comments {
        builder.comment(comment.clone());
    }
    let mut reader = Reader::new(builder, &page, false);
    if let Some(title) = page.title.clone().filter(|_| !headed) {
        reader.title(title);
    }
    reader.builder.begin_text();
    reader.read();
}

/// Adds a stretch of HTML that stands inside other markup. Blocks, lists and tables that are open stay so, unless a block begins or
/// ends inside the stretch. Returns the insides of the comments in it.
pub(super) fn fragment(builder: &mut Builder, range: Range<usize>) -> Vec<Range<usize>> {
    let page = Page::read(builder.source(), range);
    Reader::new(builder, &page, true).read();
    page.comments
}

/// Where the inside of a comment lies in its markup; none of what is no comment, or one that nothing closes.
pub(super) fn inside_comment(markup: &str) -> Option<Range<usize>> {
    let inside = markup.strip_prefix("<!--")?;
    let inside = inside.strip_suffix("-->").or_else(|| inside.strip_suffix("--!>"))?;
    Some(4..4 + inside.len())
}

/// The second pass.
#[allow(clippy::struct_excessive_bools)] // independent facts, not states
struct Reader<'a, 's> {
    builder: &'a mut Builder<'s>,
    page: &'a Page,
    fragment: bool,
    /// Is the text at hand still part of a block that was open before the fragment?
    continues: bool,
    pieces: Vec<Piece>,
    /// Where the open link leads.
    link: Option<u32>,
    /// The open heading, lists and items, by element.
    heading: Option<usize>,
    lists: Vec<usize>,
    items: Vec<usize>,
    /// How many lists are open, those included that are no lists to the builder.
    list_depth: usize,
    /// Has an item begun that stands in no list?
    stray: bool,
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
    /// Did it ask to write somewhere, so that bold lines are the address?
    to_address: bool,
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
            list_depth: 0,
            stray: false,
            table: None,
            cell: false,
            first_row: false,
            header_rows: None,
            term: None,
            preformatted: 0,
            styled: 0,
            bullets: false,
            led_in: false,
            to_address: false,
            level: 0,
            title: String::new(),
            any_heading: false,
            any_text: false,
            all_bold: page.holds.bold * 5 > page.holds.text * 4,
        }
    }

    /// A page that no heading heads is headed by its `title`.
    fn title(&mut self, range: Range<usize>) {
        lines::cut(self.builder.source(), range, false, false, &mut self.pieces);
        let text = lines::lines(&self.pieces, self.builder.source(), self.page).into_iter().map(|line| line.text);
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
                Event::Text { range, bold, .. } => {
                    let source = self.builder.source();
                    lines::cut(source, range.clone(), *bold || self.styled > 0, self.preformatted > 0, &mut self.pieces);
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
        self.styled += usize::from(element.hint == hint::Hint::Heading);
        self.list_depth += usize::from(kind == Kind::List);
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
            // Without a list around them, items that follow each other are one.
            Kind::Item if self.list_depth == 0 => self.stray = !self.cell,
            Kind::Item => {
                self.end_bullets();
                self.items.push(number);
            }
            Kind::Table => {
                self.end_bullets();
                if self.table.is_none() && element.holds.text > 0 && tables::is_data(page, element) {
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
        // A paragraph that a fragment leaves open goes on behind it.
        let goes_on = self.fragment && element.unclosed && matches!(kind, Kind::Paragraph | Kind::Block);
        if !kind.is_inline() && !goes_on {
            self.boundary();
        }
        if element.hint == hint::Hint::Heading {
            self.styled = self.styled.saturating_sub(1);
        }
        if kind == Kind::List {
            self.list_depth = self.list_depth.saturating_sub(1);
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
        let source = self.builder.source();
        let starts = |piece: &Piece| match &piece.what {
            What::Text(range) => !source[range.clone()].trim().is_empty(),
            What::Instead(..) | What::Link(_) => true,
            What::Break(_) | What::EndLink => false,
        };
        if !self.continues && pieces.iter().any(starts) {
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
            let ends = lines.iter().rfind(|line| !line.is_blank()).is_some_and(|line| line.text.ends_with('.'));
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
                self.builder.space(gap(line, pieces));
            }
            apart = false;
            lines::write(self.builder, &pieces[line.pieces.clone()], self.page, marker.map_or(0, |marker| marker.len));
        }
    }

    fn lines(&mut self, pieces: &[Piece], lines: &[Line]) {
        let numbered = lines.iter().filter(|line| line.marker().is_some_and(|marker| marker.numbered)).count() > 1;
        let mut at = 0;
        while at < lines.len() {
            let line = &lines[at];
            at += 1;
            if line.is_blank() || self.leads_elsewhere(line) || line.text == self.title && line.bold {
                continue;
            }
            if let Some(level) = self.heading_level(line, lines, at - 1) {
                self.open_heading(level);
                lines::write(self.builder, &pieces[line.pieces.clone()], self.page, 0);
                self.builder.close();
                continue;
            }
            if let Some(marker) = line.marker().filter(|marker| !marker.numbered || numbered || self.led_in || self.bullets) {
                self.open_item();
                lines::write(self.builder, &pieces[line.pieces.clone()], self.page, marker.len);
                while let Some(next) = lines.get(at).filter(|next| next.starts_lower() && next.marker().is_none()) {
                    self.builder.space(gap(next, pieces));
                    lines::write(self.builder, &pieces[next.pieces.clone()], self.page, 0);
                    at += 1;
                }
                self.led_in = lines[at - 1].text.ends_with(':');
                continue;
            }
            let listed = lines[at - 1..].iter().take_while(|line| self.led_in && line.reads_as_listed() && !line.is_blank() && !line.bold);
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
                self.builder.space(gap(next, pieces));
                lines::write(self.builder, &pieces[next.pieces.clone()], self.page, 0);
                last = next;
                at += 1;
            }
            self.led_in = last.text.ends_with(':');
            self.to_address = last.asks_to_write() || self.to_address && last.bold;
        }
    }

    /// Is a line nothing but ways to elsewhere? What a colon led in is not, and before the policy begins a single link is enough.
    fn leads_elsewhere(&self, line: &Line) -> bool {
        let begun = self.any_heading || self.any_text;
        !self.fragment && !self.led_in && (line.is_navigation() || !begun && line.is_link())
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
        let next = lines[at + 1..].iter().find(|line| !line.is_blank());
        let runs_on = next.is_some_and(Line::starts_lower);
        let shown = line.bold && !self.all_bold && !self.to_address && heads && alone && !runs_on && line.is_bold_heading();
        shown.then_some(if self.any_heading || self.any_text { self.level.max(1) + 1 } else { 1 })
    }

    fn open_heading(&mut self, level: u8) {
        self.end_bullets();
        self.stray = false;
        self.builder.open_heading(level);
        self.any_heading = true;
        self.led_in = false;
        self.to_address = false;
    }

    fn open_plain(&mut self) {
        if std::mem::take(&mut self.stray) {
            return self.open_item();
        }
        self.end_bullets();
        self.any_text = true;
        if self.builder.in_list() {
            self.builder.start_item();
        } else {
            self.builder.open(BlockKind::Paragraph);
        }
    }

    fn open_item(&mut self) {
        self.any_text = true;
        if !self.builder.in_list() {
            self.builder.start_list();
            self.bullets = true;
        }
        self.builder.start_item();
    }
}

/// The byte of the break before a line.
fn gap(line: &Line, pieces: &[Piece]) -> usize {
    match line.pieces.start.checked_sub(1).map(|at| &pieces[at].what) {
        Some(What::Break(at)) => *at,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::super::builder::Builder;
    use super::super::{BlockKind, Document};
    use proptest::prelude::*;

    fn read(source: &str) -> Document {
        let mut builder = Builder::new(source);
        super::parse(&mut builder);
        builder.finish()
    }

    /// One line a block: its kind (a heading's with its level) and text, lead-ins behind an arrow.
    fn outline(source: &str) -> Vec<String> {
        let document = read(source);
        let text = |range: std::ops::Range<usize>| {
            let sentences = range.map(|sentence| document.sentence_text(sentence));
            let words = sentences.flat_map(str::split_whitespace);
            words.collect::<Vec<_>>().join(" ")
        };
        let line = |block: &super::super::Block| {
            let kind = match block.kind {
                BlockKind::Heading => format!("h{}", document.sections[block.section()].level),
                BlockKind::Paragraph => "p".to_owned(),
                BlockKind::Item => "li".to_owned(),
                BlockKind::Cell => "td".to_owned(),
            };
            let mut line = format!("{kind} {}", text(block.sentences()));
            for lead_in in block.lead_ins.iter() {
                line = format!("{line} < {}", text(lead_in..lead_in + 1));
            }
            line
        };
        document.blocks.iter().map(line).collect()
    }

    #[track_caller]
    fn assert_outline(source: &str, expected: &[&str]) {
        assert_eq!(outline(source), expected, "{source}");
    }

    /// Where a stretch of prose stands in the source.
    fn found<'s>(source: &'s str, prose: &str) -> &'s str {
        let document = read(source);
        let start = document.prose.find(prose).expect("the prose is there");
        &source[document.span(start..start + prose.len()).range()]
    }

    #[test]
    fn spans_are_exact() {
        let source = "<p>We at Willow&nbsp;Toys &amp; Sons keep  <span\nclass=x>no</span>thing &lt; 13.<!-- c -->\r\nNot</>even\0é names.";
        assert_eq!(found(source, "keep"), "keep");
        assert_eq!(found(source, "& Sons"), "&amp; Sons");
        assert_eq!(found(source, "Toys &"), "Toys &amp;");
        assert_eq!(found(source, "nothing"), "no</span>thing");
        assert_eq!(found(source, "thing < 13."), "thing &lt; 13.");
        assert_eq!(found(source, "é names"), "é names");
        assert_eq!(found(source, "Not"), "Not");
        assert_eq!(found("<p>a < 13 <b>or</b> b<", "< 13 or b<"), "< 13 <b>or</b> b<");
    }

    #[test]
    fn what_is_shown_apart_is_a_block() {
        assert_outline(
            "<BODY><DIV>One<P>two<p>three</DIV>four<hr>five<blockquote>six</blockquote><center>seven</center></BODY>eight",
            &["p One", "p two", "p three", "p four", "p five", "p six", "p seven", "p eight"],
        );
    }

    #[test]
    fn inline_tags_split_nothing() {
        assert_outline(
            "<p class=MsoNormal><span\nclass=SpellE>per</span><o:p></o:p>sonal <b>infor</b><i>mation</i>\nof\n<u>yours</u></p>",
            &["p personal information of yours"],
        );
    }

    #[test]
    fn two_breaks_end_a_paragraph_and_one_is_a_space() {
        assert_outline(
            "Willow Toys<br>12 Mill Lane<br/>\n&nbsp;<br>We like letters.",
            &["p Willow Toys 12 Mill Lane", "p We like letters."],
        );
    }

    #[test]
    fn lines_with_bullets_are_items() {
        assert_outline(
            "<p>We collect:<br>- your name<br>- your e-mail address,\nwhich<br>we need<br>We keep nothing else.</p>",
            &[
                "p We collect:",
                "li your name < We collect:",
                "li your e-mail address, which we need < We collect:",
                "p We keep nothing else.",
            ],
        );
        assert_outline(
            "<div>We promise to</div><div>&nbsp; <b>&bull;</b> be kind</div><div>&nbsp;&bull; be quick</div><div>Done.</div>",
            &["p We promise to", "li be kind < We promise to", "li be quick < We promise to", "p Done."],
        );
        assert_outline("<p>1. We are few.</p><p>2. We are kind.</p>", &["p 1. We are few.", "p 2. We are kind."]);
        assert_outline(
            "<p>We may:</p><p>(a) write to you; or</p><p>(b) call you.</p>",
            &["p We may:", "li write to you; or < We may:", "li call you. < We may:"],
        );
    }

    #[test]
    fn lines_that_a_colon_leads_in_are_items_but_an_address_is_none() {
        assert_outline(
            "We ask for:<p>Your name <br>Your age <p>Write to us at:<p>Willow Toys<br>12 Mill Lane<br>Fairview, OH 45001",
            &[
                "p We ask for:",
                "li Your name < We ask for:",
                "li Your age < We ask for:",
                "p Write to us at:",
                "p Willow Toys 12 Mill Lane Fairview, OH 45001",
            ],
        );
    }

    #[test]
    fn lists_nest_and_forgive() {
        assert_outline(
            "<p>We use:</p><ul><li>cookies, such as:<ul><li>ours<li>yours</ul><li>pixels</ul><li>stray</li>after</ul>",
            &[
                "p We use:",
                "li cookies, such as: < We use:",
                "li ours < We use: < cookies, such as:",
                "li yours < We use: < cookies, such as:",
                "li pixels < We use:",
                "li stray",
                "p after",
            ],
        );
        assert_outline(
            "We use:<li>names<li>ages<br><br>No more.<p>Done.",
            &["p We use:", "li names < We use:", "li ages < We use:", "p No more.", "p Done."],
        );
    }

    #[test]
    fn a_list_that_holds_headings_only_numbers_the_sections() {
        assert_outline(
            "<p>Contents apply to all</p><ol><li><h2>Cookies</h2><p>None.</p></li></ol>",
            &["p Contents apply to all", "h2 Cookies", "p None."],
        );
    }

    #[test]
    fn headings_by_tag() {
        assert_outline(
            "<h1>Willow Toys<br>Privacy</h1><h2><img alt='Logo'></h2><h3>Cookies</h2>We use none.<h4>Children<p>Welcome.",
            &["h1 Willow Toys Privacy", "h3 Cookies", "p We use none.", "h4 Children", "p Welcome."],
        );
        let long = "We never sell or rent what you tell us to anyone at all, and never will in our lives.";
        assert_outline(&format!("<h3>{long}</h3>"), &[&format!("p {long}")]);
    }

    #[test]
    fn headings_by_look() {
        assert_outline(
            "<h2>Privacy</h2><p><b><span>Cookies</span></b></p><p>None.</p><b>Children</b><br>Welcome.<p><b>Note:</b> be kind.\
             <p style='font-weight: 700'>Contact us<p>By letter.<p><b>We never sell your data.</b>",
            &[
                "h2 Privacy",
                "h3 Cookies",
                "p None.",
                "h3 Children",
                "p Welcome.",
                "p Note: be kind.",
                "h3 Contact us",
                "p By letter.",
                "p We never sell your data.",
            ],
        );
        assert_outline("<p>Words.<p><b>Willow Toys</b><br>takes care.", &["p Words.", "p Willow Toys takes care."]);
        assert_outline(
            "<p>Please write to:<p><b>Willow Toys</b><p><b>Attention of Ada</b><br>12 Mill Lane",
            &["p Please write to:", "p Willow Toys", "p Attention of Ada 12 Mill Lane"],
        );
    }

    #[test]
    fn terms_and_summaries_are_headings() {
        assert_outline(
            "<h2>Words</h2><dl><dt>Cookie<dd>A file.<dt>Pixel<dd>An image.</dl><details><summary>More</summary>Text.</details>",
            &["h2 Words", "h6 Cookie", "p A file.", "h6 Pixel", "p An image.", "h3 More", "p Text."],
        );
    }

    #[test]
    fn the_title_of_the_page_heads_it_if_nothing_else_does() {
        assert_outline("<head><title>Willow &amp; Sons</title></head><p>We care.", &["h1 Willow & Sons", "p We care."]);
        assert_outline("<title>Willow</title><h2>Privacy</h2><p>We care.", &["h2 Privacy", "p We care."]);
        assert_outline("<title>Privacy</title><b>Privacy</b><p>We care.", &["h1 Privacy", "p We care."]);
        assert_outline("We care. <title>Willow</title><p>We share.", &["p We care.", "p We share."]);
        assert_outline("<svg><title>Logo</title></svg><div>Our Privacy Policy</div>We care.", &["h1 Our Privacy Policy", "p We care."]);
    }

    #[test]
    fn tables_of_data_keep_their_headers() {
        assert_outline(
            "<table><thead><tr><th>Data<th>Kept</thead><tr><td>Name<td>2 years<tr><td>E-mail<td><p>1 year</p></table>",
            &["td Data", "td Kept", "td Name < Data", "td 2 years < Kept < Name", "td E-mail < Data", "td 1 year < Kept < E-mail"],
        );
        assert_outline(
            "<table><tr><td><b>Data</b><td><b>Kept</b><tr><td>Name<td>2 years</table>",
            &["td Data", "td Kept", "td Name < Data", "td 2 years < Kept < Name"],
        );
    }

    #[test]
    fn tables_for_layout_are_containers() {
        assert_outline(
            "<table><tr><td>Left<td><table><tr><td><h1>Privacy</h1><p>We care.</table></table><table><tr><td>One cell</table>",
            &["p Left", "h1 Privacy", "p We care.", "p One cell"],
        );
    }

    #[test]
    fn chrome_is_left_out() {
        let main = "<h1>Privacy</h1><p>We collect your name to greet you, and nothing else at all.</p>".repeat(4);
        let chrome = [
            "<script>if (a < b) { document.write('<p>x</p>') }</script><style>p { }</style>",
            "<nav>Home</nav><aside>Offers</aside><footer>Imprint</footer>",
            "<header><a href=/>Willow</a><a href=/b>Shop</a></header>",
            "<div class='site-footer dark'>Imprint</div><div id=sidebar>News</div><div role=navigation>Menu</div>",
            "<ul><li><a href=/>Home</a><li><a href=/s>Shop</a></ul>",
            "<p><a href=/>Home</a> | <a href=/s>Shop</a></p><p><a href=/>Home</a> &gt; Privacy</p><a href='#top'>Back to top</a>",
            "<form><label>Name</label><input><select><option>a<option>b</select><button>Go</button></form>",
            "<p hidden>Secret</p><p style='display : none'>Secret</p><i aria-hidden=true>Icon</i>",
            "<noscript>Enable scripts</noscript><template>x</template><svg><text>y</text></svg><textarea>z</textarea>",
            "<!-- no --><![if !supportLists]><![endif]><iframe>old</iframe>",
        ];
        let expected = outline(&main);
        for chrome in chrome {
            assert_eq!(outline(&format!("{chrome}{main}")), expected, "{chrome}");
            assert_eq!(outline(&format!("{main}{chrome}")), expected, "{chrome}");
        }
    }

    #[test]
    fn what_holds_most_of_the_text_is_no_chrome() {
        assert_outline("<div class=menu><nav><h1>Privacy</h1><p>We collect nothing.</nav></div>", &["h1 Privacy", "p We collect nothing."]);
        assert_outline(
            "<main><header><h1>Privacy</h1></header><section id=share><h2>How we share</h2><p>We share nothing.</section></main>",
            &["h1 Privacy", "h2 How we share", "p We share nothing."],
        );
    }

    #[test]
    fn chrome_words_inside_a_sentence_are_no_chrome() {
        let source = "<p>Open <span class=menu>Settings</span> or <a class=nav-link href=/x>write</a>.<h2 id=footer>Share</h2>".repeat(5);
        assert_eq!(outline(&source)[..2], ["p Open Settings or write.", "h2 Share"]);
        assert_outline(
            "<h1>Privacy</h1><header class=header>Last updated: May 3, 2021</header>We care a lot about all of you.",
            &["h1 Privacy", "p Last updated: May 3, 2021", "p We care a lot about all of you."],
        );
    }

    #[test]
    fn partners_that_a_colon_leads_in_are_no_navigation() {
        assert_outline(
            "<p>We work with:</p><ul><li><a href=https://a.example>Acorn</a><li><a href=https://b.example>Birch</a></ul>",
            &["p We work with:", "li Acorn < We work with:", "li Birch < We work with:"],
        );
    }

    #[test]
    fn links() {
        let source = "<p>Write to <a HREF=\"mailto:ada@willow.example?a=1&amp;b=2\">Ada\n<b>Willow</b></a> or <a name=x>not</a>.";
        let document = read(source);
        let links: Vec<_> = document.links.iter().map(|link| (&document.prose[link.range.clone()], link.target.as_str())).collect();
        assert_eq!(links.len(), 1);
        assert_eq!(links[0].0.split_whitespace().collect::<Vec<_>>(), ["Ada", "Willow"]);
        assert_eq!(links[0].1, "mailto:ada@willow.example?a=1&b=2");
    }

    #[test]
    fn templates_are_code() {
        assert_outline(
            "<?php if ($a > 1) { ?><p>We, <?= $name ?>{{ company }}, care{% if x > y %}.{% endif %}<% a > b %></p><?php echo '<p>no</p>';",
            &["p We, {{ company }}, care."],
        );
    }

    #[test]
    fn xhtml_and_preformatted_text() {
        assert_outline(
            "<?xml version='1.0'?><!DOCTYPE html><html><body><a name='x'/><p><![CDATA[We care.]]></p><pre>One\ntwo\n\n- three\n- four</pre>",
            &["p We care.", "p One two", "li three < One two", "li four < One two"],
        );
    }

    fn with_fragment(source: &str, html: &str) -> Document {
        let mut builder = Builder::new(source);
        let at = source.find(html).expect("it is there");
        builder.text(0..at);
        super::fragment(&mut builder, at..at + html.len());
        builder.text(at + html.len()..source.len());
        builder.finish()
    }

    #[test]
    fn a_fragment_goes_on_where_the_text_was() {
        let blocks = |document: &Document| document.prose.lines().map(str::trim).map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(blocks(&with_fragment("We <b>never</b> sell", "<b>never</b>")), ["We never sell"]);
        assert_eq!(blocks(&with_fragment("We <br> sell", "<br>"))[0].split_whitespace().count(), 2);
        assert_eq!(blocks(&with_fragment("We<div>never</div>sell", "<div>never</div>")), ["We", "never", "sell"]);
        assert_eq!(blocks(&with_fragment("We<nav>never</nav>sell", "<nav>never</nav>")), ["We", "never", "sell"]);
        assert_eq!(blocks(&with_fragment("We</ul></p>sell", "</ul></p>")), ["We", "sell"]);
        assert_eq!(blocks(&with_fragment("We<p>never sell", "<p>never")), ["We", "never sell"]);
        assert_eq!(blocks(&with_fragment("We<script>never</script> sell", "<script>never</script>")), ["We sell"]);
    }

    #[test]
    fn a_link_may_span_fragments() {
        let source = "<a href='/x'>our *shop*</a>.";
        let mut builder = Builder::new(source);
        super::fragment(&mut builder, 0..13);
        builder.text(13..23);
        super::fragment(&mut builder, 23..27);
        builder.text(27..28);
        let document = builder.finish();
        assert_eq!(document.links.len(), 1);
        assert_eq!(&document.prose[document.links[0].range.clone()], "our *shop*");
    }

    #[test]
    fn careless_pages_take_linear_time() {
        let started = std::time::Instant::now();
        for piece in [
            "<div>",
            "<a href=x>y",
            "<table>",
            "<table><tr><td>x",
            "<b><p>x</b>",
            "<ul><li>x",
            "<p><b>",
            "</div>",
            "<h1>x<div>",
            "<span hidden><div></span>x",
            "<svg><p>",
            "x<br>",
            "&amp;",
            "<",
            "<dl><dt>x",
            "<a href=x><td>",
            "<nav>x",
            "<blockquote>x<form>",
        ] {
            read(&piece.repeat(10_000));
        }
        assert!(started.elapsed().as_secs() < 30, "{:?}", started.elapsed());
    }

    proptest! {
        #[test]
        fn any_markup_is_read(parts in prop::collection::vec(prop_oneof![
            "\\PC{0,6}",
            "[ \n\r\t\0a-c.:1-]{0,6}",
            prop::sample::select(vec![
                "<p>", "</p>", "<div>", "</div>", "<b>", "</b>", "<a href='#x'>", "</a>", "<ul>", "</ul>", "<li>", "<table>", "</table>",
                "<tr>", "<td colspan=3>", "<th>", "<thead>", "</thead>", "<br>", "<h2>", "</h3>", "<pre>", "</pre>", "<svg>", "</svg>",
                "<title>", "</title>", "<script>", "</script>", "<span hidden>", "</span>", "<dt>", "<dd>", "<nav>", "</nav>", "&nbsp;",
                "&bull;", "&ampx", "&#", "<?php ", "?>", "{%", "%}", "<![CDATA[", "]]>", "<!--", "-->", "</>", "<", "• ", "We say:",
                "<foreignobject>", "<hr>", "<main>", "<caption>", "</body>", "</br>", "<img/>", "<template>", "<button>",
            ]).prop_map(str::to_owned),
        ], 0..40)) {
            let source = parts.concat();
            let document = read(&source);
            for sentence in 0..document.sentences.len() {
                prop_assert!(source.get(document.sentence_span(sentence).range()).is_some());
            }
            let mut builder = Builder::new(&source);
            super::fragment(&mut builder, 0..source.len());
            builder.finish();
        }
    }
}
