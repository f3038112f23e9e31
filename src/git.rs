//! What the version control knows of a policy: which files changed since a revision, and what they held then. The only file that knows
//! git, which is run as a program, without a shell; its settings can neither run other programs nor write to the repository here.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::{OsStr, OsString};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Why git gave no answer.
#[derive(Debug, thiserror::Error)]
pub enum GitError {
    /// There is no git to be run.
    #[error("git could not be run, which --since needs: {0}")]
    NoGit(io::Error),
    /// There is no repository.
    #[error("{} is in no git repository, which --since needs", .0.display())]
    NoRepository(PathBuf),
    /// What was given for a revision is an option.
    #[error("a revision does not begin with a hyphen: {0}")]
    Option(String),
    /// The revision does not exist.
    #[error("{} has no revision \"{revision}\"{}", root.display(), if *shallow { "; it is a shallow clone: fetch its history first" } else { "" })]
    NoRevision {
        /// What was asked for.
        revision: String,
        /// The repository.
        root: PathBuf,
        /// Is its history cut off?
        shallow: bool,
    },
    /// A path of another place.
    #[error("{} is outside of the git repository {}", path.display(), root.display())]
    Outside {
        /// The path.
        path: PathBuf,
        /// The repository.
        root: PathBuf,
    },
    /// git refused, with these words.
    #[error("git {what} failed: {why}")]
    Refused {
        /// The command.
        what: String,
        /// What it said.
        why: String,
    },
}

/// A repository, seen from one of its revisions.
#[derive(Clone, Debug)]
pub struct Since {
    /// Its working tree, without links.
    root: PathBuf,
    /// The revision, as it was given.
    revision: String,
    /// The revision, by its hash.
    commit: String,
    changes: Changes,
}

/// The files that changed; paths begin at the root of the working tree.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Changes {
    /// Where a file is, and where it was; none where it is new.
    present: BTreeMap<PathBuf, Option<PathBuf>>,
    /// Where a file was that was deleted.
    deleted: BTreeSet<PathBuf>,
}

/// What happened to a file since the revision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum History<'a> {
    /// Nothing.
    Unchanged,
    /// It was added, tracked or not.
    New,
    /// It was changed, and perhaps renamed: its path then.
    Was(&'a Path),
}

impl Since {
    /// The repository that a folder lies in, and all that changed in it since a revision: what was committed, what was not, and what git does
    /// not track yet, unless it is ignored.
    pub fn new(folder: &Path, revision: &str) -> Result<Self, GitError> {
        if revision.starts_with('-') {
            return Err(GitError::Option(revision.to_owned()));
        }
        let root = match git(folder, &["rev-parse", "--show-toplevel"]) {
            Ok(root) => absolute(&path(trimmed(&root))),
            Err(GitError::Refused { why, .. }) if why.contains("not a git repository") => {
                return Err(GitError::NoRepository(folder.to_owned()));
            }
            Err(error) => return Err(error),
        };
        let commit = match git(&root, &["rev-parse", "--verify", "--quiet", &format!("{revision}^{{commit}}")]) {
            Ok(commit) => String::from_utf8_lossy(trimmed(&commit)).into_owned(),
            Err(GitError::Refused { .. }) => {
                let shallow = git(&root, &["rev-parse", "--is-shallow-repository"]).is_ok_and(|said| trimmed(&said) == b"true");
                return Err(GitError::NoRevision { revision: revision.to_owned(), root, shallow });
            }
            Err(error) => return Err(error),
        };
        let tracked = git(
            &root,
            &["diff", "--name-status", "-z", "--find-renames", "--no-relative", "--no-ext-diff", "--ignore-submodules=all", &commit, "--"],
        )?;
        let untracked = git(&root, &["ls-files", "--others", "--exclude-standard", "-z"])?;
        let changes = Changes::read(&tracked, &untracked);
        Ok(Self { root, revision: revision.to_owned(), commit, changes })
    }

