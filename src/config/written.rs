//! The configuration as written, and its JSON Schema.

use crate::rule::schema::OneOrMany;
use crate::verdict::{Confidence, Severity};
use schemars::JsonSchema;
use serde::de::{self, Deserializer, Visitor};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;

/// A `clauselint.yaml`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(default, rename_all = "kebab-case")]
#[schemars(title = "clauselint.yaml", extend("additionalProperties" = false))]
pub struct WrittenConfig {
    /// Configurations that this one extends, relative to this file; what is written here wins over them.
    #[schemars(with = "StringOrList")]
    pub extends: OneOrMany,
    /// Folders of packs of one's own, relative to this file.
    #[schemars(with = "StringOrList")]
    pub packs: OneOrMany,
    /// Check only these: names of packs, ids of rules, beginnings of ids, or citations.
    #[schemars(with = "StringOrList")]
    pub select: OneOrMany,
    /// Leave these out.
    #[schemars(with = "StringOrList")]
    pub ignore: OneOrMany,
    /// The severity of rules where it is not their own, by selector.
    #[schemars(with = "Option<BTreeMap<String, SeverityName>>")]
    pub severity: BTreeMap<String, Severity>,
    /// Facts about the policies, by name; they win over what the policies say.
    #[schemars(with = "Option<BTreeMap<String, bool>>")]
    pub facts: BTreeMap<String, bool>,
    /// The least severity that makes the exit code 1.
    pub fail_on: Option<FailOn>,
    /// Exit with 1 when there are more warnings than this.
    pub max_warnings: Option<usize>,
    /// The least severity that is shown.
    #[schemars(with = "Option<SeverityName>")]
    pub min_severity: Option<Severity>,
    /// The least confidence that is shown and that fails.
    #[schemars(with = "Option<ConfidenceName>")]
    pub min_confidence: Option<Confidence>,
    /// Show findings, or the whole checklist.
    pub show: Option<Show>,
    /// Pass over files that do not read as a privacy policy, even where they are named.
    pub only_policies: Option<bool>,
    /// How to write results: NAME or NAME=FILE.
    #[schemars(with = "StringOrList")]
    pub format: OneOrMany,
    /// How many threads to use; 0 means as many as there are processors.
    pub threads: Option<usize>,
    /// The largest file that is linted: a number of bytes, KiB, MiB or GiB.
    #[schemars(with = "Option<SizeText>")]
    pub max_size: Option<Size>,
    /// The file of findings that are known, relative to this file.
    pub baseline: Option<String>,
    /// Lint only these, in folders: patterns as in .gitignore, relative to this file.
    #[schemars(with = "StringOrList")]
    pub include: OneOrMany,
    /// Pass over these, in folders and under only-policies.
    #[schemars(with = "StringOrList")]
    pub exclude: OneOrMany,
    /// Policies in several files, each linted as one.
    #[schemars(with = "Option<Vec<WrittenPolicy>>")]
    pub policies: Vec<WrittenPolicy>,
    /// What is different for some files; of several that fit, the last wins.
    #[schemars(with = "Option<Vec<WrittenOverride>>")]
    pub overrides: Vec<WrittenOverride>,
    /// Findings that are accepted.
    #[schemars(with = "Option<Vec<WrittenWaiver>>")]
    pub waivers: Vec<WrittenWaiver>,
}

/// A policy in several files.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(extend("additionalProperties" = false))]
pub struct WrittenPolicy {
    /// Its files, relative to the configuration; the first gives it its name.
    #[schemars(length(min = 1))]
    pub files: Vec<String>,
    /// Facts about it.
    #[serde(default)]
    #[schemars(with = "Option<BTreeMap<String, bool>>")]
    pub facts: BTreeMap<String, bool>,
}

/// What is different for some files.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(extend("additionalProperties" = false))]
pub struct WrittenOverride {
    /// Patterns as in .gitignore, relative to the configuration.
    #[schemars(with = "Strings")]
    pub files: OneOrMany,
    /// Check only these, whatever stands above.
    #[serde(default)]
    #[schemars(with = "StringOrList")]
    pub select: OneOrMany,
    /// Leave these out too.
    #[serde(default)]
    #[schemars(with = "StringOrList")]
    pub ignore: OneOrMany,
    /// The severity of rules.
    #[serde(default)]
    #[schemars(with = "Option<BTreeMap<String, SeverityName>>")]
    pub severity: BTreeMap<String, Severity>,
    /// Facts about these policies.
    #[serde(default)]
    #[schemars(with = "Option<BTreeMap<String, bool>>")]
    pub facts: BTreeMap<String, bool>,
    /// The least severity that fails.
    pub fail_on: Option<FailOn>,
}

/// Findings that are accepted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(extend("additionalProperties" = false))]
pub struct WrittenWaiver {
    /// The rules whose findings are accepted.
    #[schemars(with = "StringOrList")]
    pub rule: OneOrMany,
    /// Why.
    #[serde(default)]
    pub reason: String,
    /// The last day on which it holds: 2027-01-31.
    pub until: Option<String>,
    /// Only in these files: patterns as in .gitignore, relative to the configuration.
    #[serde(default)]
    #[schemars(with = "StringOrList")]
    pub files: OneOrMany,
}

/// The least severity that fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum FailOn {
    /// Errors.
    Error,
    /// Warnings and errors.
    Warning,
    /// Every finding.
    Note,
    /// None.
    Never,
}

