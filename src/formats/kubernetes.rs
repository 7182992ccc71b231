//! Kubernetes manifests: every image that an object runs.
//!
//! Workloads have their containers at known places, and custom resources wherever their authors
//! put them. Both are found by one walk: a list called `containers` and the like holds images, and
//! so does a field `image` that reads as a reference.

use super::uses::{Found, resolve};
use crate::facts::{ImageUse, UseKind};
use crate::policy::Environment;
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

/// Kinds whose `image` fields run nothing: data, definitions, and names of repositories.
const NOT_RUN: &[&str] = &[
    "ConfigMap",
    "Secret",
    "CustomResourceDefinition",
    "ImageRepository",
    "ImagePolicy",
    "ImageUpdateAutomation",
    "Kustomization",
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

/// What is known of the object that is walked.
struct Object<'p> {
    file: FileId,
    path: &'p str,
    kind: String,
    name: String,
    environment: Environment,
    reason: String,
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
    if NOT_RUN.contains(&kind) {
        return;
    }
    let name = root.path(&["metadata", "name"]).and_then(NodeRef::text);
    let (environment, reason) = environment(path, root);
    let object = Object {
        file,
        path,
        kind: kind.to_owned(),
        name: name.unwrap_or_default().to_owned(),
        environment,
        reason,
    };
    object.walk(root, uses, 0);
}

fn environment(path: &str, root: NodeRef<'_, '_>) -> (Environment, String) {
    let metadata = root.get("metadata");
    let namespace = metadata.and_then(|metadata| metadata.get("namespace")?.text());
    let by_namespace = namespace.and_then(|name| {
        let environment = Environment::of_words(name)?;
        Some((environment, format!("because of the namespace `{name}`")))
    });
    let labels = metadata.and_then(|metadata| metadata.get("labels"));
    let by_label = ["env", "environment", "tier", "stage"]
        .iter()
        .find_map(|key| {
            let value = labels?.get(key)?.text()?;
            let environment = Environment::of_words(value)?;
            Some((
                environment,
                format!("because of the label `{key}: {value}`"),
            ))
        });
    Environment::of_path(path)
        .or(by_namespace)
        .or(by_label)
        .unwrap_or_else(|| {
            let reason = "presumed: what is applied to a cluster runs for somebody";
            (Environment::Production, reason.to_owned())
        })
}

impl Object<'_> {
    fn walk(&self, node: NodeRef<'_, '_>, uses: &mut Vec<ImageUse>, depth: usize) {
        if depth > MAX_DEPTH || node.is_alias() {
            // What an alias stands for was found where its anchor is.
            return;
        }
        for (key, value) in node.pairs() {
            let key = key.text().unwrap_or_default();
            match value.kind() {
                Kind::Sequence if CONTAINERS.contains(&key) => {
                    for item in value.items() {
                        self.container(item, uses);
                        self.below(item, uses, depth);
                    }
                }
                Kind::Sequence => {
                    for item in value.items() {
                        self.walk(item, uses, depth + 1);
                    }
                }
                Kind::Mapping if key == "container" || key == "script" => {
                    self.container(value, uses);
                    self.below(value, uses, depth);
                }
                // An image volume names its image by `reference`.
                Kind::Mapping if key == "image" => match value.get("reference") {
                    Some(reference) => self.field(reference, uses),
                    None => self.walk(value, uses, depth + 1),
                },
                Kind::Mapping => self.walk(value, uses, depth + 1),
                Kind::Scalar
                    if (key == "image" || key == "imageName")
                    // Outside of containers a bare word may be anything.
                    && value.text().is_some_and(|text| text.contains(['/', ':'])) =>
                {
                    self.field(value, uses);
                }
                _ => {}
            }
        }
    }

    /// What lies inside a container besides its own image.
    fn below(&self, container: NodeRef<'_, '_>, uses: &mut Vec<ImageUse>, depth: usize) {
        for (key, value) in container.pairs() {
            let own = key.text() == Some("image");
            if !own && matches!(value.kind(), Kind::Mapping) {
                self.walk(value, uses, depth + 1);
            }
        }
    }

    fn container(&self, container: NodeRef<'_, '_>, uses: &mut Vec<ImageUse>) {
        let Some(image) = container.get("image") else {
            return;
        };
        let name = container.get("name").and_then(NodeRef::text);
        let memory = container
            .path(&["resources", "limits", "memory"])
            .and_then(NodeRef::text);
        let policy = container.get("imagePullPolicy").and_then(NodeRef::text);
        if let Some(found) = self.found(image) {
            let found = Found {
                holder: match name {
                    Some(name) => format!("{}, container {name}", found.holder),
                    None => found.holder,
                },
                memory_limit: memory.and_then(quantity),
                pull_policy: policy.map(str::to_owned),
                ..found
            };
            let resolved = resolve(found.scalar.text.trim());
            uses.push(found.with(resolved));
        }
    }

    fn field(&self, image: NodeRef<'_, '_>, uses: &mut Vec<ImageUse>) {
        if let Some(found) = self.found(image) {
            let resolved = resolve(found.scalar.text.trim());
            uses.push(found.with(resolved));
        }
    }

    fn found<'d>(&self, image: NodeRef<'d, '_>) -> Option<Found<'d>> {
        let scalar = image.scalar()?;
        if scalar.text.trim().is_empty() {
            return None;
        }
        debug_assert!(!self.path.is_empty());
        Some(Found {
            file: self.file,
            scalar,
            kind: UseKind::Kubernetes,
            holder: format!("{} {}", self.kind, self.name).trim_end().to_owned(),
            environment: self.environment,
            reason: self.reason.clone(),
            pull_policy: None,
            memory_limit: None,
            built_here: false,
        })
    }
}

/// A quantity of memory: `128Mi`, `1G`, `1.5e9`.
fn quantity(text: &str) -> Option<u64> {
    let text = text.trim();
    let digits = text
        .find(|c: char| !c.is_ascii_digit() && c != '.')
        .unwrap_or(text.len());
    let (number, unit) = text.split_at_checked(digits)?;
    let number: f64 = number.parse().ok()?;
    let factor: u64 = match unit {
        "" => 1,
        "k" => 1_000,
        "M" => 1_000_000,
        "G" => 1_000_000_000,
        "T" => 1_000_000_000_000,
        "Ki" => 1 << 10,
        "Mi" => 1 << 20,
        "Gi" => 1 << 30,
        "Ti" => 1 << 40,
        _ => return None,
    };
    Some((number * factor as f64) as u64)
}
