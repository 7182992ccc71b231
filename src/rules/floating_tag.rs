//! Production runs an image by a name that moves.

use super::{Check, Family, Reporter, Rule, pins, rule};
use crate::facts::{ImageUse, Resolved};
use crate::finding::Level;
use crate::image::{Pin, Tag};

rule! {
    /// Reports production that runs on a floating tag: `latest`, `stable`, `slim`, `latest-slim`.
    ///
    /// ## What it does
    /// Reads each image reference that compose files and Kubernetes manifests run, and reports
    /// those whose tag is a channel, with or without a variant. A digest is never reported,
    /// whatever tag stands before it. Where nothing says that a file deploys to production, the
    /// finding is of level info; in development and staging there is none.
    ///
    /// ## Why it matters
    /// A restart brings another version than the one that was tested, and two replicas of one
    /// service may differ. A roll-back to the manifest of last week does not roll back the image.
    ///
    /// ## Example
    /// ```yaml
    /// image: emqx/nanomq:latest-slim
    /// ```
    ///
    /// ## Use instead
    /// ```yaml
    /// image: emqx/nanomq:0.22.8-slim
    /// ```
    pub const FLOATING_TAG: Rule = Rule {
        name: "floating-tag",
        family: Family::Pin,
        level: Level::Warning,
        check: Check::Use(check),
    };
}

fn check(found: &ImageUse, report: &mut Reporter) {
    let Resolved::Reference(image) = &found.resolved else {
        return;
    };
    if found.pin() != Pin::Channel {
        return;
    }
    let Some(Tag::Channel { name, variant }) = image.tag().map(Tag::parse) else {
        return;
    };
    let message = format!(
        "{} runs `{}`, which moves with every {}",
        pins::subject(found),
        image,
        if name == "latest" || name == "stable" || name == "lts" {
            "release"
        } else {
            "build"
        },
    );
    let label = match (variant.as_str(), image.tag()) {
        ("", _) => format!("channel `{name}`"),
        (variant, Some(tag)) if tag == variant => {
            format!("the bare variant `{variant}` names its newest version")
        }
        (variant, _) => format!("channel `{name}`, variant `{variant}`"),
    };
    let help = if variant.is_empty() {
        format!("pin a version, such as `{}:1.2.3`", image.name())
    } else {
        format!(
            "pin a version of the same variant, such as `{}:1.2.3-{variant}`",
            image.name()
        )
    };
    pins::push(found, report, message, label, help);
}
