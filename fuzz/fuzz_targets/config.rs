//! The YAML of configuration: any file is a configuration or has located mistakes, and what it says can be asked and shown.
#![no_main]

use clauselint::config::{Config, ConfigError};
use clauselint_fuzz::{BUILT_IN, folder, located, written};
use std::sync::LazyLock;
use tempfile::TempDir;

/// A folder with a configuration to extend.
static FOLDER: LazyLock<TempDir> = LazyLock::new(|| {
    let folder = folder();
    written(&folder, "base.yaml", b"fail-on: warning\nignore: [coppa]\nwaivers: [{rule: fipps, reason: Known.}]\n");
    folder
});

fn told(error: ConfigError) {
    match error {
        ConfigError::Mistakes { problems, files } => located(&problems, &files),
        other => assert!(!other.to_string().is_empty()),
    }
}

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let place = written(&FOLDER, "clauselint.yaml", data);
    let config = match Config::load(&place, "clauselint.yaml") {
        Ok(config) => config,
        Err(error) => return told(error),
    };
    if let Err(error) = config.verify(&BUILT_IN) {
        told(error);
    }
    let policy = FOLDER.path().join("docs/privacy.md");
    let terms = config.terms(&policy, &BUILT_IN);
    assert_eq!(terms, config.terms(&policy, &BUILT_IN));
    assert_eq!((terms.selected.len(), terms.severity.len()), (BUILT_IN.rules.len(), BUILT_IN.rules.len()));
    assert!(terms.facts.iter().all(|(fact, _)| *fact < BUILT_IN.facts.len()));
    config.takes(&policy);
    config.policy_of(&policy);
    assert!(!config.format().0.is_empty());
    let shown = [config.show(None), config.show(Some(&policy))].concat();
    for line in shown.lines() {
        assert_eq!(clauselint::visible::visible(line), line);
    }
});
