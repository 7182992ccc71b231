//! The outputs of the step, as later steps read them.
//!
//! A line that may or may not be there cannot be written into text: it is one unknown part there.
//! Who wants to know more reads the tags and images themselves.

use serde_json::{Map, Value as Json, json};

use super::Metadata;
use crate::eval::unknown::Unknowns;

/// The name of the target in the bake file, unless the input says another.
pub const BAKE_TARGET: &str = "docker-metadata-action";

/// One line of the output `tags`: an image with one of its tags.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// `image:tag`, or the tag alone where no image is enabled; may hold unknown parts.
    pub name: String,
    /// Whether it surely is in the output.
    pub certain: bool,
    /// Which of [`Metadata::tags`] it is made of.
    pub tag: usize,
    /// Which of [`Metadata::images`] it is made of.
    pub image: Option<usize>,
}

impl Metadata {
    /// The lines of the output `tags`: image by image, each with all its tags.
    #[must_use]
    pub fn references(&self) -> Vec<Reference> {
        let mut references = Vec::new();
        for (image_index, image) in self.images.iter().enumerate() {
            for (index, tag) in self.tags.iter().enumerate() {
                references.push(Reference {
                    name: if image.name.is_empty() {
                        tag.name.clone()
                    } else {
                        format!("{}:{}", image.name, tag.name)
                    },
                    certain: image.certain && tag.certain,
                    tag: index,
                    image: Some(image_index),
                });
            }
        }
        if self.images.is_empty() {
            references.extend(self.tags.iter().enumerate().map(|(index, tag)| Reference {
                name: tag.name.clone(),
                certain: tag.certain,
                tag: index,
                image: None,
            }));
        }
        references
    }

    /// The output `tags`.
    #[must_use]
    pub fn tags_output(&self, unknowns: &Unknowns) -> String {
        let lines = self.reference_lines(unknowns);
        lines.join(&self.separator)
    }

    /// The output `tag-names`.
    #[must_use]
    pub fn tag_names_output(&self, unknowns: &Unknowns) -> String {
        self.tag_lines(unknowns).join(&self.separator)
    }

    fn reference_lines(&self, unknowns: &Unknowns) -> Vec<String> {
        let references = self.references();
        let line = |r: &Reference| line(&r.name, r.certain, unknowns);
        references.iter().map(line).collect()
    }

    fn tag_lines(&self, unknowns: &Unknowns) -> Vec<String> {
        let line = |tag: &super::Tag| line(&tag.name, tag.certain, unknowns);
        self.tags.iter().map(line).collect()
    }

    /// The output `json`, with the labels that the action makes itself.
    #[must_use]
    pub fn json_output(&self, unknowns: &Unknowns) -> Json {
        let mut labels = Map::new();
        for name in [
            "created",
            "description",
            "licenses",
            "revision",
            "source",
            "title",
            "url",
            "version",
        ] {
            let label = format!("org.opencontainers.image.{name}");
            let value = match name {
                "revision" => self.revision.clone(),
                "version" => self.version.clone(),
                _ => {
                    let mark = unknowns.note(&label, "made by the action when it runs");
                    mark.as_char().to_string()
                }
            };
            labels.insert(label, value.into());
        }
        json!({
            "tags": self.reference_lines(unknowns),
            "tag-names": self.tag_lines(unknowns),
            "labels": labels,
        })
    }

    /// What the bake file of the output `bake-file-tags` holds.
    #[must_use]
    pub fn bake_file_tags(&self, unknowns: &Unknowns) -> Json {
        let images: Vec<&str> = self
            .images
            .iter()
            .map(|image| image.name.as_str())
            .collect();
        let mut arguments = Map::new();
        arguments.insert("DOCKER_META_IMAGES".to_owned(), images.join(",").into());
        if !self.version.is_empty() {
            arguments.insert(
                "DOCKER_META_VERSION".to_owned(),
                self.version.clone().into(),
            );
        }
        let target = json!({ "tags": self.reference_lines(unknowns), "args": arguments });
        let mut targets = Map::new();
        targets.insert(self.bake_target.clone(), target);
        json!({ "target": targets })
    }
}

fn line(name: &str, certain: bool, unknowns: &Unknowns) -> String {
    if certain {
        return name.to_owned();
    }
    let shown = crate::eval::unknown::pattern(name);
    let mark = unknowns.note(format!("tag `{shown}`"), "it may or may not be published");
    mark.as_char().to_string()
}
