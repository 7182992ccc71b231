//! What is pushed is no valid reference.

use super::{Check, Family, Reporter, Rule, rule};
use crate::facts::{Plan, Publication, Scenario};
use crate::finding::Level;
use crate::image::ImageRef;
use crate::project::Project;

rule! {
    /// Reports a published reference that no registry accepts.
    ///
    /// ## What it does
    /// Checks every evaluated reference against the grammar of image references: the repository in
    /// lower case, the tag of at most 128 letters, digits, `_`, `.` and `-`, not beginning with `.`
    /// or `-`.
    ///
    /// ## Why it matters
    /// The push fails, and with it the release of that variant. docker/metadata-action does not
    /// check what it gives.
    ///
    /// ## Example
    /// An empty version before the suffix gives `acme/app:-slim`; `ghcr.io/${{ github.repository }}`
    /// keeps the capitals of `Acme/App`.
    ///
    /// ## Use instead
    /// Give the part that may be empty a value, and write the name in lower case.
    pub const MALFORMED_TAG: Rule = Rule {
        name: "malformed-tag",
        family: Family::Scheme,
        level: Level::Error,
        check: Check::Project(check),
    };
}

fn check(project: &Project, report: &mut Reporter) {
    let mut told = Vec::new();
    let asked = |plan: &&Plan| plan.scenario != Scenario::OddVersion;
    for plan in project.plans.iter().filter(asked) {
        for publication in &plan.publications {
            let seen = (publication.at, &publication.image);
            let Some(reason) = reason(publication).filter(|_| !told.contains(&seen)) else {
                continue;
            };
            told.push(seen);
            let reference = publication.shown();
            let message = format!("`{reference}` is no valid image reference: {reason}");
            let mut finding = report
                .finding(publication.at, message)
                .label(format!("on {} {}", plan.event, plan.reference))
                .image(reference)
                .help("no registry accepts it: correct the part that is named");
            if !publication.certain {
                finding = finding.uncertain("whether it is pushed depends on something not known");
            }
            report.push(finding);
        }
    }
}

/// What is wrong with a reference; nothing where a part of it is not known.
fn reason(publication: &Publication) -> Option<String> {
    if publication.image.contains("{?}") || publication.tag.contains("{?}") {
        return None;
    }
    ImageRef::parse(&publication.shown())
        .err()
        .map(|error| error.to_string())
}