    /// What happened to a file.
    pub fn history(&self, file: &Path) -> Result<History<'_>, GitError> {
        let file = self.inside(file)?;
        Ok(match self.changes.present.get(&file) {
            None => History::Unchanged,
            Some(None) => History::New,
            Some(Some(old)) => History::Was(old),
        })
    }

    /// The files at a path, or below it, that were deleted, from the root on.
    pub fn deleted(&self, path: &Path) -> Result<Vec<&Path>, GitError> {
        let path = self.inside(path)?;
        Ok(self.changes.deleted.iter().map(PathBuf::as_path).filter(|old| old.starts_with(&path)).collect())
    }

    /// What a file held, unless it is larger than this. The path begins at the root.
    pub fn held(&self, file: &Path, limit: u64) -> Result<Option<Vec<u8>>, GitError> {
        let mut object = OsString::from(format!("{}:", self.commit));
        object.push(slashes(file));
        let mut child =
            command(&self.root).args(["cat-file", "blob"]).arg(&object).stdout(Stdio::piped()).spawn().map_err(GitError::NoGit)?;
        let mut bytes = Vec::new();
        // What is too large is not read to its end.
        let read = child.stdout.take().map_or(Ok(0), |stdout| stdout.take(limit.saturating_add(1)).read_to_end(&mut bytes));
        let output = child.wait_with_output().and_then(|output| read.map(|_| output)).map_err(GitError::NoGit)?;
        if bytes.len() as u64 > limit {
            return Ok(None);
        }
        if output.status.success() { Ok(Some(bytes)) } else { Err(refused("cat-file", &output.stderr)) }
    }

    /// The name of a file of the revision, as git knows it: "main:docs/privacy.md".
    pub fn name(&self, file: &Path) -> String {
        format!("{}:{}", self.revision, slashes(file).to_string_lossy())
    }

    /// A path from the root on.
    fn inside(&self, path: &Path) -> Result<PathBuf, GitError> {
        let whole = absolute(path);
        let outside = || GitError::Outside { path: path.to_owned(), root: self.root.clone() };
        whole.strip_prefix(&self.root).map(Path::to_owned).map_err(|_| outside())
    }
}

impl Changes {
    /// Takes a new file for a deleted one of the same name elsewhere: git finds renames among what it tracks and what is still alike, but
    /// a file may have been moved without its knowledge, or rewritten on the way.
    fn follow(&mut self) {
        let named = |path: &PathBuf| path.file_name().map(|name| (name.to_owned(), path.clone()));
        let mut gone: BTreeMap<OsString, PathBuf> = self.deleted.iter().filter_map(named).collect();
        for (new, old) in self.present.iter_mut().filter(|(_, old)| old.is_none()) {
            *old = new.file_name().and_then(|name| gone.remove(name));
            if let Some(old) = old {
                self.deleted.remove(old);
            }
        }
    }

    /// The changes that git lists: a status and one path, or two where a file was renamed or copied; and what it does not track.
    fn read(tracked: &[u8], untracked: &[u8]) -> Self {
        let mut changes = Self::default();
        let mut fields = tracked.split(|byte| *byte == 0).filter(|field| !field.is_empty());
        while let Some((status, first)) = fields.next().zip(fields.next()) {
            let first = path(first);
            let (new, old) = match status.first() {
                Some(b'A') => (first, None),
                Some(b'D') => {
                    changes.deleted.insert(first);
                    continue;
                }
                Some(b'R') => (fields.next().map(path).unwrap_or_default(), Some(first)),
                // The original is still there.
                Some(b'C') => (fields.next().map(path).unwrap_or_default(), None),
                _ => (first.clone(), Some(first)),
            };
            changes.present.insert(new, old);
        }
        for file in untracked.split(|byte| *byte == 0).filter(|field| !field.is_empty()).map(path) {
            // What is not tracked any more may still lie there.
            let old = changes.deleted.take(&file);
            changes.present.insert(file, old);
        }
        changes.follow();
        changes
    }
}

/// git, in a folder.
fn command(folder: &Path) -> Command {
    let mut command = Command::new("git");
    command
        .arg("-C")
        .arg(folder)
        // A repository may name a program here that git would run.
        .args(["-c", "core.fsmonitor=false", "--no-pager", "--literal-pathspecs"])
        // Its messages are read, and nothing is refreshed on the way.
        .env("LC_ALL", "C")
        .env("GIT_OPTIONAL_LOCKS", "0")
        .env("GIT_TERMINAL_PROMPT", "0")
        .env("GIT_NO_LAZY_FETCH", "1")
        .stdin(Stdio::null())
        .stderr(Stdio::piped());
    command
}

