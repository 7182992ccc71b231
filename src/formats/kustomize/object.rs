//! What the build of a kustomization needs of an object: its identity, and the scalars that name
//! an image or a part of one, with the way to each.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::sync::Arc;

use super::field::{self, Step};
use crate::facts::ImageUse;
use crate::formats::uses::Ground;
use crate::source::Place;
use crate::yaml::{NodeRef, Scalar};

/// How many ways are at hand to be shared.
const MOST_SHARED: usize = 24;

/// Lists of lists are read this deep.
const MAX_LISTS: usize = 8;

/// Whether the value of a key is kept although nobody runs it by itself: another file may.
fn is_part(key: &str) -> bool {
    matches!(
        key,
        "image" | "reference" | "registry" | "repository" | "tag" | "digest"
    )
}

/// One object of a manifest, or of a patch.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Object {
    /// `apiVersion`.
    pub api_version: String,
    /// `kind`.
    pub kind: String,
    /// `metadata.name`.
    pub name: String,
    /// `metadata.namespace`.
    pub namespace: Option<String>,
    /// `metadata.labels`.
    pub labels: Vec<(String, String)>,
    /// `metadata.annotations`.
    pub annotations: Vec<(String, String)>,
    /// Images and parts of images.
    pub leaves: Vec<Leaf>,
    /// Where a patch says `$patch`, and what: `delete`, `replace`.
    pub directives: Vec<(String, String)>,
}

/// A scalar that names an image or a part of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leaf {
    /// The way to it. Few ways lead to most images, so they are shared.
    pub path: Arc<[Step]>,
    /// The same with items called by their names, as a strategic merge finds them.
    pub key: String,
    /// Its text.
    pub text: String,
    /// Its bytes.
    pub at: Place,
    /// Whether something runs it.
    pub used: bool,
}

impl Object {
    /// The group of its API version.
    #[must_use]
    pub fn group(&self) -> &str {
        self.api_version
            .split_once('/')
            .map_or("", |(group, _)| group)
    }

    /// The version without the group.
    #[must_use]
    pub fn version(&self) -> &str {
        let version = self.api_version.split_once('/').map(|(_, version)| version);
        version.unwrap_or(&self.api_version)
    }

    /// Whether it names no image, and takes nothing away as a patch.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        self.leaves.is_empty() && self.directives.is_empty()
    }

    /// Whether images stand in it as values of a chart.
    #[must_use]
    pub fn holds_values(&self) -> bool {
        matches!(
            self.kind.as_str(),
            "HelmRelease" | "Application" | "ApplicationSet"
        )
    }
}

/// Where images begin in a text, in order.
pub(super) fn starts(uses: &[ImageUse]) -> Vec<usize> {
    let mut starts: Vec<usize> = uses.iter().map(|found| found.at.span.start).collect();
    starts.sort_unstable();
    starts
}

/// The objects of a document; where images of its reader begin, something is run.
pub(super) fn note(ground: Ground<'_>, root: NodeRef<'_, '_>, used: &[usize]) -> Vec<Object> {
    let mut objects = Vec::new();
    collect(ground, root, used, &mut objects, 0);
    objects
}

fn collect(
    ground: Ground<'_>,
    root: NodeRef<'_, '_>,
    used: &[usize],
    objects: &mut Vec<Object>,
    depth: usize,
) {
    let text = |names: &[&str]| root.path(names).and_then(NodeRef::text);
    let kind = text(&["kind"]).unwrap_or_default();
    if let Some(items) = root.get("items").filter(|_| kind.ends_with("List")) {
        if depth < MAX_LISTS {
            for item in items.items() {
                collect(ground, item, used, objects, depth + 1);
            }
        }
        return;
    }
    let mut object = Object {
        api_version: text(&["apiVersion"]).unwrap_or_default().to_owned(),
        kind: kind.to_owned(),
        name: text(&["metadata", "name"]).unwrap_or_default().to_owned(),
        namespace: text(&["metadata", "namespace"]).map(str::to_owned),
        labels: pairs(root.path(&["metadata", "labels"])),
        annotations: pairs(root.path(&["metadata", "annotations"])),
        ..Object::default()
    };
    leaves(ground, root, used, &[], &mut object);
    objects.push(object);
}

