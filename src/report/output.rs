//! Where results go. Standard output may be closed by its reader at any time, which is no error; a file is written whole or not at
//! all, beside its place first and then moved there.

use super::Format;
use std::collections::BTreeSet;
use std::fmt;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The files that are being written beside their places.
static BEGUN: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

fn begun() -> MutexGuard<'static, BTreeSet<PathBuf>> {
    BEGUN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Removes every file that is being written, for a program that is about to end before its time. From here on none is begun or moved
/// to its place: whoever tries waits for the end.
pub fn abandon() {
    let begun = begun();
    for beside in &*begun {
        // There is no one left to tell.
        let _ = fs::remove_file(beside);
    }
    std::mem::forget(begun);
}

/// A format and where it is written: `NAME` or `NAME=FILE`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Output {
    /// The format.
    pub format: Format,
    /// The file; none for standard output.
    pub file: Option<PathBuf>,
}

impl fmt::Display for Output {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.file {
            None => f.write_str(self.format.as_str()),
            Some(file) => write!(f, "{}={}", self.format.as_str(), file.display()),
        }
    }
}

impl FromStr for Output {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, file) = match text.split_once('=') {
            Some((_, "")) => return Err("a file must follow the =".to_owned()),
            Some((name, file)) => (name, Some(PathBuf::from(file))),
            None => (text, None),
        };
        let names = || Format::ALL.iter().map(|format| format.as_str());
        if let Some(format) = Format::ALL.into_iter().find(|format| format.as_str() == name) {
            return Ok(Self { format, file });
        }
        let known = names().collect::<Vec<_>>().join(", ");
        let meant = crate::rule::nearest::nearest(name, names()).map_or_else(String::new, |meant| format!("; did you mean {meant}?"));
        Err(format!("the formats are {known}{meant}"))
    }
}

/// Results could not be written.
#[derive(Debug, thiserror::Error)]
#[error("cannot write {to}: {error}")]
pub struct OutputError {
    to: String,
    error: io::Error,
}

impl OutputError {
    fn new(to: &Path, error: io::Error) -> Self {
        Self { to: to.display().to_string(), error }
    }
}

/// Writes to one output.
#[derive(Debug)]
pub struct Writer {
    target: Target,
}

#[derive(Debug)]
enum Target {
    Stdout(BufWriter<io::Stdout>),
    /// The reader of standard output has seen enough.
    Closed,
    File(Box<Pending>),
}

/// A file in the making.
#[derive(Debug)]
struct Pending {
    writer: Option<BufWriter<File>>,
    /// Where it is written; removed when it does not come to an end.
    beside: Option<PathBuf>,
    place: PathBuf,
}

impl Writer {
    /// Opens an output.
    pub fn open(output: &Output) -> Result<Self, OutputError> {
        let target = match &output.file {
            None => Target::Stdout(BufWriter::new(io::stdout())),
            Some(place) => Target::File(Box::new(Pending::open(place).map_err(|error| OutputError::new(place, error))?)),
        };
        Ok(Self { target })
    }

    /// Opens a file to which is added what is written.
    pub fn append(file: &Path) -> Result<Self, OutputError> {
        let opened = File::options().append(true).create(true).open(file).map_err(|error| OutputError::new(file, error))?;
        let pending = Pending { writer: Some(BufWriter::new(opened)), beside: None, place: file.to_owned() };
        Ok(Self { target: Target::File(Box::new(pending)) })
    }

    /// Writes some text.
    pub fn write(&mut self, text: &str) -> Result<(), OutputError> {
        let written = match &mut self.target {
            Target::Stdout(stdout) => stdout.write_all(text.as_bytes()),
            Target::Closed => Ok(()),
            Target::File(pending) => match &mut pending.writer {
                Some(writer) => {
                    return writer.write_all(text.as_bytes()).map_err(|error| OutputError::new(&pending.place, error));
                }
                None => Ok(()),
            },
        };
        self.open_or_closed(written)
    }

    /// Lets the reader of standard output see what was written so far.
    pub fn flush(&mut self) -> Result<(), OutputError> {
        let flushed = match &mut self.target {
            Target::Stdout(stdout) => stdout.flush(),
            Target::Closed | Target::File(_) => Ok(()),
        };
        self.open_or_closed(flushed)
    }

