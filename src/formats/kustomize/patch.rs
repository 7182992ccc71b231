//! Patches of a kustomization: strategic merges and JSON patches, in files or in place, and the
//! objects that they are for.

use super::definition::{Located, located_scalar};
use super::field::Step;
use super::object::{self, Object};
use super::pattern::Whole;
use crate::facts::{ImageUse, UseKind};
use crate::formats::kubernetes;
use crate::formats::uses::{Ground, Holder, cluster_evidence};
use crate::source::FileId;
use crate::yaml::{Kind, NodeRef, Yaml};

/// One patch.
#[derive(Debug, Clone)]
pub struct Patch {
    /// Which objects it is for; those that it names itself where there is none.
    pub target: Option<Selector>,
    /// What it does.
    pub body: Body,
}

/// Where a patch is written.
#[derive(Debug, Clone)]
pub enum Body {
    /// In a file.
    File(Located),
    /// In the kustomization.
    Inline(Content),
}

/// What a patch does.
#[derive(Debug, Clone, Default)]
pub struct Content {
    /// Objects to be merged.
    pub merges: Vec<Object>,
    /// Operations of a JSON patch.
    pub operations: Vec<Operation>,
}

/// An operation of a JSON patch, as far as it concerns images.
#[derive(Debug, Clone)]
pub struct Operation {
    /// `add`, `replace`, `remove`; others are not told apart.
    pub op: String,
    /// The parts of its path.
    pub pointer: Vec<String>,
    /// What it writes there.
    pub value: Object,
}

/// Which objects a patch is for.
#[derive(Debug, Clone)]
pub struct Selector {
    group: Option<Whole>,
    version: Option<Whole>,
    kind: Option<Whole>,
    name: Option<Whole>,
    namespace: Option<Whole>,
    labels: Option<String>,
    annotations: Option<String>,
}

impl Selector {
    fn read(node: NodeRef<'_, '_>) -> Self {
        let text = |key: &str| {
            let text = node.get(key).and_then(NodeRef::text)?;
            (!text.is_empty()).then(|| text.to_owned())
        };
        let whole = |key: &str| text(key).map(|text| Whole::new(&text));
        Self {
            group: whole("group"),
            version: whole("version"),
            kind: whole("kind"),
            name: whole("name"),
            namespace: whole("namespace"),
            labels: text("labelSelector"),
            annotations: text("annotationSelector"),
        }
    }

    /// Whether it means an object that goes by any of these names.
    pub(super) fn selects(&self, object: &Object, names: &[String], namespaces: &[String]) -> bool {
        let one = |wanted: &Option<Whole>, is: &str| wanted.as_ref().is_none_or(|w| w.matches(is));
        let any = |wanted: &Option<Whole>, list: &[String]| {
            let fits = |w: &Whole| list.iter().any(|is| w.matches(is));
            wanted.as_ref().is_none_or(fits)
        };
        one(&self.group, object.group())
            && one(&self.version, object.version())
            && one(&self.kind, &object.kind)
            && any(&self.name, names)
            && any(&self.namespace, namespaces)
            && meets(self.labels.as_deref(), &object.labels)
            && meets(self.annotations.as_deref(), &object.annotations)
    }
}

/// Whether labels meet a selector: `a=b`, `a==b`, `a!=b`, `a`, `!a`, with commas between.
fn meets(selector: Option<&str>, labels: &[(String, String)]) -> bool {
    let get = |key: &str| {
        let mut found = labels.iter().filter(|(name, _)| name == key.trim());
        found.next().map(|(_, value)| value.as_str())
    };
    let mut requirements = selector.unwrap_or_default().split(',').map(str::trim);
    requirements.all(|requirement| match requirement {
        "" => true,
        // Sets are not split right at commas, and rare.
        other if other.contains(['(', ')']) => true,
        other => match (other.split_once("!="), other.split_once('=')) {
            (Some((key, value)), _) => get(key) != Some(value.trim()),
            (None, Some((key, value))) => get(key) == Some(value.trim_start_matches('=').trim()),
            (None, None) => match other.strip_prefix('!') {
                Some(key) => get(key).is_none(),
                None => get(other).is_some(),
            },
        },
    })
}

