//! For whatever shows the results of tests: the XML of `JUnit`. A policy is a suite and a requirement is a case: satisfied passes, a finding
//! fails; what does not apply, is excused or is below `--min-severity` is skipped, with the reason. Nothing is dropped.

use super::finding::{message, notices, remarks, told};
use super::{Reporter, named, pointed, xml};
use crate::lint::Linted;
use crate::verdict::{Judgement, Verdict};
use quick_xml::Writer;
use quick_xml::events::BytesText;
use std::io;

/// What stands before the first suite. The counts of the run are those of its suites together.
pub(super) fn begin() -> String {
    format!("{}<testsuites name=\"clauselint\">\n", xml::DECLARATION)
}

/// A policy as a suite.
pub(super) fn policy(reporter: &Reporter<'_>, linted: &Linted) -> String {
    let judgements = &linted.judged.judgements;
    let count = |is: fn(&Case) -> bool| judgements.iter().filter(|judgement| is(&case(reporter, judgement))).count().to_string();
    let attributes = [
        ("name", xml::line(linted.policy.name())),
        ("tests", judgements.len().to_string()),
        ("failures", count(|case| matches!(case, Case::Failed))),
        ("errors", "0".to_owned()),
        ("skipped", count(|case| matches!(case, Case::Skipped(_)))),
    ];
    xml::part(|writer| {
        let suite = writer.create_element("testsuite").with_attributes(borrowed(&attributes));
        suite.write_inner_content(|writer| {
            judgements.iter().try_for_each(|judgement| write_case(writer, reporter, linted, judgement))?;
            let said: Vec<String> = notices(reporter, linted)
                .map(|(notice, site)| site.map_or_else(String::new, |site| place(site.name(), site.start())) + &told(notice))
                .collect();
            if !said.is_empty() {
                writer.create_element("system-err").write_text_content(BytesText::new(&xml::lines(&said)))?;
            }
            Ok(())
        })?;
        Ok(())
    })
}

/// What stands after the last suite.
pub(super) fn end() -> String {
    "</testsuites>\n".to_owned()
}

/// What a test report says of a judgement.
enum Case {
    Passed,
    Failed,
    /// For this reason.
    Skipped(String),
}

fn case(reporter: &Reporter<'_>, judgement: &Judgement) -> Case {
    match judgement.verdict {
        Verdict::Satisfied => Case::Passed,
        Verdict::NotApplicable => Case::Skipped(judgement.because.clone().unwrap_or_else(|| judgement.message.clone())),
        verdict if judgement.excuse.is_some() || reporter.view.shows(judgement).is_none() => {
            let severity = judgement.severity.map_or("", |severity| severity.as_str());
            Case::Skipped(format!("{}, {severity}: {}", verdict.as_str(), message(judgement)))
        }
        _ => Case::Failed,
    }
}

fn write_case(writer: &mut Writer<Vec<u8>>, reporter: &Reporter<'_>, linted: &Linted, judgement: &Judgement) -> io::Result<()> {
    let rule = &reporter.packs.rules[judgement.rule];
    let site = linted.policy.at(pointed(linted, judgement));
    let attributes = [
        ("classname", xml::line(&reporter.packs.packs[rule.pack].name)),
        ("name", xml::line(&rule.id)),
        ("file", xml::line(site.name())),
        ("line", site.start().0.to_string()),
    ];
    let element = writer.create_element("testcase").with_attributes(borrowed(&attributes));
    let passages = || {
        let quoted = judgement.evidence.iter().map(|evidence| {
            let site = linted.policy.at(evidence.span);
            format!("{}\"{}\"", place(site.name(), site.start()), xml::line(site.text()))
        });
        quoted.collect::<Vec<_>>()
    };
    match case(reporter, judgement) {
        Case::Passed => {
            let said: Vec<String> = remarks(judgement).into_iter().chain(passages()).collect();
            element.write_inner_content(|writer| {
                writer.create_element("system-out").write_text_content(BytesText::new(&xml::lines(&said)))?;
                Ok(())
            })?;
        }
        Case::Skipped(reason) => {
            element.write_inner_content(|writer| {
                writer.create_element("skipped").with_attribute(("message", xml::line(&reason).as_str())).write_empty()?;
                Ok(())
            })?;
        }
        Case::Failed => {
            let severity = judgement.severity.map_or("", |severity| severity.as_str());
            let mut said = vec![place(site.name(), site.start()) + &message(judgement)];
            said.extend(passages());
            said.push(format!("help: {}", rule.help));
            said.push(format!("see: {}, {}", rule.cite, rule.url));
            element.write_inner_content(|writer| {
                let failure = writer.create_element("failure").with_attributes([
                    ("type", format!("{severity}: {}", judgement.verdict.as_str()).as_str()),
                    ("message", &xml::line(&judgement.message)),
                ]);
                failure.write_text_content(BytesText::new(&xml::lines(&said)))?;
                Ok(())
            })?;
        }
    }
    Ok(())
}

