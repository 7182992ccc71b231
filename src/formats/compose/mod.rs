//! Compose files: the image of each service.

pub mod interpolate;

use super::uses::{Found, resolve};
use crate::facts::{ImageUse, Resolved, UseKind};
use crate::policy::Environment;
use crate::source::FileId;
use crate::yaml::{Kind, NodeRef};
use interpolate::{InterpolateError, interpolate};

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
    let (environment, reason) = Environment::of_path(path).unwrap_or_else(|| {
        (
            Environment::Unknown,
            "nothing says what it deploys to".to_owned(),
        )
    });
    let mut uses = Vec::new();
    for (name, _, service) in services.entries() {
        let Some(image) = service.get("image").and_then(NodeRef::scalar) else {
            continue;
        };
        let memory = service
            .path(&["deploy", "resources", "limits", "memory"])
            .or_else(|| service.get("mem_limit"));
        let found = Found {
            file,
            scalar: image,
            kind: UseKind::Compose,
            holder: format!("service {name}"),
            environment,
            reason: reason.clone(),
            pull_policy: service
                .get("pull_policy")
                .and_then(NodeRef::text)
                .map(str::to_owned),
            memory_limit: memory.and_then(NodeRef::text).and_then(bytes),
            built_here: service.get("build").is_some(),
        };
        uses.push(found.with(resolved(image.text)));
    }
    uses
}

/// What an image text comes to, with nothing set: defaults count, other variables are unresolved.
fn resolved(text: &str) -> Resolved {
    if !text.contains('$') {
        return resolve(text);
    }
    match interpolate(text, &|_| None) {
        Ok(done) if done.unset.is_empty() => resolve(&done.text),
        Ok(done) => Resolved::Unresolved(format!("${{{}}}", done.unset.join("}, ${"))),
        Err(InterpolateError::Required { name, .. }) => {
            Resolved::Unresolved(format!("${{{name}}}"))
        }
        Err(error @ InterpolateError::Invalid(_)) => Resolved::Invalid(error.to_string()),
    }
}

/// A size as compose writes it: `512m`, `1.5gb`.
fn bytes(text: &str) -> Option<u64> {
    let lower = text.trim().to_ascii_lowercase();
    let digits = lower
        .find(|c: char| !c.is_ascii_digit() && c != '.')
        .unwrap_or(lower.len());
    let (number, unit) = lower.split_at_checked(digits)?;
    let number: f64 = number.parse().ok()?;
    let factor = match unit.trim() {
        "" | "b" => 1_u64,
        "k" | "kb" | "kib" => 1 << 10,
        "m" | "mb" | "mib" => 1 << 20,
        "g" | "gb" | "gib" => 1 << 30,
        _ => return None,
    };
    Some((number * factor as f64) as u64)
}
