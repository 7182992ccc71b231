//! Development containers: their image, and the features that are put into it.

use super::json;
use super::uses::Holder;
use crate::facts::{ImageUse, UseKind};
use crate::policy::{Environment, Evidence, Reason};
use crate::source::FileId;
use crate::yaml::Yaml;

/// Whether a path is that of a development container.
#[must_use]
pub fn is_devcontainer(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    matches!(name, "devcontainer.json" | ".devcontainer.json")
}

/// Reads a development container: JSON that may have comments and trailing commas.
#[must_use]
pub fn read(file: FileId, text: &str) -> Vec<ImageUse> {
    let plain = json::without_comments(text);
    let yaml = Yaml::parse(&plain);
    let Some(root) = yaml.first() else {
        return Vec::new();
    };
    let mut holder = Holder {
        file,
        kind: UseKind::Devcontainer,
        name: "development container".to_owned(),
        environment: Environment::Development,
        reason: Reason::Nature("development containers are for development"),
        evidence: Evidence::default(),
    };
    let mut uses: Vec<ImageUse> = Vec::new();
    uses.extend(root.get("image").and_then(|image| holder.scalar(image)));
    holder.name.push_str(", feature");
    let features = root.get("features");
    for (key, _) in features.into_iter().flat_map(|features| features.pairs()) {
        // A folder, an address, and the short names of old are no references.
        let remote =
            |text: &str| text.contains('/') && !text.starts_with('.') && !text.contains("://");
        if key.text().is_some_and(remote) {
            uses.extend(holder.scalar(key));
        }
    }
    uses
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn image_and_features() {
        let text = "// é\n{\n\t\"image\": \"mcr.microsoft.com/devcontainers/base:bookworm\", /* a \" b */\n\t\"features\": {\n\t\t\"ghcr.io/devcontainers/features/node:1\": {}, // x\n\t\t\"./local\": {},\n\t\t\"https://example.org/a.tgz\": {},\n\t},\n\t\"name\": \"http://x\",\n}\n";
        let told: Vec<_> = read(FileId(0), text)
            .into_iter()
            .map(|found| {
                let at = text.get(found.at.span.start..found.at.span.end).unwrap();
                format!("{at} {}", found.pin().name())
            })
            .collect();
        assert_eq!(
            told,
            [
                "\"mcr.microsoft.com/devcontainers/base:bookworm\" channel",
                "\"ghcr.io/devcontainers/features/node:1\" partial",
            ]
        );
    }
}
