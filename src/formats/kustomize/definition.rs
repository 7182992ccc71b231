//! A kustomization as written: what it takes up, and what it does to that. A Flux `Kustomization`
//! or an Argo CD `Application` over a folder of the same repository is one more of them.

use super::image::{Change, Transformer};
use super::object;
use super::patch::{self, Patch};
use crate::facts::ImageUse;
use crate::source::{FileId, Place};
use crate::yaml::{NodeRef, Scalar};

/// A text with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Located {
    /// The text.
    pub text: String,
    /// Its bytes.
    pub at: Place,
}

/// What kind of layer a definition is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layer {
    /// A kustomization of its own.
    Kustomization,
    /// A part of other kustomizations.
    Component,
    /// A Flux `Kustomization`: it takes up a folder as it is where that holds no kustomization.
    Flux,
    /// An Argo CD `Application`.
    Argo,
}

/// An entry of `images`, ready to be applied.
#[derive(Debug, Clone)]
pub struct ImageEntry {
    /// What it meets, and what it changes.
    pub transformer: Transformer,
    /// Where its result is written: its tag, its digest, its new name.
    pub at: Place,
}

/// A kustomization.
#[derive(Debug, Clone)]
pub struct Definition {
    /// Its file.
    pub file: FileId,
    /// What it is.
    pub layer: Layer,
    /// `resources` and `bases`; the folder of an outer layer.
    pub resources: Vec<Located>,
    /// `components`.
    pub components: Vec<Located>,
    /// `patchesStrategicMerge` and `patches`, in the order in which they are applied.
    pub patches: Vec<Patch>,
    /// `patchesJson6902`, which follow names and namespaces.
    pub late_patches: Vec<Patch>,
    /// `images`.
    pub images: Vec<ImageEntry>,
    /// `namespace`.
    pub namespace: Option<String>,
    /// `namePrefix`.
    pub prefix: String,
    /// `nameSuffix`.
    pub suffix: String,
    /// `commonLabels`, `labels`, and those of an outer layer's own object.
    pub labels: Vec<(String, String)>,
    /// `configurations`.
    pub configurations: Vec<Located>,
    /// Images that `replacements` write to.
    pub replaced: Vec<Replaced>,
    /// Files of further replacements.
    pub replacements: Vec<Located>,
    /// Whether it makes resources that no file here holds, or changes them by unknown means.
    pub open: bool,
}

/// A field that a replacement writes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replaced {
    /// The kind of its object; any where empty.
    pub kind: String,
    /// The name of its object; any where empty.
    pub name: String,
    /// Where the replacement stands.
    pub at: Place,
}

impl Definition {
    fn new(file: FileId, layer: Layer) -> Self {
        Self {
            file,
            layer,
            resources: Vec::new(),
            components: Vec::new(),
            patches: Vec::new(),
            late_patches: Vec::new(),
            images: Vec::new(),
            namespace: None,
            prefix: String::new(),
            suffix: String::new(),
            labels: Vec::new(),
            configurations: Vec::new(),
            replaced: Vec::new(),
            replacements: Vec::new(),
            open: false,
        }
    }
}

