//! A pre-release moves a tag that stands for the newest release.

use super::{Check, Family, Reporter, Rule, rule};
use crate::facts::{Declaration, Scenario};
use crate::finding::Level;
use crate::project::{Push, ResolvedImage};

rule! {
    /// Reports a `latest*` or another release channel that a pre-release moves.
    ///
    /// ## What it does
    /// Evaluates the release of `X.Y.Z-rc.1`, and reports each channel for finished releases
    /// (`latest`, `stable`, with or without a variant) that it pushes.
    ///
    /// ## Why it matters
    /// Who follows `latest` did not ask to test a release candidate.
    ///
    /// ## Example
    /// ```yaml
    ///     tags: |
    ///       type=ref,event=tag
    /// ```
    /// The entry `type=ref,event=tag` makes docker/metadata-action add `latest` for every tag,
    /// `v1.2.3-rc.1` included.
    ///
    /// ## Use instead
    /// ```yaml
    ///     tags: |
    ///       type=semver,pattern={{version}}
    /// ```
    pub const PRERELEASE_MOVES_LATEST: Rule = Rule {
        name: "prerelease-moves-latest",
        family: Family::Scheme,
        level: Level::Warning,
        check: Check::Image(check),
    };
}

/// The channels that stand for finished releases.
const CHANNELS: [&str; 2] = ["latest", "stable"];

fn check(image: &ResolvedImage<'_>, report: &mut Reporter) {
    // A channel that the default branch moves as well follows the branch, not releases.
    let follows_branch = |tag: &str| {
        let branch = image
            .plans_of(Scenario::Branch)
            .flat_map(|plan| &plan.pushes);
        branch.into_iter().any(|push| push.publication.tag == tag)
    };
    let mut told = Vec::new();
    for plan in image.plans_of(Scenario::Prerelease) {
        for push in &plan.pushes {
            let tag = &push.publication.tag;
            let channel = CHANNELS.into_iter().find(|channel| {
                image.scheme.variant_of_channel(tag, channel).is_some() || names(tag, channel)
            });
            if channel.is_none() || follows_branch(tag) || told.contains(&push.publication.at) {
                continue;
            }
            told.push(push.publication.at);
            tell(plan.version.as_deref().unwrap_or_default(), push, report);
        }
    }
}

/// Whether a tag is the channel itself, or the channel with something beside it.
fn names(tag: &str, channel: &str) -> bool {
    tag.split(['-', '_', '.']).any(|part| part == channel)
}

fn tell(version: &str, push: &Push<'_>, report: &mut Reporter) {
    let reference = push.publication.shown();
    let message = format!("the pre-release `{version}` moves `{reference}`");
    let (label, help) = match &push.publication.declaration {
        Declaration::MetadataLatest { flavor, .. } => (
            "decides over `latest`, for pre-releases too".to_owned(),
            if flavor.is_some() {
                "write `latest=auto` in `flavor`, with a `type=semver` entry first".to_owned()
            } else {
                "put a `type=semver,pattern={{version}}` entry in its place: it adds `latest` only \
                 for finished releases"
                    .to_owned()
            },
        ),
        Declaration::MetadataEntry => (
            "gives it on every tag".to_owned(),
            "add `enable=${{ !contains(github.ref, '-') }}` to the entry".to_owned(),
        ),
        Declaration::Literal => (
            "pushes it on every tag".to_owned(),
            "push it only where the version has no pre-release part, for instance under \
             `if: ${{ !contains(github.ref_name, '-') }}`"
                .to_owned(),
        ),
    };
    let mut finding = report
        .finding(push.publication.at, message)
        .label(label)
        .image(reference)
        .help(help);
    if !push.publication.certain {
        finding = finding.uncertain("whether it is pushed depends on something not known");
    }
    report.push(finding);
}
