//! A release moves a channel of a variant that has no version to pin to.

use super::published::{all_versions, chain, is_release_channel, versions};
use super::{Check, Family, Reporter, Rule, rule};
use crate::facts::Scenario;
use crate::finding::Level;
use crate::image::Tag;
use crate::policy::{Affix, Form};
use crate::project::{ImagePlan, Push, ResolvedImage};

rule! {
    /// Reports a variant that a release moves a channel of and publishes under no version.
    ///
    /// ## What it does
    /// For each `latest*` or `stable*` that a release moves, looks for the version of the same
    /// variant: `1.2.3` beside `latest`, `1.2.3-slim` beside `latest-slim`. Where the same build
    /// pushes a version under another name, the finding is of level info. Where `taglint.yaml`
    /// requires forms of the version, each is looked for.
    ///
    /// ## Why it matters
    /// Production cannot pin what has no version: the only name of the image is one that moves.
    ///
    /// ## Example
    /// ```yaml
    /// - run: docker buildx build --push -t acme/app:1.2.3-debian .
    /// - run: docker buildx build --push -t acme/app:latest -f Dockerfile.alpine .
    /// ```
    ///
    /// ## Use instead
    /// ```yaml
    /// - run: docker buildx build --push -t acme/app:1.2.3-debian -t acme/app:latest-debian .
    /// - run: docker buildx build --push -t acme/app:1.2.3 -t acme/app:latest -f Dockerfile.alpine .
    /// ```
    pub const MISSING_VERSION: Rule = Rule {
        name: "missing-version",
        family: Family::Scheme,
        level: Level::Warning,
        check: Check::Image(check),
    };
}

fn check(image: &ResolvedImage<'_>, report: &mut Reporter) {
    if image.opaque {
        return;
    }
    required_forms(image, report);
    let mut told = Vec::new();
    for plan in image.plans_of(Scenario::Release) {
        // A tag with an unknown part may be any version.
        let open = plan
            .pushes
            .iter()
            .any(|push| push.publication.tag.contains("{?}"));
        if open {
            continue;
        }
        for push in &plan.pushes {
            let tag = push.publication.tag.as_str();
            if !is_release_channel(image, tag) || told.contains(&tag) || has_version(image, tag) {
                continue;
            }
            told.push(tag);
            tell(image, plan, push, report);
        }
    }
}

/// Reports the version tags that the policy requires of each release and that none publishes, for
/// each variant that a release publishes under some version.
fn required_forms(image: &ResolvedImage<'_>, report: &mut Reporter) {
    let mut told: Vec<(Affix, String)> = Vec::new();
    for plan in image.plans_of(Scenario::Release) {
        let version = plan.version.as_deref().unwrap_or_default();
        let known = |tag: &str| {
            let plans = image.plans_of(Scenario::Release);
            let mut pushes = plans.flat_map(|plan| &plan.pushes);
            pushes.any(|push| push.publication.tag == tag || push.publication.tag.contains("{?}"))
        };
        for published in versions(plan) {
            if image.scheme.declared_variant(&published.affix).is_none()
                && !image.scheme.declared_variants().is_empty()
            {
                continue;
            }
            for wanted in image.scheme.version_tags(version, &published.affix) {
                let key = (published.affix.clone(), wanted);
                if !told.contains(&key) && !known(&key.1) {
                    tell_form(image, &published.push, &key.1, report);
                    told.push(key);
                }
            }
        }
    }
}

fn tell_form(image: &ResolvedImage<'_>, push: &Push<'_>, wanted: &str, report: &mut Reporter) {
    let message = format!(
        "`{}` is released without `{wanted}`, which the policy requires",
        push.publication.shown()
    );
    let mut finding = report
        .finding(push.publication.at, message)
        .label("the version that is published")
        .image(push.publication.shown())
        .help(format!("also tag and push `{wanted}` in the same build"));
    if let Some(declared) = &image.scheme.declared {
        finding = finding.related(declared.at, "the scheme of the image");
    }
    if !push.publication.certain {
        finding = finding.uncertain("whether it is pushed depends on something not known");
    }
    report.push(chain(finding, push));
}

/// Whether some release of the image gives a full version of the variant that a channel names.
fn has_version(image: &ResolvedImage<'_>, channel: &str) -> bool {
    image.plans_of(Scenario::Release).any(|plan| {
        let full = all_versions(plan).into_iter();
        full.filter(|version| version.form == Form::Full)
            .any(|version| is_of(image, &version.affix, channel))
    })
}

fn is_of(image: &ResolvedImage<'_>, variant: &Affix, channel: &str) -> bool {
    let mut words = vec!["latest", "stable"];
    words.extend(image.scheme.release_channels());
    words.iter().any(|word| {
        image.scheme.is_channel_of(variant, channel, word) || variant.goes_by(channel, word)
    })
}

fn tell(image: &ResolvedImage<'_>, plan: &ImagePlan<'_>, push: &Push<'_>, report: &mut Reporter) {
    let tag = push.publication.tag.as_str();
    let version = plan.version.as_deref().unwrap_or_default();
    let wanted = wanted(tag, version);
    let own = all_versions(plan)
        .into_iter()
        .find(|other| other.form == Form::Full && other.push.build.same_run(push.build));
    let message = format!(
        "a release moves `{}` and publishes no `{wanted}` to pin to",
        push.publication.shown()
    );
    let mut finding = report
        .finding(push.publication.at, message)
        .label(format!("moves `{tag}` of `{}`", image.name))
        .image(push.publication.shown())
        .help(format!("also tag and push `{wanted}` in the same build"));
    if let Some(own) = own {
        let known = &own.push.publication;
        finding.level = finding.level.min(Level::Info);
        finding = finding.note(format!("the same build pushes `{}`", known.tag));
    } else if !push.publication.certain {
        finding = finding.uncertain("whether it is pushed depends on something not known");
    }
    report.push(chain(finding, push));
}

/// The version tag beside a channel: `1.2.3-slim` for `latest-slim`.
fn wanted(channel: &str, version: &str) -> String {
    match Tag::parse(channel) {
        Tag::Channel { name, .. } if channel.contains(&name) => channel.replacen(&name, version, 1),
        _ => format!("{version}-{channel}"),
    }
}