/// Reads `patchesStrategicMerge`: names of files, or patches in place.
pub(super) fn merges(
    file: FileId,
    path: &str,
    list: Option<NodeRef<'_, '_>>,
    uses: &mut Vec<ImageUse>,
) -> Vec<Patch> {
    let scalars = list.into_iter().flat_map(NodeRef::items);
    scalars
        .filter_map(|item| {
            let text = item.text()?;
            let body = if text.contains('\n') || text.contains(": ") {
                Body::Inline(inline(file, path, item, uses)?)
            } else {
                Body::File(located_scalar(file, item.scalar()?))
            };
            Some(Patch { target: None, body })
        })
        .collect()
}

/// Reads `patches` or `patchesJson6902`.
pub(super) fn read(
    file: FileId,
    path: &str,
    list: Option<NodeRef<'_, '_>>,
    uses: &mut Vec<ImageUse>,
) -> Vec<Patch> {
    let items = list.into_iter().flat_map(NodeRef::items);
    items
        .filter_map(|item| {
            let body = match (item.get("patch"), item.get("path")) {
                (Some(patch), _) => Body::Inline(inline(file, path, patch, uses)?),
                (None, Some(path)) => Body::File(located_scalar(file, path.scalar()?)),
                (None, None) => return None,
            };
            Some(Patch {
                target: item.get("target").map(Selector::read),
                body,
            })
        })
        .collect()
}

/// A patch that stands in a scalar: a document of its own.
fn inline(
    file: FileId,
    path: &str,
    patch: NodeRef<'_, '_>,
    uses: &mut Vec<ImageUse>,
) -> Option<Content> {
    let scalar = patch.scalar()?;
    let map = scalar.source_map();
    let ground = Ground {
        file,
        map: Some(&map),
    };
    let yaml = Yaml::parse(scalar.text);
    let mut content = Content::default();
    for root in yaml.documents() {
        let mut found = content_of(ground, path, root, &mut content);
        for found in &mut found {
            found.at = ground.place(found.at.span);
        }
        uses.append(&mut found);
    }
    Some(content)
}

/// Reads a document of a patch, and gives the images that it sets, at their places in the text.
pub(super) fn content_of(
    ground: Ground<'_>,
    path: &str,
    root: NodeRef<'_, '_>,
    content: &mut Content,
) -> Vec<ImageUse> {
    if root.kind() != Kind::Sequence {
        let uses = kubernetes::read(ground.file, path, root);
        let starts = object::starts(&uses);
        content.merges.extend(object::note(ground, root, &starts));
        return uses;
    }
    let evidence = cluster_evidence(None, None);
    let (environment, reason) = evidence.judge(path);
    let holder = Holder {
        file: ground.file,
        kind: UseKind::Kubernetes,
        name: "patch".to_owned(),
        environment,
        reason,
        evidence,
    };
    let mut all = Vec::new();
    for operation in root.items() {
        let text = |key: &str| {
            operation
                .get(key)
                .and_then(NodeRef::text)
                .unwrap_or_default()
        };
        let unescape = |part: &str| part.replace("~1", "/").replace("~0", "~");
        let pointer: Vec<String> = text("path").split('/').skip(1).map(unescape).collect();
        let mut value = Object::default();
        if let Some(node) = operation.get("value") {
            let mut uses = Vec::new();
            let last = pointer.last().map(String::as_str).unwrap_or_default();
            match node.kind() {
                Kind::Scalar if matches!(last, "image" | "reference" | "imageName") => {
                    uses.extend(holder.scalar(node));
                }
                Kind::Scalar => {}
                _ => kubernetes::walk_value(&holder, &pointer, node, &mut uses),
            }
            let before: Vec<Step> = pointer.iter().map(|part| step(part)).collect();
            object::leaves(ground, node, &object::starts(&uses), &before, &mut value);
            all.append(&mut uses);
        }
        content.operations.push(Operation {
            op: text("op").to_owned(),
            pointer,
            value,
        });
    }
    all
}

/// A part of a pointer as a step: a number, or the end of a list, is an item.
fn step(part: &str) -> Step {
    match part {
        "-" => Step::Item(usize::MAX),
        _ => match part.parse() {
            Ok(index) => Step::Item(index),
            Err(_) => Step::Key(part.to_owned().into()),
        },
    }
}
