//! Production runs a version without its digest.

use super::{Check, Family, Reporter, Rule, pins, rule};
use crate::facts::ImageUse;
use crate::finding::Level;
use crate::image::Pin;
use crate::policy::Requirement;

rule! {
    /// Reports an image that is named by a version, a commit or a date alone, without a digest.
    ///
    /// ## What it does
    /// Off unless it is asked for: by name, by a level in `taglint.yaml`, or by `require: digest` of
    /// an environment there, and then in that environment. What floats is reported by other rules.
    ///
    /// ## Why it matters
    /// A tag can be pushed anew, by a mistake or by somebody who should not be able to. A digest
    /// names one image for ever.
    ///
    /// ## Example
    /// ```yaml
    /// image: nginx:1.27.4
    /// ```
    ///
    /// ## Use instead
    /// ```yaml
    /// image: nginx:1.27.4@sha256:09369da6b10306312cd908661320086bf87fbae1b6b0c49a1f50ba531fef2eab
    /// ```
    pub const UNPINNED_DIGEST: Rule = Rule {
        name: "unpinned-digest",
        family: Family::Pin,
        level: Level::Off,
        check: Check::Use(check),
    };
}

fn check(found: &ImageUse, report: &mut Reporter) {
    let tagged = [Pin::Version, Pin::Commit, Pin::Date, Pin::Other];
    let mut tagged = tagged.into_iter();
    let Some(image) = tagged.find_map(|pin| pins::reference(found, pin)) else {
        return;
    };
    let least = match report.is_implied(found.at.file) {
        true => Requirement::Digest,
        false => Requirement::Version,
    };
    if found.asked() < least {
        return;
    }
    let message = format!("{} runs `{image}` without its digest", pins::subject(found));
    let help = format!(
        "write `{image}@sha256:…`: `docker buildx imagetools inspect {image}` shows the digest"
    );
    let label = "the tag may be pushed anew".to_owned();
    pins::push(found, report, message, label, help);
}
