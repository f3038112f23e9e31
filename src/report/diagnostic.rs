//! A diagnostic, drawn by miette: what is said, the excerpt it is said of, and what would help.

use super::Terminal;
use super::excerpt::{Excerpt, Mark};
use crate::source::SourceFile;
use crate::verdict::Severity;
use miette::{GraphicalReportHandler, GraphicalTheme, LabeledSpan, SourceCode, ThemeCharacters, ThemeStyles};
use std::fmt;

/// Something to tell.
#[derive(Debug)]
pub(super) struct Diagnostic<'a> {
    /// How bad it is.
    pub(super) severity: Severity,
    /// "warning[can-spam/opt-out-deadline]".
    pub(super) code: String,
    /// One sentence.
    pub(super) message: String,
    /// What would mend it, and where to read more.
    pub(super) help: Option<String>,
    /// Where the code leads to, on a terminal that has links.
    pub(super) url: Option<String>,
    excerpt: Option<Excerpt<'a>>,
}

impl<'a> Diagnostic<'a> {
    /// A diagnostic about a file, under a code of one line; without marks it has no excerpt but names the file.
    pub(super) fn new(severity: Severity, code: &str, message: &str, source: &'a SourceFile, marks: Vec<Mark>, terminal: Terminal) -> Self {
        // Numbers and bars stand before every row.
        let excerpt = Excerpt::new(source, marks, terminal.width.saturating_sub(10));
        let code = super::visible(code);
        Self {
            severity,
            code: if excerpt.is_empty() { format!("{code} {}", super::visible(source.name())).trim_start().to_owned() } else { code },
            message: super::visible(message),
            help: None,
            url: None,
            excerpt: Some(excerpt).filter(|excerpt| !excerpt.is_empty()),
        }
    }

    /// Draws it, with a line break at its end.
    pub(super) fn draw(&self, terminal: Terminal) -> String {
        let mut theme = theme(terminal);
        let hedge = theme.styles.link;
        let passage = match self.severity {
            Severity::Error => theme.styles.error,
            Severity::Warning => theme.styles.warning,
            Severity::Note => theme.styles.advice,
        };
        if let Some(excerpt) = &self.excerpt {
            theme.styles.highlights = excerpt.hedges().map(|hedges| if hedges { hedge } else { passage }).collect();
        }
        let handler = GraphicalReportHandler::new_themed(theme)
            .with_width(terminal.width)
            .with_break_words(false)
            .with_links(true)
            .with_urls(terminal.hyperlinks)
            .with_link_display_text("")
            .without_syntax_highlighting();
        let mut drawn = String::new();
        // Writing to a string does not fail, and the excerpt knows every span that it gave away.
        let _ = handler.render_report(&mut drawn, self);
        match &self.excerpt {
            Some(excerpt) => excerpt.mend(&drawn),
            None => drawn,
        }
    }
}

/// How things are drawn on a terminal.
pub(super) fn theme(terminal: Terminal) -> GraphicalTheme {
    GraphicalTheme {
        characters: if terminal.unicode { ThemeCharacters::unicode() } else { ThemeCharacters::ascii() },
        styles: if terminal.colour { ThemeStyles::ansi() } else { ThemeStyles::none() },
    }
}

impl fmt::Display for Diagnostic<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Diagnostic<'_> {}

impl miette::Diagnostic for Diagnostic<'_> {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(&self.code).filter(|code| !code.is_empty()).map(|code| Box::new(code) as Box<dyn fmt::Display>)
    }
    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.severity {
            Severity::Error => miette::Severity::Error,
            Severity::Warning => miette::Severity::Warning,
            Severity::Note => miette::Severity::Advice,
        })
    }
    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help.as_ref().map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }
    fn url<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.url.as_ref().map(|url| Box::new(url) as Box<dyn fmt::Display>)
    }
    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.excerpt.as_ref().map(|excerpt| excerpt as &dyn SourceCode)
    }
    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let spans = self.excerpt.as_ref()?.labeled_spans();
        Some(Box::new(spans.into_iter()))
    }
}
