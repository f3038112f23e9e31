//! From paths to inputs: the only door to `ignore`. A file that was named is an input whatever it is; in a folder only files that may
//! hold a policy are, in the order of their paths, hidden and git-ignored ones left out. Nothing is read here, and a folder that
//! cannot be entered does not stop the others.

use ignore::WalkBuilder;
use rustc_hash::FxHashSet;
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// Endings of files that a walk looks into.
const ENDINGS: [&str; 13] = ["md", "markdown", "mdx", "html", "htm", "xhtml", "php", "txt", "text", "rst", "adoc", "asciidoc", "asc"];

/// Where the bytes of an input are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Standard input.
    Stdin,
    /// A file.
    File(PathBuf),
    /// At hand: an earlier version of a file, say.
    Memory(Vec<u8>),
    /// Nowhere: the walk failed here, for this reason.
    Nowhere(String),
}

/// A file of something to lint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Where its bytes are.
    pub origin: Origin,
    /// The name that reports show.
    pub name: String,
}

/// Something to lint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input {
    /// Its files: one, but for a policy that the configuration puts together. Never empty.
    pub parts: Vec<Part>,
    /// Was it named by the user, rather than met by a walk?
    pub named: bool,
}

impl Input {
    /// A single file.
    pub fn new(origin: Origin, name: impl Into<String>, named: bool) -> Self {
        Self { parts: vec![Part { origin, name: name.into() }], named }
    }

    /// The name of its first file.
    pub fn name(&self) -> &str {
        &self.parts[0].name
    }
}

/// What the paths of a command line come to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Inputs {
    /// Each once, in the order of the paths.
    pub inputs: Vec<Input>,
    /// Was any path a folder?
    pub walked: bool,
}

/// Resolves paths; `-` is standard input, which reports call `stdin_name`. A walk takes what `also` asks for, whatever its ending.
pub fn inputs(paths: &[PathBuf], stdin_name: &str, also: &mut dyn FnMut(&Path) -> bool) -> Inputs {
    let mut found = Inputs::default();
    let mut seen = FxHashSet::default();
    for path in paths {
        if path.as_os_str() == "-" {
            if seen.insert(path.clone()) {
                found.inputs.push(Input::new(Origin::Stdin, stdin_name, true));
            }
        } else if path.is_dir() {
            found.walked = true;
            walk(path, also, |input| {
                let new = match &input.parts[0].origin {
                    Origin::File(path) => seen.insert(plain(path)),
                    Origin::Stdin | Origin::Memory(_) | Origin::Nowhere(_) => true,
                };
                if new {
                    found.inputs.push(input);
                }
            });
        } else if seen.insert(plain(path)) {
            found.inputs.push(Input::new(Origin::File(path.clone()), path.to_string_lossy(), true));
        }
    }
    found
}

/// Hands out what a folder holds.
fn walk(folder: &Path, also: &mut dyn FnMut(&Path) -> bool, mut take: impl FnMut(Input)) {
    // A .gitignore outside of a repository was still written to be heeded: exported trees have no .git.
    let mut builder = WalkBuilder::new(folder);
    builder.require_git(false).follow_links(false).sort_by_file_path(Path::cmp);
    let whole = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
    if let Some(trap) = whole.ancestors().find_map(trap) {
        return take(nowhere(&trap, folder, true));
    }
    let trapped: Arc<Mutex<Vec<PathBuf>>> = Arc::default();
    let found = trapped.clone();
    builder.filter_entry(move |entry| {
        let trap = entry.file_type().filter(std::fs::FileType::is_dir).and_then(|_| trap(entry.path()));
        let Some(trap) = trap else { return true };
        found.lock().unwrap_or_else(PoisonError::into_inner).push(trap);
        false
    });
    for entry in builder.build() {
        match entry {
            // Links, FIFOs and devices are not files.
            Ok(entry)
                if entry.file_type().is_some_and(|kind| kind.is_file()) && (may_hold_a_policy(entry.path()) || also(entry.path())) =>
            {
                let path = entry.into_path();
                let path = path.strip_prefix(".").map(Path::to_owned).unwrap_or(path);
                let name = path.to_string_lossy().into_owned();
                take(Input::new(Origin::File(path), name, false));
            }
            Ok(_) => {}
            Err(error) => take(Input::new(Origin::Nowhere(error.to_string()), folder.to_string_lossy(), is_root(&error))),
        }
    }
    trapped.lock().unwrap_or_else(PoisonError::into_inner).iter().for_each(|trap| take(nowhere(trap, folder, false)));
}

