//! The effective configuration as `config show` prints it: YAML that could be written so, with the origin of every value beside it.

use super::layer::{Section, Whose};
use super::{Config, Origin, fail_on, ignoring, selecting};
use crate::visible::{visible, visible_char};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// How wide the values are before their origins stand in a column of their own.
const WIDTH: usize = 40;

impl Config {
    /// What holds for the policy that a file, given by its absolute path, is or belongs to; or in general, and what is different for
    /// some files.
    pub fn show(&self, file: Option<&Path>) -> String {
        let alone = file.map(|file| [file.to_owned()]);
        let files = file.and_then(|file| self.policy_of(file)).or(alone.as_ref().map(<[_; 1]>::as_slice));
        let sections = self.sections(files.map_or(Whose::Nobodys, Whose::Of));
        let mut page = Page::default();
        page.title(self);
        self.run(&mut page, &sections);
        self.choice(&mut page, &sections);
        if let Some(files) = files {
            self.policies(&mut page, |policy| files.len() > 1 && policy == files);
        } else {
            self.policies(&mut page, |_| true);
            self.overrides(&mut page);
        }
        self.waivers(&mut page, files);
        page.0
    }

    /// What fails, and how results are written.
    fn run(&self, page: &mut Page, sections: &[Section<'_>]) {
        let (fail_on, origin) = fail_on(sections);
        page.value("", "fail-on", &word(fail_on), &origin);
        let (max_warnings, origin) = self.max_warnings();
        page.value("", "max-warnings", &max_warnings.map_or("null".to_owned(), |most| most.to_string()), &origin);
        let (min_severity, origin) = self.min_severity();
        page.value("", "min-severity", min_severity.as_str(), &origin);
        let (min_confidence, origin) = self.min_confidence();
        page.value("", "min-confidence", min_confidence.as_str(), &origin);
        let (show, origin) = self.shown();
        page.value("", "show", &word(show), &origin);
        let (only_policies, origin) = self.only_policies();
        page.value("", "only-policies", &only_policies.to_string(), &origin);
        let (formats, origin) = self.format();
        let shown = |format: &String| match format.split_once('=') {
            Some((name, file)) => format!("{name}={}", super::shown(Path::new(file))),
            None => format.clone(),
        };
        page.value("", "format", &flow(&formats.iter().map(shown).collect::<Vec<_>>()), &origin);
        let (threads, origin) = self.threads();
        page.value("", "threads", &threads.to_string(), &origin);
        let (max_size, origin) = self.max_size();
        page.value("", "max-size", &max_size.to_string(), &origin);
        let (baseline, origin) = self.baseline();
        page.value("", "baseline", &baseline.map_or("null".to_owned(), |path| quote(&super::shown(&path))), &origin);
    }

    /// What is asked for.
    fn choice(&self, page: &mut Page, sections: &[Section<'_>]) {
        let select = selecting(sections).into_iter().flat_map(|section| listed(section, "select"));
        page.list("select", select);
        page.list("ignore", ignoring(sections).flat_map(|section| listed(section, "ignore")));
        let packs = self.layers.iter().flat_map(|layer| {
            layer.packs.iter().enumerate().map(|(number, (folder, _))| {
                let at = layer.written.packs.path("packs", number);
                (super::shown(folder), layer.origin(&at))
            })
        });
        page.list("packs", packs);
        let include = self.layers.iter().find(|layer| !layer.include.is_empty());
        let patterns = |layer: &super::Layer, key: &str, list: &super::OneOrMany| -> Vec<(String, Origin)> {
            list.items.iter().enumerate().map(|(number, item)| (item.clone(), layer.origin(&list.path(key, number)))).collect()
        };
        page.list("include", include.into_iter().flat_map(|layer| patterns(layer, "include", &layer.written.include)));
        page.list("exclude", self.layers.iter().flat_map(|layer| patterns(layer, "exclude", &layer.written.exclude)));
        page.map("severity", sections, |section| {
            section.rules.severity.iter().map(|(name, severity)| (name.as_str(), severity.as_str().to_owned())).collect()
        });
        page.map("facts", sections, |section| section.facts.iter().map(|(name, value)| (name.as_str(), value.to_string())).collect());
    }

    fn policies(&self, page: &mut Page, is_asked: impl Fn(&[PathBuf]) -> bool) {
        let mut items = Vec::new();
        for layer in &self.layers {
            for (number, policy) in layer.written.policies.iter().enumerate().filter(|(number, _)| is_asked(&layer.policies[*number])) {
                let names: Vec<String> = layer.policies[number].iter().map(|path| super::shown(path)).collect();
                let mut keys = vec![("files", flow(&names))];
                keys.extend((!policy.facts.is_empty()).then(|| ("facts", braces(&policy.facts, ToString::to_string))));
                items.push((keys, layer.origin(&format!("policies[{number}]"))));
            }
        }
        page.items("policies", &items);
    }

    fn overrides(&self, page: &mut Page) {
        let mut items = Vec::new();
        // The last that fits wins.
        for layer in self.layers.iter().rev() {
            for (number, over) in layer.written.overrides.iter().enumerate() {
                let mut keys = vec![("files", flow(&over.files.items))];
                keys.extend((!over.select.items.is_empty()).then(|| ("select", flow(&over.select.items))));
                keys.extend((!over.ignore.items.is_empty()).then(|| ("ignore", flow(&over.ignore.items))));
                keys.extend(
                    (!over.severity.is_empty()).then(|| ("severity", braces(&over.severity, |severity| severity.as_str().to_owned()))),
                );
                keys.extend((!over.facts.is_empty()).then(|| ("facts", braces(&over.facts, ToString::to_string))));
                keys.extend(over.fail_on.map(|fail_on| ("fail-on", word(fail_on))));
                items.push((keys, layer.origin(&format!("overrides[{number}]"))));
            }
        }
        page.items("overrides", &items);
    }

    fn waivers(&self, page: &mut Page, files: Option<&[PathBuf]>) {
        let mut items = Vec::new();
        for layer in self.layers.iter().rev() {
            let concerning: Option<Vec<&str>> = files.map(|files| layer.waivers_of(files).map(|waiver| waiver.origin.as_str()).collect());
            for (number, waiver) in layer.written.waivers.iter().enumerate() {
                let origin = layer.origin(&format!("waivers[{number}]"));
                if concerning.as_ref().is_some_and(|concerning| !concerning.contains(&origin.to_string().as_str())) {
                    continue;
                }
                let mut keys = vec![("rule", flow(&waiver.rule.items)), ("reason", quote(&waiver.reason))];
                keys.extend(waiver.until.as_deref().map(|until| ("until", quote(until))));
                keys.extend((!waiver.files.items.is_empty()).then(|| ("files", flow(&waiver.files.items))));
                items.push((keys, origin));
            }
        }
        page.items("waivers", &items);
    }
}

/// What is printed.
#[derive(Default)]
struct Page(String);

impl Page {
    fn title(&mut self, config: &Config) {
        let files: Vec<String> = config.layers.iter().filter_map(|layer| layer.file.as_ref()).map(|file| visible(&file.path)).collect();
        self.0 = match files.as_slice() {
            [] => "# no configuration\n".to_owned(),
            [one] => format!("# {one}\n"),
            [one, bases @ ..] => format!("# {one}, which extends {}\n", bases.join(", ")),
        };
    }

    fn value(&mut self, before: &str, key: &str, value: &str, origin: &Origin) {
        self.line(&format!("{before}{key}: {value}"), origin);
    }

    fn line(&mut self, set: &str, origin: &Origin) {
        let _ = writeln!(self.0, "{set:WIDTH$} # {}", visible(&origin.to_string()));
    }

    fn list(&mut self, key: &str, items: impl IntoIterator<Item = (String, Origin)>) {
        let mut items = items.into_iter().peekable();
        if items.peek().is_none() {
            return self.value("", key, "[]", &Origin::Default);
        }
        let _ = writeln!(self.0, "{key}:");
        for (item, origin) in items {
            self.line(&format!("  - {}", quote(&item)), &origin);
        }
    }

    /// Names and their values; of several for one name the last counts.
    fn map<'c>(&mut self, key: &str, sections: &[Section<'c>], sets: impl Fn(&Section<'c>) -> Vec<(&'c str, String)>) {
        let mut last: BTreeMap<&str, (String, Origin)> = BTreeMap::new();
        for section in sections {
            for (name, value) in sets(section) {
                last.insert(name, (value, section.layer.origin(&section.at(&format!("{key}.{name}")))));
            }
        }
        if last.is_empty() {
            return self.value("", key, "{}", &Origin::Default);
        }
        let _ = writeln!(self.0, "{key}:");
        for (name, (value, origin)) in last {
            self.value("  ", &quote(name), &value, &origin);
        }
    }

