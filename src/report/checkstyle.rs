//! For everything that reads the XML of checkstyle: findings and notices, file by file.

use super::finding::{NOTICE, findings, notices};
use super::{Reporter, xml};
use crate::lint::Linted;
use crate::policy::Site;
use crate::verdict::Severity;

/// Something that is said of a file.
struct Told<'a> {
    /// None for the policy's first file.
    site: Option<Site<'a>>,
    severity: Severity,
    message: String,
    source: String,
}

/// The version of checkstyle whose format this is; readers want one.
const VERSION: &str = "4.3";

/// What stands before the first file.
pub(super) fn begin() -> String {
    format!("{}<checkstyle version=\"{VERSION}\">\n", xml::DECLARATION)
}

/// The files of a policy, each with what is said of it.
pub(super) fn policy(reporter: &Reporter<'_>, linted: &Linted) -> String {
    let mut told: Vec<Told<'_>> = (findings(reporter, linted))
        .map(|finding| Told {
            site: Some(finding.site),
            severity: finding.level(),
            message: finding.message(),
            source: format!("clauselint.{}", finding.rule.id),
        })
        .collect();
    told.extend(notices(reporter, linted).map(|(notice, site)| Told {
        site,
        severity: Severity::Warning,
        message: super::finding::told(notice),
        source: format!("clauselint.{NOTICE}"),
    }));
    xml::part(|writer| {
        for (at, source) in linted.policy.sources().iter().enumerate() {
            // What has no place is said of the policy's first file.
            let here: Vec<&Told<'_>> =
                (told.iter()).filter(|told| told.site.map_or(at == 0, |site| std::ptr::eq(site.source, source))).collect();
            let file = writer.create_element("file").with_attribute(("name", xml::line(source.name()).as_str()));
            file.write_inner_content(|writer| {
                for told in here {
                    let (line, column) = told.site.map_or((1, 1), |site| site.start());
                    let (line, column) = (line.to_string(), column.to_string());
                    let severity = match told.severity {
                        Severity::Error => "error",
                        Severity::Warning => "warning",
                        Severity::Note => "info",
                    };
                    let message = xml::line(&told.message);
                    let attributes = [
                        ("line", line.as_str()),
                        ("column", &column),
                        ("severity", severity),
                        ("message", &message),
                        ("source", &xml::line(&told.source)),
                    ];
                    writer.create_element("error").with_attributes(attributes).write_empty()?;
                }
                Ok(())
            })?;
        }
        Ok(())
    })
}

/// What stands after the last file.
pub(super) fn end() -> String {
    "</checkstyle>\n".to_owned()
}

#[cfg(test)]
mod tests {
    use crate::report::{Format, sample};
    use proptest::prelude::*;

    #[test]
    fn a_finding_is_an_error_of_its_file() {
        assert_eq!(
            sample::report(Format::Checkstyle, &sample::linted()),
            "\
<?xml version=\"1.0\" encoding=\"UTF-8\"?>
<checkstyle version=\"4.3\">
<file name=\"docs/privacy.md\">
  <error line=\"3\" column=\"1\" severity=\"info\" message=\"Says when opt-outs are honoured, but vaguely: no time limit is given.\" \
source=\"clauselint.mail/opt-out-deadline\"/>
  <error line=\"5\" column=\"1\" severity=\"error\" message=\"Nothing says how to opt out.\" source=\"clauselint.mail/opt-out-way\"/>
</file>
</checkstyle>
"
        );
    }

    proptest! {
        #[test]
        fn nothing_breaks_out_of_checkstyle(linted in sample::hostile()) {
            let text = sample::hostile_report(Format::Checkstyle, &linted);
            sample::harmless(&text)?;
            let document = roxmltree::Document::parse(&text).unwrap();
            let findings = linted.judged.judgements.iter().filter(|judgement| judgement.severity.is_some()).count();
            let elements = |name: &str| document.descendants().filter(|node| node.has_tag_name(name)).count();
            prop_assert_eq!((elements("file"), elements("error")), (1, findings + linted.notices.len()));
            prop_assert_eq!(document.descendants().filter(roxmltree::Node::is_element).count(), 2 + elements("error"));
        }
    }
}
