//! Packs as written become packs as used.

use super::Packs;
use super::schema::{PackFile, Problem};

/// Compiles the files of packs, vocabulary and facts together; every problem is found, not only the first.
pub fn compile(files: &[PackFile]) -> Result<Packs, Vec<Problem>> {
    let mut problems = Vec::new();
    for file in files {
        super::schema::read(file, &mut problems);
    }
    if problems.is_empty() { Ok(Packs::default()) } else { Err(problems) }
}
