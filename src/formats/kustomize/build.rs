//! A build of one kustomization: takes up resources, bases and components, and applies patches,
//! names and `images` in kustomize's order, keeping for each image where it was decided.

use super::definition::{Definition, ImageEntry, Layer, Located};
use super::field::{self, FieldSpec, Step};
use super::live::{Live, LiveObject};
use super::object::Object;
use super::patch::{Body, Operation, Patch};
use super::tree::{Target, Tree, folder_of};
use crate::source::Place;

/// Kustomizations nested deeper than this are not followed.
const MAX_DEPTH: usize = 48;

/// One build takes up no more kustomizations than this: by way of several others each, a few lead to
/// more than there is memory for.
const MAX_TAKEN: usize = 1_000;

/// What all builds of a run may cost together. What is not built is judged by itself.
pub(super) struct Budget {
    /// Kustomizations taken up.
    steps: usize,
    /// Objects taken up.
    objects: usize,
    /// Images compared with entries.
    comparisons: usize,
}

impl Budget {
    pub(super) fn new() -> Self {
        Self {
            steps: 100_000,
            objects: 200_000,
            comparisons: 5_000_000,
        }
    }
}

/// Takes one from a part of the budget; tells whether there was one left.
fn spend(part: &mut usize) -> bool {
    let left = *part > 0;
    *part = part.saturating_sub(1);
    left
}

/// One build, from a root.
pub(super) struct Build<'t, 'a> {
    tree: &'t Tree<'a>,
    /// The folders that lead to the kustomization at hand, the root first.
    stack: Vec<String>,
    budget: &'t mut Budget,
    /// The definitions taken up, each with its folder.
    pub(super) taken: Vec<(String, &'a Definition)>,
    /// Images, entries of `images` and patches that have a part in what is built.
    pub(super) met: Vec<Place>,
    /// Entries and patches that met nothing.
    pub(super) idle: Vec<Place>,
    /// Whether resources exist that are not known here.
    pub(super) open: bool,
    /// What kustomize refuses, and where.
    pub(super) faults: Vec<(String, Place)>,
}

/// What a kustomization has come to so far.
#[derive(Default)]
pub(super) struct State<'a> {
    pub(super) objects: Vec<LiveObject<'a>>,
    /// Fields beyond kustomize's own.
    specs: Vec<&'a FieldSpec>,
}

impl<'t, 'a> Build<'t, 'a> {
    pub(super) fn new(tree: &'t Tree<'a>, budget: &'t mut Budget) -> Self {
        Self {
            tree,
            stack: Vec::new(),
            budget,
            taken: Vec::new(),
            met: Vec::new(),
            idle: Vec::new(),
            open: false,
            faults: Vec::new(),
        }
    }

