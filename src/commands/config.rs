//! What `init` and `config` do.

use super::{Error, packs_of, print, say, today};
use crate::cli::Init;
use clauselint::config::{self, Configs, WrittenConfig};
use clauselint::engine::Readers;
use clauselint::init::Survey;
use clauselint::lint::{Outcome, Settings, lint};
use clauselint::plan::Plan;
use clauselint::report::write_whole;
use clauselint::visible::visible;
use std::path::Path;
use std::process::ExitCode;

/// Writes a commented configuration for the policies of a folder; one that is there already is not touched.
pub(super) fn init(arguments: &Init) -> Result<ExitCode, Error> {
    if !arguments.folder.is_dir() {
        return Err(Error::Usage(format!("{} is no folder", arguments.folder.display())));
    }
    let there = config::NAMES.iter().map(|name| arguments.folder.join(name)).find(|path| path.exists());
    if let Some(there) = there.filter(|_| !arguments.stdout) {
        return Err(Error::Usage(format!("{} is there already; --stdout prints what would be written", there.display())));
    }
    let mut configs = Configs::new(WrittenConfig::default(), None, true)?;
    let plan = Plan::new(std::slice::from_ref(&arguments.folder), "", &mut configs)?;
    let packs = packs_of(&plan.configs())?;
    let readers = Readers::new(packs);
    let settings =
        Settings { readers: &readers, today: today(), no_waivers: true, max_size: plan.here.max_size().0.0, only_policies: true };
    let mut survey = Survey::default();
    let root = config::absolute(&arguments.folder);
    for task in &plan.tasks {
        if let Outcome::Linted(linted) = lint(&task.input, &task.config.terms(&task.path, packs), &settings) {
            survey.add(task.path.strip_prefix(&root).unwrap_or(&task.path), &linted);
        }
    }
    let text = survey.configuration(packs);
    if arguments.stdout {
        print(&text)?;
        return Ok(ExitCode::SUCCESS);
    }
    let folder = arguments.folder.strip_prefix(".").unwrap_or(&arguments.folder);
    let place = folder.join(config::NAMES[0]);
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
    print(&config.show(file))?;
    Ok(ExitCode::SUCCESS)
}

/// Prints the JSON Schema of the configuration.
pub(super) fn schema() -> Result<ExitCode, Error> {
    print(&config::schema())?;
    Ok(ExitCode::SUCCESS)
}
