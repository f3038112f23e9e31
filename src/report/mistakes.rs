//! What is wrong in the files of packs: one diagnostic a mistake, at its line and column in the YAML.

use super::diagnostic::Diagnostic;
use super::excerpt::Mark;
use super::{Terminal, visible};
use crate::rule::schema::{PackFile, Problem};
use crate::source::SourceFile;
use crate::verdict::Severity;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Draws every problem of the files.
pub fn mistakes(problems: &[Problem], files: &[PackFile], terminal: Terminal) -> String {
    let mut text = String::new();
    let mut sources: BTreeMap<&str, Option<SourceFile>> = BTreeMap::new();
    for problem in problems {
        let source = sources.entry(&problem.path).or_insert_with(|| {
            let file = files.iter().find(|file| file.path == problem.path)?;
            SourceFile::decode(file.path.clone(), file.text.clone().into_bytes()).ok()
        });
        let Some(source) = source else {
            // An empty file has no place to point at.
            let _ = writeln!(text, "error: {}: {}\n", visible(&problem.path), visible(&problem.message));
            continue;
        };
        let marks = vec![Mark { span: pointed(source.text(), problem), label: "here".to_owned(), hedges: Vec::new() }];
        let mut diagnostic = Diagnostic::new(Severity::Error, "error", &problem.message, source, marks, terminal);
        diagnostic.help = problem.help.as_deref().map(visible);
        text.push_str(&diagnostic.draw(terminal));
        text.push('\n');
    }
    text
}

/// A range that can be pointed at: an empty one, as at the end of a file, takes the text around it.
fn pointed(text: &str, problem: &Problem) -> std::ops::Range<usize> {
    let start = text.floor_char_boundary(problem.range.start);
    let end = text.ceil_char_boundary(problem.range.end.min(text.len())).max(start);
    if !text[start..end].trim().is_empty() {
        return start..end;
    }
    let after = text[start..].trim_start();
    if after.is_empty() {
        let before = text[..start].trim_end();
        return before.rfind('\n').map_or(0, |at| at + 1)..before.len();
    }
    let start = text.len() - after.len();
    start..start + after.find('\n').unwrap_or(after.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{Format, sample};

    #[test]
    fn every_problem_is_shown_at_its_place() {
        let files = [
            PackFile { path: "mine/one.yaml".to_owned(), text: "id: mine/one\ntittle: One\n".to_owned() },
            PackFile { path: "mine/two.yaml".to_owned(), text: String::new() },
        ];
        let problem = |path: &str, range, message: &str| Problem {
            path: path.to_owned(),
            range,
            message: message.to_owned(),
            help: Some("it is called title".to_owned()),
        };
        let problems =
            [problem("mine/one.yaml", 13..19, "unknown key \"tittle\""), problem("mine/one.yaml", 25..25, "missing field `severity`")];
        let terminal = sample::reporter(&sample::packs(), Format::Human, false).terminal;
        assert_eq!(
            mistakes(&problems, &files, terminal),
            "\
error

  × unknown key \"tittle\"
   ╭─[mine/one.yaml:2:1]
 2 │ tittle: One
   · ───┬──
   ·    ╰── here
   ╰────
  help: it is called title

error

  × missing field `severity`
   ╭─[mine/one.yaml:2:1]
 2 │ tittle: One
   · ─────┬─────
   ·      ╰── here
   ╰────
  help: it is called title

"
        );
        let mut stray = problem("mine/three.yaml", 0..0, "no such file");
        stray.help = None;
        assert_eq!(mistakes(&[stray], &files, terminal), "error: mine/three.yaml: no such file\n\n");
    }
}