/// A list of what to ignore in a folder that is a device or a FIFO: reading it would never end.
fn trap(folder: &Path) -> Option<PathBuf> {
    let special = |path: &PathBuf| path.metadata().is_ok_and(|metadata| !metadata.is_file() && !metadata.is_dir());
    [".gitignore", ".ignore", ".git/info/exclude"].iter().map(|name| folder.join(name)).find(special)
}

fn nowhere(trap: &Path, folder: &Path, named: bool) -> Input {
    let reason = format!("{} is a device or a FIFO", trap.to_string_lossy());
    Input::new(Origin::Nowhere(reason), folder.to_string_lossy(), named)
}

/// Did the walk fail on the folder that was named, rather than below it?
fn is_root(error: &ignore::Error) -> bool {
    match error {
        ignore::Error::WithDepth { depth, .. } => *depth == 0,
        ignore::Error::WithPath { err, .. } => is_root(err),
        _ => false,
    }
}

/// Does the file's ending allow for a policy?
pub fn may_hold_a_policy(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ENDINGS.iter().any(|known| ending.eq_ignore_ascii_case(known)))
}

/// The path without the `./` that a user may write.
fn plain(path: &Path) -> PathBuf {
    path.components().filter(|part| *part != Component::CurDir).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn a_walk_takes_texts_in_order_and_named_files_come_once() {
        let dir = tempfile::tempdir().unwrap();
        let at = |name: &str| dir.path().join(name);
        fs::create_dir_all(at("b")).unwrap();
        fs::create_dir_all(at(".hidden")).unwrap();
        for name in ["b/one.MD", "a.html", "code.rs", ".hidden/x.md", "ignored.txt", "c.rst", ".gitignore"] {
            fs::write(at(name), if name == ".gitignore" { "ignored.txt\n" } else { "text" }).unwrap();
        }
        let found = inputs(&[at("c.rst"), dir.path().to_owned(), at("c.rst"), at("ignored.txt")], "-", &mut |_| false);
        let names: Vec<_> = found.inputs.iter().map(|input| (input.name().rsplit('/').next().unwrap(), input.named)).collect();
        assert_eq!(names, [("c.rst", true), ("a.html", false), ("one.MD", false), ("ignored.txt", true)]);
        assert!(found.walked);
    }

    #[cfg(unix)]
    #[test]
    fn a_walk_follows_no_links() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("real.md"), "text").unwrap();
        std::os::unix::fs::symlink(dir.path(), dir.path().join("loop")).unwrap();
        std::os::unix::fs::symlink(dir.path().join("real.md"), dir.path().join("link.md")).unwrap();
        assert_eq!(inputs(&[dir.path().to_owned()], "-", &mut |_| false).inputs.len(), 1);
        assert_eq!(inputs(&[dir.path().join("link.md")], "-", &mut |_| false).inputs.len(), 1);
    }

    #[test]
    fn standard_input_and_what_does_not_exist_are_inputs_too() {
        let found = inputs(&["-".into(), "no/such.md".into(), "./no/such.md".into()], "draft.md", &mut |_| false);
        assert_eq!(found.inputs.len(), 2);
        assert_eq!((found.inputs[0].name(), &found.inputs[0].parts[0].origin), ("draft.md", &Origin::Stdin));
        assert!(!found.walked);
    }
}
