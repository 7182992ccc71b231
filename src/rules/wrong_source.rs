//! The part of `wrong-variant` that rests on a policy: a variant is built from another Dockerfile, or
//! to another target, than is declared for it.

use super::Reporter;
use super::published::chain;
use crate::facts::{Build, Scenario};
use crate::policy::{Variant, version_tag};
use crate::project::{ImagePlan, Push, ResolvedImage};
use crate::source::Place;

/// Reports such builds; the places that were told.
pub(super) fn check(image: &ResolvedImage<'_>, report: &mut Reporter) -> Vec<Place> {
    let mut told = Vec::new();
    for plan in image.plans_of(Scenario::Release) {
        let mut builds: Vec<&Build> = Vec::new();
        for push in &plan.pushes {
            let known = builds.iter().any(|build| build.same_run(push.build));
            // That two builds push one tag is what is wrong then, and is told as such.
            let contested = plan.pushes.iter().any(|other| {
                other.publication.tag == push.publication.tag && !other.build.same_run(push.build)
            });
            let variant = variant(image, plan, push);
            let Some(variant) = variant.filter(|_| !known && !contested) else {
                continue;
            };
            let Some((is, wanted)) = differs(variant, push.build) else {
                continue;
            };
            builds.push(push.build);
            if !told.contains(&push.publication.at) {
                tell(push, variant, (&is, &wanted), report);
                told.push(push.publication.at);
            }
        }
    }
    told
}

/// The declared variant that a tag of a release belongs to.
fn variant<'i>(
    image: &'i ResolvedImage<'_>,
    plan: &ImagePlan<'_>,
    push: &Push<'_>,
) -> Option<&'i Variant> {
    let tag = push.publication.tag.as_str();
    let version = plan.version.as_deref();
    let read = version.and_then(|version| version_tag(tag, version));
    match read {
        Some(read) => image.scheme.declared_variant(&read.affix),
        None => {
            let affix = image.scheme.variant_of_release_channel(tag)?;
            image.scheme.declared_variant(affix)
        }
    }
}

/// What a build is made from, and what is declared instead, where both are known and differ.
fn differs(variant: &Variant, build: &Build) -> Option<(String, String)> {
    if build.joins {
        return None;
    }
    let known = |text: &&str| !text.contains("{?}") && !text.contains("://");
    if let Some(wanted) = &variant.dockerfile {
        let context = build.context.as_deref().unwrap_or(".");
        let default = format!("{}/Dockerfile", context.trim_end_matches('/'));
        let is = build.dockerfile.as_deref().unwrap_or(&default);
        if known(&is) && known(&context) && normal(is) != normal(wanted) {
            return Some((format!("`{}`", normal(is)), format!("`{wanted}`")));
        }
    }
    // Without a target the last stage is built, whatever it is called.
    let is = build.target.as_deref().filter(known)?;
    let wanted = variant.target.as_deref()?;
    (is != wanted).then(|| (format!("target `{is}`"), format!("target `{wanted}`")))
}

/// A path without the parts that lead nowhere.
fn normal(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

fn tell(push: &Push<'_>, variant: &Variant, (is, wanted): (&str, &str), report: &mut Reporter) {
    let reference = push.publication.shown();
    let message = format!(
        "`{reference}` is built from {is}; the variant `{}` is declared as {wanted}",
        variant.name
    );
    let mut finding = report
        .finding(push.publication.at, message)
        .label(format!("pushed by {}", push.build.name()))
        .image(reference)
        .help(format!("build it from {wanted}, or correct the policy"))
        .related(variant.at, "declared here");
    if let Some(at) = push.build.dockerfile_at {
        finding = finding.related(at, "built from this");
    }
    if !push.publication.certain {
        finding = finding.uncertain("whether the build runs depends on something not known");
    }
    report.push(chain(finding, push));
}

#[cfg(test)]
mod tests {
    use super::normal;

    #[test]
    fn paths_are_compared_without_what_leads_nowhere() {
        assert_eq!(
            normal("./deploy/../docker//Dockerfile"),
            "docker/Dockerfile"
        );
        assert_eq!(normal("../Dockerfile"), "../Dockerfile");
    }
}
