//! What the readers of manifests share: an image that was found, where it stands, what it comes to,
//! and what the file deploys to.

use crate::facts::{ImageUse, Resolved, UseKind};
use crate::image::ImageRef;
use crate::policy::{Environment, Evidence, Reason};
use crate::source::{FileId, Place, Span};
use crate::yaml::{NodeRef, Scalar};

/// What all image uses of one object, service or file have in common.
#[derive(Debug, Clone)]
pub(super) struct Holder {
    pub(super) file: FileId,
    pub(super) kind: UseKind,
    /// Who runs the image: `service web`, `Deployment broker`.
    pub(super) name: String,
    pub(super) environment: Environment,
    pub(super) reason: Reason,
    /// What else may tell what it deploys to, where a policy asks.
    pub(super) evidence: Evidence,
}

impl Holder {
    /// An image use with nothing around it, at a scalar.
    pub(super) fn found(&self, at: Scalar<'_>, written: String, resolved: Resolved) -> ImageUse {
        self.at(at.span, written, resolved)
    }

    /// An image use with nothing around it, at some bytes.
    pub(super) fn at(&self, span: Span, written: String, resolved: Resolved) -> ImageUse {
        ImageUse {
            written,
            resolved,
            at: Place {
                file: self.file,
                span,
            },
            kind: self.kind,
            holder: self.name.clone(),
            evidence: self.evidence.clone(),
            environment: self.environment,
            environment_reason: self.reason.clone(),
            requirement: None,
            pull_policy: None,
            memory_limit: None,
            built_here: false,
            variables: Vec::new(),
            replaced: false,
            loaded_by: None,
            deployment: None,
        }
    }

    /// The use of an image whose whole reference is one scalar; `None` where that is blank.
    pub(super) fn scalar(&self, image: NodeRef<'_, '_>) -> Option<ImageUse> {
        let scalar = image.scalar()?;
        let text = scalar.text.trim();
        (!text.is_empty()).then(|| self.found(scalar, scalar.text.to_owned(), resolve(text)))
    }
}

/// What a reader notes of an object that is applied to a cluster.
pub(super) fn cluster_evidence(
    namespace: Option<&str>,
    labels: Option<NodeRef<'_, '_>>,
) -> Evidence {
    let labels = labels.map(NodeRef::entries).unwrap_or_default();
    let labels = labels.into_iter().filter_map(|(key, _, value)| {
        let value = value.text()?;
        Some((key.to_owned(), value.to_owned()))
    });
    Evidence {
        namespace: namespace.map(str::to_owned),
        labels: labels.collect(),
        cluster: true,
    }
}

/// What a file that may run anywhere deploys to: by its path, or nobody knows.
pub(super) fn path_environment(path: &str) -> (Environment, Reason) {
    Evidence::default().judge(path)
}

/// Marks of placeholders that are filled in before anything runs: those of Helm and Jinja, of Tekton
/// and Kubernetes, of shells and Flux, of Python, of documentation; and `ko`'s names of sources.
const PLACEHOLDERS: &[&str] = &["{", "$", "%(", "<", "ko://"];

/// What a text without variables of its format comes to.
pub(super) fn resolve(text: &str) -> Resolved {
    if PLACEHOLDERS.iter().any(|mark| text.contains(mark)) {
        return Resolved::Unresolved(text.to_owned());
    }
    resolve_filled(text)
}

/// What a text comes to in which nothing is left to fill in.
pub(super) fn resolve_filled(text: &str) -> Resolved {
    // `parse` alone would take `docker.io/App:1` for something else than a pull does.
    match ImageRef::parse_normalized(text).and_then(|_| ImageRef::parse(text)) {
        Ok(image) => Resolved::Reference(image),
        Err(error) => Resolved::Invalid(error.to_string()),
    }
}
