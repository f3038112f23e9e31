//! Waivers in comments, as the command applies them, on days that the command line sets.

#![allow(clippy::unwrap_used)] // a test that cannot go on fails

mod scratch;

use scratch::folder;
use serde_json::Value;
use std::path::Path;
use std::process::{Command, Output, Stdio};

const WAIVER: &str = "clauselint-ignore can-spam/opt-out-deadline until 2027-01-31: the newsletter ends in January";
const LATE: &str = "Please allow up to 30 days for your unsubscribe request to take effect.";

fn policy(before: &str) -> String {
    format!("# Privacy Policy of Wren & Larch\n\nWe send you our newsletter by e-mail if you ask for it.\n\n{before}\n{LATE}\n")
}

fn check(dir: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_clauselint"));
    command.env_clear().env("HOME", dir).current_dir(dir).stdin(Stdio::null());
    command.args(["check", "--select", "can-spam/opt-out-deadline"]).args(arguments).output().unwrap()
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

#[test]
fn a_waiver_holds_to_its_last_day_and_not_for_auditors() {
    let dir = folder(&[("privacy.md", &policy(&format!("<!-- {WAIVER} -->")))]);
    let run = |arguments: &[&str]| check(dir.path(), &[&["privacy.md", "--format", "concise"], arguments].concat());
    let code = |arguments: &[&str]| run(arguments).status.code();
    assert_eq!(code(&["--as-of", "2027-01-31"]), Some(0));
    assert_eq!(code(&["--as-of", "2027-01-31", "--no-waivers"]), Some(1));
    assert_eq!(code(&["--as-of", "2027-02-01"]), Some(1));
    assert_eq!(code(&["--as-of", "2027-02-30"]), Some(2));
    assert_eq!(code(&["--as-of", "tomorrow"]), Some(2));
    let waived = run(&["--as-of", "2026-12-01"]);
    let line = "privacy.md:6:1: waived[can-spam/opt-out-deadline] The opposite is stated: the limit that is stated is longer than 10 \
                business days - the newsletter ends in January (until 2027-01-31)\n";
    assert_eq!(text(&waived.stdout), line);
    let past = run(&["--as-of", "2027-02-01"]);
    let notice =
        "privacy.md:5:6: warning[waiver] the waiver of can-spam/opt-out-deadline held until 2027-01-31 and waives nothing any more\n";
    assert!(text(&past.stdout).ends_with(notice), "{}", text(&past.stdout));
}

#[test]
fn html_and_mdx_have_waivers_and_other_formats_have_none() {
    let of = |name: &str, before: &str| {
        let text =
            if name.ends_with("html") { format!("<h1>Privacy Policy</h1><p>News.</p>{before}<p>{LATE}</p>") } else { policy(before) };
        check(folder(&[(name, &text)]).path(), &[name, "--as-of", "2026-12-01", "--fact", "sends-commercial-email=true"]).status.code()
    };
    assert_eq!(of("p.html", &format!("<!-- {WAIVER} -->")), Some(0));
    assert_eq!(of("p.html", &format!("<p>{WAIVER}</p>")), Some(1));
    assert_eq!(of("p.mdx", &format!("{{/* {WAIVER} */}}\n")), Some(0));
    assert_eq!(of("p.md", &format!("{{/* {WAIVER} */}}\n")), Some(1));
    assert_eq!(of("p.txt", &format!("<!-- {WAIVER} -->\n")), Some(1));
}

#[test]
fn a_waived_finding_stays_in_the_report() {
    let dir = folder(&[("privacy.md", &policy(&format!("<!-- {WAIVER} -->")))]);
    let output = check(dir.path(), &["privacy.md", "--as-of", "2026-12-01", "--format", "json"]);
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let result = &report["policies"][0]["results"][0];
    assert_eq!(result["verdict"], "contradicted");
    assert_eq!(result["waiver"]["reason"], "the newsletter ends in January");
    assert_eq!(result["waiver"]["until"], "2027-01-31");
    assert_eq!(report["summary"]["requirements"]["contradicted"], 1);
    let human = check(dir.path(), &["privacy.md", "--as-of", "2026-12-01"]);
    assert!(text(&human.stdout).ends_with("0 not applicable (1 waived)\n1 policy\n"), "{}", text(&human.stdout));
}

#[test]
fn a_waiver_that_waives_nothing_is_a_warning() {
    let idle = "<!-- clauselint-ignore can-spam/opt-out-deadlin: not needed -->\n<!-- clauselint-ignore can-spam/opt-out-deadline: no -->";
    let dir = folder(&[("privacy.md", &policy(&format!("{idle}\n\nWe like tea.\n")))]);
    let code = |arguments: &[&str]| check(dir.path(), &[&["privacy.md", "--exit-zero"], arguments].concat()).status.code();
    assert_eq!(code(&[]), Some(0));
    let good = "If you unsubscribe, we will remove you from our mailing list within 10 business days.";
    let text_of = policy("<!-- clauselint-ignore can-spam/opt-out-deadline: not needed -->\n\nWe like tea.\n").replace(LATE, good);
    let dir = folder(&[("privacy.md", &text_of)]);
    let code = |arguments: &[&str]| check(dir.path(), &[&["privacy.md"], arguments].concat()).status.code();
    assert_eq!(code(&[]), Some(0), "{}", text(&check(dir.path(), &["privacy.md"]).stdout));
    assert_eq!(code(&["--fail-on", "warning"]), Some(1));
    assert_eq!(code(&["--max-warnings", "0"]), Some(1));
    assert_eq!(code(&["--max-warnings", "0", "--no-waivers"]), Some(0));
    assert_eq!(code(&["--max-warnings", "0", "--ignore", "can-spam/opt-out-deadline"]), Some(0), "it was not asked for");
    let said = check(dir.path(), &["privacy.md", "-q"]);
    assert!(text(&said.stdout).contains("the waiver of can-spam/opt-out-deadline matches no finding"), "{}", text(&said.stdout));
    assert!(text(&said.stdout).contains("help: remove it"));
}
