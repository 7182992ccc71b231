//! Runs the rules about registries over audits.

use super::run::{Selection, is_told, reporter};
use super::{Check, RULES};
use crate::audit::Audit;
use crate::finding::Finding;
use crate::project::Project;

/// All findings about the audits: image by image, the gravest first. The project holds the policies
/// that govern them, and a file for each at which its findings stand.
#[must_use]
pub fn run_audits(project: &Project, audits: &[Audit], selection: &Selection) -> Vec<Finding> {
    let mut findings = Vec::new();
    for rule in RULES {
        let Check::Audit(check) = rule.check else {
            continue;
        };
        let Some(mut report) = reporter(project, selection, rule) else {
            continue;
        };
        audits.iter().for_each(|audit| check(audit, &mut report));
        let found = report.into_findings().into_iter();
        findings.extend(found.filter(|finding| is_told(project, rule, finding)));
    }
    findings.sort_by_key(|finding| (finding.at, std::cmp::Reverse(finding.level)));
    findings
}
