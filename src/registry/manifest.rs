//! Manifests: what an image consists of, and for which platforms.

use serde::Deserialize;

use crate::image::Digest;

/// The media types of manifests that are understood, for the header `Accept`.
pub(super) const ACCEPT: &str = "application/vnd.oci.image.index.v1+json, \
     application/vnd.docker.distribution.manifest.list.v2+json, \
     application/vnd.oci.image.manifest.v1+json, \
     application/vnd.docker.distribution.manifest.v2+json";

/// An index with more entries than this is refused.
const MAX_ENTRIES: usize = 1000;

/// A manifest, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manifest {
    /// What it lists: images for platforms, or what refers to an image; empty for a single image.
    pub entries: Vec<Descriptor>,
    /// The configuration of a single image.
    pub config: Option<Digest>,
}

/// One entry of an index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Descriptor {
    /// What it names.
    pub digest: Digest,
    /// `linux/amd64`, `linux/arm/v7`; `None` where the entry is for none, such as an attestation.
    pub platform: Option<String>,
    /// What kind of artifact it is, where that is told.
    pub artifact_type: String,
}

#[derive(Deserialize)]
struct Document {
    #[serde(default)]
    manifests: Option<Vec<Entry>>,
    #[serde(default)]
    config: Option<Named>,
}

#[derive(Deserialize)]
struct Named {
    digest: String,
}

#[derive(Deserialize)]
struct Entry {
    digest: String,
    #[serde(default)]
    platform: Option<Platform>,
    #[serde(default, rename = "artifactType")]
    artifact_type: String,
}

#[derive(Deserialize)]
pub(super) struct Platform {
    #[serde(default)]
    os: String,
    #[serde(default)]
    architecture: String,
    #[serde(default)]
    variant: String,
}

impl Platform {
    /// `os/architecture[/variant]`; `None` where it names no platform.
    pub(super) fn text(&self) -> Option<String> {
        let known = |part: &str| !part.is_empty() && part != "unknown";
        if !known(&self.os) || !known(&self.architecture) {
            return None;
        }
        // Every arm64 is v8: some builders say so, and some do not.
        let variant = match (self.architecture.as_str(), self.variant.as_str()) {
            ("arm64", "v8") | (_, "") => String::new(),
            (_, variant) => format!("/{variant}"),
        };
        Some(format!("{}/{}{variant}", self.os, self.architecture))
    }
}

impl Manifest {
    /// Reads a manifest or an index.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(super) fn read(bytes: &[u8]) -> Result<Self, String> {
        let document: Document =
            serde_json::from_slice(bytes).map_err(|error| format!("no manifest: {error}"))?;
        let digest = |text: &str| {
            Digest::parse(text).map_err(|error| format!("a manifest with a bad digest: {error}"))
        };
        let Some(entries) = document.manifests else {
            let config = document.config.ok_or("a manifest without configuration")?;
            return Ok(Self {
                entries: Vec::new(),
                config: Some(digest(&config.digest)?),
            });
        };
        if entries.len() > MAX_ENTRIES {
            return Err(format!("an index with more than {MAX_ENTRIES} entries"));
        }
        let entries = entries.into_iter().map(|entry| {
            Ok(Descriptor {
                digest: digest(&entry.digest)?,
                platform: entry.platform.as_ref().and_then(Platform::text),
                artifact_type: entry.artifact_type,
            })
        });
        Ok(Self {
            entries: entries.collect::<Result<_, String>>()?,
            config: None,
        })
    }

    /// The platforms of an index, sorted, each once.
    #[must_use]
    pub fn platforms(&self) -> Vec<String> {
        let named = self
            .entries
            .iter()
            .filter_map(|entry| entry.platform.clone());
        let sorted: std::collections::BTreeSet<String> = named.collect();
        sorted.into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_index_tells_its_platforms() {
        let hex = "a".repeat(64);
        let entry =
            |platform: &str| format!(r#"{{"digest":"sha256:{hex}","platform":{platform}}}"#);
        let text = format!(
            r#"{{"manifests":[{},{},{},{}]}}"#,
            entry(r#"{"os":"linux","architecture":"arm64","variant":"v8"}"#),
            entry(r#"{"os":"linux","architecture":"amd64"}"#),
            entry(r#"{"os":"unknown","architecture":"unknown"}"#),
            entry(r#"{"os":"linux","architecture":"arm","variant":"v7"}"#),
        );
        let manifest = Manifest::read(text.as_bytes()).unwrap();
        assert_eq!(
            manifest.platforms(),
            ["linux/amd64", "linux/arm/v7", "linux/arm64"]
        );
    }

    #[test]
    fn what_is_no_manifest_is_refused() {
        for bad in [
            "",
            "[]",
            "{}",
            "<html>",
            r#"{"manifests":[{"digest":"x"}]}"#,
            r#"{"config":{"digest":"md5:1"}}"#,
        ] {
            assert!(Manifest::read(bad.as_bytes()).is_err(), "{bad}");
        }
    }
}
