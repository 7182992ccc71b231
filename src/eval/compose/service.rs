//! What is kept of a service: its image, what it is built from, and whether a profile wants it.

use std::collections::BTreeMap;

use super::environment::Environment;
use super::merge;
use super::tree::{Content, Node};
use super::{Origin, Value};

/// A service of a project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Service {
    /// Its name.
    pub name: String,
    /// Where its name stands.
    pub at: Origin,
    /// Whether the active profiles want it.
    pub enabled: bool,
    /// Its profiles.
    pub profiles: Vec<String>,
    /// Its image.
    pub image: Option<Value>,
    /// How it is built.
    pub build: Option<Build>,
}

/// How a service is built.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Build {
    /// The context: a path from the root, or whatever lies elsewhere.
    pub context: String,
    /// Where it stands.
    pub at: Origin,
    /// The Dockerfile, where one is named.
    pub dockerfile: Option<Value>,
    /// Whether the Dockerfile stands in the compose file itself.
    pub inline: bool,
    /// The stage.
    pub target: Option<String>,
    /// Build arguments that have a value.
    pub args: BTreeMap<String, String>,
    /// Further names that the result gets.
    pub tags: Vec<Value>,
    /// The platforms, where some are named.
    pub platforms: Vec<String>,
}

impl Build {
    /// The Dockerfile's path in the context, unless it stands in the compose file itself.
    #[must_use]
    pub fn dockerfile_path(&self) -> Option<&str> {
        let named = self.dockerfile.as_ref().map(|value| value.text.as_str());
        named.or((!self.inline).then_some("Dockerfile"))
    }
}

/// The services of a project, sorted by name.
pub(super) fn services(
    root: &Node,
    profiles: &[String],
    environment: &Environment<'_>,
) -> Vec<Service> {
    let entries = root.get("services").map(Node::entries).unwrap_or_default();
    let service = |name: &str, at: Origin, node: &Node| {
        let own: Vec<String> = texts(node.get("profiles"));
        let wants = |profile: &String| profile == "*" || own.contains(profile);
        Service {
            name: name.to_owned(),
            at,
            enabled: own.is_empty() || profiles.iter().any(wants),
            profiles: own,
            image: node.get("image").and_then(Node::value).cloned(),
            build: node
                .get("build")
                .filter(|build| build.is_map())
                .map(|node| build(node, environment)),
        }
    };
    let mut services: Vec<Service> = entries
        .iter()
        .map(|entry| service(&entry.name, entry.at, &entry.value))
        .collect();
    services.sort_by(|a, b| a.name.cmp(&b.name));
    services
}

fn texts(list: Option<&Node>) -> Vec<String> {
    let items = list.map(Node::items).unwrap_or_default().iter();
    let values = items.filter_map(Node::value);
    values.map(|value| value.text.clone()).collect()
}

fn build(node: &Node, environment: &Environment<'_>) -> Build {
    let text = |name: &str| {
        let value = node.get(name).and_then(Node::value);
        value.map(|value| value.text.clone())
    };
    let dockerfile = node.get("dockerfile").and_then(Node::value);
    let args = node.get("args").cloned().map(merge::pairs);
    let args = args.as_ref().map(Node::entries).unwrap_or_default().iter();
    let tags = node.get("tags").map(Node::items).unwrap_or_default().iter();
    Build {
        context: text("context").unwrap_or_default(),
        at: node.at,
        dockerfile: dockerfile.filter(|value| !value.text.is_empty()).cloned(),
        inline: node.get("dockerfile_inline").is_some(),
        target: text("target").filter(|target| !target.is_empty()),
        args: args
            .filter_map(|entry| {
                let given = plain(&entry.value);
                let value = given.or_else(|| environment.text(&entry.name))?;
                Some((entry.name.to_string(), value))
            })
            .collect(),
        tags: tags.filter_map(Node::value).cloned().collect(),
        platforms: texts(node.get("platforms")),
    }
}

/// A scalar as text.
fn plain(node: &Node) -> Option<String> {
    match &node.content {
        Content::Text(value) => Some(value.text.clone()),
        Content::Bool(value) => Some(value.to_string()),
        Content::Number(text) if text.bytes().all(|b| b.is_ascii_digit()) => Some(text.to_string()),
        // Fractions are read as numbers and printed again: 1.10 is 1.1.
        Content::Number(text) => Some(
            text.parse::<f64>()
                .map_or_else(|_| text.to_string(), |number| number.to_string()),
        ),
        Content::Null | Content::List(_) | Content::Map(_) => None,
    }
}
