//! Patterns of files, as in `.gitignore`, relative to the folder of the configuration that has them.

use ignore::gitignore::{Gitignore, GitignoreBuilder};
use std::path::{Path, PathBuf};

/// Some patterns; at first none.
#[derive(Clone, Debug)]
pub struct Patterns {
    folder: PathBuf,
    matcher: Gitignore,
}

impl Default for Patterns {
    fn default() -> Self {
        Self { folder: PathBuf::new(), matcher: Gitignore::empty() }
    }
}

impl Patterns {
    /// Reads patterns that are relative to a folder.
    ///
    /// # Errors
    /// The index of the first pattern that is none, and why.
    pub fn new(folder: &Path, patterns: &[String]) -> Result<Self, (usize, String)> {
        let mut builder = GitignoreBuilder::new(folder);
        for (number, pattern) in patterns.iter().enumerate() {
            let shown = |error: &ignore::Error| (number, format!("\"{pattern}\" is no pattern: {error}"));
            builder.add_line(None, pattern.strip_prefix("./").unwrap_or(pattern)).map_err(|error| shown(&error))?;
        }
        let matcher = builder.build().map_err(|error| (0, error.to_string()))?;
        Ok(Self { folder: folder.to_owned(), matcher })
    }

    /// Are there none?
    pub fn is_empty(&self) -> bool {
        self.matcher.is_empty()
    }

    /// Does a pattern fit a file, given by its absolute path? A file outside of the folder fits none.
    pub fn fit(&self, file: &Path) -> bool {
        file.strip_prefix(&self.folder).is_ok_and(|below| self.matcher.matched_path_or_any_parents(below, false).is_ignore())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_fit_files_and_everything_in_folders() {
        let patterns =
            |list: &[&str]| Patterns::new(Path::new("/site"), &list.iter().map(|one| (*one).to_owned()).collect::<Vec<_>>()).unwrap();
        let some = patterns(&["archive/", "/legal/*.md", "!legal/keep.md", "./drafts/old.md"]);
        assert!(some.fit(Path::new("/site/a/archive/b/privacy.md")));
        assert!(some.fit(Path::new("/site/legal/privacy.md")));
        assert!(some.fit(Path::new("/site/drafts/old.md")));
        assert!(!some.fit(Path::new("/site/legal/keep.md")));
        assert!(!some.fit(Path::new("/site/a/legal/privacy.md")));
        assert!(!some.fit(Path::new("/elsewhere/archive/privacy.md")));
        assert!(patterns(&[]).is_empty() && !patterns(&[]).fit(Path::new("/site/x.md")));
        assert_eq!(Patterns::new(Path::new("/site"), &["ok".to_owned(), "a{b".to_owned()]).unwrap_err().0, 1);
    }
}