    /// A list of mappings, each with the origin of the whole.
    fn items(&mut self, key: &str, items: &[(Vec<(&str, String)>, Origin)]) {
        if items.is_empty() {
            return self.value("", key, "[]", &Origin::Default);
        }
        let _ = writeln!(self.0, "{key}:");
        for (keys, origin) in items {
            for (number, (key, value)) in keys.iter().enumerate() {
                let before = if number == 0 { "  - " } else { "    " };
                self.value(before, key, value, origin);
            }
        }
    }
}

/// The items of a section's list, each with its origin.
fn listed<'s>(section: &'s Section<'_>, key: &'s str) -> impl Iterator<Item = (String, Origin)> + 's {
    let list = if key == "select" { section.rules.select } else { section.rules.ignore };
    list.items.iter().enumerate().map(move |(number, item)| (item.clone(), section.layer.origin(&list.path(&section.at(key), number))))
}

/// `[a, b]`.
fn flow(items: &[String]) -> String {
    format!("[{}]", items.iter().map(|item| quote(item)).collect::<Vec<_>>().join(", "))
}

/// `{a: b}`.
fn braces<T>(map: &BTreeMap<String, T>, value: impl Fn(&T) -> String) -> String {
    let pairs: Vec<String> = map.iter().map(|(name, set)| format!("{}: {}", quote(name), value(set))).collect();
    format!("{{{}}}", pairs.join(", "))
}

