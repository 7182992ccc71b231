//! References as they stand in scripts and inputs: their parts, and what kind of place they name.

use crate::eval::unknown;

/// Whether an unknown is one value for all jobs and steps of a run.
pub(super) fn is_constant(what: &str) -> bool {
    ["secrets.", "vars.", "variables.", "github.", "inputs."]
        .iter()
        .any(|prefix| what.starts_with(prefix))
}

/// A registry that lives no longer than the job.
pub(super) fn is_local_registry(reference: &str) -> bool {
    let host = reference.split('/').next().unwrap_or_default();
    let name = host.split(':').next().unwrap_or_default();
    reference.contains('/')
        && matches!(
            name,
            "localhost" | "127.0.0.1" | "0.0.0.0" | "registry" | "kind-registry"
        )
        && (host.contains(':') || name == "localhost")
}

/// Image and tag of a reference; without a tag it is `latest`.
#[must_use]
pub fn split(reference: &str) -> (&str, &str) {
    let path = reference.rfind('/').map_or(0, |at| at + 1);
    let name = reference.get(path..).unwrap_or_default();
    match name.split_once(':') {
        Some((short, tag)) => (reference.get(..path + short.len()).unwrap_or_default(), tag),
        // A reference that is nothing but unknown may hold its tag in itself.
        None if unknown::marks(name).count() == 1 && name.chars().count() == 1 => (reference, name),
        None => (reference, "latest"),
    }
}

pub(super) fn with_tag(reference: &str) -> String {
    let (image, tag) = split(reference);
    let image = image
        .strip_prefix("docker.io/")
        .or_else(|| image.strip_prefix("index.docker.io/"))
        .unwrap_or(image);
    let image = image.strip_prefix("library/").unwrap_or(image);
    format!("{image}:{tag}")
}

/// JSON with each unknown part as `{?}`.
pub(super) fn shown(value: serde_json::Value) -> serde_json::Value {
    use serde_json::Value as Json;
    match value {
        Json::String(text) => Json::String(unknown::pattern(&text)),
        Json::Array(items) => Json::Array(items.into_iter().map(shown).collect()),
        Json::Object(map) => Json::Object(map.into_iter().map(|(k, v)| (k, shown(v))).collect()),
        other => other,
    }
}
