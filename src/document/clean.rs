//! What a matcher needs repaired in a piece of text: white space, invisible characters, smart quotes and dashes, ligatures, mojibake.
//! Everything is decided from the text at hand, so a rule's author may write plain ASCII and find what a word processor has made of it.

/// What becomes of a stretch of text.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// Kept as it stands.
    Same,
    /// White space.
    Space,
    /// A dash between words, whatever stands around it: " - ".
    Dash,
    /// Replaced.
    Instead(&'static str),
    /// Replaced by the character that it was before it was spoilt.
    Character(char),
    /// Left out: soft hyphens, zero-width characters.
    Nothing,
}

/// Calls `each` with (byte offset, length in bytes, what becomes of it) for consecutive stretches that cover the text.
pub(super) fn pieces(text: &str, mut each: impl FnMut(usize, usize, Piece)) {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let plain = plain_run(&bytes[at..]);
        if plain > 0 {
            each(at, plain, Piece::Same);
            at += plain;
            continue;
        }
        let rest = &text[at..];
        let Some(first) = rest.chars().next() else { break };
        let (len, piece) = if first.is_ascii() {
            (1, if first.is_ascii_whitespace() || first == '\x0B' { Piece::Space } else { Piece::Nothing })
        } else {
            mojibake(rest, first).unwrap_or_else(|| {
                let apostrophe = first == char::REPLACEMENT_CHARACTER && between_letters(bytes, at, first.len_utf8());
                let piece = if apostrophe { Piece::Instead("'") } else { repaired(first) };
                (first.len_utf8(), piece)
            })
        };
        each(at, len, piece);
        at += len;
    }
}

/// The length of the visible ASCII that a text starts with; single spaces inside it belong to it.
fn plain_run(bytes: &[u8]) -> usize {
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let inner_space = || *byte == b' ' && at > 0 && bytes.get(at + 1).is_some_and(u8::is_ascii_graphic);
        if !byte.is_ascii_graphic() && !inner_space() {
            break;
        }
        at += 1;
    }
    at
}

fn between_letters(bytes: &[u8], at: usize, len: usize) -> bool {
    let letter = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphabetic);
    letter(at.checked_sub(1).and_then(|before| bytes.get(before))) && letter(bytes.get(at + len))
}

/// What becomes of one character.
fn repaired(character: char) -> Piece {
    match character {
        '\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200a}' | '\u{2028}' | '\u{2029}' | '\u{202f}' | '\u{205f}' | '\u{3000}' => Piece::Space,
        '\u{ad}'
        | '\u{34f}'
        | '\u{61c}'
        | '\u{180e}'
        | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{fe00}'..='\u{fe0f}'
        | '\u{feff}' => Piece::Nothing,
        '‘' | '’' | '‚' | '‛' | '‹' | '›' | '′' | '´' | 'ʼ' | '＇' => Piece::Instead("'"),
        '“' | '”' | '„' | '‟' | '«' | '»' | '″' | '＂' => Piece::Instead("\""),
        // A dash between words is no hyphen inside one.
        '\u{2014}' | '\u{2015}' | '﹘' => Piece::Dash,
        '\u{2010}'..='\u{2013}' | '−' | '﹣' => Piece::Instead("-"),
        '…' => Piece::Instead("..."),
        'ﬀ' => Piece::Instead("ff"),
        'ﬁ' => Piece::Instead("fi"),
        'ﬂ' => Piece::Instead("fl"),
        'ﬃ' => Piece::Instead("ffi"),
        'ﬄ' => Piece::Instead("ffl"),
        'ﬅ' | 'ﬆ' => Piece::Instead("st"),
        '！'..='～' => u32::from(character).checked_sub(0xfee0).and_then(char::from_u32).map_or(Piece::Same, Piece::Character),
        // A C1 control is a byte of windows-1252 that was read as Latin-1.
        '\u{80}'..='\u{9f}' => {
            let meant = WINDOWS_1252[character as usize - 0x80];
            if meant == character { Piece::Nothing } else { kept_or_repaired(meant) }
        }
        _ => Piece::Same,
    }
}

/// What becomes of a character that the text does not hold as such.
fn kept_or_repaired(character: char) -> Piece {
    match repaired(character) {
        Piece::Same => Piece::Character(character),
        piece => piece,
    }
}

