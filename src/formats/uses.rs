//! What the readers of manifests share: an image that was found, where it stands, what it comes to,
//! and what may tell what the file
//! deploys to.

use crate::facts::{ImageUse, Resolved, UseKind};
use crate::image::ImageRef;
use crate::policy::{Environment, Evidence, Reason};
use crate::source::{FileId, Place};
use crate::yaml::{NodeRef, Scalar};

/// What all image uses of one object, service or file have in common.
#[derive(Debug, Clone)]
pub(super) struct Holder {
    pub(super) file: FileId,
    pub(super) kind: UseKind,
    /// Who runs the image: `service web`, `Deployment broker`.
    pub(super) name: String,
    /// What may tell what it deploys to.
    pub(super) evidence: Evidence,
}

impl Holder {
    /// An image use with nothing around it, at a scalar.
    pub(super) fn found(&self, at: Scalar<'_>, written: String, resolved: Resolved) -> ImageUse {
        ImageUse {
            written,
            resolved,
            at: Place {
                file: self.file,
                span: at.span,
            },
            kind: self.kind,
            holder: self.name.clone(),
            evidence: self.evidence.clone(),
            environment: Environment::Unknown,
            environment_reason: Reason::Nothing,
            requirement: None,
            pull_policy: None,
            memory_limit: None,
            built_here: false,
        }
    }

    /// The use of an image whose whole reference is one scalar; `None` where that is blank.
    pub(super) fn scalar(&self, image: NodeRef<'_, '_>) -> Option<ImageUse> {
        let scalar = image.scalar()?;
        let text = scalar.text.trim();
        (!text.is_empty()).then(|| self.found(scalar, scalar.text.to_owned(), resolve(text)))
    }
}

/// What may tell what an object deploys to that is applied to a cluster.
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

/// Marks of placeholders that are filled in before anything runs: those of Helm and Jinja, of Tekton
/// and Kubernetes, of shells and Flux, of Python, of documentation; and `ko`'s names of sources.
const PLACEHOLDERS: &[&str] = &["{", "$", "%(", "<", "ko://"];

/// What a text without variables of its format comes to.
pub(super) fn resolve(text: &str) -> Resolved {
    if PLACEHOLDERS.iter().any(|mark| text.contains(mark)) {
        return Resolved::Unresolved(text.to_owned());
    }
    // `parse` alone would take `docker.io/App:1` for something else than a pull does.
    match ImageRef::parse_normalized(text).and_then(|_| ImageRef::parse(text)) {
        Ok(image) => Resolved::Reference(image),
        Err(error) => Resolved::Invalid(error.to_string()),
    }
}
