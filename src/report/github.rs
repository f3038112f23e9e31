//! For GitHub Actions: a workflow command for each finding, which becomes an annotation in the change that is looked at. What counts comes
//! first, since only the first ten of each level are shown; what stands in the baseline, which may be much, is left to the summary of the
//! job.

use super::finding::{Finding, NOTICE, findings, notices, told};
use super::{Reporter, escape, visible};
use crate::lint::Linted;
use crate::policy::Site;
use crate::verdict::{Excuse, Severity};

/// The annotations of a policy.
pub(super) fn policy(reporter: &Reporter<'_>, linted: &Linted) -> String {
    let shown = |finding: &Finding<'_>| reporter.view.all || finding.judgement.excuse != Some(Excuse::Known);
    let mut found: Vec<Finding<'_>> = findings(reporter, linted).filter(shown).collect();
    found.sort_by_key(|finding| finding.judgement.excuse.is_some());
    let findings = found.iter().map(|finding| {
        let title = finding.judgement.excuse.as_ref().map_or_else(String::new, |excuse| format!(" ({})", excuse.as_str()));
        command(finding.level(), Some(finding.site), &format!("{}{title}", finding.rule.id), &finding.advice())
    });
    let notices = notices(reporter, linted).map(|(notice, site)| command(Severity::Warning, site, NOTICE, &told(notice)));
    findings.chain(notices).collect()
}

fn command(severity: Severity, site: Option<Site<'_>>, title: &str, message: &str) -> String {
    let name = match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    };
    let place = site.map_or_else(String::new, |site| {
        let ((line, column), (end_line, end_column)) = (site.start(), site.end());
        let file = property(&escape::path(site.name()));
        // Columns are understood within one line only.
        let columns = if line == end_line { format!(",col={column},endColumn={end_column}") } else { String::new() };
        format!("file={file},line={line},endLine={end_line}{columns},")
    });
    format!("::{name} {place}title={}::{}\n", property(title), data(message))
}

/// What stands behind the last colons. The runner knows no other escapes than these and those of a property.
fn data(text: &str) -> String {
    let shown = |part: &str| visible(part).replace('%', "%25");
    let lines = text.split('\n').map(|line| line.split('\r').map(shown).collect::<Vec<_>>().join("%0D"));
    lines.collect::<Vec<_>>().join("%0A")
}

/// What stands behind an equals sign.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{Format, sample};
    use crate::verdict::{Excuse, Notice, Waiver, Written};
    use proptest::prelude::*;

    #[test]
    fn a_finding_is_an_annotation() {
        let mut linted = sample::linted();
        linted.judged.judgements[0].excuse = Some(Excuse::Waived(Waiver {
            reason: "50% off".to_owned(),
            until: None,
            written: Written::Configured("clauselint.yaml:3".to_owned()),
        }));
        linted.notices = vec![Notice { message: "A waiver waives nothing".to_owned(), help: "remove it".to_owned(), span: None }];
        assert_eq!(
            sample::report(Format::Github, &linted),
            "\
::error file=docs/privacy.md,line=5,endLine=5,col=1,endColumn=39,title=mail/opt-out-way::Nothing says how to opt out.%0AState a limit of 10 \
business days or less.%0A16 CFR 1.1(a), https://law.example/1
::notice file=docs/privacy.md,line=3,endLine=3,col=1,endColumn=58,title=mail/opt-out-deadline (waived)::Says when opt-outs are honoured, \
but vaguely: no time limit is given. (waived: 50%25 off)%0AState a limit of 10 business days or less.%0A16 CFR 1.1(a), https://law.example/1
::warning title=waiver::A waiver waives nothing (remove it)
"
        );
    }

    #[test]
    fn a_path_stays_one_property() {
        assert_eq!(property("a,line=9::b%\n\u{1b}.md"), "a%2Cline=9%3A%3Ab%25%0A␛.md");
    }

    proptest! {
        #[test]
        fn nothing_breaks_out_of_a_command(linted in sample::hostile()) {
            let text = sample::hostile_report(Format::Github, &linted);
            sample::harmless(&text)?;
            let findings = linted.judged.judgements.iter().filter(|judgement| judgement.severity.is_some());
            let shown = findings.filter(|judgement| judgement.excuse != Some(Excuse::Known)).count();
            prop_assert_eq!(text.lines().count(), shown + linted.notices.len());
            for line in text.lines() {
                let (command, _) = line.strip_prefix("::").unwrap().split_once("::").unwrap();
                let (name, properties) = command.split_once(' ').unwrap();
                prop_assert!(["error", "warning", "notice"].contains(&name));
                let known = ["file", "line", "endLine", "col", "endColumn", "title"];
                for property in properties.split(',') {
                    let (key, value) = property.split_once('=').unwrap();
                    prop_assert!(known.contains(&key) && !value.contains(':'), "{}", line);
                }
            }
        }
    }
}
