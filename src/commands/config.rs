//! What `init` and `config` do.

use super::{Error, packs_of, print, say, today};
use crate::cli::Init;
use clauselint::config::{self, Configs, WrittenConfig};
use clauselint::lint::{Outcome, Settings, lint};
use clauselint::plan::Plan;
use clauselint::report::{visible, write_whole};
use std::path::Path;
use std::process::ExitCode;

/// Writes a commented configuration for the policies of a folder; one that is there already is not touched.
pub(super) fn init(arguments: &Init) -> Result<ExitCode, Error> {
    let there = config::NAMES.iter().map(|name| arguments.folder.join(name)).find(|path| path.exists());
    if let Some(there) = there.filter(|_| !arguments.stdout) {
        return Err(Error::Usage(format!("{} is there already; --stdout prints what would be written", there.display())));
    }
    let mut configs = Configs::new(WrittenConfig::default(), None, true)?;
    let plan = Plan::new(std::slice::from_ref(&arguments.folder), "", &mut configs)?;
    let packs = packs_of(&plan.configs())?;
    let settings = Settings { packs: &packs, today: today(), no_waivers: true, max_size: plan.here.max_size().0.0, only_policies: true };
    let policies: Vec<_> = (plan.tasks.iter())
        .filter_map(|task| match lint(&task.input, &task.config.terms(&task.path, &packs), &settings) {
            Outcome::Linted(linted) => Some(*linted),
            Outcome::PassedOver(_) | Outcome::Failed(_) => None,
        })
        .collect();
    let text = config::init(&packs, &policies);
    if arguments.stdout {
        print(&text)?;
        return Ok(ExitCode::SUCCESS);
    }
    let place = arguments.folder.join(config::NAMES[0]);
    write_whole(&place, &text)?;
    say(&format!("clauselint: wrote {}\n", visible(&place.to_string_lossy())));
    Ok(ExitCode::SUCCESS)
}

/// Prints what is in force, for a file or in a folder.
pub(super) fn show(path: Option<&Path>, named: Option<&Path>, none: bool) -> Result<ExitCode, Error> {
    let mut configs = Configs::new(WrittenConfig::default(), named, none)?;
    let path = path.map(config::absolute);
    let file = path.as_deref().filter(|path| !path.is_dir());
    let config = match (file, &path) {
        (Some(file), _) => configs.of(file)?,
        (None, Some(folder)) => configs.of(&folder.join("policy"))?,
        (None, None) => configs.here()?,
    };
    packs_of(std::slice::from_ref(&config))?;
    let shown: Vec<String> = config.show(file).lines().map(visible).collect();
    print(&(shown.join("\n") + "\n"))?;
    Ok(ExitCode::SUCCESS)
}

/// Prints the JSON Schema of the configuration.
pub(super) fn schema() -> Result<ExitCode, Error> {
    print(&config::schema())?;
    Ok(ExitCode::SUCCESS)
}
