//! Reading the files that a run works by, rather than those that it lints: configurations, packs, baselines, lists of files. Whatever
//! stands at their place, a device without an end among it, takes no more than a bounded amount of memory.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// No file of YAML is larger.
pub const YAML: u64 = 16 << 20;
/// No list is longer: it may name every file of a large corpus.
pub const LIST: u64 = 256 << 20;

/// The bytes of a file.
///
/// # Errors
/// The file cannot be read, or there are more bytes than the limit, which is a number of MiB.
pub fn bytes(path: &Path, limit: u64) -> io::Result<Vec<u8>> {
    all(File::open(path)?, limit)
}

/// What a reader holds.
///
/// # Errors
/// As those of [`bytes`].
pub fn all(reader: impl Read, limit: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    reader.take(limit + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit {
        return Err(io::Error::other(format!("it is larger than {} MiB", limit >> 20)));
    }
    Ok(bytes)
}

/// The text of a file of YAML.
///
/// # Errors
/// As those of [`bytes`], and the first line that is not UTF-8.
pub fn yaml(path: &Path) -> io::Result<String> {
    String::from_utf8(bytes(path, YAML)?).map_err(|error| {
        let valid = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line = memchr::memchr_iter(b'\n', valid).count() + 1;
        io::Error::new(io::ErrorKind::InvalidData, format!("line {line} is not UTF-8"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_no_end_is_not_read_to_its_end() {
        assert_eq!(all(io::repeat(0), 1 << 20).unwrap_err().to_string(), "it is larger than 1 MiB");
        assert_eq!(all(io::repeat(0).take(1 << 20), 1 << 20).unwrap().len(), 1 << 20);
    }

    #[test]
    fn yaml_is_utf_8() {
        let dir = tempfile::tempdir().unwrap();
        let place = dir.path().join("x.yaml");
        std::fs::write(&place, b"title: x\n# caf\xe9\n").unwrap();
        assert_eq!(yaml(&place).unwrap_err().to_string(), "line 2 is not UTF-8");
    }
}
