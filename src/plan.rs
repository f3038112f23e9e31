//! What a run lints: the files that its paths come to, each with the configuration that holds for it, files that make one policy put
//! together, and those left out that a configuration excludes.

use crate::config::{self, Config, ConfigError, Configs};
use crate::walk::{self, Input, Origin, Part};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A policy to lint.
#[derive(Clone, Debug)]
pub struct Task {
    /// Its files.
    pub input: Input,
    /// The configuration that holds for it.
    pub config: Arc<Config>,
    /// The absolute path of its first file.
    pub path: PathBuf,
    /// Does the configuration leave it out?
    pub excluded: bool,
}

/// What a run lints.
#[derive(Clone, Debug)]
pub struct Plan {
    /// In the order of the paths.
    pub tasks: Vec<Task>,
    /// Was any path a folder?
    pub walked: bool,
    /// The configuration of the current folder: it decides how results are written.
    pub here: Arc<Config>,
}

impl Plan {
    /// Resolves paths; `-` is standard input, which reports call `stdin_name`.
    ///
    /// # Errors
    /// Those of a configuration that holds for a file.
    pub fn new(paths: &[PathBuf], stdin_name: &str, configs: &mut Configs) -> Result<Self, ConfigError> {
        let here = configs.here()?;
        let mut folders = Folders::default();
        let mut trouble = None;
        let found = walk::inputs(paths, stdin_name, &mut |file| {
            let file = folders.absolute(file);
            let config = configs.of(&file).map_err(|error| trouble.get_or_insert(error)).ok();
            config.is_some_and(|config| config.include().is_some_and(|include| include.fit(&file)))
        });
        if let Some(error) = trouble {
            return Err(error);
        }
        let mut tasks: Vec<Task> = Vec::with_capacity(found.inputs.len());
        // Policies in several files, by their files.
        let mut put_together: BTreeMap<Vec<PathBuf>, usize> = BTreeMap::new();
        for mut input in found.inputs {
            let mut path = folders.absolute(match &input.parts[0].origin {
                Origin::File(path) => path,
                Origin::Stdin | Origin::Memory(_) | Origin::Nowhere(_) => Path::new(&input.parts[0].name),
            });
            let config = configs.of(&path)?;
            let excluded = (!input.named || here.only_policies().0) && !config.takes(&path);
            if let Some(files) = config.policy_of(&path) {
                if let Some(number) = put_together.get(files) {
                    // It is linted if any of its files is.
                    let task: &mut Task = &mut tasks[*number];
                    task.excluded &= excluded;
                    task.input.named |= input.named;
                    continue;
                }
                let own = &input.parts[0];
                let part = |file: &PathBuf| {
                    if *file == path { own.clone() } else { Part { origin: Origin::File(file.clone()), name: config::shown(file) } }
                };
                input.parts = files.iter().map(part).collect();
                path.clone_from(&files[0]);
                put_together.insert(files.to_vec(), tasks.len());
            }
            tasks.push(Task { input, config, path, excluded });
        }
        Ok(Self { tasks, walked: found.walked, here })
    }

    /// Every configuration of the run, once.
    pub fn configs(&self) -> Vec<Arc<Config>> {
        let mut configs = vec![self.here.clone()];
        for task in &self.tasks {
            if !configs.iter().any(|known| Arc::ptr_eq(known, &task.config)) {
                configs.push(task.config.clone());
            }
        }
        configs
    }
}

/// Absolute paths of folders: thousands of files lie in few of them.
#[derive(Default)]
struct Folders(BTreeMap<PathBuf, PathBuf>);

impl Folders {
    fn absolute(&mut self, path: &Path) -> PathBuf {
        let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else {
            return config::absolute(path);
        };
        if let Some(known) = self.0.get(folder) {
            return known.join(name);
        }
        let whole = config::absolute(if folder.as_os_str().is_empty() { Path::new(".") } else { folder });
        self.0.insert(folder.to_owned(), whole.clone());
        whole.join(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::WrittenConfig;
    use crate::config::tests::folder;
    use tempfile::TempDir;

    /// The names of each policy's files, whether it was named, and whether it is left out.
    fn tasks(dir: &TempDir, paths: &[&str], command_line: WrittenConfig) -> Vec<(Vec<String>, bool, bool)> {
        let mut configs = Configs::new(command_line, None, false).unwrap();
        let paths: Vec<PathBuf> = paths.iter().map(|path| if *path == "-" { "-".into() } else { dir.path().join(path) }).collect();
        let stdin = dir.path().join("b.md");
        let plan = Plan::new(&paths, &stdin.to_string_lossy(), &mut configs).unwrap();
        let last = |part: &Part| part.name.rsplit('/').next().unwrap_or_default().to_owned();
        plan.tasks.iter().map(|task| (task.input.parts.iter().map(last).collect(), task.input.named, task.excluded)).collect()
    }

    #[test]
    fn files_that_make_one_policy_are_one_task() {
        let dir =
            folder(&[("clauselint.yaml", "policies: [{files: [b.md, a.md]}]\nexclude: a.md\n"), ("a.md", ""), ("b.md", ""), ("c.md", "")]);
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let both = || names(&["b.md", "a.md"]);
        let alone = |walk: bool| (names(&["c.md"]), !walk, false);
        let none = WrittenConfig::default;
        assert_eq!(tasks(&dir, &["."], none()), [(both(), false, false), alone(true)], "one of its files is not left out");
        assert_eq!(tasks(&dir, &["c.md", "b.md", "a.md"], none()), [alone(false), (both(), true, false)]);
        let hook = || WrittenConfig { only_policies: Some(true), ..none() };
        let mut here = Configs::new(hook(), None, false).unwrap();
        let plan = Plan::new(&[dir.path().join("a.md")], "-", &mut here).unwrap();
        assert!(plan.tasks[0].excluded, "a hook passes over what is left out");
        assert_eq!(tasks(&dir, &["-"], none()), [(both(), true, false)], "standard input takes the place of the file that it is called");
    }

    #[test]
    fn each_configuration_comes_once() {
        let dir = folder(&[("clauselint.yaml", ""), ("a.md", ""), ("b/c.md", ""), ("d/clauselint.yaml", "show: all\n"), ("d/e.md", "")]);
        let mut configs = Configs::new(WrittenConfig::default(), None, false).unwrap();
        let plan = Plan::new(&[dir.path().to_owned()], "-", &mut configs).unwrap();
        assert!(plan.walked);
        assert_eq!((plan.tasks.len(), plan.configs().len()), (3, 3), "that of the current folder is one of them");
        std::fs::write(dir.path().join("d/clauselint.yaml"), "shw: all\n").unwrap();
        let mut configs = Configs::new(WrittenConfig::default(), None, false).unwrap();
        assert!(Plan::new(&[dir.path().to_owned()], "-", &mut configs).is_err());
    }
}
