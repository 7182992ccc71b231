//! What the rules about image uses share: whom a finding speaks of, and how the environment
//! weighs on it.

use super::Reporter;
use crate::facts::{Gives, ImageUse, Resolved, UseKind};
use crate::finding::{Finding, Level};
use crate::image::{ImageRef, Pin};
use crate::policy::{Environment, Requirement};

/// The reference of an image use, where its pin is this one and a rule may speak of it: an image
/// that the same entry builds is a result, one that another file replaces runs nowhere, and
/// `scratch` is no image. A pin that is firm enough for where the image runs is nothing to speak of.
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
        Resolved::Reference(image) if found.pin() == pin && runs(found) && loose => {
            (image.name() != "scratch").then_some(image)
        }
        _ => None,
    }
}

/// Whether anything is pulled because of an image use.
pub(super) fn runs(found: &ImageUse) -> bool {
    !found.built_here && !found.replaced
}

/// Whether the tag, or that there is none, rests on a variable that has no value: `unset-variable`
/// speaks of it, and no other rule.
pub(super) fn is_unset(found: &ImageUse) -> bool {
    let variable = found.tag_variable();
    variable.is_some_and(|variable| variable.gives != Gives::Value)
}

/// What to do about a tag that moves: where a file sets the variable that it rests on, that is where
/// to mend it.
pub(super) fn mend(found: &ImageUse, of: &str, example: &str, version: &str) -> String {
    match found.tag_variable() {
        Some(variable) if variable.at.is_some() => {
            format!(
                "set `{}` to a version{of}, such as `{version}`",
                variable.name
            )
        }
        _ => format!("pin a version{of}, such as `{example}`"),
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

/// Takes a finding about an image use. Where nothing is asked, as in development and staging unless
/// a policy says otherwise, there is none; a job of CI that floats, or an unknown environment, is
/// worth an info.
pub(super) fn push(
    found: &ImageUse,
    report: &mut Reporter,
    message: String,
    label: String,
    help: String,
) {
    push_with(found, report, message, (label, help), |finding, _| finding);
}

/// The same, with a last word on the finding, such as its fix.
pub(super) fn push_with(
    found: &ImageUse,
    report: &mut Reporter,
    message: String,
    (label, help): (String, String),
    complete: impl FnOnce(Finding, &Reporter) -> Finding,
) {
    if found.asked() == Requirement::Any {
        return;
    }
    let unsure = matches!(found.environment, Environment::Unknown | Environment::Ci);
    let level = (unsure && found.requirement.is_none()).then_some(Level::Info);
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
            (Environment::Development | Environment::Staging, _) => {
                format!("{}, {}", found.environment.name(), found.environment_reason)
            }
            _ => format!("{}: {}", found.holder, found.environment_reason),
        });
    if let Some(loader) = &found.loaded_by {
        finding = finding.note(format!("the file is loaded by `{loader}`"));
    }
    for variable in &found.variables {
        if let Some(at) = variable.at {
            finding = finding.related(at, format!("`{}` is set here", variable.name));
        }
    }
    let related = found.deployment.iter().flat_map(|by| &by.related);
    for (at, label) in related {
        finding = finding.related(*at, label.clone());
    }
    if let Some(level) = level {
        finding.level = finding.level.min(level);
    }
    let finding = complete(finding, report);
    report.push(finding);
}
