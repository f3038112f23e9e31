//! Text that others wrote, made fit to be shown: nothing in a policy, a pack or a configuration can speak to the terminal.

/// Makes text fit to be shown in a line: line breaks and tabs become spaces, control characters visible symbols.
pub fn visible(text: &str) -> String {
    text.chars().filter_map(visible_char).collect()
}

/// A character as it is shown; none where it is invisible anyhow.
pub fn visible_char(character: char) -> Option<char> {
    match character {
        '\n' | '\r' | '\t' | '\u{85}' | '\u{2028}' | '\u{2029}' => Some(' '),
        '\u{0}'..='\u{1f}' => char::from_u32(0x2400 + u32::from(character)),
        '\u{7f}' => Some('\u{2421}'),
        '\u{80}'..='\u{9f}' => Some('\u{fffd}'),
        // Soft hyphens, zero-width characters, marks that turn the direction of the text.
        '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' => None,
        other => Some(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_speaks_to_the_terminal() {
        assert_eq!(visible("a\u{1b}[31mb\tc\r\nd\u{7f}\u{9b}2J\u{202e}e\u{0}"), "a␛[31mb c  d␡\u{fffd}2Je␀");
    }
}