/// "docs/privacy.md:3:1: ".
fn place(name: &str, (line, column): (usize, usize)) -> String {
    format!("{}:{line}:{column}: ", named(name))
}

fn borrowed<'a>(attributes: &'a [(&'a str, String)]) -> impl Iterator<Item = (&'a str, &'a str)> {
    attributes.iter().map(|(name, value)| (*name, value.as_str()))
}

#[cfg(test)]
mod tests {
    use crate::report::{Format, sample};
    use crate::verdict::Excuse;
    use proptest::prelude::*;

    #[test]
    fn a_requirement_is_a_case() {
        let mut linted = sample::linted();
        linted.judged.judgements[0].excuse = Some(Excuse::Known);
        assert_eq!(
            sample::report(Format::Junit, &linted),
            "\
<?xml version=\"1.0\" encoding=\"UTF-8\"?>
<testsuites name=\"clauselint\">
<testsuite name=\"docs/privacy.md\" tests=\"3\" failures=\"1\" errors=\"0\" skipped=\"1\">
  <testcase classname=\"mail\" name=\"mail/opt-out-deadline\" file=\"docs/privacy.md\" line=\"3\">
    <skipped message=\"weak, note: Says when opt-outs are honoured, but vaguely: no time limit is given. (in the baseline)\"/>
  </testcase>
  <testcase classname=\"mail\" name=\"mail/opt-out-way\" file=\"docs/privacy.md\" line=\"5\">
    <failure type=\"error: missing\" message=\"Nothing says how to opt out.\">docs/privacy.md:5:1: Nothing says how to opt out.
docs/privacy.md:5:1: &quot;Write to hello@wren-and-larch.example.&quot;
help: State a limit of 10 business days or less.
see: 16 CFR 1.1(a), https://law.example/1</failure>
  </testcase>
  <testcase classname=\"notice\" name=\"notice/contact\" file=\"docs/privacy.md\" line=\"5\">
    <system-out>docs/privacy.md:5:1: &quot;Write to hello@wren-and-larch.example.&quot;</system-out>
  </testcase>
</testsuite>
</testsuites>
"
        );
    }

    proptest! {
        #[test]
        fn nothing_breaks_out_of_junit(linted in sample::hostile()) {
            let text = sample::hostile_report(Format::Junit, &linted);
            sample::harmless(&text)?;
            prop_assert!(text.lines().all(|line| !line.trim_start().starts_with("::")), "{}", text);
            let document = roxmltree::Document::parse(&text).unwrap();
            let cases: Vec<_> = document.descendants().filter(|node| node.has_tag_name("testcase")).collect();
            prop_assert_eq!(cases.len(), linted.judged.judgements.len());
            prop_assert!(cases.iter().all(|case| case.children().filter(roxmltree::Node::is_element).count() == 1));
            let notices = document.descendants().filter(|node| node.has_tag_name("system-err")).count();
            prop_assert_eq!(notices, usize::from(!linted.notices.is_empty()));
        }
    }
}
