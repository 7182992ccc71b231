//! Objects while a kustomization is built: what they are called by now, and what their images have
//! come to, with the place that decided it.

use super::definition::{Definition, Replaced};
use super::field::Step;
use super::object::{Leaf, Object};
use super::patch::Operation;
use crate::source::Place;

/// An object of a build.
pub(super) struct LiveObject<'a> {
    pub(super) object: &'a Object,
    /// Every name that it had so far; patches may use any.
    pub(super) names: Vec<String>,
    /// Every namespace that it had so far.
    pub(super) namespaces: Vec<String>,
    pub(super) leaves: Vec<Live>,
    /// Where it was taken up, from the inside out.
    pub(super) came_by: Vec<Place>,
    /// The kustomizations that it came through, from the inside out, with paths in their folders.
    pub(super) lineage: Vec<(String, &'a Definition)>,
    pub(super) deleted: bool,
}

/// An image, or a part of one, of an object of a build.
#[derive(Debug, Clone)]
pub(super) struct Live {
    pub(super) path: Vec<Step>,
    pub(super) key: String,
    pub(super) text: String,
    pub(super) used: bool,
    /// Where the object, or the patch that brought it in, has it.
    pub(super) origin: Place,
    /// Where its tag or digest comes from.
    pub(super) decided: Place,
    /// Further places with a part in it.
    pub(super) via: Vec<(Place, String)>,
    /// Why it is not known.
    pub(super) unknown: Option<String>,
}

impl Live {
    fn new(leaf: &Leaf) -> Self {
        Self {
            path: leaf.path.to_vec(),
            key: leaf.key.clone(),
            text: leaf.text.clone(),
            used: leaf.used,
            origin: leaf.at,
            decided: leaf.at,
            via: Vec::new(),
            unknown: None,
        }
    }

    /// Notes a further place.
    pub(super) fn also(&mut self, at: Place, label: &str) {
        if !self.via.iter().any(|(known, _)| *known == at) {
            self.via.push((at, label.to_owned()));
        }
    }

    /// A patch's text takes its place.
    fn set(&mut self, text: &str, at: Place) {
        self.text = text.to_owned();
        self.decided = at;
        self.unknown = None;
        self.via.clear();
    }
}

/// Groups of Kubernetes itself, whose lists of containers are merged by name.
fn merges_by_name(object: &Object) -> bool {
    let group = object.group();
    !group.contains('.') || group.ends_with(".k8s.io")
}

impl<'a> LiveObject<'a> {
    pub(super) fn new(object: &'a Object) -> Self {
        Self {
            object,
            names: vec![object.name.clone()],
            namespaces: object.namespace.iter().cloned().collect(),
            leaves: object.leaves.iter().map(Live::new).collect(),
            came_by: Vec::new(),
            lineage: Vec::new(),
            deleted: false,
        }
    }

    /// Notes that a kustomization in a folder was taken up at a place, and this object with it.
    pub(super) fn come_by(&mut self, at: Option<Place>, folder: &str, through: &'a Definition) {
        self.came_by.extend(at);
        let path = format!("{folder}/kustomization.yaml");
        self.lineage.push((path, through));
    }

    /// Takes the names and the namespace that a kustomization gives.
    pub(super) fn renamed(&mut self, by: &Definition) {
        if !(by.prefix.is_empty() && by.suffix.is_empty())
            && let Some(last) = self.names.last()
        {
            let name = format!("{}{last}{}", by.prefix, by.suffix);
            self.names.push(name);
        }
        if let Some(namespace) = &by.namespace {
            self.namespaces.push(namespace.clone());
        }
    }

    /// Whether a patch without a target is for this object.
    pub(super) fn is(&self, patch: &Object) -> bool {
        let namespace = patch.namespace.as_ref();
        patch.kind == self.object.kind
            && patch.group() == self.object.group()
            && self.names.contains(&patch.name)
            && namespace.is_none_or(|namespace| {
                self.namespaces.is_empty()
                    || self.namespaces.contains(namespace)
                    || namespace == "default"
            })
    }

