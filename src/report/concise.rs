//! One line a finding, as editors and `grep` users read it.

use super::harmless;
use super::region::Region;
use crate::finding::Finding;
use crate::project::Project;

/// The findings, a line each: `path:line:column: level[rule] message`.
#[must_use]
pub fn render(project: &Project, findings: &[Finding]) -> String {
    let mut text = String::new();
    for finding in findings {
        let region = Region::of(project, finding.at);
        text.push_str(&format!(
            "{}:{}:{}: {}[{}] {}\n",
            region.path,
            region.start.line,
            region.start.column,
            finding.level.name(),
            finding.rule,
            harmless(&finding.message).replace(['\n', '\r'], " "),
        ));
    }
    text
}
