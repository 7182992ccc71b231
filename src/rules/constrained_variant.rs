//! Something with little memory runs a variant that is not meant for it.

use super::{Check, Family, Reporter, Rule, pins, rule};
use crate::facts::{ImageUse, Resolved};
use crate::finding::Level;
use crate::policy::{Named, Scheme, Variant};
use crate::project::Project;

rule! {
    /// Reports a container with little memory that does not run the variant meant for such places.
    ///
    /// ## What it does
    /// Off unless it is asked for. Where `taglint.yaml` declares a variant with `for: constrained`,
    /// looks at the memory limits of what runs the image: below the variant's `memory` bound (256Mi
    /// where none is given), it is to be that variant.
    ///
    /// ## Why it matters
    /// The larger variants need more than the limit grants: the container is killed under load, or
    /// never starts.
    ///
    /// ## Example
    /// ```yaml
    /// image: emqx/nanomq:0.22.8-full
    /// resources: { limits: { memory: 64Mi } }
    /// ```
    ///
    /// ## Use instead
    /// ```yaml
    /// image: emqx/nanomq:0.22.8-slim
    /// resources: { limits: { memory: 64Mi } }
    /// ```
    pub const CONSTRAINED_VARIANT: Rule = Rule {
        name: "constrained-variant",
        family: Family::Pin,
        level: Level::Off,
        check: Check::Project(check),
    };
}

fn check(project: &Project, report: &mut Reporter) {
    let images = project.images();
    let published = project.published(&images);
    for found in project.judged() {
        let Some(limit) = found.memory_limit.filter(|_| !found.built_here) else {
            continue;
        };
        let Some(scheme) = project.scheme_of(found, &published) else {
            continue;
        };
        let Some(meant) = meant_for(&scheme, limit) else {
            continue;
        };
        let Resolved::Reference(reference) = &found.resolved else {
            continue;
        };
        // A digest alone does not tell its variant.
        let tag = match (reference.tag(), reference.digest()) {
            (Some(tag), _) => tag,
            (None, None) => "latest",
            (None, Some(_)) => continue,
        };
        let Named::Variant(affix) = scheme.variant_of_tag(tag) else {
            continue;
        };
        let own = scheme.declared_variant(&affix);
        if own.is_none_or(|own| own.constrained.is_none()) {
            tell(found, tag, &affix.name(), meant, report);
        }
    }
}

/// The variant for places with this little memory: of several, the one with the lowest bound.
fn meant_for(scheme: &Scheme, limit: u64) -> Option<&Variant> {
    let variants = scheme.declared_variants().iter();
    let bounds = variants.filter_map(|variant| Some((variant.constrained?, variant)));
    let meant = bounds.filter(|(bound, _)| limit < *bound);
    meant
        .min_by_key(|(bound, _)| *bound)
        .map(|(_, variant)| variant)
}

fn tell(found: &ImageUse, tag: &str, own: &str, meant: &Variant, report: &mut Reporter) {
    let Resolved::Reference(image) = &found.resolved else {
        return;
    };
    let limit = found.memory_limit.unwrap_or_default();
    let bound = meant.constrained.unwrap_or_default();
    let message = format!(
        "`{}` has {} of memory and runs `{image}`, not the variant `{}`",
        found.holder,
        shown(limit),
        meant.name
    );
    let label = format!(
        "variant `{own}`; below {}, it is to be `{}`",
        shown(bound),
        meant.name
    );
    let wanted = match own {
        "base" => meant.affix.around(tag),
        own => {
            let plain = tag.replacen(&format!("-{own}"), "", 1);
            meant.affix.around(&plain)
        }
    };
    let help = format!(
        "write `{}`, or grant more memory",
        pins::with_tag(found, image, &wanted)
    );
    pins::push(found, report, message, label, help);
}

/// A number of bytes in the largest unit that it is a whole number of.
fn shown(bytes: u64) -> String {
    let units = [(1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")];
    let mut whole = units
        .iter()
        .filter(|(size, _)| bytes > 0 && bytes.is_multiple_of(*size));
    match whole.next() {
        Some((size, unit)) => format!("{} {unit}", bytes / size),
        None => format!("{bytes} bytes"),
    }
}