/// What a command of git prints.
fn git(folder: &Path, arguments: &[&str]) -> Result<Vec<u8>, GitError> {
    let output = command(folder).args(arguments).output().map_err(GitError::NoGit)?;
    if output.status.success() { Ok(output.stdout) } else { Err(refused(arguments[0], &output.stderr)) }
}

fn refused(what: &str, stderr: &[u8]) -> GitError {
    let said = String::from_utf8_lossy(stderr);
    let line = said.lines().next().unwrap_or("it gave no reason");
    GitError::Refused { what: what.to_owned(), why: line.trim_start_matches("fatal: ").to_owned() }
}

fn trimmed(line: &[u8]) -> &[u8] {
    line.strip_suffix(b"\n").unwrap_or(line)
}

/// A path from the root of the file system on, without links in the part of it that exists but for the file itself.
fn absolute(path: &Path) -> PathBuf {
    let whole = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    if whole.is_dir() {
        return whole.canonicalize().unwrap_or(whole);
    }
    match (whole.parent(), whole.file_name()) {
        (Some(folder), Some(name)) => absolute(folder).join(name),
        _ => whole,
    }
}

/// A path as git writes it.
fn slashes(path: &Path) -> OsString {
    if cfg!(windows) { path.to_string_lossy().replace('\\', "/").into() } else { path.as_os_str().to_owned() }
}

#[cfg(unix)]
fn path(bytes: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStrExt;
    PathBuf::from(OsStr::from_bytes(bytes))
}

#[cfg(not(unix))]
fn path(bytes: &[u8]) -> PathBuf {
    PathBuf::from(OsStr::new(String::from_utf8_lossy(bytes).as_ref()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_git_lists_is_read() {
        let tracked = b"M\0a b.md\0A\0new\nline.md\0D\0gone.md\0R086\0old.md\0moved.md\0C100\0x.md\0y.md\0D\0kept.md\0U\0z.md\0M\0z.md\0";
        let changes = Changes::read(tracked, b"fresh.md\0kept.md\0");
        let present: Vec<_> =
            changes.present.iter().map(|(new, old)| (new.to_str().unwrap(), old.as_ref().and_then(|old| old.to_str()))).collect();
        assert_eq!(
            present,
            [
                ("a b.md", Some("a b.md")),
                ("fresh.md", None),
                ("kept.md", Some("kept.md")),
                ("moved.md", Some("old.md")),
                ("new\nline.md", None),
                ("y.md", None),
                ("z.md", Some("z.md")),
            ]
        );
        assert_eq!(changes.deleted, [PathBuf::from("gone.md")].into());
        assert_eq!(Changes::read(b"", b""), Changes::default());
    }

    #[test]
    fn a_file_that_was_moved_without_git_is_followed_by_its_name() {
        let changes = Changes::read(b"D\0privacy.md\0D\0terms.md\0", b"legal/privacy.md\0other/privacy.md\0");
        assert_eq!(changes.present[Path::new("legal/privacy.md")], Some(PathBuf::from("privacy.md")));
        assert_eq!(changes.present[Path::new("other/privacy.md")], None, "one file was one file");
        assert_eq!(changes.deleted, [PathBuf::from("terms.md")].into());
    }

    #[test]
    fn an_option_is_no_revision() {
        let error = Since::new(Path::new("."), "--output=x").unwrap_err();
        assert_eq!(error.to_string(), "a revision does not begin with a hyphen: --output=x");
    }

    #[test]
    fn a_path_that_is_gone_is_still_found_inside() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path().canonicalize().unwrap();
        let changes = Changes::read(b"D\0no/such/a.md\0", b"");
        let since = Since { root: root.clone(), revision: "HEAD".into(), commit: String::new(), changes };
        assert_eq!(since.inside(&root.join("no/such/a.md")).unwrap(), Path::new("no/such/a.md"));
        assert_eq!(since.deleted(&root).unwrap(), [Path::new("no/such/a.md")]);
        assert_eq!(since.deleted(&root.join("no/such/a.md")).unwrap().len(), 1);
        assert!(since.deleted(&root.join("no/su")).unwrap().is_empty());
        assert_eq!(since.history(&root.join("b.md")).unwrap(), History::Unchanged);
        assert!(matches!(since.history(&root.parent().unwrap().join("b.md")), Err(GitError::Outside { .. })));
        assert_eq!(since.name(Path::new("a/b.md")), "HEAD:a/b.md");
    }
}
