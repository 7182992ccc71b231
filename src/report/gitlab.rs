//! GitLab's code quality report.

use serde_json::{Value, json};

use super::fingerprint::fingerprints;
use super::region::Region;
use crate::finding::{Finding, Level};
use crate::project::Project;

/// The findings as a list in JSON.
#[must_use]
pub fn render(project: &Project, findings: &[Finding]) -> String {
    let prints = fingerprints(project, findings);
    let issues = findings.iter().zip(prints);
    let issues: Vec<Value> = issues
        .map(|(finding, fingerprint)| {
            let region = Region::of(project, finding.at);
            json!({
                "description": finding.message,
                "check_name": finding.rule,
                "fingerprint": fingerprint,
                "severity": match finding.level {
                    Level::Error => "critical",
                    Level::Warning => "major",
                    Level::Info | Level::Off => "info",
                },
                "location": {
                    "path": region.path,
                    "lines": { "begin": region.start.line, "end": region.end.line },
                },
                "content": { "body": finding.help.clone().unwrap_or_default() },
            })
        })
        .collect();
    let mut text = serde_json::to_string_pretty(&issues).unwrap_or_default();
    text.push('\n');
    text
}
