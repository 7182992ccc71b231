//! What the rules about published tags share: reading a release's tags as versions and channels,
//! and showing how an event leads to one of them.

use crate::facts::Scenario;
use crate::finding::Finding;
use crate::policy::{Affix, Follows, Form, version_tag};
use crate::project::{ImagePlan, Push, ResolvedImage};

/// A version tag of a release, with its form, its affix, and the build that pushes it.
pub(super) struct Versioned<'p> {
    pub(super) form: Form,
    pub(super) affix: Affix,
    pub(super) push: Push<'p>,
}

/// The version tags among what an event pushes; those of single processors, commits and dates are
/// none.
pub(super) fn versions<'p>(plan: &ImagePlan<'p>) -> Vec<Versioned<'p>> {
    let mut versions = all_versions(plan);
    versions.retain(|version| !version.affix.is_no_variant());
    versions
}

/// All tags that name the version, whatever stands around it.
pub(super) fn all_versions<'p>(plan: &ImagePlan<'p>) -> Vec<Versioned<'p>> {
    let Some(version) = plan.version.as_deref() else {
        return Vec::new();
    };
    let read = |push: &Push<'p>| {
        let read = version_tag(&push.publication.tag, version)?;
        Some(Versioned {
            form: read.form,
            affix: read.affix,
            push: *push,
        })
    };
    plan.pushes.iter().filter_map(read).collect()
}

/// The builds that push a tag, each once.
pub(super) fn writers<'p>(plan: &ImagePlan<'p>, tag: &str) -> Vec<Push<'p>> {
    let mut writers: Vec<Push<'p>> = Vec::new();
    let pushes = plan.pushes.iter();
    for push in pushes.filter(|push| push.publication.tag_key == tag) {
        let same = |known: &Push<'p>| {
            known.build.same_run(push.build) || known.build.joins_the_same(push.build)
        };
        if !writers.iter().any(same) {
            writers.push(*push);
        }
    }
    writers
}

/// The channels that stand for finished releases.
const CHANNELS: [&str; 2] = ["latest", "stable"];

/// Whether a tag is a channel for finished releases, of whatever variant: as the policy says, or by
/// its name.
pub(super) fn is_release_channel(image: &ResolvedImage<'_>, tag: &str) -> bool {
    if let Some(follows) = image.scheme.follows(tag) {
        return follows == Follows::Releases;
    }
    CHANNELS.into_iter().any(|channel| {
        let named = tag.split(['-', '_', '.']).any(|part| part == channel);
        named || image.scheme.variant_of_channel(tag, channel).is_some()
    })
}

/// Whether some event of a scenario moves a tag.
pub(super) fn moved_on(image: &ResolvedImage<'_>, scenario: Scenario, tag: &str) -> bool {
    let plans = image.plans_of(scenario);
    let mut pushes = plans.flat_map(|plan| &plan.pushes);
    pushes.any(|push| push.publication.tag == tag)
}

/// The builds that push one version tag on a pre-release, and on the release different variants
/// each: the affix of each, in the order of the builds.
pub(super) fn collapsed<'p>(
    image: &ResolvedImage<'p>,
    plan: &ImagePlan<'p>,
    tag: &str,
) -> Option<Vec<(Affix, Push<'p>)>> {
    let version = plan.version.as_deref()?;
    if plan.scenario != Scenario::Prerelease {
        return None;
    }
    version_tag(tag, version).filter(|read| read.form == Form::Full)?;
    let mut releases = image.plans_of(Scenario::Release);
    let release = releases.find(|other| other.event == plan.event)?;
    let released = versions(release);
    let mut variants = Vec::new();
    for writer in writers(plan, tag) {
        let own = released.iter().find(|released| {
            released.form == Form::Full && released.push.build.same_run(writer.build)
        });
        let Some(own) = own else { continue };
        let affix = own.affix.clone();
        if !variants.iter().any(|(known, _)| *known == affix) {
            variants.push((affix, writer));
        }
    }
    (variants.len() > 1).then_some(variants)
}

/// Names in backquotes, the first few of them.
pub(super) fn quoted<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let names: Vec<&str> = names.collect();
    let shown: Vec<String> = names
        .iter()
        .take(6)
        .map(|name| format!("`{name}`"))
        .collect();
    match names.len().checked_sub(shown.len()) {
        Some(more) if more > 0 => format!("{} and {more} more", shown.join(", ")),
        _ => shown.join(", "),
    }
}

/// The way from an event to a tag, as further places: what admits the event, the job, the step.
pub(super) fn chain(finding: Finding, push: &Push<'_>) -> Finding {
    let (plan, build) = (push.plan, push.build);
    let mut finding = finding;
    if let Some(at) = plan.trigger_at {
        let event = match plan.reference.split_once("refs/tags/") {
            Some((_, tag)) => format!("`{}` of tag `{tag}`", plan.event),
            None => format!("`{}`", plan.event),
        };
        finding = finding.chained(at, event);
    }
    if let Some(at) = build.job_at {
        finding = finding.chained(at, format!("job {}", build.name()));
    }
    finding.chained(build.at, format!("step {}", build.step + 1))
}