/// UTF-8 that was read as windows-1252 or Latin-1 (`donâ€™t`), once or, in its commonest forms, twice: the length of it and what it was.
fn mojibake(text: &str, first: char) -> Option<(usize, Piece)> {
    if !matches!(first, 'Â' | 'Ã' | 'â' | 'ï' | 'ð') {
        return None;
    }
    if let Some(rest) = text.strip_prefix("Ã¢â‚¬") {
        let twice = [
            ("â„¢", "'"),
            ("Ëœ", "'"),
            ("Å“", "\""),
            ("Â\u{9d}", "\""),
            ("\u{9d}", "\""),
            ("â€œ", "-"),
            ("â€\u{9d}", "-"),
            ("Â¦", "..."),
            ("Â¢", "•"),
        ];
        if let Some((tail, meant)) = twice.iter().find(|(tail, _)| rest.starts_with(tail)) {
            return Some((text.len() - rest.len() + tail.len(), Piece::Instead(meant)));
        }
    }
    let need = match first {
        'Â' | 'Ã' => 2,
        'â' | 'ï' => 3,
        _ => 4,
    };
    let mut bytes = [0; 4];
    let (mut found, mut len) = (0, 0);
    for character in text.chars().take(need) {
        match windows_1252_byte(character) {
            Some(byte) if found == 0 || (0x80..=0xbf).contains(&byte) => bytes[found] = byte,
            _ => break,
        }
        found += 1;
        len += character.len_utf8();
    }
    let meant = std::str::from_utf8(&bytes[..found]).ok().and_then(|text| text.chars().next());
    match (meant, first) {
        (Some(meant), _) => Some((len, kept_or_repaired(meant))),
        // Of a closing quote the last byte is often lost, of a no-break space the space has become a common one.
        (None, 'â') if text.starts_with("â€") => {
            let lost = "â€\u{fffd}";
            let len = if text.starts_with(lost) { lost.len() } else { "â€".len() };
            Some((len, Piece::Instead("\"")))
        }
        (None, 'Â') if text[first.len_utf8()..].starts_with([' ', '\n', '\r']) => Some((first.len_utf8(), Piece::Nothing)),
        (None, _) => None,
    }
}

/// The byte that windows-1252 (or, for C1 controls, Latin-1) writes a character as.
fn windows_1252_byte(character: char) -> Option<u8> {
    u8::try_from(u32::from(character)).ok().or_else(|| {
        let at = WINDOWS_1252.iter().position(|&other| other == character)?;
        u8::try_from(at + 0x80).ok()
    })
}

/// What windows-1252 has from 0x80 to 0x9F.
const WINDOWS_1252: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}', '‘', '’', '“', '”', '•', '–',
    '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn cleaned(text: &str) -> String {
        let mut clean = String::new();
        pieces(text, |at, len, piece| match piece {
            Piece::Same => clean.push_str(&text[at..at + len]),
            Piece::Space => clean.push(' '),
            Piece::Dash => clean.push('-'),
            Piece::Instead(other) => clean.push_str(other),
            Piece::Character(character) => clean.push(character),
            Piece::Nothing => {}
        });
        clean
    }

    #[test]
    fn ascii_is_one_piece_with_its_single_spaces() {
        let mut all = Vec::new();
        pieces("We sell  it. ", |at, len, piece| all.push((at, len, piece)));
        assert_eq!(all, [(0, 7, Piece::Same), (7, 1, Piece::Space), (8, 1, Piece::Space), (9, 3, Piece::Same), (12, 1, Piece::Space)]);
    }

    #[test]
    fn typography_becomes_ascii() {
        assert_eq!(cleaned("“We” don’t – ever — ‹x› «y» …"), "\"We\" don't - ever - 'x' \"y\" ...");
        assert_eq!(cleaned("opt\u{2011}out of\u{ad}fer\u{200b}s a\u{a0}b\u{2009}c\u{feff}"), "opt-out offers a b c");
        assert_eq!(cleaned("ﬁles, oﬃce, ﬂy, ＡＢＣ！"), "files, office, fly, ABC!");
        assert_eq!(cleaned("• naïve café €5"), "• naïve café €5");
        assert_eq!(cleaned("don\u{92}t \u{93}x\u{94} \u{81}"), "don't \"x\" ");
        assert_eq!(cleaned("children\u{fffd}s \u{fffd} x"), "children's \u{fffd} x");
    }

    #[test]
    fn mojibake_is_repaired() {
        assert_eq!(cleaned("donâ€™t â€œsellâ€\u{9d} â€“ it â€” at allâ€¦"), "don't \"sell\" - it - at all...");
        assert_eq!(cleaned("donâ\u{80}\u{99}t"), "don't");
        assert_eq!(cleaned("â€œsellâ€ it"), "\"sell\" it");
        assert_eq!(cleaned("CafÃ© noirÂ\u{a0}x.Â  We"), "Café noir x.  We");
        assert_eq!(cleaned("donÃ¢â‚¬â„¢t Ã¢â‚¬Å“sellÃ¢â‚¬Â\u{9d}"), "don't \"sell\"");
        assert_eq!(cleaned("oï¬\u{81}"), "ofi");
        assert_eq!(cleaned("âge Âge São ïle"), "âge Âge São ïle");
    }

    proptest! {
        #[test]
        fn pieces_cover_any_text(text in any::<String>()) {
            let mut next = 0;
            pieces(&text, |at, len, _| {
                assert_eq!(at, next);
                assert!(len > 0 && text.is_char_boundary(at + len));
                next = at + len;
            });
            prop_assert_eq!(next, text.len());
        }
    }
}
