//! From the kustomizations of a run to what each root of them deploys.
//!
//! A root is a kustomization that no other one takes up, or an object of Flux or Argo CD over a
//! folder of the repository. What no root takes up is left to be judged by itself.

use std::collections::{HashMap, HashSet};

use super::build::{self, Budget, Build};
use super::definition::{Definition, Layer};
use super::field::Step;
use super::live::{Live, LiveObject};
use super::tree::{Target, Tree};
use crate::facts::{Deployment, ImageUse, Resolved};
use crate::formats::deploy::Deployed;
use crate::formats::uses::resolve as resolved;
use crate::policy::{Environment, Evidence, Reason};
use crate::source::Place;

/// Every image use by its place.
pub(in crate::formats) type Uses<'a> = HashMap<Place, &'a ImageUse>;

/// Builds every root of a tree.
pub(in crate::formats) fn resolve(tree: &Tree<'_>, uses: &Uses<'_>, deployed: &mut Deployed) {
    let mut resolution = Resolution {
        tree,
        uses,
        taken: HashSet::new(),
        idle: HashSet::new(),
        open: HashSet::new(),
        deployed,
        budget: Budget::new(),
    };
    let included = included(tree);
    let alone = |definition: &&(&str, &Definition)| match definition.1.layer {
        Layer::Kustomization => !included.contains(&key(definition.1)),
        Layer::Component => false,
        Layer::Flux | Layer::Argo => true,
    };
    let all: Vec<_> = tree.definitions().collect();
    for (path, definition) in all.iter().filter(alone) {
        resolution.root(path, definition);
    }
    // What is left leads in circles.
    for (path, definition) in &all {
        let left = definition.layer == Layer::Kustomization
            && !resolution.taken.contains(&key(definition));
        if left {
            resolution.root(path, definition);
        }
    }
    let Resolution { idle, open, .. } = resolution;
    deployed.governed.extend(idle.difference(&open));
}

/// What tells definitions apart.
fn key(definition: &Definition) -> *const Definition {
    std::ptr::from_ref(definition)
}

/// The kustomizations that others take up.
fn included(tree: &Tree<'_>) -> HashSet<*const Definition> {
    let mut included = HashSet::new();
    for (path, definition) in tree.definitions() {
        let Some(folder) = build::base_of(tree, path, definition) else {
            continue;
        };
        let outer = matches!(definition.layer, Layer::Flux | Layer::Argo);
        for resource in &definition.resources {
            let text = if outer { "." } else { resource.text.as_str() };
            match tree.find(&folder, text) {
                Target::Folder(_, found) => {
                    included.insert(key(found));
                }
                // What Flux takes up as it is may hold kustomizations.
                Target::Nowhere if definition.layer == Layer::Flux => {
                    for child in tree.below(&folder).1 {
                        if let Target::Folder(_, found) = tree.find(&child, ".") {
                            included.insert(key(found));
                        }
                    }
                }
                _ => {}
            }
        }
    }
    included
}

struct Resolution<'r, 'a> {
    tree: &'r Tree<'a>,
    uses: &'r Uses<'r>,
    taken: HashSet<*const Definition>,
    /// Entries and patches that met nothing where everything is known.
    idle: HashSet<Place>,
    /// Likewise, where something is not known: they may meet that.
    open: HashSet<Place>,
    deployed: &'r mut Deployed,
    budget: Budget,
}

