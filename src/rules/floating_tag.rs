//! Production runs an image by a name that moves.

use super::{Check, Family, Reporter, Rule, edits, pins, rule};
use crate::facts::ImageUse;
use crate::finding::Level;
use crate::image::{Pin, Tag};

rule! {
    /// Reports production that runs on a floating tag: `latest`, `stable`, `slim`, `latest-slim`.
    ///
    /// ## What it does
    /// Reads each image reference in compose files, Kubernetes objects, kustomizations, and chart
    /// values, and reports those whose tag is a channel, with or without a variant. A digest is
    /// never reported, whatever tag stands before it, and neither is a word of which nothing is
    /// known. Where nothing says that a file deploys to production, the finding is of level info;
    /// in development and staging there is none.
    ///
    /// In a compose file, variables count with the values that the project's `.env` gives them, and
    /// the finding names the line there. A tag that is a variable's default, as in
    /// `${TAG:-latest}`, is reported by `unset-variable`, and not here.
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
    let Some(image) = pins::reference(found, Pin::Channel) else {
        return;
    };
    let Some(Tag::Channel { name, variant }) = image.tag().map(Tag::parse) else {
        return;
    };
    if pins::is_unset(found) {
        return;
    }
    let message = format!(
        "{} runs `{image}`, which moves with every {}",
        pins::subject(found),
        match name.as_str() {
            "latest" | "stable" | "lts" | "release" | "current" | "mainline" => "release",
            _ => "build",
        },
    );
    let label = match variant.as_str() {
        "" => format!("channel `{name}`"),
        variant if image.tag() == Some(variant) => {
            format!("the bare variant `{variant}` names its newest version")
        }
        variant => format!("channel `{name}`, variant `{variant}`"),
    };
    let (of, tag) = match variant.as_str() {
        "" => ("", "1.2.3".to_owned()),
        variant => (" of the same variant", format!("1.2.3-{variant}")),
    };
    let example = pins::with_tag(found, image, &tag);
    let help = pins::mend(found, of, &example, &tag);
    let words = (label, help);
    pins::push_with(found, report, message, words, |finding, report| {
        edits::pinned(finding, found, report)
    });
}
