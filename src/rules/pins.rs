//! What the rules about image uses share: whom a finding speaks of, and how the environment
//! weighs on it.

use super::Reporter;
use crate::facts::ImageUse;
use crate::finding::Level;
use crate::policy::Environment;

/// Who runs the image, for the start of a message.
pub(super) fn subject(found: &ImageUse) -> String {
    match found.environment {
        Environment::Production => "production".to_owned(),
        _ => format!("`{}`", found.holder),
    }
}

/// Takes a finding about an image use: development, staging and CI may float, an unknown
/// environment lowers it to info, and an image that the same entry builds is a result.
pub(super) fn push(
    found: &ImageUse,
    report: &mut Reporter,
    message: String,
    label: String,
    help: String,
) {
    if found.built_here {
        return;
    }
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
        .note(match found.environment {
            Environment::Production => format!("production, {}", found.environment_reason),
            _ => format!("{}: {}", found.holder, found.environment_reason),
        });
    if let Some(level) = level {
        finding.level = finding.level.min(level);
    }
    report.push(finding);
}
