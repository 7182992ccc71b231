//! A push to a branch moves a tag that stands for the newest release.

use super::published::{chain, is_release_channel, moved_on, quoted, versions};
use super::{Check, Family, Reporter, Rule, rule};
use crate::facts::Scenario;
use crate::finding::Level;
use crate::policy::Form;
use crate::project::{Push, ResolvedImage};

rule! {
    /// Reports a `latest*` that a push to the default branch moves although releases exist.
    ///
    /// ## What it does
    /// Looks for images that a release publishes under a version, and reports the release channels
    /// (`latest`, `stable`, with or without a variant) that a push to the default branch moves.
    ///
    /// ## Why it matters
    /// Whoever pulls `latest` gets whatever was merged last and no release; `latest` and the newest
    /// version differ, and no version tag names what runs. Some projects mean it so: their `latest`
    /// follows the branch. Then a tag such as `edge` or `main` says it better.
    ///
    /// ## Example
    /// ```yaml
    /// on:
    ///   push: { branches: [main], tags: ["v*"] }
    /// # …
    ///     tags: |
    ///       type=semver,pattern={{version}}
    ///       type=raw,value=latest
    /// ```
    ///
    /// ## Use instead
    /// ```yaml
    ///     tags: |
    ///       type=semver,pattern={{version}}
    ///       type=edge
    /// ```
    pub const BRANCH_MOVES_LATEST: Rule = Rule {
        name: "branch-moves-latest",
        family: Family::Scheme,
        level: Level::Info,
        check: Check::Image(check),
    };
}

fn check(image: &ResolvedImage<'_>, report: &mut Reporter) {
    let released = image.plans_of(Scenario::Release).any(|plan| {
        let mut versions = versions(plan).into_iter();
        versions.any(|version| version.form == Form::Full)
    });
    if !released {
        return;
    }
    let mut moved: Vec<&Push<'_>> = Vec::new();
    let plans = image.plans_of(Scenario::Branch);
    for push in plans.flat_map(|plan| &plan.pushes) {
        let tag = &push.publication.tag;
        let known = moved.iter().any(|known| known.publication.tag == *tag);
        if !known && is_release_channel(image, tag) {
            moved.push(push);
        }
    }
    tell(image, &moved, report);
}

fn tell(image: &ResolvedImage<'_>, moved: &[&Push<'_>], report: &mut Reporter) {
    let Some(first) = moved.first() else { return };
    let tags = quoted(moved.iter().map(|push| push.publication.tag.as_str()));
    let branch = first.plan.reference.trim_start_matches("refs/heads/");
    let message = format!(
        "a push to `{branch}` moves {tags} of `{}`, which has releases",
        image.name
    );
    let released = moved
        .iter()
        .any(|push| moved_on(image, Scenario::Release, &push.publication.tag));
    let label = if released {
        "releases move it as well: it is whichever came last"
    } else {
        "no release moves it"
    };
    let mut finding = report
        .finding(first.publication.at, message)
        .label(label)
        .image(first.publication.shown())
        .help("give what follows the branch a tag of its own, such as `edge`, and move `latest` on releases");
    if !first.publication.certain {
        finding = finding.uncertain("whether it is pushed depends on something not known");
    }
    report.push(chain(finding, first));
}
