//! What is kept of each file for charts: the chart that it declares, the images of its values, and
//! what Flux and Argo CD install from the same repository.

use super::is_values;
use super::values::{self, ImageValue, Part};
use crate::formats::uses::{Ground, cluster_evidence};
use crate::policy::{Environment, Evidence, Reason};
use crate::source::{FileId, Place};
use crate::yaml::{NodeRef, Yaml};

/// What a file says.
#[derive(Debug, Default)]
pub struct Notes {
    /// The chart that it declares.
    pub chart: Option<Chart>,
    /// The images of its values.
    pub values: Vec<ImageValue>,
    /// Charts that its objects install.
    pub releases: Vec<Release>,
}

/// A chart.
#[derive(Debug)]
pub struct Chart {
    /// `appVersion`, where given.
    pub app_version: Option<Part>,
    /// Charts that it brings along.
    pub dependencies: Vec<Dependency>,
}

/// A chart that another one brings along.
#[derive(Debug)]
pub struct Dependency {
    /// Its name.
    pub name: String,
    /// The key of its values: its alias, or its name.
    pub key: String,
    /// Its folder, seen from the chart's, where it lies in the same repository.
    pub folder: Option<String>,
}

/// A chart of the same repository that an object installs.
#[derive(Debug)]
pub struct Release {
    /// The object's file.
    pub file: FileId,
    /// The chart's folder, seen from the repository's root.
    pub folder: String,
    /// The values over the chart's own, lowest first.
    pub layers: Vec<Layer>,
    /// What it deploys to.
    pub environment: Environment,
    /// What says so.
    pub reason: Reason,
    /// What else may tell what it deploys to, where a policy asks.
    pub evidence: Evidence,
}

/// Values of a release.
#[derive(Debug)]
pub enum Layer {
    /// A file, seen from the chart's folder.
    File(String),
    /// Images of values in place.
    Values(Vec<ImageValue>),
}

impl Notes {
    /// Whether there is nothing in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.chart.is_none() && self.values.is_empty() && self.releases.is_empty()
    }
}

/// Whether a file declares a chart.
pub(in crate::formats) fn is_chart(path: &str) -> bool {
    path.rsplit('/').next() == Some("Chart.yaml")
}

/// Notes a document.
pub fn note(file: FileId, path: &str, root: NodeRef<'_, '_>, notes: &mut Notes) {
    let ground = Ground { file, map: None };
    let kind = root.get("kind").and_then(NodeRef::text).unwrap_or_default();
    if is_chart(path) && root.get("name").is_some() {
        notes.chart = Some(chart(ground, root));
    } else if !kind.is_empty() && root.get("apiVersion").is_some() {
        notes.releases.extend(releases(ground, path, kind, root));
    } else if is_values(path, root) {
        notes.values.extend(values::images(ground, root));
    }
}

fn chart(ground: Ground<'_>, root: NodeRef<'_, '_>) -> Chart {
    let version = root.get("appVersion").and_then(NodeRef::scalar);
    let version = version.filter(|version| !matches!(version.text.trim(), "" | "~" | "null"));
    let items = root
        .get("dependencies")
        .into_iter()
        .flat_map(NodeRef::items);
    let dependencies = items.filter_map(|item| {
        let text = |key: &str| item.get(key).and_then(NodeRef::text);
        let name = text("name")?;
        Some(Dependency {
            name: name.to_owned(),
            key: text("alias").unwrap_or(name).to_owned(),
            folder: text("repository")
                .and_then(|repository| repository.strip_prefix("file://"))
                .map(str::to_owned),
        })
    });
    Chart {
        app_version: version.map(|version| Part {
            text: version.text.trim().to_owned(),
            at: ground.place(version.span),
        }),
        dependencies: dependencies.collect(),
    }
}

