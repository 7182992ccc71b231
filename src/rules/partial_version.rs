//! Production runs a version that is not whole.

use super::{Check, Family, Reporter, Rule, pins, rule};
use crate::facts::ImageUse;
use crate::finding::Level;
use crate::image::{ImageRef, Pin, Precision, Tag, Version};
use crate::policy::Environment;

rule! {
    /// Reports production that runs on a part of a version: `1` or `1.27`.
    ///
    /// ## What it does
    /// Reports each image reference whose tag names a major version or a major and minor version
    /// alone, with or without a variant. PostgreSQL's versions have two numbers: `17.2` is whole
    /// there. Development, staging and CI are left alone, and so is `docker/dockerfile:1`, BuildKit's
    /// frontend, which is meant to be named by its major version.
    ///
    /// ## Why it matters
    /// Such a tag moves with each release below it. That may be what is wanted: the finding is of
    /// level info.
    ///
    /// ## Example
    /// ```yaml
    /// image: nginx:1.27-alpine
    /// ```
    ///
    /// ## Use instead
    /// ```yaml
    /// image: nginx:1.27.4-alpine
    /// ```
    pub const PARTIAL_VERSION: Rule = Rule {
        name: "partial-version",
        family: Family::Pin,
        level: Level::Info,
        check: Check::Use(check),
    };
}

/// Software whose versions have two numbers, by the last part of the repository, and the first major
/// version of which this is so.
const TWO_NUMBERS: &[(&str, u64)] = &[("postgres", 10), ("postgresql", 10)];

/// Whether two numbers are a whole version of this image.
fn is_whole(image: &ImageRef, version: &Version) -> bool {
    let last = image.path().rsplit('/').next().unwrap_or_default();
    let since = TWO_NUMBERS.iter().find(|(name, _)| *name == last);
    since.is_some_and(|(_, since)| matches!(version.numbers(), [major, _] if major >= since))
}

/// BuildKit's own frontend is meant to be named by its major version: `docker/dockerfile:1`.
fn is_frontend(image: &ImageRef) -> bool {
    image.familiar_name() == "docker/dockerfile"
}

fn check(found: &ImageUse, report: &mut Reporter) {
    let Some(image) = pins::reference(found, Pin::Partial) else {
        return;
    };
    if found.environment == Environment::Ci || is_frontend(image) {
        return;
    }
    let Some(Tag::Version { version, .. }) = image.tag().map(Tag::parse) else {
        return;
    };
    if is_whole(image, &version) {
        return;
    }
    let (label, moves) = match (version.precision(), version.prerelease()) {
        (_, Some(_)) => ("names a pre-release without its number", "pre-release"),
        (Precision::Major, None) => ("names a major version alone", "minor release and patch"),
        (_, None) => ("names a major and minor version alone", "patch"),
    };
    let message = format!(
        "{} runs `{image}`, which moves with every {moves}",
        pins::subject(found)
    );
    let help = "name the whole version where a restart must not change the image";
    pins::push(found, report, message, label.to_owned(), help.to_owned());
}
