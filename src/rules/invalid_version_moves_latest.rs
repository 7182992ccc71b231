//! A tag that is no valid version moves a tag that stands for the newest release.

use super::published::{chain, is_release_channel, moved_on, quoted};
use super::{Check, Family, Reporter, Rule, rule};
use crate::facts::Scenario;
use crate::finding::Level;
use crate::project::{Push, ResolvedImage};

rule! {
    /// Reports a `latest*` that is moved by a git tag such as `1.2.3rc`, which is no valid version.
    ///
    /// ## What it does
    /// Evaluates the release of `1.2.3rc`: it looks like a pre-release and, without the hyphen, is
    /// no semantic version. Reports the release channels that it moves, unless a well-formed
    /// pre-release or the default branch moves them too, which other rules tell.
    ///
    /// ## Why it matters
    /// What a human reads as a release candidate is no pre-release to the tools: a check for a
    /// hyphen passes it, and an entry for the bare git tag adds `latest`.
    ///
    /// ## Example
    /// ```yaml
    ///     tags: |
    ///       type=ref,event=tag
    ///     flavor: |
    ///       latest=${{ !contains(github.ref, '-') }}
    /// ```
    ///
    /// ## Use instead
    /// ```yaml
    ///     tags: |
    ///       type=semver,pattern={{version}}
    /// ```
    /// Or a filter that admits versions only: `tags: ["v[0-9]+.[0-9]+.[0-9]+"]`.
    pub const INVALID_VERSION_MOVES_LATEST: Rule = Rule {
        name: "invalid-version-moves-latest",
        family: Family::Scheme,
        level: Level::Info,
        check: Check::Image(check),
    };
}

fn check(image: &ResolvedImage<'_>, report: &mut Reporter) {
    let mut moved: Vec<&Push<'_>> = Vec::new();
    let plans = image.plans_of(Scenario::OddVersion);
    for push in plans.flat_map(|plan| &plan.pushes) {
        let tag = &push.publication.tag;
        let known = moved.iter().any(|known| known.publication.tag == *tag);
        let elsewhere = [Scenario::Branch, Scenario::Prerelease]
            .into_iter()
            .any(|scenario| moved_on(image, scenario, tag));
        if !known && !elsewhere && is_release_channel(image, tag) {
            moved.push(push);
        }
    }
    let Some(first) = moved.first() else { return };
    let tags = quoted(moved.iter().map(|push| push.publication.tag.as_str()));
    let git_tag = first.plan.reference.trim_start_matches("refs/tags/");
    let message = format!(
        "the git tag `{git_tag}`, which is no valid version, moves {tags} of `{}`",
        image.name
    );
    let mut finding = report
        .finding(first.publication.at, message)
        .label("takes any git tag for a release")
        .image(first.publication.shown())
        .help("let a `type=semver` entry decide over `latest`, or admit only versions: `tags: [\"v[0-9]+.[0-9]+.[0-9]+\"]`");
    if !first.publication.certain {
        finding = finding.uncertain("whether it is pushed depends on something not known");
    }
    report.push(chain(finding, first));
}