fn releases(ground: Ground<'_>, path: &str, kind: &str, root: NodeRef<'_, '_>) -> Vec<Release> {
    let text = |keys: &[&str]| root.path(keys).and_then(NodeRef::text);
    let labels = root.path(&["metadata", "labels"]);
    let release = |namespace: Option<&str>, folder: &str, layers: Vec<Layer>| {
        let evidence = cluster_evidence(namespace, labels);
        let (environment, reason) = evidence.judge(path);
        Release {
            file: ground.file,
            folder: folder.to_owned(),
            layers,
            environment,
            reason,
            evidence,
        }
    };
    match kind {
        "HelmRelease" => {
            let source = text(&["spec", "chart", "spec", "sourceRef", "kind"]);
            let folder = text(&["spec", "chart", "spec", "chart"]);
            let Some(folder) = folder.filter(|_| source == Some("GitRepository")) else {
                return Vec::new();
            };
            let files = root.path(&["spec", "chart", "spec", "valuesFiles"]);
            let files = files
                .into_iter()
                .flat_map(NodeRef::items)
                .filter_map(NodeRef::text);
            // Flux takes these from the repository's root.
            let mut layers: Vec<Layer> =
                files.map(|file| Layer::File(format!("//{file}"))).collect();
            if let Some(values) = root.path(&["spec", "values"]) {
                layers.push(Layer::Values(values::images(ground, values)));
            }
            let namespace = text(&["spec", "targetNamespace"]);
            let namespace = namespace.or_else(|| text(&["metadata", "namespace"]));
            vec![release(namespace, folder, layers)]
        }
        "Application" => {
            let namespace = text(&["spec", "destination", "namespace"]);
            let several = root.path(&["spec", "sources"]);
            let several = several.into_iter().flat_map(NodeRef::items);
            let sources = root.path(&["spec", "source"]).into_iter().chain(several);
            sources
                .filter_map(|source| {
                    let folder = source.get("path").and_then(NodeRef::text)?;
                    let layers = source.get("helm").map(|helm| layers(ground, helm));
                    Some(release(namespace, folder, layers.unwrap_or_default()))
                })
                .collect()
        }
        _ => Vec::new(),
    }
}

/// The values of Argo CD's `helm`, lowest first.
fn layers(ground: Ground<'_>, helm: NodeRef<'_, '_>) -> Vec<Layer> {
    let files = helm.get("valueFiles").into_iter().flat_map(NodeRef::items);
    let files = files.filter_map(NodeRef::text);
    let mut layers: Vec<Layer> = files.map(|file| Layer::File(file.to_owned())).collect();
    if let Some(text) = helm.get("values").and_then(NodeRef::scalar) {
        let map = text.source_map();
        let inside = Ground {
            map: Some(&map),
            ..ground
        };
        if let Some(root) = Yaml::parse(text.text).first() {
            layers.push(Layer::Values(values::images(inside, root)));
        }
    }
    if let Some(values) = helm.get("valuesObject") {
        layers.push(Layer::Values(values::images(ground, values)));
    }
    let parameters = helm.get("parameters").into_iter().flat_map(NodeRef::items);
    let images: Vec<ImageValue> = parameters
        .filter_map(|parameter| {
            let name = parameter.get("name").and_then(NodeRef::text)?;
            let value = parameter.get("value")?.scalar()?;
            parameter_part(name, value.text, ground.place(value.span))
        })
        .collect();
    layers.push(Layer::Values(images));
    layers
}

/// A parameter `image.tag` with its value as a part of an image.
fn parameter_part(name: &str, value: &str, at: Place) -> Option<ImageValue> {
    let (keys, last) = name.rsplit_once('.').unwrap_or(("", name));
    let part = Some(Part {
        text: value.to_owned(),
        at,
    });
    let mut image = ImageValue {
        keys: keys
            .split('.')
            .filter(|key| !key.is_empty())
            .map(str::to_owned)
            .collect(),
        ..ImageValue::default()
    };
    match last {
        "tag" => image.tag = part,
        "digest" => image.digest = part,
        "repository" => image.repository = part,
        "registry" => image.registry = part,
        last if super::names_image(last) => {
            image.keys.push(last.to_owned());
            image.repository = part;
        }
        _ => return None,
    }
    Some(image)
}
