//! Checks and compiles `rules/` into the blob that the binary carries, with the library's own code; a mistake in a rule fails the build.

#[allow(dead_code, missing_docs, unreachable_pub)]
#[path = "src"]
mod shared {
    pub mod rule;
    #[path = "source/span.rs"]
    pub mod source;
    pub mod verdict;
}

use shared::rule::{compile, schema::PackFile};
use std::path::Path;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let root = Path::new(&std::env::var("CARGO_MANIFEST_DIR")?).join("rules");
    let out = std::env::var("OUT_DIR")?;
    println!("cargo:rerun-if-changed=rules");
    for part in ["rule.rs", "rule", "verdict.rs", "source/span.rs"] {
        println!("cargo:rerun-if-changed=src/{part}");
    }
    let mut files = Vec::new();
    for entry in walkdir::WalkDir::new(&root).sort_by_file_name() {
        let entry = entry?;
        if entry.file_type().is_file() && entry.path().extension().is_some_and(|ending| ending == "yaml") {
            let path = entry.path().strip_prefix(&root)?.to_string_lossy().replace('\\', "/");
            files.push(PackFile { path, text: std::fs::read_to_string(entry.path())? });
        }
    }
    files.sort_by(|one, other| one.path.cmp(&other.path));
    let packs = compile::compile(&files).map_err(|problems| {
        problems.iter().fold(String::from("rules/ has mistakes:"), |all, problem| {
            let text = files.iter().find(|file| file.path == problem.path).map_or("", |file| file.text.as_str());
            let line = text[..problem.range.start].matches('\n').count() + 1;
            format!("{all}\nrules/{}:{line}: {}", problem.path, problem.message)
        })
    })?;
    std::fs::write(Path::new(&out).join("packs.bin"), postcard::to_stdvec(&packs)?)?;
    std::fs::write(Path::new(&out).join("files.bin"), postcard::to_stdvec(&files)?)?;
    Ok(())
}
