//! What was seen at a registry: by tag, the digest and what is known of it. It can be saved, and
//! judged again without the registry.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::image::Digest;

/// What was seen of a tag.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seen {
    /// The digest that it has; `None` where that was not looked up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest: Option<Digest>,
    /// The platforms that it is for, sorted; `None` where they were not looked up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub platforms: Option<Vec<String>>,
    /// Whether a signature or an attestation is there; `None` where that was not looked up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signed: Option<bool>,
}

/// What was seen of an image.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Observed {
    /// The image, without tag.
    pub image: String,
    /// Whether all its tags are here.
    #[serde(default = "yes")]
    pub complete: bool,
    /// What could not be seen, and why.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub partial: Vec<String>,
    /// Its tags.
    pub tags: BTreeMap<String, Seen>,
}

/// What was seen of several images, as it is saved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Saved {
    /// The version of this form: 1.
    pub schema: u32,
    /// The images.
    pub images: Vec<Observed>,
}

fn yes() -> bool {
    true
}

impl Observed {
    /// Nothing but names of tags.
    #[must_use]
    pub fn listed(image: &str, tags: impl IntoIterator<Item = String>) -> Self {
        Self {
            image: image.to_owned(),
            complete: true,
            partial: Vec::new(),
            tags: tags.into_iter().map(|tag| (tag, Seen::default())).collect(),
        }
    }

    /// The digest of a tag, where it was looked up.
    #[must_use]
    pub fn digest(&self, tag: &str) -> Option<&Digest> {
        self.tags.get(tag)?.digest.as_ref()
    }

    /// Whether everything that was looked for was seen.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.complete && self.partial.is_empty()
    }
}

impl Saved {
    /// Several images, to be saved.
    #[must_use]
    pub fn of(images: Vec<Observed>) -> Self {
        Self { schema: 1, images }
    }

    /// Reads what was saved.
    ///
    /// # Errors
    /// It is no JSON of this form, or a later one.
    pub fn read(text: &str) -> Result<Self, String> {
        let saved: Self = serde_json::from_str(text).map_err(|error| error.to_string())?;
        match saved.schema {
            1 => Ok(saved),
            other => Err(format!("it has schema {other}, and only 1 is known")),
        }
    }

    /// The image of this name.
    #[must_use]
    pub fn image(&self, name: &str) -> Option<&Observed> {
        self.images.iter().find(|image| image.image == name)
    }

    /// As JSON, with a line break at the end.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = serde_json::to_string_pretty(self).unwrap_or_default();
        text.push('\n');
        text
    }
}
