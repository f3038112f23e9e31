//! Where packs come from: the built-in ones, compiled by the build script, and folders of a user's own.

use crate::read;
use crate::rule::schema::{self, PackFile, Problem};
use crate::rule::{Packs, compile};
use std::path::{Path, PathBuf};

/// The built-in packs, compiled.
static COMPILED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/packs.bin"));
/// Their files, as written.
static WRITTEN: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/files.bin"));

/// Why packs could not be loaded.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// A folder or file could not be read.
    #[error("cannot read {}: {error}", path.display())]
    Unreadable {
        /// The folder or file.
        path: PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// The files have mistakes. Each problem's path is the file's name as shown; `files` has the texts.
    #[error("the packs have {} problem{}", problems.len(), if problems.len() == 1 { "" } else { "s" })]
    Mistakes {
        /// What is wrong, in the order of the files.
        problems: Vec<Problem>,
        /// The files that problems point into.
        files: Vec<PackFile>,
    },
}

/// The built-in packs.
///
/// # Panics
/// Never: the build script wrote what is read here.
pub fn built_in() -> Packs {
    postcard::from_bytes(COMPILED).expect("packs that the build script wrote")
}

/// The files of the built-in packs, as written.
///
/// # Panics
/// Never: the build script wrote what is read here.
pub fn built_in_files() -> Vec<PackFile> {
    postcard::from_bytes(WRITTEN).expect("files that the build script wrote")
}

/// The built-in packs together with those of folders; a folder whose pack has the name of a built-in one replaces it. The phrases are
/// kept (see [`Packs::phrases`]).
pub fn with_folders(folders: &[PathBuf]) -> Result<Packs, LoadError> {
    let mut files = built_in_files();
    let mut names = Vec::new();
    let mut problems = Vec::new();
    for folder in folders {
        let (name, added) = read_folder(folder)?;
        problems.extend(added.iter().flat_map(schema::repeated));
        let before = files.len();
        files.retain(|file| file.path.split('/').next() != Some(name.as_str()));
        if files.len() == before {
            names.push(name);
        }
        files.extend(added);
    }
    files.sort_by(|one, other| one.path.cmp(&other.path));
    if !problems.is_empty() {
        return Err(LoadError::Mistakes { problems, files });
    }
    match compile::compile(&files) {
        Ok(packs) => Ok(Packs { added: names, ..packs }),
        Err(problems) => Err(LoadError::Mistakes { problems, files }),
    }
}

/// The name of a folder's pack: the folder's own.
pub fn name_of(folder: &Path) -> String {
    let whole = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    whole.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

/// The name of a folder's pack, and its files with paths that begin with that name.
pub fn read_folder(folder: &Path) -> Result<(String, Vec<PackFile>), LoadError> {
    let unreadable = |path: &Path, error| LoadError::Unreadable { path: path.to_owned(), error };
    folder.canonicalize().map_err(|error| unreadable(folder, error))?;
    let name = name_of(folder);
    let mut files = Vec::new();
    for entry in walkdir::WalkDir::new(folder).sort_by_file_name() {
        let entry = entry.map_err(|error| unreadable(folder, error.into()))?;
        let path = entry.path();
        if entry.file_type().is_file() && path.extension().is_some_and(|ending| ending == "yaml" || ending == "yml") {
            let text = read::yaml(path).map_err(|error| unreadable(path, error))?;
            let below = path.strip_prefix(folder).unwrap_or(path).to_string_lossy().replace('\\', "/");
            files.push(PackFile { path: format!("{name}/{below}"), text });
        }
    }
    Ok((name, files))
}
