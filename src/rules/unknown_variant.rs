//! Something runs a variant of an image that there is not.

use super::{Check, Family, Reporter, Rule, edits, pins, rule};
use crate::facts::{ImageUse, Resolved};
use crate::finding::{Applicability, Level};
use crate::image::Pin;
use crate::policy::{Named, Scheme};
use crate::project::{Project, ResolvedImage};

rule! {
    /// Reports a tag that names no variant of its image, with the nearest one that there is.
    ///
    /// ## What it does
    /// Where the scheme of an image is known, because `taglint.yaml` declares it or because CI in the
    /// same run publishes the image, reads the tags of image references against it: `latest-slmi`
    /// and `1.2.3-slmi` name no variant, `lastest` is no channel. A tag that CI publishes is right,
    /// whatever it is.
    ///
    /// ## Why it matters
    /// Such a tag does not exist, and the roll-out stops at the pull. Or it does, left over from a
    /// variant that is published no more.
    ///
    /// ## Example
    /// ```yaml
    /// image: emqx/nanomq:0.22.8-slmi
    /// ```
    ///
    /// ## Use instead
    /// ```yaml
    /// image: emqx/nanomq:0.22.8-slim
    /// ```
    pub const UNKNOWN_VARIANT: Rule = Rule {
        name: "unknown-variant",
        family: Family::Pin,
        level: Level::Warning,
        check: Check::Project(check),
    };
}

fn check(project: &Project, report: &mut Reporter) {
    let images = project.images();
    let published = project.published(&images);
    for found in project.judged() {
        let Resolved::Reference(reference) = &found.resolved else {
            continue;
        };
        let Some(tag) = reference.tag() else { continue };
        if found.pin() == Pin::Digest || found.built_here {
            continue;
        }
        let same = published.get(reference.normalized_repository().name());
        let published_at_all = |image: &&ResolvedImage<'_>| image.ever_publishes(tag);
        if same.copied().is_some_and(|image| published_at_all(&image)) {
            continue;
        }
        let Some(scheme) = project.scheme_of(found, &published) else {
            continue;
        };
        if let Named::Unknown { word, nearest } = scheme.variant_of_tag(tag) {
            // Of an inferred scheme with a single variant nobody said that it is the only one.
            let declared = !scheme.declared_variants().is_empty();
            if nearest.is_some() || declared || scheme.variants.len() > 1 {
                tell(found, &scheme, (tag, &word, nearest), report);
            }
        }
    }
}

fn tell(
    found: &ImageUse,
    scheme: &Scheme,
    (tag, word, nearest): (&str, &str, Option<String>),
    report: &mut Reporter,
) {
    let Resolved::Reference(image) = &found.resolved else {
        return;
    };
    let hint = nearest.as_ref();
    let hint = hint.map(|near| format!("; did you mean `{near}`?"));
    let message = format!(
        "`{image}` names no variant of `{}`{}",
        image.familiar_name(),
        hint.unwrap_or_default()
    );
    let label = match word == tag {
        true => "is neither a version nor a channel of it".to_owned(),
        false => format!("there is no variant `{word}`"),
    };
    let near = nearest;
    let help = match &near {
        Some(near) => format!("write `{}`", pins::with_tag(found, image, near)),
        None => {
            let names = scheme.variants.iter();
            let names: Vec<String> = names
                .map(|affix| format!("`{}`", scheme.variant_name(affix)))
                .collect();
            format!("its variants are {}", names.join(", "))
        }
    };
    // What a policy declares is all that there is; an inferred scheme may lack something.
    let applicability = match scheme.declared_variants().is_empty() {
        true => Applicability::Unsafe,
        false => Applicability::Safe,
    };
    pins::push_with(found, report, message, (label, help), |finding, report| {
        let edit = near.and_then(|near| edits::retag(report.project(), found, image, &near));
        match edit {
            Some(edit) => finding.fix(applicability, vec![edit]),
            None => finding,
        }
    });
}
