//! A release of one variant moves no `latest` of its own.

use super::published::{chain, writers};
use super::{Check, Family, Reporter, Rule, edits, rule};
use crate::facts::{Declaration, Scenario};
use crate::finding::{Applicability, Edit, Level};
use crate::policy::{Affix, Form, version_tag};
use crate::project::{ImagePlan, Push, ResolvedImage};

rule! {
    /// Reports a variant that a release publishes under a version but under no `latest`.
    ///
    /// ## What it does
    /// For each variant that a release publishes as `X.Y.Z-variant`, looks for a `latest` of that
    /// variant (`latest-variant`, `variant-latest` or the bare `variant`) on any event. A variant
    /// that follows a branch or a schedule has one and is not reported, and nothing is reported
    /// where something that may publish it could not be evaluated. Where `taglint.yaml` declares
    /// channels for the image, each of those that follow releases is looked for, by its tag.
    ///
    /// ## Why it matters
    /// Users of that variant can follow no tag: they pin by hand, or fall back to the `latest` of
    /// another variant.
    ///
    /// ## Example
    /// A matrix over `["", "-full"]` with the flavor `suffix=${{ matrix.suffix }}` publishes
    /// `1.2.3-full`, and plain `latest` for both.
    ///
    /// ## Use instead
    /// ```yaml
    ///     flavor: |
    ///       suffix=${{ matrix.suffix }},onlatest=true
    /// ```
    pub const MISSING_LATEST: Rule = Rule {
        name: "missing-latest",
        family: Family::Scheme,
        level: Level::Warning,
        check: Check::Image(check),
    };
}

/// A version tag of a release, with its affix and the build that pushes it.
struct Released<'p> {
    affix: Affix,
    push: Push<'p>,
}

fn check(image: &ResolvedImage<'_>, report: &mut Reporter) {
    if image.opaque {
        return;
    }
    let mut told: Vec<Affix> = Vec::new();
    for plan in image.plans_of(Scenario::Release) {
        let released = released(plan);
        let missing: Vec<(&Released<'_>, Vec<String>)> = released
            .iter()
            .filter(|version| !told.contains(&version.affix))
            .map(|version| (version, missing_tags(image, version, &released)))
            .filter(|(_, tags)| !tags.is_empty())
            .collect();
        told.extend(missing.iter().map(|(version, _)| version.affix.clone()));
        tell(image, &missing, &released, report);
    }
}

/// The full versions that a release publishes for certain, one for each variant and build.
fn released<'p>(plan: &ImagePlan<'p>) -> Vec<Released<'p>> {
    let Some(version) = plan.version.as_deref() else {
        return Vec::new();
    };
    let mut released: Vec<Released<'p>> = Vec::new();
    for push in &plan.pushes {
        let Some(read) = version_tag(&push.publication.tag, version) else {
            continue;
        };
        let known = released
            .iter()
            .any(|known| known.affix == read.affix && known.push.build.same_run(push.build));
        if read.form == Form::Full && !known && !read.affix.is_no_variant() {
            released.push(Released {
                affix: read.affix,
                push: *push,
            });
        }
    }
    released
}