    /// Merges a patch.
    pub(super) fn merge(&mut self, patch: &Object) {
        for (key, directive) in &patch.directives {
            match directive.as_str() {
                "delete" if key.is_empty() => self.deleted = true,
                "delete" => self.drop_below(key),
                // In an item without a name the whole list is meant.
                "replace" => match key.rsplit_once("/#") {
                    Some((list, _)) => self.drop_below(list),
                    None => self.drop_below(key),
                },
                _ => {}
            }
        }
        if !merges_by_name(self.object) {
            self.replace_lists(patch);
        }
        for leaf in &patch.leaves {
            match self.leaves.iter_mut().find(|live| live.key == leaf.key) {
                Some(live) => live.set(&leaf.text, leaf.at),
                None => self.leaves.push(Live::new(leaf)),
            }
        }
    }

    fn drop_below(&mut self, key: &str) {
        let below = |live: &Live| {
            let rest = live.key.strip_prefix(key);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        self.leaves.retain(|live| !below(live));
    }

    /// Lists of objects without a schema are replaced as a whole.
    fn replace_lists(&mut self, patch: &Object) {
        for leaf in &patch.leaves {
            let list = leaf
                .path
                .iter()
                .position(|step| matches!(step, Step::Item(_)));
            if let Some(prefix) = list.and_then(|at| leaf.path.get(..at)) {
                self.leaves.retain(|live| !live.path.starts_with(prefix));
            }
        }
    }

    /// Applies an operation of a JSON patch.
    pub(super) fn operate(&mut self, operation: &Operation) {
        let pointer = operation.pointer.as_slice();
        let item = pointer.last().and_then(|last| last.parse::<usize>().ok());
        match operation.op.as_str() {
            "remove" => {
                self.leaves.retain(|live| !is_under(&live.path, pointer));
                if let Some(index) = item {
                    self.shift(pointer, index + 1, false);
                }
            }
            "add" | "replace" => {
                let grows = operation.op == "add" && item.is_some() && self.lists(pointer);
                match item.filter(|_| grows) {
                    Some(index) => self.shift(pointer, index, true),
                    None => self.write_over(operation),
                }
                for leaf in &operation.value.leaves {
                    match self.leaves.iter_mut().find(|live| is_at(&live.path, leaf)) {
                        Some(live) => live.set(&leaf.text, leaf.at),
                        None => self.leaves.push(Live::new(leaf)),
                    }
                }
            }
            _ => {}
        }
    }

    /// What stands where an operation writes goes, unless it is written anew.
    fn write_over(&mut self, operation: &Operation) {
        let pointer = operation.pointer.as_slice();
        let fresh = &operation.value.leaves;
        let stays = |live: &Live| {
            !is_under(&live.path, pointer) || fresh.iter().any(|leaf| is_at(&live.path, leaf))
        };
        self.leaves.retain(stays);
    }

    /// Whether the last part of a pointer is an item of a list here.
    fn lists(&self, pointer: &[String]) -> bool {
        let Some((_, list)) = pointer.split_last() else {
            return false;
        };
        self.leaves.iter().any(|live| {
            is_under(&live.path, list) && matches!(live.path.get(list.len()), Some(Step::Item(_)))
        })
    }

    /// Moves the items of a list from an index on by one.
    fn shift(&mut self, pointer: &[String], from: usize, up: bool) {
        let Some((_, list)) = pointer.split_last() else {
            return;
        };
        for live in &mut self.leaves {
            if !is_under(&live.path, list) {
                continue;
            }
            if let Some(Step::Item(index)) = live.path.get_mut(list.len())
                && *index >= from
            {
                *index = if up {
                    index.saturating_add(1)
                } else {
                    index.saturating_sub(1)
                };
            }
        }
    }

    /// A replacement writes to an image of this object: what, is in other fields.
    pub(super) fn replaced(&mut self, by: &Replaced) {
        let fits = |wanted: &str, is: &str| wanted.is_empty() || wanted == is;
        let named = by.name.is_empty() || self.names.contains(&by.name);
        if !(named && fits(&by.kind, &self.object.kind)) {
            return;
        }
        for live in &mut self.leaves {
            live.unknown = Some("what a replacement writes there".to_owned());
            live.also(by.at, "a replacement writes here");
        }
    }
}

/// Whether a pointer leads to a field, or to something that holds it.
fn is_under(path: &[Step], pointer: &[String]) -> bool {
    path.len() >= pointer.len()
        && path.iter().zip(pointer).all(|(step, part)| match step {
            Step::Key(key) => key == part,
            Step::Item(index) => part.parse() == Ok(*index),
        })
}

fn is_at(path: &[Step], leaf: &Leaf) -> bool {
    let appended = leaf.path.contains(&Step::Item(usize::MAX));
    !appended && *path == *leaf.path
}
