//! What is pushed is no valid reference.

use super::published::chain;
use super::undeclared_variant::reordered;
use super::{Check, Family, Reporter, Rule, rule};
use crate::facts::{Plan, Publication, Scenario};
use crate::finding::Level;
use crate::image::ImageRef;
use crate::policy::{Affix, version_tag};
use crate::project::{Project, Push, ResolvedImage};

rule! {
    /// Reports a published reference that no registry accepts, or that turns the scheme's parts around.
    ///
    /// ## What it does
    /// Checks every evaluated reference against the grammar of image references: the repository in
    /// lower case, the tag of at most 128 letters, digits, `_`, `.` and `-`, not beginning with `.`
    /// or `-`. Where `taglint.yaml` declares the variants of an image, a version whose variant stands
    /// on the wrong side (`full-1.2.3` for `1.2.3-full`) is reported as well.
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
    disordered(project, report);
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

/// Reports tags that have the affix of a declared variant on the wrong side: `full-1.2.3`.
fn disordered(project: &Project, report: &mut Reporter) {
    for image in project.images() {
        let mut told: Vec<Affix> = Vec::new();
        if image.scheme.declared_variants().is_empty() {
            continue;
        }
        for plan in &image.releases {
            let version = plan.version.as_deref().unwrap_or_default();
            for push in &plan.pushes {
                let tag = push.publication.tag.as_str();
                let Some(read) = version_tag(tag, version).filter(|_| !version.is_empty()) else {
                    continue;
                };
                let Some(right) = reordered(&image.scheme, &read.affix) else {
                    continue;
                };
                if told.contains(&read.affix) {
                    continue;
                }
                let inner = tag
                    .strip_prefix(read.affix.prefix.as_str())
                    .and_then(|rest| rest.strip_suffix(read.affix.suffix.as_str()));
                let right = right.around(inner.unwrap_or(version));
                told.push(read.affix);
                tell_disordered(&image, push, &right, report);
            }
        }
    }
}

fn tell_disordered(image: &ResolvedImage<'_>, push: &Push<'_>, right: &str, report: &mut Reporter) {
    let reference = push.publication.shown();
    let message = format!("`{reference}` has its parts in another order than the policy says");
    let mut finding = report
        .finding(push.publication.at, message)
        .label(format!("the scheme makes it `{right}`"))
        .image(reference)
        .help(format!("publish `{right}` in its place"));
    if let Some(declared) = &image.scheme.declared {
        finding = finding.related(declared.at, "the scheme of the image");
    }
    if !push.publication.certain {
        finding = finding.uncertain("whether it is pushed depends on something not known");
    }
    report.push(chain(finding, push));
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
