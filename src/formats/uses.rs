//! What the readers of manifests share: an image scalar that was found, and what it comes to.

use crate::facts::{ImageUse, Resolved, UseKind};
use crate::image::ImageRef;
use crate::policy::Environment;
use crate::source::{FileId, Place};
use crate::yaml::Scalar;

/// An image scalar with what stands around it.
pub(super) struct Found<'d> {
    pub(super) file: FileId,
    pub(super) scalar: Scalar<'d>,
    pub(super) kind: UseKind,
    pub(super) holder: String,
    pub(super) environment: Environment,
    pub(super) reason: String,
    pub(super) pull_policy: Option<String>,
    pub(super) memory_limit: Option<u64>,
    pub(super) built_here: bool,
}

impl Found<'_> {
    /// The fact, once it is known what the text comes to.
    pub(super) fn with(self, resolved: Resolved) -> ImageUse {
        ImageUse {
            written: self.scalar.text.to_owned(),
            resolved,
            at: Place {
                file: self.file,
                span: self.scalar.span,
            },
            kind: self.kind,
            holder: self.holder,
            environment: self.environment,
            environment_reason: self.reason,
            pull_policy: self.pull_policy,
            memory_limit: self.memory_limit,
            built_here: self.built_here,
        }
    }
}

/// What a text without variables of its format comes to.
pub(super) fn resolve(text: &str) -> Resolved {
    // Placeholders of every kind that is filled in before a cluster sees the file.
    for mark in ["{{", "$(", "${", "<", "%(", "$"] {
        if text.contains(mark) {
            return Resolved::Unresolved(text.to_owned());
        }
    }
    match ImageRef::parse_normalized(text) {
        Ok(_) => match ImageRef::parse(text) {
            Ok(image) => Resolved::Reference(image),
            Err(error) => Resolved::Invalid(error.to_string()),
        },
        Err(error) => Resolved::Invalid(error.to_string()),
    }
}
