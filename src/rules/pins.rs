//! What the rules about image uses share: whom a finding speaks of, and how the environment
//! weighs on it.

use super::Reporter;
use crate::facts::{ImageUse, Resolved, UseKind};
use crate::finding::Level;
use crate::image::{ImageRef, Pin};
use crate::policy::Environment;

/// The reference of an image use, where its pin is this one and a rule may speak of it: an image
/// that the same entry builds is a result, and `scratch` is no image.
pub(super) fn reference(found: &ImageUse, pin: Pin) -> Option<&ImageRef> {
    match &found.resolved {
        Resolved::Reference(image) if found.pin() == pin && !found.built_here => {
            (image.name() != "scratch").then_some(image)
        }
        _ => None,
    }
}

/// Whether the reference rests on the defaults of variables: an environment may set others.
pub(super) fn by_default(found: &ImageUse) -> bool {
    found.written.contains('$')
}

/// The text to write for an image with another tag: the tag alone where it stands apart from its
/// repository, and with the variables where there are any, so that only their default changes.
pub(super) fn with_tag(found: &ImageUse, image: &ImageRef, tag: &str) -> String {
    let apart = matches!(found.kind, UseKind::Kustomize | UseKind::Helm);
    match image.tag() {
        // A tag apart may stand in quotes.
        Some(old) if apart && found.at.span.len() <= old.len() + 2 => tag.to_owned(),
        Some(old) if by_default(found) && found.written.matches(old).count() == 1 => {
            found.written.replacen(old, tag, 1)
        }
        _ => image.clone().with_tag(tag).to_string(),
    }
}

/// Who runs the image, for the start of a message.
pub(super) fn subject(found: &ImageUse) -> String {
    match found.environment {
        Environment::Production => "production".to_owned(),
        _ => format!("`{}`", found.holder),
    }
}

/// Takes a finding about an image use: development and staging may float; a job of CI that does so,
/// or an unknown environment, is worth an info.
pub(super) fn push(
    found: &ImageUse,
    report: &mut Reporter,
    message: String,
    label: String,
    help: String,
) {
    let level = match found.environment {
        Environment::Production => None,
        Environment::Unknown | Environment::Ci => Some(Level::Info),
        Environment::Development | Environment::Staging => return,
    };
    let mut finding = report
        .finding(found.at, message)
        .label(label)
        .help(help)
        .image(found.written.clone())
        .environment(found.environment)
        .note(match found.environment {
            Environment::Production => format!("production, {}", found.environment_reason),
            _ => format!("{}: {}", found.holder, found.environment_reason),
        });
    if let Some(level) = level {
        finding.level = finding.level.min(level);
    }
    report.push(finding);
}