/// Reads a kustomization; images that its inline patches set go to `uses`.
pub(super) fn read(
    file: FileId,
    path: &str,
    root: NodeRef<'_, '_>,
    uses: &mut Vec<ImageUse>,
) -> Definition {
    let text = |key: &str| root.get(key).and_then(NodeRef::text).map(str::to_owned);
    let list = |key: &str| {
        root.get(key)
            .map(|list| located(file, list))
            .unwrap_or_default()
    };
    let layer = match text("kind").as_deref() {
        Some("Component") => Layer::Component,
        _ => Layer::Kustomization,
    };
    let mut labels = object::pairs(root.get("commonLabels"));
    for entry in root.get("labels").into_iter().flat_map(NodeRef::items) {
        labels.extend(object::pairs(entry.get("pairs")));
    }
    let mut patches = patch::merges(file, path, root.get("patchesStrategicMerge"), uses);
    patches.extend(patch::read(file, path, root.get("patches"), uses));
    let open = [
        "generators",
        "transformers",
        "helmCharts",
        "helmChartInflationGenerator",
    ];
    Definition {
        resources: [list("resources"), list("bases")].concat(),
        components: list("components"),
        patches,
        late_patches: patch::read(file, path, root.get("patchesJson6902"), uses),
        images: [
            images(file, root.get("images")),
            images(file, root.get("imageTags")),
        ]
        .concat(),
        namespace: text("namespace"),
        prefix: text("namePrefix").unwrap_or_default(),
        suffix: text("nameSuffix").unwrap_or_default(),
        labels,
        configurations: list("configurations"),
        replaced: replaced(file, root.get("replacements")),
        replacements: root
            .get("replacements")
            .into_iter()
            .flat_map(NodeRef::items)
            .filter_map(|item| Some(located_scalar(file, item.get("path")?.scalar()?)))
            .collect(),
        open: open.iter().any(|key| root.get(key).is_some()),
        ..Definition::new(file, layer)
    }
}

/// Reads the outer layer that an object of Flux or Argo CD is, where it is one.
pub(super) fn read_outer(
    file: FileId,
    path: &str,
    root: NodeRef<'_, '_>,
    uses: &mut Vec<ImageUse>,
) -> Vec<Definition> {
    let Some(spec) = root.get("spec") else {
        return Vec::new();
    };
    let version = root
        .get("apiVersion")
        .and_then(NodeRef::text)
        .unwrap_or_default();
    let kind = root.get("kind").and_then(NodeRef::text).unwrap_or_default();
    let labels = object::pairs(root.path(&["metadata", "labels"]));
    let scalar = |node: NodeRef<'_, '_>| {
        let scalar = node.scalar()?;
        Some(located_scalar(file, scalar))
    };
    if version.starts_with("kustomize.toolkit.fluxcd.io/") && kind == "Kustomization" {
        let source = spec.path(&["sourceRef", "kind"]).and_then(NodeRef::text);
        if source.is_some_and(|source| source != "GitRepository") {
            return Vec::new();
        }
        let Some(folder) = spec.get("path").and_then(scalar) else {
            return Vec::new();
        };
        let namespace = spec.get("targetNamespace").and_then(NodeRef::text);
        return vec![Definition {
            resources: vec![folder],
            components: spec
                .get("components")
                .map(|list| located(file, list))
                .unwrap_or_default(),
            patches: patch::read(file, path, spec.get("patches"), uses),
            images: images(file, spec.get("images")),
            namespace: namespace.map(str::to_owned),
            labels,
            ..Definition::new(file, Layer::Flux)
        }];
    }
    if !(version.starts_with("argoproj.io/") && kind == "Application") {
        return Vec::new();
    }
    let namespace = spec
        .path(&["destination", "namespace"])
        .and_then(NodeRef::text);
    let several = spec.get("sources").into_iter().flat_map(NodeRef::items);
    let sources = spec.get("source").into_iter().chain(several);
    sources
        .filter_map(|source| {
            let kustomize = source.get("kustomize");
            let of = |key: &str| kustomize.and_then(|kustomize| kustomize.get(key));
            Some(Definition {
                resources: vec![source.get("path").and_then(scalar)?],
                images: overrides(file, of("images")),
                patches: patch::read(file, path, of("patches"), uses),
                namespace: of("namespace")
                    .and_then(NodeRef::text)
                    .or(namespace)
                    .map(str::to_owned),
                labels: [labels.clone(), object::pairs(of("commonLabels"))].concat(),
                ..Definition::new(file, Layer::Argo)
            })
        })
        .collect()
}

/// The texts of a list with their places.
fn located(file: FileId, list: NodeRef<'_, '_>) -> Vec<Located> {
    let scalars = list.items().filter_map(NodeRef::scalar);
    scalars.map(|scalar| located_scalar(file, scalar)).collect()
}

pub(super) fn located_scalar(file: FileId, scalar: Scalar<'_>) -> Located {
    Located {
        text: scalar.text.trim().to_owned(),
        at: Place {
            file,
            span: scalar.span,
        },
    }
}

