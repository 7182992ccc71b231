//! A release of one variant moves no `latest` of its own.

use super::published::chain;
use super::{Check, Family, Reporter, Rule, rule};
use crate::facts::{Declaration, Scenario};
use crate::finding::Level;
use crate::policy::{Affix, Form, version_tag};
use crate::project::{ImagePlan, Push, ResolvedImage};

rule! {
    /// Reports a variant that a release publishes under a version but under no `latest`.
    ///
    /// ## What it does
    /// For each variant that a release publishes as `X.Y.Z-variant`, looks for a `latest` of that
    /// variant (`latest-variant`, `variant-latest` or the bare `variant`) on any event. A variant
    /// that follows a branch or a schedule has one and is not reported, and nothing is reported
    /// where something that may publish it could not be evaluated.
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
        let missing: Vec<&Released<'_>> = released
            .iter()
            .filter(|version| {
                !told.contains(&version.affix) && !followed(image, version, &released)
            })
            .collect();
        told.extend(missing.iter().map(|version| version.affix.clone()));
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

/// Whether some event moves a channel of the variant, or may do so.
fn followed(image: &ResolvedImage<'_>, version: &Released<'_>, released: &[Released<'_>]) -> bool {
    // One build may carry several names for one variant: `-alpine` and `-alpine3.20`.
    let same_build = released
        .iter()
        .filter(|other| other.push.build.same_run(version.push.build));
    let names: Vec<String> = same_build
        .flat_map(|other| other.affix.channel_names("latest"))
        .collect();
    let pushes = image.releases.iter().flat_map(|plan| &plan.pushes);
    let named = pushes
        .map(|push| &push.publication.tag)
        .any(|tag| names.iter().any(|name| name == tag || could_be(tag, name)));
    // Where no variant is unadorned, plain `latest` is whichever is the default.
    let mut all = image.releases.iter().flat_map(|plan| &plan.pushes);
    let default = !image.scheme.has_base()
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
    missing: &[&Released<'_>],
    released: &[Released<'_>],
    report: &mut Reporter,
) {
    // Variants that one entry declares are one finding.
    let mut places: Vec<_> = missing
        .iter()
        .map(|version| version.push.publication.at)
        .collect();
    places.sort();
    places.dedup();
    for place in places {
        let here: Vec<&&Released<'_>> = missing
            .iter()
            .filter(|version| version.push.publication.at == place)
            .collect();
        let Some(first) = here.first() else { continue };
        let list = |text: fn(&Released<'_>) -> String| {
            let mut names: Vec<String> = here.iter().map(|version| text(version)).collect();
            names.dedup();
            names.join(", ")
        };
        let versions = list(|version| format!("`{}`", version.push.publication.tag));
        let wanted = list(|version| format!("`{}`", version.affix.around("latest")));
        let message = format!(
            "`{}` is released as {versions} without {wanted}",
            image.name
        );
        let mut finding = report
            .finding(place, message)
            .label("gives the version, and nothing gives it a `latest`")
            .image(first.push.publication.shown())
            .help(help(first, &wanted));
        if let Some(matrix) = first.push.build.matrix_at {
            let names: Vec<String> = here
                .iter()
                .filter_map(|version| version.push.build.instance_name())
                .map(|name| format!("`{name}`"))
                .collect();
            finding = finding.related(matrix, format!("builds {}", names.join(", ")));
        }
        let uncertain = here.iter().any(|version| !version.push.publication.certain);
        if uncertain {
            finding = finding.uncertain("whether the build runs depends on something not known");
        }
        // An image of one variant that nobody ever called `latest` makes no promise to break.
        let alone = released.iter().all(|other| other.affix == first.affix);
        if alone && !image.ever_publishes("latest") {
            finding.level = finding.level.min(Level::Info);
        }
        report.push(chain(finding, &first.push));
    }
}

fn help(version: &Released<'_>, wanted: &str) -> String {
    let suffix = &version.affix.suffix;
    let affix = if version.affix.prefix.is_empty() {
        format!("suffix={suffix}")
    } else {
        format!("prefix={}", version.affix.prefix)
    };
    match &version.push.publication.declaration {
        Declaration::Literal if version.affix.is_base() => {
            format!("also tag and push {wanted} in the same build")
        }
        Declaration::Literal => format!("also tag and push {wanted} in the same build"),
        _ if version.affix.is_base() => "write `latest=auto` in `flavor`".to_owned(),
        _ => format!(
            "write `{affix},onlatest=true` in `flavor`, or the matrix value in place of \
             `{suffix}`, to publish {wanted}"
        ),
    }
}
