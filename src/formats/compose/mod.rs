//! Compose files: the image of each service.

pub mod interpolate;

use super::bake::SCHEME;
use super::memory;
use super::uses::{Holder, path_environment, resolve};
use crate::facts::{ImageUse, Resolved, UseKind};
use crate::source::FileId;
use crate::yaml::{Kind, NodeRef};
use interpolate::{InterpolateError, interpolate};

/// Longer templates are not interpolated: no reference is nearly as long.
const MAX_TEMPLATE: usize = 8 * 1024;

/// Whether a document has the shape of a compose file: services that have an image or a build.
#[must_use]
pub fn is_compose(root: NodeRef<'_, '_>) -> bool {
    let Some(services) = root
        .get("services")
        .filter(|node| node.kind() == Kind::Mapping)
    else {
        return false;
    };
    let service = |node: NodeRef<'_, '_>| {
        ["image", "build", "extends"]
            .iter()
            .any(|key| node.get(key).is_some())
    };
    root.get("apiVersion").is_none()
        && services
            .entries()
            .into_iter()
            .any(|(.., node)| service(node))
}

/// Reads the services of a compose file.
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
        uses.push(ImageUse {
            pull_policy: service.get("pull_policy").and_then(text),
            memory_limit: memory.and_then(NodeRef::text).and_then(memory::compose),
            built_here: service.get("build").is_some(),
            ..holder.found(image, image.text.to_owned(), resolved(image.text))
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
        uses.push(holder.at(span, image.to_owned(), resolved(image)));
    }
}

/// What an image text comes to, with nothing set: defaults count, other variables are unresolved.
fn resolved(text: &str) -> Resolved {
    if !text.contains('$') {
        return resolve(text);
    }
    if text.len() > MAX_TEMPLATE {
        return Resolved::Invalid(format!("it is longer than {MAX_TEMPLATE} bytes"));
    }
    match interpolate(text, &|_| None) {
        // `$$` leaves a dollar, which is no placeholder any more.
        Ok(done) if done.unset.is_empty() && done.text.contains('$') => {
            Resolved::Invalid("it contains a `$`".to_owned())
        }
        Ok(done) if done.unset.is_empty() => resolve(&done.text),
        Ok(done) => Resolved::Unresolved(format!("${{{}}}", done.unset.join("}, ${"))),
        Err(InterpolateError::Required { name, .. }) => {
            Resolved::Unresolved(format!("${{{name}}}"))
        }
        Err(error @ InterpolateError::Invalid(_)) => Resolved::Invalid(error.to_string()),
    }
}
