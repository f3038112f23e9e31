//! The effective configuration as `config show` prints it: YAML that could be written so, with the origin of every value beside it.

use super::{Config, Origin, Set};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

/// How wide the values are before their origins stand in a column of their own.
const WIDTH: usize = 40;

impl Config {
    /// What holds for a file, given by its absolute path, or in general.
    pub fn show(&self, file: Option<&Path>) -> String {
        let files: Vec<&str> = self.layers.iter().filter_map(|layer| layer.file.as_ref()).map(|file| file.path.as_str()).collect();
        let mut text = match files.as_slice() {
            [] => "# no configuration\n".to_owned(),
            [one] => format!("# {one}\n"),
            [one, bases @ ..] => format!("# {one}, which extends {}\n", bases.join(", ")),
        };
        let mut line = |indent: &str, key: &str, value: &str, origin: &Origin| {
            let set = format!("{indent}{key}: {value}");
            let _ = writeln!(text, "{set:WIDTH$} # {origin}");
        };
        let quoted = |items: &[String]| format!("[{}]", items.iter().map(|item| quote(item)).collect::<Vec<_>>().join(", "));
        let (fail_on, origin) = self.fail_on();
        line("", "fail-on", word(fail_on).as_str(), &origin);
        let (max_warnings, origin) = self.max_warnings();
        line("", "max-warnings", &max_warnings.map_or("null".to_owned(), |most| most.to_string()), &origin);
        let (min_severity, origin) = self.min_severity();
        line("", "min-severity", min_severity.as_str(), &origin);
        let (min_confidence, origin) = self.min_confidence();
        line("", "min-confidence", min_confidence.as_str(), &origin);
        let (show, origin) = self.shown();
        line("", "show", word(show).as_str(), &origin);
        let (only_policies, origin) = self.only_policies();
        line("", "only-policies", &only_policies.to_string(), &origin);
        let (format, origin) = self.format();
        line("", "format", &quoted(&format), &origin);
        let (threads, origin) = self.threads();
        line("", "threads", &threads.to_string(), &origin);
        let (max_size, origin) = self.max_size();
        line("", "max-size", &max_size.to_string(), &origin);
        let (baseline, origin) = self.baseline();
        line("", "baseline", &baseline.map_or("null".to_owned(), |path| quote(&super::shown(&path))), &origin);
        let (select, origin) = self.selectors();
        line("", "select", &quoted(&select), &origin);
        let (ignore, origin) = self.ignored();
        line("", "ignore", &quoted(&ignore), &origin);
        let (include, origin) = self.included();
        line("", "include", &quoted(&include), &origin);
        for (exclude, origin) in self.excluded() {
            line("", "exclude", &quoted(&exclude), &origin);
        }
        map(&mut text, "severity", &self.severities(file), |severity| severity.as_str().to_owned());
        map(&mut text, "facts", &self.facts(file), ToString::to_string);
        text
    }
}

/// Names and their values; of several for one name the last counts.
fn map<T>(text: &mut String, key: &str, sets: &[Set<'_, T>], value: impl Fn(&T) -> String) {
    if sets.is_empty() {
        let _ = writeln!(text, "{:WIDTH$} # default", format!("{key}: {{}}"));
        return;
    }
    let last: BTreeMap<&str, &Set<'_, T>> = sets.iter().map(|set| (set.name.as_str(), set)).collect();
    let _ = writeln!(text, "{key}:");
    for (name, set) in last {
        let _ = writeln!(text, "{:WIDTH$} # {}", format!("  {name}: {}", value(&set.value)), set.layer.origin(&set.at));
    }
}

/// The word of an enumeration, as YAML has it.
fn word(value: impl serde::Serialize) -> String {
    serde_json::to_string(&value).unwrap_or_default().trim_matches('"').to_owned()
}

/// A string as YAML has it.
fn quote(text: &str) -> String {
    let plain = |character: char| character.is_ascii_alphanumeric() || "/-_.".contains(character);
    let bare = text.starts_with(|first: char| first.is_ascii_alphabetic()) && text.chars().all(plain);
    if bare { text.to_owned() } else { serde_json::to_string(text).unwrap_or_default() }
}