    /// Builds a definition whose paths start in a folder.
    pub(super) fn run(&mut self, folder: &str, definition: &'a Definition) -> State<'a> {
        let mut state = State::default();
        self.stack.push(folder.to_owned());
        self.accumulate(folder, definition, &mut state);
        self.stack.pop();
        state
    }

    fn accumulate(&mut self, folder: &str, definition: &'a Definition, state: &mut State<'a>) {
        let too_much = self.taken.len() >= MAX_TAKEN || self.stack.len() > MAX_DEPTH;
        if too_much || !spend(&mut self.budget.steps) {
            self.open = true;
            return;
        }
        self.taken.push((folder.to_owned(), definition));
        self.open |= definition.open;
        for resource in &definition.resources {
            self.resource(folder, definition, resource, state);
        }
        for configuration in &definition.configurations {
            match self.tree.find(folder, &configuration.text) {
                Target::File(notes) => {
                    let specs = notes.map(|notes| notes.specs.iter());
                    state.specs.extend(specs.into_iter().flatten());
                }
                _ => self.open = true,
            }
        }
        for component in &definition.components {
            self.component(folder, component, state);
        }
        self.transform(folder, definition, state);
    }

    fn resource(
        &mut self,
        folder: &str,
        definition: &'a Definition,
        resource: &'a Located,
        state: &mut State<'a>,
    ) {
        if resource.is_remote() {
            self.open = true;
            return;
        }
        let outer = matches!(definition.layer, Layer::Flux | Layer::Argo);
        let text = if outer { "." } else { resource.text.as_str() };
        match self.tree.find(folder, text) {
            Target::File(Some(notes)) if notes.definitions.is_empty() || !outer => {
                self.take(&notes.objects, state);
            }
            Target::File(_) => {}
            Target::Folder(child, found) => {
                if found.layer == Layer::Component && !outer {
                    let text = format!(
                        "`{}` is a component, and kustomize takes it up under `components` only",
                        resource.text
                    );
                    self.faults.push((text, resource.at));
                    return;
                }
                if !outer && self.contains_a_visited(&child, resource) {
                    return;
                }
                let mut inner = State::default();
                self.stack.push(child.clone());
                self.accumulate(&child, found, &mut inner);
                self.stack.pop();
                for object in &mut inner.objects {
                    object.come_by(Some(resource.at), &child, found);
                }
                state.objects.append(&mut inner.objects);
                state.specs.append(&mut inner.specs);
            }
            Target::Ambiguous => {
                let text = format!("`{}` holds several kustomizations", resource.text);
                self.faults.push((text, resource.at));
            }
            Target::Nowhere if definition.layer == Layer::Flux => self.plain(folder, state),
            Target::Nowhere => {
                // A folder above, without a kustomization of its own, is refused all the same.
                self.open = true;
            }
        }
    }

    /// Whether a folder is, or holds, one that is being built: kustomize calls that a cycle.
    fn contains_a_visited(&mut self, child: &str, resource: &Located) -> bool {
        let holds = |visited: &&String| {
            visited
                .strip_prefix(child)
                .is_some_and(|rest| child.is_empty() || rest.is_empty() || rest.starts_with('/'))
        };
        let Some(visited) = self.stack.iter().find(holds) else {
            return false;
        };
        let shown = |folder: &str| match folder {
            "" => ".".to_owned(),
            folder => folder.to_owned(),
        };
        let text = if visited == child {
            format!(
                "`{}` leads back to `{}`: kustomize refuses the cycle",
                resource.text,
                shown(child)
            )
        } else {
            format!(
                "`{}` holds `{}`, which is being built: kustomize refuses the cycle",
                resource.text,
                shown(visited)
            )
        };
        self.faults.push((text, resource.at));
        self.open = true;
        true
    }

    /// What Flux makes of a folder without a kustomization: everything below it.
    fn plain(&mut self, folder: &str, state: &mut State<'a>) {
        let (files, folders) = self.tree.below(folder);
        for file in files {
            if let Some(notes) = self.tree.notes(file) {
                self.take(&notes.objects, state);
            }
        }
        for child in folders {
            if let Target::Folder(child, found) = self.tree.find(&child, ".") {
                let mut inner = State::default();
                self.stack.push(child.clone());
                self.accumulate(&child, found, &mut inner);
                self.stack.pop();
                for object in &mut inner.objects {
                    object.come_by(None, &child, found);
                }
                state.objects.append(&mut inner.objects);
            }
        }
    }

    fn component(&mut self, folder: &str, component: &'a Located, state: &mut State<'a>) {
        if component.is_remote() {
            self.open = true;
            return;
        }
        match self.tree.find(folder, &component.text) {
            Target::Folder(child, found) if found.layer == Layer::Component => {
                if self.contains_a_visited(&child, component) {
                    return;
                }
                self.stack.push(child.clone());
                self.accumulate(&child, found, state);
                self.stack.pop();
            }
            Target::Folder(..) => {
                let text = format!(
                    "`{}` is no component: kustomize wants `kind: Component` there",
                    component.text
                );
                self.faults.push((text, component.at));
            }
            _ => self.open = true,
        }
    }

    fn take(&mut self, objects: &'a [Object], state: &mut State<'a>) {
        for object in objects {
            if !spend(&mut self.budget.objects) {
                self.open = true;
                return;
            }
            self.met.extend(object.leaves.iter().map(|leaf| leaf.at));
            state.objects.push(LiveObject::new(object));
        }
    }

    fn transform(&mut self, folder: &str, definition: &'a Definition, state: &mut State<'a>) {
        for patch in &definition.patches {
            self.patch(folder, patch, state);
        }
        for object in &mut state.objects {
            object.renamed(definition);
        }
        for patch in &definition.late_patches {
            self.patch(folder, patch, state);
        }
        for entry in &definition.images {
            self.image(entry, state);
        }
        let elsewhere = definition.replacements.iter();
        let elsewhere = elsewhere.filter_map(|file| match self.tree.find(folder, &file.text) {
            Target::File(notes) => notes,
            _ => None,
        });
        let elsewhere = elsewhere.flat_map(|notes| &notes.replaced);
        for replaced in definition.replaced.iter().chain(elsewhere) {
            for object in &mut state.objects {
                object.replaced(replaced);
            }
        }
    }

    fn patch(&mut self, folder: &str, patch: &'a Patch, state: &mut State<'a>) {
        let (merges, operations): (&'a [Object], &'a [Operation]) = match &patch.body {
            Body::Inline(content) => (&content.merges, &content.operations),
            Body::File(file) => match self.tree.find(folder, &file.text) {
                Target::File(Some(notes)) => (&notes.objects, &notes.operations),
                _ => return,
            },
        };
        for merge in merges {
            let mut met = false;
            for object in &mut state.objects {
                let meant = match &patch.target {
                    Some(target) => {
                        target.selects(object.object, &object.names, &object.namespaces)
                    }
                    None => object.is(merge),
                };
                if meant {
                    object.merge(merge);
                    met = true;
                }
            }
            self.note(met, merge);
            state.objects.retain(|object| !object.deleted);
        }
        for operation in operations {
            let mut met = false;
            let Some(target) = &patch.target else {
                continue;
            };
            for object in &mut state.objects {
                if target.selects(object.object, &object.names, &object.namespaces) {
                    object.operate(operation);
                    met = true;
                }
            }
            self.note(met, &operation.value);
        }
    }

    /// Notes whether a patch met anything.
    fn note(&mut self, met: bool, patch: &Object) {
        let list = if met { &mut self.met } else { &mut self.idle };
        list.extend(patch.leaves.iter().map(|leaf| leaf.at));
    }

    fn image(&mut self, entry: &'a ImageEntry, state: &mut State<'a>) {
        let mut met = false;
        for live in &mut state.objects {
            let object = live.object;
            if object.kind == "CustomResourceDefinition" {
                continue;
            }
            for leaf in &mut live.leaves {
                let configured = |path: &[Step]| {
                    let reaches =
                        |spec: &&&FieldSpec| spec.reaches(&object.api_version, &object.kind, path);
                    state.specs.iter().find(reaches).is_some()
                };
                // Two searches run one after the other, so that what both reach is changed twice:
                // a suffix is there twice then.
                let reached = [
                    field::is_container_image(&leaf.path),
                    field::is_built_in(&leaf.path) || configured(&leaf.path),
                ];
                for _ in reached.iter().filter(|reached| **reached) {
                    if !spend(&mut self.budget.comparisons) {
                        self.open = true;
                        leaf.unknown = Some("an image among too many".to_owned());
                        continue;
                    }
                    met |= change(leaf, entry);
                }
            }
        }
        let list = if met { &mut self.met } else { &mut self.idle };
        list.push(entry.at);
    }
}

/// Applies an entry to one image.
fn change(leaf: &mut Live, entry: &ImageEntry) -> bool {
    let Some(new) = entry.transformer.transform(&leaf.text) else {
        return false;
    };
    if entry.transformer.change().decides_version() {
        leaf.decided = entry.at;
        leaf.unknown = None;
    } else if entry.at != leaf.decided && new != leaf.text {
        leaf.also(entry.at, "renamed here");
    }
    leaf.text = new;
    true
}

/// The folder from which the paths of a definition start.
pub(super) fn base_of(tree: &Tree<'_>, path: &str, definition: &Definition) -> Option<String> {
    match definition.layer {
        Layer::Kustomization | Layer::Component => Some(folder_of(path).to_owned()),
        Layer::Flux | Layer::Argo => {
            let folder = definition.resources.first()?;
            tree.outer_folder(path, &folder.text)
        }
    }
}
