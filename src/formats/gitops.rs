//! Objects that wrap other formats: Helm releases and kustomizations of Flux, applications of Argo
//! CD. Their images stand as chart values or kustomize entries, not as containers.

use super::uses::Holder;
use super::{helm, kustomize};
use crate::facts::ImageUse;
use crate::yaml::NodeRef;

/// Whether objects of this kind are read here.
pub(super) fn is_wrapper(kind: &str) -> bool {
    matches!(
        kind,
        "HelmRelease" | "Kustomization" | "Application" | "ApplicationSet"
    )
}

/// Reads the images of such an object.
pub(super) fn read(holder: &Holder, root: NodeRef<'_, '_>, uses: &mut Vec<ImageUse>) {
    let Some(spec) = root.get("spec") else { return };
    let kind = root.get("kind").and_then(NodeRef::text).unwrap_or_default();
    match kind {
        "HelmRelease" => release(holder, spec, uses),
        "Kustomization" => {
            let entries = spec.get("images");
            uses.extend(
                entries
                    .iter()
                    .flat_map(|list| kustomize::read_entries(holder, *list)),
            );
        }
        "ApplicationSet" => {
            if let Some(spec) = spec.path(&["template", "spec"]) {
                application(holder, spec, uses);
            }
        }
        _ => application(holder, spec, uses),
    }
}

fn release(holder: &Holder, spec: NodeRef<'_, '_>, uses: &mut Vec<ImageUse>) {
    if let Some(values) = spec.get("values") {
        uses.extend(helm::read_values(holder, values));
    }
    let renderers = spec.get("postRenderers");
    for renderer in renderers.into_iter().flat_map(NodeRef::items) {
        if let Some(list) = renderer.path(&["kustomize", "images"]) {
            uses.extend(kustomize::read_entries(holder, list));
        }
    }
}

fn application(holder: &Holder, spec: NodeRef<'_, '_>, uses: &mut Vec<ImageUse>) {
    let several = spec.get("sources").into_iter().flat_map(NodeRef::items);
    for source in spec.get("source").into_iter().chain(several) {
        if let Some(values) = source.path(&["helm", "valuesObject"]) {
            uses.extend(helm::read_values(holder, values));
        }
        let images = source.path(&["kustomize", "images"]);
        for entry in images.into_iter().flat_map(NodeRef::items) {
            uses.extend(override_of(holder, entry));
        }
    }
}

/// An override as Argo CD writes it: `nginx=registry.example/nginx:1.27.4`, or the new reference
/// alone.
fn override_of(holder: &Holder, entry: NodeRef<'_, '_>) -> Option<ImageUse> {
    let scalar = entry.scalar()?;
    let new = scalar
        .text
        .split_once('=')
        .map_or(scalar.text, |(_, new)| new);
    let pinned = new.contains('@')
        || new
            .rsplit('/')
            .next()
            .is_some_and(|last| last.contains(':'));
    // Without tag or digest the resources keep theirs.
    pinned.then(|| holder.found(scalar, new.to_owned(), super::uses::resolve(new)))
}
