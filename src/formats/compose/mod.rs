//! Compose files: the image of each service, read file by file, and then judged as part of the
//! projects that the files make together.

mod image;
mod resolve;
mod sample;
mod world;

use super::bake::SCHEME;
use super::uses::{Holder, path_environment};
use crate::eval::compose::interpolate::interpolate;
use crate::facts::{ImageUse, UseKind};
use crate::memory;
use crate::policy::Evidence;
use crate::source::FileId;
use crate::yaml::{Kind, NodeRef};

pub use resolve::{Member, Set, resolve};
pub use world::{Loaded, projects};

/// Whether a path is one that compose files have.
#[must_use]
pub fn is_named(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.contains("compose")
}

/// Whether a document has the shape of a compose file: services that have an image or a build, or,
/// where its name says so, a list of files to include.
#[must_use]
pub fn is_compose(path: &str, root: NodeRef<'_, '_>) -> bool {
    if root.get("apiVersion").is_some() {
        return false;
    }
    let includes = || {
        let list = root.get("include").map(NodeRef::kind);
        list == Some(Kind::Sequence) && is_named(path)
    };
    let Some(services) = root
        .get("services")
        .filter(|node| node.kind() == Kind::Mapping)
    else {
        return includes();
    };
    let service = |node: NodeRef<'_, '_>| {
        ["image", "build", "extends"]
            .iter()
            .any(|key| node.get(key).is_some())
    };
    let mut entries = services.entries().into_iter();
    entries.any(|(.., node)| service(node)) || includes()
}

/// What a compose file takes from others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Follows {
    /// Variables, in the text of an image or of a tag.
    pub variables: bool,
    /// Services of other places: it extends or includes some.
    pub files: bool,
}

impl Follows {
    /// What a document takes.
    #[must_use]
    pub fn of(root: NodeRef<'_, '_>) -> Self {
        let services = root.get("services").map(NodeRef::entries);
        let mut found = Self {
            variables: false,
            files: root.get("include").is_some(),
        };
        for (_, _, service) in services.unwrap_or_default() {
            let image = service.get("image").and_then(NodeRef::text);
            found.variables |= image.is_some_and(|image| image.contains('$'));
            found.files |= service.get("extends").is_some();
        }
        found
    }

    /// What either takes.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self {
            variables: self.variables || other.variables,
            files: self.files || other.files,
        }
    }
}

/// Reads the services of a compose file, by itself and with no variable set.
#[must_use]
pub fn read(file: FileId, path: &str, root: NodeRef<'_, '_>) -> Vec<ImageUse> {
    let Some(services) = root.get("services") else {
        return Vec::new();
    };
    let (environment, reason) = path_environment(path);
    let mut holder = Holder {
        file,
        kind: UseKind::Compose,
        name: String::new(),
        environment,
        reason,
        evidence: Evidence::default(),
    };
    let mut uses = Vec::new();
    for (name, _, service) in services.entries() {
        holder.name = format!("service {name}");
        contexts(&holder, service, &mut uses);
        let Some(image) = service.get("image").and_then(NodeRef::scalar) else {
            continue;
        };
        let text = |node: NodeRef<'_, '_>| node.text().map(str::to_owned);
        let memory = service
            .path(&["deploy", "resources", "limits", "memory"])
            .or_else(|| service.get("mem_limit"));
        let done = image::bounded(image.text).map(|text| interpolate(text, &|_| None));
        let (resolved, variables) = image::judged(image.text, done, &|_| None);
        uses.push(ImageUse {
            pull_policy: service.get("pull_policy").and_then(text),
            memory_limit: memory.and_then(NodeRef::text).and_then(memory::compose),
            built_here: service.get("build").is_some(),
            variables,
            ..holder.found(image, image.text.to_owned(), resolved)
        });
    }
    uses
}

/// The images that a build takes as further contexts.
fn contexts(holder: &Holder, service: NodeRef<'_, '_>, uses: &mut Vec<ImageUse>) {
    let Some(contexts) = service.path(&["build", "additional_contexts"]) else {
        return;
    };
    let mapped = contexts.pairs().map(|(_, value)| value);
    for scalar in mapped.chain(contexts.items()).filter_map(NodeRef::scalar) {
        // In a list each stands behind its name.
        let Some((_, image)) = scalar.text.split_once(SCHEME) else {
            continue;
        };
        let start = scalar.text.len() - image.len();
        let span = scalar.source_map().span(start..scalar.text.len());
        let done = image::bounded(image).map(|text| interpolate(text, &|_| None));
        let (resolved, variables) = image::judged(image, done, &|_| None);
        uses.push(ImageUse {
            variables,
            ..holder.at(span, image.to_owned(), resolved)
        });
    }
}
