//! Production runs a version that is not whole.

use super::{Check, Family, Reporter, Rule, pins, rule};
use crate::facts::{ImageUse, Resolved};
use crate::finding::Level;
use crate::image::{Pin, Precision, Tag};

rule! {
    /// Reports production that runs on a part of a version: `1` or `1.27`.
    ///
    /// ## What it does
    /// Reports each image reference whose tag names a major version or a major and minor version
    /// alone, with or without a variant. Development and staging are left alone.
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

fn check(found: &ImageUse, report: &mut Reporter) {
    let Resolved::Reference(image) = &found.resolved else {
        return;
    };
    if found.pin() != Pin::Partial {
        return;
    }
    let Some(Tag::Version { version, .. }) = image.tag().map(Tag::parse) else {
        return;
    };
    let (names, moves) = match version.precision() {
        Precision::Major => ("a major version", "minor release and patch"),
        _ => ("a major and minor version", "patch"),
    };
    let message = format!(
        "{} runs `{image}`, which moves with every {moves}",
        pins::subject(found)
    );
    pins::push(
        found,
        report,
        message,
        format!("names {names} alone"),
        "name the whole version where a restart must not change the image".to_owned(),
    );
}