/// The leaves below a node, behind a way that leads to it.
pub(super) fn leaves(
    ground: Ground<'_>,
    root: NodeRef<'_, '_>,
    used: &[usize],
    before: &[Step],
    object: &mut Object,
) {
    let wraps = matches!(
        object.kind.as_str(),
        "Kustomization" | "Application" | "ApplicationSet"
    );
    let is_used = |scalar: &Scalar<'_>| used.binary_search(&scalar.span.start).is_ok();
    field::scalars(root, &mut |path, scalar| {
        let last = path.last().and_then(Step::key).unwrap_or_default();
        if last == "$patch" {
            let holder = path.get(..path.len() - 1).unwrap_or_default();
            let key = key_of(root, before, holder);
            object.directives.push((key, scalar.text.to_owned()));
            return;
        }
        // The entries of an outer kustomization are a layer of their own.
        if wraps && path.iter().any(|step| step.key() == Some("images")) {
            return;
        }
        let used = is_used(&scalar);
        if used || is_part(last) {
            object.leaves.push(Leaf {
                path: shared(before, path),
                key: key_of(root, before, path),
                text: scalar.text.to_owned(),
                at: ground.place(scalar.span),
                used,
            });
        }
    });
}

/// A way that is kept: the same one as before where it is among the last ones of this thread.
fn shared(before: &[Step], path: &[Step<&str>]) -> Arc<[Step]> {
    thread_local! {
        static LAST: RefCell<VecDeque<Arc<[Step]>>> = RefCell::default();
    }
    LAST.with_borrow_mut(|last| {
        let same = |known: &&Arc<[Step]>| {
            let rest = known.strip_prefix(before);
            rest.is_some_and(|rest| rest.len() == path.len() && rest.iter().zip(path).all(is_same))
        };
        if let Some(known) = last.iter().find(same) {
            return Arc::clone(known);
        }
        let all = before.iter().cloned();
        let fresh: Arc<[Step]> = all.chain(path.iter().map(Step::kept)).collect();
        last.truncate(MOST_SHARED - 1);
        last.push_front(Arc::clone(&fresh));
        fresh
    })
}

fn is_same((kept, step): (&Step, &Step<&str>)) -> bool {
    match (kept, step) {
        (Step::Key(a), Step::Key(b)) => a == b,
        (Step::Item(a), Step::Item(b)) => a == b,
        _ => false,
    }
}

/// A way with list items called by their names.
fn key_of(root: NodeRef<'_, '_>, before: &[Step], path: &[Step<&str>]) -> String {
    let mut key = String::new();
    let mut add = |parts: &[&str]| parts.iter().for_each(|part| key.push_str(part));
    for step in before {
        match step {
            Step::Key(name) => add(&["/", name]),
            Step::Item(index) => add(&["/#", &index.to_string()]),
        }
    }
    let mut node = Some(root);
    for step in path {
        match step {
            Step::Key(name) => {
                node = node.and_then(|node| node.get(name));
                add(&["/", name]);
            }
            Step::Item(index) => {
                node = node.and_then(|node| node.items().nth(*index));
                match node.and_then(|node| node.get("name")?.text()) {
                    Some(name) => add(&["/=", name]),
                    None => add(&["/#", &index.to_string()]),
                }
            }
        }
    }
    key
}

/// A mapping of texts.
pub(super) fn pairs(node: Option<NodeRef<'_, '_>>) -> Vec<(String, String)> {
    let entries = node.map(NodeRef::entries).unwrap_or_default().into_iter();
    entries
        .filter_map(|(key, _, value)| Some((key.to_owned(), value.text()?.to_owned())))
        .collect()
}
