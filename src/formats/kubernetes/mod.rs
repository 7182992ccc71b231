//! Kubernetes manifests: every image that an object runs.
//!
//! Workloads have their containers at known places, and custom resources wherever their authors
//! put them. Both are found by one walk: a list called `containers` and the like holds images, and
//! so does a field `image` that reads as a reference.

use super::gitops;
use super::uses::{Holder, cluster_evidence};
use crate::facts::{ImageUse, UseKind};
use crate::memory;
use crate::source::FileId;
use crate::yaml::{Kind, NodeRef};

/// Lists whose items run an image.
const CONTAINERS: &[&str] = &[
    "containers",
    "initContainers",
    "ephemeralContainers",
    "steps",
    "sidecars",
];

/// Fields of operators that name one image.
const IMAGE_FIELDS: &[&str] = &["image", "imageName", "dockerImage"];

/// Kinds whose `image` fields run nothing: data, definitions, and names of repositories.
const NOT_RUN: &[&str] = &[
    "ConfigMap",
    "Secret",
    "CustomResourceDefinition",
    "ImageRepository",
    "ImagePolicy",
    "ImageUpdateAutomation",
    "Event",
];

/// Objects nested deeper than this are not walked.
const MAX_DEPTH: usize = 64;

/// Whether a document has the shape of a Kubernetes object.
#[must_use]
pub fn is_object(root: NodeRef<'_, '_>) -> bool {
    root.get("apiVersion").and_then(NodeRef::text).is_some()
        && root.get("kind").and_then(NodeRef::text).is_some()
}

/// Reads one object, or each object of a list.
#[must_use]
pub fn read(file: FileId, path: &str, root: NodeRef<'_, '_>) -> Vec<ImageUse> {
    let mut uses = Vec::new();
    read_object(file, path, root, &mut uses, 0);
    uses
}

fn read_object(
    file: FileId,
    path: &str,
    root: NodeRef<'_, '_>,
    uses: &mut Vec<ImageUse>,
    depth: usize,
) {
    let kind = root.get("kind").and_then(NodeRef::text).unwrap_or_default();
    if let Some(items) = root.get("items").filter(|_| kind.ends_with("List")) {
        if depth < MAX_DEPTH {
            for item in items.items() {
                read_object(file, path, item, uses, depth + 1);
            }
        }
        return;
    }
    let metadata = root.get("metadata");
    let of = |key: &str| metadata.and_then(|metadata| metadata.get(key));
    let name = of("name").and_then(NodeRef::text).unwrap_or_default();
    let namespace = of("namespace").and_then(NodeRef::text);
    let evidence = cluster_evidence(namespace, of("labels"));
    let (environment, reason) = evidence.judge(path);
    let holder = Holder {
        file,
        kind: UseKind::Kubernetes,
        name: format!("{kind} {name}").trim_end().to_owned(),
        environment,
        reason,
        evidence,
    };
    if gitops::is_wrapper(kind) {
        gitops::read(&holder, root, uses);
    } else if !NOT_RUN.contains(&kind) {
        walk(&holder, root, uses, 0);
    }
}

/// Finds every image below a node.
pub(super) fn walk(holder: &Holder, node: NodeRef<'_, '_>, uses: &mut Vec<ImageUse>, depth: usize) {
    if depth > MAX_DEPTH || node.is_alias() {
        // What an alias stands for was found where its anchor is.
        return;
    }
    for (key, value) in node.pairs() {
        let key = key.text().unwrap_or_default();
        match value.kind() {
            Kind::Sequence if CONTAINERS.contains(&key) => {
                for item in value.items() {
                    container(holder, item, uses, depth);
                }
            }
            Kind::Sequence => {
                for item in value.items() {
                    walk(holder, item, uses, depth + 1);
                }
            }
            Kind::Mapping if key == "container" || key == "script" => {
                container(holder, value, uses, depth);
            }
            // An image volume names its image by `reference`.
            Kind::Mapping if key == "image" => match value.get("reference") {
                Some(reference) => uses.extend(holder.scalar(reference)),
                None => walk(holder, value, uses, depth + 1),
            },
            Kind::Mapping => walk(holder, value, uses, depth + 1),
            // Outside of containers a bare word may be anything.
            Kind::Scalar
                if IMAGE_FIELDS.contains(&key)
                    && value.text().is_some_and(|text| text.contains(['/', ':'])) =>
            {
                uses.extend(holder.scalar(value));
            }
            _ => {}
        }
    }
}

/// Finds every image in what a JSON patch writes under a pointer.
pub(super) fn walk_value(
    holder: &Holder,
    pointer: &[String],
    node: NodeRef<'_, '_>,
    uses: &mut Vec<ImageUse>,
) {
    let lists = |key: &String| CONTAINERS.contains(&key.as_str());
    match pointer {
        [.., list] if lists(list) => {
            for item in node.items() {
                container(holder, item, uses, 0);
            }
        }
        [.., list, _] if lists(list) => container(holder, node, uses, 0),
        _ => walk(holder, node, uses, 0),
    }
}

/// A container: its own image, and whatever lies inside it.
fn container(holder: &Holder, node: NodeRef<'_, '_>, uses: &mut Vec<ImageUse>, depth: usize) {
    let name = node.get("name").and_then(NodeRef::text);
    let limit = node.path(&["resources", "limits", "memory"]);
    let policy = node.get("imagePullPolicy").and_then(NodeRef::text);
    if let Some(found) = node.get("image").and_then(|image| holder.scalar(image)) {
        uses.push(ImageUse {
            holder: match name {
                Some(name) => format!("{}, container {name}", found.holder),
                None => found.holder,
            },
            memory_limit: limit.and_then(NodeRef::text).and_then(memory::kubernetes),
            pull_policy: policy.map(str::to_owned),
            ..found
        });
    }
    for (key, value) in node.pairs() {
        if key.text() != Some("image") && value.kind() == Kind::Mapping {
            walk(holder, value, uses, depth + 1);
        }
    }
}

#[cfg(test)]
mod tests;
