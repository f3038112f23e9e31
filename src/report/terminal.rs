//! Where a report is shown: what the environment says of colour, width and characters. The only place that looks.

use std::io::IsTerminal;

/// What the place of a report can show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terminal {
    /// Columns.
    pub width: usize,
    /// ANSI colours?
    pub colour: bool,
    /// Characters beyond ASCII?
    pub unicode: bool,
    /// Links that can be clicked?
    pub hyperlinks: bool,
}

/// Where nothing says how wide to write.
const WIDTH: usize = 100;

impl Terminal {
    /// A file.
    pub fn file() -> Self {
        Self { width: WIDTH, colour: false, unicode: true, hyperlinks: false }
    }

    /// Standard output.
    pub fn stdout() -> Self {
        let size = terminal_size::terminal_size_of(std::io::stdout()).map(|(width, _)| usize::from(width.0));
        Self::detect(std::io::stdout().is_terminal(), size, |name| std::env::var(name).ok())
    }

    /// Standard error.
    pub fn stderr() -> Self {
        let size = terminal_size::terminal_size_of(std::io::stderr()).map(|(width, _)| usize::from(width.0));
        Self::detect(std::io::stderr().is_terminal(), size, |name| std::env::var(name).ok())
    }

    fn detect(terminal: bool, size: Option<usize>, var: impl Fn(&str) -> Option<String>) -> Self {
        let set = |name: &str| var(name).filter(|value| !value.is_empty());
        let on = |name: &str| set(name).is_some_and(|value| value != "0" && value != "false");
        let off = |name: &str| set(name).is_some_and(|value| value == "0" || value == "false");
        let dumb = set("TERM").is_some_and(|term| term == "dumb");
        // Forcing is the more deliberate wish, so it is heard first: a CI job sets it against a NO_COLOR of its runner.
        let colour = if on("FORCE_COLOR") || on("CLICOLOR_FORCE") {
            true
        } else {
            terminal && !dumb && set("NO_COLOR").is_none() && !off("CLICOLOR") && !off("FORCE_COLOR")
        };
        let locale = set("LC_ALL").or_else(|| set("LC_CTYPE")).or_else(|| set("LANG"));
        let utf8 = locale.is_some_and(|locale| {
            let locale = locale.to_ascii_lowercase();
            locale.ends_with("utf-8") || locale.ends_with("utf8")
        });
        Self {
            // Very long lines are hard to read, and a very narrow terminal cannot hold a caret.
            width: set("COLUMNS").and_then(|columns| columns.parse().ok()).or(size).unwrap_or(WIDTH).clamp(40, 140),
            colour,
            unicode: !dumb && set("TERM").is_none_or(|term| term != "linux") && (utf8 || cfg!(windows)),
            hyperlinks: terminal && !dumb && colour,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn detect(terminal: bool, vars: &[(&str, &str)]) -> Terminal {
        Terminal::detect(terminal, terminal.then_some(90), |name| {
            vars.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn colour_follows_the_environment() {
        assert!(detect(true, &[]).colour);
        assert!(!detect(false, &[]).colour);
        for quiet in [("NO_COLOR", "1"), ("TERM", "dumb"), ("CLICOLOR", "0"), ("FORCE_COLOR", "0")] {
            assert!(!detect(true, &[quiet]).colour, "{quiet:?}");
        }
        assert!(detect(true, &[("NO_COLOR", "")]).colour);
        for forced in [("FORCE_COLOR", "1"), ("CLICOLOR_FORCE", "1"), ("FORCE_COLOR", "true")] {
            assert!(detect(false, &[forced, ("NO_COLOR", "1")]).colour, "{forced:?}");
        }
        assert!(!detect(false, &[("FORCE_COLOR", "1")]).hyperlinks);
    }

    #[test]
    fn width_and_characters_too() {
        assert_eq!(detect(true, &[]).width, 90);
        assert_eq!(detect(false, &[]).width, WIDTH);
        assert_eq!(detect(true, &[("COLUMNS", "72")]).width, 72);
        assert_eq!(detect(true, &[("COLUMNS", "3")]).width, 40);
        assert!(detect(false, &[("LANG", "en_GB.UTF-8")]).unicode);
        assert!(!detect(false, &[("LANG", "C")]).unicode);
        assert!(!detect(true, &[("LANG", "en_GB.UTF-8"), ("LC_ALL", "C")]).unicode);
    }
}
