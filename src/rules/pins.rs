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

/// Takes a finding about an image use: development, staging and CI may float, and an unknown
/// environment lowers it to info.
pub(super) fn push(
    found: &ImageUse,
    report: &mut Reporter,
    message: String,
    label: String,
    help: String,
) {
    let level = match found.environment {
        Environment::Production => None,
        Environment::Unknown => Some(Level::Info),
        Environment::Development | Environment::Staging | Environment::Ci => return,
    };
    let mut finding = report
        .finding(found.at, message)
        .label(label)
        .help(help)
        .image(found.written.clone())
        .environment(found.environment)
        .note(match (found.environment, &found.deployment) {
            (Environment::Production, Some(deployment)) => format!(
                "production, {}; `{}` deploys it",
                found.environment_reason, deployment.root
            ),
            (Environment::Production, None) => format!("production, {}", found.environment_reason),
            _ => format!("{}: {}", found.holder, found.environment_reason),
        });
    let related = found.deployment.iter().flat_map(|by| &by.related);
    for (at, label) in related {
        finding = finding.related(*at, label.clone());
    }
    if let Some(level) = level {
        finding.level = finding.level.min(level);
    }
    report.push(finding);
}