fn images(file: FileId, list: Option<NodeRef<'_, '_>>) -> Vec<ImageEntry> {
    let items = list.into_iter().flat_map(NodeRef::items);
    items.filter_map(|entry| image(file, entry)).collect()
}

fn image(file: FileId, entry: NodeRef<'_, '_>) -> Option<ImageEntry> {
    let scalar = |key: &str| {
        let scalar = entry.get(key)?.scalar()?;
        (!scalar.text.is_empty() && scalar.text != "~").then_some(scalar)
    };
    let text = |scalar: Option<Scalar<'_>>| scalar.map_or("", |scalar| scalar.text).to_owned();
    let name = scalar("name")?;
    let (new_name, tag) = (scalar("newName"), scalar("newTag"));
    let (suffix, digest) = (scalar("tagSuffix"), scalar("digest"));
    let at = tag.or(digest).or(suffix).or(new_name).unwrap_or(name);
    Some(ImageEntry {
        transformer: Transformer::new(
            name.text,
            Change {
                name: text(new_name),
                tag: text(tag),
                suffix: text(suffix),
                digest: text(digest),
            },
        ),
        at: Place {
            file,
            span: at.span,
        },
    })
}

/// Argo CD's entries: `OLD=NEW:TAG`, `NEW:TAG`, `NEW@DIGEST`.
fn overrides(file: FileId, list: Option<NodeRef<'_, '_>>) -> Vec<ImageEntry> {
    let scalars = list
        .into_iter()
        .flat_map(NodeRef::items)
        .filter_map(NodeRef::scalar);
    scalars
        .map(|scalar| {
            let (old, new) = match scalar.text.split_once('=') {
                Some((old, new)) => (Some(old), new),
                None => (None, scalar.text),
            };
            let parts = super::image::split(new);
            let change = Change {
                name: old.map_or("", |_| parts.name).to_owned(),
                tag: parts.tag.to_owned(),
                suffix: String::new(),
                digest: parts.digest.to_owned(),
            };
            ImageEntry {
                transformer: Transformer::new(old.unwrap_or(parts.name), change),
                at: Place {
                    file,
                    span: scalar.span,
                },
            }
        })
        .collect()
}

/// The targets of replacements that write to images.
pub(super) fn replaced(file: FileId, list: Option<NodeRef<'_, '_>>) -> Vec<Replaced> {
    let items = list.into_iter().flat_map(NodeRef::items);
    items.flat_map(|item| replaced_by(file, item)).collect()
}

/// The targets of one replacement that write to images.
pub(super) fn replaced_by(file: FileId, replacement: NodeRef<'_, '_>) -> Vec<Replaced> {
    let mut all = Vec::new();
    for target in replacement
        .get("targets")
        .into_iter()
        .flat_map(NodeRef::items)
    {
        let select = |key| {
            let text = target.path(&["select", key]).and_then(NodeRef::text);
            text.unwrap_or_default().to_owned()
        };
        let paths = target
            .get("fieldPaths")
            .into_iter()
            .flat_map(NodeRef::items);
        let scalars = paths.filter_map(NodeRef::scalar);
        for scalar in scalars.filter(|scalar| writes_image(scalar.text)) {
            all.push(Replaced {
                kind: select("kind"),
                name: select("name"),
                at: Place {
                    file,
                    span: scalar.span,
                },
            });
        }
    }
    all
}

fn writes_image(path: &str) -> bool {
    let last = path.rsplit('.').next().unwrap_or(path);
    matches!(last, "image" | "reference" | "tag" | "imageName")
}

impl Located {
    /// Whether it is somewhere else: a URL, or a repository.
    #[must_use]
    pub fn is_remote(&self) -> bool {
        let text = self.text.as_str();
        let host = text.split('/').next().unwrap_or_default();
        text.contains("://")
            || text.starts_with("git@")
            || text.contains("?ref=")
            || (text.contains('/') && host.contains('.') && !host.starts_with('.') && {
                ["github.com", "gitlab.com", "bitbucket.org"].contains(&host) || text.contains("//")
            })
    }
}
