//! The tags that matter to a reader, by what they do.

/// What an element does to the text inside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Never splits a word or sentence.
    Inline,
    /// Inline, and emphasised.
    Bold,
    /// `a`
    Link,
    /// A block without a meaning of its own.
    Block,
    /// `p`
    Paragraph,
    /// `h1` to `h6`
    Heading,
    /// `ul`, `ol`
    List,
    /// `li`
    Item,
    /// `dt`
    Term,
    /// `dd`
    Definition,
    /// `dl`
    DefinitionList,
    /// `summary`
    Summary,
    /// `pre`: line breaks count.
    Pre,
    /// `table`
    Table,
    /// `thead`
    TableHead,
    /// `tbody`, `tfoot`
    TableBody,
    /// `tr`
    Row,
    /// `td`
    Cell,
    /// `th`
    HeaderCell,
    /// `caption`
    Caption,
    /// `html`, `body`
    Root,
    /// `main`, `article`
    Main,
    /// `nav`
    Nav,
    /// `header`
    Header,
    /// `footer`
    Footer,
    /// `aside`
    Aside,
    /// `form`
    Form,
    /// A form control, or what a browser with scripts does not show.
    Control,
    /// `title`
    Title,
    /// Its content is no text at all.
    Raw,
    /// `svg`, `math`
    Drawing,
    /// HTML inside a drawing.
    Foreign,
    /// `br`
    Break,
    /// `hr`
    Rule,
    /// No content, nothing to see.
    Void,
}

impl Kind {
    /// The kind of an element with this lower-case name.
    pub(super) fn of(name: &[u8]) -> Self {
        match name {
            b"b" | b"strong" | b"u" => Self::Bold,
            b"a" => Self::Link,
            b"p" => Self::Paragraph,
            b"h1" | b"h2" | b"h3" | b"h4" | b"h5" | b"h6" => Self::Heading,
            b"ul" | b"ol" | b"menu" | b"dir" => Self::List,
            b"li" => Self::Item,
            b"dt" => Self::Term,
            b"dd" => Self::Definition,
            b"dl" => Self::DefinitionList,
            b"summary" => Self::Summary,
            b"pre" | b"listing" | b"xmp" | b"plaintext" => Self::Pre,
            b"table" => Self::Table,
            b"thead" => Self::TableHead,
            b"tbody" | b"tfoot" => Self::TableBody,
            b"tr" => Self::Row,
            b"td" => Self::Cell,
            b"th" => Self::HeaderCell,
            b"caption" => Self::Caption,
            b"html" | b"body" => Self::Root,
            b"main" | b"article" => Self::Main,
            b"nav" => Self::Nav,
            b"header" => Self::Header,
            b"footer" => Self::Footer,
            b"aside" => Self::Aside,
            b"form" => Self::Form,
            b"select" | b"option" | b"optgroup" | b"datalist" | b"button" | b"noscript" | b"object" | b"applet" | b"audio" | b"video"
            | b"canvas" | b"map" | b"dialog" => Self::Control,
            b"title" => Self::Title,
            b"script" | b"style" | b"template" | b"textarea" | b"iframe" | b"noembed" | b"noframes" => Self::Raw,
            b"svg" | b"math" => Self::Drawing,
            b"foreignobject" => Self::Foreign,
            b"br" => Self::Break,
            b"hr" => Self::Rule,
            b"area" | b"base" | b"basefont" | b"bgsound" | b"col" | b"embed" | b"frame" | b"img" | b"image" | b"input" | b"keygen"
            | b"link" | b"meta" | b"param" | b"source" | b"track" | b"wbr" => Self::Void,
            b"address" | b"blockquote" | b"center" | b"details" | b"div" | b"fieldset" | b"figcaption" | b"figure" | b"frameset"
            | b"hgroup" | b"legend" | b"marquee" | b"search" | b"section" => Self::Block,
            _ => Self::Inline,
        }
    }

    /// Does it stay inside a line of text?
    pub(super) fn is_inline(self) -> bool {
        matches!(self, Self::Inline | Self::Bold | Self::Link | Self::Control | Self::Raw | Self::Drawing | Self::Foreign | Self::Title)
    }

    /// Has it no content?
    pub(super) fn is_void(self) -> bool {
        matches!(self, Self::Break | Self::Rule | Self::Void)
    }

    /// Is it a cell of a table?
    pub(super) fn is_cell(self) -> bool {
        matches!(self, Self::Cell | Self::HeaderCell)
    }

    /// Is its place inside a table, so that end tags inside its cells cannot reach it?
    pub(super) fn is_table_part(self) -> bool {
        self.is_cell() || matches!(self, Self::Table | Self::TableHead | Self::TableBody | Self::Row | Self::Caption)
    }
}
