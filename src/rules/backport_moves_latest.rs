//! A release of an older line moves a tag that stands for the newest release.

use super::published::{chain, is_release_channel, moved_on, quoted};
use super::{Check, Family, Reporter, Rule, rule};
use crate::facts::Scenario;
use crate::finding::Level;
use crate::project::{Push, ResolvedImage};

rule! {
    /// Reports a `latest*` that a release of an older line moves back.
    ///
    /// ## What it does
    /// Evaluates the release of `1.1.9` while `1.2.3` exists, and reports the release channels
    /// (`latest`, `stable`, with or without a variant) that it moves. A channel that the default
    /// branch moves as well, and one that pre-releases move, are told by other rules.
    ///
    /// ## Why it matters
    /// A security fix of last year's line becomes `latest` for everybody: an update that turns out
    /// to be a downgrade. Projects that never release older lines can leave it as it is.
    ///
    /// ## Example
    /// ```yaml
    ///     tags: |
    ///       type=semver,pattern={{version}}
    /// ```
    /// docker/metadata-action adds `latest` to every finished version, `1.1.9` included.
    ///
    /// ## Use instead
    /// ```yaml
    ///     flavor: |
    ///       latest=${{ startsWith(github.ref, 'refs/tags/v1.2.') }}
    /// ```
    /// Or let a dispatch input, or the release's own "latest" mark, decide.
    pub const BACKPORT_MOVES_LATEST: Rule = Rule {
        name: "backport-moves-latest",
        family: Family::Scheme,
        level: Level::Info,
        check: Check::Image(check),
    };
}

fn check(image: &ResolvedImage<'_>, report: &mut Reporter) {
    let mut moved: Vec<&Push<'_>> = Vec::new();
    let plans = image.plans_of(Scenario::Backport);
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
    let version = first.plan.version().unwrap_or_default();
    let message = format!(
        "a release of an older line, such as `{version}`, moves {tags} of `{}`",
        image.name
    );
    let mut finding = report
        .finding(first.publication.at, message)
        .label("moves with every finished version, whatever its line")
        .image(first.publication.shown())
        .help("if older lines are released, decide over `latest` by the line: `latest=${{ … }}` in `flavor`, or a condition at the push");
    if !first.publication.certain {
        finding = finding.uncertain("whether it is pushed depends on something not known");
    }
    report.push(chain(finding, first));
}