impl<'a> Resolution<'_, 'a> {
    fn root(&mut self, path: &str, definition: &'a Definition) {
        let Some(folder) = build::base_of(self.tree, path, definition) else {
            return;
        };
        let mut build = Build::new(self.tree, &mut self.budget);
        let state = build.run(&folder, definition);
        self.taken
            .extend(build.taken.iter().map(|(_, one)| key(one)));
        self.deployed.governed.extend(&build.met);
        let idle = if build.open {
            &mut self.open
        } else {
            &mut self.idle
        };
        idle.extend(&build.idle);
        for fault in build.faults {
            if !self.deployed.faults.contains(&fault) {
                self.deployed.faults.push(fault);
            }
        }
        let root = Root {
            path,
            evidence: evidence(path, definition),
            noted: noted(definition),
        };
        for object in &state.objects {
            self.object(&root, object);
        }
    }

    fn object(&mut self, root: &Root<'_>, object: &LiveObject<'a>) {
        for live in object.leaves.iter().filter(|live| live.used) {
            let Some(found) = self.uses.get(&live.origin) else {
                continue;
            };
            let mut judged = if object.object.holds_values() {
                self.values(object, live, found)
            } else {
                self.reference(live, found)
            };
            let (environment, reason) = root.environment(object, found);
            judged.environment = environment;
            judged.environment_reason = reason;
            judged.evidence = root.noted.clone().over(judged.evidence);
            let deployment = judged.deployment.get_or_insert_default();
            deployment.root = root.path.to_owned();
            let at = judged.at;
            let taken = object.came_by.last();
            if let Some(taken) = taken.filter(|taken| taken.file != at.file) {
                deployment
                    .related
                    .push((*taken, "taken up here".to_owned()));
            }
            deployment.related.retain(|(place, _)| *place != at);
            self.deployed.uses.push(judged);
        }
    }

    /// The image that a reference has come to.
    fn reference(&self, live: &Live, found: &ImageUse) -> ImageUse {
        let by = self.uses.get(&live.decided).copied().unwrap_or(found);
        let written = live.text.clone();
        let mut related = Vec::new();
        if live.decided != live.origin {
            related.push((live.origin, format!("decides over `{}`", found.written)));
        }
        related.extend(live.via.iter().cloned());
        ImageUse {
            resolved: match &live.unknown {
                Some(what) => Resolved::Unresolved(what.clone()),
                None if written == found.written => found.resolved.clone(),
                None => resolved(written.trim()),
            },
            written,
            at: live.decided,
            kind: by.kind,
            deployment: Some(Box::new(Deployment {
                related,
                ..Deployment::default()
            })),
            ..found.clone()
        }
    }

    /// The image that the values of a chart have come to: its parts are scalars of their own.
    fn values(&self, object: &LiveObject<'_>, live: &Live, found: &ImageUse) -> ImageUse {
        let Some((Step::Key(_), mapping)) = live.path.split_last() else {
            return self.reference(live, found);
        };
        let part = |name: &str| {
            let mut leaves = object.leaves.iter();
            leaves.find(|leaf| {
                let Some((Step::Key(last), before)) = leaf.path.split_last() else {
                    return false;
                };
                last == name && before == mapping && !matches!(leaf.text.trim(), "" | "~" | "null")
            })
        };
        let (tag, digest) = (part("tag"), part("digest"));
        let Some(repository) = part("repository") else {
            return self.reference(live, found);
        };
        let parts = [Some(repository), part("registry"), tag, digest];
        let patched = parts
            .iter()
            .flatten()
            .find(|leaf| leaf.decided != leaf.origin || leaf.origin.file != found.at.file);
        if patched.is_none() {
            return found.clone();
        }
        let mut written = match part("registry") {
            Some(registry) => format!(
                "{}/{}",
                registry.text.trim_end_matches('/'),
                repository.text
            ),
            None => repository.text.clone(),
        };
        for (separator, part) in [(':', tag), ('@', digest)] {
            if let Some(part) = part {
                written.push(separator);
                written.push_str(&part.text);
            }
        }
        let decided = tag.or(digest).unwrap_or(repository).decided;
        ImageUse {
            resolved: match tag.or(digest) {
                Some(_) => resolved(&written),
                None => found.resolved.clone(),
            },
            written,
            at: decided,
            deployment: Some(Box::new(Deployment {
                related: vec![(found.at, format!("decides over `{}`", found.written))],
                ..Deployment::default()
            })),
            ..found.clone()
        }
    }
}

/// A root, and what it says of where it deploys to.
struct Root<'p> {
    path: &'p str,
    evidence: Option<(Environment, Reason)>,
    noted: Evidence,
}

impl Root<'_> {
    /// What a root deploys to: by what it says itself, what the kustomizations below say, and last
    /// what the object says.
    fn environment(&self, object: &LiveObject<'_>, own: &ImageUse) -> (Environment, Reason) {
        let says = || {
            let lineage = object.lineage.iter().rev();
            lineage
                .filter_map(|(path, definition)| evidence(path, definition))
                .next()
        };
        let own = || (own.environment, own.environment_reason.clone());
        self.evidence.clone().or_else(says).unwrap_or_else(own)
    }
}

/// What a kustomization says of where it deploys to.
fn noted(definition: &Definition) -> Evidence {
    Evidence {
        namespace: definition.namespace.clone(),
        labels: definition.labels.as_slice().into(),
        cluster: true,
    }
}

fn evidence(path: &str, definition: &Definition) -> Option<(Environment, Reason)> {
    Environment::of_evidence(path, &noted(definition))
}
