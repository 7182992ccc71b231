//! The policy's file as it is written: types for serde, and nothing else. What is valid is said by
//! its schema, which is asked first.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};

/// The whole file.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    #[serde(rename = "version")]
    pub(super) _version: u64,
    #[serde(default)]
    pub(super) schemes: Vec<SchemeEntry>,
    #[serde(default)]
    pub(super) environments: Ordered<EnvironmentEntry>,
    #[serde(default)]
    pub(super) compose: Vec<SetEntry>,
    #[serde(default)]
    pub(super) rules: Ordered<String>,
    #[serde(default)]
    pub(super) allow: Vec<AllowEntry>,
}

/// One text, or several.
#[derive(Debug, serde::Deserialize)]
#[serde(untagged)]
pub(super) enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

impl OneOrMany {
    pub(super) fn texts(&self) -> &[String] {
        match self {
            Self::One(text) => std::slice::from_ref(text),
            Self::Many(texts) => texts,
        }
    }
}

#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SchemeEntry {
    pub(super) image: OneOrMany,
    pub(super) variants: Option<Ordered<VariantEntry>>,
    pub(super) channels: Option<ChannelsEntry>,
    pub(super) versions: Option<Vec<String>>,
    #[serde(default)]
    pub(super) signed: bool,
}

#[derive(Debug, serde::Deserialize)]
#[serde(untagged)]
pub(super) enum VariantEntry {
    Suffix(String),
    Full(VariantFields),
}

#[derive(Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct VariantFields {
    pub(super) suffix: String,
    pub(super) prefix: String,
    pub(super) repository: Option<String>,
    pub(super) dockerfile: Option<String>,
    pub(super) target: Option<String>,
    #[serde(rename = "for")]
    pub(super) meant_for: Option<String>,
    pub(super) memory: Option<Memory>,
}

#[derive(Debug, serde::Deserialize)]
#[serde(untagged)]
pub(super) enum Memory {
    Bytes(u64),
    Quantity(String),
}

#[derive(Debug, serde::Deserialize)]
#[serde(untagged)]
pub(super) enum ChannelsEntry {
    Names(Vec<String>),
    Full(Ordered<Option<ChannelEntry>>),
}

#[derive(Debug, serde::Deserialize)]
#[serde(untagged)]
pub(super) enum ChannelEntry {
    Pattern(String),
    Full(ChannelFields),
}

#[derive(Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct ChannelFields {
    pub(super) pattern: Option<String>,
    pub(super) variants: Ordered<String>,
    pub(super) follows: Option<String>,
}

/// An environment, or under `unmarked` the name of one.
#[derive(Debug, serde::Deserialize)]
#[serde(untagged)]
pub(super) enum EnvironmentEntry {
    Name(String),
    Full(Option<EnvironmentFields>),
}

#[derive(Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct EnvironmentFields {
    pub(super) paths: Vec<String>,
    pub(super) namespaces: Vec<String>,
    pub(super) labels: Ordered<OneOrMany>,
    pub(super) require: Option<String>,
}

#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SetEntry {
    pub(super) files: Vec<String>,
    #[serde(default)]
    pub(super) env_files: Vec<String>,
    pub(super) environment: Option<String>,
}

#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AllowEntry {
    pub(super) image: Option<String>,
    #[serde(default)]
    pub(super) paths: Vec<String>,
    #[serde(default)]
    pub(super) rules: Vec<String>,
    pub(super) reason: String,
    pub(super) until: Option<String>,
}

/// A mapping in the order of the file.
#[derive(Debug)]
pub(super) struct Ordered<T>(pub(super) Vec<(String, T)>);

impl<T> Default for Ordered<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Ordered<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(InOrder(PhantomData))
    }
}

struct InOrder<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for InOrder<T> {
    type Value = Ordered<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a mapping")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut pairs = Vec::new();
        while let Some(pair) = map.next_entry()? {
            pairs.push(pair);
        }
        Ok(Ordered(pairs))
    }
}
