//! Two builds push one tag on one event.

use super::published::{chain, collapsed, writers};
use super::{Check, Family, Reporter, Rule, edits, rule};
use crate::facts::{Declaration, Scenario};
use crate::finding::{Applicability, Level};
use crate::policy::version_tag;
use crate::project::{ImagePlan, Push, ResolvedImage};

rule! {
    /// Reports a tag that two or more builds push on one event, so that the last to finish wins.
    ///
    /// ## What it does
    /// Evaluates what each matrix instance, step, job and workflow pushes on the same event, and
    /// reports every tag that comes from more than one build.
    ///
    /// ## Why it matters
    /// Jobs finish in any order. Whoever pulls the tag gets one variant today and another one after
    /// the next release, with nothing in the log to show it. Where the builds are steps of one job
    /// the order is fixed, but the earlier image is still lost under that tag.
    ///
    /// ## Example
    /// ```yaml
    /// strategy:
    ///   matrix:
    ///     suffix: ["", "-slim"]
    /// # …
    ///     flavor: |
    ///       suffix=${{ matrix.suffix }}
    /// ```
    /// The suffix reaches version tags only: both builds push plain `latest`.
    ///
    /// ## Use instead
    /// ```yaml
    ///     flavor: |
    ///       suffix=${{ matrix.suffix }},onlatest=true
    /// ```
    pub const CONTESTED_TAG: Rule = Rule {
        name: "contested-tag",
        family: Family::Scheme,
        level: Level::Error,
        check: Check::Image(check),
    };
}

fn check(image: &ResolvedImage<'_>, report: &mut Reporter) {
    // One fault shows in every scenario: it is told once, in the first.
    let mut told = Vec::new();
    for plan in &image.releases {
        let mut tags: Vec<&str> = plan
            .pushes
            .iter()
            .map(|p| p.publication.tag_key.as_str())
            .collect();
        tags.sort_unstable();
        tags.dedup();
        for tag in tags.into_iter().filter(|tag| !tag.contains("{?}")) {
            let writers = writers(plan, tag);
            let Some(first) = writers.first().filter(|_| writers.len() > 1) else {
                continue;
            };
            // That variants become one on a pre-release is told by its own rule.
            if collapsed(image, plan, tag).is_some() {
                continue;
            }
            let seen = (shape(plan, tag), first.publication.at);
            if told.contains(&seen) {
                continue;
            }
            told.push(seen);
            tell(image, plan, &writers, report);
        }
    }
}

/// The tag with the version taken out, so that releases of two versions compare.
fn shape(plan: &ImagePlan<'_>, tag: &str) -> String {
    let version = plan.version.as_deref();
    match version.and_then(|version| version_tag(tag, version)) {
        Some(read) => format!("{:?} {}", read.form, read.affix.around("*")),
        None => tag.to_owned(),
    }
}

