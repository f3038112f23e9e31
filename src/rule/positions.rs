//! Where the keys and values of a YAML file stand. `serde_yaml` reads values without their places, so a problem found later in a
//! value asks here; the file is parsed a second time, and only when something is wrong.

use saphyr_parser::{Event, Parser};
use std::collections::BTreeMap;
use std::ops::Range;

/// The places of a file's values by path: "satisfied\[0\].say\[1\]".
#[derive(Debug, Default)]
pub struct Positions {
    keys: BTreeMap<String, Range<usize>>,
    values: BTreeMap<String, Range<usize>>,
    repeated: Vec<(String, Range<usize>)>,
    aliases: Vec<Range<usize>>,
}

/// What is nested more deeply has no place: no rule or configuration is, and every path is as long as it is deep.
const DEEPEST: usize = 64;

/// An open mapping or sequence.
enum Level {
    Mapping {
        path: String,
        key: Option<String>,
    },
    Sequence {
        path: String,
        next: usize,
    },
    /// Nested so deeply that nothing in it has a place.
    Deep,
}

impl Positions {
    /// Reads a file; as far as it goes, where the YAML is broken.
    pub fn of(text: &str) -> Self {
        // The parser counts characters.
        let bytes: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
        let byte = |character: usize| bytes[character.min(bytes.len() - 1)];
        let mut positions = Self::default();
        let mut levels: Vec<Level> = Vec::new();
        for event in Parser::new_from_str(text) {
            let Ok((event, span)) = event else { break };
            let range = byte(span.start.index())..byte(span.end.index());
            match event {
                Event::MappingStart(..) | Event::SequenceStart(..) if levels.len() >= DEEPEST => {
                    levels.push(Level::Deep);
                }
                Event::Scalar(..) if matches!(levels.last(), Some(Level::Deep)) => {}
                Event::Scalar(value, ..) => {
                    if let Some(Level::Mapping { path, key: key @ None }) = levels.last_mut() {
                        // A mapping without braces begins with its first key.
                        if let Some(whole) = positions.values.get_mut(path).filter(|whole| whole.start == whole.end) {
                            whole.clone_from(&range);
                        }
                        if positions.keys.insert(join(path, &value), range.clone()).is_some() {
                            positions.repeated.push((value.to_string(), range));
                        }
                        *key = Some(value.into_owned());
                    } else {
                        let path = take_path(&mut levels);
                        positions.values.insert(path, range);
                    }
                }
                Event::MappingStart(..) => {
                    let path = take_path(&mut levels);
                    positions.values.insert(path.clone(), range);
                    levels.push(Level::Mapping { path, key: None });
                }
                Event::SequenceStart(..) => {
                    let path = take_path(&mut levels);
                    positions.values.insert(path.clone(), range);
                    levels.push(Level::Sequence { path, next: 0 });
                }
                Event::MappingEnd | Event::SequenceEnd => {
                    levels.pop();
                }
                Event::Alias(_) => {
                    positions.aliases.push(range);
                    take_path(&mut levels);
                }
                _ => {}
            }
        }
        positions
    }

    /// The place of a key; of the file's first byte where the path is unknown.
    pub fn key(&self, path: &str) -> Range<usize> {
        self.keys.get(path).cloned().unwrap_or(0..0)
    }

    /// Keys that were in their mapping already, with their places.
    pub fn repeated(&self) -> &[(String, Range<usize>)] {
        &self.repeated
    }

    /// The places of aliases.
    pub fn aliases(&self) -> &[Range<usize>] {
        &self.aliases
    }

    /// The place of the key that a path ends with, or of the value itself where that has none, as in a list.
    pub fn key_or_value(&self, path: &str) -> Range<usize> {
        self.keys.get(path).cloned().unwrap_or_else(|| self.value(path))
    }

    /// The place of a value, or of the nearest thing around it that is known.
    pub fn value(&self, path: &str) -> Range<usize> {
        let mut path = path;
        loop {
            if let Some(range) = self.values.get(path).filter(|range| !range.is_empty()).or_else(|| self.keys.get(path)) {
                return range.clone();
            }
            match path.rfind(['.', '[']) {
                Some(end) => path = &path[..end],
                None => return 0..0,
            }
        }
    }
}

fn join(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

/// The path of the value that comes next.
fn take_path(levels: &mut [Level]) -> String {
    match levels.last_mut() {
        None | Some(Level::Deep) => String::new(),
        Some(Level::Mapping { path, key }) => join(path, &key.take().unwrap_or_default()),
        Some(Level::Sequence { path, next }) => {
            *next += 1;
            format!("{path}[{}]", *next - 1)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_and_values_are_found_by_path() {
        let text = "id: a/b\nsatisfied:\n  - say: \"éx\"\n  - say: [one, two]\n    where: w\n";
        let positions = Positions::of(text);
        assert_eq!(&text[positions.value("satisfied[0].say")], "\"éx\"");
        assert_eq!(&text[positions.key_or_value("satisfied[0].say")], "say");
        assert_eq!(&text[positions.key_or_value("satisfied[1].say[0]")], "one");
        assert_eq!(positions.value("satisfied[1]").start, text.rfind("say").unwrap());
        assert_eq!(&text[positions.value("satisfied[1].say[1]")], "two");
        assert_eq!(&text[positions.key("satisfied[1].where")], "where");
        assert_eq!(&text[positions.value("satisfied[1].where.more")], "w");
    }

    #[test]
    fn a_key_that_is_repeated_is_known() {
        let text = "a: {x: 1}\nb: [{x: 1}, {x: 1}]\nc: {x: 1, y: 2, x: 3}\na: 2\n";
        let positions = Positions::of(text);
        let places: Vec<_> = positions.repeated().iter().map(|(key, range)| (key.as_str(), range.start)).collect();
        assert_eq!(places, [("x", text.rfind("x: 3").unwrap()), ("a", text.rfind('a').unwrap())]);
    }
}
