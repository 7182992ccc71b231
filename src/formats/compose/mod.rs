//! Compose files: the image of each service.

use super::memory;
use super::uses::{Holder, path_environment, resolve};
use crate::eval::compose::interpolate::{Came, InterpolateError, interpolate};
use crate::facts::{ImageUse, Resolved, UseKind};
use crate::source::FileId;
use crate::yaml::{Kind, NodeRef};

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
        let Some(image) = service.get("image").and_then(NodeRef::scalar) else {
            continue;
        };
        let text = |node: NodeRef<'_, '_>| node.text().map(str::to_owned);
        let memory = service
            .path(&["deploy", "resources", "limits", "memory"])
            .or_else(|| service.get("mem_limit"));
        holder.name = format!("service {name}");
        uses.push(ImageUse {
            pull_policy: service.get("pull_policy").and_then(text),
            memory_limit: memory.and_then(NodeRef::text).and_then(memory::compose),
            built_here: service.get("build").is_some(),
            ..holder.found(image, image.text.to_owned(), resolved(image.text))
        });
    }
    uses
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
        Ok(done) => match done.variables(Came::Unset).as_slice() {
            // `$$` leaves a dollar, which is no placeholder any more.
            [] if done.text.contains('$') => Resolved::Invalid("it contains a `$`".to_owned()),
            [] => resolve(&done.text),
            unset => Resolved::Unresolved(format!("${{{}}}", unset.join("}, ${"))),
        },
        Err(InterpolateError::Required { name, .. }) => {
            Resolved::Unresolved(format!("${{{name}}}"))
        }
        Err(error) => Resolved::Invalid(error.to_string()),
    }
}