fn tell(
    image: &ResolvedImage<'_>,
    plan: &ImagePlan<'_>,
    writers: &[Push<'_>],
    report: &mut Reporter,
) {
    let Some(first) = writers.first() else { return };
    let reference = first.publication.shown();
    let certain = writers
        .iter()
        .filter(|push| push.publication.certain)
        .count();
    let one_job = writers.iter().all(|push| {
        push.build.job == first.build.job
            && push.build.instance == first.build.instance
            && push.build.at.file == first.build.at.file
    });
    let wins = if one_job {
        "the last step wins"
    } else {
        "the last to finish wins"
    };
    let event = event(plan);
    let message = format!(
        "`{reference}` is pushed by {} builds of one {event}; {wins}",
        writers.len()
    );
    let at = place_of(first);
    let mut finding = report
        .finding(at, message)
        .label(label_of(first, &first.publication.tag))
        .image(reference)
        .help(help(image, plan, writers));
    if let Some(matrix) = first.build.matrix_at
        && writers
            .iter()
            .any(|push| push.build.instance != first.build.instance)
    {
        finding = finding.related(matrix, instances(writers));
    }
    for other in writers {
        let place = place_of(other);
        if place != at {
            finding = finding.related(place, format!("also from {}", other.build.name()));
        }
    }
    if certain < writers.len() {
        let reason = "some of the builds run only if something holds that is not known";
        finding = finding.uncertain(reason);
        if certain == 0 {
            // Conditions that exclude each other look just like this.
            finding.level = finding.level.min(Level::Info);
        }
    }
    let own_channels = writers
        .iter()
        .all(|push| has_own_channel(image, plan, push));
    if !own_channels && let Some(edits) = edits::onlatest(report.project(), plan, writers) {
        finding = finding.fix(Applicability::Safe, edits);
    }
    report.push(chain(finding, first));
}

fn event(plan: &ImagePlan<'_>) -> String {
    match plan.scenario {
        Scenario::Release | Scenario::Backport | Scenario::OddVersion | Scenario::Given => {
            "release".to_owned()
        }
        Scenario::Prerelease => "pre-release".to_owned(),
        Scenario::Branch => "push to the default branch".to_owned(),
        Scenario::PullRequest => "pull request".to_owned(),
        Scenario::Schedule => "scheduled run".to_owned(),
        Scenario::Manual => format!("`{}`", plan.event),
    }
}

fn instances(writers: &[Push<'_>]) -> String {
    let names = writers.iter().filter_map(|push| push.build.instance_name());
    let names: Vec<String> = names.take(6).map(|name| format!("`{name}`")).collect();
    format!("{} builds: {}", writers.len(), names.join(", "))
}

/// The line to look at: an affix that does not reach `latest` says more than the entry itself.
fn place_of(push: &Push<'_>) -> crate::source::Place {
    match &push.publication.declaration {
        Declaration::MetadataLatest {
            unreached_affixes, ..
        } => unreached_affixes
            .first()
            .map_or(push.publication.at, |(place, _)| *place),
        _ => push.publication.at,
    }
}

fn label_of(push: &Push<'_>, tag: &str) -> String {
    match &push.publication.declaration {
        Declaration::MetadataLatest {
            unreached_affixes, ..
        } if !unreached_affixes.is_empty() => {
            format!("reaches version tags only: each build adds plain `{tag}`")
        }
        Declaration::MetadataLatest { .. } => {
            format!("this entry also adds `{tag}` (flavor `latest=auto`)")
        }
        _ => format!("pushes `{tag}`"),
    }
}

fn help(image: &ResolvedImage<'_>, plan: &ImagePlan<'_>, writers: &[Push<'_>]) -> String {
    let Some(first) = writers.first() else {
        return String::new();
    };
    match &first.publication.declaration {
        Declaration::MetadataLatest {
            unreached_affixes, ..
        } => {
            let own_channels = writers
                .iter()
                .all(|push| has_own_channel(image, plan, push));
            match unreached_affixes.first() {
                _ if own_channels => {
                    "write `latest=false` in `flavor`: the entries already give each variant its own"
                        .to_owned()
                }
                Some((_, text)) => format!(
                    "write `{text},onlatest=true` to publish {}",
                    wanted(image)
                ),
                None => "write `latest=false` in the `flavor` of all but one, or give each variant \
                         its own with `suffix=…,onlatest=true` in `flavor`"
                    .to_owned(),
            }
        }
        _ => "let one build push it, and give each of the others a tag of its own".to_owned(),
    }
}

/// Whether a build also pushes a channel named after its variant.
fn has_own_channel(image: &ResolvedImage<'_>, plan: &ImagePlan<'_>, push: &Push<'_>) -> bool {
    let mut own = plan
        .pushes
        .iter()
        .filter(|other| other.build.same_run(push.build));
    let base = own.clone().any(|other| {
        let version = plan.version.as_deref();
        version
            .and_then(|version| version_tag(&other.publication.tag, version))
            .is_some_and(|read| read.affix.is_base())
    });
    base || own.any(|other| {
        let variant = image
            .scheme
            .variant_of_channel(&other.publication.tag, "latest");
        variant.is_some_and(|variant| !variant.is_base())
    })
}

fn wanted(image: &ResolvedImage<'_>) -> String {
    let names: Vec<String> = image
        .scheme
        .variants
        .iter()
        .take(6)
        .map(|variant| format!("`{}`", image.scheme.channel_tag("latest", variant)))
        .collect();
    if names.is_empty() {
        "a `latest` for each".to_owned()
    } else {
        names.join(", ")
    }
}
