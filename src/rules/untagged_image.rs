//! Production runs an image without tag or digest.

use super::{Check, Family, Reporter, Rule, edits, pins, rule};
use crate::facts::ImageUse;
use crate::finding::Level;
use crate::image::Pin;

rule! {
    /// Reports production that names an image without tag or digest, which means `latest`.
    ///
    /// ## What it does
    /// Reports each image reference with neither tag nor digest; a port is no tag. Where nothing
    /// says that a file deploys to production, the finding is of level info; in development and
    /// staging there is none. Where the tag is missing because a variable has no value,
    /// `unset-variable` reports it, and not this rule.
    ///
    /// ## Why it matters
    /// The missing tag is `latest`: it moves with every release, and nothing in the file shows it.
    ///
    /// ## Example
    /// ```yaml
    /// image: registry.example:5000/team/app
    /// ```
    ///
    /// ## Use instead
    /// ```yaml
    /// image: registry.example:5000/team/app:1.4.2
    /// ```
    pub const UNTAGGED_IMAGE: Rule = Rule {
        name: "untagged-image",
        family: Family::Pin,
        level: Level::Warning,
        check: Check::Use(check),
    };
}

fn check(found: &ImageUse, report: &mut Reporter) {
    let Some(image) = pins::reference(found, Pin::Untagged) else {
        return;
    };
    if pins::is_unset(found) {
        return;
    }
    let message = format!(
        "{} runs `{image}` without a tag, which means `latest`",
        pins::subject(found)
    );
    let label = if image.domain().contains(':') {
        "no tag and no digest: the colon is that of a port"
    } else {
        "no tag and no digest"
    };
    let help = pins::mend(
        found,
        "",
        &format!("{image}:1.2.3"),
        &format!("{image}:1.2.3"),
    );
    let words = (label.to_owned(), help);
    pins::push_with(found, report, message, words, |finding, report| {
        edits::pinned(finding, found, report)
    });
}
