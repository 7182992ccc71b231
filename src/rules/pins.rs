//! What the rules about image uses share: whom a finding speaks of, and how the environment
//! weighs on it.

use super::Reporter;
use crate::facts::{ImageUse, Resolved, UseKind};
use crate::finding::Level;
use crate::image::{ImageRef, Pin};
use crate::policy::{Environment, Requirement};

/// The reference of an image use, where its pin is this one and a rule may speak of it: an image
/// that the same entry builds is a result, and `scratch` is no image. A pin that is firm enough for
/// where the image runs is nothing to speak of.
pub(super) fn reference(found: &ImageUse, pin: Pin) -> Option<&ImageRef> {
    let enough = match pin {
        Pin::Untagged => Requirement::Any,
        Pin::Channel => Requirement::Channel,
        Pin::Partial => Requirement::Partial,
        _ => Requirement::Version,
    };
    // Where a digest is required, everything else is less; that a digest is missing is said by one
    // rule only, which asks for itself.
    let loose = found.asked() > enough || enough == Requirement::Version;
    match &found.resolved {
        Resolved::Reference(image) if found.pin() == pin && !found.built_here && loose => {
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
        Environment::Unknown => format!("`{}`", found.holder),
        other => other.name().to_owned(),
    }
}

/// Takes a finding about an image use. Where nothing is asked, as in development, staging and CI
/// unless a policy says otherwise, there is none; an unknown environment lowers it to info.
pub(super) fn push(
    found: &ImageUse,
    report: &mut Reporter,
    message: String,
    label: String,
    help: String,
) {
    if found.asked() == Requirement::Any {
        return;
    }
    let unknown = found.environment == Environment::Unknown;
    let level = unknown.then_some(Level::Info);
    let mut finding = report
        .finding(found.at, message)
        .label(label)
        .help(help)
        .image(found.written.clone())
        .environment(found.environment)
        .note(match found.environment {
            Environment::Unknown => format!("{}: {}", found.holder, found.environment_reason),
            other => format!("{}, {}", other.name(), found.environment_reason),
        });
    if let Some(level) = level {
        finding.level = finding.level.min(level);
    }
    report.push(finding);
}
