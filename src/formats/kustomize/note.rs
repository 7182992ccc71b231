//! What is kept of each file for the builds of kustomizations.

use super::definition::{self, Definition, Replaced};
use super::field::FieldSpec;
use super::is_kustomization;
use super::object::{self, Object};
use super::patch::{self, Content, Operation};
use crate::formats::uses::Ground;
use crate::formats::{FileFacts, kubernetes};
use crate::source::FileId;
use crate::yaml::{Kind, NodeRef};

/// What a file says.
#[derive(Debug, Default)]
pub struct Notes {
    /// The kustomizations and outer layers that it declares.
    pub definitions: Vec<Definition>,
    /// Its objects.
    pub objects: Vec<Object>,
    /// The operations of the JSON patch that it is.
    pub operations: Vec<Operation>,
    /// Fields that the image transformer is told of, where it is a configuration of transformers.
    pub specs: Vec<FieldSpec>,
    /// Images that the replacements in it write to.
    pub replaced: Vec<Replaced>,
}

impl Notes {
    /// Whether there is nothing in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.definitions.is_empty()
            && self.objects.iter().all(Object::is_idle)
            && self.operations.is_empty()
            && self.specs.is_empty()
            && self.replaced.is_empty()
    }

    /// Gives back the room that its lists do not need.
    pub(in crate::formats) fn shrink(&mut self) {
        self.definitions.shrink_to_fit();
        self.objects.shrink_to_fit();
        for object in &mut self.objects {
            object.leaves.shrink_to_fit();
        }
        for definition in &mut self.definitions {
            definition.patches.shrink_to_fit();
            definition.images.shrink_to_fit();
        }
    }
}

/// Words in files that matter although they name no image: what is built, and patches that take
/// something away.
pub(in crate::formats) const WORDS: [&str; 5] = [
    "kustomize.toolkit.fluxcd.io",
    "kustomize.config.k8s.io",
    "argoproj.io",
    "$patch",
    "/spec/",
];

/// Notes a document whose own images are those from an index on, and takes the images that only
/// its patches name.
pub fn note(file: FileId, path: &str, root: NodeRef<'_, '_>, own: usize, facts: &mut FileFacts) {
    let starts = object::starts(facts.uses.get(own..).unwrap_or_default());
    let ground = Ground { file, map: None };
    let notes = &mut facts.notes.kustomize;
    if is_kustomization(path, root) {
        let definition = definition::read(file, path, root, &mut facts.uses);
        notes.definitions.push(definition);
    } else if kubernetes::is_object(root) {
        let outer = definition::read_outer(file, path, root, &mut facts.uses);
        notes.definitions.extend(outer);
        notes.objects.extend(object::note(ground, root, &starts));
    } else if is_json_patch(root) {
        let mut content = Content::default();
        let uses = patch::content_of(ground, path, root, &mut content);
        facts.uses.extend(uses);
        notes.operations.extend(content.operations);
    } else {
        notes.specs.extend(specs(root));
        let list = match root.kind() {
            Kind::Sequence => Some(root),
            _ => root.get("replacements"),
        };
        notes.replaced.extend(definition::replaced(file, list));
        if root.get("targets").is_some() {
            notes.replaced.extend(definition::replaced_by(file, root));
        }
    }
}

fn is_json_patch(root: NodeRef<'_, '_>) -> bool {
    root.kind() == Kind::Sequence
        && root
            .items()
            .next()
            .is_some_and(|first| first.get("op").is_some() && first.get("path").is_some())
}

/// The `images` of a configuration of transformers.
fn specs(root: NodeRef<'_, '_>) -> Vec<FieldSpec> {
    let items = root.get("images").into_iter().flat_map(NodeRef::items);
    items
        .filter_map(|item| {
            let text = |key: &str| {
                let text = item.get(key).and_then(NodeRef::text);
                text.unwrap_or_default().to_owned()
            };
            item.get("path")?;
            Some(FieldSpec {
                path: text("path"),
                group: text("group"),
                version: text("version"),
                kind: text("kind"),
            })
        })
        .collect()
}
