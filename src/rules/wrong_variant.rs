//! A `latest` that shows another variant than its name says.

use super::published::chain;
use super::wrong_source;
use super::{Check, Family, Reporter, Rule, rule};
use crate::facts::{Build, Scenario};
use crate::finding::Level;
use crate::policy::{Affix, Form, version_tag};
use crate::project::{ImagePlan, Push, ResolvedImage};

rule! {
    /// Reports a `latest` tag that a build of another variant pushes.
    ///
    /// ## What it does
    /// Compares each `latest*` of a release with the version tags of the build that pushes it:
    /// plain `latest` belongs to the build that pushes the plain version, `latest-slim` to the one
    /// that pushes `X.Y.Z-slim`. A build that pushes no version is known by its Dockerfile and
    /// target. Where `taglint.yaml` says which Dockerfile and which target a variant is built from,
    /// every version and channel of the variant is held to that.
    ///
    /// ## Why it matters
    /// Whoever pulls `latest` expects the image that the plain version names, and gets one with
    /// another base, other features or another user.
    ///
    /// ## Example
    /// ```yaml
    /// - run: docker buildx build --push -t acme/app:1.2.3 .
    /// - run: docker buildx build --push -t acme/app:1.2.3-alpine -t acme/app:latest -f Dockerfile.alpine .
    /// ```
    ///
    /// ## Use instead
    /// ```yaml
    /// - run: docker buildx build --push -t acme/app:1.2.3 -t acme/app:latest .
    /// - run: docker buildx build --push -t acme/app:1.2.3-alpine -t acme/app:latest-alpine -f Dockerfile.alpine .
    /// ```
    pub const WRONG_VARIANT: Rule = Rule {
        name: "wrong-variant",
        family: Family::Scheme,
        level: Level::Error,
        check: Check::Image(check),
    };
}

fn check(image: &ResolvedImage<'_>, report: &mut Reporter) {
    let mut told = wrong_source::check(image, report);
    for plan in image.plans_of(Scenario::Release) {
        for push in &plan.pushes {
            let tag = &push.publication.tag;
            let Some(named) = image.scheme.variant_of_release_channel(tag) else {
                continue;
            };
            let contested = plan
                .pushes
                .iter()
                .any(|other| other.publication.tag == *tag && !other.build.same_run(push.build));
            if contested || push.build.joins || told.contains(&push.publication.at) {
                continue;
            }
            let Some(other) = shown_variant(plan, push, named) else {
                continue;
            };
            told.push(push.publication.at);
            tell(image, plan, push, (named, &other), report);
        }
    }
}

/// The variant that a build really is, where that is another one than named.
fn shown_variant<'p>(plan: &ImagePlan<'p>, push: &Push<'p>, named: &Affix) -> Option<Push<'p>> {
    let version = plan.version.as_deref()?;
    let versions: Vec<(Affix, Push<'p>)> = plan
        .pushes
        .iter()
        .filter_map(|other| {
            let read = version_tag(&other.publication.tag, version)?;
            (read.form == Form::Full).then_some((read.affix, *other))
        })
        .collect();
    let own: Vec<_> = versions
        .iter()
        .filter(|(_, other)| other.build.same_run(push.build))
        .collect();
    if own.is_empty() {
        return by_dockerfile(push.build, named, &versions);
    }
    if own.iter().any(|(affix, _)| affix == named) {
        return None;
    }
    own.first().map(|(_, other)| *other)
}

/// A build without a version of its own is the variant whose Dockerfile and target it shares.
fn by_dockerfile<'p>(
    build: &Build,
    named: &Affix,
    versions: &[(Affix, Push<'p>)],
) -> Option<Push<'p>> {
    let same = |other: &Build| {
        (&other.dockerfile, &other.target, &other.context)
            == (&build.dockerfile, &build.target, &build.context)
    };
    let told_apart = versions
        .iter()
        .filter(|(_, other)| same(other.build))
        .collect::<Vec<_>>();
    if build.dockerfile.is_none() && build.target.is_none() {
        return None;
    }
    match told_apart.as_slice() {
        [(affix, other)] if affix != named => Some(*other),
        _ => None,
    }
}

fn tell(
    image: &ResolvedImage<'_>,
    plan: &ImagePlan<'_>,
    push: &Push<'_>,
    (named, other): (&Affix, &Push<'_>),
    report: &mut Reporter,
) {
    let version = plan.version.as_deref().unwrap_or_default();
    let reference = push.publication.shown();
    let shown = &other.publication.tag;
    let message = format!(
        "`{reference}` is the build of `{shown}`, not of `{}`",
        named.around(version)
    );
    let right = version_tag(shown, version);
    let right = right.map(|read| image.scheme.channel_tag("latest", &read.affix));
    let mut finding = report
        .finding(push.publication.at, message)
        .label(format!("pushed by {}", push.build.name()))
        .image(reference)
        .help(format!(
            "push `{}` from the build of `{}`, and call this one `{}`",
            push.publication.tag,
            named.around(version),
            right.unwrap_or_default()
        ));
    if other.publication.at != push.publication.at {
        finding = finding.related(
            other.publication.at,
            format!("the same build pushes `{shown}`"),
        );
    }
    let owner = plan.pushes.iter().find(|push| {
        push.publication.tag == named.around(version)
            || push.publication.tag == named.around(&format!("v{version}"))
    });
    if let Some(owner) = owner {
        finding = finding.related(
            owner.publication.at,
            format!("{} pushes `{}`", owner.build.name(), owner.publication.tag),
        );
    }
    if !push.publication.certain {
        finding = finding.uncertain("whether the build runs depends on something not known");
    }
    report.push(chain(finding, push));
}
