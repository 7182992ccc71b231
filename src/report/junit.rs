//! JUnit's XML, which most CI systems show as test results: a suite for each file.

use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use super::harmless;
use super::region::Region;
use crate::finding::{Finding, Level};
use crate::project::Project;

/// The findings as failed tests; one test that passes where there is none.
#[must_use]
pub fn render(project: &Project, findings: &[Finding]) -> String {
    let mut report = Report::new("taglint");
    let mut suites: Vec<TestSuite> = Vec::new();
    for finding in findings {
        let region = Region::of(project, finding.at);
        let mut status = TestCaseStatus::non_success(match finding.level {
            Level::Error => NonSuccessKind::Error,
            _ => NonSuccessKind::Failure,
        });
        status.set_type(finding.level.name());
        status.set_message(harmless(&finding.message).into_owned());
        let mut text = format!(
            "{}:{}:{}: {}",
            region.path, region.start.line, region.start.column, finding.message
        );
        for note in &finding.notes {
            text.push_str(&format!("\nnote: {note}"));
        }
        if let Some(help) = &finding.help {
            text.push_str(&format!("\nhelp: {help}"));
        }
        status.set_description(harmless(&text).into_owned());
        let name = format!("{} at line {}", finding.rule, region.start.line);
        let mut case = TestCase::new(name, status);
        case.set_classname(region.path);
        match suites
            .iter_mut()
            .find(|suite| suite.name.as_str() == region.path)
        {
            Some(suite) => {
                suite.add_test_case(case);
            }
            None => {
                let mut suite = TestSuite::new(region.path);
                suite.add_test_case(case);
                suites.push(suite);
            }
        }
    }
    if suites.is_empty() {
        let mut suite = TestSuite::new("taglint");
        suite.add_test_case(TestCase::new("no findings", TestCaseStatus::success()));
        suites.push(suite);
    }
    report.add_test_suites(suites);
    report.to_string().unwrap_or_default()
}
