//! The images in values of a chart, taken apart: another file may give one part of one.

use super::{filled, holds_tag, names_image, tag_place};
use crate::formats::uses::Ground;
use crate::source::Place;
use crate::yaml::{Kind, NodeRef, Scalar};

/// Values nested deeper than this are not walked.
const MAX_DEPTH: usize = 64;

/// A part of an image; empty text means that there is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Its text.
    pub text: String,
    /// Where it stands, or is to be written.
    pub at: Place,
}

/// An image, or some parts of one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ImageValue {
    /// The keys that lead to it.
    pub keys: Vec<String>,
    /// `registry`.
    pub registry: Option<Part>,
    /// `repository`, or the whole reference where the image is a scalar.
    pub repository: Option<Part>,
    /// `tag`.
    pub tag: Option<Part>,
    /// `digest`.
    pub digest: Option<Part>,
}

impl ImageValue {
    /// Takes the parts that values above give.
    pub(super) fn overlay(&mut self, over: &Self) {
        for (part, new) in [
            (&mut self.registry, &over.registry),
            (&mut self.repository, &over.repository),
            (&mut self.tag, &over.tag),
            (&mut self.digest, &over.digest),
        ] {
            if new.is_some() {
                part.clone_from(new);
            }
        }
    }

    /// Every part that it has.
    pub(super) fn parts(&self) -> impl Iterator<Item = &Part> {
        let parts = [&self.registry, &self.repository, &self.tag, &self.digest];
        parts.into_iter().flatten()
    }

    /// The place where the reader of values has the image.
    pub(super) fn place(&self) -> Option<Place> {
        let full = |part: &&Part| !part.text.is_empty();
        let tag = self.tag.as_ref();
        let digest = self.digest.as_ref().filter(full);
        Some(tag.or(digest).or(self.repository.as_ref())?.at)
    }
}

/// Every image in values.
pub(super) fn images(ground: Ground<'_>, root: NodeRef<'_, '_>) -> Vec<ImageValue> {
    let mut found = Vec::new();
    walk(ground, root, &mut Vec::new(), &mut found);
    found
}

fn walk(
    ground: Ground<'_>,
    node: NodeRef<'_, '_>,
    keys: &mut Vec<String>,
    found: &mut Vec<ImageValue>,
) {
    if keys.len() > MAX_DEPTH || node.is_alias() {
        return;
    }
    let part = |scalar: Scalar<'_>| Part {
        text: match scalar.text.trim() {
            "~" | "null" => String::new(),
            text => text.to_owned(),
        },
        at: ground.place(scalar.span),
    };
    let get = |key: &str| node.get(key).and_then(NodeRef::scalar).map(part);
    let under_image = keys.last().is_some_and(|key| names_image(key));
    let repository = get("repository").or_else(|| get("name").filter(|_| under_image));
    let mapping = ImageValue {
        keys: keys.clone(),
        registry: get("registry"),
        tag: tag_place(node).map(part),
        digest: get("digest").or_else(|| get("sha")),
        repository,
    };
    let elsewhere = |part: &Part| part.text.contains("://");
    if mapping.parts().next().is_some() && !mapping.repository.as_ref().is_some_and(elsewhere) {
        found.push(mapping);
    }
    for (key, value) in node.pairs() {
        let key = key.text().unwrap_or_default();
        keys.push(key.to_owned());
        match value.kind() {
            Kind::Scalar if names_image(key) => {
                let siblings = ["imageTag", "tag"].iter().filter_map(|key| get(key));
                if let Some(image) = filled(value) {
                    found.push(ImageValue {
                        keys: keys.clone(),
                        tag: siblings
                            .into_iter()
                            .find(|tag| !tag.text.is_empty() && !holds_tag(image.text)),
                        repository: Some(part(image)),
                        ..ImageValue::default()
                    });
                }
            }
            Kind::Mapping => walk(ground, value, keys, found),
            _ => {}
        }
        keys.pop();
    }
}
