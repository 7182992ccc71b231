//! The attributes of one entry of `tags`, gathered before its type says which it needs.

use std::collections::BTreeMap;

use super::entry::Attribute;
use super::error::{Input, MetadataError};
use super::image::only_marks;
use super::input::{Located, fields};
use crate::eval::unknown::{Mark, first_mark};

/// The attributes of one entry, gathered before its type says which it needs.
#[derive(Default)]
pub(super) struct Attributes {
    list: BTreeMap<String, Attribute>,
    pub(super) kind: Option<Attribute>,
    pub(super) blurred: Option<Mark>,
}

impl Attributes {
    pub(super) fn gather(line: &Located) -> Result<Self, MetadataError> {
        let mut all = Self::default();
        let mut unknown_field = None;
        for field in fields(Input::Tags, line)? {
            let Some((key, value)) = field.split_once() else {
                let text = field.trim().text();
                if only_marks(&text) {
                    unknown_field = Some(field.trim());
                } else {
                    all.set("value", &field);
                }
                continue;
            };
            let key = key.trim().text().to_lowercase();
            match (key.as_str(), first_mark(&key)) {
                ("type", _) => {
                    let value = value.trim();
                    let text = value.text();
                    if !TYPES.contains(&text.as_str()) && first_mark(&text).is_none() {
                        let message = format!("unknown tag type `{text}`");
                        return Err(MetadataError::new(Input::Tags, field.range(), message));
                    }
                    all.kind = Some(attribute(&value));
                }
                (_, Some(mark)) => all.blurred = Some(mark),
                (key, None) => all.set(key, &value),
            }
        }
        if let Some(field) = unknown_field {
            // `type=raw,${{ … }}` most likely means a value; anywhere else it may be anything.
            let raw = all.kind.as_ref().is_some_and(|kind| kind.text == "raw");
            if raw && all.get("value").is_none() {
                all.set("value", &field);
            } else {
                all.blurred = first_mark(&field.text());
            }
        }
        Ok(all)
    }

    fn set(&mut self, key: &str, value: &Located) {
        self.list.insert(key.to_owned(), attribute(&value.trim()));
    }

    pub(super) fn get(&self, key: &str) -> Option<&Attribute> {
        self.list.get(key)
    }

    pub(super) fn text(&self, key: &str) -> Option<&str> {
        self.get(key).map(|value| value.text.as_str())
    }
}

const TYPES: [&str; 8] = [
    "schedule", "semver", "pep440", "match", "edge", "ref", "raw", "sha",
];

fn attribute(value: &Located) -> Attribute {
    Attribute {
        text: value.text(),
        range: value.range(),
    }
}