/// The word of an enumeration, as YAML has it.
fn word(value: impl serde::Serialize) -> String {
    serde_json::to_string(&value).unwrap_or_default().trim_matches('"').to_owned()
}

/// A string as YAML has it: JSON's quotes are YAML's too, and words that mean something else are never bare. What a terminal would obey,
/// or a reader not see, is escaped.
fn quote(text: &str) -> String {
    let plain = |character: char| character.is_ascii_alphanumeric() || "/-_.".contains(character);
    let bare = text.starts_with(|first: char| first.is_ascii_alphabetic()) && text.chars().all(plain);
    let means_more = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"].iter().any(|word| text.eq_ignore_ascii_case(word));
    if bare && !means_more {
        return text.to_owned();
    }
    let mut quoted = String::new();
    for character in serde_json::to_string(text).unwrap_or_default().chars() {
        if visible_char(character) == Some(character) {
            quoted.push(character);
        } else {
            let _ = write!(quoted, "\\u{:04x}", u32::from(character));
        }
    }
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_cannot_be_seen_is_escaped() {
        assert_eq!(quote("coppa/all"), "coppa/all");
        assert_eq!(quote("collects-from-c\u{ad}ldren"), r#""collects-from-c\u00adldren""#);
        assert_eq!(quote("\u{1b}[2J \u{202e}\n"), r#""\u001b[2J \u202e\n""#);
    }

    proptest! {
        #[test]
        fn a_quoted_string_is_read_back_and_can_be_shown(text in any::<String>()) {
            let quoted = quote(&text);
            prop_assert_eq!(visible(&quoted), quoted.clone());
            prop_assert_eq!(serde_yaml::from_str::<String>(&quoted).unwrap(), text);
        }
    }
}
