//! How time and memory grow with what is linted: ten times the text takes about ten times as long, and a run holds no more than a few
//! times the file at hand, whatever its shape. Small sizes by default; `cargo test --release --test growth -- --ignored` takes the full
//! ones. What is timed is the processor, not the clock, and only the best of several tries must do.

#![allow(clippy::unwrap_used, clippy::print_stdout)] // a test that cannot go on fails

mod shapes;

use shapes::{SENTENCES, SHAPES, Shape};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tempfile::TempDir;
use wait4::Wait4;

/// How many times as long ten times the text may take.
const MOST: u32 = 12;
/// Below this, times say nothing.
const FLOOR: Duration = Duration::from_millis(300);
/// How often a size is tried before its time is too long.
const TRIES: usize = 3;
/// What a run may hold at most: so many times the file, and so many bytes more.
const TIMES: u64 = 12;
const MORE: u64 = 30 << 20;

/// One child at a time: they would disturb each other, and what this process holds counts as theirs until they begin.
static ALONE: Mutex<()> = Mutex::new(());

/// What a run took.
#[derive(Clone, Copy, Debug)]
struct Cost {
    /// Of the processor.
    time: Duration,
    /// The most memory at once, in bytes.
    memory: u64,
}

fn check(dir: &Path, arguments: &[&str]) -> Cost {
    let mut command = Command::new(env!("CARGO_BIN_EXE_clauselint"));
    command.args(["check", "--no-config", "--exit-zero", "--format", "concise", "--threads", "1"]).args(arguments);
    command.env_clear().current_dir(dir).stdin(Stdio::null()).stdout(Stdio::null());
    let ended = command.spawn().unwrap().wait4().unwrap();
    assert!(ended.status.success(), "{arguments:?}");
    Cost { time: ended.rusage.utime + ended.rusage.stime, memory: ended.rusage.maxrss }
}

/// The time of the larger of two runs is within bounds, in one of several tries; else what it was.
fn grows_too_fast(mut small: impl FnMut() -> Cost, mut large: impl FnMut() -> Cost) -> Option<(Cost, Cost)> {
    let mut best: Option<(Cost, Cost)> = None;
    for _ in 0..TRIES {
        let now = (small(), large());
        let least = |one: Cost, other: Cost| if one.time <= other.time { one } else { other };
        let (small, large) = best.map_or(now, |best| (least(best.0, now.0), least(best.1, now.1)));
        if large.time <= (small.time * MOST).max(FLOOR) {
            return None;
        }
        best = Some((small, large));
    }
    best
}

fn every_shape(bytes: usize) {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let dir = tempfile::tempdir().unwrap();
    let mut wrong = String::new();
    for shape in SHAPES {
        let (small, large) = (format!("small-{}", shape.name), format!("large-{}", shape.name));
        shape.write_to(&dir.path().join(&small), bytes);
        let size = shape.write_to(&dir.path().join(&large), bytes * 10) as u64;
        let mut most = 0;
        let run_large = || {
            let cost = check(dir.path(), &[&large]);
            most = cost.memory;
            cost
        };
        if let Some((small, large)) = grows_too_fast(|| check(dir.path(), &[&small]), run_large) {
            let _ = writeln!(wrong, "{}: {:?}, and ten times as much {:?}", shape.name, small.time, large.time);
        }
        if most > TIMES * size + MORE {
            let _ = writeln!(wrong, "{}: {most} bytes of memory for {size} of text", shape.name);
        }
        println!("{}: {size} bytes, {} MiB of memory at most", shape.name, most >> 20);
        fs::remove_file(dir.path().join(large)).unwrap();
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

/// A pack of rules, each with terms of its own, made of the words of the sentences above.
fn large_pack(dir: &TempDir, rules: usize) -> PathBuf {
    let folder = dir.path().join("large");
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("pack.yaml"), "name: large\ntitle: Large\nauthority: Nobody\n").unwrap();
    let lower = SENTENCES.join(" ").to_lowercase();
    let mut words: Vec<&str> = lower.split(|character: char| !character.is_ascii_lowercase()).filter(|word| word.len() > 3).collect();
    words.sort_unstable();
    words.dedup();
    for number in 0..rules {
        let word = |step: usize| words[(number * 31 + step * 17 + number / 7 * step) % words.len()];
        let list = |from: usize| (from..from + 5).map(word).collect::<Vec<_>>().join(", ");
        let text = format!(
            "id: large/rule-{number}\ntitle: Rule {number}\nseverity: note\ncite: Nobody\nurl: https://law.example/\napplies: always\nwhy: None.\n\
             terms:\n  first-{number}: [{}]\n  second-{number}: [{}, \"{} ...2 {}\"]\nsatisfied:\n  - say: \"{{first-{number}}} ...4 \
             {{second-{number}}}\"\nweak:\n  - say: \"{{second-{number}}} ...3 {}\"\n    but: it is vague\nplace: [{}]\nmissing: It is \
             missing.\nhelp: Say it.\nexamples:\n  satisfied: [\"We say it.\"]\n  missing: [\"It rains.\"]\n",
            list(1),
            list(7),
            word(13),
            word(14),
            word(15),
            word(16),
        );
        fs::write(folder.join(format!("rule-{number}.yaml")), text).unwrap();
    }
    folder
}

/// Ten times as many policies take no more than ten times as long and the same memory.
fn many_policies(policies: usize, rules: usize) {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let dir = tempfile::tempdir().unwrap();
    large_pack(&dir, rules);
    let formats: Vec<&Shape> = SHAPES.iter().take(6).collect();
    for (folder, count) in [("small", policies / 10), ("large-set", policies)] {
        fs::create_dir(dir.path().join(folder)).unwrap();
        for number in 0..count {
            let shape = formats[number % formats.len()];
            shape.write_to(&dir.path().join(folder).join(format!("{number}-{}", shape.name)), 12_000);
        }
    }
    let run = |folder| check(dir.path(), &["--pack", "large", folder]);
    let (few, many) = (run("small"), run("large-set"));
    assert!(many.memory <= few.memory + few.memory / 5 + (8 << 20), "{few:?}, and ten times as many {many:?}");
    let wrong = grows_too_fast(|| run("small"), || run("large-set"));
    assert!(wrong.is_none(), "{wrong:?}");
}

#[test]
fn time_and_memory_grow_with_the_text() {
    every_shape(if cfg!(debug_assertions) { 50_000 } else { 100_000 });
}

#[test]
#[ignore = "takes minutes, in a release build"]
fn time_and_memory_grow_with_ten_megabytes_of_text() {
    every_shape(1_000_000);
}

#[test]
fn many_policies_take_no_more_memory_than_few() {
    many_policies(60, 50);
}

#[test]
#[ignore = "takes minutes, in a release build"]
fn two_hundred_policies_and_a_thousand_rules() {
    many_policies(200, 1000);
}