impl FailOn {
    /// The least severity that fails.
    pub fn severity(self) -> Option<Severity> {
        match self {
            Self::Error => Some(Severity::Error),
            Self::Warning => Some(Severity::Warning),
            Self::Note => Some(Severity::Note),
            Self::Never => None,
        }
    }
}

/// What is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Show {
    /// Findings alone.
    Findings,
    /// The whole checklist.
    All,
}

/// A number of bytes, as users write it: "16MiB", "500 KiB", "1000000".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size(pub u64);

impl<'de> Deserialize<'de> for Size {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Read;
        impl Visitor<'_> for Read {
            type Value = Size;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a number of bytes, KiB, MiB or GiB, such as 16MiB")
            }
            fn visit_u64<E: de::Error>(self, number: u64) -> Result<Size, E> {
                number.to_string().parse().map_err(E::custom)
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Size, E> {
                text.parse().map_err(E::custom)
            }
        }
        deserializer.deserialize_any(Read)
    }
}

impl std::str::FromStr for Size {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let digits = text.trim_end_matches(|character: char| !character.is_ascii_digit());
        let unit = match text[digits.len()..].trim().to_ascii_lowercase().as_str() {
            "" | "b" | "byte" | "bytes" => 1,
            "k" | "kb" | "kib" => 1 << 10,
            "m" | "mb" | "mib" => 1 << 20,
            "g" | "gb" | "gib" => 1 << 30,
            _ => return Err("a size is a number of bytes, KiB, MiB or GiB, such as 16MiB".to_owned()),
        };
        let number: u64 = digits.parse().map_err(|_| "a size begins with a number, such as 16MiB".to_owned())?;
        // Positions in a file are numbers of 32 bits.
        let bytes = number.checked_mul(unit).filter(|bytes| *bytes <= 1 << 30);
        bytes.map(Self).ok_or_else(|| "no more than 1 GiB is linted".to_owned())
    }
}

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            0 => write!(f, "0 bytes"),
            bytes if bytes.is_multiple_of(1 << 20) => write!(f, "{} MiB", bytes >> 20),
            bytes if bytes.is_multiple_of(1 << 10) => write!(f, "{} KiB", bytes >> 10),
            bytes => write!(f, "{bytes} bytes"),
        }
    }
}

/// One string or several, or none, for the schema.
#[derive(JsonSchema)]
#[serde(untagged)]
#[allow(dead_code)] // its shape is all there is to it
enum StringOrList {
    One(String),
    Many(Vec<String>),
    None,
}

/// One string or several, for the schema.
#[derive(JsonSchema)]
#[serde(untagged)]
#[allow(dead_code)]
enum Strings {
    One(String),
    Many(#[schemars(length(min = 1))] Vec<String>),
}

/// A size, for the schema.
#[derive(JsonSchema)]
#[serde(untagged)]
#[allow(dead_code)]
enum SizeText {
    Number(u64),
    Text(String),
}

/// The severities, for the schema.
#[derive(JsonSchema)]
#[serde(rename_all = "lowercase")]
#[allow(dead_code)]
enum SeverityName {
    Note,
    Warning,
    Error,
}

/// The confidences, for the schema.
#[derive(JsonSchema)]
#[serde(rename_all = "lowercase")]
#[allow(dead_code)]
enum ConfidenceName {
    Low,
    Medium,
    High,
}

/// The JSON Schema of the configuration.
pub fn schema() -> String {
    // A schema is plain data: nothing in it can fail to be written.
    serde_json::to_string_pretty(&schemars::schema_for!(WrittenConfig)).unwrap_or_default() + "\n"
}

/// The keys of a configuration, or of the items of one of its lists.
pub(super) fn keys(list: &str) -> Vec<String> {
    let schema = schemars::schema_for!(WrittenConfig);
    let root = schema.as_value();
    let item = || root["properties"][list]["items"]["$ref"].as_str().and_then(|path| root.pointer(path.strip_prefix('#')?));
    let mapping = if list.is_empty() { Some(root) } else { item() };
    let properties = mapping.and_then(|mapping| mapping["properties"].as_object());
    properties.map(|properties| properties.keys().cloned().collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_and_shown_as_users_write_them() {
        let size = |text: &str| text.parse::<Size>().map(|size| size.0);
        assert_eq!(size("16MiB"), Ok(16 << 20));
        assert_eq!(size("500 KiB"), Ok(500 << 10));
        assert_eq!(size("12"), Ok(12));
        for wrong in ["", "MiB", "1 mile", "99999999999GiB", "-1", "1.5MiB", "2GiB"] {
            assert!(size(wrong).is_err(), "{wrong}");
        }
        assert_eq!(
            [Size(16 << 20), Size(3 << 10), Size(5), Size(0)].map(|size| size.to_string()),
            ["16 MiB", "3 KiB", "5 bytes", "0 bytes"]
        );
    }

    #[test]
    fn the_keys_of_each_mapping_are_known() {
        assert!(keys("").contains(&"max-warnings".to_owned()));
        assert_eq!(keys("policies"), ["facts", "files"]);
        assert!(keys("overrides").contains(&"fail-on".to_owned()));
        assert_eq!((keys("facts"), keys("nonsense")), (Vec::new(), Vec::new()));
    }
}