/// The channels of the variant that no event moves, by the tags that they should have.
fn missing_tags(
    image: &ResolvedImage<'_>,
    version: &Released<'_>,
    released: &[Released<'_>],
) -> Vec<String> {
    let declared = image.scheme.declared_variants();
    // What the policy does not know is another rule's business.
    if !declared.is_empty() && image.scheme.declared_variant(&version.affix).is_none() {
        return Vec::new();
    }
    let channels = image.scheme.release_channels().into_iter();
    let missing = channels.filter(|channel| !followed(image, channel, version, released));
    missing
        .map(|channel| image.scheme.channel_tag(channel, &version.affix))
        .collect()
}

/// Whether some event moves a channel of the variant, or may do so. A channel that the policy
/// declares to follow releases is moved by a release.
fn followed(
    image: &ResolvedImage<'_>,
    channel: &str,
    version: &Released<'_>,
    released: &[Released<'_>],
) -> bool {
    // One build may carry several names for one variant: `-alpine` and `-alpine3.20`.
    let declared = image.scheme.channel(channel).is_some();
    let same_build = released.iter().filter(|other| match declared {
        true => other.affix == version.affix,
        false => other.push.build.same_run(version.push.build),
    });
    let names: Vec<String> = same_build
        .flat_map(|other| image.scheme.channel_names(channel, &other.affix))
        .collect();
    let plans = image.releases.iter();
    let plans = plans.filter(|plan| !declared || plan.scenario == Scenario::Release);
    let pushes = plans.flat_map(|plan| &plan.pushes);
    let named = pushes
        .map(|push| &push.publication.tag)
        .any(|tag| names.iter().any(|name| name == tag || could_be(tag, name)));
    // Where no variant is unadorned, plain `latest` is whichever is the default.
    let mut all = image.releases.iter().flat_map(|plan| &plan.pushes);
    let default = !declared
        && !image.scheme.has_base()
        && all.any(|push| {
            push.build.same_run(version.push.build) && push.publication.tag == "latest"
        });
    named || default
}

/// Whether a tag with unknown parts could be this name.
fn could_be(tag: &str, name: &str) -> bool {
    let Some((before, after)) = tag.split_once("{?}") else {
        return false;
    };
    let after = after.rsplit("{?}").next().unwrap_or_default();
    name.len() >= before.len() + after.len() && name.starts_with(before) && name.ends_with(after)
}

fn tell(
    image: &ResolvedImage<'_>,
    missing: &[(&Released<'_>, Vec<String>)],
    released: &[Released<'_>],
    report: &mut Reporter,
) {
    // Variants that one entry declares are one finding.
    let mut places: Vec<_> = missing
        .iter()
        .map(|(version, _)| version.push.publication.at)
        .collect();
    places.sort();
    places.dedup();
    for place in places {
        let here: Vec<&(&Released<'_>, Vec<String>)> = missing
            .iter()
            .filter(|(version, _)| version.push.publication.at == place)
            .collect();
        let Some((first, first_wanted)) = here.first() else {
            continue;
        };
        let list = |mut names: Vec<&str>| {
            names.dedup();
            let names = names.iter().map(|name| format!("`{name}`"));
            names.collect::<Vec<String>>().join(", ")
        };
        let versions = here.iter();
        let versions = versions.map(|(version, _)| version.push.publication.tag.as_str());
        let versions = list(versions.collect());
        let wanted = here.iter().flat_map(|(_, tags)| tags);
        let wanted = list(wanted.map(String::as_str).collect());
        let message = format!(
            "`{}` is released as {versions} without {wanted}",
            image.name
        );
        let mut finding = report
            .finding(place, message)
            .label("gives the version, and nothing gives it a `latest`")
            .image(first.push.publication.shown())
            .help(help(first, first_wanted, &wanted));
        if let Some(matrix) = first.push.build.matrix_at {
            let names: Vec<String> = here
                .iter()
                .filter_map(|(version, _)| version.push.build.instance_name())
                .map(|name| format!("`{name}`"))
                .collect();
            finding = finding.related(matrix, format!("builds {}", names.join(", ")));
        }
        let uncertain = here
            .iter()
            .any(|(version, _)| !version.push.publication.certain);
        if uncertain {
            finding = finding.uncertain("whether the build runs depends on something not known");
        }
        // An image of one variant that nobody ever called `latest` makes no promise to break.
        let alone = released.iter().all(|other| other.affix == first.affix);
        let promised = image.scheme.declared.is_some();
        if alone && !promised && !image.ever_publishes("latest") {
            finding.level = finding.level.min(Level::Info);
        }
        if let Some((applicability, edits)) = fix(image, &here, report) {
            finding = finding.fix(applicability, edits);
        }
        report.push(chain(finding, &first.push));
    }
}

/// The edits that give variants their `latest`: the affix made to reach it, where several builds
/// push one `latest`; or a further tag beside the version of the one that lacks it.
fn fix(
    image: &ResolvedImage<'_>,
    here: &[&(&Released<'_>, Vec<String>)],
    report: &Reporter,
) -> Option<(Applicability, Vec<Edit>)> {
    let project = report.project();
    let (first, wanted) = here.first()?;
    let plans = image.plans_of(Scenario::Release);
    let mut plans = plans.filter(|plan| plan.file == first.push.plan.file);
    let reaching = plans.find_map(|plan| {
        let mut pushes = plan.pushes.iter();
        pushes.find(|push| {
            push.build.same_run(first.push.build)
                && matches!(
                    push.publication.declaration,
                    Declaration::MetadataLatest { .. }
                )
        })?;
        edits::onlatest(project, plan, &writers(plan, "latest"))
    });
    if let Some(edits) = reaching {
        return Some((Applicability::Safe, edits));
    }
    match (here, wanted.as_slice()) {
        ([_], [tag]) => {
            let edit = edits::another_tag(project, &first.push, tag)?;
            Some((Applicability::Unsafe, vec![edit]))
        }
        _ => None,
    }
}

fn help(version: &Released<'_>, tags: &[String], wanted: &str) -> String {
    let usual = version.affix.around("latest");
    let unusual = tags.iter().any(|tag| *tag != usual);
    let suffix = &version.affix.suffix;
    let affix = if version.affix.prefix.is_empty() {
        format!("suffix={suffix}")
    } else {
        format!("prefix={}", version.affix.prefix)
    };
    match &version.push.publication.declaration {
        Declaration::Literal => format!("also tag and push {wanted} in the same build"),
        // What docker/metadata-action adds by itself is called otherwise.
        _ if unusual => {
            let first = tags.iter().find(|tag| **tag != usual);
            let first = first.map_or("", String::as_str);
            format!(
                "add `type=raw,value={first},suffix=,enable=${{{{ … }}}}` to `tags`, on releases, \
                 to publish {wanted}"
            )
        }
        _ if version.affix.is_base() => "write `latest=auto` in `flavor`".to_owned(),
        _ => format!(
            "write `{affix},onlatest=true` in `flavor`, or the matrix value in place of \
             `{suffix}`, to publish {wanted}"
        ),
    }
}
