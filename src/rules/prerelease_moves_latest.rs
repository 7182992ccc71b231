//! A pre-release moves a tag that stands for the newest release.

use super::published::{chain, is_release_channel, moved_on};
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

fn check(image: &ResolvedImage<'_>, report: &mut Reporter) {
    let mut told = Vec::new();
    for plan in image.plans_of(Scenario::Prerelease) {
        for push in &plan.pushes {
            let tag = &push.publication.tag;
            // A channel that the default branch moves as well follows the branch, not releases,
            // unless the policy says otherwise.
            let declared = image.scheme.follows(tag).is_some();
            let follows_branch = !declared && moved_on(image, Scenario::Branch, tag);
            let seen = told.contains(&push.publication.at);
            if !is_release_channel(image, tag) || follows_branch || seen {
                continue;
            }
            told.push(push.publication.at);
            tell(plan.version.as_deref().unwrap_or_default(), push, report);
        }
    }
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
    report.push(chain(finding, push));
}