    /// Completes the output: only now is a file in its place.
    pub fn finish(mut self) -> Result<(), OutputError> {
        self.flush()?;
        match &mut self.target {
            Target::Stdout(_) | Target::Closed => Ok(()),
            Target::File(pending) => pending.finish().map_err(|error| OutputError::new(&pending.place, error)),
        }
    }

    fn open_or_closed(&mut self, written: io::Result<()>) -> Result<(), OutputError> {
        match written {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                // What is left in the buffer would be tried again when it is dropped.
                if let Target::Stdout(stdout) = std::mem::replace(&mut self.target, Target::Closed) {
                    drop(stdout.into_parts());
                }
                Ok(())
            }
            written => written.map_err(|error| OutputError::new(Path::new("standard output"), error)),
        }
    }
}

/// Writes a file whole or not at all.
pub fn write_whole(place: &Path, text: &str) -> Result<(), OutputError> {
    let write = || {
        let mut pending = Pending::open(place)?;
        if let Some(writer) = &mut pending.writer {
            writer.write_all(text.as_bytes())?;
        }
        pending.finish()
    };
    write().map_err(|error| OutputError::new(place, error))
}

impl Pending {
    fn open(place: &Path) -> io::Result<Self> {
        // Through a link the file behind it is replaced, not the link; a device or pipe is written as it is.
        let place = fs::canonicalize(place).unwrap_or_else(|_| place.to_owned());
        let direct = fs::metadata(&place).is_ok_and(|metadata| !metadata.is_file() && !metadata.is_dir());
        if direct {
            return Ok(Self { writer: Some(BufWriter::new(File::options().write(true).open(&place)?)), beside: None, place });
        }
        let name = place.file_name().ok_or(io::ErrorKind::InvalidInput)?.to_string_lossy();
        if place.is_dir() {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        let beside = place.with_file_name(format!(".{name}.{}.tmp", std::process::id()));
        let mut begun = begun();
        let file = File::create_new(&beside)?;
        begun.insert(beside.clone());
        Ok(Self { writer: Some(BufWriter::new(file)), beside: Some(beside), place })
    }

    fn finish(&mut self) -> io::Result<()> {
        if let Some(writer) = self.writer.take() {
            writer.into_inner().map_err(io::IntoInnerError::into_error)?;
        }
        if let Some(beside) = &self.beside {
            let mut begun = begun();
            fs::rename(beside, &self.place)?;
            begun.remove(beside);
            self.beside = None;
        }
        Ok(())
    }
}

impl Drop for Pending {
    fn drop(&mut self) {
        if let Some(beside) = &self.beside {
            begun().remove(beside);
            // There is no one left to tell.
            let _ = fs::remove_file(beside);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_format_may_name_a_file() {
        assert_eq!("json=out/x=1.json".parse(), Ok(Output { format: Format::Json, file: Some("out/x=1.json".into()) }));
        assert_eq!("concise".parse(), Ok(Output { format: Format::Concise, file: None }));
        assert_eq!(
            "jsn".parse::<Output>(),
            Err(
                "the formats are human, concise, json, json-lines, sarif, github, gitlab, junit, checkstyle, rdjson, markdown; did you mean \
                 json?"
                    .to_owned()
            )
        );
        assert!("json=".parse::<Output>().is_err());
    }

    #[test]
    fn a_file_is_whole_or_not_there() {
        let dir = tempfile::tempdir().unwrap();
        let place = dir.path().join("out.txt");
        let output = Output { format: Format::Concise, file: Some(place.clone()) };
        fs::write(&place, "old").unwrap();
        let mut writer = Writer::open(&output).unwrap();
        writer.write("half").unwrap();
        drop(writer);
        assert_eq!(fs::read_to_string(&place).unwrap(), "old");
        let mut writer = Writer::open(&output).unwrap();
        writer.write("new").unwrap();
        writer.finish().unwrap();
        assert_eq!(fs::read_to_string(&place).unwrap(), "new");
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
    }
}
